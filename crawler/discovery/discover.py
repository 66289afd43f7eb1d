"""From a home page to the annual-report columns of a portal, and the family that reads them (`nianbao discover`).

A search by the signs on pages, the likeliest first, with few and polite requests: home → 政府信息公开 → 年报, or by groups
and bodies. A column is believed when a family, reading it as a crawl would, finds reports in it. What is not certain is
said. Whatever stands in the way (robots.txt, a challenge, a private address) is reported and not passed.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from crawler.address import host_and_port
from crawler.crawl import silent, utc_now
from crawler.discovery.signposts import (
    Kind,
    Sign,
    has_slug,
    identity_of,
    is_column_page,
    is_near,
    is_of_one_domain,
    is_public_page,
    names_of,
    signs_of,
)
from crawler.discovery.survey import LIMITS, Asker, Column, Looked, Survey, twin
from crawler.families import FAMILIES
from crawler.fetch import Decode, Fetcher, Limits, Now
from crawler.health import last_complete_year
from crawler.leads import OnEvent
from crawler.listing import Channel, Link, Page, Request
from crawler.lists.titles import year_of
from crawler.portal import Pace, Portal
from crawler.wire.guard import Place
from crawler.wire.pace import Lanes

MAX_REQUESTS = 40
"""Pages that a search may ask for."""
MAX_SEARCHED = 30
"""Of these, pages looked at for signs once a column is known; the rest is left for reading its lists."""
MAX_STEPS = 5
"""Clicks from the first page to a column."""
PROBES = 6
"""Pages of a column that one family may ask for before it is believed or not."""
FALLBACK = "static"
LEAST = 0.2
"""A family less sure than this is not asked to read."""
CLOSE = 0.25
"""Families about as sure as each other are told apart by what they read."""
SURE = 0.5
"""A family so sure of a page may ask for what fills it."""
MANY_BODIES = 3
"""A column of so many bodies gathers those of its portal; their own pages need not be looked at."""
FAINT = 30
"""Weight of a sign that is not followed any more then."""


class Discovery(Struct, frozen=True):
    """What a search found. `columns` can be read by `family`, `others` by another only; `sureness`: each family's, of
    the columns' pages; `left`: addresses that looked promising and were not asked; `names` and `identity`: of the site;
    `obstacle`: why nothing more could be asked, if so."""

    url: str
    columns: tuple[Column, ...] = ()
    others: tuple[Column, ...] = ()
    family: str = FALLBACK
    sureness: dict[str, float] = {}
    names: tuple[str, ...] = ()
    identity: str | None = None
    looked: tuple[Looked, ...] = ()
    left: tuple[str, ...] = ()
    foreign: tuple[str, ...] = ()
    obstacle: Looked | None = None
    expected: int | None = None
    expected_year: int | None = None

    @property
    def reports(self) -> tuple[Link, ...]:
        """The rows of all columns, each address once."""
        return tuple({link.url: link for column in self.columns for link in column.reports}.values())


class Lead(Struct, frozen=True):
    """A page to look at. `is_elsewhere`: on another portal of the government, whose column may be another body's."""

    url: str
    trail: tuple[str, ...]
    kind: Kind
    weight: int
    is_elsewhere: bool = False

    @property
    def is_inside(self) -> bool:
        """Whether the page belongs to the pages of open government information."""
        return self.kind != "report" and bool(self.trail)

    @property
    def is_faint(self) -> bool:
        """Whether it tells nothing new once a column gathers the bodies of the portal."""
        return self.kind in ("body", "report", "year") or self.weight <= FAINT


async def discover(
    url: str,
    *,
    decode: Decode,
    allow_private_addresses: bool = False,
    delay_seconds: float = 3.0,
    connect_to: Mapping[str, Place] | None = None,
    on_event: OnEvent = silent,
    now: Now = utc_now,
    limits: Limits = LIMITS,
) -> Discovery:
    """Searches a portal from one of its pages. Never an exception for what the portal does."""
    portal = Portal(
        name="discover", key="discover", family=FALLBACK, channels=(Channel(url),), pace=Pace(delay_seconds),
        allow_private_addresses=allow_private_addresses,
    )  # fmt: skip
    async with Fetcher(portal, Lanes(limits.patience_seconds), decode, now, connect_to or {}, limits) as fetcher:
        return await Search(url, Asker(fetcher, decode, on_event, MAX_REQUESTS), now).run()


class Search:
    """The state of one search: what was seen, what is left to look at, which columns are known."""

    def __init__(self, url: str, asker: Asker, now: Now) -> None:
        self._url = url
        self._asker = asker
        self._now = now
        self._marks: dict[tuple[str, int], float] = {}
        self._leads: dict[str, Lead] = {}
        self._done: set[str] = set()
        self._found: list[Survey] = []
        self._sureness: dict[str, float] = {}
        self._names: list[str] = []
        self._identity: str | None = None
        self._foreign: list[str] = []

    async def run(self) -> Discovery:
        """Looks until no sign is left or enough was asked, then reads what it found."""
        start = await self._asker.ask(Request(self._url), "")
        if start is None:
            return Discovery(self._url, looked=tuple(self._asker.looked), obstacle=self._asker.looked[-1])
        self._url = start.url
        await self._look(Lead(start.url, (), "way", 0), start)
        while not self._is_enough() and (lead := self._next()):
            if page := await self._asker.ask(Request(lead.url), lead.trail[-1]):
                await self._look(lead, page)
        for survey in self._found:
            await survey.go(self._asker, MAX_REQUESTS)
        return await self._concluded()

    def _is_enough(self) -> bool:
        most = MAX_SEARCHED if self._found else MAX_REQUESTS
        return len(self._asker.looked) >= most or self._asker.is_refused

    # ---- one page

    async def _look(self, lead: Lead, page: Page) -> None:
        """Notes what a page says of its site, whether it is a column, and where its signs point."""
        self._done.update((twin(lead.url), twin(page.url)))
        if host_and_port(page.url)[0] == host_and_port(self._url)[0]:
            self._names += names_of(page)
            self._identity = self._identity or identity_of(page)
        is_start = not lead.trail
        is_own = lead.kind == "column" or is_column_page(page) or (is_start and has_slug(lead.url))
        if is_own or lead.trail or not self._found:
            await self._consider(lead, page, is_own=is_own)
        if len(lead.trail) >= MAX_STEPS:
            return
        signs = signs_of(page, is_inside=lead.is_inside or is_own or is_public_page(page))
        if not is_own and not any(sign.kind == "column" for sign in signs):
            signs += await self._filled(lead, page)
        for sign in signs:
            if not is_near(sign.url, self._url):
                self._foreign += [sign.url] if sign.kind == "column" else []
                continue
            known = self._leads.get(twin(sign.url))
            if twin(sign.url) not in self._done and (known is None or sign.weight > known.weight):
                is_elsewhere = not is_of_one_domain(sign.url, self._url)
                weight = sign.weight // 2 if is_elsewhere else sign.weight
                self._leads[twin(sign.url)] = Lead(sign.url, (*lead.trail, sign.label), sign.kind, weight, is_elsewhere)

    async def _filled(self, lead: Lead, page: Page) -> tuple[Sign, ...]:
        """The signs in what the scripts of a shell ask for: a navigation; where that is rows of reports, the shell is
        itself the column."""
        name = max(FAMILIES, key=lambda one: self._recognised(one, page))
        if self._recognised(name, page) < SURE:
            return ()
        survey = Survey(name, lead.trail, page, is_own=True)
        survey.fill()
        await survey.go(self._asker, PROBES, until_first=True)
        signs = tuple(sign for one in survey.pages[1:] for sign in signs_of(one, is_inside=lead.is_inside))
        if any(sign.kind == "column" for sign in signs):
            return signs
        if survey.is_sure:
            self._sureness |= {name: max(self._recognised(name, page), self._sureness.get(name, 0.0))}
            self._found.append(survey)
        return signs

    def _next(self) -> Lead | None:
        """The likeliest page that was not looked at and that no known column leads to; earlier signs go first."""
        own = [survey for survey in self._found if survey.is_own]
        reached = self._done.union(*(survey.reached for survey in own))
        gathers = any(len(survey.bodies) >= MANY_BODIES for survey in own)
        self._leads = {
            key: lead
            for key, lead in self._leads.items()
            if key not in reached and not (own and lead.is_elsewhere) and not (gathers and lead.is_faint)
        }
        if not self._leads:
            return None
        key = max(self._leads, key=lambda name: (self._leads[name].weight, -len(self._leads[name].trail)))
        self._done.add(key)
        return self._leads.pop(key)

    # ---- columns

    async def _consider(self, lead: Lead, page: Page, *, is_own: bool) -> None:
        """Adds a page to the columns if a family reads reports in it. A page that is not called a column is one only
        where its own rows are several reports."""
        tried: dict[str, Survey] = {}
        while name := self._untried(page, tried):
            tried[name] = survey = Survey(name, lead.trail, page, is_own=is_own)
            if is_own:
                await survey.go(self._asker, PROBES, until_first=True)
            else:
                survey.take(page)
        sure = self._sure(page, tried)
        if best := best_of([survey for survey in tried.values() if survey.is_column], sure):
            self._sureness |= {name: max(value, self._sureness.get(name, 0.0)) for name, value in sure.items()}
            self._found.append(best)

    def _untried(self, page: Page, tried: Mapping[str, "Survey"]) -> str | None:
        """The surest family that has not read this column yet, the general one last; none that is far behind one that
        found reports."""
        sure = self._sure(page, tried)
        least = max(
            [LEAST, *(sure[name] - CLOSE for name, survey in tried.items() if survey.is_column and name != FALLBACK)]
        )
        names = [name for name in sure if name not in tried and name != FALLBACK and sure[name] >= least]
        if names:
            return max(names, key=lambda name: sure[name])
        return None if FALLBACK in tried else FALLBACK

    def _sure(self, page: Page, tried: Mapping[str, "Survey"]) -> dict[str, float]:
        """How sure each family is of a column, by those of its pages that were read so far. What it makes of the site's
        other pages counts a little: a list that only leads to others has no marks."""
        host = host_and_port(page.url)[0]
        inside = {id(one): one for survey in tried.values() for one in survey.pages} | {id(page): page}
        others = [
            one
            for one in self._asker.pages.values()
            if one and id(one) not in inside and host_and_port(one.url)[0] == host
        ]
        return {
            name: round(
                min(
                    1.0,
                    max(self._recognised(name, one) for one in inside.values())
                    + 0.25 * max((self._recognised(name, one) for one in others), default=0.0),
                ),
                3,
            )
            for name in FAMILIES
        }

    def _recognised(self, name: str, page: Page) -> float:
        """How sure a family is of a page, asked once; pages live as long as the search."""
        if (name, id(page)) not in self._marks:
            self._marks[name, id(page)] = FAMILIES[name].recognises(page)
        return self._marks[name, id(page)]

    async def _concluded(self) -> Discovery:
        """The columns that one family can read together, and what else was learnt."""
        found = without_repetition(self._found)
        rows: Counter[str] = Counter()
        for survey in found:
            rows[survey.family] += len(survey.reports)
        family = max(rows, key=lambda name: (rows[name], self._sureness.get(name, 0.0)), default=FALLBACK)
        columns, others = [], []
        for survey in found:
            same = survey if survey.family == family else await self._read_by(family, survey)
            columns += [same.column()] if same else []
            others += [] if same else [survey.column()]
        discovery = Discovery(
            url=self._url,
            columns=tuple(columns),
            others=tuple(others),
            family=family,
            sureness=dict(sorted(self._sureness.items(), key=lambda entry: -entry[1])),
            names=tuple(dict.fromkeys(self._names)),
            identity=self._identity,
            looked=tuple(self._asker.looked),
            left=tuple(lead.url for lead in self._leads.values() if lead.weight > 0),
            foreign=tuple(dict.fromkeys(self._foreign)),
            obstacle=self._asker.looked[-1] if self._asker.is_refused else None,
        )
        return with_expectation(discovery, last_complete_year(self._now()))

    async def _read_by(self, family: str, survey: "Survey") -> "Survey | None":
        """A column read by another family, None where that sees less."""
        other = Survey(family, survey.trail, survey.page, is_own=survey.is_own)
        await other.go(self._asker, MAX_REQUESTS)
        return other if len(other.reports) >= len(survey.reports) else None


def best_of(surveys: Sequence[Survey], sure: Mapping[str, float]) -> Survey | None:
    """The reading to believe: among about equally sure families the one that sees most; the general family only where
    no other sees half as much."""
    general = next((survey for survey in surveys if survey.family == FALLBACK), None)
    others = [survey for survey in surveys if survey is not general]
    most = max((sure[survey.family] for survey in others), default=0.0)
    close = [survey for survey in others if sure[survey.family] >= most - CLOSE]
    best = max(close, key=lambda survey: (len(survey.reports), sure[survey.family]), default=None)
    if best is None or (general is not None and len(general.reports) > 2 * len(best.reports)):
        return general
    return best


def without_repetition(surveys: Sequence[Survey]) -> tuple[Survey, ...]:
    """The columns that bring something of their own: none that another leads to or whose rows another has; where one is
    called annual reports, none that merely shows some; where one names its reports, none of whose structure alone
    something was read."""
    if any(survey.is_own for survey in surveys):
        surveys = [survey for survey in surveys if survey.is_own]
    if any(survey.certain for survey in surveys):
        surveys = [survey for survey in surveys if survey.certain or survey.family != FALLBACK]
    ranked = sorted(surveys, key=lambda survey: -len(survey.reports))
    kept: list[Survey] = []
    for survey in ranked:
        is_reached = any(
            twin(survey.page.url) in other.reached for other in ranked if other is not survey and other in kept
        )
        has_news = bool(survey.reports.keys() - {url for other in kept for url in other.reports})
        if has_news and not is_reached:
            kept.append(survey)
    return tuple(survey for survey in surveys if survey in kept)


def with_expectation(discovery: Discovery, complete: int) -> Discovery:
    """How many reports the lists show for the newest complete year, if all of the lists was read."""
    if not all(column.is_whole for column in discovery.columns):
        return discovery
    years = Counter(year for link in discovery.reports if (year := year_of(link.title)) and year <= complete)
    newest = max(years, default=None)
    return replace(discovery, expected=years[newest], expected_year=newest) if newest else discovery


def years_of(links: Iterable[Link]) -> dict[int, int]:
    """How many rows name each year, in the order of years."""
    return dict(sorted(Counter(year for link in links if (year := year_of(link.title))).items()))
