"""Places of detention as lists write them: an address taken apart, a kind, a name to compare by.

An address is taken as it stands or not at all: what cannot be told apart is left to a coordinator.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from app.finding.regions import REGIONS, code_of
from app.sameness.cleaning import line
from app.spelling import plain

_CODE = re.compile(r"(?<!\d)[1-9]\d{5}(?!\d)")
_COUNTRY = re.compile(r"(?:россия|российская федерация|рф|russia)", re.IGNORECASE)
_REGION = re.compile(
    r"\b(?:область|обл\.?|край|республика|респ\.?|ао|автономный округ|автономная область)(?:\s|$)"
    r"|^(?:чувашия|татарстан|башкортостан|крым|якутия|днр|лнр)$",
    re.IGNORECASE,
)
_DISTRICT = re.compile(
    r"\b(?:район|р-н|городской округ|г\.\s?о\.|муниципальный округ|улус)(?:\s|$)", re.IGNORECASE
)
_SETTLEMENT = re.compile(
    r"^(?:г\.|гор\.|город\s|пос\.|пос[её]лок\s|п\.|пгт\.?\s|р\.?\s?п\.|рабочий пос|с\.|село\s|дер\."
    r"|деревня\s|д\.\s?(?!\d)|ст\.|ст-ца\s|станица\s|х\.|хутор\s|аул\s)",
    re.IGNORECASE,
)
_STREET_WORD = (
    r"ул\.?|улица|пер\.?|переулок|пр\.?|пр-т|пр-кт|просп\.?|проспект|шоссе|ш\.|наб\.?|набережная"
    r"|проезд|пл\.?|площадь|мкр\.?|микрорайон|тупик|тракт|бульвар|б-р|линия|квартал|промзона"
)
_STREET = re.compile(rf"(?:^|\s)(?:{_STREET_WORD})(?:\s|$)|^(?:ул|пер|пр|пл|мкр)\.", re.IGNORECASE)
_HOUSE = re.compile(
    r"^(?:(?:д\.?|дом|стр\.?|строение|к\.?|корп\.?|корпус|лит\.?|литер|литера|владение|вл\.?)\s*)*"
    r"\d+[\w/\-]*(?:\s?(?:стр\.?|корп?\.?|к\.?|лит\.?)\s?\w+)*$|^(?:лит\.?|литера?)\s*\w$"
    r"|^(?:стр\.?|корп\.?|корпус)\s*\w+$",
    re.IGNORECASE,
)
_PLACE_NAME = re.compile(r"\b(?:ФКУ|ФБУ|УФСИН|ГУФСИН|СИЗО|ИК|КП|ВК|ЛИУ|ПФРСИ)\b")
_CAPITALS = ("москва", "санкт-петербург", "севастополь")
_OCCUPIED_TOWNS = frozenset(
    "симферополь севастополь керчь луганск мариуполь мелитополь бердянск херсон".split()  # noqa: SIM905
)
_OF_TWO_COUNTRIES = frozenset("донецк крым запорожье донской снежное".split())  # noqa: SIM905
"""Names of settlements in Russia and in occupied Ukraine."""
_REMAND = (
    r"следственн\w+ изолятор|сизо|\bивс\b|изолятор временного|\bпфрси\b|remand|pre-?trial"
    r"|detention cent"
)
_KINDS = {
    "colony_settlement": r"колони\w*.поселени|\bкп\b|colony.settlement",
    "juvenile": r"воспитательн|\bвк\b|juvenile|educational colony",
    "hospital": r"больниц|\bлиу\b|\bоб\b|\bкб\b|госпиталь|психиатр|hospital|medical",
    "remand_prison": _REMAND,
    "strict_colony": r"строг\w+ режим|особ\w+ режим|strict|special regime",
    "penal_colony": r"исправительн\w+ колони|\bик\b|penal colony|correctional colony",
    "prison": r"тюрьм|\bст-\d|\bprison\b",
}
_KIND_OF = {kind: re.compile(pattern, re.IGNORECASE) for kind, pattern in _KINDS.items()}
_SAME_NAME = re.compile(
    r"\b(?:фку|фбу|фгу|уфсин|гуфсин|фсин|россии|федерального|казенного|учреждения|по|г)\b"
)
_NUMBER_SIGN = re.compile(r"(?<=\w)[\s\-–—№#]+(?=\d)")
_LAST_DOT = re.compile(r"(?<=\d)\.$")


@dataclass
class Address:
    """A postal address in Russian. country: "" where it may be Russia or Ukraine. remainder: what
    could not be told apart."""

    postal_code: str = ""
    region: str = ""
    district: str = ""
    settlement: str = ""
    street: str = ""
    country: str = "RU"
    remainder: str = ""

    @property
    def complete(self) -> bool:
        """Whether an envelope can bear it."""
        parts = (self.postal_code, self.settlement, self.street, self.country)
        return all(parts) and not self.remainder

    @property
    def fields(self) -> dict[str, str]:
        """As columns of a facility, the parts that were understood."""
        parts = {
            "postal_code": self.postal_code,
            "region": self.region,
            "district": self.district,
            "settlement": self.settlement,
            "street": self.street,
        }
        known = {field: part for field, part in parts.items() if part}
        return {**known, "country": self.country} if known and self.country else known


def parse(text: str) -> Address:
    """An address out of one line with commas. Nothing is guessed: see `Address.remainder`."""
    found = Address()
    whole = line(text)
    codes = list(dict.fromkeys(_CODE.findall(whole)))
    found.postal_code = codes[0] if len(codes) == 1 else ""
    remainders = codes if len(codes) > 1 else []
    for part in (_trimmed(part) for part in _CODE.sub(",", whole).split(",")):
        if part and not _take(found, part):
            remainders.append(part)
    if not found.settlement and found.region.lower().removeprefix("г. ") in _CAPITALS:
        found.settlement = found.region
    if remainders and not found.settlement and re.fullmatch(r"[А-ЯЁ][а-яё\- ]+", remainders[0]):
        found.settlement = remainders.pop(0)
    found.remainder = ", ".join(remainders)
    found.country = country_of(found.region, found.settlement)
    return found


def country_of(region: str, settlement: str) -> str:
    """ "UA" for places in occupied Ukraine, else "RU"; "" where nothing tells which of the two.

    The region decides. A settlement does only where no region is known.
    """
    known = REGIONS.get(code_of("", region))
    if known is not None or region:
        return "UA" if known is not None and known.occupied else "RU"
    words = set(plain(settlement).split())
    if words & _OF_TWO_COUNTRIES:
        return ""
    return "UA" if words & _OCCUPIED_TOWNS else "RU"


def kind(kind_words: str, name: str) -> str | None:
    """A kind of `app.models.places.KINDS` by the source's own word or the name; None if unclear."""
    for words in (name, kind_words):
        found = next((kind for kind, is_one in _KIND_OF.items() if is_one.search(words)), None)
        if found:
            return found
    return None


def name_key(name: str) -> str:
    """By which names of one place are the same: «ФКУ СИЗО №1 УФСИН России по г. Москве» is
    «сизо1 москве»."""
    plain = line(name).lower().replace("ё", "е")
    plain = _NUMBER_SIGN.sub("", plain)
    words = re.findall(r"\w+", _SAME_NAME.sub(" ", plain))
    return " ".join(words)


def _trimmed(part: str) -> str:
    return _LAST_DOT.sub("", part.strip(" ;").lstrip(". "))


def _take(found: Address, part: str) -> bool:
    """Put one part where it belongs; False when that is not clear."""
    if _COUNTRY.fullmatch(part) or _PLACE_NAME.search(part):
        return True
    for is_one, put in _READERS:
        if is_one(part):
            return put(found, part)
    return False


def _is_capital(part: str) -> bool:
    return part.lower().removeprefix("г.").removeprefix("город").strip() in _CAPITALS


def _put_capital(found: Address, part: str) -> bool:
    found.settlement = found.settlement or part
    found.region = found.region or part
    return True


def _put_house(found: Address, part: str) -> bool:
    if not found.street and not found.settlement:
        return False
    number = f"д. {part}" if part[0].isdigit() and "д." not in found.street else part
    found.street = f"{found.street}, {number}" if found.street else number
    return True


def _puts(field: str) -> Callable[[Address, str], bool]:
    def put(found: Address, part: str) -> bool:
        if getattr(found, field):
            return False
        setattr(found, field, part)
        return True

    return put


_READERS: tuple[tuple[Callable[[str], object], Callable[[Address, str], bool]], ...] = (
    (_is_capital, _put_capital),
    (_HOUSE.search, _put_house),
    (_REGION.search, _puts("region")),
    (_DISTRICT.search, _puts("district")),
    (_STREET.search, _puts("street")),
    (_SETTLEMENT.search, _puts("settlement")),
)
