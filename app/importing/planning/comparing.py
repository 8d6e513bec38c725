"""A record against a row, field by field: what may change, and what somebody must decide.

A source changes only what came from it, and fills what nobody filled. Whatever a coordinator
edited or another source said stays, and the difference is asked about once.
"""

from dataclasses import dataclass, field
from typing import Any

from app.importing.gathering.addresses import name_key
from app.importing.records import Answers, Doubt
from app.sameness.fields import Fields
from app.sameness.naming import alike
from app.sameness.values import is_empty, value_key

NAMES = frozenset({"surname", "given_name", "patronymic"})
NEVER_EMPTIED = NAMES | {
    "gender",
    "birth_year",
    "latin_name",
    "status",
    "name_ru",
    "kind",
    "country",
    "street",
    "settlement",
    "postal_code",
    "region",
    "district",
}
"""What a source leaves out it did not take back: lists lose patronymics by mistake."""
_LONGEST_SHOWN = 300
_SHOWN_BEFORE = 60


@dataclass
class Comparison:
    """values: what to set, with what it was before; doubts: what needs an answer."""

    values: Fields = field(default_factory=dict)
    before: Fields = field(default_factory=dict)
    doubts: list[Doubt] = field(default_factory=list)

    def add(self, other: "Comparison") -> None:
        """The same row against another record, as far as that one spoke."""
        self.values |= other.values
        self.before |= other.before
        self.doubts += other.doubts


@dataclass(frozen=True)
class Subject:
    """Whom a comparison is about: in doubts."""

    key: str
    title: str
    target_id: str


def compare(
    theirs: Fields,
    ours: Fields,
    source: str,
    about: Subject,
    answers: Answers,
) -> Comparison:
    """`theirs` as far as they may replace `ours`, a row with its provenance."""
    found = Comparison()
    for name, value in theirs.items():
        if same(name, ours[name], value):
            continue
        origin = _origin(name, ours)
        if is_empty(value):
            may = origin == source and name not in NEVER_EMPTIED
        elif origin == source or (origin is None and is_empty(ours[name])):
            may = not is_refused(name, value, about.key, answers)
        else:
            may = _decided(found, name, value, ours, origin, about, answers)
        if may:
            found.values[name] = value
            found.before[name] = ours[name]
    return found


def same(name: str, ours: Any, theirs: Any) -> bool:
    """Whether nothing is to be learnt: equal, both empty, a name that merely lacks its ё."""
    if is_empty(ours) and is_empty(theirs):
        return True
    if name == "name_ru" and ours and theirs:
        return name_key(ours) == name_key(theirs)  # quotes and dashes are no news to an envelope
    if name == "languages_read" and ours and theirs:
        return set(ours.split(",")) == set(theirs.split(","))
    if name in NAMES and ours and theirs and alike(ours, theirs):
        return str(theirs).lower().count("ё") <= str(ours).lower().count("ё")
    return bool(ours == theirs)


def shown(value: Any) -> Any:
    """A value as a report shows it: long texts by their beginning."""
    if isinstance(value, str) and len(value) > _LONGEST_SHOWN:
        return value[:_LONGEST_SHOWN].rstrip() + "…"
    return value


def _where_they_part(ours: Any, theirs: Any) -> tuple[Any, Any]:
    """Both as a report shows them; long texts that begin alike from shortly before they differ."""
    if isinstance(ours, str) and isinstance(theirs, str):
        pairs = enumerate(zip(ours, theirs, strict=False))
        start = next((at for at, (a, b) in pairs if a != b), 0) - _SHOWN_BEFORE
        if start > _LONGEST_SHOWN - 2 * _SHOWN_BEFORE:
            return shown(f"…{ours[start:]}"), shown(f"…{theirs[start:]}")
    return shown(ours), shown(theirs)


def is_refused(name: str, value: Any, of: str, answers: Answers) -> bool:
    """Whether a coordinator looked at this very value and kept ours."""
    return answers.get(("other_value", value_key(name, value, of))) == "ours"


def _origin(name: str, ours: Fields) -> str | None:
    origins = ours["provenance"]
    if name == "birth_year" and ours.get("birthday"):
        name = "birthday"  # the year follows from the day
    origin: str | None = origins.get(name)
    return origin


def _decided(
    found: Comparison,
    name: str,
    value: Any,
    ours: Fields,
    origin: str | None,
    about: Subject,
    answers: Answers,
) -> bool:
    """Whether a coordinator took theirs; asks when nobody answered."""
    key = value_key(name, value, about.key)
    answer = answers.get(("other_value", key))
    if answer is None:
        first, second = _where_they_part(ours[name], value)
        detail = {"field": name, "ours": first, "theirs": second, "origin": origin or ""}
        found.doubts.append(
            Doubt("other_value", key, about.title, about.key, detail, about.target_id)
        )
    return answer == "theirs"
