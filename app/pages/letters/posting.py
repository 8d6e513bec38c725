"""The posting desk: take letters, download their pages, print, post, give back.

Neither these pages nor what is downloaded here says what service this is, who writes, or why
(rows 14, 77); names stand on the letters alone.
"""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Depends
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.errors import Conflict, Invalid
from app.journey import posting, posting_batches, posting_pdf
from app.journey.posting import CURRENCIES, PostingFacts
from app.journey.posting_batches import Measure, Volunteer
from app.journey.posting_pdf import CoverWords
from app.lifecycle import Role
from app.locale import N_
from app.pages.letters.posting_facts import countries, facts_of, typed_or_usual
from app.pages.shell.access import CoordinatorDep, ServiceDep, SignedIn, may, require
from app.pages.shell.formats import filters
from app.pages.shell.forms import Form, FormDep
from app.pages.shell.frames import Notice
from app.pages.shell.headers import FILE_POLICY
from app.pages.shell.parameters import whole_number
from app.pages.shell.rendering import gettext_of, language_of, render
from app.queries import batches
from app.service import Service

router = APIRouter(prefix="/desk/posting")
_MOST_WANTED = 9_999
PrinterDep = Annotated[SignedIn, Depends(require(Role.PRINTER))]

DONE = {
    "taken": N_("These letters are yours now; nobody else can take them."),
    "given_back": N_("The letters were given back. Destroy the pages, if you printed any."),
    "printed": N_("Marked as printed."),
    "not_printed": N_("Not marked as printed any more. The letters are still yours."),
    "posted": N_("Marked as posted. Thank you."),
    "spoiled": N_("The letter waits for somebody else now. Destroy the page."),
    "unknown": N_("A coordinator will look after this letter."),
    "taken_out": N_("Taken out of the pile. Destroy the page."),
    "corrected": N_("Corrected: the letter is among the printed ones again."),
    "settled": N_("Settled."),
}


@router.get("")
def desk(request: Request, service: ServiceDep, staff: PrinterDep) -> Response:
    """How many letters wait, own batches, and for coordinators what others hold."""
    return _desk(request, service, staff, {}, 200)


@router.post("/take")
def take(request: Request, service: ServiceDep, staff: PrinterDep, form: FormDep) -> Response:
    """A new batch of ready letters."""
    wanted = form.text("wanted").strip()
    try:
        with service.database.write() as session:
            batch = posting_batches.take(
                session,
                _volunteer(staff),
                whole_number(wanted, _MOST_WANTED) or 0,
                _measure(service),
                service.today(),
                service.now(),
                cover=form.has("cover"),
            )
    except Invalid as error:
        return _desk(request, service, staff, error.problems, error.status, wanted)
    if batch is None:
        raise Conflict(N_("No letter is ready to be printed where you are."))
    return _on(f"/desk/posting/{batch.id}", "taken")


@router.post("/unknown/{letter_id}/posted")
def found_posted(
    request: Request, service: ServiceDep, staff: CoordinatorDep, form: FormDep, letter_id: str
) -> Response:
    """An unknown letter was posted after all."""
    try:
        facts = facts_of(form)
        with service.database.write() as session:
            posting.settle(
                session, staff.staff_id, letter_id, facts, service.today(), service.now()
            )
    except Invalid as error:
        return _desk(request, service, staff, error.problems, error.status)
    return _on("/desk/posting", "settled")


@router.post("/unknown/{letter_id}/never")
def found_unposted(service: ServiceDep, staff: CoordinatorDep, letter_id: str) -> Response:
    """An unknown letter was never posted: it is printed again."""
    with service.database.write() as session:
        posting.settle(session, staff.staff_id, letter_id, None, service.today(), service.now())
    return _on("/desk/posting", "settled")


@router.get("/{batch_id}")
def batch(request: Request, service: ServiceDep, staff: PrinterDep, batch_id: str) -> Response:
    """One batch, and what to do with it next."""
    return _batch(request, service, staff, batch_id, Form(), {}, 200)


@router.post("/{batch_id}/pages")
def pages(request: Request, service: ServiceDep, staff: PrinterDep, batch_id: str) -> Response:
    """Make the one PDF of the batch and download it."""
    pdf = posting_pdf.make(
        service.database,
        service.vault,
        _volunteer(staff),
        batch_id,
        _cover_words(request, service),
        service.now(),
    )
    return _pdf(service, pdf)


@router.post("/{batch_id}/pages-again")
def pages_again(
    request: Request, service: ServiceDep, staff: PrinterDep, form: FormDep, batch_id: str
) -> Response:
    """The same PDF once more, for a reason."""
    try:
        pdf = posting_pdf.again(
            service.database,
            service.vault,
            _volunteer(staff),
            batch_id,
            form.text("reason"),
            service.now(),
        )
    except Invalid as error:
        return _batch(request, service, staff, batch_id, form, error.problems, error.status)
    return _pdf(service, pdf)


@router.post("/{batch_id}/printed")
def printed(service: ServiceDep, staff: PrinterDep, batch_id: str) -> Response:
    with service.database.write() as session:
        posting_batches.mark_printed(session, _volunteer(staff), batch_id, service.now())
    return _on(f"/desk/posting/{batch_id}", "printed")


@router.post("/{batch_id}/not-printed")
def not_printed(service: ServiceDep, staff: PrinterDep, batch_id: str) -> Response:
    """They were not printed after all."""
    with service.database.write() as session:
        posting_batches.undo_printed(session, _volunteer(staff), batch_id, service.now())
    return _on(f"/desk/posting/{batch_id}", "not_printed")


@router.post("/{batch_id}/give-back")
def give_back(service: ServiceDep, staff: PrinterDep, batch_id: str) -> Response:
    with service.database.write() as session:
        posting_batches.give_back(session, _volunteer(staff), batch_id, service.now())
    return _on(f"/desk/posting/{batch_id}", "given_back")


@router.post("/{batch_id}/posted")
def posted(
    request: Request, service: ServiceDep, staff: PrinterDep, form: FormDep, batch_id: str
) -> Response:
    """All are posted, except those that are ticked."""

    def act(session: Session, facts: PostingFacts) -> None:
        excepted = form.texts("except")
        today, now = service.today(), service.now()
        posting.post(session, _volunteer(staff), batch_id, facts, excepted, today, now)

    return _posting(request, service, staff, form, batch_id, act)


@router.post("/{batch_id}/letters/{item_id}/posted")
def posted_one(
    request: Request,
    service: ServiceDep,
    staff: PrinterDep,
    form: FormDep,
    batch_id: str,
    item_id: str,
) -> Response:
    """This one is posted."""

    def act(session: Session, facts: PostingFacts) -> None:
        today, now = service.today(), service.now()
        posting.post_one(session, _volunteer(staff), batch_id, item_id, facts, today, now)

    return _posting(request, service, staff, form, batch_id, act)


@router.post("/{batch_id}/letters/{item_id}/spoiled")
def spoiled(service: ServiceDep, staff: PrinterDep, batch_id: str, item_id: str) -> Response:
    with service.database.write() as session:
        posting.spoil(session, _volunteer(staff), batch_id, item_id, service.now())
    return _on(f"/desk/posting/{batch_id}", "spoiled")


@router.post("/{batch_id}/letters/{item_id}/unknown")
def unknown(service: ServiceDep, staff: PrinterDep, batch_id: str, item_id: str) -> Response:
    with service.database.write() as session:
        posting.lose(session, _volunteer(staff), batch_id, item_id, service.now())
    return _on(f"/desk/posting/{batch_id}", "unknown")


@router.post("/{batch_id}/letters/{item_id}/taken-out")
def taken_out(service: ServiceDep, staff: PrinterDep, batch_id: str, item_id: str) -> Response:
    with service.database.write() as session:
        posting.take_out(session, _volunteer(staff), batch_id, item_id, service.now())
    return _on(f"/desk/posting/{batch_id}", "taken_out")


@router.post("/{batch_id}/letters/{item_id}/correct")
def correct(
    request: Request,
    service: ServiceDep,
    staff: PrinterDep,
    form: FormDep,
    batch_id: str,
    item_id: str,
) -> Response:
    """It was not posted after all."""
    try:
        with service.database.write() as session:
            posting.correct(
                session, _volunteer(staff), batch_id, item_id, form.text("reason"), service.now()
            )
    except Invalid as error:
        problems = {f"reason-{item_id}": error.problems["reason"]}
        return _batch(request, service, staff, batch_id, form, problems, error.status)
    return _on(f"/desk/posting/{batch_id}", "corrected")


def _posting(
    request: Request,
    service: Service,
    staff: SignedIn,
    form: Form,
    batch_id: str,
    act: Callable[[Session, PostingFacts], None],
) -> Response:
    try:
        facts = facts_of(form)
        with service.database.write() as session:
            act(session, facts)
    except Invalid as error:
        return _batch(request, service, staff, batch_id, form, error.problems, error.status)
    return _on(f"/desk/posting/{batch_id}", "posted")


def _desk(
    request: Request,
    service: Service,
    staff: SignedIn,
    problems: dict[str, str],
    status: int,
    wanted: str = "",
) -> Response:
    _ = gettext_of(request)
    coordinates = may(staff, Role.COORDINATOR)
    with service.database.read() as session:
        ready, elsewhere = batches.ready_here(session, staff.country, service.settings.posted_from)
        own = batches.own_batches(session, staff.staff_id, service.now())
        others = (
            batches.unfinished_of_others(session, staff.staff_id, service.now())
            if coordinates
            else []
        )
        unknown = batches.unknown_letters(session) if coordinates else []
        typed = typed_or_usual(service, session, staff, Form())
    most = min(service.settings.batch_letters, max(ready, 1))
    return render(
        request,
        "posting/desk.html",
        status=status,
        ready=ready,
        elsewhere=elsewhere,
        most=service.settings.batch_letters,
        wanted=wanted or str(min(most, 10)),
        unfinished=[each for each in own if each.finished_at is None],
        finished=[each for each in own if each.finished_at is not None],
        others=others,
        unknown=unknown,
        typed=typed,
        countries=countries(request),
        currencies=[(code, code) for code in CURRENCIES],
        problems={field: _(message) for field, message in problems.items()},
        notices=_notices(request),
    )


def _batch(
    request: Request,
    service: Service,
    staff: SignedIn,
    batch_id: str,
    form: Form,
    problems: dict[str, str],
    status: int,
) -> Response:
    _ = gettext_of(request)
    with service.database.read() as session:
        view = batches.batch_view(
            session,
            batch_id,
            staff.staff_id,
            service.now(),
            coordinates=may(staff, Role.COORDINATOR),
        )
        typed = typed_or_usual(service, session, staff, form)
    return render(
        request,
        "posting/batch.html",
        status=status,
        batch=view,
        typed=typed,
        reason=form.text("reason"),
        excepted=form.texts("except"),
        countries=countries(request),
        currencies=[(code, code) for code in CURRENCIES],
        problems={field: _(message) for field, message in problems.items()},
        notices=_notices(request),
    )


def _volunteer(staff: SignedIn) -> Volunteer:
    return Volunteer(
        staff.staff_id, staff.country, staff.town, coordinates=may(staff, Role.COORDINATOR)
    )


def _measure(service: Service) -> Measure:
    settings = service.settings
    return Measure(
        letters=settings.batch_letters,
        per_facility=settings.batch_letters_per_facility,
        per_person=settings.batch_letters_per_person,
        address_days=settings.address_days,
        posted_from=settings.posted_from,
    )


def _cover_words(request: Request, service: Service) -> CoverWords:
    _ = gettext_of(request)
    written = filters(language_of(request), service.settings.time_zone)
    return CoverWords(
        title=written["day"](service.today()),
        number=_("Number"),
        town=_("Town"),
        envelopes=_("Envelopes"),
        stamps=_("Stamps"),
        sheets=_("Sheets of paper, with this one"),
    )


def _pdf(service: Service, pdf: bytes) -> Response:
    """A file whose name says nothing."""
    name = f"pages-{service.today().isoformat()}.pdf"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Content-Security-Policy": FILE_POLICY,
    }
    return Response(pdf, media_type="application/pdf", headers=headers)


def _on(path: str, done: str) -> Response:
    return RedirectResponse(f"{path}?done={done}", status_code=303)


def _notices(request: Request) -> list[Notice]:
    done = DONE.get(request.query_params.get("done", ""))
    return [Notice(gettext_of(request)(done))] if done and request.method == "GET" else []
