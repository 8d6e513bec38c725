"""Translation engines: what the chain expects of one, and the ones there are."""

from typing import Protocol


class Engine(Protocol):
    """Something that translates one piece of text.

    `outside` engines belong to somebody else: they need the writer's consent and never see names.
    """

    @property
    def name(self) -> str:
        """The word by which settings and events know it."""

    @property
    def outside(self) -> bool:
        """Whether the text leaves the house."""

    @property
    def limit(self) -> int:
        """The most characters it takes in one call."""

    def supports(self, source: str, target: str) -> bool:
        """Whether it knows both languages (codes of `translation.languages`)."""

    def translate(self, text: str, source: str, target: str, deadline_seconds: float) -> str | None:
        """Translate one piece within so many seconds, or raise EngineError. Safe in threads."""
