"""Places of a reading against the places of the catalogue, and which name leads to which place."""

from collections import defaultdict

from app.importing.gathering.addresses import name_key
from app.importing.planning.comparing import Subject, compare
from app.importing.planning.known import Known
from app.importing.planning.plans import Plan, Step
from app.importing.records import Doubt, Gathered, PlaceRecord
from app.sameness.values import is_empty


def plan_places(gathered: Gathered, known: Known, made: Plan) -> dict[str, str]:
    """Steps for places; returns name key → reference, for names that lead to one place alone.

    A place of the same name is the same if the postal codes agree too; otherwise somebody is asked.
    """
    by_name: dict[str, set[str]] = defaultdict(set)
    for facility_id, row in known.places.items():
        by_name[name_key(row["name_ru"])].add(f"id:{facility_id}")
    for record in gathered.places.values():
        target = known.place_ids.get(record.source_key)
        if target not in known.places:
            target = _recognised(record, by_name[record.key], known, made)
        if target is not None:
            _plan_change(record, target, gathered.source, known, made)
            by_name[record.key].add(f"id:{target}")
        elif _is_new(record, by_name[record.key], known):
            values = {name: value for name, value in record.fields.items() if not is_empty(value)}
            title = record.fields["name_ru"]
            made.steps.append(Step("new", "place", [record.source_key], title, None, values))
            by_name[record.key] = {f"key:{record.source_key}"}
    _plan_gone(gathered, known, made)
    return {key: next(iter(refs)) for key, refs in by_name.items() if len(refs) == 1}


def _recognised(record: PlaceRecord, namesakes: set[str], known: Known, made: Plan) -> str | None:
    """The one place of ours that has this name and postal code; by name alone somebody is asked."""
    ours = sorted(ref.removeprefix("id:") for ref in namesakes if ref.startswith("id:"))
    code = record.fields.get("postal_code")
    same_code = [one for one in ours if code and known.places[one]["postal_code"] == code]
    if len(same_code) == 1 or len(ours) != 1:
        return same_code[0] if len(same_code) == 1 else None
    key = _pair(record, ours[0])
    answer = known.answers.get(("same_place", key))
    if answer is None:
        row = known.places[ours[0]]
        detail = {"ours": _address(row), "theirs": _address(record.fields)}
        made.doubts.append(
            Doubt("same_place", key, record.fields["name_ru"], record.key, detail, ours[0])
        )
    return ours[0] if answer == "same" else None


def _is_new(record: PlaceRecord, namesakes: set[str], known: Known) -> bool:
    """New, and of a known kind; not while somebody is asked whether it is one of ours."""
    if "kind" not in record.fields:
        return False
    ours = [ref.removeprefix("id:") for ref in namesakes if ref.startswith("id:")]
    asked = [known.answers.get(("same_place", _pair(record, one))) for one in ours]
    return len(ours) != 1 or asked == ["other"]


def _plan_change(record: PlaceRecord, target: str, source: str, known: Known, made: Plan) -> None:
    ours = known.places[target]
    title = ours["name_ru"]
    about = Subject(record.source_key, title, target)
    found = compare(record.fields, ours, source, about, known.answers)
    made.doubts += found.doubts
    is_linked = known.place_ids.get(record.source_key) == target
    if found.values or not is_linked or record.source_key in known.gone_places:
        keys = [record.source_key]
        letters = 0
        if found.values.keys() - {"name_en", "kind", "notes"}:
            here = (person for person, place in known.present.items() if place == target)
            letters = sum(known.letters.get(person, 0) for person in here)
        made.steps.append(
            Step("changed", "place", keys, title, target, found.values, found.before, letters)
        )


def _plan_gone(gathered: Gathered, known: Known, made: Plan) -> None:
    if not gathered.places or gathered.places_damaged:
        return
    seen = {record.source_key for record in gathered.places.values()}
    for key, target in known.place_ids.items():
        if key not in seen | known.gone_places and target in known.places:
            title = known.places[target]["name_ru"]
            made.steps.append(Step("gone", "place", [key], title, target))


def _pair(record: PlaceRecord, target: str) -> str:
    return f"{record.source_key}|{target}"


def _address(fields: dict[str, object]) -> str:
    parts = ("postal_code", "region", "district", "settlement", "street")
    return ", ".join(str(fields[part]) for part in parts if fields.get(part))
