"""Section four: one row of fifteen figures in group order, or three rows or tables of five (within step 5)."""

from .heads import CLOSE, Heads, head_closeness, names_of
from .labels import normalise
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
        columns = _columns(strip, heads, table)
        if columns:
            return Reading(slots, "cells", tuple(field_at(fields, column) for column in columns))
        fields = without_ghosts(fields, len(slots))
    if len(fields) == len(slots):
        return Reading(slots, "cells", fields)
    return Reading(slots, "vanished" if len(fields) < len(slots) else "refused", fields)


def _columns(strip: Strip, heads: Heads, table: Table) -> list[int] | None:
    """The grid columns of the fifteen slots by their two-level heads, where a row does not have just fifteen fields."""
    if len(strip.fields) == 15:
        return None
    rows, columns = [row for row in table.rows if row.printed], table.columns
    found: dict[tuple[int, int], int] = {}
    for place, stack in sorted(heads.stacks(strip).items()):
        text = " ".join(map(normalise, stack))
        group = next((i for i in (1, 2, 0) if any(name in text for name in names_of(rows[i]))), None)
        scored = max(((head_closeness(column, stack), -j) for j, column in enumerate(columns)), default=(0.0, 0))
        if group is not None and scored[0] >= CLOSE:
            found.setdefault((group, -scored[1]), place)
    wanted = [(i, j) for i in range(len(rows)) for j in range(len(columns))]
    return [found[key] for key in wanted] if all(key in found for key in wanted) else None
