"""PDF files that we draw ourselves, operator by operator. Places are points from the top left; text stands on its place."""

from collections.abc import Sequence

HEIGHT = 800


def text_at(x: float, top: float, words: str) -> str:
    return f"BT /F1 10 Tf {x} {HEIGHT - top} Td ({words}) Tj ET"


def line(x0: float, top0: float, x1: float, top1: float) -> str:
    return f"{x0} {HEIGHT - top0} m {x1} {HEIGHT - top1} l S"


def paint(x: float, top: float, width: float, height: float, grey: float) -> str:
    return f"q {grey} g {x} {HEIGHT - top - height} {width} {height} re f Q"


def lattice(columns: Sequence[float], rows: Sequence[float]) -> list[str]:
    across = [line(columns[0], top, columns[-1], top) for top in rows]
    return [*across, *(line(x, rows[0], x, rows[-1]) for x in columns)]


def pdf_of(*pages: Sequence[str], info: str = "", encrypt: str = "", annotations: str = "") -> bytes:
    """A file with a page for each list of drawing operators; `annotations` are those of every page."""
    objects = ["<</Type/Catalog/Pages 2 0 R>>", "", "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>", f"<<{info}>>"]
    kids = []
    for operators in pages:
        stream = "\n".join(operators)
        objects.append(f"<</Length {len(stream)}>>stream\n{stream}\nendstream")
        objects.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 {HEIGHT}]/Contents {len(objects)} 0 R"
            f"/Annots[{annotations}]/Resources<</Font<</F1 3 0 R>>>>>>"
        )
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<</Type/Pages/Count {len(kids)}/Kids[{' '.join(kids)}]>>"
    body, offsets = "%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        offsets.append(len(body))
        body += f"{number} 0 obj\n{content}\nendobj\n"
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    head = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
    tail = f"trailer<</Size {len(objects) + 1}/Root 1 0 R/Info 4 0 R{encrypt}>>\nstartxref\n{len(body)}\n%%EOF"
    return (body + head + tail).encode("latin-1")
