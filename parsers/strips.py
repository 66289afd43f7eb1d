"""Blocks → strips: a label with the figures that follow it, in reading order (first half of step 5: alignment).

A row of a grid is a strip, and so is, in running text, a piece of text with the run of figures behind it. Labels torn by
line breaks, page numbers between rows and enumerators that look like figures are settled here; which row of which table
a strip is, is not.
"""

import re
from bisect import bisect_right
from collections.abc import Collection, Iterator, Mapping
from operator import attrgetter

from msgspec import Struct

from .document import Block, Grid, GridCell, Heading, Locator, Paragraph, locator_at
from .labels import normalise
from .numbers import COUNT_UNITS, YUAN, is_blank, read_figure, squeeze
from .remembered import remembered

CONTEXT = 240
"""So many characters of text before a figure are kept as its label: the longest head of the form is 120."""


Field = GridCell
"""One printed figure, blank token or unreadable cell; one of running text stands in row and column -1."""


def text_field(text: str, locator: Locator) -> Field:
    return GridCell(text, -1, -1, locator)


class Strip(Struct, frozen=True, gc=False):
    """A label and its figures. `label` is normalised: of a grid row its own last label cell, of text all that stands
    between the figures before and these. `context` holds what stands around the label (group cells, text before a grid).

    `block` and `row` say where it stands (`row` is -1 in text). `is_glued`: label and figures touch, so that spaces
    inside the figures are no borders; then there is one field, the whole run.
    """

    label: str
    context: str
    fields: tuple[Field, ...]
    locator: Locator
    block: int
    row: int = -1
    is_glued: bool = False
    raw_label: str = ""
    caption: str = ""

    @property
    def in_grid(self) -> bool:
        return self.row >= 0


_MOST_BEFORE_A_LABEL = 3
_UNIT_WORDS = frozenset((*YUAN, *COUNT_UNITS, *(step + unit for step in "百千万亿" for unit in COUNT_UNITS)))
_UNITS = "|".join((*sorted(YUAN, key=len, reverse=True), *COUNT_UNITS))
_STEPS = rf"[百千万亿](?:(?:{'|'.join(COUNT_UNITS)})|(?![\u4e00-\u9fff]))"
"""Behind a count of so many: 3万件 is no 3."""
_NUMBER = re.compile(
    r"(?=[\dA-Za-z+\-¥￥人/—无约近逾超不暂])(?:"  # most text is words, in which nothing can begin
    r"(?P<torn>(?<![^\s|])(?:[A-Za-z]{1,2}\d[\dA-Za-z]*|\d+[A-Za-z]{1,2}[\dA-Za-z]*|[OoIl]"
    r"|\d[\d,.]*[~/]\d[\d,.]*|(?!\d{1,3}(?:,\d{3})+(?![\d,]))\d+(?:\s?[,、;]\s?\d+)+|[约近逾超]\d[\d,.]*|\d[\d,.]*[余多])(?![^\s|件条项]))|"
    rf"(?P<number>(?:人民币)?[¥￥]?[+\-]?\d+(?:,\d{{3}})*(?:\.\d+)?)(?P<unit>\s?(?:{_UNITS}|{_STEPS})(?![\u4e00-\u9fff]*号))?(?P<note>\((?![一二三四五六七八九十\d]{{1,3}}\))[^()\n]{{2,40}}\))?"
    r"|(?P<null>(?<![^\s|])(?:/|—{1,2}|--?|无|不适用|不涉及|暂无)(?=[\s|]|$)))"
)
_CALENDAR = re.compile(r"[ \t]?(?:年|月|日|号|时|%|:|分|届|号文|\]|〕|周年)")
_ENUMERATOR = re.compile(r"[ \t]?[.、,](?=\s*[\u4e00-\u9fff\"“(])|\)")
_ENUMERATOR_INSIDE = re.compile(
    r"[\d(一二三四五六七八九](?:(?<=\d)\d?[.、,]|(?<=\()[一二三四五六七八九十]\)|(?<=[一二三四五六七八九])、)"
)
_COUNTED_ONCE = re.compile(r"[计計]\d[条次件]\s*\)")  # (…相同信息计1条): part of a label
_PAGE_NUMBER = re.compile(
    r"(?<![^\s|])[-—–―]{1,2}\s?\d{1,3}\s?[-—–―]{1,2}(?![^\s|])|^\s*第\s*\d{1,3}\s*页.{0,12}$", re.MULTILINE
)
_PAGE_SIGN = re.compile(r"[-—–―页]")
_NARROW = (
    {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
    | {0x3000: 0x20, 0xA0: 0x20, 0x2212: 0x2D}
    | dict.fromkeys([*range(0x2460, 0x2500), *range(0x2776, 0x2794), *map(ord, "⁰¹²³⁴⁵⁶⁷⁸⁹※*＊﹡")], 0x20)  # footnote marks
    | str.maketrans("萬億筆項條個圓", "万亿笔项条个元")
)
_WIDE = re.compile("[" + re.escape("".join(map(chr, sorted(_NARROW)))) + "]")
_CJK = re.compile(r"[\u3400-\u9fff]")


def narrow(text: str) -> str:
    """The text with full-width letters, digits and punctuation made narrow, character by character: places stay true."""
    return _WIDE.sub(lambda wide: chr(_NARROW[ord(wide[0])]), text)


@remembered(8192)
def is_figure(text: str) -> bool:
    """Whether a grid cell holds figures (or one torn in two) rather than words."""
    squeezed = squeeze(text)
    if read_figure(text) is not None:
        return True
    return not _CJK.search(squeezed) and any(character.isdigit() for character in squeezed)


_COLUMN = attrgetter("column")
Rows = tuple[tuple[GridCell, ...], ...]


def strips_of(blocks: tuple[Block, ...], rows: Mapping[int, Rows], row_names: Collection[str] = ()) -> tuple[Strip, ...]:
    """All strips of a document in reading order, grid rows without figures included (a row may stand blank).

    `rows`: of each block that is a grid (`rows_of`). `row_names`: normalised row labels of the form; what stands right of one is no label, whatever it says.
    """
    strips: list[Strip] = []
    run: list[tuple[int, Paragraph | Heading]] = []
    before = ""
    for index, block in enumerate(blocks):
        if isinstance(block, Grid):
            found, before = _text_strips(run, before)
            if not before.strip() and found and len(found[-1].fields) == 1:
                before = found[-1].raw_label  # a figure stranded between a label and its row
            strips += found
            run = []
            strips += _grid_strips(block, rows[index], index, before[-CONTEXT:], row_names)
            before = ""
        else:
            run.append((index, block))
    return (*strips, *_text_strips(run, before)[0])


# --- grids -------------------------------------------------------------------------------------------------------------


def rows_of(grid: Grid) -> Rows:
    """The cells that stand in each row of a grid, those that span it from above included, from left to right."""
    rows: list[list[GridCell]] = [[] for _ in range(grid.rows)]
    spanned: set[int] = set()
    for cell in grid.cells:
        if cell.rowspan == 1:
            rows[cell.row].append(cell)
        else:
            for row in range(cell.row, min(cell.row + cell.rowspan, grid.rows)):
                rows[row].append(cell)
                spanned.add(row)
    for row in spanned:
        rows[row].sort(key=_COLUMN)
    return tuple(map(tuple, rows))


def _grid_strips(grid: Grid, rows: Rows, index: int, before: str, row_names: Collection[str]) -> Iterator[Strip]:
    caption, before = before, normalise(before)
    for number, row in enumerate(rows):
        words = _labels(_before_the_figures(row), number, row_names)
        first = words[-1].column + words[-1].colspan if words else 0
        label = _label(words, number)
        fields = tuple([cell for cell in row if cell.column >= first and cell.row == number])
        yield Strip(
            normalise(label.text) if label else "",
            " ".join([before, *[normalise(cell.text) for cell in words]]),
            fields,
            label.locator if label else (row[0].locator if row else grid.locator),
            index,
            number,
            raw_label=label.text if label else "",
            caption=caption,
        )
        if before and any(is_figure(field.text) for field in fields):
            before = ""


def _label(words: list[GridCell], number: int) -> GridCell | None:
    """The last word of the row itself, or else of those that span it; a unit is none."""
    spanning = None
    for cell in reversed(words):
        if squeeze(cell.text) not in _UNIT_WORDS:
            if cell.row == number:
                return cell
            spanning = spanning or cell
    return spanning


def _before_the_figures(row: tuple[GridCell, ...]) -> list[GridCell]:
    """The cells of words in a row, without remarks behind its figures. Up to three figures may stand before a label."""
    words: list[GridCell] = []
    figures = 0
    for cell in row:
        if not cell.text.isdigit() and _is_words(cell.text):
            words.append(cell)
        elif words and is_figure(cell.text):
            figures += 1
            if figures > _MOST_BEFORE_A_LABEL:
                break
    return words


def _labels(words: list[GridCell], number: int, row_names: Collection[str]) -> list[GridCell]:
    """The cells of a row that label it: up to the last that the form knows, where that is one of its own, and a unit column
    behind it."""
    end = len(words)
    while end and normalise(words[end - 1].text) not in row_names:
        end -= 1
    if not end or words[end - 1].row != number:
        return words
    while end < len(words) and squeeze(words[end].text) in _UNIT_WORDS:
        end += 1
    return words[:end]


@remembered(8192)
def _is_words(text: str) -> bool:
    return not is_blank(text) and not is_figure(text) and bool(_CJK.search(text) or text.isalpha())


# --- running text ------------------------------------------------------------------------------------------------------


def _text_strips(run: list[tuple[int, Paragraph | Heading]], before: str) -> tuple[list[Strip], str]:
    """The strips of consecutive text blocks, and the text left over behind the last figure."""
    if not run:
        return [], before
    starts: list[int] = []
    blocks: list[tuple[int, Locator]] = []
    text = before + "\n" if before else ""
    for index, block in run:
        starts.append(len(text))
        blocks.append((index, block.locator))
        text += _without_page_numbers(narrow(block.text)) + "\n"
    strips: list[Strip] = []
    label_from = 0
    for group in _figure_runs(text):
        start, end = group[0][0], group[-1][1]
        label = text[max(label_from, start - CONTEXT) : start]
        number, locator = _place(starts, blocks, start)
        strips.append(
            Strip(
                normalise_tail(label),
                "",
                tuple(text_field(text[a:b], _place(starts, blocks, a)[1]) for a, b in group),
                locator,
                number,
                is_glued=bool(label) and not label[-1].isspace() and label[-1] not in "|:",
                raw_label=label.strip()[-80:],
            )
        )
        label_from = end
    return strips, text[label_from:]


def _without_page_numbers(text: str) -> str:
    return _PAGE_NUMBER.sub(_without_page_number, text) if _PAGE_SIGN.search(text) else text


def _without_page_number(match: re.Match[str]) -> str:
    """Blanks in place of a page number; between two figures of a line, dashes are blank cells and the number a figure."""
    before, behind = match.string[: match.start()].rstrip(" |"), match.string[match.end() :].lstrip(" |")
    is_figure_before = bool(before) and (before[-1].isdigit() or before[-1] in "-—/")
    is_figure_behind = bool(re.match(r"\d+(?![\d.、])|[-—/]", behind))
    return match[0] if is_figure_before and is_figure_behind else " " * len(match[0])


def normalise_tail(label: str) -> str:
    """A text label with every enumerator inside it stripped, not only the first: only its end is compared. A unit that stands
    by itself behind it is none of it."""
    words = label.split()
    if len(words) > 1 and words[-1] in _UNIT_WORDS:
        del words[-1]
    return "".join([normalise(piece) for word in words for piece in _enumerated(word)])


def _enumerated(word: str) -> Iterator[str]:
    """The pieces of a word that has an enumerator behind a character of its text or a bracket."""
    start = 0
    for match in _ENUMERATOR_INSIDE.finditer(word, 1):
        before = word[match.start() - 1]
        if before == ")" or "\u4e00" <= before <= "\u9fff":
            yield word[start : match.start()]
            start = match.start()
    yield word[start:]


def _place(starts: list[int], blocks: list[tuple[int, Locator]], offset: int) -> tuple[int, Locator]:
    """The block in which a character of the joined text stands, and its place there."""
    at = max(0, bisect_right(starts, offset) - 1)
    block, locator = blocks[at]
    return block, locator_at(locator, max(0, offset - starts[at]))


def _figure_runs(text: str) -> Iterator[list[tuple[int, int]]]:
    """Runs of figures with nothing but space or cell bars between them, as (start, end) of each."""
    group: list[tuple[int, int]] = []
    for start, end in _figures(text):
        if group and not _is_gap(text[group[-1][1] : start]):
            yield group
            group = []
        group.append((start, end))
    if group:
        yield group


def _is_gap(text: str) -> bool:
    return not text.strip(" \t\r\n|\f\v")


def _figures(text: str) -> Iterator[tuple[int, int]]:
    """(start, end) of each figure or null token; years, dates, enumerators and ordinals are words."""
    for match in _NUMBER.finditer(text):
        start, end = match.span()
        if match["null"] or match["torn"]:  # torn: letters read for digits, unreadable, but a cell all the same
            yield start, end
            continue
        number_end = match.end("number")
        is_ordinal = start > 0 and text[start - 1] in "第〔["
        is_ordinal |= bool(_COUNTED_ONCE.match(text, max(0, start - 1)))
        if is_ordinal or (_CALENDAR.match(text, number_end) and not match["unit"]):
            continue
        if not match["unit"] and _ENUMERATOR.match(text, number_end):
            # the form's enumerators have one digit: in "0 16.属于" a figure 1 touches the 6. of the next label
            number_end -= 1
            end = number_end
            if end <= start or not text[end - 1].isdigit():
                continue
        yield start, end
