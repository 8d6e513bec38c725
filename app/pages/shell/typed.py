"""Typed forms as checked values, with one message a field in the reader's language."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from app.catalogue.details import Said, Typed
from app.errors import Invalid
from app.locale import N_
from app.pages.shell.forms import Form

TypedT = TypeVar("TypedT", bound=Typed)
Say = Callable[[str], str]

FILL_IN = N_("Please fill this in.")
TOO_LONG = N_("At most {longest} characters fit.")
NOT_A_DAY = N_("Write the day as year-month-day.")
NOT_A_NUMBER = N_("Write a number.")
CHOOSE = N_("Choose one of these.")
OUT_OF_RANGE = N_("This number cannot be right.")
NOT_KEPT = N_("There is a character in it that cannot be kept.")
WRONG_FORM = N_("This is not written as it must be.")

_BY_TYPE = {
    "missing": FILL_IN,
    "string_too_short": FILL_IN,
    "string_too_long": TOO_LONG,
    "string_pattern_mismatch": WRONG_FORM,
    "int_parsing": NOT_A_NUMBER,
    "literal_error": CHOOSE,
    "enum": CHOOSE,
    "bool_parsing": CHOOSE,
    "greater_than_equal": OUT_OF_RANGE,
    "less_than_equal": OUT_OF_RANGE,
}


def read_as(model: type[TypedT], form: Form, say: Say) -> TypedT:
    """The form as `model`. Raises `Invalid` with messages translated by `say`."""
    broken = {name: say(NOT_KEPT) for name, text in form.items if "\0" in text}
    if broken:
        raise Invalid(broken)
    try:
        return model.model_validate(form.values)
    except ValidationError as error:
        problems: dict[str, str] = {}
        for wrong in error.errors():
            field = str(wrong["loc"][0]) if wrong["loc"] else model.about_all
            problems.setdefault(field, _said(wrong, say))
        raise Invalid(problems) from None


def translated(error: Invalid, say: Say) -> dict[str, str]:
    """The messages of an error, field by field, in the reader's language."""
    return {field: say(problem) for field, problem in error.problems.items()}


def moment(text: str) -> datetime | None:
    """A moment with its zone, in UTC; None for anything else, and past the calendar's ends."""
    try:
        found = datetime.fromisoformat(text)
        return found.astimezone(UTC) if found.tzinfo else None
    except (ValueError, OverflowError):
        return None


def _said(wrong: ErrorDetails, say: Say) -> str:
    kind = wrong["type"]
    if kind == "value_error":
        error = wrong["ctx"]["error"]
        words = say(str(error))
        return words.format(**error.values) if isinstance(error, Said) else words
    if kind.startswith("date"):
        return say(NOT_A_DAY) if wrong["input"] else say(FILL_IN)
    words = say(_BY_TYPE.get(kind, WRONG_FORM))
    return words.format(longest=wrong.get("ctx", {}).get("max_length", ""))
