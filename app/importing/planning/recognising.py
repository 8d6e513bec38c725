"""Whom a record is of: somebody we know under this id or another, or nobody yet.

Nobody who may be somebody we know already is entered before a coordinator answered.
"""

from dataclasses import dataclass, field

from app.importing.planning.known import Known
from app.importing.planning.plans import Plan
from app.importing.records import Doubt, PersonRecord
from app.sameness.fields import Fields
from app.sameness.matching import (
    Namesakes,
    Somebody,
    is_somebody_else,
    pair_key,
    renamed_key,
    somebody,
    surely_one,
    why,
)
from app.sameness.values import value_key

_TELL_WHO = frozenset({"surname", "given_name", "birth_year"})


@dataclass
class Recognised:
    """Records by whose they are: ours, people who are new, and ids that meant others until now.

    linked: our id → its records. released: the source's id → whom of ours it meant.
    """

    linked: dict[str, list[PersonRecord]] = field(default_factory=dict)
    newcomers: list[list[PersonRecord]] = field(default_factory=list)
    released: dict[str, str] = field(default_factory=dict)


def recognise(people: list[PersonRecord], known: Known, made: Plan) -> Recognised:
    """Whose each record is. Whoever is in doubt is left out and asked about, in `made`."""
    found, strangers = Recognised(), []
    for record in people:
        target = known.person_ids.get(record.key)
        if target not in known.people:
            strangers.append(record)
            continue
        still = _is_still(record, target, known, made)
        if still == "same":
            found.linked.setdefault(target, []).append(record)
        elif still == "other":
            strangers.append(record)
            found.released[record.key] = target
    known.release(made.source, set(found.released.values()))
    if strangers:
        _compare_with_everybody(strangers, found, known, made)
    return found


def _compare_with_everybody(
    strangers: list[PersonRecord], found: Recognised, known: Known, made: Plan
) -> None:
    refs = _refs(known)
    namesakes = Namesakes()
    for target, row in known.people.items():
        namesakes.add(somebody(refs[target][0], row, target))
    newcomers: dict[str, list[PersonRecord]] = {}
    for record in strangers:
        me = somebody(record.key, record.fields)
        alike = namesakes.like(me)
        answered = {
            other.ref: _answered(me.ref, refs.get(other.target_id or "", [other.ref]), known)
            for other in alike
        }
        one = next((other for other in alike if answered[other.ref] == "same"), None)
        if one is not None and one.target_id:
            found.linked.setdefault(one.target_id, []).append(record)
        elif one is not None:
            newcomers[one.ref].append(record)
        elif None in answered.values():
            other = next(other for other in alike if answered[other.ref] is None)
            how = {"sure": surely_one(other, me), "why": why(other, me)}
            key = pair_key(me.ref, other.ref)
            made.doubts.append(_are_they_one(record, key, me, other, how))
        else:
            newcomers[record.key] = [record]
            namesakes.add(me)
    found.newcomers = list(newcomers.values())


def _is_still(record: PersonRecord, target: str, known: Known, made: Plan) -> str | None:
    """Whether the id means whom it meant: "same", "other", or None while that is asked.

    Lists are sorted anew, and numbers of rows are other people's then. Whoever looked at the very
    name or year that the source says, of this id, and left or took it, was not surprised.
    """
    ours = known.people[target]
    me, whom = somebody(record.key, record.fields), somebody(f"our:{target}", ours, target)
    looked_at = (
        value_key(name, record.fields.get(name), record.key)
        for name in _TELL_WHO & record.fields.keys()
    )
    if not is_somebody_else(whom, me) or any(
        ("other_value", key) in known.answers for key in looked_at
    ):
        return "same"
    key = renamed_key(me)
    answer = known.answers.get(("same_person", key))
    if answer is None:
        asked = _are_they_one(record, key, me, whom, {"sure": False, "under_id": True})
        asked.letters = known.letters.get(target, 0)
        made.doubts.append(asked)
        made.unsure.add(target)
    return answer


def _are_they_one(
    record: PersonRecord, key: str, me: Somebody, other: Somebody, how: Fields
) -> Doubt:
    """The doubt whether a record is of somebody. how: what speaks for it, beside the names."""
    detail = {
        "ours": other.title,
        "ours_born": other.birth_year,
        "theirs_born": me.birth_year,
        **how,
        "rows": record.rows[:20],
    }
    return Doubt("same_person", key, record.title, record.key, detail, other.target_id)


def _refs(known: Known) -> dict[str, list[str]]:
    """Everything that each of our people may be called in answers, the usual first."""
    refs: dict[str, list[str]] = {target: [] for target in known.people}
    for key, target in sorted(known.person_ids.items()):
        if target in refs:
            refs[target].append(key)
    for target, found in refs.items():
        found += [f"our:{each}" for each in (target, *known.formerly.get(target, ()))]
    return refs


def _answered(ref: str, others: list[str], known: Known) -> str | None:
    """What was decided about two people; of one whose records were merged it is asked once."""
    answers = (known.answers.get(("same_person", pair_key(ref, other))) for other in others)
    return next((answer for answer in answers if answer is not None), None)
