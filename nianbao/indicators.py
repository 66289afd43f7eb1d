"""The figures and indicators of the panel as data: each defined once, with formula, unit and caveat in zh and en.

Indicators follow what journalists and researchers compute from these reports; the denominators are requests concluded
(办结), since carry-over makes them differ from requests received. Rows that the form does not print, such as the sum
of all refusals, are named like printed ones: they stand for the sum of their parts, as the templates list them.
"""

from functools import cache
from typing import Literal

from msgspec import Struct

from nianbao.labels import label_of
from parsers.template import Table, load

Ref = str
"""`table/row/column`, keys of the codebook; a row or column that is not printed stands for the sum of its parts."""


class Figure(Struct, frozen=True):
    """A figure of the form under the name that the panel gives it."""

    key: str
    ref: Ref
    zh: str
    en: str


class Indicator(Struct, frozen=True):
    """A ratio of sums of figures, or the growth of one figure over the year before. The unit is 1 (1 = 100 %).

    `breaks` are the years reported on from which the figures mean something else (`BREAKS` says what): series do not run
    across them.
    """

    key: str
    zh: str
    en: str
    over: tuple[Ref, ...]
    under: tuple[Ref, ...] = ()
    kind: Literal["ratio", "growth"] = "ratio"
    caveat_zh: str = ""
    caveat_en: str = ""
    breaks: tuple[int, ...] = (2019,)

    @property
    def formula(self) -> str:
        if self.kind == "growth":
            return f"{self.over[0]} / the same of the year before - 1"
        return f"({' + '.join(self.over)}) / ({' + '.join(self.under)})"


BREAKS: dict[int, tuple[str, str]] = {
    2014: ("此前为地方自定表格，按“文件”而非“信息”计", "local forms before it, which count files, not items of information"),
    2019: ("结果类别重新划分，首次全国统一", "outcome classes redefined; the first national form"),
    2021: ("第二部分与（六）其他处理改版", "section two and (6) other handling redrawn"),
    2024: (
        "对不予公开须先行政复议（2023 年修订的行政复议法第二十三条）",
        "refusals go to reconsideration first (Law on Administrative Reconsideration of 2023, Article 23)",
    ),
}
"""Where series break, by the first year reported on, in Chinese and English."""
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


def _share(
    key: str, zh: str, en: str, *rows: str, caveat_zh: str = "", caveat_en: str = "", breaks: tuple[int, ...] = (2019,)
) -> Indicator:
    """A share of all concluded requests."""
    return Indicator(
        key,
        zh,
        en,
        tuple(f"requests/{row}/total" for row in rows),
        CONCLUDED,
        caveat_zh="；".join(filter(None, (DENOMINATOR_ZH, caveat_zh))),
        caveat_en="; ".join(filter(None, (DENOMINATOR_EN, caveat_en))),
        breaks=breaks,
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
        breaks=(2019, 2024),
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
    _share("other_share", "其他处理占比", "share handled otherwise", "other_total", breaks=(2019, 2021)),
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
        breaks=(2019, 2021),
    ),
    Indicator(
        "on_time_rate",
        "按时办结率",
        "share of requests concluded on time",
        ("stat_2014/concluded_on_time/value",),
        ("stat_2014/concluded_total/value",),
        caveat_zh="仅 2014 年统计表；以后的格式没有时限数据",
        caveat_en="return of 2014 only; later forms have no figure on timing",
        breaks=(2014, 2019),
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
        breaks=(2019, 2024),
    ),
    _applicants("natural_person_share", "自然人占比", "share of natural persons", "natural_person"),
    _applicants(
        "commercial_enterprise_share", "商业企业占比", "share of commercial enterprises", "org_commercial_enterprise"
    ),
    _applicants("legal_service_share", "法律服务机构占比", "share of legal service bodies", "org_legal_service"),
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


def _printed(table: Table) -> list[tuple[str, str]]:
    """The printed cells of a table in any edition, each once."""
    keys = [(row.key, column.key) for edition in table.editions for row, column in table.cells_of(edition)]
    return list(dict.fromkeys(keys))


def _figure(table_id: str, row: str, column: str, key: str) -> Figure:
    table = load().table(table_id)
    row_line = next(line for line in table.rows if line.key == row)
    column_line = next(line for line in table.columns if line.key == column)
    return Figure(
        key,
        f"{table_id}/{row}/{column}",
        " ".join((CAPTIONS.get(table_id, table.caption), label_of(row_line, "zh"), label_of(column_line, "zh"))),
        f"{table.label_en}: {label_of(row_line, 'en')}, {label_of(column_line, 'en')}",
    )
