"""Lines drawn with text: what they strike out, and what they only underline.

Printed to a page, text that was struck out is ordinary text with a thin line through its middle, which ends where the text
ends. A table's ruling may run through text too, where heights were set badly: it reaches from wall to wall, goes on in the
next cell, and never strikes. What could be either is doubtful.

Knows nothing of formats: coordinates run from the top left, in whatever unit the caller has, `scale` being the size of
a point in it.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from operator import itemgetter
from typing import NamedTuple

from msgspec import Struct

from .glyphs import Glyph
from .lattice import Ruling

# Measured with what LibreOffice, Chromium, Word and reportlab draw in a dozen fonts: strikes lie at 0.50 to 0.66 of the
# box of a character, underlines at 0.83 to 1.12.
_STRIKE_FROM, _STRIKE_TO = 0.33, 0.72
_UNDERLINE_FROM, _UNDERLINE_TO = 0.79, 1.35
_SLACK = 1.2  # points by which a line that is drawn with text may end elsewhere, or
_SLACK_SHARE = 0.12  # of the text's height
_EXACT = 0.35
_BY_HAND = 0.75  # of the height: a line drawn by hand stands out this far
_COVERED = 0.6
_FULLY, _PARTLY = 0.75, 0.25  # of a character's width, under a line that does not end with it
_NEAR = 3.5
_REACH = 1.7  # lines that end so near to a wall reach it, however thick it is
_SHORT_OF = 0.2  # a line that ends so far before the middle of a wall is none itself
_TICK = 3.0  # lines down that are shorter are the ends of an outlined strike, or dots
_LEVEL = 0.5
_JOINT = 1.5
_DASH = 12.0
_DOUBT = "\u0336"  # "8̶" is no figure

Height = tuple[float, float]


class Marks(Struct, frozen=True):
    """Numbers of glyphs that are struck out, and of those that may be; of lines across that belong to text and to no
    table."""

    struck: frozenset[int] = frozenset()
    doubtful: frozenset[int] = frozenset()
    drawn: frozenset[int] = frozenset()


class _Run(NamedTuple):
    """Lines across that touch, between two walls, with their numbers."""

    place: float
    start: float
    end: float
    numbers: tuple[int, ...]


class _Under(NamedTuple):
    """A glyph on a line: its number, box, and which share of its width the line covers."""

    number: int
    glyph: Glyph
    share: float


def marks_of(glyphs: Sequence[Glyph], across: Sequence[Ruling], down: Sequence[Ruling], scale: float = 1.0) -> Marks:
    """What the lines of a page, as drawn and not yet joined, do to its text."""
    if not across or not glyphs:
        return Marks()
    heights = _Heights(glyphs)
    walls = _Walls(down, scale)
    crossing = {place for place in {rule.place for rule in across} if heights.crossed_at(place)}
    candidates = [
        rule for rule in across if rule.place in crossing or (not walls.bound(rule) and heights.above(rule.place))
    ]
    if not candidates:
        return Marks()
    lines = _TextLines(glyphs, heights)
    struck: set[int] = set()
    doubtful: set[int] = set()
    drawn: set[int] = set()
    for level in _levels(across, candidates, walls, scale):
        found = [
            _verdict(run, level[max(number - 1, 0) : number + 2], lines, walls, scale) for number, run in enumerate(level)
        ]
        dashes = _dashes(level, [bool(each.drawn) for each in found], scale)
        for run, marks in zip(level, found, strict=True):
            if run not in dashes:
                struck |= marks.struck
                doubtful |= marks.doubtful
                drawn |= marks.drawn
    return Marks(frozenset(struck), frozenset(doubtful - struck), frozenset(drawn))


def cleared(glyphs: Sequence[Glyph], marks: Marks) -> list[Glyph]:
    """The glyphs without those that are struck; a doubtful one is no character that a figure has."""
    return [
        glyph._replace(text=glyph.text + _DOUBT) if number in marks.doubtful else glyph
        for number, glyph in enumerate(glyphs)
        if number not in marks.struck
    ]


def remarks_on(pages: Iterable[tuple[int, Marks]]) -> list[str]:
    """What a reader of a document has to say of the marks on its pages."""
    found = list(pages)
    struck = ", ".join(str(number) for number, marks in found if marks.struck)
    doubtful = ", ".join(str(number) for number, marks in found if marks.doubtful)
    remarks = [f"text that a drawn line strikes out was left out: page {struck}"] if struck else []
    if doubtful:
        remarks.append(f"characters that a drawn line may strike out stand with {_DOUBT!a}: page {doubtful}")
    return remarks


def doubted(text: str) -> str:
    """A character that may be struck, as `cleared` writes it."""
    return text + _DOUBT


def _verdict(run: _Run, beside: Sequence[_Run], lines: "_TextLines", walls: "_Walls", scale: float) -> Marks:
    """What one line does, with those before and behind it."""
    is_through = walls.between(run.place, run.start + _REACH * scale, run.end - _REACH * scale)
    gaps = walls.gaps(run)
    reached = sum(gap <= _REACH * scale for gap in gaps)
    crossed = lines.crossed(run)
    on = crossed or lines.underlined(run)
    solid = [each for each in on if each.share >= 0.5]
    if not solid or all(each.glyph.text.isspace() for each in solid):
        return Marks()
    height = max(each.glyph.bottom - each.glyph.top for each in solid)
    over = (min(each.glyph.x0 for each in solid) - run.start, run.end - max(each.glyph.x1 for each in solid))
    misfit = max(map(abs, over))
    fits = misfit <= max(_SLACK * scale, _SLACK_SHARE * height)
    is_exact = min(map(abs, gaps)) >= _SHORT_OF * scale and misfit <= _EXACT * scale
    is_drawn_with_text = fits and (is_exact or (reached < 2 and not is_through))
    if not crossed:
        is_low = all(run.place - each.glyph.top > _UNDERLINE_FROM * (each.glyph.bottom - each.glyph.top) for each in solid)
        return _struck(run, solid, 2.0, 2.0 if is_low else 0.0) if is_drawn_with_text else Marks()
    if is_drawn_with_text:
        return _struck(run, crossed, 0.5, 0.5)
    if is_through or (reached and not fits and any(_goes_on(run, other, scale) for other in beside)):
        return Marks()
    covered = sum(each.share * (each.glyph.x1 - each.glyph.x0) for each in crossed)
    if reached < 2 and (max(over) <= _BY_HAND * height or (not reached and covered >= _COVERED * (run.end - run.start))):
        return _struck(run, crossed, _FULLY, _PARTLY)
    return _struck(run, crossed, 2.0, 0.0) if walls.beside(run) else Marks()


def _struck(run: _Run, crossed: Iterable[_Under], fully: float, partly: float) -> Marks:
    return Marks(
        frozenset(each.number for each in crossed if each.share >= fully),
        frozenset(each.number for each in crossed if partly < each.share < fully and not each.glyph.text.isspace()),
        frozenset(run.numbers),
    )


def _goes_on(run: _Run, other: _Run, scale: float) -> bool:
    return other is not run and min(abs(other.start - run.end), abs(run.start - other.end)) <= _NEAR * scale


def _levels(
    across: Sequence[Ruling], candidates: Sequence[Ruling], walls: "_Walls", scale: float
) -> Iterator[list[_Run]]:
    """The lines at each height where a candidate lies, from the left."""
    wanted = sorted(rule.place for rule in candidates)
    order = sorted(range(len(across)), key=across.__getitem__)
    bundle: list[int] = []
    for number in [*order, -1]:
        if bundle and (number < 0 or across[number].place - across[bundle[0]].place > _LEVEL * scale):
            low, high = across[bundle[0]].place, across[bundle[-1]].place
            if bisect_left(wanted, low) < bisect_right(wanted, high):
                yield _runs(across, bundle, walls, scale)
            bundle = []
        bundle.append(number)


def _runs(across: Sequence[Ruling], bundle: list[int], walls: "_Walls", scale: float) -> list[_Run]:
    runs: list[_Run] = []
    for number in sorted(bundle, key=lambda number: across[number].start):
        place, start, end = across[number]
        last = runs[-1] if runs else None
        if last and start - last.end <= _JOINT * scale and not walls.between(place, last.end - scale, start + scale):
            runs[-1] = _Run(last.place, last.start, max(last.end, end), (*last.numbers, number))
        else:
            runs.append(_Run(place, start, end, (number,)))
    return runs


def _dashes(level: Sequence[_Run], are_marks: Sequence[bool], scale: float) -> set[_Run]:
    """The pieces of dashed lines, of which only some lie on text."""
    found: set[_Run] = set()
    chain: list[int] = []
    for number, run in enumerate(level):
        length = run.end - run.start
        if chain:
            before = level[chain[-1]]
            if run.start - before.end > 2 * max(length, before.end - before.start) or length > _DASH * scale:
                found |= _unless_marks(chain, level, are_marks)
                chain = []
        if length <= _DASH * scale:
            chain.append(number)
    return found | _unless_marks(chain, level, are_marks)


def _unless_marks(chain: Sequence[int], level: Sequence[_Run], are_marks: Sequence[bool]) -> set[_Run]:
    is_dashed = len(chain) > 2 and sum(are_marks[number] for number in chain) < 0.8 * len(chain)
    return {level[number] for number in chain} if is_dashed else set()


class _Heights:
    """Where text stands: tops and bottoms of its characters, from the top."""

    def __init__(self, glyphs: Sequence[Glyph]) -> None:
        self._heights = sorted((top, bottom) for top, bottom in set(map(_height, glyphs)) if bottom > top)
        self._tallest = max((bottom - top for top, bottom in self._heights), default=0.0)

    def crossed_at(self, place: float) -> list[Height]:
        """Through the middle of which a line at this place runs."""
        return list(self._about(place, _STRIKE_FROM, _STRIKE_TO))

    def above(self, place: float) -> list[Height]:
        """Which a line at this place would underline."""
        return list(self._about(place, _STRIKE_TO, _UNDERLINE_TO))

    def _about(self, place: float, low: float, high: float) -> Iterator[Height]:
        first = bisect_left(self._heights, (place - high * self._tallest, 0.0))
        for number in range(first, bisect_left(self._heights, (place, 0.0))):
            top, bottom = self._heights[number]
            if low < (place - top) / (bottom - top) <= high:
                yield top, bottom


class _TextLines:
    """Glyphs by height, from the left."""

    def __init__(self, glyphs: Sequence[Glyph], heights: _Heights) -> None:
        self._glyphs = glyphs
        self._heights = heights
        self._widest = max(glyph[2] - glyph[0] for glyph in glyphs)
        self._rows: defaultdict[Height, list[tuple[float, int]]] = defaultdict(list)
        for number, glyph in enumerate(glyphs):
            self._rows[glyph[1], glyph[3]].append((glyph[0], number))
        for row in self._rows.values():
            row.sort()

    def crossed(self, run: _Run) -> list[_Under]:
        """The characters through whose middle a line runs."""
        return [each for height in self._heights.crossed_at(run.place) for each in self._over(height, run)]

    def underlined(self, run: _Run) -> list[_Under]:
        return [each for height in self._heights.above(run.place) for each in self._over(height, run)]

    def _over(self, height: Height, run: _Run) -> Iterator[_Under]:
        row = self._rows[height]
        first = bisect_left(row, (run.start - self._widest, 0))
        for _, number in row[first : bisect_right(row, (run.end, 0))]:
            glyph = self._glyphs[number]
            width = glyph.x1 - glyph.x0
            shared = min(glyph.x1, run.end) - max(glyph.x0, run.start)
            if width > 0 and shared > _PARTLY * width:
                yield _Under(number, glyph, shared / width)


class _Walls:
    """The lines down of a page, from the left."""

    def __init__(self, down: Sequence[Ruling], scale: float) -> None:
        self._lines = sorted(line for line in down if line.end - line.start >= _TICK * scale)
        self._scale = scale

    def between(self, place: float, low: float, high: float) -> bool:
        """Whether one stands there at this height."""
        return any(True for _ in self._at(place, low, high))

    def gaps(self, run: Ruling | _Run) -> tuple[float, float]:
        """How far before a wall a line ends, on either side; infinitely far where none is near."""
        near, middle = _NEAR * self._scale, (run[1] + run[2]) / 2
        left = (run[1] - x for x in self._at(run[0], run[1] - near, min(run[1] + near, middle)))
        right = (x - run[2] for x in self._at(run[0], max(run[2] - near, middle), run[2] + near))
        return min(left, key=abs, default=float("inf")), min(right, key=abs, default=float("inf"))

    def bound(self, rule: Ruling) -> bool:
        """Whether a line reaches the walls on both sides, or goes through one."""
        reach = _REACH * self._scale
        return max(self.gaps(rule)) < _SHORT_OF * self._scale or self.between(rule[0], rule[1] + reach, rule[2] - reach)

    def beside(self, run: _Run) -> bool:
        """Whether a wall stands anywhere beside a line."""
        return self.between(run.place, float("-inf"), float("inf"))

    def _at(self, place: float, low: float, high: float) -> Iterator[float]:
        first, behind = bisect_left(self._lines, low, key=_place), bisect_right(self._lines, high, key=_place)
        for number in range(first, behind):
            x, start, end = self._lines[number]
            if start - self._scale <= place <= end + self._scale:
                yield x


_height = itemgetter(1, 3)


def _place(rule: Ruling) -> float:
    return rule.place
