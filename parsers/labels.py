"""Normalise and compare labels: what editors do to the form's wording without changing its meaning.

Rules: `normalise_before_match` of the codebook. A normalised label has no spaces, quotes, brackets, punctuation,
enumerators or units, and is in simplified characters.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache

from rapidfuzz import fuzz

from .remembered import remembered

_DROP = re.compile(r"[\s\u00a0\u3000\u200b-\u200f\u2060\ufeff\u00ad\"'“”‘’「」『』《》〈〉＂]+")
_CIRCLED = re.compile(r"[①-⓿❶-➓]")
_UNIT = re.compile(r"[(（](?:金额)?(?:单位)?[:：]?(?:百万元|亿元|万元|千元|元|件|项|条|个|次|笔|宗|人|人次)[)）]")
_ENUMERATOR = re.compile(
    r"^(?:[(（][一二三四五六七八九十\d]{1,3}[)）]|[一二三四五六七八九十]{1,3}[、.．,，]|\d{1,2}(?:[.．、,，)）]|(?=[^\d.]))|其中[:：,，]?)"
)
_PUNCTUATION = re.compile(r"[、，,。.．:：;；·/／()（）\[\]【】|\-—_+*?？!！]")


@cache
def _converter() -> "object":
    from opencc import OpenCC

    return OpenCC("t2s")


def simplified(text: str) -> str:
    """The text in simplified characters, of the same length, so that places in it stay true."""
    if text.isascii():
        return text
    converted: str = _converter().convert(text)  # type: ignore[attr-defined]
    return converted if len(converted) == len(text) else text


@remembered(16384)
def normalise(text: str) -> str:
    """The label as it is compared. Enumerators are stripped from the front, however many stand there."""
    text = simplified(unicodedata.normalize("NFKC", _CIRCLED.sub("", _DROP.sub("", text))))
    text = _UNIT.sub("", text)
    while match := _ENUMERATOR.match(text):
        if match.end() == len(text):
            break
        text = text[match.end() :]
    return _PUNCTUATION.sub("", text)


def similarity(official: str, text: str) -> float:
    """From 0 to 1: how well a whole normalised text is the (normalised) official label."""
    return 1.0 if official == text else fuzz.ratio(official, text) / 100


def tail_similarity(official: str, text: str) -> float:
    """From 0 to 1: how well a normalised text *ends* in the official label, whatever stands before it.

    A torn label (the text is shorter) scores by what is left of it.
    """
    if text.endswith(official):
        return 1.0
    size = len(official)
    if len(text) <= max(0, size - 2):
        return fuzz.ratio(official, text, score_cutoff=40) / 100
    widths = range(max(1, size - 2), min(len(text), size + 3) + 1)
    return max(fuzz.ratio(official, text[-width:], score_cutoff=40) for width in widths) / 100


def contains(text: str, official: str, floor: float = 0.86) -> bool:
    """Whether the official label stands somewhere in the normalised text, small slips allowed for long labels."""
    if official in text:
        return True
    return len(official) >= 5 and len(text) >= len(official) - 1 and fuzz.partial_ratio(official, text) >= 100 * floor


def best(text: str, labels: Iterable[tuple[str, str]], floor: float) -> tuple[str | None, float]:
    """The key whose label the whole text resembles most, and how much; None below the floor or where two keys tie."""
    ranked = sorted(((similarity(label, text), key) for key, label in labels), reverse=True)
    if not ranked or ranked[0][0] < floor:
        return None, ranked[0][0] if ranked else 0.0
    top, key = ranked[0]
    rival = next((score for score, other in ranked if other != key), 0.0)
    return (key if top - rival > 0.02 else None), top
