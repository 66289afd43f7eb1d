"""Which pictures belong to which content of a page."""

from crawler.capture import Capture
from nianbao.pictures import digest_of_pictures, pictures_of
from nianbao.write import document_key, documents
from tests.nianbao.reports import capture

PAGE, ONE, TWO = "http://h.cn/d/page.html", "http://h.cn/d/1.png", "http://h.cn/d/2.png"


def at(day: int) -> str:
    return f"2021-02-{day:02}T00:00:00Z"


def shown(url: str, content: str, day: int, page: str = PAGE) -> Capture:
    return capture(url, content, at(day), role="picture", attachment_of=page, media_type="image/png")


def addresses(captures: list[Capture]) -> list[list[str]]:
    """The pictures of each content, in order of the content's first capture."""
    found = pictures_of(captures)
    contents = dict.fromkeys(each.sha256 for each in captures if each.role == "article")
    return [[f"{one.url[-5:]} {one.sha256[:4]}" for key, ones in found.items() if key.sha256 == sha for one in ones] for sha in contents]


def mark(content: str) -> str:
    return (capture("x", content).sha256 or "")[:4]


def test_a_picture_belongs_to_the_content_that_stood_when_it_was_seen() -> None:
    captures = [
        capture(PAGE, "old", at(1)), shown(ONE, "a", 1), shown(TWO, "b", 2),
        capture(PAGE, "new", at(10)), shown(ONE, "c", 10),
    ]  # fmt: skip
    assert addresses(captures) == [[f"1.png {mark('a')}", f"2.png {mark('b')}"], [f"1.png {mark('c')}"]]
    assert addresses(captures[::-1]) == addresses(captures)[::-1]
    again = [*captures, capture(PAGE, "old", at(20)), shown(ONE, "d", 20)]
    assert addresses(again) == [[f"1.png {mark('d')}", f"2.png {mark('b')}"], [f"1.png {mark('c')}"]]


def test_a_picture_exchanged_at_its_address_makes_another_document() -> None:
    before = [capture(PAGE, "page", at(1)), shown(ONE, "a", 1)]
    after = [*before, capture(PAGE, "page", at(5)), shown(ONE, "b", 5)]
    (key, _, _), *_ = documents(before, {})
    keys = {key for key, _, _ in documents(after, {})}
    assert len(keys) == 1
    assert keys != {key}


def test_pages_without_pictures_and_pictures_of_other_pages() -> None:
    page = capture(PAGE, "page", at(1))
    assert pictures_of([page, shown(ONE, "a", 1, page="http://h.cn/other.html")]) == {}
    assert digest_of_pictures(()) == ""
    assert document_key(page, {}) == (page.sha256, PAGE, "", "")
    assert document_key(shown(ONE, "a", 1), {}) is None
