"""The people who may be shown, as on the public pages; hidden ones are nobody here."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from app.api.access import ServiceDep
from app.api.answers import PeopleFound, PersonShown
from app.api.problems import problems
from app.api.requests import SLUG
from app.api.searching import Search
from app.finding.asking import FILTERS, Wanted
from app.queries import choosing, finding

router = APIRouter(prefix="/api/v1", tags=["prisoners"])


@router.get(
    "/prisoners",
    summary="Find people by name and by what is known of them",
    response_description="One page of people, twenty at most.",
    responses=problems(422, 503),
)
def find(service: ServiceDep, asked: Annotated[Search, Query()]) -> PeopleFound:
    """Everybody who is shown, who answers to `q` and to all filters.

    Best first where `q` says something, else by surname, whoever can be written to before those
    who wish to be known all the same. A value that nobody has finds nobody.
    """
    wanted = Wanted.of(asked.q, asked.filters())
    fields = FILTERS if asked.facets else ()
    with service.database.read() as session:
        found = finding.find(session, wanted, service.today(), asked.page, fields)
        cases = choosing.cases_by_person(session, found.people)
        releases = choosing.releases(session, found.people, service.today())
    return PeopleFound.of(found, cases, releases, facets=asked.facets)


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
    """Somebody who is shown, and whether one can write; 404 for hidden people as for nobody."""
    with service.database.read() as session:
        found = choosing.person_page(session, slug)
        releases = choosing.releases(session, [found.person], service.today())
    return PersonShown.of(found.person, found.cases, releases.get(found.person.id))
