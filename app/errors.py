"""Everything that can go wrong, each with the HTTP status it is answered with.

LifelineError
├── NotFound 404            no such thing, or not yours: nobody learns which
├── Forbidden 403           your role does not reach this
├── Conflict 409            the state has moved on, or somebody else was first
│   ├── WrongState          this edge is not in the life cycle
│   ├── Held                the letter moves for nobody until it is released
│   ├── Claimed             somebody else is at work on it
│   └── ChangedSubmission   the same key came again with another body
├── Invalid 422             what was typed cannot be taken; carries one message a field
├── TooLarge 413
├── UnsupportedFile 415
├── TooManyRequests 429
├── Unavailable 503         busy, disk full, read-only: nothing was saved, text given back
│   └── ListUnderWay        another list is being taken in
└── Refusal                 start-up: unsafe settings, wrong key, database behind (exit 1)
"""

from collections.abc import Mapping


class LifelineError(Exception):
    """A failure that people are told of in plain words; `status` is its HTTP status."""

    status = 500


class Stopping(Exception):
    """This process is about to end: what is being done is left, and done again by the next one."""


class NotFound(LifelineError):
    status = 404


class Forbidden(LifelineError):
    status = 403


class Conflict(LifelineError):
    status = 409


class WrongState(Conflict):
    """The life cycle has no such edge, or the state moved on meanwhile."""


class Held(Conflict):
    """The letter is held; release it first."""


class Claimed(Conflict):
    """Somebody else holds the claim."""


class ChangedSubmission(Conflict):
    """A submission key was used again with another body."""


class Invalid(LifelineError):
    """Input that cannot be taken. `problems` maps the field's name to a message for people."""

    status = 422

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__("; ".join(problems.values()))
        self.problems = dict(problems)


class TooLarge(LifelineError):
    status = 413


class ListTooLarge(TooLarge):
    """A list of people over the limit of its own."""


class UnsupportedFile(LifelineError):
    status = 415


class TooManyRequests(LifelineError):
    """`retry_after` is in seconds."""

    status = 429

    def __init__(self, message: str, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Unavailable(LifelineError):
    """Nothing was saved: the database is busy, full or read-only."""

    status = 503


class ListUnderWay(Unavailable):
    """Another list is being taken in: one at a time is in memory."""


class Refusal(LifelineError):
    """The process must not start: unsafe settings, a wrong key, a database behind."""
