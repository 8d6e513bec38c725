"""Bringing in one fictional person, whom a coordinator then knows; and deciding doubts."""

from typing import Any

from sqlmodel import Session, col, select

from app.catalogue import editing
from app.catalogue.details import Confirmation
from app.catalogue.standing import Occasion
from app.importing.gathering.people import gather
from app.importing.planning.plans import Plan
from app.importing.records import Gathered
from app.importing.runs import answering, applying, keeping
from app.importing.sources import ovdinfo
from app.models import (
    ImportLine,
    ImportRun,
    Prisoner,
)
from app.moving import SYSTEM, by_staff
from app.service import Service

LOCATIONS: list[dict[str, Any]] = [
    {
        "id": f"loc{number}",
        "attributes": {
            "name": f"ФКУ ИК-{number} УФСИН России по Кировской области",
            "address": f"61000{number}, Кировская область, пос. Речной, ул. Новая, д. {number}",
            "type": "Исправительная колония",
        },
    }
    for number in (1, 2)
]
VERA = {
    "person_id": "p1",
    "name_ru": "Полевая Вера Ильинична",
    "name_en": "Vera Polevaya",
    "gender_en": "female",
    "birth_year": 1990,
    "persecution_person_state_en": "Serving a sentence",
    "penal_facility_ru": ["ИК-1 УФСИН России по Кировской области"],
    "persecution_started": "2022-03-01",
    "case_name_en": "A post",
    "persecution_article_and_part_en": ["207.3 p. 1"],
    "verdict_imprisonment_term": 66,
    "story_en": "Teaches geography.",
}


def bring_in(service: Service, data: list[Any], locations: list[Any] | None = None) -> Plan:
    """Read, plan, and do what nobody has to be asked about; the plan."""
    places = LOCATIONS if locations is None else locations
    run_id, made = keeping.dry_run(service, ovdinfo.read(data, places, service.today()))
    outcome = applying.apply_run(service, run_id, SYSTEM)
    assert outcome.failed == {}
    return made


def without_doubts(made: Plan) -> dict[str, int]:
    kept = {"doubtful", "unreadable", "letters"}
    return {name: number for name, number in made.counts.items() if name not in kept}


def occasion(service: Service) -> Occasion:
    return Occasion(by_staff("c" * 24), service.now(), service.today(), 180, by_coordinator=True)


def the_only_person(session: Session) -> Prisoner:
    return session.exec(select(Prisoner)).one()


def confirmed(service: Service) -> Prisoner:
    """Vera, brought in and then confirmed by a coordinator, so that she gets letters."""
    bring_in(service, [VERA])
    today = service.today()
    with service.database.write() as session:
        row = the_only_person(session)
        editing.confirm(
            session,
            row.id,
            Confirmation(
                custody_confirmed_on=today,
                address_checked_on=today,
                wants_letters=True,
                wish_source="her sister",
                wish_date=today,
                dative_name="Полевой Вере Ильиничне",
            ),
            occasion(service),
        )
        assert row.eligible
    return row


def decide(service: Service, topic: str, answer: str) -> None:
    """Answer every doubt of a topic in the newest report of each source."""
    with service.database.write() as session:
        runs = session.exec(select(ImportRun.id).where(col(ImportRun.snapshot).is_not(None))).all()
        lines = session.exec(
            select(ImportLine).where(
                col(ImportLine.run_id).in_(runs),
                ImportLine.kind == "doubtful",
                ImportLine.topic == topic,
            )
        ).all()
        assert lines
        for line in lines:
            answering.answer(session, line.run_id, line.position, answer, SYSTEM, service.now())


def bring_table(service: Service, *rows: dict[str, Any], source: str = "memorial") -> Plan:
    """The same for rows of somebody's table, as a mapping understands them."""
    gathered = Gathered(source, f"A list of {source}")
    gather(enumerate(rows, 1), gathered, service.today())
    run_id, made = keeping.dry_run(service, gathered)
    outcome = applying.apply_run(service, run_id, SYSTEM)
    assert outcome.failed == {}
    return made
