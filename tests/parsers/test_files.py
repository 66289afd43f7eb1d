"""Reports as files, of every form that can be made on this machine: all figures right, nothing silently wrong.

`python -m tests.bench.accuracy_files` does the same with every damage.
"""

import pytest

from tests.bench.accuracy_files import misses, run, with_rows
from tests.specimens.files import FILE_FORMS, archive, lacking
from tests.specimens.render import EDITIONS

HURTS = ("none", "planted mistake")


@pytest.mark.parametrize("form", FILE_FORMS)
def test_files_are_read(form: str) -> None:
    if reason := lacking(form):
        pytest.skip(reason)
    is_slow = FILE_FORMS[form].kind == "picture"
    scores, _ = run(7, 1, [form], hurts=HURTS[:1] if is_slow else HURTS, editions=EDITIONS[1:4:2] if is_slow else EDITIONS)
    assert misses(scores) == []
    assert scores[form].planted == scores[form].found
    assert scores[form].documents >= 2


def test_rows_take_the_place_of_those_that_the_page_had() -> None:
    page = "# Accuracy\n\n## All\n\nrows\n"
    once = with_rows(page, "| new |\n")
    assert once.startswith(page.rstrip("\n"))
    assert with_rows(once, "| new |\n") == once
    assert "| new |" not in with_rows(once, "| newer |\n")


def test_names_of_a_windows_archive_are_read() -> None:
    from parsers.archives import opened

    content = archive({"附件/年报.txt": b"text", "b.txt": b"more"})
    assert [member.source for member in opened(content, "a.zip")] == ["a.zip!/附件/年报.txt", "a.zip!/b.txt"]
