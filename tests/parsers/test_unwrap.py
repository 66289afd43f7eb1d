"""Media types by content: real files of the standard library's and our making, and what only looks like one."""

import io
import random
import zipfile

import pytest

from parsers.unwrap import media_type

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def archive(*members: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        for member in members:
            file.writestr(member, "content")
    return buffer.getvalue()


def open_document(kind: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        file.writestr("mimetype", f"application/vnd.oasis.opendocument.{kind}")
        file.writestr("content.xml", "<office/>")
    return buffer.getvalue()


def ole(*streams: str) -> bytes:
    """An OLE file as far as a sniffer looks: header, one directory sector with a root and the streams, then padding."""
    header = bytearray(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(512, b"\0"))
    header[30:32] = (9).to_bytes(2, "little")
    entries = b"".join((name + "\0").encode("utf-16-le").ljust(128, b"\0") for name in ("Root Entry", *streams))
    return bytes(header) + entries.ljust(1024, b"\0")


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"%PDF-1.7\n...", "application/pdf"),
        (b"\r\n\r\n" + b"x" * 300 + b"\n%PDF-1.4\n", "application/pdf"),
        (archive("[Content_Types].xml", "word/document.xml"), WORD),
        (archive("[Content_Types].xml", "xl/workbook.xml"), EXCEL),
        (archive("[Content_Types].xml", "word/document2.xml"), WORD),
        (archive("[Content_Types].xml", "WORD\\document.xml"), WORD),
        (archive("word/notes.txt"), "application/zip"),
        (archive("[Content_Types].xml", "xl/workbook.bin"), EXCEL),
        (open_document("text"), "application/vnd.oasis.opendocument.text"),
        (open_document("spreadsheet"), "application/vnd.oasis.opendocument.spreadsheet"),
        (archive("OFD.xml", "Doc_0/Document.xml"), "application/ofd"),
        (archive("2020.pdf", "2021.pdf"), "application/zip"),
        (archive(), "application/zip"),
        (archive("word/document.xml")[:-30], "application/zip"),  # cut off: no list of members
        (ole("1Table", "WordDocument"), "application/msword"),
        (ole("Workbook"), "application/vnd.ms-excel"),
        (ole("Book"), "application/vnd.ms-excel"),
        (ole("WordDocument", "ObjectPool", "Workbook"), "application/msword"),
        (ole("Workbook", "MBD0001", "WordDocument"), "application/vnd.ms-excel"),
        (ole("WordDocument", "WpsCustomData"), "application/vnd.ms-works"),
        (ole("EncryptedPackage", "EncryptionInfo"), "application/encrypted-office"),
        (ole("Contents"), "application/x-ole-storage"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
        (b"{\\rtf1\\ansi\\ansicpg936 x}", "application/rtf"),
        (b'<?xml version="1.0"?><?mso-application progid="Word.Document"?><w:wordDocument>', "application/vnd.ms-wordml"),
        (
            b'<?xml version="1.0"?><office:document office:mimetype="application/vnd.oasis.opendocument.text">',
            "application/vnd.oasis.opendocument.text-flat-xml",
        ),
        (b"\x89PNG\r\n\x1a\n\0\0", "image/png"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "image/jpeg"),
        (b"GIF89a\1\0", "image/gif"),
        (b"BM\x36\0\0\0\0\0\0\0\x36\0", "image/bmp"),
        (b"Rar!\x1a\x07\0", "application/vnd.rar"),
        (b"<!DOCTYPE html><html></html>", "text/html"),
        (b"\xef\xbb\xbf \r\n<HTML>", "text/html"),
        (b"<!-- saved from url --><html>", "text/html"),
        (b'<?xml version="1.0"?><!DOCTYPE html PUBLIC "x"><html>', "text/html"),
        ("<p>规章</p>".encode("gbk"), "text/html"),
        ("<table><tr><td>规章".encode(), "text/html"),
        ("<html><body>年报</body></html>".encode("utf-16"), "text/html"),
        ("正文<table><tr><td>1</td></tr></table>".encode(), "text/html"),
        (b'<?xml version="1.0"?><recordset><record/></recordset>', "application/xml"),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n--x", "multipart/related"),
        (b"From: <Saved by WebKit>\nSubject: x\nMIME-Version: 1.0\n", "multipart/related"),
        ("一、总体情况\n规章 0 0 0".encode("gbk"), "text/plain"),
        ("# 年度报告\n\n| a | b |\n|---|---|\n| 1<br>2 | 3 |".encode(), "text/plain"),
        ("第1页\x0c第2页".encode(), "text/plain"),
        (b"BM is no picture here", "text/plain"),
        (b"a < b and c > d", "text/plain"),
        (b"", None),
        (b" \r\n\t", None),
        (b"\0" * 100, None),
        (random.Random(1).randbytes(4000), None),
    ],
)
def test_media_type(content: bytes, expected: str | None) -> None:
    assert media_type(content) == expected


@pytest.mark.parametrize("seed", range(20))
def test_noise_is_no_document(seed: int) -> None:
    assert media_type(random.Random(seed).randbytes(500)) is None


@pytest.mark.parametrize("seed", range(20))
def test_cut_archives_do_not_raise(seed: int) -> None:
    whole = archive("word/document.xml", "[Content_Types].xml")
    content = bytearray(whole)
    maker = random.Random(seed)
    for _ in range(5):
        content[maker.randrange(4, len(content))] = maker.randrange(256)
    assert media_type(bytes(content)) in {WORD, "application/zip"}
