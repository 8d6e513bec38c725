"""OVD-Info is asked from the desk: once at a time, as it was ticked."""

from dataclasses import replace

import pytest

from app.importing.sources import reading
from app.lifecycle import Role
from app.service import Service
from tests.pages.test_importing_lists import NEW, the_reading
from tests.pages.test_writing import words_on
from tests.staffing import desk_of
from tests.standins import source
from tests.standins.ovdinfo import OvdInfo


def test_ovdinfo_is_asked_from_the_desk_once_at_a_time(service: Service) -> None:
    made = source.make(seed=7, people=60, cases=70, places=6)
    with OvdInfo(made) as api:
        near = {"ovdinfo_url": api.url, "ovdinfo_pause_seconds": 0.001}
        ours = replace(service, settings=service.settings.model_copy(update=near))
        with desk_of(ours, Role.CATALOGUE) as desk:
            page = desk.post("/desk/catalogue/imports/ask")
            assert "Step 1 of 3: reading" in page.text
            assert desk.post("/desk/catalogue/imports/ask").url == page.url
            api.behave("429", "cut")
            assert reading.carry(ours, the_reading(ours).id, "1") == "read"
            assert f"new people: {made.expected['new.person']}" in words_on(
                desk.get(page.url.path).text
            )
            assert not (ours.settings.data_dir / "imports" / "ovdinfo").exists()

            silent = desk.post("/desk/catalogue/imports/ask").url.path
            assert silent != page.url.path
            api.behave("403")
            assert reading.carry(ours, silent.rsplit("/", 1)[1], "1") == "failed"
            assert "The source does not answer" in desk.get(silent).text


@pytest.mark.parametrize(("ticked", "subset"), [(True, "full"), (False, "detailed")])
def test_the_long_stories_are_asked_for_where_that_is_ticked(
    service: Service, ticked: bool, subset: str
) -> None:
    made = source.make(seed=7, people=60, cases=70, places=6)
    with OvdInfo(made) as api:
        near = {"ovdinfo_url": api.url, "ovdinfo_pause_seconds": 0.001}
        ours = replace(service, settings=service.settings.model_copy(update=near))
        with desk_of(ours, Role.CATALOGUE) as desk:
            assert 'name="full"' in desk.get(NEW).text
            said = {"full": "yes"} if ticked else {}
            begun = desk.post("/desk/catalogue/imports/ask", data=said)
            assert "Step 1 of 3: reading" in begun.text
            assert desk.post("/desk/catalogue/imports/ask", data=said).url == begun.url
            other = {} if ticked else {"full": "yes"}
            otherwise = desk.post("/desk/catalogue/imports/ask", data=other)
            assert otherwise.status_code == 409
            assert "OVD-Info is being asked already" in otherwise.text
            assert ('name="full" value="yes" checked' in otherwise.text) == (not ticked)
            assert reading.carry(ours, the_reading(ours).id, "1") == "read"
            assert not list((ours.settings.data_dir / "imports").iterdir())
    asked = [path for path in api.requests if "/data" in path]
    assert asked
    assert all(f"subset={subset}" in path for path in asked)
