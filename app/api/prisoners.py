"""The people who may be shown, as on the public pages; hidden ones are nobody here."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from app.api.access import ServiceDep
from app.api.answers import PeopleFound, PersonShown
from app.api.problems import problems
from app.api.requests import SLUG
from app.queries import choosing

router = APIRouter(prefix="/api/v1", tags=["prisoners"])


@router.get(
    "/prisoners",
    summary="Find people by name",
    response_description="One page of people, twenty at most.",
    responses=problems(422, 503),
)
def find(
    service: ServiceDep,
    q: Annotated[
        str,
        Query(
            max_length=100,
            description="Parts of a name in either alphabet. Empty: everybody.",
            examples=["Озерова", "Ozerova"],
        ),
    ] = "",
    page: Annotated[int, Query(ge=1, le=1_000_000)] = 1,
) -> PeopleFound:
    """Everybody who may be written to and whose name matches, by surname."""
    with service.database.read() as session:
        return PeopleFound.of(choosing.find_people(session, q.replace("\0", ""), page))


@router.get(
    "/prisoners/{slug}",
    summary="One person",
    response_description="The person, as they wish to be known.",
    responses=problems(404, 422, 503),
)
def show(
    service: ServiceDep,
    slug: Annotated[str, Path(max_length=80, pattern=SLUG, examples=["anna-ozerova"])],
) -> PersonShown:
    """Somebody who may be written to; 404 for hidden people as for nobody."""
    with service.database.read() as session:
        return PersonShown.of(choosing.person_by_slug(session, slug))
