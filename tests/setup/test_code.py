"""The whole tree: style, types, import contracts, and the rules that no tool knows."""

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from urllib.parse import urlsplit

import pytest

ROOT = Path(__file__).resolve().parents[2]
LONGEST_FILE = 400
SCRIPTS = ["bin/run", "bin/test", "bin/lifeline", "bin/environment.sh", ".ci/run"]


def files() -> list[Path]:
    """Every file of the project, whether committed already or about to be."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def text_of(path: Path) -> str:
    """The file's text; nothing for fonts and pictures."""
    try:
        return path.read_text()
    except UnicodeDecodeError:
        return ""


@pytest.mark.timeout(900)
@pytest.mark.parametrize(
    "command",
    [
        ["ruff", "check"],
        ["ruff", "format", "--check"],
        ["mypy"],
        ["lint-imports", "--no-logo"],
    ],
    ids=["style", "format", "types", "import contracts"],
)
def test_a_checker_finds_nothing(command: list[str]) -> None:
    program = Path(sys.executable).with_name(command[0])
    checked = subprocess.run(
        [program, *command[1:]], cwd=ROOT, check=False, capture_output=True, text=True
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_script_is_valid_shell(script: str) -> None:
    subprocess.run(["/bin/sh", "-n", ROOT / script], check=True)


def test_no_file_is_too_long() -> None:
    lengths = {
        path.relative_to(ROOT): len(path.read_text().splitlines())
        for path in files()
        if path.suffix in {".py", ".html", ".sh", ".js", ".css"} and "vendor" not in path.parts
    }
    assert {path: lines for path, lines in lengths.items() if lines > LONGEST_FILE} == {}


def calls(path: Path, method: str) -> list[int]:
    """Lines on which `.method()` is called."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == method
    ]


def test_only_the_database_commits() -> None:
    found = {path.name: calls(path, "commit") for path in (ROOT / "app").rglob("*.py")}
    assert {name for name, lines in found.items() if lines} == {"committing.py", "database.py"}


def test_only_the_mover_sets_a_state() -> None:
    setters = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "app").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Assign)
        and {ast.unparse(to) for to in node.targets} & {"letter.state", "reply.state"}
    }
    assert setters <= {"app/moving.py"}


def lock() -> dict[str, list[dict[str, object]]]:
    return tomllib.loads((ROOT / "uv.lock").read_text())


def test_every_locked_package_has_hashes() -> None:
    for package in lock()["package"]:
        if package["name"] != "lifeline":
            archives = [*package.get("wheels", []), *filter(None, [package.get("sdist")])]  # type: ignore[misc]
            assert archives
            assert all(archive["hash"].startswith("sha256:") for archive in archives)


def test_the_lock_file_leads_to_public_addresses_only() -> None:
    text = (ROOT / "uv.lock").read_text()
    addresses = set(re.findall(r"(?:url|registry) = \"([^\"]+)\"", text))
    assert addresses
    assert {urlsplit(address).scheme for address in addresses} == {"https"}
    assert all("." in urlsplit(address).hostname for address in addresses)
    assert not re.search(r"\b(localhost|127\.0\.0\.1|path = )", text)


def test_package_registries_are_named_in_the_lock_file_only() -> None:
    text = (ROOT / "uv.lock").read_text()
    hosts = {urlsplit(address).hostname for address in re.findall(r"https?://[^\"]+", text)}
    named = {
        f"{path.relative_to(ROOT)} names {host}"
        for path in files()
        if path.name != "uv.lock"
        for host in hosts
        if host and host in text_of(path)
    }
    assert named == set()
