"""What a page is taken apart into before it becomes blocks. Types only, mutable while the page is walked; none can
hold itself, so none is for the garbage collector."""

from __future__ import annotations

from msgspec import Struct, field
from selectolax.lexbor import LexborNode

MARK = "\ufffc"
"""The run that stands for a picture whose bytes are at hand (OBJECT REPLACEMENT CHARACTER)."""


class Run(Struct, gc=False):
    """Text between two breaks. `linked` of its characters stand in links; `level` of the heading that it is, else 0."""

    text: str
    node: LexborNode
    frame: int
    linked: int
    level: int


class Cell(Struct, gc=False):
    """A td or th with its text, and its place in the table once that is known.

    `pieces` is what stands in it, None where that is nothing but one run of text.
    """

    node: LexborNode
    pieces: list[Run | Table] | None
    text: str
    rowspan: int = 1
    colspan: int = 1
    row: int = 0
    column: int = 0


class Table(Struct, gc=False):
    """A table of data, its cells placed. A layout table never becomes one: its content is spliced in."""

    node: LexborNode
    frame: int
    cells: list[Cell]
    rows: int
    columns: int


Piece = Run | Table


class Link(Struct, gc=False):
    """A link to a file, or a viewer of one; `place` is the number of pieces before it."""

    node: LexborNode
    address: str
    frame: int
    place: int


class Frame(Struct, gc=False):
    """A container (div, td, section …); the body is frame 0, its own parent."""

    parent: int
    node: LexborNode


class Flow(Struct):
    """The visible content of a page in document order. Each piece names the innermost frame that it stands in, by its
    index in `frames`. `is_cut`: the page was too big to be read to its end."""

    pieces: list[Piece] = field(default_factory=list)
    frames: list[Frame] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    is_cut: bool = False
