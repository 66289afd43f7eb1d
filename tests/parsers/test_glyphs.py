"""Characters → lines of text: a row of figures that stand at two heights is one line, rows below each other never are."""

from collections.abc import Sequence

import pytest

from parsers.document import Paragraph
from parsers.glyphs import Glyph, line_of, text_lines
from parsers.readers import pdf
from tests.parsers.drawn import pdf_of, text_at
from tests.parsers.small import read

HEIGHT = 8.0


def glyphs(x: float, top: float, text: str) -> list[Glyph]:
    """One box of 5 × 8 for each character."""
    return [Glyph(x + 5 * at, top, x + 5 * at + 5, top + HEIGHT, sign) for at, sign in enumerate(text)]


def lines(*placed: Sequence[Glyph]) -> list[str]:
    return [line.text for row in text_lines(glyph for part in placed for glyph in part) for line in line_of(row)]


@pytest.mark.parametrize("lower", [4.5, 5.5])
def test_figures_of_a_row_at_two_heights_are_one_line(lower: float) -> None:
    row = (glyphs(0, 0, "事项"), glyphs(200, 0, "-3"), glyphs(100, lower, "4"), glyphs(300, lower, "0"))
    assert lines(*row) == ["事项 4 -3 0"]


def test_rows_that_overlap_in_width_stay_apart_however_tight() -> None:
    assert lines(glyphs(0, 0, "甲 1 2"), glyphs(0, 5, "乙 3 4")) == ["甲 1 2", "乙 3 4"]


def test_rows_that_do_not_overlap_in_height_stay_apart() -> None:
    assert lines(glyphs(0, 0, "甲 1"), glyphs(100, 7, "乙 3")) == ["甲 1", "乙 3"]


def test_a_label_between_two_rows_of_figures_goes_to_neither() -> None:
    assert lines(glyphs(100, 0, "1 2"), glyphs(0, 5, "1.属于"), glyphs(100, 10, "3 4")) == ["1 2", "1.属于", "3 4"]


def test_figures_at_two_heights_in_a_pdf() -> None:
    page = [text_at(50, 100, "licenses"), text_at(300, 100, "-3"), text_at(200, 105, "4"), text_at(400, 105, "0")]
    (block,) = pdf.read(pdf_of(page)).blocks
    assert isinstance(block, Paragraph)
    assert block.text == "licenses 4 -3 0"


LICENSES = (
    "云州市青澜区云蓼镇人民政府2019年政府信息公开工作年度报告\n二、主动公开政府信息情况\n第二十条第（五）项\n"
    "信息内容\n上一年项目数量\n本年增/减\n处理决定数量\n行政许可\n{}\n"
)


@pytest.mark.parametrize("figures", ["-3\n4\n0", "4\n0\n-3"])
def test_a_row_of_text_in_which_another_column_alone_can_hold_a_figure_is_not_known_to_be_in_order(figures: str) -> None:
    cells = [cell for cell in read(LICENSES.format(figures)).cells if cell.key[1] == "administrative_license"]
    assert [(cell.value, cell.basis) for cell in cells] == [(None, "ambiguous")] * 3


def test_a_row_of_text_in_order() -> None:
    cells = [cell for cell in read(LICENSES.format("4\n-3\n0")).cells if cell.key[1] == "administrative_license"]
    assert [cell.value for cell in cells] == [4, -3, 0]
