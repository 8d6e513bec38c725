"""Who is meant by what somebody wrote of a person, in whatever spelling: to hide, not to show.

Whoever the public search would find for it is found here too: misspelt, declined, in either
alphabet, by a short form of the given name. Somebody who is not shown is known by the exact name.
"""

import re
from collections.abc import Iterable

from sqlmodel import Session, col, select

from app import merged
from app.finding.answering import named
from app.finding.names import LEAST, likeness, name_words
from app.models import PersonIndex, Prisoner
from app.searching import is_shown, name_matches
from app.spelling import folded, plain
from mailing.names import transliterate

MOST = 3
"""So many people who may be meant are taken together; of more, a person finds who is meant."""

_LOOKED_AT = 200
_NEARLY = 0.15
_SURELY = 0.75
"""A word that is less like a surname does not say whose page is meant."""
_SAME_SOUND = 0.95

_PAGE = re.compile(r"/people/([^/?#\s]+)")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_OF_BIRTH = frozenset(
    "г р гр год года году рождения рожд род родился родилась лет born year of birth".split()  # noqa: SIM905
)
_SHORT_FORMS = """
    Саша Александр|Саша Александра|Шура Александр|Шура Александра|Лёша Алексей|Лёха Алексей
    |Коля Николай|Ваня Иван|Женя Евгений|Женя Евгения|Настя Анастасия|Катя Екатерина
    |Лиза Елизавета|Митя Дмитрий|Тоня Антонина|Лена Елена|Нюра Анна|Слава Вячеслав|Слава Ярослав
    |Слава Мстислав|Толя Анатолий|Гоша Георгий|Жора Георгий|Тёма Артём|Лера Валерия|Рита Маргарита
    |Сева Всеволод|Фима Ефим|Ксюша Оксана|Лёля Ольга
"""
_SHORT = frozenset(
    (folded(short)[:-1], folded(full))
    for short, full in (pair.split() for pair in _SHORT_FORMS.split("|"))
)
"""Short forms that begin unlike the name, without the letter that is declined."""


def those_meant(session: Session, about: str) -> list[Prisoner]:
    """By the address of a page, else by the name: `MOST` people at most, or nobody if unclear.

    about: as somebody typed it. A birth year in it tells people of one name apart.
    """
    page = _PAGE.search(about)
    slug = page[1] if page else about.rstrip("/").rpartition("/")[2]
    by_slug = session.exec(select(Prisoner).where(merged.answers_to(slug.lower()))).all()
    words = _name_in(about)
    if by_slug or len(words) < 2:
        return list(by_slug)
    exact = _born(about, _of_this_name(session, words))
    shown = [person for person in exact if person.is_public]
    if not shown:
        known = {person.id for person in exact}
        alike = _alike(session, about, words, _SAME_SOUND * len(words) if exact else 0.0)
        shown = [person for person in alike if person.id not in known]
    return _few([*shown, *(person for person in exact if person not in shown)]) or _few(shown)


def _name_in(about: str) -> list[str]:
    words = plain(about).split()
    if any(word.isdigit() for word in words):
        words = [word for word in words if word not in _OF_BIRTH]
    return [word for word in words if not any(sign.isdigit() for sign in word)]


def _of_this_name(session: Session, words: list[str]) -> list[Prisoner]:
    found = select(Prisoner).where(name_matches(" ".join(words)))
    return list(session.exec(found.order_by(is_shown().desc()).limit(_LOOKED_AT)).all())


def _alike(session: Session, about: str, words: list[str], least: float) -> list[Prisoner]:
    """Who is shown and answers to the words best, with a surname and a given name among them."""
    scores = named(session, " ".join(words)) or {}
    best = max(scores.values(), default=0.0)
    near = [number for number, how in scores.items() if how >= max(best - _NEARLY, least)]
    if not near or len(near) > _LOOKED_AT:
        return []
    people = session.exec(
        select(Prisoner)
        .join(PersonIndex, col(PersonIndex.prisoner_id) == Prisoner.id)
        .where(col(PersonIndex.number).in_(near), is_shown())
    )
    return _born(about, [person for person in people if _is_called(person, words)])


def _is_called(person: Prisoner, words: list[str]) -> bool:
    latin = folded(person.latin_name).split()
    surnames = name_words(person.surname, "", None, "") | set(latin[-1:])
    given = name_words("", person.given_name, person.patronymic, "") | set(latin[:1])
    likely = [word for word in words if _like(word, surnames) >= _SURELY]
    return any(_may_be(other, given) for word in likely for other in words if other != word)


def _like(word: str, names: Iterable[str]) -> float:
    ways = {folded(word), plain(transliterate(word))}
    return max((likeness(way, name) for way in ways for name in names), default=0.0)


def _may_be(word: str, given: Iterable[str]) -> bool:
    """Whether this may be what somebody with these names is called: «Володя» is Владимир."""
    sound = folded(word)
    return any(
        sound[:1] == name[:1] or (sound[:-1], name) in _SHORT or _like(word, [name]) >= LEAST
        for name in given
    )


def _born(about: str, people: list[Prisoner]) -> list[Prisoner]:
    """Of several people those born in a year that is named, if there are such."""
    years = {int(year) for year in _YEAR.findall(about)}
    return [person for person in people if person.birth_year in years] or people


def _few(people: list[Prisoner]) -> list[Prisoner]:
    return people if len(people) <= MOST else []
