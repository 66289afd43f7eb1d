"""Headings of the six prescribed sections, found by their wording (step 6: report).

Numbers are no evidence: series restart, shift by one and have gaps. The preamble, which lists the names of sections in
one sentence, has no headings.
"""

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import pairwise
from typing import NamedTuple

from parsers.document import Block, Document, Grid
from parsers.labels import normalise
from parsers.passages import OTHER, Prose, passages_of, prose_of
from parsers.template import SectionForm, Template

_PART = r"第[一二三四五六七八九十\d]{1,2}(?:部分|章)"
_TOP = re.compile(rf"^\s*(?:#+\s*)?(?:[一二三四五六七八九十]{{1,3}}\s*[、.．,，:：]|{_PART})")
_SUB = re.compile(r"^\s*(?:#+\s*)?(?:[(（]\s*[一二三四五六七八九十\d]{1,3}\s*[)）]|\d{1,2}\s*[、.．])")
_INLINE = re.compile(r"(?P<number>[一二三四五六七八九十]{1,2}、)\s*(?P<label>[\u4e00-\u9fff、，,]{2,32})")
_OPENING = re.compile(r"\s*[一二三四五六七八九十]{1,2}、\s*[\u4e00-\u9fff、，,]{2,32}?(?=[:：。\s])")
_TABLE_NUMBER = re.compile(r"^\s*表[一二三四五六七八九十\d]{1,2}\s*[:：、]")
_IS_PART = re.compile(rf"^\s*(?:#+\s*)?{_PART}[:：、\s]*")
_REMARK = re.compile(r"[（(][^）)]*[）)]\s*$")
_SUBJECT = re.compile(r"情况|概|事项|问题|不足|困难")
"""One of these stands in every heading of a prescribed section."""
_LONGEST_HEADING = 44
_LONG = 30_000  # characters


class Mark(NamedTuple):
    """A heading: its section, where it begins and ends in the running text, how it is numbered (`rank` 0: 一、 1: not
    at all, 2: （一）), and whether its wording is one that the template lists."""

    key: str
    start: int
    end: int
    rank: int
    is_listed: bool


def headed(document: Document, template: Template) -> tuple[Prose, tuple[Mark, ...]]:
    """The prose of a document's main content, and the headings in it. Asked for each document by the sections, by the
    statements, and by the question whether it is a report: so the last answer is kept, if the document is not long."""
    blocks = document.blocks
    return _known_headed(blocks, template) if sum(map(_length, blocks)) <= _LONG else _headed(blocks, template)


def _length(block: Block) -> int:
    return sum(len(cell.text) for cell in block.cells) if isinstance(block, Grid) else len(block.text)


def _headed(blocks: tuple[Block, ...], template: Template) -> tuple[Prose, tuple[Mark, ...]]:
    prose = prose_of(passages_of(blocks, template))
    return prose, tuple(marks_of(prose, template))


_known_headed = lru_cache(maxsize=1)(_headed)


def marks_of(prose: Prose, template: Template) -> Iterator[Mark]:
    """Every place whose wording heads a section: lines of their own, and numbered headings inside glued text."""
    for place, passage in enumerate(prose.passages):
        start = prose.starts[place]
        if len(passage.text.strip()) <= _LONGEST_HEADING:
            mark = next(_line_mark(prose, place, template), None) or _opening_mark(start, passage.text, template)
            yield from [mark] if mark else []
        else:
            yield from _inline_marks(start, prose.text[start : start + len(passage.text)], template)


def _line_mark(prose: Prose, place: int, template: Template) -> Iterator[Mark]:
    """The heading that a line is, alone or with the next line where it is broken over two."""
    passage = prose.passages[place]
    start = prose.starts[place]
    readings = [(passage.text, start + len(passage.text))]
    if place + 1 < len(prose.passages) and (_TOP.match(passage.text) or passage.is_heading):
        following = prose.passages[place + 1].text
        readings.append((passage.text + following, prose.starts[place + 1] + len(following)))
    for text, end in readings:
        if found := _section_of(_TABLE_NUMBER.sub("", text), template.sections):
            yield Mark(found[0], start, end, _rank(text), found[1])
            return


def _opening_mark(start: int, text: str, template: Template) -> Mark | None:
    """The numbered heading with which a short line opens, what it has to say behind it (`六、其他需要报告的事项：无`)."""
    if match := OTHER.match(text):
        return Mark("other_matters", start, start + match.end(), 0, is_listed=False)
    match = _OPENING.match(text)
    section = _section_of(match[0], template.sections) if match else None
    return Mark(section[0], start, start + match.end(), 0, section[1]) if match and section else None


def _rank(text: str) -> int:
    return 0 if _TOP.match(text) else 2 if _SUB.match(text) else 1


def _inline_marks(start: int, text: str, template: Template) -> Iterator[Mark]:
    """Headings inside a long line in which everything was glued. Names that follow each other with only a 、 or ；
    between are the preamble's list of sections."""
    found: list[Mark] = []
    for match in _INLINE.finditer(text):
        for length in range(len(match["label"]), 1, -1):
            if section := _section_of(match["label"][:length], template.sections):
                end = match.start("label") + length
                found.append(Mark(section[0], start + match.start("number"), start + end, 0, section[1]))
                break
    listed = set()
    for mark, following in pairwise(found):
        if re.fullmatch(r"\s*[、；;，,和及]+\s*", text[mark.end - start : following.start - start]):
            listed |= {mark, following}
    yield from (mark for mark in found if mark not in listed)


def _section_of(text: str, forms: tuple[SectionForm, ...]) -> tuple[str, bool] | None:
    """The section that a heading names, and whether the template lists its wording."""
    label = normalise(_IS_PART.sub("", _REMARK.sub("", text)))
    if not _SUBJECT.search(label):
        return None
    wordings, patterns = _wordings(forms)
    if label in wordings:
        return wordings[label], True
    return next(((key, False) for key, pattern in patterns if pattern.search(label)), None)


@cache
def _wordings(forms: tuple[SectionForm, ...]) -> tuple[dict[str, str], tuple[tuple[str, re.Pattern[str]], ...]]:
    """The section of each listed wording, normalised, and the patterns in the order of the form."""
    listed = {normalise(wording): form.key for form in forms for wording in form.labels}
    return listed, tuple((form.key, re.compile(pattern)) for form in forms for pattern in form.patterns)


def chosen(marks: tuple[Mark, ...], template: Template) -> tuple[Mark, ...]:
    """The headings of the first level: numbered 一、 where any are, and in a listed wording where there is one.

    A section that has no such heading keeps its weaker one, if that stands between the right neighbours.
    """
    top = min((mark.rank for mark in marks), default=0)
    listed = {mark.key for mark in marks if mark.rank <= 1 and mark.is_listed}
    kept = [mark for mark in marks if mark.rank == top and (mark.is_listed or mark.key not in listed)]
    order = {form.key: form.number for form in template.sections}
    for mark in marks:
        if mark.key not in {other.key for other in kept} and _stands_in_order(mark, kept, order):
            kept.append(mark)
    return tuple(sorted(kept, key=lambda mark: mark.start))


def _stands_in_order(mark: Mark, kept: list[Mark], order: dict[str, int]) -> bool:
    return all((other.start < mark.start) == (order[other.key] < order[mark.key]) for other in kept)
