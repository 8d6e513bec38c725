"""A reading against the catalogue: what is new, changed, gone, and what must be asked first.

Nobody who may be somebody we know already is entered before a coordinator answered.
"""

from app.catalogue.said_gone import KIND_OF
from app.importing.planning import cases as planning_cases
from app.importing.planning import places as planning_places
from app.importing.planning import speaking
from app.importing.planning.answering import doubts_of_places, settle
from app.importing.planning.comparing import Comparison, Subject, compare, same
from app.importing.planning.known import Known
from app.importing.planning.plans import Plan, Step, begun
from app.importing.records import Doubt, Gathered, PersonRecord
from app.sameness.fields import Fields
from app.sameness.matching import (
    Namesakes,
    Somebody,
    is_somebody_else,
    pair_key,
    renamed_key,
    somebody,
    surely_one,
    why,
)
from app.sameness.values import is_empty, value_key

_LEAVES = frozenset(
    {"status", "facility", "bar", "surname", "given_name", "patronymic", "birth_year"}
)
"""Changes that letters under way follow."""
_TELL_WHO = frozenset({"surname", "given_name", "birth_year"})


def plan(gathered: Gathered, known: Known) -> Plan:
    """Everything this reading would do. `gathered` is changed: answers are put into it."""
    made = begun(gathered)
    made.doubts += settle(gathered, known.answers)
    places = planning_places.plan_places(gathered, known, made)
    people = [record for record in gathered.people.values() if record.fields.get("gender")]
    made.doubts += doubts_of_places(people, set(places))
    who = _plan_people(people, gathered.source, known, places, made)
    planning_cases.plan_cases(gathered, who, known, made)
    _plan_gone(gathered, known, made)
    made.put_in_order()
    return made


def _plan_people(
    people: list[PersonRecord],
    source: str,
    known: Known,
    places: dict[str, str],
    made: Plan,
) -> dict[str, str]:
    """Steps for people; returns the source's id → reference of who it is."""
    linked: dict[str, list[PersonRecord]] = {}
    strangers = []
    released: dict[str, str] = {}
    for record in people:
        target = known.person_ids.get(record.key)
        still = _is_still(record, target, known, made) if target in known.people else "other"
        if target in known.people and still == "same":
            linked.setdefault(target, []).append(record)
        elif still == "other":
            strangers.append(record)
            if target in known.people:
                released[record.key] = target
    known.release(source, set(released.values()))
    newcomers = _recognise(strangers, linked, known, made)
    who: dict[str, str] = {}
    for target, records in linked.items():
        steps = _changes(target, records, source, known, places, made)
        made.steps += _releasing(steps, released)
        who |= {record.key: f"id:{target}" for record in records}
    for records in newcomers:
        made.steps += _releasing([_newcomer(records, places)], released)
        who |= {record.key: f"key:{records[0].key}" for record in records}
    return who


def _releasing(steps: list[Step], released: dict[str, str]) -> list[Step]:
    for step in steps:
        step.released = {key: released[key] for key in step.keys if key in released}
    return steps


def _is_still(record: PersonRecord, target: str, known: Known, made: Plan) -> str | None:
    """Whether the id means whom it meant: "same", "other", or None while that is asked.

    Lists are sorted anew, and numbers of rows are other people's then. Whoever looked at the very
    name or year that the source says, of this id, and left or took it, was not surprised.
    """
    ours = known.people[target]
    me, whom = somebody(record.key, record.fields), somebody(f"our:{target}", ours, target)
    looked_at = (
        value_key(name, record.fields.get(name), record.key)
        for name in _TELL_WHO & record.fields.keys()
    )
    if not is_somebody_else(whom, me) or any(
        ("other_value", key) in known.answers for key in looked_at
    ):
        return "same"
    key = renamed_key(me)
    answer = known.answers.get(("same_person", key))
    if answer is None:
        asked = _are_they_one(record, key, me, whom, {"sure": False, "under_id": True})
        asked.letters = known.letters.get(target, 0)
        made.doubts.append(asked)
        made.unsure.add(target)
    return answer


def _recognise(
    strangers: list[PersonRecord],
    linked: dict[str, list[PersonRecord]],
    known: Known,
    made: Plan,
) -> list[list[PersonRecord]]:
    """Strangers who are nobody we know, grouped; those in doubt are left out and asked about."""
    if not strangers:
        return []
    refs = _refs(known)
    namesakes = Namesakes()
    for target, row in known.people.items():
        namesakes.add(somebody(refs[target][0], row, target))
    newcomers: dict[str, list[PersonRecord]] = {}
    for record in strangers:
        me = somebody(record.key, record.fields)
        alike = namesakes.like(me)
        answered = {
            other.ref: _answered(me.ref, refs.get(other.target_id or "", [other.ref]), known)
            for other in alike
        }
        one = next((other for other in alike if answered[other.ref] == "same"), None)
        if one is not None and one.target_id:
            linked.setdefault(one.target_id, []).append(record)
        elif one is not None:
            newcomers[one.ref].append(record)
        elif None in answered.values():
            other = next(other for other in alike if answered[other.ref] is None)
            how = {"sure": surely_one(other, me), "why": why(other, me)}
            key = pair_key(me.ref, other.ref)
            made.doubts.append(_are_they_one(record, key, me, other, how))
        else:
            newcomers[record.key] = [record]
            namesakes.add(me)
    return list(newcomers.values())


def _are_they_one(
    record: PersonRecord, key: str, me: Somebody, other: Somebody, how: Fields
) -> Doubt:
    """The doubt whether a record is of somebody. how: what speaks for it, beside the names."""
    detail = {
        "ours": other.title,
        "ours_born": other.birth_year,
        "theirs_born": me.birth_year,
        **how,
        "rows": record.rows[:20],
    }
    return Doubt("same_person", key, record.title, record.key, detail, other.target_id)


def _refs(known: Known) -> dict[str, list[str]]:
    """Everything that each of our people may be called in answers, the usual first."""
    refs: dict[str, list[str]] = {target: [] for target in known.people}
    for key, target in sorted(known.person_ids.items()):
        if target in refs:
            refs[target].append(key)
    for target, found in refs.items():
        found += [f"our:{each}" for each in (target, *known.formerly.get(target, ()))]
    return refs


def _answered(ref: str, others: list[str], known: Known) -> str | None:
    """What was decided about two people; of one whose records were merged it is asked once."""
    answers = (known.answers.get(("same_person", pair_key(ref, other))) for other in others)
    return next((answer for answer in answers if answer is not None), None)


def _newcomer(records: list[PersonRecord], places: dict[str, str]) -> Step:
    merged = _merged(records)
    values = {name: value for name, value in merged.items() if not is_empty(value)}
    values["status"] = records[0].status or "unknown"
    if records[0].place in places:
        values["facility"] = places[records[0].place]
    return Step("new", "person", [record.key for record in records], records[0].title, None, values)


def _changes(
    target: str,
    records: list[PersonRecord],
    source: str,
    known: Known,
    places: dict[str, str],
    made: Plan,
) -> list[Step]:
    ours = known.people[target]
    # Of several records of one person, that speaks which agrees most with what we have.
    records.sort(key=lambda record: (-_agreement(record, ours), record.key))
    found = Comparison()
    for record, theirs in speaking.by_record(records, ours, known.answers):
        about = Subject(record.key, record.title, target)
        found.add(compare(theirs, _with_open_status(ours, source), source, about, known.answers))
    status = str(found.values.get("status", ours["status"]))
    told = speaking.of_the_place(records, known.present.get(target), places, known.answers)
    if told is not None and status == "in_custody":
        about = Subject(told.key, told.title, target)
        _compare_place(told, source, known, places, about, found)
    _weigh(found.doubts, str(ours["status"]), known.letters.get(target, 0))
    made.doubts += found.doubts
    keys = [record.key for record in records]
    news = [key for key in keys if known.person_ids.get(key) != target or key in known.gone_people]
    if not found.values and not news:
        return []
    letters = known.letters.get(target, 0) if _LEAVES & found.values.keys() else 0
    title = _title(ours)
    return [Step("changed", "person", keys, title, target, found.values, found.before, letters)]


def _weigh(doubts: list[Doubt], status: str, letters: int) -> None:
    """What letters under way hang on; first of all whether there is anybody to get them."""
    for doubt in doubts:
        if doubt.detail["field"] in _LEAVES:
            doubt.letters = letters
        if doubt.detail["field"] == "status" and status not in KIND_OF:
            doubt.detail["gone"] = doubt.detail["theirs"] in KIND_OF


def _compare_place(
    record: PersonRecord,
    source: str,
    known: Known,
    places: dict[str, str],
    about: Subject,
    found: Comparison,
) -> None:
    """Where somebody is who is in custody: by the same rule as every other field."""
    ours, theirs = known.present.get(about.target_id), places[record.place]
    row = known.people[about.target_id]
    provenance = row["provenance"] if ours else {}
    now = {"facility": known.places[ours]["name_ru"] if ours else "", "provenance": provenance}
    compared = compare({"facility": record.place_named}, now, source, about, known.answers)
    found.doubts += compared.doubts
    if "facility" in compared.values:
        found.values["facility"] = theirs
        found.before["facility"] = now["facility"]


def _plan_gone(gathered: Gathered, known: Known, made: Plan) -> None:
    """What the source no longer has. Nobody is removed for that; somebody looks."""
    if not gathered.seen_people or "" in gathered.damaged:
        return
    people = {*gathered.seen_people, *gathered.damaged}
    for key, target in known.person_ids.items():
        if key not in people | known.gone_people and target in known.people:
            title = _title(known.people[target])
            made.steps.append(
                Step("gone", "person", [key], title, target, letters=known.letters.get(target, 0))
            )
    planning_cases.plan_gone(gathered, known, made)


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


def _title(row: Fields) -> str:
    parts = (row["surname"], row["given_name"], row["patronymic"])
    return " ".join(part for part in parts if part)
