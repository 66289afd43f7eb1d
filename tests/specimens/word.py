"""A report as a Word document (.docx): the fewest parts that the format asks for, tables with merged cells."""

from collections.abc import Sequence
from html import escape

from .forms import Box, Form, places
from .markup import with_tables
from .package import package
from .prose import Text
from .truth import Truth

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml"
NAMESPACES = (
    f'xmlns:w="{W}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:o="urn:schemas-microsoft-com:office:office"'
)
PAPER = 9000
"""Width of what is printed on a page, in twentieths of a point."""
STYLES = (
    '<w:style w:type="paragraph" w:styleId="a"><w:name w:val="Normal"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="1"><w:name w:val="heading 1"/><w:basedOn w:val="a"/></w:style>'
)


def docx(
    body: str, *, styles: str = STYLES, numbering: str = "", title: str = "", main: str = "word/document.xml"
) -> bytes:
    """A document with this body, in the `w:` namespace."""
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{TYPES}">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/{main}" ContentType="{MAIN}.document.main+xml"/>'
        f'<Override PartName="/word/styles.xml" ContentType="{MAIN}.styles+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{RELATIONS}">'
        f'<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="{main}"/></Relationships>',
        main: f"<w:document {NAMESPACES}><w:body>{body}<w:sectPr/></w:body></w:document>",
        "word/styles.xml": f'<w:styles xmlns:w="{W}">{styles}</w:styles>',
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{RELATIONS}">'
        f'<Relationship Id="rId1" Type="{OFFICE}/styles" Target="styles.xml"/></Relationships>',
    }
    if numbering:
        parts["word/numbering.xml"] = f'<w:numbering xmlns:w="{W}">{numbering}</w:numbering>'
    if title:
        parts["docProps/core.xml"] = (
            '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
            f'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{escape(title)}</dc:title></cp:coreProperties>'
        )
    declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    return package({name: declaration + xml for name, xml in parts.items()})


def paragraph(text: str, style: str = "") -> str:
    """A paragraph in two runs, as Word tears them."""
    half = len(text) // 2
    runs = "".join(f'<w:r><w:t xml:space="preserve">{escape(part)}</w:t></w:r>' for part in (text[:half], text[half:]))
    properties = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{properties}{runs}</w:p>"


def table(form: Form) -> str:
    """The form with its spans: cells merged downwards are there in every row, all but the first empty."""
    rows = []
    for y, row in enumerate(places(form)):
        cells, x = [], 0
        while x < len(row):
            box = row[x]
            is_first = y == 0 or places(form)[y - 1][x] is not box
            cells.append(_cell(box, PAPER // form.width * box.colspan, is_first=is_first))
            x += box.colspan
        rows.append(f"<w:tr>{''.join(cells)}</w:tr>")
    columns = f'<w:gridCol w:w="{PAPER // form.width}"/>' * form.width
    return f"<w:tbl><w:tblPr/><w:tblGrid>{columns}</w:tblGrid>{''.join(rows)}</w:tbl>"


def _cell(box: Box, width: int, *, is_first: bool) -> str:
    span = f'<w:gridSpan w:val="{box.colspan}"/>' if box.colspan > 1 else ""
    merge = "" if box.rowspan == 1 else '<w:vMerge w:val="restart"/>' if is_first else "<w:vMerge/>"
    properties = f'<w:tcW w:w="{width}" w:type="dxa"/>{span}{merge}'
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{paragraph(box.text if is_first else '')}</w:tc>"


def docx_page(truth: Truth, text: Text, forms: Sequence[Form]) -> bytes:
    """A whole report."""
    body = [paragraph(truth.title), *(paragraph(each) for each in text.preamble)]
    for heading, paragraphs, tables in with_tables(text, forms):
        body += [paragraph(heading, "1"), *(paragraph(each) for each in paragraphs)]
        for form in tables:
            body += [*([paragraph(form.caption)] if form.caption else []), table(form), paragraph("")]
    return docx("".join([*body, *(paragraph(line) for line in text.signature)]))
