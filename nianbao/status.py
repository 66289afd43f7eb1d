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


def status_lines(folder: DataFolder) -> Iterator[str]:
    """Versions, portals, last run, sizes, one fact a line."""
    record = folder.record()
    yield f"nianbao {__version__}, parser {parser_version()}, schema {record.schema}, archive {record.archive}"
    yield f"data: {folder.root}{' (demo)' if record.is_demo else ''}"
    for key in folder.archive.portals():
        name = record.portals[key].name if key in record.portals else ""
        documents = {capture.sha256 for capture in folder.archive.captures(key) if capture.sha256}
        yield f"portal {key}: {len(documents)} archived bodies {name}".rstrip()
    yield from _last_run(folder)
    yield from _dataset(folder)
    yield f"archive: {_size(folder.archive.root)} bytes"


def _last_run(folder: DataFolder) -> Iterator[str]:
    run = last_run(folder)
    if run is None:
        yield "last run: none"
        return
    yield f"last run: {run.command}, {run.finished_at}, exit code {run.exit_code}"
    for each in run.outcome.crawled or ():
        yield f"  {each.portal}: {each.health}, {each.new_captures} new, {each.waiting} waiting"


def _dataset(folder: DataFolder) -> Iterator[str]:
    try:
        dataset = Dataset(folder.root)
    except DatasetError as error:
        yield f"dataset: {error}"
        return
    for name in dataset.names():
        ((count,),) = dataset.sql(f"select count(*) from {name}").fetchall()  # noqa: S608
        yield f"table {name}: {count} rows"
    generation = present(folder.root)
    yield f"dataset: {_size(dataset.folder)} bytes, generation {generation.name if generation else '-'}"


def _size(root: Path) -> int:
    return sum(path.stat().st_size for path in root.rglob("*") if path.is_file())
