"""The packaged form holds together, a broken one is refused by name, and both agree with the reference codebook."""

import json
import os
import shutil
from collections import Counter
from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from msgspec import to_builtins

from parsers.errors import TemplateError
from parsers.template import Template, Term, load

ARTICLE_20 = ["art20_1", "art20_5", "art20_6", "art20_8", "art20_9"]
TABLES = [*ARTICLE_20, "requests", "review_litigation", "stat_2014", "local_2008", "fees_text"]


@pytest.fixture(scope="module")
def template() -> Template:
    return load()


@pytest.fixture(scope="module")
def reference() -> dict[str, Any]:
    corpus = os.environ.get("NIANBAO_CORPUS")
    if not corpus:
        pytest.skip("NIANBAO_CORPUS is not set: no reference codebook to compare with")
    path = Path(corpus).parent / "templates" / "codebook.json"
    if not path.exists():
        pytest.skip("NIANBAO_CORPUS has no reference codebook beside it")
    loaded: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return loaded


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    with resources.as_file(resources.files("parsers") / "templates") as packaged:
        return Path(shutil.copytree(packaged, tmp_path / "templates"))


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_packaged_form_is_read_once_and_in_order(template: Template) -> None:
    assert load() is template
    assert [table.id for table in template.tables] == TABLES
    assert [section.number for section in template.sections] == [1, 2, 3, 4, 5, 6]


def test_a_copy_of_the_form_reads_as_the_packaged_one(template: Template, copy: Path) -> None:
    assert to_builtins(load(copy)) == to_builtins(template)


def test_an_equation_becomes_signed_terms(template: Template) -> None:
    in_force = next(i for i in template.table("art20_1").identities if i.id == "XY_IN_FORCE")
    assert in_force.left == (Term("in_force"),)
    assert in_force.right == (Term("in_force", 1, -1), Term("issued_this_year"), Term("repealed_this_year", -1))
    nonnegative = next(i for i in template.table("art20_5").identities if i.id == "ITEMS_NONNEG_5")
    assert (nonnegative.op, nonnegative.right) == (">=", ())


def test_a_row_without_editions_stands_in_those_of_its_table(template: Template) -> None:
    rules = template.table("art20_1").rows[0]
    assert rules.editions == ("format_2019", "format_2021")


def test_cells_leave_out_headings_and_local_rows(template: Template) -> None:
    keys = {row.key for row, _ in template.table("art20_1").cells_of("format_2019")}
    assert keys == {"rules", "normative_documents"}
    assert not any(row.key == "denied_total" for row, _ in template.table("requests").cells_of("format_2021"))
    assert template.table("local_2008").cells_of("freeform_2008") == ()
    assert template.table("fees_text").cells_of("format_2021") == ()
    assert template.table("art20_9").cells_of("format_2021") == ()


@pytest.mark.parametrize("name", ["table", "edition"])
def test_an_unknown_name_is_a_key_error(template: Template, name: str) -> None:
    ask: Callable[[str], object] = getattr(template, name)
    with pytest.raises(KeyError, match="nowhere"):
        ask("nowhere")


@pytest.mark.parametrize(
    ("file", "old", "new", "complaint"),
    [
        ("art20_1.toml", 'key = "rules"', 'kee = "rules"', "kee"),
        ("art20_1.toml", "= repealed", "", None),
        ("requests.toml", "received_new + carried_over_in =", "received_new + carryover =", "'carryover'"),
        ("requests.toml", "received_new + carried_over_in =", "received_new carried_over_in ==", "REQ_BALANCE"),
        ("requests.toml", 'parent = "denied_total"', 'parent = "denied"', "'denied'"),
        ("requests.toml", 'key = "carried_over_in"', 'key = "received_new"', "'received_new' stands 2 times"),
        ("art20_5.toml", 'editions = ["format_2019"]', 'editions = ["format_2018"]', "format_2018"),
        ("art20_6.toml", 'labels = ["行政处罚"]', "labels = []", "'administrative_penalty' has no label"),
        ("local_2008.toml", "'^(19|20)", "'^((19|20)", "'value' has a pattern"),
        ("local_2008.toml", 'columns = ["value", "year_to_date"]', 'columns = ["years"]', "'years'"),
        ("art20_9.toml", "id = ", "id == ", "art20_9.toml"),
        ("form.toml", '"art20_9", "requests"', '"requests"', "art20_9"),
        ("form.toml", 'edition = "format_2019"', 'edition = "format_1999"', "format_1999"),
        ("form.toml", 'id = "NONNEG_INT"', 'id = "RL_TOTAL"', "'RL_TOTAL' stands 2 times"),
        ("form.toml", 'rule = "cells', 'basis_ = "cells', "basis_"),
    ],
)
def test_a_broken_form_is_refused_by_file_and_key(
    copy: Path, file: str, old: str, new: str, complaint: str | None
) -> None:
    if complaint is None:
        (copy / file).unlink()
        complaint = "cannot be read"
    else:
        edit(copy / file, old, new)
    with pytest.raises(TemplateError) as raised:
        load(copy)
    assert complaint in str(raised.value)
    assert str(copy) in str(raised.value)
    if "stands" not in complaint or file != "form.toml":
        assert file in str(raised.value)


# -- the reference codebook ------------------------------------------------------------------------------------------


def lines_of(table: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [(axis, line) for axis in ("rows", "columns") for line in table[axis]]


def test_reference_tables_and_editions(template: Template, reference: dict[str, Any]) -> None:
    assert {t["id"]: tuple(t["templates"]) for t in reference["tables"]} == {t.id: t.editions for t in template.tables}
    theirs = {e["id"]: (e["since_year"], e["until_year"], tuple(e["tables"])) for e in reference["templates"]}
    assert theirs == {e.id: (e.since_year, e.until_year, e.tables) for e in template.editions}


def test_reference_rows_and_columns(template: Template, reference: dict[str, Any]) -> None:
    for theirs in reference["tables"]:
        ours = template.table(theirs["id"])
        assert theirs["measure_axis"] == ours.measure_axis
        for axis in ("rows", "columns"):
            lines = ours.rows if axis == "rows" else ours.columns
            assert [line["key"] for line in theirs[axis]] == [line.key for line in lines]
            for line, want in zip(lines, theirs[axis], strict=True):
                where = (ours.id, line.key)
                assert line.editions == tuple(want["templates"]), where
                assert line.labels[0] == want["labels_zh"][0], where
                assert set(line.labels) >= {*want["labels_zh"], *want.get("label_variants", [])}, where
                assert set(line.patterns) >= set(want.get("label_patterns", [])), where
                assert line.printed == want["printed"], where
                assert line.local_extension == want.get("local_extension", False), where
                assert line.type == want["type"], where
                assert line.parent == want.get("parent"), where
                assert line.sum_of == tuple(want.get("sum_of") or ()), where
                if axis == ours.measure_axis:
                    assert line.unit == want.get("unit"), where


def test_reference_identities(template: Template, reference: dict[str, Any]) -> None:
    owners = [("*", template.identities), *((table.id, table.identities) for table in template.tables)]
    ours = {identity.id: (owner, identity) for owner, identities in owners for identity in identities}
    assert set(ours) == {want["id"] for want in reference["identities"]}
    for want in reference["identities"]:
        owner, identity = ours[want["id"]]
        assert owner == want["table"], identity.id
        assert identity.editions == tuple(want["templates"]), identity.id
        assert (identity.scope, identity.severity) == (want["scope"], want["severity"]), identity.id
        assert identity.op == want.get("op"), identity.id
        for side, terms in (("lhs", identity.left), ("rhs", identity.right)):
            written = [(t["key"], t["coef"], t.get("year_offset", 0)) for t in want.get(side, [])]
            assert [(t.key, t.coef, t.year_offset) for t in terms] == written, identity.id
        if want.get("op"):
            assert identity.null_policy == want["null_policy"], identity.id


def test_reference_cell_counts(template: Template, reference: dict[str, Any]) -> None:
    for edition, counts in reference["cells_per_report"].items():
        ours = {t.id: len(t.cells_of(edition)) for t in template.tables if t.cells_of(edition)}
        assert ours == {table: count for table, count in counts.items() if table != "total"}
        assert sum(ours.values()) == counts["total"]


def test_reference_equation_counts(template: Template, reference: dict[str, Any]) -> None:
    for edition, counts in reference["equations_per_report"].items():
        ours: Counter[str] = Counter()
        for table in template.tables:
            cells = table.cells_of(edition)
            for identity in table.identities_of(edition):
                if identity.op != "=" or identity.scope not in counts_over(cells):
                    continue
                ours[identity.id] = counts_over(cells)[identity.scope]
        assert ours == {name: count for name, count in counts.items() if name != "total"}


def counts_over(cells: tuple[tuple[Any, Any], ...]) -> dict[str, int]:
    return {
        "each_printed_row_over_columns": len({row.key for row, _ in cells}),
        "each_printed_column_over_rows": len({column.key for _, column in cells}),
    }


def test_reference_sections_and_recognition(template: Template, reference: dict[str, Any]) -> None:
    for ours, want in zip(template.sections, reference["sections"], strict=True):
        wordings = {label.partition("、")[2] for label in (*want["labels_zh"], *want["label_variants"])}
        assert (ours.key, ours.number) == (want["key"], want["no"])
        assert set(ours.labels) >= wordings
    theirs = [(r["template"], r["weight"], tuple(r["any_of"])) for r in reference["layout_detection"]]
    assert [(r.edition, r.weight, r.labels) for r in template.recognition] == theirs
