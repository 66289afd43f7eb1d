"""The process in which native readers run: `python -m nianbao.child`, started and watched by `nianbao.isolate`.

It takes one document at a time from its standard input and answers with its reports: eight bytes of length, then
MessagePack, both ways. It ends with its input.
"""

import os
import signal
import sys
from typing import BinaryIO

import msgspec
from msgspec import Struct

from parsers import ocr
from parsers.archives import Member
from parsers.parse import parse_member
from parsers.report import Report

LENGTH = 8
Answer = tuple[Report, ...] | int | str
"""The reports of a document; the number of its pictures, of which fewer may be recognised; or what went wrong."""


class Task(Struct, frozen=True):
    """A document with the hints of `parse_member`, how many of its pictures may be recognised, and after how many seconds
    nobody waits for the answer any more."""

    member: Member
    declared: str | None
    url: str | None
    within: str | None
    stand_in: bytes | None
    pictures: dict[str, bytes]
    seconds: float
    recognised: int = 0


def send(pipe: BinaryIO, message: bytes) -> None:
    pipe.write(len(message).to_bytes(LENGTH, "big"))
    pipe.write(message)
    pipe.flush()


def receive(pipe: BinaryIO) -> bytes:
    """The next message. Raises EOFError when the other side is gone."""
    head = pipe.read(LENGTH)
    message = pipe.read(int.from_bytes(head, "big")) if len(head) == LENGTH else b""
    if len(head) < LENGTH or len(message) < int.from_bytes(head, "big"):
        raise EOFError
    return message


def reports_of(task: Task) -> Answer:
    """The reports, or how many pictures would have to be recognised if that is more than may be."""
    try:
        with ocr.allowed(task.recognised):
            return parse_member(
                task.member, declared=task.declared, url=task.url, within=task.within, stand_in=task.stand_in,
                pictures=task.pictures,
            )  # fmt: skip
    except ocr.Postponed as postponed:
        return postponed.pictures


def serve(tasks: BinaryIO, answers: BinaryIO) -> None:
    """Answers until there are no more tasks."""
    decoder = msgspec.msgpack.Decoder(Task)
    while True:
        try:
            task = decoder.decode(receive(tasks))
        except EOFError:
            return
        _limit(task.seconds)
        try:
            answer = reports_of(task)
        except Exception as error:  # noqa: BLE001  whatever a reader trips over is the answer
            answer = f"{type(error).__name__}: {error}"
        _limit(0)
        send(answers, msgspec.msgpack.encode(answer))


def _limit(seconds: float) -> None:
    """The system ends this process should it hang when nobody watches it any more."""
    if sys.platform != "win32":
        signal.alarm(int(seconds) + 10 if seconds else 0)


def main() -> None:
    """Serves on standard input and output; what libraries print goes nowhere."""
    tasks, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a crash is expected: no core files
    serve(tasks, answers)


if __name__ == "__main__":
    main()
