"""Rows and columns of the form in its own words, with the unit in which values are kept: money in yuan, whatever unit the
form prints."""

import re
from functools import cache

from nianbao.voice import Language
from parsers.report import CellKey
from parsers.template import Line, load

_PRINTED_UNIT = re.compile(r"[（(](?:单位[:：])?(?:万元|元)[）)]")


def label_of(line: Line, language: Language) -> str:
    """The official label of a row or column."""
    if language == "en":
        return f"{line.label_en} (yuan)" if line.type == "money" else line.label_en
    return f"{_PRINTED_UNIT.sub('', line.labels[0])}（元）" if line.type == "money" else line.labels[0]


@cache
def row_label(key: CellKey, language: Language) -> str:
    """The label of a cell's row."""
    return next(label_of(line, language) for line in load().table(key[0]).rows if line.key == key[1])


@cache
def column_label(key: CellKey, language: Language) -> str:
    """The label of a cell's column."""
    return next(label_of(line, language) for line in load().table(key[0]).columns if line.key == key[2])
