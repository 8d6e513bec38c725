"""How long the public search takes: each filter, names, words and figures, counts included.

    bench/search.py [--people 10000] [--database both|sqlite|postgresql]

Prints one line a question: median and slowest of eleven times, in milliseconds.
"""

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from app import migrations, sealing
from app.database import Database
from app.finding.asking import Wanted
from app.queries import finding
from app.queries.figures_of_people import figures_of_people
from tests.crowd import make_crowd
from tests.databases import running_postgresql
from tests.world import NOON

TIMES = 11
TODAY = NOON.date()
QUESTIONS = {
    "everybody": Wanted(),
    "women": Wanted(filters={"sex": "she"}),
    "men (most people)": Wanted(filters={"sex": "he"}),
    "35 to 44": Wanted(filters={"age": "35-44"}),
    "likes chess": Wanted(filters={"interest": "chess"}),
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
            with _database(kind) as database:
                _measure(kind, database, asked.people)


@contextmanager
def _database(kind: str) -> Iterator[Database]:
    with tempfile.TemporaryDirectory() as folder:
        sealing.use(_keys(Path(folder)))
        if kind == "sqlite":
            yield _migrated(f"sqlite:///{folder}/lifeline.db")
            return
        with running_postgresql() as server, server.database() as url:
            database = _migrated(url)
            yield database
            database.dispose()


def _keys(folder: Path) -> sealing.Keyring:
    sealing.write_keyring(folder / "data.key", sealing.new_keyring())
    return sealing.read_keyring(folder / "data.key")


def _migrated(url: str) -> Database:
    migrations.upgrade(url)
    return Database(url)


def _measure(kind: str, database: Database, people: int) -> None:
    began = time.perf_counter()
    make_crowd(database, people)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("ANALYZE")
        connection.commit()
    print(f"\n{kind}, {people:,} people, made in {time.perf_counter() - began:.0f} s")
    first = _milliseconds(database, Wanted(), _search)
    print(f"{'first question after a start':32}{first:9.1f} ms")
    medians = []
    for name, wanted in QUESTIONS.items():
        medians.append(_report(database, name, wanted, _search))
    _report(database, "figures of everybody", Wanted(), _figures)
    _report(database, "figures of women", Wanted(filters={"sex": "she"}), _figures)
    print(f"{'median of the searches':32}{statistics.median(medians):9.1f} ms")


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


def _search(database: Database, wanted: Wanted) -> object:
    with database.read() as session:
        return finding.find(session, wanted, TODAY, 1)


def _figures(database: Database, wanted: Wanted) -> object:
    with database.read() as session:
        return figures_of_people(session, wanted, TODAY)


if __name__ == "__main__":
    main()
