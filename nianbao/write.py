"""Writing the dataset from archive and parse cache: identity, rows, panel, one new generation (step 7: dataset).

What is written is a function of captures, versions and `--as-of` date alone. Rows are made report by report, so that
memory holds no more than a row group of cells; a year of which nothing changed is taken over from the generation
before.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from functools import cache as cached
from hashlib import sha256
from pathlib import Path

import msgspec
import pyarrow.parquet as pq
from msgspec import Struct
from msgspec.structs import replace

from crawler.capture import Capture
from nianbao.checks import checked
from nianbao.coverage import coverage_rows
from nianbao.generations import Generation, part_path
from nianbao.organizations import organization_rows
from nianbao.panel import panel_row, with_growth, without_growth
from nianbao.parsed import DocumentKey, ParseCache, digest_of_package
from nianbao.revisions import Head, Reading, Revision, revisions
from nianbao.schemas import (
    CAPTURES,
    CELLS,
    COVERAGE,
    FINDINGS,
    ORGANIZATIONS,
    REPORTS,
    SCHEMA_VERSION,
    SECTIONS,
    STATEMENTS,
    Row,
    panel_schema,
)
from nianbao.tables import capture_rows, cell_rows, finding_rows, report_row, section_rows, statement_rows
from parsers.report import CellKey, Finding, Report, Value

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


class Written(Struct, frozen=True):
    """What a write brought: whether anything changed, and what the dataset holds now."""

    is_changed: bool
    reports: int
    superseded: int
    findings_error: int
    findings_warning: int


def write_dataset(
    data: Path,
    captures: Sequence[Capture],
    cache: ParseCache,
    divisions: Mapping[str, str | None],
    version: str,
    deadlines: Mapping[str, str] | None = None,
) -> Written:
    """Writes a generation of everything that the captures hold. `divisions` gives the division code of each portal,
    `deadlines` the day that it sets for towns. Documents that `version` has not parsed are left out."""
    heads = {key: found for key, parsed_by, found in cache.heads() if parsed_by == version}
    found = checked(revisions(readings(captures, heads, divisions), lambda reading: _figures(reading, cache)))
    generation = Generation(data)
    reports, panel = _write_years(generation, found, cache, version)
    by_content = {(address, sha256): found for (sha256, address, _), found in heads.items()}
    generation.write(CAPTURES, capture_rows(captures, by_content))
    generation.write(ORGANIZATIONS, organization_rows(reports))
    generation.write(COVERAGE, coverage_rows(reports, deadlines or {}))
    generation.write(panel_schema(), with_growth(panel))
    return Written(
        is_changed=generation.publish(),
        reports=len(reports),
        superseded=len(found) - len(reports),
        findings_error=sum(row["findings_error"] for row in reports),
        findings_warning=sum(row["findings_warning"] for row in reports),
    )


@cached
def writer_version() -> str:
    """Eight hex digits over everything that `nianbao` is made of: with other code, every partition is written anew."""
    return digest_of_package("nianbao")


def document_key(capture: Capture, divisions: Mapping[str, str | None]) -> DocumentKey | None:
    """The parse that a capture needs; None for lists and for answers without content."""
    if capture.sha256 is None or capture.role == "list":
        return None
    return capture.sha256, capture.url, divisions.get(capture.portal) or ""


def readings(
    captures: Iterable[Capture], heads: Mapping[DocumentKey, Sequence[Head]], divisions: Mapping[str, str | None]
) -> list[Reading]:
    """Every parsed report with where and when its document was seen."""
    seen: dict[tuple[str, DocumentKey], list[Capture]] = defaultdict(list)
    for capture in captures:
        key = document_key(capture, divisions)
        if key is not None and key in heads:
            seen[(capture.portal, key)].append(capture)
    return [
        _reading(head, key, sorted(times, key=lambda capture: capture.fetched_at))
        for (_, key), times in seen.items()
        for head in heads[key]
    ]


def _reading(head: Head, key: DocumentKey, times: Sequence[Capture]) -> Reading:
    last = times[-1]
    return Reading(
        head=head,
        portal=last.portal,
        channel=last.channel or None,
        url=last.url,
        attachment_of=last.attachment_of,
        within=key[2] or None,
        sha256=key[0],
        first_seen=times[0].fetched_at,
        last_seen=last.fetched_at,
    )


def _write_years(
    generation: Generation, found: Sequence[Revision], cache: ParseCache, version: str
) -> tuple[list[Row], list[Row]]:
    """Writes the partitioned tables; gives what is needed of the latest reports' rows, and the rows of the panel."""
    years: dict[tuple[int, bool], list[Revision]] = defaultdict(list)
    for revision in sorted(found, key=lambda each: (each.org_id, each.report_id)):
        years[(revision.year, not revision.is_latest)].append(revision)
    reports: list[Row] = []
    panel: list[Row] = []
    for (year, is_superseded), members in sorted(years.items()):
        inputs = _inputs(members, version)
        if generation.reuse(PARTITIONED, year, superseded=is_superseded, inputs=inputs):
            rows, panel_rows = _rows_before(generation, year)
        else:
            rows, panel_rows = _write_partition(generation, members, cache, version, inputs)
        if not is_superseded:
            reports += rows
            panel += panel_rows
    return reports, panel


def _write_partition(
    generation: Generation, members: Sequence[Revision], cache: ParseCache, version: str, inputs: str
) -> tuple[list[Row], list[Row]]:
    """Writes the revisions of one year, one at a time."""
    year, is_superseded = members[0].year, not members[0].is_latest
    kept: list[Row] = []
    panel: list[Row] = []
    with ExitStack() as stack:
        parts = {
            table.name: stack.enter_context(
                generation.part(table, year=year, superseded=is_superseded, inputs=inputs if table is REPORTS else "")
            )
            for table in PARTITIONED
        }
        for revision in members:
            report, findings = _full(revision, cache)
            row = report_row(revision, findings, version)
            parts["reports"].add([row])
            parts["cells"].add(cell_rows(revision, report))
            parts["sections"].add(section_rows(revision, report))
            parts["statements"].add(statement_rows(revision, report))
            parts["findings"].add(finding_rows(revision, findings))
            kept.append({name: row[name] for name in KEPT})
            if year and not is_superseded:
                panel.append(panel_row(row, report, findings))
    return kept, panel


def _rows_before(generation: Generation, year: int) -> tuple[list[Row], list[Row]]:
    """The same rows out of the present generation, for a year that is taken over from it."""
    assert generation.present is not None
    stored = [name for name in KEPT if name != "year"]
    reports = pq.read_table(part_path(generation.present, REPORTS, year), columns=stored, partitioning=None)
    panel = pq.read_table(part_path(generation.present, panel_schema()), filters=[("year", "=", year)])
    return [{**row, "year": year} for row in reports.to_pylist()], [without_growth(row) for row in panel.to_pylist()]


def _inputs(members: Sequence[Revision], version: str) -> str:
    """What a partition is made of. When a document was last looked at does not count."""
    timeless = [replace(each, reading=replace(each.reading, last_seen="")) for each in members]
    return sha256(msgspec.msgpack.encode((SCHEMA_VERSION, version, writer_version(), timeless))).hexdigest()


def _full(revision: Revision, cache: ParseCache) -> tuple[Report, tuple[Finding, ...]]:
    report = _report(revision.reading, cache)
    return report, (*report.findings, *revision.findings)


def _figures(reading: Reading, cache: ParseCache) -> dict[CellKey, Value]:
    return {cell.key: cell.value for cell in _report(reading, cache).cells if cell.value is not None}


def _report(reading: Reading, cache: ParseCache) -> Report:
    return cache.reports((reading.sha256, reading.url, reading.within or ""))[reading.head.index]
