"""The `lifeline` command."""

import typer

from app.commands import checking, demonstration, people, serving
from app.commands.importing import importing
from app.commands.keys import keys
from app.commands.speaking import PlainErrors

app = typer.Typer(
    cls=PlainErrors,
    help="Letters to people in prison: serve, work, and look after an installation.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
app.command()(serving.migrate)
app.command()(serving.serve)
app.command("worker")(serving.work)
app.command("demo")(demonstration.fill)
app.add_typer(people.staff, name="staff")
app.add_typer(people.partner, name="partner")
app.add_typer(keys, name="keys")
app.add_typer(importing, name="import")
app.command()(checking.check)
app.command()(checking.reconcile)
