"""Two records that are of two people, however alike their names. For coordinators."""

from fastapi import APIRouter, Depends
from starlette.responses import RedirectResponse, Response

from app.catalogue import two_people
from app.pages.catalogue.people import occasion
from app.pages.shell.access import CoordinatorDep, ServiceDep, coordinator_door

router = APIRouter(
    prefix="/desk/catalogue/{prisoner_id}/same", dependencies=[Depends(coordinator_door)]
)


@router.post("/{other_id}/two")
def keep_two(
    service: ServiceDep, staff: CoordinatorDep, prisoner_id: str, other_id: str
) -> Response:
    """Both stay as they are, and nobody is asked about them again."""
    with service.database.write() as session:
        two_people.keep_two(session, prisoner_id, other_id, occasion(service, staff))
    return RedirectResponse(f"/desk/catalogue/{prisoner_id}?done=two_people", 303)
