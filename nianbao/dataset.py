"""Reading the dataset: pandas frames, Arrow tables and SQL over one generation (step 7: dataset).

A `Dataset` looks at the generation that was newest when it was opened, and never at half of one.
"""

from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nianbao.errors import DatasetError
from nianbao.generations import SUPERSEDED, present
from nianbao.schemas import SCHEMA_VERSION, TableSchema, arrow_schema, tables

if TYPE_CHECKING:
    import duckdb
    import pandas as pd
    import pyarrow as pa

REQUEST_COLUMNS = (
    "natural_person",
    "org_commercial_enterprise",
    "org_research_institution",
    "org_public_interest",
    "org_legal_service",
    "org_other",
    "total",
)


class Dataset:
    """The tables under `DATA/parquet`. Raises DatasetError when there is none."""

    def __init__(self, data: Path) -> None:
        folder = present(data)
        if folder is None:
            raise DatasetError(f"no dataset in {data}: `nianbao run` or `nianbao add` makes one")
        self.data = data
        self.folder = folder
        self._tables = {table.name: table for table in tables()}
        self._check_version()

    def panel(self) -> "pd.DataFrame":
        """One row for each body and year: headline figures and indicators."""
        return self._frame("select * from panel order by org_id, year")

    def reports(self, *, year: int | None = None, superseded: bool = False) -> "pd.DataFrame":
        """The reports, latest revisions; with `superseded` those that a later revision replaced."""
        name = f"{SUPERSEDED}_reports" if superseded else "reports"
        return self._frame(*_filtered(name, {"year": year}))

    def requests(self, *, year: int | None = None) -> "pd.DataFrame":
        """The requests table: one row for each report and printed row, a column for each class of applicants."""
        columns = ", ".join(f"max(value) filter (\"column\" = '{name}') as {name}" for name in REQUEST_COLUMNS)
        where = "where c.\"table\" = 'requests'" + (" and c.year = $year" if year is not None else "")
        query = (
            f'select r.org_id, r.organization, r.year, r.report_id, c."row", {columns} '  # noqa: S608
            f'from cells c join reports r using (report_id) {where} group by all order by r.org_id, r.year, c."row"'
        )
        return self._frame(query, {} if year is None else {"year": year})

    def cells(
        self, *, table: str | None = None, row: str | None = None, column: str | None = None, year: int | None = None
    ) -> "pd.DataFrame":
        """Cells of the latest revisions, one row each, of a table, row, column or year of the form."""
        wanted = {"table": table, "row": row, "column": column, "year": year}
        return self._frame(*_filtered("cells", wanted))

    def findings(
        self, *, code: str | None = None, severity: str | None = None, year: int | None = None
    ) -> "pd.DataFrame":
        """What is wrong with the published figures, or with their reading."""
        wanted = {"code": code, "severity": severity, "year": year}
        return self._frame(*_filtered("findings", wanted))

    def sql(self, query: str, parameters: dict[str, Any] | None = None) -> "duckdb.DuckDBPyRelation":
        """A DuckDB relation over all tables by name; superseded revisions as `superseded_reports` and so on."""
        return self._connection.sql(query, params=parameters or None)

    def table(self, name: str, *, superseded: bool = False) -> "pa.Table":
        """One table as Arrow, sorted, its partitions' column `year` included. Raises KeyError for an unknown name."""
        schema = self._tables[name]
        order = ", ".join(f'"{column}"' for column in dict.fromkeys(("year", *schema.sort)) if _has(schema, column))
        view = f"{SUPERSEDED}_{name}" if superseded else name
        columns = ", ".join(f'"{column.name}"' for column in schema.columns)
        found: pa.Table = self.sql(f"select {columns} from {view} order by {order}").to_arrow_table()  # noqa: S608
        return found.cast(arrow_schema(schema, partition_columns=True))

    def names(self) -> tuple[str, ...]:
        """The names of the tables."""
        return tuple(self._tables)

    @cached_property
    def _connection(self) -> "duckdb.DuckDBPyConnection":
        import duckdb

        connection = duckdb.connect(config={"autoinstall_known_extensions": False, "autoload_known_extensions": False})
        connection.execute("set timezone = 'UTC'")
        for table in self._tables.values():
            _create_view(connection, table, self.folder / table.name, table.name)
            if table.partitioned:
                name = f"{SUPERSEDED}_{table.name}"
                _create_view(connection, table, self.folder / SUPERSEDED / table.name, name)
        return connection

    def _frame(self, query: str, parameters: dict[str, Any] | None = None) -> "pd.DataFrame":
        import pandas as pd

        frame: pd.DataFrame = self.sql(query, parameters).to_arrow_table().to_pandas(types_mapper=pd.ArrowDtype)
        return frame

    def _check_version(self) -> None:
        import pyarrow.parquet as pq

        metadata = pq.read_schema(self.folder / "panel" / "part-0.parquet").metadata or {}
        version = int(metadata.get(b"nianbao.schema", b"0"))
        if version != SCHEMA_VERSION:
            raise DatasetError(
                f"{self.data}: the dataset has schema {version}, this nianbao reads {SCHEMA_VERSION}: `nianbao rebuild`"
            )


def _filtered(view: str, wanted: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """The rows of a view that have the values that are given, as a query with parameters."""
    given = {name: value for name, value in wanted.items() if value is not None}
    where = " and ".join(f'"{name}" = ${name}' for name in given)
    condition = f"where {where} " if where else ""
    return f"select * from {view} {condition}order by org_id, year, report_id", given  # noqa: S608


def _create_view(connection: "duckdb.DuckDBPyConnection", table: TableSchema, folder: Path, name: str) -> None:
    """A view over the table's files; an empty table where it has none."""
    if not any(folder.rglob("*.parquet")):
        connection.register(name, arrow_schema(table, partition_columns=True).empty_table())
        return
    pattern = str(folder / ("*/*.parquet" if table.partitioned else "*.parquet")).replace("'", "''")
    hive = "hive_partitioning = true, hive_types = {'year': int}" if table.partitioned else "hive_partitioning = false"
    connection.execute(f"create view {name} as select {_names(table)} from read_parquet('{pattern}', {hive})")  # noqa: S608


def _names(table: TableSchema) -> str:
    names: Iterable[str] = (column.name for column in table.columns)
    return ", ".join(f'"{name}"' for name in names)


def _has(table: TableSchema, column: str) -> bool:
    return any(each.name == column for each in table.columns)
