"""Neighbours of reports, none of which may be taken for one, and reports in odd dress, which must be."""

import pytest

from parsers.align import align
from parsers.frontmatter import read
from parsers.readers import html, text
from parsers.recognise import recognise
from parsers.template import load

LINES = "\n".join(f"青山县{name}2021年政府信息公开工作年度报告" for name in ("财政局", "教育局", "水利局", "民政局"))
HEADS = """一、总体情况
二、主动公开政府信息情况
三、收到和处理政府信息公开申请情况
四、政府信息公开行政复议、行政诉讼情况
五、存在的主要问题及改进情况
六、其他需要报告的事项
"""
RETURN = """青山县人民政府网站工作年度报表
（2022年度）
填报单位：青山县人民政府办公室
网站名称 | 青山县人民政府
首页网址 | www.example.gov.cn
独立用户访问总量（单位：个） | 120345
信息发布（单位：条） | 2301
政策解读信息发布 | 28
政务新媒体 | 是
"""
ENFORCEMENT = """青山县应急管理局2022年行政执法统计年报
项目 | 数量
行政许可 | 12
行政处罚 | 31
行政强制 | 2
行政检查 | 250
"""
NOTICE = """青山县人民政府办公室关于做好2021年政府信息公开工作年度报告编制工作的通知
各乡镇人民政府，县直各单位：
根据《中华人民共和国政府信息公开条例》有关要求，请于2022年1月20日前报送年度报告，报告格式见附件。
年度报告应当包括总体情况、主动公开政府信息情况、收到和处理政府信息公开申请情况等内容。
青山县人民政府办公室
2021年12月20日
"""

NO_REPORTS = {
    "notice": NOTICE,
    "notice on the format": "关于印发政府信息公开工作年度报告格式的通知\n现将格式印发给你们，请遵照执行。\n",
    "notice on the format of a year": "关于印发《2022年政府信息公开工作年度报告格式》的通知\n请遵照执行。\n",
    "notice on opinions": "关于征求《青山县2022年政府信息公开工作年度报告（征求意见稿）》意见的函\n请反馈。\n",
    "notice on corrections": "关于整改政府信息公开年度报告有关问题的通报\n部分单位未按时报送。\n",
    "explanation": "《青山县2022年政府信息公开工作要点》解读\n今年的重点工作有五项。\n",
    "guide": "青山县财政局政府信息公开指南\n为了更好地提供政府信息公开服务，编制本指南。\n",
    "rules": "青山县政府信息公开制度\n第一条 为规范政府信息公开工作，制定本制度。\n",
    "catalogue": "青山县政府信息公开目录\n机构职能\n政策文件\n规划计划\n",
    "yearly plan": "青山县2022年政务公开工作要点\n一、深化重点领域公开\n二、加强平台建设\n",
    "summary and plan": "青山县文化馆2022年工作总结暨2023年工作思路\n一、主要成绩\n二、明年打算\n",
    "letter on a plan": "青山县财政局关于2017年政务公开工作要点落实情况的函\n现将落实情况函复如下。\n",
    "list of reports": f"政府信息公开年报\n{LINES}\n",
    "list with cut titles": "信息公开年报\n" + LINES.replace("工作年度报告", "工作年…"),
    "column of one body": "青山县财政局政府信息公开年报\n更多\n首页 上一页 下一页 尾页\n",
    "year index": "政府信息公开年报\n2019年\n2020年\n2021年\n2022年\n",
    "law-based government": "青山县2022年法治政府建设年度报告\n一、主要举措\n二、存在不足\n三、下一步安排\n",
    "proposals": "青山县财政局2022年建议提案办理情况报告\n一、总体情况\n办结23件。\n二、存在的主要问题及改进情况\n有不足。\n",
    "pictures": "一图读懂：青山县财政局2021年政府信息公开工作年度报告\n收到申请 3 件。\n",
    "pictures under a heading": "# 图解｜青山县财政局2021年政府信息公开工作年度报告\n一、总体情况\n2021年主动公开信息120条。\n",
    "website return": RETURN,
    "final account": "青山县财政局2022年度部门决算\n收入支出决算总表\n一般公共预算财政拨款收入 1203.45\n",
    "budget": "青山县2023年部门预算公开\n三公经费预算表\n公务接待费 3.20\n",
    "statistical bulletin": "青山县2022年国民经济和社会发展统计公报\n全年地区生产总值增长5.2%。\n",
    "work report of the government": "青山县2023年政府工作报告\n各位代表：现在，我代表县人民政府作工作报告。\n",
    "law enforcement": ENFORCEMENT,
    "audit": "青山县2021年度本级预算执行审计工作报告\n审计查出的主要问题如下。\n",
    "company report": "青山县城投集团2022年年度报告\n公司基本情况\n主要财务数据\n",
    "institution": "青山县图书馆2022年度事业单位法人年度报告\n开展业务活动情况\n",
    "environment": "青山县2022年环境状况公报\n空气优良天数比例为96%。\n",
    "news": "我县召开政府信息公开工作培训会\n会议强调，要提高认识，狠抓落实。\n",
    "evaluation": "青山县2022年政务公开第三方评估情况通报\n得分情况如下。\n",
    "press gazette": "青山县人民政府公报2022年第3期\n目录\n",
    "soft 404": "抱歉，您访问的页面不存在或已被删除！\n返回首页\n",
    "not found": "404 Not Found\nnginx\n",
    "maintenance": "网站升级中，请稍后访问。\n",
    "challenge": "请开启JavaScript并刷新该页\n",
    "refused": "您的访问请求存在异常行为，已被拦截。\n请求编号：8812\n",
    "captcha": "请完成安全验证\n拖动滑块\n",
    "forbidden": "403 Forbidden\nAccess Denied\n",
    "empty form": f"中华人民共和国政府信息公开工作年度报告格式\n{HEADS}（文字描述，收取信息处理费情况在此处报告。）\n",
    "unfilled form": f"    年政府信息公开工作年度报告\n{HEADS}",
    "request form": "政府信息公开申请表\n申请人信息\n姓名\n联系电话\n",
    "recipe": "今天的午餐\n番茄炒蛋，米饭。\n",
}
REPORTS = {
    "prose alone": "青山县综合执法局2014年政府信息公开工作年度报告\n今年以来，我局积极推进公开工作。\n",
    "headings without a title": HEADS.replace("一、总体情况", "一、总体情况\n2021年，我局公开信息30条。"),
    "only an attachment": "关于报送《青山县公安局2017年政府信息公开工作情况》的函\n附件下载\n",
    "a period without a title": "本报告根据政府信息公开条例编制，统计期限为2020年1月1日至2020年12月31日。\n",
    "a report that mentions 404 and 验证码": (
        "青山县财政局2021年政府信息公开工作年度报告\n" + HEADS + "修复网站404页面3个，登录增加验证码。\n"
    ),
    "a report of the education bureau": "青山县教育局2021年政府信息公开工作年度报告\n一、总体情况\n平稳。\n",
    "a title that names budget": "青山县财政局（预算管理中心）2021年政府信息公开工作年度报告\n一、总体情况\n平稳。\n",
}


def reason_of(content: str) -> str | None:
    document = text.read(content)
    return recognise(document, read(document, url=None), bool(align(document, load())))


@pytest.mark.parametrize("name", NO_REPORTS)
def test_no_report_is_taken_for_one(name: str) -> None:
    assert reason_of(NO_REPORTS[name])


@pytest.mark.parametrize("name", NO_REPORTS)
def test_nor_as_a_web_page(name: str) -> None:
    title, *lines = NO_REPORTS[name].splitlines()
    body = "".join(f"<p>{line}</p>" for line in lines)
    page = f"<html><head><title>{title}_青山县人民政府</title></head><body><h1>{title}</h1>{body}</body></html>"
    document = html.read(page, None)
    assert recognise(document, read(document, url=None), bool(align(document, load())))


@pytest.mark.parametrize("name", REPORTS)
def test_a_report_in_odd_dress_is_one(name: str) -> None:
    assert reason_of(REPORTS[name]) is None


def test_there_are_at_least_thirty_neighbours() -> None:
    assert len(NO_REPORTS) >= 30


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("list of reports", "list"),
        ("soft 404", "does not exist"),
        ("challenge", "refuses"),
        ("empty form", "empty"),
        ("notice", "notice"),
        ("law-based government", "law-based"),
        ("website return", "website"),
        ("final account", "account"),
    ],
)
def test_the_reason_says_what_it_is(name: str, word: str) -> None:
    assert word in (reason_of(NO_REPORTS[name]) or "")
