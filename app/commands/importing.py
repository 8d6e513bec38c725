"""`lifeline import …`: other people's lists, first as a report, then with --apply."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from app import spreadsheets
from app.commands.opened import opened
from app.commands.progress import shown
from app.importing.records import Gathered
from app.importing.runs import applying, keeping, reporting
from app.importing.sources import ovdinfo, tables
from app.importing.sources.client import Reader
from app.moving import SYSTEM
from app.service import Service

importing = typer.Typer(
    help="Bring in people, cases and places. Nobody is seen until a coordinator confirms.",
    no_args_is_help=True,
)
Apply = Annotated[bool, typer.Option("--apply", help="Do it, not just report what would be done")]
Report = Annotated[
    Path | None, typer.Option(help="Write the report to this file, .csv or .json", dir_okay=False)
]
Mapping = Annotated[
    Path, typer.Option(help="TOML file that says which column is what", exists=True, dir_okay=False)
]
Table = Annotated[Path, typer.Argument(help="CSV or XLSX", exists=True, dir_okay=False)]
Files = Annotated[
    list[Path] | None,
    typer.Option("--file", help="Saved files instead of the API, JSON or CSV", exists=True),
]


@importing.command("ovdinfo")
def import_ovdinfo(
    file: Files = None,
    full: Annotated[bool, typer.Option("--full", help="Ask for the long stories too")] = False,
    apply: Apply = False,
    report: Report = None,
) -> None:
    """OVD-Info's public data: from its API, or from files saved from it."""
    with opened() as service:
        if file:
            with shown("Reading") as progress:
                readings = [ovdinfo.read_files(file, service.today(), progress.show)]
            _report(service, readings, apply, report)
            return
        folder = service.settings.data_dir / "imports" / ("ovdinfo-full" if full else "ovdinfo")
        with shown("Reading, slowly as the source asks") as progress:
            pause = service.settings.ovdinfo_pause_seconds
            reader = Reader(service.settings.ovdinfo_url, folder, pause, full, progress.show)
            data, locations = reader.read(service.today())
        origin = service.settings.ovdinfo_url
        rows = ovdinfo.emptied(data)
        readings = [ovdinfo.read(rows, locations, service.today(), origin)]
        _report(service, readings, apply, report, reader.forget)


@importing.command("table")
def import_table(
    file: Table, mapping: Mapping, apply: Apply = False, report: Report = None
) -> None:
    """A table of people, such as Memorial's lists."""
    _table(file, mapping, "people", apply, report)


@importing.command("places")
def import_places(
    file: Table, mapping: Mapping, apply: Apply = False, report: Report = None
) -> None:
    """A table of places of detention with their addresses."""
    _table(file, mapping, "places", apply, report)


def _table(
    file: Path, mapping: Path, concerns: tables.Concerns, apply: bool, report: Path | None
) -> None:
    mapped = tables.read_mapping(mapping, concerns)
    with opened() as service:
        with shown("Reading") as progress:
            today = service.today()
            readings = [tables.read_table(file, mapped, concerns, today, progress.show)]
        _report(service, readings, apply, report)


def _report(
    service: Service,
    readings: list[Gathered],
    apply: bool,
    report: Path | None,
    kept: Callable[[], None] | None = None,
) -> None:
    """readings: one, which is let go of as soon as its report is written: it is large."""
    with shown("Comparing with the catalogue, and writing the report") as progress:
        run_id, made = keeping.dry_run(service, readings.pop(), progress.show)
    if kept:
        kept()
    typer.echo(f"{made.rows_read} rows from {made.label}")
    for name, number in made.counts.items():
        typer.echo(f"  {reporting.SAID[name]:<32} {number}")
    for broken in made.unreadable[:20]:
        typer.echo(
            f"  row {broken.row}: {reporting.REASONS[broken.reason]} {broken.words}".rstrip()
        )
    del made
    if report:
        _write(service, run_id, report)
    if apply:
        with shown("Applying") as progress:
            outcome = applying.apply_run(service, run_id, SYSTEM, progress.show)
        for title, why in outcome.failed.items():
            typer.echo(f"  not done: {title}: {why}")
        typer.echo("Applied. Nobody new is seen before a coordinator confirms.")
    else:
        typer.echo("Nothing is changed yet. Work through it here, or run again with --apply:")
    typer.echo(f"  {service.settings.public_url}/desk/catalogue/imports/{run_id}")


def _write(service: Service, run_id: str, path: Path) -> None:
    rows = reporting.rows(service.database, run_id)
    if path.suffix.lower() == ".json":
        with path.open("w", encoding="utf-8") as file:
            file.writelines(reporting.in_json(rows))
        return
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        file.write(spreadsheets.line(reporting.HEAD))
        file.writelines(spreadsheets.line(reporting.cells(row)) for row in rows)
