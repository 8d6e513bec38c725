"""Steps for people: who is new, what changes of whom, and what must be asked first."""

from app.catalogue.said_gone import KIND_OF
from app.importing.planning import speaking
from app.importing.planning.comparing import Comparison, Subject, compare, same
from app.importing.planning.known import Known
from app.importing.planning.plans import Plan, Step
from app.importing.planning.recognising import recognise
from app.importing.records import Doubt, PersonRecord
from app.sameness.fields import Fields
from app.sameness.values import is_empty

_LEAVES = frozenset(
    {"status", "facility", "bar", "surname", "given_name", "patronymic", "birth_year"}
)
"""Changes that letters under way follow."""


def plan_people(
    people: list[PersonRecord], places: dict[str, str], known: Known, made: Plan
) -> dict[str, str]:
    """Steps and doubts, into `made`; returns the source's id → reference of who it is.

    places: name key → reference. Who is in doubt is left out.
    """
    return _Planning(places, known, made).plan(people)


def title_of(row: Fields) -> str:
    """A person of ours as a report names them."""
    parts = (row["surname"], row["given_name"], row["patronymic"])
    return " ".join(part for part in parts if part)


class _Planning:
    def __init__(self, places: dict[str, str], known: Known, made: Plan) -> None:
        self._places, self._known, self._made = places, known, made

    def plan(self, people: list[PersonRecord]) -> dict[str, str]:
        found = recognise(people, self._known, self._made)
        who: dict[str, str] = {}
        steps = []
        for target, records in found.linked.items():
            steps += self._changes(target, records)
            who |= {record.key: f"id:{target}" for record in records}
        for records in found.newcomers:
            steps.append(self._newcomer(records))
            who |= {record.key: f"key:{records[0].key}" for record in records}
        for step in steps:
            released = found.released
            step.released = {key: released[key] for key in step.keys if key in released}
        self._made.steps += steps
        return who

    def _newcomer(self, records: list[PersonRecord]) -> Step:
        merged, first = _merged(records), records[0]
        values = {name: value for name, value in merged.items() if not is_empty(value)}
        values["status"] = first.status or "unknown"
        if first.place in self._places:
            values["facility"] = self._places[first.place]
        return Step("new", "person", [record.key for record in records], first.title, None, values)

    def _changes(self, target: str, records: list[PersonRecord]) -> list[Step]:
        known, source = self._known, self._made.source
        ours, under_way = known.people[target], known.letters.get(target, 0)
        # Of several records of one person, that speaks which agrees most with what we have.
        records.sort(key=lambda record: (-_agreement(record, ours), record.key))
        found, open_ours = Comparison(), _with_open_status(ours, source)
        for record, theirs in speaking.by_record(records, ours, known.answers):
            about = Subject(record.key, record.title, target)
            found.add(compare(theirs, open_ours, source, about, known.answers))
        if found.values.get("status", ours["status"]) == "in_custody":
            self._compare_place(target, records, found)
        _weigh(found.doubts, str(ours["status"]), under_way)
        self._made.doubts += found.doubts
        keys = [record.key for record in records]
        links = known.person_ids
        news = [key for key in keys if links.get(key) != target or key in known.gone_people]
        if not found.values and not news:
            return []
        letters = under_way if _LEAVES & found.values.keys() else 0
        title, values = title_of(ours), (found.values, found.before)
        return [Step("changed", "person", keys, title, target, *values, letters)]

    def _compare_place(self, target: str, records: list[PersonRecord], found: Comparison) -> None:
        """Where somebody is who is in custody: by the same rule as every other field."""
        known, ours = self._known, self._known.present.get(target)
        told = speaking.of_the_place(records, ours, self._places, known.answers)
        if told is None:
            return
        provenance = known.people[target]["provenance"] if ours else {}
        now = {"facility": known.places[ours]["name_ru"] if ours else "", "provenance": provenance}
        about = Subject(told.key, told.title, target)
        theirs = {"facility": told.place_named}
        compared = compare(theirs, now, self._made.source, about, known.answers)
        found.doubts += compared.doubts
        if "facility" in compared.values:
            found.values["facility"] = self._places[told.place]
            found.before["facility"] = now["facility"]


def _weigh(doubts: list[Doubt], status: str, letters: int) -> None:
    """What letters under way hang on; first of all whether there is anybody to get them."""
    for doubt in doubts:
        if doubt.detail["field"] in _LEAVES:
            doubt.letters = letters
        if doubt.detail["field"] == "status" and status not in KIND_OF:
            doubt.detail["gone"] = doubt.detail["theirs"] in KIND_OF


def _merged(records: list[PersonRecord]) -> Fields:
    """The first record, with what only the others say."""
    merged: Fields = {}
    for record in reversed(records):
        merged |= {name: value for name, value in record.fields.items() if not is_empty(value)}
    return records[0].fields | merged


def _agreement(record: PersonRecord, ours: Fields) -> int:
    return sum(same(name, ours[name], value) for name, value in record.fields.items())


def _with_open_status(ours: Fields, source: str) -> Fields:
    """A status that nobody of us set to «unknown» is anybody's to fill."""
    nobodys = ours["provenance"].get("status") in (None, source)
    return ours | {"status": None} if ours["status"] == "unknown" and nobodys else ours
