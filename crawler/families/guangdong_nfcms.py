"""NFCMS, the 集约化 platform under every Guangdong government portal: static lists and articles.

Skins differ from city to city, addresses do not: an article is `<column>/content/post_<id>.html` (`mpost_` for phones,
`spost_` for specials), a list `<column>/index.html`, `index_2.html`, … (page 1 has no number), a file
`/attachment/<id div 1e6>/<id div 1000>/<id>/<n>.<ext>`. So links are recognised by address, never by class.
Seen on www.huadu.gov.cn, hrss.gd.gov.cn, www.sz.gov.cn, www.gz.gov.cn and others.
"""

import re
from urllib.parse import parse_qs, unquote, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.address import folder_of, is_web, path_of, resolve
from crawler.listing import Article, Channel, Link, Listing, Page, Request

ARTICLE = re.compile(r"/content/[ms]?post_\d+\.html$")
FILE = re.compile(r"\.(?:pdf|docx?|wps|xlsx?|et|ofd|zip|rar|mht|txt)$", re.IGNORECASE)
LIST_PAGE = re.compile(r"""["'(=]\s{0,4}([^"'()\s<>=]{0,300}?index_\d{1,6}\.html?)""")
NUMBER = re.compile(r"/index_(\d+)\.html?$")
PAGES = re.compile(
    r"共\s*(\d{1,4})\s*页|(?:page_?count|count_?page|total_?pages?)[\"']?\s*[:=]\s*[\"']?(\d{1,4})", re.IGNORECASE
)
DATE = re.compile(r"(?<!\d)((?:19|20)\d{2})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})(?!\d)")
PUBLISHED = re.compile(r"(?:发布日期|发布时间|发表时间|日期|时间)\s*[:：]\s*" + DATE.pattern)
SOURCE = re.compile(r"(?:文章来源|信息来源|来源)\s*[:：]\s*([^\s【\[]{2,40})")
MAX_CLIMB = 4
"""Steps from an anchor to the row that holds its date."""
MAX_ROWS = 5000
MAX_COLUMNS = 200
MAX_FILES = 200
MARKS = {"NFCMS_SITE_ID": 0.5, "NFCMS_POST_ID": 0.3, "NFCMS_CAT_ID": 0.3, "statistics.gd.gov.cn": 0.1}


def recognises(page: Page) -> float:
    """The platform's own script variables weigh most, then addresses of its shape."""
    marks = sum(weight for mark, weight in MARKS.items() if mark in page.text)
    shapes = 0.4 if ARTICLE.search(path_of(page.url)) or re.search(r"\bcontent/post_\d+\.html", page.text) else 0.0
    files = 0.1 if re.search(r"/attachment/\d+/\d+/\d+/", page.text) else 0.0
    return min(1.0, marks + shapes + files)


def first(channel: Channel) -> Request:
    """A channel opens with its own address."""
    return Request(channel.url)


def read(page: Page) -> Listing:
    """The rows of a list page, the pages after it, and the sub-columns (groups of bodies, years) below it."""
    tree = LexborHTMLParser(page.text)
    base = base_of(tree, page.url)
    anchors = [(node, address) for node in tree.css("a[href]") if (address := address_of(node, base))]
    rows = [(node, address) for node, address in anchors if is_row(address)][:MAX_ROWS]
    dates = dates_of([node for node, _ in rows])
    links = best_titles([link_of(node, address, date) for (node, address), date in zip(rows, dates, strict=True)])
    return Listing(links, following_pages(page, base, is_list=bool(links)), sub_columns(tree, page.url, base))


def article(page: Page) -> Article:
    """Government meta tags (国办发〔2017〕47号) first, then what the page prints."""
    tree = LexborHTMLParser(page.text)
    metadata = metadata_of(tree)
    text = tree.body.text(separator=" ") if tree.body else ""
    printed_date, source = PUBLISHED.search(text), SOURCE.search(text)
    heading = tree.css_first("h1")
    return Article(
        attachments=attachments_of(tree, page.url, base_of(tree, page.url)),
        title=metadata.get("articletitle") or (squeezed(heading.text()) if heading else None),
        published=iso_date(metadata.get("pubdate", "")) or (iso_date(printed_date.group()) if printed_date else None),
        source=metadata.get("contentsource") or (source.group(1) if source else None),
        metadata=metadata,
    )


def base_of(tree: LexborHTMLParser, url: str) -> str:
    """Where relative links stand: `<base href>` if the page has one."""
    node = tree.css_first("base[href]")
    return (resolve(url, node.attributes.get("href") or "") if node else None) or url


def address_of(node: LexborNode, base: str, attribute: str = "href") -> str | None:
    """The web address in an attribute, None for scripts, mail and broken ones."""
    address = resolve(base, node.attributes.get(attribute) or "")
    return address if address and is_web(address) else None


def is_row(address: str) -> bool:
    """Whether an address is one of an article, or of a file that a list offers instead of one."""
    path = path_of(address)
    return bool(ARTICLE.search(path)) or ("/attachment/" in path and bool(FILE.search(path)))


def link_of(node: LexborNode, address: str, date: str | None) -> Link:
    """Visible titles are often cut with "…"; the title attribute is whole."""
    title = squeezed(node.attributes.get("title") or "") or squeezed(DATE.sub("", node.text()))
    return Link(address, title, date)


def dates_of(anchors: list[LexborNode]) -> list[str | None]:
    """For each anchor the date of its row: the nearest ancestor that shows one and holds no other article."""
    crowded: dict[int, bool] = {}
    return [date_near(anchor, crowded) for anchor in anchors]


def date_near(anchor: LexborNode, crowded: dict[int, bool]) -> str | None:
    """`crowded` remembers which ancestors hold several links, so that a long list is not counted once a row."""
    title = anchor.attributes.get("title") or anchor.text()
    around: LexborNode | None = anchor
    for _ in range(MAX_CLIMB):
        if around is None or is_crowded(around, crowded):
            return None
        if date := iso_date(around.text(separator=" ").replace(title, " ")):
            return date
        around = around.parent
    return None


def is_crowded(node: LexborNode, crowded: dict[int, bool]) -> bool:
    """Whether links to different addresses stand in a node."""
    if node.mem_id not in crowded:
        crowded[node.mem_id] = len({link.attributes.get("href") for link in node.css("a[href]")}) > 1
    return crowded[node.mem_id]


def best_titles(links: list[Link]) -> tuple[Link, ...]:
    """One link an address, in order of the page; an image and a headline may lead to the same one."""
    best: dict[str, Link] = {}
    for link in links:
        known = best.get(link.url)
        if known is None or len(link.title) > len(known.title):
            best[link.url] = Link(link.url, link.title, link.date or (known.date if known else None))
    return tuple(best.values())


def following_pages(page: Page, base: str, *, is_list: bool) -> tuple[Request, ...]:
    """Pages with a higher number than this one. Pagers are links, options or script arguments, in some skins drawn by a
    script from a total, in some not in the page at all: then, and only then, the next page is a guess."""
    folder, current = folder_of(page.url), page_number(page.url)
    mentioned = {resolve(base, match) for match in LIST_PAGE.findall(page.text)}
    own = {url for url in mentioned if url and folder_of(url) == folder and NUMBER.search(path_of(url))}
    totals = [int(first or second) for first, second in PAGES.findall(page.text)]
    following = {page_number(url): url for url in own if page_number(url) > current}
    if following:
        return tuple(Request(following[number]) for number in sorted(following))
    if totals:
        return (Request(f"{folder}index_{current + 1}.html"),) if max(totals) > current else ()
    if is_list and not own:
        return (Request(f"{folder}index_{current + 1}.html", is_guess=True),)
    return ()


def page_number(url: str) -> int:
    """The bare folder and index.html are page 1."""
    match = NUMBER.search(path_of(url))
    return int(match.group(1)) if match else 1


def sub_columns(tree: LexborHTMLParser, url: str, base: str) -> tuple[Request, ...]:
    """Columns below this one, by the folders that its links and options name (…/xxgknb/ leads to qzf/, gbm/, gzj/)."""
    folder = folder_of(url)
    named = [address_of(node, base) for node in tree.css("a[href]")]
    named += [address_of(node, base, "value") for node in tree.css("option[value]")]
    below = [address for address in named if address and address.startswith(folder) and is_column(address, folder)]
    return tuple(Request(address) for address in dict.fromkeys(below))[:MAX_COLUMNS]


def is_column(address: str, folder: str) -> bool:
    """Whether an address below a folder opens a column: a folder of its own or its index.html, without a query."""
    below = address.removeprefix(folder)
    return bool(re.fullmatch(r"(?:(?!content/)[\w-]+/){1,3}(?:index\.html?)?", below))


def attachments_of(tree: LexborHTMLParser, url: str, base: str) -> tuple[Link, ...]:
    """Files that the page links to, embeds, or shows in a viewer (`viewer.html?file=…`)."""
    named = [(node, address_of(node, base)) for node in tree.css("a[href]")]
    named += [(node, address_of(node, base, "src")) for node in tree.css("iframe[src], embed[src]")]
    named += [(node, address_of(node, base, "data")) for node in tree.css("object[data]")]
    found: dict[str, Link] = {}
    for node, address in named:
        file = file_in(address, base) if address else None
        if file and file != url and file not in found:
            found[file] = Link(file, squeezed(node.attributes.get("title") or node.text()) or unquote(path_of(file)))
    return tuple(found.values())[:MAX_FILES]


def file_in(address: str, base: str) -> str | None:
    """The file that an address names, itself or in the query of a viewer."""
    if FILE.search(path_of(address)):
        return address
    for value in parse_qs(urlsplit(address).query).get("file", []):
        shown = resolve(base, value)
        if shown and is_web(shown) and FILE.search(path_of(shown)):
            return shown
    return None


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
