"""What a child process does with somebody's file: nothing of it is looked at anywhere else.

Answers are plain: JSON, and the records of `records.pack`.
"""

import json
from datetime import date
from itertools import islice
from typing import Any

from app.errors import Invalid
from app.importing.records import Gathered, pack
from app.importing.sources import cells, ovdinfo, tables
from app.importing.sources.troubles import CannotRead
from app.sameness.cleaning import line
from mailing.isolation import Refused

_FIRST_ROWS = 60
_SAMPLES = 3
_LONGEST_SAMPLE = 60


def describe(header: dict[str, Any], parts: list[bytes]) -> tuple[dict[str, Any], list[bytes]]:
    """What a person is shown of a table to say which column is what.

    header: `sheet` and `head` as chosen, null where nobody chose. The answer has `sheets`, `sheet`,
    `head` and `columns`: pairs of a name and up to three values.
    """
    content = parts[0]
    try:
        sheets = cells.sheets(content)
        sheet = header["sheet"] if header["sheet"] in sheets else (sheets[0] if sheets else None)
        found = map(cells.plain, cells.rows(content, sheet))
        first = list(islice(found, _FIRST_ROWS))
        head = header["head"] or cells.head_of(first)
        named = tables.columns_of(first[head - 1] if head <= len(first) else ())
        if not named:
            raise CannotRead("no_columns")
    except CannotRead as error:
        raise Refused(error.reason) from None
    columns = [[name, _samples(first[head:], at)] for name, at in named.items()]
    return {"sheets": sheets, "sheet": sheet, "head": head, "columns": columns}, []


def gather(header: dict[str, Any], parts: list[bytes]) -> tuple[dict[str, Any], list[bytes]]:
    """Everything in the files, cleaned. header: `concerns`, `names`, `today`, `mapping`."""
    try:
        return {}, [pack(_gathered(header, parts))]
    except CannotRead as error:
        raise Refused(error.reason) from None
    except (Invalid, json.JSONDecodeError):
        raise Refused("broken") from None


def _gathered(header: dict[str, Any], parts: list[bytes]) -> Gathered:
    today = date.fromisoformat(header["today"])
    concerns, names = header["concerns"], header["names"]
    if concerns == ovdinfo.SOURCE:
        return ovdinfo.read_contents(zip(names, parts, strict=True), today)
    mapped = tables.Mapped.model_validate(header["mapping"])
    return tables.read_content(parts[0], names[0], mapped, concerns, today)


def _samples(rows: list[cells.Cells], at: int) -> list[str]:
    values = (line(row[at])[:_LONGEST_SAMPLE] for row in rows if at < len(row))
    return list(dict.fromkeys(value for value in values if value))[:_SAMPLES]


TASKS = {"describe": describe, "gather": gather}
