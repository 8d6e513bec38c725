"""What people who are shown are found by, and what all who are in prison are counted under."""

from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel


class PersonIndex(SQLModel, table=True):
    """One line for everybody who is, or once was, shown in public or counted in its figures.

    number: small and never used again, a position in bit sets. version: grows with every change,
    so that a process sees what changed since it last looked. sort_name: "" of who is not shown.
    facets: (field, value, words) of `app.finding.facets`; of who is not shown as they were when
    all others were last counted, and empty of who is not counted either.
    """

    __tablename__ = "person_index"
    __table_args__ = ({"sqlite_autoincrement": True},)

    number: int | None = Field(default=None, primary_key=True)
    prisoner_id: str = Field(unique=True, max_length=24)
    version: int = Field(index=True, sa_type=sa.BigInteger)
    sort_name: str = Field(default="", max_length=250)
    facets: list[list[Any]] = Field(default_factory=list, sa_type=sa.JSON)


class PersonWord(SQLModel, table=True):
    """A word about somebody as it sounds. field: "name", "text", or "like" for interests."""

    __tablename__ = "person_word"
    __table_args__ = ({"sqlite_with_rowid": False},)

    field: str = Field(primary_key=True, max_length=4)
    word: str = Field(primary_key=True, max_length=40)
    number: int = Field(primary_key=True, index=True)


class WordTrigram(SQLModel, table=True):
    """Three letters in a row, or the consonants, of a word in somebody's name."""

    __tablename__ = "word_trigram"
    __table_args__ = ({"sqlite_with_rowid": False},)

    trigram: str = Field(primary_key=True, max_length=41)
    word: str = Field(primary_key=True, max_length=40)
