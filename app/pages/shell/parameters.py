"""What an address or a form asks for, read without trust: numbers, words to look for."""

from app.finding.asking import LONGEST_QUERY


def whole_number(text: str, most: int) -> int | None:
    """A number from 0 to `most` in plain digits; None for anything else, however long."""
    if not (text.isascii() and text.isdigit()):
        return None
    digits = text.lstrip("0") or "0"
    if len(digits) > len(str(most)) or int(digits) > most:
        return None
    return int(digits)


def query_text(text: str, most: int = LONGEST_QUERY) -> str:
    """Words as they may be looked for: no longer than that, and nothing a database refuses."""
    return text.replace("\0", "")[:most].strip()
