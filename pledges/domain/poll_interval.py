"""The polling interval of a source, from how often it publishes and from its errors. Pure; times are aware."""

import random
from collections.abc import Iterable
from datetime import datetime, timedelta

MAX_BACKOFF = timedelta(hours=6)
MAX_ASKED = timedelta(days=7)  # cap on Retry-After
JITTER = 0.2  # so that sources that failed together are not retried together
LONGEST_GAP = 7 * 24 * 60.0  # minutes
WEIGHT = 0.2  # of the newest gap in the exponentially weighted mean


def usual_gap(
    usual: float | None, *, last_item_at: datetime | None, published: Iterable[datetime | None], now: datetime
) -> tuple[float | None, datetime | None]:
    """The usual gap between two items in minutes and the time of the newest item, updated with the new items.

    `published` holds the publication time of each new item, or None. The gap is an exponentially weighted mean
    (`WEIGHT`). On the first poll it comes from the items' own times, if all have one; later a time that is missing, in
    the future or not newer than the last item counts as `now`.
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
        if newest <= last_item_at:  # backdated: what counts is that it has appeared now
            newest = now
        gap = (newest - last_item_at) / len(times)
    if gap is not None:
        minutes = min(gap.total_seconds() / 60, LONGEST_GAP)
        usual = minutes if usual is None else usual + WEIGHT * (minutes - usual)
    return usual, newest


def interval(
    *, usual: float | None, last_item_at: datetime | None, fastest: int, slowest: int, now: datetime
) -> timedelta:
    """How long to wait after a successful poll: half the usual gap, longer after a long silence.

    `fastest` and `slowest` are the bounds, in minutes. A source without a known gap is polled at `fastest`.
    """
    if usual is None:
        return timedelta(minutes=fastest)
    silence = (now - last_item_at).total_seconds() / 60 if last_item_at else 0.0
    return timedelta(minutes=round(min(max(usual / 2, silence / 8, fastest), slowest)))


def backoff(*, failures: int, fastest: int, asked: float | None) -> timedelta:
    """Exponential backoff with jitter after `failures` failures in a row, from `fastest` minutes up to `MAX_BACKOFF`.

    Never less than the server's Retry-After (`asked`, in seconds), up to `MAX_ASKED`.
    """
    wait = min(timedelta(minutes=fastest * 2 ** min(failures - 1, 12)), MAX_BACKOFF)
    wait *= 1 + random.random() * JITTER
    if asked:
        wait = max(wait, min(timedelta(seconds=min(asked, 1e9)), MAX_ASKED))
    return wait
