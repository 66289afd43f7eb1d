"""What a machine can keep true of the whole house."""

import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import nianbao
from tests.conftest import ALLOWED_SKIPS, is_allowed

ROOT = Path(__file__).parents[1]
PACKAGES = ("crawler", "parsers", "nianbao")
GENERATED = {".pyc", ".pyo"}


def tracked() -> list[Path]:
    """The files of the project; an unpacked archive of it has no list of them."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode:
        pytest.skip("no git checkout")
    return [path for name in listed.stdout.decode().split("\0") if name and (path := ROOT / name).is_file()]


def test_no_file_names_a_place_of_one_machine() -> None:
    place = re.compile(rb"/(?:work|root|home/\w+|Users/\w+|tmp/\w+)/[\w.]")
    assert [path.relative_to(ROOT) for path in tracked() if place.search(path.read_bytes())] == []


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The names in a wheel built from the checkout, without network."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder], cwd=ROOT, check=True)
    (built,) = folder.glob("*.whl")
    with zipfile.ZipFile(built) as archive:
        return set(archive.namelist())


def test_everything_in_the_packages_is_in_the_wheel(wheel: set[str]) -> None:
    """Templates, portals, divisions, demo pages and type markers are files like any other."""
    ours = {path.relative_to(ROOT).as_posix() for path in tracked() if path.relative_to(ROOT).parts[0] in PACKAGES}
    assert ours - wheel == set()
    assert {f"{package}/py.typed" for package in PACKAGES} <= wheel


def test_nothing_else_is_in_the_wheel(wheel: set[str]) -> None:
    assert {name.split("/")[0] for name in wheel} == {*PACKAGES, f"nianbao-{nianbao.__version__}.dist-info"}


def test_the_exported_names_are_these() -> None:
    assert sorted(nianbao.__all__) == ["Dataset", "__version__", "open", "parse"]
    assert [name for name in nianbao.__all__ if not hasattr(nianbao, name)] == []


def test_the_version_has_a_changelog_entry_and_is_the_packages() -> None:
    assert f"## [{nianbao.__version__}]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f'version = "{nianbao.__version__}"' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")


def test_a_skip_for_a_reason_of_its_own_fails_in_ci(tmp_path: Path) -> None:
    (tmp_path / "test_skips.py").write_text(
        "import pytest\n"
        "def test_allowed(): pytest.skip('no reader yet for OFD')\n"
        "def test_own_reason(): pytest.skip('felt like it')\n"
        "@pytest.mark.skip(reason='marked')\n"
        "def test_marked(): pass\n"
    )
    (tmp_path / "test_module.py").write_text("import pytest\npytest.skip('all of it', allow_module_level=True)\n")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "tests.conftest", "-p", "no:cacheprovider", "-p", "no:randomly"]
    command += ["-c", os.devnull, "--rootdir", str(tmp_path), "--continue-on-collection-errors", str(tmp_path)]
    closing = {}
    for setting in ("1", ""):
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "NIANBAO_CI": setting}
        ran = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
        closing[setting] = re.sub(r" in .+", "", ran.stdout.strip().splitlines()[-1])
    assert closing == {"1": "1 failed, 1 skipped, 2 errors", "": "4 skipped"}


@pytest.mark.parametrize("pattern", ALLOWED_SKIPS)
def test_allowed_reasons_are_whole_reasons(pattern: str) -> None:
    assert not is_allowed("")
    assert not is_allowed(f"because {pattern}")
