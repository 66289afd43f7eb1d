"""Which links are worth asking for, by their titles alone."""

import pytest

from crawler.lists.titles import is_candidate, is_column, is_report, year_of


@pytest.mark.parametrize(
    "title",
    [
        "广州市花都区狮岭镇政府信息公开工作2020年度报告",
        "某区财政局2021年政府信息公开工作年度报告",
        "某区审计局 2019 年 政府信息公开 工作年度报告",
        "某市统计局2016年政府信息公开年报",
        "某县人力资源培训中心二〇一四年信息公开报告",
        "某某街道办事处2022年政府信息公开…",
        "某某街道办事处2022年政府信息公开...",
        "2018年度报告",
        "某镇2012年政务公开工作总结",
        "某区2020年政府信息公开工作年度报告公示",
    ],
)
def test_reports(title: str) -> None:
    assert is_report(title)


@pytest.mark.parametrize(
    "title",
    [
        "关于做好2020年政府信息公开工作年度报告编制发布工作的通知",
        "《2020年政府信息公开工作年度报告》解读",
        "一图读懂2021年政府信息公开工作年度报告",
        "2020年政府网站工作年度报表",
        "2020年法治政府建设年度报告",
        "某局2021年度部门决算",
        "政府信息公开指南",
        "某区2022年政务公开工作要点",
        "某区2021年政府网站年度报告",
        "首页",
        "",
    ],
)
def test_others(title: str) -> None:
    assert not is_report(title)


@pytest.mark.parametrize(
    ("title", "year"),
    [
        ("政府信息公开工作2020年度报告", 2020),
        ("二〇一四年信息公开报告", 2014),
        ("二○一四年信息公开报告", 2014),
        ("2018-2020年汇编", None),
        ("年度报告", None),
        ("（2023）年 2023 年度报告", 2023),
        ("文号20201号", None),
    ],
)
def test_year(title: str, year: int | None) -> None:
    assert year_of(title) == year


@pytest.mark.parametrize("label", ["2021年", "历年年报", "区政府", "各部门", "各镇街", "县直各部门", "乡镇街道", "市教育局", "各市县区政府", "镇（街道）", "乡镇（街道）", "各镇（街）"])
def test_columns_below_an_annual_report_column(label: str) -> None:
    assert is_column(label)


@pytest.mark.parametrize(
    "label", ["", "首页", "政府信息公开指南", "政府网站工作年度报表", "通知公告", "政务公开", "领导之窗", "各" * 5000 + "。"]
)
def test_no_columns_below_it(label: str) -> None:
    assert not is_column(label)


@pytest.mark.parametrize("title", ["某市某区某某街道办事处2021年…", "2022年某市某区某某街道办事...", "某市某区某某街道办事处政…", "2021年度", "市教育局", "教育局2021年度", "2021年教育局", "五华区", "某某族自治县"])
def test_rows_whose_titles_say_too_little_are_asked_for(title: str) -> None:
    assert is_candidate(title)
    assert not is_report(title)


@pytest.mark.parametrize(
    "title",
    [
        "关于做好2021年度全区各街道办事处…", "某区人民政府关于印发2021年…", "某区召开2021年教育工作…", "2021年某局部门预算…", "一图读懂某某街道办事处2021年…",
        "某市某区某某街道办事处2021年工作", "春节放假安排…", "政务专区", "全市", "各区", "产业园区", "",
    ],
)  # fmt: skip
def test_rows_that_say_something_else_or_nothing_are_not(title: str) -> None:
    assert not is_candidate(title)
