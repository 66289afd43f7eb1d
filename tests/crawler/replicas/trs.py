"""TRS WCM: static pages whose pagers only a script knows, in three skins, beside a search engine used as a list.

Bare folders are refused, their index.html is served. The district's reports stand in year folders under odd addresses
(no month, the epoch), those of departments in a list whose total promises a page that is no longer kept, those of towns
in rows that a script writes, those of a development zone in a shell over IGS.
"""

import json
from datetime import date
from urllib.parse import urlencode

from tests.crawler.replica import Hit, Program, Replica, Reply

from . import NEIGHBOURS, NOISE, Site, cut, report_body, report_pdf, title

DISTRICT = "云州市青澜区"
ROOT = "/zwgk/zfxxgk"
COLUMN = f"{ROOT}/zfxxgknb"
YEARS = (2020, 2021, 2022)
PDF = {"Content-Type": "application/pdf"}
STUB = '<html><head><meta charset="utf-8"></head><body><ul class="newsList"></ul><div class="page"></div></body></html>'
PER_PAGE = 4
ENGINE = "/igs/front/search/publish/data/list.html"


def build(replica: Replica) -> Site:
    """A district with departments, towns and a development zone."""
    reports: dict[str, tuple[str, int]] = {}
    district(replica, reports)
    departments(replica, reports)
    towns(replica, reports)
    zone(replica, reports)
    entrances(replica)
    return Site(
        family="trs",
        home=f"{replica.origin}/",
        channels=(f"{replica.origin}{COLUMN}/index.html",),
        reports=reports,
        files=(f"{replica.origin}{COLUMN}/gbm/202201/P020220117390000000002.pdf",),
    )


# ---- pages


def page(name: str, inside: str, *, kind: str = "列表") -> str:
    """Any page of the portal, with its header clock that stands still and a column's meta tags."""
    return f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>{name}</title><meta name="SiteName" content="{DISTRICT}人民政府">
<meta content="{name}" name="ColumnName"><meta name="ColumnType" content="{kind}"></head><body>
<div class="top">2019年12月3日 星期二 <a href="/">首页</a></div>{inside}<div class="foot"><a href="/bottom/wzdt/">网站地图</a></div></body></html>"""


def article(organization: str, year: int, files: str = "", *, editor: str = 'class="view TRS_UEDITOR trs_paper_default trs_web"') -> str:
    """A report's page: the editor's box, the line above it, files in a script and in the page."""
    name, day = title(organization, year), published(year)
    return f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>{name}</title>
<meta name="ArticleTitle" content="{name}"><meta name="PubDate" content="{day} 15:20:11"><meta name="ContentSource" content="{organization}">
</head><body><div class="top">2019年12月3日 星期二</div><div class="dqwz">当前位置：<a href="/">首页</a> &gt; <a href="{COLUMN}/index.html">政府信息公开年报</a></div>
<div class="bt">{name}</div><div class="xx"><span>发布时间：{day} 15:20</span> <span>来源：{organization}</span> <span>字体：【大 中 小】</span></div>
<div {editor}>{report_body(organization, year)}</div>{files}<div class="fx">分享到：</div></body></html>"""


def published(year: int) -> str:
    return f"{year + 1}-01-17"


def row(href: str, name: str, day: str, *, inside: bool = False) -> str:
    """A row; some skins keep the date inside the link."""
    if inside:
        return f'<li><a href="{href}" title="{name}" target="_blank">{cut(name)}<span>{day}</span></a></li>'
    return f'<li><a href="{href}" target="_blank"\n  title="{name}">{cut(name)}</a><span class="pubTime">{day}</span></li>'


def entrances(replica: Replica) -> None:
    """The way from the home page over 政府信息公开 to the column, past its neighbours."""
    news = row("./xwzx/202301/t20230130_2995000.html", "青澜区召开工作会议", "2023-01-30")
    replica.routes["/"] = Reply(page("首页", f'<div class="nav"><a href="{ROOT}/index.html">政府信息公开</a><a href="/hdjl/">互动</a></div><ul>{news}</ul>'))
    replica.routes["/index.html"] = replica.routes["/"]
    beside = "".join(f'<div class="su"><a href="./lm{n}/index.html">{name}</a></div>' for n, name in enumerate(NEIGHBOURS))
    own = '<div class="su"><a href="./zfxxgknb/index.html" target="_blank">政府信息公开年报</a></div>'
    replica.routes[f"{ROOT}/index.html"] = Reply(page("政府信息公开", beside + own))
    for number, name in enumerate(NEIGHBOURS):
        other = row("./202301/t20230110_2995001.html", f"{name}一则", "2023-01-10")
        replica.routes[f"{ROOT}/lm{number}/index.html"] = Reply(page(name, f"<ul>{other}</ul>"))
    groups = {"./qzf/index.html": "区政府", "./gbm/index.html": "各部门", "./gzj/index.shtml": "各镇街", "./kfq/index.html": "直属单位"}
    inside = "".join(f'<li><a href="{href}">{name}</a></li>' for href, name in groups.items())
    crumbs = f'<a href="/">首页</a> &gt; <a href="{ROOT}/index.html">政府信息公开</a> &gt; <a href="../lm0/index.html">{NEIGHBOURS[0]}</a>'
    replica.routes[f"{COLUMN}/index.html"] = Reply(page("政府信息公开年报", f"<div>{crumbs}</div><ul>{inside}</ul>"))
    for folder in (COLUMN, f"{COLUMN}/qzf", f"{COLUMN}/gbm", f"{COLUMN}/kfq"):
        replica.routes[f"{folder}/"] = Reply("<html><title>403 Forbidden</title></html>", 403)


def enter(replica: Replica, reports: dict[str, tuple[str, int]], path: str, reply: Reply, report: tuple[str, int]) -> str:
    replica.routes[path] = reply
    reports[f"{replica.origin}{path}"] = report
    return path


# ---- the groups


def district(replica: Replica, reports: dict[str, tuple[str, int]]) -> None:
    """One folder a year: an address without a month, one with the epoch, one that is a file and nothing else."""
    organization = f"{DISTRICT}人民政府"
    names = {2020: "t15699357.shtml", 2021: "t19700101_3215525.html", 2022: "202301/P020230117390000000001.pdf"}
    for year, name in names.items():
        folder = f"{COLUMN}/qzf/{year}nb"
        reply = Reply(report_pdf(organization, year), headers=PDF) if year == 2022 else Reply(article(organization, year))
        path = enter(replica, reports, f"{folder}/{name}", reply, (organization, year))
        rows = row(f"./{path.removeprefix(f'{folder}/')}", title(organization, year), published(year), inside=True)
        script = "<script>var currentPage = 0;//所在页从0开始\nvar countPage = 1//共多少页</script>"
        replica.routes[f"{folder}/index.html"] = Reply(page(f"{year}年", f"<ul>{rows}</ul>{script}"))
    years = "".join(f'<option value="{COLUMN}/qzf/{year}nb/index.html">{year}年</option>' for year in YEARS)
    replica.routes[f"{COLUMN}/qzf/index.html"] = Reply(page("区政府", f"<select>{years}</select>"))


def departments(replica: Replica, reports: dict[str, tuple[str, int]]) -> None:
    """Three pages by `createPageHTML`, which counts a fourth that is no longer kept; one report with its PDF, which
    script and page name both."""
    folder, rows = f"{COLUMN}/gbm", []
    for number, (body, year) in enumerate((body, year) for body in ("财政局", "审计局") for year in YEARS):
        organization, month = f"{DISTRICT}{body}", f"{year + 1}01"
        files = ""
        if (body, year) == ("财政局", 2021):
            name = "P020220117390000000002.pdf"
            anchor = f'<a href="./{name}">{year}年度报告.pdf</a>'
            files = f"<script>var file_appendix='{anchor}';</script><span class=\"fj-fj\"><tr><td>{anchor}</td></tr></span >"
            replica.routes[f"{folder}/{month}/{name}"] = Reply(report_pdf(organization, year), headers=PDF)
        path = f"{folder}/{month}/t{month}17_{2995300 + number}.html"
        enter(replica, reports, path, Reply(article(organization, year, files, editor="class=TRS_Editor")), (organization, year))
        rows.append(row(f".{path.removeprefix(folder)}", title(organization, year), published(year)))
    for number, name in enumerate(NOISE):
        rows.insert(2 * number + 1, row(f"./202302/t20230201_{2995400 + number}.html", name, "2023-02-01"))
    pages = [rows[start : start + PER_PAGE] for start in range(0, len(rows), PER_PAGE)]
    for number, shown in enumerate(pages):
        script = f'<div class="page"><script>createPageHTML({len(pages) + 1}, {number}, "index", "html");</script></div>'
        name = f"index_{number}.html" if number else "index.html"
        replica.routes[f"{folder}/{name}"] = Reply(page("各部门", f'<ul class="newsList">{"".join(shown)}</ul>{script}'))
    replica.routes[f"{folder}/index_{len(pages)}.html"] = Reply(STUB)


def towns(replica: Replica, reports: dict[str, tuple[str, int]]) -> None:
    """Rows that a script writes and a pager that a script fills: the list ends where nothing comes any more."""
    folder = f"{COLUMN}/gzj"
    pages: list[list[str]] = []
    for year in reversed(YEARS):
        rows = []
        for number, town in enumerate(("青石镇", "柳溪街道")):
            organization = f"{DISTRICT}{town}{'办事处' if town.endswith('街道') else '人民政府'}"
            path = f"{folder}/{year + 1}02/t{year + 1}0214_{2730570 + year * 10 + number}.shtml"
            enter(replica, reports, path, Reply(article(organization, year)), (organization, year))
            rows.append(
                f'<li><script>var url="..{path.removeprefix(COLUMN)}"; var title="{title(organization, year)}"; '
                f'document.writeln("<a href=\'"+url+"\'>"+title+"</a><span>{published(year)}</span>");</script></li>'
            )
        pages.append(rows)
    for number, rows in enumerate(pages):
        name = f"index_{number}.shtml" if number else "index.shtml"
        inside = f'<ul>{"".join(rows)}</ul><div class="pageszly" id="page"></div>'
        replica.routes[f"{folder}/{name}"] = Reply(page("各镇街", inside))
    replica.routes[f"{folder}/index_{len(pages)}.shtml"] = Reply(STUB)


def zone(replica: Replica, reports: dict[str, tuple[str, int]]) -> None:
    """A shell whose script asks IGS, two rows a page."""
    organization = f"{DISTRICT}开发区管委会"
    found = []
    for year in YEARS:
        path = f"{COLUMN}/kfq/{year + 1}01/t{year + 1}0118_{2995500 + year}.html"
        enter(replica, reports, path, Reply(article(organization, year)), (organization, year))
        found.append({"DOCTITLE": title(organization, year), "DOCPUBURL": f"{replica.origin}{path}", "DOCRELTIME": f"{published(year)} 10:00:00"})
    fields = {"index": "zf", "type": "infomation", "siteId": "67", "pageSize": "2", "pageIndex": "1", "pageNumber": "1", "filter[CHANNELID]": "910"}
    script = f'<div id="list"></div><script>$.getJSON("{ENGINE}?{urlencode(fields)}", draw);</script>'
    replica.routes[f"{COLUMN}/kfq/index.html"] = Reply(page("直属单位", script))
    replica.routes[ENGINE] = Program(lambda hit: searched(hit, found))


def searched(hit: Hit, found: list[dict[str, str]]) -> Reply:
    """A page of what IGS finds in the channel, empty for any other."""
    start = (int(hit.form["pageNumber"]) - 1) * 2
    rows = found[start : start + 2] if hit.form.get("filter[CHANNELID]") == "910" else []
    told = {"page": {"content": rows, "total": len(found), "asOf": date(2023, 2, 1).isoformat()}}
    return Reply(json.dumps(told, ensure_ascii=False), headers={"Content-Type": "application/json;charset=UTF-8"})
