"""What a dataset says at a glance, for readers who are no programmers: who reported, what was asked, what is wrong."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from nianbao.columns import Row
from nianbao.dataset import Dataset
from nianbao.labels import column_label, row_label
from nianbao.render import aligned
from nianbao.voice import Language
from parsers.template import load

WORDS: dict[str, tuple[str, str]] = {
    "reports": (
        "{count} 份年报，{bodies} 个机关，{first}–{last} 年度",
        "{count} reports by {bodies} bodies on {first}–{last}",
    ),
    "by_group": ("各年度年报份数", "Reports by year"),
    "requests": ("政府信息公开申请（件）", "Requests for information"),
    "left_out": (
        "合计只含表格完整的年报；“份数”为计入的年报数。2018 年度及以前没有全国统一的申请表。",
        "Sums hold only reports whose figure could be read; `reports` counts them. Until FY2018 no table was national.",
    ),
    "wrong": ("数字有误的年报", "Reports whose figures contradict themselves"),
    "nothing_wrong": ("没有发现自相矛盾的数字", "No figures contradict each other"),
    "change": ("{cell}：原文 {raw}，改为 {value}", "{cell}: printed {raw}, would be {value}"),
    "one": ("  如此改动即可恢复：", "  this would restore it:"),
    "either": ("  以下任一改动即可恢复：", "  any one of these would restore it:"),
    "no_correction": ("  没有少量改动可以恢复", "  no small change restores it"),
    "doubtful": (
        "另有 {count} 处需留意的提示（警告），见 nianbao findings",
        "{count} further warnings: nianbao findings",
    ),
    "where": ("数据集", "Dataset"),
    "next": ("接下来", "Next"),
}
GROUPS = (
    ("government", "政府", "government"),
    ("department", "部门", "departments"),
    ("town", "镇街", "towns and streets"),
    ("other", "其他", "other"),
)
GROUP_SQL = (
    "case when level = 'township' or kind = 'subdistrict' then 'town' when kind = 'government' then 'government' "
    "when kind = 'department' then 'department' else 'other' end"
)
FIGURES = (
    ("requests_received_new", "新收", "received"),
    ("requests_disclosed_full", "予以公开", "granted"),
    ("requests_disclosed_partial", "部分公开", "granted in part"),
    ("requests_denied_total", "不予公开", "refused"),
    ("requests_concluded_total", "办结", "concluded"),
)
NEXT = (
    "nianbao --data {data} findings",
    'nianbao --data {data} query "select organization, year, disclosure_rate from panel order by 3 desc limit 9"',
    "nianbao --data {data} show {report} requests received_new total",
    "nianbao --data {data} export --format csv",
)
MOST_SHOWN = 4
"""Alternative corrections shown for one report."""


def summary(dataset: Dataset, language: Language) -> str:
    """The whole summary as text."""
    words = {key: pair[0 if language == "zh" else 1] for key, pair in WORDS.items()}
    parts = [
        *_overview(dataset, words, language),
        *_requests(dataset, words, language),
        *_wrong(dataset, words, language),
        *_next(dataset, words),
    ]
    return "\n".join(parts)


def _overview(dataset: Dataset, words: dict[str, str], language: Language) -> Iterator[str]:
    query = "select count(*), count(distinct org_id), min(nullif(year, 0)), max(year) from reports"
    ((count, bodies, first, last),) = dataset.sql(query).fetchall()
    yield words["reports"].format(count=count, bodies=bodies, first=first, last=last) + "\n"
    rows = dataset.sql(f"select year, {GROUP_SQL} as g, count(*) from reports group by all").fetchall()  # noqa: S608
    counts = {(year, group): number for year, group, number in rows}
    groups = [each for each in GROUPS if any(group == each[0] for _, group in counts)]
    names = [_word(("年度", "year"), language), *(_word(each[1:], language) for each in groups)]
    yield _titled(
        words["by_group"],
        [*names, _word(("合计", "all"), language)],
        [_counted(year, groups, counts) for year in sorted({year for year, _ in counts})],
    )


def _counted(year: int, groups: Sequence[tuple[str, str, str]], counts: dict[tuple[int, str], int]) -> list[object]:
    row = [counts.get((year, group), 0) for group, _, _ in groups]
    return [year or "?", *row, sum(row)]


def _requests(dataset: Dataset, words: dict[str, str], language: Language) -> Iterator[str]:
    sums = ", ".join(f"sum({key})" for key, _, _ in FIGURES)
    query = f"select year, count(requests_received_new), {sums} from panel group by year order by year"  # noqa: S608
    rows = [row for row in dataset.sql(query).fetchall() if row[1]]
    names = [_word(("年度", "year"), language), _word(("份数", "reports"), language)]
    yield _titled(words["requests"], [*names, *(_word(each[1:], language) for each in FIGURES)], rows)
    yield words["left_out"] + "\n"


def _wrong(dataset: Dataset, words: dict[str, str], language: Language) -> Iterator[str]:
    query = (
        "select r.organization, r.year, f.* from findings f join reports r using (report_id) "
        "where severity = 'error' order by r.year, r.organization, f.code"
    )
    by_report: dict[str, list[Row]] = defaultdict(list)
    for row in _rows(dataset, query):
        by_report[row["report_id"]].append(row)
    yield (words["wrong"] if by_report else words["nothing_wrong"]) + "\n"
    for identifier, findings in by_report.items():
        yield "\n".join(_one_wrong(dataset, identifier, findings, words, language)) + "\n"
    ((count,),) = dataset.sql("select count(*) from findings where severity = 'warning'").fetchall()
    if count:
        yield words["doubtful"].format(count=count) + "\n"


def _one_wrong(
    dataset: Dataset, identifier: str, findings: Sequence[Row], words: dict[str, str], language: Language
) -> Iterator[str]:
    first = findings[0]
    organization, year = first["organization"] or "?", first["year"]
    yield f"· {organization}, {year}"
    by_code: dict[str, list[Row]] = defaultdict(list)
    for each in findings:
        by_code[each["code"]].append(each)
    yield from (f"  {_identity(code, broken, language)}" for code, broken in by_code.items())
    raws = _raws(dataset, identifier)
    blocks = {str(each["corrections"]): each["corrections"] for each in findings}
    for sets in blocks.values():
        yield from _corrections(sets, raws, words, language)


def _corrections(
    sets: Sequence[Sequence[Row]], raws: dict[tuple[str, str, str], str], words: dict[str, str], language: Language
) -> Iterator[str]:
    yield words["no_correction" if not sets else "either" if len(sets) > 1 else "one"]
    for changes in sets[:MOST_SHOWN]:
        yield "    → " + "; ".join(_change(change, raws, words, language) for change in changes)


def _change(change: Row, raws: dict[tuple[str, str, str], str], words: dict[str, str], language: Language) -> str:
    key = (change["table"], change["row"], change["column"])
    raw = raws.get(key) or "—"
    return words["change"].format(cell=cell_name(key, language), raw=raw, value=f"{change['value']:.10g}")


def _identity(code: str, broken: Sequence[Row], language: Language) -> str:
    """What the form wants to be equal, and where it is not: `… : Natural persons 1 ≠ 2, Total 1 ≠ 2`."""
    meaning = _meanings(language).get(code)
    if meaning is None:
        return f"{code}: {broken[0]['message_zh' if language == 'zh' else 'message']}"
    places = (f"{_place(each, language)} {_sides(each)}" for each in broken)
    return f"{meaning}: {', '.join(places)}"


def _place(each: Row, language: Language) -> str:
    """The column (or row) in which an identity is broken: the one that all its cells share."""
    cells = [(cell["table"], cell["row"], cell["column"]) for cell in each["cells"]]
    if len({column for _, _, column in cells}) == 1:
        return column_label(cells[0], language)
    return row_label(cells[0], language) if len({row for _, row, _ in cells}) == 1 else ""


def _sides(each: Row) -> str:
    if each["expected"] is None or each["actual"] is None:
        return ""
    return f"{each['expected']:.10g} ≠ {each['actual']:.10g}"


@cache
def _meanings(language: Language) -> dict[str, str]:
    form = load()
    identities = (*form.identities, *(each for table in form.tables for each in table.identities))
    return {each.id: each.description if language == "zh" else each.description_en for each in identities}


def cell_name(key: tuple[str, str, str], language: Language) -> str:
    """Row and column of a cell in the form's own words."""
    return " × ".join((row_label(key, language), column_label(key, language)))


def _next(dataset: Dataset, words: dict[str, str]) -> Iterator[str]:
    yield f"{words['where']}: {dataset.data / 'parquet'}\n"
    identifiers = dataset.sql(
        "select report_id from reports order by findings_error desc, year desc, report_id limit 1"
    ).fetchall()
    commands = [
        command.format(data=dataset.data, report=identifiers[0][0] if identifiers else "REPORT") for command in NEXT
    ]
    yield "\n".join([f"{words['next']}:", *(f"  {command}" for command in commands)]) + "\n"


def _raws(dataset: Dataset, identifier: str) -> dict[tuple[str, str, str], str]:
    query = 'select "table", "row", "column", raw from cells where report_id = $id'
    return {(table, row, column): raw for table, row, column, raw in dataset.sql(query, {"id": identifier}).fetchall()}


def _rows(dataset: Dataset, query: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = dataset.sql(query).to_arrow_table().to_pylist()
    return rows


def _titled(title: str, names: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    return f"{title}\n\n{aligned(names, rows)}"


def _word(pair: tuple[str, str], language: Language) -> str:
    return pair[0 if language == "zh" else 1]
