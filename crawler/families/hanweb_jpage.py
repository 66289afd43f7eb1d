"""Hanweb (大汉) jcms with jpage: column pages that hold their first rows in XML and ask a proxy for the others.

A column is `/col/col<id>/index.html`, an article `/art/2023/1/9/art_<column>_<id>.html` or `/art/2026/art_<32 hex>.html`.
The page's `<datastore>` names the proxy (`<nextgroup>`) and holds the rows of about three pages; more come from
`/module/web/jpage/dataproxy.jsp?startrecord=46&endrecord=90&perpage=15&…`, whose `<totalpage>` is not reliable. Older
sites answer with a script (`dataStore = [ '<li>…', … ]`). Catalogue tables come from `/module/xxgk/search.jsp?…&currpage=2`.
Seen on gxt.jiangsu.gov.cn, tj.jiangsu.gov.cn, www.xiaoshan.gov.cn, www.lanzhou.gov.cn, www.nmg.gov.cn and others.
"""

import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import parse_qsl, urlsplit

from msgspec import Struct
from msgspec.structs import replace
from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.address import host_and_port, is_web, path_of, resolve
from crawler.listing import Article, Channel, Link, Listing, Page, Request
from crawler.lists.articles import article_of, file_in
from crawler.lists.literals import literal_after
from crawler.lists.markup import MAX_ROWS, address_of, base_of, best_titles, columns_of, iso_date, rows_of, squeezed
from crawler.lists.titles import is_candidate, is_column

ARTICLE = re.compile(r"/art/\d{4}/(?:\d{1,2}/\d{1,2}/art_\d+_\d+|art_(?:\d+_)?[0-9a-f]{8,32})\.html?$")
DATED = re.compile(r"/art/(\d{4})/(\d{1,2})/(\d{1,2})/")
COLUMN = re.compile(r"/col/col\d+/(?:index\.html?)?$")
CATALOGUE = re.compile(r"/module/xxgk/(?:search|subjectinfo|serviceinfo|search_custom)\.jsp$")
CATALOGUES = re.compile(
    r"""["']([^"'<>\s]{0,200}?/module/xxgk/(?:search|subjectinfo|serviceinfo|search_custom)\.jsp\?[^"'<>\s]{1,1000})["']"""
)
MARKS = {
    "jpage/dataproxy.jsp": 0.4,
    "<datastore>": 0.2,
    "/module/xxgk/": 0.2,
    "i_columnid": 0.2,
    "ZJEG_RSS": 0.2,
    "/module/jslib/": 0.1,
    "/module/download/downfile.jsp": 0.1,
}
RIVALS = ("xxgkAnnualReport.jsp", "jpaas-publish-server", "unitbuild.js")
"""Marks of the other systems of the same maker, whose portals share the addresses."""
STORE = re.compile(r"(?is)<datastore>(.*?)(?:</datastore>|\Z)")
RECORD = re.compile(r"(?i)<record>")
NEXT_GROUP = re.compile(r"""(?is)<nextgroup>.{0,200}?href\s*=\s*["']([^"'<>]{1,2000})["']""")
TOTAL = re.compile(r"(?i)<totalrecord>\s*(\d{1,7})|\btotalRecord\s*=\s*(\d{1,7})")
PER_PAGE = re.compile(r"""(?i)\bperpage["']?\s*[:=]\s*["']?(\d{1,3})""")
PROXIES = re.compile(r"""["']([^"'<>\s]{0,200}?/jpage/dataproxy\.jsp\?[^"'<>\s]{1,1000})["']""")
PROXY = re.compile(r"/jpage/dataproxy\.jsp$")
CALL_FIELDS = ("startrecord", "endrecord", "perpage")
OWN_FIELDS = re.compile(r"(?:^|(?<=&))(?:page|startrecord|endrecord|perpage)=[^&]*(?:&|$)")
PAGES = re.compile(r"共\s*(?:<[^<>]{0,100}>\s*)?(\d{1,5})\s*(?:<[^<>]{0,100}>\s*)?页")
USUAL_PAGE = 15
PAGES_A_CALL = 3
MAX_CATALOGUES = 3


class Store(Struct, frozen=True):
    """The rows of one list unit, how many records they came from, how many there are, and where more come from."""

    links: tuple[Link, ...]
    records: int
    total: int | None
    more: str | None


def recognises(page: Page) -> float:
    """Addresses and scripts of the maker; less where a page bears the marks of its other systems."""
    if not page.text.lstrip("\ufeff \t\r\n").startswith("<"):
        return 0.8 if "dataStore" in page.text and "totalRecord" in page.text else 0.0
    column = 0.4 if COLUMN.search(path_of(page.url)) or re.search(r"/col/col\d+/", page.text) else 0.0
    shape = (
        0.4 if ARTICLE.search(path_of(page.url)) or re.search(r"/art/\d{4}/\d{1,2}/\d{1,2}/art_\d", page.text) else 0.0
    )
    marks = sum(weight for mark, weight in MARKS.items() if mark in page.text)
    sure = min(1.0, column + shape + marks)
    return min(sure, 0.5) if any(rival in page.text or rival in page.url for rival in RIVALS) else sure


def first(channel: Channel) -> Request:
    """A channel opens with its own address: a column page, or its proxy."""
    return Request(channel.url)


def read(page: Page) -> Listing:
    """The rows in the stores of a page or an answer and in its markup, the calls for more, and the columns below."""
    stores = stores_of(page)
    if PROXY.search(path_of(page.url)):
        links = best_titles([link for store in stores for link in store.links])
        if not any(store.records for store in stores):
            return Listing(columns=posted(page))
        return Listing(links, tuple(request for store in stores for request in next_call(page, store)))
    tree = LexborHTMLParser(page.text)
    base = base_of(tree, page.url)
    rows = rows_of(tree, base, lambda address: bool(ARTICLE.search(path_of(address)) or file_in(address, base)))
    links = best_titles([*(link for store in stores for link in store.links), *cells(tree, base), *map(dated, rows)])
    calls = tuple(request for store in continued(stores) for request in first_call(page, store))
    if CATALOGUE.search(path_of(page.url)):
        return Listing(links, next_table(page) if links else ())
    host = host_and_port(page.url)
    columns = columns_of(
        tree,
        base,
        lambda address, label: (
            host_and_port(address) == host and bool(COLUMN.search(path_of(address))) and is_column(label)
        ),
    )
    inner = (*columns, *catalogues(page, base))
    return Listing(links, calls, inner) if links else Listing(columns=(*calls, *inner))


def article(page: Page) -> Article:
    """Meta tags, printed lines and files, as everywhere; a download is called by the text of its link."""
    return article_of(page)


# ---- stores


def stores_of(page: Page) -> tuple[Store, ...]:
    """The list units of a page or an answer: as XML, or as a script's array in older systems."""
    found = [store_of(match.group(1), records_in(match.group(1)), page) for match in STORE.finditer(page.text)]
    scripted = literal_after(page.text, "dataStore") if not found and "dataStore" in page.text else None
    if isinstance(scripted, list):
        found = [store_of(page.text, [record for record in scripted if isinstance(record, str)], page)]
    if not found and (named := PROXIES.search(page.text)):
        found = [Store((), 0, None, resolve(page.url, unescape(named.group(1))))]
    return tuple(found)


def records_in(text: str) -> list[str]:
    """The markup of each record."""
    records = (part.partition("</record>")[0].strip() for part in RECORD.split(text)[1:])
    return [record.removeprefix("<![CDATA[").removesuffix("]]>") for record in records]


def store_of(text: str, records: list[str], page: Page) -> Store:
    """One unit; records without a link count where the next call begins."""
    total, group = TOTAL.search(text), NEXT_GROUP.search(text) or PROXIES.search(text)
    links = [link for record in records[:MAX_ROWS] for link in links_of(record, page.url)]
    return Store(
        links=best_titles(links),
        records=len(records),
        total=int(total.group(1) or total.group(2)) if total else None,
        more=resolve(page.url, unescape(group.group(1))) if group else None,
    )


def links_of(record: str, base: str) -> tuple[Link, ...]:
    """The link of one record, with the date that stands in it, in an attribute, or in its address."""
    tree = LexborHTMLParser(record)
    rows = rows_of(tree, base, lambda address: not COLUMN.search(path_of(address)))
    told = tree.css_first("[readlabel]")
    label = iso_date(told.attributes.get("readlabel") or "") if told else None
    return tuple(dated(Link(row.url, row.title, row.date or label)) for row in rows if row.title)


def dated(link: Link) -> Link:
    """The link with the date of its address where its row shows none."""
    date = DATED.search(path_of(link.url))
    return link if link.date or not date else Link(link.url, link.title, iso_date("-".join(date.groups())))


def continued(stores: tuple[Store, ...]) -> tuple[Store, ...]:
    """The units whose lists are worth going on with: where some hold reports, the others are news beside them."""
    telling = tuple(store for store in stores if any(is_candidate(link.title) for link in store.links))
    return telling or stores


def first_call(page: Page, store: Store) -> tuple[Request, ...]:
    """The call for the rows that come after those in the page, if there are any."""
    if not store.more or not is_web(store.more) or not PROXY.search(path_of(store.more)):
        return ()
    told = PER_PAGE.search(page.text)
    per_page = max(1, int(told.group(1))) if told else USUAL_PAGE
    return call(store.more, store, store.records + 1, PAGES_A_CALL * per_page, per_page)


def next_call(page: Page, store: Store) -> tuple[Request, ...]:
    """The call after this one. Past the end comes an empty answer."""
    asked = page.request.url if page.request else page.url
    fields = {
        name: int(value) for name, value in parse_qsl(urlsplit(asked).query) if value.isdecimal() and len(value) < 8
    }
    if not store.records:
        return ()
    if "startrecord" in fields and "endrecord" in fields:
        span = max(1, fields["endrecord"] - fields["startrecord"] + 1)
        more = call(asked, store, fields["startrecord"] + store.records, span, fields.get("perpage", USUAL_PAGE))
        if page.request is None or page.request.method == "GET":
            return more
        return tuple(replace(one, method="POST", form=page.request.form) for one in more)
    if "page" not in fields or (store.total is not None and fields["page"] * store.records >= store.total):
        return ()
    return (Request(re.sub(r"([?&]page=)\d+", rf"\g<1>{fields['page'] + 1}", asked), is_guess=True),)


def call(address: str, store: Store, start: int, span: int, per_page: int) -> tuple[Request, ...]:
    """Ask for `span` records from `start` on, the parameters of the unit left as they are written."""
    if store.total is not None and start > store.total:
        return ()
    bare, _, query = address.partition("?")
    rest = OWN_FIELDS.sub("", query).rstrip("&")
    url = f"{bare}?startrecord={start}&endrecord={start + span - 1}&perpage={per_page}{'&' if rest else ''}{rest}"
    return (Request(url),)


def posted(page: Page) -> tuple[Request, ...]:
    """The same call by POST, as the maker's own script makes it: some proxies answer nothing to a GET."""
    if page.request is None or page.request.method == "POST":
        return ()
    bare, _, query = page.request.url.partition("?")
    fields = parse_qsl(query, keep_blank_values=True)
    own = "&".join(f"{name}={value}" for name, value in fields if name in CALL_FIELDS)
    form = tuple((name, value) for name, value in fields if name not in CALL_FIELDS)
    return (Request(f"{bare}?{own}", "POST", form=form),) if own and form else ()


# ---- catalogue tables


def catalogues(page: Page, base: str) -> tuple[Request, ...]:
    """The catalogue programs that a page shows in a frame or asks by script; they want to know from where."""
    found = (resolve(base, unescape(match).replace("\\/", "/")) for match in CATALOGUES.findall(page.text))
    addresses = dict.fromkeys(address for address in found if address and is_web(address))
    return tuple(Request(address, headers=(("Referer", page.url),)) for address in addresses)[:MAX_CATALOGUES]


def cells(tree: LexborHTMLParser, base: str) -> Iterator[Link]:
    """The rows of a catalogue table, whose links bear the name and the date of the document (`mc`, `rq`)."""
    nodes: list[LexborNode] = tree.css("a[href][mc]")
    for node in nodes[:MAX_ROWS]:
        if address := address_of(node, base):
            name = squeezed(node.attributes.get("mc") or "") or squeezed(node.text())
            yield Link(address, name, iso_date(node.attributes.get("rq") or ""))


def next_table(page: Page) -> tuple[Request, ...]:
    """The next page of a table, of as many as it says there are."""
    asked = page.request.url if page.request else page.url
    number = re.search(r"[?&]currpage=(\d{1,5})", asked)
    current, total = int(number.group(1)) if number else 1, PAGES.search(page.text)
    if not total or current >= int(total.group(1)):
        return ()
    if number:
        url = f"{asked[: number.start(1)]}{current + 1}{asked[number.end(1) :]}"
    else:
        url = f"{asked}{'&' if '?' in asked else '?'}currpage=2"
    return (Request(url, headers=page.request.headers if page.request else ()),)
