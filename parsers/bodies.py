"""Official bodies (机关): what is such a name, its kind and level, and which full name a short one stands for."""

import re

from msgspec import Struct

from parsers.divisions import DivisionMatch, lookup, namesakes, squeeze
from parsers.report import Kind, Level
from parsers.townships import township_code

SHORT_FORMS: dict[str, str] = {
    "发改委": "发展和改革委员会",
    "发改局": "发展和改革局",
    "发展改革委": "发展和改革委员会",
    "经信委": "经济和信息化委员会",
    "经信局": "经济和信息化局",
    "工信局": "工业和信息化局",
    "工信厅": "工业和信息化厅",
    "科委": "科学技术委员会",
    "科技委": "科学技术委员会",
    "教委": "教育委员会",
    "民宗局": "民族宗教事务局",
    "民宗委": "民族宗教事务委员会",
    "人社局": "人力资源和社会保障局",
    "人社厅": "人力资源和社会保障厅",
    "住建局": "住房和城乡建设局",
    "住建厅": "住房和城乡建设厅",
    "住建委": "住房和城乡建设委员会",
    "城管局": "城市管理局",
    "城管委": "城市管理委员会",
    "文旅局": "文化和旅游局",
    "文旅厅": "文化和旅游厅",
    "卫健委": "卫生健康委员会",
    "卫健局": "卫生健康局",
    "卫生健康委": "卫生健康委员会",
    "卫计委": "卫生和计划生育委员会",
    "国资委": "国有资产监督管理委员会",
    "建管委": "建设和管理委员会",
    "交通委": "交通委员会",
    "农委": "农业委员会",
    "农业农村委": "农业农村委员会",
    "经济信息化委": "经济和信息化委员会",
    "商务委": "商务委员会",
    "市场监管局": "市场监督管理局",
    "食药监局": "食品药品监督管理局",
}
"""Well-known short forms at the end of a body's name, used only where the full name stands nowhere in the document."""

_END = (
    r"(?:人民政府|政府|委员会|办公室|办公厅|办事处|管委会|研究院|研究所|[局厅部署院委办会联]|中心|支队|总队|大队|街道|苏木"
    r"|[省市区县旗州盟镇乡]|集团|公司|党校|海关|监狱|[行社馆台站所队处场师]|师市|兵团|第?[一二三四五六七八九十○〇零\d]{1,4}团"
    r"|大学|学院|[中小]学|学校|幼儿园|基地|研究室|[宫园圃])(?:[(（][\u4e00-\u9fff]{1,14}[)）])?"
)
NAME = rf"[\u4e00-\u9fff·（）()]{{1,38}}?{_END}"
"""A run that ends like the name of a body, to be placed in a larger pattern."""

_IS_NAME = re.compile(rf"[\u4e00-\u9fff·（）()]{{0,38}}{_END}")
_ZONE_WORD = (
    r"(?:开发区|实验区|试验区|示范区|高新区|经开区|保税区|度假区|风景名胜区|风景区|园区|工业园|产业园|片区|港区|新城|新区)"
)
_ZONE = re.compile(rf"{_ZONE_WORD}$|[区园城港湾岛带基地](?:党工委)?(?:管委会|管理委员会)$")
_IN_ZONE = re.compile(_ZONE_WORD)
_SUBDISTRICT = re.compile(r"(?:街道|地区)?办事处$|街道办?$")
_GOVERNMENT = re.compile(r"政府$|行政公署$|行署$|[镇乡]$|苏木$")
_TOWNSHIP = re.compile(r"(?:镇|乡|苏木)(?:人民政府|政府)?$|街道(?:办事处|办)?$|地区办事处$")
_CORPS = re.compile(r"^(?:新疆生产建设)?兵团|^(?:新疆生产建设兵团)?第[一二三四五六七八九十]{1,3}师")
_CORPS_OWN = re.compile(r"(?:兵团|师|师市|[市团镇场])$|人民政府$")
"""The 新疆生产建设兵团, its divisions (师, of a prefecture's rank) and regiments are no governments by law."""
_NO_ADMINISTRATION = re.compile(r"(?:法院|检察院|大学|(?<!科)学院|[中小]学|(?<!党)学校|幼儿园|医院|公司|集团)$")
"""Courts, schools, hospitals and companies are no departments of a government."""
_STATE = re.compile(r"^(?:国家|国务院|中华人民共和国|中国)|^[\u4e00-\u9fff]{1,8}部$|^(?:审计署|海关总署|中国人民银行)$")
_UNLISTED_COUNTY = re.compile(r"^[\u4e00-\u9fff]{2,8}[区县旗](?:人民政府|政府)?$")
"""The government of a county's equal that no list of divisions has (加格达奇区)."""
_LOCAL_OFFICE = re.compile(
    r"^(?:国家[\u4e00-\u9fff]+?局|中国[\u4e00-\u9fff]+?(?:委员会|银行|局)|中华人民共和国)"
    r"[\u4e00-\u9fff]{2,}(?:局|分局|队|支行|海关|监管办|专员办|办事处)$"
)
"""An office of a central body in a place that its name does not tell to be a division (国家统计局昆明调查队)."""
_SUFFIX_LEVELS: tuple[tuple[re.Pattern[str], Level], ...] = (
    (re.compile(r"^[\u4e00-\u9fff]{2,7}?(?:省|自治区)"), "province"),
    (re.compile(r"^[\u4e00-\u9fff]{1,9}?(?:自治州|盟)|^[\u4e00-\u9fff]{1,8}州(?:人民政府|政府)$|行政公署$"), "prefecture"),
    (re.compile(r"^[\u4e00-\u9fff]{1,9}?(?:县|旗)"), "county"),
)


class Body(Struct, frozen=True):
    """Kind, level and division of a named body; None where the name does not settle it. `division_code` has nine digits
    for a town whose code is certain, else six."""

    kind: Kind | None
    level: Level | None
    division_code: str | None


def body_of(name: str, year: int | None, within: str | None = None) -> Body:
    """What the full name of a body says about it; `within` is the division of the portal that shows its report."""
    match = lookup(name, year, within)
    if match and match.is_hint and not _may_lie_in(name, match):
        match = None
    level = level_of(name, match) or _common_level(name, year)
    town = township_code(match.code, match.rest) if match and level == "township" else None
    return Body(kind_of(name, match), level, town or (match.code if match else None))


def _common_level(name: str, year: int | None) -> Level | None:
    """The level of all divisions that a name may mean: 鼓楼区 stands four times, and each is a county's equal."""
    if _IN_ZONE.search(name) or _CORPS.search(name):
        return None
    levels = {division.level for division in namesakes(name, year)}
    return levels.pop() if len(levels) == 1 else None


def is_name(text: str) -> bool:
    """Whether a text could be the name of a body and nothing but that."""
    return bool(_IS_NAME.fullmatch(squeeze(text)))


def kind_of(name: str, match: DivisionMatch | None = None) -> Kind | None:
    """government (also of a town), subdistrict (街道办事处), zone (管委会) or department; None if it names no body, or one
    outside the administration (a court, a school, a company)."""
    rest = match.rest if match else name
    if _NO_ADMINISTRATION.search(name) or (_CORPS.search(name) and _CORPS_OWN.search(name)):
        return None
    if match and not rest:
        return "government"
    if match and _IN_ZONE.search(match.name) and re.fullmatch(r"管委会|管理委员会", rest):
        return "zone"
    if _SUBDISTRICT.search(rest):
        return "subdistrict"
    if _ZONE.search(rest) and not rest.endswith("监督管理委员会"):
        return "zone"
    if _GOVERNMENT.search(rest):
        return "government"
    return "department" if is_name(name) else None


def level_of(name: str, match: DivisionMatch | None) -> Level | None:
    """The level of the government that the body is or belongs to. A zone's level does not follow from its name."""
    rest = match.rest if match else name
    if corps := _CORPS.search(name):
        return "province" if "师" not in corps[0] and "师" not in name else "prefecture" if name.endswith("师") else None
    if _TOWNSHIP.search(rest):
        return "township"
    if _IN_ZONE.search(rest):
        return None
    if match:
        return "county" if _UNLISTED_COUNTY.search(rest) else match.level
    if _LOCAL_OFFICE.search(name):
        return None
    if _STATE.search(name):
        return "state"
    return next((level for pattern, level in _SUFFIX_LEVELS if pattern.search(name)), None)


def stands_for(short: str, full: str) -> bool:
    """Whether `short` may abbreviate `full`: its characters stand there in order, and both end alike.

    狮岭镇 and 狮岭镇政府 stand for 广州市花都区狮岭镇人民政府, 市科委 for 上海市科学技术委员会.
    """
    if not short or len(short) > len(full):
        return False
    core = _bare(short)
    whole = _bare(full)
    if core.endswith("街道办"):
        core = core.removesuffix("办")
    ends_alike = core[-1:] == whole[-1:] or (core[-1:] == "委" and whole.endswith("委员会")) or whole.endswith(core)
    characters = iter(whole)
    return ends_alike and all(character in characters for character in core)


def completed(name: str) -> str:
    """The name with 县政府, 县政府办 and the like made 人民政府, and a well-known short form at its end written out."""
    name = re.sub(r"(?<=[省市区县旗州镇乡])政府办$", "政府办公室", name)
    name = re.sub(r"(?<=[省市区县旗州镇乡])政府(?=$|办公[室厅]$)", "人民政府", name)
    name = re.sub(r"(?<!公)行署$", "行政公署", name)
    name = re.sub(r"街道办$", "街道办事处", name)
    for short, full in SHORT_FORMS.items():
        if name.endswith(short) and not name.endswith(full):
            return name.removesuffix(short) + full
    return name


def _bare(name: str) -> str:
    """A name without the word for its organ: a town and its government are one body."""
    return re.sub(r"(?:人民政府|政府|办事处|(?<=[区园港湾岛带])(?:管理委员会|管委会))$", "", name) or name


def _may_lie_in(name: str, match: DivisionMatch) -> bool:
    """Whether the portal's division may stand in for a name without one: a town lies in a county, and a body that calls
    itself one of a 县 or 区 does not belong to a prefecture."""
    if _STATE.search(name):
        return False
    if _TOWNSHIP.search(name) or re.match(r"^[区县旗](?!.*县)", name):
        return match.level == "county" or match.code in {"441900", "442000", "460400", "620200"}
    return not _IN_ZONE.search(name)
