"""Lines of glyphs → chunks: the pieces of a line that stand apart, each a figure or words.

Pages stand one below the other, `PAGE` apart, so that one number says where something is in the whole flow.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from parsers.document import joined
from parsers.glyphs import Box, Glyph, line_of

PAGE = 100_000.0
_WIDE = "\u2e80"
_APART = 0.2
"""Of an em, between two ideographs or two digits; both touch within a text."""
_AUTOSPACE = 0.35
"""Between an ideograph and a narrow character: word processors leave a quarter there."""
_LEADER = frozenset(".…·‧．_")
_LONG_LEADER = 3
_SPACED = 3
_FIGURE = re.compile(
    r"[+\-−]?[¥]?\d[\d,]*(?:\.\d+)?%?(?:[百千万亿]*元|人次|[笔件项条个次宗人篇份起例家])?(?:\([^()]*\))?|[/\\—–―\-]{1,3}|无"
)


class Line(NamedTuple):
    """A line of text on a page (from 0), outside of all drawn tables."""

    text: str
    page: int
    glyphs: Sequence[Glyph]


class Chunk(NamedTuple):
    """Glyphs that stand together on a line of the flow."""

    x0: float
    top: float
    x1: float
    bottom: float
    text: str
    is_figure: bool
    glyphs: tuple[Glyph, ...]

    @property
    def y(self) -> float:
        return (self.top + self.bottom) / 2

    @property
    def x(self) -> float:
        return (self.x0 + self.x1) / 2

    @property
    def page(self) -> int:
        return int(self.top // PAGE)


class Row(NamedTuple):
    """A line of the flow in chunks from the left. `figures` of them, at its right end, are figures."""

    number: int
    chunks: tuple[Chunk, ...]
    figures: int

    @property
    def top(self) -> float:
        return min(chunk.top for chunk in self.chunks)

    @property
    def bottom(self) -> float:
        return max(chunk.bottom for chunk in self.chunks)

    @property
    def page(self) -> int:
        return self.chunks[0].page

    @property
    def values(self) -> tuple[Chunk, ...]:
        return self.chunks[len(self.chunks) - self.figures :]


def em_of(lines: Iterable[Line]) -> float:
    """The usual width of an ideograph, 0 where there is none."""
    widths = [glyph.x1 - glyph.x0 for line in lines for glyph in line.glyphs if glyph.text >= _WIDE]
    return median(widths) if widths else 0.0


def is_figure(text: str) -> bool:
    """Whether a text is a figure or a sign for an empty cell."""
    return _FIGURE.fullmatch(unicodedata.normalize("NFKC", text)) is not None


def row_of(number: int, line: Line, em: float) -> Row:
    """A line in chunks; leaders (runs of dots) part and are left out."""
    chunks = []
    for glyphs in _units_joined(_spread_joined(_pieces(_without_leaders(line.glyphs), em), em), em):
        chunks.append(chunk_of(glyphs, line.page))
    figures = 0
    while figures < len(chunks) and chunks[-1 - figures].is_figure:
        figures += 1
    return Row(number, tuple(chunks), figures)


def chunk_of(glyphs: Sequence[Glyph], page: int) -> Chunk:
    text = "".join(glyph.text for glyph in glyphs)
    shift = page * PAGE
    return Chunk(
        glyphs[0].x0,
        min(glyph.top for glyph in glyphs) + shift,
        max(glyph.x1 for glyph in glyphs),
        max(glyph.bottom for glyph in glyphs) + shift,
        text,
        is_figure(text),
        tuple(glyphs),
    )


def box_of(chunks: Iterable[Chunk]) -> tuple[int, Box]:
    """Page and box of chunks of one page."""
    found = list(chunks)
    shift = found[0].page * PAGE
    return found[0].page, (
        min(chunk.x0 for chunk in found),
        min(chunk.top for chunk in found) - shift,
        max(chunk.x1 for chunk in found),
        max(chunk.bottom for chunk in found) - shift,
    )


def text_of(chunks: Iterable[Chunk]) -> str:
    """The text of a cell: what stands on one line is apart, a word broken over two lines is one word."""
    lines: list[list[Chunk]] = []
    for chunk in sorted(chunks, key=lambda chunk: chunk.y):
        if lines and chunk.y - lines[-1][0].y < 0.4 * (chunk.bottom - chunk.top):
            lines[-1].append(chunk)
        else:
            lines.append([chunk])
    return joined(" ".join(_text(chunk) for chunk in sorted(line)) for line in lines)


def _text(chunk: Chunk) -> str:
    return "".join(line.text for line in line_of(list(chunk.glyphs)))


def _without_leaders(glyphs: Sequence[Glyph]) -> list[list[Glyph]]:
    """The inked glyphs of a line, apart where a leader runs; what bold print sets twice stands once."""
    parts: list[list[Glyph]] = [[]]
    run: list[Glyph] = []
    for glyph in glyphs:
        if glyph.text in _LEADER:
            run.append(glyph)
            continue
        if glyph.text.isspace():
            continue
        parts = _behind(parts, run)
        run = []
        last = parts[-1][-1] if parts[-1] else None
        if last is None or last.text != glyph.text or glyph.x0 - last.x0 >= 0.4 * (last.x1 - last.x0):
            parts[-1].append(glyph)
    return [part for part in _behind(parts, run) if part]


def _behind(parts: list[list[Glyph]], run: list[Glyph]) -> list[list[Glyph]]:
    dots = sum(3 if glyph.text == "…" else 1 for glyph in run)
    if dots >= _LONG_LEADER:
        return [*parts, []]
    parts[-1] += run
    return parts


def _pieces(parts: Iterable[list[Glyph]], em: float) -> list[list[Glyph]]:
    """Glyphs in runs that touch."""
    pieces: list[list[Glyph]] = []
    for part in parts:
        pieces.append([part[0]])
        for before, glyph in pairwise(part):
            same = (before.text >= _WIDE) == (glyph.text >= _WIDE)
            if glyph.x0 - before.x1 > (_APART if same else _AUTOSPACE) * em:
                pieces.append([glyph])
            else:
                pieces[-1].append(glyph)
    return pieces


def _spread_joined(pieces: list[list[Glyph]], em: float) -> list[list[Glyph]]:
    """Three single ideographs or more at equal distances are one text, set wide."""
    joined: list[list[Glyph]] = []
    at = 0
    while at < len(pieces):
        end = at + 1
        while end < len(pieces) and _goes_on(pieces, at, end, em):
            end += 1
        if end - at >= _SPACED:
            joined.append([glyph for piece in pieces[at:end] for glyph in piece])
            at = end
        else:
            joined.append(pieces[at])
            at += 1
    return joined


def _units_joined(pieces: list[list[Glyph]], em: float) -> list[list[Glyph]]:
    """A unit or a note in brackets that stands by itself close behind a figure is part of it."""
    whole: list[list[Glyph]] = []
    for piece in pieces:
        before = whole[-1] if whole else None
        if before and piece[0].x0 - before[-1].x1 < 0.8 * em and _is_annex(piece) and is_figure(_plain(before)):
            before += piece
        else:
            whole.append(piece)
    return whole


def _is_annex(piece: Sequence[Glyph]) -> bool:
    return not _plain(piece)[0].isdigit() and is_figure("1" + _plain(piece))


def _plain(piece: Sequence[Glyph]) -> str:
    return "".join(glyph.text for glyph in piece)


def _goes_on(pieces: list[list[Glyph]], start: int, at: int, em: float) -> bool:
    singles = all(len(piece) == 1 and piece[0].text >= _WIDE for piece in (pieces[at - 1], pieces[at]))
    if not singles:
        return False
    gap = pieces[at][0].x0 - pieces[at - 1][0].x1
    first = pieces[start + 1][0].x0 - pieces[start][0].x1
    return gap < 1.2 * em and abs(gap - first) < 0.1 * em
