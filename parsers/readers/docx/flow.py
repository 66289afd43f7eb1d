"""The body of a Word document in reading order: lines of text and tables, as they stand after all changes are accepted."""

import re
from collections.abc import Iterator

from lxml.etree import _Element as Element
from msgspec import Struct

from parsers.packages import attribute, local_name

from .numbering import Lists
from .runs import is_unread
from .styles import Styles, child, value

_WRAPPERS = frozenset(
    ("sdt", "sdtContent", "customXml", "smartTag", "ins", "moveTo", "hyperlink", "fldSimple", "dir", "bdo", "r", "ruby",
     "rubyBase", "oMathPara", "oMath", "f", "num", "den", "e", "sup", "sub", "sSup", "sSub")
)  # fmt: skip
_SIGNS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_SYMBOL_FONT = re.compile(r"symbol|dings|marlett|mt extra", re.IGNORECASE)
_FRAMES = frozenset(("drawing", "pict", "object"))
_PRIVATE = range(0xE000, 0xF900)
_MOVED = range(0xF020, 0xF100)


class Line(Struct, frozen=True):
    """A line of text. `paragraph` counts the paragraphs outside of tables from 1 (0 in a cell), `level` is a heading's,
    `is_contents`: it belongs to a table of contents."""

    text: str
    paragraph: int
    level: int
    is_contents: bool


class Flow:
    """Walks a body once; lists and paragraphs count on from call to call."""

    def __init__(self, styles: Styles, lists: Lists) -> None:
        self._styles = styles
        self._lists = lists
        self._paragraphs = 0
        self._carried: list[str] = []
        self.pictures = 0
        self.sheets = 0

    def read(self, container: Element, *, in_cell: bool = False) -> Iterator[Line | Element]:
        """The lines, and the tables as elements, of a body, cell or text box."""
        for element in container:
            name = local_name(element)
            if name == "p":
                yield from self._paragraph(element, in_cell=in_cell)
            elif name == "tbl":
                yield element
            elif name in _WRAPPERS:
                yield from self.read(element, in_cell=in_cell)
            elif name == "AlternateContent":
                branch = _branch(element)
                if branch is not None:
                    yield from self.read(branch, in_cell=in_cell)

    def rest(self) -> Iterator[Line]:
        """What was carried over from a paragraph whose deleted end was the end of its cell or box."""
        text, self._carried = "".join(self._carried), []
        for line in _lines("", text):
            yield Line(line, self._paragraphs, 0, is_contents=False)

    def _paragraph(self, element: Element, *, in_cell: bool) -> Iterator[Line | Element]:
        """The lines of a paragraph, then what stands in its text boxes. A paragraph whose end was deleted goes on in the
        next one."""
        properties = child(element, "pPr")
        style = value(properties, "pStyle")
        self._paragraphs += not in_cell
        paragraph = 0 if in_cell else self._paragraphs
        boxes: list[Element] = []
        pieces = self._carried
        self._carried = []
        self._collect(element, pieces, boxes)
        if child(properties, "rPr", "del") is not None and not boxes:
            self._carried = pieces
        else:
            text = "".join(pieces)
            label = self._lists.label(style, properties) if text.strip() or in_cell else ""
            level, is_contents = self._styles.level(style, properties), self._styles.is_contents(style)
            for line in _lines(label, text):
                yield Line(line, paragraph, level, is_contents)
        for box in boxes:
            yield from self.read(box, in_cell=in_cell)
            yield from self.rest()

    def _collect(self, element: Element, pieces: list[str], boxes: list[Element]) -> None:
        """The visible text of a paragraph into `pieces`, its text boxes into `boxes`. What is not named is not text:
        deletions, field codes, notes, ruby; nor are runs that are hidden or struck, nor the numbers of footnotes."""
        for each in element:
            name = local_name(each)
            if name == "t":
                pieces.append(each.text or "")
            elif name in _SIGNS:
                pieces.append(_SIGNS[name])
            elif name == "sym":
                pieces.append(_symbol(each))
            elif name in _WRAPPERS:
                if name != "r" or not is_unread(each, self._styles):
                    self._collect(each, pieces, boxes)
            elif name == "AlternateContent":
                branch = _branch(each)
                if branch is not None:
                    self._collect(branch, pieces, boxes)
            elif name in _FRAMES:
                self._frame(each, boxes)

    def _frame(self, frame: Element, boxes: list[Element]) -> None:
        found = list(_outermost(frame, "txbxContent"))
        boxes += found
        programs = [attribute(each, "ProgID") or "" for each in frame.iter() if local_name(each) == "OLEObject"]
        self.sheets += any(program.startswith(("Excel", "ET")) for program in programs)
        self.pictures += not found


def _lines(label: str, text: str) -> Iterator[str]:
    """The lines of a paragraph, the first behind its number."""
    if label and text[:1].isascii() and text[:1].strip() and label[-1:].isalnum():
        label += " "
    for line in f"{label}{text.lstrip() if label else text}".split("\n"):
        if line.strip():
            yield line.strip()


def _branch(alternatives: Element) -> Element | None:
    """Of several forms of one thing the one whose text we can read; never two."""
    branches = [each for each in alternatives if local_name(each) in ("Choice", "Fallback")]
    with_text = (each for each in branches if next(_outermost(each, "txbxContent"), None) is not None)
    return next(with_text, branches[0] if branches else None)


def _outermost(element: Element, name: str) -> Iterator[Element]:
    """Descendants of this name that stand in no other of this name, nor in two forms of one thing."""
    for each in element:
        if local_name(each) == name:
            yield each
        elif local_name(each) == "AlternateContent":
            branch = _branch(each)
            if branch is not None:
                yield from _outermost(branch, name)
        else:
            yield from _outermost(each, name)


def _symbol(element: Element) -> str:
    """A character named by its code; those of symbol fonts are pictures rather than text. Word writes the codes of other
    fonts moved to the private use area (ISO/IEC 29500-1, 17.3.3.30)."""
    try:
        code = int(attribute(element, "char") or "", 16)
    except ValueError:
        return ""
    if code in _MOVED and not _SYMBOL_FONT.search(attribute(element, "font") or "symbol"):
        code -= _MOVED.start - 0x20
    return chr(code) if 0x20 <= code < 0xD800 and code not in _PRIVATE else ""
