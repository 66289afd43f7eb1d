"""Figures and indicators: each from its formula, null where its parts cannot be trusted, and why."""

from pathlib import Path

import msgspec
import pytest

import nianbao
from nianbao.indicators import BREAKS, INDICATORS, figures
from nianbao.panel_columns import panel_columns
from parsers.report import Finding, Report
from tests.nianbao.reports import capture, report, write
from tests.nianbao.shell import run

PAGE = "https://www.huadu.gov.cn/nb/content/post_1.html"
TOTALS = {
    "received_new": 90,
    "carried_over_in": 10,
    "disclosed_full": 30,
    "disclosed_partial": 10,
    "denied_state_secret": 4,
    "denied_process_information": 6,
    "unable_not_held": 20,
    "unprocessed_repeat": 3,
    "unprocessed_excessive": 1,
    "other_total": 6,
    "concluded_total": 80,
    "carried_over_out": 20,
}
VALUES = {f"requests/{row}/total": value for row, value in TOTALS.items()} | {
    "requests/received_new/natural_person": 45,
    "review_litigation/reconsideration/upheld": 3,
    "review_litigation/reconsideration/corrected": 1,
    "review_litigation/reconsideration/pending": 2,
    "review_litigation/reconsideration/total": 6,
    "review_litigation/litigation_direct/total": 2,
    "art20_1/rules/made_this_year": 4,
    "art20_1/rules/newly_disclosed_this_year": 3,
}


def row(data: Path, year: int = 2020) -> dict[str, object]:
    query = f"select * from panel where year = {year}"
    found: list[dict[str, object]] = nianbao.open(data).sql(query).to_arrow_table().to_pylist()
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("requests_received_new", 90),
        ("requests_denied_total", 10),  # 4 + 6, a row that the form does not print
        ("requests_unable_total", 20),
        ("requests_unprocessed_total", 4),  # 3 + 1
        ("requests_other_total", 6),
        ("reconsideration_total", 6),
        ("litigation_total", 2),  # 2 + 0
        ("art20_1_rules_made_this_year", 4),
        ("disclosure_rate", 40 / 80),
        ("refusal_rate", 10 / 80),
        ("non_provision_share", 24 / 80),
        ("not_held_share", 20 / 80),
        ("excessive_share", 4 / 80),
        ("backlog_rate", 20 / 100),
        ("reconsideration_correction_rate", 1 / 4),  # the two pending cases are left out
        ("dispute_rate", 8 / 80),
        ("natural_person_share", 0.5),
        ("proactive_disclosure_rate", 3 / 4),
        ("litigation_correction_rate", None),  # 0 / 0
        ("request_growth", None),
        ("on_time_rate", None),
        ("cells_printed", 198),
        ("cells_without_value", 0),
    ],
)
def test_figure_or_indicator(tmp_path: Path, key: str, expected: float | None) -> None:
    write(tmp_path, [(capture(PAGE, "a"), report(values=VALUES))])
    assert row(tmp_path)[key] == expected


def test_why_null_names_the_reason_and_only_for_what_the_form_has(tmp_path: Path) -> None:
    write(tmp_path, [(capture(PAGE, "a"), report(values=VALUES))])
    why = str(row(tmp_path)["why_null"]).split("; ")
    assert why == ["litigation_correction_rate: ZERO_DENOMINATOR", "request_growth: NO_YEAR_BEFORE"]


def test_a_blank_part_makes_sum_and_rates_null(tmp_path: Path) -> None:
    write(tmp_path, [(capture(PAGE, "a"), report(values=VALUES | {"requests/denied_state_secret/total": None}))])
    found = row(tmp_path)
    assert found["requests_denied_total"] is None
    assert found["refusal_rate"] is None
    assert found["disclosure_rate"] == 0.5
    assert "requests_denied_total: BLANK" in str(found["why_null"])
    assert "refusal_rate: BLANK" in str(found["why_null"])


def with_money(edition: str, key: str, value: int, unit: str) -> Report:
    """A report with one amount in a unit."""
    plain = report(values={key: value}, edition=edition)
    table, row_key, column = key.split("/")
    cells = tuple(
        msgspec.structs.replace(cell, unit=unit) if cell.key == (table, row_key, column) else cell for cell in plain.cells
    )
    return msgspec.structs.replace(plain, cells=cells)


def test_an_amount_without_a_unit_is_no_figure_in_yuan(tmp_path: Path) -> None:
    write(tmp_path, [(capture(PAGE, "a"), with_money("format_2019", "art20_9/centralized_procurement/amount", 12, "unknown"))])
    found = row(tmp_path)
    assert found["art20_9_centralized_procurement_amount"] is None
    assert "art20_9_centralized_procurement_amount: MONEY_UNIT_UNKNOWN" in str(found["why_null"])
    assert "12 (unit unknown)" in run("show", found["report_id"], "--data", tmp_path, cwd=tmp_path).out


def test_an_amount_in_yuan_is_shown_as_such_whatever_unit_the_form_prints(tmp_path: Path) -> None:
    amount = with_money("format_2021", "art20_8/administrative_fees/amount_collected", 30_000, "CNY")
    write(tmp_path, [(capture(PAGE, "a"), amount)])
    found = row(tmp_path)
    assert found["art20_8_administrative_fees_amount_collected"] == 30_000
    shown = run("show", found["report_id"], "--data", tmp_path, "--lang", "zh", cwd=tmp_path).out
    assert "本年收费金额（元）" in shown
    assert "万元" not in shown


def test_a_contradicted_figure_stays_as_published_but_gives_no_indicator(tmp_path: Path) -> None:
    broken = Finding("REQ_BALANCE", "error", (("requests", "concluded_total", "total"),), "", "", 100, 99)
    write(tmp_path, [(capture(PAGE, "a"), report(values=VALUES, findings=[broken]))])
    found = row(tmp_path)
    assert found["requests_concluded_total"] == 80
    assert found["disclosure_rate"] is None
    assert found["backlog_rate"] == 0.2
    assert "requests_concluded_total: REQ_BALANCE" in str(found["caveats"])
    assert "disclosure_rate: REQ_BALANCE" in str(found["why_null"])


def test_a_warning_does_not_take_an_indicator_away(tmp_path: Path) -> None:
    doubt = Finding("LABEL_DOUBTFUL", "warning", (("requests", "concluded_total", "total"),), "", "")
    write(tmp_path, [(capture(PAGE, "a"), report(values=VALUES, findings=[doubt]))])
    assert row(tmp_path)["disclosure_rate"] == 0.5


def test_growth_needs_two_trusted_years(tmp_path: Path) -> None:
    broken = Finding("REQ_ROW_SUM", "error", (("requests", "received_new", "total"),), "", "", 1, 2)
    key = "requests/received_new/total"
    reports = [
        report(year=2018 + index, values={key: value}, findings=[broken] if index == 3 else [])
        for index, value in enumerate((0, 50, 75, 80, 90))
    ]
    write(tmp_path, [(capture(f"{PAGE}?{each.year}", str(each.year)), each) for each in reports])
    growth = {year: row(tmp_path, year)["request_growth"] for year in range(2018, 2023)}
    assert growth == {2018: None, 2019: None, 2020: 0.5, 2021: None, 2022: None}
    assert "request_growth: ZERO_DENOMINATOR" in str(row(tmp_path, 2019)["why_null"])
    assert "request_growth: CONTRADICTED" in str(row(tmp_path, 2022)["why_null"])


def test_the_edition_of_2021_sums_other_total_from_its_parts(tmp_path: Path) -> None:
    values = {f"requests/{key}/total": n for n, key in enumerate(("other_correction_overdue", "other_misc"), start=1)}
    write(tmp_path, [(capture(PAGE, "a"), report(year=2021, values=values, edition="format_2021"))])
    found = row(tmp_path, 2021)
    assert found["requests_other_total"] == 3
    assert found["art20_1_rules_made_this_year"] is None
    assert found["art20_1_rules_issued_this_year"] == 0
    assert "art20_1_rules_made_this_year" not in str(found["why_null"])


def test_a_report_without_tables_says_which_are_missing(tmp_path: Path) -> None:
    found = report(with_tables=False, template="format_2021")
    write(tmp_path, [(capture(PAGE, "a"), found)])
    assert row(tmp_path)["why_null"] == "requests: TABLE_MISSING; review_litigation: TABLE_MISSING"


@pytest.mark.parametrize(
    ("kind", "level", "year", "published", "expected"),
    [
        ("department", "county", 2020, "2021-01-31", True),
        ("department", "county", 2020, "2021-02-01", False),
        ("government", "county", 2020, "2021-03-31", True),
        ("government", "county", 2020, "2021-04-01", False),
        ("government", "township", 2020, "2021-01-01", None),
        ("department", "county", 2018, "2019-03-31", True),
        ("department", "county", 2020, None, None),
    ],
)
def test_published_on_time(
    tmp_path: Path, kind: str, level: str, year: int, published: str | None, expected: bool | None
) -> None:
    write(tmp_path, [(capture(PAGE, "a"), report(year=year, kind=kind, level=level, published=published))])
    assert row(tmp_path, year)["published_on_time"] is expected


def test_every_column_is_defined_once() -> None:
    names = [column.name for column in panel_columns()]
    assert len(names) == len(set(names))
    assert len({figure.ref for figure in figures()}) == len(figures())
    assert all(indicator.over for indicator in INDICATORS)


def test_every_indicator_tells_formula_unit_and_breaks_in_both_languages() -> None:
    columns = {column.name: column for column in panel_columns()}
    for indicator in INDICATORS:
        column = columns[indicator.key]
        assert indicator.formula in column.en
        assert indicator.formula in column.zh
        assert "unit 1" in column.en
        assert "单位 1" in column.zh
        assert [year for year in BREAKS if f"series break {year}: " in column.en] == list(indicator.breaks)
        assert [year for year in BREAKS if f"序列中断 {year}: " in column.zh] == list(indicator.breaks)
    assert "reconsideration first" in columns["dispute_rate"].en
