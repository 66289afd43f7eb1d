"""No family breaks on what a portal of any family answers, torn, shuffled or cut off."""

import asyncio
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.archive import Archive
from crawler.crawl import crawl
from crawler.families import FAMILIES
from crawler.listing import Page, Request
from crawler.wire.pages import is_text, readable
from parsers.charset import decode
from tests.crawler.conftest import QUICK, text_of
from tests.crawler.replica import Replica
from tests.crawler.replicas import builds
from tests.crawler.replicas.checks import assert_copes, portal_of

PIECES = ["", "<", ">", '"', "'", "{", "}", "]", ",", "\\", "\0", "null", "<script>", "<a href='", "</td>", "&#xD800;"]


def answers(name: str, archive: Archive) -> dict[str, str]:
    """What a replica answered to a crawl, as text by address."""
    with Replica() as replica:
        asyncio.run(crawl(portal_of(builds()[name](replica)), archive, decode=text_of, limits=QUICK))
    bodies = {one.url: archive.content(one.sha256) for one in archive.captures() if one.sha256}
    return {url: decode(body, None).text for url, body in bodies.items() if is_text(body)}


@pytest.mark.parametrize("name", sorted(builds()))
def test_torn_pages_are_no_error(name: str, tmp_path: Path) -> None:
    texts = answers(name, Archive(tmp_path / "archive"))
    cuts = st.tuples(st.floats(0, 1), st.floats(0, 1), st.sampled_from(PIECES))

    @settings(deadline=None)  # readings of a whole page; no test measures seconds
    @given(st.sampled_from(sorted(texts)), st.lists(cuts, min_size=1, max_size=4), st.sampled_from(sorted(FAMILIES)))
    def read(url: str, torn: list[tuple[float, float, str]], reader: str) -> None:
        text = texts[url]
        for one, other, piece in torn:
            start, end = sorted((int(one * len(text)), int(other * len(text))))
            text = text[:start] + piece + text[end:]
        for asked in (None, Request(url), Request(url, "POST", (("page", "x"),))):
            for family in (FAMILIES[name], FAMILIES[reader]):
                page = Page(url, readable(text), request=asked)
                assert_copes(family, page)

    read()
