"""Bytes → Document, by media type (step 4). A format is one module here and one line in `READERS`."""

from collections.abc import Mapping
from typing import Protocol

import msgspec

from parsers.charset import Decoded, decode
from parsers.document import Document
from parsers.errors import UnreadableDocument
from parsers.readers import docx, html, image, mht, ofd, pdf, spreadsheet, text


class Reader(Protocol):
    """Reads one format. `declared` is a charset that came with the bytes, if any; `url` is the document's address.

    Raises UnreadableDocument, whose message is the reason a person reads.
    """

    def __call__(self, content: bytes, url: str | None, declared: str | None) -> Document: ...


def _read_html(
    content: bytes, url: str | None, declared: str | None, pictures: Mapping[str, bytes] = html.NO_PICTURES
) -> Document:
    decoded = decode(content, declared)
    return _with_remarks(html.read(decoded.utf8(content), url, pictures), decoded)


def _read_web_archive(content: bytes, url: str | None, declared: str | None) -> Document:  # noqa: ARG001
    page = mht.page_in(content)
    decoded = decode(page.content, page.charset)
    document = html.read(decoded.utf8(page.content), url or page.address, page.pictures)
    return msgspec.structs.replace(_with_remarks(document, decoded), media_type="multipart/related")


def _read_text(content: bytes, url: str | None, declared: str | None) -> Document:  # noqa: ARG001
    decoded = decode(content, declared)
    return _with_remarks(text.read(decoded.text), decoded)


def _read_pdf(content: bytes, url: str | None, declared: str | None) -> Document:  # noqa: ARG001
    return pdf.read(content)


def _read_docx(content: bytes, url: str | None, declared: str | None) -> Document:  # noqa: ARG001
    return docx.read(content)


def _read_ofd(content: bytes, url: str | None, declared: str | None) -> Document:  # noqa: ARG001
    return ofd.read(content)


def _read_sheets(media_type: str) -> Reader:
    return lambda content, url, declared: spreadsheet.read(content, media_type)  # noqa: ARG005


def _picture_reader(media_type: str) -> Reader:
    def read_picture(content: bytes, url: str | None, declared: str | None) -> Document:  # noqa: ARG001
        return image.read(content, media_type)

    return read_picture


READERS: dict[str, Reader] = {
    "text/html": _read_html,
    "application/xhtml+xml": _read_html,
    "multipart/related": _read_web_archive,
    "text/plain": _read_text,
    "text/markdown": _read_text,
    "application/pdf": _read_pdf,
    **{media_type: _picture_reader(media_type) for media_type in image.MEDIA_TYPES},
    docx.MEDIA_TYPE: _read_docx,
    ofd.MEDIA_TYPE: _read_ofd,
    **{kind: _read_sheets(kind) for kind in (spreadsheet.XLSX, spreadsheet.XLS, spreadsheet.ODS)},
}

FORMATS: dict[str, str] = {
    "application/msword": "Word 97-2003 (.doc)",
    "application/vnd.ms-works": "WPS Writer (.wps)",
    "application/vnd.ms-powerpoint": "PowerPoint 97-2003 (.ppt)",
    "application/x-ole-storage": "an OLE file of unknown kind",
    "application/vnd.oasis.opendocument.text": "OpenDocument (.odt)",
    "application/vnd.oasis.opendocument.text-flat-xml": "OpenDocument (.fodt)",
    "application/vnd.ms-wordml": "Word 2003 XML",
    "application/encrypted-office": "an Office document encrypted with a password",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "PowerPoint (.pptx)",
    "application/rtf": "RTF",
    "application/zip": "a ZIP archive",
    "application/vnd.rar": "a RAR archive",
    "application/x-7z-compressed": "a 7z archive",
    "application/gzip": "a gzip archive",
    "application/xml": "XML",
    "image/png": "a PNG picture",
    "image/jpeg": "a JPEG picture",
    "image/gif": "a GIF picture",
    "image/webp": "a WebP picture",
    "image/bmp": "a BMP picture",
    "image/tiff": "a TIFF picture",
}
"""Names of formats that are known by their bytes but have no reader (yet)."""


def read(
    content: bytes, media_type: str, url: str | None = None, pictures: Mapping[str, bytes] = html.NO_PICTURES
) -> Document:
    """What a document says. `media_type` as found by content (`unwrap.media_type`), a `charset` parameter being a hint;
    `pictures` are the bytes of pictures that a page shows, by address.

    Raises UnreadableDocument where the format has no reader, and where its reader cannot read these bytes.
    """
    kind, _, parameters = media_type.partition(";")
    kind = kind.strip().lower()
    reader = READERS.get(kind)
    if reader is None:
        raise UnreadableDocument(f"no reader for {FORMATS[kind]}" if kind in FORMATS else f"no reader for {kind}")
    if reader is _read_html:
        return _read_html(content, url, _charset_in(parameters), pictures)
    return reader(content, url, _charset_in(parameters))


def _charset_in(parameters: str) -> str | None:
    name, _, value = parameters.partition("=")
    return value.strip(" \"';") or None if name.strip().lower() == "charset" else None


def _with_remarks(document: Document, decoded: Decoded) -> Document:
    remarks = []
    if decoded.was_declared_wrongly:
        remarks.append(f"the declared charset is wrong: the bytes are {decoded.charset}")
    if decoded.replaced:
        remarks.append(f"{decoded.replaced} characters could not be decoded")
    return msgspec.structs.replace(document, remarks=(*remarks, *document.remarks)) if remarks else document
