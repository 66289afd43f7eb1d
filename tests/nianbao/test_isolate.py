"""Native readers in a process of their own: what a crash, a hang and a flood of memory cost, and that nothing stays."""

import io
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from PIL import Image, ImageDraw, ImageFont

from nianbao import limits
from nianbao.isolate import Isolation, needs_isolation
from nianbao.limits import MIB, Limits
from parsers import ocr
from parsers.archives import opened
from parsers.ocr import Postponed
from parsers.parse import parse
from parsers.readers.html.pictures import MAX_PICTURES
from parsers.readers.pdf import MAX_SCANS
from tests.nianbao.shell import ROOT
from tests.specimens import prose, word
from tests.specimens.forms import forms
from tests.specimens.markup import bare_page
from tests.specimens.package import package
from tests.specimens.render import random_truth
from tests.specimens.renderings import FORMS
from tests.specimens.sheets import Sheet, xls

NEEDS_OCR = pytest.mark.skipif(not ocr.is_ready(), reason="the extra ocr is not installed")
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="memory is watched on Linux only")


@pytest.fixture
def isolation() -> Iterator[Isolation]:
    with Isolation() as isolation:
        yield isolation


def document(form: str, seed: int = 1) -> bytes:
    random = Random(seed)
    truth = random_truth(random, "format_2021")
    page = FORMS[form].page(truth, prose.text(random, truth), forms(truth))
    return page if isinstance(page, bytes) else page.encode()


def crashing() -> bytes:
    """An old spreadsheet with a cell so far out that the library asks for 68 GB, and aborts when it does not get them."""
    content = xls(Sheet("Sheet1", [["a", 1.0], ["b", 2.0]], []))
    row_one_column_one = b"\x03\x02\x0e\x00\x01\x00\x01\x00"
    assert content.count(row_one_column_one) == 1
    return content.replace(row_one_column_one, b"\x03\x02\x0e\x00\xff\xff\xff\xff")


def greedy() -> bytes:
    """A Word document of moderate size whose tree takes hundreds of megabytes."""
    return word.docx("<w:p><w:r><w:t>1</w:t></w:r></w:p>" * 600_000)


@pytest.mark.parametrize("form", ["html", "text, pipes", "pdf", "docx", "xlsx", "xls", "ofd"])
def test_the_answer_is_that_of_parse(isolation: Isolation, form: str) -> None:
    content = document(form)
    source, url, within = f"a.{FORMS[form].suffix}", "http://h.cn/a", "440114"
    expected = parse(content, source=source, url=url, within=within)
    assert isolation.parse(content, source=source, url=url, within=within) == expected
    (report,) = isolation.parse(content, source="b")
    assert report.status == "ok"


def test_only_native_readers_are_isolated() -> None:
    for form, expected in (("html", False), ("text, pipes", False), ("pdf", True), ("docx", True), ("xlsx", True)):
        (member,) = opened(document(form), "a")
        assert needs_isolation(member) is expected
    assert not any(needs_isolation(member) for member in opened(b"", "a"))
    assert not any(needs_isolation(member) for member in opened(b"PK\3\4", "a"))


def test_a_crash_costs_its_own_document_only(isolation: Isolation) -> None:
    (report,) = isolation.parse(crashing(), source="a.xls")
    assert (report.status, report.media_type, report.source) == ("unreadable", "application/vnd.ms-excel", "a.xls")
    assert "the reader crashed its process" in str(report.reason)
    assert len(report.sha256) == 64
    (after,) = isolation.parse(document("xls"), source="b.xls")
    assert after.status == "ok"


def test_a_crash_in_an_archive_costs_its_own_member_only(isolation: Isolation) -> None:
    names = {"a.docx": document("docx"), "b.xls": crashing(), "c.html": document("html"), "d.ofd": document("ofd")}
    content = package(names)
    reports = isolation.parse(content, source="x.zip")
    assert [(report.source, report.status) for report in reports] == [
        ("x.zip!/a.docx", "ok"), ("x.zip!/b.xls", "unreadable"), ("x.zip!/c.html", "ok"), ("x.zip!/d.ofd", "ok"),
    ]  # fmt: skip


def test_a_document_that_takes_too_long_is_given_up(isolation: Isolation) -> None:
    isolation.parse(document("docx"), source="warm.docx")
    isolation.limits = Limits(deadline_seconds=0.05)
    (report,) = isolation.parse(greedy(), source="slow.docx")
    assert report.status == "unreadable"
    assert report.reason == "the reader was stopped: it took longer than 0.05 seconds"
    isolation.limits = Limits()
    (after,) = isolation.parse(document("docx"), source="b.docx")
    assert after.status == "ok"


@LINUX
def test_a_document_that_takes_too_much_memory_is_given_up(isolation: Isolation) -> None:
    isolation.limits = Limits(memory_bytes=200 * MIB)
    (report,) = isolation.parse(greedy(), source="greedy.docx")
    assert report.status == "unreadable"
    assert report.reason == "the reader was stopped: it took more than 200 MiB of memory"
    (after,) = isolation.parse(document("docx"), source="b.docx")
    assert after.status == "ok"


@LINUX
def test_memory_counts_what_a_process_has_started() -> None:
    hold = "import sys; b = bytearray(60 << 20); print(flush=True); sys.stdin.read()"
    start = f"import subprocess, sys; sys.exit(subprocess.call([sys.executable, '-c', {hold!r}]))"
    with subprocess.Popen([sys.executable, "-c", start], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.read(1)
        assert limits.resident_bytes(process.pid) > 60 * MIB
        process.communicate()
    assert limits.resident_bytes(process.pid) == 0


def test_a_child_that_was_killed_between_documents_is_replaced(isolation: Isolation) -> None:
    isolation.parse(document("docx"), source="a.docx")
    assert isolation._child is not None
    os.kill(isolation._child.pid, signal.SIGKILL)
    (report,) = isolation.parse(document("docx"), source="b.docx")
    assert report.status == "ok"


PARENT = """
import sys
from pathlib import Path
from nianbao.isolate import Isolation
isolation = Isolation()
isolation.parse(Path(sys.argv[1]).read_bytes(), source="a.docx")
print(isolation._child.pid, flush=True)
sys.stdin.read()
"""


@LINUX
def test_a_child_ends_with_its_parent(tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(document("docx"))
    command = [sys.executable, "-c", PARENT, str(tmp_path / "a.docx")]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        child = Path(f"/proc/{int(parent.stdout.readline())}")
        assert child.exists()
        parent.kill()
    for _ in range(200):
        if not child.exists() or "\nState:\tZ" in (child / "status").read_text():
            break
        time.sleep(0.05)
    else:
        pytest.fail("the child outlived its parent")


def test_a_page_is_read_without_a_child(isolation: Isolation) -> None:
    random = Random(2)
    truth = random_truth(random, "format_2019")
    page = bare_page(truth, prose.text(random, truth), forms(truth)).encode()
    assert isolation.parse(page, source="a.html")[0].status == "ok"
    assert isolation._child is None


def scan() -> bytes:
    """A PDF of one page without a text layer."""
    picture = Image.new("L", (1654, 2339), 255)
    ImageDraw.Draw(picture).text((200, 200), "12", fill=0, font=ImageFont.load_default(size=60))
    buffer = io.BytesIO()
    picture.save(buffer, "PDF", resolution=200)
    return buffer.getvalue()


@NEEDS_OCR
def test_recognition_is_left_to_another_where_so_wanted() -> None:
    with Isolation(recognises=False) as isolation:
        with pytest.raises(Postponed) as postponed:
            isolation.parse(scan(), source="a.pdf")
        assert postponed.value.pictures == 1
        assert isolation.parse(document("pdf"), source="b.pdf")[0].status == "ok"


@NEEDS_OCR
def test_each_picture_has_its_time(isolation: Isolation) -> None:
    """A negative one, so that the time with it cannot be enough."""
    isolation.limits = Limits(deadline_seconds=30, picture_seconds=-29.95)
    (report,) = isolation.parse(scan(), source="a.pdf")
    assert report.reason == "the reader was stopped: it took longer than 0.05 seconds"


def test_the_time_of_a_long_scan_is_bounded() -> None:
    assert max(MAX_SCANS, MAX_PICTURES) == 60
    assert Limits().with_pictures(60).deadline_seconds == 13 * 60
