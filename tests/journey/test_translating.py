"""Letters become Russian by the engines of a chain; what these cannot do waits for people."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from app.journey import translating
from app.lifecycle import Role, State
from app.models import Letter, Revision
from app.service import Service
from app.settings import Settings
from tests.standins.answering import Behaviour
from tests.standins.translators import GoogleStandIn, LibreTranslateStandIn
from tests.world import make_letter, make_prisoner, make_staff

GREETING = (
    "Liebe Anna,\n\nIch schreibe Ihnen aus Hamburg. Schreiben Sie an greta.winter@example.org.\n\n"
    "Ihre Greta Winter"
)
HALF_AN_HOUR = timedelta(minutes=30)


@pytest.fixture
def google() -> Iterator[GoogleStandIn]:
    with GoogleStandIn() as standin:
        yield standin


@pytest.fixture
def settings(settings: Settings, google: GoogleStandIn) -> Settings:
    return settings.model_copy(
        update={"translators": f"google+{google.url}", "translator_timeout_seconds": 0.5}
    )


def new_letter(service: Service, **facts: Any) -> Letter:
    with service.database.write() as session:
        letter = make_letter(
            session, make_prisoner(session), State.TRANSLATING, text=GREETING, **facts
        )
        original = session.exec(select(Revision)).one()
        original.signature = "Greta Winter"
        return letter


def try_it(service: Service, letter_id: str) -> str:
    """Do the work the letter waits for at this moment."""
    with service.database.read() as session:
        letter = session.get_one(Letter, letter_id)
        attempt = f"{letter.moves}-{letter.attempts}"
    return translating.translate(service, letter_id, attempt)


def look(service: Service, letter_id: str) -> Letter:
    with service.database.read() as session:
        return session.get_one(Letter, letter_id)


def russian(service: Service) -> list[Revision]:
    with service.database.read() as session:
        return list(session.exec(select(Revision).where(Revision.part == "russian")))


@pytest.mark.trust(39)
def test_names_stay_here_and_come_back_in_russian_letters(
    service: Service, google: GoogleStandIn
) -> None:
    letter = new_letter(service)
    assert try_it(service, letter.id) == "translated"
    for name in ("Anna", "Greta", "Winter", "example.org"):
        assert name not in google.everything_seen
    [made] = russian(service)
    assert made.text is not None
    assert "Пишу вам из Гамбурга." in made.text
    assert "Анна" in made.text
    assert "greta.winter@example.org" in made.text
    assert made.text.split("\n\n")[-1].startswith("Я не говорю по-русски")
    assert (made.signature, made.engine) == ("Грета Винтер", "google")
    assert look(service, letter.id).state == State.IN_REVIEW
    assert try_it(service, letter.id) == "moved_on"


def test_a_writer_may_drop_the_closing_sentence(service: Service) -> None:
    new = new_letter(service, closing_sentence=False)
    try_it(service, new.id)
    [made] = russian(service)
    assert "печатными буквами" not in (made.text or "")


@pytest.mark.trust(38)
@pytest.mark.parametrize("engines", ["own", "none"])
def test_without_consent_nothing_goes_outside(
    service: Service, google: GoogleStandIn, engines: str
) -> None:
    letter = new_letter(service, engines=engines)
    try_it(service, letter.id)
    assert google.requests == []
    assert look(service, letter.id).state == State.TRANSLATING
    assert russian(service) == []


@pytest.mark.trust(38)
def test_our_own_engine_needs_no_consent(service: Service, google: GoogleStandIn) -> None:
    with LibreTranslateStandIn() as own:
        chain = f"google+{google.url},libretranslate+{own.url}"
        service = replace(
            service, settings=service.settings.model_copy(update={"translators": chain})
        )
        letter = new_letter(service, engines="own")
        assert try_it(service, letter.id) == "translated"
        assert own.requests
    assert google.requests == []


@pytest.mark.trust(39)
@pytest.mark.parametrize("behaviour", ["lose placeholders", "double placeholders"])
def test_a_lost_placeholder_sends_the_letter_to_a_person(
    service: Service, google: GoogleStandIn, behaviour: Behaviour
) -> None:
    google.behave(behaviour)
    letter = new_letter(service)
    assert try_it(service, letter.id) == "to_people:placeholder_lost"
    row = look(service, letter.id)
    assert (row.state, row.trouble, row.next_try_at) == ("translating", "placeholder_lost", None)
    assert russian(service) == []


@pytest.mark.trust(41)
@pytest.mark.parametrize("behaviour", ["hang", "drip", "drip headers", "cut", "500", "429"])
def test_a_dead_provider_holds_nothing_and_is_asked_again_later(
    service: Service, google: GoogleStandIn, behaviour: Behaviour
) -> None:
    google.behave(behaviour)
    letter = new_letter(service)
    assert try_it(service, letter.id).startswith("later:")
    row = look(service, letter.id)
    assert row.held_reason is None
    assert row.trouble
    assert row.next_try_at is not None
    assert timedelta(seconds=30) <= row.next_try_at - service.now() <= timedelta(minutes=2)
    google.behave("well")
    assert try_it(service, letter.id) == "translated"


def test_pauses_grow_to_an_hour_and_never_end(service: Service, google: GoogleStandIn) -> None:
    google.behave("403")
    letter = new_letter(service)
    pauses = []
    for _ in range(9):
        assert try_it(service, letter.id).startswith("later:")
        row = look(service, letter.id)
        assert row.next_try_at is not None
        pauses.append((row.next_try_at - service.now()).total_seconds())
    assert pauses[:4] == [30, 60, 120, 240]
    assert pauses[-1] == 3600


@pytest.mark.trust(42)
@pytest.mark.parametrize("behaviour", ["empty", "html", "same", "truncated", "english", "endless"])
def test_a_bad_answer_is_never_kept(
    service: Service, google: GoogleStandIn, behaviour: Behaviour
) -> None:
    google.behave(behaviour)
    letter = new_letter(service)
    assert try_it(service, letter.id) != "translated"
    assert russian(service) == []


@pytest.mark.trust(64)
def test_a_letter_that_engines_always_answer_badly_goes_to_a_person(
    service: Service, google: GoogleStandIn
) -> None:
    google.behave("english")
    letter = new_letter(service)
    said = [try_it(service, letter.id) for _ in range(translating.BAD_ANSWERS)]
    assert said[-1].startswith("to_people:")
    assert look(service, letter.id).next_try_at is None
    google.behave("well")
    with service.database.write() as session:
        me = make_staff(session, Role.TRANSLATOR).id
        translating.try_machine(session, letter.id, me, service.now())
    assert try_it(service, letter.id) == "translated"


def test_without_engines_the_desk_says_so(service: Service) -> None:
    service = replace(service, settings=service.settings.model_copy(update={"translators": ""}))
    letter = new_letter(service)
    assert try_it(service, letter.id) == "to_people:no_engine"


def test_the_machine_keeps_off_what_a_person_took(service: Service, google: GoogleStandIn) -> None:
    letter = new_letter(service)
    with service.database.write() as session:
        me = make_staff(session, Role.TRANSLATOR).id
        translating.take(session, letter.id, me, service.now(), HALF_AN_HOUR)
    assert try_it(service, letter.id) == "moved_on"
    assert google.requests == []
    with service.database.write() as session:
        translating.give_back(session, letter.id, me, service.now())
    assert try_it(service, letter.id) == "translated"
