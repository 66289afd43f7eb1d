"""The TRS family: its many pagers, rows and files on composed pages, and a whole portal over loopback."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.archive import Archive
from crawler.families import trs as family
from crawler.listing import Channel, Link, Listing, Page, Request
from crawler.wire.pages import readable
from tests.crawler.conftest import Crawl
from tests.crawler.replica import Replica, list_page
from tests.crawler.replicas.checks import assert_copes, collect
from tests.crawler.replicas.trs import article, build, page, row

HOST = "https://www.example.gov.cn"
FOLDER = f"{HOST}/zwgk/zfxxgknb"
TITLE = "某区某街道办事处2022年政府信息公开工作年度报告"
ROW = row("./202301/t20230130_11545442.html", TITLE, "2023-01-30")
ARTICLE = f"{FOLDER}/202301/t20230130_11545442.html"


def read(inside: str, url: str = f"{FOLDER}/index.html") -> Listing:
    return family.read(Page(url, page("政府信息公开年报", inside)))


def names(requests: tuple[Request, ...]) -> list[str]:
    """Asked pages below the folder; guesses end with a question mark."""
    return [request.url.removeprefix(f"{FOLDER}/") + ("?" if request.is_guess else "") for request in requests]


def test_first_asks_for_the_channel_itself() -> None:
    assert family.first(Channel(f"{FOLDER}/")) == Request(f"{FOLDER}/")


def test_recognises_its_pages_and_hardly_others() -> None:
    assert family.recognises(Page(f"{FOLDER}/", page("年报", ROW))) >= 0.6
    assert family.recognises(Page(ARTICLE, article("某局", 2022))) >= 0.7
    assert family.recognises(Page(f"{FOLDER}/t7893462.shtml", article("某局", 2022))) >= 0.4
    assert family.recognises(Page(HOST, '{"page":{"content":[{"DOCPUBURL":"http://x/"}]}}')) == 0.5
    assert family.recognises(Page(HOST, list_page(['<a href="content/post_1.html">某镇年报</a>']))) == 0
    assert family.recognises(Page(HOST, '<div class="TRS_UEDITOR" id="Zoom"></div><a href="/art/2023/1/9/art_1_2.html">x</a>')) < 0.2
    assert family.recognises(Page(HOST, "")) == 0


@pytest.mark.parametrize(
    "href",
    ["./202301/t20230130_11545442.html", "../zfxxgknb/202301/t20230130_11545442.html", "202301/t20230130_11545442.html", "//www.example.gov.cn/zwgk/zfxxgknb/202301/t20230130_11545442.html"],
)
def test_rows_with_whole_titles(href: str) -> None:
    expected = (Link(ARTICLE, TITLE, "2023-01-30"),)
    assert read(f"<ul>{row(href, TITLE, '2023-01-30')}</ul>").links == expected
    assert read(f"<ul>{row(href, TITLE, '2023-01-30', inside=True)}</ul>").links == expected


@pytest.mark.parametrize(
    "address",
    [f"{FOLDER}/t15699357.shtml", f"{FOLDER}/202301/t19700101_3215525.shtml", f"{FOLDER}/202301/t20230130_1115.htm", f"{FOLDER}/202301/W020230130.PDF", "https://mp.weixin.example.cn/s/AbC"],
)
def test_rows_of_other_shapes(address: str) -> None:
    assert read(f'<li><a href="{address}" title="{TITLE}">x</a></li>').links == (Link(address, TITLE),)


@pytest.mark.parametrize(
    ("address", "label"),
    [("https://mp.weixin.example.cn/s/AbC", "青澜发布"), (f"{FOLDER}/2022n/", TITLE), (f"{FOLDER}/index.html", TITLE), ("javascript:void(0)", TITLE), ("/about.html", "政府信息公开年报")],
)
def test_links_that_are_no_rows(address: str, label: str) -> None:
    assert read(f'<li><a href="{address}">{label}</a></li>').links == ()


@pytest.mark.parametrize("quote", ['"', "'"])
def test_rows_that_a_script_writes(quote: str) -> None:
    script = f"""<script>var url={quote}./202602/t20260214_2730572.shtml{quote};
      var title = {quote}{TITLE}{quote}; document.writeln("<span>2026-02-14</span>");</script>"""
    assert read(script).links == (Link(f"{FOLDER}/202602/t20260214_2730572.shtml", TITLE, "2026-02-14"),)


@pytest.mark.parametrize(
    ("pager", "name", "following"),
    [
        ('<script>createPageHTML(9, 0, "index", "html");</script>', "index.html", ["index_1.html", "index_2.html"]),
        ('<script>createPageHTML(9, 0, "index", "html");</script>', "", ["index_1.html", "index_2.html"]),
        ('<script>createPageHTML(9,7,"index","html")</script>', "index_7.html", ["index_8.html"]),
        ('<script>createPageHTML(9,8,"index","html")</script>', "index_8.html", []),
        ('<script>createPage(2,0,"index","shtml")</script>', "", ["index_1.shtml"]),
        ('<script>createPageHTML(1, 0, "index", "html");</script>', "index.html", []),
        ('<script>function createPageHTML(_nPageCount, _nCurrIndex, _sPageName, _sPageExt){}\ncreatePageHTML(2, 0, "index", "html");</script>', "", ["index_1.html"]),
        ("<script>createPageHTML('page_div',5, 1,'fg','shtml',89);</script>", "fg.shtml", ["fg_1.shtml?", "fg_2.shtml", "fg_3.shtml", "fg_5.shtml?"]),
        ("<script>createPageHTML('page_div',5, 2,'fg','shtml',89);</script>", "fg_1.shtml", ["fg_2.shtml", "fg_3.shtml"]),
        ("<script>createPageHTML('page_div',2, 1,'fg','shtml',89);</script>", "fg.shtml", ["fg_1.shtml?", "fg_2.shtml?"]),
        ('<script>createPageHTML(3, 0, "index_7011", "shtml");</script>', "index_7011.shtml", ["index_7011_1.shtml", "index_7011_2.shtml"]),
        ('<script>createPageHTML(3, 1, "index_7011", "shtml");</script>', "index_7011_1.shtml", ["index_7011_2.shtml"]),
        ("<script>var currentPage = 0;//所在页从0开始\nvar countPage = 3//共多少页</script>", "", ["index_1.html", "index_2.html"]),
        ("<script>var countPage = 3//共多少页</script>", "index_2.html", []),
        ('<a href="index_2.html">下一页</a><a href="index_3.html">尾页</a>', "index.html", ["index_2.html", "index_3.html"]),
        ('<a href="index.html">1</a><a href="index_1.html">下一页</a>', "index.html", ["index_1.html"]),
        ('<a href="list.html">1</a><a href="list_2.html">2</a>', "list.html", ["list_2.html"]),
        ('<a href="wjk_glrb_35.html">下一页</a>', "wjk_glrb_34.html", ["wjk_glrb_35.html"]),
        ('<div class="pageszly" id="page"></div>', "index.html", ["index_1.html?"]),
        ('<div class=fenye></div>', "index_4.html", ["index_5.html?"]),
        ("", "index.html", []),
        ('<a href="/other/index_2.html">通知公告</a>', "index.html", []),
    ],
)  # fmt: skip
def test_pagers(pager: str, name: str, following: list[str]) -> None:
    assert names(read(f"<ul>{ROW}</ul>{pager}", f"{FOLDER}/{name}").following) == following


def test_a_long_list_without_any_pager_is_tried_further() -> None:
    rows = [row(f"./202301/t20230130_{number}.shtml", TITLE, "2023-01-30") for number in range(1000, 1010)]
    assert names(read("".join(rows)).following) == ["index_1.html?"]
    assert names(read("".join(rows), f"{FOLDER}/").following) == ["index_1.shtml?"]
    assert read("".join(rows[:9])).following == ()


def test_a_page_past_the_end_ends_the_list() -> None:
    assert read('<ul></ul><div class="page"></div>', f"{FOLDER}/index_9.html").following == ()


def test_columns_below_and_of_units_elsewhere() -> None:
    links = {
        "./2021n/": "2021年", "gqzf_72697/jnqrmzf/index.html": "江南区", "2020nzfxxgkndbg/nlist.htm": "2020", "./202301/": "x",
        "../": "上级", "../zfxxgkzn/": "政府信息公开指南", "../zfxxgkndbg/": "年度报告", "/zwgk/": "政务公开", "/": "首页",
        "/bmjz/eljd_97738/zwgk_97461/zfxxgknb_97478/": "二郎街道", "/bmjz/eljd_97738/zwgk_97461/": "水龙街道",
        "/sjfb/tjnb/": "统计年鉴", "https://www.other.gov.cn/zfxxgknb/": "财政局", "./2021n/?a=1": "2021年",
    }  # fmt: skip
    found = read("".join(f'<a href="{href}">{label}</a>' for href, label in links.items())).columns
    assert [request.url.removeprefix(HOST) for request in found] == [
        "/zwgk/zfxxgknb/2021n/", "/zwgk/zfxxgknb/gqzf_72697/jnqrmzf/index.html", "/zwgk/zfxxgknb/2020nzfxxgkndbg/nlist.htm",
        "/bmjz/eljd_97738/zwgk_97461/zfxxgknb_97478/",
    ]  # fmt: skip


# ---- search engines

IGS = "/igs/front/search/publish/data/list.html?index=zf&siteId=67&pageSize=20&pageIndex=1&pageNumber=1&filter[CHANNELID]=9"


@pytest.mark.parametrize(
    ("script", "asked"),
    [
        (f'$.getJSON("{IGS}")', IGS),
        (f"var u='{IGS.replace('&', '&amp;')}'", IGS),
        ("$.ajax({url: '/igs/front/search.jhtml', type:'get', data: {code: 'c1', pageNumber: 1, pageSize: 15, siteId: 67, filter: {SITEID: 67}, q: word}})",
         "/igs/front/search.jhtml?code=c1&pageNumber=1&pageSize=15&siteId=67&filter%5BSITEID%5D=67"),
        ('load("/was5/web/search?channelid=229105&templet=docs.jsp&prepage=10&page=0")', "/was5/web/search?channelid=229105&templet=docs.jsp&prepage=10&page=0"),
        ('<form action="/igs/front/search.jhtml">', None),
        ('<a href="/igs/front/search.jhtml?code=1&searchWord=%E6%94%BF">热词</a>', None),
    ],
)  # fmt: skip
def test_shells_name_what_to_ask(script: str, asked: str | None) -> None:
    markup = script if script.startswith("<") else f"<script>{script}</script>"
    assert [request.url for request in read(markup).columns] == ([f"{HOST}{asked}"] if asked else [])
    assert read(f"{ROW}{markup}").columns == ()


def test_answer_of_igs() -> None:
    rows = [{"DOCTITLE": f"<em>{TITLE}</em>", "DOCPUBURL": ARTICLE, "DOCRELTIME": "2023-01-30 10:00:00"}, {"DOCTITLE": "x"}, 5]
    asked = Request(f"{HOST}{IGS}")
    listing = family.read(Page(asked.url, json.dumps({"page": {"content": rows, "total": 21}}), "application/json", asked))
    assert listing.links == (Link(ARTICLE, TITLE, "2023-01-30"),)
    (following,) = listing.following
    assert "pageIndex=2&pageNumber=2" in following.url
    assert not following.is_guess
    again = family.read(Page(following.url, json.dumps({"page": {"content": rows, "total": 21}}), "", following))
    assert again.following == ()


def test_answer_of_was5_with_raw_newlines() -> None:
    url = f"{HOST}/was5/web/search?channelid=2&prepage=10&page=0"
    text = '{"total": "11", "docs": [{"title": "' + TITLE + '\n", "url": "' + ARTICLE + '", "pubtime": "2023.01.30"}]}'
    listing = family.read(Page(url, text))
    assert listing.links == (Link(ARTICLE, TITLE, "2023-01-30"),)
    assert [request.url for request in listing.following] == [f"{HOST}/was5/web/search?channelid=2&prepage=10&page=1"]
    assert family.read(Page(url.replace("page=0", "page=1"), text)).following == ()


@pytest.mark.parametrize(
    ("program", "page", "asked"),
    [("/govsearch/jsonp/x.jsp", 1, "2"), ("/govsearch/jsonp/x.jsp", 2, "3"), ("/govsearch/jsonp/x.jsp", 3, None),
     ("/was5/web/search", 0, "1"), ("/was5/web/search", 1, "2"), ("/was5/web/search", 2, None)],
)  # fmt: skip
def test_engines_count_from_1_but_for_was5(program: str, page: int, asked: str | None) -> None:
    """Thirty-five rows, fifteen a page: three pages."""
    url = f"{HOST}{program}?lb=1&page={page}"
    data = [{"puburl": f"/nb/202301/t20230120_{10000 + place}.html", "tip": {"title": TITLE}} for place in range(15)]
    found = family.read(Page(url, f"result({json.dumps({'total': 35, 'data': data})});", "text/javascript", Request(url)))
    assert [one.url[-1] for one in found.following] == ([asked] if asked else [])


def test_answer_in_jsonp() -> None:
    url = f"{HOST}/govsearch/jsonp/zf_jd_list.jsp?page=6&lb=134657&callback=result"
    row = {"puburl": ARTICLE, "MetaDataId": "1", "tip": {"dates": "2023年01月30日", "title": TITLE, "publisher": "某局"}}
    text = "\r\n\r\n\ufeff\r\n  \r\nresult(" + json.dumps({"data": [row]}) + ");\r\n"
    listing = family.read(Page(url, text))
    assert listing.links == (Link(ARTICLE, TITLE, "2023-01-30"),)
    assert listing.following == (Request(url.replace("page=6", "page=7"), is_guess=True),)
    assert family.read(Page(url, "result();")) == Listing()


# ---- articles


def files(inside: str, url: str = ARTICLE) -> list[tuple[str, str]]:
    found = family.article(Page(url, f"<body>{inside}</body>"))
    return [(file.url.removeprefix(f"{FOLDER}/202301/"), file.title) for file in (*found.attachments, *found.pictures)]


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        ("""<script>var file_appendix='<a href="./P020230130000000000002.pdf">2022年度报告.pdf</a>';</script>""", [("P020230130000000000002.pdf", "2022年度报告.pdf")]),
        ("""<script>var f='<a href="./P020230130000000000002.pdf">报告.pdf</a>';</script><span><a href="./P020230130000000000002.pdf">报告.pdf</a></span >""", [("P020230130000000000002.pdf", "报告.pdf")]),
        ('<script>var appendixIds="1416267=P020230130000000000003.pdf=年报.pdf,1416268=P020230130000000000004.xlsx=附表.xlsx,";</script>', [("P020230130000000000003.pdf", "年报.pdf"), ("P020230130000000000004.xlsx", "附表.xlsx")]),
        ("<script>location.href='./W020230130000000000005.pdf'</script>", [("W020230130000000000005.pdf", "W020230130000000000005.pdf")]),
        ("<script>window.location.replace('../202301/2022nb.PDF')</script>", [("2022nb.PDF", "2022nb.PDF")]),
        ('<iframe src="./P020230130000000000006.pdf"></iframe>', [("P020230130000000000006.pdf", "/zwgk/zfxxgknb/202301/P020230130000000000006.pdf")]),
        ('<div class=TRS_Editor><p>见下图</p><img src="./W020230130000000000001.jpg" oldsrc="W020230130000000000001.jpg" appendix="true"></div>', [("W020230130000000000001.jpg", "W020230130000000000001.jpg")]),
        ('<div class=TRS_Editor><table><td>1</table><img src="./W020230130000000000001.jpg"></div>', []),
        ('<div class=TRS_Editor><img src="/images/word.png"></div><img src="./W020230130000000000001.jpg">', []),
    ],
)  # fmt: skip
def test_files(inside: str, expected: list[tuple[str, str]]) -> None:
    assert files(inside) == expected


def test_article_by_its_meta_tags_and_not_the_header_clock() -> None:
    found = family.article(Page(ARTICLE, article("某局", 2022)))
    assert (found.title, found.published, found.source) == ("某局2022年政府信息公开工作年度报告", "2023-01-17", "某局")
    bare = article("某局", 2022).replace("PubDate", "x")
    assert family.article(Page(ARTICLE, bare)).published == "2023-01-17"


# ---- whatever a page may hold

PIECES = [
    ROW, "createPageHTML(", "createPageHTML(9, 0, 'index', 'html')", "createPage(999999,0)", "9", ",", "'", '"', ")", "</script>", "<script>", "countPage=",
    "var url='http://[';", "var title='x'", "./t20230130_1115.html", "<a href='http://[::1/t20230130_1115.html'>", "\0", "<option value='2021n/'>",
    "'/igs/front/search?a=1'", "'/was5/web/search'", "data: {a: {b: 1}}", "P020230130000000000003.pdf", "location.href='http://[/x.pdf'", "<div class=TRS_Editor>",
    "<img src='W020230130000000000001.jpg'>", "<base href='//'>", "id=page", "&#xD800;", "\ufeff", "{", "[", "<",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=12), max_size=30).map("".join), st.sampled_from([f"{FOLDER}/index_3.html", f"{FOLDER}/", HOST, f"{HOST}{IGS}"]))
def test_no_page_is_an_error(text: str, url: str) -> None:
    shown = Page(url, readable(text))
    assert_copes(family, shown)


KEYS = st.sampled_from(["page", "content", "total", "DOCPUBURL", "DOCTITLE", "DOCRELTIME", "tip", "data", "url", "title"])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.just(ARTICLE),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
)


@given(VALUES)
def test_no_answer_is_an_error(value: object) -> None:
    for url in (f"{HOST}{IGS}", f"{HOST}/was5/web/search?page={'9' * 30}&prepage=-1", HOST):
        family.read(Page(url, json.dumps(value)))


def test_every_report_is_collected_once(replica: Replica, archive: Archive, run: Crawl) -> None:
    site = build(replica)
    collect(site, replica, archive, run)
    captures = {one.url: one for one in archive.captures()}
    town = next(one for url, one in captures.items() if "/gzj/202302/" in url)
    assert (town.title, town.date) == ("云州市青澜区青石镇人民政府2022年政府信息公开工作年度报告", "2023-01-17")
