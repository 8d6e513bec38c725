"""Partners hand letters in; whoever has the receipt code sees what became of them."""

from collections import defaultdict
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Header
from starlette.exceptions import HTTPException

from app import guessing
from app.api.access import CodeDep, ServiceDep, TokenDep, not_known, partner_id_of
from app.api.letter_answers import Accepted, Reply, Status, accepted, reply_of, status_of
from app.api.problems import problems
from app.api.requests import NewLetter
from app.errors import NotFound, TooManyRequests
from app.journey import handing_in
from app.journey.handing_in import HandedIn
from app.journey.pairing import Rules
from app.locale import N_
from app.queries import following as reading
from app.queries.following import OwnCorrespondence
from app.service import Service

router = APIRouter(prefix="/api/v1", tags=["letters"])

KeyHeader = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=200,
        pattern="^[!-~]+$",
        description="Yours, new for each letter and kept for its repeats: the same key and body "
        "give the same letter and receipt, however often and however parallel they are sent.",
        examples=["2f6c9d0e-letter-4711"],
    ),
]


@router.post(
    "/letters",
    status_code=201,
    summary="Hand a letter in",
    response_description="The letter is kept. A repeat gets the same receipt, and 201 again.",
    responses=problems(400, 401, 404, 409, 413, 422, 503),
)
def hand_in(service: ServiceDep, token: TokenDep, key: KeyHeader, letter: NewLetter) -> Accepted:
    """A letter to the person chosen, or to whoever waits longest, in one step."""
    draft, rules = letter.draft(), Rules.of(service.settings)
    with service.database.write() as session:
        sent = handing_in.hand_in(
            session,
            HandedIn(
                partner_id_of(session, token), key, draft, letter.prisoner, letter.writer_reference
            ),
            rules,
            now=service.now(),
            today=service.today(),
            chance=service.chance,
        )
    return accepted(sent.code or "", sent.to.slug, sent.to.name, sent.state)


@router.get(
    "/letters",
    summary="What became of a letter",
    response_description="Everything the receipt code opens.",
    responses=problems(401, 429, 503),
)
def follow(service: ServiceDep, code: CodeDep) -> Status:
    """The newest letter of the correspondence, its events and replies, and the earlier letters.

    Nothing is changed by looking: a reply stays unread until it is opened on the site.
    """
    zone = ZoneInfo(service.settings.time_zone)
    try:
        with service.database.read() as session:
            opened = reading.correspondence_of(session, code)
            replies: dict[str, list[Reply]] = defaultdict(list)
            for letter_id, answer_id, fresh in _answers(opened):
                reply = reading.own_reply(session, code, answer_id)
                replies[letter_id].append(reply_of(reply, zone, unread=fresh))
    except NotFound:
        raise _wrong_code(service) from None
    return status_of(opened, replies, zone)


def _answers(opened: OwnCorrespondence) -> list[tuple[str, str, bool]]:
    return [
        (letter.id, answer.id, answer.fresh)
        for letter in opened.letters
        for answer in letter.answers
    ]


def _wrong_code(service: Service) -> HTTPException | TooManyRequests:
    """Counted for the whole house, slowed, and alarmed once (row 54)."""
    with service.database.write() as session:
        wait = guessing.note_wrong_code(session, service.now())
    if wait:
        return TooManyRequests(
            N_("Too many wrong codes were tried here. Wait a few minutes."), wait
        )
    return not_known("Receipt", "This code opens nothing.")
