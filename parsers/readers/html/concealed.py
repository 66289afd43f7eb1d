"""Figures that stand in a page's markup where no reader sees them: without size, without colour, off the page, or
hidden by a rule of the page's own style sheet. Behind a figure that is seen they would be its last digits.

Only elements within a line or a cell are judged, and only those that hold a digit: what lays out a page (tabs, drawers,
spacing of `font-size:0`) is none of them.
"""

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

_NOTHING = r"[+-]?0*\.?0+(?:px|pt|r?em|%)?\s*(?:!\s*important\s*)?(?:;|$)"
_START = r"(?:^|[;\s\"'{])"
_UNSEEN = re.compile(
    rf"{_START}(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|opacity\s*:\s*{_NOTHING}|color\s*:\s*transparent)"
    rf"|{_START}font-size\s*:\s*(?:{_NOTHING}|(?:1|0?\.\d+)(?:\.0+)?p[xt]\b)"
    rf"|{_START}(?:left|top|right|text-indent|margin-left|margin-top)\s*:\s*-\d{{3,}}"
    rf"|{_START}clip\s*:\s*rect\(\s*[01](?:px)?[\s,]+[01](?:px)?[\s,]+[01](?:px)?[\s,]+[01](?:px)?\s*\)",
    re.IGNORECASE,
)
_SIZED_TO_NOTHING = re.compile(rf"{_START}(?:max-)?(?:width|height)\s*:\s*{_NOTHING}", re.IGNORECASE)
_CUT_OFF = re.compile(r"overflow\s*:\s*hidden", re.IGNORECASE)
_WHITE = re.compile(
    rf"{_START}color\s*:\s*(?:#fff(?:fff)?\b|white\b|rgba?\(\s*255\s*,\s*255\s*,\s*255\b)", re.IGNORECASE
)
_WHITES = {"#fff", "#ffffff", "white"}
_GROUND = re.compile(r"background", re.IGNORECASE)
_RULE = re.compile(r"([^{}@;]+)\{([^{}]*)\}")
_COMMENT = re.compile(r"/\*.*?\*/|<!--|-->", re.DOTALL)
_SELECTOR = re.compile(r"[a-z]*[.#][a-z_][\w-]*", re.IGNORECASE)
_INNER = {"span", "font", "a", "b", "i", "u", "em", "strong", "label", "small", "big", "sup", "sub", "p", "ins", "code"}
_DIGIT = re.compile(r"\d")
_WORDS = (
    "#fff", ":white", ": white", "transparent", "opacity", "(255", "size:0", "size: 0", "size:1p",
    "size: 1p", "size:1.0p", "size:.", "width:0", "width: 0", "height:0", "height: 0", "rect(",
)  # fmt: skip
_FAR_OFF = re.compile(r"-\d{3}")
"""One of these words or the other stands, in small letters, in each style that hides something in a way known here."""
_MOST_RULES = 50


def may_conceal(styles: str) -> bool:
    """Whether any of these styles, in small letters, may leave nothing of an element to be seen."""
    return any(word in styles for word in _WORDS) or bool(_FAR_OFF.search(styles))


def is_unseen(style: str) -> bool:
    """Whether a style leaves nothing of an element to be seen."""
    return bool(_UNSEEN.search(style)) or bool(_CUT_OFF.search(style) and _SIZED_TO_NOTHING.search(style))


def is_white(style: str) -> bool:
    return bool(_WHITE.search(style))


def concealed(tree: LexborHTMLParser, styled: dict[str, list[LexborNode]]) -> Iterator[LexborNode]:
    """Elements with a digit that nobody sees. `styled` are the elements of the page by their style."""
    white = [node for node in tree.css("font[color]") if (node.attrs["color"] or "").strip().lower() in _WHITES]
    for style, nodes in styled.items():
        if is_unseen(style):
            yield from (node for node in nodes if _is_inner(node))
        elif is_white(style) and not _GROUND.search(style):
            white += nodes
    for sheet in map(_text_of, tree.css("style")):
        for node, style in _ruled(tree, sheet):
            if is_unseen(style):
                yield node
            elif is_white(style) and not _GROUND.search(style):
                white.append(node)
    yield from (node for node in white if _is_inner(node) and not _has_ground(node))


def _text_of(sheet: LexborNode) -> str:
    """What a style sheet says, if it may hide anything."""
    text = sheet.text()
    small = text.lower()
    return text if "none" in small or "hidden" in small or may_conceal(small) else ""


def _ruled(tree: LexborHTMLParser, sheet: str) -> Iterator[tuple[LexborNode, str]]:
    """The inner elements that a plain rule of the sheet (one class or id, for the screen) takes out of sight."""
    hiding = []
    for selectors, style in _RULE.findall(_without_conditions(_COMMENT.sub("", sheet))):
        if is_unseen(style) or is_white(style):
            hiding += [(name.strip(), style) for name in selectors.split(",") if _SELECTOR.fullmatch(name.strip())]
    for name, style in hiding[:_MOST_RULES]:
        for node in tree.css(name):
            if _is_inner(node) and not _shown_again(node):
                yield node, style


def _without_conditions(sheet: str) -> str:
    """Without `@media` and the like: what they say holds for print, or for a narrow window."""
    if "@" not in sheet:
        return sheet
    kept, depth, is_conditional = [], 0, False
    for part in re.split(r"(@[\w-]+[^{};]*|[{};])", sheet):
        if depth == 0 and not is_conditional and part.startswith("@"):
            is_conditional = True
        elif not is_conditional:
            kept.append(part)
        elif part == "{":
            depth += 1
        elif part == "}":
            depth -= 1
            is_conditional = depth > 0
        elif part == ";" and depth == 0:
            is_conditional = False
    return "".join(kept)


def _shown_again(node: LexborNode) -> bool:
    style = node.attrs.get("style") or ""
    return bool(re.search(r"display|visibility|color|font-size|opacity", style, re.IGNORECASE))


def _is_inner(node: LexborNode) -> bool:
    """Whether an element stands within a line, holds a digit, and no part of it has a size or colour of its own."""
    if node.tag not in _INNER or not _DIGIT.search(node.text()):
        return False
    return not any(
        inner.mem_id != node.mem_id and re.search(r"font-size|color|visib|display", inner.attrs["style"] or "")
        for inner in node.css("[style]")
    )


def _has_ground(node: LexborNode) -> bool:
    """Whether white text may stand on a ground of another colour: around it one is named, or a class is that may name one.
    Beside other text of the same cell that has none, it cannot."""
    own = node.text().strip()
    is_alone = True
    around = node.parent
    while around is not None and around.tag not in ("table", "body", "html"):
        attributes = around.attributes
        if "bgcolor" in attributes or _GROUND.search(attributes.get("style") or ""):
            return True
        if around.tag in ("td", "th", "p") and around.text().strip() != own:
            is_alone = False
        if is_alone and around.tag in ("td", "th", "tr") and attributes.get("class"):
            return True
        around = around.parent
    return around is not None and ("bgcolor" in around.attributes or bool(_GROUND.search(around.attributes.get("style") or "")))
