"""The Lonsun family: years in the query, fragments, shells that name them, and a whole portal over loopback."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.archive import Archive
from crawler.families import lonsun as family
from crawler.listing import Channel, Link, Listing, Page, Request
from crawler.wire.pages import readable
from tests.crawler.conftest import Crawl
from tests.crawler.replica import Replica
from tests.crawler.replicas.checks import assert_copes, collect
from tests.crawler.replicas.lonsun import article, build, list_of, page

HOST = "https://www.example.gov.cn"
ORGAN = f"{HOST}/public/column/1681"
ANNUAL = f"{ORGAN}?type=3&action=list&nav=3"
LABEL = f"{HOST}/site/label/8888?labelName=publicInfoList&pageSize=16&pageIndex=1&organId=1681&type=3"
ROW = ("/public/1681/108123.html", "某区某局2022年政府信息公开工作年度报告", "2023-01-18")


def read(inside: str, url: str = ANNUAL) -> Listing:
    return family.read(Page(url, page("年报", inside).replace("SiteId", "x")))


def test_first_asks_for_the_channel_itself() -> None:
    assert family.first(Channel(ANNUAL)) == Request(ANNUAL)


def test_recognises_lists_fragments_articles_and_homes() -> None:
    assert family.recognises(Page(ANNUAL, page("年报", "<script>Ls.ajax({})</script>"))) > 0.8
    assert family.recognises(Page(LABEL, list_of([ROW]))) > 0.8
    assert family.recognises(Page(f"{HOST}/public/1681/1.html", article("某局", 2022, ""))) > 0.7
    assert family.recognises(Page(f"{HOST}/", f'<a href="{ANNUAL}">公开</a>')) >= 0.4
    assert family.recognises(Page(HOST, "<a href='./202301/t20230130_11545442.html'>某镇年报</a>")) == 0
    assert family.recognises(Page(HOST, "")) == 0


def test_rows_with_padded_dates_and_whole_titles() -> None:
    assert family.read(Page(LABEL, list_of([ROW]))).links == (Link(f"{HOST}{ROW[0]}", ROW[1], ROW[2]),)
    older = f'<div class="xxgk_navli"><ul><li>1</li><li>990/2023-1</li><li><a href="{ROW[0]}">{ROW[1]}</a></li><li>2023-01-18</li></ul></div>'
    assert family.read(Page(LABEL, older)).links == (Link(f"{HOST}{ROW[0]}", ROW[1], ROW[2]),)


def test_years_are_rows_though_they_share_a_path() -> None:
    links = [("2021年", 2021), ("查看", 2020), ("", 2019), ("某局2018年政府信息公开年报", 2018)]
    inside = "".join(
        f'<a href="{ORGAN}?type=3&amp;action=detail&amp;nav=3&amp;title={year}">{name}</a>' for name, year in links
    )
    found = read(inside)
    assert [(link.url.split("&")[-1], link.title) for link in found.links] == [
        ("title=2021", "2021年"), ("title=2020", "2020年"), ("title=2019", "2019年"), ("title=2018", "某局2018年政府信息公开年报"),
    ]  # fmt: skip
    assert found.columns == found.following == ()


@pytest.mark.parametrize(
    ("pager", "number", "following"),
    [
        ("<script>Ls.pagination({pageCount:3, x: 1})</script>", 1, 2),
        ("<script>Ls.pagination({ pageCount : '3' })</script>", 2, 3),
        ("<script>Ls.pagination({pageCount:3})</script>", 3, None),
        ('<a paged="2">2</a><a paged=3>3</a>', 2, 3),
        ("", 1, None),
    ],
)
def test_pages_of_fragments(pager: str, number: int, following: int | None) -> None:
    asked = LABEL.replace("pageIndex=1", f"pageIndex={number}")
    expected = (Request(LABEL.replace("pageIndex=1", f"pageIndex={following}")),) if following else ()
    assert family.read(Page(asked, list_of([ROW]) + pager)).following == expected


def test_a_fragment_without_rows_ends_its_list() -> None:
    assert (
        family.read(Page(LABEL, "<ul><li>暂无相关信息</li></ul><script>Ls.pagination({pageCount:9})</script>"))
        == Listing()
    )


def test_a_written_address_loses_its_random_number() -> None:
    written = (
        "/zwgk/site/label/8888?IsAjax=1&amp;_=0.53&amp;labelName=publicInfoList&amp;pageIndex=7&amp;type=3&amp;catId="
    )
    other = "/site/label/8888?labelName=publicInfoList&type=4"
    found = read(f'<script>Ls.ajax("{other}"); Ls.ajax("{written}")</script>')
    assert found.columns == (
        Request(f"{HOST}/zwgk/site/label/8888?IsAjax=1&labelName=publicInfoList&pageIndex=1&type=3&catId="),
    )


def test_an_address_is_put_together_from_what_the_page_says() -> None:
    script = '<script>var siteId = "678"; Ls.ajax({url: "/site/label/8888", data: {labelName: "publicInfoList", siteId: siteId, pageSize: 20, file: "/c2/list"}})</script>'
    (request,) = read(script, f"{ORGAN}?type=3&catId=5").columns
    for field in (
        "siteId=678",
        "organId=1681",
        "type=3",
        "catId=5",
        "pageSize=20",
        "length=46",
        "file=%2Fc2%2Flist",
        "pageIndex=1",
    ):
        assert field in request.url.split("?")[1].split("&")
    assert read(script.replace('"678"', "null")).columns == ()
    assert read(script, f"{HOST}/zwgk/").columns == ()


def test_rows_in_the_page_are_continued_by_the_fragment() -> None:
    script = f'<script>Ls.ajax("{LABEL}"); Ls.pagination({{pageCount: 4}})</script>'
    found = read(list_of([ROW]) + script)
    assert found.following == (Request(LABEL.replace("pageIndex=1", "pageIndex=2")),)
    assert found.columns == ()


def test_topic_columns_page_by_their_own_address() -> None:
    row = ("./278307505.html", *ROW[1:])
    pager = "<script>Ls.pagination({pageCount:2})</script>"
    found = read(list_of([row]) + pager, f"{HOST}/zwgk/2021nnb/xznb/index.html")
    assert found.links == (Link(f"{HOST}/zwgk/2021nnb/xznb/278307505.html", *ROW[1:]),)
    assert found.following == (Request(f"{HOST}/zwgk/2021nnb/xznb/index.html?pageIndex=2"),)
    assert read(list_of([row]) + pager, f"{HOST}/content/column/1?pageIndex=2").following == ()


def test_other_bodies_and_topic_columns_lie_below_annual_reports() -> None:
    links = {
        "教育局": "/public/column/7?type=3&action=list", "审计局": "/public/column/8?type=4&action=list", "本页": ANNUAL, "财政局": "/content/column/9",
        "各乡镇": "/zwgk/2021nnb/xznb/", "首页": "/", "指南": f"{ORGAN}?type=2", "民政局": "//other.gov.cn/content/column/9",
    }  # fmt: skip
    found = read("".join(f'<a href="{to}">{name}</a>' for name, to in links.items()))
    below = ["/public/column/7?type=3&action=list", "/content/column/9", "/zwgk/2021nnb/xznb/"]
    assert found.columns == tuple(Request(f"{HOST}{address}") for address in below)


def test_from_elsewhere_annual_reports_come_first_and_bodies_else() -> None:
    links = f'<a href="{ANNUAL}">政府信息公开年报</a><a href="/public/column/7?type=1">教育局</a><a href="/content/column/9">2021年</a>'
    assert read(links, f"{ORGAN}?type=2&nav=1").columns == (Request(ANNUAL),)
    assert read(links.replace("type=3", "type=1"), f"{ORGAN}?type=2").columns == (Request(f"{HOST}/content/column/9"),)
    directory = read(links.replace("type=3", "type=1"), f"{HOST}/public/index.html").columns
    assert Request(f"{HOST}/public/column/7?type=1") in directory


def test_article() -> None:
    found = family.article(
        Page(f"{HOST}/public/1681/1.html", article("某区教育局", 2022, '<a href="/group6/M00/0A/x.doc">附件.doc</a>'))
    )
    assert found.attachments == (Link(f"{HOST}/group6/M00/0A/x.doc", "附件.doc"),)
    assert (found.title, found.published, found.source) == (
        "某区教育局2022年政府信息公开工作年度报告",
        "2023-01-18",
        "某区教育局",
    )
    card = "<table><tr><th>名称</th><td>某局年报</td><th>发布机构</th><td>某局</td><th>发布日期</th><td>2023-01-18</td></tr></table>"
    found = family.article(Page(f"{HOST}/public/1681/1.html", card))
    assert (found.title, found.published, found.source) == ("某局年报", "2023-01-18", "某局")


PIECES = [
    f"<a href='{ROW[0]}'>", f"<a href='{ANNUAL}'>", "<a href='?type=3&action=detail&title=%FF'>", "/site/label/8888", '"', "'", "?labelName=publicInfoList",
    "pageCount:", "999999", "paged='9'", "Ls.ajax(", "siteId:", "<option value='/content/column/1'>", "各部门", "<base href='http://[::1/'>", "\0", "&amp;",
]  # fmt: skip


@given(
    st.lists(st.sampled_from(PIECES) | st.text(max_size=12), max_size=30).map("".join),
    st.sampled_from([ANNUAL, LABEL, f"{HOST}/", f"{ORGAN}?pageIndex=x"]),
)
def test_no_page_is_an_error(text: str, url: str) -> None:
    one = Page(url, readable(text))
    assert_copes(family, one)


def test_every_report_is_collected_once(replica: Replica, archive: Archive, run: Crawl) -> None:
    site = build(replica)
    result = collect(site, replica, archive, run)
    assert result.links == len(site.reports)
    assert [path for path in replica.paths() if "index_1" in path or "_=" in path] == []
