"""What an answer of each kind of source is turned into."""

from datetime import datetime

from pledges.models import Source
from pledges.monitor import feeds, fetch


def read(source: Source, got: fetch.Fetched, *, now: datetime) -> tuple[feeds.Entry, ...]:
    """The entries in what a source answered (a whole answer, not a 304). Raises FeedError where it cannot be read."""
    return feeds.parse(got.body, url=got.url, content_type=got.content_type, now=now).entries
