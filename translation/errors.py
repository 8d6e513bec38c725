"""What can go wrong between a letter and its translation.

    TranslationError
    ├── EngineError          one engine could not do it; the next one may
    │   ├── BadAnswer        it answered, but not with a translation
    │   └── PlaceholderLost  a hidden name did not come back exactly once
    └── NoEngine             every engine was tried; the letter waits, or a person translates it

None of them ever carries a word of a letter or a key: they end up in logs and in job records.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Reason(StrEnum):
    """Why an engine gave no translation: a stable word for desks, events and figures."""

    UNREACHABLE = "unreachable"
    TOO_SLOW = "too_slow"
    BUSY = "busy"
    REFUSED = "refused"
    REDIRECTED = "redirected"
    EMPTY = "empty"
    UNCHANGED = "unchanged"
    HTML = "html"
    TRUNCATED = "truncated"
    OVERLONG = "overlong"
    WRONG_SCRIPT = "wrong_script"
    PLACEHOLDER_LOST = "placeholder_lost"
    UNSUPPORTED = "unsupported"
    NOT_ALLOWED = "not_allowed"

    @property
    def worth_repeating(self) -> bool:
        """Whether the same question to the same engine may well succeed in a few seconds."""
        return self in _PASSING

    @property
    def worth_waiting(self) -> bool:
        """Whether the engine may do it later; otherwise only another engine or a person can."""
        return self not in _LASTING


_PASSING = frozenset(
    {Reason.UNREACHABLE, Reason.TOO_SLOW, Reason.BUSY, Reason.EMPTY, Reason.TRUNCATED}
)
_LASTING = frozenset({Reason.PLACEHOLDER_LOST, Reason.UNSUPPORTED, Reason.NOT_ALLOWED})


class TranslationError(Exception):
    """The root of this package's errors."""


class EngineError(TranslationError):
    """One engine gave no translation; `retry_after` is the pause it asked for, in seconds."""

    def __init__(self, reason: Reason, retry_after: float | None = None) -> None:
        super().__init__(reason, retry_after)
        self.reason = reason
        self.retry_after = retry_after

    def __str__(self) -> str:
        return self.reason.value


class BadAnswer(EngineError):
    """The engine answered, but what it said must not be stored as a translation."""


class PlaceholderLost(EngineError):
    """A placeholder came back never or twice, or is not ours: names would be lost or mixed."""


@dataclass(frozen=True)
class Failure:
    """One engine's part in a `NoEngine`."""

    engine: str
    reason: Reason
    retry_after: float | None = None


class NoEngine(TranslationError):
    """No engine of the chain gave a translation.

    `reasons` has one entry per engine, in the order of the chain. `retry_after` is the pause in
    seconds before trying again makes sense; None when waiting will not help and a person is needed.
    """

    USUAL_PAUSE_SECONDS = 60.0

    def __init__(self, reasons: Sequence[Failure]) -> None:
        super().__init__(reasons)
        self.reasons = tuple(reasons)
        pauses = [
            self.USUAL_PAUSE_SECONDS if failure.retry_after is None else failure.retry_after
            for failure in reasons
            if failure.reason.worth_waiting
        ]
        self.retry_after = min(pauses, default=None)

    def __str__(self) -> str:
        said = ", ".join(f"{failure.engine}: {failure.reason}" for failure in self.reasons)
        return said or "no engine is configured"
