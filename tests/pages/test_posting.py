"""The posting desk in a browser without scripts: take, download, print, post, give back."""

import re
import subprocess
from datetime import date, timedelta
from pathlib import Path

import pikepdf
import pytest
from httpx2 import Response
from sqlmodel import select
from starlette.testclient import TestClient

from app import batching
from app.lifecycle import Role, State
from app.models import Batch, BatchItem, Event, Letter, Note, Posting
from app.moving import WRITER
from app.service import Service
from mailing import paper
from mailing.letter_numbers import grouped
from mailing.paper import LetterSheet
from tests import staffing, world
from tests.conftest import Clock

FORBIDDEN = ("lifeline", "prisoner", "заключ", "http", "imprison", "статья", "article", "uuk")
WRITER_EMAIL = "greta.writer@example.org"
POSTED = {"posted_on": "2026-11-22", "country": "DE", "cost": "1,10", "currency": "EUR"}


def page_of(number: str) -> bytes:
    sheet = LetterSheet(
        number=grouped(number),
        day=date(2026, 11, 20),
        address=("Озеровой Анне Петровне, 1985 г. р.", "ФКУ ИК-5", "610998", "RUSSLAND"),
        sender_line="M. Winter, Postfach 12 34 56, 10999 Berlin",
        text=world.RUSSIAN_TEXT,
        closing="",
        signature="Грета",
        return_address=("M. Winter", "Postfach 12 34 56", "10999 Berlin", "Deutschland"),
    )
    return paper.render(sheet).pdf


def ready_letters(service: Service, count: int) -> list[Letter]:
    """Letters that could be printed at once, each with its page in the vault."""
    letters = []
    for serial in range(count):
        number = f"1000000{serial:04d}"
        file_id = service.vault.put(page_of(number))
        with service.database.write() as session:
            letters.append(
                world.make_letter(
                    session,
                    world.make_prisoner(session),
                    State.READY,
                    number=number,
                    file_id=file_id,
                    email=WRITER_EMAIL,
                    now=world.NOON - timedelta(days=9 - serial),
                )
            )
    return letters


def take(printer: TestClient, count: int = 3) -> str:
    """Take letters; returns the address of the batch."""
    answer = printer.post("/desk/posting/take", data={"wanted": str(count), "cover": "yes"})
    assert answer.status_code == 303
    return answer.headers["location"].partition("?")[0]


def states(service: Service) -> list[str]:
    with service.database.read() as session:
        return list(session.exec(select(Letter.state).order_by(Letter.number)).all())


def items(service: Service) -> list[str]:
    with service.database.read() as session:
        return list(session.exec(select(BatchItem.id).order_by(BatchItem.position)).all())  # type: ignore[arg-type]


def text_of(pdf: bytes, tmp_path: Path) -> str:
    path = tmp_path / "pages.pdf"
    path.write_bytes(pdf)
    run = subprocess.run(["pdftotext", str(path), "-"], check=True, capture_output=True)
    return run.stdout.decode()


@pytest.mark.trust(36)
@pytest.mark.trust(77)
def test_from_taking_to_the_post_box(printer: TestClient, service: Service, tmp_path: Path) -> None:
    letters = ready_letters(service, 3)
    batch = take(printer)
    seen = printer.get(batch).text
    for letter in letters:
        assert grouped(letter.number) in seen
    assert "пос. Озёрный" in seen

    pages = printer.post(f"{batch}/pages")
    assert pages.status_code == 200
    assert pages.headers["content-type"] == "application/pdf"
    assert pages.headers["content-disposition"] == 'attachment; filename="pages-2026-11-22.pdf"'
    assert pages.headers["x-content-type-options"] == "nosniff"
    printed = text_of(pages.content, tmp_path)
    assert all(grouped(letter.number) in printed for letter in letters)
    with pikepdf.open(tmp_path / "pages.pdf") as pdf:
        assert len(pdf.pages) == 1 + 3 * 2
        assert f"{len(pdf.pages)} Sheets of paper, with this one" in " ".join(printed.split())
        assert f"<dd><bdi>{len(pdf.pages)}</bdi></dd>" in seen, "the page tells the same"
        told = str(dict(pdf.docinfo)) + printed
    assert not [word for word in FORBIDDEN if word in told.lower()]

    assert printer.post(f"{batch}/printed").status_code == 303
    assert states(service) == ["printed"] * 3
    answer = printer.post(f"{batch}/posted", data=POSTED | {"except": items(service)[2]})
    assert answer.headers["location"] == f"{batch}?done=posted"
    assert states(service) == ["posted", "posted", "printed"]
    with service.database.read() as session:
        posting = session.exec(select(Posting)).first()
    assert posting is not None
    assert (posting.cost_cents, posting.currency, posting.country) == (110, "EUR", "DE")
    assert "1.10" in printer.get(batch).text, "the postage need not be typed again"


def test_all_pages_are_printed_by_mistake_and_that_is_undone(
    printer: TestClient, service: Service
) -> None:
    ready_letters(service, 3)
    batch = take(printer)
    undo = "Undo: these pages are not printed"
    assert printer.post(f"{batch}/not-printed").status_code == 409, "nothing is printed"
    first = printer.post(f"{batch}/pages").content
    assert undo not in printer.get(batch).text
    printer.post(f"{batch}/printed")
    page = printer.get(batch).text
    assert undo in page
    assert "3 letters go back to “not printed yet”" in page, "its consequences are said before"
    answer = printer.post(f"{batch}/not-printed")
    assert answer.headers["location"] == f"{batch}?done=not_printed"
    assert states(service) == ["batched"] * 3
    page = printer.get(answer.headers["location"]).text
    assert "The letters are still yours" in page
    assert "All pages are printed" in page
    assert printer.post(f"{batch}/pages-again", data={"reason": "jam"}).content == first
    printer.post(f"{batch}/printed")
    printer.post(f"{batch}/posted", data=POSTED)
    assert states(service) == ["posted"] * 3
    assert printer.post(f"{batch}/not-printed").status_code == 409, "what is posted is posted"


@pytest.mark.trust(14)
@pytest.mark.trust(77)
def test_no_page_or_file_says_who_writes_or_what_this_is(
    printer: TestClient, service: Service, tmp_path: Path
) -> None:
    letters = ready_letters(service, 2)
    desk = printer.get("/desk/posting").text
    batch = take(printer, 2)
    before = printer.get(batch).text
    pdf = text_of(printer.post(f"{batch}/pages").content, tmp_path)
    after = printer.get(batch).text
    printer.post(f"{batch}/posted", data=POSTED)
    finished, history = printer.get(batch).text, printer.get("/desk/posting").text
    for page in (desk, before, after, finished, history):
        words = visible(page)
        assert not [word for word in (*FORBIDDEN, "greta", "грета") if word in words.lower()]
        assert WRITER_EMAIL not in page
        assert "Озеров" not in page, "names stand on the letters alone"
        assert letters[0].id not in page
    assert WRITER_EMAIL not in pdf


def visible(html: str) -> str:
    """The words of a page, with its title, and what it says for screen readers."""
    attributes = " ".join(re.findall(r'(?:alt|title|aria-label|content)="([^"]*)"', html))
    text = re.sub(r"<(script|style)[^>]*>.*?</\1>", " ", html, flags=re.DOTALL)
    return re.sub(r"<[^>]+>", " ", text) + attributes


@pytest.mark.trust(37)
def test_printing_again_gives_the_same_bytes_for_a_reason_that_is_kept(
    printer: TestClient, service: Service
) -> None:
    ready_letters(service, 2)
    batch = take(printer, 2)
    first = printer.post(f"{batch}/pages")
    assert printer.post(f"{batch}/pages").status_code == 409
    refused = printer.post(f"{batch}/pages-again", data={"reason": " "})
    assert refused.status_code == 422
    assert "Write why the pages are needed again" in refused.text
    again = printer.post(f"{batch}/pages-again", data={"reason": "The printer jammed"})
    assert again.content == first.content
    with service.database.read() as session:
        event = session.exec(select(Event).where(Event.to == "downloaded_again")).one()
        note = session.get_one(Note, event.note_id)
        assert (event.subject, note.text) == ("batch", "The printer jammed")


@pytest.mark.trust(37)
def test_a_finished_batch_gives_no_names_any_more(printer: TestClient, service: Service) -> None:
    ready_letters(service, 1)
    batch = take(printer, 1)
    printer.post(f"{batch}/pages")
    printer.post(f"{batch}/posted", data=POSTED)
    assert printer.post(f"{batch}/pages-again", data={"reason": "curious"}).status_code == 409


@pytest.mark.trust(37)
def test_names_of_posted_letters_are_closed_while_others_wait(
    printer: TestClient, service: Service, tmp_path: Path
) -> None:
    letters = ready_letters(service, 2)
    batch = take(printer, 2)
    printer.post(f"{batch}/pages")
    printer.post(f"{batch}/posted", data={**POSTED, "except": items(service)[1]})
    again = printer.post(f"{batch}/pages-again", data={"reason": "The page is torn"})
    rest = text_of(again.content, tmp_path)
    assert grouped(letters[0].number) not in rest
    assert grouped(letters[1].number) in rest


def test_the_pages_never_change_whatever_leaves_the_batch(
    printer: TestClient, service: Service
) -> None:
    letters = ready_letters(service, 2)
    batch = take(printer, 2)
    first = printer.post(f"{batch}/pages").content
    with service.database.write() as session:
        letter = session.get_one(Letter, letters[0].id)
        assert batching.withdraw(session, letter, WRITER, service.now()) is False
    page = printer.get(batch).text
    assert "Take these out of the pile" in page
    assert printer.post(f"{batch}/pages-again", data={"reason": "jam"}).content == first
    printer.post(f"{batch}/posted", data=POSTED)
    assert states(service) == ["withdrawn", "posted"]


def test_a_letter_withdrawn_before_the_download_is_not_in_the_pages(
    printer: TestClient, service: Service, tmp_path: Path
) -> None:
    letters = ready_letters(service, 2)
    batch = take(printer, 2)
    with service.database.write() as session:
        letter = session.get_one(Letter, letters[0].id)
        assert batching.withdraw(session, letter, WRITER, service.now()) is True
    printed = text_of(printer.post(f"{batch}/pages").content, tmp_path)
    assert grouped(letters[0].number) not in printed
    assert grouped(letters[1].number) in printed


@pytest.mark.trust(19)
def test_the_pages_lie_sealed(printer: TestClient, service: Service) -> None:
    ready_letters(service, 1)
    printer.post(f"{take(printer, 1)}/pages")
    for file in service.vault.folder.glob("??/*"):
        assert b"%PDF" not in file.read_bytes()


@pytest.mark.trust(13)
def test_somebody_elses_batch_is_not_found(printer: TestClient, service: Service) -> None:
    ready_letters(service, 1)
    batch = take(printer, 1)
    with service.database.write() as session:
        other = world.make_staff(session, Role.PRINTER)
    staffing.sign_in(printer, service, other.id)
    steps = ("pages", "pages-again", "printed", "not-printed", "posted", "give-back")
    typed = POSTED | {"reason": "x"}
    answers = [printer.post(f"{batch}/{step}", data=typed) for step in steps]
    answers.append(printer.get(batch))
    assert {answer.status_code for answer in answers} == {404}
    assert states(service) == ["batched"]


def test_a_coordinator_sees_the_batch_of_others_but_not_its_pages(
    printer: TestClient, service: Service
) -> None:
    ready_letters(service, 1)
    batch = take(printer, 1)
    with service.database.write() as session:
        coordinator = world.make_staff(session, Role.COORDINATOR)
    staffing.sign_in(printer, service, coordinator.id)
    assert "Held by other volunteers" in printer.get("/desk/posting").text
    assert printer.get(batch).status_code == 200
    assert printer.post(f"{batch}/pages").status_code == 404
    assert printer.post(f"{batch}/give-back").status_code == 303
    assert states(service) == ["ready"]


@pytest.mark.trust(12)
@pytest.mark.parametrize("role", [Role.TRANSLATOR, Role.REVIEWER, Role.SCANNER, Role.CATALOGUE])
def test_other_roles_are_kept_out(client: TestClient, service: Service, role: Role) -> None:
    with service.database.write() as session:
        staff = world.make_staff(session, role)
    staffing.sign_in(client, service, staff.id)
    assert client.get("/desk/posting").status_code == 403
    assert client.post("/desk/posting/take", data={"wanted": "1"}).status_code == 403


@pytest.mark.trust(16)
def test_no_step_is_skipped(printer: TestClient, service: Service) -> None:
    ready_letters(service, 1)
    batch = take(printer, 1)
    assert printer.post(f"{batch}/printed").status_code == 409
    assert printer.post(f"{batch}/posted", data=POSTED).status_code == 409
    assert states(service) == ["batched"]


@pytest.mark.trust(47)
def test_looking_changes_nothing(printer: TestClient, service: Service) -> None:
    ready_letters(service, 1)
    batch = take(printer, 1)
    before = rows(service)
    for path in ("/desk/posting", batch, f"{batch}/pages", f"{batch}/printed"):
        printer.get(path)
    assert rows(service) == before


def rows(service: Service) -> list[object]:
    with service.database.read() as session:
        batch = session.exec(select(Batch)).one()
        events = session.exec(select(Event.to)).all()
        return [batch.downloaded_at, batch.file_id, *events]


def test_what_was_typed_wrongly_stands_beside_its_field(
    printer: TestClient, service: Service
) -> None:
    ready_letters(service, 2)
    batch = take(printer, 2)
    printer.post(f"{batch}/pages")
    ticked = items(service)[0]
    wrong = POSTED | {"posted_on": "2027-01-01", "cost": "2.50", "except": ticked}
    answer = printer.post(f"{batch}/posted", data=wrong)
    assert answer.status_code == 422
    assert "This day has not come yet" in answer.text
    assert 'value="2.50"' in answer.text
    assert f'value="{ticked}" form="posting" checked' in answer.text
    for cost in ("a lot", "1.234", "-1", "1e9"):
        answer = printer.post(f"{batch}/posted", data=POSTED | {"cost": cost})
        assert answer.status_code == 422, cost
    assert set(states(service)) == {"batched"}


def test_letter_by_letter(printer: TestClient, service: Service) -> None:
    ready_letters(service, 4)
    batch = take(printer, 4)
    printer.post(f"{batch}/pages")
    first, second, third, fourth = items(service)

    def one(item: str, step: str, **fields: str) -> Response:
        return printer.post(f"{batch}/letters/{item}/{step}", data=fields)

    assert one(first, "posted", **POSTED).status_code == 303
    assert one(second, "spoiled").status_code == 303
    assert one(third, "unknown").status_code == 303
    assert one(fourth, "taken-out").status_code == 409, "only what is flagged"
    assert states(service) == ["posted", "ready", "unknown", "batched"]
    assert one(first, "correct", reason="").status_code == 422
    assert one(first, "correct", reason="still in my bag").status_code == 303
    assert states(service)[0] == "printed"


def test_a_coordinator_settles_what_nobody_knows(printer: TestClient, service: Service) -> None:
    letters = ready_letters(service, 2)
    batch = take(printer, 2)
    printer.post(f"{batch}/pages")
    for item in items(service):
        printer.post(f"{batch}/letters/{item}/unknown")
    refused = printer.post(f"/desk/posting/unknown/{letters[0].id}/never")
    assert refused.status_code == 403
    with service.database.write() as session:
        coordinator = world.make_staff(session, Role.COORDINATOR)
    staffing.sign_in(printer, service, coordinator.id)
    assert grouped(letters[0].number) in printer.get("/desk/posting").text
    printer.post(f"/desk/posting/unknown/{letters[0].id}/posted", data=POSTED)
    printer.post(f"/desk/posting/unknown/{letters[1].id}/never")
    assert states(service) == ["posted", "ready"]


@pytest.mark.trust(65)
def test_an_unfinished_batch_is_overdue_in_the_end(
    printer: TestClient, service: Service, clock: Clock
) -> None:
    ready_letters(service, 1)
    batch = take(printer, 1)
    assert "overdue" not in printer.get(batch).text
    clock.forward(days=20)
    with service.database.write() as session:
        staff = session.exec(select(Batch.staff_id)).one()
    staffing.sign_in(printer, service, staff)
    assert "overdue" in printer.get(batch).text
