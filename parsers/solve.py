"""Small exact systems over whole numbers: which values are forced, which sets of changes would mend a contradiction.

Knows no report. Every bound is a count of steps, never of seconds: the same input gives the same answer everywhere.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations

from msgspec import Struct

INFINITE = 10**15
"""Stands for "no upper bound"; sums of it stay far below what Python's integers hold."""


WORK = 120_000
"""Terms and options looked at before the search gives up: about a tenth of a second."""


class Equation(Struct, frozen=True, gc=False):
    """Σ coefficient·variable = constant."""

    terms: tuple[tuple[int, int], ...]
    constant: int = 0


class Choice(Struct, frozen=True):
    """The variables take one of several tuples of values together; None in a tuple leaves its variable open (≥ 0)."""

    variables: tuple[int, ...]
    options: tuple[tuple[int | None, ...], ...]


class Problem(Struct, frozen=True):
    """Variables 0 … n-1. `fixed` gives known values (None: unknown, a whole number ≥ 0)."""

    fixed: tuple[int | None, ...]
    equations: tuple[Equation, ...]
    choices: tuple[Choice, ...] = ()


class Solution(Struct, frozen=True):
    """`is_feasible` None: the bound was reached before anything was known. `values`: for each variable the one value that
    every solution gives it, else None. `is_exact` False: some None may only mean that the bound was reached."""

    is_feasible: bool | None
    values: tuple[int | None, ...]
    is_exact: bool = True


class _Bound(Exception):
    """The work allowed is used up."""


class _Dead(Exception):
    """No solution below this node."""


class _State:
    """Bounds of the variables and the options left, with propagation to a fixpoint."""

    __slots__ = ("high", "low", "options")

    def __init__(self, low: list[int], high: list[int], options: list[tuple[tuple[int | None, ...], ...]]) -> None:
        self.low, self.high, self.options = low, high, options

    def copy(self) -> "_State":
        return _State(self.low[:], self.high[:], self.options[:])


def _open_part(equation: Equation, fixed: Sequence[int | None]) -> Equation:
    """The equation over its unknowns alone, what is known taken into the constant."""
    known = sum(coefficient * value for variable, coefficient in equation.terms if (value := fixed[variable]) is not None)
    return Equation(tuple(term for term in equation.terms if fixed[term[0]] is None), equation.constant - known)


class _Search:
    def __init__(self, problem: Problem, work: int) -> None:
        self.problem, self.left = problem, work
        self.unknown = [variable for variable, value in enumerate(problem.fixed) if value is None]
        self.equations = [_open_part(equation, problem.fixed) for equation in problem.equations]
        self.by_variable: list[list[int]] = [[] for _ in problem.fixed]
        for number, equation in enumerate(problem.equations):
            for variable, _ in equation.terms:
                self.by_variable[variable].append(number)
        self.choices_of: list[list[int]] = [[] for _ in problem.fixed]
        for number, choice in enumerate(problem.choices):
            for variable in choice.variables:
                self.choices_of[variable].append(number)

    def root(self) -> _State:
        fixed = self.problem.fixed
        state = _State(
            [0 if value is None else value for value in fixed],
            [INFINITE if value is None else value for value in fixed],
            [choice.options for choice in self.problem.choices],
        )
        self.propagate(state, set(range(len(self.problem.equations))), set(range(len(self.problem.choices))))
        return state

    def propagate(self, state: _State, equations: set[int], choices: set[int]) -> None:
        """Narrow bounds and options until nothing changes. Raises _Dead where a variable or choice has nothing left."""
        while equations or choices:
            while equations:
                number = equations.pop()
                self._spend(len(self.problem.equations[number].terms))
                changed = self._narrow(state, self.equations[number])
                for variable in changed:
                    equations.update(self.by_variable[variable])
                    choices.update(self.choices_of[variable])
            if choices:
                for variable in self._filter(state, choices.pop()):
                    equations.update(self.by_variable[variable])
                    choices.update(self.choices_of[variable])

    def _spend(self, work: int) -> None:
        self.left -= work
        if self.left < 0:
            raise _Bound

    def _narrow(self, state: _State, equation: Equation) -> list[int]:
        low, high = state.low, state.high
        least = most = -equation.constant
        for variable, coefficient in equation.terms:
            if coefficient > 0:
                least += coefficient * low[variable]
                most += coefficient * high[variable]
            else:
                least += coefficient * high[variable]
                most += coefficient * low[variable]
        if least > 0 or most < 0:
            raise _Dead
        changed = []
        for variable, coefficient in equation.terms:
            a, b = low[variable], high[variable]
            if a == b:
                continue
            if coefficient > 0:
                up = a + (-least) // coefficient
                down = b - most // coefficient
            else:
                up = a + most // -coefficient
                down = b - (-least) // -coefficient
            new_low, new_high = max(a, down), min(b, up)
            if new_low > new_high:
                raise _Dead
            if new_low != a or (new_high != b and new_high < INFINITE // 2):
                low[variable], high[variable] = new_low, new_high
                changed.append(variable)
                if coefficient > 0:
                    least += coefficient * (new_low - a)
                    most += coefficient * (new_high - b)
                else:
                    least += coefficient * (new_high - b)
                    most += coefficient * (new_low - a)
        return changed

    def _filter(self, state: _State, number: int) -> list[int]:
        variables = self.problem.choices[number].variables
        self._spend(2 * len(state.options[number]))
        low, high = state.low, state.high
        bounds = [(low[variable], high[variable]) for variable in variables]
        left = tuple(
            option
            for option in state.options[number]
            if all(value is None or a <= value <= b for value, (a, b) in zip(option, bounds, strict=True))
        )
        if not left:
            raise _Dead
        state.options[number] = left
        changed = []
        for place, variable in enumerate(variables):
            column = [value for option in left if (value := option[place]) is not None]
            if len(column) < len(left):
                continue
            new_low, new_high = max(low[variable], min(column)), min(high[variable], max(column))
            if new_low > new_high:
                raise _Dead
            if (new_low, new_high) != (low[variable], high[variable]):
                low[variable], high[variable] = new_low, new_high
                changed.append(variable)
        return changed

    def solutions(self, state: _State) -> Iterator[list[int]]:
        """Depth first, smallest domain first. Raises _Bound when the work allowed is used up."""
        self._spend(len(self.unknown))
        number = min(
            (n for n, options in enumerate(state.options) if len(options) > 1),
            key=lambda n: len(state.options[n]),
            default=None,
        )
        if number is not None:
            for option in state.options[number]:
                below = state.copy()
                below.options[number] = (option,)
                if self._descend(below, set(), {number}):
                    yield from self.solutions(below)
            return
        low, high = state.low, state.high
        open_ = [(high[v] - low[v], v) for v in self.unknown if low[v] < high[v]]
        variable = min(open_)[1] if open_ else None
        if variable is None:
            yield state.low
            return
        least = low[variable]
        for a, b in ((least, least), (least + 1, high[variable])):
            below = state.copy()
            below.low[variable], below.high[variable] = a, b
            if self._descend(below, set(self.by_variable[variable]), set(self.choices_of[variable])):
                yield from self.solutions(below)

    def _descend(self, state: _State, equations: set[int], choices: set[int]) -> bool:
        try:
            self.propagate(state, equations, choices)
        except _Dead:
            return False
        return True

    def other_value(self, root: _State, variable: int, value: int) -> list[int] | None:
        """A solution in which the variable has another value, or None where there is none."""
        for a, b in ((root.low[variable], value - 1), (value + 1, root.high[variable])):
            if a > b:
                continue
            state = root.copy()
            state.low[variable], state.high[variable] = a, b
            if self._descend(state, set(self.by_variable[variable]), set(self.choices_of[variable])):
                solution = next(self.solutions(state), None)
                if solution is not None:
                    return solution
        return None


def solve(problem: Problem, work: int = WORK) -> Solution:
    """The values that all solutions share, judged for each variable over all solutions, never over placements."""
    count = len(problem.fixed)
    search = _Search(problem, work)
    try:
        root = search.root()
        first = next(search.solutions(root), None)
    except _Dead:
        return Solution(False, (None,) * count)
    except _Bound:
        return Solution(None, (None,) * count, is_exact=False)
    if first is None:
        return Solution(False, (None,) * count)
    values: list[int | None] = list(first)
    for variable in range(count):
        value = values[variable]
        if value is None or root.low[variable] == root.high[variable]:
            continue
        try:
            other = search.other_value(root, variable, value)
        except _Bound:
            open_ = [v for v in range(variable, count) if root.low[v] < root.high[v]]
            return Solution(True, tuple(None if v in open_ else x for v, x in enumerate(values)), is_exact=False)
        if other is not None:
            values = [mine if mine == theirs else None for mine, theirs in zip(values, other, strict=True)]
    return Solution(True, tuple(values))


def is_feasible(problem: Problem, work: int = WORK // 4) -> bool | None:
    """Whether any solution exists; None where the bound was reached."""
    search = _Search(problem, work)
    try:
        return next(search.solutions(search.root()), None) is not None
    except _Dead:
        return False
    except _Bound:
        return None


# --- contradictions ----------------------------------------------------------------------------------------------------

Change = tuple[tuple[int, int], ...]
"""(variable, new value) pairs, by variable."""


class Mending(Struct, frozen=True):
    """The smallest sets of changes; `is_complete` False: more than the bound, or none that small."""

    sets: tuple[Change, ...]
    is_complete: bool


def smallest_changes(
    values: Sequence[int], equations: Sequence[Equation], size: int = 4, limit: int = 10, nodes: int = 20_000
) -> Mending:
    """The smallest sets of variables whose change (to whole numbers ≥ 0) satisfies every equation, with the new values.

    All sets of the smallest size that works, at most `limit` of them and `size` changes each. Sets that leave a value
    open are no corrections and not listed.
    """
    search = _Changes(values, equations)
    for wanted in range(1, size + 1):
        found, exhausted = search.of_size(wanted, nodes)
        if not exhausted:
            return Mending((), is_complete=False)
        if found:
            return Mending(tuple(found) if len(found) <= limit else (), is_complete=len(found) <= limit)
    return Mending((), is_complete=False)


class _Changes:
    def __init__(self, values: Sequence[int], equations: Sequence[Equation]) -> None:
        self.values, self.equations = values, equations
        self.off = [sum(c * values[v] for v, c in equation.terms) - equation.constant for equation in equations]
        self.coefficients = [dict(equation.terms) for equation in equations]
        self.touching: dict[int, list[int]] = {}
        for number, equation in enumerate(equations):
            for variable, _ in equation.terms:
                self.touching.setdefault(variable, []).append(number)
        self.reach = max(map(len, self.touching.values()), default=1)

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
        touched = {number for variable in chosen for number in self.touching.get(variable, ())}
        open_ = [number for number, off in enumerate(self.off) if off and number not in touched]
        if open_:
            if len(open_) > (size - len(chosen)) * self.reach:
                return set()
            return {variable for variable, _ in self.equations[open_[0]].terms}
        order = sorted(chosen)
        numbers = sorted(touched)
        if len(chosen) == size and self._clash(chosen, touched):
            return set()
        solved = _linear(
            [[self.coefficients[n].get(v, 0) for v in order] for n in numbers], [-self.off[n] for n in numbers]
        )
        if isinstance(solved, set):
            return {variable for row in solved for variable, _ in self.equations[numbers[row]].terms}
        if solved is None or any(x.denominator != 1 for x in solved):
            return set()
        changes = {variable: int(x) for variable, x in zip(order, solved, strict=True)}
        return changes if all(self.values[v] + change >= 0 for v, change in changes.items()) else set()

    def _clash(self, chosen: frozenset[int], touched: set[int]) -> bool:
        """Whether two equations ask different changes of one variable, or one asks none of a variable worth changing."""
        asked: dict[int, int] = {}
        for number in touched:
            inside = [v for v in self.coefficients[number] if v in chosen]
            if len(inside) == 1:
                change, rest = divmod(-self.off[number], self.coefficients[number][inside[0]])
                if rest or not change or asked.setdefault(inside[0], change) != change:
                    return True
        return False


def _linear(matrix: list[list[int]], right: list[int]) -> list[Fraction] | set[int] | None:
    """The one solution of a small linear system; the rows of a contradiction; or None where it leaves freedom."""
    rows = [
        ([Fraction(x) for x in row], Fraction(b), {number})
        for number, (row, b) in enumerate(zip(matrix, right, strict=True))
    ]
    width = len(matrix[0]) if matrix else 0
    pivots: list[tuple[int, tuple[list[Fraction], Fraction, set[int]]]] = []
    for row, b, used in rows:
        for column, (pivot, pivot_b, pivot_used) in pivots:
            if row[column]:
                factor = row[column]
                row = [x - factor * y for x, y in zip(row, pivot, strict=True)]
                b -= factor * pivot_b
                used = used | pivot_used
        lead = next((column for column, x in enumerate(row) if x), None)
        if lead is None:
            if b:
                return used
            continue
        scale = row[lead]
        pivots.append((lead, ([x / scale for x in row], b / scale, used)))
    if len(pivots) < width:
        return None
    solution = [Fraction(0)] * width
    for column, (row, b, _) in reversed(pivots):
        solution[column] = b - sum((row[c] * solution[c] for c in range(width) if c != column), Fraction(0))
    return solution


def placements(figures: Sequence[int], slots: int) -> Iterator[tuple[int | None, ...]]:
    """Every way to put figures into more slots, in order, the rest left open."""
    for chosen in combinations(range(slots), len(figures)):
        placed: list[int | None] = [None] * slots
        for place, figure in zip(chosen, figures, strict=True):
            placed[place] = figure
        yield tuple(placed)
