"""The parse cache of a data folder: every archived document is parsed once for each version of the parser.

`DATA/parsed.sqlite` may be deleted at any time; it is made again from the archive. Heads (what identity needs) lie
apart from bodies, so that deciding what the dataset holds does not load every cell.
"""

import hashlib
import sqlite3
import zlib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Self

import msgspec

from nianbao import __version__
from nianbao.heads import Head, head_of
from parsers.report import Report

DocumentKey = tuple[str, str, str, str]
"""(sha256 of the content, address, division of the portal or "", digest of the pictures that the page shows or ""): all
that a parse depends on beside the parser."""

TABLES = """
create table if not exists parsed (
    sha256 text not null, address text not null, within text not null, pictures text not null,
    parser_version text not null, heads blob not null, body blob not null,
    primary key (sha256, address, within, pictures)
) without rowid
"""
DAMAGED = (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT)
LAYOUT = 4
"""Rises with every change of `Head` and of the key: what an older layout remembers is forgotten, and parsed again."""
_heads = msgspec.msgpack.Decoder(tuple[Head, ...])
_reports = msgspec.msgpack.Decoder(tuple[Report, ...])


@cache
def parser_version() -> str:
    """The package version and 8 hex digits over everything that `parsers` is made of, its templates included."""
    return f"{__version__}+{digest_of_package('parsers')}"


def digest_of_package(package: str) -> str:
    """Eight hex digits over code and tables of an installed package."""
    digest = hashlib.sha256()
    for name, content in _package_files(files(package)):
        digest.update(f"{name}\n{len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()[:8]


class ParseCache:
    """What the parser said about each document. One writer at a time: the lock of the data folder sees to that."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._connection = _opened(path)
        self._connection.execute("pragma synchronous=normal")
        if self._connection.execute("pragma user_version").fetchone()[0] != LAYOUT:
            self._connection.execute("drop table if exists parsed")
            self._connection.execute(f"pragma user_version={LAYOUT}")
        self._connection.execute(TABLES)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.commit()
        self._connection.close()

    def known(self, version: str) -> set[DocumentKey]:
        """The documents that this version of the parser has parsed."""
        rows = self._connection.execute(
            "select sha256, address, within, pictures from parsed where parser_version = ?", (version,)
        )
        return {(sha256, address, within, pictures) for sha256, address, within, pictures in rows}

    def store(self, key: DocumentKey, version: str, reports: tuple[Report, ...]) -> None:
        """Remembers the reports of a document, in place of what an older parser said."""
        heads = msgspec.msgpack.encode(tuple(head_of(report, n, key[2] or None) for n, report in enumerate(reports)))
        body = zlib.compress(msgspec.msgpack.encode(reports), 1)
        with self._connection:
            self._connection.execute(
                "insert or replace into parsed values (?, ?, ?, ?, ?, ?, ?)", (*key, version, heads, body)
            )

    def heads(self) -> Iterator[tuple[DocumentKey, str, tuple[Head, ...]]]:
        """Every document with the version that parsed it and its heads."""
        rows = self._connection.execute("select sha256, address, within, pictures, parser_version, heads from parsed")
        for sha256, address, within, pictures, version, heads in rows:
            yield (sha256, address, within, pictures), version, _heads.decode(heads)

    def reports(self, key: DocumentKey) -> tuple[Report, ...]:
        """The full reports of a document. Raises KeyError for one that was never stored."""
        row = self._connection.execute(
            "select body from parsed where sha256 = ? and address = ? and within = ? and pictures = ?", key
        ).fetchone()
        if row is None:
            raise KeyError(key)
        return _reports.decode(zlib.decompress(row[0]))

    def clear(self) -> None:
        """Forgets everything: the next write parses the whole archive."""
        with self._connection:
            self._connection.execute("delete from parsed")


def _opened(path: Path) -> sqlite3.Connection:
    """The database; a new one in place of a damaged one, since it only spares parsing."""
    connection = sqlite3.connect(path)
    try:
        connection.execute("pragma journal_mode=wal")
        connection.execute("select count(*) from sqlite_schema")
    except sqlite3.DatabaseError as error:
        connection.close()
        if error.sqlite_errorcode not in DAMAGED:
            raise
        for each in (path, *(path.with_name(path.name + ending) for ending in ("-wal", "-shm"))):
            each.unlink(missing_ok=True)
        return _opened(path)
    return connection


def _package_files(folder: Traversable, prefix: str = "") -> Iterator[tuple[str, bytes]]:
    for entry in sorted(folder.iterdir(), key=lambda each: each.name):
        if entry.is_dir():
            if entry.name not in ("__pycache__", "demo_pages"):
                yield from _package_files(entry, f"{prefix}{entry.name}/")
        else:
            yield f"{prefix}{entry.name}", entry.read_bytes()
