"""The "openness" CMS of many districts in Anhui and some elsewhere, in two generations.

Old: `/opennessAnnualReport/?branch_id=<24 hex>` lists a body's reports, often in an iframe, pages by `page=<n>`; a
report is `/openness/detail/<24 hex>.html` or `/openness/detail/?_id=…&type=annual_report`. New:
`/XxgkAnnualReport/show/<id>.html` (`Openness…` on other hosts), lists `/XxgkContent/showList/<unit>/0/page_1.html`,
`page_2.html`; a file is `/OpennessContent/download/<id>`, without a suffix.
Seen on www.xuanzhou.gov.cn, tjj.xuancheng.gov.cn, www.bzqc.gov.cn, www.ewenke.gov.cn, www.taihe.gov.cn and others.
"""

import re
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit, urlunsplit

from msgspec.structs import replace
from selectolax.lexbor import LexborHTMLParser

from crawler.address import host_and_port, path_of
from crawler.listing import Article, Channel, Link, Listing, Page, Request
from crawler.lists.articles import article_of
from crawler.lists.markup import (
    FILE,
    address_of,
    base_of,
    best_titles,
    card_of,
    columns_of,
    iso_date,
    label_of,
    later_pages,
    rows_of,
)
from crawler.lists.titles import is_column, is_report

WORD = r"/(?:[Oo]penness|Xxgk)[A-Z]\w{0,30}/"
SHOWN = re.compile(
    r"/(?:(?:[Oo]penness|Xxgk)[A-Z]\w*|Jczwgk)/show/\w+(?:\.html?)?$|/openness/detail/[0-9a-f]{24}(?:\.html?)?$"
)
DETAIL = re.compile(r"/openness/detail/?$")
DOWNLOAD = re.compile(r"/(?:[Oo]penness|Xxgk)\w*/download/\w+$")
LIST = re.compile(r"/(?:[Oo]penness|Xxgk)[A-Z]\w*/")
ANNUAL = re.compile(r"/(?:[Oo]penness|Xxgk)AnnualReports?/")
PAGE_FILE = re.compile(r"/page_(\d{1,5})\.html?$")
PAGES = re.compile(r"共\s*(\d{1,4})\s*页|total_?pages?[\"']?\s{0,4}[:=]\s{0,4}[\"']?(\d{1,4})", re.IGNORECASE)
TRAIL = re.compile(r"信息公开\s{0,4}[>›»]\s{0,4}([^>›»\n]{2,40}?)\s{0,4}[>›»]\s{0,4}政府信息公开年报")
MAX_COLUMNS = 200


def recognises(page: Page) -> float:
    """The words of its addresses, in the page's own and in its links, and the number that it gives each body."""
    own = 0.6 if re.search(WORD + r"|/openness/", path_of(page.url)) else 0.0
    links = 0.5 if re.search(WORD, page.text) else 0.0
    branch = 0.3 if re.search(r"\bbranch_id=[0-9a-f]{24}\b", page.text) else 0.0
    body = 0.2 if re.search(r"""id=["']?wenzhang\b""", page.text) else 0.0
    return min(1.0, own + links + branch + body)


def first(channel: Channel) -> Request:
    """A channel opens with its own address."""
    return Request(channel.url)


def read(page: Page) -> Listing:
    """The rows of a list, the pages after it, its iframe, and the lists of other bodies and groups."""
    tree = LexborHTMLParser(page.text)
    base = base_of(tree, page.url)
    links = rows_of(tree, base, is_row)
    framed = [address for node in tree.css("iframe[src]") if (address := address_of(node, base, "src"))]
    inner = tuple(
        Request(address)
        for address in dict.fromkeys(framed)
        if is_list(address) and not is_same_list(address, page.url)
    )
    columns = columns_of(tree, base, lambda address, label: leads_down(page.url, address, label))
    if not ANNUAL.search(path_of(page.url)) and any(is_annual(request.url) for request in columns):
        columns = tuple(request for request in columns if is_annual(request.url))
    return Listing(links, later(page, tree, base) if links else (), (*inner, *columns)[:MAX_COLUMNS])


def article(page: Page) -> Article:
    """What a page says of itself; files without a suffix, and the body that publishes by card or breadcrumb."""
    found = article_of(page)
    tree = LexborHTMLParser(page.text)
    base, card = base_of(tree, page.url), card_of(tree)
    anchors = [(address, label_of(node)) for node in tree.css("a[href]") if (address := address_of(node, base))]
    downloads = best_titles([Link(address, label) for address, label in anchors if DOWNLOAD.search(path_of(address))])
    way = TRAIL.search(tree.body.text(separator=" ")) if tree.body else None
    return replace(
        found,
        attachments=tuple({file.url: file for file in (*found.attachments, *downloads)}.values()),
        title=found.title or card.get("名称") or card.get("信息名称"),
        published=found.published or iso_date(card.get("发布日期", "")),
        source=found.source or card.get("发布机构") or (way.group(1).strip() if way else None),
    )


# ---- addresses


def is_row(address: str) -> bool:
    """Whether an address is one of a document or of a file."""
    path = path_of(address)
    if DETAIL.search(path):
        return "_id" in query_of(address)
    return bool(SHOWN.search(path) or DOWNLOAD.search(path) or FILE.search(path))


def is_list(address: str) -> bool:
    """Whether an address is one of the system's lists."""
    return bool(LIST.search(path_of(address))) and not is_row(address)


def is_annual(address: str) -> bool:
    """Whether an address is one of a list of annual reports."""
    return bool(ANNUAL.search(path_of(address))) and is_list(address)


def is_same_list(one: str, other: str) -> bool:
    """Whether two addresses are pages of one list."""
    return with_page(one, 1) == with_page(other, 1)


def leads_down(own: str, address: str, label: str) -> bool:
    """Whether a link leads to a list of annual reports, by its address, else by its name."""
    if host_and_port(address) != host_and_port(own) or not is_list(address) or is_same_list(address, own):
        return False
    if is_annual(address):
        return True
    return is_report(label) or (is_column(label) and bool(ANNUAL.search(path_of(own))))


# ---- pages


def later(page: Page, tree: LexborHTMLParser, base: str) -> tuple[Request, ...]:
    """The pages after this one: those that it links to, else the next by its total."""
    if following := later_pages(page.text, page.url, base):
        return following
    current = number_in(page.url)
    named = dict.fromkeys(address for node in tree.css("a[href]") if (address := address_of(node, base)))
    own = (address for address in named if is_list(address) and is_same_list(address, page.url))
    numbers = {number: address for address in own if (number := number_in(address)) > current}
    if numbers:
        return tuple(Request(numbers[number]) for number in sorted(numbers))
    totals = [int(one or two) for one, two in PAGES.findall(page.text)]
    return (Request(with_page(page.url, current + 1)),) if max(totals, default=1) > current else ()


def number_in(address: str) -> int:
    """The number of a page, 1 where none is named."""
    match = PAGE_FILE.search(path_of(address))
    number = match.group(1) if match else query_of(address).get("page", "1")
    return int(number) if number.isdecimal() and len(number) < 6 else 1


def with_page(address: str, number: int) -> str:
    """The address of another page of the same list."""
    parts = urlsplit(address)
    if PAGE_FILE.search(parts.path):
        return urlunsplit(parts._replace(path=PAGE_FILE.sub(f"/page_{number}.html", parts.path)))
    fields = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name != "page"]
    return urlunsplit(parts._replace(query=urlencode([*fields, ("page", str(number))])))


def query_of(address: str) -> dict[str, str]:
    """The fields of a query, the first of a name."""
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query, keep_blank_values=True).items()}
