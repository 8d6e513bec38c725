"""A letter is written and sent: checked, kept, counted, and on its way in one transaction."""

import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, select

from app import moving
from app.errors import ChangedSubmission, Invalid
from app.journey import pairing
from app.lifecycle import Hold, State
from app.models import Correspondence, Letter, Prisoner, Reservation, Revision, Writer
from app.models.columns import new_id
from app.models.correspondence import ENGINES_ALLOWED, ORIGINAL, RUSSIAN, WRITER_GENDERS
from app.moving import WRITER
from app.sealing import keyring
from app.wording import with_closing_sentence
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


def checked(draft: Draft, say: Callable[[str], str]) -> Draft:
    """The draft with its line ends and margins tidied; nothing else is changed.

    say: translates a message for people. Raises `Invalid` with one message a field.
    """
    text = _lines(draft.text).strip()
    signature = draft.signature.strip()
    email = draft.email.strip()
    problems: dict[str, str] = {}
    if not text:
        problems["text"] = say("Your letter is still empty.")
    elif len(text) > LONGEST_TEXT:
        problems["text"] = say(
            "Your letter has {length} characters; {longest} fit. Nothing was lost: please shorten it, "
            "or send the rest as a second letter."
        ).format(length=f"{len(text):,}", longest=f"{LONGEST_TEXT:,}")
    elif not _is_plain(text):
        problems["text"] = say("Your letter has a character in it that cannot be kept or printed.")
    if not signature:
        problems["signature"] = say("How should the letter be signed? A first name is enough.")
    elif len(signature) > LONGEST_SIGNATURE or not _is_plain(signature) or "\n" in _lines(signature):
        problems["signature"] = say("A signature is one line of at most 80 characters.")
    if draft.gender not in WRITER_GENDERS:
        problems["gender"] = say("Please choose how you are spoken of in Russian.")
    if draft.engines not in ENGINES_ALLOWED:
        problems["engines"] = say("Please choose who may translate your letter.")
    if not re.fullmatch(r"[a-z]{2,3}(-[A-Za-z]+)?", draft.language):
        problems["language"] = say("Please choose the language you write in.")
    if email and (len(email) > 254 or not _EMAIL.fullmatch(email) or not _is_plain(email)):
        problems["email"] = say("This e-mail address is not complete.")
    if problems:
        raise Invalid(problems)
    return Draft(
        text, signature, draft.language, draft.gender, draft.engines, draft.closing_sentence, email
    )


def submit(
    session: Session,
    token: str,
    draft: Draft,
    now: datetime,
    chance: random.Random,
    *,
    partner_id: str | None = None,
    writer_reference: str = "",
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
    correspondence, code = _correspondence(
        session, reservation, token, draft, now, partner_id, writer_reference
    )
    letter = Letter(
        number=_new_number(session, chance),
        correspondence_id=correspondence.id,
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
    keep_text(session, letter, draft.text, draft.signature, now)
    send_on(session, letter, now)
    prisoner = session.get_one(Prisoner, reservation.prisoner_id)
    if prisoner.hidden or not prisoner.published:
        moving.hold(session, letter, Hold.OBJECTED if prisoner.hidden else Hold.NOT_WRITABLE, moving.SYSTEM, now)
    return Sent(letter.id, letter.prisoner_id, code, repeated=False)


def keep_text(session: Session, letter: Letter, text: str, signature: str, now: datetime) -> None:
    """Keep what the writer wrote; a letter in Russian gets its Russian revision at once."""
    seq = (
        session.execute(
            sa.select(sa.func.coalesce(sa.func.max(Revision.seq), 0)).where(Revision.letter_id == letter.id)  # type: ignore[arg-type]
        ).scalar_one()
        + 1
    )
    session.add(_revision(letter, seq, ORIGINAL, letter.language, text, signature, now))
    if letter.language == "ru":
        russian = with_closing_sentence(text, letter, translated=False)
        session.add(_revision(letter, seq + 1, RUSSIAN, "ru", russian, signature, now))
    session.flush()


def send_on(session: Session, letter: Letter, now: datetime) -> None:
    """To the translators, or straight to review when it is Russian already."""
    if letter.language == "ru" and letter.state == State.RECEIVED:
        moving.move(session, letter, State.IN_REVIEW, moving.SYSTEM, now, why="already_russian")
        return
    moving.move(session, letter, State.TRANSLATING, moving.SYSTEM, now)
    if letter.language == "ru":
        moving.move(session, letter, State.IN_REVIEW, moving.SYSTEM, now, why="already_russian")


def _revision(
    letter: Letter, seq: int, part: str, language: str, text: str, signature: str, now: datetime
) -> Revision:
    row = Revision(
        letter_id=letter.id, seq=seq, part=part, language=language, origin="writer", created_at=now
    )
    row.text, row.signature = text, signature
    return row


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


def _correspondence(
    session: Session,
    reservation: Reservation,
    token: str,
    draft: Draft,
    now: datetime,
    partner_id: str | None,
    writer_reference: str,
) -> tuple[Correspondence, str | None]:
    if reservation.continues_id is not None:
        going_on = session.get_one(Correspondence, reservation.continues_id)
        if draft.email:
            going_on.email = draft.email
        return going_on, None
    code = keyring().receipt_code(token)
    if reservation.writer_id is None:
        reservation.writer_id = writer_for(session, draft.email, partner_id, writer_reference, now)
    correspondence = Correspondence(
        writer_id=reservation.writer_id,
        prisoner_id=reservation.prisoner_id,
        partner_id=partner_id,
        receipt_hash=receipt_hash(code),
        created_at=now,
    )
    correspondence.email = draft.email or None
    session.add(correspondence)
    session.flush()
    return correspondence, code


def writer_for(
    session: Session, email: str, partner_id: str | None, reference: str, now: datetime
) -> str:
    """The id of «this writer»: by a partner's reference, else by e-mail, else somebody new."""
    identity = None
    if partner_id and reference:
        identity = keyring().hashed("writer-reference", f"{partner_id}\0{reference}")
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
