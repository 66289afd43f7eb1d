"""DOM → pieces in document order: runs of text between two breaks, and tables (HTML pages, first half).

One pass without recursion over the tree. Each piece remembers its *frame*, the innermost container (div, td, section,
unknown element …) that it stands in: `content` later chooses one frame as the main content.
"""

import re
from collections.abc import Iterable
from enum import IntEnum

from msgspec import Struct
from selectolax.lexbor import LexborHTMLParser, LexborNode

from parsers.readers.html.pieces import Flow, Frame, Link, Piece, Run
from parsers.readers.html.tables import Rows, cell_of, pieces_of

MAX_NODES = 2_000_000


class _Role(IntEnum):
    INLINE = 0
    TEXT = 1
    SKIPPED = 2
    BREAK = 3
    BLOCK = 4
    FRAME = 5
    LINK = 6
    HEADING = 7
    TABLE = 8
    GROUP = 9
    ROW = 10
    CELL = 11
    OBJECT = 12
    PICTURE = 13


_ROLES: dict[str | None, _Role] = {
    None: _Role.SKIPPED,
    "-text": _Role.TEXT,
    **dict.fromkeys(("-comment", "-doctype", "-document", "head", "script", "style", "noscript"), _Role.SKIPPED),
    **dict.fromkeys(("template", "select", "option", "datalist", "textarea", "svg", "math", "audio"), _Role.SKIPPED),
    **dict.fromkeys(("video", "canvas", "meta", "link", "title", "base", "input", "param", "col"), _Role.SKIPPED),
    **dict.fromkeys(("colgroup", "noframes"), _Role.SKIPPED),
    **dict.fromkeys(("br", "hr"), _Role.BREAK),
    **dict.fromkeys(("p", "li", "dt", "dd", "pre", "figcaption", "summary", "legend", "caption"), _Role.BLOCK),
    "address": _Role.BLOCK,
    **dict.fromkeys(("div", "section", "article", "main", "header", "footer", "nav", "aside", "form"), _Role.FRAME),
    **dict.fromkeys(("ul", "ol", "dl", "dir", "menu", "center", "blockquote", "fieldset", "figure"), _Role.FRAME),
    **dict.fromkeys(("details", "dialog", "hgroup", "body", "html", "ucapcontent"), _Role.FRAME),
    **{f"h{level}": _Role.HEADING for level in range(1, 7)},
    "a": _Role.LINK,
    "table": _Role.TABLE,
    **dict.fromkeys(("thead", "tbody", "tfoot"), _Role.GROUP),
    "tr": _Role.ROW,
    **dict.fromkeys(("td", "th"), _Role.CELL),
    **dict.fromkeys(("iframe", "embed", "object"), _Role.OBJECT),
    "img": _Role.PICTURE,
}
_CONDITIONAL = re.compile(r"<!(?:--)?\[(?:if[^\]]*|endif)\](?:--)?>", re.IGNORECASE)
_INVISIBLE = str.maketrans("", "", "\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f")
_HIDING = re.compile(r"(?:^|[;\s\"'])(?:display\s*:\s*none|visibility\s*:\s*hidden)\b", re.IGNORECASE)


def hidden_nodes(tree: LexborHTMLParser) -> list[LexborNode]:
    """Elements that the page itself hides, by attribute or inline style."""
    styled = tree.css('[style*="none" i],[style*="hidden" i]')
    return [*tree.css("[hidden]"), *(node for node in styled if _HIDING.search(node.attributes.get("style") or ""))]


def flow_of(root: LexborNode, hidden: Iterable[LexborNode] = ()) -> Flow:
    """All pieces below `root`, without what is script, style, comment or in `hidden`."""
    return _Walk(root, frozenset(node.mem_id for node in hidden)).walk()


class _Opened(Struct):
    """What to come back to when an element ends."""

    node: LexborNode
    role: _Role
    block: LexborNode
    frame: int
    level: int
    pieces: list[Piece] | None = None


class _Walk:
    """The state of one pass: the run being gathered, the elements that are open, the tables that are open."""

    def __init__(self, root: LexborNode, hidden: frozenset[int]) -> None:
        self.flow = Flow(frames=[Frame(0, root)])
        self.root = root
        self.hidden = hidden
        self.pieces = self.flow.pieces
        self.texts: list[str] = []
        self.linked = self.open_links = self.frame = self.level = 0
        self.block = root
        self.opened: list[_Opened] = []
        self.tables: list[Rows] = []

    def walk(self) -> Flow:
        node = self.root.first_child
        visited = 0
        roles, inline, text = _ROLES, _Role.INLINE, _Role.TEXT
        while visited < MAX_NODES:
            visited += 1
            if node is None:
                if not self.opened:
                    break
                node = self._leave(self.opened.pop())
                continue
            role = roles.get(node.tag, inline)
            if role is text:
                self._add(node.text_content or "")
                node = node.next
            elif role is _Role.SKIPPED or (self.hidden and node.mem_id in self.hidden):
                node = node.next
            else:
                node = self._enter(node, role)
        self._end(is_cut=visited >= MAX_NODES)
        return self.flow

    def _end(self, is_cut: bool) -> None:
        while self.opened:
            self._leave(self.opened.pop())
        self._break()
        self.flow.is_cut = is_cut

    def _add(self, text: str) -> None:
        if self.texts or not text.isspace():
            self.texts.append(text)
            if self.open_links:
                self.linked += len(text)

    def _break(self) -> None:
        """End the run of text."""
        if not self.texts:
            return
        text = " ".join("".join(self.texts).split())
        if "\u200b" in text or "\ufeff" in text or "\u00ad" in text:
            text = text.translate(_INVISIBLE).strip()
        if "<!" in text:
            text = _CONDITIONAL.sub("", text).strip()
        if text:
            self.pieces.append(Run(text, self.block, self.frame, min(self.linked, len(text)), self.level))
        self.texts.clear()
        self.linked = 0

    def _enter(self, node: LexborNode, role: _Role) -> LexborNode | None:
        """Open an element; the node to visit next."""
        if role is _Role.BREAK:
            self._break()
            return node.next
        if role is _Role.PICTURE:
            self.flow.pictures += 1
            return node.next
        if role is _Role.OBJECT:
            attributes = node.attributes
            self._link(node, attributes.get("src") or attributes.get("data"))
            return node.next
        if role is _Role.INLINE or role is _Role.LINK:
            if role is _Role.LINK:
                self.open_links += 1
                self._link(node, node.attributes.get("href"))
            self.opened.append(_Opened(node, role, self.block, self.frame, self.level))
            return node.first_child
        self._break()
        self._open_block(node, role)
        return node.first_child

    def _link(self, node: LexborNode, address: str | None) -> None:
        if address:
            self.flow.links.append(Link(node, address, self.frame, len(self.flow.pieces)))

    def _open_block(self, node: LexborNode, role: _Role) -> None:
        opened = _Opened(node, role, self.block, self.frame, self.level)
        self.opened.append(opened)
        if role is _Role.CELL and self.tables:
            opened.pieces, self.pieces = self.pieces, []
        if role is _Role.FRAME or role is _Role.CELL:
            self.flow.frames.append(Frame(self.frame, node))
            self.frame = len(self.flow.frames) - 1
        elif role is _Role.HEADING:
            self.level = int((node.tag or "h1")[1])
        elif role is _Role.TABLE:
            self.tables.append(Rows())
        elif role is _Role.GROUP and self.tables:
            self.tables[-1].open_group(is_foot=node.tag == "tfoot")
        elif role is _Role.ROW and self.tables:
            self.tables[-1].open_row()
        self.block = node

    def _leave(self, opened: _Opened) -> LexborNode | None:
        """Close an element; the node after it."""
        node, role = opened.node, opened.role
        if role is _Role.LINK:
            self.open_links -= 1
        elif role is not _Role.INLINE:
            self._break()
            self.block, self.frame, self.level = opened.block, opened.frame, opened.level
            if opened.pieces is not None:
                cell, self.pieces = cell_of(node, self.pieces), opened.pieces
                self.tables[-1].add(cell)
            elif role is _Role.GROUP and self.tables:
                self.tables[-1].close_group()
            elif role is _Role.TABLE:
                self.pieces.extend(pieces_of(self.tables.pop(), node, self.frame))
        return node.next
