"""The installation, open for one command."""

from collections.abc import Iterator
from contextlib import contextmanager

from app.commands.speaking import read_settings
from app.service import Service, open_service
from app.settings import Settings


@contextmanager
def opened(settings: Settings | None = None) -> Iterator[Service]:
    """By default as the environment says. Raises `Refusal` for a wrong key, or tables behind."""
    service = open_service(settings or read_settings())
    try:
        yield service
    finally:
        service.close()
