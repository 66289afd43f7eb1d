"""What a pure function says of a text, remembered for the next document: labels and figures come again and again."""

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import TypeVar

LONGEST = 250
"""Characters of a text that is remembered, twice the form's longest head. Longer ones are prose, of which no two are alike:
thousands of them would fill memory."""

Answer = TypeVar("Answer")


def remembered(answers: int) -> Callable[[Callable[[str], Answer]], Callable[[str], Answer]]:
    """Keeps so many answers of a function of one text, the latest ones to texts of no more than `LONGEST` characters."""

    def keeping(answer: Callable[[str], Answer]) -> Callable[[str], Answer]:
        known = lru_cache(answers)(answer)

        @wraps(answer)
        def asked(text: str) -> Answer:
            return known(text) if len(text) <= LONGEST else answer(text)

        return asked

    return keeping
