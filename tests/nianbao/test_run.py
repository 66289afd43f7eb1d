"""`nianbao run` against a portal on loopback: incremental, revisions, years, health, reports of the run."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

import nianbao
from nianbao.columns import SCHEMA_VERSION
from nianbao.demo import HOST, pages
from nianbao.folder import DataFolder
from nianbao.replica import served
from tests.nianbao.shell import run

COLUMN = "xxgk/xxgkml/xxgknb/qzf"


class Portal:
    """A website of our own on loopback, and the TOML that leads to it."""

    def __init__(self, cwd: Path, site: Path, port: int) -> None:
        self.cwd = cwd
        self.site = site
        self.origin = f"http://127.0.0.1:{port}"
        (cwd / "town.toml").write_text(self.toml(), encoding="utf-8")

    def toml(self, **lines: object) -> str:
        facts = {"name": '"区政府"', "family": '"guangdong_nfcms"', "allow_private_addresses": "true", **lines}
        head = "".join(f"{name} = {value}\n" for name, value in facts.items())
        return f'{head}[[channels]]\nurl = "{self.origin}/{COLUMN}/index.html"\n[pace]\ndelay = 0.0\n'

    @property
    def listing(self) -> Path:
        return self.site / COLUMN / "index.html"

    @property
    def newest(self) -> Path:
        """The article of the newest report."""
        return self.article(2023)

    def article(self, year: int) -> Path:
        found = [path for path in (self.site / COLUMN / "content").iterdir() if f"{year}" in _title(path)]
        assert len(found) == 1, found
        return found[0]

    def change(self, path: Path, old: str, new: str) -> None:
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")


def _title(path: Path) -> str:
    text = path.read_text(encoding="utf-8")
    title = text[text.index("<title>") : text.index("</title>")]
    return title if "政府信息公开" in title and "人民政府" in title else ""


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[Portal]:
    site = tmp_path / "site"
    shutil.copytree(pages() / HOST, site)
    with served(site) as port:
        yield Portal(tmp_path, site, port)


def reports(cwd: Path) -> list[dict[str, object]]:
    dataset = nianbao.open(cwd / "data")
    query = "select year, status, report_id, portal, url from reports order by year"
    found: list[dict[str, object]] = dataset.sql(query).to_arrow_table().to_pylist()
    return found


def test_run_makes_a_dataset_and_a_run_report(portal: Portal) -> None:
    ran = run("run", "town.toml", cwd=portal.cwd)
    assert ran.code == 0, ran.err
    found = reports(portal.cwd)
    assert [row["year"] for row in found] == list(range(2018, 2024))
    assert {row["portal"] for row in found} == {"town"}
    (path,) = (portal.cwd / "data/runs").glob("*.json")
    told = json.loads(path.read_text(encoding="utf-8"))
    assert (told["command"], told["exit_code"]) == ("run", 0)
    assert told["outcome"]["crawled"][0]["health"] == "ok"
    assert told["outcome"]["written"]["reports"] == 6
    assert path.with_suffix(".md").read_text(encoding="utf-8").startswith("# nianbao run, ")
    record = json.loads((portal.cwd / "data/nianbao.json").read_text(encoding="utf-8"))
    assert (record["schema"], record["archive"]) == (SCHEMA_VERSION, 1)


def test_a_second_run_asks_lists_only_and_writes_nothing(portal: Portal) -> None:
    run("run", "town.toml", cwd=portal.cwd)
    archive = DataFolder(portal.cwd / "data").archive
    before, link = len(list(archive.captures())), (portal.cwd / "data/parquet").readlink()
    ran = run("run", "town.toml", cwd=portal.cwd)
    assert ran.code == 0
    assert {capture.role for capture in list(archive.captures())[before:]} == {"list"}
    assert (portal.cwd / "data/parquet").readlink() == link
    assert "unchanged" in ran.err


def test_a_changed_report_becomes_a_revision(portal: Portal) -> None:
    run("run", "town.toml", cwd=portal.cwd)
    old = {row["year"]: row["report_id"] for row in reports(portal.cwd)}
    date = portal.listing.read_text(encoding="utf-8").split('<span class="date">')[1][:10]
    portal.change(portal.listing, date, "2024-06-01")
    portal.change(portal.newest, "一、总体情况", "一、总体情况</p><p>更正：本报告于六月更正。")
    assert run("run", "town.toml", cwd=portal.cwd).code == 0
    new = {row["year"]: row["report_id"] for row in reports(portal.cwd)}
    assert new[2023] != old[2023]
    assert {year: new[year] for year in old if year != 2023} == {year: old[year] for year in old if year != 2023}
    superseded = nianbao.open(portal.cwd / "data").reports(superseded=True)
    assert superseded["report_id"].tolist() == [old[2023]]
    assert superseded["is_latest"].tolist() == [False]


def test_new_bytes_without_new_content_are_no_revision(portal: Portal) -> None:
    run("run", "town.toml", cwd=portal.cwd)
    old = reports(portal.cwd)
    date = portal.listing.read_text(encoding="utf-8").split('<span class="date">')[1][:10]
    portal.change(portal.listing, date, "2024-06-01")
    portal.change(portal.newest, "</body>", "<!-- visits: 4711 --></body>")
    assert run("run", "town.toml", cwd=portal.cwd).code == 0
    assert reports(portal.cwd) == old
    assert len(nianbao.open(portal.cwd / "data").reports(superseded=True)) == 0


def test_year_collects_only_that_year(portal: Portal) -> None:
    assert run("run", "town.toml", "--year", "2020", cwd=portal.cwd).code == 0
    assert [row["year"] for row in reports(portal.cwd)] == [2020]
    assert run("run", "town.toml", cwd=portal.cwd).code == 0
    assert len(reports(portal.cwd)) == 6


def test_as_of_leaves_out_what_came_later(portal: Portal) -> None:
    assert run("run", "town.toml", "--as-of", "2020-01-01", cwd=portal.cwd).code == 0
    assert reports(portal.cwd) == []
    assert run("rebuild", cwd=portal.cwd).code == 0
    assert len(reports(portal.cwd)) == 6


def test_crawl_collects_and_parse_makes_the_dataset(portal: Portal) -> None:
    assert run("crawl", "town.toml", cwd=portal.cwd).code == 0
    assert not (portal.cwd / "data/parquet").exists()
    assert run("parse", cwd=portal.cwd).code == 0
    assert len(reports(portal.cwd)) == 6


def test_a_report_that_is_gone_ends_1_and_is_listed(portal: Portal) -> None:
    gone = portal.newest
    gone.unlink()
    ran = run("run", "town.toml", cwd=portal.cwd)
    assert ran.code == 1
    assert [row["year"] for row in reports(portal.cwd)] == list(range(2018, 2023))
    (path,) = (portal.cwd / "data/runs").glob("*.md")
    assert gone.name in path.read_text(encoding="utf-8")


def test_one_portal_down_does_not_stop_the_other(portal: Portal) -> None:
    dead = portal.toml(key='"dead"').replace(COLUMN, "nowhere")
    (portal.cwd / "dead.toml").write_text(dead, encoding="utf-8")
    ran = run("run", "dead.toml", "town.toml", cwd=portal.cwd)
    assert ran.code == 1
    assert "dead: " in ran.err
    assert len(reports(portal.cwd)) == 6
    assert run("run", "dead.toml", cwd=portal.cwd).code == 3


def test_two_files_with_one_key_end_2(portal: Portal) -> None:
    (portal.cwd / "other.toml").write_text(portal.toml(key='"town"'), encoding="utf-8")
    ran = run("run", "town.toml", "other.toml", cwd=portal.cwd)
    assert ran.code == 2
    assert "other.toml" in ran.err
    assert not (portal.cwd / "data").exists()


def test_private_addresses_stay_closed_without_leave(portal: Portal) -> None:
    (portal.cwd / "town.toml").write_text(portal.toml(allow_private_addresses="false"), encoding="utf-8")
    ran = run("run", "town.toml", cwd=portal.cwd)
    assert ran.code == 3
    assert {capture.outcome for capture in DataFolder(portal.cwd / "data").archive.captures()} == {"refused"}
