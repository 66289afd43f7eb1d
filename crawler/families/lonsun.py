"""Lonsun (龙讯), the disclosure platform of Anhui's portals and some in Jiangxi.

Each body has one address, `/public/column/<organ>?type=<T>&…`, where T = 3 is 年报; its report of a year is the same
address with `action=detail&title=<year>`, so that the year stands in the query alone. Other documents are
`/public/<organ>/<id>.html`. A list is a fragment of HTML that the page's script asks of `/site/label/8888`; how many
pages it has stands in `Ls.pagination({pageCount: …})`. Topic columns (`/content/column/<id>`, folders) page by
`?pageIndex=<n>`; `index_1.html` does not exist. Some hosts put `/zwgk` before everything.
Seen on www.tongcheng.gov.cn, www.ah.gov.cn, www.baohe.gov.cn, www.ahqimen.gov.cn, www.lushan.gov.cn and others.
"""

import re
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit, urlunsplit

from msgspec.structs import replace
from selectolax.lexbor import LexborHTMLParser

from crawler.address import folder_of, host_and_port, path_of, resolve
from crawler.listing import Article, Channel, Link, Listing, Page, Request
from crawler.lists.articles import article_of
from crawler.lists.literals import literal_after
from crawler.lists.markup import FILE, base_of, card_of, columns_of, iso_date, metadata_of, rows_of
from crawler.lists.titles import is_column, is_report, year_of

ORGAN = re.compile(r"(.*)/public/column/(\d+)/?$")
DOCUMENT = re.compile(r"/public/\d+/\d+\.html?$|/\d{7,}\.html?$")
TOPIC = re.compile(r"/content/column/\d+$")
LABEL = re.compile(r"""["'(=]\s{0,4}((?:https?:)?/[^"'()=\s<>?]{0,200}?)?/site/label/8888(\?[^"'\s<>]{1,2000})?""")
PAGES = re.compile(r"pageCount[\"']?\s{0,4}[:=]\s{0,4}[\"']?(\d{1,4})")
LAST = re.compile(r"""\bpaged=["']?(\d{1,4})""")
ANNUAL = "3"
DEFAULTS = {"pageSize": "16", "length": "46", "file": "/xxgk/publicInfoList_newest2020"}
MARKS = {
    r"\bLs\.(?:ajax|pagination)\b": 0.4, r"/site/label/8888": 0.3, r"/public/column/\d+\?": 0.4, r"/public/\d+/\d+\.html": 0.2,
    r"/group\d+/M\d\d/": 0.2, r"xxgk_nav_list|xxgk_navli|table_suoyin|j-fontContent": 0.3,
}  # fmt: skip


def recognises(page: Page) -> float:
    """Its script, the address of its lists and bodies, its files and its class names."""
    marks = sum(weight for mark, weight in MARKS.items() if re.search(mark, page.text))
    path = path_of(page.url)
    address = 0.5 if ORGAN.search(path) or re.search(r"/public/\d+/\d+\.html$|/site/label/8888$", path) else 0.0
    return min(1.0, marks + address)


def first(channel: Channel) -> Request:
    """A channel opens with its own address."""
    return Request(channel.url)


def read(page: Page) -> Listing:
    """The rows of a page or of a fragment; pages lead to the fragments that fill them, to years and to other bodies."""
    tree = LexborHTMLParser(page.text)
    base = base_of(tree, page.url)
    links = tuple(with_year(link) for link in rows_of(tree, base, is_row))
    if path_of(page.url).endswith("/site/label/8888"):
        return Listing(links, later_page(page, page.url) if links else ())
    columns = columns_of(tree, base, lambda address, label: leads_down(page.url, address, label))
    if not is_annual(page.url) and any(is_annual(request.url) for request in columns):
        columns = tuple(request for request in columns if is_annual(request.url))
    label = label_request(page, metadata_of(tree))
    if label is None:
        return Listing(links, later_page(page, page.url) if links else (), columns)
    if links and PAGES.search(page.text):
        return Listing(links, later_page(page, label), columns)
    return Listing(links, columns=(Request(label), *columns))


def article(page: Page) -> Article:
    """Meta tags and printed lines first, then the index card."""
    found = article_of(page)
    card = card_of(LexborHTMLParser(page.text))
    return replace(
        found,
        title=found.title or card.get("名称") or card.get("信息名称"),
        published=found.published or iso_date(card.get("发布日期", "")),
        source=found.source or card.get("发布机构"),
    )


# ---- rows


def is_row(address: str) -> bool:
    """Whether an address is one of a document, of a body's report of one year, or of a file."""
    path = path_of(address)
    return bool(DOCUMENT.search(path)) or is_year(address) or bool(FILE.search(path))


def is_annual(address: str) -> bool:
    """Whether an address is one of a body's annual reports."""
    return bool(ORGAN.search(path_of(address))) and query_of(address).get("type") == ANNUAL


def is_year(address: str) -> bool:
    """Whether an address is one of a body's report of one year."""
    return is_annual(address) and query_of(address).get("action") == "detail"


def with_year(link: Link) -> Link:
    """A link to the report of one year that does not say so (查看, 详细) is called by the year of its address."""
    year = query_of(link.url).get("title", "") if is_year(link.url) else ""
    is_silent = year_of(year) is not None and not is_report(link.title) and year_of(link.title) is None
    return Link(link.url, f"{year}年", link.date) if is_silent else link


# ---- pages


def leads_down(own: str, address: str, label: str) -> bool:
    """Whether a link leads further down: from a body's reports to those of other bodies and to its other lists; from
    any other page to the annual reports, else to bodies or columns by their names."""
    if host_and_port(address) != host_and_port(own) or is_row(address):
        return False
    if is_annual(address):
        return query_of(address) != query_of(own) or path_of(address) != path_of(own)
    if TOPIC.search(path_of(address)) or (
        address.endswith(("/", "/index.html")) and folder_of(address) != folder_of(own)
    ):
        return is_column(label) and path_of(address) not in ("/", "/index.html")
    return bool(ORGAN.search(path_of(address))) and not ORGAN.search(path_of(own)) and is_column(label)


def label_request(page: Page, metadata: dict[str, str]) -> str | None:
    """The first page of the fragment that a script asks for; written out, or put together from the settings that the
    page names. A random number against caches is left out, so that the same list is the same address in every run."""
    mentions = [(prefix, query) for prefix, query in LABEL.findall(page.text)]
    written = [f"{prefix}/site/label/8888{query}" for prefix, query in mentions if "labelName=publicInfoList" in query]
    wanted = query_of(page.url).get("type")
    for address in written:
        resolved = resolve(page.url, address.replace("&amp;", "&"))
        if resolved and (wanted is None or query_of(resolved).get("type", wanted) == wanted):
            return with_index(resolved, 1)
    organ = ORGAN.search(path_of(page.url))
    number = metadata.get("siteid") or literal_after(page.text, "siteId")
    if not mentions or written or organ is None or not re.fullmatch(r"\d{1,20}", str(number)):
        return None
    own = query_of(page.url)
    fields = {"IsAjax": "1", "dataType": "html", "labelName": "publicInfoList", "siteId": str(number), "pageIndex": "1"}
    fields |= {"action": "list", "isDate": "true", "dateFormat": "yyyy-MM-dd", "result": "暂无相关信息", "cId": ""}
    fields |= {"organId": organ[2], "type": own.get("type", ANNUAL), "catId": own.get("catId", "")}
    fields |= {name: setting(page, name) for name in DEFAULTS}
    return resolve(page.url, f"{mentions[0][0]}/site/label/8888?{urlencode(fields)}")


def setting(page: Page, name: str) -> str:
    """What a script gives to a name, else what is usual."""
    found = literal_after(page.text, name)
    return (
        str(found) if isinstance(found, (str, int)) and re.fullmatch(r"[\w/.-]{1,100}", str(found)) else DEFAULTS[name]
    )


def later_page(page: Page, address: str) -> tuple[Request, ...]:
    """The page after this one, where the pager says that there is one."""
    counts = [int(count) for count in (*PAGES.findall(page.text), *LAST.findall(page.text))]
    current = int(index) if (index := query_of(page.url).get("pageIndex", "1")).isdecimal() and len(index) < 6 else 1
    return (Request(with_index(address, current + 1)),) if max(counts, default=1) > current else ()


def with_index(address: str, number: int) -> str:
    """The address of a page of a list, without the random number."""
    parts = urlsplit(address)
    fields = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name != "_"]
    if "pageIndex" not in dict(fields):
        fields.append(("pageIndex", str(number)))
    named = [(name, str(number) if name == "pageIndex" else value) for name, value in fields]
    return urlunsplit(parts._replace(query=urlencode(named)))


def query_of(address: str) -> dict[str, str]:
    """The fields of a query, the first of a name."""
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query, keep_blank_values=True).items()}
