"""Data in pages, as loosely as portals write it."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.listing import Link
from crawler.lists.literals import at, day_of, json_of, link_in, literal_after, number_at, rows_at, text_at

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(values)
def test_json_comes_back(value: object) -> None:
    assert json_of(json.dumps(value)) == value
    assert json_of("\r\n\ufeffresult(" + json.dumps(value) + ");\n") == value


@given(values)
def test_a_json_literal_is_read_out_of_a_script(value: object) -> None:
    assert (
        literal_after(f"<script>var a = {{ 'TREE': {json.dumps(value)}, b: location.href }};</script>", "TREE") == value
    )


@pytest.mark.parametrize(
    "text", ["", "{", "[1,", "result(", "result({)", "\0", "1" * 5000, "[" * 200_000, '{"a":' * 50_000]
)
def test_what_is_no_json_is_none(text: str) -> None:
    assert json_of(text) is None


def test_raw_newlines_in_strings() -> None:
    assert json_of('{"title": "某镇\n年报"}') == {"title": "某镇\n年报"}


def test_literals_of_scripts() -> None:
    script = """window._CONFIG = { SITE_NAME:'某\\u533a', /* , */ SID: '200001', // "
        TREE: [{"id":2629, name:'年报\\'s',}, ], NONE: null, IS: true, N: -1.5e1, HREF: location.href };"""
    assert literal_after(script, "SID") == "200001"
    assert literal_after(script, "SITE_NAME") == "某区"
    assert literal_after(script, "TREE") == [{"id": 2629, "name": "年报's"}]
    assert (literal_after(script, "NONE"), literal_after(script, "IS"), literal_after(script, "N")) == (
        None,
        True,
        -15.0,
    )
    assert literal_after(script, "_CONFIG") is None  # an expression stands in it
    assert literal_after(script, "ID") is None  # no part of a name
    assert literal_after("p {font-size: 14px} size: 20", "size") == 20


@given(
    st.lists(st.sampled_from(["TREE:", "[", "]", "{", "}", "'", '"', ",", ":", "\\u", "\\", "1", "a", "//", "/*"])).map(
        "".join
    )
)
def test_no_script_is_an_error(text: str) -> None:
    literal_after(text, "TREE")


def test_nesting_and_repetition_beyond_reason() -> None:
    assert literal_after("TREE:" + "[" * 100_000, "TREE") is None
    assert literal_after("TREE:[1," * 20_000, "TREE") is None


def test_halves_of_characters_are_replaced() -> None:
    assert text_at({"title": json.loads('"\\ud83d\\ude00 \\ud83d"')}, "title") == "😀 \ufffd"
    assert literal_after('x = "\\ud83d\\ude00 \\ud83d"', "x") == "😀 \ufffd"


def test_places_in_nested_objects() -> None:
    value = {"data": {"results": [{"a": 1}, 2], "total": "12", "page": True}}
    assert rows_at(value, ("results",), ("data", "results")) == ({"a": 1},)
    assert (at(value, "data", "results", "x"), at(None, "a"), at([], "a")) == (None, None, None)
    assert (number_at(value, "data", "total"), number_at(value, "data", "page"), number_at(value, "x")) == (
        12,
        None,
        None,
    )


@pytest.mark.parametrize(
    ("row", "link"),
    [
        ({"t": " <em>某镇</em>&ldquo;年报&rdquo; ", "u": "//h/a?b=1&amp;c=2", "d": "2023-01-17 00:00"}, ("http://h/a?b=1&c=2", "某镇“年报”", "2023-01-17")),
        ({"t": None, "s": "年报", "u": "", "v": "a.html", "d": 1673884800}, ("http://h/x/a.html", "年报", "2023-01-17")),
        ({"t": "年报", "u": "a.html", "d": "", "e": "1673884800000"}, ("http://h/x/a.html", "年报", "2023-01-17")),
        ({"t": "年报", "u": "a.html", "d": [], "e": True}, ("http://h/x/a.html", "年报", None)),
    ],
)  # fmt: skip
def test_rows_as_links(row: dict[str, object], link: tuple[str, str, str | None]) -> None:
    assert link_in(row, "http://h/x/", titles=("t", "s"), urls=("u", "v"), dates=("d", "e")) == Link(*link)


@pytest.mark.parametrize("url", [None, 1, "", "javascript:;", "http://[", "mailto:a@b"])
def test_rows_that_lead_nowhere(url: object) -> None:
    assert link_in({"t": "年报", "u": url}, "http://h/x/", titles=("t",), urls=("u",), dates=()) is None


def test_days_are_chinas() -> None:
    assert day_of("1673884800") == "2023-01-17"  # midnight there, the evening before in Greenwich
    assert day_of("1673884799") == "2023-01-16"
    assert day_of("99999999999999") is None
