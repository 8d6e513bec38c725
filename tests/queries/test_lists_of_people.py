"""The catalogue's lists: each holds whom it should, in its order, and its counts add up."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session

from app.catalogue.doubts import Looks
from app.database import Database
from app.lifecycle import State
from app.models import Event, ImportAnswer, ImportLine, ImportRun, Posting, Prosecution, Reply
from app.queries import coming, confirming, doubtful, people
from app.queries.paging import PAGE
from app.queries.people import Letters, Replies, Show, Wanted
from tests.world import NOON, make_facility, make_letter, make_prisoner, place

TODAY = NOON.date()


def listed(session: Session, **wanted: Any) -> list[str]:
    """The surnames on the list, whole; as long as its count says."""
    asked = Wanted(**wanted)
    rows = people.all_people(session, asked, TODAY, 180)
    found = people.find_people(session, asked, TODAY, 180, 1)
    assert found.total == len(rows)
    assert [row.id for row in found.people] == [row.id for row in rows][:PAGE]
    return [row.name.split()[0] for row in rows]


def post(session: Session, letter: Any, on: date, undone: datetime | None = None) -> None:
    session.add(Posting(letter_id=letter.id, posted_on=on, country="DE", undone_at=undone))
    letter.posted_on = None if undone else on


def confirmed(session: Session, person: Any, at: datetime) -> None:
    session.add(
        Event(subject="prisoner", subject_id=person.id, at=at, actor="staff", to="confirmed")
    )


def people_with_letters(session: Session) -> None:
    """Ага had one lately, Бор long ago, Вяз and Гай none; Дуб's came back, Ель is not public."""
    aga, bor, vyaz, gai, dub = (
        make_prisoner(session, surname=name, created_at=NOON - timedelta(days=400))
        for name in ("Ага", "Бор", "Вяз", "Гай", "Дуб")
    )
    make_prisoner(session, surname="Ель", published=False, eligible=False)
    for row, days in ((vyaz, 30), (gai, 300), (dub, 20)):
        confirmed(session, row, NOON - timedelta(days=days))
        confirmed(session, row, NOON - timedelta(days=1))
    for row, on, state in (
        (aga, date(2026, 11, 1), State.ANSWERED),
        (aga, date(2026, 2, 1), State.POSTED),
        (bor, date(2026, 5, 1), State.POSTED),
        (dub, date(2026, 10, 1), State.RETURNED),
    ):
        letter = make_letter(session, row, state)
        post(session, letter, on)
        if state == State.ANSWERED:
            session.add(Reply(letter_id=letter.id, received_on=TODAY, state="matched"))
            session.add(Reply(letter_id=letter.id, received_on=TODAY, state="matched"))
            letter.replies = 2
    again = make_letter(session, bor, State.PRINTED)
    post(session, again, TODAY, undone=NOON)


def test_longest_without_comes_first_and_who_never_had_one_by_how_long(database: Database) -> None:
    with database.write() as session:
        people_with_letters(session)
    with database.read() as session:
        assert listed(session, letters=Letters.LONGEST) == ["Гай", "Вяз", "Дуб", "Бор", "Ага"]
        assert listed(session, show=Show.PUBLIC, sort="-waiting")[0] == "Ага"
        rows = {
            row.name.split()[0]: row for row in people.all_people(session, Wanted(), TODAY, 180)
        }
    assert rows["Ага"].last_letter == date(2026, 11, 1)
    assert rows["Бор"].last_letter == date(2026, 5, 1)  # the later posting was undone
    assert rows["Дуб"].last_letter is None  # it came back
    assert rows["Гай"].writable_since == (NOON - timedelta(days=300)).date()
    assert rows["Бор"].writable_since == (NOON - timedelta(days=400)).date()  # when entered
    assert {name: row.replies for name, row in rows.items() if row.replies} == {"Ага": 2}


def test_who_is_not_to_be_named_is_not_forgotten(database: Database) -> None:
    with database.write() as session:
        make_prisoner(session, surname="Безымянный", identity_hidden=True)
        make_prisoner(session, surname="Спрятанный", hidden=True)
        assert listed(session, letters=Letters.LONGEST) == ["Безымянный"]
        assert listed(session, show=Show.PUBLIC) == []


def test_who_wants_to_be_named_and_no_letters_is_public_and_confirmed(database: Database) -> None:
    with database.write() as session:
        named: dict[str, Any] = {
            "published": False,
            "eligible": False,
            "may_be_named": True,
            "named": True,
        }
        make_prisoner(session, surname="Названный", wants_letters=False, **named)
        make_prisoner(session, surname="Безадресный", placed=False, **named)
    with database.read() as session:
        assert listed(session, show=Show.PUBLIC) == ["Безадресный", "Названный"]
        assert listed(session, show=Show.TO_CONFIRM) == ["Безадресный"]
        assert listed(session, letters=Letters.LONGEST) == []


def test_a_place_without_a_postal_code_is_no_address(database: Database) -> None:
    with database.write() as session:
        whole = make_facility(session)
        for missing in ({"postal_code": ""}, {"street": ""}, {"settlement": ""}):
            make_prisoner(session, make_facility(session, **missing), surname="Нигде")
        make_prisoner(session, whole, surname="Тут")
        assert listed(session, show=Show.NO_ADDRESS) == ["Нигде"] * 3


def test_filters_by_letters_and_replies_add_up(database: Database) -> None:
    with database.write() as session:
        people_with_letters(session)
        session.flush()
    with database.read() as session:
        pickable = {"Ага", "Бор", "Вяз", "Гай", "Дуб"}
        none = set(listed(session, letters=Letters.NONE))
        under = set(listed(session, letters=Letters.UNDER, target=2))
        reached = set(listed(session, letters=Letters.REACHED, target=2))
        assert none == {"Вяз", "Гай", "Дуб"}
        assert under == none
        assert reached == {"Ага", "Бор"}
        assert under | reached == pickable
        by_replies = {each: set(listed(session, replies=each)) for each in Replies}
        assert by_replies[Replies.ANSWERED] == {"Ага"}
        assert by_replies[Replies.SILENT] == {"Бор", "Дуб"}
        assert sum(map(len, by_replies.values())) == len(listed(session))
        assert listed(session, replies=Replies.SILENT, letters=Letters.NONE) == ["Дуб"]


def test_who_waits_for_an_address_is_in_the_filters_too(database: Database) -> None:
    with database.write() as session:
        make_prisoner(session, surname="Выбор")
        make_prisoner(session, surname="Этап", status="in_transfer", eligible=False)
        make_prisoner(session, surname="Новая", published=False, eligible=False)
        make_prisoner(session, surname="Тайная", hidden=True, eligible=False)
    with database.read() as session:
        assert listed(session, letters=Letters.NONE) == ["Выбор", "Этап"]
        assert listed(session, letters=Letters.UNDER, target=2) == ["Выбор", "Этап"]
        assert listed(session, letters=Letters.REACHED, target=0) == ["Выбор", "Этап"]
        for picked in (Letters.NONE_PICKED, Letters.UNDER_PICKED, Letters.PICKED):
            assert listed(session, letters=picked, target=2) == ["Выбор"]
        assert listed(session, letters=Letters.REACHED_PICKED, target=2) == []


def test_who_has_no_address(database: Database) -> None:
    with database.write() as session:
        make_prisoner(session, surname="Есть")
        make_prisoner(session, surname="Нету", placed=False)
        make_prisoner(session, surname="Путь", placed=False, status="in_transfer", eligible=False)
        for facts in ({"status": "released"}, {"hidden": True}, {"bar": "abroad"}):
            make_prisoner(session, surname="Иной", placed=False, **facts)
        make_prisoner(session, surname="Дома", placed=False, status="house_arrest")
    with database.read() as session:
        assert listed(session, show=Show.NO_ADDRESS) == ["Нету", "Путь"]


@pytest.mark.parametrize(
    ("birthday", "today", "expected"),
    [
        (date(1980, 11, 22), date(2026, 11, 22), date(2026, 11, 22)),
        (date(1980, 11, 21), date(2026, 11, 22), date(2027, 11, 21)),
        (date(1980, 2, 29), date(2027, 2, 1), date(2027, 2, 28)),
        (date(1980, 2, 29), date(2028, 2, 1), date(2028, 2, 29)),
        (date(1980, 2, 29), date(2027, 3, 1), date(2028, 2, 29)),
    ],
)
def test_the_next_birthday(birthday: date, today: date, expected: date) -> None:
    assert coming.next_birthday(birthday, today) == expected


def test_birthdays_to_come_in_order_across_new_year(database: Database) -> None:
    today = date(2026, 12, 15)
    with database.write() as session:
        for surname, birthday in (
            ("Январь", date(1990, 1, 3)),
            ("Вчера", date(1970, 12, 14)),
            ("Сегодня", date(1980, 12, 15)),
            ("Поздно", date(1980, 1, 16)),
            ("Край", date(1980, 1, 15)),
            ("Декабрь", date(1985, 12, 31)),
        ):
            make_prisoner(session, surname=surname, birthday=birthday, birth_year=birthday.year)
        make_prisoner(session, surname="Свобода", birthday=date(1985, 12, 31), status="released")
        make_prisoner(session, surname="Скрыт", birthday=date(1985, 12, 31), hidden=True)
        make_prisoner(session, surname="Год")
    with database.read() as session:
        found = coming.birthdays(session, today, 1)
    told = [(each.person.name.split()[0], each.day, each.age) for each in found.coming]
    assert told == [
        ("Сегодня", date(2026, 12, 15), 46),
        ("Декабрь", date(2026, 12, 31), 41),
        ("Январь", date(2027, 1, 3), 37),
        ("Край", date(2027, 1, 15), 47),
    ]
    assert found.total == 4


@pytest.mark.parametrize(("year", "there"), [(2026, True), (2027, True), (2028, True)])
def test_a_leap_day_is_nobodys_lost_birthday(database: Database, year: int, there: bool) -> None:
    with database.write() as session:
        make_prisoner(session, birthday=date(1988, 2, 29))
    with database.read() as session:
        assert (coming.birthdays(session, date(year, 2, 10), 1).total == 1) == there
        assert coming.birthdays(session, date(year, 3, 1), 1).total == 0


def test_releases_to_come_count_the_last_case(database: Database) -> None:
    with database.write() as session:
        for surname, cases in (
            ("Скоро", [(date(2024, 12, 10), 24)]),
            ("Раньше", [(date(2024, 11, 25), 24)]),
            ("Был", [(date(2024, 11, 20), 24)]),
            ("Далеко", [(date(2025, 12, 10), 24)]),
            ("Ещё", [(date(2024, 12, 10), 24), (date(2025, 12, 10), 60)]),
            ("Ждёт", [(date(2024, 12, 10), None)]),
        ):
            row = make_prisoner(session, surname=surname)
            for started_on, months in cases:
                case = Prosecution(prisoner_id=row.id, started_on=started_on)
                case.sentence_months = months
                session.add(case)
        row = make_prisoner(session, surname="Вечно")
        session.add(
            Prosecution(
                prisoner_id=row.id,
                started_on=date(2024, 12, 10),
                sentence_months=24,
            )
        )
        session.add(Prosecution(prisoner_id=row.id, sentence_life=True))
    with database.read() as session:
        found = coming.releases(session, TODAY, 1)
        number = coming.due(session, TODAY)
        due = coming.releases(session, TODAY, 1, only_due=True)
    told = [(each.person.name.split()[0], each.day) for each in found.coming if not each.due]
    assert told == [("Раньше", date(2026, 11, 25)), ("Скоро", date(2026, 12, 10))]
    over = [(each.person.name.split()[0], each.day) for each in found.coming[:1]]
    assert over == [("Был", date(2026, 11, 20))]
    assert (found.total, found.due, number) == (3, 1, 1)
    assert [each.due for each in due.coming] == [True]


def test_whose_sentence_is_over_is_asked_about_until_somebody_made_sure(database: Database) -> None:
    ended: dict[str, Any] = {
        "started_on": date(2024, 1, 10),
        "sentence_months": 24,
    }  # in January 2026
    with database.write() as session:
        about: tuple[tuple[str, dict[str, Any]], ...] = (
            ("Никто", {"custody_confirmed_on": None}),
            ("Раньше", {"custody_confirmed_on": date(2026, 1, 10)}),
            ("Давно", {"custody_confirmed_on": TODAY - timedelta(days=92)}),
            ("Недавно", {"custody_confirmed_on": TODAY - timedelta(days=91)}),
            ("Этап", {"custody_confirmed_on": None, "status": "in_transfer"}),
            ("Свободна", {"custody_confirmed_on": None, "status": "released"}),
            ("Неясно", {"custody_confirmed_on": None, "status": "unknown"}),
            ("Тайная", {"custody_confirmed_on": None, "hidden": True}),
        )
        for surname, facts in about:
            row = make_prisoner(session, surname=surname, **facts)
            session.add(Prosecution(prisoner_id=row.id, **ended))
        again = make_prisoner(session, surname="Снова", custody_confirmed_on=None)
        session.add(Prosecution(prisoner_id=again.id, **ended))
        later = {**ended, "sentence_months": 60}
        session.add(Prosecution(prisoner_id=again.id, **later))
    with database.read() as session:
        found = coming.releases(session, TODAY, None)
    assert [each.person.name.split()[0] for each in found.coming] == [
        "Давно",
        "Никто",
        "Раньше",
        "Этап",
    ]
    assert found.due == 4


def test_records_that_look_wrong(database: Database) -> None:
    with database.write() as session:
        make_prisoner(session, surname="Верно", birth_year=1971)
        make_prisoner(session, surname="Безгода", birth_year=None)
        make_prisoner(session, surname="Безотца", patronymic=None, birth_year=1972)
        make_prisoner(
            session, surname="Нетотца", patronymic=None, has_patronymic=False, birth_year=1973
        )
        make_prisoner(session, surname="Латинcкая", birth_year=1974)
        make_prisoner(session, surname="Конверт", dative_name="Koнверту Ивану", birth_year=1977)
        make_prisoner(session, surname="Дважды", given_name="Пётр", birth_year=1975)
        make_prisoner(session, surname="Дважды", given_name="Петр", birth_year=1975)
        make_prisoner(session, surname="Дважды", given_name="Петр", birth_year=1978)
        make_prisoner(session, surname="Свободна", birth_year=None, status="released")
    with database.read() as session:
        found = {each: doubtful.find_doubtful(session, each, 1) for each in Looks}
        first = doubtful.find_doubtful(session, "", 1)
    names = {each: [row.name.split()[0] for row in page.people] for each, page in found.items()}
    assert names == {
        Looks.MISSING: [],
        Looks.NO_BIRTH_YEAR: ["Безгода"],
        Looks.NO_PATRONYMIC: ["Безотца"],
        Looks.LATIN_LETTERS: ["Конверт", "Латинcкая"],
        Looks.TWICE: ["Дважды", "Дважды"],
        Looks.CASES_TWICE: [],
        Looks.STORY: [],
        Looks.TAGS: [],
    }
    assert all(page.total == len(page.people) for page in found.values())
    assert first.kind == Looks.NO_BIRTH_YEAR
    assert sum(first.counts.values()) == 6


def test_open_doubts_of_the_newest_import_that_concern_people(database: Database) -> None:
    with database.write() as session:
        person = make_prisoner(session)
        somewhere = make_facility(session)
        case = Prosecution(prisoner_id=person.id, source="list", source_id="case7")
        session.add(case)
        runs = [
            ImportRun(source="list", label="The List", created_at=NOON - timedelta(days=days))
            for days in (9, 1)
        ]
        session.add_all(runs)
        session.flush()
        lines: list[tuple[int, str, str, str | None, dict[str, Any]]] = [
            (0, "same_person", "old", person.id, {}),
            (1, "same_person", "a b", person.id, {}),
            (1, "gender", "p9", None, {}),
            (1, "term", "case7|999", None, {}),
            (1, "other_value", "x", case.id, {}),
            (1, "other_value", "y", somewhere.id, {}),
            (1, "place", "p3", None, {}),
            (1, "place", "ик 9", None, {"named": "ИК-9", "people": 3}),
            (1, "address", "ик 8", None, {}),
            (1, "name", "p4|x", None, {}),
        ]
        for position, (run, topic, key, target_id, detail) in enumerate(lines):
            session.add(
                ImportLine(
                    run_id=runs[run].id,
                    position=position,
                    kind="doubtful",
                    topic=topic,
                    key=key,
                    title=key,
                    target_id=target_id,
                    detail=detail,
                )
            )
        session.add(ImportAnswer(source="list", topic="name", key="p4|x", answer="seen"))
    with database.read() as session:
        found = doubtful.find_doubtful(session, doubtful.ASKED, 1)
    told = [(each.topic, each.title, each.person_id == person.id) for each in found.asked]
    assert told == [
        ("same_person", "a b", True),
        ("gender", "p9", False),
        ("term", "case7|999", True),
        ("other_value", "x", True),
        ("place", "p3", False),
    ]
    assert {each.label for each in found.asked} == {"The List"}
    assert found.total == found.counts[doubtful.ASKED] == 5


def test_places_by_the_age_of_their_addresses(database: Database) -> None:
    with database.write() as session:
        old, never, fresh = (
            make_facility(session, name_ru=name) for name in ("Старая", "Никогда", "Свежая")
        )
        for facility, checked in (
            (old, date(2026, 3, 1)),
            (old, date(2026, 11, 1)),
            (never, None),
            (never, date(2026, 11, 2)),
            (fresh, date(2026, 11, 3)),
        ):
            row = make_prisoner(session, placed=False)
            place(session, row, facility, checked_on=checked)
        gone = make_prisoner(session, placed=False, status="released")
        place(session, gone, fresh, checked_on=None)
    with database.read() as session:
        found = confirming.places_by_age(session, TODAY, 180)
        there = confirming.at_place(session, old.id, TODAY, 180, 1)
    told = [(p.name, p.people, p.unchecked, p.due, p.oldest) for p in found]
    assert told == [
        ("Никогда", 2, 1, 0, date(2026, 11, 2)),
        ("Старая", 2, 0, 1, date(2026, 3, 1)),
        ("Свежая", 1, 0, 0, date(2026, 11, 3)),
    ]
    assert [each.checked_on for each in there.people] == [date(2026, 3, 1), date(2026, 11, 1)]
