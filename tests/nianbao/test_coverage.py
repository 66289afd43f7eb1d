"""Who had to publish by when: the rules, portals' own days, and the table, with days worked out by hand."""

from datetime import date
from pathlib import Path

import pytest

import nianbao
from crawler.errors import PortalError
from crawler.portal import load
from nianbao.coverage import coverage
from nianbao.deadlines import due
from nianbao.folder import DataFolder
from parsers.report import Kind, Level
from tests.nianbao.reports import capture, report, write

TOML = """
name = "区政府"
family = "guangdong_nfcms"
[[channels]]
url = "http://www.huadu.gov.cn/nb/index.html"
[expect]
township_deadline = "{day}"
"""


@pytest.mark.parametrize(
    ("year", "kind", "level", "day", "rule"),
    [
        (2018, "department", "county", date(2019, 3, 31), "article_31"),
        (2019, "department", "county", date(2020, 1, 31), "article_49"),
        (2023, "department", "prefecture", date(2024, 1, 31), "article_49"),
        (2023, "government", "county", date(2024, 3, 31), "article_49"),
        (2023, "government", "province", date(2024, 3, 31), "article_49"),
        (2023, "government", "township", date(2024, 3, 31), "assumed"),
        (2023, "subdistrict", "township", date(2024, 3, 31), "assumed"),
        (2023, "zone", None, date(2024, 3, 31), "assumed"),
        (2023, None, None, date(2024, 3, 31), "assumed"),
    ],
)
def test_the_rule_of_the_year(year: int, kind: Kind | None, level: Level | None, day: date, rule: str) -> None:
    assert due(year, kind, level) == due(year, kind, level, None)
    assert (due(year, kind, level).day, due(year, kind, level).rule) == (day, rule)


def test_a_portal_sets_the_day_of_towns_only() -> None:
    assert due(2021, "government", "township", "02-20").day == date(2022, 2, 20)
    assert due(2021, "department", "county", "02-20").day == date(2022, 1, 31)


def test_the_day_of_a_portal_is_read_from_its_toml_and_recorded(tmp_path: Path) -> None:
    (tmp_path / "town.toml").write_text(TOML.format(day="02-20"), encoding="utf-8")
    folder = DataFolder(tmp_path / "data")
    folder.note([load(tmp_path / "town.toml")])
    assert folder.record().deadlines == {"town": "02-20"}


@pytest.mark.parametrize("day", ["2-20", "02-30", "20 February", "13-01", ""])
def test_a_day_that_is_none_is_an_error_of_the_toml(tmp_path: Path, day: str) -> None:
    (tmp_path / "town.toml").write_text(TOML.format(day=day), encoding="utf-8")
    with pytest.raises(PortalError, match="township_deadline"):
        load(tmp_path / "town.toml")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    bureau = {"kind": "department", "level": "county"}
    each = [
        report("广州市花都区财政局", 2021, published="2022-02-03", **bureau),  # three days after 31 January
        report("广州市花都区财政局", 2023, published="2024-01-31", **bureau),
        report("广州市花都区狮岭镇人民政府", 2022, published=None),
        report("广州市花都区教育局", 2023, published=None, **bureau),
    ]
    times = ["2024-05-01T00:00:00+00:00"] * 3 + ["2024-01-30T00:00:00+00:00"]
    write(
        tmp_path, [(capture(f"http://a/{n}.html", f"{n}", times[n]), found) for n, found in enumerate(each)]
    )
    return tmp_path


def test_the_table_has_every_body_in_every_year_since_its_first_report(data: Path) -> None:
    query = "select organization, year, standing, due, days_late from coverage order by organization, year"
    assert nianbao.open(data).sql(query).fetchall() == [
        ("广州市花都区教育局", 2023, "on_time", date(2024, 1, 31), None),  # no printed date, but seen on 30 January
        ("广州市花都区狮岭镇人民政府", 2022, "undated", date(2023, 3, 31), None),
        ("广州市花都区狮岭镇人民政府", 2023, "missing", date(2024, 3, 31), None),
        ("广州市花都区财政局", 2021, "late", date(2022, 1, 31), 3),
        ("广州市花都区财政局", 2022, "missing", date(2023, 1, 31), None),
        ("广州市花都区财政局", 2023, "on_time", date(2024, 1, 31), 0),
    ]


def test_the_next_year_is_due_before_anyone_has_published(data: Path) -> None:
    reports = nianbao.open(data).table("reports").to_pylist()
    found = coverage(reports, 2024, today=date(2025, 2, 1))
    assert {each.organization[-3:]: each.standing for each in found} == {
        "教育局": "missing",
        "财政局": "missing",
        "民政府": "not_due",
    }
    assert found[-1].years == "2022"
