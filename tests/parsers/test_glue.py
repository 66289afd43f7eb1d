"""Glued runs cut in every possible way, against a naive enumeration."""

from itertools import combinations, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers.glue import splits
from parsers.numbers import read_figure
from parsers.solve import Equation
from parsers.template import LineType


def canonical(piece: str, kind: LineType) -> int | None:
    """The number that a piece of a run prints as one cell, None where it prints none or more than one."""
    sign = piece[:1] if kind == "signed_count" and piece[:1] in ("+", "-") else ""
    digits = piece[len(sign) :]
    if not digits.isdigit() or (len(digits) > 1 and digits[0] == "0"):
        return None
    return int(piece)


def all_cuts(run: str, types: tuple[LineType, ...], equations: tuple[Equation, ...]) -> set[tuple[int, ...]]:
    """Every way to cut a run of digits and signs, by trying all borders."""
    found = set()
    for borders in combinations(range(1, len(run)), len(types) - 1):
        places = (0, *borders, len(run))
        pieces = [run[start:end] for start, end in pairwise(places)]
        values = [canonical(piece, kind) for piece, kind in zip(pieces, types, strict=True)]
        figures = [value for value in values if value is not None]
        if len(figures) == len(types) and all(
            sum(c * figures[v] for v, c in equation.terms) == equation.constant for equation in equations
        ):
            found.add(tuple(figures))
    return found


def cut(run: str, types: tuple[LineType, ...], equations: tuple[Equation, ...] = ()) -> set[tuple[int, ...]]:
    found = splits(run, types, equations)
    assert found is not None
    assert len(set(found)) == len(found)
    return {tuple(int(figure.value) for figure in figures) for figures in found}


def total_of(width: int, first: int = 0) -> Equation:
    """The last of some cells adds up those before it."""
    return Equation((*((first + place, 1) for place in range(width - 1)), (first + width - 1, -1)))


@st.composite
def rows_with_total(draw: st.DrawFn) -> tuple[int, ...]:
    figures = draw(st.lists(st.one_of(st.just(0), st.integers(0, 30), st.integers(0, 999)), min_size=1, max_size=5))
    return (*figures, sum(figures))


@settings(max_examples=250, deadline=None, derandomize=True)
@given(rows_with_total())
def test_a_row_with_its_total_is_cut_in_every_way_that_adds_up(row: tuple[int, ...]) -> None:
    run, types, sums = "".join(map(str, row)), ("count",) * len(row), (total_of(len(row)),)
    found = cut(run, types, sums)
    assert row in found
    assert found == all_cuts(run, types, sums)


@settings(max_examples=250, deadline=None, derandomize=True)
@given(
    st.text("0123456789", min_size=1, max_size=9),
    st.lists(st.sampled_from(("count", "count", "signed_count")), min_size=1, max_size=5),
    st.booleans(),
)
def test_any_run_of_digits(run: str, types: list[LineType], summed: bool) -> None:
    sums = (total_of(len(types)),) if summed and len(types) > 1 else ()
    assert cut(run, tuple(types), sums) == all_cuts(run, tuple(types), sums)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.text("0128+-", min_size=1, max_size=9), st.permutations(("count", "signed_count", "count")))
def test_signs_are_borders(run: str, types: list[LineType]) -> None:
    assert cut(run, tuple(types)) == all_cuts(run, tuple(types), ())


@settings(max_examples=100, deadline=None, derandomize=True)
@given(rows_with_total(), st.data())
def test_spaces_inside_a_run_say_nothing(row: tuple[int, ...], data: st.DataObject) -> None:
    run, types, sums = "".join(map(str, row)), ("count",) * len(row), (total_of(len(row)),)
    at = data.draw(st.integers(0, len(run)))
    space = data.draw(st.sampled_from([" ", "\u3000", "\u00a0", "  "]))
    assert cut(run[:at] + space + run[at:], types, sums) == cut(run, types, sums)


@pytest.mark.parametrize(
    ("run", "width", "wanted"),
    [
        ("300000131", 7, {(30, 0, 0, 0, 0, 1, 31)}),
        ("440000044", 7, {(44, 0, 0, 0, 0, 0, 44), (4, 40, 0, 0, 0, 0, 44)}),
        ("110020114", 7, {(11, 0, 0, 2, 0, 1, 14), (1, 10, 0, 2, 0, 1, 14)}),
        ("640020470", 7, {(64, 0, 0, 2, 0, 4, 70)}),
        ("0000000", 7, {(0,) * 7}),
        ("000000", 7, set()),
        ("0000012", 7, set()),
    ],
)
def test_runs_of_section_three(run: str, width: int, wanted: set[tuple[int, ...]]) -> None:
    assert cut(run, ("count",) * width, (total_of(width),)) == wanted


def test_a_run_of_section_four_by_its_three_sums() -> None:
    sums = (total_of(5), total_of(5, 5), total_of(5, 10))
    assert (14, 0, 2, 0, 16, 5, 0, 0, 1, 6, 0, 0, 0, 0, 0) in cut("14020165001600000", ("count",) * 15, sums)


@pytest.mark.parametrize(
    ("run", "types", "wanted"),
    [
        ("12-5", ("count", "signed_count"), {(12, -5)}),
        ("640-180", ("count", "signed_count", "count"), {(640, -18, 0), (640, -1, 80)}),
        ("0016", ("count", "count", "count"), {(0, 0, 16)}),
        ("528", ("count", "count", "count"), {(5, 2, 8)}),
        ("1234", ("count", "count", "count"), {(1, 2, 34), (1, 23, 4), (12, 3, 4)}),
        ("+6", ("count",), set()),
        ("3件5件", ("count", "count"), {(3, 5)}),
    ],
)
def test_runs_without_sums(run: str, types: tuple[LineType, ...], wanted: set[tuple[int, ...]]) -> None:
    assert cut(run, types) == wanted


def test_a_unit_does_not_tell_where_its_amount_begins() -> None:
    found = splits("212.5万元", ("count", "money"))
    assert found is not None
    assert {tuple(str(figure.value) for figure in figures) for figures in found} == {("2", "12.5"), ("21", "2.5")}
    assert {figures[1].unit for figures in found} == {"万元"}


def test_beyond_its_bounds_nothing_is_said() -> None:
    assert splits("1" * 60, ("count",) * 12, nodes=500) is None
    assert splits("1" * 14, ("count",) * 7, limit=10) is None
    assert splits("", ("count", "count")) == ()


@given(st.text("0123456789 ,.+-元万件—abc总", max_size=14))
@settings(max_examples=150, deadline=None, derandomize=True)
def test_what_is_cut_out_is_a_figure_and_nothing_is_lost(run: str) -> None:
    for figures in splits(run, ("count", "money", "signed_count")) or ():
        printed = "".join(filter(str.isdigit, run))
        kept = "".join("".join(filter(str.isdigit, format(figure.value, "f"))) for figure in figures)
        assert kept == printed
        assert all(read_figure(format(figure.value, "f")) for figure in figures)
