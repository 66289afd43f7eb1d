"""HTML pages → blocks: the tree in pieces, the report told from what stands around it, each piece with its place."""

from collections.abc import Container, Iterable, Mapping

from selectolax.lexbor import LexborHTMLParser, LexborNode

from parsers import ocr
from parsers.document import Block, Document, Grid, GridCell, Heading, Paragraph
from parsers.readers.html.content import below, split
from parsers.readers.html.flow import flow_of
from parsers.readers.html.links import attachments_of, base_address
from parsers.readers.html.menus import big_menus
from parsers.readers.html.nesting import shallow
from parsers.readers.html.pictures import Bytes, pictures_in, with_pictures, without_pictures
from parsers.readers.html.pieces import Flow, Piece, Table
from parsers.readers.html.places import Places
from parsers.readers.html.unsaid import unsaid

NO_PICTURES: Mapping[str, bytes] = {}
_MARGIN = 4000
_WIDEST = 4  # bytes of a character in UTF-8

bytes(1 << 21)  # glibc hands the memory of every tree back to the system, until something of this size was freed once


def read(content: str | bytes, url: str | None = None, pictures: Mapping[str, bytes] = NO_PICTURES) -> Document:
    """The main content of a page as blocks, the rest that may matter as furniture; broken markup as browsers read it.

    `content` is text or bytes of UTF-8. `url` makes the addresses of attachments absolute; `pictures` are the bytes of pictures that it shows, by address. A
    locator names the element in which a block or cell stands; lines of one element share it.
    """
    markup = content if isinstance(content, bytes) else content.encode("utf-8", "replace")  # halves of surrogate pairs
    tree = LexborHTMLParser(shallow(markup))
    root = tree.body or tree.root
    if root is None:
        return Document("html", "text/html", ())
    source = Bytes(tree, url, pictures)
    shown = source.shown(tree)
    flow, remarks = _visible(tree, root, shown)
    if _breaks_off(markup):
        remarks.append("the page breaks off: its end is missing")
    parts = split(flow)
    places = Places(tree)
    places.anchor(flow.frames[parts.frame].node)
    inside = below(flow.frames, {parts.frame})
    has_table = any(isinstance(piece, Table) for piece in parts.content)
    blocks, furniture = blocks_of(parts.content, places), blocks_of(parts.around, places)
    attachments = attachments_of(tree, flow, inside, url)
    unread = None
    if shown:
        if has_table or not ocr.is_ready():
            blocks, unread = without_pictures(blocks), None if has_table else ocr.INSTALL
        else:
            pictured = with_pictures(blocks, shown, places, source)
            blocks, unread = pictured.blocks, pictured.unread
        furniture = without_pictures(furniture)
    elif not has_table and not attachments:
        attachments += tuple(pictures_in(flow.frames[parts.frame].node, base_address(tree, url)))
    return Document(
        "html",
        "text/html",
        blocks=blocks,
        furniture=furniture,
        title=_title(tree),
        metadata=_metadata(tree),
        attachments=attachments,
        remarks=tuple(remarks),
        unread=unread,
    )


def _breaks_off(markup: bytes) -> bool:
    """Whether a page begins as a whole document and has neither the end of one nor of its last tag."""
    if b"</html" in markup[-_MARGIN:].lower():
        return False
    begin = markup[: _MARGIN * _WIDEST].decode("utf-8", "ignore")[:_MARGIN].encode().lower()
    end = markup[-_MARGIN * _WIDEST :].decode("utf-8", "ignore")[-_MARGIN:].encode().lower()
    return b"<html" in begin and b"</html" not in end and (b"</body" not in end or end.rfind(b"<") > end.rfind(b">"))


def _visible(tree: LexborHTMLParser, root: LexborNode, pictured: Container[int]) -> tuple[Flow, list[str]]:
    """What a reader of the page sees; tables that only a script would show count where no other table stands. Each `<img>`
    in `pictured` is marked."""
    left_out = unsaid(tree)
    flow = flow_of(tree, root, [*left_out.hidden, *left_out.struck, *big_menus(tree)], pictured)
    remarks = ["the page is too big: only its beginning was read"] if flow.is_cut else []
    if tree.body is None or (tree.root and any(node.tag == "frameset" for node in tree.root.iter())):
        remarks.append("the page is a frameset: its content stands in the framed pages")
    has_table = any(isinstance(piece, Table) for piece in flow.pieces)
    if not has_table and any(node.css_first("table") is not None for node in left_out.hidden):
        whole = flow_of(tree, root, left_out.struck, pictured)
        if any(isinstance(piece, Table) for piece in whole.pieces):
            return whole, [*remarks, "the tables stand in a part of the page that is hidden until a script shows it"]
    return flow, remarks


def blocks_of(pieces: Iterable[Piece], places: Places) -> tuple[Block, ...]:
    return tuple(_block(piece, places) for piece in pieces)


def _block(piece: Piece, places: Places) -> Block:
    if isinstance(piece, Table):
        return _grid(piece, places)
    locator = places.locator(piece.node)
    return Heading(piece.text, locator, piece.level) if piece.level else Paragraph(piece.text, locator)


def _grid(table: Table, places: Places) -> Grid:
    locator = places.locator
    cells = [
        GridCell(cell.text, cell.row, cell.column, locator(cell.node), cell.rowspan, cell.colspan)
        for cell in table.cells
    ]
    return Grid(tuple(cells), table.rows, table.columns, places.locator(table.node))


def _title(tree: LexborHTMLParser) -> str | None:
    """The first `<title>` with words; templates that are pasted together leave several."""
    titles = (" ".join(node.text().split()) for node in tree.css("title"))
    return next((title for title in titles if title), None)


def _metadata(tree: LexborHTMLParser) -> dict[str, str]:
    """Contents of the meta tags by name in lower case; the first that is not empty wins."""
    metadata: dict[str, str] = {}
    for node in tree.css("meta[name]"):
        attributes = node.attributes
        name, content = (attributes.get("name") or "").strip().lower(), (attributes.get("content") or "").strip()
        if name and not metadata.get(name):
            metadata[name] = content
    return metadata
