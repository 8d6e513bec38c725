"""How long the public search takes: each filter, names, words and figures, counts included.

    bench/search.py [--people 10000] [--database both|sqlite|postgresql]

Prints one line a question: median and slowest of eleven times, in milliseconds; how long a process
of its own takes to read the index after its start, and by how much it grows; and a question just
after one person was changed. Beside the people who are found a fifth as many are not confirmed yet:
the figures count them.
"""

import argparse
import gc
import os
import statistics
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from sqlmodel import select

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from app.database import Database
from app.finding.asking import Wanted
from app.finding.memory import index_of, read_ahead
from app.models import Prisoner
from app.queries import finding
from app.queries.figures_of_people import figures_of_people
from bench.fresh import fresh_database
from tests.crowd import make_crowd
from tests.world import NOON

TIMES = 11
TODAY = NOON.date()
QUESTIONS = {
    "everybody": Wanted(),
    "women": Wanted(filters={"sex": "she"}),
    "men (most people)": Wanted(filters={"sex": "he"}),
    "35 to 44": Wanted(filters={"age": "35-44"}),
    "likes chess": Wanted(filters={"interest": "chess"}),
    "likes what hardly anybody does": Wanted(filters={"interest": "books by ararar"}),
    "teachers": Wanted(filters={"work": "teacher"}),
    "region of the case": Wanted(filters={"region": "RU-MOW"}),
    "region of the prison": Wanted(filters={"held": "RU-PER"}),
    "kind of prison": Wanted(filters={"place": "prison"}),
    "category": Wanted(filters={"category": "speech"}),
    "article": Wanted(filters={"article": "207.3"}),
    "Memorial": Wanted(filters={"rating": "memorial"}),
    "birthday soon": Wanted(filters={"soon": "birthday"}),
    "release soon": Wanted(filters={"soon": "release"}),
    "year": Wanted(filters={"year": "2022"}),
    "stage": Wanted(filters={"stage": "sentence in force"}),
    "length of sentence": Wanted(filters={"sentence": "to_5"}),
    "can be written to": Wanted(filters={"letters": "now"}),
    "likes chess, in Russian": Wanted(filters={"interest": "шахматы"}),
    "three filters": Wanted(filters={"sex": "he", "category": "faith", "rating": "memorial"}),
    "a name": Wanted("Каривенский"),
    "a name, misspelt, Latin": Wanted("Karivinskij"),
    "full name": Wanted("Захар Каривенский"),
    "a common first name": Wanted("Захар"),
    "a word of stories": Wanted("lantern"),
    "a word and a filter": Wanted("lantern", {"sex": "she"}),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument("--database", choices=("both", "sqlite", "postgresql"), default="both")
    asked = parser.parse_args()
    for kind in ("sqlite", "postgresql"):
        if asked.database in {"both", kind}:
            with fresh_database(kind) as database:
                began = time.perf_counter()
                make_crowd(database, asked.people, unconfirmed=asked.people // 5)
                database.learn_sizes()
                took = time.perf_counter() - began
                print(f"\n{kind}, {asked.people:,} people, made in {took:.0f} s")
                measure(database)


def measure(database: Database) -> None:
    """Ask everything, and print what it took."""
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        took, grown, tags = pool.submit(read_index, database.url).result()
    print(f"{'index read after a start':32}{took:9.1f} ms {grown:9.1f} MB {tags:,} different tags")
    read_ahead(database).join()
    changed = [_after_a_change(database, number) for number in range(TIMES)]
    print(f"{'one person changed just before':32}{statistics.median(changed):9.1f} ms")
    medians = []
    for name, wanted in QUESTIONS.items():
        medians.append(_report(database, name, wanted, _search))
    _report(database, "figures of everybody", Wanted(), _figures)
    _report(database, "figures of women", Wanted(filters={"sex": "she"}), _figures)
    print(f"{'median of the searches':32}{statistics.median(medians):9.1f} ms")
    print(f"{'the slowest of them':32}{max(medians):9.1f} ms")


def _report(
    database: Database, name: str, wanted: Wanted, ask: Callable[[Database, Wanted], object]
) -> float:
    times = [_milliseconds(database, wanted, ask) for _ in range(TIMES)]
    print(f"{name:32}{statistics.median(times):9.1f} ms {max(times):9.1f} ms")
    return statistics.median(times)


def _milliseconds(
    database: Database, wanted: Wanted, ask: Callable[[Database, Wanted], object]
) -> float:
    began = time.perf_counter()
    ask(database, wanted)
    return (time.perf_counter() - began) * 1000


def _after_a_change(database: Database, number: int) -> float:
    with database.write() as session:
        person = session.exec(select(Prisoner).where(Prisoner.slug == f"crowd-{number}")).one()
        person.interests_en = f"{person.interests_en}, bell-ringing"
    return _milliseconds(database, Wanted(), _search)


def _megabytes() -> float:
    """Memory of this process."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1_000_000


def read_index(url: str) -> tuple[float, float, int]:
    """Milliseconds, megabytes and different tags, seen by a process that has just started."""
    database = Database(url)
    with database.read() as session:
        before, began = _megabytes(), time.perf_counter()
        index = index_of(session)
        took = (time.perf_counter() - began) * 1000
    tags = len(index.values("interest")) + len(index.values("work"))
    return took, _megabytes() - before, tags


def _search(database: Database, wanted: Wanted) -> object:
    with database.read() as session:
        return finding.find(session, wanted, TODAY, 1)


def _figures(database: Database, wanted: Wanted) -> object:
    with database.read() as session:
        return figures_of_people(session, wanted, TODAY)


if __name__ == "__main__":
    main()
