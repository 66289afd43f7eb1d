"""Bytes to text, whatever was declared: BOM, strict UTF-8, then the reading with the most common characters.

Declarations (HTTP header, meta tag) only break ties: portals declare gb2312 and send UTF-8, or the reverse. `gb2312`
and `gbk` are read as GB18030, which contains both.
"""

import codecs
import re
from functools import cache
from typing import Literal

from msgspec import Struct

Charset = Literal["utf-8", "gb18030", "big5", "utf-16-le", "utf-16-be"]

_SAMPLED = 2000
_SNIPPET = 64
_MENDED = 20
_META_REACH = 1 << 16
_BOMS: tuple[tuple[bytes, Charset], ...] = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
_NAMES: dict[str, tuple[Charset, ...]] = {
    **dict.fromkeys(("utf-8", "utf8", "unicode-1-1-utf-8"), ("utf-8",)),
    **dict.fromkeys(
        ("gb2312", "gbk", "gb18030", "x-gbk", "gb_2312-80", "gb_2312", "cp936", "ms936", "euc-cn", "hz-gb-2312"),
        ("gb18030",),
    ),
    **dict.fromkeys(("big5", "big5-hkscs", "x-x-big5", "cp950", "big-5"), ("big5",)),
    **dict.fromkeys(("utf-16", "utf-16le", "utf-16be", "unicode", "ucs-2"), ("utf-16-le", "utf-16-be")),
}
_CODECS: dict[Charset, str] = {"big5": "big5hkscs"}
_DECLARATION = re.compile(
    rb"""<meta\b[^>]{0,400}?charset\s*=\s*["']?\s*([\w.:-]+)|<\?xml\b[^>]{0,200}?encoding\s*=\s*["']([\w.:-]+)""",
    re.IGNORECASE,
)
_BEYOND_ASCII = re.compile(rb"(?:[\x80-\xff][\0-\xff]?)+")
_FOREIGN = re.compile("[\u0100-\u07ff]")  # Greek to Arabic: what a few GBK characters look like as UTF-8
_FREQUENT = frozenset(
    "的一是在不了有和人这中大为上个国我以要时来用们生到作地于出就分对成会可主发年动同工也能下过子产种面方后多定行学法所"
    "民得经十三之进等部度家电力如水化高自二理起小物现实加量都两体制机当使点从业本去性好应开合还因由其前外天政四日社义事"
    "平相全表间与关各重新内数正心明原利质气第向道条只没结解问意建月公无系情者最立通并提题党程展五员位入常文总次品式设及"
    "管特件长求基资级少统接知较将组见计期运农指几九区强放决西被任取据处南给保治北规领七海东增济受联认六共权收证改清采转"
    "更单安场车务具万每目至达议报完类八名确科信节整元今集众广记需研律商律非委技备办省列支历市除构府称准号划选标存查江按"
    "格置专育识适属住调满县局参引该价严请镇街申予复答织益网站督诉讼费项值村乡厅室"
    "這個們來為國對時會說學發動過種後經當點從業應還體機實現無與關間樣題開產條東長問頭報進電話門將總計資請鎮區縣務辦網覽號"
    "負責論議統處讓聯絡績達選區準備個類別網頁專線設質規範確認單獨領導層級訊織"
    "，。、；：（）《》“”？！　·—…％〔〕【】０１２３４５６７８９"
)


class Decoded(Struct, frozen=True):
    """A text and how it was read.

    `replaced` counts characters that could not be read: they stand as U+FFFD in the text, but for a last one cut off by
    a truncated download, which is left out. `was_declared_wrongly`: header or meta tag name a charset that is not it.
    """

    text: str
    charset: Charset
    was_declared_wrongly: bool
    replaced: int

    def utf8(self, body: bytes) -> bytes:
        """The text in UTF-8; the bytes that it was read from, `body`, where they are just that."""
        is_just_that = self.charset == "utf-8" and not self.replaced
        return body.removeprefix(codecs.BOM_UTF8) if is_just_that else self.text.encode()


def decode(body: bytes, declared: str | None = None) -> Decoded:
    """The text of a page or text file. `declared`, the charset of the HTTP header if any, never beats the bytes."""
    declarations = [name for name in (declared, declaration_in(body)) if name]
    text, charset, replaced = (
        _by_bom(body) or _as_utf8(body) or _as_bare_utf16(body) or _by_common_characters(body, declarations)
    )
    wrongly = not body.isascii() and any(charset not in _charsets_named(name) for name in declarations)
    return Decoded(text, charset, wrongly, replaced)


def declaration_in(body: bytes) -> str | None:
    """The charset that a meta tag or XML prolog names, as written; None where there is none."""
    match = _DECLARATION.search(body, 0, _META_REACH)
    return (match[1] or match[2]).decode("ascii", "replace") if match else None


_Reading = tuple[str, Charset, int]


def _charsets_named(name: str) -> tuple[Charset, ...]:
    return _NAMES.get(name.strip(" \"'").lower(), ())


def _by_bom(body: bytes) -> _Reading | None:
    for bom, charset in _BOMS:
        if body.startswith(bom):
            if charset == "utf-8":
                return _as_utf8(body[len(bom) :])  # some servers put a BOM before a GBK page: then the bytes decide
            return _read_as(body[len(bom) :], charset)
    return None


def _as_utf8(body: bytes) -> _Reading | None:
    """Strict UTF-8, but for a last character that the end of the body cuts."""
    decoder = codecs.getincrementaldecoder("utf-8")("strict")
    try:
        text = decoder.decode(body)
    except UnicodeDecodeError:
        return None
    is_cut = bool(decoder.getstate()[0])
    looks_foreign = len(body) <= _SNIPPET and bool(_FOREIGN.search(text)) and max(text) < "\u0800"
    is_doubtful = "\0" in text[:_SNIPPET] or looks_foreign
    return None if is_doubtful else (text, "utf-8", int(is_cut))


def _as_bare_utf16(body: bytes) -> _Reading | None:
    """UTF-16 without a BOM shows by the zero halves of its markup and digits."""
    head = body[:512]
    for charset, zeros in (("utf-16-le", head[1::2]), ("utf-16-be", head[::2])):
        if head and zeros.count(0) * 5 > len(zeros):
            return _read_as(body, "utf-16-le" if charset == "utf-16-le" else "utf-16-be")
    return None


def _by_common_characters(body: bytes, declarations: list[str]) -> _Reading:
    body = body.removeprefix(codecs.BOM_UTF8)
    named = {charset for name in declarations for charset in _charsets_named(name)}
    sample = _sample(body)
    candidates: tuple[Charset, ...] = ("gb18030", "utf-8", "big5")
    texts = {charset: sample.decode(_CODECS.get(charset, charset), "replace") for charset in candidates}
    shares = {charset: round(_commonness(text), 2) for charset, text in texts.items()}
    return _read_as(body, max(candidates, key=lambda charset: (shares[charset], charset in named)))


def _sample(body: bytes) -> bytes:
    """The first characters beyond ASCII, wherever they stand: kilobytes of script may come first."""
    parts: list[bytes] = []
    size = 0
    for match in _BEYOND_ASCII.finditer(body):
        parts.append(match[0][:_SAMPLED])
        size += len(parts[-1])
        if size > _SAMPLED:
            break
    return b"".join(parts)


def _read_as(body: bytes, charset: Charset) -> _Reading:
    text, is_cut = _decoded(body, _CODECS.get(charset, charset), mended=0 if charset.startswith("utf") else _MENDED)
    own = body.count("\ufffd".encode()) if charset == "utf-8" else 0
    return text.removeprefix("\ufeff"), charset, text.count("\ufffd") - own + is_cut


def _decoded(body: bytes, codec: str, mended: int) -> tuple[str, bool]:
    """The text, and whether the end of the body cuts its last character.

    After a bad byte a decoder may take the second halves of characters for first ones, up to the next ASCII character.
    Of the two ways to go on the one with the more common characters is taken, for the first `mended` bad bytes.
    """
    start, text = 0, ""
    for _ in range(mended):
        decoder = codecs.getincrementaldecoder(codec)("strict")
        try:
            return text + decoder.decode(body[start:]), bool(decoder.getstate()[0])
        except UnicodeDecodeError as error:
            bad = start + error.start
            text += body[start:bad].decode(codec) + "\ufffd"
            ahead = [_commonness(body[bad + skip : bad + skip + 40].decode(codec, "ignore")) for skip in (1, 2)]
            start = bad + (2 if ahead[1] > ahead[0] else 1)
    decoder = codecs.getincrementaldecoder(codec)("replace")
    return text + decoder.decode(body[start:]), bool(decoder.getstate()[0])


def _commonness(text: str) -> float:
    """Mean weight of the characters beyond ASCII: 1 for the most frequent of Chinese prose, ½ for the common planes of
    GB2312 and Big5, 0 for the rest, among which a wrong charset lands."""
    sample = re.sub(r"[\0-\x7f]+", "", text)
    everyday = _everyday()
    weight = sum(2 if sign in _FREQUENT else sign in everyday for sign in sample)
    return weight / (2 * len(sample)) if sample else 0.0


@cache
def _everyday() -> frozenset[str]:
    """Level 1 of GB2312 (3755 characters, rows 16 to 55) and of Big5 (5401, A440 to C67E): each standard's own list."""
    simplified = bytes(byte for row in range(0xB0, 0xD8) for cell in range(0xA1, 0xFF) for byte in (row, cell))
    traditional = bytes(
        byte
        for row in range(0xA4, 0xC7)
        for cell in (*range(0x40, 0x7F), *range(0xA1, 0xFF))
        for byte in (row, cell)
    )
    return frozenset(simplified.decode("gb2312", "ignore") + traditional.decode("big5", "ignore")) - {"\ufffd"}
