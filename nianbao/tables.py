"""The rows of the dataset's tables, from revisions and their parsed reports. Pure: no disk, no Arrow."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from crawler.capture import Capture
from nianbao.columns import Row
from nianbao.heads import Head
from nianbao.organizations import places
from nianbao.revisions import Revision
from parsers.report import Basis, CellKey, Finding, Report, Severity, Value

BASES: tuple[Basis, ...] = ("observed", "derived", "blank", "missing", "ambiguous")
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info")


def report_row(revision: Revision, findings: Sequence[Finding], parser_version: str) -> Row:
    """One row of `reports`. `findings` are those of the parser and those that identity added."""
    reading, head = revision.reading, revision.reading.head
    counts = {severity: sum(each.severity == severity for each in findings) for severity in SEVERITIES}
    return {
        "report_id": revision.report_id,
        "org_id": revision.org_id,
        "organization": head.organization,
        "level": head.level,
        "kind": head.kind,
        "scope": head.scope,
        "division_code": head.division_code,
        **places(head.division_code, head.year),
        "portal": reading.portal,
        "channel": reading.channel,
        "year": revision.year,
        "template": head.template,
        "tables": [f"{table}={edition}" for table, edition in head.tables.items()],
        "title": head.title,
        "published": day(head.published),
        "url": reading.url,
        "sources": list(revision.sources),
        "member": head.member,
        "sha256": reading.sha256,
        "media_type": head.media_type,
        "reader": head.reader,
        "parser_version": parser_version,
        "status": head.status,
        "reason": head.reason,
        **{f"cells_{basis}": head.bases.get(basis, 0) for basis in BASES},
        **{f"findings_{severity}": counts[severity] for severity in SEVERITIES},
        "fetched_at": instant(revision.first_seen),
        "is_latest": revision.is_latest,
    }


def cell_rows(revision: Revision, report: Report) -> list[Row]:
    """The rows of `cells` of one revision, in template order."""
    base = _base(revision)
    return [
        {
            **base,
            "table": cell.table,
            "row": cell.row,
            "column": cell.column,
            "value": number(cell.value),
            "unit": cell.unit,
            "raw": cell.raw,
            "basis": cell.basis,
            "locator": cell.locator,
            "confidence": cell.confidence,
        }
        for cell in report.cells
    ]


def section_rows(revision: Revision, report: Report) -> list[Row]:
    base = _base(revision)
    return [{**base, "key": each.key, "heading": each.heading, "text": each.text} for each in report.sections]


def statement_rows(revision: Revision, report: Report) -> list[Row]:
    base = _base(revision)
    return [
        {
            **base,
            "key": each.key,
            "value": number(each.value),
            "unit": each.unit,
            "sentence": each.sentence,
            "locator": each.locator,
        }
        for each in report.statements
    ]


def finding_rows(revision: Revision, findings: Iterable[Finding]) -> list[Row]:
    base = _base(revision)
    return [
        {
            **base,
            "code": each.code,
            "severity": each.severity,
            "cells": [_cell_key(key) for key in each.cells],
            "message": each.message,
            "message_zh": each.message_zh,
            "expected": number(each.expected),
            "actual": number(each.actual),
            "corrections": [
                [{**_cell_key(change.cell), "value": number(change.value)} for change in changes]
                for changes in each.corrections
            ],
        }
        for each in findings
    ]


def capture_rows(captures: Iterable[Capture], heads: Mapping[tuple[str, str], Sequence[Head]]) -> list[Row]:
    """The rows of `captures`: each content of each address once, as first fetched, by whatever portal; addresses that
    never gave one, with their last outcome since it came first. `heads` says what the parser found, by (address, sha256)."""
    first: dict[tuple[str, str], Capture] = {}
    fruitless: dict[str, Capture] = {}
    for capture in sorted(captures, key=lambda each: each.fetched_at):
        if capture.sha256 is not None:
            first.setdefault((capture.url, capture.sha256), capture)
        elif not _is_repetition(capture, fruitless.get(capture.url)):
            fruitless[capture.url] = capture
    fruitful = {url for url, _ in first}
    kept = [*first.values(), *(each for key, each in fruitless.items() if key not in fruitful)]
    return [_capture_row(each, heads.get((each.url, each.sha256 or ""), ())) for each in kept]


def day(text: str | None) -> date | None:
    """An ISO date as a date."""
    return None if text is None else date.fromisoformat(text)


def instant(text: str) -> datetime:
    """An ISO time (UTC) as a time to the millisecond."""
    moment = datetime.fromisoformat(text)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def number(value: Value | None) -> float | None:
    """A value as Parquet stores it."""
    return None if value is None else float(value)


def nested_as_text(value: object) -> object:
    """Lists and structs as JSON text, for formats that have no nesting."""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else value


def _capture_row(capture: Capture, heads: Sequence[Head]) -> Row:
    best = next((head for head in heads if head.status == "ok"), heads[0] if heads else None)
    return {
        "url": capture.url,
        "final_url": capture.final_url,
        "fetched_at": instant(capture.fetched_at),
        "status": capture.status,
        "media_type": capture.media_type,
        "size": capture.size,
        "portal": capture.portal,
        "outcome": "stored" if capture.sha256 else capture.outcome,
        "sha256": capture.sha256,
        "report_status": best.status if best else None,
        "report_reason": best.reason if best else None,
    }


def _is_repetition(capture: Capture, before: Capture | None) -> bool:
    return before is not None and (capture.outcome, capture.status) == (before.outcome, before.status)


def _base(revision: Revision) -> Row:
    return {"report_id": revision.report_id, "org_id": revision.org_id, "year": revision.year}


def _cell_key(key: CellKey) -> Row:
    return dict(zip(("table", "row", "column"), key, strict=True))
