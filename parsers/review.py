"""Section four: one row of fifteen figures in group order, or three rows or tables of five (within step 5)."""

from .heads import Heads
from .reading import (
    Pairs,
    Reading,
    TableReading,
    field_at,
    is_fused,
    run_of,
    stands_twice,
    table_reading,
    without_ghosts,
)
from .report import CellKey
from .strips import Strip
from .template import Edition, Table


def review_litigation(
    table: Table, strips: tuple[Strip, ...], heads: Heads, edition: Edition | None, is_glued: bool
) -> TableReading | None:
    """Section four: one row of fifteen figures in group order; or three rows or tables of five, by their groups."""
    edition = edition or table.editions[-1]
    rows, columns = table.rows_of(edition), table.columns_of(edition)
    slots = tuple((table.id, row.key, column.key) for row in rows for column in columns)
    long_ = [strip for strip in strips if len(strip.fields) >= 11 or (strip.is_glued and not strip.in_grid)]
    full = [strip for strip in long_ if heads.bear_review(strip)]
    if full:
        strip = full[0]
        reading = _review_row(strip, slots, heads, table, is_glued)
        rivals = {tuple(f.text for f in other.fields) for other in full}
        findings = (stands_twice(table, rows[0], edition),) if len(rivals) > 1 else ()
        if findings:
            reading = Reading(slots, "refused", reading.fields)
        return TableReading(table, edition, (reading,), findings)
    by_group: Pairs = {}
    for strip in strips:
        group = heads.review_group(strip, table) if len(strip.fields) == 5 else None
        if group is not None:
            by_group.setdefault(group, strip)
    short = [s for s in strips if 0 < len(s.fields) < 11 and not s.in_grid and heads.bear_review(s)]
    if not by_group and short:
        return TableReading(table, edition, (Reading(slots, "vanished", short[0].fields),))
    if not by_group:
        return None
    return table_reading(table, edition, rows, by_group, heads, (), {}, set(), is_glued)


def _review_row(strip: Strip, slots: tuple[CellKey, ...], heads: Heads, table: Table, is_glued: bool) -> Reading:
    if not strip.in_grid and (is_glued or is_fused(strip)):
        return Reading(slots, "glued", (run_of(strip),))
    fields = strip.fields
    if strip.in_grid:
        columns = heads.review_columns(strip, table)
        if columns:
            return Reading(slots, "cells", tuple(field_at(fields, column) for column in columns))
        fields = without_ghosts(fields, len(slots))
    if len(fields) == len(slots):
        return Reading(slots, "cells", fields)
    return Reading(slots, "vanished" if len(fields) < len(slots) else "refused", fields)
