"""Volunteers of the play print and post, month after month; the last batches are still open."""

from datetime import timedelta

from sqlmodel import Session, col, select

from app import batching
from app.demo.casting import recheck
from app.demo.stage import Stage
from app.demo.writing import Play, Written
from app.errors import Conflict
from app.journey import coordinating, posting, posting_batches, posting_pdf
from app.journey.posting import PostingFacts
from app.journey.posting_batches import Measure
from app.journey.posting_pdf import CoverWords
from app.lifecycle import Role, State
from app.models import Letter
from app.moving import by_staff

ROUNDS = (150, 122, 96, 70, 47)  # days before the end
LETTERS = 8  # a round
LAST_ROUND, LAST_LETTERS = 12, 24
POSTAGE = 125  # cents
WORDS = CoverWords("", "Number", "Town", "Envelopes", "Stamps", "Sheets of paper, with this one")


def post_rounds(play: Play) -> None:
    """Half a year: letters are written, read, printed and posted; some come back."""
    stage = play.stage
    for round_number, days in enumerate(ROUNDS):
        stage.progress("months", round_number + 1, len(ROUNDS) + 1)
        _carry(play, play.write(LETTERS, days))
        _post(stage, LETTERS, days - 6)
    _come_back(play)
    recheck(stage, play.cast)
    _carry(play, play.write(LAST_LETTERS, LAST_ROUND))
    _post(stage, 6, 8)
    _leave_unclear(stage, 6, 5)
    _take(stage, 4, 1)


def _carry(play: Play, letters: list[Written]) -> None:
    play.translate(letters)
    play.approve(letters)
    play.render(letters)


def _post(stage: Stage, number: int, days: float) -> None:
    """A batch is taken in the evening, printed at night, and posted two days later."""
    batch_id = _take(stage, number, days)
    _print(stage, batch_id, days)
    moment = stage.ago(days - 2)
    with stage.service.database.write() as session:
        today = stage.at(moment).today()
        facts = PostingFacts(today, stage.printer.country, POSTAGE)
        posting.post(session, stage.printer, batch_id, facts, (), today, moment)


def _leave_unclear(stage: Stage, number: int, days: float) -> None:
    """Printed; of one letter nobody remembers whether it went into the box."""
    batch_id = _take(stage, number, days)
    _print(stage, batch_id, days)
    with stage.service.database.write() as session:
        item = batching.live_items(session, batch_id)[0]
        posting.lose(session, stage.printer, batch_id, item.id, stage.ago(days - 3))


def _take(stage: Stage, number: int, days: float) -> str:
    settings, moment = stage.service.settings, stage.ago(days)
    measure = Measure(
        letters=settings.batch_letters,
        per_facility=settings.batch_letters_per_facility,
        per_person=settings.batch_letters_per_person,
        address_days=settings.address_days,
        posted_from=settings.posted_from,
    )
    with stage.service.database.write() as session:
        today = stage.at(moment).today()
        batch = posting_batches.take(session, stage.printer, number, measure, today, moment)
    if batch is None:
        raise Conflict("No letter is ready for the demonstration's volunteer.")
    return batch.id


def _print(stage: Stage, batch_id: str, days: float) -> None:
    moment = stage.ago(days, -3)
    posting_pdf.make(
        stage.service.database, stage.service.vault, stage.printer, batch_id, WORDS, moment
    )
    with stage.service.database.write() as session:
        posting_batches.mark_printed(session, stage.printer, batch_id, moment + timedelta(hours=1))


def _come_back(play: Play) -> None:
    """Three envelopes came back, and one of them goes out again; two old letters are closed."""
    stage = play.stage
    coordinator = by_staff(stage.staff[Role.COORDINATOR])
    with stage.service.database.write() as session:
        oldest = _posted(session, 5)
        for letter_id, reason in zip(
            oldest, ("not_collected", "moved", "wrong_address"), strict=False
        ):
            coordinating.came_back(session, letter_id, reason, "", coordinator, stage.ago(28))
        for letter_id in oldest[3:]:
            note = "Nothing was heard for a long time."
            coordinating.close(session, letter_id, note, coordinator, stage.ago(27))
        coordinating.send_again(session, oldest[0], coordinator, stage.ago(26))
    play.render([play.written(oldest[0])])


def _posted(session: Session, number: int) -> list[str]:
    """The letters that were posted first."""
    found = select(Letter.id).where(Letter.state == State.POSTED)
    return list(session.exec(found.order_by(col(Letter.created_at)).limit(number)).all())
