"""A body as it comes: in memory while it is small, in an unnamed file beyond, so that no answer decides how much memory
a run takes. The file has no name that a kill could leave behind."""

import hashlib
import io
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

MEMORY_BYTES = 1_000_000
PIECE_BYTES = 256_000


class Body:
    """Written once from start to end, then read as often as one likes. `folder` is where large ones lie."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._file: IO[bytes] = io.BytesIO()
        self._digest = hashlib.sha256()
        self.size = 0

    def write(self, part: bytes) -> None:
        """Appends."""
        if self.size <= MEMORY_BYTES < self.size + len(part):
            self._move()
        self._file.write(part)
        self._digest.update(part)
        self.size += len(part)

    def _move(self) -> None:
        """From memory to disk."""
        file = tempfile.TemporaryFile(dir=self._folder)  # noqa: SIM115 - closed by `close`
        file.write(self.head())
        self._file = file

    @property
    def sha256(self) -> str:
        """Digest of all that was written."""
        return self._digest.hexdigest()

    def head(self, size: int = -1) -> bytes:
        """The first bytes, or all of them."""
        self._file.seek(0)
        return self._file.read(size)

    def pieces(self) -> Iterator[bytes]:
        """All of it, never much at once."""
        self._file.seek(0)
        while piece := self._file.read(PIECE_BYTES):
            yield piece

    def close(self) -> None:
        """Lets go of the memory or the file."""
        self._file.close()
