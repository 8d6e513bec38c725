"""Answers come back on paper: scanned, matched, copied out, translated, reviewed, read."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, col, select

from app.demo.drawing import WIDTH, photo
from app.demo.stage import A_CLAIM, Stage, script
from app.demo.writing import Play, Written
from app.errors import NotFound
from app.journey import following, reply_machine, reply_texts, replying
from app.lifecycle import ReplyState, Role, State
from app.models import Letter, Rendering, Reply
from mailing import paper

TRANSLATED = ("de", "en", "fr", "es")
INTAKE_THREADS = 2
FATES = (
    "read",
    "read",
    "forwarded",
    "forwarded",
    "translating",
    "in_review",
    "withheld",
    "matched",
)
"""What becomes of the answers to letters, the first to come back first."""


@dataclass(frozen=True)
class _Answer:
    """One answer: to which letter, in whose words, how far it has come."""

    letter: Written
    words: dict[str, Any]
    fate: str
    at: datetime
    picture: bytes


def answers(play: Play) -> None:
    """Eight answers to letters, and two whose letter is not found."""
    stage = play.stage
    planned = _planned(play)
    with ThreadPoolExecutor(INTAKE_THREADS) as pool:
        taken = pool.map(lambda answer: _take_in(stage, answer.picture, answer.at), planned)
        for done, (answer, reply_id) in enumerate(zip(planned, taken, strict=True), 1):
            _carry(play, answer, reply_id)
            stage.progress("replies", done, len(planned))
    _pen(stage)


def _planned(play: Play) -> list[_Answer]:
    """The letters posted first are answered first; each is told whose cat it was about."""
    stage = play.stage
    scripted = script("replies")
    with stage.service.database.read() as session:
        posted = session.exec(
            select(Letter.id).where(Letter.state == State.POSTED).order_by(col(Letter.state_since))
        ).all()
        letters = [play.written(letter_id) for letter_id in posted]
        chosen = [each for each in letters if each.language in TRANSLATED][: len(FATES)]
        planned = []
        for number, (letter, fate) in enumerate(zip(chosen, FATES, strict=True)):
            fitting = [
                words for words in scripted if words.get("gender") in {None, letter.to.gender}
            ]
            words = fitting[number % len(fitting)]
            sheet = _sheet(session, stage, letter.id)
            picture = photo(sheet, words["text"], stage.chance)
            planned.append(_Answer(letter, words, fate, stage.ago(24 - 2.5 * number), picture))
    return planned


def _sheet(session: Session, stage: Stage, letter_id: str) -> bytes:
    """The printed reply sheet of a letter, as a picture."""
    row = session.exec(select(Rendering).where(Rendering.letter_id == letter_id)).first()
    if row is None:
        raise NotFound("This letter was never laid out.")
    return paper.page_picture(stage.service.vault.get(row.file_id), row.pages - 1, WIDTH)


def _take_in(stage: Stage, picture: bytes, moment: datetime) -> str:
    service = stage.at(moment)
    files = [("photo.jpg", picture)]
    return reply_machine.take_in(service, stage.staff[Role.SCANNER], files, service.today())


def _carry(play: Play, answer: _Answer, reply_id: str) -> None:
    """As far as its fate has it."""
    steps: Sequence[str] = ("matched", "translating", "in_review", "forwarded", "read")
    _match(play.stage, answer, reply_id)
    if answer.fate == "withheld":
        _copy_out(play.stage, answer, reply_id)
        _withhold(play.stage, answer, reply_id)
        return
    reached = steps.index(answer.fate)
    for step, at_least in ((_copy_out, 1), (_translate, 2), (_forward, 3), (_read, 4)):
        if reached >= at_least:
            step(play.stage, answer, reply_id)
    if answer.fate in {"forwarded", "read"}:
        play.receipts.append((f"an answer came, {answer.fate}", answer.letter.code))


def _match(stage: Stage, answer: _Answer, reply_id: str) -> None:
    """Where no code was printed, somebody types the number."""
    scanner, moment = stage.visitor(Role.SCANNER), answer.at + timedelta(hours=2)
    with stage.service.database.write() as session:
        if session.get_one(Reply, reply_id).state == ReplyState.SCANNED:
            number = session.get_one(Letter, answer.letter.id).number
            replying.take(session, reply_id, scanner, moment, A_CLAIM)
            replying.match_number(session, reply_id, number, scanner, moment)


def _copy_out(stage: Stage, answer: _Answer, reply_id: str) -> None:
    scanner, moment = stage.visitor(Role.SCANNER), answer.at + timedelta(hours=3)
    with stage.service.database.write() as session:
        replying.take(session, reply_id, scanner, moment, A_CLAIM)
        reply_texts.finish_transcript(
            session, reply_id, answer.words["text"], "ru", scanner, moment
        )


def _translate(stage: Stage, answer: _Answer, reply_id: str) -> None:
    translator, moment = stage.visitor(Role.TRANSLATOR), answer.at + timedelta(hours=20)
    with stage.service.database.write() as session:
        replying.take(session, reply_id, translator, moment, A_CLAIM)
        text = answer.words[answer.letter.language]
        reply_texts.finish_translation(session, reply_id, text, translator, moment)


def _forward(stage: Stage, answer: _Answer, reply_id: str) -> None:
    reviewer, moment = stage.visitor(Role.REVIEWER), answer.at + timedelta(hours=30)
    with stage.service.database.write() as session:
        replying.take(session, reply_id, reviewer, moment, A_CLAIM)
        translation = answer.words[answer.letter.language]
        reply_texts.forward(session, reply_id, answer.words["text"], translation, reviewer, moment)


def _read(stage: Stage, answer: _Answer, reply_id: str) -> None:
    with stage.service.database.write() as session:
        reply = session.get_one(Reply, reply_id)
        following.mark_read(session, reply, answer.at + timedelta(hours=40))


def _withhold(stage: Stage, answer: _Answer, reply_id: str) -> None:
    moment = answer.at + timedelta(hours=5)
    coordinator = stage.visitor(Role.COORDINATOR)
    reason = "It names other people in the cell. Look with their families first."
    with stage.service.database.write() as session:
        replying.take(session, reply_id, coordinator, moment, A_CLAIM)
        reply_texts.withhold(session, reply_id, reason, coordinator, moment)


def _pen(stage: Stage) -> None:
    """One answer on a sheet of its own waits for its letter; of another, nobody finds it."""
    scanner = stage.visitor(Role.SCANNER)
    for number, entry in enumerate(script("replies")[1:3]):
        moment = stage.ago(4 + 9 * number)
        reply_id = _take_in(stage, photo(None, entry["text"], stage.chance), moment)
        if number:
            later = moment + timedelta(days=1)
            with stage.service.database.write() as session:
                replying.take(session, reply_id, scanner, later, A_CLAIM)
                replying.give_up(session, reply_id, scanner, later)
