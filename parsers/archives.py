"""Archives → the documents in them (step 4: document). ZIP and gzip, opened without trust.

A member is named by its archive's source, `!/` and its own name: `a.zip!/附件/b.docx`.
"""

import io
import zipfile
import zlib
from collections.abc import Iterator

from msgspec import Struct

from .errors import UnreadableDocument
from .packages import DAMAGE, read_member
from .unwrap import media_type

ZIP, GZIP = "application/zip", "application/gzip"
MAX_DEPTH = 2
"""An archive in an archive is opened, one in that is not."""
MAX_MEMBERS = 2000
MAX_MEMBER = 128 << 20
MAX_BYTES = 512 << 20
"""What all members together may unpack to, those of archives in the archive included."""
MAX_RATIO = 250
"""Unpacked bytes to packed ones, of archives that unpack to more than 64 MiB: deflate itself ends at 1032."""
_UTF8_NAME = 0x800
_LITTER = ("__macosx", ".ds_store", "thumbs.db", "desktop.ini")


class Member(Struct, frozen=True):
    """A document by its source: a file, or what stands in an archive. `problem` says why there are no bytes."""

    source: str
    content: bytes
    media_type: str | None
    problem: str | None = None


class _Allowance:
    """How many members, and bytes of them, may still be unpacked."""

    def __init__(self) -> None:
        self.members = MAX_MEMBERS
        self.bytes = MAX_BYTES

    def take(self, unpacked: int) -> None:
        """Raises UnreadableDocument when it is used up."""
        self.members -= 1
        self.bytes -= unpacked
        if self.members < 0 or self.bytes < 0:
            raise UnreadableDocument(f"the archive unpacks to more than {MAX_MEMBERS} files or {MAX_BYTES} bytes")


def opened(content: bytes, source: str) -> Iterator[Member]:
    """The document itself, or if it is an archive those in it, one at a time and in its order; never none.

    An archive that cannot be opened, ends in the middle or holds no document gives a member with a problem for itself.
    """
    yield from _opened(content, source, _Allowance(), depth=0)


def _opened(content: bytes, source: str, allowance: _Allowance, depth: int) -> Iterator[Member]:
    kind = media_type(content)
    if kind not in (ZIP, GZIP):
        yield Member(source, content, kind)
    elif depth >= MAX_DEPTH:
        yield Member(source, content, kind, "an archive in an archive in an archive is not opened")
    else:
        try:
            yield from _members(content, source, allowance, depth)
        except UnreadableDocument as error:
            yield Member(source, content, kind, str(error))


def _members(content: bytes, source: str, allowance: _Allowance, depth: int) -> Iterator[Member]:
    """The members of an archive. Raises UnreadableDocument for one that is damaged, too big or without documents."""
    is_empty = True
    for name, unpacked in _zipped(content) if media_type(content) == ZIP else _gzipped(content):
        is_empty = False
        if isinstance(unpacked, UnreadableDocument):
            allowance.take(0)
            yield Member(f"{source}!/{name}", b"", None, str(unpacked))
        else:
            allowance.take(len(unpacked))
            yield from _opened(unpacked, f"{source}!/{name}", allowance, depth + 1)
    if is_empty:
        raise UnreadableDocument("the archive holds no document")


def _zipped(content: bytes) -> Iterator[tuple[str, bytes | UnreadableDocument]]:
    """Name and bytes of each file of a ZIP archive, or why it cannot be read. Raises UnreadableDocument where the whole
    archive is damaged or would unpack to too much."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except DAMAGE as error:
        raise UnreadableDocument(f"the ZIP archive is damaged or cut off: {error}") from error
    with archive:
        files = [member for member in archive.infolist() if not member.is_dir() and not _is_litter(member.filename)]
        _weigh(files, len(content))
        for member in files:
            try:
                yield name_of(member), read_member(archive, member, MAX_MEMBER, "ZIP archive")
            except UnreadableDocument as error:
                yield name_of(member), error


def _weigh(files: list[zipfile.ZipInfo], packed: int) -> None:
    if len(files) > MAX_MEMBERS:
        raise UnreadableDocument(f"the archive holds {len(files)} files, more than {MAX_MEMBERS}")
    total = sum(member.file_size for member in files)
    if total > MAX_BYTES or (total > MAX_BYTES // 8 and total > MAX_RATIO * packed):
        raise UnreadableDocument(f"the archive would unpack to {total} bytes from {packed}: too much")


def name_of(member: zipfile.ZipInfo) -> str:
    """The name of a file in an archive. Where it is not marked as UTF-8 it is in the charset of the writer's system:
    GBK in China."""
    name = member.filename
    if not member.flag_bits & _UTF8_NAME and not name.isascii():
        raw = name.encode("cp437", "replace")
        for charset in ("utf-8", "gb18030"):
            try:
                return raw.decode(charset)
            except UnicodeDecodeError:
                continue
    return name


def _is_litter(name: str) -> bool:
    """What systems leave in archives beside the files that people put there."""
    parts = name.lower().replace("\\", "/").split("/")
    return parts[0] == _LITTER[0] or parts[-1] in _LITTER or parts[-1].startswith(("~$", "._"))


def _gzipped(content: bytes) -> Iterator[tuple[str, bytes]]:
    """The one file of a gzip archive."""
    unpacking = zlib.decompressobj(31)
    try:
        unpacked = unpacking.decompress(content, MAX_MEMBER + 1)
    except zlib.error as error:
        raise UnreadableDocument(f"the gzip archive is damaged: {error}") from error
    if len(unpacked) > MAX_MEMBER:
        raise UnreadableDocument(f"the gzip archive would unpack to more than {MAX_MEMBER} bytes")
    if not unpacking.eof:
        raise UnreadableDocument("the gzip archive is cut off")
    yield _gzip_name(content), unpacked


def _gzip_name(content: bytes) -> str:
    """The name that the header keeps, else one for what has none. RFC 1952, 2.3."""
    has_extra, has_name = content[3] & 4, content[3] & 8
    start = 12 + int.from_bytes(content[10:12], "little") if has_extra else 10
    raw = content[start : start + 512].partition(b"\0")[0] if has_name else b""
    try:
        return raw.decode("utf-8") or "content"
    except UnicodeDecodeError:
        return raw.decode("gb18030", "replace")
