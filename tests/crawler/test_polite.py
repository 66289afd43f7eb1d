"""robots.txt, pauses, one request at a time per host, and who we say we are."""

import asyncio
import itertools
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.archive import Archive
from crawler.crawl import crawl_all
from crawler.fetch import Limits
from crawler.portal import RobotsOverride
from crawler.wire.headers import retry_after
from crawler.wire.pace import Lane
from crawler.wire.robots import rules_of
from tests.crawler.conftest import QUICK, Crawl, at, portal_at, text_of
from tests.crawler.replica import COLUMN, Replica, Reply, add_column, report_title

FOLDER = f"{COLUMN}/gzj"
TEXT = {"Content-Type": "text/plain"}


def pauses(replica: Replica) -> list[float]:
    """From the end of each answer to the next request."""
    return [later.began - earlier.ended for earlier, later in itertools.pairwise(replica.hits)]


@pytest.fixture
def served(replica: Replica) -> Replica:
    add_column(replica, FOLDER, {number: report_title(f"第{number}镇", 2020) for number in range(1, 5)})
    return replica


def test_disallowed_pages_are_not_asked_for(served: Replica, archive: Archive, run: Crawl) -> None:
    ours = f"User-agent: nianbao\nDisallow: {FOLDER}/content/post_1.html$\nDisallow: /*_3.html\n"
    rules = f"User-agent: *\nDisallow: /\n\n{ours}"
    served.routes["/robots.txt"] = Reply(rules, headers=TEXT)
    result = run(portal_at(served.origin))
    assert sorted(served.paths("post_")) == [f"{FOLDER}/content/post_{number}.html" for number in (2, 4)]
    assert {failure.outcome for failure in result.errors} == {"refused"}
    assert "robots.txt" in result.errors[0].reason


def test_closed_portal_is_not_asked_at_all(served: Replica, run: Crawl) -> None:
    served.routes["/robots.txt"] = Reply("User-agent: *\nDisallow: /\n", headers=TEXT)
    result = run(portal_at(served.origin))
    assert (served.paths(), result.health) == ([], "failing")


@pytest.mark.parametrize(("status", "attempts"), [(500, 3), (503, 1), (429, 1)])
def test_server_error_closes(served: Replica, run: Crawl, status: int, attempts: int) -> None:
    served.routes["/robots.txt"] = Reply("oops", status)
    result = run(portal_at(served.origin), limits=Limits(attempts=attempts))
    assert (served.paths(), result.health) == ([], "failing")
    assert len(served.paths("robots")) == attempts


@pytest.mark.parametrize(
    "reply",
    [Reply("no", 404), Reply("no", 403), Reply("<html><title>首页</title>User-agent: *\nDisallow: /</html>"),
     Reply("User-agent: someone\nDisallow: /\n", headers=TEXT),
     Reply(b"\xff\xfe\x00junk", headers=TEXT), Reply(b"", headers=TEXT)],
)  # fmt: skip
def test_what_is_no_rule_for_us_opens(served: Replica, run: Crawl, reply: Reply) -> None:
    served.routes["/robots.txt"] = reply
    assert run(portal_at(served.origin)).health == "ok"


def test_rules_labelled_html_count(served: Replica, run: Crawl) -> None:
    served.routes["/robots.txt"] = Reply("User-agent: *\nDisallow: /\n", headers={"Content-Type": "text/html"})
    run(portal_at(served.origin))
    assert served.paths() == []


def test_robots_of_a_redirect_is_followed(served: Replica, run: Crawl) -> None:
    served.routes["/robots.txt"] = Reply(status=301, headers={"Location": "/rules.txt"})
    served.routes["/rules.txt"] = Reply("User-agent: *\nDisallow: /\n", headers=TEXT)
    run(portal_at(served.origin))
    assert served.paths() == ["/rules.txt"]


def test_override_with_a_reason(served: Replica, run: Crawl) -> None:
    served.routes["/robots.txt"] = Reply("User-agent: *\nDisallow: /\n", headers=TEXT)
    override = RobotsOverride(ignore=True, reason="the operator allowed it in writing")
    assert run(portal_at(served.origin, robots=override)).health == "ok"
    assert served.paths("robots") == []


def test_crawl_delay_raises_the_delay(served: Replica, run: Crawl) -> None:
    served.routes["/robots.txt"] = Reply("User-agent: *\nCrawl-delay: 0.1\n", headers=TEXT)
    run(portal_at(served.origin, delay=0.01))
    assert min(pauses(served)) >= 0.099


def test_absurd_crawl_delay_closes() -> None:
    rules = rules_of(200, "text/plain", "User-agent: *\nCrawl-delay: 86400\n")
    assert not rules.allows("http://host/")


def test_portal_delay_lies_between_all_requests(served: Replica, run: Crawl) -> None:
    run(portal_at(served.origin, delay=0.05))
    assert len(served.hits) > 5
    assert min(pauses(served)) >= 0.049


def test_slow_host_gets_longer_pauses(served: Replica, run: Crawl) -> None:
    served.slow_down(0.1)
    run(portal_at(served.origin))
    assert pauses(served)[-1] >= 0.07


def test_penalty_grows_and_shrinks() -> None:
    lane = Lane("host", 10)
    for _ in range(3):
        lane.slow_down(None)
    assert lane.penalty_seconds == 4.0  # 1, 2, 4
    for _ in range(6):
        lane.relax()
    assert lane.penalty_seconds == 0.0


def test_portals_on_one_host_take_turns_and_others_run_beside(tmp_path: Path) -> None:
    with Replica() as shared, Replica() as other:
        for server in (shared, other):
            for group in ("a", "b"):
                add_column(
                    server, f"{COLUMN}/{group}", {number: report_title(f"第{number}镇", 2020) for number in range(1, 6)}
                )
            server.slow_down(0.01)
        portals = [
            portal_at(server.origin, f"{COLUMN}/{group}/index.html", key=f"{name}-{group}")
            for name, server in (("shared", shared), ("other", other))
            for group in ("a", "b")
        ]
        archive = Archive(tmp_path)
        results = asyncio.run(crawl_all(portals, archive, decode=text_of, limits=QUICK))
        assert [result.portal for result in results] == [portal.key for portal in portals]
        assert {result.health for result in results} == {"ok"}
        assert shared.most_at_once == other.most_at_once == 1
        assert shared.hits[0].began < other.hits[-1].ended
        assert other.hits[0].began < shared.hits[-1].ended
        assert archive.portals() == ("other-a", "other-b", "shared-a", "shared-b")
        pages = [one for one in archive.captures() if one.role == "article"]
        assert len(pages) == 20
        assert len({one.sha256 for one in pages}) == 5  # equal bodies are one blob


def test_politeness_as_the_servers_see_it(tmp_path: Path) -> None:
    """Five portals on three hosts at once, twice: what each host's own log says."""
    titles = {number: report_title(f"第{number}镇", 2020) for number in range(1, 8)}
    with Replica() as shared, Replica() as strict, Replica() as slow:
        for server, groups in ((shared, "abc"), (strict, "a"), (slow, "a")):
            for group in groups:
                add_column(server, f"{COLUMN}/{group}", titles)
        strict.routes["/robots.txt"] = Reply(
            f"User-agent: *\nCrawl-delay: 0.12\nDisallow: {COLUMN}/a/content/post_3.html\n", headers=TEXT
        )
        slow.slow_down(0.1)
        portals = [
            portal_at(server.origin, f"{COLUMN}/{group}/index.html", key=f"{name}-{group}", delay=0.06)
            for name, server, groups in (("shared", shared, "abc"), ("strict", strict, "a"), ("slow", slow, "a"))
            for group in groups
        ]
        archive = Archive(tmp_path)
        first = asyncio.run(crawl_all(portals, archive, decode=text_of, limits=QUICK))
        assert {result.health for result in first} == {"ok"}
        for server, delay in ((shared, 0.06), (strict, 0.12), (slow, 0.06)):
            assert server.most_at_once == 1
            assert min(pauses(server)[1:]) >= delay - 0.001
        assert pauses(slow)[-1] >= 0.08, "a host that takes long gets longer pauses"
        assert strict.paths("post_3") == []
        assert len(strict.paths("post_")) == 6
        assert max(Counter(shared.paths()).values()) == 1
        assert all(overlap(one, other) for one, other in itertools.combinations((shared, strict, slow), 2))
        for server in (shared, strict, slow):
            server.forget()
        second = asyncio.run(crawl_all(portals, archive, decode=text_of, limits=QUICK))
        assert {result.health for result in second} == {"ok"}
        for server, lists in ((shared, 9), (strict, 3), (slow, 3)):
            pages = [hit for hit in server.hits if hit.path != "/robots.txt"]
            assert len(pages) == lists, "an unchanged portal costs its list pages"
            assert all("index" in hit.path and "if-none-match" in hit.headers for hit in pages)
            assert server.most_at_once == 1
        assert min(pauses(shared)) >= 0.059
        assert [result.outcomes for result in second] == [{"unchanged": 3}] * 5


def overlap(one: Replica, other: Replica) -> bool:
    """Whether two hosts were asked in the same stretch of time."""
    return one.hits[0].began < other.hits[-1].ended and other.hits[0].began < one.hits[-1].ended


def test_www_and_the_bare_name_are_one_host(replica: Replica, tmp_path: Path) -> None:
    for group in ("a", "b"):
        add_column(replica, f"{COLUMN}/{group}", {1: report_title(f"{group}镇", 2020)})
    replica.slow_down(0.02)
    names = {"portal.invalid": "a", "www.portal.invalid": "b"}
    portals = [
        portal_at(f"http://{name}", f"{COLUMN}/{group}/index.html", key=group, allow_private_addresses=False)
        for name, group in names.items()
    ]
    connect_to = {f"{name}:80": ("127.0.0.1", replica.port) for name in names}
    asyncio.run(crawl_all(portals, Archive(tmp_path), decode=text_of, limits=QUICK, connect_to=connect_to))
    assert replica.most_at_once == 1
    assert len(replica.paths("post_")) == 2


def test_portal_that_breaks_down_does_not_stop_the_others(served: Replica, tmp_path: Path) -> None:
    (tmp_path / "portals").mkdir()
    (tmp_path / "portals" / "broken").write_text("a file where a folder should be", encoding="utf-8")
    portals = [portal_at(served.origin, key="broken"), portal_at(served.origin, key="sound")]
    broken, sound = asyncio.run(crawl_all(portals, Archive(tmp_path), decode=text_of, limits=QUICK))
    assert (broken.health, sound.health) == ("failing", "ok")
    assert broken.remarks


def test_we_say_who_we_are(served: Replica, run: Crawl, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NIANBAO_CONTACT", "https://example.org/bot\r\nX-Evil: 1")
    run(portal_at(served.origin))
    run(portal_at(served.origin, contact="mailto:someone@example.org"))
    agents = {hit.headers["user-agent"].split(" ", 1)[1] for hit in served.hits}
    assert agents == {"(+https://example.org/botX-Evil: 1)", "(+mailto:someone@example.org)"}
    assert all(hit.headers["user-agent"].startswith("nianbao/") for hit in served.hits)
    assert {hit.headers["accept-encoding"] for hit in served.hits} == {"gzip, deflate"}


def test_event_loop_is_not_blocked_by_waiting(served: Replica, tmp_path: Path) -> None:
    """A portal in a long pause lets the others go on."""
    with Replica() as slow:
        add_column(slow, FOLDER, {1: report_title("甲镇", 2020)})
        slow.routes[f"{FOLDER}/content/post_1.html"] = [Reply("busy", 503, {"Retry-After": "1"}), Reply("<p>x" * 200)]
        portals = [portal_at(slow.origin, key="slow"), portal_at(served.origin, key="quick")]
        began = time.monotonic()
        asyncio.run(crawl_all(portals, Archive(tmp_path), decode=text_of, limits=QUICK))
        assert served.hits[-1].ended - began < slow.hits[-1].began - began


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("120", 120.0),
        (" 7 ", 7.0),
        ("Wed, 01 Jan 2025 00:02:00 GMT", 120.0),
        ("Tue, 31 Dec 2024 00:00:00 GMT", 0.0),
        ("9" * 6000, 999999999999999.0),
        ("-5", None),
        ("soon", None),
        ("", None),
        ("Wed, 99 Jan 99999 00:02:00 GMT", None),
    ],
)
def test_retry_after(text: str, seconds: float | None) -> None:
    assert retry_after(text, datetime(2025, 1, 1, tzinfo=UTC)) == seconds


def test_absurd_pause_is_a_day(served: Replica, run: Crawl) -> None:
    served.routes[f"{FOLDER}/content/post_1.html"] = Reply("busy", 429, {"Retry-After": "9" * 60})
    result = run(portal_at(served.origin), now=at(2025, 1, 1))
    assert result.errors[-1].due == "2025-01-02T00:00:00Z"
    assert "2025-01-02" in result.remarks[0]


def test_pause_of_another_host_does_not_stop_the_portal(served: Replica, archive: Archive, run: Crawl) -> None:
    """Both names are connected to loopback; the other one wants to be left alone."""
    with Replica() as other:
        other.routes["/x"] = Reply("busy", 503, {"Retry-After": "3600"})
        served.routes[f"{FOLDER}/content/post_1.html"] = Reply(
            status=302, headers={"Location": "http://other.invalid/x"}
        )
        connect_to = {"portal.invalid:80": ("127.0.0.1", served.port), "other.invalid:80": ("127.0.0.1", other.port)}
        portal = portal_at("http://portal.invalid", allow_private_addresses=False)
        result = run(portal, connect_to=connect_to, now=at(2025, 1, 1))
        assert (result.health, result.waiting) == ("ok", 1)
        assert result.errors[0].due == "2025-01-01T01:00:00Z"
        assert len([one for one in archive.captures() if one.role == "article" and one.outcome == "stored"]) == 3
