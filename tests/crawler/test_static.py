"""The family for what is built by hand: lists of every shape, told by structure."""

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.archive import Archive
from crawler.families import static as family
from crawler.listing import Channel, Link, Listing, Page, Request
from crawler.lists.anchors import kind_of
from crawler.lists.paging import is_page_of, with_number
from crawler.wire.pages import readable
from tests.crawler.conftest import Crawl
from tests.crawler.replica import Replica
from tests.crawler.replicas.checks import assert_copes, collect
from tests.crawler.replicas.static import build

HOST = "https://www.example.gov.cn"
COLUMN = f"{HOST}/zwgk/gknb"
TITLE = "某区某镇2022年政府信息公开工作年度报告"


def read(text: str, url: str = f"{COLUMN}/index.html") -> Listing:
    return family.read(Page(url, f"<body>{text}</body>"))


ARTICLES = (
    "/nw12344/20230331/4a03b5fa47ae4c73b7ec42801de6be66.html", "/gknbxq/pnidpv197pntypepvnbpnnfpv2025.html",
    "/columns/0772e821-5733-421d-82e7-f545c5729b9e/202302/13/67eb2365-22bc-45b5-be58-199b9683883a.html",
    "/zfxxgk/zfgknb/2022/666160401539141.html", "/2023-01/19/c_1211720332.htm", "/2023/01-19/2677014.html", "/D41X/4779287.jhtml",
    "/zfxxgknb/6229614ff8fd1c0bdc855f08.html", "/gknb/sfqnb/1501808154160173058.html", "/fzfxxgknb/2019/61554.htm",
    "/c/2023-01-28/4655505.shtml", "/zfxxgknb/a45bd6ae777e43d98b8903d4b139de03/index.shtml", "/zfxxgknb/2022061616284566735/index.html",
    "/wlht/2022-01/25/article_2024041410512289318.html", "/sites/x/zwinfo.jsp?id=15652", "/kfq/contents/10994/273839.html",
    "/news/show/20230117151534257.html", "/zwgk/xxgkgzndbg/content_84187", "/35048/40718/content_1202379.html", "/doc/2022/01/29/3592550.shtml",
    "/20210131/i445060.html", "/Content-2219072.html", "/buffersInformation/details?id=828227fb-ad7c-4968-86a2-6c06e66a495a", "/x/nb.PDF",
    "/year_details.aspx?dept=38&id=91674", "/show.php?id=385009",
)  # fmt: skip
COLUMNS = (
    "/", "/zwgk/", "/zfxxgk/gknb/2018nb/", "/zwgk/index.shtml", "/nw12344/index.html", "/zfxxgknb/1.html", "/zfxxgknb/12.html", "/list.html",
    "/list_2.shtml", "/gknb/index_12.htm", "/202212345/index.html", "/columns/0772e821-5733-421d-82e7-f545c5729b9e/index.html",
    "/department.aspx?id=40", "/InfoPublic.aspx?cid=1019&pid=971&page=1&kw=", "/eportal/ui?pageId=1&currentPage=2&moduleId=3",
    "/zfxxgkndbg/nlist.htm", "/c100028/common_xq_list.shtml", "/XxgkContent/showList/996/0/page_1.html", "/public/column/13771?action=list&catId=7006411",
)  # fmt: skip


@pytest.mark.parametrize("path", ARTICLES)
def test_addresses_of_articles(path: str) -> None:
    assert kind_of(f"{HOST}{path}") == "article"
    row = Link(f"{HOST}{path}", TITLE, "2023-01-20")
    assert read(f'<ul><li><a href="{path}">{TITLE}</a> 2023-01-20</li><li><a href="/other/">别处</a></li></ul>').links == (row,)


@pytest.mark.parametrize("path", COLUMNS)
def test_addresses_of_columns(path: str) -> None:
    assert kind_of(f"{HOST}{path}") == "column"
    assert read(f'<a href="{path}">{TITLE}</a><a href="/x/1234567.html">别的</a>').links == (Link(f"{HOST}/x/1234567.html", "别的"),)


@pytest.mark.parametrize(
    "row",
    [
        '<li><a href="{url}" title="{title}">某区某镇2022年…</a><span>2023-01-20</span></li>',
        '<li><span>[2023-01-20]</span><a href="{url}">{title}</a></li>',
        '<li><a href="{url}">{title}<em>2023年1月20日</em></a></li>',
        '<li data-url="{url}"><p>{title}</p><p>2023/01/20</p></li>',
        '<li><a href="javascript:void(0)" data-url="{url}">{title}</a><i>2023-1-20</i></li>',
        '<li><a href="#" data-href="{url}">{title}</a><i>2023-01-2018:26</i></li>',
        "<li><a href=\"javascript:;\" onclick=\"window.open('{url}')\">{title}</a><i>2023.01.20</i></li>",
        "<table><tr onclick=\"location.href='{url}'\"><td>{title}</td><td>2023-01-20 08:30</td></tr></table>",
        '<dl><dt><a href="{url}"><img src="x.png"></a></dt><dd><a href="{url}">{title}</a></dd><dd>2023-01-20</dd></dl>',
    ],
)
@pytest.mark.parametrize("url", ["/c/2023-01-20/4655505.shtml", "2023.html", "jyj/index.html"])
def test_rows_however_they_are_made(row: str, url: str) -> None:
    text = row.format(url=url, title=TITLE) + '<p><a href="/other/1234567.html">另一条</a></p>'
    address = f"{HOST}{url}" if url.startswith("/") else f"{COLUMN}/{url}"
    assert read(text).links[0] == Link(address, TITLE, "2023-01-20")


def test_names_alone() -> None:
    found = read(
        '<a href="2021.html">2021年政府信息公开年报</a><a href="2020n/">2020年政府信息公开年报</a><a href="bm/1.html">各部门</a>'
        '<a href="201901.html">2019年</a><a href="jyj.html">教育局</a><a href="/jg/bm/">各部门</a><a href="/zwgk/wzbb/">政府网站工作年度报表</a>'
        '<a href="/bmjz/eljd/xxgknb/">信息公开年报</a><a href="https://other.gov.cn/nb/">信息公开年报</a><a href="1.html">1</a>'
    )
    assert [link.url.removeprefix(f"{COLUMN}/") for link in found.links] == ["2021.html", "201901.html"]
    below = [request.url.removeprefix(HOST) for request in found.columns]
    assert below == ["/zwgk/gknb/2020n/", "/zwgk/gknb/bm/1.html", "/zwgk/gknb/jyj.html", "/bmjz/eljd/xxgknb/"]


def test_a_year_is_the_name_of_a_row_and_no_page_number() -> None:
    """A table of bodies by years, addresses in the way of 西城."""
    rows = "".join(f'<td><a href="../gknbxq/pnidpv{body}pntypepvnbpnnfpv{year}.html">{year}</a></td>' for body in (195, 197) for year in (2021, 2022))
    assert [(link.title, link.url[-9:]) for link in read(f"<table><tr>{rows}</tr></table>").links] == [
        ("2021", "2021.html"), ("2022", "2022.html"), ("2021", "2021.html"), ("2022", "2022.html"),
    ]  # fmt: skip
    assert read('<a href="/x/4655505.html">12</a>').links == ()


def test_years_beside_and_programs_asked_otherwise() -> None:
    years = '<select><option value="2021">2021年</option><option value="/zwgk/2020n/index.html">2020年</option></select><a href="/zwgk/bm/">各部门</a>'
    assert read(years, f"{HOST}/zwgk/2022n/index.html").columns == (Request(f"{HOST}/zwgk/2020n/index.html"),)
    depts = '<a href="list.jsp?dept=1">教育局</a><a href="list.jsp?dept=2">审计局</a><a href="/jg/other.jsp?dept=2">审计局</a>'
    assert [one.url[-1] for one in read(depts, f"{HOST}/nb/list.jsp?dept=1").columns] == ["2"]
    opaque = f'<a href="/columns/{"b" * 8}-0000-0000-0000-{"c" * 12}/index.html">各部门</a>'
    assert len(read(opaque, f"{HOST}/columns/{'a' * 8}-0000-0000-0000-{'d' * 12}/index.html").columns) == 1


ROWS = f'<li><a href="/x/4655505.html">{TITLE}</a> 2023-01-20</li><li><a href="/x/4655506.html">别的</a> 2023-01-21</li>'
HIDDEN = base64.b64encode('<a class="n" href="index_2.html">2</a><a href="index_3.html">末页</a>'.encode()).decode()


@pytest.mark.parametrize(
    ("pager", "page", "following"),
    [
        ('<a href="index_2.html">下一页</a>', "index.html", ["index_2.html"]),
        ('<a href="index_2.html">2</a><a href="index_3.html">3</a>', "", ["index_2.html", "index_3.html"]),
        ('<a href="index.html">1</a><a href="index_3.html">3</a>', "index_2.html", ["index_3.html"]),
        ('<a href="index_1.html">上一页</a>共3页', "index_2.html", []),
        ('<a href="list_2.html">&gt;</a>', "list.html", ["list_2.html"]),
        ('<a href="1.html">首页</a><a href="2.html">2</a>', "1.html", ["2.html"]),
        ('<a href="3.html">下页</a><a href="1.html">上页</a>', "2.html", ["3.html"]),
        ('<a href="list-2.html">下一页&gt;</a><a href="list-9.html">尾页</a>', "list-1.html", ["list-2.html", "list-9.html"]),
        ('<a href="?page=2">2</a><a href="?page=3">3</a>', "", ["?page=2", "?page=3"]),
        ('<a href="list.php?id=7&amp;p=3">下一页</a><a href="list.php?id=8&amp;p=9">x</a>', "list.php?p=2&id=7", ["list.php?id=7&p=3"]),
        ('<a href="ui?pageId=5&currentPage=2&moduleId=7">2</a><a href="ui?pageId=6&currentPage=3">3</a>', "ui?pageId=5", ["ui?pageId=5&currentPage=2&moduleId=7"]),
        ('<a href="ui?pageId=5&currentPage=2&type=9">各部门</a>', "ui?pageId=5", []),
        ('<a href="item-list-2088-page-2.html">下一页</a><a href="item-view-20881.html">后一页</a>', "item-list-2088.html", ["item-list-2088-page-2.html"]),
        ('<a href="more.html">下 一 页</a>', "index.html", ["more.html"]),
        ('<a href="more.html" title="下一页"><img src="n.gif"></a>', "index.html", ["more.html"]),
        ('<a href="/x/4655507.html">下一篇</a><a href="/x/4655508.html">下一页</a>', "index.html", []),
        ("<a onclick=\"location.href='index_2.html'\">下一页</a>", "index.html", ["index_2.html"]),
        ('<a data-url="index_2.html" href="javascript:;">2</a>', "index.html", ["index_2.html"]),
        ('<a href="javascript:next(2)">下一页</a>', "index.html", ["index_2.html"]),
        ('<a href="javascript:next(2)">下一页</a>', "list.shtml", ["list_2.shtml"]),
        ('<a href="javascript:goPage(4)">4</a>', "3.html", ["4.html"]),
        ('<a href="javascript:void(0)" onclick="toPage(\'3\')">下一页</a>', "list.jsp?page=2&id=1", ["list.jsp?page=3&id=1"]),
        ("<a href='javascript:next(2)'>下一页</a><script>function next(n){location.href='./index-'+n+'.html'}</script>", "index.html", ["index-2.html"]),
        ('<a href="javascript:next(1)">上一页</a>', "index_2.html", []),
        ('共4页 当前第4页 <a href="javascript:next(5)">下一页</a>', "index_4.html", []),
        ('共4页 当前第3页 <a href="javascript:next(4)">下一页</a>', "index_3.html", ["index_4.html"]),
        (f'<div id="pages">{HIDDEN}</div><script>window.atob(x)</script>', "index.html", ["index_2.html", "index_3.html"]),
        (f"<script>document.write(window.atob('{HIDDEN}'))</script>", "index.html", ["index_2.html", "index_3.html"]),
        ("共 <b>5</b> 页", "index_4.html", ["index_5.html"]),
        ("共5页", "index_5.html", []),
        ("<span>第 1/3 页</span>", "", ["index_2.html"]),
        ("<span>3/3</span><span>1/9</span>", "3.html", []),
        ("<p>占1/3以上</p><p>2023/1/20</p>", "", []),
        ("<script>var totalPage = 2;</script>", "1.html", ["2.html"]),
        ('<script>createPageHTML(3, 0, "index", "html");</script>', "", ["index_1.html"]),
        ('<script>createPageHTML(3, 1, "index", "html");</script>', "index_1.html", ["index_2.html"]),
        ('<script>createPage(3,2,"index","html");</script>', "index_2.html", []),
        ("<script>createPageHTML('page_div',3, 1,'fg','shtml',89);</script>", "", ["fg_1.shtml"]),
        ("<script>createPageHTML('page_div',3, 3,'fg','shtml',89);</script>", "fg_2.shtml", []),
        ('<a href="2.html">下页</a><a href="4.html">上页</a><a href="1.html">尾页</a>', "3.html", ["4.html", "2.html"]),
        ('<a href="2.html">下页</a><a href="1.html">尾页</a>', "3.html", ["2.html"]),
        ("<script>x.toFixed(2);setTimeout(page, 3)</script>", "index.html", []),
        ('<a href="https://www.other.cn/index_2.html">下一页</a>', "index.html", []),
        ("", "index.html", []),
    ],
)  # fmt: skip
def test_pagers(pager: str, page: str, following: list[str]) -> None:
    found = read(ROWS + pager, f"{COLUMN}/{page}")
    assert [request.url.removeprefix(f"{COLUMN}/") for request in found.following] == following
    assert [link.url for link in found.links] == [f"{HOST}/x/4655505.html", f"{HOST}/x/4655506.html"]
    assert not any(request.is_guess for request in found.following)


def test_number_of_pages_is_put_where_it_stands() -> None:
    assert with_number(f"{COLUMN}/", 2) == f"{COLUMN}/index_2.html"
    assert with_number(f"{COLUMN}/ui?pageId=5&currentPage=1", 2) == f"{COLUMN}/ui?pageId=5&currentPage=2"
    assert with_number(f"{COLUMN}/list.jsp?id=5", 2) is None
    assert is_page_of(f"{COLUMN}/2.html", f"{COLUMN}/index.html")
    assert not is_page_of(f"{COLUMN}/bm_2.html", f"{COLUMN}/index.html")


def test_frames_and_feeds_stand_in_for_rows() -> None:
    assert read('<iframe src="/inner/list.html"></iframe><iframe src="https://x.cn/"></iframe>').columns == (Request(f"{HOST}/inner/list.html"),)
    shell = "<ul id=list></ul><script>$.getJSON('./nb.json', draw); $.getJSON('https://api.x.cn/a.json')</script>"
    assert read(shell).columns == (Request(f"{COLUMN}/nb.json"),)
    feed = [{"URL": "./content_1.htm", "TITLE": TITLE, "DOCRELPUBTIME": "2023-01-20"}]
    assert family.read(Page(f"{COLUMN}/nb.json", json.dumps(feed), "application/json")).links == (Link(f"{COLUMN}/content_1.htm", TITLE, "2023-01-20"),)


def test_a_program_that_answers_json_is_asked_for_all_pages() -> None:
    asked = Request(f"{HOST}/eportal/ui?moduleId=5&pageNo=2&pageSize=2")
    answer = {"code": 0, "data": {"total": 5, "list": [{"title": f"<em>{TITLE}</em>", "url": "/a/1234.html"}, {"title": "x"}, 7]}}
    found = family.read(Page(asked.url, json.dumps(answer), "application/json", asked))
    assert found.links == (Link(f"{HOST}/a/1234.html", TITLE),)
    assert found.following == (Request(f"{HOST}/eportal/ui?moduleId=5&pageNo=3&pageSize=2"),)
    last = Request(asked.url.replace("pageNo=2", "pageNo=3"))
    assert family.read(Page(last.url, json.dumps(answer), "application/json", last)).following == ()


def test_recognises_little_and_never_much() -> None:
    assert family.recognises(Page(HOST, "")) == 0
    assert family.recognises(Page(HOST, "<a href='/zwgk/'>政务公开</a>")) == 0.1
    assert family.recognises(Page(f"{HOST}/c/2023-01-28/4655505.shtml", "<p>x</p>")) == 0.3
    assert family.first(Channel(COLUMN)) == Request(COLUMN)


def test_article_without_meta_tags() -> None:
    page = f"""<title>{TITLE}-某区政府</title><body>2019年12月3日 首页 » <h2>{TITLE}</h2> 2021-03-2918:26 浏览量：
        <p>一、总体情况</p><script>show("/files/2022/年报.pdf?x=1")</script>"""
    found = family.article(Page(f"{HOST}/x/1234.html", page))
    assert (found.title, found.published) == (TITLE, "2021-03-29")
    assert [file.url for file in found.attachments] == [f"{HOST}/files/2022/%E5%B9%B4%E6%8A%A5.pdf"]
    linked = page + '<a href="b.docx">附件</a>'
    assert [file.url for file in family.article(Page(f"{HOST}/x/1234.html", linked)).attachments] == [f"{HOST}/x/b.docx"]


PIECES = [
    "<a href='2.html'>", "<a href='/x/1234567.html'>", "</a>", "<li data-url='//['>", "<li onclick=\"open('http://[')\">", "下一页", "2021年", "各部门",
    "<base href='http://[::1/'>", "<option value='?'>", "2021-13-41", "共99999页", "javascript:next(2", "window.atob('" + "A" * 41 + "')",
    "<div id=page>" + "QUJD" * 12 + "</div>", "<iframe src='http://['>", "'+n+'", "\0", "<script>", "{", "[", '"title":', '"url"', "\ufeff{", "a.pdf'",
]  # fmt: skip


@given(
    st.lists(st.sampled_from(PIECES) | st.text(max_size=12), max_size=30).map("".join),
    st.sampled_from([f"{COLUMN}/", f"{COLUMN}/1.html", f"{HOST}/a.jsp?page=x&id=1"]),
)
def test_no_page_is_an_error(text: str, url: str) -> None:
    page = Page(url, readable(text))
    assert_copes(family, page, most=0.3)


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["title", "url", "date", "total", "data", "page"]), inner),
)


@given(values)
def test_no_answer_is_an_error(value: object) -> None:
    family.read(Page(f"{COLUMN}/ui?page=1&pageSize=0", json.dumps([value])))
    family.read(Page(f"{COLUMN}/ui?page=1&pageSize=2", json.dumps({"data": value, "total": value})))


def test_every_report_is_collected_once(replica: Replica, archive: Archive, run: Crawl) -> None:
    site = build(replica)
    collect(site, replica, archive, run)
    captures = {one.url.removeprefix(replica.origin): one for one in archive.captures()}
    report = captures["/c/2023-01-12/4655502.shtml"]
    assert (report.title, report.date) == ("云州市松霁镇人民政府2022年政府信息公开工作年度报告", "2023-01-20")
    assert captures["/zwgk/gknb/ln/2019n/2019001.html"].title == "教育局"
