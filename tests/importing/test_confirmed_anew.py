"""A source makes nobody known or writable; what frees nobody leaves a confirmation as it is."""

from typing import Any

import pytest

from app.catalogue import editing
from app.catalogue.details import Confirmation
from app.models import Prisoner
from app.service import Service
from tests.importing.bringing import VERA, bring_in, occasion, the_only_person

ELSEWHERE = {"penal_facility_ru": "ФКУ ИК-2 УФСИН России по Кировской области"}
FREE = {"persecution_person_state_en": "At large (served the sentence)"}


def named_without_letters(service: Service, **facts: Any) -> Prisoner:
    """Vera as a list tells of her, confirmed: she wants no letters, and to be named."""
    bring_in(service, [VERA | facts])
    today = service.today()
    sure = Confirmation(
        custody_confirmed_on=today,
        address_checked_on=today,
        may_be_named=True,
        wish_source="her sister",
        wish_date=today,
        dative_name="Полевой Вере Ильиничне",
    )
    with service.database.write() as session:
        row = the_only_person(session)
        editing.confirm(session, row.id, sure, occasion(service))
        return row


@pytest.mark.parametrize("told", [{"birth_year": 1991}, ELSEWHERE, FREE], ids=str)
def test_what_frees_nobody_leaves_the_confirmation(service: Service, told: dict[str, Any]) -> None:
    assert named_without_letters(service).named
    bring_in(service, [VERA | told])
    with service.database.read() as session:
        row = the_only_person(session)
        assert row.custody_confirmed_on == service.today()
        assert (row.named, row.published) == (True, False)


@pytest.mark.trust(74)
@pytest.mark.parametrize(
    "before", [{"birth_year": 2015}, FREE, FREE | {"birth_year": 2015}], ids=str
)
def test_whom_nothing_forbids_any_more_a_coordinator_confirms_anew(
    service: Service, before: dict[str, Any]
) -> None:
    named_without_letters(service, **before)
    bring_in(service, [VERA])
    with service.database.read() as session:
        row = the_only_person(session)
        assert (row.status, row.birth_year) == ("in_custody", 1990)
        assert row.custody_confirmed_on is None
        assert (row.named, row.published, row.eligible) == (False, False, False)
