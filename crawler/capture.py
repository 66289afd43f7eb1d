"""One answer of a portal, as the journal keeps it (step 3: capture)."""

from datetime import UTC, datetime
from typing import Literal

from msgspec import Struct

Outcome = Literal["stored", "unchanged", "blocked", "too_large", "not_found", "failed", "refused"]
Role = Literal["list", "article", "attachment", "picture"]
"""A picture is part of the page that shows it; an attachment is a document of its own."""

LOCAL = "local"
"""The portal of documents that people add by hand."""


class Capture(Struct, frozen=True):
    """What one request brought, when, and the link that led to it.

    `sha256` names the body in the archive (Content-Encoding undone); it is None unless the outcome is stored or
    unchanged. `status` is None where no answer came. `media_type` is the declared one, in lower case without
    parameters. `title` and `date` are those of the link in the list, `attachment_of` the address of the page that
    links to this file. `reason` says in words why an outcome is not a success. Times are UTC, ISO 8601.
    """

    url: str
    final_url: str
    fetched_at: str
    status: int | None
    media_type: str | None
    headers: tuple[tuple[str, str], ...]
    sha256: str | None
    size: int
    portal: str
    channel: str
    role: Role
    outcome: Outcome
    reason: str = ""
    title: str | None = None
    date: str | None = None
    attachment_of: str | None = None
    redirects: tuple[str, ...] = ()
    elapsed_seconds: float = 0.0


def iso(moment: datetime) -> str:
    """A moment as the journal writes it: UTC, whole seconds, so that text order is order in time."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
