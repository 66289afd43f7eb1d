"""Search engines of TRS that portals use as lists: IGS and WAS5 answer in JSON, an older one in JSONP.

A shell's script names the address, with its parameters in it or in the `data` beside it. Pure.
"""

import re
from collections.abc import Iterator
from html import unescape
from itertools import islice
from urllib.parse import parse_qsl, urlencode, urlsplit

from crawler.address import is_web, resolve
from crawler.listing import Link, Listing, Page, Request
from crawler.lists.literals import json_of, link_in, literal_after, number_at
from crawler.lists.markup import MAX_ROWS, best_titles

ENGINE = re.compile(r"""["']([^"'<>\s]{0,200}?/(?:igs/front/search|was5/web/search|govsearch/)[^"'<>\s]{0,1000})["']""")
SEARCHES = re.compile(r"[?&](?:searchWord|sword|keywords?)=[^&]", re.IGNORECASE)
MAX_ENGINES = 3
MAX_MENTIONS = 50
TITLES, URLS = ("DOCTITLE", "title", "TITLE"), ("DOCPUBURL", "url", "URL", "puburl", "DOCURL")
DATES = ("DOCRELTIME", "trs_time", "dates", "date", "PUBDATE", "pubtime", "time")
COUNTERS = ("pageIndex", "pageNumber", "page")
"""Parameters that count pages."""
SIZES = ("pageSize", "prepage", "perpage")
MAX_VALUES = 20_000
NEAR = 800
"""Characters after an address within which the script names its parameters."""


def engines(text: str, base: str) -> tuple[Request, ...]:
    """What a shell asks its search engine: addresses in its scripts, the parameters in them or in the `data` beside."""
    found: dict[str, Request] = {}
    for match in islice(ENGINE.finditer(text), MAX_MENTIONS):
        address = resolve(base, unescape(match.group(1)).replace("\\/", "/"))
        if not address or not is_web(address) or SEARCHES.search(address):
            continue
        if "?" not in address:
            fields = fields_of(literal_after(text[match.end() : match.end() + NEAR], "data"))
            if not fields:
                continue
            address = f"{address}?{urlencode(fields)}"
        found.setdefault(address, Request(address))
    return tuple(found.values())[:MAX_ENGINES]


def fields_of(data: object) -> list[tuple[str, str]]:
    """The members of a script's object as parameters; an object within becomes `filter[SITEID]`."""
    fields: list[tuple[str, str]] = []
    for name, value in data.items() if isinstance(data, dict) else ():
        within = [(f"{name}[{key}]", one) for key, one in value.items()] if isinstance(value, dict) else [(name, value)]
        fields += [(key, str(one)) for key, one in within if isinstance(one, (str, int, float))]
    return fields


def answer_of(page: Page) -> Listing:
    """The rows of a search engine's answer, and the next page of it."""
    value = json_of(page.text)
    rows = next(filter(None, (links_among(rows, page.url) for rows in lists_in(value))), ())
    return Listing(rows, next_answer(page, value, len(rows)) if rows else ())


def lists_in(value: object) -> Iterator[list[object]]:
    """All lists in a nested value, outer ones first."""
    waiting = [value]
    for place in range(MAX_VALUES):
        if place >= len(waiting):
            return
        one = waiting[place]
        if isinstance(one, list):
            yield one
        waiting.extend(one.values() if isinstance(one, dict) else one if isinstance(one, list) else ())


def links_among(rows: list[object], base: str) -> tuple[Link, ...]:
    """The rows that have an address and a title; `tip` holds the members that a hint shows in JSONP answers."""
    found = []
    for row in rows[:MAX_ROWS]:
        if isinstance(row, dict):
            tip = row.get("tip")
            flat = {**tip, **row} if isinstance(tip, dict) else row
            if (link := link_in(flat, base, titles=TITLES, urls=URLS, dates=DATES)) and link.title:
                found.append(link)
    return best_titles(found)


def next_answer(page: Page, value: object, count: int) -> tuple[Request, ...]:
    """The same question with its page numbers one higher, while the total leaves rows to ask for; WAS5 counts
    its pages from 0, the others from 1."""
    asked = page.request.url if page.request else page.url
    bare, _, query = asked.partition("?")
    fields = parse_qsl(query, keep_blank_values=True)
    numbers = {name: int(text) for name, text in fields if name in COUNTERS and text.isdecimal() and len(text) < 7}
    if not numbers:
        numbers = {"pageNumber": 1} if "/igs/" in urlsplit(bare).path else {}
        fields += [(name, "1") for name in numbers]
    sizes = [int(text) for name, text in fields if name in SIZES and text.isdecimal() and 0 < len(text) < 5]
    total = number_at(value, "page", "total") or number_at(value, "total")
    first = 0 if "/was5/" in urlsplit(bare).path else 1
    done = min((number - first + 1 for number in numbers.values()), default=0) * max([1, *(sizes or [count])])
    if not numbers or (total is not None and done >= total):
        return ()
    higher = [(name, str(numbers[name] + 1) if name in numbers else text) for name, text in fields]
    return (Request(f"{bare}?{urlencode(higher)}", is_guess=total is None),)
