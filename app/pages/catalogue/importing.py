"""Imports: what each would do, the doubts to decide, and doing it."""

from urllib.parse import urlencode

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse

from app.errors import Invalid
from app.importing.records import CHOICES
from app.importing.runs import answering, keeping, reporting
from app.locale import N_
from app.moving import by_staff
from app.pages.catalogue import importing_words as words
from app.pages.shell.access import CatalogueDep, ServiceDep, catalogue_door
from app.pages.shell.csv_lists import csv_answer
from app.pages.shell.finding_words import KINDS as PLACE_KINDS
from app.pages.shell.forms import Form, FormDep
from app.pages.shell.frames import Notice
from app.pages.shell.parameters import whole_number
from app.pages.shell.rendering import gettext_of, render
from app.queries import imports

_LAST_LINE = 9_999_999
router = APIRouter(prefix="/desk/catalogue/imports", dependencies=[Depends(catalogue_door)])


@router.get("")
def list_runs(request: Request, service: ServiceDep) -> Response:
    """Every import, the newest first, and lists that are on their way to one."""
    with service.database.read() as session:
        runs, unfinished = imports.runs(session), imports.unfinished(session)
    return render(
        request,
        "importing/runs.html",
        runs=runs,
        unfinished=unfinished,
        words=words,
        said=reporting.SAID,
    )


@router.get("/{run_id}.csv")
def report_csv(service: ServiceDep, run_id: str) -> Response:
    """The whole report as a table."""
    with service.database.read() as session:
        imports.run(session, run_id)
    return csv_answer(
        reporting.HEAD, map(reporting.cells, reporting.rows(service.database, run_id))
    )


@router.get("/{run_id}.json")
def report_json(service: ServiceDep, run_id: str) -> Response:
    """The same for programs."""
    with service.database.read() as session:
        imports.run(session, run_id)
    disposition = {"Content-Disposition": 'attachment; filename="list.json"'}
    found = reporting.in_json(reporting.rows(service.database, run_id))
    return StreamingResponse(found, media_type="application/json", headers=disposition)


@router.get("/{run_id}")
def report(
    request: Request,
    service: ServiceDep,
    run_id: str,
    kind: str = "",
    topic: str = "",
    page: int = 1,
) -> Response:
    """What it would do, doubts first; one kind of line at a time."""
    with service.database.read() as session:
        seen = imports.run_page(session, run_id, kind, topic, page)
    done = request.query_params.get("done", "")
    say = gettext_of(request)
    notices = [Notice(say(_DONE[done]))] if done in _DONE else []
    return render(
        request,
        "importing/run.html",
        seen=seen,
        words=words,
        said=reporting.SAID,
        reasons=reporting.REASONS,
        choices=CHOICES,
        place_kinds=PLACE_KINDS,
        notices=notices,
    )


@router.get("/{run_id}/progress")
def progress(request: Request, service: ServiceDep, run_id: str) -> Response:
    """How far applying has come; a fragment."""
    with service.database.read() as session:
        run = imports.run(session, run_id)
    return render(request, "importing/progress.html", run=run)


@router.post("/{run_id}/answers")
def answer(service: ServiceDep, staff: CatalogueDep, run_id: str, form: FormDep) -> Response:
    """One doubt decided, or an answer taken back."""
    position = whole_number(form.text("line"), _LAST_LINE)
    if position is None:
        raise Invalid({"line": "Choose one of these."})
    actor, now = by_staff(staff.staff_id), service.now()
    with service.database.write() as session:
        answering.answer(session, run_id, position, form.text("answer"), actor, now)
    return _back(run_id, form, f"#line-{position}")


@router.post("/{run_id}/sure")
def answer_sure(service: ServiceDep, staff: CatalogueDep, run_id: str, form: FormDep) -> Response:
    """«The same person», for all whose whole name and birth year agree."""
    answering.answer_sure(service, run_id, by_staff(staff.staff_id))
    return _back(run_id, form)


@router.post("/{run_id}/apply")
def apply(service: ServiceDep, staff: CatalogueDep, run_id: str) -> Response:
    """Have it done by the worker, step by step."""
    with service.database.write() as session:
        keeping.owe_applying(session, run_id, by_staff(staff.staff_id))
    return RedirectResponse(f"/desk/catalogue/imports/{run_id}?done=begun", 303)


_DONE = {"begun": N_("It is being applied. This page can be closed.")}


def _back(run_id: str, form: Form, anchor: str = "") -> Response:
    kept = {name: form.text(name) for name in ("kind", "topic", "page") if form.text(name)}
    query = f"?{urlencode(kept)}" if kept else ""
    return RedirectResponse(f"/desk/catalogue/imports/{run_id}{query}{anchor}", 303)
