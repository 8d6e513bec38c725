"""A letter is written and sent: checked, kept, counted, and on its way in one transaction."""

import random
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from app.errors import Invalid
from app.journey import accepting, pairing
from app.journey.accepting import (
    RECIPIENT,
    By,
    Draft,
    In,
    Recipient,
    Sent,
    Submission,
    receipt_hash,
)
from app.models import Correspondence, Prisoner
from app.models.correspondence import ENGINES_ALLOWED, WRITER_GENDERS
from app.moving import WRITER

__all__ = [
    "LONGEST_SIGNATURE",
    "LONGEST_TEXT",
    "Draft",
    "Sent",
    "checked",
    "receipt_hash",
    "submit",
]

LONGEST_TEXT = 12_000
LONGEST_SIGNATURE = 80
_NOT_PLAIN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_EMAIL = re.compile(r"[^@\s<>(),;:\"\[\]\\]{1,64}@[^@\s<>(),;:\"\[\]\\]{1,190}\.[^@\s.]{2,}")


def checked(draft: Draft, say: Callable[[str], str]) -> Draft:
    """The draft with its line ends and margins tidied; nothing else is changed.

    say: translates a message for people. Raises `Invalid` with one message a field.
    """
    tidy = replace(
        draft,
        text=_lines(draft.text).strip(),
        signature=draft.signature.strip(),
        email=draft.email.strip(),
    )
    found = {
        "text": _trouble_with_text(tidy.text, say),
        "signature": _trouble_with_signature(tidy.signature, say),
        "gender": tidy.gender not in WRITER_GENDERS
        and say("Please choose how you are spoken of in Russian."),
        "engines": tidy.engines not in ENGINES_ALLOWED
        and say("Please choose who may translate your letter."),
        "language": tidy.text
        and not re.fullmatch(r"[a-z]{2,3}", tidy.language)
        and say("Please choose the language you write in."),
        "email": not _is_email(tidy.email) and say("This e-mail address is not complete."),
    }
    problems = {field: message for field, message in found.items() if message}
    if problems:
        raise Invalid(problems)
    return tidy


def _trouble_with_text(text: str, say: Callable[[str], str]) -> str:
    if not text:
        return say("Your letter is still empty.")
    if len(text) > LONGEST_TEXT:
        return say(
            "Your letter has {length} characters; {longest} fit. Nothing was lost: please "
            "shorten it, or send the rest as a second letter."
        ).format(length=f"{len(text):,}", longest=f"{LONGEST_TEXT:,}")
    if not _is_plain(text):
        return say("Your letter has a character in it that cannot be kept or printed.")
    return ""


def _trouble_with_signature(signature: str, say: Callable[[str], str]) -> str:
    if not signature:
        return say("How should the letter be signed? A first name is enough.")
    if len(signature) > LONGEST_SIGNATURE or not _is_plain(signature) or "\n" in _lines(signature):
        return say("A signature is one line of at most 80 characters.")
    return ""


def _is_email(email: str) -> bool:
    return not email or (len(email) <= 254 and bool(_EMAIL.fullmatch(email)) and _is_plain(email))


def submit(
    session: Session, token: str, draft: Draft, now: datetime, chance: random.Random
) -> Sent:
    """Keep a checked draft as a letter to the person its reservation names.

    The same token and draft again give the same letter and code. Raises `ChangedSubmission` when
    the token was used for another draft, `NotFound` when it is unknown.
    """
    submission = Submission.of(token, draft.body)
    reservation = pairing.taken_up(session, token)
    if reservation.used_at is not None:
        repeated = accepting.sent_before(session, submission)
        if repeated is not None:
            return repeated
    to = Recipient.of(
        session.connection().execute(_RECIPIENT, {"id": reservation.prisoner_id}).one()
    )
    if reservation.continues_id is not None:
        writer_id, correspondence = reservation.writer_id, In(reservation.continues_id)
        _keep_email(session, reservation.continues_id, draft.email)
    else:
        by = _writer(session, reservation, draft, now)
        writer_id = by.writer_id
        correspondence = accepting.new_correspondence(submission, by, to.id, draft.email, now)
    sent = accepting.accept(
        session,
        submission,
        draft,
        to,
        correspondence,
        WRITER,
        now,
        number=accepting.free_number(session, chance),
        picked=reservation.random,
        counted=reservation.counted,
    )
    pairing.use(session, reservation, writer_id, now)
    return sent


_RECIPIENT = sa.select(*RECIPIENT).where(col(Prisoner.id) == sa.bindparam("id"))


def _writer(session: Session, reservation: Any, draft: Draft, now: datetime) -> By:
    if reservation.writer_id is not None:
        return By(reservation.writer_id)
    return accepting.writer_for(session, accepting.identity_of(draft.email), now)


def _keep_email(session: Session, correspondence_id: str, email: str) -> None:
    if email:
        session.get_one(Correspondence, correspondence_id).email = email
        session.flush()


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _is_plain(text: str) -> bool:
    """No NUL, no control characters but tab and line end, nothing UTF-8 cannot hold."""
    return _NOT_PLAIN.search(text) is None
