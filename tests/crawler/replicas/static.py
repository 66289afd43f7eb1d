"""A city's own build: no product's marks, and every column paged in a way of its own.

区政府: a folder per article, one page. 各部门: `1.html`, `2.html`, links called 下一页, ids of 24 hex digits.
各镇街: articles by day at the root of the site, a pager in Base64 that a script decodes. 事业单位: rows with `data-url`, a
pager of `javascript:next(2)`, long numbers that tell another day than the page. 历年: one year a column, chosen in a list.
"""

import base64
import hashlib

from tests.crawler.replica import Replica, Reply

from . import NEIGHBOURS, NOISE, Site, cut, report_body, report_pdf, title

CITY = "云州市"
NAME = "云州市人民政府门户网站"
TOP = "/zwgk/gknb/"
OFFICES = ("发展和改革委员会", "教育局", "公安局", "审计局", "信访局", "统计局", "体育局")
TOWNS = ("青石镇人民政府", "柳溪街道办事处", "松霁镇人民政府")
SCHOOLS = ("不动产登记中心", "公积金管理中心", "疾病预防控制中心")

Row = tuple[str, str, str]
"""Address, title, day."""


def build(replica: Replica) -> Site:
    """The whole site."""
    stand = Stand(replica)
    stand.entrances()
    stand.government()
    stand.offices()
    stand.towns()
    stand.institutions()
    stand.earlier()
    return Site(
        family="static",
        home=f"{replica.origin}/",
        channels=(f"{replica.origin}{TOP}index.html",),
        reports=stand.reports,
        files=tuple(stand.files),
    )


class Stand:
    """What is being put up."""

    def __init__(self, replica: Replica) -> None:
        self.replica = replica
        self.reports: dict[str, tuple[str, int]] = {}
        self.files: list[str] = []

    # ---- entrances

    def entrances(self) -> None:
        """Home page, disclosure page with neighbours, the annual-report column with its groups."""
        self.put("/", plain("首页", '<a href="/zwgk/index.html">政府信息公开</a> <a href="/hdjl/">互动交流</a>'))
        beside = "".join(f'<li><a href="/zwgk/{place}/">{name}</a></li>' for place, name in enumerate(NEIGHBOURS))
        own = f'<li><a href="{TOP}index.html">政府信息公开年报</a></li>'
        self.put("/zwgk/index.html", plain("政府信息公开", f"<ul>{beside}{own}</ul>"))
        self.put("/hdjl/", plain("互动交流", "<p>欢迎来信，本页只作演示。</p>"))
        for place, name in enumerate(NEIGHBOURS):
            self.put(f"/zwgk/{place}/", plain(name, f'<p>{name}另行公布。</p><a href="/zwgk/index.html">政府信息公开</a>'))
        groups = {"qzf/": "区政府", "./bm/1.html": "各部门", f"{TOP}zj/index.html": "各镇街", "sy/": "事业单位", "../gknb/ln/": "历年年报"}
        links = "".join(f'<li><a href="{to}">{name}</a></li>' for to, name in groups.items())
        crumbs = f'<a href="/">首页</a> » <a href="/zwgk/index.html">政府信息公开</a> » <a href="{TOP}index.html">政府信息公开年报</a>'
        self.put(f"{TOP}index.html", plain("政府信息公开年报", f"<p>{crumbs}</p><ul>{links}</ul>"))

    # ---- columns

    def government(self) -> None:
        """One page; a folder of 32 hex digits for each article, and a PDF with no page around it."""
        rows = [self.report(f"{TOP}qzf/{digits(year, 32)}/index.shtml", f"{CITY}人民政府", year) for year in (2020, 2021, 2022)]
        rows.append(self.pdf(f"{TOP}qzf/files/2022.PDF", f"{CITY}人民政府办公室", 2022))
        lines = "".join(f'<dl><dt><a href="{url}">{name}</a></dt><dd>[{day}]</dd></dl>' for url, name, day in rows)
        self.put(f"{TOP}qzf/", plain("区政府", lines))

    def offices(self) -> None:
        """Numbered pages, the first of them `1.html`; a page of nothing but other papers in the middle."""
        rows = [self.report(f"{TOP}bm/{digits(name, 24)}.html", f"{CITY}{name}", 2022) for name in OFFICES]
        other = [(f"{TOP}bm/{digits(name, 24)}.html", name, "2023-01-10") for name in NOISE]
        pages = [rows[:3], other, rows[3:6], rows[6:]]
        for number, shown in enumerate(pages, 1):
            lines = "".join(item(*row) for row in shown)
            pager = link(f"{number - 1}.html", "上一页", there=number > 1) + link(f"{number + 1}.html", "下一页", there=number < len(pages))
            self.put(f"{TOP}bm/{number}.html", plain("各部门", f"<ul>{lines}</ul><div>{pager}</div>"))

    def towns(self) -> None:
        """A pager that is text until a script decodes it; the last row of the first page is a neighbour's explanation."""
        rows = [self.report(f"/c/2023-01-{10 + place}/46555{place:02}.shtml", f"{CITY}{name}", 2022) for place, name in enumerate(TOWNS)]
        rows.insert(1, ("/c/2023-02-01/4660001.shtml", NOISE[1], "2023-02-01"))
        for number, shown in enumerate((rows[:2], rows[2:3], rows[3:]), 1):
            name = "index.html" if number == 1 else f"index_{number}.html"
            links = "".join(f'<a href="index_{page}.html">{page}</a>' for page in (2, 3)) + '<a href="index.html">首页</a>'
            pager = f'<div id="pages">{base64.b64encode(links.encode()).decode()}</div>'
            script = "<script>var box=document.getElementById('pages');box.innerHTML=decodeURIComponent(escape(window.atob(box.innerText)));</script>"
            lines = "".join(item(*row) for row in shown)
            self.put(f"{TOP}zj/{name}", plain("各镇街", f"<ul>{lines}</ul>{pager}{script}"))

    def institutions(self) -> None:
        """Rows that only a script can open, and a pager that a script turns."""
        rows = [self.report(f"/news/show/202301171515342{place}7.html", f"{CITY}{name}", 2022) for place, name in enumerate(SCHOOLS)]
        script = "<script>function next(n){location.href = 'index_' + n + '.html';}</script>"
        for number, shown in enumerate((rows[:2], rows[2:]), 1):
            lines = "".join(f'<li data-url="{url}"><b>{name}</b><i>{day.replace("-", "/")}</i></li>' for url, name, day in shown)
            pager = '<a href="javascript:next(2)">下一页</a>' if number == 1 else '<a href="javascript:next(1)">上一页</a>'
            name = "" if number == 1 else "index_2.html"
            self.put(f"{TOP}sy/{name}", plain("事业单位", f"<ul>{lines}</ul>{pager}{script}"))

    def earlier(self) -> None:
        """Years in a list to choose from; rows that say no more than the body."""
        options = "".join(f'<option value="{TOP}ln/{year}n/">{year}年</option>' for year in (2018, 2019))
        self.put(f"{TOP}ln/", plain("历年年报", f"<select>{options}</select>"))
        for year in (2018, 2019):
            rows = [self.report(f"{TOP}ln/{year}n/{year}{place}01.html", f"{CITY}{name}", year) for place, name in enumerate(OFFICES[1:3])]
            lines = "".join(f'<td><a href="{url.rpartition("/")[2]}">{name[len(CITY) :].partition(str(year))[0]}</a></td>' for url, name, _ in rows)
            self.put(f"{TOP}ln/{year}n/", plain(f"{year}年", f"<table><tr>{lines}</tr></table>"))

    # ---- reports

    def report(self, path: str, organization: str, year: int) -> Row:
        """A report's page; one in three has its PDF attached, named by a script."""
        file = ""
        if organization.endswith("教育局") and year == 2022:
            file = path.rpartition("/")[0] + "/fj/年度 报告.pdf"
            address = f"{path.rpartition('/')[0]}/fj/%E5%B9%B4%E5%BA%A6%20%E6%8A%A5%E5%91%8A.pdf"
            self.replica.routes[address] = Reply(report_pdf(organization, year), headers={"Content-Type": "application/octet-stream"})
            self.files.append(f"{self.replica.origin}{address}")
        self.put(path, page(organization, year, file))
        self.reports[f"{self.replica.origin}{path}"] = (organization, year)
        return path, title(organization, year), f"{year + 1}-01-20"

    def pdf(self, path: str, organization: str, year: int) -> Row:
        """A report that is a file and no more."""
        self.replica.routes[path] = Reply(report_pdf(organization, year), headers={"Content-Type": "application/pdf"})
        self.reports[f"{self.replica.origin}{path}"] = (organization, year)
        return path, title(organization, year), f"{year + 1}-01-20"

    def put(self, path: str, text: str) -> None:
        self.replica.routes[path] = Reply(text)


def item(url: str, name: str, day: str) -> str:
    """A row with its title cut."""
    return f'<li><a target="_blank" href="{url}" title="{name}">{cut(name)}</a><span>{day}</span></li>'


def link(url: str, name: str, *, there: bool) -> str:
    """A link of a pager, dead where there is no such page."""
    return f'<a href="{url}">{name}</a>' if there else f'<a class="off">{name}</a>'


def digits(seed: object, length: int) -> str:
    """An id as databases make them."""
    return hashlib.sha256(str(seed).encode()).hexdigest()[:length]


def plain(name: str, inside: str) -> str:
    """A page with the site's head and foot; the date in the head is a clock."""
    foot = '<p>主办：云州市人民政府办公室 <a href="http://www.example.invalid/portal?recordcode=1">备案</a></p>'
    return f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>{name} - {NAME}</title></head>
<body><div>2019年12月3日 星期二 <a href="/">网站首页</a></div>{inside}{foot}</body></html>"""


def page(organization: str, year: int, file: str) -> str:
    """An article without meta tags; the day stands below the title, glued to the time."""
    name = title(organization, year)
    attached = f'<p>附件：<a href="{file}">下载</a></p>' if file else ""
    inside = f"""<p>您当前的位置：<a href="/">首页</a> » <a href="javascript:;">{name}</a> » 详情</p>
<h2 id="title">{name}</h2><small>{year + 1}-01-2018:26</small> 来源：{organization} 浏览量：<span></span>【字号：大 中 小】
<div id="content">{report_body(organization, year)}</div>{attached}"""
    return plain(name, inside)

