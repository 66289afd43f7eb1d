"""What is drawn on a picture: its ink, how far it is askew, its ruled lines, its dirt."""

from collections.abc import Callable, Sequence
from math import ceil, cos, radians, sin, sqrt
from typing import Any, TypeAlias

from parsers.glyphs import Box
from parsers.lattice import Ruling, joined

Image: TypeAlias = Any  # two-dimensional arrays of grey values

_RULING = 15.0  # points; a shorter stroke may belong to a letter
_LONG = 4.0  # times that; a shorter stroke may belong to a big letter
_ENDS = 3.0  # points; a line that ends at another one is no further from it
_THICK = 6.0
_DOT = 2.0  # points; a decimal point is no bigger
_NEAR = 3.0  # points; what belongs to a character is no further from it
_MOST_SKEW = 10.0  # degrees
_SKEW_AREA = 3_000_000  # pixels; more of them tell no better how a picture lies
_MOST_INK = 0.25  # of a printed page; what has more is a photograph, in which lines are looked for in vain for long
_HARMLESS_SKEW = 1.0  # degrees; turned by more, a picture loses its corners


def ink_of(image: Image) -> Image:
    """255 where something is printed. Against the neighbourhood, since scans have shadows."""
    import cv2

    return cv2.adaptiveThreshold(image, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 51, 15)


def made_upright(image: Image) -> tuple[Image, float, int]:
    """The picture turned so that its long lines lie level, the angle in degrees by which it was turned, and the margin that
    it was given before, so that no corner is lost."""
    import cv2
    import numpy as np

    share = min(0.5, sqrt(_SKEW_AREA / image.size))
    small = cv2.resize(image, None, fx=share, fy=share, interpolation=cv2.INTER_AREA)
    ink = ink_of(small)
    reach = small.shape[1] // 4
    is_print = cv2.countNonZero(ink) < _MOST_INK * ink.size
    lines = cv2.HoughLinesP(ink, 1, np.pi / 1800, 150, minLineLength=reach, maxLineGap=4) if is_print else None
    if lines is None:
        return image.copy(), 0.0, 0
    x0, y0, x1, y1 = lines.reshape(-1, 4).T.astype(float)
    angles = np.degrees(np.arctan2(y1 - y0, x1 - x0))
    angles = angles[abs(angles) < _MOST_SKEW]
    angle = float(np.median(angles)) if len(angles) else 0.0
    if abs(angle) < 0.03:
        return image.copy(), 0.0, 0
    margin = ceil(max(image.shape) * sin(radians(abs(angle))) / 2) if abs(angle) > _HARMLESS_SKEW else 0
    image = cv2.copyMakeBorder(image, margin, margin, margin, margin, cv2.BORDER_CONSTANT, value=255)
    height, width = image.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1)
    return cv2.warpAffine(image, matrix, (width, height), flags=cv2.INTER_CUBIC, borderValue=255), angle, margin


def turned_back(shape: tuple[int, int], angle: float, margin: int, zoom: float) -> Callable[[Box], Box]:
    """Boxes of the upright picture in the picture as it was given: their middle turned back, their size kept."""
    middle_x, middle_y = shape[1] / 2, shape[0] / 2
    a, b = cos(radians(angle)), sin(radians(angle))

    def turned(box: Box) -> Box:
        x, y = (box[0] + box[2]) / 2 - middle_x, (box[1] + box[3]) / 2 - middle_y
        x, y = a * x - b * y + middle_x - margin, b * x + a * y + middle_y - margin
        half_width, half_height = (box[2] - box[0]) / 2, (box[3] - box[1]) / 2
        left, top, right, bottom = x - half_width, y - half_height, x + half_width, y + half_height
        return (left / zoom, top / zoom, right / zoom, bottom / zoom)

    return turned


def rulings_of(ink: Image, scale: float) -> tuple[list[Ruling], list[Ruling], Image]:
    """Level and upright lines, joined, and where they are drawn.

    A stroke of a big letter is as long as a short line: the foot of a 1 as high as a wall. A short line counts only where it
    runs from one line to another.
    """
    import cv2
    import numpy as np

    length = max(3, round(_RULING * scale))
    level = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, length), np.uint8))
    upright = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((length, 1), np.uint8))
    is_long = _LONG * length
    found = {"level": _strokes_in(level, scale, is_level=True), "upright": _strokes_in(upright, scale, is_level=False)}
    kept = {name: [line for line, _ in lines if line.end - line.start >= is_long] for name, lines in found.items()}
    kept = {
        name: [line for line, _ in found[name] if line.end - line.start >= is_long or _spans(line, kept[other], scale)]
        for name, other in (("level", "upright"), ("upright", "level"))
    }
    for name, picture in (("level", level), ("upright", upright)):
        lines = set(kept[name])
        for line, (left, top, width, height) in found[name]:
            if line not in lines:
                picture[top : top + height, left : left + width] = 0
    drawn = cv2.dilate(cv2.bitwise_or(level, upright), np.ones((3, 3), np.uint8))
    return joined(kept["level"], scale), joined(kept["upright"], scale), drawn


def _strokes_in(opened: Image, scale: float, *, is_level: bool) -> list[tuple[Ruling, tuple[int, int, int, int]]]:
    """The lines of one direction, with the boxes (left, top, width, height) that they fill."""
    import cv2

    found = []
    for left, top, width, height, _ in cv2.connectedComponentsWithStats(opened)[2][1:].tolist():
        if (height if is_level else width) <= _THICK * scale:
            line = (
                Ruling(top + height / 2, float(left), float(left + width))
                if is_level
                else Ruling(left + width / 2, float(top), float(top + height))
            )
            found.append((line, (left, top, width, height)))
    return found


def _spans(line: Ruling, others: Sequence[Ruling], scale: float) -> bool:
    """Whether a line begins and ends at lines of the other direction."""
    reach = _ENDS * scale
    near = [other.place for other in others if other.start - reach <= line.place <= other.end + reach]
    return any(abs(place - line.start) <= reach for place in near) and any(abs(place - line.end) <= reach for place in near)


def remove_specks(ink: Image, drawn: Image, scale: float) -> None:
    """What is smaller than a full stop is dirt, and what is no bigger and stands alone; what is long and flat beside a drawn
    line is what skew or noise left of it."""
    import cv2
    import numpy as np

    _, labels, stats, _ = cv2.connectedComponentsWithStats(ink)
    width, height, area = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT], stats[:, cv2.CC_STAT_AREA]
    is_speck = (area < 0.5 * scale * scale) & (np.maximum(width, height) < 2 * scale)
    is_flat = (np.maximum(width, height) > _RULING * scale) & (np.minimum(width, height) < 2 * scale)
    is_remnant = is_flat & _touching(labels, cv2.dilate(drawn, np.ones((3, 3), np.uint8)), len(stats))
    is_dirt = is_speck | is_remnant
    is_dirt[0] = False
    ink[is_dirt[labels]] = 0
    is_dot = (np.maximum(width, height) < _DOT * scale) & ~is_dirt
    is_dot[0] = False
    dots = is_dot[labels]
    reach = 2 * round(_NEAR * scale) + 1
    near = cv2.dilate(np.where(dots, np.uint8(0), ink), np.ones((reach, reach), np.uint8))
    beside = _touching(np.where(dots, labels, 0), near, len(stats))
    ink[(is_dot & ~beside)[labels]] = 0


def _touching(labels: Image, where: Image, count: int) -> Image:
    """Which of so many labelled things have ink in a place."""
    import numpy as np

    found = np.zeros(count, bool)
    found[labels[where > 0]] = True
    return found
