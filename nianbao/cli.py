"""The command line: arguments → one call → exit code. Imports click only; everything else inside the commands."""

import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nianbao.command import ALL_DONE, NOTHING_DONE, PATHS, WITH_FAILURES, WRONG_USAGE, Settings, command, main

if TYPE_CHECKING:
    from datetime import datetime

    from crawler.health import CrawlResult
    from crawler.portal import Portal
    from nianbao.dataset import Dataset
    from nianbao.folder import DataFolder
    from nianbao.pipeline import Outcome
    from nianbao.render import Format
    from nianbao.voice import Voice

__all__ = ["main"]
WORTH_A_SUMMARY = 6
"""Documents."""


@command("demo", data="nianbao-demo")
def demo(settings: Settings) -> int:
    """The whole line on an embedded sample, without network. 离线演示全流程。"""
    from nianbao.demo import run_demo

    folder = settings.folder()
    with _recorded(folder, "demo", settings) as finish:
        finish(run_demo(folder, settings.voice), ALL_DONE)
    return _print_summary(folder, settings)


@command("run")
@click.argument("portals", nargs=-1, metavar="[PORTAL]...")
@click.option("--all", "everything", is_flag=True, help="All portals of the registry. 全部门户。")
@click.option("--year", type=click.IntRange(2000, 2100), help="Only reports on this year. 只采集该年度。")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Only what was fetched by this date. 截至日期。")
def run(
    settings: Settings, portals: Sequence[str], everything: bool, year: int | None, as_of: "datetime | None"
) -> int:
    """Crawl, parse, dataset: only what is new. 采集、解析、生成数据集（增量）。

    PORTAL is a key of the registry or a path to a TOML. PORTAL 为门户标识或 TOML 文件路径。
    """
    from nianbao import pipeline
    from nianbao.demo import refuse_demo

    folder = settings.folder()
    chosen = _chosen(portals, everything=everything)
    refuse_demo(folder)
    years = None if year is None else {year}
    with _recorded(folder, "run", settings) as finish:
        outcome = pipeline.run(folder, chosen, settings.voice, years=years, as_of=as_of.date() if as_of else None)
        return finish(outcome, _crawl_code(outcome.crawled or ()))


@command("crawl")
@click.argument("portals", nargs=-1, metavar="[PORTAL]...")
@click.option("--all", "everything", is_flag=True, help="All portals of the registry. 全部门户。")
@click.option("--year", type=click.IntRange(2000, 2100), help="Only reports on this year. 只采集该年度。")
def crawl(settings: Settings, portals: Sequence[str], everything: bool, year: int | None) -> int:
    """Collect from portals into the archive. 只采集存档。"""
    from nianbao import pipeline
    from nianbao.demo import refuse_demo

    folder = settings.folder()
    chosen = _chosen(portals, everything=everything)
    refuse_demo(folder)
    years = None if year is None else {year}
    with _recorded(folder, "crawl", settings) as finish:
        crawled = pipeline.crawl(folder, chosen, settings.voice, years=years)
        return finish(pipeline.Outcome(crawled, None, None), _crawl_code(crawled))


@command("portals")
@click.argument("action", type=click.Choice(["list", "check", "show"]))
@click.argument("names", nargs=-1, metavar="[PORTAL]...")
@click.option("--online", is_flag=True, help="check: ask the portals for their lists too. 检查时访问各门户的列表。")
def portals(settings: Settings, action: str, names: Sequence[str], online: bool) -> int:
    """The registry: list, check or show portals. 门户登记表。"""
    from nianbao import registry
    from nianbao.render import WIDEST

    if action == "list":
        click.echo(registry.listed(WIDEST if sys.stdout.isatty() else None), nl=False)
        return ALL_DONE
    if action == "show":
        click.echo(registry.shown(names), nl=False)
        return ALL_DONE
    looked_at, invalid, silent = registry.check(names, settings.voice, is_online=online)
    if invalid:
        return WRONG_USAGE
    return ALL_DONE if not silent else NOTHING_DONE if silent == looked_at else WITH_FAILURES


@command("discover")
@click.argument("url")
@click.option("--allow-private", is_flag=True, help="Loopback and private addresses too. 允许本机和内网地址。")
def discover(settings: Settings, url: str, allow_private: bool) -> int:
    """Find the annual-report columns of a website; prints a portal TOML. 查找网站的年报栏目，输出门户 TOML。"""
    from nianbao.discovery import draft

    found = draft(url, settings.voice, allow_private=allow_private)
    if found.toml is None:
        return NOTHING_DONE
    click.echo(found.toml, nl=False)
    return WITH_FAILURES if found.is_cut_short else ALL_DONE


@command("parse")
@click.argument("paths", nargs=-1, type=PATHS, metavar="[PATH]...")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line for each report. 每份年报一行 JSON。")
def parse(settings: Settings, paths: Sequence[Path], as_json: bool) -> int:
    """Parse files, or new captures into the dataset. 解析文件；不带参数则把新存档并入数据集。"""
    from nianbao import documents, pipeline

    if not paths:
        folder = settings.folder()
        if not folder.archive.portals():
            settings.voice.say("nothing_archived", path=folder.root)
            return NOTHING_DONE
        with _recorded(folder, "parse", settings) as finish:
            return finish(pipeline.update(folder, settings.voice), ALL_DONE)
    voice = settings.voice
    found, missing = documents.files_under(paths)
    for path in missing:
        voice.say("missing_path", path=path)
    if not found:
        voice.say("no_files")
        return NOTHING_DONE
    is_complete = not missing
    counts: dict[str, Counter[str]] = {}
    with voice.progress(len(found)) as progress:
        for source, reports in documents.parse_sources(map(documents.source_of_file, found)):
            for report in reports:
                click.echo(documents.report_json(report) if as_json else documents.report_line(report))
                counts.setdefault(documents.format_of(report), Counter()).update([report.status])
                if report.status in ("not_a_report", "unreadable"):
                    trouble = pipeline.Trouble(report.source or source.name, report.status, report.reason or "")
                    pipeline.tell_trouble(voice, trouble)
                    is_complete = False
            progress.advance()
    _sum_up(voice, counts)
    return ALL_DONE if is_complete else WITH_FAILURES


def _sum_up(voice: "Voice", counts: Mapping[str, Counter[str]]) -> None:
    """How many documents of each format ended how, where there are more than one sees at a glance."""
    if sum(map(Counter.total, counts.values())) < WORTH_A_SUMMARY:
        return
    for name in sorted(counts):
        for status, count in sorted(counts[name].items()):
            voice.say("parsed_format", format=name, status=status, documents=count)


@command("add")
@click.argument("paths", nargs=-1, type=PATHS, required=True, metavar="PATH...")
@click.option("--url", help="Address the document came from. 文件的来源网址。")
def add(settings: Settings, paths: Sequence[Path], url: str | None) -> int:
    """Archive local files and take them into the dataset. 把本地文件存档并并入数据集。"""
    from nianbao import documents, pipeline

    found, missing = documents.files_under(paths)
    for path in missing:
        settings.voice.say("missing_path", path=path)
    if not found:
        settings.voice.say("no_files")
        return NOTHING_DONE
    if url and len(found) > 1:
        raise click.UsageError("--url names one document, but several files were given. --url 只能用于一份文件。")
    folder = settings.folder()
    with _recorded(folder, "add", settings) as finish:
        failures = len(missing) + pipeline.add(folder, found, url, settings.voice)
        outcome = pipeline.update(folder, settings.voice)
        return finish(outcome, WITH_FAILURES if failures or pipeline.unread(outcome) else ALL_DONE)


@command("show")
@click.argument("report")
@click.argument("cell", nargs=-1, metavar="[TABLE ROW COLUMN]")
def show(settings: Settings, report: str, cell: Sequence[str]) -> int:
    """A report, or one number and where it comes from. 查看一份年报，或一个数字及其出处。

    REPORT is an identifier, the beginning of one, or an address. REPORT 为年报标识（可只写开头）或网址。
    """
    from nianbao import show as shows

    if len(cell) not in (0, 3):
        raise click.UsageError("name TABLE, ROW and COLUMN, or none of them. TABLE、ROW、COLUMN 须同时给出。")
    folder = settings.folder()
    found = shows.find(_dataset(folder), report)
    if len(found) != 1:
        names = ", ".join(each.report["report_id"] for each in found)
        settings.voice.say("ambiguous_report" if found else "no_report_named", report=report, reports=names)
        return NOTHING_DONE
    file = shows.archived_file(folder, found[0].report)
    if not cell:
        click.echo(shows.report_text(found[0], file, settings.language), nl=False)
        return ALL_DONE
    chosen = shows.cell_of(found[0], (cell[0], cell[1], cell[2]))
    if chosen is None:
        settings.voice.say("no_cell", report=report, cell="/".join(cell))
        return NOTHING_DONE
    click.echo(shows.cell_text(found[0], chosen, file, settings.language), nl=False)
    return ALL_DONE


FORMAT = click.option(
    "--format",
    "form",
    type=click.Choice(["table", "csv", "json"]),
    default="table",
    help="Form of the rows. 输出格式。",
)


@command("findings")
@click.argument("paths", nargs=-1, type=PATHS, metavar="[PATH]...")
@click.option("--severity", type=click.Choice(["error", "warning", "info"]), help="Only of this severity. 只看该级别。")
@FORMAT
def findings(settings: Settings, paths: Sequence[Path], severity: str | None, form: "Format") -> int:
    """What is wrong with the published figures. 公布的数字有哪些问题。"""
    from nianbao import documents
    from nianbao import findings as listed

    missing: Sequence[Path] = ()
    if paths:
        found, missing = documents.files_under(paths)
        for path in missing:
            settings.voice.say("missing_path", path=path)
        if not found:
            settings.voice.say("no_files")
            return NOTHING_DONE
        rows = listed.of_files(found, settings.language, severity)
    else:
        rows = listed.of_dataset(_dataset(settings.folder()), settings.language, severity)
    _print_rows(listed.NAMES, rows, form)
    return WITH_FAILURES if missing else ALL_DONE


COVERAGE_SHOWN = (
    "portals",
    "organization",
    "standing",
    "due",
    "published",
    "days_late",
    "status",
    "url",
    "years",
)


@command("coverage")
@click.option("--year", type=int, required=True, help="Year reported on. 报告年度。")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Day to judge by, else today. 以该日为准。")
@FORMAT
def coverage(settings: Settings, year: int, as_of: "datetime | None", form: "Format") -> int:
    """Who has (not) published on a year, and by when. 该年度谁未公布、谁逾期、谁按期。"""
    from datetime import UTC, datetime

    from nianbao.coverage import READ
    from nianbao.coverage import coverage as covered

    folder = settings.folder()
    reports = _dataset(folder).sql(f"select {', '.join(READ)} from reports").to_arrow_table().to_pylist()  # noqa: S608
    today = as_of.date() if as_of else datetime.now(UTC).date()
    rows = covered(reports, year, deadlines=folder.record().deadlines, today=today)
    _print_rows(COVERAGE_SHOWN, [[getattr(each, name) for name in COVERAGE_SHOWN] for each in rows], form)
    return ALL_DONE


@command("query")
@click.argument("sql")
@FORMAT
def query(settings: Settings, sql: str, form: "Format") -> int:
    """DuckDB over the tables. 用 SQL 查询各表。

    Tables: reports cells sections statements findings captures organizations coverage panel; superseded_reports and so
    on for what later revisions replaced. Columns: data/README.md. 各表各列见 data/README.md。
    """
    import duckdb

    dataset = _dataset(settings.folder())
    try:
        relation = dataset.sql(sql)
        if relation is not None:
            _print_rows(relation.columns, relation.fetchall(), form)
    except duckdb.Error as error:
        if str(dataset.folder) in str(error):  # a damaged file, not a wrong query
            raise
        settings.voice.say("bad_query", reason=error)
        return WRONG_USAGE
    return ALL_DONE


@command("status")
def status(settings: Settings) -> int:
    """Versions, portals, last run, sizes. 版本、门户、最近一次运行、大小。"""
    from nianbao.status import status_lines

    for line in status_lines(settings.folder(), settings.language):
        click.echo(line)
    return ALL_DONE


@command("verify")
def verify(settings: Settings) -> int:
    """Hash the archive again. 重新核对存档。"""
    folder = settings.folder()
    if not folder.archive.portals():
        settings.voice.say("nothing_archived", path=folder.root)
        return NOTHING_DONE
    damages = folder.archive.verify()
    for damage in damages:
        settings.voice.say("damaged", sha256=damage.sha256, problem=damage.problem)
    if damages:
        return WITH_FAILURES
    files = {capture.sha256 for capture in folder.archive.captures() if capture.sha256}
    settings.voice.say("verified", files=len(files))
    return ALL_DONE


@command("rebuild")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Only what was fetched by this date. 截至日期。")
def rebuild(settings: Settings, as_of: "datetime | None") -> int:
    """The dataset anew from the archive. 由存档重建数据集。"""
    from nianbao import pipeline

    folder = settings.folder()
    if not folder.archive.portals():
        settings.voice.say("nothing_archived", path=folder.root)
        return NOTHING_DONE
    with _recorded(folder, "rebuild", settings) as finish:
        return finish(pipeline.rebuild(folder, settings.voice, as_of=as_of.date() if as_of else None), ALL_DONE)


@command("export")
@click.option("--format", "form", type=click.Choice(["csv", "xlsx", "dta", "datapackage", "warc"]), required=True)
@click.option("--to", "target", type=PATHS, help="Folder to write into. [default: DATA/exports/FORMAT] 输出目录。")
@click.option("--with-text", is_flag=True, help="Section texts too, telephone and ID numbers masked. 包含正文。")
def export(settings: Settings, form: str, target: Path | None, with_text: bool) -> int:
    """The dataset for other programs. 导出数据集。"""
    from nianbao.export import export as exported

    folder = settings.folder()
    for path in exported(folder, form, target or folder.root / "exports" / form, with_text=with_text):
        click.echo(path)
    return ALL_DONE


def _dataset(folder: "DataFolder") -> "Dataset":
    from nianbao.dataset import Dataset

    return Dataset(folder.root)


def _chosen(names: Sequence[str], *, everything: bool) -> "Sequence[Portal]":
    """The portals that a command is about."""
    from crawler.portal import choose, registry

    if everything:
        return tuple(registry().values())
    if not names:
        raise click.UsageError("name a PORTAL, or --all (nianbao portals list). 请指明门户，或用 --all。")
    return choose(names)


def _crawl_code(results: "Sequence[CrawlResult]") -> int:
    """3 when every portal is blocked or failing, 1 when one is not ok or a fetch failed for good."""
    if results and all(result.health in ("blocked", "failing") for result in results):
        return NOTHING_DONE
    is_clean = all(result.health == "ok" and not result.errors for result in results)
    return ALL_DONE if is_clean else WITH_FAILURES


@contextmanager
def _recorded(folder: "DataFolder", name: str, settings: Settings) -> "Iterator[Callable[[Outcome, int], int]]":
    """Holds the lock of the folder; the function it gives writes the run report and hands the exit code on."""
    from datetime import UTC, datetime

    from nianbao.runs import write_run_report

    started = datetime.now(UTC)

    def finish(outcome: "Outcome", code: int) -> int:
        path = write_run_report(folder, name, started, outcome, code)
        settings.voice.say("run_report", path=path)
        return code

    with folder.locked():
        yield finish


def _print_rows(names: "Sequence[str]", rows: "Iterable[Sequence[object]]", form: "Format") -> None:
    """Rows on stdout; long texts are cut only where a person looks at them."""
    from nianbao.render import WIDEST, render

    click.echo(render(names, rows, form, WIDEST if sys.stdout.isatty() else None), nl=False)


def _print_summary(folder: "DataFolder", settings: Settings) -> int:
    from nianbao.summary import summary

    click.echo(summary(_dataset(folder), settings.language), nl=False)
    return ALL_DONE
