"""Exports: what other programs read is what the dataset holds, and no more than may leave the house."""

import csv
import hashlib
import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from warcio.archiveiterator import ArchiveIterator

import nianbao
from nianbao.demo import HOST, pages
from nianbao.export import mask, stata_names
from nianbao.panel_columns import panel_columns
from nianbao.render import csv_text
from parsers.report import Statement
from tests.nianbao.reports import capture, report, write
from tests.nianbao.shell import ROOT, run

TEXT = "联系电话：020-36881234，手机13800138000，申请人身份证号440114199001011234。"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A dataset whose texts hold numbers that must not leave the house, and whose title looks like a formula."""
    statements = [Statement("requests_received", 1, "count", TEXT, "text:1,1")]
    found = report(values={"requests/received_new/total": 1}, text=TEXT, title="=1+1", statements=statements)
    write(tmp_path / "data", [(capture("https://www.huadu.gov.cn/post_1.html", "a"), found)])
    return tmp_path


def read_csv(path: Path, encoding: str = "utf-8-sig") -> list[dict[str, str]]:
    with path.open(encoding=encoding, newline="") as file:
        return list(csv.DictReader(file))


def test_csv_holds_the_tables_without_texts(data: Path) -> None:
    ran = run("export", "--format", "csv", cwd=data)
    assert ran.code == 0
    written = [data / line for line in ran.out.splitlines()]
    assert {path.name for path in written} == {path.name for path in (data / "data/exports/csv").iterdir()}
    assert not (data / "data/exports/csv/sections.csv").exists()
    assert "sentence" not in read_csv(data / "data/exports/csv/statements.csv")[0]
    assert all(path.read_bytes().startswith(b"\xef\xbb\xbf") for path in written)
    assert not any("13800138000" in path.read_text(encoding="utf-8") for path in written)
    cells = read_csv(data / "data/exports/csv/cells.csv")
    assert len(cells) == 198
    received = [cell["value"] for cell in cells if (cell["row"], cell["column"]) == ("received_new", "total")]
    assert received == ["1"]


def test_texts_leave_only_masked(data: Path) -> None:
    run("export", "--format", "csv", "--with-text", "--to", "out", cwd=data)
    (section,) = read_csv(data / "out/sections.csv")
    assert section["text"] == "联系电话：***-********，手机***********，申请人身份证号******************。"
    assert read_csv(data / "out/statements.csv")[0]["sentence"] == section["text"]


def test_texts_of_an_export_before_do_not_stay(data: Path) -> None:
    for form in ("csv", "datapackage"):
        assert (data / "out/sections.csv").exists() is False
        run("export", "--format", form, "--with-text", "--to", "out", cwd=data)
        assert (data / "out/sections.csv").exists()
        run("export", "--format", form, "--to", "out", cwd=data)


def test_a_dataset_without_a_report_is_exported_too(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_bytes(b"<html>nothing</html>")
    run("add", "page.html", cwd=tmp_path)
    for form in ("csv", "xlsx", "datapackage", "warc"):
        assert run("export", "--format", form, cwd=tmp_path).code == 0
    ran = run("export", "--format", "dta", cwd=tmp_path)
    assert (ran.code, ran.complaints) == (3, ["no report on a known year in data: a Stata file cannot be empty"])


@pytest.mark.parametrize("text", ["2020年收到申请1234567件", "收费346490.00元", "共12345678条", "36,988件", "第020号"])
def test_figures_are_not_masked(text: str) -> None:
    assert mask(text) == text


def test_no_cell_is_a_formula(data: Path) -> None:
    run("export", "--format", "csv", cwd=data)
    assert read_csv(data / "data/exports/csv/reports.csv")[0]["title"] == "'=1+1"
    rows = [["=a", "+6", "-3", "+6+cmd", "@x", "\tx", "a"]]
    assert csv_text(list("abcdefg"), rows).splitlines()[1] == "'=a,+6,-3,'+6+cmd,'@x,'\tx,a"


def test_the_data_package_describes_its_files(data: Path) -> None:
    run("export", "--format", "datapackage", cwd=data)
    folder = data / "data/exports/datapackage"
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    assert {resource["name"] for resource in package["resources"]} >= {"reports", "cells", "panel"}
    for resource in package["resources"]:
        with (folder / resource["path"]).open(encoding="utf-8", newline="") as file:
            assert next(csv.reader(file)) == [field["name"] for field in resource["schema"]["fields"]]
        assert all(field["description"] for field in resource["schema"]["fields"])


def test_the_data_package_passes_frictionless_and_its_sums(data: Path) -> None:
    """A process of its own: the library warns on import."""
    ran = run("export", "--format", "datapackage", "--with-text", cwd=data)
    folder = data / "data/exports/datapackage"
    command = [sys.executable, "-m", "frictionless", "validate", "datapackage.json", "--json"]
    told = json.loads(subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, text=True, check=False).stdout)
    assert told["valid"], told
    assert {task["name"] for task in told["tasks"]} >= {"reports", "cells", "panel", "coverage", "sections"}
    sums = dict(line.split("  ")[::-1] for line in (folder / "SHA256SUMS").read_text(encoding="utf-8").splitlines())
    assert set(sums) == {path.name for path in folder.iterdir()} - {"SHA256SUMS"}
    assert [Path(line).name for line in ran.out.splitlines()][-1] == "SHA256SUMS"
    for name, digest in sums.items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest


def test_frictionless_would_see_a_broken_package(data: Path) -> None:
    run("export", "--format", "datapackage", cwd=data)
    folder = data / "data/exports/datapackage"
    (folder / "reports.csv").write_text((folder / "reports.csv").read_text(encoding="utf-8").replace("2020", "x", 1))
    command = [sys.executable, "-m", "frictionless", "validate", "datapackage.json", "--json"]
    told = json.loads(subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, text=True, check=False).stdout)
    assert not told["valid"]


def test_the_deposit_says_what_it_is_whence_and_how_to_cite(data: Path) -> None:
    run("export", "--format", "datapackage", cwd=data)
    folder = data / "data/exports/datapackage"
    text = {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()}
    assert "1 reports by 1 bodies on 2020–2020" in text["README.md"]
    assert "| guangdong/guangzhou-huadu |  | 1 | 1 | 2021-02-01 | 2021-02-01 |" in text["PROVENANCE.md"]
    assert 'date-released: "2021-02-01"' in text["CITATION.cff"]
    assert text["codebook.json"] == (ROOT / "docs/codebook.json").read_text(encoding="utf-8")
    assert text["TABLES.md"] == (ROOT / "data/README.md").read_text(encoding="utf-8")
    assert "CC BY 4.0" in text["LICENSE.md"]
    assert "勾稽关系" in text["METHOD.md"]


@pytest.mark.skipif(shutil.which("soffice") is None, reason="soffice is not installed: LibreOffice opens no workbook")
def test_libreoffice_opens_every_sheet_of_the_workbook(data: Path) -> None:
    run("export", "--format", "xlsx", "--to", "out", cwd=data)
    profile = f"-env:UserInstallation={(data / 'profile').as_uri()}"
    as_csv = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"  # UTF-8, all sheets
    command = ["soffice", profile, "--headless", "--convert-to", as_csv, "--outdir", "csv", "out/nianbao.xlsx"]
    subprocess.run(command, cwd=data, check=True, capture_output=True, timeout=120)
    sheets = {path.stem.removeprefix("nianbao-"): path for path in (data / "csv").iterdir()}
    assert set(sheets) == {*nianbao.open(data / "data").names(), "README", "codebook"} - {"sections"}
    (found,) = read_csv(sheets["reports"], "utf-8")
    assert (found["organization"], found["year"], found["title"]) == ("广州市花都区狮岭镇人民政府", "2020", "=1+1")
    assert len(read_csv(sheets["cells"], "utf-8")) == 198


def test_sheets_have_a_frozen_head_and_the_form_is_explained(data: Path) -> None:
    from python_calamine import CalamineWorkbook

    run("export", "--format", "xlsx", cwd=data)
    path = data / "data/exports/xlsx/nianbao.xlsx"
    rows = CalamineWorkbook.from_path(path).get_sheet_by_name("codebook").to_python()
    assert ["requests", "row", "received_new"] in [row[:3] for row in rows]
    with zipfile.ZipFile(path) as archive:
        sheets = [archive.read(name) for name in archive.namelist() if name.startswith("xl/worksheets/")]
    assert all(b'state="frozen"' in sheet for sheet in sheets)


def test_excel_reads_numbers_and_text(data: Path) -> None:
    from python_calamine import CalamineWorkbook

    run("export", "--format", "xlsx", cwd=data)
    workbook = CalamineWorkbook.from_path(data / "data/exports/xlsx/nianbao.xlsx")
    rows = workbook.get_sheet_by_name("reports").to_python()
    found = dict(zip(rows[0], rows[1], strict=True))
    assert (found["organization"], found["year"], found["title"]) == ("广州市花都区狮岭镇人民政府", 2020, "=1+1")
    assert "README" in workbook.sheet_names
    with zipfile.ZipFile(data / "data/exports/xlsx/nianbao.xlsx") as archive:
        sheets = [archive.read(name) for name in archive.namelist() if name.startswith("xl/worksheets/")]
    assert not any(b"<f>" in sheet for sheet in sheets)


def test_stata_reads_the_panel(data: Path) -> None:
    run("export", "--format", "dta", cwd=data)
    with pd.io.stata.StataReader(data / "data/exports/dta/panel.dta") as reader:
        labels = reader.variable_labels()
    frame = pd.read_stata(data / "data/exports/dta/panel.dta")
    assert frame["level"].tolist() == ["township"]
    assert frame["level"].cat.categories.tolist() == ["township"]
    assert frame["organization"].tolist() == ["广州市花都区狮岭镇人民政府"]
    assert frame["requests_received_new"].tolist() == [1.0]
    assert labels["disclosure_rate"].startswith("disclosure rate = (requests/disclosed_full/total")
    assert len(frame.columns) == len(panel_columns())


def test_stata_names_are_short_and_different() -> None:
    names = stata_names([column.name for column in panel_columns()])
    assert len(set(names.values())) == len(names)
    assert all(len(name) <= 32 and name.isidentifier() for name in names.values())


def test_warc_holds_every_body(tmp_path: Path) -> None:
    assert run("demo", cwd=tmp_path).code == 0
    ran = run("export", "--format", "warc", "--data", "nianbao-demo", cwd=tmp_path)
    path = tmp_path / ran.out.strip()
    found = {}
    with path.open("rb") as file:
        for record in ArchiveIterator(file, check_digests="raise"):
            assert record.http_headers.get_statuscode() == "200"
            found[record.rec_headers.get_header("WARC-Target-URI")] = record.content_stream().read()
    stored = {capture.final_url for capture in captures(tmp_path / "nianbao-demo")}
    assert set(found) == stored
    for address, body in found.items():
        served = pages() / HOST / address.removeprefix(f"http://{HOST}/")
        assert (served / "index.html" if served.is_dir() else served).read_bytes() == body


def captures(data: Path):  # type: ignore[no-untyped-def]
    from nianbao.folder import DataFolder

    return [each for each in DataFolder(data).archive.captures() if each.sha256]


def test_export_of_an_opened_dataset_matches_its_frames(data: Path) -> None:
    run("export", "--format", "csv", cwd=data)
    frame = nianbao.open(data / "data").reports()
    exported = read_csv(data / "data/exports/csv/reports.csv")
    assert [row["report_id"] for row in exported] == frame["report_id"].tolist()
