"""Web archives (.mht, RFC 2557) → the page in them, which the HTML reader reads."""

import email
import email.policy
from email.message import Message

from msgspec import Struct

from parsers.errors import UnreadableDocument

_PAGES = ("text/html", "application/xhtml+xml")
_MOST_PARTS = 2000


class Page(Struct, frozen=True):
    """The bytes of the page with the charset and the address that the archive gives for it."""

    content: bytes
    charset: str | None
    address: str | None


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
    return Page(body, page.get_content_charset(), address if isinstance(address, str) else None)


def _body(part: Message) -> bytes:
    body = part.get_payload(decode=True)
    return body if isinstance(body, bytes) else b""
