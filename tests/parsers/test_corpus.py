"""Real reports with hand-checked truth, from the folder that NIANBAO_CORPUS names: what they print is what is read.

A truth gives each printed figure, null where the source cell is blank; the identities that the published figures break
themselves; and, where `partial`, only those cells that anyone could tell from the source.
"""

import json
import os
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from parsers.parse import parse
from parsers.report import Cell, CellKey, Correction, Finding, Report
from parsers.template import Identity, load

CORPUS = os.environ.get("NIANBAO_CORPUS")
NAMES = [path.name.removesuffix(".truth.json") for path in sorted(Path(CORPUS).glob("*.truth.json"))] if CORPUS else []
IDENTITIES = {identity.id: identity for table in load().tables for identity in table.identities}
UNDATED = {"pingtan-government-2020.rebuilt.html"}
"""Their truth has a date of publication that the file itself does not show."""

pytestmark = pytest.mark.skipif(not CORPUS, reason="NIANBAO_CORPUS is not set: no real documents to read")
each_document = pytest.mark.parametrize("name", NAMES)


@cache
def truth_of(name: str) -> dict[str, Any]:
    truth: dict[str, Any] = json.loads((Path(CORPUS or "") / f"{name}.truth.json").read_text(), parse_float=Decimal)
    return truth


@cache
def report_of(name: str) -> Report:
    (report,) = parse((Path(CORPUS or "") / name).read_bytes(), source=name)
    return report


def read(name: str) -> tuple[Report, dict[str, Any]]:
    report = report_of(name)
    if report.status == "unreadable" and (report.reason or "").startswith("no reader for"):
        pytest.skip(f"no reader yet for {Path(name).suffix}")
    return report, truth_of(name)


def key_of(name: str) -> CellKey:
    table, row, column = name.split("/")
    return table, row, column


def may_be_refused(name: str, cell: Cell) -> bool:
    """Glued figures that no equation of the form bears on may stay undecided."""
    if ".glued." not in name or cell.basis != "ambiguous":
        return False
    equations = [identity for identity in load().table(cell.table).identities if identity.op == "="]
    return not any(cell.row == term.key for identity in equations for term in (*identity.left, *identity.right))


@each_document
def test_every_printed_figure_is_read(name: str) -> None:
    report, truth = read(name)
    cells = {cell.key: cell for cell in report.cells}
    for cell_name, wanted in truth.get("cells", {}).items():
        cell = cells[key_of(cell_name)]
        if wanted is None:
            assert cell.value is None or cell.basis == "derived", cell
        elif cell.value is None:
            assert may_be_refused(name, cell), (cell, wanted)
        else:
            assert cell.value == wanted, (cell, wanted)


@each_document
def test_nothing_is_read_that_does_not_stand(name: str) -> None:
    report, truth = read(name)
    told = {key_of(cell_name) for cell_name in truth.get("cells", {})}
    beyond = [cell for cell in report.cells if cell.key not in told]
    assert [cell for cell in beyond if cell.value is not None] == []
    assert truth.get("partial") or beyond == []


@each_document
def test_exactly_the_broken_identities_are_found(name: str) -> None:
    report, truth = read(name)
    equations = [found for found in report.findings if found.code in IDENTITIES and IDENTITIES[found.code].op == "="]
    broken = [(found.code, repeat_of(found, IDENTITIES[found.code])) for found in equations]
    assert sorted(broken) == sorted((code, repeat) for code, repeat in truth.get("broken", []))
    assert {found.code for found in report.findings if found.severity == "error"} <= {code for code, _ in broken}


def repeat_of(found: Finding, identity: Identity) -> str:
    """The row or column for which an identity fails: the one that all its cells share."""
    axis = 1 if identity.scope == "each_printed_row_over_columns" else 2
    (repeat,) = {cell[axis] for cell in found.cells}
    return repeat


@each_document
def test_inequalities_are_only_found_where_they_fail(name: str) -> None:
    report, _ = read(name)
    for found in report.findings:
        identity = IDENTITIES.get(found.code)
        if identity and identity.op in ("<=", ">=") and found.expected is not None and found.actual is not None:
            less, more = (found.expected, found.actual)[:: 1 if identity.op == "<=" else -1]
            assert less > more, found


@each_document
def test_organization_year_and_editions(name: str) -> None:
    report, truth = read(name)
    wanted = {field: truth[field] for field in ("organization", "year", "template", "published") if field in truth}
    if name in UNDATED:
        wanted["published"] = None
    assert {field: getattr(report, field) for field in wanted} == wanted
    assert report.tables == truth.get("tables", report.tables)
    assert report.status == truth.get("expected_status", report.status)


@each_document
def test_status_says_whether_all_is_there(name: str) -> None:
    report, truth = read(name)
    ambiguous = [cell for cell in report.cells if cell.basis == "ambiguous"]
    lost = "partial" in truth or truth.get("expected_status", "ok") != "ok"
    if report.status == "ok":
        assert not ambiguous
        assert report.reason is None
    else:
        assert report.reason
        assert ambiguous or lost


def broken_in(name: str) -> dict[tuple[str, str], Finding]:
    report, _ = read(name)
    return {
        (found.code, repeat_of(found, IDENTITIES[found.code])): found
        for found in report.findings
        if found.severity == "error"
    }


@pytest.mark.skipif("shiling-2020.txt" not in NAMES, reason="NIANBAO_CORPUS is not set: no report of that town")
def test_the_totals_of_a_town_are_explained_by_one_pair() -> None:
    found = broken_in("shiling-2020.txt")
    pair = (
        Correction(("requests", "concluded_total", "natural_person"), 1),
        Correction(("requests", "concluded_total", "total"), 1),
    )
    assert set(found) == {
        (code, column) for code in ("REQ_BALANCE", "REQ_PARTS_2019") for column in ("natural_person", "total")
    }
    for finding in found.values():
        assert (finding.expected, finding.actual) == (1, 2)
        assert finding.corrections == (pair,)
    balance = found["REQ_BALANCE", "total"]
    assert {row for _, row, _ in balance.cells} == {
        "received_new", "carried_over_in", "concluded_total", "carried_over_out",
    }  # fmt: skip
    assert len(found["REQ_PARTS_2019", "total"].cells) == 19 + 1


@pytest.mark.skipif("hongze-2023.pdf" not in NAMES, reason="NIANBAO_CORPUS is not set: no report of that district")
def test_totals_left_zero_are_explained_row_by_row() -> None:
    found = broken_in("hongze-2023.pdf")
    assert set(found) == {("RL_TOTAL", "reconsideration"), ("RL_TOTAL", "litigation_after_reconsideration")}
    reconsideration = found["RL_TOTAL", "reconsideration"]
    assert (reconsideration.expected, reconsideration.actual) == (11, 0)
    assert reconsideration.corrections == ((Correction(("review_litigation", "reconsideration", "total"), 11),),)
    litigation = found["RL_TOTAL", "litigation_after_reconsideration"]
    assert (litigation.expected, litigation.actual) == (5, 0)
    assert set(litigation.corrections) == {
        (Correction(("review_litigation", "litigation_after_reconsideration", "total"), 5),),
        (Correction(("review_litigation", "litigation_after_reconsideration", "upheld"), 0),),
    }
