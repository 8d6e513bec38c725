"""A reading against the catalogue: what is new, changed, gone, and what must be asked first."""

from app.importing.planning import cases, people, places
from app.importing.planning.answering import doubts_of_places, settle
from app.importing.planning.known import Known
from app.importing.planning.plans import Plan, Step, begun
from app.importing.records import Gathered


def plan(gathered: Gathered, known: Known) -> Plan:
    """Everything this reading would do. `gathered` is changed: answers are put into it."""
    made = begun(gathered)
    made.doubts += settle(gathered, known.answers)
    where = places.plan_places(gathered, known, made)
    told = [record for record in gathered.people.values() if record.fields.get("gender")]
    made.doubts += doubts_of_places(told, set(where))
    who = people.plan_people(told, where, known, made)
    cases.plan_cases(gathered, who, known, made)
    _plan_gone(gathered, known, made)
    made.put_in_order()
    return made


def _plan_gone(gathered: Gathered, known: Known, made: Plan) -> None:
    """What the source no longer has. Nobody is removed for that; somebody looks."""
    if not gathered.seen_people or "" in gathered.damaged:
        return
    seen = {*gathered.seen_people, *gathered.damaged}
    for key, target in known.person_ids.items():
        if key not in seen | known.gone_people and target in known.people:
            title, letters = people.title_of(known.people[target]), known.letters.get(target, 0)
            made.steps.append(Step("gone", "person", [key], title, target, letters=letters))
    cases.plan_gone(gathered, known, made)
