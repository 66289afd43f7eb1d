"""The READMEs keep their word: every command is named, every example prints what stands there, both languages agree."""

import doctest
import re
import shlex
import subprocess
from contextlib import chdir
from pathlib import Path

import pytest
from msgspec import Struct

from nianbao.cli import main
from parsers.readers import READERS
from tests.nianbao.shell import ROOT, run

ENGLISH, CHINESE = ROOT / "README.md", ROOT / "README.zh.md"
READMES = {"en_US.UTF-8": ENGLISH, "zh_CN.UTF-8": CHINESE}
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LEFT_OUT = "…"
FORMATS_READ = re.compile(r"\*\*(?:Formats:|格式：)\*\*(.*?)(?:Whatever has no reader|尚无读取器)", re.DOTALL)
OFFICE = "application/vnd.openxmlformats-officedocument"
NAMES = {
    "text/html": "HTML",
    "text/markdown": "Markdown",
    "application/pdf": "PDF",
    f"{OFFICE}.wordprocessingml.document": ".docx",
    f"{OFFICE}.spreadsheetml.sheet": ".xlsx",
    f"{OFFICE}.presentationml.presentation": ".pptx",
    "application/vnd.oasis.opendocument.spreadsheet": ".ods",
    "application/vnd.oasis.opendocument.text": ".odt",
    "application/vnd.ms-works": ".wps",
    "application/ofd": "OFD",
    "application/rtf": "RTF",
    "multipart/related": "MHT",
}
"""What the READMEs call a format."""


class Example(Struct, frozen=True):
    """A command of a console block and the lines under it; a line `…` stands for any lines."""

    command: str
    lines: tuple[str, ...]


def blocks(path: Path, language: str) -> list[str]:
    return [text for name, text in BLOCK.findall(path.read_text(encoding="utf-8")) if name == language]


def examples(path: Path) -> list[Example]:
    found = []
    for part in "".join(blocks(path, "console")).split("$ ")[1:]:
        command, *lines = part.splitlines()
        found.append(Example(command, tuple(lines)))
    return found


def commands(path: Path) -> list[str]:
    """Every command of the code blocks, in order."""
    typed = [line for text in blocks(path, "sh") for line in text.splitlines()]
    return [*typed, *(example.command for example in examples(path))]


def as_pattern(lines: tuple[str, ...]) -> str:
    return "".join(r"(?:.*\n)*?" if line == LEFT_OUT else re.escape(line.rstrip()) + r" *\n" for line in lines)


@pytest.mark.parametrize("path", READMES.values(), ids=lambda path: path.name)
@pytest.mark.parametrize("name", sorted(main.commands))
def test_every_command_is_in_the_readme(path: Path, name: str) -> None:
    assert f"nianbao {name}" in path.read_text(encoding="utf-8") or any(
        f" {name} " in command for command in commands(path)
    )


def test_both_languages_show_the_same_commands() -> None:
    assert commands(CHINESE) == commands(ENGLISH)
    assert blocks(CHINESE, "pycon") == blocks(ENGLISH, "pycon")


def test_every_shown_command_line_is_one() -> None:
    """Commands that would reach for the network are not run, only their arguments looked at."""
    shown = [line for text in blocks(ENGLISH, "sh") for line in text.splitlines() if line.startswith("nianbao ")]
    assert shown
    for line in shown:
        name, *arguments = shlex.split(line)[1:]
        main.commands[name].make_context(name, arguments)


def test_the_examples_print_what_the_readmes_say(tmp_path: Path) -> None:
    """In the order of the page, in one folder, in both languages; the demo's own folder is shared by both."""
    (tmp_path / "nianbao").symlink_to(ROOT / "nianbao")
    for locale, path in READMES.items():
        for example in examples(path):
            _, *arguments = shlex.split(example.command)
            ran = run(*arguments, cwd=tmp_path, LANG=locale)
            assert ran.code == 0, ran.err
            said = (ran.err if arguments == ["demo"] else "") + ran.out or ran.err
            if not re.fullmatch(as_pattern(example.lines), said):
                pytest.fail(f"{path.name}: {example.command}\n{said}", pytrace=False)
    for path in (ENGLISH, ROOT / "docs/python.md"):
        assert not session(path, tmp_path)


def session(path: Path, cwd: Path) -> str:
    """What a page's Python examples, typed one after the other, print otherwise than it says."""
    examples_of_page = "\n".join(blocks(path, "pycon"))
    assert examples_of_page
    typed = doctest.DocTestParser().get_doctest(examples_of_page, {}, path.name, str(path), 0)
    told: list[str] = []
    with chdir(cwd):
        doctest.DocTestRunner(verbose=False).run(typed, out=told.append)
    return "".join(told)


@pytest.mark.parametrize("path", READMES.values(), ids=lambda path: path.name)
def test_there_are_two_set_up_commands_and_ci_runs_the_second(path: Path) -> None:
    first, second = (text.strip() for text in blocks(path, "sh")[:2])
    assert first.endswith("/nianbao demo")
    tests = second.rpartition("&& .venv/bin/")[2]
    assert tests.startswith("pytest")
    assert f".ci/.venv/bin/{tests}" in (ROOT / ".ci/run").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", [*READMES.values(), ROOT / "CONTRIBUTING.md"], ids=lambda path: path.name)
def test_links_and_named_files_exist(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    linked = {target for target in re.findall(r"\]\(([^)#]+)\)", text) if "://" not in target}
    named = set(re.findall(r"`((?:crawler|parsers|nianbao|tests|docs)/[a-z0-9_/.]+)`", text))
    assert linked
    assert named
    assert [target for target in sorted(linked | named) if not (ROOT / target).exists()] == []


@pytest.mark.parametrize("path", READMES.values(), ids=lambda path: path.name)
def test_the_formats_said_to_be_read_are_those_with_a_reader(path: Path) -> None:
    found = FORMATS_READ.search(path.read_text(encoding="utf-8"))
    assert found
    named = {media_type for media_type, name in NAMES.items() if name in found[1]}
    assert named == READERS.keys() & NAMES.keys()


def test_shell_blocks_are_shell() -> None:
    for text in blocks(ENGLISH, "sh"):
        subprocess.run(["bash", "-n"], input=text, text=True, check=True)
