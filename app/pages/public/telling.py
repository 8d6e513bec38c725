"""What happened to a letter, told to its writer in plain sentences."""

from collections.abc import Callable
from datetime import date
from typing import Any

from app.lifecycle import Hold, State
from app.locale import N_
from app.queries.following import OwnLetter, Step

Say = Callable[[str], str]

HAPPENED = {
    State.RECEIVED: N_("Your letter arrived here."),
    State.TRANSLATING: N_("It went to be translated into Russian."),
    State.IN_REVIEW: N_("It waits for a person to read it."),
    State.NEEDS_CHANGES: N_("The person who read it asks you to change something."),
    State.APPROVED: N_("It was read and approved."),
    State.READY: N_("It is laid out and ready to be printed."),
    State.BATCHED: N_("A volunteer took it to print it."),
    State.PRINTED: N_("It was printed."),
    State.UNKNOWN: N_("We are finding out whether it was posted."),
    State.POSTED: N_("It was posted."),
    State.ANSWERED: N_("An answer came."),
    State.RETURNED: N_("The letter came back to us."),
    State.CLOSED: N_("We heard nothing more. The letter may well have been delivered."),
    State.REFUSED: N_("We cannot send this letter."),
    State.WITHDRAWN: N_("You took it back. It was not sent."),
}
GIVEN_BACK = N_("The volunteer gave it back; another one will print it.")
MOVED = N_("The address changed, so it is laid out again.")
TAKE_OUT = N_("You asked for it back. The volunteer is told to take it out of the pile.")
ANOTHER_LOOK = N_("It goes to another translator.")
CHANGED = N_("You changed it. It is looked at again.")
CORRECTED = N_("It was not posted after all; it will be.")
NOT_PRINTED = N_("It was not printed after all; it will be.")
TOO_LATE = N_("No new text came in time, so it was not sent.")
GOES_ON = N_("It goes on.")
READDRESSED = N_("The address has changed. Your letter is laid out anew for it.")

SPECIAL: dict[tuple[str | None, str], str] = {
    (State.BATCHED, State.READY): GIVEN_BACK,
    (State.PRINTED, State.READY): GIVEN_BACK,
    (State.READY, State.APPROVED): MOVED,
    (State.BATCHED, State.APPROVED): MOVED,
    (State.NEEDS_CHANGES, State.TRANSLATING): CHANGED,
    (State.IN_REVIEW, State.TRANSLATING): ANOTHER_LOOK,
    (State.POSTED, State.PRINTED): CORRECTED,
}
"""Edges that are told otherwise than by the state they lead to."""

REFUSED = {
    "censor": N_("We cannot send this letter: the censor would not let it through."),
    "hurts": N_("We cannot send this letter: it could hurt the person it is for."),
    "abuse": N_("We cannot send this letter: it insults or threatens."),
    "not_a_letter": N_("We cannot send this: it is no letter."),
}
"""Why a reviewer refused it; another reason stands in the reviewer's own words."""

HELD = {
    Hold.IN_TRANSFER: N_(
        "{name} is being moved to another prison. The letter waits until the new address is "
        "known; that can take weeks."
    ),
    Hold.NO_ADDRESS: N_("We do not know the address at the moment. The letter waits until we do."),
    Hold.INCOMPLETE_ADDRESS: N_(
        "Something is missing in the address. The letter waits until it is complete."
    ),
    Hold.STALE_ADDRESS: N_("The address is being checked again before anything is sent there."),
    Hold.NO_RETURN_ADDRESS: N_(
        "We are looking for somebody who can receive the answer. The letter waits until then."
    ),
    Hold.RELEASED: N_(
        "{name} is no longer in prison. A coordinator decides what becomes of the letter."
    ),
    Hold.DEAD: N_(
        "We have learned that {name} has died. We are sorry. The letter will not be sent."
    ),
    Hold.OBJECTED: N_("We were asked to send {name} nothing for now. A person looks into it."),
    Hold.NOT_WRITABLE: N_("One cannot write to {name} at the moment. A person looks into it."),
    Hold.SUSPECTED_ABUSE: N_("A coordinator looks at this letter before it goes on."),
    Hold.UNRENDERABLE: N_("The page could not be laid out. A person looks into it."),
    Hold.PROVIDER_POISON: N_("The translation failed several times. A person looks into it."),
}

NEXT = {
    State.RECEIVED: N_("Next: it is translated."),
    State.TRANSLATING: N_("Next: once it is translated, a person reads it."),
    State.IN_REVIEW: N_("Next: a person reads it, usually within a few days."),
    State.NEEDS_CHANGES: N_("Next: please change your letter below. It waits three weeks for you."),
    State.APPROVED: N_("Next: the page is laid out, within the hour."),
    State.READY: N_("Next: a volunteer prints it, usually within two weeks."),
    State.BATCHED: N_("Next: it is printed and posted, usually within a week."),
    State.PRINTED: N_("Next: it goes into the post box."),
    State.UNKNOWN: N_("Next: a coordinator asks the volunteer."),
    State.POSTED: N_(
        "Letters from abroad often take two months. An answer, if one comes, takes as long again."
    ),
    State.RETURNED: N_("Next: a coordinator looks for the right address."),
}


def story_of(letter: OwnLetter, name: str, _: Say) -> list[dict[str, Any]]:
    """The timeline: entries with `at`, `text` and `kind`, oldest first; a day is named once.

    name: how the recipient is called in the reader's language.
    """
    entries: list[dict[str, Any]] = []
    told: set[tuple[date, str]] = set()
    for step in letter.steps:
        text, day = _sentence(step, name, _), step.at.date()
        if text and (day, text) not in told:
            known = any(told_day == day for told_day, _text in told)
            entries.append({"at": None if known else step.at, "text": text, "kind": _kind(step.to)})
            told.add((day, text))
    return entries


def what_next(letter: OwnLetter, _: Say) -> dict[str, Any] | None:
    """What the letter waits for, as one more entry without a date; None when nothing is to come."""
    if letter.held:
        return None
    if letter.waits_for_engine:
        text = _(
            "The translation service does not answer. We keep trying, and a volunteer can "
            "translate it by hand."
        )
    elif letter.waits_for_translator:
        text = _("Next: a volunteer translates it by hand. That can take some days.")
    elif letter.state in NEXT:
        text = _(NEXT[letter.state])
    else:
        return None
    return {"at": None, "text": text, "kind": "waiting"}


def _sentence(step: Step, name: str, _: Say) -> str:
    if step.to == "held":
        return _(HELD[Hold(step.why)]).format(name=name) if step.why in HELD else ""
    if step.to == "take_out":
        return _(TAKE_OUT)
    if step.origin == "held":
        return _(GOES_ON)
    if step.to == State.REFUSED and step.why in REFUSED:
        return _(REFUSED[step.why])
    if step.why == "readdressed":
        return _(READDRESSED)
    if step.why == "not_printed":
        return _(NOT_PRINTED) if step.to == State.READY else ""
    special = SPECIAL.get((step.origin, step.to))
    if special is None and (step.to, step.why) == (State.WITHDRAWN, "deadline"):
        special = TOO_LATE
    if special is not None:
        return _(special)
    return _(HAPPENED[State(step.to)]) if step.to in HAPPENED else ""


def _kind(to: str) -> str:
    if to in {State.POSTED, State.ANSWERED, State.APPROVED}:
        return "done"
    if to in {"held", State.NEEDS_CHANGES, State.RETURNED, State.REFUSED}:
        return "trouble"
    return "plain"
