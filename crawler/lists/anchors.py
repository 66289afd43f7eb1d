"""Where a click leads, and whether the address is one of an article or of a column, by its shape alone.

An article is `…/2023-01-28/4655505.shtml`, an id of any kind, a file; a column is a folder, an index, a numbered list
page; `jyj.html` could be either. Pure.
"""

import re
from typing import Literal
from urllib.parse import parse_qsl, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.address import is_web, path_of, resolve
from crawler.lists.markup import FILE, address_of

Kind = Literal["article", "column", "either"]
Anchor = tuple[LexborNode, str]
MAX_ROW = 3000
"""Characters of the longest row."""
MAX_READ = 10_000_000
"""Characters of larger nodes that are looked at: rows within rows would take the square of their number."""
ATTRIBUTES = ("data-url", "data-href", "data-link")
SCRIPTED = re.compile(r"""(?:location(?:\.href)?\s*=|location\.\w+\(|open\()\s*["']([^"'\s]{1,500})["']""")
OPAQUE = re.compile(r"[0-9a-f]{24}|[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d{12,}", re.IGNORECASE)
DATED_FOLDER = re.compile(r"/(?:19|20)\d{2}[-/]?(?:0?[1-9]|1[0-2])(?:[-/]?\d{1,2})?/|/(?:19|20)\d{2}/\d{2}-\d{2}/")
INDEX = re.compile(
    r"(?:(?:index|default|\w{0,20}list|main|home|page)(?:[_-]?\d{1,4})?|\d{1,3})(?:\.\w{1,5})?", re.IGNORECASE
)
YEARLY = re.compile(r"(?:19|20)\d{2}[a-z]{0,3}", re.IGNORECASE)
DETAIL = re.compile(r"detail|show|view|content|article|info|read|news|doc", re.IGNORECASE)
COLUMN = re.compile(r"list|index|column|dep(?:artmen)?t|channel|more|catalog|class|default", re.IGNORECASE)
IDENTITY = re.compile(r"(?:^|[?&])(?:\w{0,12}id|i|d|nid|guid)=[\w-]+", re.IGNORECASE)
PAGE_FIELD = re.compile(
    r"p|pn|paging|pages?|page_?(?:no|num|number|index)|cur(?:rent)?_?page(?:_?no|index)?|pageindex", re.IGNORECASE
)


def anchors_in(tree: LexborHTMLParser, base: str) -> list[Anchor]:
    """Whatever a click on it opens another page, with its address: a link, an attribute for a script, a script."""
    found, read = [], 0
    for node in tree.css("a, [data-url], [data-href], [data-link], [onclick]"):
        if (address := target_of(node, base)) and (size := len(node.text())) < MAX_ROW:
            found.append((node, address))
        elif address:
            read += size
        if read > MAX_READ:
            break
    return found


def target_of(node: LexborNode, base: str) -> str | None:
    """Where a click leads: an attribute that scripts read goes before a link that leads nowhere."""
    href = (node.attributes.get("href") or "").strip()
    if href and not href.startswith(("#", "javascript:")) and (address := address_of(node, base)):
        return address
    for name in ATTRIBUTES:
        if node.attributes.get(name) and (address := address_of(node, base, name)):
            return address
    script = SCRIPTED.search(f"{href} {node.attributes.get('onclick') or ''}")
    address = resolve(base, script.group(1)) if script else None
    return address if address and is_web(address) else None


def kind_of(address: str) -> Kind:
    """Whether an address, by its shape, is one of an article or of a column."""
    path, query = path_of(address), urlsplit(address).query
    folder, _, leaf = path.rpartition("/")
    if FILE.search(path):
        return "article"
    if query:
        return kind_of_program(leaf, query)
    if not leaf or INDEX.fullmatch(leaf):
        above, _, last = folder.rpartition("/")
        return "article" if OPAQUE.fullmatch(last) and not above.endswith("/columns") else "column"
    stem = leaf.partition(".")[0]
    if YEARLY.fullmatch(stem):
        return "article" if DATED_FOLDER.search(path) else "either"
    is_numbered = re.search(r"\d{3}", stem) or DATED_FOLDER.search(path) or re.search(r"(?:^|[_-])\d{2,}$", stem)
    return "article" if OPAQUE.search(stem) or is_numbered else "either"


def kind_of_program(leaf: str, query: str) -> Kind:
    """The same for a program with parameters, by what it is called and whether it is told the id of something."""
    stem = leaf.partition(".")[0]
    if any(PAGE_FIELD.fullmatch(name) or value == "list" for name, value in parse_qsl(query)):
        return "column"
    if DETAIL.search(stem) and IDENTITY.search(query):
        return "article"
    if COLUMN.search(stem):
        return "column"
    return (
        "article"
        if re.search(r"(?:^|&)\w{0,12}id=(?:\d{4,}|[0-9a-f-]{24,36})(?:&|$)", query, re.IGNORECASE)
        else "either"
    )
