"""What the portals gave us, byte for byte (step 3: capture): blobs named by their sha256, and a journal a portal.

    ROOT/blobs/ab/abcd…                 one file a body, shared by all portals
    ROOT/portals/<key>/journal.sqlite   / in the key as __

Order of writing: temporary blob, fsync, rename, then the journal's commit. What is named is complete; what a kill
leaves behind is a temporary file that the next crawl sweeps away, or a blob that the next answer finds in place.
"""

import hashlib
import itertools
import mimetypes
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from msgspec import Struct

from crawler.capture import LOCAL, Capture, Outcome, Role, iso
from crawler.errors import ArchiveError
from crawler.journal import Journal
from crawler.wire.body import Body

__all__ = ["Archive", "Capture", "Damage", "Outcome", "Role"]


NUMBERS = itertools.count()
"""Names of temporary files, together with the process's number."""


class Damage(Struct, frozen=True):
    """A body that is not what its name says."""

    sha256: str
    problem: Literal["altered", "missing"]


class Archive:
    """The archive in one folder (`DATA/archive`), created when something is written."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._blobs = root / "blobs"
        self._unfinished = root / "blobs" / "unfinished"
        self._made: set[Path] = set()

    # ---- reading

    def portals(self) -> tuple[str, ...]:
        """Keys of the portals that have a journal, sorted."""
        return tuple(sorted(path.parent.name.replace("__", "/") for path in self.root.glob("portals/*/journal.sqlite")))

    def captures(self, portal: str | None = None) -> Iterator[Capture]:
        """Every answer of a portal, or of all, in the order in which it came; failures included."""
        for key in self.portals() if portal is None else (portal,):
            path = self._journal_path(key)
            if path.is_file():
                with Journal(path) as journal:
                    yield from journal.captures()

    def has(self, sha256: str) -> bool:
        """Whether the body is here."""
        return self._blob_path(sha256).is_file()

    def content(self, sha256: str, size: int = -1) -> bytes:
        """The body of that name, or its first bytes; raises ArchiveError if it is not here."""
        try:
            with self._blob_path(sha256).open("rb") as file:
                return file.read(size)
        except FileNotFoundError as error:
            raise ArchiveError(f"{sha256} is not in {self._blobs}") from error

    def size(self, sha256: str) -> int:
        """How many bytes the body has; raises ArchiveError if it is not here."""
        try:
            return self._blob_path(sha256).stat().st_size
        except FileNotFoundError as error:
            raise ArchiveError(f"{sha256} is not in {self._blobs}") from error

    def path(self, sha256: str) -> Path:
        """The file that holds the body, for people."""
        return self._blob_path(sha256)

    def verify(self) -> tuple[Damage, ...]:
        """All bodies re-hashed, and all that the journals promise looked for."""
        present = {path.name: path for path in self._blobs.glob("[0-9a-f][0-9a-f]/*")}
        altered = [name for name, path in present.items() if digest_of_file(path) != name]
        promised = {capture.sha256 for capture in self.captures() if capture.sha256}
        damages = [Damage(name, "altered") for name in altered]
        damages += [Damage(name, "missing") for name in promised - present.keys()]
        return tuple(sorted(damages, key=lambda damage: damage.sha256))

    # ---- writing

    def journal(self, portal: str) -> Journal:
        """The journal of a portal, created if need be."""
        path = self._journal_path(portal)
        path.parent.mkdir(parents=True, exist_ok=True)
        return Journal(path)

    def keep(self, body: bytes | Body) -> str:
        """Writes a body, unless it is here already, and returns its sha256."""
        sha256 = body.sha256 if isinstance(body, Body) else hashlib.sha256(body).hexdigest()
        path = self._blob_path(sha256)
        if not path.is_file():
            self._make(self._unfinished)
            self._make(path.parent)
            temporary = self._unfinished / f"{os.getpid()}-{next(NUMBERS)}"
            with temporary.open("wb") as file:
                file.writelines(body.pieces() if isinstance(body, Body) else (body,))
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(path)
            sync_folder(path.parent)
        return sha256

    def _make(self, folder: Path) -> None:
        """Makes a folder, once."""
        if folder not in self._made:
            folder.mkdir(parents=True, exist_ok=True)
            self._made.add(folder)

    def sweep(self) -> None:
        """Removes what processes that are no more left unfinished."""
        for path in self._unfinished.glob("*-*"):
            if not is_alive(path.name.split("-", maxsplit=1)[0]):
                path.unlink(missing_ok=True)

    def store_local(self, path: Path, body: bytes, url: str | None = None, *, now: datetime | None = None) -> Capture:
        """Takes a document that a person brings as a capture of the portal `local`; the same one again changes nothing.

        Without a `url` the document's address is that of the file.
        """
        address = url or path.resolve().as_uri()
        sha256 = self.keep(body)
        with self.journal(LOCAL) as journal:
            known = journal.capture_of(address, sha256)
            if known is not None:
                return known
            capture = Capture(
                url=address,
                final_url=address,
                fetched_at=iso(now or datetime.now(UTC)),
                status=None,
                media_type=mimetypes.guess_type(path.name)[0],
                headers=(),
                sha256=sha256,
                size=len(body),
                portal=LOCAL,
                channel="",
                role="article",
                outcome="stored",
            )
            journal.record(capture)
        return capture

    def _blob_path(self, sha256: str) -> Path:
        return self._blobs / sha256[:2] / sha256

    def _journal_path(self, portal: str) -> Path:
        return self.root / "portals" / portal.replace("/", "__") / "journal.sqlite"


def digest_of_file(path: Path) -> str:
    """sha256 of a file, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sync_folder(path: Path) -> None:
    """Makes a rename last; systems whose folders cannot be opened do without."""
    if os.name == "posix":
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def is_alive(process: str) -> bool:
    """Whether a process of that number runs."""
    try:
        os.kill(int(process), 0)
    except (ProcessLookupError, ValueError):
        return False
    except PermissionError:
        return True
    return True
