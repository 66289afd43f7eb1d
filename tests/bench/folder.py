"""How long does `nianbao parse FOLDER` take over a mixed folder, and how much memory do all its processes take together?

    python -m tests.bench.folder [--each N] [FOLDER]

Without a folder: files of every form that can be composed here without other programs, scans among them. Memory is
resident memory, summed over the processes: what they share counts for each.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from nianbao.limits import MIB, resident_bytes
from tests.specimens.files import FILE_FORMS, lacking, specimens

MOST = 1536
"""MiB that the whole may take."""


def fill(folder: Path, each: int) -> None:
    for number, (form, made) in enumerate(FILE_FORMS.items()):
        if {"soffice", "browser"} & {*made.needs} or lacking(form):
            continue
        for place, specimen in enumerate(specimens(3, form, each, ("none",))):
            (folder / f"{number:02}-{place:02}-{specimen.name}").write_bytes(specimen.content)


def measure(folder: Path) -> tuple[float, int]:
    """Seconds and bytes."""
    command = (sys.executable, "-m", "nianbao", "parse", str(folder), "--json", "--lang", "en")
    start, peak = time.monotonic(), 0
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        while process.poll() is None:
            peak = max(peak, resident_bytes(process.pid))
            time.sleep(0.05)
    return time.monotonic() - start, peak


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--each", type=int, default=1)
    arguments.add_argument("folder", nargs="?", type=Path)
    chosen = arguments.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = chosen.folder or Path(name)
        if not chosen.folder:
            fill(folder, chosen.each)
        seconds, peak = measure(folder)
        count = sum(path.is_file() for path in folder.rglob("*"))
    print(f"{count} files in {seconds:.1f} s, {peak // MIB} MiB at the peak (of {MOST})")


if __name__ == "__main__":
    main()
