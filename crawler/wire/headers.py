"""What headers say: types, charsets, numbers, pauses. Names are in lower case; nothing is raised for what makes no sense."""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

MAX_DIGITS = 15


def header(headers: tuple[tuple[str, str], ...], name: str) -> str:
    """The first value of a header, empty where it is not sent. Names are in lower case."""
    return next((value for known, value in headers if known == name), "")


def media_type_in(headers: tuple[tuple[str, str], ...]) -> str:
    """The declared media type in lower case, without parameters."""
    return header(headers, "content-type").split(";")[0].strip().lower()


def charset_in(content_type: str) -> str | None:
    """The charset that a Content-Type declares."""
    match = re.search(r"charset\s*=\s*[\"']?([\w.:-]+)", content_type, re.IGNORECASE)
    return match.group(1) if match else None


def int_in(text: str) -> int:
    """A header's number, 0 where it is none."""
    return int(text[:MAX_DIGITS]) if text.isdecimal() else 0


def retry_after(text: str, now: datetime) -> float | None:
    """Seconds that a Retry-After asks for, as a number or a date (RFC 9110, 10.2.3); None where it says nothing."""
    if text.strip().isdecimal():
        return float(text.strip()[:MAX_DIGITS])
    try:
        until = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError):
        return None
    return max(0.0, (until.replace(tzinfo=until.tzinfo or UTC) - now).total_seconds())
