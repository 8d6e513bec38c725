"""From the writer's language into Russian: by an engine of the chain, or by a person.

The machine works outside any transaction and looks again before it keeps anything. It never
holds a letter for its provider's sake: it tries again later, visibly, or leaves it to people.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from app import claiming, moving, texts
from app.cyrillic import in_cyrillic
from app.errors import Claimed, Held, WrongState
from app.lifecycle import Hold, State
from app.locale import N_
from app.models import Event, Letter, Prisoner
from app.models.correspondence import NONE, ORIGINAL, OUTSIDE
from app.service import Service
from app.settings import Settings
from app.texts import BY_HAND
from app.wording import with_closing_sentence
from translation.chain import Chain, Patience, parse_chain
from translation.errors import NoEngine, Reason

FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=30), timedelta(hours=1)
BAD_ANSWERS = 6
"""So often may engines answer badly before the letter goes to a person; silence does not count."""
_PROVIDER = frozenset(
    {
        Reason.UNREACHABLE,
        Reason.TOO_SLOW,
        Reason.BUSY,
        Reason.REFUSED,
        Reason.REDIRECTED,
        Reason.HTML,
    }
)
"""What the provider does to everybody, not to this letter."""


@dataclass(frozen=True)
class _Task:
    """What the machine needs to know of a letter; lives in memory only."""

    text: str
    signature: str
    language: str
    outside: bool
    names: tuple[tuple[str, str], ...]


def translate(service: Service, letter_id: str, attempt: str) -> str:
    """Translate a letter that waits for it; returns a code for the record of work.

    Does nothing when the letter has moved on, is held, or a person took it.
    """
    with service.database.read() as session:
        letter = _waiting(session, letter_id, attempt)
        task = _task(session, letter) if letter else None
    if task is None:
        return "moved_on"
    try:
        done = chain(service.settings).translate(
            task.text,
            task.language,
            "ru",
            outside_allowed=task.outside,
            shield=[name for name, _ in task.names],
        )
    except NoEngine as failure:
        return _not_now(service, letter_id, attempt, failure)
    russian = _names_in_russian(done.text, task.names)
    with service.database.write() as session:
        letter = _waiting(session, letter_id, attempt)
        if letter is None:
            return "moved_on"
        texts.add_russian(
            session,
            letter,
            with_closing_sentence(russian, letter, translated=True),
            in_cyrillic(task.signature),
            "engine",
            service.now(),
            engine=done.engine,
        )
        moving.move(
            session, letter, State.IN_REVIEW, moving.MACHINE, service.now(), why=done.engine or ""
        )
    return "translated"


def chain(settings: Settings) -> Chain:
    """The engines as configured, with the deadline of one call."""
    keys = {
        "deepl": settings.deepl_key,
        "libretranslate": settings.libretranslate_key,
        "outside-libretranslate": settings.libretranslate_key,
    }
    engines = parse_chain(settings.translators, keys).engines
    return Chain(engines, Patience(tries=2, call=settings.translator_timeout_seconds))


def take(
    session: Session, letter_id: str, staff_id: str, now: datetime, length: timedelta
) -> Letter:
    """Claim a letter to translate it by hand; the machine keeps off from now on.

    Raises `WrongState`, `Held`, `Claimed`.
    """
    letter = _to_translate(session, letter_id)
    claiming.claim(session, letter_id, staff_id, now, length)
    claiming.record_read(session, staff_id, letter_id, "letter", now)
    if not moving.is_left_to_people(letter):
        moving.leave_to_people(session, letter, BY_HAND)
    return letter


def give_back(session: Session, letter_id: str, staff_id: str, now: datetime) -> None:
    """Let go of it; the machine may go on where nobody has kept anything."""
    claiming.require(session, letter_id, staff_id)
    claiming.release(session, letter_id, staff_id)
    letter = session.get_one(Letter, letter_id)
    untouched = texts.russian_of(session, letter_id) is None
    if letter.state == State.TRANSLATING and letter.trouble == BY_HAND and untouched:
        moving.try_again_later(session, letter, BY_HAND, timedelta(0), now)


def keep(
    session: Session, letter_id: str, staff_id: str, text: str, signature: str, now: datetime
) -> None:
    """Keep an unfinished translation as a version. Raises `Claimed`, `WrongState`."""
    letter = _to_translate(session, letter_id)
    claiming.require(session, letter_id, staff_id)
    before = texts.russian_of(session, letter_id)
    if before is None or (before.text, before.signature) != (text, signature):
        texts.add_russian(session, letter, text, signature, "translator", now, staff_id=staff_id)


def finish(
    session: Session, letter_id: str, staff_id: str, text: str, signature: str, now: datetime
) -> None:
    """Keep a finished translation and send the letter to review."""
    keep(session, letter_id, staff_id, text, signature, now)
    letter = session.get_one(Letter, letter_id)
    if letter.held_reason == Hold.PROVIDER_POISON:
        moving.release(session, letter, moving.by_staff(staff_id), now)
    moving.move(session, letter, State.IN_REVIEW, moving.by_staff(staff_id), now, why=BY_HAND)
    claiming.release(session, letter_id)


def take_back(
    session: Session, letter_id: str, staff_id: str, now: datetime, length: timedelta
) -> None:
    """Undo `finish` while no reviewer has begun. Raises `WrongState`, `Claimed`."""
    letter = session.get_one(Letter, letter_id)
    last = session.exec(
        select(Event)
        .where(Event.subject == "letter", Event.subject_id == letter_id)
        .order_by(col(Event.id).desc())
        .limit(1)
    ).one()
    if letter.state != State.IN_REVIEW or last.staff_id != staff_id or last.why != BY_HAND:
        raise WrongState(N_("This letter has moved on; it can no longer be taken back."))
    claiming.claim(session, letter_id, staff_id, now, length)
    moving.move(
        session,
        letter,
        State.TRANSLATING,
        moving.by_staff(staff_id),
        now,
        why="taken_back",
        trouble=BY_HAND,
    )


def try_machine(session: Session, letter_id: str, staff_id: str, now: datetime) -> None:
    """Ask the engines again, at once. Raises `WrongState`, `Held`, `Claimed`."""
    letter = _to_translate(session, letter_id)
    if letter.engines == NONE:
        raise WrongState(N_("The writer wants people only to read this letter."))
    if claiming.holder(session, letter_id, now) not in {None, staff_id}:
        raise Claimed(N_("Somebody is translating this by hand."))
    claiming.release(session, letter_id)
    moving.try_again_later(session, letter, "asked", timedelta(0), now)


def _to_translate(session: Session, letter_id: str) -> Letter:
    letter = session.get_one(Letter, letter_id)
    if letter.state != State.TRANSLATING:
        raise WrongState(N_("This letter is no longer waiting for a translation."))
    if letter.held_reason and letter.held_reason != Hold.PROVIDER_POISON:
        raise Held(N_("This letter is held; it waits for a coordinator."))
    return letter


def _waiting(session: Session, letter_id: str, attempt: str) -> Letter | None:
    """The letter, if this very attempt is what it waits for."""
    letter = session.get(Letter, letter_id)
    if letter is None or letter.state != State.TRANSLATING or letter.held_reason:
        return None
    if letter.engines == NONE or moving.is_left_to_people(letter):
        return None
    return letter if attempt == f"{letter.moves}-{letter.attempts}" else None


def _task(session: Session, letter: Letter) -> _Task | None:
    original = texts.latest(session, letter.id, ORIGINAL)
    if original is None or original.text is None:
        return None
    prisoner = session.get_one(Prisoner, letter.prisoner_id)
    signature = original.signature or ""
    latin = prisoner.latin_name.split()
    names = {
        signature: "",
        **{word: "" for word in signature.split() if word[0].isupper()},
        **dict.fromkeys(latin, ""),
        **{name: name for name in (prisoner.surname, prisoner.given_name) if name},
    }
    if len(latin) >= 2:
        names[latin[0]], names[latin[-1]] = prisoner.given_name, prisoner.surname
    return _Task(
        original.text,
        signature,
        original.language,
        letter.engines == OUTSIDE,
        tuple((name, russian or in_cyrillic(name)) for name, russian in names.items() if name),
    )


def _names_in_russian(text: str, names: tuple[tuple[str, str], ...]) -> str:
    """The names that came back untranslated, in Cyrillic: a censor stops at Latin letters."""
    for name, russian in sorted(names, key=lambda pair: len(pair[0]), reverse=True):
        if name != russian:
            text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", russian.replace("\\", ""), text)
    return text


def _not_now(service: Service, letter_id: str, attempt: str, failure: NoEngine) -> str:
    reasons = [each.reason for each in failure.reasons]
    trouble = _trouble(reasons)
    with service.database.write() as session:
        letter = _waiting(session, letter_id, attempt)
        if letter is None:
            return "moved_on"
        poison = not _PROVIDER.intersection(reasons) and letter.attempts + 1 >= BAD_ANSWERS
        if failure.retry_after is None or Reason.PLACEHOLDER_LOST in reasons or poison:
            moving.leave_to_people(session, letter, trouble)
            return f"to_people:{trouble}"
        pause = min(FIRST_PAUSE * 2 ** min(letter.attempts, 10), LONGEST_PAUSE)
        pause = max(pause, min(_asked_for(failure), LONGEST_PAUSE))
        moving.try_again_later(session, letter, trouble, pause, service.now())
    return f"later:{trouble}"


def _asked_for(failure: NoEngine) -> timedelta:
    """The pause that every engine asked for, if each of them did."""
    pauses = [each.retry_after or 0 for each in failure.reasons]
    return timedelta(seconds=min(pauses, default=0))


def _trouble(reasons: list[Reason]) -> str:
    """The one word for the desk: what a person must know first."""
    if not reasons:
        return "no_engine"
    if Reason.PLACEHOLDER_LOST in reasons:
        return str(Reason.PLACEHOLDER_LOST)
    telling = [reason for reason in reasons if reason.worth_waiting]
    return str((telling or reasons)[0])
