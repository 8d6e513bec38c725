"""What forms may hold, and what of them is shown again when something fails."""

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from app.errors import Unavailable
from app.lifecycle import Role
from app.main import assemble
from app.models import Objection
from app.pages.shell.forms import FormDep
from app.service import Service
from tests.staffing import browser_of, make_account, sign_in

SECRET = ("password", "new", "secret", "code")
PART = b'--b\r\nContent-Disposition: form-data; name="name"\r\n\r\n\\ud800\xff\r\n--b--\r\n'


@pytest.mark.trust(3)
@pytest.mark.parametrize("charset", ["undefined", "punycode", "unicode_escape", "utf-16"])
@pytest.mark.parametrize("path", ["/sign-in", "/letter", "/language", "/objection"])
def test_only_utf_8_is_read(client: TestClient, path: str, charset: str) -> None:
    kind = {"Content-Type": f"multipart/form-data; boundary=b; charset={charset}"}
    assert client.post(path, content=PART, headers=kind).status_code == 415
    kind = {"Content-Type": "multipart/form-data; boundary=b; charset=UTF-8"}
    assert client.post(path, content=PART, headers=kind).status_code < 500


@pytest.mark.trust(3)
def test_an_objection_is_kept_as_written_though_no_byte_of_it_is_percent_encoded(
    client: TestClient, service: Service
) -> None:
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    body = (
        "about=Анна+Озерова&relation=family&message=Её мать просит: уберите%2C 🙏 é&contact=%D0%AF"
    )
    assert client.post("/objection", content=body.encode(), headers=kind).status_code == 200
    with service.database.read() as session:
        row = session.exec(select(Objection)).one()
        assert (row.about, row.relation, row.contact) == ("Анна Озерова", "family", "Я")
        assert row.message == "Её мать просит: уберите, 🙏 é"


@pytest.mark.trust(3)
def test_letters_are_whole_where_a_body_comes_byte_by_byte(
    client: TestClient, service: Service
) -> None:
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    body = "about=Ёлкина&relation=lawyer&message=ÿ".encode()
    pieces = (body[at : at + 1] for at in range(len(body)))
    assert client.post("/objection", content=pieces, headers=kind).status_code == 200
    with service.database.read() as session:
        assert session.exec(select(Objection)).one().about == "Ёлкина"


@pytest.mark.trust(2)
def test_a_flood_of_fields_is_refused_by_the_choice_of_language_too(client: TestClient) -> None:
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = client.post("/language", content=b"back=/&" * 5_000, headers=kind)
    assert answer.status_code == 413


@pytest.mark.trust(3)
@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/desk/account", {"country": "DE", "town": "Ber\0lin", "languages": "d\0e"}),
        ("/desk/people", {"pseudonym": "some\0body", "roles": "printer", "town": "\0"}),
        ("/desk/people", {"pseudonym": "somebody", "roles": "printer", "country": "Germany"}),
        ("/desk/posting/take", {"wanted": "\0"}),
        ("/desk/alarms/\0/settle", {}),
        ("/desk/return-addresses", {"country": "\0\0", "holder": "\0", "lines": "\0"}),
        ("/letter/withdraw", {"code": "\0", "letter": "\0"}),
        ("/objection", {"about": "Anna\0 Ozerova", "relation": "self", "message": "\0"}),
        ("/write/\0", {"text": "\0"}),
    ],
)
def test_what_a_database_cannot_hold_is_refused_in_plain_words(
    client: TestClient, service: Service, path: str, fields: dict[str, str]
) -> None:
    sign_in(client, service, make_account(service, Role.ADMIN).id)
    answer = client.post(path.replace("\0", "%00"), data=fields)
    assert answer.status_code < 500


@pytest.mark.trust(3)
@pytest.mark.parametrize(
    "path",
    [
        "/people?q=%00",
        "/people/%00",
        "/people?region=%00",
        "/api/v1/prisoners?q=%00",
        "/desk/letters?q=%00",
        "/desk/letters?person=%00",
        "/desk/letters/%00",
        "/desk/letters?page=99999999999999999999",
        "/desk/catalogue?q=%00",
        "/desk/catalogue?page=99999999999999999999",
        "/desk/catalogue/%00",
        "/desk/places?q=%00",
        "/desk/places/%00",
        "/desk/replying/%00",
        "/desk/replying/0/pages/99999999999999999999",
        "/desk/people/%00",
        "/desk/reviewing?language=%00",
        "/desk/posting/%00",
        "/desk/objections/%00",
        "/desk/catalogue/imports/%00",
        "/write/%00",
    ],
)
def test_nor_does_any_address_break_it(client: TestClient, service: Service, path: str) -> None:
    sign_in(client, service, make_account(service, Role.ADMIN).id)
    assert client.get(path).status_code < 500


@pytest.mark.trust(59)
def test_passwords_are_not_shown_again_whatever_fails(service: Service) -> None:
    app = assemble(service)
    typed = {name: f"{name}: a quiet desk by the window, and long" * 3 for name in SECRET}

    def fail(form: FormDep) -> None:
        assert form.values == typed
        raise Unavailable("disk")

    app.add_api_route("/fail", fail, methods=["POST"])
    with browser_of(app, service) as client:
        answer = client.post("/fail", data=typed)
    assert answer.status_code == 503
    assert "a quiet desk" not in answer.text


@pytest.mark.trust(44)
@pytest.mark.parametrize(
    ("public_url", "secure"), [("https://letters.example", True), ("http://127.0.0.1:8000", False)]
)
def test_behind_tls_the_language_cookie_travels_by_tls_alone(
    service: Service, public_url: str, secure: bool
) -> None:
    settings = service.settings.model_copy(update={"public_url": public_url})
    served = Service(settings, service.database, service.vault, service.clock)
    # The proxy that speaks TLS asks us in plain HTTP.
    headers = {"Origin": public_url, "Sec-Fetch-Site": "same-origin"}
    with TestClient(
        assemble(served), base_url="http://letters.example", headers=headers, follow_redirects=False
    ) as client:
        chosen = client.post("/language", data={"language": "ru", "back": "/"})
    assert ("Secure" in chosen.headers["set-cookie"]) is secure
