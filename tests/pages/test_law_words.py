"""Articles and the law's own words, for readers of either language."""

import pytest

from app.pages.shell.formats import filters


@pytest.mark.parametrize("written", ["207.3 p. 1", "ст. 207.3 ч. 1", "207.3, part 1", "207.3 ч.1"])
def test_an_article_is_written_as_its_reader_writes_it(written: str) -> None:
    assert filters("ru", "UTC")["article"](written) == "ст. 207.3 ч. 1"
    assert filters("en", "UTC")["article"](written) == "207.3, part 1"


@pytest.mark.parametrize("written", ["ст. 207.3 ч. 2 УК РФ", "282.2 p. 1 and p. 2", "treason"])
def test_what_is_more_than_an_article_stays(written: str) -> None:
    assert filters("en", "UTC")["article"](written) == written


def test_words_of_the_other_language_say_so() -> None:
    english, russian = filters("en", "UTC")["as_said"], filters("ru", "UTC")["as_said"]
    assert english("Дело о «фейках»") == '<bdi lang="ru">Дело о «фейках»</bdi>'
    assert russian("Дело о «фейках»") == "<bdi>Дело о «фейках»</bdi>"
    assert russian("A <post>") == '<bdi lang="en">A &lt;post&gt;</bdi>'
    assert english("207.3, part 1") == "<bdi>207.3, part 1</bdi>"
    assert english("280") == "<bdi>280</bdi>"
