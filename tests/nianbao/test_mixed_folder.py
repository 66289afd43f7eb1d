"""`nianbao parse FOLDER` over files of many formats: all are read, and a summary tells formats and statuses."""

from pathlib import Path
from random import Random

from tests.nianbao.shell import run
from tests.specimens.hostile import good
from tests.specimens.render import specimen


def test_a_mixed_folder(tmp_path: Path) -> None:
    for kind, content in good()[1].items():
        (tmp_path / f"a.{kind}.dat").write_bytes(content)
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "b").write_bytes(specimen(Random(1), "html", "none", "format_2021").content)
    (tmp_path / "deep" / "c.pdf").write_bytes(b"%PDF-1.4\n")
    ran = run("parse", str(tmp_path), "--json", "--lang", "en", cwd=tmp_path)
    assert ran.code == 1
    reports = ran.objects
    assert len(reports) == 9  # the archive holds two
    assert [report["status"] for report in reports].count("ok") == 8
    assert ran.complaints[-7:] == [
        "HTML: 1 ok", "OFD: 1 ok", "PDF: 2 ok", "PDF: 1 unreadable", "docx: 2 ok", "xls: 1 ok", "xlsx: 1 ok",
    ]  # fmt: skip
