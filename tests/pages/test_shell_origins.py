"""Requests that another site makes a browser send."""

import pytest
from fastapi.testclient import TestClient

from app.lifecycle import Role
from app.main import assemble
from app.service import Service
from app.staff import accounts
from tests.staffing import make_account, sign_in

FOREIGN = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://127.0.0.1:8000"},
    {"Origin": "https://evil.example"},
    {"Origin": "http://127.0.0.1:8000.evil.example"},
    {"Origin": "https://127.0.0.1:8000"},
    {"Origin": "null"},
]
OWN = [
    {"Sec-Fetch-Site": "same-origin", "Origin": "null"},
    {"Sec-Fetch-Site": "none"},
    {"Origin": "http://127.0.0.1:8000"},
    {},
]


@pytest.fixture
def bare(service: Service) -> TestClient:
    """A browser that says of itself only what the test says."""
    app = assemble(service)
    return TestClient(app, base_url="http://127.0.0.1:8000", follow_redirects=False)


@pytest.mark.trust(46)
@pytest.mark.parametrize("headers", FOREIGN, ids=str)
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_other_sites_change_nothing(
    bare: TestClient, service: Service, headers: dict[str, str], method: str
) -> None:
    maria = make_account(service, Role.PRINTER)
    sign_in(bare, service, maria.id)
    answer = bare.request(method, "/desk/account", data={"country": "AT"}, headers=headers)
    assert answer.status_code == 403
    assert "This came from another site" in answer.text
    with service.database.read() as session:
        assert accounts.get(session, maria.id).country == "DE"


@pytest.mark.trust(46)
@pytest.mark.parametrize("headers", OWN, ids=str)
def test_our_own_pages_work_in_every_browser(
    bare: TestClient, service: Service, headers: dict[str, str]
) -> None:
    maria = make_account(service, Role.PRINTER)
    sign_in(bare, service, maria.id)
    answer = bare.post("/desk/account", data={"country": "AT"}, headers=headers)
    assert answer.status_code == 303
    with service.database.read() as session:
        assert accounts.get(session, maria.id).country == "AT"


@pytest.mark.trust(46)
@pytest.mark.parametrize("path", ["/sign-in", "/desk/log-out", "/language", "/write", "/objection"])
def test_public_forms_are_ours_alone_too(bare: TestClient, path: str) -> None:
    assert bare.post(path, headers={"Origin": "https://evil.example"}).status_code == 403


def test_an_old_browser_without_a_session_can_send_forms(bare: TestClient) -> None:
    """Browsers of before 2023 say only Origin: null, because we ask for no referrer."""
    answer = bare.post("/language", data={"language": "ru"}, headers={"Origin": "null"})
    assert answer.status_code == 303


def test_links_from_other_sites_may_be_followed(bare: TestClient) -> None:
    answer = bare.get("/sign-in", headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 200
