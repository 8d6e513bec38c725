"""Which passwords are taken, and how they are kept: Argon2id, RFC 9106's second choice (64 MiB).

The rules are those of NIST SP 800-63B: length counts, nothing is demanded of signs, and what
everybody tries first is refused.
"""

import secrets
import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from app.errors import Unavailable
from app.locale import N_
from app.sealing import UNAMBIGUOUS

SHORTEST, LONGEST = 12, 256  # signs
AT_ONCE, WAITING = threading.Semaphore(4), threading.Semaphore(12)
"""Each check takes 64 MiB and a tenth of a second: of a flood of log-ins four are checked at once
and eight wait. The rest is sent away, so that neither memory nor threads run out for others."""

_hasher = PasswordHash((Argon2Hasher(),))
NOBODYS_HASH = (
    "$argon2id$v=19$m=65536,t=3,p=4$qXekIc3qBDQC/KxCQJ7t5w"
    "$z9JlJY3iVnBS4TcjfOiSyFHolh34MsNNCUQHZBP5m0k"
)
"""Checked when there is no such account, so that the answer takes as long. It was made of chance
that nobody kept, with the parameters of `_hasher`; made anew it would hold up every start."""

_WORDS = """
password passwort passwd pass secret geheim geheimnis letmein welcome willkommen hello hallo
admin administrator root user guest test tester demo default changeme master monkey dragon
sunshine princess football baseball superman batman shadow michael jennifer iloveyou trustno
login access lifeline letter letters prison freedom svoboda russia rossiya moskva moscow qwerty
qwertz azerty asdf asdfgh asdfghjkl zxcvbn zxcvbnm qwertyuiop qwertzuiop qazwsx qazwsxedc abc
abcd abcde abcdef abcdefg aaa correcthorsebatterystaple parol privet lyubov solnyshko пароль
привет секрет любовь солнышко россия москва свобода письма йцукен йцукенгшщзхъ фывапролджэ
ячсмить администратор qwe asd zxc yxcvbn the my is and your new mot de passe azertyuiop
contrasena haslo marina natasha sasha nastya
"""
_COMMON = frozenset(_WORDS.split())
_ROWS = (
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiopasdfghjklzxcvbnm",
    "qwertzuiopasdfghjklyxcvbnm",
    "йцукенгшщзхъфывапролджэячсмитьбю",
    "абвгдежзийклмнопрстуфхцчшщъыьэюя",
    "01234567890123456789",
    "1q2w3e4r5t6y7u8i9o0p",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
)
_LEET = str.maketrans("@04318$57!", "aoaeibsst" + "i")


def problem_with(password: str, pseudonym: str) -> str:
    """Why this password cannot be taken, as a message for people; empty when it can."""
    if len(password) < SHORTEST:
        return N_("A password needs at least 12 characters. Several words are easy to remember.")
    if len(password) > LONGEST:
        return N_("A password has at most 256 characters.")
    if "\0" in password:
        return N_("A password cannot contain this character.")
    folded = _folded(password)
    if pseudonym and len(folded.replace(_folded(pseudonym), "")) < SHORTEST // 2:
        return N_("The password must not be your name here.")
    if is_common(password):
        return N_("This password is among the first that are tried. Take several words by chance.")
    return ""


def is_common(password: str) -> bool:
    """Whether it is made of nothing but well-known words, keyboard rows, and repeated signs."""
    folded = _folded(password)
    return (
        len(set(folded)) < 5 or _made_of_common(folded) or _made_of_common(folded.translate(_LEET))
    )


def generated() -> str:
    """A password by chance (117 bits), in groups that can be read out."""
    return "-".join("".join(secrets.choice(UNAMBIGUOUS) for _ in range(4)) for _ in range(6))


def hashed(password: str) -> str:
    """What is kept of it. Raises `Unavailable` in a flood."""
    with _turn():
        return _hasher.hash(_plain(password))


def matches(password: str, password_hash: str) -> bool:
    """Takes as long for a wrong password as for a right one. Raises `Unavailable` in a flood."""
    with _turn():
        return _hasher.verify(_plain(password), password_hash)


@contextmanager
def _turn() -> Iterator[None]:
    if not WAITING.acquire(blocking=False):
        raise Unavailable(N_("Many people sign in right now. Try again in a minute."))
    try:
        with AT_ONCE:
            yield
    finally:
        WAITING.release()


def _plain(password: str) -> str:
    return unicodedata.normalize("NFC", password)


def _folded(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def _made_of_common(folded: str) -> bool:
    """Whether what is left without common words, rows and repetitions is shorter than six signs."""
    left, at = 0, 0
    while at < len(folded):
        step = _common_length(folded, at)
        if step == 0:
            left += folded[at].isalpha() or not folded[at].isascii()
        at += max(step, 1)
    return left < SHORTEST // 2


def _common_length(folded: str, at: int) -> int:
    longest = 0
    for end in range(at + 3, min(at + 30, len(folded)) + 1):
        piece = folded[at:end]
        in_row = any(piece in row or piece in row[::-1] for row in _ROWS)
        if in_row or piece in _COMMON or len(set(piece)) == 1:
            longest = end - at
    return longest
