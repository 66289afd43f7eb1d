"""Styles of a Word document: of paragraphs which are headings, which are lines of a table of contents, which are numbered;
of characters what they say of runs."""

import re
from collections.abc import Iterator

from lxml.etree import _Element as Element
from msgspec import Struct

from parsers.packages import attribute, local_name

_HEADING = re.compile(r"(?:heading|标题)\s*([1-9])", re.IGNORECASE)
_BODY_TEXT = 9
_MAX_CHAIN = 20


class Style(Struct, frozen=True):
    """What a paragraph style says of itself; None where it leaves that to the style it is based on."""

    name: str
    based_on: str | None
    outline: int | None
    numbering: str | None
    depth: int | None
    run: Element | None = None


class Styles:
    """The paragraph styles of a document by id."""

    def __init__(self, root: Element | None) -> None:
        found = () if root is None else (each for each in root if local_name(each) == "style")
        self._styles = {attribute(each, "styleId") or "": _style(each) for each in found}

    def level(self, style: str | None, properties: Element | None) -> int:
        """The level of a heading from 1, 0 for other paragraphs: the paragraph's own word counts before its style's."""
        own = _outline(properties)
        if own is not None:
            return own + 1 if own < _BODY_TEXT else 0
        for each in self._chain(style):
            if each.outline is not None:
                return each.outline + 1 if each.outline < _BODY_TEXT else 0
            named = _HEADING.fullmatch(each.name)
            if named or each.name.lower() == "title":
                return int(named[1]) if named else 1
        return 0

    def is_contents(self, style: str | None) -> bool:
        """Whether paragraphs of this style are lines of a table of contents."""
        return any(re.match(r"(?:toc|目录)\s*\d", each.name, re.IGNORECASE) for each in self._chain(style))

    def numbering(self, style: str | None) -> tuple[str | None, int | None]:
        """The list that a style belongs to and the depth in it, where it says so."""
        for each in self._chain(style):
            if each.numbering is not None:
                return each.numbering, each.depth
        return None, None

    def run_properties(self, style: str | None) -> Iterator[Element]:
        """What a style of characters says of a run, the nearest first."""
        for each in self._chain(style):
            if each.run is not None:
                yield each.run

    def _chain(self, style: str | None) -> Iterator[Style]:
        """A style and those it is based on; a circle ends somewhere."""
        for _ in range(_MAX_CHAIN):
            found = self._styles.get(style or "")
            if found is None:
                return
            yield found
            style = found.based_on


def child(element: Element | None, *names: str) -> Element | None:
    """The first descendant by this path of local names."""
    for name in names:
        if element is None:
            return None
        element = next((each for each in element if local_name(each) == name), None)
    return element


def value(element: Element | None, *names: str) -> str | None:
    """The `w:val` of the descendant by this path."""
    found = child(element, *names)
    return None if found is None else attribute(found, "val")


def number(text: str | None) -> int | None:
    """A whole number as attributes write it, None for anything else."""
    return int(text) if text and re.fullmatch(r"\d{1,9}", text) else None


def is_on(element: Element | None, *names: str) -> bool:
    """Whether a toggle stands and is not switched off."""
    found = child(element, *names)
    return found is not None and attribute(found, "val") not in ("0", "false", "off", "none")


def _style(element: Element) -> Style:
    properties = child(element, "pPr")
    return Style(
        value(element, "name") or "",
        value(element, "basedOn"),
        _outline(properties),
        value(properties, "numPr", "numId"),
        number(value(properties, "numPr", "ilvl")),
        child(element, "rPr"),
    )


def _outline(properties: Element | None) -> int | None:
    return number(value(properties, "outlineLvl"))
