"""Blank cells in known places: which of them the identities leave only one value, and which not.

Bounds are narrowed equation by equation; where that does not decide, another solution is looked for, which proves for
every cell in which it differs that nobody can tell it.
"""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from parsers.report import CellKey, Value

from .figures import APPLICANTS, OUTCOMES, ROUTES, STAT_SUMS, parts
from .truth import Truth

MOST_STEPS = 300
COLUMNS = (*APPLICANTS, "total")


class Possible(Struct, frozen=True):
    """`certain`: cells with only one possible value, and that value. `undecided`: cells that the oracle did not decide.
    All other cells cannot be told by anyone."""

    certain: dict[CellKey, Value]
    undecided: frozenset[CellKey] = frozenset()


Equation = tuple[tuple[CellKey, int], ...]
"""Terms with coefficients that add up to 0."""


def equations(truth: Truth) -> list[Equation]:
    """Section three: each row over the applicants, each column over the rows."""
    edition = truth.editions["requests"]
    rows = ("received_new", "carried_over_in", *parts(edition), "concluded_total", "carried_over_out")
    found = [(*(((("requests", row, a)), 1) for a in APPLICANTS), (("requests", row, "total"), -1)) for row in rows]
    for column in COLUMNS:
        at = {row: ("requests", row, column) for row in rows}
        found.append((*((at[row], 1) for row in parts(edition)), (at["concluded_total"], -1)))
        signs = {"received_new": 1, "carried_over_in": 1, "concluded_total": -1, "carried_over_out": -1}
        found.append(tuple((at[row], sign) for row, sign in signs.items()))
    return found


def review_equations(_truth: Truth) -> list[Equation]:
    """Section four: each of the three groups."""
    return [
        (*((("review_litigation", r, o), 1) for o in OUTCOMES), (("review_litigation", r, "total"), -1)) for r in ROUTES
    ]


def local_equations(truth: Truth) -> list[Equation]:
    """The local table: requests over channels, replies over kinds, in each column; other rows stand alone."""
    found: list[Equation] = []
    for column in truth.local_columns:
        for total, addends in local_sums(truth.local_rows):
            terms = ((("local_2008", row, column), 1) for row in addends)
            found.append((*terms, (("local_2008", total, column), -1)))
    return found


def stat_equations(_truth: Truth) -> list[Equation]:
    """The national statistics table of 2014."""
    return [
        (*((("stat_2014", row, "value"), 1) for row in addends), (("stat_2014", total, "value"), -1))
        for total, addends in STAT_SUMS.items()
    ]


def local_sums(rows: Sequence[str]) -> list[tuple[str, tuple[str, ...]]]:
    """The two totals of the local table with the rows they add up."""
    return [
        (total, tuple(row for row in rows if row.startswith(prefix) and row != total))
        for total, prefix in (("requests_received", "requests_"), ("replies_total", "reply_"))
    ]


Bounds = dict[CellKey, tuple[int, int]]


class Contradiction(Exception):
    """No values are left for some cell."""


def filled(truth: Truth, system: list[Equation], blank: list[CellKey]) -> Possible:
    known = {key: int(truth.figures[key]) for equation in system for key, _ in equation}
    blank = [key for key in blank if key in known]
    ceiling = 2 * sum(known.values()) + 9
    bounds: Bounds = {key: (value, value) for key, value in known.items()}
    bounds |= dict.fromkeys(blank, (0, ceiling))
    bounds = _narrowed(bounds, system)
    certain: dict[CellKey, Value] = {}
    undecided: set[CellKey] = set()
    moved: set[CellKey] = set()
    for key in (key for key in blank if bounds[key][0] == bounds[key][1]):
        certain[key] = known[key]
    for key in (key for key in blank if key not in certain):
        for value in (known[key] + 1, known[key] - 1):
            if key not in moved:
                other = _solution({**bounds, key: (value, value)}, system, known)
                moved |= {k for k in blank if other and other[k] != known[k]}
                undecided |= {key} if other is None else set()
        if key not in moved | undecided:
            certain[key] = known[key]
    return Possible(certain, frozenset(undecided - moved))


def _narrowed(bounds: Bounds, system: list[Equation]) -> Bounds:
    """Bounds after each equation has said what it leaves for each of its terms. Raises Contradiction."""
    bounds = dict(bounds)
    changed = True
    while changed:
        changed = False
        for equation in system:
            lows = [min(c * b for b in bounds[key]) for key, c in equation]
            highs = [max(c * b for b in bounds[key]) for key, c in equation]
            least, most = sum(lows), sum(highs)
            for place, (key, c) in enumerate(equation):
                low, high = bounds[key]
                ends = (-(most - highs[place]) * c, -(least - lows[place]) * c)
                new = (max(low, min(ends)), min(high, max(ends)))
                if new[0] > new[1]:
                    raise Contradiction
                if new != (low, high):
                    bounds[key] = new
                    changed = True
                    lows[place], highs[place] = min(c * b for b in new), max(c * b for b in new)
                    least, most = sum(lows), sum(highs)
    return bounds


def _solution(bounds: Bounds, system: list[Equation], known: Mapping[CellKey, int]) -> dict[CellKey, int] | None:
    """Whole numbers within the bounds that solve the system, preferably other ones than those known: each solution shows
    for every cell in which it differs that nobody can tell it. Empty if there is none; None where the search gave up."""
    steps = 0

    def search(current: Bounds) -> dict[CellKey, int] | None:
        nonlocal steps
        steps += 1
        if steps > MOST_STEPS:
            return None
        try:
            current = _narrowed(current, system)
        except Contradiction:
            return {}
        free = [key for key, (low, high) in current.items() if low < high]
        if not free:
            return {key: low for key, (low, _) in current.items()}
        key = min(free, key=lambda k: current[k][1] - current[k][0])
        low, high = current[key]
        near = range(max(low, known[key] - 20), min(high, known[key] + 20) + 1)
        for value in sorted(near, key=lambda v: abs(v - known[key] - 0.6)):
            found = search({**current, key: (value, value)})
            if found is None or found:
                return found
        return {} if len(near) == high - low + 1 else None

    return {} if any(low > high or low < 0 for low, high in bounds.values()) else search(bounds)
