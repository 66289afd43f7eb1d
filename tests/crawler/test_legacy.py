"""Programs in ASPX, PHP and JSP: paging by query and by posting a form back, GBK queries, old interfaces."""

import json
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.archive import Archive
from crawler.families import legacy as family
from crawler.listing import Channel, Link, Page, Request
from crawler.wire.pages import readable
from tests.crawler.conftest import Crawl
from tests.crawler.replica import Replica
from tests.crawler.replicas.checks import assert_copes, collect
from tests.crawler.replicas.legacy import build

HOST = "http://www.example.gov.cn"
LIST = f"{HOST}/InfoPublic.aspx?cid=1019&pid=971&page=1&kw="
TITLE = "某县某局2022年政府信息公开工作年度报告"
ROW = f'<tr><td><a href="year_details.aspx?dept=38&amp;id=91674">{TITLE}</a></td><td>2023-1-20</td></tr>'


def following(pager: str, url: str = LIST, request: Request | None = None) -> tuple[Request, ...]:
    found = family.read(Page(url, f"<body><table>{ROW}</table>{pager}</body>", request=request))
    assert found.links == (Link(f"{HOST}/year_details.aspx?dept=38&id=91674", TITLE, "2023-01-20"),)
    return found.following


@pytest.mark.parametrize(
    ("pager", "url", "expected"),
    [
        ('<a href="InfoPublic.aspx?cid=1019&amp;pid=971&amp;page=2&amp;kw=">2</a>', LIST, ["InfoPublic.aspx?cid=1019&pid=971&page=2&kw="]),
        ('<a href="InfoPublic.aspx?cid=1018&amp;pid=971&amp;page=2&amp;kw=">2</a>', LIST, []),
        ('<a href="?p=2&amp;dept=6">下一页</a>', f"{HOST}/default.aspx?p=1&dept=6", ["default.aspx?p=2&dept=6"]),
        ("共 <b>3</b> 页", LIST, ["InfoPublic.aspx?cid=1019&pid=971&page=2&kw="]),
        ('<a href="list.php?class=7&amp;page=2">&gt;&gt;</a>', f"{HOST}/list.php?class=7", ["list.php?class=7&page=2"]),
        ('<a href="search.jsp?SType=1&amp;page=4">4</a><a href="search.jsp?SType=1&amp;page=2">2</a>', f"{HOST}/search.jsp?SType=1&page=3",
         ["search.jsp?SType=1&page=4"]),
    ],
)  # fmt: skip
def test_pages_by_query(pager: str, url: str, expected: list[str]) -> None:
    assert [request.url for request in following(pager, url)] == [f"{HOST}/{name}" for name in expected]


FORM = """<form method=post action="./list.aspx?type=nb"><input type=hidden name=__VIEWSTATE value="/wEP+1=="><input type=hidden name=__EVENTTARGET>
<input type=checkbox name=all value=1><input type=radio name=kind value=2 checked><input type=image name=go><input type=submit name=find value=搜索>
<select name=year><option value=2021>2021<option value=0 selected>全部</select>{}</form>"""
FIELDS = {"__VIEWSTATE": "/wEP+1==", "__EVENTTARGET": "", "kind": "2", "year": "0"}


@pytest.mark.parametrize(
    ("pager", "event"),
    [
        ("<a href=\"javascript:__doPostBack('AspNetPager1','2')\">下一页</a>", ("AspNetPager1", "2")),
        ("<a href=\"javascript:__doPostBack(&#39;grid&#39;,&#39;Page$Next&#39;)\">Next</a>", ("grid", "Page$Next")),
        ("<a href=\"javascript:__doPostBack('ctl00$lbNext','')\"> 下 页 </a>", ("ctl00$lbNext", "")),
        ("<span>1</span><a href=\"javascript:__doPostBack('grid','Page$2')\">2</a><a href=\"javascript:__doPostBack('grid','Page$3')\">3</a>", ("grid", "Page$2")),
    ],
)  # fmt: skip
def test_the_form_is_posted_back(pager: str, event: tuple[str, str]) -> None:
    (request,) = following(FORM.format(pager), f"{HOST}/list.aspx?type=nb")
    assert (request.url, request.method) == (f"{HOST}/list.aspx?type=nb", "POST")
    assert dict(request.form) == {**FIELDS, "__EVENTTARGET": event[0], "__EVENTARGUMENT": event[1]}


def test_pages_are_counted_from_what_was_posted() -> None:
    links = "".join(f"<a href=\"javascript:__doPostBack('grid','Page${number}')\">{text}</a>" for number, text in ((1, "1"), (10, "10"), (11, "...")))
    asked = Request(f"{HOST}/list.aspx", "POST", (("__EVENTARGUMENT", "Page$10"),))
    (request,) = following(FORM.format(links), f"{HOST}/list.aspx", asked)
    assert dict(request.form)["__EVENTARGUMENT"] == "Page$11"
    assert following(FORM.format(links), f"{HOST}/list.aspx", Request(asked.url, "POST", (("__EVENTARGUMENT", "Page$11"),))) == ()


def test_a_button_turns_the_page() -> None:
    (request,) = following(FORM.format('<input type=submit name=btnNext value="下一页">'), f"{HOST}/list.aspx")
    assert dict(request.form) == {**FIELDS, "btnNext": "下一页"}
    assert following(FORM.format('<input type=submit name=btnNext value="下一页" disabled>'), f"{HOST}/list.aspx") == ()
    assert following(FORM.format("<a disabled=disabled>下一页</a>"), f"{HOST}/list.aspx") == ()


def test_queries_are_written_in_the_encoding_of_the_page() -> None:
    page = '<meta charset="{}"><a href="list.jsp?dw=街道">各街道</a>'
    encoded = family.read(Page(f"{HOST}/gk/list.jsp", page.format("gb2312"))).columns
    assert encoded == (Request(f"{HOST}/gk/list.jsp?dw={quote('街道', encoding='gbk')}"),)
    assert family.read(Page(f"{HOST}/gk/list.jsp", page.format("utf-8"))).columns == (Request(f"{HOST}/gk/list.jsp?dw={quote('街道')}"),)


def test_old_interfaces_wrap_and_escape_what_they_say() -> None:
    rows = [{"title": "某厅2008年政府信息公开年报", "url": "/gkml/detail.html?t=2&d=175325", "time": "2009年3月18日"}, {"title": ""}]
    escaped = "".join(f"%u{ord(letter):04X}" if ord(letter) > 127 else letter for letter in json.dumps(rows, ensure_ascii=False))
    asked = Request(f"{HOST}/ztfl.ashx?s=20&p=1&c=1")
    found = family.read(Page(asked.url, f"OK|00000120|{escaped}|END", "text/plain", asked))
    assert found.links == (Link(f"{HOST}/gkml/detail.html?t=2&d=175325", "某厅2008年政府信息公开年报", "2009-03-18"),)
    assert found.following == (Request(f"{HOST}/ztfl.ashx?s=20&p=2&c=1", is_guess=True),)
    assert family.read(Page(asked.url, "OK|00000002|[]|END", "text/plain", asked)).following == ()


def test_article_by_its_card() -> None:
    page = f"""今天是2009年3月1日<table><tr><td>索 引 号</td><td>X-1</td><td>发布机构</td><td>某县某局</td></tr><tr><td>名&nbsp;&nbsp;称</td><td>{TITLE}</td>
        <td>文&nbsp;号</td><td>公开方式</td><td>主动公开</td></tr><tr><td>发布日期</td><td>2023年1月20日</td></tr></table>
        <a href="/DownLoad.aspx?fid=12">下载</a><a href="/file.php?n=3">年报.doc</a><a href="/show.php?id=3">别的</a>"""
    found = family.article(Page(f"{HOST}/show.php?id=385009", page))
    assert (found.title, found.published, found.source) == (TITLE, "2023-01-20", "某县某局")
    assert found.attachments == (Link(f"{HOST}/DownLoad.aspx?fid=12", "下载"), Link(f"{HOST}/file.php?n=3", "年报.doc"))


def test_recognises() -> None:
    assert family.recognises(Page(LIST, f'<input name="__VIEWSTATE">{ROW}{ROW}')) == 1
    assert family.recognises(Page(HOST, f"{ROW}{ROW}")) == 0.35
    assert family.recognises(Page(HOST, ROW)) == 0
    assert family.recognises(Page(f"{HOST}/module/xxgk/search.jsp?area=1", f"{ROW}{ROW}")) == 0
    assert family.recognises(Page(HOST, f'<a href="/system/_content/download.jsp?a=1">{ROW}{ROW}')) == 0
    assert family.first(Channel(HOST)) == Request(HOST)


PIECES = [
    "<form action='//['>", "<input name=__VIEWSTATE value=x>", "<a href=\"javascript:__doPostBack('", "','", "')\">", "下一页</a>", "</form>", "<select name=a>",
    "<option selected>", "<input type=submit name=b value=下一页>", "<a href='show.php?id=1'>", "charset=gb", "<a href='a.jsp?x=街'>", "%uD83D", "%u4E", "[{", '"url":',
    "}]", "\0", "共9页", "<td>名称</td>", "<base href='http://[::1/'>", "DownLoad.aspx?",
]  # fmt: skip


@given(
    st.lists(st.sampled_from(PIECES) | st.text(max_size=12), max_size=30).map("".join),
    st.sampled_from([LIST, f"{HOST}/list.aspx", f"{HOST}/ztfl.ashx?p=x"]),
    st.text(max_size=5),
)
def test_no_page_is_an_error(text: str, url: str, argument: str) -> None:
    page = Page(url, readable(text), request=Request(url, "POST", (("__EVENTARGUMENT", argument),)))
    assert_copes(family, page)


def test_every_report_is_collected_once(replica: Replica, archive: Archive, run: Crawl) -> None:
    site = build(replica)
    collect(site, replica, archive, run)
    captures = {one.url.removeprefix(replica.origin): one for one in archive.captures()}
    assert captures["/gk/year_details.aspx?dept=32&id=91622"].title == "云州市镕溪县审计局2022年政府信息公开工作年度报告"
