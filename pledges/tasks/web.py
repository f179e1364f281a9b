"""How tasks reach the web: the monitor's client with this installation's settings."""

from django.conf import settings

from pledges.monitor import fetch


def get(url: str, **conditions: object) -> fetch.Fetched:
    """Fetch an address as this installation does; see `monitor.fetch.fetch`. Raises FetchError."""
    origins = frozenset([settings.SAMPLE_NEWSWIRE]) if settings.SAMPLE_NEWSWIRE else frozenset()
    return fetch.fetch(url, user_agent=settings.WATCH_USER_AGENT, allow_origins=origins, **conditions)


def our_fault(error: Exception) -> str:
    """What to note where the tracker itself failed: without a mark it would be tried for ever and nobody be told."""
    return f"The tracker itself failed on it, please report this: {type(error).__name__}: {error}"
