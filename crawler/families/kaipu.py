"""Kaipu's 集约化 platform (开普云, UCAP): static lists, and JSON searches by channel behind shells.

An article is `/<site>/<column>/<YYYYMM>/<32 hex>.shtml`, `…/c01_<id>.shtml` or `…/c<id>/content.(s)html`. A static
list is `common_list.shtml`, `common_list_2.shtml`, … A shell names its channel (`<meta name="channelid">`, 32 hex
digits) and one of the routes that fill it: GET `/common/search/<id>`, `/searchList/<id>` or `/search/<id>`, or POST
`/getFileListByCodeId`; all answer with the same rows, which hold the whole articles.
Seen on www.csrc.gov.cn, www.chinatax.gov.cn, www.klmy.gov.cn, urumqi.gov.cn, www.hrbdl.gov.cn, www.jurong.gov.cn and
others.
"""

import re
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from msgspec.structs import replace
from selectolax.lexbor import LexborHTMLParser

from crawler.address import host_and_port, is_web, path_of, resolve
from crawler.listing import Article, Channel, Listing, Page, Request
from crawler.lists.articles import PUBLISHED, article_of
from crawler.lists.literals import at, json_of, link_in, literal_after, number_at, rows_at, text_at
from crawler.lists.markup import (
    FILE,
    base_of,
    best_titles,
    columns_of,
    iso_date,
    later_pages,
    metadata_of,
    rows_of,
    squeezed,
)
from crawler.lists.titles import is_column

ROW = re.compile(r"/(?:\d{6}/(?:[0-9a-f]{32}|c\d+_\d+)\.s?html?|c\d+[a-z]?/c\d+/content\.s?html?)$")
LIST = re.compile(r"/(?:\w*list(?:_\d+)?|common_\w+|index)\.s?html?$|/$")
LISTS = re.compile(
    r"/(?:common|xxgk)_(?:\w+_)?list(?:_\d+)?\.shtml|/common_zfxxgknb\.shtml|/c\d{5,6}[a-z]?/(?:list|index)\.shtml"
)
META = re.compile(r"<meta\s[^<>]{1,400}>")
CHANNEL = re.compile(r"[0-9a-f]{32}")
SEARCH = re.compile(
    r"""((?:https?:)?//[\w.:-]+)?(/(?:[\w-]+/){0,3}?(common/search|searchList|search)/)([0-9a-f]{32})?"""
)
ROUTES = ("common/search", "searchList", "search")
CHANNELS = re.compile(r"""["'((]((?:https?:)?/[^"'()\s<>]{0,200}/getChannelList\?[^"'\s<>)]{1,300})""")
PAGER = re.compile(
    r"""createPageHTML\s{0,4}\(\s{0,4}["'][\w-]*["']\s{0,4},\s{0,4}(\d{1,4})\s{0,4},\s{0,4}(\d{1,4})\s{0,4},\s{0,4}"""
    r"""["']([\w-]+)["']\s{0,4},\s{0,4}["'](\w+)["']"""
)
POSTED = "/getFileListByCodeId"
ROWS = (("data", "results"), ("results", "data", "results"), ("data", "list"), ("page", "list"), ("results",))
TITLES, URLS = ("title", "TITLE"), ("url", "URL")
DATES = ("publishedTimeStr", "PUBLISHED_TIME_FORMAT", "pubDate", "publishedTime")
PAGE_NAMES, SIZE_NAMES = ("page", "curPage", "pageIndex"), ("_pageSize", "size", "pageSize", "PageSize")
ASKED_ROWS = 15
MAX_PAGES = 500
MAX_CHANNELS = 200


def recognises(page: Page) -> float:
    """Its own tags, the shape of its addresses, the routes of its lists, the members of its answers."""
    if not page.text.lstrip("\ufeff \t\r\n").startswith("<"):
        members = ('"results"', '"publishedTimeStr"', '"manuscriptId"', '"channelName"')
        return 0.9 if sum(member in page.text for member in members) > 1 else 0.0
    lower = page.text.lower()
    tags = 0.6 if re.search(r"<ucap(?:title|content)|<publishtime|ucap-content", lower) else 0.0
    links = re.search(r"/\d{6}/(?:[0-9a-f]{32}|c\d+_\d+)\.s?html?\b|/c\d+/content\.s?html?\b", page.text)
    address = 0.4 if ROW.search(path_of(page.url)) or links else 0.0
    lists = 0.3 if LISTS.search(page.text) or LISTS.search(page.url) else 0.0
    named = any("channelid" in tag and CHANNEL.search(tag) for tag in META.findall(lower))
    channel = 0.3 if named else 0.0
    routes = 0.3 if re.search(r"/(?:common/search|searchlist)/|getfilelistbycodeid", lower) else 0.0
    return min(1.0, tags + address + lists + channel + routes)


def first(channel: Channel) -> Request:
    """A channel opens with its own address."""
    return Request(channel.url)


def read(page: Page) -> Listing:
    """The rows of a page or an answer; a shell leads to the requests that fill it, a parent column to its children."""
    if not page.text.lstrip("\ufeff \t\r\n").startswith("<"):
        return answered(page, json_of(page.text))
    tree = LexborHTMLParser(page.text)
    base = base_of(tree, page.url)
    links = rows_of(tree, base, lambda address: bool(ROW.search(path_of(address)) or FILE.search(path_of(address))))
    following = static_pages(page, base)
    host = host_and_port(page.url)[0]
    columns = columns_of(
        tree,
        base,
        lambda address, label: (
            host_and_port(address)[0] == host and bool(LIST.search(path_of(address))) and is_column(label)
        ),
    )
    if not following:
        columns = (*searches(page, metadata_of(tree), is_shell=not links and not columns), *columns)
    return Listing(links, following, columns[:MAX_CHANNELS])


def article(page: Page) -> Article:
    """Meta tags, then what the page prints; a PubDate that is only the time of the page's generation is passed over."""
    found = article_of(page)
    tree = LexborHTMLParser(page.text)
    title, stamp = (
        squeezed(node.text()) if (node := tree.css_first(tag)) else "" for tag in ("ucaptitle", "publishtime")
    )
    printed = PUBLISHED.search(tree.body.text(separator=" ")) if tree.body else None
    published = iso_date(stamp) or found.published
    if printed and not iso_date(stamp) and "生成时间" in found.metadata.get("others", ""):
        published = iso_date(printed.group())
    return replace(found, title=found.title or title or None, published=published)


# ---- shells


def searches(page: Page, metadata: dict[str, str], *, is_shell: bool) -> tuple[Request, ...]:
    """What a page's script asks for: its children, and its channel by the route that it names. Where a shell names a
    channel but no route, the commonest is a guess."""
    named = literal_after(page.text, "channelId")
    own = next(
        (one for one in (metadata.get("channelid"), named) if isinstance(one, str) and CHANNEL.fullmatch(one)), None
    )
    trees = [resolve(page.url, match.replace("&amp;", "&")) for match in CHANNELS.findall(page.text)]
    found = [Request(address) for address in trees if address and is_web(address)]
    if POSTED in page.text:
        return (*found, posted(page, own)) if own else tuple(found)
    asked = [
        (not channel, ROUTES.index(route), search(page.url, f"{host}{path}", channel or own))
        for host, path, route, channel in SEARCH.findall(page.text)
        if (channel == (own or channel) if channel else own and not host)
    ]
    if asked:
        found.append(min(asked, key=lambda one: one[:2])[2])
    elif is_shell and own and not found:
        found.append(replace(search(page.url, "/common/search/", own), is_guess=True))
    return tuple(found)


def search(base: str, route: str, channel: str | None) -> Request:
    """The first page of a channel's rows as JSON, with the parameters that the platform's own scripts send."""
    query = f"page=1&_pageSize={ASKED_ROWS}&_isAgg=true&_isJson=true&_template=index&_rangeTimeGte=&_channelName="
    return Request(resolve(base, f"{route}{channel}?{query}") or base)


def posted(page: Page, channel: str) -> Request:
    """The first page of a channel's rows by POST."""
    size = literal_after(page.text, "size")
    rows = size if isinstance(size, int) and 0 < size <= 100 else 20
    fields = (("channelId", channel), ("page", "1"), ("size", str(rows)), ("relateSubChannels", "true"))
    return Request(resolve(page.url, POSTED) or page.url, "POST", form=fields)


def static_pages(page: Page, base: str) -> tuple[Request, ...]:
    """The pages after a static one, by links or by the arguments of the pager's script."""
    if following := later_pages(page.text, page.url, base):
        return following
    pager = PAGER.search(page.text)
    if pager is None:
        return ()
    last, current = min(int(pager[1]), MAX_PAGES), int(pager[2])
    found = (resolve(base, f"{pager[3]}_{number}.{pager[4]}") for number in range(current + 1, last + 1))
    return tuple(Request(address) for address in found if address and is_web(address))


# ---- answers


def answered(page: Page, answer: object) -> Listing:
    """The rows of an answer and the page after it, or the channels below one."""
    rows = rows_at(answer, *ROWS)
    links = [link for row in rows if (link := link_in(row, page.url, titles=TITLES, urls=URLS, dates=DATES))]
    return Listing(best_titles(links), next_page(page, answer, len(rows)), channels_below(page.url, answer))


def channels_below(base: str, answer: object) -> tuple[Request, ...]:
    """The children of a channel (`getChannelList`), those of an annual-report column being years, bodies and groups."""
    children = rows_at(answer, ("results", "children"), ("data", "children"), ("children",))
    named = [
        (text_at(child, "displayName", "channelName", "name"), text_at(child, "channelId", "id")) for child in children
    ]
    found = [
        search(base, "/common/search/", channel)
        for name, channel in named
        if CHANNEL.fullmatch(channel) and is_column(name)
    ]
    return tuple(dict.fromkeys(found))[:MAX_CHANNELS]


def next_page(page: Page, answer: object, rows: int) -> tuple[Request, ...]:
    """The page after this one, asked for in the same way. A server gives fewer rows than asked for where it caps them;
    then the next page is asked for in its measure, so that none is skipped."""
    request = page.request or Request(page.url)
    fields = dict(request.form) if request.method == "POST" else dict(parse_qsl(urlsplit(request.url).query))
    current = next((number for name in PAGE_NAMES if (number := number_at(fields, name)) is not None), 1)
    inner = next(
        (
            one
            for one in (at(answer, "results", "data"), at(answer, "data"), at(answer, "page"))
            if isinstance(one, dict)
        ),
        answer,
    )
    total = next(
        (number for name in ("total", "allRow", "totalCount") if (number := number_at(inner, name)) is not None), 0
    )
    size = (
        number_at(inner, "rows")
        or next((number for name in SIZE_NAMES if (number := number_at(fields, name))), 0)
        or rows
    )
    if not rows or (current - 1) * size + rows >= total:
        return ()
    capped = rows if rows < size and current <= 1 else size
    return (asking(request, fields, current + 1, capped),)


def asking(request: Request, fields: dict[str, str], number: int, size: int) -> Request:
    """The same request for another page."""
    page_name = next((name for name in PAGE_NAMES if name in fields), "page")
    size_name = next((name for name in SIZE_NAMES if name in fields), None)
    changed = {page_name: str(number)} | ({size_name: str(size)} if size_name else {})
    if request.method == "POST":
        kept = [(name, changed.pop(name, value)) for name, value in request.form]
        return replace(request, form=(*kept, *changed.items()))
    parts = urlsplit(request.url)
    kept = [(name, changed.pop(name, value)) for name, value in parse_qsl(parts.query, keep_blank_values=True)]
    return replace(request, url=urlunsplit(parts._replace(query=urlencode([*kept, *changed.items()]))))
