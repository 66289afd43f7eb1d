"""Numbers that Word puts before paragraphs by itself: 一、 （一） 1. They are printed, but stand nowhere in the text."""

import re

from lxml.etree import _Element as Element
from msgspec import Struct

from parsers.packages import attribute, local_name

from .styles import Styles, child, number, value

_DIGITS = "〇一二三四五六七八九"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_CHINESE = {
    "chineseCounting",
    "chineseCountingThousand",
    "japaneseCounting",
    "taiwaneseCounting",
    "taiwaneseCountingThousand",
    "ideographDigital",
}
_CIRCLED = {"decimalEnclosedCircle", "decimalEnclosedCircleChinese"}
_ROMAN = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
_PLACE = re.compile(r"%([1-9])")


class Level(Struct, frozen=True):
    """One depth of a list: the first number, its notation, the text around it (`（%1）`), the style that stands for it."""

    start: int
    notation: str
    text: str
    style: str | None


class Lists:
    """The lists of a document, and how far each has counted."""

    def __init__(self, root: Element | None, styles: Styles) -> None:
        self._styles = styles
        self._levels: dict[str, dict[int, Level]] = {}
        self._kinds: dict[str, str] = {}
        self._starts: dict[tuple[str, int], int] = {}
        self._counts: dict[str, dict[int, int]] = {}
        for each in () if root is None else root:
            if local_name(each) == "abstractNum":
                self._levels[attribute(each, "abstractNumId") or ""] = _levels(each)
            elif local_name(each) == "num":
                self._take(each)

    def _take(self, num: Element) -> None:
        name = attribute(num, "numId") or ""
        self._kinds[name] = value(num, "abstractNumId") or ""
        for override in num:
            start = number(value(override, "startOverride"))
            depth = number(attribute(override, "ilvl"))
            if local_name(override) == "lvlOverride" and start is not None and depth is not None:
                self._starts[name, depth] = start

    def label(self, style: str | None, properties: Element | None) -> str:
        """The number that stands before the next paragraph, "" where it has none. Each call counts on."""
        own = child(properties, "numPr")
        name, depth = self._styles.numbering(style)
        if own is not None:
            name, depth = value(own, "numId") or name, number(value(own, "ilvl"))
        levels = self._levels.get(self._kinds.get(name or "", ""), {})
        if depth is None:
            depth = next((each for each, level in levels.items() if style and level.style == style), 0)
        if name is None or depth not in levels:
            return ""
        counts = self._count(name, depth, levels)
        return _PLACE.sub(lambda place: _shown(int(place[1]) - 1, counts, levels), levels[depth].text)

    def _count(self, name: str, depth: int, levels: dict[int, Level]) -> dict[int, int]:
        """Counts are shared by all lists of one kind, until one starts anew."""
        counts = self._counts.setdefault(self._kinds[name], {})
        start = self._starts.pop((name, depth), None)
        if start is not None:
            counts[depth] = start
        else:
            counts[depth] = counts[depth] + 1 if depth in counts else levels[depth].start
        for deeper in [each for each in counts if each > depth]:
            del counts[deeper]
        return counts


def in_chinese(count: int) -> str:
    """A number below 100 in Chinese; above, in digits."""
    if count >= 100:
        return str(count)
    tens, ones = divmod(count, 10)
    head = "" if tens == 0 else "十" if tens == 1 else _DIGITS[tens] + "十"
    return head + (_DIGITS[ones] if ones or not tens else "")


def _levels(kind: Element) -> dict[int, Level]:
    found = {}
    for each in kind:
        depth = number(attribute(each, "ilvl"))
        if local_name(each) == "lvl" and depth is not None:
            notation = value(each, "numFmt") or "decimal"
            text = "" if notation in ("bullet", "none") else value(each, "lvlText") or ""
            found[depth] = Level(_start(each), notation, text, value(each, "pStyle"))
    return found


def _start(level: Element) -> int:
    start = number(value(level, "start"))
    return 1 if start is None else start


def _shown(depth: int, counts: dict[int, int], levels: dict[int, Level]) -> str:
    if depth not in levels:
        return ""
    return _written(counts.get(depth, levels[depth].start), levels[depth].notation)


def _written(count: int, notation: str) -> str:
    if notation in _CHINESE:
        return in_chinese(count)
    if notation in _CIRCLED and 1 <= count <= 20:
        return chr(0x2460 + count - 1)
    if notation == "ideographTraditional" and 1 <= count <= 10:
        return _STEMS[count - 1]
    if notation in ("lowerLetter", "upperLetter") and 1 <= count <= 26:
        letter = chr(ord("a") + count - 1)
        return letter.upper() if notation == "upperLetter" else letter
    if notation in ("lowerRoman", "upperRoman") and 1 <= count <= 39:
        return _roman(count).upper() if notation == "upperRoman" else _roman(count)
    return str(count)


def _roman(count: int) -> str:
    text = ""
    for worth, sign in _ROMAN:
        text += sign * (count // worth)
        count %= worth
    return text
