"""The prose of a document as running text: lines that a page break or a layout tore are joined, figures and labels of
the tables left out, and every character knows its place in the source."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import cache

from msgspec import Struct

from parsers.document import Block, Grid, Locator, locator_at
from parsers.labels import normalise
from parsers.template import Template

_SENTENCE = re.compile(r"[^。！？；;\n]+[。！？；;]?")
_FIGURES = re.compile(r"[\d\s.,+\-－—/／\\]+")
_BREAK_BEFORE = re.compile(
    r"^\s*(?:[一二三四五六七八九十]{1,3}[、.．]|[(（][一二三四五六七八九十\d]{1,3}[)）]|#|\d{1,2}[、.．])"
)
OTHER = re.compile(r"^\s*(?:#+\s*)?[三四五六七八九十]{1,2}\s*[、.．]\s*其[他它](?:方面)?(?=\s*$|\s*[:：]|\s+[\u4e00-\u9fff])")
"""The bare heading 六、其他; the table of section three has a row （六）其他 and a column of that name."""
_WRAPPED = 18
"""A line at least this long that does not end a sentence goes on in the next one."""
_FURNITURE = re.compile(
    r"^\s*(?:附件下载|相关附件|分享到|扫一扫在手机|上一篇|下一篇|打印|关闭|微信|微博|QQ空间)\s*[:：]?\S{0,8}\s*$"
)
_CONDITIONAL_COMMENT = re.compile(r"<!--\[.*?\]-->|<!--\[.*?\]>")


class Passage(Struct, frozen=True):
    """A block of prose: its text, and where it begins. `place` counts the document's blocks."""

    text: str
    locator: Locator
    place: int
    is_heading: bool = False


class Prose(Struct, frozen=True):
    """Running text with the passages it is made of; `starts` are the offsets at which they begin."""

    text: str
    starts: tuple[int, ...]
    passages: tuple[Passage, ...]

    def locator(self, offset: int) -> Locator:
        """The place in the source of the character at `offset`."""
        at = bisect_right(self.starts, offset) - 1
        return locator_at(self.passages[at].locator, offset - self.starts[at])

    def sentences(self) -> Iterator[tuple[int, str]]:
        """Each sentence or clause up to a semicolon, with the offset at which it begins."""
        for match in _SENTENCE.finditer(self.text):
            if match[0].strip():
                yield match.start(), match[0]


def passages_of(blocks: tuple[Block, ...], template: Template) -> tuple[Passage, ...]:
    """The blocks of the main content that are no tables, nor labels or figures of a table that was flattened."""
    labels = _labels(template)
    return tuple(
        Passage(block.text, block.locator, place, not hasattr(block, "rows") and hasattr(block, "level"))
        for place, block in enumerate(blocks)
        if not isinstance(block, Grid)
        and not _FURNITURE.match(block.text)
        and (not _is_of_a_table(block.text, labels) or _is_other(blocks, place))
    )


def _is_other(blocks: tuple[Block, ...], place: int) -> bool:
    """Whether a block is the heading 六、其他, with no figure behind it that would make it a row."""
    block, following = blocks[place], blocks[place + 1 : place + 2]
    if isinstance(block, Grid) or not OTHER.match(block.text):
        return False
    return not any(isinstance(after, Grid) or _FIGURES.fullmatch(after.text) for after in following)


def prose_of(passages: tuple[Passage, ...]) -> Prose:
    """The passages as running text; each begins a new line unless the one before was wrapped in mid-sentence."""
    text = ""
    starts: list[int] = []
    for before, passage in zip((None, *passages), passages, strict=False):
        if before is not None and not _is_wrapped(before, passage):
            text += "\n"
        starts.append(len(text))
        text += passage.text
    return Prose(_blanked(text), tuple(starts), passages)


def _is_wrapped(before: Passage, passage: Passage) -> bool:
    return (
        not before.is_heading
        and not passage.is_heading
        and passage.place == before.place + 1
        and len(before.text) >= _WRAPPED
        and not re.search(r"[。！？；;：:…)）]\s*$", before.text)
        and not _BREAK_BEFORE.match(passage.text)
    )


def _blanked(text: str) -> str:
    """Word's conditional comments, visible as text in some archives, made blank: places stay true."""
    return _CONDITIONAL_COMMENT.sub(lambda match: " " * len(match[0]), text)


def _is_of_a_table(text: str, labels: frozenset[str]) -> bool:
    """A label or a figure of a flattened table, or a line in which wide gaps separate several of them."""
    parts = re.split(r"\s{2,}|\t|\|", text.strip())
    return all(_FIGURES.fullmatch(part) or normalise(part) in labels for part in parts)


@cache
def _labels(template: Template) -> frozenset[str]:
    """The normalised labels of all rows, columns, captions and heads, without those that are section headings too."""
    lines = (line for table in template.tables for line in (*table.rows, *table.columns))
    labels = {normalise(label) for line in lines for label in line.labels}
    for table in template.tables:
        labels |= {normalise(label) for label in (table.caption, *table.captions, *table.heads, table.row_header or "")}
    return frozenset(labels - {normalise(label) for section in template.sections for label in section.labels} - {""})
