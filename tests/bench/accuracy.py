"""How often is a printed figure read right, and how often silently wrong? On synthetic reports in every form and damage.

    python -m tests.bench.accuracy [--documents-per-cell N] [--seed N] [--failures N] [--write]

Beside our parser runs the obvious alternative, `pandas.read_html` with the nearest label, on the same documents.
"""

import argparse
import warnings
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from io import StringIO
from pathlib import Path

import opencc
import pandas as pd
from msgspec import Struct
from rapidfuzz import fuzz, process

from parsers.charset import decode
from parsers.parse import parse
from parsers.report import CellKey, Report, Value
from parsers.template import Line, load
from tests.specimens.render import DAMAGES, EDITIONS, Specimen, specimens
from tests.specimens.renderings import FORMS

PAGE = Path(__file__).parents[2] / "docs" / "accuracy.md"


class Score(Struct):
    """Counts over documents. `wrong`: a value other than the one meant, on a cell that no finding names; `guessed`: a
    value where nobody could tell one; `invented`: error findings on documents that hold together."""

    documents: int = 0
    certain: int = 0
    right: int = 0
    wrong: int = 0
    flagged: int = 0
    guessed: int = 0
    invented: int = 0
    named: int = 0
    dated: int = 0
    planted: int = 0
    found: int = 0
    in_smallest: int = 0
    sets: int = 0
    frame_right: int = 0
    frame_wrong: int = 0


class Failure(Struct, frozen=True):
    """One reason to look at a document."""

    name: str
    kind: str
    detail: str
    specimen: Specimen


def judge(specimen: Specimen, report: Report, score: Score) -> list[Failure]:
    """Add one document to a score; what was not as it should be."""
    failures: list[Failure] = []

    def fail(kind: str, detail: object) -> None:
        failures.append(Failure(specimen.name, kind, str(detail), specimen))

    values = {cell.key: cell.value for cell in report.cells}
    flagged = {key for finding in report.findings for key in finding.cells}
    score.documents += 1
    score.certain += len(specimen.certain)
    for key, wanted in specimen.certain.items():
        if values.get(key) == wanted:
            score.right += 1
        elif values.get(key) is None:
            fail("not read", (key, wanted))
    _judge_values(specimen, values, flagged, score, fail)
    _judge_findings(specimen, report, score, fail)
    names = {specimen.truth.organization, simplified(report.organization or "")}
    score.named += len(names) == 1
    if len(names) > 1:
        fail("organization", (report.title, report.organization, specimen.truth.organization))
    score.dated += report.year == specimen.truth.year
    if report.year != specimen.truth.year:
        fail("year", (report.title, report.year, specimen.truth.year))
    return failures


def _judge_values(specimen, values, flagged, score, fail) -> None:
    meant = specimen.truth.figures
    for key, value in values.items():
        if value is None or key not in meant:
            continue
        if value != meant[key]:
            score.flagged += key in flagged
            score.wrong += key not in flagged
            fail("wrong, flagged" if key in flagged else "silently wrong", (key, value, meant[key]))
        elif key not in specimen.certain and key not in specimen.undecided:
            score.guessed += 1
            fail("guessed", (key, value))


def _judge_findings(specimen: Specimen, report: Report, score: Score, fail) -> None:
    errors = [finding for finding in report.findings if finding.severity == "error"]
    if specimen.is_clean:
        score.invented += len(errors)
        for finding in errors:
            fail("invented", (finding.code, finding.cells[:3], finding.expected, finding.actual))
        return
    readable = [p for p in specimen.truth.planted if specimen.certain.keys() >= set(p.cells)]
    for planted in readable:
        score.planted += 1
        wanted = {code for code, _ in planted.broken}
        hit = [finding for finding in errors if finding.code in wanted and set(finding.cells) & set(planted.cells)]
        score.found += bool(hit)
        if not hit:
            fail("planted not found", (planted.kind, planted.cells))
        sets = [{c.cell for c in chosen} for finding in errors for chosen in finding.corrections]
        score.sets += bool(sets)
        named = any(chosen == set(planted.cells) for chosen in sets)
        score.in_smallest += named
        if not named:
            fail("not in smallest set", (planted.kind, planted.cells, sets[:3]))


SIMPLIFIED = opencc.OpenCC("t2s")


def simplified(text: str) -> str:
    return SIMPLIFIED.convert(text)


# The obvious alternative -------------------------------------------------------------------------------------------------


def frames_of(content: bytes) -> list[pd.DataFrame]:
    """What `pandas.read_html` makes of a page; nothing of text."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return pd.read_html(StringIO(decode(content).text), header=None)
    except (ValueError, ImportError):
        return []


def nearest(frames: Sequence[pd.DataFrame], editions: dict[str, str]) -> dict[CellKey, Value]:
    """Each number under the nearest row label and column head of the form, as one would write it in an afternoon; it is
    even told which tables in which editions the report has."""
    found: dict[CellKey, Value] = {}
    rows, columns = _labels(editions)
    for frame in frames:
        grid = [["" if pd.isna(cell) else str(cell) for cell in line] for line in frame.to_numpy().tolist()]
        heads = [""] * (len(grid[0]) if grid else 0)
        for line in grid:
            numbers = {place: number for place, text in enumerate(line) if (number := _number(text)) is not None}
            if not numbers:
                heads = [head + text for head, text in zip(heads, line, strict=True)]
                continue
            label = next((text for text in reversed(line) if text and _number(text) is None), "")
            _place(found, rows, columns, label, {heads[place]: number for place, number in numbers.items()})
    return found


def _labels(editions: dict[str, str]) -> tuple[dict[str, list[tuple[str, str]]], dict[str, dict[str, str]]]:
    rows: dict[str, list[tuple[str, str]]] = defaultdict(list)
    columns: dict[str, dict[str, str]] = {}
    for table_id, edition in editions.items():
        table = load().table(table_id)
        for row in table.rows_of(edition):
            rows[row.labels[0]].append((table_id, row.key))
        columns[table_id] = {label: line.key for line in table.columns_of(edition) for label in _first(line)}
    return rows, columns


def _first(line: Line) -> Iterable[str]:
    return line.labels[:1]


def _place(found, rows, columns, label: str, numbers: dict[str, Value]) -> None:
    match = process.extractOne(label, list(rows), scorer=fuzz.ratio)
    if match is None or match[1] < 50:
        return
    for table_id, row in rows[match[0]]:
        for head, number in numbers.items():
            nearest_head = process.extractOne(head, list(columns[table_id]), scorer=fuzz.partial_ratio)
            if nearest_head:
                found.setdefault((table_id, row, columns[table_id][nearest_head[0]]), number)


def _number(text: str) -> Value | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return int(number) if number.is_integer() else None


# Running and telling ------------------------------------------------------------------------------------------------------


def run(seed: int, per_cell: int) -> tuple[dict[tuple[str, str, str], Score], list[Failure]]:
    scores: dict[tuple[str, str, str], Score] = defaultdict(Score)
    failures: list[Failure] = []
    for specimen in specimens(seed, per_cell):
        score = scores[specimen.form, specimen.damage, specimen.edition]
        report = parse(specimen.content, source=specimen.name)[0]
        failures += judge(specimen, report, score)
        frames = nearest(frames_of(specimen.content), specimen.truth.editions)
        score.frame_right += sum(frames.get(key) == value for key, value in specimen.certain.items())
        meant = specimen.truth.figures
        score.frame_wrong += sum(key in meant and meant[key] != value for key, value in frames.items())
    return scores, failures


def total(scores: Iterable[Score]) -> Score:
    added = Score()
    for score in scores:
        for field in Score.__struct_fields__:
            setattr(added, field, getattr(added, field) + getattr(score, field))
    return added


def percent(part: int, whole: int) -> str:
    """Never rounded up to 100."""
    if not whole:
        return "–"
    return f"{int(10_000 * part / whole) / 100:.2f}" if part < whole else "100"


HEAD = (
    "| | documents | figures | right % | silently wrong | wrong, flagged | guessed | invented errors | body % | year % "
    "| read_html right % | read_html wrong |\n"
    "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|"
)


def figures_of(score: Score) -> tuple[object, ...]:
    """The columns that every table of the page has."""
    return (
        score.documents,
        score.certain,
        percent(score.right, score.certain),
        score.wrong,
        score.flagged,
        score.guessed,
        score.invented,
        percent(score.named, score.documents),
        percent(score.dated, score.documents),
    )


def line(name: str, score: Score) -> str:
    return row(name, *figures_of(score), percent(score.frame_right, score.certain), score.frame_wrong)


def row(*cells: object) -> str:
    """A row of a Markdown table."""
    return "| " + " | ".join(map(str, cells)) + " |"


def tables(scores: dict[tuple[str, str, str], Score]) -> str:
    parts = []
    for place, (title, names) in enumerate((("form", FORMS), ("damage", DAMAGES), ("edition", EDITIONS))):
        lines = [line(name, total(s for key, s in scores.items() if key[place] == name)) for name in names]
        parts.append(f"## By {title}\n\n{HEAD}\n" + "\n".join(lines))
    whole = total(scores.values())
    parts.insert(0, f"## All\n\n{HEAD}\n{line('all', whole)}")
    parts.append(
        f"## Planted mistakes\n\n{whole.planted} mistakes were planted; {percent(whole.found, whole.planted)} % were found by "
        f"an identity that they break, and for {percent(whole.in_smallest, whole.planted)} % one of the smallest correcting "
        "sets is just the planted cells."
    )
    return "\n\n".join(parts) + "\n"


PREFACE = """# Accuracy

Generated by `python -m tests.bench.accuracy --write`; do not edit. Documents are synthetic (`tests/specimens`): random
reports in which every identity holds, in every form (rows), with every damage, in every edition. Real reports are another
matter, and are tested elsewhere.

- **figures**: cells that can be told from the document. In a damaged rendering this is found by an oracle of our own that
  enumerates all readings; cells that it does not decide are counted out.
- **right**: read with that value. **silently wrong**: another value, on a cell that no finding names. **wrong, flagged**:
  another value, but a finding names the cell. **guessed**: a value, though nobody could tell one from the document.
- **invented errors**: findings of severity `error` on reports that hold together.
- **body**, **year**: organization and year exactly right.
- **read_html**: the obvious alternative on the same documents: `pandas.read_html`, then the nearest row label and column
  head of the form by edit distance. It is told which tables in which editions to look for; it reads no text files.

"""


def files_section(page: str) -> str:
    """The rows of tests.bench.accuracy_files, which the page ends with."""
    start = page.find("## Files\n")
    return "\n" + page[start:] if start >= 0 else ""


def shown(failures: Sequence[Failure], most: int) -> str:
    kinds = Counter((failure.kind, failure.specimen.form, failure.specimen.damage) for failure in failures)
    lines = [f"{count:6} {kind} · {form} · {hurt}" for (kind, form, hurt), count in kinds.most_common(most)]
    return "\n".join(lines)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--documents-per-cell", type=int, default=2)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--failures", type=int, default=0, help="print so many groups of failures")
    arguments.add_argument("--write", action="store_true", help=f"write docs/{PAGE.name}")
    chosen = arguments.parse_args()
    scores, failures = run(chosen.seed, chosen.documents_per_cell)
    text = tables(scores)
    print(text)
    if chosen.failures:
        print(shown(failures, chosen.failures))
    if chosen.write:
        PAGE.write_text(PREFACE + text + files_section(PAGE.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
