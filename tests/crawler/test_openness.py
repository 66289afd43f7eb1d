"""The openness family: both generations' lists and articles, and a whole portal over loopback."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.archive import Archive
from crawler.families import openness as family
from crawler.listing import Channel, Link, Listing, Page, Request
from crawler.wire.pages import readable
from tests.crawler.conftest import Crawl
from tests.crawler.replica import Replica
from tests.crawler.replicas.checks import assert_copes, collect
from tests.crawler.replicas.openness import branch, build, new_article, old_article

HOST = "https://www.example.gov.cn"
NEW = f"{HOST}/XxgkContent/showList/996/0/page_1.html"
OLD = f"{HOST}/opennessAnnualReport/?branch_id={branch('a')}"
TITLE = "某区某局2022年政府信息公开工作年度报告"


def read(inside: str, url: str = NEW) -> Listing:
    return family.read(Page(url, f"<html><body>{inside}</body></html>"))


def test_first_asks_for_the_channel_itself() -> None:
    assert family.first(Channel(OLD)) == Request(OLD)


def test_recognises_lists_articles_and_homes() -> None:
    assert family.recognises(Page(NEW, '<a href="/XxgkContent/show/1.html">年报</a>')) > 0.8
    assert family.recognises(Page(f"{HOST}/XxgkAnnualReport/show/1.html", new_article("某局", "某局", 2022, ""))) > 0.8
    assert family.recognises(Page(f"{HOST}/openness/detail/{branch('a')}.html", old_article("某局", 2022))) > 0.7
    assert family.recognises(Page(f"{HOST}/", '<a href="/XxgkContent/index.html">公开</a>')) >= 0.5
    assert family.recognises(Page(f"{HOST}/", f'<a href="{OLD}">公开</a>')) >= 0.8
    assert family.recognises(Page(HOST, "<a href='/module/xxgk/xxgkAnnualReport.jsp?area=1'>某镇年报</a>")) == 0
    assert family.recognises(Page(HOST, "")) == 0


@pytest.mark.parametrize(
    "address",
    [
        "/XxgkAnnualReport/show/4570.html", "/OpennessAnnualReport/show/3391.html", "/OpennessContent/show/3475175.html", "/Jczwgk/show/12.html",
        f"/openness/detail/{branch('a')}.html", f"/openness/detail/?_id={branch('a')}&type=annual_report", "/OpennessContent/download/12", "/upload/a.PDF",
    ],
)  # fmt: skip
def test_rows_by_address(address: str) -> None:
    inside = f'<li><a href="{address.replace("&", "&amp;")}" title="{TITLE}">某区…</a><span>[2023-01-07]</span></li><a href="/">首页</a>'
    assert read(inside).links == (Link(f"{HOST}{address}", TITLE, "2023-01-07"),)


@pytest.mark.parametrize(
    "address",
    [
        "/openness/detail/",
        "/openness/detail/?type=annual_report",
        "/XxgkContent/showList/1/0/page_1.html",
        "/show/1.html",
    ],
)
def test_no_rows(address: str) -> None:
    assert read(f'<a href="{address}">某区年报</a>').links == ()


ROW = f'<a href="/XxgkAnnualReport/show/1.html">{TITLE}</a>'


@pytest.mark.parametrize(
    ("url", "pager", "following"),
    [
        (
            NEW,
            "<a href='page_2.html'>2</a><a href='page_3.html'>3</a>",
            [NEW.replace("_1", "_2"), NEW.replace("_1", "_3")],
        ),
        (NEW.replace("_1", "_2"), "<a href='page_1.html'>1</a><a href='page_3.html'>3</a>", [NEW.replace("_1", "_3")]),
        (NEW.replace("_1", "_3"), "<a href='page_1.html'>1</a>共 3 页", []),
        (NEW, "共 2 页", [NEW.replace("_1", "_2")]),
        (NEW, "<a href='/XxgkContent/showList/997/0/page_2.html'>另一单位</a>", []),
        (
            OLD,
            f"<a href='{OLD}&amp;page=2'>2</a><a href='{OLD}&amp;page=3'>末页</a>",
            [f"{OLD}&page=2", f"{OLD}&page=3"],
        ),
        (
            f"{OLD}&page=2",
            f"<a href='{OLD}&amp;page=1'>1</a><a href='{OLD}&amp;page=2'>2</a><a href='{OLD}&amp;page=3'>3</a>",
            [f"{OLD}&page=3"],
        ),
        (OLD, "<script>total_page = '2'</script>", [f"{OLD}&page=2"]),
        (OLD, f"<a href='{OLD.replace(branch('a'), branch('b'))}&amp;page=2'>2</a>", []),
        (OLD, "", []),
    ],
)
def test_pages(url: str, pager: str, following: list[str]) -> None:
    assert read(ROW + pager, url).following == tuple(Request(address) for address in following)


def test_a_list_without_rows_has_no_next_page() -> None:
    assert read("共 9 页 <a href='page_2.html'>2</a>").following == ()


def test_the_list_in_an_iframe() -> None:
    inner = f"/opennessContent/iframe/?branch_id={branch('a')}&column_code=250400&page=1"
    frames = f'<iframe src="{inner}"></iframe><iframe src="/ad.html"></iframe><iframe src="javascript:;"></iframe>'
    assert read(frames, OLD).columns == (Request(f"{HOST}{inner}"),)


def test_other_bodies_and_groups_lie_below_annual_reports() -> None:
    links = {
        "教育局": "/XxgkAnnualReport/showList/1/page_1.html", "审计局": f"/opennessAnnualReport/?branch_id={branch('b')}", "2": f"{OLD}&page=2",
        "各乡镇": "/XxgkContent/showList/2/0/page_1.html", "政策解读": "/XxgkContent/showList/3/0/page_1.html", "财政局": "/site/cz/",
        "年报": f"//other.gov.cn/opennessAnnualReport/?branch_id={branch('c')}",
    }  # fmt: skip
    found = read("".join(f'<a href="{to}">{name}</a>' for name, to in links.items()), OLD)
    assert found.columns == tuple(Request(f"{HOST}{links[name]}") for name in ("教育局", "审计局", "各乡镇"))


def test_from_elsewhere_only_annual_reports() -> None:
    links = f'<a href="{OLD}">年报</a><a href="/XxgkContent/showList/2/0/page_1.html">年报目录</a>'
    assert read(links, f"{HOST}/opennessGuide/?branch_id={branch('a')}").columns == (Request(OLD),)
    catalogue = '<a href="/XxgkContent/showList/2/0/page_1.html">信息公开年报</a><a href="/XxgkContent/showList/3/0/page_1.html">教育局</a>'
    assert read(catalogue, f"{HOST}/XxgkContent/index.html").columns == (
        Request(f"{HOST}/XxgkContent/showList/2/0/page_1.html"),
    )


def test_article() -> None:
    file = '<a href="/XxgkAnnualReport/download/1"><img src="w.png"></a><a href="/XxgkAnnualReport/download/1">年报.pdf</a><a href="a.docx">表</a>'
    found = family.article(
        Page(f"{HOST}/XxgkAnnualReport/show/1.html", new_article("某区教育局", "教育局", 2022, file))
    )
    assert found.attachments == (
        Link(f"{HOST}/XxgkAnnualReport/show/a.docx", "表"),
        Link(f"{HOST}/XxgkAnnualReport/download/1", "年报.pdf"),
    )
    assert (found.title, found.published, found.source) == (
        "某区教育局2022年政府信息公开工作年度报告",
        "2023-01-07",
        "某区教育局",
    )


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("网站首页 &gt; 政府信息公开 &gt; 杨柳镇人民政府 &gt; 政府信息公开年报", "杨柳镇人民政府"),
        ("<table><tr><td>发布机构：</td><td>杨柳镇</td><td>发布日期：</td><td>2023-01-07</td></tr></table>", "杨柳镇"),
        ("正文", None),
    ],
)
def test_who_publishes(text: str, source: str | None) -> None:
    assert family.article(Page(f"{HOST}/XxgkAnnualReport/show/1.html", text)).source == source


PIECES = [
    ROW, f"<a href='{OLD}'>", "<a href='?page=99999999'>", "<iframe src='/opennessContent/iframe/'>", "共99999页", "total_page: '", "<base href='//'>",
    "<a href='/openness/detail/?_id=%FF'>", "<a href='http://[::1/'>", "政府信息公开 &gt; ", "\0", "<option value='/XxgkAnnualReport/'>", "<a href='page_2.html'>",
]  # fmt: skip


@given(
    st.lists(st.sampled_from(PIECES) | st.text(max_size=12), max_size=30).map("".join),
    st.sampled_from([NEW, OLD, f"{HOST}/", f"{OLD}&page=x"]),
)
def test_no_page_is_an_error(text: str, url: str) -> None:
    one = Page(url, readable(text))
    assert_copes(family, one)


def test_every_report_is_collected_once(replica: Replica, archive: Archive, run: Crawl) -> None:
    collect(build(replica), replica, archive, run)
