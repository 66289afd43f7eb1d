"""What a column and a table of the dataset are: names, types, meanings in Chinese and English, and the Arrow schema.

The tables themselves stand in `nianbao.schemas`. Importing this module does not import pyarrow.
"""

from typing import TYPE_CHECKING, Any

from msgspec import Struct

if TYPE_CHECKING:
    import pyarrow as pa

SCHEMA_VERSION = 3
Row = dict[str, Any]
"""One row of a table, by column."""
ROW_GROUP_ROWS = 20_000
"""Rows of a row group: one body's cells can be fetched alone, since rows are sorted by org_id."""


class Column(Struct, frozen=True):
    """One column: `type` is a key of `_arrow_types`; `zh` and `en` say what it means, with its unit."""

    name: str
    type: str
    zh: str
    en: str


class TableSchema(Struct, frozen=True):
    """One table of the dataset. Partitioned tables lie in `year=YYYY/`; their column `year` stands in the path only."""

    name: str
    zh: str
    en: str
    partitioned: bool
    columns: tuple[Column, ...]
    sort: tuple[str, ...]

    @property
    def stored(self) -> tuple[Column, ...]:
        """The columns that stand inside the files."""
        return tuple(column for column in self.columns if not (self.partitioned and column.name == "year"))


def columns(*rows: tuple[str, str, str, str]) -> tuple[Column, ...]:
    """Columns from (name, type, zh, en)."""
    return tuple(Column(*row) for row in rows)


def _arrow_types() -> "dict[str, pa.DataType]":
    import pyarrow as pa

    cell = [("table", pa.string()), ("row", pa.string()), ("column", pa.string())]
    return {
        "string": pa.string(),
        "int32": pa.int32(),
        "int64": pa.int64(),
        "double": pa.float64(),
        "bool": pa.bool_(),
        "date": pa.date32(),
        "timestamp": pa.timestamp("ms", tz="UTC"),
        "list<string>": pa.list_(pa.string()),
        "list<cell>": pa.list_(pa.struct(cell)),
        "list<list<correction>>": pa.list_(pa.list_(pa.struct([*cell, ("value", pa.float64())]))),
    }


def arrow_schema(table: TableSchema, *, partition_columns: bool = False) -> "pa.Schema":
    """The Arrow schema of a table's files, meanings in each field's metadata, the schema version in the file's."""
    import pyarrow as pa

    types = _arrow_types()
    fields = [
        pa.field(column.name, types[column.type], metadata={"zh": column.zh, "en": column.en})
        for column in (table.columns if partition_columns else table.stored)
    ]
    metadata: dict[bytes | str, bytes | str] = {
        "nianbao.schema": str(SCHEMA_VERSION),
        "nianbao.table": table.name,
        "zh": table.zh,
        "en": table.en,
    }
    return pa.schema(fields, metadata=metadata)
