"""Records of people that look wrong, our own and those that imports ask about."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from app import merged
from app.catalogue.doubts import Looked, Looks, doubtful
from app.catalogue.two_cases import people_with_two_accounts
from app.catalogue.two_people import doubles
from app.models import ImportAnswer, ImportLine, ImportRun, Prisoner, Prosecution, SourceId
from app.models.people import GONE
from app.queries.missing import Missing, missing
from app.queries.paging import PAGE, cut
from app.queries.people import PersonRow, people_by_id
from app.sameness.matching import Somebody
from app.searching import is_shown

ASKED = "asked"
"""The kind of doubt that an import has, beside those of `Looks`."""

_OF_PEOPLE = (
    *("same_person", "two_spellings", "gender", "term", "name", "one_name", "birth", "place"),
    *("which_case", "unread"),
)
"""Topics of imports that concern people; `other_value` does where its target is one of ours."""


@dataclass(frozen=True)
class AskedOf:
    """An open doubt of an import. person_id: whom of ours it concerns, where that is known.

    letters: under way to them. gone: the source says they are free or dead, and we do not.
    """

    run_id: str
    label: str
    position: int
    topic: str
    title: str
    person_id: str | None
    letters: int
    gone: bool


@dataclass(frozen=True)
class Doubtful:
    """One page of one kind. counts: kind → how many; people or asked are filled, by the kind.

    doubles: of people who may be entered twice, id → who else may be them. missing: of those whom
    lists do not name any more, id → which lists.
    """

    kind: str
    counts: dict[str, int]
    people: list[PersonRow]
    asked: list[AskedOf]
    page: int
    pages: int
    doubles: dict[str, list[PersonRow]] = field(default_factory=dict)
    missing: dict[str, list[Missing]] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return self.counts[self.kind]


def find_doubtful(session: Session, kind: str, page: int | None) -> Doubtful:
    """The records of one kind; without a kind, of the first that has any. page: None for all."""
    looked_at = list(_looked_at(session))
    own = doubtful(looked_at)
    twice = doubles(session, map(_compared, looked_at))
    own[Looks.TWICE] = list(twice)
    lost = missing(session)
    own[Looks.MISSING] = list(lost)
    own[Looks.CASES_TWICE] = people_with_two_accounts(session)
    asked = _asked(session)
    counts: dict[str, int] = {ASKED: len(asked)} | {look: len(ids) for look, ids in own.items()}
    if kind not in counts:
        kind = next((each for each, number in counts.items() if number), ASKED)
    number, pages, start = cut(counts[kind], page or 1)
    here = slice(None) if page is None else slice(start, start + PAGE)
    if kind == ASKED:
        return Doubtful(kind, counts, [], _with_people(session, asked[here]), number, pages)
    ids = own[Looks(kind)][here]
    others = {id_: twice[id_] for id_ in ids} if kind == Looks.TWICE else {}
    people = people_by_id(session, [*ids, *(id_ for each in others.values() for id_ in each)])
    records = {id_: [people[other] for other in each] for id_, each in others.items()}
    return Doubtful(kind, counts, [people[id_] for id_ in ids], [], number, pages, records, lost)


def _compared(person: Looked) -> Somebody:
    name = person.surname, person.given_name, person.patronymic
    return Somebody(person.id, *name, person.birth_year)


def _looked_at(session: Session) -> Iterator[Looked]:
    """Everybody who may still be in prison; those who are free need no mending for letters."""
    rows = session.execute(
        sa.select(
            col(Prisoner.id),
            col(Prisoner.surname),
            col(Prisoner.given_name),
            col(Prisoner.patronymic),
            col(Prisoner.has_patronymic),
            col(Prisoner.dative_name),
            col(Prisoner.birth_year),
            sa.or_(
                sa.not_(is_shown()), sa.and_(*map(_is_told, (Prisoner.story_en, Prisoner.story_ru)))
            ),
            col(Prisoner.interests_en),
            col(Prisoner.interests_ru),
            col(Prisoner.profession_en),
            col(Prisoner.profession_ru),
            is_shown(),
        )
        .where(col(Prisoner.status).not_in(GONE))
        .order_by(col(Prisoner.surname), col(Prisoner.given_name), col(Prisoner.id))
    )
    for id_, surname, given, patronymic, has_patronymic, dative, year, told, *tags in rows:
        likes, work = (tags[0], tags[1]), (tags[2], tags[3])
        name = surname, given, patronymic, has_patronymic, dative
        yield Looked(id_, *name, year, told, likes, work, bool(tags[4]))


def _is_told(story: str) -> sa.ColumnElement[bool]:
    return sa.func.trim(col(story)) != ""


def _asked(session: Session) -> list[tuple[ImportLine, ImportRun]]:
    """Open doubts about people in the newest report of each source."""
    later = aliased(ImportRun)
    newest = sa.not_(
        sa.exists().where(
            col(later.source) == col(ImportRun.source),
            col(later.created_at) > col(ImportRun.created_at),
        )
    )
    given = sa.exists().where(
        col(ImportAnswer.source) == col(ImportRun.source),
        col(ImportAnswer.topic) == col(ImportLine.topic),
        col(ImportAnswer.key) == col(ImportLine.key),
    )
    rows = session.exec(
        select(ImportLine, ImportRun)
        .join(ImportRun, col(ImportRun.id) == ImportLine.run_id)
        .where(
            ImportLine.kind == "doubtful",
            col(ImportLine.topic).in_((*_OF_PEOPLE, "other_value")),
            newest,
            sa.not_(given),
        )
        .order_by(col(ImportRun.source), col(ImportLine.position))
    ).all()
    of_places = {line.target_id for line, _run in rows if line.topic == "other_value"}
    ours = _persons_of(session, of_places - {None})
    found = [(line, run) for line, run in rows if _concerns_somebody(line, ours)]
    return sorted(found, key=lambda each: (not each[0].detail.get("gone"), -each[0].letters))


def _concerns_somebody(line: ImportLine, ours: dict[str, str]) -> bool:
    if line.topic == "other_value":
        return line.target_id in ours
    # One doubt about a place that many are said to be in is a doubt about the place.
    return line.topic != "place" or not line.detail


def _with_people(session: Session, rows: list[tuple[ImportLine, ImportRun]]) -> list[AskedOf]:
    known: dict[tuple[str, str], str] = {}
    cases: dict[tuple[str, str], str] = {}
    for source in {run.source for _line, run in rows}:
        keys = {_key(line) for line, run in rows if run.source == source}
        person, case = col(SourceId.key), col(Prosecution.source_id)
        people = select(person, SourceId.target_id).where(
            SourceId.source == source, SourceId.subject == "prisoner", person.in_(keys)
        )
        known |= {(source, key): target for key, target in session.exec(people)}
        of_cases = select(case, Prosecution.prisoner_id).where(
            Prosecution.source == source, case.in_(keys)
        )
        cases |= {(source, str(key)): target for key, target in session.exec(of_cases)}
    targets = {line.target_id for line, _run in rows} - {None}
    ours = _persons_of(session, targets)
    found = []
    for line, run in rows:
        at = (run.source, _key(line))
        target = ours.get(line.target_id or "") or known.get(at) or cases.get(at)
        asked = (run.id, run.label, line.position, line.topic, line.title, target)
        found.append(AskedOf(*asked, line.letters, bool(line.detail.get("gone"))))
    gone = merged.now_ids(session, [row.person_id for row in found if row.person_id])
    return [
        AskedOf(**(vars(row) | {"person_id": gone.get(row.person_id or "", row.person_id)}))
        for row in found
    ]


def _key(line: ImportLine) -> str:
    """The source's own id that a doubt begins with."""
    return line.key.partition("|")[0]


def _persons_of(session: Session, targets: set[str | None]) -> dict[str, str]:
    """Of these ids of people and cases, each with the person it concerns."""
    wanted = [target for target in targets if target]
    people = session.exec(select(Prisoner.id).where(col(Prisoner.id).in_(wanted)))
    found = {id_: id_ for id_ in people}
    cases = select(Prosecution.id, Prosecution.prisoner_id).where(col(Prosecution.id).in_(wanted))
    return found | dict(session.exec(cases).all())
