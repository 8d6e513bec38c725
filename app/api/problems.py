"""Errors of the API, as RFC 9457 has them; `app.pages.shell.errors` writes them."""

from http import HTTPStatus
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

MEDIA_TYPE = "application/problem+json"


class Problem(BaseModel):
    """What went wrong (RFC 9457). `errors` names the fields that cannot be taken."""

    model_config = ConfigDict(extra="forbid")

    type: Annotated[str, Field(description="Always `about:blank`: the status says what it is.")]
    title: Annotated[str, Field(description="The name of the status.")]
    status: Annotated[int, Field(ge=400, le=599, description="The status of the answer.")]
    detail: Annotated[str, Field(description="What happened and what to do, for people.")] = ""
    errors: Annotated[
        dict[str, str], Field(description="Field → why it cannot be taken, for people.")
    ] = {}


_WHEN = {
    400: "The body is not what its headers say.",
    401: "The token or receipt code is missing, wrong, or was disabled.",
    404: "Nobody and nothing of that name is here, or they are not shown.",
    409: "The Idempotency-Key was used already, for another body. Nothing was changed.",
    413: "The request is larger than a letter can be. Nothing was saved.",
    422: "Something in the request cannot be taken. Nothing was saved.",
    429: "Too many wrong receipt codes were tried here; right ones still open their letters.",
    503: "Nothing can be saved at this moment. Nothing was saved: send the same request again.",
}
_DETAILS: dict[int, dict[str, Any]] = {
    401: {"detail": "This token is not known here, or was disabled."},
    404: {"detail": "Nobody is shown here."},
    409: {"detail": "This was sent already, with another text."},
    422: {"errors": {"signature": "How should the letter be signed? A first name is enough."}},
}
_HEADERS = {
    401: ("WWW-Authenticate", "What would be accepted.", {"type": "string"}),
    429: ("Retry-After", "Seconds to wait.", {"type": "integer", "minimum": 1}),
    503: ("Retry-After", "Seconds to wait.", {"type": "integer", "minimum": 1}),
}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """These errors as a route's `responses`, each with an example."""
    return {status: _described(status) for status in statuses}


def _described(status: int) -> dict[str, Any]:
    example = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        **_DETAILS.get(status, {}),
    }
    schema = {"$ref": "#/components/schemas/Problem"}
    described: dict[str, Any] = {
        "description": _WHEN[status],
        "content": {MEDIA_TYPE: {"schema": schema, "example": example}},
    }
    if status in _HEADERS:
        name, description, kind = _HEADERS[status]
        described["headers"] = {name: {"description": description, "schema": kind}}
    return described
