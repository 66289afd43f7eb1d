"""Which identities are broken, and the smallest sets of cells whose change would restore them (within step 6).

Corrections are suggestions in findings; a published figure is never changed.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache

from .derive import system_of
from .laws import Frame, Law, block_of, is_broken, side_of
from .mending import Web, smallest_changes
from .report import CellKey, Correction, Finding, Value
from .solve import WORK, Equation, Problem, is_feasible, solve
from .template import Table


def check(table: Table, frame: Frame, values: Mapping[CellKey, Value | None]) -> list[Finding]:
    """A finding for each broken equation or inequality, with the smallest correcting sets of its block."""
    findings = []
    corrected: dict[str, tuple[tuple[tuple[Correction, ...], ...], bool]] = {}
    for law in frame.broken(values):
        corrections: tuple[tuple[Correction, ...], ...] = ()
        is_complete = True
        if law in frame.sums:
            block = block_of(table, law)
            if block not in corrected:
                corrected[block] = _corrections([other for other in frame.sums if block_of(table, other) == block], values)
            corrections, is_complete = corrected[block]
        findings.append(_broken(table, law, values, corrections, is_complete))
    return findings


def _broken(
    table: Table,
    law: Law,
    values: Mapping[CellKey, Value | None],
    corrections: tuple[tuple[Correction, ...], ...],
    is_complete: bool,
) -> Finding:
    left, right = side_of(law.left, values), side_of(law.right, values)
    more = "" if is_complete else "; the smallest correcting sets are too large or too many to list"
    more_zh = "" if is_complete else "；最小修正组合过大或过多，未列出"
    against = {"=": "≠", "<=": ">", ">=": "<"}[law.identity.op or "="]
    label = next((line.labels[0] for line in (*table.columns, *table.rows) if line.key == law.repeat), law.repeat)
    shown = f"{left if left is not None else '?'} {against} {right if right is not None else '?'}"
    return Finding(
        law.identity.id,
        law.identity.severity,
        law.cells,
        f"{law.identity.description_en} — fails for {law.repeat}: {shown}{more}",
        f"{law.identity.description}——{label}不成立：{shown}{more_zh}",
        left,
        right,
        corrections,
    )


def _corrections(
    sums: Sequence[Law], values: Mapping[CellKey, Value | None]
) -> tuple[tuple[tuple[Correction, ...], ...], bool]:
    """The smallest sets of cells whose change would restore every identity of a block, and whether they are all."""
    full = [law for law in sums if None not in [values[key] for key in law.cells]]
    if len(full) < len(sums) and any(is_broken(law, values) for law in sums if law not in full):
        return _corrections_with_unknowns(sums, values)
    keys, web = _web_of(tuple(full))
    mending = smallest_changes([int(values[key] or 0) for key in keys], web)
    sets = tuple(tuple(Correction(keys[number], value) for number, value in change) for change in mending.sets)
    if len(full) < len(sums):
        sets = tuple(chosen for chosen in sets if _mends(sums, {**values, **{c.cell: c.value for c in chosen}}))
    return sets, mending.is_complete


@lru_cache(maxsize=64)
def _web_of(laws: tuple[Law, ...]) -> tuple[tuple[CellKey, ...], Web]:
    """The cells of some sums as variables, and the sums as equations over them: in most reports the same."""
    keys = tuple(dict.fromkeys(key for law in laws for key in law.cells))
    place = {key: number for number, key in enumerate(keys)}
    return keys, Web([Equation(tuple((place[key], c) for key, c in law.terms)) for law in laws])


def _mends(sums: Sequence[Law], values: Mapping[CellKey, Value | None]) -> bool:
    keys = tuple(dict.fromkeys(key for law in sums for key in law.cells))
    place = {key: number for number, key in enumerate(keys)}
    fixed = tuple(None if (value := values[key]) is None else int(value) for key in keys)
    return (
        is_feasible(Problem(fixed, tuple(Equation(tuple((place[k], c) for k, c in law.terms)) for law in sums))) is True
    )


def _corrections_with_unknowns(
    sums: Sequence[Law], values: Mapping[CellKey, Value | None]
) -> tuple[tuple[tuple[Correction, ...], ...], bool]:
    """Single cells only, by trial: a block with blanks leaves larger sets open almost always."""
    found = []
    for key in dict.fromkeys(key for law in sums if is_broken(law, values) for key in law.cells):
        if values[key] is None:
            continue
        system = system_of({**values, key: None}, (), sums)
        solution = solve(system.problem, WORK // 4)
        value = dict(zip(system.keys, solution.values, strict=True)).get(key) if solution.is_feasible else None
        if value is not None:
            found.append((Correction(key, value),))
    return tuple(found[:10]), bool(found) and len(found) <= 10
