"""The polite client (step 3: capture): one request in, one answer out, never an exception for what a portal does.

Each hop of a redirect passes the same doors: scheme, robots.txt, the host's lane, the guard against private addresses,
caps on size and time. What comes back is judged here: a challenge or a soft 404 is not content, whatever its status.
"""

import asyncio
import random
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx
from msgspec import Struct
from msgspec.structs import replace

from crawler.address import host_and_port, is_web, origin_of, path_of, resolve
from crawler.errors import Astray, Blocked, Closed, FetchError, Refused, TooLarge, Truncated, Unreadable
from crawler.listing import Request
from crawler.portal import Portal
from crawler.verdict import FINAL, TRANSIENT, Verdict, said, verdict_on
from crawler.wire.body import Body
from crawler.wire.challenge import absence_in, challenge_in
from crawler.wire.guard import Place
from crawler.wire.headers import charset_in, header, int_in, media_type_in, retry_after
from crawler.wire.inflate import Inflater
from crawler.wire.pace import Lanes
from crawler.wire.pages import is_page
from crawler.wire.robots import MAX_BYTES, Rules, rules_of
from crawler.wire.standin import complaint_in, copied_from, is_closed_folder, onward_in, page_for_file
from crawler.wire.transport import Wire

Decode = Callable[[bytes, str | None], str]
"""Bytes and declared charset → text (`parsers.charset`, handed in, since `crawler` imports no parser)."""
Now = Callable[[], datetime]

REDIRECTS = frozenset({301, 302, 303, 307, 308})
BUSY = frozenset({429, 503})
JUDGED_BYTES = 64_000
"""So much of a page is looked at for challenges and soft 404s, and so much of a refusal is read at all."""
SHELL_BYTES = 4_000
"""Pages that only lead on are shorter."""


class Limits(Struct, frozen=True):
    """Caps on one request. `body_bytes` holds for the body as sent and as unpacked; `seconds` for one hop."""

    body_bytes: int = 50_000_000
    seconds: float = 180.0
    silence_seconds: float = 30.0
    redirects: int = 5
    attempts: int = 3
    patience_seconds: float = 120.0


class Answer(Struct, frozen=True):
    """What came of a request. `content` is there only when stored, and for the asker to close; `status` and `headers`
    are of the last hop."""

    url: str
    final_url: str
    fetched_at: datetime
    verdict: Verdict
    status: int | None = None
    headers: tuple[tuple[str, str], ...] = ()
    content: Body | None = None
    redirects: tuple[str, ...] = ()
    elapsed_seconds: float = 0.0

    @property
    def body(self) -> bytes | None:
        """The whole body at once, for those who ask for pages only."""
        return None if self.content is None else self.content.head()

    @property
    def media_type(self) -> str:
        """The declared type in lower case without parameters, empty where none is declared."""
        return media_type_in(self.headers)

    @property
    def retry_after_seconds(self) -> float | None:
        """How long the host asks us to wait, None where it does not."""
        return retry_after(header(self.headers, "retry-after"), self.fetched_at) if self.status in BUSY else None

    @property
    def charset(self) -> str | None:
        """The declared charset."""
        return charset_in(header(self.headers, "content-type"))


class Hop(Struct):
    """One exchange with a host; filled as it goes, so that a failure keeps what was known by then."""

    url: str
    status: int | None = None
    headers: tuple[tuple[str, str], ...] = ()
    body: Body | None = None

    def head(self, size: int) -> bytes:
        """The first bytes of the body, none where there is no body."""
        return b"" if self.body is None else self.body.head(size)

    def drop(self) -> None:
        """Lets go of a body that is not needed any more."""
        if self.body is not None:
            self.body.close()
            self.body = None


class Fetcher:
    """Asks on behalf of one portal. Use as `async with Fetcher(…) as fetcher`. `spool`: the folder for large bodies
    while they come."""

    def __init__(
        self,
        portal: Portal,
        lanes: Lanes,
        decode: Decode,
        now: Now,
        connect_to: Mapping[str, Place],
        limits: Limits,
        spool: Path | None = None,
    ) -> None:
        self._portal = portal
        self._lanes = lanes
        self._decode = decode
        self._now = now
        self._limits = limits
        self._spool = spool
        self._wire = Wire(portal, connect_to, limits.silence_seconds)
        self._rules: dict[str, Rules] = {}
        self._channels = {host_and_port(channel.url): origin_of(channel.url) for channel in portal.channels}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._wire.aclose()

    async def fetch(self, request: Request, conditions: Mapping[str, str] | None = None) -> Answer:
        """The answer to a request, asked again at once, a few times and with jitter, where that can help."""
        answer = await self._attempt(request, conditions or {})
        for _ in range(self._limits.attempts - 1):
            if not answer.verdict.is_transient:
                break
            await asyncio.sleep(random.uniform(0, self._portal.pace.delay))  # noqa: S311 - jitter, no secret
            last, answer = answer, await self._attempt(request, conditions or {})
            if answer.verdict.rest_seconds is not None and answer.status is None:  # the lane kept us from asking again
                return replace(last, verdict=replace(last.verdict, rest_seconds=answer.verdict.rest_seconds))
        return answer

    async def _attempt(self, request: Request, conditions: Mapping[str, str]) -> Answer:
        began, hops = time.monotonic(), [Hop(request.url)]
        try:
            await self._follow(request, conditions, hops)
            verdict = self._judge(request, hops[-1], is_conditional=bool(conditions))
        except (FetchError, TimeoutError, *TRANSIENT, *FINAL) as error:
            verdict = verdict_on(error)
        last = hops[-1]
        for hop in hops:
            if hop is not last or verdict.outcome != "stored":
                hop.drop()
        return Answer(
            url=request.url,
            final_url=last.url,
            fetched_at=self._now(),
            verdict=verdict,
            status=last.status,
            headers=last.headers,
            content=last.body,
            redirects=tuple(hop.url for hop in hops[1:]),
            elapsed_seconds=round(time.monotonic() - began, 3),
        )

    async def _follow(self, request: Request, conditions: Mapping[str, str], hops: list[Hop]) -> None:
        """Exchanges until an answer is no redirect; each hop passes all doors anew."""
        headers = {**dict(request.headers), **conditions}
        while True:
            hop = hops[-1]
            rules = await self._admit(hop.url)
            await self._exchange(hop, request, headers, max(self._portal.pace.delay, rules.delay_seconds))
            target = self._onward(hop)
            if target is None:
                return
            if len(hops) > self._limits.redirects:
                raise Astray(f"more than {self._limits.redirects} redirects, the last to {target}")
            hops.append(Hop(target))
            if hop.status not in (307, 308):
                request = Request(target)

    def _onward(self, hop: Hop) -> str | None:
        """Where an answer sends us: by its status, as a shell page, or as a folder that hides its index.html."""
        if hop.status in REDIRECTS:
            target = resolve(hop.url, header(hop.headers, "location")) if header(hop.headers, "location") else None
            if target is None:
                raise Astray(f"redirect {hop.status} without an address")
            return target
        if hop.status not in (200, 403) or hop.body is None or hop.body.size > SHELL_BYTES:
            return None
        text = self._page_text(hop, SHELL_BYTES)
        if hop.status == 403:
            return resolve(hop.url, "index.html") if is_closed_folder(hop.url, text) else None
        shown = onward_in(text)
        target = resolve(hop.url, shown) if shown and not challenge_in(200, dict(hop.headers), text) else None
        if target == hop.url:
            raise Astray("the page only reloads itself")
        return target

    def _page_text(self, hop: Hop, size: int) -> str:
        """The beginning of a page as text, empty for anything else."""
        head = hop.head(size)
        if not is_page(media_type_in(hop.headers), head):
            return ""
        return self._decode(head, charset_in(header(hop.headers, "content-type")))

    async def _admit(self, url: str) -> Rules:
        """The host's rules, if they and our own let the address be asked for."""
        self._refuse_strangers(url)
        rules = await self._rules_of(url)
        if rules.blocked:
            raise Blocked(rules.closed or "")
        if rules.closed:
            raise Closed(rules.closed)
        if not rules.allows(url):
            raise Refused("robots.txt disallows it")
        return rules

    def _refuse_strangers(self, url: str) -> None:
        """Schemes other than the web's, and a second scheme on the host and port that a private channel opens."""
        if not is_web(url):
            raise Refused(f"{url[:100]} is no web address")
        opened = self._channels.get(host_and_port(url))
        if self._portal.allow_private_addresses and opened is not None and opened != origin_of(url):
            raise Refused(f"{origin_of(url)} is not the origin of a channel")

    async def _rules_of(self, url: str) -> Rules:
        if self._portal.robots is not None and self._portal.robots.ignore:
            return Rules(state="ignored")
        origin = origin_of(url)
        if origin not in self._rules:
            rules = await self._read_rules(f"{origin}/robots.txt")
            for _ in range(self._limits.attempts - 1):
                if rules.state != "closed" or rules.blocked:
                    break
                rules = await self._read_rules(f"{origin}/robots.txt")
            self._rules[origin] = rules
        return self._rules[origin]

    async def _read_rules(self, url: str) -> Rules:
        """robots.txt of one origin, over at most five redirects (RFC 9309, 2.3.1.2); a failure closes the origin."""
        hops = [Hop(url)]
        for _ in range(self._limits.redirects + 1):
            hop = hops[-1]
            try:
                self._refuse_strangers(hop.url)
                await self._exchange(hop, Request(hop.url), {}, self._portal.pace.delay, cap=MAX_BYTES)
            except (TooLarge, Truncated, Unreadable, TimeoutError, *TRANSIENT, *FINAL) as error:
                return rules_of(None, "", "", said(error))
            except Refused as error:
                if len(hops) == 1:
                    raise
                return rules_of(None, "", "", f"it leads astray: {error}")
            if hop.status not in REDIRECTS:
                break
            hops.append(Hop(resolve(hop.url, header(hop.headers, "location")) or ""))
        text = self._decode(hop.head(MAX_BYTES), "utf-8")
        for hop in hops:
            hop.drop()
        if (challenge := challenge_in(hop.status or 0, dict(hop.headers), text)) and hop.status not in (401, 403, 405):
            return Rules(closed=f"robots.txt: {challenge}", blocked=True, state="closed")
        return rules_of(hop.status, media_type_in(hop.headers), text)

    async def _exchange(
        self, hop: Hop, request: Request, headers: Mapping[str, str], delay: float, cap: int | None = None
    ) -> None:
        """One request and its answer in the host's lane."""
        lane = self._lanes.of(hop.url)
        async with lane.turn(delay), asyncio.timeout(self._limits.seconds):
            form = dict(request.form) if request.method == "POST" else None
            response = await self._wire.send(request.method, hop.url, form, headers)
            try:
                hop.status = response.status_code
                hop.headers = tuple((name.lower(), value) for name, value in response.headers.multi_items())
                hop.body = Body(self._spool)
                await self._receive(response, hop, cap or self._limits.body_bytes)
            finally:
                await response.aclose()
        if hop.status in BUSY:
            lane.slow_down(retry_after(header(hop.headers, "retry-after"), self._now()))
        else:
            lane.relax()

    async def _receive(self, response: httpx.Response, hop: Hop, cap: int) -> None:
        """The body without its coding, never more than `cap` bytes; of anything but a success only the beginning."""
        assert hop.body is not None
        if response.is_success:
            check(int_in(response.headers.get("content-length", "")), cap, "announced, ")
        is_gzip = "gzip" in response.headers.get("content-type", "") or path_of(hop.url).endswith((".gz", ".tgz"))
        inflater, size = None, 0
        try:
            async for part in response.aiter_raw():
                inflater = inflater or Inflater(response.headers.get("content-encoding", ""), cap, is_gzip=is_gzip)
                size += len(part)
                check(size, cap)
                for piece in inflater.feed(part):
                    hop.body.write(piece)
                if not response.is_success and hop.body.size > JUDGED_BYTES:
                    return
            for piece in inflater.end() if inflater else ():
                hop.body.write(piece)
        except (TooLarge, Truncated, Unreadable):
            if response.is_success:
                raise

    def _judge(self, request: Request, hop: Hop, *, is_conditional: bool) -> Verdict:
        """What an answer amounts to: its status is only where the question begins."""
        status, size = hop.status or 0, hop.body.size if hop.body else 0
        text = self._page_text(hop, JUDGED_BYTES)
        if challenge := challenge_in(status, dict(hop.headers), text if size <= JUDGED_BYTES else ""):
            return Verdict("blocked", challenge)
        if status == 304:
            return Verdict("unchanged") if is_conditional else Verdict("failed", "304 to a question without conditions")
        if status in (404, 410):
            return Verdict("not_found", str(status))
        if status not in (200, 203):
            return Verdict("failed", f"status {status}", is_transient=status >= 500 or status == 429)
        if copied := copied_from(hop.url, text):
            return Verdict("refused", copied)
        if absence := absence_in(request.url, hop.url, text) or page_for_file(request.url, hop.head(JUDGED_BYTES)):
            return Verdict("not_found", absence)
        if complaint := complaint_in(hop.head(JUDGED_BYTES), size):
            return Verdict(*complaint)
        return Verdict("stored") if size else Verdict("failed", "empty body", is_transient=True)


def check(size: int, cap: int, how: str = "") -> None:
    """Raises TooLarge beyond the cap."""
    if size > cap:
        raise TooLarge(f"{size} bytes {how}more than {cap}" if how else f"more than {cap} bytes")
