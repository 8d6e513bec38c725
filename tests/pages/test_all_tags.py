"""What people like and do is a link to whoever names it too, and all of it stands on one page."""

import re
from html import unescape

import pytest
from starlette.testclient import TestClient

from app.models import Prisoner
from app.pages.public import all_tags
from app.service import Service
from tests.pages.test_writing import words_on
from tests.world import hide, make_prisoner

LINK = re.compile(r'<a href="(/people\?[^"]*(?:interest|work)=[^"]*)"[^>]*>(.*?)</a>', re.DOTALL)
NAME = re.compile(r'<h2 class="person-name"><a href="/people/([^"]*)"')
THINGS = [f"thing {number:02}" for number in range(45)]


def links(page: str) -> dict[str, str]:
    """What each thing on the page is called, and where it leads."""
    return {words_on(words): unescape(address) for address, words in LINK.findall(page)}


def found(client: TestClient, address: str) -> set[str]:
    return set(
        re.findall(r'<h2 class="person-name"><a href="/people/([^"]*)"', client.get(address).text)
    )


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize(
    ("english", "russian"),
    [
        ("chess, old radio sets", "шахматы, старые радиоприёмники"),
        ("", "шахматы, хор"),
        ("Poetry; cats.", ""),
        ("chess, cats, choir", "шахматы"),
    ],
)
def test_everything_somebody_likes_and_does_leads_to_them(
    client: TestClient, service: Service, language: str, english: str, russian: str
) -> None:
    with service.database.write() as session:
        anna = make_prisoner(
            session,
            interests_en=english,
            interests_ru=russian,
            profession_en="librarian",
            profession_ru="библиотекарь",
        )
        other = make_prisoner(session, interests_en="chess", interests_ru="шахматы")
    client.headers["accept-language"] = language
    told = links(client.get(f"/people/{anna.slug}").text)
    own = (russian or english) if language == "ru" else (english or russian)
    assert [*told] == [
        "библиотекарь" if language == "ru" else "librarian",
        *(each.strip(" .") for each in re.split("[,;]", own)),
    ]
    for words, address in told.items():
        assert anna.slug in found(client, address), words
    if "chess" in english:
        named = next(address for words, address in told.items() if words in ("chess", "шахматы"))
        assert found(client, named) == {anna.slug, other.slug}


def test_what_is_not_kept_apart_is_no_link(client: TestClient, service: Service) -> None:
    many = ", ".join(f"thing {number}" for number in range(14))
    with service.database.write() as session:
        anna = make_prisoner(session, interests_en=many, interests_ru="", profession_en="")
    page = client.get(f"/people/{anna.slug}").text
    assert len([words for words in links(page) if words.startswith("thing")]) == 12
    assert "thing 12, thing 13" in words_on(page)


def test_the_form_leads_nowhere_else(client: TestClient, service: Service) -> None:
    with service.database.write() as session:
        anna = make_prisoner(session, interests_en="chess", interests_ru="")
    page = client.post(f"/people/{anna.slug}/write", follow_redirects=True).text
    assert "chess" in words_on(page)
    assert links(page) == {}


@pytest.fixture
def crowd(service: Service) -> list[Prisoner]:
    """Eleven who like chess, one for each of the other things, and somebody hidden."""
    with service.database.write() as session:
        people = [
            make_prisoner(
                session,
                interests_en=", ".join([thing, *(["chess"] if number < 11 else [])]),
                interests_ru="",
                gender="he" if number % 2 else "she",
            )
            for number, thing in enumerate(THINGS)
        ]
        hide(make_prisoner(session, interests_en="MARKER liking", interests_ru=""))
        return people


@pytest.mark.trust(75, 76)
def test_whatever_does_not_fit_the_filters_is_reached_by_a_link(
    client: TestClient, crowd: list[Prisoner]
) -> None:
    search = client.get("/people?sex=she").text
    assert "All of them, by the alphabet" in client.get("/people").text
    assert "All of them, by the alphabet" not in search  # there all of them stand already
    page = client.get("/people/by/interest").text
    told = links(page)
    assert [*told] == ["chess 11", *THINGS]  # no number where they are fewer than ten
    assert "MARKER" not in page
    assert found(client, told["thing 44"]) == {crowd[44].slug}
    assert "librarian" not in page


def test_the_question_is_kept(client: TestClient, crowd: list[Prisoner]) -> None:
    page = client.get("/people/by/interest?sex=he").text
    told = links(page)
    assert [*told] == ["chess", *THINGS[1::2]]
    assert told["thing 43"] == "/people?sex=he&interest=thing+43"
    assert "Only of those whom your search and filters leave." in words_on(page)
    assert client.get("/people/by/interest?held=nowhere").text.count("Nothing is named here") == 1


def test_a_letter_leads_to_its_page(
    client: TestClient, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(all_tags, "PAGE", 2)
    with service.database.write() as session:
        for likes in ("ёлки, «Алиса»", "игра на флейте, 100 лет одиночества"):
            make_prisoner(session, interests_en="", interests_ru=likes)
    client.headers["accept-language"] = "ru"
    first = client.get("/people/by/interest").text
    assert [*links(first)] == ["«Алиса»", "ёлки"]
    letters = re.search(r'<nav class="letters".*?</nav>', first, re.DOTALL)
    assert letters
    assert words_on(letters[0]).split() == ["А", "Е", "И", "остальное"]
    (last,) = re.findall(r'href="([^"]*#letter-other)"', letters[0])
    second = client.get(unescape(last)).text
    assert [*links(second)] == ["игра на флейте", "100 лет одиночества"]
    assert client.get("/people/by/interest?page=99").text.count("ёлки") == 0


def test_only_what_people_say_of_themselves_has_such_a_page(client: TestClient) -> None:
    assert client.get("/people/by/article").status_code == 404
