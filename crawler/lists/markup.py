"""What list and article pages of all families have in common: anchors, dates beside them, meta tags.

Pure, for families to build on; an anchor counts by its address, never by a class name, since skins change every year.
"""

import re
from collections.abc import Callable
from itertools import islice

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.address import is_web, resolve
from crawler.listing import Link, Request

FILE = re.compile(r"\.(?:pdf|docx?|wps|xlsx?|et|ofd|zip|rar|mht|txt)$", re.IGNORECASE)
DATE = re.compile(r"(?<!\d)((?:19|20)\d{2})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})(?:(?!\d)|(?=\d\d:\d\d))")
TIME = r"(?:\s*\d{1,2}:\d{2}(?::\d{2})?)?"
STAMP = re.compile(rf"[\[(（【]?\s*{DATE.pattern}日?{TIME}\s*[\])）】]?")
"""A date as rows print it: in brackets, with a time."""
SILENT = re.compile(r"(?:更多|查看|详情|点击|进入|more|[>》»+.…\s\[\]【】])*", re.IGNORECASE)
"""Labels that say nothing of where a link leads."""
MAX_HEADING = 40
MAX_PARTS = 20
MAX_CLIMB = 4
"""Steps from an anchor to the row that holds its date."""
MAX_SAME = 8
MAX_ROWS = 5000
MAX_TITLE = 500
MAX_COLUMNS = 200
PAGE_NAME = re.compile(r"(.*/)([^/]*?)(?:_(\d{1,6}))?(\.\w{1,5})?")
NAMED = re.compile(r"""["'(=,]\s{0,4}([^"'()\s<>=,]{0,300}?_\d{1,6}\.\w{1,5})\b""")
CARD = re.compile(
    r"索引号|信息索引号|分类|信息分类|主题分类|组配分类|体裁分类|服务对象分类|发布机构|公开责任部门|发文机关|成文日期|生成日期|名称|信息名称|"
    r"标题|文号|发文字号|发布日期|发文日期|主题词|关键词|公开方式|公开时限|有效性|信息时效|内容概述"
)


def rows_of(tree: LexborHTMLParser, base: str, is_row: Callable[[str], bool]) -> tuple[Link, ...]:
    """The rows of a list: one link an address, with its whole title and the date that stands in its row."""
    anchors = [(node, address) for node in tree.css("a[href]") if (address := address_of(node, base))]
    rows = [(node, address) for node, address in anchors if is_row(address)][:MAX_ROWS]
    dates = dates_of([node for node, _ in rows])
    return best_titles([link_of(node, address, date) for (node, address), date in zip(rows, dates, strict=True)])


def base_of(tree: LexborHTMLParser, url: str) -> str:
    """Where relative links stand: `<base href>` if the page has one."""
    node = tree.css_first("base[href]")
    return (resolve(url, node.attributes.get("href") or "") if node else None) or url


def address_of(node: LexborNode, base: str, attribute: str = "href") -> str | None:
    """The web address in an attribute, None for scripts, mail and broken ones."""
    address = resolve(base, node.attributes.get(attribute) or "")
    return address if address and is_web(address) else None


def link_of(node: LexborNode, address: str, date: str | None) -> Link:
    """Visible titles are often cut with "…"; the title attribute is whole."""
    title = squeezed(node.attributes.get("title") or "") or squeezed(STAMP.sub("", node.text()))
    return Link(address, title, date)


def dates_of(anchors: list[LexborNode]) -> list[str | None]:
    """For each anchor the date of its row: the nearest ancestor that shows one and holds no other article."""
    crowded: dict[int, bool] = {}
    return [date_near(anchor, crowded) for anchor in anchors]


def date_near(anchor: LexborNode, crowded: dict[int, bool]) -> str | None:
    """`crowded` remembers which ancestors hold several links, so that a long list is not counted once a row."""
    title = anchor.attributes.get("title") or anchor.text()
    for inner in anchor.css("*") if len(title) < MAX_TITLE else ():
        if STAMP.fullmatch(squeezed(inner.text())):
            return iso_date(inner.text())
    around: LexborNode | None = anchor
    for _ in range(MAX_CLIMB):
        if around is None or is_crowded(around, crowded):
            return None
        if date := iso_date(around.text(separator=" ").replace(title, " ")):
            return date
        around = around.parent
    return None


def is_crowded(node: LexborNode, crowded: dict[int, bool]) -> bool:
    """Whether links to different addresses stand in a node, or more to one address than any row has."""
    if node.mem_id not in crowded:
        links = node.css("a[href]")
        crowded[node.mem_id] = len(links) > MAX_SAME or len({link.attributes.get("href") for link in links}) > 1
    return crowded[node.mem_id]


def best_titles(links: list[Link]) -> tuple[Link, ...]:
    """One link an address, in order of the page; an image and a headline may lead to the same one."""
    best: dict[str, Link] = {}
    for link in links:
        known = best.get(link.url)
        if known is None or len(link.title) > len(known.title):
            best[link.url] = Link(link.url, link.title, link.date or (known.date if known else None))
    return tuple(best.values())


def columns_of(tree: LexborHTMLParser, base: str, is_one: Callable[[str, str], bool]) -> tuple[Request, ...]:
    """The sub-columns that links and options lead to, judged by address and label."""
    named = [(node, address_of(node, base)) for node in tree.css("a[href]")]
    named += [(node, address_of(node, base, "value")) for node in tree.css("option[value]")]
    found = (address for node, address in named if address and is_one(address, name_of(node)))
    return tuple(Request(address) for address in dict.fromkeys(found))[:MAX_COLUMNS]


def label_of(node: LexborNode) -> str:
    """What a link is called."""
    return squeezed(node.attributes.get("title") or "") or squeezed(node.text())


def name_of(node: LexborNode) -> str:
    """What a link is called; where it says no more than 更多, what its image is called or what stands beside it."""
    label = label_of(node)
    return (image_name(node) or heading_beside(node) or label) if SILENT.fullmatch(label) else label


def image_name(node: LexborNode) -> str:
    """The name of the image that is a link, "" where it has none that says anything."""
    image = node if node.tag == "area" else node.css_first("img")
    named = [squeezed(image.attributes.get(name) or "") for name in ("alt", "title")] if image else []
    return next((name for name in named if not SILENT.fullmatch(name)), "")


def heading_beside(node: LexborNode) -> str:
    """The other words of the nearest block that holds a link and no second one, "" where these are many."""
    own, around = squeezed(node.text()), node.parent
    for _ in range(MAX_CLIMB):
        if around is None or is_wide(around) or len(around.css("a")) > 1:
            return ""
        words = squeezed(around.text(separator=" "))
        words = squeezed(words.replace(own, " ")) if own else words
        if words:
            return words if len(words) <= MAX_HEADING else ""
        around = around.parent
    return ""


def is_wide(node: LexborNode) -> bool:
    """Whether a block has so many parts that it is no single entry; asked first, since it is cheap on a long list."""
    return next(islice(node.iter(), MAX_PARTS, None), None) is not None


def later_pages(text: str, url: str, base: str, *, first: int = 1) -> tuple[Request, ...]:
    """Pages that are named like this one with a higher number (`list.html`, `list_2.html`), wherever the text names
    them: in links, options or script arguments. `first` is the number of the page that shows none."""
    own = PAGE_NAME.fullmatch(url.split("?", 1)[0])
    if own is None:
        return ()
    found: dict[int, str] = {}
    for address in dict.fromkeys(resolve(base, match) for match in NAMED.findall(text)):
        other = PAGE_NAME.fullmatch(address) if address and is_web(address) else None
        if other and other.group(1, 2, 4) == own.group(1, 2, 4) and int(other[3] or first) > int(own[3] or first):
            found[int(other[3] or first)] = address or ""
    return tuple(Request(found[number]) for number in sorted(found))


def card_of(tree: LexborHTMLParser) -> dict[str, str]:
    """The index card (索引号, 发布机构, 发布日期, …) by label; a label without a value does not take the next label."""
    cells = [squeezed(node.text()) for node in tree.css("td, th, dt, dd, li > span, li > b, li > em, li > i")]
    bare = [re.sub(r"[\s:：【】\[\]]", "", cell) for cell in cells]
    card: dict[str, str] = {}
    for label, value, next_bare in zip(bare, cells[1:], bare[1:], strict=False):
        if CARD.fullmatch(label) and value and not CARD.fullmatch(next_bare):
            card.setdefault(label, value)
    return card


def metadata_of(tree: LexborHTMLParser) -> dict[str, str]:
    """Named meta tags, names in lower case; the first of a name stands."""
    metadata: dict[str, str] = {}
    for node in tree.css("meta[name]"):
        name, content = (node.attributes.get("name") or "").lower(), squeezed(node.attributes.get("content") or "")
        if name and content:
            metadata.setdefault(name, content)
    return metadata


def iso_date(text: str) -> str | None:
    """The first date in a text as YYYY-MM-DD."""
    match = DATE.search(text)
    if not match:
        return None
    year, month, day = (int(part) for part in match.groups())
    return f"{year:04d}-{month:02d}-{day:02d}" if 1 <= month <= 12 and 1 <= day <= 31 else None


def squeezed(text: str) -> str:
    """Runs of white space as one space."""
    return re.sub(r"\s+", " ", text).strip()
