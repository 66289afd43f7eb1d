"""Strips + template → readings: which printed figures belong to which slots of the form (step 5: alignment).

By labels, per table, with one global assignment for a table whose rows have an order. A label that is torn from its
figures is bound by order between neighbours that are certain, never by nearness. Nothing is decided here that needs
arithmetic: a row with too few figures, or with glued ones, is handed on with all that the labels allow.
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from .document import Block, Document, Grid
from .heads import Heads, names_of, transposed
from .labels import contains, normalise, similarity, tail_similarity
from .numbers import has_leading_zero, is_blank, money_unit_in, squeeze
from .report import CellKey, Finding, finding
from .strips import Field, Strip, is_figure, strips_of
from .template import Edition, Line, Table, Template

STRONG = 0.85
WEAK = 0.5


class Reading(Struct, frozen=True):
    """One printed row and the slots it fills.

    `cells`: a field for each slot (None where the source has no such cell). `vanished`: fewer figures than slots, in
    order, blanks lost. `glued`: one run of characters for all slots. `absent`: the row does not stand (no fields).
    `refused`: it stands, but its figures cannot be told apart by labels or borders.
    """

    slots: tuple[CellKey, ...]
    form: Literal["cells", "vanished", "glued", "absent", "refused"]
    fields: tuple[Field | None, ...] = ()
    units: tuple[str, ...] = ()


class TableReading(Struct, frozen=True):
    """All that a document prints of one table of the form, in one edition, rows in template order."""

    table: Table
    edition: Edition
    readings: tuple[Reading, ...]
    findings: tuple[Finding, ...] = ()
    head_years: tuple[int, ...] = ()


Pairs = dict[int, Strip]
"""Index of a template row → its strip."""


def align(document: Document, template: Template) -> tuple[TableReading, ...]:
    """The readings of every table of the form that stands in the document, in template order."""
    blocks = tuple(_upright(block, template) for block in document.blocks)
    strips = strips_of(blocks)
    heads = Heads(blocks, strips, template)
    is_glued = _is_glued(strips, template.table("requests"))
    found = {reading.table.id: reading for reading in _statistics_tables(strips, heads, template)}
    for table in template.tables:
        if table.id.startswith("art20"):
            reading = _article_20(table, strips, heads, is_glued)
            if reading:
                found[table.id] = reading
    favoured = _majority([reading.edition for reading in found.values() if reading.table.id.startswith("art20")])
    requests = _requests(template.table("requests"), strips, heads, favoured, is_glued)
    if requests:
        found["requests"] = requests
    edition = favoured or (requests.edition if requests else None)
    review = _review(template.table("review_litigation"), strips, heads, edition, is_glued)
    if review:
        found["review_litigation"] = review
    return tuple(found[table.id] for table in template.tables if table.id in found)


def _upright(block: Block, template: Template) -> Block:
    return transposed(block, template.table("requests")) if isinstance(block, Grid) else block


def _majority(editions: Sequence[Edition]) -> Edition | None:
    """The commonest edition; of equals the one met first (art20_1)."""
    return max(editions, key=lambda edition: (editions.count(edition), -editions.index(edition)), default=None)


# --- labels against rows -----------------------------------------------------------------------------------------------


def _closeness(strip: Strip, labels: tuple[str, ...]) -> float:
    """From 0 to 1: how surely the strip carries one of these labels. A label around a grid row counts less than in it."""
    if strip.in_grid and strip.label:
        return max(similarity(label, strip.label) for label in labels)
    text = strip.label or strip.context
    certain = max(tail_similarity(label, text) for label in labels)
    if certain < STRONG and any(contains(text[-160:], label) for label in labels if len(label) > 3):
        certain = max(certain, 0.75)
    return certain if strip.label else 0.7 * certain


def _closenesses(strip: Strip, names: Sequence[tuple[str, ...]]) -> list[float]:
    """The closeness of a strip to each row; where it carries a row's label to the letter, only to rows it does so for."""
    text = strip.label
    exact = [any(text == label if strip.in_grid else text.endswith(label) for label in labels) for labels in names]
    longest = max((len(label) for labels, hit in zip(names, exact, strict=True) if hit for label in labels), default=0)
    if text and longest >= 4:
        return [1.0 if hit else 0.0 for hit in exact]
    return [_closeness(strip, labels) for labels in names]


def _is_full(strip: Strip, width: int) -> bool:
    """Whether a strip holds as many figures as a row has cells, or a run of characters that could."""
    if strip.is_glued and not strip.in_grid:
        return sum(len(field.text) for field in strip.fields) >= width
    return len(strip.fields) >= width


def _gain(closeness: float, strip: Strip, is_anothers: bool, width: int) -> float:
    """What matching a strip to a row is worth to the assignment."""
    filled = _is_full(strip, width)
    if closeness >= 0.97:
        worth = 3.0
    elif closeness >= STRONG:
        worth = 2.2
    elif closeness >= 0.7:
        worth = 1.2
    elif is_anothers:
        worth = -1.5 if strip.in_grid and strip.label else -0.6
    elif closeness >= WEAK:
        worth = 0.4
    else:
        worth = 0.2 if filled and not (strip.in_grid and strip.label) else -0.6
    return worth + (0.5 if filled else -0.3 if not strip.fields else 0.0)


def _in_order(
    rows: Sequence[Line], strips: Sequence[Strip], width: int
) -> tuple[float, dict[int, int], list[list[float]]]:
    """The best assignment of rows to strips that keeps both orders (dynamic programme): score, row → strip, closeness."""
    labels = [names_of(row) for row in rows]
    close = [list(row) for row in zip(*(_closenesses(strip, labels) for strip in strips), strict=True)]
    top = [max((close[i][j] for i in range(len(rows))), default=0.0) for j in range(len(strips))]
    skip = [2.0 if _is_full(strip, width) else 0.3 if strip.fields else 0.05 for strip in strips]
    best = [[0.0] * (len(strips) + 1) for _ in range(len(rows) + 1)]
    step = [[""] * (len(strips) + 1) for _ in range(len(rows) + 1)]
    for j in range(1, len(strips) + 1):
        best[0][j], step[0][j] = best[0][j - 1] - skip[j - 1], "strip"
    for i in range(1, len(rows) + 1):
        best[i][0], step[i][0] = best[i - 1][0] - 1.0, "row"
        for j in range(1, len(strips) + 1):
            closeness = close[i - 1][j - 1]
            gain = _gain(closeness, strips[j - 1], top[j - 1] >= STRONG > closeness, width)
            best[i][j], step[i][j] = max(
                (best[i - 1][j - 1] + gain, "match"),
                (best[i - 1][j] - 1.0, "row"),
                (best[i][j - 1] - skip[j - 1], "strip"),
            )
    i, j, pairs = len(rows), len(strips), {}
    while i or j:
        match step[i][j]:
            case "match":
                i, j = i - 1, j - 1
                pairs[i] = j
            case "row":
                i -= 1
            case _:
                j -= 1
    return best[-1][-1], pairs, close


def _to_the_letter(
    rows: Sequence[Line], strips: Sequence[Strip], width: int
) -> tuple[float, dict[int, int], list[list[float]]] | None:
    """What `_in_order` would give where every row's label stands once, exactly, in order, and nothing is left over."""
    spelled = {name: i for i, row in enumerate(rows) for name in names_of(row)}
    pairs: dict[int, int] = {}
    for j, strip in enumerate(strips):
        i = spelled.get(strip.label) if strip.in_grid and len(strip.fields) >= width else None
        if i is not None and i == len(pairs):
            pairs[i] = j
        elif len(strip.fields) >= width:
            return None
    if len(pairs) < len(rows):
        return None
    return 3.5 * len(rows), pairs, [[float(pairs[i] == j) for j in range(len(strips))] for i in range(len(rows))]


def _certain(
    rows: int, strips: Sequence[Strip], pairs: dict[int, int], close: list[list[float]], width: int
) -> set[int]:
    """The rows whose strip is beyond doubt: by its label, or pinned between certain neighbours with nothing left over."""
    sure = {i for i, j in pairs.items() if close[i][j] >= STRONG}
    borders = [-1, *sorted(sure), rows]
    for low, high in pairwise(borders):
        between = list(range(low + 1, high))
        left = pairs.get(low, -1) if low >= 0 else min(pairs.values(), default=0) - 1
        right = pairs[high] if high < rows else max(pairs.values(), default=-1) + 1
        spare = [j for j in range(left + 1, right) if _is_full(strips[j], width)]
        if between and len(spare) == len(between) and [pairs.get(i) for i in between] == spare:
            sure |= set(between)
    return sure


# --- requests ----------------------------------------------------------------------------------------------------------


def _requests(
    table: Table, strips: tuple[Strip, ...], heads: Heads, favoured: Edition | None, is_glued: bool
) -> TableReading | None:
    """Section three: 23 or 25 rows of seven figures, whose order is the form's."""
    tried = []
    for edition in table.editions:
        rows = table.rows_of(edition)
        window = _window(rows, strips)
        if not window:
            return None
        exact = _to_the_letter(rows, window, 7)
        if exact:
            tried = [(exact[0], edition, rows, window, *exact[1:])]
            break
        score, pairs, close = _in_order(rows, window, 7)
        score -= 3.0 * (not _has_own_row(table, edition, rows, pairs, close))
        tried.append((score + (0.01 if edition == favoured else 0.0), edition, rows, window, pairs, close))
    _, edition, rows, window, pairs, close = max(tried, key=lambda attempt: attempt[0])
    sure = _certain(len(rows), window, pairs, close, 7)
    findings = [
        _doubtful(table, rows[i], window[j], (table.id, rows[i].key))
        for i, j in pairs.items()
        if i not in sure or (close[i][j] < STRONG and window[j].in_grid and window[j].label)
    ]
    findings += _unkeyed(
        table, [strip for j, strip in enumerate(window) if j not in pairs.values()], heads, window, pairs
    )
    matched: Pairs = {i: window[j] for i, j in pairs.items() if i in sure}
    unsure: Pairs = {i: window[j] for i, j in pairs.items() if i not in sure}
    standing = _standing_blank(rows, window, matched, unsure)
    return _table_reading(table, edition, rows, matched, heads, tuple(findings), unsure, standing, is_glued)


def _has_own_row(
    table: Table, edition: Edition, rows: Sequence[Line], pairs: dict[int, int], close: list[list[float]]
) -> bool:
    """Whether a row stands that only this edition has, or the edition has none with a label of its own."""
    others = {name for row in table.rows if edition not in row.editions for name in names_of(row)}
    own = [i for i, row in enumerate(rows) if not others & {*names_of(row)} and len(row.editions) == 1]
    own = [i for i in own if max(map(len, names_of(rows[i]))) > 2 and rows[i].key not in _keys_elsewhere(table, edition)]
    return not own or any(close[i][pairs[i]] >= 0.7 for i in own if i in pairs)


def _keys_elsewhere(table: Table, edition: Edition) -> set[str]:
    return {row.key for row in table.rows if edition not in row.editions and row.printed}


def _window(rows: Sequence[Line], strips: tuple[Strip, ...]) -> list[Strip]:
    """The strips from a little before the first certain row to a little behind the last, seven-fold runs cut in rows."""
    names = tuple({label for row in rows for label in names_of(row) if len(label) >= 6})
    firm = [
        index
        for index, strip in enumerate(strips)
        if (strip.label in names if strip.in_grid else strip.label.endswith(names))
    ]
    if not firm:
        firm = [i for i, strip in enumerate(strips) if any(_closeness(strip, (name,)) >= STRONG for name in names)]
    firm = [
        index
        for index in firm
        if not (len(strips[index].fields) == 1 and not strips[index].in_grid and not strips[index].is_glued)
    ] or firm
    if not firm:
        return []
    low, high = firm[0], firm[-1]
    while low > 0 and _could_be_row(strips[low - 1], 7):
        low -= 1
    while high + 1 < len(strips) and _could_be_row(strips[high + 1], 7):
        high += 1
    return [part for strip in strips[low : high + 1] for part in _cut(strip, 7)]


def _could_be_row(strip: Strip, width: int) -> bool:
    return (
        len(strip.fields) in (width - 1, width, 2 * width, 3 * width)
        and sum(is_figure(f.text) for f in strip.fields) >= width - 1
    )


def _cut(strip: Strip, width: int) -> list[Strip]:
    """A run of 14 or 21 figures of running text as rows of seven that share the label text in front of them."""
    count = len(strip.fields)
    if strip.in_grid or strip.is_glued or count <= width or count % width:
        return [strip]
    return [replace(strip, fields=strip.fields[start : start + width]) for start in range(0, count, width)]


def _standing_blank(rows: Sequence[Line], window: list[Strip], matched: Pairs, unsure: Pairs) -> set[int]:
    """Rows without figures whose label nevertheless stands in the text before a later row: blank, not missing."""
    text = " ".join(strip.label for strip in window if not strip.in_grid)
    return {
        i
        for i, row in enumerate(rows)
        if i not in matched and i not in unsure and any(len(name) > 3 and name in text for name in names_of(row))
    }


def _unkeyed(
    table: Table, spare: Iterable[Strip], heads: Heads, window: list[Strip], pairs: dict[int, int]
) -> list[Finding]:
    """Printed rows inside the table that the form does not know."""
    matched = [window[j] for j in pairs.values()]
    blocks = {
        strip.block: (
            min(s.row for s in matched if s.block == strip.block),
            max(s.row for s in matched if s.block == strip.block),
        )
        for strip in matched
    }
    found = []
    for strip in spare:
        low, high = blocks.get(strip.block, (0, -1))
        is_inside = strip.in_grid and strip.label and low < strip.row <= high + 1
        if is_inside and any(is_figure(f.text) for f in strip.fields) and not heads.is_row_of_another(strip, table):
            found.append(_without_key(table, strip))
    return found


def _without_key(table: Table, strip: Strip) -> Finding:
    raw = " ".join(field.text for field in strip.fields)
    return finding(
        "ROW_WITHOUT_KEY",
        f"{table.id}: the row “{strip.raw_label}” ({raw}) has no place in the form",
        f"{table.caption}：行“{strip.raw_label}”（{raw}）不在格式内",
    )


def _doubtful(table: Table, row: Line, strip: Strip, where: tuple[str, str]) -> Finding:
    return finding(
        "LABEL_DOUBTFUL",
        f"{where[0]}/{where[1]}: “{strip.raw_label[-40:]}” was read as “{row.labels[0]}”",
        f"“{strip.raw_label[-40:]}”按“{row.labels[0]}”读取",
        tuple(
            (table.id, row.key, column.key)
            for column in table.columns
            if column.printed and set(column.editions) & set(row.editions)
        ),
    )


# --- article 20 --------------------------------------------------------------------------------------------------------


def _article_20(table: Table, strips: tuple[Strip, ...], heads: Heads, is_glued: bool) -> TableReading | None:
    """A table of section two: few rows, known by their labels together with the heads above them."""
    candidates: dict[str, list[Strip]] = {}
    for row in table.rows:
        found = candidates.setdefault(row.key, [])
        others = tuple(name for other in table.rows if other.key != row.key for name in names_of(other))
        for strip in _carrying(names_of(row), strips, others):
            if heads.bear(strip, table) and strip not in found:
                found.append(strip)
    standing = [strip for found in candidates.values() for strip in found]
    if not standing:
        return None
    edition, score = heads.edition(table, standing)
    rows = table.rows_of(edition)
    matched: Pairs = {}
    unsure: Pairs = {}
    findings: list[Finding] = []
    for i, row in enumerate(rows):
        found = candidates.get(row.key, [])
        if not found:
            continue
        if len({tuple(field.text for field in strip.fields) for strip in found}) > 1:
            unsure[i] = found[0]
            findings.append(_twice(table, row))
        matched[i] = found[0]
    if score < WEAK:
        findings.append(_by_position(table, edition))
    findings += [_without_key(table, strip) for strip in heads.rows_below(standing, table) if strip not in standing]
    return _table_reading(table, edition, rows, matched, heads, tuple(findings), unsure, set(), is_glued)


def _carrying(names: tuple[str, ...], strips: tuple[Strip, ...], others: tuple[str, ...]) -> list[Strip]:
    """The strips with figures that carry a label: to the letter, or nearly where none does so (and no other label)."""
    exact = [s for s in strips if s.fields and _is_exactly(s, names)]
    return exact or [
        s for s in strips if s.fields and not _is_exactly(s, others) and _closeness(s, names) >= STRONG
    ]


def _is_exactly(strip: Strip, names: tuple[str, ...]) -> bool:
    return strip.label in names if strip.in_grid else strip.label.endswith(names)


def _twice(table: Table, row: Line) -> Finding:
    return finding(
        "ROW_AMBIGUOUS",
        f"{table.id}/{row.key} stands twice with different figures (two reports in one page?)",
        f"{row.labels[0]}出现两次且数字不同（可能一页含两份报告）",
        tuple(
            (table.id, row.key, column.key)
            for column in table.columns
            if column.printed and set(column.editions) & set(row.editions)
        ),
    )


def _by_position(table: Table, edition: Edition) -> Finding:
    return finding(
        "COLUMNS_BY_POSITION",
        f"{table.id}: the heads are unreadable; its columns were taken by position",
        f"{table.caption}：表头无法识别，按位置对应",
        tuple((table.id, row.key, column.key) for row, column in table.cells_of(edition)),
    )


# --- review and litigation ---------------------------------------------------------------------------------------------


def _review(
    table: Table, strips: tuple[Strip, ...], heads: Heads, edition: Edition | None, is_glued: bool
) -> TableReading | None:
    """Section four: one row of fifteen figures in group order; or three rows or tables of five, by their groups."""
    edition = edition or table.editions[-1]
    rows, columns = table.rows_of(edition), table.columns_of(edition)
    slots = tuple((table.id, row.key, column.key) for row in rows for column in columns)
    long_ = [strip for strip in strips if len(strip.fields) >= 11 or (strip.is_glued and not strip.in_grid)]
    full = [strip for strip in long_ if heads.bear_review(strip, table)]
    if full:
        strip = full[0]
        reading = _review_row(strip, slots, heads, table, is_glued)
        rivals = {tuple(f.text for f in other.fields) for other in full}
        findings = (_twice(table, rows[0]),) if len(rivals) > 1 else ()
        if findings:
            reading = Reading(slots, "refused", reading.fields)
        return TableReading(table, edition, (reading,), findings)
    by_group: Pairs = {}
    for strip in strips:
        group = heads.review_group(strip, table) if len(strip.fields) == 5 else None
        if group is not None:
            by_group.setdefault(group, strip)
    if not by_group:
        return None
    return _table_reading(table, edition, rows, by_group, heads, (), {}, set(), is_glued)


def _review_row(strip: Strip, slots: tuple[CellKey, ...], heads: Heads, table: Table, is_glued: bool) -> Reading:
    if not strip.in_grid and (is_glued or _is_fused(strip)):
        return Reading(slots, "glued", (_run(strip),))
    fields = strip.fields
    if strip.in_grid:
        columns = heads.review_columns(strip, table)
        if columns:
            return Reading(slots, "cells", tuple(_field_at(fields, column) for column in columns))
        fields = _without_ghosts(fields, len(slots))
    if len(fields) == len(slots):
        return Reading(slots, "cells", fields)
    return Reading(slots, "vanished" if len(fields) < len(slots) else "refused", fields)


# --- statistics tables before the six-section form ----------------------------------------------------------------------


def _statistics_tables(strips: tuple[Strip, ...], heads: Heads, template: Template) -> list[TableReading]:
    """The national return of 2014 or a local table with 年度 and 历年累计, told apart by the labels that stand there."""
    found = []
    for table in (template.table("stat_2014"), template.table("local_2008")):
        matched = _freely(table, strips)
        if len(matched) >= 4 and heads.strongly(table, matched):
            found.append((table, matched))
    if len(found) == 2:
        has_cumulative = any(
            heads.has_column(strip, template.table("local_2008"), "cumulative") for strip in found[1][1].values()
        )
        found = [found[1] if has_cumulative or len(found[1][1]) > len(found[0][1]) else found[0]]
    return [_statistics(table, matched, heads) for table, matched in found]


def _freely(table: Table, strips: tuple[Strip, ...]) -> Pairs:
    """Rows by label alone: a local table prints what it likes, in its own order."""
    units = ("条", "件", "万元", "元", "人次", "次", "人", "个", "篇")
    spelled: dict[str, int] = {}
    for i, row in enumerate(table.rows):
        for name in names_of(row):
            spelled.setdefault(name, i)
    lengths = sorted({len(name) for name in spelled}, reverse=True)
    matched: Pairs = {}
    for strip in strips:
        if not strip.fields or (strip.in_grid and len(strip.fields) > 6):
            continue
        text = strip.label
        if text not in spelled:
            text = text.removesuffix(next((unit for unit in units if text.endswith(unit)), ""))
        words = [text, *strip.context.split()] if strip.in_grid else [text[-length:] for length in lengths]
        row_index = next((spelled[word] for word in words if word in spelled), None)
        if row_index is not None and row_index not in matched:
            matched[row_index] = strip
    return _densest(matched, strips)


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
    kept = set(sorted(groups, key=len)[-1]) if groups else set()
    return {row: strip for row, strip in matched.items() if place[id(strip)] in kept}


def _statistics(table: Table, matched: Pairs, heads: Heads) -> TableReading:
    edition = table.editions[0]
    columns = heads.statistics_columns(table, list(matched.values()))
    rows = table.rows if table.local_extension else table.rows_of(edition)
    readings, findings = [], []
    runs = [_numeric(strip) for strip in matched.values()]
    single = (
        len(columns) > 1 and all(len(run) == 1 for run in runs) and any(len(squeeze(run[0].text)) == 1 for run in runs)
    )
    if single:
        findings.append(_by_position(table, edition) if table.cells_of(edition) else _one_column(table, columns))
    for i, row in enumerate(rows):
        strip = matched.get(i) if rows is table.rows else matched.get(table.rows.index(row))
        slots = tuple((table.id, row.key, column.key) for column in columns)
        if strip is None:
            if not table.local_extension:
                readings.append(Reading(slots, "absent"))
            continue
        readings.append(_statistics_row(strip, slots, heads, columns, single))
    findings += [
        _without_key(table, strip)
        for strip in heads.rows_below(list(matched.values()), table)
        if strip not in matched.values()
    ]
    years = heads.head_years(list(matched.values()))
    return TableReading(table, edition, tuple(readings), tuple(findings), years)


def _numeric(strip: Strip) -> tuple[Field, ...]:
    return tuple(
        field for field in strip.fields if is_figure(field.text) or (not strip.in_grid and is_blank(field.text))
    )


def _statistics_row(
    strip: Strip, slots: tuple[CellKey, ...], heads: Heads, columns: Sequence[Line], single: bool
) -> Reading:
    units = _units_of(strip, heads)
    if strip.is_glued and not single and len(slots) > 1:
        return Reading(slots, "glued", (_run(strip),), units)
    if strip.in_grid:
        places = heads.statistics_places(strip, columns)
        if places:
            return Reading(slots, "cells", tuple(_field_at(strip.fields, place) for place in places), units)
    fields = _numeric(strip) if single else _without_ghosts(strip.fields, len(slots))
    if single:
        return Reading(slots, "cells", (fields[0], *[None] * (len(slots) - 1)), units)
    if len(fields) == len(slots):
        return Reading(slots, "cells", fields, units)
    return Reading(slots, "vanished" if len(fields) < len(slots) else "refused", fields, units)


def _one_column(table: Table, columns: Sequence[Line]) -> Finding:
    return finding(
        "COLUMNS_BY_POSITION",
        f"{table.id}: every row prints one figure under {len(columns)} heads; it was taken as the year's",
        f"{table.caption}：每行仅一个数字，按本年度数读取",
    )


# --- from pairs to readings --------------------------------------------------------------------------------------------


def _table_reading(
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
    readings, by_position = [], False
    for i, row in enumerate(rows):
        slots = tuple((table.id, row.key, column.key) for column in columns)
        strip = matched.get(i)
        if row.local_extension and strip is None:
            continue
        if i in unsure:
            readings.append(Reading(slots, "refused", unsure[i].fields))
        elif strip is None:
            readings.append(Reading(slots, "vanished" if i in standing else "absent"))
        else:
            reading, positional = _row_reading(strip, slots, columns, heads, is_glued)
            by_position |= positional
            readings.append(reading)
    if by_position and not any(f.code == "COLUMNS_BY_POSITION" for f in findings):
        findings = (*findings, _by_position(table, edition))
    return TableReading(table, edition, tuple(readings), findings)


def _is_glued(strips: tuple[Strip, ...], requests: Table) -> bool:
    """Whether a text has lost its borders: labels and figures touch in most rows of section three, or in most rows of a
    statistics table where section three does not stand."""
    names = tuple(name for row in requests.rows if row.printed for name in names_of(row) if len(name) > 3)
    rows = [s for s in strips if not s.in_grid and s.fields and s.label.endswith(names)]
    rows = rows or [s for s in strips if not s.in_grid and s.fields and s.label.endswith(("数条", "数件", "数"))]
    return 2 * sum(strip.is_glued or _is_fused(strip) for strip in rows) > len(rows)


def _row_reading(
    strip: Strip, slots: tuple[CellKey, ...], columns: Sequence[Line], heads: Heads, is_glued: bool
) -> tuple[Reading, bool]:
    """The reading of one row, and whether its columns were taken by position although its grid has heads."""
    units = _units_of(strip, heads) if any(column.type == "money" for column in columns) else ()
    if not strip.in_grid:
        return _text_row(strip, slots, units, is_glued), False
    places = heads.places(strip, columns)
    if places:
        fields = tuple(_field_at(strip.fields, place) for place in places)
        if any(field is not None for field in fields):
            return _grid_row(strip, slots, fields, places, units), False
    fields = _without_ghosts(strip.fields, len(slots))
    tokens = _unfused(fields, len(slots))
    if tokens:
        return Reading(slots, "cells", tokens, units), False
    figures = [field for field in strip.fields if is_figure(field.text)]
    if len(figures) == len(slots):
        return Reading(slots, "cells", tuple(figures), units), heads.has_unread_heads(strip)
    if len(fields) == len(slots):
        return Reading(slots, "cells", fields, units), heads.has_unread_heads(strip)
    form: Literal["vanished", "refused"] = (
        "vanished" if len(figures) < len(slots) and len(fields) < len(slots) else "refused"
    )
    return Reading(slots, form, tuple(figures) if form == "vanished" else fields, units), False


def _text_row(strip: Strip, slots: tuple[CellKey, ...], units: tuple[str, ...], is_glued: bool) -> Reading:
    if (is_glued or _is_fused(strip)) and (len(slots) > 1 or len(strip.fields) > 1):
        return Reading(slots, "glued", (_run(strip),), units)
    fields = strip.fields
    if len(fields) == len(slots):
        return Reading(slots, "cells", fields, units)
    return Reading(slots, "vanished" if len(fields) < len(slots) else "refused", fields, units)


def _is_fused(strip: Strip) -> bool:
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
) -> Reading:
    """A grid row by its heads. A cell over two columns, or a figure outside them where one of them lacks a cell, is no
    reading: a row may have been shifted."""
    figures = [field for field in fields if field and is_figure(field.text)]
    tokens = _unfused(_without_ghosts(strip.fields, len(slots)), len(slots))
    if tokens:
        return Reading(slots, "cells", tokens, units)
    wide = len({field.locator for field in figures}) < len(figures)
    outside = [f for f in strip.fields if is_figure(f.text) and f.column not in places]
    absent = any(field is None for field in fields)
    if wide or (outside and absent):
        return Reading(slots, "refused", strip.fields, units)
    if absent and not outside and len(slots) > 1:
        return Reading(slots, "vanished", tuple(field for field in fields if field is not None), units)
    return Reading(slots, "cells", fields, units)


def _field_at(fields: Sequence[Field], column: int) -> Field | None:
    return next((f for f in fields if f.column <= column < f.column + f.colspan), None)


def _without_ghosts(fields: tuple[Field, ...], width: int) -> tuple[Field, ...]:
    """Fields without the empty ones that stand beyond the form's last column at the right end."""
    while len(fields) > width and not fields[-1].text.strip():
        fields = fields[:-1]
    return fields


def _run(strip: Strip) -> Field:
    return Field(
        "".join(field.text for field in strip.fields), strip.fields[0].locator if strip.fields else strip.locator
    )


def _units_of(strip: Strip, heads: Heads) -> tuple[str, ...]:
    """Money units that bear on a row, nearest first: its unit column, its label, the heads, the caption."""
    return tuple(filter(None, (*heads.unit_cells(strip), money_unit_in(strip.raw_label), *heads.units(strip))))
