"""One run of characters over several cells → every way to cut it into figures that the cells could hold.

A space inside such a run is no border; a sign, a unit and a leading zero are (00 is two cells). Knows no table: the sums
that must hold inside the run are given as equations over the positions of its slots.
"""

import re
from collections.abc import Sequence
from decimal import Decimal

from .numbers import COUNT_UNITS, YUAN, Figure, read_figure, squeeze
from .solve import Equation
from .template import LineType

_COUNT = rf"(?:0|[1-9]\d*)(?:{'|'.join(COUNT_UNITS)})?"
_PATTERNS: dict[LineType, re.Pattern[str]] = {
    "count": re.compile(_COUNT),
    "signed_count": re.compile(r"[+-]?(?:0|[1-9]\d*)"),
    "money": re.compile(rf"(?:0|[1-9]\d*)(?:\.\d+)?(?:{'|'.join(sorted(YUAN, key=len, reverse=True))})?"),
    "text": re.compile(r".*"),
}


def splits(
    run: str, types: Sequence[LineType], equations: Sequence[Equation] = (), limit: int = 4000, nodes: int = 60_000
) -> tuple[tuple[Figure, ...], ...] | None:
    """All cuts of a run into one figure for each type, in order, for which the equations hold; None beyond the bounds.

    Cut from the right: totals stand last, so that a sum is bounded before its addends are tried.
    """
    text = squeeze(run).replace("，", ",").translate(str.maketrans("－−–", "---"))
    found: list[tuple[Figure, ...]] = []
    budget = [nodes]
    sums = [-equation.constant for equation in equations]
    coefficients = [dict(equation.terms) for equation in equations]

    def cut(end: int, slot: int, taken: tuple[Figure, ...], sums: list[int]) -> bool:
        budget[0] -= 1
        if budget[0] < 0 or len(found) > limit:
            return False
        if slot < 0:
            if end == 0 and not any(sums):
                found.append(taken)
            return True
        for start in range(end - 1, slot - 1, -1):
            figure = _figure(text[start:end], types[slot])
            if figure is None:
                continue
            after = _added(sums, coefficients, slot, figure.value)
            if after is None or not _reachable(after, coefficients, slot, start):
                continue
            if not cut(start, slot - 1, (figure, *taken), after):
                return False
        return True

    return tuple(found) if cut(len(text), len(types) - 1, (), sums) else None


def _figure(piece: str, kind: LineType) -> Figure | None:
    return read_figure(piece) if _PATTERNS[kind].fullmatch(piece) else None


def _added(sums: list[int], coefficients: list[dict[int, int]], slot: int, value: Decimal) -> list[int] | None:
    if not any(slot in terms for terms in coefficients):
        return sums
    return [total + terms.get(slot, 0) * int(value) for total, terms in zip(sums, coefficients, strict=True)]


def _reachable(sums: list[int], coefficients: list[dict[int, int]], slot: int, digits: int) -> bool:
    """Whether the slots still open on the left, with so many digits left, can bring every sum to nought."""
    for total, terms in zip(sums, coefficients, strict=True):
        open_ = [terms[place] for place in range(slot) if place in terms]
        if not open_:
            if total:
                return False
        elif all(c > 0 for c in open_) and (total > 0 or -total > _most(digits, len(open_), slot)):
            return False
    return True


def _most(digits: int, parts: int, slots: int) -> int:
    """The largest sum of `parts` numbers out of `slots` that share so many digits, each having one at least."""
    return int(10 ** max(1, digits - slots + 1)) + 9 * (parts - 1)
