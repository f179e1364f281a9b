"""The rules of a host's robots.txt (RFC 9309), parsed with Protego."""

from functools import lru_cache

from protego import Protego

from pledges.watch.web.charsets import decode
from pledges.watch.web.responses import Fetched, FetchError, Limits

AGENT = "PledgeTracker"  # our product token in robots.txt; the User-Agent begins with it
LIMITS = Limits(max_bytes=512_000, total_seconds=15, connect_seconds=8)  # RFC 9309 requires 500 KiB at least
LONGEST_DELAY = 60.0  # seconds: a Crawl-delay of an hour is a mistake, or means "no", for which there is Disallow


def text_of(answer: Fetched | Exception) -> str:
    """The rules in the response for /robots.txt; "" (all is allowed) if the host has none (4xx, 204).

    Raises FetchError if the host is unavailable (5xx, no response): then nothing may be read for now. A file above the
    size limit is an error too, because its rules are unknown.
    """
    status = getattr(answer, "status", None) if isinstance(answer, FetchError) else None
    if status is not None and status != 429 and (400 <= status < 500 or status == 204):
        return ""
    if isinstance(answer, Exception):
        raise answer
    text = decode(answer.body, answer.content_type).replace("\0", "")
    _rules(text)  # raises for a file that cannot be parsed
    return text


def allows(text: str, url: str) -> bool:
    """Whether the rules allow us to fetch the address."""
    return not text or _rules(text).can_fetch(url, AGENT)


def delay(text: str) -> float:
    """The Crawl-delay in seconds, up to `LONGEST_DELAY`; 0 for none."""
    seconds = _rules(text).crawl_delay(AGENT) if text else None
    return min(max(float(seconds or 0), 0.0), LONGEST_DELAY)


@lru_cache(maxsize=64)
def _rules(text: str) -> Protego:
    return Protego.parse(text)
