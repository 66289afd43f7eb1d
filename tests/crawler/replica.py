"""A portal on loopback that can misbehave byte by byte, and that notes who asked what, when, and how many at once.

Pages are composed here in the shapes of NFCMS portals; all bodies and places are invented.
"""

import asyncio
import hashlib
import threading
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Self
from urllib.parse import parse_qsl, urlsplit

from msgspec import Struct

COLUMN = "/xxgk/xxgkml/xxgknb"
STATUS_TEXT = {200: "OK", 301: "Moved", 302: "Found", 304: "Not Modified", 404: "Not Found"}


class Hit(Struct):
    """One request as the server saw it, in seconds of its own clock."""

    path: str
    headers: dict[str, str]
    began: float
    ended: float = 0.0
    method: str = "GET"
    body: bytes = b""

    @property
    def form(self) -> dict[str, str]:
        """The fields of the query and of the form that was posted."""
        return dict(parse_qsl(urlsplit(self.path).query) + parse_qsl(self.body.decode()))


class Reply(Struct):
    """A well-formed answer; with a body and status 200 it carries an ETag and honours If-None-Match."""

    body: bytes | str = b""
    status: int = 200
    headers: dict[str, str] = {}
    delay_seconds: float = 0.0


class Program(Struct):
    """What a server-side program answers to a request; it serves its path whatever the query."""

    answer: Callable[[Hit], Reply]


Raw = Callable[[asyncio.StreamWriter], Awaitable[None]]
"""Writes whatever bytes it likes."""


class Replica:
    """Use as `with Replica() as replica`: the server runs in a thread of its own, so that a test may block."""

    def __init__(self) -> None:
        self.routes: dict[str, Reply | Program | Raw | list[Reply | Raw]] = {}
        self.hits: list[Hit] = []
        self.most_at_once = 0
        self._at_once = 0
        self._loop = asyncio.new_event_loop()
        self._port = 0

    def __enter__(self) -> Self:
        ready = threading.Event()

        def serve() -> None:
            asyncio.set_event_loop(self._loop)
            self._server = self._loop.run_until_complete(asyncio.start_server(self._answer, "127.0.0.1", 0))
            self._port = self._server.sockets[0].getsockname()[1]
            ready.set()
            self._loop.run_forever()
            self._server.close()
            for task in asyncio.all_tasks(self._loop):
                task.cancel()
                with suppress(asyncio.CancelledError):
                    self._loop.run_until_complete(task)
            self._loop.close()

        self._thread = threading.Thread(target=serve, daemon=True)
        self._thread.start()
        assert ready.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    @property
    def port(self) -> int:
        return self._port

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def paths(self, part: str = "") -> list[str]:
        """What was asked for, in order, robots.txt left out unless named."""
        wanted = [hit.path for hit in self.hits if part in hit.path]
        return wanted if "robots" in part else [path for path in wanted if path != "/robots.txt"]

    def slow_down(self, seconds: float) -> None:
        """Each page takes so long from now on."""
        for route in self.routes.values():
            assert isinstance(route, Reply)
            route.delay_seconds = seconds

    def forget(self) -> None:
        self.hits.clear()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            headers = {
                name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)
            }
            method, path, _ = head[0].split(" ")
            body = await reader.readexactly(int(headers.get("content-length", "0")))
            hit = Hit(path, headers, time.monotonic(), method=method, body=body)
            self.hits.append(hit)
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
            try:
                await self._write(hit, writer)
                await writer.drain()
            finally:
                self._at_once -= 1
                hit.ended = hit.ended or time.monotonic()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _write(self, hit: Hit, writer: asyncio.StreamWriter) -> None:
        program = self.routes.get(urlsplit(hit.path).path)
        missing = program if isinstance(program, Program) else Reply("<title>404</title>", 404)
        route = self.routes.get(hit.path, missing)
        if isinstance(route, list):
            route = route.pop(0) if len(route) > 1 else route[0]
        if isinstance(route, Program):
            route = route.answer(hit)
        if not isinstance(route, Reply):
            await route(writer)
            return
        await asyncio.sleep(route.delay_seconds)
        body = route.body.encode() if isinstance(route.body, str) else route.body
        headers = {"Content-Type": "text/html", **route.headers}
        status = route.status
        if status == 200 and body:
            headers.setdefault("ETag", f'"{hashlib.sha256(body).hexdigest()[:16]}"')
            if hit.headers.get("if-none-match") == headers["ETag"]:
                status, body = 304, b""
        if status != 304:
            headers.setdefault("Content-Length", str(len(body)))
        lines = [f"HTTP/1.1 {status} {STATUS_TEXT.get(status, 'Whatever')}", "Connection: close"]
        lines += [f"{name}: {value}" for name, value in headers.items() if value]
        hit.ended = time.monotonic()  # noted before the client can have it: a loaded machine may stop us in between
        writer.write("\r\n".join([*lines, "", ""]).encode() + body)


# ---- pages


def article(
    title: str, *, published: str = "2021-01-21", attachments: dict[str, str] | None = None, body: str = ""
) -> str:
    """An article page; `attachments` are names by address."""
    files = "".join(f'<li><a href="{url}">{name}</a></li>' for url, name in (attachments or {}).items())
    return f"""<html><head><meta charset="utf-8"><title>{title}</title>
<meta name="ArticleTitle" content="{title}"><meta content="{published} 15:24" name="PubDate">
<meta name="ContentSource" content="本网"></head><body>
<div class="position">您现在的位置：<a href="/">首页</a> &gt; <a href="{COLUMN}/">信息公开年报</a></div>
<h1>{title}</h1><div class="info">发布日期：{published} 15:24&nbsp;文章来源：本网&nbsp;访问量：<span>-</span></div>
<div class="zw"><p>{body or "本页文字由测试程序写成。" * 40}</p></div>
<div class="xgfj">相关附件：<ul>{files}</ul></div>
<script>var NFCMS_SITE_ID=990001,NFCMS_POST_ID=1;</script></body></html>"""


def row(address: str, title: str, date: str = "2021-01-21") -> str:
    """A row of a list with its visible title cut off, as portals do."""
    shown = title if len(title) < 16 else title[:15] + "…"
    return f'<li><a href="{address}" title="{title}">{shown}</a><span class="date">{date}</span></li>'


def list_page(rows: list[str], pager: str = "") -> str:
    """A list page of a column."""
    return f"""<html><head><meta charset="utf-8"><title>信息公开年报</title></head><body>
<a href="/">首页</a><ul class="viewList">{"".join(rows)}</ul><div class="page">{pager}</div>
<script>var NFCMS_SITE_ID=990001;</script></body></html>"""


def pager(current: int, total: int) -> str:
    """Numbered links, page 1 without a number."""
    names = ["index.html" if page == 1 else f"index_{page}.html" for page in range(1, total + 1)]
    return "".join(f'<a href="{name}">{number}</a>' for number, name in enumerate(names, 1) if number != current)


def add_column(replica: Replica, folder: str, titles: dict[int, str], *, per_page: int = 3) -> None:
    """Articles by post number, and the list pages that lead to them."""
    numbers = list(titles)
    pages = [numbers[start : start + per_page] for start in range(0, len(numbers), per_page)] or [[]]
    for page, posts in enumerate(pages, 1):
        name = "index.html" if page == 1 else f"index_{page}.html"
        rows = [row(f"{folder}/content/post_{post}.html", titles[post]) for post in posts]
        replica.routes[f"{folder}/{name}"] = Reply(list_page(rows, pager(page, len(pages))))
    for post, title in titles.items():
        replica.routes[f"{folder}/content/post_{post}.html"] = Reply(article(title))


def report_title(town: str, year: int) -> str:
    return f"云州市青澜区{town}政府信息公开工作{year}年度报告"
