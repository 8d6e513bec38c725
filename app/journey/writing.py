"""A letter is written and sent: checked, kept, counted, and on its way in one transaction."""

import random
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, select

from app import moving
from app.errors import ChangedSubmission, Invalid
from app.journey import pairing, sending
from app.lifecycle import Hold
from app.models import Correspondence, Letter, Prisoner, Reservation, Writer
from app.models.columns import new_id
from app.models.correspondence import ENGINES_ALLOWED, WRITER_GENDERS
from app.moving import WRITER
from app.sealing import keyring
from mailing import letter_numbers

LONGEST_TEXT = 12_000
LONGEST_SIGNATURE = 80
_EMAIL = re.compile(r"[^@\s<>(),;:\"\[\]\\]{1,64}@[^@\s<>(),;:\"\[\]\\]{1,190}\.[^@\s.]{2,}")


@dataclass(frozen=True)
class Draft:
    """What a writer sends. `engines` says who may translate: "outside", "own" or "none"."""

    text: str
    signature: str
    language: str
    gender: str
    engines: str
    closing_sentence: bool = True
    email: str = ""

    @property
    def body(self) -> str:
        """Everything that makes this submission what it is, for telling repeats from changes."""
        return "\0".join(
            [
                self.text,
                self.signature,
                self.language,
                self.gender,
                self.engines,
                str(self.closing_sentence),
                self.email,
            ]
        )


@dataclass(frozen=True)
class Sent:
    """An accepted letter. `code` opens it; None when the correspondence has its code already."""

    letter_id: str
    prisoner_id: str
    code: str | None
    repeated: bool


@dataclass(frozen=True)
class Sender:
    """Who hands a letter in: nobody known (the web form), or a partner with a reference."""

    partner_id: str | None = None
    reference: str = ""


WEB_FORM = Sender()


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
        "language": not re.fullmatch(r"[a-z]{2,3}", tidy.language)
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
    session: Session,
    token: str,
    draft: Draft,
    now: datetime,
    chance: random.Random,
    *,
    sender: Sender = WEB_FORM,
) -> Sent:
    """Keep a checked draft as a letter to the person its reservation names.

    The same token and draft again give the same letter and code. Raises `ChangedSubmission` when
    the token was used for another draft, `NotFound` when it is unknown.
    """
    submission = _serialised(session, token)
    repeated = _sent_before(session, submission, token, draft)
    if repeated is not None:
        return repeated
    reservation = pairing.reservation_of(session, token)
    code = None if reservation.continues_id else keyring().receipt_code(token)
    letter = Letter(
        number=_new_number(session, chance),
        correspondence_id=_correspondence_id(session, reservation, code, draft, sender, now),
        prisoner_id=reservation.prisoner_id,
        submission_hash=submission,
        body_hash=_body_hash(draft),
        language=draft.language,
        gender=draft.gender,
        engines=draft.engines,
        closing_sentence=draft.closing_sentence,
        random=reservation.random,
        created_at=now,
    )
    counted = pairing.use(session, reservation, now)
    moving.enter(session, letter, WRITER, now, already_counted=counted)
    sending.keep_text(session, letter, draft.text, draft.signature, now)
    sending.send_on(session, letter, now)
    _hold_if_not_writable(session, letter, now)
    return Sent(letter.id, letter.prisoner_id, code, repeated=False)


def _hold_if_not_writable(session: Session, letter: Letter, now: datetime) -> None:
    """Hidden or objected since the form was opened: the letter is kept, and waits."""
    prisoner = session.get_one(Prisoner, letter.prisoner_id)
    if prisoner.hidden:
        moving.hold(session, letter, Hold.OBJECTED, moving.SYSTEM, now)
    elif not prisoner.published:
        moving.hold(session, letter, Hold.NOT_WRITABLE, moving.SYSTEM, now)


def _serialised(session: Session, token: str) -> str:
    """The submission's keyed hash; on PostgreSQL parallel repeats of it wait for one another."""
    submission = keyring().hashed("submission", token)
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(int(submission[:15], 16))))
    return submission


def _sent_before(session: Session, submission: str, token: str, draft: Draft) -> Sent | None:
    before = session.exec(select(Letter).where(Letter.submission_hash == submission)).first()
    if before is None:
        return None
    if before.body_hash != _body_hash(draft):
        raise ChangedSubmission("This form was sent already, with another text.")
    code = keyring().receipt_code(token)
    correspondence = session.get_one(Correspondence, before.correspondence_id)
    opens = correspondence.receipt_hash == receipt_hash(code)
    return Sent(before.id, before.prisoner_id, code if opens else None, repeated=True)


def _correspondence_id(
    session: Session,
    reservation: Reservation,
    code: str | None,
    draft: Draft,
    sender: Sender,
    now: datetime,
) -> str:
    if code is None:
        going_on = session.get_one(Correspondence, reservation.continues_id)
        going_on.email = draft.email or going_on.email
        return going_on.id
    if reservation.writer_id is None:
        reservation.writer_id = writer_for(session, draft.email, sender, now)
    correspondence = Correspondence(
        writer_id=reservation.writer_id,
        prisoner_id=reservation.prisoner_id,
        partner_id=sender.partner_id,
        receipt_hash=receipt_hash(code),
        created_at=now,
    )
    correspondence.email = draft.email or None
    session.add(correspondence)
    session.flush()
    return correspondence.id


def writer_for(session: Session, email: str, sender: Sender, now: datetime) -> str:
    """The id of «this writer»: by a partner's reference, else by e-mail, else somebody new."""
    identity = None
    if sender.partner_id and sender.reference:
        identity = keyring().hashed("writer-reference", f"{sender.partner_id}\0{sender.reference}")
    elif email:
        identity = keyring().hashed("writer-email", email.casefold())
    if identity is not None:
        known = session.exec(select(Writer.id).where(Writer.identity_hash == identity)).first()
        if known is not None:
            return known
    writer = Writer(id=new_id(), identity_hash=identity, created_at=now)
    session.add(writer)
    session.flush()
    return writer.id


def receipt_hash(code: str) -> str:
    """What is kept of a receipt code."""
    return keyring().hashed("receipt", code)


def _body_hash(draft: Draft) -> str:
    return keyring().hashed("body", draft.body)


def _new_number(session: Session, chance: random.Random) -> str:
    while True:
        number = letter_numbers.new(chance)
        if session.exec(select(Letter.id).where(Letter.number == number)).first() is None:
            return number


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _is_plain(text: str) -> bool:
    """No NUL, no control characters but tab and line end, nothing UTF-8 cannot hold."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return not any((ord(sign) < 32 and sign not in "\n\t") or ord(sign) == 127 for sign in text)
