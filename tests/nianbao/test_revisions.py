"""Identity: what is one report, and which revision is the latest."""

import hashlib
from itertools import permutations
from pathlib import Path

import pytest

import nianbao
from nianbao.heads import content_digest
from nianbao.organizations import org_id
from nianbao.revisions import canonical_address
from tests.nianbao.reports import capture, report, write

PAGE = "http://www.huadu.gov.cn/xxgk/content/post_7.html"
RECEIVED = "requests/received_new/total"


def rows(data: Path, name: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = (
        nianbao.open(data).sql(f"select * from {name} order by report_id").to_arrow_table().to_pylist()
    )
    return found


@pytest.mark.parametrize(
    "address",
    [
        "https://www.huadu.gov.cn/xxgk/content/post_7.html",
        "http://huadu.gov.cn/xxgk/content/post_7.html",
        "http://www.huadu.gov.cn:80/xxgk/content/post_7.html#a",
        "https://www.huadu.gov.cn/xxgk/content/mpost_7.html",
    ],
)
def test_spellings_of_an_address_are_one(address: str) -> None:
    assert canonical_address(address) == canonical_address(PAGE)


@pytest.mark.parametrize("address", [PAGE.replace("7", "8"), f"{PAGE}?a=1", PAGE.replace("huadu", "panyu")])
def test_other_addresses_are_not(address: str) -> None:
    assert canonical_address(address) != canonical_address(PAGE)


def test_page_and_mobile_twin_are_two_sources_of_one_report(tmp_path: Path) -> None:
    mobile = PAGE.replace("post_", "mpost_")
    write(tmp_path, [(capture(PAGE, "a"), report()), (capture(mobile, "b"), report())])
    (row,) = rows(tmp_path, "reports")
    assert row["url"] == PAGE
    assert row["sources"] == sorted([PAGE, mobile])
    assert rows(tmp_path, "superseded_reports") == []


def test_an_attachment_with_the_tables_gives_the_figures_of_its_page(tmp_path: Path) -> None:
    file = "http://www.huadu.gov.cn/attachment/7.pdf"
    page = report(with_tables=False)
    nameless = report(None, None, {RECEIVED: 5}, division_code=None, level=None, kind=None, published=None, title=None)
    write(tmp_path, [(capture(PAGE, "a"), page), (capture(file, "b", attachment_of=PAGE, role="attachment"), nameless)])
    (row,) = rows(tmp_path, "reports")
    assert (row["url"], row["organization"], row["year"]) == (file, page.organization, 2020)
    assert str(row["published"]) == "2021-01-21"
    assert row["sources"] == sorted([PAGE, file])
    assert len(nianbao.open(tmp_path).cells(row="received_new", column="total")) == 1


def test_two_nameless_attachments_do_not_become_the_page(tmp_path: Path) -> None:
    page = report(with_tables=False)
    pairs = [(capture(PAGE, "a"), page)]
    for number in (1, 2):
        nameless = report(None, None, {RECEIVED: number}, division_code=None, title=None)
        file = f"http://www.huadu.gov.cn/attachment/{number}.pdf"
        pairs.append((capture(file, str(number), attachment_of=PAGE, role="attachment"), nameless))
    write(tmp_path, pairs)
    assert len(rows(tmp_path, "reports")) == 3


def test_new_bytes_with_the_same_content_are_no_revision(tmp_path: Path) -> None:
    early, late = "2021-02-01T00:00:00+00:00", "2021-03-01T00:00:00+00:00"
    write(tmp_path, [(capture(PAGE, "a", early), report())])
    before = rows(tmp_path, "reports")[0]["report_id"]
    write(tmp_path, [(capture(PAGE, "a", early), report()), (capture(PAGE, "b", late), report())])
    (row,) = rows(tmp_path, "reports")
    assert row["report_id"] == before
    assert rows(tmp_path, "superseded_reports") == []


def test_a_changed_report_supersedes_the_one_before(tmp_path: Path) -> None:
    early, late = "2021-02-01T00:00:00+00:00", "2021-03-01T00:00:00+00:00"
    pairs = [(capture(PAGE, "a", early), report()), (capture(PAGE, "b", late), report(values={RECEIVED: 3}))]
    write(tmp_path, pairs)
    (row,) = rows(tmp_path, "reports")
    (old,) = rows(tmp_path, "superseded_reports")
    assert (row["is_latest"], old["is_latest"]) == (True, False)
    assert row["org_id"] == old["org_id"]
    assert nianbao.open(tmp_path).cells(row="received_new", column="total")["value"].tolist() == [3.0]
    assert len(rows(tmp_path, "superseded_cells")) == 198
    assert rows(tmp_path, "findings") == []


def test_a_report_that_goes_back_to_its_first_content_has_that_as_latest(tmp_path: Path) -> None:
    times = [f"2021-0{month}-01T00:00:00+00:00" for month in (2, 3, 4)]
    pairs = [
        (capture(PAGE, "a", times[0]), report()),
        (capture(PAGE, "b", times[1]), report(values={RECEIVED: 3})),
        (capture(PAGE, "a", times[2]), report()),
    ]
    write(tmp_path, pairs)
    assert nianbao.open(tmp_path).cells(row="received_new", column="total")["value"].tolist() == [0.0]
    assert len(rows(tmp_path, "superseded_reports")) == 1


def test_the_same_report_at_two_addresses_is_one(tmp_path: Path) -> None:
    other = PAGE.replace("post_7", "post_9")
    write(tmp_path, [(capture(url, url), report(values={RECEIVED: 4})) for url in (PAGE, other)])
    (row,) = rows(tmp_path, "reports")
    assert row["sources"] == [PAGE, other]
    assert rows(tmp_path, "findings") == []


def test_a_poorer_copy_at_another_address_is_a_source(tmp_path: Path) -> None:
    """A copy whose cells could be read only in part does not contradict the page."""
    other = PAGE.replace("post_7", "post_9")
    poorer = {"requests/concluded_total/total": None, RECEIVED: 4}
    pairs = [(capture(PAGE, "a"), report(values={RECEIVED: 4})), (capture(other, "b"), report(values=poorer))]
    write(tmp_path, pairs)
    (row,) = rows(tmp_path, "reports")
    assert (row["url"], row["sources"]) == (PAGE, [PAGE, other])
    assert rows(tmp_path, "findings") == []


def test_an_attachment_that_contradicts_its_page_stays_a_source_with_a_finding(tmp_path: Path) -> None:
    file = "http://www.huadu.gov.cn/attachment/7.pdf"
    attached = capture(file, "b", attachment_of=PAGE, role="attachment")
    write(tmp_path, [(capture(PAGE, "a"), report()), (attached, report(values={RECEIVED: 5}))])
    (row,) = rows(tmp_path, "reports")
    assert (row["url"], row["sources"]) == (PAGE, sorted([PAGE, file]))
    (found,) = rows(tmp_path, "findings")
    assert found["code"] == "DUPLICATE_REPORT"
    assert file in str(found["message"])
    assert f"{RECEIVED} 5 instead of 0" in str(found["message"])
    assert ["/".join(cell.values()) for cell in found["cells"]] == [RECEIVED]


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_different_figures_at_other_addresses_are_kept_with_a_finding(tmp_path: Path, order: tuple[int, ...]) -> None:
    """Whatever was fetched first, the later published one is the latest and the others stay readable."""
    urls = [PAGE.replace("post_7", f"post_{number}") for number in (7, 8, 10)]
    pairs = [
        (capture(url, url, f"2021-02-0{order[index] + 1}T00:00:00+00:00"), report(values={RECEIVED: index}))
        for index, url in enumerate(urls)
    ]
    write(tmp_path, [pairs[index] for index in order])
    (row,) = rows(tmp_path, "reports")
    assert row["url"] == urls[2]
    assert {old["url"] for old in rows(tmp_path, "superseded_reports")} == set(urls[:2])
    findings = rows(tmp_path, "findings")
    assert [each["code"] for each in findings] == ["DUPLICATE_REPORT", "DUPLICATE_REPORT"]
    assert {each["report_id"] for each in findings} == {row["report_id"]}
    assert row["findings_warning"] == 2


def test_reports_of_unknown_bodies_are_never_merged(tmp_path: Path) -> None:
    pairs = [
        (capture(PAGE.replace("7", str(number)), str(number)), report(None, 2020, division_code=None))
        for number in (1, 2)
    ]
    write(tmp_path, pairs)
    found = rows(tmp_path, "reports")
    assert len({row["org_id"] for row in found}) == 2
    doubts = rows(tmp_path, "findings")
    assert [each["code"] for each in doubts] == ["IDENTITY_UNCERTAIN", "IDENTITY_UNCERTAIN"]
    assert [each["report_id"] for each in doubts] == [row["report_id"] for row in found]


def test_reports_on_an_unknown_year_are_never_merged(tmp_path: Path) -> None:
    pairs = [
        (capture(PAGE.replace("7", str(number)), str(number)), report(year=None, published=None)) for number in (1, 2)
    ]
    write(tmp_path, pairs)
    assert len(rows(tmp_path, "reports")) == 2
    assert {each["code"] for each in rows(tmp_path, "findings")} == {"IDENTITY_UNCERTAIN"}


def test_namesakes_on_two_portals_stay_two_where_the_division_is_unknown(tmp_path: Path) -> None:
    pairs = [
        (
            capture(f"https://{portal}.gov.cn/post_1.html", portal, portal=portal),
            report("城关镇人民政府", division_code=None),
        )
        for portal in ("jia", "yi")
    ]
    write(tmp_path, pairs)
    found = rows(tmp_path, "reports")
    assert len({row["org_id"] for row in found}) == 2
    doubts = {each["report_id"]: each["message"] for each in rows(tmp_path, "findings")}
    for row, other in (found, found[::-1]):
        assert str(other["org_id"]) in str(doubts[str(row["report_id"])])


def test_one_body_on_two_portals_is_one_where_the_division_is_known(tmp_path: Path) -> None:
    pairs = [
        (capture(f"https://{portal}.gov.cn/post_1.html", portal, portal=portal), report()) for portal in ("jia", "yi")
    ]
    write(tmp_path, pairs)
    assert len(rows(tmp_path, "reports")) == 1
    assert rows(tmp_path, "findings") == []


def test_what_is_no_report_stays_out_but_is_told_in_captures(tmp_path: Path) -> None:
    found = report(with_tables=False, status="not_a_report", reason="a notice about the format")
    write(tmp_path, [(capture(PAGE, "a"), found)])
    assert rows(tmp_path, "reports") == []
    captures = nianbao.open(tmp_path).sql("select report_status, report_reason from captures").fetchall()
    assert captures == [("not_a_report", "a notice about the format")]


def test_the_report_id_does_not_depend_on_parser_version(tmp_path: Path) -> None:
    pairs = [(capture(PAGE, "a"), report())]
    write(tmp_path, pairs, version="1")
    first = rows(tmp_path, "reports")[0]
    write(tmp_path, pairs, version="2")
    second = rows(tmp_path, "reports")[0]
    assert first["report_id"] == second["report_id"]
    assert (first["parser_version"], second["parser_version"]) == ("1", "2")


def test_locators_do_not_make_a_new_revision() -> None:
    import msgspec

    one = report()
    moved = tuple(msgspec.structs.replace(cell, locator="text:9,9") for cell in one.cells)
    assert content_digest(msgspec.structs.replace(one, cells=moved)) == content_digest(one)
    assert content_digest(msgspec.structs.replace(one, title="另一标题")) != content_digest(one)


def test_org_id_is_lineage_and_body_name() -> None:
    digits = hashlib.sha256("狮岭镇人民政府".encode()).hexdigest()[:8]
    names = ["广州市花都区狮岭镇人民政府", "花都区狮岭镇人民政府", "广东省广州市花都区狮岭镇人民政府", "狮岭镇人民政府"]
    identifiers = {org_id(name, code, 2020, "a") for name in names for code in ("440114", "440114109")}
    assert len(identifiers) == 1
    (identifier,) = identifiers
    assert identifier.endswith(f"-{digits}")


def test_org_id_survives_a_county_that_became_a_district() -> None:
    """沭阳 kept its code; 洪泽县 320829 became 洪泽区 320813 in 2016."""
    assert org_id("淮安市洪泽县财政局", "320829", 2014, "a") == org_id("淮安市洪泽区财政局", "320813", 2020, "b")


def test_without_a_division_the_portal_stands_in() -> None:
    assert org_id("某某局", None, 2020, "guangdong/a") != org_id("某某局", None, 2020, "guangdong/b")
    assert org_id("某某局", None, 2020, "guangdong/a").startswith("guangdong-a-")
