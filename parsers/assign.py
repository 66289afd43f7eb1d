"""Rows of the form ↔ strips of the document: one global assignment that keeps both orders (within step 5)."""

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from msgspec import Struct

from .labels import contains, similarity, tail_similarity
from .strips import Strip, is_figure
from .template import Line, Table

STRONG = 0.85
"""A label this close is taken; below it a row needs certain neighbours."""
WEAK = 0.5
_NAMED = 0.7
"""A label this close to a row is no other's, whatever its neighbours."""


def closeness(strip: Strip, labels: tuple[str, ...]) -> float:
    """From 0 to 1: how surely the strip carries one of these labels. A label around a grid row counts less than in it."""
    if strip.in_grid and strip.label:
        return max(similarity(label, strip.label) for label in labels)
    text = strip.label or strip.context
    certain = max(tail_similarity(label, text) for label in labels)
    if certain < STRONG and any(contains(text[-160:], label) for label in labels if len(label) > 3):
        certain = max(certain, 0.75)
    return certain if strip.label else 0.7 * certain


def _closenesses(strip: Strip, names: Sequence[tuple[str, ...]]) -> list[float]:
    """The closeness of a strip to each row; where it carries a row's label to the letter, only to rows it does so for."""
    text = strip.label
    exact = [any(text == label if strip.in_grid else text.endswith(label) for label in labels) for labels in names]
    longest = max((len(label) for labels, hit in zip(names, exact, strict=True) if hit for label in labels), default=0)
    if text and longest >= 4:
        return [1.0 if hit else 0.0 for hit in exact]
    return [closeness(strip, labels) for labels in names]


Carriers = dict[Table, list[list[Strip]]]
"""For each row of some tables the strips with figures that carry its label."""

def carriers(tables: tuple[Table, ...], strips: Sequence[Strip]) -> Carriers:
    """The strips that carry a label to the letter, or nearly where none does so (and no other label of that table)."""
    found: Carriers = {table: [[] for _ in table.rows] for table in tables}
    reach = _reach(tables)
    longest = 1.5 * reach  # a longer label of a grid row is STRONGly like none: 2 · 1 / (1 + 1.5) = 0.8
    filled = [
        (strip, strip.label if strip.in_grid else strip.label[-reach:])
        for strip in strips
        if strip.fields and not (strip.in_grid and len(strip.label) > longest)
    ]
    for strip, text in filled:
        for table, row in _spelled_by(tables, text, strip.in_grid):
            found[table][row].append(strip)
    lacking = {(table, row) for table, rows in found.items() for row, carrying in enumerate(rows) if not carrying}
    for strip, text in filled:
        for table, row in _nearly_spelled_by(tables, text, strip.in_grid):
            if (table, row) in lacking:
                found[table][row].append(strip)
    return found


@lru_cache(maxsize=64)
def _reach(tables: tuple[Table, ...]) -> int:
    """So many of the last characters of a text tell whether it ends in a row's label, or nearly so."""
    return max(len(name) for table in tables for row in table.rows for name in row.names) + 2


@lru_cache(maxsize=8192)
def _spelled_by(tables: tuple[Table, ...], text: str, is_whole: bool) -> tuple[tuple[Table, int], ...]:
    """The rows whose label a text is, or ends in, to the letter."""
    return tuple(
        (table, number)
        for table in tables
        for number, row in enumerate(table.rows)
        if (text in row.names if is_whole else text.endswith(row.names))
    )


@lru_cache(maxsize=8192)
def _nearly_spelled_by(tables: tuple[Table, ...], text: str, is_whole: bool) -> tuple[tuple[Table, int], ...]:
    """The rows whose label a text nearly is, or ends in, while it is no other row's of that table to the letter."""
    exact = [(table, table.rows[number].key) for table, number in _spelled_by(tables, text, is_whole)]
    close = similarity if is_whole else tail_similarity
    return tuple(
        (table, number)
        for table in tables
        for number, row in enumerate(table.rows)
        if text
        and not any(other is table and key != row.key for other, key in exact)
        and any(close(name, text) >= STRONG for name in row.names)
    )


def is_full(strip: Strip, width: int) -> bool:
    """Whether a strip holds as many figures as a row has cells, or a run of characters that could."""
    if strip.is_glued and not strip.in_grid:
        return sum(len(field.text) for field in strip.fields) >= width
    return len(strip.fields) >= width and any(is_figure(field.text) for field in strip.fields)


def _gain(closeness: float, strip: Strip, is_anothers: bool, width: int) -> float:
    """What matching a strip to a row is worth to the assignment."""
    filled = is_full(strip, width)
    if closeness >= 0.97:
        worth = 3.0
    elif closeness >= STRONG:
        worth = 2.2
    elif closeness >= 0.7:
        worth = 1.2
    elif is_anothers:
        worth = -1.5 if strip.in_grid and strip.label else -0.6
    elif closeness >= WEAK:
        worth = 0.4
    else:
        worth = 0.2 if filled and not (strip.in_grid and strip.label) else -0.6
    return worth + (0.5 if filled else -0.3 if not strip.fields else 0.0)


class Assignment(Struct, frozen=True):
    """Row → strip, how good that is as a whole, and how close each row's strip is to its label. `named`: the strips whose
    label is another row's rather than that of the row they are assigned to."""

    pairs: dict[int, int]
    score: float
    close: dict[int, float]
    named: frozenset[int] = frozenset()


def in_order(rows: Sequence[Line], strips: Sequence[Strip], width: int) -> Assignment:
    """The best assignment of rows to strips that keeps both orders (dynamic programme)."""
    labels = [row.names for row in rows]
    close = [list(row) for row in zip(*(_closenesses(strip, labels) for strip in strips), strict=True)]
    top = [max((close[i][j] for i in range(len(rows))), default=0.0) for j in range(len(strips))]
    skip = [2.0 if is_full(strip, width) else 0.3 if strip.fields else 0.05 for strip in strips]
    best = [[0.0] * (len(strips) + 1) for _ in range(len(rows) + 1)]
    step = [[""] * (len(strips) + 1) for _ in range(len(rows) + 1)]
    for j in range(1, len(strips) + 1):
        best[0][j], step[0][j] = best[0][j - 1] - skip[j - 1], "strip"
    for i in range(1, len(rows) + 1):
        best[i][0], step[i][0] = best[i - 1][0] - 1.0, "row"
        for j in range(1, len(strips) + 1):
            closeness = close[i - 1][j - 1]
            gain = _gain(closeness, strips[j - 1], top[j - 1] >= STRONG > closeness, width)
            best[i][j], step[i][j] = max(
                (best[i - 1][j - 1] + gain, "match"),
                (best[i - 1][j] - 1.0, "row"),
                (best[i][j - 1] - skip[j - 1], "strip"),
            )
    i, j, pairs = len(rows), len(strips), {}
    while i or j:
        match step[i][j]:
            case "match":
                i, j = i - 1, j - 1
                pairs[i] = j
            case "row":
                i -= 1
            case _:
                j -= 1
    named = frozenset(
        j
        for i, j in pairs.items()
        if top[j] >= (_NAMED if strips[j].in_grid and strips[j].label else 0.97)
        and top[j] > close[i][j] + 0.1
        and not _heads_others(strips, j)
    )
    return Assignment(pairs, best[-1][-1], {i: close[i][j] for i, j in pairs.items()}, named)


def to_the_letter(rows: tuple[Line, ...], strips: Sequence[Strip], width: int) -> Assignment | None:
    """The strip of each row where every row's label stands once, exactly, in whatever order, and nothing is left over."""
    spelled = _spelled(rows)
    pairs: dict[int, int] = {}
    for j, strip in enumerate(strips):
        i = spelled.get(strip.label) if strip.in_grid and len(strip.fields) >= width else None
        if i is not None and i not in pairs:
            pairs[i] = j
        elif len(strip.fields) >= width:
            return None
    return None if len(pairs) < len(rows) else Assignment(pairs, 3.0 * len(rows), dict.fromkeys(pairs, 1.0))


@lru_cache(maxsize=64)
def _spelled(rows: tuple[Line, ...]) -> dict[str, int]:
    return {name: i for i, row in enumerate(rows) for name in row.names}


def _heads_others(strips: Sequence[Strip], j: int) -> bool:
    """Whether a strip of running text shares its label, or the next has none: several labels may stand before them all."""
    before, behind = strips[j - 1 : j] if j else (), strips[j + 1 : j + 2]
    is_shared = any(other.label == strips[j].label for other in (*before, *behind))
    return not strips[j].in_grid and (is_shared or any(not other.label for other in behind))


def certain_rows(rows: int, strips: Sequence[Strip], assignment: Assignment, width: int) -> set[int]:
    """The rows whose strip is beyond doubt: by its label, or pinned between certain neighbours with nothing left over."""
    pairs = assignment.pairs
    sure = {i for i, closeness in assignment.close.items() if closeness >= STRONG}
    borders = [-1, *sorted(sure), rows]
    for low, high in pairwise(borders):
        between = list(range(low + 1, high))
        if not between:
            continue
        left = pairs.get(low, -1) if low >= 0 else min(pairs.values(), default=0) - 1
        right = pairs[high] if high < rows else max(pairs.values(), default=-1) + 1
        spare = [j for j in range(left + 1, right) if is_full(strips[j], width)]
        if len(spare) == len(between) and [pairs.get(i) for i in between] == spare:
            sure |= {i for i in between if pairs[i] not in assignment.named}
    return sure
