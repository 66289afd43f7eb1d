"""Identities of the form as equations over the cells of one report (within step 6)."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache

from msgspec import Struct

from .numbers import plain
from .report import CellKey, Value
from .template import Identity, Line, Table


class Law(Struct, frozen=True, gc=False, eq=False):
    """One equation of an identity: for this row or column, over these cells. It equals only itself."""

    identity: Identity
    repeat: str
    left: tuple[tuple[CellKey, int], ...]
    right: tuple[tuple[CellKey, int], ...]
    terms: tuple[tuple[CellKey, int], ...]
    """Both sides as one sum that comes to nought."""
    cells: tuple[CellKey, ...]


class Frame(Struct, frozen=True, eq=False):
    """What holds of one table whatever its figures: the cells that stand, what each of them measures, and the laws over
    them. `sums` are the equations in which a blank is an unknown, `bounds` the inequalities that hold by definition."""

    lines: Mapping[CellKey, Line]
    laws: tuple[Law, ...]
    sums: tuple[Law, ...]
    bounds: tuple[Law, ...]

    def broken(self, values: Mapping[CellKey, Value | None]) -> list[Law]:
        """The laws that the values break."""
        broken = []
        for law in self.laws:
            off: Value = 0
            for key, coefficient in law.terms:
                value = values[key]
                if value is None:
                    off = Decimal(0)
                    break
                off += coefficient * value
            if type(off) is int:
                breaks = bool(off) if law.identity.op == "=" else off > 0 if law.identity.op == "<=" else off < 0
            else:
                breaks = is_broken(law, values)
            if breaks:
                broken.append(law)
        return broken


@lru_cache(maxsize=128)
def frame_of(table: Table, edition: str, rows: tuple[tuple[CellKey, ...], ...]) -> Frame:
    """The frame of a table in an edition of which these rows of cells stand: in most reports the same."""
    measured = {
        (table.id, row.key, column.key): row if table.measure_axis == "rows" else column
        for row in table.rows_of(edition)
        for column in table.columns_of(edition)
    }
    cells = [key for row in rows for key in row]
    laws = _laws_of(table, edition, frozenset(cells))
    return Frame(
        {key: measured[key] for key in cells},
        laws,
        tuple(law for law in laws if law.identity.op == "=" and law.identity.null_policy == "null_unknown"),
        tuple(
            law for law in laws if law.identity.op in ("<=", ">=") and law.identity.basis == "implied_by_definition"
        ),
    )


def _laws_of(table: Table, edition: str, standing: frozenset[CellKey]) -> tuple[Law, ...]:
    """Every equation and inequality of the same report. In a local table an addend whose row does not stand is left out,
    and without its total or any addend the equation is not evaluated (`conventions.addends` of the codebook)."""
    laws = []
    for identity in table.identities_of(edition):
        if identity.op is None:
            continue
        if identity.scope == "each_printed_row_over_columns":
            over_columns, repeats = True, table.rows_of(edition)
        elif identity.scope in ("each_printed_column_over_rows", "over_rows"):
            over_columns, repeats = False, table.columns_of(edition)
        else:
            continue
        for line in repeats:
            left, right = (
                tuple(
                    (key, term.coef)
                    for term in side
                    if (key := (table.id, *((line.key, term.key) if over_columns else (term.key, line.key))))
                    in standing
                )
                for side in (identity.left, identity.right)
            )
            complete = len(left) == len(identity.left) and len(right) == len(identity.right)
            if complete or (table.local_extension and left and len(right) == len(identity.right)):
                terms = (*left, *((key, -coefficient) for key, coefficient in right))
                laws.append(Law(identity, line.key, left, right, terms, tuple(key for key, _ in terms)))
    return tuple(laws)


def has_laws(slots: tuple[CellKey, ...], sums: Sequence[Law]) -> bool:
    return any(key in law.cells for law in sums for key in slots)


def can_hold(terms: Iterable[tuple[int | None, int]]) -> bool:
    """Whether a sum can come to nought with unknowns ≥ 0."""
    known, up, down = 0, False, False
    for value, coefficient in terms:
        if value is None:
            up, down = up or coefficient > 0, down or coefficient < 0
        else:
            known += coefficient * value
    return known == 0 or (known < 0 and up) or (known > 0 and down)


def is_broken(law: Law, values: Mapping[CellKey, Value | None]) -> bool:
    terms = [(values[key], coefficient) for key, coefficient in law.terms]
    if any(value is None for value, _ in terms):
        if law.identity.null_policy == "skip_if_null" or law.identity.op != "=":
            return False
        return not can_hold([(None if value is None else int(value), c) for value, c in terms])
    off = sum((Decimal(value) * c for value, c in terms if value is not None), Decimal(0))
    return {"=": off != 0, "<=": off > 0, ">=": off < 0}[law.identity.op or "="]


def side_of(terms: Sequence[tuple[CellKey, int]], values: Mapping[CellKey, Value | None]) -> Value | None:
    total = Decimal(0)
    for key, coefficient in terms:
        value = values[key]
        if value is None:
            return None
        total += Decimal(value) * coefficient
    return plain(total)


def block_of(table: Table, law: Law) -> str:
    """The independent block an equation belongs to: a table whose sums cross is one, else each row or column."""
    return table.id if _has_crossing_sums(table) else law.repeat


@lru_cache(maxsize=64)
def _has_crossing_sums(table: Table) -> bool:
    scopes = {
        identity.scope for identity in table.identities if identity.op == "=" and identity.null_policy == "null_unknown"
    }
    return len(scopes & {"each_printed_row_over_columns", "each_printed_column_over_rows"}) > 1
