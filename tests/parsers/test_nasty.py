"""Documents as editors and content systems spoil them: whatever happens, no cell may be silently wrong.

Each case changes the page of one report whose figures all differ, so that a figure in a wrong place shows. `WHOLE` cases
must be read to the last cell; of the others the cells named may be null, and nothing else.
"""

import re
from collections.abc import Callable

import pytest

from parsers.report import CellKey
from tests.parsers.small import errors, html, read, silently_wrong, truth, unread
from tests.specimens.truth import Truth

ROWS = {
    "received_new": (41, 13, 2, 3, 0, 5, 64),
    "carried_over_in": (6, 0, 1, 0, 0, 0, 7),
    "disclosed_full": (17, 5, 0, 1, 0, 2, 25),
    "disclosed_partial": (3, 1, 0, 0, 0, 0, 4),
    "denied_security_stability": (2, 0, 1, 0, 0, 0, 3),
    "denied_third_party_rights": (4, 2, 0, 0, 0, 0, 6),
    "unable_not_held": (11, 3, 2, 1, 0, 2, 19),
    "unprocessed_repeat": (1, 1, 0, 0, 0, 0, 2),
    "concluded_total": (38, 12, 3, 2, 0, 4, 59),
    "carried_over_out": (9, 1, 0, 1, 0, 1, 12),
    "reconsideration": (2, 1, 0, 4, 7),
    "litigation_direct": (5, 0, 1, 0, 6),
    "litigation_after_reconsideration": (3, 0, 0, 8, 11),
}
NORMATIVE = ("art20_1", "normative_documents")
LICENSE: CellKey = ("art20_5", "administrative_license", "decisions")
PENALTY: CellKey = ("art20_6", "administrative_penalty", "decisions")
COMPULSION: CellKey = ("art20_6", "administrative_compulsion", "decisions")
RECEIVED = ("requests", "received_new")


def meant_by(edition: str = "format_2021") -> Truth:
    report = truth(edition, **ROWS)
    columns = [key[2] for key in report.figures if key[:2] == NORMATIVE]
    others = {key: 21 + n for n, key in enumerate(report.figures) if key[0].startswith("art20") and key[1] not in ("rules", "administrative_fees")}
    return report.change({**others, **{(*NORMATIVE, column): n for column, n in zip(columns, (12, 4, 96), strict=False)}})


Change = Callable[[str], str]


def swap(old: str, new: str, times: int = 1) -> Change:
    def change(page: str) -> str:
        assert old in page, old
        return page.replace(old, new, times)

    return change


def each(pattern: str, new: str | Callable[[re.Match[str]], str], flags: int = 0) -> Change:
    def change(page: str) -> str:
        changed, count = re.subn(pattern, new, page, flags=flags)
        assert count
        return changed

    return change


def chain(*changes: Change) -> Change:
    def change(page: str) -> str:
        for one in changes:
            page = one(page)
        return page

    return change


FIGURE = r"<td>(\d+)</td>"
REQUESTS = r"(<tr><td rowspan=\"3\" colspan=\"3\">（本列.*?</table>)"
REVIEW = r"(<table[^>]*>\s*<tr><td colspan=\"5\">行政复议.*?</table>)"


def in_requests(pattern: str, new: str | Callable[[re.Match[str]], str]) -> Change:
    return each(REQUESTS, lambda table: re.sub(pattern, new, table[1]), re.DOTALL)


def second_table(words: str) -> Change:
    """A table of requests with other figures behind the first."""
    def change(page: str) -> str:
        table = re.search(r"<table[^>]*>\s*<tr><td rowspan=\"3\" colspan=\"3\">（本列.*?</table>", page, re.DOTALL)
        assert table
        other = re.sub(FIGURE, lambda figure: f"<td>{int(figure[1]) + 1}</td>", table[0])
        return page.replace(table[0], f"{table[0]}\n<p>{words}</p>\n{other}")

    return change


def share_column(page: str) -> str:
    """A column of percentages behind each total of section three."""
    def widened(table: re.Match[str]) -> str:
        rows = table[1].replace('<td rowspan="2">总计</td>', '<td rowspan="2">总计</td><td rowspan="2">占比</td>', 1)
        return re.sub(r"((?:<td>\d+</td>){7})", r"\1<td>12.5%</td>", rows.replace('colspan="7"', 'colspan="8"', 1))

    return re.sub(REQUESTS, widened, page, flags=re.DOTALL)


def number_column(page: str) -> str:
    """A column of row numbers in front of section three."""
    numbers = iter(range(1, 100))

    def widened(table: re.Match[str]) -> str:
        rows = table[1].replace('<tr><td rowspan="3" colspan="3">', '<tr><td rowspan="3">序号</td><td rowspan="3" colspan="3">', 1)
        lines = rows.split("\n")
        return "\n".join(line if n < 3 or not line.startswith("<tr>") else line.replace("<tr>", f"<tr><td>{next(numbers)}</td>", 1) for n, line in enumerate(lines))

    return re.sub(REQUESTS, widened, page, flags=re.DOTALL)


def last_year_column(page: str) -> str:
    """上年 beside 本年 in the table of licences."""
    return chain(
        swap('<tr><td colspan="2">第二十条第（五）项</td></tr>', '<tr><td colspan="3">第二十条第（五）项</td></tr>'),
        each(r"(<td>信息内容</td>)(<td>本年处理决定数量</td></tr>\s*<tr><td>行政许可</td>)", r"\1<td>上年处理决定数量</td>\2<td>777</td>"),
    )(page)


NOTE = "注：行政许可数含委托办理的 315 件；规章 2 件为联合制定。"
TABLE = "<table border=\"1\"><tr><td>{}</td></tr></table>"

WHOLE: dict[str, Change] = {
    "as it is": lambda page: page,
    "note under section two": swap("<p><strong>三、", f"<p>{NOTE}</p><p><strong>三、"),
    "note as a row": each(r"(<tr><td>行政许可</td>.*?</tr>)", rf'\1<tr><td colspan="2">{NOTE}</td></tr>'),
    "percent column": share_column,
    "row numbers": number_column,
    "no-break spaces": each(FIGURE, r"<td>&nbsp;\1&nbsp;</td>"),
    "zero-width spaces": each(FIGURE, "<td>\u200b\\1\u200b</td>"),
    "full-width digits": each(FIGURE, lambda m: "<td>" + m[1].translate({48 + n: 0xFF10 + n for n in range(10)}) + "</td>"),
    "figure in bold in a paragraph": each(FIGURE, r"<td><p><b>\1</b></p></td>"),
    "figure split over spans": each(r"<td>(\d)(\d)</td>", r"<td><span>\1</span><span>\2</span></td>"),
    "units in cells": in_requests(FIGURE, r"<td>\1件</td>"),
    "comments in cells": each(FIGURE, r"<td><!-- 99 -->\1<!--[if gte mso 9]>77<![endif]--></td>"),
    "hidden second figure": each(FIGURE, r'<td>\1<span style="display:none">88</span></td>'),
    "hidden row": swap("<tr><td>行政许可</td>", '<tr style="display:none"><td>行政许可</td><td>4444</td></tr><tr><td>行政许可</td>'),
    "deleted figures": each(FIGURE, r"<td><del>99</del>\1</td>"),
    "script in a cell": each(FIGURE, r"<td><script>var n=55;</script>\1</td>"),
    "table in a cell": in_requests(FIGURE, r"<td><table><tr><td>\1</td></tr></table></td>"),
    "everything in a layout table": chain(swap('<div class="article">', '<table class="layout"><tr><td>'), swap('</div>\n<div class="foot">', '</td></tr></table>\n<div class="foot">')),
    "side bar in a layout table": chain(
        swap('<div class="article">', '<table class="layout"><tr><td width="200">目录 一、概述 1 二、主动公开 2</td><td>'),
        swap('</div>\n<div class="foot">', '</td></tr></table>\n<div class="foot">'),
    ),
    "heads with units": each(r"本年处理决定数量", "本年处理决定数量（件）"),
    "labels with full stops": each(r">(\d)\.(?=[\u4e00-\u9fff])", r">\1．"),
    "labels without numbers": each(r">(\d)\.(?=[\u4e00-\u9fff])", r">"),
    "labels with line breaks": each(r"(公开|信息|申请)</td>", r"<br>\1</td>"),
    "empty rows": each(r"</tr>\n<tr><td>(行政强制|2\.重复)", r"</tr>\n<tr><td></td><td></td></tr>\n<tr><td>\1"),
    "page break inside": each(r"(<tr><td>2\.重复)", r'<tr><td colspan="10">— 5 —</td></tr>\1'),
    "footnote marks": each(r"<td>(41|528|64)</td>", r"<td>\1<sup>①</sup></td>"),
    "footnote numbers": each(r"<td>(41|13)</td>", r"<td>\1<sup>1</sup></td>"),
    "annotated figures": each(r"<td>(12|96)</td>", r"<td>\1（含联合发文2件）</td>"),
    "a table of last year above": swap(
        "<p><strong>二、",
        "<p>上年情况：</p><table border=1><tr><td>信息内容</td><td>数量</td></tr><tr><td>行政许可</td><td>999</td></tr><tr><td>行政处罚</td><td>888</td></tr></table><p><strong>二、",
    ),
    "a comparison of years": swap(
        "<p><strong>六、",
        "<table border=1><tr><td>年度</td><td>本年新收政府信息公开申请数量</td><td>结转下年度继续办理</td></tr><tr><td>2021</td><td>8</td><td>9</td></tr><tr><td>2022</td><td>64</td><td>12</td></tr></table><p><strong>六、",
    ),
    "ways of applying": swap(
        "<p><strong>四、",
        "<table border=1><tr><td>申请方式</td><td>自然人</td><td>法人或其他组织</td><td>总计</td></tr><tr><td>当面申请</td><td>33</td><td>8</td><td>41</td></tr><tr><td>其他</td><td>8</td><td>0</td><td>8</td></tr></table><p><strong>四、",
    ),
    "fees of information": swap(
        "<p><strong>六、",
        "<table border=1><tr><td>通知收取件数</td><td>金额（元）</td></tr><tr><td>3</td><td>600</td></tr></table><p><strong>六、",
    ),
    "sentence with figures between the tables": swap("<p><strong>三、", "<p>全年行政许可 777 件，行政处罚 888 件，予以公开 999 件，重复申请 555 件。</p><p><strong>三、"),
    "uppercase tags": lambda page: re.sub(r"</?(?:td|tr|table)\b", lambda m: m[0].upper(), page),
    "th instead of td": each(r"<td>(\d\.[^<]*)</td>", r"<th>\1</th>"),
    "spaces inside labels": each(r"行政许可|行政处罚|行政强制", lambda m: " ".join(m[0])),
    "attributes with tags inside": each(FIGURE, r'<td title="<td>66</td>">\1</td>'),
    "no closing tags": each(r"</td>|</tr>", ""),
    "traditional": each(r"行政許可|行政许可", "行政許可"),
    "heading of the organisations one column wide": swap('<td colspan="5">法人或其他组织</td>', "<td>法人或其他组织</td>"),
    "heading of the organisations too wide": swap('<td colspan="5">法人或其他组织</td>', '<td colspan="6">法人或其他组织</td>'),
    "empty row under the heads": each(r"(<tr><td>规章</td>)", r"<tr><td></td><td></td><td></td><td></td></tr>\1"),
    "two heads of section three": each(r"(<tr><td rowspan=\"3\" colspan=\"3\">（本列.*?</tr>)", r"<tr><td colspan='10'>收到和处理政府信息公开申请情况统计表</td></tr>\1"),
    "total first in the words of the head": swap('<td rowspan="2">总计</td>', '<td rowspan="2">总 计</td>'),
}

PARTLY: dict[str, tuple[Change, Callable[[CellKey], bool]]] = {
    "decimal nought": (in_requests(FIGURE, r"<td>\1.0</td>"), lambda key: key[0] == "requests"),
    "dashes for noughts": (each(r"<td>0</td>", "<td>—</td>"), lambda key: True),
    "none for noughts": (each(r"<td>0</td>", "<td>无</td>"), lambda key: True),
    "Chinese nought": (each(r"<td>0</td>", "<td>〇</td>"), lambda key: False),
    "blank for noughts": (each(r"<td>0</td>", "<td></td>"), lambda key: True),
    "two lines in a cell": (each(r"<td>(4)(1)</td>", r"<td>\1<br>\2</td>"), lambda key: key[:2] == RECEIVED),
    "two figures in a cell": (in_requests(r"<td>41</td><td>13</td>", "<td>41 13</td><td></td>"), lambda key: key[:2] == RECEIVED),
    "merged figures": (in_requests(r"<td>0</td><td>5</td>", '<td colspan="2">5</td>'), lambda key: key[:2] == RECEIVED),
    "merged over two rows": (chain(each(r"<tr><td>行政处罚</td><td>", '<tr><td>行政处罚</td><td rowspan="2">'), each(r"<tr><td>行政强制</td><td>\d+</td>", "<tr><td>行政强制</td>")), lambda key: key[0] == "art20_6"),
    "a cell deleted": (in_requests(r"<td>41</td>", ""), lambda key: key[:2] == RECEIVED),
    "a cell added": (in_requests(r"<td>41</td>", "<td>41</td><td>0</td>"), lambda key: key[:2] == RECEIVED),
    "a correction behind": (second_table("更正：以下为更正后的表格"), lambda key: key[0] == "requests"),
    "last year's table behind": (second_table("附：2021年情况"), lambda key: key[0] == "requests"),
    "last year's column": (last_year_column, lambda key: key[0] == "art20_5"),
    "approximate": (each(r"<td>528</td>|<td>(41)</td>", r"<td>约\1</td>"), lambda key: key[:2] == RECEIVED or key == LICENSE),
    "arrows": (each(r"<td>(41)</td>", r"<td>\1↑</td>"), lambda key: key[:2] == RECEIVED),
    "sum in the cell": (each(r"<td>(41)</td>", r"<td>\1+2</td>"), lambda key: key[:2] == RECEIVED),
    "formula": (each(r"<td>(41)</td>", r"<td>=SUM(B2:B5)</td>"), lambda key: key[:2] == RECEIVED),
    "date in a cell": (each(r"<td>(41)</td>", r"<td>2022.12</td>"), lambda key: key[:2] == RECEIVED),
    "two rows exchanged": (
        each(r"(<tr><td>行政处罚</td>.*?</tr>)\s*(<tr><td>行政强制</td>.*?</tr>)", r"\2\1"),
        lambda key: False,
    ),
    "columns exchanged under their heads": (
        chain(
            swap("<td>本年制发件数</td><td>本年废止件数</td>", "<td>本年废止件数</td><td>本年制发件数</td>"),
            swap("<td>12</td><td>4</td>", "<td>4</td><td>12</td>"),
        ),
        lambda key: key[0] == "art20_1",
    ),
    "heads of section two lost": (
        each(r"<tr><td>信息内容</td><td>本年制发件数</td>.*?</tr>", ""),
        lambda key: False,
    ),
    "row label doubled": (in_requests(r"2\.重复申请", "1.信访举报投诉类申请"), lambda key: key[1].startswith("unprocessed")),
    "group cell repeated in each row": (
        in_requests(r"<tr><td>(\d\.)", r"<tr><td>（三）不予公开</td><td>\1"),
        lambda key: key[0] == "requests",
    ),
    "rows without labels": (in_requests(r"<tr><td>2\.重复申请</td>", "<tr><td></td>"), lambda key: key[1] == "unprocessed_repeat"),
    "label in the wrong cell": (in_requests(r"<tr><td>2\.重复申请</td><td>1</td>", "<tr><td>1</td><td>2.重复申请</td>"), lambda key: key[1] == "unprocessed_repeat"),
}


def check(report_of: Change, may_lack: Callable[[CellKey], bool], edition: str = "format_2021") -> None:
    meant = meant_by(edition)
    report = read(report_of(html(meant)))
    assert silently_wrong(report, meant) == {}
    assert {key for key in unread(report, meant) if not may_lack(key)} == set()
    assert errors(report) == []


@pytest.mark.parametrize("name", WHOLE)
def test_spoilt_and_read_whole(name: str) -> None:
    check(WHOLE[name], lambda key: False)


@pytest.mark.parametrize("name", PARTLY)
def test_spoilt_and_never_silently_wrong(name: str) -> None:
    check(*PARTLY[name])
