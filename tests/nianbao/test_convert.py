"""Old office formats through other programs: LibreOffice itself where it is installed, else a program in its place."""

import shutil
import stat
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest

from nianbao.convert import FORMATS, Converter, office_program
from nianbao.isolate import Isolation
from nianbao.limits import Limits
from parsers.errors import UnreadableDocument
from tests.specimens import prose, word
from tests.specimens.forms import forms
from tests.specimens.render import random_truth
from tests.specimens.sheets import ole
from tests.specimens.truth import Truth

RTF = rb"{\rtf1\ansi \u35268?\u31456?\par}"
DOC = ole({"WordDocument": b"\xec\xa5" * 3000})


def specimen() -> tuple[Truth, bytes]:
    random = Random(3)
    truth = random_truth(random, "format_2021")
    return truth, word.docx_page(truth, prose.text(random, truth), forms(truth))


def install(monkeypatch: pytest.MonkeyPatch, folder: Path, name: str, script: str) -> None:
    """A program of this name, and no other converter, on the path."""
    program = folder / name
    program.write_text(f"#!{sys.executable}\nimport pathlib, shutil, subprocess, sys, time\n{script}\n", encoding="utf-8")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", str(folder))


@pytest.fixture
def nothing_installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    if office_program():
        pytest.skip("soffice is installed outside of the path")


@pytest.mark.usefixtures("nothing_installed")
@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (DOC, "Word 97-2003 (.doc) is read through LibreOffice, which is not installed: install it, or catdoc"),
        (RTF, "RTF is read through LibreOffice, which is not installed: install it"),
    ],
)
def test_without_a_program_the_reason_says_what_to_install(content: bytes, reason: str) -> None:
    with Isolation() as isolation:
        (report,) = isolation.parse(content, source="a")
    assert (report.status, report.reason) == ("unreadable", reason)


CONVERTING = """
outdir, document = pathlib.Path(sys.argv[-2]), pathlib.Path(sys.argv[-1])
assert sys.argv[1].startswith("-env:UserInstallation=file://")
assert document.read_bytes() and pathlib.Path.cwd() == document.parent
outdir.mkdir(exist_ok=True)
shutil.copy({made!r}, outdir / "document.docx")
"""


def test_what_a_program_makes_is_read_in_its_place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    truth, content = specimen()
    (tmp_path / "made.docx").write_bytes(content)
    install(monkeypatch, tmp_path, "soffice", CONVERTING.format(made=str(tmp_path / "made.docx")))
    with Isolation() as isolation:
        (report,) = isolation.parse(DOC, source="a.doc")
    assert (report.status, report.reader, report.media_type) == ("ok", "docx", "application/msword")
    assert {cell.key: cell.value for cell in report.cells} == truth.figures
    remarks = [finding.message for finding in report.findings if finding.code == "READER_REMARK"]
    assert remarks == ["converted before it was read; places are those of the docx conversion"]


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("sys.exit(1)", "LibreOffice could not open the file: it is damaged or encrypted"),
        ("time.sleep(600)", "LibreOffice was stopped: it took longer than 1 seconds"),
        (
            "subprocess.run([sys.executable, '-c', 'import time; time.sleep(600)'])",
            "LibreOffice was stopped: it took longer than 1 seconds",
        ),
    ],
)
def test_a_program_that_fails(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, script: str, reason: str) -> None:
    install(monkeypatch, tmp_path, "soffice", script)
    with Isolation(Limits(deadline_seconds=1)) as isolation:
        (report,) = isolation.parse(RTF, source="a.rtf")
    assert (report.status, report.reason) == ("unreadable", reason)


def test_a_program_that_cannot_be_started(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    install(monkeypatch, tmp_path, "soffice", "")
    (tmp_path / "soffice").write_bytes(b"\x7fELF nothing")
    converter = Converter(Limits())
    with pytest.raises(UnreadableDocument, match="cannot be started"):
        converter.convert(RTF, "application/rtf")
    converter.close()


@pytest.mark.parametrize(
    ("printed", "reason"),
    [("规章\t1\t2\n", None), ("", "catdoc could not read the file"), ("规章\t1\nN\u00c5`b_\u00ff\n", "catdoc lost parts")],
)
def test_text_of_catdoc(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, printed: str, reason: str | None) -> None:
    install(monkeypatch, tmp_path, "catdoc", f"sys.stdout.buffer.write({printed.encode()!r})")
    if office_program():
        pytest.skip("soffice is installed outside of the path")
    converter = Converter(Limits())
    if reason is None:
        assert converter.convert(DOC, "application/msword").decode() == printed
    else:
        with pytest.raises(UnreadableDocument, match=reason):
            converter.convert(DOC, "application/msword")
    with pytest.raises(UnreadableDocument, match="RTF is read through LibreOffice"):
        converter.convert(RTF, "application/rtf")
    converter.close()


def test_nothing_is_left_behind(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    install(monkeypatch, tmp_path, "soffice", "sys.exit(1)")
    with Isolation() as isolation:
        isolation.parse(RTF, source="a.rtf")
        assert list((tmp_path / "temporary").iterdir())
    assert not list((tmp_path / "temporary").iterdir())


@pytest.mark.parametrize("form", ["doc", "rtf", "odt", "fodt", "xml:MS Word 2003 XML"])
def test_real_conversions(tmp_path: Path, form: str) -> None:
    """A report written by LibreOffice itself in each of the formats reads back as it was."""
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("soffice is not installed: real conversions stay untested")
    truth, content = specimen()
    (tmp_path / "a.docx").write_bytes(content)
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [office, profile, "--headless", "--convert-to", form, "--outdir", str(tmp_path), str(tmp_path / "a.docx")]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    name = f"a.{form.partition(':')[0]}"
    with Isolation() as isolation:
        (report,) = isolation.parse((tmp_path / name).read_bytes(), source=name)
    assert (report.status, report.media_type in FORMATS) == ("ok", True)
    assert {cell.key: cell.value for cell in report.cells} == truth.figures
