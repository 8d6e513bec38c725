"""The demonstration: fictional people, accounts printed once, keys made where there are none."""

import sqlalchemy as sa
import typer
from sqlmodel import col

from app import demo, migrations, sealing
from app.commands.speaking import console
from app.errors import Refusal
from app.lifecycle import Role
from app.models import Prisoner, Staff
from app.moving import SYSTEM
from app.service import Service, open_service
from app.settings import Settings
from app.staff import accounts, passwords
from app.staff.accounts import Keys


def prepare(settings: Settings) -> None:
    """Keys, tables and, in an empty database, fictional people and accounts."""
    make_keys_if_none(settings)
    migrations.upgrade(settings.database_url)
    service = open_service(settings)
    try:
        if is_empty(service):
            with console.status("Filling the demonstration with fictional people"):
                demo.fill(service)
            print_accounts(service, make_accounts(service))
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


def make_accounts(service: Service) -> dict[Role, Keys]:
    """One account a role, named like its role."""
    made = {role: accounts.new_keys() for role in Role}
    hashes = {role: passwords.hashed(keys.password) for role, keys in made.items()}
    with service.database.write() as session:
        for role, keys in made.items():
            accounts.create(
                session,
                role,
                frozenset({role}),
                hashes[role],
                keys.totp_secret,
                SYSTEM,
                service.now(),
                town="Berlin",
                languages="de,en,ru",
            )
    return made


def print_accounts(service: Service, made: dict[Role, Keys]) -> None:
    """The only time these are shown."""
    typer.echo(
        f"\nAccounts of the demonstration, shown this once: {service.settings.public_url}/sign-in\n"
    )
    typer.echo(f"  {'name':<12}  {'password':<29}  secret of the one-time codes")
    for role, keys in made.items():
        typer.echo(f"  {role:<12}  {keys.password:<29}  {keys.totp_secret}")
    typer.echo(
        "\nType the secret into an authenticator app, or let this machine tell a code:\n"
        "  bin/lifeline staff code SECRET\n"
    )


def fill() -> None:
    """Fill an empty database with fictional people and print an account for each role."""
    settings = Settings()
    if not settings.demonstration:
        raise Refusal("Fictional people belong into a demonstration: set LIFELINE_DEMONSTRATION=1")
    prepare(settings)
