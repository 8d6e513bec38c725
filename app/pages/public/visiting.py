"""What everybody can do on every page: choose the language, leave quickly."""

from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from app.locale import LANGUAGES
from app.pages.shell.forms import read_form
from app.pages.shell.rendering import LANGUAGE_COOKIE, Rendering

A_YEAR = 365 * 24 * 3600  # seconds

# Nothing here may say where one was: no name, no style, no words of ours.
BLANK = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>New tab</title></head>'
    "<body><main></main></body></html>"
)


async def choose_language(request: Request) -> Response:
    """POST `language` and `back` (a path of ours): remembers the language, returns to the page."""
    form = await read_form(request)
    response = RedirectResponse(_own_path(form.text("back", "/")), status_code=303)
    language = form.text("language")
    rendering: Rendering = request.app.state.rendering
    if language in LANGUAGES:
        response.set_cookie(
            LANGUAGE_COOKIE,
            language,
            max_age=A_YEAR,
            secure=rendering.site.public_url.startswith("https://"),
            httponly=True,
            samesite="lax",
        )
    return response


async def leave(request: Request) -> Response:
    """A blank page, or the configured one; the browser forgets cookies and what it kept of ours.

    Nothing changes in the database. A link on somebody else's page does not make anybody forget.
    """
    rendering: Rendering = request.app.state.rendering
    target = rendering.site.leave_url
    response = RedirectResponse(target, status_code=303) if target else HTMLResponse(BLANK)
    if request.headers.get("sec-fetch-site", "none") in {"same-origin", "none"}:
        response.headers["Clear-Site-Data"] = '"cookies", "storage"'
    return response


routes = [
    Route("/language", choose_language, methods=["POST"]),
    Route("/leave", leave, methods=["GET"]),
]


def _own_path(back: str) -> str:
    """`back` where it is a path on this site, else the front page (no open redirects)."""
    parts = urlsplit(back)
    ours = not parts.scheme and not parts.netloc and back.startswith("/")
    clean = not any(character in back for character in "\\\r\n\t")
    return back if ours and clean and not back.startswith("//") else "/"
