"""The NFCMS family on saved shapes of pages, and on whatever else a page may hold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.archive import Archive
from crawler.families import guangdong_nfcms as family
from crawler.listing import Article, Channel, Link, Listing, Page, Request
from crawler.wire.pages import readable
from tests.crawler.conftest import Crawl
from tests.crawler.replica import COLUMN, Replica, article, list_page, pager, row
from tests.crawler.replicas.checks import assert_copes, collect
from tests.crawler.replicas.guangdong_nfcms import build

HOST = "https://www.example.gov.cn"
FOLDER = f"{HOST}{COLUMN}/gzj"


def read(text: str, url: str = f"{FOLDER}/index.html") -> Listing:
    return family.read(Page(url, text))


def test_recognises_its_pages_and_no_others() -> None:
    assert family.recognises(Page(f"{FOLDER}/index.html", list_page([row("content/post_1.html", "某镇年报")]))) > 0.8
    assert family.recognises(Page(f"{FOLDER}/content/post_1.html", article("某镇年报"))) > 0.8
    assert family.recognises(Page(HOST, "<a href='./202301/t20230130_11545442.html'>某镇年报</a>")) == 0
    assert family.recognises(Page(HOST, "")) == 0


def test_first_asks_for_the_channel_itself() -> None:
    assert family.first(Channel(FOLDER + "/")) == Request(FOLDER + "/")


def test_rows_with_whole_titles_and_their_dates() -> None:
    title = "某区某镇政府信息公开工作2020年度报告"
    skins = {
        "span": row("content/post_1.html", title, "2021-01-21"),
        "inside": f'<li><a href="./content/post_1.html" title="{title}">某区某镇…<span>2021-01-21</span></a></li>',
        "before": f'<li>[2021-01-21] <a href="{COLUMN}/gzj/content/post_1.html">{title}</a></li>',
        "table": f'<tr><td>1</td><td><a href="content/post_1.html">{title}</a></td><td>2021年1月21日</td></tr>',
        "definition": f'<dl><dt><a href="//www.example.gov.cn{COLUMN}/gzj/content/post_1.html">{title}</a></dt><dd>2021/01/21</dd></dl>',
        "padded": f'<li><a href=" content/post_1.html ">\n {title}\n</a><i>\r\n\t2021-1-21\r\n</i></li>',
        "twice": f'<li><a href="content/post_1.html"><img src="x.png"></a><a href="content/post_1.html">{title}</a>2021-01-21</li>',
    }
    for name, skin in skins.items():
        body = f"<table>{skin}</table>" if name == "table" else f"<ul>{skin}</ul>"
        other = row("content/post_2.html", "某区某局2019年年报", "2020-02-02")
        expected = Link(f"{FOLDER}/content/post_1.html", title, "2021-01-21")
        assert read(list_page([body, f"<ul>{other}</ul>"])).links[0] == expected, name


def test_dates_of_neighbours_are_not_borrowed() -> None:
    rows = ["<p><a href='content/post_1.html'>甲镇年报</a><a href='content/post_2.html'>乙镇年报</a> 2021-01-21</p>"]
    assert [link.date for link in read(list_page(rows)).links] == [None, None]


def test_files_in_a_list_are_rows_and_other_links_are_not() -> None:
    rows = [
        row(address, "某镇年报")
        for address in ("/attachment/0/1/2/3.PDF", "mpost_1.html", "javascript:;", "content/a.html")
    ]
    assert [link.url for link in read(list_page(rows)).links] == [f"{HOST}/attachment/0/1/2/3.PDF"]


ROWS = [row("content/post_1.html", "某镇2020年信息公开年报")]


@pytest.mark.parametrize(
    ("pager", "page", "following"),
    [
        (pager(1, 3), "index.html", ["index_2.html", "index_3.html"]),
        (pager(2, 3), "index_2.html", ["index_3.html"]),
        (pager(3, 3), "index_3.html", []),
        (pager(1, 2), "", ["index_2.html"]),
        ("<a onclick=\"location.href='index_2.html'\">下一页</a>", "index.html", ["index_2.html"]),
        ("<option value=index_2.html>2</option>", "index.html", ["index_2.html"]),
        (f'<a href="{FOLDER}/index_2.html">下一页</a>', "index.html", ["index_2.html"]),
        ('<a href="/hdzx/tzgg/index_2.html">通知公告</a><b>共1页</b>', "index.html", []),
        ("共 5 页", "index_4.html", ["index_5.html"]),
        ("<script>var pageCount = 2;</script>", "index_2.html", []),
    ],
)
def test_pagers(pager: str, page: str, following: list[str]) -> None:
    found = read(list_page(ROWS, pager), f"{FOLDER}/{page}").following
    assert found == tuple(Request(f"{FOLDER}/{name}") for name in following)


def test_next_page_is_a_guess_only_without_a_pager() -> None:
    assert read(list_page(ROWS)).following == (Request(f"{FOLDER}/index_2.html", is_guess=True),)
    assert read(list_page([])).following == ()
    crumbs = f'<a href="{FOLDER}/index.html">各镇街</a>'
    assert read(list_page([*ROWS, crumbs]), f"{FOLDER}/index_2.html").following == (Request(f"{FOLDER}/index_3.html", is_guess=True),)
    assert read(list_page(ROWS, '<a href="index.html">1</a>'), f"{FOLDER}/index_2.html").following == ()
    assert read(list_page(ROWS, '<a href="./">上一页</a>'), f"{FOLDER}/index_2.html").following == ()


def test_columns_below_and_not_beside() -> None:
    links = [
        "qzf/",
        "./gbm/index.html",
        "gbm/2021/",
        f"{COLUMN}/gzj/",
        "../",
        "/",
        "content/",
        "qzf/?a=1",
        "content/post_1.html",
    ]
    page = list_page([f'<a href="{link}">x</a>' for link in links])
    found = [
        request.url.removeprefix(f"{HOST}{COLUMN}/") for request in read(page, f"{HOST}{COLUMN}/index.html").columns
    ]
    assert found == ["qzf/", "gbm/index.html", "gbm/2021/", "gzj/"]


def test_article_by_its_meta_tags() -> None:
    page = article("某镇2020年年报", attachments={"/attachment/0/1/2/3.docx": "附件.docx", "/x/y.html": "别处"})
    assert family.article(Page(f"{FOLDER}/content/post_1.html", page)) == Article(
        attachments=(Link(f"{HOST}/attachment/0/1/2/3.docx", "附件.docx"),),
        title="某镇2020年年报",
        published="2021-01-21",
        source="本网",
        metadata={"articletitle": "某镇2020年年报", "pubdate": "2021-01-21 15:24", "contentsource": "本网"},
    )


def test_article_by_what_it_prints() -> None:
    page = (
        "<body>2019年12月3日<h1>某镇\n2020年年报</h1>发布日期：2021-01-21 15:24&nbsp;文章来源：某镇政府 【字体】</body>"
    )
    found = family.article(Page(FOLDER, page))
    assert (found.title, found.published, found.source) == ("某镇 2020年年报", "2021-01-21", "某镇政府")


@pytest.mark.parametrize(
    "embedded",
    [
        '<iframe src="/attachment/0/1/2/3.pdf"></iframe>',
        '<iframe src="/pdfjs/viewer.html?file=%2Fattachment%2F0%2F1%2F2%2F3.pdf"></iframe>',
        '<embed src="/attachment/0/1/2/3.pdf">',
        '<object data="/attachment/0/1/2/3.pdf"></object>',
        '<a href="/pdfjs/viewer.html?file=/attachment/0/1/2/3.pdf#page=1">全文</a>',
    ],
)
def test_embedded_files(embedded: str) -> None:
    found = family.article(Page(f"{FOLDER}/content/post_1.html", f"<body>{embedded}{embedded}</body>"))
    assert [file.url for file in found.attachments] == [f"{HOST}/attachment/0/1/2/3.pdf"]


PIECES = [
    "<a href='content/post_1.html'>", "</a>", "<li>", "</ul>", "<base href='//'>", "<base href='http://[::1/'>", "index_2.html", "\0",
    "<option value='http://['>", "2021-13-41", "共99999页", "<iframe src='?file=//['>", "<a href='http://a..b:99999/x.pdf'>", "'\"<",
    "<meta name=pubdate content=x>", "<!--", "<script>", "&#xD800;", "https://用户@主机/附件.docx", "<object data='javascript:x'>",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=12), max_size=30).map("".join))
def test_no_page_is_an_error(text: str) -> None:
    page = Page(f"{FOLDER}/index.html", readable(text))
    assert_copes(family, page)


@pytest.mark.parametrize(
    "text",
    [
        "<div>" * 100_000 + "<a href='content/post_1.html'>x",
        "<option value='a/'>" * 20_000,
        "<p " + "a=1 " * 100_000 + ">",
    ],
)
def test_pages_beyond_reason_are_cut(text: str) -> None:
    assert len(readable(text)) < 60_000


def test_real_depth_and_images_in_the_page_are_read_whole() -> None:
    page = "<p>一<br><li>二<img src='data:image/png;base64," + "A" * 100_000 + "'>" + "<div><p>三</div>" * 5_000
    assert readable(page) == page


def test_every_report_is_collected_once(replica: Replica, archive: Archive, run: Crawl) -> None:
    site = build(replica)
    collect(site, replica, archive, run)
    twins = [one.url for one in archive.captures() if "mpost_" in one.url]
    assert len(set(twins)) == 1  # the one that a list leads to; those that articles name are not asked for
    assert not any("index_1.html" in path for path in replica.paths())
