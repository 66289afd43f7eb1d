"""Reports as the files that portals publish, made by the programs that make them where such are installed.

A file form is composed here, and then perhaps saved or printed by a program. `specimens(…)` gives every form with every
damage that it can suffer, in every edition.
"""

from base64 import b64encode
from collections.abc import Callable, Iterator, Sequence
from email.message import EmailMessage
from html import escape
from random import Random
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from parsers import ocr

from . import drawing, markup, ofd, pdf, programs, prose, render, sheets, word
from .forms import Form
from .renderings import Rendering
from .truth import Truth

Composed = Callable[[Random, Truth, prose.Text, tuple[Form, ...]], bytes]
Kind = Literal["text", "aligned", "picture"]
Need = Literal["soffice", "browser", "font", "ocr"]


class FileForm(Struct, frozen=True):
    """`finish` turns all composed documents of a form into files at once; `needs` are programs and extras without which
    it cannot be made or read."""

    suffix: str
    compose: Composed
    finish: Callable[[Sequence[bytes]], list[bytes]] = list
    needs: tuple[Need, ...] = ()
    kind: Kind = "text"


# --- what word processors and browsers make ----------------------------------------------------------------------------

BORDERS = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
    for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)
ACROSS = '<w:sectPr><w:pgSz w:w="16838" w:h="{height}" w:orient="landscape"/></w:sectPr>'


def bordered_docx(_random: Random, truth: Truth, text: prose.Text, forms: tuple[Form, ...]) -> bytes:
    """A Word document whose tables have drawn borders and a small font."""
    return word.docx(_word_body(truth, text, forms), styles=SMALL)


SMALL = (
    '<w:style w:type="paragraph" w:default="1" w:styleId="a"><w:name w:val="Normal"/><w:rPr><w:sz w:val="18"/>'
    '<w:szCs w:val="18"/></w:rPr></w:style><w:style w:type="paragraph" w:styleId="1"><w:name w:val="heading 1"/>'
    '<w:basedOn w:val="a"/></w:style>'
)


def _word_body(truth: Truth, text: prose.Text, forms: Sequence[Form], *, repeats: bool = False) -> str:
    body = [word.paragraph(truth.title), *(word.paragraph(each) for each in text.preamble)]
    for heading, paragraphs, tables in markup.with_tables(text, forms):
        body += [word.paragraph(heading, "1"), *(word.paragraph(each) for each in paragraphs)]
        for form in tables:
            body += [*([word.paragraph(form.caption)] if form.caption else []), _word_table(form, repeats=repeats)]
            body.append(word.paragraph(""))
    return "".join([*body, *(word.paragraph(line) for line in text.signature)])


def _word_table(form: Form, *, repeats: bool) -> str:
    """The table with borders; `repeats`: its head on every page."""
    xml = word.table(form).replace("<w:tblPr/>", f"<w:tblPr><w:tblBorders>{BORDERS}</w:tblBorders></w:tblPr>")
    return xml.replace("<w:tr>", "<w:tr><w:trPr><w:tblHeader/></w:trPr>", form.heads) if repeats else xml


def docx_on_short_pages(random: Random, truth: Truth, text: prose.Text, forms: tuple[Form, ...]) -> bytes:
    """The same on pages so short that every long table runs over several; rows may be cut at the edge of the page."""
    body = _word_body(truth, text, forms, repeats=random.random() < 0.5)
    height = random.randint(7_000, 10_000)
    margins = '<w:pgMar w:top="900" w:bottom="900" w:left="1200" w:right="1200"/>'
    section = f'<w:sectPr><w:pgSz w:w="11906" w:h="{height}"/>{margins}</w:sectPr>'
    return word.docx(body + section, styles=SMALL)


LOOK = (
    "<style>body{{font:{size}pt serif}}table{{border-collapse:collapse;width:100%;{table}}}"
    "td,th{{{cell}padding:2px;text-align:center;{valign}}}{page}</style>"
)


def page_to_print(random: Random, truth: Truth, text: prose.Text, forms: tuple[Form, ...]) -> bytes:
    """A page with the look of one that people print: borders by the table, or by each cell."""
    size, valign = random.choice((9, 10, 10.5)), random.choice(("", "vertical-align:top;", "white-space:normal;"))
    cell = random.choice(("border:1px solid #000;", "border:.5pt solid #333;", "border:1px solid #ccc;"))
    return _looking(truth, text, forms, LOOK.format(size=size, table="", cell=cell, valign=valign, page=""))


def page_on_short_paper(random: Random, truth: Truth, text: prose.Text, forms: tuple[Form, ...]) -> bytes:
    """The same on paper that every long table overruns; the head is repeated where the table has a `thead`."""
    page = f"@page{{size:210mm {random.randint(110, 160)}mm;margin:12mm}}"
    page += random.choice(("", "tr{break-inside:avoid}"))
    return _looking(truth, text, forms, LOOK.format(size=9, table="", cell="border:1px solid #000;", valign="", page=page))


def page_without_borders(_random: Random, truth: Truth, text: prose.Text, forms: tuple[Form, ...]) -> bytes:
    """The same without any border."""
    return _looking(truth, text, forms, LOOK.format(size=9, table="", cell="", valign="", page=""), border=0)


def _looking(truth: Truth, text: prose.Text, forms: tuple[Form, ...], look: str, border: int = 1) -> bytes:
    page = markup.bare_page(truth, text, forms)
    return page.replace("</head>", f"{look}</head>").replace('border="1"', f'border="{border}"').encode()


def _by_office(ending: str, wanted: str) -> Callable[[Sequence[bytes]], list[bytes]]:
    return lambda contents: programs.by_office(contents, ending, wanted)


def _printed_with_heads(pages: Sequence[bytes]) -> list[bytes]:
    return programs.printed(pages, heads=True)


# --- composed here -----------------------------------------------------------------------------------------------------


def borderless_pdf(_random: Random, truth: Truth, text: prose.Text, forms: tuple[Form, ...]) -> bytes:
    """The PDF without its lines: only alignment says where a column is."""
    pages = pdf.pages_of(truth, text, forms)
    return pdf.written([[mark for mark in page if mark.to is None] for page in pages])


def pdf_on_short_pages(random: Random, truth: Truth, text: prose.Text, forms: tuple[Form, ...]) -> bytes:
    """The PDF on pages whose foot stands so high that every long table runs over several."""
    return pdf.written(pdf.pages_of(truth, text, forms, foot=random.randint(250, 450)))


def scanned_pdf(random: Random, truth: Truth, text: prose.Text, forms: tuple[Form, ...]) -> bytes:
    return drawing.scan(random, pdf.pages_of(truth, text, forms))


def page_of_pictures(_random: Random, truth: Truth, text: prose.Text, forms: tuple[Form, ...]) -> bytes:
    """A page that shows every table as a picture."""
    return markup.bare_page(truth, text, forms, _pictured).encode()


def _pictured(form: Form) -> str:
    return f'<p><img src="data:image/png;base64,{b64encode(drawing.picture_of(form)).decode()}" alt=""></p>'


def web_archive(random: Random, truth: Truth, text: prose.Text, forms: tuple[Form, ...]) -> bytes:
    """A page that Word has saved as one file."""
    charset = random.choice(("gb18030", "utf-8"))
    message = EmailMessage()
    message["MIME-Version"] = "1.0"
    message.add_header("Content-Type", "multipart/related", boundary="----=_NextPart")
    part = EmailMessage()
    page = markup.bare_page(truth, text, forms, markup.word_table, charset)
    part.set_content(page.encode(charset), "text", "html", cte=random.choice(("quoted-printable", "base64")))
    part.set_param("charset", charset)
    message.attach(part)
    return message.as_bytes()


def zipped(random: Random, truth: Truth, text: prose.Text, forms: tuple[Form, ...]) -> bytes:
    """An archive with the report in one of the formats, beside a notice, names in GBK as Windows writes them."""
    name, compose = random.choice(MEMBERS)
    notice = f"<html><head><title>通知</title></head><body><p>{escape(truth.title)}见附件。</p></body></html>"
    return archive({f"附件/{truth.title}.{name}": compose(random, truth, text, forms), "说明.html": notice.encode()})


def archive(members: dict[str, bytes]) -> bytes:
    """A ZIP file whose names are GBK without the flag of UTF-8."""
    names = {f"member{number:03}{'x' * len(name.encode('gbk'))}"[: len(name.encode("gbk"))]: name for number, name in enumerate(members)}
    packed = word.package({stand_in: members[name] for stand_in, name in names.items()})
    for stand_in, name in names.items():
        packed = packed.replace(stand_in.encode(), name.encode("gbk"))
    return packed


def _plain(page: Callable[[Truth, prose.Text, tuple[Form, ...]], bytes]) -> Composed:
    return lambda _random, truth, text, forms: page(truth, text, forms)


MEMBERS: tuple[tuple[str, Composed], ...] = (
    ("docx", _plain(word.docx_page)),
    ("pdf", _plain(pdf.pdf_page)),
    ("xlsx", _plain(sheets.xlsx_page)),
    ("ofd", _plain(ofd.ofd_page)),
)

FILE_FORMS: dict[str, FileForm] = {
    "PDF, LibreOffice": FileForm("pdf", bordered_docx, _by_office("docx", "pdf"), ("soffice",)),
    "PDF, Chromium": FileForm("pdf", page_to_print, programs.printed, ("browser",)),
    "PDF, Chromium, date and address on each page": FileForm("pdf", page_to_print, _printed_with_heads, ("browser",)),
    "PDF, composed": FileForm("pdf", _plain(pdf.pdf_page)),
    "PDF, tables over pages": FileForm("pdf", pdf_on_short_pages),
    "PDF, tables over pages, LibreOffice": FileForm("pdf", docx_on_short_pages, _by_office("docx", "pdf"), ("soffice",)),
    "PDF, tables over pages, Chromium": FileForm("pdf", page_on_short_paper, programs.printed, ("browser",)),
    "PDF, no borders": FileForm("pdf", borderless_pdf, kind="aligned"),
    "PDF, no borders, Chromium": FileForm("pdf", page_without_borders, programs.printed, ("browser",), "aligned"),
    "docx": FileForm("docx", _plain(word.docx_page)),
    "docx, LibreOffice": FileForm("docx", page_to_print, _by_office("html", "docx"), ("soffice",)),
    "doc, LibreOffice": FileForm("doc", bordered_docx, _by_office("docx", "doc"), ("soffice",)),
    "xlsx": FileForm("xlsx", _plain(sheets.xlsx_page)),
    "xlsx, LibreOffice": FileForm("xlsx", _plain(sheets.xls_page), _by_office("xls", "xlsx"), ("soffice",)),
    "xls": FileForm("xls", _plain(sheets.xls_page)),
    "xls, LibreOffice": FileForm("xls", _plain(sheets.xlsx_page), _by_office("xlsx", "xls"), ("soffice",)),
    "OFD": FileForm("ofd", _plain(ofd.ofd_page)),
    "MHT": FileForm("mht", web_archive),
    "ZIP": FileForm("zip", zipped),
    "PDF, scan of 200 dpi askew": FileForm("pdf", scanned_pdf, list, ("font", "ocr"), "picture"),
    "HTML, tables as PNG": FileForm("html", page_of_pictures, list, ("font", "ocr"), "picture"),
}
HAVE: dict[Need, Callable[[], object]] = {
    "soffice": programs.office,
    "browser": programs.browser,
    "font": drawing.can_draw,
    "ocr": ocr.is_ready,
}
REASONS: dict[Need, str] = {
    "soffice": "soffice is not installed: no LibreOffice to make documents with",
    "browser": "no browser is installed to print pages with",
    "font": "the extra notebooks is not installed",
    "ocr": "the extra ocr is not installed",
}


def lacking(form: str) -> str | None:
    """Why files of a form cannot be made or read on this machine."""
    return next((REASONS[need] for need in FILE_FORMS[form].needs if not HAVE[need]()), None)


UNSUITED = ("traditional", "charset declared wrongly", *render.ONE_ROW_A_TIME)
"""Damages of text, and of rows that a grid cannot be drawn with."""
HURTS = tuple(hurt for hurt in render.DAMAGES if hurt not in UNSUITED)


def suffers(hurt: str, edition: str) -> bool:
    """Whether a damage makes sense in a file of an edition."""
    is_national = edition not in render.OLD
    return (is_national or hurt not in render.NATIONAL_ONLY) and (hurt != "heads cut" or edition == "format_2019")


def specimens(
    seed: int, form: str, each: int, hurts: Sequence[str] = HURTS, editions: Sequence[str] = render.EDITIONS
) -> Iterator[render.Specimen]:
    """`each` documents of a form with every damage in every edition, always the same for a seed and the same programs.
    Raises RuntimeError where a program is lacking."""
    wanted = FILE_FORMS[form]
    composed = [
        _composed(Random(f"{seed} {form} {hurt} {edition} {number}"), form, hurt, edition)
        for hurt in hurts
        for edition in editions
        if suffers(hurt, edition)
        for number in range(each)
    ]
    contents = wanted.finish([specimen.content for specimen in composed])
    for specimen, content in zip(composed, contents, strict=True):
        yield replace(specimen, content=content)


def _composed(random: Random, form: str, hurt: str, edition: str) -> render.Specimen:
    wanted = FILE_FORMS[form]
    rendering = Rendering("places", lambda *parts: wanted.compose(random, *parts), wanted.suffix)
    return render.specimen(random, form, hurt, edition, rendering)
