"""What the fields and values of the public search are called."""

from collections.abc import Callable, Iterable

from babel import Locale

from app.finding.phrases import meant
from app.finding.regions import REGIONS, code_of
from app.finding.rows import Words
from app.locale import N_
from app.queries.places import PlaceChoice
from app.spelling import plain
from mailing.names import transliterate

FIELDS = {
    "letters": N_("Letters"),
    "soon": N_("Soon"),
    "sex": N_("She or he"),
    "age": N_("Age"),
    "interest": N_("Likes"),
    "work": N_("Work"),
    "reads": N_("Reads in"),
    "held": N_("Region of the prison"),
    "place": N_("Kind of prison"),
    "region": N_("Region of the case"),
    "category": N_("Freedom concerned"),
    "article": N_("Article of the law"),
    "rating": N_("Recognised by"),
    "year": N_("Year the case began"),
    "stage": N_("Stage of the case"),
    "sentence": N_("Sentence"),
}
"""In the order shown."""

KINDS = {
    "remand_prison": N_("remand prison"),
    "penal_colony": N_("penal colony"),
    "strict_colony": N_("strict-regime penal colony"),
    "prison": N_("prison"),
    "colony_settlement": N_("colony settlement"),
    "hospital": N_("prison hospital"),
    "juvenile": N_("colony for young people"),
}


_VALUES: dict[str, dict[str, str]] = {
    "soon": {
        "birthday": N_("birthday within a month"),
        "release": N_("release within three months"),
    },
    "letters": {"now": N_("can be written to"), "none": N_("cannot be written to")},
    "sex": {"she": N_("women"), "he": N_("men")},
    "place": KINDS,
    "category": {
        "speech": N_("freedom of speech"),
        "faith": N_("freedom of religion"),
        "conscience": N_("freedom of conscience"),
        "assembly": N_("freedom of assembly"),
        "association": N_("freedom of association"),
        "anti war": N_("against the war"),
        "other": N_("other"),
    },
    "rating": {"memorial": N_("Memorial, as a political prisoner")},
    "stage": {
        "sentenced": N_("sentence in force"),
        "in court": N_("before the court"),
        "investigation": N_("under investigation"),
        "appeal": N_("on appeal"),
        "closed": N_("case closed"),
    },
    "sentence": {
        "to_3": N_("up to 3 years"),
        "to_5": N_("over 3, up to 5 years"),
        "to_7": N_("over 5, up to 7 years"),
        "to_10": N_("over 7, up to 10 years"),
        "to_15": N_("over 10, up to 15 years"),
        "over_15": N_("over 15 years"),
        "life": N_("for life"),
    },
    "age": {"0-24": N_("under 25"), "65-199": N_("65 and older")},
}
_ARTICLE = N_("article %(number)s")


def called(field: str, value: str, words: Words, language: str, say: Callable[[str], str]) -> str:
    """What a value is called in `language`; `words` is what the catalogue calls it."""
    known = _VALUES.get(field, {}).get(meant(field, value))
    if known is not None:
        return say(known)
    if field in {"region", "held"} and value in REGIONS:
        return region_called(value, language, say)
    if field == "article":
        return say(_ARTICLE) % {"number": value}
    if field == "age":
        return value.replace("-", "–")
    if field == "reads":
        return str(Locale.parse(language).languages.get(value, value))
    if isinstance(words, list):
        return words[1] if language == "ru" else words[0]
    return words


def value_called(field: str, value: str, language: str, say: Callable[[str], str]) -> str:
    """What a source's words for a case's category or stage are called in `language`."""
    return called(field, plain(value), value, language, say) if value else ""


def region_words(name: str, language: str, say: Callable[[str], str], iso: str = "") -> str:
    """A region as a source or an address writes it, in `language`; read aloud where unknown."""
    code = code_of(iso, name)
    if code:
        return region_called(code, language, say)
    return name if language == "ru" else transliterate(name)


def place_options(
    places: Iterable[PlaceChoice], language: str, say: Callable[[str], str]
) -> list[tuple[str, str]]:
    """Places of detention to choose from, by region as `language` calls it."""
    options = [
        (
            place.id,
            f"{region_words(place.region, language, say)} · {place.name}".removeprefix(" · "),
        )
        for place in places
    ]
    return sorted(options, key=lambda option: option[1])


def region_called(code: str, language: str, say: Callable[[str], str]) -> str:
    """A region by its code, and what it is where it is occupied."""
    region = REGIONS[code]
    name = region.ru if language == "ru" else region.en
    if not region.occupied:
        return name
    return say(N_("%(region)s (Ukraine, occupied by Russia)")) % {"region": name}
