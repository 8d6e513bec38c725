"""A partner hands a letter in: recipient and letter in one transaction, once for each key."""

import random
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Session, col

from app import moving
from app.errors import Invalid, NotFound
from app.journey import accepting, pairing
from app.journey.accepting import RECIPIENT, Draft, Recipient, Sent, Submission
from app.journey.pairing import NOBODY, Rules
from app.locale import N_
from app.merged import answers_to
from app.models import Prisoner
from app.moving import Actor
from app.sealing import keyring
from app.searching import is_shown, is_writable

PARTNER = Actor("partner")


@dataclass(frozen=True)
class HandedIn:
    """What a partner sends. key: theirs, single-use. slug: whom they chose; None for the next one.

    reference: tells one writer of theirs from another; empty when they do not say.
    """

    partner_id: str
    key: str
    draft: Draft
    slug: str | None = None
    reference: str = ""

    @property
    def submission(self) -> Submission:
        """The same for every repeat; another body under the same key is told from it."""
        secret = keyring().hashed("partner-key", f"{self.partner_id}\0{self.key}")
        return Submission.of(secret, "\0".join((self.draft.body, self.slug or "", self.reference)))

    @property
    def identity(self) -> str | None:
        """«This writer» by the partner's reference, else by e-mail; None for somebody unknown."""
        if not self.reference:
            return accepting.identity_of(self.draft.email)
        return keyring().hashed("writer-reference", f"{self.partner_id}\0{self.reference}")


def hand_in(
    session: Session,
    handed: HandedIn,
    rules: Rules,
    *,
    now: datetime,
    today: date,
    chance: random.Random,
) -> Sent:
    """Give the letter its recipient and keep it; the draft is checked already.

    The same key and body again give the same letter and code. Raises `ChangedSubmission` when the
    key was used for another body, `Invalid` for a person who is not shown or not writable,
    `NotFound` when there is nobody to write to.
    """
    submission = handed.submission
    _one_at_a_time(session, submission)
    repeated = accepting.sent_before(session, submission)
    if repeated is not None:
        return repeated
    draft, identity = handed.draft, handed.identity
    by = accepting.writer_for(session, identity, now)
    number = accepting.free_number(session, chance)  # before anybody waits for the pick
    if handed.slug is not None:
        to = _chosen(session, handed.slug)
    else:
        to = _next(session, rules, today, chance, by.writer_id if identity else None)
    correspondence = accepting.new_correspondence(
        submission, by, to.id, draft.email, now, handed.partner_id
    )
    return accepting.accept(
        session,
        submission,
        draft,
        to,
        correspondence,
        PARTNER,
        now,
        number=number,
        picked=handed.slug is None,
        counted=True,
    )


def _one_at_a_time(session: Session, submission: Submission) -> None:
    """Parallel repeats wait for one another before anybody is picked (SQLite has one writer)."""
    if session.get_bind().dialect.name == "postgresql":
        session.connection().execute(_LOCK, {"number": int(submission.key_hash[:15], 16)})


_LOCK = sa.select(sa.func.pg_advisory_xact_lock(sa.bindparam("number", type_=sa.BigInteger)))


def _chosen(session: Session, slug: str) -> Recipient:
    """Whoever was chosen, with this letter counted: nobody merges the record away from then on."""
    found = session.connection().execute(_CHOSEN, {"chosen": slug}).first()
    if found is not None:
        counted_id = moving.count(session, found.person_id, 1)
        if counted_id != found.person_id:
            found = session.connection().execute(_PICKED, {"picked": counted_id}).one()
        return Recipient.of(found)
    if session.connection().execute(_SHOWN, {"chosen": slug}).first() is not None:
        raise Invalid({"prisoner": N_("Nobody can write to this person now; their page says why.")})
    raise Invalid({"prisoner": N_("Nobody of this name is shown here.")})


_CHOSEN = sa.select(*RECIPIENT).where(is_writable(), answers_to(sa.bindparam("chosen")))
_SHOWN = sa.select(col(Prisoner.id)).where(is_shown(), answers_to(sa.bindparam("chosen")))


def _next(
    session: Session, rules: Rules, today: date, chance: random.Random, writer_id: str | None
) -> Recipient:
    picked = pairing.pick(session, rules, today, chance, writer_id=writer_id)
    if picked is None:
        raise NotFound(NOBODY)
    return Recipient.of(session.connection().execute(_PICKED, {"picked": picked}).one())


_PICKED = sa.select(*RECIPIENT).where(col(Prisoner.id) == sa.bindparam("picked"))
