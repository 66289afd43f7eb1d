"""Names of official bodies to division codes (行政区划代码), as of a year.

The bundled table (`divisions.tsv`; its head names the sources) holds provinces, prefectures and counties with the years
in which each name and code stood. Townships stand in a table of their own (`parsers.townships`). Nothing is guessed: a name that several divisions bear, and that neither a name before it nor `within` settles, gives None.
"""

import re
import unicodedata
from functools import cache
from importlib import resources
from typing import Literal

from msgspec import Struct

from parsers.remembered import remembered

DivisionLevel = Literal["province", "prefecture", "county"]


class Division(Struct, frozen=True):
    """One name and code of a division, with the first and last year in which both stood (None: before 2006, still).

    `lineage` is a code that outlives changes of name and code: a county that became a district keeps it.
    """

    code: str
    name: str
    first_year: int | None
    last_year: int | None
    lineage: str

    @property
    def level(self) -> DivisionLevel:
        return level_of(self.code)

    def distance(self, year: int | None) -> int:
        """Years between `year` (None: today) and the span in which name and code stood; 0 inside it."""
        if year is None:
            return 0 if self.last_year is None else 1 + (9999 - self.last_year)
        return max((self.first_year or year) - year, year - (self.last_year or year), 0)


class DivisionMatch(Struct, frozen=True):
    """The division at the head of a body's name. `rest` is the name behind it (`人民政府`, `狮岭镇人民政府`).

    `is_hint` is true where the name itself names no division and the code is only that of `within`.
    """

    code: str
    name: str
    level: DivisionLevel
    lineage: str
    rest: str
    is_hint: bool = False


def namesakes(organization: str, year: int | None) -> tuple[Division, ...]:
    """The divisions of different lineage that the head of a name may mean in or nearest to the year; none where it is
    no division's name, one where it is certain."""
    candidates, _, _ = _chain(_AUTHORITY.sub("", squeeze(organization)), year)
    nearest = min((division.distance(year) for division in candidates), default=0)
    meant = (division for division in candidates if division.distance(year) <= nearest)
    return tuple({division.lineage: division for division in meant}.values())


def level_of(code: str) -> DivisionLevel:
    """The level that a six-digit code says. Districts of 直辖市 and 省直辖县 are counties."""
    return "province" if code.endswith("0000") else "prefecture" if code.endswith("00") else "county"


def lookup(organization: str, year: int | None, within: str | None = None) -> DivisionMatch | None:
    """The division named at the head of an official name, in the year of the report; None where that is not certain.

    `within` is the code of the division that the portal belongs to: it decides between namesakes, and stands in
    (`is_hint`) where the name begins with no division at all. A code that is not in the table decides nothing.
    """
    name = _AUTHORITY.sub("", squeeze(organization))
    candidates, rest, is_torn = _chain(name, year)
    if is_torn or rest.startswith("生产建设兵团"):
        return None
    if not candidates:
        return _hinted(name, year, within)
    related = tuple(division for division in candidates if within and _is_related(division.code, within))
    division = _only(related or candidates, year)
    if division is None:
        return None
    return DivisionMatch(division.code, division.name, division.level, division.lineage, rest)


def names_of(code: str, year: int | None = None) -> tuple[str | None, str | None, str | None]:
    """(province, prefecture, county) of a code of six or more digits, None below its level and where there is none
    (a county under its province has no prefecture). Raises KeyError for an unknown code."""
    six = code[:6]
    chain = (six[:2] + "0000", six[:4] + "00" if six[2:4] != "00" else None, six if six[4:] != "00" else None)
    if all(part not in _by_code() for part in chain if part):
        raise KeyError(code)
    province, prefecture, county = (_name_in(part, year) if part else None for part in chain)
    return province, prefecture, county


def lineage_of(code: str, year: int | None = None) -> str:
    """The code that outlives changes of name and code, for the division that bore `code` in `year`.

    Raises KeyError for an unknown code."""
    return min(_by_code()[code[:6]], key=lambda division: division.distance(year)).lineage


def is_division(code: str) -> bool:
    """Whether a six-digit code is, or was, that of a division."""
    return code in _by_code()


@remembered(8192)
def squeeze(name: str) -> str:
    """A name without white space and in compatibility form (full-width digits and brackets folded)."""
    return "".join(unicodedata.normalize("NFKC", name).split())


_FIRST_REPORTS = 2006
"""The table tells every state since then; of earlier ones only names and codes that are gone."""
_AUTHORITY = re.compile(
    r"^(?:国家税务总局|国家统计局|国家外汇管理局|国家能源局|中国人民银行|中国气象局|中国地震局|中华人民共和国|中国共产党|中共"
    r"|中国共产主义青年团|共青团)(?=.*?[省市区县旗州盟])"
)
"""Central bodies before the place of their local office."""
_TOWNSHIP_HEAD = re.compile(r"^(街道|镇|乡|村|社区|民族乡|苏木)")
_ETHNIC = re.compile(
    r"((?:各|蒙古|回|藏|维吾尔|苗|彝|壮|布依|朝鲜|满|侗|瑶|白|土家|哈尼|哈萨克|傣|黎|傈僳|佤|畲|拉祜|水|东乡|纳西|景颇|柯尔克孜|土"
    r"|达斡尔|仫佬|羌|布朗|撒拉|毛南|仡佬|锡伯|普米|塔吉克|怒|裕固|保安|独龙|鄂伦春|鄂温克)族?)+自治([州县旗])$"
)
_SHORT_PROVINCES = {"150000": "内蒙古", "450000": "广西", "540000": "西藏", "640000": "宁夏", "650000": "新疆"}


@cache
def _divisions() -> tuple[Division, ...]:
    text = (resources.files("parsers") / "divisions.tsv").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith(("#", "code"))]
    return tuple(_division(*line.split("\t")) for line in lines)


def _division(code: str, name: str, first: str, last: str, lineage: str) -> Division:
    return Division(code, name, int(first) if first else None, int(last) if last else None, lineage or code)


@cache
def _by_code() -> dict[str, tuple[Division, ...]]:
    grouped: dict[str, tuple[Division, ...]] = {}
    for division in _divisions():
        grouped[division.code] = (*grouped.get(division.code, ()), division)
    return grouped


@cache
def _by_name() -> dict[str, tuple[Division, ...]]:
    """The divisions of each name. Those gone before reports began count only where nobody bore their name later."""
    grouped: dict[str, tuple[Division, ...]] = {}
    for division in sorted(_divisions(), key=_is_long_gone):
        for name in dict.fromkeys((division.name, *_short_names(division))):
            bearers = grouped.get(name, ())
            if not (_is_long_gone(division) and any(not _is_long_gone(bearer) for bearer in bearers)):
                grouped[name] = (*bearers, division)
    return grouped


def _is_long_gone(division: Division) -> bool:
    return division.last_year is not None and division.last_year < _FIRST_REPORTS


def _short_names(division: Division) -> tuple[str, ...]:
    """延边州 for 延边朝鲜族自治州, 宁夏 for 宁夏回族自治区: forms that official names use beside the full ones."""
    if division.code in _SHORT_PROVINCES:
        return (_SHORT_PROVINCES[division.code],)
    short = _ETHNIC.sub(r"\2", division.name)
    return (short,) if len(short) > 2 else ()


def _chain(name: str, year: int | None) -> tuple[tuple[Division, ...], str, bool]:
    """The divisions that the last of the leading division names may mean, the name behind them, and whether the chain
    is torn: a division name follows that does not lie in the one before it."""
    standing: tuple[Division, ...] = ()
    rest = name
    while True:
        found = _leading(rest)
        if found is None or all(_was_a_zone(division, year) for division in _by_name()[found]):
            return standing, rest, False
        below = tuple(d for d in _by_name()[found] if not standing or any(_is_below(d, above) for above in standing))
        if not below:
            return standing, rest, True
        standing, rest = below, rest[len(found) :]


def _was_a_zone(division: Division, year: int | None) -> bool:
    """Whether a 新区 had not become a district by then: before that its name was a zone's (两江新区 until 2026)."""
    if year is None or division.first_year is None or year >= division.first_year:
        return False
    return division.name.endswith("新区") and division.code not in _lineages_of_others()


@cache
def _lineages_of_others() -> frozenset[str]:
    """Codes of divisions that bore another code or name before."""
    return frozenset(division.lineage for division in _divisions() if division.lineage != division.code)


@cache
def _longest_name() -> int:
    return max(map(len, _by_name()))


def _leading(name: str) -> str | None:
    """The longest division name at the head, unless it is only the name of a town or street (和平区街道)."""
    for length in range(min(len(name), _longest_name()), 1, -1):
        if name[:length] in _by_name():
            return None if _TOWNSHIP_HEAD.match(name[length:]) else name[:length]
    return None


def _stem(code: str) -> str:
    return {"province": code[:2], "prefecture": code[:4], "county": code}[level_of(code)]


def _is_below(division: Division, above: Division) -> bool:
    return division.code != above.code and division.code.startswith(_stem(above.code))


def _is_related(code: str, within: str) -> bool:
    return code.startswith(_stem(within[:6])) or within.startswith(_stem(code))


def _only(candidates: tuple[Division, ...], year: int | None) -> Division | None:
    """The one division that the name meant in or nearest to the year, if there is only one."""
    nearest = min(division.distance(year) for division in candidates)
    tolerance = nearest if nearest <= 1 or year is None else 9999
    meant = [division for division in candidates if division.distance(year) <= tolerance]
    if len({division.lineage for division in meant}) > 1:
        return None
    return min(meant, key=lambda division: division.distance(year))


def _hinted(name: str, year: int | None, within: str | None) -> DivisionMatch | None:
    if within is None or within[:6] not in _by_code():
        return None
    division = min(_by_code()[within[:6]], key=lambda division: division.distance(year))
    return DivisionMatch(division.code, division.name, division.level, division.lineage, name, is_hint=True)


def _name_in(code: str, year: int | None) -> str | None:
    spans = _by_code().get(code)
    return min(spans, key=lambda division: division.distance(year)).name if spans else None
