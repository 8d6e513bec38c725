"""Partners are known by a token that only they have."""

import pytest

from app.errors import Invalid, NotFound
from app.service import Service
from app.staff import partners


def test_a_token_opens_until_the_partner_is_disabled(service: Service) -> None:
    with service.database.write() as session:
        token = partners.add(session, "  Free   Letters ", service.now())
        other = partners.add(session, "Night Post", service.now())
    assert len(token) >= 43
    with service.database.read() as session:
        found = partners.find(session, token)
        assert found is not None
        assert found.name == "Free Letters"
        assert token not in found.token_hash
        assert partners.find(session, token[:-1]) is None
    with service.database.write() as session:
        partners.disable(session, "Free Letters", service.now())
    with service.database.read() as session:
        assert partners.find(session, token) is None
        assert partners.find(session, other) is not None


@pytest.mark.parametrize("name", ["", "  ", "x" * 121, "a\0b", "Free Letters"])
def test_names_are_checked(service: Service, name: str) -> None:
    with service.database.write() as session:
        partners.add(session, "Free Letters", service.now())
    with pytest.raises(Invalid), service.database.write() as session:
        partners.add(session, name, service.now())


def test_only_partners_can_be_disabled(service: Service) -> None:
    with pytest.raises(NotFound), service.database.write() as session:
        partners.disable(session, "Nobody", service.now())
