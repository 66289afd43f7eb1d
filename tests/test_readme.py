"""The README keeps its word: commands exist, both languages show the same ones, its examples run on the demo."""

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

import nianbao
from nianbao import cli

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
CHINESE = (ROOT / "README.zh.md").read_text(encoding="utf-8")


def code_blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


@pytest.mark.parametrize("name", sorted(cli.main.commands))  # type: ignore[attr-defined]
def test_every_command_is_in_the_readme(name: str) -> None:
    assert re.search(rf"nianbao (?:--data \S+ )?{name}\b", README)


def test_both_languages_show_the_same_commands() -> None:
    assert code_blocks(README, "sh") == code_blocks(CHINESE, "sh")
    assert code_blocks(README, "python") == code_blocks(CHINESE, "python")


def test_there_are_two_commands_to_set_up() -> None:
    first, second, *_ = code_blocks(README, "sh")
    assert first.count("\n") == second.count("\n") == 1
    assert "nianbao demo" in first
    assert "pytest" in second


def test_the_version_has_a_changelog_entry() -> None:
    assert f"## [{nianbao.__version__}]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("readme") / "nianbao-demo"
    result = CliRunner().invoke(cli.main, ["--lang", "en", "--data", str(folder), "demo"])
    assert result.exit_code == 0, result.output
    (folder / "summary.txt").write_text(result.stdout, encoding="utf-8")
    return folder


def test_the_summary_is_the_readmes(demo: Path) -> None:
    shown = code_blocks(README, "text")[0].splitlines()
    printed = (demo / "summary.txt").read_text(encoding="utf-8").splitlines()
    assert [line for line in shown if line not in printed] == []


def test_the_shown_number_is_the_readmes(demo: Path) -> None:
    command = next(line for line in code_blocks(README, "sh")[2].splitlines() if " show " in line)
    arguments = shlex.split(command)[1:]
    arguments[arguments.index("nianbao-demo")] = str(demo)
    result = CliRunner().invoke(cli.main, ["--lang", "en", *arguments])
    assert result.exit_code == 0, result.output
    shown = [line for line in code_blocks(README, "text")[1].splitlines() if not line.startswith(("file:", "error"))]
    assert [line for line in shown if line not in result.stdout.splitlines()] == []


def test_the_python_example_runs(demo: Path) -> None:
    code = code_blocks(README, "python")[0].replace('"nianbao-demo"', repr(str(demo)))
    code = "\n".join(line for line in code.splitlines() if "report.pdf" not in line)
    exec(compile(code, "README.md", "exec"), {})
