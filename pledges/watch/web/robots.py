"""What a host's robots.txt asks of us (RFC 9309), read with Protego."""

from functools import lru_cache

from protego import Protego

from pledges.watch.web.charsets import decode
from pledges.watch.web.responses import Fetched, FetchError, Limits

AGENT = "PledgeTracker"  # the name that robots.txt may address us by; it begins our User-Agent
LIMITS = Limits(max_bytes=512_000, total_seconds=15, connect_seconds=8)  # RFC 9309 asks for 500 KiB at least
LONGEST_DELAY = 60.0  # seconds: a Crawl-delay of an hour is a mistake or a way to say no, which has its own line


def text_of(answer: Fetched | Exception) -> str:
    """The rules in the answer to /robots.txt; "" (all is allowed) where the host says that it has none (4xx, 204).

    Raises FetchError where the host cannot say (5xx, no answer): then nothing may be read until it can. One that is
    too large allows nothing of which we could know, so it is a failure too.
    """
    status = getattr(answer, "status", None) if isinstance(answer, FetchError) else None
    if status is not None and status != 429 and (400 <= status < 500 or status == 204):
        return ""
    if isinstance(answer, Exception):
        raise answer
    text = decode(answer.body, answer.content_type).replace("\0", "")
    _rules(text)  # what cannot be read at all says so here
    return text


def allows(text: str, url: str) -> bool:
    """Whether the rules let us read the address."""
    return not text or _rules(text).can_fetch(url, AGENT)


def delay(text: str) -> float:
    """The seconds between two requests that the rules ask for (Crawl-delay), up to `LONGEST_DELAY`; 0 for none."""
    asked = _rules(text).crawl_delay(AGENT) if text else None
    return min(max(float(asked or 0), 0.0), LONGEST_DELAY)


@lru_cache(maxsize=64)
def _rules(text: str) -> Protego:
    return Protego.parse(text)
