"""Reports and captures built by hand, for tests of the dataset that need no document."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from crawler.capture import Capture
from nianbao.parsed import ParseCache
from nianbao.write import Written, document_key, write_dataset
from parsers.report import Cell, CellKey, Finding, Report, Section, Statement, Value
from parsers.template import load

TABLES = ("art20_1", "art20_5", "art20_6", "art20_8", "art20_9", "requests", "review_litigation")


def report(
    organization: str | None = "广州市花都区狮岭镇人民政府",
    year: int | None = 2020,
    values: Mapping[str, Value | None] | None = None,
    *,
    edition: str = "format_2019",
    findings: Sequence[Finding] = (),
    statements: Sequence[Statement] = (),
    text: str = "本年按要求公开。",
    with_tables: bool = True,
    **front: object,
) -> Report:
    """A report in which every printed cell is 0 but those of `values`, `table/row/column` to a number."""
    tables = [load().table(name) for name in TABLES if edition in load().table(name).editions] if with_tables else []
    values = values or {}
    cells = tuple(
        _cell((table.id, row.key, column.key), values) for table in tables for row, column in table.cells_of(edition)
    )
    facts: dict[str, object] = {
        "division_code": "440114",
        "level": "township",
        "kind": "government",
        "published": f"{(year or 2020) + 1}-01-21",
        "title": f"{organization}{year}年政府信息公开工作年度报告",
        "template": edition if with_tables else None,
        "tables": {table.id: edition for table in tables},
        "status": "ok" if with_tables else "partial",
        "reason": None if with_tables else "no table",
    }
    return Report(
        source="",
        sha256="",
        media_type="text/html",
        reader="html",
        organization=organization,
        year=year,
        cells=cells,
        sections=(Section("overview", "一、总体情况", text),),
        findings=tuple(findings),
        statements=tuple(statements),
        **{**facts, **front},  # type: ignore[arg-type]
    )


def _cell(key: CellKey, values: Mapping[str, Value | None]) -> Cell:
    value = values.get("/".join(key), 0)
    if value is None:
        return Cell(*key, None, "count", None, "blank", "text:1,1")
    return Cell(*key, value, "count", str(value), "observed", "text:1,1")


def capture(url: str, content: str, at: str = "2021-02-01T00:00:00.000000+00:00", **other: object) -> Capture:
    """An archived answer. `content` only gives the hash."""
    facts: dict[str, object] = {
        "final_url": url,
        "status": 200,
        "media_type": "text/html",
        "headers": (),
        "sha256": hashlib.sha256(content.encode()).hexdigest(),
        "size": len(content),
        "portal": "guangdong/guangzhou-huadu",
        "channel": "https://www.huadu.gov.cn/nb/",
        "role": "article",
        "outcome": "stored",
    }
    return Capture(url=url, fetched_at=at, **{**facts, **other})  # type: ignore[arg-type]


def write(
    data: Path, parsed: Iterable[tuple[Capture, Report]], version: str = "1", extra: Sequence[Capture] = ()
) -> Written:
    """Parses nothing: stores the reports given for the captures, and writes the dataset."""
    pairs = list(parsed)
    with ParseCache(data / "parsed.sqlite") as cache:
        for each, found in pairs:
            key = document_key(each, {})
            assert key is not None
            cache.store(key, version, (found,))
        return write_dataset(data, [*(each for each, _ in pairs), *extra], cache, {}, version)
