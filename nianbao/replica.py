"""A static website on loopback: the pages of a folder under one host name, for the demo. No network is involved."""

import asyncio
import hashlib
import mimetypes
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import formatdate
from pathlib import Path
from urllib.parse import unquote, urlsplit

LOOPBACK = "127.0.0.1"
LONGEST_REQUEST = 65_536
REASONS = {200: "OK", 304: "Not Modified", 400: "Bad Request", 404: "Not Found", 405: "Method Not Allowed"}


@contextmanager
def served(folder: Path) -> Iterator[int]:
    """Serves the files of a folder while the context lasts; gives the port, chosen by the system."""
    loop = asyncio.new_event_loop()
    server = loop.run_until_complete(_start(folder))
    thread = threading.Thread(target=loop.run_forever, name="replica", daemon=True)
    thread.start()
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        asyncio.run_coroutine_threadsafe(_stop(server), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def answer(folder: Path, method: str, target: str, validator: str | None) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body for a request. `validator` is its If-None-Match."""
    if method not in {"GET", "HEAD"}:
        return 405, {"Allow": "GET, HEAD"}, b""
    path = _file(folder, target)
    if path is None:
        return 404, {"Content-Type": "text/html; charset=utf-8"}, "<html><body>页面不存在</body></html>".encode()
    body = path.read_bytes()
    tag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
    headers = {"ETag": tag, "Last-Modified": formatdate(path.stat().st_mtime, usegmt=True)}
    if validator == tag:
        return 304, headers, b""
    headers["Content-Type"] = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return 200, headers, body


async def _start(folder: Path) -> asyncio.Server:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await _converse(folder, reader, writer)
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, ConnectionError):
            pass  # the client went away, or sent no HTTP
        finally:
            writer.close()

    return await asyncio.start_server(talk, LOOPBACK, 0, limit=LONGEST_REQUEST)


async def _stop(server: asyncio.Server) -> None:
    server.close()
    for task in asyncio.all_tasks() - {asyncio.current_task()}:
        task.cancel()
    await asyncio.sleep(0)


async def _converse(folder: Path, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answers the requests of one connection until it is closed."""
    while request := (await reader.readuntil(b"\r\n\r\n")).decode("latin-1"):
        line, *fields = request.split("\r\n")
        method, _, rest = line.partition(" ")
        named = {name.lower(): value.strip() for name, _, value in (field.partition(":") for field in fields)}
        status, headers, body = answer(folder, method, rest.partition(" ")[0], named.get("if-none-match"))
        headers["Content-Length"] = str(len(body))
        head = "".join(
            f"{name}: {value}\r\n" for name, value in headers.items() if status != 304 or name != "Content-Length"
        )
        writer.write(f"HTTP/1.1 {status} {REASONS[status]}\r\n{head}\r\n".encode("latin-1"))
        writer.write(b"" if method == "HEAD" else body)
        await writer.drain()


def _file(folder: Path, target: str) -> Path | None:
    """The file of an address, `index.html` for a folder; None outside the folder and where there is none."""
    path = (folder / unquote(urlsplit(target).path).lstrip("/")).resolve()
    if not path.is_relative_to(folder.resolve()):
        return None
    if path.is_dir():
        path /= "index.html"
    return path if path.is_file() else None
