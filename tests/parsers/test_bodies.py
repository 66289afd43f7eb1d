"""What the name of an official body says: kind, level, division, and which full name a short one stands for."""

import pytest

from parsers.bodies import SHORT_FORMS, body_of, completed, is_name, stands_for
from parsers.report import Kind, Level


@pytest.mark.parametrize(
    ("name", "kind", "level", "code"),
    [
        ("广州市花都区狮岭镇人民政府", "government", "township", "440114109"),
        ("淮安市洪泽区人民政府", "government", "county", "320813"),
        ("淮安市人民政府", "government", "prefecture", "320800"),
        ("宿迁市", "government", "prefecture", "321300"),
        ("江苏省人民政府", "government", "province", "320000"),
        ("上海市浦东新区人民政府", "government", "county", "310115"),
        ("广州市越秀区北京街道办事处", "subdistrict", "township", "440104003"),
        ("北京市怀柔区泉河街道办事处", "subdistrict", "township", "110116001"),
        ("北京市怀柔区人民政府泉河街道办事处", "subdistrict", "township", "110116001"),
        ("沭阳县发展和改革局", "department", "county", "321322"),
        ("上海市科学技术委员会", "department", "province", "310000"),
        ("淮安市人民政府办公室", "department", "prefecture", "320800"),
        ("上海市国有资产监督管理委员会", "department", "province", "310000"),
        ("国家税务总局厦门市税务局", "department", "prefecture", "350200"),
        ("国家税务总局", "department", "state", None),
        ("国家粮食和物资储备局", "department", "state", None),
        ("中华人民共和国海关总署", "department", "state", None),
        ("中国银行保险监督管理委员会", "department", "state", None),
        ("国家统计局昆明调查队", "department", None, None),
        ("中华人民共和国黄埔海关", "department", None, None),
        ("中国证券监督管理委员会江苏监管局", "department", None, None),
        ("财政部", "department", "state", None),
        ("平潭综合实验区", "zone", None, None),
        ("平潭综合实验区管委会", "zone", None, None),
        ("平潭综合实验区公安局", "department", None, None),
        ("宿迁经济技术开发区管理委员会", "zone", None, None),
        ("宿迁市洋河新区管理委员会", "zone", None, "321300"),
        ("两城镇人民政府", "government", "township", None),
        ("朝阳区人民政府", "government", "county", None),
        ("鼓楼区财政局", "department", "county", None),
        ("巴州人民政府", "government", "prefecture", None),
        ("锡林郭勒盟行政公署", "government", "prefecture", "152500"),
        ("大兴安岭地区行署", "government", "prefecture", "232700"),
        ("大兴安岭地区加格达奇区人民政府", "government", "county", "232700"),
        ("中共沭阳县委党校", "department", "county", "321322"),
        ("共青团宿迁市委员会", "department", "prefecture", "321300"),
        ("国务院办公厅", "department", "state", None),
        ("中国科学院", "department", "state", None),
        ("沭阳县实验小学", None, "county", "321322"),
        ("宿迁市第一人民医院", None, "prefecture", "321300"),
        ("沭阳县人民法院", None, "county", "321322"),
        ("沭阳县供水集团有限公司", None, "county", "321322"),
        ("新疆生产建设兵团", None, "province", None),
        ("新疆生产建设兵团财政局", "department", "province", None),
        ("新疆生产建设兵团第八师", None, "prefecture", None),
        ("第七师一二三团", None, None, None),
        ("重庆市两江新区管理委员会", "zone", None, "500000"),
    ],
)
def test_body_of(name: str, kind: Kind, level: Level | None, code: str | None) -> None:
    body = body_of(name, 2022)
    assert (body.kind, body.level, body.division_code) == (kind, level, code)


@pytest.mark.parametrize(
    ("short", "full"),
    [
        ("狮岭镇", "广州市花都区狮岭镇人民政府"),
        ("狮岭镇政府", "广州市花都区狮岭镇人民政府"),
        ("公安局", "平潭县公安局"),
        ("市科委", "上海市科学技术委员会"),
        ("县发改局", "沭阳县发展和改革局"),
        ("东门街道", "青山县东门街道办事处"),
        ("平潭综合实验区", "平潭综合实验区管理委员会"),
        ("东门街道办", "青山县东门街道办事处"),
    ],
)
def test_a_short_name_stands_for_the_full_one(short: str, full: str) -> None:
    assert stands_for(short, full)
    assert not stands_for(full, short)


@pytest.mark.parametrize(
    ("short", "full"),
    [
        ("平潭综合实验区", "平潭综合实验区公安局"),
        ("财政局", "青山县教育局"),
        ("狮岭镇", "广州市花都区花东镇人民政府"),
        ("青山县税务局", "青山县税努局"),
        ("", "青山县税务局"),
        ("青山县", "青山县财政局"),
    ],
)
def test_a_name_does_not_stand_for_another_body(short: str, full: str) -> None:
    assert not stands_for(short, full)


def test_completed_makes_the_government_and_the_committee_full() -> None:
    assert completed("青山县政府") == "青山县人民政府"
    assert completed("白石镇政府") == "白石镇人民政府"
    assert completed("青山县人民政府") == "青山县人民政府"
    assert completed("青山县政府办") == completed("青山县政府办公室") == "青山县人民政府办公室"
    assert completed("宿迁市") == "宿迁市"
    assert completed("青山县东门街道办") == "青山县东门街道办事处"
    assert completed("上海市卫健委") == "上海市卫生健康委员会"


def test_short_forms_are_abbreviations_of_their_full_forms() -> None:
    for short, full in SHORT_FORMS.items():
        assert stands_for(short, full), (short, full)
        assert completed(f"青山市{full}") == f"青山市{full}"


def test_a_district_that_grew_out_of_a_zone_was_a_zone_before() -> None:
    assert body_of("重庆市两江新区人民政府", 2027).division_code == "500157"
    assert body_of("清远市清新区人民政府", 2010).division_code == "441803"  # 清新县 until 2012


INSTITUTIONS = ["中共青山县委党史研究室", "青山县植物园", "青山县少年宫", "青山县青澜中学", "青山大学", "青山职业技术学院", "青山县第一幼儿园", "新疆生产建设兵团", "第七师一二三团"]


@pytest.mark.parametrize("text", ["青山县财政局", "两城镇人民政府", "财政部", "平潭综合实验区", *INSTITUTIONS])
def test_names(text: str) -> None:
    assert is_name(text)


@pytest.mark.parametrize("text", ["一、总体情况", "2021年", "青山县财政局。", "公开", ""])
def test_what_is_no_name(text: str) -> None:
    assert not is_name(text)
