"""Where the window of an envelope shows the folded sheet. All lengths are millimetres."""

from dataclasses import dataclass

A4_WIDTH = 210.0
A4_HEIGHT = 297.0


@dataclass(frozen=True)
class Window:
    """The part of an A4 page that the window shows, from the page's top left corner.

    Of its height the uppermost `sender_height` is for the sender's line, the rest for the
    address. `folds` are distances from the top at which the sheet is folded.
    """

    left: float
    top: float
    width: float
    height: float
    sender_height: float
    folds: tuple[float, ...]


@dataclass(frozen=True)
class Envelope:
    """An envelope's outside, and the window it may have."""

    width: float
    height: float
    window: str = ""


# DIN 5008 forms B and A have the window at the left, a Russian DL envelope at the right.
WINDOWS = {
    "din-5008-b": Window(20, 45, 85, 45, 17.7, (105, 210)),
    "din-5008-a": Window(20, 27, 85, 45, 17.7, (87, 192)),
    "c5": Window(20, 45, 85, 45, 17.7, (148.5,)),
    "russian-dl": Window(A4_WIDTH - 5 - 95, 5, 95, 55, 17.7, (99, 198)),
}

ENVELOPES = {
    "c4": Envelope(324, 229),
    "c5": Envelope(229, 162, "c5"),
    "c6": Envelope(162, 114),
    "dl": Envelope(220, 110, "din-5008-b"),
    "russian-dl": Envelope(220, 110, "russian-dl"),
}
