"""Epoint: static lists, shells filled by POST after a token, the older interface by GET."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.archive import Archive
from crawler.families import epoint as family
from crawler.listing import Channel, Link, Listing, Page, Request
from crawler.wire.pages import readable
from tests.crawler.conftest import Crawl
from tests.crawler.replica import Replica
from tests.crawler.replicas.checks import assert_copes, collect
from tests.crawler.replicas.epoint import article, build

HOST = "http://www.example.gov.cn"
FOLDER = f"{HOST}/zwgk/014/014001"
TITLE = "某县某局2022年政府信息公开工作年度报告"
ADDRESS = "/zwgk/014/014001/20230120/67eb2365-22bc-45b5-be58-199b9683883a.html"
ROW = f'<li class="ewb-list-node"><a href="{ADDRESS}" title="{TITLE}">某县…</a><span class="ewb-list-date">2023-01-20</span></li>'
GUID = "7eb5f7f1-0000-4000-8000-8fcb82ea831a"


def read(text: str, name: str = "list.html") -> Listing:
    return family.read(Page(f"{FOLDER}/{name}", f"<body>{text}</body>"))


@pytest.mark.parametrize(
    ("pager", "page", "following"),
    [
        ('<a href="2.html">2</a><a href="3.html">3</a>', "list.html", ["2.html", "3.html"]),
        ("<a onclick=\"window.location.href='3.html'\">下页</a><a href='list.html'>首页</a>", "2.html", ["3.html"]),
        ('<a href="?Paging=2">下一页</a>', "list.html", ["list.html?Paging=2"]),
        ('<a href="?Paging=3">3</a><a href="?Paging=1">1</a>', "list.html?Paging=2", ["list.html?Paging=3"]),
        ('<a href="../014002/2.html">2</a>', "list.html", []),
        ('<td class="huifont">1/5</td>', "list.html", ["2.html"]),
        ('<td class="huifont">5/5</td>', "5.html", []),
        ("", "list.html", []),
    ],
)
def test_static_lists(pager: str, page: str, following: list[str]) -> None:
    found = read(ROW + pager, page)
    assert found.links == (Link(f"{HOST}{ADDRESS}", TITLE, "2023-01-20"),)
    assert [request.url.removeprefix(f"{FOLDER}/") for request in found.following] == following
    assert found.columns == ()


@pytest.mark.parametrize(
    ("script", "category", "builder", "action", "size"),
    [
        (f'var projectName="EpointWebBuilder"; var siteGuid = "{GUID}";', "014001", "/EpointWebBuilder", "frontAppCustomAction/getPageInfoListNew2", 18),
        (f"post('/EpointWebBuilder_zb/rest/frontAppCustomAction/getPageInfoListNew', {{siteGuid:'{GUID}',categoryNum:'014009',pageSize:5}})", "014009",
         "/EpointWebBuilder_zb", "frontAppCustomAction/getPageInfoListNew", 5),
        (f'<input id="siteguid" type="hidden" value="{GUID}"><input id="categoryNum" value="003">EWB-FRONT', "003", "/EWB-FRONT",
         "frontAppCustomAction/getPageInfoListNew2", 18),
    ],
)  # fmt: skip
def test_a_shell_wants_a_token_and_then_the_list(script: str, category: str, builder: str, action: str, size: int) -> None:
    (token,) = read(f"<script>{script}</script>" if "<" not in script else script).columns
    assert (token.url, token.method) == (f"{HOST}{builder}/rest/getOauthInfoAction/getNoUserAccessToken", "POST")
    answered = json.dumps({"custom": {"access_token": "abc"}, "status": {"code": 1}})
    (asked,) = family.read(Page(token.url, answered, "application/json", token)).columns
    assert asked.url == f"{HOST}{builder}/rest/{action}"
    assert asked.headers == (("Authorization", "Bearer abc"),)
    params = json.loads(dict(asked.form)["params"])
    assert (params["siteGuid"], params["categoryNum"], params["pageIndex"], params["pageSize"]) == (GUID, category, 0, size)
    rows = [{"title": TITLE, "infourl": ADDRESS, "infodate": "2023-01-20"}, {"title": "x", "infourl": None}, 5]
    listed = family.read(Page(asked.url, json.dumps({"custom": {"count": size + 1, "infodata": rows}}), "application/json", asked))
    assert listed.links == (Link(f"{HOST}{ADDRESS}", TITLE, "2023-01-20"),)
    (later,) = listed.following
    assert json.loads(dict(later.form)["params"])["pageIndex"] == 1
    assert (later.headers, later.is_guess) == (asked.headers, False)
    assert family.read(Page(asked.url, json.dumps({"custom": {"count": size + 1, "infodata": rows}}), "application/json", later)).following == ()


def test_a_refused_token_still_asks_for_the_list() -> None:
    (token,) = read(f"<script>EpointWebBuilder siteGuid:'{GUID}'</script>").columns
    (asked,) = family.read(Page(token.url, '{"custom": ""}', "application/json", token)).columns
    assert asked.headers == ()


def test_the_older_interface() -> None:
    shell = f"<script>$.get('/EpointWebBuilder/getInfoListAndCategoryList.action', {{siteguid: '{GUID}', pagesize: 2}})</script>"
    (asked,) = read(shell).columns
    query = f"cmd=getInfoList&pageIndex=1&pageSize=2&siteguid={GUID}&categorynum=014001"
    assert asked == Request(f"{HOST}/EpointWebBuilder/getInfoListAndCategoryList.action?{query}")
    rows = [{"title": TITLE, "href": ADDRESS, "infodate": "2023-01-20 10:00:00"}, {"title": "别的", "href": ADDRESS.replace("67", "68")}]
    full = family.read(Page(asked.url, json.dumps({"custom": json.dumps({"Table": rows})}), "application/json", asked))
    assert (len(full.links), full.links[0].date) == (2, "2023-01-20")
    assert full.following == (Request(asked.url.replace("pageIndex=1", "pageIndex=2"), is_guess=True),)
    last = family.read(Page(asked.url, json.dumps({"custom": json.dumps({"Table": rows, "RowCount": "2"})}), "application/json", asked))
    assert last.following == ()


def test_pages_with_rows_and_other_pages_are_no_shells() -> None:
    assert read(f"{ROW}<script>EpointWebBuilder siteGuid:'{GUID}'</script>").columns == ()
    assert read(f"<script>EpointWebBuilder siteGuid:'{GUID}'</script>", "about/us.html").columns == ()
    assert read(f"<script>siteGuid:'{GUID}'</script>").columns == ()


def test_article_and_its_files() -> None:
    page = article("某县某局", 2022, '<a href="/uploadfile/1.pdf">年报</a><a href="/WebBuilderDS/downloadztbattach?attachGuid=1">要验证码</a>')
    found = family.article(Page(f"{HOST}{ADDRESS}", page))
    assert (found.title, found.published) == (TITLE, "2023-01-20")
    assert [file.url for file in found.attachments] == [f"{HOST}/uploadfile/1.pdf"]


def test_recognises() -> None:
    assert family.recognises(Page(f"{HOST}{ADDRESS}", article("某县某局", 2022, ""))) == 1
    assert family.recognises(Page(f"{FOLDER}/list.html", ROW)) == 0.75
    assert family.recognises(Page(HOST, "<a class='ewb-x'>")) == 0
    assert family.recognises(Page(HOST, "<a href='/c/2023-01-28/4655505.shtml'>")) == 0
    assert family.first(Channel(HOST)) == Request(HOST)


PIECES = [
    "<a href='2.html'>", f"<a href='{ADDRESS}'>", "</a>", "siteGuid:", "'x'", "categoryNum=", "EpointWebBuilder", "//[/rest/a/getPageInfoList", "\0",
    "'http://[/getInfoListAndCategoryList.action", "pageSize:0", "<base href='http://[::1/'>", "{", '"custom":', "下页", "1/5",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=12), max_size=30).map("".join), st.sampled_from(["list.html", "", "2.html?Paging=x"]))
def test_no_page_is_an_error(text: str, name: str) -> None:
    page = Page(f"{FOLDER}/{name}", readable(text))
    assert_copes(family, page)


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["custom", "infodata", "title", "infourl", "count", "access_token"]), inner),
)
ASKED = (
    Request(f"{HOST}/E/rest/getOauthInfoAction/getNoUserAccessToken", "POST", (("params", "{}"), ("action", "a/b"))),
    Request(f"{HOST}/E/rest/a/b", "POST", (("params", '{"pageIndex":0,"pageSize":"2"}'),)),
    Request(f"{HOST}/E/rest/a/b", "POST", (("params", "[]"),)),
    Request(f"{HOST}/E/a.action?pageIndex=1&pageSize=x"),
)


@given(values, st.sampled_from(ASKED))
def test_no_answer_is_an_error(value: object, asked: Request) -> None:
    for answered in (value, {"custom": value}, {"custom": json.dumps(value)}, {"custom": {"infodata": [value], "count": value}}):
        family.read(Page(asked.url, json.dumps(answered), "application/json", asked))


def test_every_report_is_collected_once(replica: Replica, archive: Archive, run: Crawl) -> None:
    site = build(replica)
    collect(site, replica, archive, run)
    assert not any("downloadztbattach" in one.url for one in archive.captures())
