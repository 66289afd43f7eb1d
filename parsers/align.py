"""Strips + template → readings: which printed figures belong to which slots of the form (step 5: alignment).

By labels, per table, with one global assignment for a table whose rows have an order. A label that is torn from its
figures is bound by order between neighbours that are certain, never by nearness. Nothing is decided here that needs
arithmetic: a row with too few figures, or with glued ones, is handed on with all that the labels allow.
"""

from collections.abc import Sequence
from functools import lru_cache

from .assign import STRONG, WEAK, Assignment, carriers, certain_rows, closeness, in_order, is_full, to_the_letter
from .document import Block, Document, Grid
from .heads import Heads
from .layouts import (
    are_numbered,
    beside_each_other,
    cut,
    figures_above,
    has_authors_applicants,
    has_authors_heads,
    heads_directly_above,
    shifted_rows,
    transposed,
)
from .numbers import read_figure
from .reading import (
    Pairs,
    TableReading,
    by_columns_finding,
    by_position_finding,
    doubtful_label,
    figures_above_finding,
    is_fused,
    stands_twice,
    table_reading,
    without_key,
)
from .report import Finding
from .review import review_litigation
from .statistics import statistics_tables
from .strips import Strip, is_figure, rows_of, strips_of
from .template import Edition, Line, Table, Template


def align(document: Document, template: Template) -> tuple[TableReading, ...]:
    """The readings of every table of the form that stands in the document, in template order."""
    upright = [_upright(block, template) for block in document.blocks]
    blocks = beside_each_other(upright, template.table("requests"))
    rows = {number: rows_of(block) for number, block in enumerate(blocks) if isinstance(block, Grid)}
    strips = strips_of(blocks, rows, template.telling_row_names)
    heads = Heads(rows, strips, template)
    is_glued = _is_glued(strips, template.table("requests"))
    found = {reading.table.id: reading for reading in statistics_tables(strips, heads, template)}
    carrying = carriers(_section_two(template), strips)
    read = [reading for table in carrying if (reading := _article_20(table, carrying[table], heads, None, is_glued))]
    favoured = _majority([reading.edition for reading in read if not _is_guessed(reading)])
    requests = _requests(template.table("requests"), strips, heads, favoured, is_glued)
    if requests:
        found["requests"] = requests
    edition = favoured or (requests.edition if requests else None)
    for reading in read:
        table = reading.table
        again = _article_20(table, carrying[table], heads, edition, is_glued) if _is_guessed(reading) else None
        found[table.id] = again or reading
    edition = edition or _majority([reading.edition for reading in read])
    review = review_litigation(template.table("review_litigation"), strips, heads, edition, is_glued)
    if review:
        found["review_litigation"] = review
    return tuple(found[table.id] for table in template.tables if table.id in found)


@lru_cache(maxsize=8)
def _section_two(template: Template) -> tuple[Table, ...]:
    return tuple(table for table in template.tables if table.id.startswith("art20"))


def _upright(block: Block, template: Template) -> Block:
    return transposed(block, template) if isinstance(block, Grid) else block


def _majority(editions: Sequence[Edition]) -> Edition | None:
    """The commonest edition; of equals the one met first (art20_1)."""
    return max(editions, key=lambda edition: (editions.count(edition), -editions.index(edition)), default=None)


# --- requests ---


def _requests(
    table: Table, strips: tuple[Strip, ...], heads: Heads, favoured: Edition | None, is_glued: bool
) -> TableReading | None:
    """Section three: 23 or 25 rows of seven figures, whose order is the form's."""
    window, by_columns = _window(table, strips, heads)
    if not window:
        return None
    is_flowing = any(not strip.in_grid for strip in window)
    is_authors_order = is_flowing and (are_numbered(window) or any(map(has_authors_applicants, strips)))
    for edition in table.editions:
        above = None if is_authors_order else figures_above(table.rows_of(edition), window, 7)
        if above:
            return _under_its_figures(table, edition, window, above, heads, is_glued)
    edition, assignment = _assigned(table, window, favoured)
    rows = table.rows_of(edition)
    pairs = {i: j for i, j in assignment.pairs.items() if window[j].fields or assignment.close[i] >= STRONG}
    sure = certain_rows(len(rows), window, assignment, 7)
    findings = [
        doubtful_label(table, rows[i], window[j], edition)
        for i, j in pairs.items()
        if i not in sure or (assignment.close[i] < STRONG and window[j].in_grid and window[j].label)
    ]
    findings += _unkeyed(table, heads, window, pairs)
    if by_columns:
        findings.append(by_columns_finding(table, edition))
    twice = _standing_twice(rows, window, pairs)
    shifted = set() if all(strip.in_grid for strip in window) else shifted_rows(rows, window, pairs, 7)
    findings += [stands_twice(table, rows[i], edition) for i in twice]
    refused = {*pairs} - sure | {*twice} | shifted
    if is_authors_order:
        refused |= {i for i, j in pairs.items() if not window[j].in_grid}
    matched: Pairs = {i: window[j] for i, j in pairs.items() if i not in refused}
    unsure: Pairs = {i: window[j] for i, j in pairs.items() if i in refused}
    standing = _standing_blank(rows, window, matched, unsure)
    return table_reading(table, edition, rows, matched, heads, tuple(findings), unsure, standing, is_glued)


def _under_its_figures(
    table: Table, edition: Edition, window: list[Strip], above: dict[int, int], heads: Heads, is_glued: bool
) -> TableReading:
    """Section three where each row of figures stands above its label: bound by order, and said so."""
    matched: Pairs = {i: window[j] for i, j in above.items()}
    findings = (figures_above_finding(table, edition),)
    return table_reading(table, edition, table.rows_of(edition), matched, heads, findings, {}, set(), is_glued)


def _assigned(table: Table, window: list[Strip], favoured: Edition | None) -> tuple[Edition, Assignment]:
    """The edition whose rows the strips are, with the strip of each row."""
    for edition in table.editions:
        exact = to_the_letter(table.rows_of(edition), window, 7)
        if exact:
            return edition, exact
    tried = []
    for edition in table.editions:
        rows = table.rows_of(edition)
        assignment = in_order(rows, window, 7)
        score = assignment.score - 3.0 * (not _has_own_row(table, edition, rows, assignment.close))
        tried.append((score + (0.01 if edition == favoured else 0.0), edition, assignment))
    _, edition, assignment = max(tried, key=lambda attempt: attempt[0])
    return edition, assignment


def _has_own_row(
    table: Table, edition: Edition, rows: Sequence[Line], close: dict[int, float]
) -> bool:
    """Whether a row stands that only this edition has, or the edition has none with a label of its own."""
    others = {name for row in table.rows if edition not in row.editions for name in row.names}
    own = [i for i, row in enumerate(rows) if not others & {*row.names} and len(row.editions) == 1]
    own = [
        i for i in own if max(map(len, rows[i].names)) > 2 and rows[i].key not in _keys_elsewhere(table, edition)
    ]
    return not own or any(close.get(i, 0.0) >= 0.7 for i in own)


def _keys_elsewhere(table: Table, edition: Edition) -> set[str]:
    return {row.key for row in table.rows if edition not in row.editions and row.printed}


def _standing_twice(rows: Sequence[Line], window: list[Strip], pairs: dict[int, int]) -> list[int]:
    """Rows whose label stands a second time to the letter, over a whole row of other figures (two reports in one page)."""
    taken = set(pairs.values())
    spare = [strip for j, strip in enumerate(window) if j not in taken and is_full(strip, 7)]
    if not spare:
        return []
    return [
        i
        for i, j in sorted(pairs.items())
        if any(_printed(strip) != _printed(window[j]) and _is_surely(strip, rows[i].names) for strip in spare)
    ]


def _is_surely(strip: Strip, names: tuple[str, ...]) -> bool:
    """Whether a strip carries a label to the letter; in running text a short one (总计) has to be all there is."""
    long_ = tuple(name for name in names if len(name) > 3)
    return strip.label in names or (not strip.in_grid and strip.label.endswith(long_))


def _printed(strip: Strip) -> tuple[object, ...]:
    """What a row says, however its figures are dressed (5, 5件)."""
    read = ((read_figure(field.text), field.text.strip()) for field in strip.fields)
    return tuple((figure.value, figure.unit) if figure else text for figure, text in read)


def _window(table: Table, strips: tuple[Strip, ...], heads: Heads) -> tuple[list[Strip], bool]:
    """The strips from a little before the first certain row to a little behind the last, seven-fold runs cut in rows, and
    whether one of them runs column by column."""
    names = _telling_names(table, 6)
    whole = frozenset(names)
    firm = [
        index
        for index, strip in enumerate(strips)
        if (strip.label in whole if strip.in_grid else strip.label.endswith(names))
    ]
    if not firm and len(list(heads.mentioned(row for row in table.rows if row.printed))) > 2:
        firm = [i for i, strip in enumerate(strips) if any(closeness(strip, (name,)) >= STRONG for name in names)]
    firm = [index for index in firm if not _is_sentence(strips[index])] or firm
    if not firm:
        return [], False
    low, high = firm[0], firm[-1]
    while low > 0 and _could_be_row(strips[low - 1], 7) and not heads.bear_review(strips[low - 1]):
        low -= 1
    while high + 1 < len(strips) and _could_be_row(strips[high + 1], 7) and not heads.bear_review(strips[high + 1]):
        high += 1
    runs = [cut(strip, 7) for strip in strips[low : high + 1]]
    return [row for rows, _ in runs for row in rows], any(by_columns for _, by_columns in runs)


@lru_cache(maxsize=64)
def _telling_names(table: Table, length: int) -> tuple[str, ...]:
    """The spellings of printed rows that are so long or longer."""
    return tuple(dict.fromkeys(name for row in table.rows if row.printed for name in row.names if len(name) >= length))


def _is_sentence(strip: Strip) -> bool:
    """Whether one short figure follows the label, as in a sentence of the prose."""
    return not strip.in_grid and len(strip.fields) == 1 and len(strip.fields[0].text) < 7 and not strip.is_glued


def _could_be_row(strip: Strip, width: int) -> bool:
    """Whether as many figures follow as a row has, or its multiples; cells of merged labels may stand empty before them."""
    printed = sum(bool(field.text.strip()) for field in strip.fields)
    sizes = (width - 1, width, 2 * width, 3 * width)
    figures = sum(is_figure(field.text) for field in strip.fields)
    return (len(strip.fields) in sizes or printed in sizes) and figures >= width - 1


def _is_glued(strips: tuple[Strip, ...], requests: Table) -> bool:
    """Whether a text has lost its borders: labels and figures touch in most rows of section three, or in most rows of a
    statistics table where section three does not stand."""
    names = _telling_names(requests, 4)
    rows = [s for s in strips if not s.in_grid and s.fields and s.label.endswith(names)]
    rows = rows or [s for s in strips if not s.in_grid and s.fields and s.label.endswith(("数条", "数件", "数"))]
    return 2 * sum(strip.is_glued or is_fused(strip) for strip in rows) > len(rows)


def _standing_blank(rows: Sequence[Line], window: list[Strip], matched: Pairs, unsure: Pairs) -> set[int]:
    """Rows without figures whose label nevertheless stands in the text before a later row: blank, not missing."""
    text = " ".join(strip.label for strip in window if not strip.in_grid)
    return {
        i
        for i, row in enumerate(rows)
        if i not in matched and i not in unsure and any(len(name) > 3 and name in text for name in row.names)
    }


def _unkeyed(table: Table, heads: Heads, window: list[Strip], pairs: dict[int, int]) -> list[Finding]:
    """Printed rows inside the table that the form does not know."""
    taken = set(pairs.values())
    spare = [strip for j, strip in enumerate(window) if j not in taken and strip.in_grid and strip.label]
    if not spare:
        return []
    blocks: dict[int, tuple[int, int]] = {}
    for strip in (window[j] for j in pairs.values()):
        low, high = blocks.get(strip.block, (strip.row, strip.row))
        blocks[strip.block] = (min(low, strip.row), max(high, strip.row))
    found = []
    for strip in spare:
        low, high = blocks.get(strip.block, (0, -1))
        is_inside = low < strip.row <= high + 1
        if is_inside and any(is_figure(f.text) for f in strip.fields) and not heads.is_row_of_another(strip, table):
            found.append(without_key(table, strip))
    return found


# --- article 20 ---


def _is_guessed(reading: TableReading) -> bool:
    """Whether the heads of a table did not tell its edition."""
    return any(found.code == "COLUMNS_BY_POSITION" and found.severity == "warning" for found in reading.findings)


def _article_20(
    table: Table, carrying: list[list[Strip]], heads: Heads, favoured: Edition | None, is_glued: bool
) -> TableReading | None:
    """A table of section two: few rows, known by their labels together with the heads above them. `carrying`: the strips
    that carry each row's label. `favoured` is the edition of the tables around it, which counts where its own heads do
    not tell."""
    if not any(heads.mentioned(table.columns, "信息内容", "第二十条")):
        return None
    candidates: dict[str, list[Strip]] = {row.key: [] for row in table.rows}
    for row, strips in zip(table.rows, carrying, strict=True):
        found = candidates[row.key]
        for strip in strips:
            if heads.bear(strip, table) and strip not in found:
                found.append(strip)
    candidates = _with_the_tables_heads(candidates, table, heads)
    standing = [strip for found in candidates.values() for strip in found]
    if not standing:
        return None
    edition, score = heads.edition(table, standing, favoured)
    rows = table.rows_of(edition)
    matched: Pairs = {}
    unsure: Pairs = {}
    findings: list[Finding] = []
    for i, row in enumerate(rows):
        found = candidates.get(row.key, [])
        if not found:
            continue
        if len(found) > 1 and len({_printed(strip) for strip in found}) > 1:
            unsure[i] = found[0]
            findings.append(stands_twice(table, row, edition))
        matched[i] = found[0]
    if heads_directly_above(heads.before(next(iter(matched.values()), None)), table.columns_of(edition)):
        unsure |= matched
        findings.append(figures_above_finding(table, edition))
    first = next(iter(matched.values()), None)
    headed = [*matched.values()]
    if first and not any(name in first.label for column in table.columns for name in column.long_names):
        headed += filter(None, [heads.before(first)])  # its heads stand before a row that was not read
    if any(has_authors_heads(strip, table.columns_of(edition)) for strip in headed):
        unsure |= {i: strip for i, strip in matched.items() if not strip.in_grid}
    if score < WEAK:
        cells = tuple((table.id, row.key, column.key) for row, column in table.cells_of(edition))
        findings.append(by_position_finding(table, cells, "warning"))
    keyed = [strip for row in rows for strip in candidates.get(row.key, [])]
    of_other_editions = [strip for strip in standing if strip.in_grid and strip not in keyed]
    below = [strip for strip in heads.rows_below(standing) if strip not in standing]
    findings += [without_key(table, strip) for strip in (*of_other_editions, *below)]
    return table_reading(table, edition, rows, matched, heads, tuple(findings), unsure, set(), is_glued)


def _with_the_tables_heads(candidates: dict[str, list[Strip]], table: Table, heads: Heads) -> dict[str, list[Strip]]:
    """Only the rows under heads of this table, where some stand so: 信息内容 alone may head any table of the author's."""
    headed = {key: [s for s in found if heads.bear_columns(s, table)] for key, found in candidates.items()}
    return headed if any(headed.values()) else candidates
