"""What families share: pages that continue a list, sub-columns, index cards."""

import pytest
from selectolax.lexbor import LexborHTMLParser

from crawler.listing import Page, Request
from crawler.lists.markup import article_of, card_of, columns_of, later_pages, name_of
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


@pytest.mark.parametrize(
    ("body", "files"),
    [
        ("<div class=v_news_content><p>见下图</p><img src=/__local/A/1.png><img src=/__local/A/1.png></div>", ["/__local/A/1.png"]),
        ("<div id=zoom><p>三、收到和处理政府信息公开申请情况</p><img src=a.JPG alt=表></div>", ["/a.JPG"]),
        ("<div id=zoom><p>正文</p><table><tr><td>1</td></tr></table><img src=a.png></div>", []),
        (f"<div id=zoom><p>{'活动报道。' * 200}</p><img src=a.png></div>", []),
        ("<div id=zoom><p>见下图</p><img src=/module/jslib/icons/word.png><img src=/images/top.gif></div>", []),
        ("<p>见下图</p><img src=a.png>", []),
        ("<div id=zoom>见下图<a href=b.pdf><img src=a.png></a></div>", ["/b.pdf"]),
    ],
)  # fmt: skip
def test_tables_put_up_as_pictures_are_files(body: str, files: list[str]) -> None:
    found = article_of(Page("http://h/x.html", f"<body>{body}</body>")).attachments
    assert [file.url for file in found] == [f"http://h{name}" for name in files]
