"""The official form as data (step 5: alignment): tables, rows, columns, labels, identities, each with its editions.

Loaded from `templates/*.toml`, one file per table, checked on load. Sources of labels and identities: 国办公开办函
〔2019〕60号 (format_2019), 国办公开办函〔2021〕30号 (format_2021), 国办发〔2014〕32号 (stat_table_2014), local forms of
2008-2018 (freeform_2008).
"""

from typing import Literal

from msgspec import Struct

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


class Line(Struct, frozen=True, forbid_unknown_fields=True):
    """A row or column of a table in some editions. (key, edition) is unique; `labels[0]` is the official label, the rest
    are variants seen in real reports; `patterns` are regular expressions over normalised labels."""

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


class Term(Struct, frozen=True, forbid_unknown_fields=True):
    """One addend of an identity: `coef` times the row or column `key`, of the year `year_offset` years later."""

    key: str
    coef: int = 1
    year_offset: int = 0


class Identity(Struct, frozen=True, forbid_unknown_fields=True):
    """A 勾稽关系: left op right. `scope` says over which axis the sums run and for what they are repeated.

    `null_policy` "null_unknown": a blank is an unknown whole number ≥ 0; "skip_if_null": not evaluated with a blank.
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
    rule: str | None = None
    basis: str | None = None


class Table(Struct, frozen=True, forbid_unknown_fields=True):
    """One table of the form. Type and unit of a cell are those of the axis that `measure_axis` names."""

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
    row_header: str | None = None
    unit_header: tuple[str, ...] = ()
    local_extension: bool = False
    kind: Literal["table", "prose"] = "table"
    legal_basis: str | None = None
    note: str | None = None

    def rows_of(self, edition: Edition) -> tuple[Line, ...]:
        """The printed rows of an edition in template order, local extensions included."""
        return tuple(line for line in self.rows if edition in line.editions and line.printed)

    def columns_of(self, edition: Edition) -> tuple[Line, ...]:
        """The printed columns of an edition in template order."""
        return tuple(line for line in self.columns if edition in line.editions and line.printed)

    def identities_of(self, edition: Edition) -> tuple[Identity, ...]:
        return tuple(identity for identity in self.identities if edition in identity.editions)
