"""One door for all formats: the right reader, remarks on the charset, and reasons that a person understands."""

import pytest

from parsers.document import Document, Grid, Paragraph
from parsers.errors import UnreadableDocument
from parsers.readers import FORMATS, READERS, read

PAGE = (
    '<html><head><meta charset="{}"></head><body><p>规章</p><table><tr><td>本年<td>1<tr><td>总计<td>2</table>'
    "</body></html>"
)


def test_html_by_bytes_not_by_declaration() -> None:
    document = read(PAGE.format("utf-8").encode("gbk"), "text/html", "http://h.cn/")
    assert (document.reader, [type(block) for block in document.blocks]) == ("html", [Paragraph, Grid])
    assert document.remarks == ("the declared charset is wrong: the bytes are gb18030",)


def test_a_charset_parameter_is_a_declaration() -> None:
    assert not read(PAGE.format("gb2312").encode("gbk"), "text/html; charset=GBK").remarks
    assert read(PAGE.format("gb2312").encode("gbk"), 'Text/HTML;charset="utf-8"').remarks


@pytest.mark.parametrize("media_type", ["text/plain", "text/markdown"])
def test_text(media_type: str) -> None:
    document = read("一、总体情况\n规章 0".encode("gb18030"), media_type)
    assert document == Document(
        "text", "text/plain", (Paragraph("一、总体情况", "text:1,1"), Paragraph("规章 0", "text:2,1"))
    )


def test_characters_that_cannot_be_read_are_told() -> None:
    body = "一、总体情况，收到申请二十六件。".encode()
    assert read(body[:7] + b"\xff" + body[7:], "text/plain").remarks[0].endswith("could not be decoded")


@pytest.mark.parametrize("media_type", sorted(set(FORMATS) - set(READERS)))
def test_formats_without_a_reader_are_named(media_type: str) -> None:
    with pytest.raises(UnreadableDocument, match="no reader for") as caught:
        read(b"x", media_type)
    assert FORMATS[media_type] in str(caught.value)


def test_an_unknown_type_is_named_as_it_is() -> None:
    with pytest.raises(UnreadableDocument, match="no reader for audio/mpeg"):
        read(b"x", "audio/mpeg")


def test_a_damaged_file_is_the_readers_word() -> None:
    with pytest.raises(UnreadableDocument, match="damaged"):
        read(b"%PDF-1.7 and nothing more", "application/pdf")
