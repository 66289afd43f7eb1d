"""Nine-digit codes (GB/T 10114) of towns, townships and streets, where they are certain.

The bundled table (`townships.tsv`; its head names the sources) holds a code only where two lists agree on it: ministry
and statistics bureau number a quarter of all towns differently. A town that was merged or renamed before 2026 is not in
it. Nothing is loaded before the first town is asked for.
"""

import re
from functools import cache
from importlib import resources

_ORGAN = re.compile(r"(?:人民政府|政府|办事处)$")


def township_code(county: str, body: str) -> str | None:
    """The code of a town, by the six-digit code of its county and the name of its government without the divisions
    above (`狮岭镇人民政府`, `人民政府盈浦街道办事处`); None where it is not certain."""
    name = _ORGAN.sub("", body.removeprefix("人民政府"))
    if name.endswith("街"):
        name += "道"
    return _townships_of(county).get(name)


@cache
def _townships_of(county: str) -> dict[str, str]:
    listed = _lines().get(county, "")
    return {town[3:]: county + town[:3] for town in listed.split(" ") if town}


@cache
def _lines() -> dict[str, str]:
    """The line of each county, still in one piece."""
    text = (resources.files("parsers") / "townships.tsv").read_text(encoding="utf-8")
    lines = (line.partition("\t") for line in text.splitlines() if line and not line.startswith("#"))
    return {county: towns for county, _, towns in lines}
