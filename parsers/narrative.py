"""The six prescribed sections, and the figures that the prose states (step 6: report).

A statement is only what a sentence says of the body's whole year; a clause that speaks of a part (其中 by channel, of
single departments, of another year) or of about so many states nothing.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from parsers.document import Document
from parsers.headings import chosen, marks_of
from parsers.passages import Prose, passages_of, prose_of
from parsers.report import Cell, CellKey, Finding, Section, Statement, Unit, Value, finding
from parsers.template import Template, load
from parsers.titles import lines_of


def sections(document: Document, template: Template) -> tuple[Section, ...]:
    """The prescribed sections in the order in which they stand; one that is headed twice has both texts."""
    prose = prose_of(passages_of(document, template))
    marks = chosen(tuple(marks_of(prose, template)), template)
    texts: dict[str, tuple[str, list[str]]] = {}
    for mark, following in zip(marks, (*(mark.start for mark in marks[1:]), len(prose.text)), strict=False):
        heading = "".join(prose.text[mark.start : mark.end].split())
        texts.setdefault(mark.key, (heading, []))[1].append(prose.text[mark.end : following].strip())
    return tuple(
        Section(key, heading.lstrip("#"), "\n".join(filter(None, parts))) for key, (heading, parts) in texts.items()
    )


# -- statements ------------------------------------------------------------------------------------------------------

_NUMBER = r"(?P<number>\d[\d,]*(?:\.\d+)?|零)"
_COUNTED = rf"{_NUMBER}(?P<about>余|多)?(?:[件宗份条次个项])"
_ABOUT = r"(?:约|近|超过?|逾|累计达)?"
_REQUEST = (
    r"(?:公民、?法人(?:和|或|及)其他组织)?的?(?:政府|政务)?(?:信息)?(?:依申请)?(?:公开)?的?"
    r"(?:书面|有效)?申请(?:案件|事项|件)?"
)
_SUM = r"(?:共计?|总?数|总计|[为达])*"
_NO = r"(?:未曾?|没有|尚未|暂未|均未|并未|无)"
_FEE = r"(?:政府)?(?:信息)?(?:公开)?(?:信息)?处理费(?:用)?"


class Rule(NamedTuple):
    """A wording that states a figure: `value` is fixed for a negative wording, else its group `number` is the figure.

    Where `is_whole` the clause before the wording must speak of the whole body and its whole year.
    """

    key: str
    pattern: re.Pattern[str]
    unit: Unit = "count"
    value: int | None = None
    is_whole: bool = True


def _rule(key: str, pattern: str, unit: Unit = "count", value: int | None = None, *, is_whole: bool = True) -> Rule:
    return Rule(key, re.compile(pattern), unit, value, is_whole)


_NO_RECEIPT = (
    rf"{_NO}(?:收到|受理|接到|接收)(?:有关|任何|形式的|过|关于|到|公民|、|法人|和|或者?|及|其[他它]组织|群众|提出|提交|的)*"
)
_RECEIVED = r"(?:新?收到|受理|新收|接到|接收|共收)(?:和受理|并受理|了|的)?"
_RULES: tuple[Rule, ...] = (
    _rule("requests_received", rf"{_RECEIVED}{_REQUEST}(?:共计?|总数|总计|合计|数量?|为|：|:)*{_ABOUT}{_COUNTED}"),
    _rule("requests_received", rf"{_RECEIVED}(?:共计?)?{_ABOUT}{_COUNTED}{_REQUEST}"),
    _rule(
        "requests_received",
        rf"{_RECEIVED}(?:共计?)?(?:依申请(?:信息)?公开|申请公开)(?:政府|政务)?(?:信息)?(?:..)?(?:共计?)?{_ABOUT}{_COUNTED}",
    ),
    _rule("requests_received", rf"{_NO_RECEIPT}申请(?:政府)?信息公开", value=0),
    _rule("requests_received", rf"{_NO_RECEIPT}(?:要求)?公开(?:政府|政务)?信息的?(?:书面)?申请(?!人|行政)", value=0),
    _rule(
        "requests_received",
        rf"{_NO_RECEIPT}(?:政府|政务)?(?:信息)?(?:依申请)?公开(?:的|类)?(?:书面)?申请(?!人|行政)",
        value=0,
    ),
    _rule(
        "requests_received",
        rf"{_NO}(?:发生|产生|收到|受理)?(?:政府信息)?依申请公开(?:政府信息)?的?(?:申请)?(?:事项|情况|件)(?=[。，,；;]|$)",
        value=0,
    ),
    _rule("requests_concluded", rf"(?<!未)(?:办结|办理完结|办理完毕|答复)(?:了|{_REQUEST})?(?:共计?)?{_COUNTED}"),
    _rule("disclosed", rf"(?<![不未部分])(?:予以|同意)公开(?:答复|的)?(?:共计?)?{_COUNTED}", is_whole=False),
    _rule("proactive_items", rf"主动公开[了的]?(?:各类)?(?:..)?(?:信息|文件){_SUM}{_ABOUT}{_COUNTED}"),
    _rule("proactive_items", rf"(?:政府)?信息主动公开(?:共计?|数|为)*{_ABOUT}{_COUNTED}"),
    _rule(
        "fee_charged",
        rf"(?:收取|收)(?:了|的)?{_FEE}(?:共?\d+[件笔次][，,、]?)?(?:共计?|合计|总计|金额|总额|为)*{_NUMBER}(?P<scale>万)?元",
        "CNY",
        is_whole=False,
    ),
    _rule("fee_charged", rf"{_NO}(?:向申请人)?(?:收取|产生|发生)(?:过|任何|相关)*{_FEE}", "CNY", 0, is_whole=False),
    _rule("fee_charged", rf"无(?:收取)?{_FEE}(?:收取|收费)?(?:情况|事项)", "CNY", 0, is_whole=False),
    _rule("fee_charged", rf"{_NO}向申请人收取任何费用", "CNY", 0, is_whole=False),
    _rule("fee_charged", rf"{_NO}(?:发生|产生)(?:政府)?(?:信息公开)?的?收费(?:事项|情况)", "CNY", 0, is_whole=False),
)
_SUBJECT = re.compile(r"申请|公开|处理费|费用|收费|办结")
_WHOLE = re.compile(
    r"(?:\d{4}年(?:度|以来)?|\d{1,2}月\d{1,2}日|截[至止]|[至到]|全年|今年(?:以来)?|本?年度内?|年内|其中|我|本|全|各级|各"
    r"|[省市区县镇乡街道局委厅办部]|[(（][^)）]*[)）]|党委|人民政府|政府|行政机关|机关|单位|部门|系统|及其|和"
    r"|一?共计?|总共|累计|总计|新|已|均|依法依规|依法|及时|按时|按期|如期|全部|[、,，:：\s])*"
)
"""What may stand before a wording that speaks of the whole body and its whole year."""
_LONGEST_SUBJECT = 60
_PART = re.compile(
    r"各(?:部门|单位|乡镇|镇街|街道|科室)|[市区县]直|其中[^，,]+$|网[上络站]|当面|信函|传真|邮件|邮寄|微信|微博"
    r"|同比|去年|上年|上一年"
)
_ALL_YEAR = re.compile(r"全年|年度|年内|今年|本年|(?<!\d)20\d{2}年(?!(?:以来|第?[一二三四\d]|[上下]半年|[底末]))|1月1?日?[至到\-—]+12月")
_PART_OF_THE_YEAR = re.compile(
    r"(?:^|[^\d至到\-—])\d{1,2}月份?$|(?:至|到|-|—)(?:[1-9]|1[01])月份?$|[一二三四]季度$|[上下]半年$|^近.{1,3}年来?$|.年来$"
    r"|(?<![今\d]年)(?<!\d年度)以来$|^(?!.*(?:统计|报告|12月31)).*期间$|[^年度]后$"
)
_OTHER_BODY = r"^(?![^局委办处镇乡]*[我本全]|.*简称)[\u4e00-\u9fff]{2,20}(?:局|委|办|处|镇|乡|街道)$"
_OTHER_SUBJECT = re.compile(
    r"^(?!.*(?:公开|申请|答复|办理)(?:工作)?方面).*(?:方面|领域|类)$|^(?:围绕|针对)"
    r"|^(?:在|通过|利用|依托)(?!.*(?:[各多全]|等|、)).*(?:网站?|微信|微博|平台|公众号|公报|客户端)(?:上|中|方面)?$"
    rf"|{_OTHER_BODY}|^(?!.*(?:办结|办理|答复|受理|收到|上述|所有|全部)).*申请中?$"
)
"""Clauses before the wording that name a part: of the body's field, of its channels, another body, some applications."""
_OF_SOME = re.compile(r"每[件页次份]|超过|可以?$|应当?$|须$|标准|规定的$")
"""A fee for each or in some case is no fee of the year."""


def statements(
    document: Document, template: Template | None = None, year: int | None = None, organization: str | None = None
) -> tuple[Statement, ...]:
    """The figures that the prose states, in order, each value of a key once. `year` and `organization` are the report's:
    a clause that names another year, or another body, states nothing."""
    template = template or load()
    prose = prose_of(passages_of(document, template))
    edges = sorted({edge for mark in marks_of(prose, template) for edge in (mark.start, mark.end)})
    stated: dict[tuple[str, Value], Statement] = {}
    for offset, sentence in prose.sentences():
        for start, part in _parts(offset, sentence, edges):
            for statement in _stated_in(prose, start, part, year, organization):
                stated.setdefault((statement.key, statement.value), statement)
    return tuple(stated.values())


def _parts(offset: int, sentence: str, edges: list[int]) -> Iterator[tuple[int, str]]:
    """A sentence cut where a heading that was glued to it begins or ends."""
    cuts = [0, *(edge - offset for edge in edges if offset < edge < offset + len(sentence)), len(sentence)]
    for start, end in pairwise(cuts):
        yield offset + start, sentence[start:end]


def _stated_in(
    prose: Prose, offset: int, sentence: str, year: int | None, organization: str | None
) -> Iterator[Statement]:
    """What one sentence states; a key with two different figures in it states neither."""
    squeezed = "".join(sentence.split())
    if not _SUBJECT.search(squeezed):
        return
    places = [place for place, character in enumerate(sentence) if not character.isspace()]
    found: dict[str, list[tuple[Value, Unit, int]]] = {}
    for rule in _RULES:
        for match in rule.pattern.finditer(squeezed):
            value = _value(rule, match)
            if value is not None and _speaks_of_the_whole(
                rule, squeezed[: match.start()], year, organization
            ):
                found.setdefault(rule.key, []).append((value, rule.unit, match.start()))
    for key, figures in found.items():
        if len({value for value, _, _ in figures}) == 1:
            value, unit, start = figures[0]
            yield Statement(key, value, unit, squeezed, prose.locator(offset + places[start]))


def _value(rule: Rule, match: re.Match[str]) -> Value | None:
    """The figure, None for one of about so many. Money in yuan."""
    if rule.value is not None:
        return rule.value
    groups = match.groupdict()
    if groups.get("about"):
        return None
    figure = Decimal(0) if groups["number"] == "零" else Decimal(groups["number"].replace(",", ""))
    if groups.get("scale"):
        figure *= 10000
    return int(figure) if figure == figure.to_integral_value() else figure


def _speaks_of_the_whole(rule: Rule, before: str, year: int | None, organization: str | None) -> bool:
    *earlier, clause = re.split(r"[,，]", re.split(r"[。:：…]", before)[-1])
    clause = re.sub(r"^.*?(?=20\d{2}年[^年]*$)", "", clause)
    years = {int(named) for named in re.findall(r"(?<!\d)(20\d{2})年", before)}
    if year is not None and years and year not in years:
        return False
    if _is_narrowed(earlier, clause):
        return False
    own = clause.replace(organization, "我") if organization else clause
    if not rule.is_whole:
        is_anothers = rule.value is None and re.search(_OTHER_BODY, own)
        return not (is_anothers or re.search(r"其中[^，,]+$|去年|上年", own) or _OF_SOME.search(own))
    return len(own) <= _LONGEST_SUBJECT and bool(_WHOLE.fullmatch(own)) and not _PART.search(own)


def _is_narrowed(earlier: list[str], clause: str) -> bool:
    """Whether a clause of its own before the wording (`上半年，`, `财政领域，`) leaves only a part in view, or the count runs
    on since some earlier day (`截至…，累计`)."""
    if _ALL_YEAR.search(clause):
        return any(_OTHER_SUBJECT.search(part) for part in earlier)
    if "累计" in clause and any(re.search(r"截[至止]", part) for part in (*earlier, clause)):
        return not any(_ALL_YEAR.search(part) for part in earlier)
    return any(_OTHER_SUBJECT.search(part) or _PART_OF_THE_YEAR.search(part) for part in earlier)


# -- notes under tables ----------------------------------------------------------------------------------------------

_NOTE = re.compile(r"^\s*(?:备?注|说明)\s*\d{0,2}\s*[:：]\s*(?P<note>.{4,200})", re.DOTALL)
_CHANGES_MEANING = re.compile(r"(?:包含|包括|含|不含|不包括|计入|未计入|结转|口径|合并|统计范围)")


def note_findings(document: Document) -> tuple[Finding, ...]:
    """NOTE_CHANGES_MEANING for each note (注：…) that says what the figures of a table include or leave out."""
    notes = (match["note"].strip() for line in lines_of(document.blocks) if (match := _NOTE.match(line)))
    return tuple(
        finding("NOTE_CHANGES_MEANING", f"a note says: {note}", f"表注：{note}")
        for note in dict.fromkeys(notes)
        if _CHANGES_MEANING.search(note)
    )


# -- prose against tables --------------------------------------------------------------------------------------------

_CELLS: dict[str, tuple[CellKey, ...]] = {
    "requests_received": (
        ("requests", "received_new", "total"),
        ("stat_2014", "requests_received", "value"),
        ("local_2008", "requests_received", "value"),
    ),
    "requests_concluded": (("requests", "concluded_total", "total"), ("stat_2014", "concluded_total", "value")),
    "disclosed": (
        ("requests", "disclosed_full", "total"),
        ("stat_2014", "reply_disclosed", "value"),
        ("local_2008", "reply_disclosed", "value"),
    ),
    "proactive_items": (("stat_2014", "proactive_total", "value"), ("local_2008", "proactive_total", "value")),
}
_FEES: CellKey = ("art20_8", "administrative_fees", "amount_collected")


def prose_findings(statements: tuple[Statement, ...], cells: tuple[Cell, ...]) -> tuple[Finding, ...]:
    """TEXT_VS_TABLE where no figure that the prose states of a quantity is the table's; FEE_LE_ADMIN_FEES where the fee
    told is above the administrative fees that should contain it. Both are information: often both are right."""
    values = {cell.key: cell.value for cell in cells if cell.value is not None}
    return (*_contradictions(statements, values), *_fee_above_fees(statements, values))


def _contradictions(statements: tuple[Statement, ...], values: dict[CellKey, Value]) -> Iterator[Finding]:
    for key, cells in _CELLS.items():
        stated = [statement.value for statement in statements if statement.key == key]
        for cell in cells:
            if stated and cell in values and values[cell] not in stated:
                yield Finding(
                    "TEXT_VS_TABLE",
                    "info",
                    (cell,),
                    f"the prose says {stated[0]} ({key}), the table {values[cell]}",
                    f"正文为{stated[0]}，表格为{values[cell]}",
                    expected=stated[0],
                    actual=values[cell],
                )


def _fee_above_fees(statements: tuple[Statement, ...], values: dict[CellKey, Value]) -> Iterator[Finding]:
    for statement in statements:
        if statement.key == "fee_charged" and _FEES in values and statement.value > values[_FEES]:
            yield Finding(
                "FEE_LE_ADMIN_FEES",
                "info",
                (_FEES,),
                f"information-processing fee {statement.value} yuan above administrative fees {values[_FEES]} yuan",
                f"信息处理费{statement.value}元大于行政事业性收费{values[_FEES]}元",
                expected=statement.value,
                actual=values[_FEES],
            )
