"""Rows of an HTML table → places of its cells, by the table algorithm of the HTML standard (4.9.12), and the question
whether it is a table of data or only lays out a page.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from operator import add
from typing import Literal

from selectolax.lexbor import LexborHTMLParser, LexborNode

from parsers.readers.html.pieces import Cell, Piece, Run, Table

MAX_COLUMNS = 1000
MAX_PLACES = 100_000
_LONG_ROW = 120
_LONG_CELL = 400
_USUAL = 400  # cells and rows of a table whose places are remembered
_FIGURE = re.compile(r"[-+]?[\d,.]+")
_DIGITS = re.compile(r"\s*\+?(\d+)")

Span = tuple[int, int]
"""(rowspan, colspan); rowspan 0 reaches to the end of the row group."""
Place = tuple[int, int, int, int]
"""(row, column, rowspan, colspan)"""


class Rows:
    """The rows of an open table, in groups: no cell grows beyond the group (thead, tbody, tfoot) that it begins in."""

    def __init__(self) -> None:
        self.groups: list[list[list[Cell]]] = []
        self.feet: list[list[list[Cell]]] = []
        self.row: list[Cell] = []
        self._group: list[list[Cell]] | None = None

    def open_group(self, is_foot: bool) -> None:
        self._group = []
        (self.feet if is_foot else self.groups).append(self._group)

    def close_group(self) -> None:
        self._group = None

    def open_row(self) -> list[Cell]:
        if self._group is None:
            self.open_group(is_foot=False)
        self.row = []
        if self._group is not None:
            self._group.append(self.row)
        return self.row


def spans_by_key(tree: LexborHTMLParser, name: Literal["rowspan", "colspan"]) -> dict[int, int]:
    """What that attribute says, of the cells that have it."""
    least = 0 if name == "rowspan" else 1
    return {node.mem_id: _span(node.attrs[name], least) for node in tree.css(f"[{name}]")}


def joined(pieces: Sequence[Piece]) -> str:
    """The lines of a cell as one text: a word broken over two lines is one word, two numbers stay two."""
    text = ""
    for piece in pieces:
        if isinstance(piece, Run):
            is_apart = text and text[-1] < "\u2e80" and piece.text[0] < "\u2e80"
            text += f" {piece.text}" if is_apart else piece.text
    return text


def pieces_of(rows: Rows, node: LexborNode, frame: int) -> list[Piece]:
    """A closed table as one piece, or as what it lays out. Cells beyond the bounds of a table are text after it."""
    groups = [*rows.groups, *rows.feet]
    cells = [cell for group in groups for line in group for cell in line]
    spans = tuple(tuple(tuple([(cell.rowspan, cell.colspan) for cell in line]) for line in group) for group in groups)
    places, height, width = _known_places(spans) if len(cells) + sum(map(len, spans)) <= _USUAL else places_of(spans)
    for cell, place in zip(cells, places, strict=False):
        cell.row, cell.column, cell.rowspan, cell.colspan = place
    cells, beyond = cells[: len(places)], cells[len(places) :]
    rest = [piece for cell in beyond for piece in _pieces_in(cell, frame)]
    return [*_pieces_of_placed(cells, height, width, node, frame), *rest]


def _pieces_in(cell: Cell, frame: int) -> list[Piece]:
    if cell.pieces is not None:
        return cell.pieces
    return [Run(cell.text, cell.node, frame, 0, 0)] if cell.text else []


def _pieces_of_placed(cells: list[Cell], height: int, width: int, node: LexborNode, frame: int) -> list[Piece]:
    inner = [piece for cell in cells if cell.pieces for piece in cell.pieces if isinstance(piece, Table)]
    if inner and _is_data_around(cells, inner):
        return [Table(node, frame, cells, height, width), *inner]
    laid_out = _laid_out_rows(cells, width)
    if not laid_out and width > 1 and len(cells) > 1:
        return [Table(node, frame, cells, height, width)]
    return list(_split(cells, laid_out, width, node, frame))


def _is_data_around(cells: list[Cell], inner: list[Table]) -> bool:
    """Whether a table that holds others has more figures of its own than they have cells: then they are the detail."""
    figures = sum(1 for cell in cells if cell.text and _FIGURE.fullmatch(cell.text))
    return figures > sum(len(table.cells) for table in inner)


def places_of(groups: Sequence[Sequence[Sequence[Span]]]) -> tuple[list[Place], int, int]:
    """The place of each cell in reading order, and how many rows and columns there are.

    No place is covered twice: a span is cut where a cell from above stands, at the end of its row group, at the right
    edge as most rows draw it (`colspan=99` means "all") and at 1000 columns. Beyond 100,000 places the table ends.
    """
    places: list[Place] = []
    until: list[int] = []  # for each column, the row from which it is free
    row = covered = 0
    for group in groups:
        end = row + len(group)
        for line in group:
            column = 0
            for rowspan, colspan in line:
                width = len(until)
                while column < width and until[column] > row:
                    column += 1
                if rowspan == 1 and colspan == 1 and column < width and covered < MAX_PLACES:  # as most cells are
                    until[column] = row + 1
                    places.append((row, column, 1, 1))
                    covered += 1
                    column += 1
                    continue
                right = column + 1
                if colspan > 1:
                    edge = min(column + colspan, MAX_COLUMNS)
                    while right < edge and (right >= width or until[right] <= row):
                        right += 1
                bottom = row + 1 if rowspan == 1 else min(row + rowspan, end) if rowspan else end
                covered += (bottom - row) * (right - column)
                if covered > MAX_PLACES or column >= MAX_COLUMNS:
                    return _trimmed(places)
                if right > width:
                    until.extend([0] * (right - width))
                for taken in range(column, right):
                    until[taken] = bottom
                places.append((row, column, bottom - row, right - column))
                column = right
            row += 1
    return _trimmed(places)


def _trimmed(places: list[Place]) -> tuple[list[Place], int, int]:
    """Without rows in which nothing stands, and without columns that only an oversized span claims."""
    if not places:
        return [], 0, 0
    rows, columns, rowspans, colspans = zip(*places, strict=True)
    height, width = max(map(add, rows, rowspans)), max(map(add, columns, colspans))
    begun = max(columns) + 1
    if begun < width:
        width = _usual_edge(places, begun)
        places = [(row, column, rowspan, min(colspan, width - column)) for row, column, rowspan, colspan in places]
    if len(set(rows)) < height:
        filled = sorted({line for row, _, rowspan, _ in places for line in range(row, row + rowspan)})
        rank = {row: index for index, row in enumerate(filled)}
        places = [(rank[row], column, rowspan, colspan) for row, column, rowspan, colspan in places]
        height = len(filled)
    return places, height, width


def _usual_edge(places: list[Place], begun: int) -> int:
    """Where most rows end, of those that reach the last column in which a cell begins."""
    edges: dict[int, int] = {}
    for row, column, _, colspan in places:
        edges[row] = max(edges.get(row, 0), column + colspan)
    reaching = [edge for edge in edges.values() if edge >= begun]
    return max(sorted(set(reaching)), key=reaching.count)


def _laid_out_rows(cells: list[Cell], width: int) -> set[int]:
    """Rows that hold a page's layout or prose: another table, a long text, a sentence over the whole width."""
    return {
        cell.row
        for cell in cells
        if (len(cell.text) > _LONG_ROW and _is_layout(cell, width)) or (cell.pieces and _holds_table(cell))
    }


def _is_layout(cell: Cell, width: int) -> bool:
    return len(cell.text) > _LONG_CELL or (cell.colspan == width and "。" in cell.text)


def _holds_table(cell: Cell) -> bool:
    return any(isinstance(piece, Table) for piece in cell.pieces or ())


def _split(cells: list[Cell], laid_out: set[int], width: int, node: LexborNode, frame: int) -> Iterator[Piece]:
    """Laid-out rows as their content, the rows between them as tables of their own; a row over the whole width that
    stands just before a laid-out one is its heading."""
    between: list[Cell] = []
    for cell in cells:
        if cell.row not in laid_out:
            between.append(cell)
            continue
        headings: list[Cell] = []
        while between and between[-1].colspan == width:
            headings.insert(0, between.pop())
        yield from _table_of(between, node, frame)
        between = []
        for heading in headings:
            yield from _pieces_in(heading, frame)
        yield from _pieces_in(cell, frame)
    yield from _table_of(between, node, frame)


def _table_of(cells: list[Cell], node: LexborNode, frame: int) -> Iterator[Piece]:
    if not cells:
        return
    first, last = cells[0].row, cells[-1].row
    width = max(cell.column + cell.colspan for cell in cells)
    if width < 2 or len(cells) < 2 or all(cell.colspan == width for cell in cells):
        for cell in cells:
            yield from _pieces_in(cell, frame)
        return
    for cell in cells:
        cell.row -= first
        cell.rowspan = min(cell.rowspan, last - first - cell.row + 1)
    yield Table(node, frame, cells, last - first + 1, width)


def _span(value: str | None, least: int) -> int:
    if not value:
        return 1
    digits = _DIGITS.match(value)
    return min(max(int(digits[1][:6]), least), 65534) if digits else 1


_known_places = lru_cache(maxsize=64)(places_of)
"""The same forms come again and again."""
