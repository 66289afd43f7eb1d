"""The state of a data folder in a few lines."""

from collections.abc import Iterator
from pathlib import Path

from nianbao import __version__
from nianbao.dataset import Dataset
from nianbao.errors import DatasetError
from nianbao.folder import DataFolder
from nianbao.generations import present
from nianbao.parsed import parser_version
from nianbao.runs import last_run
from nianbao.voice import Language, in_chinese_where_known

SAID: dict[str, tuple[str, str]] = {
    "versions": (
        "nianbao {nianbao}, parser {parser}, schema {schema}, archive {archive}",
        "nianbao {nianbao}，解析器 {parser}，结构版本 {schema}，存档版本 {archive}",
    ),
    "data": ("data: {root}", "数据目录：{root}"),
    "demo": ("data: {root} (demo)", "数据目录：{root}（演示）"),
    "portal": ("portal {key}: {documents} archived bodies {name}", "门户 {key}：存档 {documents} 份 {name}"),
    "archive": ("archive: {size} bytes", "存档：{size} 字节"),
    "no run": ("last run: none", "最近运行：无"),
    "run": ("last run: {command}, {at}, exit code {code}", "最近运行：{command}，{at}，退出码 {code}"),
    "crawled": (
        "  {portal}: {health}, {new} new, {waiting} waiting",
        "  {portal}：{health}，新内容 {new}，待取 {waiting}",
    ),
    "table": ("table {name}: {count} rows", "表 {name}：{count} 行"),
    "dataset": ("dataset: {size} bytes, generation {generation}", "数据集：{size} 字节，第 {generation} 代"),
    "outdated": (
        "dataset: made by parser {versions}; `nianbao parse` brings it up to date",
        "数据集由解析器 {versions} 生成，运行 `nianbao parse` 可更新",
    ),
    "no dataset": ("dataset: {reason}", "数据集：{reason}"),
}
"""Each line in English and Chinese."""


def status_lines(folder: DataFolder, language: Language = "en") -> Iterator[str]:
    """Versions, portals, last run, sizes, one fact a line."""
    for name, values in _facts(folder):
        english, chinese = SAID[name]
        if language == "zh":
            yield chinese.format(**in_chinese_where_known(values)).rstrip()
        else:
            yield english.format(**values).rstrip()


def _facts(folder: DataFolder) -> Iterator[tuple[str, dict[str, object]]]:
    record = folder.record()
    versions = {"nianbao": __version__, "parser": parser_version(), "schema": record.schema, "archive": record.archive}
    yield "versions", {**versions}
    yield ("demo" if record.is_demo else "data"), {"root": folder.root}
    for key in folder.archive.portals():
        name = record.portals[key].name if key in record.portals else ""
        documents = {capture.sha256 for capture in folder.archive.captures(key) if capture.sha256}
        yield "portal", {"key": key, "documents": len(documents), "name": name}
    yield from _last_run(folder)
    yield from _dataset(folder)
    yield "archive", {"size": _size(folder.archive.root)}


def _last_run(folder: DataFolder) -> Iterator[tuple[str, dict[str, object]]]:
    run = last_run(folder)
    if run is None:
        yield "no run", {}
        return
    yield "run", {"command": run.command, "at": run.finished_at, "code": run.exit_code}
    for each in run.outcome.crawled or ():
        facts = {"portal": each.portal, "health": each.health, "new": each.new_captures, "waiting": each.waiting}
        yield "crawled", {**facts}


def _dataset(folder: DataFolder) -> Iterator[tuple[str, dict[str, object]]]:
    try:
        dataset = Dataset(folder.root)
    except DatasetError as error:
        yield "no dataset", {"reason": error}
        return
    for name in dataset.names():
        ((count,),) = dataset.sql(f"select count(*) from {name}").fetchall()  # noqa: S608
        yield "table", {"name": name, "count": count}
    made_by = dataset.sql("select distinct parser_version from reports order by 1").fetchall()
    if older := [version for (version,) in made_by if version != parser_version()]:
        yield "outdated", {"versions": ", ".join(older)}
    generation = present(folder.root)
    yield "dataset", {"size": _size(dataset.folder), "generation": generation.name if generation else "-"}


def _size(root: Path) -> int:
    return sum(path.stat().st_size for path in root.rglob("*") if path.is_file())
