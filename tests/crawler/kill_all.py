"""Runs `nianbao run` over all replicas at once, kills it with SIGKILL at random points, and lets it go on.

`python -m tests.crawler.kill_all --times 20 --seed 1` prints a line for each kill: when, how far the run was, and whether
the dataset is the one of a run that nothing disturbed. Ends 1 where one is not.
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from tests.crawler.stage import Stage, contents_of, reports_in, staged
from tests.nianbao.shell import start

LONGEST_SECONDS = 300
ATTEMPTS = 4


class Undisturbed(Struct, frozen=True):
    """How a run goes that nobody kills: seconds until it ends, and until the servers have seen their last request."""

    seconds: float
    crawl_seconds: float
    hits: int
    contents: dict[str, list[tuple[str, ...]]]


class Kill(Struct, frozen=True):
    """One kill: planned for this point, done after so many requests and seconds; `has_survivors`: processes that the
    killed one had started and that did not end with it; `differences`: tables that are not as they should be."""

    point: str
    hits: int
    seconds: float
    was_running: bool
    has_survivors: bool = False
    differences: tuple[str, ...] = ()


def undisturbed(stage: Stage, data: Path) -> Undisturbed:
    """The run to compare with."""
    began, hits, last = time.monotonic(), -1, 0.0
    process = started(stage, data)
    while process.poll() is None:
        if stage.hits != hits:
            hits, last = stage.hits, time.monotonic() - began
        time.sleep(0.005)
    output = output_of(process)
    assert process.returncode == 0, output
    assert reports_in(data) == sorted(stage.reports)
    seconds = time.monotonic() - began
    return Undisturbed(seconds, last, hits, contents_of(data))


def killed(stage: Stage, data: Path, point: float, plain: Undisturbed, left: int) -> Kill:
    """Starts a run and kills it. `point` below 1: when so large a part of the requests that are `left` was seen; from 1
    to 2: so far into what follows the crawl."""
    forget(stage)
    began = time.monotonic()
    process = started(stage, data)
    after_crawl = plain.seconds - plain.crawl_seconds
    last_hit, hits = began, 0
    while process.poll() is None and time.monotonic() - began < LONGEST_SECONDS:
        if stage.hits != hits:
            hits, last_hit = stage.hits, time.monotonic()
        is_reached = point < 1 and hits >= max(1, point * left)
        is_late = point >= 1 and hits >= left and time.monotonic() - last_hit >= max(0.3, (point - 1) * after_crawl)
        if is_reached or is_late:
            break
        time.sleep(0.001)
    was_running = process.poll() is None
    process.send_signal(signal.SIGKILL)
    process.wait(60)
    for stream in (process.stdout, process.stderr):
        assert stream is not None
        stream.close()
    name = f"{point:.0%} of the requests" if point < 1 else f"{point - 1:.0%} of parsing and writing"
    return Kill(name, stage.hits, round(time.monotonic() - began, 2), was_running, survive(process.pid))


def resumed(stage: Stage, data: Path, kill: Kill, plain: Undisturbed) -> Kill:
    """The kill, with what a run after it makes of the dataset."""
    process = started(stage, data)
    output = output_of(process)
    assert process.returncode == 0, output
    found = contents_of(data)
    wrong = [name for name in sorted({*found, *plain.contents}) if found.get(name) != plain.contents.get(name)]
    return Kill(kill.point, kill.hits, kill.seconds, kill.was_running, kill.has_survivors, tuple(wrong))


def started(stage: Stage, data: Path) -> "subprocess.Popen[str]":
    """A run as a process of its own, the leader of its group."""
    return start("run", *stage.tomls, "--data", data, cwd=data.parent, leads_group=True)


def output_of(process: "subprocess.Popen[str]") -> str:
    """What a run says, once it has ended."""
    return "".join(process.communicate(timeout=LONGEST_SECONDS))


def survive(group: int) -> bool:
    """Whether processes of a killed run are still there after a while; they are ended then."""
    for _ in range(100):
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return False
        time.sleep(0.1)
    os.killpg(group, signal.SIGKILL)
    return True


def forget(stage: Stage) -> None:
    for replica in stage.replicas.values():
        replica.forget()


def points_of(times: int, seed: int) -> list[float]:
    """Random points, two of three while requests are made."""
    chance = random.Random(seed)
    return [chance.uniform(0, 1) if number % 3 else chance.uniform(1, 2) for number in range(1, times + 1)]


def kills(folder: Path, times: int, seed: int) -> Iterator[Kill]:
    """A kill in a dataset of its own at each of the points."""
    with staged(folder) as stage:
        plain = undisturbed(stage, folder / "undisturbed")
        for number, point in enumerate(points_of(times, seed)):
            for attempt in range(ATTEMPTS):
                data = folder / f"killed-{number}-{attempt}"
                kill = killed(stage, data, point, plain, plain.hits)
                if kill.was_running:
                    break
                point = 1 + (point - 1) / 2  # the run was faster than the one that was timed
            yield resumed(stage, data, kill, plain)


def kills_in_one(stage: Stage, plain: Undisturbed, data: Path, times: int, seed: int) -> list[Kill]:
    """One dataset whose run is killed again and again before one comes to its end."""
    done: list[Kill] = []
    for point in sorted(points_of(times, seed)):
        left = max(0, plain.hits - sum(kill.hits for kill in done))
        done.append(killed(stage, data, point, plain, left))
    return [*done[:-1], resumed(stage, data, done[-1], plain)]


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    is_well = True
    with tempfile.TemporaryDirectory() as folder:
        for number, kill in enumerate(kills(Path(folder), arguments.times, arguments.seed), 1):
            state = "" if kill.was_running else ", had ended before"
            survivors = ", left processes behind" if kill.has_survivors else ""
            result = f"differs: {', '.join(kill.differences)}" if kill.differences else "same dataset"
            print(f"{number:3} killed at {kill.point} ({kill.hits} requests, {kill.seconds} s{state}{survivors}): {result}", flush=True)
            is_well = is_well and not kill.differences and not kill.has_survivors
    return 0 if is_well else 1


if __name__ == "__main__":
    sys.exit(main())
