"""Hostile and broken servers: each fault has an outcome, none is archived as content, none stops the rest."""

import asyncio
import gzip
import time
import tracemalloc
import zlib
from collections.abc import Callable

import pytest

from crawler.archive import Archive, Capture
from crawler.fetch import Limits
from tests.crawler.conftest import QUICK, Crawl, at, portal_at
from tests.crawler.fault_list import faults
from tests.crawler.fault_stage import HTML, Fault, raw, show
from tests.crawler.fault_table import wrong
from tests.crawler.giants import LIMIT_BYTES, measured
from tests.crawler.replica import COLUMN, Raw, Replica, Reply, add_column, article, list_page, pager, report_title, row

Bad = Callable[..., Capture]

FOLDER = f"{COLUMN}/gzj"
BAD, GOOD = f"{FOLDER}/content/post_1.html", f"{FOLDER}/content/post_2.html"
TITLES = {1: report_title("坏镇", 2020), 2: report_title("好镇", 2020)}


@pytest.fixture
def bad(replica: Replica, archive: Archive, run: Crawl) -> Bad:
    """Serves one bad article beside a good one, and returns the bad one's capture."""

    def captured(route: Reply | Raw, limits: Limits = QUICK) -> Capture:
        add_column(replica, FOLDER, TITLES)
        replica.routes[BAD] = route
        result = run(portal_at(replica.origin), limits=limits)
        captures = {one.url.removeprefix(replica.origin): one for one in archive.captures()}
        assert captures[GOOD].outcome == "stored"
        if captures[BAD].outcome not in ("stored", "unchanged"):
            assert captures[BAD].sha256 is None
            assert [failure.url for failure in result.errors] == [replica.origin + BAD]
        assert archive.verify() == ()
        return captures[BAD]

    return captured


def test_gzip_bomb_is_too_large_and_takes_no_memory(bad: Bad) -> None:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    bomb = b"".join(packer.compress(b" " * 1_000_000) for _ in range(200)) + packer.flush()
    tracemalloc.start()
    capture = bad(Reply(bomb, headers={"Content-Encoding": "gzip"}), Limits(body_bytes=2_000_000, seconds=5))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert capture.outcome == "too_large"
    assert peak < 40_000_000  # 200 MB packed


def test_oversize_that_is_announced(bad: Bad) -> None:
    limits = Limits(body_bytes=100_000, seconds=5)
    assert "announced" in bad(Reply(b"<p>" + b"x" * 200_000), limits).reason


def test_oversize_without_a_length(bad: Bad) -> None:
    capture = bad(raw(HTML, b"<p>" + b"x" * 200_000), Limits(body_bytes=100_000, seconds=5))
    assert (capture.outcome, capture.status) == ("too_large", 200)


def test_slow_drip_ends_at_the_deadline(bad: Bad) -> None:
    async def drip(writer: asyncio.StreamWriter) -> None:
        writer.write(HTML + b"\r\n")
        for _ in range(600):
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(0.05)

    began = time.monotonic()
    capture = bad(drip, Limits(seconds=0.4, silence_seconds=0.2))
    assert (capture.outcome, capture.status) == ("failed", 200)
    assert "too long" in capture.reason
    assert time.monotonic() - began < 15  # the drip itself would take thirty seconds


def test_silence_is_a_failure(bad: Bad) -> None:
    capture = bad(raw(HTML, then_wait=5), Limits(seconds=3, silence_seconds=0.1, attempts=2))
    assert capture.outcome == "failed"


def test_truncated_body_is_no_content(bad: Bad, replica: Replica) -> None:
    capture = bad(raw(HTML + b"Content-Length: 5000\r\n", article(TITLES[1]).encode()[:1000]))
    assert (capture.outcome, capture.status) == ("failed", 200)
    assert len(replica.paths("post_1")) == QUICK.attempts


def test_truncated_gzip_is_no_content(bad: Bad) -> None:
    body = gzip.compress(article(TITLES[1]).encode())
    assert bad(Reply(body[:-20], headers={"Content-Encoding": "gzip"})).outcome == "failed"


@pytest.mark.parametrize("name", ["gzip", "deflate", "raw deflate", "lie", "hidden"])
def test_codings_are_undone(bad: Bad, archive: Archive, name: str) -> None:
    page = article(TITLES[1]).encode()
    raw = zlib.compressobj(9, zlib.DEFLATED, -15)
    sent_as = {
        "gzip": (gzip.compress(page[:500]) + gzip.compress(page[500:]), "gzip"),
        "deflate": (zlib.compress(page), "deflate"),
        "raw deflate": (raw.compress(page) + raw.flush(), "deflate"),
        "lie": (page, "gzip"),
        "hidden": (gzip.compress(page), ""),
    }
    body, coding = sent_as[name]
    capture = bad(Reply(body, headers={"Content-Encoding": coding} if coding else {}))
    assert capture.outcome == "stored"
    assert archive.content(capture.sha256 or "") == page


def test_reset_and_garbage(bad: Bad) -> None:
    async def reset(writer: asyncio.StreamWriter) -> None:
        writer.transport.abort()

    assert bad(reset).outcome == "failed"
    assert bad(raw(b"220 smtp ready\r\n")).outcome == "failed"


def test_connection_lost_once_is_made_good(bad: Bad, replica: Replica) -> None:
    async def reset(writer: asyncio.StreamWriter) -> None:
        writer.transport.abort()

    capture = bad([reset, Reply(article(TITLES[1]))])
    assert capture.outcome == "stored"
    assert len(replica.paths("post_1")) == 2


JSL = "<script>document.cookie=('_')+('_')+('j');location.href=location.pathname+location.search</script>"
RUISHU = (
    '<html><head><meta id="9DhefwqGPrzGxEp9hPaoag" content="x"><script r="m">$_ts=window["$_ts"]</script></head></html>'
)
SHELL = '<html><script>document.cookie="C3VK=abc123; path=/; max-age=300";window.location.reload();</script></html>'
NOTICE = "<html><head><title>拦截提示</title></head><body>您的请求被拦截，请联系网站管理员</body></html>"


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (521, JSL),
        (412, RUISHU),
        (202, RUISHU),
        (200, RUISHU),
        (200, SHELL),
        (200, NOTICE),
        (403, "no"),
        (405, NOTICE),
        (493, ""),
    ],
)
def test_challenges_are_blocked_and_never_stored(bad: Bad, replica: Replica, status: int, body: str) -> None:
    capture = bad(Reply(body, status))
    assert (capture.outcome, capture.status) == ("blocked", status)
    assert len(replica.paths("post_1")) == 1, "a challenge is not asked again at once"


def test_page_that_only_mentions_a_firewall_is_content(bad: Bad) -> None:
    words = "完成安全验证系统建设，访问被拦截的情况减少。" * 30
    script = "<script>document.cookie='seen=1';function go(){location.href='/'}</script>"
    assert bad(Reply(article(TITLES[1], body=words + script))).outcome == "stored"


def test_blocked_portal_is_left_alone(replica: Replica, run: Crawl) -> None:
    add_column(replica, FOLDER, {number: report_title(f"第{number}镇", 2020) for number in range(1, 10)}, per_page=20)
    for path in list(replica.routes):
        if "post_" in path:
            replica.routes[path] = Reply(JSL, 521)
    result = run(portal_at(replica.origin))
    assert result.health == "blocked"
    assert len(replica.paths("post_")) == 3
    assert result.waiting == 9


def test_challenge_before_robots_blocks_all(replica: Replica, run: Crawl) -> None:
    add_column(replica, FOLDER, TITLES)
    replica.routes["/robots.txt"] = Reply(JSL, 521)
    result = run(portal_at(replica.origin))
    assert (result.health, replica.paths()) == ("blocked", [])


@pytest.mark.parametrize(
    "body",
    [
        "<html><title>404</title><body>您访问的页面不存在</body></html>",
        "<title>出错了</title><p>对不起，找不到页面</p>",
    ],
)
def test_soft_404_is_not_found(bad: Bad, body: str) -> None:
    assert bad(Reply(body)).outcome == "not_found"


def test_redirect_to_the_home_page_is_not_found(bad: Bad, replica: Replica) -> None:
    replica.routes["/"] = Reply(article("首页"))
    capture = bad(Reply(status=302, headers={"Location": "/"}))
    assert (capture.outcome, capture.redirects) == ("not_found", (f"{replica.origin}/",))


def test_redirects_are_followed_and_remembered(bad: Bad, replica: Replica) -> None:
    replica.routes["/new/post_1.html"] = Reply(article(TITLES[1]))
    capture = bad(Reply(status=301, headers={"Location": "/new/./post_1.html"}))
    assert (capture.outcome, capture.final_url) == ("stored", f"{replica.origin}/new/post_1.html")


def test_redirect_loop_ends(bad: Bad, replica: Replica) -> None:
    capture = bad(Reply(status=302, headers={"Location": BAD}))
    assert capture.outcome == "failed"
    assert "redirects" in capture.reason
    assert len(replica.paths("post_1")) == 6  # five redirects


def test_cookie_by_redirect_is_no_loop(bad: Bad, replica: Replica) -> None:
    first = Reply(status=302, headers={"Location": BAD, "Set-Cookie": "C3VK=abc; path=/; max-age=300"})
    assert bad([first, Reply(article(TITLES[1]))]).outcome == "stored"
    assert replica.hits[-1].headers.get("cookie") == "C3VK=abc" or "C3VK=abc" in str([h.headers for h in replica.hits])


@pytest.mark.parametrize("location", ["file:///etc/passwd", "ftp://127.0.0.1/x", "javascript:alert(1)"])
def test_redirect_to_another_scheme_is_refused(bad: Bad, location: str) -> None:
    assert bad(Reply(status=302, headers={"Location": location})).outcome == "refused"


def test_busy_host_is_asked_again_after_its_pause(bad: Bad, replica: Replica) -> None:
    capture = bad([Reply("busy", 429, {"Retry-After": "1"}), Reply(article(TITLES[1]))])
    assert capture.outcome == "stored"
    first, second = (hit for hit in replica.hits if hit.path == BAD)
    assert second.began - first.ended >= 0.99


def test_long_pause_ends_the_run_and_the_next_goes_on(replica: Replica, archive: Archive, run: Crawl) -> None:
    add_column(replica, FOLDER, TITLES)
    replica.routes[BAD] = [Reply("busy", 503, {"Retry-After": "3600"}), Reply(article(TITLES[1]))]
    result = run(portal_at(replica.origin), now=at(2025, 1, 1))
    assert (result.health, result.waiting) == ("failing", 2)
    assert result.errors[0].due == "2025-01-01T01:00:00Z"
    assert replica.paths("post_") == [BAD]
    replica.forget()
    assert run(portal_at(replica.origin), now=at(2025, 1, 1, 0, 59)).health == "failing"
    assert replica.hits == [], "a pause outlives the run that was asked for it"
    assert run(portal_at(replica.origin), now=at(2025, 1, 1, 1, 1)).health == "ok"
    assert {one.url.removeprefix(replica.origin) for one in archive.captures() if one.outcome == "stored"} >= {
        BAD,
        GOOD,
    }


def test_failed_article_waits_until_it_is_due(replica: Replica, run: Crawl) -> None:
    add_column(replica, FOLDER, TITLES)
    good, replica.routes[BAD] = replica.routes[BAD], Reply("oops", 500)
    portal = portal_at(replica.origin, delay=0.01)
    result = run(portal, now=at(2025, 1, 1))
    assert [(failure.outcome, failure.due) for failure in result.errors] == [("failed", "2025-01-01T00:00:00Z")]
    replica.routes[BAD] = good
    replica.forget()
    result = run(portal, now=at(2025, 1, 1, 0, 0, 1))
    assert (replica.paths("post_"), result.errors, result.new_captures) == ([BAD], (), 1)


def test_server_that_is_down_is_not_hammered(replica: Replica, run: Crawl) -> None:
    add_column(replica, FOLDER, {number: report_title(f"第{number}镇", 2020) for number in range(1, 30)}, per_page=40)
    for path in list(replica.routes):
        if "post_" in path:
            replica.routes[path] = Reply("oops", 500)
    result = run(portal_at(replica.origin), limits=Limits(attempts=1))
    assert (result.health, len(replica.paths("post_")), result.waiting) == ("failing", 8, 29)


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16", "utf-8"])
def test_wrongly_declared_list_is_read(replica: Replica, archive: Archive, run: Crawl, encoding: str) -> None:
    title = report_title("甲镇", 2020)
    page = list_page([row(BAD, title)], pager(1, 1)).replace("utf-8", "big5")
    replica.routes[f"{FOLDER}/index.html"] = Reply(
        page.encode(encoding), headers={"Content-Type": "text/html; charset=iso-8859-1"}
    )
    replica.routes[BAD] = Reply(article(title))
    run(portal_at(replica.origin))
    titles = [one.title for one in archive.captures() if one.url.endswith(BAD)]
    assert titles == [title]


def test_paging_loop_ends(replica: Replica, archive: Archive, run: Crawl) -> None:
    rows = [row(BAD, TITLES[1]), row(GOOD, TITLES[2])]
    for page in range(1, 60):
        name = "index.html" if page == 1 else f"index_{page}.html"
        replica.routes[f"{FOLDER}/{name}"] = Reply(list_page(rows, f'<a href="index_{page + 1}.html">下一页</a>'))
    for path, title in ((BAD, TITLES[1]), (GOOD, TITLES[2])):
        replica.routes[path] = Reply(article(title))
    result = run(portal_at(replica.origin))
    assert replica.paths("index") == [f"{FOLDER}/index.html", f"{FOLDER}/index_2.html"]
    assert (result.health, result.links) == ("drifted", 2)
    assert result.remarks == (f"{replica.origin}{FOLDER}/index_2.html: the second page of the list is its first again",)


def test_endless_list_ends(replica: Replica, run: Crawl, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crawler.leads.MAX_PAGES", 5)
    for page in range(1, 20):
        name = "index.html" if page == 1 else f"index_{page}.html"
        rows = [row(f"{FOLDER}/content/post_{page}.html", f"不是年报{page}")]
        replica.routes[f"{FOLDER}/{name}"] = Reply(list_page(rows, f'<a href="index_{page + 1}.html">下一页</a>'))
    run(portal_at(replica.origin))
    assert len(replica.paths("index")) == 5


def test_list_without_a_pager_is_followed_to_its_end(replica: Replica, archive: Archive, run: Crawl) -> None:
    posts = {number: report_title(f"第{number}镇", 2020) for number in range(1, 8)}
    add_column(replica, FOLDER, posts)
    pages = [list(posts)[start : start + 3] for start in (0, 3, 6)]
    for name, page in zip(("index", "index_2", "index_3"), pages, strict=True):
        rows = [row(f"{FOLDER}/content/post_{post}.html", posts[post]) for post in page]
        replica.routes[f"{FOLDER}/{name}.html"] = Reply(list_page(rows))
    result = run(portal_at(replica.origin))
    assert (result.health, result.links, result.errors) == ("ok", 7, ())
    assert replica.paths("index")[-1] == f"{FOLDER}/index_4.html"


def test_missing_page_of_a_list_is_noticed(replica: Replica, run: Crawl) -> None:
    add_column(replica, FOLDER, {number: report_title(f"第{number}镇", 2020) for number in range(1, 8)})
    replica.routes[f"{FOLDER}/index_2.html"] = Reply("oops", 500)
    result = run(portal_at(replica.origin))
    assert result.health == "drifted"
    assert any("index_2" in remark for remark in result.remarks)


@pytest.mark.parametrize("fault", faults(), ids=lambda fault: f"{fault.number} {fault.name}")
def test_every_fault_has_its_outcome_and_loses_nothing(fault: Fault) -> None:
    """The rows of `python -m tests.crawler.fault_table`."""
    assert wrong(show(fault)) == ()


@pytest.mark.slow
def test_giant_answers_and_bombs_take_no_memory() -> None:
    peak, _, rows = measured()
    assert {name: outcome for name, (_, outcome) in rows.items()} == {name: expected for name, (expected, _) in rows.items()}
    assert peak < LIMIT_BYTES
