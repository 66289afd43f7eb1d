"""The generator keeps its promises: consistent figures, labelled mistakes, invented names, an oracle that tells the truth."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from parsers.divisions import lookup
from parsers.template import load
from tests.specimens import errors, possible, prose
from tests.specimens.figures import APPLICANTS, broken, printed_cells
from tests.specimens.forms import forms, places
from tests.specimens.render import DAMAGES, EDITIONS, random_truth, specimen, suffers
from tests.specimens.renderings import FORMS

SEEDS = st.integers(0, 10**6)
NATIONAL = ("format_2019", "format_2021", "mixed")


@settings(max_examples=60, deadline=None, derandomize=True)
@given(SEEDS, st.sampled_from(EDITIONS))
def test_reports_hold_together_and_print_every_cell_of_their_editions(seed: int, edition: str) -> None:
    truth = random_truth(Random(seed), edition)
    assert broken(truth.figures) == ()
    for table_id, table_edition in truth.editions.items():
        table = load().table(table_id)
        if not table.local_extension:
            keys = {(table_id, row.key, column.key) for row, column in printed_cells(table, table_edition)}
            assert keys == {key for key in truth.raw if key[0] == table_id}
    assert truth.raw.keys() == truth.figures.keys()


@settings(max_examples=60, deadline=None, derandomize=True)
@given(SEEDS, st.sampled_from(EDITIONS))
def test_laid_out_forms_are_rectangles_that_hold_each_figure_once(seed: int, edition: str) -> None:
    truth = random_truth(Random(seed), edition)
    laid_out = forms(truth)
    assert all(len(row) == form.width for form in laid_out for row in places(form))
    keys = [box.key for form in laid_out for row in form.rows for box in row if box.key is not None]
    assert sorted(keys) == sorted(truth.figures)


@pytest.mark.parametrize("kind", errors.PLANTS)
def test_a_planted_mistake_breaks_what_its_label_says(kind: str) -> None:
    random = Random(kind)
    planted = 0
    for _ in range(40):
        try:
            truth = errors.PLANTS[kind](random, random_truth(random, "format_2021", "planted mistake"))
        except ValueError:
            continue
        planted += 1
        (label,) = truth.planted
        assert label.broken
        assert set(label.broken) == set(broken(truth.figures))
    assert planted > 5


def test_places_are_invented() -> None:
    assert {name: lookup(name, 2022) for name in prose.ORGANIZATIONS} == dict.fromkeys(prose.ORGANIZATIONS)


@pytest.mark.parametrize("form", FORMS)
def test_the_oracle_only_calls_certain_what_was_meant(form: str) -> None:
    for hurt in DAMAGES:
        for edition in EDITIONS:
            if suffers(form, hurt, edition) and hurt not in ("zeros blank", "only totals"):
                made = specimen(Random(f"{form} {hurt} {edition}"), form, hurt, edition)
                assert made.certain.items() <= made.truth.figures.items()
                assert not made.certain.keys() & made.undecided


def test_the_oracle_tells_what_variants_of_real_reports_show() -> None:
    """Examples worked out by hand: 300000131 is 30 0 0 0 0 1 31; 440000044 has two readings; 0016 is 0 0 16."""
    assert possible.summing_cuts("300000131", 7) == {(30, 0, 0, 0, 0, 1, 31)}
    assert possible.summing_cuts("440000044", 7) == {(44, 0, 0, 0, 0, 0, 44), (4, 40, 0, 0, 0, 0, 44)}
    assert list(possible.cuts("0016", [possible.COUNT] * 3)) == [("0", "0", "16")]
    assert len(list(possible.cuts("1234", [possible.COUNT] * 3))) == 3
    assert possible.summing_fills((5, 0, 0, 0, 0, 5), 7) == {
        (5, 0, 0, 0, 0, 0, 5),
        (0, 5, 0, 0, 0, 0, 5),
        (5, 0, 0, 0, 0, 5, 10),
    }


def test_a_single_blank_follows_from_its_row_and_a_rectangle_of_blanks_from_nothing() -> None:
    truth = random_truth(Random(3), "format_2021", "planted mistake")
    one = ("requests", "disclosed_full", APPLICANTS[0])
    hurt = replace(truth, raw={**truth.raw, one: ""})
    assert possible.all_printed(hurt).certain[one] == truth.figures[one]
    rows, columns = ("disclosed_full", "other_misc"), APPLICANTS[:2]
    rectangle = [("requests", row, column) for row in rows for column in columns]
    more = dict.fromkeys(rectangle, 5) | {("requests", row, "total"): 10 for row in rows}
    for row in ("received_new", "concluded_total"):
        more |= {("requests", row, column): 10 for column in columns} | {("requests", row, "total"): 20}
    full = truth.change({key: truth.figures[key] + n for key, n in more.items()})
    assert broken(full.figures) == ()
    blank = replace(full, raw={**full.raw, **dict.fromkeys(rectangle, "")})
    assert not possible.all_printed(blank).certain.keys() & set(rectangle)
