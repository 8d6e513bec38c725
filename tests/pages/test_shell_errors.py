"""What went wrong is told in plain words, and what was typed comes back."""

import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient
from sqlmodel import select

from app.database import Database
from app.errors import (
    Claimed,
    Held,
    Invalid,
    LifelineError,
    NotFound,
    TooManyRequests,
    Unavailable,
    UnsupportedFile,
    WrongState,
)
from app.lifecycle import Role
from app.main import assemble
from app.models import Alarm, Staff
from app.pages.shell.forms import FormDep
from app.service import Service
from tests.staffing import browser_of, make_account, sign_in

TYPED = "Liebe Anna,\n\nbei uns hat es heute geschneit, und ich denke an Sie."


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (NotFound(), 404, "There is no such page"),
        (WrongState("It has been printed."), 409, "It has been printed."),
        (Claimed(), 409, "Somebody else is at work on this"),
        (Held(), 409, "This letter is held"),
        (Invalid({"text": "Write at least a few words."}), 422, "Write at least a few words."),
        (UnsupportedFile(), 415, "This kind of file cannot be taken"),
        (TooManyRequests("Wait a minute.", 60), 429, "Wait a minute."),
        (Unavailable("disk"), 503, "Nothing could be saved just now"),
        (LifelineError("inside"), 500, "Something went wrong on our side"),
    ],
)
def test_each_error_has_its_status_and_words_and_gives_the_text_back(
    service: Service, error: LifelineError, status: int, words: str
) -> None:
    app = assemble(service)

    def fail(form: FormDep) -> None:
        assert form.text("text") == TYPED
        raise error

    app.add_api_route("/fail", fail, methods=["POST"])
    with browser_of(app, service) as client:
        answer = client.post("/fail", data={"text": TYPED.replace("\n", "\r\n"), "name": "short"})
    assert answer.status_code == status
    assert f"<h1>{words}</h1>" in answer.text or words in answer.text
    assert f"\n{TYPED}</textarea>" in answer.text
    assert ("retry-after" in answer.headers) == (status in {429, 503})


def test_the_same_errors_in_russian(client: TestClient) -> None:
    page = client.get("/no-such-page", headers={"Accept-Language": "ru"})
    assert page.status_code == 404
    assert 'lang="ru"' in page.text


def test_partners_get_problem_details(client: TestClient) -> None:
    answer = client.get("/api/v1/no-such-thing")
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json() == {"type": "about:blank", "title": "Not Found", "status": 404}


def test_typed_markup_comes_back_as_text(service: Service) -> None:
    app = assemble(service)

    def fail(form: FormDep) -> None:
        raise Unavailable("disk")

    app.add_api_route("/fail", fail, methods=["POST"])
    with browser_of(app, service) as client:
        typed = "</textarea><script>alert(1)</script>{{ 7*7 }}" * 3
        page = client.post("/fail", data={"text": typed}).text
    assert "<script>alert" not in page
    assert "{{ 7*7 }}" in page


@pytest.mark.trust(20)
def test_a_ciphertext_that_was_moved_shows_nothing_and_rings(
    client: TestClient, service: Service
) -> None:
    maria, ivan = make_account(service, Role.PRINTER), make_account(service, Role.PRINTER)
    sign_in(client, service, maria.id)
    for account, words in ((maria, "signal maria"), (ivan, "signal ivan")):
        with service.database.write() as session:
            session.get_one(Staff, account.id).contact = words
    with service.database.write() as session:
        theirs = session.get_one(Staff, ivan.id).contact_sealed
        session.execute(
            sa.update(Staff).where(Staff.id == maria.id).values(contact_sealed=theirs)  # type: ignore[arg-type]
        )
    page = client.get("/desk/account")
    assert page.status_code == 500
    assert "signal" not in page.text
    with service.database.read() as session:
        (alarm,) = session.exec(select(Alarm)).all()
    assert alarm.kind == "broken_seal"
    assert f"staff.contact_sealed.{maria.id}" in alarm.detail


@pytest.mark.trust(59)
def test_a_database_that_takes_nothing_is_a_503_with_the_text(
    service: Service, client: TestClient
) -> None:
    sign_in(client, service, make_account(service, Role.PRINTER).id)
    make_read_only(service.database)
    answer = client.post("/desk/account", data={"country": "AT", "contact": TYPED})
    assert answer.status_code == 503
    assert TYPED in answer.text
    ready = client.get("/health/ready")
    assert ready.status_code == 503
    assert ready.json()["parts"]["database"] is False
    assert client.get("/desk/account").status_code == 200, "reading goes on"


def make_read_only(database: Database) -> None:
    """As when the disk was mounted anew after an error, or a standby was asked."""
    if database.is_sqlite:
        sa.event.listen(
            database.engine, "connect", lambda new, _record: new.execute("PRAGMA query_only=ON")
        )
    else:
        with database.engine.connect() as connection:
            connection.exec_driver_sql(
                f'ALTER DATABASE "{database.engine.url.database}" '
                "SET default_transaction_read_only = on"
            )
            connection.commit()
    database.engine.dispose()
