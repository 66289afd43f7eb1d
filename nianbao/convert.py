"""Old office formats → Word documents, by LibreOffice where it is installed, else by catdoc (.doc and .wps only).

Neither is linked or shipped: they run as programs of their own, in an empty folder, with a deadline.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from nianbao.limits import LimitExceeded, Limits, kill, watched
from parsers.errors import UnreadableDocument

FORMATS: dict[str, tuple[str, str]] = {
    "application/msword": ("Word 97-2003 (.doc)", "doc"),
    "application/vnd.ms-works": ("WPS Writer (.wps)", "doc"),
    "application/rtf": ("RTF", "rtf"),
    "application/vnd.oasis.opendocument.text": ("OpenDocument (.odt)", "odt"),
    "application/vnd.oasis.opendocument.text-flat-xml": ("OpenDocument (.fodt)", "fodt"),
    "application/vnd.ms-wordml": ("Word 2003 XML", "xml"),
}
"""Formats that are converted: what people call them, and the ending by which programs know them."""
BY_CATDOC = ("application/msword", "application/vnd.ms-works")
"""catdoc keeps the borders of cells in these; in RTF it loses them."""
_GARBLED = re.compile(r"[\0-\x06\x0e-\x1f\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02af\u0370-\u052f\ufffd]")
"""What Chinese characters look like where catdoc takes them for Latin, Greek or Cyrillic ones, as it does with texts of
many pieces."""
_PLACES = (
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    r"C:\Program Files\LibreOffice\program\soffice.exe",
)
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableMacrosExecution" oor:op="fuse">
<value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="MacroSecurityLevel" oor:op="fuse">
<value>3</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="BlockUntrustedRefererLinks"
oor:op="fuse"><value>true</value></prop></item>
</oor:items>
"""
"""No macros, and no pictures from addresses that a document names."""


class Converter:
    """Converts one document at a time. Its own profile folder, since two LibreOffices cannot share one; the folder is
    made at first use and removed by `close`."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    def close(self) -> None:
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    def convert(self, content: bytes, media_type: str) -> bytes:
        """A document of one of FORMATS as .docx, or as text where only catdoc is installed.

        Raises UnreadableDocument where no program is installed, and where it fails.
        """
        name, ending = FORMATS[media_type]
        office, catdoc = office_program(), shutil.which("catdoc")
        if office is None and (catdoc is None or media_type not in BY_CATDOC):
            also = ", or catdoc" if media_type in BY_CATDOC else ""
            raise UnreadableDocument(f"{name} is read through LibreOffice, which is not installed: install it{also}")
        folder = self._empty_folder()
        source = folder / f"document.{ending}"
        source.write_bytes(content)
        if office is not None:
            return self._by_office(office, source)
        return self._by_catdoc(str(catdoc), source)

    def _by_office(self, office: str, source: Path) -> bytes:
        profile = source.parent.parent / "profile"
        if not profile.exists():
            (profile / "user").mkdir(parents=True)
            (profile / "user" / "registrymodifications.xcu").write_text(_SETTINGS, encoding="utf-8")
        options = (f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore", "--nolockcheck")
        command = (office, *options, "--convert-to", "docx", "--outdir", str(source.parent / "out"), str(source))
        self._run("LibreOffice", command, source.parent)
        made = source.parent / "out" / "document.docx"
        if not made.exists():
            raise UnreadableDocument("LibreOffice could not open the file: it is damaged or encrypted")
        return made.read_bytes()

    def _by_catdoc(self, catdoc: str, source: Path) -> bytes:
        text = self._run("catdoc", (catdoc, "-w", "-d", "utf-8", str(source)), source.parent)
        if not text.strip():
            raise UnreadableDocument("catdoc could not read the file: it is damaged or encrypted")
        if _GARBLED.search(text.decode("utf-8", "replace")):
            raise UnreadableDocument("catdoc lost parts of the text: install LibreOffice")
        return text

    def _run(self, name: str, command: Sequence[str], folder: Path) -> bytes:
        """What a program prints. Raises UnreadableDocument where it becomes too big, takes too long or cannot start."""
        printed = folder / "printed"
        try:
            with printed.open("wb") as out:
                process = subprocess.Popen(  # noqa: S603  a program by its full path, arguments of our own
                    command, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.DEVNULL, cwd=folder,
                    env=_environment(folder), start_new_session=sys.platform != "win32",
                )  # fmt: skip
        except OSError as error:
            raise UnreadableDocument(f"{name} cannot be started: {error.strerror or error}") from error
        try:
            watched(process, self._limits, lambda seconds: _has_ended(process, seconds))
        except LimitExceeded as error:
            raise UnreadableDocument(f"{name} was stopped: {error}") from error
        finally:
            kill(process)
        return printed.read_bytes()

    def _empty_folder(self) -> Path:
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="nianbao-", ignore_cleanup_errors=True)
        folder = Path(self._folder.name) / "work"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        return folder


def office_program() -> str | None:
    """LibreOffice, where it is installed."""
    found = shutil.which("soffice") or shutil.which("libreoffice")
    return found or next((place for place in _PLACES if Path(place).exists()), None)


def _environment(folder: Path) -> dict[str, str]:
    """The system's own, with a home of its own; no proxy answers, should a document name addresses all the same."""
    nowhere = dict.fromkeys(("http_proxy", "https_proxy", "ftp_proxy", "all_proxy"), "http://127.0.0.1:9")
    return os.environ | nowhere | {"HOME": str(folder), "SAL_USE_VCLPLUGIN": "svp"}


def _has_ended(process: subprocess.Popen[bytes], seconds: float) -> bool:
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return False
    return True
