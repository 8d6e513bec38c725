"""Days, moments, lengths of time and numbers as the reader's language writes them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any, Literal
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from babel import Locale
from babel.dates import format_date, format_skeleton, format_time, format_timedelta, get_timezone
from babel.numbers import format_currency, format_decimal, format_percent

from app.locale import translations
from app.pages.shell import law_words
from app.pages.shell.finding_words import region_words

# Plain "en" writes dates as only one country does.
READERS = {"en": "en_GB"}

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
NEVER = 1e9  # so many of a longer unit there never are: the unit we chose is kept

Unit = Literal["minute", "hour", "day", "month", "year"]


@dataclass(frozen=True)
class Formats:
    """One language in one time zone. Datetimes without a zone are taken as UTC."""

    locale: Locale
    zone: tzinfo

    def day(self, value: date) -> str:
        """12 November 2026"""
        return format_date(self._date(value), "long", locale=self.locale)

    def short_day(self, value: date) -> str:
        """12 Nov 2026"""
        return format_date(self._date(value), "medium", locale=self.locale)

    def month(self, value: date) -> str:
        """November 2026"""
        return format_date(self._date(value), "LLLL y", locale=self.locale)

    def day_of_year(self, value: date) -> str:
        """12 November"""
        return format_skeleton("MMMMd", self._date(value), locale=self.locale)

    def moment(self, value: datetime) -> str:
        """12 Nov 2026, 14:05; only where the time of day serves somebody."""
        time = format_time(self._local(value), "HH:mm", tzinfo=self.zone, locale=self.locale)
        return f"{self.short_day(value)}, {time}"

    def machine(self, value: date) -> str:
        """2026-11-12, for the `datetime` attribute."""
        return self._date(value).isoformat()

    def duration(self, value: timedelta | float) -> str:
        """9 days; numbers are seconds. Days are counted, not rounded to weeks, up to two months."""
        length = value if isinstance(value, timedelta) else timedelta(seconds=value)
        units: tuple[tuple[timedelta, Unit], ...] = (
            (HOUR, "minute"),
            (2 * DAY, "hour"),
            (60 * DAY, "day"),
            (2 * 365 * DAY, "month"),
        )
        unit: Unit = next((unit for limit, unit in units if abs(length) < limit), "year")
        return format_timedelta(length, unit, threshold=NEVER, locale=self.locale)

    def number(self, value: float) -> str:
        """12,000"""
        return format_decimal(value, locale=self.locale)

    def percent(self, value: float) -> str:
        """Of a share between 0 and 1."""
        return format_percent(value, locale=self.locale)

    def money(self, value: float, currency: str) -> str:
        """In the currency's own unit, by its three-letter code."""
        return format_currency(value, currency, locale=self.locale)

    def language_name(self, code: str) -> str:
        """German; for codes nobody has a name for, the code."""
        name: str = self.locale.languages.get(code, code)
        return name

    def _date(self, value: date) -> date:
        return self._local(value).date() if isinstance(value, datetime) else value

    def _local(self, value: datetime) -> datetime:
        aware = value if value.tzinfo else value.replace(tzinfo=UTC)
        return aware.astimezone(self.zone)


def filters(language: str, time_zone: str) -> Mapping[str, Callable[..., str]]:
    """Template filters for one language and time zone (an IANA name).

    Raises `LookupError` for an unknown zone.
    """
    formats = Formats(Locale.parse(READERS.get(language, language)), get_timezone(time_zone))
    say = translations(language).gettext

    def region(name: str, iso: str = "") -> str:
        """A region as this language calls it."""
        return region_words(name, language, say, iso)

    def article(text: str) -> str:
        """An article of the law as this language writes it."""
        return law_words.article_words(text, language)

    def as_said(text: str) -> str:
        """A source's own words, marked where they are in the other language."""
        return law_words.as_said(text, language)

    offered = (
        formats.day,
        formats.short_day,
        formats.month,
        formats.day_of_year,
        formats.moment,
        formats.machine,
        formats.duration,
        formats.number,
        formats.percent,
        formats.money,
        region,
        article,
        as_said,
        formats.language_name,
    )
    return {offer.__name__: offer for offer in offered}


def url_with(url: str, **changes: Any) -> str:
    """`url` with query parameters set, or left out where the value is None."""
    parts = urlsplit(url)
    kept = [(key, value) for key, value in parse_qsl(parts.query) if key not in changes]
    added = [(key, str(value)) for key, value in changes.items() if value is not None]
    return urlunsplit(parts._replace(query=urlencode(kept + added)))
