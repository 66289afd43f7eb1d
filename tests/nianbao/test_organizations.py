"""Bodies: identifiers that outlive renamings, who stands above whom, and doubts about the division."""

from pathlib import Path

import pytest

import nianbao
from nianbao.organizations import division_doubt, org_id, parent_id
from tests.nianbao.reports import capture, report, write

PORTAL = "guangdong/guangzhou-huadu"


def test_a_county_renamed_twice_keeps_its_bodies() -> None:
    named = (("花县财政局", "440121", 1992), ("花都市财政局", "440182", 1997), ("广州市花都区财政局", "440114", 2020))
    assert len({org_id(name, code, year, PORTAL) for name, code, year in named}) == 1


def test_a_town_is_one_body_with_and_without_its_own_code() -> None:
    name = "广州市花都区狮岭镇人民政府"
    assert org_id(name, "440114109", 2020, PORTAL) == org_id("花都区狮岭镇人民政府", "440114", 2012, "other")


@pytest.mark.parametrize(
    ("kind", "level", "code", "above"),
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
def test_the_government_above(kind: str, level: str, code: str, above: tuple[str, str]) -> None:
    row = {"kind": kind, "level": level, "division_code": code, "year": 2022}
    assert parent_id(row) == org_id(*above, 2022, PORTAL)


@pytest.mark.parametrize(
    ("kind", "level", "code"),
    [("government", "province", "440000"), ("department", "state", None), ("government", "township", None)],
)
def test_nobody_above(kind: str, level: str, code: str | None) -> None:
    assert parent_id({"kind": kind, "level": level, "division_code": code, "year": 2022}) is None


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
    assert nianbao.open(tmp_path).sql(query).fetchall() == [(names[1][0], names[2][0]), (names[0][0], names[1][0])]


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
