"""Archives: members as sources of their own, names in old charsets, and what asks for too much."""

import gzip
import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from random import Random

import pytest

from parsers import archives
from parsers.archives import Member, opened
from parsers.parse import parse
from tests.specimens import prose
from tests.specimens.forms import forms
from tests.specimens.markup import bare_page
from tests.specimens.package import package
from tests.specimens.render import random_truth
from tests.specimens.truth import Truth
from tests.specimens.word import docx_page


def members(content: bytes, source: str = "a.zip") -> list[Member]:
    return list(opened(content, source))


def sources(content: bytes) -> list[str]:
    return [member.source for member in members(content)]


def problems(content: bytes) -> list[str]:
    return [member.problem or "" for member in members(content)]


def report(seed: int) -> tuple[Truth, prose.Text]:
    random = Random(seed)
    truth = random_truth(random, "format_2021")
    return truth, prose.text(random, truth)


def test_a_document_is_its_own_only_member() -> None:
    assert members(b"<html><p>x</p></html>", "a.html") == [Member("a.html", b"<html><p>x</p></html>", "text/html")]
    assert members(b"", "a") == [Member("a", b"", None)]


def test_every_member_is_a_source() -> None:
    (first, text), (second, other) = report(1), report(2)
    page = bare_page(first, text, forms(first))
    inner = package({"b.docx": docx_page(second, other, forms(second))})
    found = parse(package({"a.html": page, "附件/": b"", "附件/b.zip": inner, "c.txt": "通知"}), source="x.zip", within="440114")
    assert [(each.source, each.status, each.year) for each in found] == [
        ("x.zip!/a.html", "ok", first.year), ("x.zip!/附件/b.zip!/b.docx", "ok", second.year),
        ("x.zip!/c.txt", "not_a_report", None),
    ]  # fmt: skip
    alone = parse(page.encode(), source="a.html", within="440114")
    assert (found[0].sha256, found[0].cells) == (alone[0].sha256, alone[0].cells)


def test_an_archive_without_documents_is_unreadable() -> None:
    for content in (package({}), package({"a/": b""}), package({"__MACOSX/a.doc": b"x", "b/.DS_Store": b"x", "~$a.doc": b""})):
        (found,) = parse(content, source="a.zip")
        assert (found.source, found.status, found.reason) == ("a.zip", "unreadable", "the archive holds no document")


@pytest.mark.parametrize("charset", ["utf-8", "gb18030"])
def test_names_that_are_not_marked_as_utf_8(charset: str) -> None:
    raw = "附件/年报.txt".encode(charset)
    assert sources(old_zip({raw: b"text"})) == ["a.zip!/附件/年报.txt"]
    assert sources(old_zip({b"\x81.txt": b"text"})) == ["a.zip!/ü.txt"]


def old_zip(files: Mapping[bytes, bytes], flags: int = 0) -> bytes:
    """A ZIP file as old programs write it: names as bytes of whatever charset, nothing compressed."""
    body, directory = b"", b""
    for name, content in files.items():
        fields = struct.pack("<HHHHIIIHH", flags, 0, 0, 0x21, zlib.crc32(content), len(content), len(content), len(name), 0)
        directory += b"PK\1\2" + struct.pack("<HH", 20, 20) + fields + struct.pack("<HHHII", 0, 0, 0, 0, len(body)) + name
        body += b"PK\3\4" + struct.pack("<H", 20) + fields + name + content
    end = struct.pack("<HHHHIIH", 0, 0, len(files), len(files), len(directory), len(body), 0)
    return body + directory + b"PK\5\6" + end


def test_encrypted_members_cost_only_themselves() -> None:
    encrypted = old_zip({b"a.txt": b"secret"}, flags=1)
    assert problems(encrypted) == ["the ZIP archive is encrypted and needs a password"]
    assert members(encrypted)[0].source == "a.zip!/a.txt"


def test_damaged_members_cost_only_themselves() -> None:
    content = bytearray(old_zip({b"a.txt": b"first", b"b.txt": b"second"}))
    content[content.index(b"first")] ^= 1
    first, second = members(bytes(content))
    assert "damaged" in str(first.problem)
    assert (second.content, second.problem) == (b"second", None)


def test_archives_cut_off() -> None:
    whole = package({"a.txt": b"text" * 100, "b.txt": b"text"})
    for size in range(4, len(whole) - 1, 7):
        (member,) = members(whole[:size])
        assert (member.source, member.media_type) == ("a.zip", "application/zip")
        assert "damaged or cut off" in str(member.problem)


def test_archives_in_archives_end() -> None:
    content = b"text"
    for name in ("d.txt", "c.zip", "b.zip", "a.zip"):
        content = package({name: content})
    (member,) = members(content)
    assert member.source == "a.zip!/a.zip!/b.zip"
    assert member.problem == "an archive in an archive in an archive is not opened"


def bomb(size: int) -> bytes:
    return package({"a.txt": b"0" * size})


def test_an_archive_that_would_unpack_to_too_much_is_not_unpacked() -> None:
    content = bomb(100 << 20)
    assert len(content) < 200_000
    (found,) = parse(content, source="a.zip")
    assert (found.status, found.source) == ("unreadable", "a.zip")
    assert "would unpack to 104857600 bytes" in str(found.reason)


def test_an_archive_whose_header_lies_is_damaged() -> None:
    content = bomb(100 << 20)
    lying = content.replace(struct.pack("<I", 100 << 20), struct.pack("<I", 1000))
    assert lying != content
    (member,) = members(lying)
    assert member.problem is not None


def test_archives_together_may_not_unpack_to_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MAX_BYTES", 5_000_000)
    inner = bomb(600_000)
    found = members(package({f"{number}.zip": inner for number in range(12)}))
    assert [member.problem is None for member in found] == [True] * 8 + [False, False]
    assert "unpacks to more than" in str(found[-1].problem)
    monkeypatch.setattr(archives, "MAX_MEMBERS", 5)
    assert "holds 6 files" in problems(package({str(number): "x" for number in range(6)}))[0]


def packed(content: bytes) -> bytes:
    return gzip.compress(content, mtime=0)


def test_gzip_has_one_member() -> None:
    named = io.BytesIO()
    with gzip.GzipFile("年报.html", "wb", fileobj=named, mtime=0) as file:
        file.write(b"<html><p>x</p></html>")
    (member,) = members(named.getvalue(), "a.gz")
    assert (member.media_type, member.content[:6]) == ("text/html", b"<html>")
    assert sources(packed(b"text")) == ["a.zip!/content"]
    header = b"\x1f\x8b\x08\x08\0\0\0\0\0\x03" + "年.txt".encode("gbk") + b"\0"
    assert sources(header + packed(b"text")[10:]) == ["a.zip!/年.txt"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (lambda: packed(b"text" * 99)[:-9], "cut off"),
        (lambda: packed(b"text")[:5], "cut off"),
        (lambda: packed(b"text" * 99)[:-8] + b"\xff" * 8, "damaged"),
        (lambda: packed(b"0" * (129 << 20)), "would unpack to more than"),
        (lambda: packed(packed(packed(b"text"))), "not opened"),
    ],
    ids=["short", "shorter", "checksum", "bomb", "nested"],
)
def test_gzip_that_cannot_be_opened(content: Callable[[], bytes], reason: str) -> None:
    (member,) = members(content())
    assert reason in str(member.problem)


def test_an_archive_is_read_one_member_at_a_time() -> None:
    with zipfile.ZipFile(io.BytesIO(old_zip({b"a.txt": b"1", b"b.txt": b"2"}))) as archive:
        assert [archives.name_of(member) for member in archive.infolist()] == ["a.txt", "b.txt"]
    found = opened(old_zip({b"a.txt": b"1", b"b.txt": b"2"}), "a.zip")
    assert next(found).source == "a.zip!/a.txt"
