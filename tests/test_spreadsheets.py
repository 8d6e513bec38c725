"""Cells of our CSV files, as a spreadsheet would take them."""

import csv
import io

import pytest

from app import spreadsheets


@pytest.mark.parametrize("sign", list("=+-@\t\r\n＝＋－＠"))
def test_no_cell_is_a_formula(sign: str) -> None:
    [cells] = csv.reader(io.StringIO(spreadsheets.line([f"{sign}1+1", 7, None]), newline=""))
    assert cells == [f"'{sign}1+1", "7", ""]


def test_other_cells_stay_as_they_are() -> None:
    said = ["Полевая Вера", 'she said "no", twice', "two\nlines", "a=b"]
    [cells] = csv.reader(io.StringIO(spreadsheets.line(said), newline=""))
    assert cells == said
