"""How fast a host is asked: one request at a time, with a pause that follows how the host feels.

The pause is never shorter than the portal's delay, its Crawl-delay and the time the host needs for an answer (Scrapy's
AutoThrottle rule for one request at a time). It doubles with each 429 or 503 and shrinks back with each good answer.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from crawler.address import host_and_port
from crawler.errors import Resting

MAX_PAUSE_SECONDS = 300.0
MAX_LATENCY_SECONDS = 10.0
FIRST_PENALTY_SECONDS = 1.0


class Lane:
    """The single file of requests to one host, shared by all portals that stand on it."""

    def __init__(self, host: str, patience_seconds: float) -> None:
        self.host = host
        self.patience_seconds = patience_seconds
        self.latency_seconds = 0.0
        self.penalty_seconds = 0.0
        self._ended_at = -MAX_PAUSE_SECONDS
        self._closed_until = 0.0
        self._turn = asyncio.Lock()

    @asynccontextmanager
    async def turn(self, delay_seconds: float) -> AsyncIterator[None]:
        """Waits for this host's next free moment; raises Resting where that is farther away than patience reaches."""
        async with self._turn:
            wait = self._wait_seconds(delay_seconds)
            if wait > self.patience_seconds:
                raise Resting(self.host, wait)
            if wait > 0:
                await asyncio.sleep(wait)
            began = time.monotonic()
            try:
                yield
            finally:
                self._ended_at = time.monotonic()
                self.latency_seconds = (self.latency_seconds + min(self._ended_at - began, MAX_LATENCY_SECONDS)) / 2

    def _wait_seconds(self, delay_seconds: float) -> float:
        pause = max(delay_seconds, self.latency_seconds, self.penalty_seconds)
        return max(self._ended_at + pause, self._closed_until) - time.monotonic()

    def slow_down(self, retry_after_seconds: float | None) -> None:
        """After a 429 or 503: longer pauses from now on, and none of ours before the time that the host names."""
        self.penalty_seconds = min(MAX_PAUSE_SECONDS, max(2 * self.penalty_seconds, FIRST_PENALTY_SECONDS))
        if retry_after_seconds is not None:
            self._closed_until = max(self._closed_until, time.monotonic() + retry_after_seconds)

    def relax(self) -> None:
        """After a good answer."""
        self.penalty_seconds = self.penalty_seconds / 2 if self.penalty_seconds > FIRST_PENALTY_SECONDS / 4 else 0.0


class Lanes:
    """One lane a host, `www.` or not. Ports other than 80 and 443 are other machines behind one name, and count as
    hosts."""

    def __init__(self, patience_seconds: float = 120.0) -> None:
        self._patience_seconds = patience_seconds
        self._lanes: dict[str, Lane] = {}

    def of(self, url: str) -> Lane:
        """The lane of an address."""
        host, port = host_and_port(url)
        host = host.removeprefix("www.")
        name = host if port in (80, 443) else f"{host}:{port}"
        return self._lanes.setdefault(name, Lane(name, self._patience_seconds))
