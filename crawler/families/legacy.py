"""Programs of the years before static builds: ASPX, ASP, PHP and JSP pages that take everything from their query.

A row is an article if its program is told an id (`show.php?id=385009`, `year_details.aspx?dept=38&id=91674`,
`zwinfo.jsp?id=15652`); a list turns its pages by a parameter (`&page=2`), by a form that is posted back with its
`__VIEWSTATE` (ASP.NET), or by a script. Pages are mostly GBK, which whoever decodes them deals with. Old interfaces wrap
JSON in text and write Chinese as `%uXXXX`. Seen on gk.ziyang.gov.cn, hrss.yn.gov.cn, aqxxgk.anqing.gov.cn and the old
catalogue of Heilongjiang; postback of ASP.NET is taken from its documentation, not from a portal.
"""

import re
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from msgspec.structs import replace
from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.address import is_web, path_of, resolve
from crawler.listing import Article, Channel, Link, Listing, Page, Request
from crawler.lists.anchors import PAGE_FIELD, anchors_in
from crawler.lists.articles import article_of
from crawler.lists.literals import json_of, link_in, whole
from crawler.lists.markup import FILE, base_of, card_of, iso_date, label_of, squeezed
from crawler.lists.paging import NEXT, number_of
from crawler.lists.structure import listing_of, named_files

PROGRAM = re.compile(r"\.(?:aspx?|php|jsp|ashx|jspx|do)\b", re.IGNORECASE)
PROGRAM_LINK = re.compile(
    r"""(?:href|action|data-url)\s*=\s*["']?[^"'\s<>]{0,200}?\.(?:aspx?|php|jsp|ashx)\?[\w.]{1,20}=""", re.IGNORECASE
)
OTHERS = re.compile(
    r"/module/|/jpaas|/was5/|/igs/|/system/_content/|news\.NewsContentUrl|urltype=|wbtreeid|/openness|/common/search|EpointWebBuilder|"
    r"dataproxy|unitbuild",
    re.IGNORECASE,
)
POSTBACK = re.compile(
    r"__doPostBack\(\s*(?:&#39;|['\"])([^'\"&]{1,200})(?:&#39;|['\"])\s*,\s*(?:&#39;|['\"])([^'\"&]{0,200})(?:&#39;|['\"])"
)
NUMBER = re.compile(r"(\d{1,5})$")
DOWNLOAD = re.compile(r"/\w{0,20}down\w{0,20}\.(?:aspx?|php|jsp|ashx)\?", re.IGNORECASE)
GBK = re.compile(r"charset\s*=\s*[\"']?\s*gb", re.IGNORECASE)
QUERY = re.compile(r"""(?:href|action|value|data-url)\s*=\s*["'][^"'<>?]{0,300}\?[^"'<>]{0,500}""", re.IGNORECASE)
CHINESE = re.compile(r"[^\x00-\x7f]+")
HEAD = 5000
ESCAPED = re.compile(r"%u([0-9a-fA-F]{4})|%([0-9a-fA-F]{2})")
WRAPPED = re.compile(r"[\[{].*[\]}]", re.DOTALL)
TITLES = ("title", "longtitle", "Title", "name", "Name")
URLS = ("url", "Url", "href", "link")
DATES = ("time", "date", "Time", "pubdate")
LISTS = ("rows", "data", "list", "items", "Table", "result")
MAX_FIELDS = 200


def recognises(page: Page) -> float:
    """The state that ASP.NET hides in its forms, else programs that are told something in their links."""
    if OTHERS.search(page.text) or OTHERS.search(page.url):
        return 0.0
    state = 0.6 if "__VIEWSTATE" in page.text else 0.0
    own = 0.25 if PROGRAM.search(path_of(page.url)) else 0.0
    links = 0.35 if len(PROGRAM_LINK.findall(page.text)) > 1 else 0.0
    return min(1.0, state + own + links)


def first(channel: Channel) -> Request:
    """A channel opens with its own address."""
    return Request(channel.url)


def read(page: Page) -> Listing:
    """Rows and columns by structure; the next page by link, by posting the form back, or as the program counts."""
    if not page.text.lstrip("\ufeff \t\r\n").startswith("<") and (value := wrapped_json(page.text)) is not None:
        return rows_of_interface(page, value)
    page = replace(page, text=in_own_encoding(page.text))
    listing = listing_of(page)
    posted = postback(page)
    return replace(listing, following=(posted,)) if posted else listing


def article(page: Page) -> Article:
    """Meta tags are rare here: the index card and the printed lines tell most."""
    found = article_of(page)
    tree = LexborHTMLParser(page.text)
    card = card_of(tree)
    title = found.title or next((card[name] for name in ("名称", "信息名称", "标题") if name in card), None)
    published = found.published or next(
        (day for name in ("发布日期", "发文日期") if (day := iso_date(card.get(name, "")))), None
    )
    source = found.source or next(
        (card[name] for name in ("发布机构", "公开责任部门", "发文机关") if name in card), None
    )
    base = base_of(tree, page.url)
    files = {file.url: file for file in found.attachments}
    for node, address in anchors_in(tree, base):
        label = label_of(node)
        if (FILE.search(label) and urlsplit(address).query) or DOWNLOAD.search(address):
            files.setdefault(address, Link(address, label))
    named = tuple(files.values()) or named_files(page.text, page.url, base)
    return replace(found, title=title, published=published, source=source, attachments=named)


def in_own_encoding(text: str) -> str:
    """The page with the Chinese in its queries escaped in the encoding of the page, as browsers do (WHATWG URL, 4.4)."""
    if not GBK.search(text[:HEAD]):
        return text
    return QUERY.sub(
        lambda match: CHINESE.sub(lambda found: quote(found.group(), encoding="gb18030"), match.group()), text
    )


# ---- postback


def postback(page: Page) -> Request | None:
    """The form that brings the next page when it is posted back, None where no script posts one.

    The page must be asked for with the state that this page carries, so pages come one after the other.
    """
    tree = LexborHTMLParser(page.text)
    form = next((node for node in tree.css("form") if node.css_first("input[name=__VIEWSTATE]")), None)
    if form is None:
        return None
    fields = fields_of(form)
    address = resolve(page.url, form.attributes.get("action") or "") or page.url
    if not is_web(address) or len(fields) > MAX_FIELDS:
        return None
    if event := next_event(form, page_shown(page)):
        changed = {**fields, "__EVENTTARGET": event[0], "__EVENTARGUMENT": event[1]}
        return Request(address, "POST", tuple(changed.items()))
    if button := next_button(form):
        return Request(address, "POST", (*fields.items(), button))
    return None


def fields_of(form: LexborNode) -> dict[str, str]:
    """What the form sends whichever link is clicked: hidden and text fields, chosen options, no buttons."""
    fields: dict[str, str] = {}
    for node in form.css("input[name]"):
        kind = (node.attributes.get("type") or "text").lower()
        is_chosen = kind not in ("radio", "checkbox") or "checked" in node.attributes
        if kind not in ("submit", "button", "image", "reset", "file") and is_chosen:
            fields.setdefault(node.attributes.get("name") or "", node.attributes.get("value") or "")
    for node in form.css("select[name]"):
        options = node.css("option")
        chosen = next((one for one in options if "selected" in one.attributes), options[0] if options else None)
        if chosen is not None:
            fields.setdefault(
                node.attributes.get("name") or "", chosen.attributes.get("value") or squeezed(chosen.text())
            )
    return fields


def next_event(form: LexborNode, shown: int) -> tuple[str, str] | None:
    """Target and argument of the link that turns to the next page: by its name, or by the number after this page's."""
    numbered: dict[int, tuple[str, str]] = {}
    for node in form.css("a[href]"):
        match = POSTBACK.search(node.attributes.get("href") or "") if "disabled" not in node.attributes else None
        if match is None:
            continue
        if NEXT.fullmatch(re.sub(r"\s", "", node.text())):
            return match.group(1), match.group(2)
        number = (
            NUMBER.search(match.group(2)) if re.fullmatch(r"\s*(?:\[?\d{1,5}\]?|\.{3}|…)\s*", node.text()) else None
        )
        if number:
            numbered.setdefault(int(number.group(1)), (match.group(1), match.group(2)))
    return numbered.get(shown + 1)


def next_button(form: LexborNode) -> tuple[str, str] | None:
    """Name and value of a button that is called the next page."""
    for node in form.css("input[type=submit][name]"):
        value = node.attributes.get("value") or ""
        if NEXT.fullmatch(value.strip()) and "disabled" not in node.attributes:
            return node.attributes.get("name") or "", value
    return None


def page_shown(page: Page) -> int:
    """The number of the page that was asked for: what was posted, else what the address says."""
    posted = dict(page.request.form) if page.request else {}
    match = NUMBER.search(posted.get("__EVENTARGUMENT", ""))
    return int(match.group(1)) if match else number_of(page.url)


# ---- interfaces


def wrapped_json(text: str) -> object:
    """The JSON in an answer, whatever text of fixed length stands around it; None where there is none."""
    plain = ESCAPED.sub(lambda match: chr(int(match.group(1) or match.group(2), 16)), text) if "%u" in text else text
    found = WRAPPED.search(whole(plain))
    return json_of(found.group()) if found else None


def rows_of_interface(page: Page, value: object) -> Listing:
    """Rows of an interface, and the same question for the next page as long as pages come full."""
    rows = value if isinstance(value, list) else []
    if isinstance(value, dict):
        rows = next((found for name in LISTS if isinstance(found := value.get(name), list)), [])
    named = (link_in(row, page.url, titles=TITLES, urls=URLS, dates=DATES) for row in rows if isinstance(row, dict))
    links = tuple(link for link in named if link and link.title)
    asked = page.request or Request(page.url)
    fields = parse_qsl(urlsplit(asked.url).query, keep_blank_values=True)
    if not links or not any(PAGE_FIELD.fullmatch(name) for name, _ in fields):
        return Listing(links)
    later = [(name, str(number_of(asked.url) + 1) if PAGE_FIELD.fullmatch(name) else text) for name, text in fields]
    url = urlunsplit(urlsplit(asked.url)._replace(query=urlencode(later)))
    return Listing(links, (replace(asked, url=url, is_guess=True),))
