"""Which links of a page may lead to the column of annual reports (政府信息公开年报), and what a page says of its site.

Pure. A sign is judged by its label, by its address only where the label says nothing (an image, 更多): the labels of a
navigation are few and much the same everywhere, and so are the neighbours that are something else (政府网站工作年度报表,
法治政府建设年度报告, 统计年鉴). Whether a sign is true is found out by following it.
"""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Literal

from msgspec import Struct
from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.address import host_and_port, is_web, path_of, resolve
from crawler.listing import Page
from crawler.lists.literals import json_of
from crawler.lists.markup import FILE, SILENT, base_of, heading_beside, metadata_of, squeezed
from crawler.lists.titles import BARE, GROUP, SUBJECT, year_of

Kind = Literal["column", "year", "report", "way", "group", "body"]
"""What a link leads to: the column; one year of it; a single report, or a column that is called like one; a page on the
way to the column; a group of bodies (各部门, 各镇街); one body."""

ANNUAL = re.compile(r"公开.{0,6}(?:年报|年度(?:工作)?报告)|公开工作报告$|(?:年报|年度报告)(?:信息)?公开$")
PLAIN = re.compile(
    r"(?:历年|往年|历史|本机关|本单位|部门|工作)?(?:年报|年度报告|年度工作报告)(?:总览|专栏|专题|汇总|目录|列表|查询)?"
)
YEARLY_END = re.compile(r"(?:年报|年度报告|年度工作报告)$")
OTHER = re.compile(r"网站|法治|依法行政|通知|解读|图解|读懂|报表|征求意见|模板|格式|要点|考核|评议")
WAY = re.compile(
    r"[\u4e00-\u9fff]{0,14}?(?P<what>政府信息公开|信息公开|政务公开|政府公开|主动公开|信息公开年度)(?:专栏|平台|目录|专区|专题|栏目|内容|大厅|网)?"
)
SHORT_WAYS = {"公开": 35, "政务": 20, "信息公开目录": 40}
WAYS = {"政府信息公开": 50, "信息公开": 45, "政务公开": 40, "政府公开": 40, "信息公开年度": 40, "主动公开": 30}
WEIGHTS: dict[Kind, int] = {"column": 100, "year": 42, "report": 25, "group": 30, "body": 15, "way": 0}
PLAIN_WEIGHT, SLUG_WEIGHT = 80, 60
SLUG = re.compile(
    r"(?:[a-z]{0,8}gk[a-z]{0,6}n(?:an|[bd])[a-z]{0,6}|[a-z]{0,4}ndxxgkbg|nb(?:zl\w*|_\d{4}n)?|ndbg|ndgb|(?:19|20)\d\d(?:nb|ndgb|ndbg)|"
    r"nlist|\w{0,12}annual_?report)(?:\d*|_\w{1,12})",
    re.IGNORECASE,
)
"""How the column's folder or page is called by those who spell in initials (zfxxgknb, xxgkndbg_6257, gknb2017)."""
MAX_LABEL = 40
MAX_SIGNS = 300
MAX_PIECES = 200
MAX_LEVELS = 6
QUOTED = re.compile(r"""["'](https?://[^"'\s<>]{4,300}|\.{0,2}/[^"'\s<>]{1,300})["']""")
ENDING = re.compile(
    r"(?:门户|官方|政务|(?<!人民)政府)?(?:网站|网)(?:首页|主页)?$|(?:网站)?(?:首页|主页)$|^(?:欢迎(?:访问|光临)|中国[·•]?(?=.{2,}政府))"
)
TITLE_PARTS = re.compile(r"[-_|–—·>»]+|\s+")
HOSTS = re.compile(r"(?:主办单位|主办|版权所有|承办单位)\s*[:：©]?\s*([\u4e00-\u9fff（）()]{4,40})")
IDENTITY = re.compile(r"(?:网站标识码|SiteIDCode)\D{0,20}(\w{2}\d{8}|\d{10})")
NO_NAME = re.compile(r"公开|指南|制度|年报|报告|首页|主页|专栏|栏目|列表|正文|^(?:https?:|www\.)")
IS_BODY = re.compile(r"(?:政府|局|厅|委|委员会|办公室|办事处|部|院|署|总局|中心|管委会|公司|银行|学校|大学)$")


LINKS = "a, area, option, iframe[src], frame[src], [data-url], [data-href], li[onclick], div[onclick], span[onclick]"
MAX_FRAMES = 5
MAX_SCRIPT = 300_000
MAX_OBJECTS = 3000
OBJECT = re.compile(r"\{[^{}]{5,800}\}")
STRING = re.compile(r"""["']([^"'<>]{1,300})["']""")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
PLACE = re.compile(r"(?:https?:)?\\?/|\.{1,2}/|[\w./-]{1,80}\.(?:s?html?|jhtml|jspx?|aspx?|php)\b")
"""How an address begins, or looks when it stands in a folder."""
FRAME_WEIGHT = 35
"""A frame has no label; a page that consists of one leads into it."""


class Sign(Struct, frozen=True):
    """A link that may lead to the column; the heaviest are followed first."""

    url: str
    label: str
    kind: Kind
    weight: int


def signs_of(page: Page, *, is_inside: bool) -> tuple[Sign, ...]:
    """The signs of a page, each address once. Groups, bodies and years are signs only within the pages of open
    government information (`is_inside`); elsewhere their names lead to everything."""
    best: dict[str, Sign] = {address: Sign(address, "", "way", FRAME_WEIGHT) for address in frames_of(page)}
    for address, labels in links_of(page):
        if FILE.search(path_of(address)):
            continue
        for label in labels:
            sign = sign_of(address, label, is_inside=is_inside)
            if sign and (address not in best or sign.weight > best[address].weight):
                best[address] = sign
    return tuple(best.values())[:MAX_SIGNS]


def sign_of(address: str, label: str, *, is_inside: bool) -> Sign | None:
    """What one link promises, None where it promises nothing."""
    bare = re.sub(r"[\s·•:：>》»]", "", label)
    if len(bare) > MAX_LABEL:
        return None
    if SILENT.fullmatch(bare):
        return Sign(address, label, "column", SLUG_WEIGHT) if has_slug(address) else None
    kind, weight = kind_of(bare, is_inside=is_inside)
    return Sign(address, label, kind, weight) if kind else None


def kind_of(label: str, *, is_inside: bool) -> tuple[Kind | None, int]:
    """Kind and weight of a label without white space."""
    if is_annual(label):
        return ("column", WEIGHTS["column"]) if year_of(label) is None else ("report", WEIGHTS["report"])
    if PLAIN.fullmatch(label) or is_of_a_group(label):
        return "column", PLAIN_WEIGHT if is_inside else SLUG_WEIGHT
    if OTHER.search(label):
        return None, 0
    if label in SHORT_WAYS:
        return "way", SHORT_WAYS[label]
    if way := WAY.fullmatch(label):
        return "way", WAYS[way["what"]]
    if not is_inside:
        return None, 0
    if GROUP.fullmatch(label):
        return "group", WEIGHTS["group"]
    if BARE.fullmatch(label):
        return ("year", WEIGHTS["year"]) if year_of(label) else ("body", WEIGHTS["body"])
    return None, 0


def is_of_a_group(label: str) -> bool:
    """Whether a label names the reports of a group or of one body (镇街年报, 教育局年度报告)."""
    whose = YEARLY_END.sub("", label)
    is_body = BARE.fullmatch(whose) and year_of(whose) is None and not whose.endswith("公司")
    return whose != label and bool(GROUP.fullmatch(whose) or is_body) and not OTHER.search(label)


def is_annual(label: str) -> bool:
    """Whether a label names the annual reports of open government information, and nothing else."""
    return bool(ANNUAL.search(label)) and not OTHER.search(label)


def has_slug(address: str) -> bool:
    """Whether the last folders of an address are called like a column of annual reports."""
    names = [
        name.split(".")[0] for name in path_of(address).split("/") if name not in ("", "index.html", "index.shtml")
    ]
    return any(SLUG.fullmatch(name) for name in names[-2:])


def is_column_page(page: Page) -> bool:
    """Whether a page calls itself the column, in its meta tags or its title."""
    tree = LexborHTMLParser(page.text)
    metadata = metadata_of(tree)
    title = tree.css_first("title")
    named = (metadata.get("columnname", ""), *TITLE_PARTS.split(title.text() if title else ""))
    bare = [re.sub(r"\s", "", name) for name in named]
    return not metadata.get("articletitle") and any(is_annual(name) and year_of(name) is None for name in bare)


# ---- links


def is_public_page(page: Page) -> bool:
    """Whether a page calls itself one of open government information: all its groups and bodies are signs."""
    tree = LexborHTMLParser(page.text)
    title = tree.css_first("title")
    named = (metadata_of(tree).get("columnname", ""), title.text() if title else "")
    return any(SUBJECT.search(re.sub(r"\s", "", name)) for name in named)


def links_of(page: Page) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Every address that a reader of the page can get to by a click, with what the link is called."""
    text, base = markup_of(page)
    tree = LexborHTMLParser(text)
    base = base_of(tree, base)
    for node in tree.css(LINKS):
        for address in addresses_of(node, base):
            yield address, labels_of(node)
    for script in tree.css("script:not([src])")[:MAX_PIECES]:
        yield from scripted(script.text()[:MAX_SCRIPT], base)


def scripted(script: str, base: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Links that a script draws: anchors that it writes, and objects that hold an address and a name."""
    if "<a" in script:
        for node in LexborHTMLParser(script.replace("\\", "")).css("a[href]"):
            for address in addresses_of(node, base):
                yield address, labels_of(node)
    for found in islice(OBJECT.finditer(script), MAX_OBJECTS):
        texts = [text.replace("\\/", "/") for text in STRING.findall(found.group())]
        names = tuple(text for text in texts if 1 < len(text) <= MAX_LABEL and CHINESE.search(text))
        places = (resolve(base, text) for text in texts if PLACE.match(text))
        found_at = next((place for place in places if place and is_web(place)), None)
        if names and found_at:
            yield found_at, names


def frames_of(page: Page) -> tuple[str, ...]:
    """The pages of the same site that a page shows in frames."""
    tree = LexborHTMLParser(page.text)
    base = base_of(tree, page.url)
    shown = (resolve(base, node.attributes.get("src") or "") for node in tree.css("frame[src], iframe[src]"))
    return tuple(url for url in shown if url and is_web(url) and is_of_one_domain(url, page.url))[:MAX_FRAMES]


def markup_of(page: Page) -> tuple[str, str]:
    """The markup of a page and where its links stand; of an answer in JSON that carries markup for the page that asked,
    that markup."""
    if not page.text.lstrip("\ufeff \t\r\n").startswith(("{", "[")):
        return page.text, page.url
    asked_from = dict(page.request.headers).get("Referer", page.url) if page.request else page.url
    return "\n".join(islice(markup_in(json_of(page.text)), MAX_PIECES)), asked_from


def markup_in(value: object, level: int = 0) -> Iterator[str]:
    """The strings in a nested value that hold links."""
    if isinstance(value, str) and "<a" in value.lower():
        yield value
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for one in inner if level < MAX_LEVELS else ():
        yield from markup_in(one, level + 1)


def addresses_of(node: LexborNode, base: str) -> Iterator[str]:
    """The web addresses that an element leads to, by whichever attribute."""
    attributes = node.attributes
    named = [attributes.get(name) for name in ("href", "data-url", "data-href", "src", "value")]
    named += QUOTED.findall((attributes.get("onclick") or "")[:1000])
    if (script := attributes.get("href") or "").lower().startswith("javascript:"):
        named += QUOTED.findall(script[:1000])
    for text in named:
        is_address = text is not None and (text == attributes.get("href") or re.search(r"[/.?]", text))
        if text and not text.startswith("#") and is_address:
            address = resolve(base, text)
            if address and is_web(address):
                yield address


def labels_of(node: LexborNode) -> tuple[str, ...]:
    """What an element is called: its text, its title, the name of its image."""
    image = node if node.tag == "area" else node.css_first("img")
    named = [node.text(), node.attributes.get("title")]
    named += [image.attributes.get("alt"), image.attributes.get("title")] if image else []
    labels = dict.fromkeys(squeezed(name) for name in named if name)
    if all(SILENT.fullmatch(label) for label in labels) and (heading := heading_beside(node)):
        labels[heading] = None
    return tuple(label for label in labels if label) or ("",)


def is_near(address: str, start: str) -> bool:
    """Whether an address may belong to the site that the search began at: the same host or one with the same domain, or
    another of the government. Expired domains are bought to serve copies of whole portals; they are not followed."""
    host, port = host_and_port(address)
    own, own_port = host_and_port(start)
    if host == own:
        return port == own_port or {port, own_port} == {80, 443}
    if host.replace(".", "").isdecimal() or ":" in host:
        return False
    return host.endswith(".gov.cn") or is_of_one_domain(address, start)


def is_of_one_domain(address: str, other: str) -> bool:
    """Whether two addresses stand under one owner's name."""
    (host, _), (own, _) = host_and_port(address), host_and_port(other)
    return host == own or domain_of(host) == domain_of(own)


def domain_of(host: str) -> str:
    """The part of a name that one owner holds."""
    parts = host.split(".")
    size = 3 if len(parts) > 2 and parts[-2] in ("gov", "com", "org", "net", "edu", "ac") and len(parts[-1]) == 2 else 2
    return ".".join(parts[-size:])


# ---- the site


def names_of(page: Page) -> tuple[str, ...]:
    """What the site may be called, the most official first: SiteName (国办发〔2017〕47号), its title, whose it is."""
    tree = LexborHTMLParser(page.text)
    title = tree.css_first("title")
    named = [metadata_of(tree).get("sitename", "")]
    parts = TITLE_PARTS.split(squeezed(title.text())) if title else []
    named += sorted(parts, key=lambda part: not IS_BODY.search(ENDING.sub("", part)))
    named += HOSTS.findall(tree.body.text(separator=" ") if tree.body else "")
    bare = (ENDING.sub("", ENDING.sub("", re.sub(r"[\s“”\"']", "", name))) for name in named)
    return tuple(dict.fromkeys(name for name in bare if 2 < len(name) <= MAX_LABEL and is_name(name)))


def is_name(text: str) -> bool:
    """Whether a text can be a site's name and is no column's."""
    return not NO_NAME.search(text) and kind_of(text, is_inside=True)[0] in (None, "body")


def identity_of(page: Page) -> str | None:
    """The site's number in the register of government websites (网站标识码): six digits of the division, or `bm` and the
    ministry, then four of the site."""
    tree = LexborHTMLParser(page.text)
    found = IDENTITY.search(f"SiteIDCode {metadata_of(tree).get('siteidcode', '')}") or IDENTITY.search(page.text)
    return found.group(1) if found else None
