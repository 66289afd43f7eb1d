"""Statistics tables before the six-section form: the national return of 2014 and local tables with 年度 and 历年累计.

Known by the labels that stand there, never by year or caption (`recognition` of the template); a local table prints what
rows it likes, in its own order (within step 5).
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from .head import CLOSE, Head, once
from .heads import Heads
from .labels import normalise, similarity
from .numbers import has_leading_zero, is_blank, squeeze
from .reading import (
    Pairs,
    Reading,
    TableReading,
    field_at,
    run_of,
    units_of,
    with_step,
    without_ghosts,
    without_key,
)
from .report import CellKey, Finding, finding
from .strips import Field, Strip, is_figure
from .template import Line, Table, Template


def statistics_tables(strips: tuple[Strip, ...], heads: Heads, template: Template) -> list[TableReading]:
    """The national return of 2014 or a local table with 年度 and 历年累计, told apart by the labels that stand there."""
    found = []
    for table in (template.table("stat_2014"), template.table("local_2008")):
        matched = _freely(table, strips)
        if len(matched) >= 4 and heads.strongly(table, matched):
            found.append((table, matched))
    if len(found) == 2:
        has_cumulative = any(
            _has_cumulative(heads, strip, template) for strip in found[1][1].values()
        )
        found = [found[1] if has_cumulative or len(found[1][1]) > len(found[0][1]) else found[0]]
    return [_statistics(table, matched, heads) for table, matched in found]


_YEAR_HEAD = r"(?:(?:19|20)\d{2}年度?|本期实际|年末统计)"
_EXTRA_HEAD = r"(?:备注|说明|同比|占比|增长|增减|上年[度数]?)"
_AUTHORS_HEADS = re.compile(
    rf"历年累计(?:{_YEAR_HEAD}|{_EXTRA_HEAD})|{_YEAR_HEAD}(?:{_YEAR_HEAD}|{_EXTRA_HEAD})|{_EXTRA_HEAD}(?:{_YEAR_HEAD}|历年累计)"
)
"""Heads of running text in another order than the form's, or with columns of the author's own."""
_UNITS = ("条", "件", "万元", "元", "人次", "次", "人", "个", "篇")


@lru_cache(maxsize=64)
def _spellings(table: Table) -> tuple[dict[str, tuple[int, ...]], tuple[int, ...]]:
    """Every spelling with the rows that bear it, and the lengths of these spellings, longest first."""
    spelled: dict[str, tuple[int, ...]] = {}
    for i, row in enumerate(table.rows):
        for name in row.names:
            spelled[name] = (*spelled.get(name, ()), i)
    return spelled, tuple(sorted({len(name) for name in spelled}, reverse=True))


def _freely(table: Table, strips: tuple[Strip, ...]) -> Pairs:
    """Rows by label alone: a local table prints what it likes, in its own order."""
    matched: Pairs = {}
    for strip in strips:
        if not strip.fields or (strip.in_grid and len(strip.fields) > 6):
            continue
        bearers = _bearers(table, strip)
        free = [i for i in bearers if i not in matched]
        if free:  # of rows with one label (被依法纠错数 of reviews, then of lawsuits) the next in the table's order
            last = next(reversed(matched), -1)
            matched[next((i for i in free if i > last), free[0])] = strip
    return _densest(matched, strips)


_MOST_KEPT = 1000
_TAIL = 60
"""The longest label of such a row has 38 characters, its unit three."""


def _bearers(table: Table, strip: Strip) -> tuple[int, ...]:
    """The rows whose label a strip carries."""
    if not strip.in_grid:
        return _at_the_end(table, strip.label[-_TAIL:])
    is_usual = len(strip.label) + len(strip.context) <= _MOST_KEPT
    in_cells = _in_cells if is_usual else _in_cells.__wrapped__
    return in_cells(table, strip.label, strip.context)


@lru_cache(maxsize=8192)
def _in_cells(table: Table, label: str, context: str) -> tuple[int, ...]:
    """The rows that the label of a grid row names, or else the words around it."""
    spelled, _ = _spellings(table)
    words = (_without_unit(table, label), *context.split())
    return next((spelled[word] for word in words if word in spelled), ())


@lru_cache(maxsize=8192)
def _at_the_end(table: Table, text: str) -> tuple[int, ...]:
    """The rows that the end of a text names, the longest label first."""
    spelled, lengths = _spellings(table)
    text = _without_unit(table, text)
    return next((spelled[text[-length:]] for length in lengths if text[-length:] in spelled), ())


def _without_unit(table: Table, text: str) -> str:
    if text in _spellings(table)[0] or not text.endswith(_UNITS):
        return text
    return text.removesuffix(next(unit for unit in _UNITS if text.endswith(unit)))


def _densest(matched: Pairs, strips: tuple[Strip, ...]) -> Pairs:
    """Only the rows that stand together: a sentence of the prose may end in a row's label too."""
    place = {id(strip): index for index, strip in enumerate(strips)}
    indexes = sorted(place[id(strip)] for strip in matched.values())
    groups: list[list[int]] = []
    for index in indexes:
        if groups and index - groups[-1][-1] <= 3:
            groups[-1].append(index)
        else:
            groups.append([index])
    largest: list[int] = max(groups, key=lambda group: (len(group), -group[0]), default=[])
    kept = set(largest)
    return {row: strip for row, strip in matched.items() if place[id(strip)] in kept}


def _statistics(table: Table, matched: Pairs, heads: Heads) -> TableReading:
    edition = table.editions[0]
    columns = _columns(heads, table, list(matched.values()))
    rows = table.rows if table.local_extension else table.rows_of(edition)
    readings, findings = [], []
    single = len(columns) > 1 and _prints_one_column([_numeric(strip) for strip in matched.values()])
    if single:
        findings.append(_one_column(table, columns, [rows[i].key for i in matched] if rows is table.rows else []))
    flowing = [strip for strip in (heads.before(next(iter(matched.values()))), *matched.values()) if strip and not strip.in_grid]
    is_authors = any(_AUTHORS_HEADS.search(strip.label) for strip in flowing)
    for i, row in enumerate(rows):
        strip = matched.get(i) if rows is table.rows else matched.get(table.rows.index(row))
        slots = tuple((table.id, row.key, column.key) for column in columns)
        if strip is None:
            if not table.local_extension:
                readings.append(Reading(slots, "absent"))
            continue
        readings.append(with_step(_statistics_row(strip, slots, heads, columns, single, is_authors), strip, heads))
    findings += [
        without_key(table, strip) for strip in heads.rows_below(list(matched.values())) if strip not in matched.values()
    ]
    years = _years(heads, list(matched.values()))
    return TableReading(table, edition, tuple(readings), tuple(findings), years)


def _numeric(strip: Strip) -> tuple[Field, ...]:
    return tuple(
        field for field in strip.fields if is_figure(field.text) or (not strip.in_grid and is_blank(field.text))
    )


def _statistics_row(
    strip: Strip, slots: tuple[CellKey, ...], heads: Heads, columns: tuple[Line, ...], single: bool, is_authors: bool
) -> Reading:
    units = units_of(strip, heads)
    if is_authors and not strip.in_grid and len(slots) > 1:
        return Reading(slots, "refused", strip.fields, units)
    if strip.is_glued and not single and len(slots) > 1:
        return Reading(slots, "glued", (run_of(strip),), units)
    places = _places(heads.over(strip), columns) if strip.in_grid else None
    if places:
        found = tuple(field_at(strip.fields, place) for place in places)
        if None not in found:
            return Reading(slots, "cells", found, units)
        # a field was lost between others: its neighbours may have moved up
        return Reading(slots, "vanished", tuple(field for field in found if field), units)
    fields = _numeric(strip) if single else without_ghosts(strip.fields, len(slots))
    if single:
        return Reading(slots, "cells", (fields[0], *[None] * (len(slots) - 1)), units)
    if len(fields) == len(slots):
        return Reading(slots, "cells", fields, units)
    return Reading(slots, "vanished" if len(fields) < len(slots) else "refused", fields, units)


def _prints_one_column(runs: Sequence[tuple[Field, ...]]) -> bool:
    """Whether every row prints one figure and most are one digit long, so that no second can be glued to them."""
    if any(len(run) != 1 or has_leading_zero(run[0].text) for run in runs):
        return False
    return 2 * sum(len(squeeze(run[0].text)) == 1 for run in runs) > len(runs)


def _one_column(table: Table, columns: Sequence[Line], rows: Sequence[str]) -> Finding:
    return finding(
        "COLUMNS_BY_POSITION",
        f"{table.id}: every row prints one figure under {len(columns)} heads; it was taken as the year's",
        f"{table.caption}：每行仅一个数字，按本年度数读取",
        tuple((table.id, row, columns[0].key) for row in rows),
    )


# --- heads ---


def _has_cumulative(heads: Heads, strip: Strip, template: Template) -> bool:
    line = next(column for column in template.table("local_2008").columns if column.key == "cumulative")
    return any(name in heads.text(strip) for name in line.names)


def _columns(heads: Heads, table: Table, strips: Sequence[Strip]) -> tuple[Line, ...]:
    """The value columns that stand in the table; the first alone where no head can be read."""
    text = " ".join(heads.text(strip) for strip in strips)
    standing = [column for column in table.columns if column.printed and _stands(column, text)]
    if not standing or (standing[0] is not table.columns[0] and table.columns[0].printed):
        standing.insert(0, table.columns[0])
    return tuple(standing)


def _stands(column: Line, text: str) -> bool:
    return any(name in text for name in column.names) or any(
        re.search(pattern.strip("^$"), text) for pattern in column.patterns
    )


@once
def _places(head: Head, columns: tuple[Line, ...]) -> tuple[int, ...] | None:
    """The grid columns of the value columns, by name or pattern."""
    places: list[int] = []
    for line in columns:
        headed = [
            column
            for column, stack in sorted(head.stacks.items())
            if column not in places and any(_is_head(line, normalise(text)) for text in (*stack, "".join(stack)))
        ]
        if not headed:
            return None
        # last year's column may stand beside this year's
        places.append(max((_rank(line, head.stacks[column]), -column, column) for column in headed)[-1])
    return tuple(places)


def _rank(line: Line, stack: Sequence[str]) -> tuple[bool, int]:
    """Of two heads that both name a column: by its label rather than a year, the later year rather than the earlier."""
    return any(normalise(text) in line.names for text in stack), _year_in(stack)


def _year_in(stack: Sequence[str]) -> int:
    """The year that the heads over a column name, 0 where they name none."""
    found = re.search(r"((?:19|20)\d{2})年", squeeze("".join(stack)))
    return int(found[1]) if found else 0


def _is_head(line: Line, text: str) -> bool:
    return any(similarity(name, text) >= CLOSE for name in line.names) or any(
        re.search(pattern, text) for pattern in line.patterns
    )


def _years(heads: Heads, strips: Sequence[Strip]) -> tuple[int, ...]:
    """Years that the heads print (20YY年度): weak evidence, heads are left over from last year."""
    text = " ".join(heads.text(strip) for strip in strips[:1])
    return tuple(sorted({int(year) for year in re.findall(r"((?:19|20)\d{2})年", text)}))
