"""Lists handed in at the desk: choose a file, say what its columns are, wait for the report."""

from collections.abc import AsyncIterator
from typing import Any

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.errors import Conflict
from app.importing.sources import columns, ovdinfo, reading, tables
from app.importing.sources.troubles import TROUBLES, CannotRead
from app.locale import N_
from app.models import ImportReading
from app.pages.catalogue import importing_words as words
from app.pages.catalogue.importing_said import Wrong, as_typed, read_words
from app.pages.shell.access import CatalogueDep, ServiceDep, catalogue_door
from app.pages.shell.forms import Form, FormDep
from app.pages.shell.parameters import query_text, whole_number
from app.pages.shell.rendering import gettext_of, render
from app.queries import imports
from app.service import Service
from app.spelling import plain

router = APIRouter(prefix="/desk/catalogue/imports", dependencies=[Depends(catalogue_door)])

OF = {"people": words.PEOPLE_COLUMNS, "places": words.PLACE_COLUMNS}
LONGEST_LABEL = 100
_CHOOSE_FILE = N_("Choose the file.")
_ONE_TABLE = N_("One table at a time.")
_CHOOSE = N_("Choose one of these.")
_TWICE = N_("Two columns cannot be the same: «{first}» is this one already.")
_NO_NAME = N_("Say which column holds the name.")
_NO_LABEL = N_("Write whose list it is.")
_KNOWN = N_("There is a list of this name already: choose it above, or call this one otherwise.")
_NO_ROW = N_("Write the number of a row, such as 1.")
_LAST_HEAD = 60
_NOT_USED = "-"
_EMPTY = {"list": "", "label": "", "rating": "", "words": ""}


@router.get("/new")
def new(request: Request, service: ServiceDep) -> Response:
    """The form for a file, and the button that asks OVD-Info."""
    return _new(request, service, "people", {}, 200)


async def _in_turn() -> AsyncIterator[None]:
    """Held from before the body is read: twenty lists at once would fill the memory."""
    with reading.one_at_a_time():
        yield


@router.post("/new", dependencies=[Depends(_in_turn)])
def take_in(request: Request, service: ServiceDep, staff: CatalogueDep, form: FormDep) -> Response:
    """Take the file in; a table is shown next, what comes from OVD-Info is read at once."""
    say = gettext_of(request)
    concerns, files = form.text("concerns"), form.files("files")
    problems = {}
    if concerns not in reading.CONCERNS:
        problems["concerns"] = say(_CHOOSE)
    if not files:
        problems["files"] = say(_CHOOSE_FILE)
    elif len(files) > 1 and concerns != ovdinfo.SOURCE:
        problems["files"] = say(_ONE_TABLE)
    if problems:
        return _new(request, service, concerns, problems, 422)
    named = [(query_text(file.name, 100), file.content) for file in files]
    try:
        reading_id = reading.take_in(service, named, concerns, staff.staff_id)
    except CannotRead as error:
        problems = {"files": say(TROUBLES[error.reason])}
        return _new(request, service, concerns, problems, error.status)
    return _on(reading_id)


@router.post("/ask")
def ask_source(
    request: Request, service: ServiceDep, staff: CatalogueDep, form: FormDep
) -> Response:
    """Have the worker ask OVD-Info's API; with the long stories where that is ticked."""
    full = form.has("full")
    try:
        with service.database.write() as session:
            reading_id = reading.ask_source(session, service, staff.staff_id, full=full)
    except Conflict as error:
        problems = {"full": gettext_of(request)(str(error))}
        return _new(request, service, "people", problems, error.status, full=full)
    return _on(reading_id)


@router.get("/readings/{reading_id}")
def show(request: Request, service: ServiceDep, reading_id: str) -> Response:
    """What is to be said of a table, how far reading it is, or what came of it."""
    with service.database.read() as session:
        row = imports.reading(session, reading_id)
        known = imports.lists_known(session, row.concerns)
    if row.state == "read":
        return RedirectResponse(f"/desk/catalogue/imports/{row.run_id}", 303)
    if row.state != "chosen":
        return _page(request, "importing/reading.html", row)
    described = reading.description(row)
    names = [name for name, _ in described.columns]
    earlier = columns.same_table(names, known)
    guess = columns.guessed(names, row.concerns, known.get(earlier, {}).get("columns"))
    said = known.get(earlier, {})
    typed = {
        "list": earlier,
        "rating": (said.get("fixed", {}).get("ratings") or [""])[0],
        "words": as_typed(said.get("words", {}), said.get("columns", {})),
        **{f"column-{at}": guess[name] for at, name in enumerate(names)},
    }
    return _explain(request, row, known, typed, {}, 200)


@router.get("/readings/{reading_id}/progress")
def progress(request: Request, service: ServiceDep, reading_id: str) -> Response:
    """How far reading is; a fragment."""
    with service.database.read() as session:
        row = imports.reading(session, reading_id)
    return _page(request, "importing/reading_progress.html", row)


@router.post("/readings/{reading_id}")
def explain(request: Request, service: ServiceDep, reading_id: str, form: FormDep) -> Response:
    """What the columns are: have the report made; or look at another row or sheet first."""
    with service.database.read() as session:
        row = reading.waiting(session, reading_id)
        known = imports.lists_known(session, row.concerns)
        taken = imports.sources(session)
    say = gettext_of(request)
    typed = {name: text.replace("\0", "") for name, text in form.values.items()}
    described = reading.description(row)
    try:
        head = _head(form)
        if (form.text("sheet") or described.sheet, head) != (described.sheet, described.head):
            reading.look_again(service, reading_id, form.text("sheet"), head)
            return _on(reading_id)
        mapped = _mapped(typed, described, row.concerns, known, taken)
        with service.database.write() as session:
            reading.decide(session, reading_id, mapped)
    except CannotRead as error:
        problems = {"head": say(TROUBLES[error.reason])}
        return _explain(request, row, known, typed, problems, error.status)
    except Wrong as error:
        named = {
            name: say(text) if name == "words" and text else text
            for name, text in error.named.items()
        }
        problems = {field: say(told).format(**named) for field, told in error.problems.items()}
        return _explain(request, row, known, typed, problems, 422)
    return _on(reading_id)


def _mapped(
    typed: dict[str, str],
    described: reading.Description,
    concerns: str,
    known: dict[str, dict[str, Any]],
    taken: set[str],
) -> tables.Mapped:
    """What was said of the table. Raises `Wrong`."""
    said: dict[str, str] = {}
    for at, (name, _) in enumerate(described.columns):
        ours = typed.get(f"column-{at}", "").strip(_NOT_USED)
        if ours and ours not in OF[concerns]:
            raise Wrong(f"column-{at}", _CHOOSE)
        if ours in said:
            raise Wrong(f"column-{at}", _TWICE, first=said[ours])
        if ours:
            said[ours] = name
    if not tables.has_name(said, concerns):
        raise Wrong("column-0", _NO_NAME)
    source, label = _whose(typed, known, taken)
    rating = " ".join(typed.get("rating", "").split())[:LONGEST_LABEL]
    fixed = {"ratings": [rating]} if rating and concerns == "people" else {}
    return tables.Mapped(
        source=source,
        label=label,
        sheet=described.sheet,
        head=described.head,
        columns=said,
        fixed={} if "ratings" in said else fixed,
        words=read_words(typed.get("words", ""), said, concerns),
    )


def _whose(
    typed: dict[str, str], known: dict[str, dict[str, Any]], taken: set[str]
) -> tuple[str, str]:
    """Short name and label of the list. Raises `Wrong`."""
    again = typed.get("list", "")
    if again:
        if again not in known:
            raise Wrong("list", _CHOOSE)
        return again, str(known[again]["label"])
    label = " ".join(typed.get("label", "").split())[:LONGEST_LABEL]
    if not plain(label):
        raise Wrong("label", _NO_LABEL)
    source = tables.short_name(label)
    if source in taken | tables.RESERVED:
        raise Wrong("label", _KNOWN)
    return source, label


def _head(form: Form) -> int:
    head = whole_number(form.text("head").strip(), _LAST_HEAD)
    if not head:
        raise Wrong("head", _NO_ROW)
    return head


def _new(
    request: Request,
    service: Service,
    concerns: str,
    problems: dict[str, str],
    status: int,
    *,
    full: bool = False,
) -> Response:
    return render(
        request,
        "importing/new.html",
        status=status,
        concerns=concerns,
        full=full,
        problems=problems,
        words=words,
        megabytes=service.settings.list_megabytes,
    )


def _explain(
    request: Request,
    row: ImportReading,
    known: dict[str, dict[str, Any]],
    typed: dict[str, str],
    problems: dict[str, str],
    status: int,
) -> Response:
    described = reading.description(row)
    return render(
        request,
        "importing/columns.html",
        status=status,
        row=row,
        described=described,
        typed=_EMPTY | {"sheet": described.sheet, "head": str(described.head)} | typed,
        lists=[("", ""), *((source, said["label"]) for source, said in known.items())],
        meanings=OF[row.concerns],
        example=_example(described, typed, row.concerns),
        our_words={
            name: told for name, told in words.OUR_WORDS.items() if name in OF[row.concerns]
        },
        problems=problems,
    )


def _example(
    described: reading.Description, typed: dict[str, str], concerns: str
) -> tuple[str, str]:
    """A column with something in it, and that: of this very table, to show how words are given."""
    wanted = "state" if concerns == "people" else "kind"
    filled = [(at, name, said[0]) for at, (name, said) in enumerate(described.columns) if said]
    meant = [each for each in filled if typed.get(f"column-{each[0]}") == wanted]
    return (meant or filled[-1:] or [(0, "", "")])[0][1:]


def _page(request: Request, template: str, row: ImportReading) -> Response:
    return render(request, template, row=row, words=words, troubles=TROUBLES)


def _on(reading_id: str) -> Response:
    return RedirectResponse(f"/desk/catalogue/imports/readings/{reading_id}", 303)
