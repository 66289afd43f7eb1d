"""Official names to division codes: the year counts, and nothing ambiguous is decided."""

import re
from importlib import resources

import pytest

from parsers.divisions import level_of, lineage_of, lookup, names_of


def code_of(name: str, year: int | None = 2023, within: str | None = None) -> str | None:
    match = lookup(name, year, within)
    return match.code if match else None


@pytest.mark.parametrize(
    ("name", "year", "code"),
    [
        ("广州市花都区狮岭镇人民政府", 2020, "440114"),
        ("淮安市洪泽区人民政府", 2023, "320813"),
        ("淮安市洪泽县人民政府", 2015, "320829"),
        ("洪泽县人民政府", 2015, "320829"),
        ("沭阳县发展和改革局", 2023, "321322"),
        ("宿迁市", 2023, "321300"),
        ("上海市科学技术委员会", 2024, "310000"),
        ("上海市浦东新区人民政府", 2024, "310115"),
        ("江苏省宿迁市宿豫区人民政府", 2020, "321311"),
        ("东莞市人民政府", 2023, "441900"),
        ("仙桃市人民政府", 2023, "429004"),
        ("神农架林区人民政府", 2023, "429021"),
        ("平潭县公安局", 2009, "350128"),
        ("北京市密云县人民政府", 2013, "110228"),
        ("北京市密云区人民政府", 2020, "110118"),
        ("吉林市人民政府", 2020, "220200"),
        ("吉林省吉林市船营区人民政府", 2020, "220204"),
        ("海南省海口市人民政府", 2020, "460100"),
        ("海南藏族自治州人民政府", 2020, "632500"),
        ("延边州人民政府", 2020, "222400"),
        ("内蒙古兴安盟审计局", 2025, "152200"),
        ("内蒙古自治区呼和浩特市新城区人民政府", 2020, "150102"),
        ("国家税务总局厦门市税务局", 2022, "350200"),
        ("广 州 市 花都区财政局", 2021, "440114"),
        ("邢台市桥东区人民政府", 2018, "130502"),
        ("邢台市襄都区人民政府", 2021, "130502"),
        ("长沙市长沙县人民政府", 2020, "430121"),
        ("广州市市场监督管理局", 2020, "440100"),
        ("重庆市渝北区人民政府", 2024, "500112"),
    ],
)
def test_the_division_at_the_head_of_a_name(name: str, year: int, code: str) -> None:
    assert code_of(name, year) == code


@pytest.mark.parametrize(
    "name",
    [
        "两城镇人民政府",
        "朝阳区人民政府",
        "鼓楼区财政局",
        "东区街道办事处",
        "城区街道办事处",
        "和县镇人民政府",
        "平潭综合实验区公安局",
        "市科委",
        "财政部",
        "国家税务总局",
        "新疆生产建设兵团",
        "广州市朝阳区人民政府",
        "",
    ],
)
def test_what_is_not_certain_is_nothing(name: str) -> None:
    assert code_of(name) is None


def test_a_name_before_it_or_the_portal_settles_namesakes() -> None:
    assert code_of("北京市朝阳区人民政府") == "110105"
    assert code_of("长春市朝阳区人民政府") == "220104"
    assert code_of("朝阳区人民政府", within="110000") == "110105"
    assert code_of("朝阳区人民政府", within="220100") == "220104"
    assert code_of("朝阳区人民政府", within="440100") is None


def test_the_portal_stands_in_only_where_the_name_is_silent() -> None:
    silent = lookup("狮岭镇人民政府", 2020, within="440114")
    assert silent is not None
    assert (silent.code, silent.is_hint, silent.rest) == ("440114", True, "狮岭镇人民政府")
    named = lookup("佛山市南海区财政局", 2020, within="440114")
    assert named is not None
    assert (named.code, named.is_hint) == ("440605", False)
    above = lookup("广州市人民政府", 2020, within="440114")
    assert above is not None
    assert (above.code, above.rest, above.level) == ("440100", "人民政府", "prefecture")


def test_an_unknown_portal_division_decides_nothing() -> None:
    assert code_of("狮岭镇人民政府", 2020, within="999999") is None
    assert code_of("朝阳区人民政府", 2020, within="999999") is None
    assert code_of("广州市人民政府", 2020, within="999999") == "440100"


def test_names_of_a_code() -> None:
    assert names_of("440114") == ("广东省", "广州市", "花都区")
    assert names_of("440114109") == ("广东省", "广州市", "花都区")
    assert names_of("440100") == ("广东省", "广州市", None)
    assert names_of("310115") == ("上海市", None, "浦东新区")
    assert names_of("429004") == ("湖北省", None, "仙桃市")
    assert names_of("130502", 2018) == ("河北省", "邢台市", "桥东区")
    assert names_of("130502") == ("河北省", "邢台市", "襄都区")
    with pytest.raises(KeyError):
        names_of("999999")


def test_lineage_outlives_a_change_of_code() -> None:
    assert lineage_of("320829", 2015) == lineage_of("320813", 2023) == "320813"
    assert lineage_of("110228") == lineage_of("110118")
    assert lineage_of("440114109") == "440114"
    assert lineage_of("320107", 2010) != lineage_of("320106", 2010)


def test_the_table_is_consistent() -> None:
    text = (resources.files("parsers") / "divisions.tsv").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in text.splitlines() if re.match(r"\d", line)]
    assert len(rows) > 3500
    codes = {row[0] for row in rows}
    spans: dict[tuple[str, str], list[tuple[int, int]]] = {}
    for code, name, first, last, lineage in rows:
        assert re.fullmatch(r"\d{6}", code)
        assert re.fullmatch(r"\w+[省市区县旗州盟]", name)
        assert code[:2] + "0000" in codes
        span = (int(first or 0), int(last or 9999))
        assert span[0] <= span[1]
        for key in (("code", code), ("lineage", lineage or code)):
            assert all(span[1] < a or b < span[0] for a, b in spans.get(key, [])), (code, name)
            spans.setdefault(key, []).append(span)
    assert {level_of(code) for code in codes} == {"province", "prefecture", "county"}
