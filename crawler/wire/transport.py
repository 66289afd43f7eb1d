"""httpx over a guarded pool: the one way by which bytes leave this package (used by `fetch` only)."""

import importlib.metadata
import os
import ssl
from collections.abc import AsyncIterator, Mapping
from functools import cache
from typing import Literal

import httpcore
import httpx

from crawler.address import host_and_port
from crawler.portal import Portal
from crawler.wire.guard import Guard, Place


class GuardedTransport(httpx.AsyncBaseTransport):
    """httpx has no public way to hand its own transport a network backend; httpcore's pool has."""

    def __init__(self, pool: httpcore.AsyncConnectionPool) -> None:
        self._pool = pool

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """One request on the wire; errors are httpcore's."""
        if not isinstance(request.stream, httpx.AsyncByteStream):
            raise TypeError("only asynchronous requests are sent")
        answer = await self._pool.handle_async_request(
            httpcore.Request(
                method=request.method,
                url=httpcore.URL(
                    scheme=request.url.raw_scheme,
                    host=request.url.raw_host,
                    port=request.url.port,
                    target=request.url.raw_path,
                ),
                headers=request.headers.raw,
                content=request.stream,
                extensions=request.extensions,
            )
        )
        body = Stream(answer)
        return httpx.Response(answer.status, headers=answer.headers, stream=body, extensions=answer.extensions)

    async def aclose(self) -> None:
        """Closes all connections."""
        await self._pool.aclose()


class Stream(httpx.AsyncByteStream):
    """The body of a httpcore answer under httpx's name."""

    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for part in self._answer.aiter_stream():
            yield part

    async def aclose(self) -> None:
        """Gives the connection back, or closes it when the body was not read to its end."""
        await self._answer.aclose()


class Wire:
    """Sends the requests of one portal: HTTP/2 where offered, cookies kept, no redirect followed, no proxy of the
    environment trusted. (httpx's own client reads each Location, and gives up on those that are no web address.)"""

    def __init__(self, portal: Portal, connect_to: Mapping[str, Place], silence_seconds: float) -> None:
        opened = frozenset(host_and_port(channel.url) for channel in portal.channels if portal.allow_private_addresses)
        pool = httpcore.AsyncConnectionPool(
            ssl_context=tls_context(portal.tls),
            http1=True,
            http2=True,
            keepalive_expiry=30.0,
            network_backend=Guard(opened, connect_to),
        )
        self._transport = GuardedTransport(pool)
        self._cookies = httpx.Cookies()
        self._timeout = httpx.Timeout(silence_seconds).as_dict()
        self._headers = {
            "User-Agent": user_agent(portal.contact or os.environ.get("NIANBAO_CONTACT", "")),
            "Accept": "text/html,application/xhtml+xml,application/pdf;q=0.9,*/*;q=0.8",
            "Accept-Language": "zh-CN,zh;q=0.9",
            "Accept-Encoding": "gzip, deflate",
        }

    async def send(
        self, method: str, url: str, form: Mapping[str, str] | None, headers: Mapping[str, str]
    ) -> httpx.Response:
        """The answer with its body still to be read; close it. Errors are httpcore's, and httpx.InvalidURL."""
        request = httpx.Request(
            method,
            url,
            data=form,
            headers={**self._headers, **headers},
            cookies=self._cookies,
            extensions={"timeout": self._timeout},
        )
        response = await self._transport.handle_async_request(request)
        response.request = request
        if "set-cookie" in response.headers:
            self._cookies.extract_cookies(response)
        return response

    async def aclose(self) -> None:
        """Closes all connections."""
        await self._transport.aclose()


@cache
def tls_context(kind: Literal["standard", "legacy"]) -> ssl.SSLContext:
    """Certificates are always checked; `legacy` admits old versions, key exchanges and renegotiation. One context serves
    all portals: the list of authorities takes a megabyte."""
    context = httpx.create_ssl_context(verify=True, trust_env=False)
    if kind == "legacy":
        context.set_ciphers("DEFAULT:@SECLEVEL=0")  # OpenSSL 3 has TLS before 1.2 and weak DH on no other level
        context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
        context.options |= getattr(ssl, "OP_LEGACY_SERVER_CONNECT", 0x4)
    return context


def user_agent(contact: str) -> str:
    """Who asks, in which version, and where a site can complain."""
    try:
        version = importlib.metadata.version("nianbao")
    except importlib.metadata.PackageNotFoundError:
        version = "0"
    reachable = "".join(character for character in contact if " " <= character <= "~").strip()
    return f"nianbao/{version} (+{reachable})" if reachable else f"nianbao/{version}"
