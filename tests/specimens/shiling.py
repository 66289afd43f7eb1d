"""The 2020 report of 广州市花都区狮岭镇人民政府 in figures: the one real body among the specimens.

Figures as the town published them on 2021-01-21; form labels are those of the official form, the sentences around them
ours. Its totals are wrong in the source, and stay so: one request came in, none was carried over, and (七)总计 says 2.
"""

from decimal import Decimal

from parsers.report import CellKey, Value
from parsers.template import load

from .figures import broken, printed_cells
from .truth import Planted, Truth, printed

ORGANIZATION = "广州市花都区狮岭镇人民政府"
TITLE = "广州市花都区狮岭镇政府信息公开工作2020年度报告"
_ONE_REQUEST: tuple[CellKey, ...] = tuple(
    ("requests", row, column) for row in ("received_new", "disclosed_full") for column in ("natural_person", "total")
)
_SEEDS: tuple[CellKey, ...] = (
    ("requests", "concluded_total", "natural_person"),
    ("requests", "concluded_total", "total"),
)
_SECTION_TWO: dict[CellKey, Value] = {
    ("art20_5", "other_external_services", "items_prev_year"): 71,
    ("art20_5", "other_external_services", "items_change"): 6,
    ("art20_5", "other_external_services", "decisions"): 47331,
    ("art20_6", "administrative_penalty", "items_prev_year"): 7,
    ("art20_6", "administrative_penalty", "decisions"): 1632,
    ("art20_6", "administrative_compulsion", "items_prev_year"): 7,
    ("art20_6", "administrative_compulsion", "decisions"): 6,
    ("art20_8", "administrative_fees", "items_prev_year"): 3,
    ("art20_9", "centralized_procurement", "projects"): 43,
    ("art20_9", "centralized_procurement", "amount"): Decimal(346490),
}
_RAW: dict[CellKey, str] = {
    ("art20_5", "other_external_services", "items_change"): "+6",
    ("art20_9", "centralized_procurement", "amount"): "346490.00元",
}


def shiling() -> Truth:
    """All 198 cells as published, zeros included, with the mistake labelled."""
    edition = "format_2019"
    tables = [table for table in load().tables if edition in table.editions]
    keys = [(table.id, row.key, column.key) for table in tables for row, column in printed_cells(table, edition)]
    figures: dict[CellKey, Value] = dict.fromkeys(keys, 0)
    figures |= dict.fromkeys(_ONE_REQUEST, 1) | dict.fromkeys(_SEEDS, 2) | _SECTION_TWO
    raw = {key: _RAW.get(key, printed(value)) for key, value in figures.items()}
    planted = Planted("concluded_pair", _SEEDS, broken(figures))
    editions = {table.id: edition for table in tables}
    return Truth(ORGANIZATION, 2020, TITLE, "2021-01-21", "2021年1月20日", editions, figures, raw, planted=(planted,))
