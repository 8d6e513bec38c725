"""Who is asking the API: a partner by token, a writer by receipt code.

Neither is ever in an address: both come in the header `Authorization`.
"""

from typing import Annotated

from fastapi import Depends, Security
from fastapi.security import APIKeyHeader, HTTPBearer
from sqlmodel import Session
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection, Request

from app.sealing import RECEIPT_LENGTH, typed_code
from app.service import Service
from app.staff import partners


class _Bearer(HTTPBearer):
    async def __call__(self, request: HTTPConnection) -> str:  # type: ignore[override]
        """The token that was sent; whose it is, `partner_id_of` says. Raises 401 without one."""
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise not_known("Bearer", "Send your token: Authorization: Bearer TOKEN")
        return token


class _Receipt(APIKeyHeader):
    async def __call__(self, request: HTTPConnection) -> str:
        """The receipt code that was sent; it may still open nothing. Raises 401 without one."""
        scheme, _, written = request.headers.get("Authorization", "").partition(" ")
        code = typed_code(written)
        if scheme.lower() != "receipt" or len(code) != RECEIPT_LENGTH:
            raise not_known("Receipt", "Send the receipt code: Authorization: Receipt CODE")
        return code


TokenDep = Annotated[
    str,
    Security(
        _Bearer(
            scheme_name="partner",
            description="The token that `lifeline partner add NAME` printed once.",
        )
    ),
]
CodeDep = Annotated[
    str,
    Security(
        _Receipt(
            name="Authorization",
            scheme_name="receipt",
            description="The word `Receipt`, a space, and a receipt code: `Receipt ABCDE-FGHJK-…`.",
        )
    ),
]


async def service_of(request: Request) -> Service:
    """The open service of this process. Async, because it never waits: no thread is needed."""
    service: Service = request.app.state.service
    return service


ServiceDep = Annotated[Service, Depends(service_of)]


def partner_id_of(session: Session, token: str) -> str:
    """The id of the partner with this token. Raises 401 for a wrong or disabled one."""
    partner = partners.find(session, token)
    if partner is None:
        raise not_known("Bearer", "This token is not known here, or was disabled.")
    return partner.id


def not_known(scheme: str, detail: str) -> HTTPException:
    """401: what would be accepted, in `scheme`."""
    return HTTPException(401, detail, {"WWW-Authenticate": f'{scheme} realm="letters"'})
