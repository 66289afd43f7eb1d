"""Figures that the prose states of the body's whole year (step 6: report).

A statement is only what a sentence says of the body's whole year; a clause that speaks of a part (其中 by channel, of
single departments, of another year) or of about so many states nothing.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from parsers.document import Document
from parsers.headings import headed
from parsers.numbers import HAN_COUNT, MOST, han_count
from parsers.passages import Prose
from parsers.report import Statement, Unit, Value
from parsers.template import Template, load

_NUMBER = rf"(?P<number>\d(?:[\d,]|，(?=\d{{3}}(?!\d)))*(?:\.\d+)?|(?<!(?<![总件])数)(?<![几上成好第]){HAN_COUNT})"
_COUNTED = rf"{_NUMBER}(?P<scale>[万千百])?(?P<above>余|多)?(?:[件宗份条](?!例)|(?<=[\d零万千百余多])[次个项])"
_ABOUT = r"(?:(?P<about>约|近|超过?|逾)|累计达)?"
_REQUEST = (
    r"(?:公民、?法人(?:和|或|及)其他组织)?的?(?:政府|政务)?(?:信息)?(?:依申请)?(?:公开)?的?"
    r"(?:书面|有效)?申请(?:案件|事项|件)?"
)
_SUM = r"(?:共计?|总?数|总计|[为达])*"
_NO = r"(?:未曾?|没有|尚未|暂未|均未|并未|无)"
_NOT_OF_SOME = r"(?!人|行政|的?(?:单位|部门|乡镇|镇街|街道|科室|机关))"
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
    _rule("requests_received", rf"{_NO_RECEIPT}申请(?:政府)?信息公开{_NOT_OF_SOME}", value=0),
    _rule("requests_received", rf"{_NO_RECEIPT}(?:要求)?公开(?:政府|政务)?信息的?(?:书面)?申请{_NOT_OF_SOME}", value=0),
    _rule(
        "requests_received",
        rf"{_NO_RECEIPT}(?:政府|政务)?(?:信息)?(?:依申请)?公开(?:的|类)?(?:书面)?申请{_NOT_OF_SOME}",
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
    _rule(
        "fee_charged",
        rf"{_FEE}(?:实际|共)*收取(?:金额|总额)?(?:了|共计?|合计|总计|为)*{_NUMBER}(?P<scale>万)?元",
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
_LOOKED_BACK = 400
"""So many characters before a wording tell what it speaks of: a page may be one sentence of a million."""
_PART = re.compile(
    r"各(?:部门|单位|乡镇|镇街|街道|科室)|[市区县]直|其中[^，,]+$|网[上络站]|当面|信函|传真|邮件|邮寄|微信|微博"
    r"|同比|去年|上年|上一年"
)
_SINCE_THEN = re.compile(r"[（(][^）)]{0,12}以来")
_OTHER_MATTERS = re.compile(
    r"信访|来信|来访|行政许可|行政审批|审批|工单|热线|投诉|举报|提案|建议|议案|案件|行政复议|行政诉讼|行政处罚|事项"
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
    prose, marks = headed(document, template)
    edges = sorted({edge for mark in marks for edge in (mark.start, mark.end)})
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
            value = None if _SINCE_THEN.match(squeezed, match.end()) else _value(rule, match)
            before = squeezed[max(0, match.start() - _LOOKED_BACK) : match.start()]
            is_other = rule.key == "requests_concluded" and _is_of_other_matters(before + match[0])
            if value is not None and not is_other and _speaks_of_the_whole(rule, before, year, organization):
                found.setdefault(rule.key, []).append((value, rule.unit, match.start()))
    for key, figures in found.items():
        if len({value for value, _, _ in figures}) == 1:
            value, unit, start = figures[0]
            yield Statement(key, value, unit, squeezed, prose.locator(offset + places[start]))


_IN_THOUSANDS = re.compile(r"\d{1,3}(?:[,，]\d{3})+(?:\.\d+)?")
_SCALES = {"百": 100, "千": 1000, "万": 10_000}


def _value(rule: Rule, match: re.Match[str]) -> Value | None:
    """The figure, None for one of about so many: 1.2万 counts nothing to the last unit. Money in yuan."""
    if rule.value is not None:
        return rule.value
    groups = match.groupdict()
    if groups.get("about") or groups.get("above"):
        return None
    number, step = groups["number"], _SCALES.get(groups.get("scale") or "", 1)
    if not number[0].isdigit():
        count = han_count(number)
        return None if count is None else count * step
    if re.search("[,，]", number) and not _IN_THOUSANDS.fullmatch(number):
        return None
    figure = Decimal(number.replace(",", "").replace("，", ""))
    if rule.unit == "count" and len(number.partition(".")[2]) < len(str(step)) - 1:
        return None
    figure *= step
    if figure >= MOST:
        return None
    return int(figure) if figure == figure.to_integral_value() else figure


def _is_of_other_matters(text: str) -> bool:
    """Whether what was concluded are petitions, permits or calls, of which the sentence spoke last."""
    other = max((match.end() for match in _OTHER_MATTERS.finditer(text)), default=-1)
    return other > max(text.rfind("信息公开"), text.rfind("依申请"))


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
