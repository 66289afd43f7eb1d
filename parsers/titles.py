"""Titles of reports: which lines have their shape, whose name and which year they give.

Seen in real reports: the year before or behind the name, 年度 twice, spaces inside, the title over two lines or wrapped
in the name of a letter.
"""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from parsers.bodies import is_name
from parsers.dates import YEAR, year_of
from parsers.divisions import squeeze
from parsers.document import Block, Document, Grid, Heading


class Title(NamedTuple):
    """A line in the shape of a report's title: as printed (spaces collapsed), its body's name, its year."""

    text: str
    organization: str | None
    year: int | None


def lines_of(blocks: tuple[Block, ...]) -> list[str]:
    """The text of blocks in reading order, a line a block, the cells of a grid row joined by tabs."""
    return [line for block in blocks for line in _block_lines(block)]


def _block_lines(block: Block) -> Iterator[str]:
    if isinstance(block, Grid):
        rows: dict[int, list[str]] = {}
        for cell in block.cells:
            rows.setdefault(cell.row, []).append(" ".join(cell.text.split()))
        yield from ("\t".join(cells) for cells in rows.values())
    else:
        yield from block.text.splitlines()


_TAIL = rf"(?:工作|情况|总结|年度|的|[和与及、](?:信息|政务|依申请)公开|{YEAR}年?度?|[(（][^)）]{{0,12}}[)）])*"
_TITLE = re.compile(
    r"(?P<head>[^，,。；;：:！!？?<>《》]{0,46}?)"
    rf"(?:(?:政府|政务)?(?:信息|政务)(?:依申请|主动)?|依申请|信息的?主动)公开(?:政府)?(?:信息)?(?P<tail>{_TAIL})"
    r"(?:报告|年报|公报|情况(?=》的函))"
)
_YEAR_BEHIND = rf"[(（\[【〔]\s*({YEAR})\s*年?度?\s*[)）\]】〕]"
_PART_BEHIND = r"[(（—–-]{1,2}\s*(?:本?[局厅委办部院县区市镇乡]|街道|单位)?(?:本级|机关|本部)[)）]?$"
"""Behind a title: its year in brackets, or that it is of the organ alone (…年度报告-机关)."""
_BEHIND = re.compile(rf"\s*(?:{_YEAR_BEHIND}\s*)?(?:{_PART_BEHIND})?")
_SCHOOL_YEAR = rf"(?:{YEAR}年?[-—–－~～至]{{1,2}})?{YEAR}学年度?"
_YEAR_IN_TITLE = re.compile(rf"({YEAR})年(?:年度|度)?|(?<!\d)(20\d{{2}})(?:年?度|$|(?=政府信息))")
NO_NAME = re.compile(
    r"根据|按照|要求|编制|公布|发布|印发|做好|依据|国务院办公厅|结合|组织|撰写|首页|当前位置|条例|规定|通知|网站|栏目|下载|\d{4}"
)
_IS_ABOUT_REPORTS = re.compile(
    r"^[^_|\-—]{0,20}(?:通知|通报|格式|模板|样[表式]|填报|编制|解读|图解|培训|考核|评[估议]|方案|要点|说明|汇总|目录)"
)
_UNKNOWN_NAME = re.compile(r"[\u4e00-\u9fff·（）()]{2,24}")
_LETTER = re.compile(r"^(?:(?:关于)?(?:报送|公布|发布|公开|印发)?《|关于(?:印发|公布|发布|公开)(?=[\u4e00-\u9fff]{4}))")
_END_OF_LETTER = re.compile(r"》?的(?:通知|公告|函)")
"""The words around the title of a report that a letter or notice carries."""
_NAMED_BEHIND = re.compile(r"(?:[(（]([\u4e00-\u9fff]{3,30})[)）]|[—–-]{1,2}([\u4e00-\u9fff]{3,30})$)")
_MARK = re.compile(r"^(?:【[^】]{0,12}】|\[[^\]]{0,12}\]|〔[^〕]{0,12}〕|附件?\s?\d{0,2}\s?[:：]\s?)+")
_BRACKETED_YEAR = re.compile(rf"[(（]{YEAR}年?度?[)）]")
_IS_ANOTHERS = re.compile(r"\s*[\[【〔(（]?\s*转[载发][\]】〕)）:：]")
"""The title of a report that the page only shows."""
_OWN = re.compile(r"^[我本该](?:单位|机关|部门|街道|[省市县区旗州局委办院厅镇乡街处])$")
_LABEL = re.compile(r"^(?:标\s*题|(?:信息|文件)?\s*名\s*称|题\s*目)\s*[:：\t]\s*")
_FIELD = re.compile(
    r"^(?:索\s*引\s*号|(?:信息|主题|组配)?\s*分\s*类|发\s*[布文]\s*[机单]\s*[构关位]|公开责任(?:部门|单位)|"
    r"文\s*号|发文字号|[成发生]\s*[文布成]\s*(?:日\s*期|时\s*间)|主\s*题\s*词|关\s*键\s*词|公开(?:方式|时限)|有\s*效\s*性)\s*[:：\t]"
)
"""A field of the index card, whose value is no beginning of a title."""
BREADCRUMB = re.compile(r"当前位置|您?现?在的位置|您的位置|^\s*首页\s*[>›»/]")
_FIRST_LINES = 40
_LAST_OF_A_MENU = 300
_LONGEST_TITLE = 300
_IN_A_LIST = re.compile(r">li\b")


def titles_of(document: Document) -> tuple[Title, ...]:
    """The titles that the document gives itself, the most trustworthy first: its metadata, its headings, a labelled
    field, its first lines, its declared title. Only where these have none, those at the end (a report annexed to a
    letter), and, if they do not name several reports, the lines around the content, without lists of links, and those
    behind a long menu that was copied with it."""
    content = lines_of(document.blocks)
    around = lines_of(tuple(block for block in document.furniture if not _IN_A_LIST.search(block.locator)))
    own = (
        *_titles_among(
            [
                document.metadata.get("articletitle", ""),
                *_headings(document.blocks),
                *(_LABEL.sub("", line) for line in (*around, *content[:_FIRST_LINES]) if _LABEL.match(line)),
            ],
            is_declared=True,
        ),
        *_titles_among(_first_lines(content)),
        *_titles_among(_headings(document.furniture), is_declared=True),
        *map(_without_a_portals_name, _titles_among(_tails(document.title or ""), is_declared=True)),
    )
    if own:
        return own
    behind_a_menu = [line for line in content[_FIRST_LINES:_LAST_OF_A_MENU] if len(line) <= 80]
    return (
        *_unanimous(_titles_among(_first_lines(around))),
        *_unanimous(_titles_among(behind_a_menu)),
        *_titles_among(chunk for line in content[-60:] for chunk in _chunks(line)),
    )


def _unanimous(titles: tuple[Title, ...]) -> tuple[Title, ...]:
    """The titles if all are of one report; the last lines of a broken one are no other."""
    texts = [squeeze(title.text) for title in titles]
    whole = [
        title
        for title, text in zip(titles, texts, strict=True)
        if not any(other != text and other.endswith(text) for other in texts)
    ]
    return tuple(whole) if len({(title.organization, title.year) for title in whole}) == 1 else ()


def _headings(blocks: tuple[Block, ...]) -> Iterator[str]:
    return (block.text for block in blocks if isinstance(block, Heading) and block.level <= 2)


def _tails(title: str) -> Iterator[str]:
    """A declared title, and what stands behind each of its separators (`某某市人民政府 政府信息公开年报 …年度报告`). What
    stands behind its last dash is a part of the body, or the portal's name."""
    title = title if re.search(_PART_BEHIND, title) else re.sub(r"(?<=[告报])\s*[—–-]{1,2}", "_", title)
    yield title
    short = title[:_LONGEST_TITLE]
    yield from (short[gap.end() :] for gap in re.finditer(r"[\s_|>—-]+", short))


def is_on_a_card(line: str) -> bool:
    """Whether a line is a field of the index card, label and value."""
    return bool(_FIELD.match(line.strip()) or _LABEL.match(line.strip()))


def _without_a_portals_name(title: Title) -> Title:
    """A declared title that begins with a government and names no year (`某某市人民政府 政府信息公开年报`) is the portal's."""
    is_portals = title.year is None and title.organization is not None and title.organization.endswith("政府")
    return title._replace(organization=None) if is_portals else title


def _titles_among(candidates: Iterable[str], *, is_declared: bool = False) -> tuple[Title, ...]:
    return tuple(title for candidate in candidates if (title := _title_of(candidate, is_declared=is_declared)))


def _first_lines(lines: list[str]) -> Iterator[str]:
    """Each of the first lines alone, then joined with the next, or the next two, where they begin a broken title."""
    first = [_LABEL.sub("", line.strip()) for line in lines if line.strip() and not _FIELD.match(line.strip())][:_FIRST_LINES]
    for place, line in enumerate(first):
        joined = line + "".join(first[place + 1 : place + 2])
        below = first[place + 1 : place + 3]
        for whole, year in zip((line, joined), below, strict=False):
            if _BRACKETED_YEAR.fullmatch("".join(year.split())) and len(squeeze(whole)) <= 60:
                yield whole + year
        if len(squeeze(joined)) <= 60 and _is_title_start(line):
            yield joined
            if below and _is_title_start(joined) and len(squeeze(joined + "".join(below[1:]))) <= 60:
                yield joined + "".join(below[1:])
        yield from _chunks(line)


def _is_title_start(line: str) -> bool:
    """A body's name, a year, both, or a title that breaks off before 报告 (`…政府信息公开工作` / `年度报告`)."""
    bare = squeeze(line)
    if is_title(bare) or bare.endswith(("报告", "年报")) or BREADCRUMB.search(line):
        return False
    return is_name(re.sub(rf"{YEAR}年度?$", "", bare)) or "信息公开" in bare or bool(re.fullmatch(rf"{YEAR}年度?", bare))


def _chunks(line: str) -> Iterator[str]:
    """A line as it is; a long one, in which an extractor glued everything, from each of its first gaps on."""
    if len(line) <= 80 and not BREADCRUMB.search(line):
        yield line
        return
    gaps = [0, *(gap.end() for gap in re.finditer(r"\s+", line[:600]))]
    ends = [*(gap - 1 for gap in gaps[1:]), len(line)]
    for start, end, following in zip(gaps, ends, [*ends[1:], len(line)], strict=True):
        if is_name(line[start:end]) and following - start <= 80:
            yield line[start:following]
        yield line[start:end][:80]


def is_title(text: str) -> bool:
    """Whether a text is the title of a report, with a body's name or a year in it."""
    return _title_of(text) is not None


def _title_of(candidate: str, *, is_declared: bool = False) -> Title | None:
    """The title that a line is. One that the document declares to be its title may begin with words that end like no
    body we know: it is the title all the same, and names nobody."""
    if "公" not in candidate or _IS_ANOTHERS.match(candidate):
        return None
    printed = _MARK.sub("", " ".join(candidate.split())).strip()
    bare = _without_colon(_MARK.sub("", squeeze(candidate)))
    letter = _LETTER.match(bare)
    match = _TITLE.match(bare[letter.end() :] if letter else bare)
    if match is None:
        return None
    behind = match.string[match.end() :]
    if _IS_ABOUT_REPORTS.search(behind) and not (letter and _END_OF_LETTER.fullmatch(behind)):
        return None
    years = [year_of(a or b) for a, b in _YEAR_IN_TITLE.findall(match[0])]
    if bracketed := re.match(_YEAR_BEHIND, behind):
        years.append(year_of(bracketed[1]))
        behind = behind[bracketed.end() :]
    head = _name_in_head(match["head"], match[0], is_declared=is_declared)
    if head == "" and (named := _NAMED_BEHIND.match(behind)) and is_name(named[1] or named[2]):
        head = named[1] or named[2]
    is_call = letter is not None and not letter[0].endswith("《")  # 关于公布…年度报告的通知 that names no body
    if head is None or not (head or (years and not is_call)):
        return None
    return Title(_without_portal(printed), head or None, years[0] if years else None)


def _without_colon(line: str) -> str:
    """A line in which a body's name is set off from the title by a colon, without that colon."""
    name, colon, rest = line.replace("：", ":").partition(":")
    return name + rest if colon and is_name(name) else line


def _name_in_head(head: str, whole: str, *, is_declared: bool) -> str | None:
    """The body's name before 政府信息公开, "" if none stands there, None if what stands there is no name."""
    name = re.sub(rf"[(（\[【〔]{YEAR}年?度?[)）\]】〕]|{_SCHOOL_YEAR}|{YEAR}年(?:度|年度)?", "", head)
    name = re.sub(r"^关于|关于$|的$|^附件[:：]?\d?|(?:法定)?主动公开(?:及|和|与|、)$", "", name).strip("《〈-—_· ")
    name = re.sub(r"^(?:19|20)\d{2}|(?:19|20)\d{2}$", "", name)
    if name.endswith("人民") and whole[whole.index(head) + len(head) :].startswith("政府"):
        name += "政府"
    if not name or _OWN.match(name):
        return ""
    name = re.sub(r"[(（](?:本级|本部|[局厅委办部院]?机关)[)）]$", "", re.sub(r"^我(?=[省市县区旗州局委])", "", name))
    if NO_NAME.search(name) and name != "国务院办公厅":
        return None
    if is_name(name):
        return name
    return "" if is_declared and _UNKNOWN_NAME.fullmatch(name) else None


def _without_portal(title: str) -> str:
    """A page title without what the portal appends to it (`…年度报告_政府信息公开年报_某某网`), and without quotes."""
    if quoted := re.fullmatch(r"《([^》]*)》", title):
        return quoted[1]
    match = re.match(r".*?(?:(?:报告|年报|公报)(?:\s*》?的(?:通知|公告|函))?|的函)", title)
    if match is None:
        return title
    behind = _BEHIND.match(title, match.end())
    return match[0] + (behind[0].rstrip() if behind else "")


def best_of(titles: tuple[Title, ...]) -> Title | None:
    """The first title with name and year; else the first with a name; else the first."""
    complete = [title for title in titles if title.organization and title.year]
    named = [title for title in titles if title.organization]
    return next(iter((*complete, *named, *titles)), None)


def plain_title(document: Document) -> str | None:
    """The title of a document that has none of a report's shape."""
    headings = (block.text for block in document.blocks if isinstance(block, Heading))
    candidates = (document.metadata.get("articletitle"), *headings, *_headings(document.furniture), document.title)
    return next((" ".join(candidate.split()) for candidate in candidates if candidate and candidate.strip()), None)


