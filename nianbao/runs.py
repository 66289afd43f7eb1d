"""The report of each run, for machines (JSON) and people (Markdown), in `DATA/runs/`."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from msgspec import Struct

from nianbao import __version__
from nianbao.folder import DataFolder
from nianbao.parsed import parser_version
from nianbao.pipeline import Outcome

KEPT_RUNS = 400


class RunReport(Struct, frozen=True):
    """What a command did, when, with which versions. Times are UTC, ISO 8601."""

    command: str
    started_at: str
    finished_at: str
    version: str
    parser_version: str
    exit_code: int
    outcome: Outcome


def write_run_report(folder: DataFolder, command: str, started: datetime, outcome: Outcome, exit_code: int) -> Path:
    """Writes both files and gives the path of the Markdown."""
    report = RunReport(
        command=command,
        started_at=_iso(started),
        finished_at=_iso(datetime.now(UTC)),
        version=__version__,
        parser_version=parser_version(),
        exit_code=exit_code,
        outcome=outcome,
    )
    folder.runs.mkdir(parents=True, exist_ok=True)
    stem = _free_stem(folder.runs, f"{started:%Y%m%dT%H%M%SZ}-{command}")
    encoded = msgspec.json.format(msgspec.json.encode(report), indent=2)
    (folder.runs / f"{stem}.json").write_bytes(encoded + b"\n")
    markdown = folder.runs / f"{stem}.md"
    markdown.write_text("\n".join(_markdown(report)) + "\n", encoding="utf-8")
    _forget_older(folder.runs)
    return markdown


def last_run(folder: DataFolder) -> RunReport | None:
    """The newest run report, or None before the first."""
    paths = sorted(folder.runs.glob("*.json"))
    return msgspec.json.decode(paths[-1].read_bytes(), type=RunReport) if paths else None


def _markdown(report: RunReport) -> Iterator[str]:
    yield f"# nianbao {report.command}, {report.started_at}"
    yield ""
    yield f"Finished {report.finished_at}, exit code {report.exit_code}."
    yield f"Version {report.version}, parser {report.parser_version}."
    outcome = report.outcome
    if outcome.crawled is not None:
        yield from ("", "## Portals", "", "| portal | health | new | links | waiting |", "|---|---|--:|--:|--:|")
        for each in outcome.crawled:
            yield f"| {each.portal} | {each.health} | {each.new_captures} | {each.links} | {each.waiting} |"
        remarks = [f"- {each.portal}: {remark}" for each in outcome.crawled for remark in each.remarks]
        errors = [
            f"- {failure.url}: {failure.outcome}: {failure.reason}"
            for each in outcome.crawled
            for failure in each.errors
        ]
        yield from ("", *remarks, *errors) if remarks or errors else ()
    if outcome.parsed is not None:
        counts = ", ".join(f"{count} {status}" for status, count in outcome.parsed.statuses.items()) or "nothing new"
        yield from ("", "## Documents", "", f"{outcome.parsed.documents} parsed: {counts}.", "")
        yield from (f"- {each.source}: {each.status}: {each.reason}" for each in outcome.parsed.troubles)
    if outcome.written is not None:
        written = outcome.written
        changed = "changed" if written.is_changed else "unchanged"
        yield from ("", "## Dataset", "")
        yield (
            f"{changed}: {written.reports} reports, {written.superseded} superseded revisions, "
            f"{written.findings_error} errors and {written.findings_warning} warnings in the published figures."
        )
        yield ""
        yield (
            f"New: {written.new}, of these late: {written.late}. Changed: {written.changed}. Gone: {written.gone}. "
            f"Without a report on the newest year: {written.missing}."
        )
        if written.named:
            yield ""
            yield from (f"- {each.organization or '?'} {each.year or '?'}: {each.url}" for each in written.named)
        if written.new + written.changed > len(written.named):
            yield f"- and {written.new + written.changed - len(written.named)} more"


def _forget_older(folder: Path) -> None:
    """Keeps the newest run reports only."""
    for path in sorted(folder.glob("*.json"))[:-KEPT_RUNS]:
        path.with_suffix(".md").unlink(missing_ok=True)
        path.unlink()


def _free_stem(folder: Path, stem: str) -> str:
    """The stem, numbered when a run of the same second has taken it."""
    taken = {path.stem for path in folder.glob("*.json")}
    return next(name for name in (stem, *(f"{stem}-{n}" for n in range(2, 1000))) if name not in taken)


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")
