"""Plain rows become records: one person out of several rows, each row a case of theirs.

A plain row is a mapping with the keys of `PEOPLE_COLUMNS`; whoever reads a source names its
columns so. Not every row has every key: a missing key says nothing, an empty value says «empty».
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any

from app.importing.gathering import addresses
from app.importing.gathering.cases import (
    CASE_COLUMNS,
    LONGEST_SAID,
    cases_of,
    doubts_of_values,
    unread,
)
from app.importing.gathering.damaged import HIDE_SOMEBODY, Damaged, Uncounted
from app.importing.gathering.dates import YOUNGEST, Born, born, day, is_read, year
from app.importing.gathering.names import Name, NoName, gender
from app.importing.gathering.spellings import name_of, one_name
from app.importing.gathering.told import TOLD_COLUMNS, told
from app.importing.records import Doubt, Gathered, PersonRecord, Progress, Unreadable
from app.sameness.cleaning import (
    cleared,
    identity,
    is_damaged,
    items,
    line,
    number,
    prose,
    trouble_of,
    truth,
)
from app.sameness.fields import Fields

Row = Mapping[str, Any]

PROSE = ("story_en", "story_ru", "interests_en", "interests_ru")
LINES = {"origin_en": 200, "origin_ru": 200, "profession_en": 160, "profession_ru": 160}
PEOPLE_COLUMNS = frozenset(
    {
        "person",
        "name",
        "name_order",
        "surname",
        "given_name",
        "patronymic",
        "latin",
        "gender",
        "birth",
    }
    | {"birth_year", "state", "imprisoned", "place", *PROSE, *LINES, *TOLD_COLUMNS}
    | CASE_COLUMNS
)
UNRECOGNISED = "?"
"""A place that does not read like a place of detention: it may be a home, so it is not kept."""
_WHO = ("person", "name", "surname", "given_name", "patronymic", "case")
"""Without these nobody knows whose row it is, or which case."""
_LONGEST_KEY = 120
_EARLIEST_BIRTH = 1900
_TELL_EVERY = 200
GENDERS = {"male": "he", "m": "he", "м": "he", "муж": "he", "мужской": "he", "he": "he"} | {
    "female": "she", "f": "she", "ж": "she", "жен": "she", "женский": "she", "she": "she"
}  # fmt: skip


class _Broken(ValueError):
    """A row that cannot be read; the first argument is the reason's code."""


def gather(
    rows: Iterable[tuple[int, Any]],
    gathered: Gathered,
    today: date,
    progress: Progress | None = None,
) -> None:
    """Read rows, each with its number, into `gathered`. What cannot be read stops nothing.

    Nobody is born after `today`. progress: called with people done and people in all.
    """
    of_person = _by_person(rows, gathered, today)
    people = len(of_person)
    for done, key in enumerate(list(of_person), 1):
        # What was read goes as it is understood.
        theirs = of_person.pop(key)
        if progress and (done % _TELL_EVERY == 0 or done == people):
            progress(done, people)
        _understand(key, theirs, gathered, today)


def _by_person(
    rows: Iterable[tuple[int, Any]], gathered: Gathered, today: date
) -> dict[str, list[tuple[int, Row]]]:
    """The rows about each person, by key; whose row cannot be read is told."""
    found: dict[str, list[tuple[int, Row]]] = {}
    for at, row in rows:
        gathered.rows_read += 1
        try:
            found.setdefault(_person_key(row, today), []).append((at, row))
        except _Broken as broken:
            reason = str(broken.args[0])
            gathered.unreadable.append(Unreadable(at, reason, _glimpse(row)))
            if reason in HIDE_SOMEBODY:
                gathered.damaged.append(_whose(row))
    return found


def _understand(key: str, rows: list[tuple[int, Row]], gathered: Gathered, today: date) -> None:
    """One person with their cases, out of all rows about them, and the doubts that they leave."""
    theirs, lost = _without_lost(rows)
    gathered.seen_people.append(key)
    cases = cases_of(key, theirs)
    gathered.seen_cases += cases
    try:
        person = _person(key, theirs, gathered, today)
    except _Broken as broken:
        gathered.unreadable += [
            Unreadable(at, str(broken.args[0]), _glimpse(row)) for at, row in theirs
        ]
        return
    gathered.people[key] = person
    gathered.cases |= cases
    gathered.doubts += doubts_of_values(person.title, cases)
    gathered.doubts += [unread(key, person.title, column, said) for column, said in lost.items()]
    if _are_one_by_name(theirs, today):
        detail = {"rows": [at for at, _ in theirs[:20]]}
        doubted = f"{key}|{len(theirs)}"
        gathered.doubts.append(Doubt("one_name", doubted, person.title, key, detail))


def _person_key(row: Any, today: date) -> str:
    if isinstance(row, Damaged):
        raise _Broken(row.reason)
    if not isinstance(row, Mapping):
        raise _Broken("not_a_row")
    trouble = trouble_of(row, PROSE)
    if not trouble and any(isinstance(row.get(column), Uncounted) for column in _WHO):
        trouble = "formula"
    if not trouble and line(row.get("name"))[:1] == "{":
        trouble = "no_text"  # a mapping that a table made words of
    if trouble:
        raise _Broken(trouble)
    key = identity(row.get("person"))
    if not key:
        with _named():
            name = name_of(row)
        birth = _born(row, today)
        key = f"{name.full.lower().replace('ё', 'е')} {birth.birthday or birth.year or ''}".strip()
    if len(key) > _LONGEST_KEY:
        raise _Broken("too_long")
    return key


def _whose(row: Any) -> str:
    """The id of the person in a row that cannot be read; "" where nobody can tell."""
    said = row.get("person") if isinstance(row, Mapping) else None
    is_whole = not isinstance(said, Uncounted) and not trouble_of({"person": said})
    return identity(said) if is_whole else ""


def _without_lost(rows: list[tuple[int, Row]]) -> tuple[list[tuple[int, Row]], dict[str, str]]:
    """Rows without the values that were lost on the way; and what still stands there of them."""
    lost: dict[str, str] = {}
    for _, row in rows:
        for column, value in row.items():
            if isinstance(value, Uncounted) or (column in PROSE and is_damaged(value)):
                lost[column] = prose(value)[:LONGEST_SAID]
    if not lost:
        return rows, lost
    return [
        (at, {column: value for column, value in row.items() if column not in lost})
        for at, row in rows
    ], lost


def _are_one_by_name(rows: list[tuple[int, Row]], today: date) -> bool:
    """Whether several rows are taken for one person though nothing but a name says so."""
    first = rows[0][1]
    if all(row == first for _, row in rows[1:]) or identity(first.get("person")):
        return False
    birth = _born(first, today)
    return not (birth.birthday or birth.year)


def _person(key: str, rows: list[tuple[int, Row]], gathered: Gathered, today: date) -> PersonRecord:
    # What the newest case says of somebody comes first.
    newest = [row for _, row in sorted(rows, key=lambda item: _began(item[1]), reverse=True)]
    with _named():
        name, doubts = one_name(key, newest)
    gathered.doubts += doubts
    fields: Fields = {"surname": name.surname, "given_name": name.given}
    fields["patronymic"] = name.patronymic
    _put(fields, "latin_name", _first(newest, "latin", line), 160)
    for column in PROSE:
        _put(fields, column, _first(newest, column, prose))
    for column, longest in LINES.items():
        _put(fields, column, _first(newest, column, line), longest)
    record = PersonRecord(key, sorted(at for at, _ in rows), fields)
    more, not_read = told(newest)
    record.fields |= more
    for column, said in sorted(not_read.items()):
        gathered.doubts.append(unread(key, record.title, column, said[:LONGEST_SAID]))
    _put_birth(record, newest, gathered, today)
    _put_gender(record, name, newest, gathered)
    record.state = _first(newest, "state", line) or ""
    imprisoned = {truth(row.get("imprisoned")) for row in newest}
    record.status = "in_custody" if True in imprisoned else ""
    record.place_named = next((named for row in newest if (named := _place(row))), "")
    record.place = addresses.name_key(record.place_named)
    if record.place and record.place not in gathered.seen_places:
        if addresses.kind("", record.place_named) is None:
            record.place, record.place_named = UNRECOGNISED, ""
        record.place_named = record.place_named[:200]
    return record


@contextmanager
def _named() -> Iterator[None]:
    """Whatever is wrong with a name is the reason why its row cannot be read."""
    try:
        yield
    except NoName as no_name:
        raise _Broken(no_name.reason) from None


def _put_birth(record: PersonRecord, rows: list[Row], gathered: Gathered, today: date) -> None:
    not_read = {each for row in rows for each in _unread_birth(row)}
    for column, words in sorted(not_read):
        gathered.doubts.append(unread(record.key, record.title, column, words))
    known = [_born(row, today) for row in rows]
    years = {birth.year for birth in known if birth.year}
    days = {birth.birthday for birth in known if birth.birthday}
    possible = all(_EARLIEST_BIRTH <= year <= today.year for year in years)
    if all(birth.agree for birth in known) and len(years) <= 1 and len(days) <= 1 and possible:
        birth = max(known, key=lambda birth: (birth.birthday is not None, birth.year or 0))
        record.fields["birth_year"] = birth.year
        if birth.birthday:
            record.fields["birthday"] = birth.birthday.isoformat()
        return
    said = sorted({line(value) for row in rows for value in _birth_values(row)} - {""})
    detail = {"said": said}
    key = f"{record.key}|{' '.join(said)}"[:300]
    gathered.doubts.append(Doubt("birth", key, record.title, record.key, detail))


def _born(row: Row, today: date) -> Born:
    return born(row.get("birth"), row.get("birth_year"), today.year - YOUNGEST)


def _unread_birth(row: Row) -> list[tuple[str, str]]:
    """Of birthday and birth year those that say something nobody understood."""
    birth, birth_year = _birth_values(row)
    not_read = [("birthday", birth)] if not is_read(birth) else []
    not_read += [("birth_year", birth_year)] if year(birth_year) is None else []
    return [(column, said[:LONGEST_SAID]) for column, value in not_read if (said := line(value))]


def _birth_values(row: Row) -> tuple[Any, Any]:
    return row.get("birth"), row.get("birth_year")


def _put_gender(record: PersonRecord, name: Name, rows: list[Row], gathered: Gathered) -> None:
    stated = (_first(rows, "gender", line) or "").lower().rstrip(".")
    told = GENDERS.get(stated) or gender(name)
    if told:
        record.fields["gender"] = told
    else:
        gathered.doubts.append(Doubt("gender", record.key, record.title, record.key))


def _place(row: Row) -> str:
    """Of several places in a row the last: lists grow at their end."""
    named = items(row.get("place"))
    return named[-1] if named else ""


def _began(row: Row) -> tuple[str, int]:
    began = day(row.get("started"))
    first = began.isoformat() if began else str(year(row.get("started_year")) or "")
    return first, number(row.get("started_year")) or 0


def _first(rows: list[Row], column: str, clean: Any) -> Any:
    """The first value that says something; "" when the column is empty; None without a column."""
    values = [clean(row[column]) for row in rows if column in row]
    return next((value for value in values if value), "" if values else None)


def _put(fields: Fields, column: str, value: str | None, longest: int = 0) -> None:
    if value is not None:
        fields[column] = value[:longest].rstrip() if longest else value


def _glimpse(row: Any) -> str:
    """The beginning of a row's name, so that somebody finds it in the source."""
    if isinstance(row, Damaged):
        return cleared(row.named)[:80]
    named = row.get("name") or row.get("surname") if isinstance(row, Mapping) else ""
    return "" if isinstance(named, Mapping) else cleared(line(named))[:80]
