"""Which frame of a page holds the report, among menus, share bars and footers of whatever CMS.

What must not be lost are sentences and figures: the main content is the smallest frame with all tables of figures and
nearly all sentences of the page, menus and footers left out. Names that CMS products give their article containers only
decide how far to narrow, and help where hardly anything stands on the page (a report that is only an attachment).
"""

import re
from collections.abc import Sequence

from msgspec import Struct

from parsers.readers.html.links import is_file
from parsers.readers.html.pieces import Flow, Frame, Piece, Run, Table

_BODY_NAMES = re.compile(
    r"(?:^|\s)(?:trs_editor|trs_ueditor|trs_editor_view|trs_web|zoom|zoomcon|ucap-?content|article[-_]?con(?:tent)?|artcontent"
    r"|v_news_content|vsb_content(?:_\d+)?|ivs_content|bt_content|article_zoom|art-con|artile_zw|main-txt|wzcon|newscont\w*"
    r"|news_cont_d_wrap|contentxxgk|wenzhang|ewb-article(?:-detail)?|detail-news|con_?text|content_body|text_?con|zw|cont?_?main"
    r"|xxgk_content|gkwz_container|tyxxy_main|view)(?=\s|$)",
    re.IGNORECASE,
)
_AROUND_NAMES = re.compile(
    r"(?:^|[\s_-])(?:foot(?:er)?|bottom|copy-?right|nav(?:bar|igation)?|main-?nav|menu|side-?bar|crumbs?|breadcrumbs?|position"
    r"|location|share|search|friend-?links?|tool-?bar|top-?bar|site-?map|qr-?code\w*|ewm|links?_con|header|related)(?=[\s_\d-]|$)",
    re.IGNORECASE,
)
_AROUND_TAGS = {"nav", "footer", "aside"}
_AROUND_WORDS = re.compile(
    r"版权所有|主办单位|承办单位|网站标识码|ICP备|公安备案|公网安备|浏览器|建议.{0,8}分辨率|技术支持|扫一扫|分享到|无障碍|"
    r"您?(?:的|所在|当前)?位置[:：]|(?:浏览|阅读|点击)(?:次数|量)|字(?:体|号)[:：]"
)
_PLACE = re.compile(r"(?:当前|所在|现在|您的)(?:的)?位置|您现在的位置|位置[:：]")
_FIGURE = re.compile(r"[-+]?[\d,.]+|[/—－-]+")
_WEEK = sorted("一二三四五六日")
_TOLERATED_LOSS = 0.05
_MAX_AROUND = 300


class Split(Struct, frozen=True):
    """The main content, what stands around it, and the frame in which the content stands."""

    content: list[Piece]
    around: list[Piece]
    frame: int


class _Weight(Struct):
    """What of a page may not be lost."""

    prose: int = 0
    tables: int = 0


def split(flow: Flow) -> Split:
    """The pieces of the main content and of its surroundings, both in document order, menus left out of both."""
    totals = _totals(flow, set())
    around = _around(flow, totals)
    main = _main_frame(flow, _totals(flow, around), around)
    inside = below(flow.frames, {main}) - below(flow.frames, around)
    menus = _menus(flow, inside)
    content = [piece for piece in flow.pieces if piece.frame in inside and piece.frame not in menus]
    outside = [piece for piece in flow.pieces if piece.frame not in inside]
    return Split(content, _without_menus(outside)[:_MAX_AROUND], main)


def _totals(flow: Flow, left_out: set[int]) -> list[_Weight]:
    """Weights of the frames with all that stands in them. Frames are numbered in document order, parents first."""
    totals = [_Weight() for _ in flow.frames]
    ignored = below(flow.frames, left_out) if left_out else set()
    for piece in flow.pieces:
        if piece.frame not in ignored:
            if isinstance(piece, Run):
                totals[piece.frame].prose += _prose(piece)
            else:
                totals[piece.frame].tables += _has_figures(piece)
    for index in range(len(totals) - 1, 0, -1):
        own, above = totals[index], totals[flow.frames[index].parent]
        above.prose += own.prose
        above.tables += own.tables
    return totals


def _prose(run: Run) -> int:
    """Length of a sentence that stands in no link and is none of the usual footer sentences."""
    length = len(run.text) - run.linked
    is_sentence = length >= 20 and ("。" in run.text or "，" in run.text or "；" in run.text)
    return length if is_sentence and not _AROUND_WORDS.search(run.text) else 0


def _has_figures(table: Table) -> bool:
    """Whether a table could be one of the form's: figures, dashes or blanks, and no calendar or index card."""
    texts = [cell.text for cell in table.cells]
    if len(texts) < 4 or sorted("".join(texts[:7])) == _WEEK:
        return False
    figures = sum(1 for text in texts if _FIGURE.fullmatch(text))
    blanks = texts.count("")
    is_small_form = figures > 0 and len(texts) <= 12
    return figures * 4 >= len(texts) or (blanks * 2 >= len(texts) and table.rows >= 3) or is_small_form


def _around(flow: Flow, totals: list[_Weight]) -> set[int]:
    """Frames that their name marks as navigation, footer and the like, unless much of the page stands in them."""
    asked = {0}
    found: set[int] = set()
    for piece in flow.pieces:
        index = piece.frame
        if isinstance(piece, Run) and piece.linked * 2 > len(piece.text):
            continue
        while index not in asked:
            asked.add(index)
            is_big = totals[index].tables or totals[index].prose * 3 > totals[0].prose
            if not is_big and _is_named_around(flow.frames[index]):
                found.add(index)
            index = flow.frames[index].parent
    return found


def _is_named_around(frame: Frame) -> bool:
    return frame.node.tag in _AROUND_TAGS or bool(_AROUND_NAMES.search(_names(frame)))


def _names(frame: Frame) -> str:
    attributes = frame.node.attributes
    return f"{attributes.get('id') or ''} {attributes.get('class') or ''}"


def _is_named_body(frame: Frame) -> bool:
    return frame.node.tag == "ucapcontent" or bool(_BODY_NAMES.search(_names(frame)))


def _main_frame(flow: Flow, totals: list[_Weight], around: set[int]) -> int:
    """Down from the body as long as one frame keeps everything; then the last that is named like an article."""
    if not totals[0].prose and not totals[0].tables:
        return _main_frame_by_name(flow, around)
    children = _children(flow.frames)
    main = named = 0
    least = totals[0].prose * (1 - _TOLERATED_LOSS)
    while True:
        inner = [
            child
            for child in children.get(main, ())
            if totals[child].tables == totals[0].tables and totals[child].prose >= least
        ]
        if not inner:
            return named or main
        main = inner[0]
        if _is_named_body(flow.frames[main]):
            named = main


def _main_frame_by_name(flow: Flow, around: set[int]) -> int:
    """Of a page without sentences and figures: the innermost article container in which anything stands."""
    filled = {piece.frame for piece in flow.pieces} | {link.frame for link in flow.links}
    ignored = below(flow.frames, around)
    for index in sorted(filled - ignored, reverse=True):
        while index:
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
    found: set[int] = set()
    for index, frame in enumerate(frames):
        if index in roots or (index and frame.parent in found):
            found.add(index)
    return found


def _menus(flow: Flow, inside: set[int]) -> set[int]:
    """Frames of the content that hold nothing but four links or more, none of them to a file."""
    runs: dict[int, list[bool]] = {}
    for piece in flow.pieces:
        if piece.frame in inside:
            is_link = isinstance(piece, Run) and piece.linked * 10 >= len(piece.text) * 8
            runs.setdefault(piece.frame, []).append(is_link)
    menus = {frame for frame, links in runs.items() if len(links) >= 4 and all(links)}
    return menus - {link.frame for link in flow.links if is_file(link.address)}


def _without_menus(pieces: Sequence[Piece]) -> list[Piece]:
    """The surroundings without bare links, but with the links of the line that says where in the portal the page is."""
    kept: list[Piece] = []
    place: Run | None = None
    for piece in pieces:
        if isinstance(piece, Table):
            kept.append(piece)
            continue
        is_link = piece.linked * 10 >= len(piece.text) * 8
        if _PLACE.search(piece.text) and not is_link:
            place = Run(piece.text, piece.node, piece.frame, piece.linked, piece.level)
            kept.append(place)
        elif is_link and place is not None:
            place.text += f" > {piece.text}" if place.text[-1] not in ":：>" else f" {piece.text}"
        elif not is_link:
            place = None
            kept.append(piece)
    return kept

