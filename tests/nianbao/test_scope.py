"""What a report says of its own scope."""

import msgspec
import pytest

from nianbao.scope import scope_of
from parsers.report import Section
from tests.nianbao.reports import report


@pytest.mark.parametrize(
    ("kind", "text", "scope"),
    [
        ("government", "2023年，全区共受理政府信息公开申请 21 件，均按期答复。", "aggregate"),
        ("government", "全市各级行政机关新收到政府信息公开申请300件。", "aggregate"),
        ("government", "本报告由区政府办公室根据各部门、各镇街年度报告数据汇总编制。", "aggregate"),
        ("department", "我局（含局属单位）全年公开信息150条。", "aggregate"),
        ("government", "统计数据包括区直各部门和各街道。", "aggregate"),
        ("department", "本年我局共收到政府信息公开申请5件。", "organ_only"),
        ("government", "我镇全年主动公开信息76条。", "organ_only"),
        ("government", "本报告数据仅统计本机关，全市受理申请另行公布，共300件。", "organ_only"),
        ("government", "本报告统计数据不包括下级单位。", "organ_only"),
        ("department", "我局收到申请3件；全县受理申请90件的情况另见政府年报。", "organ_only"),
        ("department", "按照全市统一部署推进公开。", "unknown"),
        ("government", "2023年我区认真贯彻落实各项要求。", "unknown"),
        ("government", "", "unknown"),
    ],
)
def test_scope_is_what_the_text_says(kind: str, text: str, scope: str) -> None:
    assert scope_of(report(text=text, kind=kind)) == scope


def test_white_space_inside_sentences_does_not_matter() -> None:
    assert scope_of(report(text="2023 年全 区\n受理 申请 21 件")) == "aggregate"


def test_sections_on_problems_say_nothing_of_scope() -> None:
    section = Section("problems_improvements", "五、存在的主要问题及改进情况", "全区受理申请21件中有退件。")
    assert scope_of(msgspec.structs.replace(report(), sections=(section,))) == "unknown"
