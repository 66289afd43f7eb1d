"""Lists whose addresses follow no product: rows, next pages and sub-columns told by title, date and shape of address.

An anchor's address is one of an article (`…/2023-01-28/4655505.shtml`, an id, a file), of a column (a folder, an index,
a numbered list page) or could be either (`jyj.html`); what it is called and whether a date stands beside it decide then.
Pure; families build on it.
"""

import base64
import binascii
import re
from collections.abc import Iterable
from typing import Literal
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.address import folder_of, is_web, path_of, resolve
from crawler.listing import Link, Listing, Page, Request
from crawler.markup import FILE, MAX_COLUMNS, MAX_ROWS, address_of, base_of, best_titles, dates_of, label_of, link_of
from crawler.titles import GROUP, is_candidate, is_column, is_report, year_of

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
INDEX = re.compile(r"(?:(?:index|default|\w{0,20}list|main|home|page)(?:[_-]?\d{1,4})?|\d{1,3})(?:\.\w{1,5})?", re.IGNORECASE)
YEARLY = re.compile(r"(?:19|20)\d{2}[a-z]{0,3}", re.IGNORECASE)
DETAIL = re.compile(r"detail|show|view|content|article|info|read|news|doc", re.IGNORECASE)
COLUMN = re.compile(r"list|index|column|dep(?:artmen)?t|channel|more|catalog|class|default", re.IGNORECASE)
IDENTITY = re.compile(r"(?:^|[?&])(?:\w{0,12}id|i|d|nid|guid)=[\w-]+", re.IGNORECASE)
GENERIC = re.compile(
    r"(?:历年|历史|往年|本级|本机关)?(?:政府|政务|机关)?(?:信息|政务)?公开(?:工作)?(?:年度)?(?:工作)?(?:年报|年度报告|报告|总结)(?:总览|列表|专栏|公开)?|年度报告|年报(?:总览)?"
)

NEXT = re.compile(r"下一?[页頁]|后一?页|向后|next(?: ?page)?", re.IGNORECASE)
PAGER = re.compile(r"[上下前后]一?[页頁篇]|[首末尾][页頁]|第一页|最后一页|[>›»→<‹«←.…]{1,3}|[\[第]?\s*\d{1,4}\s*[页\]]?")
ARROW = re.compile(r"[>›»→]{1,2}")
PAGE_LEAF = re.compile(r"(?P<stem>(?:.*[^\d_-])?)(?P<mark>[_-]?)(?P<number>\d{1,3})(?P<ending>\.\w{1,5})?")
BARE_LEAF = re.compile(r"(?P<stem>.*?)(?P<ending>\.\w{1,5})?")
PAGE_FIELD = re.compile(
    r"p|pn|paging|pages?|page_?(?:no|num|number|index)|cur(?:rent)?_?page(?:_?no|index)?|pageindex", re.IGNORECASE
)
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
NAMED_FILE = re.compile(
    r"""["'(=]([^"'()\s<>=]{1,300}\.(?:pdf|docx?|wps|xlsx?|et|ofd))(?=["')#?&])""", re.IGNORECASE
)


def listing_of(page: Page) -> Listing:
    """Everything that structure tells about a list page: rows, the pages after it, the columns below it."""
    tree = LexborHTMLParser(page.text)
    base = base_of(tree, page.url)
    anchors = anchors_in(tree, base)
    links = rows_in(anchors, page.url)
    taken = {link.url for link in links}
    following = pages_after(page, anchors, base)
    columns = columns_in(tree, anchors, base, page.url, taken | {one.url for one in following})
    return Listing(links, following, columns or (() if links else inner_pages(tree, base, page.url)))


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


# ---- what an address is


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
    return "article" if re.search(r"(?:^|&)\w{0,12}id=(?:\d{4,}|[0-9a-f-]{24,36})(?:&|$)", query, re.IGNORECASE) else "either"


# ---- rows


def rows_in(anchors: list[Anchor], url: str) -> tuple[Link, ...]:
    """The rows of a list, those that are no reports too: a page full of notices is a page of the list all the same."""
    anchors = [(node, address) for node, address in anchors if address != url][:MAX_ROWS]
    links = [
        link_of(node, address, date)
        for (node, address), date in zip(anchors, dates_of([node for node, _ in anchors]), strict=True)
    ]
    return best_titles([link for link in links if is_row(link, url)])


def is_row(link: Link, url: str) -> bool:
    """Whether a link is one of an article, by its address, and where that is silent by its title and date."""
    if not link.title or PAGER.fullmatch(link.title):
        return False
    kind = kind_of(link.url)
    if kind == "article":
        return not is_page_of(link.url, url)
    if link.date is not None:
        return is_candidate(link.title)
    return kind == "either" and is_report(link.title) and year_of(link.title) is not None


# ---- pages after this one


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
    turned = sorted(number for match in TURN.findall(page.text) if (number := int(match)) > current)
    if not turned and pages_said(page.text, current) <= current:
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
        if is_page_of(address, url):
            numbered.setdefault(number_of(address), address)
        if NEXT.fullmatch(label) or (ARROW.fullmatch(label) and folder_of(address) == folder_of(url)):
            called += [address] if kind_of(address) != "article" else []
    return numbered, called[:1]


def is_page_of(address: str, url: str) -> bool:
    """Whether an address differs from that of a list in the number of its page only."""
    one, other = urlsplit(address), urlsplit(url)
    if one.netloc != other.netloc:
        return False
    if one.query or other.query:
        return one.path == other.path and fields_but_page(one.query) == fields_but_page(other.query)
    return folder_of(address) == folder_of(url) and list_name(address) == list_name(url)


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


# ---- columns below


def columns_in(
    tree: LexborHTMLParser, anchors: list[Anchor], base: str, url: str, taken: set[str]
) -> tuple[Request, ...]:
    """Links to reports of one year, one body or a group of bodies, when they belong to this column."""
    options = [
        (node, address)
        for node in tree.css("option[value]")
        if re.search(r"[/.?]", node.attributes.get("value") or "") and (address := address_of(node, base, "value"))
    ]
    found = [
        address
        for node, address in [*anchors, *options]
        if address not in taken and address != url and not is_page_of(address, url)
        and leads_down(address, label_of(node), url)
    ]  # fmt: skip
    return tuple(Request(address) for address in dict.fromkeys(found))[:MAX_COLUMNS]


def leads_down(address: str, label: str, url: str) -> bool:
    """Whether a link opens a column of annual reports: said by its name, or by a name that means something here only."""
    if urlsplit(address).netloc != urlsplit(url).netloc or kind_of(address) == "article" or not is_column(label):
        return False
    bare = re.sub(r"\s", "", label)
    if GENERIC.fullmatch(bare) or is_report(bare):
        return True
    return is_below(address, url, is_year=year_of(bare) is not None and not GROUP.fullmatch(bare))


def is_below(address: str, url: str, *, is_year: bool) -> bool:
    """Whether an address belongs to this column: below the folder whose index it is, or that is named like it
    (`gknb.htm`, `gknb/jd.htm`); the same program asked otherwise; a sibling that is named by a year; or an address that
    is nothing but an id, like this one's."""
    folder, leaf = folder_of(url), path_of(url).rpartition("/")[2]
    named = url.split("?", 1)[0].rsplit(".", 1)[0] + "/"
    owns = folder.count("/") > 3 and (not leaf or INDEX.fullmatch(leaf) is not None)
    if (owns and address.startswith(folder)) or address.startswith(named):
        return True
    if urlsplit(address).query and path_of(address) == path_of(url):
        return True
    above = folder.rstrip("/").rsplit("/", 1)[0] + "/" if owns else folder
    if is_year and above.count("/") > 3 and address.startswith(above):
        return True
    shapes = [re.sub(r"[0-9a-f-]{8,}", "#", path_of(one), flags=re.IGNORECASE) for one in (address, url)]
    return "#" in shapes[0] and shapes[0] == shapes[1]


def inner_pages(tree: LexborHTMLParser, base: str, url: str) -> tuple[Request, ...]:
    """The frames in which a page without rows shows them."""
    named = [address_of(node, base, "src") for node in tree.css("iframe[src], frame[src]")]
    inner = [one for one in named if one and one != url and urlsplit(one).netloc == urlsplit(url).netloc]
    return tuple(Request(address) for address in dict.fromkeys(inner) if not FILE.search(path_of(address)))[:5]


def named_files(text: str, url: str, base: str) -> tuple[Link, ...]:
    """Documents that the scripts and attributes of an article name in place of showing its text."""
    found = dict.fromkeys(resolve(base, match) for match in NAMED_FILE.findall(text))
    files = [address for address in found if address and is_web(address) and address != url]
    return tuple(Link(address, path_of(address).rpartition("/")[2]) for address in files)[:20]
