"""People: adding, editing, confirming, hiding and showing. Every change is an event."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlmodel import Session

from app import merged
from app.addressing import present_place
from app.catalogue import calling, letters
from app.catalogue.details import Confirmation, PersonDetails, require_come
from app.catalogue.history import apply, remember
from app.catalogue.rules import Standing
from app.catalogue.standing import (
    Occasion,
    must_be_confirmed,
    people_to_change,
    person_to_change,
    refresh,
    standing_of,
)
from app.lifecycle import Hold
from app.models import Prisoner
from app.models.columns import new_id

_ON_THE_ENVELOPE = frozenset({"dative_name", "birth_year"})


def add(session: Session, details: PersonDetails, occasion: Occasion, shuffle: float) -> Prisoner:
    """A new person: not shown to anybody until confirmed.

    shuffle: by chance between 0 and 1, the place among people with equally many letters.
    """
    row = Prisoner(id=new_id(), slug="", shuffle=shuffle, status="unknown", **_columns(details))
    taken = merged.slugs_like(session, calling.slug_base(row.latin_name))
    row.slug = calling.free_slug(row.latin_name, taken)
    row.dative_name = suggested_dative(row)
    row.created_at = row.changed_at = occasion.now
    session.add(row)
    refresh(session, row, occasion)
    remember(session, "prisoner", row.id, "added", occasion, {})
    return row


def edit(
    session: Session, prisoner_id: str, details: PersonDetails, occasion: Occasion
) -> Standing:
    """Change what is known about a person. The slug stays: links go on working.

    A changed name needs its dative confirmed again; unprinted letters wait for that. Whoever could
    be found or written to only since then waits for a coordinator, unless one changed it.
    """
    row = person_to_change(session, prisoner_id)
    before = standing_of(session, row, occasion)
    changed = apply(row, _columns(details))
    if not changed:
        return refresh(session, row, occasion)
    if changed.keys() & {"surname", "given_name", "patronymic", "gender"}:
        changed |= apply(row, {"dative_name": suggested_dative(row), "dative_confirmed": False})
    if must_be_confirmed(session, row, before, occasion):
        changed |= apply(row, {"custody_confirmed_on": None})
    return _changed(session, row, "edited", occasion, changed)


def confirm(
    session: Session, prisoner_id: str, confirmation: Confirmation, occasion: Occasion
) -> Standing:
    """A coordinator made sure of custody, address and wish. Returns what still stands against it.

    Raises `Invalid` for days that have not come yet.
    """
    row = person_to_change(session, prisoner_id)
    days = ("custody_confirmed_on", "address_checked_on", "wish_date")
    require_come({name: getattr(confirmation, name) for name in days}, occasion.today)
    values: dict[str, Any] = {
        "custody_confirmed_on": confirmation.custody_confirmed_on,
        "confirmed_by": occasion.actor.staff_id,
        "wants_letters": confirmation.wants_letters,
        "may_be_named": confirmation.may_be_named,
        "wish_source": confirmation.wish_source,
        "wish_date": confirmation.wish_date,
    }
    if confirmation.dative_name:
        values |= {"dative_name": confirmation.dative_name, "dative_confirmed": True}
    if "release_on" in confirmation.model_fields_set:
        values["release_on"] = confirmation.release_on
    if row.status == "unknown":
        values["status"] = "in_custody"
    changed = apply(row, values)
    placed = present_place(session, row.id)
    if placed is not None and confirmation.address_checked_on is not None:
        checked = {"checked_on": confirmation.address_checked_on}
        if confirmation.address_source:
            checked["source"] = confirmation.address_source  # type: ignore[assignment]
        changed |= apply(placed[0], checked)
    return _changed(session, row, "confirmed", occasion, changed)


def check_address(
    session: Session, prisoner_id: str, day: date, source: str, occasion: Occasion
) -> Standing | None:
    """The person is still at the present place, made sure of on `day`.

    None, and nothing is done, without a place, after a later check, or for the same again.
    """
    found = people_to_change(session, [prisoner_id])
    placed = present_place(session, prisoner_id)
    if not found or placed is None or (placed[0].checked_on or day) > day:
        return None
    changed = apply(placed[0], {"checked_on": day, "source": source})
    return _changed(session, found[0], "checked", occasion, changed) if changed else None


def restore_check(
    session: Session, prisoner_id: str, day: date | None, source: str | None, occasion: Occasion
) -> None:
    """A check is taken back: the present address counts as made sure of on `day`, as before."""
    row = person_to_change(session, prisoner_id)
    placed = present_place(session, prisoner_id)
    if placed is None:
        return
    values = {"checked_on": day} | ({} if source is None else {"source": source})
    changed = apply(placed[0], values)
    _changed(session, row, "unchecked", occasion, changed)


def may_be_confirmed(row: Prisoner) -> bool:
    """Whether somebody may be confirmed together with others.

    Not who is hidden, barred, free or at home; and whoever took back the wish for letters is
    asked alone, whatever a list says of them.
    """
    taken_back = bool(row.wish_source) and not row.wants_letters
    gone = row.status in {"released", "exchanged", "dead", "house_arrest"}
    return not (row.hidden or row.bar or gone or taken_back)


def hide(session: Session, prisoner_id: str, why: str, occasion: Occasion) -> Standing:
    """Nobody sees the person any more, and letters that are not printed yet wait."""
    row = person_to_change(session, prisoner_id)
    changed = apply(row, {"hidden": True})
    row.published = row.named = row.eligible = False  # as the rule says too, in the same step
    standing = refresh(session, row, occasion)
    if changed:
        remember(session, "prisoner", row.id, "hidden", occasion, {}, why)
        row.changed_at = occasion.now
        letters.hold(session, row.id, Hold.NOT_WRITABLE, occasion)
    return standing


def show(session: Session, prisoner_id: str, why: str, occasion: Occasion) -> Standing:
    """The opposite of `hide`: the rule alone decides again, and waiting letters go on."""
    row = person_to_change(session, prisoner_id)
    changed = apply(row, {"hidden": False})
    return _changed(session, row, "shown", occasion, changed, why)


def suggested_dative(row: Prisoner) -> str | None:
    """The name as an envelope addresses it, proposed by rule; a coordinator confirms it."""
    return calling.dative_of(row.surname, row.given_name, row.patronymic, row.gender)


def _changed(
    session: Session,
    row: Prisoner,
    what: str,
    occasion: Occasion,
    changed: Mapping[str, tuple[Any, Any]],
    why: str = "",
) -> Standing:
    row.changed_at = occasion.now
    standing = refresh(session, row, occasion)
    remember(session, "prisoner", row.id, what, occasion, changed, why)
    letters.follow(
        session, row, standing, occasion, corrected=bool(changed.keys() & _ON_THE_ENVELOPE)
    )
    return standing


def _columns(details: PersonDetails) -> dict[str, Any]:
    values = details.model_dump() | calling.names(
        details.surname, details.given_name, details.patronymic, details.latin_name
    )
    if details.birthday is not None:
        values["birth_year"] = details.birthday.year
    values["has_patronymic"] = details.has_patronymic or details.patronymic is not None
    return values
