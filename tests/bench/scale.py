"""Does the dataset grow well? Build time, memory, bytes and query times over a generated archive.

    python tests/bench/scale.py [--reports 10000,100000] [--folder DIR] [--changed 0.01] [--write]

`--write` puts the figures into docs/scale.md.

The archive is streamed: one report at a time is made up (every identity holds), stored in the parse cache as the parser
would have stored it, and forgotten. Documents are not rendered and parsed for each of them: that would time the parser
100,000 times. What parsing costs is measured on a few hundred rendered documents, parsed one after the other in this
process, and added where a figure says "parse and write"; with more processors the true share of parsing is smaller.
Everything after the parser is the real thing: heads, identity, checks, cells, panel, Parquet, generations.

Build times are processor seconds, so that whatever else the machine does stays out of the ratios; query times are what a
person waits. Each size runs in a process of its own, so that its peak memory is its own. "Changed" documents are spread over all years
and bodies, the worst case for partitions by year. The check at the end fails (exit code 1) when a target is missed.
"""

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from random import Random
from statistics import median
from time import perf_counter, process_time
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from crawler.capture import Capture  # noqa: E402
from nianbao.parsed import ParseCache  # noqa: E402
from nianbao.write import document_key, write_dataset  # noqa: E402
from parsers import divisions  # noqa: E402
from parsers.parse import parse  # noqa: E402
from parsers.report import Cell, Report, Section, Statement  # noqa: E402
from parsers.template import load  # noqa: E402
from tests.specimens import figures, forms, markup, prose  # noqa: E402
from tests.specimens.truth import Truth  # noqa: E402

YEARS = tuple(range(2016, 2026))
BUREAUS = ("财政局", "教育局", "发展和改革局", "住房和城乡建设局", "卫生健康局", "司法局", "水务局", "审计局", "民政局", "统计局")
PARSED_SAMPLE = 120
COMPARED = ("panel", "reports", "cells", "findings")
"""Tables whose bytes are told beside CSV; texts are left out, since made-up ones repeat themselves and pack too well."""
MOST_MEMORY = 2 * 1024**3
SLOWEST_QUERY_SECONDS = 1.0
DEAREST_UPDATE = 0.05
LINEAR = 1.3
"""A build ten times as large may take this much more than ten times as long."""

BY_PROVINCE = "select province, year, sum(requests_received_new) from panel group by all order by all"
BY_PROVINCE_FROM_CELLS = (
    "select province, c.year, sum(value) from cells c join (select report_id, province from reports) r "
    "using (report_id) where \"table\" = 'requests' and \"row\" = 'received_new' and \"column\" = 'total' "
    "group by all order by all"
)


def counties() -> list[tuple[str, str]]:
    """Code and full name of the counties that stand in all years of the bench."""
    standing = [d for d in divisions._divisions() if d.level == "county" and not d.first_year and not d.last_year]
    return [(d.code, "".join(filter(None, divisions.names_of(d.code, 2020)))) for d in standing]


def truths(reports: int, seed: str) -> Iterator[tuple[str, Truth]]:
    """Bodies with ten consecutive reports each, with the code of their county."""
    places = counties()
    for number in range(-(-reports // len(YEARS))):
        code, place = places[number % len(places)]
        bureau = BUREAUS[number // len(places) % len(BUREAUS)]
        extra = number // len(places) // len(BUREAUS)
        name = f"{place}{'第' + str(extra) if extra else ''}{bureau}"
        before: Truth | None = None
        for year in YEARS[: reports - number * len(YEARS)]:
            random = Random(f"{seed} {name} {year}")
            edition = "format_2019" if year < 2021 else "format_2021"
            before = figures.report(
                random, name, year, f"{name}{year}年政府信息公开工作年度报告", section_two=edition,
                section_three=edition, scale=random.choice(("town", "department", "department", "district")),
                published=f"{year + 1}-01-{random.randint(2, 31):02}", signed=name, before=before,
            )  # fmt: skip
            yield code, before


def report_of(truth: Truth, code: str) -> Report:
    """The report as the parser would have given it."""
    cells = tuple(
        Cell(*key, value, "CNY" if "amount" in key[2] else "count", truth.raw[key], "observed", f"html:#zoom>table:nth-of-type({n % 6})>tr:nth-of-type({n})")
        for n, (key, value) in enumerate(truth.figures.items())
    )  # fmt: skip
    received = truth.figure("requests", "received_new", "total")
    sentence = f"本年新收到政府信息公开申请{received}件。"
    return Report(
        source=truth.title, sha256="", media_type="text/html", reader="html", status="ok", reason=None,
        organization=truth.organization, division_code=code, level="county", kind="department", year=truth.year,
        template=truth.editions["requests"], tables=truth.editions, title=truth.title, published=truth.published,
        cells=cells, sections=tuple(Section(section.key, section.labels[0], sentence * 12) for section in load().sections),
        statements=(Statement("requests_received", received, "count", sentence, "html:p:nth-of-type(3)"),),
    )  # fmt: skip


def capture_of(truth: Truth, number: int, version: int = 0) -> Capture:
    url = f"https://www.portal{number // 500}.gov.cn/xxgk/content/post_{number}.html"
    return Capture(
        url=url, final_url=url, fetched_at=f"2026-0{1 + version}-01T00:00:00.000000+00:00", status=200,
        media_type="text/html", headers=(), sha256=sha256(f"{truth.title} {version}".encode()).hexdigest(), size=60_000,
        portal=f"portal{number // 500}", channel="https://www.portal.gov.cn/nb/", role="article", outcome="stored",
    )  # fmt: skip


def store(cache: ParseCache, reports: int, every: int = 1, version: int = 0) -> list[Capture]:
    """Makes reports up and stores them as parsed; of each `every`-th only, as another version of it."""
    captures = []
    for number, (code, truth) in enumerate(truths(reports, "scale")):
        if number % every == 0:
            more = truth.figure("requests", "received_new", "total") + version
            changed = truth.change({("requests", "received_new", "total"): more}) if version else truth
            captures.append(capture_of(changed, number, version))
            key = document_key(captures[-1], {})
            assert key is not None
            cache.store(key, "bench", (report_of(changed, code),))
    return captures


def seconds_to_parse() -> float:
    """Median seconds for one rendered document, from bytes to report."""
    took = []
    for _, truth in truths(PARSED_SAMPLE, "parse"):
        page = markup.bare_page(truth, prose.text(Random(truth.title), truth), forms.forms(truth)).encode()
        start = process_time()
        (report, *_) = parse(page, source="bench", media_type="text/html")
        took.append(process_time() - start)
        assert report.status == "ok", report.reason
    return median(took)


def size_of(folder: Path) -> int:
    """Bytes of all files below, each once."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def measure(reports: int, folder: Path, changed: float) -> dict[str, Any]:
    """One size, in this process."""
    shutil.rmtree(folder, ignore_errors=True)
    found: dict[str, Any] = {"reports": reports, "parse_ms": seconds_to_parse() * 1000}
    with ParseCache(folder / "parsed.sqlite") as cache:
        start = process_time()
        captures = store(cache, reports)
        found["make_and_store_s"] = process_time() - start
        start = process_time()
        written = write_dataset(folder, captures, cache, {}, "bench")
        found["write_s"] = process_time() - start
        assert written.reports == reports, written
        start = process_time()
        assert not write_dataset(folder, captures, cache, {}, "bench").is_changed
        found["write_unchanged_s"] = process_time() - start
        step = round(1 / changed) + 1  # 101 has no factor in common with the ten years: every year has changes
        captures += store(cache, reports, every=step, version=1)
        start = process_time()
        again = write_dataset(folder, captures, cache, {}, "bench")
        found["write_changed_s"] = process_time() - start
        assert again.superseded == -(-reports // step), again
    found["peak_bytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    found["cache_bytes"] = (folder / "parsed.sqlite").stat().st_size
    return found


def questions(reports: int, folder: Path) -> dict[str, Any]:
    """Bytes and query times of a dataset, beside plain CSV and pandas; in a process of its own."""
    import pandas as pd
    import pyarrow.csv

    import nianbao

    tables = (folder / "parquet").resolve()
    found: dict[str, Any] = {"parquet_bytes": sum(size_of(tables / name) for name in COMPARED)}
    for name, query in (("duckdb_panel_s", BY_PROVINCE), ("duckdb_cells_s", BY_PROVINCE_FROM_CELLS)):
        start = perf_counter()
        rows = nianbao.open(folder).sql(query).fetchall()
        found[name] = perf_counter() - start
        assert len(rows) >= len(YEARS)
    csv = folder / "csv"
    csv.mkdir()
    dataset = nianbao.open(folder)
    for name in COMPARED:
        path = csv / f"{name}.csv"
        columns = [c for c, t in zip(*_shape(dataset, name), strict=True) if "[" not in t]
        names = ", ".join(f'"{column}"' for column in columns)
        reader = dataset.sql(f"select {names} from {name}").to_arrow_reader(100_000)
        with pyarrow.csv.CSVWriter(path, reader.schema) as writer:
            for batch in reader:
                writer.write_batch(batch)
        found.setdefault("csv_bytes", {})[name] = path.stat().st_size
    start = perf_counter()
    frame = pd.read_csv(csv / "panel.csv")
    frame.groupby(["province", "year"])["requests_received_new"].sum()
    found["pandas_csv_panel_s"] = perf_counter() - start
    if reports <= 20_000:  # plain pandas needs several GB for more
        start = perf_counter()
        cells, heads = pd.read_csv(csv / "cells.csv", low_memory=False), pd.read_csv(csv / "reports.csv")
        cells = cells[(cells["table"] == "requests") & (cells["row"] == "received_new") & (cells["column"] == "total")]
        joined = cells.merge(heads[["report_id", "province"]], on="report_id")
        joined.groupby(["province", "year"])["value"].sum()
        found["pandas_csv_cells_s"] = perf_counter() - start
    shutil.rmtree(csv)
    return found


def _shape(dataset: Any, name: str) -> tuple[list[str], list[str]]:
    relation = dataset.sql(f"select * from {name} limit 0")
    return list(relation.columns), [str(each) for each in relation.types]


def in_process(part: str, reports: int, folder: Path, changed: float) -> dict[str, Any]:
    arguments = [sys.executable, __file__, part, str(reports), str(folder), str(changed)]
    ran = subprocess.run(arguments, check=True, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": str(ROOT)})
    return dict(json.loads(ran.stdout.splitlines()[-1]))


def show(found: dict[str, Any]) -> None:
    reports = found["reports"]
    parsing = found["parse_ms"] * reports / 1000
    csv = sum(found["csv_bytes"].values())
    print(
        f"{reports:>7,} reports\n"
        f"  build      (processor time) write {found['write_s']:.1f} s + store {found['make_and_store_s']:.1f} s (with making up)"
        f" + parse {parsing:.0f} s ({found['parse_ms']:.1f} ms each)\n"
        f"  again      unchanged {found['write_unchanged_s']:.1f} s; changed {found['write_changed_s']:.1f} s"
        f" = {100 * update_share(found):.1f} % of a full build (parse and write)\n"
        f"  memory     peak {found['peak_bytes'] / 1e6:,.0f} MB\n"
        f"  disk       Parquet without texts {found['parquet_bytes'] / 1e6:,.1f} MB, the same as CSV {csv / 1e6:,.1f} MB;"
        f" parse cache {found['cache_bytes'] / 1e6:,.1f} MB\n"
        f"  query      by province and year: DuckDB {found['duckdb_panel_s']:.2f} s on the panel,"
        f" {found['duckdb_cells_s']:.2f} s on the cells; pandas and CSV {found['pandas_csv_panel_s']:.2f} s on the panel"
        + (f", {found['pandas_csv_cells_s']:.1f} s on the cells" if "pandas_csv_cells_s" in found else ""),
        flush=True,
    )


def update_share(found: dict[str, Any]) -> float:
    """What a run with changed documents costs beside a full build, both with parsing."""
    parsing = found["parse_ms"] * found["reports"] / 1000
    return float((found["write_changed_s"] + found["changed"] * parsing) / (found["write_s"] + parsing))


def page(results: list[dict[str, Any]]) -> str:
    """The figures as a page of the documentation."""
    shown = [_figures(found) for found in results]
    heads = " | ".join(f"{found['reports']:,} reports" for found in results)
    lines = [
        "# How the dataset grows · 数据集的规模",
        "",
        "Made by `python tests/bench/scale.py --write`, which says what it builds and how it measures: reports made up one by",
        "one, everything behind the parser as it is in use, each size in a process of its own. Absolute times are those of one",
        f"machine with {os.cpu_count()} processors that had other work to do; ratios and sizes carry over.",
        "",
        f"| | {heads} |",
        f"|---|{'--:|' * len(results)}",
        *(f"| {name} | {' | '.join(each[name] for each in shown)} |" for name in shown[0]),
        "",
        *(f"- MISSED: {each}" for each in misses(results)),
        "Targets" if list(misses(results)) else "All targets are met:",
        f"memory below {MOST_MEMORY / 1024**3:.0f} GiB, queries below {SLOWEST_QUERY_SECONDS:.0f} s, a run with",
        f"{results[0]['changed']:.0%} changed documents below {DEAREST_UPDATE:.0%} of a full build (parse and write), writing",
        f"linear in the number of reports (at most {LINEAR} times as long for each).",
        "",
        f"Bytes are those of {', '.join(f'`{name}`' for name in COMPARED)}: texts are left out, for made-up ones repeat",
        "themselves and pack too well. CSV holds the same rows without nested columns. `nianbao run` parses over all processors.",
    ]
    return "\n".join(lines) + "\n"


def _figures(found: dict[str, Any]) -> dict[str, str]:
    """What the page says of one size."""
    csv = sum(found["csv_bytes"].values())
    cells = f"{found['pandas_csv_cells_s']:.1f} s" if "pandas_csv_cells_s" in found else "needs several GB"
    return {
        "parse, one processor": f"{found['parse_ms'] * found['reports'] / 1000:,.0f} s ({found['parse_ms']:.1f} ms each)",
        "write the dataset": f"{found['write_s']:.1f} s ({1000 * found['write_s'] / found['reports']:.2f} ms each)",
        "run again, nothing changed": f"{found['write_unchanged_s']:.1f} s",
        f"run again, {found['changed']:.0%} changed": f"{found['write_changed_s']:.1f} s",
        "the same as a share of a full build": f"{update_share(found):.1%}",
        "peak memory": f"{found['peak_bytes'] / 1e6:,.0f} MB",
        "Parquet without texts": f"{found['parquet_bytes'] / 1e6:,.1f} MB",
        "the same as CSV": f"{csv / 1e6:,.1f} MB",
        "requests by province and year: DuckDB, from the panel": f"{found['duckdb_panel_s']:.2f} s",
        "the same from the cells": f"{found['duckdb_cells_s']:.2f} s",
        "pandas and CSV, from the panel": f"{found['pandas_csv_panel_s']:.2f} s",
        "pandas and CSV, from the cells": cells,
    }


def misses(results: list[dict[str, Any]]) -> Iterator[str]:
    """The targets that a result misses."""
    for found in results:
        name = f"{found['reports']:,} reports"
        if found["peak_bytes"] > MOST_MEMORY:
            yield f"{name}: peak memory {found['peak_bytes'] / 1e9:.2f} GB"
        if max(found["duckdb_panel_s"], found["duckdb_cells_s"]) > SLOWEST_QUERY_SECONDS:
            yield f"{name}: a query takes {max(found['duckdb_panel_s'], found['duckdb_cells_s']):.2f} s"
        if update_share(found) > DEAREST_UPDATE:
            yield f"{name}: an update costs {100 * update_share(found):.1f} % of a build"
    small, large = results[0], results[-1]
    growth = (large["write_s"] / small["write_s"]) / (large["reports"] / small["reports"])
    if growth > LINEAR:
        yield f"writing is not linear: {growth:.2f} times as long for each report at {large['reports']:,}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--reports", default="10000,100000", help="sizes, smallest first, with commas between")
    parser.add_argument("--folder", type=Path, help="where to build (default: a temporary folder)")
    parser.add_argument("--changed", type=float, default=0.01, help="share of documents that change")
    parser.add_argument("--write", action="store_true", help="put the figures into docs/scale.md")
    given = parser.parse_args()
    results = []
    with tempfile.TemporaryDirectory() as temporary:
        for reports in map(int, given.reports.split(",")):
            folder = (given.folder or Path(temporary)) / f"scale-{reports}"
            found = in_process("measure", reports, folder, given.changed)
            found |= in_process("questions", reports, folder, given.changed) | {"changed": given.changed}
            show(found)
            results.append(found)
    if given.write:
        (ROOT / "docs" / "scale.md").write_text(page(results), encoding="utf-8")
    missed = list(misses(results))
    print("\n".join(f"MISSED {each}" for each in missed) or "all targets met")
    return 1 if missed else 0


if __name__ == "__main__":
    if sys.argv[1:2] == ["measure"]:
        print(json.dumps(measure(int(sys.argv[2]), Path(sys.argv[3]), float(sys.argv[4]))))
    elif sys.argv[1:2] == ["questions"]:
        print(json.dumps(questions(int(sys.argv[2]), Path(sys.argv[3]))))
    else:
        sys.exit(main())
