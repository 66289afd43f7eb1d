"""Web addresses as browsers read them (WHATWG, by Ada), so that one address has one spelling.

What `resolve` returns is what is fetched: two readings of one address (`http://127.0.0.1\\@host/`) would be a hole in
the refusal of private hosts.
"""

import re
from urllib.parse import urljoin, urlsplit

import can_ada

ESCAPE = re.compile(r"%[0-9a-f]{2}")
DEFAULT_PORTS = {"http": 80, "https": 443}


def resolve(base: str, reference: str) -> str | None:
    """The address that `reference` names on the page `base`, without fragment and credentials; None if it is none.

    Any scheme comes through; `is_web` tells which of them can be asked.
    """
    try:
        address = can_ada.parse(urljoin(base, reference.strip()))
    except ValueError:
        return None
    address.hash = ""
    if address.hostname.endswith("."):  # the same machine; two spellings would be two lanes
        address.hostname = address.hostname.rstrip(".")
    if address.has_credentials():
        address.username = ""
        address.password = ""
    return ESCAPE.sub(lambda escape: escape.group().upper(), str(address.href))


def is_web(url: str) -> bool:
    """Whether the address has a scheme that this crawler speaks."""
    return url.startswith(("http://", "https://"))


def host_and_port(url: str) -> tuple[str, int]:
    """Host and port of a resolved web address, the scheme's own port filled in."""
    parts = urlsplit(url)
    return parts.hostname or "", parts.port or DEFAULT_PORTS[parts.scheme]


def origin_of(url: str) -> str:
    """Scheme, host and port: what robots.txt and permissions are given for."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def path_of(url: str) -> str:
    """The path alone, without query."""
    return urlsplit(url).path


def folder_of(url: str) -> str:
    """The address up to the last slash of its path: where relative links begin."""
    bare = url.split("?", 1)[0]
    return bare[: bare.rindex("/") + 1]
