"""How long a large import takes, and how much memory: 10,000 people, 13,000 cases, 400 places.

    .venv/bin/python -m bench.importing [people]

Asked for: under 60 s and 500 MB on two cores, the first time; no change the second time; and of a
changed copy exactly the expected differences.
"""

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from app import migrations, sealing
from app.catalogue.importing import applying, keeping, ovdinfo
from app.moving import SYSTEM
from app.service import Service, open_service
from app.settings import Settings
from tests.standins import source

MOST_SECONDS, MOST_MEGABYTES = 60, 500


def write_files(folder: Path, people: int) -> None:
    """The source and its changed copy as files, with what is expected of each."""
    first = source.make(seed=1, people=people, cases=people * 13 // 10, places=people // 25)
    later, steps = source.changed(first)
    expected = {"first": dict(first.expected), "again": {}, "changed": dict(steps)}
    for name, made in (("first", first), ("changed", later)):
        (folder / f"{name}-data.json").write_text(json.dumps({"data": made.data}))
        (folder / f"{name}-locations.json").write_text(json.dumps(made.locations))
    (folder / "expected.json").write_text(json.dumps(expected))


def measure(folder: Path) -> None:
    """Import the files one after the other, in a process that made none of them."""
    settings = Settings(
        data_dir=folder / "data", key_file=folder / "data.key", embedded_worker=False
    )
    sealing.write_keyring(settings.key_path, sealing.new_keyring())
    migrations.upgrade(settings.database_url)
    service = open_service(settings)
    expected = json.loads((folder / "expected.json").read_text())
    for name, of in (("first", "first"), ("again", "first"), ("changed", "changed")):
        counts = timed_import(
            service, name, [folder / f"{of}-data.json", folder / f"{of}-locations.json"]
        )
        left_open = {"doubtful", "unreadable", "letters"}
        found = {k: v for k, v in counts.items() if k not in left_open}
        wanted = {k: v for k, v in expected[name].items() if k not in left_open}
        print("  exactly what was expected" if found == wanted else f"  NOT {wanted}: {found}")
    service.close()


def timed_import(service: Service, name: str, files: list[Path]) -> Counter[str]:
    began = time.monotonic(), time.process_time()
    run_id, made = keeping.dry_run(service, ovdinfo.read_files(files, service.today()))
    planned = time.monotonic()
    applying.apply_run(service, run_id, SYSTEM)
    seconds, busy = time.monotonic() - began[0], time.process_time() - began[1]
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    report = planned - began[0]
    print(f"{name}: {seconds:.1f} s ({report:.1f} s to the report; {busy:.1f} s of one core), ")
    print(f"  {megabytes:.0f} MB at most so far")
    if name == "first" and (seconds > MOST_SECONDS or megabytes > MOST_MEGABYTES):
        print(f"  MORE than {MOST_SECONDS} s or {MOST_MEGABYTES} MB")
    return Counter(made.counts)


if __name__ == "__main__":
    if len(sys.argv) == 3:
        measure(Path(sys.argv[2]))
        sys.exit()
    with tempfile.TemporaryDirectory() as made_in:
        write_files(Path(made_in), int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
        subprocess.run([sys.executable, "-m", "bench.importing", "measure", made_in], check=True)
