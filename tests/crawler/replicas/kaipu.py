"""Kaipu: a parent column over a static list, a shell filled by GET, one filled by POST, and a tree of channels.

Traps: rows with protocol-relative and absolute addresses, the same report under two channels, a server that gives
fewer rows than asked for, whole articles inside the rows, a PubDate that is the time of the page's generation, a
report that is a file only, a neighbour column with the same template.
"""

import json
from hashlib import md5
from typing import Any

from msgspec import Struct

from tests.crawler.replica import Hit, Program, Replica, Reply

from . import NEIGHBOURS, NOISE, Site, cut, report_body, report_pdf, title

DISTRICT = "云州市清澜区"
SITE = "/qlq"
DEPARTMENTS = ("教育局", "审计局", "财政局", "民政局", "水务局", "统计局")
TOWNS = ("青石镇人民政府", "柳溪街道办事处", "白塔乡人民政府")
CAP = 5
"""Rows of an answer at most, whatever is asked for."""


class Post(Struct, frozen=True):
    """A report on the portal: its page, and where rows of it lead."""

    organization: str
    year: int
    path: str
    published: str

    @property
    def title(self) -> str:
        return title(self.organization, self.year)


def build(replica: Replica) -> Site:
    """A district's portal."""
    government = [post("c100028", f"{DISTRICT}人民政府", year) for year in range(2018, 2024)]
    departments = [post("c100029", f"{DISTRICT}{name}", year) for year in (2022, 2021) for name in DEPARTMENTS]
    towns = [post("c100030", f"{DISTRICT}{name}", year) for year in (2022, 2021) for name in TOWNS]
    earlier = [post("c100031a", f"{DISTRICT}{name}", 2020) for name in DEPARTMENTS[:2]]
    files = [add(replica, one, place) for place, one in enumerate([*government, *departments, *towns, *earlier])]
    static(replica, government)
    searched(replica, departments)
    posted(replica, towns)
    tree(replica, {"2020年": [*earlier, departments[0]], "历年年报": government[:2]})
    home(replica)
    reports = {
        f"{replica.origin}{one.path}": (one.organization, one.year)
        for one in (*government, *departments, *towns, *earlier)
    }
    column = f"{replica.origin}{SITE}/zfxxgknb/common_zfxxgknb.shtml"
    found = tuple(f"{replica.origin}{file}" for file in files if file)
    return Site(family="kaipu", home=f"{replica.origin}/", channels=(column,), reports=reports, files=found)


def hexed(name: str) -> str:
    """32 hex digits, as channels and articles are called."""
    return md5(name.encode()).hexdigest()


def post(column: str, organization: str, year: int) -> Post:
    """Three shapes of addresses, by column."""
    name = hexed(f"{organization}{year}")
    month, number = f"{year + 1}01", int(name[:6], 16)
    path = {
        "c100028": f"{SITE}/{column}/{month}/{name}.shtml",
        "c100029": f"{SITE}/{column}/c{number}/content.shtml",
        "c100030": f"{SITE}/{column}/c{number}/content.html",
    }.get(column, f"{SITE}/{column}/{month}/c01_{number}.shtml")
    return Post(organization, year, path, f"{year + 1}-01-{int(name[6], 16) + 10}")


# ---- entrances


def home(replica: Replica) -> None:
    """Home page → 政府信息公开 → the parent column and its neighbours."""
    news = f'<a href="{SITE}/c200100/202306/{hexed("要闻")}.shtml">全区召开季度工作会议</a>'
    links = f'<a href="{SITE}/zwgk/index.shtml">政府信息公开</a><a href="/hd.shtml">互动</a>'
    replica.routes["/"] = Reply(page("首页", f"{news}{links}"))
    replica.routes["/hd.shtml"] = Reply(page("互动", "欢迎来信"))
    beside = "".join(
        f'<li><a href="{SITE}/c2000{n}/common_list.shtml">{name}</a></li>' for n, name in enumerate(NEIGHBOURS)
    )
    own = f'<li><a href="{SITE}/zfxxgknb/common_zfxxgknb.shtml">政府信息公开年报</a></li>'
    replica.routes[f"{SITE}/zwgk/index.shtml"] = Reply(page("政府信息公开", f"<ul>{beside}{own}</ul>"))
    for number, name in enumerate(NEIGHBOURS):
        path = f"{SITE}/c2000{number}/common_list.shtml"
        replica.routes[path] = Reply(page(name, f'<li><a href="./202201/{hexed(name)}.shtml">{name}</a></li>'))
    columns = {
        f"{SITE}/c100028/common_list.shtml": "区政府", f"{SITE}/c100029/common_xq_list.shtml": "各部门",
        "../c100030/index.html?tab=gknb": "各镇街", f"{SITE}/c100031a/list.shtml": "历年年报", f"{SITE}/zwgk/index.shtml": "返回",
    }  # fmt: skip
    inside = "".join(f'<li><a href="{to}">{name}</a></li>' for to, name in columns.items())
    head = f'<meta name="channelid" content="{hexed("年报")}">'
    replica.routes[f"{SITE}/zfxxgknb/common_zfxxgknb.shtml"] = Reply(
        page("政府信息公开年报", f"<ul>{inside}</ul>", head)
    )


def page(name: str, inside: str, head: str = "") -> str:
    return f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>{name}</title><meta name="ColumnName" content="{name}">
<meta name="SiteIDCode" content="9900020001">{head}</head><body><div class="header"><a href="/">首页</a></div>{inside}</body></html>"""


# ---- lists


def static(replica: Replica, posts: list[Post]) -> None:
    """Three pages with two reports each; the pager is a script's argument."""
    for number in range(3):
        rows = [
            f'<li><a href="{one.path}" title="{one.title}">{cut(one.title)}</a><span>{one.published}</span></li>'
            for one in posts[number * 2 : number * 2 + 2]
        ]
        rows.append(
            f'<li><a href="./202301/{hexed(NOISE[number])}.shtml">{NOISE[number]}</a><span>2023-01-02</span></li>'
        )
        script = f"<script>createPageHTML('page_div',3, {number + 1},'common_list','shtml',9);</script>"
        name = "common_list.shtml" if number == 0 else f"common_list_{number + 1}.shtml"
        replica.routes[f"{SITE}/c100028/{name}"] = Reply(
            page("区政府", f'<ul>{"".join(rows)}</ul><div id="page_div"></div>{script}')
        )


def searched(replica: Replica, posts: list[Post]) -> None:
    """A shell whose script asks `/searchList/<channel>`."""
    channel = hexed("各部门")
    script = """<script>var url = "/searchList/" + $("meta[name='channelid']").attr("content") + "?_isAgg=true&_isJson=true&_pageSize=15&page=";</script>"""
    shell = page("各部门", f'<ul id="list"></ul>{script}', head=f'<meta name="channelid" content="{channel}">')
    replica.routes[f"{SITE}/c100029/common_xq_list.shtml"] = Reply(shell)
    rows = [row(replica, one, "protocol") for one in posts]
    rows[4:4] = [{**rows[0], "title": NOISE[0], "url": "//mp.weixin.example.invalid/s/1"}]
    replica.routes[f"/searchList/{channel}"] = Program(lambda hit: json_reply(enveloped(hit, rows, "_pageSize")))


def posted(replica: Replica, posts: list[Post]) -> None:
    """A tab whose script posts a form; to GET there is nothing."""
    channel = hexed("各镇街")
    script = f"<style>b {{font-size: 14px}}</style><script>$.post('/getFileListByCodeId', {{channelId: '{channel}', page: 1, size: 4, relateSubChannels: true}}, show);</script>"
    replica.routes[f"{SITE}/c100030/index.html?tab=gknb"] = Reply(page("各镇街", f'<div id="gknb"></div>{script}'))
    rows = [row(replica, one, "absolute") for one in posts]

    def answer(hit: Hit) -> Reply:
        is_right = hit.method == "POST" and hit.form.get("channelId") == channel
        return json_reply({"code": 200, "results": enveloped(hit, rows if is_right else [], "size")})

    replica.routes["/getFileListByCodeId"] = Program(answer)


def tree(replica: Replica, channels: dict[str, list[Post]]) -> None:
    """A shell that asks for the children of its channel first."""
    script = "<script>$.get('/common/getChannelList?channelCode=c100031a&websiteCodeName=qlq', draw);</script>"
    replica.routes[f"{SITE}/c100031a/list.shtml"] = Reply(page("历年年报", script))
    children = [{"displayName": name, "channelId": hexed(name)} for name in (*channels, "网站地图")]
    replica.routes["/common/getChannelList?channelCode=c100031a&websiteCodeName=qlq"] = json_reply(
        {"results": {"children": children}}
    )
    for name, posts in channels.items():
        rows = [row(replica, one, "path") for one in posts]
        replica.routes[f"/common/search/{hexed(name)}"] = Program(
            lambda hit, rows=rows: json_reply(enveloped(hit, rows, "_pageSize"))
        )


def row(replica: Replica, one: Post, form: str) -> dict[str, Any]:
    """A row as the platform gives it: the article's own body comes along."""
    host = {"protocol": replica.origin.removeprefix("http:"), "absolute": replica.origin}.get(form, "")
    return {
        "manuscriptId": hexed(one.path)[:8], "title": f" {one.title} ", "subTitle": "", "titleHtml": f"<p>{one.title}</p>",
        "url": f"{host}{one.path}", "publishedTimeStr": f"{one.published} 15:15:26", "channelName": "年报", "memo": "",
        "contentHtml": report_body(one.organization, one.year), "domainMetaList": [{"resultList": [{"name": "发文字号", "value": "-"}]}],
    }  # fmt: skip


def enveloped(hit: Hit, rows: list[dict[str, Any]], size_name: str) -> dict[str, Any]:
    """A page of rows; more than CAP are never given, and `rows` says what was asked for."""
    asked, number = int(hit.form.get(size_name, "10")), int(hit.form.get("page", "1"))
    size = min(asked, CAP)
    served = rows[(number - 1) * size : number * size]
    return {"data": {"total": len(rows), "page": number, "rows": asked, "results": served}, "channelName": "年报"}


def json_reply(value: object) -> Reply:
    return Reply(json.dumps(value), headers={"Content-Type": "application/json;charset=UTF-8"})


# ---- articles


def add(replica: Replica, one: Post, place: int) -> str | None:
    """The page of a report; the second of all is a file only, the third has its file beside it."""
    file = None
    if place in (1, 2):
        file = f"{one.path.rsplit('/', 1)[0]}/files/{hexed(one.path)}.pdf"
        replica.routes[file] = Reply(
            report_pdf(one.organization, one.year), headers={"Content-Type": "application/pdf"}
        )
    link = f'<p>附件：<a href="{file}">{one.title}.pdf</a></p>' if file else ""
    body = "" if place == 1 else report_body(one.organization, one.year)
    replica.routes[one.path] = Reply(article(one, f"{body}{link}"))
    return file


def article(one: Post, inside: str) -> str:
    """An article page, generated long after its report was published."""
    head = f"""<meta name="ArticleTitle" content="{one.title}"><meta name="PubDate" content="2025-09-28 15:35:13">
<meta name="others" content="页面生成时间 2025-09-28 15:35:13"><meta name="ContentSource" content="本站">"""
    inside = f"""<div class="detail-news"><h2><ucaptitle>{one.title}</ucaptitle></h2>
<p class="fl">发布时间：{one.published}&nbsp;&nbsp;浏览次数：4234次&nbsp;【字体：大 中 小】</p>
<div class="article-content" id="zoomcon"><UCAPCONTENT>{inside}</UCAPCONTENT></div></div>"""
    return page(one.title, inside, head)
