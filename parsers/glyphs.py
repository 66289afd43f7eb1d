"""Glyphs → lines of text. Knows nothing of formats: coordinates run from the top left, in whatever unit the caller has."""

import re
from collections.abc import Iterable
from itertools import pairwise
from operator import itemgetter
from typing import NamedTuple

Box = tuple[float, float, float, float]
"""x0, top, x1, bottom."""

_STEP = 0.3  # of a height
_BESIDE = 0.25  # of the lower height
_WIDE = "\u2e80"
_FIGURE = re.compile(r"[-+−－＋]?[\d,.]+[百千万亿元笔件项条个次宗人篇份起例家%]{0,3}|[-—－–/／]+|无")


class Glyph(NamedTuple):
    """One character (a space that the source prints included) and its box, as wide as its advance."""

    x0: float
    top: float
    x1: float
    bottom: float
    text: str


class Line(NamedTuple):
    """A line of text with its box."""

    text: str
    box: Box


def text_of(glyphs: list[Glyph]) -> str:
    """The text of a cell, its lines joined: a word broken over two lines is one word, two numbers stay two."""
    if len(glyphs) == 1:
        return glyphs[0].text.strip()
    text = ""
    for line in _upwards(glyphs) or [line.text for line in lines_of(glyphs)]:
        is_apart = text and text[-1] < _WIDE > line[0]
        text += f" {line}" if is_apart else line
    return text


def _upwards(glyphs: list[Glyph]) -> list[str]:
    """The characters of a label that was turned to the left, which is read from below; nothing for any other."""
    if len(glyphs) < 3 or not all(b.bottom < a.bottom and b.top < a.top for a, b in pairwise(glyphs)):
        return []
    is_narrow = max(map(_right, glyphs)) - min(glyphs).x0 < 2 * (glyphs[0].x1 - glyphs[0].x0)
    return ["".join(glyph.text for glyph in glyphs).strip()] if is_narrow else []


def lines_of(glyphs: Iterable[Glyph]) -> list[Line]:
    """Glyphs in lines from the top, each from the left, never empty. A gap of a seventh of the height is a space between narrow
    characters; ideographs stand further apart where a label is spread over its cell."""
    return [line for row in on_lines(glyphs) for line in line_of(row)]


def on_lines(glyphs: Iterable[Glyph]) -> list[list[Glyph]]:
    """Glyphs by line from the top, each line in any order. Middles on one line differ by half of the height at most; by
    less where a step shows that another line begins (labels set between two rows)."""
    rows: list[list[Glyph]] = []
    middle = reach = last = 0.0
    for glyph in sorted(glyphs, key=_middle):
        here = glyph[1] + glyph[3]
        is_step = here - last > _STEP * reach and here - middle > 2 * _STEP * reach
        if not rows or is_step or here - middle > reach:
            rows.append([])
            middle, reach = here, glyph[3] - glyph[1]
        last = here
        rows[-1].append(glyph)
    return rows


def text_lines(glyphs: Iterable[Glyph]) -> list[list[Glyph]]:
    """Glyphs outside of drawn tables by line, as `on_lines` has them, but a row of figures of which some stand lower (beside
    a cell of two lines) is one line: both parts end with a figure, overlap in height and nowhere in width."""
    lines: list[list[Glyph]] = []
    for line in on_lines(glyphs):
        if lines and _are_beside(lines[-1], line):
            lines[-1] += line
        else:
            lines.append(line)
    return lines


def _are_beside(upper: list[Glyph], lower: list[Glyph]) -> bool:
    bottom, top = max(map(_bottom, upper)), min(map(_top, lower))
    least = min(bottom - min(map(_top, upper)), max(map(_bottom, lower)) - top)
    if bottom - top < _BESIDE * least:
        return False
    inked = sorted(glyph for glyph in (*upper, *lower) if not glyph[4].isspace())
    parts = {id(glyph): number for number, line in enumerate((upper, lower)) for glyph in line}
    if any(parts[id(a)] != parts[id(b)] and b[0] < a[2] for a, b in pairwise(inked)):
        return False
    return all(_ends_with_figure(line) for line in (upper, lower))


def _ends_with_figure(line: list[Glyph]) -> bool:
    return any(_FIGURE.fullmatch(part.text.rsplit(" ", 1)[-1]) for part in line_of(sorted(line)))


def _middle(glyph: Glyph) -> float:
    return glyph[1] + glyph[3]


def line_of(row: list[Glyph]) -> list[Line]:
    """The glyphs of a line, which are sorted from the left, as text with its box; nothing where all are spaces."""
    row.sort()
    before = row[0]
    pieces = [before[4]]
    for glyph in row[1:]:
        if glyph[4] == before[4] and glyph[0] - before[0] < 0.4 * (before[2] - before[0]):
            continue  # bold by printing twice
        is_tight = before[4] < _WIDE > glyph[4] and before[4] != "." != glyph[4]  # a point set wide parts no figure
        if glyph[0] - before[2] > (0.15 if is_tight else 0.6) * (glyph[3] - glyph[1]):
            pieces.append(" ")
        pieces.append(glyph[4])
        before = glyph
    text = " ".join("".join(pieces).split())
    if not text:
        return []
    seen = [glyph for glyph in row if glyph[4] != " "]
    box = (seen[0][0], min(map(_top, seen)), max(map(_right, seen)), max(map(_bottom, seen)))
    return [Line(text, box)]


_top, _right, _bottom = itemgetter(1), itemgetter(2), itemgetter(3)
