"""Hanweb's jpage and catalogue tables: stores in pages and answers, calls for more, and a whole city over loopback."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.archive import Archive
from crawler.families import hanweb_jpage as family
from crawler.listing import Channel, Link, Listing, Page, Request
from crawler.wire.pages import readable
from tests.crawler.conftest import Crawl
from tests.crawler.replica import Replica, list_page
from tests.crawler.replicas.checks import assert_copes, collect
from tests.crawler.replicas.hanweb_jpage import END, article, build, page, record

HOST = "http://www.example.gov.cn"
COLUMN = f"{HOST}/col/col80181/index.html"
PROXY = "/module/web/jpage/dataproxy.jsp"
REST = "webid=23&path=/&columnid=80181&unitid=403740&webname=%E6%9F%90%E5%8C%BA&permissiontype=0"
TITLE = "某区城厢街道2022年政府信息公开工作年度报告"
ROW = record("/art/2023/1/9/art_80181_68423.html", TITLE, "<span>2023-01-09</span>")
LINK = Link(f"{HOST}/art/2023/1/9/art_80181_68423.html", TITLE, "2023-01-09")


def store(rows: str, *, total: int | None = None, group: str = f"{PROXY}?page=1&{REST}") -> str:
    count = "" if total is None else f"<totalrecord>{total}</totalrecord><totalpage>381</totalpage>"
    more = f'<nextgroup><![CDATA[<a href="{group}"></a>]]></nextgroup>' if group else ""
    return f"<datastore>{count}{more}<recordset>{rows}</recordset></datastore>"


def column(inside: str) -> Listing:
    return family.read(Page(COLUMN, page("政府信息公开年报", f'<div id="403740"><script type="text/xml">{inside}</script></div>')))


def answer(text: str, query: str = f"startrecord=46&endrecord=90&perpage=15&{REST}", path: str = PROXY) -> Listing:
    asked = Request(f"{HOST}{path}?{query}")
    return family.read(Page(asked.url, text, "text/xml", asked))


def test_first_asks_for_the_channel_itself() -> None:
    assert family.first(Channel(COLUMN)) == Request(COLUMN)


def test_recognises_its_pages_and_hardly_others() -> None:
    assert family.recognises(Page(COLUMN, page("年报", f'<script type="text/xml">{store(ROW)}</script>'))) == 1
    assert family.recognises(Page(LINK.url, article("某局", 2022))) >= 0.8
    assert family.recognises(Page(HOST, '<a href="/art/2023/1/9/art_1_2.html">x</a><a href="/col/col1/index.html">y</a>')) >= 0.8
    assert family.recognises(Page(COLUMN, '<script src="/cms_files/unitbuild.js"></script><a href="/col/col1/">x</a>')) <= 0.5
    assert family.recognises(Page(HOST, '<a href="/col/col1/"></a><a href="/module/xxgk/xxgkAnnualReport.jsp?area=1">x</a>')) <= 0.5
    assert family.recognises(Page(HOST, list_page(["<a href='content/post_1.html'>x</a>"]))) == 0
    assert family.recognises(Page(HOST, "")) == family.recognises(Page(HOST, "{}")) == 0
    assert family.recognises(Page(HOST, "totalRecord=7.0;dataStore = [];")) == 0.8


@pytest.mark.parametrize(
    ("date", "href", "expected"),
    [
        ("<span>2023-01-30</span>", "/art/2023/1/9/art_1_2.html", "2023-01-30"),
        ('<b readlabel="2023-01-30">昨天</b>', "/art/2023/1/9/art_1_2.html", "2023-01-30"),
        ("<span>2023-\n01-\n30</span>", "/art/2023/1/9/art_1_2.html", "2023-01-30"),
        ("", "/art/2023/1/9/art_1_2.html", "2023-01-09"),
        ("<span>[2023/1/30]</span>", "/art/2023/art_0123456789abcdef0123456789abcdef.html", "2023-01-30"),
        ("", "http://mp.weixin.example.cn/s/1", None),
    ],
)
def test_dates_of_records(date: str, href: str, expected: str | None) -> None:
    (link,) = column(store(record(href, TITLE, date))).links
    assert (link.title, link.date) == (TITLE, expected)


def test_rows_in_the_page_and_the_call_for_more() -> None:
    dirty = "<record><![CDATA[<li><span>无链接</span></li>]]></record>"
    listing = column(store(ROW + dirty))
    assert listing.links == (LINK,)
    assert listing.following == (Request(f"{HOST}{PROXY}?startrecord=3&endrecord=47&perpage=15&{REST}"),)
    assert column(store(ROW, total=1)).following == ()
    assert column(store(ROW, group="")).following == ()
    assert column(store(ROW, group="javascript:void(0)")).following == ()
    assert "startrecord=2&endrecord=61&perpage=20&" in column(f"{store(ROW)}<b perpage='20'>").following[0].url
    assert column(store(ROW)).columns == ()


def test_a_page_without_rows_is_filled_by_its_proxy() -> None:
    assert column(store("")) == Listing(columns=(Request(f"{HOST}{PROXY}?startrecord=1&endrecord=45&perpage=15&{REST}"),))
    old = "/module/jslib/jquery/jpage/dataproxy.jsp"
    listing = column(f"load('{old}?columnid=1&amp;unitid=2')")
    assert listing.columns == (Request(f"{HOST}{old}?startrecord=1&endrecord=45&perpage=15&columnid=1&unitid=2"),)


def test_news_beside_the_reports_are_not_paged_through() -> None:
    news = store(record("/art/2023/1/9/art_9_1.html", "今日要闻", ""), group=f"{PROXY}?page=1&unitid=9")
    assert [request.url[-10:] for request in column(news + store(ROW)).following] == [f"{REST}"[-10:]]
    assert [request.url[-8:] for request in column(news).following] == ["unitid=9"]


def test_answers_are_gone_on_with_by_count() -> None:
    full = store(ROW * 45, total=940, group="")
    assert answer(full).following == (Request(f"{HOST}{PROXY}?startrecord=91&endrecord=135&perpage=15&{REST}"),)
    fewer = store(ROW * 30, total=940, group="")
    assert "startrecord=76&endrecord=120&" in answer(fewer).following[0].url
    assert answer(store(ROW * 45, total=90, group="")).following == ()


@pytest.mark.parametrize("text", [END, "", "totalRecord=0;totalPage = 0;dataStore = [  ];"])
def test_an_empty_answer_is_asked_for_once_more_by_post(text: str) -> None:
    form = (("webid", "23"), ("path", "/"), ("columnid", "80181"), ("unitid", "403740"), ("webname", "某区"), ("permissiontype", "0"))
    post = Request(f"{HOST}{PROXY}?startrecord=46&endrecord=90&perpage=15", "POST", form=form)
    assert answer(text) == Listing(columns=(post,))
    assert family.read(Page(post.url, text, request=post)) == Listing()
    (following,) = family.read(Page(post.url, store(ROW * 45, total=940, group=""), request=post)).following
    assert following == Request(f"{HOST}{PROXY}?startrecord=91&endrecord=135&perpage=15", "POST", form=form)
    assert family.read(Page(post.url, text)) == Listing()


def test_answers_by_page() -> None:
    (following,) = answer(store(ROW * 15, total=31, group=""), f"page=1&{REST}").following
    assert (following.url, following.is_guess) == (f"{HOST}{PROXY}?page=2&{REST}", True)
    assert answer(store(ROW * 15, total=30, group=""), f"page=2&{REST}").following == ()


def test_answers_of_old_systems_are_scripts() -> None:
    text = f"totalRecord=714.0;totalPage = 27;dataStore = [ '<li><a href=\"/art/2023/1/9/art_80181_68423.html\" title=\"{TITLE}\">某\\'区…</a><span>2023-01-09</span></li>', '<li></li>' ];"
    path = "/module/jslib/jquery/jpage/dataproxy.jsp"
    listing = answer(text, "startrecord=1&endrecord=2&perpage=1&unitid=2", path)
    assert listing.links == (LINK,)
    assert listing.following == (Request(f"{HOST}{path}?startrecord=3&endrecord=4&perpage=1&unitid=2"),)


# ---- catalogue tables

TABLE = f"{HOST}/module/xxgk/search.jsp?jdid=2&area=111&divid=div1686&currpage=4&fbtime="


def test_tables_are_asked_for_from_their_column() -> None:
    listing = family.read(Page(COLUMN, f'<iframe src="{TABLE.replace("&", "&amp;")}"></iframe><script>load("/module/xxgk/subjectinfo.jsp?currpage=1")</script>'))
    assert listing.columns == (
        Request(TABLE, headers=(("Referer", COLUMN),)),
        Request(f"{HOST}/module/xxgk/subjectinfo.jsp?currpage=1", headers=(("Referer", COLUMN),)),
    )


def test_rows_and_pages_of_tables() -> None:
    text = f'<table><tr class="tr_main_value_odd"><td>1</td><td><a href="{LINK.url}" mc="{TITLE}" wh="" rq="2023-01-09">某区…</a></td></tr><td class="tb_title">共<b>5</b>页</td></table>'
    asked = Request(TABLE, headers=(("Referer", COLUMN),))
    listing = family.read(Page(TABLE, text, request=asked))
    assert listing.links == (LINK,)
    assert listing.following == (Request(TABLE.replace("currpage=4", "currpage=5"), headers=(("Referer", COLUMN),)),)
    assert family.read(Page(TABLE, text.replace(">5<", ">4<"), request=asked)).following == ()
    assert family.read(Page(TABLE.replace("&currpage=4", ""), text)).following[0].url.endswith("fbtime=&currpage=2")


def test_columns_by_their_names() -> None:
    links = {1: "各部门", 2: "2022年", 3: "政府信息公开指南", 4: "政府网站工作年度报表", 5: "信息公开年报"}
    text = "".join(f'<a href="/col/col{n}/index.html">{name}</a>' for n, name in links.items()) + '<a href="http://other.gov.cn/col/col6/">各部门</a>'
    assert [request.url[-17:-11] for request in family.read(Page(COLUMN, text)).columns] == ["l/col1", "l/col2", "l/col5"]


def test_article_and_its_downloads() -> None:
    files = '附件：<a href="/module/download/downfile.jsp?classid=0&amp;filename=2744.docx"><img src="/x.png"/>附件.docx</a><div id="pdfshow" data-value="/attach/1.pdf"></div>'
    found = family.article(Page(LINK.url, article("某局", 2022, files)))
    assert found.attachments == (Link(f"{HOST}/module/download/downfile.jsp?classid=0&filename=2744.docx", "附件.docx"), Link(f"{HOST}/attach/1.pdf", "/attach/1.pdf"))
    assert (found.title, found.published, found.source) == ("某局2022年政府信息公开工作年度报告", "2023-01-09", "本网")


PIECES = [
    ROW, "<datastore>", "</datastore>", "<record>", "</record>", "<![CDATA[", "]]>", "<totalrecord>99999999999", "<totalrecord>5", f"<nextgroup><a href='{PROXY}?page=1'>",
    "<nextgroup><a href='http://['>", "perpage=0", "dataStore = ['", "'];", "<a mc=x href='http://[::1/'>", "<a mc='' rq=1 href=1>", f"'{PROXY}?a=1'", "共5页",
    "<iframe src='/module/xxgk/search.jsp?a'>", "<a href='/col/col1/'>各部门</a>", "\0", "<b readlabel='9'>", "\ufeff", "<base href='//'>", "&#xD800;",
]  # fmt: skip
PLACES = [COLUMN, HOST, f"{HOST}{PROXY}?startrecord=0&endrecord=0", f"{HOST}{PROXY}?page=0", f"{HOST}{PROXY}?startrecord=9&endrecord=1&perpage=0", TABLE]


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=12), max_size=30).map("".join), st.sampled_from(PLACES))
def test_no_page_is_an_error(text: str, url: str) -> None:
    shown = Page(url, readable(text))
    assert_copes(family, shown)


def test_every_report_is_collected_once(replica: Replica, archive: Archive, run: Crawl) -> None:
    site = build(replica)
    collect(site, replica, archive, run)
    assert replica.paths("unitid=403799") == []
    captures = {one.url: one for one in archive.captures()}
    dates = {captures[url].date for url, (organization, year) in site.reports.items() if year == 2022 and organization.endswith("局")}
    assert dates == {"2023-01-09", "2023-01-10"}
