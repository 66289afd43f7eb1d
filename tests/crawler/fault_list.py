"""The faults of real portals, one by one: attachments (11), wire and blocking (12), content (13), and ways inside (SSRF)."""

import gzip
import ssl
import tempfile
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from crawler.portal import RobotsOverride
from tests.crawler.fault_stage import (
    BAD,
    FOLDER,
    GOOD,
    HTML,
    LIST,
    NAME,
    TITLES,
    Fault,
    Stage,
    certificate,
    drip,
    raw,
    reset,
    tls_front,
    trusting,
)
from tests.crawler.replica import COLUMN, Hit, Program, Reply, add_column, article, list_page, report_title, row

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
BYTES = {"Content-Type": "application/octet-stream"}
FILES = "/attachment/0/0/1"
PAGE = article(TITLES[1]).encode()
TEXT = {"Content-Type": "text/plain"}
JSON = {"Content-Type": "application/json"}
JSL = "<script>document.cookie=('_')+('_')+('j');location.href=location.pathname+location.search</script>"
JSL_2 = '<script>function go(){};go({"bts":["1"],"ct":"9","ha":"md5","tn":"__jsl_clearance_s","vt":"3600"})</script>'
RUISHU = (
    '<html><head><meta id="9DhefwqGPrzGxEp9hPaoag" content="x"><script r="m">$_ts=window["$_ts"]</script></head></html>'
)
SHELL = '<html><script>document.cookie="C3VK=abc123; path=/; max-age=300";window.location.reload();</script></html>'
HOME = "<title>青澜区人民政府</title>" + "".join(f'<a href="/{number}">栏目{number}</a>' for number in range(200))


def notice(text: str) -> str:
    return f"<html><head><title>提示</title></head><body><p>{text}</p></body></html>"


def moved(location: str, status: int = 302, **headers: str) -> Reply:
    return Reply(
        status=status,
        headers={"Location": location, **{name.replace("_", "-"): value for name, value in headers.items()}},
    )


# ---- 11: attachments


def attached(href: str, path: str = "", route: Any = None, body: str = "") -> Callable[[Stage], None]:
    def serve(stage: Stage) -> None:
        sent = Reply(PDF, headers={"Content-Type": "application/pdf"}) if route is None else route
        stage.attach(href, path or href, sent, body=body)

    return serve


def file_fault(
    name: str, href: str, path: str = "", route: Any = None, *, body: bytes | None = PDF, shown: str = ""
) -> Fault:
    return Fault("11", name, attached(href, path, route, shown), "stored", 0, path or href, body)


def replaced(name: str, href: str, route: Reply, outcome: str, says: str) -> Fault:
    """Something else is sent in place of a file, until the portal is mended."""

    def serve(stage: Stage) -> None:
        stage.attach(href, href, route)
        stage._sound[href] = Reply(PDF, headers={"Content-Type": "application/pdf"})

    return Fault("11", name, serve, outcome, 1, href, says=says)


def left_by_editors(stage: Stage) -> None:
    links = f'<a href="file:///C:/年报.doc">a</a><a href="http://localhost:{stage.trap.port}/x/年报.doc">b</a>'
    stage.attach("", BAD, Reply(article(TITLES[1], body=f"{'正文。' * 60}{links}")))
    stage._sound[BAD] = stage.replica.routes[BAD]


def attachments() -> Iterator[Fault]:
    yield file_fault("file beside the page (./P0….pdf)", "./P020210121.pdf", f"{FOLDER}/content/P020210121.pdf")
    yield file_fault(
        "file by a program (downfile.jsp?filename=)", "/module/download/downfile.jsp?classid=0&filename=ab12.pdf"
    )
    yield file_fault("file of a store (/group6/M00/…)", "/group6/M00/01/x.doc")
    yield file_fault(
        "viewer (pdfjs/viewer.html?file=)",
        "",
        "/files/a.pdf",
        shown='<iframe src="/pdfjs/viewer.html?file=/files/a.pdf"></iframe>',
    )
    yield file_fault(
        "viewer (data-value)", "", "/files/b.pdf", shown='<div id="pdfshow" data-value="/files/b.pdf"></div>'
    )
    yield file_fault("embedded file", "", "/files/c.pdf", shown='<embed src="/files/c.pdf">')
    yield file_fault("file as object", "", "/files/d.pdf", shown='<object data="/files/d.pdf"></object>')
    yield file_fault("wrong Content-Type", f"{FILES}/1.pdf", route=Reply(PDF, headers=BYTES))
    yield file_fault("file labelled text/html", f"{FILES}/2.pdf", route=Reply(PDF))
    for name, value in (
        ("GBK", "年报.pdf".encode("gbk")),
        ("percent-encoded", b"%E5%B9%B4%E6%8A%A5.pdf"),
        ("broken", b'\xff\xfe";;='),
    ):
        head = (
            b'HTTP/1.1 200 OK\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename="' + value
        )
        yield file_fault(
            f"{name} Content-Disposition",
            f"{FILES}/{name}.pdf".replace("percent-encoded", "p"),
            route=raw(head + b'"\r\nContent-Length: %d\r\n' % len(PDF), PDF),
        )
    yield file_fault(
        "Chinese and spaces in href", f"{FILES}/年度 报告.pdf", f"{FILES}/%E5%B9%B4%E5%BA%A6%20%E6%8A%A5%E5%91%8A.pdf"
    )
    yield file_fault("upper-case .PDF", f"{FILES}/A.PDF")
    for kind, body in (
        ("HTML", PAGE),
        ("MHT", b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\n--x--\n"),
        ("RTF", b"{\\rtf1 x}"),
    ):
        yield file_fault(
            f".doc that is {kind}",
            f"{FILES}/{kind}.doc",
            route=Reply(body, headers={"Content-Type": "application/msword"}),
            body=body,
        )
    yield replaced(
        "error page under a .pdf address",
        f"{FILES}/3.pdf",
        Reply(notice("系统繁忙，稍后再试")),
        "not_found",
        "in place of the file",
    )
    yield replaced(
        "soft 404 under a .docx address",
        f"{FILES}/4.docx",
        Reply(notice("对不起，您访问的文件不存在，找不到该文件")),
        "not_found",
        "soft 404",
    )
    yield replaced(
        "captcha before the file", f"{FILES}/5.doc", Reply(notice("请输入验证码后下载附件")), "blocked", "notice"
    )
    yield replaced("login before the file", f"{FILES}/6.doc", moved("/login.jsp", 401), "blocked", "login")
    yield Fault(
        "11",
        "links that editors left (file:///C:/, http://localhost)",
        left_by_editors,
        "refused",
        1,
        "localhost",
        is_for_good=True,
        says="private",
    )


# ---- 12: wire


def answered(route: Any) -> Callable[[Stage], None]:
    return lambda stage: stage.bad(route)


def wire(name: str, route: Any, outcome: str, code: int = 1, *, says: str = "", body: bytes | None = None) -> Fault:
    return Fault("12", name, answered(route), outcome, code, says=says, body=body)


def over_tls(
    stage: Stage,
    *,
    owner: str = "127.0.0.1",
    is_trusted: bool = False,
    version: ssl.TLSVersion | None = None,
    tls: str = "standard",
) -> None:
    pem = certificate(owner, Path(stage.stack.enter_context(tempfile.TemporaryDirectory())))
    port = stage.stack.enter_context(tls_front(stage, pem, version))
    if is_trusted:
        stage.stack.enter_context(trusting(pem))
    mended_by_http(stage, f"https://127.0.0.1:{port}")
    stage.portal["tls"] = tls


def mended_by_http(stage: Stage, origin: str) -> None:
    """The person who reads the reason writes the address that works into the TOML."""
    stage.origin = origin

    def mend() -> None:
        stage.origin = stage.replica.origin

    stage.mend = mend


def no_tls(stage: Stage, route: Any) -> None:
    """Something that is no TLS stands on the https port."""
    mended_by_http(stage, stage.replica.origin.replace("http", "https"))
    stage.replica.routes["/robots.txt"] = route


def tls() -> Iterator[Fault]:
    yield Fault("12", "https with a certificate of one's own", over_tls, "failed", 3, LIST, says="self-signed")
    yield Fault(
        "12",
        "https with another host's certificate",
        partial(over_tls, owner="other.example.invalid", is_trusted=True),
        "failed",
        3,
        LIST,
        says="not valid for",
    )
    yield Fault(
        "12",
        "https that speaks TLS 1.0 only",
        partial(over_tls, is_trusted=True, version=ssl.TLSVersion.TLSv1),
        "failed",
        3,
        LIST,
        says="",
    )
    yield Fault(
        "12",
        'the same, with tls = "legacy"',
        partial(over_tls, is_trusted=True, version=ssl.TLSVersion.TLSv1, tls="legacy"),
        "stored",
        0,
    )
    yield Fault("12", "plain http on the https port", partial(no_tls, route=Reply("x")), "failed", 3, LIST)
    yield Fault("12", "https 502 while http works", partial(tls_502), "failed", 3, LIST, says="502")


def tls_502(stage: Stage) -> None:
    over_tls(stage, is_trusted=True)
    gone = stage.replica.routes[LIST]
    stage.replica.routes[LIST] = Reply("bad gateway", 502)
    mend = stage.mend

    def both() -> None:
        stage.replica.routes[LIST] = gone
        mend()

    stage.mend = both


def named(stage: Stage, *answers: list[str]) -> None:
    stage.origin = f"http://{NAME}:{stage.replica.port}"
    stage.names[NAME] = list(answers)

    def mend() -> None:
        stage.names[NAME] = [["127.0.0.1"]]

    stage.mend = mend


def network() -> Iterator[Fault]:
    yield Fault(
        "12",
        "IPv6 address that is dead before an IPv4 one that lives",
        lambda stage: named(stage, ["::1", "127.0.0.1"]),
        "stored",
        0,
    )
    yield Fault("12", "IPv6 only, and no way there", lambda stage: named(stage, ["::1"]), "failed", 3, LIST)
    yield Fault("12", "name that is not known", lambda stage: named(stage, []), "failed", 3, LIST, says="not known")
    yield wire("connection reset", reset, "failed")
    yield wire("connection reset once", [reset, Reply(PAGE)], "stored", 0)
    yield wire("no HTTP at all", raw(b"220 smtp ready\r\n"), "failed")
    yield wire("silence", raw(HTML, then_wait=0.6), "failed")
    yield wire("slow drip", drip, "failed", says="too long")
    yield wire("body cut off", raw(HTML + b"Content-Length: 9000\r\n", PAGE[:900]), "failed")
    yield wire("endless headers", raw(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 60_000), "failed")


def encodings() -> Iterator[Fault]:
    packed = zlib.compressobj(9, zlib.DEFLATED, -15)
    bare = packed.compress(PAGE) + packed.flush()
    for name, body, coding in (
        ("gzip that was not asked for, unlabelled", gzip.compress(PAGE), ""),
        ("gzip announced, plain text sent", PAGE, "gzip"),
        ("deflate", zlib.compress(PAGE), "deflate"),
        ("deflate without its head", bare, "deflate"),
        ("gzip in gzip", gzip.compress(gzip.compress(PAGE)), "gzip, gzip"),
    ):
        yield wire(name, Reply(body, headers={"Content-Encoding": coding}), "stored", 0, body=PAGE)
    yield wire(
        "gzip cut off",
        Reply(gzip.compress(PAGE)[:-20], headers={"Content-Encoding": "gzip"}),
        "failed",
        says="too early",
    )
    yield wire(
        "br though not asked for",
        Reply(b"\x0b\x02\x80", headers={"Content-Encoding": "br"}),
        "failed",
        says="not asked for",
    )
    for name, encoding, declared in (
        ("no charset anywhere", "gb18030", ""),
        ("gb2312 declared, gb18030 sent", "gb18030", "; charset=gb2312"),
        ("UTF-8 portal with a GBK list", "gbk", "; charset=utf-8"),
        ("iso-8859-1 declared, UTF-8 sent", "utf-8", "; charset=iso-8859-1"),
        ("byte order mark", "utf-8-sig", ""),
    ):
        yield Fault("12", name, partial(list_in, encoding=encoding, declared=declared), "stored", 0, says="")


def list_in(stage: Stage, encoding: str, declared: str) -> None:
    text = list_page([row(BAD, TITLES[1]), row(GOOD, TITLES[2])]).replace('<meta charset="utf-8">', "")
    stage.replica.routes[LIST] = Reply(text.encode(encoding), headers={"Content-Type": f"text/html{declared}"})


def listed(route: Any) -> Callable[[Stage], None]:
    def serve(stage: Stage) -> None:
        stage.replica.routes[LIST] = route

    return serve


def opens_by(stage: Stage, path: str, route: Any) -> None:
    """The channel is another address, which leads to the list in its own way."""
    stage.portal["paths"] = (path,)
    stage.replica.routes[path] = route


def cookie_shop(stage: Stage) -> None:
    """Without the cookie of the first answer nothing but a complaint."""

    def answer(hit: Hit) -> Reply:
        if "session=1" in hit.headers.get("cookie", ""):
            return Reply(PAGE)
        return Reply(notice("非法请求 404！"))

    stage.replica.routes[BAD] = Program(answer)
    stage.replica.routes[LIST] = Reply(
        list_page([row(BAD, TITLES[1]), row(GOOD, TITLES[2])]), headers={"Set-Cookie": "session=1; path=/"}
    )


def throttled(stage: Stage) -> None:
    """The home page for every report after the first few requests."""
    stage.replica.routes[BAD] = stage.replica.routes[GOOD] = Reply(HOME)


def listed_again(stage: Stage) -> None:
    stage.bad(stage.replica.routes[LIST])


def sent_home(stage: Stage) -> None:
    stage.replica.routes["/"] = Reply(HOME)
    stage.bad(moved("/"))


def post_only(stage: Stage) -> None:
    stage.replica.routes[LIST] = Reply(b"")


def json_page(stage: Stage, text: str) -> None:
    """The second page of a list complains in JSON."""
    add_column(stage.replica, FOLDER, {**TITLES, 3: report_title("丙镇", 2020), 4: report_title("丁镇", 2020)})
    stage._sound = dict(stage.replica.routes)
    stage.replica.routes[f"{FOLDER}/index_2.html"] = Reply(text, headers=JSON)


def statuses() -> Iterator[Fault]:
    yield wire("404", Reply("gone", 404), "not_found", says="404")
    yield wire("soft 404 by title", Reply(notice("x").replace("提示", "404")), "not_found", says="soft 404")
    yield wire("soft 404 by words", Reply(notice("您访问的页面不存在")), "not_found", says="soft 404")
    yield Fault(
        "12",
        "404 that redirects home",
        sent_home,
        "not_found",
        1,
        says="redirected",
    )
    yield Fault(
        "12",
        "folder without a list of files (403), index.html works",
        lambda stage: opens_by(
            stage, f"{FOLDER}/", Reply("<title>403 Forbidden</title><h1>403 Forbidden</h1>nginx", 403)
        ),
        "stored",
        0,
        f"{FOLDER}/",
    )
    yield Fault("12", "list that moved to nowhere (302 → 404)", listed(moved("/gone/index.html")), "not_found", 3, LIST)
    yield wire("report that moved (301)", [moved("/new/content/post_1.html", 301)], "not_found")
    yield Fault(
        "12",
        "list behind a meta refresh",
        lambda stage: opens_by(stage, "/nb.html", Reply(f'<meta http-equiv="refresh" content="0;url={LIST}">')),
        "stored",
        0,
    )
    yield Fault(
        "12",
        "list behind a script of one line",
        lambda stage: opens_by(stage, "/nb.html", Reply(f"<script>window.location.href='{LIST}'</script>")),
        "stored",
        0,
    )
    yield wire(
        "page that only reloads itself",
        Reply(f'<meta http-equiv="refresh" content="3;url={BAD}">'),
        "failed",
        says="reloads itself",
    )
    yield Fault("12", "throttling by the home page with 200", throttled, "failed", 1, GOOD, says="the same page")
    yield Fault("12", "throttling by the list with 200", listed_again, "blocked", 1, says="the same page")
    yield wire("another page with 200 in place of one report", Reply(HOME), "stored")
    yield Fault("12", "complaint without a session cookie", cookie_shop, "stored", 0)
    yield Fault("12", "list for POST only: empty to GET", post_only, "failed", 3, LIST, says="empty body")
    yield wire("empty body", Reply(b""), "failed", says="empty body")
    yield wire("304 to a question without conditions", Reply(status=304), "failed", says="304")
    yield wire("server error", Reply("oops", 500), "failed", says="500")
    yield wire("redirect to itself for ever", moved(BAD), "failed", says="redirects")
    yield wire("redirect without an address", Reply(status=302), "failed", says="without an address")
    yield wire("JSON error with 200", Reply('{"code":500,"msg":"系统异常"}', headers=JSON), "failed", says="系统异常")
    yield Fault(
        "12",
        "JSON error with 200 as a page of a list",
        partial(json_page, text='{"success":false,"message":"查询失败"}'),
        "failed",
        1,
        f"{FOLDER}/index_2.html",
        says="查询失败",
    )


def challenges() -> Iterator[Fault]:
    for name, route in (
        ("加速乐, first answer (521)", Reply(JSL, 521, {"Set-Cookie": "__jsluid_s=1"})),
        ("加速乐, second answer (521)", Reply(JSL_2, 521)),
        ("瑞数 (412)", Reply(RUISHU, 412)),
        ("瑞数 (202)", Reply(RUISHU, 202)),
        ("瑞数 (400)", Reply(RUISHU, 400)),
        ("cookie shell (200)", Reply(SHELL)),
        ("firewall (403)", Reply(notice("您的访问被云堤拦截"), 403)),
        ("firewall (405)", Reply(notice("很抱歉，由于您访问的URL有可能对网站造成安全威胁，您的访问被阻断"), 405)),
        ("WZWS (493)", Reply("", 493, {"WZWS-Ray": "1"})),
        ("acw (200)", Reply("<html><script>var arg1='A1';</script></html>", headers={"Set-Cookie": "acw_tc=1"})),
        ("notice (200)", Reply(notice("访问过于频繁，请稍后再试"))),
        ("IP ban as JSON", Reply('{"code":-101,"msg":"您的IP已被限制访问"}', headers=JSON)),
    ):
        yield Fault("12", f"challenge: {name}", answered(route), "blocked", 1)
    yield wire(
        "cookie by a 302 to itself",
        [moved(BAD, Set_Cookie="C3VK=abc; path=/; max-age=300"), Reply(PAGE)],
        "stored",
        0,
        body=PAGE,
    )
    yield Fault("12", "User-Agent filter (reset)", agent_filter, "failed", 3, LIST)
    yield Fault(
        "12",
        "challenge before robots.txt",
        lambda stage: stage.replica.routes.update({"/robots.txt": Reply(JSL, 521)}),
        "blocked",
        3,
        LIST,
    )
    yield Fault("12", "IP block for a minute (403 for all)", blocked_for_all, "blocked", 3, LIST)
    yield wire("429 with a short Retry-After", [Reply("busy", 429, {"Retry-After": "1"}), Reply(PAGE)], "stored", 0)
    yield Fault(
        "12",
        "503 with a Retry-After of an hour",
        answered(Reply("busy", 503, {"Retry-After": "3600"})),
        "failed",
        3,
        says="asked not to be asked",
    )


def agent_filter(stage: Stage) -> None:
    for path in stage.replica.routes:
        stage.replica.routes[path] = reset


def blocked_for_all(stage: Stage) -> None:
    for path in stage.replica.routes:
        stage.replica.routes[path] = Reply(notice("您的IP访问被拒绝"), 403)


def rules(text: str) -> Callable[[Stage], None]:
    return lambda stage: stage.replica.routes.update({"/robots.txt": Reply(text, headers=TEXT)})


def robots() -> Iterator[Fault]:
    yield Fault(
        "12",
        "robots.txt closes the portal",
        rules("User-agent: *\nDisallow: /\n"),
        "refused",
        3,
        LIST,
        says="robots.txt",
    )
    yield Fault(
        "12", "robots.txt closes one page", rules(f"User-agent: *\nDisallow: {BAD}\n"), "refused", 1, says="robots.txt"
    )
    yield Fault(
        "12",
        "robots.txt that fails (500)",
        lambda stage: stage.replica.routes.update({"/robots.txt": Reply("x", 500)}),
        "failed",
        3,
        LIST,
        says="robots.txt",
    )
    yield Fault(
        "12",
        "home page in place of robots.txt",
        lambda stage: stage.replica.routes.update({"/robots.txt": Reply(HOME)}),
        "stored",
        0,
    )
    yield Fault(
        "12",
        "robots.txt overridden with a reason",
        lambda stage: (
            rules("User-agent: *\nDisallow: /\n")(stage),
            stage.portal.update(robots=RobotsOverride(True, "allowed in writing")),
            None,
        )[-1],
        "stored",
        0,
    )


# ---- 13: content


def mirror(stage: Stage) -> None:
    """The whole portal on a foreign host, as expired domains serve it."""
    stage.public()
    meta = '<meta name="SiteDomain" content="www.qinglan.gov.cn">'
    for path in (LIST, BAD, GOOD):
        route = stage.replica.routes[path]
        stage.replica.routes[path] = Reply(str(route.body).replace("<title>", f"{meta}<title>"))


def own_domain(stage: Stage, meta: str) -> None:
    mirror(stage)
    for path in (LIST, BAD, GOOD):
        stage.replica.routes[path] = Reply(str(stage.replica.routes[path].body).replace("www.qinglan.gov.cn", meta))


def twins(stage: Stage) -> None:
    """One host as http and with and without www, in one list."""
    stage.public()
    stage.connect_to[f"www.{NAME}:80"] = ("127.0.0.1", stage.replica.port)
    rows = [
        row(BAD, TITLES[1]),
        row(GOOD, TITLES[2]),
        row(f"http://www.{NAME}{BAD}", TITLES[1]),
        row(f"http://{NAME}.{BAD}", TITLES[1]),
    ]
    stage.replica.routes[LIST] = Reply(list_page(rows))


def several_columns(stage: Stage) -> None:
    other = f"{COLUMN}/gbm"
    stage.replica.routes[f"{other}/index.html"] = stage.replica.routes[LIST]
    stage.portal["paths"] = (LIST, f"{other}/index.html")


def linked(href: str) -> Callable[[Stage], None]:
    def serve(stage: Stage) -> None:
        stage.replica.routes[LIST] = Reply(
            list_page([row(href.format(port=stage.replica.port), TITLES[1]), row(GOOD, TITLES[2])])
        )

    return serve


def noisy(stage: Stage) -> None:
    rows = [
        row(f"{FOLDER}/content/post_9{number}.html", text)
        for number, text in enumerate(
            (
                "关于报送政府信息公开年度报告的通知",
                "《政府信息公开工作年度报告》解读",
                "政府网站工作年度报表",
                "2020年法治政府建设年度报告",
            )
        )
    ]
    stage.replica.routes[LIST] = Reply(list_page([*rows, row(BAD, TITLES[1]), row(GOOD, TITLES[2])]))


def shell_column(stage: Stage) -> None:
    stage.replica.routes[LIST] = Reply(
        '<title>信息公开年报</title><div class="position">您现在的位置：首页 &gt; 年报</div>'
    )


def content() -> Iterator[Fault]:
    yield Fault("13", "hijacked mirror: SiteDomain of another host", mirror, "refused", 3, LIST, says="a copy")
    yield Fault("13", "host outside gov.cn that names itself", partial(own_domain, meta=NAME), "stored", 0)
    yield Fault("13", "bare IP address that names its domain", lambda stage: None, "stored", 0)
    yield Fault("13", "http, www. and trailing-dot twins of one report", twins, "stored", 0)
    yield Fault("13", "one report under two columns", several_columns, "stored", 0)
    yield Fault("13", "list with notices, explanations and other yearly papers", noisy, None, 0, "post_9")
    for href in (
        "./content/post_1.html",
        "content/../content/post_1.html",
        "../gzj/content/post_1.html",
        f"//127.0.0.1:{{port}}{BAD}",
        f"/../..{BAD}",
        f" {BAD}\n",
        f"http://127.0.0.1.:{{port}}{BAD}",
        f"{BAD}#top",
        f"HTTP://127.0.0.1:{{port}}{BAD}",
    ):
        yield Fault("13", f"link written {href.strip()!r}"[:70], linked(href), "stored", 0)
    yield Fault("13", "column that is only a breadcrumb", shell_column, "stored", 1, LIST, says="")
    yield Fault("13", "list page that leads back to itself for ever", looping, "stored", 1)


def looping(stage: Stage) -> None:
    rows = [row(BAD, TITLES[1]), row(GOOD, TITLES[2])]
    for page in range(1, 60):
        name = "index.html" if page == 1 else f"index_{page}.html"
        stage.replica.routes[f"{FOLDER}/{name}"] = Reply(list_page(rows, f'<a href="index_{page + 1}.html">下一页</a>'))


# ---- ways inside


FROM_BOTH = 4
"""So many are tried from a public portal too, which may open nothing at all."""
INSIDE = (
    "http://127.0.0.1:{trap}/x", "http://localhost:{trap}/x", "http://[::1]:{trap}/x", "http://2130706433:{trap}/x",
    "http://0x7f.1:{trap}/x", "http://0177.0.0.1:{trap}/x", "http://127.1:{trap}/x", "http://[::ffff:127.0.0.1]:{trap}/x",
    "http://0.0.0.0:{trap}/x", "http://１２７.0.0.1:{trap}/x", "http://127.0.0.1.:{trap}/x", "//127.0.0.1:{trap}/x",
    "http://user@127.0.0.1:{trap}/x", "http://127.0.0.1:{trap}\\@" + NAME + "/x", "https://127.0.0.1:{trap}/x",
    "http://169.254.169.254/latest/meta-data/", "http://10.0.0.1/x", "http://172.16.0.1/x", "http://192.168.1.1/x",
    "http://100.64.0.1/x", "http://[fe80::1]/x", "http://[fd00::1]/x", "file:///etc/passwd", "ftp://127.0.0.1:{trap}/x",
    "gopher://127.0.0.1:{trap}/x", "javascript:alert(1)", "data:text/html,x",
)  # fmt: skip


def redirected(stage: Stage, target: str, *, is_public: bool) -> None:
    if is_public:
        stage.public()
    stage.bad(moved(target.format(trap=stage.trap.port)))


def inside(
    name: str,
    serve: Callable[[Stage], None],
    outcome: str | None = "refused",
    code: int = 1,
    about: str = BAD,
    *,
    is_for_good: bool = False,
) -> Fault:
    return Fault("SSRF", name, serve, outcome, code, about, is_for_good=is_for_good)


def resolves_to(stage: Stage, *answers: list[str]) -> None:
    stage.portal["allow_private_addresses"] = False
    stage.origin = f"http://{NAME}:{stage.trap.port}"
    stage.names[NAME] = list(answers)


def name_inside(stage: Stage, *addresses: str) -> None:
    """A redirect to a name whose addresses lie inside; the portal itself is public."""
    stage.public()
    stage.names["inside.example.invalid"] = [list(addresses)]
    stage.bad(moved(f"http://inside.example.invalid:{stage.trap.port}/x"))


def rebinding(stage: Stage) -> None:
    """The name is public when robots.txt and the list are asked for, and then the trap's."""
    resolves_to(stage, ["1.2.4.8"], ["1.2.4.8"], ["127.0.0.1"])

    def mend() -> None:
        stage.names[NAME] = [["1.2.4.8"]]

    stage.mend = mend


def on_page(text: str) -> Callable[[Stage], None]:
    return lambda stage: stage.attach(
        "", BAD, Reply(article(TITLES[1], body="正文。" * 60 + text.format(trap=stage.trap.port)))
    )


def ways_inside() -> Iterator[Fault]:
    for number, target in enumerate(INSIDE):
        for is_public in (False, True) if number < FROM_BOTH else (False,):
            kind = "public portal" if is_public else "opened portal"
            yield inside(
                f"{kind}: redirect to {target.replace('{trap}', 'TRAP')}",
                partial(redirected, target=target, is_public=is_public),
            )
    for addresses in (
        ("127.0.0.1",),
        ("10.1.2.3",),
        ("::1",),
        ("169.254.169.254", "127.0.0.1"),
        ("::ffff:127.0.0.1",),
        ("64:ff9b::7f00:1",),
    ):
        yield inside(
            f"redirect to a name that is {', '.join(addresses)}",
            lambda stage, addresses=addresses: name_inside(stage, *addresses),
        )
    yield inside("name that turns private between two questions (rebinding)", rebinding)
    yield inside(
        "robots.txt redirects inside",
        lambda stage: stage.replica.routes.update(
            {"/robots.txt": moved(f"http://127.0.0.1:{stage.trap.port}/robots.txt")}
        ),
        "failed",
        3,
        LIST,
    )
    yield inside(
        "meta refresh to the inside",
        lambda stage: stage.bad(
            Reply(f'<meta http-equiv="refresh" content="0;url=http://127.0.0.1:{stage.trap.port}/x">')
        ),
    )
    yield inside(
        "script that leads inside",
        lambda stage: stage.bad(Reply(f'<script>location.href="http://127.0.0.1:{stage.trap.port}/x"</script>')),
    )
    yield inside(
        "list row that leads inside",
        lambda stage: stage.replica.routes.update(
            {
                LIST: Reply(
                    list_page(
                        [
                            row(f"http://127.0.0.1:{stage.trap.port}{FOLDER}/content/post_7.html", TITLES[1]),
                            row(BAD, TITLES[1]),
                            row(GOOD, TITLES[2]),
                        ]
                    )
                )
            }
        ),
        about="post_7",
        is_for_good=True,
    )
    yield inside(
        "attachment that lies inside",
        lambda stage: (
            stage.attach(f"http://127.0.0.1:{stage.trap.port}/attachment/0/0/7/1.pdf", BAD, stage.replica.routes[BAD])
            or stage.bad(
                Reply(
                    article(
                        TITLES[1], attachments={f"http://127.0.0.1:{stage.trap.port}/attachment/0/0/7/1.pdf": "附件"}
                    )
                )
            )
        ),
        about="7/1.pdf",
        is_for_good=True,
    )
    yield inside(
        "viewer of a file inside",
        on_page('<iframe src="http://127.0.0.1:{trap}/viewer.html?file=http://127.0.0.1:{trap}/x.pdf"></iframe>'),
        about="x.pdf",
        is_for_good=True,
    )


def faults() -> tuple[Fault, ...]:
    """All of them, in the order of the sections."""
    parts = (attachments, tls, network, encodings, statuses, challenges, robots, content, ways_inside)
    return tuple(fault for part in parts for fault in part())
