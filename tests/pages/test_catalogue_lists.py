"""The catalogue's lists and confirming several people, as a browser without scripts meets them."""

import re
from collections.abc import Iterator
from datetime import date
from html import unescape
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlmodel import select

from app import main
from app.lifecycle import Role, State
from app.models import ImportLine, ImportRun, Placement, Posting, Prisoner, Prosecution
from app.service import Service
from tests.conftest import Clock
from tests.pages.test_writing import words_on
from tests.staffing import browser_of
from tests.world import make_facility, make_letter, make_prisoner, place

TODAY = "2026-11-22"


@pytest.fixture
def desk(service: Service) -> Iterator[TestClient]:
    with browser_of(main.assemble(service), service, Role.COORDINATOR) as browser:
        browser.follow_redirects = True
        yield browser


def table(page: str) -> list[list[str]]:
    """The rows of a page's first table, as their cells read."""
    body = re.search(r"<tbody.*?</tbody>", page, re.DOTALL)
    rows = re.findall(r'<tr role="row"[^>]*>(.*?)</tr>', body[0], re.DOTALL) if body else []
    return [
        [
            " ".join(unescape(re.sub(r"<[^>]+>", " ", cell)).split())
            for cell in re.findall(r'class="cell-content[^"]*">(.*?)</td>', row, re.DOTALL)
        ]
        for row in rows
    ]


def csv_beside(desk: TestClient, page: str) -> list[str]:
    """The lines of the file that a page offers, without its head."""
    link = re.search(r'href="([^"]*\.csv[^"]*)" download', page)
    assert link
    answer = desk.get(unescape(link[1]))
    assert answer.headers["content-type"].startswith("text/csv")
    return answer.content.decode("utf-8-sig").splitlines()[1:]


def test_longest_without_shows_since_when(service: Service, desk: TestClient) -> None:
    with service.database.write() as session:
        had = make_prisoner(session, surname="Давняя")
        letter = make_letter(session, had, State.POSTED)
        session.add(Posting(letter_id=letter.id, posted_on=date(2026, 3, 4), country="DE"))
        letter.posted_on = date(2026, 3, 4)
        make_prisoner(session, surname="Никогда", created_at=service.now())
        make_prisoner(session, surname="Тайная", published=False, eligible=False)
    page = desk.get("/desk/catalogue?letters=longest").text
    rows = table(page)
    assert [row[0].split()[0] for row in rows] == ["Никогда", "Давняя"]
    assert [row[6] for row in rows] == ["none since 22 Nov 2026", "4 Mar 2026"]
    assert "First those who never had a letter" in page
    assert "2 people" in page
    lines = csv_beside(desk, page)
    assert [line.split()[0].strip('"') for line in lines] == ["Никогда", "Давняя"]
    assert "2026-03-04" in lines[1]


def test_the_target_is_the_installations(service: Service, desk: TestClient) -> None:
    page = desk.get("/desk/catalogue?letters=under&replies=answered").text
    assert f"fewer than {service.settings.letters_target}, and can be written to" in page
    assert f"fewer than {service.settings.letters_target}, and may be picked" in page
    assert "Nobody is like this" in page
    assert desk.get("/desk/catalogue?letters=wrong&replies=wrong&show=wrong").status_code == 200


def test_days_to_come(service: Service, desk: TestClient) -> None:
    with service.database.write() as session:
        row = make_prisoner(session, birthday=date(1985, 12, 1))
        case: dict[str, Any] = {"started_on": date(2024, 12, 10), "sentence_months": 24}
        session.add(Prosecution(prisoner_id=row.id, **case))
    page = desk.get("/desk/catalogue/birthdays").text
    assert [row[0] for row in table(page)] == ["1 December 2026"]
    assert table(page)[0][2] == "41"
    assert len(csv_beside(desk, page)) == 1
    page = desk.get("/desk/catalogue/releases").text
    assert [row[0] for row in table(page)] == ["10 December 2026 estimate"]
    assert "as an estimate" in page
    assert csv_beside(desk, page)[0].startswith("2026-12-10,no,no,")


def test_whoever_should_be_free_is_asked_about_first(service: Service, desk: TestClient) -> None:
    with service.database.write() as session:
        for surname, started_on in (("Будет", date(2024, 12, 10)), ("Пора", date(2024, 11, 21))):
            row = make_prisoner(session, surname=surname)
            case = Prosecution(prisoner_id=row.id, started_on=started_on, sentence_months=24)
            session.add(case)
    page = desk.get("/desk/catalogue/releases").text
    days = [row[0] for row in table(page)]
    assert days[0].startswith("should be free since 21 Nov 2026: ask")
    assert days[1] == "10 December 2026 estimate"
    assert "1 person should be free already" in page
    assert f'href="/desk/catalogue/{row.id}/left"' in page
    assert f'href="/desk/catalogue/{row.id}/confirm"' in page
    assert csv_beside(desk, page)[0].startswith("2026-11-21,yes,no,")
    overview = desk.get("/desk/overview").text
    assert 'href="/desk/catalogue/releases?due=1"' in overview
    assert len(table(desk.get("/desk/catalogue/releases?due=1").text)) == 1

    typed = {"custody_confirmed_on": TODAY, "wants_letters": "yes"}
    typed |= {"wish_source": "her letter", "wish_date": "2026-05-01"}
    desk.post(f"/desk/catalogue/{row.id}/confirm", data=typed)
    assert len(table(desk.get("/desk/catalogue/releases").text)) == 1


def test_empty_lists_say_why_and_what_to_do(desk: TestClient) -> None:
    for path, why in (
        ("birthdays", "Only birthdays that are entered with day and month appear here."),
        ("releases", "People appear here when the day of their release is known"),
        ("doubtful", "Records appear here as soon as something in them looks wrong."),
        ("addresses", "Places appear here as soon as somebody"),
        ("newcomers", "Newly entered and imported people appear here"),
    ):
        assert why in unescape(desk.get(f"/desk/catalogue/{path}").text)
    assert "Everybody has an address" in desk.get("/desk/catalogue?show=no_address").text


def test_doubtful_records_by_kind(service: Service, desk: TestClient) -> None:
    with service.database.write() as session:
        make_prisoner(session, surname="Безгода", birth_year=None)
        run = ImportRun(source="list", label="The List")
        session.add(run)
        session.flush()
        line: dict[str, Any] = {"kind": "doubtful", "topic": "gender", "key": "p1", "title": "Саша"}
        session.add(ImportLine(run_id=run.id, position=1, **line))
    page = desk.get("/desk/catalogue/doubtful").text
    assert table(page) == [["Саша", "She or he?", "The List", "not entered yet"]]
    link = f"/desk/catalogue/imports/{run.id}?kind=doubtful&topic=gender"
    assert link in unescape(page)
    assert "Саша" in csv_beside(desk, page)[0]
    page = desk.get("/desk/catalogue/doubtful?kind=no_birth_year").text
    assert table(page)[0][0].startswith("Безгода")
    assert "Prisons do not deliver without it." in page
    assert "1 record" in page
    assert "Безгода" in csv_beside(desk, page)[0]
    with service.database.write() as session:
        twins = [make_prisoner(session, surname="Дважды").id for _ in range(2)]
    page = desk.get("/desk/catalogue/doubtful?kind=twice").text
    assert len(table(page)) == 2
    for twin, other in zip(twins, reversed(twins), strict=True):
        link = f"/desk/catalogue/{twin}/same/{other}"
        assert f'href="{link}"' in page
        assert desk.get(link).status_code == 200
    with service.database.write() as session:
        apart = make_prisoner(session, surname="Разная", interests_ru="стихи", story_ru="")
    for kind in ("story", "tags"):
        page = desk.get(f"/desk/catalogue/doubtful?kind={kind}").text
        assert [line[0].split()[0] for line in table(page)] == ["Разная"]
        assert f'href="/desk/catalogue/{apart.id}/edit"' in page
        assert "Разная" in csv_beside(desk, page)[0]
    asked = words_on(desk.get(f"/desk/catalogue/{apart.id}/confirm").text)
    assert "The story is missing in Russian" in asked
    assert "Interests: the lists do not match 2 in English, 1 in Russian." in asked
    form = desk.get(f"/desk/catalogue/{apart.id}/edit").text
    fields = dict(re.findall(r'name="(\w+)"[^>]* value="([^"]*)"', form))
    del fields["identity_hidden"]  # a box nobody ticked
    typed = {**fields, "interests_en": "poetry, cats", "interests_ru": "стихи", "gender": "she"}
    refused = desk.post(f"/desk/catalogue/{apart.id}/edit", data=typed)
    assert refused.status_code == 422
    assert "In English there are 2, in Russian 1" in words_on(refused.text)
    assert "poetry, cats" in refused.text, "what was typed is kept"
    mended = {**typed, "interests_ru": "стихи, кошки"}
    done = desk.post(f"/desk/catalogue/{apart.id}/edit", data=mended)
    assert "Changed." in words_on(done.text), words_on(done.text)
    paired = words_on(desk.get(f"/desk/catalogue/{apart.id}/confirm").text)
    assert "poetry – стихи" in paired
    assert "cats – кошки" in paired


def test_everybody_at_a_place_is_checked_in_one_step_and_that_is_undone(
    service: Service, desk: TestClient
) -> None:
    with service.database.write() as session:
        here = make_facility(session, name_ru="ФКУ ИК-9")
        people = [make_prisoner(session, placed=False, surname=f"Имя{n}") for n in "абв"]
        for row in people:
            place(session, row, here, checked_on=date(2026, 3, 1))
        ids = [row.id for row in people]
    listed = desk.get("/desk/catalogue/addresses").text
    assert table(listed) == [["ФКУ ИК-9", "Vyatskaya oblast", "3", "0", "3", "1 Mar 2026"]]
    assert "ФКУ ИК-9" in csv_beside(desk, listed)[0]

    path = f"/desk/catalogue/addresses/{here.id}"
    page = desk.get(path).text
    assert "Tick all 3 people" in page
    assert " checked" not in re.sub(r"(Address|Never|was) checked", "", "".join(boxes(page)))
    all_ticked = re.search(r'href="([^"]*tick=all[^"]*)#people"', page)
    assert all_ticked
    assert (
        len([box for box in boxes(desk.get(unescape(all_ticked[1])).text) if "checked" in box]) == 3
    )

    wrong = desk.post(path, data={"person": ids[:2], "checked_on": TODAY, "source": " "})
    assert wrong.status_code == 422
    assert "Please fill this in." in wrong.text
    assert len([box for box in boxes(wrong.text) if "checked" in box]) == 2
    nobody = desk.post(path, data={"checked_on": TODAY, "source": "family"})
    assert nobody.status_code == 422
    assert "Tick at least one person." in nobody.text

    typed = {"person": [*ids[:2], "0" * 24], "checked_on": TODAY, "source": "family"}
    done = desk.post(path, data=typed)
    assert "2 addresses made sure of." in done.text
    assert "1 was left as it was" in done.text
    undo = re.search(r'action="([^"]*/undo)">\s*<input[^>]*value="([^"]*)"', done.text)
    assert undo
    back = desk.post(undo[1], data={"at": unescape(undo[2])}).text
    assert "2 checks taken back" in back
    with service.database.read() as session:
        days = {row.checked_on for row in session.exec(select(Placement))}
        assert days == {date(2026, 3, 1)}
    history = desk.get(f"/desk/catalogue/{ids[0]}").text
    assert "Address made sure of" in history
    assert "Check of the address taken back" in history
    assert desk.post(undo[1], data={"at": "soon"}).status_code == 422


def boxes(page: str) -> list[str]:
    return re.findall(r'<input type="checkbox" id="person-[^>]*>', page)


@pytest.mark.trust(74)
def test_newcomers_of_one_list_are_confirmed_together(
    service: Service, desk: TestClient, client: TestClient, clock: Clock
) -> None:
    new: dict[str, Any] = {
        "published": False,
        "eligible": False,
        "wants_letters": False,
        "wish_source": "",
        "wish_date": None,
        "custody_confirmed_on": None,
        "dative_confirmed": False,
        "source": "A list of wishes",
    }
    with service.database.write() as session:
        good = make_prisoner(session, surname="Добрая", **new)
        lacking = make_prisoner(session, surname="Безгода", **{**new, "birth_year": None})
        other = make_prisoner(session, surname="Чужая", **{**new, "source": "Another"})
        refused = make_prisoner(session, surname="Отказ", **{**new, "wish_source": "her letter"})
    page = desk.get("/desk/catalogue/newcomers?source=A+list+of+wishes").text
    names = [row[0].split()[0] for row in table(page)]
    assert names == ["Безгода", "Добрая", "Отказ"]
    assert "Tick all 2 people" in page  # who took the wish back is confirmed alone
    assert "the birth year is missing" in page
    assert len(csv_beside(desk, page)) == 3

    typed = {
        "person": [good.id, lacking.id, refused.id],
        "source": "A list of wishes",
        "custody_confirmed_on": TODAY,
        "wants_letters": "yes",
        "wish_source": "their list of wishes",
        "names_right": "yes",
    }
    wrong = desk.post("/desk/catalogue/newcomers", data=typed)
    assert wrong.status_code == 422
    assert "A wish for letters needs its source and its date." in wrong.text
    assert len([box for box in boxes(wrong.text) if "checked" in box]) == 2
    done = desk.post("/desk/catalogue/newcomers", data={**typed, "wish_date": "2026-10-01"})
    assert "2 people confirmed. 1 of them is public now." in done.text
    assert "1 person is left as before" in done.text
    left = re.search(r"Confirmed just now, and still not public.*?</section>", done.text, re.DOTALL)
    assert left
    assert "Безгода" in left[0]
    assert "the birth year is missing" in left[0]
    assert "Добрая" not in left[0]
    assert client.get(f"/people/{good.slug}").status_code == 200
    for row in (lacking, other, refused):
        assert client.get(f"/people/{row.slug}").status_code == 404
    with service.database.read() as session:
        assert not session.get_one(Prisoner, refused.id).wants_letters


@pytest.mark.trust(12)
def test_only_a_coordinator_confirms_together(service: Service) -> None:
    with service.database.write() as session:
        row = make_prisoner(session, published=False, eligible=False)
        here = make_facility(session)
    with browser_of(main.assemble(service), service, Role.CATALOGUE) as keeper:
        for path in ("addresses", "birthdays", "releases", "doubtful"):
            assert keeper.get(f"/desk/catalogue/{path}").status_code == 200
        typed = {"person": row.id, "checked_on": TODAY, "source": "me"}
        for path in (f"addresses/{here.id}", "newcomers"):
            assert keeper.get(f"/desk/catalogue/{path}").status_code == 403
            assert keeper.post(f"/desk/catalogue/{path}", data=typed).status_code == 403


def test_where_each_fact_comes_from(service: Service, desk: TestClient) -> None:
    with service.database.write() as session:
        session.add(ImportRun(source="ovdinfo", label="OVD-Info"))
        row = make_prisoner(
            session,
            provenance={"surname": "ovdinfo", "story_en": "coordinator"},
            birthday=date(1985, 5, 6),
        )
        session.add(
            Prosecution(
                prisoner_id=row.id,
                category="Freedom of speech",
                stage="Sentenced",
                region="Кировская область",
                articles=["207.3"],
                provenance={"category": "ovdinfo", "stage": "ovdinfo", "articles": "coordinator"},
            )
        )
    edited = {
        "surname": "Озерова",
        "given_name": "Анна",
        "patronymic": "Петровна",
        "gender": "she",
        "birth_year": "1985",
        "birthday": "1985-05-06",
        "story_en": "Reads aloud.",
    }
    desk.post(f"/desk/catalogue/{row.id}/edit", data=edited)
    page = desk.get(f"/desk/catalogue/{row.id}").text
    told = re.search(r'<details class="origins">.*?</details>', page, re.DOTALL)
    assert told
    facts = dict(re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", told[0]))
    assert facts["surname"] == "from OVD-Info"
    assert facts["story in English"] == "entered by one of us, 22 Nov 2026"
    assert facts["status"] == "not noted"
    assert facts["from OVD-Info"] == "category, stage"
    assert facts["entered by one of us"] == "articles"
    assert "207.3, freedom of speech, Kirov Region, sentence in force" in page
    assert "<dt>Birthday</dt>" in page
    desk.cookies.set("language", "ru", domain=desk.base_url.host)
    page = desk.get(f"/desk/catalogue/{row.id}").text
    assert "свобода слова, Кировская область, приговор вступил в силу" in page
    assert "<dt>День рождения</dt>" in page
    assert "Откуда что известно" in page


def test_regions_are_told_in_the_readers_language(service: Service, desk: TestClient) -> None:
    with service.database.write() as session:
        real = make_facility(session, name_ru="ФКУ ИК-1", region="Кировская область")
        row = make_prisoner(session, real)
    for path in ("/desk/places", f"/desk/catalogue/{row.id}", f"/people/{row.slug}"):
        assert "Kirov Region" in desk.get(path).text
    assert "Kirov Region · ФКУ ИК-1" in desk.get("/desk/catalogue").text
    place_page = desk.get(f"/desk/places/{real.id}").text
    assert "Kirov Region – Кировская область" in place_page  # as it stands on the envelope
    desk.cookies.set("language", "ru", domain=desk.base_url.host)
    for path in ("/desk/places", f"/desk/catalogue/{row.id}", f"/people/{row.slug}"):
        page = desk.get(path).text
        assert "Kirov" not in page
        assert "Кировская область" in page
