"""Who is looking at which lead just now: a courtesy among editors, never a lock.

It lives in the cache for two minutes after the last sign of life. When the cache is not there, nobody seems to look.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.cache import cache

from pledges.models import User
from pledges.queries.pulse import UNREACHABLE

LIFE = timedelta(minutes=2)


@dataclass(frozen=True)
class Looking:
    """A person who has a lead open, since when and last seen when (UTC)."""

    who: int
    name: str
    since: datetime
    seen: datetime


def _key(lead: int) -> str:
    return f"desk.looking.{lead}"


def look(lead: int, *, by: User, now: datetime) -> None:
    """Note that a person has a lead open. Of two who open it in the same instant one may be noted a little later."""
    try:
        looking = {one.who: one for one in cache.get(_key(lead), ()) if now - one.seen < LIFE}
        since = looking[by.pk].since if by.pk in looking else now
        looking[by.pk] = Looking(by.pk, by.public_name, since, now)
        cache.set(_key(lead), tuple(looking.values()), LIFE.total_seconds())
    except UNREACHABLE:
        return


def others(leads: Iterable[int], *, than: User, now: datetime) -> dict[int, list[Looking]]:
    """By lead, who else has it open, the first first; leads at which nobody looks are left out."""
    try:
        found = cache.get_many([_key(lead) for lead in leads])
    except UNREACHABLE:
        return {}
    looking = {
        int(key.rpartition(".")[2]): [one for one in people if one.who != than.pk and now - one.seen < LIFE]
        for key, people in found.items()
    }
    return {lead: sorted(people, key=lambda one: one.since) for lead, people in looking.items() if people}
