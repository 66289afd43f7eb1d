"""gkmlpt: shells with `_CONFIG`, a JSON interface behind them, one column that jumps to a list of the portal.

The annual-report column holds other papers too, so that its list has three pages of a hundred rows; page 0 is page 1.
One row goes to a messenger, one to an explanation, one has no page but a file.
"""

import json
from typing import Any

from tests.crawler.replica import Hit, Program, Replica, Reply

from . import NEIGHBOURS, NOISE, Site, cut, report_body, report_pdf, title

SITE_NUMBER = "990001"
DISTRICT = "云州市青澜区"
BODIES = ("教育局", "审计局", "人民政府办公室", "青石镇人民政府", "柳溪街道办事处")
ANNUAL, YEAR_2021, EARLIER = 2629, 3001, 3002
MIDNIGHT_2023 = 1673884800
"""2023-01-17 in China."""
LIST = "/zwgk/nb/"


def build(replica: Replica) -> Site:
    """A department's and its district's catalogue in one."""
    reports: dict[str, tuple[str, int]] = {}
    rows = {year: [report_row(replica, reports, body, year) for body in BODIES] for year in (2021, 2022)}
    file = file_alone(replica, reports)
    mixed = spread([*rows[2022], file, rows[2021][0]], [*noise(replica), *papers(replica, 200)])
    replica.routes[f"/gkmlpt/api/all/{ANNUAL}"] = Program(lambda hit: answer(hit, ANNUAL, mixed))
    replica.routes[f"/gkmlpt/api/all/{YEAR_2021}"] = Program(lambda hit: answer(hit, YEAR_2021, rows[2021]))
    jumped(replica, reports)
    home(replica)
    files = (f"{replica.origin}/attachment/8/8766/{BODIES.index('审计局')}2022/1.pdf",)
    return Site(
        family="guangdong_gkmlpt",
        home=f"{replica.origin}/",
        channels=(f"{replica.origin}/gkmlpt/annualreport",),
        reports=reports,
        files=files,
    )


# ---- entrances


def home(replica: Replica) -> None:
    """Home page, disclosure page with its neighbours, and the shells."""
    replica.routes["/"] = Reply(plain("首页", '<a href="/zwgk/">政务公开</a><a href="/hd/">互动交流</a>'))
    beside = "".join(f'<li><a href="/gkmlpt/{place}">{name}</a></li>' for place, name in enumerate(NEIGHBOURS))
    own = f'<li><a href="/gkmlpt/annualreport#{ANNUAL}">政府信息公开年报</a></li>'
    replica.routes["/zwgk/"] = Reply(
        plain("政务公开", f'<ul>{beside}{own}<li><a href="/gkmlpt/index">公开目录</a></li></ul>')
    )
    for place, name in enumerate(NEIGHBOURS):
        replica.routes[f"/gkmlpt/{place}"] = Reply(plain(name, "<p>本栏目另有说明。</p>"))
    replica.routes["/hd/"] = Reply(plain("互动交流", "<p>欢迎来信。</p>"))
    for name in ("index", "annualreport"):
        replica.routes[f"/gkmlpt/{name}"] = Reply(shell())


def plain(name: str, inside: str) -> str:
    return f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{name}-青澜区</title></head><body>{inside}<a href="/gkmlpt/index">信息公开目录</a></body></html>'


def shell() -> str:
    """No anchors: a script draws everything from a literal that is no JSON."""
    tree = [
        node(2600, "政府信息公开指南", 1),
        node(2610, "法定主动公开内容", 0, [node(2611, "财政预决算", 8)]),
        node(ANNUAL, "政府信息公开年报", 207, [node(YEAR_2021, "2021年", 5), node(EARLIER, "历年年报", 0, jump=LIST)]),
        node(2700, "政府网站工作年度报表", 3),
    ]
    settings = (
        f"SITE_NAME:'青澜区', SID: '{SITE_NUMBER}', TREE: {json.dumps(tree, ensure_ascii=False)}, SERVICE_AREA_ID: 0, "
        f"HREF: location.href, SEARCH_JSONP_URL:'//search.example.invalid/jsonp/site/{SITE_NUMBER}'"
    )
    return f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>政府信息公开</title><script>window._CONFIG = {{ {settings} }};</script></head><body><div id="app"></div><script src="/gkmlpt/js/app.js"></script></body></html>'


def node(number: int, name: str, count: int, children: list[Any] | None = None, jump: str = "") -> dict[str, Any]:
    return {"id": number, "name": name, "jump_url": jump, "post_count": count, "children": children or []}


# ---- the interface


def answer(hit: Hit, column: int, rows: list[dict[str, Any]]) -> Reply:
    """A page of a column; of another site there is nothing."""
    page = max(1, int(hit.form.get("page", "0")))
    served = rows[(page - 1) * 100 : page * 100] if hit.form.get("sid") == SITE_NUMBER else []
    told = {
        "classify": {"id": column, "name": "政府信息公开年报", "post_count": len(rows)},
        "total": len(rows),
        "articles": served,
    }
    return Reply(json.dumps(told), headers={"Content-Type": "application/json"})


def row(number: int, name: str, url: str, files: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    return {
        "id": number, "title": name, "document_number": "", "publisher": "", "date": MIDNIGHT_2023, "created_at": "",
        "create_time": MIDNIGHT_2023 + 60000, "abstract": "", "url": url, "post_url": "", "is_expired": 0,
        "relation": "[]", "attachment": files or [],
    }  # fmt: skip


def report_row(replica: Replica, reports: dict[str, tuple[str, int]], body: str, year: int) -> dict[str, Any]:
    """A report with its page; one of them has its PDF attached as well."""
    number = 8766000 + BODIES.index(body) * 10 + year - 2020
    organization = f"{DISTRICT}{body}"
    files = []
    if (body, year) == ("审计局", 2022):
        path = f"/attachment/8/8766/{BODIES.index(body)}2022/1.pdf"
        replica.routes[path] = Reply(report_pdf(organization, year), headers={"Content-Type": "application/pdf"})
        files = [{"id": 1, "name": "年度报告.pdf", "type": "pdf", "size": "26624", "url": f"{replica.origin}{path}"}]
    path = f"/gkmlpt/content/8/8766/post_{number}.html"
    replica.routes[path] = Reply(content(organization, year, number, files))
    reports[f"{replica.origin}{path}"] = (organization, year)
    return row(number, title(organization, year), f"{replica.origin}{path}", files)


def file_alone(replica: Replica, reports: dict[str, tuple[str, int]]) -> dict[str, Any]:
    """A report without a page."""
    organization, path = f"{DISTRICT}财政局", "/attachment/8/8766/8766900/9.pdf"
    replica.routes[path] = Reply(report_pdf(organization, 2022), headers={"Content-Type": "application/octet-stream"})
    reports[f"{replica.origin}{path}"] = (organization, 2022)
    file = {"id": 2, "name": "年报.pdf", "type": "pdf", "size": "1", "url": path}
    return row(8766900, title(organization, 2022), "", [file])


def noise(replica: Replica) -> list[dict[str, Any]]:
    outside = ("https://mp.weixin.example.invalid/s/1", f"{replica.origin}/zcjdpt?id=1")
    places = [*outside, *(f"{replica.origin}/gkmlpt/content/8/8766/post_{n}.html" for n in range(8766950, 8766960))]
    return [row(8766950 + n, name, places[n]) for n, name in enumerate((NOISE[1], NOISE[0], *NOISE[2:]))]


def papers(replica: Replica, count: int) -> list[dict[str, Any]]:
    """Other papers of the column."""
    address = f"{replica.origin}/gkmlpt/content/8/8700/post_"
    return [
        row(8700000 + n, f"关于公布第{n}批服务窗口名单的公告", f"{address}{8700000 + n}.html") for n in range(count)
    ]


def spread(few: list[dict[str, Any]], many: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The few among the many, on every page of the list."""
    step, mixed = len(many) // len(few) + 1, []
    for start, one in zip(range(0, len(many), step), few, strict=True):
        mixed += [*many[start : start + step], one]
    return mixed


def content(organization: str, year: int, number: int, files: list[dict[str, Any]]) -> str:
    """A content page: index card, title, body, and the body once more in a script."""
    body, name = report_body(organization, year), title(organization, year)
    escaped = json.dumps(body).replace("<", "\\u003C").replace(">", "\\u003E")
    card = "".join(
        f"<tr><td>{label}:</td><td>{value}</td></tr>"
        for label, value in {
            "索 引 号": f"990001/2023-{number}", "分类": "政府信息公开年报", "发布机构": organization, "成文日期": f"{year + 1}-01-10",
            "名称": name, "文号": "", "发布日期": f"{year + 1}-01-17", "主题词": "",
        }.items()
    )  # fmt: skip
    links = "".join(f'<p><a class="nfw-cms-attachment" href="{file["url"]}">{file["name"]}</a></p>' for file in files)
    return f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>{name}</title></head><body>
<div class="classify"><table>{card}</table></div><h1 class="title content-title">{name}</h1>
<div class="content-desc"><span>发布日期：{year + 1}-01-17</span> <span>来源：本网</span> <span>浏览次数：-</span></div>
<div class="content"><div class="article-content">{body}{links}</div></div>
<script>window._CONFIG = {{ SID: '{SITE_NUMBER}', DETAIL: {{"id":{number},"content":{escaped},"attachment":{json.dumps(files)}}}, NOW: new Date() }};</script>
<a href="/gkmlpt/index">返回</a></body></html>"""


# ---- the list that a column jumps to


def jumped(replica: Replica, reports: dict[str, tuple[str, int]]) -> None:
    """Two pages of the portal's own list, with the reports of 2020."""
    pages: list[list[str]] = [[], []]
    for place, body in enumerate(BODIES[:4]):
        organization, path = f"{DISTRICT}{body}", f"{LIST}content/post_{7000 + place}.html"
        name = title(organization, 2020)
        replica.routes[path] = Reply(
            f'<html><head><meta charset="utf-8"><title>{name}</title><meta name="ArticleTitle" content="{name}"></head><body>'
            f'<h1>{name}</h1><div class="zw">{report_body(organization, 2020)}</div>相关附件：</body></html>'
        )
        reports[f"{replica.origin}{path}"] = (organization, 2020)
        line = (
            f'<li><a href="content/post_{7000 + place}.html" title="{name}">{cut(name)}</a><span>2021-01-20</span></li>'
        )
        pages[place // 2].append(line)
    for number, lines in enumerate(pages, 1):
        name = "index.html" if number == 1 else f"index_{number}.html"
        others = '<a href="index.html">1</a><a href="index_2.html">2</a>'
        replica.routes[f"{LIST}{name}"] = Reply(
            plain("历年年报", f'<ul>{"".join(lines)}</ul><div class="page">{others}</div>')
        )
    replica.routes[LIST] = replica.routes[f"{LIST}index.html"]
