"""Sections by wording, and figures stated in prose: what a sentence says, and what it must not be made to say."""

import json
import os
import timeit
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers import readers, unwrap
from parsers.document import Document, Grid, GridCell, Heading, Paragraph
from parsers.narrative import note_findings, prose_findings, sections
from parsers.readers import text
from parsers.report import Basis, Cell, Statement, Value
from parsers.statements import statements
from parsers.template import SectionForm, load

TEMPLATE = load()
CORPUS = os.environ.get("NIANBAO_CORPUS")


def stated(prose: str, year: int | None = 2021) -> dict[str, list[Value]]:
    found: dict[str, list[Value]] = {}
    for statement in statements(text.read(prose), TEMPLATE, year):
        found.setdefault(statement.key, []).append(statement.value)
    return found


def headings(content: str) -> dict[str, str]:
    return {section.key: section.heading for section in sections(text.read(content), TEMPLATE)}


def texts(content: str) -> dict[str, str]:
    return {section.key: section.text for section in sections(text.read(content), TEMPLATE)}


# -- sections --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("heading", "key"),
    [
        ("一、总体情况", "overview"),
        ("一、概述", "overview"),
        ("一、工作基本情况", "overview"),
        ("一、年度政府信息公开工作概述", "overview"),
        ("## 一、总体情况", "overview"),
        ("二、主动公开政府信息情况", "proactive_disclosure"),
        ("二、政府信息主动公开情况", "proactive_disclosure"),
        ("二、主动公开政府信息情况（见附表）", "proactive_disclosure"),
        ("三、收到和处理政府信息公开申请情况", "requests"),
        ("三、依申请公开政府信息情况", "requests"),
        ("第三部分 收到和处理政府信息公开申请情况", "requests"),
        ("三、行政机关收到和处理政府信息公开申请情况", "requests"),
        ("三、政府信息公开申请收到和处理情况", "requests"),
        ("二、行政机关主动公开政府信息情况", "proactive_disclosure"),
        ("四、政府信息公开引起的行政复议、行政诉讼情况", "review_litigation"),
        ("五、存在的不足及改进举措", "problems_improvements"),
        ("五、主要问题及整改措施", "problems_improvements"),
        ("五、存在的问题及下一步改进措施", "problems_improvements"),
        ("六、其他事项", "other_matters"),
        ("六、其他需说明的事项", "other_matters"),
        ("四、行政复议和行政诉讼情况", "review_litigation"),
        ("四、复议诉讼情况", "review_litigation"),
        ("三、申请公开工作情况", "requests"),
        ("五、存在问题和下一步打算", "problems_improvements"),
        ("五、问题与改进", "problems_improvements"),
        ("三、政府信息依申请公开工作情况", "requests"),
        ("三、政府信息依申请公开办理情况", "requests"),
        ("四、政府信息公开行政复议、行政诉讼情况", "review_litigation"),
        ("四、政府信息公开行政复议与行政诉讼情况", "review_litigation"),
        ("四、行政复议行政诉讼情况", "review_litigation"),
        ("四、政府信息公开行政法复议、行政诉讼情况", "review_litigation"),
        ("四、因政府信息公开工作被申请行政复议、提起行政诉讼情况", "review_litigation"),
        ("四、因政府信息公开申请行政复议、提起行政诉讼的情况", "review_litigation"),
        ("五、存在的主要问题及改进情况", "problems_improvements"),
        ("五、政府信息公开工作存在的主要问题及改进情况", "problems_improvements"),
        ("五、存在问题及改进情况", "problems_improvements"),
        ("五、主要问题和改进措施", "problems_improvements"),
        ("五、存在的主要问题及整改措施", "problems_improvements"),
        ("六、其他需要报告的事项", "other_matters"),
        ("六、其它需要报告事项", "other_matters"),
        ("六、需要说明的其他事项与附表", "other_matters"),
    ],
)
def test_wordings(heading: str, key: str) -> None:
    found = texts(f"{heading}\n这一部分的文字。\n")
    assert found == {key: "这一部分的文字。"}


@pytest.mark.parametrize("section", TEMPLATE.sections, ids=lambda section: section.key)
def test_every_wording_of_the_form_heads_its_section(section: SectionForm) -> None:
    for wording in section.labels:
        assert headings(f"三、{wording}\n这一部分的文字。\n") == {section.key: f"三、{wording}"}


@pytest.mark.parametrize(
    "line",
    [
        "一、本年新收政府信息公开申请数量",
        "二、上年结转政府信息公开申请数量",
        "三、本年度办理结果",
        "四、结转下年度继续办理",
        "（一）予以公开",
        "四、收费及减免情况",
        "二、工作机制保障",
    ],
)
def test_row_labels_and_other_headings_head_no_section(line: str) -> None:
    assert headings(line + "\n文字。\n") == {}


@pytest.mark.parametrize(
    ("line", "heading", "text"),
    [
        ("六、其他", "六、其他", ""),
        ("七、其它", "七、其它", ""),
        ("六、其他：无", "六、其他", "无"),
        ("六、其他需要报告的事项：无。", "六、其他需要报告的事项", "无。"),
        ("六、其他需要报告的事项 无", "六、其他需要报告的事项", "无"),
    ],
)
def test_a_bare_heading_and_one_with_its_text_behind_it(line: str, heading: str, text: str) -> None:
    content = f"五、存在的主要问题及改进情况\n有待改进。\n{line}\n"
    assert (headings(content)["other_matters"], texts(content)["other_matters"]) == (heading, text)


@pytest.mark.parametrize("row", ["（六）其他", "3.其他", "六、其他\n0\n0"])
def test_rows_and_columns_named_other_head_no_section(row: str) -> None:
    assert "other_matters" not in headings(f"三、收到和处理政府信息公开申请情况\n{row}\n")


def test_numbers_are_no_evidence() -> None:
    found = headings("一、主动公开政府信息情况\n甲。\n五、总体情况\n乙。\n七、其他需要报告的事项\n丙。\n")
    assert found == {
        "proactive_disclosure": "一、主动公开政府信息情况",
        "overview": "五、总体情况",
        "other_matters": "七、其他需要报告的事项",
    }


def test_the_preamble_lists_names_that_head_nothing() -> None:
    content = (
        "本报告由总体情况、主动公开政府信息情况、收到和处理政府信息公开申请情况、存在的主要问题及改进情况等部分组成。\n"
        "报告包括：一、概述；二、政府信息主动公开情况；三、依申请公开政府信息情况；四、附表，供查阅。\n"
        "一、总体情况\n甲。\n"
    )
    assert texts(content) == {"overview": "甲。"}


def test_a_subheading_in_the_overview_heads_no_section() -> None:
    inner = "（一）主动公开情况\n甲。\n（二）依申请公开情况\n乙。"
    found = texts(f"一、总体情况\n{inner}\n二、主动公开政府信息情况\n丙。\n")
    assert list(found) == ["overview", "proactive_disclosure"]
    assert found["overview"] == inner


def test_an_inner_series_is_part_of_the_overview() -> None:
    found = headings(
        "一、总体情况\n甲。\n二、工作机制\n乙。\n三、主动公开工作情况\n丙。\n"
        "一、主动公开政府信息情况\n丁。\n二、收到和处理政府信息公开申请情况\n戊。\n"
    )
    assert found["proactive_disclosure"] == "一、主动公开政府信息情况"


def test_a_lost_heading_leaves_its_subheading() -> None:
    lost = "（一）主要问题\n甲。\n（二）改进情况\n乙。\n"
    content = f"四、政府信息公开行政复议、行政诉讼情况\n无。\n{lost}六、其他需要报告的事项\n无。\n"
    assert headings(content)["problems_improvements"] == "（一）主要问题"


def test_headings_in_glued_text() -> None:
    found = texts(
        "根据条例编制此报告，内容如下：一、总体情况全年工作平稳推进，各项任务按期完成，没有发生任何问题。"
        "五、存在的主要问题及改进情况仍有不足。六、其他需要报告的事项2021年，无收取信息处理费情况。"
    )
    assert list(found) == ["overview", "problems_improvements", "other_matters"]
    assert found["problems_improvements"] == "仍有不足。"


def test_a_heading_over_two_lines() -> None:
    found = headings("五、存在的主要问题及\n改进情况\n甲。\n")
    assert found == {"problems_improvements": "五、存在的主要问题及改进情况"}


def test_tables_stand_inside_prose_and_are_no_text() -> None:
    grid = Grid((GridCell("规章", 0, 0, "html:td"), GridCell("0", 0, 1, "html:td")), 1, 2, "html:table")
    document = Document(
        "html",
        "text/html",
        (
            Heading("二、主动公开政府信息情况", "html:h2"),
            Paragraph("（一）说明如下。", "html:p:nth-of-type(1)"),
            grid,
            Paragraph("（二）其他说明。", "html:p:nth-of-type(2)"),
        ),
    )
    (section,) = sections(document, TEMPLATE)
    assert section.text == "（一）说明如下。\n（二）其他说明。"


def test_a_flattened_table_is_no_text() -> None:
    table = "第二十条第（一）项\n信息内容\n规章\n0\n0\n规范性文件\n3\n5\n"
    found = texts(f"二、主动公开政府信息情况\n{table}以上数据截至年底。\n")
    assert found == {"proactive_disclosure": "以上数据截至年底。"}


# -- statements ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sentence", "key", "value"),
    [
        ("2021年，我局收到政府信息公开申请12件。", "requests_received", 12),
        ("2021年我镇收到1宗政府信息公开申请，已办结。", "requests_received", 1),
        ("全年共受理政府信息公开申请1,204件，均按时答复。", "requests_received", 1204),
        ("本年度全区共收到70件申请，依法依规办结69件。", "requests_received", 70),
        ("本年度全区共收到70件申请，依法依规办结69件。", "requests_concluded", 69),
        ("2021年全区各级行政机关共受理政府信息公开申请 21 件。", "requests_received", 21),
        ("2021年，本局未收到政府信息公开申请。", "requests_received", 0),
        ("2021年全区没有收到有关政府信息公开的申请。", "requests_received", 0),
        ("我局未受理政府信息公开申请事项。", "requests_received", 0),
        ("本年度收到依申请公开事项0项。", "requests_received", 0),
        ("2021年度我局共收到依申请信息公开26件。", "requests_received", 26),
        ("2021年我局未接到申请信息公开的情况。", "requests_received", 0),
        ("2021年主动公开文件51份。", "proactive_items", 51),
        ("所有申请中予以公开9件，部分公开2件。", "disclosed", 9),
        ("全年主动公开政府信息198条。", "proactive_items", 198),
        ("全年政府信息主动公开52条，其中政策类3条。", "proactive_items", 52),
        ("制作信息510条，其中主动公开政府信息198条。", "proactive_items", 198),
        ("全年收取政府信息公开信息处理费3940元。", "fee_charged", 3940),
        ("全年收取政府信息公开信息处理费 0 元。", "fee_charged", 0),
        ("收取信息处理费共计0.25万元。", "fee_charged", 2500),
        ("收取信息处理费12.5元。", "fee_charged", Decimal("12.5")),
        ("2021年，无收取信息处理费情况。", "fee_charged", 0),
        ("本年度没有产生信息公开处理费。", "fee_charged", 0),
        ("2021年，未收取信息处理费。", "fee_charged", 0),
        ("未向申请人收取任何费用。", "fee_charged", 0),
        ("2021年，市科委未发生政府信息公开收费事项。", "fee_charged", 0),
        ("收取信息处理费共2件、合计350.5元。", "fee_charged", Decimal("350.5")),
        ("2021年度，未收到公民、法人或者其他组织提出的政府信息公开申请。", "requests_received", 0),
        ("我局没有收到任何形式的政府信息公开申请。", "requests_received", 0),
        ("本年度没有收到公开政府信息的申请。", "requests_received", 0),
        ("本年度无依申请公开事项。", "requests_received", 0),
        ("2021年我镇未发生依申请公开情况。", "requests_received", 0),
        ("我局共受理依申请公开政府信息9件。", "requests_received", 9),
        ("2021年收到申请公开政府信息9件。", "requests_received", 9),
        ("2021年，部机关共收到政府信息公开申请9件。", "requests_received", 9),
        ("2021年1月至12月，收到政府信息公开申请9件。", "requests_received", 9),
        ("统计期间，收到政府信息公开申请9件。", "requests_received", 9),
        ("截至2021年12月31日，全年累计收到政府信息公开申请9件。", "requests_received", 9),
        ("依申请公开方面，我局收到政府信息公开申请9件。", "requests_received", 9),
        ("通过各类平台，全年主动公开政府信息300条。", "proactive_items", 300),
        ("在办结的申请中，予以公开9件。", "disclosed", 9),
        ("全年共收到政府信息公开申请二十三件。", "requests_received", 23),
        ("全年共收到政府信息公开申请1，234件，其中网上5件。", "requests_received", 1234),
        ("全年共收到政府信息公开申请一百零五件，办结九十件。", "requests_concluded", 90),
        ("全年共收到政府信息公开申请两件。", "requests_received", 2),
        ("全年主动公开政府信息十二万三千条。", "proactive_items", 123_000),
        ("全年主动公开政府信息1.2345万条。", "proactive_items", 12_345),
        ("全年收取信息处理费一百二十元。", "fee_charged", 120),
        ("信息处理费收取0元。", "fee_charged", 0),
        ("办理信访事项3件，办结政府信息公开申请8件。", "requests_concluded", 8),
        ("收到政府信息公开申请8件，办结8件。", "requests_concluded", 8),
    ],
)
def test_what_a_sentence_states(sentence: str, key: str, value: Value) -> None:
    assert stated(sentence).get(key) == [value]


@pytest.mark.parametrize(
    "sentence",
    [
        "全年共收到政府信息公开申请3,5件。",
        "全年共收到政府信息公开申请1234567890123456789012345件。",
        "其中，县公安局收到政府信息公开申请15件。",
        "各乡镇主动公开政府信息1037条，占21%。",
        "其中在门户网站上主动公开政府信息148条。",
        "全市共主动公开政府信息18万余条。",
        "全市共主动公开政府信息1.2万条。",
        "全年共受理群众来信来访35件，办结33件。",
        "全年共收到行政许可申请350件，办结340件。",
        "全年办理热线工单300件，办结298件。",
        "累计主动公开政府信息12000条（2008年以来）。",
        "未收到政府信息公开申请的单位有5个。",
        "全年共收到政府信息公开申请约200件。",
        "全年共收到政府信息公开申请十余件。",
        "全年共收到政府信息公开申请数十件。",
        "全年主动公开政府信息三个方面。",
        "全年主动公开信息三项制度。",
        "2020年，我局收到政府信息公开申请12件。",
        "去年收到政府信息公开申请12件。",
        "2021年我区未收到有关政府信息公开行政复议、提起行政诉讼的申请。",
        "目前未收到该申请人提交的补正材料。",
        "不予公开142件，部分公开328件。",
        "依申请提供政府信息，不收取费用。",
        "暂无。",
        "无其他需要报告的事项。",
        "申请表收到12件物品。",
        "通过网上收到申请5件，通过信函收到申请3件。",
        "2021年收到申请3件，全年收到申请4件。",
        "信息处理费收取标准为每件100元。",
        "上半年，我局收到政府信息公开申请3件。",
        "2021年一季度，收到政府信息公开申请3件。",
        "5月，收到政府信息公开申请3件。",
        "2021年1—6月，收到政府信息公开申请3件。",
        "近三年，我局收到政府信息公开申请300件。",
        "自条例实施以来，我局共收到政府信息公开申请300件。",
        "疫情期间，收到政府信息公开申请3件。",
        "机构改革后，我局收到政府信息公开申请3件。",
        "截至2021年12月31日，累计收到政府信息公开申请300件。",
        "县教育局，收到政府信息公开申请3件。",
        "财政领域，主动公开政府信息30条。",
        "在网站方面，全年主动公开政府信息30条。",
        "围绕重点领域，主动公开信息30条。",
        "自然人申请，予以公开2件。",
        "网上申请中，予以公开2件。",
        "每件收取信息处理费100元。",
        "超过30件的收取信息处理费100元。",
        "可以收取信息处理费100元。",
        "县城管局收取信息处理费100元。",
    ],
)
def test_what_a_sentence_does_not_state(sentence: str) -> None:
    assert stated(sentence) == {}


def test_the_body_by_its_full_name_is_the_whole_and_another_is_not() -> None:
    document = text.read("青山县财政局（以下简称我局）全年未收到政府信息公开申请。\n")
    assert [found.value for found in statements(document, organization="青山县财政局")] == [0]
    assert statements(document, organization="青山县水利局") == ()


def test_a_long_sentence_is_read_in_proportion_to_its_length() -> None:
    """Each wording looks back a fixed way: ten times the sentence, ten times the work, not a hundred times."""

    def seconds(times: int) -> float:
        document = text.read("我局收到政府信息公开申请3件，截至目前，" * times + "\n")
        return min(timeit.repeat(lambda: statements(document), number=1, repeat=3))

    assert seconds(2000) < 40 * seconds(200)


def test_a_figure_told_twice_is_one_statement_and_two_figures_are_two() -> None:
    assert stated("2021年，我局收到申请3件。\n2021年，我局收到申请3件。")["requests_received"] == [3]
    assert stated("2021年，我局收到申请3件。\n2021年，我局收到申请4件。")["requests_received"] == [3, 4]


def test_a_sentence_over_torn_lines_is_read_and_located() -> None:
    first = "2021年，本单位在各方面的支持下认真开展工作，全年共收到政府信息公开"
    content = f"一、总体情况\n{first}\n申请 34 件，均已办结。\n"
    (statement,) = statements(text.read(content), TEMPLATE, 2021)
    assert (statement.key, statement.value) == ("requests_received", 34)
    assert statement.sentence.endswith("全年共收到政府信息公开申请34件，均已办结。")
    line, column = map(int, statement.locator.removeprefix("text:").split(","))
    assert content.splitlines()[line - 1][column - 1 :].startswith("收到政府信息公开")


# -- prose against tables --------------------------------------------------------------------------------------------


def cell(table: str, row: str, column: str, value: Value | None, basis: Basis = "observed") -> Cell:
    return Cell(table, row, column, value, "count", str(value), basis, "text:1,1")


def statement(key: str, value: Value) -> Statement:
    return Statement(key, value, "CNY" if key == "fee_charged" else "count", "句子。", "text:1,1")


def test_prose_against_table() -> None:
    cells = (cell("requests", "received_new", "total", 5), cell("local_2008", "proactive_total", "value", 9))
    assert prose_findings((statement("requests_received", 5), statement("requests_received", 4)), cells) == ()
    (found,) = prose_findings((statement("requests_received", 4), statement("proactive_items", 9)), cells)
    assert (found.code, found.severity, found.expected, found.actual) == ("TEXT_VS_TABLE", "info", 4, 5)
    assert found.cells == (("requests", "received_new", "total"),)


@pytest.mark.parametrize(("printed", "is_contradicted"), [(123_000, False), (123_456, False), (124_000, True), (12_300, True)])
def test_thousands_told_in_words_may_be_a_round_figure_of_the_tables(printed: int, is_contradicted: bool) -> None:
    told = statements(text.read("全年主动公开政府信息十二万三千条。\n"), TEMPLATE, 2021)
    cells = (cell("local_2008", "proactive_total", "value", printed),)
    assert bool(prose_findings(told, cells)) is is_contradicted


def test_a_rounded_figure_in_tens_of_thousands_contradicts_no_table() -> None:
    told = statements(text.read("2021年共收到政府信息公开申请1.2万件。\n"), TEMPLATE, 2021)
    assert prose_findings(told, (cell("requests", "received_new", "total", 12_034),)) == ()


def test_an_unknown_cell_contradicts_nothing() -> None:
    cells = (cell("requests", "received_new", "total", None, "ambiguous"),)
    assert prose_findings((statement("requests_received", 4),), cells) == ()


def test_a_fee_above_all_administrative_fees_is_said() -> None:
    fees = cell("art20_8", "administrative_fees", "amount_collected", 1000)
    assert prose_findings((statement("fee_charged", 1000),), (fees,)) == ()
    (found,) = prose_findings((statement("fee_charged", 1001),), (fees,))
    assert (found.code, found.severity) == ("FEE_LE_ADMIN_FEES", "info")


@pytest.mark.parametrize(
    ("line", "is_said"),
    [
        ("注：行政复议、行政诉讼数量含上年度结转数量。", True),
        ("备注：以上数据不包括垂直管理部门。", True),
        ("注：本表由办公室填写。", False),
        ("请注意：含上年结转。", False),
    ],
)
def test_a_note_that_changes_what_is_counted_is_said(line: str, is_said: bool) -> None:
    found = note_findings(text.read(f"四、政府信息公开行政复议、行政诉讼情况\n{line}\n"))
    assert [finding.code for finding in found] == ["NOTE_CHANGES_MEANING"] * is_said


WORDS = ["一、总体情况", "政府信息公开", "收到申请", "主动公开信息", "12件", "2021年", "其中", "未收取信息处理费"]
PIECES = st.sampled_from([*"一二（）、。，：《》\n 0123年月日市局", *WORDS])


@given(st.lists(PIECES, max_size=60))
def test_any_text_is_read_without_a_crash_and_places_hold(pieces: list[str]) -> None:
    content = "".join(pieces)
    document = text.read(content)
    lines = content.splitlines()
    for statement in statements(document, TEMPLATE, 2021):
        line, column = map(int, statement.locator.removeprefix("text:").split(","))
        assert "".join(lines[line - 1][column - 1 :].split())[:2] in statement.sentence
    for section in sections(document, TEMPLATE):
        assert section.text == section.text.strip()


# -- corpus ----------------------------------------------------------------------------------------------------------


def corpus_documents() -> list[Path]:
    truths = sorted(Path(CORPUS).glob("*.truth.json")) if CORPUS else []
    return [path.with_name(path.name.removesuffix(".truth.json")) for path in truths]


@pytest.mark.skipif(not CORPUS, reason="NIANBAO_CORPUS is not set: no real documents to read")
@pytest.mark.parametrize("path", corpus_documents(), ids=lambda path: path.name)
def test_prose_agrees_with_the_true_figures_unless_the_truth_says_otherwise(path: Path) -> None:
    content = path.read_bytes()
    media_type = unwrap.media_type(content)
    if media_type not in readers.READERS:
        pytest.skip(f"no reader yet for {media_type}")
    truth = json.loads(path.with_name(path.name + ".truth.json").read_text(encoding="utf-8"))
    figures = [(*key.split("/"), value) for key, value in truth["cells"].items()]
    cells = tuple(cell(table, row, column, value) for table, row, column, value in figures)
    found = prose_findings(statements(readers.read(content, media_type, None), TEMPLATE, truth["year"]), cells)
    assert not found or "prose says" in truth["note"]


@pytest.mark.skipif(not CORPUS, reason="NIANBAO_CORPUS is not set: no real documents to read")
def test_most_real_reports_state_something() -> None:
    read = [(path, unwrap.media_type(path.read_bytes())) for path in corpus_documents()]
    documents = [readers.read(path.read_bytes(), kind, None) for path, kind in read if kind in readers.READERS]
    silent = [document for document in documents if not statements(document, TEMPLATE)]
    assert len(silent) <= len(documents) // 5
