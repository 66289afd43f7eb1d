"""What a page of a PDF draws beside its text: lines, painted areas, pictures; those inside of forms included, and what
readers of the file struck out in it."""

from collections.abc import Iterator
from ctypes import byref, c_float, c_int, c_uint
from itertools import pairwise
from typing import Any, TypeAlias

from msgspec import Struct

from parsers.glyphs import Box
from parsers.lattice import Ruling

HAIRLINE = 3.0
"""An area thinner than this (points) is a drawn line."""

MAX_OBJECTS = 200_000
_MAX_DEPTH = 6
_UNPAINTED = 3  # ISO 32000-1, 9.3.6: text rendering mode
_WHITE = 250
_ONE_PIECE = 5  # segments; two areas have more

Handle: TypeAlias = Any  # pypdfium2's pointers carry no types
Matrix = tuple[float, float, float, float, float, float]
_IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


class Area(Struct, frozen=True):
    """A painted area that is no line."""

    box: Box
    is_white: bool


class Strokes(Struct):
    across: list[Ruling]
    down: list[Ruling]
    areas: list[Area]
    pictures: list[Box]
    has_lost: bool = False
    is_inked: bool = False


def draw(pdfium: Handle, objects: Iterator[Handle], place: Matrix, strokes: Strokes, depth: int = 0) -> None:
    """Lines, painted areas and pictures among the objects, those inside of forms included."""
    floats = [c_float() for _ in range(4)]
    left_at, bottom_at, right_at, top_at = (byref(value) for value in floats)
    left, bottom, right, top = floats
    fill, stroke = c_int(), c_int()
    fill_at, stroke_at = byref(fill), byref(stroke)
    type_of, bounds_of = pdfium.FPDFPageObj_GetType, pdfium.FPDFPageObj_GetBounds
    for part in objects:
        kind = type_of(part)
        if kind == 1:
            strokes.is_inked = strokes.is_inked or pdfium.FPDFTextObj_GetTextRenderMode(part) != _UNPAINTED
            bounds_of(part, left_at, bottom_at, right_at, top_at)
            if right.value == left.value and not strokes.has_lost and not _is_embedded(pdfium, part):
                strokes.has_lost = True
        elif kind == 2:
            pdfium.FPDFPath_GetDrawMode(part, fill_at, stroke_at)
            if not fill.value and not stroke.value:
                continue
            count = pdfium.FPDFPath_CountSegments(part)
            is_simple = count <= _ONE_PIECE and not stroke.value
            if count <= 2 or is_simple:
                bounds_of(part, left_at, bottom_at, right_at, top_at)
                box = _box(place, left.value, bottom.value, right.value, top.value)
                if _is_line(box, strokes, is_stroked=bool(stroke.value)) or (count <= 2 and not stroke.value):
                    continue
                if is_simple:
                    strokes.areas.append(Area(box, _is_white(pdfium, part)))
                    continue
            _path(pdfium, part, place, bool(stroke.value), strokes)
        elif kind == 3:
            bounds_of(part, left_at, bottom_at, right_at, top_at)
            strokes.pictures.append(_box(place, left.value, bottom.value, right.value, top.value))
        elif kind == 5 and depth < _MAX_DEPTH:
            count = min(pdfium.FPDFFormObj_CountObjects(part), MAX_OBJECTS)
            inside = (pdfium.FPDFFormObj_GetObject(part, number) for number in range(count))
            draw(pdfium, inside, _times(_matrix(pdfium, part), place), strokes, depth + 1)


def _is_embedded(pdfium: Handle, part: Handle) -> bool:
    font = pdfium.FPDFTextObj_GetFont(part)
    return not font or pdfium.FPDFFont_GetIsEmbedded(font) != 0


def _is_line(box: Box, strokes: Strokes, *, is_stroked: bool = False) -> bool:
    """Takes a thin box as a line. PDFium's bounds of a stroke stand out by the same on all sides."""
    x0, y0, x1, y1 = box
    if y1 - y0 <= HAIRLINE and x1 - x0 > y1 - y0:
        over = (y1 - y0) / 2 if is_stroked else 0.0
        strokes.across.append(Ruling((y0 + y1) / 2, x0 + over, x1 - over))
        return True
    if x1 - x0 <= HAIRLINE:
        over = min(x1 - x0, y1 - y0) / 2 if is_stroked else 0.0
        strokes.down.append(Ruling((x0 + x1) / 2, y0 + over, y1 - over))
        return True
    return False


def _path(pdfium: Handle, part: Handle, place: Matrix, is_stroked: bool, strokes: Strokes) -> None:
    """A path of several pieces: of stroked ones the straight sides are lines, filled ones are lines if they are thin."""
    matrix = _times(_matrix(pdfium, part), place)
    for points in _pieces(pdfium, part, matrix):
        if is_stroked:
            for (x0, y0), (x1, y1) in pairwise(points):
                if abs(y0 - y1) <= 1:
                    strokes.across.append(Ruling((y0 + y1) / 2, min(x0, x1), max(x0, x1)))
                elif abs(x0 - x1) <= 1:
                    strokes.down.append(Ruling((x0 + x1) / 2, min(y0, y1), max(y0, y1)))
            continue
        xs, ys = [x for x, _ in points], [y for _, y in points]
        box = (min(xs), min(ys), max(xs), max(ys))
        if not _is_line(box, strokes):
            strokes.areas.append(Area(box, _is_white(pdfium, part)))


def _pieces(pdfium: Handle, part: Handle, matrix: Matrix) -> Iterator[list[tuple[float, float]]]:
    """The corners of each piece of a path, closed where it says so."""
    a, b, c, d, e, f = matrix
    across, up = c_float(), c_float()
    across_at, up_at = byref(across), byref(up)
    segment_of, point_of = pdfium.FPDFPath_GetPathSegment, pdfium.FPDFPathSegment_GetPoint
    type_of, is_closed = pdfium.FPDFPathSegment_GetType, pdfium.FPDFPathSegment_GetClose
    move = pdfium.FPDF_SEGMENT_MOVETO
    points: list[tuple[float, float]] = []
    for index in range(min(pdfium.FPDFPath_CountSegments(part), MAX_OBJECTS)):
        segment = segment_of(part, index)
        point_of(segment, across_at, up_at)
        if type_of(segment) == move:
            if len(points) > 1:
                yield points
            points = []
        x, y = across.value, up.value
        points.append((a * x + c * y + e, b * x + d * y + f))
        if is_closed(segment):
            points.append(points[0])
    if len(points) > 1:
        yield points


def crossed_out(pdfium: Handle, page: Handle, place: Matrix) -> Iterator[Ruling]:
    """The lines of a viewer's own tool for striking text out (ISO 32000-1, 12.5.6.10): through the middle of each area."""
    area = pdfium.FS_QUADPOINTSF()
    for number in range(min(pdfium.FPDFPage_GetAnnotCount(page), MAX_OBJECTS)):
        mark = pdfium.FPDFPage_GetAnnot(page, number)
        if not mark:
            continue
        if pdfium.FPDFAnnot_GetSubtype(mark) == pdfium.FPDF_ANNOT_STRIKEOUT and not _is_hidden(pdfium, mark):
            for index in range(min(pdfium.FPDFAnnot_CountAttachmentPoints(mark), MAX_OBJECTS)):
                if pdfium.FPDFAnnot_GetAttachmentPoints(mark, index, byref(area)):
                    xs, ys = (area.x1, area.x2, area.x3, area.x4), (area.y1, area.y2, area.y3, area.y4)
                    x0, top, x1, bottom = _box(place, min(xs), min(ys), max(xs), max(ys))
                    yield Ruling((top + bottom) / 2, x0, x1)
        pdfium.FPDFPage_CloseAnnot(mark)


def _is_hidden(pdfium: Handle, mark: Handle) -> bool:
    hiding = pdfium.FPDF_ANNOT_FLAG_HIDDEN | pdfium.FPDF_ANNOT_FLAG_NOVIEW
    return bool(pdfium.FPDFAnnot_GetFlags(mark) & hiding)


def _matrix(pdfium: Handle, part: Handle) -> Matrix:
    matrix = pdfium.FS_MATRIX()
    if not pdfium.FPDFPageObj_GetMatrix(part, byref(matrix)):
        return _IDENTITY
    return (matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f)


def _times(first: Matrix, then: Matrix) -> Matrix:
    a, b, c, d, e, f = first
    g, h, i, j, k, m = then
    return (a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m)


def _box(matrix: Matrix, left: float, bottom: float, right: float, top: float) -> Box:
    a, b, c, d, e, f = matrix
    x0, y0 = a * left + c * bottom + e, b * left + d * bottom + f
    x1, y1 = a * right + c * top + e, b * right + d * top + f
    return (min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))


def _is_white(pdfium: Handle, part: Handle) -> bool:
    """Whether an area is filled with white or nothing; one filled with a pattern counts as that."""
    return _has_no_colour(pdfium, part) is not False


def _has_no_colour(pdfium: Handle, part: Handle) -> bool | None:
    """Whether an object is filled with white or nothing, None where its colour is not known."""
    red, green, blue, opacity = (c_uint() for _ in range(4))
    if not pdfium.FPDFPageObj_GetFillColor(part, byref(red), byref(green), byref(blue), byref(opacity)):
        return None
    return opacity.value == 0 or (red.value >= _WHITE and green.value >= _WHITE and blue.value >= _WHITE)


def is_pale(pdfium: Handle, part: Handle) -> bool:
    """Whether a piece of text is not painted, or painted white."""
    mode = pdfium.FPDFTextObj_GetTextRenderMode(part)
    return mode == _UNPAINTED or (mode == 0 and _has_no_colour(pdfium, part) is True)


def is_seen(strokes: Strokes, box: Box) -> bool:
    """Whether pale text is seen: on a ground of another colour, or on a picture, whose text it may be. On a page without
    any other text it is that of a picture too."""
    grounds = [*(area.box for area in strokes.areas if not area.is_white), *strokes.pictures]
    return not strokes.is_inked or any(_lies_on(box, ground) for ground in grounds)


def _lies_on(box: Box, ground: Box) -> bool:
    """Whether any of a box lies on another."""
    return box[0] < ground[2] and box[2] > ground[0] and box[1] < ground[3] and box[3] > ground[1]
