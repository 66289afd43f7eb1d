"""Nine-digit codes of towns: only certain ones, stable in form, lineage of counties renamed."""

import re
from importlib import resources

import pytest

from parsers.divisions import lineage_of, lookup, namesakes
from parsers.townships import township_code


@pytest.mark.parametrize(
    ("county", "body", "code"),
    [
        ("440114", "狮岭镇人民政府", "440114109"),
        ("440114", "狮岭镇", "440114109"),
        ("440114", "新华街道办事处", "440114001"),
        ("440114", "新华街", "440114001"),
        ("440113", "大石街道办事处", None),  # the two sources number it differently
        ("440114", "不存在镇人民政府", None),
        ("440113", "狮岭镇人民政府", None),
        ("999999", "狮岭镇人民政府", None),
    ],
)
def test_a_town_has_its_code_only_where_that_is_certain(county: str, body: str, code: str | None) -> None:
    assert township_code(county, body) == code


def test_the_table_is_consistent() -> None:
    text = (resources.files("parsers") / "townships.tsv").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    assert lines == sorted(lines)
    for line in lines:
        county, towns = line.split("\t")
        listed = towns.split(" ")
        assert re.fullmatch(r"\d{6}", county)
        assert all(re.fullmatch(r"\d{3}[^\d\s]\S*", town) for town in listed), county
        assert len({town[:3] for town in listed}) == len({town[3:] for town in listed}) == len(listed)
    assert len({line[:6] for line in lines}) == len(lines) > 2_700


def test_a_county_that_became_city_and_district_is_one_lineage() -> None:
    named = [lookup(f"{name}财政局", year) for name, year in (("花县", 1992), ("花都市", 1997), ("广州市花都区", 2020))]
    assert [match and match.lineage for match in named] == ["440114"] * 3
    assert [match and match.code for match in named] == ["440121", "440182", "440114"]
    assert lineage_of("440121", 1992) == "440114"


def test_namesakes_are_those_that_the_year_leaves() -> None:
    assert {division.code for division in namesakes("鼓楼区财政局", 2020)} == {"320106", "320302", "350102", "410204"}
    assert [division.code for division in namesakes("广州市花都区财政局", 2020)] == ["440114"]
    assert namesakes("青澜区财政局", 2020) == ()
