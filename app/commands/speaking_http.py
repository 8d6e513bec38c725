"""How the server speaks HTTP: what cannot be read as HTTP is answered with our headers too."""

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from app.pages.shell.headers import of_the_server


def protocol(https: bool) -> type[H11Protocol]:
    """The server's protocol; `https` as for `SecurityHeaders` (row 48)."""
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"connection", b"close"),
        *of_the_server(https),
    ]

    class OurProtocol(H11Protocol):
        def send_400_response(self, msg: str) -> None:
            """The library's answer to broken HTTP, with our headers."""
            for event in (
                h11.Response(status_code=400, headers=headers, reason=b"Bad Request"),
                h11.Data(data=msg.encode("ascii")),
                h11.EndOfMessage(),
            ):
                self.transport.write(self.conn.send(event) or b"")
            self.transport.close()

    return OurProtocol
