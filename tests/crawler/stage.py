"""All replicas at once, each on a port of its own with a portal TOML, and what a dataset of them has to hold."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pyarrow.dataset as pads
from msgspec import Struct

from tests.crawler.replica import Replica
from tests.crawler.replicas import Site, builds
from tests.nianbao.shell import run

CHANGES_WITH_TIME = ("fetched_at",)
DATED_BY_RUN = {"captures": ("outcome", "status")}
"""What a resumed run may tell otherwise: a list that was asked again is unchanged."""


class Stage(Struct, frozen=True):
    """The replicas by family, and the TOMLs of their portals, which `nianbao discover` wrote."""

    replicas: dict[str, Replica]
    sites: dict[str, Site]
    tomls: tuple[Path, ...]

    @property
    def reports(self) -> set[tuple[str, str, int]]:
        """Portal, organisation and year of every report."""
        return {(family, *about) for family, site in self.sites.items() for about in site.reports.values()}

    @property
    def hits(self) -> int:
        """Requests that all servers together have seen."""
        return sum(len(replica.hits) for replica in self.replicas.values())


@contextmanager
def staged(folder: Path, *families: str) -> Iterator[Stage]:
    """Serves the replicas of some families, or of all, while the context lasts."""
    chosen = {name: build for name, build in builds().items() if not families or name in families}
    with ExitStack() as stack:
        replicas = {name: stack.enter_context(Replica()) for name in chosen}
        sites = {name: build(replicas[name]) for name, build in chosen.items()}
        tomls = tuple(discovered(site, folder / f"{name}.toml") for name, site in sites.items())
        for replica in replicas.values():
            replica.forget()
        yield Stage(replicas, sites, tomls)


def discovered(site: Site, path: Path) -> Path:
    """Writes what `nianbao discover` prints for a replica's home page."""
    ran = run("discover", site.home, "--allow-private", cwd=path.parent)
    assert ran.code == 0, ran.err
    path.write_text(ran.out, encoding="utf-8")
    return path


def reports_in(data: Path) -> list[tuple[str, str, int]]:
    """Portal, organisation and year of the latest reports of a dataset, in order."""
    rows = rows_of(data, "reports")
    return sorted((row["portal"], row["organization"], row["year"]) for row in rows if row["is_latest"])


def contents_of(data: Path) -> dict[str, list[tuple[str, ...]]]:
    """All tables of a dataset without what depends on the time of day, in an order of their own."""
    names = sorted(path.name for path in (data / "parquet").iterdir() if path.is_dir() and not path.name.startswith("."))
    found = {}
    for name in names:
        left_out = (*CHANGES_WITH_TIME, *DATED_BY_RUN.get(name, ()))
        rows = [tuple(f"{key}={value}" for key, value in sorted(row.items()) if key not in left_out) for row in rows_of(data, name)]
        found[name] = sorted(rows)
    return found


def rows_of(data: Path, table: str) -> list[dict[str, Any]]:
    """The rows of a table."""
    return pads.dataset(data / "parquet" / table, partitioning="hive").to_table().to_pylist()
