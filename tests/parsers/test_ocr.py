"""Pictures of tables that we draw: as PNG, as a PDF of pictures, skewed; and what is said without the extra."""

import ctypes
import io
from base64 import b64encode

import pypdfium2
import pypdfium2.raw
import pytest
from PIL import Image, ImageDraw, ImageFont

from parsers import ocr
from parsers.document import Grid, GridCell, Paragraph
from parsers.errors import UnreadableDocument
from parsers.ocr import LOOKALIKE, STRAY, _with_text
from parsers.ocr.lines import Piece
from parsers.parse import parse
from parsers.readers import html, image, pdf
from tests.specimens.drawing import can_draw
from tests.specimens.files import specimens

needs_extra = pytest.mark.skipif(not ocr.is_ready(), reason="the extra ocr is not installed")
FIGURES = (("12", "0", "345"), ("7", "68", "9010"), ("0", "", "25"))


def drawn(skew: float = 0.0) -> Image.Image:
    """A page of 200 dots an inch with one table."""
    picture = Image.new("L", (1654, 1000), 255)
    pen, font = ImageDraw.Draw(picture), ImageFont.load_default(size=34)
    for row in range(4):
        pen.line((200, 200 + 80 * row, 1400, 200 + 80 * row), fill=0, width=3)
    for column in range(4):
        pen.line((200 + 400 * column, 200, 200 + 400 * column, 440), fill=0, width=3)
    for row, texts in enumerate(FIGURES):
        for column, text in enumerate(texts):
            pen.text((380 + 400 * column, 220 + 80 * row), text, fill=0, font=font)
    return picture.rotate(skew, fillcolor=255, resample=Image.Resampling.BICUBIC)


def saved(picture: Image.Image, kind: str) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, kind, resolution=200)
    return buffer.getvalue()


@needs_extra
@pytest.mark.parametrize("skew", [0.0, 0.5, -1.2])
def test_a_picture_of_a_table(skew: float) -> None:
    document = image.read(saved(drawn(skew), "PNG"), "image/png")
    (grid,) = (block for block in document.blocks if isinstance(block, Grid))
    assert (grid.rows, grid.columns) == (3, 3)
    assert tuple(cell.text for cell in grid.cells) == tuple(text for row in FIGURES for text in row)
    assert all((cell.confidence or 0) > 0.5 for cell in grid.cells if cell.text)
    assert [cell.confidence for cell in grid.cells if not cell.text] == [None]
    assert document.reader == "rapidocr"


@needs_extra
@pytest.mark.parametrize("skew", [0.0, 0.5, -0.5])
def test_slashes_and_dashes_are_no_ones(skew: float) -> None:
    """An empty cell is often marked by a slash, which the recogniser takes for 1."""
    picture = drawn()
    pen, font = ImageDraw.Draw(picture), ImageFont.load_default(size=34)
    pen.rectangle((206, 206, 596, 274), fill=255)
    pen.line((388, 259, 398, 229), fill=0, width=3)
    pen.rectangle((606, 206, 996, 274), fill=255)
    pen.line((760, 242, 796, 242), fill=0, width=4)
    pen.rectangle((1006, 206, 1396, 274), fill=255)
    pen.text((1180, 220), "1", fill=0, font=font)
    turned = picture.rotate(skew, fillcolor=255, resample=Image.Resampling.BICUBIC)
    (grid,) = (b for b in image.read(saved(turned, "PNG"), "image/png").blocks if isinstance(b, Grid))
    assert [cell.text for cell in grid.cells][:3] == ["/", "—", "1"]


@needs_extra
def test_boxes_are_those_of_the_picture_as_it_came() -> None:
    (grid,) = (b for b in image.read(saved(drawn(), "PNG"), "image/png").blocks if isinstance(b, Grid))
    sides = [float(side) for side in grid.locator.removeprefix("image:").split(",")]
    assert sides == pytest.approx([201, 201, 1401, 441], abs=3)


@needs_extra
def test_a_pdf_of_pictures_has_places_in_points() -> None:
    document = pdf.read(saved(drawn(0.3), "PDF"))
    (grid,) = (block for block in document.blocks if isinstance(block, Grid))
    assert [cell.text for cell in grid.cells][:3] == list(FIGURES[0])
    page, *sides = grid.locator.removeprefix("pdf:").split(",")
    assert page == "1"
    assert [float(side) for side in sides] == pytest.approx([72, 72, 504, 158], abs=5)
    assert document.reader == "rapidocr"
    assert document.remarks == ("1 of 1 pages are pictures",)


def with_text(content: bytes, text: str, mode: int) -> bytes:
    """A PDF whose first page says `text` too, painted (mode 0) or not (mode 3)."""
    document = pypdfium2.PdfDocument(content)
    page, raw = document[0], pypdfium2.raw
    words = raw.FPDFPageObj_NewTextObj(document, b"Helvetica", 12)
    units = ctypes.create_string_buffer(text.encode("utf-16-le") + b"\0\0")
    raw.FPDFText_SetText(words, ctypes.cast(units, ctypes.POINTER(ctypes.c_ushort)))
    raw.FPDFTextObj_SetTextRenderMode(words, mode)
    raw.FPDFPageObj_Transform(words, 1, 0, 0, 1, 300, 20)
    raw.FPDFPage_InsertObject(page, words)
    page.gen_content()
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


@needs_extra
def test_what_a_scanner_recognised_is_not_believed() -> None:
    """It lies unpainted over the picture, and says what the scanner's software made of it."""
    recognised = with_text(saved(drawn(), "PDF"), "13 0 345 7 68 9010 0 25 " * 9, mode=3)
    document = pdf.read(recognised)
    (grid,) = (block for block in document.blocks if isinstance(block, Grid))
    assert [cell.text for cell in grid.cells][:3] == list(FIGURES[0])
    assert document.reader == "rapidocr"


@needs_extra
def test_a_stamped_number_makes_no_text_of_a_scan() -> None:
    document = pdf.read(with_text(saved(drawn(), "PDF"), "- 3 -", mode=0))
    assert [cell.text for block in document.blocks if isinstance(block, Grid) for cell in block.cells][:3] == list(FIGURES[0])


def test_text_beside_a_picture_is_text() -> None:
    document = pdf.read(with_text(saved(drawn(), "PDF"), "words and words again, more than an office would stamp on it. " * 2, mode=0))
    assert document.reader == "pdfium"


@needs_extra
def test_a_damaged_picture() -> None:
    with pytest.raises(UnreadableDocument, match="damaged"):
        image.read(b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "image/png")


@pytest.mark.parametrize("kind", ["PNG", "PDF"])
def test_without_the_extra_the_reason_says_what_to_install(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("parsers.ocr.find_spec", lambda name: None)
    (report,) = parse(saved(drawn(), kind), source="picture")
    assert report.status == "partial"
    assert "pip install 'nianbao[ocr]'" in (report.reason or "")


@needs_extra
def test_letters_among_digits_are_digits_with_little_confidence() -> None:
    cell = GridCell("", 0, 0, "image:0,0,1,1")
    read = _with_text(cell, [Piece((0, 0), (0, 0, 1, 1), "1O", 0.99)])
    assert (read.text, read.confidence) == ("10", LOOKALIKE)


@needs_extra
def test_digits_that_stand_apart_are_one_figure_if_an_identity_says_so() -> None:
    cell = GridCell("", 0, 0, "image:0,0,1,1")
    read = _with_text(cell, [Piece((0, 0), (0, 0, 1, 1), "1 2 8", 0.99)])
    assert (read.text, read.confidence) == ("128", STRAY)
    two_lines = [Piece((0, 0), (0, y, 1, y + 1), text, 0.99) for y, text in enumerate(("1", "2"))]
    assert _with_text(cell, two_lines).text == "1 2"


@needs_extra
@pytest.mark.skipif(not can_draw(), reason="the extra notebooks is not installed")
def test_heads_of_a_table_whose_cells_all_have_the_place_of_the_picture() -> None:
    """Blank cells keep their columns: no row is refused."""
    (made,) = specimens(2, "HTML, tables as PNG", 1, ("some blanks",), ("format_2021",))
    (report,) = parse(made.content, source="page")
    values = {cell.key: cell.value for cell in report.cells}
    assert {key: value for key, value in made.certain.items() if values.get(key) != value} == {}
    assert "ROW_AMBIGUOUS" not in {found.code for found in report.findings}


def page_with(picture: bytes) -> str:
    return f"<html><body><p>words</p><p><img src='data:image/png;base64,{b64encode(picture).decode()}'></p></body></html>"


@needs_extra
def test_a_table_that_a_page_shows_as_a_picture() -> None:
    words, grid = html.read(page_with(saved(drawn(), "PNG"))).blocks
    assert isinstance(words, Paragraph)
    assert isinstance(grid, Grid)
    assert [cell.text for cell in grid.cells][:3] == list(FIGURES[0])
    assert grid.locator.startswith("html:")
    assert grid.locator.endswith("img")


@needs_extra
@pytest.mark.parametrize("size", [(300, 200), (900, 600)])
def test_pictures_without_a_table_say_nothing(size: tuple[int, int]) -> None:
    noise = Image.effect_noise(size, 90)
    assert len(html.read(page_with(saved(noise, "PNG"))).blocks) == 1


def test_a_page_of_pictures_without_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("parsers.ocr.find_spec", lambda name: None)
    document = html.read(page_with(saved(drawn(), "PNG")))
    assert document.unread == ocr.INSTALL


SEVERAL = """<html><body><div id="zoom"><p>一、总体情况</p><p>words before</p>{first}<br>between<br>{second}
<table><tr><td>{third}</td></tr></table><p>words after</p></div></body></html>"""


def marked_with(picture: Image.Image, text: str) -> Image.Image:
    """The table with another first figure, so that tables can be told apart."""
    pen = ImageDraw.Draw(picture)
    pen.rectangle((206, 206, 596, 274), fill=255)
    pen.text((380, 220), text, fill=0, font=ImageFont.load_default(size=34))
    return picture


@needs_extra
def test_tables_of_pictures_stand_among_the_words_where_the_pictures_stand() -> None:
    page = SEVERAL.format(first="<img src='a/1.png'>", second="<img data-src='2.png' src=x.gif>", third="<img src='/图 3.png'>")
    pictures = {
        "http://h.cn/d/a/1.png": saved(marked_with(drawn(), "11"), "PNG"),
        "http://h.cn/d/2.png": saved(marked_with(drawn(), "22"), "PNG"),
        "http://h.cn/%E5%9B%BE%203.png": saved(marked_with(drawn(), "33"), "PNG"),
        "http://h.cn/other.png": saved(marked_with(drawn(), "44"), "PNG"),
    }
    document = html.read(page, "http://h.cn/d/p.html", pictures)
    shown = [block.cells[0].text if isinstance(block, Grid) else block.text for block in document.blocks]
    assert shown == ["一、总体情况", "words before", "11", "between", "22", "33", "words after"]
    assert [block.locator for block in document.blocks if isinstance(block, Grid)] == [
        "html:#zoom>img:nth-of-type(1)", "html:#zoom>img:nth-of-type(2)", "html:#zoom>table>tbody>tr>td>img",
    ]  # fmt: skip
    assert document.unread is None
    assert document.attachments == ()


@needs_extra
def test_pictures_of_a_page_that_was_moved_on_are_known_by_their_names() -> None:
    page = SEVERAL.format(first="<img src='a/1.png'>", second="<img src='b/2.png'>", third="")
    one, two = (saved(marked_with(drawn(), text), "PNG") for text in ("11", "22"))
    given = {"http://h.cn/moved/a/1.png": one, "http://h.cn/moved/b/2.png": two, "http://h.cn/moved/c/2.png": one}
    grids = [block for block in html.read(page, "http://h.cn/p.html", given).blocks if isinstance(block, Grid)]
    assert [grid.cells[0].text for grid in grids] == ["11"], "two are called 2.png"


def test_pictures_that_are_not_at_hand_are_named() -> None:
    page = SEVERAL.format(first="<img src='a/1.png'>", second="<img src='/images/icon_2.png'>", third="<a href=x><img src=3.png></a>")
    document = html.read(page, "http://h.cn/d/p.html")
    assert [file.address for file in document.attachments] == ["http://h.cn/d/a/1.png"]
