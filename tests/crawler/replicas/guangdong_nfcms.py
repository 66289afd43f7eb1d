"""A Guangdong district on NFCMS: 区政府, 各部门 and 各镇街 below one column, pages `index_2.html` and no `index_1.html`.

A post is known under its own column only. Every article has a twin for phones, and one list leads to such a twin, whose
page another list has. 相关附件 stands under every article, empty or not; 访问量 is `-` until a script fills it.
"""

from tests.crawler.replica import Replica, Reply
from tests.specimens import prose, word
from tests.specimens.forms import forms

from . import NEIGHBOURS, NOISE, Site, cut, report_body, report_pdf, title, told

DISTRICT = "云州市青澜区"
COLUMN = "/xxgk/xxgkml/xxgknb"
GROUPS = {"qzf": "区政府", "gbm": "各部门", "gzj": "各镇街"}
BODIES = {
    "qzf": ("人民政府",),
    "gbm": ("教育局", "审计局", "财政局", "水务局"),
    "gzj": ("青石镇人民政府", "松霁镇人民政府", "柳溪街道办事处"),
}
YEARS = (2022, 2021)
PER_PAGE = 4
HOME = '<a href="/">首页</a> &gt; <a href="/xxgk/">信息公开</a> &gt; <a href="/xxgk/xxgkml/">信息公开目录</a> &gt; '

Reports = dict[str, tuple[str, int]]
Row = tuple[str, str, str]


def build(replica: Replica) -> Site:
    """The whole district."""
    reports: Reports = {}
    files: list[str] = []
    entrances(replica)
    number = 7043960
    for group, bodies in BODIES.items():
        rows: list[Row] = []
        for year in YEARS:
            for body in bodies:
                number += 1
                rows.append(report(replica, reports, files, group, number, body, year))
        rows[1:1] = [(f"{COLUMN}/{group}/content/post_{number + 500 + place}.html", name, "2023-01-05") for place, name in enumerate(NOISE[:2])]
        rows.append((f"{COLUMN}/{group}/content/spost_{number + 600}.html", NOISE[2 if group == "gbm" else 3], "2021-03-01"))
        if group == "qzf":
            rows += [alone(replica, reports), twin_of(reports, replica)]
        lists(replica, group, rows)
    origin = replica.origin
    return Site("guangdong_nfcms", f"{origin}/", (f"{origin}{COLUMN}/",), reports, tuple(files))


def entrances(replica: Replica) -> None:
    """Home page, disclosure page, catalogue, and the column with its three groups."""
    down = {"/": ("首页", "/xxgk/", "信息公开"), "/xxgk/": ("信息公开", "/xxgk/xxgkml/", "信息公开目录")}
    for path, (name, below, label) in down.items():
        replica.routes[path] = Reply(page(name, f'<ul><li><a href="{below}">{label}</a></li><li><a href="/hdjl/">互动交流</a></li></ul>'))
    replica.routes["/hdjl/"] = Reply(page("互动交流", "<p>欢迎来信。</p>"))
    links = "".join(f'<li><a href="/xxgk/xxgkml/l{place}/">{name}</a></li>' for place, name in enumerate(NEIGHBOURS))
    own = f'<li><a href="{COLUMN}/">信息公开年报</a></li>'
    replica.routes["/xxgk/xxgkml/"] = Reply(page("信息公开目录", f"<ul>{own}{links}</ul>"))
    for place, name in enumerate(NEIGHBOURS):
        replica.routes[f"/xxgk/xxgkml/l{place}/"] = Reply(page(name, f"<p>{name}另行公布。</p>"))
    groups = "".join(f'<li><a href="{COLUMN}/{group}/">{name}</a></li>' for group, name in GROUPS.items())
    replica.routes[f"{COLUMN}/"] = Reply(page("信息公开年报", f'<div class="position">您现在的位置：{HOME}信息公开年报</div><ul>{groups}</ul>'))


def lists(replica: Replica, group: str, rows: list[Row]) -> None:
    """The list pages of a group; the pager names each page but this one."""
    shown = [rows[start : start + PER_PAGE] for start in range(0, len(rows), PER_PAGE)]
    names = ["index.html", *(f"index_{number}.html" for number in range(2, len(shown) + 1))]
    for place, part in enumerate(shown):
        lines = "".join(
            f'<li><a href="{url}" title="{text}" target="_blank">{cut(text)}</a><span class="date">{day}</span></li>' for url, text, day in part
        )
        pager = "".join(f'<a href="{name}">{number + 1}</a>' for number, name in enumerate(names) if number != place)
        text = page(GROUPS[group], f'<ul class="viewList">{lines}</ul><div class="page">{pager}</div>')
        replica.routes[f"{COLUMN}/{group}/{'' if place == 0 else names[place]}"] = Reply(text)


def report(replica: Replica, reports: Reports, files: list[str], group: str, number: int, body: str, year: int) -> Row:
    """An article and its twin; two of them have a file, a Word document and a PDF."""
    organization = f"{DISTRICT}{body}"
    path = f"{COLUMN}/{group}/content/post_{number}.html"
    attached = ""
    if year == 2022 and body in ("审计局", "财政局"):
        ending = "docx" if body == "审计局" else "pdf"
        file = f"/attachment/0/{number // 1000}/{number}/1.{ending}"
        random, truth = told(organization, year)
        body_of = {"docx": lambda: word.docx_page(truth, prose.text(random, truth), forms(truth)), "pdf": lambda: report_pdf(organization, year)}
        replica.routes[file] = Reply(body_of[ending](), headers={"Content-Type": "application/octet-stream"})
        files.append(f"{replica.origin}{file}")
        attached = f'<li><a href="{file}">附件.{ending}</a></li>'
    replica.routes[path] = Reply(article(organization, year, group, number, attached))
    replica.routes[path.replace("post_", "mpost_")] = Reply(article(organization, year, group, number, ""))
    reports[f"{replica.origin}{path}"] = (organization, year)
    return path, title(organization, year), f"{year + 1}-01-21"


def alone(replica: Replica, reports: Reports) -> Row:
    """A row that is a file."""
    organization, path = f"{DISTRICT}统计局", "/attachment/7/7043/7043990/1.PDF"
    replica.routes[path] = Reply(report_pdf(organization, 2021), headers={"Content-Type": "application/pdf"})
    reports[f"{replica.origin}{path}"] = (organization, 2021)
    return path, title(organization, 2021), "2022-01-21"


def twin_of(reports: Reports, replica: Replica) -> Row:
    """A row that leads to the twin for phones of a report in another group: two sources of one report."""
    number = 7043960 + len(YEARS) * len(BODIES["qzf"]) + 1
    organization, path = f"{DISTRICT}教育局", f"{COLUMN}/gbm/content/mpost_{number}.html"
    reports[f"{replica.origin}{path}"] = (organization, YEARS[0])
    return path, title(organization, YEARS[0]), f"{YEARS[0] + 1}-01-21"


def article(organization: str, year: int, group: str, number: int, attached: str) -> str:
    """An article with the furniture of its family."""
    name = title(organization, year)
    crumbs = f'{HOME}<a href="{COLUMN}/">信息公开年报</a> &gt; <a href="{COLUMN}/{group}/">{GROUPS[group]}</a>'
    meta = f"""<meta name="ArticleTitle" content="{name}"><meta content="{year + 1}-01-21 15:24" name="PubDate"><meta name="ContentSource" content="本网">
<meta name="ColumnName" content="{GROUPS[group]}"><link rel="alternate" media="only screen and (max-width: 640px)" href="mpost_{number}.html">"""
    inside = f"""<div class="position">您现在的位置：{crumbs}</div><h1 class="title">{name}</h1>
<div class="info">发布日期：{year + 1}-01-21 15:24&nbsp;&nbsp;文章来源：本网&nbsp;【<span>字体：</span><a>大</a> <a>中</a> <a>小</a>】&nbsp;访问量：<span id="visit">-</span></div>
<div class="article-content" id="zoomcon">{report_body(organization, year)}</div><div class="xgfj">相关附件：<ul>{attached}</ul></div>
<div class="share">分享到：<a href="javascript:;">微信</a> <a href="mpost_{number}.html">手机版</a></div><script>var NFCMS_POST_ID={number};</script>"""
    return page(name, inside, meta)


def page(name: str, inside: str, meta: str = "") -> str:
    """Head and foot of the site."""
    return f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>{name}-青澜区政府门户网站</title><meta name="SiteName" content="青澜区政府">
<meta name="SiteIDCode" content="9900010001">{meta}</head><body><img alt="headerBg" src="/img/head.png">{inside}
<script>var NFCMS_SITE_ID=990001;</script><p>主办：青澜区人民政府办公室</p></body></html>"""
