"""Readings + identities → cells and findings (step 6: report).

The identities (勾稽关系) choose between readings, verify what is printed, derive what is blank where they leave exactly
one value, and explain a contradiction by the smallest correcting sets. A printed figure is never changed.
"""

from collections.abc import Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from .derive import derive, unconfirmed
from .explain import check
from .laws import Frame, Law, frame_of
from .numbers import MOST, YUAN, Figure, fits, has_leading_zero, is_blank, plain, read_figure, squeeze
from .reading import Reading, TableReading
from .remembered import remembered
from .report import Basis, Cell, CellKey, Finding, Unit, Value, finding
from .runs import Run, run_of, within_one_vanished_row
from .strips import Field, is_figure
from .template import Line

CERTAIN = 0.9
"""A figure recognised from pixels with less confidence than this needs the support of an identity."""

_READ_FOR_NOUGHT = frozenset("OoＯｏ")
"""Letters that character recognition leaves for 0: no figures, but the identities may say which value stood there."""


class Outcome(Struct, frozen=True):
    """What one table says."""

    cells: tuple[Cell, ...]
    findings: tuple[Finding, ...]


class Draft(Struct):
    """A cell in the making: what stands in the source, before the identities are asked."""

    line: Line
    basis: Basis
    value: Value | None = None
    unit: Unit = "count"
    raw: str | None = None
    locator: str | None = None
    confidence: float | None = None
    can_derive: bool = False
    """Whether a value that the identities leave alone may be given (blank, lost or glued; not unread or missing)."""


def reconcile(reading: TableReading) -> Outcome:
    """Cells of one table in template order, each with its basis, and all that its identities have to say."""
    frame = frame_of(reading.table, reading.edition, tuple([row.slots for row in reading.readings]))
    drafts: dict[CellKey, Draft] = {}
    runs: list[Run] = []
    findings = list(reading.findings)
    for row in _without_doubtful_runs(reading.readings):
        runs += _draft(row, frame, drafts, findings)
    _doubt(drafts, frame.sums, findings)
    derivable = [key for key, draft in drafts.items() if draft.can_derive]
    if derivable:
        printed = {key: draft.value for key, draft in drafts.items()}
        laws = [*frame.sums, *within_one_vanished_row(frame.bounds, runs)]
        derived = derive(printed, derivable, runs, laws, findings)
        _settle(drafts, runs, derived, findings)
    findings += check(reading.table, frame, {key: draft.value for key, draft in drafts.items()})
    cells = [
        Cell(*key, draft.value, draft.unit, draft.raw, draft.basis, draft.locator, draft.confidence)
        for key, draft in drafts.items()
    ]
    return Outcome(tuple(cells), tuple(findings))


def _without_doubtful_runs(readings: Sequence[Reading]) -> list[Reading]:
    """Where a run has fewer characters than cells, glued text has lost its blanks as well: then no run of the table says
    how many cells it holds, and only one nought for each cell is still read."""
    runs = {
        row: squeeze(row.fields[0].text) for row in readings if row.form == "glued" and row.fields and row.fields[0]
    }
    if all(len(run) >= len(row.slots) for row, run in runs.items()):
        return list(readings)
    return [
        replace(row, form="refused") if row in runs and runs[row] != "0" * len(row.slots) else row for row in readings
    ]


# --- what stands in the source ---


def _draft(
    row: Reading, frame: Frame, drafts: dict[CellKey, Draft], findings: list[Finding]
) -> list[Run]:
    """Put a row's cells among the drafts; give the run that has to be told apart by arithmetic, if it is one."""
    if row.form == "cells":
        for key, field in zip(row.slots, row.fields, strict=True):
            line = frame.lines[key]
            if field is None:
                drafts[key] = Draft(line, "blank", unit=_unit(line), can_derive=True)
            elif line.type == "count" and row.step == 1 and (count := _count(field.text)) is not None:
                drafts[key] = Draft(line, "observed", count, "count", field.text, field.locator, field.confidence)
            else:
                drafts[key] = _read(key, field, line, row.units, findings, row.step)
        return []
    of_slot = {key: frame.lines[key] for key in row.slots}
    for key in row.slots:
        drafts[key] = Draft(of_slot[key], "missing", unit=_unit(of_slot[key]))
    if row.form == "absent":
        return []
    text = " ".join(field.text for field in row.fields if field) or None
    for key, (raw, locator) in zip(row.slots, _sources(row), strict=True):
        draft = drafts[key]
        draft.basis, draft.raw, draft.locator = ("ambiguous", raw, locator) if text else ("blank", "", None)
        draft.can_derive = row.form != "refused"
    run = run_of(row, of_slot, frame.sums, frame.bounds) if row.form != "refused" and text else None
    if run is None and text:
        for key in row.slots:
            drafts[key].can_derive = False
        findings.append(ambiguous_row(row.slots, text))
    return [run] if run else []


def _sources(row: Reading) -> list[tuple[str, str | None]]:
    """(raw, locator) for each slot of a row that was not told apart: its own field where there are as many as slots, else
    the whole row and the place that holds it."""
    fields = [field for field in row.fields if field]
    if row.form == "refused":
        for own in (fields, [field for field in fields if is_figure(field.text)]):
            if len(own) == len(row.slots):
                return [(field.text, field.locator) for field in own]
    first = fields[0].locator if fields else None
    if first and len(fields) > 1 and first.startswith("html:") and ">" in first:
        first = first.rpartition(">")[0]
    return [(" ".join(field.text for field in fields), first)] * len(row.slots)


def _unit(line: Line) -> Unit:
    return "CNY" if line.type == "money" else "count"


def _read(
    key: CellKey, field: Field, line: Line, units: tuple[str, ...], findings: list[Finding], step: int
) -> Draft:
    """One printed cell by the type of its slot."""
    draft = Draft(line, "ambiguous", unit=_unit(line), raw=field.text, locator=field.locator)
    draft.confidence = field.confidence
    if is_blank(field.text):
        draft.basis, draft.can_derive = "blank", True
        return draft
    figure = None if _is_torn(field.text) else read_figure(field.text)
    if figure is not None and step > 1 and line.type != "money" and figure.value:
        figure = replace(figure, value=figure.value * step)
        findings.append(_counted_in(key, step))
    valued = _valued(key, figure, line, units, findings) if figure is not None and fits(figure, line.type) else None
    if valued is None:
        findings.append(_unreadable(key, field.text))
        draft.can_derive = field.text.strip() in _READ_FOR_NOUGHT or _is_torn(field.text)
        return draft
    draft.basis = "observed"
    draft.value, draft.unit = valued
    return draft


@remembered(8192)
def _count(text: str) -> int | None:
    """The count that a cell is and nothing more: what nearly every cell of a report holds."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 15 and not _is_torn(text) else None


def _is_torn(text: str) -> bool:
    """Whether a figure other than nought begins with one: two figures, or the end of one."""
    return has_leading_zero(text) and bool(squeeze(text).strip("0+-"))


def _valued(
    key: CellKey, figure: Figure, line: Line, units: tuple[str, ...], findings: list[Finding]
) -> tuple[Value, Unit] | None:
    """Value and unit of a figure; None for more than any figure is."""
    if line.type != "money":
        return (plain(figure.value), "count") if abs(figure.value) < MOST else None
    printed = [unit for unit in (figure.unit, *units) if unit] or ["元"] * figure.is_money
    if not printed:
        findings.append(
            finding(
                "MONEY_UNIT_UNKNOWN", f"{'/'.join(key)}: no unit is printed", f"{line.labels[0]}：未标明单位", (key,)
            )
        )
        return plain(figure.value), "unknown"
    if len(set(printed)) > 1:
        findings.append(
            finding(
                "MONEY_UNIT_CONFLICT",
                f"{'/'.join(key)}: {' and '.join(dict.fromkeys(printed))} are printed; {printed[0]} was taken",
                f"{line.labels[0]}：同时标有{'、'.join(dict.fromkeys(printed))}，按{printed[0]}读取",
                (key,),
            )
        )
    yuan = figure.value * YUAN[printed[0]]
    return (plain(yuan), "CNY") if yuan < MOST else None


def _doubt(drafts: Mapping[CellKey, Draft], sums: Sequence[Law], findings: list[Finding]) -> None:
    """A figure recognised from pixels without certainty counts only where a sum over printed figures holds with it."""
    if not [draft for draft in drafts.values() if draft.confidence is not None]:
        return
    supported: set[CellKey] = set()
    for law in sums:
        values = [(drafts[key].value, coefficient) for key, coefficient in law.terms]
        if all(value is not None for value, _ in values) and not sum(value * c for value, c in values if value is not None):
            supported.update(law.cells)
    for key, draft in drafts.items():
        is_faint = draft.confidence is not None and draft.confidence < CERTAIN
        if draft.basis == "observed" and is_faint and key not in supported:
            draft.basis, draft.value = "ambiguous", None
            findings.append(
                finding(
                    "OCR_DOUBTFUL",
                    f"{'/'.join(key)}: “{draft.raw}” was recognised with a confidence of {draft.confidence} only",
                    f"“{draft.raw}”的识别置信度仅为{draft.confidence}",
                    (key,),
                )
            )


def _counted_in(key: CellKey, step: int) -> Finding:
    return finding(
        "NOTE_CHANGES_MEANING",
        f"{'/'.join(key)}: counted in units of {step}, and so a round figure",
        f"{'/'.join(key)}：以{step}为单位，为约数",
        (key,),
    )


def _unreadable(key: CellKey, text: str) -> Finding:
    return finding(
        "CELL_UNREADABLE",
        f"{'/'.join(key)}: “{text[:40]}” is no figure of its type",
        f"“{text[:40]}”无法识别为数字",
        (key,),
    )


def ambiguous_row(slots: tuple[CellKey, ...], text: str) -> Finding:
    where = "/".join(slots[0][:2])
    return finding(
        "ROW_AMBIGUOUS",
        f"{where}: “{text[:60]}” fits {len(slots)} cells in several ways",
        f"“{text[:60]}”与{len(slots)}个单元格的对应不唯一",
        slots,
    )


def _settle(
    drafts: dict[CellKey, Draft], runs: list[Run], values: Mapping[CellKey, int], findings: list[Finding]
) -> None:
    """Write the derived values into the drafts, and the runs that have only one reading of their own."""
    for key, value in values.items():
        drafts[key].value, drafts[key].basis = value, "derived"
    for run in runs:
        if len(run.options) == 1:
            for key, figure in zip(run.slots, run.options[0], strict=True):
                draft = drafts[key]
                valued = _valued(key, figure, draft.line, (), findings) if draft.value is None and figure is not None else None
                if valued is not None:
                    draft.value, draft.unit = valued
                    draft.basis = "derived"
                    if draft.value and run.is_glued:
                        findings.append(unconfirmed(key, draft.value))
        if any(drafts[key].value is None for key in run.slots):
            open_ = tuple(key for key in run.slots if drafts[key].value is None)
            findings.append(ambiguous_row(open_, drafts[run.slots[0]].raw or ""))
