"""Broken and hostile files: each ends with a clear status in bounded time and memory, and harms no other document.

`python -m tests.bench.hostile` prints what becomes of each.
"""

import sys
from collections.abc import Iterator
from os import getpid

import pytest

from nianbao.isolate import Isolation
from nianbao.limits import MIB, Limits, resident_bytes
from parsers import ocr
from parsers.report import Report
from tests.bench.hostile import measured, told
from tests.specimens.hostile import HOSTILE, PLACES, good, truncations

LIMITS = Limits(deadline_seconds=10, memory_bytes=700 * MIB)
HERE = 400 * MIB
"""What a file may take in this process, beside the child: a page as big as they come, and its tree."""
REASONS = {
    "PDF with a password": "the PDF is encrypted and needs a password",
    "PDF of nothing but its first bytes": "the PDF is damaged: its structure cannot be read",
    "ZIP with a password": "the ZIP archive is encrypted and needs a password",
    "ZIP of 70,000 files": "the archive holds 70000 files, more than 2000",
    "Office file with a password": "no reader for an Office document encrypted with a password",
    "docx that reads a file": "word/document.xml of the Word document declares a DOCTYPE, which no writer of this format does",
    "PNG of 1,600 megapixels": "the picture is damaged or too big",
    "BMP that lies": "the picture is damaged or too big",
    "noise": "no known document format and no text (binary content)",
    "nothing": "the file is empty",
}
STOPPED = ("PDF with 700 MiB of content", "PDF of drawings in drawings, 2^30")
CUT = [f"{kind} cut off after {place:.0%}" for kind in ("pdf", "docx", "xlsx", "xls", "ofd", "zip") for place in PLACES]


@pytest.fixture(scope="module")
def isolation() -> Iterator[Isolation]:
    with Isolation(LIMITS) as isolation:
        yield isolation


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files(isolation: Isolation, name: str) -> None:
    content = HOSTILE[name]()
    before = resident_bytes(getpid())
    with measured() as cost:
        reports = isolation.parse(content, source=name)
    assert [report for report in reports if is_unclear(report)] == [], told(reports)
    if sys.platform == "linux":
        assert cost.peak - before < LIMITS.memory_bytes + HERE
    if name in REASONS and not (name.startswith(("PNG", "BMP")) and not ocr.is_ready()):
        assert {report.reason for report in reports} == {REASONS[name]}
    if name in STOPPED and sys.platform == "linux":
        (report,) = reports
        assert (report.reason or "").startswith("the reader was stopped: it took ")
    others_are_unharmed(isolation)


@pytest.mark.parametrize("name", CUT)
def test_files_that_are_cut_off(isolation: Isolation, name: str) -> None:
    """What is still read is right; what is not has a reason."""
    content = dict(truncations())[name]
    reports = isolation.parse(content, source=name)
    assert [report for report in reports if is_unclear(report)] == [], told(reports)
    if name.startswith(("docx", "xlsx", "ofd", "zip")):
        assert {report.status for report in reports} == {"unreadable"}


def is_unclear(report: Report) -> bool:
    """A status without a reason, or a figure that is not the one that stood in the good file. That which is `ok` has all."""
    meant = good()[0].figures
    wrong = [cell for cell in report.cells if cell.value is not None and meant.get(cell.key) != cell.value]
    if report.status == "ok":
        return bool(wrong) or len(report.cells) < len(meant)
    return bool(wrong) or not report.reason


def others_are_unharmed(isolation: Isolation) -> None:
    (report,) = isolation.parse(good()[1]["docx"], source="good.docx")
    assert report.status == "ok"


def test_there_are_enough_of_them() -> None:
    assert len(HOSTILE) >= 50
    assert set(CUT) == {name for name, _ in truncations()}
