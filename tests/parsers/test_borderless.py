"""Tables without borders from glyphs that we place ourselves: an ideograph is 10 wide, a narrow character 5."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers.borderless import Line, Table, tables_in
from parsers.glyphs import Glyph, line_of, on_lines

EM = 10.0
Text = tuple[float, float, str]
"""x0, middle, words."""


def width(words: str) -> float:
    return sum(EM if character >= "\u2e80" else EM / 2 for character in words)


def glyphs_of(x: float, y: float, words: str) -> list[Glyph]:
    glyphs = []
    for character in words:
        advance = width(character)
        glyphs.append(Glyph(x, y - EM / 2, x + advance, y + EM / 2, character))
        x += advance
    return glyphs


def found(*pages: Sequence[Text]) -> list[Table]:
    lines = []
    for page, texts in enumerate(pages):
        for row in on_lines(glyph for text in texts for glyph in glyphs_of(*text)):
            lines += [Line(line.text, page, row) for line in line_of(row)]
    return tables_in(lines)


def texts(table: Table) -> list[list[str]]:
    """Row by row, the cells from the left."""
    return [[cell.text for cell in table.cells if cell.row == row] for row in range(table.rows)]


HEADS: list[Text] = [(20, 100, "信息内容"), (150, 100, "本年制发"), (250, 100, "本年废止"), (350, 100, "现行有效")]


def row(y: float, label: str, *figures: str) -> list[Text]:
    """Figures in the middle of their columns; an empty one is not printed."""
    middles = (170, 270, 370)
    return [(20, y, label), *((x - width(text) / 2, y, text) for x, text in zip(middles, figures, strict=True) if text)]


def test_columns_by_alignment() -> None:
    (table,) = found([*HEADS, *row(120, "规章", "0", "1", "12"), *row(140, "规范性文件", "1234", "5", "6")])
    assert texts(table) == [
        ["信息内容", "本年制发", "本年废止", "现行有效"], ["规章", "0", "1", "12"], ["规范性文件", "1234", "5", "6"],
    ]  # fmt: skip


def test_a_column_that_is_empty_throughout_is_told_by_its_head() -> None:
    (table,) = found([*HEADS, *row(120, "规章", "0", "", "12"), *row(140, "规范性文件", "7", "", "")])
    assert texts(table)[1:] == [["规章", "0", "", "12"], ["规范性文件", "7", "", ""]]
    assert table.columns == 4


def test_a_row_without_figures_between_rows_with_some() -> None:
    page = [*HEADS, *row(120, "规章", "0", "1", "2"), *row(140, "文件", "", "", ""), *row(160, "公告", "3", "4", "5")]
    (table,) = found(page)
    assert texts(table)[1:] == [["规章", "0", "1", "2"], ["文件", "", "", ""], ["公告", "3", "4", "5"]]


@pytest.mark.parametrize("shift", [0.0, 6.5, 13.0])
def test_a_label_of_two_lines_with_figures_at_its_top_middle_or_foot(shift: float) -> None:
    long_row = [(20.0, 140.0, "申请人逾期未按要求补"), (20.0, 153.0, "正材料")]
    figures = [text for text in row(140 + shift, "", "1", "2", "3") if text[2]]
    page = [*HEADS, *row(120, "规章", "0", "0", "0"), *long_row, *figures, *row(173, "公告", "4", "5", "6")]
    (table,) = found(page)
    assert texts(table)[1:] == [
        ["规章", "0", "0", "0"],
        ["申请人逾期未按要求补正材料", "1", "2", "3"],
        ["公告", "4", "5", "6"],
    ]


def test_a_heading_behind_a_table_and_prose_before_it_are_lines() -> None:
    prose: list[Text] = [(20, 60, "本年度共收到申请12件，答复12件。")]
    heading: list[Text] = [(20, 170, "四、行政复议情况")]
    (table,) = found([*prose, *HEADS, *row(120, "规章", "0", "1", "2"), *heading])
    assert [number for number in range(4) if number not in table.lines] == [0, 3]


@pytest.mark.parametrize(
    "page",
    [
        [
            (20.0, 100.0, "本年度共收到申请"),
            (110.0, 100.0, "12"),
            (130.0, 100.0, "件。"),
            (20.0, 120.0, "答复"),
            (110.0, 120.0, "12"),
        ],
        [*row(100, "规章", "0", "1", "2"), *row(120, "公告", "3", "4", "5")],  # no heads
        [*HEADS[:3], *row(120, "规章", "0", "1", "2")],  # one column has none
        [*HEADS[:1], (150.0, 100.0, "本年制发现行有效废止件数"), *row(120, "规章", "0", "1", "")],  # two under one
        [*HEADS, *row(120, "规章", "0", "1", "2"), (230.0, 140.0, "12345"), (20.0, 140.0, "公告"), (290.0, 140.0, "6")],
    ],
)
def test_what_is_not_certain_is_no_table(page: list[Text]) -> None:
    assert found(page) == []


def test_a_table_goes_on_over_the_page_between_the_same_columns() -> None:
    (table,) = found([*HEADS, *row(120, "规章", "0", "1", "2")], row(30, "公告", "", "4", ""))
    assert texts(table)[1:] == [["规章", "0", "1", "2"], ["公告", "", "4", ""]]
    assert {cell.page for cell in table.cells if cell.row == 2} == {1}


def test_leaders_and_units_set_apart() -> None:
    heads: list[Text] = [(20, 100, "信息内容"), (200, 100, "数量")]
    page: list[Text] = [*heads, (20, 120, "规章"), (45, 120, "." * 28), (205, 120, "12"), (220, 120, "件")]
    (table,) = found(page)
    assert texts(table)[1] == ["规章", "12件"]


FIGURES = st.lists(st.sampled_from(["", "0", "7", "12", "345", "6789", "/", "—"]), min_size=7, max_size=7)


@settings(max_examples=60, deadline=None)
@given(st.lists(FIGURES, min_size=1, max_size=6), st.sampled_from((0.0, 0.5, 1.0)), st.floats(0, 0.4))
def test_no_figure_ever_changes_its_column(rows: list[list[str]], side: float, jitter: float) -> None:
    """Left, in the middle or right of its column, with blanks anywhere: a table, if one is read, is the one printed."""
    page: list[Text] = [(20, 100, "信息内容")]
    page += [(150 + 50 * column + side * 10, 100, head) for column, head in enumerate("甲乙丙丁戊己庚")]
    for number, figures in enumerate(rows):
        y = 120.0 + 20 * number
        page.append((20, y, f"第{'一二三四五六'[number]}行"))
        for column, text in enumerate(figures):
            x = 150 + 50 * column + side * (20 - width(text)) + jitter * (number % 2)
            page += [(x, y, text)] if text else []
    printed = [
        (number, column) for number, figures in enumerate(rows, 1) for column, text in enumerate(figures) if text
    ]
    if not printed:
        assert found(page) == []
        return
    (table,) = found(page)
    assert table.columns == 8
    cells = {(cell.row, cell.column): cell.text for cell in table.cells}
    skipped = next(number for number in range(1, 7) if cells[1, 0] == f"第{'一二三四五六'[number - 1]}行") - 1
    for number, column in printed:
        assert cells[number - skipped, column + 1] == rows[number - 1][column]
