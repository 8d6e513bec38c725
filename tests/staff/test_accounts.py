"""Who is here and what they may do, by the pages that coordinators and volunteers use."""

import html
import re

import pyotp
import pytest
from fastapi.testclient import TestClient
from sqlmodel import select

from app.lifecycle import Role
from app.main import assemble
from app.models import Claim, Event
from app.service import Service
from app.staff import accounts
from tests.conftest import Clock
from tests.staffing import PASSWORD, Account, browser_of, enter, make_account, sign_in
from tests.stored import everything


def keys_on(page: str) -> list[str]:
    """The keys that a page shows: password, secret, or both in this order."""
    return [html.unescape(found) for found in re.findall(r'class="code"[^>]*>([^<]+)<', page)]


def test_a_coordinator_adds_somebody_who_can_then_sign_in(
    client: TestClient, service: Service
) -> None:
    coordinator = make_account(service, Role.COORDINATOR)
    sign_in(client, service, coordinator.id)
    page = client.post(
        "/desk/people",
        data={"pseudonym": "Lena", "roles": ["reviewer", "printer"], "languages": "de, ru"},
    )
    password, secret = keys_on(page.text)
    assert "<svg" in page.text
    assert f"otpauth://totp/Lena?secret={secret}" in page.text
    assert page.headers["cache-control"] == "no-store"
    with browser_of(assemble(service), service) as other:
        lena = Account("", "Lena", password, secret)
        assert enter(other, lena, service.now()).status_code == 303
        assert other.get("/desk/account").status_code == 200
        assert other.get("/desk/people").status_code == 403
    listed = client.get("/desk/people").text
    assert "Lena" in listed
    assert password not in listed


def test_what_is_wrong_is_said_beside_the_field(client: TestClient, service: Service) -> None:
    sign_in(client, service, make_account(service, Role.COORDINATOR, name="Vera").id)
    page = client.post("/desk/people", data={"pseudonym": "vera", "town": "Berlin"})
    assert page.status_code == 422
    assert "Somebody has this name already." in page.text
    assert "Choose at least one role." in page.text
    assert 'value="Berlin"' in page.text


@pytest.mark.trust(6)
@pytest.mark.parametrize("roles", [["admin"], ["coordinator"], ["reviewer", "admin"]])
def test_coordinators_make_no_coordinators(
    client: TestClient, service: Service, roles: list[str]
) -> None:
    sign_in(client, service, make_account(service, Role.COORDINATOR).id)
    page = client.post("/desk/people", data={"pseudonym": "Lena", "roles": roles})
    assert page.status_code == 403
    with service.database.read() as session:
        assert accounts.find(session, "Lena") is None


@pytest.mark.trust(6)
def test_fields_that_are_not_asked_for_change_nothing(client: TestClient, service: Service) -> None:
    maria = make_account(service, Role.PRINTER)
    sign_in(client, service, maria.id)
    client.post(
        "/desk/account",
        data={
            "country": "AT",
            "roles": "admin",
            "role": "admin",
            "pseudonym": "root",
            "password_hash": "x",
            "disabled_at": "",
            "id": "0" * 24,
            "totp_last_step": "0",
        },
    )
    with service.database.read() as session:
        kept = accounts.get(session, maria.id)
        assert (kept.country, kept.pseudonym) == ("AT", maria.name)
        assert kept.password_hash.startswith("$argon2id$")
        assert accounts.roles_of(session, maria.id) == {Role.PRINTER}


def test_an_admin_makes_coordinators(client: TestClient, service: Service) -> None:
    sign_in(client, service, make_account(service, Role.ADMIN).id)
    lena = make_account(service, Role.REVIEWER)
    answer = client.post(f"/desk/people/{lena.id}/roles", data={"roles": ["coordinator"]})
    assert answer.status_code == 303
    with service.database.read() as session:
        assert accounts.roles_of(session, lena.id) == {Role.COORDINATOR}


@pytest.mark.parametrize("what", ["roles", "disable", "enable", "keys"])
def test_coordinators_touch_no_admin(client: TestClient, service: Service, what: str) -> None:
    admin = make_account(service, Role.ADMIN)
    sign_in(client, service, make_account(service, Role.COORDINATOR).id)
    answer = client.post(f"/desk/people/{admin.id}/{what}", data={"roles": ["printer"]})
    assert answer.status_code == 403
    assert "Only an admin" in answer.text
    with browser_of(assemble(service), service) as other:
        assert enter(other, admin, service.now()).status_code == 303


def test_the_last_admin_stays(client: TestClient, service: Service) -> None:
    admin = make_account(service, Role.ADMIN)
    sign_in(client, service, admin.id)
    for path, data in (("disable", {}), ("roles", {"roles": ["printer"]})):
        answer = client.post(f"/desk/people/{admin.id}/{path}", data=data)
        assert answer.status_code == 409
        assert "last admin" in answer.text
    assert client.get("/desk/people").status_code == 200


@pytest.mark.trust(15)
def test_disabling_somebody_frees_what_they_held(client: TestClient, service: Service) -> None:
    sign_in(client, service, make_account(service, Role.COORDINATOR).id)
    lena = make_account(service, Role.REVIEWER)
    with service.database.write() as session:
        session.add(Claim(subject_id="0" * 24, staff_id=lena.id, expires_at=service.now()))
    with browser_of(assemble(service), service) as other:
        sign_in(other, service, lena.id)
        assert client.post(f"/desk/people/{lena.id}/disable").status_code == 303
        assert other.get("/desk").status_code == 303
    with service.database.read() as session:
        assert session.exec(select(Claim)).all() == []
    assert "Disabled since" in client.get(f"/desk/people/{lena.id}").text
    client.post(f"/desk/people/{lena.id}/enable")
    assert "Disabled since" not in client.get(f"/desk/people/{lena.id}").text


@pytest.mark.parametrize("what", ["password", "second_factor", ""])
def test_new_keys_replace_the_old_ones_at_once(
    client: TestClient, service: Service, what: str
) -> None:
    sign_in(client, service, make_account(service, Role.COORDINATOR).id)
    lena = make_account(service, Role.REVIEWER)
    with browser_of(assemble(service), service) as other:
        sign_in(other, service, lena.id)
        keys = keys_on(client.post(f"/desk/people/{lena.id}/keys", data={"what": what}).text)
        assert other.get("/desk").status_code == 303
        assert enter(other, lena, service.now()).status_code == 422
        password = keys[0] if what != "second_factor" else lena.password
        secret = keys[-1] if what != "password" else lena.secret
        renewed = Account(lena.id, lena.name, password, secret)
        assert enter(other, renewed, service.now()).status_code == 303


def test_a_new_password_of_ones_own(client: TestClient, service: Service, clock: Clock) -> None:
    maria = make_account(service, Role.PRINTER)
    elsewhere = sign_in(client, service, maria.id)
    sign_in(client, service, maria.id)
    new = "drei Enten auf dem Kanal"
    form = {"password": PASSWORD, "code": maria.code(service.now()), "new": new}
    assert client.post("/desk/account/password", data=form | {"new": "short"}).status_code == 422
    assert client.post("/desk/account/password", data=form | {"password": "no"}).status_code == 422
    assert client.post("/desk/account/password", data=form).status_code == 303
    assert client.get("/desk").status_code == 200
    with browser_of(assemble(service), service) as other:
        other.cookies.set("session", elsewhere, domain="127.0.0.1")
        assert other.get("/desk").status_code == 303
        clock.forward(minutes=1)
        assert enter(other, maria, service.now()).status_code == 422
        assert enter(other, maria, service.now(), password=new).status_code == 303


def test_another_phone(client: TestClient, service: Service, clock: Clock) -> None:
    maria = make_account(service, Role.PRINTER)
    sign_in(client, service, maria.id)
    (secret,) = keys_on(client.get("/desk/account/second-factor").text)
    form = {
        "secret": secret,
        "password": PASSWORD,
        "code": maria.code(service.now()),
        "new_code": pyotp.TOTP(secret).at(service.now()),
    }
    wrong = client.post("/desk/account/second-factor", data=form | {"new_code": "000000"})
    assert wrong.status_code == 422
    assert keys_on(wrong.text) == [secret]
    forged = client.post("/desk/account/second-factor", data=form | {"secret": "A"})
    assert forged.headers["location"] == "/desk/account/second-factor"
    assert client.post("/desk/account/second-factor", data=form).status_code == 303
    clock.forward(minutes=1)
    with browser_of(assemble(service), service) as other:
        assert enter(other, maria, service.now()).status_code == 422
        renewed = Account(maria.id, maria.name, PASSWORD, secret)
        assert enter(other, renewed, service.now()).status_code == 303


@pytest.mark.trust(19)
def test_how_to_reach_somebody_is_kept_sealed(client: TestClient, service: Service) -> None:
    sign_in(client, service, make_account(service, Role.PRINTER).id)
    client.post("/desk/account", data={"country": "DE", "contact": "signal marker-4711"})
    assert "signal marker-4711" in client.get("/desk/account").text
    assert b"marker-4711" not in everything(service.settings)


def test_what_is_done_to_accounts_is_remembered(client: TestClient, service: Service) -> None:
    coordinator = make_account(service, Role.COORDINATOR)
    sign_in(client, service, coordinator.id)
    lena = make_account(service, Role.REVIEWER)
    client.post(f"/desk/people/{lena.id}/roles", data={"roles": ["printer", "scanner"]})
    client.post(f"/desk/people/{lena.id}/disable")
    with service.database.read() as session:
        events = session.exec(
            select(Event).where(Event.subject_id == lena.id).order_by(Event.id)  # type: ignore[arg-type]
        ).all()
    assert [(event.to, event.why) for event in events] == [
        ("created", ""),
        ("roles", "printer scanner"),
        ("disabled", ""),
    ]
    assert [event.staff_id for event in events] == [None, coordinator.id, coordinator.id]
