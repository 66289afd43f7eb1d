"""A guard against pages nested thousands deep, by malice or by an editor's unclosed tags.

Parsers by the HTML standard look through all open elements at many start tags, and open all unclosed fonts again in
every paragraph: time and memory grow with the square of the depth. Browsers stop nesting at some hundred levels; so do
we. Tables are counted apart: no number of unclosed fonts may cost one.
"""

import re
from collections import Counter

MANY_TAGS = 12_000
MANY_UNCLOSED = 1000
MAX_DEPTH = 200
MAX_TABLES = 50
MAX_FONTS = 40
_TAG = re.compile(rb"<(/?)([a-zA-Z][a-zA-Z0-9:_-]*)[^>]*>")
_FONTS = {"a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"}
_NOT_COUNTED = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "wbr"}
_NOT_COUNTED |= {"p", "li", "dt", "dd", "tr", "td", "th", "tbody", "thead", "tfoot", "option"}
_NOT_COUNTED |= {"html", "head", "body", "script", "style"}
"""Elements that hold nothing, that the next of their kind ends, or that stand once in a page."""


class _Depth:
    """How deep the tags of one kind nest at a place, and how many of each name were left out."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.depth = 0
        self.open: Counter[str] = Counter()
        self.left_out: Counter[str] = Counter()

    def keeps(self, name: str, is_end: bool) -> bool:
        """Whether this tag stays in the page. The innermost tag of a name was left out if any was."""
        if not is_end and self.depth < self.most:
            self.open[name] += 1
            self.depth += 1
        elif not is_end:
            self.left_out[name] += 1
            return False
        elif self.left_out[name]:
            self.left_out[name] -= 1
            return False
        elif self.open[name]:
            self.open[name] -= 1
            self.depth -= 1
        return True


def shallow(markup: bytes) -> bytes:
    """The page without the start tags that would nest too deep, and without their end tags. Most pages as they are."""
    tags, ends = markup.count(b"<"), markup.count(b"</")
    if tags < MANY_TAGS and tags - 2 * ends < MANY_UNCLOSED:
        return markup
    tables, fonts, others = _Depth(MAX_TABLES), _Depth(MAX_FONTS), _Depth(MAX_DEPTH)

    def kept(match: re.Match[bytes]) -> bytes:
        name = match[2].lower().decode()
        if name in _NOT_COUNTED:
            return match[0]
        depth = tables if name == "table" else fonts if name in _FONTS else others
        return match[0] if depth.keeps(name, is_end=bool(match[1])) else b" "

    return _TAG.sub(kept, markup)
