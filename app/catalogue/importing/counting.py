"""Newcomers of an import are counted in the public figures; nobody finds them."""

from app.catalogue.importing.newcomers import Whereto
from app.catalogue.importing.pacing import Pace
from app.catalogue.importing.plans import Plan
from app.finding.keeping import index_people
from app.service import Service


def count_newcomers(service: Service, made: Plan, whereto: Whereto, pace: Pace) -> None:
    """Index the people that a plan brought, with their cases, when all of it is done.

    Where an import is broken off before, the nightly round does the same.
    """
    new = (step for step in made.steps if (step.kind, step.topic) == ("new", "person"))
    ids = [whereto.people[step.key] for step in new if step.key in whereto.people]
    at = 0
    while at < len(ids):
        some = ids[at : at + pace.rows]
        with service.database.write() as session, pace.measured():
            index_people(session, some)
            session.flush()
        at += len(some)
