"""On whose lists a case is: lists add to what others said, and take back only what they gave.

Where each rating came from stands in the provenance of the case, under `rating_key`.
"""

from app.models.importing import COORDINATOR
from app.spelling import plain

_OF_ONE = "ratings/"


def rating_key(rating: str) -> str:
    """The name of one rating's entry in the provenance of a case."""
    return f"{_OF_ONE}{plain(rating)}"


def given_by(rating: str, provenance: dict[str, str]) -> str | None:
    """Which source one rating came from; None where nobody knows."""
    return provenance.get(rating_key(rating)) or provenance.get("ratings")


def credited(
    provenance: dict[str, str], before: list[str], after: list[str], source: str
) -> dict[str, str]:
    """The provenance of a case whose ratings a source changed."""
    taken_back = {rating_key(rating) for rating in before} - {rating_key(each) for each in after}
    had = {plain(rating) for rating in before}
    new = {rating_key(rating): source for rating in after if plain(rating) not in had}
    first = {} if before else {"ratings": source}
    return {name: by for name, by in provenance.items() if name not in taken_back} | new | first


def taken_away(provenance: dict[str, str], before: list[str], after: list[str]) -> dict[str, str]:
    """The provenance of a case from whose ratings one of us took some: no list adds them again."""
    keys = {rating_key(rating) for rating in before} - {rating_key(rating) for rating in after}
    return provenance | dict.fromkeys(keys, COORDINATOR)
