"""Words of somebody's table, as they are typed at the desk: «column: their word = our word»."""

from collections.abc import Mapping
from typing import Any

from app.errors import Invalid
from app.importing.sources.meanings import is_understood
from app.locale import N_
from app.pages.catalogue.importing_words import OUR_WORDS
from app.pages.shell.typed import TOO_LONG
from app.sameness.cleaning import line

Words = dict[str, dict[str, str]]
LONGEST = 20_000
_QUOTES = " \t\"'«»“”„"
_NO_COLUMN = N_(
    "Line {number}: begin it with the name of a column that is used above, and a colon. "
    "It says: {said}"
)
_NO_SIGN = N_(
    "Line {number}: after the word of the list comes =, and what is meant. It says: {said}"
)
_NOT_OURS = N_("Line {number}: «{said}» is not understood in this column. There are: {words}")


class Wrong(Invalid):
    """Something to be corrected in a form; named: what stands in it, of that `words` is ours."""

    def __init__(self, field: str, told: str, **named: str) -> None:
        super().__init__({field: told})
        self.named = named


def read_words(typed: str, columns: Mapping[str, str], concerns: str) -> Words:
    """Our column → their word → ours. columns: ours → the table's. Raises `Wrong`."""
    if len(typed) > LONGEST:
        raise Wrong("words", TOO_LONG, longest=str(LONGEST))
    found: Words = {}
    for at, said in enumerate(typed.splitlines(), 1):
        if not said.strip():
            continue
        told, number = said.strip(), str(at)
        column, rest = _parted(told, columns)
        if not column:
            raise Wrong("words", _NO_COLUMN, number=number, said=told)
        theirs, sign, ours = (part.strip(_QUOTES) for part in rest.rpartition("="))
        if not (theirs and sign and ours):
            raise Wrong("words", _NO_SIGN, number=number, said=told)
        if not is_understood(concerns, column, ours):
            words = OUR_WORDS.get(column, "")
            raise Wrong("words", _NOT_OURS, number=number, said=ours, words=words)
        found.setdefault(column, {})[theirs] = ours
    return found


def as_typed(words: Mapping[str, Mapping[str, Any]], columns: Mapping[str, str]) -> str:
    """The opposite of `read_words`."""
    return "\n".join(
        f"{columns[ours]}: {theirs} = {meant}"
        for ours, said in words.items()
        if ours in columns
        for theirs, meant in said.items()
    )


def _parted(said: str, columns: Mapping[str, str]) -> tuple[str, str]:
    """Our column and what follows its name; "" without one. Of two that fit the longer name."""
    begun = line(said).lower()
    fitting = [
        (theirs, ours)
        for ours, theirs in columns.items()
        if begun.startswith(f"{line(theirs).lower()}:")
    ]
    theirs, ours = max(fitting, key=lambda pair: len(pair[0]), default=("", ""))
    return ours, line(said)[len(line(theirs)) + 1 :] if ours else ""
