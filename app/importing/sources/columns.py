"""What our columns are called in other people's tables: a guess that a coordinator corrects."""

from collections.abc import Iterable, Mapping
from typing import Any

from app.importing.gathering.names import Order
from app.spelling import plain

_CALLED: Mapping[str, tuple[str, ...]] = {
    # Not «№»: the number of a row is another person's after the list was sorted anew.
    "person": ("id", "person id", "код"),
    "name": (
        *("фио", "ф и о", "иоф", "и о ф", "name", "full name", "name ru"),
        *("кто", "заключенный", "человек"),
    ),
    "surname": ("фамилия", "surname", "last name", "family name"),
    "given_name": ("имя", "given name", "first name"),
    "patronymic": ("отчество", "patronymic", "middle name"),
    "latin": ("латиницей", "имя латиницей", "latin", "latin name", "name en", "name latin"),
    "gender": ("пол", "gender", "sex"),
    "birth": ("дата рождения", "день рождения", "родился", "д р", "birthday", "date of birth"),
    "birth_year": ("год рождения", "г р", "birth year", "year of birth"),
    "state": ("статус", "где сейчас", "положение", "status", "state", "мера пресечения"),
    "place": (
        *("место содержания", "учреждение", "место лишения свободы", "колония", "сизо"),
        *("место заключения", "place", "facility", "prison", "where"),
    ),
    "release_on": (
        *("дата освобождения", "день освобождения", "освобождение", "конец срока"),
        *("дата окончания срока", "release date", "date of release", "release on", "release"),
    ),
    "languages": ("языки", "язык", "читает на", "языки чтения", "languages", "languages read"),
    "origin_ru": ("откуда", "место жительства", "город", "from"),
    "profession_ru": ("профессия", "работа", "род занятий", "кем работал"),
    "profession_en": ("profession", "occupation", "work"),
    "interests_ru": ("интересы", "увлечения", "хобби", "любит"),
    "interests_en": ("interests", "hobbies", "likes"),
    "story_ru": ("о человеке", "история", "биография", "описание", "справка", "рассказ"),
    "story_en": ("story", "about", "description", "biography"),
    "case_name": ("дело", "название дела", "case", "case name", "суть дела"),
    "category": ("категория", "category"),
    "articles": ("статьи", "статья", "статьи ук", "статья ук", "обвинение", "articles", "article"),
    "region": ("регион", "область", "субъект", "region"),
    "started": ("дата возбуждения", "начало преследования", "дата ареста", "started"),
    "started_year": ("год возбуждения", "год начала", "год дела"),
    "stage": ("стадия", "этап дела", "stage"),
    "verdict": ("приговор", "verdict", "решение суда"),
    "term": ("срок", "срок заключения", "наказание", "term", "sentence"),
    "verdict_on": ("дата приговора", "verdict date"),
}
_OF_PLACES: Mapping[str, tuple[str, ...]] = {
    "name": ("название", "наименование", "учреждение", "место", "name", "facility", "place"),
    "name_en": ("name en", "english name", "по английски", "латиницей"),
    "kind": ("вид", "тип", "kind", "type", "режим"),
    "address": ("адрес", "почтовый адрес", "address", "postal address"),
    "street": ("улица", "улица дом", "street"),
    "settlement": ("город", "населенный пункт", "поселок", "town", "city", "settlement"),
    "district": ("район", "district"),
    "region": ("область", "регион", "край", "субъект", "region"),
    "postal_code": ("индекс", "почтовый индекс", "postcode", "postal code", "zip"),
    "country": ("страна", "country"),
    "notes": ("примечание", "примечания", "notes", "комментарий"),
    "codes_allowed": ("коды", "qr", "qr коды", "codes", "codes allowed"),
    "paper_style": ("бумага", "лист для ответа", "бланк ответа", "paper", "paper style"),
    "place": ("id", "код"),
}


_GIVEN, _SURNAME = frozenset(("имя", "given", "first", "name")), frozenset(("фамилия", "surname"))
_OF_NAMES = _GIVEN | _SURNAME | {"отчество", "и", "and", "patronymic", "middle", "last"}
_SHORT: Mapping[str, Order] = {
    "фио": "surname",
    "ф и о": "surname",
    "иоф": "given",
    "и о ф": "given",
}


def first_of(head: str) -> Order | None:
    """What the head of a column of whole names says to come first, such as «Имя и фамилия»."""
    bare = plain(head).replace("last name", "surname").replace("family name", "surname")
    words = bare.split()
    given = [at for at, word in enumerate(words) if word in _GIVEN]
    surname = [at for at, word in enumerate(words) if word in _SURNAME]
    if given and surname and set(words) <= _OF_NAMES:
        return "given" if given < surname else "surname"
    return _SHORT.get(bare)


def same_table(names: Iterable[str], known: Mapping[str, Mapping[str, Any]]) -> str:
    """The list that was understood by these very columns before; "" when there is none.

    known: short name of a list → how its table was understood, as `tables.Mapped` keeps it.
    """
    there = set(names)
    return next(
        (name for name, said in known.items() if there.issuperset(said["columns"].values())), ""
    )


def guessed(
    names: Iterable[str], concerns: str, earlier: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Which of our columns each name means, as name → ours; "" where nobody can tell.

    earlier: what was decided for another table, ours → its name; that comes first.
    """
    said = {plain(theirs): ours for ours, theirs in (earlier or {}).items()}
    known = {
        called: ours
        for ours, names_of_it in (_CALLED if concerns == "people" else _OF_PLACES).items()
        for called in names_of_it
    }
    found: dict[str, str] = {}
    for name in names:
        bare = plain(name)
        meant = said.get(bare) or known.get(bare, "")
        if not meant and concerns == "people" and first_of(name):
            meant = "name"
        found[name] = "" if meant in found.values() else meant
    return found
