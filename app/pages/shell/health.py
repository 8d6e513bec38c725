"""Whether this process lives, and whether it is fit for work. No personal data (row 69)."""

from fastapi import APIRouter
from starlette.responses import JSONResponse

from app import fitness
from app.pages.shell.access import ServiceDep

router = APIRouter(prefix="/health", include_in_schema=False)


@router.get("/live")
def live() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@router.get("/ready")
def ready(service: ServiceDep) -> JSONResponse:
    """200 when everything that is needed works, else 503; each part by name, true or false."""
    parts = {
        "database": fitness.database_writable(service.database),
        "migrations": fitness.migrations_current(service.database),
        "worker": fitness.worker_alive(service),
        "disk": fitness.disk_free(service.settings.data_dir) >= fitness.LEAST_DISK,
    }
    fit = all(parts.values())
    body = {"status": "ok" if fit else "trouble", "parts": parts}
    return JSONResponse(body, 200 if fit else 503)
