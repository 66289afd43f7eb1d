"""What reports say against each other: year against year before, region against its members, body against body. Pure.

Each contradiction is a finding on the later, or the regional, report. Nothing here changes a figure: bodies merge,
change what they count and restate, so a broken rule across reports is a doubt, never a proof.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache

import msgspec
from msgspec import Struct

from nianbao.compared import (
    BALANCED_ROWS,
    JUMPING,
    SUMMED,
    cross_year,
    figures_compared,
    key_of,
    lines_of,
)
from nianbao.heads import Head
from nianbao.labels import column_label, row_label
from nianbao.renamings import perhaps_renamed
from nianbao.revisions import Revision
from parsers.report import CellKey, Finding, Value, finding
from parsers.template import Identity, Table, load

JUMP_FACTOR = 30
JUMP_FLOOR = 10
"""A count jumps when it is JUMP_FACTOR times the other year's, both taken as at least JUMP_FLOOR."""
UNIT_FACTOR = 1000
"""An amount of money jumps by this factor only where one year was told in another unit (元, 万元)."""
MONEY_TABLES = frozenset({"art20_8", "art20_9"})
MEMBERS_NAMED = 3
STEM = {"state": 0, "province": 2, "prefecture": 4, "county": 6}
"""How many digits of a division code the members of a region share, by the region's level."""

Figures = Mapping[CellKey, Value]


class Equation(Struct, frozen=True):
    """One cross-year identity in one row or column: (coefficient, cell, years back) on both sides."""

    identity: Identity
    left: tuple[tuple[int, CellKey, int], ...]
    right: tuple[tuple[int, CellKey, int], ...]


class Member(Struct, frozen=True):
    """A report that a regional one should not be smaller than."""

    organization: str
    value: Value
    report_id: str


def checked(found: Sequence[Revision]) -> tuple[Revision, ...]:
    """The revisions with what the checks over the panel find on the latest ones."""
    added: dict[str, list[Finding]] = defaultdict(list)
    for report, before, figures, figures_before in _pairs(found):
        added[report.report_id] += _against_year_before(report, before, figures, figures_before)
    for revision, each in (*_against_members(found), *perhaps_renamed(found)):
        added[revision.report_id].append(each)
    return tuple(
        msgspec.structs.replace(revision, findings=(*revision.findings, *added[revision.report_id]))
        if revision.is_latest and added.get(revision.report_id)
        else revision
        for revision in found
    )


# -- year against year -----------------------------------------------------------------------------------------------


def _pairs(found: Sequence[Revision]) -> Iterator[tuple[Revision, Revision, Figures, Figures]]:
    """Each latest report with that of the year before, and the compared figures of both, unpacked once."""
    bodies: dict[str, list[Revision]] = defaultdict(list)
    for revision in found:
        if revision.is_latest and revision.year:
            bodies[revision.org_id].append(revision)
    for reports in bodies.values():
        before: tuple[Revision, Figures] | None = None
        for revision in sorted(reports, key=lambda each: each.year):
            figures = figures_compared(revision.reading.head.compared)
            if before is not None and before[0].year == revision.year - 1:
                yield revision, before[0], figures, before[1]
            before = revision, figures


def _against_year_before(
    report: Revision, before: Revision, figures: Figures, figures_before: Figures
) -> Iterator[Finding]:
    head, head_before = report.reading.head, before.reading.head
    for equation in _equations(tuple(sorted(head.tables.items()))):
        yield from _broken(equation, report.year, figures, figures_before)
    yield from _jumps(figures, figures_before)
    yield from _copied(head, head_before)
    yield from _stale(figures, figures_before)


@cache
def _equations(editions: tuple[tuple[str, str], ...]) -> tuple[Equation, ...]:
    """The cross-year identities that hold for a report whose tables have these editions."""
    found: list[Equation] = []
    for table_id, edition in editions:
        table = load().table(table_id)
        for identity in cross_year(table):
            if edition in identity.editions:
                found += [_equation(table, identity, line) for line in lines_of(table, identity)]
    return tuple(found)


def _equation(table: Table, identity: Identity, line: str) -> Equation:
    left, right = (
        tuple((term.coef, key_of(table, identity, term.key, line), -term.year_offset) for term in side)
        for side in (identity.left, identity.right)
    )
    return Equation(identity, left, right)


def _broken(equation: Equation, year: int, figures: Figures, before: Figures) -> Iterator[Finding]:
    identity = equation.identity
    if not (identity.first_year or 0) <= year <= (identity.last_year or 9999):
        return
    left, right = (_sum(side, figures, before) for side in (equation.left, equation.right))
    if left is None or right is None or left == right:
        return
    cells = tuple(dict.fromkeys(key for _, key, back in (*equation.left, *equation.right) if back == 0))
    yield Finding(
        identity.id,
        identity.severity,
        cells,
        f"{_english(cells[0])} is {left}, last year's report gives {right}",
        f"{_chinese(cells[0])}为{left}，按上年报告应为{right}",
        expected=left,
        actual=right,
    )


def _sum(side: Iterable[tuple[int, CellKey, int]], figures: Figures, before: Figures) -> Value | None:
    """One side of an equation, or None when a figure is not known."""
    total: Value = 0
    for coefficient, key, back in side:
        value = (before if back else figures).get(key)
        if value is None:
            return None
        total += coefficient * value
    return total


def _jumps(figures: Figures, before: Figures) -> Iterator[Finding]:
    for key in JUMPING:
        value, old = figures.get(key), before.get(key)
        if value is None or old is None or not _is_jump(key, min(value, old), max(value, old)):
            continue
        hint, hint_zh = (
            ("; one of the two may be in another unit", "，两年单位可能不同") if key[0] in MONEY_TABLES else ("", "")
        )
        yield finding(
            "IMPLAUSIBLE_JUMP",
            f"{_english(key)} is {_plain(value)}, the year before it was {_plain(old)}{hint}",
            f"{_chinese(key)}为{_plain(value)}，上年为{_plain(old)}{hint_zh}",
            (key,),
        )


def _is_jump(key: CellKey, low: Value, high: Value) -> bool:
    if key[0] in MONEY_TABLES:
        return low > 0 and high >= low * UNIT_FACTOR
    return high >= JUMP_FACTOR * max(low, JUMP_FLOOR)


def _copied(head: Head, before: Head) -> Iterator[Finding]:
    """A table of telling figures that is the same to the last cell in two years running."""
    same = [table for table, digits in head.fingerprints.items() if before.fingerprints.get(table) == digits]
    for table_id in same:
        table = load().table(table_id)
        yield finding(
            "COPIED_FIGURES",
            f"every figure of table {table_id} is that of the year before",
            f"“{table.caption}”全部数字与上年相同",
        )


def _stale(figures: Figures, before: Figures) -> Iterator[Finding]:
    """New or carried-over requests as last year, and all else of the balance 0: last year's figures left in the form."""
    if figures.get(("requests", "concluded_total", "total")) != 0:
        return
    rows = {
        row: {key: value for key, value in figures.items() if key[:2] == ("requests", row)} for row in BALANCED_ROWS
    }
    filled = [row for row, cells in rows.items() if any(cells.values())]
    if len(filled) != 1 or filled[0] not in {"received_new", "carried_over_in"} or not all(rows.values()):
        return
    cells = rows[filled[0]]
    if all(before.get(key) == value for key, value in cells.items()):
        yield Finding(
            "STALE_FORM",
            "info",
            tuple(key for key, value in cells.items() if value),
            f"{filled[0]} is that of the year before while all else is 0: perhaps left in the form",
            f"“{row_label(('requests', filled[0], ''), 'zh')}”与上年相同而其余为零，疑为残留上年数字",
        )


# -- region against members ------------------------------------------------------------------------------------------


def _against_members(found: Sequence[Revision]) -> Iterator[tuple[Revision, Finding]]:
    """Reports that say they cover a region, held against each report of a body in it."""
    latest = [each for each in found if each.is_latest and each.year and each.reading.head.division_code]
    regional = [each for each in latest if _covers(each.reading.head)]
    if not regional:
        return
    wanted = {(each.year, _stem(each.reading.head)) for each in regional}
    members: dict[tuple[int, str], list[tuple[Revision, Figures]]] = defaultdict(list)
    for each in latest:
        code = each.reading.head.division_code or ""
        places = [(each.year, code[:digits]) for digits in STEM.values() if (each.year, code[:digits]) in wanted]
        if places:
            figures = figures_compared(each.reading.head.compared)
            for place in dict.fromkeys(places):
                members[place].append((each, figures))
    for each in regional:
        yield from ((each, broken) for broken in _larger_members(each, members[(each.year, _stem(each.reading.head))]))


def _covers(head: Head) -> bool:
    return head.scope == "aggregate" and head.kind == "government" and head.level in STEM


def _stem(head: Head) -> str:
    return (head.division_code or "")[: STEM[head.level or "county"]]


def _larger_members(region: Revision, members: Sequence[tuple[Revision, Figures]]) -> Iterator[Finding]:
    figures = figures_compared(region.reading.head.compared)
    for key in SUMMED:
        own = figures.get(key)
        if own is None:
            continue
        larger = sorted(
            (
                Member(each.reading.head.organization or each.org_id, theirs[key], each.report_id)
                for each, theirs in members
                if each.org_id != region.org_id and key in theirs and theirs[key] > own
            ),
            key=lambda member: (-member.value, member.report_id),
        )
        if larger:
            named = larger[:MEMBERS_NAMED]
            yield Finding(
                "XL_SUM_OF_CHILDREN",
                "info",
                (key,),
                f"{_english(key)} of the whole region is {own}, but more in "
                + ", ".join(f"{member.organization} ({member.value})" for member in named),
                f"全域{_chinese(key)}为{own}，少于"
                + "、".join(f"{member.organization}（{member.value}）" for member in named),
                expected=own,
                actual=larger[0].value,
            )


# -- names of cells --------------------------------------------------------------------------------------------------


def _english(key: CellKey) -> str:
    return "/".join(key)


def _chinese(key: CellKey) -> str:
    return f"“{row_label(key, 'zh')}”（{column_label(key, 'zh')}）"


def _plain(value: Value) -> str:
    return f"{value:f}" if not isinstance(value, int) else str(value)
