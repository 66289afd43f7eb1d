"""Writing the dataset: a whole new generation beside the old one, then one atomic swap.

`DATA/.generations/N/` holds the Parquet files, `DATA/parquet` is a symlink to the newest. Files that did not change are
hard links to the generation before, and a write that changes nothing makes no generation at all. Generation N-1 stays
until the next write, so that a reader who opened it can finish.
"""

import filecmp
import os
import shutil
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from nianbao.schemas import ROW_GROUP_ROWS, TableSchema, arrow_schema

LINK = "parquet"
FOLDER = ".generations"
SUPERSEDED = "superseded"


class Generation:
    """A generation in the making. `publish` makes it the dataset, or drops it when it equals the present one."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self._present = present(data)
        numbers = [int(path.name) for path in (data / FOLDER).glob("*") if path.name.isdigit()]
        self.number = max(numbers, default=0) + 1
        self._folder = data / FOLDER / f"{self.number}.new"
        if self._folder.exists():
            shutil.rmtree(self._folder)
        self._folder.mkdir(parents=True)

    def write(
        self,
        table: TableSchema,
        rows: Iterable[Mapping[str, Any]],
        *,
        year: int | None = None,
        superseded: bool = False,
    ) -> None:
        """Writes the rows of one table (of one partition of it), sorted; a partition without rows leaves no file."""
        ordered = sorted(rows, key=lambda row: tuple(row[name] or "" for name in table.sort))
        if not ordered and table.partitioned:
            return
        schema = arrow_schema(table)
        columns = {field.name: pa.array([row[field.name] for row in ordered], field.type) for field in schema}
        path = self._path(table, year, superseded)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            pq.write_table(
                pa.table(columns, schema=schema),
                file,
                compression="zstd",
                use_dictionary=True,
                row_group_size=ROW_GROUP_ROWS,
            )
            file.flush()
            os.fsync(file.fileno())

    def publish(self) -> bool:
        """Makes this generation the dataset; True when anything changed."""
        new, old = _files(self._folder), _files(self._present) if self._present else {}
        equal = {name for name, path in new.items() if name in old and filecmp.cmp(path, old[name], shallow=False)}
        if self._present and len(equal) == len(new) == len(old):
            shutil.rmtree(self._folder)
            return False
        for name in equal:
            new[name].unlink()
            os.link(old[name], new[name])
        final = self._folder.with_name(str(self.number))
        _sync_folders(self._folder)
        self._folder.rename(final)
        _sync(final.parent)
        _point(self._data / LINK, final)
        self._forget_older()
        return True

    def _path(self, table: TableSchema, year: int | None, superseded: bool) -> Path:
        root = self._folder / SUPERSEDED if superseded else self._folder
        partition = f"year={year}" if table.partitioned else ""
        return root / table.name / partition / "part-0.parquet"

    def _forget_older(self) -> None:
        kept = {str(self.number), self._present.name if self._present else ""}
        for folder in (self._data / FOLDER).iterdir():
            if folder.name not in kept:
                shutil.rmtree(folder)


def present(data: Path) -> Path | None:
    """The folder of the generation that readers see now, or None before the first write."""
    link = data / LINK
    return link.resolve() if link.exists() else None


def by_year(rows: Iterable[Mapping[str, Any]]) -> Iterator[tuple[int, Sequence[Mapping[str, Any]]]]:
    """Rows by partition, in order of years."""
    years: dict[int, list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows:
        years[row["year"]].append(row)
    yield from sorted(years.items())


def _files(folder: Path) -> dict[str, Path]:
    return {path.relative_to(folder).as_posix(): path for path in folder.rglob("*.parquet")}


def _point(link: Path, target: Path) -> None:
    """Swaps the symlink in one step, so that a reader sees one generation or the other."""
    fresh = link.with_name(f".{link.name}.new")
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(os.path.relpath(target, link.parent), target_is_directory=True)
    fresh.replace(link)
    _sync(link.parent)


def _sync_folders(root: Path) -> None:
    for folder in (root, *(path for path in root.rglob("*") if path.is_dir())):
        _sync(folder)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
