"""Which runs of a Word document nobody reads: hidden, struck out, without size or colour, or the number of a footnote."""

import re
from collections.abc import Iterator

from lxml.etree import _Element as Element

from parsers.document import is_note_number
from parsers.packages import attribute, local_name

from .styles import Styles, child, is_on, number, value

_RAISED = 4
"""A run this many half points above or below its line is out of it."""
_SMALLEST = 4
"""Half points: what is set no larger is not seen."""
_TAKEN_BACK = ("vanish", "strike", "dstrike")
_WHITE = ("background1", "light1")
_NO_GROUND = (None, "auto", "FFFFFF", "none")
_DIGIT = re.compile(r"\d")


def is_unread(run: Element, styles: Styles) -> bool:
    """Whether a run is hidden or struck out, or the number of a footnote: raised behind a figure it would be its last
    digit."""
    own = child(run, "rPr")
    if own is None:
        return False
    said = [own, *styles.run_properties(value(own, "rStyle"))]
    if any(_is_on(said, name) for name in _TAKEN_BACK):
        return True
    if _DIGIT.search(_text(run)) and (_is_tiny(said) or (_is_white(said) and not _has_ground(run, said))):
        return True
    return _is_raised(run) and is_note_number(_text(run)) and _has_text_beside(run)


def _first(said: list[Element], name: str) -> Element | None:
    """What the run itself says of this, else its style."""
    return next((found for each in said if (found := child(each, name)) is not None), None)


def _is_on(said: list[Element], name: str) -> bool:
    return any(is_on(each, name) for each in said if child(each, name) is not None and child(each, name) is _first(said, name))


def _is_tiny(said: list[Element]) -> bool:
    size = _first(said, "sz")
    half_points = None if size is None else number(attribute(size, "val"))
    return half_points is not None and half_points <= _SMALLEST


def _is_white(said: list[Element]) -> bool:
    colour = _first(said, "color")
    if colour is None:
        return False
    is_shaded = attribute(colour, "themeShade") is not None
    is_theme = attribute(colour, "themeColor") in _WHITE and not is_shaded
    return is_theme or (attribute(colour, "val") or "").upper() == "FFFFFF"


def _has_ground(run: Element, said: list[Element]) -> bool:
    """Whether white text stands on a ground of another colour."""
    if _first(said, "highlight") is not None or any(_is_filled(each) for each in said):
        return True
    for each in run.iterancestors():
        name = local_name(each)
        if name in ("p", "tc") and _is_filled(child(each, f"{name}Pr")):
            return True
        if name in ("txbxContent", "body"):
            return name != "body"
    return False


def _is_filled(properties: Element | None) -> bool:
    shading = child(properties, "shd")
    if shading is None:
        return False
    is_pattern = attribute(shading, "val") not in (None, "clear", "nil")
    return is_pattern or attribute(shading, "fill") not in _NO_GROUND or attribute(shading, "themeFill") is not None


def _has_text_beside(run: Element) -> bool:
    """Whether the paragraph of a raised run has text on the line too; else it is only set a little higher."""
    paragraph = next((each for each in run.iterancestors() if local_name(each) == "p"), run)
    runs: Iterator[Element] = (each for each in paragraph.iter() if local_name(each) == "r")
    return any(_text(each).strip() and not _is_raised(each) for each in runs)


def _is_raised(run: Element) -> bool:
    moved = number((value(run, "rPr", "position") or "").lstrip("-")) or 0
    return moved >= _RAISED or value(run, "rPr", "vertAlign") in ("superscript", "subscript")


def _text(run: Element) -> str:
    return "".join(each.text or "" for each in run if local_name(each) == "t")
