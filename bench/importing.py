"""How long a large import takes, and how much memory: 10,000 people, 13,000 cases, 400 places.

    .venv/bin/python -m bench.importing [--people 10000] [--database sqlite|postgresql]

Asked for: under 60 s and 500 MB on two cores; no change the second time; of a changed copy exactly
the expected differences; and every time exactly the expected doubts, those about people of common
names among them. Ends with 1 if anything is not as asked for.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import ExitStack
from pathlib import Path

from app import migrations, sealing
from app.importing.planning.plans import Plan
from app.importing.runs import applying, keeping
from app.importing.sources import ovdinfo
from app.moving import SYSTEM
from app.service import Service, open_service
from app.settings import Settings
from bench.letters import databases
from tests.standins import source

MOST_SECONDS, MOST_MEGABYTES = 60, 500
_BESIDE = frozenset({"doubtful", "letters"})
"""Counts that are told otherwise: doubts by their topics; of letters there are none."""

Expected = dict[str, dict[str, int]]


def write_files(folder: Path, people: int) -> None:
    """The source and its changed copy as files, with what is expected of each."""
    common = people // 20
    others = people - common
    first = source.make(
        seed=1,
        people=others,
        cases=people * 13 // 10 - common,
        places=people // 25,
        namesakes=common,
    )
    later, steps = source.changed(first)
    unreadable = {"unreadable": first.expected["unreadable"]}
    expected = {
        "first": dict(first.expected),
        "again": unreadable,
        "changed": unreadable | dict(steps),
        "doubts": dict(first.doubts),
    }
    for name, made in (("first", first), ("changed", later)):
        (folder / f"{name}-data.json").write_text(json.dumps({"data": made.data}))
        (folder / f"{name}-locations.json").write_text(json.dumps(made.locations))
    (folder / "expected.json").write_text(json.dumps(expected))


def measure(settings: Settings, folder: Path) -> bool:
    """Import the files one after the other, in a process that made none of them.

    Prints what was seen; returns whether all of it is as asked for.
    """
    sealing.write_keyring(settings.key_path, sealing.new_keyring())
    migrations.upgrade(settings.database_url)
    service = open_service(settings)
    expected: Expected = json.loads((folder / "expected.json").read_text())
    met = True
    for name, of in (("first", "first"), ("again", "first"), ("changed", "changed")):
        files = [folder / f"{of}-data.json", folder / f"{of}-locations.json"]
        met &= timed_import(service, name, files, expected[name], expected["doubts"])
    service.close()
    return met


def timed_import(
    service: Service, name: str, files: list[Path], steps: dict[str, int], doubts: dict[str, int]
) -> bool:
    """Report and apply; whether that stayed within the limits, and did what was expected."""
    began = time.monotonic(), time.process_time()
    run_id, made = keeping.dry_run(service, ovdinfo.read_files(files, service.today()))
    planned = time.monotonic()
    exact = is_exact(made, steps, doubts)
    del made  # whoever imports keeps no plan either while it is carried out
    applying.apply_run(service, run_id, SYSTEM)
    seconds, busy = time.monotonic() - began[0], time.process_time() - began[1]
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    report = planned - began[0]
    print(f"{name}: {seconds:.1f} s ({report:.1f} s to the report; {busy:.1f} s of one core), ")
    print(f"  {megabytes:.0f} MB at most so far")
    quick = seconds <= MOST_SECONDS and megabytes <= MOST_MEGABYTES
    if not quick:
        print(f"  MORE than {MOST_SECONDS} s or {MOST_MEGABYTES} MB")
    return quick and exact


def is_exact(made: Plan, steps: dict[str, int], doubts: dict[str, int]) -> bool:
    """Whether a plan has these steps and these doubts and nothing else; prints what it has."""
    found = {name: number for name, number in made.counts.items() if name not in _BESIDE}
    wanted = {name: number for name, number in steps.items() if name not in _BESIDE}
    asked = dict(Counter(doubt.topic for doubt in made.doubts))
    exact = found == wanted and asked == doubts
    print("  exactly what was expected" if exact else f"  NOT {wanted}, {doubts}")
    print(f"  {found}, doubts {asked}")
    return exact


def run(kind: str, folder: Path) -> bool:
    """The same on one kind of database, in a process of its own."""
    print(kind, flush=True)
    with ExitStack() as stack:
        data = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="lifeline-bench-")))
        address, _ = stack.enter_context(databases(kind, data))
        settings = Settings(
            data_dir=data, key_file=data / "key", database_url=address, embedded_worker=False
        )
        asked = ("bench.importing", "measure", settings.model_dump_json(), str(folder))
        return subprocess.run([sys.executable, "-m", *asked], check=False).returncode == 0


if __name__ == "__main__":
    if sys.argv[1:2] == ["measure"]:
        chosen = Settings.model_validate_json(sys.argv[2])
        sys.exit(0 if measure(chosen, Path(sys.argv[3])) else 1)
    reader = argparse.ArgumentParser()
    reader.add_argument("--people", type=int, default=10_000)
    reader.add_argument("--database", choices=("sqlite", "postgresql"), action="append")
    options = reader.parse_args()
    with tempfile.TemporaryDirectory() as made_in:
        write_files(Path(made_in), options.people)
        kinds = options.database or ["sqlite", "postgresql"]
        met = [run(kind, Path(made_in)) for kind in kinds]
    sys.exit(0 if all(met) else 1)
