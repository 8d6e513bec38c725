"""Languages, dates, addresses of files, and the two things everybody can do on every page."""

from datetime import UTC, date, datetime, timedelta

import pytest
from jinja2 import UndefinedError
from starlette.testclient import TestClient

from app.pages.shell.formats import filters, url_with
from app.pages.shell.rendering import Rendering, Site, direction_of
from app.pages.shell.static_files import StaticTree
from tests.pages.pattern import TOP, application

RUSSIAN = "Перейти к содержанию"
ENGLISH = "Skip to the content"


@pytest.fixture
def reader() -> TestClient:
    return TestClient(application(Site()), follow_redirects=False)


@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        ("", ENGLISH),
        ("ru", RUSSIAN),
        ("ru-RU,ru;q=0.9,en;q=0.8", RUSSIAN),
        ("en;q=0.3, ru;q=0.7", RUSSIAN),
        ("fr, de;q=0.9", ENGLISH),
        ("ru;q=0", ENGLISH),
        ("ru;q=many, *;q=0.1", ENGLISH),
    ],
)
def test_the_browser_says_which_language(reader: TestClient, asked: str, answered: str) -> None:
    page = reader.get("/failure", headers={"Accept-Language": asked})
    assert page.status_code == 409
    assert answered in page.text
    assert page.headers["Content-Language"] == ("ru" if answered is RUSSIAN else "en")


@pytest.mark.trust(47)
def test_a_chosen_language_is_remembered_and_only_a_post_chooses(reader: TestClient) -> None:
    assert reader.get("/language", params={"language": "ru"}).status_code == 405
    answer = reader.post("/language", data={"language": "ru", "back": "/failure?page=2"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/failure?page=2")
    assert RUSSIAN in reader.get("/failure", headers={"Accept-Language": "en"}).text


@pytest.mark.parametrize(
    "back", ["//evil.example/", "https://evil.example/", "/\\evil.example", "evil", "/a\r\nb"]
)
def test_choosing_a_language_never_leads_elsewhere(reader: TestClient, back: str) -> None:
    answer = reader.post("/language", data={"language": "xx", "back": back})
    assert answer.headers["location"] == "/"
    assert "set-cookie" not in answer.headers


def test_leaving_makes_the_browser_forget_and_says_nothing(reader: TestClient) -> None:
    answer = reader.get("/leave", headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.headers["Clear-Site-Data"] == '"cookies", "storage"'
    assert "Lifeline" not in answer.text
    elsewhere = reader.get("/leave", headers={"Sec-Fetch-Site": "cross-site"})
    assert "Clear-Site-Data" not in elsewhere.headers


def test_leaving_goes_where_the_installation_says() -> None:
    site = Site(leave_url="https://weather.example/")
    answer = TestClient(application(site), follow_redirects=False).get("/leave")
    assert answer.headers["location"] == "https://weather.example/"


def test_files_are_kept_for_ever_under_their_version(reader: TestClient) -> None:
    static = StaticTree(TOP / "app" / "static")
    address = static.url("lifeline.css")
    assert static.version in address
    found = reader.get(address)
    assert found.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    older = reader.get(address.replace(static.version, "000000000000"))
    assert older.text == found.text
    assert older.headers["Cache-Control"] == "no-cache"
    assert reader.get(f"/static/{static.version}/../rendering.py").status_code == 404
    font = reader.get(static.url("fonts/serif-400-normal-cyrillic.woff2"))
    assert font.headers["Content-Type"] == "font/woff2"
    with pytest.raises(FileNotFoundError):
        static.url("missing.css")


def test_dates_and_numbers_are_written_as_the_reader_does() -> None:
    english, russian = filters("en", "Europe/Berlin"), filters("ru", "Europe/Berlin")
    late = datetime(2026, 11, 15, 23, 30, tzinfo=UTC)  # already the 16th in Berlin
    assert english["day"](late) == "16 November 2026"
    assert russian["day"](date(2026, 11, 16)) == "16 ноября 2026\u202fг."
    assert english["moment"](late.replace(tzinfo=None)) == "16 Nov 2026, 00:30"
    assert english["machine"](late) == "2026-11-16"
    assert english["month"](late) == "November 2026"
    assert english["duration"](timedelta(days=9)) == "9 days"
    assert [russian["duration"](n * 86400) for n in (1, 3, 9)] == ["24 часа", "3 дня", "9 дней"]
    assert english["number"](12000) == "12,000"
    assert english["percent"](0.25) == "25%"
    assert english["money"](2.05, "EUR") == "€2.05"


def test_plurals_are_right_in_russian() -> None:
    rendering = Rendering(TOP / "templates", StaticTree(TOP / "app" / "static"), Site())
    template = rendering.environments["ru"].from_string(
        '{% from "parts/fields.html" import text_area %}{{ text_area("text", "", limit=limit) }}'
    )
    for limit, words in [(1, "1 знака"), (3, "3 знаков"), (11, "11 знаков"), (21, "21 знака")]:
        assert f"Не больше {words}." in template.render(limit=limit)


def test_a_forgotten_name_is_an_error_and_plain_text_is_not_escaped() -> None:
    folders = [TOP / "templates", TOP / "tests" / "pages" / "templates"]
    rendering = Rendering(folders, StaticTree(TOP / "app" / "static"), Site())
    with pytest.raises(UndefinedError):
        rendering.text("en", "error.html", title="x")
    assert rendering.text("en", "plain.txt", name="O'Neill") == "Dear O'Neill"


def test_addresses_keep_their_other_questions() -> None:
    assert url_with("/desk?sort=age&page=3", sort="-age", page=None) == "/desk?sort=-age"
    assert url_with("/desk?q=Иван", page=2).endswith("&page=2")


@pytest.mark.parametrize(
    ("language", "direction"),
    [("ar", "rtl"), ("he", "rtl"), ("ru", "ltr"), ("zz-unknown", "auto"), (None, "auto")],
)
def test_texts_run_in_their_own_direction(language: str | None, direction: str) -> None:
    assert direction_of(language) == direction
