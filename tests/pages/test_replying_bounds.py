"""The reply desk: what is opened at most, and who sees pictures."""

from datetime import timedelta

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from app.lifecycle import Role
from app.models import ReadRecord, Reply
from app.service import Service
from tests.mailing import hostile_files as files
from tests.pages.test_replying import sign_in, upload, uploaded
from tests.world import NOON


@pytest.mark.trust(31)
def test_many_small_files_do_not_unfold_to_thousands_of_pages(
    client: TestClient, service: Service
) -> None:
    sign_in(client, service, Role.SCANNER)
    pdf = files.saved(files.pdf(20))
    answer = upload(client, *[("a.pdf", pdf)] * 3, ("never-opened.txt", b"no picture at all"))
    assert answer.status_code == 422
    assert "too many pages for one reply" in answer.text
    assert list(service.vault.ids()) == []


@pytest.mark.trust(13)
def test_a_coordinator_sees_pictures_once_it_is_kept_that_they_do(
    client: TestClient, service: Service
) -> None:
    sign_in(client, service, Role.SCANNER)
    path = uploaded(client)
    client.post(f"{path}/let-go")
    sign_in(client, service, Role.COORDINATOR)
    assert client.get(f"{path}/pages/1").status_code == 404
    client.post(f"{path}/take")
    assert client.get(f"{path}/pages/1").status_code == 200
    with service.database.read() as session:
        assert len(session.exec(select(ReadRecord)).all()) == 2


def test_of_a_long_queue_those_that_wait_longest_are_shown_and_all_counted(
    client: TestClient, service: Service
) -> None:
    with service.database.write() as session:
        session.add_all(
            Reply(received_on=NOON.date(), state_since=NOON - timedelta(minutes=minute))
            for minute in range(1, 200)
        )
        late = Reply(received_on=NOON.date(), state_since=NOON)
        session.add(late)
    sign_in(client, service, Role.SCANNER)
    assert "wait in all" not in client.get("/desk/replying").text
    with service.database.write() as session:
        session.add(Reply(received_on=NOON.date(), state_since=NOON - timedelta(days=1)))
    page = client.get("/desk/replying").text
    assert "The 200 that wait longest; 201 wait in all." in page
    assert 'To find the letter <span class="count">201</span>' in page
    assert page.count('href="/desk/replying/') == 201  # the button beside them is one
    assert late.id not in page
