"""How alike two words of a name sound. Pure; both in the plain letters of `searching.folded`."""

from functools import cache, lru_cache

from app.searching import folded, plain

LONGEST_WORD = 40
LEAST = 0.6
"""Words that are less alike are different names."""

_PREFIX = 0.93
_VOWELS = frozenset("aeiou")
_ALIKE = tuple(
    frozenset(pair)
    for pair in (
        *("bp", "dt", "gk", "gh", "kh", "kc", "fv", "sz", "sc", "cz", "ij"),
        *("šs", "šh", "šč", "šž", "čc", "čh", "žz", "žh"),
    )
)
_ONE_SOUND = (("sh", "š"), ("ch", "č"), ("zh", "ž"))
"""Two letters that are one in Russian: whoever leaves it out makes one mistake, not two."""

_HALF = 0.5


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


def likeness(asked: str, word: str) -> float:
    """Between 0 and 1, where 1 is the same and below `LEAST` is another name.

    The beginning of a name, from three letters on, is almost the name.
    """
    if asked == word:
        return 1.0
    asked, word = _sounds(asked), _sounds(word)
    longest = max(len(asked), len(word))
    begun = _PREFIX if len(asked) > 2 and word.startswith(asked) else 0.0
    shortest = min(len(asked), len(word))
    if shortest < 3 or shortest < LEAST * longest:
        return begun
    return max(begun, 1 - _distance(asked, word) / longest)


@lru_cache(maxsize=50_000)
def _sounds(word: str) -> str:
    for letters, sound in _ONE_SOUND:
        word = word.replace(letters, sound)
    return word


def _distance(one: str, two: str) -> float:
    """Slips of the pen between two words: a swap is one, a letter of like sound half of one."""
    before: list[float] = []
    above: list[float] = [float(at) for at in range(len(two) + 1)]
    for row, sign in enumerate(one, 1):
        line = [float(row)]
        for column, other in enumerate(two, 1):
            least = min(
                above[column] + 1,
                line[column - 1] + 1,
                above[column - 1] + _price(sign, other),
            )
            swapped = row > 1 and column > 1 and sign == two[column - 2] and other == one[row - 2]
            line.append(min(least, before[column - 2] + 1) if swapped else least)
        before, above = above, line
    return above[-1]


@cache
def _price(sign: str, other: str) -> float:
    if sign == other:
        return 0.0
    pair = frozenset((sign, other))
    return _HALF if pair <= _VOWELS or pair in _ALIKE else 1.0
