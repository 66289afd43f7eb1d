"""Rows of the present generation, taken over as they stand: Arrow slices instead of parsed reports.

A report that did not change has the same rows in the next generation. They are read a row group at a time, in the order
of the file, so that memory holds one row group of each table whatever a year holds.
"""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import msgspec
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

Span = tuple[int, int]
"""First row and the row behind the last."""


class StoredPart:
    """One Parquet file of the present generation; one without rows where there is none."""

    def __init__(self, path: Path) -> None:
        self._file = pq.ParquetFile(path) if path.exists() else None
        self._spans = _spans_of(path) if self._file else {}
        self._starts = _starts(self._file)
        self._group = -1
        self._table: pa.Table | None = None

    def rows_of(self, reports: Iterable[str]) -> Iterator[pa.Table]:
        """The rows of reports in the order of the file, in as few pieces as row groups allow."""
        for start, stop in _joined(self._spans[each] for each in reports if each in self._spans):
            yield from self._rows(start, stop)

    def _rows(self, start: int, stop: int) -> Iterator[pa.Table]:
        group = max(n for n, first in enumerate(self._starts) if first <= start)
        while start < stop:
            end = self._starts[group + 1]
            table = self._read(group)
            yield table.slice(start - self._starts[group], min(stop, end) - start)
            start, group = min(stop, end), group + 1

    def _read(self, group: int) -> pa.Table:
        if group != self._group or self._table is None:
            assert self._file is not None
            self._group, self._table = group, self._file.read_row_group(group)
        return self._table


def write_inputs(path: Path, inputs: dict[str, bytes]) -> None:
    """What each report of a partition was made of, by report_id, beside the Parquet files."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(msgspec.msgpack.encode(inputs))


def read_inputs(path: Path) -> dict[str, bytes]:
    """The same, read back; empty where nothing was written."""
    return msgspec.msgpack.decode(path.read_bytes(), type=dict[str, bytes]) if path.exists() else {}


def _spans_of(path: Path) -> dict[str, Span]:
    """The rows of each report; those of one report stand together."""
    column = pq.read_table(path, columns=["report_id"], partitioning=None).column(0).combine_chunks()
    ends = pc.call_function("run_end_encode", [column])
    found: dict[str, Span] = {}
    start = 0
    for report, end in zip(ends.values.to_pylist(), ends.run_ends.to_pylist(), strict=True):
        found[report] = (start, end)
        start = end
    return found


def _starts(file: pq.ParquetFile | None) -> Sequence[int]:
    """The first row of each row group, and the number of rows."""
    starts = [0]
    if file is not None:
        for group in range(file.num_row_groups):
            starts.append(starts[-1] + file.metadata.row_group(group).num_rows)
    return starts


def _joined(spans: Iterable[Span]) -> Iterator[Span]:
    """Spans that touch as one."""
    current: Span | None = None
    for start, stop in spans:
        if current is not None and current[1] == start:
            current = (current[0], stop)
        else:
            if current is not None:
                yield current
            current = (start, stop)
    if current is not None:
        yield current
