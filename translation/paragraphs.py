"""Paragraphs stay one to one: the third paragraph of a translation is that of the letter.

A paragraph is a line of the writer's form: text areas wrap by themselves, so that a line break was
meant. What stood between paragraphs (breaks, blank lines, indents) is kept exactly.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

_BREAK = re.compile("\r\n|[\r\n\v\f\x85\u2028\u2029]")
# Outer white space belongs to the gap, the rest of a line to the paragraph.
_PARAGRAPH = re.compile(r"[^\s](?:[^\n]*[^\s])?")

_CLOSING = "\"'”’»)\\]』」"
_SENTENCE_END = re.compile(rf"(?:[.!?…؟۔։]+[{_CLOSING}]*(?=\s)|[。！？]+[{_CLOSING}]*)\s*")
_CLAUSE_END = re.compile(r"[,;:—–](?=\s)\s*|[，、；：]\s*")
_WORD_END = re.compile(r"\s+")


@dataclass(frozen=True)
class Pieces:
    """Texts and what stood around them: `gaps` has one entry more than `texts`."""

    texts: tuple[str, ...]
    gaps: tuple[str, ...]

    def join(self, texts: Sequence[str], *, between: str = "") -> str:
        """Put texts back into the gaps, each in its place.

        `between` stands where the pieces touched, as Chinese sentences do but Russian ones must
        not. Raises ValueError if there are not as many texts as there were pieces.
        """
        if len(texts) != len(self.texts):
            raise ValueError(f"{len(self.texts)} pieces cannot become {len(texts)}")
        gaps = (
            gap if place in (0, len(texts)) else gap or between
            for place, gap in enumerate(self.gaps)
        )
        return "".join(gap + text for gap, text in zip_longest(gaps, texts, fillvalue=""))


def split(text: str) -> Pieces:
    """Cut a letter into paragraphs without outer white space; `join` of the same texts restores it.

    Line breaks of every system become "\\n"; that is the only thing that is not restored.
    """
    text = _BREAK.sub("\n", text)
    return _around(text, [match.span() for match in _PARAGRAPH.finditer(text)])


def cut(paragraph: str, limit: int) -> Pieces:
    """Cut a paragraph into pieces of at most `limit` characters.

    At ends of sentences where possible, else of clauses, else between words; inside a word only
    when this word alone is longer than the limit. Raises ValueError for a limit below 1.
    """
    if limit < 1:
        raise ValueError("an engine must take at least one character")
    spans: list[tuple[int, int]] = []
    start, end = 0, len(paragraph)
    while end - start > limit:
        stop, resume = _where_to_cut(paragraph, start, limit)
        spans.append((start, stop))
        start = resume
    if start < end or not spans:
        spans.append((start, end))
    return _around(paragraph, spans)


def _where_to_cut(text: str, start: int, limit: int) -> tuple[int, int]:
    """Where the piece that begins at `start` ends, and where the next one begins."""
    for boundary in (_SENTENCE_END, _CLAUSE_END, _WORD_END):
        last: tuple[int, int] | None = None
        for match in boundary.finditer(text, start):
            stop = match.start() + len(match.group().rstrip())
            if stop - start > limit:
                break
            if stop > start:
                last = (stop, match.end())
        if last:
            return last
    return start + limit, start + limit


def _around(text: str, spans: Sequence[tuple[int, int]]) -> Pieces:
    """The spans of a text, and the text between them."""
    edges = [0, *(edge for span in spans for edge in span), len(text)]
    gaps = [text[left:right] for left, right in zip(edges[::2], edges[1::2], strict=True)]
    return Pieces(tuple(text[left:right] for left, right in spans), tuple(gaps))
