"""The documentation draws the life cycle as the table has it."""

from pathlib import Path

import pytest

from app import drawing

PAGE = (Path(__file__).resolve().parents[1] / "docs" / "architecture.md").read_text()


@pytest.mark.parametrize(
    "draw", [drawing.letter_diagram, drawing.reply_diagram, drawing.letter_table]
)
def test_the_architecture_page_shows_the_table(draw: "drawing.Draw") -> None:
    assert draw() in PAGE
