"""Dates and years as official documents print them: 2021-01-21, 2021年1月21日, 二○一四年一月十日, 2019年度."""

import re
from datetime import date

_NUMERALS = {"○": 0, "〇": 0, "零": 0, "O": 0, "o": 0, "Ｏ": 0, "０": 0, "0": 0} | {
    numeral: value for value, numeral in enumerate("一二三四五六七八九", start=1)
}
_ZERO = "○〇零OoＯ０0"
HAN_YEAR = rf"[一二][一二三四五六七八九{_ZERO}]{{3}}"
YEAR = rf"(?:(?:19|20)\d{{2}}|{HAN_YEAR})"
"""A year of four digits, Arabic or Chinese, to be placed in a larger pattern."""

DATE = (
    rf"(?:(?:19|20)\d{{2}}\s*[-/.年]\s*\d{{1,2}}\s*[-/.月]\s*\d{{1,2}}(?:(?!\d)|(?=\d{{2}}:\d{{2}}))\s*日?"
    rf"|{HAN_YEAR}\s*年\s*[一二三四五六七八九十元]{{1,3}}\s*月\s*[一二三四五六七八九十]{{1,3}}\s*日)"
)
"""A day, Arabic or Chinese, to be placed in a larger pattern; a time may be glued to it (2021-03-2918:26)."""

_ARABIC = re.compile(r"(\d{4})\D+(\d{1,2})\D+(\d{1,2})")
_HAN = re.compile(r"(\S{4})\s*年\s*(\S{1,3}?)\s*月\s*(\S{1,3}?)\s*日")


def year_of(text: str) -> int:
    """The number of a year that YEAR matched, 2014 for 二○一四."""
    return int(text) if text.isdigit() and text.isascii() else int("".join(str(_NUMERALS[c]) for c in text))


def date_of(text: str) -> date | None:
    """The day that DATE matched, None where the calendar has no such day."""
    if match := _ARABIC.match(text):
        year, month, day = (int(part) for part in match.groups())
    elif match := _HAN.match(text):
        year, month, day = year_of(match[1]), _small(match[2]), _small(match[3])
    else:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _small(text: str) -> int:
    """A Chinese number below a hundred, 0 where it is none (十二, 二十, 三十一; 元 is the first month)."""
    if text == "元":
        return 1
    tens, ten, ones = text.rpartition("十")
    if ten:
        return (_NUMERALS.get(tens, 0) if tens else 1) * 10 + (_NUMERALS.get(ones, 0) if ones else 0)
    return _NUMERALS.get(text, 0)
