"""Pictures of text → blocks: deskew, drawn lines → lattice, then one line of text of one cell at a time is recognised.

Needs the extra `ocr`; its models lie in the wheel, nothing is fetched. Every cell keeps how sure the recogniser is.
"""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from importlib.util import find_spec
from typing import Any, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from .document import Block, GridCell, Locator, Paragraph
from .lattice import Box, Lattice, Ruling, filled, joined, lattices

INSTALL = "the document is a picture: install the reader for pictures with pip install 'nianbao[ocr]'"
"""The reason to give where a picture cannot be read for want of the extra."""

STRAY = 0.85
"""No more confidence than this in a figure beside which dirt was read as a full stop, or whose digits stand apart."""
LOOKALIKE = 0.5
"""No more confidence than this in a figure of which a sign was read as a letter that looks like a digit."""

_LOOKALIKES = str.maketrans("OoQ〇○。Il|", "000000111")
_STOPS = ".,"
_DIGITS = frozenset("0123456789.,+-/%")
_RULING = 15.0  # points; a shorter stroke may belong to a letter
_THICK = 6.0
_MARGIN = 1.2
_DOT = 2.0  # points; a decimal point is no bigger
_NEAR = 3.0  # points; what belongs to a character is no further from it
_FLAT = 3.0  # points; a line of text is higher
_LINE_SHARE = 1.25  # of the height of a line: pieces of one line of text, taken together, are no higher
_FAINT_LINE = 0.6  # confidence; outside of tables anything below is a stamp or a picture
_MOST_SKEW = 5.0  # degrees
_WORKING_WIDTH = 1400
_SHAPE = [3, 48, 64]
"""Colours, height and least width of what is recognised. Most cells hold a digit or two: in the usual 320 pixels they
would take four times as long, and be read no better."""
_BATCH = 64
_STROKES = "1lI|/7一_-—–~"
"""What the recogniser makes of a slash or dash that stands alone."""
_DASH_SHAPE = 5  # times wider than high
_SLASH_SLOPE = -0.2
_STRAIGHT = 0.06  # of the height, by which ink strays from the stroke
_MOST_WIDTH = 32.0
"""Of the pictures that are recognised at once, together, in heights of a line: memory grows with it."""

_Image: TypeAlias = Any  # two-dimensional arrays of grey values
_Picture = tuple[tuple[int, ...], bytes]
"""Shape and bytes of a picture."""


class _Piece(Struct):
    """A line of text to be recognised: of a room (by lattice and number), or of none."""

    owner: tuple[int, int] | None
    box: Box
    text: str = ""
    confidence: float = 0.0


_ALLOWED: ContextVar[int | None] = ContextVar("allowed", default=None)


class Postponed(Exception):
    """A document has more pictures to recognise than are allowed; `pictures` says how many."""

    def __init__(self, pictures: int) -> None:
        super().__init__(pictures)
        self.pictures = pictures


@contextmanager
def allowed(pictures: int) -> Iterator[None]:
    """Within it `announce` raises Postponed for a document with more pictures: recognition takes seconds for each, and
    hundreds of megabytes, which the caller may want to provide for."""
    token = _ALLOWED.set(pictures)
    try:
        yield
    finally:
        _ALLOWED.reset(token)


def announce(pictures: int) -> None:
    """To be called before so many pictures of a document are recognised. Raises Postponed, but only within `allowed`."""
    most = _ALLOWED.get()
    if most is not None and pictures > most:
        raise Postponed(pictures)


def is_ready() -> bool:
    """Whether the extra is installed."""
    return all(find_spec(name) for name in ("rapidocr", "onnxruntime", "cv2"))


def decoded(content: bytes, most_pixels: int) -> _Image | None:
    """The grey values of a picture file; None for what is none, or has more pixels than allowed."""
    import cv2
    import numpy as np

    try:
        image = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_GRAYSCALE)
    except cv2.error:  # it says to have more pixels than OpenCV takes
        return None
    return image if image is not None and image.size <= most_pixels else None


def blocks_of(image: _Image, locator: Callable[[Box], Locator], scale: float | None = None) -> tuple[Block, ...]:
    """Tables and lines of a picture, from the top. `scale`: pixels to a point (1/72 inch), guessed where not known.

    Boxes are handed to `locator` in pixels of the picture as it was given.
    """
    import cv2

    zoom = max(1.0, _WORKING_WIDTH / image.shape[1])
    if zoom > 1:
        image = cv2.resize(image, None, fx=zoom, fy=zoom, interpolation=cv2.INTER_CUBIC)
    scale = zoom * scale if scale else max(1.5, image.shape[1] / 600)
    upright, angle = _upright(image)
    ink = _ink(upright)
    across, down, drawn = _rulings(ink, scale)
    ink[drawn > 0] = 0
    _remove_specks(ink, scale)
    upright[drawn > 0] = 255
    tables = [lattice for lattice in lattices(across, down, scale) if len(lattice.columns) > 2]
    pieces = [piece for number, table in enumerate(tables) for piece in _in_rooms(ink, number, table, scale)]
    for table in tables:
        left, top, right, bottom = (round(side) for side in table.box)
        ink[max(0, top) : bottom, max(0, left) : right] = 0
    pieces += _in_rows(ink, None, (0, 0, ink.shape[1], ink.shape[0]), scale)
    _recognise(upright, pieces)
    turned = _turned_back(image.shape, angle, zoom)
    return _ordered(tables, pieces, lambda box: locator(turned(box)))


def _ordered(tables: Sequence[Lattice], pieces: Sequence[_Piece], locator: Callable[[Box], Locator]) -> tuple[Block, ...]:
    placed: list[tuple[float, Block]] = []
    for number, table in enumerate(tables):
        grid = filled(table, {}, locator).grid
        rooms = {(room.row, room.column): index for index, room in enumerate(table.rooms)}
        cells = tuple(
            _with_text(cell, [piece for piece in pieces if piece.owner == (number, rooms[cell.row, cell.column])])
            for cell in grid.cells
        )
        placed.append((table.rows[0], replace(grid, cells=cells)))
    for piece in pieces:
        if piece.owner is None and piece.text.strip() and piece.confidence >= _FAINT_LINE:
            placed.append((piece.box[1], Paragraph(piece.text.strip(), locator(piece.box))))
    placed.sort(key=lambda entry: entry[0])
    return tuple(block for _, block in placed)


def _with_text(cell: GridCell, pieces: Sequence[_Piece]) -> GridCell:
    """The cell with its lines; signs that look like digits among digits are digits, with little confidence."""
    if not pieces:
        return cell
    texts = [piece.text.strip() for piece in pieces]
    confidence = min(piece.confidence for piece in pieces)
    text = "".join(texts) if not all(_is_figure(text) for text in texts) else " ".join(texts)
    mended = text.translate(_LOOKALIKES)
    if mended != text and _is_figure(mended):
        text, confidence = mended, min(confidence, LOOKALIKE)
    together = text.replace(" ", "")
    if len(pieces) == 1 and together != text and _is_figure(together):
        text, confidence = together, min(confidence, STRAY)
    if _is_figure(text) and text.rstrip(_STOPS) not in ("", text):
        text, confidence = text.rstrip(_STOPS), min(confidence, STRAY)
    return replace(cell, text=text, confidence=round(confidence, 3))


def _is_figure(text: str) -> bool:
    return bool(text) and _DIGITS.issuperset(text)


# --- geometry ----------------------------------------------------------------------------------------------------------


def _ink(image: _Image) -> _Image:
    """255 where something is printed. Against the neighbourhood, since scans have shadows."""
    import cv2

    return cv2.adaptiveThreshold(image, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 51, 15)


def _upright(image: _Image) -> tuple[_Image, float]:
    """The picture turned so that its long lines lie level, and the angle in degrees by which it was turned."""
    import cv2
    import numpy as np

    half = cv2.resize(image, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    reach = half.shape[1] // 4
    lines = cv2.HoughLinesP(_ink(half), 1, np.pi / 1800, 150, minLineLength=reach, maxLineGap=4)
    if lines is None:
        return image.copy(), 0.0
    x0, y0, x1, y1 = lines.reshape(-1, 4).T.astype(float)
    angles = np.degrees(np.arctan2(y1 - y0, x1 - x0))
    angles = angles[abs(angles) < _MOST_SKEW]
    angle = float(np.median(angles)) if len(angles) else 0.0
    if abs(angle) < 0.03:
        return image.copy(), 0.0
    height, width = image.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1)
    return cv2.warpAffine(image, matrix, (width, height), flags=cv2.INTER_CUBIC, borderValue=255), angle


def _turned_back(shape: tuple[int, int], angle: float, zoom: float) -> Callable[[Box], Box]:
    """Boxes of the upright picture in the picture as it was given: their middle turned back, their size kept."""
    from math import cos, radians, sin

    middle_x, middle_y = shape[1] / 2, shape[0] / 2
    a, b = cos(radians(angle)), sin(radians(angle))

    def turned(box: Box) -> Box:
        x, y = (box[0] + box[2]) / 2 - middle_x, (box[1] + box[3]) / 2 - middle_y
        x, y = a * x - b * y + middle_x, b * x + a * y + middle_y
        half_width, half_height = (box[2] - box[0]) / 2, (box[3] - box[1]) / 2
        left, top, right, bottom = x - half_width, y - half_height, x + half_width, y + half_height
        return (left / zoom, top / zoom, right / zoom, bottom / zoom)

    return turned


def _rulings(ink: _Image, scale: float) -> tuple[list[Ruling], list[Ruling], _Image]:
    """Level and upright lines, joined, and where they are drawn."""
    import cv2
    import numpy as np

    length = max(3, round(_RULING * scale))
    level = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, length), np.uint8))
    upright = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((length, 1), np.uint8))
    across, down = [], []
    for left, top, width, height, _ in cv2.connectedComponentsWithStats(level)[2][1:]:
        if height <= _THICK * scale:
            across.append(Ruling(float(top + height / 2), float(left), float(left + width)))
    for left, top, width, height, _ in cv2.connectedComponentsWithStats(upright)[2][1:]:
        if width <= _THICK * scale:
            down.append(Ruling(float(left + width / 2), float(top), float(top + height)))
    drawn = cv2.dilate(cv2.bitwise_or(level, upright), np.ones((3, 3), np.uint8))
    return joined(across, scale), joined(down, scale), drawn


def _remove_specks(ink: _Image, scale: float) -> None:
    """What is smaller than a full stop is dirt, and what is no bigger and stands alone; what is long and flat is what skew
    or noise left of a drawn line."""
    import cv2
    import numpy as np

    _, labels, stats, _ = cv2.connectedComponentsWithStats(ink)
    width, height, area = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT], stats[:, cv2.CC_STAT_AREA]
    is_speck = (area < 0.5 * scale * scale) & (np.maximum(width, height) < 2 * scale)
    is_remnant = (np.maximum(width, height) > _RULING * scale) & (np.minimum(width, height) < 2 * scale)
    is_dirt = is_speck | is_remnant
    is_dirt[0] = False
    ink[is_dirt[labels]] = 0
    is_dot = (np.maximum(width, height) < _DOT * scale) & ~is_dirt
    is_dot[0] = False
    dots = is_dot[labels]
    reach = 2 * round(_NEAR * scale) + 1
    near = cv2.dilate(np.where(dots, np.uint8(0), ink), np.ones((reach, reach), np.uint8))
    beside = np.zeros(len(is_dot), bool)
    beside[labels[dots & (near > 0)]] = True
    ink[(is_dot & ~beside)[labels]] = 0


# --- lines of text -----------------------------------------------------------------------------------------------------


def _in_rooms(ink: _Image, number: int, table: Lattice, scale: float) -> list[_Piece]:
    margin = _MARGIN * scale
    runs: list[tuple[int, Box, list[tuple[int, int]]]] = []
    for index, room in enumerate(table.rooms):
        left, top, right, bottom = room.box
        box = (left + margin, top + margin, right - margin, bottom - margin)
        runs.append((index, box, _runs(ink, box, scale)))
    height = _line_height([run for _, _, found in runs for run in found], scale)
    return [piece for index, box, found in runs for piece in _pieces(ink, (number, index), box, found, height, scale)]


def _in_rows(ink: _Image, owner: tuple[int, int] | None, box: Box, scale: float) -> list[_Piece]:
    found = _runs(ink, box, scale)
    return _pieces(ink, owner, box, found, _line_height(found, scale), scale)


def _runs(ink: _Image, box: Box, scale: float) -> list[tuple[int, int]]:
    """From where to where there is ink, from the top of a box."""
    import numpy as np

    left, top, right, bottom = (max(0, round(side)) for side in box)
    rows = (ink[top:bottom, left:right] > 0).sum(axis=1) > 0
    edges = np.flatnonzero(np.diff(np.concatenate(([0], rows.astype(np.int8), [0]))))
    pairs = zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)
    return [(top + start, top + end) for start, end in pairs if end - start >= max(1.0, 0.4 * scale)]


def _line_height(runs: Sequence[tuple[int, int]], scale: float) -> float:
    """The usual height of a line of ideographs."""
    heights = sorted(end - start for start, end in runs if 4 * scale <= end - start <= 30 * scale)
    return float(heights[len(heights) * 3 // 4]) if heights else 10 * scale


def _pieces(
    ink: _Image, owner: tuple[int, int] | None, box: Box, runs: Sequence[tuple[int, int]], height: float, scale: float
) -> list[_Piece]:
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
                pieces.append(_Piece(owner, inked))
    return pieces


# --- recognition -------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _recogniser() -> Any:  # noqa: ANN401
    from rapidocr import RapidOCR

    threads = {"EngineConfig.onnxruntime.intra_op_num_threads": min(2, os.cpu_count() or 1)}  # others read beside it
    shapes = {"Rec.rec_img_shape": _SHAPE, "Rec.rec_batch_num": _BATCH}
    return RapidOCR(params={"Global.log_level": "error", **threads, **shapes})


def _recognise(image: _Image, pieces: Sequence[_Piece]) -> None:
    """Text and confidence of each piece; equal pictures (drawn, not scanned) are looked at once."""
    import cv2

    crops = [_crop(image, piece.box) for piece in pieces]
    distinct = {(crop.shape, crop.tobytes()): crop for crop in crops}
    if not distinct:
        return
    found: dict[_Picture, tuple[str, float]] = {}
    for keys in _batches(distinct):
        result = _recogniser().recognize_txt([cv2.cvtColor(distinct[key], cv2.COLOR_GRAY2BGR) for key in keys])
        found |= dict(zip(keys, zip(result.txts, result.scores, strict=True), strict=True))
    for piece, crop in zip(pieces, crops, strict=True):
        piece.text, piece.confidence = found[crop.shape, crop.tobytes()]
        if piece.owner is not None and len(piece.text.strip()) == 1 and piece.text.strip() in _STROKES:
            piece.text = _stroke(crop) or piece.text


def _stroke(crop: _Image) -> str | None:
    """The sign for an empty cell that a picture of one straight stroke is: the recogniser takes a slash for 1."""
    import numpy as np

    rows, columns = np.nonzero(crop < (int(crop.min()) + int(crop.max())) // 2)
    if len(rows) == 0:
        return None
    height, width = int(np.ptp(rows)) + 1, int(np.ptp(columns)) + 1
    if width > _DASH_SHAPE * height:
        return "—"
    if height < 2 * width / 3 or height < 3:
        return None
    slope = float(np.cov(columns, rows)[0, 1] / np.var(rows))
    beside = float(np.std(columns - columns.mean() - slope * (rows - rows.mean()))) / height
    return "/" if slope < _SLASH_SLOPE and beside < _STRAIGHT else None


def _batches(crops: Mapping[_Picture, _Image]) -> Iterator[list[_Picture]]:
    """Pictures of like shape together, few wide ones or many narrow ones: each batch is as wide as its widest."""
    widths = {key: max(crop.shape[1] / crop.shape[0], _SHAPE[2] / _SHAPE[1]) for key, crop in crops.items()}
    batch: list[_Picture] = []
    for key in sorted(crops, key=lambda key: widths[key]):
        if batch and (len(batch) + 1) * widths[key] > _MOST_WIDTH:
            yield batch
            batch = []
        batch.append(key)
    if batch:
        yield batch


def _crop(image: _Image, box: Box) -> _Image:
    """The line with a white margin of a fifth of its height: the recogniser was trained on such."""
    import cv2

    left, top, right, bottom = (round(side) for side in box)
    line = image[max(0, top) : bottom, max(0, left) : right]
    margin = max(2, (bottom - top) // 5)
    return cv2.copyMakeBorder(line, margin, margin, margin, margin, cv2.BORDER_CONSTANT, value=255)
