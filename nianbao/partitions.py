"""The tables of one year in the making: rows made anew, or taken over as they stand.

Three grains: a year of which nothing changed keeps its files; in a year with changes each unchanged report keeps its
rows, which are copied as Arrow slices; only what changed is made from the parse cache. The files come out the same,
byte for byte, whichever way their rows came. There are no delta files to compact: each write leaves one sorted file a
partition.
"""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import ExitStack
from functools import cache as cached
from functools import cached_property
from hashlib import sha256
from itertools import groupby
from pathlib import Path

import msgspec
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from msgspec.structs import replace

from nianbao.columns import SCHEMA_VERSION, Row, TableSchema
from nianbao.generations import Generation, Part, inputs_path, part_path
from nianbao.growth import panel_table, without_growth
from nianbao.panel import panel_row
from nianbao.parsed import ParseCache, digest_of_package
from nianbao.revisions import Reading, Revision
from nianbao.schemas import CELLS, FINDINGS, REPORTS, SECTIONS, STATEMENTS, panel_schema
from nianbao.stored import StoredPart, read_inputs, write_inputs
from nianbao.tables import cell_rows, finding_rows, report_row, section_rows, statement_rows
from parsers.report import Report

PARTITIONED = (REPORTS, CELLS, SECTIONS, STATEMENTS, FINDINGS)
KEPT = (
    "org_id",
    "report_id",
    "year",
    "organization",
    "kind",
    "level",
    "division_code",
    "province",
    "prefecture",
    "county",
    "portal",
    "published",
    "status",
    "url",
    "fetched_at",
    "findings_error",
    "findings_warning",
)
"""Columns of `reports` that `organizations`, `coverage` and the tally are made of."""


@cached
def writer_version() -> str:
    """Eight hex digits over everything that `nianbao` is made of: with other code, every partition is written anew."""
    return digest_of_package("nianbao")


PANEL_ROWS_WAITING = 1_000


class PanelBefore:
    """The panel of the present generation, read once for all years, since its rows lie by body."""

    def __init__(self, present: Path | None) -> None:
        self._present = present

    def rows_of(self, year: int) -> pa.Table:
        """The rows of a year as `panel_row` made them."""
        return without_growth(self._table.filter(pc.field("year") == year))

    @cached_property
    def _table(self) -> pa.Table:
        return pq.read_table(part_path(self._present, panel_schema())) if self._present else panel_table([])


class Partition:
    """The revisions of one year in the making. Rows of reports that did not change come from the present generation."""

    def __init__(
        self,
        generation: Generation,
        year: int,
        is_superseded: bool,
        members: Sequence[Revision],
        inputs: dict[str, bytes],
        panel_before: PanelBefore,
    ) -> None:
        self._generation = generation
        self._before = panel_before
        self._year = year
        self._is_superseded = is_superseded
        self._members = members
        self._inputs = inputs
        self._digest = sha256(msgspec.msgpack.encode(inputs)).hexdigest()

    def taken_over(self) -> tuple[list[Row], pa.Table] | None:
        """All files as they are, and their rows, where nothing changed."""
        is_same = self._generation.reuse(PARTITIONED, self._year, superseded=self._is_superseded, inputs=self._digest)
        return (self._kept_before(), self._panel_before()) if is_same else None

    def written(self, cache: ParseCache, version: str) -> tuple[list[Row], pa.Table]:
        """The files written, one report at a time, or one stretch of reports that stand as before."""
        unchanged = self._unchanged()
        panel = _PanelRows()
        rows: list[Row] = []
        with ExitStack() as stack:
            parts = {table.name: stack.enter_context(self._part(table)) for table in PARTITIONED}
            before = {name: StoredPart(self._path(name)) for name in parts} if unchanged else {}
            kept = {row["report_id"]: row for row in self._kept_before()} if unchanged else {}
            for is_unchanged, stretch in groupby(self._members, key=lambda each: each.report_id in unchanged):
                if is_unchanged:
                    names = [each.report_id for each in stretch]
                    rows += [kept[name] for name in names]
                    _copy(names, before, parts)
                else:
                    for revision in stretch:
                        row, row_of_panel = _make(revision, cache, version, parts)
                        rows.append({name: row[name] for name in KEPT})
                        panel.add(row_of_panel if self._has_panel else None)
        write_inputs(self._generation.inputs_path(self._year, superseded=self._is_superseded), self._inputs)
        return rows, pa.concat_tables([*self._panel_of(unchanged), panel.table()])

    @property
    def _has_panel(self) -> bool:
        return bool(self._year) and not self._is_superseded

    def _part(self, table: TableSchema) -> Part:
        inputs = self._digest if table is REPORTS else ""
        return self._generation.part(table, year=self._year, superseded=self._is_superseded, inputs=inputs)

    def _unchanged(self) -> set[str]:
        """The reports whose rows stand in the present generation, made of what they would be made of now."""
        if self._generation.present is None:
            return set()
        noted = read_inputs(inputs_path(self._generation.present, self._year, superseded=self._is_superseded))
        return {name for name, digest in self._inputs.items() if noted.get(name) == digest}

    def _path(self, table: str) -> Path:
        assert self._generation.present is not None
        schema = next(each for each in PARTITIONED if each.name == table)
        return part_path(self._generation.present, schema, self._year, superseded=self._is_superseded)

    def _kept_before(self) -> list[Row]:
        stored = [name for name in KEPT if name != "year"]
        reports = pq.read_table(self._path(REPORTS.name), columns=stored, partitioning=None)
        return [{**row, "year": self._year} for row in reports.to_pylist()]

    def _panel_before(self) -> pa.Table:
        return self._before.rows_of(self._year) if self._has_panel else panel_table([])

    def _panel_of(self, unchanged: AbstractSet[str]) -> list[pa.Table]:
        if not unchanged or not self._has_panel:
            return []
        old = self._panel_before()
        return [old.filter(pc.is_in(old["report_id"], value_set=pa.array(sorted(unchanged), pa.string())))]


class _PanelRows:
    """Rows of the panel as they are made, kept as columns: as Python objects they weigh seven times as much."""

    def __init__(self) -> None:
        self._waiting: list[Row] = []
        self._tables: list[pa.Table] = []

    def add(self, row: Row | None) -> None:
        if row is not None:
            self._waiting.append(row)
        if len(self._waiting) >= PANEL_ROWS_WAITING:
            self._gather()

    def table(self) -> pa.Table:
        self._gather()
        return pa.concat_tables(self._tables)

    def _gather(self) -> None:
        self._tables.append(panel_table(self._waiting))
        self._waiting = []


def _copy(names: Sequence[str], before: Mapping[str, StoredPart], parts: Mapping[str, Part]) -> None:
    """The rows of a stretch of reports, as they stand in the generation before."""
    for name, part in parts.items():
        for piece in before[name].rows_of(names):
            part.add_table(piece)


def _make(revision: Revision, cache: ParseCache, version: str, parts: Mapping[str, Part]) -> tuple[Row, Row]:
    """The rows of one report, made from its parse; gives those of `reports` and `panel`."""
    report = report_of(revision.reading, cache)
    findings = (*report.findings, *revision.findings)
    row = report_row(revision, findings, version)
    parts["reports"].add([row])
    parts["cells"].add(cell_rows(revision, report))
    parts["sections"].add(section_rows(revision, report))
    parts["statements"].add(statement_rows(revision, report))
    parts["findings"].add(finding_rows(revision, findings))
    return row, panel_row(row, report, findings)


def inputs_of(members: Sequence[Revision], version: str) -> dict[str, bytes]:
    """What each report of a partition is made of, as a digest. When a document was last looked at does not count."""
    made_with = msgspec.msgpack.encode((SCHEMA_VERSION, version, writer_version()))
    found: dict[str, bytes] = {}
    for each in members:
        timeless = replace(each, reading=replace(each.reading, last_seen=""))
        found[each.report_id] = sha256(made_with + msgspec.msgpack.encode(timeless)).digest()[:12]
    return found


def report_of(reading: Reading, cache: ParseCache) -> Report:
    """The full report of a reading."""
    return cache.reports(reading.document)[reading.head.index]
