"""The front page, and what is safe to do."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.pages.shell.rendering import render

router = APIRouter()


@router.get("/")
def front(request: Request) -> Response:
    """What this is, and the one thing to do."""
    return render(request, "front/front.html")


@router.get("/safety")
def safety(request: Request) -> Response:
    """What is safe for people in Russia, for those who travel there, and what we keep."""
    return render(request, "front/safety.html")
