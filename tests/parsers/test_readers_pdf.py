"""PDF files that we draw ourselves, and the real ones."""

import io
import os
from pathlib import Path

import pypdfium2
import pytest

from parsers.document import Grid, Paragraph
from parsers.errors import UnreadableDocument
from parsers.readers import pdf
from tests.parsers.drawn import HEIGHT, lattice, line, paint, pdf_of, text_at


def test_lines_of_text_in_reading_order() -> None:
    document = pdf.read(pdf_of([text_at(50, 200, "second"), text_at(50, 100, "first"), text_at(200, 100, "line")]))
    assert [block.text for block in document.blocks if isinstance(block, Paragraph)] == ["first line", "second"]
    page, x0, top, x1, bottom = document.blocks[0].locator.removeprefix("pdf:").split(",")
    assert (page, x0) == ("1", "50.0")
    assert 85 < float(top) < 100 < float(bottom) < 110
    assert 200 < float(x1) < 230
    assert (document.reader, document.media_type) == ("pdfium", "application/pdf")


def test_a_ruled_table_with_merged_cells() -> None:
    """
    | a a 1 |      a spans two columns, b two rows
    | b c 2 |
    | b d 3 |
    """
    drawing = [
        *(line(100, top, 400, top) for top in (100, 130, 190)),
        line(200, 160, 400, 160),
        *(line(x, 100, x, 190) for x in (100, 300, 400)),
        line(200, 130, 200, 190),
        text_at(110, 120, "a"),
        text_at(310, 120, "1"),
        text_at(110, 160, "b"),
        text_at(210, 150, "c"),
        text_at(310, 150, "2"),
        text_at(210, 180, "d"),
        text_at(310, 180, "3"),
        text_at(100, 80, "above"),
        text_at(100, 220, "below"),
    ]
    above, grid, below = pdf.read(pdf_of(drawing)).blocks
    assert isinstance(grid, Grid)
    assert isinstance(above, Paragraph)
    assert isinstance(below, Paragraph)
    assert (above.text, below.text) == ("above", "below")
    assert (grid.rows, grid.columns, grid.has_borders) == (3, 3, True)
    assert {cell.text: (cell.row, cell.column, cell.rowspan, cell.colspan) for cell in grid.cells} == {
        "a": (0, 0, 1, 2),
        "1": (0, 2, 1, 1),
        "b": (1, 0, 2, 1),
        "c": (1, 1, 1, 1),
        "2": (1, 2, 1, 1),
        "d": (2, 1, 1, 1),
        "3": (2, 2, 1, 1),
    }
    assert grid.locator == "pdf:1,100.0,100.0,400.0,190.0"
    assert grid.cells[0].locator == "pdf:1,100.0,100.0,300.0,130.0"


def test_lines_of_a_cell() -> None:
    drawing = [*lattice((100, 200, 300), (100, 150, 200)), text_at(110, 120, "12"), text_at(110, 140, "34")]
    (grid,) = pdf.read(pdf_of([*drawing, text_at(210, 120, "x"), text_at(110, 180, "5")])).blocks
    assert isinstance(grid, Grid)
    assert [cell.text for cell in grid.cells] == ["12 34", "x", "5", ""]


@pytest.mark.parametrize(
    ("ground", "dress", "text"),
    [
        ([], "1 g {}", "1"),
        ([], "3 Tr {}", "1"),
        ([], "1 1 1 rg {}", "1"),
        ([], "0.5 g {}", "10"),
        ([], "1 g 1 Tr {}", "10"),
        ([paint(101, 101, 98, 48, 0.2)], "1 g {}", "10"),
        ([paint(101, 101, 98, 48, 1.0)], "1 g {}", "1"),
    ],
)
def test_digits_that_are_not_painted_or_painted_white_are_not_read(ground: list[str], dress: str, text: str) -> None:
    unseen = f"q {dress.format(text_at(116, 120, '0'))} Q"
    drawing = [*ground, *lattice((100, 200, 300), (100, 150, 200)), text_at(110, 120, "1"), unseen, text_at(210, 120, "x")]
    (grid,) = pdf.read(pdf_of(drawing)).blocks
    assert isinstance(grid, Grid)
    assert [cell.text for cell in grid.cells] == [text, "x", "", ""]


def test_a_page_of_text_that_is_nowhere_painted_keeps_its_digits() -> None:
    (block,) = pdf.read(pdf_of([f"3 Tr {text_at(50, 100, 'page 10')}"])).blocks
    assert isinstance(block, Paragraph)
    assert block.text == "page 10"


@pytest.mark.parametrize("grey", [1.0, 0.8])
def test_areas_painted_behind_text_are_no_table(grey: float) -> None:
    table = [*lattice((100, 200, 300), (300, 330, 360)), text_at(110, 320, "1")]
    painted = [paint(90, 80 + 20 * number, 400, 20, grey) for number in range(11)]
    words = [text_at(100, 95 + 20 * number, f"line {number}") for number in range(5)]
    document = pdf.read(pdf_of([*painted, *table, *words]))
    assert [type(block) for block in document.blocks] == [*[Paragraph] * 5, Grid]
    (grid,) = (block for block in document.blocks if isinstance(block, Grid))
    assert (grid.rows, grid.columns) == (2, 2)


def test_a_frame_around_text_is_no_table() -> None:
    document = pdf.read(pdf_of([*lattice((50, 500), (50, 700)), text_at(100, 100, "text")]))
    assert [type(block) for block in document.blocks] == [Paragraph]


def test_page_numbers_are_furniture() -> None:
    first = [text_at(50, 100, "2023"), text_at(290, 780, "- 1 -")]
    second = [text_at(50, 400, "26"), text_at(290, 780, "2")]
    document = pdf.read(pdf_of(first, second))
    assert [block.text for block in document.blocks if isinstance(block, Paragraph)] == ["2023", "26"]
    assert [block.text for block in document.furniture if isinstance(block, Paragraph)] == ["- 1 -", "2"]
    assert document.blocks[1].locator.startswith("pdf:2,")


def test_title_of_the_properties() -> None:
    page = [text_at(50, 100, "x")]
    little = "年度报告".encode("utf-16-le")
    assert pdf.read(pdf_of(page, info="/Title(Report)")).title == "Report"
    assert pdf.read(pdf_of(page, info=f"/Title<FEFF{'年度报告'.encode('utf-16-be').hex()}>")).title == "年度报告"
    assert pdf.read(pdf_of(page, info=f"/Title<FFFE{little.hex()}>")).title == "年度报告"
    assert pdf.read(pdf_of(page)).title is None


def test_paint_without_text_is_an_empty_page() -> None:
    document = pdf.read(pdf_of([paint(0, 0, 600, 800, 0.5)]))
    assert (document.blocks, document.remarks, document.unread) == ((), (), None)


def test_a_decimal_point_set_wide_parts_no_figure() -> None:
    wide = [text_at(100 + 9 * place, 100, sign) for place, sign in enumerate("10.5")]
    (block,) = pdf.read(pdf_of([text_at(50, 100, "x"), *wide])).blocks
    assert isinstance(block, Paragraph)
    assert block.text == "x 1 0.5"


def test_coloured_rows_with_text_between_them_are_no_table() -> None:
    """Every second row of three is shaded, cell by cell, as browsers paint them."""
    painted = [paint(x, top, 100, 20, 0.9) for top in (120, 160, 200) for x in (100, 200, 300)]
    words = [text_at(110 + 100 * x, 134 + 20 * y, f"{x}{y}") for y in range(4) for x in range(3)]
    blocks = pdf.read(pdf_of([*painted, *words])).blocks
    assert [block.text for block in blocks if isinstance(block, Paragraph)] == [f"0{y} 1{y} 2{y}" for y in range(4)]


def test_double_lines_are_one_and_dashes_are_a_line() -> None:
    dashes = [line(x, 150, x + 6, 150) for x in range(100, 300, 12)]
    doubles = [line(100, 102.5, 300, 102.5), line(202, 100, 202, 200)]
    drawing = [*lattice((100, 200, 300), (100, 200)), *dashes, *doubles, text_at(110, 120, "1"), text_at(110, 180, "2")]
    (grid,) = pdf.read(pdf_of(drawing)).blocks
    assert isinstance(grid, Grid)
    assert (grid.rows, grid.columns) == (2, 2)
    assert [cell.text for cell in grid.cells] == ["1", "", "2", ""]


def test_outer_borders_that_are_not_drawn() -> None:
    drawing = [*(line(100, top, 400, top) for top in (100, 130, 160)), *(line(x, 100, x, 190) for x in (200, 300))]
    words = [text_at(110 + 100 * x, 120 + 30 * y, f"{x}{y}") for y in range(3) for x in range(3)]
    (grid,) = pdf.read(pdf_of([*drawing, *words])).blocks
    assert isinstance(grid, Grid)
    assert (grid.rows, grid.columns) == (3, 3)
    assert [cell.text for cell in grid.cells] == [f"{x}{y}" for y in range(3) for x in range(3)]


def test_thin_areas_and_one_path_of_many_are_lines() -> None:
    thin = [paint(100, top, 200, 0.7, 0) for top in (100, 150, 200)]
    frame = f"100 {HEIGHT - 200} 200 100 re 100 {HEIGHT - 200} 80 100 re S"
    document = pdf.read(pdf_of([*thin, frame, text_at(110, 120, "1"), text_at(210, 180, "2")]))
    (grid,) = document.blocks
    assert isinstance(grid, Grid)
    assert document.reader == "pdfium"
    assert [cell.text for cell in grid.cells] == ["1", "", "", "2"]


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_turned_pages_are_read_as_they_are_shown(turn: int) -> None:
    """The drawing is turned against the page, so that what is shown is always the same table, but for the letters."""
    table = [*lattice((100, 200, 350), (100, 150, 240)), text_at(110, 120, "a"), text_at(210, 180, "d")]
    content = pdf_of(table).replace(b"/MediaBox", f"/Rotate {turn}/MediaBox".encode())
    grids = [block for block in pdf.read(content).blocks if isinstance(block, Grid)]
    sizes = {0: (100, 100, 350, 240), 90: (560, 100, 700, 350), 180: (250, 560, 500, 700), 270: (100, 250, 240, 500)}
    assert [grid.locator for grid in grids] == ["pdf:1," + ",".join(f"{side:.1f}" for side in sizes[turn])]
    assert sorted(cell.text for cell in grids[0].cells) == ["", "", "a", "d"]


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_pages_that_lie_on_their_side_are_read_upright(turn: int) -> None:
    words = [text_at(60 + 20 * column, 110 + 20 * row, f"{row}{column}") for row in range(4) for column in range(4)]
    upright = pdf_of([*lattice([50, 70, 90, 110, 130], [100, 120, 140, 160, 180]), *words])
    document = pypdfium2.PdfDocument(upright)
    document[0].set_rotation(turn)
    buffer = io.BytesIO()
    document.save(buffer)
    assert pdf.read(buffer.getvalue()).blocks == pdf.read(upright).blocks
    assert pdf.read(buffer.getvalue()).remarks == (
        "pages that lie on their side, their places are those of the page turned upright: 1",
    )


def test_watermarks_are_no_text() -> None:
    """Big characters askew over the table."""
    mark = "BT /F1 60 Tf 0.7 0.7 -0.7 0.7 60 620 Tm (8 8 8 8) Tj ET"
    table = [*lattice([50, 150, 250, 350], [100, 150, 200]), text_at(60, 130, "12"), text_at(160, 130, "34")]
    assert pdf.read(pdf_of([*table, mark])).blocks == pdf.read(pdf_of(table)).blocks


def test_a_lattice_with_a_gap_goes_to_pdfplumber() -> None:
    """Three quarters of the frame are one area, which is no rectangle."""
    torn = [*lattice((100, 300), (100, 200)), line(200, 100, 200, 150), line(200, 150, 300, 150), text_at(110, 180, "2")]
    assert pdf.read(pdf_of([*torn, text_at(210, 120, "1")])).reader == "pdfplumber"


def test_an_encrypted_file() -> None:
    padding = "00" * 32
    encrypt = f"/Encrypt<</Filter/Standard/V 1/R 2/O<{padding}>/U<{padding}>/P -44>>/ID[<00><00>]"
    with pytest.raises(UnreadableDocument, match="encrypted"):
        pdf.read(pdf_of([text_at(50, 100, "x")], encrypt=encrypt))


@pytest.mark.parametrize("content", [b"", b"%PDF-1.4\n%%EOF", b"%PDF-1.4\n" + b"\0" * 500, b"no PDF"])
def test_damaged_files(content: bytes) -> None:
    with pytest.raises(UnreadableDocument, match="damaged"):
        pdf.read(content)


def test_a_file_cut_off_is_read_or_refused() -> None:
    whole = pdf_of([*lattice((100, 200, 300), (100, 150, 200)), text_at(110, 120, "12")])
    assert is_refused(whole[:-200])
    assert not is_refused(whole)
    assert {is_refused(whole[:size]) for size in range(0, len(whole), 97)} <= {True, False}


def is_refused(content: bytes) -> bool:
    """Any other error than the refusal fails the test."""
    try:
        pdf.read(content)
    except UnreadableDocument:
        return True
    return False


SIZES = {
    "hongze-2023.pdf": [(13, 4), (26, 10), (4, 15)],
    "hongze-2024.pdf": [(7, 4), (7, 2), (26, 10), (4, 15)],
    "huaian-government-2024.pdf": [(13, 4), (28, 10), (4, 15)],
}


@pytest.mark.parametrize("name", SIZES)
def test_tables_of_real_files(name: str) -> None:
    corpus = os.environ.get("NIANBAO_CORPUS")
    if not corpus:
        pytest.skip("NIANBAO_CORPUS is not set: no real documents to read")
    document = pdf.read((Path(corpus) / name).read_bytes())
    grids = [block for block in document.blocks if isinstance(block, Grid)]
    assert [(grid.rows, grid.columns) for grid in grids] == SIZES[name]
    assert [block.text for block in document.furniture if isinstance(block, Paragraph)][:2] == ["- 1 -", "- 2 -"]
    assert document.title is not None
    assert document.title.endswith("政府信息公开工作年度报告")
    covered = [
        (grid.locator, cell.row + down, cell.column + right)
        for grid in grids
        for cell in grid.cells
        for down in range(cell.rowspan)
        for right in range(cell.colspan)
    ]
    assert len(covered) == len(set(covered))


def test_a_page_of_more_lines_than_any_table_has_is_read_without_them() -> None:
    low, high = -2000, 2000
    hatch = [drawn for at in range(low, high, 8) for drawn in (line(low, at, high, at), line(at, low, at, high))]
    blocks = pdf.read(pdf_of([*hatch, text_at(100, 120, "812")])).blocks
    assert [block.text for block in blocks if isinstance(block, Paragraph)] == ["812"]
