"""The head rows over a part of a grid: the words over each column, and which of the form's columns they name (step 5).

The same heads stand in nearly every document, so what follows from them is worked out once and kept.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, lru_cache, wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from .document import GridCell
from .labels import normalise, similarity
from .numbers import count_step_in, money_unit_in
from .template import Line, Template

CLOSE = 0.78
_YEAR = re.compile(r"(20\d\d)年?度?|([上去前]一?年度?(?:同期)?|上期)|[本今当]年度?|本期")
_LAST, _THIS = 1, 2

HeadRows = tuple[tuple[tuple[str, int, int, int], ...], ...]
"""For each row the text, row, column and colspan of the cells that stand in it."""


Question = ParamSpec("Question")
Answer = TypeVar("Answer")


def once(
    ask: Callable[Concatenate["Head", Question], Answer],
) -> Callable[Concatenate["Head", Question], Answer]:
    """A pure question to a head, of which the answer is kept with the head. The rest of the question is to be of the form,
    not of a document: then there are few."""

    @wraps(ask)
    def kept(head: "Head", /, *rest: Question.args, **named: Question.kwargs) -> Answer:
        known, key = head.known, (ask, rest, tuple(named.items()))
        if key not in known:
            known[key] = ask(head, *rest, **named)
        answer: Answer = known[key]
        return answer

    return kept


class Head:
    """One block of head rows. Nothing of it changes; what is asked of it is computed at the first time."""

    def __init__(self, rows: HeadRows) -> None:
        self._rows = rows
        self.known: dict[tuple[object, ...], Any] = {}

    @cached_property
    def text(self) -> str:
        """All normalised words."""
        return " ".join(normalise(text) for row in self._rows for text, *_ in row)

    @cached_property
    def lines(self) -> tuple[tuple[str, ...], ...]:
        """The normalised texts of the cells, each once, as they are read: by rows, from left to right."""
        return tuple(
            tuple(normalise(text) for text, own, *_ in row if own == at and text) for at, row in enumerate(self._rows)
        )

    @cached_property
    def words(self) -> tuple[str, ...]:
        return tuple(word for line in self.lines for word in line)

    @once
    def names_another_order(self, columns: tuple[Line, ...]) -> bool:
        """Whether the words name these columns in an order that is not the form's, wherever they stand. (A total may be read
        early: its head reaches over two rows.)"""
        named = []
        for place, line in enumerate(columns):
            found = [at for at, word in enumerate(self.words) if word in line.names]
            if len(found) == 1:
                named.append((found[0], place))
        order = [place for _, place in sorted(named)]
        parts = [place for place in order if not columns[place].sum_of]
        return parts != sorted(parts) or (len(parts) > 1 and bool(columns[order[0]].sum_of))

    @cached_property
    def earlier(self) -> frozenset[int]:
        """The grid columns of last year: under the same heads as another column, and 上年 where that one has 本年. (Which of
        two years in figures is the report's is not for heads to say.)"""
        dated = {column: _year_and_rest(stack) for column, stack in self.stacks.items()}
        this_years = {rest for year, rest in dated.values() if year == _THIS}
        return frozenset(column for column, (year, rest) in dated.items() if year == _LAST and rest in this_years)

    def is_of_a_later_year(self, column: int, place: int) -> bool:
        """Whether years stand over both columns, and the one over `place` is the earlier one."""
        (year, _), (own, _) = (_year_and_rest(self.stacks.get(at, ())) for at in (column, place))
        return year is not None and own is not None and year > own

    @cached_property
    def has_words(self) -> bool:
        return any(text.strip() for row in self._rows for text, *_ in row)

    @cached_property
    def units(self) -> tuple[str, ...]:
        """Money units, from the lowest row up."""
        return tuple(unit for row in reversed(self._rows) for text, *_ in row if (unit := money_unit_in(text)))

    @cached_property
    def count_steps(self) -> Mapping[int, int]:
        """For each grid column how many things a count there is of; empty where no head counts in more than ones."""
        if all(count_step_in(text) == 1 for row in self._rows for text, *_ in row):
            return {}
        return {column: max(map(count_step_in, texts), default=1) for column, texts in self.stacks.items()}

    @cached_property
    def stacks(self) -> Mapping[int, tuple[str, ...]]:
        """For each grid column the raw texts over it, from top to bottom, each cell once."""
        stacks: dict[int, list[tuple[str, int, int, int]]] = {}
        for row in self._rows:
            for cell in row:
                text, _, first, colspan = cell
                for column in range(first, first + min(colspan, 60)):
                    pile = stacks.setdefault(column, [])
                    if cell not in pile and text.strip():
                        pile.append(cell)
        return {column: tuple(text for text, *_ in pile) for column, pile in stacks.items()}

    @once
    def closeness(self, columns: tuple[Line, ...]) -> tuple[float, ...]:
        """How well the words over any column name each of these columns of the form."""
        stacks = self.stacks.values()
        return tuple(max((head_closeness(line, stack) for stack in stacks), default=0.0) for line in columns)

    @once
    def are_alike(self, places: tuple[int, ...]) -> bool:
        """Whether two of these columns stand under the same words, so that only their order tells which is which."""
        return len({self.stacks.get(place, ()) for place in places}) < len(places)

    @once
    def places(self, columns: tuple[Line, ...], template: Template) -> tuple[int, ...] | None:
        """The grid column of each column of the form by its words, or None where a head is missing or unreadable."""
        return self._in_order(columns) or self._by_name(columns, template)

    def _in_order(self, columns: Sequence[Line]) -> tuple[int, ...] | None:
        places: list[int] = []
        for line in columns:
            scored = [
                (head_closeness(line, stack), -column)
                for column, stack in self.stacks.items()
                if (not places or column > places[-1]) and column not in self.earlier
            ]
            close = [(score, place) for score, place in scored if score >= CLOSE]
            if not close:
                return None
            top = max(score for score, _ in close)
            places.append(min(-place for score, place in close if score >= top - 0.02))
        return tuple(places)

    def _by_name(self, columns: Sequence[Line], template: Template) -> tuple[int, ...] | None:
        """The columns of heads that are all there, to the letter and once each, but in an order of the author's own."""
        found: dict[str, int] = {}
        for line in columns:
            exact = [
                column
                for column, stack in self.stacks.items()
                if stack and normalise(_undated(stack)[-1]) in line.names and column not in self.earlier
            ]
            if len(exact) != 1:
                return None
            found[line.key] = exact[0]
        places = tuple(found[line.key] for line in columns)
        is_whole = len(set(places)) == len(columns) and self._are_grouped(found, columns, template)
        return places if is_whole else None

    def _are_grouped(self, found: Mapping[str, int], columns: Sequence[Line], template: Template) -> bool:
        """Whether a heading over several columns stands over all that belong to it, or over none: over some, its span is
        wrong, and so are the places of all heads behind it."""
        for parent in {line.parent for line in columns if line.parent}:
            names = next(c.names for table in template.tables for c in table.columns if c.key == parent)
            under = [
                any(normalise(text) in names for text in self.stacks[found[line.key]])
                for line in columns
                if line.parent == parent
            ]
            if any(under) and not all(under):
                return False
        return True


def _year_of(text: str) -> int | None:
    """The year that a head is and nothing else; words for it are `_LAST` and `_THIS`."""
    match = _YEAR.fullmatch(normalise(text))
    if match is None:
        return None
    return int(match[1]) if match[1] else _LAST if match[2] else _THIS


def _year_and_rest(stack: Sequence[str]) -> tuple[int | None, tuple[str, ...]]:
    years = [_year_of(text) for text in stack]
    year = next((year for year in years if year is not None), None)
    return year, tuple(text for text, named in zip(stack, years, strict=True) if named is None)


def _undated(stack: Sequence[str]) -> Sequence[str]:
    """The stack without a year at its foot."""
    return stack[:-1] if len(stack) > 1 and _year_of(stack[-1]) is not None else stack


NO_HEAD = Head(())
_kept = lru_cache(maxsize=512)(Head)
_MOST_CELLS, _MOST_TEXT = 120, 2000
"""A head beyond these (a page of words in a grid) is not kept for later documents."""


def head_of(rows: Sequence[Sequence[GridCell]]) -> Head:
    """The head that these rows of cells are."""
    top = rows[0][0].row if rows and rows[0] else 0
    cells = tuple(tuple([(cell.text, cell.row - top, cell.column, cell.colspan) for cell in row]) for row in rows)
    is_usual = sum(map(len, cells)) <= _MOST_CELLS and sum(len(text) for row in cells for text, *_ in row) <= _MOST_TEXT
    return _kept(cells) if is_usual else Head(cells)


def head_closeness(line: Line, stack: Sequence[str]) -> float:
    """How well the head texts over a column, single or joined from any level down, name this column of the form."""
    is_usual = sum(map(len, stack)) <= _MOST_TEXT
    return (_resemblance if is_usual else _resemblance.__wrapped__)(line, tuple(stack))


@lru_cache(maxsize=16384)
def _resemblance(line: Line, stack: tuple[str, ...]) -> float:
    levels = [normalise(text) for text in stack]
    if any(level in line.names for level in levels):
        return 1.0
    tried = {*levels, *("".join(levels[start:]) for start in range(len(levels) - 1))}
    return max((similarity(name, text) for name in line.names for text in tried if text), default=0.0)
