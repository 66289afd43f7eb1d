"""Word documents that we write part by part, those of another writer, and the real empty form."""

import io
import os
from pathlib import Path
from random import Random

import docx as word_library
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers.document import Block, Grid, Heading, Paragraph
from parsers.errors import UnreadableDocument
from parsers.parse import parse
from parsers.readers import docx
from parsers.readers.docx.numbering import in_chinese
from tests.specimens import word
from tests.specimens.forms import Box, Form, places
from tests.specimens.package import package

P = word.paragraph


def blocks(body: str, **parts: str) -> tuple[Block, ...]:
    return docx.read(word.docx(body, **parts)).blocks


def texts(body: str, **parts: str) -> list[str]:
    return [block.text for block in blocks(body, **parts) if not isinstance(block, Grid)]


def tc(content: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{content if content.startswith('<') else P(content)}</w:tc>"


def tbl(*rows: str) -> str:
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in rows)}</w:tbl>"


def grid_of(body: str) -> Grid:
    (grid,) = (block for block in blocks(body) if isinstance(block, Grid))
    return grid


def cells(grid: Grid) -> dict[str, tuple[int, int, int, int]]:
    return {cell.text: (cell.row, cell.column, cell.rowspan, cell.colspan) for cell in grid.cells}


def test_blocks_in_order_each_with_its_place() -> None:
    body = P("年度报告", "1") + P("") + P("前文") + tbl(tc("a") + tc("1"), tc("b") + tc("2")) + P("后文")
    heading, before, grid, after = blocks(body)
    assert heading == Heading("年度报告", "docx:p1", 1)
    assert (before, after) == (Paragraph("前文", "docx:p3"), Paragraph("后文", "docx:p4"))
    assert isinstance(grid, Grid)
    assert [(cell.text, cell.locator) for cell in grid.cells] == [
        ("a", "docx:t1r1c1"), ("1", "docx:t1r1c2"), ("b", "docx:t1r2c1"), ("2", "docx:t1r2c2"),
    ]  # fmt: skip


def test_merged_cells() -> None:
    """
    | a a 1 |      a spans two columns, b two rows, the place before c belongs to no cell
    | b c 2 |
    | b d 3 |
    | . e 4 |
    """
    wide, down, on = '<w:gridSpan w:val="2"/>', '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    rows = (
        tc("a", wide) + tc("1"),
        tc("b", down) + tc("c") + tc("2"),
        tc("not shown", on) + tc("d") + tc("3"),
        '<w:trPr><w:gridBefore w:val="1"/></w:trPr>' + tc("e") + tc("4"),
    )
    grid = grid_of(tbl(*rows))
    assert (grid.rows, grid.columns) == (4, 3)
    assert cells(grid) == {
        "a": (0, 0, 1, 2), "1": (0, 2, 1, 1), "b": (1, 0, 2, 1), "c": (1, 1, 1, 1), "2": (1, 2, 1, 1),
        "d": (2, 1, 1, 1), "3": (2, 2, 1, 1), "e": (3, 1, 1, 1), "4": (3, 2, 1, 1),
    }  # fmt: skip


def test_a_cell_merged_into_nothing_is_a_cell() -> None:
    on = '<w:vMerge w:val="continue"/>'
    grid = grid_of(tbl(tc("a", on) + tc("b"), tc("c", '<w:gridSpan w:val="2"/>' + on), tc("d") + tc("e", on)))
    assert cells(grid) == {
        "a": (0, 0, 1, 1), "b": (0, 1, 1, 1), "c": (1, 0, 1, 2), "d": (2, 0, 1, 1), "e": (2, 1, 1, 1),
    }  # fmt: skip


def test_old_merging_to_the_right() -> None:
    grid = grid_of(tbl(tc("a", '<w:hMerge w:val="restart"/>') + tc("", "<w:hMerge/>") + tc("1"), tc("b") * 3))
    assert cells(grid)["a"] == (0, 0, 1, 2)
    assert cells(grid)["1"] == (0, 2, 1, 1)


def test_lines_of_a_cell_are_joined_as_words() -> None:
    broken = "<w:p><w:r><w:t>本年制发</w:t><w:br/><w:t>件数</w:t></w:r></w:p>"
    grid = grid_of(tbl(tc(broken) + tc(P("12") + P("34")), tc(P("行政") + P(" 许可 ")) + tc("")))
    assert [cell.text for cell in grid.cells] == ["本年制发件数", "12 34", "行政许可", ""]


def test_lines_of_a_paragraph_share_its_place() -> None:
    body = "<w:p><w:r><w:t>某某局</w:t><w:br/><w:t>年度报告</w:t><w:tab/><w:t>x</w:t></w:r></w:p>"
    assert blocks(body) == (Paragraph("某某局", "docx:p1"), Paragraph("年度报告\tx", "docx:p1"))


def test_a_nested_table_follows_as_its_own() -> None:
    inner = tbl(tc("x") + tc("9"), tc("y") + tc("8"))
    outer = tbl(tc("a") + tc("1") + tc("2"), tc("b") + tc("3") + tc("4"), tc(P("c") + inner + P("")) + tc("5") + tc("6"))
    first, second, last = blocks(outer + tbl(tc("z") + tc("7")))
    assert isinstance(first, Grid)
    assert isinstance(second, Grid)
    assert isinstance(last, Grid)
    assert [cell.text for cell in first.cells] == ["a", "1", "2", "b", "3", "4", "c", "5", "6"]
    assert [(cell.text, cell.locator) for cell in second.cells][:2] == [("x", "docx:t2r1c1"), ("9", "docx:t2r1c2")]
    assert last.cells[0].locator == "docx:t3r1c1"


def test_a_table_that_lays_out_a_page_is_its_content() -> None:
    inner = tbl(tc("x") + tc("9"), tc("y") + tc("8"))
    prose = "本机关依法公开政府信息。" * 12
    sole, around, second = blocks(tbl(tc(P("标题") + P("正文"))) + tbl(tc("甲") + tc(P("乙") + inner)))[:3]
    assert (sole, around) == (Paragraph("标题", "docx:t1r1c1"), Paragraph("正文", "docx:t1r1c1"))
    assert second == Paragraph("甲", "docx:t2r1c1")
    kinds = blocks(tbl(tc("a") + tc("1"), tc(prose, '<w:gridSpan w:val="2"/>'), tc("b") + tc("2"), tc("c") + tc("3")))
    assert [type(block) for block in kinds] == [Grid, Paragraph, Grid]
    assert kinds[2].locator == "docx:t1r3c1"


def test_text_boxes_stand_once() -> None:
    box = f"<w:txbxContent>{P('框中')}{tbl(tc('a') + tc('1'))}</w:txbxContent>"
    shape = f"<w:drawing><wps:wsp><wps:txbx>{box}</wps:txbx></wps:wsp></w:drawing>"
    old = f"<w:pict><v:shape><v:textbox>{box}</v:textbox></v:shape></w:pict>"
    both = f"<mc:AlternateContent><mc:Choice>{shape}</mc:Choice><mc:Fallback>{old}</mc:Fallback></mc:AlternateContent>"
    empty = f"<mc:AlternateContent><mc:Choice><w:drawing/></mc:Choice><mc:Fallback>{old}</mc:Fallback></mc:AlternateContent>"
    for form in (shape, old, both, empty):
        found = blocks(f"<w:p><w:r><w:t>旁</w:t></w:r><w:r>{form}</w:r></w:p>" + P("后"))
        assert [getattr(block, "text", "grid") for block in found] == ["旁", "框中", "grid", "后"]
        assert [block.locator for block in found] == ["docx:p1", "docx:p2", "docx:t1r1c1", "docx:p3"]


def test_changes_are_accepted() -> None:
    gone = "<w:del><w:r><w:delText>旧</w:delText></w:r></w:del><w:moveFrom><w:r><w:t>移</w:t></w:r></w:moveFrom>"
    new = "<w:ins><w:r><w:t>新</w:t></w:r></w:ins><w:moveTo><w:r><w:t>至</w:t></w:r></w:moveTo>"
    assert texts(f"<w:p>{gone}{new}</w:p>") == ["新至"]
    ended = '<w:p><w:pPr><w:rPr><w:del w:id="1"/></w:rPr></w:pPr><w:r><w:t>一段</w:t></w:r></w:p>'
    assert texts(ended + P("话") + ended) == ["一段话", "一段"]
    rows = "<w:trPr><w:del/></w:trPr>" + tc("旧") + tc("0"), tc("a") + tc("1"), tc("b") + tc("x", "<w:cellDel/>") + tc("2")
    assert [cell.text for cell in grid_of(tbl(*rows)).cells] == ["a", "1", "b", "2"]
    assert [cell.text for cell in grid_of(tbl(tc("a") + tc(ended), tc("b") + tc("2"))).cells] == ["a", "一段", "b", "2"]


def test_only_visible_text_counts() -> None:
    field = (
        '<w:r><w:fldChar w:fldCharType="begin"/><w:instrText>DATE</w:instrText><w:fldChar w:fldCharType="separate"/>'
        "<w:t>2024</w:t></w:r>"
    )
    hidden = "<w:r><w:rPr><w:vanish/></w:rPr><w:t>隐</w:t></w:r>"
    shown = '<w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>显</w:t></w:r>'
    note = '<w:r><w:footnoteReference w:id="2"/></w:r>'
    ruby = "<w:r><w:ruby><w:rt><w:r><w:t>yin</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>音</w:t></w:r></w:rubyBase></w:ruby></w:r>"
    signs = '<w:r><w:sym w:font="宋体" w:char="2460"/><w:sym w:char="F0FE"/><w:noBreakHyphen/><w:t>a</w:t></w:r>'
    link = "<w:hyperlink><w:r><w:t>网</w:t></w:r></w:hyperlink>"
    assert texts(f"<w:p>{field}{hidden}{shown}{note}{ruby}{signs}{link}</w:p>") == ["2024显音①-a网"]


def test_figures_that_were_struck_out_and_numbers_of_footnotes_are_no_digits() -> None:
    def run(text: str, properties: str = "") -> str:
        return f"<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>"

    raised, lifted = '<w:vertAlign w:val="superscript"/>', '<w:position w:val="8"/>'
    assert texts(f"<w:p>{run('8', '<w:strike/>')}{run('9', '<w:dstrike/>')}{run('12')}{run('①', raised)}</w:p>") == ["12①"]
    assert texts(f"<w:p>{run('12')}{run('1', raised)}</w:p>") == ["12"]
    assert texts(f"<w:p>{run('12')}{run('[3]', raised)}</w:p>") == ["12"]
    assert texts(f"<w:p>{run('1', raised)}{run('2', raised)}</w:p>") == ["12"]  # set a little higher, all of it
    assert texts(f"<w:p>{run('12')}{run('1', lifted)}</w:p>") == ["12"]
    assert texts(f"<w:p>{run('面积')}{run('平方米', raised)}</w:p>") == ["面积平方米"]


@pytest.mark.parametrize(
    ("properties", "text"),
    [
        ('<w:color w:val="FFFFFF"/>', "1"),
        ('<w:color w:val="000000" w:themeColor="background1"/>', "1"),
        ('<w:color w:val="F2F2F2" w:themeColor="background1" w:themeShade="80"/>', "10"),
        ('<w:color w:val="FF0000"/>', "10"),
        ('<w:color w:val="FFFFFF"/><w:shd w:val="clear" w:fill="C00000"/>', "10"),
        ('<w:color w:val="FFFFFF"/><w:shd w:val="clear" w:fill="FFFFFF"/>', "1"),
        ('<w:color w:val="FFFFFF"/><w:highlight w:val="black"/>', "10"),
        ('<w:sz w:val="2"/>', "1"),
        ('<w:sz w:val="21"/>', "10"),
        ('<w:rStyle w:val="gone"/>', "1"),
        ('<w:rStyle w:val="gone"/><w:vanish w:val="0"/>', "10"),
        ('<w:rStyle w:val="pale"/>', "1"),
        ('<w:rStyle w:val="pale"/><w:color w:val="000000"/>', "10"),
    ],
)
def test_digits_without_colour_or_size_are_not_read(properties: str, text: str) -> None:
    styles = (
        '<w:style w:type="character" w:styleId="gone"><w:rPr><w:vanish/></w:rPr></w:style>'
        '<w:style w:type="character" w:styleId="pale"><w:rPr><w:color w:val="FFFFFF"/></w:rPr></w:style>'
    )
    figure = f"<w:p><w:r><w:t>1</w:t></w:r><w:r><w:rPr>{properties}</w:rPr><w:t>0</w:t></w:r></w:p>"
    assert texts(figure, styles=styles) == [text]


@pytest.mark.parametrize(("fill", "text"), [("1F4E79", "10"), ("auto", "1")])
def test_white_digits_on_a_dark_cell_are_read(fill: str, text: str) -> None:
    white = '<w:r><w:rPr><w:color w:val="FFFFFF"/></w:rPr><w:t>0</w:t></w:r>'
    dark = f'<w:shd w:val="clear" w:color="auto" w:fill="{fill}"/>'
    rows = tc("甲") + tc("乙"), tc("丙") + tc(f"<w:p><w:r><w:t>1</w:t></w:r>{white}</w:p>", dark)
    assert [cell.text for cell in grid_of(tbl(*rows)).cells] == ["甲", "乙", "丙", text]


def test_digits_by_code_are_digits_in_fonts_of_letters_only() -> None:
    digits = '<w:r><w:sym w:font="Arial" w:char="F031"/><w:sym w:font="Wingdings" w:char="F032"/></w:r>'
    assert texts(f"<w:p>{digits}</w:p>") == ["1"]


def test_content_controls_are_looked_through() -> None:
    row = f"<w:sdt><w:sdtContent><w:tr>{tc('a')}<w:sdt><w:sdtContent>{tc('1')}</w:sdtContent></w:sdt></w:tr></w:sdtContent></w:sdt>"
    body = f"<w:sdt><w:sdtPr><w:alias/></w:sdtPr><w:sdtContent>{P('文')}<w:tbl>{row}</w:tbl></w:sdtContent></w:sdt>"
    paragraph, grid = blocks(body)
    assert paragraph == Paragraph("文", "docx:p1")
    assert isinstance(grid, Grid)
    assert [cell.text for cell in grid.cells] == ["a", "1"]


def test_headings_by_style_and_outline() -> None:
    styles = (
        '<w:style w:styleId="a1"><w:name w:val="标题 2"/></w:style>'
        '<w:style w:styleId="a2"><w:name w:val="own"/><w:basedOn w:val="a1"/></w:style>'
        '<w:style w:styleId="a3"><w:name w:val="Title"/></w:style>'
        '<w:style w:styleId="a4"><w:name w:val="x"/><w:pPr><w:outlineLvl w:val="2"/></w:pPr></w:style>'
        '<w:style w:styleId="a5"><w:name w:val="y"/><w:basedOn w:val="a6"/></w:style>'
        '<w:style w:styleId="a6"><w:name w:val="z"/><w:basedOn w:val="a5"/></w:style>'
        '<w:style w:styleId="a7"><w:name w:val="toc 1"/></w:style>'
    )
    own = '<w:p><w:pPr><w:pStyle w:val="a1"/><w:outlineLvl w:val="9"/></w:pPr><w:r><w:t>t</w:t></w:r></w:p>'
    body = "".join(P("t", style) for style in ("a1", "a2", "a3", "a4", "a5", "none")) + own
    levels = [block.level if isinstance(block, Heading) else 0 for block in blocks(body, styles=styles)]
    assert levels == [2, 2, 1, 3, 0, 0, 0]
    document = docx.read(word.docx(P("一、总体情况\t1", "a7") + P("正文"), styles=styles))
    assert [block.locator for block in document.blocks] == ["docx:p2"]
    assert [block.locator for block in document.furniture] == ["docx:p1"]


def numbered(depth: int, text: str, name: int = 1) -> str:
    properties = f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{name}"/></w:numPr>'
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def lvl(depth: int, notation: str, text: str, more: str = "") -> str:
    return f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{notation}"/>{more}<w:lvlText w:val="{text}"/></w:lvl>'


LISTS = (
    '<w:abstractNum w:abstractNumId="7">'
    + lvl(0, "japaneseCounting", "%1、", '<w:pStyle w:val="1"/>')
    + lvl(1, "chineseCountingThousand", "（%2）")
    + lvl(2, "decimal", "%3.")
    + lvl(3, "bullet", "\uf06c")
    + '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="7"/>'
    '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride></w:num>'
)


def test_numbers_that_word_sets_itself() -> None:
    body = (
        numbered(0, "总体情况") + numbered(1, "主动公开") + numbered(2, "规章") + numbered(2, "办法") + numbered(3, "点")
        + numbered(1, "依申请公开") + numbered(2, "条") + numbered(0, "其他") + numbered(0, "五", name=2) + numbered(0, "六")
        + numbered(0, "无", name=0) + numbered(0, "缺", name=9)
    )  # fmt: skip
    assert texts(body, numbering=LISTS) == [
        "一、总体情况", "（一）主动公开", "1.规章", "2.办法", "点", "（二）依申请公开", "1.条", "二、其他", "五、五", "六、六", "无", "缺",
    ]  # fmt: skip


def test_numbers_of_a_style_and_of_cells() -> None:
    styles = (
        '<w:style w:styleId="1"><w:name w:val="heading 1"/><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    )
    found = blocks(P("总体情况", "1") + P("主动公开", "1"), styles=styles, numbering=LISTS)
    assert found == (Heading("一、总体情况", "docx:p1", 1), Heading("二、主动公开", "docx:p2", 1))
    counted = LISTS.replace('"%1、"', '"%1"').replace("japaneseCounting", "decimal")
    (grid,) = blocks(tbl(*(tc(numbered(0, "")) + tc(word) for word in "ab")), numbering=counted)
    assert isinstance(grid, Grid)
    assert [cell.text for cell in grid.cells] == ["1", "a", "2", "b"]


@pytest.mark.parametrize(
    ("count", "expected"), [(0, "〇"), (1, "一"), (10, "十"), (12, "十二"), (20, "二十"), (99, "九十九"), (100, "100")]
)
def test_counting_in_chinese(count: int, expected: str) -> None:
    assert in_chinese(count) == expected


def test_title_of_the_properties_and_another_main_part() -> None:
    document = docx.read(word.docx(P("x"), title=" 2023年 年度报告 ", main="word/document2.xml"))
    assert document.title == "2023年 年度报告"
    assert (document.reader, document.media_type) == ("docx", docx.MEDIA_TYPE)
    assert docx.read(word.docx(P("x"))).title is None


def test_what_could_not_be_read_is_told() -> None:
    sheet = '<w:p><w:r><w:object><o:OLEObject ProgID="Excel.Sheet.12"/></w:object></w:r></w:p>'
    assert docx.read(word.docx(P("x") + sheet)).remarks == ("1 embedded spreadsheets were not read",)
    assert docx.read(word.docx("<w:p><w:r><w:drawing/></w:r></w:p>")).remarks == ("no text: 1 pictures",)
    assert docx.read(word.docx(P("x") + "<w:p><w:r><w:drawing/></w:r></w:p>")).remarks == ()


def test_damaged_styles_and_properties_cost_only_themselves() -> None:
    body = f'<w:document xmlns:w="{word.W}"><w:body>{P("文", "1")}</w:body></w:document>'
    document = docx.read(package({"word/document.xml": body, "word/styles.xml": "<w:styles", "docProps/core.xml": "<"}))
    assert document.blocks == (Paragraph("文", "docx:p1"),)
    assert document.title is None
    (remark,) = document.remarks
    assert remark.startswith("headings and automatic numbers may be missing: word/styles.xml")


def test_names_with_backslashes_and_strict_namespaces() -> None:
    w = "http://purl.oclc.org/ooxml/wordprocessingml/main"
    body = f'<w:document xmlns:w="{w}"><w:body>{P("文")}{tbl(tc("a") + tc("1"))}</w:body></w:document>'
    found = docx.read(package({"Word\\document.xml": body})).blocks
    assert [type(block) for block in found] == [Paragraph, Grid]


def test_entities_are_refused() -> None:
    declared = '<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
    body = f'<w:document xmlns:w="{word.W}"><w:body><w:p><w:r><w:t>&x;</w:t></w:r></w:p></w:body></w:document>'
    for content in ((declared + body).encode(), (declared + body).encode("utf-16"), (declared + body).encode("utf-16-le")):
        with pytest.raises(UnreadableDocument, match=r"DOCTYPE|not well-formed"):
            docx.read(package({"word/document.xml": content}))


@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        ({"word/document.xml": "<w:document"}, "not well-formed"),
        ({"word/document.xml": ""}, "not well-formed"),
        ({"word/document.xml": "<document/>"}, "has no body"),
        ({"other.xml": "<document/>"}, "word/document.xml is missing"),
        ({"word/document.xml": "<a>" * 400 + "</a>" * 400}, "not well-formed"),
        ({"word/document.xml": b" " * (25 << 20)}, "unpacks to more than"),
    ],
)
def test_broken_documents(parts: dict[str, str | bytes], reason: str) -> None:
    with pytest.raises(UnreadableDocument, match=reason):
        docx.read(package(parts))


def test_tables_in_tables_without_end() -> None:
    body = "x"
    for _ in range(60):
        body = tbl(tc("a") + tc((P(body) if body == "x" else body) + P("")))
    document = docx.read(word.docx(body))
    assert document.remarks == ("a table is too big or nested too deeply: only its beginning was read",)
    wide = tbl(*[tc("a", '<w:gridSpan w:val="99999"/>') * 3] * 300)
    document = docx.read(word.docx(wide))
    assert document.remarks == ("a table is too big or nested too deeply: only its beginning was read",)


@st.composite
def laid_out(draw: st.DrawFn) -> Form:
    """A table of random spans without holes."""
    random = Random(draw(st.integers(0, 10**6)))
    height, width = draw(st.integers(2, 6)), draw(st.integers(2, 6))
    taken = [[False] * width for _ in range(height)]
    rows: list[list[Box]] = [[] for _ in range(height)]
    for y in range(height):
        for x in range(width):
            if not taken[y][x]:
                right = x + 1
                while right < width and not taken[y][right] and random.random() < 0.3:
                    right += 1
                bottom = min(height, y + 1 + (random.random() < 0.3) + (random.random() < 0.1))
                for row in taken[y:bottom]:
                    row[x:right] = [True] * (right - x)
                rows[y].append(Box(f"{y},{x}", bottom - y, right - x))
    return Form("requests", tuple(map(tuple, rows)), heads=1)


@settings(max_examples=60, deadline=None)
@given(laid_out())
def test_spans_come_back(form: Form) -> None:
    found = [block for block in blocks(word.table(form)) if isinstance(block, Grid)]
    expected = {
        (y, x, box.rowspan, box.colspan, box.text)
        for y, row in enumerate(places(form))
        for x, box in enumerate(row)
        if box.text == f"{y},{x}"
    }
    if len(found) == 1 and (found[0].rows, found[0].columns) == (len(form.rows), form.width):
        assert {(c.row, c.column, c.rowspan, c.colspan, c.text) for c in found[0].cells} == expected
    else:  # rows over the whole width lay out, and may stand alone
        assert all(box.colspan == form.width for row in form.rows for box in row) or len(expected) < 2


def test_documents_of_another_writer() -> None:
    document = word_library.Document()
    document.add_heading("某某局2023年政府信息公开工作年度报告", level=1)
    document.add_paragraph("一、总体情况", style="List Number")
    table = document.add_table(rows=3, cols=3)
    for row, line in enumerate(("规章 1 2", "办法 3 4", "合计 4 6")):
        for column, text in enumerate(line.split()):
            table.cell(row, column).text = text
    table.cell(0, 0).merge(table.cell(1, 0))
    document.core_properties.title = "年报"
    buffer = io.BytesIO()
    document.save(buffer)
    read = docx.read(buffer.getvalue())
    heading, paragraph, grid = read.blocks
    assert heading == Heading("某某局2023年政府信息公开工作年度报告", "docx:p1", 1)
    assert paragraph == Paragraph("1.一、总体情况", "docx:p2")
    assert isinstance(grid, Grid)
    assert cells(grid)["规章办法"] == (0, 0, 2, 1)
    assert read.title == "年报"


def test_the_empty_form_is_no_report() -> None:
    corpus = os.environ.get("NIANBAO_CORPUS")
    if not corpus:
        pytest.skip("NIANBAO_CORPUS is not set: no real documents to read")
    content = (Path(corpus) / "blank-template-format_2021.docx").read_bytes()
    grids = [block for block in docx.read(content).blocks if isinstance(block, Grid)]
    assert [(grid.rows, grid.columns, grid.locator) for grid in grids] == [
        (14, 4, "docx:t1r1c1"), (28, 10, "docx:t2r1c1"), (4, 15, "docx:t3r1c1"),
    ]  # fmt: skip
    (report,) = parse(content, source="form.docx")
    assert (report.status, report.reader) == ("not_a_report", "docx")
    assert "the form is empty" in str(report.reason)
