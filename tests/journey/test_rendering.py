"""The page is made of the approved text and the address of this day, once; else it is held."""

import io
import subprocess
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pikepdf
import pytest
import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.journey import rendering
from app.lifecycle import Hold, Role, State
from app.models import Correspondence, Facility, Letter, Placement, Prisoner, Rendering
from app.service import Service
from mailing.letter_numbers import grouped
from tests.world import (
    RUSSIAN_TEXT,
    make_facility,
    make_letter,
    make_prisoner,
    make_return_address,
    make_staff,
    place,
)


def approved(session: Session, **facts: Any) -> Letter:
    """An approved letter to somebody with these facts."""
    return make_letter(session, make_prisoner(session, **facts), State.APPROVED)


def try_it(service: Service, letter_id: str) -> str:
    with service.database.read() as session:
        letter = session.get_one(Letter, letter_id)
        attempt = f"{letter.moves}-{letter.attempts}"
    return rendering.render(service, letter_id, attempt)


def look(service: Service, letter_id: str) -> Letter:
    with service.database.read() as session:
        return session.get_one(Letter, letter_id)


def words_of(pdf: bytes, folder: Path) -> str:
    path = folder / "letter.pdf"
    path.write_bytes(pdf)
    return subprocess.run(
        ["pdftotext", "-layout", str(path), "-"], check=True, capture_output=True, text=True
    ).stdout


@pytest.mark.trust(43)
def test_the_page_holds_the_approved_text_address_and_number(
    service: Service, tmp_path: Path
) -> None:
    with service.database.write() as session:
        home = make_return_address(session)
        letter = approved(session)
    assert try_it(service, letter.id) == "rendered"
    with service.database.read() as session:
        row = session.exec(select(Rendering)).one()
        ready = session.get_one(Letter, letter.id)
        assert (ready.state, ready.rendering_id) == (State.READY, row.id)
        assert row.approval_id == ready.approval_id
        correspondence = session.get_one(Correspondence, ready.correspondence_id)
        assert correspondence.return_address_id == home.id
    pdf = service.vault.get(row.file_id)
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert len(document.pages) == row.pages
    words = words_of(pdf, tmp_path)
    for expected in (
        *RUSSIAN_TEXT.split("\n\n"),
        "Озеровой Анне Петровне",
        "610998",
        "RUSSISCHE FÖDERATION",
        grouped(letter.number),
        "M. Winter",
    ):
        assert expected in words
    assert try_it(service, letter.id) == "moved_on"
    assert list(service.vault.ids()) == [row.file_id]


def test_parallel_repetitions_leave_one_rendering_and_one_file(service: Service) -> None:
    with service.database.write() as session:
        make_return_address(session)
        letter = approved(session)
    attempt = f"{letter.moves}-{letter.attempts}"
    with ThreadPoolExecutor(4) as pool:
        said = list(pool.map(lambda _: rendering.render(service, letter.id, attempt), range(4)))
    assert said.count("rendered") == 1
    with service.database.read() as session:
        row = session.exec(select(Rendering)).one()
    assert list(service.vault.ids()) == [row.file_id]


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"patronymic": None}, Hold.INCOMPLETE_ADDRESS),
        ({"birth_year": None}, Hold.INCOMPLETE_ADDRESS),
        ({"dative_confirmed": False}, Hold.INCOMPLETE_ADDRESS),
        ({"status": "released"}, Hold.RELEASED),
        ({"status": "dead"}, Hold.DEAD),
        ({"status": "in_transfer"}, Hold.IN_TRANSFER),
        ({"hidden": True}, Hold.OBJECTED),
        ({"wants_letters": False}, Hold.NOT_WRITABLE),
    ],
)
def test_what_cannot_be_addressed_is_held_with_its_reason(
    service: Service, facts: dict[str, Any], reason: Hold
) -> None:
    with service.database.write() as session:
        make_return_address(session)
        letter = approved(session, **facts)
    assert try_it(service, letter.id) == f"held:{reason}"
    row = look(service, letter.id)
    assert (row.state, row.held_reason) == (State.APPROVED, reason)
    assert list(service.vault.ids()) == []


def test_nobody_without_a_patronymic_is_held_for_it(service: Service) -> None:
    with service.database.write() as session:
        make_return_address(session)
        letter = approved(session, patronymic=None, has_patronymic=False)
    assert try_it(service, letter.id) == "rendered"


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"postal_code": ""}, Hold.INCOMPLETE_ADDRESS),
        ({"postal_code": "12345"}, Hold.INCOMPLETE_ADDRESS),
        ({"street": ""}, Hold.INCOMPLETE_ADDRESS),
    ],
)
def test_a_place_without_full_address_holds(
    service: Service, changed: dict[str, str], reason: Hold
) -> None:
    with service.database.write() as session:
        make_return_address(session)
        letter = approved(session)
        facility = session.exec(select(Facility)).one()
        for name, value in changed.items():
            setattr(facility, name, value)
    assert try_it(service, letter.id) == f"held:{reason}"


def test_an_old_address_holds_until_it_is_checked(service: Service) -> None:
    with service.database.write() as session:
        make_return_address(session)
        letter = approved(session)
        present = session.exec(select(Placement)).one()
        present.checked_on = service.today() - timedelta(days=service.settings.address_days + 1)
    assert try_it(service, letter.id) == f"held:{Hold.STALE_ADDRESS}"


def test_an_approval_for_another_place_is_not_printed(service: Service) -> None:
    with service.database.write() as session:
        make_return_address(session)
        letter = approved(session)
        session.exec(select(Placement)).one().to_day = date(2026, 11, 20)
        session.flush()
        place(session, session.exec(select(Prisoner)).one(), make_facility(session))
    assert try_it(service, letter.id) == f"held:{Hold.STALE_ADDRESS}"


def test_without_a_return_address_a_letter_waits_and_a_correspondence_keeps_its_own(
    service: Service,
) -> None:
    with service.database.write() as session:
        letter = approved(session)
    assert try_it(service, letter.id) == f"held:{Hold.NO_RETURN_ADDRESS}"
    with service.database.write() as session:
        own = make_return_address(session, country="PL")
        make_return_address(session)
        other = approved(session)
        correspondence = session.get_one(Correspondence, other.correspondence_id)
        correspondence.return_address_id = own.id
    assert try_it(service, other.id) == "rendered"
    with service.database.read() as session:
        assert session.exec(select(Rendering)).one().return_address_id == own.id


@pytest.mark.trust(35)
def test_a_letter_that_cannot_be_laid_out_is_parked_and_the_next_prints(
    service: Service,
) -> None:
    with service.database.write() as session:
        make_return_address(session)
        prisoner, staff = make_prisoner(session), make_staff(session, Role.REVIEWER)
        endless = make_letter(
            session, prisoner, State.APPROVED, staff=staff, russian="слово\n" * 2_000
        )
        good = make_letter(session, prisoner, State.APPROVED, staff=staff)
    said = [try_it(service, endless.id) for _ in range(rendering.TRIES)]
    assert said[0].startswith("later:")
    assert said[-1] == f"held:{Hold.UNRENDERABLE}"
    assert try_it(service, good.id) == "rendered"


@pytest.mark.trust(43)
@pytest.mark.parametrize("state", ["approved", "ready", "batched", "printed", "posted"])
def test_the_database_itself_refuses_pages_nobody_approved(service: Service, state: str) -> None:
    with service.database.write() as session:
        letter = make_letter(session, make_prisoner(session), State.IN_REVIEW)
    with pytest.raises(sa.exc.IntegrityError), service.database.write() as session:
        session.execute(sa.update(Letter).where(col(Letter.id) == letter.id).values(state=state))
