"""Pages → one flow of blocks: tables that run over pages become one grid, and lines that stand on every page are set apart.

A table goes on where one page ends with a grid and the next begins with one between the same borders. Heads that are
printed again are left out, and rows and labels that the edge of a page cut are made whole.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from .document import Block, Grid, GridCell, Locator, Paragraph, joined

_ENUMERATOR = re.compile(r"\s*[（(]?[一二三四五六七八九十\d]{1,2}\s*[、.．)）]")
_FIGURE = re.compile(r"[+\-−]?[\d０-９][\d０-９,，.．]*\s*(?:件|条|项|万元|元|%)?|[/—－-]+")
_NUMBERS = re.compile(r"\d+")
_MARGIN_SHARE = 0.12

_Key = tuple[int, int]
"""Column and columns spanned."""


class Leaf(Struct, frozen=True):
    """One page, numbered from 1. `full` names the cells at the foot of its last grid whose last line leaves no room for
    another character: only there a text can go on over the page."""

    number: int
    blocks: tuple[Block, ...]
    full: frozenset[Locator] = frozenset()


def sewn(leaves: Sequence[Leaf], tolerance: float) -> tuple[Block, ...]:
    """The blocks of all pages. `tolerance`: how far borders of one table may differ, in the unit of the locators."""
    blocks: list[Block] = []
    last: Leaf | None = None
    for leaf in leaves:
        rest = leaf.blocks
        if last and rest and leaf.number == last.number + 1:
            upper, lower = blocks[-1], rest[0]
            both = _sewn(upper, lower, last.full, tolerance) if isinstance(upper, Grid) and isinstance(lower, Grid) else None
            if both:
                blocks[-1], rest = both, rest[1:]
        blocks += rest
        if leaf.blocks:
            last = leaf
    return tuple(blocks)


def box_of(locator: Locator) -> tuple[float, float, float, float]:
    """The box of a locator of a page."""
    x0, top, x1, bottom = map(float, locator.split(",")[-4:])
    return (x0, top, x1, bottom)


# --- running heads -----------------------------------------------------------------------------------------------------


def without_running_lines(
    pages: Sequence[tuple[Block, ...]], heights: Sequence[float], step: float
) -> tuple[list[tuple[Block, ...]], list[Block]]:
    """The pages without their running heads and feet, and these: lines near the edge that stand on several pages at the
    same height (within `step`), all but their numbers alike."""
    seen = Counter(key for page, height in zip(pages, heights, strict=True) for key in {*_keys(page, height, step)})
    running: list[Block] = []
    kept = []
    for page, height in zip(pages, heights, strict=True):
        lines = {block for block, key in _at_edge(page, height, step) if seen[key] > 1}
        running += [block for block in page if block in lines]
        kept.append(tuple(block for block in page if block not in lines))
    return kept, running


def _keys(page: Iterable[Block], height: float, step: float) -> Iterator[tuple[str, int]]:
    return (key for _, key in _at_edge(page, height, step))


def _at_edge(page: Iterable[Block], height: float, step: float) -> Iterator[tuple[Block, tuple[str, int]]]:
    for block in page:
        if isinstance(block, Paragraph):
            _, top, _, bottom = box_of(block.locator)
            if bottom < height * _MARGIN_SHARE or top > height * (1 - _MARGIN_SHARE):
                yield block, (_NUMBERS.sub("#", block.text), round(top / step))


# --- tables over pages -------------------------------------------------------------------------------------------------


def _sewn(upper: Grid, lower: Grid, full: frozenset[Locator], tolerance: float) -> Grid | None:
    """Both parts as one grid; None where they are not parts of one table."""
    above, below = _edges(upper), _edges(lower)
    if not (above and below) or not upper.has_borders or not lower.has_borders or _begins_with_caption(lower):
        return None
    if abs(above[0] - below[0]) > tolerance or abs(above[-1] - below[-1]) > tolerance:
        return None
    edges = _united([*above, *below], tolerance)
    first, second = _placed(upper, above, edges), _placed(lower, below, edges)
    repeated = _repeated(first, second)
    second = [replace(cell, row=cell.row - repeated) for cell in second if cell.row >= repeated]
    foot = {_key(cell): cell for cell in first if cell.row + cell.rowspan == upper.rows}
    head = {_key(cell): cell for cell in second if cell.row == 0}
    carried = {key for key in foot.keys() & head.keys() if _is_carried(foot[key], head[key], full)}
    is_cut = _is_cut(_without(foot, carried), _without(head, carried), full)
    joins = foot.keys() & head.keys() if is_cut else carried
    shift = upper.rows - is_cut
    cells = [cell for cell in first if _key(cell) not in joins or cell is not foot.get(_key(cell))]
    cells += [replace(cell, row=cell.row + shift) for cell in second if cell.row > 0 or _key(cell) not in joins]
    cells += [_whole(foot[key], head[key], is_cut=is_cut) for key in joins]
    cells.sort(key=lambda cell: (cell.row, cell.column))
    return replace(upper, cells=tuple(cells), rows=shift + lower.rows - repeated, columns=len(edges) - 1)


def _edges(grid: Grid) -> list[float]:
    """Where the columns of a grid begin and end; nothing where its cells do not say it of each."""
    found: dict[int, float] = {}
    for cell in grid.cells:
        x0, _, x1, _ = box_of(cell.locator)
        found[cell.column], found[cell.column + cell.colspan] = x0, x1
    return [found[place] for place in range(grid.columns + 1)] if len(found) == grid.columns + 1 else []


def _begins_with_caption(grid: Grid) -> bool:
    """Whether the first row is one cell with words: the next table begins there."""
    cells = [cell for cell in grid.cells if cell.row == 0]
    return len(cells) == 1 and cells[0].colspan == grid.columns and bool(cells[0].text)


def _united(edges: Iterable[float], tolerance: float) -> list[float]:
    united: list[list[float]] = []
    for edge in sorted(edges):
        if united and edge - united[-1][0] <= tolerance:
            united[-1].append(edge)
        else:
            united.append([edge])
    return [sum(each) / len(each) for each in united]


def _placed(grid: Grid, own: Sequence[float], edges: Sequence[float]) -> list[GridCell]:
    """The cells of a grid in columns between other edges, which include its own."""
    places = [min(range(len(edges)), key=lambda place: abs(edges[place] - edge)) for edge in own]
    return [
        replace(cell, column=places[cell.column], colspan=places[cell.column + cell.colspan] - places[cell.column])
        for cell in grid.cells
    ]


def _repeated(first: Sequence[GridCell], second: Sequence[GridCell]) -> int:
    """How many rows at the top of the second part are the head of the first again."""
    above, below = _texts(first), _texts(second)
    start = max((row for row, texts in above.items() if texts == below.get(0)), default=None)
    if start is None:
        return 0
    count = 0
    while above.get(start + count) == below.get(count) and below.get(count) and not any(
        _FIGURE.fullmatch(text) for _, text in below[count]
    ):  # fmt: skip
        count += 1
    return 0 if any(cell.row < count < cell.row + cell.rowspan for cell in second) else count


def _texts(cells: Iterable[GridCell]) -> dict[int, list[tuple[int, str]]]:
    """The texts of each row with their columns; a row of blanks says nothing."""
    rows: dict[int, list[tuple[int, str]]] = {}
    for cell in cells:
        if cell.text:
            rows.setdefault(cell.row, []).append((cell.column, cell.text))
    return rows


def _key(cell: GridCell) -> _Key:
    return cell.column, cell.colspan


def _without(cells: dict[_Key, GridCell], keys: set[_Key]) -> dict[_Key, GridCell]:
    return {key: cell for key, cell in cells.items() if key not in keys}


def _is_carried(upper: GridCell, lower: GridCell, full: frozenset[Locator]) -> bool:
    """Whether a cell over several rows (a group's label) goes on."""
    if upper.rowspan == 1 and lower.rowspan == 1:
        return False
    return not (upper.text and lower.text) or _goes_on(upper, lower, full)


def _goes_on(upper: GridCell, lower: GridCell, full: frozenset[Locator]) -> bool:
    """Whether two texts are one that the page cut: the first runs to its wall, and the second begins nothing."""
    if _FIGURE.fullmatch(upper.text) or _FIGURE.fullmatch(lower.text) or _ENUMERATOR.match(lower.text):
        return False
    return upper.locator in full


def _is_cut(foot: dict[_Key, GridCell], head: dict[_Key, GridCell], full: frozenset[Locator]) -> bool:
    """Whether the last row and the first of the next page are one: what one lacks the other has, figures stand in only
    one of them, and a label that stands in both goes on."""
    if not foot or foot.keys() != head.keys():
        return False
    if _has_figures(foot.values()) and _has_figures(head.values()):
        return False
    pairs = [(foot[key], head[key]) for key in foot]
    return all(not (upper.text and lower.text) or _goes_on(upper, lower, full) for upper, lower in pairs)


def _has_figures(cells: Iterable[GridCell]) -> bool:
    return any(_FIGURE.fullmatch(cell.text) for cell in cells)


def _whole(upper: GridCell, lower: GridCell, *, is_cut: bool) -> GridCell:
    """A cell of both parts; the row that was cut counts once."""
    sure = [each for each in (upper.confidence, lower.confidence) if each is not None]
    return replace(
        upper,
        text=joined((upper.text, lower.text)),
        rowspan=upper.rowspan + lower.rowspan - is_cut,
        confidence=min(sure) if sure else None,
    )
