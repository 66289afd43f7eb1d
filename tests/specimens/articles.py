"""What stands on the demo portal: reports of invented bodies over six years, one real one, and what is no report."""

from collections.abc import Iterable
from random import Random
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from . import damage, errors, flat, markup, pdf, prose
from .figures import Scale, local_table, report
from .forms import FUJIAN_2014, Form, forms
from .shiling import ORGANIZATION as SHILING
from .shiling import shiling
from .truth import Planted, Truth, printed

COLUMN = "/xxgk/xxgkml/xxgknb"
Group = Literal["qzf", "gbm", "gzj"]
GROUPS: dict[Group, str] = {"qzf": "区政府", "gbm": "各部门", "gzj": "各镇街"}
YEARS = range(2018, 2024)
Skin = Literal[
    "plain", "styled", "word", "broken", "loose", "one_table", "split", "paragraphs", "transposed", "lines", "pdf"
]


class Attachment(Struct, frozen=True):
    name: str
    path: str
    content: bytes


class Article(Struct, frozen=True):
    """One article of the portal: a report, or one of the other things that stand in such columns."""

    group: Group
    number: int
    title: str
    published: str
    time: str
    body: str
    truth: Truth | None = None
    attachments: tuple[Attachment, ...] = ()
    comment: str = ""
    holds: Literal["report", "attachment", "nothing"] = "report"

    @property
    def path(self) -> str:
        return f"{COLUMN}/{self.group}/content/post_{self.number}.html"


class Wanted(Struct, frozen=True):
    """What a reader of the demo portal has to find at one address."""

    path: str
    organization: str
    year: int
    planted: tuple[Planted, ...]


class Body(Struct, frozen=True):
    """An organization of the portal and how its pages look from year to year."""

    name: str
    group: Group
    scale: Scale
    years: tuple[int, ...]
    skins: tuple[Skin, ...]
    mistakes: dict[int, str] = {}
    short: str | None = None


BODIES = (
    Body(
        prose.DISTRICT,
        "qzf",
        "district",
        tuple(YEARS),
        ("plain", "styled", "one_table"),
        {2022: "review_total_left_zero"},
    ),
    Body(
        prose.department("发展和改革局"),
        "gbm",
        "department",
        tuple(YEARS)[1:],
        ("plain", "split", "broken"),
        {2021: "outcome_off_by_one"},
    ),
    Body(
        prose.department("教育局"), "gbm", "town", tuple(YEARS)[1:], ("styled", "plain", "styled", "plain", "pdf"), {}
    ),
    Body(
        prose.department("城市管理和综合执法局"),
        "gbm",
        "department",
        (2019, 2020, 2022, 2023),
        ("one_table", "loose"),
        {2023: "total_not_split"},
    ),
    Body(
        prose.township("云蓼镇"),
        "gzj",
        "town",
        tuple(YEARS),
        ("plain", "lines", "transposed"),
        {2021: "concluded_pair"},
        "青澜区云蓼镇",
    ),
    Body(
        prose.township("松霁镇"),
        "gzj",
        "town",
        tuple(YEARS),
        ("word", "plain", "paragraphs"),
        {2023: "carried_over_twice"},
    ),
    Body(
        prose.township("墨笛镇"), "gzj", "town", tuple(YEARS)[1:], ("broken", "split", "plain"), {2020: "row_total_off"}
    ),
    Body(
        prose.township("石笛街道"),
        "gzj",
        "quiet",
        tuple(YEARS)[1:],
        ("loose", "one_table", "lines"),
        {2022: "stale_form"},
    ),
)
MIXED = {
    (prose.township("墨笛镇"), 2021): ("format_2021", "format_2019"),
    (prose.township("云蓼镇"), 2021): ("format_2019", "format_2019"),
}
"""Reports on FY2021 in other editions than the year's own: (section two, section three)."""


def articles() -> tuple[Article, ...]:
    """Every article, in the order of their numbers."""
    made = [article for body in BODIES for article in _articles_of(body)]
    made += [_shiling(), *_noise()]
    return tuple(sorted(made, key=lambda article: article.number))


def wanted() -> tuple[Wanted, ...]:
    """The reports of the portal with the mistakes that must be found in them."""
    reports = ((article, article.truth) for article in articles())
    return tuple(
        Wanted(article.path, truth.organization, truth.year, truth.planted)
        for article, truth in reports
        if truth is not None
    )


def _articles_of(body: Body) -> Iterable[Article]:
    before: Truth | None = None
    for place, year in enumerate(body.years):
        random = Random(f"{body.name} {year}")
        truth = _truth(random, body, year, before if before and before.year == year - 1 else None)
        yield _article(random, body, truth, body.skins[place % len(body.skins)])
        before = truth


def _truth(random: Random, body: Body, year: int, before: Truth | None) -> Truth:
    calendar = Random(f"{body.name} {year} dates")  # apart, so that addresses stay when figures change
    published = f"{year + 1}-01-{calendar.randint(8, 29):02d}"
    signed = f"{year + 1}年1月{calendar.randint(4, 7)}日"
    title = _title(random, body, year)
    if year < 2019:
        return _before_2019(random, body, Truth(body.name, year, title, published, signed, {}, {}, {}))
    own = "format_2019" if year < 2021 else "format_2021"
    section_two, section_three = MIXED.get((body.name, year), (own, own))
    truth = report(
        random,
        body.name,
        year,
        title,
        section_two=section_two,
        section_three=section_three,
        scale=body.scale,
        published=published,
        signed=signed,
        before=before if before and "requests" in before.editions else None,
    )
    mistake = body.mistakes.get(year)
    return _with_mistake(random, truth, mistake) if mistake else truth


def _with_mistake(random: Random, truth: Truth, mistake: str) -> Truth:
    while True:
        try:
            return errors.PLANTS[mistake](random, truth)
        except ValueError:
            truth = report(
                random,
                truth.organization,
                truth.year,
                truth.title,
                section_two=truth.editions["art20_1"],
                section_three=truth.editions["requests"],
                scale="department",
                published=truth.published,
                signed=truth.signed,
            )


def _before_2019(random: Random, body: Body, truth: Truth) -> Truth:
    """The years of free prose: the district has a statistics table, the towns have none."""
    if body.group != "qzf":
        return truth
    figures = local_table(random, FUJIAN_2014, body.scale)
    raw = {key: printed(value) for key, value in figures.items()}
    return replace(truth, editions={"local_2008": "freeform_2008"}, figures=figures, raw=raw, local_rows=FUJIAN_2014)


def _title(random: Random, body: Body, year: int) -> str:
    name = f"{body.short}人民政府" if body.short else body.name
    return prose.title(random, name, year)


def _article(random: Random, body: Body, truth: Truth, skin: Skin) -> Article:
    is_free = truth.year < 2019
    text = prose.free_text(random, truth) if is_free else prose.text(random, truth)
    laid_out, table = _dressed(random, forms(truth), "plain" if is_free else skin)
    clock = Random(f"{truth.organization} {truth.year} clock")
    number = _number(clock, truth.published)
    time = f"{clock.randint(9, 17):02d}:{clock.randint(0, 59):02d}"
    article = Article(body.group, number, truth.title, truth.published, time, "", truth)
    if skin == "lines" and not is_free:
        return _only_attached(article, "txt", flat.text_page(truth, text, laid_out, flat.cell_lines).encode())
    if skin == "pdf":
        return _only_attached(article, "pdf", pdf.pdf_page(truth, text, laid_out))
    return replace(article, body=f"<p>{prose.NOTICE}</p>\n{markup.body(text, laid_out, table)}")


def _dressed(random: Random, laid_out: tuple[Form, ...], skin: Skin) -> tuple[tuple[Form, ...], markup.TableMarkup]:
    tables: dict[Skin, markup.TableMarkup] = {
        "styled": markup.styled_table,
        "word": markup.word_table,
        "broken": markup.broken_heads_table,
        "loose": markup.loose_table,
        "paragraphs": markup.cell_paragraphs,
    }
    if skin == "one_table":
        laid_out = damage.as_one_table(laid_out)
    elif skin == "split":
        laid_out = damage.split_requests(random, laid_out, repeat_head=True)
    elif skin == "transposed":
        laid_out = damage.transposed_requests(laid_out)
    return laid_out, tables.get(skin, markup.plain_table)


def _number(random: Random, published: str) -> int:
    """Article numbers grow with the date, as the portal's counter does."""
    year, month, day = (int(part) for part in published.split("-"))
    return 7_000_000 + (year - 2019) * 400_000 + month * 30_000 + day * 900 + random.randint(0, 899)


def _only_attached(article: Article, suffix: str, content: bytes) -> Article:
    """A page that says no more than that the report is a file."""
    major, thousands = article.number // 1_000_000, article.number // 1_000
    path = f"/attachment/{major}/{thousands}/{thousands * 10 + 7}/{article.number}.{suffix}"
    attachment = Attachment(f"{article.title}.{suffix}", path, content)
    return replace(article, body="<p>年度报告全文见附件。</p>", attachments=(attachment,), holds="attachment")


def _shiling() -> Article:
    truth = shiling()
    text = prose.text(Random("shiling"), truth)
    comment = (
        "<!-- Figures: as published by 广州市花都区狮岭镇人民政府 on 2021-01-21 (its report on 2020). "
        "The sentences were written for this demo. -->"
    )
    body = f"<p>{SHILING_NOTICE}</p>\n{markup.body(text, forms(truth), markup.plain_table)}"
    return Article("gzj", 8_043_962, truth.title, truth.published, "15:24", body, truth, comment=comment)


SHILING_NOTICE = f"表中数字为{SHILING}2021年公布的数字，文字部分为演示而写。"


def _noise() -> Iterable[Article]:
    """What else stands in such columns: none of it is a report."""
    for group, date, title, paragraphs in NOISE:
        body = "\n".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
        yield Article(group, _number(Random(title), date), title, date, "10:00", body, holds="nothing")
    yield _empty_form()


def _empty_form() -> Article:
    title = "政府信息公开工作年度报告格式（空白表）"
    random = Random(title)
    blank = report(
        random,
        "（行政机关名称）",
        2021,
        title,
        section_two="format_2021",
        section_three="format_2021",
        scale="quiet",
        published="2021-11-16",
        signed="年 月 日",
    )
    laid_out = forms(replace(blank, raw=dict.fromkeys(blank.raw, "")))
    filled = (("（文字描述）",), (), (), (), ("（文字描述）",), ("（文字描述）",))
    sections = tuple(zip(prose.SECTION_NAMES, filled, strict=True))
    text = prose.Text(("请按本格式填写。",), sections, ("（行政机关名称）", "年 月 日"))
    body = markup.body(text, laid_out, markup.plain_table)
    return Article("qzf", _number(random, "2021-11-16"), title, "2021-11-16", "09:30", body, holds="nothing")


NOISE: tuple[tuple[Group, str, str, tuple[str, ...]], ...] = (
    (
        "qzf",
        "2020-12-09",
        "关于做好2020年政府信息公开工作年度报告编制工作的通知",
        (
            "各镇街、各部门：",
            "请对照统一格式编写2020年度报告，1月20日前送区政务公开办公室审核，审核后自行发布。",
            "表格中没有数字的项目填0，不留空格；合计栏填写前请复核各行各列的加总。",
        ),
    ),
    (
        "qzf",
        "2022-02-17",
        "一图看懂：2021年政府信息公开工作年度报告解读",
        (
            "本文介绍年度报告由哪些部分组成、数字如何阅读。",
            "申请数量分为新收和上年结转，办理结果分为公开、部分公开、不予公开等。",
        ),
    ),
    (
        "qzf",
        "2022-01-12",
        "政府网站工作年度报表（2021年度）",
        (
            "网站名称：云州市青澜区人民政府门户网站",
            "信息发布总数：4102条",
            "网站总访问量：318220次",
            "安全检测评估次数：12次",
        ),
    ),
    (
        "gbm",
        "2021-01-15",
        "云州市青澜区教育局2020年法治政府建设年度报告",
        (
            "2020年，本局修改内部审批流程两项，组织执法人员培训三次。",
            "下一年将继续清理过期文件，完善行政执法公示。",
        ),
    ),
    (
        "gbm",
        "2023-03-02",
        "云州市青澜区城市管理和综合执法局2022年度政府信息公开工作要点落实情况",
        (
            "本局对照要点逐条检查，完成栏目调整四处。",
            "未完成的事项列入下一年度清单。",
        ),
    ),
    (
        "gzj",
        "2023-01-06",
        "云州市青澜区松霁镇人民政府2022年法治政府建设年度报告",
        (
            "2022年，本镇召开专题会议两次，聘请法律顾问一名。",
            "行政执法案件均经过法制审核。",
        ),
    ),
    (
        "gzj",
        "2021-12-20",
        "关于报送2021年度政府信息公开工作年度报告的函",
        (
            "区政务公开办公室：",
            "现将我镇年度报告初稿报送审阅，定稿后另行发布。",
        ),
    ),
)
