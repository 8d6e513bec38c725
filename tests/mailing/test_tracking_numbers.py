"""Numbers of registered post."""

import pytest

from mailing.tracking_numbers import NotATrackingNumber, TrackingNumber, parse


@pytest.mark.parametrize(
    ("typed", "kind", "number"),
    [
        ("62009147017544", "rpo", "62009147017544"),
        ("620091 47 01754 4", "rpo", "62009147017544"),
        ("RD025500807SE", "s10", "RD025500807SE"),
        ("rr 123 456 785 ee", "s10", "RR123456785EE"),
    ],
)
def test_valid_numbers(typed: str, kind: str, number: str) -> None:
    found = parse(typed)
    assert (found.kind, found.number) == (kind, number)
    assert isinstance(found, TrackingNumber)


@pytest.mark.parametrize(
    "typed",
    ["RR123456789EE", "62009147017545", "6200914701754", "RR12345678EE", "", "РД025500807SE"],
)
def test_invalid_numbers(typed: str) -> None:
    with pytest.raises(NotATrackingNumber):
        parse(typed)
