"""What a report's figures cover: the organ alone, or its departments and lower governments too.

Read from how the report itself speaks where it tells figures: 全区受理…件 covers the region, 我局收到…件 the organ. Most
reports do not say it; then the scope is unknown, and nothing is assumed from the kind of body. Summing reports of
different scope counts twice.
"""

import re
from collections.abc import Iterator
from typing import Literal

from parsers.report import Report

Scope = Literal["organ_only", "aggregate", "unknown"]
READ = ("overview", "proactive_disclosure", "requests")
"""Sections in which bodies say whom they count, in the order in which they are believed."""

_TELLS = r"(?:共|总共|累计|新)*(?:收到|受理|接收|办理|办结|答复|主动公开|公开|制发|制作)"
_REGION = r"(?:全[省市州盟区县旗镇乡]|全自治[区州县]|全(?:市|区|县|省)?系统)"
_REGIONAL_FIGURE = re.compile(
    rf"{_REGION}(?:各级|各)?(?:行政机关|机关|部门|单位)?[^，。；,;]{{0,12}}?{_TELLS}[^。；;]{{0,30}}?\d"
)
_INCLUDES = (
    re.compile(r"各(?:级)?(?:部门|单位|街道|乡镇|镇街|镇乡|镇)[^。；;]{0,30}(?:年度?报告|数据)[^。；;]{0,12}汇总"),
    re.compile(r"(?:本|年度)报告[^。；;]{0,20}汇总[^。；;]{0,30}(?:部门|街道|乡镇|镇街|单位)"),
    re.compile(r"(?:统计|数据|填报)(?:范围|口径|数据)?[^。；;]{0,8}(?:包括|包含|涵盖|含)[^。；;]{0,40}(?:部门|街道|乡镇|镇街|下级|所属单位)"),
    re.compile(r"[（(](?:含|包括)(?:局属|委属|所属|下属|直属)[^）)]{0,10}[）)]"),
)
_ORGAN_ONLY = (
    re.compile(r"(?:统计|数据|填报|报告)[^。；;]{0,12}(?:仅限?|只)(?:统计|包括|包含|含|限|涉及)?(?:于)?(?:本|我)(?:机关|级|局|委|办|单位)"),
    re.compile(r"(?:统计|数据|报告)[^。；;]{0,12}不(?:含|包括|包含)[^。；;]{0,20}(?:部门|街道|乡镇|镇街|下级|所属|下属)"),
)
_OWN_FIGURE = re.compile(
    rf"(?:我|本)(?:局|委|办|厅|镇|乡|街道|单位|机关|中心|院|会|处|队)(?!属|系统)[^，。；,;]{{0,12}}?{_TELLS}[^。；;]{{0,30}}?\d"
)


def scope_of(report: Report) -> Scope:
    """The scope that the report states of itself."""
    for text in _texts(report):
        if any(pattern.search(text) for pattern in _ORGAN_ONLY):
            return "organ_only"
        if any(pattern.search(text) for pattern in _INCLUDES):
            return "aggregate"
        is_own = _OWN_FIGURE.search(text) is not None
        if _REGIONAL_FIGURE.search(text) and not (is_own and report.kind == "department"):
            return "aggregate"
        if is_own:
            return "organ_only"
    return "unknown"


def _texts(report: Report) -> Iterator[str]:
    """The sections in question without white space, in order of belief."""
    for key in READ:
        yield from ("".join(section.text.split()) for section in report.sections if section.key == key)
