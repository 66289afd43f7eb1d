"""Dates and years as official documents print them."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.dates import DATE, YEAR, date_of, year_of

NUMERALS = "〇一二三四五六七八九"


def chinese(number: int) -> str:
    """A number below a hundred as a date prints it: 十, 十一, 二十, 三十一."""
    tens, ones = divmod(number, 10)
    return ("" if tens < 2 else NUMERALS[tens]) + ("十" if tens else "") + (NUMERALS[ones] if ones else "")


@given(st.dates(min_value=date(1990, 1, 1), max_value=date(2099, 12, 31)))
def test_every_way_of_printing_a_day_reads_back(day: date) -> None:
    year = "".join(NUMERALS[int(digit)] for digit in str(day.year))
    printed = [
        day.isoformat(),
        f"{day.year}/{day.month}/{day.day}",
        f"{day.year}.{day.month:02}.{day.day:02}",
        f"{day.year}年{day.month}月{day.day}日",
        f"{day.year} 年 {day.month} 月 {day.day} 日",
        f"{year}年{chinese(day.month)}月{chinese(day.day)}日",
        f"{year.replace('〇', '○')}年{chinese(day.month)}月{chinese(day.day)}日",
    ]
    for text in printed:
        match = re.fullmatch(DATE, text)
        assert match, text
        assert date_of(match[0]) == day, text


@pytest.mark.parametrize("text", ["2021-02-30", "2021年13月1日", "二〇二一年十三月一日", "yesterday", ""])
def test_no_such_day(text: str) -> None:
    assert date_of(text) is None


@pytest.mark.parametrize(("text", "year"), [("2014", 2014), ("二○一四", 2014), ("二〇二〇", 2020), ("一九九九", 1999)])
def test_years(text: str, year: int) -> None:
    assert re.fullmatch(YEAR, text)
    assert year_of(text) == year
