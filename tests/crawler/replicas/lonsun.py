"""Lonsun: bodies whose reports of all years share one path, lists as fragments that a script asks for, a topic column.

Traps: the year stands only in the query, dates are padded with line ends, visible titles are cut at 46 bytes, a
fragment without rows, a random number against caches in the address, `index_1.html` that does not exist, a report
that is a file.
"""

from urllib.parse import quote

from tests.crawler.replica import Hit, Program, Replica, Reply

from . import NEIGHBOURS, NOISE, Site, report_body, report_pdf, title

DISTRICT = "云州市桐溪区"
SITE_NUMBER = "6781961"
GOVERNMENT, EDUCATION, AUDIT, FINANCE, EMPTY = 2000001, 2000002, 2000003, 2000004, 2000005
BODIES = {GOVERNMENT: "人民政府", EDUCATION: "教育局", AUDIT: "审计局", FINANCE: "财政局", EMPTY: "信访局"}
TOWNS = ("青石镇人民政府", "柳溪镇人民政府", "白塔乡人民政府")
TOPIC = "/zwgk/2021nzfxxgkgzndbg/xznb/"
LABEL = "/zwgk/site/label/8888"

Reports = dict[str, tuple[str, int]]
Row = tuple[str, str, str]
"""Address, title, date."""


def build(replica: Replica) -> Site:
    """A district's portal under /zwgk."""
    reports: Reports = {}
    files: list[str] = []
    years_in_the_query(replica, reports)
    lists = {organ: documents(replica, reports, files, organ) for organ in (EDUCATION, AUDIT)} | {EMPTY: []}
    written_out(replica)
    put_together(replica, lists[AUDIT])
    shell_of_nothing(replica)
    details_only(replica, reports)
    replica.routes[LABEL] = Program(lambda hit: fragment(hit, lists))
    topic(replica, reports)
    home(replica)
    return Site(
        family="lonsun",
        home=f"{replica.origin}/",
        channels=(f"{replica.origin}{organ_address(GOVERNMENT)}",),
        reports={f"{replica.origin}{path}": report for path, report in reports.items()},
        files=tuple(f"{replica.origin}{path}" for path in files),
    )


def organ_address(organ: int, kind: int = 3, action: str = "action=list&nav=3") -> str:
    return f"/zwgk/public/column/{organ}?type={kind}&{action}"


def body(organ: int) -> str:
    return f"{DISTRICT}{BODIES[organ]}"


# ---- entrances


def home(replica: Replica) -> None:
    """Home page → 政府信息公开 (a body's guide) → its four standard links."""
    guide = organ_address(GOVERNMENT, 2, "nav=1")
    replica.routes["/"] = Reply(
        page("首页", f'<a href="{guide.replace("&", "&amp;")}">政府信息公开</a><a href="/hd/">互动交流</a>')
    )
    replica.routes["/hd/"] = Reply(page("互动交流", "欢迎来信"))
    replica.routes[guide] = Reply(page("政府信息公开指南", standard(GOVERNMENT)))
    for kind, name in enumerate(NEIGHBOURS):
        replica.routes[f"/zwgk/public/column/{GOVERNMENT}?type={kind + 10}&action=list"] = Reply(
            page(name, "暂无相关信息")
        )


def standard(organ: int) -> str:
    """The links that stand beside every page of a body."""
    beside = [
        f'<li><a href="/zwgk/public/column/{GOVERNMENT}?type={kind + 10}&action=list">{name}</a></li>'
        for kind, name in enumerate(NEIGHBOURS)
    ]
    own = f'<li><a href="{organ_address(organ)}">政府信息公开年报</a></li>'
    return f'<ul class="xxgk_nav">{"".join([*beside[:3], own, *beside[3:]])}</ul>'


def page(name: str, inside: str) -> str:
    return f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>{name}</title><meta name="SiteId" content="{SITE_NUMBER}">
<meta name="ColumnName" content="{name}"></head><body><a href="/">首页</a>{inside}<script src="/assets/ls.js"></script></body></html>"""


# ---- bodies


def years_in_the_query(replica: Replica, reports: Reports) -> None:
    """The government's reports share one path; the page leads to the other bodies and to a topic column too."""
    years = ""
    for year in (2020, 2021, 2022):
        path = organ_address(GOVERNMENT, action=f"action=detail&nav=3&title={year}")
        reports[path] = (body(GOVERNMENT), year)
        replica.routes[path] = Reply(article(body(GOVERNMENT), year, report_body(body(GOVERNMENT), year)))
        years += f'<li><a href="{path}">{year}年</a></li>'
    organs = "".join(
        f'<option value="{organ_address(organ)}">{name}</option>'
        for organ, name in BODIES.items()
        if organ != GOVERNMENT
    )
    inside = (
        f'{standard(GOVERNMENT)}<ul class="years">{years}</ul><select>{organs}</select><a href="{TOPIC}">各乡镇年报</a>'
    )
    replica.routes[organ_address(GOVERNMENT)] = Reply(page("政府信息公开年报", inside))


def details_only(replica: Replica, reports: Reports) -> None:
    """A body whose links to its years say no more than 查看."""
    rows = ""
    for year in (2021, 2022):
        path = organ_address(FINANCE, action=f"action=detail&nav=3&title={year}")
        reports[path] = (body(FINANCE), year)
        replica.routes[path] = Reply(article(body(FINANCE), year, report_body(body(FINANCE), year)))
        rows += f'<tr><td>{title(body(FINANCE), year)}</td><td><a href="{path}">查看</a></td></tr>'
    replica.routes[organ_address(FINANCE)] = Reply(
        page("政府信息公开年报", f"{standard(FINANCE)}<table>{rows}</table>")
    )


def written_out(replica: Replica) -> None:
    """A shell whose script has the whole address of its fragment in it, random number and all."""
    address = (
        f"{LABEL}?IsAjax=1&dataType=html&_=0.5312&labelName=publicInfoList&siteId={SITE_NUMBER}&pageSize=2&pageIndex=1&action=list"
        f"&isDate=true&dateFormat=yyyy-MM-dd&length=46&organId={EDUCATION}&type=3&catId=&cId=&result={quote('暂无相关信息')}&file=/xxgk/publicInfoList"
    )
    script = f'<script>Ls.ajax({{url: "{address}", success: show}});</script>'
    replica.routes[organ_address(EDUCATION)] = Reply(
        page("政府信息公开年报", f'{standard(EDUCATION)}<div id="page_public_info"></div>{script}')
    )


def put_together(replica: Replica, rows: list[Row]) -> None:
    """A page with its first rows in it and a script that puts the address of the others together."""
    script = f"""<script>Ls.ajax({{url: "{LABEL}", data: {{labelName: "publicInfoList", siteId: siteId, pageSize: 2, length: 46,
organId: organId, file: "/xxgk/publicInfoList_newest2020", _: Math.random()}}}}); var siteId = "{SITE_NUMBER}";
Ls.pagination({{pageCount:{-(-len(rows) // 2)}, pageSize: 2}});</script>"""
    replica.routes[organ_address(AUDIT)] = Reply(
        page("政府信息公开年报", f"{standard(AUDIT)}{list_of(rows[:2])}{script}")
    )


def shell_of_nothing(replica: Replica) -> None:
    """A body that has published nothing: its page and its fragment say so."""
    script = f"""<script>Ls.ajax({{url: "{LABEL}", data: {{labelName: "publicInfoList", siteId: "{SITE_NUMBER}"}}}});</script>"""
    replica.routes[organ_address(EMPTY)] = Reply(page("政府信息公开年报", f"{standard(EMPTY)}{script}"))


def documents(replica: Replica, reports: Reports, files: list[str], organ: int) -> list[Row]:
    """Five reports of a body as documents of their own, noise between them; one is a file only, one has a file."""
    rows = []
    for year in range(2018, 2023):
        number = organ * 100 + year
        path, file = f"/zwgk/public/{organ}/{number}.html", f"/group6/M00/03/{number}.pdf"
        inside = report_body(body(organ), year)
        if (organ, year) in ((EDUCATION, 2021), (AUDIT, 2022)):
            replica.routes[file] = Reply(report_pdf(body(organ), year), headers={"Content-Type": "application/pdf"})
            files.append(file)
            inside = ("" if organ == AUDIT else inside) + f'<p><a href="{file}">{title(body(organ), year)}.pdf</a></p>'
        reports[path] = (body(organ), year)
        replica.routes[path] = Reply(article(body(organ), year, inside))
        rows.append((path, title(body(organ), year), f"{year + 1}-01-18"))
        if year % 2:
            rows.append((f"/zwgk/public/{organ}/{number}0.html", NOISE[year % 4], f"{year + 1}-01-10"))
    return rows[::-1]


# ---- lists


def fragment(hit: Hit, lists: dict[int, list[Row]]) -> Reply:
    """A page of a body's list; of a body without rows, or of anything else, a remark."""
    form = hit.form
    is_right = (
        form.get("labelName") == "publicInfoList" and form.get("siteId") == SITE_NUMBER and form.get("type") == "3"
    )
    rows = lists.get(int(form.get("organId", "0")), []) if is_right else []
    size, number = int(form.get("pageSize", "16")), int(form.get("pageIndex", "1"))
    served = rows[(number - 1) * size : number * size]
    if not served:
        return Reply('<ul class="clearfix xxgk_nav_list"><li>暂无相关信息</li></ul>')
    pages = -(-len(rows) // size)
    links = "".join(f'<a paged="{place}" href="javascript:void(0)">{place}</a>' for place in range(1, pages + 1))
    return Reply(
        f'{list_of(served)}<div id="page_public_info">{links}</div><script>Ls.pagination({{pageCount:{pages}}})</script>'
    )


def list_of(rows: list[Row]) -> str:
    inside = "".join(
        f'<li class="clearfix"><a href="{path}" title="{name}" class="title">{name[:15]}</a><span class="date">\r\n\t{day}\r\n</span></li>'
        for path, name, day in rows
    )
    return f'<ul class="clearfix xxgk_nav_list">{inside}</ul>'


def topic(replica: Replica, reports: Reports) -> None:
    """The towns' reports in a folder of its own, two pages of three rows each."""
    rows = []
    for place, town in enumerate(TOWNS):
        for year in (2021, 2022):
            path, organization = f"{TOPIC}2783{place}{year}.html", f"{DISTRICT}{town}"
            reports[path] = (organization, year)
            replica.routes[path] = Reply(article(organization, year, report_body(organization, year)))
            rows.append((path, title(organization, year), f"{year + 1}-01-19"))
    for number in (1, 2):
        script = "<script>Ls.pagination({pageCount:2, pageIndex: 1})</script>"
        answer = Reply(page("各乡镇年报", f"{list_of(rows[number * 3 - 3 : number * 3])}{script}"))
        replica.routes[TOPIC if number == 1 else f"{TOPIC}?pageIndex={number}"] = answer


# ---- articles


def article(organization: str, year: int, inside: str) -> str:
    """A report's page with its index card and furniture."""
    name = title(organization, year)
    card = f"""<table class="table_suoyin"><tr><th>索 引 号：</th><td>990003/{year + 1}-00012</td><th>组配分类：</th><td>政府信息公开年报</td></tr>
<tr><th>发布机构：</th><td>{organization}</td><th>文号：</th><td></td></tr></table>"""
    return page(
        name,
        f"""{card}<h1 class="wztit">{name}</h1><div class="wzfbxx"><span class="fbsj">发布时间：{year + 1}-01-18</span>
<span class="res">信息来源： {organization}</span> 阅读次数：<span></span> 字体：【<a>大</a> <a>中</a> <a>小</a>】</div>
<div class="wzcon j-fontContent">{inside}</div>""",
    )
