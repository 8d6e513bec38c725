"""How alike two words of a name sound. Pure; both in the plain letters of `spelling.folded`."""

from functools import lru_cache
from itertools import permutations

from app.spelling import folded, plain

LONGEST_WORD = 40
LEAST = 0.6
"""Words that are less alike are different names."""

_PREFIX = 0.93
_VOWELS = frozenset("aeiou")
_ALIKE = (
    *("aeiou", "bp", "dt", "gk", "gh", "kh", "kc", "fv", "sz", "sc", "cz", "ij"),
    *("šs", "šh", "šč", "šž", "čc", "čh", "žz", "žh"),
)
_PRICES = {pair: 0.5 for alike in _ALIKE for pair in permutations(alike, 2)}
"""What it costs to take one letter for another of like sound; for any other it is one."""
_ONE_SOUND = (("sh", "š"), ("ch", "č"), ("zh", "ž"))
"""Two letters that are one in Russian: whoever leaves it out makes one mistake, not two."""


def name_words(surname: str, given: str, patronymic: str | None, latin: str) -> set[str]:
    """The words somebody is found by: of both alphabets, and of double names also as one."""
    written = f"{surname} {given} {patronymic or ''}"
    joined = "".join(sign for sign in f"{written} {latin}" if sign not in "-‐‑’'ʼ`")
    words = f"{folded(written)} {folded(latin)} {folded(joined)}".split()
    return {word[:LONGEST_WORD] for word in words}


def sort_name(surname: str, given: str, patronymic: str | None) -> str:
    """What people are put in order by."""
    return plain(f"{surname} {given} {patronymic or ''}")


def trigrams(word: str) -> set[str]:
    """The threes of letters in ` word `, and its consonants marked with a sign of their own."""
    padded = f" {word} "
    bones = "".join(sign for sign in word if sign not in _VOWELS)
    return {padded[at : at + 3] for at in range(len(padded) - 2)} | {f"#{bones}"}


def likeness(asked: str, word: str, least: float = 0.0) -> float:
    """Between 0 and 1, where 1 is the same and below `LEAST` is another name.

    The beginning of a name, from three letters on, is almost the name. least: of what is less alike
    it is enough to know that it is: to find out how much takes longest.
    """
    if asked == word:
        return 1.0
    asked, word = _sounds(asked), _sounds(word)
    longest = max(len(asked), len(word))
    begun = _PREFIX if len(asked) > 2 and word.startswith(asked) else 0.0
    shortest = min(len(asked), len(word))
    if shortest < 3 or shortest < max(LEAST, least) * longest:
        return begun
    return max(begun, 1 - _distance(asked, word, (1 - least) * longest) / longest)


@lru_cache(maxsize=50_000)
def _sounds(word: str) -> str:
    for letters, sound in _ONE_SOUND:
        word = word.replace(letters, sound)
    return word


def _apart(one: str, two: str) -> tuple[str, str]:
    """Both without what they begin and end with alike: there is no slip in it."""
    shortest = min(len(one), len(two))
    start = next((at for at in range(shortest) if one[at] != two[at]), shortest)
    one, two = one[start:], two[start:]
    end = next((at for at in range(shortest - start) if one[~at] != two[~at]), shortest - start)
    return one[: len(one) - end], two[: len(two) - end]


def _distance(one: str, two: str, most: float) -> float:
    """Slips of the pen between two words: a swap is one, a letter of like sound half of one.

    The length of the longer one where there are more than `most`.
    """
    longest = float(max(len(one), len(two)))
    one, two = _apart(one, two)
    before: list[float] = []
    above = [float(at) for at in range(len(two) + 1)]
    for row, sign in enumerate(one, 1):
        left = float(row)
        line = [left]
        for column, other in enumerate(two):
            slips = (
                above[column] if sign == other else above[column] + _PRICES.get((sign, other), 1.0)
            )
            left = min(slips, above[column + 1] + 1, left + 1)
            if row > 1 and column and sign == two[column - 1] and other == one[row - 2]:
                left = min(left, before[column - 1] + 1)
            line.append(left)
        # Two lines, because a swap leaps over one; a quarter, because slips are counted in halves.
        if min(line) > most + 0.25 < min(above):
            return longest
        before, above = above, line
    return above[-1]
