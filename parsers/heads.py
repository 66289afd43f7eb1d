"""What stands above figures: the heads of a grid's columns, or the words before a row in running text.

Heads tell a table from its neighbours, its edition, the order of its columns and the unit of its money (step 5).
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from itertools import pairwise

from .document import GridCell
from .head import CLOSE, NO_HEAD, Head, head_of
from .labels import contains, normalise
from .numbers import count_step_in, is_blank, money_unit_in
from .strips import Strip, is_figure
from .template import Edition, Line, Table, Template

_MOST_KEPT = 1000
"""No more characters over a row are kept for the next document."""
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


class Heads:
    """The heads of one document, looked up by strip."""

    def __init__(
        self, blocks: Mapping[int, tuple[tuple[GridCell, ...], ...]], strips: tuple[Strip, ...], template: Template
    ) -> None:
        self._strips = strips
        self._all_text = " ".join(f"{strip.label} {strip.context}" for strip in strips)
        self._index = {id(strip): index for index, strip in enumerate(strips)}
        self._template = template
        self._rows = blocks
        self._is_data = {
            number: [self._data(row, at) for at, row in enumerate(rows)] for number, rows in self._rows.items()
        }
        self._spans = {number: _head_spans(is_data) for number, is_data in self._is_data.items()}
        self._heads: dict[tuple[int, int, int], Head] = {}
        self._over: dict[tuple[int, int], Head] = {}
        self._texts: dict[tuple[int, int], str] = {}
        self._widths: dict[int, int] = {}

    def mentioned(self, lines: Iterable[Line], *words: str) -> Iterator[str]:
        """Those of these words, and one label of each of these rows or columns, that stand anywhere in the document to the
        letter."""
        text = self._all_text
        yield from (word for word in words if word in text)
        for line in lines:
            yield from [name for name in line.long_names if name in text][:1]

    def before(self, strip: Strip | None) -> Strip | None:
        """The strip before one of running text."""
        at = 0 if strip is None or strip.in_grid else self._index.get(id(strip), 0)
        return self._strips[at - 1] if at else None

    # --- rows of heads ---

    def _data(self, row: tuple[GridCell, ...], at: int) -> bool:
        for cell in row:
            if cell.row == at and is_figure(cell.text):
                return True
        own = [cell for cell in row if cell.row == at]
        words = [normalise(cell.text) for cell in own if not is_blank(cell.text)]
        if own and not any(cell.text.strip() for cell in row):
            return True  # an empty row parts nothing
        if not words or is_head_row(words, self._template.column_names):
            return False
        rows = self._template.row_names
        return (len(words[0]) > 3 and words[0] in rows) or 2 * sum(word in rows for word in words) >= len(words)

    def over(self, strip: Strip) -> Head:
        """The head over a grid row: the nearest block of rows without figures above it, if need be in the grid before
        (a head at the foot of a page, a table continued without one)."""
        key = (strip.block, strip.row)
        head = self._over.get(key)
        if head is None:
            head = self._over[key] = self._head(*key)
        return head

    def _head(self, block: int, row: int) -> Head:
        return self._own_head(block, row) or self._inherited[block]

    def _own_head(self, block: int, row: int) -> Head | None:
        start, end = self._spans[block][row]
        if start == end:
            return None
        key = (block, start, end)
        if key not in self._heads:
            self._heads[key] = head_of(self._rows[block][start:end])
        return self._heads[key]

    @cached_property
    def _inherited(self) -> dict[int, Head]:
        """For each grid the head that the grid before leaves to rows which have none above them."""
        inherited = dict.fromkeys(self._rows, NO_HEAD)
        for before, block in pairwise(self._rows):
            is_open = bool(self._rows[before]) and not self._is_data[before][-1]
            if is_open or (self._rows[before] and self._width(before) == self._width(block)):
                inherited[block] = self._own_head(before, len(self._rows[before])) or inherited[before]
        return inherited

    def _width(self, block: int) -> int:
        if block not in self._widths:
            ends = (cell.column + cell.colspan for row in self._rows[block] for cell in row)
            self._widths[block] = max(ends, default=0)
        return self._widths[block]

    def text(self, strip: Strip) -> str:
        """All normalised words over a row, or before it in running text."""
        if strip.in_grid:
            key = (strip.block, strip.row)
            if key not in self._texts:
                self._texts[key] = f"{strip.context} {self.over(strip).text}"
            return self._texts[key]
        at = self._index.get(id(strip))
        if at is None:
            return strip.label
        return "".join(other.label for other in self._strips[max(0, at - 3) : at + 1] if not other.in_grid)

    # --- tables and editions ---

    def bear(self, strip: Strip, table: Table) -> bool:
        """Whether the heads of a strip are those of this table of section two."""
        if not strip.fields and not strip.in_grid:
            return False
        text = self.text(strip)
        return (strip.in_grid and ("信息内容" in text or "第二十条" in text)) or _names_a_column(text, table.columns)

    def bear_columns(self, strip: Strip, table: Table) -> bool:
        """Whether a column label of this table stands over a row, or before it in running text."""
        return _names_a_column(self.text(strip), table.columns)

    def edition(self, table: Table, standing: Sequence[Strip], favoured: Edition | None) -> tuple[Edition, float]:
        """The edition whose column labels stand in the heads, and how completely (0 to 1); where no head can be read by the
        number of figures, and of equals the favoured one."""
        widths = [sum(is_figure(field.text) for field in strip.fields) for strip in standing]
        scored = []
        for order, edition in enumerate(table.editions):
            columns = table.columns_of(edition)
            stands = max(self._stands(strip, columns) for strip in standing)
            fit = sum(width == len(columns) for width in widths) / max(1, len(widths))
            # a head that is missing speaks against an edition, half as loud as one that stands speaks for it
            likeness = round(1.5 * stands - 0.5 * len(columns), 2)
            scored.append((likeness, fit, edition == favoured, -order, edition, stands / len(columns)))
        *_, edition, share = max(scored)
        return edition, share

    def _stands(self, strip: Strip, columns: tuple[Line, ...]) -> float:
        """How many of these columns have heads over a strip, one that is only nearly so counting less."""
        text = self.text(strip)
        standing = _standing if len(text) <= _MOST_KEPT else _standing.__wrapped__
        return standing(self.over(strip) if strip.in_grid else NO_HEAD, text, columns)

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
            strip.label in row.names for other in self._template.tables if other is not table for row in other.rows
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
            if strip.block in spans
            and spans[strip.block][0] < strip.row <= spans[strip.block][1] + 1
            and strip.in_grid
            and strip.label
            and strip.label not in self._template.row_names
            and any(is_figure(field.text) for field in strip.fields)
        ]

    # --- review and litigation ---

    def bear_review(self, strip: Strip) -> bool:
        """Whether the words over a row of figures are the two-level head of section four, however torn."""
        if not any(is_figure(field.text) for field in strip.fields):
            return False
        table = self._template.table("review_litigation")
        if strip.in_grid and strip.label in self._template.row_names and self.review_group(strip, table) is None:
            return False
        text = self.text(strip) if strip.in_grid else strip.label[-160:]
        return sum(word in text for word in _REVIEW_WORDS) >= 3 and (
            strip.in_grid or "总计" in text[-40:] or "审结" in text[-40:]
        )

    def review_group(self, strip: Strip, table: Table) -> int | None:
        """The row (group) of section four that a strip of five figures is, by its label or by the heading before it."""
        rows = [row for row in table.rows if row.printed]
        own = [i for i, row in enumerate(rows) if strip.label.endswith(row.names)]
        if len(own) == 1:
            return own[0]
        around = " ".join((strip.context, self.text(strip))) if strip.in_grid else strip.label[-60:]
        for text in (strip.label, around):
            named = {i for i, row in enumerate(rows) if any(name in text for name in row.names)}
            if len(named) == 1:
                return named.pop()
        return None  # a head that names all three groups stands over a row of fifteen

    def places(self, strip: Strip, columns: tuple[Line, ...]) -> tuple[int, ...] | None:
        """The grid column of each column of the form by its head, or None where a head is missing or unreadable."""
        return self.over(strip).places(columns, self._template)

    # --- units ---

    def unit_cells(self, strip: Strip) -> tuple[str, ...]:
        """The money unit that stands in a unit column, or directly before the figures in running text."""
        if strip.in_grid:
            return tuple(word for word in strip.context.split() if word in ("元", "万元", "亿元", "千元"))
        match = _MONEY_TAIL.search(strip.raw_label)
        return (match[1],) if match else ()

    def count_steps(self, strip: Strip, fields: Iterable[GridCell | None]) -> set[int]:
        """How many things a count is of, for those of these fields of a row that hold more than nought: its label, caption
        and the heads over it tell, where they count in thousands or more. One head says nothing of another's column."""
        filled = [field for field in fields if field and field.text.strip(" 0+-")]
        if not strip.in_grid:
            return {count_step_in(strip.raw_label) for _ in filled}
        is_usual = len(strip.raw_label) + len(strip.context) <= _MOST_KEPT
        step_of = _count_step_of_row if is_usual else _count_step_of_row.__wrapped__
        own = step_of(strip.raw_label, strip.context, strip.caption[-_CAPTION:])
        over = self.over(strip).count_steps
        first = strip.fields[0].column if over and strip.fields else 0
        own = max([own, *(step for column, step in over.items() if column < first)])
        return {max(own, over.get(field.column, 1)) for field in filled}

    def units(self, strip: Strip) -> Iterable[str | None]:
        """Money units printed in the heads over a row, then in the words before its table."""
        return (*self.over(strip).units, money_unit_in(strip.caption)) if strip.in_grid else ()


@lru_cache(maxsize=8192)
def _count_step_of_row(label: str, context: str, caption: str) -> int:
    """The same of label and caption, or where a word of its own, as in a column of units, is the unit."""
    words = (f"({word})" for word in context.split() if len(word) in (2, 3))
    return max(map(count_step_in, (label, caption, *words)))


def _head_spans(is_data: Sequence[bool]) -> list[tuple[int, int]]:
    """For each row, and behind the last, the nearest block of rows above it that hold no figures (start, end)."""
    start = end = 0
    spans = [(start, end)]
    for row, holds_figures in enumerate(is_data):
        if not holds_figures:
            start, end = start if end == row else row, row + 1
        spans.append((start, end))
    return spans


@lru_cache(maxsize=2048)
def _standing(head: Head, text: str, columns: tuple[Line, ...]) -> float:
    return sum(
        close if close >= CLOSE else float(_names_a_column(text, (column,), 0.9))
        for column, close in zip(columns, head.closeness(columns), strict=True)
    )


def _names_a_column(text: str, columns: tuple[Line, ...], floor: float = 0.86) -> bool:
    """Whether a telling label of one of these columns stands in the text."""
    is_usual = len(text) <= _MOST_KEPT  # longer ones are prose, and no two alike
    return _names_one(text, columns, floor) if is_usual else _names_one.__wrapped__(text, columns, floor)


@lru_cache(maxsize=8192)
def _names_one(text: str, columns: tuple[Line, ...], floor: float) -> bool:
    return any(contains(text, name, floor) for column in columns for name in column.long_names)


def is_head_row(words: Sequence[str], column_names: Collection[str]) -> bool:
    """Whether the normalised words of a row are column heads: two of the form's, or one that is no row label as well."""
    named = [word for word in words if word in column_names]
    return (
        len(set(named)) >= 2
        or any(len(word) > 4 for word in named)
        or (len(words) == len(named) == 1 and words[0] == "自然人")
    )
