"""Is this a report at all? (step 6: report).

A report on the disclosure of government information shows itself by a title of that shape, by the prescribed sections
or by the tables of the form. Everything else that a portal keeps in the same folder is told by its content: pages that
refuse or are missing, lists, notices about the form, other yearly reports.
"""

import re

from parsers.divisions import squeeze
from parsers.document import Document, Grid, Heading
from parsers.frontmatter import FrontMatter
from parsers.headings import headed
from parsers.template import Template, load
from parsers.titles import is_title, lines_of

_REFUSAL = re.compile(
    r"请(?:开启|启用|打开)(?:浏览器)?(?:的)?JavaScript|enable\s*JavaScript|安全验证|访问验证|人机验证|滑动(?:滑块)?(?:完成)?验证|拖动滑块"
    r"|访问(?:被)?(?:拒绝|阻断|拦截|禁止)|(?:访问|请求|行为).{0,6}(?:异常|过于频繁|不合法)|验证码|没有(?:权限|访问权限)|无权(?:限)?访问"
    r"|浏览器安全检查|Justamoment|AccessDenied|403Forbidden|WAF|Checkingyourbrowser",
    re.IGNORECASE,
)
_MISSING = re.compile(
    r"(?:页面|网页|文章|信息|内容|资源|文件).{0,10}(?:不存在|已(?:被)?删除|已下线|找不到|未找到|无法(?:访问|显示)|已失效|已过期|已撤销)"
    r"|(?:找不到|未找到|无法找到).{0,8}(?:页面|网页|内容|文件|资源)|404(?:NotFound|错误|页面)?|NotFound|(?:系统|网站)(?:维护|升级)中?|服务器(?:内部)?错误",
    re.IGNORECASE,
)
_NOTICE = re.compile(
    r"(?:通知|通报|意见|方案|要点|说明|解读|规定|办法|指南|目录|制度|条例|公告|公示|答记者问|培训|会议|纪要|模板|样表|格式)(?:[(（].*[)）])?$"
)
_FORM = re.compile(r"年度报告格式|报告(?:模板|样式|格式)|文字描述")
_OTHER_REPORTS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"法治政府|依法行政"), "a report on law-based government"),
    (re.compile(r"网站.{0,6}(?:报表|年报|年度报告)|政务新媒体|监管年度"), "a yearly return on the government website"),
    (re.compile(r"决算|预算|财政收支|三公"), "a budget or final account"),
    (re.compile(r"统计公报|国民经济|统计年鉴|统计年报"), "a statistical report"),
    (re.compile(r"政府工作报告|工作总结|工作思路|工作计划|述职"), "a report or plan on the body's work in general"),
    (re.compile(r"行政执法|双随机|行政许可.{0,6}年|执法数据|执法统计"), "a report on law enforcement"),
    (
        re.compile(r"审计|绩效|环境状况|质量报告|安全生产|教育|社会责任|企业|事业单位法人|信用"),
        "a yearly report of another kind",
    ),
)
_PICTURED = re.compile(r"图解|一图(?:读|看)懂|一张图|图说|图文解读|漫画|动画|长图|视频解读")
_DISCLOSURE = re.compile(r"(?:信息|政务)公开")
_COMMON_SECTIONS = {"overview", "problems_improvements", "other_matters"}
_SHORT_PAGE = 600
"""Pages that refuse or are missing have fewer characters of content than this."""


def recognise(document: Document, front: FrontMatter, has_tables: bool, template: Template | None = None) -> str | None:
    """The reason why the document is no report, None if it is one. `has_tables`: it has tables of the form."""
    content = [block for block in document.blocks if not isinstance(block, Grid)]
    text = squeeze("".join(block.text for block in content))
    title = squeeze(front.title or document.title or _first_line(document))
    sections = _sections(document, template or load())
    if not has_tables and sections < 2 and _PICTURED.search(_declared(document) + title):
        return f"pictures that explain a report, not the report: {title}"
    if not has_tables and sections == 0:
        reason = _of_no_content(document, text, title) or _of_other_kind(title, text)
        return reason or _of_no_shape(document, text, title, front.year)
    if sections < 2:
        return _of_other_kind(title, text)
    return _of_form(has_tables, text, title) or (None if has_tables else _of_other_kind(title, text))


def _declared(document: Document) -> str:
    """What the document calls itself, whether that has a report's shape or not."""
    headings = (block.text for block in document.blocks if isinstance(block, Heading) and block.level <= 2)
    return squeeze("".join((document.metadata.get("articletitle", ""), document.title or "", *headings)))


def _first_line(document: Document) -> str:
    """The first line of the content, where nothing is marked as a title."""
    return next((line for line in lines_of(document.blocks) if line.strip()), "")


def _sections(document: Document, template: Template) -> int:
    """How many of the prescribed sections are headed in the document; none if only those that every yearly report has."""
    found = {mark.key for mark in headed(document, template)[1] if mark.rank <= 1}
    return len(found) if found - _COMMON_SECTIONS else 0


def _of_no_content(document: Document, text: str, title: str) -> str | None:
    shown = title + text
    if len(text) < _SHORT_PAGE and not is_title(title) and _REFUSAL.search(shown):
        return "a page that refuses or tests the visitor stands where the content should"
    if len(text) < _SHORT_PAGE and not is_title(title) and _MISSING.search(shown):
        return "the page says that its content does not exist or is not available"
    if not shown and not document.attachments and not document.blocks:
        return "the document is empty"
    return None


def _of_other_kind(title: str, text: str) -> str | None:
    """Reasons that a title gives. One that speaks of the disclosure of information is no other yearly report."""
    if is_title(title):
        return None
    if title and _NOTICE.search(title):
        return f"a notice, rule or explanation, no report: {title}"
    if not _DISCLOSURE.search(title):
        for pattern, kind in _OTHER_REPORTS:
            if pattern.search(title):
                return f"{kind}: {title}"
    if _FORM.search(title) and not re.search(r"\d", text):
        return "the form is empty"
    return None


def _of_form(has_tables: bool, text: str, title: str) -> str | None:
    """An empty form has its headings and no figures; a notice may carry it as an annex."""
    if is_title(title) or re.search(r"(?:19|20)\d{2}年", text):
        return _of_other_kind(title, text) if _NOTICE.search(title) and not is_title(title) else None
    if not has_tables or _FORM.search(title + text):
        return "the form is empty: no body, no year and no figures"
    return None


def _of_no_shape(document: Document, text: str, title: str, year: int | None) -> str | None:
    """Without sections and tables only the title, or the sentences that open a report, can make it one."""
    titles = _report_lines(document)
    if len(titles) >= 3:
        return f"a list of reports ({len(titles)} titles), no report"
    if is_title(title) and year is None and len(text) < _SHORT_PAGE and not document.attachments:
        return "a column of reports, or a page without content: no year and hardly any text"
    if is_title(title):
        return None
    if re.search(r"统计(?:期限|周期|时限)", text) and re.search(r"信息公开条例", text):
        return None
    return "nothing in it has the shape of a report on the disclosure of government information"


def _report_lines(document: Document) -> set[str]:
    """The short lines of the content that are titles of reports, whole or cut with …"""
    lines = {squeeze(line) for line in lines_of(document.blocks) if len(line) <= 80}
    return {
        line
        for line in lines
        if is_title(line) or (_DISCLOSURE.search(line) and re.search(r"(?:19|20)\d{2}年.*(?:…|\.\.\.)", line))
    }
