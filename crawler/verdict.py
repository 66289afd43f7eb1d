"""What an exchange amounts to (step 3: capture), and what each failure on the way to it does."""

import ssl

import httpcore
import httpx
from msgspec import Struct

from crawler.capture import Outcome
from crawler.errors import Blocked, FetchError, Refused, Resting, TooLarge, Truncated

TRANSIENT = (httpcore.NetworkError, httpcore.TimeoutException, httpcore.RemoteProtocolError)
FINAL = (httpcore.ProtocolError, httpcore.UnsupportedProtocol, httpx.HTTPError, httpx.InvalidURL)


class Verdict(Struct, frozen=True):
    """What an exchange amounts to. `is_transient`: asking again at once may help. `rest_seconds`: the host wants to be
    left alone for so long, which is longer than a run waits. `is_of_page`: a failure of this page, which says nothing of
    the host."""

    outcome: Outcome
    reason: str = ""
    is_transient: bool = False
    rest_seconds: float | None = None
    is_of_page: bool = False


def verdict_on(error: Exception) -> Verdict:
    """What a failure amounts to, and whether asking again at once can help."""
    match error:
        case Resting():
            return Verdict("failed", str(error), rest_seconds=error.seconds)
        case Refused():
            return Verdict("refused", str(error))
        case Blocked():
            return Verdict("blocked", str(error))
        case TooLarge():
            return Verdict("too_large", str(error))
        case FetchError():
            return Verdict("failed", str(error), is_transient=isinstance(error, Truncated))
        case TimeoutError():
            return Verdict("failed", "the answer takes too long")
    return Verdict("failed", said(error), is_transient=isinstance(error, TRANSIENT) and not has_bad_certificate(error))


def said(error: Exception) -> str:
    """An error in words; many of the wire's errors carry none but their name."""
    return str(error) or type(error).__name__


def has_bad_certificate(error: BaseException) -> bool:
    """Whether a certificate that does not hold stands behind a failure to connect."""
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, ssl.SSLCertVerificationError):
        cause = cause.__cause__ or cause.__context__
    return cause is not None
