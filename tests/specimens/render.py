"""A truth in a form with a damage: bytes, and what a reader has to find in them.

`specimens(seed, per_cell)` gives every form with every damage that it can suffer, in every edition.
"""

from collections.abc import Iterator
from decimal import Decimal
from random import Random

import opencc
from msgspec import Struct
from msgspec.structs import replace

from parsers.report import CellKey, Value

from . import damage, errors, possible, prose
from .blanks import Possible
from .figures import Scale, local_table, report, stat_table
from .forms import FUJIAN_2009, FUJIAN_2014, Form, forms
from .renderings import FORMS, Rendering, Sight
from .truth import Truth, printed

FIRST_YEAR = {
    "format_2019": 2019,
    "format_2021": 2021,
    "mixed": 2021,
    "fujian_2009": 2009,
    "fujian_2014": 2014,
    "stat_2014": 2015,
}
OLD = ("fujian_2009", "fujian_2014", "stat_2014")
"""Editions before the national format: one statistics table."""
EDITIONS = tuple(FIRST_YEAR)


class Specimen(Struct, frozen=True):
    """One document. `certain` are the cells that can be told from it, with their values; `undecided` those of which our
    oracle does not know; all other cells of the truth cannot be told, or do not stand."""

    name: str
    content: bytes
    form: str
    damage: str
    edition: str
    truth: Truth
    certain: dict[CellKey, Value]
    undecided: frozenset[CellKey]

    @property
    def is_clean(self) -> bool:
        """Nothing contradicts anything: an error finding on this document would be invented."""
        return not self.truth.planted


DAMAGES = (
    "none", "label typos", "heads cut", "page numbers", "row missing", "extra row", "ghost column", "fused cells",
    "notes on figures", "full-width figures", "other money units", "traditional", "charset declared wrongly",
    "some blanks", "blanks in sums", "zeros blank", "only totals", "several at once", "planted mistake",
)  # fmt: skip
NATIONAL_ONLY = (
    "heads cut", "page numbers", "row missing", "extra row", "ghost column", "fused cells", "notes on figures",
    "other money units", "blanks in sums", "only totals", "planted mistake",
)  # fmt: skip
ONE_ROW_A_TIME = ("page numbers", "ghost column", "fused cells")
"""Damages of single rows, which make no sense where every place is written out or rows and columns are exchanged."""


def suffers(form: str, hurt: str, edition: str) -> bool:
    """Whether a damage makes sense in a form and an edition."""
    rendering = FORMS[form]
    if edition in OLD and (rendering.national_only or hurt in NATIONAL_ONLY):
        return False
    if hurt == "heads cut" and edition != "format_2019":
        return False
    if rendering.sight == "glued" and hurt in UNGLUED:
        return False
    if hurt in ("fused cells", "notes on figures") and rendering.sight != "places":
        return False
    if hurt in ONE_ROW_A_TIME and form in (
        "html, transposed",
        "html, all in one table",
        "text, tabs",
        "text, Markdown",
    ):
        return False
    return not (form in FILES and hurt in ("traditional", "charset declared wrongly", *ONE_ROW_A_TIME))


FILES = ("pdf", "ofd", "docx", "xlsx", "xls")
"""Forms that are no text, and whose tables have every place."""
UNGLUED = (
    "some blanks", "blanks in sums", "zeros blank", "only totals", "several at once", "fused cells", "page numbers",
    "full-width figures",
)  # fmt: skip
"""Damages with which glued text would have no oracle."""


def specimens(seed: int, per_cell: int) -> Iterator[Specimen]:
    """`per_cell` documents of every form with every damage in every edition, always the same for a seed."""
    for form in FORMS:
        for hurt in DAMAGES:
            for edition in EDITIONS:
                if suffers(form, hurt, edition):
                    for number in range(per_cell):
                        yield specimen(Random(f"{seed} {form} {hurt} {edition} {number}"), form, hurt, edition)


def specimen(random: Random, form: str, hurt: str, edition: str, rendering: Rendering | None = None) -> Specimen:
    """One random report of an edition in a form with a damage; `rendering` for forms that are not in FORMS."""
    truth = _hurt_truth(random, random_truth(random, edition, hurt), hurt)
    rendering = rendering or FORMS[form]
    laid_out, seen = _hurt_forms(random, forms(truth), truth, hurt)
    what = _possible(seen, rendering.sight)
    laid_out = rendering.arrange(random, laid_out)
    text = (prose.text if "requests" in truth.editions else prose.free_text)(random, truth)
    content = _encoded(random, rendering.page(truth, text, laid_out), rendering, hurt)
    name = f"{form} {hurt} {edition}".replace(",", "").replace(" ", "-") + f".{rendering.suffix}"
    return Specimen(name, content, form, hurt, edition, truth, what.certain, what.undecided)


def random_truth(random: Random, edition: str, hurt: str = "none") -> Truth:
    """A consistent report of a body whose size fits its name."""
    organization = random.choice(prose.ORGANIZATIONS)
    year = FIRST_YEAR[edition] + random.randint(0, 1)
    scale = _scale(random, organization, hurt)
    title = prose.title(random, organization, year)
    published = f"{year + 1}-{random.randint(1, 3):02d}-{random.randint(10, 28)}"
    signed = f"{year + 1}年1月{random.randint(4, 9)}日"
    if edition in OLD:
        return _old_truth(random, Truth(organization, year, title, published, signed, {}, {}, {}), edition, scale)
    section_two, section_three = ("format_2021", "format_2019") if edition == "mixed" else (edition, edition)
    return report(
        random,
        organization,
        year,
        title,
        section_two=section_two,
        section_three=section_three,
        scale=scale,
        published=published,
        signed=signed,
    )


def _scale(random: Random, organization: str, hurt: str) -> Scale:
    if organization.endswith("市人民政府"):
        return "city"
    if organization.endswith(("区人民政府", "县人民政府")):
        return "district"
    if organization.endswith("局"):
        return "department"
    return "town" if hurt in ("zeros blank", "planted mistake") else random.choice(("town", "quiet"))


def _old_truth(random: Random, truth: Truth, edition: str, scale: Scale) -> Truth:
    if edition == "stat_2014":
        figures, raw = stat_table(random, scale)
        return replace(truth, editions={"stat_2014": "stat_table_2014"}, figures=figures, raw=raw)
    rows = FUJIAN_2009 if edition == "fujian_2009" else FUJIAN_2014
    figures = local_table(random, rows, scale)
    raw = {key: printed(value) for key, value in figures.items()}
    return replace(truth, editions={"local_2008": "freeform_2008"}, figures=figures, raw=raw, local_rows=rows)


def _hurt_truth(random: Random, truth: Truth, hurt: str) -> Truth:
    """Damages of what is printed: blanks and mistakes."""
    if hurt == "planted mistake":
        return errors.plant(random, truth)
    token = random.choice(("", "", "/", "—"))
    if hurt in ("some blanks", "several at once"):
        blank = {key for key in truth.raw if random.random() < 0.04}
    elif hurt == "blanks in sums":
        sums = [key for key in truth.raw if key[1] in FRAME or key[0] == "review_litigation"]
        blank = set(random.choices(sums, k=random.randint(1, 6)))
    elif hurt == "other money units":
        return _other_units(random, truth)
    elif hurt == "zeros blank":
        tables = ("requests", "review_litigation", "local_2008", "stat_2014")
        blank = {key for key, raw in truth.raw.items() if raw == "0" and key[0] in tables}
    elif hurt == "only totals":
        blank = {key for key in truth.raw if key[0] == "requests" and key[2] != "total"}
    else:
        return truth
    return replace(truth, raw={key: token if key in blank else raw for key, raw in truth.raw.items()})


FRAME = ("received_new", "carried_over_in", "concluded_total", "carried_over_out")


def _other_units(random: Random, truth: Truth) -> Truth:
    """The unit stands in the cell (art20_8), or nowhere (art20_9: then the figure is kept as printed)."""
    figures, raw = dict(truth.figures), dict(truth.raw)
    for key in raw:
        if key[2] == "amount_collected":
            figures[key] = Decimal(random.randint(1, 10**8)).scaleb(-2)
            raw[key] = f"{figures[key]}元"
        if key[2] == "amount":
            figures[key] = Decimal(random.randint(1, 10**8)).scaleb(-2)
            raw[key] = str(figures[key])
    return replace(truth, figures=figures, raw=raw)


def _hurt_forms(random: Random, laid_out: tuple[Form, ...], truth: Truth, hurt: str) -> tuple[tuple[Form, ...], Truth]:
    """Damages of the layout, and the truth without what no longer stands."""
    match hurt:
        case "label typos":
            return damage.with_typos(random, laid_out), truth
        case "page numbers":
            return damage.with_furniture(random, laid_out), truth
        case "row missing":
            gone = _rows_without_figures(random, truth)
            return damage.without_rows(laid_out, gone), _without(truth, gone)
        case "extra row":
            texts = tuple(str(random.randint(0, 30)) for _ in range(3))
            return damage.with_local_row(laid_out, "其他主动公开文件", texts), truth
        case "ghost column":
            return damage.with_ghost_column(laid_out), truth
        case "heads cut":
            return damage.with_cut_heads(laid_out), truth
        case "notes on figures":
            return damage.with_notes(random, laid_out), truth
        case "several at once":
            return damage.with_wide_figures(damage.with_typos(random, laid_out)), truth
        case "full-width figures":
            return damage.with_wide_figures(laid_out), truth
        case "fused cells":
            return damage.with_fused_cells(random, laid_out), truth
    return laid_out, truth


def _rows_without_figures(random: Random, truth: Truth) -> frozenset[str]:
    """规章, or an outcome row of zeros: what real reports leave out."""
    rows = dict.fromkeys(key[1] for key in truth.raw if key[0] == "requests" and key[1].startswith(("denied", "un")))
    zeros = [row for row in rows if truth.figure("requests", row, "total") == 0]
    return frozenset({"rules"} if not zeros or random.random() < 0.5 else {random.choice(zeros)})


def _without(truth: Truth, rows: frozenset[str]) -> Truth:
    return replace(truth, raw={key: raw for key, raw in truth.raw.items() if key[1] not in rows})


def _possible(truth: Truth, sight: Sight) -> Possible:
    if truth.planted and sight == "glued":
        return Possible({}, frozenset(truth.raw))
    if sight == "glued":
        return possible.glued(truth)
    if sight == "vanished" and "" in truth.raw.values():
        return possible.vanished(truth)
    return possible.all_printed(truth)


TRADITIONAL = opencc.OpenCC("s2t")


def _encoded(random: Random, page: str | bytes, rendering: Rendering, hurt: str) -> bytes:
    """Bytes of a page; a wrong declaration says GBK of UTF-8 or the reverse."""
    if isinstance(page, bytes):
        return page
    if hurt == "traditional":
        page = str(TRADITIONAL.convert(page))
    if hurt != "charset declared wrongly":
        return page.encode()
    if random.random() < 0.5:
        return page.replace('charset="utf-8"', 'charset="gb2312"').encode()
    return page.encode("gb18030") if rendering.suffix == "html" or random.random() < 0.5 else page.encode("utf-16")
