"""Published text of one cell → figure: value, unit, sign. Knows no table.

Rules: `conventions` of the codebook (null tokens, units, annotations). Exact decimals throughout.
"""

import re
import unicodedata
from decimal import Decimal

from msgspec import Struct

from parsers.remembered import remembered
from parsers.template import LineType

YUAN: dict[str, int] = {"元": 1, "万元": 10_000, "亿元": 100_000_000, "千元": 1_000, "百万元": 1_000_000}
"""Money units and what one of them is in yuan."""

_UNITS = "|".join(sorted(YUAN, key=len, reverse=True))

MOST = Decimal(10**15)
"""No figure is as large: digits that ran together are. Beyond it tables of doubles could not hold every whole number."""

COUNT_UNITS = ("人次", "笔", "件", "项", "条", "个", "次", "宗", "人", "篇", "份", "起", "例", "家")

_STEPS = {"百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}

_NULLS = frozenset(("", "/", "\\", "-", "--", "—", "——", "―", "–", "－", "无", "&nbsp;", "／", "一一", "\\/", "//"))
_NULLS |= {"─", "━", "ー", "不适用", "不涉及", "未涉及", "暂无", "未统计", "N/A", "n/a", "NA"}
_FOOTNOTES = re.compile(r"[①-⓿❶-➓⁰¹²³⁴-⁹₀-₉\u24ea※*＊﹡]")
_INVISIBLE = re.compile(r"[\s\u00a0\u3000\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\u00ad]+")
_MINUS = str.maketrans({"−": "-", "－": "-", "﹣": "-", "–": "-", "—": "-", "‐": "-", "‑": "-", "＋": "+", "﹢": "+"})
_TRADITIONAL_UNITS = str.maketrans("萬億筆項條個圓無", "万亿笔项条个元无")
_DECREASE = re.compile(r"^\((?:减|降|下降|负)")
_CURRENCY = r"(?:人民币|RMB|[¥￥])"
_FIGURE = re.compile(
    rf"(?P<currency>{_CURRENCY}{{0,2}}:?)"
    r"(?P<sign>[+-]|增加?|减少?|新增)?"
    r"(?P<number>[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
    rf"(?P<unit>{'|'.join((_UNITS, *COUNT_UNITS))})?"
    r"(?P<note>\([^()]*(?:\([^()]*\)[^()]*)*\))?(?:\[\d{1,2}\])?"  # the number of a footnote
)


class Figure(Struct, frozen=True, gc=False):
    """One printed figure. `value` is as printed (not multiplied by the unit); `unit` the money unit that stands in the
    cell itself, else None; `has_sign` whether + or - (or 增, 减) is printed; `note` the bracket behind it; `is_money`
    whether a sign of the currency (¥, 人民币) stands before it, which without any other unit means yuan."""

    value: Decimal
    unit: str | None = None
    has_sign: bool = False
    note: str | None = None
    is_money: bool = False


@remembered(8192)
def squeeze(text: str) -> str:
    """Width-normalised text (NFKC) without any space, zero-width character or footnote mark; units simplified."""
    narrow = unicodedata.normalize("NFKC", _FOOTNOTES.sub("", text))
    return _INVISIBLE.sub("", narrow).translate(_TRADITIONAL_UNITS)


@remembered(8192)
def is_blank(text: str) -> bool:
    """Whether the text is one of the tokens that mean "not reported" (empty, /, —, 无, …), never 0."""
    return _INVISIBLE.sub("", text) in _NULLS or squeeze(text) in _NULLS


@remembered(8192)
def read_figure(text: str) -> Figure | None:
    """The figure that the whole text is, or None where it is anything else (two figures, words, a torn number, more
    digits than any figure has)."""
    if len(text.split()) > 1 and re.search(r"\d\s+[+-]?\d", text.translate(_MINUS)):
        return None
    match = _FIGURE.fullmatch(squeeze(text).translate(_MINUS))
    if match is None:
        return Figure(Decimal(0)) if squeeze(text) in ("零", "〇") else None
    sign = match["sign"] or ""
    value = Decimal(match["number"].replace(",", ""))
    if value >= MOST:
        return None
    unit = match["unit"] if match["unit"] in YUAN else None
    return Figure(-value if sign in ("-", "减", "减少") else value, unit, bool(sign), match["note"], bool(match["currency"]))


def has_leading_zero(text: str) -> bool:
    """Whether a run of digits cannot be one canonical number: "00", "016"."""
    digits = squeeze(text).lstrip("+-")
    return len(digits) > 1 and digits[0] == "0" and digits[1].isdigit()


_HAN_DIGITS = {"零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_HAN_STEPS = {"十": 10, "百": 100, "千": 1000}
HAN_COUNT = r"[零〇一二两三四五六七八九十百千万]{1,12}"
"""A count in Chinese numerals, to be placed in a larger pattern; not all that it matches is a number."""
_IS_HAN_COUNT = re.compile(
    r"(?=.)(?:(?!万)(?:[一二两三四五六七八九]千)?(?:零?[一二两三四五六七八九]百)?(?:零?[一二两三四五六七八九]?十)?(?:零?[一二两三四五六七八九])?万)?"
    r"(?:零?[一二两三四五六七八九]千)?(?:零?[一二两三四五六七八九]百)?(?:零?[一二两三四五六七八九]?十)?(?:零?[一二两三四五六七八九])?|零"
)


def han_count(text: str) -> int | None:
    """The number of Chinese numerals (二十三, 一百零五, 十二万三千), None where they are none, or one told short (一百二)."""
    is_short = re.search(r"[百千万][一二两三四五六七八九]$", text)
    if not _IS_HAN_COUNT.fullmatch(text) or is_short:
        return None
    total = section = digit = 0
    for character in text:
        if character == "万":
            total, section, digit = (section + digit) * 10_000, 0, 0
        elif step := _HAN_STEPS.get(character):
            section, digit = section + (digit or 1) * step, 0
        else:
            digit = _HAN_DIGITS[character]
    return total + section + digit


def plain(value: Decimal) -> int | Decimal:
    """The value as int where it is whole, else as a decimal without trailing zeros."""
    return int(value) if value == value.to_integral_value() else value.normalize()


@remembered(8192)
def count_step_in(text: str) -> int:
    """How many things one of a count's unit is, where a label, head or caption counts in more than ones: 10,000 for
    `（万件）` and `单位：万条`, else 1."""
    match = re.search(rf"(?:\(|[单單]位:)(?:[单單]位:?)?([百千万亿])(?:{'|'.join(COUNT_UNITS)})(?![\u4e00-\u9fff])", squeeze(text))
    return _STEPS[match[1]] if match else 1


@remembered(8192)
def money_unit_in(text: str) -> str | None:
    """The money unit that a label, head or caption prints in brackets, after 单位： or at the end behind an amount —
    `（万元）`, `（单位：元）`, `采购总金额 万元` — or None."""
    match = re.search(
        rf"\((?:金[额額])?(?:[单單]位)?:?人?民?币?({_UNITS})\)|[单單]位:?人?民?币?({_UNITS})|金[额額][:/]?({_UNITS})$", squeeze(text)
    )
    return (match[1] or match[2] or match[3]) if match else None


def fits(figure: Figure, kind: LineType) -> bool:
    """Whether a cell of this type can hold a figure."""
    if kind == "money":
        return figure.value >= 0 and not figure.has_sign
    if figure.unit is not None or figure.is_money or figure.value != figure.value.to_integral_value():
        return False
    if figure.note and _DECREASE.search(figure.note) and figure.value > 0:
        return kind != "signed_count"  # 2（减）: which of the two is the change?
    return kind == "signed_count" or not figure.has_sign
