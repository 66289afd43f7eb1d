"""Native readers in a process of their own: one document at a time, with a deadline and a watch on its memory.

A reader written in C or Rust may crash, hang or eat all memory over a broken file. That costs this document only: its
report is `unreadable` with the reason, and the next document gets a new process. HTML and text of an ordinary size are
read right here.
"""

import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from typing import Self

from msgspec import msgpack
from msgspec.structs import replace

from nianbao import child
from nianbao.convert import FORMATS, Converter
from nianbao.limits import LimitExceeded, Limits, kill, resident_bytes, watched
from parsers import ocr
from parsers.archives import Member, opened
from parsers.errors import UnreadableDocument
from parsers.parse import parse_member
from parsers.report import Report

IN_PROCESS = (None, "text/html", "application/xhtml+xml", "text/plain", "text/markdown", "application/xml")
"""Formats that Python code, or the HTML parser, reads; None is no known format."""
BIG = 4 << 20
"""Bytes of a page or text that is read in the child as well: no report is as long, and what is may be meant to take long."""
_IDLE_SHARE = 0.6
"""Of the memory a document may take: a process that holds more between documents is replaced."""
_answer = msgpack.Decoder(child.Answer)
NO_PICTURES: Mapping[str, bytes] = {}


class Isolation:
    """Parses documents of any format without risk to this process. Starts its child at the first document that needs
    one; `close` ends it, as does the end of this process. Not for several threads at once.

    With `recognises` False, documents with pictures to recognise are left to another: the child keeps small.
    """

    def __init__(self, limits: Limits | None = None, *, recognises: bool = True) -> None:
        self.limits = limits or Limits()
        self.recognises = recognises
        self._converter = Converter(self.limits)
        self._child: _Child | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._converter.close()
        self._drop()

    def parse(
        self, content: bytes, *, source: str, media_type: str | None = None, url: str | None = None,
        within: str | None = None, pictures: Mapping[str, bytes] = NO_PICTURES,
    ) -> tuple[Report, ...]:  # fmt: skip
        """The reports of `parsers.parse.parse` with the same arguments, never empty; raises nothing for bad content, but
        Postponed where there are pictures to recognise and this one does not.

        Formats that only other programs read are converted first, where such a program is installed.
        """
        reports: list[Report] = []
        for member in opened(content, source):
            reports += self._parse(member, media_type, url, within, pictures)
        return tuple(reports)

    def _parse(
        self, member: Member, declared: str | None, url: str | None, within: str | None, pictures: Mapping[str, bytes]
    ) -> tuple[Report, ...]:
        try:
            stand_in = self._stand_in(member)
            task = child.Task(member, declared, url, within, stand_in, dict(pictures), self.limits.deadline_seconds)
            is_native = stand_in is not None or needs_isolation(member)
            answer = self._asked(task, self.limits) if is_native else child.reports_of(task)
            if isinstance(answer, int):
                answer = self._recognised(task, answer)
        except ocr.Postponed:
            raise
        except (UnreadableDocument, LimitExceeded, ChildDied) as error:
            answer = str(error)
        except Exception as error:  # noqa: BLE001  a defect in one reader must not cost the other documents
            answer = f"the parser failed: {type(error).__name__}: {error}"
        if not isinstance(answer, tuple):
            failed = replace(member, problem=str(answer))
            return parse_member(failed, declared=declared)
        return answer

    def _stand_in(self, member: Member) -> bytes | None:
        if member.problem or member.media_type not in FORMATS:
            return None
        return self._converter.convert(member.content, member.media_type)

    def _recognised(self, task: child.Task, pictures: int) -> child.Answer:
        """The answer to a task whose pictures may be recognised, in the time that so many may take. Raises Postponed."""
        if not self.recognises:
            raise ocr.Postponed(pictures)
        limits = self.limits.with_pictures(pictures)
        return self._asked(replace(task, recognised=pictures, seconds=limits.deadline_seconds), limits)

    def _asked(self, task: child.Task, limits: Limits) -> child.Answer:
        """The child's answer. Raises LimitExceeded and ChildDied, after which there is no child."""
        if self._child is None or not self._child.is_alive():
            self._drop()
            self._child = _Child()
        try:
            answer = _answer.decode(self._child.answer(msgpack.encode(task), limits))
        except LimitExceeded as error:
            self._drop()
            raise LimitExceeded(f"the reader was stopped: {error}") from error
        except ChildDied:
            self._drop()
            raise
        if resident_bytes(self._child.pid) > self.limits.memory_bytes * _IDLE_SHARE:
            self._drop()
        return f"the parser failed: {answer}" if isinstance(answer, str) else answer

    def _drop(self) -> None:
        if self._child is not None:
            self._child.close()
            self._child = None


class ChildDied(Exception):
    """The process that read a document ended without an answer; the message says how."""


class _Child:
    """One running `nianbao.child`."""

    def __init__(self) -> None:
        paths = os.pathsep.join(filter(None, sys.path))
        self._process = subprocess.Popen(
            (sys.executable, "-P", "-m", "nianbao.child"), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, env=os.environ | {"PYTHONPATH": paths},
            start_new_session=sys.platform != "win32",
        )  # fmt: skip
        self._answers: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._got: bytes | None = None

    @property
    def pid(self) -> int:
        return self._process.pid

    def is_alive(self) -> bool:
        return self._process.poll() is None

    def answer(self, task: bytes, limits: Limits) -> bytes:
        """The answer to a task. Raises LimitExceeded and ChildDied."""
        threading.Thread(target=self._ask, args=(task,), daemon=True).start()
        watched(self._process, limits, self._has_answered)
        if self._got is None:
            raise ChildDied(f"the reader crashed its process ({_how_it_ended(self._process)})")
        return self._got

    def close(self) -> None:
        kill(self._process)
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()

    def _ask(self, task: bytes) -> None:
        """Sends the task and waits for the answer, away from the watch: either may block."""
        if self._process.stdin is None or self._process.stdout is None:
            raise AssertionError("the child was started with pipes")
        try:
            child.send(self._process.stdin, task)  # type: ignore[arg-type]
            self._answers.put(child.receive(self._process.stdout))  # type: ignore[arg-type]
        except (OSError, EOFError, ValueError):
            self._answers.put(None)  # it died, or was killed

    def _has_answered(self, seconds: float) -> bool:
        try:
            self._got = self._answers.get(timeout=seconds)
        except queue.Empty:
            return False
        return True


def needs_isolation(member: Member) -> bool:
    """Whether a native library reads this document, or it is so big that it needs a deadline."""
    if member.problem or not member.content:
        return False
    return len(member.content) > BIG or member.media_type not in IN_PROCESS


def _how_it_ended(process: subprocess.Popen[bytes]) -> str:
    try:
        code = process.wait(5)
    except subprocess.TimeoutExpired:
        return "it closed its output"
    return signal.Signals(-code).name if code < 0 else f"exit code {code}"
