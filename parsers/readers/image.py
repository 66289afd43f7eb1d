"""Pictures of reports (PNG, JPEG, …) → blocks, recognised by the extra `ocr`. Locators are in pixels."""

from parsers import ocr
from parsers.document import Document, Locator
from parsers.errors import UnreadableDocument
from parsers.glyphs import Box

MAX_PIXELS = 100_000_000
MEDIA_TYPES = ("image/png", "image/jpeg", "image/bmp", "image/tiff", "image/gif", "image/webp")


def read(content: bytes, media_type: str) -> Document:
    """Tables and lines of one picture; without the extra a document that says what to install.

    Raises UnreadableDocument for what cannot be decoded and for pictures of more than MAX_PIXELS.
    """
    if not ocr.is_ready():
        return Document("rapidocr", media_type, (), unread=ocr.INSTALL)
    ocr.announce(1)
    picture = ocr.decoded(content, MAX_PIXELS)
    if picture is None:
        raise UnreadableDocument("the picture is damaged or too big")
    return Document("rapidocr", media_type, ocr.blocks_of(picture, _locator))


def _locator(box: Box) -> Locator:
    return f"image:{box[0]:.1f},{box[1]:.1f},{box[2]:.1f},{box[3]:.1f}"
