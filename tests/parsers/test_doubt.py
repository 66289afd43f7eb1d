"""A figure recognised from pixels without certainty counts only where a sum of the form holds with it."""

from random import Random

import pytest
from msgspec.structs import replace

from parsers.document import Document, Grid
from parsers.parse import report_of
from parsers.readers import read
from parsers.report import CellKey, Report
from tests.specimens.render import specimen

REQUESTS: CellKey = ("requests", "received_new", "natural_person")
FREE: CellKey = ("art20_5", "administrative_license", "decisions")
"""A cell of no sum."""


def document() -> Document:
    content = specimen(Random(5), "html", "none", "format_2021").content
    return read(content if isinstance(content, bytes) else content.encode(), "text/html")


def report(source: Document) -> Report:
    return report_of(source, Report("", "", None, None, "unreadable", None), url=None, within=None)


def doubted(source: Document, locator: str, confidence: float, text: str | None = None) -> Document:
    """The same document, one cell recognised with that confidence, perhaps as something else."""
    blocks = tuple(
        replace(
            block,
            cells=tuple(
                replace(cell, confidence=confidence, text=cell.text if text is None else text)
                if cell.locator == locator
                else cell
                for cell in block.cells
            ),
        )
        if isinstance(block, Grid)
        else block
        for block in source.blocks
    )
    return replace(source, blocks=blocks)


@pytest.mark.parametrize(
    ("key", "confidence", "basis"),
    [(REQUESTS, 0.5, "observed"), (FREE, 0.5, "ambiguous"), (FREE, 0.95, "observed")],
)
def test_what_neither_confidence_nor_identities_support_is_ambiguous(
    key: CellKey, confidence: float, basis: str
) -> None:
    source = document()
    printed = {cell.key: cell for cell in report(source).cells}
    locator = printed[key].locator
    assert locator is not None
    found = report(doubted(source, locator, confidence))
    cell = {cell.key: cell for cell in found.cells}[key]
    assert (cell.basis, cell.confidence) == (basis, confidence)
    assert cell.value == (printed[key].value if basis == "observed" else None)
    doubts = [finding.cells for finding in found.findings if finding.code == "OCR_DOUBTFUL"]
    assert doubts == ([(key,)] if basis == "ambiguous" else [])
    assert (found.status == "partial") == (basis == "ambiguous")


def test_a_doubtful_figure_that_breaks_its_sums_is_no_contradiction_of_the_report() -> None:
    source = document()
    printed = {cell.key: cell for cell in report(source).cells}[REQUESTS]
    assert printed.locator is not None
    found = report(doubted(source, printed.locator, 0.4, "98765"))
    assert {cell.key: cell for cell in found.cells}[REQUESTS].value is None
    assert not [finding for finding in found.findings if finding.severity == "error"]
