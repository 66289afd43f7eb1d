"""Tables of other years, tables that were cut between their columns, and running text in which figures do not follow their labels: all labels
first and the figures in rows or in columns, or each row of figures above its label (within step 5).

What the layout leaves open is proven by counts, labels and the sum that the form itself prints in every row (six figures
and their total), or not read at all.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

from msgspec.structs import replace

from .assign import is_full
from .document import Block, Document, Grid
from .labels import normalise
from .numbers import is_blank, read_figure
from .strips import Field, Strip
from .template import Line, Table, Template

_NUMBERED = 4
_MANY = 20
"""So many rows has a table that may be cut between its columns: section three."""
_SHORT = 24
MOST = 0.8
"""So many of the rows that are not all 0 have to add up in the one order (and not half in the other) where some do not."""


def cut(strip: Strip, width: int) -> tuple[list[Strip], bool]:
    """A run of several rows of running text as rows of `width` figures that share the label text in front of them, and
    whether it runs column by column. Uncut where neither order, or both, make the rows add up."""
    count = len(strip.fields)
    if strip.in_grid or strip.is_glued or count <= width or count % width:
        return [strip], False
    across = [strip.fields[start : start + width] for start in range(0, count, width)]
    rows = count // width
    down = [strip.fields[start::rows] for start in range(rows)]
    by_rows, by_columns = _adding_up(across), _adding_up(down)
    if _texts(across) == _texts(down) or (by_rows == 1 > by_columns) or (by_rows >= MOST and by_columns <= 0.5):
        return [replace(strip, fields=fields) for fields in across], False
    if (by_columns == 1 > by_rows) or (by_columns >= MOST and by_rows <= 0.5):
        return [replace(strip, fields=fields) for fields in down], True
    return [strip], False


def _adding_up(rows: Sequence[Sequence[Field]]) -> float:
    """The share of the rows with a figure other than 0 whose last figure is the sum of the others."""
    numbers = [[_count(field) for field in row] for row in rows]
    telling = [row for row in numbers if any(row)]
    return sum(_adds_up(row) for row in telling) / len(telling) if telling else 1.0


def _count(field: Field) -> int | None:
    figure = read_figure(field.text)
    return int(figure.value) if figure else None


def _adds_up(row: Sequence[int | None]) -> bool:
    *parts, total = row
    known = sum(part for part in parts if part is not None)
    if total is None or None in parts:
        return total is None or known <= total
    return known == total


def _texts(rows: Sequence[Sequence[Field]]) -> list[list[str]]:
    return [["" if is_blank(field.text) else field.text for field in row] for row in rows]


def figures_above(rows: Sequence[Line], window: Sequence[Strip], width: int) -> dict[int, int] | None:
    """Row → strip where every row of figures stands above its label: as many full rows as the form has, each followed by
    the label of its own. None for any other layout."""
    full = [j for j, strip in enumerate(window) if not strip.in_grid and len(strip.fields) == width]
    if len(full) != len(rows):
        return None
    behind = [_holds(window[j].label, row.names) for row, j in zip(rows, full[1:], strict=False)]
    before = [window[j].label.endswith(row.names) for row, j in zip(rows, full, strict=True)]
    if sum(behind) < 0.9 * len(behind) or sum(before) > 0.2 * len(before):
        return None
    return dict(enumerate(full))


def _holds(label: str, names: tuple[str, ...]) -> bool:
    """Whether words hold a row label: a long one anywhere (a group may stand before it), a short one at an end."""
    return label.startswith(names) or label.endswith(names) or any(len(name) > 3 and name in label for name in names)


def shifted_rows(rows: Sequence[Line], window: Sequence[Strip], pairs: dict[int, int], width: int) -> set[int]:
    """Matched rows of running text between a full row of figures that has no label and a row that has no figures: each
    label may stand under its own figures instead of before them."""
    row_of = {j: i for i, j in pairs.items()}
    names = tuple(name for row in rows for name in row.names)
    unnamed = [
        j
        for j, strip in enumerate(window)
        if not strip.in_grid and is_full(strip, width) and not _is_named(strip, names)
    ]
    stray = [j for j in unnamed if j not in row_of or _is_named_behind(rows[row_of[j]], window[j + 1 : j + 2])]
    shifted: set[int] = set()
    for at in stray:
        behind = [i for i in range(len(rows)) if i not in pairs or pairs[i] > at]
        first = next((i for i in behind if i in pairs), None)
        last = next((i for i in behind if first is not None and i > first and _is_without(i, window, pairs, width)), None)
        if first is not None and last is not None:
            shifted |= {i for i in range(first, last + 1) if i in pairs}
    return shifted


def _is_without(row: int, window: Sequence[Strip], pairs: dict[int, int], width: int) -> bool:
    return row not in pairs or len(window[pairs[row]].fields) != width


def _is_named_behind(row: Line, following: Sequence[Strip]) -> bool:
    """Whether the label of a row whose figures have none before them opens the words before the next figures."""
    return any(strip.label.startswith(row.names) for strip in following)


def _is_named(strip: Strip, names: tuple[str, ...]) -> bool:
    """Whether a row label of more than three characters ends the words before the figures (其他 and 总计 head columns)."""
    return strip.label.endswith(tuple(name for name in names if len(name) > 3))


_APPLICANTS = ("自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计")
_APPLICANT = re.compile("自然人|商业企业|科研机构|社会公益组织|法律服务机构|总计|(?<!或)其他(?!组织)")


_EXTRA = r"备注|说明|占比|同比|比例|增幅|行次|序号|代码|上年(?!结转)|去年|20\d\d年"
"""Heads of columns that authors add: with them a row has a figure more than the form, and blanks lost hide it."""
_BESIDE_APPLICANTS = re.compile(rf"(?:总计|其他)(?:{_EXTRA})|(?:{_EXTRA})(?:同期|总计|合计|项目|指标|内容|申请人情况)*自然人")
_EXTRA_HEAD = re.compile(_EXTRA)


def has_authors_applicants(strip: Strip) -> bool:
    """Whether the words before a row of running text name the seven columns of section three in an order of the author's
    own, or with columns of his own. (Of the form's head, line by line, 总计 comes before 商业企业.)"""
    if strip.in_grid or not all(name in strip.label for name in _APPLICANTS[:5]):
        return False
    named = _APPLICANT.findall(strip.label)
    sevens = [named[at : at + 7] for at in range(len(named) - 6) if len(set(named[at : at + 7])) == 7]
    line_by_line = [_APPLICANTS[0], _APPLICANTS[-1], *_APPLICANTS[1:-1]]
    is_other_order = any(seven not in ([*_APPLICANTS], line_by_line) for seven in sevens[-1:])
    return is_other_order or bool(_BESIDE_APPLICANTS.search(strip.label))


def are_numbered(window: Sequence[Strip]) -> bool:
    """Whether the rows of running text begin or end with their own numbers (the number of a row may stand before its label,
    behind the figures of the row before)."""
    flowing = [strip.fields for strip in window if not strip.in_grid and strip.fields]
    for edge in (0, -1):
        counts = [_count(fields[edge]) for fields in flowing]
        steps = sum(after == before + 1 for before, after in pairwise(counts) if before is not None)
        if steps >= max(_NUMBERED, len(counts) // 2):
            return True
    return False


def has_authors_heads(strip: Strip, columns: Sequence[Line]) -> bool:
    """Whether the words before a row of running text name all these columns in another order, or with others."""
    if strip.in_grid:
        return False
    places = [max(strip.label.rfind(name) for name in line.long_names) for line in columns]
    if min(places) < 0:
        return False
    heads = strip.label[strip.label.rfind("信息内容", 0, min(places)) + 1 :]
    for line in columns:
        for name in sorted(line.long_names, key=len, reverse=True):
            heads = heads.replace(name, "")
    return places != sorted(places) or bool(_EXTRA_HEAD.search(heads))


def heads_directly_above(before: Strip | None, columns: Sequence[Line]) -> bool:
    """Whether the strip before a table's first row is a row of figures of its own directly under the last column head: then
    figures stand above their labels, and the first row's are another's."""
    if before is None or before.in_grid or len(before.fields) != len(columns):
        return False
    return before.label.endswith(columns[-1].names)


def beside_each_other(blocks: Sequence[Block], table: Table) -> tuple[Block, ...]:
    """The blocks with a table that was cut between its columns made one again: two grids, at most a short line between, with
    the same row labels, whose heads together are all of the form's and none of them twice."""
    joined: list[Block] = []
    for block in blocks:
        before = next((place for place in (-1, -2) if len(joined) >= -place and isinstance(joined[place], Grid)), None)
        short = before == -1 or (before == -2 and not isinstance(joined[-1], Grid) and len(joined[-1].text) < _SHORT)
        left = joined[before] if before and short else None
        whole = _one_grid(left, block, table) if isinstance(left, Grid) and isinstance(block, Grid) else None
        if whole and before:
            joined[before] = whole
        else:
            joined.append(block)
    return tuple(joined)


def _one_grid(left: Grid, right: Grid, table: Table) -> Grid | None:
    """Both grids as one; None where they are not the two halves of this table."""
    if left.rows != right.rows or left.rows < _MANY:
        return None
    names = [{*column.names} for column in table.columns if column.printed]
    heads = [[at for at, spelled in enumerate(names) if _heads_a_column(grid, spelled)] for grid in (left, right)]
    if not all(heads) or sorted(heads[0] + heads[1]) != list(range(len(names))):
        return None
    shared = _shared_columns(left, right)
    labels = {normalise(cell.text) for cell in right.cells if cell.column < shared}
    if 2 * sum(not labels.isdisjoint(row.names) for row in table.rows if row.printed) < left.rows:
        return None
    moved = (replace(cell, column=cell.column - shared + left.columns) for cell in right.cells if cell.column >= shared)
    cells = sorted((*left.cells, *moved), key=lambda cell: (cell.row, cell.column))
    return replace(left, cells=tuple(cells), columns=left.columns + right.columns - shared)


def _heads_a_column(grid: Grid, spelled: set[str]) -> bool:
    return any(cell.row < 3 and normalise(cell.text) in spelled for cell in grid.cells)


def _shared_columns(left: Grid, right: Grid) -> int:
    """How many columns from the left both grids have alike, cell by cell."""
    columns = 0
    while columns < min(left.columns, right.columns) and _column(left, columns) == _column(right, columns):
        columns += 1
    return columns


def _column(grid: Grid, column: int) -> list[tuple[int, int, int, str]]:
    cells = (cell for cell in grid.cells if cell.column == column)
    return [(cell.row, cell.rowspan, cell.colspan, normalise(cell.text)) for cell in cells]


_NAMED_YEAR = re.compile(r"((?:19|20)\d{2})年|([上去前]一?年)|([本今]年)")
_CAPTION = 40
"""A line before a table that is longer is a sentence."""


def of_this_year(document: Document, year: int | None) -> Document:
    """The document without tables of other years that stand beside this year's: alike but for their figures, and each under
    a line that names one year."""
    grids = [place for place, block in enumerate(document.blocks) if isinstance(block, Grid)]
    if year is None or len(grids) < 2:
        return document
    named = {place: _year_over(document.blocks, place, year) for place in grids}
    own = [document.blocks[place] for place in grids if named[place] == year]
    others = {
        place
        for place in grids
        if named[place] not in (None, year) and any(_are_alike(document.blocks[place], block) for block in own)
    }
    if not others:
        return document
    years = ", ".join(sorted({str(named[place]) for place in others}))
    remark = f"tables of {years} stand beside those of {year} and were not read"
    blocks = tuple(block for place, block in enumerate(document.blocks) if place not in others)
    return replace(document, blocks=blocks, remarks=(*document.remarks, remark))


def _year_over(blocks: Sequence[Block], place: int, year: int) -> int | None:
    """The one year that the line before a table names, or its first row where that is a caption."""
    grid, before = blocks[place], blocks[place - 1] if place else None
    first = [cell for cell in grid.cells if cell.row == 0] if isinstance(grid, Grid) else []
    captions = [first[0].text] if len(first) == 1 else []
    if before and not isinstance(before, Grid) and len(before.text) <= _CAPTION and "。" not in before.text:
        captions.append(before.text)
    found = _NAMED_YEAR.findall("".join("".join(captions).split()))
    years = {int(number) if number else year - 1 if last else year for number, last, _ in found}
    return years.pop() if len(years) == 1 else None


def _are_alike(block: Block, other: Block) -> bool:
    """Whether two tables have the same heads and labels."""
    words, others = _words(block), _words(other)
    return len(words & others) >= max(3, 0.8 * len(words | others))


def _words(block: Block) -> set[str]:
    texts = {normalise(cell.text) for cell in block.cells} if isinstance(block, Grid) else set()
    return {text for text in texts if len(text) > 1 and not text.isascii()}


_SMALL = 12


def transposed(grid: Grid, template: Template) -> Grid:
    """The grid with rows and columns exchanged where the row labels of a table of the form stand in its first rows and the
    column labels in its first columns; else as it is."""
    is_turned = _holds_requests_turned(grid, template.table("requests")) if grid.columns >= 15 else _is_turned(grid, template)
    if not is_turned:
        return grid
    cells = (
        replace(cell, row=cell.column, column=cell.row, rowspan=cell.colspan, colspan=cell.rowspan)
        for cell in grid.cells
    )
    ordered = tuple(sorted(cells, key=lambda cell: (cell.row, cell.column)))
    return replace(grid, cells=ordered, rows=grid.columns, columns=grid.rows)


def _holds_requests_turned(grid: Grid, table: Table) -> bool:
    row_names = {name for row in table.rows for name in row.long_names}
    column_names = {name for column in table.columns for name in column.names}
    across = sum(normalise(cell.text) in row_names for cell in grid.cells if cell.row <= 3)
    down = sum(normalise(cell.text) in column_names for cell in grid.cells if cell.column <= 2)
    return across >= 5 and down >= 4


def _is_turned(grid: Grid, template: Template) -> bool:
    """The same of the small tables of sections two and four: all their columns have a label on the left, to the letter, and
    no label stands where it should."""
    if grid.columns > _SMALL or grid.rows > _SMALL:
        return False
    left = {normalise(cell.text) for cell in grid.cells if cell.column == 0}
    if left.isdisjoint(template.column_names):
        return False
    top = {normalise(cell.text) for cell in grid.cells if cell.row <= 2 and cell.column > 0}
    for table in template.tables:
        if table.id.startswith("art20") or table.id == "review_litigation":
            rows = [{*row.names} for row in table.rows if row.printed]
            all_columns = [{*column.names} for column in table.columns]
            stands = sum(not top.isdisjoint(names) for names in rows)
            is_upright = any(not left.isdisjoint(names) for names in rows) or any(
                not top.isdisjoint(names) for names in all_columns
            )
            if stands < (3 if table.id == "review_litigation" else 1) or is_upright:
                continue
            for edition in table.editions:
                if all(not left.isdisjoint(column.names) for column in table.columns_of(edition)):
                    return True
    return False
