"""Who should have published a report on a year by when: who has, who is late, who is missing.

A body is expected from the first year of which a report of it is known. That one which never published, or was
abolished, is expected all the same cannot be told from reports: `years` shows which are at hand.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Literal

from msgspec import Struct

from nianbao.columns import Row
from nianbao.deadlines import Rule, due

Standing = Literal["missing", "not_due", "late", "undated", "on_time"]
"""`undated`: published, but no day is printed, and it was first seen after the deadline; `not_due`: not yet there."""
ORDER: tuple[Standing, ...] = ("missing", "not_due", "late", "undated", "on_time")
READ = (
    "org_id",
    "organization",
    "year",
    "kind",
    "level",
    "portal",
    "published",
    "fetched_at",
    "status",
    "url",
    "report_id",
)
"""The columns of `reports` that coverage needs."""


class Coverage(Struct, frozen=True):
    """One body and one year. `status` and what follows are those of its report, None when there is none; `days_late`
    counts from the deadline to publication; `years` are those with a report."""

    portals: str
    organization: str
    standing: Standing
    due: date
    due_rule: Rule
    published: date | None
    days_late: int | None
    status: str | None
    url: str | None
    years: str
    org_id: str
    report_id: str | None
    year: int


def coverage(
    reports: Iterable[Row], year: int, *, deadlines: Mapping[str, str] | None = None, today: date | None = None
) -> list[Coverage]:
    """Every expected body, those without a report on the year first. `reports` are rows of the table `reports`,
    `deadlines` the days that portals set for towns. Without `today` every deadline counts as past."""
    found = [
        _coverage(rows, year, deadlines or {}, today)
        for rows in _bodies(reports).values()
        if any(row["year"] and row["year"] <= year for row in rows)
    ]
    return sorted(found, key=lambda each: (ORDER.index(each.standing), each.portals, each.organization, each.org_id))


def coverage_rows(reports: Iterable[Row], deadlines: Mapping[str, str]) -> Iterable[Row]:
    """The rows of the table `coverage`: every body in every year from its first to the newest of the dataset."""
    bodies = _bodies(reports)
    newest = max((row["year"] for rows in bodies.values() for row in rows), default=0)
    for rows in bodies.values():
        first = min((row["year"] for row in rows if row["year"]), default=newest + 1)
        for year in range(first, newest + 1):
            each = _coverage(rows, year, deadlines, None)
            yield {name: getattr(each, name) for name in Coverage.__struct_fields__ if name != "years"}


def _bodies(reports: Iterable[Row]) -> dict[str, list[Row]]:
    bodies: dict[str, list[Row]] = defaultdict(list)
    for row in reports:
        if row["organization"]:
            bodies[row["org_id"]].append(row)
    return bodies


def _coverage(rows: list[Row], year: int, deadlines: Mapping[str, str], today: date | None) -> Coverage:
    latest = max(rows, key=lambda row: (row["year"], row["report_id"]))
    report = next((row for row in rows if row["year"] == year), None)
    body = report or latest
    deadline = due(year, body["kind"], body["level"], deadlines.get(body["portal"]))
    return Coverage(
        portals=", ".join(sorted({row["portal"] for row in rows})),
        organization=body["organization"],
        standing=_standing(report, deadline.day, today),
        due=deadline.day,
        due_rule=deadline.rule,
        published=report["published"] if report else None,
        days_late=_days_late(report, deadline.day),
        status=report["status"] if report else None,
        url=report["url"] if report else None,
        years=", ".join(map(str, sorted({row["year"] for row in rows if row["year"]}))),
        org_id=body["org_id"],
        report_id=report["report_id"] if report else None,
        year=year,
    )


def _standing(report: Mapping[str, Any] | None, deadline: date, today: date | None) -> Standing:
    if report is None:
        return "not_due" if today is not None and today <= deadline else "missing"
    if report["published"] is not None:
        return "on_time" if report["published"] <= deadline else "late"
    return "on_time" if report["fetched_at"].date() <= deadline else "undated"


def _days_late(report: Mapping[str, Any] | None, deadline: date) -> int | None:
    if report is None or report["published"] is None:
        return None
    published: date = report["published"]
    return max((published - deadline).days, 0)
