"""How often a source is read: by how often it publishes, and by how it answers. Pure; times are aware."""

import random
from collections.abc import Iterable
from datetime import datetime, timedelta

MAX_BACKOFF = timedelta(hours=6)
MAX_ASKED = timedelta(days=7)  # no server may send us away for longer
JITTER = 0.2  # so that what failed together is not tried again together
LONGEST_GAP = 7 * 24 * 60.0
WEIGHT = 0.2  # of the newest gap in the running mean


def usual_gap(
    usual: float | None, *, last_item_at: datetime | None, published: Iterable[datetime | None], now: datetime
) -> tuple[float | None, datetime | None]:
    """The usual minutes between two items and the time of the newest, after new items came (their times, or None).

    The mean runs: the newest gap counts for a fifth. At the first look the items' own times tell the gap, if all
    have one; later a time that is missing, lies ahead or is dated back is taken for `now`.
    """
    published = list(published)
    if not published:
        return usual, last_item_at
    times = sorted(min(when or now, now) for when in published)
    newest, gap = times[-1], None
    if last_item_at is None:
        if None not in published and newest > times[0]:
            gap = (newest - times[0]) / (len(times) - 1)
    else:
        if newest <= last_item_at:  # dated back: what counts is that it is there now
            newest = now
        gap = (newest - last_item_at) / len(times)
    if gap is not None:
        minutes = min(gap.total_seconds() / 60, LONGEST_GAP)
        usual = minutes if usual is None else usual + WEIGHT * (minutes - usual)
    return usual, newest


def interval(
    *, usual: float | None, last_item_at: datetime | None, fastest: int, slowest: int, now: datetime
) -> timedelta:
    """How long to wait after a good answer: half the usual gap, longer in a long silence, within the bounds (minutes).

    A source of which nothing is known yet is read as often as is allowed.
    """
    if usual is None:
        return timedelta(minutes=fastest)
    silence = (now - last_item_at).total_seconds() / 60 if last_item_at else 0.0
    return timedelta(minutes=round(min(max(usual / 2, silence / 8, fastest), slowest)))


def backoff(*, failures: int, fastest: int, asked: float | None) -> timedelta:
    """How long to wait after failing `failures` times in a row: doubled each time up to `MAX_BACKOFF`, with jitter.

    Never less than what the server asked for (`asked`, in seconds), up to `MAX_ASKED`.
    """
    wait = min(timedelta(minutes=fastest * 2 ** min(failures - 1, 12)), MAX_BACKOFF)
    wait *= 1 + random.random() * JITTER
    if asked:
        wait = max(wait, min(timedelta(seconds=min(asked, 1e9)), MAX_ASKED))
    return wait
