"""What a fictional crowd likes, does and is tried for: a few dozen common things, and a long tail.

As people write it themselves: most things once or twice in thousands of people, some in one
language only.
"""

import math
import random
from collections.abc import Sequence

from mailing.names import transliterate

Words = tuple[str, str]
"""In English and in Russian."""

_LIKES = """
chess|шахматы, poetry|стихи, birds|птицы, bread|хлеб, maps|карты, jazz|джаз, mosses|мхи
old radio sets|старые радиоприёмники, football|футбол, knitting|вязание, astronomy|астрономия
detective stories|детективы, guitar|гитара, history|история, cats|кошки, dogs|собаки
science fiction|фантастика, cinema|кино, cooking|кулинария, languages|языки, hiking|походы
photography|фотография, mathematics|математика, board games|настольные игры, tea|чай
gardening|огород, drawing|рисование, music|музыка, running|бег, psychology|психология
philosophy|философия, fishing|рыбалка, theatre|театр, physics|физика, bicycles|велосипеды
theology|богословие, law|право, mushrooms|грибы, rock music|рок-музыка, anime|аниме
"""
_WORK = """
teacher|учитель, nurse|медсестра, programmer|программист, driver|водитель, journalist|журналист
beekeeper|пчеловод, electrician|электрик, student|студент, engineer|инженер, builder|строитель
cook|повар, lawyer|юрист, doctor|врач, pensioner|пенсионер, artist|художник, welder|сварщик
seller|продавец, musician|музыкант, farmer|фермер, librarian|библиотекарь, priest|священник
"""
_KINDS = """
books by|книги:, the songs of|песни:, the history of|история:, walks around|прогулки:
the trains of|поезда:, recipes from|рецепты:, films about|фильмы:, old letters of|письма:
the dialect of|говор:, the rivers near|реки:, the churches of|храмы:, photographs of|снимки:
"""
_TRADES = """
engineer at the works of|инженер завода, teacher at the school of|учитель школы
driver on the road to|водитель на дороге, guard at the museum of|сторож музея
deputy in the council of|депутат совета, editor of the paper of|редактор газеты
"""
_CATEGORIES = (
    *("speech", "faith", "assembly", "association", "anti-war", "other", "Freedom of conscience"),
    *("Иное", "Sabotage", "Treason", "Государственная измена", "Mobilisation", "Local protest"),
)
_ARTICLES = (
    *("207.3", "280.3", "205.2", "282.2", "318", "284.1", "205.5", "212", "275", "281"),
    *(
        f"{number}.{part}" if part else f"{number}"
        for number in range(105, 340, 8)
        for part in range(4)
    ),
)
_STAGES = (
    *("sentence in force", "before the court", "investigation", "appeal", "cassation"),
    *("compulsory treatment", "приговор вступил в силу", "sent back to the prosecutor"),
)
_RATINGS = ("Memorial", "Memorial, religious list", "Amnesty International", "PEN", "Свои")
_PARTS = (
    *("ар", "бел", "вер", "гор", "дол", "ель", "жар", "зим", "ива", "кар", "лес", "мор", "нов"),
    *("озер", "пол", "рож", "сол", "тих", "усть", "хлеб"),
)
"""Of names of places that there are not."""


def likes(chance: random.Random) -> list[Words]:
    """Two to four things somebody likes; every fourth is nearly nobody else's."""
    return _some(chance, _COMMON_LIKES, _RARE_KINDS, chance.randint(2, 4), 0.25)


def work(chance: random.Random) -> Words:
    """What somebody does for a living."""
    return _some(chance, _COMMON_WORK, _RARE_TRADES, 1, 0.3)[0]


def category(chance: random.Random) -> str:
    """The freedom concerned, as sources call it: some often, some hardly ever."""
    return chance.choices(_CATEGORIES, _falling(len(_CATEGORIES)))[0]


def articles(chance: random.Random) -> list[str]:
    """One article of the law or two, of a hundred and more."""
    drawn = chance.choices(_ARTICLES, _falling(len(_ARTICLES)), k=2)
    return [f"ст. {article}" for article in dict.fromkeys(drawn)]


def stage(chance: random.Random) -> str:
    return chance.choices(_STAGES, _falling(len(_STAGES)))[0]


def ratings(chance: random.Random) -> list[str]:
    """By whom somebody is recognised: mostly by nobody."""
    return [name for at, name in enumerate(_RATINGS) if chance.random() < 0.3 / (at + 1)]


def _some(
    chance: random.Random,
    common: Sequence[Words],
    rare: Sequence[Words],
    number: int,
    rarely: float,
) -> list[Words]:
    found = [
        _rare(chance, rare) if chance.random() < rarely else common[_rank(chance, len(common))]
        for _ in range(number)
    ]
    return list(dict.fromkeys(found))


def _rare(chance: random.Random, kinds: Sequence[Words]) -> Words:
    """One of tens of thousands of things about places hardly anybody has heard of."""
    rank = _rank(chance, len(kinds) * len(_PARTS) ** 3)
    place, kind = divmod(rank, len(kinds))
    parts = [_PARTS[place // len(_PARTS) ** at % len(_PARTS)] for at in range(3)]
    russian, (english, said) = "".join(parts).capitalize(), kinds[kind]
    return f"{english} {transliterate(russian)}", "" if rank % 7 == 0 else f"{said} {russian}"


def _rank(chance: random.Random, size: int) -> int:
    """A place in a list: each is drawn as often as one over its number says."""
    return int(math.exp(chance.random() * math.log(size + 1))) - 1


def _falling(size: int) -> list[float]:
    return [1 / (at + 1) for at in range(size)]


def _pairs(text: str) -> list[Words]:
    parts = [part.strip().partition("|") for part in text.replace("\n", ",").split(",")]
    return [(english, russian) for english, _, russian in parts if english]


_COMMON_LIKES, _COMMON_WORK = _pairs(_LIKES), _pairs(_WORK)
_RARE_KINDS, _RARE_TRADES = _pairs(_KINDS), _pairs(_TRADES)
