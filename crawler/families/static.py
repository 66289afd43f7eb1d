"""Systems that a city, a bureau or a small maker built for itself, and whatever is not known: the family to fall back on.

Addresses are of every kind (`/c/2023-01-28/4655505.shtml`, `/columns/<uuid>/202302/13/<uuid>.html`, 24 hex digits, long
numbers, folders per article), pagers too (`index_2.html`, `2.html`, `?page=2`, links called 下一页, `javascript:next(2)`,
Base64 for a script), rows may carry their address in `data-url` or in a script. So a list is read by its structure
(`crawler.lists.structure`). Seen on portals of Shanghai, Beijing, Hebei, Henan, Shaanxi, Kunming, Inner Mongolia, Guangyuan,
Hunan and Tianjin.
"""

import re
from collections.abc import Iterator, Sequence
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from msgspec.structs import replace
from selectolax.lexbor import LexborHTMLParser

from crawler.address import is_web, resolve
from crawler.listing import Article, Channel, Listing, Page, Request
from crawler.lists.anchors import PAGE_FIELD
from crawler.lists.articles import article_of
from crawler.lists.literals import at, json_of, link_in, number_at
from crawler.lists.markup import base_of, iso_date, squeezed
from crawler.lists.paging import number_of
from crawler.lists.structure import listing_of, named_files

MOST = 0.3
"""How sure this family can be at most: any other that knows a page goes before it."""
SHAPES = re.compile(
    r"ivs_content|Article_content|/c/20\d\d-\d\d-\d\d/\d+\.shtml|/columns/[0-9a-f-]{36}/|/[0-9a-f]{24}\.html|/\d{19}\.html|"
    r"/gongkai/show/\d|/news/show/\d{14}|/contents/\d+/\d+\.html|content_\d+(?:\.html)?[\"']|window\.atob|javascript:next\("
)
TITLES = ("title", "TITLE", "Title", "name", "docTitle", "infoTitle", "articleTitle")
URLS = ("url", "URL", "Url", "href", "link", "linkUrl", "docUrl", "pubUrl")
DATES = ("date", "DOCRELPUBTIME", "publishTime", "pubDate", "publishDate", "time", "createTime", "releaseTime")
TOTALS = ("total", "totalCount", "count", "allRow", "totalRow")
SIZES = ("pageSize", "size", "rows", "limit", "perpage")
FEED = re.compile(r"""["']([^"'\s<>]{1,200}\.json)["']""")
NAME_END = re.compile(r"\s*(?:[-_|—–]{1,2}|»)\s*[^-_|—–»]*$")
MAX_LEVELS = 6
NEAR_TITLE = 160
"""Characters after its title within which an article shows its date without a label."""


def recognises(page: Page) -> float:
    """Never sure; a little surer where a page has one of the shapes that were seen."""
    if not page.text.strip():
        return 0.0
    return MOST if SHAPES.search(page.text) or SHAPES.search(page.url) else 0.1


def first(channel: Channel) -> Request:
    """A channel opens with its own address."""
    return Request(channel.url)


def read(page: Page) -> Listing:
    """Rows, later pages and sub-columns by structure; JSON that a portal gives beside its pages by the names in it."""
    if page.text.lstrip("\ufeff \t\r\n")[:1] in ("{", "["):
        return feed_of(page)
    listing = listing_of(page)
    if listing.links or listing.columns:
        return listing
    base = base_of(LexborHTMLParser(page.text), page.url)
    feeds = (resolve(base, match) for match in FEED.findall(page.text))
    named = [feed for feed in dict.fromkeys(feeds) if feed and is_web(feed)]
    own = [feed for feed in named if urlsplit(feed).netloc == urlsplit(page.url).netloc]
    return replace(listing, columns=tuple(Request(feed) for feed in own[:3]))


def article(page: Page) -> Article:
    """Meta tags and printed lines; where these are silent, the page's title and the date that follows it. Files that
    only scripts name count when the page links to none."""
    found = article_of(page)
    tree = LexborHTMLParser(page.text)
    title = found.title or title_of(tree)
    files = found.attachments or named_files(page.text, page.url, base_of(tree, page.url))
    published = found.published or date_after(title, tree)
    return replace(found, title=title, published=published, attachments=files)


def title_of(tree: LexborHTMLParser) -> str | None:
    """The page's title without the name of the site behind it."""
    node = tree.css_first("title")
    title = squeezed(node.text()) if node else ""
    return NAME_END.sub("", title) or title or None


def date_after(title: str | None, tree: LexborHTMLParser) -> str | None:
    """The date that stands just below the title; the one in the page's head is a clock."""
    text = squeezed(tree.body.text(separator=" ")) if tree.body else ""
    _, found, rest = text.partition(title) if title else ("", "", "")
    return iso_date(rest[:NEAR_TITLE]) if found else None


# ---- JSON


def feed_of(page: Page) -> Listing:
    """The first list of objects in a JSON answer that have titles and addresses, and the page after it."""
    value = json_of(page.text)
    for rows in lists_in(value, 0):
        named = (link_in(row, page.url, titles=TITLES, urls=URLS, dates=DATES) for row in rows)
        links = tuple(link for link in named if link and link.title)
        if links:
            return Listing(links, next_feed(page, value, len(rows)))
    return Listing()


def lists_in(value: object, level: int) -> Iterator[Sequence[dict[str, object]]]:
    """Lists of objects, outer ones first."""
    if level > MAX_LEVELS:
        return
    if isinstance(value, list) and (rows := [row for row in value if isinstance(row, dict)]):
        yield rows
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for one in inner:
        if isinstance(one, (dict, list)):
            yield from lists_in(one, level + 1)


def next_feed(page: Page, value: object, rows: int) -> tuple[Request, ...]:
    """The same question for the page after this one, if the total says that there is one."""
    asked = page.request or Request(page.url)
    fields = parse_qsl(urlsplit(asked.url).query, keep_blank_values=True)
    totals = [total for one in (value, at(value, "data"), at(value, "page")) for name in TOTALS
              if (total := number_at(one, name)) is not None]  # fmt: skip
    size = next((int(text) for name, text in fields if name in SIZES and text.isdecimal()), rows)
    current = number_of(asked.url)
    if not totals or current * size >= max(totals) or not any(PAGE_FIELD.fullmatch(name) for name, _ in fields):
        return ()
    later = [(name, str(current + 1) if PAGE_FIELD.fullmatch(name) else text) for name, text in fields]
    return (replace(asked, url=urlunsplit(urlsplit(asked.url)._replace(query=urlencode(later)))),)
