"""Writing the dataset from archive and parse cache: identity, rows, panel, one new generation (step 7: dataset).

What is written is a function of captures, versions and `--as-of` date alone. Rows are made report by report, so that
memory holds no more than a row group of cells; a year of which nothing changed is taken over from the generation
before.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import pyarrow as pa
from msgspec import Struct

from crawler.capture import Capture
from nianbao.checks import checked
from nianbao.coverage import coverage_rows
from nianbao.generations import Generation
from nianbao.growth import with_growth
from nianbao.organizations import organization_rows
from nianbao.parsed import DocumentKey, ParseCache
from nianbao.partitions import Partition, inputs_of, report_of
from nianbao.revisions import Head, Reading, Revision, revisions
from nianbao.schemas import (
    CAPTURES,
    COVERAGE,
    ORGANIZATIONS,
    Row,
    panel_schema,
)
from nianbao.tables import capture_rows
from parsers.report import CellKey, Value


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
    generation.write_table(panel_schema(), with_growth(panel))
    return Written(
        is_changed=generation.publish(),
        reports=len(reports),
        superseded=len(found) - len(reports),
        findings_error=sum(row["findings_error"] for row in reports),
        findings_warning=sum(row["findings_warning"] for row in reports),
    )


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
) -> tuple[list[Row], list[pa.Table]]:
    """Writes the partitioned tables; gives what is needed of the latest reports' rows, and the rows of the panel."""
    years: dict[tuple[int, bool], list[Revision]] = defaultdict(list)
    for revision in sorted(found, key=lambda each: (each.org_id, each.report_id)):
        years[(revision.year, not revision.is_latest)].append(revision)
    reports: list[Row] = []
    panel: list[pa.Table] = []
    for (year, is_superseded), members in sorted(years.items()):
        partition = Partition(generation, year, is_superseded, members, inputs_of(members, version))
        rows, panel_rows = partition.taken_over() or partition.written(cache, version)
        if not is_superseded:
            reports += rows
            panel.append(panel_rows)
    return reports, panel


def _figures(reading: Reading, cache: ParseCache) -> dict[CellKey, Value]:
    return {cell.key: cell.value for cell in report_of(reading, cache).cells if cell.value is not None}
