"""Pages of an OFD file (GB/T 33190) → characters and lines in millimetres from the top left of the page."""

import re
from collections.abc import Iterator, Sequence

from lxml.etree import _Element as Element
from msgspec import Struct

from parsers.glyphs import Box, Glyph
from parsers.lattice import Ruling
from parsers.packages import attribute, local_name

MAX_MARKS = 200_000
"""Characters, lines and pictures that are taken from one page."""
_ASCENT, _DESCENT = 0.88, 0.12
_LEVEL = 0.3  # mm by which a line may be off and still be level
_HAIRLINE = 1.0  # mm; a filled area this thin is a drawn line
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_STEP = re.compile(r"[A-Za-z]|[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_SKIPPED = frozenset(("Clips", "Actions", "CGTransform", "FillColor", "StrokeColor", "Border"))
_ARGUMENTS = {"S": 2, "M": 2, "L": 2, "Q": 4, "B": 6, "A": 7, "C": 0}
_MOST_STEPS = 5000

Point = tuple[float, float]


class Matrix(Struct, frozen=True):
    """x' = a·x + c·y + e, y' = b·x + d·y + f."""

    a: float = 1.0
    b: float = 0.0
    c: float = 0.0
    d: float = 1.0
    e: float = 0.0
    f: float = 0.0

    def at(self, x: float, y: float) -> Point:
        return self.a * x + self.c * y + self.e, self.b * x + self.d * y + self.f

    def after(self, first: "Matrix") -> "Matrix":
        """This matrix applied to what `first` gives."""
        e, f = self.at(first.e, first.f)
        return Matrix(
            self.a * first.a + self.c * first.b,
            self.b * first.a + self.d * first.b,
            self.a * first.c + self.c * first.d,
            self.b * first.c + self.d * first.d,
            e,
            f,
        )


class Content(Struct):
    """What is drawn on a page. `shapes` counts drawings that are neither level nor upright lines (glyphs drawn as curves
    among them), `pictures` holds the boxes of images."""

    glyphs: list[Glyph]
    across: list[Ruling]
    down: list[Ruling]
    pictures: list[Box]
    shapes: int = 0
    is_cut: bool = False

    def __len__(self) -> int:
        return len(self.glyphs) + len(self.across) + len(self.down) + len(self.pictures) + self.shapes


def draw(layers: Element, content: Content, composites: dict[str, Element], matrix: Matrix | None = None) -> None:
    """Adds to `content` what the layers draw; `composites` are the drawings that pages refer to by their id."""
    _draw(layers, content, composites, matrix or Matrix(), depth=0)


def _draw(parent: Element, content: Content, composites: dict[str, Element], matrix: Matrix, depth: int) -> None:
    for element in parent:
        if len(content) >= MAX_MARKS:
            content.is_cut = True
            return
        name = local_name(element)
        if attribute(element, "Visible") == "false" or name in _SKIPPED:
            continue
        if name == "TextObject":
            _text(element, content, matrix)
        elif name == "PathObject":
            _path(element, content, matrix)
        elif name == "ImageObject":
            content.pictures.append(_box(matrix, numbers(attribute(element, "Boundary"))))
        elif name == "CompositeObject" and depth < 8:
            drawing = composites.get(attribute(element, "ResourceID") or "")
            if drawing is not None:
                _draw(drawing, content, composites, _placed(element, matrix), depth + 1)
        elif name in ("Layer", "PageBlock", "Content"):
            _draw(element, content, composites, matrix, depth)


def numbers(text: str | None) -> list[float]:
    """The numbers of an attribute."""
    return [float(each) for each in _NUMBER.findall(text or "")]


def _placed(element: Element, matrix: Matrix) -> Matrix:
    """From an object's own space to the page: its matrix, then the corner of its boundary."""
    own = numbers(attribute(element, "CTM"))
    corner = numbers(attribute(element, "Boundary"))
    placed = Matrix(e=corner[0], f=corner[1]) if len(corner) >= 2 else Matrix()
    return matrix.after(placed.after(Matrix(*own)) if len(own) == 6 else placed)


def _box(matrix: Matrix, boundary: Sequence[float]) -> Box:
    if len(boundary) < 4:
        return (0.0, 0.0, 0.0, 0.0)
    x, y, width, height = boundary[:4]
    return _around([matrix.at(x, y), matrix.at(x + width, y + height)])


def _around(points: Sequence[Point]) -> Box:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return (min(xs), min(ys), max(xs), max(ys))


# --- text --------------------------------------------------------------------------------------------------------------


def _text(element: Element, content: Content, matrix: Matrix) -> None:
    size = (numbers(attribute(element, "Size")) or [0.0])[0]
    scale = (numbers(attribute(element, "HScale")) or [1.0])[0]
    placed = _placed(element, matrix)
    x = y = 0.0
    for code in element:
        if local_name(code) == "TextCode" and code.text:
            x = (numbers(attribute(code, "X")) or [x])[0]
            y = (numbers(attribute(code, "Y")) or [y])[0]
            content.glyphs += _glyphs(code, (x, y), (size, scale), placed)


def _glyphs(code: Element, start: Point, size: tuple[float, float], matrix: Matrix) -> Iterator[Glyph]:
    """One run of characters, each from its point on the base line; its box is as wide as the step to the next."""
    x, y = start
    text = (code.text or "").strip("\r\n")
    right, down = deltas(attribute(code, "DeltaX")), deltas(attribute(code, "DeltaY"))
    is_upright = bool(down) and not right
    for index, sign in enumerate(text):
        height, usual = size[0], size[0] * size[1] * (0.5 if sign.isascii() else 1.0)
        step = right[index] if index < len(right) else 0.0 if is_upright or right else usual
        width = usual if is_upright or not 0.2 * usual < step < 2 * usual else step
        points = [matrix.at(x, y - _ASCENT * height), matrix.at(x + width, y + _DESCENT * height)]
        if sign.isprintable():
            yield Glyph(*_around(points), " " if sign.isspace() else sign)
        x += step
        y += down[index] if index < len(down) else 0.0


def deltas(text: str | None) -> list[float]:
    """Steps between characters; `g 3 4.5` stands for three steps of 4.5."""
    steps: list[float] = []
    words = (text or "").split()
    index = 0
    while index < len(words) and len(steps) < _MOST_STEPS:
        if words[index] == "g":
            count, step = (numbers(word) for word in (*words[index + 1 : index + 3], "", "")[:2])
            steps += [step[0] if step else 0.0] * min(int(count[0]) if count else 0, _MOST_STEPS)
            index += 3
        else:
            steps += numbers(words[index])
            index += 1
    return steps


# --- lines -------------------------------------------------------------------------------------------------------------


def _path(element: Element, content: Content, matrix: Matrix) -> None:
    data = next((each.text for each in element if local_name(each) == "AbbreviatedData"), None)
    placed = _placed(element, matrix)
    is_stroked = attribute(element, "Stroke") != "false"
    is_filled = attribute(element, "Fill") == "true"
    if not is_stroked and not is_filled:
        return
    lines = [(placed.at(*start), placed.at(*end)) for start, end in segments(data or "", content)]
    if is_filled and not is_stroked:
        x0, y0, x1, y1 = _around([point for line in lines for point in line] or [(0.0, 0.0)])
        if min(x1 - x0, y1 - y0) > _HAIRLINE:
            return  # an area painted behind text
    for (x0, y0), (x1, y1) in lines:
        if abs(y1 - y0) <= _LEVEL:
            content.across.append(Ruling((y0 + y1) / 2, min(x0, x1), max(x0, x1)))
        elif abs(x1 - x0) <= _LEVEL:
            content.down.append(Ruling((x0 + x1) / 2, min(y0, y1), max(y0, y1)))
        else:
            content.shapes += 1


def segments(data: str, content: Content) -> Iterator[tuple[Point, Point]]:
    """The straight lines of `AbbreviatedData` (S and M go to a point, L draws, C closes); curves are counted."""
    steps = _STEP.findall(data)
    here = first = (0.0, 0.0)
    index = 0
    while index < len(steps):
        name = steps[index]
        arguments = steps[index + 1 : index + 1 + _ARGUMENTS.get(name, 0)]
        index += 1 + len(arguments)
        if name not in _ARGUMENTS or any(argument.isalpha() for argument in arguments):
            continue
        if name == "C":
            there = first
        elif len(arguments) < _ARGUMENTS[name]:
            return
        else:
            there = (float(arguments[-2]), float(arguments[-1]))
        if name in ("S", "M"):
            first = there
        elif name in ("L", "C"):
            if here != there:
                yield here, there
        else:
            content.shapes += 1
        here = there
