"""PDF files → blocks: ruled tables as grids with their merged cells, the rest line by line.

PDFium gives characters and lines, our lattice the cells; a file whose lattice is incomplete goes to pdfplumber, which is
slower by an order. Coordinates of locators are points from the top left of the page, pages count from 1.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from msgspec import Struct
from msgspec.structs import replace

from parsers import borderless, ocr
from parsers.document import Block, Document, Grid, GridCell, Locator, Paragraph
from parsers.glyphs import Box, Glyph, line_of, text_lines
from parsers.lattice import Lattice, Ruling, filled, full_rooms, joined, lattices, sorted_in
from parsers.readers.pdf import plumber
from parsers.readers.pdf.pdfium import Content, Pages, pages_of, render
from parsers.seams import Leaf, box_of, sewn, without_running_lines
from parsers.strikes import Marks, cleared, marks_of, remarks_on

MAX_PAGES = 400
MAX_SCANS = 60
"""So many pages that are pictures are recognised; each takes seconds."""

_DOTS = 200 / 72  # pixels to a point: what the recogniser was measured with
_PICTURE_SHARE = 0.3
_STAMPED_SHARE = 0.6
_MOST_STAMPED = 60
"""Characters on a page that is a picture for all that: its number, a note of receipt."""
_MOST_POINTS = 3000.0  # of width or height of a page that is drawn
_MARGIN_SHARE = 0.12
_SAME_BORDER = 4.0  # points; borders of one table on two pages
_SAME_HEIGHT = 3.0
_MOST_STRIPE = 30.0  # points between two coloured rows of one table
_MOST_CROSSINGS = 100_000  # of the lines of a page; more are a drawing, and no table
_FEW_LINES = 4
_PAGE_NUMBER = re.compile(r"[-—–－·•\s]*(?:第\s*)?\d{1,4}(?:\s*页)?(?:\s*[/／]\s*共?\s*\d{1,4}(?:\s*页)?)?[-—–－·•\s]*")


class PageBlocks(Struct, frozen=True):
    """What a page says, from the top. `is_whole` is False where its lines make a table that could not be read, or
    characters are lost. `full` are the cells at the foot of a table that have no room for more text, `glyphs` the
    characters of each line by its locator, `rules` the drawn lines that run across. `marks` says what was struck out."""

    blocks: tuple[Block, ...]
    furniture: tuple[Block, ...]
    is_whole: bool
    full: frozenset[Locator] = frozenset()
    glyphs: dict[Locator, list[Glyph]] = {}
    rules: tuple[Ruling, ...] = ()
    marks: Marks = Marks()


def read(content: bytes) -> Document:
    """Tables and lines of all pages in reading order. Raises UnreadableDocument for encrypted and for damaged files.

    A file of pictures gives no blocks and a remark.
    """
    pages = pages_of(content, MAX_PAGES)
    scans = [page for page in pages.contents if _is_scan(page)]
    read_pages = [page_blocks(page) for page in pages.contents]
    if not scans and not all(page.is_whole for page in read_pages):
        return plumber.read(content)
    if scans and ocr.is_ready():
        numbers = {page.number for page in scans[:MAX_SCANS]}
        ocr.announce(len(numbers))
        read_pages = [
            _recognised(content, page) if page.number in numbers else blocks
            for page, blocks in zip(pages.contents, read_pages, strict=True)
        ]
    heights = [page.height for page in pages.contents]
    flows, running = without_running_lines([page.blocks for page in read_pages], heights, _SAME_HEIGHT)
    flows = _with_borderless_tables(pages.contents, flows, read_pages)
    numbered = zip(pages.contents, flows, read_pages, strict=True)
    leaves = [Leaf(content.number, flow, page.full) for content, flow, page in numbered]
    return Document(
        "rapidocr" if scans and ocr.is_ready() else "pdfium",
        "application/pdf",
        sewn(leaves, _SAME_BORDER),
        (*running, *(block for page in read_pages for block in page.furniture)),
        title=pages.title,
        remarks=(
            *_remarks(pages, scans),
            *remarks_on((content.number, page.marks) for content, page in zip(pages.contents, read_pages, strict=True)),
        ),
        unread=ocr.INSTALL if scans and not ocr.is_ready() else None,
    )


def _is_scan(page: Content) -> bool:
    """Whether a page is mostly a picture, without text but what a scanner's software recognised or an office stamped."""
    shown = max((x1 - x0) * (y1 - y0) for x0, y0, x1, y1 in page.pictures) / (page.width * page.height) if page.pictures else 0.0
    written = sum(glyph.text != " " for glyph in page.glyphs) if page.is_inked else 0
    return shown > (_STAMPED_SHARE if written else _PICTURE_SHARE) and written <= _MOST_STAMPED


def _recognised(content: bytes, page: Content) -> PageBlocks:
    if max(page.width, page.height) > _MOST_POINTS:
        return PageBlocks((), (), is_whole=True)
    picture = ocr.grey_of(render(content, page.number, _DOTS))
    found = ocr.blocks_of(picture, lambda box: _locator(page.number, _in_points(box)), _DOTS)
    numbers = {
        block
        for block in found
        if isinstance(block, Paragraph) and _is_page_number(block.text, box_of(block.locator), page.height)
    }
    rest = tuple(block for block in found if block not in numbers)
    return PageBlocks(rest, tuple(numbers), is_whole=True)


def _in_points(box: Box) -> Box:
    return (box[0] / _DOTS, box[1] / _DOTS, box[2] / _DOTS, box[3] / _DOTS)


def _remarks(pages: Pages, scans: Sequence[Content]) -> Iterator[str]:
    if pages.count > MAX_PAGES:
        yield f"only the first {MAX_PAGES} of {pages.count} pages were read"
    lost = min(pages.count, MAX_PAGES) - len(pages.contents)
    if lost:
        yield f"{lost} pages are damaged and were left out"
    if scans:
        yield f"{len(scans)} of {pages.count} pages are pictures"
    sideways = [str(page.number) for page in pages.contents if page.is_turned]
    if sideways:
        yield f"pages that lie on their side, their places are those of the page turned upright: {', '.join(sideways)}"
    if len(scans) > MAX_SCANS:
        yield f"only the first {MAX_SCANS} pictures of pages were recognised"


def page_blocks(page: Content) -> PageBlocks:
    """The blocks of one page by height, its page number apart."""
    marks = marks_of(page.glyphs, page.across, page.down)
    if marks.drawn:
        across = [rule for number, rule in enumerate(page.across) if number not in marks.drawn]
        page = replace(page, glyphs=cleared(page.glyphs, marks), across=across)
    across, down = _lines(page)
    placed: list[tuple[float, Block]] = []
    rest: Sequence[Glyph] = page.glyphs
    is_whole = not page.has_lost
    full: set[Locator] = set()
    found = [lattice for lattice in lattices(across, down) if len(lattice.columns) > 2]
    if len(page.across) + len(page.down) < _FEW_LINES and _are_stripes(found, page.glyphs):
        across, down, found = joined(page.across), joined(page.down), []
    for lattice in sorted(found, key=_extent):  # what stands inside of another takes its characters first
        inside, rest = sorted_in(lattice, rest)
        ruled = filled(lattice, inside, lambda box: _locator(page.number, box))
        is_whole = is_whole and ruled.is_whole
        full |= {_locator(page.number, room.box) for room in full_rooms(lattice, inside)}
        placed.append((lattice.rows[0], ruled.grid))
    is_whole = is_whole and (bool(found) or not _look_ruled(across, down))
    furniture: list[Block] = []
    glyphs: dict[Locator, list[Glyph]] = {}
    for row in text_lines(rest):
        for text, box in line_of(row):
            block = Paragraph(text, _locator(page.number, box))
            glyphs[block.locator] = row
            if _is_page_number(text, box, page.height):
                furniture.append(block)
            else:
                placed.append((box[1], block))
    placed.sort(key=lambda entry: entry[0])
    blocks = tuple(block for _, block in placed)
    return PageBlocks(blocks, tuple(furniture), is_whole, frozenset(full), glyphs, tuple(across), marks)


def _with_borderless_tables(
    contents: Sequence[Content], flows: Sequence[tuple[Block, ...]], pages: Sequence[PageBlocks]
) -> list[tuple[Block, ...]]:
    """The blocks of all pages, lines that are tables without borders replaced by grids."""
    kept: list[list[Block]] = [[] for _ in flows]
    run: list[tuple[int, Paragraph]] = []

    def close() -> None:
        for place, block in _tables_among(run, contents, pages):
            kept[place].append(block)
        run.clear()

    for place, flow in enumerate(flows):
        for block in flow:
            if isinstance(block, Paragraph) and block.locator in pages[place].glyphs:
                run.append((place, block))
            else:
                close()
                kept[place].append(block)
    close()
    return [tuple(blocks) for blocks in kept]


def _tables_among(
    run: Sequence[tuple[int, Paragraph]], contents: Sequence[Content], pages: Sequence[PageBlocks]
) -> list[tuple[int, Block]]:
    """Consecutive lines, each with the place of its page, as lines and grids."""
    lines = [borderless.Line(block.text, place, pages[place].glyphs[block.locator]) for place, block in run]
    rules = [(place, rule) for place in dict.fromkeys(place for place, _ in run) for rule in pages[place].rules]
    blocks: list[tuple[int, Block] | None] = [*run]
    for table in borderless.tables_in(lines, rules):
        for number in table.lines:
            blocks[number] = None
        blocks[table.lines[0]] = (run[table.lines[0]][0], _borderless_grid(table, contents))
    return [block for block in blocks if block is not None]


def _borderless_grid(table: borderless.Table, contents: Sequence[Content]) -> Grid:
    cells = tuple(
        GridCell(
            cell.text, cell.row, cell.column, _locator(contents[cell.page].number, cell.box), cell.rowspan, cell.colspan
        )
        for cell in table.cells
    )
    first = [cell.box for cell in table.cells if cell.page == table.cells[0].page]
    box = (
        min(x0 for x0, *_ in first),
        min(top for _, top, *_ in first),
        max(x1 for _, _, x1, _ in first),
        max(bottom for *_, bottom in first),
    )
    locator = _locator(contents[table.cells[0].page].number, box)
    return Grid(cells, table.rows, table.columns, locator, has_borders=False)


def _lines(page: Content) -> tuple[list[Ruling], list[Ruling]]:
    """The lines of a page; where it has none, coloured areas may be what draws the table."""
    across, down = page.across, page.down
    if len(across) + len(down) < _FEW_LINES:
        boxes = [area.box for area in page.areas if not area.is_white]
        across = [*across, *(Ruling(y, box[0], box[2]) for box in boxes for y in (box[1], box[3]))]
        down = [*down, *(Ruling(x, box[1], box[3]) for box in boxes for x in (box[0], box[2]))]
    across, down = joined(across), joined(down)
    return (across, down) if len(across) * len(down) <= _MOST_CROSSINGS else ([], [])


def _are_stripes(tables: Sequence[Lattice], glyphs: Sequence[Glyph]) -> bool:
    """Whether coloured areas make no tables but every second row of one: text stands between two of them, or one is a
    single row."""
    return any(len(table.rows) == 2 for table in tables) or any(
        abs(upper.box[0] - lower.box[0]) < _SAME_BORDER
        and 0 < lower.box[1] - upper.box[3] < _MOST_STRIPE
        and any(upper.box[3] < (glyph.top + glyph.bottom) / 2 < lower.box[1] for glyph in glyphs)
        for upper, lower in pairwise(tables)
    )


def _extent(lattice: Lattice) -> float:
    x0, top, x1, bottom = lattice.box
    return (x1 - x0) * (bottom - top)


def _look_ruled(across: Sequence[Ruling], down: Sequence[Ruling]) -> bool:
    """Whether there are lines enough for a table although none closes a cell."""
    return len(across) >= _FEW_LINES and len(down) >= _FEW_LINES


def _is_page_number(text: str, box: Box, height: float) -> bool:
    margin = height * _MARGIN_SHARE
    return (box[1] > height - margin or box[3] < margin) and bool(_PAGE_NUMBER.fullmatch(text))


def _locator(page_number: int, box: Box) -> Locator:
    return f"pdf:{page_number},{box[0]:.1f},{box[1]:.1f},{box[2]:.1f},{box[3]:.1f}"
