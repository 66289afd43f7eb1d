"""The two shorthands that keep the files of the official form readable, written out before they are checked (step 5).

A row, column or identity without `editions` stands in all editions of its table. An identity is written as an `equation`,
`in_force = in_force[-1] + issued_this_year - repealed_this_year`, where `[-1]` is the figure of the year before.
"""

import re
from typing import Any


def written_out(raw: dict[str, Any]) -> dict[str, Any]:
    """The file with its two shorthands replaced by what they stand for."""
    for line in (*raw.get("rows", ()), *raw.get("columns", ())):
        line.setdefault("editions", raw.get("editions", ()))
    for identity in raw.get("identities", ()):
        identity.setdefault("editions", raw.get("editions", ()))
        if "equation" in identity:
            identity |= _equation(identity.get("id", "?"), str(identity.pop("equation")))
    return raw


_SIDES = re.compile(r"(<=|>=|=)")
_SUM = re.compile(r"(?:[+-]?\s*[a-z]\w*(?:\[-?\d+\])?\s*)+|0")
_TERM = re.compile(r"([+-]?)\s*([a-z]\w*)(?:\[(-?\d+)\])?")


def _equation(identity_id: str, equation: str) -> dict[str, Any]:
    parts = [part.strip() for part in _SIDES.split(equation)]
    if len(parts) != 3 or not all(_SUM.fullmatch(side) for side in parts[::2]):
        raise ValueError(f"identity '{identity_id}' has an equation that cannot be read: {equation}")
    left, op, right = parts
    return {"left": _terms(left), "op": op, "right": _terms(right)}


def _terms(side: str) -> list[dict[str, Any]]:
    return [
        {"key": key, "coef": -1 if sign == "-" else 1, "year_offset": int(offset or 0)}
        for sign, key, offset in _TERM.findall(side)
    ]
