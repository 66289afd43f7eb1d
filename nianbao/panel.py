"""The panel: one row for each body and year, headline figures as published and indicators computed from them.

What the figures and indicators are is said by `nianbao.indicators`. Figures keep the published number even where it is
contradicted (`caveats` then names the broken identity); an indicator is null unless every one of its parts is a number
that no error touches, and `why_null` says what stood in the way.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any

from msgspec import Struct

from nianbao.deadlines import due
from nianbao.indicators import INDICATORS, Indicator, Ref, figures
from nianbao.panel_columns import IDENTITY_COLUMNS
from parsers.report import Cell, CellKey, Finding, Report, Value
from parsers.template import Line, load

UNIT_UNKNOWN = "MONEY_UNIT_UNKNOWN"


class Trust(Struct):
    """What is known of one report's figures: cells, the errors that touch them, the edition of each table."""

    cells: dict[CellKey, Cell]
    errors: dict[CellKey, tuple[str, ...]]
    editions: dict[str, str]

    def keys(self, refs: Sequence[Ref]) -> tuple[CellKey, ...] | None:
        """The printed cells that figures are made of in this report's edition; None when the form lacks one of them.

        What only some localities print counts where it stands, and is not missed where it does not.
        """
        found: list[CellKey] = []
        for ref in refs:
            edition = self.editions.get(ref.partition("/")[0])
            parts = _parts_in(ref, edition) if edition else ()
            if not parts:
                return None
            found += [key for key, is_local in parts if not is_local or key in self.cells]
        return tuple(found) or None

    def total(self, keys: Sequence[CellKey]) -> tuple[Value | None, tuple[str, ...]]:
        """The sum of cells, or None with the codes of what is missing."""
        values = [value for key in keys if (value := self._value(key)) is not None]
        if len(values) == len(keys):
            return sum(values), ()
        return None, tuple(sorted({code for key in keys if (code := self._absence(key))}))

    def _value(self, key: CellKey) -> Value | None:
        """The value of a cell, unless it is an amount of nobody knows what."""
        cell = self.cells.get(key)
        return None if cell is None or cell.unit == "unknown" else cell.value

    def codes(self, keys: Iterable[CellKey]) -> tuple[str, ...]:
        """The error findings that touch any of the cells."""
        return tuple(sorted({code for key in keys for code in self.errors.get(key, ())})) if self.errors else ()

    def _absence(self, key: CellKey) -> str:
        """Why a cell has no value; empty where it has one."""
        cell = self.cells.get(key)
        if cell is None:
            return "MISSING"
        if cell.value is None:
            return cell.basis.upper()
        return UNIT_UNKNOWN if cell.unit == "unknown" else ""


def trust_of(report: Report, findings: Sequence[Finding]) -> Trust:
    """Cells and errors of a report, ready to be asked for figures."""
    errors: dict[CellKey, tuple[str, ...]] = {}
    for each in findings:
        for key in each.cells if each.severity == "error" else ():
            errors[key] = (*errors.get(key, ()), each.code)
    return Trust({cell.key: cell for cell in report.cells}, errors, report.tables)


def panel_row(row: Mapping[str, Any], report: Report, findings: Sequence[Finding]) -> dict[str, Any]:
    """The panel's row of one report: `row` is its row of the table `reports`. Growth over the year before
    is added by `nianbao.growth`."""
    trust = trust_of(report, findings)
    why_null: list[str] = [f"{table}: TABLE_MISSING" for table in _tables_not_found(report)]
    caveats: list[str] = []
    values: dict[str, Any] = {column.name: row[column.name] for column in IDENTITY_COLUMNS}
    for figure in figures():
        keys = trust.keys((figure.ref,))
        value, codes = trust.total(keys) if keys else (None, ())
        values[figure.key] = _number(value)
        why_null += _entry(figure.key, codes)
        caveats += _entry(figure.key, trust.codes(keys or ()))
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


def _ratio(trust: Trust, indicator: Indicator) -> tuple[float | None, tuple[str, ...]]:
    """The ratio, or None with the codes of why; without codes where the form does not have its figures."""
    over, under = trust.keys(indicator.over), trust.keys(indicator.under)
    if over is None or under is None:
        return None, ()
    (numerator, lacking), (denominator, lacking_below) = trust.total(over), trust.total(under)
    codes = tuple(sorted({*lacking, *lacking_below, *trust.codes((*over, *under))}))
    if codes or numerator is None or denominator is None:
        return None, codes
    if denominator == 0:
        return None, ("ZERO_DENOMINATOR",)
    return float(numerator) / float(denominator), ()


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
    """Whether the report was published by the deadline of the Regulations; None where they do not name one."""
    published: date | None = row["published"]
    year: int = row["year"]
    if published is None or not year:
        return None
    deadline = due(year, row["kind"], row["level"])
    return None if deadline.rule == "assumed" else published <= deadline.day


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


def _entry(key: str, codes: Sequence[str]) -> list[str]:
    return [f"{key}: {', '.join(codes)}"] if codes else []


def _number(value: Value | None) -> float | None:
    return None if value is None else float(value)
