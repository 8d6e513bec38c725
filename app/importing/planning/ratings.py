"""On whose lists a case is: lists add to what others said, and take back only what they gave.

Where each rating came from stands in the provenance of the case, under `rating_key`.
"""

from app.importing.planning.comparing import Comparison, Subject
from app.importing.records import Answers, CaseRecord, Doubt
from app.models.importing import COORDINATOR
from app.sameness.fields import Fields
from app.sameness.ratings import given_by, rating_key
from app.sameness.values import value_key
from app.spelling import plain


def with_ratings(
    found: Comparison,
    records: list[CaseRecord],
    ours: Fields,
    source: str,
    about: Subject,
    answers: Answers,
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


def _was_taken_away(rating: str, ours: Fields) -> bool:
    return rating_key(rating) in ours["provenance"]
