"""A truth laid out as the official form prescribes: one `Form` for each table, rows of boxes with spans."""

from msgspec import Struct
from msgspec.structs import replace

from parsers.report import CellKey
from parsers.template import Line, Table, load

from .figures import parts
from .truth import Truth

RULE = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"


class Box(Struct, frozen=True):
    """One cell of a laid-out table. `key` says which figure stands in it; None for heads, labels and captions."""

    text: str
    rowspan: int = 1
    colspan: int = 1
    key: CellKey | None = None

    @property
    def is_figure(self) -> bool:
        return self.key is not None


Row = tuple[Box, ...]


class Form(Struct, frozen=True):
    """One laid-out table. The first `heads` rows are its head (a caption row included)."""

    table: str
    rows: tuple[Row, ...]
    heads: int
    caption: str | None = None

    @property
    def width(self) -> int:
        return sum(box.colspan for box in self.rows[0])


def forms(truth: Truth) -> tuple[Form, ...]:
    """Every table of the report in the order of the form."""
    return tuple(_form(truth, table) for table in load().tables if table.id in truth.editions)


def _form(truth: Truth, table: Table) -> Form:
    match table.id:
        case "requests":
            return _requests(truth, table, truth.editions["requests"])
        case "review_litigation":
            return _review_litigation(truth, table)
        case "local_2008":
            return _local(truth, table)
        case "stat_2014":
            return _statistics(truth, table)
        case _:
            return _article_20(truth, table, truth.editions[table.id])


def _figure(truth: Truth, key: CellKey) -> Box:
    return Box(truth.raw[key], key=key)


def _rows_of(table: Table, edition: str) -> dict[str, Line]:
    """Every row of an edition by key, those without figures of their own included."""
    return {row.key: row for row in table.rows if edition in row.editions}


def _article_20(truth: Truth, table: Table, edition: str) -> Form:
    columns = table.columns_of(edition)
    rows: list[Row] = [(Box(table.caption, colspan=1 + len(columns)),)]
    rows.append((Box("信息内容"), *(Box(column.labels[0]) for column in columns)))
    for row in table.rows_of(edition):
        if not row.local_extension:
            figures = (_figure(truth, (table.id, row.key, column.key)) for column in columns)
            rows.append((Box(row.labels[0]), *figures))
    return Form(table.id, tuple(rows), heads=2)


def _requests(truth: Truth, table: Table, edition: str) -> Form:
    columns = table.columns_of(edition)
    names = {column.key: column.labels[0] for column in columns}
    organisations = [column.key for column in columns if column.key.startswith("org_")]
    rows: list[Row] = [
        (Box(RULE, rowspan=3, colspan=3), Box("申请人情况", colspan=len(columns))),
        (
            Box(names["natural_person"], rowspan=2),
            Box("法人或其他组织", colspan=len(organisations)),
            Box(names["total"], rowspan=2),
        ),
        tuple(Box(names[key]) for key in organisations),
    ]
    lines = _rows_of(table, edition)
    outcomes = (*parts(edition), "concluded_total")
    groups: set[str] = set()
    for key in ("received_new", "carried_over_in", *outcomes, "carried_over_out"):
        margin: list[Box] = []
        if key == outcomes[0]:
            margin.append(Box("三、本年度办理结果", rowspan=len(outcomes)))
        margin += _labels(lines, key, groups, is_outcome=key in outcomes, outcomes=outcomes)
        rows.append((*margin, *(_figure(truth, ("requests", key, column.key)) for column in columns)))
    return Form("requests", tuple(rows), heads=3)


def _labels(
    lines: dict[str, Line], key: str, groups: set[str], *, is_outcome: bool, outcomes: tuple[str, ...]
) -> list[Box]:
    """The label boxes of one row: one across, or the group's (once, over its rows) and the row's own."""
    line = lines[key]
    parent = lines.get(line.parent or "")
    if not is_outcome:
        return [Box(line.labels[0], colspan=3)]
    if parent is None:
        return [Box(line.labels[0], colspan=2)]
    if parent.key in groups:
        return [Box(line.labels[0])]
    groups.add(parent.key)
    members = sum(lines[other].parent == parent.key for other in outcomes)
    return [Box(parent.labels[0], rowspan=members), Box(line.labels[0])]


def _review_litigation(truth: Truth, table: Table) -> Form:
    edition = truth.editions["review_litigation"]
    columns = table.columns_of(edition)
    outcomes = [column.labels[0] for column in columns]
    rows: tuple[Row, ...] = (
        (Box("行政复议", colspan=5), Box("行政诉讼", colspan=10)),
        (
            *(Box(outcome, rowspan=2) for outcome in outcomes),
            Box("未经复议直接起诉", colspan=5),
            Box("复议后起诉", colspan=5),
        ),
        tuple(Box(outcome) for outcome in outcomes * 2),
        tuple(_figure(truth, (table.id, row.key, column.key)) for row in table.rows_of(edition) for column in columns),
    )
    return Form(table.id, rows, heads=3)


FUJIAN_2009 = (
    "proactive_total", "channel_website", "channel_gazette", "requests_received", "requests_in_person", "requests_fax",
    "requests_email", "requests_online", "requests_letter", "requests_other", "replies_total", "reply_disclosed",
    "reply_partial", "reply_refused", "reconsideration_total", "litigation_total", "complaints_total",
)  # fmt: skip
FUJIAN_2014 = (
    "proactive_total", "channel_website", "channel_gazette", "requests_received", "requests_in_person",
    "requests_online", "requests_letter_fax", "replies_total", "reply_disclosed", "reply_partial", "reply_refused",
    "reply_other", "complaints_total", "reconsideration_total", "litigation_total",
)  # fmt: skip
WORDING = {
    "2009": {
        "proactive_total": "主动公开信息数",
        "channel_website": "其中：1．网站公开",
        "channel_gazette": "2．政府公报公开",
        "requests_received": "受理依申请公开信息总数",
        "requests_in_person": "其中：1．当面申请数",
        "requests_fax": "2．传真申请数",
        "requests_email": "3．电子邮件申请数",
        "requests_online": "4．网上申请数",
        "requests_letter": "5．信函申请数",
        "requests_other": "6．其他形式申请数",
        "replies_total": "对申请的答复总数",
        "reply_disclosed": "其中：1．同意公开答复数",
        "reply_partial": "2．同意部分公开答复数",
        "reply_refused": "3．否决公开答复总数",
        "reconsideration_total": "行政复议数",
        "litigation_total": "行政诉讼数",
        "complaints_total": "行政申诉数",
    },
    "2014": {
        "proactive_total": "主动公开文件数",
        "channel_website": "其中：1.政府网站公开数",
        "channel_gazette": "2.政府公报公开数",
        "requests_received": "受理依申请公开信息总数",
        "requests_in_person": "其中：1.当面申请数",
        "requests_online": "2.网络申请数",
        "requests_letter_fax": "3.信函、传真申请数",
        "replies_total": "对申请的答复总数",
        "reply_disclosed": "其中：1.同意公开答复数",
        "reply_partial": "2.同意部分公开答复数",
        "reply_refused": "3.不予公开答复数",
        "reply_other": "4.其他类型答复数",
        "complaints_total": "接受行政申诉、举报数",
        "reconsideration_total": "行政复议数",
        "litigation_total": "行政诉讼数",
    },
}


def _local(truth: Truth, table: Table) -> Form:
    """The table of 年度 and 历年累计; its wording changed with FY2014."""
    wording = WORDING["2014" if "requests_letter_fax" in truth.local_rows else "2009"]
    heads = {"value": f"{truth.year}年度", "cumulative": "历年累计"}
    columns = truth.local_columns
    rows: list[Row] = [(Box("指标名称"), Box("计量单位"), *(Box(heads[column]) for column in columns))]
    for row in truth.local_rows:
        unit = "件" if row.startswith(("reconsideration", "litigation", "complaints")) else "条"
        figures = (_figure(truth, (table.id, row, column)) for column in columns)
        rows.append((Box(wording[row]), Box(unit), *figures))
    return Form(table.id, tuple(rows), heads=1, caption="政府信息公开情况统计表")


def _statistics(truth: Truth, table: Table) -> Form:
    """The national statistics table: one figure a row, its unit beside the label."""
    rows: list[Row] = [(Box("统计指标"), Box("单位"), Box("统计数"))]
    rows += [
        (Box(row.labels[0]), Box(row.unit or "件"), _figure(truth, (table.id, row.key, "value")))
        for row in table.rows_of("stat_table_2014")
    ]
    return Form(table.id, tuple(rows), heads=1, caption="政府信息公开情况统计表")


def places(form: Form) -> list[list[Box]]:
    """The boxes at every place after spans are spread: a box stands in each place that it covers."""
    grid: list[list[Box | None]] = [[None] * form.width for _ in form.rows]
    for y, row in enumerate(form.rows):
        x = 0
        for box in row:
            while grid[y][x] is not None:
                x += 1
            for down in range(box.rowspan):
                for right in range(box.colspan):
                    grid[y + down][x + right] = box
    return [[box for box in row if box is not None] for row in grid]


def reletter(form: Form, texts: dict[str, str]) -> Form:
    """The form with other words: every label or head that equals a key of `texts` is replaced."""
    rows = tuple(
        tuple(box if box.is_figure else replace(box, text=texts.get(box.text, box.text)) for box in row)
        for row in form.rows
    )
    return replace(form, rows=rows)
