"""From files and archived contents to parsed reports: the edge around the pure `parsers.parse.parse`.

Every process that parses has one `Isolation`, in which native readers run.

One document never stops the others: what cannot be opened, and what brings a reader down, becomes a report with status
`unreadable` and the cause.
"""

import atexit
import os
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import cache
from multiprocessing import get_context, parent_process
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Self

import msgspec
from msgspec import Struct

from nianbao.isolate import Isolation
from nianbao.pictures import pictures_beside, read_pictures
from parsers.ocr import Postponed
from parsers.report import Report

WORTH_A_POOL = 24
WORTH_A_POOL_BYTES = 4 << 20
"""Fewer documents than this, if they are small, are parsed here: starting processes would take longer."""
_encoder = msgspec.json.Encoder(decimal_format="number")
MEMORY_BYTES = 1536 << 20
READER_BYTES = 90 << 20
RECOGNISER_BYTES = 450 << 20
"""Resident memory that all processes together should keep within; that of one which reads, and of one which also recognises
pictures, their children included."""
AHEAD = 8
"""Documents handed out per process before the oldest result is taken: bounds memory."""


FORMAT_NAMES = {
    "text/html": "HTML",
    "application/xhtml+xml": "HTML",
    "multipart/related": "MHT",
    "text/plain": "text",
    "text/markdown": "text",
    "application/pdf": "PDF",
    "application/ofd": "OFD",
    "application/msword": "doc",
    "application/vnd.ms-works": "wps",
    "application/rtf": "RTF",
    "application/vnd.oasis.opendocument.text": "odt",
    "application/vnd.oasis.opendocument.text-flat-xml": "fodt",
    "application/vnd.ms-wordml": "Word 2003 XML",
    "application/vnd.oasis.opendocument.spreadsheet": "ods",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/vnd.ms-excel": "xls",
    "application/zip": "ZIP",
}


class Source(Struct, frozen=True):
    """A document to parse: the file that holds its bytes, the name reports carry, and hints.

    `within` is the division code of the portal; `pictures` are address and file of each picture that the page shows.
    """

    path: str
    name: str
    media_type: str | None = None
    url: str | None = None
    within: str | None = None
    pictures: tuple[tuple[str, str], ...] = ()


Work = Callable[[Source], tuple[Report, ...]]


def files_under(paths: Iterable[Path]) -> tuple[list[Path], list[Path]]:
    """The files to parse in stable order, folders recursively without hidden files, and the paths that do not exist."""
    found: list[Path] = []
    missing: list[Path] = []
    for path in paths:
        if path.is_dir():
            found += sorted(each for each in path.rglob("*") if each.is_file() and not _is_hidden(each, path))
        elif path.exists():
            found.append(path)
        else:
            missing.append(path)
    return list(dict.fromkeys(found)), missing


def source_of_file(path: Path) -> Source:
    return Source(path=str(path), name=_name_of(path))


def _name_of(path: Path) -> str:
    """The path as reports carry it; bytes that are no text are spelled out, since JSON has no other way."""
    return str(path).encode("utf-8", "backslashreplace").decode()


def parse_file(path: Path) -> tuple[Report, ...]:
    """The reports of one file, never empty. Raises OSError when it cannot be opened."""
    content = path.read_bytes()
    return _isolation().parse(content, source=_name_of(path), pictures=read_pictures(pictures_beside(path, content)))


def parse_source(source: Source) -> tuple[Report, ...]:
    """The reports of one document, never empty: the unit of parallel work, picklable. No exception but Postponed, in a
    process that does not recognise pictures."""
    try:
        content = Path(source.path).read_bytes()
    except OSError as error:
        return (unreadable(source, f"cannot be opened: {error.strerror or error}"),)
    pictures = dict(source.pictures) if source.url else pictures_beside(Path(source.path), content)
    return _isolation().parse(
        content, source=source.name, media_type=source.media_type, url=source.url, within=source.within,
        pictures=read_pictures(pictures),
    )  # fmt: skip


def parse_sources(
    sources: Iterable[Source], *, jobs: int | None = None, work: Work = parse_source
) -> Iterator[tuple[Source, tuple[Report, ...]]]:
    """Each document with its reports, in the order given. `jobs` processes, default one for each processor; `work` is
    what each of them does with a document."""
    sources = list(sources)
    jobs = min(jobs or os.cpu_count() or 1, len(sources) or 1)
    if jobs < 2 or not _is_worth_a_pool(sources):
        yield from ((source, work(source)) for source in sources)
        return
    yield from _in_processes(sources, jobs, work)


class _Role:
    """What the processes of a pool are told when they start."""

    recognises = True


@cache
def _isolation() -> Isolation:
    """The one of this process."""
    isolation = Isolation(recognises=_Role.recognises)
    atexit.register(isolation.close)
    return isolation


def _is_worth_a_pool(sources: Sequence[Source]) -> bool:
    return len(sources) >= WORTH_A_POOL or sum(map(_size, sources)) >= WORTH_A_POOL_BYTES


def _size(source: Source) -> int:
    try:
        return os.stat(source.path).st_size  # noqa: PTH116  one call for each of many files
    except OSError:
        return 0


def report_json(report: Report) -> str:
    """One report as one line of JSON, numbers exact: the contract of `parse --json`."""
    return _encoder.encode(report).decode()


def report_line(report: Report) -> str:
    """One report as one line for people."""
    if report.status in ("not_a_report", "unreadable"):
        return f"{report.source}: {report.status}"
    errors = sum(each.severity == "error" for each in report.findings)
    figures = sum(cell.value is not None for cell in report.cells)
    facts = (report.status, report.organization or "?", report.year or "?", report.template or "-")
    return f"{report.source}: {' '.join(map(str, facts))} {figures}/{len(report.cells)} cells, {errors} errors"


def format_of(report: Report) -> str:
    """The format of a report's document as people call it."""
    kind = (report.media_type or "").partition(";")[0]
    return FORMAT_NAMES.get(kind) or kind or "?"


def unreadable(source: Source, reason: str) -> Report:
    """A report that only says why there is none."""
    return Report(
        source=source.name, sha256="", media_type=source.media_type, reader=None, status="unreadable", reason=reason
    )


def _in_processes(sources: Sequence[Source], jobs: int, work: Work) -> Iterator[tuple[Source, tuple[Report, ...]]]:
    """The documents over a pool of processes, and over a new one whenever a reader has brought the pool down."""
    rest = deque(sources)
    while rest:
        yield from _until_broken(rest, jobs, work)


def _until_broken(rest: deque[Source], jobs: int, work: Work) -> Iterator[tuple[Source, tuple[Report, ...]]]:
    """Takes documents off `rest` until there are none, or a pool breaks: then what was under way goes one document a
    process, and only the one that kills its process is lost."""
    waiting: deque[tuple[Source, Future[tuple[Report, ...]]]] = deque()
    with _pool(jobs, recognises=False) as pool, _pool(recognisers_beside(jobs)) as recognisers:
        try:
            while rest or waiting:
                while rest and len(waiting) < jobs * AHEAD:
                    waiting.append((rest[0], _submitted(rest[0], work, pool, recognisers)))
                    rest.popleft()
                source, future = waiting[0]
                reports = future.result()
                waiting.popleft()
                yield source, reports
        except BrokenProcessPool:
            pass  # dealt with below, once the dead pool is closed
    with _Alone(work) as alone:
        for source, future in waiting:
            is_done = future.done() and future.exception() is None
            yield source, future.result() if is_done else alone.parsed(source)


def recognisers_beside(jobs: int) -> int:
    """How many documents with pictures are recognised at once: as many as there is memory for beside the processes that
    only read, the main one among them, and one at least."""
    return max(1, min(jobs, (MEMORY_BYTES - (jobs + 1) * READER_BYTES) // RECOGNISER_BYTES))


def _submitted(source: Source, work: Work, pool: Executor, recognisers: Executor) -> Future[tuple[Report, ...]]:
    """The reports to come of a document. One with pictures to recognise goes from the pool to the few processes that do."""
    outer: Future[tuple[Report, ...]] = Future()

    def settle(inner: Future[tuple[Report, ...]]) -> None:
        error = inner.exception()
        if isinstance(error, Postponed):
            try:
                recognisers.submit(work, source).add_done_callback(settle)
            except RuntimeError:  # it is closed: the other pool broke
                outer.set_exception(BrokenProcessPool())
        elif error is not None:
            outer.set_exception(error)
        else:
            outer.set_result(inner.result())

    pool.submit(work, source).add_done_callback(settle)
    return outer


def _pool(jobs: int, *, recognises: bool = True) -> Executor:
    """Processes start as they are needed."""
    return ProcessPoolExecutor(jobs, mp_context=get_context("spawn"), initializer=_begin, initargs=(recognises,))


def _begin(recognises: bool) -> None:
    """What a process of a pool does first. It would wait for work for ever when its parent is killed; so each watches for
    that end."""
    _Role.recognises = recognises
    if (parent := parent_process()) is not None:
        threading.Thread(target=_outlive, args=(parent,), daemon=True).start()


def _outlive(parent: BaseProcess) -> None:
    parent.join()
    os._exit(1)


class _Alone:
    """A process for one document at a time, and a new one after each that brings it down: starting one takes longer than
    most documents do."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._pool: Executor | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *failure: object) -> None:
        self._close()

    def parsed(self, source: Source) -> tuple[Report, ...]:
        """The reports of a document, unreadable where it kills a process in which no other was read before."""
        if self._pool is not None:
            try:
                return self._pool.submit(self._work, source).result()
            except BrokenProcessPool:  # which may be due to what was read in it before
                self._close()
        self._pool = _pool(1)
        try:
            return self._pool.submit(self._work, source).result()
        except BrokenProcessPool:
            self._close()
        return (unreadable(source, "the reader crashed its process"),)

    def _close(self) -> None:
        if self._pool is not None:
            self._pool.shutdown()
            self._pool = None


def _is_hidden(path: Path, root: Path) -> bool:
    return any(part.startswith((".", "~$")) for part in path.relative_to(root).parts)
