"""openness: bodies of both generations below one page of annual reports.

New lists are `page_1.html`, `page_2.html`; old ones stand in an iframe and page by `page=<n>`; some reports are named
by a query alone. Files have no suffix in their address. A unit's own catalogue (`XxgkContent/showList`) lists reports
too.
"""

from hashlib import md5
from urllib.parse import quote

from tests.crawler.replica import Replica, Reply

from . import NEIGHBOURS, NOISE, Site, cut, report_body, report_pdf, title

DISTRICT = "云州市杨溪区"
YEARS = (2018, 2019, 2020, 2021, 2022)
Reports = dict[str, tuple[str, int]]
Row = tuple[str, str, str]
"""Address, title, date."""


def build(replica: Replica) -> Site:
    """A district with four bodies."""
    reports: Reports = {}
    files: list[str] = []
    new_generation(replica, reports, files)
    towns(replica, reports)
    framed(replica, reports)
    by_query(replica, reports)
    home(replica)
    return Site(
        family="openness",
        home=f"{replica.origin}/",
        channels=(f"{replica.origin}/XxgkAnnualReport/index.html",),
        reports={f"{replica.origin}{path}": report for path, report in reports.items()},
        files=tuple(f"{replica.origin}{path}" for path in files),
    )


def branch(name: str) -> str:
    """24 hex digits, as bodies and old documents are called."""
    return md5(name.encode()).hexdigest()[:24]


# ---- entrances


def home(replica: Replica) -> None:
    """Home page → 政府信息公开 → 政府信息公开年报 → the bodies."""
    replica.routes["/"] = Reply(
        page("首页", '<a href="/XxgkContent/index.html">政府信息公开</a><a href="/wsbs/">网上办事</a>')
    )
    replica.routes["/wsbs/"] = Reply(page("网上办事", "欢迎"))
    beside = "".join(f'<li><a href="/XxgkGuide/show/{n}.html">{name}</a></li>' for n, name in enumerate(NEIGHBOURS))
    for number, name in enumerate(NEIGHBOURS):
        replica.routes[f"/XxgkGuide/show/{number}.html"] = Reply(page(name, "<p>另有说明。</p>"))
    replica.routes["/XxgkContent/index.html"] = Reply(
        page("政府信息公开", f'<ul>{beside}<li><a href="/XxgkAnnualReport/index.html">政府信息公开年报</a></li></ul>')
    )
    bodies = {
        "/XxgkAnnualReport/showList/996/page_1.html": "教育局", "/XxgkContent/showList/997/0/page_1.html": "各乡镇",
        f"/opennessAnnualReport/?branch_id={branch('审计局')}": "审计局", f"/opennessAnnualReport/?branch_id={branch('财政局')}": "财政局",
        "/XxgkContent/showList/998/0/page_1.html": "政策解读", "/XxgkGuide/show/1.html": "政府信息公开制度",
    }  # fmt: skip
    inside = "".join(f'<li><a href="{to}">{name}</a></li>' for to, name in bodies.items())
    replica.routes["/XxgkAnnualReport/index.html"] = Reply(page("政府信息公开年报", f"<ul>{inside}</ul>"))


def page(name: str, inside: str) -> str:
    return f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>{name}</title></head><body>
<div class="top"><a href="/">网站首页</a> <a href="/XxgkContent/index.html">政府信息公开</a> <a href="/XxgkAnnualReport/index.html">政府信息公开年报</a></div>
{inside}</body></html>"""


def rows_of(rows: list[Row]) -> str:
    inside = "".join(
        f'<li><a href="{path}" title="{name}" target="_blank">{cut(name)}</a><span>[{day}]</span></li>'
        for path, name, day in rows
    )
    return f'<ul class="is-listnews">{inside}</ul>'


# ---- the new generation


def new_generation(replica: Replica, reports: Reports, files: list[str]) -> None:
    """Three pages of a body, newest first; one report is a file only, one has its file beside it."""
    rows = []
    for year in YEARS[::-1]:
        organization, path = f"{DISTRICT}教育局", f"/XxgkAnnualReport/show/{3000 + year}.html"
        inside = report_body(organization, year)
        if year in (2021, 2022):
            file = f"/XxgkAnnualReport/download/{3000 + year}"
            head = {
                "Content-Type": "application/octet-stream",
                "Content-Disposition": f"attachment; filename*=UTF-8''{quote('年报')}.pdf",
            }
            replica.routes[file] = Reply(report_pdf(organization, year), headers=head)
            files.append(file)
            inside = ("" if year == 2022 else inside) + f'<p>附件：<a href="{file}">年报.pdf</a></p>'
        replica.routes[path] = Reply(new_article(organization, "教育局", year, inside))
        reports[path] = (organization, year)
        rows.append((path, title(organization, year), f"{year + 1}-01-07"))
    rows.insert(2, ("/XxgkAnnualReport/show/1.html", NOISE[0], "2021-01-05"))
    for number in (1, 2, 3):
        links = "".join(
            f'<a href="/XxgkAnnualReport/showList/996/page_{other}.html">{other}</a>'
            for other in (1, 2, 3)
            if other != number
        )
        name = f"/XxgkAnnualReport/showList/996/page_{number}.html"
        replica.routes[name] = Reply(
            page("教育局", f'{rows_of(rows[number * 2 - 2 : number * 2])}<div class="pagination">{links}</div>')
        )


def towns(replica: Replica, reports: Reports) -> None:
    """The catalogue of the towns: two pages whose pager is a total."""
    rows = []
    for place, town in enumerate(("杨柳镇人民政府", "洪林镇人民政府")):
        for year in (2021, 2022):
            organization, path = f"{DISTRICT}{town}", f"/XxgkContent/show/{34750 + place}{year}.html"
            replica.routes[path] = Reply(new_article(organization, town, year, report_body(organization, year)))
            reports[path] = (organization, year)
            rows.append((path, title(organization, year), f"{year + 1}-01-07"))
    rows += [(f"/XxgkContent/show/9{n}.html", name, "2022-02-02") for n, name in enumerate(NOISE[1:])]
    for number in (1, 2):
        inside = f"{rows_of(rows[number * 4 - 4 : number * 4])}<p>共 2 页 第 {number} 页</p>"
        replica.routes[f"/XxgkContent/showList/997/0/page_{number}.html"] = Reply(page("各乡镇", inside))


def new_article(organization: str, unit: str, year: int, inside: str) -> str:
    name = title(organization, year)
    card = "".join(
        f"<tr><th>{label}：</th><td>{value}</td></tr>"
        for label, value in {
            "索 引 号": f"990004/{year + 1}-7", "组配分类": "政府信息公开年报", "发布机构": organization, "主题分类": "", "名称": name, "文号": "无",
            "生成日期": f"{year + 1}-01-05", "发布日期": f"{year + 1}-01-07",
        }.items()
    )  # fmt: skip
    way = f'<a href="/">网站首页</a> &gt; <a href="/XxgkContent/index.html">政府信息公开</a> &gt; {unit} &gt; 政府信息公开年报'
    return page(
        name,
        f"""<div class="wz_top">{way}</div><table>{card}</table><h1>{name}</h1>
<p>发布时间：{year + 1}-01-07 00:00 来源：{organization} 字体：[ <a>大</a> <a>中</a> <a>小</a> ]</p><div id="wenzhang">{inside}</div>""",
    )


# ---- the old generation


def framed(replica: Replica, reports: Reports) -> None:
    """A body whose list stands in an iframe, three pages by query."""
    own, rows = branch("审计局"), []
    for year in YEARS[::-1]:
        organization = f"{DISTRICT}审计局"
        path = f"/openness/detail/{branch(f'审计局{year}')}.html"
        replica.routes[path] = Reply(old_article(organization, year))
        reports[path] = (organization, year)
        rows.append((path, title(organization, year), f"{year + 1}-01-12"))
    inner = f"/opennessAnnualReport/iframe/?branch_id={own}"
    replica.routes[f"/opennessAnnualReport/?branch_id={own}"] = Reply(
        page("审计局", f'<iframe src="{inner}" width="100%"></iframe>')
    )
    for number in (1, 2, 3):
        links = "".join(f'<a href="{inner}&amp;page={other}">{other}</a>' for other in (1, 2, 3) if other != number)
        answer = Reply(f"<html><body>{rows_of(rows[number * 2 - 2 : number * 2])}{links}</body></html>")
        replica.routes[inner if number == 1 else f"{inner}&page={number}"] = answer


def by_query(replica: Replica, reports: Reports) -> None:
    """A body whose reports are named by a query."""
    rows = []
    for year in (2020, 2021):
        organization = f"{DISTRICT}财政局"
        path = f"/openness/detail/?_id={branch(f'财政局{year}')}&type=annual_report"
        replica.routes[path] = Reply(old_article(organization, year))
        reports[path] = (organization, year)
        rows.append((path.replace("&", "&amp;"), title(organization, year), f"{year + 1}-01-12"))
    replica.routes[f"/opennessAnnualReport/?branch_id={branch('财政局')}"] = Reply(page("财政局", rows_of(rows)))


def old_article(organization: str, year: int) -> str:
    name = title(organization, year)
    return page(
        name,
        f'<h1>{name}</h1><p>发布时间：{year + 1}-01-12</p><div id="wenzhang">{report_body(organization, year)}</div>',
    )
