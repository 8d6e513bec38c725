"""Translation services on this machine, and a clock that only moves when somebody waits."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from tests.standins.translators import (
    DeepLStandIn,
    GoogleStandIn,
    LibreTranslateStandIn,
    MyMemoryStandIn,
)


@dataclass
class Clock:
    """Counts seconds; waiting takes none of ours."""

    now: float = 1000.0
    pauses: list[float] = field(default_factory=list)

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        """Let so much time pass, and remember it."""
        self.pauses.append(seconds)
        self.now += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def google() -> Iterator[GoogleStandIn]:
    with GoogleStandIn() as standin:
        yield standin


@pytest.fixture
def mymemory() -> Iterator[MyMemoryStandIn]:
    with MyMemoryStandIn() as standin:
        yield standin


@pytest.fixture
def deepl() -> Iterator[DeepLStandIn]:
    with DeepLStandIn() as standin:
        yield standin


@pytest.fixture
def libretranslate() -> Iterator[LibreTranslateStandIn]:
    with LibreTranslateStandIn() as standin:
        yield standin
