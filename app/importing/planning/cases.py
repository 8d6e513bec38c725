"""Cases of a reading against ours: the same prosecution told by two lists stays one case.

A case is known by its id in the source, by what was decided or found before, or by its articles,
beginning and region (`app.catalogue.same_cases`). Where nobody can tell, somebody is asked.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from app.catalogue.same_cases import Alike, Told, alike, fits, numbers, told
from app.importing.planning.comparing import Comparison, Subject, compare
from app.importing.planning.known import Known
from app.importing.planning.plans import Plan, Step
from app.importing.planning.ratings import with_ratings
from app.importing.records import OWN_CASE, CaseRecord, Doubt, Gathered
from app.models.importing import REMOVED_CASE, WHICH_CASE
from app.sameness.fields import Fields
from app.sameness.values import is_empty

_WORDED = frozenset(
    {"category", "case_name", "case_group", "region", "region_iso", "city"}
    | {"stage", "restraint", "verdict", "occupation"}
)
"""What every list says in its own words: a second list fills gaps, and contradicts nothing."""


@dataclass
class _Ours:
    """A case of ours, or one that is new in this plan. said_by: the people, as the source knows
    them, whose records are this case already: a source tells its own cases of one person apart."""

    ref: str
    case: Told
    row: Fields
    step: Step | None = None
    said_by: set[str] = field(default_factory=set)
    records: list[CaseRecord] = field(default_factory=list)


def plan_cases(gathered: Gathered, who: dict[str, str], known: Known, made: Plan) -> None:
    """Steps and doubts for the cases of those who are entered; `who`: their key → who it is.

    The cases of somebody in doubt wait with them.
    """
    cases = [case for case in gathered.cases.values() if case.person in who]
    _Planning(gathered, who, known, made).plan(cases)


class _Planning:
    def __init__(self, gathered: Gathered, who: dict[str, str], known: Known, made: Plan) -> None:
        self._gathered, self._who, self._known, self._made = gathered, who, known, made
        self._source = gathered.source
        self._of_person: dict[str, list[_Ours]] = {}
        self._new: dict[str, list[_Ours]] = defaultdict(list)

    def plan(self, cases: Iterable[CaseRecord]) -> None:
        strangers = []
        for case in cases:
            one = self._recognised(case)
            if one is None:
                strangers.append(case)
            else:
                self._is(case, one)
        # Who is surely known comes first, so that nobody else is taken for that case.
        left = []
        for case in strangers:
            sure = self._sure(case)
            if len(sure) == 1:
                self._is(case, sure[0])
            else:
                left.append(case)
        for case in left:
            self._perhaps_new(case)
        for found in self._of_person.values():
            for one in found:
                if one.records:
                    self._change(one)

    def _recognised(self, case: CaseRecord) -> _Ours | None:
        """The case under its id, or the one it was found to be before."""
        row = self._known.cases.get(case.key)
        if row is None:
            return None
        of_whom = self._who[case.person]
        if row["prisoner_id"] != of_whom.removeprefix("id:") and not _is_own(
            row, case, self._source
        ):
            return None  # it was said of somebody else
        return self._ours(row)

    def _ours(self, row: Fields) -> _Ours:
        found = self._candidates(f"id:{row['prisoner_id']}")
        return next(one for one in found if one.row["id"] == row["id"])

    def _candidates(self, ref: str) -> list[_Ours]:
        """Every case of ours of somebody who is ours."""
        if ref not in self._of_person:
            rows = self._known.cases_of.get(ref.removeprefix("id:"), [])
            self._of_person[ref] = [self._known_to_source(row) for row in rows]
        return self._of_person[ref]

    def _known_to_source(self, row: Fields) -> _Ours:
        there = self._gathered.cases
        keys = self._known.case_keys.get(row["id"], ())
        said_by = {there[key].person for key in keys if key in there}
        return _Ours(row["id"], told(row), row, said_by=said_by)

    def _free(self, case: CaseRecord) -> list[tuple[Alike, _Ours]]:
        """Cases of the person that this record may be, and that the source does not tell apart."""
        ref = self._who[case.person]
        theirs = told(case.fields)
        found = []
        for one in [*self._candidates(ref), *self._new[ref]]:
            if theirs.nothing:
                found.append((Alike.PERHAPS, one))
            elif case.person in one.said_by:
                continue
            elif one.said_by or one.row.get("source") == self._source:
                # Two ids of one person in one list: the same words for the same thing.
                sure = alike(one.case, theirs) is Alike.SURE and one.case.name == theirs.name
                found.append((Alike.SURE if sure else Alike.NO, one))
            else:
                found.append((alike(one.case, theirs), one))
        return [(how, one) for how, one in found if how is not Alike.NO]

    def _sure(self, case: CaseRecord) -> list[_Ours]:
        return [one for how, one in self._free(case) if how is Alike.SURE]

    def _perhaps_new(self, case: CaseRecord) -> None:
        answer = self._known.answers.get((WHICH_CASE, case.key))
        found = [one for _, one in self._free(case)]
        removed = self._was_removed(case)
        if answer == "seen":
            return
        if answer == OWN_CASE or not (found or removed):
            self._enter(case)
        elif not removed and len(found) == 1 and fits(found[0].case, told(case.fields)):
            self._is(case, found[0])
        else:
            self._ask(case, found)

    def _was_removed(self, case: CaseRecord) -> bool:
        """Whether one of us took it away when the source had it no longer: now it has it again."""
        return (REMOVED_CASE, case.key) in self._known.answers

    def _ask(self, case: CaseRecord, found: list[_Ours]) -> None:
        ref = self._who[case.person]
        detail: Fields = {
            "cases": [[one.ref, in_words(one.row)] for one in found if one.step is None],
            "theirs": in_words(case.fields),
            "rows": case.rows[:20],
        }
        if self._was_removed(case):
            detail["removed"] = True
        target = ref.removeprefix("id:") if ref.startswith("id:") else None
        self._made.doubts.append(
            Doubt(WHICH_CASE, case.key, self._person(case), case.person, detail, target)
        )

    def _is(self, case: CaseRecord, one: _Ours) -> None:
        one.said_by.add(case.person)
        if one.step is None:
            one.records.append(case)
        else:
            one.step.keys.append(case.key)

    def _enter(self, case: CaseRecord) -> None:
        ref = self._who[case.person]
        values = {name: value for name, value in case.fields.items() if not is_empty(value)}
        step = Step("new", "case", [case.key], self._title(case), None, values | {"person": ref})
        self._made.steps.append(step)
        row = {"source": self._source, **case.fields}
        self._new[ref].append(_Ours("", told(values), row, step, {case.person}))

    def _change(self, one: _Ours) -> None:
        """What the records that are this case change of it: one of them speaks, all may rate."""
        own = [each for each in one.records if _is_own(one.row, each, self._source)]
        speaker = min(own or one.records, key=lambda record: record.key)
        title = self._title(speaker, one.row)
        theirs = speaker.fields if own else _beside(speaker.fields, one.row, self._source)
        about = Subject(speaker.key, title, one.row["prisoner_id"])
        said = {name: value for name, value in theirs.items() if name != "ratings"}
        found = compare(said, one.row, self._source, about, self._known.answers)
        with_ratings(found, one.records, one.row, self._source, about, self._known.answers)
        self._made.doubts += found.doubts
        self._put_steps(one, own, found, title, speaker.key)

    def _put_steps(
        self, one: _Ours, own: list[CaseRecord], found: Comparison, title: str, speaks: str
    ) -> None:
        known = self._known
        news = [
            record.key
            for record in one.records
            if record.key not in known.cases or record.key in known.gone_cases
        ]
        if own:
            person = self._who[own[0].person]
            if person != f"id:{one.row['prisoner_id']}":
                found.values["person"] = person
            if own[0].key in known.gone_cases:
                found.values["gone_on"] = None
        if found.values or news:
            keys = sorted((record.key for record in one.records), key=lambda key: key != speaks)
            self._made.steps.append(
                Step("changed", "case", keys, title, one.row["id"], found.values, found.before)
            )

    def _person(self, case: CaseRecord) -> str:
        return self._gathered.people[case.person].title

    def _title(self, case: CaseRecord, row: Fields | None = None) -> str:
        return titled(self._person(case), row or case.fields)


def plan_gone(gathered: Gathered, known: Known, made: Plan) -> None:
    """Cases that the source has no longer, under any of its ids. Nothing is removed for that."""
    seen = set(gathered.seen_cases)
    goes_on = {known.cases[key]["id"] for key in seen & known.cases.keys()}
    goes_on |= {str(step.target_id) for step in made.steps if step.topic == "case"}
    half_read = {known.person_ids.get(key) for key in gathered.damaged}
    for key, row in known.cases.items():
        if row["prisoner_id"] in half_read:
            continue
        there = key in seen | known.gone_cases or row["id"] in goes_on
        if not (there or row["prisoner_id"] in made.unsure):
            of_whom = known.people.get(row["prisoner_id"])
            name = f"{of_whom['surname']} {of_whom['given_name']}" if of_whom else ""
            made.steps.append(Step("gone", "case", [key], titled(name, row), row["id"]))


def titled(name: str, row: Fields) -> str:
    """A case as reports call it: whose it is, and its articles or its name."""
    what = ", ".join(row.get("articles") or []) or row.get("case_name") or ""
    return ": ".join(part for part in (name, what) if part)


def in_words(row: Fields) -> str:
    """A case in one line, to tell it from the person's other ones."""
    begun = row.get("started_on") or row.get("started_year") or ""
    parts = (
        ", ".join(row.get("articles") or []),
        row.get("case_name") or "",
        row.get("region") or "",
        str(begun),
        ", ".join(row.get("ratings") or []),
    )
    return "; ".join(part for part in parts if part)[:200]


def _is_own(row: Fields, case: CaseRecord, source: str) -> bool:
    """Whether the source was the first to tell of this case, under this very id."""
    return bool(row["source"] == source and row["source_id"] == case.key)


def _beside(theirs: Fields, ours: Fields, source: str) -> Fields:
    """What a second list is heard with: gaps it can fill, what it filled before, other facts."""
    said = {}
    for name, value in theirs.items():
        filled = not is_empty(ours[name]) and ours["provenance"].get(name) != source
        if filled and (name in _WORDED or ours["source"] == source):
            continue
        if filled and is_empty(value):
            continue
        if name == "articles" and filled and numbers(value) == numbers(ours[name]):
            continue
        said[name] = value
    if ours.get("started_on") and str(ours["started_on"])[:4] == str(said.get("started_year")):
        said.pop("started_year")
    return said
