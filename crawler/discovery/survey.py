"""A portal's column read as a crawl reads it, but only to see whether and how it works; nothing is archived.

An `Asker` asks for pages, each once and only so many; a `Survey` is one column read by one family, as far as one likes.
"""

import re
from collections import deque
from collections.abc import Mapping

from msgspec import Struct

from crawler.capture import Outcome
from crawler.crawl import silent, utc_now
from crawler.discovery.signposts import links_of
from crawler.families import FAMILIES
from crawler.fetch import Answer, Decode, Fetcher, Limits, Now
from crawler.leads import OnEvent
from crawler.listing import Channel, Family, Link, Page, Request
from crawler.lists.titles import is_candidate, is_report
from crawler.portal import Portal
from crawler.wire.guard import Place
from crawler.wire.pace import Lanes
from crawler.wire.pages import MAX_CHARACTERS, is_page, is_text, readable

MAX_DEPTH = 4
"""Columns above a list, as in a crawl."""
GIVE_UP_AFTER = 3
"""So many refusals in a row, and the site is left alone."""
LIMITS = Limits(body_bytes=10_000_000, seconds=60.0)
"""Of a request whose answer is only looked at."""
TRIED = 8
"""Pages that a visit asks for in each channel."""
READ_BYTES = 4 * MAX_CHARACTERS
SUBJECT = re.compile(r"(?:19|20)\d\d年?度?|(?:政府|政务)?信息公开.*$|政务公开.*$")


class Looked(Struct, frozen=True):
    """A page that was asked for, under which label, and what came of it."""

    url: str
    label: str
    outcome: Outcome
    reason: str = ""


class Column(Struct, frozen=True):
    """A column that holds reports. `trail`: the labels clicked on the way to it; `reports`: rows seen in its lists;
    `is_whole`: nothing of it is left unread; `is_own`: it is called annual reports, by a label or by itself."""

    url: str
    trail: tuple[str, ...]
    family: str
    reports: tuple[Link, ...]
    is_whole: bool
    is_own: bool

    @property
    def name(self) -> str:
        """What people call it."""
        return self.trail[-1] if self.trail else ""


class Asker:
    """Asks for the pages of a site, each once, until `most` were asked for or the site refuses."""

    def __init__(self, fetcher: Fetcher, decode: Decode, on_event: OnEvent, most: int) -> None:
        self._fetcher = fetcher
        self._decode = decode
        self._on_event = on_event
        self._most = most
        self._refusals = 0
        self.pages: dict[str, Page | None] = {}
        self.looked: list[Looked] = []

    @property
    def is_refused(self) -> bool:
        """Whether the site does not want to be asked, or cannot answer."""
        return self._refusals >= GIVE_UP_AFTER

    async def ask(self, request: Request, label: str) -> Page | None:
        """The page of a request; None where there is none to read, or no more may be asked for."""
        if request.key in self.pages:
            return self.pages[request.key]
        if len(self.looked) >= self._most or self.is_refused:
            return None
        answer = await self._fetcher.fetch(request)
        outcome, reason = answer.verdict.outcome, answer.verdict.reason
        self._refusals = self._refusals + 1 if outcome in ("blocked", "failed") else 0
        self.looked.append(Looked(request.url, label, outcome, reason))
        self._on_event("looked", {"url": request.url, "label": label, "outcome": outcome, "reason": reason})
        self.pages[request.key] = page = self._page(request, answer)
        return page

    def _page(self, request: Request, answer: Answer) -> Page | None:
        """The answer as a page, None for files and failures."""
        if answer.content is None:
            return None
        body = answer.content.head(READ_BYTES)
        answer.content.close()
        is_html = is_page(answer.media_type, body)
        if not is_html and not is_text(body):
            return None
        text = self._decode(body, answer.charset)
        text = readable(text) if is_html else text[:MAX_CHARACTERS]
        return Page(answer.final_url, text, answer.media_type or "text/html", request)


class Waiting(Struct, frozen=True):
    """A list page still to be read: `listing` names the list it continues, `depth` counts columns above it."""

    request: Request
    listing: str
    depth: int = 0


class Visit(Struct, frozen=True):
    """How the channels of a portal answer. `columns`: those in which reports are listed; `silent`: the others."""

    columns: tuple[Column, ...]
    silent: tuple[str, ...]
    looked: tuple[Looked, ...]


async def visit(
    portal: Portal,
    *,
    decode: Decode,
    connect_to: Mapping[str, Place] | None = None,
    on_event: OnEvent = silent,
    now: Now = utc_now,
    limits: Limits = LIMITS,
) -> Visit:
    """Asks each channel of a portal for its lists, as far as the first reports."""
    columns, without = [], []
    async with Fetcher(portal, Lanes(limits.patience_seconds), decode, now, connect_to or {}, limits) as fetcher:
        asker = Asker(fetcher, decode, on_event, TRIED * len(portal.channels))
        for channel in portal.channels:
            label = channel.name or channel.url
            first = await asker.ask(FAMILIES[portal.family].first(channel), label)
            survey = Survey(portal.family, (label,), first, is_own=True) if first else None
            if survey is not None:
                await survey.go(asker, TRIED, until_first=True)
            if survey is not None and survey.is_column:
                columns.append(survey.column())
            else:
                without.append(channel.url)
    return Visit(tuple(columns), tuple(without), tuple(asker.looked))


class Survey:
    """One column read by one family, as a crawl reads it, as far as one likes to go."""

    def __init__(self, family: str, trail: tuple[str, ...], page: Page, *, is_own: bool) -> None:
        self.family = family
        self.trail = trail
        self.page = page
        self.is_own = is_own
        self.reports: dict[str, Link] = {}
        self.reached: set[str] = {twin(page.url)}
        self.pages: list[Page] = []
        self._reads: Family = FAMILIES[family]
        first = self._reads.first(Channel(page.url))
        self._waiting = deque([Waiting(first, first.key)])
        self._asked = {first.key}
        self._seen: dict[str, set[str]] = {}
        self._has_gaps = False

    @property
    def is_column(self) -> bool:
        """Whether reports stand in it. Rows that name only a year or a body count where the column itself is sure."""
        return self.certain >= 2 or (self.is_own and bool(self.reports))

    @property
    def certain(self) -> int:
        """Rows that are reports by their title."""
        return sum(is_report(link.title) for link in self.reports.values())

    @property
    def is_sure(self) -> bool:
        """Whether reports are what its rows are, most of them by their own titles."""
        return self.certain >= 2 and 2 * self.certain >= sum(map(len, self._seen.values()))

    @property
    def bodies(self) -> frozenset[str]:
        """The bodies that the rows name, as far as titles tell."""
        return frozenset(SUBJECT.sub("", re.sub(r"\s", "", link.title)) for link in self.reports.values())

    def fill(self) -> None:
        """Takes the page as a shell: of all that it leads to only what its scripts ask for, not its links."""
        linked = {address for address, _ in links_of(self.page)}
        self.take(self.page)
        self._waiting = deque(one for one in self._waiting if one.request.url not in linked)

    async def go(self, asker: Asker, pages: int, *, until_first: bool = False) -> None:
        """Reads on for so many pages, or until the first reports are seen."""
        for _ in range(pages):
            if not self._waiting or (until_first and self.reports):
                return
            waiting = self._waiting.popleft()
            is_first = waiting.request.key == Request(self.page.url).key
            page = self.page if is_first else await asker.ask(waiting.request, self.trail[-1] if self.trail else "")
            if page is None:
                self._has_gaps = self._has_gaps or not waiting.request.is_guess
                continue
            self.take(page, waiting)

    def take(self, page: Page, waiting: Waiting | None = None) -> None:
        """The rows of one page, and what it leads to: sub-columns before later pages."""
        waiting = waiting or self._waiting.popleft()
        self.pages.append(page)
        listing = self._reads.read(page)
        seen = self._seen.setdefault(waiting.listing, set())
        fresh = {link.url for link in listing.links} - seen
        seen.update(fresh)
        rows = {link.url: link for link in listing.links if is_candidate(link.title)}
        self.reports |= rows
        self.reached.update(map(twin, rows))
        for request in reversed(listing.columns if waiting.depth < MAX_DEPTH else ()):
            self._add(Waiting(request, request.key, waiting.depth + 1), is_urgent=True)
        for request in listing.following if fresh else ():
            self._add(Waiting(request, waiting.listing, waiting.depth), is_urgent=False)

    def _add(self, waiting: Waiting, *, is_urgent: bool) -> None:
        self.reached.add(twin(waiting.request.url))
        if waiting.request.key in self._asked:
            return
        self._asked.add(waiting.request.key)
        if is_urgent:
            self._waiting.appendleft(waiting)
        else:
            self._waiting.append(waiting)

    def column(self) -> Column:
        """What is known of the column by now."""
        is_whole = not self._waiting and not self._has_gaps
        return Column(self.page.url, self.trail, self.family, tuple(self.reports.values()), is_whole, self.is_own)


def twin(url: str) -> str:
    """One name for the addresses of one page: with and without TLS, www, and the name of a folder's index."""
    bare = re.sub(r"^https?://(?:www\.)?", "", url)
    return re.sub(r"(?<=/)index\.(?:s?html?|jhtml|php|aspx?|jsp)$", "", bare)
