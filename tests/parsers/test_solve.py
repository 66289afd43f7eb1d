"""The solver against brute force: the same feasibility, the same forced values, the same smallest changes."""

from collections.abc import Iterator
from itertools import combinations, product

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from parsers.mending import Change, Mending, Web, smallest_changes
from parsers.solve import Choice, Equation, Problem, Solution, is_feasible, placements, solve

MOST = 5
"""The open variables of a random problem add up to this at most, so that trying every value is complete."""
COEFFICIENT = st.sampled_from((-2, -1, -1, 1, 1, 1, 2))


def equations_over(count: int, constants: st.SearchStrategy[int]) -> st.SearchStrategy[Equation]:
    terms = st.dictionaries(st.integers(0, count - 1), COEFFICIENT, min_size=1, max_size=count)
    return st.builds(lambda terms, constant: Equation(tuple(sorted(terms.items())), constant), terms, constants)


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    """Up to five variables, some known, equations and choices over them; the last equation bounds the open ones."""
    fixed = draw(st.lists(st.one_of(st.none(), st.none(), st.integers(0, MOST)), min_size=1, max_size=5))
    assume(fixed.count(None) <= 4)
    count = len(fixed)
    equations = draw(st.lists(equations_over(count, st.integers(-4, 6)), max_size=3))
    choices = []
    for _ in range(draw(st.integers(0, 2))):
        variables = draw(st.lists(st.integers(0, count - 1), min_size=1, max_size=3, unique=True))
        value = st.one_of(st.none(), st.integers(0, MOST))
        options = draw(st.lists(st.tuples(*[value] * len(variables)), min_size=1, max_size=4))
        choices.append(Choice(tuple(variables), tuple(options)))
    open_ = [variable for variable, value in enumerate(fixed) if value is None]
    bound = Equation(tuple((variable, 1) for variable in (*open_, count)), MOST)
    return Problem((*fixed, None), (*equations, bound), tuple(choices))


def all_solutions(problem: Problem) -> Iterator[tuple[int, ...]]:
    ranges = [range(MOST + 1) if value is None else (value,) for value in problem.fixed]
    for values in product(*ranges):
        holds = all(sum(c * values[v] for v, c in e.terms) == e.constant for e in problem.equations)
        if holds and all(_chosen(values, choice) for choice in problem.choices):
            yield values


def _chosen(values: tuple[int, ...], choice: Choice) -> bool:
    return any(
        all(wanted is None or values[v] == wanted for v, wanted in zip(choice.variables, option, strict=True))
        for option in choice.options
    )


@settings(max_examples=400, deadline=None, derandomize=True)
@given(problems())
def test_forced_values_are_those_that_all_solutions_share(problem: Problem) -> None:
    solutions = list(all_solutions(problem))
    found = solve(problem)
    assert found.is_exact
    assert found.is_feasible is bool(solutions)
    assert is_feasible(problem) is bool(solutions)
    columns = list(zip(*solutions, strict=True)) or [()] * len(problem.fixed)
    assert found.values == tuple(column[0] if len(set(column)) == 1 else None for column in columns)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(problems(), st.integers(0, 60))
def test_a_bound_leaves_values_out_but_gives_none_wrong(problem: Problem, work: int) -> None:
    whole, found = solve(problem), solve(problem, work)
    if found.is_exact:
        assert found == whole
    assert found.is_feasible in (None, whole.is_feasible)
    assert all(value in (None, forced) for value, forced in zip(found.values, whole.values, strict=True))
    assert is_feasible(problem, work) in (None, whole.is_feasible)


def test_open_ends_force_nothing() -> None:
    equal = Problem((None, None), (Equation(((0, 1), (1, -1))),))
    assert solve(equal) == Solution(True, (None, None))
    assert solve(Problem((None, 3), ())) == Solution(True, (None, 3))


def test_whole_numbers_from_nought_force_what_fractions_would_not() -> None:
    assert solve(Problem((None, None, 0), (Equation(((0, 1), (1, 1), (2, -1))),))) == Solution(True, (0, 0, 0))
    assert solve(Problem((None, 7), (Equation(((0, 2), (1, -1))),))).is_feasible is False
    assert solve(Problem((None, 8), (Equation(((0, 2), (1, -1))),))) == Solution(True, (4, 8))


def test_noughts_that_change_places_are_one_value() -> None:
    """Two open cells beside a figure that may stand in any of three: judged by value, not by placement."""
    rows = Choice((0, 1, 2), tuple(placements((0, 0), 3)))
    total = Equation(((0, 1), (1, 1), (2, 1), (3, -1)))
    assert solve(Problem((None, None, None, 0), (total,), (rows,))) == Solution(True, (0, 0, 0, 0))
    assert solve(Problem((None, None, None, 2), (total,), (rows,))).values == (None, None, None, 2)


def test_a_contradiction_gives_no_value() -> None:
    assert solve(Problem((1, 2, None), (Equation(((0, 1), (1, -1))), Equation(((2, 1),), 4)))) == Solution(
        False, (None, None, None)
    )
    assert solve(Problem((1,), (), (Choice((0,), ((2,), (3,))),))).is_feasible is False


def test_placements_keep_the_order_of_the_figures() -> None:
    assert list(placements((4, 7), 3)) == [(4, 7, None), (4, None, 7), (None, 4, 7)]
    assert list(placements((), 2)) == [(None, None)]
    assert list(placements((1, 2), 1)) == []


# --- contradictions -----------------------------------------------------------------------------------------------------


@st.composite
def contradictions(draw: st.DrawFn) -> tuple[tuple[int, ...], tuple[Equation, ...]]:
    """Up to five figures under sums: a total on one side, addends on the other, totals of totals among them."""
    count = draw(st.integers(2, 5))
    values = draw(st.lists(st.integers(0, 4), min_size=count, max_size=count))
    sums = st.dictionaries(st.integers(0, count - 1), st.sampled_from((1, 1, -1)), min_size=2, max_size=count)
    equations = draw(st.lists(sums, min_size=1, max_size=3))
    return tuple(values), tuple(Equation(tuple(sorted(terms.items()))) for terms in equations)


def holds(values: list[int], equations: tuple[Equation, ...]) -> bool:
    return all(sum(c * values[v] for v, c in e.terms) == e.constant for e in equations)


def changes_of(
    values: tuple[int, ...], equations: tuple[Equation, ...], size: int, most: int
) -> dict[tuple[int, ...], list[tuple[int, ...]]]:
    """For each set of variables of a size all whole numbers, below nought as well, that satisfy every equation."""
    found: dict[tuple[int, ...], list[tuple[int, ...]]] = {}
    for chosen in combinations(range(len(values)), size):
        others = [[(v, c) for v, c in e.terms if v not in chosen] for e in equations]
        rests = [e.constant - sum(c * values[v] for v, c in other) for e, other in zip(equations, others, strict=True)]
        inside = [[dict(e.terms).get(v, 0) for v in chosen] for e in equations]
        for new in product(range(-most, most + 1), repeat=size):
            if all(
                sum(c * x for c, x in zip(row, new, strict=True)) == rest
                for row, rest in zip(inside, rests, strict=True)
            ):
                found.setdefault(chosen, []).append(new)
    return found


def changes_by_trial(values: tuple[int, ...], equations: tuple[Equation, ...], size: int, most: int) -> list[Change]:
    """The changes of so many variables, to numbers up to `most`, that are possible and leave no value open."""
    return sorted(
        tuple(zip(chosen, solutions[0], strict=True))
        for chosen, solutions in changes_of(values, equations, size, most).items()
        if len(solutions) == 1 and all(x >= 0 and x != values[v] for v, x in zip(chosen, solutions[0], strict=True))
    )


@settings(max_examples=120, deadline=None, derandomize=True)
@given(contradictions())
def test_smallest_changes_are_those_that_trying_everything_finds(
    problem: tuple[tuple[int, ...], tuple[Equation, ...]],
) -> None:
    values, equations = problem
    assume(not holds(list(values), equations))
    mending = smallest_changes(values, Web(equations), size=3)
    assert all(holds([dict(change).get(v, x) for v, x in enumerate(values)], equations) for change in mending.sets)
    smallest = len(mending.sets[0]) if mending.sets else 3
    for size, most in ((1, 40), (2, 20), (3, 9))[:smallest]:  # trying larger numbers takes too long
        within = [change for change in mending.sets if len(change) == size and all(x <= most for _, x in change)]
        assert within == changes_by_trial(values, equations, size, most)
    assert mending.is_complete is bool(mending.sets)


def test_every_change_restores_every_equation_in_a_whole_table() -> None:
    """A grid with totals on both sides, one total in the corner wrong by two."""
    width = 6
    cell = [[width * row + column for column in range(width)] for row in range(width)]
    equations = [
        *(Equation((*((cell[r][c], 1) for c in range(width - 1)), (cell[r][-1], -1))) for r in range(width)),
        *(Equation((*((cell[r][c], 1) for r in range(width - 1)), (cell[-1][c], -1))) for c in range(width)),
    ]
    inner = [[(3 * row + 5 * column) % 4 for column in range(width - 1)] for row in range(width - 1)]
    rows = [[*line, sum(line)] for line in inner]
    rows.append([sum(column) for column in zip(*rows, strict=True)])
    right = [x for line in rows for x in line]
    assert holds(right, tuple(equations))
    wrong = list(right)
    wrong[cell[1][1]] += 2
    mending = smallest_changes(wrong, Web(equations))
    assert mending == Mending((((cell[1][1], right[cell[1][1]]),),), is_complete=True)


def test_more_sets_than_the_limit_are_not_listed() -> None:
    addends = Equation((*((variable, 1) for variable in range(12)), (12, -1)))
    values = (*[1] * 12, 11)
    assert smallest_changes(values, Web([addends])) == Mending((), is_complete=False)
    listed = smallest_changes(values, Web([addends]), limit=13)
    assert listed.is_complete
    assert len(listed.sets) == 13
    assert smallest_changes(values, Web([addends]), nodes=2) == Mending((), is_complete=False)


def test_larger_sets_than_asked_for_are_not_looked_for() -> None:
    apart = [Equation(((2 * n, 1), (2 * n + 1, -1))) for n in range(5)]
    assert smallest_changes((0, 1) * 5, Web(apart)) == Mending((), is_complete=False)
    assert len(smallest_changes((0, 1) * 3, Web(apart[:3])).sets) == 2**3
