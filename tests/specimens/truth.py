"""What a synthetic report says, before anyone renders it."""

from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from parsers.report import CellKey, Value


class Planted(Struct, frozen=True):
    """A mistake put into a consistent report: the cells that were changed, and the identities that break by it as
    (identity, row or column)."""

    kind: str
    cells: tuple[CellKey, ...]
    broken: tuple[tuple[str, str], ...] = ()


class Truth(Struct, frozen=True):
    """One report. `figures` are the values as published (money in yuan where a unit is printed), `raw` the printed
    texts; an empty raw text is a blank cell, whose figure is then what the author meant."""

    organization: str
    year: int
    title: str
    published: str
    signed: str
    editions: dict[str, str]
    figures: dict[CellKey, Value]
    raw: dict[CellKey, str]
    unitless: frozenset[CellKey] = frozenset()
    planted: tuple[Planted, ...] = ()
    local_rows: tuple[str, ...] = ()
    local_columns: tuple[str, ...] = ("value", "cumulative")

    def figure(self, table: str, row: str, column: str) -> int:
        """A count; 0 where the table or row is not in this report's edition."""
        return int(self.figures.get((table, row, column), 0))

    def change(self, figures: dict[CellKey, Value], planted: Planted | None = None) -> "Truth":
        """The same report with other figures, printed as such."""
        return replace(
            self,
            figures={**self.figures, **figures},
            raw={**self.raw, **{key: printed(value) for key, value in figures.items()}},
            planted=self.planted + ((planted,) if planted else ()),
        )


def printed(value: Value) -> str:
    """The plainest way to print a figure."""
    return format(value, "f") if isinstance(value, Decimal) else str(value)
