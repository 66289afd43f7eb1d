"""The vocabulary of list pages (step 2: listing), free of any network.

A family is a CMS product. Its modules fetch nothing: they say what to fetch, so that each can be tested on saved pages.
"""

from typing import Literal, Protocol

from msgspec import Struct


class Channel(Struct, frozen=True, forbid_unknown_fields=True):
    """A column (栏目) of a portal that lists annual reports. `name` is what people call it (区政府, 各部门, 各镇街)."""

    url: str
    name: str = ""


class Request(Struct, frozen=True):
    """What to ask for. `is_guess`: the page may well not exist; its absence ends a list and is no failure."""

    url: str
    method: Literal["GET", "POST"] = "GET"
    form: tuple[tuple[str, str], ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    is_guess: bool = False

    @property
    def key(self) -> str:
        """Identity of the request: equal keys are one thing to ask for."""
        fields = "&".join(f"{name}={value}" for name, value in self.form)
        return self.url if self.method == "GET" else f"{self.method} {self.url} {fields}"


class Page(Struct, frozen=True):
    """A decoded answer: a page, or the JSON, XML or script of a list. `url` is the final address, which relative links
    stand on; `request` is what was asked, so that a list can ask for its next page in the same way."""

    url: str
    text: str
    media_type: str = "text/html"
    request: Request | None = None


class Link(Struct, frozen=True):
    """One row of a list: address, full title, ISO date where the row shows one."""

    url: str
    title: str
    date: str | None = None


class Listing(Struct, frozen=True):
    """What a list page holds: rows, the pages that continue the same list, and the sub-columns it leads to.

    `following` is asked only where the page brought rows that are new to this run, so that a server which gives its
    first page for ever ends the list. A shell without rows names the requests that fill it under `columns`.
    """

    links: tuple[Link, ...] = ()
    following: tuple[Request, ...] = ()
    columns: tuple[Request, ...] = ()


class Article(Struct, frozen=True):
    """What stands around the body of an article page. `pictures` are those that its tables may be put up as; `metadata`
    holds its meta tags, names in lower case."""

    attachments: tuple[Link, ...] = ()
    pictures: tuple[Link, ...] = ()
    title: str | None = None
    published: str | None = None
    source: str | None = None
    metadata: dict[str, str] = {}


class Family(Protocol):
    """A CMS family; a module with these four functions is one."""

    def recognises(self, page: Page) -> float:
        """How sure the family is that this page is its own, 0 to 1."""
        ...

    def first(self, channel: Channel) -> Request:
        """The request that opens a channel."""
        ...

    def read(self, page: Page) -> Listing:
        """The rows of a list page and the requests that continue it; never an error, whatever the page holds."""
        ...

    def article(self, page: Page) -> Article:
        """What an article page says of itself, and the files it links to; never an error either."""
        ...
