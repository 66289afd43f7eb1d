"""VSB: lists that count down, restricted articles, files in frames and behind a download program."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.archive import Archive
from crawler.families import vsb as family
from crawler.listing import Channel, Link, Listing, Page, Request
from crawler.wire.pages import readable
from tests.crawler.conftest import Crawl
from tests.crawler.replica import Replica, Reply
from tests.crawler.replicas.checks import assert_copes, collect, portal_of
from tests.crawler.replicas.vsb import LIST, build, list_page

HOST = "https://www.example.gov.cn"
TITLE = "某区某局2022年政府信息公开工作年度报告"


def read(text: str, url: str = f"{HOST}/xxgk/gknb.htm") -> Listing:
    return family.read(Page(url, f"<body>{text}</body>"))


@pytest.mark.parametrize(
    ("pager", "page", "following"),
    [
        ('<a href="gknb/230.htm">下页</a><a href="gknb/1.htm">尾页</a>', "gknb.htm", ["gknb/230.htm", "gknb/1.htm"]),
        ('<a href="gknb/4.htm">2</a><a href="gknb/3.htm">3</a><a href="gknb/9.htm">x</a>', "gknb.htm", ["gknb/9.htm", "gknb/4.htm", "gknb/3.htm"]),
        ('<a href="4.htm">上页</a><a href="2.htm">下页</a><a href="../gknb.htm">首页</a>', "gknb/3.htm", ["gknb/2.htm"]),
        ('<a href="2.htm">上页</a><a href="../gknb.htm">首页</a>', "gknb/1.htm", []),
        ('<a href="../other/2.htm">2</a>', "gknb/3.htm", []),
        ('<a href="other/2.htm">2</a>', "gknb.htm", []),
        ("<span>共355条&nbsp;1/24&nbsp;</span>", "gknb.htm", ["gknb/23.htm"]),
        ("<span>2/24</span>", "gknb/23.htm", ["gknb/22.htm"]),
        ("共 3 页", "gknb.htm", ["gknb/2.htm"]),
        ("<span>1/1</span>", "gknb.htm", []),
        ("<span>24/24</span>", "gknb/1.htm", []),
        ('<a href="gknb/2021.htm">2021年</a>', "gknb.htm", []),
        ('<a href="2021/1.htm">下页</a><a href="2020.htm">2020年</a>', "gknb/2021.htm", ["gknb/2021/1.htm"]),
        ('<a href="?a2p=2&amp;urltype=tree.TreeTempUrl&amp;wbtreeid=1">下页</a>', "list.jsp?urltype=tree.TreeTempUrl&wbtreeid=1",
         ["list.jsp?a2p=2&urltype=tree.TreeTempUrl&wbtreeid=1"]),
    ],
)  # fmt: skip
def test_pages_count_down(pager: str, page: str, following: list[str]) -> None:
    rows = f'<li><a href="/info/1/2.htm">{TITLE}</a>2023-01-20</li><li><a href="/info/1/3.htm">别的</a></li>'
    found = read(rows + pager, f"{HOST}/xxgk/{page}")
    assert [request.url.removeprefix(f"{HOST}/xxgk/") for request in found.following] == following
    assert len(found.links) == 2


def test_rows_are_articles_restricted_ones_and_files() -> None:
    addresses = (
        "/info/1157/6912.htm", "/article.jsp?urltype=news.NewsContentUrl&wbtreeid=1157&wbnewsid=6928", "/__local/B/56/1_2_3.pdf",
        "/system/_content/download.jsp?urltype=news.DownloadAttachUrl&owner=1&wbfileid=2",
    )  # fmt: skip
    others = ("/index.htm", "/info/1157.htm", "/article.jsp?urltype=tree.TreeTempUrl&wbtreeid=1157", "/__local/1.jpg", "/2.htm")
    rows = [(address, TITLE, "2023-01-20") for address in (*addresses, *others)]
    found = family.read(Page(f"{HOST}/a/gknb.htm", list_page("年报", rows, "", depth=1)))
    assert found.links == tuple(Link(f"{HOST}{address}", TITLE, "2023-01-20") for address in addresses)


def test_columns_below_may_be_named_like_pages() -> None:
    links = '<a href="gknb/2021.htm">2021年</a><a href="gknb/jd.htm">各街道</a><a href="gknb/3.htm">2</a><a href="jgsz/bm.htm">各部门</a><a href="gknb.htm">年报</a>'
    found = read(links)
    assert [request.url.removeprefix(f"{HOST}/xxgk/") for request in found.columns] == ["gknb/2021.htm", "gknb/jd.htm"]
    assert [request.url.removeprefix(f"{HOST}/xxgk/") for request in found.following] == ["gknb/3.htm"]


@pytest.mark.parametrize(
    ("text", "name", "title"),
    [
        ('<li>附件【<a href="/system/_content/download.jsp?uuid=abc">年报.xlsx</a>】</li>', "/system/_content/download.jsp?uuid=abc", "年报.xlsx"),
        ('<a href="/system/_content/download.jsp?urltype=news.DownloadAttachUrl&amp;owner=1&amp;wbfileid=2">年报</a>',
         "/system/_content/download.jsp?urltype=news.DownloadAttachUrl&owner=1&wbfileid=2", "年报"),
        ('<iframe src="/system/resource/pdfjs/viewer.html?file=/__local/B/5_6.pdf"></iframe>', "/__local/B/5_6.pdf", "/__local/B/5_6.pdf"),
        ('<script>showVsbpdfIframe("/__local/B/5_6.pdf","100%","600","0","","1")</script>', "/__local/B/5_6.pdf", "5_6.pdf"),
    ],
)  # fmt: skip
def test_files(text: str, name: str, title: str) -> None:
    page = Page(f"{HOST}/info/1/2.htm", f'<h1>{TITLE}</h1>发布时间：2023-01-20<div class="v_news_content">{text}</div>')
    found = family.article(page)
    assert found.attachments == (Link(f"{HOST}{name}", title),)
    assert (found.title, found.published) == (TITLE, "2023-01-20")


def test_recognises() -> None:
    assert family.recognises(Page(f"{HOST}/info/1/2.htm", '<div id="vsb_content"><div class="v_news_content">')) == 1
    assert family.recognises(Page(HOST, list_page("年报", [("/info/1/2.htm", TITLE, "")], "", depth=1))) == 1
    assert family.recognises(Page(HOST, "<a href='/info/1/2.htm'>")) == 0.4
    assert family.recognises(Page(HOST, "<a href='/c/2023-01-28/4655505.shtml'>")) == 0
    assert family.first(Channel(HOST)) == Request(HOST)


PIECES = [
    "<a href='gknb/3.htm'>", "<a href='/info/1/2.htm'>", "</a>", "下页", "1/24", "共99999页", "<base href='http://[::1/'>", "<a href='article.jsp?",
    "urltype=news.NewsContentUrl", "&wbnewsid=1", "'>", "2021年", "<iframe src='?file=//['>", "/system/_content/download.jsp", "(/__local/x.pdf)", "\0",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=12), max_size=30).map("".join), st.sampled_from(["gknb.htm", "gknb/3.htm", "", "list.jsp?a=1"]))
def test_no_page_is_an_error(text: str, name: str) -> None:
    page = Page(f"{HOST}/xxgk/{name}", readable(text))
    assert_copes(family, page)


def test_every_report_is_collected_once(replica: Replica, archive: Archive, run: Crawl) -> None:
    site = build(replica)
    collect(site, replica, archive, run)
    captures = {one.url.removeprefix(replica.origin): one for one in archive.captures()}
    assert captures["/info/3969/1202.htm"].title == "云州市青澜区审计局2022年政府信息公开工作年度报告"
    assert not any("article.jsp" in path for path in captures)


def test_a_page_in_front_moves_the_rows_and_loses_none(replica: Replica, archive: Archive, run: Crawl) -> None:
    site = build(replica)
    assert run(portal_of(site)).health == "ok"
    old = replica.routes[f"{LIST}.htm"]
    assert isinstance(old, Reply)
    assert isinstance(old.body, str)
    replica.routes[f"{LIST}/4.htm"] = Reply(old.body.replace("zfxxgknb/", "").replace('href="../../', 'href="../../../'))
    rows = [("/info/3969/5555.htm", "云州市青澜区信访局2023年政府信息公开工作年度报告", "2024-01-20")]
    replica.routes[f"{LIST}.htm"] = Reply(list_page("政府信息公开年报", rows, '<a href="zfxxgknb/4.htm">下页</a>', depth=2))
    replica.routes["/info/3969/5555.htm"] = Reply("<h1>信访局</h1>" + "年度报告。" * 100)
    replica.forget()
    result = run(portal_of(site))
    assert (result.health, replica.paths("/info/")) == ("ok", ["/info/3969/5555.htm"])


def test_an_article_that_we_may_not_read_is_said_aloud(replica: Replica, archive: Archive, run: Crawl) -> None:
    site = build(replica)
    closed = next(iter(site.reports)).removeprefix(replica.origin)
    replica.routes[closed] = Reply("<html><body>系统提示 抱歉 可能是由下列问题导致的： 您无权访问此页面</body></html>")
    result = run(portal_of(site))
    assert [(one.url, one.outcome) for one in result.errors] == [(f"{replica.origin}{closed}", "blocked")]
    assert result.links == len(site.reports)
