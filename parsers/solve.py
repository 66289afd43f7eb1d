"""Small exact systems over whole numbers: which of their values are forced.

Knows no report. Every bound is a count of steps, never of seconds: the same input gives the same answer everywhere.
"""

from collections.abc import Iterator, Sequence
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


def placements(figures: Sequence[int], slots: int) -> Iterator[tuple[int | None, ...]]:
    """Every way to put figures into more slots, in order, the rest left open."""
    for chosen in combinations(range(slots), len(figures)):
        placed: list[int | None] = [None] * slots
        for place, figure in zip(chosen, figures, strict=True):
            placed[place] = figure
        yield tuple(placed)
