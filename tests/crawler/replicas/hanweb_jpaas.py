"""Hanweb's jpaas: shells, blocks in JSON, pagers in the markup inside it.

The annual column's groups come in a block of their own; one group has its rows in the page already, and its pager asks
on. On demand one list gives its first page for ever though it counts more. Blocks that frame the page are not to be asked for.
"""

import json
from collections.abc import Sequence
from html import escape
from urllib.parse import unquote

from tests.crawler.replica import Hit, Program, Replica, Reply

from . import NEIGHBOURS, NOISE, Site, cut, report_body, report_pdf, title

CITY = "云州市"
UNIT = "/api-gateway/jpaas-publish-server/front/page/build/unit"
YEARS = (2020, 2021, 2022)
WEB, TEMPLATE = "8f43c7ad3afc411fb56f281724b7370a", "52551ea0e2c14bca8c84792f7aa37eaa"
HOME, GUIDE, ANNUAL = "/", "/zwgk/index.html", "/zwgk/zfxxgknb/index.html"
BUREAUS, TOWNS, CITY_COLUMN = "/col/col1657687/index.html", "/col/col1657688/index.html", "/col/col1657689/index.html"
PAGES = {
    ANNUAL: "95d89972d8aa4fcea511701cd0f212d0",
    BUREAUS: "95d89972d8aa4fcea511701cd0f212d1",
    TOWNS: "95d89972d8aa4fcea511701cd0f212d2",
}
PAGES |= {CITY_COLUMN: "95d89972d8aa4fcea511701cd0f212d3"}
LIST, CHILDREN = "分页列表", "当前栏目列表"
FILE = "/module/download/downfile.jsp?classid=0&filename={}.pdf"
ALONE, BESIDE = FILE.format("8277e0910d750195b448797616e091ad"), FILE.format("e1671797c52e15f763380b45e841ec32")
PDF, JSON = {"Content-Type": "application/octet-stream"}, {"Content-Type": "application/json;charset=UTF-8"}
PER_PAGE = 4


def build(replica: Replica, *, more: int = 0) -> Site:
    """A city, its bureaus and its towns; the city's list claims so many rows more than anyone gets to see."""
    reports: dict[str, tuple[str, int]] = {}
    bureaus = [*rows_of(replica, reports, BUREAUS, ("教育局", "审计局")), file_alone(replica, reports), *noise(BUREAUS)]
    towns = rows_of(replica, reports, TOWNS, ("云溪镇人民政府", "石桥街道办事处"))
    city = rows_of(replica, reports, CITY_COLUMN, ("人民政府",))
    replica.routes[UNIT] = Program(lambda hit: answer(hit, {BUREAUS: bureaus, TOWNS: towns, CITY_COLUMN: city}, more))
    entrances(replica)
    replica.routes[BUREAUS] = Reply(shell("市级部门", BUREAUS, LIST))
    replica.routes[TOWNS] = Reply(shell("镇（街道）", TOWNS, "", inside=listed(TOWNS, towns, 1)))
    replica.routes[CITY_COLUMN] = Reply(shell("市政府", CITY_COLUMN, LIST))
    return Site(
        family="hanweb_jpaas",
        home=f"{replica.origin}/",
        channels=(f"{replica.origin}{ANNUAL}",),
        reports=reports,
        files=(f"{replica.origin}{BESIDE}",),
    )


# ---- shells


def entrances(replica: Replica) -> None:
    """Home page, disclosure page, and the annual column, whose groups are a block."""
    replica.routes[HOME] = Reply(
        shell("首页", ANNUAL, "", inside=f'<a href="{GUIDE}">政府信息公开</a><a href="/hd/index.html">互动交流</a>')
    )
    beside = "".join(f'<li><a href="/zwgk/lm{n}/index.html">{name}</a></li>' for n, name in enumerate(NEIGHBOURS))
    own = f'<li><a href="{ANNUAL}">政府信息公开年报</a></li>'
    replica.routes[GUIDE] = Reply(shell("政府信息公开", ANNUAL, "", inside=f"<ul>{beside}{own}</ul>"))
    for number, name in enumerate(NEIGHBOURS):
        replica.routes[f"/zwgk/lm{number}/index.html"] = Reply(shell(name, ANNUAL, "", inside="<p>另有说明。</p>"))
    replica.routes[ANNUAL] = Reply(shell("政府信息公开年报", ANNUAL, CHILDREN))


def shell(name: str, path: str, tag: str, *, inside: str = "") -> str:
    """A page whose list a script fetches; its header and footer are blocks too."""
    scripts = "".join(block(path, one) for one in ("网站头部", tag, "网站底部") if one)
    return f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{name}</title></head><body><div class="clist_con">{inside}{scripts}</div></body></html>'


def block(path: str, tag: str) -> str:
    return (
        f'<script id="{PAGES[path][:8]}" src="/cms_files/default/script/AuthorizedRead/unitbuild.js?v=3.1.3" webId="{WEB}" '
        f'parseType="bulidstatic" url="{UNIT}" queryData="{query(path, tag)}"></script>'
    )


def query(path: str, tag: str) -> str:
    """Single-quoted pseudo-JSON."""
    fields = {
        "parseType": "bulidstatic",
        "webId": WEB,
        "tplSetId": TEMPLATE,
        "pageType": "column",
        "tagId": tag,
        "editType": "null",
    }
    return "{" + ",".join(f"'{name}':'{value}'" for name, value in {**fields, "pageId": PAGES[path]}.items()) + "}"


# ---- blocks


def answer(hit: Hit, lists: dict[str, list[str]], more: int) -> Reply:
    """What the build program answers to the parameters of a block."""
    form = hit.form
    path = next((path for path, number in PAGES.items() if number == form.get("pageId")), "")
    if (form.get("webId"), form.get("parseType"), form.get("pageType")) != (WEB, "bulidstatic", "column") or not path:
        return told("")
    if form.get("tagId") == CHILDREN:
        groups = {
            CITY_COLUMN: "市政府",
            BUREAUS: "市级部门",
            TOWNS: "镇（街道）",
            "/zwgk/lm3/index.html": NEIGHBOURS[3],
        }
        return told(
            "<ul>" + "".join(f'<li><a href="{href}">{name}</a></li>' for href, name in groups.items()) + "</ul>"
        )
    number = json.loads(unquote(form["paramJson"]))["pageNo"] if "paramJson" in form else 1
    if form.get("tagId") != LIST or ("editType" in form) == ("paramJson" in form):
        return told("")
    if path == CITY_COLUMN:
        return told(listed(path, lists[path], 1, more))
    return told(listed(path, lists[path], number))


def told(html: str) -> Reply:
    whole = {"roles": None, "success": True, "code": "200", "message": None, "data": {"html": html}}
    return Reply(json.dumps(whole, ensure_ascii=False), headers=JSON)


def listed(path: str, rows: Sequence[str], number: int, more: int = 0) -> str:
    """A page of rows and the pager beneath it, which counts `more` rows than there are."""
    shown = "".join(rows[(number - 1) * PER_PAGE : number * PER_PAGE])
    count = len(rows) + more
    pager = (
        f'<div class="pagination" rows="{PER_PAGE}" count="{count}" pageNo="{number}" unitid="{LIST}" unitUrl="{UNIT}" '
        f'queryData="{escape(query(path, LIST), quote=False)}"></div>'
    )
    return f'<div id="{LIST}"><div class="page-content"><ul>{shown}</ul></div>{pager}</div>'


# ---- rows and reports


def rows_of(replica: Replica, reports: dict[str, tuple[str, int]], path: str, bodies: Sequence[str]) -> list[str]:
    """The rows of a column and the pages that they lead to."""
    rows = []
    for place, body in enumerate(bodies):
        organization = f"{CITY}{body}"
        for year in reversed(YEARS):
            address = f"{path.rsplit('/', 1)[0]}/art/{year + 1}/art_{PAGES[path][:26]}{place}{year}a.html"
            replica.routes[address] = Reply(article(organization, year))
            reports[f"{replica.origin}{address}"] = (organization, year)
            href = f"{replica.origin}{address}" if place else address
            rows.append(row(href, title(organization, year), f"{year + 1}-01-16" if place else f"[{year + 1}-01-16]"))
    return rows


def row(href: str, name: str, day: str) -> str:
    return f'<li class="cf"><a class="fl" href="{href}" title="{name}" target="_blank">{cut(name)}</a><span class="fr">{day}</span></li>'


def file_alone(replica: Replica, reports: dict[str, tuple[str, int]]) -> str:
    """A report that is a download, and the download beside another report."""
    replica.routes[ALONE] = Reply(report_pdf(f"{CITY}档案局", 2022), headers=PDF)
    replica.routes[BESIDE] = Reply(report_pdf(f"{CITY}审计局", 2021), headers=PDF)
    reports[f"{replica.origin}{ALONE}"] = (f"{CITY}档案局", 2022)
    return row(escape(ALONE), title(f"{CITY}档案局", 2022), "2023-01-18")


def noise(path: str) -> list[str]:
    folder = path.rsplit("/", 1)[0]
    return [row(f"{folder}/art/2023/art_{n:032x}.html", name, "2023-02-01") for n, name in enumerate(NOISE)]


def article(organization: str, year: int) -> str:
    """A report's page, its typing error in the class name included; one has its PDF in a viewer."""
    name, day = title(organization, year), f"{year + 1}-01-16"
    viewer = (
        f'<div id="pdfshow" data-value="{escape(BESIDE)}"></div>'
        if (organization, year) == (f"{CITY}审计局", 2021)
        else ""
    )
    return f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>{name}</title><meta name="ArticleTitle" content="{name}">
<meta name="PubDate" content="{day} 10:02:33"><meta name="ContentSource" content="{organization}"><link href="/cms_files/site.css"></head><body>
<div class="wz"><a href="/">首页</a>&gt;<a href="{ANNUAL}">政府信息公开年报</a></div><h1 class="title">{name}</h1>
<div>发布时间：{day} 来源：{organization}</div><div class="artile_zw" id="zoom">{report_body(organization, year)}</div>{viewer}</body></html>"""
