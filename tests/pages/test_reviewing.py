"""The reviewers' and the translators' desk, as a browser meets them."""

import re
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from sqlmodel import select

from app import main
from app.lifecycle import Role, State
from app.models import Letter, Revision
from app.service import Service
from mailing.letter_numbers import grouped
from tests.staffing import browser_of
from tests.world import make_letter, make_prisoner


@pytest.fixture
def reviewer(service: Service) -> Iterator[TestClient]:
    with browser_of(main.assemble(service), service, Role.REVIEWER) as browser:
        browser.follow_redirects = True
        yield browser


@pytest.fixture
def translator(service: Service) -> Iterator[TestClient]:
    with browser_of(main.assemble(service), service, Role.TRANSLATOR) as browser:
        browser.follow_redirects = True
        yield browser


def test_a_reviewer_takes_corrects_and_approves(service: Service, reviewer: TestClient) -> None:
    with service.database.write() as session:
        letter = make_letter(
            session, make_prisoner(session), State.IN_REVIEW, email="greta@example.org"
        )
    assert grouped(letter.number) in reviewer.get("/desk/reviewing").text
    untaken = reviewer.get(f"/desk/reviewing/{letter.id}").text
    assert "geschneit" not in untaken
    page = reviewer.post("/desk/reviewing/next").text
    assert "bei uns hat es heute geschneit." in page
    assert "greta@example.org" not in page
    approved = reviewer.post(
        f"/desk/reviewing/{letter.id}/approve",
        data={
            "paragraph-1": "Дорогая Анна,",
            "paragraph-2": "у нас сегодня\nвыпал первый снег.",
            "signature": "Грета",
        },
    )
    assert "Approved." in approved.text
    with service.database.read() as session:
        assert session.get_one(Letter, letter.id).state == State.APPROVED
        newest = session.exec(select(Revision).order_by(Revision.seq.desc())).first()  # type: ignore[attr-defined]
        assert newest is not None
        assert newest.text == "Дорогая Анна,\n\nу нас сегодня выпал первый снег."
    undo = re.search(r'action="(/desk/reviewing/\w+/reopen)"', approved.text)
    assert undo
    assert "выпал первый снег" in reviewer.post(undo[1]).text


def test_what_cannot_be_printed_is_told_beside_its_paragraph_and_kept(
    service: Service, reviewer: TestClient
) -> None:
    with service.database.write() as session:
        letter = make_letter(session, make_prisoner(session), State.IN_REVIEW)
    reviewer.post(f"/desk/reviewing/{letter.id}/take")
    answer = reviewer.post(
        f"/desk/reviewing/{letter.id}/approve",
        data={"paragraph-1": "Анна 🙂 hello", "paragraph-2": "", "signature": "Грета"},
    )
    assert answer.status_code == 422
    assert 'href="#paragraph-1"' in answer.text
    assert 'href="#paragraph-2"' in answer.text
    assert "Анна 🙂 hello" in answer.text
    assert "foreign words: hello" in answer.text
    assert answer.text.count("The paper cannot show these signs: 🙂") == 2, "on top and beside it"


def test_asking_needs_words_and_keeps_the_page(service: Service, reviewer: TestClient) -> None:
    with service.database.write() as session:
        letter = make_letter(session, make_prisoner(session), State.IN_REVIEW)
    reviewer.post(f"/desk/reviewing/{letter.id}/take")
    typed = {"paragraph-1": "Анна!", "paragraph-2": "снег", "signature": "Грета"}
    answer = reviewer.post(f"/desk/reviewing/{letter.id}/changes", data=typed)
    assert answer.status_code == 422
    assert "Tell the writer what to change." in answer.text
    answer = reviewer.post(
        f"/desk/reviewing/{letter.id}/changes", data={**typed, "note": "Bitte kürzer."}
    )
    assert "The writer is asked." in answer.text


def test_a_translator_keeps_half_and_finishes_later(
    service: Service, translator: TestClient
) -> None:
    with service.database.write() as session:
        letter = make_letter(session, make_prisoner(session), State.TRANSLATING, engines="none")
    page = translator.post("/desk/translating/next").text
    assert "bei uns hat es heute geschneit." in page
    assert "печатными буквами" in page
    path = f"/desk/translating/{letter.id}"
    half = {"paragraph-1": "", "paragraph-2": "у нас снег.", "paragraph-3": "", "signature": ""}
    assert "Kept." in translator.post(f"{path}/keep", data=half).text
    again = translator.get(path).text
    assert re.search(r'id="paragraph-2"[^>]*>\s*у нас снег\.</textarea>', again)
    refused = translator.post(f"{path}/finish", data=half)
    assert refused.status_code == 422
    assert 'href="#paragraph-1"' in refused.text
    whole = {**half, "paragraph-1": "Дорогая Анна,", "signature": "Грета"}
    done = translator.post(f"{path}/finish", data=whole)
    assert "went to review" in done.text
    with service.database.read() as session:
        assert session.get_one(Letter, letter.id).state == State.IN_REVIEW
    assert "Дорогая Анна," in translator.post(f"{path}/take-back").text


def test_filters_and_an_empty_desk(service: Service, translator: TestClient) -> None:
    assert "No letter waits here" in translator.get("/desk/translating").text
    with service.database.write() as session:
        prisoner = make_prisoner(session)
        german = make_letter(session, prisoner, State.TRANSLATING)
        french = make_letter(session, prisoner, State.TRANSLATING, language="fr")
    shown = translator.get("/desk/translating?language=fr").text
    assert grouped(french.number) in shown
    assert grouped(german.number) not in shown
