"""`lifeline migrate`, `lifeline serve`, `lifeline worker`."""

import socket

import typer
import uvicorn

from app import main, migrations, worker
from app.commands import demonstration
from app.commands.opened import opened
from app.commands.speaking import console, read_settings
from app.commands.speaking_http import protocol
from app.errors import Refusal
from app.pages.shell import logs
from app.settings import Settings

PENDING = 2048  # connections the system keeps for us


def migrate() -> None:
    """Bring the database up to date with this release."""
    settings = read_settings()
    migrations.upgrade(settings.database_url)
    typer.echo("The database is up to date.")


def serve() -> None:
    """Serve site, desks and API (and, on SQLite, the worker) until told to stop."""
    settings = read_settings()
    logs.configure()
    with listen(settings.host, settings.port) as listener:
        if settings.demonstration:
            demonstration.prepare(settings)
        with opened(settings) as service, main.working(service):
            application = main.assemble(service)
            console.print(f"Serving {settings.public_url}  (Ctrl+C stops)", style="bold")
            uvicorn.Server(configuration(application, settings)).run(sockets=[listener])


def work() -> None:
    """Carry letters in this process until told to stop; on PostgreSQL, as many as are wanted."""
    logs.configure()
    worker.run(read_settings())


def configuration(application: object, settings: Settings) -> uvicorn.Config:
    """How uvicorn runs: it writes no access log, because that would keep addresses (row 18)."""
    return uvicorn.Config(
        application,  # type: ignore[arg-type]
        host=settings.host,
        port=settings.port,
        access_log=False,
        log_level="warning",
        server_header=False,
        http=protocol(https=settings.secure_cookies),
        proxy_headers=False,
        timeout_graceful_shutdown=10,
    )


def listen(host: str, port: int) -> socket.socket:
    """The socket to serve on. Raises `Refusal` when it cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=PENDING)
    except OSError as error:
        raise Refusal(
            f"Nobody can be served on {host}:{port} ({error.strerror}). "
            "Is another program using this port? Stop it, or choose another: LIFELINE_PORT=8001"
        ) from None
