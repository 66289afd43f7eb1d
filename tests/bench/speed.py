"""How long does one report take beside `pandas.read_html` alone on the same page? Reading, aligning and reconciling; then
the whole line, from bytes to the checked report with its front matter, sections and statements.

    python -m tests.bench.speed [--rounds N]

Both run in one process, page by page in turn, so that they share whatever else the machine does; what counts is the
ratio. A hostile table of 10,000 cells is timed as well, since a solver or an alignment may explode where a page does not.
"""

import argparse
from collections.abc import Callable
from io import StringIO
from random import Random
from statistics import median
from time import perf_counter

import pandas as pd

from parsers import readers, template
from parsers.align import align
from parsers.parse import parse
from parsers.reconcile import Outcome, reconcile
from tests.specimens import portal
from tests.specimens.render import specimen


def seconds(work: Callable[[], object]) -> float:
    start = perf_counter()
    work()
    return perf_counter() - start


def pages() -> dict[str, str]:
    """The demo portal's pages that hold tables."""
    found = {path: content.decode() for path, content in portal.pages().items() if path.endswith(".html")}
    return {path: text for path, text in found.items() if "<table" in text.lower()}


def tables_of(content: bytes) -> list[Outcome]:
    """Reading, aligning and reconciling alone: what compares with reading tables."""
    return [reconcile(reading) for reading in align(readers.read(content, "text/html"), template.load())]


def ratios(rounds: int, ours: Callable[[bytes], object]) -> list[tuple[str, float, float]]:
    """Each page with the median seconds of our work and of read_html, taken in turn."""
    measured = []
    for path, text in pages().items():
        content = text.encode()
        own, theirs = [], []
        for _ in range(rounds):
            own.append(seconds(lambda content=content: ours(content)))
            theirs.append(seconds(lambda text=text: pd.read_html(StringIO(text), flavor="lxml")))
        measured.append((path, median(own), median(theirs)))
    return measured


def show_largest(measured: list[tuple[str, float, float]]) -> None:
    """The page nearest to the size of real ones, 50 KB with their furniture."""
    sizes = {path: len(text.encode()) for path, text in pages().items()}
    path, ours, theirs = min(measured, key=lambda page: abs(sizes[page[0]] - 50_000))
    print(f"  of them a page of {sizes[path] // 1000} KB: {1000 * ours:.2f} ms against {1000 * theirs:.2f}: ratio {ours / theirs:.2f}")


def show(name: str, measured: list[tuple[str, float, float]]) -> None:
    each = sorted(ours / theirs for _, ours, theirs in measured)
    worst = max(measured, key=lambda page: page[1] / page[2])
    print(
        f"{name:34} {1000 * median(ours for _, ours, _ in measured):6.2f} ms, read_html"
        f" {1000 * median(theirs for _, _, theirs in measured):6.2f} ms a page: ratio {median(each):.2f}"
        f" (from {each[0]:.2f} to {each[-1]:.2f}; worst {worst[0].rsplit('/', 1)[-1]})"
    )


def hostile_page() -> bytes:
    """One table of 100 × 100 cells whose labels are those of the form, again and again, and whose figures fit nothing."""
    random = Random(1)
    labels = (
        "1.属于国家秘密",
        "（七）总计",
        "其他",
        "总计",
        "规章",
        "行政许可",
        "2.重复申请",
        "一、本年新收政府信息公开申请数量",
    )
    rows = []
    for _ in range(100):
        cells = (random.choice(labels) if random.random() < 0.3 else str(random.randint(0, 9)) for _ in range(100))
        rows.append("<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>")
    title = "云州市青澜区人民政府2021年政府信息公开工作年度报告"
    return f"<html><title>{title}</title><body><h1>{title}</h1><table>{''.join(rows)}</table></body></html>".encode()


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--rounds", type=int, default=7)
    rounds = arguments.parse_args().rounds
    print(f"{len(pages())} pages of the demo, {rounds} rounds, median of each page")
    tables = ratios(rounds, tables_of)
    show("reading, aligning, reconciling", tables)
    show_largest(tables)
    show("the whole line", ratios(rounds, lambda content: parse(content, source="")))
    for form in ("text, a cell a line", "text, glued", "text, pipes, blanks lost"):
        text = specimen(Random(1), form, "none", "format_2021").content
        print(
            f"{form:26} {1000 * median(seconds(lambda text=text: parse(text, source='')) for _ in range(rounds)):8.2f} ms"
        )
    page = hostile_page()
    ours = median(seconds(lambda: parse(page, source="")) for _ in range(3))
    theirs = median(seconds(lambda: pd.read_html(StringIO(page.decode()), flavor="lxml")) for _ in range(3))
    print(f"hostile, 10,000 cells      {1000 * ours:8.2f} ms against {1000 * theirs:.2f} ms")


if __name__ == "__main__":
    main()
