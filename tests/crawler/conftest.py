"""What the crawler's tests share: a replica, an archive, and a way to run one crawl to its end."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from crawler.archive import Archive
from crawler.crawl import crawl
from crawler.fetch import Limits
from crawler.health import CrawlResult
from crawler.listing import Channel
from crawler.portal import Pace, Portal
from parsers.charset import decode
from tests.crawler.replica import COLUMN, Replica

settings.register_profile("crawler", deadline=None)  # no test measures seconds
settings.load_profile("crawler")

Crawl = Callable[..., CrawlResult]
QUICK = Limits(seconds=5.0, silence_seconds=2.0, patience_seconds=5.0)


def text_of(body: bytes, declared: str | None) -> str:
    """The wiring of `nianbao`: the parsers' charset rule."""
    return decode(body, declared).text


def portal_at(origin: str, *paths: str, delay: float = 0.0, **fields: Any) -> Portal:
    """A portal on loopback with channels below COLUMN."""
    channels = tuple(Channel(f"{origin}{path}") for path in paths or (f"{COLUMN}/gzj/index.html",))
    defaults: dict[str, Any] = {"key": "test/replica", "allow_private_addresses": True, "pace": Pace(delay)}
    return Portal(name="复制品", family="guangdong_nfcms", channels=channels, **{**defaults, **fields})


@pytest.fixture
def replica() -> Iterator[Replica]:
    with Replica() as server:
        yield server


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path / "archive")


@pytest.fixture
def run(archive: Archive) -> Crawl:
    """One crawl to its end; keyword arguments go to `crawl`."""

    def crawled(portal: Portal, **options: Any) -> CrawlResult:
        settings: dict[str, Any] = {"decode": text_of, "limits": QUICK, **options}
        return asyncio.run(crawl(portal, archive, **settings))

    return crawled


def at(*when: int) -> Callable[[], datetime]:
    """A clock that stands still."""
    return lambda: datetime(*when, tzinfo=UTC)  # type: ignore[arg-type, misc]
