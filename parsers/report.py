"""The typed report and the registry of finding codes (step 6: report). Types only.

The field order of these structs is the field order of `nianbao parse --json`.
"""

from decimal import Decimal
from typing import Literal

from msgspec import Struct

Value = int | Decimal
Basis = Literal["observed", "derived", "blank", "missing", "ambiguous"]
Status = Literal["ok", "partial", "not_a_report", "unreadable"]
Severity = Literal["error", "warning", "info"]
Unit = Literal["count", "CNY", "unknown"]
Kind = Literal["government", "department", "subdistrict", "zone"]
Level = Literal["state", "province", "prefecture", "county", "township"]
CellKey = tuple[str, str, str]
"""(table, row, column), keys of the templates."""


class Cell(Struct, frozen=True, gc=False):
    """One printed cell of a template table. `value` is None unless `basis` is observed or derived.

    `raw` is the source's text (None where nothing stands), `locator` its place (None likewise), `unit` of the value;
    `confidence` from 0 to 1 only where characters were recognised from pixels.
    """

    table: str
    row: str
    column: str
    value: Value | None
    unit: Unit
    raw: str | None
    basis: Basis
    locator: str | None
    confidence: float | None = None

    @property
    def key(self) -> CellKey:
        return (self.table, self.row, self.column)


class Section(Struct, frozen=True, gc=False):
    """One of the six prescribed sections, by its wording, never by its number."""

    key: str
    heading: str
    text: str


class Statement(Struct, frozen=True, gc=False):
    """A figure stated in prose, with the sentence that states it."""

    key: str
    value: Value
    unit: Unit
    sentence: str
    locator: str


class Correction(Struct, frozen=True, gc=False):
    """One cell of a correcting set, with the value that would restore the identities. Never applied."""

    cell: CellKey
    value: Value


class Finding(Struct, frozen=True, gc=False):
    """Something a reader of the figures should know. For a broken identity, `code` is the identity's id, `cells` all its
    cells, `expected` its left and `actual` its right side as the template writes them."""

    code: str
    severity: Severity
    cells: tuple[CellKey, ...]
    message: str
    message_zh: str
    expected: Value | None = None
    actual: Value | None = None
    corrections: tuple[tuple[Correction, ...], ...] = ()


class Report(Struct, frozen=True):
    """What one document says. A document without a report gives one with that status and no cells."""

    source: str
    sha256: str
    media_type: str | None
    reader: str | None
    status: Status
    reason: str | None
    organization: str | None = None
    division_code: str | None = None
    level: Level | None = None
    kind: Kind | None = None
    year: int | None = None
    template: str | None = None
    tables: dict[str, str] = {}
    title: str | None = None
    published: str | None = None
    cells: tuple[Cell, ...] = ()
    sections: tuple[Section, ...] = ()
    statements: tuple[Statement, ...] = ()
    findings: tuple[Finding, ...] = ()


class Code(Struct, frozen=True):
    """A finding code that is not an identity: its severity and what it means, in English and Chinese."""

    severity: Severity
    en: str
    zh: str


CODES: dict[str, Code] = {
    "ROW_WITHOUT_KEY": Code("info", "a printed row that the form does not know", "表中有格式之外的行"),
    "ROW_MISSING": Code("warning", "a row of the form does not stand in the source", "缺少格式规定的行"),
    "TABLE_MISSING": Code("warning", "a table of the form was not found", "缺少格式规定的表"),
    "LABEL_DOUBTFUL": Code("warning", "a label matches the form only weakly", "行名或列名与格式差异较大"),
    "COLUMNS_BY_POSITION": Code("info", "column heads are unreadable; columns were taken by position", "列名缺失，按位置对应"),
    "ROW_AMBIGUOUS": Code("warning", "the figures of a row fit its cells in several ways", "该行数字与单元格的对应不唯一"),
    "CELL_UNREADABLE": Code("warning", "a cell holds something that is no figure of its type", "单元格内容无法识别为该类型的数字"),
    "OCR_DOUBTFUL": Code(
        "warning", "a figure recognised from a picture with little certainty, which no identity supports", "图像识别不确定且无勾稽关系印证"
    ),
    "DERIVED_UNCONFIRMED": Code(
        "warning", "a derived value other than 0 that no further identity confirms", "推导值非零且无其他勾稽关系可印证"
    ),
    "IDENTITY_RELAXED": Code(
        "warning", "glued figures could only be cut by leaving out an identity that fails", "粘连数字只有放弃某一勾稽关系才能切分"
    ),
    "SOLVER_BOUND": Code("warning", "the search for the only reading was stopped at its bound", "求解达到上限，未能判定唯一读法"),
    "MONEY_UNIT_UNKNOWN": Code("warning", "an amount without a printed unit", "金额未标单位"),
    "MONEY_UNIT_CONFLICT": Code("warning", "two different money units for one cell; the nearer was taken", "同一金额有两种单位，取较近者"),
    "RULES_ONLY_WITH_POWER": Code(
        "warning", "rules (规章) reported by a body without rule-making power", "无规章制定权的机关填报了规章"
    ),
    "YEAR_DISAGREES": Code("warning", "title, period, heads or signature name different years", "标题、统计期限、表头或落款年份不一致"),
    "ORGANIZATION_DISAGREES": Code("info", "title, signature or metadata name different bodies", "标题、落款或元数据机关名称不一致"),
    "ORGANIZATION_UNKNOWN": Code("warning", "the issuing body could not be read", "未能识别编制机关"),
    "PERIOD_SHORT": Code("warning", "the reporting period is not a whole year", "统计期限不满一年"),
    "DATES_DISAGREE": Code("info", "printed, signed and address dates disagree", "发布日期、落款日期与网址日期不一致"),
    "TEXT_VS_TABLE": Code("info", "prose and table give different figures", "正文与表格数字不一致"),
    "ATTACHMENT_ONLY": Code("warning", "the tables stand only in an attachment", "表格仅在附件中"),
    "CHARSET_DECLARED_WRONGLY": Code("info", "the declared charset is not the one used", "声明的字符编码有误"),
    "DOCUMENT_TRUNCATED": Code("warning", "the document breaks off", "文件不完整"),
    "NOTE_CHANGES_MEANING": Code("info", "a note under a table changes what its figures count", "表注改变了数字口径"),
    "DUPLICATE_REPORT": Code(
        "warning", "another address gives the same body's same year other figures", "同一机关同一年度另有内容不同的年报"
    ),
    "IDENTITY_UNCERTAIN": Code(
        "warning", "body or year are not certain; kept apart from every other report", "机关或年度无法确定，未与其他年报合并"
    ),
    "IMPLAUSIBLE_JUMP": Code(
        "warning", "a figure is many times that of the year before, or a small part of it", "与上年相差悬殊"
    ),
    "COPIED_FIGURES": Code(
        "warning", "a table repeats every figure of the year before", "整张表与上年数字完全相同，疑为沿用上年数据"
    ),
    "DIVISION_DOUBTFUL": Code(
        "info", "which administrative division the body belongs to is not certain", "机关所属行政区划不能确定"
    ),
    "ORGANIZATION_DOUBTFUL": Code(
        "info", "perhaps the same body as another of nearly the same name in earlier years", "名称相近且年度相接，或为同一机关更名"
    ),
    "COPIED_PAGE": Code("warning", "the page is a copy on a foreign host", "页面为他站转载副本"),
    "READER_REMARK": Code("info", "the reader had to decide something", "读取时有需说明的判断"),
}
"""Every code that `parsers` or `nianbao` may raise beside the identities of the templates."""


def finding(
    code: str,
    message: str,
    message_zh: str,
    cells: tuple[CellKey, ...] = (),
    severity: Severity | None = None,
) -> Finding:
    """A finding of a registered code with the code's severity. Raises KeyError for an unregistered code."""
    return Finding(code, severity or CODES[code].severity, cells, message, message_zh)
