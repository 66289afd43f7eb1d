"""Figures that a drawn line strikes out are not read; rulings and underlines strike nothing, and underlines rule nothing."""

import io
from collections.abc import Callable, Sequence
from random import Random

import pypdfium2
import pytest

from parsers.document import Document, Grid
from parsers.glyphs import Glyph
from parsers.lattice import Ruling
from parsers.numbers import read_figure
from parsers.parse import parse
from parsers.readers import ofd, pdf
from parsers.readers.pdf import plumber
from parsers.strikes import Marks, cleared, marks_of
from tests.parsers.drawn import HEIGHT, lattice, line, paint, pdf_of, text_at
from tests.specimens import pdf as specimens
from tests.specimens import prose
from tests.specimens.forms import forms
from tests.specimens.ofd import ofd as ofd_of
from tests.specimens.ofd import path_object, text_object
from tests.specimens.render import random_truth

DIGIT = 5.56
"""Width of a digit of ten points."""
READERS = (pdf.read, plumber.read)
Read = Callable[[bytes], Document]
TABLE = [
    *lattice((100, 200, 300), (100, 130, 160)),
    text_at(110, 120, "a"),
    text_at(210, 120, "812"),
    text_at(110, 150, "b"),
    text_at(210, 150, "6"),
]


def thin(x0: float, top: float, x1: float) -> str:
    """The line as browsers and Word draw it: a filled area."""
    return paint(x0, top - 0.3, x1 - x0, 0.6, 0)


def level(x0: float, top: float, x1: float) -> str:
    return line(x0, top, x1, top)


def outlined(x0: float, top: float, x1: float) -> str:
    return f"{x0} {HEIGHT - top - 0.5} {x1 - x0} 1 re B"


def texts(document: Document) -> list[str]:
    (grid,) = (block for block in document.blocks if isinstance(block, Grid))
    assert (grid.rows, grid.columns) == (2, 2)
    return [cell.text for cell in grid.cells]


@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize("draw", [thin, level, outlined])
def test_struck_characters_of_a_cell(read: Read, draw: Callable[[float, float, float], str]) -> None:
    document = read(pdf_of([*TABLE, draw(210, 117, 210 + DIGIT)]))
    assert texts(document) == ["a", "12", "b", "6"]
    assert document.remarks == ("text that a drawn line strikes out was left out: page 1",)
    assert texts(read(pdf_of([*TABLE, draw(210 + 2 * DIGIT, 117, 210 + 3 * DIGIT)]))) == ["a", "81", "b", "6"]
    assert texts(read(pdf_of([*TABLE, draw(210, 117, 210 + 3 * DIGIT)]))) == ["a", "", "b", "6"]
    assert texts(read(pdf_of([*TABLE, draw(110, 117, 110 + DIGIT)]))) == ["", "812", "b", "6"]


@pytest.mark.parametrize("read", READERS)
def test_double_lines_and_lines_by_hand_strike(read: Read) -> None:
    double = [thin(210, 116.2, 210 + DIGIT), thin(210, 117.8, 210 + DIGIT)]
    assert texts(read(pdf_of([*TABLE, *double]))) == ["a", "12", "b", "6"]
    assert texts(read(pdf_of([*TABLE, level(206, 116, 212 + 3 * DIGIT)]))) == ["a", "", "b", "6"]


@pytest.mark.parametrize("read", READERS)
def test_a_line_that_ends_within_a_character_leaves_no_figure(read: Read) -> None:
    document = read(pdf_of([*TABLE, level(205, 116.5, 210 + 1.5 * DIGIT)]))
    _, left, _, other = texts(document)
    assert left == "1\u03362"
    assert read_figure(left) is None
    assert other == "6"
    assert document.remarks[-1] == "characters that a drawn line may strike out stand with '\\u0336': page 1"


@pytest.mark.parametrize("read", READERS)
def test_struck_words_of_a_sentence(read: Read) -> None:
    words = text_at(100, 50, "of 8") + "\n" + text_at(100 + 3 * DIGIT, 50, "12 new, 7 old")
    plain = read(pdf_of([words, *TABLE])).blocks[0]
    struck = read(pdf_of([words, level(100, 47, 100 + 2 * DIGIT + 2.6), *TABLE])).blocks[0]
    assert "of" in getattr(plain, "text", "")
    assert getattr(struck, "text", "").endswith("12 new, 7 old")
    assert "of" not in getattr(struck, "text", "")


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_pages_that_lie_on_their_side(turn: int) -> None:
    words = [text_at(60 + 20 * column, 110 + 20 * row, f"{row}{column}") for row in range(4) for column in range(4)]
    struck = [level(60 + 20 * column, 107, 60 + 20 * column + DIGIT) for column in range(4)]
    upright = pdf_of([*lattice([50, 70, 90, 110, 130], [100, 120, 140, 160, 180]), *words, *struck])
    document = pypdfium2.PdfDocument(upright)
    document[0].set_rotation(turn)
    buffer = io.BytesIO()
    document.save(buffer)
    (grid,) = pdf.read(buffer.getvalue()).blocks
    assert isinstance(grid, Grid)
    assert [cell.text for cell in grid.cells][:6] == ["0", "1", "2", "3", "10", "11"]


@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize("scale", [0.4, 2.0])
def test_scaled_drawings(read: Read, scale: float) -> None:
    drawing = ["q", f"{scale} 0 0 {scale} 0 {HEIGHT - scale * HEIGHT} cm", *TABLE, level(210, 117, 210 + DIGIT), "Q"]
    assert texts(read(pdf_of(drawing))) == ["a", "12", "b", "6"]


@pytest.mark.parametrize("read", READERS)
def test_rulings_strike_nothing(read: Read) -> None:
    """A ruling runs through the text of a row: as one line, cell by cell, in dashes."""
    words = [text_at(110, 133, "a"), text_at(210, 133, "812"), text_at(110, 155, "b"), text_at(210, 155, "6")]
    sides = [*(level(100, top, 300) for top in (100, 160)), *(line(x, 100, x, 160) for x in (100, 200, 300))]
    rulings = (
        [level(100, 130, 300)],
        [level(100, 130, 200), level(200, 130, 300)],
        [level(x, 130, x + 5) for x in range(100, 300, 9)],
    )
    for ruling in rulings:
        document = read(pdf_of([*sides, *ruling, *words]))
        (grid,) = document.blocks
        assert isinstance(grid, Grid)
        assert sorted("".join(cell.text for cell in grid.cells).replace(" ", "")) == sorted("a812b6")
        assert document.remarks == ()


@pytest.mark.parametrize("read", READERS)
def test_a_line_from_wall_to_wall_of_one_cell_leaves_no_figure(read: Read) -> None:
    document = read(pdf_of([*TABLE, level(200, 117, 300)]))
    assert texts(document) == ["a", "8\u03361\u03362\u0336", "b", "6"]
    assert document.remarks == ("characters that a drawn line may strike out stand with '\\u0336': page 1",)


@pytest.mark.parametrize("read", READERS)
def test_dashes_for_nothing_are_kept(read: Read) -> None:
    drawing = [*lattice((100, 200, 300), (100, 130, 160)), text_at(110, 120, "a"), text_at(210, 150, "6")]
    assert texts(read(pdf_of([*drawing, level(240, 115, 250)]))) == ["a", "", "", "6"]


@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize("draw", [thin, level])
def test_an_underline_near_the_foot_of_a_cell_is_no_ruling(
    read: Read, draw: Callable[[float, float, float], str]
) -> None:
    """The text fills its cell, so that the line under it ends near both walls."""
    end = 100 + 0.8 + 3 * DIGIT
    table = [*lattice((100, end + 0.8, 200), (100, 118, 136)), text_at(100.8, 110, "812"), text_at(100.8, 130, "77")]
    document = read(pdf_of([*table, draw(100.8, 111.5, end), text_at(140, 110, "5")]))
    assert texts(document) == ["812", "5", "77", ""]
    assert document.remarks == ()


@pytest.mark.parametrize("read", READERS)
def test_an_underlined_heading_right_above_a_table_is_none_of_its_rulings(read: Read) -> None:
    heading = [text_at(80, 97.2, "12345678"), level(80, 98.6, 80 + 8 * DIGIT)]
    plain, underlined = (read(pdf_of([*TABLE, *more])) for more in (heading[:1], heading))
    assert underlined.blocks == plain.blocks
    assert texts(plain) == ["a", "812", "b", "6"]


def struck_through(figures: Sequence[specimens.Mark], random: Random) -> list[specimens.Mark]:
    """Before some figures another one that is struck out."""
    marks: list[specimens.Mark] = []
    for mark in figures:
        if mark.to is None and mark.text.isdigit() and random.random() < 0.5:
            old = str(random.randint(1, 99))
            width = len(old) * specimens.SIZE / 2
            at = mark.y + specimens.SIZE * random.uniform(0.6, 0.8)
            marks.append(specimens.Mark(mark.x, mark.y, old + mark.text))
            marks.append(specimens.Mark(mark.x, at, to=(mark.x + width, at)))
        else:
            marks.append(mark)
    return marks


@pytest.mark.parametrize("edition", ["format_2019", "format_2021"])
def test_a_report_with_struck_figures_is_that_without_them(edition: str) -> None:
    random = Random(5)
    truth = random_truth(random, edition)
    pages = specimens.pages_of(truth, prose.text(random, truth), forms(truth))
    plain, struck = (
        parse(specimens.written(each), source="")[0]
        for each in (pages, [struck_through(page, random) for page in pages])
    )
    assert [(cell.key, cell.value) for cell in struck.cells] == [(cell.key, cell.value) for cell in plain.cells]
    assert sum(cell.basis == "observed" for cell in struck.cells) > 150


def test_struck_characters_of_an_ofd_file() -> None:
    def rule(x0: float, y0: float, x1: float, y1: float) -> str:
        return path_object(f"M {x0} {y0} L {x1} {y1}", "0 0 210 297")

    rules = [*(rule(20, y, 120, y) for y in (50, 60, 70)), *(rule(x, 50, x, 70) for x in (20, 80, 120))]
    words = [("规章", 22, 52), ("812", 82, 52), ("办法", 22, 62), ("6", 82, 62)]
    table = "".join([*rules, *(text_object(text, x, y, 4.0) for text, x, y in words)])
    assert texts(ofd.read(ofd_of(table))) == ["规章", "812", "办法", "6"]
    struck = ofd.read(ofd_of(table + rule(82, 54.2, 84, 54.2)))
    assert texts(struck) == ["规章", "12", "办法", "6"]
    assert struck.remarks == ("text that a drawn line strikes out was left out: page 1",)
    assert texts(ofd.read(ofd_of(table + rule(82, 56.3, 88, 56.3)))) == ["规章", "812", "办法", "6"]


def glyphs_of(words: str, x: float = 100, top: float = 100) -> list[Glyph]:
    return [Glyph(x + 5 * place, top, x + 5 * place + 5, top + 10, sign) for place, sign in enumerate(words)]


@pytest.mark.parametrize(("share", "is_struck"), [(0.2, False), (0.4, True), (0.7, True), (0.9, False), (1.2, False)])
def test_where_lines_strike(share: float, is_struck: bool) -> None:
    glyphs = glyphs_of("812")
    marks = marks_of(glyphs, [Ruling(100 + 10 * share, 100, 105)], [])
    assert marks.struck == (frozenset({0}) if is_struck else frozenset())
    assert marks.doubtful == frozenset()
    assert "".join(glyph.text for glyph in cleared(glyphs, marks)) == ("12" if is_struck else "812")


def test_a_line_between_strike_and_underline_is_doubtful() -> None:
    assert marks_of(glyphs_of("812"), [Ruling(107.5, 100, 105)], []).doubtful == frozenset({0})


def test_a_long_rule_beside_no_wall_strikes_nothing() -> None:
    assert marks_of(glyphs_of("812"), [Ruling(105, 60, 400)], []) == Marks()


def test_a_line_in_pieces_strikes_once() -> None:
    """LibreOffice draws one line for each font."""
    pieces = [Ruling(105.1, 100, 105), Ruling(105, 105, 110)]
    assert marks_of(glyphs_of("812"), pieces, []) == Marks(frozenset({0, 1}), frozenset(), frozenset({0, 1}))


def test_heights_that_are_none_harm_nothing() -> None:
    infinite = float("inf")
    odd = [Glyph(100, 100, 105, 100, "8"), Glyph(100, 0, 105, infinite, "8"), Glyph(100, float("nan"), 105, 110, "8")]
    lines = [Ruling(100, 100, 105), Ruling(infinite, 100, 105), Ruling(float("nan"), 0, 1)]
    assert marks_of(odd, lines, [Ruling(float("nan"), 0, 1)]) == Marks()


def test_a_short_line_beside_one_wall_is_no_wall() -> None:
    """The wall on its left is near to both of its ends."""
    assert marks_of(glyphs_of("812"), [Ruling(105, 100, 102)], [Ruling(99.6, 90, 120)]).struck == frozenset()
    small = [Glyph(100, 100, 103, 104, "8"), Glyph(103, 100, 106, 104, "1")]
    for rule, wall in ((Ruling(102, 100, 102.4), 99.6), (Ruling(102, 100.6, 103), 103.4)):
        marks = marks_of(small, [rule], [Ruling(wall, 90, 120)])
        assert marks == Marks(frozenset({0}), frozenset(), frozenset({0}))


def test_a_line_from_one_wall_far_over_its_text_is_doubtful() -> None:
    walls = [Ruling(90, 80, 130)]
    assert marks_of(glyphs_of("812345"), [Ruling(105, 90, 130)], walls).doubtful == frozenset(range(6))
    assert marks_of(glyphs_of("812345"), [Ruling(105, 94, 130)], walls).struck == frozenset(range(6))


@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize("descent", [-300, -120, 0])
def test_fonts_that_say_oddly_how_low_they_reach(read: Read, descent: int) -> None:
    base = 100 + specimens.SIZE
    words = specimens.Mark(100, 100, "812")
    half = specimens.SIZE / 2
    for up, text in ((0.25, "12"), (0.33, "12"), (-0.1, "812")):
        rule = specimens.Mark(100, base - up * specimens.SIZE, to=(100 + half, base - up * specimens.SIZE))
        content = specimens.written([[words, rule]]).replace(b"/Descent -120", f"/Descent {descent:4}".encode())
        assert getattr(read(content).blocks[0], "text", "") == text


def test_text_that_runs_over_a_wall_is_struck_with_it() -> None:
    wall = [Ruling(107, 80, 130)]
    assert marks_of(glyphs_of("812"), [Ruling(105, 100, 115)], wall).struck == frozenset({0, 1, 2})
    assert marks_of(glyphs_of("812"), [Ruling(105, 98, 117)], wall) == Marks()


def annotation(kind: str, x0: float, top: float, x1: float, bottom: float, more: str = "") -> str:
    """A mark that a viewer's tool sets on text."""
    low, high = HEIGHT - bottom, HEIGHT - top
    corners = f"{x0} {high} {x1} {high} {x0} {low} {x1} {low}"
    return f"<</Type/Annot/Subtype/{kind}/Rect[{x0} {low} {x1} {high}]/QuadPoints[{corners}]{more}>>"


def test_text_struck_out_with_a_viewers_tool_is_not_read() -> None:
    struck = annotation("StrikeOut", 210, 112, 210 + DIGIT, 122)
    assert texts(pdf.read(pdf_of(TABLE, annotations=struck))) == ["a", "12", "b", "6"]


@pytest.mark.parametrize(("kind", "more"), [("Underline", ""), ("Highlight", ""), ("StrikeOut", "/F 2"), ("StrikeOut", "/F 32")])
def test_other_marks_and_hidden_ones_strike_nothing(kind: str, more: str) -> None:
    mark = annotation(kind, 210, 112, 210 + DIGIT, 122, more)
    assert texts(pdf.read(pdf_of(TABLE, annotations=mark))) == ["a", "812", "b", "6"]
