"""The `lifeline` command."""

import typer

from app.commands import demonstration, serving
from app.commands.speaking import PlainErrors

app = typer.Typer(
    cls=PlainErrors,
    help="Letters to people in prison: serve, work, and look after an installation.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
app.command()(serving.migrate)
app.command()(serving.serve)
app.command("demo")(demonstration.fill)
