"""Which of our words may stand for a word of somebody's table, in columns where not any will do."""

from collections.abc import Callable, Mapping

from app.importing.gathering import addresses, states
from app.importing.gathering.languages import languages
from app.importing.gathering.people import GENDERS
from app.importing.gathering.places import NO, STYLES, YES
from app.importing.gathering.told import is_release

_UNDERSTOOD: Mapping[str, Mapping[str, Callable[[str], bool]]] = {
    "people": {
        "state": lambda word: states.understood(word) is not None,
        "gender": lambda word: word in GENDERS,
        "languages": lambda word: not languages(word)[1],
        "release_on": is_release,
    },
    "places": {
        "kind": lambda word: addresses.kind(word, "") is not None,
        "codes_allowed": lambda word: word in YES | NO,
        "paper_style": lambda word: word in STYLES,
    },
}


def is_understood(concerns: str, column: str, word: str) -> bool:
    """Whether a cell of our column `column` that says `word` would be understood.

    concerns: people or places. In other columns everything stays as it is said.
    """
    understands = _UNDERSTOOD[concerns].get(column)
    return understands is None or understands(word.lower())
