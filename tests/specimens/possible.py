"""Which figures of a damaged rendering a careful reader could tell, found by enumeration.

An oracle beside `parsers`, with which it shares nothing: glued runs are cut in every way the row sums allow, rows with a
lost figure are filled in every way, and what remains possible is found by passing sums of outcome rows forwards and
backwards (PARTS, BALANCE). Blank cells in known places are the business of `blanks`. What it cannot decide within its
bounds is counted out, not guessed.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import combinations, product

from parsers.report import CellKey, Value
from parsers.template import load

from .blanks import (
    COLUMNS,
    Possible,
    equations,
    filled,
    local_equations,
    local_sums,
    review_equations,
    stat_equations,
)
from .figures import OUTCOMES, ROUTES, parts
from .truth import Truth

MOST_SUMS = 20_000
Vector = tuple[int, ...]


def all_printed(truth: Truth) -> Possible:
    """Every printed figure in its own place; blanks are what the identities leave."""
    certain = {key: truth.figures[key] for key, raw in truth.raw.items() if not is_blank(raw)}
    undecided: set[CellKey] = set()
    blank = [key for key in truth.raw if key not in certain]
    systems = {
        "requests": equations,
        "review_litigation": review_equations,
        "local_2008": local_equations,
        "stat_2014": stat_equations,
    }
    for table, system in systems.items():
        concerned = [key for key in blank if key[0] == table]
        if concerned:
            _take(filled(truth, system(truth), concerned), certain, undecided)
    return Possible(certain, frozenset(undecided))


def is_blank(raw: str) -> bool:
    return raw in ("", "/", "—", "-")


COUNT = r"0|[1-9]\d*"
SIGNED = rf"[+\-]?(?:{COUNT})"
MONEY = rf"(?:{COUNT})(?:\.\d+)?(?:万元|元)?"


def cuts(run: str, kinds: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Every way to cut a run into one figure for each kind (a pattern); figures have no leading zeros."""
    if not kinds:
        if not run:
            yield ()
        return
    for end in range(1, len(run) - len(kinds) + 2):
        if re.fullmatch(kinds[0], run[:end]):
            for rest in cuts(run[end:], kinds[1:]):
                yield (run[:end], *rest)


def summing_cuts(run: str, count: int) -> set[Vector]:
    """The cuts of a run into whole numbers of which the last is the sum of the others."""
    found: set[Vector] = set()

    def cut(start: int, taken: Vector) -> None:
        if len(taken) == count - 1:
            last = run[start:]
            if last and (last == "0" or last[0] != "0") and int(last) == sum(taken):
                found.add((*taken, int(last)))
            return
        for end in range(start + 1, len(run)):
            if run[start] == "0" and end > start + 1:
                break
            cut(end, (*taken, int(run[start:end])))

    cut(0, ())
    return found


def summing_fills(figures: Vector, count: int) -> set[Vector] | None:
    """The rows of `count` numbers, the last their sum, that could have lost one blank to leave `figures`; None where
    more than one was lost."""
    if len(figures) == count:
        return {figures}
    if len(figures) != count - 1:
        return None
    found: set[Vector] = set()
    for place in range(count - 1):
        *parts_, total = figures
        missing = total - sum(parts_)
        if missing >= 0:
            found.add((*figures[:place], missing, *figures[place:]))
    found.add((*figures, sum(figures)))
    return found


def glued(truth: Truth) -> Possible:
    """All borders between figures of a row are lost (every cell of the report is printed)."""
    certain, undecided = _article_20_glued(truth)
    if "requests" in truth.editions:
        rows = {row: summing_cuts("".join(raw), 7) for row, raw in _raws(truth, "requests", COLUMNS).items()}
        _take(_joint(truth, rows), certain, undecided)
        _take(_review_glued(truth), certain, undecided)
    certain |= {key: truth.figures[key] for key in truth.raw if key[0] == "stat_2014"}
    if "local_2008" in truth.editions:
        _take(_local_glued(truth), certain, undecided)
    return Possible(certain, frozenset(undecided))


def vanished(truth: Truth) -> Possible:
    """Blank cells leave nothing behind, rows and figures are still apart."""
    printed = {key: truth.figures[key] for key, raw in truth.raw.items() if raw}
    lost = {key[:2] for key, raw in truth.raw.items() if not raw and key[0] not in ("requests", "review_litigation")}
    certain = {key: value for key, value in printed.items() if key[0] != "requests" and key[:2] not in lost}
    undecided = {key for key in truth.raw if key[0] == "local_2008" and key[:2] in lost}
    review = [key for key in truth.raw if key[0] == "review_litigation"]
    if any(not truth.raw[key] for key in review):
        certain = {key: value for key, value in certain.items() if key[0] != "review_litigation"}
        undecided |= set(review)
    if "requests" in truth.editions:
        raws = _raws(truth, "requests", COLUMNS)
        rows = {row: summing_fills(tuple(int(r) for r in raw if r), 7) for row, raw in raws.items()}
        _take(_joint(truth, rows), certain, undecided)
    return Possible(certain, frozenset(undecided))


def _take(found: Possible, certain: dict[CellKey, Value], undecided: set[CellKey]) -> None:
    certain |= found.certain
    undecided |= found.undecided


def _raws(truth: Truth, table: str, columns: Sequence[str]) -> dict[str, list[str]]:
    rows = dict.fromkeys(key[1] for key in truth.raw if key[0] == table)
    return {row: [truth.raw[table, row, column] for column in columns] for row in rows}


def _joint(truth: Truth, rows: Mapping[str, set[Vector] | None]) -> Possible:
    """Section three with several candidates a row: those that PARTS and BALANCE leave in every column."""
    known = {row: candidates for row, candidates in rows.items() if candidates is not None}
    outcomes = parts(truth.editions["requests"])
    if len(known) < len(rows) or not rows.keys() >= set(outcomes):
        certain = _agreed(known, [row for row in known if len(known[row]) == 1])
        return Possible(certain, frozenset(("requests", row, c) for row in rows for c in COLUMNS) - certain.keys())
    left = _left_by_columns(known, outcomes)
    if left is None or not all(left.values()):
        return Possible({}, frozenset(("requests", row, column) for row in rows for column in COLUMNS))
    return Possible(_agreed(left, left))


def _agreed(candidates: Mapping[str, set[Vector]], rows: Iterable[str]) -> dict[CellKey, Value]:
    certain: dict[CellKey, Value] = {}
    for row in rows:
        for place, column in enumerate(COLUMNS):
            values = {candidate[place] for candidate in candidates[row]}
            if len(values) == 1:
                certain["requests", row, column] = values.pop()
    return certain


def _left_by_columns(rows: Mapping[str, set[Vector]], outcomes: Sequence[str]) -> dict[str, set[Vector]] | None:
    """Candidates of every row that stand in some solution; None where too many sums arise."""
    frame = ("received_new", "carried_over_in", "concluded_total", "carried_over_out")
    if len(list(product(*(rows[row] for row in frame)))) > MOST_SUMS:
        return None
    frames = [
        combination
        for combination in product(*(rows[row] for row in frame))
        if _plus(combination[0], combination[1]) == _plus(combination[2], combination[3])
    ]
    nothing: Vector = (0,) * 7
    forwards: list[set[Vector]] = [{nothing}]
    most = tuple(max((f[2][x] for f in frames), default=0) for x in range(7))
    for row in outcomes:
        sums = {_plus(s, c) for s in forwards[-1] for c in rows[row]}
        forwards.append({s for s in sums if all(a <= b for a, b in zip(s, most, strict=True))})
        if len(forwards[-1]) > MOST_SUMS:
            return None
    reached = forwards[-1] & {f[2] for f in frames}
    left: dict[str, set[Vector]] = {}
    targets = reached
    for row, sums in zip(reversed(outcomes), reversed(forwards[:-1]), strict=True):
        pairs = [(s, c) for s in sums for c in rows[row] if _plus(s, c) in targets]
        left[row] = {c for _, c in pairs}
        targets = {s for s, _ in pairs}
    for place, row in enumerate(frame):
        left[row] = {f[place] for f in frames if f[2] in reached}
    return left


def _plus(a: Vector, b: Vector) -> Vector:
    return tuple(x + y for x, y in zip(a, b, strict=True))


def _review_glued(truth: Truth) -> Possible:
    """Fifteen figures in one run: three groups of five with a sum each."""
    keys = [("review_litigation", route, outcome) for route in ROUTES for outcome in (*OUTCOMES, "total")]
    run = "".join(truth.raw[key] for key in keys)
    ways: set[Vector] = set()
    for first, second in combinations(range(5, len(run) - 4), 2):
        if second - first >= 5:
            groups = (run[:first], run[first:second], run[second:])
            for three in product(*(summing_cuts(group, 5) for group in groups)):
                ways.add(tuple(n for group in three for n in group))
    return Possible({key: values.pop() for key, values in _by_key(keys, ways) if len(values) == 1})


def _by_key(keys: Sequence[CellKey], ways: Iterable[Vector]) -> list[tuple[CellKey, set[int]]]:
    return [(key, set(column)) for key, column in zip(keys, zip(*ways, strict=True), strict=True)]


def _article_20_glued(truth: Truth) -> tuple[dict[CellKey, Value], set[CellKey]]:
    """No identities here: a row that can be cut in one way only. Where several ways agree on a cell, giving it and
    refusing the row are both right."""
    certain: dict[CellKey, Value] = {}
    undecided: set[CellKey] = set()
    for table in load().tables:
        if not table.id.startswith("art20_") or table.id not in truth.editions:
            continue
        columns = table.columns_of(truth.editions[table.id])
        kinds = [{"money": MONEY, "signed_count": SIGNED}.get(column.type, COUNT) for column in columns]
        for row, raws in _raws(truth, table.id, [column.key for column in columns]).items():
            for place, texts in enumerate(zip(*cuts("".join(raws), kinds), strict=True)):
                key = (table.id, row, columns[place].key)
                if len(texts) == 1:
                    certain[key] = truth.figures[key]
                elif len({_number(text) for text in texts}) == 1:
                    undecided.add(key)
    return certain, undecided


def _number(text: str) -> Decimal | str:
    return Decimal(text) if re.fullmatch(r"[+\-]?[\d.]+", text) else text


def _local_glued(truth: Truth) -> Possible:
    """Year and cumulative in one run; the sums over channels and over replies hold in both columns."""
    rows = _raws(truth, "local_2008", truth.local_columns)
    ways = {row: {tuple(map(int, cut)) for cut in cuts("".join(raw), [COUNT] * len(raw))} for row, raw in rows.items()}
    for total, addends in local_sums(tuple(rows)):
        if _ways(ways, (*addends, total)) > MOST_SUMS:
            return Possible({}, frozenset(key for key in truth.raw if key[0] == "local_2008"))
        fits = [
            chosen
            for chosen in product(*(ways[row] for row in (*addends, total)))
            if tuple(map(sum, zip(*chosen[:-1], strict=True))) == chosen[-1]
        ]
        for row, fitting in zip((*addends, total), zip(*fits, strict=True), strict=True):
            ways[row] = set(fitting)
    certain: dict[CellKey, Value] = {}
    for row, left in ways.items():
        for place, column in enumerate(truth.local_columns):
            values = {way[place] for way in left}
            if len(values) == 1:
                certain["local_2008", row, column] = values.pop()
    return Possible(certain)


def _ways(ways: Mapping[str, set[Vector]], rows: Iterable[str]) -> int:
    count = 1
    for row in rows:
        count *= len(ways[row])
    return count
