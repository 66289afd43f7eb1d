"""Who reports on which year, and when it was published: title, organisation, year, dates (step 6: report).

Several signs are read and weighed: the title (metadata, headings, first lines, labelled fields), the statistics period
(统计期限), the signature, and the sentence that names who compiled the report (由…编制). Title and period win; where
signs contradict each other a finding says so. 来源 and the portal's name are never the organisation.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import pairwise, takewhile
from typing import NamedTuple

from msgspec import Struct

from parsers.bodies import NAME, body_of, completed, is_name, stands_for
from parsers.dates import DATE, YEAR, date_of
from parsers.divisions import squeeze
from parsers.document import Document, Grid
from parsers.report import Finding, Kind, Level, finding
from parsers.titles import BREADCRUMB, NO_NAME, Title, best_of, is_on_a_card, lines_of, plain_title, titles_of


class FrontMatter(Struct, frozen=True):
    """What a document says about itself. Each field is None where it does not say it, or not certainly."""

    title: str | None
    organization: str | None
    kind: Kind | None
    level: Level | None
    division_code: str | None
    year: int | None
    published: str | None
    findings: tuple[Finding, ...] = ()


class Period(NamedTuple):
    """The statistics period as far as it could be read; months are None where characters were lost."""

    year: int
    first_month: int | None
    last_month: int | None


class Signature(NamedTuple):
    """The name and day under the report."""

    organization: str
    day: date


def read(document: Document, *, url: str | None, within: str | None = None) -> FrontMatter:
    """The front matter of a document. `url` is the page's address, `within` the division code of its portal."""
    lines = lines_of((*document.furniture, *document.blocks))
    text = "\n".join(lines)
    titles = titles_of(document)
    title = best_of(titles)
    period = _period(squeeze(text))
    signature = _signature(text)
    published = _published(document, lines, title)
    year = _year(titles, period, signature, published)
    prose = squeeze("\n".join(line for line in lines if not is_on_a_card(line)))
    organization = _organization(title, signature, prose, lines)
    body = body_of(organization, year, within) if organization else None
    findings = [
        *_organization_findings(organization, signature, is_titled=title is not None),
        *_year_findings(year, titles, period, signature, document, text),
        *_date_findings(published, signature, url or document.metadata.get("url")),
        *_copied(document, url),
    ]
    return FrontMatter(
        title=title.text if title else plain_title(document),
        organization=organization,
        kind=body.kind if body else None,
        level=body.level if body else None,
        division_code=body.division_code if body else None,
        year=year,
        published=published.isoformat() if published else None,
        findings=tuple(findings),
    )


# -- organisation ----------------------------------------------------------------------------------------------------

_COMPILED = (
    re.compile(rf"由({NAME})(?:(?:根据|依据|按照)[^，,。；;由]{{0,40}})?(?:负责)?(?:组织)?(?:编制|编写|起草)"),
    re.compile(rf"(?:请与|请联系[:：]?|请致电|请和|请向)({NAME})(?:联系|[;；,，(（]|咨询|反映)"),
    re.compile(rf"(?:现将|公布|发布)({NAME}){YEAR}年度?(?:政府)?信息公开"),
)
_OFFICE = re.compile(r"(?<=[府局委会处厅])(?:党政综合|党政|综合|政务公开|信息公开)?(?:办公室|办)(?:工作小组)?$")
_OWN_NAME = re.compile(r"^[我本该]")


def _organization(title: Title | None, signature: Signature | None, prose: str, lines: list[str]) -> str | None:
    short = title.organization if title else None
    full = [name for name in _full_names(signature, prose, lines) if not _OWN_NAME.match(name)]
    fitting = [name for name in full if short is None or stands_for(short, name)]
    name = fitting[0] if fitting else short
    return completed(name).replace("(", "（").replace(")", "）") if name else None


def _full_names(signature: Signature | None, prose: str, lines: list[str]) -> Iterator[str]:
    """Names by which the report itself calls its body: signature, 编制 sentence, contact, breadcrumb."""
    if signature:
        yield signature.organization
    for pattern in _COMPILED:
        for name in pattern.findall(prose):
            yield _OFFICE.sub("", name)
    for line in lines:
        if BREADCRUMB.search(line):
            yield from (part for part in re.split(r"[>›»/\s]+", line) if part.endswith("人民政府") and is_name(part))


def _organization_findings(
    organization: str | None, signature: Signature | None, *, is_titled: bool
) -> Iterator[Finding]:
    if organization is None:
        if is_titled:
            message = "no name of a body in title, signature or text"
            yield finding("ORGANIZATION_UNKNOWN", message, "标题、落款、正文均无机关名称")
        return
    if signature is None:
        return
    signed = signature.organization
    if not (stands_for(signed, organization) or stands_for(organization, signed) or signed.startswith(organization)):
        yield finding(
            "ORGANIZATION_DISAGREES",
            f"signed by {signed}, titled {organization}",
            f"落款为{signed}，标题机关为{organization}",
        )


# -- year ------------------------------------------------------------------------------------------------------------

_PERIOD = re.compile(
    r"(?:统计|数据)[^。；;]{0,12}?(?:期限|周期|时限|时段|时间|区间|期间|报告期)[^。；;\d]{0,10}"
    r"(?P<first>20\d{2})(?P<start>[^。；;至到]{0,14}?)起?(?:至|到|—+|~|－|(?<=日)-+)"
    r"(?P<last>20\d{2})?(?P<end>[^。；;]{0,9}?)(?:日|止|期间|,|，|。|;|；|$)"
)
_OPEN_PERIOD = re.compile(
    r"(?<!\d)(?P<first>20\d{2})(?P<start>年1月1日)起?(?:至|到|—+|-+)(?P<last>20\d{2})?(?P<end>年?12月31)日"
)
_MONTH = re.compile(r"^[年.\-/]?(\d{1,2})[月.\-/]")


def _period(prose: str) -> Period | None:
    """The statistics period. Lost characters are tolerated (自202111日起至20211230日止): the years must stand."""
    match = _PERIOD.search(prose) or _OPEN_PERIOD.search(prose)
    if match is None:
        return None
    first, last = int(match["first"]), int(match["last"] or match["first"])
    if not 0 <= last - first <= 1:
        return None
    return Period(last, _month(match["start"]), _month(match["end"]))


def _month(text: str) -> int | None:
    match = _MONTH.match(text)
    return int(match[1]) if match and 1 <= int(match[1]) <= 12 else None


def _year(
    titles: tuple[Title, ...], period: Period | None, signature: Signature | None, published: date | None
) -> int | None:
    """The report year. Where title and period disagree, the one followed by signature or publication wins, else the
    title: a report on a year appears in the next one (2019 Regulations, Article 49)."""
    titled = next((title.year for title in titles if title.year), None)
    stated = period.year if period else None
    if titled is None or stated is None or titled == stated:
        return titled or stated
    appeared = {day.year - 1 for day in (published, signature.day if signature else None) if day}
    return stated if stated in appeared and titled not in appeared else titled


def _year_findings(
    year: int | None,
    titles: tuple[Title, ...],
    period: Period | None,
    signature: Signature | None,
    document: Document,
    text: str,
) -> Iterator[Finding]:
    if year is None:
        return
    for what, what_zh, named in _named_years(year, titles, period, signature, document, text):
        message = f"{what} says {named}, the report is on {year}"
        yield finding("YEAR_DISAGREES", message, f"{what_zh}为{named}年，报告年度为{year}年")
    if period and ((period.first_month or 1) > 1 or (period.last_month or 12) < 12):
        months = f"{period.first_month or 1}-{period.last_month or 12}"
        yield finding("PERIOD_SHORT", f"the period covers months {months} only", f"统计期限仅为{months}月")


def _named_years(
    year: int,
    titles: tuple[Title, ...],
    period: Period | None,
    signature: Signature | None,
    document: Document,
    text: str,
) -> Iterator[tuple[str, str, int]]:
    for named in sorted({title.year for title in titles if title.year} - {year}):
        yield "a title", "标题", named
    if period and period.year != year:
        yield "the statistics period", "统计期限", period.year
    if signature and (signature.day.year < year or (signature.day.year == year and signature.day.month < 11)):
        yield "the signature", "落款", signature.day.year
    for named in sorted(_years_in_heads(document, text) - {year}):
        yield "a column head", "表头", named


def _years_in_heads(document: Document, text: str) -> set[int]:
    """Years that head a column of figures: `2013年度` in a grid, or between 单位 and 历年累计 in flat text."""
    cells = (cell.text for block in document.blocks if isinstance(block, Grid) for cell in block.cells if cell.row < 3)
    heads = [match[1] for cell in cells if (match := re.fullmatch(r"(20\d{2})年度?", squeeze(cell)))]
    flat = re.findall(r"单位\s*(20\d{2})\s*年度?\s*(?:历年累计|主动公开)", text)
    return {int(year) for year in (*heads, *flat)}


# -- dates and signature ---------------------------------------------------------------------------------------------

_SIGNED = re.compile(
    rf"(?:^|(?<=[\s。）)：:]))(?P<name>{NAME})\s*(?P<day>{DATE})(?!\s*(?:日|印发|起|至|以来|前|后|，|,|年|月|\d))",
    re.MULTILINE,
)
_SHOWN = re.compile(
    rf"(?:(?<![\u4e00-\u9fff])|(?<=报告)|(?<=年报))(?:(?:发布|公开|公布|发表|发稿|登载)(?:日期|时间)|发布于)[】\]]?\s*[:：]?\s*[\[【]?({DATE})"
)
_SHOWN_WEAKLY = re.compile(rf"(?<![\u4e00-\u9fff])(?:录入|上传|添加)?(?:日期|时间)[】\]]?\s*[:：]\s*[\[【]?({DATE})")
_LONE_DATE = re.compile(
    r"(?:(?:信息|文章)?(?:来源|作者|编辑|发布者|发布人)\s*[:：]?\s*[^\s\d]{1,20}\s+){0,3}[\[【]?\s*(?:更新(?:日期|时间)\s*[:：]\s*)?"
    rf"({DATE})(?:\s*\d{{1,2}}:\d{{2}}(?::\d{{2}})?)?\s*(?=$|[\[【\]】|(（]|来源|信息来源|作者|浏览|点击|阅读|访问|字体|字号|打印|分享)")
_OPENS_THE_TEXT = re.compile(r"[\u4e00-\u9fff]{4}[。！？]|^\s*[一二三四五六七八九十]{1,2}\s*、")
"""A sentence or a numbered heading: a date behind it is the signature's."""
_IN_ADDRESS = re.compile(r"/t(20\d{2})(\d{2})(\d{2})_|/art/(20\d{2})/(\d{1,2})/(\d{1,2})/|/(20\d{2})-(\d{2})-(\d{2})/")


_LAST_LINES = 8
_SEAL = re.compile(r"[(（](?:代|盖|公)?章[)）]$")


def _signature(text: str) -> Signature | None:
    """The last name that is followed by a day. The line of the printing office (…印发) is none."""
    found = None
    for match in _SIGNED.finditer(text):
        day = date_of(match["day"])
        name = _SEAL.sub("", squeeze(match["name"]))
        if day and is_name(name) and not NO_NAME.search(name):
            found = Signature(name, day)
    return found or _signature_upside_down(text)


def _signature_upside_down(text: str) -> Signature | None:
    """A day on a line of its own and the name under it, among the last lines."""
    last = [line.strip() for line in text.splitlines() if line.strip()][-_LAST_LINES:]
    found = None
    for above, below in pairwise(last):
        name = _SEAL.sub("", squeeze(below))
        day = date_of(above) if re.fullmatch(DATE, above) else None
        if day and is_name(name) and not NO_NAME.search(name):
            found = Signature(name, day)
    return found


def _published(document: Document, lines: list[str], title: Title | None) -> date | None:
    """The printed publication date: a labelled date of the page's furniture, index card or first lines, else a line under
    the title that is a date and nothing more. The date behind the title of another page (a list of news) is none.

    Any other date without label (the clock in the page's head, the signature) is none. The meta tag PubDate is the time at
    which some systems made the page; it is used only where no date is printed, and only if the page does not state the
    same day as its making.
    """
    labelled = (match for pattern in (_SHOWN, _SHOWN_WEAKLY) for line in lines for match in pattern.finditer(line))
    own = (match for match in labelled if "\t" in match[0] or not _is_anothers(match.string[: match.start()], title))
    if shown := next((day for match in own if (day := date_of(match[1]))), None):
        return shown
    if title and (under := _under_the_title(lines, title)):
        return under
    pubdate = date_of(document.metadata.get("pubdate", ""))
    made = document.metadata.get("others", "") + document.metadata.get("maketime", "")
    return None if pubdate is None or pubdate.isoformat() in made else pubdate


def _is_anothers(before: str, title: Title | None) -> bool:
    """Whether the words before a labelled date are an entry of a list, not the report's own title or a field of its card."""
    words = squeeze(before)
    if len(re.findall(r"[\u4e00-\u9fff]", words)) < 3 or re.search(r"[:：|\d\]】]$|[:：]", words):
        return False
    return title is None or squeeze(title.text) not in words


def _under_the_title(lines: list[str], title: Title) -> date | None:
    """The date, with or without a time, with which one of the three lines under the title begins and, but for fields like
    来源 and 点击, ends."""
    own = squeeze(title.text)
    at = next((place for place, line in enumerate(lines) if own in squeeze(line)), None)
    if at is None:
        return None
    below = [line.strip() for line in lines[at + 1 :] if line.strip()][:3]
    shown = takewhile(lambda line: not _OPENS_THE_TEXT.search(line), below)
    found = (_LONE_DATE.match(line) for line in shown)
    return next((day for match in found if match and (day := date_of(match[1]))), None)


def _date_findings(published: date | None, signature: Signature | None, url: str | None) -> Iterator[Finding]:
    if published is None:
        return
    for what, what_zh, day in _other_days(signature, url):
        if (what == "address" and day != published) or (what == "signature" and day > published):
            yield finding(
                "DATES_DISAGREE",
                f"published {published.isoformat()}, {what} says {day.isoformat()}",
                f"发布日期为{published.isoformat()}，{what_zh}为{day.isoformat()}",
            )


def _other_days(signature: Signature | None, url: str | None) -> Iterable[tuple[str, str, date]]:
    if signature:
        yield "signature", "落款", signature.day
    if url and (match := _IN_ADDRESS.search(url)):
        year, month, day = (part for part in match.groups() if part)
        if in_address := date_of(f"{year}-{month}-{day}"):
            yield "address", "网址", in_address


# -- origin ----------------------------------------------------------------------------------------------------------

_HOST = re.compile(r"(?:https?://)?(?:[^/@\s]*@)?([A-Za-z0-9.-]+)")


def _copied(document: Document, url: str | None) -> Iterator[Finding]:
    """A page whose meta tag SiteDomain, which government portals put on every page, names another portal, shown by
    a host of another domain."""
    home = _HOST.match(document.metadata.get("sitedomain", ""))
    shown = _HOST.match(url) if url and "://" in url else None
    if not home or not shown or not home[1].lower().endswith(".gov.cn"):
        return
    here, there = shown[1].lower(), home[1].lower()
    if re.fullmatch(r"[\d.]+|localhost|.*\.(?:invalid|test|localhost)", here) or _domain(here) == _domain(there):
        return
    message = f"the page calls itself one of {there} and was found at {here}"
    yield finding("COPIED_PAGE", message, f"页面自称属于{there}，取自{here}")


def _domain(host: str) -> str:
    """The registered part of a host: three labels under gov.cn and com.cn, else two."""
    labels = host.split(".")
    return ".".join(labels[-3 if labels[-2:-1] in (["gov"], ["com"], ["org"], ["net"], ["edu"]) else -2 :])
