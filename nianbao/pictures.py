"""The pictures of pages, archived or saved beside them: parts of the page that shows them, not documents of their own."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote

from msgspec import Struct

from crawler.capture import Capture
from nianbao.heads import digest_of

MOST_BYTES = 64 << 20
"""Of the pictures of one page together; further ones are left out."""
MOST = 40
BESIDE = re.compile(rb"""<img\b[^>]{0,2000}?\bsrc\s*=\s*["']?([^"'<>\s:?#]{1,300}\.(?:png|jpe?g|gif|bmp|tiff?|webp))""", re.IGNORECASE)
"""The image of a page that a browser saved with its images: an address without scheme and host."""


class Picture(Struct, frozen=True):
    """What an address gave while a page showed it."""

    url: str
    sha256: str


class PageContent(NamedTuple):
    """A page with one content."""

    portal: str
    url: str
    sha256: str


def pictures_of(captures: Iterable[Capture]) -> dict[PageContent, tuple[Picture, ...]]:
    """The pictures of each content of a page that has some: as they were last seen while the page had that content.

    A picture that is exchanged at its address makes another document of the page, though its own bytes are the same.
    """
    current: dict[tuple[str, str], PageContent] = {}
    seen: dict[PageContent, dict[str, str]] = defaultdict(dict)
    for capture in sorted(captures, key=lambda each: (each.fetched_at, each.role == "picture")):
        if capture.sha256 is None or capture.role == "list":
            continue
        if capture.role != "picture":
            current[capture.portal, capture.url] = PageContent(capture.portal, capture.url, capture.sha256)
        elif page := current.get((capture.portal, capture.attachment_of or "")):
            seen[page][capture.url] = capture.sha256
    return {
        page: tuple(Picture(url, content) for url, content in sorted(newest.items())) for page, newest in seen.items()
    }


def digest_of_pictures(pictures: Sequence[Picture]) -> str:
    """A mark of which pictures, and what they show; empty for none."""
    return digest_of([f"{picture.url} {picture.sha256}" for picture in pictures])[:16] if pictures else ""


def pictures_beside(page: Path, content: bytes) -> dict[str, str]:
    """The image files that a saved page shows, by address: only such as lie in its own folder or below, whatever it says."""
    found: dict[str, str] = {}
    folder = page.parent.resolve()
    for match in BESIDE.finditer(content) if b"<" in content[:1024] else ():
        address = match[1].decode("utf-8", "replace")
        try:
            path = (folder / unquote(address)).resolve()
            is_inside = path.is_relative_to(folder) and path.is_file()
        except (OSError, ValueError):
            continue
        if is_inside and len(found) < MOST:
            found[address] = str(path)
    return found


def read_pictures(paths: Mapping[str, str]) -> dict[str, bytes]:
    """The bytes of pictures, by address; those that cannot be opened, and what is too much, are left out."""
    return dict(_bytes_of(paths))


def _bytes_of(paths: Mapping[str, str]) -> Iterator[tuple[str, bytes]]:
    left = MOST_BYTES
    for address, path in paths.items():
        try:
            size = Path(path).stat().st_size
            if size <= left:
                left -= size
                yield address, Path(path).read_bytes()
        except OSError:
            continue
