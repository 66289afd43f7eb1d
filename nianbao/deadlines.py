"""By when a body has to publish its report on a year. Pure.

* Reports on 2018 and before: every body by 31 March (Regulations of 2007, Article 31).
* Since 2019 (Regulations of 2019, Article 49): departments of county level and above by 31 January, governments of
  county level and above by 31 March.
* Towns and streets are not named there; localities set their own day. A portal's `[expect] township_deadline` tells it;
  else, and for zones and bodies of unknown kind, 31 March is assumed.
"""

from datetime import date
from typing import Literal

from msgspec import Struct

from parsers.report import Kind, Level

Rule = Literal["article_31", "article_49", "portal", "assumed"]
FIRST_YEAR_OF_ARTICLE_49 = 2019
NAMED_LEVELS = ("state", "province", "prefecture", "county")


class Due(Struct, frozen=True):
    """The last day, and what says so; `assumed` where no rule does."""

    day: date
    rule: Rule


def due(year: int, kind: Kind | None, level: Level | None, township_deadline: str | None = None) -> Due:
    """The deadline for a report on `year`. `township_deadline` is the portal's own day for towns, `MM-DD`."""
    if year < FIRST_YEAR_OF_ARTICLE_49:
        return Due(date(year + 1, 3, 31), "article_31")
    if level == "township":
        if township_deadline is None:
            return Due(date(year + 1, 3, 31), "assumed")
        return Due(date.fromisoformat(f"{year + 1}-{township_deadline}"), "portal")
    if kind == "department":
        return Due(date(year + 1, 1, 31), "article_49")
    is_named = kind == "government" and level in NAMED_LEVELS
    return Due(date(year + 1, 3, 31), "article_49" if is_named else "assumed")
