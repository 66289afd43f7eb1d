"""What a crawl makes of each fault of real portals: `python -m tests.crawler.fault_table [--only WORD]`.

One line a fault: what the portal did → what came of the request → what a person saw, health and exit code → what was lost
once the portal was mended. Below, the memory that a run takes while answers of gigabytes and decompression bombs come.
Exits 1 when anything was lost, or when anything but the portal was touched.
"""

import argparse
import sys

from tests.crawler.fault_list import faults
from tests.crawler.fault_stage import Shown, show
from tests.crawler.giants import LIMIT_BYTES, measured


def wrong(shown: Shown) -> tuple[str, ...]:
    """What did not go as it must."""
    fault, said = shown.fault, f"{shown.reason} {' '.join(shown.result.remarks)}"
    checks = {
        f"outcome {shown.outcome}, not {fault.outcome}": shown.outcome == fault.outcome,
        f"exit code {shown.code}, not {fault.code}": shown.code == fault.code,
        f"lost: {', '.join(shown.lost)}": not shown.lost,
        f"{shown.trap_hits} hits on the trap": shown.trap_hits == 0,
        f"connected to {shown.strays}": not shown.strays,
        f"says {said!r}, not {fault.says!r}": fault.says in said,
        "nothing was said": shown.code == 0 or bool(shown.told),
    }
    return tuple(text for text, is_well in checks.items() if not is_well)


def line(shown: Shown) -> str:
    """One row of the table."""
    fault = shown.fault
    came = f"{shown.outcome or 'not asked for'}" + (f": {shown.reason}" if shown.reason else "")
    seen = shown.told if shown.code else "nothing unusual"
    lost = ", ".join(shown.lost) or "nothing"
    return f"{fault.number:<4} | {fault.name} | {came} | {seen} | {shown.result.health}, {shown.code} | {lost}"


def giants() -> int:
    """Prints what became of giant answers and the peak memory of the run; 1 where that is not as it must be."""
    peak, idle, rows = measured()
    for name, (expected, outcome) in rows.items():
        print(f"size | {name} | {outcome}" + ("" if outcome == expected else f"\n      !! not {expected}"))
    print(
        f"peak memory of that run: {peak / 2**20:.0f} MiB ({idle / 2**20:.0f} MiB before it), limit {LIMIT_BYTES / 2**20:.0f} MiB"
    )
    return int(peak > LIMIT_BYTES or any(expected != outcome for expected, outcome in rows.values()))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="", help="faults whose name or section holds this word")
    parser.add_argument("--no-memory", action="store_true", help="leave out the memory of a run under giant answers")
    asked = parser.parse_args()
    print("§    | fault | what came of it | what the user saw | health, exit code | lost")
    failures, hits, count = 0, 0, 0
    for fault in faults():
        if asked.only in f"{fault.number} {fault.name}":
            shown = show(fault)
            print(line(shown), *[f"!! {text}" for text in wrong(shown)], sep="\n      ")
            failures, hits, count = failures + bool(wrong(shown)), hits + shown.trap_hits, count + 1
    if not asked.no_memory and not asked.only:
        failures += giants()
    print(f"\n{count} faults, {failures} not as they must be; hits on the trap server: {hits}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
