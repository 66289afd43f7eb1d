"""Rows of a table without borders: figures on one line, and the label beside them, of however many lines.

Lines of one label stand nearer to each other than rows do; where rows stand as near, only a line that is full goes on.
"""

import re
from collections.abc import Sequence

from msgspec import Struct

from parsers.lattice import Ruling

from .chunks import Chunk

_ENUMERATED = re.compile(r"[（(]?[一二三四五六七八九十\d]{1,3}(?:[、.．)）]|(?=[^\d.]))|其中")
_ON_LINE = 0.4
"""Of an em: what differs less in height stands on one line."""
_EQUALLY = 0.12
_LEADING = 1.7
"""Of an em: lines of one text are no further apart."""
_ROW = 3.0
_NEARER = 0.93
_AS_NEAR = 1.05
_FULL = 1.8
_SAME_SIDE = 0.25


class Label(Struct):
    """A text of the label columns, its lines from the top."""

    lines: list[Chunk]

    @property
    def x0(self) -> float:
        return min(line.x0 for line in self.lines)

    @property
    def x1(self) -> float:
        return max(line.x1 for line in self.lines)

    @property
    def top(self) -> float:
        return self.lines[0].top

    @property
    def bottom(self) -> float:
        return self.lines[-1].bottom

    @property
    def y(self) -> float:
        return (self.top + self.bottom) / 2


class Band(Struct):
    """One row: its figures, and its label with what stands beside it."""

    figures: list[Chunk]
    labels: list[Label]

    @property
    def chunks(self) -> list[Chunk]:
        return [*self.figures, *(line for label in self.labels for line in label.lines)]

    @property
    def y(self) -> float:
        chunks = self.figures or self.chunks
        return sum(chunk.y for chunk in chunks) / len(chunks)


class Rows(Struct, frozen=True):
    """The rows from the top, and the labels of groups of rows with the first row and the last that each stands beside."""

    bands: tuple[Band, ...]
    groups: tuple[tuple[Label, int, int], ...]


def rows_of(figures: Sequence[Chunk], words: Sequence[Chunk], rules: Sequence[Ruling], em: float) -> Rows:
    """Rows from the figures and the words left of them; `rules` are drawn lines, over which no label goes."""
    lines = _lines(figures, em)
    labels = _labels(words, lines, rules, em)
    bands = [Band(line, []) for line in lines]
    rest: list[Label] = []
    for label in labels:
        (rest if not _taken(label, bands, em) else []).append(label)
    bands = _fragments_joined(bands, rest, em)
    groups: list[Label] = []
    for band in bands:
        groups += _beside(band)
    blank, others = _blank_rows(rest, bands, groups)
    bands = sorted([*bands, *blank], key=lambda band: band.y)
    return Rows(tuple(bands), tuple(_spanning(label, bands) for label in (*groups, *others)))


def _lines(figures: Sequence[Chunk], em: float) -> list[list[Chunk]]:
    """Figures by line."""
    lines: list[list[Chunk]] = []
    for chunk in sorted(figures, key=lambda chunk: chunk.y):
        if lines and chunk.y - lines[-1][0].y < _ON_LINE * em:
            lines[-1].append(chunk)
        else:
            lines.append([chunk])
    return lines


# --- labels ------------------------------------------------------------------------------------------------------------


def _labels(
    words: Sequence[Chunk], lines: Sequence[Sequence[Chunk]], rules: Sequence[Ruling], em: float
) -> list[Label]:
    """Words put together to labels."""
    heights = [line[0].y for line in lines]
    pairs = _pairs(words, em)
    row_pitch = min((b.y - a.y for a, b in pairs if _are_rows(a, b, heights, em)), default=None)
    labels: dict[int, Label] = {}
    below = {id(b): a for a, b in pairs if _goes_on(a, b, words, heights, row_pitch, em) and not _is_ruled(a, b, rules)}
    for chunk in sorted(words, key=lambda chunk: chunk.y):
        upper = labels.get(id(below.get(id(chunk))))
        inside = [y for y in heights if upper and upper.top < y < chunk.bottom]
        if upper is not None and (len(inside) <= 1 or not _is_on_rows(upper, chunk, heights, em)):
            upper.lines.append(chunk)
            labels[id(chunk)] = upper
        else:
            labels[id(chunk)] = Label([chunk])
    return list({id(label): label for label in labels.values()}.values())


def _pairs(words: Sequence[Chunk], em: float) -> list[tuple[Chunk, Chunk]]:
    """Words with the next below that begin, end or have their middle at the same place, nothing standing between."""
    ordered = sorted(words, key=lambda chunk: chunk.y)
    pairs = []
    for at, upper in enumerate(ordered):
        for lower in ordered[at + 1 :]:
            if lower.y - upper.y > _ROW * em:
                break
            if lower.y - upper.y > _ON_LINE * em and min(upper.x1, lower.x1) > max(upper.x0, lower.x0):
                if _are_aligned(upper, lower, em):
                    pairs.append((upper, lower))
                break
    return pairs


def _are_aligned(a: Chunk, b: Chunk, em: float) -> bool:
    return min(abs(a.x0 - b.x0), abs(a.x - b.x), abs(a.x1 - b.x1)) < _SAME_SIDE * em


def _at(chunk: Chunk, heights: Sequence[float], em: float) -> int | None:
    """The line of figures on which a chunk stands."""
    near = min(range(len(heights)), key=lambda at: abs(heights[at] - chunk.y), default=None)
    return near if near is not None and abs(heights[near] - chunk.y) < _ON_LINE * em else None


def _are_rows(a: Chunk, b: Chunk, heights: Sequence[float], em: float) -> bool:
    """Whether both stand on lines of figures, and equally so: then they are labels of two rows."""
    upper, lower = _at(a, heights, em), _at(b, heights, em)
    if upper is None or lower is None or upper == lower:
        return False
    return abs((a.y - heights[upper]) - (b.y - heights[lower])) < _EQUALLY * em


def _goes_on(
    a: Chunk, b: Chunk, words: Sequence[Chunk], heights: Sequence[float], row_pitch: float | None, em: float
) -> bool:
    """Whether `b` is the next line of the text in which `a` is one."""
    if _ENUMERATED.match(b.text) or _are_rows(a, b, heights, em):
        return False
    pitch = b.y - a.y
    if pitch > _LEADING * em:
        return False
    if row_pitch is not None and pitch < _NEARER * row_pitch:
        return True
    return (row_pitch is None or pitch <= _AS_NEAR * row_pitch) and _is_full(a, words, em)


def _is_full(chunk: Chunk, words: Sequence[Chunk], em: float) -> bool:
    """Whether a line is as long as those that begin, or have their middle, where it does ever are."""
    width = chunk.x1 - chunk.x0
    from_left = [other.x1 - other.x0 for other in words if abs(other.x0 - chunk.x0) < _SAME_SIDE * em]
    centred = [other.x1 - other.x0 for other in words if abs(other.x - chunk.x) < _SAME_SIDE * em]
    return width > max(from_left if len(from_left) >= len(centred) else centred) - _FULL * em


def _is_ruled(a: Chunk, b: Chunk, rules: Sequence[Ruling]) -> bool:
    return any(a.y < rule.place < b.y and rule.start < a.x < rule.end for rule in rules)


def _is_on_rows(label: Label, chunk: Chunk, heights: Sequence[float], em: float) -> bool:
    """Whether every line of a text stands on a line of figures: then they are labels of as many rows."""
    return all(_at(line, heights, em) is not None for line in (*label.lines, chunk))


# --- rows --------------------------------------------------------------------------------------------------------------


def _taken(label: Label, bands: Sequence[Band], em: float) -> bool:
    """Give a label to the row of figures on whose line it stands; whether there is just one."""
    margin = 0.1 * em
    found = [band for band in bands if label.top - margin < band.figures[0].y < label.bottom + margin]
    if len(found) == 1:
        found[0].labels.append(label)
    return len(found) == 1


def _beside(band: Band) -> list[Label]:
    """Labels of several lines in a row of which another label is the last: they name a group; taken out of the row."""
    band.labels.sort(key=lambda label: label.x0)
    groups = [label for label in band.labels[:-1] if len(label.lines) > 1]
    band.labels = [label for label in band.labels if label not in groups]
    return groups


def _fragments_joined(bands: list[Band], rest: list[Label], em: float) -> list[Band]:
    """Lines of figures that one label stands beside are one row: figures broken over several lines."""
    for label in [label for label in rest if len(label.lines) == 1]:
        found = [band for band in bands if label.top - 0.1 * em < band.figures[0].y < label.bottom + 0.1 * em]
        if len(found) > 1:
            whole = Band([chunk for band in found for chunk in band.figures], [label])
            whole.labels += [other for band in found for other in band.labels]
            bands = [band for band in bands if not any(band is one for one in found)] + [whole]
            rest.remove(label)
    return bands


def _blank_rows(
    rest: Sequence[Label], bands: Sequence[Band], groups: Sequence[Label]
) -> tuple[list[Band], list[Label]]:
    """Labels beside which no figures stand: rows whose cells are empty, and labels of groups."""
    inner = [band.labels[-1] for band in bands if band.labels]
    taken: list[Label] = []
    blank: list[Band] = []
    for label in sorted(rest, key=lambda label: -label.x0):
        if any(other.x0 > label.x1 and _share_height(label, other) for other in (*inner, *taken)):
            continue
        row = next((band for band in blank if _share_height(band.labels[-1], label)), None)
        if row is None and any(_is_among(label, group) for group in groups):
            continue
        taken.append(label)
        blank.append(Band([], [label]))
    used = [label for band in blank for label in band.labels]
    return blank, [label for label in rest if not any(label is other for other in used)]


def _share_height(a: Label, b: Label) -> bool:
    return min(a.bottom, b.bottom) - max(a.top, b.top) > 0.25 * min(a.bottom - a.top, b.bottom - b.top)


def _is_among(label: Label, group: Label) -> bool:
    """Whether a label stands in the column of one that names a group."""
    return group.x0 - 1 < label.x0 and label.x1 < group.x1 + 1


def _spanning(label: Label, bands: Sequence[Band]) -> tuple[Label, int, int]:
    """A group's label with the rows beside it, all on one page."""
    page = label.lines[0].page
    here = [at for at, band in enumerate(bands) if band.chunks[0].page == page] or [0]
    beside = [at for at in here if label.top <= bands[at].y <= label.bottom]
    nearest = min(here, key=lambda at: abs(bands[at].y - label.y))
    return label, min(beside, default=nearest), max(beside, default=nearest)
