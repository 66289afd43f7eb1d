"""Pages that only carry the report, end to end over loopback: frames, viewers, objects, downloads, pictures; and pages whose
attachment says the same, or something else."""

from base64 import b64encode
from collections.abc import Callable, Iterator
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from parsers import ocr
from tests.crawler.replica import COLUMN, Replica, Reply, article, list_page, row
from tests.crawler.replicas import report_body, report_pdf, title, told
from tests.crawler.stage import rows_of
from tests.nianbao.shell import run
from tests.specimens import drawing, markup, prose, word
from tests.specimens.forms import Form, forms
from tests.specimens.truth import Truth

YEAR = 2022
DISTRICT = "云州市青澜区"
KEY = ("requests", "received_new", "natural_person")
PDF = {"Content-Type": "application/pdf"}
PICTURE = "/pic/requests.png"
VIEWER = "<html><body><div id='viewer'>Loading…</div><script>open()</script></body></html>"

needs_pictures = pytest.mark.skipif(not ocr.is_ready(), reason="the extra ocr is not installed")
needs_font = pytest.mark.skipif(not drawing.can_draw(), reason="the extra notebooks is not installed")
Carrier = Callable[[Replica, str], str]


def in_frame(replica: Replica, body: str) -> str:
    replica.routes["/inner/report.html"] = Reply(f"<html><body>{report_body(body, YEAR)}</body></html>")
    return "<iframe src='/inner/report.html' width='100%' height=900></iframe>"


def in_viewer(replica: Replica, body: str) -> str:
    replica.routes["/pdfjs/web/viewer.html"] = Reply(VIEWER)
    replica.routes["/files/2023/年报 1.pdf"] = replica.routes["/files/2023/%E5%B9%B4%E6%8A%A5%201.pdf"] = Reply(report_pdf(body, YEAR), headers=PDF)
    return f"<iframe src='/pdfjs/web/viewer.html?file={quote('/files/2023/年报 1.pdf')}'></iframe>"


def in_viewer_of_a_program(replica: Replica, body: str) -> str:
    replica.routes["/show.do?id=7"] = Reply(report_pdf(body, YEAR), headers=PDF)
    return f"<iframe src='/pdfjs/web/viewer.html?file={quote('/show.do?id=7', safe='')}'></iframe>"


def in_object(replica: Replica, body: str) -> str:
    replica.routes["/files/object.pdf"] = Reply(report_pdf(body, YEAR), headers=PDF)
    return "<object data='/files/object.pdf' type='application/pdf' width=800 height=900><p>您的浏览器不支持</p></object>"


def in_embed(replica: Replica, body: str) -> str:
    replica.routes["/stream/12"] = Reply(report_pdf(body, YEAR), headers=PDF)
    return "<embed src='/stream/12' type='application/pdf'>"


def in_frame_of_frame(replica: Replica, body: str) -> str:
    replica.routes["/inner/shell.html"] = Reply("<html><body><embed src='../files/deep.pdf'></body></html>")
    replica.routes["/files/deep.pdf"] = Reply(report_pdf(body, YEAR), headers=PDF)
    return "<iframe src='/inner/shell.html'></iframe>"


def behind_download(replica: Replica, body: str) -> str:
    name = f"{title(body, YEAR)}.docx"
    address = f"/module/download/downfile.jsp?classid=0&filename={quote(name)}"
    replica.routes[address] = Reply(document(body), headers={"Content-Type": "application/octet-stream"})
    return f"<p>附件：<a href='{escape(address)}'>年报全文</a></p>"


def behind_an_address_without_ending(replica: Replica, body: str) -> str:
    named = {"Content-Type": "application/octet-stream", "Content-Disposition": "attachment; filename*=UTF-8''nb.docx"}
    replica.routes["/attach/8831"] = Reply(document(body), headers=named)
    return "<p><a href='/attach/8831'>附件</a></p>"


def in_data_pictures(replica: Replica, body: str) -> str:
    del replica
    return with_tables(body, lambda form: f"data:image/png;base64,{b64encode(drawing.picture_of(form)).decode()}")


def in_pictures(replica: Replica, body: str) -> str:
    def served(form: Form) -> str:
        address = f"/pic/{form.table}.png"
        replica.routes[address] = Reply(drawing.picture_of(form), headers={"Content-Type": "image/png"})
        return address

    return with_tables(body, served)


def with_one_picture(replica: Replica, body: str) -> str:
    """Only the table of requests stands there, as a picture."""
    random, truth = told(body, YEAR)
    (pictured,) = (form for form in forms(truth) if form.table == "requests")
    replica.routes[PICTURE] = Reply(drawing.picture_of(pictured), headers={"Content-Type": "image/png"})
    return markup.body(prose.text(random, truth), (pictured,), lambda _: f'<p><img src="{PICTURE}"></p>')


def in_frame_of_itself(replica: Replica, body: str) -> str:
    del replica
    return f"<iframe src='?again'></iframe><iframe src=''></iframe>{report_body(body, YEAR)}"


def beside_a_foreign_frame(replica: Replica, body: str) -> str:
    del replica
    return f"<iframe src='http://192.0.2.1/other.html'></iframe><iframe src='//[::1'></iframe>{report_body(body, YEAR)}"


def agreeing(replica: Replica, body: str) -> str:
    replica.routes["/files/same.docx"] = Reply(document(body))
    return f"{report_body(body, YEAR)}<p>附件：<a href='/files/same.docx'>年报.docx</a></p>"


def disagreeing(replica: Replica, body: str) -> str:
    replica.routes["/files/other.docx"] = Reply(document(body, changed=True))
    return f"{report_body(body, YEAR)}<p>附件：<a href='/files/other.docx'>年报.docx</a></p>"


def document(body: str, *, changed: bool = False) -> bytes:
    random, truth = told(body, YEAR)
    told_again = truth.change({KEY: int(truth.figures[KEY]) + 1}) if changed else truth
    return word.docx_page(told_again, prose.text(random, truth), forms(told_again))


def with_tables(body: str, address: Callable[[Form], str]) -> str:
    random, truth = told(body, YEAR)
    return markup.body(prose.text(random, truth), forms(truth), lambda form: f'<p><img src="{address(form)}"></p>')


CARRIERS: dict[str, Carrier] = {
    "审计局": in_frame, "教育局": in_viewer, "司法局": in_viewer_of_a_program, "民政局": in_object, "财政局": in_embed,
    "水务局": in_frame_of_frame, "统计局": behind_download, "商务局": behind_an_address_without_ending,
    "农业农村局": in_frame_of_itself, "应急管理局": beside_a_foreign_frame, "医疗保障局": agreeing, "交通运输局": disagreeing,
}  # fmt: skip
PICTURED: dict[str, Carrier] = {"信访局": in_data_pictures, "林业局": in_pictures}


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The dataset of one run over a portal with a page for each carrier."""
    folder = tmp_path_factory.mktemp("carriers")
    with Replica() as replica:
        collect(replica, CARRIERS, folder)
    return folder / "data"


@pytest.fixture
def replica() -> Iterator[Replica]:
    with Replica() as server:
        yield server


def collect(replica: Replica, carriers: dict[str, Carrier], folder: Path) -> None:
    """Fills a portal, and runs over it."""
    rows = []
    for number, (body, carrier) in enumerate(carriers.items(), 1):
        address, name = f"{COLUMN}/gzj/content/post_{number}.html", title(f"{DISTRICT}{body}", YEAR)
        replica.routes[address] = Reply(article(name, published=f"{YEAR + 1}-01-20", body=carrier(replica, f"{DISTRICT}{body}")))
        rows.append(row(address, name, f"{YEAR + 1}-01-20"))
    replica.routes[f"{COLUMN}/gzj/index.html"] = Reply(list_page(rows))
    toml = f'name = "区政府"\nfamily = "guangdong_nfcms"\nallow_private_addresses = true\n[pace]\ndelay = 0.0\n[[channels]]\nurl = "{replica.origin}{COLUMN}/gzj/index.html"\n'
    (folder / "portal.toml").write_text(toml, encoding="utf-8")
    ran = run("run", "portal.toml", cwd=folder)
    assert ran.code == 0, ran.err


def report_on(data: Path, body: str) -> dict[str, Any]:
    """The only latest report of a body."""
    (found,) = (each for each in rows_of(data, "reports") if each["organization"] == f"{DISTRICT}{body}" and each["is_latest"])
    return found


def cells_of(data: Path, report: dict[str, Any]) -> dict[tuple[str, str, str], dict[str, Any]]:
    found = (each for each in rows_of(data, "cells") if each["report_id"] == report["report_id"])
    return {(each["table"], each["row"], each["column"]): each for each in found}


def differences(data: Path, body: str) -> dict[tuple[str, str, str], object]:
    """Cells of the dataset that are not as the report says."""
    truth: Truth = told(f"{DISTRICT}{body}", YEAR)[1]
    cells = cells_of(data, report_on(data, body))
    printed = {key: value for key, value in truth.figures.items() if truth.raw.get(key, "").strip() and key in cells}
    assert len(printed) > 100
    return {key: cells[key]["value"] for key, value in printed.items() if cells[key]["value"] != float(value)}


@pytest.mark.parametrize("body", CARRIERS)
def test_each_carrier_brings_its_report(data: Path, body: str) -> None:
    report = report_on(data, body)
    assert (report["status"], report["year"]) == ("ok", YEAR), report["reason"]
    assert differences(data, body) == {}


def test_nothing_else_becomes_a_report(data: Path) -> None:
    found = sorted(each["organization"] or each["url"] for each in rows_of(data, "reports"))
    assert found == sorted(f"{DISTRICT}{body}" for body in CARRIERS)
    assert not any("192.0.2.1" in each["url"] for each in rows_of(data, "captures"))


def test_page_and_attachment_that_agree_are_two_sources_without_a_finding(data: Path) -> None:
    report = report_on(data, "医疗保障局")
    assert len(report["sources"]) == 2
    assert "DUPLICATE_REPORT" not in codes(data, report)


def test_page_and_attachment_that_disagree_in_a_cell(data: Path) -> None:
    """The page is preferred, and the finding says which source gives which figure."""
    report = report_on(data, "交通运输局")
    truth = told(f"{DISTRICT}交通运输局", YEAR)[1]
    (found,) = (each for each in rows_of(data, "findings") if each["code"] == "DUPLICATE_REPORT")
    assert found["report_id"] == report["report_id"]
    assert [tuple(cell.values()) for cell in found["cells"]] == [KEY]
    ours, other = int(truth.figures[KEY]), report["url"].partition("/xxgk")[0] + "/files/other.docx"
    assert f"{other} " in found["message"]
    assert f"{report['url']} " in found["message"]
    assert f"requests/received_new/natural_person {ours + 1} instead of {ours}" in found["message"]
    assert f"requests/received_new/natural_person 为 {ours + 1}，而非 {ours}" in found["message_zh"]
    assert set(report["sources"]) == {report["url"], other}


def codes(data: Path, report: dict[str, Any]) -> set[str]:
    return {each["code"] for each in rows_of(data, "findings") if each["report_id"] == report["report_id"]}


@needs_pictures
@needs_font
def test_tables_put_up_as_pictures_and_the_words_between_them_are_one_report(replica: Replica, tmp_path: Path) -> None:
    collect(replica, PICTURED, tmp_path)
    for body in PICTURED:
        data = tmp_path / "data"
        report = report_on(data, body)
        assert (report["status"], report["year"]) == ("ok", YEAR), report["reason"]
        assert differences(data, body) == {}
        cells = cells_of(data, report)
        assert all(cell["locator"].endswith("img") for cell in cells.values() if cell["basis"] == "observed")
        assert len({cell["locator"] for cell in cells.values() if cell["basis"] == "observed"}) == len(forms(told(f"{DISTRICT}{body}", YEAR)[1]))
    assert {each["organization"] for each in rows_of(data, "reports")} == {f"{DISTRICT}{body}" for body in PICTURED}
    pictures = [each["url"] for each in rows_of(data, "captures") if each["media_type"] == "image/png"]
    assert pictures
    assert set(report_on(data, "林业局")["sources"]) == {report_on(data, "林业局")["url"], *pictures}
    replica.forget()
    assert run("run", "portal.toml", cwd=tmp_path).code == 0
    assert [path for path in replica.paths() if "index" not in path] == []


@needs_pictures
@needs_font
def test_a_picture_that_is_exchanged_at_its_address_changes_the_report(replica: Replica, tmp_path: Path) -> None:
    collect(replica, {"林业局": with_one_picture}, tmp_path)
    before = report_on(tmp_path / "data", "林业局")
    truth = told(f"{DISTRICT}林业局", YEAR)[1]
    changed = truth.change({KEY: int(truth.figures[KEY]) + 1})
    (form,) = (form for form in forms(changed) if form.table == "requests")
    replica.routes[PICTURE] = Reply(drawing.picture_of(form), headers={"Content-Type": "image/png"})
    page = replica.routes[f"{COLUMN}/gzj/content/post_1.html"]
    assert isinstance(page, Reply)
    listing = replica.routes[f"{COLUMN}/gzj/index.html"]
    assert isinstance(listing, Reply)
    page.body = str(page.body) + "<!-- -->"
    listing.body = str(listing.body).replace("2023-01-20", "2023-01-21")
    assert run("run", "portal.toml", cwd=tmp_path).code == 0
    after = report_on(tmp_path / "data", "林业局")
    assert after["report_id"] != before["report_id"]
    assert cells_of(tmp_path / "data", after)[KEY]["value"] == int(truth.figures[KEY]) + 1
