"""Content-Encoding undone with a cap: a small answer must not become a large one before anybody counts."""

import zlib

from crawler.errors import TooLarge, Truncated

GZIP_MAGIC = b"\x1f\x8b"
GZIP_OR_ZLIB = 47
RAW_DEFLATE = -15
TEXTUAL = ("text/", "application/json", "application/xml", "application/xhtml", "application/javascript")


def inflated(body: bytes, coding: str, media_type: str, cap: int) -> bytes:
    """The body without its Content-Encoding; raises TooLarge beyond `cap` bytes, Truncated where it does not hold.

    Servers lie both ways: plain text that the header calls gzip is kept as it is, and a text that comes compressed
    without a word about it is unpacked.
    """
    coding = coding.strip().lower()
    if coding in ("", "identity"):
        is_hidden = body.startswith(GZIP_MAGIC) and media_type.startswith(TEXTUAL)
        return unpacked(body, GZIP_OR_ZLIB, cap) if is_hidden else body
    if coding in ("gzip", "x-gzip"):
        return unpacked(body, GZIP_OR_ZLIB, cap) if body.startswith(GZIP_MAGIC) else body
    if coding == "deflate":
        is_zlib = len(body) > 1 and body[0] & 0x0F == 8 and int.from_bytes(body[:2], "big") % 31 == 0
        return unpacked(body, GZIP_OR_ZLIB if is_zlib else RAW_DEFLATE, cap)
    raise Truncated(f"content coding {coding!r} was not asked for and cannot be undone")


def unpacked(body: bytes, window: int, cap: int) -> bytes:
    """All members of a compressed body, one after another."""
    parts: list[bytes] = []
    room = cap
    while body:
        member = zlib.decompressobj(window)
        try:
            part = member.decompress(body, room + 1)
        except zlib.error as error:
            raise Truncated(f"the compressed body is damaged: {error}") from error
        room -= len(part)
        if room < 0:
            raise TooLarge(f"more than {cap} bytes once decompressed")
        if not member.eof:
            raise Truncated("the compressed body ends too early")
        parts.append(part)
        body = member.unused_data if member.unused_data.startswith(GZIP_MAGIC) else b""
    return b"".join(parts)
