"""Pictures as they come: on their side, askew, transparent, under a seal, vast, broken, in figures as big as the cells."""

import io
import struct
import time
import zlib
from base64 import b64encode
from collections.abc import Callable
from email.message import EmailMessage
from urllib.parse import quote

import pytest
from PIL import Image, ImageChops, ImageDraw, ImageFont, ImageOps

from parsers import ocr, readers, unwrap
from parsers.document import Grid
from parsers.ocr.files import decoded, size_of
from parsers.parse import parse
from parsers.readers import html, image, pdf
from tests.specimens import drawing

pytestmark = pytest.mark.skipif(not ocr.is_ready(), reason="the extra ocr is not installed")
needs_font = pytest.mark.skipif(not drawing.can_draw(), reason="the extra notebooks is not installed")
ROWS = (
    ("本年新收政府信息公开申请数量", "12", "0"),
    ("上年结转政府信息公开申请数量", "1", "11"),
    ("结转下年度继续办理", "345", "7"),
)
HIGHER = ROWS * 3
"""A table that is not so low: on its side the low one is a narrow picture, blown up to a hundred times its size, which one
test has a look at."""
MOST = 40_000_000


def drawn(size: int = 30, width: int = 1400, rows: tuple[tuple[str, ...], ...] = ROWS, margin: int = 20) -> Image.Image:
    """A table with labels, black on white, in cells that are little higher than the letters."""
    height = int(1.8 * size)
    picture = Image.new("L", (width, height * len(rows) + 2 * margin), 255)
    pen, font = ImageDraw.Draw(picture), drawing._font(size)
    edges = [margin, width // 2, 3 * width // 4, width - margin]
    for row, texts in enumerate(rows):
        for left, text in zip(edges, texts, strict=False):
            pen.text((left + size, margin + row * height + size // 3), text, fill=0, font=font)
    for row in range(len(rows) + 1):
        pen.line((edges[0], margin + row * height, edges[-1], margin + row * height), fill=0, width=2)
    for edge in edges:
        pen.line((edge, margin, edge, margin + len(rows) * height), fill=0, width=2)
    return picture


def saved(picture: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()


def texts_of(content: bytes) -> list[str]:
    (grid,) = (block for block in image.read(content, "image/png").blocks if isinstance(block, Grid))
    return [cell.text for cell in grid.cells]


def turned(degrees: float, rows: tuple[tuple[str, ...], ...] = ROWS) -> Image.Image:
    return drawn(rows=rows).rotate(degrees, resample=Image.Resampling.BICUBIC, expand=True, fillcolor=255)


def transparent(picture: Image.Image) -> Image.Image:
    black = Image.new("RGBA", picture.size, (0, 0, 0, 0))
    black.putalpha(ImageOps.invert(picture))
    return black


def red(picture: Image.Image) -> Image.Image:
    return ImageOps.colorize(picture, black=(210, 20, 20), white="white")


def sealed(picture: Image.Image) -> Image.Image:
    """With a round red seal over the figures."""
    seal = Image.new("RGB", picture.size, "white")
    pen, (x, y) = ImageDraw.Draw(seal), (picture.width * 5 // 8, picture.height // 2)
    pen.ellipse((x - 80, y - 80, x + 80, y + 80), outline=(215, 30, 30), width=6)
    pen.regular_polygon((x, y, 30), 5, fill=(215, 30, 30))
    return ImageChops.multiply(picture.convert("RGB"), seal)


def as_turned_by_a_camera(picture: Image.Image) -> bytes:
    facts = Image.Exif()
    facts[0x112] = 6
    return saved(picture.transpose(Image.Transpose.ROTATE_90), "JPEG", exif=facts, quality=90)


WAYS: dict[str, Callable[[], bytes]] = {
    "on its head and askew": lambda: saved(turned(178.5, HIGHER)),
    "askew by 3 degrees": lambda: saved(turned(3)),
    "askew by 7 degrees": lambda: saved(turned(-7)),
    "EXIF orientation": lambda: as_turned_by_a_camera(drawn()),
    "RGBA on nothing": lambda: saved(transparent(drawn())),
    "grey and alpha": lambda: saved(transparent(drawn()).convert("LA")),
    "palette": lambda: saved(drawn().convert("P")),
    "CMYK": lambda: saved(drawn().convert("RGB").convert("CMYK"), "JPEG", quality=90),
    "16 bits": lambda: saved(drawn().convert("I").point(lambda value: value * 257).convert("I;16")),
    "white on black": lambda: saved(ImageOps.invert(drawn())),
    "under a seal": lambda: saved(sealed(drawn())),
    "red figures": lambda: saved(red(drawn())),
    "GIF of two frames": lambda: saved(drawn(), "GIF", save_all=True, append_images=[ImageOps.invert(drawn())]),
    "WebP": lambda: saved(drawn(), "WEBP", quality=70),
}


@needs_font
@pytest.mark.parametrize("way", WAYS)
def test_a_table_is_read_whichever_way_it_comes(way: str) -> None:
    rows = HIGHER if way == "on its head and askew" else ROWS
    assert texts_of(WAYS[way]()) == [text for row in rows for text in row]


@needs_font
@pytest.mark.parametrize("picture", [sealed, lambda plain: plain.rotate(180), lambda plain: plain.rotate(90, expand=True)])
def test_scanned_pages_as_they_come(picture: Callable[[Image.Image], Image.Image]) -> None:
    page = Image.new("L", (1654, 2339), 255)
    page.paste(drawn(), (100, 300))
    document = pdf.read(saved(picture(page), "PDF", resolution=200))
    (grid,) = (block for block in document.blocks if isinstance(block, Grid))
    assert [cell.text for cell in grid.cells] == [text for row in ROWS for text in row]


@needs_font
@pytest.mark.parametrize("kind", ["GIF", "WEBP", "BMP", "TIFF", "JPEG", "PNG"])
def test_a_picture_alone_is_known_by_its_bytes(kind: str) -> None:
    content = saved(drawn(), kind)
    media_type = unwrap.media_type(content)
    assert media_type == f"image/{kind.lower()}"
    document = readers.read(content, media_type)
    assert [block for block in document.blocks if isinstance(block, Grid)]


@needs_font
@pytest.mark.parametrize("source", ["表.png", "cid:7", "http://h.cn/a/%E8%A1%A8.png", "file:///C:/a/表.png"])
def test_a_web_archive_brings_its_pictures(source: str) -> None:
    message = EmailMessage()
    message["MIME-Version"] = "1.0"
    message.add_header("Content-Type", "multipart/related", boundary="----=_Part")
    for main, sub, content, place in (
        ("text", "html", f"<html><body><p>甲</p><img src='{source}'></body></html>".encode(), "http://h.cn/a/p.htm"),
        ("image", "png", saved(drawn()), source if source.startswith("file:") else "http://h.cn/a/表.png"),
    ):
        part = EmailMessage()
        part.set_content(content, main, sub, cte="base64")
        if main == "text":
            part.set_param("charset", "utf-8")
        else:
            part["Content-ID"] = "<7>"
        part["Content-Location"] = quote(place, safe=":/")
        message.attach(part)
    blocks = readers.read(message.as_bytes(), "multipart/related").blocks
    (grid,) = (block for block in blocks if isinstance(block, Grid))
    assert [cell.text for cell in grid.cells] == [text for row in ROWS for text in row]


@needs_font
@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_texts_and_places_are_those_of_the_picture_however_it_lies(degrees: int) -> None:
    """The last cell of 345, bottom middle, wherever the turn has brought it."""
    picture = turned(degrees, HIGHER)
    (grid,) = (block for block in image.read(saved(picture), "image/png").blocks if isinstance(block, Grid))
    assert [cell.text for cell in grid.cells] == [text for row in HIGHER for text in row]
    cell = grid.cells[-2]
    x0, y0, x1, y1 = (round(float(side)) for side in cell.locator.removeprefix("image:").split(","))
    inside = picture.crop((x0 + 4, y0 + 4, x1 - 4, y1 - 4)).rotate(-degrees, expand=True)
    expected = drawn(rows=HIGHER).crop((704, 456, 1046, 502))
    assert inside.size == pytest.approx(expected.size, abs=6)
    difference = ImageChops.difference(inside.resize(expected.size), expected)
    assert sum(difference.histogram()[128:]) < 0.03 * expected.width * expected.height


@pytest.mark.parametrize("size", [24, 34, 48, 60])
def test_a_big_one_is_no_ruled_line(size: int) -> None:
    """In a narrow picture letters are big: the stem of a 1 is longer than the wall of a cell is elsewhere."""
    picture = Image.new("L", (700, 4 * 2 * size + 40), 255)
    pen, font = ImageDraw.Draw(picture), ImageFont.load_default(size=size)
    for row, text in enumerate(("12", "1", "11", "1110")):
        pen.text((60, 30 + 2 * size * row), text, fill=0, font=font)
        pen.text((400, 30 + 2 * size * row), text[::-1], fill=0, font=font)
    for row in range(5):
        pen.line((20, 20 + 2 * size * row, 680, 20 + 2 * size * row), fill=0, width=2)
    for x in (20, 350, 680):
        pen.line((x, 20, x, 20 + 8 * size), fill=0, width=2)
    assert texts_of(saved(picture)) == ["12", "21", "1", "1", "11", "11", "1110", "0111"]


def chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def png_that_says(width: int, height: int) -> bytes:
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 10_000)) + chunk(b"IEND", b"")


def page_with(picture: bytes) -> bytes:
    title = "云州市青澜区林业局2022年政府信息公开工作年度报告"
    shown = f'<img src="data:image/png;base64,{b64encode(picture).decode()}">'
    return f"<html><title>{title}</title><body><h1>{title}</h1><p>根据条例要求，现公布{title}。</p>{shown}</body></html>".encode()


def test_a_page_of_pictures_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("parsers.ocr.find_spec", lambda name: None)
    (report,) = parse(page_with(saved(Image.effect_noise((900, 600), 90))), source="page")
    assert (report.status, report.organization, report.year) == ("partial", "云州市青澜区林业局", 2022)
    assert "pip install 'nianbao[ocr]'" in str(report.reason)


@needs_font
def test_a_low_table_on_its_side_is_narrow() -> None:
    on_its_side = drawn(width=1000).rotate(90, expand=True)
    assert on_its_side.width < 400
    blocks = html.read(page_with(saved(on_its_side)).decode()).blocks
    (grid,) = (block for block in blocks if isinstance(block, Grid))
    assert [cell.text for cell in grid.cells] == [text for row in ROWS for text in row]


BROKEN: dict[str, Callable[[], bytes]] = {
    "vast by its head": lambda: png_that_says(60_000, 60_000) + b"\0" * 4000,
    "vast": lambda: saved(Image.new("1", (20_000, 20_000), 1)),
    "cut off": lambda: saved(Image.effect_noise((900, 600), 90))[:90_000],
    "no picture": lambda: b"\x89PNG\r\n\x1a\n" + b"\0" * 5000,
}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_and_vast_pictures_are_named_as_the_reason(name: str) -> None:
    page = page_with(BROKEN[name]())
    began = time.monotonic()
    (report,) = parse(page, source="page")
    assert (report.status, report.cells) == ("partial", ())
    assert report.reason == "no table on the page; 1 of 1 pictures are damaged or too big"
    assert time.monotonic() - began < 20


@pytest.mark.parametrize("size", [(900, 700), (4500, 4500)])
def test_noise_gives_no_table_and_takes_no_time(size: tuple[int, int]) -> None:
    began = time.monotonic()
    (report,) = parse(page_with(saved(Image.effect_noise(size, 120))), source="page")
    assert (report.status, report.cells) == ("partial", ())
    assert time.monotonic() - began < 40


def test_sizes_are_told_by_the_head_of_a_file() -> None:
    picture = Image.new("L", (123, 45), 255)
    for kind in ("PNG", "GIF", "BMP", "JPEG"):
        content = saved(picture, kind)
        assert size_of(content) == (123, 45), kind
        for length in range(min(len(content), 200)):
            size_of(content[:length])
    assert size_of(saved(picture, "TIFF")) is None
    assert decoded(saved(picture), 123 * 45 - 1) is None
    assert decoded(saved(picture), MOST) is not None
    assert decoded(b"", MOST) is None
