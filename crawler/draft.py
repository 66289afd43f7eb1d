"""What a search found, as a portal TOML for people to read and for `nianbao run` to take as it is. Pure.

Facts stand as values, what they rest on and what is not certain as comments beside them.
"""

import json
import re
import unicodedata
from collections.abc import Iterator, Sequence

from crawler.address import host_and_port
from crawler.discover import FALLBACK, Discovery, years_of
from crawler.signposts import IS_BODY
from crawler.survey import Column

COUNTED = re.compile(r"(?:19|20)?\d{0,4}年?$|关于$|《$")
SHORTEST = 3
"""Characters of the shortest name of a place."""
WORTH_NAMING = 0.1
"""Sureness from which a family is named as another possibility."""
MAX_NAMED = 8
"""Addresses that a comment lists before it only counts."""


def toml_of(
    discovery: Discovery, *, day: str, division: str | None, division_note: str, delay_seconds: float, is_private: bool
) -> str:
    """The TOML of a search that found columns. `day`: when, for the evidence; `division_note`: what the code rests on,
    or why there is none."""
    lines = [
        f"# Written by `nianbao discover {discovery.url}` on {day} after {len(discovery.looked)} pages.",
        "# Look through it, run it with `nianbao run THIS-FILE`, then set verified = true.",
        "",
        f"name = {quoted(name_of(discovery))}",
        *division_lines(division, division_note),
        f"family = {quoted(discovery.family)}{family_note(discovery)}",
        f"evidence = {quoted(evidence_of(discovery, day))}",
        "verified = false",
        *(["allow_private_addresses = true"] if is_private else []),
        *(line for column in discovery.columns for line in channel_lines(column)),
        "",
        "[pace]",
        f"delay = {delay_seconds:.1f}{'' if delay_seconds else '  # this machine itself'}",
        "",
        *expectation_lines(discovery),
        *doubt_lines(discovery),
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
    length = next((place for place, (one, other) in enumerate(zip(first, last, strict=False)) if one != other), len(first))
    return first[:length]


def division_lines(division: str | None, note: str) -> Iterator[str]:
    """The code of the division, or the reason why it is left out."""
    if division:
        yield f"division = {quoted(division)}  # {plain(note)}"
    else:
        yield f'# division = "……": {plain(note)}'


def family_note(discovery: Discovery) -> str:
    """How sure the family is, and which others may be meant."""
    sure = discovery.sureness.get(discovery.family, 0.0)
    others = [
        f"{name} {value:.2f}"
        for name, value in discovery.sureness.items()
        if name not in (discovery.family, FALLBACK) and value >= WORTH_NAMING
    ]
    beside = f"; others: {', '.join(others[:3])}" if others else ""
    if discovery.family == FALLBACK:
        return f"  # no known system: the general family reads its lists by their structure{beside}"
    return f"  # {'sure' if sure >= 0.5 else 'not sure'}: {sure:.2f}{beside}"


def evidence_of(discovery: Discovery, day: str) -> str:
    """Where the columns were seen."""
    trails = (" → ".join((discovery.url, *column.trail)) for column in discovery.columns)
    return plain(f"Found on {day}: {'; '.join(trails)}")


def channel_lines(column: Column) -> Iterator[str]:
    """A channel, with what was seen in it."""
    years = ", ".join(f"{year}: {count}" for year, count in years_of(column.reports).items())
    seen = f"{len(column.reports)} reports seen{f' ({years})' if years else ''}"
    yield ""
    yield "[[channels]]"
    yield f"url = {quoted(column.url)}"
    if column.name:
        yield f"name = {quoted(column.name)}"
    yield f"# {seen}{'' if column.is_whole else '; its lists were not read to their end'}"
    if not column.is_own:
        yield "# This page is not called annual reports; it only lists some. A better column was not found."


def expectation_lines(discovery: Discovery) -> Iterator[str]:
    """The number of reports a year; a comment where the lists were not read whole, or show far fewer for the last year."""
    most = max(years_of(discovery.reports).values(), default=0)
    if discovery.expected is not None and 2 * discovery.expected >= most:
        yield "[expect]"
        yield f"reports_per_year = {discovery.expected}  # as many are listed for {discovery.expected_year}"
    elif discovery.expected is not None:
        yield "# [expect]"
        yield f"# reports_per_year = {most}  # as in the best year; only {discovery.expected} listed for {discovery.expected_year}"
    elif most:
        yield "# [expect]"
        yield f"# reports_per_year = {most}  # at least: so many of one year were seen, not all lists were read"


def doubt_lines(discovery: Discovery) -> Iterator[str]:
    """What the search could not settle."""
    for column in discovery.others:
        yield f"# Not taken: {plain(column.url)} ({plain(column.name)}), which the family {column.family} reads; a TOML of its own?"
    refused = [looked for looked in discovery.looked if looked.outcome in ("blocked", "failed", "refused")]
    yield from listed("# No answer of use", [f"{looked.url}: {looked.outcome}: {looked.reason}" for looked in refused])
    yield from listed("# Not looked at, more may be there", discovery.left)
    yield from listed("# On another host, not followed", discovery.foreign)


def listed(heading: str, lines: Sequence[str]) -> Iterator[str]:
    """A comment that lists a few and counts the rest."""
    if lines:
        yield f"{heading}:"
        yield from (f"#   {plain(line)}" for line in lines[:MAX_NAMED])
    if len(lines) > MAX_NAMED:
        yield f"#   … and {len(lines) - MAX_NAMED} more"


def quoted(text: str) -> str:
    """A TOML string; JSON's escapes are among TOML's."""
    return json.dumps(plain(text), ensure_ascii=False)


def plain(text: str) -> str:
    """One line without control characters and halves of characters, which neither strings nor comments of TOML bear."""
    shown = "".join(" " if unicodedata.category(letter) in ("Cc", "Cs", "Zl", "Zp") else letter for letter in text)
    return re.sub(r"\s+", " ", shown).strip()

