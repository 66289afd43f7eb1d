"""How fast does the crawler collect beside Scrapy and bare httpx, and what does the archive cost?

    python -m tests.bench.crawl [--hosts 8 16] [--pages 150] [--rounds 3]

The same pages from the same number of hosts on loopback, one request at a time for each host, no delay, robots.txt
obeyed by all but httpx. Every run is a process of its own beside a fresh server process; the order changes from round to
round, and the median counts. Scrapy and nianbao read titles and attachments out of every page, bare httpx reads links of
lists only. nianbao keeps every body and a journal that survives a kill; "no archive" is the same loop with both in
memory, to tell what that costs. Needs `pip install nianbao[bench]`.
"""

import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Any

ROOT = Path(__file__).parents[2]
CLIENTS = ("nianbao", "nianbao, no archive", "scrapy", "httpx")
ROWS_A_PAGE = 50


# ---- the portals


def site(host: int, pages: int) -> dict[bytes, bytes]:
    """One host: the lists and reports by path, each a whole answer; no two hosts have a page in common."""
    from tests.crawler.replica import COLUMN, Replica, add_column, article, report_title
    from tests.crawler.replicas import report_body

    folder, replica = f"{COLUMN}/gzj", Replica()
    titles = {number: report_title(f"第{number}镇", 2020) for number in range(1, pages + 1)}
    add_column(replica, folder, titles, per_page=ROWS_A_PAGE)
    bodies = [report_body(f"云州市青澜区第{number}镇人民政府", 2020) for number in range(8)]
    answers = {path: str(route.body) for path, route in replica.routes.items()}  # type: ignore[union-attr]
    for number, title in titles.items():
        answers[f"{folder}/content/post_{number}.html"] = article(title, body=f"{bodies[number % len(bodies)]}<p>{number} {host}</p>")
    return {path.encode(): answer(text.encode()) for path, text in answers.items()}


def answer(body: bytes, status: str = "200 OK") -> bytes:
    head = f"HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


class Connection(asyncio.Protocol):
    """The least that a server can do: a path in, a prepared answer out, the connection kept."""

    missing = answer(b"<title>404</title>", "404 Not Found")

    def __init__(self, answers: dict[bytes, bytes]) -> None:
        self._answers = answers

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: Any = transport
        self._held = b""

    def data_received(self, part: bytes) -> None:
        self._held += part
        while b"\r\n\r\n" in self._held:
            head, self._held = self._held.split(b"\r\n\r\n", 1)
            self._transport.write(self._answers.get(head.split(b" ", 2)[1], self.missing))


async def serve(hosts: int, pages: int) -> None:
    """Prints the ports, then serves until it is killed."""
    loop = asyncio.get_running_loop()
    sites = [site(host, pages) for host in range(hosts)]
    servers = [await loop.create_server(partial(Connection, answers), "127.0.0.1", 0) for answers in sites]
    print(json.dumps([server.sockets[0].getsockname()[1] for server in servers]), flush=True)
    await asyncio.Event().wait()


# ---- the clients: each gives pages collected, seconds, seconds of processor time


def run_nianbao(ports: list[int], folder: Path, *, has_archive: bool) -> tuple[int, float, float]:
    from crawler.archive import Archive
    from crawler.crawl import crawl_all
    from tests.crawler.conftest import portal_at, text_of

    portals = [portal_at(f"http://127.0.0.1:{port}", key=f"p{port}") for port in ports]
    archive = Archive(folder) if has_archive else forgetful(folder)
    began, used = perf_counter(), process_time()
    results = asyncio.run(crawl_all(portals, archive, decode=text_of, parallel=len(ports)))
    spent = perf_counter() - began, process_time() - used
    assert all(result.health == "ok" for result in results), results
    return sum(sum(result.outcomes.values()) for result in results), *spent


def forgetful(folder: Path) -> Any:
    """An archive that keeps nothing, with journals in memory."""
    from crawler.archive import Archive
    from crawler.journal import Journal

    class Forgetful(Archive):
        def keep(self, body: Any) -> str:
            return str(body.sha256)

        def journal(self, portal: str) -> Journal:
            return Journal(Path(":memory:"))

    return Forgetful(folder)


def run_httpx(ports: list[int]) -> tuple[int, float, float]:
    import re

    import httpx

    from tests.crawler.replica import COLUMN

    async def one(client: httpx.AsyncClient, port: int) -> int:
        origin, folder, count, page = f"http://127.0.0.1:{port}", f"{COLUMN}/gzj", 0, 1
        while True:
            name = "index.html" if page == 1 else f"index_{page}.html"
            listed = await client.get(f"{origin}{folder}/{name}")
            if listed.status_code != 200:
                return count
            count, page = count + 1, page + 1
            for link in re.findall(r'href="([^"]*post_\d+\.html)"', listed.text):
                response = await client.get(origin + link)
                count += bool(response.text)

    async def everything() -> int:
        async with httpx.AsyncClient(trust_env=False) as client:
            return sum(await asyncio.gather(*(one(client, port) for port in ports)))

    began, used = perf_counter(), process_time()
    count = asyncio.run(everything())
    return count, perf_counter() - began, process_time() - used


def run_scrapy(ports: list[int]) -> tuple[int, float, float]:
    import scrapy
    from scrapy.crawler import CrawlerProcess

    from tests.crawler.replica import COLUMN

    counted: list[int] = []

    class Spider(scrapy.Spider):
        name = "reports"
        handle_httpstatus_list = (404,)

        async def start(self) -> Any:
            for port in ports:
                address = f"http://127.0.0.1:{port}{COLUMN}/gzj/index.html"
                yield scrapy.Request(address, meta={"download_slot": str(port)})

        def parse(self, response: Any) -> Any:
            slot = {"download_slot": response.meta["download_slot"]}
            counted.append(1)
            for anchor in response.css('a[href*="post_"]'):
                yield response.follow(anchor, self.parse_report, meta=slot, cb_kwargs={"title": anchor.attrib.get("title")})
            for anchor in response.css('.page a[href*="index_"]'):
                yield response.follow(anchor, self.parse, meta=slot)

        def parse_report(self, response: Any, title: str) -> Any:
            counted.append(1)
            yield {
                "url": response.url,
                "title": response.css('meta[name="ArticleTitle"]::attr(content)').get() or title,
                "files": response.css('a[href*="/attachment/"]::attr(href)').getall(),
            }

    process = CrawlerProcess(
        {
            "ROBOTSTXT_OBEY": True, "CONCURRENT_REQUESTS": len(ports), "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
            "DOWNLOAD_DELAY": 0, "RANDOMIZE_DOWNLOAD_DELAY": False, "TELNETCONSOLE_ENABLED": False, "LOG_ENABLED": False,
        }
    )  # fmt: skip
    process.crawl(Spider)
    began, used = perf_counter(), process_time()
    process.start()
    return len(counted), perf_counter() - began, process_time() - used


def run_client(name: str, ports: list[int]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        if name == "scrapy":
            told = run_scrapy(ports)
        elif name == "httpx":
            told = run_httpx(ports)
        else:
            told = run_nianbao(ports, Path(folder), has_archive=name == "nianbao")
    print(json.dumps(told))


# ---- the comparison


def measured(name: str, hosts: int, pages: int) -> tuple[int, float, float]:
    """One client beside a fresh server."""
    module = [sys.executable, "-m", "tests.bench.crawl"]
    server = subprocess.Popen([*module, "--serve", str(hosts), str(pages)], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        ports = server.stdout.readline().strip()
        ran = subprocess.run([*module, "--client", name, ports], cwd=ROOT, check=True, capture_output=True, text=True)
        count, seconds, used = json.loads(ran.stdout.splitlines()[-1])
        return count, seconds, used
    finally:
        server.kill()
        server.communicate()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hosts", type=int, nargs="+", default=[8, 16])
    parser.add_argument("--pages", type=int, default=150, help="reports a host")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", nargs="+", default=CLIENTS)
    parser.add_argument("--serve", type=int, nargs=2, help=argparse.SUPPRESS)
    parser.add_argument("--client", nargs=2, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.serve:
        asyncio.run(serve(*asked.serve))
    elif asked.client:
        run_client(asked.client[0], json.loads(asked.client[1]))
    else:
        for hosts in asked.hosts:
            compare(hosts, asked.pages, asked.rounds, list(asked.only))


def compare(hosts: int, pages: int, rounds: int, names: list[str]) -> None:
    """Prints one table."""
    found: dict[str, list[tuple[int, float, float]]] = {name: [] for name in names}
    for turn in range(rounds):
        for name in names[turn % len(names) :] + names[: turn % len(names)]:
            found[name].append(measured(name, hosts, pages))
    print(f"\n{hosts} hosts, {pages} reports each, median of {rounds}")
    print(f"{'':20} {'pages':>7} {'pages/s':>9} {'ms CPU/page':>12}")
    for name, runs in found.items():
        count = runs[0][0]
        speed = median(count / seconds for count, seconds, _ in runs)
        cost = median(used / count for count, _, used in runs)
        print(f"{name:20} {count:7} {speed:9.0f} {cost * 1000:12.2f}")


if __name__ == "__main__":
    main()
