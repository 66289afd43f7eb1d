"""Every form in which a report arrives: how its tables are arranged and written, and what a reader sees of their cells."""

from collections.abc import Callable
from random import Random
from typing import Literal

from msgspec import Struct

from . import damage, flat, markup, ofd, pdf, prose, sheets, word
from .forms import Form
from .truth import Truth

Sight = Literal["places", "vanished", "glued"]
"""What a reader sees of the cells: each in its place; blanks gone without a trace; or no borders at all."""


class Rendering(Struct, frozen=True):
    """How laid-out tables become a document: a page of markup, or text."""

    sight: Sight
    page: Callable[[Truth, prose.Text, tuple[Form, ...]], str | bytes]
    suffix: str
    arrange: Callable[[Random, tuple[Form, ...]], tuple[Form, ...]] = lambda _random, laid_out: laid_out
    national_only: bool = False


Page = Callable[[Truth, prose.Text, tuple[Form, ...]], str]


def _page(table: markup.TableMarkup) -> Page:
    return lambda truth, text, laid_out: markup.bare_page(truth, text, laid_out, table)


def _text(table: flat.TableText) -> Page:
    return lambda truth, text, laid_out: flat.text_page(truth, text, laid_out, table)


def _one_line(table: flat.TableText, gap: str) -> Page:
    return lambda truth, text, laid_out: flat.one_line_page(truth, text, laid_out, table, gap)


def _split(*, repeat_head: bool) -> Callable[[Random, tuple[Form, ...]], tuple[Form, ...]]:
    return lambda random, laid_out: damage.split_requests(random, laid_out, repeat_head=repeat_head)


FORMS: dict[str, Rendering] = {
    "html": Rendering("places", _page(markup.plain_table), "html"),
    "html, editor": Rendering("places", _page(markup.styled_table), "html"),
    "html, Word": Rendering("places", _page(markup.word_table), "html"),
    "html, broken labels": Rendering("places", _page(markup.broken_heads_table), "html"),
    "html, loose": Rendering("places", _page(markup.loose_table), "html"),
    "html, section two in one table": Rendering(
        "places",
        _page(markup.plain_table),
        "html",
        lambda _, laid_out: damage.as_one_table(laid_out),
        national_only=True,
    ),
    "html, all in one table": Rendering(
        "places",
        _page(markup.plain_table),
        "html",
        lambda _, laid_out: damage.everything_in_one_table(laid_out),
        national_only=True,
    ),
    "html, split with head": Rendering(
        "places", _page(markup.plain_table), "html", _split(repeat_head=True), national_only=True
    ),
    "html, split without head": Rendering(
        "places", _page(markup.plain_table), "html", _split(repeat_head=False), national_only=True
    ),
    "html, transposed": Rendering(
        "places",
        _page(markup.plain_table),
        "html",
        lambda _, laid_out: damage.transposed_requests(laid_out),
        national_only=True,
    ),
    "html, captions outside": Rendering(
        "places",
        _page(markup.plain_table),
        "html",
        lambda _, laid_out: damage.with_captions_outside(laid_out),
        national_only=True,
    ),
    "html, section four in three": Rendering(
        "places",
        _page(markup.styled_table),
        "html",
        lambda _, laid_out: damage.review_in_three(laid_out),
        national_only=True,
    ),
    "pdf": Rendering("places", pdf.pdf_page, "pdf"),
    "ofd": Rendering("places", ofd.ofd_page, "ofd"),
    "docx": Rendering("places", word.docx_page, "docx"),
    "xlsx": Rendering("places", sheets.xlsx_page, "xlsx"),
    "xls": Rendering("places", sheets.xls_page, "xls"),
    "html, a paragraph a cell": Rendering("vanished", _page(markup.cell_paragraphs), "html"),
    "text, a cell a line": Rendering("vanished", _text(flat.cell_lines), "txt"),
    "text, a row a line": Rendering("vanished", _text(flat.row_lines), "txt"),
    "text, one line, spaced": Rendering("vanished", _one_line(flat.spaced, " "), "txt"),
    "text, glued": Rendering("glued", _one_line(flat.glued, ""), "txt"),
    "text, glued, some spaces": Rendering("glued", _one_line(flat.glued_here_and_there, ""), "txt"),
    "text, pipes": Rendering("places", _text(flat.piped), "txt"),
    "text, pipes, blanks lost": Rendering("vanished", _text(flat.piped_lost), "txt"),
    "text, tabs": Rendering("places", _text(flat.tabbed), "txt"),
    "text, Markdown": Rendering("places", _text(flat.markdown), "md"),
}
