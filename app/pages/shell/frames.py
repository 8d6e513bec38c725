"""What the frame around a page shows besides the page: the desk's bar, and what was just done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class DeskLink:
    """One entry of the desk's navigation; `count` is what waits there."""

    label: str
    href: str
    count: int | None = None
    current: bool = False


@dataclass(frozen=True)
class Desk:
    """What `desk.html` needs under the name `desk`: whoever is signed in, and where they may go.

    navigation: desks, or headings where there are many; within: the desks under the present one.
    """

    name: str
    navigation: Sequence[DeskLink]
    within: Sequence[DeskLink] = ()
    home_path: str = "/desk"
    log_out_path: str = "/desk/log-out"
    search_path: str = ""
    search_text: str = ""


@dataclass(frozen=True)
class Notice:
    """A sentence about what was just done; with `undo_path` it can be undone by one POST.

    A page shows those it is given as `notices`. `kind` is done, waiting, trouble or plain.
    """

    text: str
    kind: str = "done"
    undo_path: str = ""
    undo_fields: Mapping[str, str] = field(default_factory=dict)
