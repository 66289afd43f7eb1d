"""How long does one PDF take, from bytes to checked figures, beside pdfplumber's tables and PDFium's bare text and boxes?

    python -m tests.bench.speed_pdf [--rounds N] [--scans N] [PDF…]

Without paths: the real PDFs of NIANBAO_CORPUS, else one that we write. All three run in one process in turn, so that they
share whatever else the machine does, and their seconds are the processor's; what counts are the ratios. PDFium's own
time is its text, the box of every character, and the bounds and segments of every path, each asked for once and thrown
away.

Then scanned pages (drawn by us, 200 dots an inch, askew): our reader, which recognises one line of one cell at a time,
beside the recogniser's own way with a whole page, which finds text by itself and knows of no cells.
"""

import argparse
import ctypes
import io
import os
from collections.abc import Callable
from pathlib import Path
from random import Random
from statistics import median
from time import process_time
from typing import Any

import numpy as np
import pdfplumber
import pypdfium2.raw as pdfium

from parsers import ocr
from parsers.parse import parse
from tests.bench.speed import seconds
from tests.specimens import drawing, forms, pdf, prose, render
from tests.specimens.render import specimen

MOSTLY_TABLE = 200
"""Lines on a page that is a table."""
SCAN_ROUNDS = 3


def documents(paths: list[Path]) -> dict[str, bytes]:
    corpus = os.environ.get("NIANBAO_CORPUS")
    paths = paths or (sorted(Path(corpus).glob("*.pdf")) if corpus else [])
    found = {path.name: path.read_bytes() for path in paths}
    return found or {"specimen": specimen(Random(1), "pdf", "none", "format_2021").content}


def of_processor(work: Callable[[], object]) -> float:
    """Seconds of the processor: each of the three is one thread, and what else the machine does is not counted."""
    start = process_time()
    work()
    return process_time() - start


def tables(content: bytes) -> None:
    with pdfplumber.open(io.BytesIO(content)) as document:
        for page in document.pages:
            page.extract_tables()


def text_and_boxes(content: bytes) -> None:
    document = pdfium.FPDF_LoadMemDocument64(content, len(content), None)
    for number in range(pdfium.FPDF_GetPageCount(document)):
        page = pdfium.FPDF_LoadPage(document, number)
        text = pdfium.FPDFText_LoadPage(page)
        _characters(text)
        _paths(page)
        pdfium.FPDFText_ClosePage(text)
        pdfium.FPDF_ClosePage(page)
    pdfium.FPDF_CloseDocument(document)


def _characters(text: object) -> None:
    count = pdfium.FPDFText_CountChars(text)
    pdfium.FPDFText_GetText(text, 0, count, (ctypes.c_ushort * (count + 1))())
    box = ctypes.byref(pdfium.FS_RECTF())
    for index in range(count):
        pdfium.FPDFText_GetLooseCharBox(text, index, box)


def _paths(page: object) -> None:
    sides = [ctypes.byref(ctypes.c_float()) for _ in range(4)]
    for index in range(pdfium.FPDFPage_CountObjects(page)):
        part = pdfium.FPDFPage_GetObject(page, index)
        if pdfium.FPDFPageObj_GetType(part) == pdfium.FPDF_PAGEOBJ_PATH:
            pdfium.FPDFPageObj_GetBounds(part, *sides)
            for number in range(pdfium.FPDFPath_CountSegments(part)):
                segment = pdfium.FPDFPath_GetPathSegment(part, number)
                pdfium.FPDFPathSegment_GetPoint(segment, sides[0], sides[1])


def scanned_pages(count: int) -> list[Any]:
    """Pages with tables as grey values."""
    random = Random(1)
    truth = render.random_truth(random, "format_2021")
    pages = pdf.pages_of(truth, prose.text(random, truth), forms.forms(truth))
    ruled = [marks for marks in pages if sum(mark.to is not None for mark in marks) > MOSTLY_TABLE]
    return [np.asarray(drawing.scanned(random, drawing.drawn(marks))) for marks in ruled[:count]]


def time_scans(count: int) -> None:
    if not (drawing.can_draw() and ocr.is_ready()):
        print("no scans: the extras ocr and notebooks are not installed")
        return
    from rapidocr import RapidOCR

    engine = RapidOCR(params={"Global.log_level": "error"})
    print(f"\n{'scanned page':28} {'ours':>9} {'whole page':>11} {'faster':>7}")
    for number, page in enumerate(scanned_pages(count), 1):
        whole = np.stack([page] * 3, axis=-1)
        ours, theirs = [], []
        for _ in range(SCAN_ROUNDS):
            ours.append(seconds(lambda page=page: ocr.blocks_of(page, str, drawing.DOTS / drawing.INCH)))
            theirs.append(seconds(lambda whole=whole: engine(whole)))
        a, b = median(ours), median(theirs)
        print(f"{f'page {number}':28} {a:7.2f} s {b:9.2f} s {b / a:6.1f}x")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--rounds", type=int, default=7)
    arguments.add_argument("--scans", type=int, default=2, help="so many scanned pages")
    arguments.add_argument("paths", nargs="*", type=Path)
    wanted = arguments.parse_args()
    print(f"{'':28} {'ours':>9} {'tables':>9} {'PDFium':>9} {'faster':>7} {'over PDFium':>12}   reader")
    for name, content in documents(wanted.paths).items():
        ours, theirs, bare = [], [], []
        for _ in range(wanted.rounds):
            ours.append(of_processor(lambda content=content: parse(content, source="")))
            theirs.append(of_processor(lambda content=content: tables(content)))
            bare.append(of_processor(lambda content=content: text_and_boxes(content)))
        a, b, c = median(ours), median(theirs), median(bare)
        reader = parse(content, source="")[0].reader
        print(
            f"{name[:28]:28} {1000 * a:6.1f} ms {1000 * b:6.1f} ms {1000 * c:6.1f} ms {b / a:6.1f}x {a / c:11.2f}x   {reader}"
        )
    time_scans(wanted.scans)


if __name__ == "__main__":
    main()
