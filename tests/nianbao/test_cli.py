"""The command line as people use it: exit codes, what goes where, and bad input."""

import hashlib
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from nianbao.cli import main
from nianbao.columns import SCHEMA_VERSION
from nianbao.demo import HOST, pages
from nianbao.folder import DataFolder
from tests.nianbao.reports import capture, report, write
from tests.nianbao.shell import ROOT, Ran, run, run_process

HEAVY = ("pandas", "pyarrow", "httpx", "pdfplumber", "msgspec", "duckdb", "rich", "structlog", "selectolax", "numpy")
SITE = pages() / HOST
FIELDS = [
    "source", "sha256", "media_type", "reader", "status", "reason", "organization", "division_code", "level", "kind",
    "year", "template", "tables", "title", "published", "cells", "sections", "statements", "findings",
]  # fmt: skip


def shiling() -> Path:
    """The page of 狮岭镇 2020, whose figures are real."""
    found = [path for path in SITE.rglob("post_*.html") if "狮岭镇人民政府" in path.read_text(encoding="utf-8")]
    assert len(found) == 1
    return found[0]


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with three local documents: two reports and the notice of a page that is gone."""
    cwd = tmp_path_factory.mktemp("local")
    inbox = cwd / "inbox"
    inbox.mkdir()
    (inbox / "shiling.html").write_bytes(shiling().read_bytes())
    other = next(
        path for path in sorted((SITE / "xxgk/xxgkml/xxgknb/gbm/content").glob("*")) if "申请" in path.read_text()
    )
    (inbox / "other.html").write_bytes(other.read_bytes())
    (inbox / "gone.html").write_text("<html><body>页面不存在</body></html>", encoding="utf-8")
    ran = run("add", "inbox", cwd=cwd)
    assert ran.code == 0, ran.err  # that a document is no report is a result
    assert ran.complaints[0] == "files archived: 3"
    return cwd


def test_help_imports_nothing_heavy() -> None:
    script = f"import sys, nianbao.cli; print([name for name in {HEAVY!r} if name in sys.modules])"
    out = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert out.strip() == "[]"
    script = (
        "import sys\nfrom nianbao.cli import main\ntry:\n    main(['--help'])\nexcept SystemExit:\n"
        f"    print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert out.strip().endswith("[]")


@pytest.mark.parametrize("name", sorted(main.commands))
def test_every_command_explains_itself(name: str, tmp_path: Path) -> None:
    ran = run(name, "--help", cwd=tmp_path)
    assert ran.code == 0
    assert "--data" in ran.out


@pytest.mark.parametrize("arguments", [("--data", "x", "status"), ("status", "--data", "x")])
def test_common_options_stand_before_or_after(arguments: tuple[str, ...], tmp_path: Path) -> None:
    assert "data: x" in run(*arguments, cwd=tmp_path).out


def test_the_option_after_the_command_counts_more(tmp_path: Path) -> None:
    assert "data: y" in run("--data", "x", "status", "--data", "y", cwd=tmp_path).out


def test_the_data_folder_comes_from_the_environment(tmp_path: Path) -> None:
    assert "data: elsewhere" in run("status", cwd=tmp_path, NIANBAO_DATA="elsewhere").out


@pytest.mark.parametrize(
    ("arguments", "locale", "expected"),
    [
        ((), "zh_CN.UTF-8", "文件不存在"),
        ((), "en_US.UTF-8", "no such file"),
        (("--lang", "zh"), "en_US.UTF-8", "文件不存在"),
    ],
)
def test_messages_follow_locale_and_option(
    arguments: tuple[str, ...], locale: str, expected: str, tmp_path: Path
) -> None:
    assert expected in run(*arguments, "parse", "nowhere", cwd=tmp_path, LANG=locale).err


def test_messages_as_json_lines(tmp_path: Path) -> None:
    ran = run("parse", "nowhere", "--log-json", cwd=tmp_path)
    events = [json.loads(line) for line in ran.complaints]
    assert [each["event"] for each in events] == ["missing_path", "no_files"]
    assert events[0]["path"] == "nowhere"


@pytest.mark.parametrize(
    "arguments", [(), ("nonsense",), ("run",), ("show",), ("query",), ("parse", "--nonsense"), ("run", "--year", "1")]
)
def test_wrong_usage_ends_2(arguments: tuple[str, ...], tmp_path: Path) -> None:
    assert run(*arguments, cwd=tmp_path).code == 2


@pytest.mark.parametrize(
    "arguments", [("query", "select 1"), ("findings",), ("show", "ab"), ("export", "--format", "csv")]
)
def test_without_a_dataset_nothing_can_be_done(arguments: tuple[str, ...], tmp_path: Path) -> None:
    ran = run(*arguments, cwd=tmp_path)
    assert ran.code == 3
    assert len(ran.complaints) == 1
    assert not (tmp_path / "data").exists()


# ---- parse


def test_parse_json_has_the_fields_of_the_contract_in_order() -> None:
    ran = run("parse", shiling(), "--json", cwd=ROOT)
    assert ran.code == 0, ran.err
    (found,) = ran.objects
    assert list(found) == FIELDS
    assert found["source"] == str(shiling())
    assert found["sha256"] == hashlib.sha256(shiling().read_bytes()).hexdigest()
    assert (found["organization"], found["year"]) == ("广州市花都区狮岭镇人民政府", 2020)
    assert len(found["cells"]) == 198
    broken = sorted((each["code"], each["cells"][0][2]) for each in found["findings"] if each["severity"] == "error")
    assert broken == [
        ("REQ_BALANCE", "natural_person"),
        ("REQ_BALANCE", "total"),
        ("REQ_PARTS_2019", "natural_person"),
        ("REQ_PARTS_2019", "total"),
    ]


def test_the_process_answers_like_the_function(tmp_path: Path) -> None:
    inside, outside = (call("parse", shiling(), "nowhere", "--json", cwd=tmp_path) for call in (run, run_process))
    assert inside == outside
    assert outside.code == 1


def test_parse_reads_folders_recursively_in_stable_order(tmp_path: Path) -> None:
    for name in ("b/2.html", "b/1.html", "a.html", ".hidden/3.html"):
        (tmp_path / "in" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "in" / name).write_bytes(shiling().read_bytes())
    ran = run("parse", "in", "in/a.html", "--json", cwd=tmp_path)
    assert ran.code == 0
    assert [each["source"] for each in ran.objects] == ["in/a.html", "in/b/1.html", "in/b/2.html"]


def test_parse_of_many_files_over_processes_keeps_the_order(tmp_path: Path) -> None:
    files = sorted(path for path in SITE.rglob("post_*.html"))
    assert len(files) > 24
    parallel = run("parse", SITE, "--json", cwd=tmp_path)
    sources = [each["source"] for each in parallel.objects]
    assert sources == sorted(sources)
    assert set(map(str, files)) <= set(sources)
    alone = run("parse", files[3], "--json", cwd=tmp_path)
    assert alone.out.splitlines()[0] in parallel.out.splitlines()


BAD_INPUT = {
    "empty.html": (b"", "unreadable"),
    "noise.pdf": (bytes(hashlib.sha512(b"%d" % n).digest()[n % 64] for n in range(5000)), "unreadable"),
    "broken.pdf": (b"%PDF-1.7\n1 0 obj <<", "unreadable"),
    "notice.html": (
        "<html><body><h1>关于印发格式的通知</h1><p>请按时报送。</p></body></html>".encode(),
        "not_a_report",
    ),
}


@pytest.mark.parametrize("name", sorted(BAD_INPUT))
def test_a_bad_file_gets_one_line_and_its_status(name: str, tmp_path: Path) -> None:
    content, status = BAD_INPUT[name]
    (tmp_path / name).write_bytes(content)
    ran = run("parse", name, "--json", cwd=tmp_path)
    (found,) = ran.objects
    assert (ran.code, found["status"], found["cells"]) == (1, status, [])
    assert len(ran.complaints) == 1
    assert name in ran.complaints[0]
    assert found["reason"] in ran.complaints[0]


def test_bad_files_do_not_stop_the_good_one(tmp_path: Path) -> None:
    for name, (content, _) in BAD_INPUT.items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "good.html").write_bytes(shiling().read_bytes())
    ran = run("parse", ".", "missing.html", "--json", cwd=tmp_path)
    assert ran.code == 1
    assert {each["source"]: each["status"] for each in ran.objects} == {
        "good.html": "ok",
        **{name: status for name, (_, status) in BAD_INPUT.items()},
    }
    assert len(ran.complaints) == len(BAD_INPUT) + 1
    assert any("missing.html" in line for line in ran.complaints)


def test_a_page_that_breaks_off_is_partial_and_keeps_what_stands(tmp_path: Path) -> None:
    whole = shiling().read_bytes()
    (tmp_path / "cut.html").write_bytes(whole[: len(whole) * 2 // 3])
    ran = run("parse", "cut.html", "--json", cwd=tmp_path)
    (found,) = ran.objects
    assert found["status"] == "partial"
    assert found["organization"] == "广州市花都区狮岭镇人民政府"
    values = {tuple(cell[key] for key in ("table", "row", "column")): cell["value"] for cell in found["cells"]}
    assert values[("requests", "received_new", "total")] in (1, None)


@pytest.mark.parametrize("paths", [("missing.html",), ("empty-folder",)])
def test_no_file_at_all_ends_3(paths: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / "empty-folder").mkdir()
    assert run("parse", *paths, "--json", cwd=tmp_path).code == 3


def test_parse_without_paths_takes_new_captures_in(dataset: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in (dataset / "data/parquet").rglob("*.parquet")}
    ran = run("parse", cwd=dataset)
    assert ran.code == 0
    assert {path: path.stat().st_mtime_ns for path in (dataset / "data/parquet").rglob("*.parquet")} == before


# ---- the dataset of local files


def test_add_twice_adds_nothing(dataset: Path) -> None:
    before = run("query", "select count(*) from captures", "--format", "csv", cwd=dataset).out
    link = (dataset / "data/parquet").readlink()
    run("add", "inbox", cwd=dataset)
    assert run("query", "select count(*) from captures", "--format", "csv", cwd=dataset).out == before
    assert (dataset / "data/parquet").readlink() == link


def test_add_of_what_cannot_be_read_ends_1(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_bytes(shiling().read_bytes())
    (tmp_path / "noise.bin").write_bytes(bytes(range(256)))
    assert run("add", "page.html", "noise.bin", cwd=tmp_path).code == 1
    assert run("add", "page.html", "nowhere.html", cwd=tmp_path).code == 1
    assert run("add", "nowhere.html", cwd=tmp_path).code == 3


def test_a_member_of_an_archive_is_a_source_of_its_own(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.writestr("2020/town.html", shiling().read_bytes())
    assert run("add", "all.zip", cwd=tmp_path).code == 0
    (found,) = run("query", "select sources, member from reports", "--format", "json", cwd=tmp_path).objects
    address = f"{(tmp_path / 'all.zip').as_uri()}!/2020/town.html"
    assert found == {"sources": [address], "member": "2020/town.html"}
    assert run("show", address, cwd=tmp_path).code == 0


def test_parse_without_anything_archived_ends_3(tmp_path: Path) -> None:
    ran = run("parse", cwd=tmp_path)
    assert (ran.code, ran.complaints) == (3, ["nothing is archived in data"])
    assert not (tmp_path / "data").exists()


def test_add_with_an_address(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_bytes(shiling().read_bytes())
    url = "https://www.huadu.gov.cn/xxgk/content/post_1.html"
    assert run("add", "page.html", "--url", url, cwd=tmp_path).code == 0
    out = run("query", "select url, portal from reports", "--format", "csv", cwd=tmp_path).out
    assert out == f"url,portal\n{url},local\n"
    (tmp_path / "second.html").write_bytes(b"<html></html>")
    assert run("add", "page.html", "second.html", "--url", url, cwd=tmp_path).code == 2


def test_status_tells_of_a_dataset_by_another_parser(tmp_path: Path) -> None:
    write(tmp_path / "data", [(capture("http://a/1.html", "a"), report())], version="0.0.1+old")
    line = "dataset: made by parser 0.0.1+old; `nianbao parse` brings it up to date"
    assert line in run("status", cwd=tmp_path).out.splitlines()
    (tmp_path / "page.html").write_bytes(shiling().read_bytes())
    run("add", "page.html", cwd=tmp_path)
    assert "made by" not in run("status", cwd=tmp_path).out


def test_query_prints_table_csv_and_json(dataset: Path) -> None:
    sql = "select organization, year from reports where organization like '%狮岭%'"
    table = run("query", sql, cwd=dataset)
    assert table.out.splitlines()[0].split() == ["organization", "year"]
    assert "广州市花都区狮岭镇人民政府" in table.out
    assert run("query", sql, "--format", "csv", cwd=dataset).out.splitlines()[1] == "广州市花都区狮岭镇人民政府,2020"
    assert run("query", sql, "--format", "json", cwd=dataset).objects == [
        {"organization": "广州市花都区狮岭镇人民政府", "year": 2020}
    ]


def test_a_wrong_query_ends_2_with_one_line(dataset: Path) -> None:
    ran = run("query", "select nonsense from reports", cwd=dataset)
    assert ran.code == 2
    assert len(ran.complaints) == 1


def test_show_tells_where_a_number_comes_from(dataset: Path) -> None:
    ((identifier,),) = (
        [line.split(",") for line in run(
            "query", "select report_id from reports where organization like '%狮岭%'", "--format", "csv", cwd=dataset
        ).out.splitlines()[1:]]
    )  # fmt: skip
    whole = run("show", identifier[:8], cwd=dataset)
    assert whole.code == 0
    assert "广州市花都区狮岭镇人民政府" in whole.out
    ran = run("show", identifier, "requests", "concluded_total", "total", cwd=dataset)
    facts = dict(line.split(": ", 1) for line in ran.out.splitlines())
    assert (facts["value"], facts["raw"], facts["basis"]) == ("2", "2", "observed")
    assert facts["locator"].startswith("html:")
    archived = dataset / facts["file"]
    assert archived.read_bytes() == shiling().read_bytes()
    assert facts["url"].endswith("/inbox/shiling.html")
    assert "error REQ_BALANCE" in ran.out
    assert run("show", identifier, "requests", "nonsense", "total", cwd=dataset).code == 3
    assert run("show", "ffffffffffffffff", cwd=dataset).code == 3
    assert run("show", identifier, "requests", cwd=dataset).code == 2


def test_findings_of_dataset_and_of_files_agree(dataset: Path) -> None:
    of_dataset = run("findings", "--severity", "error", "--format", "json", cwd=dataset)
    of_files = run("findings", "inbox", "--severity", "error", "--format", "json", cwd=dataset)
    assert of_dataset.code == of_files.code == 0
    columns = ("organization", "year", "code", "message", "corrections")

    def facts(ran: Ran) -> list[tuple[object, ...]]:
        return sorted(tuple(map(str, (each[name] for name in columns))) for each in ran.objects)

    assert facts(of_dataset) == facts(of_files)
    assert any("concluded_total/total → 1" in each["corrections"] for each in of_dataset.objects)


def test_status_names_versions_and_sizes(dataset: Path) -> None:
    ran = run("status", cwd=dataset)
    assert ran.code == 0
    for part in ("nianbao 0.1.0", f"schema {SCHEMA_VERSION}", "portal local: 3 archived bodies", "table reports: 2 rows", "last run: "):
        assert part in ran.out


def test_coverage_puts_who_has_not_published_first(dataset: Path) -> None:
    ran = run("coverage", "--year", "2020", "--format", "json", cwd=dataset)
    assert ran.code == 0
    by_body = {each["organization"]: (each["status"], each["standing"]) for each in ran.objects}
    assert by_body["广州市花都区狮岭镇人民政府"] == ("ok", "on_time")
    for day, standing in (("2022-03-31", "not_due"), ("2022-04-01", "missing")):
        ran = run("coverage", "--year", "2021", "--format", "json", "--as-of", day, cwd=dataset)
        (town,) = [each for each in ran.objects if each["organization"] == "广州市花都区狮岭镇人民政府"]
        assert (town["standing"], town["due"], town["status"]) == (standing, "2022-03-31", None)
    assert run("coverage", "--year", "1999", "--format", "json", cwd=dataset).objects == []


def test_verify_finds_an_altered_body(tmp_path: Path) -> None:
    assert run("verify", cwd=tmp_path).code == 3
    (tmp_path / "page.html").write_bytes(shiling().read_bytes())
    run("add", "page.html", cwd=tmp_path)
    assert run("verify", cwd=tmp_path).code == 0
    (blob,) = (tmp_path / "data/archive/blobs").glob("??/*")
    blob.write_bytes(b"altered")
    ran = run("verify", cwd=tmp_path)
    assert ran.code == 1
    assert blob.name in ran.complaints[0]


def test_rebuild_gives_the_same_dataset(dataset: Path) -> None:
    files = {path.relative_to(dataset): path.read_bytes() for path in (dataset / "data/parquet").rglob("*.parquet")}
    assert files
    ran = run("rebuild", cwd=dataset)
    assert ran.code == 0
    assert "parsing 3 documents" in ran.err
    assert {
        path.relative_to(dataset): path.read_bytes() for path in (dataset / "data/parquet").rglob("*.parquet")
    } == files


def test_a_dataset_that_was_deleted_is_written_again_from_the_archive(tmp_path: Path) -> None:
    import shutil

    (tmp_path / "page.html").write_bytes(shiling().read_bytes())
    run("add", "page.html", cwd=tmp_path)
    first = {path.name: path.read_bytes() for path in (tmp_path / "data/parquet/cells").rglob("*.parquet")}
    (tmp_path / "data/parquet").unlink()
    shutil.rmtree(tmp_path / "data/.generations")
    (tmp_path / "data/parsed.sqlite").unlink()
    assert run("rebuild", cwd=tmp_path).code == 0
    assert {path.name: path.read_bytes() for path in (tmp_path / "data/parquet/cells").rglob("*.parquet")} == first


def test_a_held_lock_ends_3(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_bytes(shiling().read_bytes())
    with DataFolder(tmp_path / "data").locked():
        ran = run("add", "page.html", cwd=tmp_path)
    assert ran.code == 3
    assert "another nianbao" in ran.err
    assert run("add", "page.html", cwd=tmp_path).code == 0


def test_the_lock_of_a_killed_process_does_not_stay(tmp_path: Path) -> None:
    script = (
        "import sys, time\nfrom pathlib import Path\nfrom nianbao.folder import DataFolder\n"
        "with DataFolder(Path('data')).locked():\n    print('held', flush=True)\n    time.sleep(600)\n"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", script], cwd=tmp_path, env={"PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    assert run("rebuild", cwd=tmp_path).code == 3
    holder.kill()
    holder.communicate()
    (tmp_path / "page.html").write_bytes(shiling().read_bytes())
    assert run("add", "page.html", cwd=tmp_path).code == 0


# ---- portals


def test_portals_list_check_show(tmp_path: Path) -> None:
    assert "guangdong/guangzhou-huadu" in run("portals", "list", cwd=tmp_path).out
    assert run("portals", "check", cwd=tmp_path).code == 0
    assert "delay: " in run("portals", "show", "guangdong/guangzhou-huadu", cwd=tmp_path).out


@pytest.mark.parametrize(
    ("toml", "cause"),
    [
        (b"name = ", "broken.toml"),
        (b"name = 'a'\nfamily = 'guangdong_nfcms'\nsurprise = 1\n[[channels]]\nurl = 'http://a.gov.cn/'\n", "surprise"),
        (b"name = 'a'\nfamily = 'unheard-of'\n[[channels]]\nurl = 'http://a.gov.cn/'\n", "unheard-of"),
        (b"\xff\xfe\x00", "broken.toml"),
    ],
)
@pytest.mark.parametrize("command", [("portals", "check"), ("portals", "show"), ("run",), ("crawl",)])
def test_an_unreadable_portal_ends_2_and_names_the_cause(
    toml: bytes, cause: str, command: tuple[str, ...], tmp_path: Path
) -> None:
    (tmp_path / "broken.toml").write_bytes(toml)
    ran = run(*command, "broken.toml", cwd=tmp_path)
    assert ran.code == 2
    (line,) = ran.complaints
    assert "broken.toml" in line
    assert cause in line


def test_an_unknown_portal_ends_2(tmp_path: Path) -> None:
    ran = run("run", "nowhere/at-all", cwd=tmp_path)
    assert ran.code == 2
    assert "nowhere/at-all" in ran.err
    assert not (tmp_path / "data").exists()


def test_a_portal_that_cannot_be_reached_ends_3(tmp_path: Path) -> None:
    """The port is closed: nothing listens there."""
    import socket

    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    (tmp_path / "down.toml").write_text(
        f"name = 'down'\nfamily = 'guangdong_nfcms'\nallow_private_addresses = true\n"
        f"[[channels]]\nurl = 'http://127.0.0.1:{port}/nb/index.html'\n[pace]\ndelay = 0.0\n"
    )
    ran = run("run", "down.toml", cwd=tmp_path)
    assert ran.code == 3, ran.err
    assert f"127.0.0.1:{port}" in ran.err


# ---- damage


@pytest.fixture
def damaged(tmp_path: Path) -> Path:
    """A data folder of two reports, to be damaged."""
    (tmp_path / "page.html").write_bytes(shiling().read_bytes())
    (tmp_path / "other.html").write_bytes(shiling().read_bytes().replace(b"2020", b"2021"))
    assert run("add", "page.html", "other.html", cwd=tmp_path).code == 0
    return tmp_path


def spoil(path: Path) -> None:
    """Other bytes in place of a file that hard links may share."""
    path.unlink()
    path.write_bytes(bytes(range(256)) * 8)


@pytest.mark.parametrize("place", ["panel/part-0.parquet", "cells/year=2020/part-0.parquet", "reports/year=2021/part-0.parquet"])
def test_a_damaged_table_is_told_and_rebuilt(place: str, damaged: Path) -> None:
    ask = ("query", "select count(*) from reports, cells, panel", "--format", "csv")
    right = run(*ask, cwd=damaged).out
    spoil(damaged / "data/parquet" / place)
    ran = run(*ask, cwd=damaged)
    assert (ran.code, ran.out) == (3, "")
    assert len(ran.complaints) == 1
    assert "nianbao rebuild" in ran.err
    assert run("rebuild", cwd=damaged).code == 0
    assert run(*ask, cwd=damaged).out == right


def test_a_damaged_parse_cache_is_made_again(damaged: Path) -> None:
    for path in (damaged / "data").glob("parsed.sqlite*"):
        spoil(path)
    ran = run("parse", cwd=damaged)
    assert ran.code == 0
    assert ran.complaints[:2] == ["parsing 2 documents", "dataset unchanged: data/parquet"]


def test_a_damaged_journal_is_one_line_and_exit_3(damaged: Path) -> None:
    spoil(next((damaged / "data/archive/portals").glob("*/journal.sqlite")))
    for command in ("status", "rebuild", "verify"):
        ran = run(command, cwd=damaged)
        assert ran.code == 3
        assert ran.complaints[-1].startswith("a file in data is damaged (file is not a database)")


def test_a_file_in_place_of_the_data_folder_ends_3(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    (tmp_path / "page.html").write_bytes(shiling().read_bytes())
    ran = run("add", "page.html", cwd=tmp_path)
    assert (ran.code, len(ran.complaints)) == (3, 1)
