"""Numbers of registered post, checked before they are stored. Simple letters have none."""

import re
from dataclasses import dataclass
from typing import Literal

_S10_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)
_RPO = re.compile(r"\d{14}", re.ASCII)
_S10 = re.compile(r"[A-Z]{2}\d{9}[A-Z]{2}", re.ASCII)


class NotATrackingNumber(ValueError):
    """Neither a Russian nor an international number of registered post."""


@dataclass(frozen=True)
class TrackingNumber:
    """A number that passed its check; `kind` is Russian (`rpo`) or international (`s10`)."""

    kind: Literal["rpo", "s10"]
    number: str


def parse(typed: str) -> TrackingNumber:
    """The number in what somebody typed, forgiving spaces, dashes and small letters.

    Russian (RPO): postal code, month, serial and check digit, 14 digits. International: UPU
    standard S10, such as RD025500807SE. Raises `NotATrackingNumber`.
    """
    number = re.sub(r"[\s\-–]", "", typed).upper()
    if _RPO.fullmatch(number):
        if _rpo_check(number) == int(number[13]):
            return TrackingNumber("rpo", number)
        raise NotATrackingNumber("One of the digits is wrong")
    if _S10.fullmatch(number):
        if _s10_check(number[2:10]) == int(number[10]):
            return TrackingNumber("s10", number)
        raise NotATrackingNumber("One of the digits is wrong")
    raise NotATrackingNumber("A tracking number has 14 digits, or 2 letters, 9 digits, 2 letters")


def _rpo_check(number: str) -> int:
    odd = sum(map(int, number[0:13:2]))
    even = sum(map(int, number[1:13:2]))
    return (10 - (3 * odd + even) % 10) % 10


def _s10_check(serial: str) -> int:
    weighted = sum(weight * int(digit) for weight, digit in zip(_S10_WEIGHTS, serial, strict=True))
    return {10: 0, 11: 5}.get(check := 11 - weighted % 11, check)
