"""What stands in place of content without being a challenge: shells that lead on, closed folders, complaints in JSON, pages
instead of files, copies of other sites, one page for all. Pure; each is told from the real thing by what it says."""

import re
from ipaddress import ip_address
from typing import Any, Literal

import msgspec

from crawler.address import host_and_port, path_of
from crawler.lists.titles import CUT, is_report
from crawler.wire.challenge import NOTICES, SCRIPTS, SHORT_TEXT, TAGS, TITLE_WITHIN, is_wordy, visible_text

SHELL_CHARACTERS = 60
REFRESH = re.compile(
    r"""<meta\b(?=[^>]*http-equiv\s*=\s*["']?refresh)[^>]*content\s*=\s*["']?\s*\d{1,2}\s*[;,]\s*url\s*=\s*([^"'>\s]+)""",
    re.IGNORECASE,
)
MOVES = re.compile(
    r"""location(?:\.href)?\s*=\s*["']([^"'<>]+)["']|location\.(?:replace|assign)\(\s*["']([^"'<>]+)["']"""
)
CHOICE = re.compile(r"\bif\s*\(|\?|userAgent|document\.cookie")
"""Scripts that choose, compute or set something are no plain redirect, and are not played along with."""
FOLDER_CLOSED = re.compile(r"403 forbidden|directory listing|禁止访问.{0,10}目录|目录列表", re.IGNORECASE)
FILE_ONLY = re.compile(r"\.(?:pdf|ofd|zip|rar|7z)$", re.IGNORECASE)
SITE_DOMAIN = re.compile(
    r"""<meta\b(?=[^>]*name\s*=\s*["']?SiteDomain\b)[^>]*content\s*=\s*["']?\s*(?:https?://)?([\w.-]+)""", re.IGNORECASE
)
HEADINGS = (
    re.compile(r"(?is)<title[^>]*>(.{0,300}?)</title>"),
    re.compile(r"(?is)<h1\b[^>]*>(.{0,600}?)</h1>"),
    re.compile(r"""<meta\b(?=[^>]*name\s*=\s*["']?ArticleTitle\b)[^>]*content\s*=\s*["']([^"'<>]*)""", re.IGNORECASE),
)
WORDLESS = re.compile(r"[\W_]+")
ANCHOR = re.compile(r"<a\s", re.IGNORECASE)
MANY_LINKS = 150
JSON_BYTES = 4_000
GOOD_CODES = frozenset({"0", "1", "200", "00", "000", "0000", "success", "ok", "true", "none", ""})
CODE_NAMES = ("code", "status", "errcode", "errorCode", "resultCode", "ret")
SAYS_NAMES = ("msg", "message", "error", "errmsg", "info")
SAYS_BLOCKED = re.compile(r"频繁|限制|禁止|拦截|封禁|黑名单|验证|blocked|forbidden|too many|\bIP\b", re.IGNORECASE)


def page_for_file(requested: str, head: bytes) -> str | None:
    """Why a body is not the file that was asked for: a page stands in its place. Word files may well be pages."""
    is_markup = head[:200].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")
    return "a page stands in place of the file" if is_markup and FILE_ONLY.search(path_of(requested)) else None


def onward_in(text: str) -> str | None:
    """Where a page without words of its own leads at once, by meta refresh or by one plain script; None where it does
    not. What computes its aim or sets a cookie first is a challenge, not a redirect."""
    if not text or is_wordy(text) or len(visible_text(text)) > SHELL_CHARACTERS:
        return None
    if refresh := REFRESH.search(text):
        return refresh.group(1)
    aims = [first or second for first, second in MOVES.findall(text)]
    scripts = "".join(match.group() for match in SCRIPTS.finditer(text))
    return aims[0] if len(aims) == 1 and not CHOICE.search(scripts.replace(aims[0], "")) else None


def is_closed_folder(url: str, text: str) -> bool:
    """Whether a 403 only says that a folder shows no list of its files, as web servers do for one without a default
    page."""
    visible = visible_text(text)
    path = path_of(url)
    is_plain = len(visible) <= SHORT_TEXT / 2 and FOLDER_CLOSED.search(visible) and not NOTICES.search(visible)
    return path.endswith("/") and path != "/" and bool(is_plain)


def complaint_in(head: bytes, size: int) -> tuple[Literal["blocked", "failed"], str] | None:
    """What a short JSON answer complains of, though its status is good; None where it does not."""
    if size > JSON_BYTES or not head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return None
    try:
        answer: Any = msgspec.json.decode(head.lstrip(b"\xef\xbb\xbf"))
    except msgspec.DecodeError:
        return None
    codes = [str(answer[name]).lower() for name in CODE_NAMES if isinstance(answer.get(name), int | str)]
    is_bad = answer.get("success") is False or any(code not in GOOD_CODES for code in codes)
    if not is_bad or any(isinstance(value, list | dict) and value for value in answer.values()):
        return None
    said = next((str(answer[name]) for name in SAYS_NAMES if answer.get(name)), "") or ", ".join(codes)
    return ("blocked" if SAYS_BLOCKED.search(said) else "failed"), f"the portal answers: {said[:80]}"


def copied_from(url: str, text: str) -> str | None:
    """Whose page it is that stands on a foreign host: expired domains serve copies of whole portals with gambling in
    between. Hosts below gov.cn and bare IP addresses are believed; None where nothing speaks against the page."""
    host = host_and_port(url)[0]
    match = SITE_DOMAIN.search(text[:TITLE_WITHIN])
    if match is None or host.endswith(".gov.cn") or is_ip(host):
        return None
    owner = match.group(1).lower().rstrip(".")
    mine, theirs = host.removeprefix("www."), owner.removeprefix("www.")
    is_same = mine == theirs or mine.endswith(f".{theirs}") or theirs.endswith(f".{mine}")
    return None if is_same or not owner.endswith(".gov.cn") else f"a copy of {owner} on a foreign host"


def shows(title: str, text: str) -> bool:
    """Whether a page is the one that a link of this title leads to: its own heading is a report's, or it carries the
    title and is not merely a home page that does. Throttled portals serve that for everything."""
    headings = [TAGS.sub("", match) for pattern in HEADINGS for match in pattern.findall(text)]
    if any(is_report(heading) or not are_different(title, heading) for heading in headings):
        return True
    return worded(title) in worded(visible_text(text)) and len(ANCHOR.findall(text)) < MANY_LINKS


def are_different(title: str, other: str) -> bool:
    """Whether two titles name two things: neither is a part of the other."""
    one, two = worded(title), worded(other)
    return not one or not two or (one not in two and two not in one)


def worded(title: str) -> str:
    """A title without signs, white space and the mark where a list cut it off."""
    return WORDLESS.sub("", CUT.sub("", title))


def is_ip(host: str) -> bool:
    """Whether a host is named by its address."""
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
