"""The application as a server starts it: from settings alone."""

from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from app import sealing
from app.errors import Refusal
from app.main import create_app
from app.settings import Settings
from tests.conftest import Clock


def test_from_settings_to_a_page(settings: Settings, clock: Clock) -> None:
    with TestClient(create_app(settings, clock), base_url=settings.public_url) as client:
        assert client.get("/").status_code == 200
        assert client.get("/sign-in").status_code == 200


def test_a_worker_inside_carries_letters_and_is_heard_of(settings: Settings) -> None:
    embedded = settings.model_copy(update={"embedded_worker": True})
    with TestClient(create_app(embedded), base_url=settings.public_url) as client:
        ready = client.get("/health/ready").json()
    assert ready["parts"]["worker"] is True


@pytest.mark.trust(21)
def test_with_other_keys_it_does_not_start(settings: Settings, tmp_path: Path) -> None:
    with TestClient(create_app(settings)):
        pass
    other = tmp_path / "other.key"
    sealing.write_keyring(other, sealing.new_keyring())
    app = create_app(Settings(**(settings.model_dump() | {"key_file": other})))
    with pytest.raises(Refusal, match="does not belong to this database"), TestClient(app):
        pass
