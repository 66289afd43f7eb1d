"""TRS WCM (拓尔思), the system under most provincial and many local portals: static lists and articles.

An article is `<column>/YYYYMM/tYYYYMMDD_<id>.(s)htm(l)`, on newer sites `<column>/t<id>.shtml`; its files lie beside it
(`P0…` attached, `W0…` shown in the text). A list is `index.html`, then `index_1.html` for page 2; how many there are is
known to a script alone (`createPageHTML(9, 0, "index", "html")`). Some lists are shells over a search engine: IGS and
WAS5 in JSON, an older one in JSONP.
Seen on www.guiyang.gov.cn, www.nanjing.gov.cn, www.bjdch.gov.cn, cqjlp.gov.cn, www.wuhan.gov.cn and many others.
"""

import re
from collections.abc import Iterator
from html import unescape

from msgspec import Struct
from msgspec.structs import replace
from selectolax.lexbor import LexborHTMLParser

from crawler.address import folder_of, host_and_port, is_web, path_of, resolve
from crawler.listing import Article, Channel, Link, Listing, Page, Request
from crawler.lists.articles import MAX_FILES, article_of
from crawler.lists.engines import ENGINE, answer_of, engines
from crawler.lists.markup import (
    FILE,
    address_of,
    base_of,
    best_titles,
    columns_of,
    iso_date,
    label_of,
    later_pages,
    rows_of,
    squeezed,
)
from crawler.lists.titles import is_column, is_report, year_of

DATED = re.compile(r"\bt\d{8}_\d{4,}\.s?html?\b")
ARTICLE = re.compile(r"/t(?:\d{8}_)?\d{4,}\.s?html?$")
MONTH = re.compile(r"\d{6}")
FOLDERS = re.compile(r"((?:[\w-]+/){1,3})(?:n?list\w*\.s?html?|index\.s?html?)?")
LIST = re.compile(r"/(?:(?:n?list|index)\w*\.s?html?)?$")
SLUG = re.compile(r"/\w*(?:nb|nianbao|nd\w{0,9}bg|ndgb)\w*/", re.IGNORECASE)
"""How folders of annual reports are called: zfxxgknb, xxgkndbg, gknb_lnnb, …"""
MARKS = {"TRS_Editor": 0.2, "trs_editor_view": 0.2, "TRS_UEDITOR": 0.1, "TRS_PreAppend": 0.1, "file_appendix": 0.1}
PAGER = re.compile(r"\bcreatePage\w*\s*\(([^()]{1,200})\)")
ARGUMENT = re.compile(r"""(?P<number>\d{1,6})|"(?P<double>[^"]*)"|'(?P<single>[^']*)'""")
COUNT = re.compile(r"\b(?:countPage|pageCount|page_count|totalPages?)\s*=\s*[\"']?(\d{1,6})", re.IGNORECASE)
CURRENT = re.compile(r"\bcurrentPage\s*=\s*[\"']?(\d{1,6})", re.IGNORECASE)
EMPTY_PAGER = re.compile(
    r"""<\w{1,8}\s[^>]{0,200}?(?:id|class)\s*=\s*["']?[\w -]{0,40}?(?:page|fenye)""", re.IGNORECASE
)
NUMBERED = re.compile(r"(.*?)_(\d{1,6})")
FULL_LIST = 10
"""Rows of the shortest usual list page: one with fewer, and without any sign of a pager, has no second page."""
AHEAD = 2
"""Pages asked for beyond this one, so that a page that fails costs only itself; totals can exceed what is kept."""
SCRIPT = re.compile(r"(?is)<script\b[^>]*+>(.*?)(?:</script|\Z)")
WRITTEN = re.compile(
    r"""\burl\s*+=\s*+(?:"([^"]{1,500})"|'([^']{1,500})')\s*+;?\s*+(?:var\s++)?\w{0,20}?title\w{0,20}\s*+=\s*+(?:"([^"]{1,500})"|'([^']{1,500})')""",
    re.IGNORECASE,
)
NEAR = 400
"""Characters of a script after the title within which the date of its row stands."""
APPENDIX = re.compile(r"(?<![\w./:~-])(?:[\w./:~-]{1,300}/)?[PW]0\d{10,40}\w{0,20}(?:\(\d{1,3}\))?\.\w{2,5}")
MOVED = re.compile(r"""location(?:\.href)?\s*(?:=|\.replace\s*\()\s*["']([^"']{1,500})["']""")


class Pager(Struct, frozen=True):
    """What a page says of its list: how many pages, which one this is, and how they are named."""

    total: int
    current: int
    stem: str
    suffix: str


def recognises(page: Page) -> float:
    """Addresses of its shape weigh most; the editor's class names occur in other systems too."""
    if not is_markup(page.text):
        return 0.5 if ENGINE.search(f'"{page.url}"') or '"DOCPUBURL"' in page.text or '"puburl"' in page.text else 0.0
    dated = 0.6 if DATED.search(path_of(page.url)) or DATED.search(page.text) else 0.0
    short = 0.3 if ARTICLE.search(path_of(page.url)) or re.search(r"/t\d{6,9}\.s?html?[\"']", page.text) else 0.0
    marks = sum(weight for mark, weight in MARKS.items() if mark in page.text)
    pager = 0.2 if PAGER.search(page.text) else 0.0
    files = 0.1 if APPENDIX.search(page.text) else 0.0
    engine = 0.4 if ENGINE.search(page.text) else 0.0
    return min(1.0, max(dated, short, engine) + marks + pager + files)


def first(channel: Channel) -> Request:
    """A channel opens with its own address; some servers refuse the bare folder and serve its index.html."""
    return Request(channel.url)


def read(page: Page) -> Listing:
    """The rows of a list, written in the page or by its scripts, the pages after it and the columns below it; of a
    shell, what its search engine is to be asked."""
    if not is_markup(page.text):
        return answer_of(page)
    tree = LexborHTMLParser(page.text)
    base = base_of(tree, page.url)
    links = best_titles([*anchored(tree, base), *written(page.text, base)])
    columns = columns_of(tree, base, lambda address, label: is_below(address, label, page.url))
    if not links:
        columns += engines(page.text, base)
    return Listing(links, following(page, base, links), columns)


def article(page: Page) -> Article:
    """What every article says, and the files that only a script names."""
    found = article_of(page)
    tree = LexborHTMLParser(page.text)
    base = base_of(tree, page.url)
    known = {file.url: file for file in found.attachments}
    for file in scripted_files(page.text, base):
        if file.url != page.url:
            known.setdefault(file.url, file)
    return replace(found, attachments=tuple(known.values())[:MAX_FILES])


def is_markup(text: str) -> bool:
    """Whether a list is a page rather than an answer of the search engine."""
    return text.lstrip("\ufeff \t\r\n").startswith("<")


# ---- rows and columns


def anchored(tree: LexborHTMLParser, base: str) -> tuple[Link, ...]:
    """The anchors that are rows: articles and files by address, others by a title that only a report has."""
    named = ((address_of(node, base), label_of(node)) for node in tree.css("a[href]"))
    rows = {address for address, label in named if address and is_row(address, label)}
    return rows_of(tree, base, rows.__contains__)


def is_row(address: str, label: str) -> bool:
    """Whether a link leads to one document. A row may lead to another host, whose addresses have any shape."""
    path = path_of(address)
    if ARTICLE.search(path) or FILE.search(path):
        return True
    return is_report(label) and year_of(label) is not None and not LIST.search(path)


def written(text: str, base: str) -> Iterator[Link]:
    """Rows that a script writes: `var url="…"; var title="…"; document.writeln(…)`."""
    for script in SCRIPT.finditer(text):
        for match in WRITTEN.finditer(script.group(1)):
            url, title = match.group(1) or match.group(2), match.group(3) or match.group(4)
            address = resolve(base, unescape(url))
            if address and is_web(address) and (ARTICLE.search(path_of(address)) or FILE.search(path_of(address))):
                near = script.group(1)[match.end() : match.end() + NEAR]
                yield Link(address, squeezed(unescape(title)), iso_date(near))


def is_below(address: str, label: str, url: str) -> bool:
    """Whether a link opens a column of this one: a folder below, or, where label and address both speak of annual
    reports, one elsewhere, such as a unit's own; the columns beside and above are not of this one."""
    folder = folder_of(url)
    if host_and_port(address) != host_and_port(url) or "?" in address:
        return False
    if address.startswith(folder):
        below = FOLDERS.fullmatch(address.removeprefix(folder))
        return bool(below) and not any(MONTH.fullmatch(name) for name in below.group(1).split("/"))  # type: ignore[union-attr]
    other = folder_of(address)
    is_beside = folder.startswith(other) or other.rsplit("/", 2)[0] == folder.rsplit("/", 2)[0]
    return not is_beside and bool(LIST.search(path_of(address)) and SLUG.search(path_of(other))) and is_column(label)


# ---- pages


def following(page: Page, base: str, links: tuple[Link, ...]) -> tuple[Request, ...]:
    """The pages after this one. Named ones are taken as they are named, others are composed from the script's total;
    where nothing tells the total, the next one is a guess."""
    pager = pager_of(page, links)
    own = f"{folder_of(page.url)}{pager.stem}{f'_{pager.current}' if pager.current else ''}{pager.suffix}"
    if named := later_pages(page.text, own, base, first=0):
        return named
    if pager.total:
        return composed(page, pager)
    if links and (len(links) >= FULL_LIST or EMPTY_PAGER.search(page.text)):
        return (request_of(page, pager, pager.current + 1, is_guess=True),)
    return ()


def composed(page: Page, pager: Pager) -> tuple[Request, ...]:
    """The next pages by number, the second being number 1. A first page that its script calls 1 leaves open whether
    the second is number 1 or 2."""
    shown = shown_number(page.text)
    if pager.current == 0 and shown == 1 and pager.total > 1:
        numbers = dict.fromkeys((1, *range(2, 2 + AHEAD), pager.total))
        return tuple(
            request_of(page, pager, number, is_guess=number in (1, pager.total))
            for number in numbers
            if number <= pager.total
        )
    last = min(pager.current + AHEAD, pager.total - 1)
    return tuple(request_of(page, pager, number) for number in range(pager.current + 1, last + 1))


def request_of(page: Page, pager: Pager, number: int, *, is_guess: bool = False) -> Request:
    """The request for a page by its number."""
    return Request(f"{folder_of(page.url)}{pager.stem}_{number}{pager.suffix}", is_guess=is_guess)


def pager_of(page: Page, links: tuple[Link, ...]) -> Pager:
    """How this list is paged, by the call that draws its pager, else by its address. The number in the address counts:
    scripts count from 0 or from 1."""
    name, dot, suffix = path_of(page.url).rsplit("/", 1)[-1].partition(".")
    total, stem = 0, ""
    if call := pager_call(page.text):
        numbers, words = call
        total = numbers[0]
        stem, suffix = (words[-2], words[-1].lstrip(".")) if len(words) > 1 else (stem, suffix)
    elif count := COUNT.search(page.text):
        total = int(count.group(1))
    suffix = suffix or next((row.url.rsplit(".", 1)[-1] for row in links if ARTICLE.search(path_of(row.url))), "html")
    numbered = NUMBERED.fullmatch(name)
    if not dot or name == stem:
        return Pager(total, 0, stem or "index", f".{suffix}")
    if numbered and stem in ("", numbered.group(1)):
        return Pager(total, int(numbered.group(2)), numbered.group(1), f".{suffix}")
    return Pager(total, 0, stem or name, f".{suffix}")


def pager_call(text: str) -> tuple[list[int], list[str]] | None:
    """Numbers and words among the arguments of the call that draws the pager; its definition has neither."""
    for call in PAGER.finditer(text):
        found = list(ARGUMENT.finditer(call.group(1)))
        numbers = [int(match["number"]) for match in found if match["number"]]
        if numbers:
            return numbers, [match["double"] or match["single"] or "" for match in found if not match["number"]]
    return None


def shown_number(text: str) -> int | None:
    """The number that the script gives this page."""
    if call := pager_call(text):
        return call[0][1] if len(call[0]) > 1 else None
    current = CURRENT.search(text)
    return int(current.group(1)) if current else None


# ---- files


def scripted_files(text: str, base: str) -> Iterator[Link]:
    """Files that a script names (`file_appendix`, `appendixIds`) or sends the reader to (`location.href`)."""
    for script in SCRIPT.finditer(text):
        inside = unescape(script.group(1))
        for match in APPENDIX.finditer(inside):
            if FILE.search(match.group()) and (address := resolve(base, match.group())):
                yield Link(address, appendix_title(inside[match.end() :][:NEAR]) or match.group().rsplit("/", 1)[-1])
        for moved in MOVED.finditer(inside):
            address = resolve(base, moved.group(1))
            if address and is_web(address) and FILE.search(path_of(address)):
                yield Link(address, path_of(address).rsplit("/", 1)[-1])


def appendix_title(after: str) -> str:
    """The title after a file's name: `">2022年度报告.pdf</a>` or `=标题.pdf,`."""
    match = re.match(r"""[^<>=]{0,100}>([^<>]{1,200})<|=([^,'"]{1,200})""", after)
    return squeezed(match.group(1) or match.group(2)) if match else ""
