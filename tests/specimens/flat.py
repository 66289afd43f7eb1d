"""Laid-out forms as text: what archives, copy-paste and extractors leave of a table."""

from collections.abc import Callable, Sequence
from random import Random

from .forms import Form, Row, places
from .markup import with_tables
from .prose import Text
from .truth import Truth

TableText = Callable[[Form], str]


def cell_lines(form: Form) -> str:
    """A cell a line, a blank line between; a blank cell leaves nothing behind."""
    return "\n\n".join(box.text for row in form.rows for box in row if box.text)


def cell_lines_kept(form: Form) -> str:
    """A cell a line; a blank cell is a line with a dash."""
    return "\n".join(box.text or "—" for row in form.rows for box in row)


def row_lines(form: Form) -> str:
    """A row a line, cells apart by spaces; blank cells vanish."""
    return "\n".join(_spaced(row) for row in form.rows)


def spaced(form: Form) -> str:
    """The whole table in one line, cells apart by spaces."""
    return " ".join(_spaced(row) for row in form.rows)


def _spaced(row: Row) -> str:
    return " ".join(box.text for box in row if box.text)


def glued(form: Form) -> str:
    """Every border lost."""
    return "".join(box.text for row in form.rows for box in row)


def glued_here_and_there(form: Form) -> str:
    """Most borders lost, some left as a space: which ones says nothing."""
    boxes = [box for row in form.rows for box in row]
    kept = Random(form.width * len(boxes))
    return "".join(box.text + (" " if kept.random() < 0.15 else "") for box in boxes)


def piped(form: Form) -> str:
    """Cells apart by ` | `, blank cells kept as empty fields, a spanned place without a field."""
    return "\n".join(" | ".join(box.text for box in row) for row in form.rows)


def piped_lost(form: Form) -> str:
    """Cells apart by ` | `, blank cells lost."""
    return "\n".join(" | ".join(box.text for box in row if box.text) for row in form.rows)


def tabbed(form: Form) -> str:
    """Every place a field, spans repeated as empty fields, apart by tabs: pasted from a spreadsheet."""
    return "\n".join("\t".join(_once(form)[y]) for y in range(len(form.rows)))


def markdown(form: Form) -> str:
    """A Markdown table: every place a field, the text of a span where it begins."""
    lines = ["| " + " | ".join(fields) + " |" for fields in _once(form)]
    rule = "|" + " --- |" * form.width
    return "\n".join((lines[0], rule, *lines[1:]))


def _once(form: Form) -> list[list[str]]:
    """The text of each box at the first place that it covers, nothing at the others."""
    seen: set[int] = set()
    grid: list[list[str]] = []
    for row in places(form):
        line: list[str] = []
        for box in row:
            line.append("" if id(box) in seen else box.text)
            seen.add(id(box))
        grid.append(line)
    return grid


def text_page(truth: Truth, text: Text, forms: Sequence[Form], table: TableText) -> str:
    """A whole report as text: title, date line, sections, tables, signature."""
    lines = [truth.title, f"发布日期：{truth.published} 来源：本网 【字体：大 中 小】", *text.preamble]
    for heading, paragraphs, tables in with_tables(text, forms):
        lines += [heading, *paragraphs]
        for form in tables:
            lines += [*([form.caption] if form.caption else []), table(form)]
    return "\n\n".join((*lines, *text.signature)) + "\n"


def one_line_page(truth: Truth, text: Text, forms: Sequence[Form], table: TableText, gap: str) -> str:
    """The same with every line end lost too, as archives keep pages: `gap` stands between the parts."""
    parts = [truth.title, f"来源：本网 时间：{truth.published} 10:20", *text.preamble]
    for heading, paragraphs, tables in with_tables(text, forms):
        parts += [heading, *paragraphs]
        for form in tables:
            parts += [*([form.caption] if form.caption else []), table(form)]
    return gap.join((*parts, *text.signature)) + "\n"
