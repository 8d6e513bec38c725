"""A partner with a token, and somebody to write to."""

import itertools
from collections.abc import Callable
from typing import Any

import httpx2
import pytest
from starlette.testclient import TestClient

from app.models import Prisoner
from app.service import Service
from app.staff import partners
from tests.world import make_prisoner

LETTER = {
    "text": "Liebe Anna,\n\nheute hat es bei uns geschneit, und die Kinder bauen im Hof.",
    "signature": "Greta",
    "gender": "she",
}

HandIn = Callable[..., httpx2.Response]


@pytest.fixture
def token(service: Service) -> str:
    """The token of a partner."""
    with service.database.write() as session:
        return partners.add(session, "Letters from Ghent", service.now())


@pytest.fixture
def prisoner(service: Service) -> Prisoner:
    with service.database.write() as session:
        return make_prisoner(session)


@pytest.fixture
def hand_in(client: TestClient, token: str) -> HandIn:
    """`hand_in(key="7", text="…")` sends a letter as the partner, each under a new key."""
    keys = itertools.count()

    def send(key: str | None = None, **fields: Any) -> httpx2.Response:
        headers = {
            "Authorization": f"Bearer {token}",
            "Idempotency-Key": key or f"key-{next(keys)}",
        }
        answer: httpx2.Response = client.post(
            "/api/v1/letters", json=LETTER | fields, headers=headers
        )
        return answer

    return send
