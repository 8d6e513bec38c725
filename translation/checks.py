"""Whether an engine's answer may be kept as a translation, and what a reviewer should look at."""

import re
from dataclasses import dataclass

from translation.errors import BadAnswer, Reason
from translation.languages import RUSSIAN
from translation.scripts import CYRILLIC, LATIN, count_scripts, has_letters

# Letters that one language needs for what English says in one; rough averages of parallel texts.
_LENGTH = {"zh": 0.33, "ja": 0.5, "ko": 0.5, "he": 0.75, "ar": 0.85, "fa": 0.9, "de": 1.12}
_USUAL_LENGTH = 1.05

# (a question of at least so many letters, its answer has at least this share of the usual length):
# the shorter a text, the more its length may change.
_SHORTEST = ((200, 0.6), (60, 0.5), (20, 0.33))
_LONGEST = 3.5
_LONG_ENOUGH_TO_JUDGE = 20
# Up to this many words may stay as they are: "ABBA", "OK", the name of a town.
_MAY_STAY_WORDS = 2

_MARKUP = re.compile(
    r"<!doctype|</?(?:html|head|body|title|meta|script|style|div|span|p|br|a|form|iframe|img)\b[^<]*>",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.!?…。！？؟۔։]")
_LAST_SENTENCE_END = re.compile(r"[.!?…。！？؟۔։][^\w\s]*$")


def check_answer(
    asked: str, answer: str | None, source: str, target: str, *, whole: bool = False
) -> str:
    """Return an answer with tidy white space, or raise BadAnswer saying what is wrong with it.

    In: what was sent and what came back, with placeholders; two different language codes; whether
    this is the whole letter (in one paragraph of many a word or two may stay unchanged). Refused
    are: nothing, markup, the unchanged text, an answer far shorter or longer than a translation
    can be, one that stops in mid-sentence, and an answer without Cyrillic where Russian was asked.
    """
    tidy = " ".join((answer or "").split())
    if not tidy or (has_letters(asked) and not has_letters(tidy)):
        raise BadAnswer(Reason.EMPTY)
    if _MARKUP.search(tidy) and not _MARKUP.search(asked):
        raise BadAnswer(Reason.HTML)
    if whole or len(asked.split()) > _MAY_STAY_WORDS:
        if _folded(tidy) == _folded(asked) and has_letters(asked):
            raise BadAnswer(Reason.UNCHANGED)
        if target == RUSSIAN and not _mostly_readable(tidy):
            raise BadAnswer(Reason.WRONG_SCRIPT)
    _check_length(asked, tidy, source, target)
    return tidy


def _check_length(asked: str, answer: str, source: str, target: str) -> None:
    size = _letters_and_digits(asked)
    if size < _LONG_ENOUGH_TO_JUDGE:
        return
    usual = _LENGTH.get(target, _USUAL_LENGTH) / _LENGTH.get(source, _USUAL_LENGTH)
    share = _letters_and_digits(answer) / (size * usual)
    shortest = next(least for letters, least in _SHORTEST if size >= letters)
    stops_early = bool(_LAST_SENTENCE_END.search(asked)) and answer[-1].isalnum() and share < 0.9
    few = len(_SENTENCE_END.findall(answer)) * 2 < len(_SENTENCE_END.findall(asked)) and share < 0.9
    if share < shortest or stops_early or few:
        raise BadAnswer(Reason.TRUNCATED)
    if share > _LONGEST:
        raise BadAnswer(Reason.OVERLONG)


def _letters_and_digits(text: str) -> int:
    return sum(map(str.isalnum, text))


def _folded(text: str) -> str:
    """A text without what does not make it another: case, white space, punctuation."""
    return "".join(filter(str.isalnum, text.casefold()))


def _mostly_readable(russian: str) -> bool:
    """At least one letter in five is Cyrillic: song titles may stay, an English answer may not."""
    letters = count_scripts(russian)
    return letters[CYRILLIC] * 5 >= letters.total()


@dataclass(frozen=True)
class ForeignWord:
    """A word that a censor may stop at, and where it stands: text[start:end] == word."""

    word: str
    start: int
    end: int


_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_ROMAN_NUMERAL = re.compile(r"(?=[IVXLC])C{0,3}(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})")


def foreign_words(russian: str) -> list[ForeignWord]:
    """The words of a Russian text with Latin letters, in order; "XIX" is a number, not a word.

    Words that mix Latin and Cyrillic letters, which look right and are not, are among them. Prison
    censors refuse foreign words (memopzk.org), so a reviewer should see each of them.
    """
    return [
        ForeignWord(match.group(), *match.span())
        for match in _WORD.finditer(russian)
        if count_scripts(match.group())[LATIN] and not _ROMAN_NUMERAL.fullmatch(match.group())
    ]
