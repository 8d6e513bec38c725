"""Log-ins. The cookie's value is 256 random bits, kept here as a keyed hash only.

A session ends by log-out, eight hours after the last thing done (reading a page is not written
down: a GET changes nothing), and a day after it began, whatever was done: longer than an evening
of letters, shorter than a forgotten computer in a shared flat.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Session, col

from app.lifecycle import Role
from app.models import Staff, StaffRole, StaffSession
from app.sealing import keyring

IDLE = timedelta(hours=8)
ABSOLUTE = timedelta(hours=24)
TOUCH = timedelta(minutes=5)
"""How exact the idle end is: not every POST needs a second write."""


@dataclass(frozen=True)
class SignedIn:
    """Somebody of staff, as they are right now. `languages` are codes such as "de"."""

    staff_id: str
    pseudonym: str
    roles: frozenset[Role]
    country: str
    town: str
    languages: tuple[str, ...]
    seen_at: datetime

    def idle_since_long(self, now: datetime) -> bool:
        return now - self.seen_at > TOUCH


def begin(session: Session, staff_id: str, now: datetime) -> str:
    """A new session; returns the cookie's value."""
    token = secrets.token_urlsafe(32)
    session.add(
        StaffSession(token_hash=_hashed(token), staff_id=staff_id, created_at=now, seen_at=now)
    )
    return token


def find(session: Session, token: str, now: datetime) -> SignedIn | None:
    """Whoever this cookie belongs to, unless it has ended or the account is disabled."""
    found = session.execute(
        sa.select(Staff, StaffSession.seen_at)  # type: ignore[call-overload]
        .join(StaffSession, col(StaffSession.staff_id) == Staff.id)
        .where(
            StaffSession.token_hash == _hashed(token),
            col(StaffSession.seen_at) > now - IDLE,
            col(StaffSession.created_at) > now - ABSOLUTE,
            col(Staff.disabled_at).is_(None),
        )
    ).first()
    if found is None:
        return None
    staff, seen_at = found
    roles = session.execute(
        sa.select(col(StaffRole.role)).where(col(StaffRole.staff_id) == staff.id)
    )
    return SignedIn(
        staff.id,
        staff.pseudonym,
        frozenset(Role(role) for role in roles.scalars()),
        staff.country,
        staff.town,
        tuple(staff.languages.replace(",", " ").split()),
        seen_at,
    )


def touch(session: Session, token: str, now: datetime) -> None:
    """Something was done: the idle time begins anew."""
    session.execute(
        sa.update(StaffSession)
        .where(col(StaffSession.token_hash) == _hashed(token))
        .values(seen_at=now)
    )


def end(session: Session, token: str) -> None:
    """Log out: a copied cookie is worthless from now on."""
    session.execute(sa.delete(StaffSession).where(col(StaffSession.token_hash) == _hashed(token)))


def end_all(session: Session, staff_id: str) -> None:
    """Log somebody out everywhere."""
    session.execute(sa.delete(StaffSession).where(col(StaffSession.staff_id) == staff_id))


def forget_ended(session: Session, now: datetime) -> None:
    """Remove sessions that have ended by themselves."""
    session.execute(
        sa.delete(StaffSession).where(
            sa.or_(
                col(StaffSession.seen_at) <= now - IDLE,
                col(StaffSession.created_at) <= now - ABSOLUTE,
            )
        )
    )


def _hashed(token: str) -> str:
    return keyring().hashed("session", token)
