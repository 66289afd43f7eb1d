"""The dataset on disk: tables, generations, determinism, and that pandas and DuckDB read it."""

import shutil
from decimal import Decimal
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow.parquet as pq
import pytest

import nianbao
from crawler.capture import Capture
from nianbao.columns import SCHEMA_VERSION
from nianbao.errors import DatasetError
from nianbao.generations import Generation
from nianbao.schemas import CELLS, tables
from nianbao.tables import capture_rows
from parsers.report import Correction, Finding, Report, Statement
from tests.nianbao.reports import capture, report, write

URL = "https://www.huadu.gov.cn/nb/content/post_1.html"
BROKEN = Finding(
    "REQ_BALANCE",
    "error",
    (("requests", "received_new", "total"), ("requests", "concluded_total", "total")),
    "1 + 0 = 1, but 2 + 0 = 2",
    "1 + 0 = 1，而 2 + 0 = 2",
    1,
    2,
    ((Correction(("requests", "concluded_total", "total"), 1),),),
)


def tree(data: Path) -> dict[str, tuple[bytes, int]]:
    """Every file that a reader sees, with content and time of change."""
    root = data / "parquet"
    return {
        path.relative_to(root).as_posix(): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }


def test_every_table_is_there_with_its_schema(tmp_path: Path) -> None:
    write(tmp_path, [(capture(URL, "a"), report(findings=[BROKEN]))])
    dataset = nianbao.open(tmp_path)
    for table in tables():
        arrow = dataset.table(table.name)
        assert arrow.column_names == [column.name for column in table.columns]
    assert dataset.table("cells").num_rows == 198
    assert dataset.table("findings").to_pylist()[0]["corrections"] == [
        [{"table": "requests", "row": "concluded_total", "column": "total", "value": 1.0}]
    ]


def test_columns_are_described_and_files_carry_the_schema_version(tmp_path: Path) -> None:
    write(tmp_path, [(capture(URL, "a"), report())])
    for path in (tmp_path / "parquet").rglob("*.parquet"):
        schema = pq.read_schema(path)
        assert (schema.metadata or {})[b"nianbao.schema"] == str(SCHEMA_VERSION).encode()
        for field in schema:
            meanings = field.metadata or {}
            assert meanings[b"zh"], (path, field.name)
            assert meanings[b"en"], (path, field.name)


def test_files_are_zstd_dictionary_encoded_and_sorted(tmp_path: Path) -> None:
    bodies = ["丙局", "甲局", "乙局"]
    write(tmp_path, [(capture(f"{URL}?{i}", body), report(f"广州市花都区{body}")) for i, body in enumerate(bodies)])
    path = tmp_path / "parquet/cells/year=2020/part-0.parquet"
    column = pq.ParquetFile(path).metadata.row_group(0).column(0)
    assert column.compression == "ZSTD"
    assert column.has_dictionary_page
    identifiers = [str(each) for each in pq.read_table(path, partitioning=None)["org_id"].to_pylist()]
    assert identifiers == sorted(identifiers)


def test_pandas_and_duckdb_read_the_folders(tmp_path: Path) -> None:
    write(tmp_path, [(capture(URL, "a"), report(values={"requests/received_new/total": 1}))])
    frame = pd.read_parquet(tmp_path / "parquet/cells")
    assert frame[(frame["row"] == "received_new") & (frame["column"] == "total")]["value"].tolist() == [1.0]
    assert [int(year) for year in frame["year"].unique()] == [2020]
    pattern = tmp_path / "parquet/reports/*/*.parquet"
    found = duckdb.sql(f"select year, organization from read_parquet('{pattern}', hive_partitioning = true)")
    assert found is not None
    assert found.fetchall() == [(2020, "广州市花都区狮岭镇人民政府")]


def test_an_unknown_year_lies_in_year_0_and_not_in_the_panel(tmp_path: Path) -> None:
    write(tmp_path, [(capture(URL, "a"), report(year=None, published=None))])
    assert (tmp_path / "parquet/reports/year=0").is_dir()
    dataset = nianbao.open(tmp_path)
    assert dataset.reports()["year"].tolist() == [0]
    assert len(dataset.panel()) == 0


def test_readers_see_tables_only(tmp_path: Path) -> None:
    for number in range(3):
        write(tmp_path, [(capture(URL, f"{number}", f"2021-0{number + 2}-01T00:00:00+00:00"), report(year=2018 + number))])
    names = {table.name for table in tables()}
    assert {path.name for path in (tmp_path / "parquet").iterdir()} <= names | {"superseded"}
    kept = {path.name for path in (tmp_path / ".generations").iterdir()}
    assert kept == {"2", "2.inputs", "3", "3.inputs"}


def test_writing_again_changes_no_file(tmp_path: Path) -> None:
    pairs = [(capture(URL, "a"), report(findings=[BROKEN])), (capture(f"{URL}?2", "b"), report(year=2021))]
    assert write(tmp_path, pairs).is_changed
    before, link = tree(tmp_path), (tmp_path / "parquet").readlink()
    assert not write(tmp_path, pairs).is_changed
    assert tree(tmp_path) == before
    assert (tmp_path / "parquet").readlink() == link


def test_the_order_of_captures_does_not_matter(tmp_path: Path) -> None:
    pairs = [(capture(f"{URL}?{year}", str(year)), report(year=year)) for year in range(2018, 2024)]
    write(tmp_path / "a", pairs)
    write(tmp_path / "b", pairs[::-1])
    assert {name: content for name, (content, _) in tree(tmp_path / "a").items()} == {
        name: content for name, (content, _) in tree(tmp_path / "b").items()
    }


def test_unchanged_files_of_a_new_generation_are_the_old_ones(tmp_path: Path) -> None:
    first = [(capture(URL, "a"), report())]
    write(tmp_path, first)
    inode = (tmp_path / "parquet/cells/year=2020/part-0.parquet").stat().st_ino
    write(tmp_path, [*first, (capture(f"{URL}?2", "b"), report(year=2021))])
    assert (tmp_path / "parquet/cells/year=2020/part-0.parquet").stat().st_ino == inode
    assert (tmp_path / "parquet/cells/year=2021/part-0.parquet").exists()


def test_a_year_taken_over_gives_what_writing_it_anew_gives(tmp_path: Path) -> None:
    """Growth of 2021 needs 2020, which the second write does not look at again."""
    values = {"requests/received_new/total": 10}
    pairs = [(capture(f"{URL}?{year}", str(year)), report(year=year, values=values)) for year in (2019, 2020, 2021)]
    write(tmp_path / "a", pairs[:2])
    write(tmp_path / "a", pairs)
    write(tmp_path / "b", pairs)
    one, other = tree(tmp_path / "a"), tree(tmp_path / "b")
    assert {name: content for name, (content, _) in one.items()} == {
        name: content for name, (content, _) in other.items()
    }
    growth = nianbao.open(tmp_path / "a").panel()["request_growth"].tolist()
    assert growth[1:] == [0.0, 0.0]


def test_the_generation_before_stays_until_the_next_write(tmp_path: Path) -> None:
    write(tmp_path, [(capture(URL, "a"), report())])
    reader = nianbao.open(tmp_path)
    pairs = [(capture(f"{URL}?{year}", str(year)), report(year=year)) for year in (2021, 2022)]
    write(tmp_path, pairs[:1])
    assert reader.reports()["year"].tolist() == [2020]
    assert nianbao.open(tmp_path).reports()["year"].tolist() == [2021]
    write(tmp_path, pairs)
    assert sorted(path.name for path in (tmp_path / ".generations").iterdir()) == ["2", "2.inputs", "3", "3.inputs"]


def test_a_write_that_was_killed_leaves_the_dataset_as_it_was(tmp_path: Path) -> None:
    pairs = [(capture(URL, "a"), report())]
    write(tmp_path, pairs)
    before = tree(tmp_path)
    Generation(tmp_path).part(CELLS, year=2020).add([])  # begun, never published
    assert tree(tmp_path) == before
    write(tmp_path, pairs)
    assert tree(tmp_path) == before
    assert sorted(path.name for path in (tmp_path / ".generations").iterdir()) == ["1", "1.inputs"]


def test_a_copy_without_links_can_be_read_but_is_not_written_over(tmp_path: Path) -> None:
    write(tmp_path / "a", [(capture(URL, "a"), report())])
    (tmp_path / "b").mkdir()
    shutil.copytree(tmp_path / "a/parquet", tmp_path / "b/parquet")
    assert len(nianbao.open(tmp_path / "b").reports()) == 1
    with pytest.raises(DatasetError, match="is a folder of its own"):
        Generation(tmp_path / "b")


def test_money_is_a_double_in_parquet(tmp_path: Path) -> None:
    write(tmp_path, [(capture(URL, "a"), report(values={"art20_9/centralized_procurement/amount": Decimal("12.50")}))])
    cells = nianbao.open(tmp_path).cells(table="art20_9", column="amount")
    assert cells["value"].tolist() == [12.5]


def test_frames_have_arrow_types(tmp_path: Path) -> None:
    write(tmp_path, [(capture(URL, "a"), report(findings=[BROKEN]))])
    dataset = nianbao.open(tmp_path)
    for frame in (dataset.panel(), dataset.reports(), dataset.cells(year=2020), dataset.findings(severity="error")):
        assert len(frame)
        assert all(isinstance(dtype, pd.ArrowDtype) for dtype in frame.dtypes)
    requests = dataset.requests(year=2020)
    assert len(requests) == 23
    assert set(requests.columns) >= {"org_id", "organization", "year", "row", "natural_person", "total"}
    assert dataset.sql("select count(*) from findings").fetchall() == [(1,)]


def test_captures_are_one_row_for_each_address_and_content() -> None:
    captures = [
        capture(URL, "a", "2021-02-01T00:00:00+00:00"),
        capture(URL, "a", "2021-03-01T00:00:00+00:00", outcome="unchanged"),
        capture(URL, "b", "2021-04-01T00:00:00+00:00"),
        capture(f"{URL}?2", "", "2021-02-01T00:00:00+00:00", sha256=None, outcome="failed"),
        capture(f"{URL}?2", "", "2021-03-01T00:00:00+00:00", sha256=None, outcome="blocked"),
        capture(f"{URL}?2", "", "2021-05-01T00:00:00+00:00", sha256=None, outcome="blocked"),
        capture(f"{URL}?3", "", "2021-02-01T00:00:00+00:00", sha256=None, outcome="failed"),
        capture(f"{URL}?3", "c", "2021-03-01T00:00:00+00:00"),
    ]
    rows = [(row["url"][len(URL) :], row["outcome"], row["fetched_at"].month) for row in capture_rows(captures, {})]
    assert sorted(rows) == [("", "stored", 2), ("", "stored", 4), ("?2", "blocked", 3), ("?3", "stored", 3)]


def test_a_page_that_two_portals_have_is_one_capture() -> None:
    first = capture(URL, "a", "2021-02-01T00:00:00+00:00", portal="local")
    rows = capture_rows([capture(URL, "a", "2021-03-01T00:00:00+00:00"), first], {})
    assert [(row["portal"], row["fetched_at"].month) for row in rows] == [("local", 2)]


def test_a_second_reader_finds_the_same_in_every_table(tmp_path: Path) -> None:
    """DuckDB's own Parquet reader on the bare folders, nothing of ours between."""
    changed = report(values={"requests/received_new/total": 2}, findings=[BROKEN])
    pairs = [
        (capture(URL, "a"), report()),
        (capture(URL, "b", "2021-03-01T00:00:00+00:00"), changed),
        (capture(f"{URL}?2", "c"), report(year=None)),
    ]
    write(tmp_path, pairs)
    dataset = nianbao.open(tmp_path)
    read = 0
    for path in sorted((tmp_path / "parquet").rglob("part-0.parquet")):
        rows = duckdb.sql(f"select * from read_parquet('{path}', hive_partitioning = false)").fetchall()
        assert rows == [tuple(row.values()) for row in pq.read_table(path, partitioning=None).to_pylist()]
        read += len(rows)
    names = [name for name in dataset.names() if name not in ("captures", "organizations", "coverage", "panel")]
    tables_read = [*(dataset.table(name) for name in dataset.names()), *(dataset.table(n, superseded=True) for n in names)]
    assert read == sum(table.num_rows for table in tables_read) > 3 * 198


def test_each_accessor_gives_a_frame(tmp_path: Path) -> None:
    statement = Statement("requests_received", 1, "count", "收到1件。", "text:1,1")
    write(tmp_path, [(capture(URL, "a"), report(statements=[statement]))])
    dataset = nianbao.open(tmp_path)
    assert dataset.statements(key="requests_received")["value"].tolist() == [1.0]
    assert dataset.sections(year=2020)["key"].tolist() == ["overview"]
    assert dataset.organizations()["parent"].tolist() == ["广州市花都区人民政府"]
    assert dataset.coverage(year=2020)["standing"].tolist() == ["on_time"]
    assert dataset.coverage(year=2019).empty


def test_opening_a_folder_without_a_dataset_says_so(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="no dataset in"):
        nianbao.open(tmp_path)


def test_rows_taken_over_give_the_same_files_as_rows_made_anew(tmp_path: Path) -> None:
    """More rows than a row group holds; changed, added and vanished reports at both ends and in the middle."""

    def reports(changed: dict[int, int]) -> list[tuple[Capture, Report]]:
        made = [
            report(f"广州市花都区第{number}局", 2022, {"requests/received_new/total": changed.get(number, 1)})
            for number in range(230)
            if changed.get(number) != 0
        ]
        return [(capture(f"http://a/{each.organization}.html", f"{each.cells}"), each) for each in made]

    before = reports({})
    after = reports({0: 5, 100: 7, 101: 8, 229: 9, 50: 0})
    grown, fresh = tmp_path / "grown", tmp_path / "fresh"
    write(grown, before)
    assert write(grown, after).is_changed
    write(fresh, after)
    files = {path.relative_to(fresh / "parquet") for path in (fresh / "parquet").rglob("*.parquet")}
    assert {path.relative_to(grown / "parquet") for path in (grown / "parquet").rglob("*.parquet")} == files
    assert len(files) == 7
    for path in files:
        assert (grown / "parquet" / path).read_bytes() == (fresh / "parquet" / path).read_bytes(), path
    assert pq.ParquetFile(fresh / "parquet/cells/year=2022/part-0.parquet").num_row_groups > 2
