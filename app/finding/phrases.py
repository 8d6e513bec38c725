"""What sources say for the same thing, so that it is one value to filter by and one line. Pure.

The words that pages have for these values are in `app.pages.shell.finding_words`.
"""

from functools import lru_cache

SAID = {
    "category": {
        "speech": "freedom of speech|expression|freedom of expression|свобода слова"
        "|свобода выражения мнения|высказывания",
        "faith": "freedom of religion|religion|religious freedom|свобода вероисповедания"
        "|свобода религии|вероисповедание",
        "conscience": "freedom of conscience|свобода совести",
        "assembly": "freedom of assembly|свобода собраний",
        "association": "freedom of association|свобода объединений|свобода ассоциаций",
        "anti war": "against the war|antiwar|антивоенное|антивоенное дело",
        "other": "иное|другое|прочее",
    },
    "stage": {
        "sentenced": "sentence in force|verdict in force|convicted|осужден|осуждена|осужденный"
        "|осужденная|приговор вступил в силу|вступил в силу|отбывает наказание|отбывает срок"
        "|serving a sentence|serving the sentence|serving sentence|serving a term",
        "in court": "before the court|on trial|trial|court|defendant|judicial|подсудимый"
        "|подсудимая|суд|в суде|судебное разбирательство|судебное следствие",
        "investigation": "under investigation|preliminary investigation|suspect|accused"
        "|pretrial|pre trial|pre trial investigation|pre trial stage|pre trial detention"
        "|in pre trial detention"
        "|следствие|подозреваемый|подозреваемая|обвиняемый|обвиняемая|предварительное следствие"
        "|досудебная стадия|досудебное следствие|до суда|под следствием|в сизо",
        "appeal": "on appeal|appealed|апелляция|апелляционная инстанция|обжалование"
        "|приговор обжалован",
        "closed": "case closed|case terminated|terminated|дело прекращено|прекращено|дело закрыто",
    },
}
"""Field → value → everything else that is said for it, in plain words."""

_MEANT = {
    field: {said: value for value, phrases in values.items() for said in phrases.split("|")}
    for field, values in SAID.items()
}


def meant(field: str, value: str) -> str:
    """The one value for what is said; what nobody else says stands for itself.

    Of a stage its first words say enough: «serving a sentence in a penal colony».
    """
    values = _MEANT.get(field)
    if not values:
        return value
    found = values.get(value)
    if found is None and field == "stage":
        found = _by_its_beginning(value)
    return found or value


@lru_cache(maxsize=4_096)
def _by_its_beginning(value: str) -> str | None:
    """The stage that the longest phrase at the beginning of `value` means, of two words or more."""
    words = value.split(" ")
    beginnings = (" ".join(words[:end]) for end in range(len(words) - 1, 1, -1))
    return next((_MEANT["stage"][said] for said in beginnings if said in _MEANT["stage"]), None)
