"""What a machine can keep true of the whole house."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
HEAVY = ("pandas", "httpx", "pdfplumber", "pyarrow", "duckdb")


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode:
        pytest.skip("no git checkout")
    return [ROOT / name for name in listed.stdout.decode().split("\0") if name]


def test_no_file_names_a_place_of_one_machine() -> None:
    place = re.compile(rb"/(?:work|root|home/\w+|tmp/venvs)/[\w.]")
    named = [path.relative_to(ROOT) for path in tracked() if path.is_file() and place.search(path.read_bytes())]
    assert named == []


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys\nfrom click.testing import CliRunner\nfrom nianbao.cli import main\n"
        "result = CliRunner().invoke(main, ['--help'])\nassert result.exit_code == 0\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_package_data_is_in_the_wheel(tmp_path: Path) -> None:
    hatchling = pytest.importorskip("hatchling.build", reason="hatchling is not installed")
    del hatchling
    code = f"import hatchling.build as b; print(b.build_wheel({str(tmp_path)!r}))"
    built = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    import zipfile

    names = zipfile.ZipFile(tmp_path / built.stdout.strip().splitlines()[-1]).namelist()
    for wanted in (
        "parsers/templates/requests.toml",
        "parsers/divisions.tsv",
        "crawler/portals/guangdong/guangzhou-huadu.toml",
        "nianbao/demo_pages/portal.toml",
        "nianbao/py.typed",
    ):
        assert wanted in names
    assert not [name for name in names if name.startswith(("tests/", "data/", "docs/"))]
