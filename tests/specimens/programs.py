"""Documents as real programs make them: LibreOffice (writer and calc), and Chromium that prints a page.

They run headless, in an empty folder and with a profile of their own, and may reach no network.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

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
    """Each page as the PDF that Chromium prints; `heads`: with the date and the title above and the address below."""
    program = browser()
    if program is None:
        raise RuntimeError("no browser is installed")
    with tempfile.TemporaryDirectory(prefix="specimens-") as name:
        folder = Path(name)
        made = []
        for source in _written(folder, pages, "html"):
            target = source.with_suffix(".pdf")
            options = (
                "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
                f"--proxy-server={NO_PROXY_ANSWERS}", f"--user-data-dir={folder / 'profile'}", f"--print-to-pdf={target}",
                *(() if heads else ("--no-pdf-header-footer",)),
            )  # fmt: skip
            _run((program, *options, source.as_uri()), folder)
            made.append(_made(target))
        return made


def _written(folder: Path, contents: Sequence[bytes], ending: str) -> list[Path]:
    sources = [folder / f"{number:04}.{ending}" for number in range(len(contents))]
    for source, content in zip(sources, contents, strict=True):
        source.write_bytes(content)
    return sources


def _run(command: Sequence[str], folder: Path) -> None:
    proxies = dict.fromkeys(("http_proxy", "https_proxy", "all_proxy"), NO_PROXY_ANSWERS)
    environment = os.environ | proxies | {"HOME": str(folder)}
    subprocess.run(
        command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, capture_output=True, timeout=SECONDS, check=False
    )


def _made(path: Path) -> bytes:
    if not path.exists():
        raise RuntimeError(f"the program made no {path.suffix} of {path.stem}")
    return path.read_bytes()
