"""Who is asking the API: a partner by token, a writer by receipt code.

Neither is ever in an address: both come in the header `Authorization`.
"""

from typing import Annotated

from fastapi import Depends, Security
from fastapi.security import APIKeyHeader, HTTPAuthorizationCredentials, HTTPBearer
from starlette.exceptions import HTTPException
from starlette.requests import Request

from app.sealing import RECEIPT_LENGTH, typed_code
from app.service import Service
from app.staff import partners


async def service_of(request: Request) -> Service:
    """The open service of this process. Async, because it never waits: no thread is needed."""
    service: Service = request.app.state.service
    return service


ServiceDep = Annotated[Service, Depends(service_of)]

_bearer = HTTPBearer(
    scheme_name="partner",
    auto_error=False,
    description="The token that `lifeline partner add NAME` printed once.",
)
_receipt = APIKeyHeader(
    name="Authorization",
    scheme_name="receipt",
    auto_error=False,
    description="The word `Receipt`, a space, and a receipt code: `Receipt ABCDE-FGHJK-…`.",
)


async def token_of(
    credentials: Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)],
) -> str:
    """The token that was sent; whose it is, `partner_id_of` says. Raises 401 without one."""
    if credentials is None:
        raise not_known("Bearer", "Send your token: Authorization: Bearer TOKEN")
    return credentials.credentials


TokenDep = Annotated[str, Depends(token_of)]


def partner_id_of(service: Service, token: str) -> str:
    """The id of the partner with this token. Raises 401 for a wrong or disabled one."""
    with service.database.read() as session:
        partner = partners.find(session, token)
    if partner is None:
        raise not_known("Bearer", "This token is not known here, or was disabled.")
    return partner.id


async def code_of(header: Annotated[str | None, Security(_receipt)]) -> str:
    """The receipt code that was sent; it may still open nothing. Raises 401 without one."""
    scheme, _, written = (header or "").partition(" ")
    code = typed_code(written)
    if scheme.lower() != "receipt" or len(code) != RECEIPT_LENGTH:
        raise not_known("Receipt", "Send the receipt code: Authorization: Receipt CODE")
    return code


CodeDep = Annotated[str, Depends(code_of)]


def not_known(scheme: str, detail: str) -> HTTPException:
    """401: what would be accepted, in `scheme`."""
    return HTTPException(401, detail, {"WWW-Authenticate": f'{scheme} realm="letters"'})
