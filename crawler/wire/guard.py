"""No request reaches a private address: each connection is judged after its name is resolved, just before it is made.

Judging text would not do: `0x7f.1`, `[::ffff:10.0.0.1]` and a public name that resolves to 127.0.0.1 all lead inside.
The connection goes to the very address that was judged, so that a second, different answer of the name server changes
nothing.
"""

import asyncio
import socket
from collections.abc import Iterable, Mapping
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Any

import httpcore

from crawler.errors import Refused

NAT64 = IPv6Network("64:ff9b::/96")
Place = tuple[str, int]


class Guard(httpcore.AsyncNetworkBackend):
    """Resolves, refuses, connects. `opened`: the hosts and ports that may be private; `connect_to`: "host:port" of a
    stand-in (the demo's portal) with the place that is really connected to."""

    def __init__(self, opened: frozenset[Place], connect_to: Mapping[str, Place]) -> None:
        self._opened = opened
        self._connect_to = connect_to
        self._network = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the signature is httpcore's
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """A connection to the first admitted address of `host` that answers; Refused where none is admitted."""
        failure: Exception = httpcore.ConnectError(f"{host} has no address")
        for address, real_port in await self._places(host, port, timeout):
            try:
                return await self._network.connect_tcp(address, real_port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ARG002, ASYNC109
        socket_options: Iterable[Any] | None = None,  # noqa: ARG002
    ) -> httpcore.AsyncNetworkStream:
        """Never: a portal is no local socket."""
        raise Refused(f"{path} is a local socket")

    async def sleep(self, seconds: float) -> None:
        """Used by httpcore between its own retries."""
        await asyncio.sleep(seconds)

    async def _places(self, host: str, port: int, timeout: float | None) -> tuple[Place, ...]:  # noqa: ASYNC109
        if real := self._connect_to.get(f"{host}:{port}"):
            return (real,)
        addresses = await addresses_of(host, port, timeout)
        if (host, port) in self._opened:
            return tuple((address, port) for address in addresses)
        public = tuple((address, port) for address in addresses if is_public(address))
        if not public:
            raise Refused(f"{host} is a private address ({', '.join(addresses)})")
        return public


async def addresses_of(host: str, port: int, seconds: float | None) -> tuple[str, ...]:
    """What a name resolves to, in the system's order; ConnectError where it does not."""
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(seconds):
            found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except TimeoutError as error:
        raise httpcore.ConnectTimeout(f"{host}: the name server does not answer") from error
    except (OSError, UnicodeError) as error:
        raise httpcore.ConnectError(f"{host}: {error}") from error
    return tuple(dict.fromkeys(str(entry[4][0]) for entry in found))


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the open internet, an IPv4 address inside an IPv6 one being judged itself."""
    judged: IPv4Address | IPv6Address = ip_address(address.split("%", maxsplit=1)[0])
    if isinstance(judged, IPv6Address):
        judged = embedded_in(judged) or judged
    return judged.is_global and not judged.is_multicast


def embedded_in(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that an IPv6 one stands for (mapped, 6to4, NAT64), if it does."""
    if address in NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour
