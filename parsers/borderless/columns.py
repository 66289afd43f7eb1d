"""Columns of a table without borders: figures that stand one below the other, each column under a head of its own.

Where a column is empty only its head tells that it is there; a figure that does not stand under just one head makes the
table unreadable, which is better than a figure in the wrong column.
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise

from msgspec import Struct

from .chunks import Chunk, chunk_of

_NEXT_LINE = 1.6
_SAME_SIDE = 0.3
_SLIT = 0.08
"""Of an em: the least gap at which a head is two."""
_STACKED = 1.8
"""Of an em: lines of one head are no further apart."""

Interval = tuple[float, float]


class Columns(Struct, frozen=True):
    """The columns of figures from the left: `extents` of what stands in them; `heads` are the texts over them, from the
    top, their lines with the first column and the last that each spans."""

    extents: tuple[Interval, ...]
    heads: tuple[tuple[tuple[Chunk, ...], int, int], ...]

    def of(self, chunk: Chunk) -> int | None:
        """The column in which a chunk of a row stands, None where it is not just one."""
        found = [number for number, extent in enumerate(self.extents) if overlap(extent, chunk) > 0]
        return found[0] if len(found) == 1 else None


def overlap(extent: Interval, chunk: Chunk) -> float:
    return min(extent[1], chunk.x1) - max(extent[0], chunk.x0)


def columns_of(figures: Sequence[Chunk], heads: Sequence[Chunk], em: float) -> Columns | None:
    """The columns that figures make under heads; None where one is not under just one."""
    piles = _piles(figures)
    heads = [part for head in heads for part in _slit(head, piles, em)]
    leaves = [head for head in heads if not any(_is_below(other, head) for other in heads)]
    leaves.sort(key=lambda head: head.x)
    wide = [_grown(leaf, leaves, heads, em) for leaf in leaves]
    matched = _matched(piles, [(leaf.x0, leaf.x1) for leaf in leaves], wide)
    if matched is None:
        return None
    extents = [
        _united([wide[number], *(pile for pile, leaf in zip(piles, matched, strict=True) if leaf == number)])
        for number in range(len(leaves))
    ]
    own = {leaf: pile for pile, leaf in zip(piles, matched, strict=True)}
    narrow = [own.get(number, (leaf.x0, leaf.x1)) for number, leaf in enumerate(leaves)]
    if any(b[0] < a[1] for a, b in pairwise(narrow)):
        return None
    return Columns(tuple(_apart(extents, narrow)), tuple(_lines_joined([*_spans(heads, narrow, leaves)], em)))


def _piles(figures: Iterable[Chunk]) -> list[Interval]:
    """The intervals that figures cover, those that overlap taken as one."""
    piles: list[list[float]] = []
    for chunk in sorted(figures):
        if piles and chunk.x0 < piles[-1][1]:
            piles[-1][1] = max(piles[-1][1], chunk.x1)
        else:
            piles.append([chunk.x0, chunk.x1])
    return [(low, high) for low, high in piles]


def _slit(head: Chunk, piles: Sequence[Interval], em: float) -> list[Chunk]:
    """A head over several columns, parted where a thin gap between two glyphs lies between two of them."""
    over = [pile for pile in piles if overlap(pile, head) > 0]
    glyphs = list(head.glyphs)
    cuts = []
    for before, behind in pairwise(over):
        low, high = (before[0] + before[1]) / 2, (behind[0] + behind[1]) / 2
        gaps = [(b.x0 - a.x1, at) for at, (a, b) in enumerate(pairwise(glyphs), 1) if low < (a.x1 + b.x0) / 2 < high]
        widest = max(gaps, default=(0.0, 0))
        if widest[0] > _SLIT * em:
            cuts.append(widest[1])
    edges = [0, *sorted(set(cuts)), len(glyphs)]
    return [chunk_of(glyphs[a:b], head.page) for a, b in pairwise(edges)]


def _is_below(other: Chunk, head: Chunk) -> bool:
    return (
        other.y > head.y
        and min(other.x1, head.x1) > max(other.x0, head.x0)
        and other.y - head.y > 0.5 * (head.bottom - head.top)
    )


def _grown(leaf: Chunk, leaves: Sequence[Chunk], heads: Sequence[Chunk], em: float) -> Interval:
    """What a head of several lines covers: the lines closely above that stand over no other head."""
    extent, top = (leaf.x0, leaf.x1), leaf
    for head in sorted(heads, key=lambda head: -head.y):
        is_alone = sum(overlap((other.x0, other.x1), head) > 0 for other in leaves) == 1
        if head.y < top.y and is_alone and overlap((leaf.x0, leaf.x1), head) > 0 and top.y - head.y < _STACKED * em:
            extent, top = (min(extent[0], head.x0), max(extent[1], head.x1)), head
    return extent


def _matched(piles: Sequence[Interval], leaves: Sequence[Interval], wide: Sequence[Interval]) -> list[int] | None:
    """The head of each pile: the only one over it, no two piles under one; where figures stand beside their heads, all
    have to, one after the other."""
    under = [[number for number, leaf in enumerate(leaves) if _meet(pile, leaf)] for pile in piles]
    if any(len(found) > 1 for found in under):
        return None
    for number, pile in enumerate(piles):
        if not under[number]:
            under[number] = [at for at, leaf in enumerate(wide) if _meet(pile, leaf)]
    if all(len(found) == 1 for found in under):
        matched = [found[0] for found in under]
        return matched if len(set(matched)) == len(matched) else None
    in_order = list(range(len(leaves)))
    if len(leaves) == len(piles) and all(
        found in ([], [number]) for number, found in zip(in_order, under, strict=True)
    ):
        return in_order
    return None


def _meet(a: Interval, b: Interval) -> bool:
    return min(a[1], b[1]) > max(a[0], b[0])


def _united(intervals: Sequence[Interval]) -> Interval:
    return min(low for low, _ in intervals), max(high for _, high in intervals)


def _apart(extents: Sequence[Interval], narrow: Sequence[Interval]) -> list[Interval]:
    """Extents that do not overlap: what a head covers beyond its column is cut off."""
    lows, highs = [low for low, _ in extents], [high for _, high in extents]
    for at in range(1, len(extents)):
        if lows[at] < highs[at - 1]:
            border = (narrow[at - 1][1] + narrow[at][0]) / 2
            lows[at], highs[at - 1] = border, border
    return list(zip(lows, highs, strict=True))


def _spans(
    heads: Sequence[Chunk], columns: Sequence[Interval], leaves: Sequence[Chunk]
) -> Iterable[tuple[Chunk, int, int]]:
    for head in sorted(heads, key=lambda head: (head.top, head.x0)):
        over = [number for number, extent in enumerate(columns) if overlap(extent, head) > 0]
        over += [number for number, leaf in enumerate(leaves) if overlap((leaf.x0, leaf.x1), head) > 0]
        nearest = min(range(len(columns)), key=lambda number: abs(sum(columns[number]) / 2 - head.x))
        yield head, min(over, default=nearest), max(over, default=nearest)


def _lines_joined(spans: Sequence[tuple[Chunk, int, int]], em: float) -> list[tuple[tuple[Chunk, ...], int, int]]:
    """Heads over one column each with all its lines, one closely below the other."""
    heads: list[tuple[tuple[Chunk, ...], int, int]] = []
    for chunk, low, high in spans:
        above = next((at for at, (_, first, last) in reversed([*enumerate(heads)]) if first <= low <= last), None)
        if above is not None and low == high == heads[above][1] == heads[above][2]:
            lines = heads[above][0]
            beside = min(abs(lines[-1].x0 - chunk.x0), abs(lines[-1].x - chunk.x))
            if chunk.y - lines[-1].y < _NEXT_LINE * em and beside < _SAME_SIDE * em:
                heads[above] = ((*lines, chunk), low, high)
                continue
        heads.append(((chunk,), low, high))
    return heads
