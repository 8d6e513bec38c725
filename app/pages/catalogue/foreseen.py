"""A change to somebody is shown with all it does before it is done, and done only as shown."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from starlette.requests import Request
from starlette.responses import Response

from app.catalogue.foreseeing import Consequences
from app.locale import N_
from app.pages.catalogue import words as catalogue_words
from app.pages.letters import coordinating_words
from app.pages.shell.forms import Form
from app.pages.shell.frames import Notice
from app.pages.shell.rendering import gettext_of, render

Told = str | date
SHOWN, AGAIN = "shown", "again"
"""What the page that tells the consequences sends with the form: what it told; or to type anew."""
_LOOK_AGAIN = N_("Something has changed since you looked. This is what it would do now.")


@dataclass(frozen=True)
class Question:
    """What is about to be done, in words.

    path: where the form goes. told: label → value, what was typed. back: where nothing is done.
    of_place: it is a place that changes, with everybody who is there.
    """

    title: str
    button: str
    path: str
    told: Mapping[str, Told]
    back: str
    kind: str = "primary"
    may_retype: bool = True
    of_place: bool = False


def as_shown(
    form: Form, *, unasked: bool = False, may_gain: bool = False
) -> Callable[[Consequences], bool]:
    """Whether exactly this form with exactly these consequences was on the page.

    unasked: what touches no letter, hides nobody and makes nobody known or writable is done
    without asking. may_gain: to make somebody writable is just what the form is for.
    """

    def agrees(seen: Consequences) -> bool:
        is_little = seen.is_harmless if may_gain else seen.is_slight
        return (unasked and is_little) or form.text(SHOWN) == told(form, seen)

    return agrees


def told(form: Form, seen: Consequences) -> str:
    """One word for what is typed and what it does."""
    return sha256(repr((_typed(form), seen.mark)).encode()).hexdigest()[:24]


def ask(request: Request, question: Question, form: Form, seen: Consequences) -> Response:
    """The page that tells what a change does, with the button that does it."""
    say = gettext_of(request)
    notices = [Notice(say(_LOOK_AGAIN), "waiting")] if form.has(SHOWN) else []
    return render(
        request,
        "catalogue/foreseen.html",
        question=question,
        fields=_typed(form),
        shown=told(form, seen),
        seen=seen,
        words=catalogue_words,
        coordinating=coordinating_words,
        notices=notices,
    )


def _typed(form: Form) -> Sequence[tuple[str, str]]:
    return [(name, text) for name, text in form.items if name not in (SHOWN, AGAIN)]
