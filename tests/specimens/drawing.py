"""Pages and tables as pictures: what a scanner makes of paper, and what an editor pastes in place of a table.

Drawn with the Chinese font of the extra `notebooks`; only `can_draw` works without it.
"""

import io
from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from random import Random

from PIL import Image, ImageDraw, ImageFilter, ImageFont

from .forms import Form
from .pdf import HEIGHT, SIZE, WIDTH, Mark, Sheet

DOTS = 200
"""Of a scan, to the inch."""
INCH = 72


def can_draw() -> bool:
    """Whether the font is at hand."""
    return find_spec("pylopdf_fonts_zh_cn") is not None


def drawn(marks: Sequence[Mark], dots: int = DOTS, width: float = WIDTH, height: float = HEIGHT) -> Image.Image:
    """Marks in black on white, `dots` to the inch; `width` and `height` in points."""
    scale = dots / INCH
    picture = Image.new("L", (round(width * scale), round(height * scale)), 255)
    pen, font = ImageDraw.Draw(picture), _font(round(SIZE * scale))
    for mark in marks:
        x, y = mark.x * scale, mark.y * scale
        if mark.to is not None:
            pen.line((x, y, mark.to[0] * scale, mark.to[1] * scale), fill=20, width=max(1, round(0.5 * scale)))
        else:
            _write(pen, (x, y), mark.text, font)
    return picture


def _write(pen: ImageDraw.ImageDraw, place: tuple[float, float], text: str, font: ImageFont.FreeTypeFont) -> None:
    pen.text((place[0], place[1] + 0.85 * font.size), text, fill=20, font=font, anchor="ls")


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    import pylopdf_fonts_zh_cn

    return ImageFont.truetype(str(pylopdf_fonts_zh_cn.serif_path()), size)


def scanned(random: Random, picture: Image.Image, skew: float = 0.5) -> Image.Image:
    """The picture as it comes from a scanner: askew by so many degrees to one side, a little soft, greyish, specked."""
    angle = random.choice((-skew, skew))
    turned = picture.rotate(angle, resample=Image.Resampling.BICUBIC, fillcolor=255)
    soft = turned.filter(ImageFilter.GaussianBlur(0.6))
    noise = Image.effect_noise(soft.size, 14)
    grey = Image.blend(soft, noise, 0.06)
    pen = ImageDraw.Draw(grey)
    for _ in range(40):
        x, y = random.randrange(grey.width), random.randrange(grey.height)
        pen.ellipse((x, y, x + random.randrange(3), y + random.randrange(3)), fill=90)
    return grey


def scan(random: Random, pages: Sequence[Sequence[Mark]]) -> bytes:
    """A PDF of scanned pages, without a text layer."""
    pictures = [scanned(random, drawn(marks)) for marks in pages]
    buffer = io.BytesIO()
    pictures[0].save(buffer, "PDF", save_all=True, append_images=pictures[1:], resolution=DOTS, quality=75)
    return buffer.getvalue()


def picture_of(form: Form, dots: int = 144) -> bytes:
    """One table as PNG, cut to its borders, as screenshots are."""
    sheet = Sheet()
    sheet.room = lambda height: None  # type: ignore[method-assign]  # one page, however long
    sheet.table(form)
    marks = sheet.pages[0]
    bottom = max(mark.to[1] if mark.to else mark.y + SIZE for mark in marks) + 20
    picture = drawn(marks, dots, WIDTH, bottom)
    buffer = io.BytesIO()
    left, top = min(mark.x for mark in marks), min(mark.y for mark in marks)
    scale = dots / INCH
    box = (max(0, round(left * scale) - 6), max(0, round(top * scale) - 6), picture.width, picture.height)
    picture.crop(box).save(buffer, "PNG")
    return buffer.getvalue()
