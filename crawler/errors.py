"""The errors of `crawler`.

* CrawlError           root: one portal or one request cannot go on
  - PortalError        a portal TOML does not hold together (file and key named)
  - ArchiveError       the archive lacks what its journal promises
  - FetchError         no usable answer; inside the package only: `fetch` turns each into an outcome
    + Blocked          a challenge page stands where robots.txt or content should
    + Closed           robots.txt cannot be had, which closes the host for now
    + Refused          we decline to ask: scheme, private address, robots.txt
    + Resting          the host asks to be left alone for longer than a run waits
    + TooLarge         the body is larger than the cap, as sent or once decompressed
    + Truncated        the body ends before its coding does
    + Unreadable       the body comes in a coding that was not asked for
    + Astray           redirects without end or aim
"""


class CrawlError(Exception):
    """Root of the tree."""


class PortalError(CrawlError):
    """Raised on loading a portal TOML, with the file, the key and what is wrong with it."""


class ArchiveError(CrawlError):
    """Raised by the archive when a body it is asked for is missing or altered."""


class FetchError(CrawlError):
    """Root of the reasons why a request gets no usable answer."""


class Blocked(FetchError):
    """Raised when a host answers with a challenge before it can be asked anything."""


class Closed(FetchError):
    """Raised when a host gives no robots.txt at all (RFC 9309, 2.3.1.4); it may do so later."""


class Refused(FetchError):
    """Raised before a byte is sent: the address is not one that this crawler may ask."""


class Resting(FetchError):
    """Raised instead of waiting longer than a run waits for one host."""

    def __init__(self, host: str, seconds: float) -> None:
        super().__init__(f"{host} asks for a pause of {seconds:.0f} seconds")
        self.seconds = seconds


class TooLarge(FetchError):
    """Raised while a body is read, as soon as it passes the cap."""


class Truncated(FetchError):
    """Raised at the end of a body whose coding is not complete or not what the header says."""


class Unreadable(FetchError):
    """Raised for a content coding that the request did not name; asking again would bring it again."""


class Astray(FetchError):
    """Raised where redirects lead nowhere."""
