"""What stands in a page's markup but is not said: hidden by the page, struck out by its author, or a footnote's number.

Inline styles are fetched once for all questions, and each is read once: the elements of a page share a few.
"""

import re
from collections import defaultdict

from msgspec import Struct
from selectolax.lexbor import LexborHTMLParser, LexborNode

from parsers.document import is_note_number
from parsers.readers.html.concealed import concealed, may_conceal

_HIDING = re.compile(r"(?:^|[;\s\"'])(?:display\s*:\s*none|visibility\s*:\s*hidden)\b", re.IGNORECASE)
_STRIKING = re.compile(r"text-decoration[\w-]{0,20}\s*:[^;]{0,200}line-through", re.IGNORECASE)
_RAISING = re.compile(r"vertical-align\s*:\s*(?:super|sub|text-top)\b|mso-text-raise\s*:\s*-?[1-9]", re.IGNORECASE)
_WORDS = ("display", "visibility", "line-through", "vertical-align", "text-raise")
"""One of these stands, in small letters, in each style that the patterns find."""
_NOTE_LINKS = ",".join(f'a[href*="{name}" i]' for name in ("_ftn", "_edn", "#fn", "#note", "#endnote", "#cite"))


class Unsaid(Struct, frozen=True):
    """`hidden` may be shown by a script later; `struck` is never said."""

    hidden: list[LexborNode]
    struck: list[LexborNode]


def unsaid(tree: LexborHTMLParser) -> Unsaid:
    by_style: defaultdict[str, list[LexborNode]] = defaultdict(list)
    for node in tree.css("[style]"):
        by_style[node.attrs["style"] or ""].append(node)
    said = "\n".join(by_style).lower()
    is_asked = any(word in said for word in _WORDS)

    def having(pattern: re.Pattern[str]) -> list[LexborNode]:
        asked = by_style.items() if is_asked else ()
        return [node for style, nodes in asked if pattern.search(style) for node in nodes]

    small = [*tree.css(f"sup,sub,{_NOTE_LINKS}"), *having(_RAISING)]
    return Unsaid(
        hidden=[*tree.css("[hidden]"), *having(_HIDING)],
        struck=[
            *tree.css("del,s,strike"),
            *having(_STRIKING),
            *_note_numbers(small),
            *concealed(tree, by_style if may_conceal(said) else {}),
        ],
    )


def _note_numbers(small: list[LexborNode]) -> list[LexborNode]:
    """Of small elements the numbers of footnotes: behind a figure they would be its last digit. One that stands alone in
    its cell or paragraph is none."""
    texts: dict[int, str] = {}  # many may stand in one long cell

    def is_beside_text(node: LexborNode, text: str) -> bool:
        around: LexborNode | None = node
        while around is not None:
            key = around.mem_id
            if key not in texts:
                texts[key] = around.text().strip()
            if around.tag in ("td", "th", "p") or texts[key] != text:
                return texts[key] != text
            around = around.parent
        return False

    written = ((node, node.text().strip()) for node in small)
    return [node for node, text in written if is_note_number(text) and is_beside_text(node, text)]
