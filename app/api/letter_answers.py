"""What the API answers of letters: what the status page shows."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import ConfigDict, Field

from app.api.answers import Answer, PersonName
from app.lifecycle import Hold, State
from app.queries.following import OwnCorrespondence, OwnLetter, OwnReply, Step
from app.sealing import grouped_code

FOR_YOU_ALONE = (
    "This answer is for you alone. Publishing it can hurt the person who wrote it and others."
)
_EXPLAINED = frozenset({*Hold, "deadline"})
"""Reasons that the writer is told; others are notes of the house."""


class Accepted(Answer):
    """The letter is kept. Show the receipt to the writer: nobody can find it again."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "receipt": "7KQ2M-XH4TB-9WRCZ-3NVDF-6PYGJ",
                    "prisoner": {"slug": "anna-ozerova", "name": "Озерова Анна Петровна"},
                    "state": "translating",
                }
            ]
        },
    )

    receipt: Annotated[str, Field(description="Opens the letter's status and the reply.")]
    prisoner: PersonName
    state: State


class Event(Answer):
    """One thing that happened to a letter. `held` and `take_out` are no states but stand here."""

    on: date
    origin: Annotated[str | None, Field(serialization_alias="from", description="None: at first.")]
    to: str
    reason: Annotated[str, Field(description="Why it is held, or `deadline`; else empty.")]

    @classmethod
    def of(cls, step: Step, zone: ZoneInfo) -> "Event":
        return cls(
            on=step.at.astimezone(zone).date(),
            origin=step.origin,
            to=step.to,
            reason=step.why if step.why in _EXPLAINED else "",
        )


class Words(Answer):
    """A text with its language (ISO 639-1)."""

    language: str
    text: str
    signature: str


class Reply(Answer):
    """An answer that came on paper. Show `warning` above it."""

    warning: str
    received_on: date
    unread: Annotated[bool, Field(description="The writer has not opened it on the site yet.")]
    pages: Annotated[int, Field(description="Scanned pages, which the site shows.")]
    transcript: str
    transcript_language: str
    translation: Annotated[str | None, Field(description="None: it is in the writer's language.")]
    translation_language: str


class Letter(Answer):
    """One letter as its writer sees it."""

    state: State
    events: Annotated[list[Event], Field(description="Oldest first.")]
    number: Annotated[str, Field(description="As it is printed beside the date.")]
    sent_on: date
    held: Annotated[Hold | None, Field(description="Why it stands still.")]
    waits_for_engine: Annotated[
        bool, Field(description="No translation service answers; people can translate it too.")
    ]
    to_be_taken_out: Annotated[
        bool, Field(description="Withdrawn after printing: a volunteer takes it from the pile.")
    ]
    may_withdraw: bool
    may_revise: bool
    request: Annotated[
        str | None, Field(description="What the reviewer asks for, or why it was refused.")
    ]
    original: Annotated[Words | None, Field(description="None: erased.")]
    russian: Annotated[Words | None, Field(description="From the approval on.")]
    replies: list[Reply]


class Status(Letter):
    """The newest letter of a correspondence, and the earlier ones."""

    prisoner: PersonName
    may_continue: Annotated[bool, Field(description="One can go on writing to this person.")]
    gets_notices: Annotated[bool, Field(description="An e-mail address was left.")]
    earlier: Annotated[list[Letter], Field(description="Newest first.")]


def status_of(
    opened: OwnCorrespondence, replies: Mapping[str, list[Reply]], zone: ZoneInfo
) -> Status:
    """Everything a receipt code opens; `replies` by the id of their letter."""
    newest, *earlier = (_facts(each, replies[each.id], zone) for each in opened.letters)
    return Status(
        **newest,
        prisoner=PersonName(slug=opened.prisoner_slug, name=opened.name),
        may_continue=opened.may_continue,
        gets_notices=opened.gets_notices,
        earlier=[Letter(**facts) for facts in earlier],
    )


def _facts(letter: OwnLetter, replies: list[Reply], zone: ZoneInfo) -> dict[str, Any]:
    return {
        "state": letter.state,
        "events": [Event.of(step, zone) for step in letter.steps],
        "number": letter.number,
        "sent_on": letter.sent_at.astimezone(zone).date(),
        "held": letter.held,
        "waits_for_engine": letter.waits_for_engine,
        "to_be_taken_out": letter.take_out,
        "may_withdraw": letter.may_withdraw,
        "may_revise": letter.may_revise,
        "request": letter.request,
        "original": _words(letter.language, letter.original, letter.signature),
        "russian": _words("ru", letter.russian, letter.russian_signature),
        "replies": replies,
    }


def _words(language: str, text: str | None, signature: str | None) -> Words | None:
    return None if text is None else Words(language=language, text=text, signature=signature or "")


def reply_of(reply: OwnReply, zone: ZoneInfo, *, unread: bool) -> Reply:
    """A forwarded reply; what was held back is not in it."""
    return Reply(
        warning=FOR_YOU_ALONE,
        received_on=reply.received_at.astimezone(zone).date(),
        unread=unread,
        pages=len(reply.scan_ids),
        transcript=reply.transcript,
        transcript_language=reply.transcript_language,
        translation=reply.translation,
        translation_language=reply.translation_language,
    )


def accepted(code: str, slug: str, name: str, state: State) -> Accepted:
    return Accepted(
        receipt=grouped_code(code), prisoner=PersonName(slug=slug, name=name), state=state
    )
