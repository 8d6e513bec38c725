"""Answers that coordinators gave, put into the records; what is left is still a doubt."""

from collections import Counter

from app.importing.gathering import states
from app.importing.gathering.people import UNRECOGNISED
from app.importing.gathering.states import State
from app.importing.records import Answers, Doubt, Gathered, PersonRecord
from app.sameness.fields import Fields


def settle(gathered: Gathered, answers: Answers) -> list[Doubt]:
    """Change the records as answered; returns the doubts that reading left and nobody answered."""
    open_doubts = []
    for doubt in gathered.doubts:
        answer = answers.get((doubt.topic, doubt.key))
        if answer is None:
            open_doubts.append(doubt)
        else:
            _answer(gathered, doubt, answer)
    return open_doubts + _settle_states(gathered, answers)


def _answer(gathered: Gathered, doubt: Doubt, answer: str) -> None:
    person = gathered.people.get(doubt.about)
    if doubt.topic == "gender" and person:
        person.fields["gender"] = answer
    elif doubt.topic == "two_spellings" and person and answer == "second":
        parts = zip(
            ("surname", "given_name", "patronymic"), doubt.detail["second_parts"], strict=True
        )
        person.fields |= {name: part for name, part in parts if part}
    elif doubt.topic == "term" and answer == "life" and doubt.about in gathered.cases:
        gathered.cases[doubt.about].fields["sentence_life"] = True
    elif doubt.topic == "kind" and answer != "none" and doubt.about in gathered.places:
        gathered.places[doubt.about].fields["kind"] = answer


def _settle_states(gathered: Gathered, answers: Answers) -> list[Doubt]:
    """Phrases for where somebody is become a status and a bar; a strange phrase is one doubt."""
    strange: Counter[str] = Counter()
    for person in gathered.people.values():
        state = _state(person, answers)
        if state is not None:
            person.status = state.status
            person.fields["bar"] = state.bar
        elif person.state:
            strange[person.state] += 1
        if person.status != "in_custody":
            person.place = person.place_named = ""
    return [
        Doubt("state", _phrase_key(phrase), phrase[:300], detail={"people": count})
        for phrase, count in strange.most_common()
    ]


def _state(person: PersonRecord, answers: Answers) -> State | None:
    found = states.understood(person.state) if person.state else None
    answer = answers.get(("state", _phrase_key(person.state)), "")
    return found or (states.answered(answer) if answer else None)


def _phrase_key(phrase: str) -> str:
    return phrase.lower()[:300]


def doubts_of_places(people: list[PersonRecord], found: set[str]) -> list[Doubt]:
    """Places that people are said to be in and that the catalogue has not, or more than once.

    found: the name keys that lead to exactly one place.
    """
    doubts = []
    named: dict[str, Fields] = {}
    for person in people:
        if person.place == UNRECOGNISED:
            doubts.append(Doubt("place", person.key, person.title, person.key))
        elif person.place and person.place not in found:
            seen = named.setdefault(person.place, {"named": person.place_named, "people": 0})
            seen["people"] += 1
    return doubts + [
        Doubt("place", key[:300], detail["named"], detail=detail) for key, detail in named.items()
    ]
