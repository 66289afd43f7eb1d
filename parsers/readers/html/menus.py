"""Big menus beside the report, recognised before the page is walked: on many portals they are most of the page."""

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

_BIG = 200
_MANY_LINKS = 30
_TABLES_ASKED = 20
_TELLING = re.compile(r"发布(?:日期|时间|机构)|来源|位置|日期\s*[:：]|时间\s*[:：]|附件|下载")
"""Words of lines around a report that matter: whatever holds one is read. (Each way begins with a character: so long
texts are scanned for those alone.)"""


def big_menus(tree: LexborHTMLParser) -> list[LexborNode]:
    """Elements next to the biggest table of the page, or to what that stands in, that are nothing but links.

    Without a table the report stands in prose, and with few links there is no menu: then everything is read.
    """
    tables = tree.css("table")[:_TABLES_ASKED]
    if not tables or len(tree.css("a")) < _MANY_LINKS:
        return []
    seed = max(tables, key=lambda table: len(table.text()))
    return [node for node in _beside(seed) if _is_big_menu(node)]


def _beside(node: LexborNode) -> Iterator[LexborNode]:
    """The siblings of an element and of all elements around it."""
    parent = node.parent
    while parent is not None and node.tag != "body":
        key = node.mem_id
        yield from (sibling for sibling in parent.iter() if sibling.mem_id != key)
        node, parent = parent, parent.parent


def _is_big_menu(node: LexborNode) -> bool:
    if node.tag in {"p", "script", "style", "table", "br"}:
        return False
    text = node.text()
    if len(text) < _BIG or text.count("。") > 1 or _TELLING.search(text):
        return False
    linked = sum(len(link.text()) for link in node.css("a"))
    return linked * 2 > len("".join(text.split())) and node.css_first("table") is None
