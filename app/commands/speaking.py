"""How the command line speaks: plain sentences, results alone on standard output."""

from typing import Any

import typer
from pydantic import ValidationError
from rich.console import Console
from typer.core import TyperGroup

from app.errors import LifelineError
from app.settings import Settings

console = Console(stderr=True, highlight=False)
"""For progress and remarks; what a script may want to read goes to standard output."""


class PlainErrors(TyperGroup):
    """Shows our own errors as one sentence each and ends with 1, without a trace."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except LifelineError as error:
            sentences = [str(error) or type(error).__name__]
        except ValidationError as error:
            sentences = sentences_of(error)
        for sentence in sentences:
            typer.echo(sentence, err=True)
        raise typer.Exit(1)


def sentences_of(error: ValidationError) -> list[str]:
    """Which setting is wrong, and how; never its value, which may be a password."""
    said = []
    for wrong in error.errors():
        name = "".join(f"LIFELINE_{str(part).upper()}: " for part in wrong["loc"][:1])
        said.append(name + wrong["msg"].removeprefix("Value error, "))
    return said


def read_settings() -> Settings:
    """Settings of the environment. Raises `ValidationError`."""
    return Settings()
