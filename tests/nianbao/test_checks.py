"""Reports held against each other: carry-over, items, jumps, copies, region and members. Figures worked out by hand."""

from pathlib import Path

import pytest

import nianbao
from parsers.report import Value
from tests.nianbao.reports import capture, report, write

IN, OUT = "requests/carried_over_in", "requests/carried_over_out"
NEW, DONE = "requests/received_new", "requests/concluded_total"
Values = dict[str, Value | None]


def found(data: Path, code: str) -> list[tuple[object, ...]]:
    query = "select year, severity, expected, actual, len(cells) from findings where code = $code order by all"
    return nianbao.open(data).sql(query, {"code": code}).fetchall()


def years(data: Path, by_year: dict[int, Values], edition: str = "format_2021", **front: object) -> None:
    write(
        data,
        [
            (capture(f"http://a/{year}.html", f"{year}"), report(year=year, values=values, edition=edition, **front))
            for year, values in by_year.items()
        ],
    )


def test_carry_over_that_does_not_fit_is_found_in_each_column(tmp_path: Path) -> None:
    before: Values = {f"{OUT}/natural_person": 3, f"{OUT}/total": 3}
    years(tmp_path, {2021: before, 2022: {f"{IN}/natural_person": 2, f"{IN}/total": 2}})
    # natural_person and total: this year 2, last year 3; the other five columns are 0 in both
    assert found(tmp_path, "XY_CARRY") == [(2022, "warning", 2.0, 3.0, 1)] * 2


def test_carry_over_that_fits_is_no_finding(tmp_path: Path) -> None:
    years(tmp_path, {2021: {f"{OUT}/total": 3}, 2022: {f"{IN}/total": 3}})
    assert found(tmp_path, "XY_CARRY") == []


def test_blanks_and_gaps_in_the_years_say_nothing(tmp_path: Path) -> None:
    years(tmp_path, {2019: {f"{OUT}/total": 3}, 2021: {f"{OUT}/total": None}, 2022: {f"{IN}/total": 2}})
    assert found(tmp_path, "XY_CARRY") == []


def test_items_of_the_year_before_with_its_change(tmp_path: Path) -> None:
    row = "art20_5/administrative_license"
    by_year: dict[int, Values] = {
        2019: {f"{row}/items_prev_year": 10, f"{row}/items_change": -3},
        2020: {f"{row}/items_prev_year": 10},
    }
    years(tmp_path, by_year, edition="format_2019")
    assert found(tmp_path, "XY_ITEMS_5") == [(2020, "warning", 10.0, 7.0, 1)]  # 10 - 3 = 7


def test_documents_in_force(tmp_path: Path) -> None:
    row = "art20_1/normative_documents"
    by_year: dict[int, Values] = {
        2021: {f"{row}/in_force": 20},
        2022: {f"{row}/in_force": 25, f"{row}/issued_this_year": 4, f"{row}/repealed_this_year": 1},
    }
    years(tmp_path, by_year)
    assert found(tmp_path, "XY_IN_FORCE") == [(2022, "info", 25.0, 23.0, 3)]  # 20 + 4 - 1 = 23


def test_a_jump_is_found_and_an_ordinary_rise_is_not(tmp_path: Path) -> None:
    row = "art20_6/administrative_penalty/decisions"
    by_year: dict[int, Values] = {
        2020: {f"{NEW}/total": 9, row: 4000},
        2021: {f"{NEW}/total": 299, row: 4900},
        2022: {f"{NEW}/total": 40, row: 147_000},  # 30 x 4,900 = 147,000
    }
    years(tmp_path, by_year)
    assert [row[:2] for row in found(tmp_path, "IMPLAUSIBLE_JUMP")] == [(2022, "warning")]


def test_money_in_another_unit_is_a_jump(tmp_path: Path) -> None:
    row = "art20_8/administrative_fees/amount_collected"
    years(tmp_path, {2021: {row: 120}, 2022: {row: 1_200_000}, 2023: {row: 1_500_000}, 2024: {row: 0}})
    assert [row[0] for row in found(tmp_path, "IMPLAUSIBLE_JUMP")] == [2022]


def test_last_years_table_is_found_once_it_is_telling(tmp_path: Path) -> None:
    telling: Values = {f"{NEW}/natural_person": 31, f"{NEW}/total": 38, f"{NEW}/org_other": 7, f"{DONE}/total": 36}
    years(tmp_path, {2021: telling, 2022: telling, 2023: {**telling, f"{DONE}/total": 35}})
    assert [row[0] for row in found(tmp_path, "COPIED_FIGURES")] == [2022]


def test_two_quiet_years_are_alike_by_chance(tmp_path: Path) -> None:
    quiet: Values = {f"{NEW}/natural_person": 1, f"{NEW}/total": 1, f"{DONE}/natural_person": 1, f"{DONE}/total": 1}
    years(tmp_path, {2021: quiet, 2022: quiet})
    assert found(tmp_path, "COPIED_FIGURES") == []


def test_a_form_left_with_last_years_requests(tmp_path: Path) -> None:
    before: Values = {f"{row}/{column}": 8 for row in (NEW, DONE) for column in ("natural_person", "total")}
    left: Values = {f"{NEW}/natural_person": 8, f"{NEW}/total": 8}
    years(tmp_path, {2021: before, 2022: left, 2023: {f"{NEW}/natural_person": 7, f"{NEW}/total": 7}})
    assert [(row[0], row[1], row[4]) for row in found(tmp_path, "STALE_FORM")] == [(2022, "info", 2)]


@pytest.mark.parametrize(
    ("text", "larger"), [("全区受理申请20件。", 21), ("全区受理申请20件。", 20), ("本年按要求公开。", 21)]
)
def test_a_region_is_no_smaller_than_its_members(tmp_path: Path, text: str, larger: int) -> None:
    region = report("广州市花都区人民政府", 2022, {f"{NEW}/total": 20}, edition="format_2021", level="county", text=text)
    town = report(year=2022, values={f"{NEW}/total": larger}, edition="format_2021")
    elsewhere = report(
        "广州市番禺区财政局", 2022, {f"{NEW}/total": 99}, division_code="440113", edition="format_2021", kind="department"
    )
    reports = [region, town, elsewhere]
    write(tmp_path, [(capture(f"http://a/{number}.html", f"{number}"), each) for number, each in enumerate(reports)])
    expected = [(2022, "info", 20.0, 21.0, 1)] if larger > 20 and text.startswith("全区") else []
    assert found(tmp_path, "XL_SUM_OF_CHILDREN") == expected
    scopes = nianbao.open(tmp_path).sql("select scope from reports order by org_id").fetchall()
    assert ("aggregate",) in scopes or not text.startswith("全区")


def test_a_corrected_year_before_takes_the_finding_away(tmp_path: Path) -> None:
    address = "http://a/2021.html"
    now = (capture("http://a/2022.html", "x"), report(year=2022, values={f"{IN}/total": 2}, edition="format_2021"))
    wrong = report(year=2021, values={f"{OUT}/total": 3}, edition="format_2021")
    right = report(year=2021, values={f"{OUT}/total": 2}, edition="format_2021")
    write(tmp_path, [(capture(address, "a"), wrong), now])
    assert len(found(tmp_path, "XY_CARRY")) == 1
    later = capture(address, "b", "2022-05-01T00:00:00+00:00")
    write(tmp_path, [(capture(address, "a"), wrong), (later, right), now])
    assert found(tmp_path, "XY_CARRY") == []
