"""The panel as one table: rows of all years in order of body and year, each with its growth over the year before.

Columns, not rows: a wide row as Python objects weighs seven times as much, and a panel has a row for each report.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa

from nianbao.columns import Row, arrow_schema
from nianbao.schemas import panel_schema

GROWTH = "request_growth"
GROWS = "requests_received_new"
READ = ("org_id", "year", GROWS, "caveats", "why_null")


def panel_table(rows: Sequence[Row]) -> pa.Table:
    """Rows of `panel_row` as a table, without growth."""
    schema = arrow_schema(panel_schema())
    columns = [pa.array([row.get(field.name) for row in rows], field.type) for field in schema]
    return pa.table(columns, schema=schema)


def with_growth(tables: Sequence[pa.Table]) -> pa.Table:
    """The whole panel in order of body and year, growth given where both years can be trusted, else why not."""
    panel = pa.concat_tables([panel_table([]), *tables]).sort_by([("org_id", "ascending"), ("year", "ascending")])
    rows = panel.select(READ).to_pylist()
    growth: list[float | None] = []
    why_null: list[str | None] = []
    before: Row | None = None
    for row in rows:
        is_next = before is not None and (before["org_id"], before["year"]) == (row["org_id"], row["year"] - 1)
        value, code = _growth(row, before if is_next else None)
        growth.append(value)
        why_null.append("; ".join(filter(None, (row["why_null"], code and f"{GROWTH}: {code}"))) or None)
        before = row
    return _replaced(panel, {GROWTH: growth, "why_null": why_null})


def without_growth(panel: pa.Table) -> pa.Table:
    """Rows of a written panel as `panel_row` made them, ready for `with_growth`."""
    why_null = [_without_growth(text) for text in panel["why_null"].to_pylist()]
    return _replaced(panel, {GROWTH: [None] * panel.num_rows, "why_null": why_null})


def _without_growth(why_null: str | None) -> str | None:
    entries = (why_null or "").split("; ")
    return "; ".join(entry for entry in entries if not entry.startswith(f"{GROWTH}: ")) or None


def _replaced(panel: pa.Table, columns: Mapping[str, Sequence[Any]]) -> pa.Table:
    for name, values in columns.items():
        place = panel.schema.get_field_index(name)
        panel = panel.set_column(place, panel.schema.field(place), pa.array(values, panel.schema.field(place).type))
    return panel


def _growth(row: Row, before: Row | None) -> tuple[float | None, str | None]:
    """The growth, or the code of why there is none; neither where the year itself has no figure."""
    if row[GROWS] is None:
        return None, None
    if before is None or before[GROWS] is None:
        return None, "NO_YEAR_BEFORE"
    if any(f"{GROWS}: " in (each["caveats"] or "") for each in (row, before)):
        return None, "CONTRADICTED"
    if before[GROWS] == 0:
        return None, "ZERO_DENOMINATOR"
    return row[GROWS] / before[GROWS] - 1, None
