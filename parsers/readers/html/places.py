"""Where an element stands: a short CSS path that finds it again.

A path begins at the nearest ancestor with an id of its own (`#zoom>p:nth-of-type(3)`), else at the body. Children of an
element are counted once for all of them.
"""

import re
from collections import Counter
from functools import lru_cache

from selectolax.lexbor import LexborHTMLParser, LexborNode

_PLAIN_NAME = re.compile(r"[a-zA-Z][a-zA-Z0-9_-]*")
_MAX_STEPS = 64
_MAX_LENGTH = 1500
_REMEMBERED = 200  # letters of the tags of children that are remembered together


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
        nodes = [child] if parent is None else list(parent.iter())
        tags = tuple([node.tag or "-" for node in nodes])
        steps = _known_steps(tags) if sum(map(len, tags)) <= _REMEMBERED else _steps(tags)
        paths = self._paths
        for node, step in zip(nodes, steps, strict=True):
            if step:
                paths.setdefault(node.mem_id, path + step)
        return paths[child.mem_id]


def _steps(tags: tuple[str, ...]) -> tuple[str, ...]:
    """The last steps of the paths of an element's children, which have these tags; a comment is no child for CSS."""
    total = Counter(tags)
    counts: Counter[str] = Counter()
    number = 0
    steps: list[str] = []
    for tag in tags:
        if tag[0] == "-":
            steps.append("")
            continue
        number += 1
        counts[tag] += 1
        if not (tag.isalnum() and tag.isascii()):  # `o:p`
            steps.append(f">:nth-child({number})")
        else:
            steps.append(f">{tag}" if total[tag] == 1 else f">{tag}:nth-of-type({counts[tag]})")
    return tuple(steps)


_known_steps = lru_cache(maxsize=1024)(_steps)
