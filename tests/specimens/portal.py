"""The demo portal: a replica of a Guangdong district's site (NFCMS), every page of it, the same at every run.

`python -m tests.specimens.portal` rewrites `nianbao/demo_pages/`; a test compares. Addresses are those of the family:
columns `…/xxgknb/{qzf,gbm,gzj}/index.html`, `index_2.html`, …; articles `…/content/post_N.html`.
"""

from collections.abc import Callable, Iterable
from html import escape
from pathlib import Path

from . import prose
from .articles import COLUMN, GROUPS, YEARS, Article, Group, articles

HOST = "portal.demo.invalid"
BASE = f"http://{HOST}"
PER_PAGE = 10
FOLDER = Path(__file__).parents[2] / "nianbao" / "demo_pages"


def page(article: Article) -> str:
    """An article as the portal serves it."""
    trail = _trail((COLUMN, "信息公开年报"), (f"{COLUMN}/{article.group}", GROUPS[article.group]))
    files = "".join(
        f'<li><a href="{file.path}" target="_blank">{escape(file.name)}</a></li>' for file in article.attachments
    )
    return f"""<!DOCTYPE html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<title>{escape(article.title)} - {SITE}</title>
{_meta(article)}
</head>
<body>
{_head()}
{trail}
<div class="main">
{article.comment}<h1 class="title">{escape(article.title)}</h1>
<div class="info">发布日期：{article.published} {article.time}&nbsp;&nbsp;文章来源：本网&nbsp;【<span>字体：</span><a href="javascript:;">大</a> <a href="javascript:;">中</a> <a href="javascript:;">小</a>】&nbsp;访问量：<span id="visit">-</span></div>
<div class="article-content" id="zoomcon">
{article.body}
</div>
<div class="xgfj">相关附件：<ul>{files}</ul></div>
<div class="share">分享到：<a href="javascript:;">微信</a> <a href="javascript:;">微博</a></div>
</div>
<script>var NFCMS_SITE_ID=990001,NFCMS_POST_ID={article.number};</script>
{_foot()}
</body>
</html>
"""


SITE = "云州市青澜区人民政府门户网站（演示）"


def _meta(article: Article) -> str:
    tags = {
        "SiteName": SITE,
        "SiteDomain": HOST,
        "SiteIDCode": "9900010001",
        "ColumnName": GROUPS[article.group],
        "ColumnType": "信息公开年报",
        "ArticleTitle": article.title,
        "PubDate": f"{article.published} {article.time}",
        "ContentSource": "本网",
        "ArticleId": str(article.number),
    }
    return "\n".join(f'<meta name="{name}" content="{escape(value)}">' for name, value in tags.items())


def _head() -> str:
    links = (("/index.html", "首页"), ("/xxgk/index.html", "信息公开"), (f"{COLUMN}/index.html", "信息公开年报"))
    items = "".join(f'<li><a href="{to}">{name}</a></li>' for to, name in links)
    return f'<div class="header"><ul>{items}</ul></div>'


def _foot() -> str:
    return f'<div class="footer"><p>主办：{prose.DISTRICT}办公室</p><p>{prose.NOTICE}</p></div>'


def _trail(*steps: tuple[str, str]) -> str:
    first = (("", "首页"), ("/xxgk", "信息公开"), ("/xxgk/xxgkml", "信息公开目录"))
    links = " &gt; ".join(f'<a href="{to}/">{name}</a>' for to, name in (*first, *steps))
    return f'<div class="position">您现在的位置：{links}</div>'


def _list_page(heading: str, trail: str, entries: Iterable[Article], pager: str = "", links: str = "") -> str:
    rows = "\n".join(
        f'<li><a href="{entry.path}" title="{escape(entry.title)}" target="_blank">{escape(_cut(entry.title))}</a>'
        f'<span class="date">{entry.published}</span></li>'
        for entry in entries
    )
    return f"""<!DOCTYPE html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<title>{heading} - {SITE}</title>
<meta name="SiteName" content="{SITE}">
<meta name="ColumnName" content="{heading}">
<meta name="ColumnType" content="信息公开年报">
</head>
<body>
{_head()}
{trail}
<h2>{heading}</h2>
{links}<ul class="list">
{rows}
</ul>
{pager}
{_foot()}
</body>
</html>
"""


def _cut(title: str) -> str:
    """Lists show the beginning of a title only."""
    return title if len(title) <= 28 else title[:27] + "…"


def _column(group: Group, entries: list[Article]) -> dict[str, str]:
    """The list pages of one group: `index.html`, then `index_2.html`, …"""
    count = max(1, -(-len(entries) // PER_PAGE))
    names = ["index.html", *(f"index_{number}.html" for number in range(2, count + 1))]
    trail = _trail((COLUMN, "信息公开年报"), (f"{COLUMN}/{group}", GROUPS[group]))
    pages = {}
    for place, name in enumerate(names):
        shown = entries[place * PER_PAGE : (place + 1) * PER_PAGE]
        pages[f"{COLUMN}/{group}/{name}"] = _list_page(GROUPS[group], trail, shown, _pager(names, place, len(entries)))
    return pages


def _pager(names: list[str], place: int, total: int) -> str:
    links = [
        f'<a href="{name}" class="{"current" if number == place else "num"}">{number + 1}</a>'
        for number, name in enumerate(names)
    ]
    if place + 1 < len(names):
        links.append(f'<a class="next" href="{names[place + 1]}">下一页</a>')
    return f'<div class="page"><span>共{total}条</span>{"".join(links)}</div>'


def _years(entries: list[Article]) -> dict[str, str]:
    """One list a year across the groups."""
    pages = {}
    for year in YEARS:
        shown = [entry for entry in entries if entry.truth is not None and entry.truth.year == year]
        trail = _trail((COLUMN, "信息公开年报"), (f"{COLUMN}/nd/{year}", f"{year}年"))
        pages[f"{COLUMN}/nd/{year}/index.html"] = _list_page(f"{year}年年度报告", trail, shown)
    return pages


def pages() -> dict[str, bytes]:
    """Every file of the demo by its path under the folder of the package."""
    newest_first = sorted(articles(), key=lambda article: (article.published, article.number), reverse=True)
    served: dict[str, str | bytes] = {article.path: page(article) for article in newest_first}
    served |= {file.path: file.content for article in newest_first for file in article.attachments}
    for group in GROUPS:
        served |= _column(group, [article for article in newest_first if article.group == group])
    served |= _years(newest_first) | _entrances(newest_first)
    served["/robots.txt"] = "User-agent: *\nDisallow: /search/\n"
    files = {f"{HOST}{path}": content for path, content in served.items()} | {"portal.toml": PORTAL}
    return {path: content.encode() if isinstance(content, str) else content for path, content in sorted(files.items())}


def _entrances(newest_first: list[Article]) -> dict[str, str]:
    """Home page and the columns above the lists."""
    groups = "".join(f'<li><a href="{COLUMN}/{group}/index.html">{name}</a></li>' for group, name in GROUPS.items())
    years = "".join(f'<li><a href="{COLUMN}/nd/{year}/index.html">{year}年</a></li>' for year in reversed(YEARS))
    both = f'<ul class="columns">{groups}</ul>\n<ul class="years">{years}</ul>\n'
    down = f'<ul class="columns"><li><a href="{COLUMN}/index.html">信息公开年报</a></li></ul>\n'
    above: tuple[tuple[str, str, Callable[[], str]], ...] = (
        ("/index.html", "首页", lambda: down),
        ("/xxgk/index.html", "信息公开", lambda: down),
        ("/xxgk/xxgkml/index.html", "信息公开目录", lambda: down),
    )
    pages = {path: _list_page(name, _trail(), (), links=links()) for path, name, links in above}
    trail = _trail((COLUMN, "信息公开年报"))
    return pages | {f"{COLUMN}/index.html": _list_page("信息公开年报", trail, newest_first[:5], links=both)}


PORTAL = f"""# The demo portal: pages made by tests/specimens/portal.py, served on loopback by `nianbao demo`.

name = "云州市青澜区人民政府（演示）"
key = "demo"
family = "guangdong_nfcms"
evidence = "every page is synthetic; the figures of 狮岭镇 2020 are those that the town published in 2021"
verified = true

[[channels]]
url = "{BASE}{COLUMN}/qzf/index.html"

[[channels]]
url = "{BASE}{COLUMN}/gbm/index.html"

[[channels]]
url = "{BASE}{COLUMN}/gzj/index.html"

[pace]
delay = 0.0

[expect]
reports_per_year = 7
"""


def write(folder: Path = FOLDER) -> int:
    """Write every file anew, remove what no longer belongs; the number of bytes written."""
    made = pages()
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_file() and path.relative_to(folder).as_posix() not in made:
            path.unlink()
    for name, content in made.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return sum(len(content) for content in made.values())


if __name__ == "__main__":
    print(f"{write():,} bytes in {FOLDER.name}")
