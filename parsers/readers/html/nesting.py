"""A guard against pages nested thousands deep, by malice or by an editor's unclosed tags.

Parsers by the HTML standard look through all open elements at many start tags: their time grows with the square of the
depth. Browsers stop nesting at some hundred levels; so do we.
"""

import re

MANY_TAGS = 12_000
MAX_DEPTH = 400
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:_-]*)[^>]*>")
_NOT_COUNTED = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "wbr"}
_NOT_COUNTED |= {"p", "li", "dt", "dd", "tr", "td", "th", "tbody", "thead", "tfoot", "option"}
_NOT_COUNTED |= {"html", "head", "body", "script", "style"}
"""Elements that hold nothing, that the next of their kind ends, or that stand once in a page."""


def shallow(content: str) -> str:
    """The page without the start tags that would nest too deep, and without their end tags. Most pages as they are."""
    if content.count("<") < MANY_TAGS:
        return content
    open_tags: dict[str, int] = {}
    dropped: dict[str, int] = {}
    depth = 0

    def kept(match: re.Match[str]) -> str:
        nonlocal depth
        name = match[2].lower()
        if name in _NOT_COUNTED:
            return match[0]
        if not match[1]:
            if depth >= MAX_DEPTH:
                dropped[name] = dropped.get(name, 0) + 1
                return " "
            open_tags[name] = open_tags.get(name, 0) + 1
            depth += 1
            return match[0]
        if dropped.get(name):
            dropped[name] -= 1
            return " "
        if open_tags.get(name):
            open_tags[name] -= 1
            depth -= 1
        return match[0]

    return _TAG.sub(kept, content)
