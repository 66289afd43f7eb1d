"""What identity and overview need of a parsed report: whose, which year, how complete, and digests of what it says.

Digests are over what the report says, never over bytes or places, so that a page served anew with another visitor counter
is no revision.
"""

import hashlib
from collections.abc import Sequence
from decimal import Decimal

from msgspec import Struct

from nianbao.compared import compared, fingerprints
from nianbao.organizations import division_doubt, normalised_name
from nianbao.scope import Scope, scope_of
from parsers.report import Basis, Finding, Kind, Level, Report, Severity, Status, Value


class Head(Struct, frozen=True):
    """What identity and overview need of a parsed report; cells, texts and findings stay in the parse cache.

    `index` is its place among the reports of its document, `member` the path inside an archive file. `figures` counts
    the cells that have a value. The digests are over what the report says, never over bytes. `compared` and `fingerprints`
    are what other reports are held against (`nianbao.compared`); `body_name` is the normalised name, empty where there
    is none.
    """

    index: int
    member: str | None
    status: Status
    reason: str | None
    reader: str | None
    media_type: str | None
    organization: str | None
    division_code: str | None
    level: Level | None
    kind: Kind | None
    year: int | None
    template: str | None
    tables: dict[str, str]
    title: str | None
    published: str | None
    figures: int
    bases: dict[Basis, int]
    severities: dict[Severity, int]
    content_digest: str
    figures_digest: str
    scope: Scope
    compared: bytes
    fingerprints: dict[str, str]
    body_name: str
    division_doubt: Finding | None


def head_of(report: Report, index: int, within: str | None = None) -> Head:
    """The head of a parsed report; `within` is the division of the portal."""
    name, code, year = report.organization, report.division_code, report.year
    bases: dict[Basis, int] = {}
    for cell in report.cells:
        bases[cell.basis] = bases.get(cell.basis, 0) + 1
    severities: dict[Severity, int] = {}
    for each in report.findings:
        severities[each.severity] = severities.get(each.severity, 0) + 1
    return Head(
        index=index,
        member=report.source.partition("!/")[2] or None,
        status=report.status,
        reason=report.reason,
        reader=report.reader,
        media_type=report.media_type,
        organization=report.organization,
        division_code=report.division_code,
        level=report.level,
        kind=report.kind,
        year=report.year,
        template=report.template,
        tables=report.tables,
        title=report.title,
        published=report.published,
        figures=sum(cell.value is not None for cell in report.cells),
        bases=bases,
        severities=severities,
        content_digest=content_digest(report),
        figures_digest=figures_digest(report),
        scope=scope_of(report),
        compared=compared(report),
        fingerprints=fingerprints(report),
        body_name=normalised_name(name, code, year) if name else "",
        division_doubt=division_doubt(name, code, year, within) if name else None,
    )


def content_digest(report: Report) -> str:
    """What the report says: organisation, year, title, dates, cells and sections. Locators and bytes do not count."""
    parts = [report.organization or "", str(report.year or ""), report.title or "", report.published or ""]
    parts += [f"{'/'.join(cell.key)}={_plain(cell.value)}|{cell.unit}|{cell.raw}" for cell in report.cells]
    parts += [f"{section.key}={section.text}" for section in report.sections]
    return digest_of(parts)


def figures_digest(report: Report) -> str:
    """The figures alone; empty for a report without any, since two empty reports are not thereby the same."""
    parts = [f"{'/'.join(cell.key)}={_plain(cell.value)}" for cell in report.cells if cell.value is not None]
    return digest_of(parts) if parts else ""


def digest_of(parts: Sequence[str]) -> str:
    """SHA-256 over texts, in hex."""
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def _plain(value: Value | None) -> str:
    return "" if value is None else f"{value:f}" if isinstance(value, Decimal) else str(value)
