"""The undo button of a desk leads nowhere but to the letter it names."""

import pytest
from fastapi.testclient import TestClient

from app.lifecycle import Role
from app.service import Service
from tests.staffing import make_account, sign_in

LETTER = "0123456789abcdef01234567"
ELSEWHERE = "../../desk/people/0123456789abcdef01234567/disable?"


@pytest.mark.trust(46)
@pytest.mark.parametrize(
    ("query", "undo"), [("reviewing?approved", "reopen"), ("translating?finished", "take-back")]
)
def test_a_link_cannot_choose_where_undo_goes(
    client: TestClient, service: Service, query: str, undo: str
) -> None:
    sign_in(client, service, make_account(service, Role.COORDINATOR).id)
    desk = query.partition("?")[0]
    undone = client.get(f"/desk/{query}={LETTER}").text
    assert f'action="/desk/{desk}/{LETTER}/{undo}"' in undone
    assert f'/{undo}"' not in client.get(f"/desk/{query}={ELSEWHERE}").text
