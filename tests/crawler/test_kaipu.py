"""The Kaipu family: static lists, shells, three routes of JSON, articles, and a whole portal over loopback."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.archive import Archive
from crawler.families import kaipu as family
from crawler.listing import Channel, Link, Listing, Page, Request
from crawler.wire.pages import readable
from tests.crawler.conftest import Crawl
from tests.crawler.replica import Replica
from tests.crawler.replicas.checks import assert_copes, collect
from tests.crawler.replicas.kaipu import Post, article, build, hexed, page, row

HOST = "http://www.example.gov.cn"
LIST = f"{HOST}/csrc/c100028/common_list.shtml"
CHANNEL = hexed("年报")
QUERY = "page=1&_pageSize=15&_isAgg=true&_isJson=true&_template=index&_rangeTimeGte=&_channelName="
META = f'<meta name="channelid" content="{CHANNEL}">'
ONE = Post("某区某局", 2022, f"/csrc/c100028/202301/{hexed('a')}.shtml", "2023-01-19")


def read(inside: str, url: str = LIST, head: str = "") -> Listing:
    return family.read(Page(url, page("年报", inside, head)))


def answer(value: object, request: Request | str = f"{HOST}/common/search/{CHANNEL}?{QUERY}") -> Listing:
    asked = Request(request) if isinstance(request, str) else request
    return family.read(Page(asked.url, json.dumps(value), "application/json", asked))


def data(total: int, rows: int, count: int, number: int = 1) -> dict[str, Any]:
    results = [{"title": f"某镇{n}年报", "url": f"/csrc/c1/c{n}/content.shtml"} for n in range(count)]
    return {"data": {"total": total, "page": number, "rows": rows, "results": results}}


def test_first_asks_for_the_channel_itself() -> None:
    assert family.first(Channel(LIST)) == Request(LIST)


def test_recognises_articles_lists_shells_and_answers(replica: Replica) -> None:
    assert family.recognises(Page(HOST + ONE.path, article(ONE, ""))) > 0.8
    assert family.recognises(Page(LIST, page("年报", f'<a href="{ONE.path}">年报</a>'))) > 0.6
    assert family.recognises(Page(LIST, page("年报", '<script>"/searchList/"</script>', META))) > 0.8
    assert family.recognises(Page(LIST, json.dumps({"data": {"results": [row(replica, ONE, "path")]}}))) > 0.8
    home = page("首页", f'<a href="{ONE.path}">头条</a><a href="/c1/common_list.shtml">年报</a>')
    assert family.recognises(Page(f"{HOST}/", home)) > 0.6
    assert family.recognises(Page(HOST, "<a href='./202301/t20230130_11545442.html'>某镇年报</a>")) == 0
    assert family.recognises(Page(HOST, "")) == family.recognises(Page(HOST, '{"results": []}')) == 0


@pytest.mark.parametrize(
    "address",
    [
        f"/wlmqs/c120216/202202/{CHANNEL}.shtml", f"./202301/{CHANNEL}.shtml", "/hebdlq/c112289c/202602/c01_1108994.shtml",
        "//www.example.gov.cn/csrc/c100028/c7661513/content.shtml", "/chinatax/n810214/c102384r/c123/content.html", "files/a.PDF",
    ],
)  # fmt: skip
def test_rows_by_address(address: str) -> None:
    title = "某区某局2022年政府信息公开工作年度报告"
    inside = f'<li><a href="{address}" title="{title}">某区…</a><span>2023-01-19</span></li><a href="/csrc/index.shtml">首页</a>'
    (link,) = read(inside).links
    assert (link.title, link.date) == (title, "2023-01-19")


@pytest.mark.parametrize(
    ("inside", "url", "names"),
    [
        ("<a href='common_list_2.shtml'>2</a><a href='common_list_3.shtml'>3</a>", LIST, ["_2", "_3"]),
        ("<script>createPageHTML('page_div',3, 1,'common_list','shtml',41);</script>", LIST, ["_2", "_3"]),
        (
            "<script>createPageHTML('page_div',3, 2,'common_list','shtml',41);</script>",
            LIST.replace("list", "list_2"),
            ["_3"],
        ),
        (
            "<script>createPageHTML('page_div',3, 3,'common_list','shtml',41);</script>",
            LIST.replace("list", "list_3"),
            [],
        ),
        (
            "<script>createPageHTML('',9999, 1,'common_list','shtml',41);</script>",
            LIST,
            [f"_{n}" for n in range(2, 501)],
        ),
        ("", LIST, []),
    ],
)
def test_static_pages(inside: str, url: str, names: list[str]) -> None:
    expected = tuple(Request(f"{HOST}/csrc/c100028/common_list{name}.shtml") for name in names)
    assert read(f'<a href="{ONE.path}">某镇年报</a>{inside}', url).following == expected


@pytest.mark.parametrize(
    ("inside", "head", "address"),
    [
        ('"/common/search/" + id', META, f"/common/search/{CHANNEL}?{QUERY}"),
        ('"/search/" + site; "/searchList/" + id', META.lower(), f"/searchList/{CHANNEL}?{QUERY}"),
        (f'"/search/{CHANNEL}?page=" + n', "", f"/search/{CHANNEL}?{QUERY}"),
        (f'"/common/search/{hexed("b")}"; "/common/search/{CHANNEL}"', META, f"/common/search/{CHANNEL}?{QUERY}"),
        (f'"/searchList/"; var channelId = "{CHANNEL}"', "", f"/searchList/{CHANNEL}?{QUERY}"),
        (f'"//data.example.gov.cn/searchList/{CHANNEL}"', "", f"//data.example.gov.cn/searchList/{CHANNEL}?{QUERY}"),
    ],
)
def test_shells_name_a_route_and_a_channel(inside: str, head: str, address: str) -> None:
    expected = f"http:{address}" if address.startswith("//") else f"{HOST}{address}"
    assert read(f"<script>{inside}</script>", head=head).columns == (Request(expected),)


def test_a_shell_without_a_route_is_asked_by_the_commonest_as_a_guess() -> None:
    expected = Request(f"{HOST}/common/search/{CHANNEL}?{QUERY}", is_guess=True)
    assert read("", head=META).columns == (expected,)
    assert read(f'<a href="{ONE.path}">某镇年报</a>', head=META).columns == ()
    assert read("", head='<meta name="channelid" content="x">').columns == ()


def test_the_search_box_of_a_site_is_no_route() -> None:
    box = '<form action="https://so.example.gov.cn/search/"></form>'
    assert read(f'{box}<a href="{ONE.path}">某镇年报</a>', head=META).columns == ()


def test_a_list_that_goes_on_statically_needs_no_route() -> None:
    pager = "<a href='common_list_2.shtml'>2</a>"
    script = '<script>url = "/common/search/" + id</script>'
    found = read(f'<a href="{ONE.path}">某镇年报</a>{pager}{script}', head=META)
    assert (len(found.following), found.columns) == (1, ())
    assert len(read(f'<a href="{ONE.path}">某镇年报</a>{script}', head=META).columns) == 1


def test_a_shell_that_posts() -> None:
    script = f"<script>$.post('/getFileListByCodeId', {{channelId: '{CHANNEL}', page: 1, size: 10}})</script>"
    form = (("channelId", CHANNEL), ("page", "1"), ("size", "10"), ("relateSubChannels", "true"))
    assert read(script).columns == (Request(f"{HOST}/getFileListByCodeId", "POST", form=form),)
    assert read("<script>$.post('/getFileListByCodeId', form)</script>").columns == ()


def test_children_of_a_channel() -> None:
    address = "/common/getChannelList?channelCode=c1&amp;websiteCodeName=csrc"
    assert read(f"<script>$.get('{address}')</script>").columns == (Request(f"{HOST}{address.replace('&amp;', '&')}"),)
    children = [
        {"displayName": name, "channelId": hexed(name)} for name in ("2021年", "各部门", "市教育局", "领导信息")
    ]
    found = answer(
        {"results": {"children": [*children, {"displayName": "2020年", "channelId": "x"}, 5]}}, f"{HOST}{address}"
    )
    assert [one.url.split("?")[0] for one in found.columns] == [
        f"{HOST}/common/search/{hexed(n)}" for n in ("2021年", "各部门", "市教育局")
    ]


def test_sub_columns_by_their_names_and_on_this_host_only() -> None:
    links = {
        "各部门": "/csrc/c2/list.shtml",
        "2021年": "../c3/",
        "年报": "//other.gov.cn/c4/list.shtml",
        "领导": "/c5/list.shtml",
        "市财政局": "/c6/x.pdf",
    }
    inside = "".join(f'<a href="{to}">{name}</a>' for name, to in links.items())
    assert read(inside).columns == (Request(f"{HOST}/csrc/c2/list.shtml"), Request(f"{HOST}/csrc/c3/"))


@pytest.mark.parametrize(
    "value",
    [
        {"data": {"results": [{"title": " 某镇2022年年报 ", "url": "//www.example.gov.cn/a", "publishedTimeStr": "2023-01-19 15:15:26"}]}},
        {"results": {"data": {"results": [{"title": "某镇2022年年报", "url": "/a", "publishedTime": 1674112526000}]}}},
        {"data": {"list": [{"TITLE": "某镇2022年<em>年报</em>", "URL": "/a", "PUBLISHED_TIME_FORMAT": "2023-01-19"}]}},
        {"page": {"list": [{"title": "某镇2022年年报", "url": f"{HOST}/a", "pubDate": "2023-01-19"}]}},
    ],
)  # fmt: skip
def test_envelopes(value: object) -> None:
    assert answer(value).links == (Link(f"{HOST}/a", "某镇2022年年报", "2023-01-19"),)


SEARCHED = f"{HOST}/searchList/{CHANNEL}?_isJson=true&_pageSize=20&_channelName=&page=1"


@pytest.mark.parametrize(
    ("value", "asked", "next_one"),
    [
        (data(45, 20, 20), SEARCHED, SEARCHED.replace("page=1", "page=2")),
        (data(45, 20, 20, 2), SEARCHED.replace("page=1", "page=2"), SEARCHED.replace("page=1", "page=3")),
        (data(45, 20, 5, 3), SEARCHED.replace("page=1", "page=3"), None),
        (data(20, 20, 20), SEARCHED, None),
        (data(45, 20, 0), SEARCHED, None),
        (
            data(45, 20, 18),
            SEARCHED,
            SEARCHED.replace("_pageSize=20", "_pageSize=18").replace("page=1", "page=2"),
        ),  # capped
        (
            data(45, 18, 18),
            SEARCHED,
            SEARCHED.replace("_pageSize=20", "_pageSize=18").replace("page=1", "page=2"),
        ),  # and said
        (data(45, 18, 18), f"{HOST}/search/{CHANNEL}", f"{HOST}/search/{CHANNEL}?page=2"),
    ],
)
def test_pages_of_answers(value: object, asked: str, next_one: str | None) -> None:
    assert [one.url for one in answer(value, asked).following] == ([next_one] if next_one else [])


def test_the_next_page_is_posted_like_the_first() -> None:
    form = (("channelId", CHANNEL), ("page", "1"), ("size", "20"), ("relateSubChannels", "true"))
    asked = Request(f"{HOST}/getFileListByCodeId", "POST", form=form)
    expected = Request(asked.url, "POST", form=(form[0], ("page", "2"), *form[2:]))
    assert answer({"results": data(32, 20, 20)}, asked).following == (expected,)
    assert answer({"results": data(32, 20, 12, 2)}, expected).following == ()


@pytest.mark.parametrize(
    ("text", "published"),
    [
        (article(ONE, ""), "2023-01-19"),  # PubDate is the time of generation
        (article(ONE, "").replace("页面生成时间", "其他"), "2025-09-28"),
        (article(ONE, "<publishtime>2023-01-18 10:00</publishtime>"), "2023-01-18"),
        (
            "<UCAPTITLE>某区某局2022年政府信息公开工作年度报告</UCAPTITLE>发布时间：2022-02-11   浏览次数：4234次",
            "2022-02-11",
        ),
    ],
)
def test_articles(text: str, published: str) -> None:
    found = family.article(Page(HOST + ONE.path, text))
    assert (found.title, found.published) == (ONE.title, published)


def test_attachments_of_an_article() -> None:
    found = family.article(Page(HOST + ONE.path, article(ONE, '<a href="files/a.docx">附件</a>')))
    assert found.attachments == (Link(f"{HOST}/csrc/c100028/202301/files/a.docx", "附件"),)


PIECES = [
    f"<a href='{ONE.path}'>", "年报", "createPageHTML('a',9,1,'b','c')", "/common/search/", "/searchList/", META, "channelId:", "'", '"', "{", "}",
    "/getFileListByCodeId", "size: 0", "getChannelList?a", "<ucaptitle>", "<base href='http://[::1/'>", "\0", "<meta name=others content=生成时间>",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=12), max_size=30).map("".join))
def test_no_page_is_an_error(text: str) -> None:
    one = Page(LIST, readable(text))
    assert_copes(family, one)


NAMES = [
    "data",
    "results",
    "total",
    "rows",
    "page",
    "list",
    "title",
    "url",
    "children",
    "channelId",
    "displayName",
    "publishedTime",
]
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner),
)


@given(
    values, values, st.sampled_from([SEARCHED, Request(f"{HOST}/getFileListByCodeId", "POST", form=(("page", "x"),))])
)
def test_no_answer_is_an_error(value: object, other: object, asked: Request | str) -> None:
    answer(value, asked)
    answer({"data": {"results": [value, {"url": "/a", "title": other}], "total": value, "rows": other}}, asked)


def test_a_path_without_end_costs_no_time() -> None:
    read("<script>" + "/a" * 400_000 + "</script>", head=META)


def test_every_report_is_collected_once(replica: Replica, archive: Archive, run: Crawl) -> None:
    site = build(replica)
    collect(site, replica, archive, run)
    posted = [hit.form for hit in replica.hits if hit.method == "POST"]
    assert [(form["page"], form["size"]) for form in posted] == [("1", "4"), ("2", "4")]
