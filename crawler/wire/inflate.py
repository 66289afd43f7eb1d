"""Content-Encoding undone as the bytes come, with a cap: a small answer must not become a large one before anybody
counts, and none is ever whole in memory twice."""

import zlib
from collections.abc import Iterator

from crawler.errors import TooLarge, Truncated, Unreadable

GZIP_MAGIC = b"\x1f\x8b"
GZIP_OR_ZLIB = 47
RAW_DEFLATE = -15
PIECE_BYTES = 256_000
MAX_LAYERS = 3
MAX_MEMBERS = 10_000
"""Millions of empty members in a row are small and take minutes."""
GZIP = ("gzip", "x-gzip")


class Inflater:
    """Bytes as sent in, bytes of the document out. `coding` is the header's value, `is_gzip` tells that the document
    itself is a gzip file, `cap` counts what each layer gives.

    Servers lie both ways: plain text that the header calls gzip is kept as it is, and what comes compressed without a
    word about it is unpacked. Raises Unreadable for codings that were not asked for.
    """

    def __init__(self, coding: str, cap: int, *, is_gzip: bool = False) -> None:
        names = [name for part in coding.lower().split(",") if (name := part.strip()) not in ("", "identity")]
        for name in names:
            if name not in (*GZIP, "deflate"):
                raise Unreadable(f"content coding {name[:40]!r} was not asked for and cannot be undone")
        if len(names) > MAX_LAYERS:
            raise Unreadable(f"{len(names)} content codings over one another")
        hidden = [] if names or is_gzip else ["gzip"]
        self._layers = [Layer(name, cap) for name in reversed(names)] + [Layer(name, cap) for name in hidden]

    def feed(self, part: bytes) -> Iterator[bytes]:
        """What the next bytes hold, in small pieces; raises TooLarge beyond the cap, Truncated where it is damaged."""
        return self._through(0, part)

    def end(self) -> Iterator[bytes]:
        """The rest after the last byte; raises Truncated where more was to come."""
        for depth, layer in enumerate(self._layers):
            for piece in layer.end():
                yield from self._through(depth + 1, piece)

    def _through(self, depth: int, part: bytes) -> Iterator[bytes]:
        if depth == len(self._layers):
            yield part
            return
        for piece in self._layers[depth].feed(part):
            yield from self._through(depth + 1, piece)


class Layer:
    """One coding undone; its first two bytes tell whether it is there at all."""

    def __init__(self, coding: str, cap: int) -> None:
        self._coding = coding
        self._cap = cap
        self._room = cap
        self._held = b""
        self._is_begun = False
        self._window: int | None = None
        self._member = zlib.decompressobj(GZIP_OR_ZLIB)
        self._members = 1

    def feed(self, part: bytes) -> Iterator[bytes]:
        """The next bytes undone."""
        if not self._is_begun:
            part = self._held + part
            self._held = part
            if len(part) < len(GZIP_MAGIC):
                return
            self._begin(part)
        if self._window is None:
            yield part
        else:
            yield from self._expand(part)

    def end(self) -> Iterator[bytes]:
        """What is still held back; raises Truncated where the coding is not complete."""
        if not self._is_begun and self._held:
            if self._coding == "deflate":
                raise Truncated("the compressed body ends too early")
            yield self._held
        elif self._window is not None and not self._member.eof:
            raise Truncated("the compressed body ends too early")

    def _begin(self, start: bytes) -> None:
        self._is_begun, self._held = True, b""
        if self._coding == "deflate":
            is_zlib = start[0] & 0x0F == 8 and int.from_bytes(start[:2], "big") % 31 == 0
            self._window = GZIP_OR_ZLIB if is_zlib else RAW_DEFLATE
        elif start.startswith(GZIP_MAGIC):
            self._window = GZIP_OR_ZLIB
        if self._window is not None:
            self._member = zlib.decompressobj(self._window)

    def _expand(self, part: bytes) -> Iterator[bytes]:
        """All members of a compressed body, one after another; what is no member after the last is left out."""
        while True:
            if self._member.eof:
                if not part or not GZIP_MAGIC.startswith(part[:2]):
                    return
                self._member = self._next_member()
            try:
                piece = self._member.decompress(part, PIECE_BYTES)
            except zlib.error as error:
                raise Truncated(f"the compressed body is damaged: {error}") from error
            self._room -= len(piece)
            if self._room < 0:
                raise TooLarge(f"more than {self._cap} bytes once decompressed")
            if piece:
                yield piece
            part = self._member.unused_data if self._member.eof else self._member.unconsumed_tail
            if not part and (self._member.eof or len(piece) < PIECE_BYTES):
                return

    def _next_member(self) -> "zlib._Decompress":
        self._members += 1
        if self._members > MAX_MEMBERS:
            raise Unreadable(f"more than {MAX_MEMBERS} compressed members in one body")
        return zlib.decompressobj(GZIP_OR_ZLIB)
