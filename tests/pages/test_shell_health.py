"""Fit for work or not, in a word a part, without a word about anybody."""

from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from app import fitness
from app.models import Worker
from app.service import Service
from tests.conftest import Clock


def beat(service: Service) -> None:
    with service.database.write() as session:
        session.add(Worker(name="worker-1", seen_at=service.now()))


def test_everything_that_is_needed_is_named(client: TestClient, service: Service) -> None:
    beat(service)
    ready = client.get("/health/ready")
    assert ready.status_code == 200
    assert ready.json() == {
        "status": "ok",
        "parts": {"database": True, "migrations": True, "worker": True, "disk": True},
    }
    assert client.get("/health/live").json() == {"status": "ok"}


def test_without_a_worker_it_is_not_ready(
    client: TestClient, service: Service, clock: Clock
) -> None:
    assert client.get("/health/ready").json()["parts"]["worker"] is False
    beat(service)
    assert client.get("/health/ready").status_code == 200
    clock.forward(minutes=3)
    stale = client.get("/health/ready")
    assert (stale.status_code, stale.json()["status"]) == (503, "trouble")
    assert client.get("/health/live").status_code == 200


def test_a_full_disk_is_not_ready(
    client: TestClient, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    beat(service)
    monkeypatch.setattr(fitness, "LEAST_DISK", 1 << 62)
    assert client.get("/health/ready").json()["parts"]["disk"] is False


def test_a_probe_leaves_nothing_behind(service: Service) -> None:
    for _ in range(2):
        assert fitness.database_writable(service.database)
    assert fitness.migrations_current(service.database)
    assert timedelta(minutes=1) < fitness.HEARTBEAT
