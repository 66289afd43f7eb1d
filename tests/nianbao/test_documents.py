"""Documents over processes: order, and what a crash costs."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

import nianbao
from nianbao import documents
from nianbao.documents import WORTH_A_POOL, Source, files_under, parse_sources, recognisers_beside
from nianbao.pictures import pictures_beside, read_pictures
from parsers import ocr
from parsers.document import Grid
from parsers.ocr import Postponed
from parsers.readers import html
from parsers.report import Report
from tests.nianbao.shell import ROOT

CRASHING = ("3", "17")
CRASHING_AFTER_ANOTHER = "5"
_read_before: list[str] = []


def crash_or_answer(source: Source) -> tuple[Report, ...]:
    """Stands for a native reader that two documents bring down, process and all, and a third where it is not the first."""
    if source.name in CRASHING or (source.name == CRASHING_AFTER_ANOTHER and _read_before):
        os._exit(139)
    _read_before.append(source.name)
    return (Report(source.name, "", None, "text", "ok", None),)


def test_a_crash_costs_its_own_document_only() -> None:
    sources = [Source(path="", name=str(number)) for number in range(WORTH_A_POOL + 6)]
    found = [(source.name, reports[0]) for source, reports in parse_sources(sources, jobs=2, work=crash_or_answer)]
    assert [name for name, _ in found] == [source.name for source in sources]
    assert [name for name, report in found if report.status == "unreadable"] == list(CRASHING)
    assert {report.reason for _, report in found} == {None, "the reader crashed its process"}


@pytest.mark.skipif(sys.platform != "linux", reason="file names are bytes on Linux only")
def test_a_file_whose_name_is_no_text_is_reported_like_others(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"\xb9\xab\xbf\xaa.txt")  # 公开 in GBK
    path.write_text("2022年政府信息公开工作年度报告", encoding="utf-8")
    ((_, reports),) = parse_sources(map(documents.source_of_file, [path]))
    assert [*reports] == nianbao.parse(path)
    assert "\\\\udcb9" in documents.report_json(reports[0])


def recognise_or_crash(source: Source) -> tuple[Report, ...]:
    """Stands for documents of which every third has pictures, and one of these brings its recogniser down."""
    has_pictures = int(source.name) % 3 == 0
    if has_pictures and not documents._Role.recognises:
        raise Postponed(1)
    if source.name == "9":
        os._exit(139)
    return (Report(source.name, "", None, "rapidocr" if has_pictures else "text", "ok", None),)


def test_documents_with_pictures_go_to_the_recognisers_and_come_back_in_order() -> None:
    sources = [Source(path="", name=str(number)) for number in range(WORTH_A_POOL + 6)]
    found = [(source.name, reports[0]) for source, reports in parse_sources(sources, jobs=2, work=recognise_or_crash)]
    assert [name for name, _ in found] == [source.name for source in sources]
    assert [name for name, report in found if report.status == "unreadable"] == ["9"]
    assert {report.reader for name, report in found if int(name) % 3 == 0} == {"rapidocr", None}


def test_recognisers_are_as_many_as_there_is_memory_for() -> None:
    for jobs in range(1, 65):
        recognisers = recognisers_beside(jobs)
        taken = (jobs + 1) * documents.READER_BYTES + recognisers * documents.RECOGNISER_BYTES
        assert 1 <= recognisers <= jobs
        assert recognisers == 1 or taken <= documents.MEMORY_BYTES
    assert [recognisers_beside(jobs) for jobs in (1, 2, 4, 8)] == [1, 2, 2, 1]


@pytest.mark.skipif(not ocr.is_ready(), reason="the extra ocr is not installed")
def test_a_saved_page_is_read_with_the_pictures_beside_it(tmp_path: Path) -> None:
    """Those in its own folder only, whatever it names."""
    picture = Image.new("L", (1000, 400), 255)
    pen, font = ImageDraw.Draw(picture), ImageFont.load_default(size=34)
    for place in range(4):
        pen.line((50, 50 + 80 * place, 950, 50 + 80 * place), fill=0, width=3)
        pen.line((50 + 300 * place, 50, 50 + 300 * place, 290), fill=0, width=3)
        pen.text((120 + 300 * min(place, 2), 70), "12", fill=0, font=font)
    folder = tmp_path / "saved" / "报告_files"
    folder.mkdir(parents=True)
    for path in (folder / "表 1.png", tmp_path / "secret.png"):
        picture.save(path)
    images = "<img alt='' src='报告_files/表%201.png'><img src=../secret.png><img src='gone.png'><img src='/etc/hostname.png'>"
    page = tmp_path / "saved" / "报告.html"
    page.write_text(f"<html><body><p>甲局</p>{images}</body></html>", encoding="utf-8")
    found = pictures_beside(page, page.read_bytes())
    assert found == {"报告_files/表%201.png": str(folder / "表 1.png")}
    grids = [block for block in html.read(page.read_text(encoding="utf-8"), None, read_pictures(found)).blocks if isinstance(block, Grid)]
    assert [grid.cells[0].text for grid in grids] == ["12"]


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
