"""Organisations that send letters through the API, each known by a token."""

import secrets
from datetime import datetime

from sqlmodel import Session, col, select

from app import moving
from app.errors import Invalid, NotFound
from app.locale import N_
from app.models import Partner
from app.models.columns import new_id
from app.moving import SYSTEM
from app.sealing import keyring

LONGEST_NAME = 120  # signs


def add(session: Session, name: str, now: datetime) -> str:
    """A new partner; returns the token, of which only a keyed hash is kept. Raises `Invalid`."""
    name = " ".join(name.split())
    if not 1 <= len(name) <= LONGEST_NAME or not name.isprintable():
        raise Invalid({"name": N_("A partner's name has 1 to 120 signs.")})
    if session.exec(select(Partner).where(Partner.name == name)).first() is not None:
        raise Invalid({"name": N_("There is a partner of this name already.")})
    token = secrets.token_urlsafe(32)
    partner = Partner(id=new_id(), name=name, token_hash=_hashed(token), created_at=now)
    session.add(partner)
    session.flush()
    moving.record(session, "partner", partner.id, SYSTEM, now, origin=None, to="created")
    return token


def find(session: Session, token: str) -> Partner | None:
    """Whose token this is, unless the partner was disabled."""
    return session.exec(
        select(Partner).where(
            Partner.token_hash == _hashed(token), col(Partner.disabled_at).is_(None)
        )
    ).first()


def everybody(session: Session) -> list[Partner]:
    return list(session.exec(select(Partner).order_by(col(Partner.name))))


def disable(session: Session, name: str, now: datetime) -> None:
    """The token is refused from the next request on. Raises `NotFound`."""
    partner = session.exec(select(Partner).where(Partner.name == name)).first()
    if partner is None:
        raise NotFound(N_("There is no partner of this name."))
    partner.disabled_at = partner.disabled_at or now
    moving.record(session, "partner", partner.id, SYSTEM, now, origin=None, to="disabled")


def _hashed(token: str) -> str:
    return keyring().hashed("partner", token)
