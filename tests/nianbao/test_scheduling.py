"""The examples for cron, systemd and GitHub Actions, run as they stand against a replica on loopback."""

import os
import re
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import nianbao
from nianbao.demo import HOST, pages
from nianbao.replica import served
from nianbao.runs import KEPT_RUNS
from tests.nianbao.shell import ROOT, run

EXAMPLES = ROOT / "examples"
HOME = "/srv/nianbao"
TOML = """name = "区政府"
family = "guangdong_nfcms"
allow_private_addresses = true
[[channels]]
url = "http://127.0.0.1:{port}/xxgk/xxgkml/xxgknb/qzf/index.html"
[pace]
delay = {delay}
"""


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """A folder as the examples expect it: virtual environment, portals, and a replica behind the portal."""
    command = tmp_path / ".venv/bin/nianbao"
    command.parent.mkdir(parents=True)
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m nianbao "$@"\n', encoding="utf-8")
    command.chmod(0o755)
    shutil.copytree(pages() / HOST, tmp_path / "site")
    (tmp_path / "portals").mkdir()
    with served(tmp_path / "site") as port:
        slow_down(tmp_path, port, 0.0)
        yield tmp_path


def slow_down(home: Path, port: int, delay: float) -> None:
    (home / "portals/town.toml").write_text(TOML.format(port=port, delay=delay), encoding="utf-8")


def port_of(home: Path) -> int:
    found = re.search(r":(\d+)/", (home / "portals/town.toml").read_text(encoding="utf-8"))
    assert found
    return int(found[1])


def environment(home: Path, **more: str) -> dict[str, str]:
    path = f"{home / '.venv/bin'}:{os.environ['PATH']}"
    return {**os.environ, "PATH": path, "PYTHONPATH": str(ROOT), "LANG": "C.UTF-8", **more}


def shell(command: str, home: Path, **more: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        ["/bin/sh", "-c", command],
        cwd=home,
        env=environment(home, **more),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
    )


def finished(process: "subprocess.Popen[str]") -> tuple[int, str]:
    said, _ = process.communicate(timeout=120)
    return process.returncode, said


def cron_command(home: Path) -> str:
    """The command of the crontab's one line."""
    lines = (EXAMPLES / "cron/nianbao.crontab").read_text(encoding="utf-8").splitlines()
    (line,) = [line for line in lines if line and not line.startswith("#") and "=" not in line.split()[0]]
    *times, command = line.split(maxsplit=5)
    assert all(re.fullmatch(r"[\d*/,-]+", each) for each in times)
    assert "%" not in command  # cron makes a line break of it
    return command.replace(HOME, str(home))


def test_the_page_names_every_example_and_no_other() -> None:
    page = (ROOT / "docs/scheduling.md").read_text(encoding="utf-8")
    files = {path.relative_to(ROOT).as_posix() for path in EXAMPLES.rglob("*") if path.is_file()}
    assert set(re.findall(r"\.\./(examples/[\w./-]+)", page)) == files
    assert f"newest {KEPT_RUNS}" in page


def test_the_line_of_cron_is_silent_when_all_went_well(home: Path) -> None:
    assert finished(shell(cron_command(home), home)) == (0, "")
    assert len(nianbao.open(home / "data").reports()) == 6
    assert finished(shell(cron_command(home), home)) == (0, "")


def test_the_line_of_cron_twice_at_once_is_one_run(home: Path) -> None:
    slow_down(home, port_of(home), 0.4)
    first = shell(cron_command(home), home)
    deadline = time.monotonic() + 60
    while not list((home / "data").glob("archive/**/*.sqlite*")):
        assert time.monotonic() < deadline
        assert first.poll() is None, finished(first)
        time.sleep(0.05)
    code, said = finished(shell(cron_command(home), home))
    assert code == 0
    assert said.startswith("nianbao ended 3: ")
    assert "another nianbao is writing here" in said
    assert first.poll() is None
    assert finished(first) == (0, "")
    assert len(nianbao.open(home / "data").reports()) == 6
    assert len(list((home / "data/runs").glob("*.json"))) == 1


def test_the_line_of_cron_speaks_when_something_is_wrong(home: Path) -> None:
    (home / "portals/town.toml").write_text("nonsense = 1\n", encoding="utf-8")
    code, said = finished(shell(cron_command(home), home))
    assert code == 0
    assert said.startswith("nianbao ended 2: ")
    assert "town.toml" in said


def units(home: Path) -> list[Path]:
    """The unit files with the folder of the test in place of the example's."""
    folder = home / "units"
    folder.mkdir()
    for path in (EXAMPLES / "systemd").iterdir():
        text = path.read_text(encoding="utf-8").replace(HOME, str(home))
        (folder / path.name).write_text(text, encoding="utf-8")
    return sorted(folder.iterdir())


def exec_start(path: Path) -> list[str]:
    text = path.read_text(encoding="utf-8")
    found = re.findall(r"^ExecStart=(.+)$", text, re.MULTILINE)
    assert len(found) == 1
    return shlex.split(found[0])


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed")
def test_systemd_finds_the_units_sound(home: Path) -> None:
    command = ["systemd-analyze", "verify", "--man=no", *map(str, units(home))]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    complaints = [line for line in ran.stderr.splitlines() if str(home) in line or "nianbao" in line]
    assert (ran.returncode, complaints) == (0, []), ran.stderr


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed")
def test_systemd_would_find_a_broken_unit(home: Path) -> None:
    (service,) = [path for path in units(home) if path.name == "nianbao.service"]
    service.write_text(service.read_text(encoding="utf-8").replace("Type=oneshot", "Type=nonsense"), encoding="utf-8")
    command = ["systemd-analyze", "verify", "--man=no", str(service)]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert "nonsense" in ran.stderr


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed")
def test_the_timer_knows_its_next_night() -> None:
    text = (EXAMPLES / "systemd/nianbao.timer").read_text(encoding="utf-8")
    (calendar,) = re.findall(r"^OnCalendar=(.+)$", text, re.MULTILINE)
    subprocess.run(["systemd-analyze", "calendar", calendar], check=True, capture_output=True, timeout=60)


def test_the_commands_of_the_units_run(home: Path) -> None:
    by_name = {path.name: path for path in units(home)}
    for name in ("nianbao.service", "nianbao-failed.service"):
        ran = subprocess.run(
            exec_start(by_name[name]), cwd=home, env=environment(home), capture_output=True, text=True, check=False
        )
        assert ran.returncode == 0, ran.stderr
    assert len(nianbao.open(home / "data").reports()) == 6
    assert ran.stdout.startswith("# nianbao run, ")
    assert "New: 6, of these late: 0. Changed: 0. Gone: 0." in ran.stdout


def test_the_workflow_is_sound_and_its_commands_run(home: Path) -> None:
    yaml = pytest.importorskip("yaml")
    workflow: dict[Any, Any] = yaml.safe_load((EXAMPLES / "github/nianbao.yml").read_text(encoding="utf-8"))
    assert set(workflow) == {"name", True, "permissions", "concurrency", "jobs"}  # YAML 1.1 reads `on` as true
    assert workflow["permissions"] == {"contents": "read"}
    (job,) = workflow["jobs"].values()
    assert all(("uses" in step) != ("run" in step) for step in job["steps"])
    summary = home / "summary.md"
    for step in job["steps"]:
        if "run" in step and step["name"] != "Install":
            code, said = finished(shell(step["run"], home, GITHUB_STEP_SUMMARY=str(summary)))
            assert code == 0, said
    assert summary.read_text(encoding="utf-8").startswith("# nianbao run, ")
    assert (home / "out/datapackage.json").exists()


def test_old_run_reports_are_forgotten(home: Path) -> None:
    runs = home / "data/runs"
    runs.mkdir(parents=True)
    for number in range(KEPT_RUNS + 5):
        for suffix in ("json", "md"):
            (runs / f"20200101T{number:06}Z-run.{suffix}").touch()
    assert run("run", "portals/town.toml", cwd=home).code == 0
    assert len(list(runs.glob("*.json"))) == len(list(runs.glob("*.md"))) == KEPT_RUNS
    assert not (runs / "20200101T000005Z-run.json").exists()
    assert (runs / "20200101T000006Z-run.md").exists()


def test_a_run_tells_what_is_new_changed_and_gone(home: Path) -> None:
    assert run("run", "portals/town.toml", "--year", "2020", cwd=home).code == 0
    assert run("run", "portals/town.toml", cwd=home).code == 0
    (first, second) = sorted((home / "data/runs").glob("*.md"), key=lambda path: path.stat().st_mtime_ns)
    assert "New: 1, of these late: 0. Changed: 0. Gone: 0. Without a report on the newest year: 0." in first.read_text()
    text = second.read_text(encoding="utf-8")
    assert "New: 5, of these late: 0. Changed: 0. Gone: 0." in text
    assert text.count("- 云州市青澜区人民政府 20") == 5
