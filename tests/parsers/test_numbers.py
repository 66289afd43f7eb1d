"""Figures as they arrive in cells of real reports, and what must never be taken for one."""

import re
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers.numbers import (
    COUNT_UNITS,
    YUAN,
    Figure,
    han_count,
    has_leading_zero,
    is_blank,
    money_unit_in,
    plain,
    read_figure,
    squeeze,
)

SPACES = ("", " ", "\u00a0", "\u3000", "\u200b", "\n", " \u00a0 ")
WIDE = str.maketrans("0123456789.,+-", "０１２３４５６７８９．，＋－")


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("0", 0, None),
        ("12", 12, None),
        (" 12\u00a0", 12, None),
        ("１２", 12, None),
        ("\u200b7\ufeff", 7, None),
        ("1,234,567", 1234567, None),
        ("1，234", 1234, None),
        ("3笔", 3, None),
        ("12 件", 12, None),
        ("5人次", 5, None),
        ("984元", 984, "元"),
        ("12.5万元", "12.5", "万元"),
        ("73000.00元", "73000.00", "元"),
        ("346490.00元", "346490.00", "元"),
        ("0.000001亿元", "0.000001", "亿元"),
        ("1萬元", 1, "万元"),
        ("212.123456万元", "212.123456", "万元"),
        ("+6", 6, None),
        ("＋19", 19, None),
        ("-12", -12, None),
        ("－12", -12, None),
        ("−12", -12, None),
        ("—12", -12, None),
        ("增6", 6, None),
        ("增加6", 6, None),
        ("减3", -3, None),
        ("减少3", -3, None),
        ("新增2", 2, None),
        ("12（其中修订 5 件）", 12, None),
        ("30(含自然失效8件)", 30, None),
        ("5①", 5, None),
        ("5²", 5, None),
        ("5*", 5, None),
        ("\n\t12\n\t", 12, None),
        ("\u202a12\u202c", 12, None),
        ("零", 0, None),
        ("〇", 0, None),
    ],
)
def test_a_cell_that_is_one_figure(text: str, value: int | str, unit: str | None) -> None:
    figure = read_figure(text)
    assert figure is not None
    assert (figure.value, figure.unit) == (Decimal(value), unit)


@pytest.mark.parametrize(
    "text",
    [
        "0 0", "0　28", "1 234", "12-5", "640-180", "1.2.3", "3.", ".5", "12万", "5%", "约5", "12以上", "一", "十二",
        "1,23", "12,34,567", "1/2", "2021年", "2020-01-05", "第3", "(5)", "其中：5", "a1", "1e3", "+", "--5", "+-5",
        "5 -3", "x",
    ],
)  # fmt: skip
def test_what_is_no_single_figure(text: str) -> None:
    assert read_figure(text) is None


@pytest.mark.parametrize(
    "text",
    ["", " ", "\u00a0", "\u3000", "/", "／", "\\", "-", "--", "—", "——", "–", "－", "无", "無", " / ", "－ ", "①", "\n\t\n", "不适用", "不涉及", "N/A", "─"],
)
def test_null_tokens_are_blank_and_no_figure(text: str) -> None:
    assert is_blank(text)
    assert read_figure(text) is None


@pytest.mark.parametrize("text", ["0", "零", "〇", "00", "无锡", "-1", "0元"])
def test_zero_and_words_are_not_blank(text: str) -> None:
    assert not is_blank(text)


@pytest.mark.parametrize(
    ("text", "signed", "note"),
    [("+6", True, None), ("6", False, None), ("-0", True, None), ("12（其中修订5件）", False, "(其中修订5件)")],
)
def test_signs_and_notes_are_kept(text: str, signed: bool, note: str | None) -> None:
    figure = read_figure(text)
    assert figure is not None
    assert (figure.has_sign, figure.note) == (signed, note)


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("采购总金额（元）", "元"),
        ("本年收费金额（单位：万元）", "万元"),
        ("收费金额(单位:元)", "元"),
        ("政府集中采购（亿元）", "亿元"),
        ("单位：万元", "万元"),
        ("單位：千元", "千元"),
        ("（金额单位：百万元）", "百万元"),
        ("收费金额（萬元）", "万元"),
        ("本年收费金额", None),
        ("单位：件", None),
        ("（件）", None),
        ("万元以上的项目", None),
        ("多元化（多元）", None),
    ],
)
def test_units_of_money_in_labels(text: str, unit: str | None) -> None:
    assert money_unit_in(text) == unit


@pytest.mark.parametrize(
    ("text", "fused"),
    [("00", True), ("016", True), ("0", False), ("10", False), ("0.5", False), ("-00", True), ("０１", True)],
)
def test_a_leading_nought_is_a_border(text: str, fused: bool) -> None:
    assert has_leading_zero(text) is fused


def test_plain_values_are_exact() -> None:
    assert plain(Decimal("12.00")) == 12
    assert isinstance(plain(Decimal("12.00")), int)
    assert plain(Decimal("2124567.80")) == Decimal("2124567.8")
    assert str(plain(Decimal("0.10"))) == "0.1"
    assert str(plain(Decimal("1E+3"))) == "1000"


# --- every spelling of a number reads back ------------------------------------------------------------------------------


@st.composite
def spellings(draw: st.DrawFn) -> tuple[str, Figure]:
    """A number with the unit, sign, note, width and spaces that editors give it."""
    whole = draw(st.integers(0, 10**9))
    decimals = draw(st.text("0123456789", max_size=6))
    number = f"{whole:,}" if draw(st.booleans()) else str(whole)
    value = Decimal(whole)
    if decimals:
        number, value = f"{number}.{decimals}", Decimal(f"{whole}.{decimals}")
    sign, factor = draw(st.sampled_from([("", 1), ("+", 1), ("-", -1), ("−", -1), ("增加", 1), ("减", -1)]))
    unit = draw(st.sampled_from(["", *YUAN, *COUNT_UNITS]))
    note = draw(st.sampled_from(["", "（其中修订5件）", "(含3件)"]))
    text = sign + number + unit
    if draw(st.booleans()):
        text = text.translate(WIDE)
    before, after = draw(st.sampled_from(SPACES)), draw(st.sampled_from(SPACES))
    expected = Figure(factor * value, unit if unit in YUAN else None, bool(sign), (note and squeeze(note)) or None)
    return before + text + after + note, expected


@settings(derandomize=True, deadline=None)
@given(spellings())
def test_every_spelling_reads_back(spelling: tuple[str, Figure]) -> None:
    text, expected = spelling
    assert read_figure(text) == expected


@settings(derandomize=True, deadline=None)
@given(st.text(max_size=12))
def test_no_text_is_blank_and_a_figure(text: str) -> None:
    assert not (is_blank(text) and read_figure(text))


@settings(derandomize=True, deadline=None)
@given(st.text("0123456789 　+-.,件元万", max_size=10))
def test_a_figure_keeps_every_digit_that_stands(text: str) -> None:
    """What is read has the digits of the text in their order, none dropped and no two joined over a space."""
    figure = read_figure(text)
    if figure is not None:
        assert int(_digits(format(figure.value, "f"))) == int(_digits(text))
        assert not re.search(r"\d\s+\d", text)


def _digits(text: str) -> str:
    return "".join(filter(str.isdigit, text))


@settings(derandomize=True, deadline=None)
@given(st.decimals(min_value=0, max_value=10**12, places=6), st.sampled_from(sorted(YUAN)))
def test_money_in_yuan_is_exact(amount: Decimal, unit: str) -> None:
    figure = read_figure(f"{amount:f}{unit}")
    assert figure is not None
    in_yuan = plain(figure.value * YUAN[unit])
    assert in_yuan == amount * YUAN[unit]
    assert "E" not in str(in_yuan)


@settings(derandomize=True, deadline=None)
@given(st.text("0１2 ,，.　\u200b-－—元萬件項一(（)）①²*", max_size=20))
def test_squeezing_is_idempotent(text: str) -> None:
    assert squeeze(squeeze(text)) == squeeze(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("零", 0), ("两", 2), ("十", 10), ("十二", 12), ("二十三", 23), ("一百", 100), ("一百零五", 105), ("一百一十", 110),
        ("一千零一", 1001), ("三千二百", 3200), ("一万", 10_000), ("十二万三千", 123_000), ("一万零五百", 10_500),
        ("二十万零七百五十六", 200_756), ("一千万", 10_000_000),
    ],
)  # fmt: skip
def test_counts_in_chinese_numerals(text: str, value: int) -> None:
    assert han_count(text) == value


@pytest.mark.parametrize("text", ["", "一百二", "两万三", "百", "二三", "十百", "零零", "万", "二〇二一", "一十百", "3", "件"])
def test_what_is_no_count_in_chinese_numerals(text: str) -> None:
    assert han_count(text) is None
