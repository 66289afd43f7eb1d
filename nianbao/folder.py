"""The data folder: what lies where in it, what it holds, and the lock that keeps writers apart.

DATA/archive/        bodies and journals (crawler.archive)
DATA/parsed.sqlite   what the parser said about each document; may be deleted
DATA/parquet         the dataset, a link into DATA/.generations/
DATA/runs/           one report a run, JSON and Markdown
DATA/nianbao.json    versions of schema and archive, portals as recorded at their last run
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
from msgspec import Struct

from crawler.archive import Archive
from crawler.portal import Portal
from nianbao.columns import SCHEMA_VERSION
from nianbao.errors import DatasetError, LockedError
from nianbao.parsed import ParseCache

ARCHIVE_VERSION = 1


class PortalRecord(Struct, frozen=True, forbid_unknown_fields=True):
    """What of a portal's TOML the dataset depends on."""

    name: str
    division: str | None = None
    township_deadline: str | None = None


class Record(Struct, frozen=True, forbid_unknown_fields=True):
    """`nianbao.json`."""

    schema: int = SCHEMA_VERSION
    archive: int = ARCHIVE_VERSION
    is_demo: bool = False
    portals: dict[str, PortalRecord] = {}

    @property
    def divisions(self) -> dict[str, str | None]:
        """The division code of each portal, a hint for the parser."""
        return {key: portal.division for key, portal in self.portals.items()}

    @property
    def deadlines(self) -> dict[str, str]:
        """The day of the year by which each portal wants the reports of towns, where it says one."""
        return {key: portal.township_deadline for key, portal in self.portals.items() if portal.township_deadline}


class DataFolder:
    """One data folder. Nothing is created before something is written."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.archive = Archive(root / "archive")
        self.parquet = root / "parquet"
        self.runs = root / "runs"

    def cache(self) -> ParseCache:
        return ParseCache(self.root / "parsed.sqlite")

    def record(self) -> Record:
        """What the folder says of itself; the defaults where it says nothing yet. Raises DatasetError when it cannot be
        read or was written by a newer nianbao."""
        path = self._record_path
        if not path.exists():
            return Record()
        try:
            record = msgspec.json.decode(path.read_bytes(), type=Record)
        except msgspec.DecodeError as error:
            raise DatasetError(f"{path}: {error}") from error
        if record.archive > ARCHIVE_VERSION or record.schema > SCHEMA_VERSION:
            raise DatasetError(f"{path}: written by a newer nianbao")
        return record

    def note(self, portals: Iterable[Portal] = (), *, is_demo: bool | None = None) -> Record:
        """Records the portals of a run; the file is touched only when something changed."""
        before = self.record()
        known = before.portals | {each.key: _recorded(each) for each in portals}
        after = Record(
            is_demo=before.is_demo if is_demo is None else is_demo, portals={key: known[key] for key in sorted(known)}
        )
        if after != before or not self._record_path.exists():
            self._write_record(after)
        return after

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Holds the lock of the folder. Raises LockedError when another process does."""
        from filelock import FileLock, Timeout

        self.root.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self.root / ".lock")
        try:
            lock.acquire(timeout=0)
        except Timeout as error:
            raise LockedError(f"{self.root}: another nianbao is writing here") from error
        try:
            yield
        finally:
            lock.release()

    @property
    def _record_path(self) -> Path:
        return self.root / "nianbao.json"

    def _write_record(self, record: Record) -> None:
        self.root.mkdir(parents=True, exist_ok=True)
        fresh = self.root / ".nianbao.json.new"
        fresh.write_bytes(msgspec.json.format(msgspec.json.encode(record), indent=2) + b"\n")
        fresh.replace(self._record_path)


def _recorded(portal: Portal) -> PortalRecord:
    return PortalRecord(portal.name, portal.division, portal.expect.township_deadline)
