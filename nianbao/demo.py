"""The whole line on the embedded sample: a replica portal on loopback, crawl, parse, dataset, summary. No network."""

from importlib.resources import files
from pathlib import Path

from crawler.portal import Portal, load
from nianbao.errors import UsageError
from nianbao.folder import DataFolder
from nianbao.pipeline import Outcome, run
from nianbao.replica import LOOPBACK, served
from nianbao.voice import Voice

HOST = "portal.demo.invalid"
"""The replica's name. It exists nowhere (RFC 2606); only the fetcher's connect-to map leads to it."""


def pages() -> Path:
    """The folder of the embedded sample: `portal.toml`, and the website's files by address."""
    return Path(str(files("nianbao") / "demo_pages"))


def demo_portal(folder: Path | None = None) -> Portal:
    """The portal of the sample."""
    return load((folder or pages()) / "portal.toml", registry=None)


def run_demo(folder: DataFolder, voice: Voice, *, sample: Path | None = None) -> Outcome:
    """Collects the sample into the folder. Raises UsageError when the folder holds anything but a demo."""
    root = sample or pages()
    claim(folder)
    with served(root / HOST) as port:
        return run(folder, [demo_portal(root)], voice, connect_to={f"{HOST}:80": (LOOPBACK, port)})


def claim(folder: DataFolder) -> None:
    """Marks the folder as the demo's."""
    record = folder.record()
    if not record.is_demo and (record.portals or folder.archive.portals()):
        raise UsageError(f"{folder.root} holds a dataset: choose another folder for the demo (--data)")
    folder.note(is_demo=True)


def refuse_demo(folder: DataFolder) -> None:
    """Raises UsageError when the folder holds the demo: real reports do not belong beside synthetic ones."""
    if folder.record().is_demo:
        raise UsageError(f"{folder.root} holds the demo: choose another folder for real reports (--data)")
