"""What bureaus and towns do to the official form, one small case each: a figure is read as printed, or not at all, or a
finding names its cell."""

from collections.abc import Sequence
from decimal import Decimal

import msgspec
import pytest
from msgspec.structs import replace

from parsers.report import CellKey, Finding, Report, Value
from parsers.template import load
from tests.parsers.small import (
    SEVEN,
    changed,
    changed_row,
    codes,
    flagged,
    html,
    read,
    reprinted,
    row_of,
    silently_wrong,
    truth,
    unread,
)
from tests.specimens.figures import OUTCOMES, ROUTES
from tests.specimens.forms import Box, Form, Row, forms

LICENSES: CellKey = ("art20_5", "administrative_license", "decisions")
FEES: CellKey = ("art20_8", "administrative_fees", "amount_collected")
APPLICANT_HEADS = ("自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计")
OUTCOME_HEADS = ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计")


def table(*rows: Sequence[str]) -> str:
    """Rows of cells, whose texts are markup."""
    lines = ("".join(f"<td>{cell}</td>" for cell in row) for row in rows)
    return "<table>" + "".join(f"<tr>{line}</tr>" for line in lines) + "</table>"


def page(*content: str) -> Report:
    """A report with these tables and no others."""
    title = "云州市青澜区云蓼镇人民政府2022年政府信息公开工作年度报告"
    return read(f"<html><body><h1>{title}</h1><p>二、主动公开政府信息情况</p>{''.join(content)}</body></html>")


def value_of(report: Report, key: CellKey) -> Value | None:
    return next(cell.value for cell in report.cells if cell.key == key)


def findings_on(report: Report, key: CellKey) -> list[Finding]:
    return [finding for finding in report.findings if key in finding.cells]


def licenses(figure: str, head: str = "本年处理决定数量", caption: str = "") -> Report:
    return page(f"<p>{caption}</p>", table(("信息内容", head), ("行政许可", figure)))


# -- marks and corrections beside a figure ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "markup",
    [
        "36<sup>1</sup>",
        '36<span style="font-size:8px; vertical-align: super">1</span>',
        '36<span style="position:relative;top:-4.0pt;mso-text-raise:4.0pt">1</span>',
        '36<a href="#_ftn1" name="_ftnref1">[1]</a>',
        "<del>12</del>36",
        '<span style="text-decoration:line-through">12</span>36',
        '<span style="TEXT-DECORATION-LINE: line-through">12</span>36',
        '<span style="vertical-align:super">36</span>',
        "36①",
        "36[1]",
        "36［12］",
        "\n\t36\n\t\u3000",
    ],
)
def test_footnote_marks_and_struck_figures_are_no_digits(markup: str) -> None:
    assert value_of(licenses(markup), LICENSES) == 36


def test_a_change_whose_note_says_decrease_is_not_read_as_an_increase() -> None:
    heads = ("信息内容", "上一年项目数量", "本年增/减", "处理决定数量")
    report = page(table(heads, ("行政许可", "12", "2（减）", "30"), ("其他对外管理服务事项", "5", "减2", "7")))
    changes = [cell for cell in report.cells if cell.column == "items_change" and cell.table == "art20_5"]
    assert [cell.value for cell in changes] == [None, -2]
    assert changes[0].key in flagged(report)


# -- counts in thousands ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("figure", "head", "caption", "value"),
    [
        ("3", "本年处理决定数量（万件）", "", 30_000),
        ("1.23", "本年处理决定数量", "单位：万件", 12_300),
        ("0", "本年处理决定数量（万件）", "", 0),
        ("3", "本年处理决定数量（件）", "（单位：件）", 3),
        ("3", "本年处理决定数量", "全年办理12万件，满意率高。", 3),
    ],
)
def test_a_count_in_tens_of_thousands_is_converted_and_said(figure: str, head: str, caption: str, value: int) -> None:
    report = licenses(figure, head, caption)
    assert value_of(report, LICENSES) == value
    assert bool(findings_on(report, LICENSES)) is (value > 3)


@pytest.mark.parametrize(
    ("heads", "caption", "values"),
    [
        (("上一年项目数量", "本年增/减", "处理决定数量"), "单位：万件", [30_000, -20_000, 40_000]),
        (("上一年项目数量（万件）", "本年增/减（万件）", "处理决定数量（万件）"), "", [30_000, -20_000, 40_000]),
        (("上一年项目数量", "本年增/减", "处理决定数量（万件）"), "", [None, None, None]),
        (("上一年项目数量", "本年增/减（万件）", "处理决定数量"), "", [None, None, None]),
    ],
)
def test_the_unit_of_one_head_is_not_that_of_the_next(heads: tuple[str, ...], caption: str, values: list[Value]) -> None:
    report = page(f"<p>{caption}</p>", table(("信息内容", *heads), ("行政许可", "3", "-2", "4")))
    assert row_of(report, "art20_5", "administrative_license") == values
    assert {"NOTE_CHANGES_MEANING", "ROW_AMBIGUOUS"} & set(codes(report))


@pytest.mark.parametrize(("unit", "values"), [("（件）", [5, 2, 0, 0, 0, 0, 7]), ("（万件）", [None] * 7)])
def test_a_lost_blank_in_tens_of_thousands_is_not_placed(unit: str, values: list[Value | None]) -> None:
    printed = "一、本年新收政府信息公开申请数量</td><td>5</td><td>2</td><td>0</td>"
    whole = html(truth())
    assert printed in whole
    report = read(whole.replace(printed, printed.replace("</td>", f"{unit}</td>", 1).removesuffix("<td>0</td>")))
    assert row_of(report, "requests", "received_new") == values


@pytest.mark.parametrize(("unit", "value"), [("单位：件", 3), ("单位：万件", 30_000)])
def test_section_four_in_tens_of_thousands_is_converted(unit: str, value: int) -> None:
    whole = html(truth())
    start = whole.rindex("<table", 0, whole.index(OUTCOME_HEADS[0]))
    report = read(f"{whole[:start]}<p>{unit}</p>{whole[start:]}")
    assert value_of(report, ("review_litigation", "reconsideration", "total")) == value


@pytest.mark.parametrize(
    ("figure", "head", "value"),
    [
        ("9" * 25, "本年收费金额（元）", None),
        ("9" * 12, "本年收费金额（亿元）", None),
        ("999", "本年收费金额（亿元）", 99_900_000_000),
    ],
)
def test_digits_that_ran_together_are_no_figure(figure: str, head: str, value: int | None) -> None:
    report = page(table(("信息内容", head), ("行政事业性收费", figure)))
    assert value_of(report, FEES) == value
    assert (FEES in flagged(report)) is (value is None)
    msgspec.msgpack.encode(report)  # as it is kept: no whole number beyond 64 bits


def test_a_count_of_more_digits_than_any_is_no_figure() -> None:
    report = licenses("1" * 16, "本年处理决定数量", "")
    assert value_of(report, LICENSES) is None
    assert LICENSES in flagged(report)


# -- columns ---------------------------------------------------------------------------------------------------------


def test_one_head_over_the_figures_of_two_years_chooses_neither() -> None:
    report = page(
        "<table><tr><td rowspan=2>信息内容</td><td colspan=2>本年处理决定数量</td></tr><tr><td>2021年</td><td>2022年</td></tr>"
        "<tr><td>行政许可</td><td>40</td><td>36</td></tr></table>"
    )
    assert value_of(report, LICENSES) is None
    assert LICENSES in flagged(report)


def test_the_first_of_two_years_below_a_head_is_not_taken_for_this_years() -> None:
    report = page(table(("信息内容", "本年处理决定数量", ""), ("", "2021年", "2022年"), ("行政许可", "40", "36")))
    assert value_of(report, LICENSES) is None
    assert LICENSES in flagged(report)


@pytest.mark.parametrize("years", [("上年", "本年"), ("本年", "上年")])
def test_this_years_of_two_columns_below_each_head(years: tuple[str, str]) -> None:
    source = truth()
    rows = [
        f"<tr><td>{row.labels[0]}</td>"
        + "".join(
            f"<td>{source.raw['requests', row.key, column] if year == '本年' else 3}</td>" for column in SEVEN for year in years
        )
        + "</tr>"
        for row in load().table("requests").rows_of("format_2021")
    ]
    heads = "".join(f"<td colspan=2>{head}</td>" for head in APPLICANT_HEADS)
    dated = "".join(f"<td>{year}</td>" for year in years * 7)
    report = page(f"<table><tr><td rowspan=2></td>{heads}</tr><tr>{dated}</tr>{''.join(rows)}</table>")
    assert {cell.key: cell.value for cell in report.cells} == {
        key: value for key, value in source.figures.items() if key[0] == "requests"
    }


@pytest.mark.parametrize("caption", ["", "<tr><td colspan=3>第二十条第（六）项</td></tr>"])
def test_rows_and_columns_of_section_two_exchanged(caption: str) -> None:
    report = page(
        f"<table>{caption}<tr><td>信息内容</td><td>行政强制</td><td>行政处罚</td></tr>"
        "<tr><td>本年处理决定数量</td><td>7</td><td>64</td></tr></table>",
        table(("信息内容", "行政规范性文件"), ("本年制发件数", "5"), ("现行有效件数", "80"), ("本年废止件数", "2")),
    )
    assert row_of(report, "art20_6", "administrative_penalty") == [64]
    assert row_of(report, "art20_6", "administrative_compulsion") == [7]
    assert row_of(report, "art20_1", "normative_documents") == [5, 2, 80]


@pytest.mark.parametrize(("last", "this"), [("上年处理决定数量", "本年处理决定数量"), ("上年", "本年处理决定数量")])
def test_last_years_column_beside_this_years(last: str, this: str) -> None:
    report = page(table(("信息内容", last, this, "同比"), ("行政许可", "40", "36", "-10%")))
    assert value_of(report, LICENSES) == 36


@pytest.mark.parametrize(
    "heads", [("本年处理决定数量（县级）", "本年处理决定数量（乡镇）"), ("本年处理决定数量", "本年处理决定数量")]
)
def test_two_heads_that_name_one_column_choose_neither(heads: Sequence[str]) -> None:
    report = page(table(("信息内容", *heads), ("行政许可", "40", "36")))
    assert value_of(report, LICENSES) is None
    assert LICENSES in flagged(report)


@pytest.mark.parametrize("figure", ["016", "12（一般）30（简易）", "一般12 简易30", "3+4=7"])
def test_a_cell_that_holds_more_or_less_than_one_figure_is_not_read(figure: str) -> None:
    report = licenses(figure)
    assert value_of(report, LICENSES) is None
    assert LICENSES in flagged(report)


@pytest.mark.parametrize("figure", ["12（其中修订5件（含1件废止））", "12（含委托5件）"])
def test_a_note_behind_a_figure_may_hold_another_note(figure: str) -> None:
    assert value_of(licenses(figure), LICENSES) == 12


def test_a_figure_filled_up_with_noughts_is_what_the_sums_make_of_it() -> None:
    source = reprinted(truth(), {("requests", "received_new", "natural_person"): "05"})
    report = read(html(source))
    assert unread(report, source) == set()
    assert ("requests", "received_new", "natural_person") in flagged(report)


def test_remarks_behind_the_figures_label_no_row() -> None:
    source = truth()
    laid_out = changed_row(forms(source), ("requests", "concluded_total"), lambda row: (*row, Box("含2件转办")))
    report = read(html(source, laid_out))
    assert unread(report, source) == set()


def plain_requests(heads: Sequence[str], order: Sequence[str], **labels: str) -> Report:
    """Section three as a plain table: heads, the columns of figures below them, and some row labels in other words."""
    source = truth(denied_internal_affairs=(2, 0, 0, 0, 0, 0, 2), denied_process_information=(0, 3, 0, 0, 0, 0, 3))
    keys = list(dict.fromkeys(key[1] for key in source.raw if key[0] == "requests"))
    own = {row.key: row.labels[0] for row in load().table("requests").rows} | labels
    lines = [(own[key], *(source.raw["requests", key, column] for column in order)) for key in keys]
    return page(table(("项目", *heads), *lines))


def test_misspelt_heads_in_another_order_are_not_taken_by_position() -> None:
    heads = ("自然人", "法律服务机购", "科研机够", "社会公益组职", "商业企叶", "其他", "总计")
    order = (SEVEN[0], SEVEN[4], SEVEN[2], SEVEN[3], SEVEN[1], *SEVEN[5:])
    report = plain_requests(heads, order)
    assert {cell.basis for cell in report.cells} == {"ambiguous"}
    assert "ROW_AMBIGUOUS" in codes(report)


def test_misspelt_labels_of_exchanged_rows_are_not_taken_by_place() -> None:
    report = plain_requests(
        APPLICANT_HEADS,
        SEVEN,
        denied_internal_affairs="6.属于四类过程性资料",
        denied_process_information="5.属于三类内部事务资料",
    )
    for row in ("denied_internal_affairs", "denied_process_information"):
        assert row_of(report, "requests", row) == [None] * 7
    assert row_of(report, "requests", "received_new") == [5, 2, 0, 0, 0, 0, 7]


def halves(between: str, *, same_rows: bool = True) -> Report:
    """Section three cut between its third and fourth column of figures."""
    source = truth()
    keys = list(dict.fromkeys(key[1] for key in source.raw if key[0] == "requests"))
    labels = {row.key: row.labels[0] for row in load().table("requests").rows}
    lines = [
        ["项目", *APPLICANT_HEADS],
        *([labels[key], *(source.raw["requests", key, c] for c in SEVEN)] for key in keys),
    ]
    left, right = ([line[:4] for line in lines], [[line[0], *line[4:]] for line in lines])
    return page(table(*left), between, table(*(right if same_rows else [*right[:5], *right[6:], right[5]])))


@pytest.mark.parametrize("between", ["", "<p>续表</p>"])
def test_a_table_cut_between_its_columns_is_one(between: str) -> None:
    report, source = halves(between), truth()
    read_as = {cell.key: cell.value for cell in report.cells if cell.table == "requests"}
    assert read_as == {key: value for key, value in source.figures.items() if key[0] == "requests"}


@pytest.mark.parametrize(("between", "same_rows"), [("", False), (f"<p>{'另一张表的说明文字' * 4}</p>", True)])
def test_tables_that_only_look_like_halves_are_not_joined(between: str, same_rows: bool) -> None:
    report = halves(between, same_rows=same_rows)
    assert all(cell.value is None for cell in report.cells if cell.table == "requests")
    assert "ROW_AMBIGUOUS" in codes(report)


# -- other years ----------------------------------------------------------------------------------------------------


def two_years(first: str, second: str) -> Report:
    """Section three twice: the figures of 5 and 9 new requests, each under a line of its own."""
    sources = (truth(), truth(received_new=(9, 2, 0, 0, 0, 0, 11), carried_over_out=(5, 0, 0, 0, 0, 0, 5)))
    tables = [
        table(
            ("项目", *APPLICANT_HEADS),
            *(
                [row.labels[0], *(source.raw["requests", row.key, c] for c in SEVEN)]
                for row in load().table("requests").rows_of("format_2021")
            ),
        )
        for source in sources
    ]
    return page(f"<p>{first}</p>", tables[0], f"<p>{second}</p>", tables[1])


@pytest.mark.parametrize(
    ("first", "second", "received"),
    [
        ("2022年收到和处理情况", "2021年收到和处理情况", 5),
        ("2021年（上年）情况", "2022年情况", 9),
        ("上年情况", "本年情况", 9),
    ],
)
def test_last_years_table_beside_this_years_is_not_read(first: str, second: str, received: int) -> None:
    report = two_years(first, second)
    assert value_of(report, ("requests", "received_new", "natural_person")) == received
    assert "READER_REMARK" in codes(report)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("收到和处理情况", "收到和处理情况"),
        ("2021年情况", "2020年情况"),
        ("2022年比2021年多", "2021年"),
        ("局机关", "2021年情况"),
    ],
)
def test_two_tables_whose_years_are_not_told_are_not_read(first: str, second: str) -> None:
    report = two_years(first, second)
    assert value_of(report, ("requests", "received_new", "natural_person")) is None
    assert "ROW_AMBIGUOUS" in codes(report)


def test_one_table_under_last_years_line_is_this_years() -> None:
    """A caption left over from the year before is no second table."""
    assert value_of(licenses("36", caption="2021年情况"), LICENSES) == 36


def test_the_same_table_twice_in_other_dress_is_one() -> None:
    rows = [("信息内容", "本年处理决定数量"), ("行政许可", "36")]
    assert value_of(page(table(*rows), table(rows[0], ("行政许可", "36件"))), LICENSES) == 36
    assert value_of(page(table(*rows), table(rows[0], ("行政许可", "37件"))), LICENSES) is None


# -- rows ------------------------------------------------------------------------------------------------------------


def reordered(order: Sequence[int]) -> Report:
    """Section three as a plain table with its rows of figures in another order."""
    source = truth()
    keys = list(dict.fromkeys(key[1] for key in source.raw if key[0] == "requests"))
    labels = {box.key[1]: row for form in forms(source) for row in form.rows for box in row if box.key}
    rows: list[Row] = [
        tuple(map(Box, ("项目", "自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计")))
    ]
    for place in order:
        figures = tuple(box for box in labels[keys[place]] if box.key)
        label = [box for box in labels[keys[place]] if not box.key][-1]
        rows.append((Box(label.text), *figures))
    laid_out = changed(forms(source), "requests", lambda form: Form("requests", tuple(rows), 1))
    report = read(html(source, laid_out))
    assert silently_wrong(report, source) == {}
    return report


@pytest.mark.parametrize(
    "order",
    [range(24, -1, -1), [0, 1, 24, *range(2, 24)], [*range(8), 9, 8, *range(10, 25)]],
    ids=["reversed", "fourth before third", "two exchanged"],
)
def test_rows_whose_labels_all_stand_once_are_read_in_any_order(order: Sequence[int]) -> None:
    assert unread(reordered(order), truth()) == set()


def test_a_row_under_the_label_of_another_is_never_taken_for_the_one_between_its_neighbours() -> None:
    """Two rows exchanged and one label lost: place alone would give figures of the wrong rows."""
    source = truth(denied_state_secret=(4, 0, 0, 0, 0, 0, 4), denied_prohibited_by_law=(0, 6, 0, 0, 0, 0, 6))
    laid_out = forms(source)
    rows = next(form for form in laid_out if form.table == "requests").rows
    first, second = (
        next(row for row in rows if any(box.key and box.key[1] == name for box in row))
        for name in ("denied_state_secret", "denied_prohibited_by_law")
    )
    label = {"denied_state_secret": "其他法律行政法规禁止公开", "denied_prohibited_by_law": "属于国家秘密"}
    exchanged = {id(first): label["denied_state_secret"], id(second): label["denied_prohibited_by_law"]}

    def relabelled(row: Row) -> Row:
        words = [place for place, box in enumerate(row) if not box.key]
        return tuple(
            replace(box, text=exchanged[id(row)]) if id(row) in exchanged and place == words[-1] else box
            for place, box in enumerate(row)
        )

    laid_out = changed(laid_out, "requests", lambda form: replace(form, rows=tuple(map(relabelled, form.rows))))
    report = read(html(source, laid_out))
    for row, printed in (
        ("denied_state_secret", [0, 6, 0, 0, 0, 0, 6]),
        ("denied_prohibited_by_law", [4, 0, 0, 0, 0, 0, 4]),
    ):
        assert row_of(report, "requests", row) in (printed, [None] * 7)


# -- section four ----------------------------------------------------------------------------------------------------


def review(groups: Sequence[int], outcomes: Sequence[int]) -> Form:
    """Section four with its groups (0 is 行政复议) and the outcomes in another order."""
    heads = [OUTCOME_HEADS[place] for place in outcomes]
    wide = [Box("行政复议", colspan=5), Box("行政诉讼", colspan=10)]
    second: list[Box] = []
    for group in groups:
        tall = [Box(head, rowspan=2) for head in heads]
        second += [Box("未经复议直接起诉" if group == 1 else "复议后起诉", colspan=5)] if group else tall
    columns = (*OUTCOMES, "total")
    source = truth(**REVIEW)
    keys: list[CellKey] = [
        ("review_litigation", ROUTES[group], columns[place]) for group in groups for place in outcomes
    ]
    figures = tuple(Box(source.raw[key], key=key) for key in keys)
    rows = (tuple(wide if groups[0] == 0 else wide[::-1]), tuple(second), tuple(map(Box, heads * 2)), figures)
    return Form("review_litigation", rows, heads=3)


REVIEW = {
    "reconsideration": (3, 1, 4, 0, 8),
    "litigation_direct": (2, 6, 5, 1, 14),
    "litigation_after_reconsideration": (7, 9, 0, 12, 28),
}


@pytest.mark.parametrize("groups", [(0, 1, 2), (0, 2, 1), (1, 2, 0)])
@pytest.mark.parametrize("outcomes", [(0, 1, 2, 3, 4), (1, 0, 2, 3, 4), (4, 0, 1, 2, 3)])
def test_section_four_is_read_by_its_heads(groups: Sequence[int], outcomes: Sequence[int]) -> None:
    source = truth(**REVIEW)
    laid_out = changed(forms(source), "review_litigation", lambda form: review(groups, outcomes))
    assert unread(read(html(source, laid_out)), source) == set()


@pytest.mark.parametrize("is_first", [True, False])
@pytest.mark.parametrize(("head", "figure"), [("序号", "1"), ("年度", "2022"), ("诉讼合计", "42")])
def test_section_four_beside_a_column_of_the_authors_own(head: str, figure: str, *, is_first: bool) -> None:
    source = truth(**REVIEW)
    form = review((0, 1, 2), (0, 1, 2, 3, 4))
    own, counted = Box(head, rowspan=3), Box(figure)
    top, second, third, figures = form.rows
    rows = ((own, *top), second, third, (counted, *figures)) if is_first else ((*top, own), second, third, (*figures, counted))
    laid_out = changed(forms(source), "review_litigation", lambda _: Form("review_litigation", rows, heads=3))
    assert unread(read(html(source, laid_out)), source) == set()


@pytest.mark.parametrize(("groups", "outcomes"), [((0, 2, 1), (0, 1, 2, 3, 4)), ((0, 1, 2), (1, 0, 2, 3, 4))])
def test_section_four_in_another_order_without_borders_is_not_read(
    groups: Sequence[int], outcomes: Sequence[int]
) -> None:
    rows = review(groups, outcomes).rows
    lines = "".join(f"<p>{box.text}</p>" for row in rows for box in row)
    report = page("<p>四、政府信息公开行政复议、行政诉讼情况</p>", lines)
    cells = [cell for cell in report.cells if cell.table == "review_litigation"]
    assert len(cells) == 15
    assert all(cell.value is None or cell.value == truth(**REVIEW).figures[cell.key] for cell in cells)
    assert codes(report) >= {"ROW_AMBIGUOUS"}


@pytest.mark.parametrize(
    ("groups", "outcomes", "is_read"),
    [
        ((0, 1, 2), (0, 1, 2, 3, 4), True),
        ((0, 2, 1), (0, 1, 2, 3, 4), False),
        ((1, 2, 0), (0, 1, 2, 3, 4), False),
        ((0, 1, 2), (4, 0, 1, 2, 3), False),
    ],
)
def test_section_four_under_heads_without_spans(groups: Sequence[int], outcomes: Sequence[int], *, is_read: bool) -> None:
    rows = review(groups, outcomes).rows
    report = page(table(*([box.text for box in row] for row in rows)))
    cells = {cell.key: cell.value for cell in report.cells}
    wanted = {key: value for key, value in truth(**REVIEW).figures.items() if key[0] == "review_litigation"}
    assert cells == (wanted if is_read else dict.fromkeys(wanted))
    assert is_read or {*wanted} <= flagged(report)


@pytest.mark.parametrize("place", [0, 1])
def test_section_three_under_heads_without_spans(place: int) -> None:
    """In the form's order, with the total read early as its head reaches over two rows; and in the author's own."""
    five = [*APPLICANT_HEADS[1:6]]
    heads = [("自然人", "法人或其他组织", "总计"), (*five[place:], *five[:place])]
    source = truth()
    rows = [
        (row.labels[0], *(source.raw["requests", row.key, column] for column in SEVEN))
        for row in load().table("requests").rows_of("format_2021")
    ]
    report = page(table(*heads, *rows))
    cells = {cell.key: cell.value for cell in report.cells}
    wanted = {key: value for key, value in source.figures.items() if key[0] == "requests"}
    assert cells == (dict.fromkeys(wanted) if place else wanted)


def review_rows(groups: Sequence[int], outcomes: Sequence[int]) -> list[list[str]]:
    """Section four as a row for each group, one head above."""
    columns, source = (*OUTCOMES, "total"), truth(**REVIEW)
    names = ("行政复议", "未经复议直接起诉", "复议后起诉")
    figures = [
        [source.raw["review_litigation", ROUTES[group], columns[place]] for place in outcomes] for group in groups
    ]
    heads = ["类别", *(OUTCOME_HEADS[place] for place in outcomes)]
    return [heads, *([names[group], *row] for group, row in zip(groups, figures, strict=True))]


@pytest.mark.parametrize("groups", [(0, 1, 2), (2, 0, 1)])
@pytest.mark.parametrize("outcomes", [(0, 1, 2, 3, 4), (0, 1, 3, 2, 4), (4, 0, 1, 2, 3)])
def test_section_four_a_row_a_group(groups: Sequence[int], outcomes: Sequence[int]) -> None:
    rows, source = review_rows(groups, outcomes), truth(**REVIEW)
    heading = "<p>四、政府信息公开行政复议、行政诉讼情况</p>"
    wanted = {key: value for key, value in source.figures.items() if key[0] == "review_litigation"}
    in_grid = page(heading, table(*rows))
    assert {cell.key: cell.value for cell in in_grid.cells} == wanted
    flowing = {cell.key: cell.value for cell in page(heading, *(f"<p>{'  '.join(row)}</p>" for row in rows)).cells}
    assert flowing == (wanted if list(outcomes) == sorted(outcomes) else dict.fromkeys(wanted))


@pytest.mark.parametrize("groups", [(0, 1, 2), (2, 0, 1)])
@pytest.mark.parametrize("outcomes", [(0, 1, 2, 3, 4), (4, 1, 0, 2, 3)])
def test_section_four_with_its_groups_side_by_side(groups: Sequence[int], outcomes: Sequence[int]) -> None:
    rows, source = review_rows(groups, outcomes), truth(**REVIEW)
    report = page("<p>四、政府信息公开行政复议、行政诉讼情况</p>", table(*zip(*rows, strict=True)))
    assert {cell.key: cell.value for cell in report.cells} == {
        key: value for key, value in source.figures.items() if key[0] == "review_litigation"
    }


@pytest.mark.parametrize("groups", [(0, 1, 2), (1, 0, 2)])
def test_section_four_under_one_head_for_group_and_outcome(groups: Sequence[int]) -> None:
    (outcomes, *rows), source = review_rows(groups, (1, 0, 2, 3, 4)), truth(**REVIEW)
    heads = [row[0] + outcome for row in rows for outcome in outcomes[1:]]
    report = page(table(heads, [figure for row in rows for figure in row[1:]]))
    assert {cell.key: cell.value for cell in report.cells} == {
        key: value for key, value in source.figures.items() if key[0] == "review_litigation"
    }


# -- without borders -------------------------------------------------------------------------------------------------


def flowing(heads: Sequence[str], order: Sequence[int] | None = None) -> Report:
    """Section three as running text, a row a line, under these heads."""
    source = truth()
    keys = list(dict.fromkeys(key[1] for key in source.raw if key[0] == "requests"))
    labels = {row.key: row.labels[0] for row in load().table("requests").rows}
    columns = [SEVEN[APPLICANT_HEADS.index(head)] for head in heads]
    lines = [
        "  ".join((labels[keys[place]], *(source.raw["requests", keys[place], column] for column in columns)))
        for place in order or range(len(keys))
    ]
    title = "云州市青澜区云蓼镇人民政府2022年政府信息公开工作年度报告"
    return read("\n".join((title, "三、收到和处理政府信息公开申请情况", "  ".join(("申请人情况", *heads)), *lines)))


def test_running_text_under_heads_of_the_form_is_read() -> None:
    assert row_of(flowing(APPLICANT_HEADS), "requests", "received_new") == [5, 2, 0, 0, 0, 0, 7]


@pytest.mark.parametrize(
    "heads",
    [("商业企业", "自然人", *APPLICANT_HEADS[2:]), (APPLICANT_HEADS[-1], *APPLICANT_HEADS[:-1])],
    ids=["two exchanged", "total first"],
)
def test_running_text_under_heads_in_another_order_is_not_read(heads: Sequence[str]) -> None:
    report = flowing(heads)
    assert {cell.basis for cell in report.cells if cell.table == "requests"} == {"ambiguous"}
    assert "ROW_AMBIGUOUS" in codes(report)


def test_running_text_with_its_rows_backwards_gives_no_figure_silently() -> None:
    assert silently_wrong(flowing(APPLICANT_HEADS, range(24, -1, -1)), truth()) == {}


@pytest.mark.parametrize("extra", ["上年总计", "备注", "占比", "2021年"])
@pytest.mark.parametrize("place", [0, 7])
def test_a_column_of_the_authors_own_in_running_text_lets_no_blank_be_placed(extra: str, place: int) -> None:
    """A blank was lost from one row: its figures and one of the added column are as many as the form's columns."""
    source = truth()
    lines = [["项目", *APPLICANT_HEADS]]
    for row in load().table("requests").rows_of("format_2021"):
        lines.append([row.labels[0], *(source.raw["requests", row.key, c] for c in SEVEN)])
    for number, line in enumerate(lines):
        line.insert(place + 1, extra if number == 0 else "3")
    del lines[3][2 if place else 3]
    report = page("<p>三、收到和处理政府信息公开申请情况</p>", *(f"<p>{'  '.join(line)}</p>" for line in lines))
    assert {cell.value for cell in report.cells if cell.table == "requests"} == {None}


@pytest.mark.parametrize(
    ("heads", "extra"),
    [
        ("本年制发件数  本年废止件数  现行有效件数  备注", "5"),
        ("上年数  本年制发件数  本年废止件数  现行有效件数", "5"),
    ],
)
def test_nor_in_section_two(heads: str, extra: str) -> None:
    report = page(f"<p>信息内容  {heads}</p><p>规章  0  0  0  {extra}</p><p>行政规范性文件  3  40  {extra}</p>")
    assert {cell.value for cell in report.cells} == {None}


def test_a_number_before_each_label_hides_no_heads_in_another_order() -> None:
    """A cell a line, the row's number before its label: the last row alone has seven figures."""
    source = truth()
    rows = load().table("requests").rows_of("format_2021")
    order = (SEVEN[0], SEVEN[1], SEVEN[4], SEVEN[3], SEVEN[2], *SEVEN[5:])
    heads = [APPLICANT_HEADS[SEVEN.index(column)] for column in order]
    lines = [["序号", "项目", *heads]]
    lines += [
        [str(n), row.labels[0], *(source.raw["requests", row.key, c] for c in order)] for n, row in enumerate(rows, 1)
    ]
    report = page("<p>三、收到和处理政府信息公开申请情况</p>", *(f"<p>{cell}</p>" for line in lines for cell in line))
    assert {cell.value for cell in report.cells if cell.table == "requests"} == {None}


@pytest.mark.parametrize(
    ("heads", "values"),
    [
        ("本年制发件数  本年废止件数  现行有效件数", [3, 1, 40]),
        ("本年制发件数  现行有效件数  本年废止件数", [None] * 3),
        ("现行有效件数  本年制发件数  本年废止件数", [None] * 3),
    ],
)
def test_heads_of_section_two_in_running_text(heads: str, values: list[Value | None]) -> None:
    report = page(f"<p>信息内容  {heads}</p><p>规章  0  0  0</p><p>行政规范性文件  3  1  40</p>")
    assert row_of(report, "art20_1", "normative_documents") == values


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        ("36", 36),
        ("36①", 36),
        ("36¹", 36),
        ("36件", 36),
        ("3万件", None),
        ("3万", None),
        ("12/14", None),
        ("12～14", None),
        ("约30", None),
        ("30余", None),
        ("5, 115", 5115),
        ("5 ,115", 5115),
        ("0, 115", None),
        ("5, 11", None),
        ("5, 115, 3", None),
        ("5,11", None),
        ("5、11", None),
        ("5；11", None),
        ("5,115", 5115),
        ("1,005,115", 1_005_115),
    ],
)
def test_figures_of_running_text_that_are_more_than_a_number(printed: str, value: Value | None) -> None:
    report = page(f"<p>信息内容  本年处理决定数量</p><p>行政许可  {printed}</p>")
    assert value_of(report, LICENSES) == value


@pytest.mark.parametrize(
    "heads", ["本年制发件数  本年废止件数  现行有效件数", "现行有效件数  本年制发件数  本年废止件数"]
)
def test_a_unit_behind_a_label_in_running_text_is_no_part_of_it(heads: str) -> None:
    """Nor does it hide heads in another order."""
    lines = ("规章  项  0  0  0", "行政规范性文件  件  3  1  40")
    report = page(f"<p>信息内容  单位  {heads}</p>", *(f"<p>{line}</p>" for line in lines))
    rows = [row_of(report, "art20_1", row) for row in ("rules", "normative_documents")]
    assert rows == ([[0, 0, 0], [3, 1, 40]] if heads.startswith("本年制发") else [[None] * 3] * 2)


def test_marks_of_markdown_in_a_cell_are_no_part_of_its_figure() -> None:
    rows = "| 信息内容 | 本年处理决定数量 |\n| --- | --- |\n| 行政处罚 | {} |\n| 行政强制 | `5` |\n"
    title = "# 云州市青澜区云蓼镇人民政府2022年政府信息公开工作年度报告\n\n"
    for printed in ("12[^1]", "12<sup>1</sup>", "~~9~~ 12", "**12**"):
        report = read(title + rows.format(printed))
        assert [row_of(report, "art20_6", row) for row in ("administrative_penalty", "administrative_compulsion")] == [
            [12],
            [5],
        ]


# -- local statistics ------------------------------------------------------------------------------------------------

LOCAL = (
    "主动公开文件数",
    "其中：1.政府网站公开数",
    "2.政府公报公开数",
    "受理依申请公开信息总数",
    "对申请的答复总数",
    "行政复议数",
)


def local(*columns: tuple[str, Sequence[str]]) -> Report:
    lines = [("指标名称", *(head for head, _ in columns))]
    lines += [(label, *(texts[place] for _, texts in columns)) for place, label in enumerate(LOCAL)]
    return page(table(*lines))


def test_last_years_column_of_a_local_table_is_not_this_years() -> None:
    last, this, since = (
        ("31", "32", "33", "34", "35", "36"),
        ("20", "12", "8", "5", "5", "2"),
        ("90", "60", "30", "25", "25", "9"),
    )
    report = local(("2015年度", last), ("2016年度", this), ("历年累计", since))
    values = {(cell.row, cell.column): cell.value for cell in report.cells}
    assert (values["proactive_total", "value"], values["proactive_total", "cumulative"]) == (20, 90)
    assert values["reconsideration_total", "value"] == 2


@pytest.mark.parametrize("last", ["2015年度", "2015年"])
def test_the_label_of_the_form_names_its_column_before_any_year(last: str) -> None:
    report = local(("本期实际", ("20", "12", "8", "5", "5", "2")), (last, ("31", "32", "33", "34", "35", "36")))
    assert row_of(report, "local_2008", "proactive_total")[0] == 20


@pytest.mark.parametrize(
    ("heads", "is_read"),
    [
        ("2016年度  历年累计", True),
        ("历年累计  2016年度", False),
        ("2015年度  2016年度", False),
        ("2016年度  历年累计  备注", False),
    ],
)
def test_heads_of_a_local_table_in_running_text(heads: str, is_read: bool) -> None:
    lines = [f"<p>{label}  {figure}  {figure + 40}</p>" for figure, label in enumerate(LOCAL, 20)]
    report = page(f"<p>指标名称  {heads}</p>", *lines)
    assert {*row_of(report, "local_2008", "reconsideration_total")} == ({25, 65} if is_read else {None})


def test_a_row_of_blanks_with_a_remark_is_no_head() -> None:
    blank = ("", "", "", "", "", "")
    report = local(
        ("历年累计", ("90", "60", "", "25", "25", "9")),
        ("2016年度", ("20", "12", "", "5", "5", "2")),
        ("说明", ("", "", "含转办", *blank[:3])),
    )
    assert row_of(report, "local_2008", "replies_total") == [5, 25]


def test_a_unit_column_in_tens_of_thousands_is_converted_and_said() -> None:
    units = ("万条", *["条"] * 5)
    report = local(
        ("计量单位", units),
        ("2016年度", ("2", "12", "8", "5", "5", "2")),
        ("历年累计", ("9", "60", "30", "25", "25", "9")),
    )
    assert row_of(report, "local_2008", "proactive_total") == [20_000, 90_000]
    assert row_of(report, "local_2008", "channel_website") == [12, 60]
    assert "NOTE_CHANGES_MEANING" in codes(report)


# -- money -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("figure", "head", "yuan"),
    [
        ("12,345.67元", "本年收费金额（单位：万元）", Decimal("12345.67")),
        ("12.5万元（含减免2万元）", "本年收费金额（单位：元）", 125_000),
        ("12.34 万 元", "本年收费金额", 123_400),
        ("12", "本年收费金额（千元）", 12_000),
    ],
)
def test_money_in_the_unit_nearest_to_it(figure: str, head: str, yuan: Value) -> None:
    report = page(table(("信息内容", head), ("行政事业性收费", figure)))
    assert value_of(report, FEES) == yuan


def test_blank_words_are_blank_and_label_no_row() -> None:
    source = reprinted(truth(), {("requests", "concluded_total", column): "不适用" for column in SEVEN[1:3]})
    report = read(html(source))
    blanks = [
        cell.basis for cell in report.cells if cell.key in {("requests", "concluded_total", c) for c in SEVEN[1:3]}
    ]
    assert silently_wrong(report, source) == {}
    assert blanks == ["derived", "derived"]
