"""Finding somebody as a visitor does: filters as links, a page about them, somebody like you."""

import io
from datetime import date
from typing import Any

import pytest
from PIL import Image
from sqlmodel import col, select
from starlette.testclient import TestClient

from app.lifecycle import Role
from app.main import assemble
from app.models import Prisoner, Prosecution, Reservation
from app.service import Service
from tests.crawling import Links
from tests.pages.test_writing import words_on
from tests.staffing import browser_of
from tests.world import hide, make_prisoner


@pytest.fixture
def anna(service: Service) -> Prisoner:
    with service.database.write() as session:
        person = make_prisoner(session, birthday=date(1985, 12, 1), languages_read="de")
        session.add(
            Prosecution(
                prisoner_id=person.id,
                articles=["ст. 280.3"],
                category="Freedom of speech",
                case_name="The reading circle",
                region="Москва",
                started_year=2022,
                stage="appeal",
                sentence_months=30,
                ratings=["memorial"],
            )
        )
    return person


def links(client: TestClient, address: str) -> list[str]:
    return Links(client.get(address).text).links


def test_every_filter_is_a_link_that_can_be_shared(client: TestClient, anna: Prisoner) -> None:
    offered = [link for link in links(client, "/people") if link.startswith("/people?")]
    fields = {link.split("?")[1].split("=")[0] for link in offered}
    assert fields >= {
        *("sex", "age", "interest", "held", "place", "region", "category", "article", "rating"),
        *("year", "stage", "sentence", "soon", "reads"),
    }
    for link in offered:
        assert "Anna Ozerova" in words_on(client.get(link).text), link


def test_filters_add_up_and_are_taken_away_one_by_one(client: TestClient, anna: Prisoner) -> None:
    page = client.get("/people?sex=she&article=280.3&q=ozerova").text
    assert "Anna Ozerova" in words_on(page)
    assert "Take away: She or he: women" in words_on(page)
    assert "Take away: Reads in: German" in words_on(client.get("/people?reads=de").text)
    left = Links(page).links
    assert "/people?article=280.3&q=ozerova" in left
    assert '<input type="hidden" name="article" value="280.3">' in page
    nobody = words_on(client.get("/people?sex=he&article=280.3").text)
    assert "Nobody like that is here" in nobody


@pytest.mark.trust(76)
def test_so_few_are_not_counted(client: TestClient, anna: Prisoner) -> None:
    seen = words_on(client.get("/people").text)
    assert "Fewer than ten people" in seen
    assert "women fewer than ten" in seen


@pytest.mark.trust(4)
def test_what_is_asked_does_nothing_on_the_page(client: TestClient, anna: Prisoner) -> None:
    attack = "<script>alert(1)</script>{{7*7}}"
    for field in ("q", "category", "interest", "region", "age"):
        page = client.get("/people", params={field: attack, "page": "-3"}).text
        assert "<script>alert" not in page
        assert ">49" not in page
    assert client.get("/people?page=" + "9" * 400).status_code == 200


def test_a_page_tells_the_case_and_leads_to_others_like_it(
    client: TestClient, anna: Prisoner
) -> None:
    page = client.get(f"/people/{anna.slug}").text
    seen = words_on(page)
    for words in (
        "The reading circle",
        "2022",
        "280.3",
        "Moscow",
        "appeal",
        "2 years 6 months",
    ):
        assert words in seen
    assert "Memorial, as a political prisoner" in seen
    assert {"/people?article=280.3", "/people?year=2022", "/people?region=RU-MOW"} <= set(
        Links(page).links
    )
    assert client.get("/people?category=freedom+of+speech").text.count("Anna Ozerova") == 1


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"status": "in_transfer", "eligible": False}, "is being moved to another prison"),
        ({"eligible": False}, "We are making sure of the address"),
        ({}, ""),
    ],
)
def test_the_page_says_when_a_letter_waits(
    client: TestClient, service: Service, facts: dict[str, Any], said: str
) -> None:
    with service.database.write() as session:
        person = make_prisoner(session, **facts)
    seen = words_on(client.get(f"/people/{person.slug}").text)
    assert said in seen
    assert any(words in seen for words in ("will wait here", "waits here")) == bool(said)
    assert "Write to Anna Ozerova" in seen


def test_a_preview_names_nobody_and_nothing_asks_to_be_shared(
    client: TestClient, anna: Prisoner
) -> None:
    page = client.get(f"/people/{anna.slug}").text
    tags = [line for line in page.splitlines() if "<meta" in line]
    assert any('property="og:title"' in line for line in tags)
    assert any(f'property="og:image" content="{client.base_url}/static/' in line for line in tags)
    for line in tags:
        assert not any(words in line for words in ("Ozerova", "Озерова", "librarian", anna.slug))
    same = [line for line in client.get("/people").text.splitlines() if "og:" in line]
    assert same == [line for line in tags if "og:" in line]
    for word in ("share", "facebook", "twitter.com", "t.me", "whatsapp", "vk.com"):
        assert not any(word in link.lower() for link in Links(page).links)


def test_somebody_like_you_is_reserved(client: TestClient, service: Service) -> None:
    with service.database.write() as session:
        make_prisoner(session)
        beekeeper = make_prisoner(
            session, latin_name="Boris Lugovoy", interests_en="bees", interests_ru="пчёлы"
        )
    assert "What you like" in words_on(client.get("/somebody-like-you").text)
    answer = client.post("/somebody-like-you", data={"likes": "I keep bees!"})
    assert answer.status_code == 303
    form = client.get(answer.headers["location"]).text
    assert "Boris Lugovoy" in words_on(form)
    with service.database.read() as session:
        assert session.exec(select(Reservation)).one().prisoner_id == beekeeper.id
        assert session.get_one(Prisoner, beekeeper.id).letter_count == 1


def test_those_with_fewest_letters_are_suggested_most(client: TestClient, service: Service) -> None:
    with service.database.write() as session:
        full = make_prisoner(session, letter_count=30)
        empty = make_prisoner(session)
    for _ in range(5):
        client.post("/somebody-like-you", data={"likes": "поэзия, стихи, кошка"})
    with service.database.read() as session:
        counts = dict(session.exec(select(col(Prisoner.id), Prisoner.letter_count)).all())
    assert counts[full.id] + counts[empty.id] == 35
    assert counts[empty.id] >= 4


@pytest.mark.parametrize(
    ("likes", "status", "said"),
    [("", 422, "Write a word or two"), ("submarines", 200, "Nobody here has told us")],
)
def test_who_likes_what_nobody_likes_is_told_so(
    client: TestClient, anna: Prisoner, likes: str, status: int, said: str
) -> None:
    answer = client.post("/somebody-like-you", data={"likes": likes})
    assert answer.status_code == status
    assert said in words_on(answer.text)
    assert likes in answer.text


@pytest.mark.trust(74, 75)
def test_only_who_may_be_picked_is_suggested(client: TestClient, service: Service) -> None:
    with service.database.write() as session:
        make_prisoner(session, eligible=False)
        make_prisoner(session, hidden=True)
        make_prisoner(session, published=False)
    answer = client.post("/somebody-like-you", data={"likes": "poetry"})
    assert "Nobody here has told us" in words_on(answer.text)


@pytest.mark.trust(27, 30, 32)
def test_a_portrait_is_encoded_anew_and_shown_with_the_person(
    client: TestClient, service: Service, anna: Prisoner
) -> None:
    photo = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "GPS-MARKER"
    Image.new("RGB", (300, 400), "#886644").save(photo, "JPEG", exif=exif)
    desk = f"/desk/catalogue/{anna.id}/portrait"
    public = f"/people/{anna.slug}/portrait"
    assert client.get(public).status_code == 404
    with browser_of(assemble(service), service, Role.CATALOGUE) as staff:
        refused = staff.post(desk, files={"picture": ("a.jpg", b"<html>", "image/jpeg")})
        assert refused.status_code == 422
        assert "neither a photo" in words_on(refused.text)
        upload = {"picture": ("a.jpg", photo.getvalue(), "image/jpeg")}
        assert staff.post(desk, files=upload).status_code == 303
        assert "Take it down" in words_on(staff.get(desk).text)
        assert staff.get(f"{desk}/picture").headers["content-type"] == "image/jpeg"
    shown = client.get(public)
    assert shown.headers["content-type"] == "image/jpeg"
    assert "sandbox" in shown.headers["content-security-policy"]
    assert b"GPS-MARKER" not in shown.content
    assert f'src="{public}"' in client.get(f"/people/{anna.slug}").text
    with service.database.write() as session:
        hide(session.get_one(Prisoner, anna.id))
    assert client.get(public).status_code == 404
    with browser_of(assemble(service), service, Role.CATALOGUE) as staff:
        assert staff.post(desk, data={"remove": "yes"}).status_code == 303
        assert staff.get(f"{desk}/picture").status_code == 404
    assert list(service.vault.ids()) == []


def test_a_page_tells_the_group_town_and_verdict_of_a_case(
    client: TestClient, service: Service, anna: Prisoner
) -> None:
    with service.database.write() as session:
        case = session.exec(select(Prosecution)).one()
        case.case_group, case.city = "Anti-war cases", "Киров"
        case.verdict, case.first_verdict_on = "колония", date(2024, 2, 6)
        case.restraint, case.occupation = "СИЗО", "учитель химии"
    page = words_on(client.get(f"/people/{anna.slug}").text)
    for told in (
        "Group of cases Anti-war cases",
        "Town of the case Kirov",
        "Sentence 2 years 6 months",
        "Verdict колония , the first on 6 February 2024",
    ):
        assert told in page
    assert "СИЗО" not in page
    assert "учитель химии" not in page


def test_the_day_is_told_where_its_filter_leads(
    client: TestClient, service: Service, anna: Prisoner
) -> None:
    with service.database.write() as session:
        case = session.exec(select(Prosecution)).one()
        case.started_on = date(2024, 6, 15)
    soon = words_on(client.get("/people?soon=birthday").text)
    assert "Birthday on 1 December" in soon
    assert "Birthday on 1 December 1985" not in soon
    assert "1 декабря" in words_on(
        client.get("/people?soon=birthday", headers={"Accept-Language": "ru"}).text
    )
    assert "The sentence ends about December 2026" in words_on(
        client.get("/people?soon=release").text
    )
    everybody = words_on(client.get("/people").text)
    assert "Anna Ozerova" in everybody
    assert "Birthday on" not in everybody
    assert "sentence ends" not in everybody
