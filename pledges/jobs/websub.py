"""WebSub (https://www.w3.org/TR/websub/): telling the hub which feeds an edition changed.

The editions are the queue. How far the hub has been told is in the shared cache: when that is lost, what the last hour
published is told once more, which does no harm.
"""

import logging
import time
from urllib.parse import urlencode

from celery import shared_task
from django.conf import settings
from django.core.cache import cache

from pledges.jobs import web
from pledges.models import Newsroom
from pledges.queries import feed_topics, pulse
from pledges.watch.web import client as web_client

log = logging.getLogger(__name__)
KEY, RESTS, RUNS = "websub", "websub.rests", "websub.runs"
REST = 55  # seconds without a request after one failed
AT_ONCE = 4  # requests: they all go to one host
WORKING = 15  # seconds; the rest waits for beat's next message
RUN = 40  # seconds that one run can take at most, with its last batch: no other begins before it ends
LIMITS = web_client.Limits(max_bytes=10_000, total_seconds=10, connect_seconds=5)
RETRIED = frozenset({408, 429})  # a hub that refuses a topic with another 4xx is not asked again


@shared_task(name="pledges.tasks.send_hub_pings")
def send_hub_pings() -> None:
    """From beat, if WEBSUB_HUB is set: one request for each changed feed. What fails is tried again from there."""
    if not settings.WEBSUB_HUB:
        return
    try:
        if not cache.add(RUNS, True, RUN):
            return
        try:
            _tell_hub()
        finally:
            cache.delete(RUNS)
    except pulse.UNREACHABLE as error:
        log.warning("The cache cannot be reached: %s", error)


def _tell_hub() -> None:
    newest = feed_topics.newest_edition()
    state = cache.get(KEY)
    if state is None:  # noted at once: what the hub is not told within the hour stays to be told
        state = (feed_topics.edition_before(), 0, 0)
        cache.add(KEY, state, None)
    told, until, done = state
    if cache.get(RESTS):
        return
    if told >= newest:
        if told > newest:  # a backup was restored
            cache.set(KEY, (newest, 0, 0), None)
        return
    # Editions that came in between are told with the others if nothing was told yet, else after them: were the range
    # begun anew for each, its last feeds would wait for as long as editions come.
    if not done or until > newest:
        until, done = newest, 0
    topics = feed_topics.changed_feeds(told, until, Newsroom.get().languages)
    end = time.monotonic() + WORKING
    while done < len(topics) and time.monotonic() < end:
        batch = topics[done : done + AT_ONCE]
        if not _ping(batch):
            cache.set(RESTS, True, REST)
            break
        done += len(batch)
        cache.set(KEY, (told, until, done), None)
    if done >= len(topics):
        cache.set(KEY, (until, 0, 0), None)
        log.info("The hub was told of %d feeds, up to edition %d.", len(topics), until)


def _ping(topics: list[str]) -> bool:
    """Tell the hub that these feeds changed. False if it could not be reached or asks to come later."""
    requests = [
        web_client.Request(
            settings.WEBSUB_HUB,
            body=urlencode({"hub.mode": "publish", "hub.url": topic, "hub.topic": topic}).encode(),
            headers=(("Content-Type", "application/x-www-form-urlencoded"),),
            tag=topic,
        )
        for topic in topics
    ]
    answers = web_client.fetch_many(
        requests, user_agent=settings.WATCH_USER_AGENT, allow_origins=web.origins(), limits=LIMITS, at_once=AT_ONCE
    )
    failure = None
    for request, answer in answers:
        if not isinstance(answer, Exception):
            continue
        status = getattr(answer, "status", None) or 0
        if 400 <= status < 500 and status not in RETRIED:
            log.warning("The hub refuses %s: %s", request.tag, answer)
        else:
            failure = answer
    if failure:
        log.warning("The hub was not told, it is tried again in a minute: %s", failure)
    return failure is None
