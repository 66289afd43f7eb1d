"""The inner line: bytes → document → alignment → report (steps 4 to 6)."""

from collections.abc import Mapping
from hashlib import sha256

from msgspec.structs import replace

from . import frontmatter, narrative, readers, recognise, template
from .align import align
from .archives import Member, opened
from .document import Block, Document, Grid
from .errors import UnreadableDocument
from .frontmatter import FrontMatter
from .labels import simplified
from .layouts import of_this_year
from .readers.html import NO_PICTURES
from .reading import TableReading
from .reconcile import reconcile
from .report import Cell, Finding, Report, Status, finding
from .statements import statements
from .template import Edition, Template
from .unwrap import media_type as media_type_of

RULE_MAKERS = {
    ("state", None),
    ("state", "department"),
    ("state", "government"),
    ("province", "government"),
    ("prefecture", "government"),
}
"""(level, kind) of bodies that may make rules: 立法法 (2023), Art. 91 and 93."""


def parse(
    content: bytes, *, source: str, media_type: str | None = None, url: str | None = None, within: str | None = None
) -> tuple[Report, ...]:
    """Every report that the bytes of one document hold, never empty: a document without one gives a report that says why.
    Of an archive each member is a document of its own, with the source `a.zip!/member`.

    `source` is the path or address to name it by; `media_type` the type it was declared with, which only counts where the
    bytes show none; `url` its address; `within` the division code of its portal. Pure: the same bytes give the same
    reports. Raises nothing for bad content: that is the status `unreadable`.
    """
    return tuple(
        report
        for member in opened(content, source)
        for report in parse_member(member, declared=media_type, url=url, within=within)
    )


def parse_member(
    member: Member,
    *,
    declared: str | None = None,
    url: str | None = None,
    within: str | None = None,
    stand_in: bytes | None = None,
    pictures: Mapping[str, bytes] = NO_PICTURES,
) -> tuple[Report, ...]:
    """The reports of a document that is no archive. `stand_in` is the same document in a format that has a reader, where
    its own has none; then the report says so. `pictures` are the bytes of pictures that a page shows, by address. The rest
    as in `parse`."""
    digest = sha256(member.content).hexdigest() if member.content or not member.problem else ""
    blank = Report(member.source, digest, member.media_type or declared, None, "unreadable", None)
    if member.problem:
        return (replace(blank, reason=member.problem),)
    if not member.content:
        return (replace(blank, reason="the file is empty"),)
    content, found = member.content, member.media_type
    if stand_in is not None:
        content, found = stand_in, media_type_of(stand_in)
    if found is None:
        return (replace(blank, reason="no known document format and no text (binary content)"),)
    try:
        document = readers.read(content, found, url, pictures)
    except UnreadableDocument as error:
        return (replace(blank, reason=str(error)),)
    if stand_in is not None:
        document = _as_converted(document, blank.media_type)
    return (report_of(document, blank, url=url, within=within),)


def _as_converted(document: Document, media_type: str | None) -> Document:
    """A document whose places are those of its conversion."""
    remark = f"converted before it was read; places are those of the {document.reader} conversion"
    return replace(document, media_type=media_type or document.media_type, remarks=(*document.remarks, remark))


def report_of(document: Document, blank: Report, *, url: str | None, within: str | None) -> Report:
    """The report of one document that could be read."""
    form = template.load()
    prose = _in_simplified_characters(document)
    front = frontmatter.read(prose, url=url, within=within)
    document = of_this_year(document, front.year)
    tables = align(document, form)
    outcomes = [reconcile(reading) for reading in tables]
    cells = tuple(cell for outcome in outcomes for cell in outcome.cells)
    report = replace(
        blank,
        media_type=document.media_type,
        reader=document.reader,
        organization=front.organization,
        division_code=front.division_code,
        level=front.level,
        kind=front.kind,
        year=front.year,
        title=front.title,
        published=front.published,
    )
    reason = recognise.recognise(prose, front, bool(tables)) or _empty(tables, cells)
    if reason and document.unread:
        return replace(report, status="partial", reason=document.unread)
    if reason:
        return replace(report, status="not_a_report", reason=reason)
    edition = _edition(tables)
    stated = statements(prose, form, front.year, front.organization)
    findings = [
        *(_remark(remark) for remark in document.remarks),
        *front.findings,
        *narrative.note_findings(prose),
        *(found for outcome in outcomes for found in outcome.findings),
        *_rule_makers(cells, front),
        *narrative.prose_findings(stated, cells),
    ]
    status, reason, missing = _status(document, form, edition, tables, cells)
    return replace(
        report,
        status=status,
        reason=reason,
        template=edition,
        tables={reading.table.id: reading.edition for reading in tables},
        cells=cells,
        sections=narrative.sections(prose, form),
        statements=stated,
        findings=(*findings, *missing),
    )


def _in_simplified_characters(document: Document) -> Document:
    """The document as its names, dates and sentences are read; characters are exchanged one by one, so that locators stay
    true. Tables are aligned on the source's own characters, which `raw` keeps."""
    texts = [
        document.title or "",
        *(block.text for block in (*document.blocks, *document.furniture) if not isinstance(block, Grid)),
    ]
    joined = "\n".join(texts)
    if simplified(joined) == joined:
        return document
    return replace(
        document,
        title=simplified(document.title) if document.title else None,
        metadata={name: simplified(text) for name, text in document.metadata.items()},
        blocks=tuple(map(_simplified_block, document.blocks)),
        furniture=tuple(map(_simplified_block, document.furniture)),
    )


def _simplified_block(block: Block) -> Block:
    if isinstance(block, Grid):
        return replace(block, cells=tuple(replace(cell, text=simplified(cell.text)) for cell in block.cells))
    return replace(block, text=simplified(block.text))


def _empty(tables: tuple[TableReading, ...], cells: tuple[Cell, ...]) -> str | None:
    """An empty form has the tables and not one figure in them."""
    if tables and all(cell.basis in ("blank", "missing") for cell in cells):
        return "the form is empty: its tables hold no figure"
    return None


def _edition(tables: tuple[TableReading, ...]) -> Edition | None:
    """The edition of the Article 20 tables (the majority; a tie: the first), else of the requests table, else of what
    stands there."""
    editions = [reading.edition for reading in tables if reading.table.id.startswith("art20")]
    if not editions:
        editions = [reading.edition for reading in sorted(tables, key=lambda reading: reading.table.id != "requests")][
            :1
        ]
    return max(editions, key=lambda edition: (editions.count(edition), -editions.index(edition)), default=None)


def _status(
    document: Document,
    form: Template,
    edition: Edition | None,
    tables: tuple[TableReading, ...],
    cells: tuple[Cell, ...],
) -> tuple[Status, str | None, list[Finding]]:
    if edition is None:
        if document.unread:
            return "partial", f"no table on the page; {document.unread}", []
        if document.attachments:
            names = ", ".join(attachment.name or attachment.address for attachment in document.attachments)
            return (
                "partial",
                f"no table on the page; the report may stand in the attachment: {names}",
                [_attached(names)],
            )
        return "partial", "a report without tables: its figures stand in prose only", []
    standing = {reading.table.id for reading in tables}
    wanted = [form.table(name) for name in form.edition(edition).tables if form.table(name).kind == "table"]
    absent = [table.id for table in wanted if table.id not in standing]
    ambiguous = sum(cell.basis == "ambiguous" for cell in cells)
    lost = sum(cell.basis == "missing" for cell in cells)
    reasons = [
        f"tables not found: {', '.join(absent)}" if absent else "",
        f"{ambiguous} cells are ambiguous" if ambiguous else "",
    ]
    findings = [
        finding("TABLE_MISSING", f"{table.id} was not found", f"未找到{table.caption}")
        for table in wanted
        if table.id in absent
    ]
    findings += _missing_rows(tables, cells)
    reason = "; ".join(filter(None, reasons)) or None
    if reason and lost:
        reason += f"; {lost} cells stand in no row of the source"
    return ("partial" if reason else "ok"), reason, findings


def _missing_rows(tables: tuple[TableReading, ...], cells: tuple[Cell, ...]) -> list[Finding]:
    """One finding for each table with rows that do not stand in the source."""
    found = []
    for reading in tables:
        keys = tuple(cell.key for cell in cells if cell.table == reading.table.id and cell.basis == "missing")
        if keys:
            rows = ", ".join(dict.fromkeys(row for _, row, _ in keys))
            found.append(
                finding(
                    "ROW_MISSING",
                    f"{reading.table.id}: not in the source: {rows}",
                    f"{reading.table.caption}：原文缺少：{rows}",
                    keys,
                )
            )
    return found


def _attached(names: str) -> Finding:
    return finding("ATTACHMENT_ONLY", f"no table on the page; attached: {names}", f"页面无表格，附件：{names}")


def _remark(remark: str) -> Finding:
    return finding("READER_REMARK", remark, remark)


def _rule_makers(cells: tuple[Cell, ...], front: FrontMatter) -> list[Finding]:
    """规章 above 0 at a body that cannot make rules (RULES_ONLY_WITH_POWER of the codebook)."""
    keys = tuple(cell.key for cell in cells if cell.table == "art20_1" and cell.row == "rules" and cell.value)
    if not keys or front.level is None or (front.level, front.kind) in RULE_MAKERS:
        return []
    return [
        finding(
            "RULES_ONLY_WITH_POWER",
            f"rules are reported by {front.organization}, which has no power to make them",
            f"{front.organization}无规章制定权，却填报了规章",
            keys,
        )
    ]
