"""Epoint (新点) WebBuilder: static lists, or shells that are filled by POST to a REST interface, a token first.

An article is `/<columns>/<YYYYMMDD>/<uuid>.html`, a list `list.html`, then `2.html` or `?Paging=2`. A shell names its site
(`siteGuid`) and column (`categoryNum`, else the last folder of its address); the interface wants a token that anyone gets
(`getNoUserAccessToken`), then answers `{"custom": {"infodata": […], "count": …}}`. An older interface is asked by GET and
puts its JSON into a string. Attachments behind `downloadztbattach` want a captcha and are left alone.
Seen on sites of public-resource exchanges; no annual report of this product was at hand.
"""

import json
import re
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from msgspec.structs import replace
from selectolax.lexbor import LexborHTMLParser

from crawler.address import folder_of, is_web, path_of, resolve
from crawler.listing import Article, Channel, Link, Listing, Page, Request
from crawler.lists.anchors import Anchor, anchors_in
from crawler.lists.articles import article_of
from crawler.lists.literals import at, json_of, link_in, number_at, rows_at, text_at
from crawler.lists.markup import FILE, base_of, rows_of, squeezed
from crawler.lists.paging import linked_pages, number_of, pages_said
from crawler.lists.structure import columns_in

ARTICLE = re.compile(r"/(?:19|20)\d{6}/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.html?$", re.IGNORECASE)
NAMED_ARTICLE = re.compile(r"/(?:19|20)\d{6}/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.html\b", re.IGNORECASE)
LIST_PAGE = re.compile(r"(.*/)(?:(?:list|index|subpage|moreinfo)|(\d{1,4}))\.html?", re.IGNORECASE)
MARKS = {
    "EpointWebBuilder": 0.5,
    "frontAppCustomAction": 0.4,
    "getInfoListAndCategoryList": 0.5,
    "webBuilderCommon": 0.4,
    "siteGuid": 0.3,
}
CLASSES = re.compile(r"""["'\s]ewb-[\w-]+""")
CATEGORY = re.compile(r"/(\d{3}(?:\d{3}){0,5})/(?:[\w-]+\.html?)?$")
API = re.compile(r"""["']?((?:https?://[^/"'\s]{1,100})?/?[\w-]{1,60})/rest/([\w-]{1,60}/getPageInfoList\w{0,20})""")
ROOT = re.compile(r"/?\b(EpointWebBuilder\w{0,30}|EWB-FRONT)\b")
OLD_API = re.compile(r"""["']([^"'\s]{0,200}getInfoListAndCategoryList\.action)""")
ENTRANCE = "/rest/getOauthInfoAction/getNoUserAccessToken"
ACTION = "frontAppCustomAction/getPageInfoListNew2"
TITLES = ("title", "customtitle", "titlenew", "Title")
URLS = ("infourl", "visiturl", "href", "url", "linkurl")
DATES = ("infodate", "webdate", "date", "infodatepx")
PAGE_SIZE = 18


def recognises(page: Page) -> float:
    """The builder's name and interfaces, the prefix of its classes, and days and ids in addresses."""
    marks = sum(weight for mark, weight in MARKS.items() if mark in page.text)
    classes = 0.4 if len(CLASSES.findall(page.text)) > 1 else 0.0
    shapes = 0.35 if ARTICLE.search(path_of(page.url)) or NAMED_ARTICLE.search(page.text) else 0.0
    return min(1.0, marks + classes + shapes)


def first(channel: Channel) -> Request:
    """A channel opens with its own address."""
    return Request(channel.url)


def read(page: Page) -> Listing:
    """A static list by its rows, a shell by what fills it, an answer of the interfaces by what it brings."""
    if page.text.lstrip("\ufeff \t\r\n").startswith("{"):
        return answer_of(page)
    tree = LexborHTMLParser(page.text)
    base = base_of(tree, page.url)
    anchors = anchors_in(tree, base)
    links = rows_of(tree, base, is_row)
    following = pages_after(page, anchors)
    taken = {link.url for link in links} | {request.url for request in following}
    below = columns_in(tree, anchors, base, page.url, taken)
    filling = None if links else filled_by(page, base)
    return Listing(links, following, (*below, filling) if filling else below)


def article(page: Page) -> Article:
    """As everywhere; the heading is not always the first level."""
    found = article_of(page)
    heading = LexborHTMLParser(page.text).css_first("[class*=ewb-article] h2, [class*=ewb-article] h3, h2, h3")
    title = found.title or (squeezed(heading.text()) if heading else None)
    return replace(found, title=title or None)


def is_row(address: str) -> bool:
    """Whether an address is one of an article, or of a file in place of one."""
    path = path_of(address)
    return bool(
        ARTICLE.search(path)
        or (FILE.search(path) and re.search(r"/(?:19|20)\d{6}/|attach|/uploadfile/", path, re.IGNORECASE))
    )


def pages_after(page: Page, anchors: list[Anchor]) -> tuple[Request, ...]:
    """Later pages of a static list: `list.html`, then `2.html` or `?Paging=2`, by link or by how many the page says."""
    own = LIST_PAGE.fullmatch(page.url)
    current = int(own.group(2) or 1) if own else number_of(page.url)
    found: dict[int, str] = {}
    for _, address in anchors:
        other = LIST_PAGE.fullmatch(address)
        if own and other and other.group(2) and other.group(1) == own.group(1) and int(other.group(2)) > current:
            found.setdefault(int(other.group(2)), address)
    linked, called = linked_pages(anchors, page.url)
    if not found:
        found = {number: address for number, address in linked.items() if number > current}
    if found or linked or called:
        return tuple(
            Request(address) for address in dict.fromkeys([*(found[number] for number in sorted(found)), *called])
        )
    if own and pages_said(page.text, current) > current:
        return (Request(f"{own.group(1)}{current + 1}.html"),)
    return ()


# ---- shells


def filled_by(page: Page, base: str) -> Request | None:
    """What a shell asks first for its rows, None for a page that is no shell of this product."""
    site = setting(page.text, "siteguid")
    match = CATEGORY.search(path_of(page.url))
    category = setting(page.text, "categorynum") or (match.group(1) if match else "")
    if not site or not category:
        return None
    size = setting(page.text, "pagesize")
    rows = int(size) if size.isdecimal() and 0 < int(size[:6]) <= 100 else PAGE_SIZE
    if old := OLD_API.search(page.text):
        query = {
            "cmd": "getInfoList",
            "pageIndex": "1",
            "pageSize": str(rows),
            "siteguid": site,
            "categorynum": category,
        }
        address = resolve(base, f"{old.group(1)}?{urlencode(query)}")
        return Request(address) if address and is_web(address) else None
    api, root = API.search(page.text), ROOT.search(page.text)
    if not api and not root:
        return None
    builder = api.group(1) if api else root.group(1) if root else ""
    builder = builder if builder.startswith(("/", "http")) else f"/{builder}"
    address = resolve(folder_of(page.url), f"{builder}{ENTRANCE}")
    asked = {
        "siteGuid": site,
        "categoryNum": category,
        "kw": "",
        "startDate": "",
        "endDate": "",
        "pageIndex": 0,
        "pageSize": rows,
    }
    form = (("params", json.dumps(asked, separators=(",", ":"))), ("action", api.group(2) if api else ACTION))
    return Request(address, "POST", form) if address and is_web(address) else None


def setting(text: str, name: str) -> str:
    """What a script or a hidden field sets under a name, whatever its case; empty where nothing does."""
    pattern = rf"""\b{name}["']?\s*[:=]\s*["']?([\w-]{{1,60}})|\bid\s*=\s*["']?{name}["']?\s[^<>]{{0,200}}?\bvalue\s*=\s*["']?([\w-]{{1,60}})"""
    match = re.search(pattern, text, re.IGNORECASE)
    return (match.group(1) or match.group(2)) if match else ""


# ---- answers


def answer_of(page: Page) -> Listing:
    """A token leads to the first page of the list, a page of the list to the next."""
    asked = page.request or Request(page.url)
    value = json_of(page.text)
    custom = at(value, "custom")
    custom = json_of(custom) if isinstance(custom, str) else custom
    if path_of(asked.url).endswith(ENTRANCE):
        return Listing(columns=list_request(asked, custom))
    rows = rows_at(custom, ("infodata",), ("Table",), ("list",), ("infoList",)) or rows_at(
        value, ("infodata",), ("Table",)
    )
    named = (link_in(row, page.url, titles=TITLES, urls=URLS, dates=DATES) for row in rows)
    links = tuple(Link(link.url, link.title, link.date) for link in named if link and link.title)
    counts = [
        count for name in ("count", "total", "RowCount", "totalcount") if (count := number_at(custom, name)) is not None
    ]
    return Listing(links, next_answer(asked, len(rows), counts[0] if counts else None) if links else ())


def list_request(asked: Request, custom: object) -> tuple[Request, ...]:
    """The question for the list that a token was wanted for."""
    form = dict(asked.form)
    token = text_at(custom, "access_token") if isinstance(custom, dict) else ""
    headers = (("Authorization", f"Bearer {token}"),) if re.fullmatch(r"[\x21-\x7e]{1,2000}", token) else ()
    action = form.get("action", ACTION)
    if "params" not in form or not re.fullmatch(r"[\w-]+/\w+", action):
        return ()
    url = asked.url.removesuffix(ENTRANCE) + f"/rest/{action}"
    return (Request(url, "POST", (("params", form["params"]),), headers),)


def next_answer(asked: Request, rows: int, count: int | None) -> tuple[Request, ...]:
    """The same question for the next page, as long as the count or a full page says that there is one."""
    if asked.method == "POST":
        params = json_of(dict(asked.form).get("params", ""))
        place, size = number_at(params, "pageIndex"), number_at(params, "pageSize")
        if not isinstance(params, dict) or place is None or not size or is_last(place + 1, size, rows, count):
            return ()
        later = json.dumps({**params, "pageIndex": place + 1}, separators=(",", ":"))
        return (replace(asked, form=(("params", later),), is_guess=count is None),)
    fields = dict(parse_qsl(urlsplit(asked.url).query, keep_blank_values=True))
    place, size = number_at(fields, "pageIndex"), number_at(fields, "pageSize")
    if place is None or not size or is_last(place, size, rows, count):
        return ()
    query = urlencode({**fields, "pageIndex": str(place + 1)})
    return (replace(asked, url=urlunsplit(urlsplit(asked.url)._replace(query=query)), is_guess=count is None),)


def is_last(pages: int, size: int, rows: int, count: int | None) -> bool:
    """Whether so many pages are all."""
    return pages * size >= count if count is not None else rows < size
