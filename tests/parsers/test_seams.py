"""Tables that run over pages, sewn together: columns, repeated heads, rows and group labels that the page cut."""

from collections.abc import Sequence

from parsers.document import Block, Grid, GridCell, Paragraph
from parsers.seams import Leaf, sewn, without_running_lines

LINE = 20.0


def grid(page: int, edges: Sequence[float], *rows: str, top: float = 100.0) -> Grid:
    """Rows of cells written as `text` or, over several places, `text*columns` or `text^rows`, apart by `|`."""
    cells = []
    taken: set[tuple[int, int]] = set()
    for row, line in enumerate(rows):
        column = 0
        for written in line.split("|") if line else ():
            while (row, column) in taken:
                column += 1
            text, _, across = written.strip().partition("*")
            text, _, down = text.partition("^")
            colspan, rowspan = int(across or 1), int(down or 1)
            taken |= {(row + y, column + x) for y in range(rowspan) for x in range(colspan)}
            box = (edges[column], top + row * LINE, edges[column + colspan], top + (row + rowspan) * LINE)
            cells.append(GridCell(text, row, column, _locator(page, box), rowspan, colspan))
            column += colspan
    box = (edges[0], top, edges[-1], top + len(rows) * LINE)
    return Grid(tuple(cells), len(rows), len(edges) - 1, _locator(page, box))


def _locator(page: int, box: tuple[float, float, float, float]) -> str:
    return f"pdf:{page}," + ",".join(f"{side:.1f}" for side in box)


def both(upper: Grid, lower: Grid, *full: str) -> tuple[Block, ...]:
    """The two pages; `full` are texts of cells without room for more."""
    locators = frozenset(cell.locator for cell in upper.cells if cell.text in full)
    return sewn([Leaf(1, (upper,), locators), Leaf(2, (lower,))], 4.0)


def texts(block: Block) -> dict[tuple[int, int], str]:
    assert isinstance(block, Grid)
    return {(cell.row, cell.column): cell.text for cell in block.cells}


WHOLE = (50.0, 150.0, 250.0, 350.0)


def test_columns_of_both_pages_are_told_apart() -> None:
    """The head spans two label columns of the next page."""
    upper = grid(1, (50.0, 250.0, 350.0), "项目|数量")
    lower = grid(2, (50.5, 150.0, 250.5, 350.0), "甲^2|一|1", "二|2")
    (block,) = both(upper, lower)
    assert isinstance(block, Grid)
    assert (block.rows, block.columns) == (3, 3)
    assert texts(block) == {(0, 0): "项目", (0, 2): "数量", (1, 0): "甲", (1, 1): "一", (1, 2): "1", (2, 1): "二", (2, 2): "2"}
    assert {cell.text: cell.colspan for cell in block.cells if cell.colspan > 1} == {"项目": 2}
    assert [cell.locator.split(",")[0] for cell in block.cells] == ["pdf:1"] * 2 + ["pdf:2"] * 5


def test_a_repeated_head_is_left_out() -> None:
    (block,) = both(grid(1, WHOLE, "项目|甲|乙", "一|1|2"), grid(2, WHOLE, "项目|甲|乙", "二|3|4"))
    assert texts(block)[2, 0] == "二"
    assert (2, 1) in texts(block)
    assert (3, 0) not in texts(block)


def test_equal_rows_of_figures_are_no_repeated_head() -> None:
    (block,) = both(grid(1, WHOLE, "其他|0|0"), grid(2, WHOLE, "其他|0|0"))
    assert isinstance(block, Grid)
    assert block.rows == 2


def test_a_row_that_the_page_cut() -> None:
    upper = grid(1, WHOLE, "甲|1|2", "其他法律行政|3|4")
    for lower in ("法规禁止|| ", "|| "):
        (block,) = both(upper, grid(2, WHOLE, lower, "丙|5|6"), "其他法律行政")
        assert isinstance(block, Grid)
        assert block.rows == 3
        label = f"其他法律行政{lower.split('|')[0]}"
        assert [texts(block)[1, column] for column in range(3)] == [label, "3", "4"]
        assert texts(block)[2, 0] == "丙"


def test_a_cut_row_whose_figures_stand_on_the_next_page() -> None:
    (block,) = both(grid(1, WHOLE, "甲|1|2", "其他法律行政||"), grid(2, WHOLE, "法规禁止|3|4"), "其他法律行政")
    assert [texts(block)[1, column] for column in range(3)] == ["其他法律行政法规禁止", "3", "4"]


def test_rows_that_are_not_one() -> None:
    """No room is left, but a number begins the next row; or there is room, so that nothing was cut; or both have
    figures."""
    for upper, lower, full in (
        ("1.国家秘密|1|2", "2.重复申请|| ", "1.国家秘密"),
        ("规章|1|2", "规范性文件|| ", ""),
        ("规章|1|2", "规范性文件|3|4", "规章"),
    ):
        (block,) = both(grid(1, WHOLE, upper), grid(2, WHOLE, lower), full)
        assert isinstance(block, Grid)
        assert block.rows == 2


def test_a_group_goes_on_over_the_page() -> None:
    upper = grid(1, WHOLE, "组^2|一|1", "二|2")
    lower = grid(2, WHOLE, "^2|三|3", "四|4")
    (block,) = both(upper, lower)
    assert isinstance(block, Grid)
    (group,) = (cell for cell in block.cells if cell.column == 0)
    assert (group.text, group.row, group.rowspan) == ("组", 0, 4)


def test_other_tables_stay_apart() -> None:
    upper = grid(1, WHOLE, "甲|1|2")
    assert len(both(upper, grid(2, (90.0, 150.0, 250.0, 350.0), "乙|3|4"))) == 2
    assert len(both(upper, grid(2, WHOLE, "第二十条第（五）项*3", "乙|3|4"))) == 2
    words = Paragraph("说明", "pdf:1,50.0,700.0,90.0,710.0")
    assert len(sewn([Leaf(1, (upper, words)), Leaf(2, (grid(2, WHOLE, "乙|3|4"),))], 4.0)) == 3
    assert len(sewn([Leaf(1, (upper,)), Leaf(3, (grid(3, WHOLE, "乙|3|4"),))], 4.0)) == 2


def test_three_pages() -> None:
    leaves = [Leaf(page, (grid(page, WHOLE, f"{page}、甲|{page}|0"),)) for page in (1, 2, 3)]
    (block,) = sewn(leaves, 4.0)
    assert isinstance(block, Grid)
    assert [texts(block)[row, 1] for row in range(3)] == ["1", "2", "3"]


def test_running_heads_are_set_apart() -> None:
    pages = [
        (
            Paragraph(f"2024/1/2 年报 第{page}页", f"pdf:{page},50.0,20.0,200.0,30.0"),
            Paragraph(f"第{page}段。", f"pdf:{page},50.0,{300 + page}.0,200.0,310.0"),
            Paragraph("页脚" if page < 3 else "末页", f"pdf:{page},50.0,820.0,200.0,830.0"),
        )
        for page in (1, 2, 3)
    ]
    kept, running = without_running_lines(pages, [842.0] * 3, 3.0)
    assert [[block.text for block in page if isinstance(block, Paragraph)] for page in kept] == [
        ["第1段。"], ["第2段。"], ["第3段。", "末页"],
    ]  # fmt: skip
    assert len(running) == 5
