"""What list and article pages of all families have in common: anchors, dates beside them, meta tags, attached files.

Pure, for families to build on; an anchor counts by its address, never by a class name, since skins change every year.
"""

import re
from collections.abc import Callable
from itertools import islice
from urllib.parse import parse_qsl, unquote, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.address import is_web, path_of, resolve
from crawler.listing import Article, Link, Page, Request

FILE = re.compile(r"\.(?:pdf|docx?|wps|xlsx?|et|ofd|zip|rar|mht|txt)$", re.IGNORECASE)
DATE = re.compile(r"(?<!\d)((?:19|20)\d{2})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})(?:(?!\d)|(?=\d\d:\d\d))")
TIME = r"(?:\s*\d{1,2}:\d{2}(?::\d{2})?)?"
STAMP = re.compile(rf"[\[(（【]?\s*{DATE.pattern}日?{TIME}\s*[\])）】]?")
"""A date as rows print it: in brackets, with a time."""
PUBLISHED = re.compile(r"(?<!成文)(?<!生成)(?:发布日期|发布时间|发表时间|日期|时间)\s*[:：]\s*" + DATE.pattern)
SOURCE = re.compile(r"(?:文章来源|信息来源|来源)\s*[:：]\s*([^\s【\[]{2,40})")
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
MAX_FILES = 200


EDITOR = (
    ".TRS_Editor, .trs_editor_view, .TRS_UEDITOR, #zoom, #Zoom, #zoomcon, .article-content, .article_content, .Article_content,"
    " #UCAP-CONTENT, ucapcontent, .v_news_content, [id^=vsb_content], .wzcon, .j-fontContent, .newscontnet, .contentxxgk,"
    " .bt_content, .article_zoom, .artile_zw, .art-con, .main-txt, #wenzhang, .ewb-article-detail, #ivs_content, .zw"
)
"""What the products call the body of an article."""
IMAGE = re.compile(r"\.(?:png|jpe?g|gif|tiff?|bmp|webp)$", re.IGNORECASE)
DECORATION = re.compile(
    r"/(?:icons?|logos?|jslib|skins?|styles?|css|themes?|static|common|emoji)/|/images/[a-z]+\.\w+$", re.IGNORECASE
)
NAMES_TABLES = re.compile(r"申请情况|复议|诉讼|勾稽|第二十条|统计表|附表|见下图|如下图")
SHORT_TEXT = 600
MAX_IMAGES = 40
IMAGE_SOURCES = ("data-original", "data-src", "src")
"""Where a script will take an image from comes first: until then `src` is a placeholder."""
AROUND = "nav, header, footer, aside, [class*=foot], [class*=head], [class*=nav], [class*=logo], [class*=share], [id*=foot], [id*=head], [id*=nav]"
"""What stands around an article where the product does not say which its body is."""
TABLE_CELLS = 20
"""A table of figures has so many cells at least; what has fewer lays out the page."""
SAYS_FILE = re.compile(r"附\s*件|(?:点击|文[件档]|原文|全文|年报|报告)\s*下载|^\s*下载\s*$")
NAMES_PAGE = re.compile(r"\.s?html?$|\.aspx?$|/$", re.IGNORECASE)
LOCKED = re.compile(r"downloadztbattach", re.IGNORECASE)
"""Downloads that want a captcha."""
DOWNLOADS = re.compile(r"/\w*(?:down|attach|file)\w*(?:\.\w+)?$", re.IGNORECASE)
FILE_NAMES = ("filename", "file_name", "fname", "realname", "wbfileid")
"""Parameters of a download that name the file."""
VIEWED = ("file", "url", "src", "path", "fileurl", "furl", "filepath", "pdf", "pdfurl")
"""Parameters of a viewer that say what to show."""
VIEWER = re.compile(r"view|pdf|show|read", re.IGNORECASE)
MAX_PAGES_FRAMED = 5
UNSEEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


def rows_of(tree: LexborHTMLParser, base: str, is_row: Callable[[str], bool]) -> tuple[Link, ...]:
    """The rows of a list: one link an address, with its whole title and the date that stands in its row."""
    anchors = [(node, address) for node in tree.css("a[href]") if (address := address_of(node, base))]
    rows = [(node, address) for node, address in anchors if is_row(address)][:MAX_ROWS]
    dates = dates_of([node for node, _ in rows])
    return best_titles([link_of(node, address, date) for (node, address), date in zip(rows, dates, strict=True)])


def article_of(page: Page) -> Article:
    """Government meta tags (国办发〔2017〕47号) first, then what the page prints."""
    tree = LexborHTMLParser(page.text)
    metadata = metadata_of(tree)
    is_told = "pubdate" in metadata and "contentsource" in metadata  # then the long way is not needed
    text = tree.body.text(separator=" ") if tree.body and not is_told else ""
    printed_date, source = PUBLISHED.search(text), SOURCE.search(text)
    heading = tree.css_first("h1")
    base = base_of(tree, page.url)
    return Article(
        attachments=(*attachments_of(tree, page.url, base), *frames_of(tree, page.url, base)),
        pictures=scans_of(tree, base),
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


def attachments_of(tree: LexborHTMLParser, url: str, base: str) -> tuple[Link, ...]:
    """Files that the page links to, embeds, or shows in a viewer (`viewer.html?file=…`); what it announces as one, too, or
    embeds as one by its type, whatever the address."""
    named = [(node, address_of(node, base)) for node in tree.css("a[href]")]
    named += [(node, address_of(node, base, "src")) for node in tree.css("iframe[src], frame[src], embed[src]")]
    named += [(node, address_of(node, base, "data")) for node in tree.css("object[data]")]
    named += [(node, address_of(node, base, "data-value")) for node in tree.css("[data-value]")]
    files = [(node, file_in(address, base)) for node, address in named if address]
    files += [(node, address) for node, address in named if address and is_announced(node, address, base)]
    found: dict[str, Link] = {}
    for node, file in files:
        if file and file != url and file not in found:
            found[file] = Link(file, squeezed(node.attributes.get("title") or node.text()) or unquote(path_of(file)))
    return tuple(found.values())[:MAX_FILES]


def is_announced(node: LexborNode, address: str, base: str) -> bool:
    """Whether a page says that an address without an ending is a file: by the name or the words of a link on the same host, or
    by the type of what it embeds."""
    if node.tag in ("embed", "object"):
        return (node.attributes.get("type") or "").startswith("application/") and not address.endswith(".swf")
    if node.tag != "a" or not is_same_host(address, base):
        return False
    label = squeezed(node.text())
    is_file = "download" in node.attributes or bool(FILE.search(label.rstrip("】])） ")) or SAYS_FILE.search(label))
    path = path_of(address)
    is_page = NAMES_PAGE.search(path) and not DOWNLOADS.search(path)
    return is_file and len(label) < MAX_TITLE and not is_page and not file_in(address, base) and not LOCKED.search(path)


def frames_of(tree: LexborHTMLParser, url: str, base: str) -> tuple[Link, ...]:
    """The pages that a page without a table of figures shows in frames, of its own host: the report may stand there. Frames
    that nobody sees count visits."""
    if holds_table(tree.root):
        return ()
    named = [(node, address_of(node, base, "src")) for node in tree.css("iframe[src], frame[src]")]
    named += [(node, address_of(node, base, "data")) for node in tree.css("object[data][type^='text/html']")]
    found: dict[str, Link] = {}
    for node, address in named:
        if address and address != url and is_same_host(address, url) and not (file_in(address, base) or is_unseen(node)):
            found.setdefault(address, Link(address, squeezed(node.attributes.get("title") or "") or unquote(path_of(address))))
    return tuple(found.values())[:MAX_PAGES_FRAMED]


def is_same_host(address: str, url: str) -> bool:
    return urlsplit(address).netloc.removeprefix("www.") == urlsplit(url).netloc.removeprefix("www.")


def is_unseen(node: LexborNode) -> bool:
    """Whether a frame is hidden, or too small to read in."""
    sizes = [re.match(r"\s*(\d+)(?:px)?\s*$", node.attributes.get(name) or "") for name in ("width", "height")]
    is_small = any(size and int(size[1]) < 100 for size in sizes)
    return is_small or "hidden" in node.attributes or bool(UNSEEN.search(node.attributes.get("style") or ""))


def holds_table(node: LexborNode | None) -> bool:
    """Whether a table of figures stands in a node, not one that lays out the page."""
    tables = node.css("table") if node is not None else []
    return any(len(table.css("td, th")) >= TABLE_CELLS and not table.css("table")[1:] for table in tables[:MAX_COLUMNS])


def scans_of(tree: LexborHTMLParser, base: str) -> tuple[Link, ...]:
    """The pictures in the body of an article whose tables are put up as pictures: no table stands there, and the text is
    short or speaks of tables. Where the product does not say which its body is, the text must speak of tables."""
    if tree.css_first("img") is None:
        return ()
    editors: list[LexborNode] = tree.css(EDITOR)
    bodies = editors or ([tree.body] if tree.body is not None else [])
    text = "".join(body.text() for body in bodies)
    is_short = len(text) <= SHORT_TEXT and bool(editors)
    tables = [table for body in bodies for table in body.css("table") if table.css_first("img") is None]
    is_told = any(map(holds_table, tables)) if not editors else any(squeezed(table.text()) for table in tables)
    if is_told or not (is_short or NAMES_TABLES.search(text)):
        return ()
    around = {node.mem_id for part in tree.css(AROUND) for node in part.css("img")} if not editors else set()
    found: dict[str, Link] = {}
    for node in [image for body in bodies for image in body.css("img")]:
        address = image_at(node, base)
        if address and node.mem_id not in around and not is_button(node, base):
            name = squeezed(node.attributes.get("alt") or "") or path_of(address).rsplit("/", 1)[-1]
            found.setdefault(address, Link(address, name))
    return tuple(found.values())[:MAX_IMAGES]


def image_at(node: LexborNode, base: str) -> str | None:
    """The address of an image that may be a table, None for what adorns the page."""
    addresses = (address_of(node, base, name) for name in IMAGE_SOURCES if node.attributes.get(name))
    address = next((one for one in addresses if one), None)
    is_image = address is not None and IMAGE.search(path_of(address)) and not DECORATION.search(path_of(address))
    return address if is_image else None


def is_button(node: LexborNode, base: str) -> bool:
    """Whether an image stands in a link that leads to anything but an image: many link to a bigger copy of themselves."""
    above = node.parent
    for _ in range(MAX_CLIMB):
        if above is None:
            break
        if above.tag == "a" and above.attributes.get("href"):
            address = address_of(above, base)
            return not (address and IMAGE.search(path_of(address)))
        above = above.parent
    return False


def file_in(address: str, base: str) -> str | None:
    """The file that an address names: by its path, as the name that a download gives it, or as what a viewer shows."""
    path = path_of(address)
    if FILE.search(path):
        return address
    for name, value in parse_qsl(urlsplit(address).query):
        if name.lower() in FILE_NAMES and (DOWNLOADS.search(path) or FILE.search(value)):
            return address
        shown = resolve(base, value) if name.lower() in VIEWED else None
        if shown and is_web(shown) and (FILE.search(path_of(shown)) or (name.lower() == "file" and VIEWER.search(path))):
            is_download = "/" not in value and DOWNLOADS.search(path)
            return address if is_download else shown
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
