"""NFCMS, the 集约化 platform under every Guangdong government portal: static lists and articles.

Skins differ from city to city, addresses do not: an article is `<column>/content/post_<id>.html` (`mpost_` for phones,
`spost_` for specials), a list `<column>/index.html`, `index_2.html`, … (page 1 has no number), a file
`/attachment/<id div 1e6>/<id div 1000>/<id>/<n>.<ext>`. So links are recognised by address, never by class.
Seen on www.huadu.gov.cn, hrss.gd.gov.cn, www.sz.gov.cn, www.gz.gov.cn and others.
"""

import re

from selectolax.lexbor import LexborHTMLParser

from crawler.address import folder_of, path_of, resolve
from crawler.listing import Article, Channel, Listing, Page, Request
from crawler.lists.articles import article_of
from crawler.lists.markup import FILE, address_of, base_of, label_of, rows_of
from crawler.lists.paging import PAGER

ARTICLE = re.compile(r"/content/[ms]?post_\d+\.html$")
LIST_PAGE = re.compile(r"""["'(=]\s{0,4}([^"'()\s<>=]{0,300}?index_\d{1,6}\.html?)""")
NUMBER = re.compile(r"/index_(\d+)\.html?$")
PAGES = re.compile(
    r"共\s*(\d{1,4})\s*页|(?:page_?count|count_?page|total_?pages?)[\"']?\s*[:=]\s*[\"']?(\d{1,4})", re.IGNORECASE
)
MAX_COLUMNS = 200
MARKS = {"NFCMS_SITE_ID": 0.5, "NFCMS_POST_ID": 0.3, "NFCMS_CAT_ID": 0.3, "statistics.gd.gov.cn": 0.1}


def recognises(page: Page) -> float:
    """The platform's own script variables weigh most, then addresses of its shape."""
    marks = sum(weight for mark, weight in MARKS.items() if mark in page.text)
    shapes = 0.4 if ARTICLE.search(path_of(page.url)) or re.search(r"\bcontent/post_\d+\.html", page.text) else 0.0
    files = 0.1 if re.search(r"/attachment/\d+/\d+/\d+/", page.text) else 0.0
    return min(1.0, marks + shapes + files)


def first(channel: Channel) -> Request:
    """A channel opens with its own address."""
    return Request(channel.url)


def read(page: Page) -> Listing:
    """The rows of a list page, the pages after it, and the sub-columns (groups of bodies, years) below it."""
    tree = LexborHTMLParser(page.text)
    base = base_of(tree, page.url)
    links = rows_of(tree, base, is_row)
    return Listing(links, following_pages(page, tree, base, is_list=bool(links)), sub_columns(tree, page.url, base))


def article(page: Page) -> Article:
    """Meta tags, printed lines and files, as everywhere."""
    return article_of(page)


def is_row(address: str) -> bool:
    """Whether an address is one of an article, or of a file that a list offers instead of one."""
    path = path_of(address)
    return bool(ARTICLE.search(path)) or ("/attachment/" in path and bool(FILE.search(path)))


def following_pages(page: Page, tree: LexborHTMLParser, base: str, *, is_list: bool) -> tuple[Request, ...]:
    """Pages with a higher number than this one. Pagers are links, options or script arguments, in some skins drawn by a
    script from a total, in some not in the page at all: then, and only then, the next page is a guess."""
    folder, current = folder_of(page.url), page_number(page.url)
    mentioned = {resolve(base, match) for match in LIST_PAGE.findall(page.text)}
    own = {url for url in mentioned if url and folder_of(url) == folder and NUMBER.search(path_of(url))}
    totals = [int(first or second) for first, second in PAGES.findall(page.text)]
    following = {page_number(url): url for url in own if page_number(url) > current}
    if following:
        return tuple(Request(following[number]) for number in sorted(following))
    if totals:
        return (Request(f"{folder}index_{current + 1}.html"),) if max(totals) > current else ()
    if is_list and not own and not leads_back(tree, base, folder):
        return (Request(f"{folder}index_{current + 1}.html", is_guess=True),)
    return ()


def leads_back(tree: LexborHTMLParser, base: str, folder: str) -> bool:
    """Whether a pager leads to the first page, which has no number in its name: then a later one would be named too."""
    first_page = (folder, f"{folder}index.html")
    return any(address_of(node, base) in first_page and PAGER.fullmatch(label_of(node)) for node in tree.css("a[href]"))


def page_number(url: str) -> int:
    """The bare folder and index.html are page 1."""
    match = NUMBER.search(path_of(url))
    return int(match.group(1)) if match else 1


def sub_columns(tree: LexborHTMLParser, url: str, base: str) -> tuple[Request, ...]:
    """Columns below this one, by the folders that its links and options name (…/xxgknb/ leads to qzf/, gbm/, gzj/)."""
    folder = folder_of(url)
    named = [address_of(node, base) for node in tree.css("a[href]")]
    named += [address_of(node, base, "value") for node in tree.css("option[value]")]
    below = [address for address in named if address and address.startswith(folder) and is_column(address, folder)]
    return tuple(Request(address) for address in dict.fromkeys(below))[:MAX_COLUMNS]


def is_column(address: str, folder: str) -> bool:
    """Whether an address below a folder opens a column: a folder of its own or its index.html, without a query."""
    below = address.removeprefix(folder)
    return bool(re.fullmatch(r"(?:(?!content/)[\w-]+/){1,3}(?:index\.html?)?", below))
