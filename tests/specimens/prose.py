"""Our own Chinese sentences around the tables: titles, six sections, signatures, furniture. Nothing is quoted.

The places do not exist; a test looks them up among the divisions.
"""

from random import Random

from msgspec import Struct

from .truth import Truth

PREFIX = "云州市青澜区"
TOWNS = ("云蓼镇", "松霁镇", "墨笛镇", "鹭汀镇", "石笛街道", "南筠坡街道")
BUREAUS = ("发展和改革局", "教育局", "城市管理和综合执法局", "卫生健康局", "民政局", "水务局")


def township(name: str) -> str:
    """The full official name of a town's or street's body."""
    return PREFIX + name + ("办事处" if name.endswith("街道") else "人民政府")


def department(name: str) -> str:
    return PREFIX + name


DISTRICT = PREFIX + "人民政府"
ORGANIZATIONS = (
    DISTRICT,
    *(township(name) for name in TOWNS),
    *(department(name) for name in BUREAUS),
    "云州市人民政府",
    "云州市统计局",
    "临汐市望鹤县人民政府",
    "临汐市望鹤县财政局",
    "临汐市望鹤县苇渡镇人民政府",
)

TITLES = (
    "{name}{year}年政府信息公开工作年度报告",
    "{name}{year}年度政府信息公开工作年度报告",
    "{name}政府信息公开工作{year}年度报告",
    "{name}{year}年政府信息公开年度报告",
    "{name} {year} 年政府信息公开工作年度报告",
    "{year}年{name}政府信息公开工作年度报告",
)

PREAMBLES = (
    "本报告按照《中华人民共和国政府信息公开条例》和年度报告统一格式编写，由{name}编制。统计期限自{year}年1月1日起至{year}年12月31日止。",
    "依照《中华人民共和国政府信息公开条例》第五十条，{name}编制了{year}年度报告。所列数字的统计期限为{year}年1月1日至{year}年12月31日。",
    "现将{name}{year}年度的政府信息公开工作向社会报告。统计周期为{year}年1月1日至12月31日，各项数字由本机关逐项核填。",
)
OVERVIEWS = (
    "（一）主动公开。全年经门户网站栏目发布各类信息{items}条，重点是办事流程和公共服务方面的内容。",
    "（二）依申请公开。{year}年本机关收到政府信息公开申请{received}件，均按登记、审核、答复的次序办理。",
    "（三）信息管理。公文拟制时同时注明公开方式，发布前由两人核对，发布后每季度复查一次链接。",
    "（四）平台建设。栏目按主题重新排列，增加了检索入口，旧目录中的空白页已经补齐或撤下。",
    "（五）监督保障。指定一名联络员负责栏目更新，年内组织学习两次，没有发生责任追究的情形。",
)
OVERVIEWS_QUIET = (
    "全年的公开工作由办公室承担，主要通过区门户网站发布，共发布信息{items}条。",
    "本年度收到政府信息公开申请{received}件，按期答复，没有收取费用。",
    "公开栏设在服务大厅入口处，每月更换一次内容，群众可以当场索取复印件。",
)
PROBLEMS = (
    "主要问题是个别栏目更新偏慢，图表较少。下一步把更新日期列入月度清单，并为常用数字配上图。",
    "一是查询入口不够明显，二是历史文件的分类不统一。改进办法是合并重复栏目，按年份整理旧文件。",
    "经办人员更换较多，答复文书的写法不一致。今后统一使用范本，每半年抽查一次答复文书。",
    "公开内容偏重动态消息，政策说明偏少。计划为每份新文件配一段问答，并征求窗口人员的意见。",
)
OTHERS = (
    "本年度没有收取信息处理费，没有其他需要报告的事项。",
    "未收取信息处理费。本报告的电子版可以在门户网站年报栏目下载。",
    "无其他需要报告的事项。",
)
SECTION_NAMES = (
    "一、总体情况",
    "二、主动公开政府信息情况",
    "三、收到和处理政府信息公开申请情况",
    "四、政府信息公开行政复议、行政诉讼情况",
    "五、存在的主要问题及改进情况",
    "六、其他需要报告的事项",
)
SECTION_NAMES_OTHERWISE = (
    "一、概述",
    "二、政府信息主动公开情况",
    "三、政府信息依申请公开办理情况",
    "四、行政复议行政诉讼情况",
    "五、政府信息公开存在的问题及改进措施",
    "六、其它需要报告事项",
)
FREE_PROSE = (
    "{year}年，{name}继续把公开作为日常工作的一部分，按季度清点公开目录，及时补充缺项。",
    "主动公开方面，全年发布信息{items}条，其中通过政府网站发布的占多数，其余张贴在服务窗口。",
    "依申请公开方面，全年收到申请{received}件，均在规定时间内答复申请人。",
    "没有因政府信息公开被申请行政复议或者提起行政诉讼，没有收取费用。",
    "存在的不足是目录分类较粗，今后将按主题细分，并在每份文件下注明承办单位。",
)
NOTICE = "以下文字和数字由程序生成，机关和地名均为虚构，只用来演示和检验。"


class Text(Struct, frozen=True):
    """The prose of one report: what stands before the first section, then (heading, paragraphs) for each section."""

    preamble: tuple[str, ...]
    sections: tuple[tuple[str, tuple[str, ...]], ...]
    signature: tuple[str, ...]


def title(random: Random, name: str, year: int) -> str:
    return random.choice(TITLES).format(name=name, year=year)


def text(random: Random, truth: Truth) -> Text:
    """Prose whose figures agree with the tables. Sections two to four have no sentences of their own here."""
    words = {
        "name": truth.organization,
        "year": truth.year,
        "received": truth.figure("requests", "received_new", "total"),
        "items": random.randint(30, 900),
    }
    names = random.choice((SECTION_NAMES, SECTION_NAMES, SECTION_NAMES_OTHERWISE))
    overview = random.choice((OVERVIEWS, OVERVIEWS_QUIET))
    paragraphs = (overview, (), (), (), (random.choice(PROBLEMS),), (random.choice(OTHERS),))
    sections = tuple(
        (name, tuple(sentence.format(**words) for sentence in part))
        for name, part in zip(names, paragraphs, strict=True)
    )
    return Text((random.choice(PREAMBLES).format(**words),), sections, (truth.organization, truth.signed))


def free_text(random: Random, truth: Truth) -> Text:
    """A report of the years before the national form: prose, and at most a statistics table at the end."""
    value = ("local_2008", "requests_received", "value")
    words = {
        "name": truth.organization,
        "year": truth.year,
        "received": truth.figures.get(value, 0),
        "items": truth.figures.get(("local_2008", "proactive_total", "value"), random.randint(30, 300)),
    }
    sentences = [sentence.format(**words) for sentence in FREE_PROSE]
    headings = (
        "一、概述",
        "二、主动公开情况",
        "三、依申请公开情况",
        "四、复议、诉讼和收费情况",
        "五、存在的问题和改进",
    )
    sections = tuple((heading, (sentence,)) for heading, sentence in zip(headings, sentences, strict=True))
    return Text((PREAMBLES[0].format(**words),), sections, (truth.organization, truth.signed))
