"""What sources write of cases, for readers of either language: articles, and their own words."""

import re

from markupsafe import Markup

_ARTICLE = re.compile(
    r"(?:ст(?:атья|\.)?\s*|art(?:icle|\.)?\s*)?(\d+(?:[.-]\d+)*)"
    r"(?:,?\s*(?:p(?:art|\.)?|ч(?:асть|\.)?)\s*(\d+(?:\.\d+)?))?",
    re.IGNORECASE,
)
_CYRILLIC, _LATIN = re.compile("[А-яЁё]"), re.compile("[A-Za-z]")


def article_words(text: str, language: str) -> str:
    """«207.3 p. 1» as `language` writes it; what is more than an article and its part stays."""
    found = _ARTICLE.fullmatch(text.strip())
    if found is None:
        return text
    number, part = found[1], found[2]
    if language == "ru":
        return f"ст. {number} ч. {part}" if part else f"ст. {number}"
    return f"{number}, part {part}" if part else number


def as_said(text: str, language: str) -> Markup:
    """A source's own words, apart from the text around them; in the other language they say so."""
    other = _CYRILLIC if language == "en" else _LATIN
    own = _LATIN if language == "en" else _CYRILLIC
    code = "ru" if language == "en" else "en"
    if other.search(text) and not own.search(text):
        return Markup('<bdi lang="{}">{}</bdi>').format(code, text)
    return Markup("<bdi>{}</bdi>").format(text)
