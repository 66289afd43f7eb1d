"""Random reports in which every identity of the form holds: mostly zeros, a few small figures, some large ones.

The arithmetic here is written out by hand and shares nothing with `parsers`: it is the other side of the test.
"""

from decimal import Decimal
from random import Random
from typing import Literal

from parsers.report import CellKey, Value
from parsers.template import Line, Table, load

from .truth import Truth, printed

Scale = Literal["quiet", "town", "department", "district", "city"]
MOST_REQUESTS: dict[Scale, int] = {"quiet": 0, "town": 4, "department": 25, "district": 240, "city": 3000}
MOST_DECISIONS: dict[Scale, int] = {
    "quiet": 0,
    "town": 900,
    "department": 20_000,
    "district": 400_000,
    "city": 6_000_000,
}

PARTS = (
    "disclosed_full", "disclosed_partial", "denied_state_secret", "denied_prohibited_by_law",
    "denied_security_stability", "denied_third_party_rights", "denied_internal_affairs", "denied_process_information",
    "denied_enforcement_file",
    "denied_administrative_query", "unable_not_held", "unable_requires_creation", "unable_unclear_after_correction",
    "unprocessed_petition_complaint", "unprocessed_repeat", "unprocessed_public_publication", "unprocessed_excessive",
    "unprocessed_confirmation_reissue",
)  # fmt: skip
OTHER = {"format_2019": ("other_total",), "format_2021": ("other_correction_overdue", "other_fee_unpaid", "other_misc")}
APPLICANTS = (
    "natural_person", "org_commercial_enterprise", "org_research_institution", "org_public_interest",
    "org_legal_service", "org_other",
)  # fmt: skip
OUTCOMES = ("upheld", "corrected", "other_result", "pending")
ROUTES = ("reconsideration", "litigation_direct", "litigation_after_reconsideration")


def parts(edition: str) -> tuple[str, ...]:
    """The outcome rows (一) to (六) that (七)总计 adds up."""
    return PARTS + OTHER[edition]


def small(random: Random, most: int) -> int:
    """A figure from 0 to `most`, near 0 far more often than not."""
    return int(most * random.random() ** 4)


def requests(random: Random, edition: str, scale: Scale, before: Truth | None = None) -> dict[CellKey, Value]:
    """A consistent section three; what the report of the year `before` carried over comes in."""
    columns: dict[str, dict[str, int]] = {}
    for place, applicant in enumerate(APPLICANTS):
        most = MOST_REQUESTS[scale] if place == 0 else MOST_REQUESTS[scale] // (2 if place == 1 else 12)
        received = random.randint(0, most) if place == 0 else small(random, most)
        carried_in = before.figure("requests", "carried_over_out", applicant) if before else None
        columns[applicant] = _applicant(random, edition, received, carried_in)
    columns["total"] = {row: sum(columns[a][row] for a in APPLICANTS) for row in columns["natural_person"]}
    return {("requests", row, column): n for column, rows in columns.items() for row, n in rows.items()}


def _applicant(random: Random, edition: str, received: int, carried_in: int | None) -> dict[str, int]:
    """One column: what came in is concluded in some way or carried over."""
    if carried_in is None:
        carried_in = small(random, max(1, received // 4)) if received else 0
    carried_out = small(random, max(1, (received + carried_in) // 4)) if received else 0
    concluded = received + carried_in - carried_out
    rows = dict.fromkeys(parts(edition), 0)
    for row, share in _shares(random, tuple(rows), concluded):
        rows[row] += share
    return {
        "received_new": received,
        "carried_over_in": carried_in,
        **rows,
        "concluded_total": concluded,
        "carried_over_out": carried_out,
    }


def _shares(random: Random, rows: tuple[str, ...], total: int) -> list[tuple[str, int]]:
    """`total` cut into shares for randomly chosen rows; the first rows (granted) are likelier."""
    shares: list[tuple[str, int]] = []
    while total:
        share = total if total < 3 and random.random() < 0.6 else random.randint(1, total)
        row = rows[0] if random.random() < 0.35 else random.choice(rows)
        shares.append((row, share))
        total -= share
    return shares


def review_litigation(random: Random, scale: Scale) -> dict[CellKey, Value]:
    """A consistent section four."""
    figures: dict[CellKey, Value] = {}
    for route in ROUTES:
        counts = [small(random, MOST_REQUESTS[scale] // 12) for _ in OUTCOMES]
        figures |= {("review_litigation", route, outcome): n for outcome, n in zip(OUTCOMES, counts, strict=True)}
        figures["review_litigation", route, "total"] = sum(counts)
    return figures


def article_20(random: Random, edition: str, scale: Scale) -> tuple[dict[CellKey, Value], dict[CellKey, str]]:
    """Section two, which has no sums: figures and, where they differ from the plain number, the printed texts."""
    figures: dict[CellKey, Value] = {}
    raw: dict[CellKey, str] = {}
    for table in load().tables:
        if not table.id.startswith("art20_") or edition not in table.editions:
            continue
        for row, column in printed_cells(table, edition):
            key = (table.id, row.key, column.key)
            figures[key], raw[key] = _article_20_cell(random, key, column, scale)
    _keep_inequalities(figures, raw)
    return figures, raw


def _article_20_cell(random: Random, key: CellKey, column: Line, scale: Scale) -> tuple[Value, str]:
    if column.type == "money":
        return _money(random, key[0], scale)
    if column.type == "signed_count":
        change = random.choice((0, 0, 0, 1, 2, 6, 19, -1, -3))
        return change, random.choice(("+", "")) + str(change) if change > 0 else str(change)
    most = MOST_DECISIONS[scale] if column.key == "decisions" else 60
    rules = key[1] == "rules" and scale != "city"
    value = small(random, most) + random.randint(0, 9 if scale != "quiet" else 0)
    if rules or random.random() < 0.3:
        value = 0
    return value, str(value)


def _money(random: Random, table: str, scale: Scale) -> tuple[Value, str]:
    """The 2021 head prints 万元; 采购总金额 has no unit in the national form, so the cell may bring one."""
    most = MOST_DECISIONS[scale]
    if not most or random.random() < 0.3:
        return 0, "0" if table == "art20_8" else "0元"
    cents = random.randint(100, most * 100)
    if table == "art20_8":
        tens_of_thousands = Decimal(cents).scaleb(-random.choice((0, 2, 4)))
        return tens_of_thousands * 10_000, printed(tens_of_thousands)
    yuan = Decimal(cents).scaleb(-2)
    if random.random() < 0.5:
        return yuan, f"{yuan}元"
    return yuan, f"{yuan.scaleb(-4):f}万元"


def _keep_inequalities(figures: dict[CellKey, Value], raw: dict[CellKey, str]) -> None:
    """Newly disclosed ≤ disclosed in all; issued ≤ in force; last year's items plus the change ≥ 0."""
    pairs = (("newly_disclosed_this_year", "total_disclosed"), ("issued_this_year", "in_force"))
    for key in list(figures):
        for less, more in pairs:
            if key[2] == less:
                top = (key[0], key[1], more)
                figures[top] = max(figures[top], figures[key])
                raw[top] = printed(figures[top])
        if key[2] == "items_change" and figures[key] < 0:
            base = (key[0], key[1], "items_prev_year")
            figures[base] = max(figures[base], -figures[key])
            raw[base] = printed(figures[base])


def printed_cells(table: Table, edition: str) -> list[tuple[Line, Line]]:
    """Rows × columns that an edition of a national table prints, without local extensions."""
    rows = [row for row in table.rows_of(edition) if not row.local_extension]
    return [(row, column) for row in rows for column in table.columns_of(edition)]


def local_table(random: Random, rows: tuple[str, ...], scale: Scale) -> dict[CellKey, Value]:
    """A local statistics table of the years before 2019 with 年度 and 历年累计, whose sums hold in both columns."""
    figures: dict[CellKey, Value] = {}
    for column in ("value", "cumulative"):
        for row in rows:
            most = MOST_DECISIONS[scale] // 300 if row.startswith(("proactive", "channel")) else MOST_REQUESTS[scale]
            this_year = figures.get(("local_2008", row, "value"), 0)
            figures["local_2008", row, column] = this_year + small(random, most)
        _add_up(figures, rows, column)
    return figures


def _add_up(figures: dict[CellKey, Value], rows: tuple[str, ...], column: str) -> None:
    for total, prefixes in (("requests_received", ("requests_",)), ("replies_total", ("reply_",))):
        addends = [row for row in rows if row.startswith(prefixes) and row != total]
        figures["local_2008", total, column] = sum(figures["local_2008", row, column] for row in addends)
    channels = [figures["local_2008", row, column] for row in rows if row.startswith("channel_")]
    figures["local_2008", "proactive_total", column] = max(
        (*channels, figures["local_2008", "proactive_total", column])
    )


STAT_SUMS = {
    "requests_received": ("requests_in_person", "requests_fax", "requests_online", "requests_letter"),
    "concluded_total": ("concluded_on_time", "concluded_extended"),
    "reply_refused": (
        "refused_state_secret", "refused_trade_secret", "refused_privacy", "refused_security_stability",
        "refused_not_government_information", "refused_other_legal",
    ),
    "replies_total": (
        "reply_already_public", "reply_disclosed", "reply_partial", "reply_refused", "reply_not_this_organ",
        "reply_not_exist", "reply_amend", "reply_other_channel",
    ),
    "reconsideration_total": ("reconsideration_upheld", "reconsideration_corrected", "reconsideration_other"),
    "litigation_total": ("litigation_upheld", "litigation_corrected", "litigation_other"),
    "staff_total": ("staff_full_time", "staff_part_time"),
}  # fmt: skip
"""The sums of the national statistics table of 2014."""


def stat_table(random: Random, scale: Scale) -> tuple[dict[CellKey, Value], dict[CellKey, str]]:
    """The national statistics table of FY2014-2018; money is printed in 万元."""
    table = load().table("stat_2014")
    counts = {row.key: small(random, MOST_REQUESTS[scale] + 5) for row in table.rows}
    for part, whole in (
        ("press_conferences_principal", "press_conferences"),
        ("online_interviews_principal", "online_interviews"),
    ):
        counts[whole] += counts[part]
    counts["proactive_total"] = counts["proactive_normative_documents"] + small(random, 900)
    counts["channel_website"] += counts["proactive_total"]
    for total, addends in STAT_SUMS.items():
        counts[total] = sum(counts[row] for row in addends)
    figures: dict[CellKey, Value] = {}
    raw: dict[CellKey, str] = {}
    for row in table.rows:
        key = ("stat_2014", row.key, "value")
        figures[key] = Decimal(counts[row.key]) * 1000 if row.type == "money" else counts[row.key]
        raw[key] = printed(Decimal(counts[row.key]) / 10) if row.type == "money" else str(counts[row.key])
    return figures, raw


def broken(figures: dict[CellKey, Value]) -> tuple[tuple[str, str], ...]:
    """The equations of sections three and four that figures break, as (identity, row or column)."""
    found: list[tuple[str, str]] = []
    rows = list(dict.fromkeys(row for table, row, _ in figures if table == "requests"))
    if rows:
        edition = "format_2021" if "other_misc" in rows else "format_2019"
        for row in rows:
            if sum(figures["requests", row, a] for a in APPLICANTS) != figures["requests", row, "total"]:
                found.append(("REQ_ROW_SUM", row))
        for column in (*APPLICANTS, "total"):
            at = {row: figures["requests", row, column] for row in rows}
            if at["received_new"] + at["carried_over_in"] != at["concluded_total"] + at["carried_over_out"]:
                found.append(("REQ_BALANCE", column))
            if sum(at[row] for row in parts(edition)) != at["concluded_total"]:
                found.append((f"REQ_PARTS_{edition[-4:]}", column))
    for route in ROUTES:
        if ("review_litigation", route, "total") in figures:
            outcomes = sum(figures["review_litigation", route, outcome] for outcome in OUTCOMES)
            if outcomes != figures["review_litigation", route, "total"]:
                found.append(("RL_TOTAL", route))
    return tuple(found)


def report(
    random: Random,
    organization: str,
    year: int,
    title: str,
    *,
    section_two: str,
    section_three: str,
    scale: Scale,
    published: str,
    signed: str,
    before: Truth | None = None,
) -> Truth:
    """A consistent report; the editions of sections two and three may differ, as they do in real reports."""
    figures, raw = article_20(random, section_two, scale)
    figures |= requests(random, section_three, scale, before)
    figures |= review_litigation(random, scale)
    tables = [table.id for table in load().tables if table.id.startswith("art20_") and section_two in table.editions]
    editions = dict.fromkeys(tables, section_two) | {"requests": section_three, "review_litigation": section_two}
    raw = {key: raw.get(key, printed(value)) for key, value in figures.items()}
    return Truth(organization, year, title, published, signed, editions, figures, raw)
