"""Data in pages: JSON as portals send it, and the JavaScript literals in which a shell page carries its settings.

Neither is ever strict: byte-order marks, JSONP wrappers, raw newlines in strings, unquoted keys, single quotes. Pure;
what cannot be read is None.
"""

import json
import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from html import unescape
from itertools import islice

from crawler.address import is_web, resolve
from crawler.listing import Link
from crawler.lists.markup import iso_date, squeezed

CALLBACK = re.compile(r"[\w$.]{1,80}\s*\(")
TOKEN = re.compile(
    r"(?:\s|//[^\n]*+|/\*(?s:.*?)\*/)*+"
    r"""(?:"(?P<double>[^"\\]*+(?:\\(?s:.)[^"\\]*+)*+)"|'(?P<single>[^'\\]*+(?:\\(?s:.)[^'\\]*+)*+)'"""
    r"|(?P<number>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(?P<word>[A-Za-z_$][\w$]*)|(?P<mark>[{}\[\],:]))"
)
ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|((?s:.)))")
LETTERS = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", "v": "\v", "0": "\0"}
WORDS = {"true": True, "false": False}
MARKUP = re.compile(r"<[^<>]*>")
EPOCH = re.compile(r"(\d{9,10})(?:\d{3})?(?:\.\d+)?")
CHINA = timedelta(hours=8)
MAX_MENTIONS = 20
MAX_LEVELS = 60
MAX_TEXT = 5000
MAX_DIGITS = 15
MAX_NUMBER = 300
"""Digits of the longest number that is read as one."""


class Unreadable(ValueError):
    """The text is no literal from here on."""


def json_of(text: str) -> object:
    """The value of a JSON or JSONP answer, None where it is neither."""
    text = text.lstrip("\ufeff \t\r\n").rstrip(" \t\r\n;")
    wrapper = CALLBACK.match(text)
    if wrapper and text.endswith(")"):
        text = text[wrapper.end() : -1]
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return None


def literal_after(text: str, name: str) -> object:
    """The value that a script gives to `name` (`name: …`, `"name": …`, `name = …`), at its first readable place."""
    mentions = re.finditer(rf"(?<![\w$-])[\"']?{re.escape(name)}[\"']?\s*[:=](?!=)", text)
    for match in islice(mentions, MAX_MENTIONS):
        try:
            return Reader(text, match.end()).value(0)
        except Unreadable:
            continue
    return None


class Reader:
    """Reads one literal from a place in a text; a function call or any other expression is Unreadable."""

    def __init__(self, text: str, place: int) -> None:
        self._text = text
        self._place = place
        self._token = self._next()

    def value(self, level: int) -> object:
        """The value that begins here."""
        token = self._token
        if level > MAX_LEVELS:
            raise Unreadable("nested too deeply")
        if token["mark"] == "{":
            return self._members(level)
        if token["mark"] == "[":
            return self._elements(level)
        if token["mark"]:
            raise Unreadable(token["mark"])
        return scalar(token)

    def _next(self) -> re.Match[str]:
        token = TOKEN.match(self._text, self._place)
        if token is None:
            raise Unreadable("no token")
        self._place = token.end()
        return token

    def _advance(self) -> str | None:
        self._token = self._next()
        return self._token["mark"]

    def _members(self, level: int) -> dict[str, object]:
        members: dict[str, object] = {}
        while self._advance() != "}":
            if self._token["mark"] == ",":
                continue
            if self._token["mark"]:
                raise Unreadable("no key")
            name = name_of(self._token)
            if self._advance() != ":":
                raise Unreadable("no colon")
            self._token = self._next()
            members[name] = self.value(level + 1)
        return members

    def _elements(self, level: int) -> list[object]:
        elements = []
        while self._advance() != "]":
            if self._token["mark"] != ",":
                elements.append(self.value(level + 1))
        return elements


def scalar(token: re.Match[str]) -> object:
    """A string, number or word."""
    if token["number"]:
        number = token["number"][:MAX_NUMBER]
        return int(number) if number.lstrip("-").isdecimal() else float(number)
    if token["word"]:
        return WORDS.get(token["word"])
    return name_of(token)


def name_of(token: re.Match[str]) -> str:
    """A quoted string without its escapes, or a bare word or number as it stands."""
    quoted = token["double"] if token["double"] is not None else token["single"]
    if quoted is None:
        return token["word"] or token["number"] or ""
    return whole(ESCAPE.sub(unescaped, quoted))


def unescaped(escape: re.Match[str]) -> str:
    """The character of an escape."""
    code, byte, letter = escape.groups()
    return chr(int(code or byte, 16)) if code or byte else LETTERS.get(letter, letter)


def whole(text: str) -> str:
    """Surrogate pairs joined; a half without its other half cannot be stored and is replaced."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def at(value: object, *path: str) -> object:
    """What stands in nested objects under the keys of a path, None where there is none."""
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def rows_at(value: object, *paths: Sequence[str]) -> tuple[dict[str, object], ...]:
    """The objects of the first path that holds a list of any."""
    for path in paths:
        found = at(value, *path)
        if rows := [row for row in found if isinstance(row, dict)] if isinstance(found, list) else []:
            return tuple(rows)
    return ()


def text_at(row: dict[str, object], *names: str) -> str:
    """The first of these members that says something, as plain text: without tags, entities and outer white space."""
    for name in names:
        value = row.get(name)
        is_text = isinstance(value, (str, int)) and not isinstance(value, bool)
        if is_text and (found := squeezed(unescape(MARKUP.sub("", whole(str(value)[:MAX_TEXT]))))):
            return found
    return ""


def number_at(value: object, *path: str) -> int | None:
    """A whole number, also one in quotes."""
    found = at(value, *path)
    if isinstance(found, str) and found.strip().isdecimal() and len(found) < MAX_DIGITS:
        return int(found)
    return found if isinstance(found, int) and not isinstance(found, bool) else None


def address_at(row: dict[str, object], base: str, *names: str) -> str | None:
    """The first of these members that is a web address on the page `base`."""
    for name in names:
        value = row.get(name)
        if isinstance(value, str) and value.strip():
            address = resolve(base, unescape(whole(value)))
            if address and is_web(address):
                return address
    return None


def link_in(
    row: dict[str, object], base: str, *, titles: Sequence[str], urls: Sequence[str], dates: Sequence[str]
) -> Link | None:
    """A row of a list as a link, by the names that its members may have; None for a row that leads nowhere."""
    address = address_at(row, base, *urls)
    if address is None:
        return None
    days = (day_of(text_at(row, name)) for name in dates)
    return Link(address, text_at(row, *titles), next((day for day in days if day), None))


def day_of(text: str) -> str | None:
    """The day of a date or of a Unix time in seconds or milliseconds, which portals mean in China's time."""
    seconds = EPOCH.fullmatch(text)
    if seconds is None:
        return iso_date(text)
    return (datetime.fromtimestamp(int(seconds.group(1)), UTC) + CHINA).date().isoformat()
