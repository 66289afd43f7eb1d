"""Runs the command line as people do: as a process, in a folder of its own."""

import json
import os
import subprocess
import sys
from contextlib import chdir
from pathlib import Path
from typing import Any

from click.testing import CliRunner
from msgspec import Struct

import nianbao
from nianbao.cli import main

ROOT = Path(nianbao.__file__).parent.parent


class Ran(Struct, frozen=True):
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def objects(self) -> list[dict[str, Any]]:
        """stdout as JSON lines."""
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def complaints(self) -> list[str]:
        """stderr, line by line."""
        return self.err.splitlines()


def start(*arguments: object, cwd: Path, leads_group: bool = False, **environment: str) -> "subprocess.Popen[str]":
    """Starts `nianbao ARGUMENTS` in a folder, as the leader of a process group of its own if wanted."""
    inherited = {name: value for name, value in os.environ.items() if name not in ("NIANBAO_DATA", "LC_ALL", "LANG")}
    return subprocess.Popen(
        [sys.executable, "-W", "error", "-m", "nianbao", *map(str, arguments)],
        cwd=cwd,
        env={**inherited, "PYTHONPATH": str(ROOT), "LANG": "C.UTF-8", **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        start_new_session=leads_group,
    )


def run(*arguments: object, cwd: Path, **environment: str) -> Ran:
    """Runs `nianbao ARGUMENTS` in this process, which spares the start-up of another."""
    clean = {"NIANBAO_DATA": None, "LC_ALL": None, "LANGUAGE": None, "LC_MESSAGES": None, "LANG": "C.UTF-8"}
    with chdir(cwd):
        result = CliRunner(env={**clean, **environment}).invoke(main, [str(argument) for argument in arguments])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Ran(result.exit_code, result.stdout, result.stderr)


def run_process(*arguments: object, cwd: Path, **environment: str) -> Ran:
    """Runs `nianbao ARGUMENTS` as a process of its own, to its end."""
    process = start(*arguments, cwd=cwd, **environment)
    out, err = process.communicate(timeout=180)
    return Ran(process.returncode, out, err)
