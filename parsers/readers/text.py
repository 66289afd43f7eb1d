"""Flattened pages, Markdown and plain text → blocks: a line is a paragraph, lines of separated fields are a grid.

Paragraphs keep their line raw from its first non-blank character, so that the place of any character in them follows
by counting (`document.locator_at`).
"""

import itertools
import re
from collections.abc import Iterator, Sequence
from typing import Literal

from msgspec import Struct

from parsers.document import Block, Document, Grid, GridCell, Heading, Paragraph

Separator = Literal["|", "\t"]

_HEADING = re.compile(r"\s*(#{1,6})[ \t]+(?=\S)")
_HEADING_TAIL = re.compile(r"[ \t]+#+\s*$")
_RULE = re.compile(r"[|+]?(?: *:?-+:? *[|+])* *:?-+:? *[|+]?")
_OPENING = re.compile(r"<!(?:--)?\[if[^\]]*\](?:--)?>", re.IGNORECASE)
_CLOSING = re.compile(r"<!(?:--)?\[endif\](?:--)?>", re.IGNORECASE)
_BLANKS = " \t|\f\v\xa0\u3000"
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_MARKS = re.compile(r"~~[^~]*~~|\[\^\w{1,8}\]|<(su[bp])>[\[(]?\d{1,2}[\])]?</\1>|(?<!`)`(?!`)")
"""What Markdown strikes out, its footnotes, its marks of code."""
_BOLD = re.compile(r"(\*\*|__)(.+)\1")


class _Field(Struct, frozen=True):
    text: str
    column: int


class _Row(Struct, frozen=True):
    """A line with separated fields; `line` and the fields' columns count from 1."""

    line: int
    separator: Separator
    content: str


def read(text: str) -> Document:
    """The blocks of a text in its order. Lines count from 1, end at \\n, \\r\\n or \\r; a form feed is white space."""
    lines = re.split(r"\r\n|\n|\r", text.removeprefix("\ufeff"))
    return Document("text", "text/plain", tuple(_blocks(lines)))


def _blocks(lines: Sequence[str]) -> Iterator[Block]:
    number = 0
    while number < len(lines):
        rows, after = _run_of_rows(lines, number)
        if _is_grid(rows):
            yield _grid(rows)
        else:
            after = number + 1
            yield from _line_blocks(lines[number], number + 1)
        number = after


def _line_blocks(line: str, number: int) -> Iterator[Heading | Paragraph]:
    heading = _HEADING.match(line)
    if heading:
        text = _HEADING_TAIL.sub("", line[heading.end() :]).rstrip()
        yield Heading(text, f"text:{number},{heading.end() + 1}", level=len(heading[1]))
        return
    for raw, place in _list_paragraphs(line):
        text = raw.rstrip()
        start = len(text) - len(text.lstrip())
        if text:
            yield Paragraph(text[start:], f"text:{number},{place + start + 1}")


def _list_paragraphs(line: str) -> Iterator[tuple[str, int]]:
    """The paragraphs of a line with the places (from 0) where they begin.

    Some converters leave Word's conditional comments standing as text: one opens before each list number, one closes
    behind it. The number stays with its paragraph, whose place is counted from the text after it.
    """
    start = 0
    for opening in [*_OPENING.finditer(line), None] if "<!" in line else [None]:
        end = opening.start() if opening else len(line)
        closing = list(_CLOSING.finditer(line, start, end))
        text = _CLOSING.sub("", line[start:end])
        yield text, (closing[-1].end() - len(_CLOSING.sub("", line[start : closing[-1].end()]))) if closing else start
        start = opening.end() if opening else end


def _separator_of(line: str) -> Separator | None:
    """What separates the fields of a line. A tab before its first word is an indent, one behind its last a field."""
    if "|" in line and line.strip(" \t|"):
        return "|"
    return "\t" if "\t" in line.lstrip() else None


def _is_rule(line: str) -> bool:
    """`|---|:--:|` beneath a Markdown head, `+----+----+` of drawn tables; a row of single dashes is one of figures."""
    return "--" in line and len(line.strip()) > 2 and bool(_RULE.fullmatch(line.strip()))


def _run_of_rows(lines: Sequence[str], start: int) -> tuple[list[_Row], int]:
    """The rows of one separator from line `start` (from 0) on, and the line after them. Rules are dropped."""
    rows: list[_Row] = []
    separator = _separator_of(lines[start])
    number = after = start
    has_rule = False
    while separator and number < len(lines):
        line = lines[number]
        if _is_rule(line):
            has_rule = has_rule or bool(rows)
        elif line.strip(_BLANKS):
            is_behind_gap = bool(rows) and number > after
            opens_another = is_behind_gap and _opens_another(rows, lines, number, has_rule)
            if _separator_of(line) != separator or opens_another:
                break
            rows.append(_Row(number + 1, separator, line))
        number += 1
        if lines[number - 1].strip():
            after = number
    return rows, max(after, start + 1)


def _opens_another(rows: Sequence[_Row], lines: Sequence[str], number: int, has_rule: bool) -> bool:
    """Whether the row behind a blank line begins another table: rows of a spreadsheet never have gaps, a second head
    has a rule beneath, and where all rows so far have one number of fields, another number does not go on with them."""
    if rows[-1].separator == "\t":
        return True
    is_head = has_rule and number + 1 < len(lines) and _is_rule(lines[number + 1])
    widths = {row.content.count("|") for row in rows}
    return is_head or (len(rows) > 1 and len(widths) == 1 and lines[number].count("|") not in widths)


def _is_grid(rows: Sequence[_Row]) -> bool:
    if len(rows) != 1:
        return any(row.separator == "|" or "\t" in row.content.strip() for row in rows)
    content = rows[0].content.strip()
    return rows[0].separator == "|" and content.startswith("|") and content.endswith("|") and content.count("|") > 2


def _grid(rows: Sequence[_Row]) -> Grid:
    """Fields in their order; without equally long rows nobody can say which field a short row lacks."""
    has_left_edge = all(row.content.lstrip().startswith("|") for row in rows)
    has_right_edge = all(row.content.rstrip().endswith("|") for row in rows)
    fields = [_fields(row, has_left_edge, has_right_edge) for row in rows]
    cells = tuple(
        GridCell(field.text, place, column, f"text:{row.line},{field.column}")
        for place, (row, line_fields) in enumerate(zip(rows, fields, strict=True))
        for column, field in enumerate(line_fields)
    )
    lengths = {len(line_fields) for line_fields in fields}
    return Grid(cells, len(rows), max(lengths), cells[0].locator, has_borders=len(lengths) == 1)


def _fields(row: _Row, has_left_edge: bool, has_right_edge: bool) -> list[_Field]:
    line = row.content
    start, end = 0, len(line)
    if row.separator == "|" and has_left_edge:
        start = line.index("|") + 1
    if row.separator == "|" and has_right_edge and line.rindex("|") >= start:
        end = line.rindex("|")
    separators = re.finditer(r"(?<!\\)\|" if row.separator == "|" else r"\t", line[start:end])
    bounds = [start, *(start + match.end() for match in separators), end + 1]
    return [_field(line, left, right - 1) for left, right in itertools.pairwise(bounds)]


def _field(line: str, left: int, right: int) -> _Field:
    """The field between two separators, its place that of its first character (or of the gap, where it is empty)."""
    raw = line[left:right]
    text = raw.strip()
    column = left + len(raw) - len(raw.lstrip()) + 1 if text else left + 1
    text = _MARKS.sub("", text).strip() or text
    bold = _BOLD.fullmatch(text)
    if bold:
        text, column = bold[2], column + len(bold[1])
    return _Field(_BREAK.sub("", text).replace("\\|", "|"), column)
