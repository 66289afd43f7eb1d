"""Pages that stand in the place of content: bot challenges, firewall notices, soft 404s. Pure; nothing is bypassed.

Challenges are reported and the host is left alone; a challenge page is never archived as content.
"""

import re
from collections.abc import Mapping
from ipaddress import ip_address
from typing import Any, Literal
from urllib.parse import urlsplit

import msgspec

from crawler.address import host_and_port, path_of

CHALLENGE_STATUSES = {
    401: "login demanded",
    403: "forbidden",
    405: "refused by a firewall",
    412: "challenge (瑞数)",
    491: "refused by a firewall (WZWS)",
    493: "refused by a firewall (WZWS)",
    521: "challenge (加速乐)",
}
SHELL_BYTES = 60_000
"""Challenge scripts are long, but their pages hold nothing else."""
SHORT_TEXT = 400
"""Visible characters up to which a notice counts as all that the page says; the shortest real reports are longer."""
SCRIPTS = re.compile(r"(?is)<(script|style|noscript)\b.*?(?:</\1\s*>|\Z)|<!--.*?(?:-->|\Z)")
TAGS = re.compile(r"<[^<>]*>")
SETS_COOKIE = re.compile(r"document\.cookie\s*=|\bsetCookie\(")
RELOADS = re.compile(r"location\s*(?:\.\w+\s*)?(?:=|\.(?:replace|reload|assign)\s*\()|\.(?:replace|reload)\(")
SCRIPTED = (
    (re.compile(r"\$_ts\s*=|9DhefwqGPrzGxEp9hPaoag"), "challenge (瑞数)"),
    (re.compile(r"__jsl_clearance"), "challenge (加速乐)"),
    (re.compile(r"acw_sc__v2|var\s+arg1\s*="), "challenge (acw)"),
    (re.compile(r"wzwschallenge|WZWS_CONFIRM", re.IGNORECASE), "challenge (WZWS)"),
)
NOTICES = re.compile(
    r"web应用防火墙|云堤|网站防火墙|访问被(?:拦截|拒绝|阻断)|请求被(?:拦截|拒绝|阻断)|拦截提示|安全威胁|可疑(?:访问|请求)|"
    r"人机验证|安全验证|滑动验证|请完成验证|访问过于频繁|访问频率|您无权访问|edgeone|waf\b|checking your browser|geobl",
    re.IGNORECASE,
)
ABSENT = re.compile(
    r"页面不存在|页面未找到|找不到(?:页面|您|文件|该)|您访问的(?:页面|内容|信息)|已(?:被)?删除|非法请求|404|not found",
    re.IGNORECASE,
)
SHELL_CHARACTERS = 60
REFRESH = re.compile(
    r"""<meta\b(?=[^>]*http-equiv\s*=\s*["']?refresh)[^>]*content\s*=\s*["']?\s*\d{1,2}\s*[;,]\s*url\s*=\s*([^"'>\s]+)""",
    re.IGNORECASE,
)
MOVES = re.compile(r"""location(?:\.href)?\s*=\s*["']([^"'<>]+)["']|location\.(?:replace|assign)\(\s*["']([^"'<>]+)["']""")
CHOICE = re.compile(r"\bif\s*\(|\?|userAgent|document\.cookie")
"""Scripts that choose, compute or set something are no plain redirect, and are not played along with."""
FOLDER_CLOSED = re.compile(r"403 forbidden|directory listing|禁止访问.{0,10}目录|目录列表", re.IGNORECASE)
FILE_ONLY = re.compile(r"\.(?:pdf|ofd|zip|rar|7z)$", re.IGNORECASE)
SITE_DOMAIN = re.compile(
    r"""<meta\b(?=[^>]*name\s*=\s*["']?SiteDomain\b)[^>]*content\s*=\s*["']?\s*(?:https?://)?([\w.-]+)""", re.IGNORECASE
)
JSON_BYTES = 4_000
GOOD_CODES = frozenset({"0", "1", "200", "00", "000", "0000", "success", "ok", "true", "none", ""})
CODE_NAMES = ("code", "status", "errcode", "errorCode", "resultCode", "ret")
SAYS_NAMES = ("msg", "message", "error", "errmsg", "info")
SAYS_BLOCKED = re.compile(r"频繁|限制|禁止|拦截|封禁|黑名单|验证|blocked|forbidden|too many|\bIP\b", re.IGNORECASE)
TITLE = re.compile(r"(?is)<title[^>]*>(.*?)</title>")
TITLE_WITHIN = 20_000
HOME = re.compile(r"/(?:index\.\w+|home/?|404\.\w+|error\.\w+)?$")


def challenge_in(status: int, headers: Mapping[str, str], text: str) -> str | None:
    """What stands in the way, None where nothing does. `text` is the page if it is one, else empty."""
    if status in CHALLENGE_STATUSES:
        return f"{CHALLENGE_STATUSES[status]}, {status}"
    if "wzws-ray" in headers and status >= 400:
        return f"refused by a firewall (WZWS), {status}"
    if not text or len(text) > SHELL_BYTES:
        return None
    visible = visible_text(text)
    if len(visible) > SHORT_TEXT:
        return None
    for pattern, name in SCRIPTED:
        if pattern.search(text):
            return f"{name}, {status}"
    if SETS_COOKIE.search(text) and RELOADS.search(text) and len(visible) < SHORT_TEXT / 4:
        return f"challenge (cookie shell), {status}"
    if NOTICES.search(visible):
        return f"firewall notice, {status}"
    if status == 202:
        return "challenge, 202"
    return None


def absence_in(requested: str, final_url: str, text: str) -> str | None:
    """Why a good status still means that the page does not exist; None where it does. `text` may be cut off."""
    asked, got = urlsplit(requested), urlsplit(final_url)
    if asked.path != got.path and HOME.fullmatch(got.path) and not HOME.fullmatch(asked.path):
        return f"redirected to {final_url}"
    title = TITLE.search(text[:TITLE_WITHIN])
    if title and ABSENT.search(title.group(1)):
        return f"soft 404: {title.group(1).strip()[:60]}"
    if text and len(text) < SHELL_BYTES:
        visible = visible_text(text)
        if len(visible) <= SHORT_TEXT / 2 and ABSENT.search(visible):
            return f"soft 404: {visible[:60]}"
    return None


def page_for_file(requested: str, head: bytes) -> str | None:
    """Why a body is not the file that was asked for: a page stands in its place. Word files may well be pages."""
    is_markup = head[:200].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")
    return "a page stands in place of the file" if is_markup and FILE_ONLY.search(path_of(requested)) else None


def onward_in(text: str) -> str | None:
    """Where a page without words of its own leads at once, by meta refresh or by one plain script; None where it does
    not. What computes its aim or sets a cookie first is a challenge, not a redirect."""
    if not text or len(visible_text(text)) > SHELL_CHARACTERS:
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


def is_ip(host: str) -> bool:
    """Whether a host is named by its address."""
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def visible_text(text: str) -> str:
    """The words of a page without scripts and tags, white space removed at the ends and squeezed."""
    return " ".join(TAGS.sub(" ", SCRIPTS.sub(" ", text)).split())
