"""Tables as they arrive, drawn by hand: which printed figure belongs to which cell of the form, or to none."""

from collections.abc import Callable
from decimal import Decimal
from random import Random

import pytest
from msgspec.structs import replace

from parsers.parse import parse
from parsers.report import CellKey
from parsers.template import load
from tests.parsers.small import (
    SEVEN,
    bases,
    boxes,
    cell,
    changed,
    changed_row,
    codes,
    errors,
    flagged,
    glued,
    html,
    read,
    row_of,
    silently_wrong,
    text,
    truth,
    unread,
)
from tests.specimens import damage, flat
from tests.specimens.forms import Box, Form, Row, forms, places, reletter
from tests.specimens.render import specimen
from tests.specimens.truth import Truth

EDITIONS = pytest.mark.parametrize("edition", ["format_2019", "format_2021"])


@EDITIONS
@pytest.mark.parametrize("table", [flat.row_lines, flat.cell_lines, flat.piped, flat.tabbed, flat.markdown, flat.spaced])
def test_text_of_every_kind_reads_whole(edition: str, table: flat.TableText) -> None:
    meant = truth(edition)
    report = read(text(meant, table))
    assert (report.status, report.template, report.tables) == ("ok", edition, meant.editions)
    assert unread(report, meant) == set()
    assert {cell.basis for cell in report.cells} == {"observed"}


@EDITIONS
def test_cells_stand_in_template_order_with_their_texts(edition: str) -> None:
    meant = truth(edition)
    report = read(html(meant))
    form = load()
    wanted = [
        (table.id, row.key, column.key)
        for table in form.tables
        if table.id in meant.editions
        for row, column in table.cells_of(edition)
        if not row.local_extension
    ]
    assert [cell.key for cell in report.cells] == wanted
    assert {cell.key: cell.raw for cell in report.cells} == meant.raw


@EDITIONS
def test_rows_and_columns_exchanged(edition: str) -> None:
    meant = truth(edition)
    report = read(html(meant, damage.transposed_requests(forms(meant))))
    assert (unread(report, meant), errors(report)) == (set(), [])


def test_a_ghost_column_counts_nothing() -> None:
    meant = truth()
    report = read(html(meant, damage.with_ghost_column(forms(meant))))
    assert (report.status, unread(report, meant)) == ("ok", set())


def test_a_ghost_cell_in_one_row_counts_nothing() -> None:
    meant = truth()
    laid_out = changed_row(forms(meant), ("requests", "disclosed_full"), lambda row: (*row, Box("")))
    assert unread(read(html(meant, laid_out)), meant) == set()


@pytest.mark.parametrize("row", ["received_new", "disclosed_full", "unable_not_held", "concluded_total"])
def test_a_row_moved_one_cell_to_the_right_is_never_read_wrong(row: str) -> None:
    meant = truth()

    def shifted(line: Row) -> Row:
        at = next(place for place, box in enumerate(line) if box.is_figure)
        return (*line[:at], Box(""), *line[at:])

    report = read(html(meant, changed_row(forms(meant), ("requests", row), shifted)))
    assert silently_wrong(report, meant) == {}
    assert errors(report) == []


@pytest.mark.parametrize("row", ["received_new", "disclosed_full", "concluded_total"])
def test_a_row_that_lacks_its_first_cell_is_never_read_wrong(row: str) -> None:
    meant = truth()

    def torn(line: Row) -> Row:
        at = next(place for place, box in enumerate(line) if box.is_figure)
        return (*line[:at], *line[at + 1 :])

    report = read(html(meant, changed_row(forms(meant), ("requests", row), torn)))
    assert silently_wrong(report, meant) == {}


# --- heads --------------------------------------------------------------------------------------------------------------


def split(meant, head: list[list[Box]], at: int) -> tuple[Form, ...]:
    """The requests table in two, the second part under other heads."""
    parted: list[Form] = []
    for form in forms(meant):
        if form.table != "requests":
            parted.append(form)
            continue
        grid = places(form)
        parted.append(damage.form_of_places(grid[:at], form, form.heads))
        parted.append(damage.form_of_places([*head, *grid[at:]], form, len(head)))
    return tuple(parted)


@pytest.mark.parametrize("at", [7, 12, 20])
def test_a_head_of_row_labels_behind_a_page_break_is_no_head(at: int) -> None:
    meant = truth()
    label = Box("本年度办理结果")
    words = ["本年新收件数", "上年结转件数", "予以公开", "部分公开", "属于国家秘密", "重复申请", "总计"]
    head = [[label, label, label, *(Box(word) for word in words)]]
    report = read(html(meant, split(meant, head, at)))
    assert (unread(report, meant), errors(report)) == (set(), [])


@pytest.mark.parametrize("at", [6, 15, 25])
@pytest.mark.parametrize("repeated", [False, True])
def test_one_table_in_two(at: int, repeated: bool) -> None:
    meant = truth("format_2019")
    head = places(next(form for form in forms(meant) if form.table == "requests"))[:3]
    report = read(html(meant, split(meant, head if repeated else [], at)))
    assert (report.status, unread(report, meant)) == ("ok", set())


def test_invented_heads_are_taken_by_position_and_said_so() -> None:
    meant = truth()

    def numbered(form: Form) -> Form:
        head = (Box("项目", colspan=3), *boxes(*(f"数据{n}" for n in range(1, 7)), "总计"))
        return replace(form, rows=(head, *form.rows[form.heads :]), heads=1)

    report = read(html(meant, changed(forms(meant), "requests", numbered)))
    assert unread(report, meant) == set()
    assert "COLUMNS_BY_POSITION" in codes(report)


def test_heads_cut_by_a_crawler() -> None:
    meant = truth("format_2019")
    report = read(html(meant, damage.with_cut_heads(forms(meant))))
    assert unread(report, meant) == set()


@EDITIONS
def test_labels_as_authors_have_them(edition: str) -> None:
    meant = truth(edition)
    laid_out = tuple(reletter(form, damage.TYPOS) for form in forms(meant))
    for page in (html(meant, laid_out), text(meant, flat.row_lines, laid_out)):
        report = read(page)
        assert (unread(report, meant), errors(report)) == (set(), [])


@pytest.mark.parametrize("table", [None, flat.row_lines, flat.cell_lines, flat.piped])
def test_group_six_without_its_last_word_has_no_figures(table: flat.TableText | None) -> None:
    """（六）其他 over 3.其他, and 其他 is a column too: only 3.其他 has figures."""
    meant = truth(other_misc=(0, 3, 0, 0, 0, 0, 3), concluded_total=(5, 5, 0, 0, 0, 0, 10), received_new=(5, 5, 0, 0, 0, 0, 10))
    laid_out = tuple(reletter(form, {"（六）其他处理": "（六）其他"}) for form in forms(meant))
    report = read(html(meant, laid_out) if table is None else text(meant, table, laid_out))
    assert report.tables["requests"] == "format_2021"
    assert (unread(report, meant), errors(report)) == (set(), [])


@pytest.mark.parametrize("three", ["format_2019", "format_2021"])
@pytest.mark.parametrize("two", ["format_2019", "format_2021"])
def test_every_table_has_its_own_edition(two: str, three: str) -> None:
    meant = truth(two, three)
    for page in (html(meant), text(meant), glued(meant)):
        report = read(page)
        assert (report.template, report.tables) == (two, meant.editions)
        assert unread(report, meant) == set()


# --- furniture ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", ["- 4 -", "-4-", "— 4 —", "－4－", "第 4 页 共 6 页"])
@pytest.mark.parametrize("table", [flat.row_lines, flat.cell_lines])
def test_page_numbers_between_rows_are_no_figures(number: str, table: flat.TableText) -> None:
    meant = truth()
    laid_out = changed(
        forms(meant), "requests", lambda form: replace(form, rows=(*form.rows[:9], boxes(number), *form.rows[9:]))
    )
    report = read(text(meant, table, laid_out))
    assert (unread(report, meant), errors(report)) == (set(), [])


def test_stub_tables_of_dashes_are_nothing() -> None:
    meant = truth()
    stub = Form("requests", (boxes("申请人情况", "", ""), boxes("-", "-", "-"), boxes("-", "-", "-")), heads=1)
    laid_out = tuple(f for form in forms(meant) for f in ([stub, form] if form.table == "requests" else [form]))
    assert unread(read(html(meant, laid_out)), meant) == set()


def test_a_metadata_table_is_no_table_of_figures() -> None:
    meant = truth()
    page = html(meant).replace(
        '<div class="article">',
        '<div class="article"><table><tr><td>索引号</td><td>FZ00100-1500-2023-00012</td><td>文号</td><td>无</td></tr>'
        "<tr><td>发布机构</td><td>办公室</td><td>公开日期</td><td>2023-01-20</td></tr></table>",
    )
    assert unread(read(page), meant) == set()


def test_captions_may_stand_before_all_tables() -> None:
    """The first caption's table stands last: tables are known by their heads."""
    meant = truth("format_2019")
    outside = damage.with_captions_outside(forms(meant))
    section_two = [form for form in outside if form.table.startswith("art20")]
    captions = "</p><p>".join(form.caption or "" for form in section_two)
    bare = [replace(form, caption=None) for form in reversed(section_two)]
    bare[0] = replace(bare[0], caption=captions)
    report = read(html(meant, (*bare, *(form for form in outside if form not in section_two))).replace("&lt;/p&gt;&lt;p&gt;", "</p><p>"))
    assert (report.status, unread(report, meant)) == ("ok", set())


def test_the_head_of_the_first_of_very_many_tables_is_that_of_all() -> None:
    head = "<table><tr><td>信息内容</td><td>本年制发件数</td><td>本年废止件数</td><td>现行有效件数</td></tr></table>"
    stub = "<table><tr><td>某项</td><td>1</td><td>1</td><td>1</td></tr></table>"
    row = "<table><tr><td>规章</td><td>2</td><td>3</td><td>9</td></tr></table>"
    title = "云州市青澜区人民政府2021年政府信息公开工作年度报告"
    page = f"<html><title>{title}</title><body><h1>{title}</h1>{head}{stub * 1500}{row}</body></html>"
    (report,) = parse(page.encode(), source="")
    rules = {cell.column: cell.value for cell in report.cells if cell.table == "art20_1" and cell.row == "rules"}
    assert rules == {"issued_this_year": 2, "repealed_this_year": 3, "in_force": 9}


def test_all_of_section_two_as_one_table() -> None:
    meant = truth()
    assert unread(read(html(meant, damage.as_one_table(forms(meant)))), meant) == set()


# --- rows that do not stand, or that nobody knows ------------------------------------------------------------------------


@EDITIONS
@pytest.mark.parametrize("as_text", [False, True])
def test_a_missing_row_of_rules_shifts_nobody(edition: str, as_text: bool) -> None:
    meant = truth(edition)
    columns = [key[2] for key in meant.raw if key[:2] == ("art20_1", "normative_documents")]
    figures = {("art20_1", "normative_documents", column): 7 + place for place, column in enumerate(columns)}
    meant = meant.change(figures)
    laid_out = damage.without_rows(forms(meant), frozenset({"rules"}))
    report = read(text(meant, flat.row_lines, laid_out) if as_text else html(meant, laid_out))
    assert bases(report, "art20_1", "rules") == {"missing"}
    assert row_of(report, "art20_1", "normative_documents") == [7, 8, 9]
    assert {finding.code for finding in report.findings if ("art20_1", "rules", columns[0]) in finding.cells} == {"ROW_MISSING"}
    assert unread(report, meant) == {("art20_1", "rules", column) for column in columns}


@pytest.mark.parametrize("label", ["其他政策类文件", "其他主动公开文件"])
def test_a_row_that_a_locality_adds_has_no_key(label: str) -> None:
    """The second label is a row of the edition before."""
    meant = truth()
    report = read(html(meant, damage.with_local_row(forms(meant), label, ("4", "5", "6"))))
    (found,) = [finding for finding in report.findings if finding.code == "ROW_WITHOUT_KEY"]
    assert label in found.message
    assert all(figure in found.message for figure in "456")
    assert unread(report, meant) == set()


def test_a_table_that_breaks_off_is_read_so_far() -> None:
    meant = truth()
    page = text(meant)
    page = page[: page.index("3.重复申请") if "3.重复申请" in page else page.index("2.重复申请")]
    report = read(page)
    assert report.status == "partial"
    assert silently_wrong(report, meant) == {}
    assert row_of(report, "requests", "received_new") == [5, 2, 0, 0, 0, 0, 7]
    assert bases(report, "requests", "concluded_total") == {"missing"}
    assert errors(report) == []


# --- annotated figures and units -----------------------------------------------------------------------------------------


def noted(texts: dict[CellKey, str], edition: str = "format_2021"):
    return replace(truth(edition), raw={**truth(edition).raw, **texts})


def test_a_note_behind_a_figure_changes_nothing() -> None:
    meant = truth().change({("art20_1", "normative_documents", "issued_this_year"): 12, ("art20_1", "normative_documents", "in_force"): 140})
    hurt = replace(meant, raw={**meant.raw, ("art20_1", "normative_documents", "issued_this_year"): "12（其中修订 5 件）"})
    for page in (html(hurt), text(hurt, flat.piped)):
        report = read(page)
        assert unread(report, meant) == set()


@pytest.mark.parametrize("table", [flat.piped_lost, flat.row_lines])
def test_a_row_whose_annotated_figure_was_torn_out_is_ambiguous(table: flat.TableText) -> None:
    """规范性文件 | 12 | 140 under three columns: nobody can say which two."""
    meant = truth().change(
        {("art20_1", "normative_documents", column): n for column, n in (("issued_this_year", 12), ("repealed_this_year", 3), ("in_force", 140))}
    )
    hurt = replace(meant, raw={**meant.raw, ("art20_1", "normative_documents", "repealed_this_year"): ""})
    report = read(text(hurt, table))
    assert bases(report, "art20_1", "normative_documents") == {"ambiguous"}
    assert {key for key in flagged(report) if key[1] == "normative_documents"} == {key for key in meant.raw if key[1] == "normative_documents"}
    assert report.status == "partial"


FEES: CellKey = ("art20_8", "administrative_fees", "amount_collected")
PURCHASE: CellKey = ("art20_9", "centralized_procurement", "amount")


@pytest.mark.parametrize(
    ("printed", "head", "label", "caption", "value"),
    [
        ("984元", "采购总金额", "政府集中采购", "", Decimal(984)),
        ("12.5万元", "采购总金额", "政府集中采购", "", Decimal(125000)),
        ("73000.00元", "采购总金额", "政府集中采购", "", Decimal(73000)),
        ("7.25", "采购总金额（万元）", "政府集中采购", "", Decimal(72500)),
        ("984.30", "采购总金额（元）", "政府集中采购", "", Decimal("984.3")),
        ("7.25", "采购总金额", "政府集中采购（万元）", "", Decimal(72500)),
        ("7.25", "采购总金额 万元", "政府集中采购", "", Decimal(72500)),
        ("7.25", "采购总金额/万元", "政府集中采购", "", Decimal(72500)),
        ("￥984.30", "采购总金额", "政府集中采购", "", Decimal("984.3")),
        ("¥984元", "采购总金额", "政府集中采购", "", Decimal(984)),
        ("￥7.25", "采购总金额（万元）", "政府集中采购", "", Decimal(72500)),
        ("人民币7.25万元", "采购总金额", "政府集中采购", "", Decimal(72500)),
        ("7.25", "采购总金额", "政府集中采购", "（单位：万元）", Decimal(72500)),
        ("212.123456", "采购总金额（万元）", "政府集中采购", "", Decimal("2121234.56")),
    ],
)
def test_money_is_in_yuan_wherever_the_unit_stands(printed: str, head: str, label: str, caption: str, value: Decimal) -> None:
    meant = noted({PURCHASE: printed}, "format_2019")
    texts = {"采购总金额": head, "政府集中采购": label}
    laid_out = tuple(reletter(form, texts) for form in damage.with_captions_outside(forms(meant)))
    laid_out = changed(laid_out, "art20_9", lambda form: replace(form, caption=f"{form.caption}{caption}"))
    found = cell(read(html(meant, laid_out)), PURCHASE)
    assert (found.value, found.unit, found.raw, found.basis) == (value, "CNY", printed, "observed")


@pytest.mark.parametrize("printed", ["￥984元", "人民币984元", "984元"])
def test_money_in_running_text(printed: str) -> None:
    found = cell(read(text(noted({FEES: printed}))), FEES)
    assert (found.value, found.unit, found.raw) == (984, "CNY", printed)


def test_money_without_a_unit_stays_as_printed() -> None:
    report = read(html(noted({PURCHASE: "346.50"}, "format_2019")))
    found = cell(report, PURCHASE)
    assert (found.value, found.unit) == (Decimal("346.5"), "unknown")
    assert [finding.cells for finding in report.findings if finding.code == "MONEY_UNIT_UNKNOWN"] == [(PURCHASE,)]


def test_of_two_units_the_nearer_counts_and_both_are_told() -> None:
    report = read(html(noted({FEES: "984元"})))
    found = cell(report, FEES)
    assert (found.value, found.unit) == (984, "CNY")
    (conflict,) = [finding for finding in report.findings if finding.code == "MONEY_UNIT_CONFLICT"]
    assert conflict.cells == (FEES,)
    assert "万元" in conflict.message


@pytest.mark.parametrize("printed", ["约12", "12、13", "0.5", "-3", "3元", "￥3", "见附件"])
def test_what_is_no_count_is_no_value(printed: str) -> None:
    key = ("requests", "received_new", "natural_person")
    found = cell(read(html(noted({key: printed}))), key)
    assert (found.value, found.basis, found.raw) == (None, "ambiguous", printed)


@pytest.mark.parametrize("printed", ["+6", "＋6", "增6", "6"])
def test_changes_may_have_signs(printed: str) -> None:
    key = ("art20_5", "administrative_license", "items_change")
    assert cell(read(html(noted({key: printed}, "format_2019"))), key).value == 6


# --- section four -------------------------------------------------------------------------------------------------------


def test_section_four_as_three_tables() -> None:
    meant = truth()
    assert unread(read(html(meant, damage.review_in_three(forms(meant)))), meant) == set()


def test_section_four_under_torn_heads() -> None:
    meant = truth()
    words = "结果结果其他尚未总计结果结果其他尚未总计结果结果其他尚未总计维持纠正结果审结"
    page = text(meant)
    start = page.index("行政复议 行政诉讼")
    end = page.index("2 1 0 0 3", start)
    report = read(f"{page[:start]}行政复议 行政诉讼\n未经复议直接起诉 复议后起诉\n{words}\n{page[end:]}")
    assert unread(report, meant) == set()


def test_a_sentence_instead_of_section_four_gives_no_noughts() -> None:
    meant = truth()
    laid_out = tuple(form for form in forms(meant) if form.table != "review_litigation")
    page = html(meant, laid_out).replace("<p><strong>五、", "<p>本年度没有因政府信息公开申请行政复议、提起行政诉讼的情况。</p><p><strong>五、")
    report = read(page)
    assert "review_litigation" not in report.tables
    assert not [cell for cell in report.cells if cell.table == "review_litigation"]
    assert report.status == "partial"
    assert "TABLE_MISSING" in codes(report)


def test_a_note_under_section_four_is_kept() -> None:
    meant = truth()
    page = html(meant).replace("<p><strong>五、", "<p>注：行政复议、行政诉讼数量含上年度结转数量。</p><p><strong>五、")
    report = read(page)
    assert unread(report, meant) == set()
    assert "NOTE_CHANGES_MEANING" in codes(report)


def test_group_five_figures_wrongly_in_fewer_cells_are_not_guessed() -> None:
    meant = truth()
    laid_out = changed(
        forms(meant), "review_litigation", lambda form: replace(form, rows=(*form.rows[:-1], form.rows[-1][:-2]))
    )
    report = read(text(meant, flat.row_lines, laid_out))
    assert silently_wrong(report, meant) == {}


# --- two reports in one page ---------------------------------------------------------------------------------------------


def test_two_reports_in_one_page_are_not_mixed() -> None:
    one, other = truth(), truth(received_new=(9, 2, 0, 0, 0, 0, 11), disclosed_full=(7, 1, 0, 0, 0, 0, 8), concluded_total=(9, 2, 0, 0, 0, 0, 11))
    laid_out = tuple(form for pair in zip(forms(one), forms(other), strict=True) for form in pair)
    report = read(html(one, laid_out))
    rows = ["received_new", "disclosed_full", "concluded_total"]
    for row in rows:
        values = row_of(report, "requests", row)
        assert values in ([None] * 7, [one.figures["requests", row, column] for column in SEVEN])
        assert all(key in flagged(report) for key in one.figures if key[:2] == ("requests", row))
    assert report.status == "partial"


# --- labels torn from their figures ---------------------------------------------------------------------------------------


def test_labels_in_the_margin_one_character_a_line_are_dropped() -> None:
    meant = truth()
    page = text(meant).replace("三、本年度办理结果 ", "")
    for place, character in enumerate("三、本年度办理结果"):
        page = page.replace(f"{place + 1}.", f"{place + 1}.", 1)
        label = ["（一）予以公开", "1.属于国家秘密", "3.危及", "5.属于三类", "7.属于行政执法", "1.本机关不掌握", "3.补正后", "2.重复", "4.无正当理由"][place]
        assert label in page
        page = page.replace(label, f"{character}\n{label}", 1)
    report = read(page)
    assert (unread(report, meant), errors(report)) == (set(), [])


def test_three_labels_followed_by_three_rows_are_bound_by_order() -> None:
    meant = truth(unprocessed_repeat=(0, 1, 0, 0, 0, 0, 1), concluded_total=(5, 3, 0, 0, 0, 0, 8), received_new=(5, 3, 0, 0, 0, 0, 8))
    page = text(meant)
    lines = page.splitlines()
    at = next(n for n, line in enumerate(lines) if line.endswith("1.信访举报投诉类申请 0 0 0 0 0 0 0"))
    labels = [line[: line.index(" 0 ")] for line in lines[at : at + 3]]
    figures = [line[line.index(" 0 ") + 1 :] for line in lines[at : at + 3]]
    report = read("\n".join([*lines[:at], *labels, *figures, *lines[at + 3 :]]))
    assert silently_wrong(report, meant) == {}
    assert row_of(report, "requests", "unprocessed_repeat") == [0, 1, 0, 0, 0, 0, 1]


def test_a_row_label_as_a_heading() -> None:
    meant = truth()
    page = text(meant, flat.markdown).replace("| 一、本年新收政府信息公开申请数量 |", "\n### 一、本年新收政府信息公开申请数量\n\n|")
    assert silently_wrong(read(page), meant) == {}


# --- local tables before the national form ---------------------------------------------------------------------------------

LOCAL = (
    ("主动公开信息数", "条", "40", "300"),
    ("其中：1．网站公开", "条", "38", "270"),
    ("2．政府公报公开", "条", "2", "30"),
    ("受理依申请公开信息总数", "条", "5", "21"),
    ("其中：1．当面申请数", "条", "3", "12"),
    ("2．传真申请数", "条", "0", "1"),
    ("3．电子邮件申请数", "条", "1", "2"),
    ("4．网上申请数", "条", "1", "6"),
    ("5．信函申请数", "条", "0", "0"),
    ("对申请的答复总数", "条", "5", "20"),
    ("其中：1．同意公开答复数", "条", "4", "16"),
    ("2．同意部分公开答复数", "条", "0", "1"),
    ("3．否决公开答复总数", "条", "1", "3"),
    ("行政复议数", "件", "0", "1"),
    ("行政诉讼数", "件", "0", "0"),
    ("行政申诉数", "件", "2", "2"),
)


def local(rows: tuple[tuple[str, ...], ...] = LOCAL, head: tuple[str, ...] = ("指标名称", "计量单位", "2012年度", "历年累计")) -> str:
    lines = "".join("<tr>" + "".join(f"<td>{word}</td>" for word in row) + "</tr>" for row in (head, *rows))
    return (
        "<html><body><h1>云州市青澜区云蓼镇2012年政府信息公开工作年度报告</h1><p>一、概述</p><p>本年度编制了公开指南。</p>"
        f"<p>附表：政府信息公开情况统计表</p><table>{lines}</table></body></html>"
    )


def values_of(report) -> dict[tuple[str, str], object]:
    return {cell.key[1:]: cell.value for cell in report.cells}


def test_a_local_table_with_year_and_cumulative_figures() -> None:
    report = read(local())
    assert report.tables == {"local_2008": "freeform_2008"}
    values = values_of(report)
    assert len(values) == 2 * len(LOCAL)
    assert (values["proactive_total", "value"], values["proactive_total", "cumulative"]) == (40, 300)
    assert (values["requests_received", "value"], values["requests_received", "cumulative"]) == (5, 21)
    assert (values["reply_refused", "value"], values["reply_refused", "cumulative"]) == (1, 3)
    assert (values["complaints_total", "value"], values["litigation_total", "cumulative"]) == (2, 0)
    assert errors(report) == []


@pytest.mark.parametrize("words", ["行政申诉、举报数", "接受行政申诉、举报数", "接受行政申述、举报数", "接受行政诉讼、举报数"])
def test_complaints_are_no_litigation(words: str) -> None:
    rows = tuple((words, *row[1:]) if row[0] == "行政申诉数" else row for row in LOCAL)
    values = values_of(read(local(rows)))
    assert (values["complaints_total", "value"], values["litigation_total", "value"]) == (2, 0)


def test_a_local_table_with_one_column_has_no_cumulative_cells() -> None:
    rows = tuple(row[:3] for row in LOCAL)
    report = read(local(rows, ("指标名称", "计量单位", "2012年度")))
    assert {cell.column for cell in report.cells} == {"value"}
    assert values_of(report)["requests_received", "value"] == 5


def test_a_blank_column_stays_blank() -> None:
    rows = tuple((*row[:3], "") for row in LOCAL)
    report = read(local(rows))
    values = values_of(report)
    assert values["requests_received", "value"] == 5
    assert {value for (_, column), value in values.items() if column == "cumulative"} == {None}


def test_a_local_table_that_breaks_off_inside_a_sum_invents_no_error() -> None:
    report = read(local(LOCAL[:6]))
    values = values_of(report)
    assert values["requests_received", "value"] == 5
    assert ("replies_total", "value") not in values or values["replies_total", "value"] is None
    assert not [finding for finding in errors(report) if "REQUESTS" in finding.code]


def test_the_year_in_a_head_left_over_from_last_year_is_not_the_reports() -> None:
    report = read(local(head=("指标名称", "计量单位", "2011年度", "历年累计")))
    assert report.year == 2012
    assert values_of(report)["requests_received", "value"] == 5


def test_random_typos_change_no_figure() -> None:
    meant = truth("format_2019")
    for seed in range(20):
        report = read(html(meant, damage.with_typos(Random(seed), forms(meant))))
        assert unread(report, meant) == set()


# --- figures that do not follow their labels ------------------------------------------------------------------------------


def section_three(page: str, lines: Callable[[list[str], list[list[str]]], list[str]]) -> str:
    """The page with its section three printed as `lines` of (labels, figures of each row)."""
    printed = page.splitlines()
    start = next(n for n, line in enumerate(printed) if "一、本年新收" in line)
    end = next(n for n, line in enumerate(printed) if "四、结转下年度" in line) + 1
    rows = [line.split() for line in printed[start:end]]
    labels = [" ".join(row[:-7]) for row in rows]
    return "\n".join([*printed[:start], *lines(labels, [row[-7:] for row in rows]), *printed[end:]])


def above(labels: list[str], rows: list[list[str]]) -> list[str]:
    return [line for label, row in zip(labels, rows, strict=True) for line in (" ".join(row), label)]


BUSY = {
    "received_new": (15, 3, 0, 2, 0, 1, 21),
    "carried_over_in": (2, 0, 1, 0, 0, 0, 3),
    "disclosed_full": (10, 1, 0, 1, 0, 0, 12),
    "denied_security_stability": (1, 0, 1, 0, 0, 1, 3),
    "denied_third_party_rights": (0, 0, 0, 0, 0, 0, 0),
    "unable_not_held": (5, 1, 0, 1, 0, 0, 7),
    "concluded_total": (16, 2, 1, 2, 0, 1, 22),
    "carried_over_out": (1, 1, 0, 0, 0, 0, 2),
}


@EDITIONS
def test_figures_above_their_labels_are_bound_by_order_and_said_so(edition: str) -> None:
    meant = truth(edition, **BUSY)
    report = read(section_three(text(meant), above))
    assert (unread(report, meant), errors(report)) == (set(), [])
    assert {key for key in meant.figures if key[0] == "requests"} <= flagged(report)


@EDITIONS
@pytest.mark.parametrize("lost", [1, 3, 11, 20])
def test_figures_above_their_labels_with_a_row_lost_are_not_guessed(edition: str, lost: int) -> None:
    meant = truth(edition, **BUSY)

    def printed(labels: list[str], rows: list[list[str]]) -> list[str]:
        lines = above(labels, rows)
        return [*lines[: 2 * lost], *lines[2 * lost + 1 :]]

    report = read(section_three(text(meant), printed))
    assert silently_wrong(report, meant) == {}


@EDITIONS
@pytest.mark.parametrize("turn", [4, 12, 21])
def test_labels_that_begin_to_stand_below_on_the_second_page_are_not_guessed(edition: str, turn: int) -> None:
    meant = truth(edition, **BUSY)

    def printed(labels: list[str], rows: list[list[str]]) -> list[str]:
        lines = [f"{label} {' '.join(row)}" for label, row in zip(labels[:turn], rows[:turn], strict=True)]
        return [*lines, *above(labels[turn:], rows[turn:])]

    assert silently_wrong(read(section_three(text(meant), printed)), meant) == {}


@EDITIONS
@pytest.mark.parametrize("columns", [False, True])
@pytest.mark.parametrize("changes", [{}, BUSY])
def test_all_labels_and_then_all_figures(edition: str, columns: bool, changes: dict[str, tuple[int, ...]]) -> None:
    """Copied from a PDF row by row or column by column: only one order makes the rows add up."""
    meant = truth(edition, **changes)

    def printed(labels: list[str], rows: list[list[str]]) -> list[str]:
        figures = [row[place] for place in range(7) for row in rows] if columns else [n for row in rows for n in row]
        return [*labels, *figures]

    report = read(section_three(text(meant), printed))
    assert (unread(report, meant), errors(report)) == (set(), [])
    assert ("COLUMNS_BY_POSITION" in codes(report)) == columns


def test_an_order_that_no_sum_proves_is_refused() -> None:
    meant = truth(**BUSY)

    def printed(labels: list[str], rows: list[list[str]]) -> list[str]:
        figures = [n for row in rows for n in row]
        return [*labels, *(str(int(n) + 1) for n in figures)]

    report = read(section_three(text(meant), printed))
    assert {cell.value for cell in report.cells if cell.table == "requests"} == {None}


def test_section_two_above_its_labels_is_refused() -> None:
    meant = truth().change({("art20_1", "normative_documents", "issued_this_year"): 3, ("art20_6", "administrative_compulsion", "decisions"): 9})
    page = text(meant)
    for rows in (("规章 0 0 0", "行政规范性文件 3 0 0"), ("行政许可 528",), ("行政处罚 64", "行政强制 9")):
        assert "\n".join(rows) in page
        swapped = [f"{figures}\n{label}" for label, figures in (row.split(" ", 1) for row in rows)]
        page = page.replace("\n".join(rows), "\n".join(swapped))
    assert silently_wrong(read(page), meant) == {}


# --- rows beside their heads ----------------------------------------------------------------------------------------------


def moved(meant: Truth, row: str, by: int) -> tuple[Form, ...]:
    """The form with the label cells of one row one column wider, or one group cell lost."""
    return changed_row(
        forms(meant), ("requests", row), lambda line: (replace(line[0], colspan=line[0].colspan + by), *line[1:])
    )


@pytest.mark.parametrize(("row", "by"), [("received_new", 1), ("received_new", -1), ("concluded_total", 1), ("carried_over_out", -1)])
def test_a_whole_row_beside_its_heads_is_taken_by_position_and_said_so(row: str, by: int) -> None:
    meant = truth(**BUSY)
    report = read(html(meant, moved(meant, row, by)))
    assert (unread(report, meant), errors(report)) == (set(), [])
    (found,) = [finding for finding in report.findings if finding.code == "COLUMNS_BY_POSITION"]
    assert {key[1] for key in found.cells} == {row}


def test_a_share_column_is_none_of_the_seven() -> None:
    """A blank cell under the heads and a share right of them are seven figures too, but not the seven of the form."""
    meant = truth(**BUSY)

    def widened(form: Form) -> Form:
        rows = [(*line, Box("占比" if n == 0 else "" if n < form.heads else "50")) for n, line in enumerate(form.rows)]
        at = next(n for n, line in enumerate(rows) if any(box.key and box.key[1] == "received_new" for box in line))
        rows[at] = tuple(replace(box, text="") if box.key and box.key[2] == "natural_person" else box for box in rows[at])
        return replace(form, rows=tuple(rows))

    report = read(html(meant, changed(forms(meant), "requests", widened)))
    assert silently_wrong(report, meant) == {}
    assert row_of(report, "requests", "received_new")[1:] in ([3, 0, 2, 0, 1, 21], [None] * 6)


def test_every_cell_of_a_refused_row_has_its_own_source() -> None:
    one, other = truth(**BUSY), truth()
    laid_out = tuple(form for pair in zip(forms(one), forms(other), strict=True) for form in pair)
    report = read(html(one, laid_out))
    row = [found for found in report.cells if found.key[:2] == ("requests", "received_new")]
    assert {found.basis for found in row} == {"ambiguous"}
    assert [found.raw for found in row] == [str(n) for n in BUSY["received_new"]]
    assert len({found.locator for found in row}) == 7


def test_two_heads_of_the_same_words_are_told_apart_by_position_only() -> None:
    meant = truth("format_2019")
    laid_out = tuple(reletter(form, {"本年新制作数量": "本年新", "本年新公开数量": "本年新"}) for form in forms(meant))
    report = read(html(meant, laid_out))
    assert unread(report, meant) == set()
    assert "COLUMNS_BY_POSITION" in codes(report)


@EDITIONS
@pytest.mark.parametrize("blank", ["", "—", "/", "无"])
@pytest.mark.parametrize("table", [flat.markdown, flat.tabbed, flat.piped])
def test_rows_of_blank_tokens_are_no_heads(edition: str, blank: str, table: flat.TableText) -> None:
    """In a Markdown table the cells that a label spans stand empty behind it."""
    meant = truth(edition, **BUSY)
    hurt = replace(meant, raw={key: blank if key[0] == "requests" and raw == "0" else raw for key, raw in meant.raw.items()})
    report = read(text(hurt, table))
    assert silently_wrong(report, meant) == {}
    assert {key for key in unread(report, meant) if meant.figures[key]} == set()


def test_letters_read_for_noughts_are_derived_where_the_sums_leave_one_value() -> None:
    meant = truth(**BUSY)
    hurt = replace(meant, raw={key: "O" if key[0] == "requests" and raw == "0" else raw for key, raw in meant.raw.items()})
    for page in (html(hurt), text(hurt)):
        report = read(page)
        assert silently_wrong(report, meant) == {}
        assert row_of(report, "requests", "received_new") == list(BUSY["received_new"])
        assert {found.basis for found in report.cells if found.raw == "O"} == {"derived"}
        assert "CELL_UNREADABLE" in codes(report)


@EDITIONS
def test_without_heads_a_table_is_of_the_edition_around_it_and_says_so(edition: str) -> None:
    """Both editions have three columns in the first table; only its heads would tell which."""
    meant = truth(edition)
    laid_out = changed(forms(meant), "art20_1", lambda form: replace(form, rows=(form.rows[0], *form.rows[form.heads :]), heads=1))
    report = read(html(meant, laid_out))
    assert (report.tables, unread(report, meant)) == (meant.editions, set())
    assert {key for key in meant.figures if key[0] == "art20_1"} <= flagged(report)
    assert silently_wrong(read(text(meant, flat.row_lines, laid_out)), meant) == {}


def test_figures_of_section_two_told_apart_by_a_leading_nought_are_not_certain() -> None:
    """0 38 38 that lost its last figure and a space is 038: three digits for three cells, and wrong."""
    columns = ("made_this_year", "newly_disclosed_this_year", "total_disclosed")
    meant = truth("format_2019").change({("art20_1", "normative_documents", column): n for column, n in zip(columns, (0, 38, 38), strict=True)})
    page = text(meant, flat.spaced)
    assert "规范性文件 0 38 38" in page
    assert silently_wrong(read(page.replace("规范性文件 0 38 38", "规范性文件 038")), meant) == {}


def test_a_row_with_two_figures_fused_into_one_is_not_certain() -> None:
    meant = truth(reconsideration=(0, 1, 0, 0, 1))
    page = text(meant)
    assert "\n0 1 0 0 1 0" in page
    assert silently_wrong(read(page.replace("\n0 1 0 0 1 0", "\n0 10 0 1 0")), meant) == {}


@pytest.mark.parametrize("seed", range(4))
def test_a_unit_column_in_traditional_characters(seed: int) -> None:
    page = specimen(Random(seed), "html", "traditional", "stat_2014")
    assert "<td>萬元</td>".encode() in page.content
    (report,) = parse(page.content, source="small")
    values = {found.key: found.value for found in report.cells}
    assert {key: values.get(key) for key in page.certain} == dict(page.certain)
    assert "MONEY_UNIT_UNKNOWN" not in codes(report)
