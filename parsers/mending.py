"""The smallest sets of changes that would mend a contradiction between whole numbers.

Knows no report. Bounds are counts of steps, as in `solve`.
"""

from collections.abc import Sequence
from fractions import Fraction

from msgspec import Struct

from .solve import Equation

Change = tuple[tuple[int, int], ...]
"""(variable, new value) pairs, by variable."""


class Mending(Struct, frozen=True):
    """The smallest sets of changes; `is_complete` False: more than the bound, or none that small."""

    sets: tuple[Change, ...]
    is_complete: bool


class Web:
    """Equations by the variables that they share: what a search needs to know whatever the values are."""

    def __init__(self, equations: Sequence[Equation]) -> None:
        self.equations = equations
        self.coefficients = [dict(equation.terms) for equation in equations]
        self.touching: dict[int, list[int]] = {}
        for number, equation in enumerate(equations):
            for variable, _ in equation.terms:
                self.touching.setdefault(variable, []).append(number)
        self.reach = max(map(len, self.touching.values()), default=1)


def smallest_changes(values: Sequence[int], web: Web, size: int = 4, limit: int = 10, nodes: int = 20_000) -> Mending:
    """The smallest sets of variables whose change (to whole numbers ≥ 0) satisfies every equation, with the new values.

    All sets of the smallest size that works, at most `limit` of them and `size` changes each. Sets that leave a value
    open are no corrections and not listed.
    """
    search = _Changes(values, web)
    for wanted in range(1, size + 1):
        found, exhausted = search.of_size(wanted, nodes)
        if not exhausted:
            return Mending((), is_complete=False)
        if found:
            return Mending(tuple(found) if len(found) <= limit else (), is_complete=len(found) <= limit)
    return Mending((), is_complete=False)


class _Changes:
    def __init__(self, values: Sequence[int], web: Web) -> None:
        self.values, self.equations = values, web.equations
        self.coefficients, self.touching, self.reach = web.coefficients, web.touching, web.reach
        self.off = [
            sum([c * values[v] for v, c in equation.terms]) - equation.constant for equation in web.equations
        ]
        self.broken = [number for number, off in enumerate(self.off) if off]

    def of_size(self, size: int, nodes: int) -> tuple[list[Change], bool]:
        found: dict[Change, None] = {}
        seen: set[frozenset[int]] = set()
        stack: list[frozenset[int]] = [frozenset()]
        while stack:
            chosen = stack.pop()
            if chosen in seen:
                continue
            seen.add(chosen)
            if len(seen) > nodes:
                return [], False
            candidates = self._next(chosen, size)
            if isinstance(candidates, dict):
                if len(chosen) == size and all(candidates.values()):
                    found[tuple(sorted((v, self.values[v] + change) for v, change in candidates.items()))] = None
                continue
            if len(chosen) < size:
                stack += [chosen | {variable} for variable in candidates if variable not in chosen]
        return sorted(found), True

    def _next(self, chosen: frozenset[int], size: int) -> dict[int, int] | set[int]:
        """The changes that mend everything with just the chosen variables, or the variables worth adding."""
        if len(chosen) == size and self._clash(chosen):
            return set()
        touched = {number for variable in chosen for number in self.touching[variable]}
        open_ = [number for number in self.broken if number not in touched]
        if open_:
            if len(open_) > (size - len(chosen)) * self.reach:
                return set()
            return {variable for variable, _ in self.equations[open_[0]].terms}
        order = sorted(chosen)
        numbers = sorted(touched)
        solved = _linear(
            [[self.coefficients[n].get(v, 0) for v in order] for n in numbers], [-self.off[n] for n in numbers]
        )
        if isinstance(solved, set):
            return {variable for row in solved for variable, _ in self.equations[numbers[row]].terms}
        if solved is None or any(x.denominator != 1 for x in solved):
            return set()
        changes = {variable: int(x) for variable, x in zip(order, solved, strict=True)}
        return changes if all(self.values[v] + change >= 0 for v, change in changes.items()) else set()

    def _clash(self, chosen: frozenset[int]) -> bool:
        """Whether two equations ask different changes of one variable, or one asks none of a variable worth changing."""
        for variable in chosen:
            others = chosen - {variable}
            asked = 0
            for number in self.touching[variable]:
                if others.isdisjoint(self.coefficients[number]):
                    change, rest = divmod(-self.off[number], self.coefficients[number][variable])
                    if rest or not change or (asked and asked != change):
                        return True
                    asked = change
        return False


def _linear(matrix: list[list[int]], right: list[int]) -> list[Fraction] | set[int] | None:
    """The one solution of a small linear system; the rows of a contradiction; or None where it leaves freedom."""
    width = len(matrix[0]) if matrix else 0
    pivots: list[tuple[int, list[int], int, set[int]]] = []
    for number, (row, b) in enumerate(zip(matrix, right, strict=True)):
        used = {number}
        for column, pivot, pivot_b, pivot_used in pivots:
            if row[column]:
                factor, scale = row[column], pivot[column]
                row = [scale * x - factor * y for x, y in zip(row, pivot, strict=True)]
                b = scale * b - factor * pivot_b
                used = used | pivot_used
        lead = next((column for column, x in enumerate(row) if x), None)
        if lead is not None:
            pivots.append((lead, row, b, used))
        elif b:
            return used
    if len(pivots) < width:
        return None
    solution = [Fraction(0)] * width
    for column, row, b, _ in reversed(pivots):
        rest = b - sum(row[c] * solution[c] for c in range(width) if c != column)
        solution[column] = Fraction(rest) / row[column]
    return solution
