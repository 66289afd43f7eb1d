"""Documents over processes: order, and what a crash costs."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import nianbao
from nianbao.documents import WORTH_A_POOL, Source, files_under, parse_sources
from parsers.report import Report
from tests.nianbao.shell import ROOT

CRASHING = ("3", "17")


def crash_or_answer(source: Source) -> tuple[Report, ...]:
    """Stands for a native reader that two documents bring down, process and all."""
    if source.name in CRASHING:
        os._exit(139)
    return (Report(source.name, "", None, "text", "ok", None),)


def test_a_crash_costs_its_own_document_only() -> None:
    sources = [Source(path="", name=str(number)) for number in range(WORTH_A_POOL + 6)]
    found = [(source.name, reports[0]) for source, reports in parse_sources(sources, jobs=2, work=crash_or_answer)]
    assert [name for name, _ in found] == [source.name for source in sources]
    assert [name for name, report in found if report.status == "unreadable"] == list(CRASHING)
    assert {report.reason for _, report in found} == {None, "the reader crashed its process"}


def test_a_file_that_vanishes_is_unreadable(tmp_path: Path) -> None:
    ((_, (report,)),) = parse_sources([Source(path=str(tmp_path / "gone.html"), name="gone.html")])
    assert (report.status, report.source) == ("unreadable", "gone.html")
    assert "No such file" in str(report.reason)


def test_files_under_folders_and_files_each_once(tmp_path: Path) -> None:
    for name in ("b/y.pdf", "b/x.html", "a.txt", "b/.git/z", "b/~$x.docx"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    found, missing = files_under([tmp_path / "b", tmp_path / "a.txt", tmp_path / "b/x.html", tmp_path / "no"])
    assert [path.relative_to(tmp_path).as_posix() for path in found] == ["b/x.html", "b/y.pdf", "a.txt"]
    assert missing == [tmp_path / "no"]


def test_the_python_door_parses_a_file(tmp_path: Path) -> None:
    (tmp_path / "empty.html").write_bytes(b"")
    reports = nianbao.parse(tmp_path / "empty.html")
    assert isinstance(reports, list)
    assert [report.status for report in reports] == ["unreadable"]
    with pytest.raises(FileNotFoundError):
        nianbao.parse(str(tmp_path / "nowhere"))


def test_importing_nianbao_is_cheap() -> None:
    heavy = ("pandas", "pyarrow", "duckdb", "httpx", "pdfplumber", "msgspec", "parsers", "crawler")
    script = f"import sys, nianbao; print([name for name in {heavy!r} if name in sys.modules])"
    out = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert out.strip() == "[]"
    assert nianbao.Dataset.__name__ == "Dataset"
