"""The `lifeline` command."""

import gc
from importlib import import_module
from types import ModuleType
from typing import Any

import typer
from typer.main import get_command

from app.commands.speaking import PlainErrors

COMMANDS = {
    "migrate": ("serving", "migrate"),
    "serve": ("serving", "serve"),
    "worker": ("serving", "work"),
    "demo": ("demonstration", "fill"),
    "staff": ("people", "staff"),
    "partner": ("people", "partner"),
    "keys": ("keys", "keys"),
    "import": ("importing", "importing"),
    "check": ("checking", "check"),
    "reconcile": ("checking", "reconcile"),
}
"""What is typed, in the order of the help → where it lives: file of `app.commands`, and name."""


class Lifeline(PlainErrors):
    """Reads only the file of the command that was typed: all of them take seconds to load."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 — as typer calls it
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002 — as typer calls it
        if cmd_name not in COMMANDS:
            return None
        file, name = COMMANDS[cmd_name]
        found = getattr(_loaded(f"app.commands.{file}"), name)
        if isinstance(found, typer.Typer):
            command = get_command(found)
        else:
            alone = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
            alone.command()(found)
            command = get_command(alone)
        command.name = cmd_name
        return command


def _loaded(name: str) -> ModuleType:
    """The module. What is loaded stays: to look for garbage in it took a fourth of every start."""
    gc.disable()
    try:
        return import_module(name)
    finally:
        gc.freeze()
        gc.enable()


app = typer.Typer(cls=Lifeline, no_args_is_help=True, pretty_exceptions_enable=False)


@app.callback()
def lifeline() -> None:
    """Letters to people in prison: serve, work, and look after an installation."""
