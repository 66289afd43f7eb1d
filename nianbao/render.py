"""Rows for people and machines: an aligned text table, CSV, or JSON lines. Knows nothing of what the rows mean."""

import csv
import io
import json
import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Literal

Format = Literal["table", "csv", "json"]
WIDEST = 60
"""A text cell of a table that goes to a terminal is cut at this many columns."""
NUMBER = re.compile(r"[+-]?\d[\d,]*(\.\d+)?")
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def render(names: Sequence[str], rows: Iterable[Sequence[object]], form: Format, widest: int | None = None) -> str:
    """The rows under their names, ending in a line break where there is any text."""
    if form == "csv":
        return csv_text(names, rows)
    if form == "json":
        lines = (json.dumps(dict(zip(names, map(_jsonable, row), strict=True)), ensure_ascii=False) for row in rows)
        return "".join(f"{line}\n" for line in lines)
    return aligned(names, rows, widest)


def aligned(names: Sequence[str], rows: Iterable[Sequence[object]], widest: int | None = None) -> str:
    """Columns padded to the width that terminals give Chinese text, texts cut at `widest`, numbers to the right."""
    listed = [[_cut(_shown(value), widest) for value in row] for row in rows]
    numeric = [
        bool(listed) and all(not row[i] or NUMBER.fullmatch(row[i]) for row in listed) for i in range(len(names))
    ]
    widths = [max(width(text) for text in (name, *(row[i] for row in listed))) for i, name in enumerate(names)]
    lines = [_line(names, widths, numeric), _line(["-" * each for each in widths], widths, numeric)]
    return "".join(f"{line}\n" for line in (*lines, *(_line(row, widths, numeric) for row in listed)))


def csv_text(names: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """CSV in which no spreadsheet program finds a formula: text that begins like one gets an apostrophe in front."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([_spreadsheet_safe(value) for value in row] for row in rows)
    return out.getvalue()


def width(text: str) -> int:
    """Columns that a text takes on a terminal."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def _spreadsheet_safe(value: object) -> object:
    plain = _jsonable(value)
    if isinstance(plain, list | dict):
        plain = json.dumps(plain, ensure_ascii=False)
    if isinstance(plain, str) and plain.startswith(FORMULA_STARTS) and not NUMBER.fullmatch(plain):
        return f"'{plain}"
    return _shortest(plain) if isinstance(plain, float) else plain


def _line(texts: Sequence[str], widths: Sequence[int], numeric: Sequence[bool]) -> str:
    padded = (
        " " * (size - width(text)) + text if is_number else text + " " * (size - width(text))
        for text, size, is_number in zip(texts, widths, numeric, strict=True)
    )
    return "  ".join(padded).rstrip()


def _shown(value: object) -> str:
    plain = _jsonable(value)
    if plain is None:
        return ""
    if isinstance(plain, float):
        return str(_shortest(plain))
    text = json.dumps(plain, ensure_ascii=False) if isinstance(plain, list | dict | bool) else str(plain)
    return " ".join(text.split())


def _cut(text: str, widest: int | None) -> str:
    if widest is None or width(text) <= widest:
        return text
    kept = ""
    for character in text:
        if width(kept + character) >= widest:
            break
        kept += character
    return f"{kept}…"


def _shortest(value: float) -> int | float:
    """Whole numbers without a decimal point."""
    return int(value) if value == value and abs(value) < 1e15 and value == int(value) else value


def _jsonable(value: object) -> object:
    return value.isoformat() if isinstance(value, date | datetime) else value
