"""Replies find their letters whatever became of these; only our own engine may translate them."""

import random
from datetime import timedelta

import pytest
from sqlmodel import Session, col, select

from app import moving, passages
from app.errors import Claimed, Forbidden, Invalid
from app.journey import posting_batches, reply_machine, reply_texts, replying
from app.journey.posting_batches import Measure, Volunteer
from app.journey.replying import KeptPage, Visitor
from app.lifecycle import Hold, ReplyState, Role, State
from app.models import BatchItem, Reply, ReplyText, Staff, StaffRole
from app.models.replies import TRANSLATION
from app.moving import SYSTEM
from app.queries import suggestions
from app.service import Service
from app.settings import Settings
from mailing import letter_numbers
from tests import world
from tests.mailing import hostile_files as files
from tests.standins.translators import GoogleStandIn, LibreTranslateStandIn
from tests.world import NOON

TODAY = NOON.date()
RUSSIAN = "Добрый день!\n\n⟦Сосед болен.⟧ Пишите ещё, пожалуйста."


def arrived(session: Session, visitor: Visitor, file_id: str = "0" * 32) -> Reply:
    """A reply of one page, taken by the visitor."""
    page = KeptPage(file_id, 300, 400)
    reply = replying.receive(session, visitor.staff_id, [page], TODAY, TODAY, NOON)
    replying.take(session, reply.id, visitor, NOON, timedelta(minutes=30))
    return reply


def scanner(session: Session) -> Visitor:
    return Visitor(world.make_staff(session, Role.SCANNER).id, frozenset({Role.SCANNER}))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (State.POSTED, State.ANSWERED),
        (State.ANSWERED, State.ANSWERED),
        (State.CLOSED, State.ANSWERED),
        (State.PRINTED, State.ANSWERED),
        (State.UNKNOWN, State.ANSWERED),
        (State.RETURNED, State.RETURNED),
        (State.WITHDRAWN, State.WITHDRAWN),
        (State.READY, State.READY),
    ],
)
def test_a_reply_attaches_to_its_letter_in_whatever_state(
    service: Service, before: State, after: State
) -> None:
    with service.database.write() as session:
        letter = world.make_letter(session, world.make_prisoner(session), before)
        visitor = scanner(session)
        reply = arrived(session, visitor)
        replying.match_letter(session, reply.id, letter.id, visitor, NOON)
        assert (reply.state, reply.letter_id) == (ReplyState.MATCHED, letter.id)
        assert letter.state == after


def test_a_letter_still_in_a_pile_leaves_it_when_it_is_answered(service: Service) -> None:
    with service.database.write() as session:
        letter = world.make_letter(session, world.make_prisoner(session), State.READY)
        who = Volunteer(world.make_staff(session, Role.PRINTER).id, "DE")
        batch = posting_batches.take(session, who, 1, Measure(20, 3, 1, 180, "DE"), TODAY, NOON)
        assert batch is not None
        batch.downloaded_at = NOON
        moving.hold(session, letter, Hold.STALE_ADDRESS, SYSTEM, NOON)
        visitor = scanner(session)
        replying.match_letter(session, arrived(session, visitor).id, letter.id, visitor, NOON)
        assert (letter.state, letter.held_reason) == (State.ANSWERED, None)
        assert session.exec(select(BatchItem)).one().left_at == NOON
        assert batch.finished_at == NOON


def test_an_erased_letter_is_answered_too(service: Service) -> None:
    with service.database.write() as session:
        letter = world.make_letter(session, world.make_prisoner(session), State.CLOSED)
        moving.note_change(session, letter, erased_at=NOON)
        visitor = scanner(session)
        replying.match_letter(session, arrived(session, visitor).id, letter.id, visitor, NOON)
        assert letter.state == State.ANSWERED


def test_undone_matches_leave_the_letter_where_it_was(service: Service) -> None:
    with service.database.write() as session:
        visitor = scanner(session)
        for before in (State.POSTED, State.CLOSED):
            letter = world.make_letter(session, world.make_prisoner(session), before)
            reply = arrived(session, visitor)
            replying.match_letter(session, reply.id, letter.id, visitor, NOON)
            replying.unmatch(session, reply.id, visitor, NOON)
            assert letter.state == before


def test_another_reply_keeps_the_letter_answered(service: Service) -> None:
    with service.database.write() as session:
        visitor = scanner(session)
        letter = world.make_letter(session, world.make_prisoner(session), State.POSTED)
        first, second = arrived(session, visitor), arrived(session, visitor)
        for reply in (first, second):
            replying.match_letter(session, reply.id, letter.id, visitor, NOON)
        session.refresh(letter)
        assert letter.replies == 2
        replying.unmatch(session, first.id, visitor, NOON)
        session.refresh(letter)
        assert (letter.state, letter.replies) == (State.ANSWERED, 1)


@pytest.mark.parametrize(
    ("codes", "trouble"),
    [
        ([], "no_number"),
        (["https://example.org", "12"], "no_number"),
        ([letter_numbers.new(random.Random(3))], "unknown_number"),
    ],
)
def test_what_no_code_matches_is_left_to_people(
    service: Service, codes: list[str], trouble: str
) -> None:
    with service.database.write() as session:
        reply = arrived(session, scanner(session))
        assert replying.match_codes(session, reply, codes, NOON) is False
        assert (reply.state, reply.trouble) == (ReplyState.SCANNED, trouble)


def test_codes_of_two_letters_are_left_to_people(service: Service) -> None:
    numbers = [letter_numbers.new(random.Random(seed)) for seed in (1, 2)]
    with service.database.write() as session:
        for number in numbers:
            world.make_letter(session, world.make_prisoner(session), State.POSTED, number=number)
        reply = arrived(session, scanner(session))
        assert replying.match_codes(session, reply, numbers, NOON) is False
        assert reply.trouble == "several_numbers"


def test_numbers_one_slip_away_are_valid_and_near() -> None:
    number = letter_numbers.new(random.Random(5))
    slipped = number[:2] + str((int(number[2]) + 3) % 10) + number[3:]
    swapped = number[:6] + number[7] + number[6] + number[8:]
    assert number in suggestions.near_numbers(slipped)
    if swapped != number:
        assert number in suggestions.near_numbers(swapped)
    assert suggestions.near_numbers("123") == set()


@pytest.mark.trust(17)
def test_a_reply_is_taken_by_one_person_only(service: Service) -> None:
    with service.database.write() as session:
        reply = arrived(session, scanner(session))
        with pytest.raises(Claimed):
            replying.take(session, reply.id, scanner(session), NOON, timedelta(minutes=30))
        later = NOON + timedelta(hours=1)
        replying.take(session, reply.id, scanner(session), later, timedelta(minutes=30))


def test_the_worker_reads_the_code_that_the_upload_did_not(service: Service) -> None:
    file_id = service.vault.put(files.jpeg())
    with service.database.write() as session:
        reply = arrived(session, scanner(session), file_id)
        attempt = f"{reply.moves}-{reply.attempts}"
    assert reply_machine.read_scan(service, reply.id, attempt) == "to_people"
    assert reply_machine.read_scan(service, reply.id, attempt) == "moved_on"


def transcribed(service: Service) -> tuple[str, str]:
    """A reply that waits to be translated into German: its id and the attempt it waits for."""
    with service.database.write() as session:
        letter = world.make_letter(session, world.make_prisoner(session), State.POSTED)
        visitor = scanner(session)
        reply = arrived(session, visitor)
        replying.match_letter(session, reply.id, letter.id, visitor, NOON)
        reply_texts.finish_transcript(session, reply.id, RUSSIAN, "ru", visitor, NOON)
        assert reply.state == ReplyState.TRANSLATING
        return reply.id, f"{reply.moves}-{reply.attempts}"


def with_engines(service: Service, translators: str) -> Service:
    settings = service.settings.model_dump() | {"translators": translators}
    return Service(
        Settings(**settings), service.database, service.vault, service.clock, service.chance
    )


def stored(service: Service, reply_id: str) -> tuple[str, list[str | None]]:
    with service.database.read() as session:
        rows = session.exec(
            select(ReplyText).where(ReplyText.reply_id == reply_id, ReplyText.part == TRANSLATION)
        ).all()
        return session.get_one(Reply, reply_id).state, [row.text for row in rows]


@pytest.mark.trust(38)
def test_no_outside_engine_ever_reads_a_reply(service: Service) -> None:
    reply_id, attempt = transcribed(service)
    with GoogleStandIn() as google:
        outside = with_engines(service, f"google+{google.url}")
        assert reply_machine.translate_reply(outside, reply_id, attempt) == "to_people"
        assert google.everything_seen == ""
    assert stored(service, reply_id) == (ReplyState.TRANSLATING, [])


def test_an_engine_of_our_own_translates_and_keeps_the_marks(service: Service) -> None:
    reply_id, attempt = transcribed(service)
    with LibreTranslateStandIn() as own, GoogleStandIn() as google:
        chain = f"google+{google.url},libretranslate+{own.url}"
        both = with_engines(service, chain)
        assert reply_machine.translate_reply(both, reply_id, attempt) == "translated"
        assert google.everything_seen == ""
    state, texts = stored(service, reply_id)
    assert state == ReplyState.IN_REVIEW
    assert texts[0] is not None
    assert passages.count_held_back(texts[0]) == 1
    assert passages.is_well_marked(texts[0])
    assert texts[0].count("\n\n") == 1
    assert reply_machine.translate_reply(service, reply_id, attempt) == "moved_on"


def test_an_engine_that_does_not_answer_is_asked_again_and_a_person_may_go_first(
    service: Service,
) -> None:
    reply_id, attempt = transcribed(service)
    with LibreTranslateStandIn() as own:
        own.behave("429")
        waiting = with_engines(service, f"libretranslate+{own.url}")
        assert reply_machine.translate_reply(waiting, reply_id, attempt) == "later"
    with service.database.write() as session:
        staff = world.make_staff(session, Role.TRANSLATOR)
        visitor = Visitor(staff.id, frozenset({Role.TRANSLATOR}))
        replying.take(session, reply_id, visitor, NOON, timedelta(minutes=30))
        by_hand = "Guten Tag!\n\n⟦Der Nachbar ist krank.⟧ Schreiben Sie wieder."
        reply_texts.finish_translation(session, reply_id, by_hand, visitor, NOON)
    assert stored(service, reply_id) == (ReplyState.IN_REVIEW, [by_hand])


def test_a_translation_by_hand_holds_back_what_the_transcript_does(service: Service) -> None:
    reply_id, _ = transcribed(service)
    with service.database.write() as session:
        staff = world.make_staff(session, Role.TRANSLATOR)
        visitor = Visitor(staff.id, frozenset({Role.TRANSLATOR}))
        replying.take(session, reply_id, visitor, NOON, timedelta(minutes=30))
    for wrong in ("Der Nachbar ist krank.", "⟦Der⟧ Nachbar ist ⟦krank⟧."):
        with pytest.raises(Invalid) as refused, service.database.write() as session:
            reply_texts.finish_translation(session, reply_id, wrong, visitor, NOON)
        assert list(refused.value.problems) == ["translation"]
    assert stored(service, reply_id) == (ReplyState.TRANSLATING, [])


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Всё хорошо", "Всё хорошо"),
        ("а ⟦б⟧ в", "а […] в"),
        ("⟦а\n\nб⟧", "[…]"),
        ("а ⟦б", "а […]"),
        ("а⟧ б", "а б"),
        ("⟦а⟧⟦б⟧", "[…][…]"),
        ("⟦а ⟦б⟧ в", "[…]"),
        ("⟦а ⟦б⟧ в⟧ г", "[…] г"),
        ("а [[б]] в", "а […] в"),
        ("а [[б [?]]] в", "а […] в"),
        ("а [[б", "а […]"),
        ("а [?] б [в]", "а [?] б [в]"),
        ("⟦а]] [[б⟧", "[…] […]"),
    ],
)
def test_what_is_held_back_never_shows(text: str, shown: str) -> None:
    assert passages.for_writer(text) == shown


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("а [[б]] в", "а ⟦б⟧ в"),
        ("[[[?] сосед]]", "⟦[?] сосед⟧"),
        ("[[сосед [?]]]", "⟦сосед [?]⟧"),
        ("[1] и [2]", "[1] и [2]"),
    ],
)
def test_marks_that_a_keyboard_has_are_kept_as_the_marks(typed: str, kept: str) -> None:
    assert reply_texts.checked(typed, "text", complete=True) == kept
    assert passages.marked(kept) == kept
    assert passages.count_held_back(typed) == passages.count_held_back(kept)


@pytest.mark.parametrize("typed", ["а [[б", "а]] б", "[[[[а]]]]", "[[а [[б]] в]]"])
def test_typed_marks_that_do_not_match_are_refused(typed: str) -> None:
    with pytest.raises(Invalid):
        reply_texts.checked(typed, "text", complete=True)


def test_pieces_put_together_are_the_text() -> None:
    text = "а ⟦б⟧\n\nв ⟦г⟧"
    again = "".join(
        passages.held_back(words) if hidden else words for words, hidden in passages.pieces(text)
    )
    assert again == text


def test_who_typed_or_translated_a_reply_does_not_approve_it_unless_nobody_else_can(
    service: Service,
) -> None:
    reply_id, _ = transcribed(service)
    german = "Guten Tag!\n\n⟦Der Nachbar ist krank.⟧ Schreiben Sie wieder."
    later = NOON + timedelta(minutes=5)

    def forward(who: Visitor) -> None:
        with service.database.write() as session:
            replying.take(session, reply_id, who, later, timedelta(minutes=30))
            reply_texts.forward(
                session, reply_id, RUSSIAN, german, who, later, pictures_are_safe=True
            )

    with service.database.write() as session:
        typist = str(session.exec(select(ReplyText.staff_id)).one())
        session.add(StaffRole(staff_id=typist, role=Role.REVIEWER))
        both = frozenset({Role.TRANSLATOR, Role.REVIEWER})
        translator = Visitor(world.make_staff(session, *both).id, both)
        replying.take(session, reply_id, translator, NOON, timedelta(minutes=30))
        reply_texts.finish_translation(session, reply_id, german, translator, NOON)
        other = world.make_staff(session, Role.REVIEWER)
    authors = {translator.staff_id, typist}
    for author in (translator, Visitor(typist, frozenset({Role.REVIEWER}))):
        with pytest.raises(Forbidden):
            forward(author)
    third = Visitor(other.id, frozenset({Role.REVIEWER}))
    with service.database.write() as session:
        replying.take(session, reply_id, third, later, timedelta(minutes=30))
        better = german.replace("Guten Tag!", "Grüß Gott!")
        reply_texts.keep_review(session, reply_id, RUSSIAN, better, third, later)
        reply = session.get_one(Reply, reply_id)
        assert not reply_texts.others_approve(session, reply, third.staff_id), "corrected only"
        replying.let_go(session, reply_id, third)
        for row in session.exec(select(Staff).where(col(Staff.id).not_in(authors))):
            row.disabled_at = NOON
    forward(translator)
    assert stored(service, reply_id)[0] == ReplyState.FORWARDED
