"""Every row of what the system must withstand is proved by a test that names it."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def rows() -> set[int]:
    """The numbers in the published table."""
    page = (ROOT / "docs" / "trust.md").read_text()
    return {int(number) for number in re.findall(r"^\| (\d+) \|", page, re.MULTILINE)}


def proved() -> set[int]:
    """The numbers that tests name with `pytest.mark.trust`."""
    return {
        argument.value
        for path in (ROOT / "tests").rglob("test_*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.trust"
        for argument in node.args
        if isinstance(argument, ast.Constant) and isinstance(argument.value, int)
    }


def test_every_row_is_proved() -> None:
    assert rows() - proved() == set()


def test_no_test_names_a_row_that_is_not_published() -> None:
    assert proved() - rows() == set()
