"""OFD files (the national format, GB/T 33190) → blocks: ruled tables as grids with their merged cells, the rest by line.

Locators: `ofd:page,x0,y0,x1,y1`, pages from 1, millimetres from the top left.
"""

import posixpath
import re
from collections.abc import Iterator, Sequence

from lxml.etree import _Element as Element
from msgspec import Struct
from msgspec.structs import replace

from parsers.document import Block, Document, Locator, Paragraph
from parsers.errors import UnreadableDocument
from parsers.glyphs import Box, Glyph, line_of, text_lines
from parsers.lattice import Lattice, filled, full_rooms, joined, lattices, sorted_in
from parsers.packages import Package, attribute, local_name
from parsers.seams import Leaf, sewn, without_running_lines
from parsers.strikes import Marks, cleared, marks_of, remarks_on

from .content import Content, draw, numbers

MEDIA_TYPE = "application/ofd"
MAX_PAGES = 400
_POINT = 25.4 / 72
_A4 = (0.0, 0.0, 210.0, 297.0)
_MARGIN_SHARE = 0.12
_SAME_BORDER = 1.5  # millimetres; borders of one table on two pages
_SAME_HEIGHT = 1.0
_FEW = 20
_PAGE_NUMBER = re.compile(r"[-—–－·•\s]*(?:第\s*)?\d{1,4}(?:\s*页)?(?:\s*[/／]\s*共?\s*\d{1,4}(?:\s*页)?)?[-—–－·•\s]*")


class _Page(Struct, frozen=True):
    """A page with its number from 1, the box of its paper, and what is drawn on it."""

    number: int
    area: Sequence[float]
    content: Content


def read(content: bytes) -> Document:
    """Tables and lines of all pages in reading order. Raises UnreadableDocument for files that are damaged or encrypted.

    Where characters are drawn as curves or lie in pictures there are no blocks, and a remark.
    """
    package = Package(content, "OFD file")
    main = _main_part(package)
    root = package.xml(main)
    leaves: list[Leaf] = []
    heights: list[float] = []
    marked: list[tuple[int, Marks]] = []
    furniture: list[Block] = []
    remarks: list[str] = []
    shapes = pictures = 0
    for page in _pages(package, root, posixpath.dirname(main), remarks):
        shapes += page.content.shapes
        pictures += len(page.content.pictures)
        marks = marks_of(page.content.glyphs, page.content.across, page.content.down, _POINT)
        marked.append((page.number, marks))
        leaf, numbers_of_page = _leaf(page, marks)
        leaves.append(leaf)
        furniture += numbers_of_page
        heights.append(page.area[3])
    flows, running = without_running_lines([leaf.blocks for leaf in leaves], heights, _SAME_HEIGHT)
    blocks = sewn([replace(leaf, blocks=flow) for leaf, flow in zip(leaves, flows, strict=True)], _SAME_BORDER)
    remarks += remarks_on(marked)
    if not blocks and (shapes > _FEW or pictures):
        what = "characters are drawn as curves" if shapes > _FEW else "pages are pictures"
        remarks.append(f"no text layer: the {what}")
    return Document(
        "ofd", MEDIA_TYPE, blocks, (*running, *furniture), title=_title(package), remarks=tuple(dict.fromkeys(remarks))
    )


def _main_part(package: Package) -> str:
    """The member that is the first document. Raises UnreadableDocument for an encrypted file."""
    if "Encryptions.xml" in package or "META-INF/Encryptions.xml" in package:
        raise UnreadableDocument("the OFD file is encrypted and needs a key")
    root = next((each for each in package.xml("OFD.xml").iter() if local_name(each) == "DocRoot"), None)
    if root is None or not root.text:
        raise UnreadableDocument("the OFD file is incomplete: it names no document")
    return root.text.strip().lstrip("/")


def _pages(package: Package, root: Element, folder: str, remarks: list[str]) -> Iterator[_Page]:
    """The pages one by one, what their templates draw included."""
    templates = {attribute(each, "ID") or "": each for each in _named(root, "TemplatePage")}
    composites = _composites(package, root, folder)
    usual = _paper(root)
    pages = [each for listing in _named(root, "Pages") for each in listing if local_name(each) == "Page"]
    if len(pages) > MAX_PAGES:
        remarks.append(f"only the first {MAX_PAGES} of {len(pages)} pages were read")
    for number, page in enumerate(pages[:MAX_PAGES], 1):
        part = _path(folder, attribute(page, "BaseLoc"))
        if part not in package:
            remarks.append(f"page {number} is missing")
            continue
        xml = package.xml(part)
        content = Content([], [], [], [])
        for use in _named(xml, "Template"):
            template = templates.get(attribute(use, "TemplateID") or "")
            drawn = _path(folder, attribute(template, "BaseLoc")) if template is not None else ""
            if drawn and drawn in package:
                draw(package.xml(drawn), content, composites)
        draw(xml, content, composites)
        if content.is_cut:
            remarks.append(f"page {number} is too full: only its beginning was read")
        yield _Page(number, _paper(xml) or usual or _A4, content)


def _composites(package: Package, root: Element, folder: str) -> dict[str, Element]:
    """Drawings that pages use by their id, from the document's and the public resources."""
    found = {}
    for resource in (*_named(root, "PublicRes"), *_named(root, "DocumentRes")):
        part = _path(folder, resource.text)
        if part in package:
            for unit in _named(package.xml(part), "CompositeGraphicUnit"):
                found[attribute(unit, "ID") or ""] = unit
    return found


def _paper(xml: Element) -> Sequence[float]:
    boxes = (numbers(box.text) for box in _named(xml, "PhysicalBox"))
    return next((box for box in boxes if len(box) == 4), ())


def _named(element: Element, name: str) -> Iterator[Element]:
    return (each for each in element.iter() if local_name(each) == name)


def _path(folder: str, name: str | None) -> str:
    """A member's name; an address that begins with / counts from the root of the file."""
    name = (name or "").strip()
    return name.lstrip("/") if name.startswith("/") else posixpath.normpath(posixpath.join(folder, name))


def _title(package: Package) -> str | None:
    titles = (each.text or "" for each in _named(package.xml("OFD.xml"), "Title"))
    return next((" ".join(title.split()) for title in titles if title.strip()), None)


# --- pages -------------------------------------------------------------------------------------------------------------


def _leaf(page: _Page, marks: Marks) -> tuple[Leaf, list[Block]]:
    """The blocks of a page by height, and its number."""
    rulings = [rule for number, rule in enumerate(page.content.across) if number not in marks.drawn]
    across, down = joined(rulings, _POINT), joined(page.content.down, _POINT)
    placed: list[tuple[float, Block, bool]] = []
    rest: Sequence[Glyph] = cleared(page.content.glyphs, marks)
    full: set[Locator] = set()
    found = [lattice for lattice in lattices(across, down, _POINT) if len(lattice.columns) > 2]
    for lattice in sorted(found, key=_extent):  # what stands inside of another takes its characters first
        inside, rest = sorted_in(lattice, rest)
        grid = filled(lattice, inside, lambda box: _locator(page.number, box)).grid
        full |= {_locator(page.number, room.box) for room in full_rooms(lattice, inside, _POINT)}
        if any(cell.text for cell in grid.cells):
            placed.append((lattice.rows[0], grid, False))
    for text, box in (line for row in text_lines(rest) for line in line_of(row)):
        placed.append((box[1], Paragraph(text, _locator(page.number, box)), _is_page_number(text, box, page.area)))
    placed.sort(key=lambda entry: entry[0])
    blocks = tuple(block for _, block, is_page_number in placed if not is_page_number)
    return Leaf(page.number, blocks, frozenset(full)), [block for _, block, is_number in placed if is_number]


def _extent(lattice: Lattice) -> float:
    x0, top, x1, bottom = lattice.box
    return (x1 - x0) * (bottom - top)


def _is_page_number(text: str, box: Box, area: Sequence[float]) -> bool:
    margin = area[3] * _MARGIN_SHARE
    is_at_edge = box[1] > area[1] + area[3] - margin or box[3] < area[1] + margin
    return is_at_edge and bool(_PAGE_NUMBER.fullmatch(text))


def _locator(page_number: int, box: Box) -> Locator:
    return f"ofd:{page_number}," + ",".join(f"{side:.1f}" for side in box)
