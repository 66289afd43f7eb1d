"""What stands above figures: the heads of a grid's columns, or the words before a row in running text.

Heads tell a table from its neighbours, its edition, the order of its columns and the unit of its money (step 5).
"""

import re
from collections.abc import Collection, Iterable, Sequence
from functools import cache, lru_cache

from msgspec.structs import replace

from .document import Block, Grid, GridCell
from .labels import contains, normalise, similarity
from .numbers import count_step_in, is_blank, money_unit_in
from .strips import Strip, is_figure, rows_of
from .template import Edition, Line, Table, Template

CLOSE = 0.78
_REVIEW_WORDS = (
    "行政复议",
    "行政诉讼",
    "结果维持",
    "结果纠正",
    "其他结果",
    "尚未审结",
    "未经复议直接起诉",
    "复议后起诉",
    "维持",
    "纠正",
    "审结",
)
_CAPTION = 24
"""So many characters before a table may be the unit that it counts in."""
_MONEY_TAIL = re.compile(r"(百万元|亿元|万元|千元|元)\s*$")


@cache
def names_of(line: Line) -> tuple[str, ...]:
    """Every normalised spelling of a row or column."""
    return tuple(dict.fromkeys(filter(None, map(normalise, (*line.labels, *line.unverified)))))


_NAMES: dict[tuple[int, str], frozenset[str]] = {}


def _all_names(template: Template, axis: str) -> frozenset[str]:
    """Every spelling of every row (or column) of the form, computed once for a template."""
    key = (id(template), axis)
    if key not in _NAMES:
        lines = (line for table in template.tables for line in (table.rows if axis == "rows" else table.columns))
        _NAMES[key] = frozenset(name for line in lines for name in names_of(line))
    return _NAMES[key]


def long_row_names(template: Template) -> frozenset[str]:
    """Row labels that are no column labels as well (其他 and 总计 are both)."""
    return _all_names(template, "rows") - _all_names(template, "columns")


class Heads:
    """The heads of one document, looked up by strip."""

    def __init__(self, blocks: tuple[Block, ...], strips: tuple[Strip, ...], template: Template) -> None:
        self._strips = strips
        self._all_text = " ".join(f"{strip.label} {strip.context}" for strip in strips)
        self._index = {id(strip): index for index, strip in enumerate(strips)}
        self._template = template
        self._row_names = _all_names(template, "rows")
        self._column_names = _all_names(template, "columns")
        self._rows: dict[int, tuple[tuple[GridCell, ...], ...]] = {
            number: rows_of(block) for number, block in enumerate(blocks) if isinstance(block, Grid)
        }
        self._is_data = {
            number: [self._data(row, at) for at, row in enumerate(rows)] for number, rows in self._rows.items()
        }
        self._stacks: dict[int, dict[int, list[str]]] = {}
        self._blocks: dict[tuple[int, int, int], tuple[tuple[GridCell, ...], ...]] = {}
        self._over: dict[tuple[int, int], tuple[tuple[GridCell, ...], ...]] = {}
        self._alike: dict[tuple[int, tuple[int, ...]], bool] = {}
        self._places: dict[tuple[int, int, tuple[str, str]], tuple[int, ...] | None] = {}

    def mentions(self, lines: Iterable[Line], *words: str) -> int:
        """How many of these rows or columns, and of these words, stand anywhere in the document to the letter."""
        text = self._all_text
        named = sum(any(name in text for name in names_of(line) if len(name) > 3) for line in lines)
        return named + sum(word in text for word in words)

    def before(self, strip: Strip | None) -> Strip | None:
        """The strip before one of running text."""
        at = 0 if strip is None or strip.in_grid else self._index.get(id(strip), 0)
        return self._strips[at - 1] if at else None

    # --- rows of heads ---

    def _data(self, row: tuple[GridCell, ...], at: int) -> bool:
        own = [cell for cell in row if cell.row == at]
        if any(is_figure(cell.text) for cell in own):
            return True
        words = [normalise(cell.text) for cell in own if not is_blank(cell.text)]
        if own and not any(cell.text.strip() for cell in row):
            return True  # an empty row parts nothing
        if not words or is_head_row(words, self._column_names):
            return False
        return 2 * sum(word in self._row_names for word in words) >= len(words)

    def above(self, strip: Strip) -> tuple[tuple[GridCell, ...], ...]:
        """The head rows over a grid row: the nearest block of rows without figures above it, if need be in the grid before
        (a head at the foot of a page, a table continued without one)."""
        key = (strip.block, strip.row)
        if key not in self._over:
            self._over[key] = self._above(*key)
        return self._over[key]

    def _above(self, block: int, row: int) -> tuple[tuple[GridCell, ...], ...]:
        rows, is_data = self._rows[block], self._is_data[block]
        end = row
        while end > 0 and is_data[end - 1]:
            end -= 1
        start = end
        while start > 0 and not is_data[start - 1]:
            start -= 1
        if start < end:
            return self._blocks.setdefault((block, start, end), rows[start:end])
        before = max((number for number in self._rows if number < block), default=None)
        if before is None or not self._rows[before]:
            return ()
        last = len(self._rows[before])
        if not self._is_data[before][-1] or _width(self._rows[before]) == _width(rows):
            return self._above(before, last)
        return ()

    def stacks(self, strip: Strip) -> dict[int, list[str]]:
        """For each grid column the raw head texts above a row, from top to bottom, each once."""
        above = self.above(strip)
        if id(above) not in self._stacks:
            self._stacks[id(above)] = self._stacks_of(above)
        return self._stacks[id(above)]

    def _stacks_of(self, above: tuple[tuple[GridCell, ...], ...]) -> dict[int, list[str]]:
        stacks: dict[int, list[GridCell]] = {}
        for row in above:
            for cell in row:
                for column in range(cell.column, cell.column + min(cell.colspan, 60)):
                    pile = stacks.setdefault(column, [])
                    if cell not in pile and cell.text.strip():
                        pile.append(cell)
        return {column: [cell.text for cell in pile] for column, pile in stacks.items()}

    def text(self, strip: Strip) -> str:
        """All normalised words over a row, or before it in running text."""
        if strip.in_grid:
            heads = " ".join(normalise(cell.text) for row in self.above(strip) for cell in row)
            return f"{strip.context} {heads}"
        at = self._index.get(id(strip))
        if at is None:
            return strip.label
        return "".join(other.label for other in self._strips[max(0, at - 3) : at + 1] if not other.in_grid)

    # --- tables and editions ---

    def bear(self, strip: Strip, table: Table) -> bool:
        """Whether the heads of a strip are those of this table of section two."""
        text = self.text(strip)
        if not strip.fields and not strip.in_grid:
            return False
        return self.bear_columns(strip, table) or (strip.in_grid and ("信息内容" in text or "第二十条" in text))

    def bear_columns(self, strip: Strip, table: Table) -> bool:
        """Whether a column label of this table stands over a row, or before it in running text."""
        text = self.text(strip)
        return any(contains(text, name) for column in table.columns for name in names_of(column) if len(name) > 3)

    def edition(self, table: Table, standing: Sequence[Strip], favoured: Edition | None) -> tuple[Edition, float]:
        """The edition whose column labels stand in the heads, and how completely (0 to 1); where no head can be read by the
        number of figures, and of equals the favoured one."""
        widths = [sum(is_figure(field.text) for field in strip.fields) for strip in standing]
        scored = []
        for order, edition in enumerate(table.editions):
            columns = table.columns_of(edition)
            stands = max(sum(self._stands(strip, column) for column in columns) for strip in standing)
            fit = sum(width == len(columns) for width in widths) / max(1, len(widths))
            # a head that is missing speaks against an edition, half as loud as one that stands speaks for it
            likeness = round(1.5 * stands - 0.5 * len(columns), 2)
            scored.append((likeness, fit, edition == favoured, -order, edition, stands / len(columns)))
        *_, edition, share = max(scored)
        return edition, share

    def _stands(self, strip: Strip, column: Line) -> float:
        if strip.in_grid:
            stacks = self.stacks(strip).values()
            inside = max((head_closeness(column, stack) for stack in stacks), default=0.0)
            if inside >= CLOSE:
                return inside
        text = self.text(strip)
        return 1.0 if any(contains(text, name, 0.9) for name in names_of(column) if len(name) > 3) else 0.0

    def strongly(self, table: Table, matched: dict[int, Strip]) -> bool:
        """Whether a statistics table bears a label that only its edition has (`recognition` of the template)."""
        text = " ".join(f"{strip.label} {strip.context} {self.text(strip)}" for strip in matched.values())
        return any(
            normalise(mark) in text
            for recognition in self._template.recognition
            if recognition.edition in table.editions
            for mark in recognition.labels
        )

    def is_row_of_another(self, strip: Strip, table: Table) -> bool:
        """Whether another table of the form has a row of this label."""
        return any(
            strip.label in names_of(row) for other in self._template.tables if other is not table for row in other.rows
        )

    def rows_below(self, standing: Sequence[Strip]) -> list[Strip]:
        """Grid rows with a label and figures between the rows of a table or directly below, which no table of the form has."""
        spans: dict[int, tuple[int, int]] = {}
        for strip in standing:
            low, high = spans.get(strip.block, (strip.row, strip.row))
            spans[strip.block] = (min(low, strip.row), max(high, strip.row))
        return [
            strip
            for strip in self._strips
            if strip.in_grid
            and strip.label
            and strip.block in spans
            and spans[strip.block][0] < strip.row <= spans[strip.block][1] + 1
            and any(is_figure(field.text) for field in strip.fields)
            and strip.label not in self._row_names
        ]

    # --- columns ---

    def places(self, strip: Strip, columns: Sequence[Line]) -> tuple[int, ...] | None:
        """The grid column of each column of the form by its head, or None where a head is missing or unreadable."""
        above = self.above(strip)
        key = (strip.block, id(above), (columns[0].key, columns[-1].key))
        if key not in self._places:
            self._places[key] = self._places_of(strip, columns)
        return self._places[key]

    def _places_of(self, strip: Strip, columns: Sequence[Line]) -> tuple[int, ...] | None:
        stacks = self.stacks(strip)
        places: list[int] = []
        for line in columns:
            scored = [
                (head_closeness(line, stack), -column)
                for column, stack in stacks.items()
                if not places or column > places[-1]
            ]
            close = [(score, place) for score, place in scored if score >= CLOSE]
            if not close:
                return self._places_by_name(stacks, columns)
            top = max(score for score, _ in close)
            places.append(min(-place for score, place in close if score >= top - 0.02))
        return tuple(places)

    def _places_by_name(self, stacks: dict[int, list[str]], columns: Sequence[Line]) -> tuple[int, ...] | None:
        """The columns of heads that are all there, to the letter and once each, but in an order of the author's own."""
        found: dict[str, int] = {}
        for line in columns:
            exact = [column for column, stack in stacks.items() if stack and normalise(stack[-1]) in names_of(line)]
            if len(exact) != 1:
                return None
            found[line.key] = exact[0]
        places = tuple(found[line.key] for line in columns)
        is_whole = len(set(places)) == len(columns) and self._are_grouped(stacks, found, columns)
        return places if is_whole else None

    def _are_grouped(self, stacks: dict[int, list[str]], found: dict[str, int], columns: Sequence[Line]) -> bool:
        """Whether a heading over several columns stands over all that belong to it, or over none: over some, its span is
        wrong, and so are the places of all heads behind it."""
        for parent in {line.parent for line in columns if line.parent}:
            names = next(names_of(c) for table in self._template.tables for c in table.columns if c.key == parent)
            under = [
                any(normalise(text) in names for text in stacks[found[line.key]])
                for line in columns
                if line.parent == parent
            ]
            if any(under) and not all(under):
                return False
        return True

    def are_alike(self, strip: Strip, places: Sequence[int]) -> bool:
        """Whether two of these columns stand under the same words, so that only their order tells which is which."""
        key = (id(self.above(strip)), tuple(places))
        if key not in self._alike:
            stacks = self.stacks(strip)
            self._alike[key] = len({tuple(stacks.get(place, ())) for place in places}) < len(places)
        return self._alike[key]

    def has_unread_heads(self, strip: Strip) -> bool:
        """Whether something stands over the row that should have been heads."""
        return any(cell.text.strip() for row in self.above(strip) for cell in row)

    # --- review and litigation ---

    def bear_review(self, strip: Strip) -> bool:
        """Whether the words over a row of figures are the two-level head of section four, however torn."""
        if not any(is_figure(field.text) for field in strip.fields):
            return False
        table = self._template.table("review_litigation")
        if strip.in_grid and strip.label in self._row_names and self.review_group(strip, table) is None:
            return False
        text = self.text(strip) if strip.in_grid else strip.label[-160:]
        return sum(word in text for word in _REVIEW_WORDS) >= 3 and (
            strip.in_grid or "总计" in text[-40:] or "审结" in text[-40:]
        )

    def review_group(self, strip: Strip, table: Table) -> int | None:
        """The row (group) of section four that a strip of five figures is, by its label or by the heading before it."""
        rows = [row for row in table.rows if row.printed]
        around = " ".join((strip.context, self.text(strip))) if strip.in_grid else strip.label[-60:]
        for text in (strip.label, around):
            named = {i for i, row in enumerate(rows) if any(name in text for name in names_of(row))}
            if len(named) == 1:
                return named.pop()
        return None  # a head that names all three groups stands over a row of fifteen

    # --- units ---

    def unit_cells(self, strip: Strip) -> tuple[str, ...]:
        """The money unit that stands in a unit column, or directly before the figures in running text."""
        if strip.in_grid:
            return tuple(word for word in strip.context.split() if word in ("元", "万元", "亿元", "千元"))
        match = _MONEY_TAIL.search(strip.raw_label)
        return (match[1],) if match else ()

    def count_step(self, strip: Strip) -> int:
        """How many things a count of this row is of, where its label, heads or caption count in thousands or more."""
        steps = [count_step_in(strip.raw_label)]
        if strip.in_grid:
            steps += [count_step_in(f"({word})") for word in strip.context.split() if len(word) in (2, 3)]
            steps += [count_step_in(cell.text) for row in self.above(strip) for cell in row]
            steps.append(count_step_in(strip.caption[-_CAPTION:]))
        return max(steps)

    def units(self, strip: Strip) -> Iterable[str | None]:
        """Money units printed in the heads over a row, then in the words before its table."""
        if strip.in_grid:
            for row in reversed(self.above(strip)):
                yield from (money_unit_in(cell.text) for cell in row)
            yield money_unit_in(strip.caption)


def _width(rows: tuple[tuple[GridCell, ...], ...]) -> int:
    return max((cell.column + cell.colspan for row in rows for cell in row), default=0)


def head_closeness(line: Line, stack: Sequence[str]) -> float:
    """How well the head texts over a column, single or joined from any level down, name this column of the form."""
    return _resemblance(names_of(line), tuple(stack))


@lru_cache(maxsize=16384)
def _resemblance(names: tuple[str, ...], stack: tuple[str, ...]) -> float:
    levels = [normalise(text) for text in stack]
    if any(level in names for level in levels):
        return 1.0
    tried = {*levels, *("".join(levels[start:]) for start in range(len(levels) - 1))}
    return max((similarity(name, text) for name in names for text in tried if text), default=0.0)


def is_head_row(words: Sequence[str], column_names: Collection[str]) -> bool:
    """Whether the normalised words of a row are column heads: two of the form's, or one that is no row label as well."""
    named = [word for word in words if word in column_names]
    return (
        len(set(named)) >= 2
        or any(len(word) > 4 for word in named)
        or (len(words) == len(named) == 1 and words[0] == "自然人")
    )


def transposed(grid: Grid, table: Table) -> Grid:
    """The grid with rows and columns exchanged where its first rows hold the table's row labels and its first columns the
    column labels; else as it is."""
    row_names = {name for row in table.rows for name in names_of(row) if len(name) > 3}
    column_names = {name for column in table.columns for name in names_of(column)}
    across = sum(normalise(cell.text) in row_names for cell in grid.cells if cell.row <= 3)
    down = sum(normalise(cell.text) in column_names for cell in grid.cells if cell.column <= 2)
    if across < 5 or down < 4 or grid.columns < 15:
        return grid
    cells = (
        replace(cell, row=cell.column, column=cell.row, rowspan=cell.colspan, colspan=cell.rowspan)
        for cell in grid.cells
    )
    ordered = tuple(sorted(cells, key=lambda cell: (cell.row, cell.column)))
    return replace(grid, cells=ordered, rows=grid.columns, columns=grid.rows)
