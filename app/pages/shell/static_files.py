"""Style sheets, scripts and fonts, from our own origin, under an address that names their content.

`/static/<version>/lifeline.css`: the version is a hash over the whole folder, so every file may be
kept by browsers for ever, and relative addresses inside style sheets and modules stay right.
"""

import hashlib
import mimetypes
import os
from pathlib import Path

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

# Python 3.11 does not know these two everywhere, and browsers refuse modules of another type.
mimetypes.add_type("font/woff2", ".woff2")
mimetypes.add_type("text/javascript", ".js")

FOR_EVER = "public, max-age=31536000, immutable"
CHECK_AGAIN = "no-cache"


class StaticTree(StaticFiles):
    """An ASGI application to mount at `prefix`; `url()` gives the address of one file."""

    def __init__(self, folder: Path, prefix: str = "/static") -> None:
        super().__init__(directory=folder)
        self.folder = folder
        self.prefix = prefix
        self.version = _version(folder)

    def url(self, path: str) -> str:
        """Address of the file `path` (relative to the folder). Raises `FileNotFoundError`."""
        if not (self.folder / path).is_file():
            raise FileNotFoundError(path)
        return f"{self.prefix}/{self.version}/{path}"

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file; a page from before an upgrade, asking for an old version, gets today's."""
        version, _, rest = Path(path).as_posix().partition("/")
        response = await super().get_response(rest, scope)
        fresh = version == self.version
        response.headers["Cache-Control"] = FOR_EVER if fresh else CHECK_AGAIN
        return response


def _version(folder: Path) -> str:
    digest = hashlib.sha256()
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(os.fsencode(file.relative_to(folder)) + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()[:12]
