"""The people who may be shown, as on the public pages; hidden ones are nobody here."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from app.api.access import ServiceDep
from app.api.answers import PeopleFound, PersonShown
from app.api.problems import problems
from app.api.requests import SLUG
from app.finding.asking import Wanted
from app.queries import choosing, finding

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
            description="A name in either alphabet, or words of a story. Empty: everybody.",
            examples=["Озерова", "Ozerova"],
        ),
    ] = "",
    page: Annotated[int, Query(ge=1, le=1_000_000)] = 1,
) -> PeopleFound:
    """Everybody who may be written to and who answers to `q`, best first, then by surname."""
    with service.database.read() as session:
        found = finding.find(session, Wanted.of(q, ()), service.today(), page, fields=())
    return PeopleFound.of(found)


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
