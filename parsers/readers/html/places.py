"""Where an element stands: a short CSS path that finds it again.

A path begins at the nearest ancestor with an id of its own (`#zoom>p:nth-of-type(3)`), else at the body. Children of an
element are counted once for all of them.
"""

import re
from collections import Counter

from selectolax.lexbor import LexborHTMLParser, LexborNode

_PLAIN_NAME = re.compile(r"[a-zA-Z][a-zA-Z0-9_-]*")
_MAX_STEPS = 64
_MAX_LENGTH = 1500


class Places:
    """The paths of one page's elements."""

    def __init__(self, tree: LexborHTMLParser) -> None:
        self._tree = tree
        self._paths: dict[int, str] = {}
        named = [(node.mem_id, node.id or "") for node in tree.css("[id]")]
        count = Counter(name.lower() for _, name in named)  # pages in quirks mode ignore the case of ids
        for key, name in named:
            if count[name.lower()] == 1 and _PLAIN_NAME.fullmatch(name):
                self._paths[key] = f"html:#{name}"

    def anchor(self, node: LexborNode) -> None:
        """Let paths begin at this element, if one of its classes is on no other."""
        if node.mem_id in self._paths:
            return
        for name in (node.attributes.get("class") or "").split():
            if _PLAIN_NAME.fullmatch(name) and len(self._tree.css(f".{name}")) == 1:
                self._paths[node.mem_id] = f"html:.{name}"
                return

    def locator(self, node: LexborNode) -> str:
        """Elements nested absurdly deep get the lower end of their path, which may fit others too."""
        known = self._paths.get(node.mem_id)
        if known is not None:
            return known
        below: list[LexborNode] = []
        while known is None:
            parent = node.parent
            if node.tag in {"body", "html"} or parent is None:
                known = f"html:{node.tag or 'html'}"
            elif len(below) >= _MAX_STEPS:
                known = "html:*"
            else:
                below.append(node)
                node = parent
                known = self._paths.get(node.mem_id)
        for child in reversed(below):
            start = known if len(known) < _MAX_LENGTH else "html:*"
            known = self._paths.get(child.mem_id) or self._step(start, child)
        return known

    def _step(self, path: str, child: LexborNode) -> str:
        """Fills in the paths of all children of the element at `path`."""
        parent = child.parent
        counts: dict[str, int] = {}
        children: list[tuple[int, str, int]] = []
        for node in parent.iter() if parent is not None else [child]:
            tag = node.tag or "-"
            if tag[0] != "-":  # a comment is no child for CSS
                counts[tag] = count = counts.get(tag, 0) + 1
                children.append((node.mem_id, tag, count))
        paths = self._paths
        for number, (key, tag, count) in enumerate(children, 1):
            if key not in paths:
                step = tag if counts[tag] == 1 else f"{tag}:nth-of-type({count})"
                is_plain = tag.isalnum() and tag.isascii()  # `o:p` is not
                paths[key] = f"{path}>{step}" if is_plain else f"{path}>:nth-child({number})"
        return paths[child.mem_id]
