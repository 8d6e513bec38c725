"""The OpenAPI document: complete, with our own errors in place of the framework's."""

from collections.abc import Sequence
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from starlette.routing import BaseRoute

from app.api.problems import Problem

VERSION = "1.0.0"
PATH = "/api/v1/openapi.json"
ABOUT = """Letters to people imprisoned in Russia for political reasons.

A partner hands a letter in with `POST /letters`; it is translated, read by a person, printed and
posted. The receipt in the answer is the writer's: it opens the letter's status and the reply, and
nobody can find it again. Every error is a problem document (RFC 9457)."""
TAGS = [
    {"name": "letters", "description": "Hand letters in, and see what became of them."},
    {"name": "prisoners", "description": "The people who may be written to. No token is needed."},
]
_OF_THE_FRAMEWORK = ("HTTPValidationError", "ValidationError")


def install(app: FastAPI, public_url: str, routes: Sequence[BaseRoute]) -> None:
    """Make `app` describe these routes of its API in our words; the document is made once."""

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _made(public_url, routes)
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]


def _made(public_url: str, routes: Sequence[BaseRoute]) -> dict[str, Any]:
    made = get_openapi(
        title="Lifeline",
        version=VERSION,
        description=ABOUT,
        routes=routes,
        tags=TAGS,
        servers=[{"url": public_url}],
    )
    schemas = made["components"]["schemas"]
    for name in _OF_THE_FRAMEWORK:
        schemas.pop(name, None)
    schemas["Problem"] = Problem.model_json_schema()
    return made
