"""A portal that misbehaves in one way, a crawl of it, and a second one a month later when the portal is mended.

What is missing after the second crawl was lost. Two reports stand in the list: the bad one, which the fault is about, and
a good one, which no fault may cost (unless it shuts the whole portal).
"""

import asyncio
import ipaddress
import socket
import ssl
import tempfile
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any
from unittest import mock

import httpcore
from msgspec import Struct

from crawler.archive import Archive, Capture
from crawler.crawl import crawl_all
from crawler.fetch import Limits
from crawler.health import CrawlResult
from crawler.portal import Portal
from nianbao.cli import _crawl_code
from nianbao.pipeline import _tell_result, _told
from nianbao.voice import Voice
from tests.crawler.conftest import portal_at, text_of
from tests.crawler.replica import COLUMN, Raw, Replica, Reply, add_column, article, report_title

FOLDER = f"{COLUMN}/gzj"
LIST = f"{FOLDER}/index.html"
BAD, GOOD = f"{FOLDER}/content/post_1.html", f"{FOLDER}/content/post_2.html"
TITLES = {1: report_title("坏镇", 2020), 2: report_title("好镇", 2020)}
HTML = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n"
NAME = "portal.example.invalid"
"""The portal's name where it is to be a public one; it is connected to loopback."""
SOON = datetime(2025, 6, 1, 8, tzinfo=UTC)
LATER = SOON + timedelta(days=40)
HASTY = Limits(seconds=1.5, silence_seconds=0.3, attempts=2, patience_seconds=3.0)


class Stage:
    """The portal, sound until a fault changes it; the trap, which nobody may touch; the name server and the network."""

    def __init__(self, replica: Replica, trap: Replica) -> None:
        self.replica = replica
        self.trap = trap
        self.names: dict[str, list[list[str]]] = {}
        self.portal: dict[str, Any] = {}
        self.origin = replica.origin
        self.connect_to: dict[str, tuple[str, int]] = {}
        self.limits = HASTY
        self.mend: Callable[[], None] = lambda: None
        self.connected: list[tuple[str, int]] = []
        self.stack = ExitStack()
        add_column(replica, FOLDER, TITLES)
        self._sound = dict(replica.routes)

    def bad(self, route: Any) -> None:
        """What is served in place of the bad report."""
        self.replica.routes[BAD] = route

    def attach(self, href: str, path: str, route: Any, *, body: str = "", file: str = "附件") -> None:
        """A file attached to the bad report; `path` is where a browser would ask for it."""
        page = article(TITLES[1], attachments={href: file} if href else {}, body=body or "")
        self._sound[BAD] = self.replica.routes[BAD] = Reply(page)
        self.replica.routes[path] = route

    def public(self) -> None:
        """The portal stands under a public name from now on."""
        self.origin = f"http://{NAME}"
        self.portal["allow_private_addresses"] = False
        self.connect_to[f"{NAME}:80"] = ("127.0.0.1", self.replica.port)

    def restore(self) -> None:
        """A month later all is well."""
        self.mend()
        mended = {path: route for path, route in self.replica.routes.items() if path not in self._sound}
        self.replica.routes = {**mended, **self._sound}
        self.replica.routes.pop("/robots.txt", None)

    def of_portal(self) -> Portal:
        fields = {"delay": 0.0, **self.portal}
        return portal_at(self.origin, *fields.pop("paths", ()), **fields)


class Fault(Struct, frozen=True):
    """`number`: the section of the list of facts; `about`: the part of the address that the table tells of.

    `outcome` is what the address must come to, None where it must never be asked for; `code` the exit code. `body`: what
    must be archived of it. `is_for_good`: mending the portal does not bring the address (it is not for us to ask).
    """

    number: str
    name: str
    serve: Callable[[Stage], None]
    outcome: str | None
    code: int
    about: str = BAD
    body: bytes | None = None
    is_for_good: bool = False
    says: str = ""


class Shown(Struct, frozen=True):
    """One row of the table."""

    fault: Fault
    outcome: str | None
    reason: str
    result: CrawlResult
    code: int
    told: str
    lost: tuple[str, ...]
    trap_hits: int
    strays: tuple[tuple[str, int], ...]
    asked: int
    """Requests for the address during the fault."""


def show(fault: Fault) -> Shown:
    """Plays one fault and the day after."""
    with Replica() as replica, Replica() as trap, tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        stage = Stage(replica, trap)
        stack.enter_context(stage.stack)
        fault.serve(stage)
        for patch in watching(stage):
            stack.enter_context(patch)
        archive = Archive(Path(folder))
        result, told = crawl_once(stage, archive, SOON)
        captures = list(archive.captures())
        about = [one for one in captures if fault.about in one.url or fault.about in one.final_url]
        asked = len(replica.paths(fault.about))
        check_body(fault, archive, about)
        stage.restore()
        crawl_once(stage, archive, LATER)
        assert archive.verify() == ()
        idle(replica)
        strays = tuple(
            place for place in stage.connected if place[1] == trap.port or place[0] not in ("127.0.0.1", "::1")
        )
        return Shown(
            fault, about[-1].outcome if about else None, about[-1].reason if about else "", result, _crawl_code([result]),
            told, missing(fault, archive), len(trap.hits), strays, asked,
        )  # fmt: skip


def idle(replica: Replica) -> None:
    """Waits until the server has done with all that it still writes to nobody."""
    ends = time.monotonic() + 5
    while replica._at_once and time.monotonic() < ends:
        time.sleep(0.01)


def crawl_once(stage: Stage, archive: Archive, moment: datetime) -> tuple[CrawlResult, str]:
    """One run, and what a person saw of it."""
    stream = StringIO()
    voice = Voice("en", stream=stream)
    (result,) = asyncio.run(
        crawl_all(
            [stage.of_portal()], archive, decode=text_of, connect_to=stage.connect_to, on_event=_told(voice),
            now=lambda: moment, limits=stage.limits,
        )
    )  # fmt: skip
    _tell_result(result, voice)
    lines = [line for line in stream.getvalue().splitlines() if "crawling" not in line]
    failed = [line for line in lines if line.startswith("http")]
    return result, " · ".join((*failed[:1], lines[-1]) if failed or result.remarks else ())


def check_body(fault: Fault, archive: Archive, about: list[Capture]) -> None:
    """Content is archived byte for byte, whatever is no content is not."""
    for capture in about:
        if capture.outcome not in ("stored", "unchanged"):
            assert capture.sha256 is None, capture
    if fault.body is not None:
        assert archive.content(about[-1].sha256 or "") == fault.body


def missing(fault: Fault, archive: Archive) -> tuple[str, ...]:
    """The reports, and the address that the fault is about, that were not collected by the end of the second run."""
    stored = [one for one in archive.captures() if one.outcome in ("stored", "unchanged")]
    wanted = [BAD, GOOD] + ([] if fault.is_for_good or fault.outcome is None else [fault.about])
    return tuple(one for one in wanted if not any(one in each.url or one in each.final_url for each in stored))


# ---- the name server and the network


def watching(stage: Stage) -> Iterator[Any]:
    """Notes each connection that is tried, keeps all of them on loopback, and answers for the names of the stage."""
    connect = httpcore.AnyIOBackend.connect_tcp
    resolve = socket.getaddrinfo

    async def connect_tcp(self: Any, host: str, port: int, *rest: Any, **options: Any) -> Any:
        real = host
        if host == "1.2.4.8":  # the stage's public address
            real, port = "127.0.0.1", stage.replica.port
        else:
            stage.connected.append((host, port))
        if not ipaddress.ip_address(real).is_loopback:
            raise httpcore.ConnectError("the stage has no network")
        return await connect(self, real, port, *rest, **options)

    def getaddrinfo(host: str, port: int, *rest: Any, **options: Any) -> Any:
        answers = stage.names.get(host)
        if answers is None:
            return resolve(host, port, *rest, **options)
        addresses = answers.pop(0) if len(answers) > 1 else answers[0]
        if not addresses:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        family = {4: socket.AF_INET, 6: socket.AF_INET6}
        return [
            (family[ipaddress.ip_address(one).version], socket.SOCK_STREAM, 6, "", (one, port)) for one in addresses
        ]

    yield mock.patch.object(httpcore.AnyIOBackend, "connect_tcp", connect_tcp)
    yield mock.patch("socket.getaddrinfo", getaddrinfo)


# ---- what is served


def raw(head: bytes, body: bytes = b"", then_wait: float = 0.0) -> Raw:
    """Bytes as they are."""

    async def write(writer: asyncio.StreamWriter) -> None:
        writer.write(head + b"\r\n" + body)
        await writer.drain()
        await asyncio.sleep(then_wait)

    return write


async def reset(writer: asyncio.StreamWriter) -> None:
    """Hangs up."""
    writer.transport.abort()


async def drip(writer: asyncio.StreamWriter) -> None:
    """A byte now and then."""
    writer.write(HTML + b"\r\n")
    for _ in range(600):
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(0.05)


# ---- TLS


def certificate(name: str, folder: Path) -> Path:
    """A certificate that nobody signed but itself, with its key, for a name or an address."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    key = rsa.generate_private_key(65537, 2048)
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    names: x509.GeneralName
    try:
        names = x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        names = x509.DNSName(name)
    made = (
        x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key())
        .serial_number(1).not_valid_before(datetime(2020, 1, 1, tzinfo=UTC)).not_valid_after(datetime(2090, 1, 1, tzinfo=UTC))
        .add_extension(x509.SubjectAlternativeName([names]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    path = folder / f"{name}.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


@contextmanager
def tls_front(stage: Stage, pem: Path, version: ssl.TLSVersion | None = None) -> Iterator[int]:
    """Speaks TLS before the replica, as a proxy in front of a portal does; gives its port."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if version is not None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # the point of the server
            context.minimum_version = context.maximum_version = version
        context.set_ciphers("ALL:@SECLEVEL=0")
    context.load_cert_chain(pem)
    loop = asyncio.new_event_loop()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await stage.replica._answer(reader, writer)

    server = loop.run_until_complete(asyncio.start_server(serve, "127.0.0.1", 0, ssl=context))
    loop.set_exception_handler(lambda *_: None)  # broken handshakes are what this is about
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        server.close()
        loop.run_until_complete(asyncio.sleep(0))
        loop.close()


@contextmanager
def trusting(pem: Path) -> Iterator[None]:
    """The certificate counts as one of the system's."""
    from crawler.wire.transport import tls_context

    tls_context.cache_clear()
    with mock.patch("certifi.where", return_value=str(pem)):
        yield
    tls_context.cache_clear()
