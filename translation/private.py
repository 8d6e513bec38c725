"""What an outside engine must not see: the given names, and what tells how to find people.

Names are found in the spellings and the cases in which letters use them ("Иванова" is also
"Ivanova", "Iwanowa", "Ивановой"). Names that nobody gave cannot be found without understanding the
text. Hiding too much costs a little quality, which a reviewer sees; hiding too little costs trust.
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

import iuliia

from translation.scripts import CYRILLIC, has_letters, script_of

Span = tuple[int, int]

_CAPITAL = "[A-ZÀ-ÖØ-ÞĄĆČĎĘĚĞĢĪĶĹĻŁŃŅŇŌŐŘŚŞŠŢŤŪŮŰŹŻŽА-ЯЁІЇЄҐЎΑ-Ω]"
_HOUSE = r"\d+\s?[a-zа-я]?(?:[/-]\d+)?\b"

# Ways to find or reach a person, as people write them. Each begins at an edge and repeats only
# within bounds, so that no text takes long.
_PATTERNS = {
    "e-mail": r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+",
    "link": r"(?:https?://|www\.|\bt\.me/)\S*[\w/]",
    "nickname": r"(?<![\w.])@\w{3,}",
    # Dates and sums match too; digits come back as they went.
    "telephone": r"(?<!\w)(?:\+\s?)?\(?\d(?:[\s().\-/\u2010-\u2013]{0,2}\d){6,}",
    # Hauptstraße 5, Lange Str. 12a, Keizersgracht 7
    "street, joined": (
        rf"\b(?:{_CAPITAL}[\w.]{{0,30}}[ -]){{0,2}}\b[\w-]{{0,30}}"
        r"(?:[Ss]tra(?:ß|ss)e|[Ss]tr\.|[Gg]asse|[Aa]llee|[Gg]racht|straat|laan|gatan|vägen|katu"
        rf"|utca|(?<=\w)(?:weg|platz|damm|ufer))\s+{_HOUSE}"
    ),
    # 221b Baker Street
    "street, English": (
        rf"\b{_HOUSE},?\s+(?:{_CAPITAL}\w+\s+){{1,3}}"
        r"(?:Street|St|Road|Rd|Avenue|Ave|Lane|Drive|Square)\b"
    ),
    # 12, rue de Rivoli
    "street, French": (
        rf"\b{_HOUSE},?\s+(?:rue|avenue|boulevard|place|chemin)\s+"
        rf"(?:[\w'’-]+\s+){{0,3}}{_CAPITAL}[\w-]+"
    ),
    # via Roma 3, ul. Długa 5/7, ул. Ленина, д. 5
    "street, named after": (
        r"(?i:\b(?:rue|via|viale|piazza|calle|avenida|plaza|rua|strada|ulica|улица|вулиця|вуліца"
        r"|проспект|переулок)|\b(?:ul|al|ул|вул|пр|просп|пер|бул)\.)\s?(?:[\w'’.-]+\s+){0,3}?"
        rf"{_CAPITAL}[\w'’-]+,?\s+(?:(?:д|дом|буд|nr|no|n)\.?\s*|№\s*)?{_HOUSE}"
    ),
    "postal code": (
        r"(?<!\w)(?:[A-Z]{1,2}-)?\d{5,6}(?!\w)|\b\d{3}\s\d{2}\b|\b\d{2}-\d{3}\b"
        r"|\b[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}\b|\b\d{4}\s?[A-Z]{2}\b"
    ),
}
_WAYS_TO_FIND = re.compile("|".join(f"(?:{pattern})" for pattern in _PATTERNS.values()))

# Words that stand beside the name in a signature and mean nobody.
_BESIDE_A_NAME = frozenset(
    {
        "Dein", "Deine", "Dear", "Ihr", "Ihre", "Euer", "Eure", "Liebe", "Lieber", "Your",
        "Yours", "Love", "With", "Best", "From", "The", "Ton", "Ta", "Votre", "Tu", "Tuo",
        "Tua", "Twój", "Twoja", "Твой", "Твоя", "Твои", "Ваш", "Ваша", "Ваши", "Твій",
    }
)  # fmt: skip
# Passports old and new, French passports, encyclopedias, libraries, geography, science.
_SCHEMAS = (
    iuliia.ICAO_DOC_9303, iuliia.MVD_310, iuliia.MVD_310_FR, iuliia.WIKIPEDIA, iuliia.ALA_LC,
    iuliia.BGN_PCGN, iuliia.GOST_779, iuliia.MOSMETRO, iuliia.TELEGRAM, iuliia.SCIENTIFIC,
)  # fmt: skip
_GERMAN = str.maketrans(
    dict(zip("абвгдезийклмнопрстуфыэ", "abwgdesijklmnoprstufye", strict=True))
    | {"ё": "jo", "ж": "sch", "х": "ch", "ц": "z", "ч": "tsch", "ш": "sch", "щ": "schtsch"}
    | {"ъ": "", "ь": "", "ю": "ju", "я": "ja"}
)
_UKRAINIAN = str.maketrans("ИиЫыЭэ", "ІіИиЕе")
_E_LIKE_YE = re.compile(r"(?<![^\W\d_])е|(?<=[аеёиоуыэюяьъ])е")
_VOWELS = "aeiouyаеёиоуыэюяйьіїє"


def find_private(text: str, names: Sequence[str]) -> list[Span]:
    """Where a text names people or tells how to find them.

    In: a text; the names, signatures, places that must not be seen, in any alphabet, each as one
    string. Out: spans in order, none overlapping.
    """
    pattern = _pattern_of(tuple(names))
    found = [match.span() for match in _WAYS_TO_FIND.finditer(text)]
    if pattern:
        found += [match.span() for match in pattern.finditer(text)]
    return merged(found)


def merged(spans: Iterable[Span]) -> list[Span]:
    """The same stretches of text in order, those that overlap as one."""
    apart: list[Span] = []
    for start, end in sorted(spans):
        if apart and start < apart[-1][1]:
            apart[-1] = (apart[-1][0], max(end, apart[-1][1]))
        else:
            apart.append((start, end))
    return apart


@lru_cache(maxsize=8)
def _pattern_of(names: tuple[str, ...]) -> re.Pattern[str] | None:
    """One pattern for all names: whole ones first, so that a full name is hidden as one."""
    whole: set[str] = set()
    parts: set[str] = set()
    for name in names:
        words = name.split()
        whole.update(each for each in _spellings(" ".join(words)) if has_letters(each))
        for word in (each.strip('.,;:!?()"«»“”„') for each in words):
            if _names_somebody(word, alone=len(words) == 1):
                parts.update(_spellings(word))
    if not whole:
        return None
    patterns = [_anywhere(each) for each in sorted(whole, key=len, reverse=True)]
    patterns += [_inflected(each) for each in sorted(parts, key=len, reverse=True)]
    return re.compile("|".join(patterns))


def _names_somebody(word: str, *, alone: bool) -> bool:
    """Whether a word of a name is to be hidden by itself: not an initial, "von" or "Deine"."""
    if not has_letters(word) or word in _BESIDE_A_NAME:
        return False
    if not _has_case(word):
        return True
    return len(word) > 1 and (alone or word[0].isupper())


def _spellings(name: str) -> list[str]:
    """A name as given, and a Cyrillic one as Ukrainian and the alphabets of Europe do."""
    if not any(script_of(character) == CYRILLIC for character in name):
        return [name]
    latin = {schema.translate(name) for schema in _SCHEMAS}
    small = name.lower()
    latin |= {small.translate(_GERMAN), _E_LIKE_YE.sub("je", small).translate(_GERMAN)}
    return [name, name.replace("ё", "е"), name.translate(_UKRAINIAN), *sorted(latin)]


def _anywhere(name: str) -> str:
    """A pattern for exactly this name in capital or small letters."""
    edge = r"\b" if _has_case(name) and name[0].isalnum() and name[-1].isalnum() else ""
    return f"{edge}(?i:{re.escape(name)}){edge}"


def _inflected(word: str) -> str:
    """A pattern for a name in its cases: Anna, Annas; Иванова, Ивановой; Павел, Павла.

    Scripts without capitals put endings and particles straight onto the word: found anywhere.
    """
    if not _has_case(word):
        return re.escape(word)
    stem = word.rstrip(_VOWELS)
    stems = [stem if len(stem) > 2 else word]
    if len(word) > 4 and word[-2] in "eoеёо":
        stems.append(word[:-2] + word[-1])
    endings = [
        rf"{re.escape(each[0].upper())}(?i:{re.escape(each[1:])})\w{{0,{min(len(each) - 1, 3)}}}"
        for each in stems
    ]
    return rf"{_anywhere(word)}|\b(?:{'|'.join(endings)})\b"


def _has_case(word: str) -> bool:
    return word != word.title() or word != word.lower()
