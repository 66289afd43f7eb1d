"""From a home page to the column: the ways there, the traps beside it, and what is said when there is none."""

import asyncio
import json
from itertools import pairwise
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.discovery.discover import MAX_REQUESTS, Discovery, discover
from crawler.discovery.draft import toml_of
from crawler.discovery.signposts import is_near, is_of_one_domain, names_of, sign_of, signs_of
from crawler.discovery.survey import Column, Looked, twin
from crawler.listing import Link, Page
from crawler.portal import Portal, load
from nianbao.discovery import division_of, is_this_machine
from tests.crawler.conftest import QUICK, text_of
from tests.crawler.replica import Replica, Reply
from tests.crawler.replicas import NEIGHBOURS
from tests.nianbao.shell import run

HOME = "https://www.example.gov.cn/"
TOWNS = ("青石镇", "柳溪镇", "白沙镇", "松林街道", "云门街道", "河东街道")


def find(replica: Replica, start: str = "/", **options: Any) -> Discovery:
    """One search over loopback."""
    return asyncio.run(
        discover(
            f"{replica.origin}{start}", decode=text_of, allow_private_addresses=True, delay_seconds=0.0, limits=QUICK, **options
        )
    )


def page(title: str, *links: tuple[str, str], head: str = "") -> Reply:
    """A page that is nothing but links."""
    inside = "".join(f'<li><a href="{url}">{label}</a></li>' for url, label in links)
    return Reply(f'<html><head><meta charset="utf-8"><title>{title}</title>{head}</head><body><ul>{inside}</ul></body></html>')


def report_rows(*bodies: str, years: tuple[int, ...] = (2021, 2022)) -> list[tuple[str, str]]:
    """Rows of a list, with addresses of no known shape."""
    return [
        (f"show/{abs(hash((body, year))) % 10**8}.html", f"青澜区{body}{year}年政府信息公开工作年度报告") for body in bodies for year in years
    ]


def paths_of(found: Discovery, replica: Replica) -> list[str]:
    return [column.url.removeprefix(replica.origin) for column in found.columns]


# ---- signs


@pytest.mark.parametrize(
    "label",
    [
        "政府信息公开年报", "信息公开年报", "公开年报", "信息公开年度报告", "政府信息公开年度报告", "政府信息公开工作年度报告",
        "信息公开工作年度报告", "政府 信息公开 年报", "政府信息公开年报>>", "· 政府信息公开年报", "青澜区政府信息公开年报", "年报公开",
    ],
)  # fmt: skip
def test_labels_of_the_column(label: str) -> None:
    sign = sign_of(HOME, label, is_inside=False)
    assert sign is not None
    assert (sign.kind, sign.weight) == ("column", 100)


@pytest.mark.parametrize(
    "label", ["年报", "年度报告", "历年年报", "年报总览", "年度工作报告", "各部门年报", "镇街年报", "市教育局年度报告", "区政府年报"]
)
def test_plain_labels_count_more_inside(label: str) -> None:
    outside, inside = (sign_of(HOME, label, is_inside=is_inside) for is_inside in (False, True))
    assert outside is not None
    assert inside is not None
    assert outside.weight < inside.weight < 100


@pytest.mark.parametrize(
    "label",
    [
        *(name for name in NEIGHBOURS if name != "法定主动公开内容"), "政府网站年度报表", "政府网站工作年报", "法治政府建设年度报告", "依法行政年度报告",
        "财政预决算", "统计年鉴", "统计公报", "统计年报", "企业年报", "年检", "年度工作要点", "政府公报", "环境质量年报", "年报解读", "政府信息公开年报解读",
        "关于报送政府信息公开年度报告的通知", "政务公开考核", "质量年度报告", "上市公司年报",
    ],
)  # fmt: skip
def test_labels_beside_it(label: str) -> None:
    for is_inside in (False, True):
        assert sign_of(HOME, label, is_inside=is_inside) is None


@pytest.mark.parametrize(
    ("label", "kind"),
    [
        ("政府信息公开", "way"), ("信息公开", "way"), ("政务公开", "way"), ("公开", "way"), ("政府信息公开专栏", "way"), ("信息公开目录", "way"),
        ("各部门", "group"), ("各镇街", "group"), ("乡镇街道", "group"), ("市教育局", "body"), ("青石镇", "body"), ("2021年", "year"), ("2020年度", "year"),
        ("法定主动公开内容", "way"), ("各部门信息公开", "way"), ("青石镇2021年政府信息公开工作年度报告", "report"),
    ],
)  # fmt: skip
def test_what_lies_on_the_way(label: str, kind: str) -> None:
    sign = sign_of(HOME, label, is_inside=True)
    assert sign is not None
    assert sign.kind == kind


@pytest.mark.parametrize("label", ["市教育局", "2021年", "各部门"])
def test_bodies_and_years_are_signs_only_inside(label: str) -> None:
    assert sign_of(HOME, label, is_inside=False) is None


SLUGS = """zfxxgknb zfxxgknb1 zfxxgknb2 zfxxgknb_10590 xxgknb xxgknb_6257 xxgkndbg zfxxgkndbg zfxxgkndbg_2954 zfxxgkgzndbg
syszfxxgkgzndbg zfxxgkgzndbgbm bmxxgkndbg bmxxgknb ndxxgkbg gknb gknb2017 gknb_lnnb gknbxq ndbg nb nbzl nb_2022n 2021nb
2018nb 2020ndgb xxgknbgs jbxxgknb fzfxxgknb zfgknb zfxxgknan_ew nlist annualreport"""


@pytest.mark.parametrize("slug", SLUGS.split())
def test_addresses_count_where_the_label_is_silent(slug: str) -> None:
    for label in ("", "更多>>", "MORE"):
        sign = sign_of(f"{HOME}zwgk/{slug}/index.html", label, is_inside=False)
        assert sign is not None
        assert sign.kind == "column"
    assert sign_of(f"{HOME}zwgk/{slug}/", "政府网站工作年度报表", is_inside=True) is None


@pytest.mark.parametrize("slug", ["fzzfjs", "wzgznb", "czyjs", "tjnj", "tzgg", "nanbu", "zfxxgkzn", "zfxxgkzd", "index"])
def test_addresses_beside_it(slug: str) -> None:
    assert sign_of(f"{HOME}zwgk/{slug}/", "更多", is_inside=False) is None


@pytest.mark.parametrize(
    "script",
    [
        """var menu = [{name: "政府信息公开指南", url: "/zn/"}, {name: "政府信息公开年报", url: "/nb/"}];""",
        """var menu = {"children":[{"id":7,"label":"政府信息公开年报","href":"https:\\/\\/www.example.gov.cn\\/nb\\/"}]};""",
        """document.write('<li><a href="/nb/">政府信息公开年报</a></li>');""",
        """document.write("<li><a href=\\"/nb/\\">政府信息公开年报</a></li>");""",
        """html += '<a href="/nb/" title="政府信息公开年报">年报</a>';""",
    ],
)
def test_links_that_scripts_draw(script: str) -> None:
    found = signs_of(Page(HOME, f"<body><script>{script}</script></body>"), is_inside=False)
    assert [(sign.url, sign.kind) for sign in found] == [(f"{HOME}nb/", "column")]


def test_links_of_all_kinds_are_read() -> None:
    text = """<map><area href="/a/" alt=""></map><a href="/b/"><img src="x.png" alt="政府信息公开年报"></a>
      <a href="javascript:void(0)" onclick="window.open('/c/index.html')">信息公开年报</a><div data-url="/d/">公开年报</div>
      <a href="javascript:go('/e/')">年度报告</a><select><option value="/f/">信息公开年度报告</option></select><iframe src="/xxgknb/"></iframe>
      <a href="/g/" title="政府信息公开年报">政府信息公开…</a><a href="http://[">政府信息公开年报</a><a href="/h/x.pdf">政府信息公开年报</a>"""
    found = [sign.url.removeprefix(HOME) for sign in signs_of(Page(HOME, text), is_inside=False)]
    assert sorted(found) == ["b/", "c/index.html", "d/", "e/", "f/", "g/", "xxgknb/"]


@pytest.mark.parametrize(
    ("address", "is_one"),
    [
        ("https://www.example.gov.cn/nb/", True), ("http://www.example.gov.cn/nb/", True), ("https://example.gov.cn/nb/", True),
        ("https://xxgk.example.gov.cn/nb/", True), ("https://www.other.gov.cn/nb/", True), ("https://www.example.com/nb/", False),
        ("https://example.gov.cn.bet.com/nb/", False), ("https://www.examplegov.cn/nb/", False), ("http://10.0.0.1/nb/", False),
        ("https://www.example.gov.cn:8080/nb/", False),
    ],
)  # fmt: skip
def test_where_a_search_goes(address: str, is_one: bool) -> None:
    assert is_near(address, HOME) == is_one


@pytest.mark.parametrize(
    ("address", "is_one"),
    [
        ("https://xxgk.example.gov.cn/", True), ("http://example.gov.cn/", True), ("https://www.other.gov.cn/", False),
        ("https://gov.cn/", False), ("https://www.gov.cn/", False),
    ],
)  # fmt: skip
def test_other_portals_of_the_government_are_of_another_domain(address: str, is_one: bool) -> None:
    assert is_of_one_domain(address, HOME) == is_one


def test_names_of_a_site() -> None:
    def named(title: str, head: str = "", body: str = "") -> str:
        return names_of(Page(HOME, f"<title>{title}</title>{head}<body>{body}</body>"))[0]

    assert named("首页", '<meta name="SiteName" content="云州市青澜区人民政府门户网站">') == "云州市青澜区人民政府"
    assert named("政府信息公开 - 云州市青澜区人民政府网") == "云州市青澜区人民政府"
    assert named("欢迎访问云州市教育局官方网站") == "云州市教育局"
    assert named("首页", body="<p>版权所有：云州市青澜区人民政府</p>") == "云州市青澜区人民政府"


def test_twins_have_one_name() -> None:
    assert len({twin(f"{scheme}://{www}a.gov.cn/nb/{name}") for scheme in ("http", "https") for www in ("", "www.") for name in ("", "index.html", "index.shtml")}) == 1
    assert twin("http://a.gov.cn/nb/?id=1") != twin("http://a.gov.cn/nb/?id=2")


# ---- ways


def test_behind_the_disclosure_page(replica: Replica) -> None:
    replica.routes |= {
        "/": page("首页", ("/xw/", "新闻"), ("/zwgk/", "政务公开")),
        "/zwgk/": page("政务公开", ("/zwgk/zfxxgk/", "政府信息公开"), *((f"/zwgk/{n}/", name) for n, name in enumerate(NEIGHBOURS))),
        "/zwgk/zfxxgk/": page("政府信息公开", ("/zwgk/zfxxgk/nb/", "政府信息公开年报")),
        "/zwgk/zfxxgk/nb/": page("政府信息公开年报", *report_rows("教育局", "审计局", "财政局")),
    }
    found = find(replica)
    assert paths_of(found, replica) == ["/zwgk/zfxxgk/nb/"]
    assert found.columns[0].trail == ("政务公开", "政府信息公开", "政府信息公开年报")
    assert (len(found.reports), found.expected, found.expected_year, found.family) == (6, 3, 2022, "static")
    assert not set(replica.paths()) & {"/zwgk/0/", "/zwgk/1/", "/zwgk/3/", "/zwgk/4/", "/xw/"}


def test_start_on_the_column_itself(replica: Replica) -> None:
    replica.routes["/nb/"] = page("政府信息公开年报-青澜区", *report_rows("教育局", "审计局"))
    assert paths_of(find(replica, "/nb/"), replica) == ["/nb/"]
    assert len(replica.paths()) == 1


def test_start_within_the_column_by_its_address_alone(replica: Replica) -> None:
    """A page of one year that is called by the year only."""
    replica.routes["/gk/zfxxgknb/2022n/"] = page("2022年", ("bm/", "政府部门"), ("zj/", "镇（街道）"))
    replica.routes["/gk/zfxxgknb/2022n/bm/"] = page("列表", *report_rows("甲局", "乙局"))
    replica.routes["/gk/zfxxgknb/2022n/zj/"] = page("列表", *report_rows(*TOWNS))
    found = find(replica, "/gk/zfxxgknb/2022n/")
    assert (paths_of(found, replica), len(found.reports)) == (["/gk/zfxxgknb/2022n/"], 2 * (2 + len(TOWNS)))


def test_every_body_has_its_own_column(replica: Replica) -> None:
    replica.routes |= {
        "/": page("首页", ("/xxgk/", "信息公开")),
        "/xxgk/": page("信息公开", ("/xxgk/xz/", "各镇街")),
        "/xxgk/xz/": page("各镇街", *((f"/xxgk/xz/{n}/", town) for n, town in enumerate(TOWNS))),
    }
    for number, town in enumerate(TOWNS):
        folder = f"/xxgk/xz/{number}/"
        replica.routes[folder] = page(town, (f"{folder}zn/", "政府信息公开指南"), (f"{folder}nb/", "政府信息公开年报"))
        replica.routes[f"{folder}nb/"] = page("政府信息公开年报", *report_rows(town))
    found = find(replica)
    assert paths_of(found, replica) == [f"/xxgk/xz/{number}/nb/" for number in range(len(TOWNS))]
    assert (len(found.reports), found.expected) == (12, 6)


def test_more_bodies_than_a_search_may_ask_for(replica: Replica) -> None:
    towns = [f"第{n}镇" for n in range(60)]
    replica.routes |= {
        "/": page("首页", ("/xxgk/", "信息公开")),
        "/xxgk/": page("信息公开", *((f"/xz/{n}/", town) for n, town in enumerate(towns))),
    }
    for number, town in enumerate(towns):
        replica.routes[f"/xz/{number}/"] = page(town, (f"/xz/{number}/nb/", "政府信息公开年报"))
        replica.routes[f"/xz/{number}/nb/"] = page("政府信息公开年报", *report_rows(town))
    found = find(replica)
    assert len(replica.paths()) <= MAX_REQUESTS
    assert len(found.columns) >= 10
    assert found.left
    assert found.expected is None or found.expected == len(found.columns)
    assert "# Not looked at, more may be there:" in drafted(found)


def test_years_beside_each_other(replica: Replica) -> None:
    years = [("/nb/2021/", "2021年"), ("/nb/2022/", "2022年")]
    replica.routes |= {
        "/": page("首页", ("/nb/", "政府信息公开年报")),
        "/nb/": page("政府信息公开年报", *years),
        "/nb/2021/": page("2021年", *report_rows("教育局", "审计局", years=(2021,))),
        "/nb/2022/": page("2022年", *report_rows("教育局", "审计局", years=(2022,))),
    }
    found = find(replica)
    assert paths_of(found, replica) == ["/nb/"]
    assert len(found.reports) == 4


def test_plain_labels_are_tried_and_not_believed(replica: Replica) -> None:
    replica.routes |= {
        "/": page("首页", ("/qynb/", "年报"), ("/tj/", "年度报告"), ("/gk/", "信息公开")),
        "/qynb/": page("年报", ("/qynb/1.html", "某公司2022年年度报告"), ("/qynb/2.html", "某公司2021年财务年度报告")),
        "/tj/": page("年度报告", ("/tj/1.html", "2022年法治政府建设年度报告"), ("/tj/2.html", "2022年政府网站工作年度报表")),
        "/gk/": page("信息公开", ("/gk/nb/", "年报")),
        "/gk/nb/": page("年报", *report_rows("教育局", "审计局")),
    }
    assert "/gk/nb/" in paths_of(find(replica), replica)
    assert "/tj/" not in paths_of(find(replica), replica)


def test_a_shell_among_names_of_bodies_is_no_column_where_another_is_one(replica: Replica) -> None:
    bodies = [(f"/bm/{n}/", f"市{name}局") for n, name in enumerate(("教育", "审计", "财政"))]
    replica.routes |= {
        "/": page("首页", ("/a/", "信息公开年报"), ("/b/", "政府信息公开年报")),
        "/a/": page("信息公开年报", *bodies),
        "/b/": page("政府信息公开年报", *report_rows("教育局", "审计局")),
    }
    assert paths_of(find(replica), replica) == ["/b/"]


def test_groups_each_with_a_column(replica: Replica) -> None:
    replica.routes |= {
        "/": page("首页", ("/gk/", "政府信息公开")),
        "/gk/": page("政府信息公开", ("/gk/q/", "区政府年报"), ("/gk/b/", "部门年报"), ("/gk/z/", "镇街年报"), ("/gk/w/", "政府网站年报")),
        "/gk/q/": page("区政府年报", *report_rows("人民政府")),
        "/gk/b/": page("部门年报", *report_rows("教育局", "审计局")),
        "/gk/z/": page("镇街年报", *report_rows(*TOWNS)),
    }
    found = find(replica)
    assert paths_of(found, replica) == ["/gk/q/", "/gk/b/", "/gk/z/"]
    assert [column.name for column in found.columns] == ["区政府年报", "部门年报", "镇街年报"]


def test_a_report_leads_up_to_its_column(replica: Replica) -> None:
    replica.routes |= {
        "/nb/z/1.html": page("青石镇2022年政府信息公开工作年度报告", ("/", "首页"), ("/nb/", "信息公开年报"), ("/nb/z/", "各镇街")),
        "/nb/": page("信息公开年报", ("/nb/z/", "各镇街")),
        "/nb/z/": page("各镇街", *report_rows(*TOWNS)),
    }
    assert paths_of(find(replica, "/nb/z/1.html"), replica) == ["/nb/"]


def test_a_column_on_a_bought_domain_is_not_followed(replica: Replica) -> None:
    with Replica() as trap:
        replica.routes |= {
            "/": page("首页", (f"{trap.origin}/nb/", "政府信息公开年报"), ("http://bet.example.com/nb/", "信息公开年报"), ("/gk/", "信息公开")),
            "/gk/": page("信息公开"),
        }
        found = find(replica)
        assert found.columns == ()
        assert found.foreign == (f"{trap.origin}/nb/", "http://bet.example.com/nb/")
        assert trap.hits == []


def test_a_page_that_only_shows_reports_is_taken_for_want_of_a_better(replica: Replica) -> None:
    replica.routes |= {"/": page("首页", ("/tz/", "政务公开")), "/tz/": page("公告", *report_rows("教育局"), ("/tz/9.html", "招聘公告"))}
    found = find(replica)
    assert [column.is_own for column in found.columns] == [False]
    assert "not called annual reports" in drafted(found)


def test_a_shell_and_a_frame_lead_on(replica: Replica) -> None:
    replica.routes |= {
        "/": Reply('<html><head><meta http-equiv="refresh" content="0;url=/home/"></head></html>'),
        "/home/": Reply('<html><frameset><frame src="/content/"><frame src="http://ads.example.com/"></frameset></html>'),
        "/content/": page("首页", ("/nb/", "政府信息公开年报")),
        "/nb/": page("政府信息公开年报", *report_rows("教育局", "审计局")),
    }
    assert paths_of(find(replica), replica) == ["/nb/"]


# ---- obstacles


def test_a_tree_in_a_script_leads_to_the_reports(replica: Replica) -> None:
    """A catalogue whose shell names its columns in a script only: the shell is the channel."""
    titles = [f"青澜区{town}{year}年政府信息公开工作年度报告" for town in TOWNS for year in (2021, 2022)]
    rows = [
        {"id": 7000000 + place, "title": title, "url": f"{replica.origin}/gkmlpt/content/7/7000/post_{7000000 + place}.html"}
        for place, title in enumerate(titles)
    ]
    tree = [{"id": 11, "name": "政府信息公开指南", "jump_url": "", "children": []}, {"id": 12, "name": "政府信息公开年报", "jump_url": "", "children": []}]
    script = f"window._CONFIG = {{ SID: '990001', TREE: {json.dumps(tree)} }};"
    replica.routes["/"] = page("青澜区政府在线", ("/gkmlpt/index", "政府信息公开"), ("/xw/", "新闻"))
    replica.routes["/gkmlpt/index"] = Reply(f"<html><head><title>公开平台</title></head><body><script>{script}</script></body></html>")
    replica.routes["/gkmlpt/api/all/12?page=1&sid=990001"] = Reply(
        json.dumps({"classify": {"id": 12}, "total": len(rows), "articles": rows}), headers={"Content-Type": "application/json"}
    )
    found = find(replica)
    assert (paths_of(found, replica), found.family, len(found.reports)) == (["/gkmlpt/index"], "guangdong_gkmlpt", len(titles))


def test_a_navigation_that_a_script_fetches_leads_to_the_column(replica: Replica) -> None:
    """The blocks of a shell come as JSON with markup inside."""
    query = "{'webId':'1','tagId':'导航','pageId':'2'}"
    block = f'<script src="/cms_files/unitbuild.js" url="/api-gateway/jpaas-publish-server/front/page/build/unit" queryData="{query}"></script>'
    html = '<div><a href="/zn/index.html">政府信息公开指南</a><a href="/nb/index.html">政府信息公开年报</a></div>'
    asked = "/api-gateway/jpaas-publish-server/front/page/build/unit?webId=1&tagId=%E5%AF%BC%E8%88%AA&pageId=2"
    replica.routes["/"] = page("青澜区", ("/zwgk/index.html", "政务公开"))
    replica.routes["/zwgk/index.html"] = Reply(f"<html><head><title>政务</title></head><body>{block}</body></html>")
    replica.routes[asked] = Reply(json.dumps({"success": True, "data": {"html": html}}), headers={"Content-Type": "application/json"})
    replica.routes["/nb/index.html"] = page("列表", *report_rows(*TOWNS))
    assert paths_of(find(replica), replica) == ["/nb/index.html"]


def test_maps_and_names_without_a_slash_lead_on(replica: Replica) -> None:
    replica.routes["/"] = Reply("<title>青澜区</title><img usemap='#m'><map name='m'><area href='/gk/' alt='政府信息公开'></map>")
    replica.routes["/gk/"] = page("公开", ("nianbao", "政府信息公开年报"), ("javascript:void(0)", "公开年报"), ("#top", "年报"))
    replica.routes["/gk/nianbao"] = page("列表", *report_rows(*TOWNS))
    assert paths_of(find(replica), replica) == ["/gk/nianbao"]


def test_blocks_whose_links_say_only_more(replica: Replica) -> None:
    """The heading beside 更多 says what it leads to."""
    blocks = "".join(f"<div><h4>{name}</h4><a href='{folder}/'>更多&gt;&gt;</a></div>" for name, folder in (("区直部门", "bm"), ("乡镇（街道）", "xz")))
    replica.routes["/"] = Reply("<title>青澜区</title><div><h3>政府信息公开年报</h3><a href='/gk/nbzx/'>更多</a></div>")
    replica.routes["/gk/nbzx/"] = Reply(f"<title>专栏</title>{blocks}")
    replica.routes["/gk/nbzx/bm/"] = page("列表", *report_rows("甲局", "乙局"))
    replica.routes["/gk/nbzx/xz/"] = page("列表", *report_rows(*TOWNS))
    found = find(replica)
    assert (paths_of(found, replica), len(found.reports)) == (["/gk/nbzx/"], 2 * (2 + len(TOWNS)))


def test_a_home_page_that_is_the_disclosure_site_itself(replica: Replica) -> None:
    """Its bodies lead to a column each."""
    replica.routes["/"] = page("青澜区政务公开网", *[(f"/unit/?branch={place}", f"青澜区{town}") for place, town in enumerate(TOWNS)])
    for place, town in enumerate(TOWNS):
        replica.routes[f"/unit/?branch={place}"] = page("单位", (f"/nb/?branch={place}", "公开年报"))
        replica.routes[f"/nb/?branch={place}"] = page("年报", *report_rows(town))
    found = find(replica)
    assert (len(found.columns), len(found.reports)) == (len(TOWNS), 2 * len(TOWNS))


def test_a_challenge_is_reported_and_not_passed(replica: Replica) -> None:
    replica.routes["/"] = Reply("<script>document.cookie='__jsl_clearance=1';location.href='/'</script>", 521)
    found = find(replica)
    assert found.columns == ()
    assert found.obstacle is not None
    assert found.obstacle.outcome == "blocked"
    assert len(replica.paths()) == 1


def test_refusals_in_a_row_end_the_search(replica: Replica) -> None:
    replica.routes["/"] = page("首页", *((f"/gk{n}/", f"{name}信息公开") for n, name in enumerate(TOWNS)))
    for number in range(len(TOWNS)):
        replica.routes[f"/gk{number}/"] = Reply("<html>拦截</html>", 403)
    found = find(replica)
    assert found.obstacle is not None
    assert len(replica.paths()) == 4


def test_robots_are_obeyed(replica: Replica) -> None:
    replica.routes |= {
        "/robots.txt": Reply("User-agent: *\nDisallow: /gk/\n", headers={"Content-Type": "text/plain"}),
        "/": page("首页", ("/gk/", "政府信息公开"), ("/nb/", "政府信息公开年报")),
        "/nb/": page("政府信息公开年报", *report_rows("教育局", "审计局")),
    }
    found = find(replica)
    assert paths_of(found, replica) == ["/nb/"]
    assert "/gk/" not in replica.paths()


def test_the_command_and_its_exit_codes(replica: Replica, tmp_path: Any) -> None:
    home = f"{replica.origin}/"
    refused = run("discover", home, cwd=tmp_path)
    assert (refused.code, refused.out, replica.hits) == (3, "", [])
    assert "--allow-private" in refused.err
    replica.routes["/"] = page("首页", ("/x/", "公开"))
    nothing = run("discover", home, "--allow-private", cwd=tmp_path)
    assert (nothing.code, nothing.out) == (3, "")
    assert f"{replica.origin}/x/" in nothing.err
    assert "no annual-report column" in nothing.err
    replica.routes |= {"/": page("首页", ("/nb/", "政府信息公开年报")), "/nb/": page("政府信息公开年报", *report_rows("教育局", "审计局"))}
    found = run("discover", home, "--allow-private", cwd=tmp_path)
    assert found.code == 0
    (tmp_path / "found.toml").write_text(found.out, encoding="utf-8")
    portal = load(tmp_path / "found.toml")
    assert (portal.key, portal.name, portal.allow_private_addresses, portal.verified) == ("found", "青澜区", True, False)
    assert (portal.expect.reports_per_year, portal.pace.delay) == (2, 0.0)
    chinese = run("discover", home, "--allow-private", "--lang", "zh", cwd=tmp_path)
    assert "列表未读完" not in chinese.out
    assert "# 见到 4 份年报 (2021: 2, 2022: 2)" in chinese.out
    assert strip_comments(chinese.out) == strip_comments(found.out)
    for address in ("ftp://example.gov.cn/", "http://", "file:///etc/passwd"):
        assert run("discover", address, cwd=tmp_path).code == 2


def test_a_portal_is_checked_online(replica: Replica, tmp_path: Any) -> None:
    replica.routes |= {
        "/nb/": page("政府信息公开年报", ("/nb/z/", "各镇街"), ("/nb/b/", "各部门")),
        "/nb/z/": page("各镇街", *report_rows(*TOWNS)),
        "/moved/": page("页面已迁移"),
    }

    def written(*paths: str) -> str:
        channels = "".join(f'[[channels]]\nurl = "{replica.origin}{path}"\n' for path in paths)
        toml = f'name = "青澜区"\nfamily = "static"\nallow_private_addresses = true\n{channels}[pace]\ndelay = 0.0\n'
        (tmp_path / "portal.toml").write_text(toml, encoding="utf-8")
        return "portal.toml"

    offline = run("portals", "check", written("/nb/"), cwd=tmp_path)
    assert (offline.code, replica.hits) == (0, [])
    online = run("portals", "check", "--online", written("/nb/"), cwd=tmp_path)
    assert (online.code, "lists 12 reports" in online.err) == (0, True)
    silent = run("portals", "check", "--online", written("/nb/", "/moved/"), cwd=tmp_path)
    assert silent.code == 3
    assert "/moved/: no report is listed" in silent.err
    gone = run("portals", "check", "--online", written("/gone/"), cwd=tmp_path)
    assert gone.code == 3
    assert "/gone/: not_found 404" in gone.err


def test_a_search_is_as_polite_as_a_crawl(replica: Replica) -> None:
    replica.routes |= {"/": page("首页", ("/gk/", "信息公开")), "/gk/": page("信息公开", ("/nb/", "政府信息公开年报"))}
    replica.routes["/nb/"] = page("政府信息公开年报", *report_rows("教育局", "审计局"))
    asyncio.run(discover(f"{replica.origin}/", decode=text_of, allow_private_addresses=True, delay_seconds=0.3, limits=QUICK))
    hits = [hit for hit in replica.hits if hit.path != "/robots.txt"]
    assert replica.most_at_once == 1
    assert all(later.began - earlier.ended >= 0.29 for earlier, later in pairwise(hits))
    assert replica.paths("robots") == ["/robots.txt"]


def strip_comments(toml: str) -> list[str]:
    """The values of a TOML without what is said about them, the evidence left out."""
    lines = [line.split("  #")[0] for line in toml.splitlines() if line and not line.startswith("#")]
    return [line for line in lines if not line.startswith("evidence")]


# ---- the TOML


def drafted(found: Discovery, division: str | None = None, note: str = "unknown") -> str:
    return toml_of(found, day="2024-02-01", division=division, division_note=note, delay_seconds=3.0, is_private=False)


NASTY = st.text(max_size=20) | st.sampled_from(['"', "\\", '"""', "\n", "\x00", "\x7f", "\x85", "\u2028", "\ud800", "# x", "]\n[robots]", "名\r\nname = 1"])


@given(NASTY, NASTY, NASTY, NASTY)
def test_whatever_a_site_says_stays_in_its_place(name: str, label: str, title: str, reason: str) -> None:
    column = Column(f"{HOME}nb/", (label,), "static", (Link(f"{HOME}1.html", title),), is_whole=False, is_own=True)
    other = Column(f"{HOME}x/", (label,), "trs", (), is_whole=False, is_own=False)
    found = Discovery(
        HOME, (column,), (other,), names=(name,), looked=(Looked(f"{HOME}{reason}", label, "failed", reason),),
        left=(f"{HOME}{title}",), foreign=(reason,),
    )  # fmt: skip
    portal = loaded(drafted(found, "440114", name))
    assert (portal.division, portal.family, portal.verified, len(portal.channels)) == ("440114", "static", False, 1)
    assert portal.channels[0].url == f"{HOME}nb/"


def loaded(text: str) -> Portal:
    """The portal of a TOML that `load` would read."""
    return msgspec.toml.decode(text.encode(), type=Portal)


def test_what_is_not_certain_is_a_comment() -> None:
    column = Column(f"{HOME}nb/", ("政府信息公开年报",), "static", (Link(f"{HOME}1.html", "青石镇2022年政府信息公开年报"),), is_whole=False, is_own=True)
    text = drafted(Discovery(HOME, (column,), sureness={"trs": 0.25, "static": 0.3}))
    assert '# division = "……": unknown' in text
    assert "no known system" in text
    assert "others: trs 0.25" in text
    assert "its lists were not read to their end" in text
    assert "# reports_per_year = 1" in text
    assert loaded(text).expect.reports_per_year is None


@pytest.mark.parametrize(
    ("names", "identity", "titles", "code", "said"),
    [
        (("广州市花都区人民政府",), None, (), "440114", "after the name"),
        (("广州市花都区人民政府",), "4401150001", (), "440114", "but the site's number begins with 440115"),
        (("政务网",), "4401140001", (), "440114", "the site's number"),
        (("某部",), "bm12000001", (), None, "central government"),
        (("门户",), None, ("广州市花都区狮岭镇2020年政府信息公开年报", "广州市花都区教育局2020年政府信息公开年报"), "440114", "titles"),
        (("门户",), None, ("广州市花都区狮岭镇2020年年报", "广州市番禺区教育局2020年年报", "佛山市年报"), None, "no division"),
        (("云州市青澜区人民政府",), "9900010001", (), None, "no division is known for 云州市青澜区人民政府"),
        ((), None, (), None, "without a name"),
    ],
)  # fmt: skip
def test_the_division(names: tuple[str, ...], identity: str | None, titles: tuple[str, ...], code: str | None, said: str) -> None:
    found, note = division_of(names, identity, titles)
    assert found == code
    assert said in note


@pytest.mark.parametrize(("url", "is_own"), [("http://127.0.0.1:80/", True), ("http://[::1]/", True), ("http://localhost/", True), ("http://10.0.0.1/", False), (HOME, False)])
def test_only_this_machine_is_asked_without_a_pause(url: str, is_own: bool) -> None:
    assert is_this_machine(url) == is_own


@given(st.lists(st.sampled_from(["<a href='/nb/'>", "政府信息公开年报", "</a>", "<a onclick=\"x('/a/')\">", "<img alt='年报'>", "<option value='//['>", "<frame src=x>", "<title>", "<!--", "<meta name=sitename content=x>"]) | st.text(max_size=9), max_size=25).map("".join))
def test_no_page_is_an_error(text: str) -> None:
    shown = Page(HOME, text.encode(errors="replace").decode())
    assert all(sign.url.startswith("http") for sign in signs_of(shown, is_inside=True))
    names_of(shown)
