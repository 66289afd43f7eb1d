"""The notebooks run clean on the demo, from top to bottom, in a fresh process each; their charts are pictures."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.nianbao.shell import ROOT, run

pytestmark = pytest.mark.skipif(
    any(importlib.util.find_spec(name) is None for name in ("altair", "jupytext", "pylopdf_fonts_zh_cn", "vl_convert")),
    reason="the extra notebooks is not installed",
)
FOLDER = ROOT / "notebooks"
NOTEBOOKS = {
    "01_compare_districts": ("01_requests", "01_rates"),
    "02_what_happens_to_requests": ("02_outcomes", "02_applicants"),
    "03_what_not_to_trust": ("03_findings", "03_usable"),
    "04_from_a_number_to_its_source": ("04_table",),
}


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    cwd = tmp_path_factory.mktemp("demo")
    assert run("demo", cwd=cwd).code == 0
    return cwd / "nianbao-demo"


def test_every_notebook_is_run() -> None:
    assert {path.stem for path in FOLDER.glob("0*.py")} == set(NOTEBOOKS)
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert all(f"`{name}.py`" in readme for name in NOTEBOOKS)


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_the_notebook_runs_and_draws(name: str, demo: Path, tmp_path: Path) -> None:
    environment = {"NIANBAO_DATA": str(demo), "NIANBAO_CHARTS": str(tmp_path), "PYTHONPATH": str(ROOT)}
    ran = subprocess.run(
        [sys.executable, "-W", "error", f"{name}.py"],
        cwd=FOLDER,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert {path.stem for path in tmp_path.glob("*.png")} == set(NOTEBOOKS[name])
    assert all(is_picture(path) for path in tmp_path.glob("*.png"))


def test_a_notebook_runs_in_jupyter_too(demo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One of them in a real kernel, where cells show charts and tables."""
    jupytext = pytest.importorskip("jupytext")
    nbclient = pytest.importorskip("nbclient")
    monkeypatch.setenv("NIANBAO_DATA", str(demo))
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    notebook = jupytext.read(FOLDER / "03_what_not_to_trust.py")
    nbclient.NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(FOLDER)}}).execute()
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
    kinds = {kind for cell in code for output in cell.outputs for kind in output.get("data", {})}
    assert {"image/png", "text/html", "text/plain"} <= kinds


def is_picture(path: Path) -> bool:
    """Wide enough, and more than a blank sheet: dozens of colours."""
    from PIL import Image

    with Image.open(path) as image:
        colours = image.convert("RGB").getcolors(maxcolors=1 << 24)
        return image.width > 600 and colours is not None and len(colours) > 40
