"""Pages as blocks: tables by the HTML algorithm, the report among furniture, markup that no one would write by hand."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from parsers.document import Block, Document, Grid, GridCell, Heading, Paragraph
from parsers.readers import html
from parsers.readers.html.tables import MAX_COLUMNS, MAX_PLACES, places_of

SENTENCE = "本机关认真落实各项要求，全年主动公开信息二十六条，依法办理公开申请。"
PROSE = f"<p>{SENTENCE}</p>" * 4


def row(*cells: str) -> str:
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


FORM = f"<table>{row('规章', '1', '2', '3')}{row('行政规范性文件', '4', '5', '6')}</table>"
FORM_ROWS = [["规章", "1", "2", "3"], ["行政规范性文件", "4", "5", "6"]]


def grids(content: str) -> list[Grid]:
    return [block for block in html.read(content).blocks if isinstance(block, Grid)]


def rows_of(grid: Grid) -> list[list[str]]:
    return [[cell.text for cell in grid.cells if cell.row == line] for line in range(grid.rows)]


def texts(blocks: tuple[Block, ...]) -> list[str]:
    return [block.text for block in blocks if not isinstance(block, Grid)]


def paragraphs(content: str) -> list[str]:
    return texts(html.read(content).blocks)


def squeezed(text: str) -> str:
    return "".join(text.split())


def assert_places_resolve(content: str, document: Document) -> None:
    tree = LexborHTMLParser(content)
    for block in (*document.blocks, *document.furniture):
        for place in (*block.cells, block) if isinstance(block, Grid) else (block,):
            node = tree.css_first(place.locator.removeprefix("html:"))
            assert node is not None, place.locator
            if isinstance(place, GridCell):
                assert squeezed(node.text()) == squeezed(place.text), place.locator
            elif not isinstance(place, Grid) and " > " not in place.text:
                assert squeezed(place.text) in squeezed(node.text()), place.locator


# Text


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("<p>信息<span>公开</span><b>年</b>报</p>", ["信息公开年报"]),
        ("<p>20<span>23</span>年</p>", ["2023年"]),
        ("<p>总&nbsp;&nbsp;计\u3000\n 数</p>", ["总 计 数"]),
        ("<div>一、概述<br>\u3000\u3000根据条例<br/><br>二、主动公开</div>", ["一、概述", "根据条例", "二、主动公开"]),
        ("<div>前<p>中</p>后</div>", ["前", "中", "后"]),
        ("<ul><li>一<li>二</ul>", ["一", "二"]),
        ("<span><div>一</div><div>二</div></span>", ["一", "二"]),
        ("<p>甲\f乙</p>\f", ["甲 乙"]),
        ("<p>公\u200b开\ufeff</p><p>\u200b</p>", ["公开"]),
        ("<p>一<!-- 注释 -->二</p><!--[if gte mso 9]><xml>脚本</xml><![endif]-->", ["一二"]),
        ("<p><![if !supportLists]>一、<![endif]>概述<o:p></o:p></p>", ["一、概述"]),
        ("<p>&lt;!--[if !supportLists]--&gt;（三）&lt;!--[endif]--&gt;公开</p>", ["（三）公开"]),
        ("<pre>第一行\n第二行\n\n  规章 0</pre>", ["第一行", "第二行", "规章 0"]),
        ("只有文字", ["只有文字"]),
        ("<p>a\ud800b</p>", ["ab"]),
        ("<p>a\0b</p>", ["ab"]),
        ("", []),
    ],
)
def test_runs_of_text(content: str, expected: list[str]) -> None:
    found = [text.replace("?", "").replace("\ufffd", "") for text in paragraphs(content)]
    assert found == expected


def test_headings() -> None:
    blocks = html.read("<h1>年度<br>报告</h1><h3>一、总体情况</h3><p>正文</p>").blocks
    assert [(type(block), getattr(block, "level", None)) for block in blocks] == [
        (Heading, 1),
        (Heading, 1),
        (Heading, 3),
        (Paragraph, None),
    ]


@pytest.mark.parametrize(
    "unseen",
    [
        "<script>var a = '规章 0 <p>不是内容</p>'</script>",
        "<style>p { content: '不是内容' }</style>",
        "<noscript><p>不是内容</p></noscript>",
        "<template><p>不是内容</p></template>",
        "<select><option>不是内容</option></select>",
        "<textarea>不是内容</textarea>",
        "<!-- <p>不是内容</p> -->",
        "<div style='display:none'><p>不是内容</p></div>",
        "<div style='color:red; DISPLAY : none !important'>不是内容</div>",
        "<span style='visibility: hidden'>不是内容</span>",
        "<p hidden>不是内容</p>",
        f"<table style='display:none'>{row('不是', '内容')}{row('1', '2')}</table>",
    ],
)
def test_what_nobody_sees_is_dropped(unseen: str) -> None:
    document = html.read(f"<div><p>前</p>{unseen}{FORM}<p>后{unseen if 'span' in unseen else ''}</p></div>")
    assert texts(document.blocks) == ["前", "后"]
    assert "不是" not in str(document)


def test_styles_that_only_sound_like_hiding() -> None:
    assert paragraphs("<p style='border:none;text-decoration:none;overflow:hidden'>看得见</p>") == ["看得见"]


# Tables


def test_a_plain_table() -> None:
    (grid,) = grids(FORM)
    assert rows_of(grid) == FORM_ROWS
    assert (grid.rows, grid.columns, grid.has_borders) == (2, 4, True)


def test_spans_and_their_places() -> None:
    (grid,) = grids(
        "<table><tr><td rowspan=2 colspan=2>甲<td>乙<tr><td>丙<tr><td>1<td rowspan=0>2<td>3<tr><td>4<td>5</table>"
    )
    places = {cell.text: (cell.row, cell.column, cell.rowspan, cell.colspan) for cell in grid.cells}
    assert places == {
        "甲": (0, 0, 2, 2),
        "乙": (0, 2, 1, 1),
        "丙": (1, 2, 1, 1),
        "1": (2, 0, 1, 1),
        "2": (2, 1, 2, 1),
        "3": (2, 2, 1, 1),
        "4": (3, 0, 1, 1),
        "5": (3, 2, 1, 1),
    }


@pytest.mark.parametrize(
    ("markup", "size"),
    [
        ("<tr><td>规章<td>1<td>2<tr><td>文件<td>3<td>4", (2, 3)),  # no end tags
        ("<tr><td rowspan=9>a<td>b</tr><tr><td>1</tr>", (2, 2)),  # rowspan beyond the end
        ("<tr><td colspan=99>a</tr><tr><td>1<td>2</tr><tr><td>3<td>4</tr>", (3, 2)),  # "all columns"
        ("<tr><td colspan=3>a<td colspan=3>b</tr><tr><td colspan=3>1<td colspan=3>2</tr>", (2, 6)),
        ("<tr><td>a<td>b</tr><tr></tr><tr><td>1<td>2</tr>", (2, 2)),  # a row without cells
        ("<tr><td rowspan=x colspan=-2>a<td colspan='1.5'>b<tr><td>1<td>2", (2, 2)),
        ("<tr><td colspan=0>a<td>b<tr><td>1<td>2", (2, 2)),
        ("<thead><tr><th rowspan=5>a<th>b<tbody><tr><td>1<td>2", (2, 2)),  # no span leaves its group
        ("<tr><td>a<td rowspan=2>b<td>c<tr><td colspan=3>1<td>2", (2, 3)),  # overlapping
        ("一、总体情况<tr><td>1<td>2</tr>中间<tr><td>3<td>4</tr>", (2, 2)),  # text between rows
        ("<tr style='display:none'><td>隐<td>藏<td>行</tr><tr><td>1<td>2<tr><td>3<td>4", (2, 2)),
    ],
)
def test_odd_rows(markup: str, size: tuple[int, int]) -> None:
    content = f"<table>{markup}</table>"
    (grid,) = grids(content)
    assert (grid.rows, grid.columns) == size
    assert_places_resolve(content, html.read(content))


def test_a_foot_written_first_stands_last() -> None:
    (grid,) = grids(f"<table><tfoot>{row('总计', '9')}</tfoot><tbody>{row('规章', '1')}</tbody></table>")
    assert rows_of(grid) == [["规章", "1"], ["总计", "9"]]


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("自然<br>人", "自然人"),
        ("<p>商业</p>\n<p>企业</p>", "商业企业"),
        ("总&nbsp;&nbsp;计", "总 计"),
        ("<p>1</p><p>2</p>", "1 2"),
        ("12<br>34", "12 34"),
        ("1<p>2</p>", "1 2"),
        ("采购总金额<br>(万元)", "采购总金额(万元)"),
        ("1.<br>属于国家秘密", "1.属于国家秘密"),
        ("<p><span>1</span><span>0</span><o:p></o:p></p>", "10"),
        ("\n  <p>\u3000+6 </p>\n", "+6"),
        ("<div><p>0</p></div>", "0"),
        ("<a href=x.html>8</a>", "8"),
        ("&nbsp;", ""),
        ("<p></p>", ""),
        ("<script>0</script>", ""),
        ("<p>1</p>2", "1 2"),
        ("甲<sup>2</sup>", "甲"),
        ("<p>甲<span style='vertical-align: super'>2</span></p>", "甲"),
        ("<p>甲<a href='#_ftn2'>[2]</a></p>", "甲"),
        ("<p>甲<a href=x.html style='vertical-align:middle'>2</a></p>", "甲2"),
        ("1<span style='display:none'>0</span>", "1"),
        ("1<span style='font-size:0'>0</span>", "1"),
        ("<p>1<span style='font-size: 1px;'>0</span></p>", "1"),
        ("1<span style='font-size:10px'>0</span>", "10"),
        ("1<b style='opacity:0'>0</b>", "1"),
        ("1<b style='opacity:0.5'>0</b>", "10"),
        ("1<font color='#FFFFFF'>0</font>", "1"),
        ("1<span style='color: rgb(255, 255, 255)'>0</span>", "1"),
        ("1<span style='color:transparent'>0</span>", "1"),
        ("<span style='color:#fff;background:#c00'>10</span>", "10"),
        ("<div style='background-color:navy'>1<span style='color:#fff'>0</span></div>", "10"),
        ("1<span style='position:absolute;left:-9999px'>0</span>", "1"),
        ("1<span style='display:inline-block;width:0;height:0;overflow:hidden'>0</span>", "1"),
        ("1<span style='font-size:0'><b style='font-size:12px'>0</b></span>", "10"),
        ("<ruby>10<rt>2</rt></ruby>", "10"),
        ("甲<a href='#fn1'>1</a>", "甲"),
        ("<input value='12'>", "12"),
        ("<p><input type='text' value='12件' readonly></p>", "12件"),
        ("3<input type=hidden value=4>", "3"),
        ("<input value='请输入关键字'>", ""),
        ("<textarea> 12 </textarea>", "12"),
        ("<select><option>1<option selected>2</select>", "2"),
    ],
)
def test_text_of_a_cell(cell: str, text: str) -> None:
    (grid,) = grids(f"<table>{row('甲', '乙')}{row(cell, '丙')}</table>")
    assert grid.cells[2].text == text


@pytest.mark.parametrize(
    ("sheet", "text"),
    [
        (".x{display:none}", "1"),
        ("span.x , .y { color : #FFF }", "1"),
        ("<!-- .y{color:red} .x{font-size:0} -->", "1"),
        ("@media print{.x{display:none}}", "10"),
        ("@media print{.y{top:0}.x{display:none}} .x{opacity:0}", "1"),
        (".x{color:#fff;background:#c00}", "10"),
        (".x:empty{display:none}", "10"),
    ],
)
def test_what_the_style_sheet_of_a_page_hides_is_no_digit(sheet: str, text: str) -> None:
    cells = f"<table>{row('甲', '乙')}{row('1<span class=x>0</span>', '丙')}</table>"
    (grid,) = grids(f"<style>{sheet}</style>{cells}")
    assert grid.cells[2].text == text


def test_a_caption_stands_before_its_table() -> None:
    caption, grid = html.read(f"<table><caption>表一</caption>{row('a', 'b')}{row('1', '2')}</table>").blocks
    assert isinstance(caption, Paragraph)
    assert (caption.text, type(grid)) == ("表一", Grid)


def test_layout_tables_are_no_grids() -> None:
    content = f"<table><tr><td><table><tr><td>{PROSE}{FORM}</td></tr></table></td></tr></table>"
    document = html.read(content)
    assert [type(block) for block in document.blocks] == [*[Paragraph] * 4, Grid]
    assert_places_resolve(content, document)


def test_a_report_in_one_table() -> None:
    across = "<tr><td colspan=4>{}</td></tr>".format
    content = (
        f"<table>{across('一、总体情况')}{across(SENTENCE * 6)}"
        f"{across('第二十条第（一）项')}{row('规章', '1', '2', '3')}"
        f"{row('文件', '4', '5', '6')}{across('五、问题')}{across(SENTENCE * 6)}</table>"
    )
    kinds = [block.text[:6] if isinstance(block, Paragraph) else "table" for block in html.read(content).blocks]
    assert kinds == ["一、总体情况", SENTENCE[:6], "table", "五、问题", SENTENCE[:6]]
    (grid,) = grids(content)
    assert [len(line) for line in rows_of(grid)] == [1, 4, 4]


def test_what_was_read_before_changes_nothing() -> None:
    across = "<tr><td colspan=4>{}</td></tr>".format
    split = f"<table>{across('一、总体情况')}{across(SENTENCE * 6)}{row('规章', '1', '2', '3')}{row('文件', '4', '5', '6')}</table>"
    whole = split.replace(SENTENCE * 6, SENTENCE)
    same_shape = whole.replace("规章", "<b>规章</b>").replace("td>1", "th>1")
    first = [html.read(content) for content in (split, whole, same_shape)]
    assert len({document.blocks for document in first}) == 3
    assert [html.read(content) for content in (same_shape, whole, split)] == first[::-1]


def test_menu_and_content_side_by_side() -> None:
    menu = "".join(f"<a href=/{number}>栏目{number}</a><br>" for number in range(8))
    document = html.read(f"<table><tr><td>{menu}</td><td>{PROSE}{FORM}</td></tr></table>")
    assert [rows_of(block) for block in document.blocks if isinstance(block, Grid)] == [FORM_ROWS]
    assert "栏目" not in str(document.blocks)


def test_a_small_table_inside_a_big_one() -> None:
    inner = f"<table>{row('其中', '1')}{row('另有', '2')}</table>"
    big = "".join(row(f"第{number}项", "7", "8", "9") for number in range(5))
    found = grids(f"<table>{big}{row('合计', inner, '3', '4')}</table>")
    assert [(grid.rows, grid.columns) for grid in found] == [(6, 4), (2, 2)]


def test_nested_deep() -> None:
    content = "<table><tr><td>" * 200 + FORM + "</table>" * 200
    assert [rows_of(grid) for grid in grids(content)] == [FORM_ROWS]


spans = st.tuples(st.integers(0, 5), st.integers(1, 5))
groups = st.lists(st.lists(st.lists(spans, max_size=6), max_size=6), max_size=3)


@given(groups)
def test_no_place_is_covered_twice(rows: list[list[list[tuple[int, int]]]]) -> None:
    places, height, width = places_of(rows)
    covered = [
        (row + down, column + right)
        for row, column, rowspan, colspan in places
        for down in range(rowspan)
        for right in range(colspan)
    ]
    assert len(covered) == len(set(covered))
    assert all(row < height and column < width for row, column in covered)
    assert len(places) == sum(len(line) for group in rows for line in group)
    assert {row for row, _ in covered} == set(range(height)), "a row in which nothing stands is none"


@given(groups)
def test_cells_begin_in_reading_order(rows: list[list[list[tuple[int, int]]]]) -> None:
    origins = [place[:2] for place in places_of(rows)[0]]
    assert origins == sorted(set(origins))


@given(st.lists(st.integers(1, 3), min_size=1, max_size=5), st.integers(1, 3), st.integers(1, 4))
def test_tiles_come_out_as_they_were(downs: list[int], across: int, wide: int) -> None:
    """Bands of `wide` equal cells over some rows each; a row in which no cell begins is still a row."""
    rows = [line for down in downs for line in ([(down, across)] * wide, *[[] for _ in range(down - 1)])]
    places, height, width = places_of([rows])
    tops = [sum(downs[:band]) for band in range(len(downs))]
    bands = zip(tops, downs, strict=True)
    expected = [(top, column * across, down, across) for top, down in bands for column in range(wide)]
    assert (places, height, width) == (expected, sum(downs), wide * across)


@pytest.mark.parametrize(
    "rows",
    [
        [[[(1, 1)] * 5000]],
        [[[(1, 1000)] * 1000]],
        [[[(60000, 1000)], *[[(1, 1)]] * 2000]],
        [[[(1, 1)] * 10] * 20_000],
    ],
)
def test_bounds(rows: list[list[list[tuple[int, int]]]]) -> None:
    places, height, width = places_of(rows)
    assert width <= MAX_COLUMNS
    assert sum(rowspan * colspan for _, _, rowspan, colspan in places) <= MAX_PLACES
    assert height <= sum(len(group) for group in rows)


def test_cells_beyond_the_bounds_stay_as_text() -> None:
    content = f"<table>{row('规章', '1')}<tr>{'<td>列</td>' * 1200}</tr></table>"
    document = html.read(content)
    assert sum(len(block.cells) if isinstance(block, Grid) else 1 for block in document.blocks) == 1202


# The report on its page

CHANNELS = ("首页", "政务公开", "办事服务", "互动交流")
MENU = f"<ul>{''.join(f'<li><a href=/{name}/>{name}</a></li>' for name in CHANNELS)}</ul>"
PLACE = "<div class=place>您现在的位置：<a href=/>首页</a> &gt; <a href=/x/>年报</a></div>"
LINE = "<div class=info>发布日期：2021-01-21 15:24&nbsp;&nbsp;来源：本网 【字体：<a>大</a> <a>小</a>】 访问量：-</div>"
FOOT = "<div class=foot>版权所有：某某镇人民政府，主办单位：某某镇党政办公室。网站标识码：4401140001</div>"


def page(body: str, name: str = "xl_nr") -> str:
    return (
        f"<html><head><title>某某镇2020年度报告</title></head><body>{MENU}{PLACE}<h1>某某镇2020年度报告</h1>{LINE}"
        f'<div class="{name}">{body}</div><div class=share>分享到：<a href=javascript:;>微信</a></div>{MENU}{FOOT}'
        "</body></html>"
    )


@pytest.mark.parametrize("name", ["TRS_Editor", "article-content", "v_news_content", "unheard-of", "nav-like content"])
def test_the_report_among_furniture(name: str) -> None:
    content = page(f"<p>一、概述</p>{PROSE}<p>二、主动公开</p>{FORM}<p>某某镇政府</p><p>2021年1月4日</p>", name)
    document = html.read(content)
    assert texts(document.blocks) == ["一、概述", *[SENTENCE] * 4, "二、主动公开", "某某镇政府", "2021年1月4日"]
    assert [rows_of(block) for block in document.blocks if isinstance(block, Grid)] == [FORM_ROWS]
    around = texts(document.furniture)
    assert "您现在的位置： 首页 > 年报" in around or "您现在的位置：首页 > 年报" in around
    assert "某某镇2020年度报告" in around
    assert any(text.startswith("发布日期：2021-01-21 15:24 来源：本网") for text in around)
    assert "政务公开" not in around
    assert document.title == "某某镇2020年度报告"
    assert_places_resolve(content, document)


def test_tables_outside_the_article_widen_it() -> None:
    content = page(f"<div class=TRS_Editor>{PROSE}</div><div class=fj>{FORM}</div>")
    document = html.read(content)
    assert [type(block) for block in document.blocks] == [*[Paragraph] * 4, Grid]


def test_an_index_card_and_a_calendar_do_not_widen_it() -> None:
    card = f"<table>{row('索引号', '014314799/2024', '分类', '年报')}{row('发布机构', '某某局', '文号', '')}</table>"
    days = [str(day) for day in range(1, 29)]
    weeks = "".join(row(*days[start : start + 7]) for start in range(0, 28, 7))
    calendar = f"<table>{row(*'日一二三四五六')}{weeks}</table>"
    document = html.read(f"<body>{card}<div><div>{PROSE}{FORM}</div></div>{calendar}</body>")
    assert [rows_of(block) for block in document.blocks if isinstance(block, Grid)] == [FORM_ROWS]
    assert sum(isinstance(block, Grid) for block in document.furniture) == 2


def test_a_short_report_without_tables() -> None:
    document = html.read(page(f"<p>{SENTENCE}</p>"))
    assert texts(document.blocks) == [SENTENCE]


def test_only_a_link_in_the_article() -> None:
    content = page('<p><a href="./W020180124.doc">2017年公报.doc</a></p>', name="article_content")
    document = html.read(content, "http://www.example.gov.cn/xxgk/201801/t20180102_1.htm")
    assert texts(document.blocks) == ["2017年公报.doc"]
    assert [(file.name, file.address) for file in document.attachments] == [
        ("2017年公报.doc", "http://www.example.gov.cn/xxgk/201801/W020180124.doc")
    ]


def test_tables_in_a_hidden_tab_count_where_no_other_stands() -> None:
    document = html.read(page(f"<div>图片版</div><div style='display:none'>{PROSE}{FORM}</div>"))
    assert any(isinstance(block, Grid) for block in document.blocks)
    assert any("hidden" in remark for remark in document.remarks)


def test_a_page_cut_off() -> None:
    whole = page(PROSE + FORM)
    assert not html.read(whole).remarks
    assert any("breaks off" in remark for remark in html.read(whole[: whole.index("行政规范性") + 3]).remarks)


def test_a_frameset_says_so() -> None:
    document = html.read("<html><head><title>年报</title></head><frameset cols=2><frame src=a.html></frameset></html>")
    assert (document.title, document.blocks) == ("年报", ())
    assert "frameset" in document.remarks[0]


def test_metadata() -> None:
    document = html.read(
        '<meta content="某某镇人民政府" NAME="SiteName"><meta name=PubDate content="2021-01-21 15:24">'
        '<meta name=pubdate content="1970-01-01"><meta name=ContentSource content=""><meta name=contentsource'
        " content=本网>"
        "<meta charset=utf-8><meta http-equiv=x content=y>"
    )
    assert document.metadata == {"sitename": "某某镇人民政府", "pubdate": "2021-01-21 15:24", "contentsource": "本网"}


@pytest.mark.parametrize(
    ("markup", "files"),
    [
        ('<a href="/a/b.PDF">年报</a>', [("年报", "http://h.cn/a/b.PDF")]),
        ('<a href="b.docx?x=1"><img src=i.png></a>', [("b.docx", "http://h.cn/d/b.docx?x=1")]),
        ('<a title="年报.xls" href="../b.xls"></a>', [("年报.xls", "http://h.cn/b.xls")]),
        ('<a href="/module/download/downfile.jsp?classid=0&filename=27.docx">年报.docx</a>', None),
        ('<a href="/system/_content/download.jsp?owner=1&wbfileid=4">年报.xlsx</a>', None),
        ('<iframe src="/pdfjs/viewer.html?file=/__local/x.pdf"></iframe>', [("x.pdf", "http://h.cn/__local/x.pdf")]),
        ('<embed src="x.pdf">', [("x.pdf", "http://h.cn/d/x.pdf")]),
        ('<object data="y.ofd"></object>', [("y.ofd", "http://h.cn/d/y.ofd")]),
        ('<div id="pdfshow" data-value="/attach/x.pdf"></div>', [("x.pdf", "http://h.cn/attach/x.pdf")]),
        ("<script>location.href='./P0201.pdf'</script>", [("P0201.pdf", "http://h.cn/d/P0201.pdf")]),
        ('<base href="/q/"><a href="x.zip">包</a>', [("包", "http://h.cn/q/x.zip")]),
        ('<a href="x.pdf">一</a><a href="x.pdf">二</a>', [("一", "http://h.cn/d/x.pdf")]),
        ('<a href="javascript:open(\'x.pdf\')">x</a>', []),
        ('<a href="file:///C:/x.doc">y</a><a href="http://[x/z.doc">z</a>', []),
        ('<a href="#x.pdf">x</a><a href="/list.html">年报</a>', []),
        ('<a href="viewer.html?file={{file}}.pdf">x</a>', []),
    ],
)
def test_attachments(markup: str, files: list[tuple[str, str]] | None) -> None:
    attachments = html.read(f"<div class=TRS_Editor>{markup}</div>", "http://h.cn/d/e.html").attachments
    if files is None:
        assert [file.name[:2] for file in attachments] == ["年报"]
        assert attachments[0].address.startswith("http://h.cn/")
    else:
        assert [(file.name, file.address) for file in attachments] == files


def test_files_outside_the_article() -> None:
    area = '<div class=xgfj>相关附件：<ul><li><a href="/attachment/0/1/2.docx">报告表格</a></li></ul></div>'
    offer = '<div class=side><a href="/manual.pdf">操作手册</a></div>'
    document = html.read(page(f"<div class=zoomcon>{PROSE}</div>{area}").replace("</body>", f"{offer}</body>"))
    assert [file.name for file in document.attachments] == ["报告表格"]


def test_an_address_stays_relative_without_a_page_address() -> None:
    assert html.read('<a href="x.pdf">年报</a>').attachments[0].address == "x.pdf"


# Hostile pages


@pytest.mark.parametrize(
    "before",
    [
        "<div>" * 100_000,
        "".join(f"<b{number}>" for number in range(30_000)),
        "<font>" * 20_000,
        "<ul><li>" * 20_000,
        "".join(f"<p><font size={number}>" for number in range(4000)),
        f"<div style='{'x' * 3_000_000}'>",
        f"<a href={'x' * 1_000_000}>x</a>",
        f"<div>{'注' * 100_000}{'<sup>1</sup>' * 5000}</div>",
        f"<div style='line-through;{'text-decoration:' * 20_000}'>",
    ],
    ids=["divs", "unknown elements", "fonts", "lists", "fonts of many sizes", "attribute", "address", "notes", "style"],
)
def test_big_and_deep_pages_are_read(before: str) -> None:
    document = html.read(before + PROSE + FORM)
    assert [rows_of(block) for block in document.blocks if isinstance(block, Grid)] == [FORM_ROWS]
    assert texts(document.blocks)[-4:] == [SENTENCE] * 4
    assert all(len(block.locator) < 4000 for block in document.blocks)


def test_thousands_of_unclosed_tables() -> None:
    assert texts(html.read("<table><tr><td>" * 30_000 + PROSE).blocks) == [SENTENCE] * 4


def test_places_behind_comments_and_among_odd_elements() -> None:
    content = (
        "<div>字<!-- --><x-y><p>一</p></x-y>字<!-- --><o:p><div>二</div></o:p><p/=><i><p>三</p></i>"
        "<pa:x><p>四</p><p>五</p></pa:x></div>"
    )
    document = html.read(content)
    assert texts(document.blocks) == ["字", "一", "字", "二", "三", "四", "五"]
    assert_places_resolve(content, document)


def test_text_at_every_depth_keeps_paths_short() -> None:
    document = html.read("<div>字" * 5000)
    assert sum(len(block.locator) for block in document.blocks) < 5000 * 4000


OPENING = ["<table>", "<tr>", "<td>", "<td rowspan=2>", "<td colspan=3>", "<p>", "<div>", "<span>", "<caption>"]
OPENING += ["<tbody>", "<tfoot>", "<ul>", "<li>", "<a href=x.pdf>", "<h2>", "<pre>", "<!--", "<script>", "<select>"]
CLOSING = ["</table>", "</tr>", "</td>", "</p>", "</div>", "</span>", "</a>", "</pre>", "-->", "</script>", "</ul>"]
markup = st.sampled_from([*OPENING, *CLOSING, "规章", "1", "23", "<br>", "&nbsp;", " "])


@given(st.lists(markup, max_size=40))
def test_any_markup_is_read_and_every_place_resolves(parts: list[str]) -> None:
    content = "".join(parts)
    document = html.read(content, "http://h.cn/")
    tree = LexborHTMLParser(content)
    for block in (*document.blocks, *document.furniture):
        if isinstance(block, Grid):
            assert block.rows * block.columns >= len(block.cells)
        for place in block.cells if isinstance(block, Grid) else (block,):
            assert tree.css_first(place.locator.removeprefix("html:")) is not None


# Real pages

SIZES = {
    "pingtan-government-2020.rebuilt.html": [(18, 4), (26, 10), (4, 15)],
    "pingtan-jinjing-2019.html": [(18, 4), (26, 10), (4, 15)],
    "pingtan-jinjing-2021.html": [(14, 4), (28, 10), (4, 15)],
    "pingtan-ziran-2023.html": [(14, 4), (28, 10), (4, 15)],
    "shuyang-fgj-2023.html": [(14, 4), (28, 10), (4, 15)],
    "pingtan-zhifa-2018.html": [(16, 4)],
    "pingtan-gongan-2017-attachment.html": [],
}


@pytest.mark.parametrize("name", SIZES)
def test_tables_of_real_pages(name: str) -> None:
    corpus = os.environ.get("NIANBAO_CORPUS")
    if not corpus:
        pytest.skip("NIANBAO_CORPUS is not set: no real documents to read")
    content = (Path(corpus) / name).read_text()
    document = html.read(content)
    assert [(block.rows, block.columns) for block in document.blocks if isinstance(block, Grid)] == SIZES[name]
    assert_places_resolve(content, document)
    assert not any(mark in text for text in texts(document.blocks) for mark in ("function", "var ", "document."))
    assert not any("版权所有" in text or "当前位置" in text for text in texts(document.blocks))


def test_big_menus_change_nothing_but_the_time() -> None:
    links = "".join(f"<li><a href=/{number}/>栏目名称{number}</a></li>" for number in range(60))
    report = page(PROSE + FORM, name="unheard-of")
    told = f"<div><ul>{links}</ul><p>发布日期：2021-02-03</p></div>"
    flooded = report.replace("<body>", f"<body><div class=top><ul>{links}</ul></div>{told}").replace(
        "</body>", f"<div class=links><ul>{links}</ul></div></body>"
    )
    document = html.read(flooded)
    assert rows_of(next(block for block in document.blocks if isinstance(block, Grid))) == FORM_ROWS
    assert texts(document.blocks) == texts(html.read(report).blocks)
    assert texts(document.furniture) == ["发布日期：2021-02-03", *texts(html.read(report).furniture)]
    assert_places_resolve(flooded, document)
