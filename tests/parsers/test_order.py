"""What was parsed before changes nothing: a report depends on its document alone, in whatever order, process or thread."""

import os
import subprocess
import sys
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path
from random import Random

import msgspec
import pytest

from parsers.document import GridCell
from parsers.head import Head, head_of, once
from parsers.parse import parse
from tests.specimens.render import specimen

ROOT = Path(__file__).parents[2]
FORMS = ("html", "html, section two in one table", "html, split without head", "text, a cell a line")
DAMAGES = ("none", "label typos", "planted mistake")


def documents() -> dict[str, bytes]:
    """Two reports of each form with each damage: alike in their labels, not in their figures."""
    found = {}
    for number in range(2):
        for form in FORMS:
            for at, hurt in enumerate(DAMAGES):
                edition = "format_2019" if at % 2 else "format_2021"
                found[f"{form} {hurt} {number}"] = specimen(Random(number + 7 * at), form, hurt, edition).content
    return found


def digests(names: Iterable[str]) -> dict[str, str]:
    """Of the JSON that each of these documents gives, parsed in this order."""
    contents = documents()
    return {name: digest_of(name, contents[name]) for name in names}


def digest_of(name: str, content: bytes) -> str:
    return sha256(msgspec.json.encode(parse(content, source=name))).hexdigest()


def digests_elsewhere(order: int, hash_seed: str) -> dict[str, str]:
    """The same in a fresh process, in an order of its own."""
    program = f"from tests.parsers import test_order; print(test_order.shuffled({order}))"
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(ROOT)}
    ran = subprocess.run([sys.executable, "-c", program], env=environment, cwd=ROOT, capture_output=True, check=True)
    return msgspec.json.decode(ran.stdout, type=dict[str, str])


def shuffled(order: int) -> str:
    names = list(documents())
    Random(order).shuffle(names)
    return msgspec.json.encode(digests(names)).decode()


@pytest.mark.parametrize(("order", "hash_seed"), [(1, "0"), (2, "1"), (3, "4711")])
def test_reports_do_not_depend_on_order_or_hashing(order: int, hash_seed: str) -> None:
    assert digests_elsewhere(order, hash_seed) == digests(documents())


def test_reports_do_not_depend_on_threads() -> None:
    contents = documents()
    alone = digests(contents)
    with ThreadPoolExecutor(8) as threads:
        found = threads.map(digest_of, [*contents] * 2, [*contents.values()] * 2)
    assert list(found) == [*alone.values()] * 2


def test_a_head_is_kept_unless_it_is_a_page_of_words() -> None:
    def row(count: int, text: str) -> list[GridCell]:
        return [GridCell(text, 0, column, "html:td") for column in range(count)]

    assert head_of([row(12, "自然人")]) is head_of([row(12, "自然人")])
    assert head_of([row(12, "自然人")]) is not head_of([row(12, "总计")])
    assert head_of([row(121, "自然人")]) is not head_of([row(121, "自然人")])
    assert head_of([row(2, "自然人" * 400)]) is not head_of([row(2, "自然人" * 400)])


def test_an_answer_is_kept_for_its_whole_question() -> None:
    @once
    def asked(head: Head, first: int, second: int = 0) -> tuple[str, int, int]:
        return head.text, first, second

    head, other = (head_of([[GridCell(text, 0, 0, "html:td")]]) for text in ("自然人", "总计"))
    assert asked(head, 1) is asked(head, 1)
    assert [asked(head, 1), asked(head, 2), asked(head, 1, second=2), asked(other, 1)] == [
        ("自然人", 1, 0),
        ("自然人", 2, 0),
        ("自然人", 1, 2),
        ("总计", 1, 0),
    ]
