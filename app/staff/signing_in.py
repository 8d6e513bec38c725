"""From a name, a password and a one-time code to a session; or one and the same refusal."""

from datetime import datetime

import pyotp
import sqlalchemy as sa
from sqlmodel import Session, col

from app.database import Database
from app.errors import LifelineError
from app.locale import N_
from app.models import Staff
from app.staff import accounts, passwords, sessions, throttle

STEP = 30  # seconds a one-time code is shown
TOLERANCE = 1  # steps a clock may be off


class NotRecognised(LifelineError):
    """Which of name, password and code was wrong is said to nobody (row 11)."""

    status = 422


def sign_in(database: Database, name: str, password: str, code: str, now: datetime) -> str:
    """Check all three; returns the value of the new session's cookie.

    The password is checked outside any write transaction: it takes a tenth of a second.
    Raises `NotRecognised`, `TooManyRequests`.
    """
    account = accounts.folded(name)
    with database.write() as session:
        throttle.note_try(session, account, now)
    with database.read() as session:
        staff = accounts.find(session, name)
        usable = staff is not None and staff.disabled_at is None
        password_hash = staff.password_hash if staff and usable else passwords.NOBODYS_HASH
    right = passwords.matches(password[: passwords.LONGEST], password_hash)
    if staff is None or not usable or not right:
        raise refusal()
    with database.write() as session:
        use_code(session, staff, code, now)
        throttle.forgive(session, account)
        sessions.forget_ended(session, now)
        return sessions.begin(session, staff.id, now)


def use_code(session: Session, staff: Staff, code: str, now: datetime) -> None:
    """Accept a one-time code once (row 9). Raises `NotRecognised` for a wrong or used one."""
    step = matching_step(staff.totp_secret or "", code, now)
    used = session.execute(
        sa.update(Staff)
        .where(col(Staff.id) == staff.id, col(Staff.totp_last_step) < (step or 0))
        .values(totp_last_step=step)
    )
    if step is None or used.rowcount != 1:  # type: ignore[attr-defined]
        raise refusal()


def matching_step(secret: str, code: str, now: datetime) -> int | None:
    """The time step at which this code was shown, if it was shown lately."""
    typed = "".join(code.split())
    totp = pyotp.TOTP(secret, interval=STEP)
    present = int(now.timestamp()) // STEP
    for step in range(present - TOLERANCE, present + TOLERANCE + 1):
        if pyotp.utils.strings_equal(typed, totp.generate_otp(step)):
            return step
    return None


def refusal() -> NotRecognised:
    return NotRecognised(
        N_("This name, password or code is not right. Take a fresh code and try again.")
    )


def confirm(database: Database, staff_id: str, password: str, code: str, now: datetime) -> None:
    """The same three proofs from somebody signed in, before their keys change.

    Raises `NotRecognised`, `TooManyRequests`; the code is used up.
    """
    with database.write() as session:
        staff = accounts.get(session, staff_id)
        throttle.note_try(session, accounts.folded(staff.pseudonym), now)
    if not passwords.matches(password[: passwords.LONGEST], staff.password_hash):
        raise refusal()
    with database.write() as session:
        use_code(session, staff, code, now)
        throttle.forgive(session, accounts.folded(staff.pseudonym))
