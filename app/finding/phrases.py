"""What sources say for the same thing, so that it is one value to filter by and one line. Pure.

The words that pages have for these values are in `app.pages.finding_words`.
"""

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
        "sentenced": "sentence in force|convicted|осужден|осуждена|приговор вступил в силу"
        "|вступил в силу|отбывает наказание",
        "in court": "before the court|on trial|trial|court|подсудимый|подсудимая|суд|в суде"
        "|судебное разбирательство",
        "investigation": "under investigation|suspect|accused|следствие|подозреваемый"
        "|подозреваемая|обвиняемый|обвиняемая|предварительное следствие",
        "appeal": "on appeal|апелляция|обжалование",
        "closed": "case closed|terminated|дело прекращено|прекращено",
    },
}
"""Field → value → everything else that is said for it, in plain words."""

_MEANT = {
    field: {said: value for value, phrases in values.items() for said in phrases.split("|")}
    for field, values in SAID.items()
}


def meant(field: str, value: str) -> str:
    """The one value for what is said; what nobody else says stands for itself."""
    values = _MEANT.get(field)
    return values.get(value, value) if values else value
