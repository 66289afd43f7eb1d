"""What becomes of broken and hostile files: status, reason, seconds and memory of each.

    python -m tests.bench.hostile [--name PART] [--deadline SECONDS] [--memory MIB]

Memory is that of the parser's processes together beyond what they took before, sampled every 20 ms.
"""

import argparse
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from os import getpid

from msgspec import Struct

from nianbao.isolate import Isolation
from nianbao.limits import MIB, Limits, resident_bytes
from parsers.report import Report
from tests.specimens.hostile import HOSTILE, truncations

INTERVAL = 0.02


class Cost(Struct):
    """Seconds, and bytes at the peak."""

    seconds: float = 0.0
    peak: int = 0


@contextmanager
def measured() -> Iterator[Cost]:
    """What is done inside, with its children."""
    cost, start, is_over = Cost(peak=resident_bytes(getpid())), time.monotonic(), threading.Event()

    def watch() -> None:
        while not is_over.wait(INTERVAL):
            cost.peak = max(cost.peak, resident_bytes(getpid()))

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield cost
    finally:
        is_over.set()
        watcher.join()
        cost.seconds = time.monotonic() - start


def files() -> Iterator[tuple[str, bytes]]:
    """All of them by name, made one at a time."""
    for name, make in HOSTILE.items():
        yield name, make()
    yield from truncations()


def told(reports: Sequence[Report]) -> str:
    """Statuses and reasons of a file's reports in few words."""
    kinds = dict.fromkeys(f"{report.status}: {report.reason}" if report.reason else report.status for report in reports)
    shown = list(kinds)[:2]
    return f"{'; '.join(shown)}{f' … {len(reports)} documents' if len(reports) > 2 else ''}"


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--name", default="", help="only those whose name has this in it")
    arguments.add_argument("--deadline", type=float, default=Limits().deadline_seconds)
    arguments.add_argument("--memory", type=int, default=Limits().memory_bytes // MIB, help="MiB")
    chosen = arguments.parse_args()
    limits = Limits(chosen.deadline, chosen.memory * MIB)
    print("| file | bytes | seconds | MiB | what becomes of it |\n|---|--:|--:|--:|---|")
    with Isolation(limits) as isolation:
        for name, content in files():
            if chosen.name not in name:
                continue
            before = resident_bytes(getpid())
            with measured() as cost:
                reports = isolation.parse(content, source="file")
            more = max(0, cost.peak - before) // MIB
            print(f"| {name} | {len(content)} | {cost.seconds:.1f} | {more} | {told(reports)[:150]} |", flush=True)


if __name__ == "__main__":
    main()
