"""What the commands tell people, on stderr: one line an event, in Chinese or English, or as JSON for machines.

The one place that holds the sentences. An event is a constant name with values; `-v` shows those of level debug too.
Importing this module imports nothing heavy.
"""

import json
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Literal, TextIO

Language = Literal["zh", "en"]
Level = Literal["debug", "info", "warning", "error"]

TRANSLATED = frozenset({"reason", "problem", "health", "outcome", "status"})
"""Values of events that are sentences or words, not names or numbers."""

EVENTS: dict[str, tuple[Level, str, str]] = {
    "portal_started": ("info", "{portal}：开始采集", "{portal}: crawling"),
    "portal_finished": (
        "info",
        "{portal}：{health}，新内容 {stored}，未变 {unchanged}，失败 {failed}",
        "{portal}: {health}, {stored} new, {unchanged} unchanged, {failed} without content",
    ),
    "portal_unwell": ("warning", "{portal}：{health}：{reason}", "{portal}: {health}: {reason}"),
    "fetched": ("debug", "{url}：{outcome}", "{url}: {outcome}"),
    "fetch_failed": ("warning", "{url}：{outcome}：{reason}", "{url}: {outcome}: {reason}"),
    "parsing": ("info", "解析 {documents} 份文件", "parsing {documents} documents"),
    "no_report": ("warning", "{source}：{status}：{reason}", "{source}: {status}: {reason}"),
    "partial_report": ("info", "{source}：部分可读：{reason}", "{source}: partial: {reason}"),
    "missing_path": ("error", "{path}：文件不存在", "{path}: no such file"),
    "parsed_format": ("info", "{format}：{status} {documents} 份", "{format}: {documents} {status}"),
    "no_files": ("error", "没有找到任何文件", "no file was found"),
    "added": ("debug", "{path}：已存档（{sha256}）", "{path}: archived ({sha256})"),
    "all_added": ("info", "已存档 {files} 份文件", "files archived: {files}"),
    "dataset_written": (
        "info",
        "数据集：{reports} 份年报，{errors} 处错误，{warnings} 处警告 → {path}",
        "dataset: {reports} reports, {errors} errors, {warnings} warnings → {path}",
    ),
    "dataset_unchanged": ("info", "数据集无变化：{path}", "dataset unchanged: {path}"),
    "run_report": ("info", "运行报告：{path}", "run report: {path}"),
    "verified": ("info", "存档完好：{files} 个文件", "archive intact: {files} files"),
    "damaged": ("error", "{sha256}：{problem}", "{sha256}: {problem}"),
    "nothing_archived": ("error", "{path} 中没有存档", "nothing is archived in {path}"),
    "portal_valid": ("info", "{portal}：可用（{path}）", "{portal}: valid ({path})"),
    "no_report_named": ("error", "没有标识为 {report} 的年报", "no report is named {report}"),
    "ambiguous_report": ("error", "{report} 对应多份年报：{reports}", "{report} names several reports: {reports}"),
    "no_cell": ("error", "年报 {report} 没有单元格 {cell}", "report {report} has no cell {cell}"),
    "bad_query": ("error", "查询有误：{reason}", "the query is wrong: {reason}"),
    "looked_at": ("info", "查看 {url}（{label}）：{outcome} {reason}", "looked at {url} ({label}): {outcome} {reason}"),
    "columns_found": (
        "info",
        "{url}：{columns} 个年报栏目，列表中见到 {reports} 份年报，家族 {family}",
        "{url}: {columns} annual-report columns, {reports} reports seen in their lists, family {family}",
    ),
    "channel_works": ("info", "{portal}：{url} 列出 {reports} 份年报", "{portal}: {url} lists {reports} reports"),
    "channel_silent": ("error", "{portal}：{url}：{reason}", "{portal}: {url}: {reason}"),
    "no_column": (
        "error",
        "{url}：查看了上列 {pages} 个页面，没有找到政府信息公开年报栏目；可以改用该栏目的网址",
        "{url}: no annual-report column among the {pages} pages named above; try the address of the column itself",
    ),
    "column_elsewhere": (
        "warning",
        "另一网站上的年报栏目，未跟随：{url}",
        "a column on another site, not followed: {url}",
    ),
    "discovery_stopped": ("error", "{url}：{outcome}：{reason}", "{url}: {outcome}: {reason}"),
    "private_refused": (
        "error",
        "{url} 是本机或内网地址；如确需访问，请加 --allow-private",
        "{url} is an address of this machine or of a private network; add --allow-private to ask it all the same",
    ),
    "missing_file": ("error", "{path}：{reason}", "{path}: {reason}"),
    "damaged_file": (
        "error",
        "{path} 中有文件损坏（{reason}）：存档完好时 `nianbao rebuild` 可重新生成，先运行 `nianbao verify`",
        "a file in {path} is damaged ({reason}): `nianbao verify` tells whether the archive is, if not `nianbao rebuild` helps",
    ),
    "failure": ("error", "{reason}", "{reason}"),
}


class Voice:
    """Says events on stderr. `log_json`: one JSON object a line instead of a sentence."""

    def __init__(
        self, language: Language, *, verbose: bool = False, log_json: bool = False, stream: TextIO | None = None
    ) -> None:
        self.language = language
        self._verbose = verbose
        self._log_json = log_json
        self._stream = stream or sys.stderr

    def say(self, event: str, **values: object) -> None:
        """Says one event. Raises KeyError for an event that `EVENTS` does not know."""
        level, chinese, english = EVENTS[event]
        if level == "debug" and not self._verbose:
            return
        if self._log_json:
            line = json.dumps({"event": event, "level": level, **_plain(values)}, ensure_ascii=False)
        else:
            line = chinese.format(**in_chinese_where_known(values)) if self.language == "zh" else english.format(**values)
        print(" ".join(line.split()) if not self._log_json else line, file=self._stream, flush=True)

    @contextmanager
    def progress(self, total: int) -> "Iterator[Progress]":
        """A bar on a terminal, silence elsewhere."""
        if self._log_json or total < 2 or not self._stream.isatty():
            yield Progress()
            return
        from rich.console import Console
        from rich.progress import Progress as Bar

        # what is printed meanwhile goes above the bar, but never into it where stdout is a file or a pipe
        with Bar(console=Console(file=self._stream), transient=True, redirect_stdout=sys.stdout.isatty()) as bar:
            task = bar.add_task("", total=total)
            yield Progress(lambda: bar.advance(task))


class Progress:
    """Counts steps for whoever looks at a bar."""

    def __init__(self, step: "object | None" = None) -> None:
        self._step = step

    def advance(self) -> None:
        if callable(self._step):
            self._step()


def language_of_locale(environment: Mapping[str, str] = os.environ) -> Language:
    """Chinese when the locale is Chinese, else English."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANGUAGE", "LANG"):
        value = environment.get(name, "")
        if value:
            return "zh" if value.lower().startswith("zh") else "en"
    return "en"


def in_chinese_where_known(values: Mapping[str, object]) -> dict[str, object]:
    """The values with reasons, and words for states, in Chinese."""
    from nianbao.reasons import in_chinese

    return {name: in_chinese(str(value)) if name in TRANSLATED else value for name, value in values.items()}


def _plain(values: Mapping[str, object]) -> dict[str, object]:
    return {
        name: value if isinstance(value, int | float | str | None) else str(value) for name, value in values.items()
    }
