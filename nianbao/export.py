"""The dataset for other programs: CSV, Excel, Stata, a data package; the archive as WARC.

Texts of sections and sentences of statements are left out unless `with_text`, which masks telephone and ID numbers.
"""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nianbao import __version__
from nianbao.columns import Column, TableSchema
from nianbao.dataset import Dataset
from nianbao.deposit import TITLE, sha256_of, version_of, write_deposit
from nianbao.errors import DatasetError
from nianbao.folder import DataFolder
from nianbao.render import csv_text
from nianbao.schemas import tables
from nianbao.tables import nested_as_text
from nianbao.warc import export_warc
from parsers.template import load

if TYPE_CHECKING:
    import pyarrow as pa

TEXTS = {"sections": ("heading", "text"), "statements": ("sentence",)}
"""Columns that hold sentences of the documents."""
WHOLLY_TEXT = ("sections",)
"""Tables that are left out without `with_text`."""
ID_NUMBER = re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)")
TELEPHONE = re.compile(r"(?<![\d.])(?:1[3-9]\d{9}|0\d{2,3}[-－—\s]?\d{7,8}|(?<=话[:：])\s*\d{7,8})(?!\d)")
NARROWEST, WIDEST_COLUMN = 10, 32
"""Widths of columns of a sheet, in characters."""
LARGEST_SHEET = 1_048_575
"""Rows that an Excel sheet holds below its head."""
STATA_NAME = 32
STATA_LABEL = 80
STATA_SHORT = (
    ("administrative", "adm"),
    ("normative_documents", "normdocs"),
    ("centralized_procurement", "procurement"),
    ("other_external_services", "extsvc"),
    ("litigation_after_reconsideration", "lit_after_recon"),
    ("newly_disclosed_this_year", "newly_disclosed"),
    ("reconsideration", "recon"),
    ("_this_year", ""),
    ("requests_", "req_"),
)
PRIMARY_KEYS = {
    "reports": ("report_id",),
    "organizations": ("org_id",),
    "panel": ("org_id", "year"),
    "coverage": ("org_id", "year"),
}
CODED = ("level", "kind", "scope", "template")
"""Columns of the panel that Stata gets as numbers with value labels."""
FRICTIONLESS = {
    "string": "string",
    "int32": "integer",
    "int64": "integer",
    "double": "number",
    "bool": "boolean",
    "date": "date",
    "timestamp": "datetime",
}


def export(folder: DataFolder, form: str, target: Path, *, with_text: bool) -> Iterator[Path]:
    """Writes the dataset in a form into the folder `target`; gives the paths as they are written."""
    if form == "warc":
        yield from export_warc(folder.archive, target)
        return
    dataset = Dataset(folder.root)
    target.mkdir(parents=True, exist_ok=True)
    for name in () if with_text else WHOLLY_TEXT:  # left by an export with texts
        (target / f"{name}.csv").unlink(missing_ok=True)
    if form == "datapackage":
        written = []
        for path in export_datapackage(dataset, target, with_text):
            written.append(path)
            yield path
        yield from write_deposit(folder, dataset, target, written)
        return
    yield from EXPORTERS[form](dataset, target, with_text)


def mask(text: str) -> str:
    """The text with the digits of telephone and ID numbers replaced by asterisks."""
    for pattern in (ID_NUMBER, TELEPHONE):
        text = pattern.sub(lambda match: re.sub(r"[\dXx]", "*", match.group()), text)
    return text


def exported(dataset: Dataset, *, with_text: bool) -> Iterator[tuple[TableSchema, tuple[Column, ...], "pa.Table"]]:
    """Every table with the columns that may leave the house."""
    for table in tables():
        texts = TEXTS.get(table.name, ())
        if table.name in WHOLLY_TEXT and not with_text:
            continue
        columns = tuple(column for column in table.columns if with_text or column.name not in texts)
        arrow = dataset.table(table.name).select([column.name for column in columns])
        yield table, columns, _masked(arrow, texts) if with_text else arrow


def export_csv(dataset: Dataset, target: Path, with_text: bool) -> Iterator[Path]:
    """One CSV a table, UTF-8 with BOM so that Excel shows Chinese, without formulas."""
    for table, _, arrow in exported(dataset, with_text=with_text):
        path = target / f"{table.name}.csv"
        path.write_text(csv_text(arrow.column_names, _rows(arrow)), encoding="utf-8-sig", newline="")
        yield path


def export_datapackage(dataset: Dataset, target: Path, with_text: bool) -> Iterator[Path]:
    """The CSVs with a `datapackage.json` (Frictionless) that describes every column, key and reference."""
    resources: list[dict[str, Any]] = []
    for table, columns, arrow in exported(dataset, with_text=with_text):
        path = target / f"{table.name}.csv"
        path.write_text(csv_text(arrow.column_names, _rows(arrow)), encoding="utf-8", newline="")
        resources.append(_resource(table, columns, path))
        yield path
    package = {
        "name": "nianbao",
        "title": TITLE,
        "version": version_of(dataset),
        "keywords": ["政府信息公开", "年报", "open government information", "China"],
        "sources": [{"title": f"nianbao {__version__}"}],
        "resources": resources,
    }
    path = target / "datapackage.json"
    path.write_text(json.dumps(package, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    yield path


def export_xlsx(dataset: Dataset, target: Path, with_text: bool) -> Iterator[Path]:
    """One workbook, a sheet a table, one that explains the columns and one that explains the form; text stays text."""
    from datetime import datetime

    import xlsxwriter

    path = target / "nianbao.xlsx"
    safe = {
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "constant_memory": True,
    }
    workbook = xlsxwriter.Workbook(path, safe)
    workbook.set_properties({"created": datetime(2000, 1, 1)})  # noqa: DTZ001  a fixed date: same data, same file
    meanings: list[tuple[object, ...]] = []
    for table, columns, arrow in exported(dataset, with_text=with_text):
        names = [column.name for column in columns]
        for part, start in enumerate(range(0, max(arrow.num_rows, 1), LARGEST_SHEET), start=1):
            sheet = table.name if part == 1 else f"{table.name}_{part}"
            _write_sheet(workbook, sheet, names, _rows(arrow.slice(start, LARGEST_SHEET)))
        meanings += [(table.name, column.name, column.zh, column.en) for column in columns]
    _write_sheet(workbook, "README", ["table", "column", "zh", "en"], meanings)
    _write_sheet(workbook, "codebook", ["table", "axis", "key", "zh", "en", "editions"], _form_lines())
    workbook.close()
    yield path


def export_dta(dataset: Dataset, target: Path, _with_text: bool) -> Iterator[Path]:
    """The panel for Stata (version 118), variable labels in English; where a name was too long its label says it."""
    import pandas as pd

    table = next(each for each in tables() if each.name == "panel")
    names = stata_names([column.name for column in table.columns])
    frame = dataset.table("panel").to_pandas(date_as_object=False)
    if frame.empty:
        raise DatasetError(f"no report on a known year in {dataset.data}: a Stata file cannot be empty")
    for column in table.columns:
        if column.name in CODED:
            frame[column.name] = frame[column.name].astype("category")
        elif column.type == "string":
            frame[column.name] = frame[column.name].astype(object).where(frame[column.name].notna(), "")
        elif column.type in ("bool", "int32"):
            frame[column.name] = pd.to_numeric(frame[column.name]).astype("Float64").astype("float64")
    labels = {names[each.name]: _stata_label(each, names[each.name]) for each in table.columns}
    texts = [column.name for column in table.columns if column.type == "string" and column.name not in CODED]
    long = [names[name] for name in texts if max(map(len, frame[name]), default=0) > 200]
    path = target / "panel.dta"
    frame.rename(columns=names).to_stata(
        path,
        version=118,
        write_index=False,
        variable_labels=labels,
        convert_strl=long,
        time_stamp=None,
        data_label="nianbao panel, codebook in docs/codebook.md",
    )
    yield path


def _stata_label(column: Column, name: str) -> str:
    """The meaning, or the whole name where the variable's had to be shortened."""
    return (column.en if name == column.name else column.name)[:STATA_LABEL]


def stata_names(names: Sequence[str]) -> dict[str, str]:
    """Names of at most 32 characters, all different, for names that may be longer."""
    found: dict[str, str] = {}
    for name in names:
        short = name
        for long, brief in STATA_SHORT if len(name) > STATA_NAME else ():
            short = short.replace(long, brief)
        candidates = (short[:STATA_NAME], *(f"{short[: STATA_NAME - 3]}_{n}" for n in range(2, 99)))
        found[name] = next(each for each in candidates if each not in found.values())
    return found


EXPORTERS: dict[str, Callable[[Dataset, Path, bool], Iterator[Path]]] = {
    "csv": export_csv,
    "datapackage": export_datapackage,
    "xlsx": export_xlsx,
    "dta": export_dta,
}


def _masked(arrow: "pa.Table", texts: Sequence[str]) -> "pa.Table":
    import pyarrow as pa

    for name in texts:
        index = arrow.column_names.index(name)
        masked = [text if text is None else mask(text) for text in arrow.column(name).to_pylist()]
        arrow = arrow.set_column(index, arrow.schema.field(index), pa.array(masked, pa.string()))
    return arrow


def _rows(arrow: "pa.Table") -> Iterator[tuple[object, ...]]:
    """The rows of a table, batch by batch, lists as JSON text."""
    for batch in arrow.to_batches(max_chunksize=10_000):
        columns = [column.to_pylist() for column in batch.columns]
        for row in zip(*columns, strict=True):
            yield tuple(nested_as_text(value) for value in row)


def _resource(table: TableSchema, columns: Sequence[Column], path: Path) -> dict[str, Any]:
    fields = [
        {
            "name": column.name,
            "type": FRICTIONLESS.get(column.type, "array"),
            "description": f"{column.zh} · {column.en}",
        }
        for column in columns
    ]
    return {
        "name": table.name,
        "path": path.name,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": path.stat().st_size,
        "hash": f"sha256:{sha256_of(path)}",
        "title": f"{table.zh} · {table.en}",
        "schema": {"fields": fields, "missingValues": [""], **_keys(table)},
    }


def _keys(table: TableSchema) -> dict[str, Any]:
    """Primary and foreign keys of a resource."""
    keys: dict[str, Any] = {}
    if table.name in PRIMARY_KEYS:
        keys["primaryKey"] = list(PRIMARY_KEYS[table.name])
    if table.partitioned and table.name != "reports":
        reference = {"resource": "reports", "fields": "report_id"}
        keys["foreignKeys"] = [{"fields": "report_id", "reference": reference}]
    return keys


def _form_lines() -> Iterator[tuple[str, ...]]:
    """Every row and column of the form: table, axis, key, label in Chinese and English, editions."""
    for table in load().tables:
        for axis, lines in (("row", table.rows), ("column", table.columns)):
            for line in lines:
                yield table.id, axis, line.key, line.labels[0], line.label_en, ", ".join(line.editions)


def _write_sheet(workbook: Any, name: str, names: Sequence[str], rows: Any) -> None:  # noqa: ANN401
    sheet = workbook.add_worksheet(name)
    sheet.freeze_panes(1, 0)
    for column, title in enumerate(names):
        sheet.set_column(column, column, min(max(len(title) + 2, NARROWEST), WIDEST_COLUMN))
    sheet.write_row(0, 0, names, workbook.add_format({"bold": True, "bg_color": "#DDE6F0", "bottom": 1}))
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            if isinstance(value, bool):
                sheet.write_boolean(number, column, value)
            elif isinstance(value, int | float):
                sheet.write_number(number, column, value)
            elif value is not None:
                sheet.write_string(number, column, str(value)[:32_767])
