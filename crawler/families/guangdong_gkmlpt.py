"""gkmlpt, the disclosure catalogue (政府信息公开目录平台) that every Guangdong unit has beside its NFCMS portal.

`/[unit/]gkmlpt/index`, `/annualreport` and the like are shells whose script holds the site's number (`SID`) and the
tree of its columns (`TREE`, a JavaScript literal); rows come from
`/[unit/]gkmlpt/api/all/<column>?page=<n>&sid=<SID>`, a hundred a page, where page 0 is page 1 again. A column with a
`jump_url` has no rows there but elsewhere, mostly in a list of the NFCMS portal. An article is
`/[unit/]gkmlpt/content/<id div 1e6>/<id div 1000>/post_<id>.html`.
Seen on whly.gd.gov.cn, www.yuexiu.gov.cn, www.szpsq.gov.cn, www.xuwen.gov.cn and others.
"""

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

from msgspec.structs import replace
from selectolax.lexbor import LexborHTMLParser

from crawler.address import is_web, path_of, resolve
from crawler.listing import Article, Channel, Link, Listing, Page, Request
from crawler.lists.articles import article_of
from crawler.lists.literals import address_at, at, json_of, link_in, literal_after, number_at, rows_at, text_at
from crawler.lists.markup import FILE, base_of, best_titles, card_of, columns_of, iso_date, later_pages, rows_of
from crawler.lists.titles import is_column, is_report

SHELL = re.compile(r"(.*/gkmlpt/)")
ROW = re.compile(r"/content/(?:\d+/\d+/)?[ms]?post_\d+\.html$")
COLUMN = re.compile(r"/(?:index\.html?)?$|/gkmlpt/(?:m?index|annualreport|policy)$")
TITLES, URLS = ("title", "name"), ("url", "post_url")
DATES = ("created_at", "date", "display_publish_time", "first_publish_time", "create_time")
PAGE_SIZE = 100
MAX_COLUMNS = 200
MAX_LEVELS = 20


def recognises(page: Page) -> float:
    """The settings of its shells and the shape of its answers weigh most; a portal that only leads to it, least."""
    if not page.text.lstrip().startswith("<"):
        return 0.9 if '"articles"' in page.text and '"classify"' in page.text else 0.0
    settings = 0.5 if "_CONFIG" in page.text and re.search(r"\b(?:SID|TREE)[\"']?\s*:", page.text) else 0.0
    address = 0.4 if "/gkmlpt/" in path_of(page.url) else 0.0
    links = 0.3 if "gkmlpt/" in page.text else 0.0
    return min(1.0, settings + address + links)


def first(channel: Channel) -> Request:
    """A channel opens with its own address: a shell, or the list itself."""
    return Request(channel.url)


def read(page: Page) -> Listing:
    """The rows of an answer, the annual-report columns of a shell, or a plain list that a `jump_url` led to."""
    if not page.text.lstrip("\ufeff \t\r\n").startswith("<"):
        return rows_and_next(page, json_of(page.text))
    if columns := annual_columns(page):
        return Listing(columns=columns)
    tree = LexborHTMLParser(page.text)
    base = base_of(tree, page.url)
    links = rows_of(tree, base, lambda address: bool(ROW.search(path_of(address)) or FILE.search(path_of(address))))
    columns = columns_of(tree, base, lambda address, label: is_column(label) and bool(COLUMN.search(path_of(address))))
    return Listing(links, later_pages(page.text, index_of(page.url), base), columns)


def article(page: Page) -> Article:
    """What a content page says; files that its script alone names (`DETAIL.attachment`) count as well."""
    found = article_of(page)
    card = card_of(LexborHTMLParser(page.text))
    named = literal_after(page.text, "attachment")
    files = [file_in(row, page.url) for row in rows_at(named, ())]
    known = {file.url for file in found.attachments}
    return replace(
        found,
        attachments=(*found.attachments, *(file for file in files if file and file.url not in known)),
        title=found.title or card.get("名称"),
        published=found.published or iso_date(card.get("发布日期", "")),
        source=found.source or card.get("发布机构"),
    )


def rows_and_next(page: Page, answer: object) -> Listing:
    """The rows of an answer in JSON, and the page after it."""
    rows = rows_at(answer, ("articles",), ("data", "articles"))
    links = [link for row in rows if (link := row_of(row, page.url))]
    return Listing(best_titles(links), next_pages(page, answer, len(rows)))


def row_of(row: dict[str, object], base: str) -> Link | None:
    """A row leads to its page, or to its first file where it has none."""
    link = link_in(row, base, titles=TITLES, urls=URLS, dates=DATES)
    if link is not None:
        return link
    files = [file for one in rows_at(row, ("attachment",)) if (file := file_in(one, base))]
    return link_in({**row, "url": files[0].url}, base, titles=TITLES, urls=URLS, dates=DATES) if files else None


def file_in(row: dict[str, object], base: str) -> Link | None:
    """A file as the catalogue describes it."""
    address = address_at(row, base, "url", "path")
    return Link(address, text_at(row, "name", "title") or address) if address else None


def next_pages(page: Page, answer: object, rows: int) -> tuple[Request, ...]:
    """The page after this one. A server whose pages are shorter than usual says by its first how many there are."""
    current = number_at(query_of(page.url), "page") or 1
    total = max(number_at(answer, "total") or 0, number_at(answer, "classify", "post_count") or 0)
    if not rows or current * rows >= total:
        return ()
    if rows >= PAGE_SIZE:
        return (Request(with_page(page.url, current + 1)),) if current * PAGE_SIZE < total else ()
    if current > 1:
        return ()
    pages = min(-(-total // rows), MAX_COLUMNS)
    return tuple(Request(with_page(page.url, number)) for number in range(2, pages + 1))


def query_of(url: str) -> dict[str, str]:
    """The fields of a query, the last of a name."""
    return {name: values[-1] for name, values in parse_qs(urlsplit(url).query).items()}


def with_page(url: str, number: int) -> str:
    """The address of another page of the same list."""
    if re.search(r"[?&]page=\d+", url):
        return re.sub(r"([?&]page=)\d+", rf"\g<1>{number}", url)
    return f"{url}{'&' if '?' in url else '?'}page={number}"


def annual_columns(page: Page) -> tuple[Request, ...]:
    """The annual-report columns of a shell's tree, with all below them."""
    shell = SHELL.match(page.url.split("?", 1)[0])
    sid, tree = literal_after(page.text, "SID"), literal_after(page.text, "TREE")
    if shell is None or not isinstance(tree, list):
        return ()
    asked = (address_of_column(node, shell.group(1), sid) for node in annual_nodes(tree, 0, is_inside=False))
    return tuple(Request(address) for address in dict.fromkeys(asked) if address)[:MAX_COLUMNS]


def annual_nodes(nodes: object, level: int, *, is_inside: bool) -> Iterator[dict[str, object]]:
    """The columns that are called annual reports, and those below such a one (years, units)."""
    if level > MAX_LEVELS:
        return
    for node in rows_at(nodes, ()):
        is_one = is_inside or is_report(text_at(node, "name"))
        if is_one:
            yield node
        yield from annual_nodes(at(node, "children"), level + 1, is_inside=is_one)


def address_of_column(node: dict[str, object], shell: str, sid: object) -> str | None:
    """Where the rows of a column are: in the list that it jumps to, or behind the interface."""
    if (jump := text_at(node, "jump_url")) and (address := resolve(shell, jump)) and is_web(address):
        return address
    number = number_at(node, "id")
    if number is None or (number_at(node, "post_count") == 0 and node.get("children")):
        return None
    name = re.sub(r"[^0-9A-Za-z]", "", str(sid or ""))
    return f"{shell}api/all/{number}?page=1&sid={name}"


def index_of(url: str) -> str:
    """A bare folder is its index page."""
    bare = url.split("?", 1)[0]
    return bare + "index.html" if bare.endswith("/") else url
