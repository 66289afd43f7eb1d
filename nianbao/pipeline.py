"""The whole line, from portal to dataset, in the seven steps' words: crawl, parse, publish.

Each function is one stage over one data folder; `run` is the chain. All of them are incremental: a second run over
unchanged input fetches no known article, parses nothing and writes nothing.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from crawler.capture import LOCAL, Capture
from crawler.health import CrawlResult
from crawler.portal import Portal
from nianbao.documents import Source, parse_sources
from nianbao.folder import DataFolder
from nianbao.parsed import DocumentKey, ParseCache, parser_version
from nianbao.pictures import Picture
from nianbao.voice import Voice
from nianbao.write import Written, documents, write_dataset
from parsers import charset
from parsers.report import Report, Status

if TYPE_CHECKING:
    from crawler.wire.guard import Place


class Trouble(Struct, frozen=True):
    """A document that gave no report, or only part of one. `is_bare`: a report without a table; that its tables stand in
    an attachment is no trouble where the attachment is archived, for it speaks for itself."""

    source: str
    status: Status
    reason: str
    is_bare: bool = False


class Parsed(Struct, frozen=True):
    """What one parse stage did: how many documents were new, what they are, and those that are no full report."""

    documents: int
    statuses: dict[str, int]
    troubles: tuple[Trouble, ...]


class Outcome(Struct, frozen=True):
    """What a run did, stage by stage; None for a stage that the command does not have."""

    crawled: tuple[CrawlResult, ...] | None
    parsed: Parsed | None
    written: Written | None


def crawl(
    folder: DataFolder,
    portals: Sequence[Portal],
    voice: Voice,
    *,
    years: Container[int] | None = None,
    connect_to: "Mapping[str, Place] | None" = None,
) -> tuple[CrawlResult, ...]:
    """Collects from the portals; results in their order. The portals' facts are recorded for the dataset."""
    from crawler.crawl import crawl_all  # the HTTP library loads only for those who crawl

    folder.note(portals)
    results = asyncio.run(
        crawl_all(
            portals,
            folder.archive,
            decode=lambda body, declared: charset.decode(body, declared).text,
            connect_to=connect_to,
            on_event=_told(voice),
            years=years,
        )
    )
    for result in results:
        _tell_result(result, voice)
    return results


def add(folder: DataFolder, paths: Iterable[Path], url: str | None, voice: Voice) -> int:
    """Archives local files as captures of the portal `local`; returns how many could not be opened."""
    failures = files = 0
    for path in paths:
        try:
            capture = folder.archive.store_local(path, path.read_bytes(), url)
        except OSError as error:
            voice.say("no_report", source=path, status="unreadable", reason=error.strerror or str(error))
            failures += 1
        else:
            files += 1
            voice.say("added", path=path, sha256=capture.sha256)
    voice.say("all_added", files=files)
    return failures


def parse_new(folder: DataFolder, voice: Voice, *, as_of: date | None = None) -> Parsed:
    """Parses every archived document that this version of the parser has not parsed yet; with `as_of` also pages with the
    pictures that they showed at the end of that day."""
    version = parser_version()
    divisions = folder.record().divisions
    captures = list(folder.archive.captures())
    with folder.cache() as cache:
        known = cache.known(version)
        waiting = _unparsed(folder, captures, divisions, known) | _unparsed(folder, _seen_by(captures, as_of), divisions, known)
        if waiting:
            voice.say("parsing", documents=len(waiting))
        parsed = _parse_into(cache, version, list(waiting.items()), voice)
    served = {each.attachment_of for each in captures if each.sha256 and each.role == "attachment"}
    troubles = tuple(each for each in parsed.troubles if not (each.is_bare and each.source in served))
    for trouble in troubles:
        tell_trouble(voice, trouble)
    return msgspec.structs.replace(parsed, troubles=troubles)


def publish(folder: DataFolder, voice: Voice, *, as_of: date | None = None, anew: bool = False) -> Written:
    """Writes the dataset of all that is archived and parsed, as far as it was fetched by the end of `as_of` (UTC);
    `anew`: without a look at the dataset before."""
    captures = _seen_by(folder.archive.captures(), as_of)
    record = folder.note()
    with folder.cache() as cache:
        written = write_dataset(
            folder.root, captures, cache, record.divisions, parser_version(), deadlines=record.deadlines, anew=anew
        )
    event = "dataset_written" if written.is_changed else "dataset_unchanged"
    voice.say(
        event,
        reports=written.reports,
        errors=written.findings_error,
        warnings=written.findings_warning,
        path=folder.parquet,
    )
    return written


def rebuild(folder: DataFolder, voice: Voice, *, as_of: date | None = None) -> Outcome:
    """The dataset anew from the archive, every document parsed again, every table written again."""
    with folder.cache() as cache:
        cache.clear()
    parsed = parse_new(folder, voice, as_of=as_of)
    return Outcome(None, parsed, publish(folder, voice, as_of=as_of, anew=True))


def update(folder: DataFolder, voice: Voice, *, as_of: date | None = None) -> Outcome:
    """New captures into the dataset, without asking any portal."""
    parsed = parse_new(folder, voice, as_of=as_of)
    return Outcome(None, parsed, publish(folder, voice, as_of=as_of))


def run(
    folder: DataFolder,
    portals: Sequence[Portal],
    voice: Voice,
    *,
    years: Container[int] | None = None,
    as_of: date | None = None,
    connect_to: "Mapping[str, Place] | None" = None,
) -> Outcome:
    """The whole line."""
    crawled = crawl(folder, portals, voice, years=years, connect_to=connect_to)
    updated = update(folder, voice, as_of=as_of)
    return Outcome(crawled, updated.parsed, updated.written)


def unread(outcome: Outcome) -> int:
    """How many of the newly parsed documents could not be read. One that is no report is a result, no failure."""
    troubles = outcome.parsed.troubles if outcome.parsed else ()
    return sum(trouble.status == "unreadable" for trouble in troubles)


def _seen_by(captures: Iterable[Capture], as_of: date | None) -> list[Capture]:
    return [each for each in captures if as_of is None or each.fetched_at[:10] <= as_of.isoformat()]


def _unparsed(
    folder: DataFolder, captures: Sequence[Capture], divisions: Mapping[str, str | None], known: Container[DocumentKey]
) -> dict[DocumentKey, Source]:
    """Each document once, in the order of its address, so that nothing depends on the order of fetching."""
    found: dict[DocumentKey, Source] = {}
    for key, capture, pictures in documents(captures, divisions):
        if key not in known and key not in found:
            found[key] = _source(folder, capture, key, pictures)
    return dict(sorted(found.items(), key=lambda entry: (entry[0][1], entry[0])))


def _source(folder: DataFolder, capture: Capture, key: DocumentKey, pictures: Sequence[Picture]) -> Source:
    return Source(
        path=str(folder.archive.path(key[0])),
        name=capture.url,
        media_type=capture.media_type,
        url=None if capture.portal == LOCAL and capture.url.startswith("file:") else capture.url,
        within=key[2] or None,
        pictures=tuple((each.url, str(folder.archive.path(each.sha256))) for each in pictures),
    )


def _parse_into(
    cache: ParseCache, version: str, waiting: Sequence[tuple[DocumentKey, Source]], voice: Voice
) -> Parsed:
    statuses: Counter[str] = Counter()
    troubles: list[Trouble] = []
    with voice.progress(len(waiting)) as progress:
        results = parse_sources(source for _, source in waiting)
        for (key, _), (source, reports) in zip(waiting, results, strict=True):
            cache.store(key, version, reports)
            statuses.update(report.status for report in reports)
            troubles += [
                Trouble(report.source or source.name, report.status, report.reason or "", is_bare=_is_bare(report))
                for report in reports
                if report.status != "ok"
            ]
            progress.advance()
    return Parsed(len(waiting), dict(sorted(statuses.items())), tuple(troubles))


def _is_bare(report: Report) -> bool:
    return report.status == "partial" and not report.tables


def tell_trouble(voice: Voice, trouble: Trouble) -> None:
    """One line for a document that is no full report."""
    event = "partial_report" if trouble.status == "partial" else "no_report"
    voice.say(event, source=trouble.source, status=trouble.status, reason=trouble.reason)


def _told(voice: Voice) -> Callable[[str, Mapping[str, object]], None]:
    """The crawler's events as lines for people: each answer only with `-v`, each failure always."""

    def listen(name: str, fields: Mapping[str, object]) -> None:
        if name in ("started", "resumed"):
            voice.say("portal_started", portal=fields["portal"])
        elif name == "captured":
            is_well = fields["outcome"] in ("stored", "unchanged")
            voice.say(
                "fetched" if is_well else "fetch_failed",
                url=fields["url"],
                outcome=fields["outcome"],
                reason=fields["reason"],
            )

    return listen


def _tell_result(result: CrawlResult, voice: Voice) -> None:
    wanting = sum(count for outcome, count in result.outcomes.items() if outcome not in ("stored", "unchanged"))
    voice.say(
        "portal_finished",
        portal=result.portal,
        health=result.health,
        stored=result.new_captures,
        unchanged=result.outcomes.get("unchanged", 0),
        failed=wanting,
    )
    for remark in result.remarks:
        voice.say("portal_unwell", portal=result.portal, health=result.health, reason=remark)
