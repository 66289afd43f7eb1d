"""The journal of one portal: every answer, what is still to be asked, and what is known of each address (SQLite, WAL).

One answer is one transaction: the capture, what it taught and the requests it led to are there together or not at all.
So after `kill -9` at any moment a run goes on with the request that was in flight, and nothing is asked twice.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec
from msgspec import Struct

from crawler.capture import Capture, Outcome, Role, iso
from crawler.listing import Request

RESUMED_WITHIN = timedelta(hours=24)
"""A run cut off longer ago is not resumed: its lists are asked anew. What it still had to ask stays in the queue."""
SCHEMA = """
create table if not exists captures (id integer primary key, url text not null, sha256 text, capture text not null);
create index if not exists captures_by_sha256 on captures (sha256);
create table if not exists pages (
    key text primary key, asked_at text not null, outcome text not null, sha256 text, etag text, last_modified text,
    last_run integer not null);
create table if not exists queue (
    id integer primary key, key text not null unique, is_list integer not null, queued text not null,
    due_at text not null default '', attempts integer not null default 0, last_run integer not null default 0);
create index if not exists queue_in_order on queue (is_list desc, id);
create table if not exists links (
    listing text not null, key text not null, title text not null, date text, channel text not null,
    last_run integer not null, primary key (listing, key));
create table if not exists runs (
    id integer primary key, started_at text not null, finished_at text, health text, links text);
create table if not exists pauses (until text not null);
"""


class Queued(Struct, frozen=True):
    """A request that waits, with the link that led to it. `listing`: the first page of the list that a list page
    continues; `page` counts its pages. `depth` counts the columns above."""

    request: Request
    role: Role
    channel: str
    title: str | None = None
    date: str | None = None
    attachment_of: str | None = None
    listing: str = ""
    page: int = 1
    depth: int = 0
    attempts: int = 0


class Known(Struct, frozen=True):
    """What the last answers of an address left behind; `last_run` is the run that asked last."""

    asked_at: datetime
    outcome: Outcome
    sha256: str | None
    etag: str | None
    last_modified: str | None
    last_run: int


class Sighting(Struct, frozen=True):
    """A link where a list showed it; `last_run` is the run that saw it last."""

    key: str
    title: str
    date: str | None
    last_run: int


class Run(Struct, frozen=True):
    """One pass over a portal. `links_before`: report links by channel in the last run that came to its end."""

    id: int
    started_at: datetime
    is_resumed: bool
    links_before: dict[str, int] | None


class Journal:
    """Open as `with Journal(path) as journal`. One writer at a time, whichever its thread; readers are not disturbed."""

    def __init__(self, path: Path) -> None:
        self._database = sqlite3.connect(path, timeout=30.0, isolation_level=None, check_same_thread=False)
        self._database.execute("pragma journal_mode = wal")
        self._database.execute("pragma synchronous = normal")
        self._database.executescript(SCHEMA)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Writes the log back into the database, which waits for the disk."""
        self._database.close()

    # ---- runs

    def begin(self, now: datetime, roots: Sequence[Queued]) -> Run:
        """Goes on with a run that was cut off, else opens a new one, in which every list is to be asked."""
        row = self._database.execute("select id, started_at from runs where finished_at is null").fetchone()
        if row and now - datetime.fromisoformat(row[1]) < RESUMED_WITHIN:
            with self._transaction():
                self._enqueue(row[0], roots)  # channels that the TOML has gained since
            return Run(row[0], datetime.fromisoformat(row[1]), True, self._links_before(row[0]))
        with self._transaction():
            closed = "update runs set finished_at = ?, health = 'cut off' where finished_at is null"
            self._database.execute(closed, (iso(now),))
            self._database.execute("delete from queue where is_list")
            cursor = self._database.execute("insert into runs (started_at) values (?)", (iso(now),))
            run_id = int(cursor.lastrowid or 0)
            self._enqueue(run_id, roots)
        return Run(run_id, now, False, self._links_before(run_id))

    def _links_before(self, run_id: int) -> dict[str, int] | None:
        row = self._database.execute(
            "select links from runs where id < ? and links is not null order by id desc limit 1", (run_id,)
        ).fetchone()
        return msgspec.json.decode(row[0], type=dict[str, int]) if row else None

    def finish(self, run: Run, now: datetime, health: str, links: dict[str, int] | None) -> None:
        """Closes a run; `links` is None where its counts are not to be compared with."""
        encoded = None if links is None else msgspec.json.encode(links).decode()
        self._database.execute(
            "update runs set finished_at = ?, health = ?, links = ? where id = ?", (iso(now), health, encoded, run.id)
        )

    def pause(self, until: datetime) -> None:
        """Writes down that the portal asked to be left alone."""
        self._database.execute("insert into pauses (until) values (?)", (iso(until),))

    def paused_until(self, now: datetime) -> datetime | None:
        """The end of the pause that the portal asked for, None if none lasts."""
        row = self._database.execute("select max(until) from pauses where until > ?", (iso(now),)).fetchone()
        return datetime.fromisoformat(row[0]) if row[0] else None

    # ---- what is to be asked

    def next(self, run: Run, now: datetime) -> Queued | None:
        """The request to ask now: lists first, then in order of discovery; none twice in a run or before it is due."""
        row = self._database.execute(
            "select queued, attempts from queue where last_run < ? and due_at <= ? order by is_list desc, id limit 1",
            (run.id, iso(now)),
        ).fetchone()
        return msgspec.structs.replace(msgspec.json.decode(row[0], type=Queued), attempts=row[1]) if row else None

    def waiting(self) -> int:
        """How many requests are left."""
        return int(self._database.execute("select count(*) from queue").fetchone()[0])

    def _enqueue(self, run_id: int, requests: Iterable[Queued]) -> None:
        """Adds what neither waits already nor was asked in this run (pagers lead back to pages that were read)."""
        self._database.executemany(
            "insert or ignore into queue (key, is_list, queued) select ?1, ?2, ?3 "
            "where not exists (select 1 from pages where key = ?1 and last_run = ?4)",
            [(one.request.key, one.role == "list", msgspec.json.encode(one).decode(), run_id) for one in requests],
        )

    # ---- what is known

    def known(self, key: str) -> Known | None:
        """What earlier answers to a request left behind; None if it was never answered for good."""
        row = self._database.execute(
            "select asked_at, outcome, sha256, etag, last_modified, last_run from pages where key = ?", (key,)
        ).fetchone()
        return Known(datetime.fromisoformat(row[0]), *row[1:]) if row else None

    def sightings(self, listing: str) -> dict[str, Sighting]:
        """The links of one list, by key, as they were last seen."""
        rows = self._database.execute("select key, title, date, last_run from links where listing = ?", (listing,))
        return {row[0]: Sighting(*row) for row in rows}

    def seen(self, run: Run) -> Iterator[tuple[str, str, str]]:
        """Channel, key and title of each link that a run saw."""
        query = "select channel, key, title from links where last_run = ? order by rowid"
        yield from self._database.execute(query, (run.id,))

    # ---- one answer

    def settle(
        self,
        run: Run,
        asked: Queued,
        capture: Capture,
        *,
        due: datetime | None,
        sightings: Sequence[Sighting] = (),
        requests: Sequence[Queued] = (),
    ) -> None:
        """Takes an answer in. With `due` the request goes back into the queue, for a later run from that time on; what
        a body taught is kept all the same."""
        key = asked.request.key
        with self._transaction():
            self.record(capture)
            if due is None:
                self._database.execute("delete from queue where key = ?", (key,))
            else:
                self._database.execute(
                    "update queue set due_at = ?, attempts = attempts + 1, last_run = ? where key = ?",
                    (iso(due), run.id, key),
                )
            if due is None or capture.sha256 is not None:
                self._learn(run, key, capture)
            self._database.executemany(
                "insert or replace into links (listing, key, title, date, channel, last_run) values (?, ?, ?, ?, ?, ?)",
                [(asked.listing, one.key, one.title, one.date, asked.channel, run.id) for one in sightings],
            )
            self._enqueue(run.id, requests)

    def record(self, capture: Capture) -> None:
        """Writes an answer down."""
        encoded = msgspec.json.encode(capture).decode()
        self._database.execute(
            "insert into captures (url, sha256, capture) values (?, ?, ?)", (capture.url, capture.sha256, encoded)
        )

    def _learn(self, run: Run, key: str, capture: Capture) -> None:
        """A failure teaches only that the page was asked for: what an earlier success left behind stays."""
        headers = dict(capture.headers)
        has_body = capture.outcome in ("stored", "unchanged")
        learnt = (capture.sha256, headers.get("etag"), headers.get("last-modified")) if has_body else (None, None, None)
        self._database.execute(
            "insert into pages (key, asked_at, outcome, last_run, sha256, etag, last_modified) "
            "values (?, ?, ?, ?, ?, ?, ?) "
            "on conflict (key) do update set asked_at = excluded.asked_at, outcome = excluded.outcome, "
            "last_run = excluded.last_run, sha256 = coalesce(excluded.sha256, sha256), "
            "etag = coalesce(excluded.etag, etag), last_modified = coalesce(excluded.last_modified, last_modified)",
            (key, capture.fetched_at, capture.outcome, run.id, *learnt),
        )

    # ---- reading

    def captures(self) -> Iterator[Capture]:
        """All answers in the order in which they came."""
        for (encoded,) in self._database.execute("select capture from captures order by id"):
            yield msgspec.json.decode(encoded, type=Capture)

    def capture_of(self, url: str, sha256: str) -> Capture | None:
        """The first answer of an address that brought this body."""
        row = self._database.execute(
            "select capture from captures where sha256 = ? and url = ? order by id limit 1", (sha256, url)
        ).fetchone()
        return msgspec.json.decode(row[0], type=Capture) if row else None

    def others_with(self, sha256: str, url: str) -> Iterator[Capture]:
        """The answers of other addresses that brought this body."""
        rows = self._database.execute("select capture from captures where sha256 = ? and url <> ?", (sha256, url))
        for (encoded,) in rows:
            yield msgspec.json.decode(encoded, type=Capture)

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._database.execute("begin immediate")
        try:
            yield
        except BaseException:
            self._database.execute("rollback")
            raise
        self._database.execute("commit")
