"""Section four: one row of fifteen figures in group order, or three rows or tables of five (within step 5)."""

import re
from collections.abc import Mapping

from .head import CLOSE, Head, head_closeness, once
from .heads import Heads
from .labels import normalise
from .reading import (
    Pairs,
    Reading,
    TableReading,
    by_position_finding,
    field_at,
    is_fused,
    run_of,
    stands_twice,
    table_reading,
    with_step,
    without_ghosts,
)
from .report import CellKey, Finding
from .strips import Strip
from .template import Edition, Table

_OUTCOMES = ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计")
_OUTCOME = re.compile("|".join(_OUTCOMES))
_GROUP = re.compile("行政复议|行政诉讼|未经复议直接起诉|复议后起诉")


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
        findings: tuple[Finding, ...] = (stands_twice(table, rows[0], edition),) if len(rivals) > 1 else ()
        if findings:
            reading = Reading(slots, "refused", reading.fields)
        elif reading.form == "cells" and len(strip.fields) == len(slots) and _is_headed_otherwise(strip, heads, table):
            findings = (by_position_finding(table, slots),)
        return TableReading(table, edition, (with_step(reading, strip, heads),), findings)
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
    flowing: Pairs = {group: strip for group, strip in by_group.items() if not strip.in_grid}
    is_authors_order = any(_has_outcomes_in_another_order(s.label) for s in strips if not s.in_grid) if flowing else False
    unsure = flowing if is_authors_order else {}
    return table_reading(table, edition, rows, by_group, heads, (), unsure, set(), is_glued)


def _review_row(strip: Strip, slots: tuple[CellKey, ...], heads: Heads, table: Table, is_glued: bool) -> Reading:
    if not strip.in_grid and _is_out_of_order(strip.label):
        return Reading(slots, "refused", strip.fields)
    if not strip.in_grid and (is_glued or is_fused(strip)):
        return Reading(slots, "glued", (run_of(strip),))
    fields = strip.fields
    if strip.in_grid:
        columns = _columns(strip, heads, table)
        if columns:
            return Reading(slots, "cells", tuple(field_at(fields, column) for column in columns))
        if _names_another_order(heads.over(strip)):
            return Reading(slots, "refused", fields)
        fields = without_ghosts(fields, len(slots))
    if len(fields) == len(slots):
        return Reading(slots, "cells", fields)
    return Reading(slots, "vanished" if len(fields) < len(slots) else "refused", fields)


def _is_out_of_order(label: str) -> bool:
    """Whether the words before a row of figures name all groups or outcomes, in an order of the author's own."""
    tail = label[-160:]
    groups = [place for name in ("行政复议", "未经复议直接起诉", "复议后起诉") if (place := tail.rfind(name)) >= 0]
    return groups != sorted(groups) or -1 < tail.rfind("行政诉讼") < tail.rfind("行政复议") or _has_outcomes_in_another_order(tail)


@once
def _names_another_order(head: Head) -> bool:
    """The same of the cells of a head, where they do not stand over the figures. One that names both kinds of cases is a
    caption."""
    words = [word for word in head.words if not ("行政复议" in word and "行政诉讼" in word)]
    groups = ("行政复议", "行政诉讼"), ("行政复议", "未经复议直接起诉"), ("未经复议直接起诉", "复议后起诉")
    first = {name: next((at for at, word in enumerate(words) if name in word), None) for pair in groups for name in pair}
    for name, later in groups:
        own, other = first[name], first[later]
        if own is not None and other is not None and other < own:
            return True
    for line in head.lines:  # the five outcomes of reconsideration stand before the groups of lawsuits, or in a row below
        lawsuits = [at for at, word in enumerate(line) if word in ("未经复议直接起诉", "复议后起诉")]
        outcomes = [at for at, word in enumerate(line) if word in _OUTCOMES]
        if lawsuits and len(outcomes) >= 5 and lawsuits[0] < outcomes[0] and "行政复议" not in line[: outcomes[0]]:
            return True
    return _has_outcomes_in_another_order("".join(word for word in words if word in _OUTCOMES))


def _has_outcomes_in_another_order(label: str) -> bool:
    outcomes = _OUTCOME.findall(label[-160:])
    fives = [tuple(outcomes[at : at + 5]) for at in range(0, len(outcomes), 5)]
    return all(len(set(five)) == 5 for five in fives) and any(five != _OUTCOMES for five in fives)


def _columns(strip: Strip, heads: Heads, table: Table) -> list[int] | None:
    """The grid columns of the fifteen slots by their two-level heads. Where a row has just fifteen fields only heads to the
    letter count, all of them, each over a field of its own."""
    is_whole = len(strip.fields) == 15
    found = _headed(heads.over(strip), table, 1.0 if is_whole else CLOSE)
    wanted = [(i, j) for i in range(3) for j in range(len(table.columns))]
    if not all(key in found for key in wanted):
        return None
    places = [found[key] for key in wanted]
    return None if is_whole and {field.column for field in strip.fields} != set(places) else places


@once
def _headed(head: Head, table: Table, floor: float) -> Mapping[tuple[int, int], int]:
    """(group, outcome) → the first grid column under heads that name both."""
    rows, columns = [row for row in table.rows if row.printed], table.columns
    found: dict[tuple[int, int], int] = {}
    bare: dict[int, int] = {}
    for place, texts in sorted(head.stacks.items()):
        text = " ".join(map(normalise, texts))
        stack = [_GROUP.sub("", normalise(level)) for level in texts]
        # the heading of the first group may stand in a row of its own that looks like row labels
        unnamed = 0 if floor == 1.0 else None
        group = next((i for i in (1, 2, 0) if any(name in text for name in rows[i].names)), unnamed)
        scored = max(((head_closeness(column, stack), -j) for j, column in enumerate(columns)), default=(0.0, 0))
        if group is not None and scored[0] >= floor:
            found.setdefault((group, -scored[1]), place)
        elif scored[0] == 1.0:
            bare[place] = -scored[1]
    # beside columns of the author's own: just five under no group, before those of the lawsuits
    if len(found) == 2 * len(columns) and [*bare.values()] == [*range(len(columns))] and max(bare) < min(found.values()):
        found |= {(0, outcome): place for place, outcome in bare.items()}
    return found


def _is_headed_otherwise(strip: Strip, heads: Heads, table: Table) -> bool:
    """Whether fifteen fields that were taken by position stand under a head that names another slot."""
    if not strip.in_grid or _columns(strip, heads, table):
        return False
    places = [field.column for field in strip.fields]
    found = _headed(heads.over(strip), table, 1.0).items()
    return any(place in places and places.index(place) != 5 * group + outcome for (group, outcome), place in found)
