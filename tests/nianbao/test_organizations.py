"""Bodies: identifiers that outlive renamings, who stands above whom, and doubts about the division."""

from pathlib import Path

import pytest

import nianbao
from nianbao.organizations import above, division_doubt, org_id
from nianbao.renamings import reduced_name
from tests.nianbao.reports import capture, report, write

PORTAL = "guangdong/guangzhou-huadu"


def test_a_county_renamed_twice_keeps_its_bodies() -> None:
    named = (("花县财政局", "440121", 1992), ("花都市财政局", "440182", 1997), ("广州市花都区财政局", "440114", 2020))
    assert len({org_id(name, code, year, PORTAL) for name, code, year in named}) == 1


def test_a_town_is_one_body_with_and_without_its_own_code() -> None:
    name = "广州市花都区狮岭镇人民政府"
    assert org_id(name, "440114109", 2020, PORTAL) == org_id("花都区狮岭镇人民政府", "440114", 2012, "other")


@pytest.mark.parametrize(
    ("kind", "level", "code", "government"),
    [
        ("government", "township", "440114109", ("广州市花都区人民政府", "440114")),
        ("subdistrict", "township", "440114", ("广州市花都区人民政府", "440114")),
        ("department", "county", "440114", ("广州市花都区人民政府", "440114")),
        ("government", "county", "440114", ("广州市人民政府", "440100")),
        ("government", "prefecture", "440100", ("广东省人民政府", "440000")),
        ("government", "county", "429004", ("湖北省人民政府", "420000")),  # 仙桃市 lies straight under its province
        ("government", "county", "110116", ("北京市人民政府", "110000")),
        ("department", "province", "440000", ("广东省人民政府", "440000")),
    ],
)
def test_the_government_above(kind: str, level: str, code: str, government: tuple[str, str]) -> None:
    row = {"kind": kind, "level": level, "division_code": code, "year": 2022}
    found = above(row)[-1]
    assert (found.org_id, found.name) == (org_id(*government, 2022, PORTAL), government[0])


def test_the_whole_line_above_a_town() -> None:
    town = {"kind": "government", "level": "township", "division_code": "440114109", "year": 2022}
    assert [each.name for each in above(town)] == ["广东省人民政府", "广州市人民政府", "广州市花都区人民政府"]
    assert [each.name for each in above(town | {"level": "county"})] == ["广东省人民政府", "广州市人民政府"]
    assert [each.name for each in above(town | {"division_code": "110116", "year": 2020})] == [
        "北京市人民政府",
        "北京市怀柔区人民政府",
    ]


def test_above_a_town_stands_the_county_under_the_name_and_identifier_of_its_time() -> None:
    town = {"kind": "government", "level": "township", "division_code": "440182", "year": 1997}
    assert above(town)[-1].name == "广州市花都市人民政府"
    assert above(town)[-1].org_id == org_id("广州市花都区人民政府", "440114", 2022, PORTAL)


def test_the_bare_name_of_a_division_means_its_government() -> None:
    assert org_id("宿迁市", "321300", 2023, "local") == org_id("宿迁市人民政府", "321300", 2024, "other")


@pytest.mark.parametrize(
    ("kind", "level", "code"),
    [("government", "province", "440000"), ("department", "state", None), ("government", "township", None)],
)
def test_nobody_above(kind: str, level: str, code: str | None) -> None:
    assert above({"kind": kind, "level": level, "division_code": code, "year": 2022}) == ()


def test_the_hierarchy_can_be_walked_in_sql(tmp_path: Path) -> None:
    names = (
        ("广州市花都区狮岭镇人民政府", "township", "440114109"),
        ("广州市花都区人民政府", "county", "440114"),
        ("广州市人民政府", "prefecture", "440100"),
    )
    pairs = [
        (capture(f"http://a/{code}.html", code), report(name, 2022, division_code=code, level=level))
        for name, level, code in names
    ]
    write(tmp_path, pairs)
    query = (
        "select below.organization, above.organization from organizations below "
        "join organizations above on above.org_id = below.parent_id order by below.level"
    )
    dataset = nianbao.open(tmp_path)
    assert dataset.sql(query).fetchall() == [(names[1][0], names[2][0]), (names[0][0], names[1][0])]
    below = (  # every body below the city, whatever stands between
        "select organization from organizations where list_contains(ancestors, "
        f"(select org_id from organizations where organization = '{names[2][0]}')) order by 1"
    )
    assert dataset.sql(below).fetchall() == [(names[1][0],), (names[0][0],)]


def test_doubts_about_the_division_are_findings() -> None:
    several = division_doubt("鼓楼区财政局", None, 2022, None)
    assert several is not None
    assert several.message.startswith("4 divisions bear the name 鼓楼区: ")
    hint = division_doubt("财政局", "440114", 2022, "440114")
    assert hint is not None
    assert "花都区" in hint.message_zh
    assert division_doubt("广州市花都区财政局", "440114", 2022, "440114") is None
    assert division_doubt("青澜区财政局", None, 2022, None) is None


def test_a_doubt_stands_in_the_dataset(tmp_path: Path) -> None:
    write(tmp_path, [(capture("http://a/1.html", "1"), report("鼓楼区财政局", 2022, division_code=None))])
    assert nianbao.open(tmp_path).findings(code="DIVISION_DOUBTFUL")["severity"].tolist() == ["info"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("新华镇人民政府", "新华街道办事处"),
        ("城市管理和综合执法局", "城市管理综合执法局"),
        ("公安分局", "公安局"),
        ("卫生和计划生育局", "卫生计划生育局"),
        ("经济开发区管理委员会", "经济开发区管委会"),
    ],
)
def test_names_by_which_one_body_may_have_gone(one: str, other: str) -> None:
    assert reduced_name(one) == reduced_name(other)


@pytest.mark.parametrize(
    ("one", "other"), [("狮岭镇人民政府", "花山镇人民政府"), ("教育局", "体育局"), ("人民政府", "人民政府办公室"), ("第一中学", "第二中学")]
)
def test_names_of_different_bodies(one: str, other: str) -> None:
    assert reduced_name(one) != reduced_name(other)


def renamed(data: Path, *named: tuple[str, int, str]) -> list[tuple[object, ...]]:
    """What is found after reports of bodies (name, year, division code)."""
    pairs = [
        (capture(f"http://a/{name}{year}.html", f"{name}{year}"), report(name, year, division_code=code))
        for name, year, code in named
    ]
    write(data, pairs)
    query = (
        "select r.organization, f.year, severity, message_zh from findings f join reports r using (report_id) "
        "where code = 'ORGANIZATION_DOUBTFUL' order by all"
    )
    return nianbao.open(data).sql(query).fetchall()


def test_a_body_that_goes_on_under_nearly_the_same_name_is_a_doubt(tmp_path: Path) -> None:
    town, street = "广州市花都区新华镇人民政府", "广州市花都区新华街道办事处"
    found = renamed(tmp_path, *((town, year, "440114") for year in (2019, 2020)), *((street, year, "440114") for year in (2021, 2022)))
    earlier = org_id(town, "440114", 2020, PORTAL)
    assert found == [(street, 2021, "info", f"或即2020年度及以前的{town}（{earlier}）")]


def test_two_bodies_that_report_side_by_side_are_no_doubt(tmp_path: Path) -> None:
    both = (("广州市花都区公安局", 2020, "440114"), ("广州市花都区公安分局", 2020, "440114"))
    assert renamed(tmp_path, *both, ("广州市花都区公安分局", 2021, "440114")) == []


def test_the_same_name_in_two_counties_is_no_doubt(tmp_path: Path) -> None:
    assert renamed(tmp_path, ("广州市花都区新华镇人民政府", 2019, "440114"), ("广州市白云区新华街道办事处", 2021, "440111")) == []
