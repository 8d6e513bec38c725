"""What lists say of two records that were merged, and that nobody chose: refused once for all."""

from collections.abc import Sequence

from sqlmodel import Session, select

from app.catalogue.answers import refuse
from app.catalogue.standing import Occasion
from app.catalogue.two_records import FIELDS, WHEREABOUTS, Outcome, Record, Side
from app.models import SourceId
from app.sameness.fields import PERSON_FIELDS, plain
from app.sameness.values import value_key


def do_not_ask_again(
    session: Session, kept: Record, other: Record, became: Outcome, occasion: Occasion
) -> None:
    """What a source says of a record and was not followed, the next imports do not ask again."""
    for field, side in became.sides.items():
        left_out = other if side is Side.KEPT else kept
        for known in ids_in_sources(session, left_out):
            for key in _keys(known.key, field, left_out):
                refuse(session, known.source, key, occasion)


def _keys(of: str, field: str, left_out: Record) -> list[str]:
    said = {name: getattr(left_out.person, name) for name in FIELDS[field]}
    keys = [
        value_key(name, plain(value), of)
        for name, value in said.items()
        if value and name in PERSON_FIELDS and value != "unknown"
    ]
    if field == WHEREABOUTS and left_out.placed:
        place = left_out.placed[1]
        keys += [value_key("facility", name, of) for name in (f"id:{place.id}", place.name_ru)]
    return keys


def ids_in_sources(session: Session, record: Record) -> Sequence[SourceId]:
    """Under which ids lists know a record."""
    of_people = select(SourceId).where(SourceId.subject == "prisoner")
    return session.exec(of_people.where(SourceId.target_id == record.person.id)).all()
