"""What a reader makes of bytes: blocks in reading order, each with its place in the source (step 4: document).

Locators are kept for ever; their grammar is fixed: `html:<css path>`, `text:line,column` (both from 1),
`pdf:page,x0,y0,x1,y1` (points from the top left), `image:x0,y0,x1,y1`, `sheet:name!C5`, `docx:t2r5c3`,
`ofd:page,x0,y0,x1,y1` (mm).
"""

import re
from collections.abc import Iterable

from msgspec import Struct

Locator = str
_NOTE_NUMBER = re.compile(r"[\[(（【]?\d{1,2}[\])）】]?")


class Heading(Struct, frozen=True, gc=False):
    """A line that the source itself marks as a heading (h1 to h6, Markdown #). `level` from 1."""

    text: str
    locator: Locator
    level: int = 1


class Paragraph(Struct, frozen=True, gc=False):
    """A run of text between two breaks, as it stands in the source, never empty after stripping."""

    text: str
    locator: Locator


class GridCell(Struct, frozen=True, gc=False):
    """One cell of a grid with the place where it begins; `text` may be empty. A spanned place has no cell of its own."""

    text: str
    row: int
    column: int
    locator: Locator
    rowspan: int = 1
    colspan: int = 1
    confidence: float | None = None
    """From 0 to 1 where the text was recognised from pixels, else None."""


class Grid(Struct, frozen=True, gc=False):
    """A table of the source: cells in reading order, spans kept. `rows` and `columns` count places after expansion.

    `has_borders` is False where columns were only inferred (fields of a text line split by a separator, of which empty
    ones may have been lost): then a short row does not say which of its cells are missing.
    """

    cells: tuple[GridCell, ...]
    rows: int
    columns: int
    locator: Locator
    has_borders: bool = True


Block = Heading | Paragraph | Grid


class Attachment(Struct, frozen=True, gc=False):
    """A file that the page links to or embeds: its shown name and its address, absolute where the page's is known."""

    name: str
    address: str


class Document(Struct, frozen=True):
    """All that a reader found. `blocks` is the main content; `furniture` what stands around it (breadcrumbs, date lines,
    navigation), useful for dates and names, never for figures.

    `title` is the document's own declared title (`<title>`, PDF or Word properties) or None. `metadata` holds the
    government meta tags and the like, names in lower case (`articletitle`, `pubdate`, `contentsource`, …).
    `remarks` are sentences on what the reader had to decide (a wrong charset declaration, a page cut off). `unread` is the
    reason why a part that may hold the report was not read (pictures without the extra that reads them).
    """

    reader: str
    media_type: str
    blocks: tuple[Block, ...]
    furniture: tuple[Block, ...] = ()
    title: str | None = None
    metadata: dict[str, str] = {}
    attachments: tuple[Attachment, ...] = ()
    remarks: tuple[str, ...] = ()
    unread: str | None = None


def joined(lines: Iterable[str]) -> str:
    """The lines of a cell as one text: a word broken over two lines is one word, two numbers stay two."""
    text = ""
    for line in (" ".join(each.split()) for each in lines):
        if line:
            is_apart = text and text[-1] < "\u2e80" and line[0] < "\u2e80"
            text += f" {line}" if is_apart else line
    return text


def is_note_number(raised: str) -> bool:
    """Whether text that stands raised beside other text is the number of a footnote."""
    return _NOTE_NUMBER.fullmatch(raised.strip()) is not None


def locator_at(locator: Locator, offset: int) -> Locator:
    """The locator of the character `offset` of a block that begins at `locator` (only text locators are that fine)."""
    if offset and locator.startswith("text:"):
        line, column = locator.removeprefix("text:").split(",")
        return f"text:{line},{int(column) + offset}"
    return locator
