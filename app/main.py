"""Assembles the web application; nothing else."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime
from pathlib import Path

from fastapi import APIRouter, FastAPI

from app import worker
from app.api import document, letters, prisoners
from app.finding.memory import read_ahead
from app.models.columns import utc_now
from app.pages.catalogue import (
    cases,
    confirming,
    confirming_one,
    custody,
    importing,
    importing_lists,
    lists,
    merging,
    objecting,
    people,
    places,
    portraits,
    stays,
    two_people,
)
from app.pages.letters import (
    coordinating,
    coordinating_lists,
    posting,
    reply_texts,
    reply_upload,
    replying,
    reviewing,
    translating,
)
from app.pages.public import all_tags, choosing, figures, following, front, visiting, writing
from app.pages.shell import errors, health
from app.pages.shell.access import cookie_name
from app.pages.shell.headers import SecurityHeaders
from app.pages.shell.heads import HeadAsGet
from app.pages.shell.limits import BodyLimit
from app.pages.shell.logs import RequestLog
from app.pages.shell.origins import OwnOrigin
from app.pages.shell.rendering import Rendering, Site
from app.pages.shell.static_files import StaticTree
from app.pages.staff import accounts, home, outbox, own_account, signing_in
from app.service import Service, open_service
from app.settings import Settings

HERE = Path(__file__).resolve().parent
TEMPLATES = HERE.parent / "templates"
PAGES: list[APIRouter] = [
    writing.router,
    front.router,
    choosing.router,
    all_tags.router,
    figures.router,
    following.router,
    health.router,
    signing_in.router,
    home.router,
    accounts.router,
    own_account.router,
    outbox.router,
    posting.router,
    reply_upload.router,
    replying.router,
    reply_texts.router,
    translating.router,
    reviewing.router,
    coordinating_lists.router,  # before one letter's page, whose address would take theirs
    coordinating.router,
    importing_lists.router,
    importing.router,
    lists.router,
    confirming.router,
    confirming_one.router,
    merging.router,
    two_people.router,
    stays.router,
    people.router,
    custody.router,
    cases.router,
    places.router,
    portraits.router,
    places.returns,
    objecting.router,
    objecting.decisions,
]
API: list[APIRouter] = [letters.router, prisoners.router]


def create_app(settings: Settings, clock: Callable[[], datetime] = utc_now) -> FastAPI:
    """The application of an installation; its service is opened when the server starts.

    Start-up raises `Refusal` for a missing or wrong key and a database behind its migrations.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        service = open_service(settings, clock)
        app.state.service = service
        try:
            with working(service):
                yield
        finally:
            service.close()

    return _assemble(settings, lifespan)


@contextmanager
def working(service: Service) -> Iterator[None]:
    """Carry letters in this process meanwhile, where the settings say so.

    What people are found by is read in the background, while the first of them come.
    """
    if service.settings.works_embedded:
        worker.start(service)
    reading = read_ahead(service.database)
    try:
        yield
    finally:
        reading.join()
        worker.stop()


def assemble(service: Service) -> FastAPI:
    """The application around a service that is already open, and that its owner closes."""
    app = _assemble(service.settings, None)
    app.state.service = service
    return app


def _assemble(settings: Settings, lifespan: Callable[[FastAPI], object] | None) -> FastAPI:
    app = FastAPI(
        title="Lifeline",
        lifespan=lifespan,  # type: ignore[arg-type]
        docs_url=None,
        redoc_url=None,
        openapi_url=document.PATH,
        telemetry={"tracing": False, "metrics": False, "logs": False},  # nobody is told of requests
        redirect_slashes=False,  # it would answer with the Host header it was asked by (row 51)
    )
    static = StaticTree(HERE / "static")
    site = Site(settings.demonstration, settings.time_zone, settings.leave_url, settings.public_url)
    app.state.rendering = Rendering(TEMPLATES, static, site, [home.desk_of])
    app.mount(static.prefix, static)
    app.router.routes.extend(visiting.routes)
    # Routes are tried in this order; what writers send comes first. They are used as their rooms
    # made them: to include the routers would make each of them anew, and match it twice.
    for router in (*API, *PAGES):
        app.router.routes.extend(router.routes)
    document.install(app, settings.public_url, [route for router in API for route in router.routes])
    errors.install(app)
    # The last one added is the outermost.
    app.add_middleware(
        BodyLimit,
        upload_bytes=settings.upload_megabytes * 1_000_000,
        list_bytes=settings.list_megabytes * 1_000_000,
    )
    app.add_middleware(
        OwnOrigin, public_url=settings.public_url, cookie=cookie_name(settings.secure_cookies)
    )
    app.add_middleware(errors.Failures)
    app.add_middleware(RequestLog)
    app.add_middleware(HeadAsGet)
    app.add_middleware(SecurityHeaders, https=settings.secure_cookies)
    return app
