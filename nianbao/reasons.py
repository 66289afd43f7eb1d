"""Reasons in Chinese: what parser and crawler say about one document, address or portal, for people who read Chinese.

The parts that speak keep English sentences, since a reason is also stored and exported; here stands the one table from
which the command line translates. `{}` stands for a part that is kept, or translated by itself where the table knows it.
A test reads the sentences out of the code and fails for one that is not here.
"""

import re
from collections.abc import Sequence
from functools import cache

REASONS: tuple[tuple[str, str], ...] = (
    # documents
    ("the file is empty", "文件为空"),
    ("the document is empty", "文件没有内容"),
    ("no known document format and no text (binary content)", "未知格式的二进制内容，没有文字"),
    ("no reader for {}", "尚不能读取{}"),
    ("no reader yet for {}", "尚不能读取{}"),
    ("no table on the page; the report may stand in the attachment: {}", "页面无表格，年报可能在附件中：{}"),
    ("a report without tables: its figures stand in prose only", "年报没有表格，数字仅见于正文"),
    ("tables not found: {}", "未找到表：{}"),
    ("{} cells are ambiguous", "{} 个单元格有多种读法"),
    ("{} cells stand in no row of the source", "{} 个单元格在原文中没有对应的行"),
    ("the form is empty: its tables hold no figure", "空白表格：表内没有数字"),
    ("the form is empty: no body, no year and no figures", "空白表格：无机关、年度和数字"),
    ("the form is empty", "空白表格"),
    ("nothing in it has the shape of a report on the disclosure of government information", "内容不是政府信息公开年度报告"),
    ("a page that refuses or tests the visitor stands where the content should", "内容处是拦截或验证页面"),
    ("the page says that its content does not exist or is not available", "页面称内容不存在或不可用"),
    ("a notice, rule or explanation, no report: {}", "通知、规定或说明，不是年报：{}"),
    ("pictures that explain a report, not the report: {}", "图解，不是年报本身：{}"),
    ("a list of reports ({} titles), no report", "年报列表（{} 个标题），不是年报"),
    ("a column of reports, or a page without content: no year and hardly any text", "栏目页或无内容的页面：无年度，几乎没有文字"),
    ("a report on law-based government: {}", "法治政府建设报告：{}"),
    ("a yearly return on the government website: {}", "政府网站工作年度报表：{}"),
    ("a budget or final account: {}", "预算或决算：{}"),
    ("a statistical report: {}", "统计报告：{}"),
    ("a report or plan on the body's work in general: {}", "一般工作报告或计划：{}"),
    ("a report on law enforcement: {}", "行政执法报告：{}"),
    ("a yearly report of another kind: {}", "其他年度报告：{}"),
    ("cannot be opened: {}", "无法打开：{}"),
    ("No such file or directory", "文件不存在"),
    ("Permission denied", "没有权限"),
    ("Is a directory", "是目录"),
    ("the parser failed: {}", "解析出错：{}"),
    ("the reader crashed its process ({})", "读取器使其进程崩溃（{}）"),
    ("the reader crashed its process", "读取器使其进程崩溃"),
    ("it took longer than {} seconds", "用时超过 {} 秒"),
    ("it took more than {} MiB of memory", "占用内存超过 {} MiB"),
    ("the reader was stopped: {}", "读取器被中止：{}"),
    ("the document is a picture: install the reader for pictures with {}", "文件是图片，安装图片识别组件：{}"),
    ("the picture is damaged or too big", "图片损坏或过大"),
    ("a sheet reaches over {} rows and {} columns: too big", "工作表有 {} 行 {} 列，过大"),
    ("the sheet {} is too big", "工作表 {} 过大"),
    ("the spreadsheet is damaged: it has no sheet", "电子表格损坏：没有工作表"),
    ("the spreadsheet is encrypted and needs a password", "电子表格已加密，需要密码"),
    ("the spreadsheet is damaged: its parts contradict each other", "电子表格损坏：各部分不一致"),
    ("the spreadsheet is damaged: {}", "电子表格损坏：{}"),
    ("the Word document is incomplete: it has no body", "Word 文档不完整：没有正文"),
    ("the web archive is damaged: {}", "网页存档损坏：{}"),
    ("the web archive holds no page", "网页存档中没有页面"),
    ("the PDF is damaged: it has no pages", "PDF 损坏：没有页面"),
    ("the PDF is damaged: none of its pages can be loaded", "PDF 损坏：所有页面均无法载入"),
    ("the PDF is damaged: its structure cannot be read", "PDF 损坏：结构无法读取"),
    ("the PDF is damaged: {}", "PDF 损坏：{}"),
    ("the PDF is encrypted and needs a password", "PDF 已加密，需要密码"),
    ("the OFD file is encrypted and needs a key", "OFD 文件已加密，需要密钥"),
    ("the OFD file is incomplete: it names no document", "OFD 文件不完整：未指明文档"),
    ("the {} is damaged or cut off: {}", "{} 损坏或不完整：{}"),
    ("the {} holds {} files, more than {}", "{} 含 {} 个文件，超过 {}"),
    ("the {} is incomplete: {} is missing", "{} 不完整：缺少 {}"),
    ("the {} is encrypted and needs a password", "{} 已加密，需要密码"),
    ("{} of the {} unpacks to more than {} bytes", "{1} 中的 {0} 解压后超过 {2} 字节"),
    ("the {} is damaged: {}: {}", "{} 损坏：{}：{}"),
    ("{} is not well-formed: {}", "{} 格式有误：{}"),
    ("{} declares a DOCTYPE, which no writer of this format does", "{} 含 DOCTYPE 声明，此格式不应有"),
    ("{} is read through LibreOffice, which is not installed: install it, or catdoc", "读取{}须安装 LibreOffice 或 catdoc"),
    ("{} is read through LibreOffice, which is not installed: install it", "读取{}须安装 LibreOffice"),
    ("{} is read through LibreOffice, which is not installed: install it{}", "读取{}须安装 LibreOffice{}"),
    ("LibreOffice could not open the file: it is damaged or encrypted", "LibreOffice 无法打开：文件损坏或已加密"),
    ("catdoc could not read the file: it is damaged or encrypted", "catdoc 无法读取：文件损坏或已加密"),
    ("catdoc lost parts of the text: install LibreOffice", "catdoc 丢失部分文字：请安装 LibreOffice"),
    ("{} cannot be started: {}", "{} 无法启动：{}"),
    ("{} was stopped: {}", "{} 被中止：{}"),
    ("the archive holds no document", "压缩包中没有文档"),
    ("the archive holds {} files, more than {}", "压缩包含 {} 个文件，超过 {}"),
    ("the archive would unpack to {} bytes from {}: too much", "压缩包解压后为 {} 字节（压缩 {} 字节），过大"),
    ("the gzip archive would unpack to more than {} bytes", "gzip 解压后超过 {} 字节"),
    ("the gzip archive is cut off", "gzip 文件不完整"),
    ("the archive unpacks to more than {} files or {} bytes", "压缩包解压后超过 {} 个文件或 {} 字节"),
    ("the gzip archive is damaged: {}", "gzip 文件损坏：{}"),
    ("an archive in an archive in an archive is not opened", "三层压缩包不予打开"),
    # addresses and portals
    ("robots.txt disallows it", "robots.txt 不允许"),
    ("robots.txt cannot be had ({})", "无法取得 robots.txt（{}）"),
    ("robots.txt asks for {} s between requests", "robots.txt 要求间隔 {} 秒"),
    ("the portal asked not to be asked before {}", "门户要求在 {} 之前不再访问"),
    ("{} asks for a pause of {} seconds", "{} 要求暂停 {} 秒"),
    ("{} answers in a row: {}", "连续 {} 次应答：{}"),
    ("{}: this page of a list is missing", "{}：列表缺页"),
    ("{}: the second page of the list is its first again", "{}：列表第二页与第一页相同"),
    ("{} has no address", "{} 没有地址"),
    ("{} is a local socket", "{} 是本地套接字"),
    ("{} is a private address ({})", "{} 是内网地址（{}）"),
    ("{}: the name server does not answer", "{}：域名服务器无应答"),
    ("{}: no http or https address", "{}：不是 http 或 https 网址"),
    ("{} is no web address", "{} 不是网址"),
    ("{} is not the origin of a channel", "{} 不是栏目所在的站点"),
    ("{} bytes announced, more than {}", "声明 {} 字节，超过 {}"),
    ("more than {} bytes once decompressed", "解压后超过 {} 字节"),
    ("more than {} bytes", "超过 {} 字节"),
    ("the answer takes too long", "应答时间过长"),
    ("redirect {} without an address", "重定向 {} 没有地址"),
    ("more than {} redirects, the last to {}", "重定向超过 {} 次，最后指向 {}"),
    ("304 to a question without conditions", "无条件请求却应答 304"),
    ("it leads astray: {}", "地址有误：{}"),
    ("content coding {} was not asked for and cannot be undone", "未请求的内容编码 {}，无法还原"),
    ("{} content codings over one another", "{} 层内容编码"),
    ("more than {} compressed members in one body", "一份内容中压缩段超过 {} 个"),
    ("the page only reloads itself", "页面只是重新载入自身"),
    ("a page stands in place of the file", "文件处是网页"),
    ("the portal answers: {}", "门户应答：{}"),
    ("a copy of {} on a foreign host", "{} 的镜像，位于其他主机"),
    ("the same page as for {}", "与 {} 的页面相同"),
    ("{}: no report is listed", "{}：未列出年报"),
    ("{} pages say nothing of the report they should be, and are asked for again", "{} 个页面与所指年报不符，将再次访问"),
    ("the compressed body ends too early", "压缩内容不完整"),
    ("the compressed body is damaged: {}", "压缩内容损坏：{}"),
    ("refused by a firewall (WZWS), {}", "被防火墙拒绝（WZWS），{}"),
    ("refused by a firewall (WZWS)", "被防火墙拒绝（WZWS）"),
    ("refused by a firewall", "被防火墙拒绝"),
    ("challenge (cookie shell), {}", "验证页（cookie），{}"),
    ("firewall notice, {}", "防火墙提示，{}"),
    ("redirected to {}", "重定向到 {}"),
    ("soft 404: {}", "页面不存在（软 404）：{}"),
    ("{}: {} reports listed, {} last time", "{}：列出 {} 份年报，上次 {} 份"),
    ("no report of a complete year is listed, {} expected", "未列出完整年度的年报，预期 {} 份"),
    ("{} reports listed for {}, {} expected", "{1} 年度列出 {0} 份年报，预期 {2} 份"),
    # files and folders
    ("no dataset in {}: `nianbao run` or `nianbao add` makes one", "{} 中没有数据集：用 `nianbao run` 或 `nianbao add` 生成"),
    (
        "{}: the dataset has schema {}, this nianbao reads {}: `nianbao rebuild`",
        "{}：数据集为结构版本 {}，本程序读取版本 {}：请运行 `nianbao rebuild`",
    ),
    ("no report on a known year in {}: a Stata file cannot be empty", "{} 中没有已知年度的年报：Stata 文件不能为空"),
    ("{}: the dataset is damaged: `nianbao rebuild`", "{}：数据集损坏：请运行 `nianbao rebuild`"),
    ("{} holds a dataset: choose another folder for the demo (--data)", "{} 中已有数据集：请为演示另选目录（--data）"),
    ("{} holds the demo: choose another folder for real reports (--data)", "{} 是演示目录：请为真实年报另选目录（--data）"),
    ("{}: written by a newer nianbao", "{}：由更新版本的 nianbao 写成"),
    ("{}: another nianbao is writing here", "{}：另一个 nianbao 正在写入"),
    ("{} is a folder of its own, not one of ours: move it away first", "{} 是独立目录，并非本程序所建：请先移走"),
    ("{} is not in {}", "{} 不在 {} 中"),
    ("{}: key: {} cannot be a portal's key", "{}：key：{} 不能作门户标识"),
    ("{}: family: {} is not one of {}", "{}：family：{} 不属于 {}"),
    ("{}: channels[{}].url: {} is not an http or https address", "{}：channels[{}].url：{} 不是 http 或 https 网址"),
    ("{}: neither the key of a bundled portal nor a file", "{}：既非内置门户标识，也非文件"),
    ("{}: key: {} is the key of {} too", "{}：key：{} 与 {} 的标识相同"),
)
WORDS = {
    "ok": "正常",
    "partial": "部分可读",
    "not_a_report": "非年报",
    "unreadable": "无法读取",
    "drifted": "栏目有变",
    "blocked": "被拦截",
    "failing": "无法访问",
    "stored": "已存档",
    "unchanged": "未变",
    "too_large": "过大",
    "not_found": "不存在",
    "failed": "失败",
    "refused": "拒绝访问",
}
"""Single words: health of a portal, outcome of a request, status of a document."""


def in_chinese(reason: str) -> str:
    """The reason in Chinese; as it stands where the table does not know it. Parts joined by `; ` are translated one by
    one."""
    if reason in WORDS:
        return WORDS[reason]
    for pattern, chinese in _patterns():
        if match := pattern.fullmatch(reason):
            return chinese.format(*map(in_chinese, match.groups()))
    head, separator, rest = reason.partition("; ")
    return f"{in_chinese(head)}；{in_chinese(rest)}" if separator else reason


def is_known(reason: str) -> bool:
    """Whether the table has the sentence."""
    return any(pattern.fullmatch(reason) for pattern, _ in _patterns())


@cache
def _patterns() -> Sequence[tuple[re.Pattern[str], str]]:
    """The sentences as patterns, those with most fixed words first."""
    ordered = sorted(REASONS, key=lambda pair: -len(pair[0].replace("{}", "")))
    return [(re.compile(re.escape(english).replace(r"\{\}", "(.+?)"), re.DOTALL), zh) for english, zh in ordered]
