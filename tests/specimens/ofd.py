"""A report as an OFD file (GB/T 33190): the pages of the PDF, in millimetres and XML."""

from collections.abc import Sequence
from html import escape
from itertools import groupby

from .forms import Form
from .package import package
from .pdf import HEIGHT, MARGIN, SIZE, WIDTH, Mark, pages_of
from .prose import Text
from .truth import Truth

NAMESPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"'
POINT = 25.4 / 72
DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>'


def ofd_page(truth: Truth, text: Text, forms: Sequence[Form]) -> bytes:
    """A whole report."""
    pages = pages_of(truth, text, forms)
    foot = [Mark(WIDTH / 2 - 10, HEIGHT - MARGIN / 2, f"- {number} -") for number in range(1, len(pages) + 1)]
    return ofd(*("".join(map(drawn, (*marks, mark))) for marks, mark in zip(pages, foot, strict=True)), title=truth.title)


def ofd(*pages: str, title: str = "", templates: Sequence[str] = (), resources: str = "") -> bytes:
    """A file with these objects on its pages; templates are drawn on each."""
    used = "".join(f'<ofd:Template TemplateID="{900 + number}"/>' for number in range(len(templates)))
    listed = "".join(
        f'<ofd:TemplatePage ID="{900 + n}" BaseLoc="Tpls/Tpl_{n}/Content.xml"/>' for n in range(len(templates))
    )
    numbered = "".join(f'<ofd:Page ID="{n + 1}" BaseLoc="Pages/Page_{n}/Content.xml"/>' for n in range(len(pages)))
    area = f"<ofd:PageArea><ofd:PhysicalBox>0 0 {WIDTH * POINT:.2f} {HEIGHT * POINT:.2f}</ofd:PhysicalBox></ofd:PageArea>"
    public = "<ofd:PublicRes>PublicRes.xml</ofd:PublicRes>" if resources else ""
    parts = {
        "OFD.xml": f'<ofd:OFD {NAMESPACE} Version="1.0" DocType="OFD"><ofd:DocBody><ofd:DocInfo>'
        f"<ofd:Title>{escape(title)}</ofd:Title></ofd:DocInfo><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot>"
        "</ofd:DocBody></ofd:OFD>",
        "Doc_0/Document.xml": f"<ofd:Document {NAMESPACE}><ofd:CommonData>{area}{public}{listed}</ofd:CommonData>"
        f"<ofd:Pages>{numbered}</ofd:Pages></ofd:Document>",
    }
    for number, objects in enumerate(pages):
        parts[f"Doc_0/Pages/Page_{number}/Content.xml"] = _page(objects, used)
    for number, objects in enumerate(templates):
        parts[f"Doc_0/Tpls/Tpl_{number}/Content.xml"] = _page(objects, "")
    if resources:
        parts["Doc_0/PublicRes.xml"] = f"<ofd:Res {NAMESPACE}>{resources}</ofd:Res>"
    return package({name: DECLARATION + xml for name, xml in parts.items()})


def _page(objects: str, templates: str) -> str:
    return f"<ofd:Page {NAMESPACE}>{templates}<ofd:Content><ofd:Layer>{objects}</ofd:Layer></ofd:Content></ofd:Page>"


def drawn(mark: Mark) -> str:
    """A mark of the PDF as an object of the page."""
    x, y = mark.x * POINT, mark.y * POINT
    if mark.to is None:
        return text_object(mark.text, x, y, SIZE * POINT)
    width, height = mark.to[0] * POINT - x, mark.to[1] * POINT - y
    return path_object(f"M 0 0 L {width:.3f} {height:.3f}", f"{x:.3f} {y:.3f} {width:.3f} {height:.3f}")


def text_object(text: str, x: float, y: float, size: float) -> str:
    """Characters from the top left corner, with the steps of a proportional font."""
    steps = [size / 2 if sign.isascii() else size for sign in text[:-1]]
    runs = [(step, len(list(group))) for step, group in groupby(steps)]
    deltas = " ".join(f"g {count} {step:.3f}" if count > 1 else f"{step:.3f}" for step, count in runs)
    boundary = f"{x:.3f} {y:.3f} {size * len(text):.3f} {size * 1.2:.3f}"
    moves = f' DeltaX="{deltas}"' if deltas else ""
    return (
        f'<ofd:TextObject ID="1" Font="2" Size="{size:.3f}" Boundary="{boundary}">'
        f'<ofd:TextCode X="0" Y="{size * 0.9:.3f}"{moves}>{escape(text)}</ofd:TextCode></ofd:TextObject>'
    )


def path_object(data: str, boundary: str, more: str = "") -> str:
    return (
        f'<ofd:PathObject ID="1" LineWidth="0.2" Boundary="{boundary}" {more}>'
        f"<ofd:AbbreviatedData>{data}</ofd:AbbreviatedData></ofd:PathObject>"
    )
