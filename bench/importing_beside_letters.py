"""Whether an import holds the database for long while letters come in.

    .venv/bin/python -m bench.importing_beside_letters [--people 10000] [--database sqlite]

One web process accepts letters of eight submitters, who never pause, and applies an import of so
many people in a thread beside them: how long each of its write transactions held the database, from
its first statement to its commit, and how long the letters took. Asked for: 100 ms in the median
and never more than a second.
"""

import argparse
import json
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from sqlmodel import Session

from app import main
from app.database import Database
from app.importing.runs import applying, keeping
from app.importing.sources import ovdinfo
from app.moving import SYSTEM
from app.pages.shell import logs
from app.service import open_service
from app.settings import Settings
from bench import house
from bench.letters import Clients, databases
from bench.serving import running, serve
from tests.standins import source

MEDIAN, LONGEST = 0.1, 1.0  # seconds
LETTERS_A_ROUND = 200


@dataclass
class Timed:
    """A database that notes how long each write session of this thread's work was open."""

    database: Database
    held: list[float] = field(default_factory=list)
    committing: list[float] = field(default_factory=list)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.database, name)

    @contextmanager
    def write(self) -> Iterator[Session]:
        with self.database.write() as session:
            began = time.perf_counter()
            yield session
            session.flush()
            written = time.perf_counter()
        self.held.append(time.perf_counter() - began)
        self.committing.append(time.perf_counter() - written)


def work(settings: Settings, people: int, result: Path, descriptor: int) -> None:
    """Serve; report what an import would do; apply it once letters come in, and tell the times."""
    service = open_service(settings)
    timed = Timed(service.database)
    ours = replace(service, database=timed)  # type: ignore[arg-type]
    told = result.with_name("begin")

    def bring_in() -> None:
        made = source.make(seed=1, people=people, cases=people * 13 // 10, places=people // 25)
        service.database.give_way(0)
        while not told.exists():
            time.sleep(0.1)
        began = time.monotonic()
        found = ovdinfo.read(made.data, made.locations, service.today())
        run_id, _ = keeping.dry_run(ours, found)
        reported = time.monotonic()
        report, timed.held, timed.committing = timed.held, [], []
        applying.apply_run(ours, run_id, SYSTEM)
        spent = {"report": reported - began, "applying": time.monotonic() - reported}
        answer = {
            "seconds": spent,
            "report": report,
            "applying": timed.held,
            "commit": max(timed.committing),
        }
        result.with_suffix(".part").write_text(json.dumps(answer))
        result.with_suffix(".part").rename(result)

    threading.Thread(target=bring_in, daemon=True).start()
    serve(main.assemble(service), descriptor)


def measure(kind: str, people: int) -> bool:
    """One run on one database; prints it and returns whether it met what is asked for."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="lifeline-bench-")))
        address, _ = stack.enter_context(databases(kind, folder))
        settings = Settings(
            data_dir=folder,
            key_file=folder / "key",
            database_url=address,
            embedded_worker=False,
            letters_per_person_a_day=100_000,
        )
        token = house.prepare(settings)
        result = folder / "result"
        asked = ("bench.importing_beside_letters", "work", settings.model_dump_json())
        port, _ = stack.enter_context(
            running(*asked, str(people), str(result), ready="/health/live")
        )
        clients = Clients()
        latencies: dict[str, list[float]] = {"before": [], "meanwhile": []}
        failures = 0
        rates: dict[str, list[float]] = {"before": [], "meanwhile": []}
        for at in range(10_000):
            when = "before" if at < 3 else "meanwhile"
            if at == 3:
                (folder / "begin").touch()
            answer = clients.submit("api", port, LETTERS_A_ROUND, token)
            latencies[when] += answer["latencies"]
            rates[when].append(len(answer["latencies"]) / answer["seconds"])
            failures += sum(answer["failures"].values())
            if result.exists():
                break
        clients.close()
        return _told(kind, json.loads(result.read_text()), latencies, rates, failures)


def _told(
    kind: str,
    found: dict[str, Any],
    latencies: dict[str, list[float]],
    rates: dict[str, list[float]],
    failures: int,
) -> bool:
    met = not failures
    print(f"{kind}: {failures} letters were refused")
    for when, each in latencies.items():
        ordered = sorted(each)
        p50, p99 = (ordered[int(len(ordered) * share)] * 1000 for share in (0.5, 0.99))
        rate = statistics.median(rates[when])
        print(
            f"  letters {when}: {rate:.0f} a second, {p50:.0f} ms in the median, "
            f"99 of 100 within {p99:.0f} ms, at most {ordered[-1] * 1000:.0f} ms"
        )
    for part in ("report", "applying"):
        held = found[part]
        middle, most = statistics.median(held), max(held)
        met &= middle <= MEDIAN and most <= LONGEST
        print(
            f"  {part}: {found['seconds'][part]:.1f} s, {len(held)} transactions, "
            f"{middle * 1000:.0f} ms in the median, at most {most * 1000:.0f} ms"
        )
    print(f"  the longest commit alone: {found['commit'] * 1000:.0f} ms")
    print("  as asked for" if met else "  NOT as asked for")
    return met


if __name__ == "__main__":
    logs.configure()
    if sys.argv[1:2] == ["work"]:
        chosen = Settings.model_validate_json(sys.argv[2])
        work(chosen, int(sys.argv[3]), Path(sys.argv[4]), int(sys.argv[5]))
        sys.exit()
    reader = argparse.ArgumentParser()
    reader.add_argument("--people", type=int, default=10_000)
    reader.add_argument("--database", choices=("sqlite", "postgresql"), action="append")
    options = reader.parse_args()
    kinds = options.database or ["sqlite", "postgresql"]
    met = [measure(kind, options.people) for kind in kinds]
    sys.exit(0 if all(met) else 1)
