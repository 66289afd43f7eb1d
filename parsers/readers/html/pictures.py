"""Tables that a page shows as pictures: those whose bytes stand in the page itself (`data:` addresses), and those whose
bytes came with it.

A picture is marked in the flow, so that its tables come to stand where it stands among the words.
"""

import re
from base64 import b64decode
from binascii import Error
from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import unquote, urlsplit

from msgspec import Struct
from msgspec.structs import replace
from selectolax.lexbor import LexborHTMLParser, LexborNode

from parsers import ocr
from parsers.document import Attachment, Block, Grid, Locator
from parsers.readers.html.links import absolute_address, base_address
from parsers.readers.html.pieces import MARK
from parsers.readers.html.places import Places

MAX_PICTURES = 40
MAX_PIXELS = 40_000_000
_DATA = re.compile(r"\s*data:image/(?:png|jpe?g|bmp|gif|tiff?|webp)\s*;\s*base64\s*,", re.IGNORECASE)
_PICTURE = re.compile(r"\.(?:png|jpe?g|bmp|gif|tiff?|webp)$", re.IGNORECASE)
_DECORATION = re.compile(r"/(?:icons?|logos?|skins?|styles?|css|themes?|static|common|emoji|banners?)/|icon|logo|qrcode|ewm", re.IGNORECASE)
_SOURCES = ("data-original", "data-src", "src")
"""Where a script will take the picture from comes first: until then `src` is a placeholder."""
_SMALLEST = 3000  # bytes; anything less is an icon
_NARROWEST = 400  # pixels; no table of figures can be read in less

Shown = dict[int, LexborNode]
"""The `<img>` of pictures whose bytes are at hand, by their key."""


class Pictured(Struct, frozen=True):
    """The blocks of a page with what its pictures say; `unread` says that some could not be looked at."""

    blocks: tuple[Block, ...]
    unread: str | None


class Bytes:
    """The bytes of a page's pictures. `given`: of those that came with it, by address."""

    def __init__(self, tree: LexborHTMLParser, url: str | None, given: Mapping[str, bytes]) -> None:
        self._base = base_address(tree, url) if given else None
        self._given = {_plain(address): content for address, content in given.items()}
        names = [_name(address) for address in self._given]
        self._by_name = {name: address for name, address in zip(names, self._given, strict=True) if names.count(name) == 1}

    def shown(self, tree: LexborHTMLParser) -> Shown:
        nodes = (node for node in tree.css("img") if self._embedded(node) or self._address(node))
        return {node.mem_id: node for node, _ in zip(nodes, range(MAX_PICTURES), strict=False)}

    def of(self, node: LexborNode) -> bytes | None:
        address = self._address(node)
        if address is not None:
            return self._given[address]
        source = self._embedded(node)
        try:
            return b64decode(unquote(source.partition(",")[2]))
        except (Error, ValueError):
            return None

    def _embedded(self, node: LexborNode) -> str:
        source = node.attributes.get("src") or ""
        return source if len(source) >= _SMALLEST and _DATA.match(source) else ""

    def _address(self, node: LexborNode) -> str | None:
        """The address under which the bytes came. A page that was moved on has its pictures elsewhere than it says: they are
        known by their names, if no two are called alike."""
        if not self._given:
            return None
        written = ((node.attributes.get(name) or "").strip() for name in _SOURCES)
        for address in (*_addresses(node, self._base), *filter(None, written)):
            found = _plain(address)
            if found in self._given:
                return found
            if _name(found) in self._by_name:
                return self._by_name[_name(found)]
        return None


def with_pictures(content: Sequence[Block], shown: Shown, places: Places, source: Bytes) -> Pictured:
    """The blocks with the tables of pictures in place of their marks, and at the end those of pictures that stand elsewhere
    on the page. Each cell has the place of its `<img>`."""
    ocr.announce(len(shown))
    nodes = {places.locator(node): node for node in shown.values()}
    blocks: list[Block] = []
    damaged: list[Locator] = []

    def said(place: Locator, node: LexborNode) -> tuple[Block, ...]:
        """What a picture says, nothing unless it holds a table."""
        content = source.of(node)
        picture = ocr.decoded(content, MAX_PIXELS) if content else None
        if picture is None:
            damaged.append(place)
        if picture is None or max(picture.shape) < _NARROWEST:
            return ()
        return ocr.blocks_of(picture, lambda _: place, with_table=True)

    for block in content:
        standing = [block.locator]
        if isinstance(block, Grid):
            blocks.append(_without_marks(block))
            standing = [place for place, node in nodes.items() if MARK in _text(block) and _is_in(node, block.locator, places)]
        elif block.text != MARK:
            blocks.append(block)
            continue
        for place in standing:
            if place in nodes:
                blocks += said(place, nodes.pop(place))
    for place, node in nodes.items():
        blocks += said(place, node)
    unread = f"{len(damaged)} of {len(shown)} pictures are damaged or too big" if damaged else None
    return Pictured(tuple(blocks), unread)


def without_pictures(content: Sequence[Block]) -> tuple[Block, ...]:
    """The blocks without the marks of pictures."""
    kept = (block for block in content if isinstance(block, Grid) or block.text != MARK)
    return tuple(_without_marks(block) if isinstance(block, Grid) else block for block in kept)


def pictures_in(content: LexborNode, base: str | None) -> Iterator[Attachment]:
    """The pictures in a part of a page whose bytes are not at hand, but for what only adorns it."""
    for node in content.css("img:not(a img)"):
        address = next(_addresses(node, base), None)
        if address and _PICTURE.search(urlsplit(address).path) and not _DECORATION.search(urlsplit(address).path):
            yield Attachment(_name(address), address)


def _addresses(node: LexborNode, base: str | None) -> Iterator[str]:
    for name in _SOURCES:
        written = (node.attributes.get(name) or "").strip()
        address = absolute_address(base, written) if written else None
        if address:
            yield address


def _plain(address: str) -> str:
    """Addresses of one thing, escaped or not, are one text."""
    return unquote(address.partition("#")[0])


def _name(address: str) -> str:
    return unquote(urlsplit(address).path.rpartition("/")[2])


def _is_in(node: LexborNode, locator: Locator, places: Places) -> bool:
    above = node.parent
    while above is not None:
        if above.tag == "table" and places.locator(above) == locator:
            return True
        above = above.parent
    return False


def _text(grid: Grid) -> str:
    return "".join(cell.text for cell in grid.cells)


def _without_marks(grid: Grid) -> Grid:
    if MARK not in _text(grid):
        return grid
    return replace(grid, cells=tuple(replace(cell, text=cell.text.replace(MARK, "").strip()) for cell in grid.cells))
