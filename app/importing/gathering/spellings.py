"""The one name of somebody, out of all rows about them."""

from collections.abc import Iterable, Mapping
from typing import Any

from app.importing.gathering.names import Name, OnlyInitial, Order, from_parts, parted
from app.importing.records import Doubt
from app.sameness.cleaning import line
from app.sameness.naming import alike, richer
from mailing.names import has_latin

Row = Mapping[str, Any]

_LONGEST_SHOWN = 200


def name_of(row: Row) -> Name:
    """The name in a row, in one column or in several. Raises `NoName`, and `OnlyInitial`."""
    if line(row.get("surname")):
        parts = (line(row.get(part)) for part in ("surname", "given_name", "patronymic"))
        return from_parts(*parts)
    return parted(line(row.get("name")), _first(row))


def one_name(key: str, rows: Iterable[Row]) -> tuple[Name, list[Doubt]]:
    """The name that most rows have; ё and a patronymic that one row lacks are no difference.

    Rows that have but an initial of it say nothing, where another row has the same surname whole.
    key: the id of whom they are about. Raises `NoName`, and `OnlyInitial`.
    """
    spellings: list[list[Name]] = []
    said: dict[Name, str] = {}
    cut: list[OnlyInitial] = []
    for row in rows:
        try:
            name = name_of(row)
        except OnlyInitial as initial:
            cut.append(initial)
            continue
        said.setdefault(name, line(row.get("name")))
        kin = next((group for group in spellings if _same_name(group[0], name)), None)
        kin.append(name) if kin else spellings.append([name])
    for each in cut:
        if not any(alike(word, one[0].surname) for word in each.words for one in spellings):
            raise each
    spellings.sort(key=len, reverse=True)
    chosen = [_fullest(group) for group in spellings]
    doubts = []
    if len(chosen) > 1:
        doubts.append(_two_spellings(key, chosen[0], chosen[1]))
    if chosen[0].doubted or has_latin(chosen[0].full):
        doubts.append(_odd(key, chosen[0], said[spellings[0][0]]))
    return chosen[0], doubts


def _two_spellings(key: str, first: Name, second: Name) -> Doubt:
    detail = {"first": first.full, "second": second.full, "second_parts": list(second.parts)}
    return Doubt("two_spellings", f"{key}|{second.full.lower()}", first.full, key, detail)


def _odd(key: str, name: Name, said: str) -> Doubt:
    detail = {
        "split": [part or "" for part in name.parts],
        "latin": has_latin(name.full),
        "doubted": name.doubted,
        "said": said[:_LONGEST_SHOWN],
    }
    return Doubt("name", f"{key}|{name.full.lower()}", name.full, key, detail)


def _same_name(ours: Name, theirs: Name) -> bool:
    same = alike(ours.surname, theirs.surname) and alike(ours.given, theirs.given)
    fathers = (ours.patronymic or "", theirs.patronymic or "")
    return same and (not all(fathers) or alike(*fathers))


def _fullest(group: list[Name]) -> Name:
    """One row that leaves no doubt is enough."""
    fathers = [name.patronymic for name in group if name.patronymic]
    return Name(
        richer([name.surname for name in group]),
        richer([name.given for name in group]),
        richer(fathers) if fathers else None,
        group[0].doubted if all(name.doubted for name in group) else "",
    )


def _first(row: Row) -> Order | None:
    match row.get("name_order"):
        case "surname":
            return "surname"
        case "given":
            return "given"
    return None
