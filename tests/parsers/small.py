"""One small report that the tests of alignment and reconciliation change by hand, and how they look at what was read."""

from collections.abc import Callable, Mapping
from random import Random

from msgspec.structs import replace

from parsers.parse import parse
from parsers.report import Cell, CellKey, Finding, Report, Value
from parsers.template import load
from tests.specimens import flat, markup, prose
from tests.specimens.figures import APPLICANTS, OUTCOMES, ROUTES, printed_cells
from tests.specimens.forms import Box, Form, Row, forms
from tests.specimens.truth import Truth, printed

ORGANIZATION = prose.township("云蓼镇")
SEVEN = (*APPLICANTS, "total")
REQUESTS = {
    "received_new": (5, 2, 0, 0, 0, 0, 7),
    "carried_over_in": (1, 0, 0, 0, 0, 0, 1),
    "disclosed_full": (3, 1, 0, 0, 0, 0, 4),
    "denied_third_party_rights": (1, 0, 0, 0, 0, 0, 1),
    "unable_not_held": (1, 1, 0, 0, 0, 0, 2),
    "concluded_total": (5, 2, 0, 0, 0, 0, 7),
    "carried_over_out": (1, 0, 0, 0, 0, 0, 1),
}
"""Rows of section three that are not all 0; 5 + 1 = 5 + 1 and 2 + 0 = 2 + 0."""
REVIEW = {"reconsideration": (2, 1, 0, 0, 3), "litigation_direct": (0, 0, 0, 1, 1)}
SECTION_TWO: dict[CellKey, Value] = {
    ("art20_5", "administrative_license", "decisions"): 528,
    ("art20_6", "administrative_penalty", "decisions"): 64,
}


def truth(edition: str = "format_2021", section_three: str | None = None, **changes: tuple[int, ...]) -> Truth:
    """The report with some rows of section three or four changed; all other figures are 0."""
    editions = {
        table.id: (section_three or edition) if table.id == "requests" else edition
        for table in load().tables
        if edition in table.editions and table.kind == "table"
    }
    figures: dict[CellKey, Value] = {
        (table_id, row.key, column.key): 0
        for table_id, of_table in editions.items()
        for row, column in printed_cells(load().table(table_id), of_table)
    }
    figures |= SECTION_TWO
    for row, counts in {**REQUESTS, **REVIEW, **changes}.items():
        table_id, columns = ("review_litigation", (*OUTCOMES, "total")) if row in ROUTES else ("requests", SEVEN)
        figures |= {(table_id, row, column): n for column, n in zip(columns, counts, strict=True)}
    raw = {key: printed(value) for key, value in figures.items()}
    title = f"{ORGANIZATION}2022年政府信息公开工作年度报告"
    return Truth(ORGANIZATION, 2022, title, "2023-01-20", "2023年1月18日", editions, figures, raw)


def reprinted(source: Truth, texts: Mapping[CellKey, str]) -> Truth:
    """The same report with other texts in some cells, "" for a blank one."""
    assert texts.keys() <= source.raw.keys()
    return replace(source, raw={**source.raw, **texts})


def row_texts(table_id: str, row: str, *texts: str) -> dict[CellKey, str]:
    columns = (*OUTCOMES, "total") if table_id == "review_litigation" else SEVEN
    return {(table_id, row, column): text for column, text in zip(columns, texts, strict=True)}


def html(source: Truth, laid_out: tuple[Form, ...] | None = None) -> str:
    return markup.bare_page(source, prose.text(Random(1), source), laid_out or forms(source))


def text(source: Truth, table: flat.TableText = flat.row_lines, laid_out: tuple[Form, ...] | None = None) -> str:
    return flat.text_page(source, prose.text(Random(1), source), laid_out or forms(source), table)


def glued(source: Truth, laid_out: tuple[Form, ...] | None = None) -> str:
    return flat.one_line_page(source, prose.text(Random(1), source), laid_out or forms(source), flat.glued, "")


def changed(laid_out: tuple[Form, ...], table_id: str, change: Callable[[Form], Form]) -> tuple[Form, ...]:
    """The laid-out forms with those of one table changed."""
    return tuple(change(form) if form.table == table_id else form for form in laid_out)


def changed_row(laid_out: tuple[Form, ...], row: CellKey | tuple[str, str], change: Callable[[Row], Row]) -> tuple[Form, ...]:
    """The laid-out forms with one row of figures changed."""
    found = [line for form in laid_out for line in form.rows if any(box.key and box.key[:2] == row[:2] for box in line)]
    assert len(found) == 1
    return changed(
        laid_out,
        row[0],
        lambda form: replace(form, rows=tuple(change(line) if line is found[0] else line for line in form.rows)),
    )


def boxes(*texts: str) -> Row:
    return tuple(Box(text) for text in texts)


def read(page: str) -> Report:
    (report,) = parse(page.encode(), source="small")
    return report


def cell(report: Report, key: CellKey) -> Cell:
    return next(cell for cell in report.cells if cell.key == key)


def row_of(report: Report, table_id: str, row: str) -> list[Value | None]:
    return [cell.value for cell in report.cells if (cell.table, cell.row) == (table_id, row)]


def bases(report: Report, table_id: str, row: str) -> set[str]:
    return {cell.basis for cell in report.cells if (cell.table, cell.row) == (table_id, row)}


def errors(report: Report) -> list[Finding]:
    return [finding for finding in report.findings if finding.severity == "error"]


def codes(report: Report) -> set[str]:
    return {finding.code for finding in report.findings}


def flagged(report: Report) -> set[CellKey]:
    return {key for finding in report.findings if finding.severity != "info" for key in finding.cells}


def silently_wrong(report: Report, meant: Truth) -> dict[CellKey, tuple[Value, Value | None]]:
    """Cells with another value than the one meant, (read, meant), that no warning names: there must never be one."""
    named = flagged(report)
    return {
        cell.key: (cell.value, meant.figures.get(cell.key))
        for cell in report.cells
        if cell.value is not None and cell.value != meant.figures.get(cell.key) and cell.key not in named
    }


def unread(report: Report, meant: Truth) -> set[CellKey]:
    """Cells that were not read as what they mean."""
    values = {cell.key: cell.value for cell in report.cells}
    return {key for key, value in meant.figures.items() if values.get(key) != value}
