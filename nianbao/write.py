"""Writing the dataset from archive and parse cache: identity, rows, panel, one new generation (step 7: dataset).

What is written is a function of captures, versions and `--as-of` date alone. Rows are made report by report, so that
memory holds no more than a row group of cells; a year of which nothing changed is taken over from the generation
before.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from msgspec import Struct
from msgspec.structs import replace

from crawler.capture import Capture
from nianbao.checks import checked
from nianbao.columns import Row
from nianbao.coverage import coverage_rows
from nianbao.generations import Generation
from nianbao.growth import with_growth
from nianbao.heads import Head
from nianbao.organizations import organization_rows
from nianbao.parsed import DocumentKey, ParseCache
from nianbao.partitions import PanelBefore, Partition, inputs_of, report_of
from nianbao.pictures import PageContent, Picture, digest_of_pictures, pictures_of
from nianbao.revisions import Reading, Revision, revisions
from nianbao.schemas import CAPTURES, COVERAGE, ORGANIZATIONS, REPORTS, panel_schema
from nianbao.tables import capture_rows
from parsers.report import CellKey, Value

NEWS_NAMED = 50


class Named(Struct, frozen=True):
    """A report as a person would name it."""

    organization: str | None
    year: int
    url: str


class Written(Struct, frozen=True):
    """What a write brought: whether anything changed, and what the dataset holds now.

    `new` counts reports of bodies and years not had before, `changed` those of which another revision is the latest
    now, `gone` those no longer there; `named` names some of the new and changed ones. `late` counts the new ones that
    were published after their deadline, `missing` bodies without a report on the newest year of the dataset.
    """

    is_changed: bool
    reports: int
    superseded: int
    findings_error: int
    findings_warning: int
    new: int = 0
    changed: int = 0
    gone: int = 0
    late: int = 0
    missing: int = 0
    named: tuple[Named, ...] = ()


def write_dataset(
    data: Path,
    captures: Sequence[Capture],
    cache: ParseCache,
    divisions: Mapping[str, str | None],
    version: str,
    deadlines: Mapping[str, str] | None = None,
    *,
    anew: bool = False,
) -> Written:
    """Writes a generation of everything that the captures hold. `divisions` gives the division code of each portal,
    `deadlines` the day that it sets for towns. Documents that `version` has not parsed are left out. With `anew`
    nothing is taken over from the generation before, which may be damaged."""
    heads = {key: found for key, parsed_by, found in cache.heads() if parsed_by == version}
    found = checked(revisions(readings(captures, heads, divisions), lambda reading: _figures(reading, cache)))
    generation = Generation(data, anew=anew)
    reports, panel = _write_years(generation, found, cache, version)
    by_content = {(address, sha256): found for (sha256, address, *_), found in heads.items()}
    generation.write(CAPTURES, capture_rows(captures, by_content))
    generation.write(ORGANIZATIONS, organization_rows(reports))
    covered = list(coverage_rows(reports, deadlines or {}))
    generation.write(COVERAGE, covered)
    generation.write_table(panel_schema(), with_growth(panel))
    written = Written(
        is_changed=True,
        reports=len(reports),
        superseded=len(found) - len(reports),
        findings_error=sum(row["findings_error"] for row in reports),
        findings_warning=sum(row["findings_warning"] for row in reports),
    )
    written = _with_news(written, reports, covered, _reports_before(generation.before))
    return replace(written, is_changed=generation.publish())


def _reports_before(present: Path | None) -> dict[tuple[str, int, str], str]:
    """The latest revision of each report of a generation, as far as it can be read. A report whose year is unknown is one
    by its address."""
    if present is None or not (present / REPORTS.name).is_dir():
        return {}
    columns = ["org_id", "year", "url", "report_id"]
    try:
        rows = pq.read_table(present / REPORTS.name, columns=columns).to_pylist()
    except (OSError, pa.ArrowException):
        return {}
    return {_place(row): row["report_id"] for row in rows}


def _place(row: Row) -> tuple[str, int, str]:
    return row["org_id"], int(row["year"]), "" if row["year"] else row["url"]


def _with_news(
    written: Written, reports: Sequence[Row], covered: Sequence[Row], before: Mapping[tuple[str, int, str], str]
) -> Written:
    """What a write brought beside the generation before."""
    new = [row for row in reports if _place(row) not in before]
    changed = [row for row in reports if before.get(_place(row), row["report_id"]) != row["report_id"]]
    late = {(row["org_id"], row["year"]) for row in covered if row["standing"] == "late"}
    newest = max((row["year"] for row in covered), default=0)
    return replace(
        written,
        new=len(new),
        changed=len(changed),
        gone=len(before.keys() - {_place(row) for row in reports}),
        late=sum((row["org_id"], row["year"]) in late for row in new),
        missing=sum(row["standing"] == "missing" and row["year"] == newest for row in covered),
        named=tuple(Named(row["organization"], row["year"], row["url"]) for row in (*changed, *new)[:NEWS_NAMED]),
    )


def document_key(
    capture: Capture, divisions: Mapping[str, str | None], pictures: Sequence[Picture] = ()
) -> DocumentKey | None:
    """The parse that a capture needs; None for lists, for pictures, which are parts of a page, and for answers without
    content. `pictures` are those that the page shows."""
    if capture.sha256 is None or capture.role in ("list", "picture"):
        return None
    return capture.sha256, capture.url, divisions.get(capture.portal) or "", digest_of_pictures(pictures)


def documents(
    captures: Sequence[Capture], divisions: Mapping[str, str | None]
) -> Iterator[tuple[DocumentKey, Capture, tuple[Picture, ...]]]:
    """Each capture of a document with the parse that it needs and the pictures that the page shows."""
    shown = pictures_of(captures)
    for capture in captures:
        pictures = shown.get(PageContent(capture.portal, capture.url, capture.sha256 or ""), ())
        key = document_key(capture, divisions, pictures)
        if key is not None:
            yield key, capture, pictures


def readings(
    captures: Sequence[Capture], heads: Mapping[DocumentKey, Sequence[Head]], divisions: Mapping[str, str | None]
) -> list[Reading]:
    """Every parsed report with where and when its document was seen."""
    seen: dict[tuple[str, DocumentKey], list[Capture]] = defaultdict(list)
    shown: dict[DocumentKey, tuple[str, ...]] = {}
    for key, capture, pictures in documents(captures, divisions):
        if key in heads:
            seen[(capture.portal, key)].append(capture)
            shown[key] = tuple(picture.url for picture in pictures)
    return [
        _reading(head, key, sorted(times, key=lambda capture: capture.fetched_at), shown[key])
        for (_, key), times in seen.items()
        for head in heads[key]
    ]


def _reading(head: Head, key: DocumentKey, times: Sequence[Capture], pictures: tuple[str, ...]) -> Reading:
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
        pictures=pictures,
        pictures_digest=key[3],
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
    panel_before = PanelBefore(generation.present)
    for (year, is_superseded), members in sorted(years.items()):
        partition = Partition(generation, year, is_superseded, members, inputs_of(members, version), panel_before)
        rows, panel_rows = partition.taken_over() or partition.written(cache, version)
        if not is_superseded:
            reports += rows
            panel.append(panel_rows)
    return reports, panel


def _figures(reading: Reading, cache: ParseCache) -> dict[CellKey, Value]:
    return {cell.key: cell.value for cell in report_of(reading, cache).cells if cell.value is not None}
