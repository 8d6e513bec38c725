"""`lifeline check`, `lifeline reconcile`: is it fit for work, and do its counts agree?"""

import shutil
import subprocess
from collections.abc import Callable
from datetime import date, timedelta
from email.utils import parseaddr

import sqlalchemy as sa
import typer
from sqlmodel import col

from app import fitness, migrations
from app.commands.opened import opened
from app.commands.speaking import console, read_settings
from app.database import Database
from app.errors import LifelineError
from app.journey import reconciling
from app.journey.translating import chain as chain_of
from app.models import Event
from app.models.columns import utc_now
from app.sealing import read_keyring
from app.service import open_service
from app.settings import Settings
from mailing import email as mail
from mailing.email import PermanentFailure, TemporaryFailure
from mailing.paper import isolated
from mailing.paper.sheets import LetterSheet, RenderingFailed

OCR_LANGUAGES = ("rus", "ukr")
TOLERANCE = timedelta(minutes=5)
"""One-time codes allow for half a minute; events out of order confuse from minutes on."""


class Trouble(Exception):
    """What is wrong, and what to do about it."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(what)
        self.what = what
        self.remedy = remedy


def check() -> None:
    """Say of each part whether it is fit for work; ends with 1 when one is not."""
    settings = read_settings()
    troubles = 0
    for name, look in PARTS.items():
        try:
            said = look(settings)
        except Trouble as trouble:
            troubles += 1
            typer.echo(f"TROUBLE  {name:<12} {trouble.what}")
            typer.echo(f"         {'':<12} -> {trouble.remedy}")
        else:
            typer.echo(f"ok       {name:<12} {said}")
    if troubles:
        typer.echo(f"{troubles} of {len(PARTS)} parts are in trouble.", err=True)
        raise typer.Exit(1)


def reconcile() -> None:
    """Compare counts with letters and files with rows; repair, and ring where they differ."""
    with opened() as service, console.status("Counting"):
        found = reconciling.reconcile(service)
    typer.echo(f"people whose count had drifted:  {found.drifted}")
    typer.echo(f"files that nothing names:        {found.stray_files}")
    typer.echo(f"files that are missing:          {found.lost_files}")
    if not found.clean:
        typer.echo("Alarms were raised; a coordinator sees them on the dashboard.", err=True)
        raise typer.Exit(1)


def _keys(settings: Settings) -> str:
    try:
        ring = read_keyring(settings.key_path)
    except LifelineError as error:
        raise Trouble(str(error), "Put the right key file there, with mode 0600.") from None
    if len(ring.data) > 1:
        raise Trouble("A rotation of keys was interrupted.", "Run: lifeline keys rotate")
    return f"{settings.key_path}"


def _database(settings: Settings) -> str:
    database = Database(settings.database_url)
    try:
        migrations.require_current(database)
        open_service(settings).close()
        if not fitness.database_writable(database):
            raise Trouble("The database takes nothing.", "Look at disk space and permissions.")
    except LifelineError as error:
        raise Trouble(str(error), "Run: lifeline migrate; and check LIFELINE_KEY_FILE.") from None
    except sa.exc.DBAPIError as error:
        kind = type(error.orig).__name__
        raise Trouble(f"It does not answer ({kind}).", "Check LIFELINE_DATABASE_URL.") from None
    finally:
        database.dispose()
    return "migrated, writable, sealed with these keys"


def _disk(settings: Settings) -> str:
    free = fitness.disk_free(settings.data_dir)
    if free < fitness.LEAST_DISK:
        raise Trouble(
            f"{free // 1_000_000} MB are free.", f"Make room where {settings.data_dir} lies."
        )
    return f"{free // 1_000_000_000} GB free"


def _clock(settings: Settings) -> str:
    database = Database(settings.database_url)
    try:
        with database.read() as session:
            newest = session.execute(sa.select(sa.func.max(col(Event.at)))).scalar()
    except (LifelineError, sa.exc.DBAPIError):
        newest = None  # said of the database already
    finally:
        database.dispose()
    now = utc_now()
    if newest is not None and newest > now + TOLERANCE:
        raise Trouble(
            f"It is {now:%Y-%m-%d %H:%M} UTC here, before the newest event.", "Set the clock."
        )
    return f"{now:%Y-%m-%d %H:%M} UTC"


def _paper(_settings: Settings) -> str:
    sheet = LetterSheet(
        "00000000000",
        date(2026, 1, 1),
        ("Проверка",),
        "",
        "Съешь ещё этих булок.",
        "",
        "Проверка",
        (),
    )
    try:
        made = isolated.render(sheet)
    except RenderingFailed as error:
        raise Trouble(
            f"No letter can be rendered ({error.reason}).",
            "Install libpango-1.0-0, libpangoft2-1.0-0 and libharfbuzz-subset0.",
        ) from None
    return f"fonts and layout work ({made.pages} pages)"


def _reading(_settings: Settings) -> str:
    remedy = "Install tesseract-ocr, tesseract-ocr-rus and tesseract-ocr-ukr."
    program = shutil.which("tesseract")
    if program is None:
        raise Trouble("Typed replies cannot be read.", remedy)
    listed = subprocess.run([program, "--list-langs"], capture_output=True, text=True, check=False)
    missing = set(OCR_LANGUAGES) - set(listed.stdout.split())
    if missing:
        raise Trouble(f"Languages are missing: {', '.join(sorted(missing))}.", remedy)
    return "typed replies can be read"


def _mail(settings: Settings) -> str:
    if settings.keeps_outbox:
        return f"no server: notices stay in {settings.data_dir / 'outbox'}"
    if not settings.smtp_url:
        raise Trouble("No server is set: notices wait.", "Set LIFELINE_SMTP_URL.")
    try:
        mail.try_server(settings.smtp_url, parseaddr(settings.notice_sender)[1].rpartition("@")[2])
    except (TemporaryFailure, PermanentFailure) as error:
        raise Trouble(
            f"The server does not take us ({error}).", "Check LIFELINE_SMTP_URL."
        ) from None
    return "the server takes us"


def _translators(settings: Settings) -> str:
    try:
        chain = chain_of(settings)
    except ValueError as error:
        raise Trouble(str(error), "Check LIFELINE_TRANSLATORS.") from None
    if not chain:
        return "none: people translate by hand"
    found = chain.try_each()
    dead = [f"{name} ({reason})" for name, reason in found if reason is not None]
    if dead:
        raise Trouble(
            f"No answer from {', '.join(dead)}.", "Letters wait, and people can translate by hand."
        )
    return ", ".join(name for name, _ in found)


PARTS: dict[str, Callable[[Settings], str]] = {
    "keys": _keys,
    "database": _database,
    "disk": _disk,
    "clock": _clock,
    "paper": _paper,
    "reading": _reading,
    "mail": _mail,
    "translators": _translators,
}
"""What is looked at, in the order in which trouble is best mended."""
