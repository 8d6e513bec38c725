"""The reply desk: what is opened at most, and who sees pictures."""

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from app.lifecycle import Role
from app.models import ReadRecord
from app.service import Service
from tests.mailing import hostile_files as files
from tests.pages.test_replying import sign_in, upload, uploaded


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
