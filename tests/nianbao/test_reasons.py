"""Whatever parser and crawler say about a document or portal, a reader of Chinese is told in Chinese."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from nianbao.reasons import REASONS, WORDS, in_chinese, is_known
from nianbao.voice import EVENTS
from tests.nianbao.shell import ROOT, run

RAISED = {"UnreadableDocument", "DatasetError", "LockedError", "UsageError", "LimitExceeded", "ChildDied", "PortalError"}
"""Errors whose message becomes a reason or a line of its own."""
HEAD = re.compile(r"^\{\}: ?\{\}$")
"""A message that only joins a name and another message."""


def sentence(node: ast.expr) -> str | None:
    """A string of the code with `{}` for what is filled in."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
    return None


def raised() -> Iterator[tuple[str, str]]:
    """Every message with which one of our errors is raised, and where."""
    for path in sorted(path for name in ("crawler", "parsers", "nianbao") for path in (ROOT / name).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
                name = ast.unparse(node.exc.func)
                for argument in node.exc.args[:1] if name in RAISED else ():
                    for part in (argument.body, argument.orelse) if isinstance(argument, ast.IfExp) else (argument,):
                        if (text := sentence(part)) is not None and not HEAD.match(text) and "click" not in name:
                            yield str(path.relative_to(ROOT)), text


def returned(module: str) -> Iterator[str]:
    """The sentences that a module's functions return: those of `recognise` are reasons."""
    for node in ast.walk(ast.parse((ROOT / module).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Return) and node.value is not None and (text := sentence(node.value)):
            yield text


def test_every_message_that_is_raised_has_its_chinese() -> None:
    found = list(raised())
    assert len(found) > 30
    assert not [(where, text) for where, text in found if not is_known(text.replace("{}", "X"))]


def test_every_reason_to_be_no_report_has_its_chinese() -> None:
    found = [text for text in returned("parsers/recognise.py") if " " in text and not HEAD.match(text)]
    assert len(found) > 5
    assert not [text for text in found if not is_known(text.replace("{}", "X"))]


@pytest.mark.parametrize(("english", "chinese"), REASONS)
def test_both_languages_fill_in_the_same(english: str, chinese: str) -> None:
    filled = english.replace("{}", "7")
    assert is_known(filled)
    assert re.search(r"[\u4e00-\u9fff]", in_chinese(filled))
    assert english.count("{}") == len(re.findall(r"\{\d?\}", chinese))


@pytest.mark.parametrize(
    ("reason", "chinese"),
    [
        ("tables not found: art20_1, requests; 3 cells are ambiguous", "未找到表：art20_1, requests；3 个单元格有多种读法"),
        ("5 answers in a row: refused by a firewall", "连续 5 次应答：被防火墙拒绝"),
        ("a.xml of the Word document unpacks to more than 9 bytes", "Word document 中的 a.xml 解压后超过 9 字节"),
        ("something new", "something new"),
        ("unreadable", "无法读取"),
    ],
)
def test_reasons_in_chinese(reason: str, chinese: str) -> None:
    assert in_chinese(reason) == chinese


def test_events_have_the_same_values_in_both_languages() -> None:
    for name, (_, chinese, english) in EVENTS.items():
        assert set(re.findall(r"\{(\w+)\}", chinese)) <= set(re.findall(r"\{(\w+)\}", english)), name
        assert re.search(r"[\u4e00-\u9fff]", chinese) or name in {"failure", "fetched", "fetch_failed"} or "{" in chinese


def test_words_cover_every_state() -> None:
    from typing import get_args

    from crawler.capture import Outcome
    from crawler.health import Health
    from parsers.report import Status

    assert {*get_args(Outcome), *get_args(Health), *get_args(Status)} == set(WORDS)


def test_the_command_line_speaks_chinese(tmp_path: Path) -> None:
    (tmp_path / "empty.html").write_bytes(b"")
    (tmp_path / "noise.bin").write_bytes(bytes(range(256)))
    ran = run("parse", "empty.html", "noise.bin", "--lang", "zh", cwd=tmp_path)
    assert ran.complaints == [
        "empty.html：无法读取：文件为空",
        "noise.bin：无法读取：未知格式的二进制内容，没有文字",
    ]
    assert run("status", "--lang", "zh", cwd=tmp_path).out.splitlines()[1] == "数据目录：data"
    assert "没有数据集" in run("findings", "--lang", "zh", cwd=tmp_path).err
