"""What is compared of a person, a place and a case: columns of the tables, as plain values."""

from datetime import date
from typing import Any

Fields = dict[str, Any]

PERSON_FIELDS = (
    "surname",
    "given_name",
    "patronymic",
    "latin_name",
    "gender",
    "birth_year",
    "birthday",
    "origin_en",
    "origin_ru",
    "profession_en",
    "profession_ru",
    "story_en",
    "story_ru",
    "interests_en",
    "interests_ru",
    "bar",
    "release_on",
    "languages_read",
    "status",
)
PLACE_FIELDS = (
    "name_ru",
    "name_en",
    "kind",
    "street",
    "settlement",
    "district",
    "region",
    "postal_code",
    "country",
    "notes",
    "codes_allowed",
    "paper_style",
)
CASE_FIELDS = (
    "articles",
    "category",
    "case_name",
    "case_group",
    "region",
    "region_iso",
    "city",
    "started_on",
    "started_year",
    "ended_year",
    "stage",
    "restraint",
    "verdict",
    "sentence_months",
    "sentence_life",
    "first_verdict_on",
    "ratings",
    "occupation",
)


def plain(value: Any) -> Any:
    """A column's value as records have it: days as ISO strings."""
    return value.isoformat() if isinstance(value, date) else value
