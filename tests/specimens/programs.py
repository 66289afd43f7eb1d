"""Documents as real programs make them: LibreOffice (writer and calc), and Chromium that prints a page.

They run headless, in an empty folder and with a profile of their own, and may reach no network.
"""

import json
import os
import shutil
import subprocess
import tempfile
from base64 import b64decode
from collections.abc import Sequence
from contextlib import suppress
from itertools import count
from pathlib import Path
from threading import Timer
from typing import Any, Self

BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
NO_PROXY_ANSWERS = "http://127.0.0.1:9"
SECONDS = 240
FILTERS = {("html", "docx"): "docx:MS Word 2007 XML"}
"""What LibreOffice has to be told where it would take a page for one of its web documents."""


def office() -> str | None:
    """LibreOffice, where it is on the path."""
    return shutil.which("soffice") or shutil.which("libreoffice")


def browser() -> str | None:
    """Chromium, where it is on the path."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def by_office(contents: Sequence[bytes], ending: str, wanted: str) -> list[bytes]:
    """Each document (of the format `ending`) saved as `wanted`, by one LibreOffice. Raises RuntimeError for what it
    cannot convert."""
    program = office()
    if program is None:
        raise RuntimeError("soffice is not installed")
    with tempfile.TemporaryDirectory(prefix="specimens-") as name:
        folder = Path(name)
        sources = _written(folder, contents, ending)
        profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
        as_what = FILTERS.get((ending, wanted), wanted)
        options = (profile, "--headless", "--norestore", "--convert-to", as_what, "--outdir", str(folder / "out"))
        _run((program, *options, *map(str, sources)), folder)
        return [_made(folder / "out" / f"{source.stem}.{wanted}") for source in sources]


def printed(pages: Sequence[bytes], *, heads: bool = False) -> list[bytes]:
    """Each page as the PDF that one Chromium prints; `heads`: with the date and the title above and the address below.
    Raises RuntimeError for what it cannot print."""
    program = browser()
    if program is None:
        raise RuntimeError("no browser is installed")
    with tempfile.TemporaryDirectory(prefix="specimens-") as name, _Chromium(program, Path(name)) as chromium:
        return [chromium.printed(source, heads=heads) for source in _written(Path(name), pages, "html")]


class _Chromium:
    """A Chromium that is told by the messages of its DevTools what to open and to print: starting one for each page takes
    five times as long."""

    def __init__(self, program: str, folder: Path) -> None:
        options = (
            "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
            f"--proxy-server={NO_PROXY_ANSWERS}", f"--user-data-dir={folder / 'profile'}", "--remote-debugging-pipe",
        )  # fmt: skip
        self._process = subprocess.Popen(
            ("sh", "-c", 'exec "$0" "$@" 3<&0 4>&1 </dev/null >/dev/null 2>&1', program, *options),
            cwd=folder,
            env=_environment(folder),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self._watch = Timer(SECONDS, self._process.kill)
        self._numbers = count(1)

    def __enter__(self) -> Self:
        self._watch.start()
        target = self._ask("Target.createTarget", url="about:blank")["targetId"]
        self._session = self._ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self._ask("Page.enable", session=self._session)
        return self

    def __exit__(self, *failure: object) -> None:
        with suppress(RuntimeError, OSError):
            self._ask("Browser.close")
        self._process.communicate()
        self._watch.cancel()

    def printed(self, source: Path, *, heads: bool) -> bytes:
        """A page of this file, as `chromium --print-to-pdf` prints it."""
        self._ask("Page.navigate", session=self._session, url=source.as_uri())
        while self._next().get("method") != "Page.loadEventFired":
            pass
        looks = {"displayHeaderFooter": heads, "printBackground": True, "preferCSSPageSize": True}
        return b64decode(self._ask("Page.printToPDF", session=self._session, **looks)["data"])

    def _ask(self, method: str, session: str | None = None, **parameters: object) -> dict[str, Any]:
        number = next(self._numbers)
        to_whom = {"sessionId": session} if session else {}
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"id": number, "method": method, "params": parameters, **to_whom}).encode() + b"\0")
        self._process.stdin.flush()
        while (answer := self._next()).get("id") != number:
            pass
        if "result" not in answer:
            raise RuntimeError(f"the browser refused {method}: {answer}")
        return answer["result"]

    def _next(self) -> dict[str, Any]:
        """The next message, which a zero byte ends."""
        assert self._process.stdout is not None
        message = bytearray()
        while not message.endswith(b"\0"):
            part = self._process.stdout.peek()[: 1 << 16]
            if not part:
                raise RuntimeError("the browser has ended")
            message += self._process.stdout.read(part.find(b"\0") + 1 or len(part))
        return json.loads(message[:-1])


def _written(folder: Path, contents: Sequence[bytes], ending: str) -> list[Path]:
    sources = [folder / f"{number:04}.{ending}" for number in range(len(contents))]
    for source, content in zip(sources, contents, strict=True):
        source.write_bytes(content)
    return sources


def _run(command: Sequence[str], folder: Path) -> None:
    environment = _environment(folder)
    subprocess.run(
        command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, capture_output=True, timeout=SECONDS, check=False
    )


def _environment(folder: Path) -> dict[str, str]:
    proxies = dict.fromkeys(("http_proxy", "https_proxy", "all_proxy"), NO_PROXY_ANSWERS)
    return os.environ | proxies | {"HOME": str(folder)}


def _made(path: Path) -> bytes:
    if not path.exists():
        raise RuntimeError(f"the program made no {path.suffix} of {path.stem}")
    return path.read_bytes()
