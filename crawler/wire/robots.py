"""robots.txt as RFC 9309 has it: what a host's answer to that question means for us."""

from typing import Literal

from msgspec import Struct
from protego import Protego

PRODUCT = "nianbao"
MAX_BYTES = 512_000
"""RFC 9309, 2.5: at least 500 kibibytes are to be read."""
MAX_DELAY_SECONDS = 300.0


class Rules(Struct, frozen=True):
    """`closed` holds the reason why nothing at all may be asked for now (RFC 9309, 2.3.1.4), which may pass; `blocked`
    tells that a challenge stands even before robots.txt."""

    parsed: Protego | None = None
    closed: str | None = None
    blocked: bool = False
    state: Literal["none", "read", "closed", "ignored"] = "none"

    def allows(self, url: str) -> bool:
        """Whether the host lets this crawler ask for the address."""
        return self.closed is None and (self.parsed is None or bool(self.parsed.can_fetch(url, PRODUCT)))

    @property
    def delay_seconds(self) -> float:
        """Crawl-delay or Request-rate, whichever is longer."""
        if self.parsed is None:
            return 0.0
        rate = self.parsed.request_rate(PRODUCT)
        between = rate.seconds / rate.requests if rate and rate.requests else 0.0
        return max(float(self.parsed.crawl_delay(PRODUCT) or 0.0), float(between))


def rules_of(status: int | None, media_type: str, text: str, reason: str = "") -> Rules:
    """What an answer to GET /robots.txt means. No answer, 5xx and 429 close; other 4xx, and pages that are no
    robots.txt (portals answer with their home page or a soft 404), are none."""
    if status is None or status >= 500 or status == 429:
        return Rules(closed=f"robots.txt cannot be had ({status or reason})", state="closed")
    if status >= 300 or is_page(media_type, text):
        return Rules()
    rules = Rules(parsed=Protego.parse(text), state="read")
    if rules.delay_seconds > MAX_DELAY_SECONDS:
        return Rules(closed=f"robots.txt asks for {rules.delay_seconds:.0f} s between requests", state="closed")
    return rules


def is_page(media_type: str, text: str) -> bool:
    """Whether a page stands where robots.txt should; hosts that label theirs text/html still hold directives."""
    start = text.lstrip("\ufeff \t\r\n")[:1000].lower()
    return start.startswith("<") or (media_type == "text/html" and "user-agent" not in text.lower())
