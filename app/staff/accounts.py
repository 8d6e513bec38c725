"""Accounts: made by a coordinator or from the command line, never by signing up (row 7).

Every function takes a session and never commits; passwords come hashed, because hashing has no
place inside a write transaction. Each change leaves an event.
"""

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

import pyotp
import sqlalchemy as sa
from sqlmodel import Session, col, select

from app import moving
from app.errors import Conflict, Forbidden, Invalid, NotFound
from app.lifecycle import Role
from app.locale import N_
from app.models import Claim, Staff, StaffRole
from app.models.columns import new_id
from app.moving import Actor
from app.staff import passwords, sessions

LONGEST_NAME = 40  # signs
OVER_OTHERS = frozenset({Role.COORDINATOR, Role.ADMIN})
"""Roles that only an admin gives, and whose keys only an admin touches."""


@dataclass(frozen=True)
class Keys:
    """What somebody needs to sign in; exists in clear only while it is shown once."""

    password: str
    totp_secret: str

    def enrolment_uri(self, pseudonym: str) -> str:
        """For an authenticator app, as link or QR code. The label names no service."""
        return f"otpauth://totp/{quote(pseudonym, safe='')}?secret={self.totp_secret}"


def new_keys() -> Keys:
    """A password and a one-time-code secret by chance."""
    return Keys(passwords.generated(), pyotp.random_base32())


def folded(name: str) -> str:
    """Names that differ only in case or spaces are one name."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def find(session: Session, name: str) -> Staff | None:
    """The account of this pseudonym. Teams are small: all names are looked at."""
    wanted = folded(name)
    for staff_id, pseudonym in session.execute(sa.select(col(Staff.id), col(Staff.pseudonym))):
        if folded(pseudonym) == wanted:
            return session.get(Staff, staff_id)
    return None


def get(session: Session, staff_id: str) -> Staff:
    """Raises `NotFound`."""
    staff = session.get(Staff, staff_id)
    if staff is None:
        raise NotFound(N_("There is no such account."))
    return staff


def roles_of(session: Session, staff_id: str) -> frozenset[Role]:
    found = session.execute(
        sa.select(col(StaffRole.role)).where(col(StaffRole.staff_id) == staff_id)
    )
    return frozenset(Role(role) for role in found.scalars())


def create(
    session: Session,
    pseudonym: str,
    roles: frozenset[Role],
    password_hash: str,
    totp_secret: str,
    actor: Actor,
    now: datetime,
    *,
    country: str = "DE",
    town: str = "",
    languages: str = "",
) -> Staff:
    """A new account. Raises `Invalid` for a bad or taken name, and for no role."""
    name = " ".join(unicodedata.normalize("NFC", pseudonym).split())
    problems = {}
    if not 2 <= len(name) <= LONGEST_NAME or not name.isprintable():
        problems["pseudonym"] = N_("A name here has 2 to 40 signs.")
    if not roles:
        problems["roles"] = N_("Choose at least one role.")
    if find(session, name) is not None:
        problems["pseudonym"] = N_("Somebody has this name already.")
    if problems:
        raise Invalid(problems)
    staff = Staff(
        id=new_id(),
        pseudonym=name,
        password_hash=password_hash,
        totp_sealed=b"",
        country=country,
        town=town,
        languages=languages,
        created_at=now,
    )
    staff.totp_secret = totp_secret
    session.add(staff)
    session.flush()
    session.add_all(StaffRole(staff_id=staff.id, role=role) for role in roles)
    moving.record(session, "staff", staff.id, actor, now, origin=None, to="created")
    return staff


def set_roles(
    session: Session, staff_id: str, roles: frozenset[Role], actor: Actor, now: datetime
) -> None:
    """Give and take roles; acts on the next request. Raises `Conflict` for the last admin."""
    get(session, staff_id)
    before = roles_of(session, staff_id)
    if before == roles:
        return
    if not roles:
        raise Invalid({"roles": N_("Choose at least one role.")})
    if Role.ADMIN in before - roles:
        _keep_an_admin(session, staff_id)
    session.execute(sa.delete(StaffRole).where(col(StaffRole.staff_id) == staff_id))
    session.add_all(StaffRole(staff_id=staff_id, role=role) for role in roles)
    _record(session, staff_id, "roles", actor, now, " ".join(sorted(roles)))


def disable(session: Session, staff_id: str, actor: Actor, now: datetime) -> None:
    """Out at once, and what was claimed is free again. Raises `Conflict` for the last admin."""
    staff = get(session, staff_id)
    if staff.disabled_at is not None:
        return
    _keep_an_admin(session, staff_id)
    staff.disabled_at = now
    sessions.end_all(session, staff_id)
    session.execute(sa.delete(Claim).where(col(Claim.staff_id) == staff_id))
    _record(session, staff_id, "disabled", actor, now)


def enable(session: Session, staff_id: str, actor: Actor, now: datetime) -> None:
    staff = get(session, staff_id)
    if staff.disabled_at is not None:
        staff.disabled_at = None
        _record(session, staff_id, "enabled", actor, now)


def set_keys(
    session: Session,
    staff_id: str,
    actor: Actor,
    now: datetime,
    *,
    password_hash: str | None = None,
    totp_secret: str | None = None,
) -> None:
    """A new password, a new second factor, or both; whoever was signed in there is out."""
    staff = get(session, staff_id)
    if password_hash is not None:
        staff.password_hash = password_hash
        _record(session, staff_id, "new password", actor, now)
    if totp_secret is not None:
        staff.totp_secret, staff.totp_last_step = totp_secret, 0
        _record(session, staff_id, "new second factor", actor, now)
    sessions.end_all(session, staff_id)


def describe(
    session: Session, staff_id: str, *, country: str, town: str, languages: str, contact: str | None
) -> None:
    """What somebody says of themselves; none of it but the country is asked for."""
    if len(country) != 2 or not country.isascii() or not country.isalpha():
        raise Invalid({"country": N_("The country is two letters, such as DE.")})
    staff = get(session, staff_id)
    staff.country, staff.town, staff.languages = country.upper(), town[:80], languages[:80]
    staff.contact = contact or None


def require_reach(
    acting: frozenset[Role], theirs: frozenset[Role], wanted: frozenset[Role]
) -> None:
    """Coordinators look after volunteers; only admins after coordinators and admins.

    theirs: roles of the account that is changed; wanted: those it is to have. Raises `Forbidden`.
    """
    if Role.ADMIN not in acting and (theirs | wanted) & OVER_OTHERS:
        raise Forbidden(N_("Only an admin can do this to a coordinator or an admin."))


def everybody(session: Session) -> list[tuple[Staff, frozenset[Role]]]:
    """All accounts by name, with their roles."""
    roles: dict[str, set[Role]] = {}
    for staff_id, role in session.execute(sa.select(col(StaffRole.staff_id), col(StaffRole.role))):
        roles.setdefault(staff_id, set()).add(Role(role))
    people = session.exec(select(Staff).order_by(col(Staff.pseudonym))).all()
    return [(staff, frozenset(roles.get(staff.id, set()))) for staff in people]


def _keep_an_admin(session: Session, staff_id: str) -> None:
    others = (
        sa.select(col(StaffRole.staff_id))
        .join(Staff, col(Staff.id) == col(StaffRole.staff_id))
        .where(
            col(StaffRole.role) == Role.ADMIN,
            col(StaffRole.staff_id) != staff_id,
            col(Staff.disabled_at).is_(None),
        )
    )
    if Role.ADMIN in roles_of(session, staff_id) and session.execute(others).first() is None:
        raise Conflict(N_("This is the last admin. Make somebody else admin first."))


def _record(
    session: Session, staff_id: str, what: str, actor: Actor, now: datetime, why: str = ""
) -> None:
    moving.record(session, "staff", staff_id, actor, now, origin=None, to=what, why=why)
