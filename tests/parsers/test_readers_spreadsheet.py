"""Spreadsheets of two generations that we write ourselves: places, spans, numbers as shown, what is no table."""

import datetime as dt
import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest

from parsers.document import Block, Grid, Paragraph
from parsers.errors import UnreadableDocument
from parsers.readers import spreadsheet
from parsers.unwrap import media_type
from tests.specimens.package import package
from tests.specimens.sheets import Merge, Sheet, ole, xls, xlsx

Writer = Callable[[Sheet], bytes]
BOTH = pytest.mark.parametrize("writer", [xlsx, xls])
TABLE: list[list[Any]] = [["名称", "甲", "乙"], ["规章", 1.0, 2.0], ["办法", 3.0, 4.0]]


def blocks(content: bytes) -> tuple[Block, ...]:
    return spreadsheet.read(content, media_type(content) or "").blocks


def sheet(*rows: list[Any], merges: tuple[Merge, ...] = (), name: str = "Sheet1") -> Sheet:
    return Sheet(name, list(rows), list(merges))


@BOTH
def test_a_table_with_merged_cells(writer: Writer) -> None:
    """
    |   | a | a | 1 |      column A is empty; a spans two columns, b two rows, the last row ends early
    |   | b | c | 2 |
    |   | b | d |   |
    """
    rows = [None, "a", None, 1.0], [None, "b", "c", 2.0], [None, None, "d"]
    (grid,) = blocks(writer(sheet(*rows, merges=((0, 1, 0, 2), (1, 1, 2, 1)))))
    assert isinstance(grid, Grid)
    assert (grid.rows, grid.columns, grid.locator) == (3, 3, "sheet:Sheet1!B1")
    assert [(c.text, c.row, c.column, c.rowspan, c.colspan, c.locator.partition("!")[2]) for c in grid.cells] == [
        ("a", 0, 0, 1, 2, "B1"), ("1", 0, 2, 1, 1, "D1"), ("b", 1, 0, 2, 1, "B2"), ("c", 1, 1, 1, 1, "C2"),
        ("2", 1, 2, 1, 1, "D2"), ("d", 2, 1, 1, 1, "C3"), ("", 2, 2, 1, 1, "D3"),
    ]  # fmt: skip


@BOTH
def test_a_merged_column_at_the_right_edge(writer: Writer) -> None:
    (grid,) = blocks(writer(sheet(["a", 1.0, "x"], ["b", 2.0], ["c", 3.0], merges=((0, 2, 2, 2),))))
    assert isinstance(grid, Grid)
    assert [(c.text, c.row, c.column, c.rowspan) for c in grid.cells] == [
        ("a", 0, 0, 1), ("1", 0, 1, 1), ("x", 0, 2, 3), ("b", 1, 0, 1), ("2", 1, 1, 1), ("c", 2, 0, 1), ("3", 2, 1, 1),
    ]  # fmt: skip


@BOTH
def test_rows_of_one_text_are_no_table(writer: Writer) -> None:
    rows: list[list[Any]] = [
        ["某局年度报告"], ["一、总体情况"], ["本局依法公开政府信息。" * 5], [], ["第二十条"], *TABLE, ["第二十一条"], *TABLE,
        ["合计"], [None, None, "2024年1月8日"], ["按照要求报告如下情况。" * 5], *TABLE,
    ]  # fmt: skip
    found = blocks(writer(sheet(*rows, merges=((4, 0, 4, 2), (8, 0, 8, 2)))))
    kinds = [block.text[:6] if isinstance(block, Paragraph) else block for block in found]
    texts = [kind for kind in kinds if isinstance(kind, str)]
    assert texts == ["某局年度报告", "一、总体情况", "本局依法公开", "第二十条", "第二十一条", "2024年1", "按照要求报告"]
    grids = [block for block in found if isinstance(block, Grid)]
    assert [(grid.rows, grid.locator) for grid in grids] == [
        (3, "sheet:Sheet1!A6"), (4, "sheet:Sheet1!A10"), (3, "sheet:Sheet1!A16"),
    ]  # fmt: skip
    assert [cell.text for cell in grids[1].cells][-3:] == ["合计", "", ""]


@BOTH
def test_a_label_whose_figures_are_blank_stays_in_its_table(writer: Writer) -> None:
    rows: list[list[Any]] = [[None, None, "自然人", "总计"], ["一、本年新收"], ["二、上年结转"], ["三、总计", None, 1.0, 1.0]]
    (grid,) = blocks(writer(sheet(*rows, merges=((1, 0, 1, 1), (2, 0, 2, 1), (3, 0, 3, 1)))))
    assert isinstance(grid, Grid)
    assert [cell.text for cell in grid.cells if cell.row == 1] == ["一、本年新收", "", ""]


DAY = dt.datetime(2024, 1, 18)  # noqa: DTZ001


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (12.0, "12"), (0.0, "0"), (-3.0, "-3"), (346490.5, "346490.5"), (0.1 + 0.2, "0.3"), (77302.8, "77302.8"),
        (0.00001, "0.00001"), (1e15, "1000000000000000"), (4e20, "400000000000000000000"), (True, "TRUE"),
        ("  两\n行 ", "两 行"), ("007", "007"), (DAY, "2024-01-18"),
        (DAY.replace(hour=9, minute=30), "2024-01-18 09:30:00"),
    ],
)  # fmt: skip
def test_values_as_the_program_shows_them(value: object, shown: str) -> None:
    (grid,) = blocks(xlsx(sheet(["甲", value], ["乙", "x"])))
    assert isinstance(grid, Grid)
    assert grid.cells[1].text == shown


def test_several_sheets_and_hidden_ones() -> None:
    sheets = sheet(*TABLE, name="收到申请"), sheet(*TABLE, name="Sheet2"), sheet(*TABLE, name="选项"), sheet(name="空")
    document = spreadsheet.read(xlsx(*sheets, hidden=["选项"], title="年报"), spreadsheet.XLSX)
    caption, first, second = document.blocks
    assert caption == Paragraph("收到申请", "sheet:收到申请!A1")
    assert (first.locator, second.locator) == ("sheet:收到申请!A1", "sheet:Sheet2!A1")
    assert document.remarks == ("a hidden sheet was not read: 选项",)
    assert (document.title, document.reader, document.media_type) == ("年报", "calamine", spreadsheet.XLSX)
    assert [type(block) for block in blocks(xlsx(sheet(*TABLE, name="收到申请")))] == [Grid]
    assert [block.locator for block in blocks(xls(*sheets[:2]))] == [block.locator for block in document.blocks]


def test_columns_beyond_z() -> None:
    (grid,) = blocks(xlsx(sheet([None] * 701 + ["a", "1"], [None] * 701 + ["b", "2"])))
    assert isinstance(grid, Grid)
    assert [cell.locator for cell in grid.cells][:2] == ["sheet:Sheet1!ZZ1", "sheet:Sheet1!AAA1"]


def test_sheets_too_big() -> None:
    document = spreadsheet.read(xlsx(sheet(*[["x"] * 50] * 2100)), spreadsheet.XLSX)
    assert document.remarks == ("the spreadsheet is too big: only the first 100000 cells were read",)
    (grid,) = document.blocks
    assert isinstance(grid, Grid)
    assert grid.rows == 2000


def rewritten(content: bytes, member: str, change: Callable[[bytes], bytes]) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return package(
            {name: change(archive.read(name)) if name == member else archive.read(name) for name in archive.namelist()}
        )


def test_a_cell_at_the_end_of_the_world_is_refused() -> None:
    far = rewritten(
        xlsx(sheet(*TABLE)), "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b'r="C3"', b'r="XFD1048576"')
    )
    with pytest.raises(UnreadableDocument, match="1048576 rows and 16384 columns"):
        spreadsheet.read(far, spreadsheet.XLSX)


def test_a_sheet_that_unpacks_to_too_much_is_refused() -> None:
    bomb = rewritten(xlsx(sheet(*TABLE)), "xl/sharedStrings.xml", lambda xml: xml + b" " * (30 << 20))
    assert len(bomb) < 100_000
    with pytest.raises(UnreadableDocument, match="unpacks to more than"):
        spreadsheet.read(bomb, spreadsheet.XLSX)


ENCRYPTED = ole({"EncryptedPackage": b"x" * 5000, "EncryptionInfo": b"x"})


@pytest.mark.parametrize(
    "content",
    [b"", b"PK\x03\x04", xlsx(sheet(*TABLE))[:-40], xls(sheet(*TABLE))[:2000], ole({"Workbook": b"\0" * 50}), ENCRYPTED],
    ids=["empty", "magic only", "xlsx cut off", "xls cut off", "no records", "encrypted"],
)
def test_damaged_files(content: bytes) -> None:
    with pytest.raises(UnreadableDocument, match=r"damaged|encrypted"):
        spreadsheet.read(content, spreadsheet.XLSX)


@BOTH
def test_files_cut_off_are_refused(writer: Writer) -> None:
    whole = writer(sheet(*TABLE))
    assert not is_refused(whole)
    assert all(is_refused(whole[:place]) for place in range(0, len(whole) * 9 // 10, len(whole) // 60))


def test_mangled_files_are_read_or_refused() -> None:
    """Only of the new format: a mangled old one can ask for so much memory that the process ends."""
    whole = xlsx(sheet(*TABLE))
    results = {
        is_refused(whole[:place] + b"\xff\0\x7f" + whole[place + 3 :]) for place in range(0, len(whole), len(whole) // 60)
    }
    assert results <= {True, False}


def is_refused(content: bytes) -> bool:
    """Any other error than the refusal fails the test."""
    try:
        spreadsheet.read(content, media_type(content) or "")
    except UnreadableDocument:
        return True
    return False


def test_an_encrypted_workbook_says_so() -> None:
    assert media_type(ENCRYPTED) == "application/encrypted-office"
