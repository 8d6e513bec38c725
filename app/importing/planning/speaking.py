"""Which of several records that a source has of one person speaks, field by field.

A record that says what we have speaks first, and one whose value a coordinator refused is not
heard: whoever merged two records of a person is not asked again by the next import.
"""

from typing import Any

from app.importing.planning.comparing import is_refused, same
from app.importing.records import Answers, PersonRecord
from app.sameness.fields import Fields
from app.sameness.values import is_empty


def by_record(
    records: list[PersonRecord], ours: Fields, answers: Answers
) -> list[tuple[PersonRecord, Fields]]:
    """What each record is heard with: every field once. `records` are in order of preference."""
    said = {record.key: _fields(record) for record in records}
    if len(records) == 1:
        return [(records[0], said[records[0].key])]
    first = records[0].key
    heard: dict[str, Fields] = {record.key: {} for record in records}
    for name in dict.fromkeys(name for fields in said.values() for name in fields):
        values = {key: said[key][name] for key in said if not is_empty(said[key].get(name))}
        if values:
            key = _speaker(name, values, ours[name], answers)
            heard[key][name] = values[key]
        elif name in said[first]:
            heard[first][name] = said[first][name]
    return [(record, heard[record.key]) for record in records if heard[record.key]]


def of_the_place(
    records: list[PersonRecord], present: str | None, places: dict[str, str], answers: Answers
) -> PersonRecord | None:
    """The record that tells where somebody is; None when nothing new is said.

    present: the id of the place where we have them. places: name key → reference.
    """
    there = [record for record in records if record.place in places]
    if present and any(places[record.place] == f"id:{present}" for record in there):
        return None
    refused = {
        record.key
        for record in there
        for name in (record.place_named, places[record.place])
        if is_refused("facility", name, record.key, answers)
    }
    return next((record for record in there if record.key not in refused), None)


def _speaker(name: str, values: dict[str, Any], ours: Any, answers: Answers) -> str:
    agreeing = [key for key, value in values.items() if same(name, ours, value)]
    welcome = [key for key, value in values.items() if not is_refused(name, value, key, answers)]
    return (agreeing or welcome or list(values))[0]


def _fields(record: PersonRecord) -> Fields:
    known = record.status and record.status != "unknown"
    return record.fields | ({"status": record.status} if known else {})
