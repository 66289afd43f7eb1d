"""Pictures of text → blocks: deskew, drawn lines → lattice, then one line of text of one cell at a time is recognised.

Needs the extra `ocr`; its models lie in the wheel, nothing is fetched. Every cell keeps how sure the recogniser is.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from importlib.util import find_spec
from math import sqrt

from msgspec import Struct
from msgspec.structs import replace

from parsers.document import Block, GridCell, Locator, Paragraph
from parsers.glyphs import Box
from parsers.lattice import Lattice, filled, lattices

from .files import decoded, grey_of
from .lines import Piece, in_rooms, in_rows
from .recogniser import recognise
from .strokes import Image, ink_of, made_upright, remove_specks, rulings_of, turned_back

__all__ = ["INSTALL", "Postponed", "allowed", "announce", "blocks_of", "decoded", "grey_of", "is_ready"]

INSTALL = "the document is a picture: install the reader for pictures with pip install 'nianbao[ocr]'"
"""The reason to give where a picture cannot be read for want of the extra."""

STRAY = 0.85
"""No more confidence than this in a figure beside which dirt was read as a full stop, or whose digits stand apart."""
LOOKALIKE = 0.5
"""No more confidence than this in a figure of which a sign was read as a letter that looks like a digit."""

_LOOKALIKES = str.maketrans("OoQ〇○。Il|", "000000111")
_STOPS = ".,"
_DIGITS = frozenset("0123456789.,+-/%")
_FAINT_LINE = 0.6  # confidence; outside of tables anything below is a stamp or a picture
_WORKING_WIDTH = 1400
_MOST_AREA = 25_000_000
"""Pixels; a page of 600 dots an inch is read no better than this, and takes four times the memory."""
_DOUBTED = 0.7
"""Confidence in the longest lines of a picture, below which it may lie on its side or stand on its head."""
_WIDE = 3  # times wider than high
_SAMPLE = 10
"""So many lines, the longest, tell which way is up."""

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


class _Read(Struct, frozen=True):
    """What stands where on a picture that was turned by quarters; `back` gives boxes on the picture as it came."""

    tables: list[Lattice]
    pieces: list[Piece]
    upright: Image
    back: Callable[[Box], Box]


def blocks_of(
    image: Image, locator: Callable[[Box], Locator], scale: float | None = None, *, with_table: bool = False
) -> tuple[Block, ...]:
    """Tables and lines of a picture, from the top; nothing of one without a table if `with_table`. `scale`: pixels to a
    point (1/72 inch), guessed where not known. A picture that lies on its side or stands on its head is turned.

    Boxes are handed to `locator` in pixels of the picture as it was given.
    """
    read = _laid_out(image, scale, 0)
    if with_table and not read.tables and image.shape[0] > image.shape[1]:  # lines are drawn out of shape in a narrow picture
        read = _laid_out(image, scale, 1)
    if with_table and not read.tables:
        return ()
    sample = _longest(read.pieces)
    recognise(read.upright, sample)
    if read.pieces and _sureness(sample) < _DOUBTED:
        read = _turned(image, scale, read)
    recognise(read.upright, [piece for piece in read.pieces if not piece.confidence])
    return _ordered(read.tables, read.pieces, lambda box: locator(read.back(box)))


def _turned(image: Image, scale: float | None, read: _Read) -> _Read:
    """The picture as it is read most surely, of the four ways to hold it."""
    best, sureness = read, _sureness(_longest(read.pieces))
    for quarters in (2, 1, 3):
        other = _laid_out(image, scale, quarters)
        sample = _longest(other.pieces)
        recognise(other.upright, sample)
        if _sureness(sample) > max(sureness, _DOUBTED):
            best, sureness = other, _sureness(sample)
    return best


def _longest(pieces: Sequence[Piece]) -> list[Piece]:
    """The longest lines of several letters: of a line on its side each letter is one by itself, and read as well."""
    wide = [piece for piece in pieces if piece.box[2] - piece.box[0] > _WIDE * (piece.box[3] - piece.box[1])]
    return sorted(wide, key=lambda piece: piece.box[0] - piece.box[2])[:_SAMPLE]


def _sureness(pieces: Sequence[Piece]) -> float:
    """By width: digits may be read upside down, words are not."""
    widths = [piece.box[2] - piece.box[0] for piece in pieces]
    return sum(width * piece.confidence for width, piece in zip(widths, pieces, strict=True)) / (sum(widths) or 1)


def _laid_out(image: Image, scale: float | None, quarters: int) -> _Read:
    """Tables and lines of text on a picture, turned by so many quarters to the left; not recognised yet."""
    import cv2
    import numpy as np

    height, width = image.shape
    image = np.ascontiguousarray(np.rot90(image, quarters))
    zoom = min(max(1.0, _WORKING_WIDTH / image.shape[1]), sqrt(_MOST_AREA / image.size))
    if zoom != 1:
        image = cv2.resize(image, None, fx=zoom, fy=zoom, interpolation=cv2.INTER_CUBIC if zoom > 1 else cv2.INTER_AREA)
    scale = zoom * scale if scale else max(1.5, image.shape[1] / 600)
    upright, angle, margin = made_upright(image)
    ink = ink_of(upright)
    across, down, drawn = rulings_of(ink, scale)
    ink[drawn > 0] = 0
    remove_specks(ink, drawn, scale)
    upright[drawn > 0] = 255
    tables = [lattice for lattice in lattices(across, down, scale) if len(lattice.columns) > 2]
    pieces = [piece for number, table in enumerate(tables) for piece in in_rooms(ink, number, table, scale)]
    for table in tables:
        left, top, right, bottom = (round(side) for side in table.box)
        ink[max(0, top) : bottom, max(0, left) : right] = 0
    pieces += in_rows(ink, None, (0, 0, ink.shape[1], ink.shape[0]), scale)
    straight = turned_back(upright.shape, angle, margin, zoom)
    return _Read(tables, pieces, upright, lambda box: _quartered(straight(box), quarters, width, height))


def _quartered(box: Box, quarters: int, width: int, height: int) -> Box:
    """A box of a turned picture on the picture itself, of that width and height."""
    x0, y0, x1, y1 = box
    if quarters == 1:
        return width - y1, x0, width - y0, x1
    if quarters == 2:
        return width - x1, height - y1, width - x0, height - y0
    return (y0, height - x1, y1, height - x0) if quarters == 3 else box


def _ordered(tables: Sequence[Lattice], pieces: Sequence[Piece], locator: Callable[[Box], Locator]) -> tuple[Block, ...]:
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


def _with_text(cell: GridCell, pieces: Sequence[Piece]) -> GridCell:
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


