"""Where to look and how politely (step 1: portal): one TOML a portal.

Loading checks everything once; a `PortalError` names file and key. The bundled TOMLs in `portals/` are the registry;
a portal of one's own is a path to a TOML of the same form.
"""

import re
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from crawler.address import is_web, resolve
from crawler.capture import LOCAL
from crawler.errors import PortalError
from crawler.families import FAMILIES
from crawler.listing import Channel

REGISTRY = Path(__file__).parent / "portals"
KEY = re.compile(r"[\w-][\w.-]*(?:/[\w-][\w.-]*)*")
Positive = Annotated[int, Meta(ge=1)]
Seconds = Annotated[float, Meta(ge=0, le=3600)]


class Pace(Struct, frozen=True, forbid_unknown_fields=True):
    """`delay`: seconds between the end of one answer and the next request to the same host, at least."""

    delay: Seconds = 3.0


class Expect(Struct, frozen=True, forbid_unknown_fields=True):
    """`reports_per_year`: how many bodies publish here; fewer links in the newest full year: the lists drifted.
    `township_deadline`: the day by which local rule wants the reports of towns, `MM-DD`; the Regulations name none."""

    reports_per_year: Positive | None = None
    township_deadline: str | None = None

    def __post_init__(self) -> None:
        if self.township_deadline is not None:
            try:
                date.fromisoformat(f"2023-{self.township_deadline}")
            except ValueError as error:
                raise ValueError(f"township_deadline: {self.township_deadline!r} is no day `MM-DD`") from error


class RobotsOverride(Struct, frozen=True, forbid_unknown_fields=True):
    """A stated reason to go past robots.txt, such as a permission of the site's operator."""

    ignore: bool
    reason: Annotated[str, Meta(min_length=10)]


class Portal(Struct, frozen=True, forbid_unknown_fields=True):
    """A website (门户) that publishes annual reports, and what we know of it.

    `division` is the code of the administrative division the portal belongs to. `allow_private_addresses` opens exactly
    the origins of the channel URLs, for portals on loopback or an intranet. `recheck_days`: after so many days a known
    article is asked for again even when its list entry has not changed. `evidence` says where the addresses were seen,
    `verified` whether a person has seen the portal work. `tls = "legacy"` admits servers with outdated cryptography.
    """

    name: Annotated[str, Meta(min_length=1)]
    family: str
    channels: Annotated[tuple[Channel, ...], Meta(min_length=1)]
    key: str = ""
    division: Annotated[str, Meta(pattern=r"^\d{6}(\d{3}(\d{3})?)?$")] | None = None
    pace: Pace = Pace()
    expect: Expect = Expect()
    allow_private_addresses: bool = False
    recheck_days: Positive = 30
    evidence: str | tuple[str, ...] = ""
    verified: bool = False
    contact: str | None = None
    robots: RobotsOverride | None = None
    tls: Literal["standard", "legacy"] = "standard"


def load(path: Path, *, registry: Path | None = REGISTRY) -> Portal:
    """The portal of one TOML. Raises PortalError, which names file and key, for all that does not hold together.

    The key is `key` in the TOML, else the path in the registry without suffix, else the file's stem.
    """
    try:
        portal = msgspec.toml.decode(path.read_bytes(), type=Portal)
    except OSError as error:
        raise PortalError(f"{path}: {error.strerror}") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise PortalError(f"{path}: {error}") from error
    return checked(msgspec.structs.replace(portal, key=portal.key or key_of(path, registry)), path)


def key_of(path: Path, registry: Path | None) -> str:
    """The key that a file's place gives."""
    if registry is not None and path.resolve().is_relative_to(registry.resolve()):
        return path.resolve().relative_to(registry.resolve()).with_suffix("").as_posix()
    return path.stem


def checked(portal: Portal, path: Path) -> Portal:
    """The portal with addresses resolved, or a PortalError for what types alone cannot say."""
    if not KEY.fullmatch(portal.key) or "__" in portal.key or portal.key == LOCAL:
        raise PortalError(f"{path}: key: {portal.key!r} cannot be a portal's key")
    family = portal.family.replace("-", "_")
    if family not in FAMILIES:
        raise PortalError(f"{path}: family: {portal.family!r} is not one of {', '.join(sorted(FAMILIES))}")
    channels = []
    for number, channel in enumerate(portal.channels):
        address = resolve(channel.url, "") if is_web(channel.url) else None
        if address is None:
            raise PortalError(f"{path}: channels[{number}].url: {channel.url!r} is not an http or https address")
        channels.append(msgspec.structs.replace(channel, url=address))
    return msgspec.structs.replace(portal, family=family, channels=tuple(channels))


def registry(folder: Path = REGISTRY) -> dict[str, Portal]:
    """The bundled portals by key."""
    paths = sorted(folder.rglob("*.toml"))
    return {portal.key: portal for portal in distinct((path, load(path, registry=folder)) for path in paths)}


def choose(names: Iterable[str], *, folder: Path = REGISTRY) -> tuple[Portal, ...]:
    """The portals that people name by key or by path to a TOML, each once.

    Raises PortalError for a name that is neither, and for two different files with one key.
    """
    files = {load(path, registry=folder).key: path for path in sorted(folder.rglob("*.toml"))}
    chosen = []
    for name in names:
        path = files.get(name) or Path(name)
        if not path.is_file():
            raise PortalError(f"{name}: neither the key of a bundled portal nor a file")
        chosen.append((path, load(path, registry=folder)))
    return distinct(chosen)


def distinct(loaded: Iterable[tuple[Path, Portal]]) -> tuple[Portal, ...]:
    """Portals without repetition; one key from two files is an error, since a key names a folder of the archive."""
    paths: dict[str, Path] = {}
    portals: dict[str, Portal] = {}
    for path, portal in loaded:
        known = paths.setdefault(portal.key, path)
        if known.resolve() != path.resolve():
            raise PortalError(f"{path}: key: {portal.key!r} is the key of {known} too")
        portals[portal.key] = portal
    return tuple(portals.values())
