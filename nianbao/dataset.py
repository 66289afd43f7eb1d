"""Reading the dataset: pandas frames, Arrow tables and SQL over one generation (step 7: dataset).

A `Dataset` looks at the generation that was newest when it was opened, and never at half of one.
"""

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nianbao.columns import SCHEMA_VERSION, TableSchema, arrow_schema
from nianbao.errors import DatasetError
from nianbao.generations import SUPERSEDED, present
from nianbao.schemas import CELLS, FINDINGS, REPORTS, SECTIONS, STATEMENTS, tables

if TYPE_CHECKING:
    import duckdb
    import pandas as pd
    import pyarrow as pa

STORED = "stored"
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
    """The tables under `DATA/parquet`. Raises DatasetError when there is none, or none that this version can read."""

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
        prefix = f"{SUPERSEDED}_" if superseded else ""
        return self._frame(*_filtered(REPORTS, {"year": year}, prefix))

    def requests(self, *, year: int | None = None) -> "pd.DataFrame":
        """The requests table: one row for each report and printed row, a column for each class of applicants."""
        columns = ", ".join(f"max(value) filter (\"column\" = '{name}') as {name}" for name in REQUEST_COLUMNS)
        query = (
            f'select org_id, organization, c.year, report_id, c."row", {columns} '  # noqa: S608
            f"from {STORED}_cells c join (select report_id, organization from reports) r using (report_id) "
            "where c.\"table\" = 'requests' and ($year is null or c.year = $year) "
            f"group by all order by org_id, c.year, report_id, min({STORED}_row)"
        )
        return self._frame(query, {"year": year})

    def cells(
        self, *, table: str | None = None, row: str | None = None, column: str | None = None, year: int | None = None
    ) -> "pd.DataFrame":
        """Cells of the latest revisions, one row each, of a table, row, column or year of the form."""
        wanted = {"table": table, "row": row, "column": column, "year": year}
        return self._frame(*_filtered(CELLS, wanted))

    def findings(
        self, *, code: str | None = None, severity: str | None = None, year: int | None = None
    ) -> "pd.DataFrame":
        """What is wrong with the published figures, or with their reading."""
        wanted = {"code": code, "severity": severity, "year": year}
        return self._frame(*_filtered(FINDINGS, wanted))

    def statements(self, *, key: str | None = None, year: int | None = None) -> "pd.DataFrame":
        """Figures stated in prose, with their sentences."""
        return self._frame(*_filtered(STATEMENTS, {"key": key, "year": year}))

    def sections(self, *, key: str | None = None, year: int | None = None) -> "pd.DataFrame":
        """The texts of the reports, one row for each section. They may name persons: not for publication."""
        return self._frame(*_filtered(SECTIONS, {"key": key, "year": year}))

    def organizations(self) -> "pd.DataFrame":
        """One row for each body, with the governments above it."""
        return self._frame("select * from organizations order by org_id")

    def coverage(self, *, year: int | None = None) -> "pd.DataFrame":
        """Who had to publish a report by when, and has; every deadline counts as past."""
        condition = "where $year is null or year = $year"
        return self._frame(f"select * from coverage {condition} order by org_id, year", {"year": year})  # noqa: S608

    def sql(self, query: str, parameters: dict[str, Any] | None = None) -> "duckdb.DuckDBPyRelation":
        """A DuckDB relation over all tables by name; superseded revisions as `superseded_reports` and so on."""
        return self._connection.sql(query, params=parameters or None)

    def table(self, name: str, *, superseded: bool = False) -> "pa.Table":
        """One table as Arrow, sorted, its partitions' column `year` included. Raises KeyError for an unknown name."""
        schema = self._tables[name]
        view = f"{SUPERSEDED}_{name}" if superseded else name
        year = "year, " if schema.partitioned else ""
        query = f"select {_names(schema)} from {STORED}_{view} order by {year}{STORED}_row"  # noqa: S608
        found: pa.Table = self.sql(query).to_arrow_table()
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
            _create_views(connection, table, self.folder / table.name, table.name)
            if table.partitioned:
                name = f"{SUPERSEDED}_{table.name}"
                _create_views(connection, table, self.folder / SUPERSEDED / table.name, name)
        return connection

    def _frame(self, query: str, parameters: dict[str, Any] | None = None) -> "pd.DataFrame":
        import pandas as pd

        frame: pd.DataFrame = self.sql(query, parameters).to_arrow_table().to_pandas(types_mapper=pd.ArrowDtype)
        return frame

    def _check_version(self) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        try:
            metadata = pq.read_schema(self.folder / "panel" / "part-0.parquet").metadata or {}
        except (OSError, pa.ArrowException) as error:
            raise DatasetError(f"{self.data}: the dataset is damaged: `nianbao rebuild`") from error
        version = int(metadata.get(b"nianbao.schema", b"0"))
        if version != SCHEMA_VERSION:
            raise DatasetError(
                f"{self.data}: the dataset has schema {version}, this nianbao reads {SCHEMA_VERSION}: `nianbao rebuild`"
            )


def _filtered(table: TableSchema, wanted: dict[str, Any], prefix: str = "") -> tuple[str, dict[str, Any]]:
    """The rows of a table that have the values that are given, by body and year, as a query with parameters."""
    given = {name: value for name, value in wanted.items() if value is not None}
    where = " and ".join(f'"{name}" = ${name}' for name in given)
    condition = f"where {where} " if where else ""
    query = f"select {_names(table)} from {STORED}_{prefix}{table.name} {condition}"  # noqa: S608
    return f"{query}order by org_id, year, report_id, {STORED}_row", given


def _create_views(connection: "duckdb.DuckDBPyConnection", table: TableSchema, folder: Path, name: str) -> None:
    """A view over the table's files, or an empty table where it has none; and beside it, named `stored_…`, one that
    tells the place of each row in its file, for SQL keeps no order of its own."""
    stored = f"{STORED}_{name}"
    if any(folder.rglob("*.parquet")):
        pattern = str(folder / ("*/*.parquet" if table.partitioned else "*.parquet")).replace("'", "''")
        hive = (
            "hive_partitioning = true, hive_types = {'year': int}" if table.partitioned else "hive_partitioning = false"
        )
        source = f"read_parquet('{pattern}', file_row_number = true, {hive})"
        query = f"select {_names(table)}, file_row_number as {STORED}_row from {source}"  # noqa: S608
        connection.execute(f"create view {stored} as {query}")
    else:
        connection.register(f"empty_{name}", arrow_schema(table, partition_columns=True).empty_table())
        connection.execute(f"create view {stored} as select *, 0 as {STORED}_row from empty_{name}")  # noqa: S608
    connection.execute(f"create view {name} as select {_names(table)} from {stored}")  # noqa: S608


def _names(table: TableSchema) -> str:
    return ", ".join(f'"{column.name}"' for column in table.columns)
