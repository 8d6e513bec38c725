"""The writer's pages: reserve, write, send; what was typed is never lost."""

import html
import re
from html.parser import HTMLParser

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from app.models import Correspondence, Letter, Prisoner, Reservation, Revision
from app.service import Service
from tests.world import make_prisoner

LETTER = {
    "text": "Liebe Anna,\n\nheute hat es bei uns geschneit, und die Kinder bauen im Hof.",
    "signature": "Greta",
    "language": "de",
    "gender": "she",
    "engines": "outside",
    "closing": "yes",
}


def begin(client: TestClient) -> str:
    """Press «Write to somebody»; returns the path of the form."""
    answer = client.post("/write")
    assert answer.status_code == 303
    path: str = answer.headers["location"]
    return path


def code_on(page: str) -> str:
    found = re.search(r"\b(?:[2-9A-Z]{5}-){4}[2-9A-Z]{5}\b", page)
    assert found, "no receipt code on this page"
    return found.group()


def words_on(page: str) -> str:
    """What a person sees of a page, white space folded."""
    parser = _Words()
    parser.feed(page)
    return " ".join(" ".join(parser.words).split())


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []

    def handle_data(self, data: str) -> None:
        self.words.append(data)


@pytest.fixture
def prisoner(service: Service) -> Prisoner:
    with service.database.write() as session:
        return make_prisoner(session)


def test_the_form_shows_who_it_goes_to(client: TestClient, prisoner: Prisoner) -> None:
    page = client.get(begin(client)).text
    seen = words_on(page)
    for words in ("Anna Ozerova", "Озерова Анна Петровна", "1985", "Vyatka", "poetry, cats"):
        assert words in seen
    assert "For you, not for the letter" in seen
    assert "A school librarian" in seen
    assert prisoner.slug not in page


@pytest.mark.trust(47)
def test_reading_the_form_reserves_nobody(
    client: TestClient, service: Service, prisoner: Prisoner
) -> None:
    path = begin(client)
    for address in ("/", "/write", "/people", f"/people/{prisoner.slug}", path, path, "/letter"):
        client.get(address)
    with service.database.read() as session:
        assert len(session.exec(select(Reservation)).all()) == 1


@pytest.mark.trust(49)
def test_the_way_to_the_letters_status_carries_the_code_but_in_no_address(
    client: TestClient, prisoner: Prisoner
) -> None:
    sent = client.post(begin(client), data=LETTER).text
    code = code_on(sent)
    [onward] = re.findall(
        r'<form[^>]* method="post" action="/letter">(.*?)</form>', sent, re.DOTALL
    )
    assert f'name="code" value="{code}"' in onward
    assert "See what became of your letter" in onward
    addresses = re.findall(r'(?:href|src|action)="([^"]*)"', sent)
    assert addresses
    assert not [address for address in addresses if code in address]
    assert "Anna Ozerova" in client.post("/letter", data={"code": code}).text


def test_a_letter_is_sent_and_its_code_opens_it(client: TestClient, prisoner: Prisoner) -> None:
    path = begin(client)
    sent = client.post(path, data=LETTER)
    assert sent.status_code == 200
    code = code_on(sent.text)
    assert "Anna Ozerova" in words_on(sent.text)
    assert 'action="/language"' not in sent.text, "reloading would lose the code"
    again = client.post(path, data=LETTER)
    assert code_on(again.text) == code
    opened = client.post("/letter", data={"code": code.lower().replace("-", " ")})
    assert opened.status_code == 200
    assert "heute hat es bei uns geschneit" in words_on(opened.text)
    assert "It went to be translated into Russian." in words_on(opened.text)
    assert "This letter was sent" in words_on(client.get(path).text)


@pytest.mark.trust(1)
@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"text": ""}, "Your letter is still empty."),
        ({"text": "я" * 12_001}, "12,001 characters; 12,000 fit"),
        ({"text": "Hallo\0du"}, "a character in it that cannot be kept"),
        ({"signature": ""}, "How should the letter be signed?"),
        ({"email": "greta@"}, "This e-mail address is not complete."),
        ({"email": "greta@mail.ru"}, "can be read by the authorities"),
    ],
)
def test_an_error_page_keeps_what_was_typed(
    client: TestClient, service: Service, prisoner: Prisoner, change: dict[str, str], message: str
) -> None:
    answer = client.post(begin(client), data={**LETTER, **change})
    assert answer.status_code == 422
    assert message in words_on(answer.text)
    kept = {**LETTER, **change}["text"].replace("\0", "")
    assert html.escape(kept[:2000], quote=False).replace("\0", "")[:500] in answer.text.replace(
        "\0", ""
    )
    with service.database.read() as session:
        assert session.exec(select(Letter)).all() == []


def test_a_risky_mail_address_is_used_once_the_writer_says_so(
    client: TestClient, service: Service, prisoner: Prisoner
) -> None:
    data = {**LETTER, "email": "greta@mail.ru", "risk_accepted": "yes"}
    assert client.post(begin(client), data=data).status_code == 200
    with service.database.read() as session:
        assert session.exec(select(Correspondence)).one().email == "greta@mail.ru"


def test_the_language_is_recognised(
    client: TestClient, service: Service, prisoner: Prisoner
) -> None:
    data = {**LETTER, "language": ""}
    assert client.post(begin(client), data=data).status_code == 200
    with service.database.read() as session:
        assert session.exec(select(Letter)).one().language == "de"


def test_an_unsure_guess_is_asked_about(client: TestClient, prisoner: Prisoner) -> None:
    answer = client.post(begin(client), data={**LETTER, "language": "", "text": "Hallo"})
    assert answer.status_code == 422
    assert "Please choose the language you write in." in words_on(answer.text)


def test_a_guess_that_was_wrong_does_not_stick(
    client: TestClient, prisoner: Prisoner, service: Service
) -> None:
    address = begin(client)
    form = client.post(address, data=LETTER | {"text": "Hi", "language": ""}).text
    guessed = re.search(r'name="guessed" value="(\w+)"', form)
    assert guessed is not None
    again = LETTER | {"language": guessed[1], "guessed": guessed[1]}
    assert client.post(address, data=again).status_code == 200
    with service.database.read() as session:
        assert session.exec(select(Letter.language)).one() == "de"


def test_a_language_that_was_chosen_stays(
    client: TestClient, prisoner: Prisoner, service: Service
) -> None:
    address = begin(client)
    chosen = LETTER | {"language": "nl", "guessed": "sr"}
    assert client.post(address, data=chosen).status_code == 200
    with service.database.read() as session:
        assert session.exec(select(Letter.language)).one() == "nl"


def test_somebody_else_please_keeps_what_was_typed(client: TestClient, service: Service) -> None:
    with service.database.write() as session:
        make_prisoner(session)
        make_prisoner(session, latin_name="Boris Lugovoy", given_name="Борис", surname="Луговой")
    path = begin(client)
    first = words_on(client.get(path).text)
    answer = client.post(f"{path}/somebody-else", data=LETTER)
    assert answer.status_code == 200
    assert "heute hat es bei uns geschneit" in answer.text
    assert ("Boris Lugovoy" in first) != ("Boris Lugovoy" in words_on(answer.text))
    empty = client.post(f"{path}/somebody-else", data={})
    assert empty.status_code == 303


def test_nobody_to_write_to_is_said_kindly(client: TestClient) -> None:
    answer = client.post("/write")
    assert answer.status_code == 404
    assert "There is nobody to write to at this moment." in words_on(answer.text)


def test_choosing_somebody_by_name_in_either_alphabet(
    client: TestClient, service: Service, prisoner: Prisoner
) -> None:
    for query in ("озер", "Ozer", "анна"):
        page = words_on(client.get("/people", params={"q": query}).text)
        assert "Anna Ozerova" in page
    assert "Nobody by this name" in words_on(client.get("/people", params={"q": "Mustermann"}).text)
    chosen = client.post(f"/people/{prisoner.slug}/write")
    assert client.post(chosen.headers["location"], data=LETTER).status_code == 200
    with service.database.read() as session:
        letter = session.exec(select(Letter)).one()
        assert not letter.random
        assert session.get_one(Prisoner, prisoner.id).letter_count == 1


@pytest.mark.trust(74)
def test_who_is_not_published_is_nowhere(client: TestClient, service: Service) -> None:
    with service.database.write() as session:
        unconfirmed = make_prisoner(session, published=False, eligible=False)
        hidden = make_prisoner(session, hidden=True, eligible=False)
    for person in (unconfirmed, hidden):
        assert client.get(f"/people/{person.slug}").status_code == 404
        assert client.post(f"/people/{person.slug}/write").status_code == 404
    assert "Anna Ozerova" not in client.get("/people").text


@pytest.mark.trust(6)
def test_fields_that_are_not_on_the_form_change_nothing(
    client: TestClient, service: Service, prisoner: Prisoner
) -> None:
    extra = {"state": "approved", "prisoner_id": "x", "number": "1", "approval_id": "y"}
    assert client.post(begin(client), data={**LETTER, **extra}).status_code == 200
    with service.database.read() as session:
        letter = session.exec(select(Letter)).one()
        assert letter.state == "translating"
        assert letter.prisoner_id == prisoner.id


@pytest.mark.trust(4)
def test_markup_and_templates_stay_letters(client: TestClient, prisoner: Prisoner) -> None:
    nasty = "{{7*7}}<script>alert(1)</script>"
    sent = client.post(begin(client), data={**LETTER, "text": nasty, "signature": nasty})
    page = client.post("/letter", data={"code": code_on(sent.text)}).text
    assert "<script>alert" not in page
    assert nasty in html.unescape(page)
    wrong = client.post(begin(client), data={**LETTER, "text": nasty, "signature": ""}).text
    assert "<script>alert" not in wrong


@pytest.mark.trust(3)
def test_every_script_comes_back_as_it_was_typed(
    client: TestClient, service: Service, prisoner: Prisoner
) -> None:
    text = "Привет 🙂 שלום مرحبا é"
    assert client.post(begin(client), data={**LETTER, "text": text}).status_code == 200
    with service.database.read() as session:
        assert session.exec(select(Revision)).one().text == text
