"""Rulings + glyphs → grids: the lattice that drawn lines make, and the text that stands in its cells.

Knows nothing of formats: coordinates run from the top left, in whatever unit the caller has, `scale` being the size of
a point in it. PDF pages, OFD pages and pictures of tables are read through it.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from operator import itemgetter
from typing import NamedTuple

from msgspec import Struct

from .document import Grid, GridCell, Locator
from .glyphs import Box, Glyph, lines_of, text_of

_SNAP = 3.5  # lines nearer than this are one: double lines, and borders that each cell draws for itself
_SHORTEST = 6.0  # what is shorter is a dash, a letter or a tick
_TOUCH = 3.5
_OVERHANG = 8.0  # lines that stand out by this much end at a border that is not drawn
_DASH = 12.0
_PADDING = 14.0  # on both sides of a text, together


class Ruling(NamedTuple):
    """A drawn line: its place across its direction, and from where to where it runs."""

    place: float
    start: float
    end: float


class Room(Struct, frozen=True):
    """One cell of a lattice: its place, spans, and box. `is_closed`: its walls are drawn on all sides."""

    row: int
    column: int
    rowspan: int
    colspan: int
    box: Box
    is_closed: bool


class Lattice(Struct, frozen=True):
    """The cells that rulings enclose. `rooms` and `torn` (places of an area that is no rectangle) have numbers, `owner`
    gives that of each elementary place, row by row; torn areas are numbered from `len(rooms)`."""

    columns: tuple[float, ...]
    rows: tuple[float, ...]
    rooms: tuple[Room, ...]
    owner: tuple[tuple[int, ...], ...]

    @property
    def box(self) -> Box:
        return (self.columns[0], self.rows[0], self.columns[-1], self.rows[-1])


class Filled(Struct, frozen=True):
    """A lattice with its text. `is_whole` is False where characters stand in an area that is no cell."""

    grid: Grid
    is_whole: bool


def joined(segments: Iterable[Ruling], scale: float = 1.0) -> list[Ruling]:
    """Segments of one direction as whole lines: pieces, dashes and doubles put together, what stays short left out."""
    snap = _SNAP * scale
    bundles: list[list[Ruling]] = []
    for segment in sorted(segments):
        bundle = bundles[-1] if bundles else None
        if bundle and segment.place - bundle[-1].place <= snap and segment.place - bundle[0].place <= 2 * snap:
            bundle.append(segment)
        else:
            bundles.append([segment])
    lines = [line for bundle in bundles for line in _ends_met(bundle, scale)]
    return [line for line in lines if line.end - line.start >= _SHORTEST * scale]


def _ends_met(bundle: list[Ruling], scale: float) -> Iterable[Ruling]:
    bundle.sort(key=itemgetter(1))
    place, start, end = bundle[0]
    places, shortest = [place], end - start
    for ruling in bundle[1:]:
        length = ruling.end - ruling.start
        gap = ruling.start - end
        is_dash = gap <= 2 * max(length, shortest) and max(length, shortest) <= _DASH * scale
        if gap <= _TOUCH * scale or is_dash:
            end = max(end, ruling.end)
            places.append(ruling.place)
            shortest = min(shortest, length)
        else:
            yield Ruling(sum(places) / len(places), start, end)
            places, start, end, shortest = [ruling.place], ruling.start, ruling.end, length
    yield Ruling(sum(places) / len(places), start, end)


def lattices(across: Sequence[Ruling], down: Sequence[Ruling], scale: float = 1.0) -> list[Lattice]:
    """The lattices of a page from its `joined` horizontal and vertical lines, from the top; borders that are not drawn
    are added where lines end together."""
    found = []
    for horizontal, vertical in _connected(across, down, _TOUCH * scale):
        vertical = [*vertical, *_borders(horizontal, vertical, scale)]
        horizontal = [*horizontal, *_borders(vertical, horizontal, scale)]
        if len(horizontal) >= 2 and len(vertical) >= 2:
            found.append(_lattice(horizontal, vertical, scale))
    found = [lattice for lattice in found if len(lattice.columns) > 1 and len(lattice.rows) > 1]
    return sorted(found, key=lambda lattice: (lattice.rows[0], lattice.columns[0]))


def _connected(
    across: Sequence[Ruling], down: Sequence[Ruling], touch: float
) -> list[tuple[list[Ruling], list[Ruling]]]:
    """Groups of lines that cross or touch each other."""
    group = list(range(len(across) + len(down)))

    def root(node: int) -> int:
        while group[node] != node:
            group[node] = group[group[node]]
            node = group[node]
        return node

    for i, (y, x0, x1) in enumerate(across):
        for j, (x, y0, y1) in enumerate(down, len(across)):
            if x0 - touch <= x <= x1 + touch and y0 - touch <= y <= y1 + touch:
                group[root(j)] = root(i)
    groups: dict[int, tuple[list[Ruling], list[Ruling]]] = {}
    for i, ruling in enumerate(across):
        groups.setdefault(root(i), ([], []))[0].append(ruling)
    for j, ruling in enumerate(down, len(across)):
        groups.setdefault(root(j), ([], []))[1].append(ruling)
    return [(horizontal, vertical) for horizontal, vertical in groups.values() if horizontal and vertical]


def _borders(lines: Sequence[Ruling], crossing: Sequence[Ruling], scale: float) -> list[Ruling]:
    """Borders across `lines` that are not drawn: two lines or more stand out over the last crossing line and end
    together."""
    if len(lines) < 2:
        return []
    added = []
    touch, overhang = _TOUCH * scale, _OVERHANG * scale
    for end, outermost in (
        (min(line.start for line in lines), min(line.place for line in crossing)),
        (max(line.end for line in lines), max(line.place for line in crossing)),
    ):
        ending = [line.place for line in lines if min(abs(line.start - end), abs(line.end - end)) <= touch]
        if abs(end - outermost) > overhang and len(ending) >= 2:
            added.append(Ruling(end, min(ending), max(ending)))
    return added


def _lattice(horizontal: Sequence[Ruling], vertical: Sequence[Ruling], scale: float) -> Lattice:
    rows, columns = _edges(horizontal, scale), _edges(vertical, scale)
    above = _walls(horizontal, rows, columns)
    before = _walls(vertical, columns, rows)
    owner = [[-1] * (len(columns) - 1) for _ in range(len(rows) - 1)]
    rooms: list[Room] = []
    torn: list[list[tuple[int, int]]] = []
    for row in range(len(rows) - 1):
        for column in range(len(columns) - 1):
            if owner[row][column] == -1:
                places = _flood(row, column, above, before, owner)
                room = _room(places, rows, columns, above, before)
                if room:
                    for r, c in places:
                        owner[r][c] = len(rooms)
                    rooms.append(room)
                else:
                    torn.append(places)
    for number, places in enumerate(torn, len(rooms)):
        for r, c in places:
            owner[r][c] = number
    return Lattice(tuple(columns), tuple(rows), tuple(rooms), tuple(map(tuple, owner)))


def _edges(rulings: Sequence[Ruling], scale: float) -> list[float]:
    """Distinct places of lines, those nearer than the tolerance taken as one."""
    edges: list[list[float]] = []
    for place in sorted(ruling.place for ruling in rulings):
        if edges and place - edges[-1][-1] <= _SNAP * scale:
            edges[-1].append(place)
        else:
            edges.append([place])
    return [sum(places) / len(places) for places in edges]


def _walls(rulings: Sequence[Ruling], edges: Sequence[float], crossing: Sequence[float]) -> list[list[bool]]:
    """For each edge, before which of the intervals between the crossing edges a line runs along it."""
    middles = [(low + high) / 2 for low, high in pairwise(crossing)]
    walls = [[False] * len(middles) for _ in edges]
    for place, start, end in rulings:
        wall = walls[min(range(len(edges)), key=lambda index: abs(edges[index] - place))]
        for index, middle in enumerate(middles):
            if start <= middle <= end:
                wall[index] = True
    return walls


def _flood(
    row: int, column: int, above: list[list[bool]], before: list[list[bool]], owner: list[list[int]]
) -> list[tuple[int, int]]:
    """The places that no line divides from this one; marked as seen."""
    owner[row][column] = -2
    places = [(row, column)]
    for r, c in places:
        for y, x, is_open in (
            (r - 1, c, r > 0 and not above[r][c]),
            (r + 1, c, r + 1 < len(owner) and not above[r + 1][c]),
            (r, c - 1, c > 0 and not before[c][r]),
            (r, c + 1, c + 1 < len(owner[0]) and not before[c + 1][r]),
        ):
            if is_open and owner[y][x] == -1:
                owner[y][x] = -2
                places.append((y, x))
    return places


def _room(
    places: list[tuple[int, int]],
    rows: Sequence[float],
    columns: Sequence[float],
    above: list[list[bool]],
    before: list[list[bool]],
) -> Room | None:
    """The cell that an area makes, None if it is no rectangle."""
    top, bottom = min(places)[0], max(places)[0] + 1
    left, right = min(c for _, c in places), max(c for _, c in places) + 1
    if (bottom - top) * (right - left) != len(places):
        return None
    is_closed = all(above[top][left:right]) and all(above[bottom][left:right])
    is_closed = is_closed and all(before[left][top:bottom]) and all(before[right][top:bottom])
    return Room(top, left, bottom - top, right - left, (columns[left], rows[top], columns[right], rows[bottom]), is_closed)


def sorted_in(lattice: Lattice, glyphs: Iterable[Glyph]) -> tuple[dict[int, list[Glyph]], list[Glyph]]:
    """Glyphs by the number of the area in which their middle stands, and those that stand outside the lattice."""
    inside: dict[int, list[Glyph]] = {}
    outside = []
    columns, rows, owner = lattice.columns, lattice.rows, lattice.owner
    left, top, right, bottom = lattice.box
    for glyph in glyphs:
        x, y = (glyph[0] + glyph[2]) / 2, (glyph[1] + glyph[3]) / 2
        if left <= x < right and top <= y < bottom:
            number = owner[bisect_right(rows, y) - 1][bisect_right(columns, x) - 1]
            inside.setdefault(number, []).append(glyph)
        else:
            outside.append(glyph)
    return inside, outside


def filled(lattice: Lattice, inside: dict[int, list[Glyph]], locator: Callable[[Box], Locator]) -> Filled:
    """The grid of a lattice with the text of its areas. An area open to the outside is a cell only if text stands in it."""
    cells = []
    for number, room in enumerate(lattice.rooms):
        glyphs = inside.get(number)
        if glyphs or room.is_closed:
            text = text_of(glyphs) if glyphs else ""
            cells.append(GridCell(text, room.row, room.column, locator(room.box), room.rowspan, room.colspan))
    is_whole = not any(
        number >= len(lattice.rooms) and any(not glyph.text.isspace() for glyph in glyphs)
        for number, glyphs in inside.items()
    )
    grid = Grid(tuple(cells), len(lattice.rows) - 1, len(lattice.columns) - 1, locator(lattice.box))
    return Filled(grid, is_whole)


def full_rooms(lattice: Lattice, inside: dict[int, list[Glyph]], scale: float = 1.0) -> list[Room]:
    """The cells at the foot of a lattice whose last line leaves no room for another character."""
    rows = len(lattice.rows) - 1
    found = []
    for number, room in enumerate(lattice.rooms):
        lines = lines_of(inside.get(number, ())) if room.row + room.rowspan == rows else []
        if lines:
            x0, top, x1, bottom = lines[-1].box
            if room.box[2] - room.box[0] - (x1 - x0) < bottom - top + _PADDING * scale:
                found.append(room)
    return found
