"""The six prescribed sections, the notes under tables, and prose against tables (step 6: report)."""

import re
from collections.abc import Iterator

from parsers.document import Document
from parsers.headings import chosen, headed
from parsers.report import Cell, CellKey, Finding, Section, Statement, Value, finding
from parsers.template import Template
from parsers.titles import lines_of


def sections(document: Document, template: Template) -> tuple[Section, ...]:
    """The prescribed sections in the order in which they stand; one that is headed twice has both texts."""
    prose, found = headed(document, template)
    marks = chosen(found, template)
    texts: dict[str, tuple[str, list[str]]] = {}
    for mark, following in zip(marks, (*(mark.start for mark in marks[1:]), len(prose.text)), strict=False):
        heading = "".join(prose.text[mark.start : mark.end].split())
        texts.setdefault(mark.key, (heading, []))[1].append(prose.text[mark.end : following].strip())
    return tuple(
        Section(key, heading.lstrip("#"), "\n".join(filter(None, (part.lstrip("：:。 ") for part in parts))))
        for key, (heading, parts) in texts.items()
    )


# -- notes under tables ----------------------------------------------------------------------------------------------

_NOTE = re.compile(r"^\s*(?:备?注|说明)\s*\d{0,2}\s*[:：]\s*(?P<note>.{4,200})", re.DOTALL)
_CHANGES_MEANING = re.compile(r"(?:包含|包括|含|不含|不包括|计入|未计入|结转|口径|合并|统计范围)")


def note_findings(document: Document) -> tuple[Finding, ...]:
    """NOTE_CHANGES_MEANING for each note (注：…) that says what the figures of a table include or leave out."""
    notes = (match["note"].strip() for line in lines_of(document.blocks) if (match := _NOTE.match(line)))
    return tuple(
        finding("NOTE_CHANGES_MEANING", f"a note says: {note}", f"表注：{note}")
        for note in dict.fromkeys(notes)
        if _CHANGES_MEANING.search(note)
    )


# -- prose against tables --------------------------------------------------------------------------------------------

_CELLS: dict[str, tuple[CellKey, ...]] = {
    "requests_received": (
        ("requests", "received_new", "total"),
        ("stat_2014", "requests_received", "value"),
        ("local_2008", "requests_received", "value"),
    ),
    "requests_concluded": (("requests", "concluded_total", "total"), ("stat_2014", "concluded_total", "value")),
    "disclosed": (
        ("requests", "disclosed_full", "total"),
        ("stat_2014", "reply_disclosed", "value"),
        ("local_2008", "reply_disclosed", "value"),
    ),
    "proactive_items": (("stat_2014", "proactive_total", "value"), ("local_2008", "proactive_total", "value")),
}
_FEES: CellKey = ("art20_8", "administrative_fees", "amount_collected")


def prose_findings(statements: tuple[Statement, ...], cells: tuple[Cell, ...]) -> tuple[Finding, ...]:
    """TEXT_VS_TABLE where no figure that the prose states of a quantity is the table's; FEE_LE_ADMIN_FEES where the fee
    told is above the administrative fees that should contain it. Both are information: often both are right."""
    values = {cell.key: cell.value for cell in cells if cell.value is not None}
    return (*_contradictions(statements, values), *_fee_above_fees(statements, values))


def _contradictions(statements: tuple[Statement, ...], values: dict[CellKey, Value]) -> Iterator[Finding]:
    for key, cells in _CELLS.items():
        told = [statement for statement in statements if statement.key == key]
        stated = [statement.value for statement in told]
        for cell in cells:
            if told and cell in values and not any(_agrees(statement, values[cell]) for statement in told):
                yield Finding(
                    "TEXT_VS_TABLE",
                    "info",
                    (cell,),
                    f"the prose says {stated[0]} ({key}), the table {values[cell]}",
                    f"正文为{stated[0]}，表格为{values[cell]}",
                    expected=stated[0],
                    actual=values[cell],
                )


def _agrees(statement: Statement, value: Value) -> bool:
    """Whether a figure told is the table's. Thousands told in words (十二万三千条) may be a round figure of it."""
    told = str(statement.value)
    if statement.value == value or int(statement.value) < 1000 or told in re.sub("[,，]", "", statement.sentence):
        return statement.value == value
    step = 10 ** (len(told) - len(told.rstrip("0")))
    return bool(abs(statement.value - value) < step)


def _fee_above_fees(statements: tuple[Statement, ...], values: dict[CellKey, Value]) -> Iterator[Finding]:
    for statement in statements:
        if statement.key == "fee_charged" and _FEES in values and statement.value > values[_FEES]:
            yield Finding(
                "FEE_LE_ADMIN_FEES",
                "info",
                (_FEES,),
                f"information-processing fee {statement.value} yuan above administrative fees {values[_FEES]} yuan",
                f"信息处理费{statement.value}元大于行政事业性收费{values[_FEES]}元",
                expected=statement.value,
                actual=values[_FEES],
            )
