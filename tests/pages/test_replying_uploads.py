"""Uploads at the reply desk: every kind of file, and every kind of hostile one."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from statistics import quantiles

import pytest
from PIL import Image
from sqlmodel import select
from starlette.testclient import TestClient

from app.lifecycle import Role
from app.models import Reply, Scan
from app.service import Service
from tests.mailing import hostile_files as files
from tests.pages.test_replying import sign_in, upload, uploaded


@pytest.fixture
def desk(client: TestClient, service: Service) -> TestClient:
    """The client, signed in as somebody who scans."""
    sign_in(client, service, Role.SCANNER)
    return client


def test_several_pages_of_every_kind_keep_their_order(desk: TestClient, service: Service) -> None:
    pdf = files.saved(files.pdf(2))
    path = uploaded(desk, ("a.pdf", pdf), ("b.png", files.png()), ("c.jpg", files.jpeg()))
    assert [desk.get(f"{path}/pages/{page}").status_code for page in range(1, 6)] == [
        200,
        200,
        200,
        200,
        404,
    ]


def test_nothing_chosen_and_a_day_to_come_are_said_beside_their_fields(desk: TestClient) -> None:
    nothing = desk.post("/desk/replying/new", data={"received_on": "2026-11-22"})
    assert (nothing.status_code, "Choose at least one photo" in nothing.text) == (422, True)
    future = upload(desk, ("a.jpg", files.jpeg()), day="2027-01-01")
    assert (future.status_code, "has not come yet" in future.text) == (422, True)


@pytest.mark.trust(27)
def test_a_page_of_html_that_is_called_jpg_is_refused(desk: TestClient, service: Service) -> None:
    answer = upload(desk, ("photo.jpg", b"<!doctype html><script>alert(1)</script>"))
    assert answer.status_code == 415
    assert "«photo.jpg» is neither a photo" in answer.text
    assert nothing_kept(service)


@pytest.mark.trust(28)
def test_an_upload_over_the_limit_without_a_length_is_refused(
    desk: TestClient, service: Service
) -> None:
    def endless() -> Iterator[bytes]:
        yield b'--b\r\nContent-Disposition: form-data; name="files"; filename="a.jpg"\r\n\r\n'
        for _ in range(30):
            yield b"\xff" * 1_000_000

    answer = desk.post(
        "/desk/replying/new",
        content=endless(),
        headers={"Content-Type": "multipart/form-data; boundary=b"},
    )
    assert answer.status_code == 413
    assert nothing_kept(service)


@pytest.mark.trust(29)
@pytest.mark.trust(31)
@pytest.mark.parametrize("kind", ["bomb", "encrypted", "many", "cut"])
def test_what_cannot_be_opened_is_refused_in_plain_words(
    desk: TestClient, service: Service, kind: str
) -> None:
    made: dict[str, Callable[[], bytes]] = {
        "bomb": files.png_bomb,
        "encrypted": files.pdf_encrypted,
        "many": lambda: files.saved(files.pdf(200)),
        "cut": lambda: files.jpeg()[:300],
    }
    content = made[kind]()
    answer = upload(desk, ("../../scan\r\n.jpg", content))
    assert answer.status_code == 422
    assert "Nothing" not in answer.text
    assert "Please check this" in answer.text
    assert nothing_kept(service)


def nothing_kept(service: Service) -> bool:
    with service.database.read() as session:
        rows = session.exec(select(Reply.id)).all()
    return not rows and not list(service.vault.ids())


@pytest.mark.trust(30)
@pytest.mark.trust(19)
def test_what_a_photo_says_besides_its_picture_is_not_kept(
    desk: TestClient, service: Service
) -> None:
    path = uploaded(desk, ("a.jpg", files.jpeg_with_gps()), ("b.pdf", files.pdf_with_everything()))
    seen = b"".join(desk.get(f"{path}/pages/{page}").content for page in (1, 2))
    for mark in (b"Exif", b"GPS", files.MARKER.encode(), b"JavaScript"):
        assert mark not in seen
    for file in service.vault.folder.glob("??/*"):
        assert b"\xff\xd8\xff" not in file.read_bytes()[:64]


@pytest.mark.trust(32)
def test_pictures_are_served_so_that_they_can_do_nothing(desk: TestClient) -> None:
    path = uploaded(desk, ('x"; ../../a\r\nX: 1.jpg', files.jpeg()))
    picture = desk.get(f"{path}/pages/1")
    assert picture.headers["content-type"] == "image/jpeg"
    assert picture.headers["content-disposition"] == 'attachment; filename="page-1.jpg"'
    assert picture.headers["x-content-type-options"] == "nosniff"
    assert picture.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    assert picture.headers["cache-control"] == "no-store"


def test_a_picture_is_turned(desk: TestClient, service: Service) -> None:
    path = uploaded(desk, ("a.jpg", files.jpeg(files.picture((300, 200)))))
    before = Image.open(BytesIO(desk.get(f"{path}/pages/1").content)).size
    assert desk.post(f"{path}/pages/1/turn", data={"quarters": "1"}).status_code == 303
    after = Image.open(BytesIO(desk.get(f"{path}/pages/1").content)).size
    assert after == before[::-1]
    with service.database.read() as session:
        named = session.exec(select(Scan.file_id)).all()
    assert list(service.vault.ids()) == list(named), "the old picture is gone"


@pytest.mark.trust(33)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_file_that_never_ends_is_killed_while_the_others_are_served(
    desk: TestClient, service: Service
) -> None:
    endless = files.pdf_endless()
    with ThreadPoolExecutor(1) as crowd:
        answer = crowd.submit(upload, desk, ("endless.pdf", endless))
        took = []
        while not answer.done():
            begun = time.monotonic()
            assert desk.get("/health/live").status_code == 200
            took.append(time.monotonic() - begun)
    assert quantiles(took, n=20)[-1] < 1
    assert answer.result().status_code == 422
    assert "could not be read in time" in answer.result().text
    assert nothing_kept(service)
    assert upload(desk, ("next.jpg", files.jpeg())).status_code == 303
