"""PDF files → blocks, by pdfplumber: ruled tables as grids with their merged cells, the rest line by line.

Coordinates of locators are points from the top left of the page, pages count from 1.
"""

import io
import logging
import re
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeAlias

from parsers.document import Block, Document, Grid, GridCell, Locator, Paragraph
from parsers.errors import UnreadableDocument
from parsers.glyphs import Glyph
from parsers.lattice import Ruling
from parsers.seams import Leaf, sewn, without_running_lines
from parsers.strikes import Marks, doubted, marks_of, remarks_on

MAX_PAGES = 400
_TOLERANCE = 2.0
_HAIRLINE = 3.0
_BELOW = 0.12  # of an em, below the line that characters stand on
_PAGE_NUMBER = re.compile(r"[-—–－·•\s]*(?:第\s*)?\d{1,4}(?:\s*页)?(?:\s*[/／]\s*共?\s*\d{1,4}(?:\s*页)?)?[-—–－·•\s]*")
_MARGIN_SHARE = 0.12

_Box = tuple[float, float, float, float]
_Untyped: TypeAlias = Any  # pdfplumber's pages and tables carry no types


def read(content: bytes) -> Document:
    """Tables and lines of all pages in reading order. Raises UnreadableDocument for encrypted and for damaged files.

    A file of pictures gives no blocks and a remark.
    """
    flows: list[tuple[Block, ...]] = []
    heights: list[float] = []
    furniture: list[Block] = []
    marked: list[tuple[int, Marks]] = []
    with _quiet(), _opened(content) as document:
        pages = document.pages
        for page in pages[:MAX_PAGES]:
            marks, shown = _without_marks(page)
            marked.append((page.page_number, marks))
            placed = list(_page_blocks(shown))
            furniture += [block for block, is_page_number in placed if is_page_number]
            flows.append(tuple(block for block, is_page_number in placed if not is_page_number))
            heights.append(float(page.height))
            page.close()
        title = _title(document.metadata.get("Title"))
    flows, running = without_running_lines(flows, heights, _HAIRLINE)
    blocks = sewn([Leaf(number, flow) for number, flow in enumerate(flows, 1)], 2 * _TOLERANCE)
    remarks = [f"only the first {MAX_PAGES} of {len(pages)} pages were read"] if len(pages) > MAX_PAGES else []
    remarks += remarks_on(marked)
    if not blocks:
        remarks.append("no text layer: pictures of pages")
    return Document(
        "pdfplumber",
        "application/pdf",
        blocks,
        (*running, *furniture),
        title=title,
        remarks=tuple(remarks),
    )


def _title(title: object) -> str | None:
    """The title of the file's properties. pdfminer leaves little-endian UTF-16 undecoded, which WPS writes."""
    from pdfminer.utils import PDFDocEncoding

    if not isinstance(title, str):
        return None
    if title.startswith("ÿþ"):
        codes = {sign: code for code, sign in reversed([*enumerate(PDFDocEncoding)])}  # \0 stands for all undefined
        title = bytes(codes.get(sign, 0x3F) for sign in title[2:]).decode("utf-16-le", "replace")
    return " ".join(title.replace("\0", "").split()) or None


@contextmanager
def _quiet() -> Iterator[None]:
    """pdfminer warns of fonts and colours by the hundred, in its log and as warnings."""
    logger = logging.getLogger("pdfminer")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.setLevel(level)


@contextmanager
def _opened(content: bytes) -> Iterator[Any]:
    """The file open in pdfplumber; whatever pdfminer stumbles over on the way is the file's damage."""
    import pdfplumber
    from pdfminer.pdfdocument import PDFPasswordIncorrect

    try:
        with pdfplumber.open(io.BytesIO(content)) as document:
            yield document
    except UnreadableDocument:
        raise
    except Exception as error:  # pdfminer raises what its many layers raise
        causes = [error, *error.args]
        if any(isinstance(cause, PDFPasswordIncorrect) for cause in causes):
            raise UnreadableDocument("the PDF is encrypted and needs a password") from error
        raise UnreadableDocument(f"the PDF is damaged: {type(error).__name__}: {error}") from error


def _without_marks(page: _Untyped) -> tuple[Marks, _Untyped]:
    """What lines strike out on a page, and the page without that and without lines that belong to text."""
    chars = page.chars
    thin = [part for part in (*page.lines, *page.rects) if part["height"] <= _HAIRLINE and part["width"] > part["height"]]
    upright = [part for part in (*page.lines, *page.rects) if part["width"] <= _HAIRLINE < part["height"]]
    glyphs = [_glyph(part, float(page.height)) for part in chars]
    across = [Ruling((part["top"] + part["bottom"]) / 2, part["x0"], part["x1"]) for part in thin]
    down = [Ruling((part["x0"] + part["x1"]) / 2, part["top"], part["bottom"]) for part in upright]
    down += [Ruling(x, part["top"], part["bottom"]) for part in page.rects for x in (part["x0"], part["x1"]) if part["stroke"]]
    marks = marks_of(glyphs, across, down)
    if not marks.drawn:
        return marks, page
    for number in marks.doubtful:
        chars[number]["text"] = doubted(chars[number]["text"])
    left_out = {id(chars[number]) for number in marks.struck} | {id(thin[number]) for number in marks.drawn}
    return marks, page.filter(lambda part: id(part) not in left_out)


def _glyph(char: dict[str, Any], height: float) -> Glyph:
    """A character with its em square: pdfminer's boxes stand higher or lower than it, as fonts say."""
    top, bottom = char["top"], char["bottom"]
    a, b, c, d, _, up = char["matrix"]
    base, size = height - up, char["size"]
    if b == c == 0 and a > 0 and d > 0 and top < base <= bottom + size:
        top, bottom = base - (1 - _BELOW) * size, base + _BELOW * size
    return Glyph(char["x0"], top, char["x1"], bottom, char["text"])


def _page_blocks(page: _Untyped) -> Iterator[tuple[Block, bool]]:
    """Blocks of a page by height, each with whether it is the page's number."""
    grids = [(table, _grid(table, page.page_number)) for table in _ruled(page).find_tables()]
    grids = [(table, grid) for table, grid in grids if grid.columns > 1]
    boxes = [table.bbox for table, _ in grids]
    outside = page.filter(lambda part: part["object_type"] != "char" or not any(_holds(box, part) for box in boxes))
    placed: list[tuple[float, Block, bool]] = [(table.bbox[1], grid, False) for table, grid in grids]
    for line in outside.extract_text_lines(return_chars=False):
        text = " ".join(line["text"].split())
        if text:
            locator = _locator(page.page_number, (line["x0"], line["top"], line["x1"], line["bottom"]))
            placed.append((line["top"], Paragraph(text, locator), _is_page_number(text, line, page)))
    for _, block, is_page_number in sorted(placed, key=lambda entry: entry[0]):
        yield block, is_page_number


def _ruled(page: _Untyped) -> _Untyped:
    """The page without areas that are only painted: word processors lay white or shaded ones behind text. On a page
    without lines coloured areas stay, since there they may be what draws the table."""
    strokes = [*page.lines, *page.curves, *(rect for rect in page.rects if not _is_painted(rect))]
    has_lines = len(strokes) >= 4
    return page.filter(lambda part: not (_is_painted(part) and (has_lines or _is_white(part))))


def _is_painted(part: dict[str, Any]) -> bool:
    """An area without outline, too big to be a drawn line."""
    is_area = part["object_type"] == "rect" and min(part["width"], part["height"]) > _HAIRLINE
    return bool(is_area and not part["stroke"])


def _is_white(part: dict[str, Any]) -> bool:
    colour = part.get("non_stroking_color")
    parts = colour if isinstance(colour, tuple | list) else (colour,)
    white = 0.0 if len(parts) == 4 else 1.0  # four parts are inks, fewer are light
    return all(isinstance(value, int | float) and abs(value - white) < 0.02 for value in parts)


def _holds(box: _Box, char: dict[str, Any]) -> bool:
    x: float = (char["x0"] + char["x1"]) / 2
    y: float = (char["top"] + char["bottom"]) / 2
    return box[0] <= x < box[2] and box[1] <= y < box[3]


def _is_page_number(text: str, line: dict[str, Any], page: _Untyped) -> bool:
    margin = page.height * _MARGIN_SHARE
    is_at_edge: bool = line["top"] > page.height - margin or line["bottom"] < margin
    return is_at_edge and bool(_PAGE_NUMBER.fullmatch(text))


def _grid(table: _Untyped, page_number: int) -> Grid:
    """A ruled table: an edge of any cell is an edge of the lattice, a cell spans the lattice places that it covers."""
    texts = _texts(table)
    boxes = sorted(table.cells, key=lambda box: (round(box[1] / _TOLERANCE), box[0]))
    rows = _edges([edge for box in boxes for edge in (box[1], box[3])])
    columns = _edges([edge for box in boxes for edge in (box[0], box[2])])
    cells = []
    for box in boxes:
        top, bottom = _index(rows, box[1]), _index(rows, box[3])
        left, right = _index(columns, box[0]), _index(columns, box[2])
        locator = _locator(page_number, box)
        cells.append(GridCell(texts.get(box, ""), top, left, locator, max(bottom - top, 1), max(right - left, 1)))
    cells.sort(key=lambda cell: (cell.row, cell.column))
    return Grid(tuple(cells), len(rows) - 1, len(columns) - 1, _locator(page_number, table.bbox))


def _texts(table: _Untyped) -> dict[_Box, str]:
    """Text of each cell by its box, the lines of a cell joined."""
    texts: dict[_Box, str] = {}
    for row, values in zip(table.rows, table.extract(), strict=True):
        for box, value in zip(row.cells, values, strict=True):
            if box is not None:
                texts[box] = _joined((value or "").split("\n"))
    return texts


def _joined(lines: Sequence[str]) -> str:
    """A word broken over two lines is one word, two numbers stay two."""
    text = ""
    for line in (" ".join(line.split()) for line in lines):
        if line:
            is_apart = text and text[-1] < "\u2e80" and line[0] < "\u2e80"
            text += f" {line}" if is_apart else line
    return text


def _edges(values: list[float]) -> list[float]:
    """Distinct positions, those nearer than the tolerance taken as one."""
    edges: list[float] = []
    for value in sorted(values):
        if not edges or value - edges[-1] > _TOLERANCE:
            edges.append(value)
    return edges


def _index(edges: Sequence[float], value: float) -> int:
    return min(range(len(edges)), key=lambda index: abs(edges[index] - value))


def _locator(page_number: int, box: Sequence[float]) -> Locator:
    return f"pdf:{page_number}," + ",".join(f"{value:.1f}" for value in box)
