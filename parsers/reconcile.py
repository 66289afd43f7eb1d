"""Readings + identities → cells and findings (step 6: report).

The identities (勾稽关系) choose between readings, verify what is printed, derive what is blank where they leave exactly
one value, and explain a contradiction by the smallest correcting sets. A printed figure is never changed.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from msgspec import Struct

from . import glue
from .numbers import YUAN, Figure, is_blank, plain, read_figure
from .reading import Reading, TableReading
from .report import Basis, Cell, CellKey, Correction, Finding, Unit, Value, finding
from .solve import WORK, Choice, Equation, Problem, Solution, is_feasible, placements, smallest_changes, solve
from .strips import Field
from .template import Identity, Line, Table

MAX_OPTIONS = 4000


class Law(Struct, frozen=True):
    """One equation of an identity: for this row or column, over these cells."""

    identity: Identity
    repeat: str
    left: tuple[tuple[CellKey, int], ...]
    right: tuple[tuple[CellKey, int], ...]

    @property
    def terms(self) -> tuple[tuple[CellKey, int], ...]:
        return (*self.left, *((key, -coefficient) for key, coefficient in self.right))

    @property
    def cells(self) -> tuple[CellKey, ...]:
        return tuple(key for key, _ in self.terms)


class Outcome(Struct, frozen=True):
    """What one table says."""

    cells: tuple[Cell, ...]
    findings: tuple[Finding, ...]


class _Draft(Struct):
    """A cell in the making: what stands in the source, before the identities are asked."""

    line: Line
    basis: Basis
    value: Value | None = None
    unit: Unit = "count"
    raw: str | None = None
    locator: str | None = None
    can_derive: bool = False
    """Whether a value that the identities leave alone may be given (blank, lost or glued; not unread or missing)."""


class _Run(Struct, frozen=True):
    """A row whose figures fit its slots in several ways: figures (None: open) for each way."""

    slots: tuple[CellKey, ...]
    options: tuple[tuple[Figure | None, ...], ...]
    own_sum_fails: bool = False


def reconcile(reading: TableReading) -> Outcome:
    """Cells of one table in template order, each with its basis, and all that its identities have to say."""
    table, edition = reading.table, reading.edition
    lines = {(row.key, column.key): row if table.measure_axis == "rows" else column for row, column in _lines(reading)}
    drafts: dict[CellKey, _Draft] = {}
    runs: list[_Run] = []
    findings = list(reading.findings)
    laws = laws_of(table, edition, _standing(reading))
    sums = [law for law in laws if law.identity.op == "=" and law.identity.null_policy == "null_unknown"]
    bounds = [law for law in laws if law.identity.op in ("<=", ">=") and law.identity.basis == "implied_by_definition"]
    for row in reading.readings:
        runs += _draft(row, lines, sums, bounds, drafts, findings)
    solution = _derive(drafts, runs, [*sums, *_within_one_vanished_row(bounds, runs)], findings)
    _settle(drafts, runs, solution, findings)
    findings += _check(table, laws, drafts)
    cells = tuple(
        Cell(*key, draft.value, draft.unit, draft.raw, draft.basis, draft.locator) for key, draft in drafts.items()
    )
    return Outcome(cells, tuple(findings))


def _lines(reading: TableReading) -> Iterator[tuple[Line, Line]]:
    table, edition = reading.table, reading.edition
    for row in table.rows_of(edition):
        for column in table.columns_of(edition):
            yield row, column


def _standing(reading: TableReading) -> frozenset[CellKey]:
    return frozenset(key for row in reading.readings for key in row.slots)


# --- identities --------------------------------------------------------------------------------------------------------


def laws_of(table: Table, edition: str, standing: frozenset[CellKey]) -> tuple[Law, ...]:
    """Every equation and inequality of the same report. In a local table an addend whose row does not stand is left out,
    and without its total or any addend the equation is not evaluated (`conventions.addends` of the codebook)."""
    laws = []
    for identity in table.identities_of(edition):
        if identity.op is None:
            continue
        if identity.scope == "each_printed_row_over_columns":
            over_columns, repeats = True, table.rows_of(edition)
        elif identity.scope in ("each_printed_column_over_rows", "over_rows"):
            over_columns, repeats = False, table.columns_of(edition)
        else:
            continue
        for line in repeats:
            left, right = (
                tuple(
                    (key, term.coef)
                    for term in side
                    if (key := (table.id, *((line.key, term.key) if over_columns else (term.key, line.key))))
                    in standing
                )
                for side in (identity.left, identity.right)
            )
            complete = len(left) == len(identity.left) and len(right) == len(identity.right)
            if complete or (table.local_extension and left and len(right) == len(identity.right)):
                laws.append(Law(identity, line.key, left, right))
    return tuple(laws)


# --- what stands in the source -----------------------------------------------------------------------------------------


def _draft(
    row: Reading,
    lines: Mapping[tuple[str, str], Line],
    sums: Sequence[Law],
    bounds: Sequence[Law],
    drafts: dict[CellKey, _Draft],
    findings: list[Finding],
) -> list[_Run]:
    """Put a row's cells among the drafts; give the run that has to be told apart by arithmetic, if it is one."""
    of_slot = {key: lines[key[1:]] for key in row.slots}
    for key in row.slots:
        drafts[key] = _Draft(of_slot[key], "missing", unit=_unit(of_slot[key]))
    if row.form == "absent":
        return []
    if row.form == "cells":
        for key, field in zip(row.slots, row.fields, strict=True):
            if field is not None:
                drafts[key] = _read(key, field, of_slot[key], row.units, findings)
            else:
                drafts[key].basis, drafts[key].can_derive = "blank", True
        return []
    text = " ".join(field.text for field in row.fields if field) or None
    locator = next((field.locator for field in row.fields if field), None)
    for key in row.slots:
        draft = drafts[key]
        draft.basis, draft.raw, draft.locator = ("ambiguous", text, locator) if text else ("blank", "", None)
        draft.can_derive = row.form != "refused"
    run = _run_of(row, of_slot, sums, bounds) if row.form != "refused" and text else None
    if run is None and text:
        for key in row.slots:
            drafts[key].can_derive = False
        findings.append(_ambiguous(row.slots, text))
    return [run] if run else []


def _unit(line: Line) -> Unit:
    return "CNY" if line.type == "money" else "count"


def _read(key: CellKey, field: Field, line: Line, units: tuple[str, ...], findings: list[Finding]) -> _Draft:
    """One printed cell by the type of its slot."""
    draft = _Draft(line, "ambiguous", unit=_unit(line), raw=field.text, locator=field.locator)
    if is_blank(field.text):
        draft.basis, draft.can_derive = "blank", True
        return draft
    figure = read_figure(field.text)
    if figure is None or not _fits(figure, line):
        findings.append(_unreadable(key, field.text))
        return draft
    draft.basis = "observed"
    draft.value, draft.unit = _valued(key, figure, line, units, findings)
    return draft


def _fits(figure: Figure, line: Line) -> bool:
    if line.type == "money":
        return figure.value >= 0 and not figure.has_sign
    if figure.unit is not None or figure.value != figure.value.to_integral_value():
        return False
    return line.type == "signed_count" or not figure.has_sign


def _valued(
    key: CellKey, figure: Figure, line: Line, units: tuple[str, ...], findings: list[Finding]
) -> tuple[Value, Unit]:
    if line.type != "money":
        return plain(figure.value), "count"
    printed = [unit for unit in (figure.unit, *units) if unit]
    if not printed:
        findings.append(
            finding(
                "MONEY_UNIT_UNKNOWN", f"{'/'.join(key)}: no unit is printed", f"{line.labels[0]}：未标明单位", (key,)
            )
        )
        return plain(figure.value), "unknown"
    if len(set(printed)) > 1:
        findings.append(
            finding(
                "MONEY_UNIT_CONFLICT",
                f"{'/'.join(key)}: {' and '.join(dict.fromkeys(printed))} are printed; {printed[0]} was taken",
                f"{line.labels[0]}：同时标有{'、'.join(dict.fromkeys(printed))}，按{printed[0]}读取",
                (key,),
            )
        )
    return plain(figure.value * YUAN[printed[0]]), "CNY"


def _unreadable(key: CellKey, text: str) -> Finding:
    return finding(
        "CELL_UNREADABLE",
        f"{'/'.join(key)}: “{text[:40]}” is no figure of its type",
        f"“{text[:40]}”无法识别为数字",
        (key,),
    )


def _ambiguous(slots: tuple[CellKey, ...], text: str) -> Finding:
    where = "/".join(slots[0][:2])
    return finding(
        "ROW_AMBIGUOUS",
        f"{where}: “{text[:60]}” fits {len(slots)} cells in several ways",
        f"“{text[:60]}”与{len(slots)}个单元格的对应不唯一",
        slots,
    )


# --- rows with several readings ----------------------------------------------------------------------------------------


def _run_of(row: Reading, of_slot: Mapping[CellKey, Line], sums: Sequence[Law], bounds: Sequence[Law]) -> _Run | None:
    """Every reading of a run that the sums inside it allow, or None where only arithmetic over nothing could decide."""
    slots = row.slots
    if row.form == "vanished":
        printed = [(field.text, read_figure(field.text)) for field in row.fields if field]
        if any(figure is None and not is_blank(text) for text, figure in printed):
            return None
        known = [None if is_blank(text) else figure for text, figure in printed]
        if any(line.type != "count" for line in of_slot.values()) or not _has_laws(slots, [*sums, *bounds]):
            return None
        if any(figure is not None and not _fits(figure, of_slot[slots[0]]) for figure in known):
            return None
        options = _vanished(slots, known, sums)
        return _Run(slots, options) if options else None
    text = row.fields[0].text if row.fields and row.fields[0] else ""
    types = [of_slot[key].type for key in slots]
    inside = _inside(slots, sums)
    cuts = glue.splits(text, types, inside)
    if cuts:
        return _Run(slots, cuts) if inside or len(cuts) == 1 or _has_laws(slots, sums) else None
    cuts = glue.splits(text, types) if cuts is not None and inside else None
    return _Run(slots, cuts, own_sum_fails=True) if cuts else None


def _has_laws(slots: tuple[CellKey, ...], sums: Sequence[Law]) -> bool:
    return any(key in law.cells for law in sums for key in slots)


def _inside(slots: tuple[CellKey, ...], sums: Sequence[Law]) -> list[Equation]:
    """The sums whose cells all stand in this run, over the positions of its slots."""
    place = {key: position for position, key in enumerate(slots)}
    return [
        Equation(tuple((place[key], coefficient) for key, coefficient in law.terms))
        for law in sums
        if all(key in place for key in law.cells)
    ]


def _vanished(
    slots: tuple[CellKey, ...], figures: list[Figure | None], sums: Sequence[Law]
) -> tuple[tuple[Figure | None, ...], ...]:
    """The placements of too few figures for which the sums inside the row can still hold."""
    inside = _inside(slots, sums)
    options = []
    for places in placements(range(len(figures)), len(slots)):
        option = tuple(None if place is None else figures[place] for place in places)
        values = [None if figure is None else int(figure.value) for figure in option]
        if all(_can_hold([(values[at], c) for at, c in equation.terms]) for equation in inside):
            options.append(option)
        if len(options) > MAX_OPTIONS:
            return ()
    return tuple(dict.fromkeys(options))


def _can_hold(terms: Iterable[tuple[int | None, int]]) -> bool:
    """Whether a sum can come to nought with unknowns ≥ 0."""
    known, up, down = 0, False, False
    for value, coefficient in terms:
        if value is None:
            up, down = up or coefficient > 0, down or coefficient < 0
        else:
            known += coefficient * value
    return known == 0 or (known < 0 and up) or (known > 0 and down)


# --- asking the identities ---------------------------------------------------------------------------------------------


def _within_one_vanished_row(bounds: Sequence[Law], runs: Sequence[_Run]) -> list[Law]:
    """Inequalities that hold by definition help to place a lost blank (a lone 0 under year and total makes the year 0);
    they never choose how a run is cut, being no proof of that."""
    rows = [set(run.slots) for run in runs if any(None in option for option in run.options)]
    return [law for law in bounds if any(set(law.cells) <= row for row in rows)]


class _System(Struct, frozen=True):
    """The unknowns of one table as a problem for the solver."""

    keys: tuple[CellKey, ...]
    problem: Problem
    laws: tuple[Law, ...]


def _system(drafts: Mapping[CellKey, _Draft], runs: Sequence[_Run], sums: Sequence[Law]) -> _System:
    keys = tuple(
        dict.fromkeys([*(key for law in sums for key in law.cells), *(key for run in runs for key in run.slots)])
    )
    place = {key: number for number, key in enumerate(keys)}
    fixed = [int(d.value) if (d := drafts[key]).value is not None else None for key in keys]
    equations = []
    for law in sums:
        terms = [(place[key], c) for key, c in law.terms]
        if law.identity.op != "=":  # the difference is one more unknown
            terms.append((len(fixed), 1 if law.identity.op == "<=" else -1))
            fixed.append(None)
        equations.append(Equation(tuple(terms)))
    choices = tuple(
        Choice(
            tuple(place[key] for key in run.slots),
            tuple(tuple(None if figure is None else _number(figure) for figure in option) for option in run.options),
        )
        for run in runs
    )
    return _System(keys, Problem(tuple(fixed), tuple(equations), choices), tuple(sums))


def _number(figure: Figure) -> int | None:
    """A figure for the solver; decimals and changes take no part in any sum, so they stay open there."""
    return int(figure.value) if figure.value >= 0 and figure.value == figure.value.to_integral_value() else None


def _derive(
    drafts: dict[CellKey, _Draft], runs: list[_Run], sums: list[Law], findings: list[Finding]
) -> dict[CellKey, int]:
    """Values that all readings and identities together leave alone, for cells that have none of their own."""
    summed = [run for run in runs if _has_laws(run.slots, sums)]
    open_ = {key for key, draft in drafts.items() if draft.can_derive}
    if not open_ & {key for law in sums for key in law.cells}:
        return {}
    failing = {key for run in summed if run.own_sum_fails for key in run.slots}
    kept = [law for law in sums if not set(law.cells) <= failing]
    system = _system(drafts, summed, kept)
    solution = solve(system.problem)
    dropped: tuple[Law, ...] = ()
    if solution.is_feasible is False and summed:
        solution, system, dropped = _relaxed(drafts, summed, kept)
    if solution.is_feasible is None or not solution.is_exact:
        findings.append(_bounded(sorted(open_)))
    if dropped:
        findings.append(_relaxation(dropped, sorted(open_ & {key for run in summed for key in run.slots})))
    if not solution.is_feasible:
        return {}
    values = {
        key: value
        for key, value in zip(system.keys, solution.values, strict=False)
        if value is not None and key in open_
    }
    findings += _unconfirmed(drafts, summed, system, values)
    return values


def _relaxed(
    drafts: dict[CellKey, _Draft], runs: list[_Run], sums: list[Law]
) -> tuple[Solution, _System, tuple[Law, ...]]:
    """The solution with the fewest column identities left out. All equally small ways must agree on a value to give it."""
    across = [law for law in sums if law.identity.scope == "each_printed_column_over_rows"]
    for level in _relaxations(across):
        feasible = []
        for dropped in level:
            system = _system(drafts, runs, [law for law in sums if law not in dropped])
            solution = solve(system.problem)
            if solution.is_feasible:
                feasible.append((solution, system, dropped))
        if feasible:
            solution, system, dropped = feasible[0]
            by_key = [dict(zip(s.keys, found.values, strict=False)) for found, s, _ in feasible]
            values = tuple(
                value if all(other.get(key) == value for other in by_key) else None
                for key, value in zip(system.keys, solution.values, strict=False)
            )
            exact = all(found.is_exact for found, _, _ in feasible)
            return Solution(True, values, exact), system, dropped
    return Solution(False, ()), _system(drafts, runs, sums), ()


def _relaxations(across: list[Law]) -> Iterator[list[tuple[Law, ...]]]:
    """Sets of equations to leave out, fewest first: one identity in one column (and the total, which depends on it), two
    in the same column, one identity altogether, all of them."""
    by_name: dict[str, list[Law]] = {}
    for law in across:
        by_name.setdefault(law.identity.id, []).append(law)
    columns = list(dict.fromkeys(law.repeat for law in across if law.repeat != "total"))
    single = [
        tuple(law for law in laws if law.repeat in (column, "total")) for laws in by_name.values() for column in columns
    ]
    yield single
    yield [tuple(law for law in across if law.repeat in (column, "total")) for column in columns]
    yield [tuple(laws) for laws in by_name.values()]
    yield [tuple(across)]


def _unconfirmed(
    drafts: Mapping[CellKey, _Draft], runs: Sequence[_Run], system: _System, values: Mapping[CellKey, int]
) -> list[Finding]:
    """A warning on each derived value other than 0 that stands only with every one of its identities: a misprint can
    leave exactly one false reading. Confirmed is what one kind of identity can be left out for."""
    doubtful = {key for key, value in values.items() if value}
    for name in dict.fromkeys(law.identity.id for law in system.laws):
        if not doubtful:
            break
        without = _system(drafts, runs, [law for law in system.laws if law.identity.id != name])
        solution = solve(without.problem)
        covered = {key for law in system.laws if law.identity.id == name for key in law.cells}
        if solution.is_feasible:
            found = dict(zip(without.keys, solution.values, strict=False))
            doubtful -= {key for key in doubtful if key in covered and found.get(key) == values[key]}
    return [
        finding(
            "DERIVED_UNCONFIRMED",
            f"{'/'.join(key)}: {values[key]} is the only value that the identities leave, but none confirms it",
            f"{drafts[key].line.labels[0]}：推导值{values[key]}无其他勾稽关系可印证",
            (key,),
        )
        for key in sorted(doubtful)
    ]


def _bounded(cells: Sequence[CellKey]) -> Finding:
    return finding(
        "SOLVER_BOUND", "the search for the only reading was stopped at its bound", "求解达到上限", tuple(cells)
    )


def _relaxation(dropped: tuple[Law, ...], cells: Sequence[CellKey]) -> Finding:
    names = ", ".join(f"{law.identity.id} ({law.repeat})" for law in dropped)
    return finding(
        "IDENTITY_RELAXED",
        f"the glued figures can only be cut without {names}",
        f"仅在不考虑{names}时才能切分粘连数字",
        tuple(cells),
    )


def _settle(
    drafts: dict[CellKey, _Draft], runs: list[_Run], values: Mapping[CellKey, int], findings: list[Finding]
) -> None:
    """Write the derived values into the drafts, and the runs that have only one reading of their own."""
    for key, value in values.items():
        drafts[key].value, drafts[key].basis = value, "derived"
    for run in runs:
        if len(run.options) == 1:
            for key, figure in zip(run.slots, run.options[0], strict=True):
                if drafts[key].value is None and figure is not None:
                    draft = drafts[key]
                    draft.value, draft.unit = _valued(key, figure, draft.line, (), findings)
                    draft.basis = "derived"
        if any(drafts[key].value is None for key in run.slots):
            open_ = tuple(key for key in run.slots if drafts[key].value is None)
            findings.append(_ambiguous(open_, drafts[run.slots[0]].raw or ""))


# --- verifying and explaining ------------------------------------------------------------------------------------------


def _check(table: Table, laws: Sequence[Law], drafts: Mapping[CellKey, _Draft]) -> list[Finding]:
    """A finding for each broken equation or inequality, with the smallest correcting sets of its block."""
    values = {key: draft.value for key, draft in drafts.items()}
    broken = [law for law in laws if _is_broken(law, values)]
    sums = [law for law in laws if law.identity.op == "=" and law.identity.null_policy == "null_unknown"]
    findings = []
    corrected: dict[str, tuple[tuple[tuple[Correction, ...], ...], bool]] = {}
    for law in broken:
        corrections: tuple[tuple[Correction, ...], ...] = ()
        is_complete = True
        if law in sums:
            block = _block(table, law)
            if block not in corrected:
                corrected[block] = _corrections(
                    [other for other in sums if _block(table, other) == block], values, drafts
                )
            corrections, is_complete = corrected[block]
        findings.append(_broken(law, values, corrections, is_complete))
    return findings


def _block(table: Table, law: Law) -> str:
    """The independent block an equation belongs to: a table whose sums cross is one, else each row or column."""
    scopes = {
        identity.scope for identity in table.identities if identity.op == "=" and identity.null_policy == "null_unknown"
    }
    return (
        table.id if len(scopes & {"each_printed_row_over_columns", "each_printed_column_over_rows"}) > 1 else law.repeat
    )


def _is_broken(law: Law, values: Mapping[CellKey, Value | None]) -> bool:
    terms = [(values[key], coefficient) for key, coefficient in law.terms]
    if any(value is None for value, _ in terms):
        if law.identity.null_policy == "skip_if_null" or law.identity.op != "=":
            return False
        return not _can_hold([(None if value is None else int(value), c) for value, c in terms])
    off = sum((Decimal(value) * c for value, c in terms if value is not None), Decimal(0))
    return {"=": off != 0, "<=": off > 0, ">=": off < 0}[law.identity.op or "="]


def _broken(
    law: Law, values: Mapping[CellKey, Value | None], corrections: tuple[tuple[Correction, ...], ...], is_complete: bool
) -> Finding:
    left, right = _side(law.left, values), _side(law.right, values)
    more = "" if is_complete else "; the smallest correcting sets are too large or too many to list"
    more_zh = "" if is_complete else "；最小修正组合过大或过多，未列出"
    shown = f"{left if left is not None else '?'} {law.identity.op} {right if right is not None else '?'}"
    return Finding(
        law.identity.id,
        law.identity.severity,
        law.cells,
        f"{law.identity.description_en} — fails for {law.repeat}: {shown}{more}",
        f"{law.identity.description}——{law.repeat}不成立：{shown}{more_zh}",
        left,
        right,
        corrections,
    )


def _side(terms: Sequence[tuple[CellKey, int]], values: Mapping[CellKey, Value | None]) -> Value | None:
    total = Decimal(0)
    for key, coefficient in terms:
        value = values[key]
        if value is None:
            return None
        total += Decimal(value) * coefficient
    return plain(total)


def _corrections(
    sums: Sequence[Law], values: Mapping[CellKey, Value | None], drafts: Mapping[CellKey, _Draft]
) -> tuple[tuple[tuple[Correction, ...], ...], bool]:
    """The smallest sets of cells whose change would restore every identity of a block, and whether they are all."""
    full = [law for law in sums if all(values[key] is not None for key in law.cells)]
    if any(_is_broken(law, values) for law in sums if law not in full):
        return _corrections_with_unknowns(sums, values, drafts)
    keys = tuple(dict.fromkeys(key for law in full for key in law.cells))
    place = {key: number for number, key in enumerate(keys)}
    equations = [Equation(tuple((place[key], c) for key, c in law.terms)) for law in full]
    mending = smallest_changes([int(values[key] or 0) for key in keys], equations)
    sets = tuple(tuple(Correction(keys[number], value) for number, value in change) for change in mending.sets)
    if len(full) < len(sums):
        sets = tuple(chosen for chosen in sets if _mends(sums, {**values, **{c.cell: c.value for c in chosen}}))
    return sets, mending.is_complete


def _mends(sums: Sequence[Law], values: Mapping[CellKey, Value | None]) -> bool:
    keys = tuple(dict.fromkeys(key for law in sums for key in law.cells))
    place = {key: number for number, key in enumerate(keys)}
    fixed = tuple(None if (value := values[key]) is None else int(value) for key in keys)
    return (
        is_feasible(Problem(fixed, tuple(Equation(tuple((place[k], c) for k, c in law.terms)) for law in sums))) is True
    )


def _corrections_with_unknowns(
    sums: Sequence[Law], values: Mapping[CellKey, Value | None], drafts: Mapping[CellKey, _Draft]
) -> tuple[tuple[tuple[Correction, ...], ...], bool]:
    """Single cells only, by trial: a block with blanks leaves larger sets open almost always."""
    found = []
    for key in dict.fromkeys(key for law in sums if _is_broken(law, values) for key in law.cells):
        if values[key] is None:
            continue
        freed = {k: _Draft(drafts[k].line, "blank", value=None if k == key else v) for k, v in values.items()}
        system = _system(freed, (), sums)
        solution = solve(system.problem, WORK // 4)
        value = dict(zip(system.keys, solution.values, strict=True)).get(key) if solution.is_feasible else None
        if value is not None:
            found.append((Correction(key, value),))
    return tuple(found[:10]), bool(found) and len(found) <= 10
