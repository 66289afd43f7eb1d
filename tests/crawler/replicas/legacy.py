"""A county of the years before 2012: programs in ASPX, PHP and JSP, all pages GBK, declared as GB2312.

年报: an ASP.NET form that is posted back for each further page, and answers with its first page to whoever has not its
state. 各部门: a PHP list paged by its query. 各街道: a JSP list that is named in Chinese in its query. 人民政府: a program
per year, its reports told by an index card.
"""

from tests.crawler.replica import Hit, Program, Replica, Reply

from . import NEIGHBOURS, NOISE, Site, cut, report_body, report_pdf, title

COUNTY = "云州市镕溪县"
"""With a character that GB2312 has not."""
BODIES = ("人民政府办公室", "教育局", "审计局", "民政局", "财政局", "水利局", "青石镇人民政府")
OFFICES = ("信访局", "统计局", "林业局", "司法局")
STREETS = ("柳溪街道办事处", "松霁街道办事处")
TOP = "/gk/list.aspx"
PER_PAGE = 3
PDF = "/UploadFiles/2023/%E5%B9%B4%E6%8A%A5%201.PDF"
DOWN = "/gk/DownLoad.aspx?fid=12"

Row = tuple[str, str, str]


def build(replica: Replica) -> Site:
    """Every program of the site."""
    reports: dict[str, tuple[str, int]] = {}
    told: dict[str, str] = {}
    entrances(replica)
    rows = [article(replica, reports, told, f"/gk/year_details.aspx?dept={place + 30}&id={91600 + place * 10 + year - 2020}", body, year)
            for year in (2022, 2021) for place, body in enumerate(BODIES)]  # fmt: skip
    rows[4:4] = [(f"/gk/year_details.aspx?dept=1&id=9999{place}", name, "2023-01-10") for place, name in enumerate(NOISE)]
    replica.routes[TOP] = Program(lambda hit: reply(postback_page(hit, rows)))
    offices = [article(replica, reports, told, f"/gk/show.php?id={385000 + place}", body, 2022) for place, body in enumerate(OFFICES)]
    offices.append(alone(replica, reports))
    replica.routes["/gk/list.php"] = Program(lambda hit: reply(query_page(hit, offices)))
    streets = [article(replica, reports, told, f"/gk/zwinfo.jsp?id={15650 + place}", body, 2022) for place, body in enumerate(STREETS)]
    replica.routes["/gk/zj.jsp?dw=%BD%D6%B5%C0"] = reply(page("各街道", table(streets)))
    for name in ("year_details.aspx", "show.php", "zwinfo.jsp"):
        replica.routes[f"/gk/{name}"] = Program(lambda hit: reply(told[hit.path]) if hit.path in told else Reply("没有", 404))
    replica.routes[DOWN] = Reply(report_pdf(f"{COUNTY}审计局", 2022), headers={"Content-Type": "application/octet-stream"})
    origin = replica.origin
    return Site("legacy", f"{origin}/", (f"{origin}{TOP}?type=nb",), reports, (f"{origin}{DOWN}",))


def entrances(replica: Replica) -> None:
    """Home page and disclosure page; the frozen date in the head is no date of anything."""
    replica.routes["/"] = reply(page("首页", '<a href="zwgk.asp">政府信息公开</a> <a href="bbs.asp">县长信箱</a>'))
    replica.routes["/bbs.asp"] = reply(page("县长信箱", "<p>来信请注明地址。</p>"))
    links = "".join(f'<td><a href="gk/about.asp?lm={place}">{name}</a></td>' for place, name in enumerate(NEIGHBOURS))
    own = f'<td><a href="{TOP[1:]}?type=nb">政府信息公开年报</a></td>'
    replica.routes["/zwgk.asp"] = reply(page("政府信息公开", f"<table><tr>{links}{own}</tr></table>"))
    for place, name in enumerate(NEIGHBOURS):
        replica.routes[f"/gk/about.asp?lm={place}"] = reply(page(name, f"<p>{name}另行公布。</p>"))


def postback_page(hit: Hit, rows: list[Row]) -> str:
    """The list as ASP.NET makes it: a page further on only for the state that the page before it carried."""
    form, total = hit.form, -(-len(rows) // PER_PAGE)
    number = 1
    if hit.method == "POST" and form.get("__EVENTTARGET") == "AspNetPager1":
        wanted = int(form["__EVENTARGUMENT"])
        number = wanted if form.get("__VIEWSTATE") == state(wanted - 1) and form.get("ddlYear") == "0" else 1
    shown = rows[(number - 1) * PER_PAGE : number * PER_PAGE]
    later = f"""<a href="javascript:__doPostBack('AspNetPager1','{number + 1}')">下一页</a>
        <a href="javascript:__doPostBack('AspNetPager1','{total}')">尾页</a>"""
    pager = later if number < total else '<a disabled="disabled">下一页</a>'
    groups = '<a href="list.php?class=7&amp;page=1">各部门</a> <a href="zj.jsp?dw=街道">各街道</a>'
    return page("政府信息公开年报", f"""<div>{groups if number == 1 else ""}</div>
<form method="post" action="./list.aspx?type=nb" id="form1"><input type="hidden" name="__EVENTTARGET" value=""><input type="hidden" name="__EVENTARGUMENT" value="">
<input type="hidden" name="__VIEWSTATE" value="{state(number)}"><input type="hidden" name="__EVENTVALIDATION" value="ev{number}">
<select name="ddlYear"><option value="2021">2021</option><option selected="selected" value="0">全部</option></select><input type="text" name="kw"><input type="submit" name="btn" value="搜索">
{table(shown)}<div id="AspNetPager1">{pager} 共{total}页</div></form>""")  # fmt: skip


def state(number: int) -> str:
    """What the server wants to see again."""
    return f"/wEPDwUKLTk{number:03}+/=="


def query_page(hit: Hit, rows: list[Row]) -> str:
    """The list of a PHP program."""
    number = int(hit.form.get("page", "1"))
    shown = rows[(number - 1) * PER_PAGE : number * PER_PAGE]
    later = f'<a href="?class=7&amp;page={number + 1}">下页</a>' if number * PER_PAGE < len(rows) else "下页"
    return page("各部门", f'{table(shown)}<p><a href="list.php?class=7&amp;page=1">首页</a> {later}</p>')


def article(replica: Replica, reports: dict[str, tuple[str, int]], told: dict[str, str], path: str, body: str, year: int) -> Row:
    """A report's page with its index card."""
    organization = f"{COUNTY}{body}"
    name = title(organization, year)
    file = f'<p>附件：<a href="{DOWN[4:]}">年度报告.pdf</a></p>' if (body, year) == ("审计局", 2022) else ""
    card = (("索 引 号", f"00{year}-001"), ("发布机构", organization), ("名&nbsp;&nbsp;&nbsp;&nbsp;称", name), ("文&nbsp;&nbsp;&nbsp;&nbsp;号", ""),
            ("公开方式", "主动公开"), ("发布日期", f"{year + 1}年1月20日"))  # fmt: skip
    cells = "".join(f"<tr><td>{label}</td><td>{value}</td></tr>" for label, value in card)
    told[path] = page(name, f'<table class="card">{cells}</table><div align="center"><b>{name}</b></div>{report_body(organization, year)}{file}')
    reports[f"{replica.origin}{path}"] = (organization, year)
    return path, name, f"{year + 1}-1-20"


def alone(replica: Replica, reports: dict[str, tuple[str, int]]) -> Row:
    """A row that is a file, with Chinese and a space in its address."""
    organization = f"{COUNTY}体育局"
    replica.routes[PDF] = Reply(report_pdf(organization, 2022), headers={"Content-Type": "application/x-download"})
    reports[f"{replica.origin}{PDF}"] = (organization, 2022)
    return "/UploadFiles/2023/年报 1.PDF", title(organization, 2022), "2023-1-20"


def table(rows: list[Row]) -> str:
    """Rows as tables of tables."""
    lines = "".join(
        f'<tr><td width="20">·</td><td><a href="{url.replace("&", "&amp;")}" title="{name}" target="_blank">{cut(name)}</a></td><td>({day})</td></tr>'
        for url, name, day in rows
    )
    return f'<table width="100%"><tr><td><table>{lines}</table></td></tr></table>'


def page(name: str, inside: str) -> str:
    """Head and foot of the site."""
    return f"""<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312"><title>{name}-{COUNTY}</title></head>
<body><table><tr><td>今天是 2009年3月1日 <a href="/">首页</a></td></tr></table>{inside}<p>镕溪县人民政府主办</p></body></html>"""


def reply(text: str) -> Reply:
    """In the encoding of its time."""
    return Reply(text.encode("gb18030"))
