"""From the address of a website to a portal TOML: `crawler.discovery.discover` with what only the parsers know, in words."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from ipaddress import ip_address
from urllib.parse import urlsplit

from msgspec import Struct

from crawler.address import is_web, resolve
from crawler.discovery.discover import Discovery, discover
from crawler.discovery.draft import toml_of
from crawler.discovery.survey import visit
from crawler.leads import OnEvent
from crawler.portal import Portal
from nianbao.errors import UsageError
from nianbao.voice import Language, Voice
from parsers import charset, divisions

POLITE_SECONDS = 3.0
MOST_TITLES = 100
MAJORITY = 0.6
"""Share of the titles that have to begin with one division before the portal is taken to be its."""


class Draft(Struct, frozen=True):
    """What a search came to: the TOML, None where no column was found; `is_cut_short`: the site stopped answering."""

    toml: str | None
    is_cut_short: bool


def draft(address: str, voice: Voice, *, allow_private: bool) -> Draft:
    """Searches the website and says on the way what it looks at. Raises UsageError for what is no web address."""
    url = web_address(address)
    delay = 0.0 if allow_private and is_this_machine(url) else POLITE_SECONDS
    found = asyncio.run(
        discover(
            url,
            decode=decoded,
            allow_private_addresses=allow_private,
            delay_seconds=delay,
            on_event=told(voice),
        )
    )
    if not found.columns:
        tell_nothing(found, voice)
        return Draft(None, is_cut_short=found.obstacle is not None)
    code, note = division_of(found.names, found.identity, [link.title for link in found.reports], voice.language)
    toml = toml_of(
        found,
        day=datetime.now(UTC).date().isoformat(),
        division=code,
        division_note=note,
        delay_seconds=delay,
        is_private=allow_private,
        language=voice.language,
    )
    voice.say("columns_found", url=found.url, columns=len(found.columns), reports=len(found.reports), family=found.family)
    return Draft(toml, is_cut_short=found.obstacle is not None)


def answers(portal: Portal, voice: Voice) -> bool:
    """Asks a portal's channels for their lists, and says whether reports stand in all of them."""
    seen = asyncio.run(visit(portal, decode=decoded, on_event=told(voice)))
    for column in seen.columns:
        voice.say("channel_works", portal=portal.key, url=column.url, reports=len(column.reports))
    reasons = {looked.url: f"{looked.outcome} {looked.reason}".strip() for looked in seen.looked if looked.outcome != "stored"}
    for url in seen.silent:
        voice.say("channel_silent", portal=portal.key, url=url, reason=reasons.get(url, "no report is listed"))
    return not seen.silent


def decoded(body: bytes, declared: str | None) -> str:
    """Text by the parsers' rule for charsets."""
    return charset.decode(body, declared).text


def told(voice: Voice) -> OnEvent:
    """The pages that are looked at, as lines for people."""

    def listen(name: str, fields: Mapping[str, object]) -> None:
        if name == "looked":
            voice.say("looked_at", **fields)

    return listen


def web_address(address: str) -> str:
    """The address as it will be asked; a bare host name gets `http://`, from which portals redirect."""
    named = address if "://" in address else f"http://{address}"
    url = resolve(named, "")
    if url is None or not is_web(url) or not urlsplit(url).hostname:
        raise UsageError(f"{address}: no http or https address")
    return url


def is_this_machine(url: str) -> bool:
    """Whether the address is of loopback, where nobody else has to be spared."""
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def tell_nothing(found: Discovery, voice: Voice) -> None:
    """Why there is no TOML: what stood in the way, or what was looked at in vain."""
    if found.obstacle is not None:
        voice.say("discovery_stopped", url=found.obstacle.url, outcome=found.obstacle.outcome, reason=found.obstacle.reason)
        if "private address" in found.obstacle.reason:
            voice.say("private_refused", url=found.obstacle.url)
        return
    voice.say("no_column", url=found.url, pages=len(found.looked))
    for address in found.foreign[:10]:
        voice.say("column_elsewhere", url=address)


NOTES: dict[str, tuple[str, str]] = {
    "name": ("{division}，据名称“{name}”", "{division}, after the name {name}"),
    "but": ("；但网站标识码以 {code} 开头", "; but the site's number begins with {code}"),
    "number": ("据网站标识码 {number}，请核对", "after the site's number {number}; please check"),
    "central": ("无，据网站标识码属中央国家机关", "none, the site's number is that of a body of the central government"),
    "titles": ("据年报标题，请核对", "after the titles of its reports; please check"),
    "unknown": ("六位代码；不知“{name}”属哪个行政区划", "six digits; no division is known for {name}"),
    "nameless": ("六位代码；网站没有名称", "six digits; no division is known for a site without a name"),
}
"""What the code of a division rests on."""


def division_of(
    names: Sequence[str], identity: str | None, titles: Sequence[str], language: Language = "en"
) -> tuple[str | None, str]:
    """The code of the division that a site belongs to with what it rests on, or None with the reason: by its name,
    else by its number in the register of government websites, else by what most of its reports begin with."""

    def note(key: str, **values: object) -> str:
        return NOTES[key][0 if language == "zh" else 1].format(**values)

    six = identity[:6] if identity and identity[:6].isdecimal() and divisions.is_division(identity[:6]) else None
    for name in names:
        match = divisions.lookup(name, None)
        if match is not None and not match.is_hint:
            doubt = note("but", code=six) if six and six != match.code else ""
            return match.code, note("name", division=match.name, name=name) + doubt
    if six:
        return six, note("number", number=identity)
    if identity and identity.lower().startswith("bm"):
        return None, note("central")
    if code := division_in(titles):
        return code, note("titles")
    return None, note("unknown", name=names[0]) if names else note("nameless")


def division_in(titles: Sequence[str]) -> str | None:
    """The division that most titles begin with."""
    matches = [divisions.lookup(title, None) for title in titles[:MOST_TITLES]]
    codes = Counter(match.code for match in matches if match is not None and not match.is_hint)
    code, count = codes.most_common(1)[0] if codes else (None, 0)
    return code if count >= MAJORITY * len(matches) else None
