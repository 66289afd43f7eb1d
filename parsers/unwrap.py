"""What kind of document is this? Decided by its bytes, never by a file name or a declared type."""

import io
import re
import zipfile

from parsers.charset import decode

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"{\\rtf", "application/rtf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"BM", "image/bmp"),
    (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"\x1f\x8b\x08", "application/gzip"),
)
_ZIP_MEMBERS: tuple[tuple[str, str], ...] = (
    ("word/document.xml", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ("xl/workbook.xml", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("ppt/presentation.xml", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    ("xl/workbook.bin", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("OFD.xml", "application/ofd"),
)
_OPEN_DOCUMENT = re.compile(rb"application/vnd\.oasis\.opendocument\.[a-z]+")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE_STREAMS: tuple[tuple[str, str], ...] = (
    ("WordDocument", "application/msword"),
    ("Workbook", "application/vnd.ms-excel"),
    ("Book", "application/vnd.ms-excel"),
    ("PowerPoint Document", "application/vnd.ms-powerpoint"),
    ("MN0", "application/vnd.ms-works"),
    ("EncryptedPackage", "application/encrypted-office"),
)
_WPS_STREAM = "WpsCustomData"
_HEAD = 1 << 13
_PDF_REACH = 1024
_PDF = re.compile(rb"%PDF-\d")
_MHT = re.compile(
    r"(?:[\w-]+:.*\n(?:[ \t].*\n)*){0,50}?(?:mime-version:|content-type:[ \t]*multipart/related)", re.IGNORECASE
)
_HTML_FIRST = re.compile(
    r"(?:\s|<!--.*?-->|<\?xml[^>]*>)*<(?:!doctype html|/?(?:html|head|body|frameset|meta|title|link|base|script|style"
    r"|div|span|table|tbody|tr|td|p|br|h[1-6]|center|font|ul|ol|li|a|img|form|section|article|main|header|iframe)\b)",
    re.IGNORECASE | re.DOTALL,
)
_HTML_TAG = re.compile(r"</(?:html|body|head|table|tr|td|div|p)\s*>", re.IGNORECASE)
_XML_FIRST = re.compile(r"\s*<\?xml\b", re.IGNORECASE)
_XML_TYPES = (
    (re.compile(r"<(?:\w+:)?wordDocument\b"), "application/vnd.ms-wordml"),
    (re.compile(r"<office:document\b[^>]*opendocument\.text"), "application/vnd.oasis.opendocument.text-flat-xml"),
)
_CONTROLS = re.compile(r"[\0-\x08\x0e-\x1a\x1c-\x1f\x7f]")


def media_type(content: bytes) -> str | None:
    """The media type that the bytes show; None for nothing, and for bytes that are no known format and no text."""
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zip_type(content)
    if content.startswith(_OLE):
        return _ole_type(content)
    for magic, kind in _MAGIC:
        if content.startswith(magic) and not (magic == b"BM" and b"\0" not in content[:16]):
            return kind
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return "image/webp"
    if _PDF.search(content, 0, _PDF_REACH):
        return "application/pdf"
    return _text_type(content)


def _zip_type(content: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = {name.replace("\\", "/").lower() for name in archive.namelist()}
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return "application/zip"
    kind = next((kind for member, kind in _ZIP_MEMBERS if member.lower() in members), None)
    if kind is None and "[content_types].xml" in members:  # the main part may bear another name
        folders = {name.partition("/")[0] for name in members}
        kind = next((kind for member, kind in _ZIP_MEMBERS if member.partition("/")[0] in folders), None)
    named = _OPEN_DOCUMENT.search(content, 0, _PDF_REACH) if "mimetype" in members else None
    return kind or (named[0].decode() if named else "application/zip")


def _ole_type(content: bytes) -> str:
    """By the stream that the directory lists first: an embedded sheet comes after the document that holds it."""
    sector_size = 1 << min(int.from_bytes(content[30:32], "little"), 12)
    directory = (int.from_bytes(content[48:52], "little") + 1) * sector_size
    places = {
        kind: place
        for name, kind in reversed(_OLE_STREAMS)
        if (place := content.find((name + "\0").encode("utf-16-le"), directory)) >= 0
    }
    if not places:
        return "application/x-ole-storage"
    kind = min(places, key=lambda kind: places[kind])
    is_wps = kind == "application/msword" and _WPS_STREAM.encode("utf-16-le") in content
    return "application/vnd.ms-works" if is_wps else kind


def _text_type(content: bytes) -> str | None:
    head = decode(content[:_HEAD])
    text = head.text.lstrip("\ufeff")
    if not text.strip() or len(_CONTROLS.findall(text)) * 100 > len(text) or head.replaced * 20 > len(text) + 20:
        return None
    if _HTML_FIRST.match(text):
        return "text/html"
    if _MHT.match(text):
        return "multipart/related"
    if _XML_FIRST.match(text):
        return next((kind for pattern, kind in _XML_TYPES if pattern.search(text)), "application/xml")
    return "text/html" if len(_HTML_TAG.findall(text)) >= 3 else "text/plain"
