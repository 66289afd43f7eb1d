"""Hanweb's annual-report program: years and bodies found in a page, and a whole city over loopback."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.archive import Archive
from crawler.families import hanweb_annual as family
from crawler.listing import Channel, Link, Listing, Page, Request
from crawler.wire.pages import readable
from tests.crawler.conftest import Crawl
from tests.crawler.replica import Replica
from tests.crawler.replicas.checks import assert_copes, collect
from tests.crawler.replicas.hanweb_annual import build

HOST = "http://www.example.gov.cn"
PATH = "/module/xxgk/xxgkAnnualReport.jsp"
AREA = "370900004341"
BODY = f"{HOST}{PATH}?area={AREA}&showType=2"


def read(inside: str, url: str = BODY) -> Listing:
    return family.read(Page(url, f"<body>{inside}</body>"))


def rows(listing: Listing) -> dict[str, str]:
    return {link.url.removeprefix(f"{HOST}{PATH}"): link.title for link in listing.links}


@pytest.mark.parametrize(
    ("channel", "asked"),
    [
        (f"{HOST}{PATH}?area={AREA}&fbtime=2022&showType=2", BODY),
        (f"{HOST}{PATH}?fbtime=2017&area={AREA}", f"{HOST}{PATH}?area={AREA}"),
        (f"{HOST}{PATH}", f"{HOST}{PATH}"),
        (f"{HOST}/col/col1/index.html?fbtime=2022", f"{HOST}/col/col1/index.html?fbtime=2022"),
    ],
)
def test_a_channel_opens_with_the_page_of_its_body(channel: str, asked: str) -> None:
    assert family.first(Channel(channel)) == Request(asked)


def test_recognises_the_program_and_links_to_it() -> None:
    assert family.recognises(Page(BODY, "")) > 0.9
    assert family.recognises(Page(HOST, f'<a href="{PATH}?area=1">年报</a>')) > 0.8
    assert family.recognises(Page(HOST, '<a href="/art/2023/1/9/art_1_2.html">x</a>')) == 0


@pytest.mark.parametrize(
    "years",
    [
        f'<a href="{PATH}?area={AREA}&amp;fbtime=2022&amp;showType=2">2022</a><a href="{PATH}?fbtime=2021&area={AREA}&showType=2">2021年度</a>',
        f'<a href="{PATH}?fbtime=2022&amp;showType=2">2022年</a><a href="xxgkAnnualReport.jsp?fbtime=2021&amp;showType=2">（2021年）</a>',
        '<select name="fbtime"><option value="">请选择</option><option value="2022">2022年</option><option>2021</option></select>',
        "<a href=\"javascript:go('2022')\">2022年</a><a href='#'>2021年</a><a>共2年</a>",
        f"<a href='#' onclick=\"location='{PATH}?area={AREA}&fbtime=2022&showType=2'\">2022</a><option value='{PATH}?area={AREA}&amp;fbtime=2021&amp;showType=2'>2021</option>",
    ],
)
def test_years_of_a_body(years: str) -> None:
    assert rows(read(years)) == {
        f"?area={AREA}&fbtime=2022&showType=2": "2022年政府信息公开年报",
        f"?area={AREA}&fbtime=2021&showType=2": "2021年政府信息公开年报",
    }


def test_years_elsewhere_are_not_composed() -> None:
    years = '<select><option>2022</option></select><a href="#">2021年</a>'
    assert read(years, f"{HOST}/col/col1/index.html") == Listing()
    assert read(years, f"{HOST}{PATH}") == Listing()
    assert read('<a href="/col/col9/index.html">2022年</a>') == Listing()


def test_bodies_with_and_without_a_year() -> None:
    links = (
        f'<a href="{PATH}?area=1&fbtime=2022&showType=2">市教育局</a><a href="{PATH}?area=001002&showType=2">云溪镇</a>'
        f'<a href="{PATH}?area={AREA}&fbtime=2022&showType=2">市政府办</a><a href="http://other.gov.cn{PATH}?area=2">外市</a>'
        f'<a href="{PATH}?area={AREA}&fbtime=2021&showType=2">2021</a>'
    )
    listing = read(links)
    assert [request.url for request in listing.columns] == [f"{HOST}{PATH}?area=1&showType=2", f"{HOST}{PATH}?area=001002&showType=2"]
    assert rows(listing) == {
        "?area=1&fbtime=2022&showType=2": "市教育局2022年政府信息公开年报",
        f"?area={AREA}&fbtime=2022&showType=2": "市政府办2022年政府信息公开年报",
        f"?area={AREA}&fbtime=2021&showType=2": "市政府办2021年政府信息公开年报",
    }


def test_whole_titles_and_files() -> None:
    title, file = "某市2021年政府信息公开工作年度报告", "/module/download/downfile.jsp?classid=0&filename=1.pdf"
    listing = read(f'<a href="{PATH}?area={AREA}&fbtime=2021">{title}</a><a href="{file}">2020年</a><a href="{file}2">操作手册</a>')
    assert listing.links == (Link(f"{HOST}{PATH}?area={AREA}&fbtime=2021", title), Link(f"{HOST}{file}", "2020年政府信息公开年报"))


PIECES = [
    f"<a href='{PATH}?area=1&fbtime=2022'>", f"<a href='{PATH}?", "area=", "fbtime=", "&", "'>", "市教育局", "2022年", "</a>", "<select><option>", "<option value='http://['>",
    f"<b onclick=\"x('{PATH}')\">", "<a href='http://[::1/xxgkAnnualReport.jsp?area=1'>", "\0", "<base href='//'>", "&#xD800;", "<a href='x.pdf'>2020年</a>", "%ff",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=12), max_size=30).map("".join), st.sampled_from([BODY, HOST, f"{HOST}{PATH}?area=%E4&fbtime=&="]))
def test_no_page_is_an_error(text: str, url: str) -> None:
    shown = Page(url, readable(text))
    assert family.first(Channel(url)).url.startswith(HOST)
    assert_copes(family, shown)


def test_every_report_is_collected_once(replica: Replica, archive: Archive, run: Crawl) -> None:
    site = build(replica)
    collect(site, replica, archive, run)
    captures = {one.url: one for one in archive.captures()}
    assert captures[f"{replica.origin}{PATH}?area=001008003008001&fbtime=2020&showType=2"].title == "2020年政府信息公开年报"
