"""Where a page leads: the rows and further pages of a list, the files of an article (step 2: listing). Asks nobody.

What to remember of a row, and what to ask next, the journal tells: a row is asked for when it is new or changed, or was
not asked for long.
"""

from collections.abc import Callable, Container, Mapping, Sequence
from datetime import datetime, timedelta

import msgspec

from crawler.capture import Capture, Role
from crawler.families import FAMILIES
from crawler.journal import Journal, Queued, Run, Sighting
from crawler.listing import Link, Page, Request
from crawler.lists.titles import is_candidate, is_report, year_of
from crawler.portal import Portal
from crawler.wire.standin import shows

OnEvent = Callable[[str, Mapping[str, object]], None]
"""Called with a past participle and its circumstances, such as ("captured", {"url": …, "outcome": …})."""

MAX_PAGES = 500
MAX_DEPTH = 4
MAX_LISTS = 5000
MAX_FRAMES = 1
"""Frames in which a file is looked for: what stands in a frame of a frame of a page is not."""


class Leads:
    """The leads of one run over one portal. `stuck`: second pages that show their list's first again."""

    def __init__(
        self,
        portal: Portal,
        journal: Journal,
        run: Run,
        years: Container[int] | None,
        now: Callable[[], datetime],
        on_event: OnEvent,
    ) -> None:
        self._portal = portal
        self._family = FAMILIES[portal.family]
        self._journal = journal
        self._run = run
        self._years = years
        self._now = now
        self._on_event = on_event
        self._lists = 0
        self.stuck: list[str] = []

    def of(self, asked: Queued, capture: Capture, page: Page) -> tuple[Sequence[Sighting], Sequence[Queued]]:
        """What to remember of a page and what to ask next."""
        if asked.role == "list":
            return self._of_list(asked, page)
        return (), self._attachments(asked, capture, page)

    def _of_list(self, asked: Queued, page: Page) -> tuple[Sequence[Sighting], Sequence[Queued]]:
        listing = self._family.read(page)
        before = self._journal.sightings(asked.listing)
        fresh = [link for link in listing.links if not (seen := before.get(link.url)) or seen.last_run != self._run.id]
        self._lists += 1
        self._emit("listed", url=page.url, links=len(listing.links), fresh=len(fresh))
        rows = [link for link in fresh if self._is_eligible(link)]
        requests = [article_of(asked, link) for link in rows if self._is_wanted(link, before.get(link.url))]
        if fresh and asked.page < MAX_PAGES and self._lists < MAX_LISTS:
            requests += [next_page(asked, request, place) for place, request in enumerate(listing.following, 1)]
        elif listing.following:
            self._emit("paging_stopped", url=page.url, pages=asked.page)
        if asked.page == 2 and listing.links and not fresh and not asked.request.is_guess:
            self.stuck.append(page.url)
        if asked.depth < MAX_DEPTH and self._lists < MAX_LISTS:
            requests += [column_below(asked, request) for request in listing.columns]
        return [self._sighting(link, before.get(link.url), is_judged=link in rows) for link in fresh], requests

    def _is_eligible(self, link: Link) -> bool:
        """Whether a row may be a report of the years that this run is about."""
        if not is_candidate(link.title):
            self._emit("skipped", url=link.url, title=link.title)
            return False
        year = year_of(link.title)
        return self._years is None or year is None or year in self._years

    def _is_wanted(self, link: Link, before: Sighting | None) -> bool:
        """Whether a row is worth a request now: new, changed, or not asked for long."""
        is_changed = before is not None and (before.title, before.date) != (link.title, link.date)
        return is_changed or self._is_stale(link.url)

    def _sighting(self, link: Link, before: Sighting | None, *, is_judged: bool) -> Sighting:
        """What to remember of a row; a change that this run does not act upon is left for a later one to notice."""
        if before is not None and not is_judged:
            return msgspec.structs.replace(before, last_run=self._run.id)
        return Sighting(link.url, link.title, link.date, self._run.id)

    def _is_stale(self, key: str) -> bool:
        """Whether an address was never asked, or so long ago that it is asked again."""
        known = self._journal.known(key)
        return known is None or self._now() - known.asked_at >= timedelta(days=self._portal.recheck_days)

    def _attachments(self, asked: Queued, capture: Capture, page: Page) -> Sequence[Queued]:
        """The files and pictures of an article, and of a page that it frames: all when it changed, else those that have not
        been asked for lately. A file belongs to the article, a picture to the page that shows it."""
        article = self._family.article(page)
        whole = asked.attachment_of or capture.url
        parts: list[tuple[Role, str, Link]] = [("attachment", whole, file) for file in article.attachments]
        parts += [("picture", capture.url, picture) for picture in article.pictures]
        return [
            Queued(
                Request(one.url), role, channel=asked.channel, title=one.title, attachment_of=owner, depth=asked.depth + 1
            )
            for role, owner, one in parts
            if one.url != whole and (capture.outcome == "stored" or self._is_stale(one.url))
        ]

    def _emit(self, name: str, **fields: object) -> None:
        self._on_event(name, {"portal": self._portal.key, **fields})


def is_doubtful(asked: Queued, capture: Capture, page: Page) -> bool:
    """Whether a new page says nothing of the report that its link names; it is kept, and asked for once more."""
    is_new = asked.role == "article" and capture.outcome == "stored"
    return is_new and asked.title is not None and is_report(asked.title) and not shows(asked.title, page.text)


def article_of(asked: Queued, link: Link) -> Queued:
    """The article behind a row."""
    return Queued(Request(link.url), "article", channel=asked.channel, title=link.title, date=link.date)


def next_page(asked: Queued, request: Request, place: int) -> Queued:
    """A page that continues the list, `place` pages further on."""
    return Queued(
        request, "list", channel=asked.channel, listing=asked.listing, page=asked.page + place, depth=asked.depth
    )


def column_below(asked: Queued, request: Request) -> Queued:
    """The first page of a sub-column."""
    return Queued(request, "list", channel=asked.channel, listing=request.key, depth=asked.depth + 1)
