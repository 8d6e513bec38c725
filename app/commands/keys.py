"""`lifeline keys …`: the key file, without which nothing that is sealed can be read."""

import time
from typing import Annotated

import typer
from rich.progress import Progress

from app import rotating, sealing
from app.commands.opened import opened
from app.commands.speaking import console, read_settings
from app.errors import Refusal
from app.service import Service

keys = typer.Typer(help="The key file.", no_args_is_help=True)
GRACE_SECONDS = 12
"""Longer than any write transaction: what was sealed with the old key is committed by then."""


@keys.command()
def new() -> None:
    """Make a key file for a new installation."""
    path = read_settings().key_path
    if path.exists():
        raise Refusal(f"There is a key file already: {path}. For new keys: lifeline keys rotate")
    sealing.write_keyring(path, sealing.new_keyring())
    typer.echo(f"Keys are in {path}. Keep a copy apart from the backups: without it all is lost.")


@keys.command()
def rotate(
    grace_seconds: Annotated[
        float, typer.Option(help="How long other processes may need to finish a transaction")
    ] = GRACE_SECONDS,
) -> None:
    """Seal everything with a new key and remove the old one; may run while people work."""
    with opened() as service:
        path = service.settings.key_path
        ring = rotating.begin(sealing.read_keyring(path))
        sealing.write_keyring(path, ring)
        began = time.monotonic()
        _pass(service, ring)
        time.sleep(max(0.0, began + grace_seconds - time.monotonic()))
        while _pass(service, ring):
            pass
        sealing.write_keyring(path, ring.without_old_keys())
        service.database.checkpoint()
    typer.echo("Everything is sealed with the new key; the old one is gone.")
    typer.echo("Copy the key file to where its copies are kept. Older backups need the older copy.")


def _pass(service: Service, ring: sealing.Keyring) -> int:
    """Once over everything; returns how much had to be sealed anew."""
    changed = 0
    with Progress(console=console) as progress:
        task = progress.add_task("Sealing anew", total=rotating.work_to_do(service))
        for looked_at, sealed_anew in rotating.reseal(service, ring):
            progress.advance(task, looked_at)
            changed += sealed_anew
    return changed
