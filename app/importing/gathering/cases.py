"""The cases in a person's rows: one a row, known again by what of it hardly changes."""

import hashlib
from collections.abc import Mapping
from typing import Any

from app.finding.articles import apart
from app.importing.gathering.dates import day, is_read, year
from app.importing.gathering.terms import term
from app.importing.records import CaseRecord, Doubt
from app.sameness.cleaning import identity, items, line
from app.sameness.fields import Fields

Row = Mapping[str, Any]

_LINES = {
    "category": 120,
    "case_name": 300,
    "case_group": 200,
    "region": 120,
    "stage": 160,
    "restraint": 160,
    "verdict": 300,
    "occupation": 200,
}
_LISTS = {"articles": apart, "ratings": None}
"""Columns of several items, with what takes those apart that are written as one."""
CASE_COLUMNS = frozenset(
    {"case", "city", "region_iso", "started", "started_year", "ended_year", "term", "verdict_on"}
    | {*_LINES, *_LISTS}
)
_LONGEST_KEY = 120
_STATED, _UNREAD = "stated_term", "unread"
"""Beside the fields until they are asked about: no columns of the table."""
LONGEST_SAID = 120


def cases_of(person: str, rows: list[tuple[int, Row]]) -> dict[str, CaseRecord]:
    """The cases of the person with this key; a row that came twice is one case."""
    found: dict[str, CaseRecord] = {}
    for at, row in rows:
        fields = _fields(row)
        if not any(fields.values()):
            continue
        key = own = _key(person, row, fields)
        copies = 1
        while key in found and found[key].fields != fields:
            copies += 1
            key = f"{own[:110]}-{copies}"
        if key in found:
            found[key].rows.append(at)
        else:
            found[key] = CaseRecord(key, person, [at], fields)
    return found


def doubts_of_values(title: str, cases: dict[str, CaseRecord]) -> list[Doubt]:
    """Terms that cannot be, and what could not be read: out of the records, and asked about."""
    doubts = []
    for case in cases.values():
        stated = case.fields.pop(_STATED, None)
        if stated is not None:
            detail = {"months": stated, "verdict": case.fields.get("verdict", "")}
            doubts.append(Doubt("term", f"{case.key}|{stated}", title, case.key, detail))
        for column, said in case.fields.pop(_UNREAD, {}).items():
            doubts.append(unread(case.key, title, column, said))
    return doubts


def unread(key: str, title: str, column: str, said: str) -> Doubt:
    """The doubt about a value that says something nobody understood. key: of its record."""
    return Doubt("unread", f"{key}|{column}|{said}", title, key, {"field": column, "said": said})


def _key(person: str, row: Row, fields: Fields) -> str:
    """The source's own id of the case, else when, where and what it is called."""
    own = identity(row.get("case"))
    if own and len(own) <= _LONGEST_KEY:
        return own
    lasting = (
        fields.get("started_on") or fields.get("started_year"),
        line(row.get("known_by"))[:300].rstrip() or fields.get("case_name"),
        fields.get("region"),
    )
    digest = hashlib.sha256(repr((person, lasting)).encode()).hexdigest()[:16]
    return f"{person[:90]}-{digest}"


def _fields(row: Row) -> Fields:
    fields: Fields = {
        column: line(row[column])[:longest].rstrip()
        for column, longest in _LINES.items()
        if column in row
    }
    fields |= {
        column: [item[:120] for item in items(row[column], pieces)]
        for column, pieces in _LISTS.items()
        if column in row
    }
    if "city" in row:
        fields["city"] = line(items(row["city"]))[:120]
    if "region_iso" in row:
        iso = line(row["region_iso"]).upper()
        fields["region_iso"] = iso if len(iso) <= 6 else ""
    days, of_days = _days(row)
    sentence, of_sentence = _sentence(row, fields.get("verdict", ""))
    not_read = of_days | of_sentence
    return fields | days | sentence | ({_UNREAD: not_read} if not_read else {})


def _days(row: Row) -> tuple[Fields, dict[str, str]]:
    """Days and years; and what of them was not understood, which empties nothing that we have."""
    fields: Fields = {}
    if "started" in row or "started_year" in row:
        began = day(row.get("started"))
        fields["started_on"] = began.isoformat() if began else None
        stated = year(row.get("started_year")) or year(row.get("started"))
        fields["started_year"] = began.year if began else stated
    if "ended_year" in row:
        fields["ended_year"] = year(row["ended_year"])
    if "verdict_on" in row:
        spoken = day(row["verdict_on"])
        fields["first_verdict_on"] = spoken.isoformat() if spoken else None
    asked = {
        "started_on": ("started", is_read(row.get("started"))),
        "started_year": ("started_year", bool(fields.get("started_year"))),
        "ended_year": ("ended_year", bool(fields.get("ended_year"))),
        "first_verdict_on": ("verdict_on", bool(fields.get("first_verdict_on"))),
    }
    not_read = {
        ours: said[:LONGEST_SAID]
        for ours, (column, known) in asked.items()
        if not known and (said := line(row.get(column)))
    }
    return {name: value for name, value in fields.items() if name not in not_read}, not_read


def _sentence(row: Row, verdict: str) -> tuple[Fields, dict[str, str]]:
    if "term" not in row:
        return {}, {}
    sentence = term(row["term"], verdict)
    if sentence.unread:
        return {}, {"sentence_months": sentence.unread}
    fields: Fields = {"sentence_months": sentence.months, "sentence_life": sentence.life}
    return fields if sentence.stated is None else fields | {_STATED: sentence.stated}, {}
