"""Hanweb's newer jcms (jpaas): shells whose blocks a script fetches as JSON with markup inside.

Each block is a `<script src="…/unitbuild.js" url="…/build/unit" queryData="{'tagId':'分页列表',…}">`, whose pseudo-JSON
becomes parameters of a GET. The answer's `data.html` holds rows and a pager (`rows`, `count`, `pageNo`, `queryData`); page
2 is asked for with `paramJson={"pageNo":2,"pageSize":15}` and without `editType`. Some servers ignore the number. An
article is `…/art/2026/art_<32 hex>.html`.
Seen on www.miit.gov.cn, www.mofcom.gov.cn and www.qiantang.gov.cn.
"""

import json
import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlencode

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.address import host_and_port, is_web, path_of, resolve
from crawler.listing import Article, Channel, Listing, Page, Request
from crawler.lists.articles import article_of, file_in
from crawler.lists.literals import at, json_of, literal_after, number_at
from crawler.lists.markup import base_of, columns_of, rows_of
from crawler.lists.titles import is_column

ARTICLE = re.compile(r"/art/\d{4}/(?:art_[0-9a-zA-Z_]{3,60}|\d{1,2}/\d{1,2}/art_\d+_\d+)\.html?$")
SHAPE = re.compile(r"/art/\d{4}/art_[0-9a-f]{32}\.html")
COLUMN = re.compile(r"/(?:index\.html?)?$")
MARKS = {"unitbuild.js": 0.6, "jpaas-publish-server": 0.5, "bulidstatic": 0.2, "/cms_files/": 0.1}
UNIT = "/api-gateway/jpaas-publish-server/front/page/build/unit"
FURNITURE = re.compile(
    r"头部|底部|页头|页脚|页尾|顶部|搜索|检索|轮播|幻灯|友情链接|位置|banner|header|footer", re.IGNORECASE
)
"""Blocks that frame every page of a site; one that navigates may lead to the column."""
MAX_BLOCKS = 20
FIRST_ONLY = ("editType", "paramJson")


def recognises(page: Page) -> float:
    """The script that fills its shells, the program that it asks, the shape of its articles."""
    if not is_markup(page.text):
        return 0.8 if isinstance(at(json_of(page.text), "data", "html"), str) else 0.0
    shape = 0.5 if SHAPE.search(path_of(page.url)) or SHAPE.search(page.text) else 0.0
    return min(1.0, shape + sum(weight for mark, weight in MARKS.items() if mark in page.text))


def first(channel: Channel) -> Request:
    """A channel opens with its own address: a shell, or one of its blocks."""
    return Request(channel.url)


def read(page: Page) -> Listing:
    """The rows of a page or a block, the page after it, the blocks that fill a shell, and the columns below."""
    text, base = (page.text, page.url) if is_markup(page.text) else inside(page)
    tree = LexborHTMLParser(text)
    base = base_of(tree, base)
    links = rows_of(tree, base, lambda address: bool(ARTICLE.search(path_of(address)) or file_in(address, base)))
    pagers = tree.css("[count][rows]")[:MAX_BLOCKS]
    following = tuple(request for node in pagers for request in next_page(node, page, base)) if links else ()
    host = host_and_port(base)
    below = columns_of(
        tree,
        base,
        lambda address, label: (
            host_and_port(address) == host and bool(COLUMN.search(path_of(address))) and is_column(label)
        ),
    )
    return Listing(links, following, (*blocks(tree, base), *below))


def article(page: Page) -> Article:
    """Meta tags, printed lines and files, as everywhere."""
    return article_of(page)


def is_markup(text: str) -> bool:
    """Whether a list is a page rather than the answer of a block."""
    return text.lstrip("\ufeff \t\r\n").startswith("<")


def inside(page: Page) -> tuple[str, str]:
    """The markup in a block's answer, and the page that its links stand on: the one that asked."""
    value = json_of(page.text)
    html = at(value, "data", "html") or at(value, "data")
    asked_from = dict(page.request.headers).get("Referer", page.url) if page.request else page.url
    return (html if isinstance(html, str) else ""), asked_from


def blocks(tree: LexborHTMLParser, base: str) -> tuple[Request, ...]:
    """The requests that fill a shell, one a block; those that only frame the page are left out."""
    found: dict[str, Request] = {}
    for node in tree.css("script[querydata]"):
        fields = fields_in(node.attributes.get("querydata") or "")
        address = resolve(base, node.attributes.get("url") or UNIT)
        if not fields or not address or not is_web(address) or FURNITURE.search(fields.get("tagId", "")):
            continue
        request = asked(address, fields, base)
        found.setdefault(request.url, request)
    return tuple(found.values())[:MAX_BLOCKS]


def fields_in(literal: str) -> dict[str, str]:
    """The parameters in a `queryData`: single quotes, and null as a word or in quotes."""
    value = literal_after(f"queryData={literal}", "queryData")
    scalars = value.items() if isinstance(value, dict) else ()
    return {
        name: one if isinstance(one, str) else json.dumps(one)
        for name, one in scalars
        if not isinstance(one, dict | list)
    }


def asked(address: str, fields: dict[str, str], base: str) -> Request:
    """A block as a browser's script asks for it."""
    return Request(f"{address.partition('?')[0]}?{urlencode(fields)}", headers=(("Referer", base),))


def next_page(node: LexborNode, page: Page, base: str) -> Iterator[Request]:
    """The next page by a pager's numbers. An answer with another number than was asked for is a server's that gives
    its first page for ever."""
    told = {
        name: int(text)
        for name in ("rows", "count", "pageno")
        if (text := node.attributes.get(name) or "").isdecimal() and len(text) < 8
    }
    request = dict(parse_qsl(page.request.url.partition("?")[2])) if page.request else {}
    current = told.get("pageno", 1)
    wanted = number_at(json_of(request.get("paramJson", "")), "pageNo") or 1
    rows = told.get("rows", 0)
    fields = fields_in(node.attributes.get("querydata") or "") or request
    address = resolve(base, node.attributes.get("uniturl") or UNIT)
    if (
        not fields
        or not address
        or not is_web(address)
        or current != wanted
        or current * rows >= told.get("count", 0)
        or not rows
    ):
        return
    number = json.dumps({"pageNo": current + 1, "pageSize": rows}, separators=(",", ":"))
    kept = {name: value for name, value in fields.items() if name not in FIRST_ONLY}
    yield asked(address, {**kept, "paramJson": number}, base)
