"""What editors, crawlers and archives do to a laid-out form, before it becomes bytes.

Each function returns new forms; none changes a figure. What a reader can still tell is the business of `possible`.
"""

from collections.abc import Sequence
from random import Random

from msgspec.structs import replace

from .forms import Box, Form, Row, places, reletter


def form_of_places(grid: Sequence[Sequence[Box]], like: Form, heads: int) -> Form:
    """Boxes with spans again, from a grid in which one box stands (as the same object) in every place it covers."""
    rows: list[Row] = []
    for y, line in enumerate(grid):
        row: list[Box] = []
        for x, box in enumerate(line):
            if (x and line[x - 1] is box) or (y and grid[y - 1][x] is box):
                continue
            colspan = _run([other is box for other in line[x:]])
            rowspan = _run([x < len(other) and other[x] is box for other in grid[y:]])
            row.append(replace(box, rowspan=rowspan, colspan=colspan))
        rows.append(tuple(row))
    return replace(like, rows=tuple(rows), heads=heads)


def _run(same: list[bool]) -> int:
    return same.index(False) if False in same else len(same)


def as_one_table(forms: tuple[Form, ...]) -> tuple[Form, ...]:
    """All of section two in one table: captions as full-width rows, the narrower parts with a wide last column."""
    section_two = [form for form in forms if form.table.startswith("art20_")]
    if not section_two:
        return forms
    width = max(form.width for form in section_two)
    rows = tuple(_widened(row, width) for form in section_two for row in form.rows)
    joined = Form("art20_1", rows, heads=2)
    return (joined, *(form for form in forms if form not in section_two))


def _widened(row: Row, width: int) -> Row:
    missing = width - sum(box.colspan for box in row)
    return (*row[:-1], replace(row[-1], colspan=row[-1].colspan + missing))


def everything_in_one_table(forms: tuple[Form, ...]) -> tuple[Form, ...]:
    """The whole report's tables pasted as a single one, as wide as the widest."""
    width = max(form.width for form in forms)
    rows = tuple(row for form in forms for row in _padded(form, width))
    return (Form("art20_1", rows, heads=2),)


def _padded(form: Form, width: int) -> tuple[Row, ...]:
    """Rows as they stand; where nothing spans downwards the last box is widened, as editors do."""
    if any(box.rowspan > 1 for row in form.rows for box in row):
        return form.rows
    return tuple(_widened(row, width) for row in form.rows)


def split_requests(random: Random, forms: tuple[Form, ...], *, repeat_head: bool) -> tuple[Form, ...]:
    """The requests table cut in two at some row, as page breaks do; the head repeated or not."""
    parted: list[Form] = []
    for form in forms:
        if form.table == "requests":
            at = random.randint(form.heads + 4, len(form.rows) - 4)
            grid = places(form)
            head = grid[: form.heads] if repeat_head else []
            parted.append(form_of_places(grid[:at], form, form.heads))
            parted.append(form_of_places([*head, *grid[at:]], form, len(head)))
        else:
            parted.append(form)
    return tuple(parted)


def transposed_requests(forms: tuple[Form, ...]) -> tuple[Form, ...]:
    """Rows and columns of the requests table exchanged."""
    return tuple(
        form_of_places([list(column) for column in zip(*places(form), strict=True)], form, 3)
        if form.table == "requests"
        else form
        for form in forms
    )


TYPOS = {
    "2.其他法律行政法规禁止公开": "2.其他法律行政止公开",
    "2.没有现成信息需要另行制作": "2.没有现成信息需另行制作",
    "本年废止件数": "本年废纸件数",
    "本年制发件数": "本年度发件数",
    "本年新公开数量": "本公开数量",
    "行政事业性收费": "行政事业型收费",
    "社会公益组织": "社会公益",
    "四、结转下年度继续办理": "四、结转下一年度继续办理",
    "（二）部分公开（区分处理的，只计这一情形，不计其他情形）": "（二）部分公开(区分处理的,只计这一情形,不计其他情形)",
    "3.危及“三安全一稳定”": '3.危及"三安全一稳定"',
    "1.信访举报投诉类申请": "1、信访举报投诉类申请",
    "（六）其他处理": "（六）其他",
    "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请": "1.逾期不补正",
    "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请": "2.逾期不缴费",
    "第二十条第（一）项": "第二十条 第(一)项",
    "（三）不予公开": "（三）不予 公开",
}


def with_typos(random: Random, forms: tuple[Form, ...]) -> tuple[Form, ...]:
    """Labels as authors and short-hand writers have them; some kept."""
    texts = {label: typo for label, typo in TYPOS.items() if random.random() < 0.7}
    return tuple(reletter(form, texts) for form in forms)


def with_furniture(random: Random, forms: tuple[Form, ...]) -> tuple[Form, ...]:
    """Page numbers between the rows of the requests table."""
    number = random.randint(2, 5)
    text = random.choice((f"- {number} -", f"— {number} —", f"-{number}-"))
    return tuple(_with_row(random, form, text) if form.table == "requests" else form for form in forms)


def _with_row(random: Random, form: Form, text: str) -> Form:
    """A full-width row between two rows, where no box spans over the gap or inside the group in the margin."""
    at = random.choice([form.heads + 2, len(form.rows) - 1])
    row = (Box(text, colspan=form.width),)
    return replace(form, rows=(*form.rows[:at], row, *form.rows[at:]))


def without_rows(forms: tuple[Form, ...], keys: frozenset[str]) -> tuple[Form, ...]:
    """Some rows do not stand."""
    return tuple(_without_rows(form, keys) for form in forms)


def _without_rows(form: Form, keys: frozenset[str]) -> Form:
    grid = [line for line in places(form) if not any(box.key is not None and box.key[1] in keys for box in line)]
    return form_of_places(grid, form, form.heads)


def with_local_row(forms: tuple[Form, ...], label: str, texts: tuple[str, ...]) -> tuple[Form, ...]:
    """A row that a locality adds to the first table of section two."""
    row = (Box(label), *(Box(text) for text in texts))
    return tuple(replace(form, rows=(*form.rows, row)) if form.table == "art20_1" else form for form in forms)


def with_ghost_column(forms: tuple[Form, ...]) -> tuple[Form, ...]:
    """An empty cell at the right end of every row of the requests table."""
    return tuple(
        replace(form, rows=tuple((*row, Box("")) for row in form.rows)) if form.table == "requests" else form
        for form in forms
    )


def with_fused_cells(random: Random, forms: tuple[Form, ...]) -> tuple[Form, ...]:
    """Two neighbouring zeros of one row stand in one cell, which spans both places."""
    return tuple(_fused(random, form) if form.table == "requests" else form for form in forms)


def _fused(random: Random, form: Form) -> Form:
    at = random.randint(form.heads, len(form.rows) - 1)
    row = form.rows[at]
    pairs = [x for x in range(len(row) - 1) if row[x].is_figure and row[x].text == row[x + 1].text == "0"]
    if not pairs:
        return form
    x = random.choice(pairs)
    fused = replace(row[x], text="0 0", colspan=2)
    return replace(form, rows=(*form.rows[:at], (*row[:x], fused, *row[x + 2 :]), *form.rows[at + 1 :]))


def with_captions_outside(forms: tuple[Form, ...]) -> tuple[Form, ...]:
    """Section two: the caption is a line over the table instead of its first row."""
    return tuple(
        replace(form, rows=form.rows[1:], heads=1, caption=form.rows[0][0].text)
        if form.table.startswith("art20_")
        else form
        for form in forms
    )


def with_cut_heads(forms: tuple[Form, ...]) -> tuple[Form, ...]:
    """A crawler kept only what stood before the `<br>` in two heads."""
    cut = {"本年新制作数量": "本年新", "本年新公开数量": "本年新"}
    return tuple(reletter(form, cut) for form in forms)


def with_notes(random: Random, forms: tuple[Form, ...]) -> tuple[Form, ...]:
    """Some figures of section two with a note in brackets, or the counter that goes with them."""
    return tuple(_noted(random, form) if form.table in ("art20_1", "art20_5", "art20_6") else form for form in forms)


def _noted(random: Random, form: Form) -> Form:
    def noted(box: Box) -> Box:
        if box.key is None or not box.text.isdigit() or box.text == "0" or random.random() < 0.5:
            return box
        return replace(box, text=box.text + random.choice(("（其中修订1件）", "件", " 件", "（含失效2件）")))

    return replace(form, rows=tuple(tuple(noted(box) for box in row) for row in form.rows))


def with_wide_figures(forms: tuple[Form, ...]) -> tuple[Form, ...]:
    """Full-width digits, as some input methods leave them."""
    wide = str.maketrans("0123456789+-", "０１２３４５６７８９＋－")
    return tuple(
        replace(
            form,
            rows=tuple(
                tuple(replace(box, text=box.text.translate(wide)) if box.is_figure else box for box in row)
                for row in form.rows
            ),
        )
        for form in forms
    )


def review_in_three(forms: tuple[Form, ...]) -> tuple[Form, ...]:
    """Section four as three tables of one row, the group in the line over each."""
    parted: list[Form] = []
    for form in forms:
        if form.table != "review_litigation":
            parted.append(form)
            continue
        figures = form.rows[-1]
        outcomes = tuple(replace(box, rowspan=1) for box in form.rows[1][:5])
        for place, group in enumerate(("行政复议", "行政诉讼（未经复议直接起诉）", "行政诉讼（复议后起诉）")):
            rows = (outcomes, figures[5 * place : 5 * place + 5])
            parted.append(Form(form.table, rows, heads=1, caption=group))
    return tuple(parted)
