"""The official form as data (step 5: alignment): tables, rows, columns, labels, identities, each with its editions.

Loaded from `templates/*.toml`, one file per table and `form.toml` for what is no table, checked on load. Sources of
labels and identities: 国办公开办函〔2019〕60号 (format_2019), 国办公开办函〔2021〕30号 (format_2021),
国办发〔2014〕32号 (stat_table_2014), local forms of 2008-2018 (freeform_2008). Two shorthands keep
the files readable (`shorthands`).
"""

import re
from collections import Counter
from functools import cache, cached_property
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Literal, TypeVar

import msgspec
from msgspec import Struct

from parsers.errors import TemplateError
from parsers.labels import normalise
from parsers.shorthands import written_out

Edition = str
LineType = Literal["count", "signed_count", "money", "text"]
Scope = Literal[
    "each_printed_row_over_columns",
    "each_printed_column_over_rows",
    "over_rows",
    "each_printed_column_cross_year",
    "each_printed_row_cross_year",
    "semantic",
    "cross_table",
    "cross_year",
    "cross_level",
    "cross_text",
]


class Line(Struct, frozen=True, forbid_unknown_fields=True, eq=False, dict=True):
    """A row or column of a table in some editions. (key, edition) is unique; `labels[0]` is the official label, the
    rest are variants seen in real reports; `patterns` are regular expressions over normalised labels.

    A line, a table and a form equal only themselves: what follows from one of them is computed once and kept for it.
    """

    key: str
    labels: tuple[str, ...]
    label_en: str
    editions: tuple[Edition, ...]
    type: LineType = "count"
    unit: str | None = None
    printed: bool = True
    local_extension: bool = False
    enumerator: str | None = None
    parent: str | None = None
    sum_of: tuple[str, ...] = ()
    header_path: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    unverified: tuple[str, ...] = ()
    note: str | None = None
    legal_basis: str | None = None

    def __post_init__(self) -> None:
        if not self.labels or not all(self.labels):
            raise ValueError(f"'{self.key}' has no label")
        for pattern in self.patterns:
            try:
                re.compile(pattern)
            except re.error as error:
                raise ValueError(f"'{self.key}' has a pattern that does not compile, {pattern}: {error}") from error

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Every normalised spelling."""
        return tuple(dict.fromkeys(filter(None, map(normalise, (*self.labels, *self.unverified)))))

    @cached_property
    def long_names(self) -> tuple[str, ...]:
        """The spellings that are telling anywhere in a text (其他 and 总计 stand in all tables, and in sentences)."""
        return tuple(name for name in self.names if len(name) > 3)


class Term(Struct, frozen=True, forbid_unknown_fields=True):
    """One addend of an identity: `coef` times the row or column `key`, of the year `year_offset` years later."""

    key: str
    coef: int = 1
    year_offset: int = 0


class Identity(Struct, frozen=True, forbid_unknown_fields=True):
    """A 勾稽关系: left op right. `scope` says over which axis the sums run and for what they are repeated.

    `null_policy` "null_unknown": a blank is an unknown whole number ≥ 0; "skip_if_null": not evaluated with a blank.
    Identities that are no sums of one table (`scope` semantic, cross_table, …) have a `rule` in words and no terms.
    `first_year` and `last_year` bound the report years for which it may be evaluated.
    """

    id: str
    editions: tuple[Edition, ...]
    scope: Scope
    severity: Literal["error", "warning", "info"]
    description: str
    description_en: str
    left: tuple[Term, ...] = ()
    op: Literal["=", "<=", ">="] | None = None
    right: tuple[Term, ...] = ()
    null_policy: Literal["null_unknown", "skip_if_null"] = "null_unknown"
    first_year: int | None = None
    last_year: int | None = None
    rule: str | None = None
    basis: str | None = None

    def __post_init__(self) -> None:
        if (self.op is None) != (not self.left) or (self.op is None and self.rule is None):
            raise ValueError(f"identity '{self.id}' needs either an equation or a rule in words")


class LocalForm(Struct, frozen=True, forbid_unknown_fields=True):
    """One known form of a local table: its rows in printed order, and labels (`tell_by`) that only it has."""

    id: str
    label_en: str
    columns: tuple[str, ...]
    rows: tuple[str, ...]
    not_always: tuple[str, ...] = ()
    tell_by: tuple[str, ...] = ()


class Table(Struct, frozen=True, forbid_unknown_fields=True, eq=False, dict=True):
    """One table of the form. Type and unit of a cell are those of the axis that `measure_axis` names.

    `heads` are labels that stand in the table above a group of rows or columns, or beside it, and have no figures.
    """

    id: str
    caption: str
    label_en: str
    editions: tuple[Edition, ...]
    measure_axis: Literal["rows", "columns"]
    rows: tuple[Line, ...]
    columns: tuple[Line, ...]
    identities: tuple[Identity, ...] = ()
    section: int | None = None
    captions: tuple[str, ...] = ()
    heads: tuple[str, ...] = ()
    row_header: str | None = None
    unit_header: tuple[str, ...] = ()
    local_extension: bool = False
    kind: Literal["table", "prose"] = "table"
    forms: tuple[LocalForm, ...] = ()
    legal_basis: str | None = None
    note: str | None = None

    def __post_init__(self) -> None:
        _check_lines(self, "row", self.rows)
        _check_lines(self, "column", self.columns)
        keys = {line.key for line in (*self.rows, *self.columns)}
        for identity in self.identities:
            _check_editions(f"identity '{identity.id}'", identity.editions, self.editions)
            for term in (*identity.left, *identity.right):
                if term.key not in keys:
                    raise ValueError(
                        f"identity '{identity.id}' names '{term.key}', which is no row or column of table '{self.id}'"
                    )
        for form in self.forms:
            for key in (*form.rows, *form.columns, *form.not_always):
                if key not in keys:
                    raise ValueError(f"form '{form.id}' names '{key}', which is no row or column of table '{self.id}'")

    def rows_of(self, edition: Edition) -> tuple[Line, ...]:
        """The printed rows of an edition in template order, local extensions included."""
        return self._standing.get(("rows", edition), ())

    def columns_of(self, edition: Edition) -> tuple[Line, ...]:
        """The printed columns of an edition in template order."""
        return self._standing.get(("columns", edition), ())

    @cached_property
    def _standing(self) -> dict[tuple[str, Edition], tuple[Line, ...]]:
        return {
            (axis, edition): tuple(line for line in lines if edition in line.editions and line.printed)
            for axis, lines in (("rows", self.rows), ("columns", self.columns))
            for edition in self.editions
        }

    def identities_of(self, edition: Edition) -> tuple[Identity, ...]:
        return tuple(identity for identity in self.identities if edition in identity.editions)

    def cells_of(self, edition: Edition) -> tuple[tuple[Line, Line], ...]:
        """The (row, column) pairs that every report in this edition has to give, in template order.

        Rows that only some localities add are not among them; a local table has none at all, since no locality prints
        all of its rows: both give cells only where they stand.
        """
        if self.local_extension:
            return ()
        columns = self.columns_of(edition)
        return tuple((row, column) for row in self.rows_of(edition) if not row.local_extension for column in columns)


class EditionForm(Struct, frozen=True, forbid_unknown_fields=True):
    """One edition of the form. `since_year` and `until_year` are nominal report years (None: still in force); bodies
    keep older layouts for years, so they never decide which edition a table has."""

    id: Edition
    label: str
    label_en: str
    since_year: int
    basis: str
    deadline: str
    tables: tuple[str, ...]
    until_year: int | None = None
    note: str | None = None


class SectionForm(Struct, frozen=True, forbid_unknown_fields=True):
    """One of the six prescribed sections. `labels[0]` is the official wording, the rest are wordings seen; all without
    number, because numbers of sections shift and restart. `themes` are what the 2021 form wants told under it."""

    key: str
    number: int
    labels: tuple[str, ...]
    label_en: str
    kind: Literal["text", "tables"]
    patterns: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    note: str | None = None

    def __post_init__(self) -> None:
        for pattern in self.patterns:
            try:
                re.compile(pattern)
            except re.error as error:
                raise ValueError(f"section '{self.key}' has a pattern that does not compile: {error}") from error


class Recognition(Struct, frozen=True, forbid_unknown_fields=True):
    """Labels of which any one, standing in a table (not in prose), speaks for an edition of that table."""

    edition: Edition
    labels: tuple[str, ...]
    weight: Literal["strong", "medium"]


class Form(Struct, frozen=True, forbid_unknown_fields=True):
    """`form.toml`: what belongs to the whole form and to no single table."""

    tables: tuple[str, ...]
    editions: tuple[EditionForm, ...]
    sections: tuple[SectionForm, ...]
    recognition: tuple[Recognition, ...]
    identities: tuple[Identity, ...] = ()


class Template(Struct, frozen=True, eq=False, dict=True):
    """The whole official form. `tables` stand in template order; `identities` are the rules for all tables."""

    tables: tuple[Table, ...]
    editions: tuple[EditionForm, ...]
    sections: tuple[SectionForm, ...]
    recognition: tuple[Recognition, ...]
    identities: tuple[Identity, ...] = ()

    def table(self, table_id: str) -> Table:
        """The table of that id. Raises KeyError for an unknown one."""
        for table in self.tables:
            if table.id == table_id:
                return table
        raise KeyError(table_id)

    @cached_property
    def row_names(self) -> frozenset[str]:
        """Every spelling of every row."""
        return frozenset(name for table in self.tables for row in table.rows for name in row.names)

    @cached_property
    def telling_row_names(self) -> frozenset[str]:
        """Those that are no column labels as well (其他 and 总计 are both)."""
        return self.row_names - self.column_names

    @cached_property
    def column_names(self) -> frozenset[str]:
        """Every spelling of every column."""
        return frozenset(name for table in self.tables for column in table.columns for name in column.names)

    def edition(self, edition_id: Edition) -> EditionForm:
        """The edition of that id. Raises KeyError for an unknown one."""
        for edition in self.editions:
            if edition.id == edition_id:
                return edition
        raise KeyError(edition_id)


def load(folder: Path | None = None) -> Template:
    """The form as written in `folder` (None: the packaged one, read once). Raises TemplateError naming file and key."""
    return _load_packaged() if folder is None else _load(folder)


@cache
def _load_packaged() -> Template:
    return _load(resources.files("parsers") / "templates")


def _load(folder: Traversable) -> Template:
    form = _read(folder / "form.toml", Form)
    tables = tuple(_read(folder / f"{table_id}.toml", Table) for table_id in form.tables)
    template = Template(tables, form.editions, form.sections, form.recognition, form.identities)
    _check_form(form, tables, folder)
    return template


FormOrTable = TypeVar("FormOrTable", Form, Table)


def _read(path: Traversable, form: type[FormOrTable]) -> FormOrTable:
    try:
        raw = msgspec.toml.decode(path.read_bytes())
        return msgspec.convert(written_out(raw), type=form)
    except OSError as error:
        raise TemplateError(f"{path}: cannot be read: {error.strerror}") from error
    except (msgspec.DecodeError, ValueError) as error:
        raise TemplateError(f"{path}: {error}") from error


def _check_lines(table: Table, axis: str, lines: tuple[Line, ...]) -> None:
    keys = {line.key for line in lines}
    seen = Counter((line.key, edition) for line in lines for edition in line.editions)
    for (key, edition), count in seen.items():
        if count > 1:
            raise ValueError(f"{axis} '{key}' stands {count} times in edition {edition} of table '{table.id}'")
    for line in lines:
        _check_editions(f"{axis} '{line.key}'", line.editions, table.editions)
        for other in (*line.sum_of, *([line.parent] if line.parent else [])):
            if other not in keys:
                raise ValueError(f"{axis} '{line.key}' names '{other}', which is no {axis} of table '{table.id}'")


def _check_editions(what: str, editions: tuple[Edition, ...], known: tuple[Edition, ...]) -> None:
    unknown = set(editions) - set(known)
    if unknown or not editions:
        raise ValueError(f"{what} has editions {sorted(editions)}, of which the table knows {sorted(known)}")


def _check_form(form: Form, tables: tuple[Table, ...], folder: Traversable) -> None:
    path = folder / "form.toml"
    known = {edition.id: set(edition.tables) for edition in form.editions}
    for edition, listed in known.items():
        standing = {table.id for table in tables if edition in table.editions}
        if listed != standing:
            raise TemplateError(f"{path}: edition {edition}: {sorted(listed ^ standing)} stand here or there only")
    named = {recognition.edition for recognition in form.recognition}
    named |= {edition for table in tables for edition in table.editions}
    named |= {edition for identity in form.identities for edition in identity.editions}
    if named - set(known):
        raise TemplateError(f"{path}: unknown editions are named: {sorted(named - set(known))}")
    identities = (*form.identities, *(identity for table in tables for identity in table.identities))
    for identity_id, times in Counter(identity.id for identity in identities).items():
        if times > 1:
            raise TemplateError(f"{folder}: identity '{identity_id}' stands {times} times")
