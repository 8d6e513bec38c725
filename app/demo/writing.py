"""Writers of the play, translators and reviewers; the paper is made for real."""

import itertools
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, col, select

from app import moving, texts
from app.demo.casting import Cast, Member
from app.demo.stage import A_CLAIM, Stage, script
from app.errors import NotFound
from app.inserting import insert_together
from app.journey import (
    accepting,
    coordinating,
    following,
    pairing,
    rendering,
    reviewing,
    sending,
    translating,
    writing,
)
from app.journey.accepting import Submission
from app.journey.pairing import Rules
from app.journey.reviewing import Text
from app.journey.writing import Draft
from app.lifecycle import Hold, Role, State
from app.models import Letter
from app.moving import MACHINE, WRITER, by_staff
from app.wording import with_closing_sentence
from mailing import letter_numbers

RENDERING_THREADS = 2
ENGINE = "libretranslate"


@dataclass(frozen=True)
class Written:
    """A letter of the play, with the Russian that somebody made of it."""

    id: str
    code: str
    to: Member
    at: datetime
    language: str
    russian: str
    signature: str


@dataclass
class Play:
    """Everything written so far. receipts: codes to be shown, and what became of the letter."""

    stage: Stage
    cast: Cast
    letters: list[Written] = field(default_factory=list)
    receipts: list[tuple[str, str]] = field(default_factory=list)
    _serial: "itertools.count[int]" = field(default_factory=itertools.count)

    def write(
        self, number: int, days: float, *, engines: str = "outside", to: Member | None = None
    ) -> list[Written]:
        """So many letters within two days, `days` before the end. `to`: a person who is chosen."""
        moments = [self.stage.ago(days, -each * 40 / number) for each in range(number)]
        made = [self._one(moment, engines, to) for moment in moments]
        self.letters += made
        return made

    def translate(self, letters: Iterable[Written]) -> None:
        """An engine of our own translates most; every sixth goes through a translator's hands."""
        with self.stage.service.database.write() as session:
            for number, letter in enumerate(letters):
                if letter.language == "ru":
                    continue
                moment = letter.at + timedelta(hours=5)
                row = session.get_one(Letter, letter.id)
                text = with_closing_sentence(letter.russian, row, translated=True)
                if number % 6 == 5 or row.engines == "none":
                    self._by_hand(session, row, letter, text, moment)
                else:
                    texts.add_russian(
                        session, row, text, letter.signature, "engine", moment, engine=ENGINE
                    )
                    moving.move(session, row, State.IN_REVIEW, MACHINE, moment)

    def approve(self, letters: Iterable[Written]) -> None:
        """A reviewer reads them the next day, and changes nothing."""
        reviewer = self.stage.staff[Role.REVIEWER]
        with self.stage.service.database.write() as session:
            for letter in letters:
                moment = letter.at + timedelta(hours=26)
                reviewing.take(session, letter.id, reviewer, moment, A_CLAIM)
                reviewing.approve(session, letter.id, reviewer, self._text(session, letter), moment)

    def render(self, letters: Sequence[Written]) -> None:
        """Lay out what was approved, in the processes that do it for real."""
        with ThreadPoolExecutor(RENDERING_THREADS) as pool:
            for done, _ in enumerate(pool.map(self._render, letters), 1):
                self.stage.progress("pages", done, len(letters))

    def last_days(self) -> None:
        """What waits at the desks this morning."""
        reviewer = self.stage.staff[Role.REVIEWER]
        approved = self.write(1, 9, to=self.cast.people[7])
        recent = self.write(8, 9)
        self.translate([*approved, *recent])
        asked, refused, withdrawn, *waiting = recent
        unclear = next(letter for letter in waiting if letter.language != "ru")
        with self.stage.service.database.write() as session:
            reviewing.take(session, asked.id, reviewer, self.stage.ago(3), A_CLAIM)
            reviewing.ask_for_changes(session, asked.id, reviewer, ASKED, self.stage.ago(3))
            reviewing.take(session, refused.id, reviewer, self.stage.ago(3), A_CLAIM)
            reviewing.refuse(session, refused.id, reviewer, "censor", REFUSED, self.stage.ago(3))
            following.withdraw(session, session.get_one(Letter, withdrawn.id), self.stage.ago(2))
            reviewing.take(session, unclear.id, reviewer, self.stage.ago(2), A_CLAIM)
            reviewing.send_to_translator(session, unclear.id, reviewer, self.stage.ago(2))
        self.approve(approved)
        self.receipts.append(("a reviewer asks for changes", asked.code))
        self.translate(self.write(5, 3))
        self.write(3, 2, engines="none")
        self._held_at_the_door()

    def render_again(self) -> None:
        """Letters whose address has changed are laid out again."""
        with self.stage.service.database.read() as session:
            waiting = select(Letter.id).where(
                Letter.state == State.APPROVED, col(Letter.held_reason).is_(None)
            )
            ids = session.exec(waiting).all()
        self.render([self.written(letter_id) for letter_id in ids])

    def written(self, letter_id: str) -> Written:
        return next(letter for letter in self.letters if letter.id == letter_id)

    def _one(self, moment: datetime, engines: str, chosen: Member | None) -> Written:
        """Every third writer chooses somebody; some people are chosen again and again."""
        serial = next(self._serial)
        entry = self._entry(serial)
        service = self.stage.at(moment)
        rules, chance = Rules.of(service.settings), self.stage.chance
        token = f"demonstration-{serial}"
        with service.database.write() as session:
            if chosen is not None or serial % 3 == 2:
                to = chosen or self.cast.writable[(serial * serial) % 17]
                pairing.reserve_chosen(session, token, to.id, rules, now=moment)
            else:
                reserved = pairing.reserve_next(
                    session, token, rules, now=moment, today=service.today(), chance=chance
                )
                to = next(each for each in self.cast.people if each.id == reserved.prisoner_id)
            text, russian = _spoken(entry, to, serial)
            latin, cyrillic, gender = entry["writer"]
            draft = Draft(
                text,
                cyrillic if entry["language"] == "ru" else latin,
                entry["language"],
                gender,
                engines,
                email=f"writer{serial}@example.org" if serial % 2 else "",
            )
            sent = writing.submit(session, token, draft, moment, chance)
        return Written(
            sent.letter_id, sent.code or "", to, moment, entry["language"], russian, cyrillic
        )

    def _entry(self, serial: int) -> dict[str, Any]:
        entries = script("letters")
        return entries[(serial * 5) % len(entries)]

    def _by_hand(
        self, session: Session, row: Letter, letter: Written, text: str, moment: datetime
    ) -> None:
        translator = self.stage.staff[Role.TRANSLATOR]
        translating.take(session, row.id, translator, moment, A_CLAIM)
        translating.finish(session, row.id, translator, text, letter.signature, moment)

    def _text(self, session: Session, letter: Written) -> Text:
        newest = texts.russian_of(session, letter.id)
        if newest is None:
            raise NotFound("This letter was never translated.")
        return Text(newest.text or "", newest.signature or "")

    def _render(self, letter: Written) -> None:
        with self.stage.service.database.read() as session:
            row = session.get_one(Letter, letter.id)
            moment = max(letter.at + timedelta(hours=27), row.state_since + timedelta(hours=1))
            attempt = f"{row.moves}-{row.attempts}"
        rendering.render(self.stage.at(moment), letter.id, attempt)

    def _held_at_the_door(self) -> None:
        """One that a coordinator stopped as soon as it came in."""
        moment = self.stage.ago(1)
        entry = self._entry(3)
        to = self.cast.writable[5]
        text, _ = _spoken(entry, to, 1)
        submission = Submission.of("demonstration-door", text)
        with self.stage.service.database.write() as session:
            somebody = accepting.writer_for(session, None, moment)
            opened = accepting.new_correspondence(submission, somebody, to.id, "", moment)
            insert_together(session, opened.rows)
            letter = Letter(
                number=letter_numbers.new(self.stage.chance),
                correspondence_id=opened.correspondence_id,
                prisoner_id=to.id,
                submission_hash=submission.key_hash,
                body_hash=submission.body_hash,
                language=entry["language"],
                gender=entry["writer"][2],
                created_at=moment,
            )
            moving.enter(session, letter, WRITER, moment, already_counted=False)
            sending.keep_text(session, letter, text, entry["writer"][0], moment)
            coordinator = by_staff(self.stage.staff[Role.COORDINATOR])
            coordinating.hold(
                session, letter.id, Hold.SUSPECTED_ABUSE, HELD, coordinator, self.stage.ago(0, 3)
            )


ASKED = (
    "Thank you for this warm letter. Please leave out the sentence about the court case: "
    "the censor would keep the whole letter back. Everything else can stay as it is."
)
REFUSED = "The letter speaks of the front from beginning to end; it would not be let through."


HELD = "The same text came four times in an hour. Please look before it goes on."


def _spoken(entry: dict[str, Any], to: Member, serial: int) -> tuple[str, str]:
    """The letter as written, and in Russian."""
    original, russian = entry["small"][serial % len(entry["small"])]
    dear = "Дорогая" if to.gender == "she" else "Дорогой"
    in_russian = entry["language"] == "ru"
    text = entry["text"].format(
        name=to.given_name if in_russian or entry["language"] == "uk" else to.latin_given,
        dear=dear,
        small=original,
    )
    words = entry.get("russian", entry["text"])
    spoken = words.format(name=to.given_name, dear=dear, small=original if in_russian else russian)
    return text, spoken
