"""Flattened pages, pipes, tabs and Markdown as blocks, each at its place."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.document import Grid, Heading, Paragraph, locator_at
from parsers.readers import text


def grids(content: str) -> list[Grid]:
    return [block for block in text.read(content).blocks if isinstance(block, Grid)]


def rows_of(grid: Grid) -> list[list[str]]:
    return [[cell.text for cell in grid.cells if cell.row == row] for row in range(grid.rows)]


def at(content: str, locator: str) -> str:
    """The rest of the line at a locator."""
    line, column = (int(part) for part in locator.removeprefix("text:").split(","))
    return content.replace("\r\n", "\n").split("\n")[line - 1][column - 1 :]


def test_a_line_is_a_paragraph_from_its_first_character() -> None:
    content = "标题: 年度报告\n\n\u3000\u3000一、总体情况  \r\n\f0\n\xa0"
    assert text.read(content).blocks == (
        Paragraph("标题: 年度报告", "text:1,1"),
        Paragraph("一、总体情况", "text:3,3"),
        Paragraph("0", "text:4,2"),
    )


def test_inner_space_stays_raw_so_that_places_can_be_counted() -> None:
    content = "  总计   2\t0"
    (block,) = text.read(content).blocks
    assert isinstance(block, Paragraph)
    assert block.text == "总计   2\t0"
    assert at(content, locator_at(block.locator, block.text.index("2"))) == "2\t0"


def test_markdown_headings() -> None:
    assert text.read("## 二、主动公开 ##\n#标签").blocks == (
        Heading("二、主动公开", "text:1,4", level=2),
        Paragraph("#标签", "text:2,1"),
    )


def test_markdown_table() -> None:
    (grid,) = grids("| 信息内容 | 本年制发件数 |\n| --- | :--: |\n| **规章** | 0 |\n| 行政规范性文件 |  |")
    assert rows_of(grid) == [["信息内容", "本年制发件数"], ["规章", "0"], ["行政规范性文件", ""]]
    assert (grid.rows, grid.columns, grid.has_borders) == (3, 2, True)
    assert grid.locator == "text:1,3"
    assert [cell.locator for cell in grid.cells[2:]] == ["text:3,5", "text:3,12", "text:4,3", "text:4,12"]


def test_fields_without_edges() -> None:
    (grid,) = grids("信息内容 | 本年新 | 总数量\n规章 | 0 | 7\n文件 | 77 |")
    assert rows_of(grid) == [["信息内容", "本年新", "总数量"], ["规章", "0", "7"], ["文件", "77", ""]]
    assert grid.has_borders


def test_edges_at_the_right_only() -> None:
    (grid,) = grids("第二十条 | ||||\n规章 | 0 | 0 | 0 | |\n收费 | 0 | 0 |")
    assert [len(row) for row in rows_of(grid)] == [5, 5, 3]
    assert not grid.has_borders, "a short row does not say which fields it lacks"


def test_a_blank_first_field() -> None:
    (grid,) = grids("规章 | 0 | 1\n | 2 | 3")
    assert rows_of(grid) == [["规章", "0", "1"], ["", "2", "3"]]


def test_drawn_tables() -> None:
    (grid,) = grids("+----+---+\n| 规章 | 0 |\n+----+---+\n| 文件 | 1 |\n+----+---+")
    assert rows_of(grid) == [["规章", "0"], ["文件", "1"]]


def test_a_rule_without_a_head() -> None:
    (grid,) = grids("|---|---|\n\n| 规章 | 0 |\n| 文件 | 1 |")
    assert rows_of(grid) == [["规章", "0"], ["文件", "1"]]


def test_a_row_of_dashes_is_a_row_of_figures() -> None:
    (grid,) = grids("规章 | 0 | 1\n- | - | -")
    assert rows_of(grid)[1] == ["-", "-", "-"]


def test_tabs_keep_leading_and_trailing_empty_fields() -> None:
    (grid,) = grids("自然人\t法人\t总计\n规章\t0\t\n\t1\t2")
    assert rows_of(grid) == [["自然人", "法人", "总计"], ["规章", "0", ""], ["", "1", "2"]]
    assert grid.has_borders


def test_an_indent_is_no_field() -> None:
    assert text.read("\t一、总体情况\n\t根据条例").blocks == (
        Paragraph("一、总体情况", "text:1,2"),
        Paragraph("根据条例", "text:2,2"),
    )


@pytest.mark.parametrize("line", ["首页 | 信息公开 | 年报", "|", "||", "a | b", "规章\t0", "| 规章", "|规章|"])
def test_a_lone_line_is_no_table(line: str) -> None:
    assert not grids(f"一、总体情况\n{line}\n二、主动公开")


def test_a_lone_row_of_a_continued_table_is_one() -> None:
    (grid,) = grids("正文\n| 四、结转 | 0 | 0 |\n正文")
    assert rows_of(grid) == [["四、结转", "0", "0"]]


def test_blank_lines_between_rows_do_not_end_a_table() -> None:
    (grid,) = grids("规章 | 0 | 0\n\n\n文件 | 1 | 2\n\n许可 | 3 | 4\n\n正文")
    assert grid.rows == 3
    assert grid.cells[-1].locator == "text:6,10"


def test_prose_between_rows_ends_a_table() -> None:
    assert [grid.rows for grid in grids("| a | 1 |\n| b | 2 |\n正文\n| c | 3 |\n| d | 4 |\n| e | 5 |")] == [2, 3]


def test_a_second_head_begins_another_table() -> None:
    content = "| a | b |\n|---|---|\n| 1 | 2 |\n\n| c | d |\n|---|---|\n| 3 | 4 |"
    assert [rows_of(grid)[0] for grid in grids(content)] == [["a", "b"], ["c", "d"]]


def test_another_width_behind_a_gap_begins_another_table() -> None:
    assert [grid.columns for grid in grids("a | b\nc | d\n\n1 | 2 | 3\n4 | 5 | 6")] == [2, 3]


def test_words_conditional_comments_vanish_and_places_stay_true() -> None:
    content = "概述<!--[if !supportLists]-->（三）<!--[endif]-->突出重点公开<![if !supportLists]>（四）<![endif]>总计0"
    blocks = text.read(content).blocks
    texts = [block.text for block in blocks if isinstance(block, Paragraph)]
    assert texts == ["概述", "（三）突出重点公开", "（四）总计0"]
    last = blocks[-1]
    assert isinstance(last, Paragraph)
    assert at(content, locator_at(last.locator, last.text.index("总计"))) == "总计0"


def test_markup_in_fields() -> None:
    (grid,) = grids("| 本年新<br>制作 | a\\|b |\n|---|---|\n| 0 | 1 |")
    assert rows_of(grid)[0] == ["本年新制作", "a|b"]


def test_a_very_long_line_is_one_paragraph() -> None:
    content = "一、总体情况 " + "0 " * 200_000
    (block,) = text.read(content).blocks
    assert isinstance(block, Paragraph)
    assert len(block.text) == len(content) - 1


@given(st.lists(st.sampled_from(["| a | 1 |", "|---|---|", "", "a\tb", "\t", "| |", "文", "--", "a|b"]), max_size=12))
def test_any_mix_of_lines_keeps_every_word_once(lines: list[str]) -> None:
    content = "\n".join(lines)
    found = ""
    for block in text.read(content).blocks:
        found += "".join(cell.text for cell in block.cells) if isinstance(block, Grid) else block.text
    signs = str.maketrans("", "", "|-\t \n")
    assert found.translate(signs) == content.translate(signs)


words = st.text(st.sampled_from("规章总计0127.+-（）a "), min_size=1, max_size=6)
lines = st.lists(words, min_size=1, max_size=5)
fields = st.lists(st.sampled_from(["规章", "0", "12", "", "总 计"]), min_size=3, max_size=3)


@given(st.lists(lines, min_size=1, max_size=8), st.sampled_from(["|", " | ", "\t", "\n", " "]))
def test_the_text_at_a_locator_is_the_blocks_text(rows: list[list[str]], separator: str) -> None:
    content = "\n".join(separator.join(row) for row in rows)
    for block in text.read(content).blocks:
        for place in block.cells if isinstance(block, Grid) else (block,):
            assert at(content, place.locator).startswith(place.text)


@given(st.lists(fields, min_size=2, max_size=6))
def test_markdown_rows_come_back(rows: list[list[str]]) -> None:
    filled = [row for row in rows if any(row)]
    content = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    found = [row for grid in grids(content) for row in rows_of(grid)]
    assert found == filled
    assert all(grid.has_borders for grid in grids(content))


def test_every_line_of_the_corpus_keeps_its_place() -> None:
    corpus = os.environ.get("NIANBAO_CORPUS")
    if not corpus:
        pytest.skip("NIANBAO_CORPUS is not set: no real documents to read")
    paths = [*Path(corpus).glob("*.txt"), *Path(corpus).glob("*2024.md")]
    assert paths
    for path in paths:
        content = path.read_text()
        for block in text.read(content).blocks:
            for place in block.cells if isinstance(block, Grid) else (block,):
                start = 3 if "<!--[" in content else 0  # the number before a removed comment is placed approximately
                assert at(content, locator_at(place.locator, start)).startswith(place.text[start:]), (path, place)
