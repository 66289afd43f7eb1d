"""Writing the dataset: a whole new generation beside the old one, then one atomic swap.

`DATA/.generations/N/` holds the Parquet files, `N.inputs/` what they were made of; `DATA/parquet` is a symlink to the
newest. Files that did not change are hard links to the generation before, and a write that changes nothing makes no
generation at all. Generation N-1 stays until the next write, so that a reader who opened it can finish.
"""

import filecmp
import os
import shutil
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pyarrow as pa
import pyarrow.parquet as pq

from crawler.archive import sync_folder
from nianbao.columns import ROW_GROUP_ROWS, TableSchema, arrow_schema
from nianbao.errors import DatasetError

LINK = "parquet"
FOLDER = ".generations"
SUPERSEDED = "superseded"
INPUTS_ENDING = ".inputs"
INPUTS = b"nianbao.inputs"
"""Key of the file metadata that names what a file was made of."""


class Part:
    """One Parquet file in the making. Rows come in the order of the file; a row group is written when it is full."""

    def __init__(self, path: Path, table: TableSchema, inputs: str) -> None:
        self._path = path
        self._schema = arrow_schema(table)
        if inputs:
            self._schema = self._schema.with_metadata({**(self._schema.metadata or {}), INPUTS: inputs.encode()})
        self._is_optional = table.partitioned
        self._waiting: list[Mapping[str, Any]] = []
        self._pieces: list[pa.Table] = []
        self._piece_rows = 0
        self._writer: pq.ParquetWriter | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None) -> None:
        """Completes the file; a partition without rows leaves none."""
        if kind is None:
            self._gather()
            self._write(self._piece_rows)
        if self._writer is not None:
            self._writer.close()
            _sync(self._path)

    def add(self, rows: Iterable[Mapping[str, Any]]) -> None:
        self._waiting += rows
        if self._piece_rows + len(self._waiting) >= ROW_GROUP_ROWS:
            self._gather()
            self._write_full_groups()

    def add_table(self, table: pa.Table) -> None:
        """Rows that are Arrow already, such as those of the generation before."""
        self._gather()
        self._pieces.append(table.select(self._schema.names).cast(self._schema))
        self._piece_rows += table.num_rows
        self._write_full_groups()

    def _gather(self) -> None:
        """The rows that wait, as one more piece."""
        if self._waiting:
            columns = [pa.array([row[field.name] for row in self._waiting], field.type) for field in self._schema]
            self._pieces.append(pa.table(columns, schema=self._schema))
            self._piece_rows += len(self._waiting)
            self._waiting = []

    def _write_full_groups(self) -> None:
        while self._piece_rows >= ROW_GROUP_ROWS:
            self._write(ROW_GROUP_ROWS)

    def _write(self, rows: int) -> None:
        """Writes the first rows of the pieces as one row group. Whatever the pieces were, equal rows give equal bytes."""
        if rows == 0 and (self._is_optional or self._writer is not None):
            return
        table = pa.concat_tables(self._pieces) if self._pieces else self._schema.empty_table()
        if self._writer is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._writer = pq.ParquetWriter(self._path, self._schema, compression="zstd", use_dictionary=True)
        self._writer.write_table(table.slice(0, rows).combine_chunks(), row_group_size=ROW_GROUP_ROWS)
        rest = table.slice(rows)
        self._pieces, self._piece_rows = [rest] if rest.num_rows else [], rest.num_rows


class Generation:
    """A generation in the making. `publish` makes it the dataset, or drops it when it equals the present one. With
    `anew`, nothing is taken over from the present one, which may be damaged; equal files still become one.

    Raises DatasetError when a folder stands where the link should be, such as a copy made without links.
    """

    def __init__(self, data: Path, *, anew: bool = False) -> None:
        if (data / LINK).is_dir() and not (data / LINK).is_symlink():
            raise DatasetError(f"{data / LINK} is a folder of its own, not one of ours: move it away first")
        self._data = data
        self.before = present(data)
        self.present = None if anew else self.before
        numbers = [int(path.name) for path in (data / FOLDER).glob("*") if path.name.isdigit()]
        self.number = max(numbers, default=0) + 1
        self._folder = data / FOLDER / f"{self.number}.new"
        self._drop()
        self._folder.mkdir(parents=True)

    def part(self, table: TableSchema, *, year: int | None = None, superseded: bool = False, inputs: str = "") -> Part:
        """The file of one table, or of one partition of it. `inputs` names what it is made of, for `reuse`."""
        return Part(part_path(self._folder, table, year, superseded=superseded), table, inputs)

    def write(self, table: TableSchema, rows: Iterable[Mapping[str, Any]], *, inputs: str = "") -> None:
        """Writes a whole table, sorted."""
        with self.part(table, inputs=inputs) as part:
            part.add(sorted(rows, key=lambda row: tuple(row[name] or "" for name in table.sort)))

    def write_table(self, table: TableSchema, rows: pa.Table) -> None:
        """Writes a whole table that is Arrow already, in its order."""
        with self.part(table) as part:
            part.add_table(rows)

    def inputs_path(self, year: int, *, superseded: bool) -> Path:
        """Where this generation notes what each report of a partition was made of."""
        return inputs_path(self._folder, year, superseded=superseded)

    def reuse(self, tables: Sequence[TableSchema], year: int, *, superseded: bool, inputs: str) -> bool:
        """Takes a partition over from the present generation when its first table was made of the same inputs."""
        if self.present is None:
            return False
        paths = [(part_path(self.present, table, year, superseded=superseded), table) for table in tables]
        if not paths[0][0].exists() or made_of(paths[0][0]) != inputs:
            return False
        for old, table in paths:
            if old.exists():
                new = part_path(self._folder, table, year, superseded=superseded)
                new.parent.mkdir(parents=True, exist_ok=True)
                os.link(old, new)
        noted = inputs_path(self.present, year, superseded=superseded)
        if noted.exists():
            new = self.inputs_path(year, superseded=superseded)
            new.parent.mkdir(parents=True, exist_ok=True)
            os.link(noted, new)
        return True

    def publish(self) -> bool:
        """Makes this generation the dataset; True when anything changed."""
        new, old = _files(self._folder), _files(self.before) if self.before else {}
        equal = {name for name, path in new.items() if name in old and _is_equal(path, old[name])}
        if self.before and len(equal) == len(new) == len(old):
            self._drop()
            return False
        for name in equal:
            new[name].unlink()
            os.link(old[name], new[name])
        final = self._folder.with_name(str(self.number))
        for folder in (self._folder, *(path for path in self._folder.rglob("*") if path.is_dir())):
            sync_folder(folder)
        self._folder.rename(final)
        if _inputs_folder(self._folder).exists():
            _inputs_folder(self._folder).rename(_inputs_folder(final))
        sync_folder(final.parent)
        _point(self._data / LINK, final)
        self._forget_older()
        return True

    def _drop(self) -> None:
        for folder in (self._folder, _inputs_folder(self._folder)):
            if folder.exists():
                shutil.rmtree(folder)

    def _forget_older(self) -> None:
        numbers = (str(self.number), self.before.name if self.before else "")
        kept = {*numbers, *(f"{number}{INPUTS_ENDING}" for number in numbers)}
        for folder in (self._data / FOLDER).iterdir():
            if folder.name not in kept:
                shutil.rmtree(folder)


def part_path(folder: Path, table: TableSchema, year: int | None = None, *, superseded: bool = False) -> Path:
    """Where a generation keeps a table, or one partition of it."""
    root = folder / SUPERSEDED if superseded else folder
    return root / table.name / (f"year={year}" if table.partitioned else "") / "part-0.parquet"


def inputs_path(folder: Path, year: int, *, superseded: bool = False) -> Path:
    """Where a generation notes what each report of a partition was made of; no table, only the next write reads it."""
    return _inputs_folder(folder) / f"{SUPERSEDED if superseded else 'latest'}-{year}.msgpack"


def _inputs_folder(folder: Path) -> Path:
    """Beside the generation, since the folder that readers see holds tables only."""
    return folder.with_name(f"{folder.name}{INPUTS_ENDING}")


def made_of(path: Path) -> str:
    """What a file says it was made of; empty where it says nothing."""
    return (pq.read_schema(path).metadata or {}).get(INPUTS, b"").decode()


def present(data: Path) -> Path | None:
    """The folder of the generation that readers see now, or None before the first write."""
    link = data / LINK
    return link.resolve() if link.exists() else None


def _files(folder: Path) -> dict[str, Path]:
    return {path.relative_to(folder).as_posix(): path for path in folder.rglob("*.parquet")}


def _point(link: Path, target: Path) -> None:
    """Swaps the symlink in one step, so that a reader sees one generation or the other."""
    fresh = link.with_name(f".{link.name}.new")
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(os.path.relpath(target, link.parent), target_is_directory=True)
    fresh.replace(link)
    sync_folder(link.parent)


def _is_equal(one: Path, other: Path) -> bool:
    return one.samefile(other) or filecmp.cmp(one, other, shallow=False)


def _sync(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())
