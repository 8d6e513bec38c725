"""What every answer carries, and what none gives away."""

from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from app.lifecycle import Role
from app.main import assemble
from app.service import Service
from tests.staffing import browser_of, make_account, sign_in

EVERYWHERE = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


def broken() -> None:
    """A page with a mistake in it."""
    raise ValueError("secret-of-the-house")


@pytest.fixture
def tls(service: Service) -> TestClient:
    """A browser on an installation with TLS, one page of which is broken."""
    settings = service.settings.model_copy(update={"public_url": "https://letters.example"})
    app = assemble(Service(settings, service.database, service.vault, service.clock))
    app.add_api_route("/broken", broken)
    app.add_api_route("/api/v1/broken", broken)
    return TestClient(app, base_url="https://letters.example", follow_redirects=False)


@pytest.mark.trust(48)
@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 200),
        ("GET", "/sign-in", 200),
        ("GET", "/desk", 303),
        ("GET", "/no-such-page", 404),
        ("GET", "/api/v1/no-such-thing", 404),
        ("PUT", "/sign-in", 405),
        ("TRACE", "/", 405),
        ("GET", "/broken", 500),
        ("GET", "/api/v1/broken", 500),
        ("GET", "/health/live", 200),
        ("GET", "/static/0/icon.svg", 200),
        ("GET", "/static/0/no-such-file.css", 404),
        ("POST", "/language", 303),
    ],
)
def test_every_answer_has_the_headers(tls: TestClient, method: str, path: str, status: int) -> None:
    answer = tls.request(method, path)
    assert answer.status_code == status
    assert {name: answer.headers[name] for name in EVERYWHERE} == EVERYWHERE
    assert answer.headers["strict-transport-security"].startswith("max-age=")
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert "*" not in policy
    assert answer.headers["cache-control"] == (
        "no-cache" if path == "/static/0/icon.svg" else "no-store"
    )


@pytest.mark.trust(48)
def test_styles_and_scripts_may_be_kept_for_ever_under_their_address(tls: TestClient) -> None:
    page = tls.get("/sign-in").text
    address = page.partition('<link rel="stylesheet" href="')[2].partition('"')[0]
    answer = tls.get(address)
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.trust(48)
def test_without_tls_nobody_is_told_to_insist_on_it(client: TestClient) -> None:
    assert "strict-transport-security" not in client.get("/sign-in").headers


@pytest.mark.parametrize("path", ["/", "/sign-in", "/no-such-page", "/static/0/icon.svg"])
def test_head_is_get_without_the_body(tls: TestClient, path: str) -> None:
    head, get = tls.head(path), tls.get(path)
    assert (head.status_code, head.content) == (get.status_code, b"")
    assert head.headers == get.headers


@pytest.mark.trust(50)
@pytest.mark.parametrize("path", ["/broken", "/api/v1/broken"])
def test_mistakes_show_no_trace(
    tls: TestClient, path: str, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = tls.get(path)
    assert answer.status_code == 500
    shown = answer.text + str(answer.headers)
    for inside in ("Traceback", "ValueError", "secret-of-the-house", ".py", "app/pages"):
        assert inside not in shown
    logged = capsys.readouterr().out
    assert "ValueError" in logged
    assert "secret-of-the-house" not in logged


@pytest.mark.trust(50)
def test_a_mistake_is_told_in_plain_words_and_as_problem_details(tls: TestClient) -> None:
    assert "Something went wrong on our side" in tls.get("/broken").text
    problem = tls.get("/api/v1/broken")
    assert problem.headers["content-type"] == "application/problem+json"
    assert problem.json() == {
        "type": "about:blank",
        "title": "Internal Server Error",
        "status": 500,
    }


@pytest.mark.trust(50)
@pytest.mark.parametrize("method", ["TRACE", "TRACK", "CONNECT", "DEBUG", "PROPFIND"])
def test_unneeded_methods_are_off(client: TestClient, method: str) -> None:
    answer = client.request(method, "/", headers={"X-Marker": "echo-me"})
    assert answer.status_code == 405
    assert "echo-me" not in answer.text


@pytest.mark.trust(50)
@pytest.mark.parametrize(
    "path",
    ["/docs", "/redoc", "/openapi.json", "/metrics", "/admin", "/.env", "/.git/config", "/static"],
)
def test_nothing_extra_is_exposed(client: TestClient, path: str) -> None:
    assert client.get(path).status_code in {404, 405}


@pytest.mark.trust(50)
def test_the_published_description_names_no_desk(client: TestClient) -> None:
    described = client.get("/api/v1/openapi.json")
    assert all(path.startswith("/api/v1/") for path in described.json()["paths"])


@pytest.mark.trust(50)
@pytest.mark.parametrize(
    "path", ["/static/0/../main.py", "/static/0/%2e%2e/main.py", "/static//etc/passwd"]
)
def test_the_static_folder_has_walls(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert "import" not in answer.text


@pytest.mark.trust(51)
@pytest.mark.parametrize("path", ["/", "/desk", "/desk/", "/sign-in", "/sign-in/", "/no-such-page"])
def test_the_host_header_leads_nowhere(service: Service, path: str) -> None:
    """Pages hold relative addresses only, and redirects too."""
    with browser_of(assemble(service), service) as client:
        answer = client.get(
            path, headers={"Host": "evil.example", "X-Forwarded-Host": "evil.example"}
        )
    assert "evil.example" not in answer.text + str(answer.headers)


@pytest.mark.trust(51)
def test_new_keys_name_no_host(client: TestClient, service: Service) -> None:
    sign_in(client, service, make_account(service, Role.ADMIN).id)
    page = client.post(
        "/desk/people",
        data={"pseudonym": "Lena", "roles": "printer"},
        headers={"X-Forwarded-Host": "evil.example"},
    )
    assert "otpauth://totp/Lena?secret=" in page.text
    assert "evil.example" not in page.text


def test_a_page_for_everybody_is_complete_html(client: TestClient) -> None:
    page = client.get("/no-such-page").text
    assert page.startswith("<!doctype html>")
    assert Path("/no-such-page").name not in page.partition("<main")[2].partition("</main>")[0]
