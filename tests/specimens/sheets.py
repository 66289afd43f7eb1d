"""A report as a spreadsheet: .xlsx by XlsxWriter, and the old .xls record by record."""

import datetime as dt
import io
import struct
from collections.abc import Iterator, Sequence
from typing import Any

import xlsxwriter
from msgspec import Struct

from .forms import Form, places
from .markup import with_tables
from .prose import Text
from .truth import Truth

Rows = Sequence[Sequence[Any]]
Merge = tuple[int, int, int, int]
"""First row, first column, last row, last column."""


class Sheet(Struct):
    """A sheet filled from top to bottom; None leaves a place empty."""

    name: str
    rows: list[list[Any]]
    merges: list[Merge]


def sheet_of(truth: Truth, text: Text, forms: Sequence[Form]) -> Sheet:
    """A whole report on one sheet: lines of prose in column A, tables between empty rows, figures as numbers."""
    sheet = Sheet("年报", [], [])
    for line in (truth.title, *text.preamble):
        sheet.rows.append([line])
    for heading, paragraphs, tables in with_tables(text, forms):
        sheet.rows += [[], [heading], *([each] for each in paragraphs)]
        for form in tables:
            sheet.rows += [[], *([[form.caption]] if form.caption else [])]
            _add(sheet, form)
    sheet.rows += [[], *([line] for line in text.signature)]
    return sheet


def _add(sheet: Sheet, form: Form) -> None:
    top = len(sheet.rows)
    grid = places(form)
    for y, row in enumerate(grid):
        line: list[Any] = []
        for x, box in enumerate(row):
            is_first = (y == 0 or grid[y - 1][x] is not box) and (x == 0 or row[x - 1] is not box)
            line.append(_value(box.text, box.is_figure) if is_first else None)
            if is_first and box.rowspan * box.colspan > 1:
                sheet.merges.append((top + y, x, top + y + box.rowspan - 1, x + box.colspan - 1))
        sheet.rows.append(line)


def _value(text: str, is_figure: bool) -> Any:
    if is_figure and text.replace(".", "", 1).isdigit() and len(text) < 15:
        return float(text)
    return text or None


def xlsx_page(truth: Truth, text: Text, forms: Sequence[Form]) -> bytes:
    return xlsx(sheet_of(truth, text, forms))


def xls_page(truth: Truth, text: Text, forms: Sequence[Form]) -> bytes:
    return xls(sheet_of(truth, text, forms))


def xlsx(*sheets: Sheet, hidden: Sequence[str] = (), title: str = "") -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False}) as book:
        book.set_properties({"title": title, "created": dt.datetime(2024, 1, 1, tzinfo=None)})  # noqa: DTZ001
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for sheet in sheets:
            page = book.add_worksheet(sheet.name)
            for area in sheet.merges:
                page.merge_range(*area, "")
            for y, row in enumerate(sheet.rows):
                for x, value in enumerate(row):
                    if value is not None:
                        page.write(y, x, value, *([day] if isinstance(value, dt.date) else []))
            if sheet.name in hidden:
                page.hide()
    return buffer.getvalue()


def xls(*sheets: Sheet) -> bytes:
    """BIFF8 records in an OLE file."""
    bodies = [b"".join(_records(sheet)) for sheet in sheets]
    names = [b"".join((_unicode(sheet.name, "<B"),)) for sheet in sheets]
    head = _record(0x809, struct.pack("<HHHHII", 0x600, 0x5, 0, 0, 0, 6)) + _record(0x42, struct.pack("<H", 1200))
    offset = len(head) + sum(4 + 6 + len(name) for name in names) + 4
    bounds = b""
    for name, body in zip(names, bodies, strict=True):
        bounds += _record(0x85, struct.pack("<IBB", offset, 0, 0) + name)
        offset += len(body)
    return ole({"Workbook": head + bounds + _record(0xA) + b"".join(bodies)})


def _records(sheet: Sheet) -> Iterator[bytes]:
    yield _record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 6))
    width = max(map(len, sheet.rows), default=0)
    yield _record(0x200, struct.pack("<IIHHH", 0, len(sheet.rows), 0, width, 0))
    for y, row in enumerate(sheet.rows):
        for x, value in enumerate(row):
            if isinstance(value, float):
                yield _record(0x203, struct.pack("<HHHd", y, x, 0, value))
            elif value is not None:
                yield _record(0x204, struct.pack("<HHH", y, x, 0) + _unicode(value, "<H"))
    for y0, x0, y1, x1 in sheet.merges:
        yield _record(0xE5, struct.pack("<HHHHH", 1, y0, y1, x0, x1))
    yield _record(0xA)


def _record(kind: int, content: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


def _unicode(text: str, length: str) -> bytes:
    return struct.pack(length, len(text)) + b"\1" + text.encode("utf-16-le")


def ole(streams: dict[str, bytes]) -> bytes:
    """An OLE file with these streams, none so small that it would go into the short-sector stream."""
    sector = 512
    chains: list[tuple[int, int]] = []
    body = b""
    for content in streams.values():
        padded = content.ljust(max(4096, -(-len(content) // sector) * sector), b"\0")
        chains.append((len(body) // sector, len(padded)))
        body += padded
    entries = [_entry("Root Entry", 5, -2, 0, child=1)]
    entries += [
        _entry(name, 2, start, size, right=number + 2 if number + 1 < len(streams) else -1)
        for number, (name, (start, size)) in enumerate(zip(streams, chains, strict=True))
    ]
    entries += [_entry("", 0, 0, 0)] * (-len(entries) % 4)
    directory = len(body) // sector
    body += b"".join(entries)
    fat = [-1] * (len(body) // sector)
    for start, size in (*chains, (directory, len(entries) * 128)):
        last = start + size // sector - 1
        fat[start:last] = range(start + 1, last + 1)
        fat[last] = -2
    first_fat = len(fat)
    needed = 1
    while (len(fat) + needed) * 4 > needed * sector:
        needed += 1
    fat += [-3] * needed
    fat += [-1] * (-len(fat) % (sector // 4))
    header = struct.pack(
        "<8s16sHHHHHHIIIIIIIIII",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"", 0x3E, 3, 0xFFFE, 9, 6, 0, 0, 0, needed, directory, 0, 4096,
        0xFFFFFFFE, 0, 0xFFFFFFFE, 0,
    )  # fmt: skip
    blocks = [*range(first_fat, first_fat + needed), *[-1] * (109 - needed)]
    return header + struct.pack("<109i", *blocks) + body + struct.pack(f"<{len(fat)}i", *fat)


def _entry(name: str, kind: int, start: int, size: int, *, child: int = -1, right: int = -1) -> bytes:
    label = (name + "\0").encode("utf-16-le") if name else b""
    return (
        label.ljust(64, b"\0")
        + struct.pack("<HBBiii", len(label), kind, 1, -1, right, child)
        + b"\0" * 36
        + struct.pack("<iQ", start, size)
    )
