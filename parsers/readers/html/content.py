"""Which frame of a page holds the report, among menus, share bars and footers of whatever CMS.

What must not be lost are sentences and figures: the main content is the smallest frame with all tables of figures and
nearly all sentences of the page, menus and footers left out. Names that CMS products give their article containers only
decide how far to narrow, and help where hardly anything stands on the page (a report that is only an attachment).
"""

import re
from collections.abc import Sequence

from msgspec import Struct

from parsers.readers.html.pieces import Flow, Frame, Piece, Run, Table

_BODY_NAMES = re.compile(
    r"(?:^|\s)(?:trs_editor|trs_ueditor|trs_editor_view|trs_web|zoom|zoomcon|ucap-?content|article[-_]?con(?:tent)?|artcontent"
    r"|v_news_content|vsb_content(?:_\d+)?|ivs_content|bt_content|article_zoom|art-con|artile_zw|main-txt|wzcon|newscont\w*"
    r"|news_cont_d_wrap|contentxxgk|wenzhang|ewb-article(?:-detail)?|detail-news|con_?text|content_body|text_?con|zw|cont?_?main"
    r"|xxgk_content|gkwz_container|tyxxy_main|view)(?=\s|$)",
    re.IGNORECASE,
)
_AROUND_NAMES = {"foot", "footer", "bottom", "copyright", "nav", "navbar", "navigation", "mainnav", "menu", "sidebar"}
_AROUND_NAMES |= {"crumb", "crumbs", "breadcrumb", "breadcrumbs", "position", "location", "share", "search", "related"}
_AROUND_NAMES |= {"friendlink", "friendlinks", "toolbar", "topbar", "sitemap", "qrcode", "ewm", "header"}
_NAME_PARTS = str.maketrans("-_0123456789", " " * 12)
_AROUND_TAGS = {"nav", "footer", "aside"}
_AROUND_WORDS = re.compile(
    r"版权所有|主办单位|承办单位|网站标识码|ICP备|公安备案|公网安备|浏览器|建议.{0,8}分辨率|技术支持|扫一扫|分享到|无障碍|"
    r"位置[:：]|浏览(?:次数|量)|阅读(?:次数|量)|点击(?:次数|量)|字[体号][:：]"
)
"""(Each way begins with a character: so texts are scanned for those alone.)"""
_PLACE = re.compile(r"(?:当前|所在|现在|您的)(?:的)?位置|您现在的位置|位置[:：]")
_FIGURE = re.compile(r"[-+]?[\d,.]+|[/—－-]+")
_WEEK = sorted("一二三四五六日")
_SENTENCE = 20
_LONG = 300
_TOLERATED_LOSS = 0.05
_MAX_AROUND = 300


class Split(Struct, frozen=True):
    """The main content, what stands around it, and the frame in which the content stands."""

    content: list[Piece]
    around: list[Piece]
    frame: int


class _Weights(Struct):
    """What of a page may not be lost, for each frame: length of its sentences, number of its tables of figures."""

    prose: list[int]
    tables: list[int]


def split(flow: Flow) -> Split:
    """The pieces of the main content and of its surroundings, both in document order, menus left out of both."""
    own = _own_weights(flow)
    around = _around(flow, _totals(flow, own, set()))
    main = _main_frame(flow, _totals(flow, own, around), around)
    inside = below(flow.frames, {main}) - around
    menus = _menus(flow, inside)
    content = [piece for piece in flow.pieces if piece.frame in inside and piece.frame not in menus]
    outside = [piece for piece in flow.pieces if piece.frame not in inside]
    return Split(content, _without_menus(outside)[:_MAX_AROUND], main)


def _own_weights(flow: Flow) -> _Weights:
    own = _Weights([0] * len(flow.frames), [0] * len(flow.frames))
    for piece in flow.pieces:
        if isinstance(piece, Run):
            if len(piece.text) >= _SENTENCE:
                own.prose[piece.frame] += _prose(piece)
        elif _has_figures(piece):
            own.tables[piece.frame] += 1
    return own


def _totals(flow: Flow, own: _Weights, left_out: set[int]) -> _Weights:
    """Weights of the frames with all that stands in them. Frames are numbered in document order, parents first."""
    prose, tables = own.prose.copy(), own.tables.copy()
    for index in range(len(prose) - 1, 0, -1):
        if index in left_out:
            prose[index] = tables[index] = 0
        elif prose[index] or tables[index]:
            parent = flow.frames[index].parent
            prose[parent] += prose[index]
            tables[parent] += tables[index]
    return _Weights(prose, tables)


def _prose(run: Run) -> int:
    """Length of a sentence that stands in no link and is none of the usual footer sentences."""
    length = len(run.text) - run.linked
    is_sentence = length >= _SENTENCE and ("。" in run.text or "，" in run.text or "；" in run.text)
    return length if is_sentence and not (length < _LONG and _AROUND_WORDS.search(run.text)) else 0


def _has_figures(table: Table) -> bool:
    """Whether a table could be one of the form's: figures, dashes or blanks, and no calendar or index card."""
    texts = [cell.text for cell in table.cells]
    if len(texts) < 4 or sorted("".join(texts[:7])) == _WEEK:
        return False
    figures = sum(1 for text in texts if text.isdigit() or (len(text) < _SENTENCE and _FIGURE.fullmatch(text)))
    blanks = texts.count("")
    is_small_form = figures > 0 and len(texts) <= 12
    return figures * 4 >= len(texts) or (blanks * 2 >= len(texts) and table.rows >= 3) or is_small_form


def _around(flow: Flow, totals: _Weights) -> set[int]:
    """Frames that their name marks as navigation, footer and the like, unless much of the page stands in them.

    Only frames that matter are asked for their name: with words outside of links.
    """
    frames = flow.frames
    asked = {0}
    found: set[int] = set()
    for index in {piece.frame for piece in flow.pieces if not (isinstance(piece, Run) and is_link(piece))}:
        while index not in asked:
            asked.add(index)
            is_big = totals.tables[index] or totals.prose[index] * 3 > totals.prose[0]
            if not is_big and _is_named_around(frames[index]):
                found.add(index)
            index = frames[index].parent
    return below(frames, found) if found else found


def is_link(run: Run) -> bool:
    """Whether a run is nothing but links, give or take a separator."""
    return run.linked > 0 and run.linked * 10 >= len(run.text) * 8


def _is_named_around(frame: Frame) -> bool:
    parts = _names(frame).lower().translate(_NAME_PARTS).split()
    return frame.node.tag in _AROUND_TAGS or not _AROUND_NAMES.isdisjoint(parts)


def _names(frame: Frame) -> str:
    attributes = frame.node.attributes
    return f"{attributes.get('id') or ''} {attributes.get('class') or ''}"


def _is_named_body(frame: Frame) -> bool:
    return frame.node.tag == "ucapcontent" or bool(_BODY_NAMES.search(_names(frame)))


def _main_frame(flow: Flow, totals: _Weights, around: set[int]) -> int:
    """Down from the body as long as one frame keeps everything; then the last that is named like an article."""
    if not totals.prose[0] and not totals.tables[0]:
        return _main_frame_by_name(flow, around)
    children = _children(flow.frames)
    main = named = 0
    tables, prose = totals.tables[0], totals.prose[0] * (1 - _TOLERATED_LOSS)
    while True:
        inner = (child for child in children.get(main, ()) if totals.tables[child] == tables)
        kept = next((child for child in inner if totals.prose[child] >= prose), None)
        if kept is None:
            return named or main
        main = kept
        if _is_named_body(flow.frames[main]):
            named = main


def _main_frame_by_name(flow: Flow, around: set[int]) -> int:
    """Of a page without sentences and figures: the innermost article container in which anything stands."""
    filled = {piece.frame for piece in flow.pieces} | {link.frame for link in flow.links}
    asked = {0}
    for index in sorted(filled - around, reverse=True):
        while index not in asked:
            asked.add(index)
            if _is_named_body(flow.frames[index]):
                return index
            index = flow.frames[index].parent
    return 0


def _children(frames: Sequence[Frame]) -> dict[int, list[int]]:
    children: dict[int, list[int]] = {}
    for index, frame in enumerate(frames[1:], 1):
        children.setdefault(frame.parent, []).append(index)
    return children


def below(frames: Sequence[Frame], roots: set[int]) -> set[int]:
    """The frames `roots` with all frames in them."""
    found = set(roots)
    for index, frame in enumerate(frames):
        if frame.parent in found:
            found.add(index)
    return found


def _menus(flow: Flow, inside: set[int]) -> set[int]:
    """Frames of the content that hold nothing but four links or more, none of them to a file."""
    runs: dict[int, list[bool]] = {}
    for piece in flow.pieces:
        if piece.frame in inside:
            runs.setdefault(piece.frame, []).append(isinstance(piece, Run) and is_link(piece))
    menus = {frame for frame, links in runs.items() if len(links) >= 4 and all(links)}
    return menus - {link.frame for link in flow.links}


def _without_menus(pieces: Sequence[Piece]) -> list[Piece]:
    """The surroundings without bare links, but with the links of the line that says where in the portal the page is."""
    kept: list[Piece] = []
    place: Run | None = None
    for piece in pieces:
        if isinstance(piece, Table):
            kept.append(piece)
            continue
        if is_link(piece):
            if place is not None:
                place.text += f" > {piece.text}" if place.text[-1] not in ":：>" else f" {piece.text}"
        elif _PLACE.search(piece.text):
            place = Run(piece.text, piece.node, piece.frame, piece.linked, piece.level)
            kept.append(place)
        else:
            place = None
            kept.append(piece)
    return kept

