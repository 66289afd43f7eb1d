"""`kill -9` in the middle of a crawl loses at most the request in flight and duplicates nothing."""

import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler.archive import Archive
from tests.crawler.conftest import Crawl, portal_at
from tests.crawler.replica import COLUMN, Replica, add_column, report_title

POSTS = {number: report_title(f"第{number}镇", 2020) for number in range(1, 31)}


def kill_after(replica: Replica, archive: Archive, hits: int) -> None:
    """Starts a crawl and kills it when the server has seen so many requests."""
    command = [
        sys.executable,
        "-m",
        "tests.crawler.crawl_once",
        f"{replica.origin}{COLUMN}/gzj/index.html",
        str(archive.root),
    ]
    process = subprocess.Popen(command, cwd=Path(__file__).parents[2])
    while len(replica.hits) < hits and process.poll() is None:
        time.sleep(0.0005)
    process.send_signal(signal.SIGKILL)
    assert process.wait(10) == -signal.SIGKILL, "the crawl ended before it could be killed"


@pytest.mark.parametrize("hits", [2, 7, 20])
def test_killed_crawl_goes_on_where_it_was(replica: Replica, archive: Archive, run: Crawl, hits: int) -> None:
    add_column(replica, f"{COLUMN}/gzj", POSTS, per_page=10)
    replica.slow_down(0.005)
    kill_after(replica, archive, hits)
    before = [one.url for one in archive.captures()]
    result = run(portal_at(replica.origin))
    captures = list(archive.captures())
    assert result.is_resumed
    assert [one.url for one in captures][: len(before)] == before
    assert max(Counter(one.url for one in captures).values()) == 1
    assert sorted(one.url.split("/")[-1] for one in captures if one.role == "article") == sorted(
        f"post_{n}.html" for n in POSTS
    )
    twice = [path for path, count in Counter(replica.paths()).items() if count > 1]
    assert len(twice) <= 1, "only the request in flight may be asked again"
    assert archive.verify() == ()
    assert (result.health, result.links) == ("ok", 30)
    assert list((archive.root / "blobs" / "unfinished").iterdir()) == []


def test_run_cut_off_long_ago_asks_the_lists_anew(replica: Replica, archive: Archive, run: Crawl) -> None:
    add_column(replica, f"{COLUMN}/gzj", POSTS, per_page=10)
    replica.slow_down(0.005)
    kill_after(replica, archive, 12)
    result = run(portal_at(replica.origin), now=lambda: datetime.now(UTC) + timedelta(days=3))
    assert not result.is_resumed
    assert Counter(replica.paths("index"))[f"{COLUMN}/gzj/index.html"] == 2
    assert len({one.url for one in archive.captures() if one.role == "article"}) == 30
    twice = [path for path, count in Counter(replica.paths("post_")).items() if count > 1]
    assert len(twice) <= 1


def test_channel_added_meanwhile_is_asked_in_the_resumed_run(replica: Replica, archive: Archive, run: Crawl) -> None:
    add_column(replica, f"{COLUMN}/gzj", POSTS, per_page=10)
    add_column(replica, f"{COLUMN}/gbm", {99: report_title("财政局", 2020)})
    replica.slow_down(0.005)
    kill_after(replica, archive, 7)
    result = run(portal_at(replica.origin, f"{COLUMN}/gzj/index.html", f"{COLUMN}/gbm/index.html"))
    assert (result.is_resumed, result.health, result.links) == (True, "ok", 31)
