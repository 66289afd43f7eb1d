"""How a portal fares: the result of a run, and the rules by which a quiet loss is noticed. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Literal

from msgspec import Struct

from crawler.capture import Outcome
from crawler.lists.titles import year_of
from crawler.portal import Portal

Health = Literal["ok", "drifted", "blocked", "failing"]
SHRUNK_TO = 0.5
"""A channel that shows less than this share of the links of last time has drifted."""


class Failure(Struct, frozen=True):
    """A request that brought nothing. `due`: when it will be asked again; None: not before its list entry changes."""

    url: str
    outcome: Outcome
    reason: str
    due: str | None = None


class CrawlResult(Struct, frozen=True):
    """What came of one portal. `links`: report links seen in its lists; `new_captures`: bodies not had before;
    `waiting`: requests that a later run takes up; `remarks`: why the health is what it is."""

    portal: str
    health: Health
    remarks: tuple[str, ...] = ()
    outcomes: dict[Outcome, int] = {}
    links: int = 0
    new_captures: int = 0
    errors: tuple[Failure, ...] = ()
    waiting: int = 0
    is_resumed: bool = False


def shrunk(links: Counter[str], links_before: Mapping[str, int]) -> tuple[str, ...]:
    """Channels that show far fewer report links than in the last run without a remark."""
    return tuple(
        f"{channel}: {links[channel]} reports listed, {before} last time"
        for channel, before in links_before.items()
        if links[channel] < before * SHRUNK_TO
    )


def silence(links: Counter[str], links_before: Mapping[str, int], channels: Iterable[str]) -> tuple[str, ...]:
    """Channels that were read and show no report at all, now as ever: an empty success is the worst result."""
    return tuple(
        f"{channel}: no report is listed"
        for channel in channels
        if not links[channel] and not links_before.get(channel)
    )


def doubts(count: int) -> tuple[str, ...]:
    """New pages that say nothing of the report that their link names."""
    return (f"{count} pages say nothing of the report they should be, and are asked for again",) if count else ()


def shortfall(titles: Sequence[str], portal: Portal, now: datetime) -> tuple[str, ...]:
    """Whether fewer bodies than expected stand in the lists for the newest year that is complete.

    Reports of a year are due by 31 March of the next (政府信息公开条例, article 50).
    """
    expected = portal.expect.reports_per_year
    if expected is None:
        return ()
    complete = last_complete_year(now)
    years = Counter(year for title in titles if (year := year_of(title)) is not None and year <= complete)
    if not years:
        return (f"no report of a complete year is listed, {expected} expected",)
    newest = max(years)
    return (f"{years[newest]} reports listed for {newest}, {expected} expected",) if years[newest] < expected else ()


def last_complete_year(now: datetime) -> int:
    """The newest year whose reports are due."""
    return now.year - 1 if now.month > 3 else now.year - 2
