"""Hanweb's annual-report program: no list, one page a body and year, and from each the way to others.

The city's page has a tree of bodies with the newest year in their links; some bodies name their years in links (in
another order of parameters), some in a form, some by script. Codes of bodies are of two kinds. One year is a file.
"""

from tests.crawler.replica import Hit, Program, Replica, Reply

from . import NEIGHBOURS, Site, report_body, report_pdf, title

CITY = "云州市"
PROGRAM = "/module/xxgk/xxgkAnnualReport.jsp"
YEARS = (2020, 2021, 2022)
BODIES = {
    "113399000000000011": "云州市人民政府",
    "113399000000000027": "云州市教育局",
    "113399000000000043": "云州市审计局",
    "001008003008001": "云州市云溪镇人民政府",
    "001008003008002": "云州市石桥街道办事处",
}
FIRST = next(iter(BODIES))
FILE = "/module/download/downfile.jsp?classid=0&filename={}.pdf"
ALONE, BESIDE = FILE.format("0cc175b9c0f1b6a831c399e269772661"), FILE.format("92eb5ffee6ae2fec3ad71c777531578f")
PDF = {"Content-Type": "application/octet-stream"}


def build(replica: Replica) -> Site:
    """A city and four bodies of it, three years each."""
    entrances(replica)
    replica.routes[PROGRAM] = Program(shown)
    reports = {
        f"{replica.origin}{PROGRAM}?area={area}&fbtime={year}&showType=2": (name, year)
        for area, name in BODIES.items()
        for year in YEARS
        if (name, year) != ("云州市审计局", 2020)
    }
    replica.routes[ALONE] = Reply(report_pdf("云州市审计局", 2020), headers=PDF)
    reports[f"{replica.origin}{ALONE}"] = ("云州市审计局", 2020)
    replica.routes[BESIDE] = Reply(report_pdf("云州市教育局", 2021), headers=PDF)
    return Site(
        family="hanweb_annual",
        home=f"{replica.origin}/",
        channels=(f"{replica.origin}{PROGRAM}?area={FIRST}&fbtime=2022&showType=2",),
        reports=reports,
        files=(f"{replica.origin}{BESIDE}",),
    )


def entrances(replica: Replica) -> None:
    """Home page and disclosure page; the annual report stands beside its neighbours."""
    news = '<a href="/art/2023/1/9/art_1229000900_68000.html">市政府召开会议</a>'
    replica.routes["/"] = Reply(page("首页", f'<a href="/col/col1229000100/index.html">政府信息公开</a>{news}'))
    beside = "".join(f'<li><a href="/col/col{1229000300 + n}/index.html">{name}</a></li>' for n, name in enumerate(NEIGHBOURS))
    own = f'<li><a href="{PROGRAM}?area={FIRST}&amp;fbtime=2022&amp;showType=2">政府信息公开年报</a></li>'
    replica.routes["/col/col1229000100/index.html"] = Reply(page("政府信息公开", f"<ul>{beside}{own}</ul>"))
    for number, name in enumerate(NEIGHBOURS):
        replica.routes[f"/col/col{1229000300 + number}/index.html"] = Reply(page(name, "<p>另有说明。</p>"))


def page(name: str, inside: str) -> str:
    return f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{name}</title></head><body><a href="/">首页</a>{inside}</body></html>'


def shown(hit: Hit) -> Reply:
    """The report of a body and a year, by default the newest, between the years of the body and the tree of bodies."""
    area = hit.form.get("area", FIRST)
    if area not in BODIES:
        return Reply(page("信息公开年报", "<p>暂无年报</p>"))
    name, year = BODIES[area], int(hit.form.get("fbtime", "2022"))
    files = f'附件：<a href="{BESIDE}"><img src="/x.png"/>年度报告.pdf</a>' if (name, year) == ("云州市教育局", 2021) else ""
    body = f"<h1>{title(name, year)}</h1><div id='zoom'>{report_body(name, year)}</div>{files}"
    return Reply(page(f"{name}信息公开年报", f"{tree_of(area)}<div class='nd'>{years_of(area)}</div>{body}"))


def tree_of(area: str) -> str:
    """The bodies: departments on every page, towns on the city's only, these without a year."""
    links = [f"<a href='{PROGRAM}?area={code}&amp;fbtime=2022&amp;showType=2'>{name}</a>" for code, name in BODIES.items() if len(code) == 18]
    if area == FIRST:
        links += [f"<a href='{PROGRAM}?showType=2&amp;area={code}'>{name}</a>" for code, name in BODIES.items() if len(code) < 18]
    return "".join(f"<li>{link}</li>" for link in links)


def years_of(area: str) -> str:
    """The years of a body, in as many ways as there are bodies."""
    if area == FIRST:
        return "".join(f'<a href="?area={area}&amp;fbtime={year}&amp;showType=2">{year}年</a>'.replace('"?', f'"{PROGRAM}?') for year in YEARS)
    if BODIES[area] == "云州市审计局":
        links = [f'<a href="{PROGRAM}?fbtime={year}&amp;area={area}&amp;showType=2">{year}年度</a>' for year in YEARS[1:]]
        return "".join([*links, f'<a href="{ALONE}">2020年度</a>'])
    if len(area) == 18:
        return '<select name="fbtime">' + "".join(f'<option value="{year}">{year}</option>' for year in YEARS) + "</select>"
    return "".join(f'<a href="javascript:void(0)" onclick="change({year})">{year}年</a>' for year in YEARS)
