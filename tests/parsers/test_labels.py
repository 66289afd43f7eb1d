"""Labels as editors spell them: normalised, compared, and with places in the source kept true."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers.labels import best, contains, normalise, similarity, simplified, tail_similarity
from parsers.strips import narrow, normalise_tail
from parsers.template import Line, load

LINES = [line for table in load().tables for line in (*table.rows, *table.columns)]
LABELS = sorted({label for line in LINES for label in line.labels})
CHINESE = st.text("政府信息公开申请数量总计其他處理機關經國條一二三（）(),、.:“”\"' 　12三\n\u200b—", max_size=24)


@pytest.mark.parametrize(
    ("official", "seen"),
    [
        ("第二十条第（一）项", "第二十条 第(一)项"),
        ("（一）予以公开", "(一) 予以公开"),
        ("（一）予以公开", "（一）予以\u3000公 开"),
        ("1.属于国家秘密", "1、属于国家秘密"),
        ("1.属于国家秘密", "1．属于国家秘密"),
        ("1.属于国家秘密", "1. 属于国家秘密"),
        ("1.属于国家秘密", "①属于国家秘密"),
        ("3.危及“三安全一稳定”", '3.危及"三安全一稳定"'),
        ("3.危及“三安全一稳定”", "3、危及三安全一稳定"),
        ("（三）不予公开", "（三）不予 公开"),
        ("社会公益组织", "社会 公益\n组织"),
        ("自然人", "自\u00a0然\u200b人"),
        ("一、本年新收政府信息公开申请数量", "本年新收政府信息公开申请数量"),
        ("一、本年新收政府信息公开申请数量", "一、本年新收政府信息公開申請數量"),
        ("（七）总计", "（七）總計"),
        ("四、结转下年度继续办理", "四.结转下年度继续办理"),
        ("（二）部分公开（区分处理的，只计这一情形，不计其他情形）", "（二）部分公开(区分处理的,只计这一情形,不计其他情形)"),
        (
            "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请",
            "1.申请人无正当理由逾期不补正,行政机关不再处理其政府信息公开申请",
        ),
        ("采购总金额", "采购总金额（元）"),
        ("本年收费金额", "本年收费金额（单位：万元）"),
        ("当面申请数", "其中：1．当面申请数"),
        ("结果维持", "结 果\n维 持"),
    ],
)
def test_spellings_of_one_label(official: str, seen: str) -> None:
    assert normalise(official) == normalise(seen)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("（六）其他处理", "3.其他"),
        ("予以公开", "不予公开"),
        ("行政诉讼数", "行政申诉数"),
        ("本年新收政府信息公开申请数量", "上年结转政府信息公开申请数量"),
        ("结果维持", "结果纠正"),
        ("行政处罚", "行政强制"),
        ("现行有效件数", "本年制发件数"),
    ],
)
def test_different_rows_stay_apart(one: str, other: str) -> None:
    assert normalise(one) != normalise(other)
    assert similarity(normalise(one), normalise(other)) < 0.85


@pytest.mark.parametrize("text", ["一", "1", "（一）", "三、", "1.", "其中："])
def test_an_enumerator_alone_is_not_stripped_to_nothing_twice(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@pytest.mark.parametrize("line", LINES, ids=lambda line: line.key)
def test_every_label_of_the_form_has_a_name_that_is_its_own(line: Line) -> None:
    assert all(normalise(name) == name and name for name in line.names)
    assert line.names[0] == normalise(line.labels[0])


@pytest.mark.parametrize("table_id", ["requests", "review_litigation", "art20_5", "art20_6", "art20_8", "local_2008"])
def test_no_two_rows_of_an_edition_share_a_name(table_id: str) -> None:
    table = load().table(table_id)
    for edition in table.editions:
        names = [name for row in table.rows_of(edition) for name in set(row.names)]
        assert len(names) == len(set(names))


# --- properties ---------------------------------------------------------------------------------------------------------


@settings(derandomize=True, deadline=None)
@given(st.lists(st.sampled_from(("三、", "（三）", "(3)", "12.", "其中：", "①", " ")), max_size=3), st.sampled_from(LABELS))
def test_normalising_twice_changes_nothing_more(enumerators: list[str], label: str) -> None:
    once = normalise("".join(enumerators) + label)
    assert normalise(once) == once == normalise(label)


@settings(derandomize=True, deadline=None)
@given(st.sampled_from(LABELS), st.data())
def test_spaces_and_enumerators_do_not_change_a_label(label: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(label)))
    space = data.draw(st.sampled_from([" ", "\u3000", "\u00a0", "\n", "\u200b"]))
    assert normalise(label[:at] + space + label[at:]) == normalise(label)
    enumerator = data.draw(st.sampled_from(["（三）", "(3)", "3.", "三、", "其中：", "12、"]))
    assert normalise(enumerator + label) == normalise(label)


@settings(derandomize=True, deadline=None)
@given(st.text(max_size=30))
def test_simplified_and_narrow_keep_every_place(text: str) -> None:
    assert len(simplified(text)) == len(text)
    assert len(narrow(text)) == len(text)
    assert narrow(narrow(text)) == narrow(text)


@settings(derandomize=True, deadline=None)
@given(CHINESE, CHINESE)
def test_similarities_are_shares(one: str, other: str) -> None:
    one, other = normalise(one) or "总计", normalise(other)
    assert 0 <= similarity(one, other) <= 1
    assert 0 <= tail_similarity(one, other) <= 1
    assert similarity(one, one) == 1
    assert similarity(one, other) == pytest.approx(similarity(other, one))
    assert (similarity(one, other) == 1) == (one == other)


@settings(derandomize=True, deadline=None)
@given(CHINESE, st.sampled_from(LABELS))
def test_a_label_at_the_end_or_inside_is_found(before: str, label: str) -> None:
    name = normalise(label)
    assert tail_similarity(name, normalise(before) + name) == 1
    assert contains(normalise(before) + name + "附", name)


@settings(derandomize=True, deadline=None)
@given(st.sampled_from(LABELS), st.sampled_from(LABELS))
def test_the_best_label_is_the_same_label(one: str, other: str) -> None:
    keys = {normalise(one): "one", normalise(other): "other"}
    found = best(normalise(one), [(key, name) for name, key in keys.items()], 0.8)
    assert found == (keys[normalise(one)], 1.0)


def test_no_label_is_the_best_where_two_are_equally_near_or_none_is_near() -> None:
    assert best("行政许", [("a", "行政许可"), ("b", "行政许诺")], 0.5)[0] is None
    assert best("行政许", [("a", "行政许可"), ("a", "行政许诺")], 0.5)[0] == "a"
    assert best("自然人", [("a", "商业企业")], 0.5)[0] is None
    assert best("自然人", [], 0.5) == (None, 0.0)


@settings(derandomize=True, deadline=None)
@given(st.lists(st.sampled_from(LABELS), min_size=1, max_size=4))
def test_enumerators_inside_a_line_of_labels_are_stripped(labels: list[str]) -> None:
    line = normalise_tail(" ".join(labels))
    assert line.endswith(normalise(labels[-1]))
