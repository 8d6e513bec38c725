"""Browsers without scripts in which somebody is signed in, for pages of several rooms."""

import pytest
from starlette.testclient import TestClient

from app.lifecycle import Role
from app.service import Service
from tests import staffing, world


@pytest.fixture
def printer(client: TestClient, service: Service) -> TestClient:
    """The client, signed in as somebody who prints."""
    with service.database.write() as session:
        staff = world.make_staff(session, Role.PRINTER, town="Bremen")
    staffing.sign_in(client, service, staff.id)
    return client
