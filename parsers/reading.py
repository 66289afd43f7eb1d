"""What a document prints of a table, row by row, before any arithmetic; and how a strip becomes such a row (step 5)."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from .head import CLOSE, head_closeness
from .heads import Heads
from .numbers import fits, has_leading_zero, is_blank, money_unit_in, read_figure
from .report import CellKey, Finding, Severity, finding
from .strips import Field, Strip, is_figure, text_field
from .template import Edition, Line, Table

_NAMED = 0.7
"""A head this close to a column hardly names another."""

Pairs = dict[int, Strip]
"""Index of a template row → its strip."""


class Reading(Struct, frozen=True, gc=False):
    """One printed row and the slots it fills.

    `cells`: a field for each slot (None where the source has no such cell). `vanished`: fewer figures than slots, in
    order, blanks lost. `glued`: one run of characters for all slots. `absent`: the row does not stand (no fields).
    `refused`: it stands, but its figures cannot be told apart by labels or borders.
    """

    slots: tuple[CellKey, ...]
    form: Literal["cells", "vanished", "glued", "absent", "refused"]
    fields: tuple[Field | None, ...] = ()
    units: tuple[str, ...] = ()
    step: int = 1
    """How many things one of a count is: 10,000 under `（万件）`."""


class TableReading(Struct, frozen=True):
    """All that a document prints of one table of the form, in one edition, rows in template order."""

    table: Table
    edition: Edition
    readings: tuple[Reading, ...]
    findings: tuple[Finding, ...] = ()
    head_years: tuple[int, ...] = ()


def table_reading(
    table: Table,
    edition: Edition,
    rows: Sequence[Line],
    matched: Pairs,
    heads: Heads,
    findings: tuple[Finding, ...],
    unsure: Pairs,
    standing: set[int],
    is_glued: bool,
) -> TableReading:
    """Readings of all rows of a table with fixed columns; `unsure` rows stand but are refused, `standing` ones are blank."""
    columns = table.columns_of(edition)
    readings: list[Reading] = []
    by_position: list[CellKey] = []
    has_money = any(column.type == "money" for column in columns)
    for i, (row, slots) in enumerate(zip(rows, _slots_of(table, edition), strict=True)):
        strip = matched.get(i)
        if row.local_extension and strip is None:
            continue
        if i in unsure:
            readings.append(Reading(slots, "refused", unsure[i].fields))
        elif strip is None:
            readings.append(Reading(slots, "vanished" if i in standing else "absent"))
        else:
            units = units_of(strip, heads) if has_money else ()
            reading, positional = _row_reading(strip, slots, columns, heads, units, is_glued)
            by_position += slots if positional else ()
            readings.append(with_step(reading, strip, heads))
    if by_position and not any(f.code == "COLUMNS_BY_POSITION" for f in findings):
        findings = (*findings, by_position_finding(table, tuple(by_position)))
    return TableReading(table, edition, tuple(readings), findings)


def with_step(reading: Reading, strip: Strip, heads: Heads) -> Reading:
    """The reading with what one of the row's counts is, where that is more than one. Where it is not the same for all, or
    arithmetic would have to tell the figures apart, none is read."""
    steps = heads.count_steps(strip, reading.fields)
    if not steps or steps == {1}:
        return reading
    if len(steps) > 1 or reading.form != "cells":
        return replace(reading, form="refused")
    return replace(reading, step=steps.pop())


@lru_cache(maxsize=64)
def _slots_of(table: Table, edition: Edition) -> tuple[tuple[CellKey, ...], ...]:
    """The keys of the cells of each row."""
    columns = table.columns_of(edition)
    return tuple(tuple((table.id, row.key, column.key) for column in columns) for row in table.rows_of(edition))


def _row_reading(
    strip: Strip,
    slots: tuple[CellKey, ...],
    columns: tuple[Line, ...],
    heads: Heads,
    units: tuple[str, ...],
    is_glued: bool,
) -> tuple[Reading, bool]:
    """The reading of one row, and whether its columns were taken by position although its grid has heads."""
    if not strip.in_grid:
        return _text_row(strip, slots, columns, units, is_glued), False
    places = heads.places(strip, columns)
    if places:
        if _stands_under(strip.fields, places):
            return Reading(slots, "cells", strip.fields, units), heads.over(strip).are_alike(places)
        narrow = {field.column: field for field in strip.fields if field.colspan == 1}
        fields = tuple(narrow.get(place) or field_at(strip.fields, place) for place in places)
        if _is_head_shared(strip, columns, places, heads):
            return Reading(slots, "refused", strip.fields), False
        if any(field is not None for field in fields):
            reading = _grid_row(strip, slots, fields, places, units, heads.over(strip).stacks)
            is_movable = reading.form == "refused" and not heads.over(strip).names_another_order(columns)
            moved = _moved(strip, places, heads) if is_movable else None
            if moved:
                return Reading(slots, "cells", moved, units), True
            return reading, reading.form == "cells" and heads.over(strip).are_alike(places)
    fields = without_ghosts(strip.fields, len(slots))
    tokens = _unfused(fields, len(slots))
    if tokens:
        return Reading(slots, "cells", tokens, units), False
    figures = tuple(field for field in strip.fields if is_figure(field.text))
    by_position = next((found for found in (figures, fields) if len(found) == len(slots)), None)
    if by_position:
        over = heads.over(strip)
        if over.names_another_order(columns) or (over.has_words and _are_exchanged(by_position, columns, over.stacks)):
            return Reading(slots, "refused", by_position, units), False
        return Reading(slots, "cells", by_position, units), over.has_words
    form: Literal["vanished", "refused"] = (
        "vanished" if len(figures) < len(slots) and len(fields) < len(slots) else "refused"
    )
    return Reading(slots, form, figures if form == "vanished" else fields, units), False


def _stands_under(fields: tuple[Field, ...], places: tuple[int, ...]) -> bool:
    """Whether a row has one field under each head, with nothing inside that could be two, and no other."""
    if len(fields) != len(places):
        return False
    for field, place in zip(fields, places, strict=True):
        if field.column != place or field.colspan != 1 or len(field.text.split()) > 1:
            return False
    return True


def _text_row(
    strip: Strip, slots: tuple[CellKey, ...], columns: tuple[Line, ...], units: tuple[str, ...], is_glued: bool
) -> Reading:
    if (is_glued or is_fused(strip)) and (len(slots) > 1 or len(strip.fields) > 1):
        return Reading(slots, "glued", (run_of(strip),), units)
    fields = strip.fields
    if len(fields) == len(slots):
        return Reading(slots, "refused" if _are_out_of_order(fields, columns) else "cells", fields, units)
    return Reading(slots, "vanished" if len(fields) < len(slots) else "refused", fields, units)


def _are_out_of_order(fields: tuple[Field, ...], columns: tuple[Line, ...]) -> bool:
    """Whether a figure of running text cannot be what its column counts (-3 last year) and can be what another does: then
    none of the row is known to stand in order."""
    for field, column in zip(fields, columns, strict=True):
        figure = read_figure(field.text)
        if figure and not fits(figure, column.type) and any(fits(figure, other.type) for other in columns):
            return True
    return False


def is_fused(strip: Strip) -> bool:
    """Whether a figure of the run is visibly two (00, 016): then spaces in it are no borders either."""
    return any(has_leading_zero(field.text) for field in strip.fields)


def _unfused(fields: tuple[Field, ...], width: int) -> tuple[Field, ...] | None:
    """The figures of a row in which two stand in one cell ("0 0"), where their count then fits: the cells they should
    have stood in are lacking, or follow empty."""
    if not any(len(field.text.split()) > 1 for field in fields):
        return None
    tokens: list[Field] = []
    owed = 0
    for field in fields:
        found = field.text.split()
        if owed and not found:
            owed -= 1
            continue
        owed = max(0, len(found) - 1)
        tokens += [replace(field, text=token) for token in found or [""]]
    fits = len(tokens) == width and all(is_figure(token.text) or is_blank(token.text) for token in tokens)
    return tuple(tokens) if fits else None


def _grid_row(
    strip: Strip,
    slots: tuple[CellKey, ...],
    fields: tuple[Field | None, ...],
    places: Sequence[int],
    units: tuple[str, ...],
    stacks: Mapping[int, Sequence[str]],
) -> Reading:
    """A grid row by its heads. A cell over two columns, a figure outside them where one of them has none, or one right of
    the last where no head stands, is no reading: a row may have been shifted."""
    figures = [field for field in fields if field and is_figure(field.text)]
    tokens = _unfused(without_ghosts(strip.fields, len(slots)), len(slots))
    if tokens:
        return Reading(slots, "cells", tokens, units)
    wide = len({field.column for field in figures}) < len(figures)
    outside = [f for f in strip.fields if is_figure(f.text) and f.column not in places]
    absent = any(field is None for field in fields)
    lacking = absent or any(field is not None and not field.text.strip() for field in fields)
    beyond = any(field.column > places[-1] and not stacks.get(field.column) for field in outside)
    if wide or beyond or (outside and lacking):
        return Reading(slots, "refused", strip.fields, units)
    if absent and not outside and len(slots) > 1:
        return Reading(slots, "vanished", tuple(field for field in fields if field is not None), units)
    return Reading(slots, "cells", fields, units)


def _is_head_shared(strip: Strip, columns: Sequence[Line], places: Sequence[int], heads: Heads) -> bool:
    """Whether the head that names a column also stands over a figure that would be left out (本年 over two years), or that
    figure's own head names the column as well (县级, 乡镇)."""
    over = heads.over(strip)
    outside = [field.column for field in strip.fields if field.column not in places and is_figure(field.text)]
    stacks = over.stacks if outside else {}
    for column in outside:
        if column in over.earlier:
            continue
        if any(over.is_of_a_later_year(column, place) for place in places):
            return True
        rival = stacks.get(column, ())
        for line, place in zip(columns, places, strict=True):
            own = stacks.get(place, ())
            shared = [head for head in own if head in rival and head_closeness(line, (head,)) >= CLOSE]
            if shared or head_closeness(line, rival) >= max(CLOSE, head_closeness(line, own) - 0.02):
                return True
    return False


def _are_exchanged(fields: Sequence[Field], columns: Sequence[Line], stacks: Mapping[int, Sequence[str]]) -> bool:
    """Whether heads that are not read for certain nevertheless name the columns in another order: some more like a column
    further left than where their figures would go, some more like one further right. (A total's head moves alone where the
    span of a heading is wrong.)"""
    displaced = set()
    for place, field in enumerate(fields):
        likeness = [head_closeness(line, stacks.get(field.column, ())) for line in columns]
        nearest = max(range(len(columns)), key=lambda at: likeness[at])
        is_named = likeness[nearest] >= _NAMED and likeness[nearest] > likeness[place] + 0.1
        if is_named and not columns[nearest].sum_of:
            displaced.add(nearest > place)
    return len(displaced) == 2


def _moved(strip: Strip, places: Sequence[int], heads: Heads) -> tuple[Field, ...] | None:
    """The figures of a row that stands beside its heads as a whole (a group cell with a wrong span): exactly as many as
    columns, one a cell, nothing between them, and none under a head that is no column of the form."""
    fields = strip.fields
    while fields and not fields[-1].text.strip():
        fields = fields[:-1]
    while fields and not fields[0].text.strip():
        fields = fields[1:]
    stacks = heads.over(strip).stacks
    foreign = [f for f in fields if f.column > places[-1] and stacks.get(f.column)]
    is_whole = len(fields) == len(places) and all(is_figure(field.text) for field in fields)
    return fields if is_whole and not foreign else None


def field_at(fields: Sequence[Field], column: int) -> Field | None:
    return next((f for f in fields if f.column <= column < f.column + f.colspan), None)


def without_ghosts(fields: tuple[Field, ...], width: int) -> tuple[Field, ...]:
    """Fields without the empty ones that stand beyond the form's last column at the right end."""
    while len(fields) > width and not fields[-1].text.strip():
        fields = fields[:-1]
    return fields


def run_of(strip: Strip) -> Field:
    text = "".join(field.text for field in strip.fields)
    return text_field(text, strip.fields[0].locator if strip.fields else strip.locator)


def units_of(strip: Strip, heads: Heads) -> tuple[str, ...]:
    """Money units that bear on a row, nearest first: its unit column, its label, the heads, the caption."""
    return tuple(filter(None, (*heads.unit_cells(strip), money_unit_in(strip.raw_label), *heads.units(strip))))


# --- findings of alignment ---


def by_position_finding(table: Table, cells: tuple[CellKey, ...], severity: Severity | None = None) -> Finding:
    rows = ", ".join(dict.fromkeys(row for _, row, _ in cells))
    return finding(
        "COLUMNS_BY_POSITION",
        f"{table.id}: the heads are unreadable, or do not stand over the figures; taken by position: {rows}",
        f"{table.caption}：表头无法识别或与数字错位，按位置对应：{rows}",
        cells,
        severity,
    )


def by_columns_finding(table: Table, edition: Edition) -> Finding:
    return finding(
        "COLUMNS_BY_POSITION",
        f"{table.id}: the figures stand column by column; each row adds up in this order only",
        f"{table.caption}：数字按列排列，仅此顺序各行合计成立",
        tuple((table.id, row.key, column.key) for row, column in table.cells_of(edition)),
    )


def figures_above_finding(table: Table, edition: Edition) -> Finding:
    return finding(
        "LABEL_DOUBTFUL",
        f"{table.id}: the figures stand above their labels, not behind them",
        f"{table.caption}：数字位于行名之上",
        tuple((table.id, row.key, column.key) for row, column in table.cells_of(edition)),
    )


def without_key(table: Table, strip: Strip) -> Finding:
    raw = " ".join(field.text for field in strip.fields)
    return finding(
        "ROW_WITHOUT_KEY",
        f"{table.id}: the row “{strip.raw_label}” ({raw}) has no place in the form",
        f"{table.caption}：行“{strip.raw_label}”（{raw}）不在格式内",
    )


def doubtful_label(table: Table, row: Line, strip: Strip, edition: Edition) -> Finding:
    return finding(
        "LABEL_DOUBTFUL",
        f"{table.id}/{row.key}: “{strip.raw_label[-40:]}” was read as “{row.labels[0]}”",
        f"“{strip.raw_label[-40:]}”按“{row.labels[0]}”读取",
        tuple((table.id, row.key, column.key) for column in table.columns_of(edition)),
    )


def stands_twice(table: Table, row: Line, edition: Edition) -> Finding:
    return finding(
        "ROW_AMBIGUOUS",
        f"{table.id}/{row.key} stands twice with different figures (two reports in one page?)",
        f"{row.labels[0]}出现两次且数字不同（可能一页含两份报告）",
        tuple((table.id, row.key, column.key) for column in table.columns_of(edition)),
    )
