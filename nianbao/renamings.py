"""Bodies that may be one under two names: what division and normalised name tell apart, but years and wording do not.

A body that reports for the last time before another of nearly the same name begins, in the same division, was perhaps
renamed (镇 → 街道, 局与委 merged, 分局 → 局). Nobody publishes a list of such changes, so nothing is merged: the first report
under the later name gets a finding that names the other body.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from nianbao.revisions import Revision
from parsers.report import Finding, finding

_BRACKETS = re.compile(r"[（(][^（）()]*[）)]")
_WORDS = (
    ("管理委员会", "委"),
    ("管委会", "委"),
    ("委员会", "委"),
    ("办公室", "办"),
    ("分局", "局"),
    ("管理局", "局"),
)
_JOINTS = re.compile(r"[和与及暨、·]|管理")
_TOWN = re.compile(r"(?:民族乡|镇|乡|街道|街)(?:人民政府|政府|办事处)?$")


class Body(Struct, frozen=True):
    """A body with its latest reports in order of years."""

    org_id: str
    reports: tuple[Revision, ...]

    @property
    def first(self) -> Revision:
        return self.reports[0]

    @property
    def last(self) -> Revision:
        return self.reports[-1]


def reduced_name(body_name: str) -> str:
    """What two names of one body share: without brackets, joints (和、与、及) and the words by which offices change their
    rank; a town, township or street by its own name alone."""
    name = _BRACKETS.sub("", body_name)
    if _TOWN.search(name):
        return _TOWN.sub("~", name)
    for long, short in _WORDS:
        name = name.replace(long, short)
    return _JOINTS.sub("", name)


def perhaps_renamed(found: Iterable[Revision]) -> Iterator[tuple[Revision, Finding]]:
    """The first report of each body that may go on where another one of nearly the same name left off."""
    for bodies in _alike(found):
        for earlier in bodies:
            for later in bodies:
                if earlier.last.year < later.first.year:
                    yield later.first, _doubt(earlier)


def _alike(found: Iterable[Revision]) -> Iterator[Sequence[Body]]:
    """Bodies of one division, or of one portal, whose names are the same when reduced."""
    reports: dict[str, list[Revision]] = defaultdict(list)
    for revision in found:
        if revision.is_latest and revision.year and revision.reading.head.body_name:
            reports[revision.org_id].append(revision)
    groups: dict[tuple[str, str], list[Body]] = defaultdict(list)
    for org_id, revisions in sorted(reports.items()):
        place, _, _ = org_id.rpartition("-")
        body = Body(org_id, tuple(sorted(revisions, key=lambda each: (each.year, each.report_id))))
        groups[(place, reduced_name(body.first.reading.head.body_name))].append(body)
    yield from (bodies for bodies in groups.values() if len(bodies) > 1)


def _doubt(earlier: Body) -> Finding:
    name, year = earlier.last.reading.head.organization, earlier.last.year
    return finding(
        "ORGANIZATION_DOUBTFUL",
        f"perhaps the body that reported until {year} as {name} ({earlier.org_id})",
        f"或即{year}年度及以前的{name}（{earlier.org_id}）",
    )
