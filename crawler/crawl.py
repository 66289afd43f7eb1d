"""The loop of one portal: ask, archive, go on (step 3: capture). Resumable at any moment; many portals in parallel.

Lists are asked in each run, conditionally; what they lead to `leads` tells. A request that failed waits in the journal
until it is due, for a later run.
"""

import asyncio
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator, Container, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, urlsplit

import msgspec

from crawler.address import host_and_port
from crawler.archive import Archive
from crawler.capture import Capture, Outcome, iso
from crawler.errors import CrawlError
from crawler.families import FAMILIES
from crawler.fetch import Answer, Decode, Fetcher, Limits, Now
from crawler.health import CrawlResult, Failure, Health, doubts, shortfall, shrunk, silence
from crawler.journal import Journal, Known, Queued
from crawler.leads import MAX_FRAMES, Leads, OnEvent, is_doubtful
from crawler.listing import Channel, Page
from crawler.lists.titles import is_candidate, year_of
from crawler.portal import Portal
from crawler.verdict import Verdict
from crawler.wire.guard import Place
from crawler.wire.pace import Lanes
from crawler.wire.pages import MAX_CHARACTERS, is_page, is_text, readable
from crawler.wire.standin import are_different

DEFAULT_LIMITS = Limits()
READ_BYTES = 4 * MAX_CHARACTERS
"""No more of a body is read for links; no character takes more bytes."""
MAX_ATTEMPTS = 8
MAX_BACKOFF = timedelta(days=1)
STOP_AFTER: dict[Outcome, int] = {"blocked": 3, "failed": 8}
"""So many refusals or failures in a row, and the portal is left alone for this run."""


def utc_now() -> datetime:
    """The clock, replaceable in tests."""
    return datetime.now(UTC)


def silent(name: str, fields: Mapping[str, object]) -> None:
    """Listens to no event."""


async def crawl_all(
    portals: Iterable[Portal],
    archive: Archive,
    *,
    decode: Decode,
    connect_to: Mapping[str, Place] | None = None,
    on_event: OnEvent = silent,
    years: Container[int] | None = None,
    now: Now = utc_now,
    limits: Limits = DEFAULT_LIMITS,
    parallel: int = 32,
) -> tuple[CrawlResult, ...]:
    """Many portals at once, each host still asked one request at a time; results in the order of the portals.

    A portal that breaks down does not stop the others: its result is `failing` and says why.
    """
    lanes = Lanes(limits.patience_seconds)
    gate = asyncio.Semaphore(parallel)

    async def one(portal: Portal) -> CrawlResult:
        async with gate:
            try:
                return await crawl(
                    portal, archive, decode=decode, connect_to=connect_to, on_event=on_event, years=years, now=now,
                    limits=limits, lanes=lanes,
                )  # fmt: skip
            except (CrawlError, OSError, sqlite3.Error) as error:
                return CrawlResult(portal.key, "failing", remarks=(f"{type(error).__name__}: {error}",))

    given = tuple(portals)
    async with asyncio.TaskGroup() as group:
        tasks = {portal.key: group.create_task(one(portal)) for portal in in_turns(given)}
    return tuple(tasks[portal.key].result() for portal in given)


async def crawl(
    portal: Portal,
    archive: Archive,
    *,
    decode: Decode,
    connect_to: Mapping[str, Place] | None = None,
    on_event: OnEvent = silent,
    years: Container[int] | None = None,
    now: Now = utc_now,
    limits: Limits = DEFAULT_LIMITS,
    lanes: Lanes | None = None,
) -> CrawlResult:
    """One run over one portal, or the rest of a run that was cut off.

    `decode` turns a body and its declared charset into text. `connect_to` is for stand-ins on loopback. `years` leaves
    out links whose title names another year. Raises ArchiveError and OSError for trouble with the disk only.
    """
    archive.sweep()
    lanes = lanes or Lanes(limits.patience_seconds)
    async with (
        opened(archive, portal.key) as journal,
        Fetcher(portal, lanes, decode, now, connect_to or {}, limits, archive.root) as fetcher,
    ):
        return await Loop(portal, archive, journal, fetcher, decode, on_event, years, now).run()


@asynccontextmanager
async def opened(archive: Archive, key: str) -> AsyncIterator[Journal]:
    """The journal of a portal; opening and closing wait for the disk, while other hosts are asked on."""
    journal = await asyncio.to_thread(archive.journal, key)
    try:
        yield journal
    finally:
        await asyncio.to_thread(journal.close)


def in_turns(portals: Sequence[Portal]) -> list[Portal]:
    """The first portal of each host, then the second ones: those of one host wait for each other anyway, and would
    keep the others from starting."""
    before: Counter[str] = Counter()
    turns = []
    for portal in portals:
        host = host_and_port(portal.channels[0].url)[0]
        turns.append(before[host])
        before[host] += 1
    return [portal for _, portal in sorted(zip(turns, portals, strict=True), key=lambda pair: pair[0])]


class Loop:
    """The state of one run: what it asks, and the tally of what came."""

    def __init__(
        self,
        portal: Portal,
        archive: Archive,
        journal: Journal,
        fetcher: Fetcher,
        decode: Decode,
        on_event: OnEvent,
        years: Container[int] | None,
        now: Now,
    ) -> None:
        self._portal = portal
        self._archive = archive
        self._journal = journal
        self._fetcher = fetcher
        self._family = FAMILIES[portal.family]
        self._decode = decode
        self._on_event = on_event
        self._now = now
        self._run = journal.begin(now(), [self._root(channel) for channel in portal.channels])
        self._leads = Leads(portal, journal, self._run, years, now, on_event)
        self._outcomes: Counter[Outcome] = Counter()
        self._errors: list[Failure] = []
        self._new_captures = 0
        self._gaps: list[str] = []
        self._doubtful = 0
        self._in_a_row: Counter[Outcome] = Counter()
        self._stopped: tuple[Health, str] | None = None
        self._hosts = {host_and_port(channel.url)[0] for channel in portal.channels}

    async def run(self) -> CrawlResult:
        """Asks until nothing is left that is due."""
        self._emit("resumed" if self._run.is_resumed else "started", run=self._run.id)
        if until := self._journal.paused_until(self._now()):
            self._stopped = ("failing", f"the portal asked not to be asked before {iso(until)}")
        while self._stopped is None and (asked := self._journal.next(self._run, self._now())):
            known = self._journal.known(asked.request.key)
            answer = await self._fetcher.fetch(asked.request, self._conditions(known))
            await self._take(asked, answer, known)
        return self._finish()

    def _root(self, channel: Channel) -> Queued:
        request = self._family.first(channel)
        return Queued(request, "list", channel=channel.url, listing=request.key)

    def _conditions(self, known: Known | None) -> dict[str, str]:
        """The validators of the body we have, if we still have it."""
        if known is None or known.sha256 is None or not self._archive.has(known.sha256):
            return {}
        named = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified}
        return {name: value for name, value in named.items() if value}

    # ---- one answer

    async def _take(self, asked: Queued, answer: Answer, known: Known | None) -> None:
        """Archives an answer, reads it, and settles both in the journal at once."""
        answer = self._unless_for_all(asked, answer)
        try:
            capture = await self._capture(asked, answer, known)
            page = self._page(asked, capture, answer)
        finally:
            if answer.content is not None:
                answer.content.close()
        sightings, requests = self._leads.of(asked, capture, page) if page else ((), ())
        due = self._due(asked, answer, capture.outcome, is_doubtful=bool(page and is_doubtful(asked, capture, page)))
        self._journal.settle(self._run, asked, capture, due=due, sightings=sightings, requests=requests)
        self._tally(asked, capture, due, is_of_page=answer.verdict.is_of_page)
        self._pause(answer)

    def _unless_for_all(self, asked: Queued, answer: Answer) -> Answer:
        """The answer, or a failure where the portal gives one and the same page for different reports: some throttle so,
        with their home page or a list; others show it for a report that they do not have."""
        if asked.role != "article" or answer.content is None or year_of(asked.title or "") is None:
            return answer
        for other in self._journal.others_with(answer.content.sha256, asked.request.url):
            is_list = other.role == "list" and not is_default_of(other.url, asked.request.url)
            if is_list or (other.role == "article" and are_different(asked.title or "", other.title or "")):
                answer.content.close()
                outcome: Outcome = "blocked" if is_list else "failed"
                verdict = Verdict(outcome, f"the same page as for {other.url}", is_of_page=not is_list)
                return msgspec.structs.replace(answer, verdict=verdict, content=None)
        return answer

    async def _capture(self, asked: Queued, answer: Answer, known: Known | None) -> Capture:
        """The capture of an answer, its body archived if it has one."""
        outcome, sha256, size = answer.verdict.outcome, None, 0
        if answer.content is not None:
            sha256, size = await asyncio.to_thread(self._archive.keep, answer.content), answer.content.size
            outcome = "unchanged" if known is not None and known.sha256 == sha256 else outcome
        elif outcome == "unchanged" and known is not None and known.sha256 is not None:
            sha256, size = known.sha256, self._archive.size(known.sha256)
        return Capture(
            url=asked.request.url,
            final_url=answer.final_url,
            fetched_at=iso(answer.fetched_at),
            status=answer.status,
            media_type=answer.media_type or None,
            headers=answer.headers,
            sha256=sha256,
            size=size,
            portal=self._portal.key,
            channel=asked.channel,
            role=asked.role,
            outcome=outcome,
            reason=answer.verdict.reason,
            title=asked.title,
            date=asked.date,
            attachment_of=asked.attachment_of,
            redirects=answer.redirects,
            elapsed_seconds=answer.elapsed_seconds,
        )

    def _due(self, asked: Queued, answer: Answer, outcome: Outcome, *, is_doubtful: bool) -> datetime | None:
        """When a request that failed, or brought a doubtful page, is asked again: ever later, the first time after ten
        times the portal's delay, never before the host wants it. Lists are asked in every run anyway."""
        is_wanting = outcome in ("failed", "blocked") or is_doubtful
        if asked.role == "list" or not is_wanting or asked.attempts + 1 >= MAX_ATTEMPTS:
            return None
        backoff = timedelta(seconds=10 * self._portal.pace.delay * 2**asked.attempts)
        return self._now() + min(MAX_BACKOFF, max(backoff, wished_pause(answer)))

    def _pause(self, answer: Answer) -> None:
        """A portal that wants a long pause gets it, over the end of this run; another host that it links to does not
        stop the run."""
        if answer.verdict.rest_seconds is None or host_and_port(answer.final_url)[0] not in self._hosts:
            return
        until = self._now() + min(MAX_BACKOFF, wished_pause(answer))
        self._journal.pause(until)
        self._stopped = ("failing", f"the portal asked not to be asked before {iso(until)}")

    def _tally(self, asked: Queued, capture: Capture, due: datetime | None, *, is_of_page: bool) -> None:
        is_end = asked.request.is_guess and capture.outcome == "not_found"
        self._emit(
            "ended" if is_end else "captured", url=capture.url, outcome=capture.outcome, role=capture.role,
            status=capture.status, reason=capture.reason, bytes=capture.size,
        )  # fmt: skip
        if is_end:
            return
        self._outcomes[capture.outcome] += 1
        self._new_captures += capture.outcome == "stored"
        if capture.outcome in ("stored", "unchanged"):
            self._doubtful += due is not None
            self._in_a_row.clear()
            return
        self._errors.append(Failure(capture.url, capture.outcome, capture.reason, iso(due) if due else None))
        if asked.role == "list" and asked.page > 1:
            self._gaps.append(capture.url)
        self._in_a_row[capture.outcome] += not is_of_page
        if capture.outcome in STOP_AFTER and self._in_a_row[capture.outcome] >= STOP_AFTER[capture.outcome]:
            health: Health = "blocked" if capture.outcome == "blocked" else "failing"
            self._stopped = (health, f"{self._in_a_row[capture.outcome]} answers in a row: {capture.reason}")

    def _page(self, asked: Queued, capture: Capture, answer: Answer) -> Page | None:
        """The page to read links from, None for files and for answers without a body."""
        if capture.sha256 is None or asked.role == "picture" or (asked.role == "attachment" and asked.depth > MAX_FRAMES):
            return None
        body = answer.content.head(READ_BYTES) if answer.content else self._archive.content(capture.sha256, READ_BYTES)
        is_html = is_page(capture.media_type, body)
        if not (is_html or (asked.role == "list" and is_text(body))):
            return None
        text = self._decode(body, answer.charset)
        text = readable(text) if is_html else text[:MAX_CHARACTERS]
        return Page(capture.final_url, text, capture.media_type or "text/html", asked.request)

    # ---- the end

    def _finish(self) -> CrawlResult:
        rows = {(channel, key): title for channel, key, title in self._journal.seen(self._run) if is_candidate(title)}
        links = Counter(channel for channel, _ in rows)
        seen = {key: title for (_, key), title in rows.items()}
        health, remarks = self._health(links, list(seen.values()))
        self._journal.finish(self._run, self._now(), health, dict(links) if health == "ok" else None)
        result = CrawlResult(
            portal=self._portal.key,
            health=health,
            remarks=remarks,
            outcomes=dict(self._outcomes),
            links=len(seen),
            new_captures=self._new_captures,
            errors=tuple(self._errors),
            waiting=self._journal.waiting(),
            is_resumed=self._run.is_resumed,
        )
        self._emit("finished", health=health, remarks=remarks, links=len(seen), new_captures=self._new_captures)
        return result

    def _health(self, links: Counter[str], titles: Sequence[str]) -> tuple[Health, tuple[str, ...]]:
        """An empty success is the worst result: fewer links than last time or than expected is said aloud."""
        roots = {channel.url: self._journal.known(self._root(channel).request.key) for channel in self._portal.channels}
        outcomes = {url: known.outcome for url, known in roots.items() if known and known.last_run == self._run.id}
        missed = {url: outcomes.get(url, "not asked") for url in roots}
        unread = tuple(f"{url}: {outcome}" for url, outcome in missed.items() if outcome not in ("stored", "unchanged"))
        if self._stopped is not None:
            return self._stopped[0], (self._stopped[1], *unread)
        if len(unread) == len(roots):
            return ("blocked" if "blocked" in outcomes.values() else "failing"), unread
        gaps = tuple(f"{url}: this page of a list is missing" for url in self._gaps)
        gaps += tuple(f"{url}: the second page of the list is its first again" for url in self._leads.stuck)
        before = self._run.links_before or {}
        read = [url for url, outcome in missed.items() if outcome in ("stored", "unchanged")]
        losses = (*shrunk(links, before), *silence(links, before, read))
        remarks = (*unread, *gaps, *losses, *doubts(self._doubtful), *shortfall(titles, self._portal, self._now()))
        return ("drifted" if remarks else "ok"), remarks

    def _emit(self, name: str, **fields: object) -> None:
        self._on_event(name, {"portal": self._portal.key, **fields})


def is_default_of(list_url: str, url: str) -> bool:
    """Whether a list is the same program asked with fewer parameters: without a year, it may show the newest one."""
    fewer, more = urlsplit(list_url), urlsplit(url)
    return fewer[:3] == more[:3] and set() < set(parse_qsl(fewer.query)) < set(parse_qsl(more.query))


def wished_pause(answer: Answer) -> timedelta:
    """How long the host wants to be left alone."""
    seconds = max(answer.verdict.rest_seconds or 0.0, answer.retry_after_seconds or 0.0)
    return min(MAX_BACKOFF, timedelta(seconds=min(seconds, 1e9)))
