"""What the machine does with replies: takes uploads in, reads codes, drafts, translates.

Files are opened in child processes and kept sealed before any row names them. The prisoner did
not consent to anything: only an engine of our own may read a reply, never an outside one.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from io import BytesIO

from PIL import Image
from sqlmodel import Session, select

from app import passages
from app.errors import Invalid, TooLarge, UnsupportedFile
from app.journey import reply_texts, replying
from app.journey.replying import MOST_PAGES, KeptPage, Visitor
from app.lifecycle import ReplyState
from app.locale import N_
from app.models import Reply, Scan
from app.models.replies import TRANSCRIPT, TRANSLATION
from app.moving import MACHINE, leave_to_people, move_reply, try_again_later
from app.service import Service
from mailing import scans
from mailing.scans import NoDraft, Page, ScanLimits, UploadRefused
from translation.chain import Chain, Patience, parse_chain
from translation.errors import NoEngine

FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=30), timedelta(hours=1)
TURNED_QUALITY = 90  # of a JPEG
_WHY_NOT = {
    "damaged": N_("«{name}» is damaged and cannot be read. Take a new photo, or save it anew."),
    "encrypted": N_("«{name}» is protected by a password. Save it without one."),
    "too_many_pages": N_("«{name}» has too many pages. Send it in parts."),
    "too_many_pixels": N_("«{name}» is a picture too large to be opened. Make it smaller."),
}
_TOO_SLOW = N_("«{name}» could not be read in time. Save it anew, or take a photo of each page.")


def take_in(
    service: Service,
    staff_id: str,
    files: Sequence[tuple[str, bytes]],
    received_on: date,
    *,
    name: str = "",
    town: str = "",
) -> str:
    """A new reply from uploaded (name, content), in their order; returns its id.

    The code on a page finds the letter at once; else `name` and `town`, as they stand on the
    envelope, help people to find it. Nothing is kept when it raises `Unreadable`,
    `UnsupportedFile`, `TooLarge` (these two with the file's name alone) or `Invalid`.
    """
    pages: list[Page] = []
    for file, content in files:
        pages += _opened(service, file, content)
        if len(pages) > MOST_PAGES:  # before the next file is opened: small files unfold to many
            raise Invalid(
                {"files": N_("These are too many pages for one reply. Send it in parts.")}
            )
    codes = [code for page in pages for code in scans.codes(page.jpeg)]
    kept: list[KeptPage] = []
    try:
        kept.extend(
            KeptPage(service.vault.put(page.jpeg), page.width, page.height) for page in pages
        )
        with service.database.write() as session:
            reply = replying.receive(
                session,
                staff_id,
                kept,
                received_on,
                service.today(),
                service.now(),
                name=name,
                town=town,
            )
            if codes:
                replying.match_codes(session, reply, codes, service.now())
    except BaseException:
        for each in kept:
            service.vault.remove(each.file_id)
        raise
    return reply.id


def read_scan(service: Service, reply_id: str, attempt: str) -> str:
    """Look for the letter's number on the pages; returns a code for the record of work."""
    with service.database.read() as session:
        reply = _waiting(session, reply_id, attempt, ReplyState.SCANNED)
        files = _files(session, reply_id) if reply else []
    if not files:
        return "moved_on"
    codes = [code for file_id in files for code in scans.codes(service.vault.get(file_id))]
    with service.database.write() as session:
        reply = _waiting(session, reply_id, attempt, ReplyState.SCANNED)
        if reply is None:
            return "moved_on"
        matched = replying.match_codes(session, reply, codes, service.now())
    return "matched" if matched else "to_people"


def draft(service: Service, reply_id: str, language: str, visitor: Visitor) -> None:
    """What a machine reads on typed pages, as a version of the transcript for a person to mend.

    Raises `Invalid` when it reads nothing; handwriting it cannot read.
    """
    with service.database.read() as session:
        replying.in_hand(session, reply_id, visitor)
        files = _files(session, reply_id)
    try:
        read = [scans.draft_text(service.vault.get(file_id), language) for file_id in files]
    except NoDraft:
        read = []
    # A machine holds nothing back: what it takes for such a mark is a bracket.
    text = "\n\n".join(part for part in read if part).replace("[[", "[").replace("]]", "]")
    if not text:
        raise Invalid({"text": N_("The machine could read nothing here. Please copy it by hand.")})
    with service.database.write() as session:
        reply_texts.keep_transcript(session, reply_id, text, language, visitor, service.now())


def turn(service: Service, reply_id: str, page: int, quarters: int, visitor: Visitor) -> None:
    """Turn the picture of a page by `quarters` of a full turn, clockwise."""
    with service.database.read() as session:
        replying.in_hand(session, reply_id, visitor)
        old = replying.scan_of(session, reply_id, page).file_id
    jpeg, width, height = _turned(service.vault.get(old), quarters)
    new = KeptPage(service.vault.put(jpeg), width, height)
    try:
        with service.database.write() as session:
            replying.replace_page(session, reply_id, page, new, old, visitor)
    except BaseException:
        service.vault.remove(new.file_id)
        raise
    service.vault.remove(old)


def translate_reply(service: Service, reply_id: str, attempt: str) -> str:
    """Translate a transcript by an engine of our own; returns a code for the record of work.

    Without such an engine the reply waits for a translator. Does nothing when it has moved on.
    """
    with service.database.read() as session:
        reply = _waiting(session, reply_id, attempt, ReplyState.TRANSLATING)
        source = reply_texts.latest(session, reply_id, TRANSCRIPT) if reply else None
        target = reply_texts.writer_language(session, reply) if reply else ""
    if source is None or not source.text:
        return "moved_on"
    try:
        text, engine = _translated(service, source.text, source.language, target)
    except NoEngine as failure:
        return _not_now(service, reply_id, attempt, failure)
    with service.database.write() as session:
        reply = _waiting(session, reply_id, attempt, ReplyState.TRANSLATING)
        if reply is None:
            return "moved_on"
        reply_texts.add(session, reply, TRANSLATION, text, target, service.now(), engine=engine)
        move_reply(session, reply, ReplyState.IN_REVIEW, MACHINE, service.now(), why=engine)
    return "translated"


def _opened(service: Service, name: str, content: bytes) -> list[Page]:
    limits = ScanLimits(max_bytes=service.settings.upload_megabytes * 1_000_000)
    short = "".join(sign for sign in name if sign.isprintable())[-60:] or "?"
    try:
        return scans.intake(content, limits)
    except scans.UnsupportedFile:
        raise UnsupportedFile(short) from None
    except scans.TooLarge:
        raise TooLarge(short) from None
    except UploadRefused as refusal:
        raise Unreadable(_WHY_NOT.get(refusal.reason, _TOO_SLOW), short) from None


class Unreadable(Invalid):
    """A file that cannot be opened; the message has a place for its `name`."""

    def __init__(self, message: str, name: str) -> None:
        super().__init__({"files": message})
        self.name = name


def _turned(jpeg: bytes, quarters: int) -> tuple[bytes, int, int]:
    """The picture is one of our own making, so that it may be opened here."""
    with Image.open(BytesIO(jpeg), formats=["JPEG"]) as picture:
        turned = picture.rotate(-90 * (quarters % 4), expand=True)
    file = BytesIO()
    turned.save(file, "JPEG", quality=TURNED_QUALITY)
    return file.getvalue(), turned.width, turned.height


def _translated(service: Service, text: str, source: str, target: str) -> tuple[str, str]:
    """Passages held back are translated apart, so that their marks stay where they belong."""
    chain = _own_engines(service)
    engine = ""
    done: list[str] = []
    for words, hidden in passages.pieces(text):
        core = words.strip()
        if core:
            answer = chain.translate(core, source, target, outside_allowed=False)
            engine = answer.engine or engine
            words = words.replace(core, answer.text, 1)  # noqa: PLW2901 — its margins stay
        done.append(passages.held_back(words) if hidden else words)
    return "".join(done), engine


def _own_engines(service: Service) -> Chain:
    settings = service.settings
    keys = {"libretranslate": settings.libretranslate_key, "deepl": settings.deepl_key}
    own = [each for each in parse_chain(settings.translators, keys).engines if not each.outside]
    return Chain(tuple(own), Patience(tries=2, call=settings.translator_timeout_seconds))


def _not_now(service: Service, reply_id: str, attempt: str, failure: NoEngine) -> str:
    with service.database.write() as session:
        reply = _waiting(session, reply_id, attempt, ReplyState.TRANSLATING)
        if reply is None:
            return "moved_on"
        if failure.retry_after is None:
            leave_to_people(session, reply, "no_engine")
            return "to_people"
        pause = min(FIRST_PAUSE * 2 ** min(reply.attempts, 10), LONGEST_PAUSE)
        try_again_later(session, reply, "no_answer", pause, service.now())
    return "later"


def _waiting(session: Session, reply_id: str, attempt: str, state: ReplyState) -> Reply | None:
    """The reply, if this very attempt is what it waits for."""
    reply = session.get(Reply, reply_id)
    if reply is None or reply.state != state or reply.erased_at is not None:
        return None
    return reply if attempt == f"{reply.moves}-{reply.attempts}" else None


def _files(session: Session, reply_id: str) -> list[str]:
    statement = select(Scan.file_id).where(Scan.reply_id == reply_id).order_by(Scan.page)  # type: ignore[arg-type]
    return list(session.exec(statement).all())
