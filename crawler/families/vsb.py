"""VSB (博达 Visual SiteBuilder): static pages whose lists count down.

An article is `/info/<column>/<id>.htm`, a list `<column>.htm`; its second page is `<column>/<n-1>.htm` where n is the number
of pages, and the last one `<column>/1.htm`: files keep their numbers when a page is added in front, and rows move. An
article that only some may read is `article.jsp?urltype=news.NewsContentUrl&…`, a file
`/system/_content/download.jsp?…&wbfileid=…` or `/__local/….pdf`, often shown in a pdf.js frame in place of a text.
Seen on xncz.gov.cn, www.lyctp.gov.cn and the sites of universities.
"""

import re

from msgspec.structs import replace
from selectolax.lexbor import LexborHTMLParser

from crawler.address import folder_of, path_of
from crawler.listing import Article, Channel, Link, Listing, Page, Request
from crawler.lists.anchors import Anchor, anchors_in
from crawler.lists.articles import article_of
from crawler.lists.markup import FILE, base_of, label_of, rows_of
from crawler.lists.paging import NEXT
from crawler.lists.structure import columns_in, named_files
from crawler.lists.titles import year_of

ARTICLE = re.compile(r"/info/\d+/\d+\.html?$")
RESTRICTED = re.compile(r"/(?:article|content)\.jsp\?(?=.*\burltype=news\.NewsContentUrl\b)(?=.*\bwbnewsid=\d)")
DOWNLOAD = "/system/_content/download.jsp"
STORED = "/__local/"
LIST_PAGE = re.compile(r"(.*/)(\d{1,5})\.html?")
POSITION = re.compile(r"(?<![\d/.-])(\d{1,4})\s*/\s*(\d{1,4})(?![\d/.-])")
TOTAL = re.compile(r"共\s*(\d{1,4})\s*页")
MARKS = {
    "Visual SiteBuilder": 0.6,
    "vsb_content": 0.5,
    "v_news_content": 0.4,
    "_sitegray": 0.4,
    "/system/resource/": 0.4,
    DOWNLOAD: 0.4,
    "news.NewsContentUrl": 0.4,
    "/__local/": 0.3,
}


def recognises(page: Page) -> float:
    """The maker's name, the classes of its editor and the folders of its files; an address of its shape alone is weak."""
    marks = sum(weight for mark, weight in MARKS.items() if mark in page.text)
    shapes = 0.4 if ARTICLE.search(path_of(page.url)) or re.search(r"\binfo/\d+/\d+\.htm\b", page.text) else 0.0
    return min(1.0, marks + shapes)


def first(channel: Channel) -> Request:
    """A channel opens with its own address."""
    return Request(channel.url)


def read(page: Page) -> Listing:
    """The rows of a list page, the pages after it, which have lower numbers, and the columns below it."""
    tree = LexborHTMLParser(page.text)
    base = base_of(tree, page.url)
    anchors = anchors_in(tree, base)
    links = rows_of(tree, base, is_row)
    following = pages_after(page, anchors)
    taken = {link.url for link in links} | {request.url for request in following}
    below = columns_in(tree, anchors, base, page.url, taken)
    return Listing(links, following, tuple(one for one in below if not is_row(one.url)))


def article(page: Page) -> Article:
    """As everywhere; downloads have no name in their address, and scripts put PDFs into frames."""
    found = article_of(page)
    tree = LexborHTMLParser(page.text)
    base = base_of(tree, page.url)
    files = {file.url: file for file in found.attachments}
    for node, address in anchors_in(tree, base):
        if path_of(address).endswith(DOWNLOAD) and address not in files:
            files[address] = Link(address, label_of(node))
    for file in named_files(page.text, page.url, base):
        if STORED in file.url:
            files.setdefault(file.url, file)
    return replace(found, attachments=tuple(files.values()))


def is_row(address: str) -> bool:
    """Whether an address is one of an article, or of a file in place of one."""
    path = path_of(address)
    is_file = path.endswith(DOWNLOAD) or (STORED in path and bool(FILE.search(path)))
    return bool(ARTICLE.search(path) or RESTRICTED.search(address)) or is_file


def pages_after(page: Page, anchors: list[Anchor]) -> tuple[Request, ...]:
    """All pages with a lower number that the pager links to, from the highest; where it only says how many pages there
    are, the next one. Lists that a program makes continue with what is called the next page."""
    folder, current = place_of(page.url)
    found: dict[int, str] = {}
    called: list[str] = []
    for node, address in anchors:
        match = LIST_PAGE.fullmatch(address)
        is_year = year_of(label_of(node)) is not None
        if match and match.group(1) == folder and not is_year and (current is None or int(match.group(2)) < current):
            found.setdefault(int(match.group(2)), address)
        elif NEXT.fullmatch(re.sub(r"\s", "", node.text())) and path_of(address) == path_of(page.url) != address:
            called.append(address)
    if found or called:
        return tuple(Request(found[number]) for number in sorted(found, reverse=True)) or (Request(called[0]),)
    after = number_after(page.text, current)
    return (Request(f"{folder}{after}.htm"),) if after else ()


def place_of(url: str) -> tuple[str, int | None]:
    """The folder of a list's later pages, and the number of this page; the first has none."""
    match = LIST_PAGE.fullmatch(url.split("?", 1)[0])
    if match and year_of(match.group(2)) is None:
        return match.group(1), int(match.group(2))
    stem = url.split("?", 1)[0].removeprefix(folder_of(url)).partition(".")[0]
    return f"{folder_of(url)}{stem or 'index'}/", None


def number_after(text: str, current: int | None) -> int:
    """The number of the next page, 0 where there is none: one lower than this one's, on the first page one lower than
    how many pages there are."""
    if current is not None:
        return current - 1 if POSITION.search(text) or TOTAL.search(text) else 0
    totals = [int(total) for place, total in POSITION.findall(text) if place == "1"]
    totals += [int(total) for total in TOTAL.findall(text)]
    return max(totals, default=1) - 1
