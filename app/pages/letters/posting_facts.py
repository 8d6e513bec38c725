"""When, where and for how much letters were posted: what is typed, and what stands there before."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from babel import Locale
from sqlmodel import Session
from starlette.requests import Request

from app.errors import Invalid
from app.journey.posting import PostingFacts
from app.locale import N_
from app.pages.shell.access import SignedIn
from app.pages.shell.forms import Form
from app.pages.shell.rendering import language_of
from app.queries import batches
from app.service import Service

NO_COUNTRIES = frozenset({"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"})
"""Two letters that Babel has a name for, although no post office is there."""


@dataclass(frozen=True)
class Typed:
    """What stands in the fields about posting: as typed, else as last time."""

    posted_on: str
    country: str
    cost: str
    currency: str


def facts_of(form: Form) -> PostingFacts:
    """Raises `Invalid` for a day or a cost that cannot be read."""
    problems: dict[str, str] = {}
    on, cents = date.min, 0
    try:
        on = date.fromisoformat(form.text("posted_on").strip())
    except ValueError:
        problems["posted_on"] = N_("Write the day as a date.")
    try:
        cents = _cents(form.text("cost"))
    except (InvalidOperation, ValueError):
        problems["cost"] = N_("Write what the postage of one letter cost, such as 1.10.")
    if problems:
        raise Invalid(problems)
    return PostingFacts(on, form.text("country").strip(), cents, form.text("currency"))


def _cents(typed: str) -> int:
    amount = Decimal(typed.strip().replace(",", ".") or "0")
    if not amount.is_finite() or abs(amount) > 1_000_000 or amount * 100 != int(amount * 100):
        raise ValueError(typed)
    return int(amount * 100)


def typed_or_usual(service: Service, session: Session, staff: SignedIn, form: Form) -> Typed:
    last = batches.last_posting(session, staff.staff_id)
    country = last.country if last else staff.country
    cost = f"{last.cost_cents / 100:.2f}" if last else ""
    return Typed(
        form.text("posted_on", service.today().isoformat()),
        form.text("country", country),
        form.text("cost", cost),
        form.text("currency", last.currency if last else "EUR"),
    )


def countries(request: Request) -> list[tuple[str, str]]:
    names = Locale.parse(language_of(request)).territories
    found = [
        (code, name)
        for code, name in names.items()
        if len(code) == 2 and code.isalpha() and code not in NO_COUNTRIES
    ]
    return sorted(found, key=lambda pair: pair[1])
