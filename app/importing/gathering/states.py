"""What sources say of where somebody is, in the catalogue's own words.

Only what is well understood is translated; any other phrase is asked once, of a coordinator.
"""

import re
from dataclasses import dataclass

from app.models.people import BARS, STATUSES

_BRACKETED = re.compile(r"\([^)]*\)")


@dataclass(frozen=True)
class State:
    """A status of `app.models.people.STATUSES`, and a bar where one follows from it."""

    status: str
    bar: str | None = None


# What turns the sense of a phrase, or speaks of another time, thing or person.
_UNSURE = re.compile(
    r"\b(?:not?|never|non|не|ни|нет|ранее|раньше|прежде|formerly|previously|earlier)\b"
    r"|in absentia|заочн|denied|refus|reject|отказ|отклон|отмен|overturn|quash|имуществ|property"
    r"|\bпокинул\w* (?!росси|стран)|\bleft (?!russia|the country)"
    r"|\b(?:отец|мать|брат|сестр\w+|сын|дочь|муж|жена|father|mother|brother|sister|son|wife)\b"
)
_FREE = (
    r"at large|at liberty|released|\bfree\b|suspended|probation|\bfined?\b|recogni[sz]ance|bail\b"
    r"|travel (?:ban|restriction)|undertaking|acquitt|amnest|parole|ban on certain|terminated"
    r"|на свободе|освобожд|условн|штраф|подписк|под залог|запрет|оправдан|амнист|прекращ|отбыл"
)
_HELD = (
    r"custody|pre-?trial detention|detention cent|imprison|in prison|in jail|penal colony"
    r"|remand|serving|psychiatric hospital|под стражей|сизо|колони|тюрьм|заключен|\bарест"
)
_IN_TRANSFER = r"in transfer|being transferred|\bэтапир|^\W*этап\W*$|\bна этапе?(?= в | из |\W*$)"
_ABROAD = (
    r"abroad|left (russia|the country)|emigrat|за границ|за рубеж|выехал|уехал"
    r"|покинул\w* (?:росси|стран)"
)
# The first that fits decides: «released from the pre-trial detention centre» is free.
_PHRASES: tuple[tuple[str, State], ...] = (
    (r"exchang|обмен", State("exchanged")),
    (r"\bdied|\bdead\b|deceased|умер|скончал|погиб", State("dead")),
    (r"prisoners? of war|военнопленн", State("in_custody", "prisoner_of_war")),
    (r"incommunicado|инкоммуникадо", State("unknown", "incommunicado")),
    (r"\bwanted\b|розыск", State("unknown", "wanted")),
    (_ABROAD, State("unknown", "abroad")),
    (r"house arrest|домашн\w+ арест", State("house_arrest", "house_arrest")),
    (_FREE, State("released")),
    (_IN_TRANSFER, State("in_transfer")),
    (_HELD, State("in_custody")),
)
_COMPILED = tuple((re.compile(phrase), state) for phrase, state in _PHRASES)


def understood(phrase: str) -> State | None:
    """What a phrase means; None when it is not known for sure. Remarks in brackets do not count."""
    said = _BRACKETED.sub(" ", phrase.lower().replace("ё", "е"))
    if _UNSURE.search(said):
        return None
    return next((state for pattern, state in _COMPILED if pattern.search(said)), None)


def answered(answer: str) -> State | None:
    """The state a coordinator chose for a phrase: a status, or a bar."""
    if answer in BARS:
        return State("house_arrest" if answer == "house_arrest" else "unknown", answer)
    return State(answer) if answer in STATUSES else None
