"""A report filled with any figures and rendered in any form reads back as the same figures or as null, never as others."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from parsers.parse import parse
from parsers.report import CellKey, Report, Value
from tests.specimens import damage, flat, prose
from tests.specimens.figures import APPLICANTS, OUTCOMES, ROUTES, article_20, broken, parts
from tests.specimens.forms import Form, forms
from tests.specimens.renderings import FORMS
from tests.specimens.truth import Truth, printed

ORGANIZATION = prose.township("云蓼镇")
EDITION = st.sampled_from(("format_2019", "format_2021"))
COUNT = st.one_of(st.integers(0, 12), st.integers(0, 4_000_000))
KEEPING = tuple(name for name, rendering in FORMS.items() if rendering.sight == "places")
GLUED = ("text, glued", "text, glued, some spaces")
LOSING = tuple(name for name, rendering in FORMS.items() if rendering.sight == "vanished")


@st.composite
def truths(draw: st.DrawFn) -> Truth:
    """A consistent report with a few figures anywhere, all others 0."""
    edition = draw(EDITION)
    figures, raw = article_20(Random(draw(st.integers(0, 5))), edition, "department")
    figures |= {**draw(requests_of(edition)), **draw(reviews())}
    assert not broken(figures)
    tables = [*dict.fromkeys(key[0] for key in figures)]
    year = 2020 if edition == "format_2019" else 2022
    title = f"{ORGANIZATION}{year}年政府信息公开工作年度报告"
    texts = {key: raw.get(key, printed(value)) for key, value in figures.items()}
    dates = (f"{year + 1}-01-20", f"{year + 1}年1月18日")
    return Truth(ORGANIZATION, year, title, *dates, dict.fromkeys(tables, edition), figures, texts)


@st.composite
def requests_of(draw: st.DrawFn, edition: str) -> dict[CellKey, Value]:
    outcomes = parts(edition)
    rows = (*outcomes, "carried_over_in", "carried_over_out")
    some = draw(st.dictionaries(st.tuples(st.sampled_from(rows), st.sampled_from(APPLICANTS)), COUNT, max_size=12))
    at = {(row, applicant): some.get((row, applicant), 0) for row in rows for applicant in APPLICANTS}
    for applicant in APPLICANTS:
        concluded = sum(at[row, applicant] for row in outcomes)
        received = concluded + at["carried_over_out", applicant] - at["carried_over_in", applicant]
        if received < 0:
            at["carried_over_in", applicant] += received
        at["concluded_total", applicant] = concluded
        at["received_new", applicant] = max(received, 0)
    order = ("received_new", "carried_over_in", *outcomes, "concluded_total", "carried_over_out")
    rows_with_totals = {row: [at[row, a] for a in APPLICANTS] for row in order}
    columns = (*APPLICANTS, "total")
    return {
        ("requests", row, column): count
        for row, counts in rows_with_totals.items()
        for column, count in zip(columns, (*counts, sum(counts)), strict=True)
    }


@st.composite
def reviews(draw: st.DrawFn) -> dict[CellKey, Value]:
    figures: dict[CellKey, Value] = {}
    for route in ROUTES:
        counts = draw(st.lists(st.integers(0, 300), min_size=4, max_size=4)) if draw(st.booleans()) else [0] * 4
        for outcome, count in zip((*OUTCOMES, "total"), (*counts, sum(counts)), strict=True):
            figures["review_litigation", route, outcome] = count
    return figures


def rendered(truth: Truth, form: str, seed: int, laid_out: tuple[Form, ...] | None = None) -> bytes:
    rendering = FORMS[form]
    random = Random(seed)
    tables = rendering.arrange(random, laid_out or forms(truth))
    page = rendering.page(truth, prose.text(random, truth), tables)
    return page if isinstance(page, bytes) else page.encode()


def read(content: bytes) -> Report:
    (report,) = parse(content, source="specimen")
    return report


def others(truth: Truth, report: Report) -> dict[CellKey, tuple[Value, Value]]:
    """Cells read as something else than what the author meant: (read, meant)."""
    values = ((cell.key, cell.value) for cell in report.cells)
    return {
        key: (value, truth.figures[key])
        for key, value in values
        if value is not None and key in truth.figures and value != truth.figures[key]
    }


@settings(max_examples=120, deadline=None, derandomize=True)
@given(truths(), st.sampled_from(KEEPING + LOSING), st.integers(0, 99))
def test_a_complete_table_reads_back_whole(truth: Truth, form: str, seed: int) -> None:
    report = read(rendered(truth, form, seed))
    values = {cell.key: cell.value for cell in report.cells}
    assert {key: values.get(key) for key in truth.figures} == truth.figures
    assert (report.organization, report.year) == (truth.organization, truth.year)
    assert [finding for finding in report.findings if finding.severity == "error"] == []


@settings(max_examples=60, deadline=None, derandomize=True)
@given(truths(), st.sampled_from(GLUED), st.integers(0, 99))
def test_glued_figures_are_proved_or_refused(truth: Truth, form: str, seed: int) -> None:
    report = read(rendered(truth, form, seed))
    assert others(truth, report) == {}
    assert not any(cell.basis == "observed" and cell.table == "requests" for cell in report.cells)


@settings(max_examples=120, deadline=None, derandomize=True)
@given(truths(), st.sampled_from(KEEPING + LOSING), st.sampled_from(("", "/", "—")), st.data())
def test_blanks_become_null_or_what_was_meant(truth: Truth, form: str, token: str, data: st.DataObject) -> None:
    keys = sorted(truth.raw)
    blank = set(data.draw(st.lists(st.sampled_from(keys), max_size=40)))
    hurt = replace(truth, raw={key: token if key in blank else raw for key, raw in truth.raw.items()})
    assert others(hurt, read(rendered(hurt, form, 0))) == {}


@settings(max_examples=60, deadline=None, derandomize=True)
@given(truths(), st.sampled_from(KEEPING), st.data())
def test_rows_that_do_not_stand_shift_nobody(truth: Truth, form: str, data: st.DataObject) -> None:
    rows = sorted({key[1] for key in truth.raw if key[0] == "requests"} - {"received_new", "concluded_total"})
    gone = frozenset(data.draw(st.lists(st.sampled_from(rows), min_size=1, max_size=3)))
    report = read(rendered(truth, form, 0, damage.without_rows(forms(truth), gone)))
    assert others(truth, report) == {}
    missing = {cell.row for cell in report.cells if cell.table == "requests" and cell.basis == "missing"}
    assert missing == gone


@settings(max_examples=60, deadline=None, derandomize=True)
@given(truths(), st.integers(0, 1_000), st.sampled_from(("html", "html, Word", "html, loose", "text, pipes")))
def test_typing_slips_and_furniture_change_no_figure(truth: Truth, seed: int, form: str) -> None:
    random = Random(seed)
    laid_out = damage.with_furniture(random, damage.with_typos(random, forms(truth)))
    report = read(rendered(truth, form, seed, laid_out))
    values = {cell.key: cell.value for cell in report.cells}
    assert {key: values.get(key) for key in truth.figures} == truth.figures


@pytest.mark.parametrize("table", [flat.cell_lines, flat.row_lines, flat.piped])
@settings(max_examples=25, deadline=None, derandomize=True)
@given(truths())
def test_locators_of_text_point_at_the_printed_figure(table: flat.TableText, truth: Truth) -> None:
    text = flat.text_page(truth, prose.text(Random(0), truth), forms(truth), table)
    lines = text.splitlines()
    for cell in read(text.encode()).cells:
        if cell.basis == "observed" and cell.locator is not None and cell.raw is not None:
            line, column = (int(number) for number in cell.locator.removeprefix("text:").split(","))
            assert lines[line - 1][column - 1 :].startswith(cell.raw)


def test_every_form_has_been_tried() -> None:
    assert {*KEEPING, *LOSING, *GLUED} == set(FORMS)
