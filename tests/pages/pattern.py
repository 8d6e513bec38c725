"""A site of pattern pages: every part there is, served under the strictest policy we promise."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.pages.public import visiting
from app.pages.shell.frames import Desk, DeskLink, Notice
from app.pages.shell.rendering import Rendering, Site, render
from app.pages.shell.static_files import StaticTree

TOP = Path(__file__).parents[2]
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HOSTILE = "{{7*7}}<script>alert(1)</script>"
MOMENTS = {"written": date(2026, 11, 12), "posted": datetime(2026, 11, 15, 23, 30, tzinfo=UTC)}
DESK = Desk(
    name="Wren",
    navigation=[
        DeskLink("Review", "/desk", count=41, current=True),
        DeskLink("Translate", "/desk/translate", count=7),
        DeskLink("Print and post", "/desk/batches"),
        DeskLink("Replies", "/desk/replies", count=1203),
        DeskLink("People and places", "/desk/people"),
    ],
    search_path="/desk",
)
NOTICE = Notice("Letter 12 345 678 is approved.", "done", "/desk/undo", {"event": "12"})


class StrictPolicy:
    """Sends the policy with every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_policy(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"].append((b"content-security-policy", POLICY.encode()))
            await send(message)

        await self.app(scope, receive, with_policy)


def public(request: Request, *, status: int = 200, **changes: Any) -> Response:
    context: dict[str, Any] = {
        "moments": MOMENTS,
        "problems": {},
        "form": {"text": "", "email": "", "hostile": HOSTILE},
        "done": 1,
        "sent": False,
    }
    return render(request, "pattern.html", status=status, **context | changes)


async def pattern(request: Request) -> Response:
    return public(request)


async def wrong(request: Request) -> Response:
    problems = {"text": "Write at least a few words", "email": "This is not an e-mail address"}
    form = {"text": "", "email": "anna@", "hostile": HOSTILE}
    return public(request, status=422, problems=problems, form=form)


async def sent(request: Request) -> Response:
    return public(request, sent=True)


async def progress(request: Request) -> Response:
    done = int(request.query_params["done"]) + 3
    rendering: Rendering = request.app.state.rendering
    source = '{% from "parts/messages.html" import progress %}{{ progress("Making it", done, 4) }}'
    return HTMLResponse(rendering.environments["en"].from_string(source).render(done=done))


async def desk(request: Request) -> Response:
    ages = [timedelta(days=9), timedelta(days=3), timedelta(hours=5), timedelta(minutes=12)]
    letters = [
        {"number": f"12 345 67{n}", "to": "Иван Озеров", "age": age, "late": n == 0}
        for n, age in enumerate(ages)
    ]
    pairs = [
        {"original": "Lieber Iwan,", "translation": "Здравствуйте, Иван!", "by": "google"},
        {
            "original": "bei uns ist der erste Schnee gefallen. " * 4,
            "translation": "у нас выпал первый снег. " * 4,
            "warnings": ["“WLAN” is a foreign word; the censor may refuse it."],
        },
    ]
    counts = [12, 34, 51, 80, 131, 210, 96, 40, 18, 7, 2]
    bins = [(str(label), count) for label, count in enumerate(counts)]
    return render(
        request,
        "pattern_desk.html",
        desk=DESK,
        notices=[NOTICE],
        letters=letters,
        pairs=pairs,
        bins=bins,
        moments=MOMENTS,
    )


async def failure(request: Request) -> Response:
    return render(
        request,
        "error.html",
        status=409,
        title="Somebody else was first",
        happened="Another reviewer approved this letter two minutes ago.",
        kept="Your changes are below. Nothing was overwritten.",
        kept_text="Здравствуйте, Иван!",
        now="Copy what you want to keep, then look at the letter as it is now.",
        back_path="/desk",
        back_label="Look at the letter",
    )


def application(site: Site) -> Starlette:
    static = StaticTree(TOP / "app" / "static")
    app = Starlette(
        routes=[
            Route("/pattern", pattern),
            Route("/wrong", wrong),
            Route("/sent", sent, methods=["POST"]),
            Route("/progress", progress),
            Route("/desk", desk),
            Route("/desk/{rest:path}", desk, methods=["GET", "POST"]),
            Route("/failure", failure),
            Mount("/static", static),
            *visiting.routes,
        ],
        middleware=[Middleware(StrictPolicy)],
    )
    folders = [TOP / "templates", Path(__file__).parent / "templates"]
    app.state.rendering = Rendering(folders, static, site)
    return app


@contextmanager
def served(app: Starlette) -> Iterator[str]:
    """The application on a free port of this machine; gives its address."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off"))
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
        thread.join()
