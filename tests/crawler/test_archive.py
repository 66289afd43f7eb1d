"""The archive: bodies under their own names, nothing twice, damage found."""

import os
from pathlib import Path

import pytest

from crawler.archive import Archive, Damage
from crawler.errors import ArchiveError


def test_body_is_kept_once_under_its_digest(archive: Archive) -> None:
    name = archive.keep(b"abc")
    assert name == archive.keep(b"abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert archive.content(name) == b"abc"
    assert archive.path(name) == archive.root / "blobs" / "ba" / name
    assert len([path for path in archive.root.rglob("*") if path.is_file()]) == 1


def test_what_is_not_there_is_an_error(archive: Archive) -> None:
    with pytest.raises(ArchiveError):
        archive.content("0" * 64)
    assert not archive.has("0" * 64)
    assert list(archive.captures()) == []
    assert archive.verify() == ()
    assert not archive.root.exists(), "reading creates nothing"


def test_local_documents_are_captures_of_a_portal_of_their_own(archive: Archive, tmp_path: Path) -> None:
    path = tmp_path / "年报.pdf"
    capture = archive.store_local(path, b"%PDF-1.4 x", "https://www.example.gov.cn/a.pdf")
    assert (capture.portal, capture.outcome, capture.media_type) == ("local", "stored", "application/pdf")
    assert archive.store_local(path, b"%PDF-1.4 x", "https://www.example.gov.cn/a.pdf") == capture
    assert archive.store_local(path, b"%PDF-1.4 x").url == path.as_uri()
    assert archive.store_local(path, b"%PDF-1.4 y").sha256 != capture.sha256
    assert [one.url for one in archive.captures("local")] == [capture.url, path.as_uri(), path.as_uri()]
    assert archive.portals() == ("local",)


def test_damage_is_found(archive: Archive, tmp_path: Path) -> None:
    altered = archive.store_local(tmp_path / "a.txt", b"one").sha256 or ""
    missing = archive.store_local(tmp_path / "b.txt", b"two").sha256 or ""
    archive.store_local(tmp_path / "c.txt", b"three")
    archive.path(altered).write_bytes(b"One")
    archive.path(missing).unlink()
    damages = {Damage(altered, "altered"), Damage(missing, "missing")}
    assert set(archive.verify()) == damages


def test_sweeping_leaves_the_living_alone(archive: Archive) -> None:
    archive.keep(b"abc")
    unfinished = archive.root / "blobs" / "unfinished"
    mine, dead = unfinished / f"{os.getpid()}-x", unfinished / "999999999-x"
    for path in (mine, dead):
        path.write_bytes(b"half")
    archive.sweep()
    assert list(unfinished.iterdir()) == [mine]
    assert archive.verify() == ()
