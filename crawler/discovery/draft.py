"""What a search found, as a portal TOML for people to read and for `nianbao run` to take as it is. Pure.

Facts stand as values, what they rest on and what is not certain as comments beside them.
"""

import json
import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Literal

from crawler.address import host_and_port
from crawler.discovery.discover import FALLBACK, SURE, Discovery, years_of
from crawler.discovery.signposts import IS_BODY
from crawler.discovery.survey import Column

COUNTED = re.compile(r"(?:19|20)?\d{0,4}年?$|关于$|《$")
SHORTEST = 3
"""Characters of the shortest name of a place."""
WORTH_NAMING = 0.1
"""Sureness from which a family is named as another possibility."""
MAX_NAMED = 8
"""Addresses that a comment lists before it only counts."""
Language = Literal["zh", "en"]
PHRASES: dict[str, tuple[str, str]] = {
    "written": (
        "由 `nianbao discover {url}` 于 {day} 查看 {pages} 个页面后写成。",
        "Written by `nianbao discover {url}` on {day} after {pages} pages.",
    ),
    "next": (
        "请过目，用 `nianbao portals check --online 本文件` 检查，然后改为 verified = true。",
        "Look through it, try it with `nianbao portals check --online THIS-FILE`, then set verified = true.",
    ),
    "this_machine": ("本机", "this machine itself"),
    "others": ("；或为：{names}", "; others: {names}"),
    "general": (
        "不是已知系统，由通用家族按结构读列表{others}",
        "no known system: the general family reads its lists by their structure{others}",
    ),
    "sure": ("确定：{value}{others}", "sure: {value}{others}"),
    "not_sure": ("不确定：{value}{others}", "not sure: {value}{others}"),
    "found": ("{day} 找到：{trails}", "Found on {day}: {trails}"),
    "seen": ("见到 {count} 份年报{years}", "{count} reports seen{years}"),
    "unread": ("；列表未读完", "; its lists were not read to their end"),
    "only_lists": (
        "此页不叫年报栏目，只是列有年报；没有找到更好的栏目。",
        "This page is not called annual reports; it only lists some. A better column was not found.",
    ),
    "as_many": ("{year} 年度列有这么多", "as many are listed for {year}"),
    "fewer": ("最多的一年；{year} 年度只列有 {count}", "as in the best year; only {count} listed for {year}"),
    "at_least": (
        "至少：见到一年有这么多，列表未读完",
        "at least: so many of one year were seen, not all lists were read",
    ),
    "not_taken": (
        "未列入：{url}（{label}），须由家族 {family} 读；另写一个 TOML？",
        "Not taken: {url} ({label}), which the family {family} reads; a TOML of its own?",
    ),
    "no_answer": ("没有可用的回答", "No answer of use"),
    "left": ("未查看，可能还有", "Not looked at, more may be there"),
    "foreign": ("在其他网站，未跟随", "On another host, not followed"),
    "more": ("……另有 {count} 个", "… and {count} more"),
}
"""What the comments say."""


def phrase(language: Language, name: str, **values: object) -> str:
    """A comment's words in one language, on one line."""
    chinese, english = PHRASES[name]
    return plain((chinese if language == "zh" else english).format(**values))


def toml_of(
    discovery: Discovery,
    *,
    day: str,
    division: str | None,
    division_note: str,
    delay_seconds: float,
    is_private: bool,
    language: Language = "en",
) -> str:
    """The TOML of a search that found columns. `day`: when, for the evidence; `division_note`: what the code rests on,
    or why there is none; `language`: of the comments."""
    lines = [
        f"# {phrase(language, 'written', url=discovery.url, day=day, pages=len(discovery.looked))}",
        f"# {phrase(language, 'next')}",
        "",
        f"name = {quoted(name_of(discovery))}",
        *division_lines(division, division_note),
        f"family = {quoted(discovery.family)}  # {family_note(discovery, language)}",
        f"evidence = {quoted(evidence_of(discovery, day, language))}",
        "verified = false",
        *(["allow_private_addresses = true"] if is_private else []),
        *(line for column in discovery.columns for line in channel_lines(column, language)),
        "",
        "[pace]",
        f"delay = {delay_seconds:.1f}" + ("" if delay_seconds else f"  # {phrase(language, 'this_machine')}"),
        "",
        *expectation_lines(discovery, language),
        *doubt_lines(discovery, language),
    ]
    return "\n".join(lines).rstrip() + "\n"


def name_of(discovery: Discovery) -> str:
    """The site's name: the first that is a body's, else what all its reports begin with, else the first, else its host."""
    bodies = [name for name in discovery.names if IS_BODY.search(name)]
    begins = COUNTED.sub("", shared_beginning([re.sub(r"\s", "", link.title) for link in discovery.reports]))
    shared = [begins] if len(begins) >= SHORTEST else []
    named = (plain(name) for name in (*bodies, *shared, *discovery.names))
    return next((name for name in named if name), host_and_port(discovery.url)[0])


def shared_beginning(texts: Sequence[str]) -> str:
    """What all texts begin with."""
    first, last = min(texts, default=""), max(texts, default="")
    length = next(
        (place for place, (one, other) in enumerate(zip(first, last, strict=False)) if one != other), len(first)
    )
    return first[:length]


def division_lines(division: str | None, note: str) -> Iterator[str]:
    """The code of the division, or the reason why it is left out."""
    if division:
        yield f"division = {quoted(division)}  # {plain(note)}"
    else:
        yield f'# division = "……": {plain(note)}'


def family_note(discovery: Discovery, language: Language) -> str:
    """How sure the family is, and which others may be meant."""
    sure = discovery.sureness.get(discovery.family, 0.0)
    names = [
        f"{name} {value:.2f}"
        for name, value in discovery.sureness.items()
        if name not in (discovery.family, FALLBACK) and value >= WORTH_NAMING
    ]
    others = phrase(language, "others", names=", ".join(names[:3])) if names else ""
    if discovery.family == FALLBACK:
        return phrase(language, "general", others=others)
    return phrase(language, "sure" if sure >= SURE else "not_sure", value=f"{sure:.2f}", others=others)


def evidence_of(discovery: Discovery, day: str, language: Language) -> str:
    """Where the columns were seen."""
    trails = (" → ".join((discovery.url, *column.trail)) for column in discovery.columns)
    return phrase(language, "found", day=day, trails="; ".join(trails))


def channel_lines(column: Column, language: Language) -> Iterator[str]:
    """A channel, with what was seen in it."""
    years = ", ".join(f"{year}: {count}" for year, count in years_of(column.reports).items())
    seen = phrase(language, "seen", count=len(column.reports), years=f" ({years})" if years else "")
    yield ""
    yield "[[channels]]"
    yield f"url = {quoted(column.url)}"
    if column.name:
        yield f"name = {quoted(column.name)}"
    yield f"# {seen}{'' if column.is_whole else phrase(language, 'unread')}"
    if not column.is_own:
        yield f"# {phrase(language, 'only_lists')}"


def expectation_lines(discovery: Discovery, language: Language) -> Iterator[str]:
    """The number of reports a year; a comment where the lists were not read whole, or show far fewer for the last year."""
    most = max(years_of(discovery.reports).values(), default=0)
    expected, year = discovery.expected, discovery.expected_year
    if expected is not None and 2 * expected >= most:
        yield "[expect]"
        yield f"reports_per_year = {expected}  # {phrase(language, 'as_many', year=year)}"
    elif most:
        note = (
            phrase(language, "at_least") if expected is None else phrase(language, "fewer", count=expected, year=year)
        )
        yield "# [expect]"
        yield f"# reports_per_year = {most}  # {note}"


def doubt_lines(discovery: Discovery, language: Language) -> Iterator[str]:
    """What the search could not settle."""
    for column in discovery.others:
        yield f"# {phrase(language, 'not_taken', url=column.url, label=column.name, family=column.family)}"
    refused = [looked for looked in discovery.looked if looked.outcome in ("blocked", "failed", "refused")]
    yield from listed("no_answer", [f"{looked.url}: {looked.outcome}: {looked.reason}" for looked in refused], language)
    yield from listed("left", discovery.left, language)
    yield from listed("foreign", discovery.foreign, language)


def listed(name: str, lines: Sequence[str], language: Language) -> Iterator[str]:
    """A comment that lists a few and counts the rest."""
    if lines:
        yield f"# {phrase(language, name)}:"
        yield from (f"#   {plain(line)}" for line in lines[:MAX_NAMED])
    if len(lines) > MAX_NAMED:
        yield f"#   {phrase(language, 'more', count=len(lines) - MAX_NAMED)}"


def quoted(text: str) -> str:
    """A TOML string; JSON's escapes are among TOML's."""
    return json.dumps(plain(text), ensure_ascii=False)


def plain(text: str) -> str:
    """One line without control characters and halves of characters, which neither strings nor comments of TOML bear."""
    shown = "".join(" " if unicodedata.category(letter) in ("Cc", "Cs", "Zl", "Zp") else letter for letter in text)
    return re.sub(r"\s+", " ", shown).strip()
