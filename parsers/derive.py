"""Values that all readings and identities of a table together leave alone (within step 6).

Uniqueness is judged for each cell over all solutions, never for a placement: zeros are interchangeable.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence

from msgspec import Struct

from .laws import Law, has_laws
from .numbers import Figure
from .report import CellKey, Finding, Value, finding
from .runs import Run
from .solve import Choice, Equation, Problem, Solution, solve

Values = Mapping[CellKey, Value | None]


class System(Struct, frozen=True):
    """The unknowns of one table as a problem for the solver."""

    keys: tuple[CellKey, ...]
    problem: Problem
    laws: tuple[Law, ...]


def system_of(values: Values, runs: Sequence[Run], sums: Sequence[Law]) -> System:
    keys = tuple(
        dict.fromkeys([*(key for law in sums for key in law.cells), *(key for run in runs for key in run.slots)])
    )
    place = {key: number for number, key in enumerate(keys)}
    fixed = [None if (value := values[key]) is None else int(value) for key in keys]
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
    return System(keys, Problem(tuple(fixed), tuple(equations), choices), tuple(sums))


def _number(figure: Figure) -> int | None:
    """A figure for the solver; decimals and changes take no part in any sum, so they stay open there."""
    return int(figure.value) if figure.value >= 0 and figure.value == figure.value.to_integral_value() else None


def derive(
    printed: Values, derivable: Collection[CellKey], runs: list[Run], sums: list[Law], findings: list[Finding]
) -> dict[CellKey, int]:
    """Values that all readings and identities together leave alone, for derivable cells, which have none of their own.

    A table whose printed figures contradict each other derives nothing; only glued figures are still cut apart, with the
    fewest identities left out, since cutting gives what is printed.
    """
    summed = [run for run in runs if has_laws(run.slots, sums)]
    open_ = set(derivable)
    if not open_ & {key for law in sums for key in law.cells}:
        return {}
    failing = {key for run in summed if run.own_sum_fails for key in run.slots}
    kept = [law for law in sums if not set(law.cells) <= failing]
    system = system_of(printed, summed, kept)
    solution = solve(system.problem)
    dropped: tuple[Law, ...] = ()
    glued = {key for run in summed if run.is_glued for key in run.slots}
    if solution.is_feasible is False and glued:
        open_ &= glued
        solution, system, dropped = _relaxed(printed, summed, kept)
    if solution.is_feasible is None or not solution.is_exact:
        findings.append(_bounded(sorted(open_)))
    if dropped:
        findings.append(_relaxation(dropped, sorted(open_)))
    if solution.is_feasible is False:
        return {}
    found = dict(zip(system.keys, solution.values, strict=False))
    if solution.is_feasible is None or not solution.is_exact:
        found |= _row_by_row(printed, summed, kept, found)
    values = {key: value for key, value in found.items() if value is not None and key in open_}
    findings += _unconfirmed(printed, summed, system, values)
    return values


def _row_by_row(
    printed: Values, runs: Sequence[Run], sums: Sequence[Law], found: Mapping[CellKey, int | None]
) -> dict[CellKey, int]:
    """What a row's own sums decide, where the whole table was too much: what fewer identities leave alone, all do."""
    values: dict[CellKey, int] = {}
    for run in runs:
        inside = [law for law in sums if set(law.cells) <= set(run.slots)]
        system = system_of(printed, [run], inside)
        solution = solve(system.problem)
        if solution.is_feasible:
            decided = zip(system.keys, solution.values, strict=False)
            values |= {key: value for key, value in decided if value is not None and found.get(key) is None}
    return values


def _relaxed(printed: Values, runs: list[Run], sums: list[Law]) -> tuple[Solution, System, tuple[Law, ...]]:
    """The solution with the fewest column identities left out. All equally small ways must agree on a value to give it."""
    across = [law for law in sums if law.identity.scope == "each_printed_column_over_rows"]
    for level in _relaxations(across):
        feasible = []
        for dropped in level:
            system = system_of(printed, runs, [law for law in sums if law not in dropped])
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
    return Solution(False, ()), system_of(printed, runs, sums), ()


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


def _unconfirmed(printed: Values, runs: Sequence[Run], system: System, values: Mapping[CellKey, int]) -> list[Finding]:
    """A warning on each derived value other than 0 that stands only with every one of its identities: a misprint can
    leave exactly one false reading. Confirmed is what one kind of identity can be left out for."""
    doubtful = {key for key, value in values.items() if value}
    for name in dict.fromkeys(law.identity.id for law in system.laws):
        if not doubtful:
            break
        without = system_of(printed, runs, [law for law in system.laws if law.identity.id != name])
        solution = solve(without.problem)
        covered = {key for law in system.laws if law.identity.id == name for key in law.cells}
        if solution.is_feasible:
            found = dict(zip(without.keys, solution.values, strict=False))
            doubtful -= {key for key in doubtful if key in covered and found.get(key) == values[key]}
    lost = {key for key in doubtful if not any(run.is_glued for run in runs if key in run.slots)}
    return [unconfirmed(key, values[key], _around(key, runs) if key in lost else ()) for key in sorted(doubtful)]


def _around(key: CellKey, runs: Sequence[Run]) -> tuple[CellKey, ...]:
    """The other cells of a row whose figures were placed by the same sum."""
    return tuple(other for run in runs if key in run.slots for other in run.slots if other != key)


def unconfirmed(key: CellKey, value: Value, others: tuple[CellKey, ...] = ()) -> Finding:
    return finding(
        "DERIVED_UNCONFIRMED",
        f"{'/'.join(key)}: {value} is the only value left, but nothing confirms it",
        f"{'/'.join(key)}：推导值{value}无其他勾稽关系可印证",
        (key, *others),
    )


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
