"""What happens to clean values on their way into somebody's list; what is meant stays the same."""

import json
import random
from collections.abc import Callable
from datetime import date
from typing import Any

_LOOKALIKES = str.maketrans("аеосрух", "aeocpyx")
_MONTHS = (
    *("января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа"),
    *("сентября", "октября", "ноября", "декабря"),
)
TEN_THOUSAND = ("10,000", "10 000", "10\u00a0000", "10\u202f000", "10.000")
"""A number with its thousands apart, in the ways people write it."""
_QUOTES = [("«", "»"), ('"', '"'), ("“", "”"), ("„", "“")]

Spelling = tuple[str, str, str, int]
ONE_PERSON: list[tuple[Spelling, Spelling]] = [
    # a slip in the given name
    (("Шаржевский", "Александр", "Игоревич", 1971), ("Шаржевский", "Алексндр", "Игоревич", 1971)),
    (("Жихарцева", "Екатерина", "Львовна", 1988), ("Жихарцева", "Екатреина", "Львовна", 1988)),
    # forms of one name
    (("Щербацевич", "Наталья", "Егоровна", 1969), ("Щербацевич", "Наталия", "Егоровна", 1969)),
    (("Хрущанов", "Артём", "Борисович", 1990), ("Хрущанов", "Артемий", "Борисович", 1990)),
    (("Чижацкий", "Даниил", "Андреевич", 2001), ("Чижацкий", "Данила", "Андреевич", 2001)),
    (("Юхацкая", "София", "Денисовна", 1999), ("Юхацкая", "Софья", "Денисовна", 1999)),
    (("Шоцкий", "Олександр", "Егорович", 1983), ("Шоцкий", "Александр", "Егорович", 1983)),
    # surname and given name have changed places
    (("Ермолай", "Вольфрам", "Егорович", 1977), ("Вольфрам", "Ермолай", "Егорович", 1977)),
    (("Мартин", "Эдуард", "Львович", 1965), ("Эдуард", "Мартин", "Львович", 1965)),
    # a year between them
    (("Жвачкина", "Вера", "Игоревна", 1954), ("Жвачкина", "Вера", "Игоревна", 1955)),
    (("Шушарин", "Глеб", "Львович", 1981), ("Шушарин", "Глеб", "Львович", 1980)),
]
"""One person as two papers have them: surname, given name, patronymic, year of birth."""
TWO_PEOPLE: list[tuple[Spelling, Spelling]] = [
    (("Чехацкая", "Мария", "Львовна", 1980), ("Чехацкая", "Марина", "Львовна", 1980)),
    (("Шмяхенко", "Анна", "Львовна", 1980), ("Шмяхенко", "Яна", "Львовна", 1980)),
    (("Щучацкая", "Елена", "Львовна", 1980), ("Щучацкая", "Алёна", "Львовна", 1980)),
    (("Жохов", "Данила", "Львович", 1980), ("Жохов", "Данил", "Андреевич", 1980)),
    (("Цежов", "Александр", "Львович", 1980), ("Цежов", "Алексндр", "Львович", 1981)),
    (("Хежов", "Сергей", "Львович", 1980), ("Хежов", "Сергей", "Львович", 1982)),
    (("Эмиль", "Давид", "Львович", 1980), ("Давид", "Эмиль", "Денисович", 1980)),
]
"""As much alike, and not asked about."""
ODDLY_PUT: list[tuple[str, tuple[str, str, str | None], bool]] = [
    ("Анна Жмыховская", ("Жмыховская", "Анна", None), False),
    ("ОЛЕГ ЖИЖЕВ", ("Жижев", "Олег", None), False),
    ("Гошгаров Али Вагиф оглы", ("Гошгаров", "Али", "Вагиф оглы"), False),
    ("Эмин Рашид оглы Жежеров", ("Жежеров", "Эмин", "Рашид оглы"), False),
    ("Роман Шмухович", ("Шмухович", "Роман", None), True),
    ("Герман Ислам", ("Герман", "Ислам", None), True),
    ("Шухов Олег А.", ("Шухов", "Олег", None), True),
]
"""Names in another order than usual, their parts, and whether somebody is asked about them."""
INITIALS = ("О.А. Жевчук", "Жевчук О. А.")
"""Nobody can be addressed so."""


def name(chance: random.Random, text: str) -> str:
    """A name with foreign letters, odd spaces and line breaks, and without its ё."""
    dirts: list[Callable[[str], str]] = [
        lambda text: text,
        lambda text: text,
        lambda text: text,
        lambda text: text[:2] + text[2:].translate(_LOOKALIKES),
        lambda text: text.replace(" ", "\u00a0"),
        lambda text: text.replace(" ", "\r\n", 1),
        lambda text: f"  {text.replace(' ', '  ')} ",
        lambda text: text.upper(),
        lambda text: text.replace("ё", "е").replace("Ё", "Е"),
        lambda text: text[:1] + "\u00ad" + text[1:],
    ]
    return chance.choice(dirts)(text)


def place(chance: random.Random, text: str) -> str:
    """The name of a place with its number and quotes written in somebody's own way."""
    opening, closing = chance.choice(_QUOTES)
    words = text.split(" ", 2)
    number = words[1]
    ways = [
        text,
        text.replace("-", " № ", 1),
        text.replace("-", "–", 1),
        f"{words[0]} {opening}{number}{closing} {words[2]}",
        text.replace(" ", "\u00a0", 1),
        text.replace("ФКУ ", "", 1),
        text.replace(" УФСИН", "\n УФСИН"),
    ]
    return chance.choice(ways)


def as_list(chance: random.Random, items: list[str]) -> Any:
    """A list as a list, or as a string that was one."""
    return chance.choice(
        [items, items, items, json.dumps(items, ensure_ascii=False), repr(items), "; ".join(items)]
    )


def articles(chance: random.Random, items: list[str]) -> Any:
    """Articles in any of these ways, or in those that only articles are parted in."""
    ways = ", ".join(items), "\n".join(items), f"{{{','.join(map(json.dumps, items))}}}"
    return as_list(chance, items) if chance.random() < 0.7 else chance.choice(ways)


def as_text(chance: random.Random, text: str) -> Any:
    """A text, or a list that holds it."""
    return chance.choice([text, text, text, [text], f"{text}\u00a0"])


def number(chance: random.Random, value: int | None) -> Any:
    """A whole number in the ways tables write one; nothing in as many."""
    if value is None:
        return chance.choice([None, "", "NaN"])
    return chance.choice([value, value, str(value), float(value), f"{value}.0"])


def days(value: date) -> list[str]:
    """Every way to write a day that lists have."""
    month = _MONTHS[value.month - 1]
    return [
        *(value.isoformat(), f"{value.isoformat()}T00:00:00.000Z"),
        *(f"{value:%d.%m.%Y}", f"{value:%d.%m.%y}", f"{value:%d/%m/%Y}", f"{value:%d-%m-%Y}"),
        *(f"{value.day} {month} {value.year}", f"{value.day}\u00a0{month}\r\n{value.year} г."),
        f"{value.day} {month[:3]}. {value:%y}",
    ]


def day(chance: random.Random, value: date | None) -> Any:
    """A day in one of these ways, most often as the source itself writes it."""
    if value is None:
        return chance.choice([None, "", "—"])
    ways = days(value)
    return chance.choice([ways[0]] * 6 + ways)


def term(chance: random.Random, months: int | None) -> Any:
    """A term as a number or in words."""
    if months is None or chance.random() < 0.7:
        return number(chance, months)
    years, rest = divmod(months, 12)
    return chance.choice(
        [f"{months} months", f"{months}\u00a0мес.", f"{years} лет {rest} месяцев", [str(months)]]
    )
