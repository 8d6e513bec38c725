"""On whose lists a case is: lists add to what others said, and take back only what they gave.

Where each rating came from stands in the provenance of the case, under `rating_key`.
"""

from app.catalogue.history import COORDINATOR
from app.catalogue.importing.comparing import Comparison, Subject, value_key
from app.catalogue.importing.records import CaseRecord, Doubt, Fields
from app.searching import plain

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


def with_ratings(
    found: Comparison,
    records: list[CaseRecord],
    ours: Fields,
    source: str,
    about: Subject,
    answers: dict[tuple[str, str], str],
) -> None:
    """Add to `found` what the records of one case say of its ratings, together."""
    said = [record.fields["ratings"] for record in records if "ratings" in record.fields]
    if not said:
        return
    theirs = {plain(rating): rating for ratings in said for rating in ratings}
    before, provenance = list(ours["ratings"] or []), ours["provenance"]
    stay = [
        rating
        for rating in before
        if plain(rating) in theirs or given_by(rating, provenance) != source
    ]
    had = {plain(rating) for rating in before}
    new = [rating for key, rating in theirs.items() if key not in had]
    after = stay + new
    if after == before:
        return
    if any(_was_taken_away(rating, ours) for rating in new):
        key = value_key("ratings", after, about.key)
        answer = answers.get(("other_value", key))
        if answer is None:
            detail = {"field": "ratings", "ours": before, "theirs": after, "origin": COORDINATOR}
            found.doubts.append(
                Doubt("other_value", key, about.title, about.key, detail, about.target_id)
            )
        if answer != "theirs":
            return
    found.values["ratings"], found.before["ratings"] = after, before


def taken_away(provenance: dict[str, str], before: list[str], after: list[str]) -> dict[str, str]:
    """The provenance of a case from whose ratings one of us took some: no list adds them again."""
    keys = {rating_key(rating) for rating in before} - {rating_key(rating) for rating in after}
    return provenance | dict.fromkeys(keys, COORDINATOR)


def _was_taken_away(rating: str, ours: Fields) -> bool:
    return rating_key(rating) in ours["provenance"]
