"""Names of writers in Cyrillic letters: proposals a reviewer sees."""

import pytest

from app.cyrillic import in_cyrillic


@pytest.mark.parametrize(
    ("name", "russian"),
    [
        ("Greta", "Грета"),
        ("Greta Winter", "Грета Винтер"),
        ("Jürgen Schmidt", "Юрген Шмидт"),
        ("Emma", "Эмма"),
        ("Łukasz", "Лукаш"),
        ("José", "Йосе"),
        ("Анна", "Анна"),
        ("Олеся & Tom", "Олеся & Том"),
        ("美香", "美香"),
        ("M. K.", "М. К."),
        ("", ""),
    ],
)
def test_a_name_is_written_in_cyrillic(name: str, russian: str) -> None:
    assert in_cyrillic(name) == russian
