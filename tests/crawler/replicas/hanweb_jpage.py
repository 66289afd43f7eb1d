"""Hanweb with jpage: rows in XML inside the page and behind a proxy, an old column by script, one as a catalogue table.

The proxy gives three pages at a call, counts pages wrongly, keeps a record without a link, answers another column's unit
with nothing and the end of a list with an empty store; the old one answers to POST alone. Beside the departments' list stands one with news. The table is
shown only to those who come from its column.
"""

from collections.abc import Sequence

from tests.crawler.replica import Hit, Program, Replica, Reply

from . import NEIGHBOURS, NOISE, Site, cut, report_body, report_pdf, title

CITY = "云州市"
YEARS = (2020, 2021, 2022)
PER_PAGE = 2
PROXY, OLD_PROXY, TABLE = "/module/web/jpage/dataproxy.jsp", "/module/jslib/jquery/jpage/dataproxy.jsp", "/module/xxgk/search.jsp"
XML, PDF = {"Content-Type": "text/xml;charset=UTF-8"}, {"Content-Type": "application/octet-stream"}
END = "<datastore><recordset></recordset></datastore>"
GUIDE, ANNUAL, CITY_COLUMN, DEPARTMENTS, TOWNS = 1229000100, 1229000200, 1229000201, 1229000202, 1229000203
FILE = "/module/download/downfile.jsp?classid=0&filename={}.pdf"


def build(replica: Replica) -> Site:
    """A city, its departments and its towns."""
    reports: dict[str, tuple[str, int]] = {}
    entrances(replica)
    city(replica, reports)
    departments(replica, reports)
    towns(replica, reports)
    return Site(
        family="hanweb_jpage",
        home=f"{replica.origin}/",
        channels=(f"{replica.origin}{column(ANNUAL)}",),
        reports=reports,
        files=(f"{replica.origin}{FILE.format('5d41402abc4b2a76b9719d911017c592')}",),
    )


def column(number: int) -> str:
    return f"/col/col{number}/index.html"


# ---- pages


def page(name: str, inside: str, number: int = 0) -> str:
    """A column page with the scripts and tags of the system."""
    return f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>{name}</title><meta name="ColumnName" content="{name}">
<meta name="i_columnid" content="{number}"><script src="/module/jslib/jquery/jquery.js"></script></head><body>
<div class="wz">当前位置：<a href="/">首页</a> &gt; <a href="{column(GUIDE)}">政府信息公开</a></div>{inside}</body></html>"""


def article(organization: str, year: int, files: str = "") -> str:
    """A report's page: comments around the body, an index card whose 文号 is empty."""
    name, day = title(organization, year), f"{year + 1}-01-09"
    card = f"<tr><td>索 引 号</td><td>H095/{year + 1}-47793</td><td>成文日期</td><td>{day}</td></tr><tr><td>文&nbsp;&nbsp;号</td><td></td><td>公开方式</td><td>主动公开</td></tr>"
    return f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>{name}</title><meta name="ArticleTitle" content="{name}">
<meta name="PubDate" content="{day} 09:12"><meta name="ContentSource" content="本网"><meta name="i_columnid" content="{DEPARTMENTS}">
</head><body><table class="xxgk_table">{card}</table><p class="sp_title">{name}</p><div>发布日期：{day} 浏览次数：<span></span></div>
<div id="zoom"><!--ZJEG_RSS.content.begin-->{report_body(organization, year)}<!--ZJEG_RSS.content.end--></div>{files}</body></html>"""


def record(href: str, name: str, date: str) -> str:
    """A row inside a store."""
    return f'<record><![CDATA[ <li class="cf"><font> · </font><a target="_blank"\n href="{href}" title="{name}">{cut(name)}</a>{date}</li> ]]></record>'


def report_record(replica: Replica, reports: dict[str, tuple[str, int]], organization: str, year: int, path: str, date: str, files: str = "") -> str:
    replica.routes[path] = Reply(article(organization, year, files))
    reports[f"{replica.origin}{path}"] = (organization, year)
    return record(path, title(organization, year), date)


def entrances(replica: Replica) -> None:
    """Home page, disclosure page, the annual column with its groups."""
    replica.routes["/"] = Reply(page("首页", f'<a href="{column(GUIDE)}">政府信息公开</a><a href="/art/2023/1/9/art_1229000900_68000.html">市政府召开会议</a>'))
    beside = "".join(f'<li><a href="{column(1229000300 + n)}">{name}</a></li>' for n, name in enumerate(NEIGHBOURS))
    replica.routes[column(GUIDE)] = Reply(page("政府信息公开", f'<ul>{beside}<li><a href="{column(ANNUAL)}">政府信息公开年报</a></li></ul>', GUIDE))
    for number, name in enumerate(NEIGHBOURS):
        replica.routes[column(1229000300 + number)] = Reply(page(name, "<p>另有说明。</p>", 1229000300 + number))
    groups = {CITY_COLUMN: "市政府", DEPARTMENTS: "市级部门", TOWNS: "乡镇（街道）", 1229000300: NEIGHBOURS[0]}
    inside = "".join(f'<li><a href="{column(number)}">{name}</a></li>' for number, name in groups.items())
    replica.routes[column(ANNUAL)] = Reply(page("政府信息公开年报", f"<ul>{inside}</ul>", ANNUAL))


# ---- the groups


def departments(replica: Replica, reports: dict[str, tuple[str, int]]) -> None:
    """Six records in the page, eight behind the proxy; one report with its PDF, one that is a file only."""
    records = []
    attached = f'附件：<a href="{FILE.format("5d41402abc4b2a76b9719d911017c592")}"><img src="/module/jslib/icons/word.png"/>年度报告.pdf</a>'
    replica.routes[FILE.format("5d41402abc4b2a76b9719d911017c592")] = Reply(report_pdf(f"{CITY}教育局", 2021), headers=PDF)
    for place, body in enumerate(("教育局", "审计局", "气象局")):
        for year in YEARS:
            shown = (f"<span>{year + 1}-01-09</span>", f'<b readlabel="{year + 1}-01-09"></b>', f"<span>{year + 1}-\n01-\n09</span>")[place]
            path = f"/art/{year + 1}/1/9/art_{DEPARTMENTS}_{684000 + place * 10 + year}.html"
            records.append(report_record(replica, reports, f"{CITY}{body}", year, path, shown, attached if (body, year) == ("教育局", 2021) else ""))
    alone = FILE.format("7d793037a0760186574b0282f2f435e7")
    replica.routes[alone] = Reply(report_pdf(f"{CITY}档案局", 2022), headers=PDF)
    reports[f"{replica.origin}{alone}"] = (f"{CITY}档案局", 2022)
    records.append(record(alone.replace("&", "&amp;"), title(f"{CITY}档案局", 2022), "<span>2023-01-10</span>"))
    records += [record(f"/art/2023/2/1/art_{DEPARTMENTS}_{690000 + n}.html", name, "<span>2023-02-01</span>") for n, name in enumerate(NOISE[:3])]
    records.insert(3, "<record><![CDATA[ <li><font> · </font><span>没有链接的一条</span></li> ]]></record>")
    news = [record(f"/art/2023/1/{n}/art_1229000900_{69000 + n}.html", f"今日要闻第{n}条", f"<span>2023-01-0{n}</span>") for n in (1, 2)]
    units = unit(DEPARTMENTS, 403740, records[: 3 * PER_PAGE]) + unit(1229000900, 403799, news)
    script = f"<script>$('#403740').jpage({{perpage:{PER_PAGE}, unitid:403740}})</script>"
    replica.routes[column(DEPARTMENTS)] = Reply(page("市级部门", units + script, DEPARTMENTS))
    replica.routes[PROXY] = Program(lambda hit: served(hit, str(DEPARTMENTS), "403740", records))


def unit(number: int, name: int, records: Sequence[str]) -> str:
    """A store with the proxy's address, in the block that a script draws it into."""
    query = f"page=1&webid=23&path=/&columnid={number}&unitid={name}&webname=%E4%BA%91%E5%B7%9E&permissiontype=0"
    group = f'<nextgroup><![CDATA[<a href="{PROXY}?{query}"></a>]]></nextgroup>'
    return f'<div id="{name}"><script type="text/xml"><datastore>\n{group}\n<recordset>{"".join(records)}</recordset></datastore></script></div>'


def served(hit: Hit, number: str, name: str, records: Sequence[str]) -> Reply:
    """The records asked for, three pages at most; for a column's unit that is not its own, nothing."""
    form = hit.form
    if (form.get("columnid"), form.get("unitid"), form.get("webname")) != (number, name, "云州"):
        return Reply(END, headers=XML)
    start, end = int(form["startrecord"]), int(form["endrecord"])
    shown = records[start - 1 : min(end, start - 1 + 3 * PER_PAGE)]
    if not shown:
        return Reply(END, headers=XML)
    count = f"<totalrecord>{len(records)}</totalrecord><totalpage>{len(records) // 2 - 1}</totalpage>"
    return Reply(f"<datastore>{count}<recordset>{''.join(shown)}</recordset></datastore>", headers=XML)


def towns(replica: Replica, reports: dict[str, tuple[str, int]]) -> None:
    """No row in the page; the old proxy answers with a script."""
    rows: list[str] = []
    for place, town in enumerate(("云溪镇人民政府", "石桥街道办事处")):
        for year in YEARS:
            path = f"/art/{year + 1}/1/19/art_{TOWNS}_{685000 + place * 10 + year}.html"
            whole = report_record(replica, reports, f"{CITY}{town}", year, path, "")
            rows.append(whole.split("[CDATA[")[1].split("]]>")[0].strip().replace("\n", ""))
    address = f"{OLD_PROXY}?appid=1&webid=23&columnid={TOWNS}&unitid=403741&perpage=2"
    replica.routes[column(TOWNS)] = Reply(page("乡镇（街道）", f"<div id='403741'></div><script>load('{address}', {{perpage: 2}});</script>", TOWNS))
    replica.routes[OLD_PROXY] = Program(lambda hit: scripted(hit, rows))


def scripted(hit: Hit, rows: Sequence[str]) -> Reply:
    """Rows as an array of strings, four a call at most, by POST only."""
    rows = rows if hit.method == "POST" else ()
    start, end = int(hit.form.get("startrecord", "1")), int(hit.form.get("endrecord", "2"))
    shown = ",\n".join(f"'{row}'" for row in rows[start - 1 : min(end, start + 3)])
    text = f"totalRecord={len(rows)}.0;totalPage = {len(rows)};dataStore = [ {shown} ];"
    return Reply(text, headers={"Content-Type": "text/javascript"})


def city(replica: Replica, reports: dict[str, tuple[str, int]]) -> None:
    """A table of two pages in a frame."""
    organization, lines = f"{CITY}人民政府", []
    for number, year in enumerate(YEARS):
        path = f"/art/{year + 1}/3/2/art_{CITY_COLUMN}_{686000 + year}.html?xxgkhide=1"
        replica.routes[path] = Reply(article(organization, year))
        reports[f"{replica.origin}{path}"] = (organization, year)
        name, day = title(organization, year), f"{year + 1}-03-02"
        lines.append(
            f'<tr class="tr_main_value_{"odd" if number % 2 else "even"}"><td>{number + 1}</td><td><a href="{replica.origin}{path}" '
            f'title="{name}" mc="{name}" wh="" rq="{day}" syh="H095/{year}">{cut(name)}</a></td><td width="120">{day}</td></tr>'
        )
    frame = f'<iframe src="{TABLE}?infotypeId=&amp;jdid=2&amp;area=1133000000&amp;divid=div1686&amp;currpage=1"></iframe>'
    replica.routes[column(CITY_COLUMN)] = Reply(page("市政府", frame, CITY_COLUMN))
    replica.routes[TABLE] = Program(lambda hit: table(hit, lines))


def table(hit: Hit, lines: Sequence[str]) -> Reply:
    """Two rows a page, for visitors of the column."""
    if not hit.headers.get("referer", "").endswith(column(CITY_COLUMN)):
        return Reply("<html><title>404</title><body>非法请求</body></html>", 404)
    start = (int(hit.form.get("currpage", "1")) - 1) * 2
    inside = "".join(lines[start : start + 2])
    return Reply(f'<table><tr><th>序号</th><th>名称</th><th>日期</th></tr>{inside}<tr><td class="tb_title">共{(len(lines) + 1) // 2}页</td></tr></table>')
