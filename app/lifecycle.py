"""The life of a letter and of a reply, as data. It imports nothing of ours: read this first.

A state is a queue. Who acts in it, how long something may stay, where it may go next, and
whether the letter counts for the balance stand in one table; `app.moving` is the only door.
"""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """Where a letter is."""

    RECEIVED = "received"
    TRANSLATING = "translating"
    IN_REVIEW = "in_review"
    NEEDS_CHANGES = "needs_changes"
    APPROVED = "approved"
    READY = "ready"
    BATCHED = "batched"
    PRINTED = "printed"
    UNKNOWN = "unknown"
    POSTED = "posted"
    ANSWERED = "answered"
    RETURNED = "returned"
    CLOSED = "closed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class ReplyState(StrEnum):
    """Where a reply is. `scanned` without a letter is the holding pen."""

    SCANNED = "scanned"
    MATCHED = "matched"
    TRANSCRIBED = "transcribed"
    TRANSLATING = "translating"
    IN_REVIEW = "in_review"
    FORWARDED = "forwarded"
    READ = "read"
    WITHHELD = "withheld"
    UNCLAIMED = "unclaimed"
    CLOSED = "closed"


class Role(StrEnum):
    """What a member of staff may do; one person can have several."""

    TRANSLATOR = "translator"
    REVIEWER = "reviewer"
    PRINTER = "printer"
    SCANNER = "scanner"
    CATALOGUE = "catalogue"
    COORDINATOR = "coordinator"
    ADMIN = "admin"


class Hold(StrEnum):
    """Why a letter stands still. A flag beside the state, never a state."""

    IN_TRANSFER = "in_transfer"
    NO_ADDRESS = "no_address"
    INCOMPLETE_ADDRESS = "incomplete_address"
    STALE_ADDRESS = "stale_address"
    NO_RETURN_ADDRESS = "no_return_address"
    RELEASED = "released"
    DEAD = "dead"
    OBJECTED = "objected"
    NOT_WRITABLE = "not_writable"
    SUSPECTED_ABUSE = "suspected_abuse"
    UNRENDERABLE = "unrenderable"
    PROVIDER_POISON = "provider_poison"


@dataclass(frozen=True)
class Station:
    """One row of the table.

    who: the role that acts, or "machine", "writer", "world", "nobody".
    days: longest stay in days before it is listed as overdue; None means no deadline.
    counts: whether a letter here counts for the balance; None leaves it as it was.
    to: the states that may follow.
    """

    who: str
    days: int | None
    counts: bool | None
    to: frozenset[State]


def _to(*states: State) -> frozenset[State]:
    return frozenset(states)


S = State
LETTER: dict[State, Station] = {
    S.RECEIVED: Station("machine", 1, True, _to(S.TRANSLATING, S.IN_REVIEW, S.WITHDRAWN)),
    S.TRANSLATING: Station(Role.TRANSLATOR, 3, True, _to(S.IN_REVIEW, S.WITHDRAWN)),
    S.IN_REVIEW: Station(
        Role.REVIEWER,
        5,
        True,
        _to(S.APPROVED, S.NEEDS_CHANGES, S.TRANSLATING, S.REFUSED, S.WITHDRAWN),
    ),
    S.NEEDS_CHANGES: Station("writer", 21, True, _to(S.TRANSLATING, S.WITHDRAWN)),
    S.APPROVED: Station("machine", 1, True, _to(S.READY, S.IN_REVIEW, S.WITHDRAWN)),
    S.READY: Station(Role.PRINTER, 14, True, _to(S.BATCHED, S.APPROVED, S.IN_REVIEW, S.WITHDRAWN)),
    S.BATCHED: Station(Role.PRINTER, 7, True, _to(S.PRINTED, S.READY, S.APPROVED, S.WITHDRAWN)),
    S.PRINTED: Station(Role.PRINTER, 7, True, _to(S.POSTED, S.READY, S.UNKNOWN)),
    S.UNKNOWN: Station(Role.COORDINATOR, 14, True, _to(S.POSTED, S.READY)),
    S.POSTED: Station("world", 240, True, _to(S.ANSWERED, S.RETURNED, S.CLOSED, S.PRINTED)),
    S.ANSWERED: Station("world", 365, True, _to(S.RETURNED, S.CLOSED, S.POSTED)),
    S.RETURNED: Station(Role.COORDINATOR, 14, False, _to(S.APPROVED, S.CLOSED)),
    S.CLOSED: Station("nobody", None, None, _to(S.ANSWERED, S.RETURNED)),
    S.REFUSED: Station("nobody", None, False, _to()),
    S.WITHDRAWN: Station("nobody", None, False, _to()),
}

BEFORE_APPROVAL = frozenset({S.RECEIVED, S.TRANSLATING, S.IN_REVIEW, S.NEEDS_CHANGES})
"""Nobody approved a text for any place yet: a move of the person changes nothing in the letter."""

ADDRESSED = frozenset({S.APPROVED, S.READY, S.BATCHED, S.PRINTED})
"""Approved for one place, and still to be laid out anew or taken out of the pile."""

ON_PAPER = frozenset({S.PRINTED, S.UNKNOWN})
"""Printed, and not known to be posted."""

WITH_US = BEFORE_APPROVAL | ADDRESSED | ON_PAPER
"""Not posted yet, as far as anybody knows: whoever loses the person is asked about these."""

UNPRINTED = WITH_US - ON_PAPER
"""No sheet of paper bears it."""

UNPOSTED = WITH_US - {S.UNKNOWN}
"""Certainly still with us, so that it can be held and addressed anew."""

AFTER_APPROVAL = frozenset(
    {S.APPROVED, S.READY, S.BATCHED, S.PRINTED, S.UNKNOWN, S.POSTED, S.ANSWERED, S.RETURNED}
)
"""States the database refuses without an approved revision."""

AFTER_RENDERING = AFTER_APPROVAL - {S.APPROVED, S.RETURNED}
"""States the database refuses without a rendering of the approved revision."""

WITHDRAWABLE = frozenset(state for state, row in LETTER.items() if S.WITHDRAWN in row.to) | {
    S.PRINTED
}
"""Where a writer may take a letter back; on paper, it is marked to be taken out of the pile."""

NOTICES = {
    S.NEEDS_CHANGES: "needs_changes",
    S.POSTED: "posted",
    S.RETURNED: "returned",
    S.REFUSED: "refused",
}
"""Entering one of these owes the writer a notice, if an e-mail was left."""


@dataclass(frozen=True)
class ReplyStation:
    who: str
    days: int | None
    to: frozenset[ReplyState]


def _reply_to(*states: ReplyState) -> frozenset[ReplyState]:
    return frozenset(states)


R = ReplyState
REPLY: dict[ReplyState, ReplyStation] = {
    R.SCANNED: ReplyStation(Role.SCANNER, 7, _reply_to(R.MATCHED, R.UNCLAIMED)),
    R.MATCHED: ReplyStation(Role.SCANNER, 7, _reply_to(R.TRANSCRIBED, R.SCANNED, R.WITHHELD)),
    R.TRANSCRIBED: ReplyStation("machine", 1, _reply_to(R.TRANSLATING, R.IN_REVIEW, R.WITHHELD)),
    R.TRANSLATING: ReplyStation(
        Role.TRANSLATOR, 5, _reply_to(R.IN_REVIEW, R.TRANSCRIBED, R.MATCHED, R.WITHHELD)
    ),
    R.IN_REVIEW: ReplyStation(
        Role.REVIEWER,
        5,
        _reply_to(R.FORWARDED, R.TRANSLATING, R.TRANSCRIBED, R.MATCHED, R.WITHHELD),
    ),
    R.FORWARDED: ReplyStation("writer", 180, _reply_to(R.READ, R.IN_REVIEW, R.WITHHELD, R.CLOSED)),
    R.READ: ReplyStation("nobody", None, _reply_to(R.WITHHELD, R.CLOSED)),
    R.WITHHELD: ReplyStation(Role.COORDINATOR, None, _reply_to(R.IN_REVIEW, R.CLOSED)),
    R.UNCLAIMED: ReplyStation(Role.COORDINATOR, None, _reply_to(R.MATCHED, R.CLOSED)),
    R.CLOSED: ReplyStation("nobody", None, _reply_to()),
}
REPLY_NOTICES = {R.FORWARDED: "reply"}

MACHINE_WORK = {S.TRANSLATING: "translate", S.APPROVED: "render"}
"""Work that is owed on entering a state; the sweeper looks for the same."""

REPLY_MACHINE_WORK = {R.SCANNED: "read_scan", R.TRANSLATING: "translate_reply"}


def may_move(origin: State, to: State) -> bool:
    """Whether the table has this edge."""
    return to in LETTER[origin].to


def counts_in(state: State, counted_before: bool) -> bool:
    """Whether a letter that enters `state` counts for the balance."""
    counts = LETTER[state].counts
    return counted_before if counts is None else counts
