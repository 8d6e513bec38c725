"""Two values of one field: whether there is one, and under which key a difference is kept."""

import hashlib
from typing import Any

_LONGEST_IN_KEY = 120


def is_empty(value: Any) -> bool:
    """Whether a field says nothing. False is an answer; 0 is none of ours."""
    return value is None or value in ("", [])


def value_key(name: str, value: Any, of: str) -> str:
    """The key of the doubt whether to take this value of the source's record `of`.

    Of a long value it has the beginning, and a digest of all of it: a change far down is news too.
    """
    text = str(value)
    if len(text) > _LONGEST_IN_KEY:
        digest = hashlib.sha256(text.encode()).hexdigest()[:16]
        text = f"{text[:_LONGEST_IN_KEY]}-{digest}"
    return f"{of}|{name}|{text}"
