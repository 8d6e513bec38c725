"""`lifeline staff …` and `lifeline partner …`: who may come in."""

from typing import Annotated

import pyotp
import typer
from sqlmodel import Session

from app.commands.opened import opened
from app.errors import Invalid, NotFound
from app.lifecycle import Role
from app.models import Staff
from app.moving import SYSTEM
from app.staff import accounts, partners, passwords
from app.staff.accounts import Keys

staff = typer.Typer(help="Accounts of volunteers and coordinators.", no_args_is_help=True)
partner = typer.Typer(help="Organisations that use the API.", no_args_is_help=True)
Name = Annotated[str, typer.Argument(help="The name they are known by here")]


@staff.command("add")
def add_staff(
    name: Name,
    role: Annotated[list[Role], typer.Option(help="May be given several times")],
    country: Annotated[str, typer.Option(help="Where they post from: two letters")] = "DE",
    town: Annotated[str, typer.Option(help="Where they post from")] = "",
    languages: Annotated[str, typer.Option(help="Codes such as de,ru")] = "",
) -> None:
    """Make an account; its password and one-time-code secret are shown this once."""
    keys = accounts.new_keys()
    password_hash = passwords.hashed(keys.password)
    with opened() as service, service.database.write() as session:
        made = accounts.create(
            session,
            name,
            frozenset(role),
            password_hash,
            keys.totp_secret,
            SYSTEM,
            service.now(),
            country=country,
            town=town,
            languages=languages,
        )
    show(made.pseudonym, keys)


@staff.command("list")
def list_staff() -> None:
    """Everybody with an account."""
    with opened() as service, service.database.read() as session:
        for person, roles in accounts.everybody(session):
            state = "disabled" if person.disabled_at else "active"
            typer.echo(f"{person.pseudonym}\t{state}\t{' '.join(sorted(roles))}")


@staff.command("disable")
def disable_staff(name: Name) -> None:
    """Out at once, on every device."""
    with opened() as service, service.database.write() as session:
        accounts.disable(session, _named(session, name).id, SYSTEM, service.now())
    typer.echo(f"{name} is out.")


@staff.command("enable")
def enable_staff(name: Name) -> None:
    """Let somebody in again, with the keys they had."""
    with opened() as service, service.database.write() as session:
        accounts.enable(session, _named(session, name).id, SYSTEM, service.now())
    typer.echo(f"{name} may sign in.")


@staff.command("reset")
def reset_staff(name: Name) -> None:
    """A new password and a new second factor; the old ones stop at once."""
    keys = accounts.new_keys()
    password_hash = passwords.hashed(keys.password)
    with opened() as service, service.database.write() as session:
        person = _named(session, name)
        accounts.set_keys(
            session,
            person.id,
            SYSTEM,
            service.now(),
            password_hash=password_hash,
            totp_secret=keys.totp_secret,
        )
    show(person.pseudonym, keys)


@staff.command("code")
def one_time_code(secret: Annotated[str, typer.Argument(help="The secret, as shown")]) -> None:
    """The one-time code of a secret right now, for whoever has no authenticator app at hand."""
    try:
        typer.echo(pyotp.TOTP(secret.replace(" ", "")).now())
    except ValueError:
        raise Invalid(
            {"secret": "This is not a secret: it has letters A-Z and digits 2-7."}
        ) from None


def _named(session: Session, name: str) -> Staff:
    person = accounts.find(session, name)
    if person is None:
        raise NotFound(f"There is no account {name}.")
    return person


def show(name: str, keys: Keys) -> None:
    """The only time these are shown."""
    typer.echo(f"name      {name}")
    typer.echo(f"password  {keys.password}")
    typer.echo(f"secret    {keys.totp_secret}")
    typer.echo(f"link      {keys.enrolment_uri(name)}")


@partner.command("add")
def add_partner(name: Annotated[str, typer.Argument(help="The organisation")]) -> None:
    """Admit a partner; the token stands alone on the last line and is shown this once."""
    with opened() as service, service.database.write() as session:
        token = partners.add(session, name, service.now())
    typer.echo(f"{name} may use the API with this token:")
    typer.echo(token)


@partner.command("list")
def list_partners() -> None:
    """Every partner."""
    with opened() as service, service.database.read() as session:
        for each in partners.everybody(session):
            typer.echo(f"{each.name}\t{'disabled' if each.disabled_at else 'active'}")


@partner.command("disable")
def disable_partner(name: Annotated[str, typer.Argument(help="The organisation")]) -> None:
    """The token is refused from the next request on."""
    with opened() as service, service.database.write() as session:
        partners.disable(session, name, service.now())
    typer.echo(f"{name} is out.")
