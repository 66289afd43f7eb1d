"""The columns of the table `panel`: whose report it is, figures, indicators, and how far they can be trusted."""

from typing import Literal

from nianbao.columns import Column
from nianbao.indicators import BREAKS, INDICATORS, Indicator, figures

IDENTITY_COLUMNS = (
    Column("org_id", "string", "机关标识", "identifier of the body"),
    Column("organization", "string", "机关全称", "full official name of the body"),
    Column("year", "int32", "报告年度", "year reported on"),
    Column("report_id", "string", "年报版本标识", "identifier of the report revision"),
    Column("level", "string", "行政层级", "level"),
    Column("kind", "string", "机关类型", "kind of body"),
    Column("scope", "string", "统计口径", "organ_only, aggregate or unknown; never pool different scopes"),
    Column("division_code", "string", "行政区划代码", "code of the administrative division"),
    Column("province", "string", "省级名称", "province"),
    Column("prefecture", "string", "地级名称", "prefecture"),
    Column("county", "string", "县级名称", "county"),
    Column("portal", "string", "门户", "portal"),
    Column("channel", "string", "栏目", "channel of the portal"),
    Column("template", "string", "格式版本", "edition of the form; figures of two editions are two quantities"),
    Column("published", "date", "印明的发布日期", "printed publication date"),
    Column("url", "string", "网址", "address"),
)
QUALITY_COLUMNS = (
    Column("information_fee", "double", "正文所述信息处理费（元）", "information-processing fee of the prose (yuan)"),
    Column(
        "published_on_time",
        "bool",
        "是否按期公布（部门 1 月 31 日，政府 3 月 31 日；2018 年度及以前均为 3 月 31 日）",
        "published by the deadline: departments 31 January, governments 31 March; until FY2018 all 31 March",
    ),
    Column("cells_printed", "int32", "单元格数", "number of cells of the recognised tables"),
    Column("cells_without_value", "int32", "无数值的单元格数", "number of cells without a number"),
    Column("findings_error", "int32", "错误级发现数", "number of findings of severity error"),
    Column("findings_warning", "int32", "警告级发现数", "number of findings of severity warning"),
    Column(
        "why_null",
        "string",
        "空值原因，“列: 代码”，以分号隔开",
        "why a figure or indicator of this row is null: `column: CODE`, separated by semicolons",
    ),
    Column(
        "caveats",
        "string",
        "数字所涉的错误级发现，“列: 代码”，以分号隔开",
        "figures of this row that an error finding touches: `column: CODE`, separated by semicolons",
    ),
)


def panel_columns() -> tuple[Column, ...]:
    """The columns of the table `panel`."""
    shown = [Column(figure.key, "double", figure.zh, figure.en) for figure in figures()]
    shown += [Column(each.key, "double", _described(each, 0), _described(each, 1)) for each in INDICATORS]
    return (*IDENTITY_COLUMNS, *shown, *QUALITY_COLUMNS)


def _described(each: Indicator, language: Literal[0, 1]) -> str:
    """Meaning, formula, unit, caveat and breaks of an indicator, in Chinese (0) or English (1)."""
    parts = [f"{(each.zh, each.en)[language]} = {each.formula}", ("单位 1（1 即 100 %）", "unit 1 (1 is 100 %)")[language]]
    parts.append((each.caveat_zh, each.caveat_en)[language])
    parts += [f"{('序列中断', 'series break')[language]} {year}: {BREAKS[year][language]}" for year in each.breaks]
    return ("；", "; ")[language].join(filter(None, parts))
