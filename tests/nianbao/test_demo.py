"""The demo: the whole line over real HTTP on loopback, twice, and killed at any point."""

import http.client
import signal
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest

import nianbao
from crawler.capture import Capture
from nianbao.demo import HOST, pages
from nianbao.folder import DataFolder
from nianbao.replica import LOOPBACK, answer, served
from tests.nianbao.shell import Ran, run, start

Tables = dict[str, list[dict[str, object]]]
DEMO = "nianbao-demo"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Ran]:
    """A folder in which the demo ran once, undisturbed, and what it printed."""
    cwd = tmp_path_factory.mktemp("demo")
    return cwd, run("demo", "--lang", "en", cwd=cwd)


def tables_of(data: Path) -> Tables:
    """Every table without the times of fetching."""
    dataset = nianbao.open(data)
    found: Tables = {}
    for name in dataset.names():
        table = dataset.table(name)
        kept = [column for column in table.column_names if column != "fetched_at"]
        found[name] = table.select(kept).to_pylist()
    return found


def captures_of(data: Path) -> list[Capture]:
    return list(DataFolder(data).archive.captures())


def test_the_demo_ends_0_with_a_summary(demo: tuple[Path, Ran]) -> None:
    cwd, ran = demo
    assert ran.code == 0, ran.err
    assert (cwd / DEMO / "parquet/reports").is_dir()
    for part in (
        "Reports by year",
        "2018",
        "2023",
        "towns and streets",
        "Requests for information",
        "received",
        "granted",
        "refused",
        "广州市花都区狮岭镇人民政府, 2020",
        "Total concluded this year × Total: printed 2, would be 1",
        f"Dataset: {DEMO}/parquet",
        f"nianbao --data {DEMO} query",
    ):
        assert part in ran.out


def test_the_summary_speaks_chinese(demo: tuple[Path, Ran]) -> None:
    cwd, _ = demo
    out = run("demo", "--lang", "zh", cwd=cwd).out
    assert "（七）总计 × 总计：原文 2，改为 1" in out
    assert "各镇街" not in out
    assert "镇街" in out


def test_the_commands_that_the_summary_names_work(demo: tuple[Path, Ran]) -> None:
    import shlex

    cwd, ran = demo
    commands = [shlex.split(line)[1:] for line in ran.out.splitlines() if line.startswith("  nianbao ")]
    assert len(commands) == 4
    for command in commands:
        assert run(*command, cwd=cwd).code == 0


def test_a_page_whose_attachment_is_archived_is_no_trouble(demo: tuple[Path, Ran]) -> None:
    captures = captures_of(demo[0] / DEMO)
    served = {each.attachment_of for each in captures if each.attachment_of and each.sha256}
    assert served
    assert not [line for line in demo[1].complaints if line.startswith(tuple(served))]
    path = min((demo[0] / DEMO / "runs").glob("*.md"))
    assert not any(address in path.read_text(encoding="utf-8").partition("## Dataset")[0] for address in served)


def test_the_dataset_holds_every_report_once(demo: tuple[Path, Ran]) -> None:
    dataset = nianbao.open(demo[0] / DEMO)
    reports = dataset.reports()
    assert len(reports) >= 30
    assert not reports.duplicated(["org_id", "year"]).any()
    assert reports["is_latest"].all()
    assert sorted(reports["year"].unique().tolist()) == list(range(2018, 2024))
    assert len(dataset.panel()) == len(reports)
    counted = dataset.sql('select count(*) from (select distinct report_id, "table", "row", "column" from cells)')
    assert counted.fetchall() == [(len(dataset.cells()),)]


def test_every_address_is_the_replica_s(demo: tuple[Path, Ran]) -> None:
    assert {urlsplit(capture.url).hostname for capture in captures_of(demo[0] / DEMO)} == {HOST}


def test_a_second_demo_fetches_no_article_and_changes_no_file(demo: tuple[Path, Ran]) -> None:
    data = demo[0] / DEMO
    before, files = len(captures_of(data)), tree(data)
    ran = run("demo", cwd=demo[0])
    assert ran.code == 0
    again = captures_of(data)[before:]
    assert again
    assert {capture.role for capture in again} == {"list"}
    assert {capture.outcome for capture in again} <= {"unchanged", "not_found"}
    assert "parsing" not in ran.err
    assert tree(data) == files


def tree(data: Path) -> dict[str, tuple[int, int, int]]:
    root = data / "parquet"
    found = {}
    for path in sorted(root.rglob("*.parquet")):
        stat = path.stat()
        found[path.relative_to(root).as_posix()] = (stat.st_ino, stat.st_mtime_ns, stat.st_size)
    return found


def _blobs(number: int) -> Callable[[Path], bool]:
    return lambda data: sum(1 for _ in (data / "archive/blobs").glob("??/*")) >= number


KILLED_WHEN: dict[str, Callable[[Path], bool]] = {
    "the crawl began": _blobs(3),
    "half was crawled": _blobs(27),
    "nearly all was crawled": _blobs(50),
    "parsing began": lambda data: (data / "parsed.sqlite-wal").exists(),
    "the dataset was being written": lambda data: any((data / ".generations").glob("*.new/*")),
}


@pytest.mark.parametrize("moment", list(KILLED_WHEN))
def test_killed_and_started_again_it_is_as_if_undisturbed(moment: str, demo: tuple[Path, Ran], tmp_path: Path) -> None:
    data = tmp_path / DEMO
    process = start("demo", cwd=tmp_path)
    while process.poll() is None and not KILLED_WHEN[moment](data):
        time.sleep(0.001)
    process.kill()
    process.communicate()
    assert process.returncode == -signal.SIGKILL, "it was over before it could be killed"
    assert run("demo", cwd=tmp_path).code == 0
    undisturbed, resumed = tables_of(demo[0] / DEMO), tables_of(data)
    for name, rows in undisturbed.items():
        assert resumed[name] == rows, name
    asked = [capture.url for capture in captures_of(data) if capture.role != "list" and capture.sha256]
    assert len(asked) == len(set(asked))


def test_real_commands_refuse_the_folder_of_the_demo(demo: tuple[Path, Ran]) -> None:
    cwd, _ = demo
    for command in ("run", "crawl"):
        ran = run(command, "guangdong/guangzhou-huadu", "--data", DEMO, cwd=cwd)
        assert ran.code == 2
        assert "demo" in ran.err
    assert {capture.portal for capture in captures_of(cwd / DEMO)} == {"demo"}


def test_the_demo_refuses_a_folder_with_real_reports(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_bytes(b"<html></html>")
    run("add", "page.html", "--data", "real", cwd=tmp_path)
    ran = run("demo", "--data", "real", cwd=tmp_path)
    assert ran.code == 2
    assert captures_of(tmp_path / "real")[0].portal == "local"


def test_the_demo_has_a_folder_of_its_own(demo: tuple[Path, Ran], tmp_path: Path) -> None:
    assert run("demo", cwd=tmp_path, NIANBAO_DATA="elsewhere").code == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == [DEMO]


# ---- the replica


def test_the_replica_speaks_http() -> None:
    with served(pages() / HOST) as port:
        connection = http.client.HTTPConnection(LOOPBACK, port)
        connection.request("GET", "/robots.txt")
        response = connection.getresponse()
        body, tag = response.read(), response.headers["ETag"]
        assert (response.status, body) == (200, (pages() / HOST / "robots.txt").read_bytes())
        assert response.headers["Content-Type"] == "text/plain"
        connection.request("GET", "/robots.txt", headers={"If-None-Match": tag})
        again = connection.getresponse()
        assert (again.status, again.read()) == (304, b"")
        connection.request("GET", "/")
        folder = connection.getresponse()
        assert (folder.status, folder.headers["Content-Type"]) == (200, "text/html")
        folder.read()
        connection.close()


@pytest.mark.parametrize("target", ["/nowhere.html", "/../portal.toml", "/%2e%2e/portal.toml", "/..%2fportal.toml"])
def test_the_replica_serves_nothing_outside_its_folder(target: str) -> None:
    assert answer(pages() / HOST, "GET", target, None)[0] == 404


def test_the_replica_only_reads() -> None:
    assert answer(pages() / HOST, "POST", "/", None)[0] == 405


def test_the_coverage_of_the_demo_is_what_its_lists_show(demo: tuple[Path, Ran]) -> None:
    """The lists of the replica have eight bodies with a report on 2021, less the one without: read off by hand."""
    ran = run("--data", DEMO, "coverage", "--year", "2021", "--format", "json", cwd=demo[0])
    found = {each["organization"]: (each["standing"], each["due"], each["published"]) for each in ran.objects}
    assert found == {
        "云州市青澜区城市管理和综合执法局": ("missing", "2022-01-31", None),
        "广州市花都区狮岭镇人民政府": ("missing", "2022-03-31", None),
        "云州市青澜区人民政府": ("on_time", "2022-03-31", "2022-01-17"),
        "云州市青澜区发展和改革局": ("on_time", "2022-01-31", "2022-01-17"),
        "云州市青澜区教育局": ("on_time", "2022-01-31", "2022-01-16"),
        "云州市青澜区墨笛镇人民政府": ("on_time", "2022-03-31", "2022-01-10"),
        "云州市青澜区松霁镇人民政府": ("on_time", "2022-03-31", "2022-01-23"),
        "云州市青澜区云蓼镇人民政府": ("on_time", "2022-03-31", "2022-01-23"),
        "云州市青澜区石笛街道办事处": ("on_time", "2022-03-31", "2022-01-20"),
    }


def test_the_panel_of_the_demo_is_what_can_be_reckoned_by_hand(demo: tuple[Path, Ran]) -> None:
    """The district's report on 2022: 19 new and 7 old requests, 26 concluded = 10 granted + 2 in part + 1 refused
    + 9 not to be had + 3 repeated + 1 unpaid; 179 new ones the year before; 9 + 1 + 2 + 1 reviews, total left at 0."""
    panel = nianbao.open(demo[0] / DEMO).panel().set_index(["organization", "year"])
    row = panel.loc[("云州市青澜区人民政府", 2022)]
    assert row["requests_received_new"] == 19  # 17 + 1 + 1
    assert row["requests_concluded_total"] == 26
    assert row["disclosure_rate"] == pytest.approx(12 / 26)
    assert row["refusal_rate"] == pytest.approx(1 / 26)
    assert row["unable_share"] == pytest.approx(9 / 26)
    assert row["backlog_rate"] == 0  # 0 / (19 + 7)
    assert row["request_growth"] == pytest.approx(19 / 179 - 1)
    assert row["reconsideration_total"] == 0
    assert "reconsideration_correction_rate: RL_TOTAL" in row["why_null"]


BROKEN_BY_HAND = {
    ("云州市青澜区墨笛镇人民政府", 2020): [
        ("REQ_PARTS_2019", "total", 5, 4),  # 4 granted + 1 in part, concluded 4
        ("REQ_ROW_SUM", "natural_person", 0, 1),  # in part: 0 in all six classes, total 1
    ],
    ("广州市花都区狮岭镇人民政府", 2020): [  # 1 new, 1 granted, but 2 concluded
        ("REQ_BALANCE", "natural_person", 1, 2),
        ("REQ_BALANCE", "total", 1, 2),
        ("REQ_PARTS_2019", "natural_person", 1, 2),
        ("REQ_PARTS_2019", "total", 1, 2),
    ],
    ("云州市青澜区云蓼镇人民政府", 2021): [  # 1 new, 1 petition, but 4 concluded
        ("REQ_BALANCE", "org_commercial_enterprise", 1, 4),
        ("REQ_BALANCE", "total", 1, 4),
        ("REQ_PARTS_2019", "org_commercial_enterprise", 1, 4),
        ("REQ_PARTS_2019", "total", 1, 4),
    ],
    ("云州市青澜区发展和改革局", 2021): [
        ("REQ_PARTS_2021", "org_commercial_enterprise", 4, 3),  # 3 granted + 1 petition, concluded 3
        ("REQ_ROW_SUM", "natural_person", 1, 0),  # petitions: 0 + 1 + 0 + 0 + 0 + 0, total 0
    ],
    ("云州市青澜区人民政府", 2022): [("RL_TOTAL", "upheld", 13, 0)],  # 9 + 1 + 2 + 1, total 0
    ("云州市青澜区石笛街道办事处", 2022): [  # 8 new, neither concluded nor carried over
        ("REQ_BALANCE", "natural_person", 8, 0),
        ("REQ_BALANCE", "total", 8, 0),
    ],
    ("云州市青澜区城市管理和综合执法局", 2023): [  # 11 new of enterprises, concluded under natural persons
        ("REQ_BALANCE", "natural_person", 0, 11),
        ("REQ_BALANCE", "org_commercial_enterprise", 11, 0),
        ("REQ_PARTS_2021", "natural_person", 0, 11),
        ("REQ_PARTS_2021", "org_commercial_enterprise", 11, 0),
    ],
    ("云州市青澜区松霁镇人民政府", 2023): [  # 3 new, 3 concluded, 1 carried over
        ("REQ_BALANCE", "natural_person", 3, 4),
        ("REQ_BALANCE", "total", 3, 4),
    ],
}
"""Every contradiction in the tables of the replica, read off its pages: identity, column of its first cell, both sides."""


def test_the_errors_of_the_demo_are_those_read_off_its_pages(demo: tuple[Path, Ran]) -> None:
    query = (
        "select organization, f.year, code, cells[1].column, expected, actual from findings f "
        "join reports r using (report_id) where severity = 'error' order by all"
    )
    found: dict[tuple[str, int], list[tuple[object, ...]]] = {}
    for organization, year, *broken in nianbao.open(demo[0] / DEMO).sql(query).fetchall():
        found.setdefault((organization, year), []).append(tuple(broken))
    assert found == BROKEN_BY_HAND
