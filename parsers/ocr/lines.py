"""Where lines of text stand on a picture: in the rooms of its tables, and outside of them."""

from collections.abc import Sequence

from msgspec import Struct

from parsers.glyphs import Box
from parsers.lattice import Lattice

from .strokes import Image

_MARGIN = 1.2
_FLAT = 3.0  # points; a line of text is higher
_USUAL = 30.0  # points; what is higher outside of tables is no line of text
_BIG = 60.0  # points; the letters of narrow pictures are big, where the size of a point is only guessed
_LINE_SHARE = 1.25  # of the height of a line: pieces of one line of text, taken together, are no higher


class Piece(Struct):
    """A line of text to be recognised: of a room (by lattice and number), or of none."""

    owner: tuple[int, int] | None
    box: Box
    text: str = ""
    confidence: float = 0.0


def in_rooms(ink: Image, number: int, table: Lattice, scale: float) -> list[Piece]:
    margin = _MARGIN * scale
    runs: list[tuple[int, Box, list[tuple[int, int]]]] = []
    for index, room in enumerate(table.rooms):
        left, top, right, bottom = room.box
        box = (left + margin, top + margin, right - margin, bottom - margin)
        runs.append((index, box, _runs(ink, box, scale)))
    height = _line_height([run for _, _, found in runs for run in found], scale, _BIG)
    return [piece for index, box, found in runs for piece in _pieces(ink, (number, index), box, found, height, scale)]


def in_rows(ink: Image, owner: tuple[int, int] | None, box: Box, scale: float) -> list[Piece]:
    found = _runs(ink, box, scale)
    return _pieces(ink, owner, box, found, _line_height(found, scale, _USUAL), scale)


def _runs(ink: Image, box: Box, scale: float) -> list[tuple[int, int]]:
    """From where to where there is ink, from the top of a box."""
    import numpy as np

    left, top, right, bottom = (max(0, round(side)) for side in box)
    rows = (ink[top:bottom, left:right] > 0).sum(axis=1) > 0
    edges = np.flatnonzero(np.diff(np.concatenate(([0], rows.astype(np.int8), [0]))))
    pairs = zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)
    return [(top + start, top + end) for start, end in pairs if end - start >= max(1.0, 0.4 * scale)]


def _line_height(runs: Sequence[tuple[int, int]], scale: float, most: float) -> float:
    """The usual height of a line of ideographs, of at most so many points."""
    heights = sorted(end - start for start, end in runs if 4 * scale <= end - start <= most * scale)
    return float(heights[len(heights) * 3 // 4]) if heights else 10 * scale


def _pieces(
    ink: Image, owner: tuple[int, int] | None, box: Box, runs: Sequence[tuple[int, int]], height: float, scale: float
) -> list[Piece]:
    """The lines of text in a box: strokes of one line put together, lines that touch divided."""
    import numpy as np

    lines: list[tuple[int, int]] = []
    for start, end in runs:
        if lines and end - lines[-1][0] <= _LINE_SHARE * height:
            lines[-1] = (lines[-1][0], end)
        else:
            lines.append((start, end))
    pieces = []
    left, right = max(0, round(box[0])), round(box[2])
    for start, end in lines:
        count = max(1, round((end - start) / (1.15 * height))) if end - start > 1.7 * height else 1
        for part in range(count):
            top, bottom = start + (end - start) * part // count, start + (end - start) * (part + 1) // count
            columns = np.flatnonzero((ink[top:bottom, left:right] > 0).any(axis=0))
            width = columns[-1] - columns[0] if len(columns) else 0
            is_flat = bottom - top < _FLAT * scale and (owner is None or width > 2 * height)
            if len(columns) and max(bottom - top, width) >= 1.5 * scale and not is_flat:
                inked = (float(left + columns[0]), float(top), float(left + columns[-1] + 1), float(bottom))
                pieces.append(Piece(owner, inked))
    return pieces
