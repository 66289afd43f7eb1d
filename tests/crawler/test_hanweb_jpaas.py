"""Hanweb's jpaas: blocks of shells, answers in JSON, pagers that tell or lie, and a whole city over loopback."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.archive import Archive
from crawler.families import hanweb_jpaas as family
from crawler.listing import Channel, Link, Listing, Page, Request
from crawler.wire.pages import readable
from tests.crawler.conftest import Crawl
from tests.crawler.replica import Replica, list_page
from tests.crawler.replicas.checks import assert_copes, collect, portal_of
from tests.crawler.replicas.hanweb_jpaas import article, build, row

HOST = "https://www.example.gov.cn"
SHELL = f"{HOST}/xwfb/zxzc/index.html"
UNIT = "/api-gateway/jpaas-publish-server/front/page/build/unit"
REFERER = (("Referer", SHELL),)
TITLE = "某区某局2022年政府信息公开工作年度报告"
ARTICLE = f"{HOST}/xwfb/art/2023/art_0123456789abcdef0123456789abcdef.html"
ROW = row(ARTICLE, TITLE, "[2023-01-16]")
FIRST = Request(f"{HOST}{UNIT}?parseType=bulidstatic&webId=8f&tagId=%E5%88%97%E8%A1%A8&editType=null&pageId=95", headers=REFERER)
SECOND = f"{HOST}{UNIT}?parseType=bulidstatic&webId=8f&tagId=%E5%88%97%E8%A1%A8&pageId=95&paramJson=%7B%22pageNo%22%3A2%2C%22pageSize%22%3A15%7D"
QUERY = "{'parseType':'bulidstatic','webId':'8f','tagId':'列表','editType':'null','pageId':'95'}"


def block(query: str, url: str = f'url="{UNIT}"') -> str:
    return f'<script id="4e" src="/cms_files/default/script/AuthorizedRead/unitbuild.js?v=3.1.3" webId="8f" {url} queryData="{query}"></script>'


def pager(number: int, count: int, query: str = f'queryData="{QUERY}"', rows: str = "15") -> str:
    return f'<div class="pagination" rows="{rows}" count="{count}" pageNo="{number}" unitid="列表" unitUrl="{UNIT}" {query}></div>'


def answer(html: object, request: Request = FIRST) -> Listing:
    text = json.dumps({"success": True, "code": "200", "data": {"html": html}}, ensure_ascii=False)
    return family.read(Page(request.url, text, "application/json", request))


def test_first_asks_for_the_channel_itself() -> None:
    assert family.first(Channel(SHELL)) == Request(SHELL)


def test_recognises_shells_answers_and_articles() -> None:
    assert family.recognises(Page(SHELL, block(QUERY))) == 1
    assert family.recognises(Page(FIRST.url, '{"success":true,"data":{"html":"<ul></ul>"}}')) == 0.8
    assert family.recognises(Page(ARTICLE, article("某局", 2022))) >= 0.5
    assert family.recognises(Page(HOST, '<a href="/art/2023/1/9/art_1_2.html">x</a><a href="/col/col1/index.html">y</a>')) == 0
    assert family.recognises(Page(HOST, list_page(["<a href='content/post_1.html'>x</a>"]))) == 0
    assert family.recognises(Page(HOST, "")) == family.recognises(Page(HOST, '{"data": 5}')) == family.recognises(Page(HOST, "[")) == 0


@pytest.mark.parametrize(
    ("shell", "asked"),
    [
        (block(QUERY), [FIRST]),
        (block(QUERY, ""), [FIRST]),
        (block(QUERY.replace("'null'", "null")), [FIRST]),
        (block(QUERY) + block(QUERY), [FIRST]),
        (block(QUERY.replace("列表", "网站头部")), []),
        (block("{'tagId':"), []),
        (block(QUERY, 'url="javascript:x"'), []),
        ('<script src="/unitbuild.js"></script>', []),
    ],
)
def test_blocks_of_a_shell(shell: str, asked: list[Request]) -> None:
    assert family.read(Page(SHELL, f"<body>{shell}</body>")) == Listing(columns=tuple(asked))


def test_rows_and_pager_of_a_block() -> None:
    listing = answer(f"<ul>{ROW}</ul>{pager(1, 31)}")
    assert listing.links == (Link(ARTICLE, TITLE, "2023-01-16"),)
    assert listing.following == (Request(SECOND, headers=REFERER),)


@pytest.mark.parametrize("more", ["", 'queryData="{}"', 'queryData="oops"'])
def test_a_pager_without_parameters_goes_on_with_those_of_its_request(more: str) -> None:
    assert [request.url for request in answer(f"{ROW}{pager(1, 31, more)}").following] == [SECOND]


@pytest.mark.parametrize(
    ("number", "count", "rows", "is_more"),
    [(2, 31, "15", True), (2, 30, "15", False), (1, 31, "15", False), (3, 99, "15", False), (2, 31, "0", False), (2, 31, "", False), (2, 31, "99999999999", False)],
)
def test_pages_end_by_count_and_by_a_server_that_is_stuck(number: int, count: int, rows: str, is_more: bool) -> None:
    listing = answer(f"{ROW}{pager(number, count, rows=rows)}", Request(SECOND, headers=REFERER))
    assert bool(listing.following) == is_more
    assert all("%22pageNo%22%3A3" in request.url for request in listing.following)


def test_rows_that_stand_in_the_shell() -> None:
    listing = family.read(Page(SHELL, f"<ul>{ROW}</ul>{pager(1, 31)}"))
    assert listing.following == (Request(SECOND, headers=REFERER),)
    assert family.read(Page(SHELL, pager(1, 31))).following == ()


def test_links_of_a_block_stand_on_the_page_that_asked() -> None:
    listing = answer(f'<a href="./art/2023/art_abc.html">{TITLE}</a><a href="2022/index.html">2022年</a><a href="/zn/index.html">政府信息公开指南</a>')
    assert [link.url for link in listing.links] == [f"{HOST}/xwfb/zxzc/art/2023/art_abc.html"]
    assert [request.url for request in listing.columns] == [f"{HOST}/xwfb/zxzc/2022/index.html"]


@pytest.mark.parametrize("html", [None, 5, [], {"html": "x"}, ""])
def test_answers_of_other_types(html: object) -> None:
    assert answer(html) == Listing()


def test_article_and_its_viewer() -> None:
    found = family.article(Page(ARTICLE, article("某局", 2022) + '<div id="pdfshow" data-value="/attach/1.pdf"></div>'))
    assert found.attachments == (Link(f"{HOST}/attach/1.pdf", "/attach/1.pdf"),)
    assert (found.title, found.published, found.source) == ("某局2022年政府信息公开工作年度报告", "2023-01-16", "某局")


PIECES = [
    ROW, block(QUERY), pager(1, 99), block("{'a':"), "<script querydata=\"{'a':{'b':[1]}}\" url='http://['>", "<p count=9 rows=2 pageno=1 uniturl='http://[::1/'>", "</script>",
    '{"data":', '{"html":', '"', "}", "\\u003c", "<a href='http://[::1/index.html'>2022年</a>", "\0", "\ufeff", "<base href='//'>", "&#xD800;", "'",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=12), max_size=30).map("".join), st.booleans(), st.sampled_from([FIRST, Request(f"{HOST}?paramJson=[&a"), None]))
def test_no_page_is_an_error(text: str, is_answer: bool, request: Request | None) -> None:
    whole = json.dumps({"data": {"html": text}}) if is_answer else readable(text)
    shown = Page(request.url if request else SHELL, whole, request=request)
    assert_copes(family, shown)


def test_every_report_is_collected_once(replica: Replica, archive: Archive, run: Crawl) -> None:
    site = build(replica)
    collect(site, replica, archive, run)
    assert len(replica.paths("%E7%BD%91%E7%AB%99%E5%A4%B4%E9%83%A8")) == 0  # 网站头部


def test_a_list_that_stays_on_its_first_page_has_drifted(replica: Replica, archive: Archive, run: Crawl) -> None:
    site = build(replica, more=5)
    result = run(portal_of(site))
    assert result.health == "drifted"
    assert [remark.split(": ")[-1] for remark in result.remarks] == ["the second page of the list is its first again"]
    assert {one.url for one in archive.captures() if one.outcome == "stored"} >= set(site.reports)
