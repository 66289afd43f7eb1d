"""OFD files that we write object by object: where characters and lines stand, what makes a table, what cannot be read."""

import pytest

from parsers.document import Block, Grid, Paragraph
from parsers.errors import UnreadableDocument
from parsers.parse import parse
from parsers.readers import ofd
from parsers.readers.ofd.content import Content, Matrix, deltas, segments
from tests.specimens.ofd import DECLARATION, NAMESPACE, path_object, text_object
from tests.specimens.ofd import ofd as written
from tests.specimens.package import package

HAIR = 'Fill="true" Stroke="false"'


def blocks(*pages: str) -> tuple[Block, ...]:
    return ofd.read(written(*pages)).blocks


def text(words: str, x: float, y: float) -> str:
    return text_object(words, x, y, 4.0)


def line(x0: float, y0: float, x1: float, y1: float) -> str:
    return path_object(f"M {x0} {y0} L {x1} {y1}", "0 0 210 297")


def lattice(xs: tuple[float, ...], ys: tuple[float, ...]) -> str:
    return "".join([*(line(xs[0], y, xs[-1], y) for y in ys), *(line(x, ys[0], x, ys[-1]) for x in xs)])


WORDS = "".join(
    text(words, x + 2, y + 2)
    for words, x, y in (("规章", 20, 50), ("1", 80, 50), ("26", 100, 50), ("办法", 20, 60), ("3", 80, 60))
)
TABLE = lattice((20, 80, 100, 120), (50, 60, 70)) + WORDS


def test_a_ruled_table_between_lines() -> None:
    above, grid, below = blocks(text("表前", 20, 40) + TABLE + text("表后", 20, 80))
    assert isinstance(above, Paragraph)
    assert isinstance(below, Paragraph)
    assert isinstance(grid, Grid)
    assert (above.text, below.text) == ("表前", "表后")
    assert above.locator == "ofd:1,20.0,40.1,28.0,44.1"
    assert [(cell.text, cell.row, cell.column) for cell in grid.cells] == [
        ("规章", 0, 0), ("1", 0, 1), ("26", 0, 2), ("办法", 1, 0), ("3", 1, 1), ("", 1, 2),
    ]  # fmt: skip
    assert (grid.rows, grid.columns, grid.locator) == (2, 3, "ofd:1,20.0,50.0,120.0,70.0")
    assert grid.cells[1].locator == "ofd:1,80.0,50.0,100.0,60.0"


def test_merged_cells() -> None:
    """
    | a a 1 |      a spans two columns, b two rows
    | b c 2 |
    | b d 3 |
    """
    lines = [
        *(line(20, y, 100, y) for y in (50, 60, 80)), line(40, 70, 100, 70),
        *(line(x, 50, x, 80) for x in (20, 80, 100)), line(40, 60, 40, 80),
    ]  # fmt: skip
    words = [("a", 22, 52), ("1", 82, 52), ("b", 22, 66), ("c", 42, 62), ("2", 82, 62), ("d", 42, 72), ("3", 82, 72)]
    (grid,) = blocks("".join([*lines, *(text(*word) for word in words)]))
    assert isinstance(grid, Grid)
    assert {cell.text: (cell.row, cell.column, cell.rowspan, cell.colspan) for cell in grid.cells} == {
        "a": (0, 0, 1, 2), "1": (0, 2, 1, 1), "b": (1, 0, 2, 1), "c": (1, 1, 1, 1), "2": (1, 2, 1, 1),
        "d": (2, 1, 1, 1), "3": (2, 2, 1, 1),
    }  # fmt: skip


def boxes(stroke: str = "") -> str:
    """The frame of each cell of the table drawn for itself."""
    return "".join(
        path_object(f"M 0 0 L {x1 - x0} 0 L {x1 - x0} 10 L 0 10 C", f"{x0} {y} {x1 - x0} 10", stroke)
        for x0, x1 in ((20, 80), (80, 100), (100, 120))
        for y in (50, 60)
    )


def hairs() -> str:
    """The lines of the table as thin filled areas."""
    across = [f"M 20 {y} L 120 {y} L 120 {y + 0.2} L 20 {y + 0.2} C" for y in (50, 60, 70)]
    down = [f"S {x} 50 L {x} 70 L {x + 0.2} 70 L {x + 0.2} 50 C" for x in (20, 80, 100, 120)]
    return "".join(path_object(data, "0 0 210 297", HAIR) for data in (*across, *down))


@pytest.mark.parametrize("drawn", [boxes(), boxes('Fill="true"'), hairs()])
def test_other_ways_to_draw_the_lines(drawn: str) -> None:
    (grid,) = (block for block in blocks(drawn + WORDS) if isinstance(block, Grid))
    assert [cell.text for cell in grid.cells] == ["规章", "1", "26", "办法", "3", ""]


def test_areas_behind_text_and_invisible_lines_are_no_table() -> None:
    for more in (HAIR, 'Stroke="false"', 'Visible="false"'):
        assert all(isinstance(block, Paragraph) for block in blocks(boxes(more) + WORDS))


def test_matrices_move_characters_and_lines() -> None:
    moved = lattice((20, 80, 100, 120), (50, 60, 70)).replace("<ofd:PathObject", '<ofd:PathObject CTM="2 0 0 2 -40 -100"')
    moved = moved.replace("0 0 210 297", "20 50 210 297")
    grid = next(block for block in blocks(moved + text("a", 90, 60)) if isinstance(block, Grid))
    assert grid.locator == "ofd:1,20.0,50.0,220.0,90.0"
    code = '<ofd:TextCode X="0" Y="1.8" DeltaX="2">规章</ofd:TextCode>'
    (doubled,) = blocks(f'<ofd:TextObject Size="2" CTM="2 0 0 2 0 0" Boundary="22 52 20 9">{code}</ofd:TextObject>')
    assert doubled == Paragraph("规章", "ofd:1,22.0,52.1,30.0,56.1")


def test_templates_and_compositions_are_drawn() -> None:
    drawing = f"<ofd:Content><ofd:PageBlock>{TABLE}</ofd:PageBlock></ofd:Content>"
    unit = f'<ofd:CompositeGraphicUnit ID="77">{drawing}</ofd:CompositeGraphicUnit>'
    use = '<ofd:CompositeObject ResourceID="77" Boundary="0 100 210 297"/>'
    document = ofd.read(written(text("正文", 20, 40) + use, templates=[text("页眉下", 20, 30)], resources=unit))
    first, second, grid = document.blocks
    assert isinstance(first, Paragraph)
    assert (first.text, second.locator[:11]) == ("页眉下", "ofd:1,20.0,")
    assert grid.locator == "ofd:1,20.0,150.0,120.0,170.0"


def test_a_composition_in_itself_ends() -> None:
    inner = '<ofd:CompositeObject ResourceID="7"/>' * 4 + text("字", 20, 40)
    unit = f'<ofd:CompositeGraphicUnit ID="7"><ofd:Content>{inner}</ofd:Content></ofd:CompositeGraphicUnit>'
    document = ofd.read(written('<ofd:CompositeObject ResourceID="7"/>', resources=unit))
    assert len(document.blocks) == 1


def test_pages_in_order_with_their_numbers_apart() -> None:
    first, second = text("第一页", 20, 40) + text("- 1 -", 100, 285), text("2023", 20, 40) + text("2", 100, 285)
    document = ofd.read(written(first, second, title=" 年度报告 "))
    assert [block.text for block in document.blocks if isinstance(block, Paragraph)] == ["第一页", "2023"]
    assert [block.text for block in document.furniture if isinstance(block, Paragraph)] == ["- 1 -", "2"]
    assert document.blocks[1].locator.startswith("ofd:2,")
    assert (document.title, document.reader, document.media_type) == ("年度报告", "ofd", "application/ofd")


@pytest.mark.parametrize(
    ("written_as", "steps"),
    [
        ("3 4.5", [3.0, 4.5]), ("g 3 4", [4.0, 4.0, 4.0]), ("1 g 2 -0.5 7", [1.0, -0.5, -0.5, 7.0]), ("", []),
        (None, []), ("g 2", [0.0, 0.0]), ("g", []), ("g 99999999999 1", [1.0] * 5000), ("x 1", [1.0]),
    ],
)  # fmt: skip
def test_steps_between_characters(written_as: str | None, steps: list[float]) -> None:
    assert deltas(written_as) == steps


def test_lines_of_a_path() -> None:
    content = Content([], [], [], [])
    assert list(segments("S 1 1 M 0 0 L 4 0 L4 3 B 1 1 2 2 9 9 C", content)) == [
        ((0.0, 0.0), (4.0, 0.0)), ((4.0, 0.0), (4.0, 3.0)), ((9.0, 9.0), (0.0, 0.0)),
    ]  # fmt: skip
    assert content.shapes == 1
    assert list(segments("M 1 L 5 5", content)) == []
    assert list(segments("L 1", content)) == []
    assert list(segments("? Z 4 4", content)) == []


def test_matrices_in_a_row() -> None:
    turn, move = Matrix(0, 1, -1, 0), Matrix(e=3, f=4)
    assert move.after(turn).at(1, 0) == (3.0, 5.0)
    assert turn.after(move).at(1, 0) == (-4.0, 4.0)


def test_characters_drawn_as_curves_are_no_text() -> None:
    glyph = path_object("M 0 0 B 1 0 2 1 2 2 B 2 3 1 4 0 4 C", "20 20 4 4", HAIR)
    document = ofd.read(written(glyph * 30))
    assert document.blocks == ()
    assert document.remarks == ("no text layer: the characters are drawn as curves",)
    picture = '<ofd:ImageObject ResourceID="5" Boundary="0 0 210 297"/>'
    assert ofd.read(written(picture)).remarks == ("no text layer: the pages are pictures",)
    assert ofd.read(written("")).remarks == ()


def test_a_page_too_full_is_cut() -> None:
    ten = f'<ofd:TextObject Size="4"><ofd:TextCode>{"字" * 10}</ofd:TextCode></ofd:TextObject>'
    document = ofd.read(written(ten * 20_100))
    assert document.remarks == ("page 1 is too full: only its beginning was read",)


def test_missing_pages_are_told() -> None:
    listing = '<ofd:Pages><ofd:Page BaseLoc="P/1.xml"/><ofd:Page BaseLoc="/D/P/2.xml"/></ofd:Pages>'
    parts = {
        "OFD.xml": f"<ofd:OFD {NAMESPACE}><ofd:DocRoot>/D/Document.xml</ofd:DocRoot></ofd:OFD>",
        "D/Document.xml": f"<ofd:Document {NAMESPACE}>{listing}</ofd:Document>",
        "D/P/2.xml": f"<ofd:Page {NAMESPACE}><ofd:Content>{text('字', 20, 40)}</ofd:Content></ofd:Page>",
    }
    document = ofd.read(package({name: DECLARATION + xml for name, xml in parts.items()}))
    assert document.remarks == ("page 1 is missing",)
    assert document.blocks[0].locator == "ofd:2,20.0,40.1,24.0,44.1"


@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        ({"OFD.xml": "<OFD/>"}, "names no document"),
        ({"OFD.xml": "<OFD><DocRoot>Doc_0/Document.xml</DocRoot></OFD>"}, "Document.xml is missing"),
        ({"OFD.xml": "<OFD>"}, "not well-formed"),
        ({"OFD.xml": "<OFD/>", "Encryptions.xml": "<x/>"}, "encrypted"),
        ({"OFD.xml": '<!DOCTYPE a [<!ENTITY b "c">]><OFD>&b;</OFD>'}, "DOCTYPE"),
    ],
)
def test_broken_files(parts: dict[str, str | bytes], reason: str) -> None:
    with pytest.raises(UnreadableDocument, match=reason):
        ofd.read(package(parts))


def test_through_the_whole_line() -> None:
    (report,) = parse(written(text("某某局2023年政府信息公开工作年度报告", 20, 40) + TABLE), source="a.ofd")
    assert (report.reader, report.media_type, report.year) == ("ofd", "application/ofd", 2023)
