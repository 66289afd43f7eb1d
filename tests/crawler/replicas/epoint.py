"""A county on Epoint: departments in static lists, towns in a shell that wants a token, institutions in the old interface."""

import hashlib
import json
from urllib.parse import quote

from tests.crawler.replica import Hit, Program, Replica, Reply

from . import NEIGHBOURS, NOISE, Site, cut, report_body, report_pdf, title

COUNTY = "云州市白河县"
OFFICES = ("人民政府办公室", "教育局", "审计局", "民政局", "财政局", "水利局")
TOWNS = ("青石镇人民政府", "柳溪镇人民政府", "松霁街道办事处")
INSTITUTIONS = ("公积金管理中心", "疾病预防控制中心", "政务服务中心")
TOP = "/zwgk/014/"
SITE_GUID = "0a1b2c3d-0000-4000-8000-00000000c0de"
BUILDER = "/EpointWebBuilder"
SECRET = "5c1f0e9d8b7a"
PER_PAGE = 3

Row = tuple[str, str, str]
Reports = dict[str, tuple[str, int]]
JSON = {"Content-Type": "application/json;charset=UTF-8"}


def build(replica: Replica) -> Site:
    """Everything."""
    reports: Reports = {}
    entrances(replica)
    offices = [report(replica, reports, "014001", body, year) for year in (2022, 2021) for body in OFFICES]
    offices[5:5] = [(place_of("014001", name, "20230110"), name, "2023-01-10") for name in NOISE]
    offices.append(alone(replica, reports))
    static(replica, offices)
    shell(replica, "014002", "乡镇街道", f'var projectName="EpointWebBuilder";var siteInfo={{siteGuid:"{SITE_GUID}"}};var pageSize = {PER_PAGE};')
    towns = [report(replica, reports, "014002", body, year) for year in (2022, 2021) for body in TOWNS]
    replica.routes[f"{BUILDER}/rest/getOauthInfoAction/getNoUserAccessToken"] = Program(token)
    replica.routes[f"{BUILDER}/rest/frontAppCustomAction/getPageInfoListNew2"] = Program(lambda hit: answer(hit, towns))
    shell(replica, "014003", "事业单位", f"""var url='../../../{BUILDER[1:]}/getInfoListAndCategoryList.action';var siteguid='{SITE_GUID}';var pagesize='2';""")
    institutions = [report(replica, reports, "014003", body, 2022) for body in INSTITUTIONS]
    replica.routes[f"{BUILDER}/getInfoListAndCategoryList.action"] = Program(lambda hit: old_answer(hit, institutions))
    files = (f"{replica.origin}/uploadfile/20230120/{quote('年度报告 1')}.pdf",)
    return Site("epoint", f"{replica.origin}/", (f"{replica.origin}{TOP}list.html",), reports, files)


def entrances(replica: Replica) -> None:
    """Home page, disclosure page, the annual-report column with its groups."""
    replica.routes["/"] = Reply(page("首页", '<a class="ewb-nav-a" href="/zwgk/subpage.html">政务公开</a><a href="/hdjl/subpage.html">互动交流</a>'))
    replica.routes["/hdjl/subpage.html"] = Reply(page("互动交流", "<p>欢迎来信。</p>"))
    links = "".join(f'<li class="ewb-left-li"><a href="/zwgk/{place:03}/list.html">{name}</a></li>' for place, name in enumerate(NEIGHBOURS))
    own = f'<li class="ewb-left-li"><a href="{TOP}list.html">政府信息公开年报</a></li>'
    replica.routes["/zwgk/subpage.html"] = Reply(page("政务公开", f"<ul>{links}{own}</ul>"))
    for place, name in enumerate(NEIGHBOURS):
        replica.routes[f"/zwgk/{place:03}/list.html"] = Reply(page(name, f"<p>{name}另行公布。</p>"))
    groups = {"014001": "政府部门", "014002": "乡镇街道", "014003": "事业单位"}
    below = "".join(f'<li><a href="{number}/list.html">{name}</a></li>' for number, name in groups.items())
    replica.routes[f"{TOP}list.html"] = Reply(page("政府信息公开年报", f'<ul class="ewb-tab">{below}</ul>'))


def static(replica: Replica, rows: list[Row]) -> None:
    """`list.html`, `2.html`, …; the last link of the pager is opened by a script."""
    shown = [rows[start : start + 5] for start in range(0, len(rows), 5)]
    for number, part in enumerate(shown, 1):
        lines = "".join(
            f'<li class="ewb-list-node"><a href="{url}" title="{name}">{cut(name)}</a><span class="ewb-list-date">{day}</span></li>'
            for url, name, day in part
        )
        later = f"""<a onclick="window.location.href='{number + 1}.html'">下页</a>""" if number < len(shown) else "<span>下页</span>"
        before = '<a href="list.html">首页</a>' if number > 1 else ""
        name = "list.html" if number == 1 else f"{number}.html"
        replica.routes[f"{TOP}014001/{name}"] = Reply(page("政府部门", f'<ul class="ewb-list">{lines}</ul><div class="ewb-page">{before}{later}{number}/{len(shown)}</div>'))


def shell(replica: Replica, number: str, name: str, script: str) -> None:
    """A list without rows."""
    replica.routes[f"{TOP}{number}/list.html"] = Reply(page(name, f'<ul class="ewb-list" id="infolist"></ul><div id="pager"></div><script>{script}</script>'))


def token(hit: Hit) -> Reply:
    """Anyone gets it who asks by POST."""
    custom = {"access_token": SECRET, "expires_in": 1800, "refresh_token": "0"} if hit.method == "POST" else ""
    return Reply(json.dumps({"custom": custom, "status": {"code": 1, "text": "操作成功"}}), headers=JSON)


def answer(hit: Hit, rows: list[Row]) -> Reply:
    """A page of the list, nothing without the token."""
    asked = json.loads(hit.form.get("params", "{}"))
    is_known = hit.headers.get("authorization") == f"Bearer {SECRET}" and hit.method == "POST"
    if not is_known or (asked["siteGuid"], asked["categoryNum"]) != (SITE_GUID, "014002"):
        return Reply(json.dumps({"custom": "", "status": {"code": 0, "text": "令牌无效"}}), 401, headers=JSON)
    start = int(asked["pageIndex"]) * int(asked["pageSize"])
    shown = [
        {"title": name, "infourl": url, "infodate": day, "infoid": url[-41:-5], "categorynum": "014002", "customtitle": None}
        for url, name, day in rows[start : start + int(asked["pageSize"])]
    ]
    return Reply(json.dumps({"controls": [], "custom": {"count": len(rows), "infodata": shown}, "status": {"code": 1}}), headers=JSON)


def old_answer(hit: Hit, rows: list[Row]) -> Reply:
    """A page of the old interface, JSON in a string."""
    asked = hit.form
    assert (asked["cmd"], asked["siteguid"], asked["categorynum"]) == ("getInfoList", SITE_GUID, "014003")
    start = (int(asked["pageIndex"]) - 1) * int(asked["pageSize"])
    shown = [{"title": name, "href": url, "infodate": day} for url, name, day in rows[start : start + int(asked["pageSize"])]]
    return Reply(json.dumps({"custom": json.dumps({"Table": shown, "RowCount": str(len(rows))})}), headers=JSON)


def place_of(column: str, seed: str, day: str) -> str:
    """The address of an article."""
    digits = hashlib.sha256(seed.encode()).hexdigest()
    return f"{TOP}{column}/{day}/{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:32]}.html"


def report(replica: Replica, reports: Reports, column: str, body: str, year: int) -> Row:
    """A report's page, one with its PDF."""
    organization = f"{COUNTY}{body}"
    path, name = place_of(column, f"{body}{year}", f"{year + 1}0120"), title(organization, year)
    file = ""
    if (body, year) == ("审计局", 2022):
        file = '<p>附件：<a href="/uploadfile/20230120/年度报告 1.pdf">年度报告.pdf</a> <a href="/WebBuilderDS/downloadztbattach?attachGuid=1">下载</a></p>'
        address = f"/uploadfile/20230120/{quote('年度报告 1')}.pdf"
        replica.routes[address] = Reply(report_pdf(organization, year), headers={"Content-Type": "application/pdf"})
    replica.routes[path] = Reply(article(organization, year, file))
    reports[f"{replica.origin}{path}"] = (organization, year)
    return path, name, f"{year + 1}-01-20"


def alone(replica: Replica, reports: Reports) -> Row:
    """A row that is a file."""
    organization, path = f"{COUNTY}统计局", "/uploadfile/20220120/2021.pdf"
    replica.routes[path] = Reply(report_pdf(organization, 2021), headers={"Content-Type": "application/pdf"})
    reports[f"{replica.origin}{path}"] = (organization, 2021)
    return path, title(organization, 2021), "2022-01-20"


def article(organization: str, year: int, file: str) -> str:
    """An article in the classes of the builder."""
    name = title(organization, year)
    return page(name, f"""<div class="ewb-article"><h3>{name}</h3><div class="ewb-article-sources">【信息时间： {year + 1}-01-20 阅读次数：<span></span>】</div>
<div class="ewb-article-info">{report_body(organization, year)}</div>{file}</div>""")  # fmt: skip


def page(name: str, inside: str) -> str:
    """Head and foot of the site."""
    crumbs = f'<a class="ewb-location-a" href="/">首页</a>&gt;<a class="ewb-location-a" href="/zwgk/subpage.html">政务公开</a>&gt;<span>{name}</span>'
    return f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>{name}-白河县</title><script src="/js/webBuilderCommon.js"></script></head>
<body><div class="ewb-location">{crumbs}</div>{inside}<div class="ewb-footer">白河县人民政府主办</div></body></html>"""
