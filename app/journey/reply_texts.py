"""What stands in a reply: copied out beside the scan, translated, reviewed, forwarded.

Texts are append-only: every version and who wrote it stays. Between ⟦ and ⟧ is what the writer
does not get (`app.passages`).
"""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app import claiming, moving, passages
from app.errors import Forbidden, Invalid, WrongState
from app.journey.replying import Visitor, in_hand
from app.lifecycle import ReplyState, Role
from app.locale import N_
from app.models import Letter, Reply, ReplyText, Scan, Staff, StaffRole
from app.models.columns import new_id
from app.models.replies import TRANSCRIPT, TRANSLATION

LONGEST = 60_000
LANGUAGES = ("ru", "uk", "be", "en")
"""Languages in which a reply may be written, the usual one first."""


def latest(session: Session, reply_id: str, part: str) -> ReplyText | None:
    """The newest transcript or translation."""
    return session.exec(
        select(ReplyText)
        .where(ReplyText.reply_id == reply_id, ReplyText.part == part)
        .order_by(col(ReplyText.seq).desc())
        .limit(1)
    ).first()


def add(
    session: Session,
    reply: Reply,
    part: str,
    text: str,
    language: str,
    now: datetime,
    *,
    staff_id: str | None = None,
    engine: str | None = None,
) -> None:
    """One more version, unless nothing changed."""
    before = latest(session, reply.id, part)
    if before is not None and (before.text, before.language) == (text, language):
        return
    newest = session.execute(
        sa.select(sa.func.max(ReplyText.seq)).where(col(ReplyText.reply_id) == reply.id)
    ).scalar_one()
    row = ReplyText(
        id=new_id(),
        reply_id=reply.id,
        seq=(newest or 0) + 1,
        part=part,
        language=language,
        staff_id=staff_id,
        engine=engine,
        created_at=now,
    )
    row.text = text
    session.add(row)
    session.flush()


def checked(text: str, field: str, *, complete: bool) -> str:
    """The text without margins, its marks as they are kept; drafts may be empty.

    Raises `Invalid` beside `field`.
    """
    text = passages.marked(text.replace("\r\n", "\n").strip())
    if complete and not text:
        raise Invalid({field: N_("The text is still empty.")})
    if len(text) > LONGEST or "\0" in text:
        raise Invalid({field: N_("This text is too long, or has a character that cannot be kept.")})
    if not passages.is_well_marked(text):
        raise Invalid(
            {field: N_("Every ⟦ (or [[) needs its ⟧ (or ]]), and none may stand inside another.")}
        )
    return text


def keep_transcript(
    session: Session, reply_id: str, text: str, language: str, visitor: Visitor, now: datetime
) -> Reply:
    """Keep what is copied out so far. Raises `Invalid`, `NotFound`, `Claimed`, `WrongState`."""
    reply = in_hand(session, reply_id, visitor)
    if reply.state not in {ReplyState.SCANNED, ReplyState.MATCHED}:
        raise WrongState("This reply is copied out already.")
    if language not in LANGUAGES:
        raise Invalid({"language": N_("Choose a language from the list.")})
    text = checked(text, "text", complete=False)
    add(session, reply, TRANSCRIPT, text, language, now, staff_id=visitor.staff_id)
    return reply


def finish_transcript(
    session: Session, reply_id: str, text: str, language: str, visitor: Visitor, now: datetime
) -> None:
    """All is copied out: to the machine or a translator, or to review if the writer reads it as is.

    Raises as `keep_transcript`; `WrongState` while no letter is found for it.
    """
    checked(text, "text", complete=True)
    reply = keep_transcript(session, reply_id, text, language, visitor, now)
    if reply.state != ReplyState.MATCHED:
        raise WrongState("First find the letter that this answers.")
    moving.move_reply(session, reply, ReplyState.TRANSCRIBED, visitor.actor, now)
    to_translation(session, reply, now)
    claiming.release(session, reply_id)


def to_translation(session: Session, reply: Reply, now: datetime) -> None:
    """From `transcribed` on: translating, or straight to review in the writer's own language."""
    transcript = latest(session, reply.id, TRANSCRIPT)
    written = transcript.language if transcript else LANGUAGES[0]
    to = ReplyState.IN_REVIEW
    if written != writer_language(session, reply):
        to = ReplyState.TRANSLATING
    moving.move_reply(session, reply, to, moving.MACHINE, now)


def writer_language(session: Session, reply: Reply) -> str:
    """The language in which the writer wrote, and will read."""
    return session.get_one(Letter, reply.letter_id).language


def keep_translation(
    session: Session, reply_id: str, text: str, visitor: Visitor, now: datetime
) -> Reply:
    """Keep an unfinished translation by hand; the machine keeps off from now on."""
    reply = in_hand(session, reply_id, visitor)
    if reply.state != ReplyState.TRANSLATING:
        raise WrongState("This reply does not wait for a translation.")
    text = checked(text, "translation", complete=False)
    language = writer_language(session, reply)
    add(session, reply, TRANSLATION, text, language, now, staff_id=visitor.staff_id)
    if not moving.is_left_to_people(reply):
        moving.leave_to_people(session, reply, "by_hand")
    return reply


def finish_translation(
    session: Session, reply_id: str, text: str, visitor: Visitor, now: datetime
) -> None:
    """The translation by hand goes to review, with as many passages held back as it should have.

    Raises as `keep_translation`, and `Invalid`.
    """
    checked(text, "translation", complete=True)
    reply = keep_translation(session, reply_id, text, visitor, now)
    transcript = latest(session, reply.id, TRANSCRIPT)
    _require_as_many_held_back((transcript.text if transcript else None) or "", text)
    moving.move_reply(session, reply, ReplyState.IN_REVIEW, visitor.actor, now, why="by_hand")
    claiming.release(session, reply_id)


def keep_review(
    session: Session,
    reply_id: str,
    transcript: str,
    translation: str | None,
    visitor: Visitor,
    now: datetime,
    *,
    complete: bool = True,
) -> Reply:
    """Keep a reviewer's corrections. translation: None where the writer needs none."""
    reply = in_hand(session, reply_id, visitor)
    if reply.state != ReplyState.IN_REVIEW:
        raise WrongState("This reply is not in review any more.")
    before = latest(session, reply.id, TRANSCRIPT)
    language = before.language if before else LANGUAGES[0]
    transcript = checked(transcript, "transcript", complete=complete)
    add(session, reply, TRANSCRIPT, transcript, language, now, staff_id=visitor.staff_id)
    if translation is not None:
        translation = checked(translation, "translation", complete=complete)
        target = writer_language(session, reply)
        add(session, reply, TRANSLATION, translation, target, now, staff_id=visitor.staff_id)
    return reply


def forward(
    session: Session,
    reply_id: str,
    transcript: str,
    translation: str | None,
    visitor: Visitor,
    now: datetime,
    *,
    pictures_are_safe: bool = False,
) -> None:
    """A person approves: the writer is told, and can read it.

    Where a passage is held back, its page must be too, unless the reviewer says that no picture
    shows it. Raises `Invalid` as `keep_review`, and beside `pictures`; `Forbidden` for whoever
    typed or translated it.
    """
    if others_approve(session, in_hand(session, reply_id, visitor), visitor.staff_id):
        raise Forbidden(N_("You typed or translated this reply, so somebody else approves it."))
    reply = keep_review(session, reply_id, transcript, translation, visitor, now)
    if translation is None and _needs_translation(session, reply):
        raise Invalid({"translation": N_("The writer cannot read this without a translation.")})
    if translation is not None:
        _require_as_many_held_back(transcript, translation)
    hidden = passages.count_held_back(transcript)
    if hidden and not pictures_are_safe and not _any_page_withheld(session, reply.id):
        raise Invalid(
            {
                "pictures": N_(
                    "A passage is held back, but every page is shown. Hold back its page as well, "
                    "or tick that no picture shows it."
                )
            }
        )
    moving.move_reply(session, reply, ReplyState.FORWARDED, visitor.actor, now)
    claiming.release(session, reply_id)


def others_approve(session: Session, reply: Reply, staff_id: str) -> bool:
    """Whether this person wrote what is to be reviewed, and a reviewer is there who did not.

    What was corrected since the review began makes nobody its author.
    """
    authors = set(
        session.exec(
            select(ReplyText.staff_id).where(
                ReplyText.reply_id == reply.id,
                col(ReplyText.staff_id).is_not(None),
                col(ReplyText.created_at) <= reply.state_since,
            )
        ).all()
    )
    if staff_id not in authors:
        return False
    others = (
        select(Staff.id)
        .join(StaffRole, col(StaffRole.staff_id) == Staff.id)
        .where(
            StaffRole.role == Role.REVIEWER,
            col(Staff.disabled_at).is_(None),
            col(Staff.id).not_in(authors),
        )
    )
    return session.exec(others.limit(1)).first() is not None


def send_back(
    session: Session, reply_id: str, to: ReplyState, visitor: Visitor, now: datetime
) -> None:
    """Back to be translated by a person, or (`matched`) to be copied out or matched anew."""
    reply = in_hand(session, reply_id, visitor)
    if to == ReplyState.TRANSLATING:
        # Left to people from the first moment: the machine has had its turn.
        moving.move_reply(
            session, reply, to, visitor.actor, now, why="by_hand", trouble="sent_back"
        )
    elif to == ReplyState.MATCHED:
        moving.move_reply(session, reply, to, visitor.actor, now, why="sent_back")
    else:
        raise WrongState("A reply is not sent back there.")
    claiming.release(session, reply_id)


def withhold(session: Session, reply_id: str, reason: str, visitor: Visitor, now: datetime) -> None:
    """The writer does not get it, for a reason that a coordinator reads. Raises `Invalid`."""
    if not reason.strip():
        raise Invalid({"reason": N_("Write why this must not reach the writer.")})
    reply = in_hand(session, reply_id, visitor)
    moving.move_reply(session, reply, ReplyState.WITHHELD, visitor.actor, now)
    moving.record(
        session,
        "reply",
        reply.id,
        visitor.actor,
        now,
        origin=ReplyState.WITHHELD,
        to="reason",
        note=reason.strip()[:1000],
    )
    claiming.release(session, reply_id)


def resume(session: Session, reply_id: str, visitor: Visitor, now: datetime) -> None:
    """A coordinator lets a withheld reply go on: it is reviewed again."""
    reply = in_hand(session, reply_id, visitor)
    moving.move_reply(session, reply, ReplyState.IN_REVIEW, visitor.actor, now, why="resumed")
    claiming.release(session, reply_id)


def close(session: Session, reply_id: str, visitor: Visitor, now: datetime) -> None:
    """A coordinator settles a withheld or unclaimed reply for good."""
    reply = in_hand(session, reply_id, visitor)
    if reply.state not in {ReplyState.WITHHELD, ReplyState.UNCLAIMED}:
        raise WrongState("Only a withheld or unclaimed reply is closed here.")
    moving.move_reply(session, reply, ReplyState.CLOSED, visitor.actor, now)
    claiming.release(session, reply_id)


def _require_as_many_held_back(transcript: str, translation: str) -> None:
    if passages.count_held_back(transcript) != passages.count_held_back(translation):
        raise Invalid(
            {"translation": N_("A passage is held back in one of the texts, but not in the other.")}
        )


def _needs_translation(session: Session, reply: Reply) -> bool:
    transcript = latest(session, reply.id, TRANSCRIPT)
    return transcript is None or transcript.language != writer_language(session, reply)


def _any_page_withheld(session: Session, reply_id: str) -> bool:
    found = session.exec(
        select(Scan.id).where(Scan.reply_id == reply_id, col(Scan.withheld).is_(True))
    ).first()
    return found is not None
