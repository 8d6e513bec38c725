"""Files beside the desks' lists are read by people: in their language, as the page is."""

import re

import pytest
from fastapi.testclient import TestClient

from app.lifecycle import Role, State
from app.main import assemble
from app.pages.shell.rendering import LANGUAGE_COOKIE
from app.service import Service
from tests.pages.doors import routes
from tests.staffing import browser_of
from tests.world import make_letter, make_prisoner

LISTS = [path for _method, path in routes() if re.fullmatch(r"/desk/[^{]*\.csv", path)]
DOUBTS = [f"/desk/catalogue/doubtful.csv?kind={kind}" for kind in ("asked", "missing", "twice")]


def lines(client: TestClient, path: str) -> list[str]:
    answer = client.get(path)
    assert answer.headers["content-type"].startswith("text/csv"), path
    return answer.content.decode("utf-8-sig").splitlines()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_every_list_is_headed_in_the_readers_language(service: Service) -> None:
    assert len(LISTS) >= 8
    with browser_of(assemble(service), service, Role.COORDINATOR) as client:
        for path in (*LISTS, *DOUBTS):
            client.cookies.pop(LANGUAGE_COOKIE, None)
            assert not re.search("[А-яё]", lines(client, path)[0]), path
            client.cookies.set(LANGUAGE_COOKIE, "ru", domain=client.base_url.host)
            assert not re.search("[A-Za-z]", lines(client, path)[0]), path


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_stands_in_it_is_said_as_on_the_page(service: Service) -> None:
    with service.database.write() as session:
        person = make_prisoner(session, surname="Мостовая")
        make_letter(session, person, State.IN_REVIEW)
    with browser_of(assemble(service), service, Role.COORDINATOR) as client:
        assert ",in custody,yes," in lines(client, "/desk/catalogue.csv")[1]
        assert ",in review," in lines(client, "/desk/letters.csv")[1]
        client.cookies.set(LANGUAGE_COOKIE, "ru", domain=client.base_url.host)
        assert ",в заключении,да," in lines(client, "/desk/catalogue.csv")[1]
        assert ",на проверке," in lines(client, "/desk/letters.csv")[1]
