"""Who publishes: an identifier for each body that years, renamings of its division and portals do not change.

`org_id` = lineage of the body's division + 8 hex digits of its normalised name. The name is normalised by taking off
the divisions that it begins with, so that 广州市花都区狮岭镇人民政府 and 花都区狮岭镇人民政府 are one body, before and
after their division was renamed. Without a division the portal's key stands in.
"""

import hashlib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from msgspec import Struct

from parsers import divisions
from parsers.report import Finding, finding

NAMESAKES_NAMED = 4
GOVERNMENT = "人民政府"
"""The normalised name of every division's government."""

ABOVE = re.compile(r"^(?:[一-龥]{2,8}?(?:省|自治区|市|州|盟))+(?=[一-龥]{1,8}?(?:市|区|县|旗))")
"""What a name puts before its own division: 云州市 in 云州市青澜区财政局, but nothing in 云州市财政局."""


def org_id(organization: str, division_code: str | None, year: int | None, portal: str) -> str:
    """The identifier of a body whose name is known. `division_code` is that of the report on `year`, `portal` the key
    of the portal that it was found on."""
    return org_id_of(normalised_name(organization, division_code, year), division_code, year, portal)


def org_id_of(body_name: str, division_code: str | None, year: int | None, portal: str) -> str:
    """The same by the normalised name."""
    root = divisions.lineage_of(division_code[:6], year) if division_code else _slug(portal)
    return f"{root}-{_hex(body_name)}"


def org_id_of_unknown(portal: str, address: str) -> str:
    """The identifier of a body whose name could not be read: one for each address, so that none are merged."""
    return f"{_slug(portal)}-unknown-{_hex(address)}"


def normalised_name(organization: str, division_code: str | None, year: int | None) -> str:
    """The name without spaces, width variants and the divisions at its head; a division's bare name means its
    government. Where the division is not known, the name keeps the last of what looks like one, since two districts have
    bodies of the same name."""
    name = re.sub(r"\s+", "", unicodedata.normalize("NFKC", organization))
    if not division_code:
        return ABOVE.sub("", name)
    match = divisions.lookup(name, year, division_code[:6])
    return match.rest or GOVERNMENT if match and match.code == division_code[:6] else name


def places(division_code: str | None, year: int | None) -> dict[str, str | None]:
    """The columns province, prefecture and county of a report."""
    names = divisions.names_of(division_code, year) if division_code else (None, None, None)
    return dict(zip(("province", "prefecture", "county"), names, strict=True))


class Above(Struct, frozen=True):
    """A government above a body."""

    org_id: str
    name: str


def above(row: Mapping[str, Any]) -> tuple[Above, ...]:
    """The governments above a body, the province first, from its row of `reports`: that of its own division ends the line
    for a department, that of its county for a town. Empty for a province, and where level or division are not known."""
    code, level, year = row["division_code"], row["level"], row["year"] or None
    if not code or level not in _ABOVE_LEVEL:
        return ()
    six = code[:6]
    is_below_its_own = row["kind"] != "government" or level == "township"
    codes = [each for each in _ABOVE_LEVEL[level](six) if is_below_its_own or each != six]
    return tuple(
        Above(_government_id(each, year), _government_name(each, year))
        for each in reversed(dict.fromkeys(codes))
        if divisions.is_division(each)
    )


_ABOVE_LEVEL: dict[str, Callable[[str], tuple[str, ...]]] = {
    "province": lambda code: (code,),
    "prefecture": lambda code: (code, f"{code[:2]}0000"),
    "county": lambda code: (code, f"{code[:4]}00", f"{code[:2]}0000"),
    "township": lambda code: (code, f"{code[:4]}00", f"{code[:2]}0000"),
}
"""The codes that may be those of the body's own division and of those above it, nearest first."""


def _government_id(code: str, year: int | None) -> str:
    return f"{divisions.lineage_of(code, year)}-{_hex(GOVERNMENT)}"


def _government_name(code: str, year: int | None) -> str:
    province, prefecture, county = divisions.names_of(code, year)
    return "".join(filter(None, (prefecture or province, county))) + GOVERNMENT


def division_doubt(organization: str, division_code: str | None, year: int | None, within: str | None) -> Finding | None:
    """Why it is not certain which division a body belongs to; None where it is, and where its name names none and no
    portal's division stands in (its identity then rests on the portal)."""
    if division_code is None:
        found = divisions.namesakes(organization, year)
        if len(found) < 2:
            return None
        named = "、".join("".join(filter(None, divisions.names_of(each.code, year))) for each in found[:NAMESAKES_NAMED])
        return finding(
            "DIVISION_DOUBTFUL",
            f"{len(found)} divisions bear the name {found[0].name}: {named}",
            f"{found[0].name}有{len(found)}处：{named}",
        )
    match = divisions.lookup(organization, year, within)
    if match is None or not match.is_hint:
        return None
    return finding(
        "DIVISION_DOUBTFUL",
        f"{organization} names no division: that of the portal was taken ({match.name})",
        f"“{organization}”未含行政区划，取门户所属区划（{match.name}）",
    )


def organization_rows(reports: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The table `organizations`, from the rows of the table `reports`."""
    by_body: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in reports:
        by_body[row["org_id"]].append(row)
    return [_organization_row(body, sorted(rows, key=_by_year)) for body, rows in sorted(by_body.items())]


def _organization_row(body: str, rows: list[Mapping[str, Any]]) -> dict[str, Any]:
    latest = rows[-1]
    line = above(latest)
    years = [row["year"] for row in rows if row["year"]]
    return {
        "org_id": body,
        "organization": latest["organization"],
        "names": _seen(rows, "organization"),
        "kind": latest["kind"],
        "level": latest["level"],
        "parent_id": line[-1].org_id if line else None,
        "parent": line[-1].name if line else None,
        "ancestors": [each.org_id for each in line],
        "division_codes": _seen(rows, "division_code"),
        "province": latest["province"],
        "prefecture": latest["prefecture"],
        "county": latest["county"],
        "pinyin": _pinyin(latest["organization"]),
        "portals": _seen(rows, "portal"),
        "first_year": min(years, default=None),
        "last_year": max(years, default=None),
        "reports": len(set(years)) or len(rows),
    }


def _by_year(row: Mapping[str, Any]) -> tuple[int, str]:
    return row["year"], row["report_id"]


def _seen(rows: Iterable[Mapping[str, Any]], column: str) -> list[str]:
    return sorted({row[column] for row in rows if row[column]})


def _pinyin(name: str | None) -> str | None:
    from pypinyin import lazy_pinyin

    return " ".join(lazy_pinyin(name)) if name else None


def _slug(portal: str) -> str:
    return portal.replace("/", "-")


def _hex(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]
