"""Findings as rows for people: whose report, what is wrong, what would restore it."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from nianbao.dataset import Dataset
from nianbao.documents import parse_sources, source_of_file
from nianbao.voice import Language
from parsers.report import Finding

NAMES = ("organization", "year", "severity", "code", "message", "corrections", "source")
RowOfFinding = tuple[str | None, int | None, str, str, str, str, str]


def of_files(paths: Sequence[Path], language: Language, severity: str | None) -> list[RowOfFinding]:
    """The findings of files, in their order."""
    rows: list[RowOfFinding] = []
    for source, reports in parse_sources(map(source_of_file, paths)):
        for report in reports:
            for each in report.findings:
                if severity in (None, each.severity):
                    message = each.message_zh if language == "zh" else each.message
                    corrections = " | ".join(_of_finding(each))
                    rows.append(
                        (report.organization, report.year, each.severity, each.code, message, corrections, source.name)
                    )
    return rows


def of_dataset(dataset: Dataset, language: Language, severity: str | None) -> list[RowOfFinding]:
    """The findings on the latest revisions, errors first."""
    message = "message_zh" if language == "zh" else "message"
    query = (
        f"select r.organization, f.year, severity, code, {message}, corrections, r.url "  # noqa: S608
        "from findings f join reports r using (report_id) where $severity is null or severity = $severity "
        "order by list_position(['error', 'warning', 'info'], severity), r.organization, f.year, code, f.cells"
    )
    rows = dataset.sql(query, {"severity": severity}).fetchall()
    return [(*row[:5], " | ".join(_of_rows(row[5])), row[6]) for row in rows]


def _of_finding(each: Finding) -> Iterator[str]:
    for changes in each.corrections:
        yield ", ".join(f"{'/'.join(change.cell)} → {change.value}" for change in changes)


def _of_rows(sets: Sequence[Sequence[dict[str, str | float]]]) -> Iterator[str]:
    for changes in sets:
        yield ", ".join(f"{each['table']}/{each['row']}/{each['column']} → {each['value']:.10g}" for each in changes)
