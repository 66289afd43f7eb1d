"""What of a report other reports are held against: few figures and marks of equality, small enough to keep for all.

The checks over the panel look at every report of the dataset, but only at these figures of it; the cells themselves
stay in the parse cache.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

import msgspec

from parsers.report import Cell, CellKey, Report, Value
from parsers.template import Identity, Table, load

JUMPING: tuple[CellKey, ...] = (
    ("requests", "received_new", "total"),
    ("art20_5", "administrative_license", "decisions"),
    ("art20_6", "administrative_penalty", "decisions"),
    ("art20_6", "administrative_compulsion", "decisions"),
    ("art20_8", "administrative_fees", "amount_collected"),
    ("art20_9", "centralized_procurement", "amount"),
)
"""Figures in which a jump from one year to the next is looked for."""
SUMMED: tuple[CellKey, ...] = (("requests", "received_new", "total"), ("requests", "concluded_total", "total"))
"""Figures that an aggregate report must not have smaller than one of its members."""
BALANCED_ROWS = ("received_new", "carried_over_in", "concluded_total", "carried_over_out")
"""Rows of REQ_BALANCE."""
CROSS_YEAR = ("each_printed_column_cross_year", "each_printed_row_cross_year")
DISTINCT = 4
ORDINARY = 2
"""A table is telling when it has at least DISTINCT different numbers above ORDINARY: two such are not alike by chance."""

_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(dict[int, Value])


def compared(report: Report) -> bytes:
    """The figures of a report that other reports are held against, packed."""
    places = _places()
    return _encoder.encode(
        {places[cell.key]: cell.value for cell in report.cells if cell.key in places and cell.value is not None}
    )


def figures_compared(packed: bytes) -> dict[CellKey, Value]:
    """What `compared` packed: the cells that have a value."""
    keys = compared_cells()
    return {keys[place]: value for place, value in _decoder.decode(packed).items()}


def fingerprints(report: Report) -> dict[str, str]:
    """For each table with telling figures 12 hex digits over all of them; equal digits mean equal tables."""
    by_table: dict[str, list[Cell]] = {}
    for cell in report.cells:
        by_table.setdefault(cell.table, []).append(cell)
    return {table: _digest(cells) for table, cells in by_table.items() if _is_telling(cells)}


@cache
def compared_cells() -> tuple[CellKey, ...]:
    """The cells that are compared, in a fixed order."""
    keys = [*JUMPING, *SUMMED]
    requests = load().table("requests")
    keys += [("requests", row, column.key) for row in BALANCED_ROWS for column in requests.columns if column.printed]
    keys += [key for table in load().tables for identity in cross_year(table) for key in _cells_of(table, identity)]
    return tuple(dict.fromkeys(keys))


def cross_year(table: Table) -> tuple[Identity, ...]:
    """The identities of a table that tie a report to the one of the year before."""
    return tuple(identity for identity in table.identities if identity.scope in CROSS_YEAR and identity.op)


def lines_of(table: Table, identity: Identity) -> tuple[str, ...]:
    """The rows or columns for each of which a cross-year identity holds by itself."""
    lines = table.columns if identity.scope == "each_printed_column_cross_year" else table.rows
    return tuple(dict.fromkeys(line.key for line in lines if line.printed))


def key_of(table: Table, identity: Identity, term: str, line: str) -> CellKey:
    """The cell of a term of a cross-year identity in one of its `lines_of`."""
    is_over_rows = identity.scope == "each_printed_column_cross_year"
    return (table.id, term, line) if is_over_rows else (table.id, line, term)


def _cells_of(table: Table, identity: Identity) -> Iterator[CellKey]:
    for line in lines_of(table, identity):
        for term in (*identity.left, *identity.right):
            yield key_of(table, identity, term.key, line)


@cache
def _places() -> Mapping[CellKey, int]:
    return {key: place for place, key in enumerate(compared_cells())}


def _is_telling(cells: Sequence[Cell]) -> bool:
    return len({cell.value for cell in cells if cell.value is not None and cell.value > ORDINARY}) >= DISTINCT


def _digest(cells: Sequence[Cell]) -> str:
    text = "\x1f".join(f"{cell.row}/{cell.column}={cell.value}" for cell in cells)
    return hashlib.sha256(text.encode()).hexdigest()[:12]
