"""Lists whose addresses follow no product: rows and sub-columns told by title, date and shape of address.

Where the shape of an address says nothing (`jyj.html`), what it is called and whether a date stands beside it decide.
Pure; families build on it.
"""

import re
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser

from crawler.address import folder_of, is_web, path_of, resolve
from crawler.listing import Link, Listing, Page, Request
from crawler.lists.anchors import INDEX, Anchor, anchors_in, kind_of
from crawler.lists.markup import (
    FILE,
    MAX_COLUMNS,
    MAX_ROWS,
    address_of,
    base_of,
    best_titles,
    dates_of,
    link_of,
    name_of,
)
from crawler.lists.paging import PAGER, is_page_of, pages_after
from crawler.lists.titles import GROUP, is_candidate, is_column, is_report, year_of

GENERIC = re.compile(
    r"(?:历年|历史|往年|本级|本机关)?(?:政府|政务|机关)?(?:信息|政务)?公开(?:工作)?(?:年度)?(?:工作)?(?:年报|年度报告|报告|总结)(?:总览|列表|专栏|公开)?|年度报告|年报(?:总览)?"
)
NAMED_FILE = re.compile(r"""["'(=]([^"'()\s<>=]{1,300}\.(?:pdf|docx?|wps|xlsx?|et|ofd))(?=["')#?&])""", re.IGNORECASE)


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
        and leads_down(address, name_of(node), url)
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
