"""A district on VSB: a list of four pages that count down, a column below it by year, PDFs in frames, downloads."""

from tests.crawler.replica import Replica, Reply
from tests.specimens import prose, word
from tests.specimens.forms import forms

from . import NEIGHBOURS, NOISE, Site, cut, report_body, report_pdf, title, told

DISTRICT = "云州市青澜区"
BODIES = ("人民政府办公室", "教育局", "审计局", "民政局", "财政局", "青石镇人民政府", "柳溪街道办事处")
LIST = "/zwgk/xxgk/zfxxgknb"
COLUMN, STREETS = 3969, 3970
PDF = "/__local/B/56/8D/68470E61DC419A135965286BD06_FD7C9A42_12F48.pdf"
ALONE = "/__local/0/1A/22/0F0E0D0C0B0A09080706050403_12345678_99.pdf"
DOWNLOAD = "/system/_content/download.jsp?urltype=news.DownloadAttachUrl&owner=1803678113&wbfileid=4764412"

Row = tuple[str, str, str]


def build(replica: Replica) -> Site:
    """Everything; addresses of rows are relative to the page that they stand on."""
    reports: dict[str, tuple[str, int]] = {}
    entrances(replica)
    rows = [report(replica, reports, COLUMN, place, body, year) for year in (2022, 2021) for place, body in enumerate(BODIES)]
    rows.insert(3, (f"/article.jsp?urltype=news.NewsContentUrl&wbtreeid={COLUMN}&wbnewsid=9", NOISE[0], "2023-01-03"))
    rows[9:9] = [(f"/info/{COLUMN}/99{place}.htm", name, "2022-03-01") for place, name in enumerate(NOISE[1:])]
    rows.append(alone(replica, reports))
    shown = [rows[start : start + 5] for start in range(0, len(rows), 5)]
    years = f'<div class="nav"><a href="zfxxgknb/2020.htm">2020年</a><a href="{LIST}/jd.htm">各街道</a></div>'
    for number, part in enumerate(shown):
        path = f"{LIST}.htm" if number == 0 else f"{LIST}/{len(shown) - number}.htm"
        replica.routes[path] = Reply(list_page("政府信息公开年报", part, pager(number, len(shown)), years if number == 0 else "", depth=path.count("/") - 1))
    below(replica, reports)
    origin = replica.origin
    return Site("vsb", f"{origin}/", (f"{origin}{LIST}.htm",), reports, (f"{origin}{PDF}", f"{origin}{DOWNLOAD}"))


def entrances(replica: Replica) -> None:
    """Home page and disclosure page."""
    replica.routes["/"] = Reply(page("首页", '<ul><li><a href="zwgk.htm">政务公开</a></li><li><a href="hdjl.htm">互动交流</a></li></ul>', depth=0))
    replica.routes["/hdjl.htm"] = Reply(page("互动交流", "<p>欢迎来信。</p>", depth=0))
    names = [(f"zwgk/xxgk/l{place}.htm", name) for place, name in enumerate(NEIGHBOURS)]
    links = "".join(f'<li><a href="{to}">{name}</a></li>' for to, name in [*names[:3], ("zwgk/xxgk/zfxxgknb.htm", "政府信息公开年报"), *names[3:]])
    replica.routes["/zwgk.htm"] = Reply(page("政务公开", f"<ul>{links}</ul>", depth=0))
    for to, name in names:
        replica.routes[f"/{to}"] = Reply(page(name, f"<p>{name}另行公布。</p>", depth=2))


def below(replica: Replica, reports: dict[str, tuple[str, int]]) -> None:
    """Columns below the list: one year, which is named like a page, and the streets, with two pages."""
    rows = [report(replica, reports, COLUMN, place, body, 2020) for place, body in enumerate(BODIES[:2])]
    replica.routes[f"{LIST}/2020.htm"] = Reply(list_page("2020年", rows, "", '<a href="2019.htm">2019年</a>', depth=3))
    replica.routes[f"{LIST}/2019.htm"] = Reply(list_page("2019年", [], "", '<a href="2020.htm">2020年</a>', depth=3))
    rows = [report(replica, reports, STREETS, place, body, 2022) for place, body in enumerate(("松霁街道办事处", "云台街道办事处"))]
    replica.routes[f"{LIST}/jd.htm"] = Reply(list_page("各街道", rows[:1], '<span>1/2</span><a href="jd/1.htm">下页</a>', depth=3))
    replica.routes[f"{LIST}/jd/1.htm"] = Reply(list_page("各街道", rows[1:], '<a href="../jd.htm">首页</a>', depth=4))


def report(replica: Replica, reports: dict[str, tuple[str, int]], column: int, place: int, body: str, year: int) -> Row:
    """A report's page: text, or a PDF in a frame, or text with a Word file to download."""
    organization, path = f"{DISTRICT}{body}", f"/info/{column}/{year - 2010}{place:02}.htm"
    inside, files = f'<p class="vsbcontent_start">{title(organization, year)}</p>{report_body(organization, year)}', ""
    if (body, year) == ("审计局", 2022):
        replica.routes[PDF] = Reply(report_pdf(organization, year), headers={"Content-Type": "application/pdf"})
        inside = f'<p><iframe src="/system/resource/pdfjs/viewer.html?file={PDF}" width="1000"></iframe></p>'
    if (body, year) == ("民政局", 2022):
        random, truth = told(organization, year)
        replica.routes[DOWNLOAD] = Reply(
            word.docx_page(truth, prose.text(random, truth), forms(truth)), headers={"Content-Type": "application/octet-stream"}
        )
        files = f'<ul><li>附件【<a href="{DOWNLOAD.replace("&", "&amp;")}" target="_blank">年度报告.docx</a>】已下载<span>0</span>次</li></ul>'
    replica.routes[path] = Reply(article(organization, year, inside, files))
    reports[f"{replica.origin}{path}"] = (organization, year)
    return path, title(organization, year), f"{year + 1}-01-20"


def alone(replica: Replica, reports: dict[str, tuple[str, int]]) -> Row:
    """A row that is a file."""
    organization = f"{DISTRICT}统计局"
    replica.routes[ALONE] = Reply(report_pdf(organization, 2021), headers={"Content-Type": "application/pdf"})
    reports[f"{replica.origin}{ALONE}"] = (organization, 2021)
    return ALONE, title(organization, 2021), "2022-01-20"


def list_page(name: str, rows: list[Row], pager: str, columns: str = "", *, depth: int) -> str:
    """A list; rows are linked relative to it, with their whole titles."""
    up = "../" * depth
    lines = "".join(
        f'<li id="line_u9_{place}"><a href="{up}{url[1:].replace("&", "&amp;")}" target="_blank" title="{text}">{cut(text)}</a><span>{day}</span></li>'
        for place, (url, text, day) in enumerate(rows)
    )
    return page(name, f'{columns}<ul class="list">{lines}</ul><div class="pb_sys_common">{pager}</div>', depth=depth)


def pager(number: int, total: int) -> str:
    """The pager of the page `number` places after the first; numbers of files count down."""
    where = "zfxxgknb/" if number == 0 else ""
    links = [f'<span>共{total * 5}条</span><span>{number + 1}/{total}</span>']
    if number + 1 < total:
        links += [f'<a href="{where}{total - number - 1}.htm" class="Next">下页</a>', f'<a href="{where}1.htm">尾页</a>']
    if number:
        links.append('<a href="../zfxxgknb.htm">首页</a>')
    return "".join(links)


def page(name: str, inside: str, *, depth: int) -> str:
    """Head and foot of the site."""
    up = "../" * depth
    crumbs = f'<a href="{up}index.htm">首页</a>&gt;&gt;<a href="{up}zwgk.htm">政务公开</a>&gt;&gt;<a href="{up}zwgk/xxgk/zfxxgknb.htm">政府信息公开年报</a>'
    return f"""<!DOCTYPE html><HTML><HEAD><META charset="utf-8"><TITLE>{name}-青澜区</TITLE><META Name="keywords" Content="青澜区,{name}">
<link rel="stylesheet" href="{up}_sitegray/_sitegray_d.css"><script src="{up}_sitegray/_sitegray.js"></script><!--Announced by Visual SiteBuilder 9-->
</HEAD><BODY><div>{crumbs if depth else ""}</div>{inside}<script src="/system/resource/js/counter.js"></script></BODY></HTML>"""


def article(organization: str, year: int, inside: str, files: str) -> str:
    """An article with its editor's classes; files stand outside the body."""
    name = title(organization, year)
    return page(name, f"""<form name="_newscontent_fromname"><h1>{name}</h1><div>发布时间：{year + 1}-01-20 浏览次数：<span></span>次 来源：{organization}</div>
<div id="vsb_content_2"><div class="v_news_content">{inside}</div></div>{files}</form><p>上一条：<a href="9001.htm">无</a></p>""", depth=2)  # fmt: skip
