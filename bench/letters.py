"""Letters accepted a second, beside a bare insert, and whether the balance holds.

`.venv/bin/python -m bench.letters [--letters 5000] [--rounds 10] [--database sqlite]`

For each database: bare inserts, letters of partners (API) and letters of browsers (form: two
requests each) in turns, so that whatever else the machine does falls on all of them alike; then
the same while a worker carries letters to `ready`, standing still during the bare inserts. Eight
submitters at once, over real HTTP, one web process, every answer after a durable commit. Ends
with 1 when the balance or a target is missed.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.settings import Settings
from bench import house
from bench.serving import running, started, stopped
from tests.databases import running_postgresql
from tests.standins.translators import GoogleStandIn

SUBMITTERS = 8
PAUSED, CARRYING = "worker paused", "worker carrying"
TARGETS = {PAUSED: 0.40, CARRYING: 0.25}
"""Of the bare rate."""
LARGEST_GAP = 1
KINDS = ("bare", "api", "form")


@dataclass
class Measured:
    """What one kind of submission came to over all rounds."""

    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    failures: Counter[str] = field(default_factory=Counter)

    @property
    def rate(self) -> float:
        """Accepted a second."""
        return len(self.latencies) / self.seconds

    def add(self, answer: dict[str, Any]) -> None:
        self.seconds += answer["seconds"]
        self.latencies += answer["latencies"]
        self.failures.update(answer["failures"])

    def percentile(self, share: float) -> float:
        """Milliseconds."""
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1000


class Clients:
    """The process of the submitters."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "bench.clients"]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def submit(self, kind: str, port: int, count: int, token: str = "") -> dict[str, Any]:
        """One round; returns what `bench.clients` measured."""
        wanted = {
            "kind": kind,
            "port": port,
            "count": count,
            "submitters": SUBMITTERS,
            "token": token,
        }
        if self.process.stdin is None or self.process.stdout is None:
            raise SystemExit("The submitters do not listen")
        self.process.stdin.write(json.dumps(wanted) + "\n")
        self.process.stdin.flush()
        answer: dict[str, Any] = json.loads(self.process.stdout.readline())
        return answer

    def close(self) -> None:
        self.process.communicate()


@contextmanager
def databases(kind: str, folder: Path) -> Iterator[tuple[str, str]]:
    """Addresses of two empty databases of one kind: ours, and that of the bare program."""
    if kind == "sqlite":
        yield f"sqlite:///{folder}/ours.db", f"sqlite:///{folder}/bare.db"
        return
    with (
        running_postgresql(durable=True) as server,
        server.database() as ours,
        server.database() as bare,
    ):
        yield ours, bare


@contextmanager
def house_of(settings: Settings, what: str) -> Iterator[tuple[int, list[int]]]:
    """Lifeline, serving; yields its port and the processes that may be working."""
    embedded = what == CARRYING and settings.is_sqlite
    served = settings.model_copy(update={"embedded_worker": embedded})
    with ExitStack() as stack:
        port, server = stack.enter_context(
            running("bench.house", "serve", served.model_dump_json(), ready="/health/live")
        )
        processes = [server]
        if what == CARRYING and not embedded:
            carrier = ("bench.house", "carry", settings.model_dump_json())
            processes.append(stack.enter_context(started(*carrier)).pid)
        yield port, processes


def measure(kind: str, letters: int, rounds: int) -> bool:
    """Both runs on one database; prints them and returns whether every target was met."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="lifeline-bench-")))
        ours, bare_url = stack.enter_context(databases(kind, folder))
        google = stack.enter_context(GoogleStandIn())
        settings = Settings(
            data_dir=folder,
            key_file=folder / "key",
            database_url=ours,
            embedded_worker=False,
            translators=f"google+{google.url}",
            letters_per_person_a_day=100_000,
        )
        token = house.prepare(settings)
        bare, _ = stack.enter_context(running("bench.bare", bare_url, ready="/openapi.json"))
        ports = {"bare": bare}
        met = [
            run(what, kind, settings, ports, token, letters // rounds, rounds) for what in TARGETS
        ]
        return all(met)


def run(
    what: str,
    kind: str,
    settings: Settings,
    ports: dict[str, int],
    token: str,
    letters: int,
    rounds: int,
) -> bool:
    """One run, so many letters a round; prints it and returns whether its targets were met."""
    measured = {name: Measured() for name in KINDS}
    before, clients, working = house.states(settings), Clients(), 0.0
    with house_of(settings, what) as (port, processes):
        ports = ports | {"api": port, "form": port}
        for name in KINDS:
            clients.submit(name, ports[name], 5 * SUBMITTERS, token)
        for _ in range(rounds):
            with stopped(processes):
                measured["bare"].add(clients.submit("bare", ports["bare"], letters // 2))
            began = time.monotonic()
            for name in ("api", "form"):
                measured[name].add(clients.submit(name, ports[name], letters // 2, token))
            working += time.monotonic() - began
        now = house.states(settings)
    clients.close()
    carried = {
        state: (now.get(state, 0) - before.get(state, 0)) / working
        for state in ("in_review", "approved", "ready")
    }
    return report(what, kind, measured, *house.gap_and_sum(settings), carried)


def report(
    what: str,
    kind: str,
    measured: dict[str, Measured],
    gap: int,
    total: int,
    carried: dict[str, float],
) -> bool:
    """Print one table; returns whether the targets were met."""
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    print(f"\n{kind}, {what} (load of the machine: {load})")
    print(f"{'':6} {'a second':>9} {'of bare':>8} {'p50':>7} {'p95':>7} {'p99':>7} ms  failures")
    met = gap <= LARGEST_GAP
    for name, found in measured.items():
        share = found.rate / measured["bare"].rate
        times = " ".join(f"{found.percentile(at):7.1f}" for at in (0.5, 0.95, 0.99))
        print(
            f"{name:6} {found.rate:9.1f} {share:8.0%} {times}     {dict(found.failures) or 'none'}"
        )
        met = met and not found.failures and share >= TARGETS[what]
    if what == CARRYING:
        moved = sum(carried.values())
        print(f"carried meanwhile: {moved:.1f} a second translated, {carried['ready']:.1f} ready")
    print(f"{total} letters counted, gap {gap}, target {TARGETS[what]:.0%}: ", end="")
    print("met" if met else "MISSED", flush=True)
    return met


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--letters", type=int, default=5_000)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], action="append")
    chosen = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # leave nothing running
    kinds = chosen.database or ["sqlite", "postgresql"]
    met = [measure(kind, chosen.letters, chosen.rounds) for kind in kinds]
    sys.exit(0 if all(met) else 1)


if __name__ == "__main__":
    main()
