"""`bin/run`, `bin/test` and `bin/lifeline` on machines that lack things.

The scripts are ours; what they call on the machine (apt, sudo, uv, Python) stands in here as small
programs on a `PATH` of their own, which write down how they were called.
"""

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PLAIN_TOOLS = [
    "sh",
    "dirname",
    "readlink",
    "cat",
    "sha256sum",
    "grep",
    "ls",
    "env",
    "mkdir",
    "cp",
    "chmod",
]

PYTHON = """
case "$*" in
    *version_info*) exit 0 ;;
    --version) echo 'Python 3.11.2' ;;
    *CDLL*) [ -e "$MACHINE/libraries" ] ;;
    *ensurepip*) [ -e "$MACHINE/venv" ] ;;
    *) echo "unexpected: python3 $*" >&2; exit 9 ;;
esac
"""
OLD_PYTHON = """
case "$*" in
    --version) echo 'Python 3.9.2' ;;
    *) exit 1 ;;
esac
"""
APT = 'echo "apt-get $*" >>"$MACHINE/calls"'
UV = """
[ "$1" = sync ] || exit 0
echo "uv $*" >>"$MACHINE/calls"
mkdir -p "$UV_PROJECT_ENVIRONMENT/bin"
printf '#!/bin/sh\\n' >"$UV_PROJECT_ENVIRONMENT/bin/python"
printf '#!/bin/sh\\nenv; echo "lifeline $*"\\n' >"$UV_PROJECT_ENVIRONMENT/bin/lifeline"
chmod +x "$UV_PROJECT_ENVIRONMENT/bin/python" "$UV_PROJECT_ENVIRONMENT/bin/lifeline"
"""
SERVING = (
    "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
    " tesseract-ocr tesseract-ocr-rus tesseract-ocr-ukr python3-venv"
)


@dataclass
class Machine:
    """A machine with a clone of the project in a folder with spaces."""

    folder: Path

    @property
    def clone(self) -> Path:
        return self.folder / "my own clone"

    def install(self, name: str, script: str) -> None:
        """Puts a program on this machine."""
        path = self.folder / "programs" / name
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)

    def has(self, name: str) -> None:
        (self.folder / name).touch()

    def start(
        self, command: Path | str, *arguments: str, **settings: str
    ) -> "subprocess.CompletedProcess[str]":
        """Starts a command of the clone (or at an absolute path) from another folder."""
        return subprocess.run(
            [self.clone / command, *arguments],
            env={"PATH": str(self.folder / "programs"), "MACHINE": str(self.folder), **settings},
            cwd=self.folder / "programs",
            check=False,
            capture_output=True,
            text=True,
        )

    def calls(self) -> list[str]:
        """How apt and uv were called so far."""
        calls = self.folder / "calls"
        return calls.read_text().splitlines() if calls.exists() else []


@pytest.fixture
def bare(tmp_path: Path) -> Machine:
    """Python, git and what every system has; nothing else. We are an ordinary user."""
    machine = Machine(tmp_path)
    (tmp_path / "programs").mkdir()
    for tool in PLAIN_TOOLS:
        (tmp_path / "programs" / tool).symlink_to(shutil.which(tool) or "")
    shutil.copytree(ROOT / "bin", machine.clone / "bin")
    for name in ("pyproject.toml", "uv.lock"):
        shutil.copy(ROOT / name, machine.clone)
    machine.install("python3", PYTHON)
    machine.install("id", "echo 1000")
    machine.install("apt-get", APT)
    return machine


@pytest.fixture
def complete(bare: Machine) -> Machine:
    """The same with everything that serving needs."""
    bare.install("uv", UV)
    bare.install("tesseract", "printf 'eng\\nrus\\nukr\\n'")
    bare.has("libraries")
    return bare


def test_without_python_the_command_says_so(bare: Machine) -> None:
    (bare.folder / "programs" / "python3").unlink()
    started = bare.start("bin/run")
    assert started.returncode == 1
    assert "Lifeline needs Python 3.11 or newer; this machine has no python3." in started.stderr


def test_with_an_old_python_the_command_says_which(bare: Machine) -> None:
    bare.install("python3", OLD_PYTHON)
    started = bare.start("bin/run")
    assert started.returncode == 1
    assert "this machine has Python 3.9.2" in started.stderr


@pytest.mark.parametrize("command", ["bin/run", "bin/lifeline", "bin/test"])
def test_without_rights_the_missing_packages_and_the_command_are_named(
    bare: Machine, command: str
) -> None:
    started = bare.start(command)
    assert started.returncode == 1
    assert f"These system packages are missing: {SERVING}" in started.stderr
    assert f"sudo apt-get install --yes --no-install-recommends {SERVING}" in started.stderr
    assert bare.calls() == []


def test_the_packages_of_the_tests_are_named_too(bare: Machine) -> None:
    named = bare.start("bin/test").stderr.split()
    assert {"chromium", "libatomic1", "poppler-utils", "qpdf", "strace"} <= set(named)


def test_only_what_is_missing_is_named(complete: Machine) -> None:
    complete.install("tesseract", "printf 'eng\\nrus\\n'")
    started = complete.start("bin/run")
    assert "missing: tesseract-ocr-ukr\n" in started.stderr


def test_root_gets_the_packages_installed(bare: Machine) -> None:
    bare.install("id", "echo 0")
    bare.install("uv", UV)
    started = bare.start("bin/run")
    assert started.returncode == 0, started.stderr
    packages = SERVING.removesuffix(" python3-venv")
    assert bare.calls()[:2] == [
        "apt-get update --quiet",
        f"apt-get install --yes --no-install-recommends {packages} --quiet",
    ]


def test_sudo_without_password_is_used(bare: Machine) -> None:
    bare.install("uv", UV)
    bare.install("sudo", 'echo "sudo $*" >>"$MACHINE/calls"; [ "$1" = -n ] && shift && "$@"')
    bare.install("true", "")
    started = bare.start("bin/run")
    assert started.returncode == 0, started.stderr
    assert "sudo -n apt-get update --quiet" in bare.calls()


def test_when_apt_fails_the_command_stops_in_plain_words(bare: Machine) -> None:
    bare.install("id", "echo 0")
    bare.install("apt-get", "echo 'E: no network' >&2; exit 100")
    started = bare.start("bin/run")
    assert started.returncode == 1
    assert f"These system packages could not be installed: {SERVING}" in started.stderr


def test_without_apt_the_packages_are_named(bare: Machine) -> None:
    (bare.folder / "programs" / "apt-get").unlink()
    started = bare.start("bin/run")
    assert started.returncode == 1
    assert f"(Debian's names) are missing: {SERVING}" in started.stderr
    assert "This machine has no apt-get" in started.stderr


def test_run_serves_the_demonstration(complete: Machine) -> None:
    started = complete.start("bin/run")
    assert started.returncode == 0, started.stderr
    served = started.stdout.splitlines()
    assert served[-1] == "lifeline serve"
    assert "LIFELINE_DEMONSTRATION=1" in served
    assert "LIFELINE_TRANSLATORS=google" in served
    assert f"LIFELINE_DATA_DIR={complete.clone}/.data" in served


def test_run_honours_settings_empty_ones_too(complete: Machine) -> None:
    started = complete.start("bin/run", LIFELINE_TRANSLATORS="", LIFELINE_DATA_DIR="/srv/letters")
    served = started.stdout.splitlines()
    assert "LIFELINE_TRANSLATORS=" in served
    assert "LIFELINE_DATA_DIR=/srv/letters" in served


def test_the_command_line_is_no_demonstration(complete: Machine) -> None:
    started = complete.start("bin/lifeline", "staff", "add", "Anna B.")
    said = started.stdout.splitlines()
    assert said[-1] == "lifeline staff add Anna B."
    assert not any(line.startswith("LIFELINE_DEMONSTRATION") for line in said)


def test_the_second_start_installs_nothing(complete: Machine) -> None:
    first = complete.start("bin/run")
    assert "Installing the Python packages of uv.lock" in first.stderr
    second = complete.start("bin/run")
    assert second.stderr == ""
    assert second.stdout == first.stdout
    assert len(complete.calls()) == 1


def test_a_changed_lock_file_is_installed(complete: Machine) -> None:
    complete.start("bin/run")
    with (complete.clone / "uv.lock").open("a") as lock:
        lock.write("# changed\n")
    complete.start("bin/run")
    assert len(complete.calls()) == 2


def test_the_commands_work_through_a_link(complete: Machine) -> None:
    link = complete.folder / "lifeline-on-my-path"
    link.symlink_to(complete.clone / "bin" / "lifeline")
    started = complete.start(link, "check")
    assert started.returncode == 0, started.stderr
    assert started.stdout.splitlines()[-1] == "lifeline check"


def test_the_lock_file_is_taken_as_it_is(complete: Machine) -> None:
    complete.start("bin/run")
    assert "--frozen" in complete.calls()[0]
    assert "--no-dev" in complete.calls()[0]
