"""Web archives (.mht, RFC 2557) → the page in them, which the HTML reader reads."""

import email
import email.policy
from collections.abc import Iterable, Iterator
from email.message import Message

from msgspec import Struct

from parsers.errors import UnreadableDocument

_PAGES = ("text/html", "application/xhtml+xml")
_MOST_PARTS = 2000


class Page(Struct, frozen=True):
    """The bytes of the page with the charset and the address that the archive gives for it, and those of the pictures that it
    shows, by the addresses that the page may call them by."""

    content: bytes
    charset: str | None
    address: str | None
    pictures: dict[str, bytes]


def page_in(content: bytes) -> Page:
    """The page that a web archive was made of. Raises UnreadableDocument where there is none."""
    try:
        message = email.message_from_bytes(content, policy=email.policy.compat32)
        parts = [part for part, _ in zip(message.walk(), range(_MOST_PARTS), strict=False)]
    except (RecursionError, ValueError, LookupError) as error:
        raise UnreadableDocument(f"the web archive is damaged: {type(error).__name__}") from error
    pages = [part for part in parts if part.get_content_type() in _PAGES]
    if not pages:
        raise UnreadableDocument("the web archive holds no page")
    start = str(message.get_param("start") or "")
    page = next((part for part in pages if start and part.get("Content-ID") == start), pages[0])
    body = _body(page)
    if b"<frameset" in body.lower():
        page = max(pages, key=lambda part: len(_body(part)))
        body = _body(page)
    address = page.get("Content-Location")  # no str where it is not ASCII, which no address is
    place = address if isinstance(address, str) else None
    return Page(body, page.get_content_charset(), place, dict(_pictures(parts)))


def _pictures(parts: Iterable[Message]) -> Iterator[tuple[str, bytes]]:
    """A part is called by its address, or as `cid:` with its number (RFC 2392)."""
    for part in parts:
        if part.get_content_maintype() == "image":
            address, number = part.get("Content-Location"), part.get("Content-ID")
            if isinstance(address, str):
                yield address, _body(part)
            if isinstance(number, str):
                yield f"cid:{number.strip(' <>')}", _body(part)


def _body(part: Message) -> bytes:
    body = part.get_payload(decode=True)
    return body if isinstance(body, bytes) else b""
