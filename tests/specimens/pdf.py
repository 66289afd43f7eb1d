"""A report as a PDF with ruled tables, written by hand: no library, no date, no compression, so always the same bytes.

The font is one of the standard Chinese ones that readers know by name (STSong-Light with UniGB-UCS2-H); none is embedded.
"""

from collections.abc import Iterator, Sequence

from msgspec import Struct

from .forms import Box, Form, places
from .markup import with_tables
from .prose import Text
from .truth import Truth

WIDTH, HEIGHT, MARGIN = 595, 842, 56
SIZE, LEADING = 9, 13
LINE_WIDTH = (WIDTH - 2 * MARGIN) // SIZE
"""Characters of full width in a line of prose."""


class Mark(Struct, frozen=True):
    """One drawing instruction: a text at a point, or a straight line; y counts from the top of the page."""

    x: float
    y: float
    text: str = ""
    to: tuple[float, float] | None = None


class Sheet:
    """Pages filled from top to bottom."""

    def __init__(self, foot: float = HEIGHT - MARGIN) -> None:
        self.pages: list[list[Mark]] = [[]]
        self.y: float = MARGIN
        self.foot = foot

    def room(self, height: float) -> None:
        """Go to a new page where `height` does not fit on this one."""
        if self.y + height > self.foot:
            self.pages.append([])
            self.y = MARGIN

    def paragraph(self, text: str, indent: int = 0) -> None:
        for line in wrapped(text, LINE_WIDTH - indent):
            self.room(LEADING)
            self.pages[-1].append(Mark(MARGIN + indent * SIZE, self.y, line))
            self.y += LEADING
        self.y += 3

    def table(self, form: Form) -> None:
        """A ruled table; where a page ends, spans are cut and go on without their text."""
        widths = _widths(form)
        edges = [MARGIN + sum(widths[:x]) for x in range(form.width + 1)]
        drawn: set[int] = set()
        grid = places(form)
        for y, row in enumerate(grid):
            height = max(LEADING * _lines(box, widths[x : x + box.colspan]) for x, box in _starts(row)) + 3
            self.room(height)
            top = self.y == MARGIN or y == 0
            for x, box in _starts(row):
                self._cell(box, (edges[x], edges[x + box.colspan]), height, draw_top=top or grid[y - 1][x] is not box)
                if id(box) not in drawn:
                    drawn.add(id(box))
                    self._text(box, edges[x], widths[x : x + box.colspan])
            self.y += height
            ends = y + 1 == len(grid)
            below = [x for x, box in _starts(row) if ends or grid[y + 1][x] is not box]
            for x in below:
                self._rule(edges[x], self.y, edges[x + row[x].colspan], self.y)
        self.y += LEADING

    def _cell(self, box: Box, sides: tuple[float, float], height: float, *, draw_top: bool) -> None:
        left, right = sides
        if draw_top:
            self._rule(left, self.y, right, self.y)
        self._rule(left, self.y, left, self.y + height)
        self._rule(right, self.y, right, self.y + height)

    def _text(self, box: Box, left: float, widths: Sequence[float]) -> None:
        for number, line in enumerate(wrapped(box.text, _fits(widths))):
            self.pages[-1].append(Mark(left + 2, self.y + 2 + number * LEADING, line))

    def _rule(self, x0: float, y0: float, x1: float, y1: float) -> None:
        self.pages[-1].append(Mark(x0, y0, to=(x1, y1)))


def _starts(row: Sequence[Box]) -> list[tuple[int, Box]]:
    """Each box of a row of places once, with the column where it begins."""
    return [(x, box) for x, box in enumerate(row) if x == 0 or row[x - 1] is not box]


def _widths(form: Form) -> list[float]:
    """Label columns are wide; in the requests table the three of them share the space that figures leave."""
    space = WIDTH - 2 * MARGIN
    if form.table == "requests":
        return [44, 44, space - 88 - 7 * 44, *[44] * 7]
    return [space / form.width] * form.width


def _fits(widths: Sequence[float]) -> int:
    return max(1, int((sum(widths) - 4) // SIZE))


def _lines(box: Box, widths: Sequence[float]) -> int:
    """Lines that a row must have for a box; a box over several rows leaves its text to them all."""
    return 1 if box.rowspan > 1 else max(1, len(wrapped(box.text, _fits(widths))))


def wrapped(text: str, most: int) -> list[str]:
    """Lines of at most `most` full-width characters; figures and Latin letters count half and are never torn."""
    lines, line, used = [], "", 0.0
    for piece in _pieces(text):
        width = sum(0.5 if character.isascii() else 1 for character in piece)
        if line and used + width > most:
            lines.append(line)
            line, used = "", 0.0
        line += piece
        used += width
    return [*lines, line] if line else lines


def _pieces(text: str) -> Iterator[str]:
    piece = ""
    for character in text:
        if piece and not (character.isascii() and piece[-1].isascii() and not character.isspace()):
            yield piece
            piece = ""
        piece += character
    if piece:
        yield piece


def pdf_page(truth: Truth, text: Text, forms: Sequence[Form]) -> bytes:
    """A whole report."""
    return written(pages_of(truth, text, forms))


def pages_of(
    truth: Truth, text: Text, forms: Sequence[Form], foot: float = HEIGHT - MARGIN
) -> list[list[Mark]]:
    """The pages of a whole report, without their numbers. `foot`: where a page ends."""
    sheet = Sheet(foot)
    sheet.paragraph(truth.title, indent=6)
    for paragraph in text.preamble:
        sheet.paragraph(paragraph, indent=2)
    for heading, paragraphs, tables in with_tables(text, forms):
        sheet.paragraph(heading)
        for paragraph in paragraphs:
            sheet.paragraph(paragraph, indent=2)
        for form in tables:
            if form.caption:
                sheet.paragraph(form.caption, indent=14)
            sheet.table(form)
    for line in text.signature:
        sheet.paragraph(line, indent=28)
    return sheet.pages


def written(pages: Sequence[Sequence[Mark]]) -> bytes:
    """The bytes of a PDF 1.4 with a page number at each foot."""
    count = len(pages)
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {count} /Kids [{' '.join(f'{5 + 2 * n} 0 R' for n in range(count))}] >>",
        "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [4 0 R] >>",
        FONT,
    ]
    for number, marks in enumerate(pages):
        foot = Mark(WIDTH / 2 - 10, HEIGHT - MARGIN / 2, f"- {number + 1} -")
        content = "\n".join(_operators(mark) for mark in (*marks, foot))
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {WIDTH} {HEIGHT}] "
            f"/Resources << /Font << /F1 3 0 R >> >> /Contents {6 + 2 * number} 0 R >>"
        )
        objects.append(f"<< /Length {len(content)} >>\nstream\n{content}\nendstream")
    return _assembled(objects)


FONT = (
    "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000 /W [1 95 500] "
    "/CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> "
    "/FontDescriptor << /Type /FontDescriptor /FontName /STSong-Light /Flags 4 /FontBBox [-25 -254 1000 880] "
    "/ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >> >>"
)


def _operators(mark: Mark) -> str:
    if mark.to is not None:
        return f"{mark.x:.1f} {HEIGHT - mark.y:.1f} m {mark.to[0]:.1f} {HEIGHT - mark.to[1]:.1f} l S"
    code = mark.text.encode("utf-16-be").hex()
    return f"BT /F1 {SIZE} Tf {mark.x:.1f} {HEIGHT - mark.y - SIZE:.1f} Td <{code}> Tj ET"


def _assembled(objects: Sequence[str]) -> bytes:
    body = b"%PDF-1.4\n"
    offsets = []
    for number, content in enumerate(objects, 1):
        offsets.append(len(body))
        body += f"{number} 0 obj\n{content}\nendobj\n".encode("ascii")
    table = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    head = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
    tail = f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(body)}\n%%EOF\n"
    return body + (head + tail).encode("ascii")
