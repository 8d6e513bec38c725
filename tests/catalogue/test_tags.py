"""Interests and professions in two languages: paired by their order, or not at all."""

from typing import Any

import pytest

from app.catalogue.details import PersonDetails, PersonTyped
from app.catalogue.doubts import Looks
from app.database import Database
from app.errors import Invalid
from app.finding.facets import facets_of
from app.finding.tags import match, pairs, tags
from app.models import Prisoner
from app.pages.shell.forms import Form
from app.pages.shell.typed import read_as
from app.queries import doubtful
from tests.world import make_prisoner

TYPED = {"surname": "Озерова", "given_name": "Анна", "gender": "she"}


def test_tags_pair_by_their_order() -> None:
    assert tags(" chess,  old radio sets. ;, jazz\nbread") == [
        *("chess", "old radio sets", "jazz", "bread")
    ]
    assert pairs("chess, jazz", "шахматы; джаз") == [("chess", "шахматы"), ("jazz", "джаз")]
    assert pairs("", "шахматы, джаз") == [("", "шахматы"), ("", "джаз")]
    assert match("chess", "")
    assert not match("chess, jazz", "шахматы")
    assert pairs("chess, jazz", "шахматы") == []


def facets(**facts: Any) -> list[Any]:
    row = Prisoner(
        slug="a", surname="А", given_name="Б", latin_name="B A", gender="she", published=True
    )
    row.sqlmodel_update(facts)
    return [facet for facet in facets_of(row, [], None) if facet[0] in {"interest", "work"}]


def test_what_does_not_match_is_nobody_elses_pair() -> None:
    assert facets(interests_en="chess, jazz", interests_ru="шахматы, джаз") == [
        ["interest", "chess|шахматы", ["chess", "шахматы"]],
        ["interest", "jazz|джаз", ["jazz", "джаз"]],
    ]
    assert facets(interests_en="chess, jazz", interests_ru="джаз") == [
        ["interest", "chess"],
        ["interest", "jazz"],
        ["interest", "джаз"],
    ]


def typed(**fields: str) -> PersonTyped:
    return read_as(PersonTyped, Form(tuple({**TYPED, **fields}.items())), str)


@pytest.mark.parametrize("field", ["interests", "profession"])
def test_the_form_takes_lists_that_match_and_names_both_counts_else(field: str) -> None:
    with pytest.raises(Invalid) as refused:
        typed(**{f"{field}_en": "teacher, beekeeper, poet", f"{field}_ru": "учитель, поэт"})
    assert list(refused.value.problems) == [f"{field}_ru"]
    assert "In English there are 3, in Russian 2" in refused.value.problems[f"{field}_ru"]
    for english, russian in (("teacher, poet", "учитель, поэт"), ("teacher, poet", ""), ("", "а")):
        taken = typed(**{f"{field}_en": english, f"{field}_ru": russian})
        assert getattr(taken, f"{field}_ru") == russian
    # A source may say so, and a coordinator mends it.
    said = PersonDetails.model_validate({**TYPED, f"{field}_en": "a, b", f"{field}_ru": "а"})
    assert getattr(said, f"{field}_ru") == "а"


def test_doubtful_records_name_whose_tags_or_story_are_to_be_mended(database: Database) -> None:
    with database.write() as session:
        make_prisoner(session, birth_year=1980)
        apart = make_prisoner(session, birth_year=1981, interests_ru="стихи")
        work = make_prisoner(
            session, birth_year=1982, profession_en="nurse, poet", profession_ru="медсестра"
        )
        alone = make_prisoner(
            session, birth_year=1989, interests_en="", interests_ru="шахматы", surname="Одна"
        )
        make_prisoner(session, birth_year=1990, interests_en="", interests_ru="", surname="Без")
        make_prisoner(session, birth_year=1991, profession_ru="", surname="Тайная", hidden=True)
        untold = [
            make_prisoner(session, birth_year=1983, story_en=" "),
            make_prisoner(session, birth_year=1984, story_ru=""),
            make_prisoner(session, birth_year=1985, story_ru="", published=False, named=True),
        ]
        make_prisoner(session, birth_year=1986, story_ru="", published=False, eligible=False)
        make_prisoner(session, birth_year=1987, story_ru="", hidden=True)
        make_prisoner(session, birth_year=1988, story_ru="", identity_hidden=True)
    with database.read() as session:
        found = doubtful.find_doubtful(session, Looks.TAGS, 1)
        assert {row.id for row in found.people} == {apart.id, work.id, alone.id}
        found = doubtful.find_doubtful(session, Looks.STORY, 1)
        assert {row.id for row in found.people} == {row.id for row in untold}
        assert (found.counts[Looks.STORY], found.counts[Looks.TAGS]) == (3, 3)
