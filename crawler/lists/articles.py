"""Pages of articles: what they tell of themselves, and the files, frames and pictures that they carry.

Pure, for families to build on, like `markup`.
"""

import re
from urllib.parse import parse_qsl, unquote, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.address import is_web, path_of, resolve
from crawler.listing import Article, Link, Page
from crawler.lists.markup import (
    DATE,
    FILE,
    MAX_CLIMB,
    MAX_COLUMNS,
    MAX_TITLE,
    address_of,
    base_of,
    iso_date,
    metadata_of,
    squeezed,
)

PUBLISHED = re.compile(r"(?<!成文)(?<!生成)(?:发布日期|发布时间|发表时间|日期|时间)\s*[:：]\s*" + DATE.pattern)
SOURCE = re.compile(r"(?:文章来源|信息来源|来源)\s*[:：]\s*([^\s【\[]{2,40})")
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
        if (
            address
            and address != url
            and is_same_host(address, url)
            and not (file_in(address, base) or is_unseen(node))
        ):
            found.setdefault(
                address, Link(address, squeezed(node.attributes.get("title") or "") or unquote(path_of(address)))
            )
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
        if (
            shown
            and is_web(shown)
            and (FILE.search(path_of(shown)) or (name.lower() == "file" and VIEWER.search(path)))
        ):
            is_download = "/" not in value and DOWNLOADS.search(path)
            return address if is_download else shown
    return None
