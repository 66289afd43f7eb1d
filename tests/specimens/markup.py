"""Laid-out forms as HTML in the dialects that portals serve, and whole pages around them."""

from collections.abc import Callable, Sequence
from html import escape

from .forms import Box, Form
from .prose import Text
from .truth import Truth

TableMarkup = Callable[[Form], str]


def _spans(box: Box) -> str:
    rows = f' rowspan="{box.rowspan}"' if box.rowspan > 1 else ""
    columns = f' colspan="{box.colspan}"' if box.colspan > 1 else ""
    return rows + columns


def plain_table(form: Form) -> str:
    """The official form with its spans and no more."""
    rows = ("".join(f"<td{_spans(box)}>{escape(box.text)}</td>" for box in row) for row in form.rows)
    return '<table border="1" cellspacing="0">\n' + "\n".join(f"<tr>{row}</tr>" for row in rows) + "\n</table>"


def styled_table(form: Form) -> str:
    """The same from a rich-text editor: thead, th, styles, paragraphs in the cells."""
    lines = ['<table class="report" style="width:100%;border-collapse:collapse" cellpadding="0">']
    for place, row in enumerate(form.rows):
        tag = "th" if place < form.heads else "td"
        lines.append("<tr" + (' class="firstRow"' if place == 0 else "") + ">")
        for box in row:
            lines.append(f'<{tag}{_spans(box)} style="border:1px solid #000"><p>{escape(box.text)}</p></{tag}>')
        lines.append("</tr>")
    return "\n".join(lines) + "\n</table>"


def word_table(form: Form) -> str:
    """Pasted from Word: one paragraph a cell, text in several spans, `&nbsp;` around figures, `<o:p>` at the end."""
    lines = ['<table class="MsoNormalTable" border="1" cellspacing="0" style="mso-border-alt:solid .5pt">']
    for place, row in enumerate(form.rows):
        lines.append(f'<tr style="mso-yfti-irow:{place};height:22.5pt">')
        for box in row:
            lines.append(f'<td width="64"{_spans(box)} style="padding:0cm 5.4pt">{_word_cell(box)}</td>')
        lines.append("</tr>")
    return "\n".join(lines) + "\n</table>"


def _word_cell(box: Box) -> str:
    if box.is_figure:
        text = f"&nbsp;{escape(box.text)}&nbsp;" if box.text else ""
        return f'<p class="MsoNormal" align="center"><span lang="EN-US">{text}<o:p></o:p></span></p>'
    half = (len(box.text) + 1) // 2
    first, second = escape(box.text[:half]), escape(box.text[half:])
    pieces = f'<span style="font-family:宋体">{first}</span><span style="font-family:宋体">{second}</span>'
    return f'<p class="MsoNormal">{pieces}<span lang="EN-US"><o:p></o:p></span></p>'


def broken_heads_table(form: Form) -> str:
    """Heads and labels broken by `<br>` in the middle of a word, figures bare."""
    lines = ["<table>"]
    for row in form.rows:
        cells = (f"<td{_spans(box)}>{_broken(box)}</td>" for box in row)
        lines.append("<tr>" + "".join(cells) + "</tr>")
    return "\n".join(lines) + "\n</table>"


def _broken(box: Box) -> str:
    if box.is_figure or len(box.text) < 4:
        return escape(box.text)
    half = len(box.text) // 2
    return f"{escape(box.text[:half])}<br/>{escape(box.text[half:])}"


def loose_table(form: Form) -> str:
    """Old hand-written markup: upper case, no closing tags, unquoted attributes."""
    lines = ["<TABLE border=1>"]
    for row in form.rows:
        cells = (f"<TD{_spans(box).replace(chr(34), '')} nowrap>{escape(box.text)}" for box in row)
        lines.append("<TR>" + "".join(cells))
    return "\n".join(lines) + "\n</TABLE>"


def cell_paragraphs(form: Form) -> str:
    """The table as an editor without tables left it: one paragraph a cell."""
    return "\n".join(f"<p>{escape(box.text)}</p>" for row in form.rows for box in row)


def body(text: Text, forms: Sequence[Form], table: TableMarkup = plain_table) -> str:
    """The report between title and signature."""
    lines = [f"<p>{escape(paragraph)}</p>" for paragraph in text.preamble]
    for heading, paragraphs, tables in with_tables(text, forms):
        lines.append(f"<p><strong>{escape(heading)}</strong></p>")
        lines += [f"<p>{escape(paragraph)}</p>" for paragraph in paragraphs]
        for form in tables:
            if form.caption:
                lines.append(f'<p style="text-align:center">{escape(form.caption)}</p>')
            lines.append(table(form))
    lines += [f'<p style="text-align:right">{escape(line)}</p>' for line in text.signature]
    return "\n".join(lines)


def with_tables(text: Text, forms: Sequence[Form]) -> list[tuple[str, tuple[str, ...], tuple[Form, ...]]]:
    """Each section with the tables that the form puts into it; tables of older forms stand in the last section."""
    wanted = {1: "art20", 2: "requests", 3: "review_litigation"}
    placed = []
    for place, (heading, paragraphs) in enumerate(text.sections):
        prefix = wanted.get(place, "")
        tables = [form for form in forms if prefix and form.table.startswith(prefix)]
        if place == len(text.sections) - 1:
            tables += [form for form in forms if form.table in ("local_2008", "stat_2014")]
        placed.append((heading, paragraphs, tuple(tables)))
    return placed


def bare_page(
    truth: Truth, text: Text, forms: Sequence[Form], table: TableMarkup = plain_table, charset: str = "utf-8"
) -> str:
    """A page of no particular product: title, date line, body."""
    return f"""<!DOCTYPE html>
<html><head><meta charset="{charset}"><title>{escape(truth.title)}</title></head>
<body>
<div class="location">当前位置：首页 &gt; 政府信息公开 &gt; 政府信息公开年报</div>
<h1>{escape(truth.title)}</h1>
<div class="info">发布日期：{truth.published} 来源：本网 【字体：大 中 小】</div>
<div class="article">
{body(text, forms, table)}
</div>
<div class="foot">主办：{escape(truth.organization)} 网站地图 联系我们</div>
</body></html>
"""
