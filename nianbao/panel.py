"""The panel: one row for each body and year, headline figures as published and indicators computed from them.

Each figure and each indicator is defined once, here, as data. Figures keep the published number even where it is
contradicted (`caveats` then names the broken identity); an indicator is null unless every one of its parts is a number
that no error touches, and `why_null` says what stood in the way. Rows that the form does not print, such as the sum of
all refusals, are computed from their parts as the templates list them.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any, Literal

from msgspec import Struct

from nianbao.schemas import Column
from parsers.report import Cell, CellKey, Finding, Report, Value
from parsers.template import Line, Table, load

Ref = str
"""`table/row/column`, keys of the codebook; a row or column that is not printed stands for the sum of its parts."""


class Figure(Struct, frozen=True):
    """A figure of the form under the name that the panel gives it."""

    key: str
    ref: Ref
    zh: str
    en: str


class Indicator(Struct, frozen=True):
    """A ratio of sums of figures, or the growth of one figure over the year before. The unit is 1 (1 = 100 %)."""

    key: str
    zh: str
    en: str
    over: tuple[Ref, ...]
    under: tuple[Ref, ...] = ()
    kind: Literal["ratio", "growth"] = "ratio"
    caveat_zh: str = ""
    caveat_en: str = ""

    @property
    def formula(self) -> str:
        if self.kind == "growth":
            return f"{self.over[0]} / the same of the year before - 1"
        return f"({' + '.join(self.over)}) / ({' + '.join(self.under)})"


REQUEST_ROWS = (
    "received_new",
    "carried_over_in",
    "disclosed_full",
    "disclosed_partial",
    "denied_total",
    "unable_total",
    "unprocessed_total",
    "other_total",
    "other_fee_unpaid",
    "concluded_total",
    "carried_over_out",
)
CAPTIONS = {"requests": "申请"}
"""Short Chinese captions for tables whose printed caption says nothing about their content."""
REVIEW_ROWS = ("reconsideration", "litigation_direct", "litigation_after_reconsideration", "litigation_total")
REVIEW_COLUMNS = ("upheld", "corrected", "other_result", "pending", "total")
DOCUMENT_ROWS = ("rules", "normative_documents", "other_proactive_documents")
ART20_TABLES = ("art20_1", "art20_5", "art20_6", "art20_8", "art20_9")
OLDER_ROWS = {
    "stat_2014": (
        "proactive_total",
        "requests_received",
        "concluded_total",
        "reply_already_public",
        "reply_disclosed",
        "reply_partial",
        "reply_refused",
        "reconsideration_total",
        "litigation_total",
        "request_fees",
    ),
    "local_2008": (
        "proactive_total",
        "requests_received",
        "replies_total",
        "reply_disclosed",
        "reply_partial",
        "reply_refused",
        "reconsideration_total",
        "litigation_total",
        "fees_requests",
    ),
}
CONCLUDED = ("requests/concluded_total/total",)
DENOMINATOR_ZH = "以办结数为分母，因有结转，与新收数不同"
DENOMINATOR_EN = "over requests concluded, which carry-over makes differ from requests received"


def _share(key: str, zh: str, en: str, *rows: str, caveat_zh: str = "", caveat_en: str = "") -> Indicator:
    """A share of all concluded requests."""
    return Indicator(
        key,
        zh,
        en,
        tuple(f"requests/{row}/total" for row in rows),
        CONCLUDED,
        caveat_zh="；".join(filter(None, (DENOMINATOR_ZH, caveat_zh))),
        caveat_en="; ".join(filter(None, (DENOMINATOR_EN, caveat_en))),
    )


def _applicants(key: str, zh: str, en: str, column: str) -> Indicator:
    """A share of one class of applicants in the new requests."""
    return Indicator(
        key,
        zh,
        en,
        (f"requests/received_new/{column}",),
        ("requests/received_new/total",),
        caveat_zh="申请人类别时有填错",
        caveat_en="bodies often put applicants into the wrong class",
    )


def _corrections(key: str, zh: str, en: str, row: str) -> Indicator:
    """The share of decided cases in which the body's answer was corrected."""
    return Indicator(
        key,
        zh,
        en,
        (f"review_litigation/{row}/corrected",),
        tuple(f"review_litigation/{row}/{column}" for column in ("upheld", "corrected", "other_result")),
        caveat_zh="不含尚未审结",
        caveat_en="pending cases are left out of the denominator",
    )


INDICATORS: tuple[Indicator, ...] = (
    Indicator(
        "request_growth",
        "新收申请增长率",
        "growth of new requests",
        ("requests/received_new/total",),
        kind="growth",
        caveat_zh="仅 2019 年以后的格式",
        caveat_en="only between two years of the forms since 2019",
    ),
    _share(
        "disclosure_rate",
        "公开率",
        "disclosure rate",
        "disclosed_full",
        "disclosed_partial",
        caveat_zh="含已主动公开的答复，比率高未必意味着公开了新信息",
        caveat_en="includes answers that it is already public: a high rate need not mean new information",
    ),
    _share("full_disclosure_share", "予以公开占比", "share disclosed in full", "disclosed_full"),
    _share("partial_disclosure_share", "部分公开占比", "share disclosed in part", "disclosed_partial"),
    _share("refusal_rate", "不予公开占比", "statutory refusal rate", "denied_total"),
    _share("unable_share", "无法提供占比", "share that could not be provided", "unable_total"),
    _share("unprocessed_share", "不予处理占比", "share not processed", "unprocessed_total"),
    _share("other_share", "其他处理占比", "share handled otherwise", "other_total"),
    _share(
        "non_provision_share",
        "无法提供与不予处理占比",
        "factual or operational non-provision, beside the statutory refusal rate",
        "unable_total",
        "unprocessed_total",
    ),
    _share("not_held_share", "本机关不掌握占比", "share of information not held", "unable_not_held"),
    _share(
        "excessive_share",
        "重复与大量反复申请占比",
        "share of repeated and excessive requests",
        "unprocessed_repeat",
        "unprocessed_excessive",
    ),
    Indicator(
        "proactive_disclosure_rate",
        "主动公开率",
        "proactive disclosure rate of rules and documents",
        tuple(f"art20_1/{row}/newly_disclosed_this_year" for row in DOCUMENT_ROWS),
        tuple(f"art20_1/{row}/made_this_year" for row in DOCUMENT_ROWS),
        caveat_zh="仅 2019 年格式；可能大于 1（公开往年制作的文件）",
        caveat_en="form of 2019 only; can exceed 1, since documents made earlier may be disclosed",
    ),
    Indicator(
        "on_time_rate",
        "按时办结率",
        "share of requests concluded on time",
        ("stat_2014/concluded_on_time/value",),
        ("stat_2014/concluded_total/value",),
        caveat_zh="仅 2014 年统计表；以后的格式没有时限数据",
        caveat_en="return of 2014 only; later forms have no figure on timing",
    ),
    Indicator(
        "backlog_rate",
        "结转率",
        "share carried over to the next year",
        ("requests/carried_over_out/total",),
        ("requests/received_new/total", "requests/carried_over_in/total"),
    ),
    _corrections(
        "reconsideration_correction_rate", "行政复议纠错率", "correction rate in reconsideration", "reconsideration"
    ),
    _corrections("litigation_correction_rate", "行政诉讼纠错率", "correction rate in litigation", "litigation_total"),
    Indicator(
        "dispute_rate",
        "争议率",
        "disputes for each concluded request",
        ("review_litigation/reconsideration/total", "review_litigation/litigation_direct/total"),
        CONCLUDED,
        caveat_zh="不含复议后起诉，以免重复计算；同一案件可能跨两年",
        caveat_en="suits after reconsideration are left out, else counted twice; a case can span two years",
    ),
    _applicants("natural_person_share", "自然人占比", "share of natural persons", "natural_person"),
    _applicants(
        "commercial_enterprise_share", "商业企业占比", "share of commercial enterprises", "org_commercial_enterprise"
    ),
    _applicants("legal_service_share", "法律服务机构占比", "share of legal service bodies", "org_legal_service"),
)

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


@cache
def figures() -> tuple[Figure, ...]:
    """Every headline figure, in the order of the form."""
    listed = [_figure("requests", row, "total", f"requests_{row}") for row in REQUEST_ROWS]
    listed += [
        _figure("review_litigation", row, column, row if row.endswith(f"_{column}") else f"{row}_{column}")
        for row in REVIEW_ROWS
        for column in REVIEW_COLUMNS
    ]
    for identifier in ART20_TABLES:
        table = load().table(identifier)
        listed += [_figure(identifier, row, column, f"{identifier}_{row}_{column}") for row, column in _printed(table)]
    for identifier, rows in OLDER_ROWS.items():
        listed += [_figure(identifier, row, "value", f"{identifier}_{row}") for row in rows]
    return tuple(listed)


def panel_columns() -> tuple[Column, ...]:
    """The columns of the table `panel`."""
    shown = [Column(figure.key, "double", figure.zh, figure.en) for figure in figures()]
    shown += [
        Column(
            each.key,
            "double",
            _described(each.zh, each.formula, each.caveat_zh, "；"),
            _described(each.en, each.formula, each.caveat_en, "; "),
        )
        for each in INDICATORS
    ]
    return (*IDENTITY_COLUMNS, *shown, *QUALITY_COLUMNS)


class Trust(Struct):
    """What is known of one report's figures: cells, the errors that touch them, the edition of each table."""

    cells: dict[CellKey, Cell]
    errors: dict[CellKey, tuple[str, ...]]
    editions: dict[str, str]

    def parts(self, ref: Ref) -> tuple[CellKey, ...]:
        """The printed cells that a figure is made of in this report's edition; none when the form does not have it.

        What only some localities print counts where it stands, and is not missed where it does not.
        """
        edition = self.editions.get(ref.partition("/")[0])
        if edition is None:
            return ()
        return tuple(key for key, is_local in _parts_in(ref, edition) if not is_local or key in self.cells)

    def total(self, refs: Sequence[Ref]) -> tuple[Value | None, tuple[str, ...]]:
        """The sum of figures, or None with the codes of what is missing. A figure that the form lacks gives no code."""
        keys = [key for ref in refs for key in self.parts(ref)]
        codes = sorted({self._absence(key) for key in keys if self._value(key) is None})
        if codes or not self.has(refs):
            return None, tuple(codes)
        return sum(value for key in keys if (value := self._value(key)) is not None), ()

    def has(self, refs: Sequence[Ref]) -> bool:
        """Whether the report's form has every figure, and at least one of them stands."""
        known = [self.editions.get(ref.partition("/")[0]) for ref in refs]
        return all(edition and _parts_in(ref, edition) for ref, edition in zip(refs, known, strict=True)) and any(
            self.parts(ref) for ref in refs
        )

    def codes(self, refs: Iterable[Ref]) -> tuple[str, ...]:
        """The error findings that touch any part of the figures."""
        return tuple(sorted({code for ref in refs for key in self.parts(ref) for code in self.errors.get(key, ())}))

    def _value(self, key: CellKey) -> Value | None:
        cell = self.cells.get(key)
        return None if cell is None else cell.value

    def _absence(self, key: CellKey) -> str:
        cell = self.cells.get(key)
        return "MISSING" if cell is None else cell.basis.upper()


def trust_of(report: Report, findings: Sequence[Finding]) -> Trust:
    """Cells and errors of a report, ready to be asked for figures."""
    errors: dict[CellKey, tuple[str, ...]] = {}
    for each in findings:
        for key in each.cells if each.severity == "error" else ():
            errors[key] = (*errors.get(key, ()), each.code)
    return Trust({cell.key: cell for cell in report.cells}, errors, report.tables)


def panel_row(row: Mapping[str, Any], report: Report, findings: Sequence[Finding]) -> dict[str, Any]:
    """The panel's row of one report: `row` is its row of the table `reports`. Growth is added by `with_growth`."""
    trust = trust_of(report, findings)
    why_null: list[str] = [f"{table}: TABLE_MISSING" for table in _tables_not_found(report)]
    caveats: list[str] = []
    values: dict[str, Any] = {column.name: row[column.name] for column in IDENTITY_COLUMNS}
    for figure in figures():
        value, codes = trust.total((figure.ref,))
        values[figure.key] = _number(value)
        why_null += _entry(figure.key, codes)
        caveats += _entry(figure.key, trust.codes((figure.ref,)))
    for indicator in INDICATORS:
        if indicator.kind == "ratio":
            values[indicator.key], codes = _ratio(trust, indicator)
            why_null += _entry(indicator.key, codes)
    values["information_fee"] = _fee(report)
    values["published_on_time"] = _is_on_time(row)
    values["cells_printed"] = len(report.cells)
    values["cells_without_value"] = sum(cell.value is None for cell in report.cells)
    values["findings_error"] = row["findings_error"]
    values["findings_warning"] = row["findings_warning"]
    values["why_null"] = "; ".join(why_null) or None
    values["caveats"] = "; ".join(caveats) or None
    return values


def with_growth(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows in order of body and year, each with its growth over the year before where both years can be trusted."""
    ordered = sorted(rows, key=lambda row: (row["org_id"], row["year"]))
    by_year = {(row["org_id"], row["year"]): row for row in ordered}
    for row in ordered:
        before = by_year.get((row["org_id"], row["year"] - 1))
        row["request_growth"], codes = _growth(row, before)
        added = _entry("request_growth", codes)
        row["why_null"] = "; ".join(filter(None, (row["why_null"], *added))) or None
    return ordered


def _growth(row: Mapping[str, Any], before: Mapping[str, Any] | None) -> tuple[float | None, tuple[str, ...]]:
    key = "requests_received_new"
    if row[key] is None:
        return None, ()
    if before is None or before[key] is None:
        return None, ("NO_YEAR_BEFORE",)
    if any(f"{key}: " in (each["caveats"] or "") for each in (row, before)):
        return None, ("CONTRADICTED",)
    if before[key] == 0:
        return None, ("ZERO_DENOMINATOR",)
    return row[key] / before[key] - 1, ()


def _ratio(trust: Trust, indicator: Indicator) -> tuple[float | None, tuple[str, ...]]:
    over, lacking_over = trust.total(indicator.over)
    under, lacking_under = trust.total(indicator.under)
    codes = tuple(sorted({*lacking_over, *lacking_under, *trust.codes((*indicator.over, *indicator.under))}))
    if over is None or under is None or codes:
        return None, codes if trust.has(indicator.over) and trust.has(indicator.under) else ()
    if under == 0:
        return None, ("ZERO_DENOMINATOR",)
    return float(over) / float(under), ()


def _tables_not_found(report: Report) -> tuple[str, ...]:
    """The main tables that a report in a form since 2019 should have and that were not found."""
    if report.template not in {"format_2019", "format_2021"}:
        return ()
    return tuple(table for table in ("requests", "review_litigation") if table not in report.tables)


def _fee(report: Report) -> float | None:
    """The fee of the prose, unless the text states several."""
    stated = {statement.value for statement in report.statements if statement.key == "fee_charged"}
    return _number(stated.pop()) if len(stated) == 1 else None


def _is_on_time(row: Mapping[str, Any]) -> bool | None:
    """Article 49 of the Regulations of 2019: 31 January for departments, 31 March for governments from county level up;
    before, 31 March for all (Article 31 of 2007). None where the rule does not settle it."""
    published: date | None = row["published"]
    year: int = row["year"]
    if published is None or not year:
        return None
    if year < 2019:
        return published <= date(year + 1, 3, 31)
    if row["kind"] == "department":
        return published <= date(year + 1, 1, 31)
    if row["kind"] == "government" and row["level"] in {"state", "province", "prefecture", "county"}:
        return published <= date(year + 1, 3, 31)
    return None


def _printed(table: Table) -> list[tuple[str, str]]:
    """The printed cells of a table in any edition, each once."""
    keys = [(row.key, column.key) for edition in table.editions for row, column in table.cells_of(edition)]
    return list(dict.fromkeys(keys))


@cache
def _parts_in(ref: Ref, edition: str) -> tuple[tuple[CellKey, bool], ...]:
    """The printed cells that a figure is made of in an edition, each with whether only some localities print it."""
    table_id, row, column = ref.split("/")
    table = load().table(table_id)
    rows, columns = _printed_lines(table.rows, row, edition), _printed_lines(table.columns, column, edition)
    local = {line.key for line in table.rows if line.local_extension or table.local_extension}
    return tuple(((table_id, each, other), each in local) for each in rows for other in columns)


def _printed_lines(lines: Sequence[Line], key: str, edition: str) -> tuple[str, ...]:
    """The printed lines that a line stands for: itself, or what it sums up when it is not printed."""
    line = next((line for line in lines if line.key == key and edition in line.editions), None)
    if line is None:
        return ()
    if line.printed:
        return (key,)
    return tuple(part for child in line.sum_of for part in _printed_lines(lines, child, edition))


def _figure(table_id: str, row: str, column: str, key: str) -> Figure:
    table = load().table(table_id)
    row_line = next(line for line in table.rows if line.key == row)
    column_line = next(line for line in table.columns if line.key == column)
    unit = " (CNY)" if "money" in {row_line.type, column_line.type} else ""
    return Figure(
        key,
        f"{table_id}/{row}/{column}",
        " ".join((CAPTIONS.get(table_id, table.caption), row_line.labels[0], column_line.labels[0])) + unit,
        f"{table.label_en}: {row_line.label_en}, {column_line.label_en}{unit}",
    )


def _entry(key: str, codes: Sequence[str]) -> list[str]:
    return [f"{key}: {', '.join(codes)}"] if codes else []


def _described(meaning: str, formula: str, caveat: str, separator: str) -> str:
    return separator.join(filter(None, (f"{meaning} = {formula}", caveat)))


def _number(value: Value | None) -> float | None:
    return None if value is None else float(value)
