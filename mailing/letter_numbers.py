"""The number printed on a letter, which a prisoner copies by hand onto the reply.

Digits only, because digits are the same in both alphabets. Ten of them are random and the
eleventh is a Damm check digit, which catches every single wrong digit and every swap of two
neighbours. Among seven thousand million numbers, 1.3 million letters leave a slip of the pen one
chance in fifty thousand of hitting another letter. The number opens nothing.
"""

import re
import unicodedata
from random import Random

from stdnum import damm
from stdnum.exceptions import ValidationError

DIGITS = 11

# No leading zero, which people drop; no 7 or 8, which would look like a Russian telephone number.
_FIRST_DIGITS = "1234569"
_GROUPS = re.compile(r"(\d{3})(\d{3})(\d{3})(\d{2})")
_BETWEEN_DIGITS = re.compile(r"^n[or]?\.?|[\s.\-‐‑‒–—_/#]+", re.IGNORECASE)


class NotALetterNumber(ValueError):
    """What was typed is no letter number: not eleven digits, or one of them is wrong."""


def new(random: Random) -> str:
    """A new number of eleven digits; the caller sees to it that no other letter has it.

    `random` should be a `random.SystemRandom` outside tests.
    """
    body = random.choice(_FIRST_DIGITS) + "".join(random.choices("0123456789", k=DIGITS - 2))
    return body + damm.calc_check_digit(body)


def grouped(number: str) -> str:
    """The number as it is printed, in groups that are easy to copy: «482 915 307 46»."""
    return _GROUPS.sub(r"\1 \2 \3 \4", number)


def parse(typed: str) -> str:
    """The eleven digits in what somebody typed, forgiving spaces, dashes and «№».

    Raises `NotALetterNumber` if they are not eleven or the check digit says one is wrong.
    """
    plain = unicodedata.normalize("NFKC", typed).strip()  # «№» becomes «No»
    digits = _BETWEEN_DIGITS.sub("", plain)
    if len(digits) != DIGITS or not (digits.isascii() and digits.isdecimal()):
        raise NotALetterNumber("A letter number has eleven digits")
    try:
        return str(damm.validate(digits))
    except ValidationError as error:
        raise NotALetterNumber("One of the digits is wrong") from error
