"""The life cycle drawn from its own table, as Mermaid text for `docs/architecture.md`.

.venv/bin/python -m app.drawing letter     (or reply, or table)
"""

import sys
from collections.abc import Callable, Collection, Mapping

from app.lifecycle import LETTER, REPLY

Draw = Callable[[], str]


def letter_diagram() -> str:
    """The states of a letter and the edges between them."""
    return _diagram({state: row.to for state, row in LETTER.items()}, "received")


def reply_diagram() -> str:
    """The states of a reply and the edges between them."""
    return _diagram({state: row.to for state, row in REPLY.items()}, "scanned")


def letter_table() -> str:
    """The table itself, in Markdown: who acts, how long it may stay, whether it counts."""
    rows = ["| state | who acts | days | counts | may go to |", "|---|---|---|---|---|"]
    for state, row in LETTER.items():
        counts = {True: "yes", False: "no", None: "as before"}[row.counts]
        following = ", ".join(f"`{to}`" for to in LETTER if to in row.to)
        rows.append(f"| `{state}` | {row.who} | {row.days or ''} | {counts} | {following} |")
    return "\n".join(rows)


def _diagram(edges: Mapping[str, Collection[str]], first: str) -> str:
    lines = ["stateDiagram-v2", f"    [*] --> {first}"]
    for state, following in edges.items():
        ordered = [to for to in edges if to in following]
        lines += [f"    {state} --> {to}" for to in ordered] or [f"    {state} --> [*]"]
    return "\n".join(lines)


if __name__ == "__main__":
    drawings = {"letter": letter_diagram, "reply": reply_diagram, "table": letter_table}
    sys.stdout.write(drawings[sys.argv[1]]() + "\n")
