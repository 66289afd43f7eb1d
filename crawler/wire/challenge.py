"""Pages that stand in the place of content: bot challenges, firewall notices, soft 404s. Pure; nothing is bypassed.

Challenges are reported and the host is left alone; a challenge page is never archived as content.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from urllib.parse import urlsplit

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
PIECES = re.compile(rf"{SCRIPTS.pattern}|{TAGS.pattern}|([^<]+|<)")
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
    r"人机验证|安全验证|输入(?:图形)?验证码|滑动验证|请完成验证|访问过于频繁|访问频率|您无权访问|edgeone|waf\b|checking your browser|geobl",
    re.IGNORECASE,
)
ABSENT = re.compile(
    r"页面不存在|页面未找到|找不到(?:页面|您|文件|该)|您访问的(?:页面|内容|信息)|已(?:被)?删除|非法请求|404|not found",
    re.IGNORECASE,
)
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
    if is_wordy(text):
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
    if text and len(text) < SHELL_BYTES and not is_wordy(text):
        visible = visible_text(text)
        if len(visible) <= SHORT_TEXT / 2 and ABSENT.search(visible):
            return f"soft 404: {visible[:60]}"
    return None


def is_wordy(text: str) -> bool:
    """Whether more words can be seen than a notice has; reads no further than that takes."""
    seen = 0
    for piece in PIECES.finditer(text):
        words = piece.group(piece.re.groups)
        if words and (seen := seen + len("".join(words.split()))) > SHORT_TEXT:
            return True
    return False


@lru_cache(maxsize=4)
def visible_text(text: str) -> str:
    """The words of a page without scripts and tags, white space removed at the ends and squeezed."""
    return " ".join(TAGS.sub(" ", SCRIPTS.sub(" ", text)).split())
