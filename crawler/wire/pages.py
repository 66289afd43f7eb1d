"""Is a body a page, and how much of it can be read in reasonable time? Pure."""

import re

MAX_CHARACTERS = 2_000_000
MAX_DEPTH = 1_000
"""HTML parsers take time that grows with the square of the nesting; real pages stay below a hundred."""
MAX_TAG = 20_000
"""Characters of one tag outside its quoted values: thousands of attributes take as long as thousands of levels."""
LONG_TAG = re.compile(r"""<[a-zA-Z](?:[^>"']++|"[^"]*+"|'[^']*+')*+""")
QUOTED = re.compile(r""""[^"]*"|'[^']*'""")
TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
SHALLOW = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"}
    | {
        "html",
        "head",
        "body",
        "p",
        "li",
        "dt",
        "dd",
        "td",
        "tr",
        "th",
        "thead",
        "tbody",
        "tfoot",
        "colgroup",
        "rt",
        "rp",
    }
)
"""Elements without an end, and those that the next of their kind ends."""

DEEP = re.compile(rf"<(?!(?:{'|'.join(sorted(SHALLOW))})\b)[a-z]", re.IGNORECASE)
"""The beginning of an element that may hold another; counting them is quicker than walking along them."""


def is_page(media_type: str | None, body: bytes) -> bool:
    """Whether a body can be read as a page, by its label or its first character."""
    return "html" in (media_type or "") or body[:200].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")


def is_text(body: bytes) -> bool:
    """Whether a list can be read out of a body: a page, JSON, XML or a script, as opposed to a file."""
    return not body.startswith((b"%PDF", b"PK\x03\x04", b"\xd0\xcf\x11\xe0")) and b"\0" not in body[:1000]


def readable(text: str) -> str:
    """The page up to where it becomes larger, more deeply nested or more laden with attributes than any real one."""
    text = text[:MAX_CHARACTERS]
    return text[: min(depth_limit(text), attribute_limit(text))]


def depth_limit(text: str) -> int:
    """Where the nesting passes its limit, else the end."""
    if text.count("<") - text.count("</") <= MAX_DEPTH or len(DEEP.findall(text)) <= MAX_DEPTH:
        return len(text)
    depth = 0
    for tag in TAG.finditer(text):
        if tag.group(2).lower() in SHALLOW:
            continue
        depth = max(0, depth - 1) if tag.group(1) else depth + 1
        if depth > MAX_DEPTH:
            return tag.start()
    return len(text)


def attribute_limit(text: str) -> int:
    """Where a tag is too long, long values (images in the page) not counted; else the end."""
    if len(text) <= MAX_TAG or max(map(len, LONG_TAG.findall(text)), default=0) <= MAX_TAG:
        return len(text)
    for tag in LONG_TAG.finditer(text):
        if tag.end() - tag.start() > MAX_TAG and len(QUOTED.sub("", tag.group())) > MAX_TAG:
            return tag.start()
    return len(text)
