"""How long does `nianbao parse FOLDER` take over a mixed folder, and how much memory do all its processes take together?

    python -m tests.bench.folder [--each N] [--jobs N …] [FOLDER]

Without a folder: files of every form that can be composed here without other programs, scans among them. `--jobs`: as if
the machine had so many processors. Memory is resident memory, summed over the processes: what they share counts for each.
Recognisers are processes that have loaded the library for pictures.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from nianbao.limits import MIB, children_of, resident_bytes
from tests.specimens.files import FILE_FORMS, lacking, specimens

MOST = 1536
"""MiB that the whole may take."""


def fill(folder: Path, each: int) -> None:
    for number, (form, made) in enumerate(FILE_FORMS.items()):
        if {"soffice", "browser"} & {*made.needs} or lacking(form):
            continue
        for place, specimen in enumerate(specimens(3, form, each, ("none",))):
            (folder / f"{number:02}-{place:02}-{specimen.name}").write_bytes(specimen.content)


PARSE = """
import sys
from pathlib import Path
from nianbao.documents import files_under, parse_sources, source_of_file
for _ in parse_sources(map(source_of_file, files_under([Path(sys.argv[1])])[0]), jobs=int(sys.argv[2])):
    pass
"""
LIBRARY = "libonnxruntime", "onnxruntime_pybind"


class Measured(NamedTuple):
    """Memory in bytes; `recognisers` is the greatest number at one time."""

    seconds: float
    peak: int
    recognisers: int


def measure(folder: Path, jobs: int) -> Measured:
    command = (sys.executable, "-c", PARSE, str(folder), str(jobs))
    start, peak, recognisers, looks = time.monotonic(), 0, 0, 0
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        while process.poll() is None:
            peak = max(peak, resident_bytes(process.pid))
            if looks % 10 == 0:
                recognisers = max(recognisers, sum(map(is_recogniser, family(process.pid))))
            looks += 1
            time.sleep(0.05)
    return Measured(time.monotonic() - start, peak, recognisers)


def family(pid: int) -> list[int]:
    """A process and its descendants."""
    return [pid, *(each for child in children_of(pid) for each in family(child))]


def is_recogniser(pid: int) -> bool:
    try:
        maps = Path(f"/proc/{pid}/maps").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    return any(name in maps for name in LIBRARY)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--each", type=int, default=1)
    arguments.add_argument("--jobs", type=int, nargs="+", default=[os.cpu_count() or 1])
    arguments.add_argument("folder", nargs="?", type=Path)
    chosen = arguments.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = chosen.folder or Path(name)
        if not chosen.folder:
            fill(folder, chosen.each)
        count = sum(path.is_file() for path in folder.rglob("*"))
        for jobs in chosen.jobs:
            found = measure(folder, jobs)
            print(
                f"{count} files, {jobs} jobs: {found.seconds:.1f} s, {found.peak // MIB} MiB at the peak (of {MOST}), "
                f"{found.recognisers} recognisers at most"
            )


if __name__ == "__main__":
    main()
