"""The pages after a list page, whatever its pager is made of: links, scripts, Base64, or no more than how many there are.

Pages of one list differ in one number, in the name of the file (`index_2.html`, `2.html`) or in a parameter. Pure.
"""

import base64
import binascii
import re
from collections.abc import Iterable
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from selectolax.lexbor import LexborHTMLParser

from crawler.address import folder_of, is_web, path_of, resolve
from crawler.listing import Page, Request
from crawler.lists.anchors import PAGE_FIELD, Anchor, anchors_in, kind_of
from crawler.lists.markup import label_of

NEXT = re.compile(r"下一?[页頁]|后一?页|向后|next(?: ?page)?", re.IGNORECASE)
PAGER = re.compile(
    r"[上下前后]一?[页頁篇]|[首末尾][页頁]|第一页|最后一页|[>›»→<‹«←.…]{1,3}|[\[第]?\s*(?!(?:19|20)\d\d)\d{1,4}\s*[页\]]?"
)
ARROW = re.compile(r"[>›»→]{1,2}")
PAGE_LEAF = re.compile(r"(?P<stem>(?:.*[^\d_-])?)(?P<mark>[_-]?)(?P<number>\d{1,3})(?P<ending>\.\w{1,5})?")
BARE_LEAF = re.compile(r"(?P<stem>.*?)(?P<ending>\.\w{1,5})?")
TURN = re.compile(
    r"(?:javascript:|onclick\s*=\s*[\"']?)[\s\w.]{0,40}?\b(?:next|go|goto|to|turn|turnto|jump|jumpto|change)?_?(?:page|next|jump)"
    r"(?:to|no|num)?\(\s*[\"']?(\d{1,4})\b",
    re.IGNORECASE,
)
WRITTEN = re.compile(r"""["']([^"'\s<>]{0,300})["']\s*\+\s*[\w.]{1,40}\s*\+\s*["']([^"'\s<>]{0,100})["']""")
TOTAL = re.compile(
    r"共\s*(?:<[^<>]{0,200}>\s*)*(\d{1,4})\s*(?:<[^<>]{0,200}>\s*)*页|"
    r"(?:page_?count|count_?page|total_?pages?)[\"']?\s*[:=]\s*[\"']?(\d{1,4})",
    re.IGNORECASE,
)
POSITION = re.compile(r">\s*(?:第|页次[:：]?|共\s*\d{1,6}\s*条)?\s*(\d{1,4})\s*/\s*(\d{1,4})\s*页?\s*<")
DRAWN = re.compile(
    r"""\bcreatePage\w{0,10}\(\s*(?P<box>["'][^"']{0,40}["']\s*,)?\s*(?P<total>\d{1,4})\s*,\s*(?P<shown>\d{1,4})\s*,"""
    r"""\s*["'](?P<stem>[\w-]{1,40})["']\s*,\s*["'](?P<ending>\w{1,6})["']"""
)
ENCODED = re.compile(r"[A-Za-z0-9+/\s]{40,}={0,2}\s*")
ATOB = re.compile(r"""atob\(\s*["']([A-Za-z0-9+/=\s]{40,20000})["']""")


def pages_after(page: Page, anchors: list[Anchor], base: str) -> tuple[Request, ...]:
    """The pages that continue a list: linked, turned to by a script, hidden in Base64, or known by number only."""
    hidden = [anchor for text in hidden_pagers(page.text) for anchor in anchors_in(LexborHTMLParser(text), base)]
    numbered, called = linked_pages([*anchors, *hidden], page.url)
    if numbered or called:
        later = [numbered[number] for number in sorted(numbered) if number > number_of(page.url)]
        return tuple(Request(address) for address in dict.fromkeys([*later, *called]))
    if drawn := drawn_page(page.text, page.url):
        return (Request(drawn),)
    current = number_of(page.url)
    said = pages_said(page.text, current)
    is_more = any(int(number) > current for number in TURN.findall(page.text)) and not said
    if not is_more and said <= current:
        return ()
    address = written_page(page, base, current + 1) or with_number(page.url, current + 1)
    return (Request(address),) if address and address != page.url else ()


def pages_said(text: str, current: int) -> int:
    """How many pages a list says that it has (`共5页`, `totalPage = 5`, `1/5` on the first page), 0 where it does not."""
    totals = [int(first or second) for first, second in TOTAL.findall(text)]
    totals += [int(total) for place, total in POSITION.findall(text) if int(place) == current]
    return max(totals, default=0)


def linked_pages(anchors: list[Anchor], url: str) -> tuple[dict[int, str], list[str]]:
    """Addresses that differ from this one in the number of the page, by number; and what is called the next page, which
    has a lower number where lists count down."""
    numbered: dict[int, str] = {}
    called: list[str] = []
    for node, address in anchors:
        if address == url or urlsplit(address).netloc != urlsplit(url).netloc:
            continue
        label = re.sub(r"\s", "", node.text()) or label_of(node)
        if is_page_of(address, url) or (PAGER.fullmatch(label) and is_asked_further(address, url)):
            numbered.setdefault(number_of(address), address)
        if NEXT.fullmatch(label) or (ARROW.fullmatch(label) and folder_of(address) == folder_of(url)):
            called += [address] if kind_of(address) != "article" or is_named_after(address, url) else []
    return numbered, called[:1]


def is_page_of(address: str, url: str) -> bool:
    """Whether an address differs from that of a list in the number of its page only."""
    one, other = urlsplit(address), urlsplit(url)
    if one.netloc != other.netloc:
        return False
    if one.query or other.query:
        return one.path == other.path and fields_but_page(one.query) == fields_but_page(other.query)
    return folder_of(address) == folder_of(url) and list_name(address) == list_name(url)


def is_asked_further(address: str, url: str) -> bool:
    """Whether an address asks the program of a list for a page by number, with all that the list was asked with and
    perhaps more (`ui?pageId=5`, `ui?pageId=5&currentPage=2&moduleId=7`)."""
    one, other = urlsplit(address), urlsplit(url)
    has_number = any(PAGE_FIELD.fullmatch(name) for name, _ in parse_qsl(one.query))
    return (
        one.path == other.path and has_number and set(fields_but_page(other.query)) <= set(fields_but_page(one.query))
    )


def is_named_after(address: str, url: str) -> bool:
    """Whether an address is that of a list with something added to its name (`list-7.html`, `list-7-page-2.html`)."""
    stem, ending = BARE_LEAF.fullmatch(path_of(url).rpartition("/")[2]).groups()  # type: ignore[union-attr]
    leaf = path_of(address).rpartition("/")[2]
    return folder_of(address) == folder_of(url) and bool(stem) and leaf.startswith(stem) and leaf.endswith(ending or "")


def fields_but_page(query: str) -> list[tuple[str, str]]:
    """The parameters that say which list it is."""
    return sorted((name, value) for name, value in parse_qsl(query) if not PAGE_FIELD.fullmatch(name))


def list_name(address: str) -> tuple[str, str]:
    """Stem and ending of a page's name without its number; a bare folder is its index."""
    leaf = path_of(address).rpartition("/")[2]
    match = PAGE_LEAF.fullmatch(leaf) or BARE_LEAF.fullmatch(leaf)
    stem, ending = (match["stem"], match["ending"] or "") if match else (leaf, "")
    return ("index", "") if stem in ("", "index") and ending in ("", ".html", ".htm", ".shtml") else (stem, ending)


def number_of(address: str) -> int:
    """The number of a list page; one without a number is the first."""
    for name, value in parse_qsl(urlsplit(address).query):
        if PAGE_FIELD.fullmatch(name) and re.fullmatch(r"\d{1,6}", value):
            return int(value)
    match = PAGE_LEAF.fullmatch(path_of(address).rpartition("/")[2])
    return int(match["number"]) if match else 1


def with_number(url: str, number: int) -> str | None:
    """The address of another page of a list in the way of this one; `index_2.html` where this one has no number."""
    parts = urlsplit(url)
    fields = parse_qsl(parts.query, keep_blank_values=True)
    if any(PAGE_FIELD.fullmatch(name) for name, _ in fields):
        changed = [(name, str(number) if PAGE_FIELD.fullmatch(name) else value) for name, value in fields]
        return urlunsplit(parts._replace(query=urlencode(changed)))
    if parts.query:
        return None
    folder, _, leaf = parts.path.rpartition("/")
    if match := PAGE_LEAF.fullmatch(leaf):
        name = f"{match['stem']}{match['mark']}{number}{match['ending'] or ''}"
    else:
        stem, dot, ending = (leaf or "index.html").partition(".")
        name = f"{stem}_{number}{dot}{ending}"
    return urlunsplit(parts._replace(path=f"{folder}/{name}"))


def written_page(page: Page, base: str, number: int) -> str | None:
    """The address that a script of the page puts together from two strings and a page number."""
    for before, after in WRITTEN.findall(page.text):
        address = resolve(base, f"{before}{number}{after}")
        if address and is_web(address) and address != page.url and is_page_of(address, page.url):
            return address
    return None


def drawn_page(text: str, url: str) -> str | None:
    """The next page of a pager that one call draws: `createPageHTML(9, 0, "index", "html")`, pages counted from 0, or
    `createPageHTML('box', 9, 1, 'index', 'html', 89)`, counted from 1; files are `index`, `index_1`, …"""
    match = DRAWN.search(text)
    if match is None:
        return None
    total, shown = int(match["total"]), int(match["shown"]) - (1 if match["box"] else 0)
    return resolve(url, f"{match['stem']}_{shown + 1}.{match['ending']}") if shown + 1 < total else None


def hidden_pagers(text: str) -> Iterable[str]:
    """Markup of pagers that a script decodes from Base64 (`window.atob`), in the page or in the script."""
    if "atob" not in text:
        return
    nodes = LexborHTMLParser(text).css("[id*=page], [class*=page]")
    for encoded in [*(node.text(deep=False) for node in nodes), *ATOB.findall(text)]:
        if ENCODED.fullmatch(encoded or ""):
            try:
                yield base64.b64decode(re.sub(r"\s", "", encoded)).decode("utf-8", "replace")
            except binascii.Error:
                continue
