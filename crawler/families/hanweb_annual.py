"""Hanweb's annual-report program: one page a body and year, `/module/xxgk/xxgkAnnualReport.jsp?area=<body>&fbtime=<year>`.

There is no list. A page is a report, and beside it stand the years of its body and, where the tree of bodies is part of
the page, links to others. `area` is a code of the body or of its place in a tree. A body's page is asked for without
`fbtime`, to see its years; each year is then an article of its own. Addresses are composed only of an area and years that
the page states.
Seen on www.taian.gov.cn, www.lishui.gov.cn and www.zjpy.gov.cn.
"""

import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlencode

from msgspec import Struct
from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.address import host_and_port, path_of, resolve
from crawler.listing import Article, Channel, Link, Listing, Page, Request
from crawler.lists.articles import article_of, file_in
from crawler.lists.markup import address_of, base_of, best_titles, label_of
from crawler.lists.titles import is_candidate, is_report, year_of

PROGRAM = re.compile(r"/xxgkAnnualReport\.jsp$")
NAMED = re.compile(r"""([^\s"'<>()]{0,200}xxgkAnnualReport\.jsp(?:\?[^\s"'<>()]{0,500})?)""")
YEAR = re.compile(r"[（(\[【]?\s*((?:19|20)\d{2})\s*(?:年度?)?(?:年报)?\s*[）)\]】]?")
FIELDS = ("area", "fbtime")
MAX_LINKS = 5000
MAX_BODIES = 1000


class Leaf(Struct, frozen=True):
    """What a link to the program asks for, and what it is called. `area` and `year` are empty where it names none."""

    address: str
    area: str
    year: str
    label: str


def recognises(page: Page) -> float:
    """The program's name in the address, or a link to it; a portal that has it has its annual reports there."""
    if PROGRAM.search(path_of(page.url)):
        return 0.95
    return 0.85 if "xxgkAnnualReport.jsp?" in page.text else 0.0


def first(channel: Channel) -> Request:
    """A channel that is the page of one year opens with that of its body: the year is an article in it."""
    return Request(without_year(channel.url) if PROGRAM.search(path_of(channel.url)) else channel.url)


def read(page: Page) -> Listing:
    """The years of a body as rows, and the pages of other bodies as columns."""
    tree = LexborHTMLParser(page.text)
    base = base_of(tree, page.url)
    own = fields_of(page.request.url if page.request else page.url).get("area", "")
    leaves = [leaf for leaf in leaves_of(tree, base, own) if host_and_port(leaf.address) == host_and_port(page.url)]
    names = names_of(leaves)
    rows = [row_of(leaf, names) for leaf in leaves if leaf.area and leaf.year]
    if own and PROGRAM.search(path_of(page.url)):
        rows += [row_of(leaf, names) for leaf in stated(tree, page, own)]
        rows += files_of(tree, base, names.get(own, ""))
    bodies = dict.fromkeys(without_year(leaf.address) for leaf in leaves if leaf.area and leaf.area != own)
    return Listing(best_titles(rows), columns=tuple(Request(address) for address in bodies)[:MAX_BODIES])


def article(page: Page) -> Article:
    """Meta tags, printed lines and files, as everywhere."""
    return article_of(page)


def leaves_of(tree: LexborHTMLParser, base: str, own: str) -> Iterator[Leaf]:
    """Links, options and scripted clicks that lead to the program; one that names no area means that of the page."""
    nodes: list[LexborNode] = tree.css("a, option, [onclick]")
    for node in nodes[:MAX_LINKS]:
        for attribute in ("href", "value", "onclick"):
            named = NAMED.search(node.attributes.get(attribute) or "")
            address = resolve(base, named.group(1)) if named else None
            if address and address.startswith(("http://", "https://")) and PROGRAM.search(path_of(address)):
                fields = fields_of(address)
                area, year = fields.get("area") or own, fields.get("fbtime", "")
                yield Leaf(composed(address, area, year), area, year, label_of(node))
                break


def stated(tree: LexborHTMLParser, page: Page, own: str) -> Iterator[Leaf]:
    """Years that the page offers by form or script, for the body that it is about."""
    asked = page.request.url if page.request else page.url
    nodes: list[LexborNode] = tree.css("select option, a:not([href*='://'])")
    for node in nodes[:MAX_LINKS]:
        year = YEAR.fullmatch(label_of(node))
        leads = node.attributes.get("href") or ""
        is_scripted = node.tag == "option" or not leads or leads.startswith(("#", "javascript:"))
        if (
            year
            and is_scripted
            and not NAMED.search(node.attributes.get("value") or node.attributes.get("onclick") or "")
        ):
            yield Leaf(composed(asked, own, year.group(1)), own, year.group(1), year.group(1))


def files_of(tree: LexborHTMLParser, base: str, name: str) -> Iterator[Link]:
    """Years that are files."""
    nodes: list[LexborNode] = tree.css("a[href]")
    for node in nodes[:MAX_LINKS]:
        address, label = address_of(node, base), label_of(node)
        if address and file_in(address, base) == address and is_candidate(label) and (year := year_of(label)):
            yield Link(address, label if is_report(label) else titled(name, str(year)))


def names_of(leaves: list[Leaf]) -> dict[str, str]:
    """What bodies are called, by area: the first link to one that is not called by a year or a report."""
    names: dict[str, str] = {}
    for leaf in leaves:
        if leaf.area and leaf.label and not YEAR.fullmatch(leaf.label) and not is_report(leaf.label):
            names.setdefault(leaf.area, leaf.label)
    return names


def row_of(leaf: Leaf, names: dict[str, str]) -> Link:
    """The row of one body's one year; its title says what its address asks for."""
    title = (
        leaf.label if is_report(leaf.label) and leaf.year in leaf.label else titled(names.get(leaf.area, ""), leaf.year)
    )
    return Link(leaf.address, title)


def titled(name: str, year: str) -> str:
    """The name of the page of a body and a year."""
    return f"{name}{year}年政府信息公开年报"


def fields_of(url: str) -> dict[str, str]:
    """The parameters of an address."""
    return dict(parse_qsl(url.partition("?")[2]))


def composed(address: str, area: str, year: str) -> str:
    """The address of a body and a year with its parameters in one order, since portals write them in several."""
    bare, _, query = address.partition("?")
    others = [(name, value) for name, value in parse_qsl(query) if name not in FIELDS]
    told = [(name, value) for name, value in zip(FIELDS, (area, year), strict=True) if value]
    return f"{bare}?{urlencode([*told, *others])}" if told or others else bare


def without_year(address: str) -> str:
    """The address of a body's page."""
    return composed(address, fields_of(address).get("area", ""), "")
