"""The door of the desks, as somebody with a browser meets it."""

from concurrent.futures import ThreadPoolExecutor
from statistics import median
from time import perf_counter

import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient
from sqlmodel import col

from app.lifecycle import Role
from app.main import assemble
from app.models import Staff, StaffSession
from app.moving import SYSTEM
from app.service import Service
from app.staff import accounts, sessions
from tests.conftest import Clock
from tests.staffing import browser_of, enter, make_account, sign_in


def test_name_password_and_code_open_the_desks(client: TestClient, service: Service) -> None:
    maria = make_account(service, Role.REVIEWER, name="Maria")
    answer = enter(client, maria, service.now(), to="/desk/account")
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk/account")
    page = client.get("/desk")
    assert page.status_code == 200
    assert "Maria" in page.text


def test_names_are_found_whatever_their_case(client: TestClient, service: Service) -> None:
    maria = make_account(service, Role.REVIEWER, name="Мария В.")
    assert enter(client, maria, service.now(), name=" мария  в. ").status_code == 303


def test_whoever_is_not_signed_in_is_led_to_the_door_and_back(client: TestClient) -> None:
    answer = client.get("/desk/account")
    assert (answer.status_code, answer.headers["location"]) == (
        303,
        "/sign-in?to=%2Fdesk%2Faccount",
    )
    assert 'value="/desk/account"' in client.get(answer.headers["location"]).text


@pytest.mark.parametrize(
    "to", ["https://evil.example/", "//evil.example/desk/", "/desk/\\evil", "/x"]
)
def test_the_door_leads_nowhere_else(client: TestClient, service: Service, to: str) -> None:
    maria = make_account(service, Role.REVIEWER)
    assert enter(client, maria, service.now(), to=to).headers["location"] == "/desk"


@pytest.mark.trust(7)
def test_a_fresh_installation_lets_nobody_in(client: TestClient) -> None:
    for name in ("admin", "root", "coordinator", ""):
        for password in ("admin", "password", "changeme", ""):
            answer = client.post(
                "/sign-in", data={"name": name, "password": password, "code": "000000"}
            )
            assert answer.status_code in {422, 429}
    assert client.get("/desk").status_code == 303


@pytest.mark.trust(7)
@pytest.mark.parametrize(
    "path", ["/sign-up", "/register", "/desk/people", "/staff", "/api/v1/staff"]
)
def test_nobody_signs_up(client: TestClient, service: Service, path: str) -> None:
    answer = client.post(
        path, data={"pseudonym": "stranger", "roles": "admin", "password": "x" * 20}
    )
    assert answer.status_code in {303, 404, 405}
    with service.database.read() as session:
        assert accounts.everybody(session) == []


@pytest.mark.trust(9)
def test_a_code_works_once(client: TestClient, service: Service, clock: Clock) -> None:
    maria = make_account(service, Role.REVIEWER)
    used = maria.code(service.now())
    assert enter(client, maria, service.now()).status_code == 303
    client.cookies.clear()
    assert enter(client, maria, service.now(), code=used).status_code == 422
    clock.forward(seconds=30)
    assert enter(client, maria, service.now(), code=used).status_code == 422
    assert enter(client, maria, service.now()).status_code == 303


@pytest.mark.trust(9)
def test_of_parallel_uses_of_one_code_one_gets_in(service: Service) -> None:
    maria = make_account(service, Role.REVIEWER)
    app = assemble(service)

    def try_it(_turn: int) -> int:
        with browser_of(app, service) as other:
            return enter(other, maria, service.now()).status_code

    with ThreadPoolExecutor(5) as pool:
        answers = list(pool.map(try_it, range(5)))
    assert sorted(answers) == [303, 422, 422, 422, 422]


@pytest.mark.trust(9)
@pytest.mark.parametrize("code", ["", "000000", "12345", "1234567", "абвгде", "１２３４５６"])
def test_without_the_right_code_the_password_opens_nothing(
    client: TestClient, service: Service, code: str
) -> None:
    maria = make_account(service, Role.REVIEWER)
    assert enter(client, maria, service.now(), code=code).status_code == 422
    assert client.get("/desk").status_code == 303


@pytest.mark.trust(10)
def test_six_bad_tries_block_an_account_for_a_while_and_no_other(
    client: TestClient, service: Service, clock: Clock
) -> None:
    maria, ivan = make_account(service, Role.REVIEWER), make_account(service, Role.PRINTER)
    for _ in range(6):
        assert enter(client, maria, service.now(), password="not it at all").status_code == 422
    blocked = enter(client, maria, service.now())
    assert blocked.status_code == 429
    assert "quarter of an hour" in blocked.text
    assert 0 < int(blocked.headers["retry-after"]) <= 901
    assert enter(client, ivan, service.now()).status_code == 303
    client.cookies.clear()
    clock.forward(minutes=16)
    assert enter(client, maria, service.now()).status_code == 303


@pytest.mark.trust(10)
def test_parallel_tries_are_counted_too(service: Service) -> None:
    maria = make_account(service, Role.REVIEWER)
    app = assemble(service)

    def try_it(_turn: int) -> int:
        with browser_of(app, service) as other:
            return enter(other, maria, service.now(), password="not it at all").status_code

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(try_it, range(10)))
    assert sorted(answers) == [422] * 6 + [429] * 4


def test_the_right_password_forgives_the_tries_before(
    client: TestClient, service: Service, clock: Clock
) -> None:
    maria = make_account(service, Role.REVIEWER)
    for _ in range(2):
        for _ in range(5):
            assert enter(client, maria, service.now(), code="000000").status_code == 422
        assert enter(client, maria, service.now()).status_code == 303
        clock.forward(seconds=60)


@pytest.mark.trust(11)
@pytest.mark.usefixtures("real_passwords")
def test_nobody_learns_who_has_an_account(client: TestClient, service: Service) -> None:
    known = make_account(service, Role.REVIEWER, name="known-one")
    gone = make_account(service, Role.REVIEWER, name="knows-one")
    with service.database.write() as session:
        accounts.disable(session, gone.id, SYSTEM, service.now())
    pages, times = {}, {}
    for name in ("known-one", "knows-one", "never-one"):
        spent = []
        for _ in range(7):
            began = perf_counter()
            answer = enter(client, known, service.now(), name=name, password="wrong but long")
            spent.append(perf_counter() - began)
        pages[name] = (answer.status_code, answer.text.replace(name, "NAME"))
        times[name] = median(spent[:6])
    assert len(set(pages.values())) == 1, "the seventh try is blocked for unknown names too"
    assert pages["known-one"][0] == 429
    assert max(times.values()) < 3 * min(times.values())
    assert min(times.values()) > 0.01, "a password was checked each time"


@pytest.mark.trust(10)
@pytest.mark.usefixtures("real_passwords")
def test_a_flood_of_log_ins_leaves_room_for_others(service: Service) -> None:
    app = assemble(service)
    with browser_of(app, service) as flooding, ThreadPoolExecutor(30) as pool:

        def try_it(number: int) -> int:
            data = {"name": f"stranger {number}", "password": "not it at all", "code": "000000"}
            return flooding.post("/sign-in", data=data).status_code

        answers = [pool.submit(try_it, number) for number in range(30)]
        assert flooding.get("/health/live").status_code == 200
        assert {answer.result() for answer in answers} <= {422, 503}
        assert flooding.get("/sign-in").status_code == 200


@pytest.mark.trust(15)
def test_disabling_acts_on_the_next_request(client: TestClient, service: Service) -> None:
    maria = make_account(service, Role.REVIEWER)
    sign_in(client, service, maria.id)
    assert client.get("/desk").status_code == 200
    with service.database.write() as session:
        accounts.disable(session, maria.id, SYSTEM, service.now())
    assert client.get("/desk").headers["location"] == "/sign-in"
    assert enter(client, maria, service.now()).status_code == 422


@pytest.mark.trust(15)
def test_demoting_acts_on_the_next_request(client: TestClient, service: Service) -> None:
    maria = make_account(service, Role.COORDINATOR)
    sign_in(client, service, maria.id)
    assert client.get("/desk/people").status_code == 200
    with service.database.write() as session:
        accounts.set_roles(session, maria.id, frozenset({Role.PRINTER}), SYSTEM, service.now())
    assert client.get("/desk/people").status_code == 403


@pytest.mark.trust(44)
def test_each_log_in_has_a_new_id_and_ends_the_one_before(
    client: TestClient, service: Service, clock: Clock
) -> None:
    maria = make_account(service, Role.REVIEWER)
    client.cookies.set("session", "chosen-by-somebody-else", domain="127.0.0.1")
    enter(client, maria, service.now())
    first = client.cookies["session"]
    assert first != "chosen-by-somebody-else"
    clock.forward(minutes=2)
    enter(client, maria, service.now())
    assert client.cookies["session"] != first
    with browser_of(assemble(service), service) as other:
        other.cookies.set("session", first)
        assert other.get("/desk").status_code == 303


@pytest.mark.trust(44)
def test_the_cookie_is_kept_from_scripts_and_other_sites(
    client: TestClient, service: Service
) -> None:
    maria = make_account(service, Role.REVIEWER)
    cookie = enter(client, maria, service.now()).headers["set-cookie"]
    assert cookie.startswith("session=")
    assert {"HttpOnly", "Path=/", "SameSite=lax"} <= set(cookie.split("; "))
    assert "Secure" not in cookie, "browsers differ about Secure on loopback http"


@pytest.mark.trust(44)
def test_on_https_the_cookie_belongs_to_this_host_alone(service: Service) -> None:
    secure = Service(
        service.settings.model_copy(update={"public_url": "https://letters.example"}),
        service.database,
        service.vault,
        service.clock,
    )
    maria = make_account(service, Role.REVIEWER)
    with TestClient(
        assemble(secure), base_url="https://letters.example", follow_redirects=False
    ) as client:
        cookie = enter(client, maria, service.now()).headers["set-cookie"]
        assert cookie.startswith("__Host-session=")
        assert {"HttpOnly", "Path=/", "SameSite=lax", "Secure"} <= set(cookie.split("; "))
        assert "Domain" not in cookie
        assert client.get("/desk").status_code == 200


@pytest.mark.trust(45)
def test_a_copied_cookie_is_worthless_after_log_out(client: TestClient, service: Service) -> None:
    maria = make_account(service, Role.REVIEWER)
    copied = sign_in(client, service, maria.id)
    answer = client.post("/desk/log-out")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
    client.cookies.set("session", copied)
    assert client.get("/desk").status_code == 303


@pytest.mark.trust(45)
def test_sessions_end_when_nothing_is_done(
    client: TestClient, service: Service, clock: Clock
) -> None:
    maria = make_account(service, Role.REVIEWER)
    sign_in(client, service, maria.id)
    clock.forward(hours=7, minutes=59)
    assert client.post("/desk/account", data={"country": "DE"}).status_code == 303
    clock.forward(hours=7, minutes=59)
    assert client.get("/desk").status_code == 200
    clock.forward(minutes=2)
    assert client.get("/desk").status_code == 303


@pytest.mark.trust(45)
def test_sessions_end_after_a_day_whatever_is_done(
    client: TestClient, service: Service, clock: Clock
) -> None:
    maria = make_account(service, Role.REVIEWER)
    sign_in(client, service, maria.id)
    for _ in range(5):
        clock.forward(hours=4, minutes=45)
        assert client.post("/desk/account", data={"country": "DE"}).status_code == 303
    clock.forward(minutes=30)
    assert client.get("/desk").status_code == 303


def test_the_database_knows_no_cookie(client: TestClient, service: Service) -> None:
    maria = make_account(service, Role.REVIEWER)
    token = sign_in(client, service, maria.id)
    with service.database.read() as session:
        kept = session.execute(sa.select(col(StaffSession.token_hash))).scalars().all()
        secrets = session.execute(sa.select(col(Staff.totp_sealed))).scalars().all()
    assert token not in kept
    assert all(maria.secret.encode() not in sealed for sealed in secrets)


def test_ended_sessions_are_forgotten_at_the_next_log_in(
    client: TestClient, service: Service, clock: Clock
) -> None:
    maria = make_account(service, Role.REVIEWER)
    with service.database.write() as session:
        sessions.begin(session, maria.id, service.now())
    clock.forward(days=2)
    enter(client, maria, service.now())
    with service.database.read() as session:
        assert len(session.execute(sa.select(col(StaffSession.token_hash))).all()) == 1
