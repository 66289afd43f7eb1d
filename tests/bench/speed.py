"""How long does one report take beside `pandas.read_html` alone on the same page? Reading, aligning and reconciling; then
the whole line, from bytes to the checked report with its front matter, sections and statements.

    python -m tests.bench.speed [--rounds N]

On the demo's pages, and where NIANBAO_CORPUS names a folder of real reports on its pages too, each of these beside what
bounds it from below: the parse of its HTML alone, and the reading alone. Both run in one process, page by page in turn,
so that they share whatever else the machine does; what counts is the ratio. What is kept from one document for the next
is warm after the first round: the column `first` has the one time when a page was new, after the demo's pages.
A hostile table of 10,000 cells is timed as well, since a solver or an alignment may explode where a page does not.
"""

import argparse
import os
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from random import Random
from statistics import median
from time import perf_counter

import pandas as pd
from selectolax.lexbor import LexborHTMLParser

from parsers import readers, template
from parsers.align import align
from parsers.charset import decode
from parsers.parse import parse
from parsers.reconcile import Outcome, reconcile
from tests.specimens import portal
from tests.specimens.render import specimen


def seconds(work: Callable[[], object]) -> float:
    start = perf_counter()
    work()
    return perf_counter() - start


def pages() -> dict[str, bytes]:
    """The demo portal's pages that hold tables."""
    found = {path: content for path, content in portal.pages().items() if path.endswith(".html")}
    return {path: content for path, content in found.items() if b"<table" in content.lower()}


def real_pages() -> dict[str, bytes]:
    """The pages of the folder that NIANBAO_CORPUS names in which read_html finds tables."""
    folder = os.environ.get("NIANBAO_CORPUS")
    found = {path.name: path.read_bytes() for path in sorted(Path(folder).glob("*.html"))} if folder else {}
    return {name: content for name, content in found.items() if _has_tables(content)}


def _has_tables(content: bytes) -> bool:
    try:
        return bool(pd.read_html(StringIO(text_of(content)), flavor="lxml"))
    except ValueError:
        return False


def text_of(content: bytes) -> str:
    return decode(content).text


def tables_of(content: bytes) -> list[Outcome]:
    """Reading, aligning and reconciling alone: what compares with reading tables."""
    return [reconcile(reading) for reading in align(readers.read(content, "text/html"), template.load())]


def ratios(pages: dict[str, bytes], rounds: int, ours: Callable[[bytes], object]) -> list[tuple[str, float, float]]:
    """Each page with the median seconds of our work and of read_html, taken in turn."""
    measured = []
    for path, content in pages.items():
        text = text_of(content)
        own, theirs = [], []
        for _ in range(rounds):
            own.append(seconds(lambda content=content: ours(content)))
            theirs.append(seconds(lambda text=text: pd.read_html(StringIO(text), flavor="lxml")))
        measured.append((path, median(own), median(theirs)))
    return measured


def show_real(pages: dict[str, bytes], rounds: int) -> None:
    """Each real page: what its parts take, as parts of what read_html takes."""
    first = {path: seconds(lambda content=content: tables_of(content)) for path, content in pages.items()}
    parts: list[Callable[[bytes], object]] = [
        lambda content: LexborHTMLParser(content.decode(errors="replace")),
        lambda content: readers.read(content, "text/html"),
        tables_of,
    ]
    columns = [ratios(pages, rounds, part) for part in parts]
    print(f"{'real pages':42} KB  read_html  parse  reading  all (first)   as ratios")
    for (path, _, theirs), *each in zip(columns[-1], *columns, strict=True):
        parse_, reading, whole = (ours / beside for _, ours, beside in each)
        print(
            f"{path:40} {len(pages[path]) // 1000:4} {1000 * theirs:7.2f} ms   {parse_:.2f}     {reading:.2f} "
            f" {whole:.2f} ({first[path] / theirs:.2f})"
        )
    medians = [median(ours / theirs for _, ours, theirs in column) for column in columns]
    print(f"{'median':58}   {medians[0]:.2f}     {medians[1]:.2f}  {medians[2]:.2f}")


def show_largest(measured: list[tuple[str, float, float]]) -> None:
    """The page nearest to the size of real ones, 50 KB with their furniture."""
    sizes = {path: len(content) for path, content in pages().items()}
    path, ours, theirs = min(measured, key=lambda page: abs(sizes[page[0]] - 50_000))
    print(
        f"  of them a page of {sizes[path] // 1000} KB: {1000 * ours:.2f} ms against {1000 * theirs:.2f}: ratio {ours / theirs:.2f}"
    )


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
    tables = ratios(pages(), rounds, tables_of)
    show("reading, aligning, reconciling", tables)
    show_largest(tables)
    show("the whole line", ratios(pages(), rounds, lambda content: parse(content, source="")))
    real = real_pages()
    if real:
        show_real(real, rounds)
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
