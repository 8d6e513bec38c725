"""The demonstration: fictional people, accounts printed once, keys made where there are none."""

import sqlalchemy as sa
import typer
from sqlmodel import col

from app import demo, migrations, sealing
from app.commands.speaking import console
from app.demo import DemoAccounts
from app.errors import Refusal
from app.models import Installation, Prisoner, Staff
from app.service import Service, open_service
from app.settings import Settings

_MARK, _FILLING, _FILLED = "demonstration", "filling", "filled"


def prepare(settings: Settings) -> None:
    """Keys, tables and, in an empty database, fictional people and accounts."""
    make_keys_if_none(settings)
    migrations.upgrade(settings.database_url)
    service = open_service(settings)
    try:
        refuse_what_is_half_filled(service)
        if is_empty(service):
            _note(service, _FILLING)
            with console.status("Filling the demonstration") as status:
                made = demo.fill(
                    service,
                    progress=lambda what, done, of: status.update(
                        f"Filling the demonstration with fictional people: {what} {done} of {of}"
                    ),
                )
            _note(service, _FILLED)
            print_accounts(service, made)
    finally:
        service.close()


def make_keys_if_none(settings: Settings) -> None:
    """Never beside a database that was sealed with other keys: `open_service` would refuse it."""
    if not settings.key_path.exists():
        sealing.write_keyring(settings.key_path, sealing.new_keyring())


def is_empty(service: Service) -> bool:
    """Whether nobody was ever entered."""
    with service.database.read() as session:
        return not any(
            session.execute(sa.select(column).limit(1)).first()
            for column in (col(Staff.id), col(Prisoner.id))
        )


def refuse_what_is_half_filled(service: Service) -> None:
    """An interrupted filling printed no accounts and cannot go on: it begins anew.

    Raises `Refusal` that says what to remove.
    """
    with service.database.read() as session:
        mark = session.get(Installation, _MARK)
    if mark is not None and mark.value == _FILLING:
        settings = service.settings
        where = settings.data_dir if settings.is_sqlite else "the database"
        raise Refusal(
            f"The demonstration was interrupted while it was being filled. Remove {where}, "
            "and start again."
        )


def _note(service: Service, how_far: str) -> None:
    with service.database.write() as session:
        mark = session.get(Installation, _MARK) or Installation(id=_MARK)
        mark.value = how_far
        session.add(mark)


def print_accounts(service: Service, made: DemoAccounts) -> None:
    """The only time these are shown."""
    typer.echo(
        f"\nAccounts of the demonstration, shown this once: {service.settings.public_url}/sign-in\n"
    )
    typer.echo(f"  {'name':<12}  {'password':<29}  secret of the one-time codes")
    for role, keys in made.keys.items():
        typer.echo(f"  {role:<12}  {keys.password:<29}  {keys.totp_secret}")
    typer.echo(
        "\nType the secret into an authenticator app, or let this machine tell a code:\n"
        "  bin/lifeline staff code SECRET\n"
    )
    typer.echo(
        f"Letters to look at with their receipt codes: {service.settings.public_url}/letter\n"
    )
    for what, code in made.receipts:
        typer.echo(f"  {code}  {what}")
    typer.echo("")


def fill() -> None:
    """Fill an empty database with fictional people and print an account for each role."""
    settings = Settings()
    if not settings.demonstration:
        raise Refusal("Fictional people belong into a demonstration: set LIFELINE_DEMONSTRATION=1")
    prepare(settings)
