"""A whole portal, collected once and then kept up with: nothing missed, nothing asked twice."""

from collections import Counter

from crawler.archive import Archive
from crawler.portal import Expect
from tests.crawler.conftest import Crawl, at, portal_at
from tests.crawler.replica import COLUMN, Replica, Reply, add_column, article, list_page, report_title, row

TOWNS = {100 + number: report_title(f"第{number}镇", 2014 + number) for number in range(1, 8)}
NOISE = {
    201: "关于做好2020年政府信息公开工作年度报告编制发布工作的通知",
    202: "《2020年政府信息公开工作年度报告》解读",
    203: "2020年政府网站工作年度报表",
    204: "2020年法治政府建设年度报告",
}


def stored(archive: Archive, role: str) -> list[str]:
    captures = [one for one in archive.captures() if one.role == role and one.outcome == "stored"]
    return [one.url.split("/")[-1] for one in captures]


def test_everything_is_collected_once(replica: Replica, archive: Archive, run: Crawl) -> None:
    add_column(replica, f"{COLUMN}/gzj", TOWNS | NOISE)
    add_column(replica, f"{COLUMN}/gbm", {301: report_title("财政局", 2020), 302: report_title("审计局", 2020)})
    file = "/attachment/0/0/301/1.docx"
    address = f"{COLUMN}/gbm/content/post_301.html"
    replica.routes[address] = Reply(article(report_title("财政局", 2020), attachments={file: "附件.docx"}))
    replica.routes[file] = Reply(b"PK\x03\x04 not much of a document", headers={"Content-Type": "application/msword"})
    result = run(portal_at(replica.origin, f"{COLUMN}/gzj/index.html", f"{COLUMN}/gbm/index.html"))
    assert (result.health, result.errors, result.waiting) == ("ok", (), 0)
    assert result.links == 9  # 7 towns + 2 departments
    assert sorted(stored(archive, "article")) == sorted(f"post_{number}.html" for number in [*TOWNS, 301, 302])
    assert stored(archive, "attachment") == ["1.docx"]
    assert max(Counter(replica.paths()).values()) == 1
    assert replica.most_at_once == 1
    captures = {one.url.split("/")[-1]: one for one in archive.captures()}
    assert captures["post_101.html"].title == TOWNS[101]  # the whole one, not the visible one
    assert captures["post_101.html"].date == "2021-01-21"
    assert captures["1.docx"].attachment_of == f"{replica.origin}{address}"
    assert captures["1.docx"].channel.endswith("/gbm/index.html")
    assert archive.verify() == ()


def test_parent_column_leads_to_groups_and_years(replica: Replica, archive: Archive, run: Crawl) -> None:
    links = [f'<a href="{COLUMN}/{group}/">{group}</a>' for group in ("qzf", "gbm", "gzj")]
    replica.routes[f"{COLUMN}/index.html"] = Reply(list_page(links))
    for number, group in enumerate(("qzf", "gzj"), 1):
        add_column(replica, f"{COLUMN}/{group}", {number: report_title(f"{group}镇", 2020)})
        replica.routes[f"{COLUMN}/{group}/"] = replica.routes[f"{COLUMN}/{group}/index.html"]
    years = "".join(f'<option value="{COLUMN}/gbm/{year}/index.html">{year}</option>' for year in (2021, 2022))
    replica.routes[f"{COLUMN}/gbm/"] = Reply(list_page([f"<select>{years}</select>"]))
    for year in (2021, 2022):
        add_column(replica, f"{COLUMN}/gbm/{year}", {year: report_title("财政局", year)})
    result = run(portal_at(replica.origin, f"{COLUMN}/index.html"))
    assert sorted(stored(archive, "article")) == ["post_1.html", "post_2.html", "post_2021.html", "post_2022.html"]
    assert (result.health, result.links) == ("ok", 4)


def test_second_run_asks_only_for_lists_and_conditionally(replica: Replica, archive: Archive, run: Crawl) -> None:
    add_column(replica, f"{COLUMN}/gzj", TOWNS)
    portal = portal_at(replica.origin)
    run(portal)
    before = sum(1 for _ in archive.captures())
    replica.forget()
    result = run(portal)
    names = ["index.html", "index_2.html", "index_3.html"]
    assert replica.paths() == [f"{COLUMN}/gzj/{name}" for name in names]
    assert all("if-none-match" in hit.headers for hit in replica.hits if hit.path != "/robots.txt")
    assert result.outcomes == {"unchanged": 3}
    assert (result.health, result.new_captures, result.links) == ("ok", 0, 7)
    assert sum(1 for _ in archive.captures()) == before + 3


def test_changed_entry_brings_a_new_capture(replica: Replica, archive: Archive, run: Crawl) -> None:
    folder = f"{COLUMN}/gzj"
    add_column(replica, folder, {1: report_title("甲镇", 2020), 2: report_title("乙镇", 2020)})
    portal = portal_at(replica.origin)
    run(portal)
    replica.routes[f"{folder}/content/post_1.html"] = Reply(
        article(report_title("甲镇", 2020), body="更正后的文字。" * 50)
    )
    rows = [row(f"{folder}/content/post_{post}.html", report_title(town, 2020), date)
            for post, town, date in ((1, "甲镇", "2021-03-01"), (2, "乙镇", "2021-01-21"))]  # fmt: skip
    replica.routes[f"{folder}/index.html"] = Reply(list_page(rows, '<a href="index.html">1</a>'))
    replica.forget()
    result = run(portal)
    assert replica.paths("post_") == [f"{folder}/content/post_1.html"]
    assert result.new_captures == 2  # the list and the article
    revisions = [one for one in archive.captures() if one.url.endswith("post_1.html")]
    assert len({one.sha256 for one in revisions}) == 2
    assert [one.date for one in revisions] == ["2021-01-21", "2021-03-01"]


def test_known_article_is_asked_again_after_recheck_days(replica: Replica, run: Crawl) -> None:
    add_column(replica, f"{COLUMN}/gzj", {1: report_title("甲镇", 2020)})
    portal = portal_at(replica.origin, recheck_days=30)
    run(portal, now=at(2025, 1, 1))
    replica.forget()
    run(portal, now=at(2025, 1, 30))
    assert replica.paths("post_") == []
    result = run(portal, now=at(2025, 2, 1))
    assert replica.paths("post_") == [f"{COLUMN}/gzj/content/post_1.html"]
    assert result.outcomes == {"unchanged": 2}


def test_years_leave_other_years_for_later(replica: Replica, archive: Archive, run: Crawl) -> None:
    add_column(replica, f"{COLUMN}/gzj", TOWNS)
    portal = portal_at(replica.origin)
    run(portal, years={2016, 2018})
    assert stored(archive, "article") == ["post_102.html", "post_104.html"]
    run(portal)
    assert len(stored(archive, "article")) == len(TOWNS)


def test_shrunken_list_is_drift_not_success(replica: Replica, run: Crawl) -> None:
    add_column(replica, f"{COLUMN}/gzj", TOWNS)
    portal = portal_at(replica.origin)
    assert run(portal).health == "ok"
    replica.routes[f"{COLUMN}/gzj/index.html"] = Reply(list_page(["<li>改版中</li>"]))
    for _ in range(2):  # and it stays so
        result = run(portal)
        assert (result.health, result.links) == ("drifted", 0)
        assert "7 last time" in result.remarks[0]


def test_fewer_reports_than_expected_is_drift(replica: Replica, run: Crawl) -> None:
    add_column(replica, f"{COLUMN}/gzj", {1: report_title("甲镇", 2020), 2: report_title("乙镇", 2020)})
    result = run(portal_at(replica.origin, expect=Expect(3)), now=at(2025, 5, 1))
    assert result.health == "drifted"
    assert result.remarks == ("2 reports listed for 2020, 3 expected",)
