"""What stands on the pages of a PDF, taken from PDFium in bulk: characters with their boxes, drawn lines, pictures.

Coordinates are points from the top left of the page as it is shown (its crop box, turned as its rotation says), or as it
has to be turned for its text to stand upright.
"""

import unicodedata
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from ctypes import byref, c_double, c_ulong, c_ushort, create_string_buffer
from math import hypot, pi
from threading import Lock
from typing import Any

from msgspec import Struct

from parsers.errors import UnreadableDocument
from parsers.glyphs import Box, Glyph
from parsers.lattice import Ruling

from .drawing import MAX_OBJECTS, Area, Handle, Matrix, Strokes, crossed_out, draw, is_pale, is_seen

_SAMPLE = 40
_FEW = 20
_NEARLY_ALL = 0.9
_ASKEW = 0.1  # of a right angle
_HYPHENS = {0x2: "-", 0xFFFE: "-"}  # PDFium's sign for a hyphen at the end of a line
_RADICALS = range(0x2E80, 0x2FE0)  # fonts without a good map give radicals for characters
_LOCK = Lock()  # PDFium is not safe for threads
_SMALLEST = 1.0
_USUAL = 24.0  # points; a bigger character is looked at again
_BELOW = 0.12  # of an em, below the line that characters stand on


class Content(Struct, frozen=True):
    """One page. `across` and `down` are its lines as drawn, not yet joined; `pictures` the boxes of its images.

    `has_lost`: a font that does not travel with the file is not on this machine either, and of its characters PDFium
    leaves out those that stand alone (they have no width then). `is_inked`: some of the text is painted; what a scanner's
    software recognised lies unpainted over the picture, and is as good as that software was. `is_turned`: the page lies on its side
    as it is shown, and its places are those of the page turned upright.
    """

    number: int
    width: float
    height: float
    glyphs: list[Glyph]
    across: list[Ruling]
    down: list[Ruling]
    areas: list[Area]
    pictures: list[Box]
    has_lost: bool
    is_inked: bool = True
    is_turned: bool = False


class Pages(Struct, frozen=True):
    """The pages that could be loaded, of `count` that the file says to have."""

    title: str | None
    count: int
    contents: list[Content]


def pages_of(content: bytes, most: int) -> Pages:
    """The first `most` pages. Raises UnreadableDocument for encrypted and for damaged files."""
    import pypdfium2.raw as pdfium

    with _LOCK, _opened(pdfium, content) as document:
        count = pdfium.FPDF_GetPageCount(document)
        if count <= 0:
            raise UnreadableDocument("the PDF is damaged: it has no pages")
        loaded = (_page(pdfium, document, number) for number in range(min(count, most)))
        contents = [page for page in loaded if page is not None]
        if not contents:
            raise UnreadableDocument("the PDF is damaged: none of its pages can be loaded")
        return Pages(_title(pdfium, document), count, contents)


def render(content: bytes, number: int, scale: float) -> Any:  # noqa: ANN401
    """Page `number` (from 1) as an array of colours (blue, green, red), `scale` pixels to a point."""
    import pypdfium2

    with _LOCK:
        document = pypdfium2.PdfDocument(content)
        try:
            return document[number - 1].render(scale=scale).to_numpy().copy()
        finally:
            document.close()


@contextmanager
def _opened(pdfium: Handle, content: bytes) -> Iterator[Handle]:
    document = pdfium.FPDF_LoadMemDocument64(content, len(content), None)
    if not document:
        error = pdfium.FPDF_GetLastError()
        if error in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY):
            raise UnreadableDocument("the PDF is encrypted and needs a password")
        raise UnreadableDocument("the PDF is damaged: its structure cannot be read")
    try:
        yield document
    finally:
        pdfium.FPDF_CloseDocument(document)


def _title(pdfium: Handle, document: Handle) -> str | None:
    """The title of the file's properties. Little-endian UTF-16, which WPS writes, comes through as single bytes."""
    size = pdfium.FPDF_GetMetaText(document, b"Title", None, 0)
    buffer = create_string_buffer(size)
    pdfium.FPDF_GetMetaText(document, b"Title", buffer, c_ulong(size))
    title = buffer.raw.decode("utf-16-le", "replace")
    return " ".join(title.replace("\0", "").replace("\ufeff", "").split()) or None


def _page(pdfium: Handle, document: Handle, index: int) -> Content | None:
    page = pdfium.FPDF_LoadPage(document, index)
    if not page:
        return None
    text = pdfium.FPDFText_LoadPage(page)
    try:
        turns = _turns(pdfium, page, text)
        place = _placed(pdfium, page, turns)
        strokes = Strokes([], [], [], [])
        count = min(pdfium.FPDFPage_CountObjects(page), MAX_OBJECTS)
        draw(pdfium, (pdfium.FPDFPage_GetObject(page, number) for number in range(count)), place, strokes)
        strokes.across += crossed_out(pdfium, page, place)
        width, height = pdfium.FPDF_GetPageWidthF(page), pdfium.FPDF_GetPageHeightF(page)
        turned = (turns - pdfium.FPDFPage_GetRotation(page)) % 4
        if turned % 2:
            width, height = height, width
        return Content(
            index + 1,
            width,
            height,
            _glyphs(pdfium, text, place, strokes) if text else [],
            strokes.across,
            strokes.down,
            strokes.areas,
            strokes.pictures,
            strokes.has_lost,
            strokes.is_inked,
            turned != 0,
        )
    finally:
        if text:
            pdfium.FPDFText_ClosePage(text)
        pdfium.FPDF_ClosePage(page)


def _turns(pdfium: Handle, page: Handle, text: Handle) -> int:
    """By how many right angles a page is to be turned clockwise: as it says itself, unless nearly all of its text then
    lies on a side. Some wide tables are printed sideways on upright pages."""
    shown: int = pdfium.FPDFPage_GetRotation(page) & 3
    count = pdfium.FPDFText_CountChars(text) if text else 0
    sample = range(0, count, max(1, count // _SAMPLE))
    written = [index for index in sample if pdfium.FPDFText_GetUnicode(text, index) > 0x20]
    if len(written) < _FEW:
        return shown
    angles = Counter(round(pdfium.FPDFText_GetCharAngle(text, index) / (pi / 2)) & 3 for index in written)
    (usual, times), *_ = angles.most_common(1)
    return usual if times > _NEARLY_ALL * len(written) else shown


def _placed(pdfium: Handle, page: Handle, turns: int) -> Matrix:
    """From the page's own coordinates to points from the top left of the page turned so."""
    box = pdfium.FS_RECTF()
    pdfium.FPDF_GetPageBoundingBox(page, byref(box))
    return (
        (1.0, 0.0, 0.0, -1.0, -box.left, box.top),
        (0.0, 1.0, 1.0, 0.0, -box.bottom, -box.left),
        (-1.0, 0.0, 0.0, 1.0, box.right, -box.bottom),
        (0.0, -1.0, -1.0, 0.0, box.top, box.right),
    )[turns]


# --- characters --------------------------------------------------------------------------------------------------------


def _glyphs(pdfium: Handle, text: Handle, place: Matrix, strokes: Strokes) -> list[Glyph]:
    """The characters that the page prints, in the order of the file, without those that PDFium adds, without watermarks and
    without digits that nobody sees."""
    count = min(pdfium.FPDFText_CountChars(text), MAX_OBJECTS)
    box = pdfium.FS_RECTF()
    reference, box_of, is_added = byref(box), pdfium.FPDFText_GetLooseCharBox, pdfium.FPDFText_IsGenerated
    object_of = pdfium.FPDFText_GetTextObject
    _, b, c, d, e, f = place
    glyphs = []
    for index, code in enumerate(_codes(pdfium, text, count)):
        if code < 0x20 and code not in _HYPHENS:
            continue
        if code == 0x20 and is_added(text, index) == 1:
            continue
        if not box_of(text, index, reference):
            continue
        left, right, bottom, top = box.left, box.right, box.bottom, box.top
        if not _SMALLEST < top - bottom < _USUAL or right - left > _USUAL:
            if _is_oblique(pdfium, text, index):
                continue
            _mend(pdfium, text, index, box)
            left, right, bottom, top = box.left, box.right, box.bottom, box.top
        if b:
            x0, x1, y0, y1 = c * bottom + e, c * top + e, b * left + f, b * right + f
            x0, x1, y0, y1 = min(x0, x1), max(x0, x1), min(y0, y1), max(y0, y1)
        elif d < 0:
            x0, x1, y0, y1 = left + e, right + e, f - top, f - bottom
        else:
            x0, x1, y0, y1 = e - right, e - left, bottom + f, top + f
        if 0x30 <= code <= 0x39 and is_pale(pdfium, object_of(text, index)) and not is_seen(strokes, (x0, y0, x1, y1)):
            continue
        is_plain = code < 0x2E80 or 0x2FE0 <= code < 0xD800
        glyphs.append(Glyph(x0, y0, x1, y1, chr(code) if is_plain and code != 0x2 else _character(code)))
    return glyphs


def _is_oblique(pdfium: Handle, text: Handle, index: int) -> bool:
    """Whether a big character runs askew, as watermarks do."""
    quarters: float = pdfium.FPDFText_GetCharAngle(text, index) / (pi / 2)
    return abs(quarters - round(quarters)) > _ASKEW


def _mend(pdfium: Handle, text: Handle, index: int, box: Handle) -> None:
    """Where the box has no height, or ignores the scale of the text (PDFium's for fonts that write downwards), the em
    square at the character's origin takes its place, or where the ink does not stand in that, the inked box."""
    matrix = pdfium.FS_MATRIX()
    pdfium.FPDFText_GetMatrix(text, index, byref(matrix))
    size = pdfium.FPDFText_GetFontSize(text, index) * max(hypot(matrix.a, matrix.b), hypot(matrix.c, matrix.d))
    if _SMALLEST < box.top - box.bottom <= 2 * size and box.right - box.left <= 2 * size:
        return
    left, right, bottom, top = c_double(), c_double(), c_double(), c_double()
    pdfium.FPDFText_GetCharBox(text, index, byref(left), byref(right), byref(bottom), byref(top))
    box.left, box.right, box.bottom, box.top = left.value, right.value, bottom.value, top.value
    x, y = matrix.e, matrix.f
    is_upright = matrix.b == matrix.c == 0 and matrix.a > 0 and matrix.d > 0
    if is_upright and x - 0.2 * size <= box.left <= x + size and y - 0.3 * size <= box.bottom <= box.top <= y + 1.1 * size:
        box.left, box.bottom, box.top = min(box.left, x), y - _BELOW * size, y + (1 - _BELOW) * size
        if pdfium.FPDFText_GetUnicode(text, index) >= _RADICALS.start:
            box.right = max(box.right, x + size)


def _codes(pdfium: Handle, text: Handle, count: int) -> list[int]:
    """The code of each character: all at once, or one by one where some need two units or none."""
    buffer = (c_ushort * (count + 1))()
    units = pdfium.FPDFText_GetText(text, 0, count, buffer)
    codes: list[int] = buffer[:count]
    if units == count + 1 and not any(0xD800 <= code < 0xE000 for code in codes):
        return codes
    return [pdfium.FPDFText_GetUnicode(text, index) for index in range(count)]


def _character(code: int) -> str:
    if code in _RADICALS:
        return unicodedata.normalize("NFKC", chr(code))
    return _HYPHENS.get(code) or ("\ufffd" if 0xD800 <= code < 0xE000 or code > 0x10FFFF else chr(code))
