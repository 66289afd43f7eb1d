"""Tables that a page shows as pictures, where their bytes stand in the page itself (`data:` addresses)."""

import re
from base64 import b64decode
from binascii import Error
from collections.abc import Iterator
from urllib.parse import unquote

from msgspec import Struct
from selectolax.lexbor import LexborHTMLParser

from parsers import ocr
from parsers.document import Block, Grid
from parsers.readers.html.places import Places

MAX_PICTURES = 20
MAX_PIXELS = 40_000_000
_DATA = re.compile(r"\s*data:image/(?:png|jpe?g|bmp)\s*;\s*base64\s*,", re.IGNORECASE)
_SMALLEST = 3000  # bytes; anything less is an icon
_NARROWEST = 400  # pixels; no table of figures can be read in less


class Pictures(Struct, frozen=True):
    """Blocks of the pictures that hold a table; `unread` says why pictures were not looked at."""

    blocks: tuple[Block, ...] = ()
    unread: str | None = None


def pictures_of(tree: LexborHTMLParser, places: Places) -> Pictures:
    """What the embedded pictures of a page say, in document order; each block has the place of its `<img>`."""
    found: list[Block] = []
    for locator, content in _embedded(tree, places):
        if not ocr.is_ready():
            return Pictures(unread=ocr.INSTALL)
        picture = ocr.decoded(content, MAX_PIXELS)
        if picture is not None and picture.shape[1] >= _NARROWEST:
            blocks = ocr.blocks_of(picture, lambda _, locator=locator: locator)  # type: ignore[misc]
            found += blocks if any(isinstance(block, Grid) for block in blocks) else ()
    return Pictures(tuple(found))


def _embedded(tree: LexborHTMLParser, places: Places) -> Iterator[tuple[str, bytes]]:
    count = 0
    for node in tree.css("img[src]"):
        source = node.attributes.get("src") or ""
        match = _DATA.match(source)
        if not match or len(source) < _SMALLEST or count >= MAX_PICTURES:
            continue
        try:
            content = b64decode(unquote(source[match.end() :]))
        except (Error, ValueError):
            continue
        count += 1
        yield places.locator(node), content
