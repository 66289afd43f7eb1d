"""One report, or one number of it with all that is known of where it comes from."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct

from nianbao.columns import Row
from nianbao.dataset import STORED, Dataset
from nianbao.folder import DataFolder
from nianbao.generations import SUPERSEDED
from nianbao.labels import label_of
from nianbao.render import aligned
from nianbao.voice import Language
from parsers.template import load

FACTS = (
    "report_id",
    "organization",
    "year",
    "status",
    "reason",
    "level",
    "kind",
    "division_code",
    "template",
    "title",
    "published",
    "portal",
    "url",
    "sources",
    "member",
    "sha256",
    "reader",
    "parser_version",
    "is_latest",
)


class Shown(Struct, frozen=True):
    """A report with its cells and findings, as rows of the dataset's tables."""

    report: Row
    cells: tuple[Row, ...]
    findings: tuple[Row, ...]


def find(dataset: Dataset, name: str) -> list[Shown]:
    """The reports that a name means: an identifier or the beginning of one, or an address. Empty when there is none."""
    found: list[Shown] = []
    for prefix in ("", f"{SUPERSEDED}_"):
        query = (
            f"select * from {prefix}reports where starts_with(report_id, $name) or url = $name "  # noqa: S608
            "or list_contains(sources, $name) order by report_id"
        )
        for row in _rows(dataset, query, name):
            found.append(_shown(dataset, row, prefix))
    return found


def archived_file(folder: DataFolder, report: Row) -> Path:
    """The file in the archive that holds the report's bytes."""
    return folder.archive.path(report["sha256"])


def report_text(shown: Shown, file: Path, language: Language) -> str:
    """The report: its front matter, its tables as printed, what was found."""
    facts = [f"{name}: {_text(shown.report[name])}" for name in FACTS if shown.report[name] not in (None, [])]
    parts = ["\n".join([*facts, f"file: {file}"]) + "\n"]
    parts += _tables(shown.cells, shown.report["tables"], language)
    message = "message_zh" if language == "zh" else "message"
    parts += [f"{each['severity']} {each['code']}: {each[message]}\n" for each in shown.findings]
    return "\n".join(parts)


def cell_of(shown: Shown, key: tuple[str, str, str]) -> Row | None:
    """The cell of a key, or None."""
    return next((cell for cell in shown.cells if (cell["table"], cell["row"], cell["column"]) == key), None)


def cell_text(shown: Shown, cell: Row, file: Path, language: Language) -> str:
    """One number with raw text, basis, locator, archived file and address, and the findings that touch it."""
    key = {name: cell[name] for name in ("table", "row", "column")}
    facts = {
        "organization": shown.report["organization"],
        "year": shown.report["year"],
        "cell": "/".join(key.values()),
        "value": cell["value"],
        "unit": cell["unit"],
        "raw": cell["raw"],
        "basis": cell["basis"],
        "locator": cell["locator"],
        "confidence": cell["confidence"],
        "file": file,
        "url": shown.report["url"],
    }
    lines = [
        f"{name}: {_text(value)}" for name, value in facts.items() if value is not None or name in ("value", "raw")
    ]
    message = "message_zh" if language == "zh" else "message"
    lines += [f"{each['severity']} {each['code']}: {each[message]}" for each in shown.findings if key in each["cells"]]
    return "\n".join(lines) + "\n"


def _shown(dataset: Dataset, report: Row, prefix: str) -> Shown:
    parts = [
        _rows(
            dataset,
            f"select * from {STORED}_{prefix}{name} where report_id = $name order by {STORED}_row",  # noqa: S608
            report["report_id"],
        )
        for name in ("cells", "findings")
    ]
    return Shown(report, *map(tuple, parts))


def _rows(dataset: Dataset, query: str, name: str) -> list[Row]:
    rows: list[dict[str, Any]] = dataset.sql(query, {"name": name}).to_arrow_table().to_pylist()
    return rows


def _tables(cells: Sequence[Row], editions: Sequence[str], language: Language) -> Iterator[str]:
    for entry in editions:
        table_id, _, edition = entry.partition("=")
        table = load().table(table_id)
        values = {(cell["row"], cell["column"]): cell for cell in cells if cell["table"] == table_id}
        columns = table.columns_of(edition)
        rows = [
            [label_of(row, language), *(_figure(values.get((row.key, column.key))) for column in columns)]
            for row in table.rows_of(edition)
            if any((row.key, column.key) in values for column in columns)
        ]
        yield aligned([table_id, *(label_of(column, language) for column in columns)], rows)


def _figure(cell: Row | None) -> object:
    """The value, or in brackets why there is none; with a word where it is not known in which unit."""
    if cell is None:
        return ""
    if cell["value"] is None:
        return f"({cell['basis']})"
    return f"{_text(cell['value'])} (unit unknown)" if cell["unit"] == "unknown" else cell["value"]


def _text(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
