"""DOM → pieces in document order: runs of text between two breaks, and tables.

One pass over the tree without recursion. Each piece remembers its *frame*, the innermost container (div, section …)
that it stands in: `content` later chooses one frame as the main content. Paragraphs and cells that hold nothing but
one run of text, most of a page, are taken whole; a selector finds the others beforehand.
"""

import re
from collections.abc import Callable, Container, Iterable
from functools import lru_cache

from msgspec import Struct
from selectolax.lexbor import LexborHTMLParser, LexborNode

from parsers.readers.html.fields import filled_in
from parsers.readers.html.links import is_file
from parsers.readers.html.pieces import MARK, Cell, Flow, Frame, Link, Piece, Run
from parsers.readers.html.tables import Rows, joined, pieces_of, spans_by_key

MAX_NODES = 2_000_000
_CELLS = {"td", "th"}
_SHORT = 100
_CONDITIONAL = re.compile(r"<!(?:--)?\[(?:if[^\]]*|endif)\](?:--)?>", re.IGNORECASE)
_INVISIBLE = str.maketrans("", "", "\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f")
_BROKEN_PARAGRAPHS = (
    "p:has(br,a,img,table,script,style,noscript,template,select,textarea,object,embed,iframe,svg,math,button,video,audio,"
    "canvas,marquee,applet,title,input,rt)"
)
"""Paragraphs of more than one run. No other block can stand in a p: its start tag would end the p."""


def flow_of(
    tree: LexborHTMLParser, root: LexborNode, hidden: Iterable[LexborNode] = (), pictured: Container[int] = ()
) -> Flow:
    """All pieces below `root`, without what is script, style, comment or in `hidden`; a mark in place of each `<img>` in
    `pictured`."""
    return _Walk(tree, root, hidden, pictured).walk()


def _mark_ancestors(node: LexborNode, marked: set[int]) -> None:
    parent = node.parent
    while parent is not None and parent.mem_id not in marked:
        marked.add(parent.mem_id)
        parent = parent.parent


class _Opened(Struct, gc=False):
    """An open element, with what to come back to when it ends."""

    node: LexborNode
    close: "Callable[[_Walk, _Opened], None]"
    block: LexborNode
    frame: int
    pieces: list[Piece]


class _Walk:
    """The state of one pass: the run being gathered, the elements and the tables that are open.

    `mixed` are the paragraphs that are not taken whole, and all elements around hidden ones.
    """

    def __init__(
        self, tree: LexborHTMLParser, root: LexborNode, hidden: Iterable[LexborNode], pictured: Container[int]
    ) -> None:
        self.flow = Flow(frames=[Frame(0, root)])
        self.pictured = pictured
        self.mixed = {node.mem_id for node in tree.css(_BROKEN_PARAGRAPHS)}
        self.hidden: set[int] = set()
        for node in hidden:
            self.hidden.add(node.mem_id)
            _mark_ancestors(node, self.mixed)
        self.rowspans, self.colspans = spans_by_key(tree, "rowspan"), spans_by_key(tree, "colspan")
        self.pieces = self.flow.pieces
        self.texts: list[str] = []
        self.linked = self.open_links = self.open_pres = self.frame = self.level = 0
        self.block = root
        self.opened: list[_Opened | LexborNode] = []
        self.tables: list[Rows] = []

    def walk(self) -> Flow:
        entering, opened, hidden, texts = _ENTERING, self.opened, self.hidden, self.texts
        node = self.block.first_child
        for _ in range(MAX_NODES):
            if node is None:
                if not opened:
                    break
                node = self.leave(opened.pop())
                continue
            tag = node.tag
            if tag == "-text":
                text = node.text_content or ""
                if texts or not text.isspace():
                    texts.append(text)
                    if self.open_links:
                        self.linked += len(text)
                node = node.next
            elif hidden and node.mem_id in hidden:
                node = node.next
            elif enter := entering.get(tag):
                node = enter(self, node)
            else:
                opened.append(node)
                node = node.first_child
        self.flow.is_cut = bool(opened)
        while opened:
            self.leave(opened.pop())
        self.end_run()
        return self.flow

    def leave(self, last: _Opened | LexborNode) -> LexborNode | None:
        """Close an element; the node after it."""
        if isinstance(last, LexborNode):
            return last.next
        last.close(self, last)
        return last.node.next

    def end_run(self) -> None:
        if self.texts:
            raw = "".join(self.texts)
            for line in raw.split("\n") if self.open_pres else (raw,):
                self.put(line, self.block, self.linked)
            self.texts.clear()
            self.linked = 0

    def put(self, raw: str, node: LexborNode, linked: int) -> None:
        text = _cleaned(raw)
        if text:
            self.pieces.append(Run(text, node, self.frame, min(linked, len(text)), self.level))

    def skip(self, node: LexborNode) -> LexborNode | None:
        return node.next

    def end_line(self, node: LexborNode) -> LexborNode | None:
        self.end_run()
        return node.next

    def mark_picture(self, node: LexborNode) -> LexborNode | None:
        if node.mem_id in self.pictured:
            self.end_run()
            self.pieces.append(Run(MARK, node, self.frame, 0, 0))
        return node.next

    def read_field(self, node: LexborNode) -> LexborNode | None:
        """What stands in a field of a form: of those within a table the figures, which are cells that their author filled in."""
        text = filled_in(node) if self.tables else ""
        if text:
            self.texts.append(text)
        return node.next

    def note_object(self, node: LexborNode) -> LexborNode | None:
        attributes = node.attributes
        self.note(node, attributes.get("src") or attributes.get("data"))
        return node.next

    def note(self, node: LexborNode, address: str | None) -> None:
        if address and is_file(address):
            self.flow.links.append(Link(node, address, self.frame, len(self.flow.pieces)))

    def open(self, node: LexborNode, close: "Callable[[_Walk, _Opened], None]") -> LexborNode | None:
        self.opened.append(_Opened(node, close, self.block, self.frame, self.pieces))
        return node.first_child

    def open_link(self, node: LexborNode) -> LexborNode | None:
        self.note(node, node.attributes.get("href"))
        child = node.first_child
        if child is not None and child.tag == "-text" and child.next is None:
            text = child.text_content or ""
            self.texts.append(text)
            self.linked += len(text)
            return node.next
        self.open_links += 1
        return self.open(node, _Walk.close_link)

    def close_link(self, opened: _Opened) -> None:
        del opened
        self.open_links -= 1

    def open_block(self, node: LexborNode) -> LexborNode | None:
        self.end_run()
        child = self.open(node, _Walk.close_block)
        self.block = node
        return child

    def close_block(self, opened: _Opened) -> None:
        self.end_run()
        self.block, self.frame, self.pieces = opened.block, opened.frame, opened.pieces

    def open_frame(self, node: LexborNode) -> LexborNode | None:
        child = self.open_block(node)
        self.flow.frames.append(Frame(self.frame, node))
        self.frame = len(self.flow.frames) - 1
        return child

    def open_paragraph(self, node: LexborNode) -> LexborNode | None:
        if node.mem_id in self.mixed:
            return self.open_block(node)
        self.end_run()
        text = node.text()
        self.put(text, node, len(text) if self.open_links else 0)
        return node.next

    def open_pre(self, node: LexborNode) -> LexborNode | None:
        self.end_run()
        self.open_pres += 1
        child = self.open(node, _Walk.close_pre)
        self.block = node
        return child

    def close_pre(self, opened: _Opened) -> None:
        self.close_block(opened)
        self.open_pres -= 1

    def open_heading(self, node: LexborNode) -> LexborNode | None:
        self.end_run()
        child = self.open(node, _Walk.close_heading)
        self.block, self.level = node, int((node.tag or "h1")[1])
        return child

    def close_heading(self, opened: _Opened) -> None:
        self.close_block(opened)
        self.level = 0

    def open_table(self, node: LexborNode) -> LexborNode | None:
        self.end_run()
        self.tables.append(Rows())
        return self.open(node, _Walk.close_table)

    def close_table(self, opened: _Opened) -> None:
        self.close_block(opened)
        self.pieces.extend(pieces_of(self.tables.pop(), opened.node, self.frame))

    def open_group(self, node: LexborNode) -> LexborNode | None:
        if self.tables:
            self.tables[-1].open_group(is_foot=node.tag == "tfoot")
        return self.open(node, _Walk.close_group)

    def close_group(self, opened: _Opened) -> None:
        self.close_block(opened)
        if self.tables:
            self.tables[-1].close_group()

    def open_row(self, node: LexborNode) -> LexborNode | None:
        """Up to the first cell that has to be walked through, or whatever else stands in the row."""
        child = self.open(node, _Walk.close_block)
        if not self.tables:
            return child
        row = self.tables[-1].open_row()
        mixed, rowspans, colspans = self.mixed, self.rowspans, self.colspans
        if node.mem_id in mixed:
            return child
        for cell in node.iter():
            if cell.tag not in _CELLS:
                return cell
            only = cell.first_child
            is_paragraph = only is not None and only.next is None and only.tag == "p" and only.mem_id not in mixed
            text = _text(only.text()) if is_paragraph and only else self.only_run(cell)  # most cells are paragraphs
            if text is None:
                return cell
            key = cell.mem_id
            row.append(Cell(cell, None, text, rowspans.get(key, 1), colspans.get(key, 1)))
        return None

    def open_cell(self, node: LexborNode) -> LexborNode | None:
        if not self.tables:
            return self.open_block(node)
        text = self.only_run(node) if node.mem_id not in self.mixed else None
        if text is not None:
            self.tables[-1].row.append(self.cell(node, None, text))
            return node.next
        self.end_run()
        child = self.open(node, _Walk.close_cell)
        self.flow.frames.append(Frame(self.frame, node))
        self.frame, self.block, self.pieces = len(self.flow.frames) - 1, node, []
        return child

    def close_cell(self, opened: _Opened) -> None:
        self.end_run()
        cell = self.cell(opened.node, self.pieces, joined(self.pieces))
        self.close_block(opened)
        self.tables[-1].row.append(cell)

    def cell(self, node: LexborNode, pieces: list[Piece] | None, text: str) -> Cell:
        key = node.mem_id
        return Cell(node, pieces, text, self.rowspans.get(key, 1), self.colspans.get(key, 1))

    def only_run(self, cell: LexborNode) -> str | None:
        """The text of a cell that is plain or one plain paragraph; None where there is more to it."""
        child = cell.first_child
        if child is None:
            return ""
        after = child.next
        if child.tag == "-text":
            if after is None:
                return _text(child.text_content or "")
            if not (child.text_content or "").isspace():
                return None
            child, after = after, after.next
        if child.tag != "p" or child.mem_id in self.mixed:
            return None
        is_last = after is None or (after.next is None and (after.text_content or "").isspace())
        return _text(child.text()) if is_last else None


def _cleaned(raw: str) -> str:
    """Text with all white space, also no-break and ideographic, as single spaces, without what nobody sees."""
    if raw.isalnum():
        return raw
    text = " ".join(raw.split())
    if "\u200b" in text or "\ufeff" in text or "\u00ad" in text:
        text = text.translate(_INVISIBLE).strip()
    return _CONDITIONAL.sub("", text).strip() if "<!" in text else text


_known_text = lru_cache(maxsize=4096)(_cleaned)


def _text(raw: str) -> str:
    """Cleaned text of a cell: labels of the form and small figures come again and again."""
    return _known_text(raw) if len(raw) < _SHORT else _cleaned(raw)


_ENTERING: dict[str | None, Callable[[_Walk, LexborNode], LexborNode | None]] = {
    **dict.fromkeys((None, "-comment", "-doctype", "-document", "head", "meta", "link", "title", "base"), _Walk.skip),
    **dict.fromkeys(("script", "style", "noscript", "noframes", "template", "svg", "math", "colgroup"), _Walk.skip),
    **dict.fromkeys(("option", "datalist", "audio", "video", "canvas", "rt", "rp"), _Walk.skip),
    **dict.fromkeys(("input", "textarea", "select"), _Walk.read_field),
    **dict.fromkeys(("br", "hr"), _Walk.end_line),
    **dict.fromkeys(("iframe", "embed", "object"), _Walk.note_object),
    **dict.fromkeys(("li", "dt", "dd", "figcaption", "summary", "legend", "caption"), _Walk.open_block),
    **dict.fromkeys(("address", "marquee"), _Walk.open_block),
    **dict.fromkeys(("pre", "listing", "xmp"), _Walk.open_pre),
    **dict.fromkeys(("div", "section", "article", "main", "header", "footer", "nav", "aside"), _Walk.open_frame),
    **dict.fromkeys(("form", "ul", "ol", "dl", "dir", "menu", "center", "blockquote", "fieldset"), _Walk.open_frame),
    **dict.fromkeys(("figure", "details", "dialog", "hgroup", "body", "html", "ucapcontent"), _Walk.open_frame),
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), _Walk.open_heading),
    "p": _Walk.open_paragraph,
    "a": _Walk.open_link,
    "img": _Walk.mark_picture,
    "table": _Walk.open_table,
    **dict.fromkeys(("thead", "tbody", "tfoot"), _Walk.open_group),
    "tr": _Walk.open_row,
    **dict.fromkeys(("td", "th"), _Walk.open_cell),
}
"""How each element is entered; one that is not named here stands within a line."""
