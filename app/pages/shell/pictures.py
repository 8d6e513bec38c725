"""Pictures of people as answers."""

from starlette.responses import Response

from app.pages.shell.headers import FILE_POLICY
from app.service import Service


def picture_answer(service: Service, file_id: str) -> Response:
    """A picture of the vault as a file in which nothing can happen. Raises `NotFound`."""
    return Response(
        service.vault.get(file_id),
        media_type="image/jpeg",
        headers={"Content-Security-Policy": FILE_POLICY},
    )
