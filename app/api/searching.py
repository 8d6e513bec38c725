"""What can be asked of the people: the name, and the filters of the public search."""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from app.finding.asking import FILTERS, LONGEST_QUERY, LONGEST_VALUE, SOON, age_groups
from app.finding.facets import LETTERS, TERMS
from app.models.places import KINDS

_AGES = tuple(age_groups(date(2000, 1, 1)))


def _one_of(values: Iterable[str], description: str) -> Any:
    known = tuple(values)
    return Field(
        pattern=f"^({'|'.join(map(re.escape, known))})?$",
        description=description,
        json_schema_extra={"enum": ["", *known]},
    )


def _text(description: str, *examples: str) -> Any:
    return Field(max_length=LONGEST_VALUE, description=description, examples=list(examples))


class Search(BaseModel):
    """Empty: not asked for. Values of the open filters are those that `facets` names."""

    model_config = ConfigDict(extra="forbid")

    q: Annotated[
        str,
        Field(
            max_length=LONGEST_QUERY,
            description="A name in either alphabet, or words of a story. Empty: everybody.",
            examples=["Озерова", "Ozerova"],
        ),
    ] = ""
    sex: Annotated[str, _one_of(("she", "he"), "Women or men.")] = ""
    age: Annotated[str, _one_of(_AGES, "Age group, in years.")] = ""
    interest: Annotated[str, _text("What they like.", "chess")] = ""
    work: Annotated[str, _text("Profession.", "librarian")] = ""
    reads: Annotated[str, _text("A language they read, ISO 639-1.", "en")] = ""
    held: Annotated[
        str,
        _text(
            "Region of the prison, ISO 3166-2. Occupied territory has Ukraine's codes.", "RU-KIR"
        ),
    ] = ""
    place: Annotated[str, _one_of(KINDS, "Kind of prison.")] = ""
    region: Annotated[str, _text("Region of the case, ISO 3166-2.", "RU-MOW", "UA-43")] = ""
    category: Annotated[str, _text("Freedom concerned.", "freedom of speech")] = ""
    article: Annotated[str, _text("Article of the criminal code.", "207.3")] = ""
    rating: Annotated[str, _text("By whom they are recognised.", "memorial")] = ""
    year: Annotated[str, _text("Year in which a case began.", "2022")] = ""
    stage: Annotated[str, _text("Stage of a case.", "sentence in force")] = ""
    sentence: Annotated[
        str,
        _one_of(
            TERMS, "Length of the longest sentence: up to so many years, over 15, or for life."
        ),
    ] = ""
    soon: Annotated[
        str,
        _one_of(
            SOON,
            "Birthday within a month; or release within three, by the day that is known, else by "
            "the length of the sentence.",
        ),
    ] = ""
    letters: Annotated[
        str,
        _one_of(LETTERS, "Who can be written to, or who cannot. Empty: both, the former first."),
    ] = ""
    page: Annotated[int, Field(ge=1, le=1_000_000)] = 1
    facets: Annotated[
        bool,
        Field(description="Tell the values of every filter too, and how many people each leaves."),
    ] = False

    def filters(self) -> Iterator[tuple[str, str]]:
        """Those that are asked for: name and value."""
        for name in FILTERS:
            yield name, getattr(self, name)
