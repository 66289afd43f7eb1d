"""Spreadsheets (.xlsx, .xls and their kin) → blocks: tables as grids, rows of one text as paragraphs.

Locators: `sheet:NAME!C5`, the cell as the program names it.
"""

import datetime as dt
import io
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeAlias

from msgspec import Struct

from parsers.document import Block, Document, Grid, GridCell, Paragraph
from parsers.errors import UnreadableDocument
from parsers.packages import Package, title_of

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
XLS = "application/vnd.ms-excel"
ODS = "application/vnd.oasis.opendocument.spreadsheet"
MAX_PLACES = 4_000_000
"""Places of the area that a sheet's cells span: the library lays all of them out in memory."""
MAX_CELLS = 100_000
"""Cells that are read from all sheets together. The whole form has fewer than 400."""
_PARTS = ("xl/workbook.", "xl/worksheets/", "xl/sharedstrings.", "xl/styles.", "content.xml")
"""What the library reads of a file, by the beginning of the names."""
_REFERENCE = re.compile(rb"""<(?:\w+:)?c\s[^>]{0,200}?\br=["']([A-Z]{1,3})([0-9]{1,7})["']""")
_NO_NAME = re.compile(r"(?:sheet|工作表|表)\s*\d*", re.IGNORECASE)
_LONG = 40

_Sheet: TypeAlias = tuple[str, list[list[Any]], dict[tuple[int, int], tuple[int, int]]]
"""Name, values by row and column from 0, and for the first place of a merged area its (rowspan, colspan)."""


class _Cell(Struct):
    """A cell with its text, its place from 0 and what is merged into it."""

    text: str
    row: int
    column: int
    rowspan: int
    colspan: int

    @property
    def right(self) -> int:
        return self.column + self.colspan


_Row = list[_Cell]


def read(content: bytes, media_type: str) -> Document:
    """All visible sheets in order. Numbers stand as the program shows them where no format is set: whole ones without a
    point, others to 15 digits; dates as 2024-01-18.

    Raises UnreadableDocument for files that are damaged, encrypted or too big.
    """
    remarks: list[str] = []
    title = _checked(content) if content.startswith(b"PK") else None
    sheets: list[tuple[str, list[Block]]] = []
    left = MAX_CELLS
    for name, values, merges in _sheets(content, remarks):
        rows = _rows(values, merges, left)
        left -= sum(map(len, rows))
        sheets.append((name, [block for part in _parts(rows) for block in _blocks(name, part)]))
        if left <= 0:
            remarks.append(f"the spreadsheet is too big: only the first {MAX_CELLS} cells were read")
            break
    return Document("calamine", media_type, tuple(_in_order(sheets)), title=title, remarks=tuple(remarks))


def _in_order(sheets: Sequence[tuple[str, list[Block]]]) -> Iterator[Block]:
    """The blocks of all sheets; of several, each behind its name, which may be the table's caption."""
    filled = [(name, blocks) for name, blocks in sheets if blocks]
    for name, blocks in filled:
        if len(filled) > 1 and not _NO_NAME.fullmatch(name.strip()):
            yield Paragraph(name, f"sheet:{name}!A1")
        yield from blocks


def _checked(content: bytes) -> str | None:
    """The title of the file's properties, after a look at what the file would unpack to."""
    package = Package(content, "spreadsheet")
    for name in package.members:
        if name.startswith(_PARTS):
            places = [(int(digits), _column_number(letters)) for letters, digits in _REFERENCE.findall(package.read(name))]
            rows, columns = (max(numbers, default=0) for numbers in zip(*places, strict=True)) if places else (0, 0)
            if rows * columns > MAX_PLACES:
                raise UnreadableDocument(f"a sheet reaches over {rows} rows and {columns} columns: too big")
    return title_of(package)


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _sheets(content: bytes, remarks: list[str]) -> Iterator[_Sheet]:
    """The visible sheets, one at a time."""
    import python_calamine

    with _damage_told():
        workbook = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        if not workbook.sheets_metadata:
            raise UnreadableDocument("the spreadsheet is damaged: it has no sheet")
        for sheet in workbook.sheets_metadata:
            if sheet.typ != python_calamine.SheetTypeEnum.WorkSheet:
                continue
            if sheet.visible != python_calamine.SheetVisibleEnum.Visible:
                remarks.append(f"a hidden sheet was not read: {sheet.name}")
                continue
            found = workbook.get_sheet_by_name(sheet.name)
            if found.total_height * found.total_width > MAX_PLACES:
                raise UnreadableDocument(f"the sheet {sheet.name} is too big")
            areas = found.merged_cell_ranges or ()
            spans = {(top, left): (bottom - top + 1, right - left + 1) for (top, left), (bottom, right) in areas}
            yield sheet.name, found.to_python(skip_empty_area=False), spans


@contextmanager
def _damage_told() -> Iterator[None]:
    """Whatever the library stumbles over is the file's damage; where its Rust panics, the error is no Exception."""
    import python_calamine

    try:
        yield
    except python_calamine.PasswordError as error:
        raise UnreadableDocument("the spreadsheet is encrypted and needs a password") from error
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        raise UnreadableDocument(f"the spreadsheet is damaged: {error}") from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise UnreadableDocument("the spreadsheet is damaged: its parts contradict each other") from error


def _rows(
    values: Sequence[Sequence[Any]], merges: dict[tuple[int, int], tuple[int, int]], most: int
) -> list[_Row]:
    """The cells of each row up to its last that is filled or merged; places covered by a merged cell have none. Ends
    when there are `most`."""
    covered: set[tuple[int, int]] = set()
    rows: list[_Row] = []
    for y, line in enumerate(values):
        row: _Row = []
        for x, text in enumerate(map(_text, line)):
            if (y, x) not in covered:
                down, right = merges.get((y, x), (1, 1))
                down, right = min(down, len(values) - y), min(right, len(line) - x)
                covered.update((y + i, x + j) for i in range(down) for j in range(right))
                row.append(_Cell(text, y, x, down, right))
        while row and not row[-1].text and row[-1].colspan == row[-1].rowspan == 1:
            row.pop()
        most -= len(row)
        if most < 0:
            break
        rows.append(row)
    return rows


def _text(value: Any) -> str:  # noqa: ANN401  whatever the library makes of a cell
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else _plain(value)
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ")
    return " ".join(str(value).split())


def _plain(value: float) -> str:
    """15 digits as the program shows them: what lies behind is an error of binary fractions. Never with an exponent."""
    text = f"{value:.15g}"
    return f"{value:.15f}".rstrip("0") if "e-" in text else f"{value:.0f}" if "e+" in text else text


def _parts(rows: Sequence[_Row]) -> Iterator[list[_Row]]:
    """Runs of rows between empty ones. A row that a cell from above reaches over is not empty."""
    part: list[_Row] = []
    reach = 0
    for number, row in enumerate(rows):
        if any(cell.text for cell in row) or number < reach:
            part.append(row)
            reach = max([reach, *(cell.row + cell.rowspan for cell in row)])
        elif part:
            yield part
            part = []
    if part:
        yield part


def _blocks(name: str, part: Sequence[_Row]) -> Iterator[Block]:
    """Rows of one text that are no part of a table as paragraphs, the rows between them as grids."""
    table: list[_Row] = []
    reach = 0
    for number, row in enumerate(part):
        is_crossed = bool(row) and row[0].row < reach
        if not is_crossed and _is_line(row, table, part[number + 1 :]):
            yield from _grid(name, table)
            table = []
            yield from (Paragraph(cell.text, _locator(name, cell)) for cell in row if cell.text)
        else:
            table.append(row)
            reach = max([reach, *(cell.row + cell.rowspan for cell in row)])
    yield from _grid(name, table)


def _is_line(row: _Row, above: Sequence[_Row], below: Sequence[_Row]) -> bool:
    """Whether a row is a title, caption or sentence: one text, where no table has begun, or as wide as the table, or
    long, or right of where the table begins. A label with blank figures behind it is none of these."""
    filled = [cell for cell in row if cell.text]
    if len(filled) != 1 or filled[0].rowspan > 1:
        return False
    cell = filled[0]
    beside = next((each for each in (*below, *reversed(above)) if sum(bool(other.text) for other in each) > 1), None)
    if not above or beside is None or (len(cell.text) > _LONG and "。" in cell.text):
        return True
    left = min(each[0].column for each in above if each)
    return cell.column > left or (cell.column <= beside[0].column and cell.right >= beside[-1].right and cell.colspan > 1)


def _grid(name: str, rows: Sequence[_Row]) -> Iterator[Block]:
    filled = [cell for row in rows for cell in row if cell.text]
    if not filled:
        return
    left, right = min(cell.column for cell in filled), max(cell.right for row in rows for cell in row)
    top, bottom = filled[0].row, max(cell.row + cell.rowspan for row in rows for cell in row)
    if right - left < 2 or len(filled) < 2:
        yield from (Paragraph(cell.text, _locator(name, cell)) for cell in filled)
        return
    covered = {(y, x) for row in rows for cell in row for y, x in _places(cell)}
    cells = [cell for row in rows for cell in row if cell.column >= left]
    ends = ((row[0].row, row[-1].right) for row in rows if row)
    cells += [_Cell("", y, x, 1, 1) for y, end in ends for x in range(end, right) if (y, x) not in covered]
    cells.sort(key=lambda cell: (cell.row, cell.column))
    placed = tuple(
        GridCell(cell.text, cell.row - top, cell.column - left, _locator(name, cell), cell.rowspan, cell.colspan)
        for cell in cells
    )
    yield Grid(placed, bottom - top, right - left, _locator(name, filled[0]))


def _places(cell: _Cell) -> Iterator[tuple[int, int]]:
    return ((cell.row + y, cell.column + x) for y in range(cell.rowspan) for x in range(cell.colspan))


def _locator(name: str, cell: _Cell) -> str:
    return f"sheet:{name}!{_letters(cell.column)}{cell.row + 1}"


def _letters(column: int) -> str:
    """A, B, … Z, AA: the name of a column."""
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(ord("A") + rest) + text
    return text
