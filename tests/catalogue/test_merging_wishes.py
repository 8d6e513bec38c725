"""Whether somebody may be named, after two records of them became one."""

from typing import Any

import pytest

from app.catalogue import custody, editing
from app.catalogue.details import Confirmation
from app.catalogue.standing import refresh
from app.models import Prisoner
from app.service import Service
from tests.catalogue.test_merging import OCCASION, OTHER, TODAY, merge, two_records


@pytest.mark.trust(74)
@pytest.mark.parametrize(
    ("facts", "named"),
    [
        ({"may_be_named": True}, True),
        ({"may_be_named": False}, False),
        ({"may_be_named": False, "wish_source": "", "wish_date": None}, True),
    ],
    ids=["both wish it", "one does not", "one was never asked"],
)
def test_the_wish_to_be_named_counts_unless_either_is_against_it(
    service: Service, facts: dict[str, Any], named: bool
) -> None:
    with service.database.write() as session:
        kept, other = two_records(session, **facts)
        kept.may_be_named = True
        custody.leave(session, kept.id, "released", TODAY, OCCASION)
        custody.leave(session, other.id, "released", TODAY, OCCASION)
        assert kept.is_public
        merge(session, kept, other)
        row = session.get_one(Prisoner, kept.id)
        assert (row.named, row.may_be_named, row.published) == (named, named, False)


@pytest.mark.trust(74)
def test_merging_alone_names_nobody(service: Service) -> None:
    with service.database.write() as session:
        wishes = {"may_be_named": True, "wants_letters": False}
        kept, other = two_records(session, **wishes)
        kept.sqlmodel_update({**wishes, "bar": "abroad"})
        refresh(session, kept, OCCASION)
        assert not kept.is_public
        merge(session, kept, other, bar=OTHER)
        row = session.get_one(Prisoner, kept.id)
        assert (row.bar, row.is_public, row.custody_confirmed_on) == (None, False, None)
        sure = {"custody_confirmed_on": TODAY, "may_be_named": True}
        said = {"wish_source": "her sister", "wish_date": TODAY}
        editing.confirm(session, kept.id, Confirmation.model_validate(sure | said), OCCASION)
        assert row.is_public
