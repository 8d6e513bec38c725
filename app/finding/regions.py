"""The regions that cases and places of detention are in, and where each stands on the tile map.

Codes are those of ISO 3166-2. Territory of Ukraine that Russia occupies has Ukraine's codes and is
named so, whatever a source calls it. The map has one tile of the same size for each region, about
where it lies: columns from the west, rows from the north.
"""

import re
from dataclasses import dataclass
from functools import cache

from app.spelling import plain


@dataclass(frozen=True)
class Region:
    """One tile. occupied: territory of Ukraine under Russian occupation."""

    code: str
    column: int
    row: int
    en: str
    ru: str
    short_ru: str

    @property
    def occupied(self) -> bool:
        return self.code.startswith("UA-")

    @property
    def short_en(self) -> str:
        """The letters on the tile; `short_ru` are those for Russian readers."""
        return _SHORT.get(self.code, self.code.partition("-")[2])


_SHORT = {
    "UA-09": "LUH",
    "UA-14": "DON",
    "UA-23": "ZAP",
    "UA-65": "KHE",
    "UA-43": "CRI",
    "UA-40": "SEV",
}
_RUSSIAN_CODES = {
    "RU-CR": "UA-43",
    "RU-KRY": "UA-43",
    "RU-SEV": "UA-40",
    "RU-DON": "UA-14",
    "RU-DPR": "UA-14",
    "RU-LUG": "UA-09",
    "RU-LPR": "UA-09",
    "RU-ZAP": "UA-23",
    "RU-ZP": "UA-23",
    "RU-KHE": "UA-65",
    "RU-KHR": "UA-65",
}
"""What sources write for occupied places."""

_TABLE = """
RU-MUR 5 0|Murmansk Region|Мурманская область|МУР
RU-CHU 17 0|Chukotka|Чукотский автономный округ|ЧУК
RU-KR 5 1|Karelia|Республика Карелия|КАР
RU-ARK 6 1|Arkhangelsk Region|Архангельская область|АРХ
RU-NEN 7 1|Nenets District|Ненецкий автономный округ|НЕН
RU-YAN 10 1|Yamal-Nenets District|Ямало-Ненецкий автономный округ|ЯНА
RU-SA 15 1|Yakutia|Республика Саха (Якутия)|ЯКУ
RU-MAG 16 1|Magadan Region|Магаданская область|МАГ
RU-KAM 17 1|Kamchatka|Камчатский край|КАМ
RU-SPE 4 2|Saint Petersburg|Санкт-Петербург|СПБ
RU-LEN 5 2|Leningrad Region|Ленинградская область|ЛЕН
RU-VLG 6 2|Vologda Region|Вологодская область|ВОЛ
RU-KO 7 2|Komi|Республика Коми|КОМ
RU-KHM 10 2|Khanty-Mansi District|Ханты-Мансийский автономный округ|ХМА
RU-TOM 12 2|Tomsk Region|Томская область|ТОМ
RU-KYA 13 2|Krasnoyarsk Territory|Красноярский край|КРН
RU-IRK 14 2|Irkutsk Region|Иркутская область|ИРК
RU-AMU 15 2|Amur Region|Амурская область|АМУ
RU-KHA 16 2|Khabarovsk Territory|Хабаровский край|ХАБ
RU-SAK 17 2|Sakhalin Region|Сахалинская область|САХ
RU-KGD 0 3|Kaliningrad Region|Калининградская область|КЛГ
RU-PSK 2 3|Pskov Region|Псковская область|ПСК
RU-NGR 3 3|Novgorod Region|Новгородская область|НВГ
RU-TVE 4 3|Tver Region|Тверская область|ТВЕ
RU-YAR 5 3|Yaroslavl Region|Ярославская область|ЯРО
RU-KOS 6 3|Kostroma Region|Костромская область|КОС
RU-KIR 7 3|Kirov Region|Кировская область|КИР
RU-PER 8 3|Perm Territory|Пермский край|ПЕР
RU-SVE 9 3|Sverdlovsk Region|Свердловская область|СВЕ
RU-TYU 10 3|Tyumen Region|Тюменская область|ТЮМ
RU-OMS 11 3|Omsk Region|Омская область|ОМС
RU-NVS 12 3|Novosibirsk Region|Новосибирская область|НСБ
RU-KEM 13 3|Kemerovo Region|Кемеровская область|КЕМ
RU-BU 14 3|Buryatia|Республика Бурятия|БУР
RU-ZAB 15 3|Zabaykalsky Territory|Забайкальский край|ЗАБ
RU-YEV 16 3|Jewish Autonomous Region|Еврейская автономная область|ЕВР
RU-SMO 3 4|Smolensk Region|Смоленская область|СМО
RU-MOS 4 4|Moscow Region|Московская область|МОБ
RU-VLA 5 4|Vladimir Region|Владимирская область|ВЛА
RU-IVA 6 4|Ivanovo Region|Ивановская область|ИВА
RU-ME 7 4|Mari El|Республика Марий Эл|МАР
RU-UD 8 4|Udmurtia|Удмуртская Республика|УДМ
RU-CHE 9 4|Chelyabinsk Region|Челябинская область|ЧЕЛ
RU-KGN 10 4|Kurgan Region|Курганская область|КГН
RU-ALT 12 4|Altai Territory|Алтайский край|АЛК
RU-KK 13 4|Khakassia|Республика Хакасия|ХАК
RU-TY 14 4|Tuva|Республика Тыва|ТЫВ
RU-PRI 16 4|Primorye|Приморский край|ПРИ
RU-BRY 2 5|Bryansk Region|Брянская область|БРЯ
RU-KLU 3 5|Kaluga Region|Калужская область|КЛУ
RU-MOW 4 5|Moscow|Москва|МСК
RU-RYA 5 5|Ryazan Region|Рязанская область|РЯЗ
RU-NIZ 6 5|Nizhny Novgorod Region|Нижегородская область|НИЖ
RU-CU 7 5|Chuvashia|Чувашская Республика|ЧУВ
RU-TA 8 5|Tatarstan|Республика Татарстан|ТАТ
RU-BA 9 5|Bashkortostan|Республика Башкортостан|БАШ
RU-AL 12 5|Altai Republic|Республика Алтай|АЛТ
RU-KRS 2 6|Kursk Region|Курская область|КУР
RU-ORL 3 6|Oryol Region|Орловская область|ОРЛ
RU-TUL 4 6|Tula Region|Тульская область|ТУЛ
RU-LIP 5 6|Lipetsk Region|Липецкая область|ЛИП
RU-MO 6 6|Mordovia|Республика Мордовия|МОР
RU-ULY 7 6|Ulyanovsk Region|Ульяновская область|УЛЬ
RU-SAM 8 6|Samara Region|Самарская область|САМ
RU-ORE 9 6|Orenburg Region|Оренбургская область|ОРЕ
RU-BEL 3 7|Belgorod Region|Белгородская область|БЕЛ
RU-VOR 4 7|Voronezh Region|Воронежская область|ВОР
RU-TAM 5 7|Tambov Region|Тамбовская область|ТАМ
RU-PNZ 6 7|Penza Region|Пензенская область|ПЕН
RU-SAR 7 7|Saratov Region|Саратовская область|САР
RU-ROS 4 8|Rostov Region|Ростовская область|РОС
RU-VGG 5 8|Volgograd Region|Волгоградская область|ВЛГ
RU-AST 6 8|Astrakhan Region|Астраханская область|АСТ
RU-KDA 3 9|Krasnodar Territory|Краснодарский край|КДР
RU-STA 4 9|Stavropol Territory|Ставропольский край|СТА
RU-KL 5 9|Kalmykia|Республика Калмыкия|КАЛ
RU-CE 6 9|Chechnya|Чеченская Республика|ЧЕЧ
RU-DA 7 9|Dagestan|Республика Дагестан|ДАГ
RU-AD 3 10|Adygea|Республика Адыгея|АДЫ
RU-KC 4 10|Karachay-Cherkessia|Карачаево-Черкесская Республика|КЧР
RU-KB 5 10|Kabardino-Balkaria|Кабардино-Балкарская Республика|КБР
RU-SE 6 10|North Ossetia|Республика Северная Осетия|ОСЕ
RU-IN 7 10|Ingushetia|Республика Ингушетия|ИНГ
UA-65 0 8|Kherson Region|Херсонская область|ХЕР
UA-23 1 8|Zaporizhzhia Region|Запорожская область|ЗАП
UA-14 2 8|Donetsk Region|Донецкая область|ДОН
UA-09 3 8|Luhansk Region|Луганская область|ЛУГ
UA-43 1 9|Crimea|Республика Крым|КРЫ
UA-40 1 10|Sevastopol|Севастополь|СЕВ
"""
_OTHER_NAMES = {
    "санкт петербург": "RU-SPE",
    "st petersburg": "RU-SPE",
    "кузбасс": "RU-KEM",
    "якутия": "RU-SA",
    "саха": "RU-SA",
    "sakha": "RU-SA",
    "югра": "RU-KHM",
    "тува": "RU-TY",
    "татария": "RU-TA",
    "башкирия": "RU-BA",
    "чувашия": "RU-CU",
    "удмуртия": "RU-UD",
    "чечня": "RU-CE",
    "осетия алания": "RU-SE",
    "донецкая народная": "UA-14",
    "луганская народная": "UA-09",
    "днр": "UA-14",
    "лнр": "UA-09",
    "moscow": "RU-MOW",
    "primorsky": "RU-PRI",
    "altai": "RU-AL",
    "lugansk": "UA-09",
    "zaporozhye": "UA-23",
}
_SAME_KIND = {"oblast": "region", "krai": "territory", "kray": "territory"}
_KINDS = frozenset(
    """
    республика область край автономный автономная округ г город обл федерального значения ао
    region territory republic of the autonomous district okrug city
    """.split()  # noqa: SIM905 — a list of these would fill the page
)
_LINE = re.compile(r"(\S+) (\d+) (\d+)\|(.+)\|(.+)\|(.+)")

REGIONS: dict[str, Region] = {
    code: Region(code, int(column), int(row), en, ru, short_ru)
    for code, column, row, en, ru, short_ru in _LINE.findall(_TABLE)
}


def code_of(iso: str, name: str) -> str:
    """The code of a region by what a source says of it, or "" when it is none we know."""
    iso = iso.strip().upper()
    return _RUSSIAN_CODES.get(iso, iso if iso in REGIONS else "") or _by_name(name)


@cache
def _by_name(name: str) -> str:
    words = [_SAME_KIND.get(word, word) for word in plain(name).split()]
    full, bare, names = " ".join(words), _bare(words), _names()
    found = names.get(full) or names.get(bare)
    if found or not bare:
        return found or ""
    # «Республика Северная Осетия — Алания», «Кемеровская область — Кузбасс»
    inside = [known for known in names if f" {known} " in f" {bare} "]
    return names[max(inside, key=len)] if inside else ""


@cache
def _names() -> dict[str, str]:
    known: dict[str, str] = {}
    for region in REGIONS.values():
        for words in (plain(region.ru).split(), plain(region.en).split()):
            known[" ".join(words)] = region.code
            # «Алтайский край» and «Республика Алтай», Moscow and its region share a bare name.
            known.setdefault(_bare(words), region.code)
    known.pop("", None)
    return {**known, **_OTHER_NAMES}


def _bare(words: list[str]) -> str:
    return " ".join(word for word in words if word not in _KINDS)
