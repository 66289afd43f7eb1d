"""How long and how big a process may become that reads documents of others, and the watch that sees to it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

MIB = 1 << 20
INTERVAL_SECONDS = 0.05
"""Between two looks at a process."""


class Limits(Struct, frozen=True):
    """What one document may cost. Each of its pictures that is recognised (page of a scan, picture of a page) adds
    `picture_seconds` to its time, several times what one takes on a slow machine; since readers recognise no more than 60
    pictures of a document, that is 13 minutes at most. Memory is resident memory, the descendants of the process included;
    it can be watched where /proc tells it (Linux)."""

    deadline_seconds: float = 60.0
    picture_seconds: float = 12.0
    memory_bytes: int = 1536 * MIB

    def with_pictures(self, pictures: int) -> "Limits":
        """The limits of a document with so many pictures to recognise."""
        return replace(self, deadline_seconds=self.deadline_seconds + pictures * self.picture_seconds)


class LimitExceeded(Exception):
    """A process took longer, or more memory, than it may; the message says which. The process is dead."""


def watched(process: subprocess.Popen[bytes], limits: Limits, is_done: Callable[[float], bool]) -> None:
    """Returns when `is_done(seconds)`, which may wait so long, says so. Raises LimitExceeded, having killed the process,
    when that takes too long or too much memory."""
    end = time.monotonic() + limits.deadline_seconds
    while not is_done(INTERVAL_SECONDS):
        if time.monotonic() > end:
            kill(process)
            raise LimitExceeded(f"it took longer than {limits.deadline_seconds:g} seconds")
        if resident_bytes(process.pid) > limits.memory_bytes:
            kill(process)
            raise LimitExceeded(f"it took more than {limits.memory_bytes // MIB} MiB of memory")


def resident_bytes(pid: int) -> int:
    """Memory of a process and its descendants, 0 where the system does not tell."""
    if sys.platform != "linux":
        return 0
    numbers = _numbers(f"/proc/{pid}/statm")
    own = numbers[1] * os.sysconf("SC_PAGE_SIZE") if len(numbers) > 1 else 0
    return own + sum(map(resident_bytes, children_of(pid)))


def children_of(pid: int) -> list[int]:
    """The processes that a process has started, whichever of its threads did; none where the system does not tell."""
    try:
        threads = os.listdir(f"/proc/{pid}/task")  # noqa: PTH208  twenty times a second
    except OSError:
        return []
    return [child for thread in threads for child in _numbers(f"/proc/{pid}/task/{thread}/children")]


def _numbers(path: str) -> list[int]:
    """The numbers of a file of /proc, none where the process has just ended or the kernel does not keep the file."""
    try:
        return [int(number) for number in Path(path).read_text(encoding="ascii").split()]
    except OSError:
        return []


def kill(process: subprocess.Popen[bytes]) -> None:
    """Ends a process that was started as the head of a session, and with it all that it has started."""
    if sys.platform == "win32":
        process.kill()
    else:
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            pass  # it has ended by itself; macOS calls that a lack of permission
    process.wait()
