"""Word documents (.docx) → blocks: paragraphs, headings by style, tables with their merged cells, text boxes.

Read as printed after all tracked changes are accepted; numbers that Word sets by itself stand before their paragraphs.
Locators: `docx:t2r5c3` (table, row, column from 1, as places of the table; nested tables count where they begin) and
`docx:p12` (paragraphs outside of tables, empty ones included).
"""

import posixpath
from collections.abc import Iterator, Sequence

from lxml.etree import _Element as Element

from parsers.document import Block, Document, Heading, Paragraph
from parsers.errors import UnreadableDocument
from parsers.packages import Package, attribute, title_of

from .flow import Flow, Line
from .numbering import Lists
from .styles import Styles, child
from .tables import Table, blocks_of, table_of

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_MAIN = "word/document.xml"
MAX_NESTING = 40


def read(content: bytes) -> Document:
    """What stands in the body of the document; headers, footers, notes and comments do not count.

    Raises UnreadableDocument for files that are damaged, encrypted, too big, or whose XML is not plain.
    """
    package = Package(content, "Word document")
    main = _main_part(package)
    body = child(package.xml(main), "body")
    if body is None:
        raise UnreadableDocument("the Word document is incomplete: it has no body")
    folder = posixpath.dirname(main)
    damaged: list[str] = []
    styles = Styles(_optional(package, f"{folder}/styles.xml", damaged))
    flow = Flow(styles, Lists(_optional(package, f"{folder}/numbering.xml", damaged), styles))
    walk = _Walk(flow)
    for piece in (*walk.pieces(body), *flow.rest()):
        walk.take(piece)
    return Document(
        "docx",
        MEDIA_TYPE,
        tuple(walk.blocks),
        tuple(walk.furniture),
        title=title_of(package),
        remarks=(*damaged, *_remarks(walk, flow)),
    )


class _Walk:
    """One pass through a body: blocks as they come, tables numbered where they begin."""

    def __init__(self, flow: Flow) -> None:
        self.flow = flow
        self.blocks: list[Block] = []
        self.furniture: list[Block] = []
        self.tables = 0
        self.depth = 0
        self.is_cut = False

    def pieces(self, container: Element, *, in_cell: bool = False) -> Iterator[Line | Table]:
        for piece in self.flow.read(container, in_cell=in_cell):
            if isinstance(piece, Line):
                yield piece
            elif self.depth < MAX_NESTING:
                self.tables += 1
                self.depth += 1
                table = table_of(piece, self.tables, self._cell)
                self.depth -= 1
                self.is_cut |= table.is_cut
                yield table
            else:
                self.is_cut = True

    def _cell(self, element: Element) -> Sequence[Line | Table]:
        return [*self.pieces(element, in_cell=True), *self.flow.rest()]

    def take(self, piece: Line | Table) -> None:
        if isinstance(piece, Table):
            self.blocks += blocks_of(piece)
            return
        locator = f"docx:p{piece.paragraph}"
        block = Heading(piece.text, locator, piece.level) if piece.level else Paragraph(piece.text, locator)
        (self.furniture if piece.is_contents else self.blocks).append(block)


def _main_part(package: Package) -> str:
    """The member that is the document: where the package's relations say, usually `word/document.xml`."""
    if _MAIN in package:
        return _MAIN
    relations = _optional(package, "_rels/.rels", [])
    for each in () if relations is None else relations:
        if (attribute(each, "Type") or "").endswith("/officeDocument"):
            return (attribute(each, "Target") or _MAIN).lstrip("/")
    return _MAIN


def _optional(package: Package, name: str, damaged: list[str]) -> Element | None:
    """A part that a document can do without; the reason why it is damaged goes into `damaged`."""
    try:
        return package.xml(name) if name in package else None
    except UnreadableDocument as error:
        damaged.append(f"headings and automatic numbers may be missing: {error}")
        return None


def _remarks(walk: _Walk, flow: Flow) -> Iterator[str]:
    if walk.is_cut:
        yield "a table is too big or nested too deeply: only its beginning was read"
    if flow.sheets:
        yield f"{flow.sheets} embedded spreadsheets were not read"
    if flow.pictures and not walk.blocks:
        yield f"no text: {flow.pictures} pictures"
