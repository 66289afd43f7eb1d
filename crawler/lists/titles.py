"""Is it worth asking? Links judged by their titles before anything is fetched.

Lists mix annual reports with notices about them, explanations of them and other yearly papers in much the same words
(政府网站工作年度报表, 法治政府建设年度报告). Names of bodies hold such words too (财政局, 审计局, 培训中心), so a title
that says 信息公开 and 报告 is refused only for words that no body is called by.
"""

import re

SUBJECT = re.compile(r"信息公开|政务公开|政府公开|公开工作")
FORM = re.compile(r"年报|报告|总结")
CUT = re.compile(r"(?:…|\.{2,}|。{2,})$")
ABOUT_REPORTS = re.compile(r"通知|解读|图解|读懂|报表|征求意见|意见征集|模板|格式")
YEARLY = re.compile(r"年报|年度(?:工作)?报告")
OTHER_YEARLY = re.compile(r"法治|依法行政|网站|预算|决算|统计年|绩效|总结|资产|环境|慈善|安全|卫生|财务|履职|述职")
NOTICE = re.compile(r".{0,12}(?:关于|转发|印发|召开|开展|举办)")
BODY = re.compile(r"政府|街道|办事处|委员会|[局镇乡]")
SOME_YEAR = r"(?:(?:19|20)\d{2}(?:年度?)?)?"
BARE = re.compile(
    r"[（(\[【]?(?:19|20)\d{2}(?:年度?)?[）)\]】]?|"
    rf"{SOME_YEAR}(?:\w{{1,20}}(?:局|厅|委|委员会|办|办公室|政府|镇|乡|街道|街道办事处|中心|公司|管委会|分局|支队|所|学校|医院)|"
    rf"[\u4e00-\u9fff]{{1,8}}(?<![专社小园景全各本])[区县市旗]){SOME_YEAR}"
)
"""A year, a body, or the body of a division by the division's name; a body's with a year before or behind."""
GROUP = re.compile(
    r"(?:(?:各|省|市|州|盟|县|区|旗|本|乡|镇|街)(?:直|级|属|辖)*)*(?:人民)?(?:政府|政府办|部门|政府部门|工作部门|组成部门|直属机构|单位|直属单位|"
    r"事业单位|垂管单位|派出机构|镇街|街镇|乡镇|镇乡|街道|乡镇街道|(?:乡镇|镇乡|镇|乡|街道?)[（(](?:乡?镇|街道?|[乡镇]、街道)[)）]|区县|县区|市县|县市区|县[（(]市、?区[)）]|镇|乡)(?:年报)?"
)
YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)")
CHINESE_YEAR = re.compile(r"[二2][〇○零Oo0][〇○零一二三四五六七八九]{2}")
DIGITS = str.maketrans("〇○零一二三四五六七八九Oo", "00012345678900")


def is_report(title: str) -> bool:
    """Whether a link of this title may lead to an annual report of open government information.

    A title that the list cuts off ("…2022年政府信息公开…") counts as one: asking decides.
    """
    bare = re.sub(r"\s", "", title)
    if ABOUT_REPORTS.search(bare):
        return False
    if SUBJECT.search(bare):
        return bool(FORM.search(bare) or CUT.search(bare))
    return bool(YEARLY.search(bare)) and not OTHER_YEARLY.search(bare)


def is_candidate(title: str) -> bool:
    """Whether a row of an annual-report column is worth asking for: a report by its title; no more than a year or the
    name of a body, as the lists of one unit or one year have them (2021年度, 市教育局); or one whose title is cut off
    before it says what it is (某街道办事处2021年…)."""
    bare = re.sub(r"\s", "", title)
    return is_report(bare) or ((bool(BARE.fullmatch(bare)) or is_cut_short(bare)) and not ABOUT_REPORTS.search(bare))


def is_cut_short(bare: str) -> bool:
    """Whether a title is cut off behind a year or the name of a body, and begins as no notice or other paper does."""
    is_open = bool(CUT.search(bare)) and not NOTICE.match(bare) and not OTHER_YEARLY.search(bare)
    return is_open and (year_of(bare) is not None or bool(BODY.search(bare)))


def is_column(label: str) -> bool:
    """Whether a link of this name on an annual-report column leads further down in it: to reports (历年年报), to one
    year, to one body, or to a group of bodies (各部门, 各镇街)."""
    bare = re.sub(r"\s", "", label)
    return is_candidate(bare) or bool(GROUP.fullmatch(bare))


def year_of(title: str) -> int | None:
    """The year that a title names, None where it names none or several."""
    bare = re.sub(r"\s", "", title)
    years = {int(match) for match in YEAR.findall(bare)}
    years |= {int(match.translate(DIGITS)) for match in CHINESE_YEAR.findall(bare)}
    return years.pop() if len(years) == 1 else None
