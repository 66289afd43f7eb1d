"""The gkmlpt family: shells, answers in JSON, content pages, and a whole catalogue over loopback."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.archive import Archive
from crawler.families import guangdong_gkmlpt as family
from crawler.listing import Channel, Link, Listing, Page, Request
from crawler.wire.pages import readable
from tests.crawler.conftest import Crawl
from tests.crawler.replica import Replica
from tests.crawler.replicas.checks import assert_copes, collect
from tests.crawler.replicas.guangdong_gkmlpt import build, content, node, shell

HOST = "http://www.example.gov.cn"
API = f"{HOST}/gkmlpt/api/all/2629?page=1&sid=175"


def answer(rows: list[dict[str, Any]], total: int, url: str = API, **more: Any) -> Listing:
    return family.read(Page(url, json.dumps({"classify": {"id": 1}, "total": total, "articles": rows, **more})))


def rows(count: int) -> list[dict[str, Any]]:
    return [{"title": f"某镇{n}年报", "url": f"{HOST}/gkmlpt/content/8/8766/post_{n}.html"} for n in range(count)]


def columns(tree: str, url: str = f"{HOST}/gkmlpt/index", sid: str = "'175'") -> list[str]:
    page = f"<script>window._CONFIG = {{ SITE_NAME:'某区', SID: {sid}, TREE: {tree}, X: location.href }};</script>"
    return [request.url for request in family.read(Page(url, page)).columns]


def test_first_asks_for_the_channel_itself() -> None:
    assert family.first(Channel(API)) == Request(API)


def test_recognises_shells_answers_and_articles() -> None:
    assert family.recognises(Page(f"{HOST}/gkmlpt/index", shell())) > 0.8
    assert family.recognises(Page(f"{HOST}/gkmlpt/content/8/8766/post_1.html", content("某局", 2021, 1, []))) > 0.8
    assert family.recognises(Page(API, json.dumps({"classify": {}, "articles": []}))) > 0.8
    assert 0 < family.recognises(Page(HOST, '<a href="/gkmlpt/index">目录</a>')) < 0.5
    assert family.recognises(Page(HOST, "")) == family.recognises(Page(HOST, "{}")) == 0
    assert family.recognises(Page(HOST, "<script>var _CONFIG = {a: 1}</script>")) == 0


@pytest.mark.parametrize(
    ("tree", "asked"),
    [
        ('[{"id":2629,"name":"政府信息公开年报","jump_url":"","post_count":11,"children":[]}]', ["gkmlpt/api/all/2629?page=1&sid=175"]),
        ("[{id:7, name:'年度报告'}, {id:8, name:'政府网站工作年度报表'}, {id:9, name:'统计年鉴'}]", ["gkmlpt/api/all/7?page=1&sid=175"]),
        ("[{id:1,name:'法定主动公开内容',children:[{id:2,name:'信息公开年报',children:[{id:3,name:'各镇街'}]}]}]", ["gkmlpt/api/all/2?page=1&sid=175", "gkmlpt/api/all/3?page=1&sid=175"]),
        ("[{id:2,name:'信息公开年报',post_count:0,children:[{id:3,name:'2021'}]}]", ["gkmlpt/api/all/3?page=1&sid=175"]),
        ("[{id:2,name:'信息公开年报',jump_url:'/zwgk/nb/'}]", ["zwgk/nb/"]),
        ("[{id:'2',name:'信息公开年报',jump_url:'javascript:;'}]", ["gkmlpt/api/all/2?page=1&sid=175"]),
        ("[{id:{},name:'信息公开年报'},{name:'年报'},{id:4,name:['年报']},5,null]", []),
        ("{id:2,name:'信息公开年报'}", []),
        ("[", []),
    ],
)  # fmt: skip
def test_annual_report_columns_of_a_tree(tree: str, asked: list[str]) -> None:
    assert columns(tree) == [f"{HOST}/{address}" for address in asked]


def test_a_unit_has_its_own_catalogue() -> None:
    assert columns('[{"id":7,"name":"年报"}]', f"{HOST}/gzbyj/gkmlpt/annualreport?a=/gkmlpt/") == [
        f"{HOST}/gzbyj/gkmlpt/api/all/7?page=1&sid=175"
    ]


@pytest.mark.parametrize(("levels", "found"), [(10, 11), (25, 21), (100, 0)])
def test_trees_deeper_than_any_real_one(levels: int, found: int) -> None:
    tree: dict[str, Any] = node(0, "年报", 0)
    for number in range(1, levels + 1):
        tree = node(number, "年报", 1, [tree])
    assert len(columns(json.dumps([tree]))) == found


def test_rows_with_their_dates() -> None:
    row = {"title": " 某镇2022年<em>年报</em> ", "url": "//other.gov.cn/gkmlpt/content/8/8766/post_1.html"}
    dates: list[dict[str, Any]] = [
        {"created_at": "2023-01-17 00:00:00", "date": 1},
        {"created_at": "", "date": 1673884800},
        {"created_at": None, "display_publish_time": "1673884800"},
        {"first_publish_time": 1673884800},
    ]
    expected = Link("http://other.gov.cn/gkmlpt/content/8/8766/post_1.html", "某镇2022年年报", "2023-01-17")
    assert [answer([row | date], 1).links for date in dates] == [(expected,)] * 4


def test_a_row_without_a_page_leads_to_its_file() -> None:
    file = {"id": 1, "name": "年报.pdf", "url": "/attachment/1/2/3/4.pdf"}
    links = answer(
        [{"title": "某镇年报", "url": "", "attachment": [{"url": ""}, file]}, {"title": "无"}, {"url": 5}], 3
    ).links
    assert links == (Link(f"{HOST}/attachment/1/2/3/4.pdf", "某镇年报"),)


@pytest.mark.parametrize(
    ("count", "total", "url", "pages"),
    [
        (100, 250, API, [2]),
        (100, 250, API.replace("page=1", "page=0"), [2]),  # page 0 is page 1
        (100, 250, API.replace("page=1", "page=2"), [3]),
        (50, 250, API.replace("page=1", "page=3"), []),
        (0, 250, API.replace("page=1", "page=4"), []),
        (100, 100, API, []),
        (20, 50, API, [2, 3]),  # a server with shorter pages
        (20, 50, API.replace("page=1", "page=2"), []),
    ],
)
def test_pages(count: int, total: int, url: str, pages: list[int]) -> None:
    expected = tuple(Request(API.replace("page=1", f"page={page}")) for page in pages)
    assert answer(rows(count), total, url).following == expected


def test_the_column_may_know_the_total_that_the_answer_does_not() -> None:
    found = answer(rows(100), 0, f"{HOST}/gkmlpt/api/all/7?sid=1", classify={"post_count": "134"})
    assert found.following == (Request(f"{HOST}/gkmlpt/api/all/7?sid=1&page=2"),)


def test_a_list_that_a_column_jumps_to() -> None:
    page = """<li><a href="content/post_1.html" title="某镇2020年年报">某镇…</a> 2021-01-20</li>
        <a href="index_2.html">2</a><a href="/other/index_3.html">x</a><a href="gzj/">各镇街</a><a href="/">首页</a>"""
    assert family.read(Page(f"{HOST}/zwgk/nb/", page)) == Listing(
        links=(Link(f"{HOST}/zwgk/nb/content/post_1.html", "某镇2020年年报", "2021-01-20"),),
        following=(Request(f"{HOST}/zwgk/nb/index_2.html"),),
        columns=(Request(f"{HOST}/zwgk/nb/gzj/"),),
    )


def test_article_by_its_card_and_its_script() -> None:
    files = [{"name": "附件.docx", "url": f"{HOST}/attachment/1/2/3/4.docx"}]
    page = content("某区教育局", 2021, 1, files).replace('<a class="nfw-cms-attachment"', "<b")
    found = family.article(Page(f"{HOST}/gkmlpt/content/8/8766/post_1.html", page))
    assert found.attachments == (Link(f"{HOST}/attachment/1/2/3/4.docx", "附件.docx"),)
    assert (found.title, found.published, found.source) == (
        "某区教育局2021年政府信息公开工作年度报告",
        "2022-01-17",
        "本网",
    )


def test_an_attachment_named_twice_is_one() -> None:
    page = content("某区教育局", 2021, 1, [{"name": "附件.docx", "url": "/attachment/1/2/3/4.docx"}])
    assert len(family.article(Page(f"{HOST}/gkmlpt/content/8/8766/post_1.html", page)).attachments) == 1


PIECES = [
    "<a href='content/post_1.html'>", "_CONFIG", "SID:", "TREE: [", "{id:1,name:'年报'", "}", "]", "'", '"', "{", '"articles": [', ",",
    '"url": "http://[", ', '"title": 5', "attachment: [", "\\ud800", "\0", "http://[::1/", "<script>", "\ufeff", "null",
]  # fmt: skip


@given(
    st.lists(st.sampled_from(PIECES) | st.text(max_size=12), max_size=30).map("".join),
    st.sampled_from([API, f"{HOST}/gkmlpt/index"]),
)
def test_no_page_is_an_error(text: str, url: str) -> None:
    page = Page(url, readable(text))
    assert_copes(family, page)


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["articles", "total", "url", "title", "attachment", "classify", "date", "post_count"]),
            inner,
        )
    ),
)


@given(values)
def test_no_answer_is_an_error(value: object) -> None:
    family.read(Page(API, json.dumps(value)))
    family.read(Page(API, json.dumps({"articles": [value], "total": value, "classify": value})))
    family.read(Page(f"{HOST}/gkmlpt/index", f"<script>SID: {json.dumps(value)}, TREE: {json.dumps([value])}"))


def test_every_report_is_collected_once(replica: Replica, archive: Archive, run: Crawl) -> None:
    site = build(replica)
    collect(site, replica, archive, run)
    captures = {one.url: one for one in archive.captures()}
    report = captures[f"{replica.origin}/gkmlpt/content/8/8766/post_8766002.html"]
    assert (report.title, report.date) == ("云州市青澜区教育局2022年政府信息公开工作年度报告", "2023-01-17")
