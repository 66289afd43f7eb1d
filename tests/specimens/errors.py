"""Mistakes of the kinds that real reports make, planted into consistent ones and labelled."""

from collections.abc import Callable
from random import Random

from parsers.report import CellKey, Value

from .figures import APPLICANTS, OUTCOMES, ROUTES, broken, parts
from .truth import Planted, Truth

Plant = Callable[[Random, Truth], Truth]


def _plant(truth: Truth, kind: str, changes: dict[CellKey, Value]) -> Truth:
    """Changed figures with the equations that break by them. Raises ValueError where none breaks or none changes."""
    changed = {key: value for key, value in changes.items() if truth.figures[key] != value}
    after = broken({**truth.figures, **changed})
    if not changed or not after:
        raise ValueError(f"planting {kind} changed nothing that an identity sees")
    return truth.change(changed, Planted(kind, tuple(changed), after))


def concluded_pair(random: Random, truth: Truth) -> Truth:
    """(七)总计 is too high in one applicant's column and in 总计: the sums across still hold."""
    column = random.choice(APPLICANTS[:2])
    more = random.randint(1, 3)
    keys = [("requests", "concluded_total", column), ("requests", "concluded_total", "total")]
    return _plant(truth, "concluded_pair", {key: truth.figures[key] + more for key in keys})


def outcome_off_by_one(random: Random, truth: Truth) -> Truth:
    """One cell of one outcome row counts one too many."""
    row = random.choice(parts(truth.editions["requests"]))
    key = ("requests", row, random.choice(APPLICANTS))
    return _plant(truth, "outcome_off_by_one", {key: truth.figures[key] + 1})


def row_total_off(random: Random, truth: Truth) -> Truth:
    """The total of one outcome row does not add the row up."""
    row = random.choice(parts(truth.editions["requests"]))
    key = ("requests", row, "total")
    return _plant(truth, "row_total_off", {key: truth.figures[key] + random.randint(1, 2)})


def review_total_left_zero(random: Random, truth: Truth) -> Truth:
    """A group of section four has outcomes, but its total was not filled in."""
    route = random.choice(ROUTES)
    counts = [random.randint(1, 12), *(random.randint(0, 3) for _ in OUTCOMES[1:])]
    group: dict[CellKey, Value] = {
        ("review_litigation", route, outcome): n for outcome, n in zip(OUTCOMES, counts, strict=True)
    }
    total = ("review_litigation", route, "total")
    return _plant(truth.change({**group, total: sum(counts)}), "review_total_left_zero", {total: 0})


def total_not_split(random: Random, truth: Truth) -> Truth:
    """(七)总计 was filled without splitting by applicant: what companies had stands under natural persons."""
    keys = [("requests", "concluded_total", applicant) for applicant in APPLICANTS]
    donor = max(keys[1:], key=lambda key: truth.figures[key])
    moved = truth.figures[donor]
    return _plant(truth, "total_not_split", {keys[0]: truth.figures[keys[0]] + moved, donor: 0})


def carried_over_twice(random: Random, truth: Truth) -> Truth:
    """A pending request is carried over although it was counted as concluded."""
    column = APPLICANTS[0]
    keys = [("requests", "carried_over_out", column), ("requests", "carried_over_out", "total")]
    return _plant(truth, "carried_over_twice", {key: truth.figures[key] + 1 for key in keys})


def stale_form(random: Random, truth: Truth) -> Truth:
    """Last year's new requests left in a form that is otherwise empty."""
    count = random.randint(1, 9)
    zeros = truth.change({key: 0 for key in truth.figures if key[0] == "requests"})
    keys = [("requests", "received_new", APPLICANTS[0]), ("requests", "received_new", "total")]
    return _plant(zeros, "stale_form", dict.fromkeys(keys, count))


PLANTS: dict[str, Plant] = {
    "concluded_pair": concluded_pair,
    "outcome_off_by_one": outcome_off_by_one,
    "row_total_off": row_total_off,
    "review_total_left_zero": review_total_left_zero,
    "total_not_split": total_not_split,
    "carried_over_twice": carried_over_twice,
    "stale_form": stale_form,
}
"""Each may raise ValueError where the report has no place for it (no company asked, say)."""


def plant(random: Random, truth: Truth) -> Truth:
    """A planted mistake of a random kind that this report has a place for."""
    kinds = list(PLANTS)
    while True:
        try:
            return PLANTS[random.choice(kinds)](random, truth)
        except ValueError:
            continue
