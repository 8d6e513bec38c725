"""The table of settings that people read says exactly what the code does."""

from pathlib import Path

from app.settings import Settings

PAGE = Path(__file__).resolve().parents[2] / "docs" / "settings.md"


def typed(default: object) -> str:
    """A default as it would be typed into the environment; nothing when there is none."""
    if isinstance(default, bool):
        default = int(default)
    return "" if default in {"", None} else f" `{default}`"


def test_the_documented_settings_are_those_of_the_code() -> None:
    expected = [
        f"| `LIFELINE_{name.upper()}` |{typed(field.default)} | {field.description} |"
        for name, field in Settings.model_fields.items()
    ]
    rows = [line for line in PAGE.read_text().splitlines() if line.startswith("| `LIFELINE_")]
    assert rows == expected
