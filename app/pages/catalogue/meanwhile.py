"""What somebody else changed while a form was open is not overwritten unseen.

A form that sends every field carries a mark of what it was made from. Saved from an old page, it
comes back with what was typed, and beside each field that somebody changed meanwhile with what is
there now; saved once more, it overwrites that knowingly.
"""

from collections.abc import Iterable
from hashlib import sha256

from app.errors import Conflict
from app.locale import N_
from app.pages.catalogue.words import BARS, STATUSES
from app.pages.shell.finding_words import KINDS
from app.pages.shell.forms import Form
from app.pages.shell.typed import Say

WAS = "was"
"""The field that carries the mark."""
CAME_BACK = "came_back"
"""Whether a form is shown again for what somebody else changed; it is no field of the page."""
_NOW = N_("Changed since you opened this page, and not saved yet. There is now: «%(now)s»")
_EMPTY = N_("Emptied since you opened this page, and not saved yet.")
_ONE = 8
NOTHING = "nothing"
"""What a fact says where nothing is known."""
_TICKED = {"": N_("no"), "yes": N_("yes")}
_TICKS = (
    *("has_patronymic", "identity_hidden", "sentence_life"),
    *("wants_letters", "may_be_named"),
)
_CHOICES = {
    **dict.fromkeys(_TICKS, _TICKED),
    "gender": {"she": N_("she"), "he": N_("he")},
    "bar": BARS,
    "kind": KINDS,
    "codes_allowed": {"": N_("not known"), "yes": N_("accepted"), "no": N_("not accepted")},
    "paper_style": {"lined": N_("lined"), "blank": N_("as good as blank")},
    "status_now": STATUSES,
    "where": {NOTHING: N_("none")},
}
"""Fields that are chosen and not typed: what each choice is called."""
_FACTS = {
    "whom": N_("Name and birth year"),
    "status_now": N_("Status"),
    "where": N_("Place and address"),
}
"""What no field is for, and a form was made from all the same: it stands above the form."""


class Changed(Conflict):
    """Others changed `fields` to something else than was typed; `now` is what a form would show."""

    def __init__(self, fields: list[str], now: Form, mark: str) -> None:
        super().__init__("Somebody else changed this meanwhile.")
        self.fields = fields
        self.now = now
        self.mark = mark

    def again(self, sent: Form) -> Form:
        """What was typed, to be saved over what is there now; it has `CAME_BACK`."""
        form = with_mark(sent, self.mark)
        return Form((*form.items, (CAME_BACK, "yes")), form.uploads)


def marked(form: Form, fields: Iterable[str]) -> Form:
    """A form as it is shown, with the mark of these fields."""
    return with_mark(form, mark_of(form, fields))


def require_unchanged(sent: Form, now: Form, fields: Iterable[str]) -> None:
    """Inside the transaction that saves. now: the row as its form would show it.

    Raises `Changed`. A form without a mark was made from nothing.
    """
    names, mark = list(fields), sent.text(WAS)
    if not mark:
        return
    before = [mark[at : at + _ONE] for at in range(0, len(mark), _ONE)]
    same = dict(zip(names, before, strict=False))
    changed = [
        name
        for name in names
        if same.get(name) != _digest(now, name) and _said(sent, name) != _said(now, name)
    ]
    if changed:
        raise Changed(changed, now, mark_of(now, names))


def told(changed: Changed, say: Say) -> dict[str, str]:
    """Field → what is there now, as it stands beside the field."""
    problems = {}
    for name in changed.fields:
        value = _said(changed.now, name)
        words = _CHOICES.get(name, {}).get(value)
        text = say(words) if words else value
        problem = say(_NOW) % {"now": text} if text else say(_EMPTY)
        problems[name] = f"{say(_FACTS[name])}: {problem}" if name in _FACTS else problem
    return problems


def with_mark(form: Form, mark: str) -> Form:
    """The form with this mark and no other."""
    rest = tuple(item for item in form.items if item[0] != WAS)
    return Form((*rest, (WAS, mark)), form.uploads)


def mark_of(form: Form, fields: Iterable[str]) -> str:
    """One digest a field, in the order given."""
    return "".join(_digest(form, field) for field in fields)


def _said(form: Form, name: str) -> str:
    return form.text(name).strip()


def _digest(form: Form, name: str) -> str:
    return sha256(f"{name}\0{_said(form, name)}".encode()).hexdigest()[:_ONE]
