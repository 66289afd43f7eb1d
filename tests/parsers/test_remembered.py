"""What is remembered of a text, and that pages of long texts do not fill memory."""

import gc
import tracemalloc

from parsers.parse import parse
from parsers.remembered import LONGEST, remembered

LONG = 6_000


def test_answers_to_short_texts_are_kept_and_long_ones_worked_out_anew() -> None:
    asked: list[str] = []

    @remembered(2)
    def length(text: str) -> int:
        asked.append(text)
        return len(text)

    short, long = "x" * LONGEST, "x" * (LONGEST + 1)
    assert [length(text) for text in (short, long, short, long)] == [LONGEST, LONGEST + 1] * 2
    assert asked == [short, long, long]


def page(number: int) -> bytes:
    """A report whose text lies in the cells of a table, no sentence of it in another."""
    prose = "".join(chr(0x4E00 + (number * 7919 + at * 31) % 20_000) for at in range(LONG))
    title = "云州市青澜区云蓼镇人民政府2022年政府信息公开工作年度报告"
    rows = "".join(f"<tr><td>{prose[at:]}</td><td>{prose[at + 1 :]}</td></tr>" for at in range(4))
    return f"<html><body><h1>{title}</h1><table>{rows}</table></body></html>".encode()


def test_pages_of_long_texts_leave_nothing_in_memory() -> None:
    parse(page(0), source="first")
    tracemalloc.start()
    try:
        for number in range(1, 5):
            parse(page(number), source="next")
        gc.collect()
        left, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert left < 8 * 2 * LONG  # bytes: less than two cells of each page, which hold eight
