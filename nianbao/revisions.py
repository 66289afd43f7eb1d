"""Which readings are one report, and which of its revisions is the latest: identity, decided purely.

A report is one body's one year. Page, mobile twin and attachments are its sources. `report_id` names a revision by
canonical address, member and content digest, so neither parser version nor fetch order enters it. Two addresses that
give the same body's same year different figures stay two reports: the better documented one is the latest, the other
is kept as superseded, and a finding on the latest says so.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from urllib.parse import urlsplit

import msgspec
from msgspec import Struct

from nianbao.heads import Head, digest_of
from nianbao.organizations import org_id_of, org_id_of_unknown
from nianbao.parsed import DocumentKey
from parsers.report import CellKey, Finding, Value, finding

MOBILE_PAGE = re.compile(r"/mpost_(?=\d)")
"""The mobile twin of a Guangdong NFCMS page: `mpost_N.html` beside `post_N.html`."""

ADDRESSES_KEPT = 50_000
"""Addresses whose canonical form is kept while identity is decided: each is asked for several times."""

CELLS_TOLD = 3
"""Cells that the message of a disagreement names; the finding has them all."""

FiguresOf = Callable[["Reading"], Mapping[CellKey, Value]]
"""The cells of a reading that have a value."""


class Reading(Struct, frozen=True):
    """A report in an archived document, with where and when the document was seen (ISO times, UTC).

    `within` is the division of the portal, `attachment_of` the page that links to the document, `pictures` the addresses
    of the pictures that a page shows.
    """

    head: Head
    portal: str
    channel: str | None
    url: str
    attachment_of: str | None
    within: str | None
    sha256: str
    first_seen: str
    last_seen: str
    pictures: tuple[str, ...] = ()
    pictures_digest: str = ""

    @property
    def document(self) -> DocumentKey:
        """The parse that the head is from."""
        return self.sha256, self.url, self.within or "", self.pictures_digest


class Revision(Struct, frozen=True):
    """One revision of a report: the reading its figures come from, all its sources, and what identity found."""

    report_id: str
    org_id: str
    reading: Reading
    sources: tuple[str, ...]
    is_latest: bool
    first_seen: str
    findings: tuple[Finding, ...] = ()

    @property
    def year(self) -> int:
        """The partition: the year reported on, 0 where it is unknown."""
        return self.reading.head.year or 0


@lru_cache(ADDRESSES_KEPT)
def canonical_address(url: str) -> str:
    """The address under which http and https, www and bare host, page and mobile twin are one."""
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.")
    port = f":{parts.port}" if parts.port not in {None, 80, 443} else ""
    path = MOBILE_PAGE.sub("/post_", parts.path or "/")
    query = f"?{parts.query}" if parts.query else ""
    return f"//{host}{port}{path}{query}" if host else url


def report_id(url: str, member: str | None, digest: str) -> str:
    """The name of a revision: 16 hex digits."""
    return digest_of([canonical_address(url), member or "", digest])[:16]


def revisions(readings: Iterable[Reading], figures_of: FiguresOf) -> tuple[Revision, ...]:
    """Every revision of every report among the readings, in stable order; exactly one per report is the latest.

    `figures_of` gives the cells of a reading that have a value; it is asked only where two addresses give one body's
    one year different figures, to tell a poorer copy from a contradiction.
    """
    canonical_address.cache_clear()
    reports = [reading for reading in readings if reading.head.status in {"ok", "partial"}]
    groups: dict[tuple[str, int, str], list[Reading]] = defaultdict(list)
    for reading in _inherit_front_matter(reports):
        groups[_identity(reading)].append(reading)
    found = tuple(each for key in sorted(groups) for each in _revisions_of(key[0], groups[key], figures_of))
    namesakes = _namesakes(found)
    return tuple(_with_division_doubt(_with_doubts(revision, namesakes)) for revision in found)


def _identity(reading: Reading) -> tuple[str, int, str]:
    """Body and year; where either is unknown, the address too, for nothing else says that two such are one."""
    head = reading.head
    address = f"{canonical_address(reading.url)}!/{head.member or ''}"
    if head.organization is None:
        return org_id_of_unknown(reading.portal, address), head.year or 0, address
    body = org_id_of(head.body_name, head.division_code, head.year, reading.portal)
    return (body, head.year, "") if head.year is not None else (body, 0, address)


def _revisions_of(body: str, readings: Sequence[Reading], figures_of: FiguresOf) -> list[Revision]:
    """The revisions of one report: its latest, rivals at other addresses, and what each address said before."""
    if len(readings) == 1:
        return [_only(body, readings[0])]
    current = _current(readings)
    best = _preferred(current)
    apart = [reading for reading in current if not _agree(reading, best, figures_of)]
    rivals = [reading for reading in apart if _article(reading) != _article(best)]
    same = [reading for reading in current if reading not in rivals]
    latest = Revision(
        report_id=_id_of(best),
        org_id=body,
        reading=best,
        sources=tuple(sorted({source for reading in same for source in _sources(reading)})),
        is_latest=True,
        first_seen=_first_seen(readings, _id_of(best)),
        findings=tuple(_disagreement(each, best, figures_of) for each in _distinct(apart) if each.head.figures or each in rivals),
    )
    kept = {_id_of(reading) for reading in same}
    older = [reading for reading in readings if reading not in current and reading.head.figures]
    superseded = _distinct([*rivals, *older])
    return [latest] + [
        Revision(_id_of(reading), body, reading, _sources(reading), False, _first_seen(readings, _id_of(reading)))
        for reading in superseded
        if _id_of(reading) not in kept
    ]


def _only(body: str, reading: Reading) -> Revision:
    """The revision of a report that was seen once, as most are."""
    return Revision(_id_of(reading), body, reading, _sources(reading), True, reading.first_seen)


def _sources(reading: Reading) -> tuple[str, ...]:
    """The address, with the member where it stands in an archive, and those of the pictures that a page shows."""
    source = f"{reading.url}!/{reading.head.member}" if reading.head.member else reading.url
    return tuple(sorted((source, *reading.pictures)))


def _namesakes(found: Sequence[Revision]) -> dict[str, set[str]]:
    """The identifiers that bodies of one normalised name have, by that name."""
    names: dict[str, set[str]] = defaultdict(set)
    for revision in found:
        head = revision.reading.head
        if head.organization is not None:
            names[head.body_name].add(revision.org_id)
    return names


def _with_doubts(revision: Revision, namesakes: Mapping[str, set[str]]) -> Revision:
    """The revision with a finding where nothing but its address or portal says whose or which year's report it is."""
    head = revision.reading.head
    if not revision.is_latest or (head.organization and head.year and head.division_code):
        return revision
    unread = [word for word, value in (("body", head.organization), ("year", head.year)) if value is None]
    others = sorted(namesakes.get(head.body_name, set()) - {revision.org_id}) if not head.division_code else []
    if not unread and not others:
        return revision
    doubt = finding(
        "IDENTITY_UNCERTAIN",
        f"not read: {', '.join(unread)}" if unread else f"the same name without a division: {', '.join(others)}",
        f"未能识别：{'、'.join({'body': '机关', 'year': '年度'}[word] for word in unread)}"
        if unread
        else f"区划不明，另有同名机关：{'、'.join(others)}",
    )
    return msgspec.structs.replace(revision, findings=(*revision.findings, doubt))


def _with_division_doubt(revision: Revision) -> Revision:
    doubt = revision.reading.head.division_doubt if revision.is_latest else None
    return msgspec.structs.replace(revision, findings=(*revision.findings, doubt)) if doubt else revision


def _current(readings: Sequence[Reading]) -> list[Reading]:
    """The newest reading of each address."""
    newest: dict[tuple[str, str], Reading] = {}
    for reading in sorted(readings, key=lambda each: (each.last_seen, each.sha256)):
        newest[(reading.url, reading.head.member or "")] = reading
    return list(newest.values())


def _preferred(current: Sequence[Reading]) -> Reading:
    """The reading to take figures from: figures at all, later publication where every article says its date, fuller
    reading, page before attachment and mobile twin, and last the later address. When something was fetched does not
    count."""
    published: dict[str, str] = {}
    for reading in current:
        published[_article(reading)] = max(published.get(_article(reading), ""), reading.head.published or "")
    ordered = sorted(current, key=lambda reading: (_natural(reading.url), reading.head.member or ""), reverse=True)
    ordered.sort(key=_completeness)
    if all(published.values()):
        ordered.sort(key=lambda reading: published[_article(reading)], reverse=True)
    ordered.sort(key=lambda reading: reading.head.figures == 0)
    return ordered[0]


def _completeness(reading: Reading) -> tuple[bool, int, bool, bool, bool]:
    return (
        reading.head.status != "ok",
        -reading.head.figures,
        reading.attachment_of is not None,
        MOBILE_PAGE.search(reading.url) is not None,
        not reading.url.startswith("https:"),
    )


def _agree(reading: Reading, best: Reading, figures_of: FiguresOf) -> bool:
    """Whether two readings are of the same figures, one perhaps of fewer: most cells in common, none different."""
    if reading is best or reading.head.figures_digest == best.head.figures_digest != "":
        return True
    if not reading.head.figures or not best.head.figures:
        return False
    one, other = figures_of(reading), figures_of(best)
    common = one.keys() & other.keys()
    return 2 * len(common) >= min(len(one), len(other)) and all(one[key] == other[key] for key in common)


def _disagreement(other: Reading, best: Reading, figures_of: FiguresOf) -> Finding:
    """What another source of the report says otherwise, cell by cell: its page, an attachment, another address."""
    identifier = _id_of(other)
    theirs, ours = (figures_of(other), figures_of(best)) if other.head.figures and best.head.figures else ({}, {})
    cells = tuple(key for key in ours if key in theirs and ours[key] != theirs[key])
    told = [f"{'/'.join(key)} {theirs[key]} instead of {ours[key]}" for key in cells[:CELLS_TOLD]]
    told_zh = [f"{'/'.join(key)} 为 {theirs[key]}，而非 {ours[key]}" for key in cells[:CELLS_TOLD]]
    more = [f"… ({len(cells)})"] if len(cells) > CELLS_TOLD else []
    return finding(
        "DUPLICATE_REPORT",
        f"{other.url} gives the same body and year other figures than {best.url} does (revision {identifier})"
        + (f": {'; '.join([*told, *more])}" if told else ""),
        f"{other.url} 与 {best.url} 为同一机关同一年度给出不同内容（版本 {identifier}）"
        + (f"：{'；'.join([*told_zh, *more])}" if told else ""),
        cells,
    )


def _inherit_front_matter(readings: Sequence[Reading]) -> list[Reading]:
    """A page's only attachment that does not say whose report it is takes that from the page."""
    pages = {
        (reading.portal, reading.url): reading for reading in _current([r for r in readings if not r.attachment_of])
    }
    nameless: dict[tuple[str, str], set[str]] = defaultdict(set)
    for reading in readings:
        if reading.attachment_of and (reading.head.organization is None or reading.head.year is None):
            nameless[(reading.portal, reading.attachment_of)].add(reading.url)

    def complete(reading: Reading) -> Reading:
        page_key = (reading.portal, reading.attachment_of or "")
        page = pages.get(page_key)
        if page is None or nameless.get(page_key) not in (None, {reading.url}):
            return reading
        return msgspec.structs.replace(reading, head=_completed(reading.head, page.head))

    return [complete(reading) if reading.attachment_of else reading for reading in readings]


def _completed(head: Head, page: Head) -> Head:
    """The head with what it lacks taken from its page, as long as the two do not name different bodies or years."""
    if head.organization not in (None, page.organization) or head.year not in (None, page.year):
        return head
    named = head.organization is not None
    return msgspec.structs.replace(
        head,
        organization=head.organization or page.organization,
        division_code=head.division_code if named else page.division_code,
        body_name=head.body_name if named else page.body_name,
        division_doubt=head.division_doubt if named else page.division_doubt,
        level=head.level if named else page.level,
        kind=head.kind if named else page.kind,
        year=head.year or page.year,
        title=head.title or page.title,
        published=head.published or page.published,
    )


def _article(reading: Reading) -> str:
    return canonical_address(reading.attachment_of or reading.url)


def _id_of(reading: Reading) -> str:
    return report_id(reading.url, reading.head.member, reading.head.content_digest)


def _distinct(readings: Iterable[Reading]) -> list[Reading]:
    """One reading of each revision, the newest, in the order of their identifiers."""
    newest = {_id_of(reading): reading for reading in sorted(readings, key=lambda each: each.last_seen)}
    return [newest[key] for key in sorted(newest)]


def _first_seen(readings: Sequence[Reading], identifier: str) -> str:
    return min(reading.first_seen for reading in readings if _id_of(reading) == identifier)


def _natural(text: str) -> tuple[tuple[int, str], ...]:
    """A sort key in which post_10 comes after post_9."""
    return tuple((int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"(\d+)", text))
