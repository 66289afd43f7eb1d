"""The tables of the dataset as data: columns, types, and what each means in Chinese and English.

One truth for the Parquet schemas, for `data/README.md` (written by `nianbao.describe`) and for exports.
"""

from nianbao.columns import TableSchema, columns
from nianbao.panel_columns import panel_columns

REPORT_ID = ("report_id", "string", "年报版本标识", "identifier of the report revision")
ORG_ID = (
    "org_id",
    "string",
    "机关标识，跨年份、更名和门户不变",
    "identifier of the body, stable over years and portals",
)
YEAR = ("year", "int32", "报告年度；0 表示未知", "year reported on; 0: unknown")
TABLE = ("table", "string", "表（见代码本）", "table of the form (codebook)")
ROW = ("row", "string", "行（见代码本）", "row of the table (codebook)")
COLUMN = ("column", "string", "列（见代码本）", "column of the table (codebook)")
UNIT = ("unit", "string", "单位：count 计数，CNY 元，unknown 未标明", "unit: count, CNY (yuan), unknown (none printed)")
LOCATOR = ("locator", "string", "在来源文件中的位置", "place in the source document")
KIND = ("kind", "string", "机关类型", "government, department, subdistrict or zone")
LEVEL = ("level", "string", "行政层级", "level: state, province, prefecture, county, township")
MEDIA_TYPE = ("media_type", "string", "文件类型", "media type")

REPORTS = TableSchema(
    "reports",
    "年报（每机关每年度的最新版本）",
    "reports: the latest revision of each body's each year",
    True,
    columns(
        REPORT_ID,
        ORG_ID,
        ("organization", "string", "机关全称", "full official name of the body"),
        LEVEL,
        KIND,
        ("scope", "string", "统计口径", "organ_only, aggregate or unknown (not stated)"),
        ("division_code", "string", "行政区划代码；六位，乡镇街道能确定的为九位", "code of the division: six digits, nine for a town whose code is certain"),
        ("province", "string", "省级名称", "province"),
        ("prefecture", "string", "地级名称", "prefecture"),
        ("county", "string", "县级名称", "county"),
        ("portal", "string", "门户", "portal it was found on"),
        ("channel", "string", "栏目", "channel of the portal"),
        YEAR,
        ("template", "string", "格式版本", "edition of the form"),
        ("tables", "list<string>", "各表所用的格式版本，表=版本", "edition of each table, table=edition"),
        ("title", "string", "标题", "title as printed"),
        ("published", "date", "印明的发布日期（中国）", "printed publication date (China)"),
        ("url", "string", "网址", "address of the document the figures were read from"),
        ("sources", "list<string>", "各来源网址；压缩包内为 压缩包!/成员", "addresses of page, mobile twin and attachments; ARCHIVE!/MEMBER inside an archive file"),
        ("member", "string", "压缩包内的成员", "member of an archive file, if it was one"),
        ("sha256", "string", "存档文件的 SHA-256", "SHA-256 of the archived document"),
        MEDIA_TYPE,
        ("reader", "string", "所用读取器", "reader that read the document"),
        ("parser_version", "string", "解析器版本", "version of the parser"),
        ("status", "string", "解析状态：ok 或 partial", "ok, or partial (see reason)"),
        ("reason", "string", "状态原因", "why the status is not ok"),
        ("cells_observed", "int32", "来源中印明的单元格数", "number of cells that stand in the source"),
        ("cells_derived", "int32", "由勾稽关系推得的单元格数", "number of cells that only the identities give"),
        ("cells_blank", "int32", "空白单元格数", "number of blank cells"),
        ("cells_missing", "int32", "来源中缺失的单元格数", "number of cells that do not stand in the source"),
        ("cells_ambiguous", "int32", "有多种读法的单元格数", "number of cells with several readings"),
        ("findings_error", "int32", "错误级发现数", "number of findings of severity error"),
        ("findings_warning", "int32", "警告级发现数", "number of findings of severity warning"),
        ("findings_info", "int32", "提示级发现数", "number of findings of severity info"),
        ("fetched_at", "timestamp", "首次采集到该版本的时间（UTC）", "when this revision was first captured (UTC)"),
        ("is_latest", "bool", "是否最新版本", "whether this is the latest revision"),
    ),
    ("org_id", "report_id"),
)
CELLS = TableSchema(
    "cells",
    "单元格（每个印制的数字一行）",
    "cells: one row for each printed cell",
    True,
    columns(
        REPORT_ID,
        ORG_ID,
        YEAR,
        TABLE,
        ROW,
        COLUMN,
        ("value", "double", "数值；金额以元计；空值表示无法确定", "number, money in yuan; null: could not be told"),
        UNIT,
        ("raw", "string", "来源原文", "text as printed"),
        ("basis", "string", "依据：observed、derived、blank、missing、ambiguous", "how the value is known"),
        LOCATOR,
        ("confidence", "double", "图像识别的置信度（0 至 1）", "confidence of character recognition, 0 to 1"),
    ),
    ("org_id", "report_id"),
)
SECTIONS = TableSchema(
    "sections",
    "六个部分的文字",
    "sections: the text of the six prescribed parts",
    True,
    columns(
        REPORT_ID,
        ORG_ID,
        YEAR,
        ("key", "string", "部分", "section"),
        ("heading", "string", "标题原文", "heading as printed"),
        ("text", "string", "正文", "text"),
    ),
    ("org_id", "report_id"),
)
STATEMENTS = TableSchema(
    "statements",
    "正文中陈述的数字",
    "statements: figures stated in prose",
    True,
    columns(
        REPORT_ID,
        ORG_ID,
        YEAR,
        ("key", "string", "所述事项", "what the figure counts"),
        ("value", "double", "数值；金额以元计", "number, money in yuan"),
        UNIT,
        ("sentence", "string", "原句", "the sentence that states it"),
        LOCATOR,
    ),
    ("org_id", "report_id"),
)
FINDINGS = TableSchema(
    "findings",
    "发现的问题",
    "findings: what is wrong with the published figures or their reading",
    True,
    columns(
        REPORT_ID,
        ORG_ID,
        YEAR,
        ("code", "string", "勾稽关系编号或问题代码", "id of the broken identity, or finding code"),
        ("severity", "string", "严重程度：error、warning、info", "error, warning or info"),
        ("cells", "list<cell>", "涉及的单元格", "the cells concerned"),
        ("message", "string", "说明（英文）", "message in English"),
        ("message_zh", "string", "说明（中文）", "message in Chinese"),
        ("expected", "double", "等式左边", "left side of the identity"),
        ("actual", "double", "等式右边", "right side of the identity"),
        ("corrections", "list<list<correction>>", "最小改动（仅为建议）", "smallest changes that restore it"),
    ),
    ("org_id", "report_id"),
)
CAPTURES = TableSchema(
    "captures",
    "采集记录",
    "captures: archived responses, one row for each address and content",
    False,
    columns(
        ("url", "string", "请求的网址", "address asked for"),
        ("final_url", "string", "重定向后的网址", "address after redirects"),
        ("fetched_at", "timestamp", "首次取得该内容的时间（UTC）", "when this content was first fetched (UTC)"),
        ("status", "int32", "HTTP 状态码", "HTTP status"),
        MEDIA_TYPE,
        ("size", "int64", "字节数", "size in bytes"),
        ("portal", "string", "门户", "portal"),
        ("outcome", "string", "结果", "stored, blocked, too_large, not_found, failed or refused"),
        ("sha256", "string", "内容的 SHA-256", "SHA-256 of the content, null where none was kept"),
        ("report_status", "string", "解析状态", "what the parser found in it; null: a list page"),
        ("report_reason", "string", "解析状态原因", "why it is no report, or only partly one"),
    ),
    ("url", "sha256"),
)
ORGANIZATIONS = TableSchema(
    "organizations",
    "机关",
    "organizations: one row for each body",
    False,
    columns(
        ORG_ID,
        ("organization", "string", "最近年度的名称", "name in the latest year"),
        ("names", "list<string>", "见过的名称", "names seen"),
        KIND,
        LEVEL,
        ("parent_id", "string", "上级政府的机关标识", "identifier of the government above it, in the dataset or not"),
        ("parent", "string", "上级政府名称", "name of the government above it"),
        (
            "ancestors",
            "list<string>",
            "各级上级政府的机关标识，自省级起",
            "identifiers of all governments above it, from the province down, in the dataset or not",
        ),
        ("division_codes", "list<string>", "见过的区划代码", "division codes seen"),
        ("province", "string", "省级名称", "province"),
        ("prefecture", "string", "地级名称", "prefecture"),
        ("county", "string", "县级名称", "county"),
        ("pinyin", "string", "名称拼音", "name in pinyin"),
        ("portals", "list<string>", "所在门户", "portals it was found on"),
        ("first_year", "int32", "最早年度", "first year reported on"),
        ("last_year", "int32", "最近年度", "last year reported on"),
        ("reports", "int32", "年报数", "number of years with a report"),
    ),
    ("org_id",),
)
COVERAGE = TableSchema(
    "coverage",
    "应公布与实际公布（每机关每年度一行）",
    "coverage: who had to publish by when, and has; one row for each body and year since its first report",
    False,
    columns(
        ORG_ID,
        ("organization", "string", "机关全称", "full official name of the body"),
        ("year", "int32", "报告年度", "year reported on"),
        ("portals", "string", "所在门户", "portals it was found on"),
        (
            "standing",
            "string",
            "状况：on_time 按期，late 逾期，undated 未印日期且晚于期限才见到，missing 未见",
            "on_time, late, undated (no printed date, first seen after the deadline) or missing",
        ),
        ("due", "date", "公布期限", "last day to publish"),
        (
            "due_rule",
            "string",
            "期限依据：article_49（2019 年条例），article_31（2007 年条例），portal（地方规定），assumed（推定）",
            "what sets it: article_49 (Regulations of 2019), article_31 (of 2007), portal (local rule), assumed",
        ),
        ("published", "date", "印明的发布日期", "printed publication date"),
        ("days_late", "int32", "逾期天数", "days from the deadline to publication, 0 when on time"),
        ("report_id", "string", "年报版本标识", "identifier of the report revision, null: none"),
        ("status", "string", "解析状态", "ok or partial, null: no report"),
        ("url", "string", "网址", "address"),
    ),
    ("org_id", "year"),
)


def panel_schema() -> TableSchema:
    """The wide table."""
    return TableSchema(
        "panel",
        "面板（每机关每年度一行）",
        "panel: one row for each body and year, headline figures and indicators",
        False,
        panel_columns(),
        ("org_id", "year"),
    )


def tables() -> tuple[TableSchema, ...]:
    """Every table of the dataset in reading order."""
    return (REPORTS, CELLS, SECTIONS, STATEMENTS, FINDINGS, CAPTURES, ORGANIZATIONS, COVERAGE, panel_schema())
