"""Title, organisation, year and publication date, from documents composed here and from the corpus."""

import json
import os
import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from parsers import readers, unwrap
from parsers.document import Document, Grid, GridCell, Heading, Paragraph
from parsers.frontmatter import FrontMatter, read
from parsers.readers import text

CORPUS = os.environ.get("NIANBAO_CORPUS")
UNPRINTED = {("pingtan-government-2020.rebuilt.html", "published")}
"""Facts that the corpus knows from elsewhere: they stand nowhere in the document."""


def front_of(content: str, url: str | None = None, within: str | None = None) -> FrontMatter:
    return read(text.read(content), url=url, within=within)


def codes(front: FrontMatter) -> list[str]:
    return [finding.code for finding in front.findings]


@pytest.mark.parametrize("name", ["名称", "名 称", "名    称", "信息名称", "标 题"])
@pytest.mark.parametrize("issuer", ["发布机构", "发 布 机 构", "发文机关"])
def test_index_card_before_the_title(name: str, issuer: str) -> None:
    title = "青山县财政局2021年政府信息公开工作年度报告"
    card = [("索 引 号", "002022-001"), (issuer, "青山县财政局"), (name, title), ("文 号", "")]
    cells = tuple(GridCell(said, row, column, "html:td") for row, pair in enumerate(card) for column, said in enumerate(pair))
    blocks = (Grid(cells, len(card), 2, "html:table"), Paragraph(title, "html:p"))
    document = Document(reader="html", media_type="text/html", blocks=blocks)
    found = read(document, url=None, within=None)
    assert (found.title, found.organization, found.year) == (title, "青山县财政局", 2021)


@pytest.mark.parametrize(
    ("title", "organization", "year"),
    [
        ("青山县财政局2021年政府信息公开工作年度报告", "青山县财政局", 2021),
        ("青山县财政局2021年度政府信息公开年度报告", "青山县财政局", 2021),
        ("2021年青山县财政局政府信息公开工作年度报告", "青山县财政局", 2021),
        ("2021年度青山县财政局信息公开年度报告", "青山县财政局", 2021),
        ("青山县财政局政府信息公开工作2021年度报告", "青山县财政局", 2021),
        ("青山县财政局 2021 年政府信息公开工作报告", "青山县财政局", 2021),
        ("青山县财政局关于2021年度政府信息公开工作的年度报告", "青山县财政局", 2021),
        ("青山县财政局二○一四年政府信息公开工作年度报告", "青山县财政局", 2014),
        ("青山县财政局二〇一九年政府信息公开工作年度报告", "青山县财政局", 2019),
        ("青山县财政局\n2021年政府信息公开工作年度报告", "青山县财政局", 2021),
        ("2021年青山县财政局政府信息公开工作\n年度报告", "青山县财政局", 2021),
        ("青山县人民政府2021年政府信息公开工作年度报告", "青山县人民政府", 2021),
        ("青山县人民政府信息公开工作2021年度报告", "青山县人民政府", 2021),
        ("青山县政府2021年政府信息公开年报", "青山县人民政府", 2021),
        ("青山县白石镇政府2020年政府信息公开工作年度报告", "青山县白石镇人民政府", 2020),
        ("青山县白石镇2020年政府信息公开工作年度报告", "青山县白石镇", 2020),
        ("青山县东门街道办事处2022年政府信息公开工作年度报告", "青山县东门街道办事处", 2022),
        ("青山县发改委2022年政府信息公开工作年度报告", "青山县发展和改革委员会", 2022),
        ("关于报送《青山县公安局2017年政府信息公开工作情况》的函", "青山县公安局", 2017),
        ("青山县财政局2023年政务公开工作年度报告", "青山县财政局", 2023),
        ("中国证监会2021年政府信息公开工作年度报告", "中国证监会", 2021),
        ("财政部2021年政府信息公开工作年度报告", "财政部", 2021),
        ("青山县府办公室（县外事办公室）2021年政府信息公开年度报告", "青山县府办公室（县外事办公室）", 2021),
        ("青山县财政局2021政府信息公开工作年度报告", "青山县财政局", 2021),
        ("关于青山县财政局2021年度政府信息公开工作情况的报告", "青山县财政局", 2021),
        ("《青山县财政局2021年政府信息公开工作年度报告》", "青山县财政局", 2021),
        ("2021年度政府信息公开工作年度报告", None, 2021),
        ("【年度报告】青山县财政局2021年政府信息公开工作年度报告", "青山县财政局", 2021),
        ("[年报]青山县财政局2021年政府信息公开工作年度报告", "青山县财政局", 2021),
        ("青山县财政局（2021年）政府信息公开工作年度报告", "青山县财政局", 2021),
        ("青山县财政局(2021年度)政府信息公开工作年度报告", "青山县财政局", 2021),
        ("青山县财政局【2021年】政府信息公开工作年度报告", "青山县财政局", 2021),
        ("关于印发《青山县财政局2021年政府信息公开工作年度报告》的通知", "青山县财政局", 2021),
        ("青山县财政局：2021年政府信息公开工作年度报告", "青山县财政局", 2021),
        ("青山县财政局2021年法定主动公开及政府信息公开工作年度报告", "青山县财政局", 2021),
        ("我局2021年政府信息公开工作年度报告", None, 2021),
        ("本单位2021年政府信息公开工作年度报告", None, 2021),
        ("本溪市财政局2021年政府信息公开工作年度报告", "本溪市财政局", 2021),
        ("中共青山县委党校2021年信息公开年度报告", "中共青山县委党校", 2021),
        ("青山地区行署2021年政府信息公开工作年度报告", "青山地区行政公署", 2021),
        ("青山县青澜中学2021年度信息公开年度报告", "青山县青澜中学", 2021),
        ("青山县财政局2021年政府信息公开和政务公开工作年度报告", "青山县财政局", 2021),
        ("国务院办公厅2021年政府信息公开工作年度报告", "国务院办公厅", 2021),
        ("青山县财政局政府信息公开工作年度报告\n（2021年）", "青山县财政局", 2021),
        ("青山县财政局\n政府信息公开工作年度报告\n（2021年度）", "青山县财政局", 2021),
        ("关于印发青山县财政局2021年政府信息公开工作年度报告的通知", "青山县财政局", 2021),
        ("青山县财政局2021年度政府信息公开工作年度报告-机关", "青山县财政局", 2021),
        ("青山县财政局2021年度政府信息公开工作年度报告—局机关", "青山县财政局", 2021),
        ("青山县财政局（本级）2021年政府信息公开工作年度报告", "青山县财政局", 2021),
        ("青山县财政局2021年信息主动公开工作年度报告", "青山县财政局", 2021),
        ("青山县财政局2021年政府信息依申请公开工作年度报告", "青山县财政局", 2021),
        ("青山县财政局2021年依申请公开政府信息工作年度报告", "青山县财政局", 2021),
        ("青山县财政局2021年政府信息公开工作总结报告", "青山县财政局", 2021),
        ("青山县财政局政府信息公开工作年度报告(2021年)", "青山县财政局", 2021),
        ("青山县财政局政府信息公开工作年度报告（2021年度）", "青山县财政局", 2021),
        ("青山县财政局政府信息公开年度报告[2021]", "青山县财政局", 2021),
        ("政府信息公开工作年度报告〔二〇二一年〕", None, 2021),
    ],
)
def test_title_patterns(title: str, organization: str | None, year: int) -> None:
    front = front_of(f"{title}\n\n一、总体情况\n本年度工作平稳推进。\n")
    assert (front.organization, front.year) == (organization, year)
    assert front.title is not None
    assert "".join(front.title.split()) == re.sub(r"^【.*】|^\[.*\]", "", "".join(title.split())).strip("《》")


@pytest.mark.parametrize(
    "line",
    [
        "青山县人民政府办公室关于做好2021年政府信息公开工作年度报告编制工作的通知",
        "现向社会公布青山县财政局2021年度政府信息公开工作年度报告",
        "首页 > 政府信息公开 > 政府信息公开年报",
        "青山县财政局2021年政府信息公开工作总结",
        "关于报送2021年政府信息公开工作年度报告的通知",
        "关于公布2021年政府信息公开工作年度报告的通知",
        "【转载】青山县财政局2021年政府信息公开工作年度报告",
        "2021年政府信息公开工作要点",
        "政府信息公开指南",
    ],
)
def test_a_line_that_only_speaks_of_reports_is_no_title(line: str) -> None:
    assert front_of(line + "\n正文。\n").title is None


# -- organisation ----------------------------------------------------------------------------------------------------


def test_the_compiling_sentence_completes_a_town() -> None:
    front = front_of(
        "白石镇2020年政府信息公开工作年度报告\n来源：青山县人民政府\n"
        "本报告由青山县白石镇人民政府编制。\n一、总体情况\n我镇工作平稳。\n"
    )
    assert front.organization == "青山县白石镇人民政府"
    assert (front.kind, front.level) == ("government", "township")


def test_the_signature_completes_a_department() -> None:
    front = front_of("公安局2020年政府信息公开工作年度报告\n正文。\n\n青山县公安局\n2021年1月11日\n")
    assert front.organization == "青山县公安局"
    assert codes(front) == []


def test_the_contact_sentence_completes_and_its_office_is_dropped() -> None:
    front = front_of("2020年政府信息公开工作年度报告\n如有疑问，请与青山县白石镇人民政府党政办公室联系。\n")
    assert front.organization == "青山县白石镇人民政府"


def test_a_short_form_gives_way_to_the_full_name_that_the_text_gives() -> None:
    front = front_of("青山市科委2020年政府信息公开工作年度报告\n正文。\n青山市科学技术与创新委员会\n2021年1月20日\n")
    assert front.organization == "青山市科学技术与创新委员会"


def test_the_number_of_an_annex_is_no_part_of_the_title() -> None:
    front = front_of("附件1：青山县财政局2021年政府信息公开工作年度报告\n正文。\n")
    assert (front.title, front.year) == ("青山县财政局2021年政府信息公开工作年度报告", 2021)


def test_a_body_behind_a_dash_is_the_titles_in_a_heading_and_may_be_the_portals_in_a_pages_title() -> None:
    title = "2021年政府信息公开工作年度报告-青山县财政局"
    assert front_of(f"{title}\n正文。\n").organization == "青山县财政局"
    assert read(Document("html", "text/html", blocks=(), title=title), url=None).organization is None


@pytest.mark.parametrize("day", ["2022年1月20日", "二〇二二年一月二十日", "2022-01-20"])
def test_a_signature_with_the_day_above_the_name_is_no_publication(day: str) -> None:
    front = front_of(f"2021年政府信息公开工作年度报告\n\n一、总体情况\n平稳。\n\n　　{day}\n\n　　青山县财政局\n")
    assert (front.organization, front.published) == ("青山县财政局", None)


def test_a_well_known_short_form_is_written_out_without_evidence() -> None:
    assert front_of("上海市科委2024年政府信息公开工作年度报告\n正文。\n").organization == "上海市科学技术委员会"


def test_source_and_portal_never_name_the_body() -> None:
    document = Document(
        "html",
        "text/html",
        blocks=(Heading("2020年政府信息公开工作年度报告", "html:h1"), Paragraph("来源：青山县人民政府", "html:p")),
        title="2020年政府信息公开工作年度报告_青山县人民政府门户网站",
        metadata={"sitename": "青山县人民政府", "contentsource": "青山县人民政府"},
    )
    front = read(document, url=None)
    assert front.organization is None
    assert codes(front) == ["ORGANIZATION_UNKNOWN"]
    assert front.title == "2020年政府信息公开工作年度报告"


def test_the_printing_office_under_the_signature_does_not_sign() -> None:
    front = front_of(
        "青山县财政局2020年政府信息公开工作年度报告\n正文。\n青山县财政局\n2021年1月5日\n"
        "青山县财政局办公室 2020年1月6日印发\n"
    )
    assert front.organization == "青山县财政局"
    assert codes(front) == []


def test_a_name_in_brackets_behind_the_title() -> None:
    front = front_of("2021年政府信息公开工作年度报告（青山县财政局）\n一、总体情况\n正文。\n")
    assert (front.organization, front.year) == ("青山县财政局", 2021)
    assert front_of("2021年政府信息公开工作年度报告（公开发布版）\n").organization is None


def test_a_seal_is_no_part_of_the_name() -> None:
    front = front_of("2020年政府信息公开工作年度报告\n正文。\n青山县财政局（盖章）\n2021年1月5日\n")
    assert (front.organization, codes(front)) == ("青山县财政局", [])


def test_a_misspelt_signature_is_said_and_the_title_kept() -> None:
    front = front_of("青山县税务局2020年政府信息公开工作年度报告\n正文。\n青山县税努局\n2021年1月5日\n")
    assert front.organization == "青山县税务局"
    assert codes(front) == ["ORGANIZATION_DISAGREES"]


def test_the_division_of_the_portal_stands_in() -> None:
    front = front_of("狮岭镇人民政府2020年政府信息公开工作年度报告\n", within="440114")
    assert (front.division_code, front.level) == ("440114109", "township")
    assert front_of("区财政局2020年政府信息公开工作年度报告\n", within="440100").division_code is None
    assert front_of("平潭综合实验区2020年政府信息公开工作年度报告\n", within="350100").division_code is None


def test_neighbours_in_the_furniture_do_not_name_the_body() -> None:
    document = Document(
        "html",
        "text/html",
        blocks=(Paragraph("青山县财政局2021年政府信息公开工作年度报告", "html:p"), Paragraph("正文。", "html:p+p")),
        furniture=(
            Paragraph("青山县教育局2020年政府信息公开工作年度报告", "html:li"),
            Paragraph("青山县水利局2021年政府信息公开工作年度报告", "html:li+li"),
        ),
    )
    front = read(document, url=None)
    assert (front.organization, front.year, codes(front)) == ("青山县财政局", 2021, [])


NEIGHBOURS = tuple(
    Paragraph(f"青山县{name}2020年政府信息公开工作年度报告", f"html:li:nth-of-type({place})")
    for place, name in enumerate(("教育局", "水利局"), start=1)
)


def test_a_title_with_an_unknown_kind_of_name_does_not_give_way_to_neighbours() -> None:
    heading = Heading("青山县某某2021年政府信息公开工作年度报告", "html:h1")
    front = read(Document("html", "text/html", blocks=(heading,), furniture=NEIGHBOURS[:1]), url=None)
    assert (front.organization, front.year, codes(front)) == (None, 2021, ["ORGANIZATION_UNKNOWN"])
    assert front.title == heading.text


def test_a_title_behind_a_long_menu_is_found() -> None:
    menu = "".join(f"栏目{number}\n" for number in range(90))
    front = front_of(f"{menu}青山县财政局2021年政府信息公开工作年度报告\n一、总体情况\n正文。\n")
    assert (front.organization, front.year) == ("青山县财政局", 2021)


def test_several_neighbours_name_no_report() -> None:
    outside = tuple(replace(neighbour, locator="html:p") for neighbour in NEIGHBOURS)
    document = Document("html", "text/html", blocks=(Paragraph("正文。", "html:p"),), furniture=outside)
    front = read(document, url=None)
    assert (front.title, front.organization, front.year) == (None, None, None)


def test_a_list_of_links_beside_the_content_names_no_report_and_a_heading_does() -> None:
    listed = Paragraph("青山县教育局2020年政府信息公开工作年度报告", "html:body>ul>li:nth-of-type(1)")
    document = Document("html", "text/html", blocks=(Paragraph("正文。", "html:p"),), furniture=(listed,))
    assert read(document, url=None).organization is None
    heading = Heading("青山县财政局2021年政府信息公开工作年度报告", "html:body>h1")
    assert read(replace(document, furniture=(listed, heading)), url=None).organization == "青山县财政局"


def test_the_compiling_sentence_may_name_its_grounds() -> None:
    front = front_of("白石镇2020年政府信息公开年度报告\n本报告由青山县白石镇人民政府根据有关规定编制。\n")
    assert front.organization == "青山县白石镇人民政府"


def test_a_report_annexed_to_a_letter_gives_its_title() -> None:
    letter = "青山县水利局办公室关于报送材料的函\n县政府办公室：现将材料报上，请收悉。\n" + "（附件正文略）\n" * 50
    front = front_of(letter + "青山县水利局2017年政府信息公开工作年度报告\n一、概述\n平稳。\n")
    assert (front.organization, front.year) == ("青山县水利局", 2017)


WORDS = ["发布日期：", "政府信息公开", "2021年", "1月1日", "年度报告", "统计期限自", "由", "编制", "青山县"]
PIECES = st.sampled_from([*"一（）、。，：《》\n 0123-年月日市局", *WORDS])


@given(st.lists(PIECES, max_size=60))
def test_any_text_is_read_without_a_crash(pieces: list[str]) -> None:
    front = front_of("".join(pieces))
    assert front.year is None or 1900 <= front.year <= 2099
    assert front.published is None or date.fromisoformat(front.published)


# -- year ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "period",
    [
        "本报告所列数据的统计期限自2021年1月1日起至2021年12月31日止。",
        "本报告中数据统计周期为2021年1月1日至12月31日。",
        "统计期限自202111日起至20211231日止。",
        "统计期限自2021月1日起至 2021年12月31日。",
        "统计时限为2021 年 1 月 1 日至\n2021 年 12 月 31 日。",
        "2021年1月1日至2021年12月31日，我局稳步推进各项工作。",
    ],
)
def test_the_period_gives_the_year(period: str) -> None:
    front = front_of(f"政府信息公开工作年度报告\n{period}\n一、总体情况\n与2019年相比，2020年基础较好。\n")
    assert front.year == 2021
    assert "PERIOD_SHORT" not in codes(front)


def test_title_against_period_is_settled_by_publication_and_said() -> None:
    text_of = "青山县财政局2020年政府信息公开工作年度报告\n发布日期：{}\n统计期限自2021年1月1日起至2021年12月31日止。\n"
    late = front_of(text_of.format("2022-01-12"))
    assert (late.year, codes(late)) == (2021, ["YEAR_DISAGREES"])
    early = front_of(text_of.format("2021-01-12"))
    assert (early.year, codes(early)) == (2020, ["YEAR_DISAGREES"])


def test_a_signature_in_the_year_reported_is_said() -> None:
    front = front_of(
        "青山县财政局2021年政府信息公开工作年度报告\n发布时间：2022-01-12 09:00\n正文。\n青山县财政局\n2021年1月12日\n"
    )
    assert (front.year, front.published) == (2021, "2022-01-12")
    assert codes(front) == ["YEAR_DISAGREES"]


def test_a_column_head_of_last_year_is_said() -> None:
    cells = tuple(
        GridCell(label, 0, column, f"html:td{column}") for column, label in enumerate(["指标名称", "单位", "2015年度"])
    )
    document = Document(
        "html",
        "text/html",
        (Heading("青山县公安局2016年政府信息公开工作年度报告", "html:h1"), Grid(cells, 1, 3, "html:table")),
    )
    front = read(document, url=None)
    assert (front.year, codes(front)) == (2016, ["YEAR_DISAGREES"])


def test_years_in_prose_are_no_evidence() -> None:
    front = front_of("青山县财政局政府信息公开工作年度报告\n2020年、2020年、2020年，明年即2022年将继续努力。\n")
    assert front.year is None


def test_a_period_of_four_months_is_said() -> None:
    front = front_of("青山县财政局2019年政府信息公开工作年度报告\n统计期限自2019年9月1日起至2019年12月31日。\n")
    assert (front.year, codes(front)) == (2019, ["PERIOD_SHORT"])


# -- dates -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "published"),
    [
        ("发布日期:2021-01-21 15:24 文章来源:本网", "2021-01-21"),
        ("来源：某单位 时间：2021-01-09 09:49 微信 微博", "2021-01-09"),
        ("发布时间： 2021年1月9日", "2021-01-09"),
        ("【发布时间】2021/1/9", "2021-01-09"),
        ("公开日期\t2021-01-09", "2021-01-09"),
        ("日期：2021.01.09", "2021-01-09"),
        ("2021年1月9日 星期六", None),
        ("成文日期：2021-01-09", None),
        ("采集时间：2021-01-09", None),
        ("归档时间：2021-01-09", None),
        ("发布日期：2021-02-30", None),
        ("发布日期：", None),
    ],
)
def test_published_is_a_labelled_date(line: str, published: str | None) -> None:
    front = front_of(f"青山县财政局2020年政府信息公开工作年度报告\n{line}\n正文。\n青山县财政局\n2021年1月5日\n")
    assert front.published == published


def test_an_explicit_label_goes_before_a_bare_one() -> None:
    front = front_of("时间：2021-01-01\n发布日期：2021-01-09\n青山县财政局2020年政府信息公开工作年度报告\n")
    assert front.published == "2021-01-09"


def test_the_meta_date_is_a_last_resort_and_never_the_time_of_making() -> None:
    def published(**metadata: str) -> str | None:
        heading = Heading("青山县财政局2020年政府信息公开工作年度报告", "html:h1")
        return read(Document("html", "text/html", (heading,), metadata=metadata), url=None).published

    assert published(pubdate="2021-01-12 10:21") == "2021-01-12"
    assert published(pubdate="2021-01-12 10:21", others="页面生成时间 2021-01-12 10:40:11") is None
    assert published(pubdate="yesterday") is None


def test_three_dates_that_disagree_are_said() -> None:
    front = front_of(
        "青山县财政局2020年政府信息公开工作年度报告\n发布日期：2021-01-09\n正文。\n青山县财政局\n2021年1月15日\n",
        url="http://www.example.gov.cn/nb/202101/t20210112_1.html",
    )
    assert front.published == "2021-01-09"
    assert codes(front) == ["DATES_DISAGREE", "DATES_DISAGREE"]


# -- corpus ----------------------------------------------------------------------------------------------------------


def corpus_documents() -> list[Path]:
    if not CORPUS:
        return []
    truths = sorted(Path(CORPUS).glob("*.truth.json"))
    return [path.with_name(path.name.removesuffix(".truth.json")) for path in truths]


@pytest.mark.skipif(not CORPUS, reason="NIANBAO_CORPUS is not set: no real documents to read")
@pytest.mark.parametrize("path", corpus_documents(), ids=lambda path: path.name)
def test_corpus(path: Path) -> None:
    content = path.read_bytes()
    media_type = unwrap.media_type(content)
    if media_type not in readers.READERS:
        pytest.skip(f"no reader yet for {media_type}")
    truth = json.loads(path.with_name(path.name + ".truth.json").read_text(encoding="utf-8"))
    front = read(readers.read(content, media_type, None), url=None)
    for field in ("organization", "year", "published"):
        if (path.name, field) not in UNPRINTED:
            assert getattr(front, field) == truth.get(field), field


# --- who publishes, and when, among what a page prints around a report ------------------------------------------------

TITLE = "青山县财政局2023年政府信息公开工作年度报告"


def test_own_names_give_way_to_the_signature() -> None:
    for own in ("我局", "本局", "本机关", "该单位"):
        front = front_of(f"{own}2023年政府信息公开工作年度报告\n一、总体情况\n正文。\n青山县财政局\n2024年1月19日\n")
        assert front.organization == "青山县财政局"


def test_a_short_name_with_our_is_completed_by_the_signature() -> None:
    front = front_of("我县财政局2023年政府信息公开工作年度报告\n一、总体情况\n正文。\n青山县财政局\n2024年1月19日\n")
    assert front.organization == "青山县财政局"


def test_a_declared_title_that_begins_with_the_portal_names_no_body() -> None:
    document = text.read("一、总体情况\n正文。\n二、主动公开政府信息情况\n")
    document = replace(document, title="青山县人民政府 政府信息公开年报 年报详情")
    assert read(document, url=None).organization is None


def test_of_a_title_and_a_portals_title_the_title_counts() -> None:
    document = text.read(f"{TITLE}\n一、总体情况\n正文。\n")
    document = replace(document, title=f"青山县人民政府 政府信息公开年报 {TITLE}")
    assert read(document, url=None).organization == "青山县财政局"


def test_a_title_behind_the_portals_name_is_found() -> None:
    document = replace(text.read("一、总体情况\n正文。\n"), title=f"青山县人民政府 政府信息公开年报 {TITLE}")
    front = read(document, url=None)
    assert (front.title, front.organization, front.year) == (TITLE, "青山县财政局", 2023)


@pytest.mark.parametrize(
    ("before", "under", "published"),
    [
        ("", "发布时间：2024-01-19", "2024-01-19"),
        ("", "发布时间：2024-01-19 15:20 来源：本网", "2024-01-19"),
        ("", "发布时间：2024-01-1915:20 来源：本网", "2024-01-19"),
        ("", "来源：本网 发布时间：2024-01-19", "2024-01-19"),
        ("", "作者：张山 发布时间：2024-01-19", "2024-01-19"),
        ("", "2024-01-19", "2024-01-19"),
        ("", "2024-01-19 10:20", "2024-01-19"),
        ("", "2024-01-19 10:20来源：本网", "2024-01-19"),
        ("", "2024年1月19日 浏览次数：31", "2024-01-19"),
        ("", "2024年1月19日上午召开了会议。", None),
        ("", "（2024年1月19日）", None),
        ("", "[2024-01-19] 【字号：大 中 小】", "2024-01-19"),
        ("", "来源：县财政局　2024/01/19　阅读次数：12", "2024-01-19"),
        ("", "信息来源：本网 更新时间：2024-01-19 16:00", "2024-01-19"),
        ("", "录入时间：2024-01-19", "2024-01-19"),
        ("", "公布日期：2024-01-19", "2024-01-19"),
        ("", "发稿时间：2024-01-19", "2024-01-19"),
        ("版权所有 更新日期：2025-06-07\n", "", None),
        ("关于放假的通知 发布时间：2025-03-03\n", "2024-01-19", "2024-01-19"),
        ("关于放假的通知 发布时间：2025-03-03\n", "发布时间：2024-01-19", "2024-01-19"),
        ("关于放假的通知 发布时间：2025-03-03\n", "", None),
        ("2026年11月24日 星期二\n", "", None),
    ],
)
def test_the_publication_date_is_the_reports_own(before: str, under: str, published: str | None) -> None:
    front = front_of(f"{before}{TITLE}\n{under}\n一、总体情况\n正文。\n")
    assert front.published == published


@pytest.mark.parametrize(
    ("home", "url", "copied"),
    [
        ("www.qingshan.gov.cn", "http://www.qingshan.gov.cn/a.html", False),
        ("www.qingshan.gov.cn", "https://czj.qingshan.gov.cn/a.html", False),
        ("http://www.qingshan.gov.cn/", "https://www.wenku.com/a.html", True),
        ("www.qingshan.gov.cn", "https://www.baishi.gov.cn/a.html", True),
        ("www.qingshan.gov.cn", "http://10.1.2.3/a.html", False),
        ("www.qingshan.gov.cn", None, False),
        ("", "https://www.wenku.com/a.html", False),
    ],
)
def test_a_page_on_a_foreign_host_is_a_copy(home: str, url: str | None, copied: bool) -> None:
    document = replace(text.read(f"{TITLE}\n一、总体情况\n正文。\n"), metadata={"sitedomain": home})
    assert ("COPIED_PAGE" in codes(read(document, url=url))) == copied


@pytest.mark.parametrize("lines", [("青山县财政局2021年", "政府信息公开工作", "年度报告"), ("青山县财政局", "2021年政府信息公开工作", "年度报告")])
@pytest.mark.parametrize("is_around", [False, True])
def test_a_title_over_three_lines(lines: tuple[str, ...], *, is_around: bool) -> None:
    title = tuple(Heading(line, "html:h1", 1) for line in lines)
    body = (Paragraph("一、总体情况", "html:p"), Paragraph("工作扎实推进。", "html:p"))
    document = Document(
        reader="html",
        media_type="text/html",
        blocks=body if is_around else (*title, *body),
        furniture=title if is_around else (),
        title="青山县人民政府",
    )
    found = read(document, url=None, within=None)
    assert (found.organization, found.year) == ("青山县财政局", 2021)


@pytest.mark.parametrize("period", ["2021-2022学年", "2021—2022学年度", "2022学年"])
def test_a_school_year_is_no_part_of_a_name(period: str) -> None:
    assert front_of(f"青山县第一中学{period}信息公开年度报告\n\n一、总体情况\n").organization == "青山县第一中学"
