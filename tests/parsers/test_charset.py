"""Pages as portals send them, made here: whatever is declared, the text comes out."""

import random

import pytest

from parsers.charset import Charset, declaration_in, decode

SENTENCES = "本机关全年收到申请二十六件，均已按期办结。" * 3
FORM = "一、总体情况 第二十条第（一）项 规章 行政规范性文件 自然人 法人或其他组织 商业企业 科研机构 总计"
FORMOSAN = "本機關全年收到申請二十六件，均已按期辦結；總計與各項數量相符，請參閱下列表格。"
RARE = "镕㐱𠮷䶮"  # beyond GB2312, some of them four bytes in GB18030


def page(words: str, declared: str | None, before: str = "") -> str:
    meta = f'<meta http-equiv="Content-Type" content="text/html; charset={declared}">' if declared else ""
    return f"<html><head>{before}{meta}<title>年度报告</title></head><body><p>{words}</p></body></html>"


SIMPLIFIED = SENTENCES + FORM
SCRIPT = "<script>var a = 0;\n" + "function f() { return a + 1; }\n" * 400 + "</script>"
TAIWANESE = page(FORMOSAN * 2, "big5").replace("年度报告", "年度報告")

WHOLE: list[tuple[str, str, str, str | None, Charset]] = [
    # what it is: the text, the codec it is sent in, the charset of the header, what should be found
    ("utf-8, declared", page(SIMPLIFIED, "utf-8"), "utf-8", "utf-8", "utf-8"),
    ("utf-8, declared in capitals", page(SIMPLIFIED, "UTF-8"), "utf-8", "UTF-8", "utf-8"),
    ("utf-8, not declared", page(SIMPLIFIED, None), "utf-8", None, "utf-8"),
    ("utf-8, declared gb2312", page(SIMPLIFIED, "gb2312"), "utf-8", None, "utf-8"),
    ("utf-8, header gbk", page(SIMPLIFIED, None), "utf-8", "gbk", "utf-8"),
    ("utf-8, header iso-8859-1", page(SIMPLIFIED, "utf-8"), "utf-8", "iso-8859-1", "utf-8"),
    ("utf-8, declared big5", page(SIMPLIFIED, "big5"), "utf-8", None, "utf-8"),
    ("utf-8 with BOM", page(SIMPLIFIED, None), "utf-8-sig", None, "utf-8"),
    ("utf-8 with BOM, declared gbk", page(SIMPLIFIED, "gbk"), "utf-8-sig", "gbk", "utf-8"),
    ("utf-8, script first", page(SIMPLIFIED, None, SCRIPT), "utf-8", None, "utf-8"),
    ("utf-8, rare characters", page(SIMPLIFIED + RARE, None), "utf-8", None, "utf-8"),
    ("utf-8, traditional", page(FORMOSAN, None), "utf-8", None, "utf-8"),
    ("gbk, declared", page(SIMPLIFIED, "gbk"), "gbk", "gbk", "gb18030"),
    ("gbk, declared gb2312", page(SIMPLIFIED, "gb2312"), "gbk", None, "gb18030"),
    ("gbk, not declared", page(SIMPLIFIED, None), "gbk", None, "gb18030"),
    ("gbk, declared utf-8", page(SIMPLIFIED, "utf-8"), "gbk", None, "gb18030"),
    ("gbk, header utf-8", page(SIMPLIFIED, "gbk"), "gbk", "utf-8", "gb18030"),
    ("gbk, header iso-8859-1", page(SIMPLIFIED, None), "gbk", "ISO-8859-1", "gb18030"),
    ("gbk, declared big5", page(SIMPLIFIED, "big5"), "gbk", None, "gb18030"),
    ("gbk, unknown name", page(SIMPLIFIED, "zh-cn"), "gbk", None, "gb18030"),
    ("gbk, script first", page(SIMPLIFIED, None, SCRIPT), "gbk", None, "gb18030"),
    ("gb18030 declared gb2312", page(SIMPLIFIED + RARE, "gb2312"), "gb18030", "gb2312", "gb18030"),
    ("gb18030, not declared", page(SIMPLIFIED + RARE, None), "gb18030", None, "gb18030"),
    ("gb18030 with BOM", "\ufeff" + page(SIMPLIFIED + RARE, None), "gb18030", None, "gb18030"),
    ("gbk, few characters among digits", page("第3页 共5页 2020-01-09", None), "gbk", None, "gb18030"),
    ("big5, declared", TAIWANESE, "big5", "big5", "big5"),
    ("big5, not declared", TAIWANESE.replace("charset=big5", ""), "big5", None, "big5"),
    ("big5, declared utf-8", TAIWANESE.replace("charset=big5", "charset=utf-8"), "big5", "utf-8", "big5"),
    ("big5, declared gbk", TAIWANESE.replace("charset=big5", "charset=gbk"), "big5", None, "big5"),
    ("big5-hkscs", TAIWANESE.replace("charset=big5", "charset=big5-hkscs"), "big5hkscs", None, "big5"),
    ("utf-16 with BOM", page(SIMPLIFIED, None), "utf-16", None, "utf-16-le"),
    ("utf-16-be with BOM", "\ufeff" + page(SIMPLIFIED, None), "utf-16-be", "utf-8", "utf-16-be"),
    ("utf-16 without BOM", page(SIMPLIFIED, None), "utf-16-le", None, "utf-16-le"),
    ("ascii, declared gb2312", page("no Chinese", "gb2312").replace("年度报告", "x"), "ascii", None, "utf-8"),
]


@pytest.mark.parametrize(("name", "text", "codec", "header", "charset"), WHOLE, ids=[row[0] for row in WHOLE])
def test_whole_page(name: str, text: str, codec: str, header: str | None, charset: Charset) -> None:
    decoded = decode(text.encode(codec), header)
    assert decoded.text == text.removeprefix("\ufeff"), name
    assert decoded.charset == charset
    assert decoded.replaced == 0


@pytest.mark.parametrize("codec", ["utf-8", "gbk", "gb18030"])
@pytest.mark.parametrize("words", ["一", "公开", "年报", "规章", "无", "总计", "自然人", "备注"])
def test_snippets(words: str, codec: str) -> None:
    assert decode(words.encode(codec)).text == words


@pytest.mark.parametrize("codec", ["utf-8", "gbk"])
@pytest.mark.parametrize("lost", [1, 2])
def test_cut_inside_a_character(codec: str, lost: int) -> None:
    whole = page(SIMPLIFIED, None).partition("</p>")[0]
    body = whole.encode(codec)[:-lost]
    decoded = decode(body)
    cut = len(whole) - 1
    assert decoded.text == whole[:cut]
    assert decoded.replaced == (0 if len(body) == len(whole[:cut].encode(codec)) else 1)


@pytest.mark.parametrize("codec", ["utf-8", "gbk", "big5"])
@pytest.mark.parametrize("seed", range(5))
def test_a_bad_byte_costs_at_most_its_neighbours(codec: str, seed: int) -> None:
    text = TAIWANESE if codec == "big5" else page(SIMPLIFIED, None)
    body = bytearray(text.encode(codec))
    place = random.Random(seed).choice([place for place, byte in enumerate(body) if byte > 0x80])
    body[place] = 0xFF
    decoded = decode(bytes(body))
    assert 1 <= decoded.replaced <= 3
    assert sum(sign not in text for sign in set(decoded.text)) <= 4
    assert abs(len(decoded.text) - len(text)) <= 3


def test_a_replacement_character_of_the_source_is_not_counted() -> None:
    decoded = decode("上年结转\ufffd件".encode())
    assert (decoded.text, decoded.replaced) == ("上年结转\ufffd件", 0)


@pytest.mark.parametrize(
    ("codec", "meta", "header", "is_wrong"),
    [
        ("utf-8", "utf-8", "utf-8", False),
        ("utf-8", "gb2312", None, True),
        ("utf-8", "utf-8", "gbk", True),
        ("gbk", "gb2312", "GBK", False),  # the one contains the other
        ("gb18030", "gb2312", None, False),
        ("gbk", "utf-8", None, True),
        ("gbk", None, "iso-8859-1", True),
        ("gbk", None, None, False),
    ],
)
def test_wrong_declarations_are_told(codec: str, meta: str | None, header: str | None, is_wrong: bool) -> None:
    assert decode(page(SIMPLIFIED, meta).encode(codec), header).was_declared_wrongly is is_wrong


def test_a_page_of_ascii_is_never_declared_wrongly() -> None:
    assert not decode(b"<meta charset=gb2312><p>x", "big5").was_declared_wrongly


@pytest.mark.parametrize(
    ("body", "name"),
    [
        (b'<meta charset="GBK">', "GBK"),
        (b"<META content='text/html;charset=gb2312' http-equiv=Content-Type>", "gb2312"),
        (b'<?xml version="1.0" encoding="Big5"?>', "Big5"),
        (b'<meta name="keywords" content="x"><meta charset=utf-8>', "utf-8"),
        (b"<p>charset=gbk</p>", None),
        (b"", None),
    ],
)
def test_declaration_in(body: bytes, name: str | None) -> None:
    assert declaration_in(body) == name


def test_nothing_is_nothing() -> None:
    assert decode(b"").text == ""
