"""Tables of a Word document → places of their cells, and the question whether a row holds data or lays out a page."""

from collections.abc import Callable, Iterator, Sequence
from typing import Union

from lxml.etree import _Element as Element
from msgspec import Struct

from parsers.document import Block, Grid, GridCell, Paragraph, joined
from parsers.packages import attribute, local_name

from .flow import Line
from .styles import child, number, value

MAX_COLUMNS = 1000
MAX_PLACES = 100_000
_LONG_ROW = 120
_LONG_CELL = 400
_WRAPPERS = frozenset(("sdt", "sdtContent", "customXml", "ins", "moveTo"))
_FIGURE = frozenset("0123456789.,+-")

Reading = Callable[[Element], Sequence[Union[Line, "Table"]]]
"""What stands in a cell: lines, and tables of its own."""


class Cell(Struct):
    """A cell while its table is read; spans grow with each cell merged into it."""

    row: int
    column: int
    colspan: int
    pieces: Sequence[Union[Line, "Table"]]
    rowspan: int = 1

    @property
    def text(self) -> str:
        return joined(piece.text for piece in self.pieces if isinstance(piece, Line))

    @property
    def tables(self) -> "list[Table]":
        return [piece for piece in self.pieces if isinstance(piece, Table)]


class Table(Struct):
    """A table with its cells placed; `number` counts the tables of the document from 1, nested ones where they begin."""

    number: int
    cells: list[Cell]
    rows: int
    columns: int
    is_cut: bool


def table_of(element: Element, number_of_table: int, reading: Reading) -> Table:
    """A `w:tbl` with the places of its cells; rows and cells that a tracked change deletes are gone. A table too big to
    be one ends at 100,000 places."""
    cells: list[Cell] = []
    merging: dict[int, Cell] = {}
    places = rows = columns = 0
    for row in _parts(element, "tr"):
        if child(row, "trPr", "del") is not None:
            continue
        width = _row(row, rows, cells, merging, reading)
        rows += 1
        columns = max(columns, width)
        places += width
        if places > MAX_PLACES:
            return Table(number_of_table, cells, rows, columns, is_cut=True)
    return Table(number_of_table, cells, rows, columns, is_cut=False)


def _row(row: Element, number_of_row: int, cells: list[Cell], merging: dict[int, Cell], reading: Reading) -> int:
    """Appends the cells of a row and returns how far it reaches. `merging` holds, by column, the cells that cells below
    may be merged into."""
    properties = child(row, "trPr")
    column = min(number(value(properties, "gridBefore")) or 0, MAX_COLUMNS)
    before: Cell | None = None
    for element in _parts(row, "tc"):
        of_cell = child(element, "tcPr")
        if child(of_cell, "cellDel") is not None:
            continue
        span = max(1, min(number(value(of_cell, "gridSpan")) or 1, MAX_COLUMNS - column))
        above = merging.get(column)
        if before is not None and _merge(of_cell, "hMerge") == "continue":
            before.colspan += span
        elif above is not None and above.colspan == span and _merge(of_cell, "vMerge") == "continue":
            above.rowspan = number_of_row - above.row + 1
        else:
            before = Cell(number_of_row, column, span, reading(element))
            cells.append(before)
            for taken in range(column, column + span):
                merging.pop(taken, None)
            if _merge(of_cell, "vMerge"):
                merging[column] = before
        column += span
        if column >= MAX_COLUMNS:
            break
    for left in [each for each, cell in merging.items() if cell.row + cell.rowspan <= number_of_row]:
        del merging[left]
    return column


def _merge(properties: Element | None, name: str) -> str | None:
    """`restart`, `continue`, or None where a cell is not merged in this direction."""
    found = child(properties, name)
    return None if found is None else attribute(found, "val") or "continue"


def _parts(element: Element, name: str) -> Iterator[Element]:
    """Rows of a table, or cells of a row, also those that stand in wrappers."""
    for each in element:
        if local_name(each) == name:
            yield each
        elif local_name(each) in _WRAPPERS:
            yield from _parts(each, name)


def blocks_of(table: Table) -> Iterator[Block]:
    """A table as a grid, behind it those that stand in its cells; or, where it only lays out a page, what it lays out."""
    laid_out = _laid_out_rows(table)
    between: list[Cell] = []
    for cell in table.cells:
        if cell.row not in laid_out:
            between.append(cell)
            continue
        headings: list[Cell] = []
        while between and between[-1].colspan == table.columns:
            headings.insert(0, between.pop())
        yield from _grid(table, between)
        between = []
        for each in (*headings, cell):
            yield from _spliced(table, each)
    yield from _grid(table, between)


def _laid_out_rows(table: Table) -> set[int]:
    """Rows with another table in them, or with prose over the whole width."""
    inner = [each for cell in table.cells for each in cell.tables]
    is_data = bool(inner) and _figures(table) > sum(len(each.cells) for each in inner)
    return {
        cell.row for cell in table.cells if (cell.tables and not is_data) or _is_prose(cell.text, cell.colspan, table)
    }


def _figures(table: Table) -> int:
    return sum(1 for cell in table.cells if (text := cell.text) and _FIGURE.issuperset(text))


def _is_prose(text: str, colspan: int, table: Table) -> bool:
    return len(text) > _LONG_CELL or (len(text) > _LONG_ROW and colspan == table.columns and "。" in text)


def _grid(table: Table, cells: Sequence[Cell]) -> Iterator[Block]:
    if not cells:
        return
    first, after = cells[0].row, max(cell.row + cell.rowspan for cell in cells)
    columns = max(cell.column + cell.colspan for cell in cells)
    if columns < 2 or len(cells) < 2 or all(cell.colspan == columns for cell in cells):
        for cell in cells:
            yield from _spliced(table, cell)
        return
    placed = tuple(
        GridCell(cell.text, cell.row - first, cell.column, _locator(table, cell), cell.rowspan, cell.colspan)
        for cell in cells
    )
    yield Grid(placed, after - first, columns, f"docx:t{table.number}r{first + 1}c{cells[0].column + 1}")
    for cell in cells:
        for inner in cell.tables:
            yield from blocks_of(inner)


def _spliced(table: Table, cell: Cell) -> Iterator[Block]:
    for piece in cell.pieces:
        if isinstance(piece, Line):
            yield Paragraph(piece.text, _locator(table, cell))
        else:
            yield from blocks_of(piece)


def _locator(table: Table, cell: Cell) -> str:
    return f"docx:t{table.number}r{cell.row + 1}c{cell.column + 1}"
