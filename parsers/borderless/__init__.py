"""Lines of text → tables whose borders are not drawn: only alignment says where a column is.

Figures that stand one below the other under a head make a column, the words left of them label rows. Where anything does
not fit (a figure under two heads, words among figures, no head at all) there is no table, and its lines stay lines.
Knows nothing of formats: coordinates run from the top left of each page.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

from msgspec import Struct
from msgspec.structs import replace

from parsers.document import joined
from parsers.glyphs import Box
from parsers.lattice import Ruling

from .chunks import PAGE, Chunk, Line, Row, box_of, em_of, row_of, text_of
from .columns import Columns, columns_of
from .rows import Rows, rows_of

__all__ = ["Line", "Place", "Table", "tables_in"]

_MOST_GAP = 3.0
"""Ems between two lines of one table."""
_HEAD_GAP = 1.9
_MOST_HEADS = 14
_LONGEST_HEAD = 24
_CAPTION = re.compile(r"[（(]?[一二三四五六七八九十]{1,3}[)）、.．]|第[一二三四五六七八九十]+[部分章节条]")
_HINT = re.compile(r"(?:^|\s)[+\-−]?[\d０-９][\d０-９,.，．]*\S{0,3}$|\s(?:[/／—–-]{1,2}|无)$")


class Place(Struct, frozen=True):
    """A cell: its text, where it begins and what it spans, and page (from 0) and box of its text, or of its room."""

    text: str
    row: int
    column: int
    rowspan: int
    colspan: int
    page: int
    box: Box


class Table(Struct, frozen=True):
    """One table. `lines` are the numbers of the lines that it takes up."""

    cells: tuple[Place, ...]
    rows: int
    columns: int
    lines: tuple[int, ...]


def tables_in(lines: Sequence[Line], rules: Sequence[tuple[int, Ruling]] = ()) -> list[Table]:
    """The tables among the lines of consecutive pages, from the top; one may go on over pages. `rules` are the drawn lines
    that run across, each with its page."""
    if not any(_HINT.search(line.text) for line in lines):
        return []
    em = em_of(lines)
    if not em:
        return []
    rows = [row for number, line in enumerate(lines) if (row := row_of(number, line, em)).chunks]
    walls = [Ruling(rule.place + page * PAGE, rule.start, rule.end) for page, rule in rules]
    found = []
    end = 0
    for first, last in _groups(rows, em):
        built, end = _table(rows, end, first, last, walls, em)
        if built:
            cells, height, width, used = built
            found.append(Table(cells, height, width, tuple(row.number for row in used)))
    return found


def _groups(rows: Sequence[Row], em: float) -> list[tuple[int, int]]:
    """Runs of rows with figures (first and last), between which nothing but labels stands."""
    groups: list[tuple[int, int]] = []
    left = 0.0
    at = 0
    is_open = False
    for at, row in enumerate(rows):
        if is_open and _gap(rows[at - 1], row) > _MOST_GAP * em:
            is_open = False
        if row.figures:
            if is_open:
                groups[-1] = (groups[-1][0], at)
                left = min(left, row.values[0].x0)
            else:
                groups.append((at, at))
                left, is_open = row.values[0].x0, True
        elif max(chunk.x1 for chunk in row.chunks) > left + 0.3 * em:
            is_open = False
    return groups


def _gap(upper: Row, lower: Row) -> float:
    """The space between two lines, nothing where a page ends between them."""
    return lower.top - upper.bottom if upper.page == lower.page else 0.0


_Built = tuple[tuple[Place, ...], int, int, list[Row]]


def _table(
    rows: Sequence[Row], start: int, first: int, last: int, rules: Sequence[Ruling], em: float
) -> tuple[_Built | None, int]:
    """The table of a group of rows, and the row behind it; no line before `start` may be its head."""
    body = rows[first : last + 1]
    words = [chunk for row in body for chunk in row.chunks[: len(row.chunks) - row.figures]]
    figures = [chunk for row in body for chunk in row.values]
    left = max((chunk.x1 for row in body if row.figures for chunk in row.chunks[: -row.figures]), default=float("-inf"))
    right = min(chunk.x0 for chunk in figures)
    top = _head_start(rows, start, first, (left, right), em)
    heads = _heads([chunk for row in rows[top:first] for chunk in row.chunks], left, em)
    if not heads or any(head.is_figure for head in heads):
        return None, last + 1
    columns = columns_of(figures, heads, em)
    if columns is None:
        return None, last + 1
    lowest = max(lines[-1].y for lines, _, _ in columns.heads)
    over = [chunk for row in rows[top:first] for chunk in row.chunks if not any(chunk is head for head in heads)]
    words += [chunk for chunk in over if chunk.y > lowest + 0.4 * em]
    margin = [chunk for chunk in over if chunk.y <= lowest + 0.4 * em]
    behind = _behind(rows, (first, last), words, columns, em)
    words += [chunk for row in rows[last + 1 : behind] for chunk in row.chunks]
    placed = rows_of(figures, words, rules, em)
    cells = _cells(columns, placed, margin, em)
    if cells is None:
        return None, last + 1
    return (*cells, list(rows[top:behind])), behind


def _heads(chunks: Sequence[Chunk], left: float, em: float) -> list[Chunk]:
    """The words over columns of figures, without what goes on with a text over the labels."""
    heads: list[Chunk] = []
    margin: list[Chunk] = []
    for chunk in sorted(chunks, key=lambda chunk: chunk.y):
        is_below = any(
            0 < chunk.y - other.y < 1.7 * em and other.x0 <= chunk.x0 and chunk.x1 <= other.x1 for other in margin
        )
        (margin if is_below or chunk.x0 <= left - 0.3 * em else heads).append(chunk)
    return heads


def _head_start(rows: Sequence[Row], start: int, first: int, gutter: tuple[float, float], em: float) -> int:
    """The first line of the heads over a table: close above, over the columns, and neither prose nor a caption. `gutter`
    lies between labels and figures."""
    left, right = gutter
    top = at = first
    while at > max(start, first - _MOST_HEADS):
        row = rows[at - 1]
        if _gap(row, rows[at]) > _HEAD_GAP * em or (_CAPTION.match(row.chunks[0].text) and len(row.chunks) == 1):
            break
        is_crossing = any(chunk.x0 < left - em and chunk.x1 > right for chunk in row.chunks)
        is_prose = len(row.chunks) == 1 and ("。" in row.chunks[0].text or len(row.chunks[0].text) > _LONGEST_HEAD)
        if is_crossing or is_prose:
            break
        at -= 1
        if any(chunk.x0 > left - 0.3 * em for chunk in row.chunks):
            top = at
    return top


def _behind(rows: Sequence[Row], body: tuple[int, int], words: Sequence[Chunk], columns: Columns, em: float) -> int:
    """The line behind a table: labels below its last figures, of that row or of rows without figures, belong to it."""
    first, last = body
    at = last + 1
    usual = max((_gap(a, b) for a, b in pairwise(rows[first : last + 1]) if _near(a, b, em)), default=0.0)
    while at < len(rows):
        row = rows[at]
        is_label = all(chunk.x1 < columns.extents[0][0] for chunk in row.chunks) and not row.figures
        is_aligned = any(
            min(abs(chunk.x0 - other.x0), abs(chunk.x - other.x)) < 0.3 * em for chunk in row.chunks for other in words
        )
        if (
            not is_label
            or not is_aligned
            or row.page != rows[at - 1].page
            or _gap(rows[at - 1], row) > usual + 0.15 * em
        ):
            break
        at += 1
    return at


def _near(a: Row, b: Row, em: float) -> bool:
    return a.page == b.page and b.top - a.bottom < _HEAD_GAP * em


# --- cells -------------------------------------------------------------------------------------------------------------


def _cells(
    columns: Columns, rows: Rows, margin: Sequence[Chunk], em: float
) -> tuple[tuple[Place, ...], int, int] | None:
    """The cells of a table, and how many rows and columns it has; None where a figure has no place of its own."""
    outer = _outer_columns(rows)
    shift = (max(outer.values()) + 1 if outer else 0) + any(band.labels for band in rows.bands)
    levels = _levels([chunk for lines, _, _ in columns.heads for chunk in lines] + list(margin), em)
    cells: list[Place] = []
    for lines, low, high in columns.heads:
        cells.append(_cell(lines, levels[id(lines[-1])], low + shift, colspan=high - low + 1))
    height = max(levels.values()) + 1
    for level in range(height):
        beside = sorted(chunk for chunk in margin if levels[id(chunk)] == level)
        if beside and shift:
            cells.append(_cell(beside, level, 0, colspan=shift))
    for number, band in enumerate(rows.bands, height):
        found = _figure_cells(band.figures, columns, em)
        if found is None:
            return None
        page, (_, top, _, bottom) = box_of(band.chunks)
        for column, (x0, x1) in enumerate(columns.extents):
            chunks = found.get(column)
            if chunks:
                cells.append(_cell(chunks, number, column + shift))
            else:
                cells.append(Place("", number, column + shift, 1, 1, page, (x0, top, x1, bottom)))
        cells += [_cell(label.lines, number, outer.get(id(label), shift - 1)) for label in band.labels]
    cells += _group_cells(rows, outer, height, {(cell.row, cell.column) for cell in cells})
    return _disjoint(cells), height + len(rows.bands), shift + len(columns.extents)


def _cell(chunks: Sequence[Chunk], row: int, column: int, rowspan: int = 1, colspan: int = 1) -> Place:
    page, box = box_of(chunks)
    return Place(text_of(chunks), row, column, rowspan, colspan, page, box)


def _figure_cells(figures: Sequence[Chunk], columns: Columns, em: float) -> dict[int, list[Chunk]] | None:
    """The figures of a row by column; None where one stands in no column, or two side by side in one."""
    found: dict[int, list[Chunk]] = {}
    for chunk in sorted(figures):
        column = columns.of(chunk)
        if column is None:
            return None
        others = found.setdefault(column, [])
        if any(abs(other.y - chunk.y) < 0.4 * em and chunk.x0 - other.x1 > em for other in others):
            return None
        others.append(chunk)
    return found


def _outer_columns(rows: Rows) -> dict[int, int]:
    """A column for each label that is not its row's last, from the left; those that share width share it."""
    labels = [label for band in rows.bands for label in band.labels[:-1]] + [label for label, _, _ in rows.groups]
    found: dict[int, int] = {}
    column, reach = -1, float("-inf")
    for label in sorted(labels, key=lambda label: label.x0):
        if label.x0 >= reach:
            column, reach = column + 1, label.x1
        reach = min(reach, label.x1) if found and label.x0 < reach else label.x1
        found[id(label)] = column
    return found


def _group_cells(rows: Rows, outer: dict[int, int], height: int, taken: set[tuple[int, int]]) -> list[Place]:
    cells = []
    for label, low, high in sorted(rows.groups, key=lambda group: group[1]):
        column = outer[id(label)]
        free = [row for row in range(low + height, high + height + 1) if (row, column) not in taken]
        if not free:  # another label stands there: both texts are kept
            cells.append(_cell(label.lines, low + height, column))
            continue
        span = next((at for at, row in enumerate(free) if row != free[0] + at), len(free))
        taken |= {(row, column) for row in free[:span]}
        cells.append(_cell(label.lines, free[0], column, rowspan=span))
    return cells


def _disjoint(cells: Sequence[Place]) -> tuple[Place, ...]:
    """The cells row by row, none over another: a span ends where the next cell begins, texts of one place are one."""
    found: list[Place] = []
    for cell in sorted(cells, key=lambda cell: (cell.row, cell.column)):
        last = found[-1] if found and found[-1].row == cell.row else None
        if last and last.column == cell.column:
            found[-1] = replace(last, text=joined((last.text, cell.text)), colspan=max(last.colspan, cell.colspan))
            continue
        if last and last.column + last.colspan > cell.column:
            found[-1] = replace(last, colspan=cell.column - last.column)
        found.append(cell)
    return tuple(found)


def _levels(chunks: Sequence[Chunk], em: float) -> dict[int, int]:
    """The row of the head in which each chunk stands: one for each line of text."""
    levels: dict[int, int] = {}
    level, y = -1, float("-inf")
    for chunk in sorted(chunks, key=lambda chunk: chunk.y):
        if chunk.y - y > 0.4 * em:
            level, y = level + 1, chunk.y
        levels[id(chunk)] = level
    return levels
