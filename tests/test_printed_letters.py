"""What is printed is what was approved, word for word, for letters of every language."""

from dataclasses import dataclass

import pytest
from sqlmodel import col, select

from app.models import Approval, Facility, Letter, Placement, Prisoner, Rendering, Revision
from app.service import Service
from mailing import letter_numbers
from tests.mailing.samples import body_of, folded, page_of

SIX = {"de", "en", "ru", "uk", "fr", "es"}


@dataclass(frozen=True)
class Printed:
    language: str
    number: str
    approved: str
    signature: str
    dative_name: str
    postal_code: str
    pages: int
    pdf: bytes


@pytest.fixture
def printed(demonstration: Service) -> list[Printed]:
    """Every letter of the demonstration that was laid out."""
    with demonstration.database.read() as session:
        rows = session.exec(
            select(Letter, Rendering, Revision, Facility)
            .join(Rendering, col(Rendering.id) == Letter.rendering_id)
            .join(Approval, col(Approval.id) == Rendering.approval_id)
            .join(Revision, col(Revision.id) == Approval.revision_id)
            .join(Placement, col(Placement.id) == Approval.placement_id)
            .join(Facility, col(Facility.id) == Placement.facility_id)
            .where(col(Revision.text_sealed).is_not(None))
        ).all()
        return [
            Printed(
                letter.language,
                letter.number,
                revision.text,
                revision.signature,
                session.get_one(Prisoner, letter.prisoner_id).dative_name or "",
                facility.postal_code,
                rendering.pages,
                demonstration.vault.get(rendering.file_id),
            )
            for letter, rendering, revision, facility in rows
        ]


def test_the_page_says_what_was_approved_in_all_six_languages(printed: list[Printed]) -> None:
    each = {letter.language: letter for letter in printed}
    assert set(each) >= SIX
    for letter in each.values():
        body = body_of(letter.pdf, letter.pages - 1)
        assert folded(f"{letter.approved} {letter.signature}") in body


def test_address_and_number_are_right(printed: list[Printed]) -> None:
    for letter in {letter.language: letter for letter in printed}.values():
        first = page_of(letter.pdf, 1)
        assert letter.dative_name in first
        assert letter.postal_code in first
        assert letter_numbers.grouped(letter.number) in first
        assert letter_numbers.grouped(letter.number) in page_of(letter.pdf, letter.pages)
