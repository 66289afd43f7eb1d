"""Web archives as Word and browsers save them: which part is the page, its charset and its address."""

from email.message import EmailMessage

import pytest

from parsers.document import Grid, Paragraph
from parsers.errors import UnreadableDocument
from parsers.parse import parse
from parsers.readers import read
from parsers.readers.mht import page_in
from parsers.unwrap import media_type

PAGE = (
    '<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><meta charset="{}"><title>年报</title></head><body>'
    "<!--[if gte mso 9]><xml><o:p>x</o:p></xml><![endif]--><p class=MsoNormal>规章<o:p></o:p></p>"
    '<p><a href="fj.docx">附件</a></p><img src="cid:1"><table><tr><td>本年<td>1<tr><td>总计<td>2</table></body></html>'
)


def archive(*parts: tuple[str, bytes], start: str = "", transfer: str = "quoted-printable", charset: str = "gb2312") -> bytes:
    """A multipart/related message of (media type, body), each part with an id and an address."""
    message = EmailMessage()
    message["From"] = "<Saved by a browser>"
    message["MIME-Version"] = "1.0"
    message.add_header("Content-Type", "multipart/related", boundary="----=_Part")
    if start:
        message.set_param("start", start)
    for number, (kind, body) in enumerate(parts):
        main, _, sub = kind.partition("/")
        part = EmailMessage()
        part.set_content(body, main, sub, cte=transfer if main == "text" else "base64")
        if main == "text":
            part.set_param("charset", charset)
        part["Content-ID"] = f"<{number}>"
        part["Content-Location"] = f"http://h.cn/a/{number}.htm"
        message.attach(part)
    return message.as_bytes()


PICTURE = ("image/png", b"\x89PNG\r\n\x1a\n\0")


@pytest.mark.parametrize("transfer", ["quoted-printable", "base64"])
@pytest.mark.parametrize("charset", ["gbk", "utf-8"])
def test_the_page_is_read_as_html(transfer: str, charset: str) -> None:
    content = archive(("text/html", PAGE.format(charset).encode(charset)), PICTURE, transfer=transfer, charset=charset)
    assert media_type(content) == "multipart/related"
    document = read(content, "multipart/related")
    assert [type(block) for block in document.blocks if isinstance(block, Grid | Paragraph)][-1] is Grid
    assert document.blocks[0] == Paragraph("规章", document.blocks[0].locator)
    assert (document.reader, document.media_type, document.title, document.remarks) == ("html", "multipart/related", "年报", ())
    assert [attachment.address for attachment in document.attachments] == ["http://h.cn/a/fj.docx"]


def test_which_part_is_the_page() -> None:
    first, second = ("text/html", b"<p>first</p>"), ("text/html", b"<p>second</p>" * 9)
    frames = ("text/html", b"<html><FRAMESET><frame src=2></frameset></html>")
    assert page_in(archive(PICTURE, first, second)).content.strip() == first[1]
    assert page_in(archive(first, second, start="<1>")).content.strip() == second[1]
    assert page_in(archive(frames, first, second)).content.strip() == second[1]


def test_the_whole_line_reads_it() -> None:
    (report,) = parse(archive(("text/html", PAGE.format("gbk").encode("gbk"))), source="a.mht")
    assert (report.media_type, report.reader) == ("multipart/related", "html")


@pytest.mark.parametrize(
    "content",
    [
        archive(PICTURE),
        b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n--x",
        b"MIME-Version: 1.0\n" + b"Content-Type: multipart/related; boundary=x\n\n--x\n" * 3000,
    ],
    ids=["picture", "cut off", "nested"],
)
def test_archives_without_a_page(content: bytes) -> None:
    with pytest.raises(UnreadableDocument, match="web archive"):
        read(content, "multipart/related")


def test_an_address_that_is_none() -> None:
    content = archive(("text/html", PAGE.format("gbk").encode("gbk"))).replace(b"http://h.cn", "地址".encode())
    assert page_in(content).address is None
    assert read(content, "multipart/related").attachments[0].address == "fj.docx"


def test_a_page_cut_off_is_read_as_far_as_it_goes() -> None:
    content = archive(("text/html", PAGE.format("gbk").encode("gbk")))
    for size in range(content.index(b"<body>"), len(content), 40):
        assert read(content[:size], "multipart/related").reader == "html"
