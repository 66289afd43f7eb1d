"""What families share: pages that continue a list, sub-columns, index cards."""

import pytest
from selectolax.lexbor import LexborHTMLParser

from crawler.listing import Page, Request
from crawler.lists.articles import article_of
from crawler.lists.markup import card_of, columns_of, later_pages, name_of
from crawler.lists.titles import is_column


@pytest.mark.parametrize(
    ("url", "text", "names"),
    [
        ("http://h/x/list.html", "<a href='list_2.html'>2</a><a href=\"/x/list_3.html\">3</a>", ["list_2.html", "list_3.html"]),
        ("http://h/x/list_2.html", "<a href='list.html'>1</a><option value=list_3.html>3", ["list_3.html"]),
        ("http://h/x/list.html?a=1", "go('./list_12.html', 3) go(list_4.html)", ["list_4.html", "list_12.html"]),
        ("http://h/x/page_1.html", "<a href='page_2.html'>", ["page_2.html"]),
        ("http://h/x/list.html", "'index_2.html' '/y/list_2.html' 'list_2.shtml' '//other/x/list_2.html' 'mylist_2.html'", []),
        ("http://h/x/list.html", "", []),
    ],
)  # fmt: skip
def test_later_pages_are_named_alike(url: str, text: str, names: list[str]) -> None:
    assert later_pages(text, url, url) == tuple(Request(f"http://h/x/{name}") for name in names)


def test_columns_by_address_and_label() -> None:
    tree = LexborHTMLParser(
        "<a href='/a/' title='各部门'>各部…</a><a href='/b/'>首页</a><a href='/a/#x'>各部门</a>"
        "<option value='/c/'>2021年</option><a href='javascript:;'>区政府</a>"
    )
    found = columns_of(tree, "http://h/", lambda address, label: address != "http://h/x/" and is_column(label))
    assert found == (Request("http://h/a/"), Request("http://h/c/"))


@pytest.mark.parametrize(
    ("block", "name"),
    [
        ("<div><h4>区直部门</h4><a href='/b/'>更多&gt;&gt;</a></div>", "区直部门"),
        ("<div><h4>区直部门</h4><span><a href='/b/'><img src='m.png'></a></span></div>", "区直部门"),
        ("<div><h4>区直部门</h4><a href='/b/'><img src='m.png' alt='2021年'></a></div>", "2021年"),
        ("<map name='m'><area href='/b/' alt='政府信息公开'></map>", "政府信息公开"),
        ("<div><h4>区直部门</h4><a href='/b/'>甲局</a></div>", "甲局"),
        ("<div><h4>区直部门</h4><a href='/b/' title='各镇街'>MORE</a></div>", "各镇街"),
        ("<div><h4>区直部门</h4><a href='/c/'>甲局</a><a href='/b/'>更多</a></div>", "更多"),
        (f"<div><p>{'很长的话' * 20}</p><a href='/b/'>更多</a></div>", "更多"),
        ("<a href='/b/'>更多</a>", "更多"),
    ],
)  # fmt: skip
def test_a_link_that_says_only_more_is_called_by_what_stands_beside_it(block: str, name: str) -> None:
    node = LexborHTMLParser(block).css_first("[href='/b/']")
    assert node is not None
    assert name_of(node) == name


@pytest.mark.parametrize(
    ("card", "expected"),
    [
        ("<table><tr><td>索 引 号：</td><td>1/2</td><td>发布机构：</td><td>某局</td></tr></table>", {"索引号": "1/2", "发布机构": "某局"}),
        ("<table><tr><th>文&nbsp;&nbsp;号</th><td></td><th>公开方式</th><td>主动公开</td></tr></table>", {"公开方式": "主动公开"}),
        ("<dl><dt>文号</dt><dt>公开方式</dt><dd>主动公开</dd></dl>", {"公开方式": "主动公开"}),
        ("<ul><li><b>【发布日期】</b><span>2022-01-07 00:00</span></li></ul>", {"发布日期": "2022-01-07 00:00"}),
        ("<table><tr><td>发布机构</td><td>甲局</td></tr><tr><td>发布机构</td><td>乙局</td></tr></table>", {"发布机构": "甲局"}),
        ("", {}),
    ],
)  # fmt: skip
def test_index_cards(card: str, expected: dict[str, str]) -> None:
    assert card_of(LexborHTMLParser(card)) == expected


ROWS = "<tr>" + "<td>1</td>" * 25


@pytest.mark.parametrize(
    ("body", "pictures"),
    [
        ("<div class=v_news_content><p>见下图</p><img src=/__local/A/1.png><img src=/__local/A/1.png></div>", ["/__local/A/1.png"]),
        ("<div id=zoom><p>三、收到和处理政府信息公开申请情况</p><img src=a.JPG alt=表></div>", ["/a.JPG"]),
        ("<div id=zoom><p>正文</p><table><tr><td>1</td></tr></table><img src=a.png></div>", []),
        ("<div id=zoom><p>正文</p><table><tr><td><img src=a.png></td></tr></table></div>", ["/a.png"]),
        (f"<div id=zoom><p>{'活动报道。' * 200}</p><img src=a.png></div>", []),
        ("<div id=zoom><p>见下图</p><img src=/module/jslib/icons/word.png><img src=/images/top.gif></div>", []),
        ("<div id=zoom><p>见下图</p><img src=loading.gif data-original=/d/a.png></div>", ["/d/a.png"]),
        ("<div id=zoom>见下图<a href=b.pdf><img src=a.png></a></div>", []),
        ("<div id=zoom>见下图<a href=big/a.png><span><img src=a.png></span></a></div>", ["/a.png"]),
        ("<div class=topnav><img src=t.png></div><p>见下图</p><img src=a.png><footer><img src=f.png></footer>", ["/a.png"]),
        ("<p>活动报道</p><img src=a.png>", []),
        (f"<p>见下图</p><table>{ROWS}</table><img src=a.png>", []),
    ],
)  # fmt: skip
def test_tables_put_up_as_pictures(body: str, pictures: list[str]) -> None:
    found = article_of(Page("http://h/x.html", f"<body>{body}</body>"))
    assert [picture.url for picture in found.pictures] == [f"http://h{name}" for name in pictures]


@pytest.mark.parametrize(
    ("body", "files"),
    [
        ("<iframe src=/pdfjs/web/viewer.html?file=/d/x.pdf></iframe>", ["/d/x.pdf"]),
        ("<iframe src='/pdfjs/web/viewer.html?file=%2Fdown.jsp%3Fid%3D5'></iframe>", ["/down.jsp?id=5"]),
        ("<iframe src='/preview?url=/d/x.docx'></iframe>", ["/d/x.docx"]),
        ("<iframe src=report.html></iframe>", ["/a/report.html"]),
        ("<iframe src=report.html#top></iframe><iframe src=/a/page.html></iframe><iframe src=''></iframe>", ["/a/report.html"]),
        ("<iframe src=//other.cn/report.html></iframe><iframe src=javascript:x()></iframe><iframe src=about:blank></iframe>", []),
        ("<iframe src=count.html width=0></iframe><iframe src=hit.html style='display: none'></iframe>", []),
        (f"<iframe src=report.html></iframe><table>{ROWS}</table>", []),
        ("<object data=/d/x.pdf></object><embed src=y.pdf>", ["/a/y.pdf", "/d/x.pdf"]),
        ("<object data=/file/7 type=application/pdf></object><embed src=/file/8 type=application/pdf>", ["/file/8", "/file/7"]),
        ("<object data=inner.html type=text/html></object><embed src=film.swf type=application/x-shockwave-flash>", ["/a/inner.html"]),
        ("<a href=/api/download?id=7>附件：2022年年度报告</a>", ["/api/download?id=7"]),
        ("<a href=/api/download?id=7>2022年年度报告.docx</a>", ["/api/download?id=7"]),
        ("<a href=/attach/7 download>年度报告</a>", ["/attach/7"]),
        ("<a href=//other.cn/attach/7>附件</a><a href=/fjxz/>附件下载</a><a href=list.html>下载专区</a><a href=/app>下载APP</a>", []),
        ("<a href='/download.jsp?pathfile=/upload/7&filename=年报.pdf'>年报</a>", ["/download.jsp?pathfile=/upload/7&filename=%E5%B9%B4%E6%8A%A5.pdf"]),
        ("<a href='/front/7?fileName=nb.pdf'>年报</a>", ["/front/7?fileName=nb.pdf"]),
        ("<a href='/downloadfile.do?file=nb.pdf'>年报</a>", ["/downloadfile.do?file=nb.pdf"]),
        ("<a href='/list.html?file=1'>年报</a><a href='/list.html?url=/other.html'>年报</a>", []),
    ],
)  # fmt: skip
def test_what_carries_the_report(body: str, files: list[str]) -> None:
    found = article_of(Page("http://h/a/page.html", f"<body>{body}</body>"))
    assert [file.url for file in found.attachments] == [f"http://h{name}" for name in files]
