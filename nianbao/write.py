"""Writing the dataset from archive and parse cache: identity, rows, panel, one new generation (step 7: dataset).

What is written is a function of captures, parser version and `--as-of` date alone. Rows are made year by year, so that
memory holds the cells of one year at a time.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct

from crawler.capture import Capture
from nianbao.generations import Generation
from nianbao.organizations import organization_rows
from nianbao.panel import panel_row, with_growth
from nianbao.parsed import DocumentKey, ParseCache
from nianbao.revisions import Head, Reading, Revision, revisions
from nianbao.schemas import CAPTURES, CELLS, FINDINGS, ORGANIZATIONS, REPORTS, SECTIONS, STATEMENTS, panel_schema
from nianbao.tables import Row, capture_rows, cell_rows, finding_rows, report_row, section_rows, statement_rows
from parsers.report import Finding, Report


class Written(Struct, frozen=True):
    """What a write brought: whether anything changed, and what the dataset holds now."""

    is_changed: bool
    reports: int
    superseded: int
    findings_error: int
    findings_warning: int


class _Contents(Struct):
    """The rows of one year, or of its superseded revisions."""

    reports: list[Row]
    cells: list[Row]
    sections: list[Row]
    statements: list[Row]
    findings: list[Row]


def write_dataset(
    data: Path, captures: Sequence[Capture], cache: ParseCache, divisions: Mapping[str, str | None], version: str
) -> Written:
    """Writes a generation of everything that the captures hold. `divisions` gives the division code of each portal.
    Documents that `version` has not parsed are left out."""
    heads = {key: found for key, parsed_by, found in cache.heads() if parsed_by == version}
    found = revisions(readings(captures, heads, divisions))
    generation = Generation(data)
    reports, panel = _write_years(generation, found, cache, version)
    by_content = {(address, sha256): found for (sha256, address, _), found in heads.items()}
    generation.write(CAPTURES, capture_rows(captures, by_content))
    generation.write(ORGANIZATIONS, organization_rows(reports))
    generation.write(panel_schema(), with_growth(panel))
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
) -> tuple[list[Row], list[Row]]:
    """Writes the partitioned tables; gives the rows of the latest reports and of the panel."""
    years: dict[tuple[int, bool], list[Revision]] = defaultdict(list)
    for revision in found:
        years[(revision.year, not revision.is_latest)].append(revision)
    reports: list[Row] = []
    panel: list[Row] = []
    for (year, is_superseded), members in sorted(years.items()):
        contents = _Contents([], [], [], [], [])
        for revision in members:
            report, findings = _full(revision, cache)
            row = report_row(revision, findings, version)
            _add(contents, revision, report, findings, row)
            if year and not is_superseded:
                panel.append(panel_row(row, report, findings))
        _write_partition(generation, contents, year, is_superseded)
        if not is_superseded:
            reports += contents.reports
    return reports, panel


def _full(revision: Revision, cache: ParseCache) -> tuple[Report, tuple[Finding, ...]]:
    reading = revision.reading
    report = cache.reports((reading.sha256, reading.url, reading.within or ""))[reading.head.index]
    return report, (*report.findings, *revision.findings)


def _add(contents: _Contents, revision: Revision, report: Report, findings: Sequence[Finding], row: Row) -> None:
    contents.reports.append(row)
    contents.cells += cell_rows(revision, report)
    contents.sections += section_rows(revision, report)
    contents.statements += statement_rows(revision, report)
    contents.findings += finding_rows(revision, findings)


def _write_partition(generation: Generation, contents: _Contents, year: int, is_superseded: bool) -> None:
    rows: dict[Any, list[Row]] = {
        REPORTS: contents.reports,
        CELLS: contents.cells,
        SECTIONS: contents.sections,
        STATEMENTS: contents.statements,
        FINDINGS: contents.findings,
    }
    for table, listed in rows.items():
        generation.write(table, listed, year=year, superseded=is_superseded)
