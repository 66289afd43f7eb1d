"""A row whose figures fit its slots in several ways: blanks lost between them, or borders (within step 6)."""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from . import glue
from .laws import Law, can_hold, has_laws
from .numbers import Figure, fits, is_blank, read_figure
from .reading import Reading
from .report import CellKey
from .solve import Equation, placements
from .template import Line

MAX_OPTIONS = 4000


class Run(Struct, frozen=True):
    """A row whose figures fit its slots in several ways: figures (None: open) for each way."""

    slots: tuple[CellKey, ...]
    options: tuple[tuple[Figure | None, ...], ...]
    own_sum_fails: bool = False
    is_glued: bool = False


def run_of(row: Reading, of_slot: Mapping[CellKey, Line], sums: Sequence[Law], bounds: Sequence[Law]) -> Run | None:
    """Every reading of a run that the sums inside it allow, or None where only arithmetic over nothing could decide."""
    slots = row.slots
    if row.form == "vanished":
        printed = [(field.text, read_figure(field.text)) for field in row.fields if field]
        if any(figure is None and not is_blank(text) for text, figure in printed):
            return None
        known = [None if is_blank(text) else figure for text, figure in printed]
        if any(line.type != "count" for line in of_slot.values()) or not has_laws(slots, [*sums, *bounds]):
            return None
        if any(figure is not None and not fits(figure, of_slot[slots[0]].type) for figure in known):
            return None
        options = _vanished(slots, known, sums)
        return Run(slots, options) if options else None
    text = row.fields[0].text if row.fields and row.fields[0] else ""
    types = [of_slot[key].type for key in slots]
    inside = _inside(slots, sums)
    cuts = glue.splits(text, types, inside)
    if cuts:
        return Run(slots, cuts, is_glued=True) if inside or len(cuts) == 1 or has_laws(slots, sums) else None
    cuts = glue.splits(text, types) if cuts is not None and inside else None
    return Run(slots, cuts, own_sum_fails=True, is_glued=True) if cuts else None


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
        if all(can_hold([(values[at], c) for at, c in equation.terms]) for equation in inside):
            options.append(option)
        if len(options) > MAX_OPTIONS:
            return ()
    return tuple(dict.fromkeys(options))


def within_one_vanished_row(bounds: Sequence[Law], runs: Sequence[Run]) -> list[Law]:
    """Inequalities that hold by definition help to place a lost blank (a lone 0 under year and total makes the year 0);
    they never choose how a run is cut, being no proof of that."""
    rows = [set(run.slots) for run in runs if any(None in option for option in run.options)]
    return [law for law in bounds if any(set(law.cells) <= row for row in rows)]
