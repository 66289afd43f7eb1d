"""Files that are broken, or made to harm who reads them: each a name and how to make it. None is stored.

`HOSTILE` are those made on purpose; `truncations` cuts a good report of each format at ten places.
"""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from random import Random

from . import forms, ofd, package, pdf, prose, render, sheets, truth, word

MIB = 1 << 20
PLACES = (0.01, 0.05, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.95, 0.99)
W = word.W


# --- good ones, to cut -------------------------------------------------------------------------------------------------


@cache
def good() -> tuple[truth.Truth, dict[str, bytes]]:
    """One report in each format."""
    random = Random(9)
    meant = render.random_truth(random, "format_2021")
    text, laid_out = prose.text(random, meant), forms.forms(meant)
    made = {
        "pdf": pdf.pdf_page(meant, text, laid_out),
        "docx": word.docx_page(meant, text, laid_out),
        "xlsx": sheets.xlsx_page(meant, text, laid_out),
        "xls": sheets.xls_page(meant, text, laid_out),
        "ofd": ofd.ofd_page(meant, text, laid_out),
    }
    made["zip"] = package.package({"a.pdf": made["pdf"], "b.docx": made["docx"]})
    return meant, made


def truncations() -> Iterator[tuple[str, bytes]]:
    """Every good report, cut off."""
    for kind, content in good()[1].items():
        for place in PLACES:
            yield f"{kind} cut off after {place:.0%}", content[: int(place * len(content))]


# --- PDF ---------------------------------------------------------------------------------------------------------------


def _pdf(objects: Sequence[str | bytes], trailer: str = "") -> bytes:
    body, offsets = bytearray(b"%PDF-1.5\n"), []
    for number, content in enumerate(objects, 1):
        offsets.append(len(body))
        written = content.encode("latin-1") if isinstance(content, str) else content
        body += b"%d 0 obj\n%b\nendobj\n" % (number, written)
    table = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    head = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
    tail = f"trailer\n<</Size {len(objects) + 1}/Root 1 0 R{trailer}>>\nstartxref\n{len(body)}\n%%EOF\n"
    return bytes(body) + (head + tail).encode()


CATALOG = "<</Type/Catalog/Pages 2 0 R>>"
ONE_PAGE = "<</Type/Pages/Count 1/Kids[3 0 R]>>"


def _page(resources: str = "", box: str = "0 0 595 842") -> str:
    return f"<</Type/Page/Parent 2 0 R/MediaBox[{box}]/Contents 4 0 R/Resources<<{resources}>>>>"


def _stream(content: bytes, entries: str = "") -> bytes:
    return b"<</Length %d%b>>stream\n%b\nendstream" % (len(content), entries.encode(), content)


def encrypted_pdf() -> bytes:
    locked = f"/Encrypt<</Filter/Standard/V 1/R 2/P -44/O<{'5a' * 32}>/U<{'a5' * 32}>>>/ID[<{'00' * 16}><{'00' * 16}>]"
    return _pdf([CATALOG, ONE_PAGE, _page(), _stream(b"")], locked)


def pdf_of_100_000_pages() -> bytes:
    count = 100_000
    kids = " ".join(f"{number + 3} 0 R" for number in range(count))
    page = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>"
    return _pdf([CATALOG, f"<</Type/Pages/Count {count}/Kids[{kids}]>>", *[page] * count])


def pdf_that_says_a_billion_pages() -> bytes:
    return _pdf([CATALOG, "<</Type/Pages/Count 1000000000/Kids[3 0 R]>>", _page(), _stream(b"")])


def pdf_whose_pages_hold_themselves() -> bytes:
    return _pdf([CATALOG, "<</Type/Pages/Count 5/Kids[2 0 R 2 0 R]/Parent 2 0 R>>"])


def pdf_whose_drawings_draw_themselves() -> bytes:
    form = _stream(b"/X Do /X Do", "/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 5 0 R>>>>")
    return _pdf([CATALOG, ONE_PAGE, _page("/XObject<</X 5 0 R>>"), _stream(b"/X Do"), form])


def pdf_of_drawings_in_drawings() -> bytes:
    """Each of 30 drawings draws the next twice: 2 to the 30th."""
    drawings = [
        _stream(b"/X Do /X Do", f"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X {6 + n} 0 R>>>>")
        for n in range(30)
    ]
    last = _stream(b"0 0 5 5 re f", "/Type/XObject/Subtype/Form/BBox[0 0 9 9]")
    return _pdf([CATALOG, ONE_PAGE, _page("/XObject<</X 5 0 R>>"), _stream(b"/X Do"), *drawings, last])


def pdf_of_a_bloated_stream() -> bytes:
    return _pdf([CATALOG, ONE_PAGE, _page(), _stream(bloated(700 * MIB), "/Filter/FlateDecode")])


def pdf_bloated_twice() -> bytes:
    twice = zlib.compress(bloated(900 * MIB), 9)
    return _pdf([CATALOG, ONE_PAGE, _page(), _stream(twice, "/Filter[/FlateDecode/FlateDecode]")])


def pdf_of_a_million_lines() -> bytes:
    lines = b"".join(b"%d %d m %d %d l S\n" % (n % 590, n % 800, n % 583, n % 797) for n in range(1_000_000))
    return _pdf([CATALOG, ONE_PAGE, _page(), _stream(zlib.compress(lines), "/Filter/FlateDecode")])


def pdf_of_a_fine_lattice() -> bytes:
    """2,000 lines each way: four million cells."""
    across = b"".join(b"0 %.2f m 595 %.2f l S\n" % (n * 0.4, n * 0.4) for n in range(2000))
    down = b"".join(b"%.2f 0 m %.2f 842 l S\n" % (n * 0.29, n * 0.29) for n in range(2000))
    return _pdf([CATALOG, ONE_PAGE, _page(), _stream(zlib.compress(across + down), "/Filter/FlateDecode")])


def pdf_of_a_huge_page() -> bytes:
    lines = b"".join(b"0 %d m 9000000 %d l S %d 0 m %d 9000000 l S\n" % ((n * 4500,) * 4) for n in range(2000))
    return _pdf([CATALOG, ONE_PAGE, _page(box="0 0 9000000 9000000"), _stream(lines)])


def pdf_of_a_huge_picture() -> bytes:
    side = 30_000
    picture = _stream(
        bloated(side * side // MIB * MIB + MIB),
        f"/Type/XObject/Subtype/Image/Width {side}/Height {side}/ColorSpace/DeviceGray/BitsPerComponent 8/Filter/FlateDecode",
    )
    return _pdf([CATALOG, ONE_PAGE, _page("/XObject<</X 5 0 R>>"), _stream(b"595 0 0 842 0 0 cm /X Do"), picture])


def pdf_of_nested_arrays() -> bytes:
    return _pdf([CATALOG, ONE_PAGE, f"<</Type/Page/Parent 2 0 R/MediaBox{'[' * 200_000}>>"])


def pdf_whose_table_of_objects_lies() -> bytes:
    return good()[1]["pdf"].replace(b"startxref\n", b"startxref\n9", 1)


# --- packages ----------------------------------------------------------------------------------------------------------


def repeated(unit: bytes, count: int, before: bytes = b"", after: bytes = b"") -> bytes:
    """Raw deflate of `before`, `count` times `unit`, `after`; the unit is packed once and that repeated."""
    packer = zlib.compressobj(9, wbits=-15)
    begin = packer.compress(before) + packer.flush(zlib.Z_FULL_FLUSH)
    block = packer.compress(unit) + packer.flush(zlib.Z_FULL_FLUSH)
    return begin + block * count + packer.compress(after) + packer.flush()


def bloated(size: int) -> bytes:
    """So many zeros (whole MiB), deflated: about a thousandth."""
    adler = size % 65521 << 16 | 1
    return b"\x78\xda" + repeated(bytes(MIB), size // MIB) + struct.pack(">I", adler)


def zip_of(
    name: str, size: int, said: int | None = None, content: bytes | None = None, others: Mapping[str, bytes] | None = None
) -> bytes:
    """An archive with a member of `size` zeros, or of other packed content; its header says `said`."""
    packed = repeated(bytes(MIB), size // MIB) if content is None else content
    members = [(name, packed, size if said is None else said)]
    members += [(each, repeated(b"", 0, plain), len(plain)) for each, plain in (others or {}).items()]
    crcs = {each: zlib.crc32(plain) for each, plain in (others or {}).items()}
    body = listed = b""
    for each, stored, told in members:
        facts = (8, 0, 0, crcs.get(each, 0), len(stored), told, len(each), 0)
        listed += struct.pack("<4sHHHHHHIIIHHHHHII", b"PK\1\2", 20, 20, 0, *facts, 0, 0, 0, 0, len(body)) + each.encode()
        body += struct.pack("<4sHHHHHIIIHH", b"PK\3\4", 20, 0, *facts) + each.encode() + stored
    count = len(members)
    return body + listed + struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, count, count, len(listed), len(body), 0)


def nested(depth: int) -> bytes:
    content = package.package({"a.txt": b"text"})
    for _ in range(depth):
        content = package.package({"a.zip": content})
    return content


def fanned_out() -> bytes:
    """Ten archives of ten archives of ten bloated members each."""
    inner = zip_of("a.html", 60 * MIB)
    middle = package.package({f"{n}.zip": inner for n in range(10)})
    return package.package({f"{n}.zip": middle for n in range(10)})


def overlapping() -> bytes:
    """A thousand entries of the list name the same packed bytes."""
    one = zip_of("a.html", 4 * MIB)
    at = one.index(b"PK\1\2")
    listed, count = one[at : one.index(b"PK\5\6")], 1000
    return one[:at] + listed * count + struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, count, count, len(listed) * count, at, 0)


def zip_of_many(count: int) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for number in range(count):
            archive.writestr(f"{number}.txt", b"")
    return buffer.getvalue()


def encrypted_zip() -> bytes:
    content = bytearray(package.package({"a.docx": good()[1]["docx"]}))
    for magic, offset in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        content[content.index(magic) + offset] |= 1
    return bytes(content)


def climbing_zip() -> bytes:
    return package.package({"../../../../tmp/climbed.html": b"<html><body><p>x</p></body></html>"})


LAUGHS = (
    '<!DOCTYPE l [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefghi", "bcdefghij", strict=True))
    + "]>"
)
OUTSIDE = '<!DOCTYPE l [<!ENTITY j SYSTEM "file:///etc/passwd">]>'
ELSEWHERE = '<!DOCTYPE l [<!ENTITY % d SYSTEM "http://127.0.0.1:9/d.dtd"> %d;<!ENTITY j "x">]>'


def _with_part(kind: str, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """A good document with one part changed."""
    with zipfile.ZipFile(io.BytesIO(good()[1][kind])) as file:
        parts: dict[str, str | bytes] = {each: file.read(each) for each in file.namelist()}
    parts[name] = change(bytes(parts[name]))  # type: ignore[arg-type]
    return package.package(parts)


def docx_that_declares(doctype: str) -> bytes:
    body = f'<w:document xmlns:w="{W}"><w:body><w:p><w:r><w:t>&j;</w:t></w:r></w:p></w:body></w:document>'
    return _with_part("docx", "word/document.xml", lambda _: (doctype + body).encode())


def xlsx_that_declares(doctype: str) -> bytes:
    return _with_part("xlsx", "xl/sharedStrings.xml", lambda xml: b"<?xml version='1.0'?>" + doctype.encode() + xml[xml.index(b"<sst") :])


def ofd_that_declares(doctype: str) -> bytes:
    return _with_part("ofd", "OFD.xml", lambda xml: doctype.encode() + xml[xml.index(b"<ofd") :])


def bloated_part(kind: str, name: str) -> bytes:
    """A document whose main part is 600 MiB of blanks inside of its root."""
    with zipfile.ZipFile(io.BytesIO(good()[1][kind])) as file:
        parts = {each: file.read(each) for each in file.namelist()}
    end = parts[name].index(b">", parts[name].index(b"?>") + 2) + 1
    packed = repeated(b" " * MIB, 600, parts[name][:end], parts[name][end:])
    return zip_of(name, 600 * MIB, content=packed, others={each: xml for each, xml in parts.items() if each != name})


def docx_of_tables_in_tables(depth: int) -> bytes:
    begin, end = "<w:tbl><w:tr><w:tc>", "<w:p/></w:tc></w:tr></w:tbl>"
    return word.docx(begin * depth + end * depth)


def docx_of_a_wide_cell() -> bytes:
    cell = '<w:tc><w:tcPr><w:gridSpan w:val="2147483647"/></w:tcPr><w:p><w:r><w:t>1</w:t></w:r></w:p></w:tc>'
    return word.docx(f"<w:tbl><w:tblGrid/><w:tr>{cell * 3}</w:tr></w:tbl>")


def docx_of_many_cells() -> bytes:
    row = "<w:tr>" + "<w:tc><w:p><w:r><w:t>1</w:t></w:r></w:p></w:tc>" * 60 + "</w:tr>"
    return word.docx(f"<w:tbl>{row * 6000}</w:tbl>")


def encrypted_office() -> bytes:
    return sheets.ole({"EncryptionInfo": bytes(5000), "EncryptedPackage": bytes(9000)})


# --- sheets ------------------------------------------------------------------------------------------------------------


def xlsx_with(dimension: str, cells: str) -> bytes:
    def change(xml: bytes) -> bytes:
        text = xml.decode()
        start, end = text.index("<sheetData"), text.index("</sheetData>") + len("</sheetData>")
        text = text[:start] + f"<sheetData>{cells}</sheetData>" + text[end:]
        before, _, after = text.partition("<dimension")
        return f'{before}<dimension ref="{dimension}"/>{after.partition("/>")[2]}'.encode()

    return _with_part("xlsx", "xl/worksheets/sheet1.xml", change)


def xlsx_of_corners() -> bytes:
    far = '<row r="1048576"><c r="XFD1048576"><v>2</v></c></row>'
    return xlsx_with("A1:XFD1048576", f'<row r="1"><c r="A1"><v>1</v></c></row>{far}')


def xlsx_of_ten_million_cells() -> bytes:
    row = '<row>' + "<c><v>1</v></c>" * 1000 + "</row>"
    return xlsx_with("A1:ALL10000", row * 10_000)


def xlsx_of_a_wide_merge() -> bytes:
    def change(xml: bytes) -> bytes:
        return xml.replace(b"</sheetData>", b'</sheetData><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>', 1)

    return _with_part("xlsx", "xl/worksheets/sheet1.xml", change)


def xls_of_a_far_cell() -> bytes:
    rows: list[list[object]] = [["年报"], *([[]] * 65_000), [None] * 255 + [1.0]]
    return sheets.xls(sheets.Sheet("a", rows, [(0, 0, 65_000, 255)]))


def ole_that_goes_in_circles() -> bytes:
    content = bytearray(good()[1]["xls"])
    for place in range(len(content) - 512, len(content), 4):
        content[place : place + 4] = struct.pack("<i", 1)
    return bytes(content)


# --- pictures ----------------------------------------------------------------------------------------------------------


def png(width: int, height: int, rows: bytes) -> bytes:
    """A picture of one bit a pixel; `rows` deflated."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def huge_png() -> bytes:
    side = 40_000
    return png(side, side, bloated(side * (side // 8 + 1) // MIB * MIB + MIB))


def bmp_that_lies() -> bytes:
    return b"BM" + struct.pack("<IHHIIiiHHIIiiII", 200, 0, 0, 54, 40, 2_000_000_000, 2_000_000_000, 1, 24, 0, 0, 0, 0, 0, 0)


def tiff_of_circles() -> bytes:
    """A directory whose next directory is itself."""
    entry = struct.pack("<HHII", 256, 3, 1, 10)
    return b"II*\0" + struct.pack("<I", 8) + struct.pack("<H", 1) + entry + struct.pack("<I", 8)


# --- pages and text ----------------------------------------------------------------------------------------------------


def page(body: str) -> bytes:
    return f"<html><head><title>2023年政府信息公开工作年度报告</title></head><body>{body}</body></html>".encode()


def archive_in_archive_of_pages(depth: int) -> bytes:
    head, tail = "", ""
    for number in range(depth):
        head += f'Content-Type: multipart/related; boundary="b{number}"\n\n--b{number}\n'
        tail = f"\n--b{number}--\n" + tail
    return f"MIME-Version: 1.0\n{head}Content-Type: text/html\n\n<p>x</p>{tail}".encode()


HOSTILE: dict[str, Callable[[], bytes]] = {
    "PDF with a password": encrypted_pdf,
    "PDF of 100,000 pages": pdf_of_100_000_pages,
    "PDF that says a billion pages": pdf_that_says_a_billion_pages,
    "PDF whose pages hold themselves": pdf_whose_pages_hold_themselves,
    "PDF whose drawing draws itself": pdf_whose_drawings_draw_themselves,
    "PDF of drawings in drawings, 2^30": pdf_of_drawings_in_drawings,
    "PDF with 700 MiB of content": pdf_of_a_bloated_stream,
    "PDF deflated twice": pdf_bloated_twice,
    "PDF of a million lines": pdf_of_a_million_lines,
    "PDF of four million cells": pdf_of_a_fine_lattice,
    "PDF of a page 3 km wide": pdf_of_a_huge_page,
    "PDF of 900 megapixels": pdf_of_a_huge_picture,
    "PDF of 200,000 brackets": pdf_of_nested_arrays,
    "PDF whose object table lies": pdf_whose_table_of_objects_lies,
    "PDF of nothing but its first bytes": lambda: b"%PDF-1.7\n",
    "ZIP of 700 MiB zeros": lambda: zip_of("a.html", 700 * MIB),
    "ZIP of 200 MiB zeros that says 9 bytes": lambda: zip_of("a.html", 200 * MIB, said=9),
    "ZIP in ZIP, twenty times": lambda: nested(20),
    "ZIP of 1,000 ZIPs of 60 MiB": fanned_out,
    "ZIP of 1,000 names for the same bytes": overlapping,
    "ZIP of 70,000 files": lambda: zip_of_many(70_000),
    "ZIP with a password": encrypted_zip,
    "ZIP that climbs out of its folder": climbing_zip,
    "ZIP of noise": lambda: b"PK\3\4" + Random(1).randbytes(5000),
    "gzip of 700 MiB zeros": lambda: b"\x1f\x8b\x08\0\0\0\0\0\2\3" + repeated(bytes(MIB), 700) + bytes(8),
    "docx with a billion laughs": lambda: docx_that_declares(LAUGHS),
    "docx that reads a file": lambda: docx_that_declares(OUTSIDE),
    "docx that asks a server": lambda: docx_that_declares(ELSEWHERE),
    "docx of 600 MiB blanks": lambda: bloated_part("docx", "word/document.xml"),
    "docx of 3,000 tables in tables": lambda: docx_of_tables_in_tables(3000),
    "docx of 100 tables in tables": lambda: docx_of_tables_in_tables(100),
    "docx of a cell over 2^31 columns": docx_of_a_wide_cell,
    "docx of 360,000 cells": docx_of_many_cells,
    "Office file with a password": encrypted_office,
    "xlsx with a billion laughs": lambda: xlsx_that_declares(LAUGHS),
    "xlsx of 600 MiB blanks": lambda: bloated_part("xlsx", "xl/worksheets/sheet1.xml"),
    "xlsx from A1 to XFD1048576": xlsx_of_corners,
    "xlsx of ten million cells": xlsx_of_ten_million_cells,
    "xlsx merged over the whole sheet": xlsx_of_a_wide_merge,
    "xls with a cell in the far corner": xls_of_a_far_cell,
    "xls whose sectors go in circles": ole_that_goes_in_circles,
    "OLE of noise": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + Random(2).randbytes(9000),
    "OFD with a billion laughs": lambda: ofd_that_declares(LAUGHS),
    "OFD of 600 MiB blanks": lambda: bloated_part("ofd", "Doc_0/Document.xml"),
    "PNG of 1,600 megapixels": huge_png,
    "PNG that says 2^31 pixels a side": lambda: png(2**31 - 1, 2**31 - 1, zlib.compress(bytes(100))),
    "PNG of noise": lambda: b"\x89PNG\r\n\x1a\n" + Random(3).randbytes(5000),
    "BMP that lies": bmp_that_lies,
    "TIFF that goes in circles": tiff_of_circles,
    "JPEG of noise": lambda: b"\xff\xd8\xff\xe0" + Random(4).randbytes(5000),
    "page of 100,000 boxes in boxes": lambda: page("<div>" * 100_000),
    "page of 20,000 tables in tables": lambda: page("<table><tr><td>" * 20_000 + "1"),
    "page of a cell over 10^9 rows and columns": lambda: page(
        "<table>" + "<tr><td rowspan=999999999 colspan=999999999>1</td></tr>" * 99 + "</table>"
    ),
    "page of a million cells": lambda: page("<table>" + ("<tr>" + "<td>1</td>" * 100 + "</tr>") * 10_000 + "</table>"),
    "web archive in web archive, 300 times": lambda: archive_in_archive_of_pages(300),
    "text of five million digits": lambda: "政府信息公开工作年度报告".encode() + b"7" * 5_000_000,
    "text of two million brackets": lambda: "政府信息公开工作年度报告（".encode() + "（".encode() * 700_000,
    "RTF of 200,000 braces": lambda: rb"{\rtf1" + b"{" * 200_000,
    "noise": lambda: Random(5).randbytes(200_000),
    "nothing": lambda: b"",
}
