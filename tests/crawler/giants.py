"""Answers of gigabytes and decompression bombs, and how much memory a run takes while they come.

The server streams and stores nothing; the run is a process of its own: `python -m tests.crawler.giants URL FOLDER` crawls
and prints its peak memory.
"""

import asyncio
import gzip
import json
import subprocess
import sys
import tempfile
import zlib
from pathlib import Path

from crawler.archive import Archive
from crawler.crawl import crawl
from tests.crawler.conftest import portal_at, text_of
from tests.crawler.replica import COLUMN, Raw, Replica, Reply, add_column, article, report_title

FOLDER = f"{COLUMN}/gzj"
GIGABYTES_3 = 3_000_000_000
LIMIT_BYTES = 300 * 2**20
OK = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: "
PART = b"<p>" + b"x" * 65_000
TOWNS = {number: report_title(f"第{number}镇", 2020) for number in range(1, 30)}


def streamed(head: bytes) -> Raw:
    """Three gigabytes, as long as anybody reads them."""

    async def write(writer: asyncio.StreamWriter) -> None:
        writer.write(head + b"\r\n")
        for _ in range(GIGABYTES_3 // len(PART)):
            writer.write(PART)
            await writer.drain()

    return write


def chunked(writer: asyncio.StreamWriter) -> "asyncio.Future[None]":
    async def write() -> None:
        writer.write(OK + b"text/html\r\nTransfer-Encoding: chunked\r\n\r\n")
        for _ in range(GIGABYTES_3 // len(PART)):
            writer.write(f"{len(PART):x}\r\n".encode() + PART + b"\r\n")
            await writer.drain()

    return asyncio.ensure_future(write())


def gzip_bomb() -> bytes:
    """Three megabytes that become three gigabytes."""
    return gzip.compress(b" " * 100_000_000, 9) * 30


def deflate_bomb() -> bytes:
    """The same as one raw deflate stream."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = packer.compress(b" " * 100_000_000) + packer.flush(zlib.Z_FULL_FLUSH)
    return block * 30 + packer.flush()


def fill(replica: Replica) -> dict[str, str]:
    """A portal among whose reports these stand; what each must come to, by address."""
    bomb = gzip_bomb()
    half = b"<p>" + b"y" * 45_000_000
    routes: dict[str, tuple[str, Reply | Raw]] = {
        "3 GB announced": ("too_large", streamed(OK + b"text/html\r\nContent-Length: 3000000000\r\n")),
        "3 GB without a length": ("too_large", streamed(OK + b"text/html\r\n")),
        "3 GB in chunks": ("too_large", chunked),
        "3 GB as a PDF": ("too_large", streamed(OK + b"application/pdf\r\n")),
        "3 GB in a 404": ("not_found", streamed(b"HTTP/1.1 404 No\r\nConnection: close\r\n")),
        "3 GB in a 500": ("failed", streamed(b"HTTP/1.1 500 No\r\nConnection: close\r\n")),
        "3 GB of JSON": ("too_large", streamed(OK + b"application/json\r\n")),
        "gzip bomb, 3 MB → 3 GB": ("too_large", Reply(bomb, headers={"Content-Encoding": "gzip"})),
        "gzip bomb without a word": ("too_large", Reply(bomb)),
        "deflate bomb": ("too_large", Reply(deflate_bomb(), headers={"Content-Encoding": "deflate"})),
        "gzip in gzip bomb": ("too_large", Reply(gzip.compress(bomb), headers={"Content-Encoding": "gzip, gzip"})),
        "empty members of gzip for ever": ("failed", Reply(gzip.compress(gzip.compress(b"") * 4_000_000), headers={"Content-Encoding": "gzip, gzip"})),
        "br bomb (never asked for)": ("failed", Reply(b"\x5b\xff\xff\xaf\x02" * 1000, headers={"Content-Encoding": "br"})),
        "ten codings over one another": ("failed", Reply(b"x", headers={"Content-Encoding": ", ".join(["gzip"] * 10)})),
        "45 MB of one page": ("stored", Reply(half)),
        "45 MB of one page, packed": ("stored", Reply(gzip.compress(half + b"z", 1), headers={"Content-Encoding": "gzip"})),
        "45 MB of open tags": ("stored", Reply(b"<div>" * 9_000_000)),
        "45 MB PDF": ("stored", Reply(b"%PDF-1.4" + b"y" * 45_000_000, headers={"Content-Type": "application/pdf"})),
    }  # fmt: skip
    titles = dict(zip(range(1, len(routes) + 2), TOWNS.values(), strict=False))
    add_column(replica, FOLDER, titles, per_page=50)
    names = {}
    for number, (name, (outcome, route)) in enumerate(routes.items(), 1):
        path = f"{FOLDER}/content/post_{number}.html"
        replica.routes[path] = route
        names[path] = f"{name}: {outcome}"
    replica.routes[f"{FOLDER}/content/post_{len(titles)}.html"] = Reply(article(titles[len(titles)]))
    names[f"{FOLDER}/content/post_{len(titles)}.html"] = "the good report after them: stored"
    return names


def peak_bytes() -> int:
    """Peak memory of this process alone: what a child inherits from its parent's books does not count."""
    status = Path("/proc/self/status")
    if status.is_file():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) * 1024
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def measured() -> tuple[int, int, dict[str, tuple[str, str]]]:
    """Peak and idle memory of a run over all of them, in bytes; for each what it must come to, and what it came to."""
    with Replica() as replica, tempfile.TemporaryDirectory() as folder:
        names = fill(replica)
        command = [sys.executable, "-m", "tests.crawler.giants", replica.origin, folder]
        ran = subprocess.run(command, cwd=Path(__file__).parents[2], capture_output=True, text=True, check=True)
        told = json.loads(ran.stdout)
        came = {name: told["outcomes"].get(path, "not asked for") for path, name in names.items()}
        rows = {name.rpartition(": ")[0]: (name.rpartition(": ")[2], outcome) for name, outcome in came.items()}
        return told["peak"], told["idle"], rows


def main(origin: str, folder: str) -> None:
    idle = peak_bytes()
    archive = Archive(Path(folder))
    portal = portal_at(origin, f"{FOLDER}/index.html")
    asyncio.run(crawl(portal, archive, decode=text_of))
    outcomes = {one.url.removeprefix(origin): one.outcome for one in archive.captures()}
    print(json.dumps({"idle": idle, "peak": peak_bytes(), "outcomes": outcomes}))


if __name__ == "__main__":
    main(*sys.argv[1:])
