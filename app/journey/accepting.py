"""A checked draft becomes a letter, in few statements: this is what writers wait for.

What the web form and the partners' API have in common: who the writer is, the correspondence,
the letter with its number, its text, and its first steps, in the caller's transaction.
"""

import random
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, SQLModel, col

from app import moving
from app.errors import ChangedSubmission
from app.inserting import Row, insert_together, insertion, row, table_of
from app.lifecycle import Hold, State
from app.models import Correspondence, Letter, Prisoner, Revision, Writer
from app.models.columns import new_id
from app.models.correspondence import ORIGINAL, RUSSIAN
from app.models.people import spelled
from app.moving import Actor
from app.sealing import keyring, place
from app.wording import closing_sentence
from mailing import letter_numbers


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
class Submission:
    """One act of sending, done once however often it is repeated.

    secret: the single-use key that the receipt code is made from. key_hash and body_hash are what
    is kept of it and of what was sent.
    """

    secret: str
    key_hash: str
    body_hash: str

    @classmethod
    def of(cls, secret: str, body: str) -> "Submission":
        """The submission of `body` under the single-use key `secret`."""
        ring = keyring()
        return cls(secret, ring.hashed("submission", secret), ring.hashed("body", body))


@dataclass(frozen=True)
class Recipient:
    """Who a letter goes to, as the writer may know them: of somebody hidden, or not to be named,
    the first name, and a slug that says nothing. `hold` is why it must wait: they are not to be
    written to just now.
    """

    id: str
    slug: str
    name: str
    latin_name: str
    called: dict[str, str]
    hold: Hold | None

    @classmethod
    def of(cls, row: "sa.Row[Any]") -> "Recipient":
        """From a row that has `RECIPIENT`."""
        hold = None if row.published else Hold.NOT_WRITABLE
        unnamed = row.identity_hidden or row.hidden
        whole = " ".join(filter(None, (row.surname, row.given_name, row.patronymic)))
        called = spelled(row.latin_name, row.given_name, row.surname, hidden=unnamed)
        return cls(
            row.person_id,
            row.person_id if unnamed else row.slug,
            row.given_name if unnamed else whole,
            called["en"],
            called,
            Hold.OBJECTED if row.hidden else hold,
        )


RECIPIENT: tuple[Any, ...] = (
    col(Prisoner.id).label("person_id"),
    col(Prisoner.slug),
    col(Prisoner.surname),
    col(Prisoner.given_name),
    col(Prisoner.patronymic),
    col(Prisoner.latin_name),
    col(Prisoner.hidden),
    col(Prisoner.identity_hidden),
    col(Prisoner.published),
)


@dataclass(frozen=True)
class Sent:
    """An accepted letter. `code` opens it; None when the correspondence has its code already."""

    letter_id: str
    to: Recipient
    state: State
    code: str | None
    repeated: bool

    @property
    def prisoner_id(self) -> str:
        return self.to.id


def sent_before(session: Session, submission: Submission) -> Sent | None:
    """The letter this submission made already. Raises `ChangedSubmission` for another body."""
    found = session.connection().execute(_BEFORE, {"key_hash": submission.key_hash}).first()
    if found is None:
        return None
    if found.body_hash != submission.body_hash:
        raise ChangedSubmission("This was sent already, with another text.")
    code = keyring().receipt_code(submission.secret)
    opens = found.receipt_hash == receipt_hash(code)
    return Sent(
        found.letter_id,
        Recipient.of(found),
        State(found.state),
        code if opens else None,
        repeated=True,
    )


_BEFORE = (
    sa.select(
        col(Letter.id).label("letter_id"),
        col(Letter.state),
        col(Letter.body_hash),
        col(Correspondence.receipt_hash),
        *RECIPIENT,
    )
    .join(Correspondence, col(Correspondence.id) == col(Letter.correspondence_id))
    .join(Prisoner, col(Prisoner.id) == col(Letter.prisoner_id))
    .where(col(Letter.submission_hash) == sa.bindparam("key_hash"))
)


@dataclass(frozen=True)
class By:
    """Whose letter it is. rows: what is not in the database yet."""

    writer_id: str
    rows: tuple[Row, ...] = ()


def somebody_new(now: datetime, identity: str | None = None) -> By:
    """A writer who was not here before."""
    writer_id = new_id()
    return By(writer_id, (row(Writer, id=writer_id, identity_hash=identity, created_at=now),))


def writer_for(session: Session, identity: str | None, now: datetime) -> By:
    """«This writer» by `identity`, a keyed hash; somebody new without one."""
    if identity is None:
        return somebody_new(now)
    # One statement, because two letters of one writer may come at once.
    [fresh] = somebody_new(now, identity).rows
    kept = insertion(session, Writer).values(**fresh.values)
    known = kept.on_conflict_do_update(
        index_elements=["identity_hash"], set_={"identity_hash": identity}
    ).returning(table_of(Writer).c.id)
    return By(str(session.connection().execute(known).scalar_one()))


@dataclass(frozen=True)
class In:
    """The correspondence a letter is part of; `code` opens it, if it is a new one."""

    correspondence_id: str
    code: str | None = None
    rows: tuple[Row, ...] = ()


def new_correspondence(
    submission: Submission,
    by: By,
    prisoner_id: str,
    email: str,
    now: datetime,
    partner_id: str | None = None,
) -> In:
    """The first letter of this writer to this person."""
    code, correspondence_id = keyring().receipt_code(submission.secret), new_id()
    opened = row(
        Correspondence,
        id=correspondence_id,
        writer_id=by.writer_id,
        prisoner_id=prisoner_id,
        partner_id=partner_id,
        receipt_hash=receipt_hash(code),
        email_sealed=_seal(Correspondence, "email_sealed", correspondence_id, email),
        created_at=now,
    )
    return In(correspondence_id, code, (*by.rows, opened))


def accept(
    session: Session,
    submission: Submission,
    draft: Draft,
    to: Recipient,
    correspondence: In,
    actor: Actor,
    now: datetime,
    *,
    number: str,
    picked: bool,
    counted: bool,
) -> Sent:
    """Keep `draft` as a letter to `to`, and send it on.

    number: from `free_number`. picked: by the balance rule, not chosen. counted: their count has
    this letter already.
    """
    letter_id = new_id()
    in_russian = draft.language == "ru"
    state = State.IN_REVIEW if in_russian else State.TRANSLATING
    steps = moving.beginning(
        session,
        {
            "id": letter_id,
            "number": number,
            "correspondence_id": correspondence.correspondence_id,
            "prisoner_id": to.id,
            "submission_hash": submission.key_hash,
            "body_hash": submission.body_hash,
            "language": draft.language,
            "gender": draft.gender,
            "engines": draft.engines,
            "closing_sentence": draft.closing_sentence,
            "random": picked,
        },
        state,
        actor,
        now,
        why="already_russian" if in_russian else "",
        hold_for=to.hold,
    )
    versions = [_version(letter_id, 1, ORIGINAL, draft, draft.text, now)]
    if in_russian:
        said = closing_sentence(translated=False)
        russian = f"{draft.text}\n\n{said}" if draft.closing_sentence else draft.text
        versions.append(_version(letter_id, 2, RUSSIAN, draft, russian, now))
    insert_together(session, [*correspondence.rows, *steps, *versions])
    if not counted:
        moving.count(session, to.id, 1)
    return Sent(letter_id, to, state, correspondence.code, repeated=False)


def free_number(session: Session, chance: random.Random) -> str:
    """A letter number that no letter has."""
    while True:
        number = letter_numbers.new(chance)
        if session.connection().execute(_NUMBER, {"number": number}).first() is None:
            return number


_NUMBER = sa.select(col(Letter.id)).where(col(Letter.number) == sa.bindparam("number"))


def identity_of(email: str) -> str | None:
    """«This writer» by e-mail; None without one."""
    return keyring().hashed("writer-email", email.casefold()) if email else None


def receipt_hash(code: str) -> str:
    """What is kept of a receipt code."""
    return keyring().hashed("receipt", code)


def _version(letter_id: str, seq: int, part: str, draft: Draft, text: str, now: datetime) -> Row:
    revision_id = new_id()
    return row(
        Revision,
        id=revision_id,
        letter_id=letter_id,
        seq=seq,
        part=part,
        language=draft.language,
        origin="writer",
        text_sealed=_seal(Revision, "text_sealed", revision_id, text),
        signature_sealed=_seal(Revision, "signature_sealed", revision_id, draft.signature),
        created_at=now,
    )


def _seal(table: type[SQLModel], column: str, row_id: str, text: str) -> bytes | None:
    where = place(str(table.__tablename__), column, row_id)
    return keyring().seal(text, where) if text else None
