"""The installation that the environment describes, open for one command."""

from collections.abc import Iterator
from contextlib import contextmanager

from app.commands.speaking import read_settings
from app.service import Service, open_service


@contextmanager
def opened() -> Iterator[Service]:
    """Raises `Refusal` for a wrong key or a database behind its migrations."""
    service = open_service(read_settings())
    try:
        yield service
    finally:
        service.close()
